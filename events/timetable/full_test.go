package timetable

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// full is a games of which a plan without a clash is known: courts are filled
// with units end to end, and people are put where they have the rest. Of each
// hundred units drop are then left out, which is all the room there is.
func full(t testing.TB, seed uint64, drop int) *Document {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 4))
	d := &Document{Zone: "Asia/Shanghai", TravelAny: 20, Rest: []Rest{{Minutes: 30, Recovery: 30}}}
	for day := range 3 {
		d.Days = append(d.Days, Span{moment(t, day, 8, 0), moment(t, day, 16, 0)})
	}
	for v := range 3 {
		d.Venues = append(d.Venues, Venue{ID: fmt.Sprint("v", v), WarmUp: 10, Areas: []Area{{ID: fmt.Sprint("v", v, "a"), Courts: 2}}})
	}
	for i := range 150 {
		d.People = append(d.People, Person{ID: fmt.Sprint("p", i)})
	}
	for _, v := range d.Venues {
		for court := 1; court <= 2; court++ {
			for _, day := range d.Days {
				for start := day.From; start < day.Until; {
					minutes := min(5*(2+rng.IntN(8)), int(day.Until-start))
					u := Unit{ID: fmt.Sprint("u", len(d.Units)), Discipline: "x", Minutes: minutes, Areas: []string{v.Areas[0].ID}}
					d.Units = append(d.Units, u)
					d.Plan = append(d.Plan, Placement{u.ID, u.Areas[0], court, start})
					start += Moment(minutes)
				}
			}
		}
	}
	fill(d, rng)
	if clashes := Check(d); len(clashes) > 0 {
		t.Fatalf("the known plan: %v", short(clashes))
	}
	d.Plan = nil
	d.Units = slices.DeleteFunc(d.Units, func(Unit) bool { return rng.IntN(100) < drop })
	return d
}

// fill puts up to four people into each unit whose other units leave them time.
func fill(d *Document, rng *rand.Rand) {
	b := newBoard(d)
	b.load()
	for i := range d.Units {
		for range 4 {
			p := rng.IntN(len(d.People))
			u := &b.units[i]
			free := !slices.ContainsFunc(b.people[p], func(j int) bool {
				v := &b.units[j]
				return j == i || u.at.start < v.at.start+v.takes+60 && v.at.start < u.at.start+u.takes+60
			})
			if free {
				b.people[p] = append(b.people[p], i)
				d.Units[i].People = append(d.Units[i].People, Part{Person: d.People[p].ID, As: Athlete})
			}
		}
	}
}

// TestFull: courts that are nineteen twentieths full are filled. Where they are
// full to the last minute what is left out is few, and is named.
func TestFull(t *testing.T) {
	for _, drop := range []int{5, 0} {
		d := full(t, 1, drop)
		plan, left := Generate(d, Options{Seed: 1, Steps: 5000})
		clean(t, d, plan, left)
		t.Logf("%d%% full: %d units, %d left out", 100-drop, len(d.Units), len(left))
		if drop > 0 && len(left) > 0 || len(left) > len(d.Units)/20 {
			t.Errorf("%d%% full, and left out: %v", 100-drop, left)
		}
	}
}

// TestLeftOutIsLeftOut: of small games that can be looked through whole, the
// generator leaves a unit out only where no plan has room for all.
func TestLeftOutIsLeftOut(t *testing.T) {
	looked := 0
	rapid.Check(t, func(r *rapid.T) {
		d := drawn(t, r)
		d.Step, d.Units = 15, d.Units[:min(3, len(d.Units))]
		d.Plan = nil
		for i := range d.Units {
			d.Units[i].Pinned = false
		}
		plan, left := Generate(d, Options{})
		if len(left) == 0 {
			return
		}
		looked++
		budget := 2000
		if found := complete(d, 0, &budget); found != nil {
			r.Fatalf("left out: %v, made: %v; but there is %v", left, plan, found)
		}
	})
	if looked == 0 {
		t.Error("no games was drawn that leaves anything out")
	}
	t.Logf("%d games with something left out", looked)
}

// complete looks for a plan with a place for every unit, by trying them all.
func complete(d *Document, k int, budget *int) []Placement {
	if k == len(d.Units) {
		return d.Plan
	}
	for _, p := range Slots(d, d.Units[k].ID) {
		if *budget--; *budget < 0 {
			return nil
		}
		with := *d
		with.Plan = append(slices.Clone(d.Plan), p)
		if found := complete(&with, k+1, budget); found != nil {
			return found
		}
	}
	return nil
}
