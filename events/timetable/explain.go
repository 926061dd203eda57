// Why a unit has no place: what can be proved is said as proved, the rest as
// what it is, a search that ended.
package timetable

import (
	"slices"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Unplaced is a unit that the generator found no place for. Problem is a key of
// the catalogue and With its arguments: names, minutes.
type Unplaced struct {
	Unit    string
	Problem string
	With    []string
}

// Says is the reason as a problem of the catalogue, for people.
func (u *Unplaced) Says() *scoring.Invalid {
	return &scoring.Invalid{Line: u.Unit, Problem: u.Problem, With: u.With}
}

// explain says for each unit without a place what keeps it from one.
func (s *search) explain(left []int) []Unplaced {
	slices.Sort(left)
	all := make([]Unplaced, 0, len(left))
	for _, i := range left {
		why := s.why(i)
		all = append(all, Unplaced{Unit: s.units[i].doc.ID, Problem: why.Problem, With: why.With})
	}
	return all
}

func (s *search) why(i int) *scoring.Invalid {
	u := &s.units[i]
	name := u.doc.label()
	if u.slack == 0 || !s.startsAtAll(u) {
		if longest := s.longest(u); longest < u.takes {
			return &scoring.Invalid{Problem: "timetable-too-long", With: []string{name, strconv.Itoa(u.takes), strconv.Itoa(longest)}}
		}
		return &scoring.Invalid{Problem: "timetable-never-open", With: []string{name}}
	}
	if pinned := s.pinned(i); pinned != nil {
		return &scoring.Invalid{Problem: "timetable-pinned", With: []string{name, s.names(pinned)}}
	}
	if need, there := s.capacity(u); need > there {
		return &scoring.Invalid{Problem: "timetable-full", With: []string{name, strings.Join(u.doc.Areas, ", "), strconv.Itoa(need), strconv.Itoa(there)}}
	}
	if person, need, there := s.overbooked(u); need > there {
		return &scoring.Invalid{Problem: "timetable-person-full", With: []string{name, person, strconv.Itoa(need), strconv.Itoa(there)}}
	}
	return &scoring.Invalid{Problem: "timetable-not-found", With: []string{name, s.names(s.rivals(i))}}
}

// startsAtAll reports whether the calendar leaves a start on the grid.
func (s *search) startsAtAll(u *unit) bool {
	for k := range u.free {
		for _, court := range u.free[k] {
			for _, f := range court {
				if s.onGrid(int(f.From)) <= int(f.Until) {
					return true
				}
			}
		}
	}
	return false
}

// longest is the longest stretch that days and sessions have for the unit.
func (s *search) longest(u *unit) (longest int) {
	for _, a := range u.areas {
		for _, day := range s.doc.Days {
			for _, open := range s.openings(u, &s.doc.Venues[s.areas[a].venue]) {
				longest = max(longest, day.Overlap(open))
			}
		}
	}
	return longest
}

// pinned are the pinned units that leave a unit no start even if all others
// stood aside; nil where they leave one.
func (s *search) pinned(i int) (pinned []int) {
	u := &s.units[i]
	free := false
	for k, in := range u.areas {
		s.blocks(i, in)
		for court := range u.free[k] {
			s.each = s.onCourt(u, in, court, s.each)
			s.each = slices.DeleteFunc(s.each, func(b block) bool { return !s.units[b.unit].barred })
			for _, b := range s.each {
				pinned = append(pinned, b.unit)
			}
			s.sweep(u, u.free[k][court], func(_, _ int, weight int64) { free = free || weight == 0 })
		}
	}
	if free {
		return nil
	}
	slices.Sort(pinned)
	return slices.Compact(pinned)
}

// capacity is how many minutes the units need that can stand in these areas
// alone, and how many the areas have: if they need more, some must stay out.
func (s *search) capacity(u *unit) (need, there int) {
	for i := range s.units {
		v := &s.units[i]
		inside := !slices.ContainsFunc(v.areas, func(a int) bool { return !slices.Contains(u.areas, a) })
		if inside {
			need += v.takes + s.turnover(v)
		}
	}
	for _, a := range u.areas {
		venue := &s.doc.Venues[s.areas[a].venue]
		for court := range s.areas[a].courts {
			for _, f := range s.stretches(venue, a, court) {
				there += f.Length() + s.areas[a].turnover
			}
		}
	}
	return need, there
}

// turnover is the least of a unit's areas.
func (s *search) turnover(u *unit) int {
	least := s.areas[u.areas[0]].turnover
	for _, a := range u.areas {
		least = min(least, s.areas[a].turnover)
	}
	return least
}

// stretches are when a court is open, whoever asks.
func (s *search) stretches(venue *Venue, in, court int) (open []Span) {
	anyone := &unit{doc: &Unit{}}
	for _, session := range s.doc.Sessions {
		if session.Venue == venue.ID {
			for _, day := range s.doc.Days {
				if f := (Span{max(day.From, session.From), min(day.Until, session.Until)}); f.From < f.Until {
					open = append(open, f)
				}
			}
		}
	}
	if !slices.ContainsFunc(s.doc.Sessions, func(x Session) bool { return x.Venue == venue.ID }) {
		return slices.DeleteFunc(s.calendar(anyone, in, court), func(f Span) bool { return f.Length() == 0 })
	}
	for i := range venue.Busy {
		if b := &venue.Busy[i]; b.takes(s.areas[in].doc.ID, court+1) {
			open = without(open, b.Span)
		}
	}
	return slices.DeleteFunc(open, func(f Span) bool { return f.Length() <= 0 })
}

// overbooked finds a person of the unit with more minutes of units than the days
// are long.
func (s *search) overbooked(u *unit) (name string, need, there int) {
	for _, day := range s.doc.Days {
		there += day.Length()
	}
	for _, p := range u.parts {
		minutes := 0
		for _, j := range s.people[p.person] {
			minutes += s.units[j].takes
		}
		if minutes > need {
			name, need = s.doc.People[p.person].label(), minutes
		}
	}
	return name, need, there
}

// rivals are those in the way at the start that the fewest are in the way of.
func (s *search) rivals(i int) []int {
	at, ok := s.choose(i, true)
	if !ok {
		return nil
	}
	return s.inTheWay(i, at)
}

// names lists units for people, the first few of many.
func (s *search) names(units []int) string {
	const few = 5
	all := make([]string, 0, few)
	for _, i := range units[:min(few, len(units))] {
		all = append(all, s.units[i].doc.label())
	}
	if more := len(units) - few; more > 0 {
		all = append(all, "+"+strconv.Itoa(more))
	}
	return strings.Join(all, ", ")
}
