// The board: a plan in the making. Units, areas and people are numbers in it,
// and for any unit it knows which starts are free and which units stand in the
// way of the others. The generator, moves and free slots work on it.
package timetable

import (
	"cmp"
	"slices"
)

// spot is where and when a unit stands on the board.
type spot struct {
	area, court int // court from 0
	start       int
}

// part is a person's part, in numbers.
type part struct {
	person   int
	competes bool // needs rest and warm-up
	athlete  bool
	rest     int // minutes before competing again
}

type unit struct {
	doc                     *Unit
	takes                   int
	kind                    Kind
	event, phase            int // event -1: none
	discipline              int
	recovery                int
	areas                   []int
	parts                   []part
	placed                  bool
	at                      spot
	former                  *spot // where it stood before, for a plan that is to change little
	prefer                  []Span
	free                    [][][]Span // by area (as in areas) and court: starts that the calendar allows, From and Until included
	barred                  bool       // not to be taken from where it stands
	reluctance, load, slack int
}

type area struct {
	doc      *Area
	venue    int
	courts   [][]int // units on each court, in no order
	turnover int
}

type board struct {
	doc    *Document
	step   int
	lead   int
	units  []unit
	byID   map[string]int
	areas  []area
	areaBy map[string]int
	venues []int   // warm-up
	travel [][]int // minutes between venues
	people [][]int // units that each person has a part in
	events [][]int // units of each event

	marks []mark // scratch of blocks, one a unit
	round int
	found []block
}

// block is the starts that a unit standing on the board rules out for another:
// those after after and before before.
type block struct{ unit, after, before int }

type mark struct{ round, index int }

// forever is further than any moment of a document, and added to one it still
// is an int of 32 bits.
const forever = 1 << 30

func newBoard(d *Document) *board {
	b := &board{doc: d, step: d.step(), lead: d.Lead, byID: map[string]int{}, areaBy: map[string]int{}}
	for i := range d.Venues {
		v := &d.Venues[i]
		b.venues = append(b.venues, v.WarmUp)
		for j := range v.Areas {
			a := &v.Areas[j]
			b.areaBy[a.ID] = len(b.areas)
			b.areas = append(b.areas, area{doc: a, venue: i, courts: make([][]int, a.Courts), turnover: a.Turnover})
		}
		row := make([]int, len(d.Venues))
		for j := range d.Venues {
			row[j] = d.travel(v.ID, d.Venues[j].ID)
		}
		b.travel = append(b.travel, row)
	}
	b.people = make([][]int, len(d.People))
	people := map[string]int{}
	for i := range d.People {
		people[d.People[i].ID] = i
	}
	events, disciplines := map[string]int{}, map[string]int{}
	for i := range d.Units {
		b.byID[d.Units[i].ID] = i
		b.units = append(b.units, b.compile(&d.Units[i], people, disciplines))
		u := &b.units[i]
		for _, p := range u.parts {
			b.people[p.person] = append(b.people[p.person], i)
		}
		if name := d.Units[i].Event; name != "" {
			e := number(events, name)
			if u.event = e; e == len(b.events) {
				b.events = append(b.events, nil)
			}
			b.events[e] = append(b.events[e], i)
		}
	}
	b.marks = make([]mark, len(b.units))
	return b
}

// number gives each name its number, in the order in which they are first seen.
func number(names map[string]int, name string) int {
	n, ok := names[name]
	if !ok {
		n = len(names)
		names[name] = n
	}
	return n
}

func (b *board) compile(u *Unit, people, disciplines map[string]int) unit {
	c := unit{doc: u, takes: u.Takes(), kind: u.Kind, event: -1, phase: u.Phase, discipline: number(disciplines, u.Discipline),
		recovery: b.doc.recovery(u), prefer: u.Prefer}
	for i := range u.People {
		p := &u.People[i]
		c.parts = append(c.parts, part{person: people[p.Person], competes: p.As.Competes(), athlete: p.As == Athlete,
			rest: b.doc.rest(u.Discipline, p.Class).Minutes})
	}
	for _, id := range u.Areas {
		a := b.areaBy[id]
		c.areas = append(c.areas, a)
		courts := make([][]Span, len(b.areas[a].courts))
		for court := range courts {
			courts[court] = b.calendar(&c, a, court)
			for _, s := range courts[court] {
				c.slack += s.Length()/b.step + 1
			}
		}
		c.free = append(c.free, courts)
	}
	return c
}

// calendar is the starts on a court that days, sessions, busy times and the
// unit's own limits leave, From and Until included, in order of time.
func (b *board) calendar(u *unit, at, court int) []Span {
	var free []Span
	venue := &b.doc.Venues[b.areas[at].venue]
	for _, day := range b.doc.Days {
		for _, open := range b.openings(u, venue) {
			s := Span{max(day.From, open.From), min(day.Until, open.Until) - Moment(u.takes)}
			if s.From <= s.Until {
				free = append(free, s)
			}
		}
	}
	cut := func(s Span) { free = without(free, Span{s.From - Moment(u.takes), s.Until}) }
	for i := range venue.Busy {
		if venue.Busy[i].takes(b.areas[at].doc.ID, court+1) {
			cut(venue.Busy[i].Span)
		}
	}
	for _, s := range u.doc.Never {
		cut(s)
	}
	for _, p := range u.parts {
		for _, s := range b.doc.People[p.person].Away {
			cut(s)
		}
	}
	slices.SortFunc(free, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return free
}

// openings are the stretches in which a venue holds the unit's discipline.
func (b *board) openings(u *unit, venue *Venue) []Span {
	var open []Span
	sessions := false
	for i := range b.doc.Sessions {
		if s := &b.doc.Sessions[i]; s.Venue == venue.ID {
			sessions = true
			if s.admits(u.doc.Discipline) {
				open = append(open, s.Span)
			}
		}
	}
	if !sessions {
		return []Span{{0, forever}}
	}
	return open
}

// without takes the starts strictly between a span's ends out of a list of
// closed spans.
func without(free []Span, s Span) []Span {
	var left []Span
	for _, f := range free {
		if f.Until <= s.From || f.From >= s.Until {
			left = append(left, f)
			continue
		}
		if f.From <= s.From {
			left = append(left, Span{f.From, s.From})
		}
		if f.Until >= s.Until {
			left = append(left, Span{s.Until, f.Until})
		}
	}
	return left
}

// put and take set a unit on the board and lift it off.
func (b *board) put(i int, at spot) {
	u := &b.units[i]
	u.placed, u.at = true, at
	courts := b.areas[at.area].courts
	courts[at.court] = append(courts[at.court], i)
}

func (b *board) take(i int) {
	u := &b.units[i]
	u.placed = false
	courts := b.areas[u.at.area].courts
	court := courts[u.at.court]
	at := slices.Index(court, i)
	court[at] = court[len(court)-1]
	courts[u.at.court] = court[:len(court)-1]
}

// load sets the document's plan on the board, without what [Check] calls
// unknown, twice or in a wrong place.
func (b *board) load() {
	for _, p := range b.doc.Plan {
		i, known := b.byID[p.Unit]
		a, there := b.areaBy[p.Area]
		if known && there && !b.units[i].placed && p.Court >= 1 && p.Court <= len(b.areas[a].courts) && slices.Contains(b.units[i].areas, a) {
			b.put(i, spot{a, p.Court - 1, int(p.Start)})
		}
	}
}

// plan is what stands on the board, in the order of the document's units.
func (b *board) plan() []Placement {
	var all []Placement
	for i := range b.units {
		if u := &b.units[i]; u.placed {
			all = append(all, b.placement(i, u.at))
		}
	}
	return all
}

func (b *board) placement(i int, at spot) Placement {
	return Placement{Unit: b.units[i].doc.ID, Area: b.areas[at.area].doc.ID, Court: at.court + 1, Start: Moment(at.start)}
}

// blocks gives what stands in the way of a unit in an area whatever the court:
// its people's other units, and the other phases of its event. One block for
// each unit in the way; the slice is good until the next call.
func (b *board) blocks(i, in int) []block {
	u := &b.units[i]
	b.round++
	b.found = b.found[:0]
	for k := range u.parts {
		for _, j := range b.people[u.parts[k].person] {
			if v := &b.units[j]; j != i && v.placed {
				before, after := b.between(u, v, &u.parts[k], in)
				b.block(j, v.at.start-before-u.takes, v.at.start+v.takes+after)
			}
		}
	}
	if u.event >= 0 {
		for _, j := range b.events[u.event] {
			switch v := &b.units[j]; {
			case !v.placed || v.phase == u.phase:
			case v.phase < u.phase:
				b.block(j, -forever, v.at.start+v.takes+u.recovery)
			default:
				b.block(j, v.at.start-v.recovery-u.takes, forever)
			}
		}
	}
	return b.found
}

// between is the minutes that a person needs from the end of u (in an area) to
// the start of v, and from the end of v to the start of u. An order between the
// two makes one of them endless.
func (b *board) between(u, v *unit, p *part, in int) (before, after int) {
	q := &v.parts[slices.IndexFunc(v.parts, func(q part) bool { return q.person == p.person })]
	here, there := b.areas[in].venue, b.areas[v.at.area].venue
	before, after = b.travel[here][there], b.travel[there][here]
	if here != there {
		if q.competes && v.kind == Contest {
			before += b.venues[there]
		}
		if p.competes && u.kind == Contest {
			after += b.venues[here]
		}
	}
	switch {
	case u.kind == Contest && v.kind == Contest:
		if p.competes && q.competes {
			before, after = max(before, p.rest), max(after, q.rest)
		}
	case u.kind == v.kind || u.discipline != v.discipline || !p.athlete || !q.athlete:
	case u.kind == Classification:
		before, after = max(before, b.lead), forever
	default:
		before, after = forever, max(after, b.lead)
	}
	return before, after
}

// block widens what a unit rules out, or begins it.
func (b *board) block(j, after, before int) {
	if m := &b.marks[j]; m.round == b.round {
		f := &b.found[m.index]
		f.after, f.before = min(f.after, after), max(f.before, before)
		return
	}
	b.marks[j] = mark{b.round, len(b.found)}
	b.found = append(b.found, block{j, after, before})
}

// onCourt adds what the units of a court rule out to the blocks of the area.
// The result is good until the next call.
func (b *board) onCourt(u *unit, in, court int, scratch []block) []block {
	a := &b.areas[in]
	all := append(scratch[:0], b.found...)
	for _, j := range a.courts[court] {
		v := &b.units[j]
		after, before := v.at.start-a.turnover-u.takes, v.at.start+v.takes+a.turnover
		if m := b.marks[j]; m.round == b.round {
			f := &all[m.index]
			f.after, f.before = min(f.after, after), max(f.before, before)
		} else {
			all = append(all, block{j, after, before})
		}
	}
	return all
}
