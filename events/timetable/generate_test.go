package timetable

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clean fails where the checker finds anything but the units that the generator
// has named as left out.
func clean(t testing.TB, d *Document, plan []Placement, left []Unplaced) {
	t.Helper()
	with := *d
	with.Plan = plan
	var out []string
	for _, c := range Check(&with) {
		if c.Rule == NoPlace {
			out = append(out, c.Units[0])
		} else {
			t.Errorf("%s %v: %v", c.Rule, c.Units, c.With)
		}
	}
	named := make([]string, 0, len(left))
	for _, u := range left {
		named = append(named, u.Unit)
	}
	slices.Sort(named)
	if slices.Sort(out); !slices.Equal(out, named) {
		t.Errorf("without a place: %v, named: %v", out, named)
	}
}

// TestGames makes the timetable of the scripted games: everything has a place
// and the checker finds nothing.
func TestGames(t *testing.T) {
	d := games(t, 1)
	began := time.Now()
	plan, left := Generate(d, Options{Seed: 1})
	took := time.Since(began)
	t.Logf("%d events, %d units, %d people, %d days, %d venues: %v", eventsOf(d), len(d.Units), len(d.People), len(d.Days), len(d.Venues), took.Round(time.Millisecond))
	if len(left) > 0 {
		t.Errorf("without a place: %v", left)
	}
	clean(t, d, plan, left)
	if again, _ := Generate(d, Options{Seed: 1}); !slices.Equal(plan, again) {
		t.Error("the same document and seed give another plan")
	}
}

// TestKeep: the pool is closed for an afternoon. Swimming moves, hardly anything
// else does, and who has to be told are those in what moved.
func TestKeep(t *testing.T) {
	d := games(t, 2)
	d.Plan, _ = Generate(d, Options{Seed: 1})
	closed := Span{moment(t, 0, 14, 0), moment(t, 0, 18, 30)}
	inIt := 0
	for _, p := range d.Plan {
		if p.Area == "pool" && p.Start >= closed.From && p.Start < closed.Until {
			inIt++
		}
	}
	d.Venues[1].Busy = []Busy{{Span: closed, What: "burst pipe"}}
	plan, left := Generate(d, Options{Seed: 1, Keep: true})
	clean(t, d, plan, left)
	changes := Changes(d.Plan, plan)
	t.Logf("%d units in the closed afternoon, %d moved, %d people to tell, %d left out", inIt, len(changes), len(Tell(d, changes)), len(left))
	if inIt == 0 || len(changes) < inIt || len(changes) > inIt+inIt/4 || len(left) > 0 {
		t.Errorf("%d had to move, %d did", inIt, len(changes))
	}
	for _, c := range changes {
		if at := c.From; at.Area == "pool" && c.To.Start < closed.Until && c.To.Start >= closed.From {
			t.Errorf("%s is still in the closed pool", c.Unit)
		}
	}
}

// TestPreferred: wishes are met where there is room, and one that cannot be met
// keeps nothing from its place.
func TestPreferred(t *testing.T) {
	d := small(t)
	evening := []Span{span(t, "16:00", "18:00")}
	d.with(t, "a", "track", 1, "08:00", func(u *Unit) { u.Prefer = evening }).with(t, "b", "track", 1, "08:00", nil)
	d.with(t, "c", "track", 1, "08:00", func(u *Unit) { u.Prefer, u.Never = evening, []Span{span(t, "15:00", "18:00")} })
	d.Plan = nil
	plan, left := Generate(d, Options{})
	clean(t, d, plan, left)
	d.Plan = plan
	if unmet := Unmet(d); !slices.Equal(unmet, []string{"c"}) {
		t.Errorf("unmet: %v", unmet)
	}
	if len(plan) != 3 || plan[0].Start != at(t, "16:00") || plan[1].Start != at(t, "08:00") && plan[2].Start != at(t, "08:00") {
		t.Errorf("%v, %v", plan, left)
	}
}

// TestReasons: what has no place is told why, and what can be proved is.
func TestReasons(t *testing.T) {
	for name, tt := range map[string]struct {
		build func(*Document)
		want  string
	}{
		"longer than a day": {func(d *Document) { d.with(t, "a", "track", 1, "09:00", func(u *Unit) { u.Minutes = 601 }) }, "timetable-too-long a 601 600"},
		"by extra time": {func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", func(u *Unit) { u.Minutes = 450; who("athlete", Athlete, "", 50)(u) })
		}, "timetable-too-long a 675 600"},
		"longer than its session": {func(d *Document) {
			d.Sessions = []Session{{ID: "s", Venue: "stadium", Span: span(t, "10:00", "10:15")}}
			d.with(t, "a", "track", 1, "09:00", nil)
		}, "timetable-too-long a 20 15"},
		"somebody is always away": {func(d *Document) {
			d.People[0].Away = []Span{span(t, "07:00", "18:00")}
			d.with(t, "a", "track", 1, "09:00", athlete)
		}, "timetable-never-open a"},
		"pinned": {func(d *Document) {
			pin := func(u *Unit) { u.Minutes, u.Pinned = 590, true }
			d.with(t, "a", "track", 1, "08:00", pin).with(t, "b", "track", 1, "08:00", nil)
			d.Plan = d.Plan[:1]
		}, "timetable-pinned b a"},
		"full": {func(d *Document) {
			for _, id := range []string{"a", "b", "c"} {
				d.with(t, id, "track", 1, "09:00", func(u *Unit) { u.Minutes = 250 })
			}
			d.Plan = nil
		}, "timetable-full c track 765 605"},
		"a person is": {func(d *Document) {
			for _, id := range []string{"a", "b", "c"} {
				d.with(t, id, "mat", 1, "09:00", func(u *Unit) { u.Minutes = 250; judge(u) })
			}
			d.Plan = nil
		}, "timetable-person-full c judge 750 600"},
		"not found": {func(d *Document) {
			for _, id := range []string{"a", "b"} {
				d.with(t, id, "mat", 1, "09:00", func(u *Unit) { u.Minutes = 295; athlete(u) })
			}
			d.Plan = nil
		}, "timetable-not-found b a"},
	} {
		d := small(t)
		tt.build(d)
		plan, left := Generate(d, Options{Steps: 20})
		clean(t, d, plan, left)
		if len(left) != 1 {
			t.Errorf("%s: left out %v", name, left)
			continue
		}
		got := left[0].Problem + " " + strings.Join(left[0].With, " ")
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func eventsOf(d *Document) int {
	events := map[string]bool{}
	for i := range d.Units {
		events[d.Units[i].Event] = true
	}
	delete(events, "") // classifications have none
	return len(events)
}

// BenchmarkGenerate makes the timetable of the scripted games, and of the same
// games in fewer days.
func BenchmarkGenerate(b *testing.B) {
	for _, days := range []int{4, 3} {
		b.Run(strconv.Itoa(days)+"-days", func(b *testing.B) {
			d := games(b, 1)
			d.Days = d.Days[:days]
			left := 0
			for b.Loop() {
				plan, out := Generate(d, Options{Seed: 1})
				left = len(out)
				clean(b, d, plan, out)
			}
			b.ReportMetric(float64(left), "unplaced")
		})
	}
}

// BenchmarkCheck checks that timetable.
func BenchmarkCheck(b *testing.B) {
	d := games(b, 1)
	d.Plan, _ = Generate(d, Options{Seed: 1})
	for b.Loop() {
		if clashes := Check(d); len(clashes) > 0 {
			b.Fatal(clashes)
		}
	}
}

// BenchmarkMove is what a page waits for while somebody steps a unit along.
func BenchmarkMove(b *testing.B) {
	d := games(b, 1)
	d.Plan, _ = Generate(d, Options{Seed: 1})
	to := d.Plan[0]
	to.Start += 30
	for b.Loop() {
		if _, err := Move(d, to); err != nil {
			b.Fatal(err)
		}
	}
}
