// Package timetable says when and where every unit of a games is held: it finds
// the clashes of a plan, makes a plan, shows what a move would do, and estimates
// how late the day runs.
//
// Everything is a function of a [Document], which holds all that decides: days,
// venues with their courts, sessions, units with their people, rules of rest,
// and the plan itself. There is no clock and no chance in here; a seed and the
// present minute are arguments, and the same arguments give the same answer.
// [Check] and [Generate] know nothing of each other, so that one proves the other.
//
// A document holds needs of people (extra time, hours when somebody is away).
// It never leaves the server as it is.
package timetable

import (
	"cmp"
	"slices"
)

// Schema is the version of the document's shape.
const Schema = "tongchang/timetable/1"

// Document is everything that decides about a timetable, and the plan.
type Document struct {
	Schema string `json:"schema,omitempty"` // the shape's version, [Schema]
	Title  string `json:"title,omitempty"`
	Zone   string `json:"zone"`           // whose wall clock the moments show, by its IANA name: Asia/Shanghai
	Step   int    `json:"step,omitempty"` // minutes between two possible starts; 5 where not stated

	Lead      int `json:"lead,omitempty"`       // minutes from the end of a classification to the first start in that discipline
	TravelAny int `json:"travel_any,omitempty"` // minutes between two venues that Travel does not name

	Days     []Span      `json:"days"` // when the games are open, one span a day
	Venues   []Venue     `json:"venues"`
	Travel   []Travel    `json:"travel,omitempty"`
	Sessions []Session   `json:"sessions,omitempty"`
	Rest     []Rest      `json:"rest,omitempty"`
	People   []Person    `json:"people"`
	Units    []Unit      `json:"units"`
	Plan     []Placement `json:"plan,omitempty"`
}

// Venue is a place that people have to travel to. WarmUp is the minutes that an
// athlete needs there between arriving from another venue and starting: call
// room, change of wheelchair or prosthesis, warming up.
type Venue struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	WarmUp int    `json:"warm_up,omitempty"`
	Areas  []Area `json:"areas"`
	Busy   []Busy `json:"busy,omitempty"`
}

// Area is a part of a venue with one or more courts of a kind: the track, two
// throwing circles, eight tables. A court holds one unit at a time, and needs
// Turnover minutes between two. Areas have IDs that no other venue uses.
type Area struct {
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Courts   int    `json:"courts"`
	Turnover int    `json:"turnover,omitempty"`
}

// Busy is when somebody else has a venue, or some areas and courts of it: the
// games that share it, a maintenance. No areas: all; no courts: all of the areas.
type Busy struct {
	Span
	Areas  []string `json:"areas,omitempty"`
	Courts []int    `json:"courts,omitempty"`
	What   string   `json:"what,omitempty"`
	UID    string   `json:"uid,omitempty"` // of the calendar entry that it was read from
}

// Travel is how many minutes the accessible transport takes between two venues,
// waiting and boarding included, in both directions unless the way back has a
// row of its own.
type Travel struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Minutes int    `json:"minutes"`
}

// Session is a stretch of the timetable at a venue. A venue with sessions holds
// units in them alone; Disciplines, where given, are the only ones held in it.
type Session struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Venue string `json:"venue"`
	Span
	Disciplines []string `json:"disciplines,omitempty"`
}

// Rest is what an athlete needs after competing in a discipline and class.
// Minutes is between any two units of the same person, Recovery between the
// phases of one event. An empty Discipline or Class stands for all; the row that
// names both goes before the one that names the class, that before the one that
// names the discipline, and that before the one that names neither.
type Rest struct {
	Discipline string `json:"discipline,omitempty"`
	Class      string `json:"class,omitempty"`
	Minutes    int    `json:"minutes,omitempty"`
	Recovery   int    `json:"recovery,omitempty"`
}

// Person is somebody with a diary. Away is when they cannot be there at all:
// not arrived yet, treatment, another duty.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Away []Span `json:"away,omitempty"`
}

// Role is what somebody is in a unit.
type Role string

// The roles. Athletes and those who compete with them (guides, pilots, ramp
// operators) need rest and warm-up; everybody needs to be in one place at a time.
const (
	Athlete     Role = "athlete"
	Guide       Role = "guide"
	Interpreter Role = "interpreter"
	Judge       Role = "judge"
	Official    Role = "official" // anybody else without whom the unit cannot be held
)

// Competes reports whether the role is one that needs rest and warm-up.
func (r Role) Competes() bool { return r == Athlete || r == Guide }

// Part is a person's part in a unit. Class is the sport class competed in, and
// Extra the percent of extra time that has been granted: 50 is half as long again.
type Part struct {
	Person string `json:"person"`
	As     Role   `json:"as"`
	Class  string `json:"class,omitempty"`
	Extra  int    `json:"extra,omitempty"`
}

// Kind says what a unit of the timetable is for.
type Kind string

// The kinds of unit.
const (
	Contest        Kind = ""
	Classification Kind = "classification" // an appointment with a panel: before the person's first contest in that discipline
)

// Unit is what is placed: the smallest part of an event with its own start list,
// or an appointment for classification. A unit whose people are not known yet (a
// final before its heats) lists everybody who may be in it.
type Unit struct {
	ID         string   `json:"id"`
	Name       string   `json:"name,omitempty"`
	Kind       Kind     `json:"kind,omitempty"`
	Discipline string   `json:"discipline"`
	Event      string   `json:"event,omitempty"`
	Phase      int      `json:"phase,omitempty"` // place of the phase within the event: all of 1 end before 2 begins
	Minutes    int      `json:"minutes"`         // without extra time
	InTurn     bool     `json:"in_turn,omitempty"`
	Areas      []string `json:"areas"` // any of these will do
	People     []Part   `json:"people,omitempty"`
	Prefer     []Span   `json:"prefer,omitempty"` // a wish: starts in one of these
	Never      []Span   `json:"never,omitempty"`  // it must not touch these
	Pinned     bool     `json:"pinned,omitempty"` // its place in the plan is not for the generator to change
}

// Placement is where and when a unit is held. Courts count from 1.
type Placement struct {
	Unit  string `json:"unit"`
	Area  string `json:"area"`
	Court int    `json:"court"`
	Start Moment `json:"start"`
}

// InOrder is a plan in order of time, then of area and court.
func InOrder(plan []Placement) []Placement {
	return slices.SortedStableFunc(slices.Values(plan), func(a, b Placement) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Court, b.Court), cmp.Compare(a.Unit, b.Unit))
	})
}

// Unmet are the units that the plan has outside all of their preferred times, in
// the order of the document. A wish is no rule: [Check] says nothing of it.
func Unmet(d *Document) []string {
	starts := map[string]Moment{}
	for _, p := range d.Plan {
		starts[p.Unit] = p.Start
	}
	var unmet []string
	for i := range d.Units {
		u := &d.Units[i]
		start, placed := starts[u.ID]
		if placed && len(u.Prefer) > 0 && !slices.ContainsFunc(u.Prefer, func(p Span) bool { return p.From <= start && start < p.Until }) {
			unmet = append(unmet, u.ID)
		}
	}
	return unmet
}
