package needs

import "time"

// Clocks. Nothing here reads a clock: now is always an argument.

const (
	atOnce = 2 * time.Hour      // for what is asked when people are there already
	anyway = 2 * 24 * time.Hour // for what is asked long before
)

// Due is when a need that nobody has given a time has to be answered: two days
// after it was asked, and at the latest its lead time before the arrival; but
// whoever answers has two hours in any case. A zero arrival is unknown.
func Due(k Kind, asked, arrives time.Time) time.Time {
	due := asked.Add(anyway)
	if latest := arrives.Add(-k.Lead); !arrives.IsZero() && latest.Before(due) {
		due = latest
	}
	if soonest := asked.Add(atOnce); due.Before(soonest) {
		due = soonest
	}
	return due
}

// Standing is how a need stands against its time.
type Standing string

// The standings, in the order of the board.
const (
	Late    Standing = "late"    // its time is over, or people arrive before it is answered
	Today   Standing = "today"   // due on this day
	Working Standing = "working" // due later
	Waiting Standing = "waiting" // answered; the person has not said whether it is good
	Settled Standing = "settled" // satisfied
	Gone    Standing = "gone"    // withdrawn
)

// Standings lists them in the order of the board.
var Standings = []Standing{Late, Today, Working, Waiting, Settled, Gone}

// Clock is what a need's time depends on. Zero times are unknown.
type Clock struct {
	State   State
	Due     time.Time
	Arrives time.Time
	Lead    time.Duration
}

// alarm is how long before somebody arrives an open need is late whatever time
// it was given.
const alarm = 24 * time.Hour

// Stand says how a need stands now, and by how long it is late or has left.
// Days begin where zone says.
func Stand(c Clock, now time.Time, zone *time.Location) (Standing, time.Duration) {
	switch {
	case c.State == Withdrawn:
		return Gone, 0
	case c.State == Satisfied:
		return Settled, 0
	case c.State == Answered:
		return Waiting, 0
	}
	left := c.Due.Sub(now)
	if c.Due.IsZero() {
		left = anyway
	}
	switch {
	case left < 0:
		return Late, -left
	case Unanswered(c, now):
		return Late, 0
	case sameDay(now, now.Add(left), zone):
		return Today, left
	}
	return Working, left
}

// Unanswered is the alarm before an arrival: people come within a day (or have
// come), and a need that could have been settled by then is still open.
func Unanswered(c Clock, now time.Time) bool {
	return c.State.Open() && !c.Arrives.IsZero() && c.Arrives.After(now) && c.Arrives.Sub(now) <= min(alarm, c.Lead)
}

func sameDay(a, b time.Time, zone *time.Location) bool {
	y, m, d := a.In(zone).Date()
	y2, m2, d2 := b.In(zone).Date()
	return y == y2 && m == m2 && d == d2
}
