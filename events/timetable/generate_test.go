package timetable

import (
	"slices"
	"strconv"
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
