package series

import (
	"cmp"
	"fmt"
	"slices"

	"tongchang/scoring"
)

// Final is who has the attempts after the cut.
type Final struct {
	Order  []string `json:"order"`            // worst so far first, as they throw
	Out    []string `json:"out,omitempty"`    // who do not go on, best first
	Shared bool     `json:"shared,omitempty"` // the last place is shared, so more go on than the rules name
}

// Cut decides after the first attempts who has the others (World Athletics, field
// events): with no more athletes than finalists everybody goes on; otherwise
// those with the best valid marks, ties broken as in the ranking, and all who
// share the last place. They throw in the reverse order of the ranking; those
// without a valid mark come first, equals in the order drawn. Attempts after the
// cut are not looked at. Who retired before it does not go on and is not replaced.
// It refuses to answer while somebody's attempts are missing.
func Cut(rules Rules, lines []Line) (Final, error) {
	s, err := open(rules)
	if err != nil {
		return Final{}, err
	}
	early := slices.Clone(lines)
	for i := range early {
		early[i].Attempts = early[i].Attempts[:min(s.Cut, len(early[i].Attempts))]
		if early[i].IRM == scoring.NM {
			early[i].IRM = "" // none valid in the end says nothing about the first three
		}
	}
	_, entrants, err := prepare(rules, early)
	if err != nil {
		return Final{}, err
	}
	places := make(map[string]int, len(entrants))
	for _, r := range s.rank(entrants) {
		places[r.ID] = r.Rank
	}
	all := field(entrants) <= s.Finalists
	var in, out []*entrant
	for i := range entrants {
		e := &entrants[i]
		switch {
		case e.irm != "" && e.irm != scoring.NM, e.retired(len(e.Attempts)):
			continue
		case len(e.Attempts) < s.Cut:
			return Final{}, &scoring.Invalid{Line: e.ID, Field: "attempts", Problem: "cut-too-early",
				With: []string{fmt.Sprint(len(e.Attempts)), fmt.Sprint(s.Cut)}}
		case all || (places[e.ID] > 0 && places[e.ID] <= s.Finalists):
			in = append(in, e)
		default:
			out = append(out, e)
		}
	}
	f := Final{Shared: !all && len(in) > s.Finalists}
	slices.SortFunc(in, func(a, b *entrant) int {
		return cmp.Or(worse(places[a.ID], places[b.ID]), cmp.Compare(a.Order, b.Order), scoring.CompareIDs(a.ID, b.ID))
	})
	slices.SortFunc(out, func(a, b *entrant) int {
		return cmp.Or(worse(places[b.ID], places[a.ID]), cmp.Compare(a.Order, b.Order), scoring.CompareIDs(a.ID, b.ID))
	})
	f.Order, f.Out = ids(in), ids(out)
	return f, nil
}

// worse is negative where place a is behind place b; no place is behind all.
func worse(a, b int) int {
	if a == 0 || b == 0 {
		return cmp.Compare(min(a, 1), min(b, 1))
	}
	return cmp.Compare(b, a)
}

func ids(entrants []*entrant) []string {
	names := make([]string, len(entrants))
	for i, e := range entrants {
		names[i] = e.ID
	}
	return names
}
