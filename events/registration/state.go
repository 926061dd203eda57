package registration

import (
	"slices"

	"tongchang/events/access"
	"tongchang/events/entry"
)

// State says how far the row of a person in a sport has come.
type State string

// The states.
const (
	Draft     State = "draft"     // the delegation is still at it
	Submitted State = "submitted" // waits for the organiser's decision
	Returned  State = "returned"  // sent back with a reason
	Waiting   State = "waiting"   // on the list of those for whom there is no place yet
	Accepted  State = "accepted"  // a participant of the competition
	Withdrawn State = "withdrawn" // kept, and counted nowhere
)

// States are all states, on the road from first to last.
var States = []State{Draft, Submitted, Returned, Waiting, Accepted, Withdrawn}

// Open are the states in which a delegation may still change a row by itself.
// What is accepted changes only with the organiser, who gives a reason; what is
// withdrawn has to be taken up again first.
func (s State) Open() bool { return s == Draft || s == Submitted || s == Returned || s == Waiting }

// Counts reports whether a row takes part in what is counted: quotas, people
// entered twice, teams.
func (s State) Counts() bool { return s != Withdrawn }

// Move is one step from a state to another: who may take it, and what it asks.
type Move struct {
	From, To State
	Act      access.Act // who may: see package access
	Reason   bool       // a reason is to be given
	Clean    bool       // only for a row without errors
	// Doing is what it is to a deadline: whether a delegation still may is for
	// the edition to say. Empty: no deadline speaks of it.
	Doing entry.Doing
}

// Moves are all steps that there are. A delegation hands in, takes back and
// withdraws; the organiser decides. Who decides may also do what a delegation
// does.
var Moves = []Move{
	{From: Draft, To: Submitted, Act: access.WriteRegistration, Clean: true, Doing: entry.Add},
	{From: Draft, To: Withdrawn, Act: access.WriteRegistration},
	{From: Submitted, To: Draft, Act: access.WriteRegistration, Doing: entry.Change},
	{From: Submitted, To: Returned, Act: access.DecideRegistration, Reason: true},
	{From: Submitted, To: Accepted, Act: access.DecideRegistration, Clean: true},
	{From: Submitted, To: Waiting, Act: access.DecideRegistration, Clean: true},
	{From: Submitted, To: Withdrawn, Act: access.WriteRegistration, Reason: true, Doing: entry.Withdraw},
	{From: Returned, To: Submitted, Act: access.WriteRegistration, Clean: true, Doing: entry.Change},
	{From: Returned, To: Withdrawn, Act: access.WriteRegistration, Reason: true, Doing: entry.Withdraw},
	{From: Waiting, To: Accepted, Act: access.DecideRegistration, Clean: true},
	{From: Waiting, To: Returned, Act: access.DecideRegistration, Reason: true},
	{From: Waiting, To: Withdrawn, Act: access.WriteRegistration, Reason: true, Doing: entry.Withdraw},
	{From: Accepted, To: Returned, Act: access.DecideRegistration, Reason: true},
	{From: Accepted, To: Withdrawn, Act: access.WriteRegistration, Reason: true, Doing: entry.Withdraw},
	{From: Withdrawn, To: Draft, Act: access.WriteRegistration, Reason: true, Doing: entry.Add},
}

// Step finds the step between two states; false where there is none.
func Step(from, to State) (Move, bool) {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == from && m.To == to })
	if i < 0 {
		return Move{}, false
	}
	return Moves[i], true
}

// Steps lists where somebody may take a row of a delegation from a state.
func Steps(w access.Who, o access.Object, from State) []State {
	var all []State
	for _, m := range Moves {
		if m.From == from && access.May(w, m.Act, o) == access.Allowed {
			all = append(all, m.To)
		}
	}
	return all
}
