package timetable

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawn draws a games small enough to be looked at and odd enough to be hard:
// short days, shared people, sessions, busy courts, absences, classifications,
// phases, pinned units, extra time.
func drawn(t testing.TB, r *rapid.T) *Document {
	first := moment(t, 0, 8, 0)
	d := &Document{Zone: "Asia/Shanghai", Step: rapid.SampledFrom([]int{0, 5, 10, 15}).Draw(r, "step"), Lead: rapid.IntRange(0, 60).Draw(r, "lead"),
		TravelAny: rapid.IntRange(0, 40).Draw(r, "travel"), Travel: []Travel{{"v0", "v1", rapid.IntRange(0, 30).Draw(r, "there")}, {"v1", "v0", rapid.IntRange(0, 30).Draw(r, "back")}}}
	for i := range rapid.IntRange(1, 3).Draw(r, "days") {
		from := first + Moment(i*maxDay+rapid.IntRange(0, 30).Draw(r, "opens"))
		d.Days = append(d.Days, Span{from, from + Moment(rapid.IntRange(60, 300).Draw(r, "open"))})
	}
	inDays := func(name string) Span {
		from := first + Moment(rapid.IntRange(0, len(d.Days)-1).Draw(r, name+" day")*maxDay+rapid.IntRange(-60, 240).Draw(r, name+" from"))
		return Span{from, from + Moment(rapid.IntRange(1, 180).Draw(r, name+" length"))}
	}
	several := func(name string, most int) (all []Span) {
		for range rapid.IntRange(0, most).Draw(r, name) {
			all = append(all, inDays(name))
		}
		return all
	}
	var areas []string
	for v := range 2 {
		venue := Venue{ID: fmt.Sprintf("v%d", v), WarmUp: rapid.IntRange(0, 30).Draw(r, "warm-up")}
		for a := range rapid.IntRange(1, 2).Draw(r, "areas") {
			id := fmt.Sprintf("v%da%d", v, a)
			areas = append(areas, id)
			venue.Areas = append(venue.Areas, Area{ID: id, Courts: rapid.IntRange(1, 2).Draw(r, "courts"), Turnover: rapid.IntRange(0, 10).Draw(r, "turnover")})
		}
		for _, s := range several("busy", 1) {
			venue.Busy = append(venue.Busy, Busy{Span: s, Areas: rapid.SampledFrom([][]string{nil, {venue.Areas[0].ID}}).Draw(r, "which"), Courts: rapid.SampledFrom([][]int{nil, {1}}).Draw(r, "court")})
		}
		d.Venues = append(d.Venues, venue)
	}
	for i, s := range several("session", 2) {
		d.Sessions = append(d.Sessions, Session{ID: fmt.Sprint("s", i), Venue: "v1", Span: s, Disciplines: rapid.SampledFrom([][]string{nil, {"x"}}).Draw(r, "of")})
	}
	d.Rest = []Rest{{Minutes: rapid.IntRange(0, 40).Draw(r, "rest"), Recovery: rapid.IntRange(0, 40).Draw(r, "recovery")}, {Discipline: "x", Class: "T54", Minutes: 50}}
	for i := range rapid.IntRange(2, 8).Draw(r, "people") {
		d.People = append(d.People, Person{ID: fmt.Sprint("p", i), Away: several("away", 1)})
	}
	for i := range rapid.IntRange(1, 16).Draw(r, "units") {
		d.Units = append(d.Units, drawnUnit(r, d, i, areas, several))
	}
	for i := range d.Units {
		if u := &d.Units[i]; u.Pinned {
			d.Plan = append(d.Plan, Placement{u.ID, u.Areas[0], 1, inDays("pinned").From})
		}
	}
	if faults := d.Faults(); len(faults) > 0 {
		r.Fatal(faults)
	}
	return d
}

func drawnUnit(r *rapid.T, d *Document, i int, areas []string, several func(string, int) []Span) Unit {
	roles := []Role{Athlete, Athlete, Guide, Interpreter, Judge, Official}
	u := Unit{ID: fmt.Sprint("u", i), Discipline: rapid.SampledFrom([]string{"x", "y"}).Draw(r, "discipline"), Minutes: rapid.IntRange(1, 60).Draw(r, "minutes"),
		InTurn: rapid.Bool().Draw(r, "in turn"), Never: several("never", 1), Prefer: several("prefer", 1), Pinned: rapid.IntRange(0, 9).Draw(r, "pinned") == 0}
	switch rapid.IntRange(0, 5).Draw(r, "kind") {
	case 0:
		u.Kind = Classification
	case 1, 2, 3:
		u.Event, u.Phase = rapid.SampledFrom([]string{"e", "f"}).Draw(r, "event"), rapid.IntRange(1, 3).Draw(r, "phase")
	}
	u.Areas = rapid.SliceOfNDistinct(rapid.SampledFrom(areas), 1, 2, rapid.ID[string]).Draw(r, "areas")
	for _, p := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(d.People)-1), 0, 2, rapid.ID[int]).Draw(r, "who") {
		u.People = append(u.People, Part{d.People[p].ID, rapid.SampledFrom(roles).Draw(r, "as"), rapid.SampledFrom([]string{"T11", "T54"}).Draw(r, "class"),
			rapid.SampledFrom([]int{0, 0, 30, 50}).Draw(r, "extra")})
	}
	return u
}

// TestGenerateIsClean: whatever the games, the plan made has no clash but those
// that pinned units bring, names all that it leaves out, and comes out the same
// again.
func TestGenerateIsClean(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := drawn(t, r)
		o := Options{Seed: rapid.Uint64().Draw(r, "seed"), Steps: 200, Keep: rapid.Bool().Draw(r, "keep")}
		plan, left := Generate(d, o)
		pinned := map[string]bool{}
		for i := range d.Units {
			pinned[d.Units[i].ID] = d.Units[i].Pinned
		}
		with := *d
		with.Plan = plan
		var out []string
		for _, c := range Check(&with) {
			switch {
			case c.Rule == NoPlace:
				out = append(out, c.Units[0])
			case slices.ContainsFunc(c.Units, func(id string) bool { return !pinned[id] }) && !onlyPinned(&c, pinned):
				r.Fatalf("%s %v %v", c.Rule, c.Units, c.With)
			}
		}
		if len(out) != len(left) || len(plan)+len(left) != len(d.Units) {
			r.Fatalf("%d placed, %v named, %v without", len(plan), left, out)
		}
		for _, u := range left {
			if u.Problem == "" || len(u.With) == 0 {
				r.Fatalf("no reason: %+v", u)
			}
		}
		for _, p := range d.Plan {
			if !slices.Contains(plan, p) {
				r.Fatalf("%+v was pinned", p)
			}
		}
		if again, _ := Generate(d, o); !slices.Equal(again, plan) {
			r.Fatal("another plan")
		}
	})
}

// onlyPinned: a clash of pinned units alone.
func onlyPinned(c *Clash, pinned map[string]bool) bool {
	return !slices.ContainsFunc(c.Units, func(id string) bool { return !pinned[id] })
}

// TestSlotsAreFree: a place is offered for a unit exactly where setting it there
// brings no clash. This holds the board, which the generator works on, against
// the checker, which knows nothing of it.
func TestSlotsAreFree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := drawn(t, r)
		d.Plan, _ = Generate(d, Options{Steps: 50})
		u := rapid.SampledFrom(d.Units).Draw(r, "unit")
		offered := Slots(d, u.ID)
		without := *d
		without.Plan = slices.DeleteFunc(slices.Clone(d.Plan), func(p Placement) bool { return p.Unit == u.ID })
		before := Check(&without)
		step := Moment(d.step())
		for _, day := range d.Days {
			for start := (day.From - 1) / step * step; start < day.Until; start += step {
				for _, area := range u.Areas {
					offer := slices.ContainsFunc(offered, func(p Placement) bool { return p.Start == start && p.Area == area })
					if free := firstFree(d, &without, before, Placement{u.ID, area, 0, start}); offer != (free > 0) {
						r.Fatalf("%s at %v in %s: offered %v, free court %d", u.ID, start, area, offer, free)
					}
				}
			}
		}
		if !slices.IsSortedFunc(offered, func(a, b Placement) int { return int(a.Start - b.Start) }) {
			r.Fatal("not in order of time")
		}
	})
}

// firstFree is the first court on which a placement brings no clash, 0 if none.
func firstFree(d, without *Document, before []Clash, p Placement) int {
	courts := newChecker(d).areas[p.Area].area.Courts
	for p.Court = 1; p.Court <= courts; p.Court++ {
		with := *without
		with.Plan = append(slices.Clone(without.Plan), p)
		if len(worse(before, Check(&with))) == 0 {
			return p.Court
		}
	}
	return 0
}

// TestMove: the preview tells exactly what checking the moved plan tells, and
// everything that it suggests is free.
func TestMove(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := drawn(t, r)
		d.Plan, _ = Generate(d, Options{Steps: 50})
		u := rapid.SampledFrom(d.Units).Draw(r, "unit")
		to := Placement{u.ID, u.Areas[0], 1, d.Days[0].From + Moment(rapid.IntRange(-30, 300).Draw(r, "to"))}
		c, err := Move(d, to)
		if err != nil {
			r.Fatal(err)
		}
		before, moved := Check(d), *d
		moved.Plan = c.Plan
		after := Check(&moved)
		if len(before)-len(c.Gone) > len(after) || len(after)-len(c.New) > len(before) {
			r.Fatalf("%d before, %d new, %d gone, %d after", len(before), len(c.New), len(c.Gone), len(after))
		}
		if len(c.New) == 0 && len(c.Gone) == 0 && len(before) != len(after) {
			r.Fatalf("%v, then %v", before, after)
		}
		for _, near := range c.Nearest {
			if again, err := Move(d, near); err != nil || len(again.New) > 0 {
				r.Fatalf("%+v is suggested, and brings %v", near, again.New)
			}
		}
		told := len(c.Tell) == len(u.People)
		if changed := !slices.Contains(d.Plan, to); changed != (len(Changes(d.Plan, c.Plan)) == 1) || changed && !told || !changed && len(c.Tell) > 0 {
			r.Fatalf("changed %v, told %v", changed, c.Tell)
		}
	})
}
