// Package needs is the loop of 问需响应 as rules: what may be asked for, how a
// need goes from asked to satisfied, when it is late, which needs are one task,
// and whether there is enough of everything when people arrive. Everything is a
// function of its arguments; who asks, where it is kept and how it is sealed is
// the ledger's.
//
// The loop is the one of the province's federation (黑残联 2019, 问需响应式服务残疾人
// 方案): ask, listen, talk, respond, until the person is satisfied. No time limits
// are readable there: the ones here are settings of the kinds, to be changed
// with them.
package needs

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Code names a kind of need: lift-bus, paper-braille.
type Code string

// Area is the part of the form that a kind stands in.
type Area string

// The areas, as the form asks for them.
const (
	Mobility Area = "mobility"
	Room     Area = "room"
	Vision   Area = "vision"
	Hearing  Area = "hearing"
	Mind     Area = "mind"
	Care     Area = "care"
	Medicine Area = "medicine"
	Food     Area = "food"
	Contest  Area = "contest" // accommodations in the contest itself
	Winter   Area = "winter"
	Other    Area = "else"
)

// Areas lists them in the order of the form.
var Areas = []Area{Mobility, Room, Vision, Hearing, Mind, Care, Medicine, Food, Contest, Winter, Other}

// Group is who sees to a need: a department of the organisers.
type Group string

// The groups.
const (
	Transport  Group = "transport"
	Lodging    Group = "lodging"
	Medical    Group = "medical"
	Catering   Group = "catering"
	Venue      Group = "venue"
	Volunteers Group = "volunteers"
	Papers     Group = "papers"  // print shop: large print, Braille, exam papers
	Judging    Group = "judging" // decides on accommodations in the contest
	Desk       Group = "desk"    // the service desk itself
)

// Groups lists them in the order of the board.
var Groups = []Group{Transport, Lodging, Medical, Catering, Venue, Volunteers, Papers, Judging, Desk}

// Audience is who among the organisers may know that a need is there at all.
// What exactly it is about, in the person's words, is looked at one by one.
type Audience string

// The audiences.
const (
	Servants Audience = "service" // whoever answers needs
	Medics   Audience = "medical" // the medical desk and the organiser alone; others see that it is theirs
)

// Counting is how the pieces asked for are held against what there is.
type Counting string

// The countings.
const (
	Uncounted Counting = ""
	ByHour    Counting = "hour" // wanted in one hour: a place on a lift bus, a wheelchair at the gate
	ByDay     Counting = "day"  // held from day to day: a room, an interpreter
)

// Kind is something that may be asked for.
type Kind struct {
	Code     Code
	Area     Area
	Group    Group // who answers it unless the desk names somebody else
	Audience Audience
	Counts   Counting
	Most     int           // pieces that one person may ask for
	Lead     time.Duration // how long before the arrival it has to be answered
	Extra    int           // percent of working time that it brings in a contest; 0: none
	Words    bool          // asked for in words only: the kind alone says nothing
}

// Find gives the kind of a code.
func Find(c Code) (Kind, bool) {
	for i := range Kinds {
		if Kinds[i].Code == c {
			return Kinds[i], true
		}
	}
	return Kind{}, false
}

// In lists the kinds of an area in the order of the form.
func In(a Area) (kinds []Kind) {
	for _, k := range Kinds {
		if k.Area == a {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Masked hides a name but for its first character: 李**, M**. Everybody gets two
// stars, so that a name's length says nothing.
func Masked(name string) string {
	name = strings.TrimLeftFunc(name, unicode.IsSpace)
	if name == "" {
		return ""
	}
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + "**"
}
