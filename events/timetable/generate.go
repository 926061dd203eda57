// The generator: units are set on the board one after another, each at the best
// start that is free. One that finds none takes a place from others, which then
// look for a new one; who has been hard to place is taken from its place last.
// Then units are moved to better starts as long as that helps.
package timetable

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Options of [Generate]. The same document and options give the same plan.
type Options struct {
	Seed  uint64 // decides between starts that are equally good while places are taken from others
	Steps int    // how often a unit may take a place from others; 0: 50 for each unit
	Keep  bool   // begin with the document's plan and change as little of it as possible
}

// What a start costs, in minutes. Units go early in the day, and a later day is
// better than a late hour, so that each day has its slack in the evening; an
// athlete's units go on several days, and those of one day near each other.
const (
	costLaterDay  = 240          // for each day
	costSameDay   = 240          // for each other unit of an athlete on that day
	costWait      = 4            // and a minute for so many between the two
	costUnwished  = 30 * 24 * 60 // outside the preferred times
	costElsewhere = 10           // on another court than before, where little is to change
	noise         = 60           // decides between starts while places are taken from others
)

// Generate makes a plan. Pinned units keep their place in the document's plan,
// also where it clashes. A unit for which there is no place is left out and
// named, with the reason. The plan has no clash that [Check] would find, but
// for those among pinned units and the units left out.
func Generate(d *Document, o Options) ([]Placement, []Unplaced) {
	s := &search{board: newBoard(d), rng: rand.New(rand.NewPCG(o.Seed, 0x5eed)), keep: o.Keep, steps: o.Steps}
	if s.steps == 0 {
		s.steps = 50 * len(d.Units)
	}
	left := s.begin()
	left = s.insert(left)
	left = s.repair(left)
	s.improve()
	return s.plan(), s.explain(left)
}

type search struct {
	*board
	rng   *rand.Rand
	keep  bool
	steps int // left
	edges []edge
	each  []block
	other []int // starts of the other units of the athletes of the unit in hand
}

// edge is where the sum of the weights of the units in the way changes.
type edge struct {
	start  int
	weight int64
}

// immovable is the weight of a unit that is not to be taken from its place:
// more than all others together.
const immovable int64 = 1 << 50

// begin sets pinned units where they are, and the others too where the plan is
// to be kept and they clash with nobody. It gives those that are left, the ones
// hardest to place first.
func (s *search) begin() (left []int) {
	was := newBoard(s.doc)
	was.load()
	order := make([]int, len(s.units))
	for i := range order {
		order[i] = i
		if w := &was.units[i]; w.placed {
			at := w.at
			s.units[i].former = &at
		}
	}
	for i := range s.units {
		if u := &s.units[i]; u.doc.Pinned && u.former != nil {
			u.barred = true
			s.put(i, *u.former)
		}
	}
	for i := range s.units {
		for _, p := range s.units[i].parts {
			s.units[i].load += len(s.people[p.person])
		}
	}
	slices.SortStableFunc(order, s.harder)
	for _, i := range order {
		u := &s.units[i]
		switch {
		case u.placed:
		case s.keep && u.former != nil && s.fits(i, *u.former):
			s.put(i, *u.former)
		default:
			left = append(left, i)
		}
	}
	return left
}

// harder orders units: classifications before contests, early phases before
// late ones; then those with little choice, with much in their people's
// diaries, and the long ones.
func (s *search) harder(i, j int) int {
	a, b := &s.units[i], &s.units[j]
	kind := func(u *unit) int {
		if u.kind == Classification {
			return 0
		}
		return 1
	}
	tight := func(u *unit) int { return min(u.slack, 60) } // beyond that, choice is not what makes it hard
	return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(a.phase, b.phase), cmp.Compare(tight(a), tight(b)),
		cmp.Compare(b.load*b.takes, a.load*a.takes), cmp.Compare(i, j))
}

// fits reports whether a unit can stand somewhere, with nobody in its way.
func (s *search) fits(i int, at spot) bool {
	u := &s.units[i]
	k := slices.Index(u.areas, at.area)
	open := slices.ContainsFunc(u.free[k][at.court], func(f Span) bool { return int(f.From) <= at.start && at.start <= int(f.Until) })
	return open && len(s.inTheWay(i, at)) == 0
}

// inTheWay are the units that cannot stay where they are if a unit stands there.
func (s *search) inTheWay(i int, at spot) (others []int) {
	s.blocks(i, at.area)
	s.each = s.onCourt(&s.units[i], at.area, at.court, s.each)
	for _, b := range s.each {
		if b.after < at.start && at.start < b.before {
			others = append(others, b.unit)
		}
	}
	return others
}

// insert places what finds a free start, and gives what does not.
func (s *search) insert(units []int) (left []int) {
	for _, i := range units {
		if best, ok := s.choose(i, false); ok {
			s.put(i, best)
		} else {
			left = append(left, i)
		}
	}
	return left
}

// repair places what is left by taking places from others, as long as there are
// steps. It gives what could not be placed in the best plan it came by.
func (s *search) repair(left []int) []int {
	var stuck []int // nothing but pinned units or closed doors: no step will help
	waiting, best := slices.Clone(left), len(left)
	kept := s.snapshot()
	for len(waiting) > 0 && s.steps > 0 {
		i := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if at, ok := s.choose(i, false); ok {
			s.put(i, at)
		} else if at, ok := s.choose(i, true); ok {
			s.steps--
			s.units[i].reluctance++
			for _, j := range s.inTheWay(i, at) {
				s.take(j)
				waiting = append(waiting, j)
			}
			s.put(i, at)
		} else {
			stuck = append(stuck, i)
		}
		if n := len(waiting) + len(stuck); n < best {
			best, kept = n, s.snapshot()
		}
	}
	s.restore(kept)
	left = nil
	for i := range s.units {
		if !s.units[i].placed {
			left = append(left, i)
		}
	}
	return s.insert(left)
}

func (s *search) snapshot() []spot {
	kept := make([]spot, len(s.units))
	for i := range s.units {
		kept[i] = spot{area: -1}
		if u := &s.units[i]; u.placed {
			kept[i] = u.at
		}
	}
	return kept
}

func (s *search) restore(kept []spot) {
	for i := range s.units {
		if s.units[i].placed {
			s.take(i)
		}
	}
	for i, at := range kept {
		if at.area >= 0 {
			s.put(i, at)
		}
	}
}

// passes is how often improve looks at every unit at most.
const passes = 4

// improve moves units to better free starts.
func (s *search) improve() {
	order := make([]int, len(s.units))
	for range passes {
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(s.units[i].at.start, s.units[j].at.start) })
		moved := false
		for _, i := range order {
			u := &s.units[i]
			if !u.placed || u.barred {
				continue
			}
			was := u.at
			s.take(i)
			to, ok := s.choose(i, false)
			if ok && s.cost(i, to) < s.cost(i, was) {
				moved = true
				s.put(i, to)
			} else {
				s.put(i, was)
			}
		}
		if !moved {
			return
		}
	}
}

// choose finds the best start for a unit: one that is free, or with force the
// one that takes a place from those whom it costs least.
func (s *search) choose(i int, force bool) (best spot, ok bool) {
	u := &s.units[i]
	s.competing(i)
	least, cheapest := immovable, 0
	wild := force && s.rng.IntN(4) == 0 // without it two units can take one place from each other for ever
	for k, in := range u.areas {
		s.blocks(i, in)
		for court := range u.free[k] {
			s.each = s.onCourt(u, in, court, s.each)
			s.sweep(u, u.free[k][court], func(start, last int, weight int64) {
				if !force && weight > 0 || weight >= immovable {
					return
				}
				at := spot{in, court, start}
				if force {
					at.start = s.anywhere(start, last)
				}
				cost := s.cost(i, at)
				switch {
				case wild:
					cost = s.rng.IntN(forever)
				case force:
					cost += s.rng.IntN(noise)
				}
				if !ok || weight < least || weight == least && cost < cheapest {
					best, least, cheapest, ok = at, weight, cost, true
				}
			})
		}
	}
	return best, ok
}

// anywhere is a start of a stretch: its first, its last, or one between. Where a
// place is taken from others the first is not enough: a final that takes one
// from its heat has to leave it time before.
func (s *search) anywhere(first, last int) int {
	switch s.rng.IntN(3) {
	case 0:
		return first
	case 1:
		return last
	}
	return first + s.rng.IntN((last-first)/s.step+1)*s.step
}

// sweep goes through the starts of a court and calls visit for each stretch in
// which the same units are in the way, with its first and last start. Weight is
// how reluctant those units are, [immovable] where one is not to be moved.
func (s *search) sweep(u *unit, free []Span, visit func(first, last int, weight int64)) {
	s.edges = s.edges[:0]
	for _, b := range s.each {
		v := &s.units[b.unit]
		weight := 1 + int64(v.reluctance)
		if v.barred {
			weight = immovable
		}
		if b.after+1 < b.before {
			s.edges = append(s.edges, edge{b.after + 1, weight}, edge{b.before, -weight})
		}
	}
	for _, p := range u.prefer {
		s.edges = append(s.edges, edge{int(p.From), 0}, edge{int(p.Until), 0})
	}
	if s.keep && u.former != nil {
		s.edges = append(s.edges, edge{u.former.start, 0})
	}
	slices.SortFunc(s.edges, func(a, b edge) int { return cmp.Compare(a.start, b.start) })
	for _, f := range free {
		k, weight := 0, int64(0)
		for start := s.onGrid(int(f.From)); start <= int(f.Until); {
			for ; k < len(s.edges) && s.edges[k].start <= start; k++ {
				weight += s.edges[k].weight
			}
			next := forever
			if k < len(s.edges) {
				next = s.onGrid(s.edges[k].start)
			}
			visit(start, min(next-s.step, int(f.Until)/s.step*s.step), weight)
			start = next
		}
	}
}

// onGrid is the first possible start at or after a moment.
func (b *board) onGrid(m int) int { return (m + b.step - 1) / b.step * b.step }

// competing notes when the athletes of a unit compete in others.
func (s *search) competing(i int) {
	s.other = s.other[:0]
	for _, p := range s.units[i].parts {
		if !p.athlete {
			continue
		}
		for _, j := range s.people[p.person] {
			if v := &s.units[j]; j != i && v.placed && v.kind == Contest {
				s.other = append(s.other, v.at.start)
			}
		}
	}
}

// cost is what a start costs, after [search.competing].
func (s *search) cost(i int, at spot) int {
	u := &s.units[i]
	if s.keep && u.former != nil {
		cost := max(at.start-u.former.start, u.former.start-at.start)
		if at.area != u.former.area || at.court != u.former.court {
			cost += costElsewhere
		}
		return cost
	}
	day := max(0, slices.IndexFunc(s.doc.Days, func(d Span) bool { return at.start < int(d.Until) }))
	opened := int(s.doc.Days[day].From)
	cost := costLaterDay*day + at.start - opened
	if u.kind == Contest {
		for _, other := range s.other {
			if other >= opened && other < int(s.doc.Days[day].Until) {
				cost += costSameDay + max(other-at.start, at.start-other)/costWait
			}
		}
	}
	if len(u.prefer) > 0 && !slices.ContainsFunc(u.prefer, func(p Span) bool { return int(p.From) <= at.start && at.start < int(p.Until) }) {
		cost += costUnwished
	}
	return cost
}
