package panels

import (
	"time"

	"tongchang/events/classes"
)

// Refused is why a case cannot be taken from a delegation.
type Refused string

// The reasons. What organisers bring is taken in any of these cases.
const (
	Taken      Refused = ""
	Confirmed  Refused = "confirmed"   // status C: by the organiser alone, in exceptional circumstances
	TooLate    Refused = "too-late"    // the time after the decision has passed
	NotDecided Refused = "not-decided" // nothing has been decided here that could be protested against
)

// Filing says whether a delegation may protest against a class at a moment.
// Decided is when it was decided here, zero where the class came with the
// entries; cause is what decided it. Protests are for N and R (master rules as
// summarised in the domain facts, 1.4); a fixed date and C are firm.
func Filing(r Rules, status classes.Status, cause classes.Cause, decided, now time.Time) (Refused, time.Time) {
	if decided.IsZero() {
		return NotDecided, time.Time{}
	}
	minutes := r.Protest
	if cause == classes.Observation {
		minutes = r.Observed
	}
	until := decided.Add(time.Duration(minutes) * time.Minute)
	switch {
	case status == classes.Confirmed || status == classes.FixedDate:
		return Confirmed, until
	case now.After(until):
		return TooLate, until
	}
	return Taken, until
}

// Due is by when a case is to be decided: so many minutes after it was filed, or
// before the person's next start in that class where that is earlier. It is never
// before the filing.
func Due(r Rules, filed, next time.Time) time.Time {
	due := filed.Add(time.Duration(r.Decide) * time.Minute)
	if !next.IsZero() && next.Before(due) {
		due = next
	}
	if due.Before(filed) {
		return filed
	}
	return due
}
