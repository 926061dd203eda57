package needs

import "slices"

// Granted is a need of the contest with the last answer that it got.
type Granted struct {
	Kind    Code
	State   State
	Verdict Verdict
}

// Accommodation is what a contestant has in the contest, as judges and the
// timetable may know it: never why.
type Accommodation struct {
	Codes []Code // in the order of the form, without those that are time alone
	Extra int    // percent of working time more
}

// None reports that there is nothing.
func (a Accommodation) None() bool { return len(a.Codes) == 0 && a.Extra == 0 }

// Accommodate says what of a contestant's needs is in force. Only what was
// answered with yes counts: what was asked for gives nothing yet, and what is
// given instead has to be asked for as what it is. A yes stays in force while
// somebody is not satisfied with how it was done. More time does not add up: the
// most is given.
func Accommodate(all []Granted) (a Accommodation) {
	for _, k := range Kinds {
		granted := slices.ContainsFunc(all, func(g Granted) bool {
			return g.Kind == k.Code && g.Verdict == Will && g.State != Withdrawn
		})
		if k.Area != Contest || !granted {
			continue
		}
		a.Extra = max(a.Extra, k.Extra)
		if k.Code != "time-30" && k.Code != "time-50" {
			a.Codes = append(a.Codes, k.Code)
		}
	}
	return a
}
