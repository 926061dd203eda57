// Package calls has the rules of a call room (检录): when a unit is called, what
// is looked at when somebody comes, and who is missing when the call is closed.
// It knows no clock and no database.
package calls

import (
	"slices"
	"time"
)

// Usual is how many minutes before its start a unit is called where nobody has
// said otherwise for its discipline. It is a proposal, not a rule of any sport.
const Usual = 20

// Most is the longest time before its start, in minutes, at which a unit can be
// called.
const Most = 180

// Last is the round that is announced as the last call.
const Last = 3

// State says where the call of a unit stands.
type State string

// The states of a call. A unit that has begun needs no call any more, whatever
// its call's state.
const (
	NotYet  State = ""
	Calling State = "calling"
	Closed  State = "closed"
)

// At is when a unit is called; zero while it has no start.
func At(start time.Time, minutes int) time.Time {
	if start.IsZero() {
		return time.Time{}
	}
	return start.Add(-time.Duration(minutes) * time.Minute)
}

// Overdue is how long ago a unit should have been called, zero where it has
// been, or where its time has not come.
func Overdue(s State, at, now time.Time) time.Duration {
	if s != NotYet || at.IsZero() || now.Before(at) {
		return 0
	}
	return now.Sub(at)
}

// Presence says whether somebody has come.
type Presence string

// The presences. Unseen is nobody's word yet.
const (
	Unseen  Presence = ""
	Present Presence = "present"
	Absent  Presence = "absent"
)

// Standing is where a start stands: an athlete, or a team over its people.
type Standing string

// The standings of a start.
const (
	Waiting Standing = "waiting" // nobody of it has come yet
	Partly  Standing = "partly"  // some of a team have
	Here    Standing = "here"    // all have
	Away    Standing = "away"    // all are known not to come
)

// Stand is the standing of a start by its people.
func Stand(people []Presence) Standing {
	count := func(p Presence) (n int) {
		for _, q := range people {
			if p == q {
				n++
			}
		}
		return n
	}
	switch n := len(people); {
	case n == 0:
		return Waiting
	case count(Present) == n:
		return Here
	case count(Present) > 0:
		return Partly
	case count(Absent) == n:
		return Away
	}
	return Waiting
}

// Check is one thing that the call room looks at besides that somebody is there.
type Check string

// The checks, in the order in which they are looked at.
const (
	Card      Check = "card"      // the class card, with the class of the start list
	Partner   Check = "partner"   // guide, ramp operator, assistant
	Equipment Check = "equipment" // chair, prosthesis, balls, clothing
)

// Checks are what is looked at for somebody: the card where they compete in a
// class, the partner where the class has one.
func Checks(class, partner string) []Check {
	var all []Check
	if class != "" {
		all = append(all, Card)
	}
	if partner != "" {
		all = append(all, Partner)
	}
	return append(all, Equipment)
}

// Open are the checks that have not been made, of those that are to be.
func Open(asked, made []Check) []Check {
	return slices.DeleteFunc(slices.Clone(asked), func(c Check) bool { return slices.Contains(made, c) })
}
