// How late the day runs: what has been held says how long things really take,
// and each unit waits for its court, its people and the phase before it.
package timetable

import (
	"cmp"
	"slices"
)

// Actual is when a unit really began and ended; Ended is 0 while it runs.
type Actual struct {
	Unit    string
	Started Moment
	Ended   Moment
}

// Basis is what an estimate of a length rests on.
type Basis string

// The bases, the firmest first.
const (
	Held       Basis = "held"       // it is over: nothing is estimated
	ByVenue    Basis = "venue"      // units of the discipline at that venue
	ByAnywhere Basis = "discipline" // units of the discipline, wherever
	ByPlan     Basis = "plan"       // too few have been held: as planned
)

// Expected is when a unit can be expected. Start and End are by the median of
// what was measured, Earliest and Latest the starts by its lower and upper
// quartile all along the way. Samples is how many units the length rests on;
// with ByPlan the spread means nothing. After names the unit that keeps this one
// from starting as planned, empty where none does.
type Expected struct {
	Unit             string
	Start, End       Moment
	Earliest, Latest Moment
	Late             int // minutes after the plan
	Running          bool
	Basis            Basis
	Samples          int
	After            string
}

// enough is how many units of a kind must be over before they count.
const enough = 3

// Estimate says when each unit of the plan can be expected, in order of the
// plan. No unit is expected before its planned start, as the start lists say
// it, nor before now unless it has begun.
func Estimate(d *Document, actuals []Actual, now Moment) []Expected {
	b := newBoard(d)
	b.load()
	e := &estimate{board: b, now: int(now), held: map[int]Actual{}, ends: map[int]reach{}}
	for _, a := range actuals {
		if i, known := b.byID[a.Unit]; known && b.units[i].placed && a.Started > 0 && (a.Ended == 0 || a.Ended >= a.Started) {
			e.held[i] = a
		}
	}
	e.measure()
	var order []int
	for i := range b.units {
		if b.units[i].placed {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(b.units[i].at.start, b.units[j].at.start) })
	for _, i := range order { // what has begun stands, wherever the plan had it
		if a, begun := e.held[i]; begun {
			e.ends[i] = e.end(i, reach{int(a.Started), int(a.Started), int(a.Started)})
		}
	}
	all := make([]Expected, 0, len(order))
	for _, i := range order {
		all = append(all, e.expect(i))
	}
	return all
}

// reach is a moment by the lower quartile, the median and the upper quartile.
type reach [3]int

func (r reach) atLeast(other reach, later int) reach {
	for k := range r {
		r[k] = max(r[k], other[k]+later)
	}
	return r
}

// pace is how long units take, in thousandths of the plan.
type pace struct {
	of      reach
	samples int
	basis   Basis
}

type estimate struct {
	*board
	now   int
	held  map[int]Actual
	ends  map[int]reach // of the units done with so far
	local map[[2]int]pace
	wide  map[int]pace
}

// measure works out the paces from the units that are over.
func (e *estimate) measure() {
	local, wide := map[[2]int][]int{}, map[int][]int{}
	for i := range e.units {
		if a := e.held[i]; a.Ended > 0 {
			u := &e.units[i]
			ratio := int(a.Ended-a.Started) * 1000 / u.takes
			key := [2]int{u.discipline, e.areas[u.at.area].venue}
			local[key], wide[u.discipline] = append(local[key], ratio), append(wide[u.discipline], ratio)
		}
	}
	e.local, e.wide = map[[2]int]pace{}, map[int]pace{}
	for key, ratios := range local {
		if len(ratios) >= enough {
			e.local[key] = pace{quartiles(ratios), len(ratios), ByVenue}
		}
	}
	for key, ratios := range wide {
		if len(ratios) >= enough {
			e.wide[key] = pace{quartiles(ratios), len(ratios), ByAnywhere}
		}
	}
}

// quartiles of numbers: of n in order, those at n/4, n/2 and 3n/4; the median of
// an even number is the mean of the middle two, rounded down.
func quartiles(all []int) reach {
	slices.Sort(all)
	n := len(all)
	return reach{all[n/4], (all[(n-1)/2] + all[n/2]) / 2, all[3*n/4]}
}

func (e *estimate) pace(u *unit) pace {
	if p, ok := e.local[[2]int{u.discipline, e.areas[u.at.area].venue}]; ok {
		return p
	}
	if p, ok := e.wide[u.discipline]; ok {
		return p
	}
	return pace{reach{1000, 1000, 1000}, 0, ByPlan}
}

// end is when a unit ends that starts then; one that runs does not end before now.
func (e *estimate) end(i int, start reach) reach {
	a, begun := e.held[i]
	if a.Ended > 0 {
		return reach{int(a.Ended), int(a.Ended), int(a.Ended)}
	}
	u := &e.units[i]
	p := e.pace(u)
	for k := range start {
		start[k] += ceil(u.takes*p.of[k], 1000)
		if begun {
			start[k] = max(start[k], e.now)
		}
	}
	return start
}

// expect works out one unit, after all that the plan has before it.
func (e *estimate) expect(i int) Expected {
	u := &e.units[i]
	p := e.pace(u)
	a, begun := e.held[i]
	start, after := reach{}, ""
	switch {
	case begun:
		start = reach{int(a.Started), int(a.Started), int(a.Started)}
	default:
		from := max(u.at.start, e.now)
		start, after = e.ready(i, reach{from, from, from})
		e.ends[i] = e.end(i, start)
	}
	if a.Ended > 0 {
		p = pace{basis: Held}
	}
	end := e.ends[i]
	return Expected{Unit: u.doc.ID, Start: Moment(start[1]), End: Moment(end[1]), Earliest: Moment(start[0]), Latest: Moment(start[2]),
		Late: start[1] - u.at.start, Running: begun && a.Ended == 0, Basis: p.basis, Samples: p.samples, After: after}
}

// ready is when court, people and earlier phases are there for a unit, and which
// unit decides it; empty where it is none.
func (e *estimate) ready(i int, start reach) (_ reach, after string) {
	u := &e.units[i]
	wait := func(j, later int) {
		end, known := e.ends[j]
		if !known || j == i {
			return
		}
		if end[1]+later > start[1] {
			after = e.units[j].doc.ID
		}
		start = start.atLeast(end, later)
	}
	at := &e.areas[u.at.area]
	for _, j := range at.courts[u.at.court] {
		wait(j, at.turnover)
	}
	for k := range u.parts {
		for _, j := range e.people[u.parts[k].person] {
			if v := &e.units[j]; j != i && v.placed {
				if _, later := e.between(u, v, &u.parts[k], u.at.area); later < forever {
					wait(j, later)
				}
			}
		}
	}
	if u.event >= 0 {
		for _, j := range e.events[u.event] {
			if e.units[j].phase < u.phase {
				wait(j, u.recovery)
			}
		}
	}
	return start, after
}
