// Package classes holds what follows from a sport class: which contests it
// admits to, what its status lets a result count for, and what a change of class
// means for entries, starts and results.
//
// Everything is a function of its arguments. Classes are codes (T54, SB8, BC3);
// the letters before the number are the class group, in which a person holds at
// most one class at a time. NE and CNC are pseudo-classes: they admit to nothing
// in the group that they name.
package classes

import (
	"slices"
	"strings"
)

// Status says how firm a sport class is.
type Status string

// The statuses of a class, in the field's own letters.
const (
	New       Status = "N"   // never seen by a panel of this level: to be seen before the start
	Review    Status = "R"   // valid, to be seen again at the next chance
	FixedDate Status = "FRD" // valid, not to be seen again before its review year
	Confirmed Status = "C"
	Observed  Status = "OA" // allocated, to be watched at the first appearance before it holds
)

// Known reports whether the status is one of those above, or not stated.
func (s Status) Known() bool {
	return slices.Contains([]Status{"", New, Review, FixedDate, Confirmed, Observed}, s)
}

// The pseudo-classes.
const (
	NotEligible  = "NE"  // the impairment is not one that the sport admits, or too slight
	NotCompleted = "CNC" // the evaluation could not be finished
)

// Pseudo reports whether a class admits to nothing.
func Pseudo(class string) bool { return class == NotEligible || class == NotCompleted }

// Group is the class group of a class: T of T54, SB of SB8; empty where the
// class has no number.
func Group(class string) string {
	letters := strings.TrimRight(class, "0123456789.")
	if letters == class {
		return ""
	}
	return letters
}

// Lists are what a result may count for besides the day's medals, which never
// depend on the status.
type List string

// The lists.
const (
	Ranking  List = "ranking"  // official world or regional ranking
	Best     List = "best"     // annual best performances
	Standard List = "standard" // qualification standards
	Official List = "record"   // any official record
)

// Counts reports whether a result made under a status on a day counts for a
// list. Review is the year of the fixed review date, 0 where there is none: a
// record needs one after the day of the record (IPC sport data management,
// rankings and records).
func (s Status) Counts(list List, day string, review int) bool {
	later := review > 0 && len(day) >= 4 && day[:4] < itoa(review)
	switch list {
	case Ranking:
		return s == Review || s == FixedDate || s == Confirmed
	case Best:
		return s == New || s == Review || s == FixedDate || s == Confirmed
	case Standard:
		return s == Review || s == FixedDate || s == Confirmed
	case Official:
		return s == Confirmed || (s == FixedDate || s == Review) && later
	}
	return false
}

// itoa writes a year with four digits, so that it compares with the year of a day.
func itoa(year int) string {
	b := []byte("0000")
	for i := 3; i >= 0; i, year = i-1, year/10 {
		b[i] = byte('0' + year%10)
	}
	return string(b)
}

// Set splits an event's classes: T45,T46.
func Set(classes string) []string {
	return strings.FieldsFunc(classes, func(r rune) bool { return r == ',' || r == ' ' })
}

// Groups are the class groups of a set of classes, each once.
func Groups(set []string) []string {
	var groups []string
	for _, c := range set {
		if g := Group(c); !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	return groups
}
