package registration

import (
	"slices"
	"testing"

	"tongchang/events/access"
	"tongchang/events/entry"
)

// TestMoves: the road as the rules of a games have it, step by step: who may, what
// it asks.
func TestMoves(t *testing.T) {
	manager := access.Who{Name: "领队", Role: access.Delegation, Delegation: 7}
	office := access.Who{Name: "竞赛部", Role: access.Organiser, Strong: true}
	for name, tt := range map[string]struct {
		who  access.Who
		from State
		want []State
	}{
		"a manager hands in or gives up":               {manager, Draft, []State{Submitted, Withdrawn}},
		"a manager takes back before the decision":     {manager, Submitted, []State{Draft, Withdrawn}},
		"a manager answers a return":                   {manager, Returned, []State{Submitted, Withdrawn}},
		"a manager only leaves the waiting list":       {manager, Waiting, []State{Withdrawn}},
		"a manager withdraws who is accepted":          {manager, Accepted, []State{Withdrawn}},
		"a manager begins again":                       {manager, Withdrawn, []State{Draft}},
		"the office decides":                           {office, Submitted, []State{Draft, Returned, Accepted, Waiting, Withdrawn}},
		"the office takes from the waiting list":       {office, Waiting, []State{Accepted, Returned, Withdrawn}},
		"the office takes back what it has accepted":   {office, Accepted, []State{Returned, Withdrawn}},
		"the office without its second factor: nobody": {access.Who{Role: access.Organiser}, Submitted, nil},
		"another delegation's manager":                 {access.Who{Role: access.Delegation, Delegation: 8}, Draft, nil},
		"a judge":                                      {access.Who{Name: "裁判", Role: access.Judge}, Submitted, nil},
		"the public":                                   {access.Who{}, Draft, nil},
	} {
		if got := Steps(tt.who, access.Object{Delegation: 7}, tt.from); !slices.Equal(got, tt.want) {
			t.Errorf("%s: from %s to %v, want %v", name, tt.from, got, tt.want)
		}
	}
}

// TestMovesAsk: what is decided against somebody has a reason, what is handed in
// or accepted has no errors, nothing leads to itself, and every state can be
// reached and left.
func TestMovesAsk(t *testing.T) {
	reached, left := map[State]bool{Draft: true}, map[State]bool{}
	for _, m := range Moves {
		reached[m.To], left[m.From] = true, true
		if m.From == m.To {
			t.Errorf("%s leads to itself", m.From)
		}
		against := m.To == Returned || m.To == Withdrawn && m.From != Draft || m.From == Withdrawn
		if m.Reason != against {
			t.Errorf("%s to %s: reason %v", m.From, m.To, m.Reason)
		}
		if forward := m.To == Submitted || m.To == Accepted || m.To == Waiting; m.Clean != forward {
			t.Errorf("%s to %s: clean %v", m.From, m.To, m.Clean)
		}
		if decides := m.Act == access.DecideRegistration; decides == (m.Doing != "") && !(m.From == Draft && m.To == Withdrawn) {
			t.Errorf("%s to %s: deadline %q for %s", m.From, m.To, m.Doing, m.Act)
		}
		if m.Doing == entry.Add && m.From != Draft && m.From != Withdrawn {
			t.Errorf("%s to %s adds nobody", m.From, m.To)
		}
		if again, ok := Step(m.From, m.To); !ok || again != m {
			t.Errorf("%s to %s is not found", m.From, m.To)
		}
	}
	for _, s := range States {
		if !reached[s] || !left[s] {
			t.Errorf("%s: reached %v, left %v", s, reached[s], left[s])
		}
	}
	if _, ok := Step(Draft, Accepted); ok {
		t.Error("accepted without being handed in")
	}
}
