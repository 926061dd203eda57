// Package panels holds what the classification days follow from: who has to be
// seen by a panel, when somebody can be seen at the earliest and must be at the
// latest, which slots that makes, and the clocks of protests and reviews.
//
// Everything is a function of its arguments; times are given, never asked for.
package panels

import (
	"slices"
	"strings"
	"time"

	"tongchang/events/classes"
)

// Rules are a competition's numbers, in minutes; the fee counts hundredths.
type Rules struct {
	Rest     int   // between arrival and the slot
	Before   int   // between the end of the slot and the first start
	Protest  int   // after a panel's decision, to protest against it
	Observed int   // the same, after an observation in competition
	Decide   int   // after it was filed, to decide a case
	Fee      int64 // of a case
}

// Proposal are the numbers that a competition starts from. No published figure
// was found for Chinese para games ([GK]): an hour for protests and a quarter of
// one after an observation are common in international rule books; the rest is
// what organisers can work with. Every one is a setting.
var Proposal = Rules{Rest: 120, Before: 120, Protest: 60, Observed: 15, Decide: 24 * 60}

// Impairment is a group of impairments that panels are made up for.
type Impairment string

// The groups.
const (
	Physical     Impairment = "physical"
	Vision       Impairment = "vision"
	Intellectual Impairment = "intellectual"
	Hearing      Impairment = "hearing"
)

// Impairments are all of them in the order of forms.
var Impairments = []Impairment{Physical, Vision, Intellectual, Hearing}

// ImpairmentOf is the group that a class is for; empty where the class does not
// say it (domain facts, para-sport 1.1: 11–13 vision, 14, 20 and 21 intellectual,
// B, J, VI, AS and NS vision; S15 hearing).
func ImpairmentOf(class string) Impairment {
	class = strings.ToUpper(strings.TrimSpace(class))
	letters := classes.Group(class)
	number := strings.TrimPrefix(class, letters)
	switch {
	case class == "" || classes.Pseudo(class):
		return ""
	case slices.Contains([]string{"B", "J", "VI", "AS", "NS"}, letters), class == "VI", class == "PTVI":
		return Vision
	case letters == "II":
		return Intellectual
	case class == "HI", class == "DEAF":
		return Hearing
	case slices.Contains([]string{"S", "SB", "SM"}, letters) && number == "15":
		return Hearing
	case slices.Contains([]string{"S", "SB", "SM", "T", "F"}, letters) && slices.Contains([]string{"11", "12", "13"}, number):
		return Vision
	case slices.Contains([]string{"S", "SB", "SM"}, letters) && slices.Contains([]string{"14", "21"}, number),
		slices.Contains([]string{"T", "F"}, letters) && number == "20", class == "11", class == "TT11":
		return Intellectual
	}
	return Physical
}

// Why says why somebody has to be seen.
type Why string

// The reasons.
const (
	NotNeeded Why = ""
	NoClass   Why = "no-class" // entered where a class is asked for, and holds none
	IsNew     Why = "new"      // status N
	IsDue     Why = "review"   // status R, or a fixed year that has come
)

// Needs says whether the holder of a class has to be seen before competing in a
// year. Here tells that the class was decided at this competition: whoever has
// been seen is not sent again, but for who could not be seen to the end (CNC).
func Needs(class string, status classes.Status, review, year int, here bool) Why {
	switch {
	case class == "":
		return NoClass
	case class == classes.NotCompleted:
		return IsNew
	case here, class == classes.NotEligible:
		return NotNeeded
	case status == classes.New:
		return IsNew
	case status == classes.Review && (review == 0 || review <= year), status == classes.FixedDate && review <= year:
		return IsDue
	}
	return NotNeeded
}

// Span is a stretch of time; To is not part of it.
type Span struct{ From, To time.Time }

// Meets reports whether two stretches have a moment in common.
func (s Span) Meets(o Span) bool { return s.From.Before(o.To) && o.From.Before(s.To) }

// Appearance is a start of a person who is watched. Start is zero while its unit
// has no time.
type Appearance struct {
	ID    int64
	Start time.Time
}

// First is the first appearance: the earliest that has a time, else the lowest
// number. It is -1 where there is none.
func First(all []Appearance) int {
	first := -1
	for i, a := range all {
		if first < 0 || urgent(a.Start, all[first].Start) < 0 || urgent(a.Start, all[first].Start) == 0 && a.ID < all[first].ID {
			first = i
		}
	}
	return first
}
