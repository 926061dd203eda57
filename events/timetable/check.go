// The checker: what is wrong with a plan, whoever made it. It lays out every
// court's and every person's diary and looks at each pair in it; it shares
// nothing with the generator but the look-ups of rules.go.
package timetable

import (
	"cmp"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Rule is what a clash breaks.
type Rule string

// The rules. Each has its sentence in the catalogue, as timetable-….
const (
	TwoPlaces  Rule = "two-places"  // a person is in two units at once
	TravelTime Rule = "travel"      // the accessible transport takes longer
	WarmUp     Rule = "warm-up"     // an athlete gets there, but cannot warm up
	RestTime   Rule = "rest"        // too little rest between two units of a person
	Classified Rule = "classified"  // a person competes before being classified, or too soon after it
	Away       Rule = "away"        // a person cannot be there
	CourtTaken Rule = "court"       // two units on one court, or no time to turn it over
	BusyTime   Rule = "busy"        // somebody else has the place
	Hours      Rule = "hours"       // outside the day, or the venue's sessions
	Never      Rule = "never"       // at a time that is ruled out for the unit
	PhaseOrder Rule = "order"       // a phase before the one it follows from, or too soon after it
	ExtraTime  Rule = "extra-time"  // it would fit, but for the extra time that was granted
	WrongPlace Rule = "wrong-place" // an area that is not for the unit, or a court that is not there
	NoPlace    Rule = "unplaced"    // a unit without a place
	Twice      Rule = "twice"       // a unit with two
	NoUnit     Rule = "no-unit"     // a place for a unit that is not there
)

// Rules are all of them, in the order in which clashes are listed.
var Rules = []Rule{TwoPlaces, TravelTime, WarmUp, RestTime, Classified, Away, CourtTaken, BusyTime, Hours, Never, PhaseOrder,
	ExtraTime, WrongPlace, NoPlace, Twice, NoUnit}

// Clash is one thing wrong with a plan. Units are IDs, the earlier first; Person
// is an ID, empty where it is not about one; Missing is the minutes by which the
// rule is missed, 0 where there is no such number.
type Clash struct {
	Rule    Rule
	Units   []string
	Person  string
	Area    string
	Missing int
	With    []string // the sentence's arguments
}

// Says is the clash as a problem of the catalogue, for people. Its arguments
// hold names.
func (c *Clash) Says() *scoring.Invalid {
	return &scoring.Invalid{Problem: "timetable-" + string(c.Rule), With: c.With}
}

// Check finds every clash of the document's plan. None means that it can be
// published. The document must be without [Document.Faults].
func Check(d *Document) []Clash {
	c := newChecker(d)
	c.placements()
	c.alone()
	c.courts()
	c.people()
	c.phases()
	slices.SortStableFunc(c.clashes, compareClashes)
	return c.clashes
}

func compareClashes(a, b Clash) int {
	return cmp.Or(cmp.Compare(slices.Index(Rules, a.Rule), slices.Index(Rules, b.Rule)), slices.Compare(a.Units, b.Units),
		cmp.Compare(a.Person, b.Person), cmp.Compare(a.Area, b.Area), slices.Compare(a.With, b.With))
}

// placed is a unit where the plan has it.
type placed struct {
	*Unit
	area  *Area
	venue *Venue
	court int
	Span
}

// visit is a placed unit in a person's diary.
type visit struct {
	*placed
	part *Part
}

type checker struct {
	doc     *Document
	areas   map[string]placed // area and venue alone
	persons map[string]*Person
	plan    []*placed
	clashes []Clash
}

func newChecker(d *Document) *checker {
	c := &checker{doc: d, areas: map[string]placed{}, persons: map[string]*Person{}}
	for i := range d.Venues {
		for j := range d.Venues[i].Areas {
			c.areas[d.Venues[i].Areas[j].ID] = placed{venue: &d.Venues[i], area: &d.Venues[i].Areas[j]}
		}
	}
	for i := range d.People {
		c.persons[d.People[i].ID] = &d.People[i]
	}
	return c
}

// add notes a clash. With are the sentence's arguments.
func (c *checker) add(clash Clash, with ...string) {
	clash.With = with
	c.clashes = append(c.clashes, clash)
}

// placements finds what stands where, and what does not.
func (c *checker) placements() {
	units := map[string]*Unit{}
	for i := range c.doc.Units {
		units[c.doc.Units[i].ID] = &c.doc.Units[i]
	}
	seen := map[string]bool{}
	for _, p := range c.doc.Plan {
		u := units[p.Unit]
		if u == nil {
			c.add(Clash{Rule: NoUnit, Units: []string{p.Unit}}, p.Unit)
			continue
		}
		if seen[p.Unit] {
			c.add(Clash{Rule: Twice, Units: []string{p.Unit}}, u.label(), p.Start.String())
			continue
		}
		seen[p.Unit] = true
		at, there := c.areas[p.Area]
		if !there || !slices.Contains(u.Areas, p.Area) || p.Court < 1 || p.Court > at.area.Courts {
			c.add(Clash{Rule: WrongPlace, Units: []string{p.Unit}, Area: p.Area}, u.label(), p.Area, strconv.Itoa(p.Court))
		}
		if there {
			at.Unit, at.court, at.Span = u, p.Court, Span{p.Start, p.Start + Moment(u.Takes())}
			c.plan = append(c.plan, &at)
		}
	}
	for i := range c.doc.Units {
		if u := &c.doc.Units[i]; !seen[u.ID] {
			c.add(Clash{Rule: NoPlace, Units: []string{u.ID}}, u.label())
		}
	}
	slices.SortFunc(c.plan, func(a, b *placed) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID)) })
}

// alone looks at each unit against the calendar.
func (c *checker) alone() {
	for _, p := range c.plan {
		c.hours(p)
		for i := range p.venue.Busy {
			if b := &p.venue.Busy[i]; b.takes(p.area.ID, p.court) {
				c.blocked(BusyTime, p, b.Span, b.What)
			}
		}
		for _, s := range p.Never {
			c.blocked(Never, p, s, "")
		}
		for i := range p.People {
			person := c.persons[p.People[i].Person]
			for _, s := range person.Away {
				if n := p.Overlap(s); n > 0 {
					c.add(Clash{Rule: Away, Units: []string{p.ID}, Person: person.ID, Missing: n}, person.label(), p.label(), s.From.String(), s.Until.String())
				}
			}
		}
	}
}

// blocked finds a unit within a stretch that is not for it. Where it gets there
// by its extra time alone, that is what is said.
func (c *checker) blocked(rule Rule, p *placed, s Span, what string) {
	n := p.Overlap(s)
	switch {
	case n == 0:
	case p.From < s.From && n <= p.extra():
		c.overrun(p, "", p.area.ID, s.From.String()+" "+what, n)
	default:
		c.add(Clash{Rule: rule, Units: []string{p.ID}, Area: p.area.ID, Missing: n}, p.label(), s.From.String(), s.Until.String(), strconv.Itoa(n), what)
	}
}

// overrun says that extra time runs into something.
func (c *checker) overrun(p *placed, person, area, into string, missing int, more ...string) {
	c.add(Clash{Rule: ExtraTime, Units: append([]string{p.ID}, more...), Person: person, Area: area, Missing: missing},
		p.label(), strconv.Itoa(p.extra()), into, strconv.Itoa(missing))
}

// hours holds a unit against the days, and the sessions of its venue: it must
// lie in one of each. Missing is how much of it sticks out of the best one.
func (c *checker) hours(p *placed) {
	var open []Span
	for i := range c.doc.Sessions {
		if s := &c.doc.Sessions[i]; s.Venue == p.venue.ID && s.admits(p.Discipline) {
			open = append(open, s.Span)
		}
	}
	hasSessions := slices.ContainsFunc(c.doc.Sessions, func(s Session) bool { return s.Venue == p.venue.ID })
	for _, list := range [][]Span{c.doc.Days, open} {
		missing, cut := p.Length(), Moment(0)
		for _, s := range list {
			if out := p.Length() - p.Overlap(s); out < missing {
				missing, cut = out, s.Until
			}
		}
		switch within := len(list) == 0 && !hasSessions; {
		case within || missing == 0:
		case missing <= p.extra() && p.Until > cut && p.Until-Moment(missing) == cut:
			c.overrun(p, "", p.area.ID, cut.String(), missing)
			return
		default:
			c.add(Clash{Rule: Hours, Units: []string{p.ID}, Area: p.area.ID, Missing: missing}, p.label(), p.From.String(), p.Until.String(), strconv.Itoa(missing))
			return
		}
	}
}

// courts looks at the units of each court in pairs.
func (c *checker) courts() {
	for i, a := range c.plan {
		for _, b := range c.plan[i+1:] {
			if a.area != b.area || a.court != b.court {
				continue
			}
			missing := int(a.Until-b.From) + a.area.Turnover
			switch {
			case missing <= 0:
			case missing <= a.extra():
				c.overrun(a, "", a.area.ID, b.label(), missing, b.ID)
			default:
				c.add(Clash{Rule: CourtTaken, Units: []string{a.ID, b.ID}, Area: a.area.ID, Missing: missing}, a.label(), b.label(), c.place(a), strconv.Itoa(missing))
			}
		}
	}
}

// place is what a person reads for a court.
func (c *checker) place(p *placed) string {
	name := cmp.Or(p.area.Name, p.area.ID)
	if p.area.Courts > 1 {
		name += " " + strconv.Itoa(p.court)
	}
	return name
}

// people looks at the units of each person in pairs.
func (c *checker) people() {
	diaries := map[string][]visit{}
	for _, p := range c.plan {
		for i := range p.People {
			who := p.People[i].Person
			diaries[who] = append(diaries[who], visit{p, &p.People[i]})
		}
	}
	for i := range c.doc.People {
		person := &c.doc.People[i]
		diary := diaries[person.ID]
		for i, a := range diary {
			for _, b := range diary[i+1:] {
				c.pair(person, a, b)
			}
		}
	}
}

// pair looks at two units of a person; a begins first.
func (c *checker) pair(person *Person, a, b visit) {
	gap := int(b.From - a.Until)
	c.classified(person, a, b)
	if gap < 0 {
		c.short(TwoPlaces, person, a, b, -gap)
		return
	}
	travel, warm := c.doc.travel(a.venue.ID, b.venue.ID), 0
	if a.venue != b.venue && b.part.As.Competes() && b.Kind == Contest {
		warm = b.venue.WarmUp
	}
	switch {
	case gap < travel:
		c.short(TravelTime, person, a, b, travel-gap)
	case gap < travel+warm:
		c.short(WarmUp, person, a, b, travel+warm-gap)
	}
	if a.Kind == Contest && b.Kind == Contest && a.part.As.Competes() && b.part.As.Competes() {
		if rest := c.doc.rest(a.Discipline, a.part.Class).Minutes; gap < rest {
			c.short(RestTime, person, a, b, rest-gap)
		}
	}
}

// short says that a person has too few minutes between two units, or that it is
// the extra time of the first that takes them.
func (c *checker) short(rule Rule, person *Person, a, b visit, missing int) {
	if missing <= a.extra() {
		c.overrun(a.placed, person.ID, "", b.label(), missing, b.ID)
		return
	}
	c.add(Clash{Rule: rule, Units: []string{a.ID, b.ID}, Person: person.ID, Missing: missing},
		person.label(), a.label(), b.label(), strconv.Itoa(missing))
}

// classified: an athlete's appointment with the panel is over, for the time of
// the document's lead, before the first contest in that discipline.
func (c *checker) classified(person *Person, a, b visit) {
	if a.part.As != Athlete || b.part.As != Athlete || a.Discipline != b.Discipline || a.Kind == b.Kind {
		return
	}
	appointment, contest := a, b
	if b.Kind == Classification {
		appointment, contest = b, a
	}
	missing := int(appointment.Until-contest.From) + c.doc.Lead
	if missing > 0 {
		c.add(Clash{Rule: Classified, Units: []string{a.ID, b.ID}, Person: person.ID, Missing: missing},
			person.label(), contest.label(), appointment.Until.String(), strconv.Itoa(missing))
	}
}

// phases holds each unit against those of the earlier phases of its event.
func (c *checker) phases() {
	events := map[string][]*placed{}
	for _, p := range c.plan {
		if p.Event != "" {
			events[p.Event] = append(events[p.Event], p)
		}
	}
	for _, p := range c.plan {
		recovery := c.doc.recovery(p.Unit)
		for _, before := range events[p.Event] {
			missing := int(before.Until-p.From) + recovery
			switch {
			case before.Phase >= p.Phase || missing <= 0:
			case missing <= before.extra():
				c.overrun(before, "", "", p.label(), missing, p.ID)
			default:
				c.add(Clash{Rule: PhaseOrder, Units: []string{before.ID, p.ID}, Missing: missing}, before.label(), p.label(), strconv.Itoa(missing))
			}
		}
	}
}
