package timetable

import (
	"fmt"
	"strings"
	"testing"
)

// TestEstimate: a day at the track, minute by minute. Units of ten minutes every
// quarter of an hour, five to turn the court over.
func TestEstimate(t *testing.T) {
	day := func(more func(*Document)) *Document {
		d := small(t)
		for i, start := range []string{"09:00", "09:15", "09:30", "09:45", "10:00", "10:15"} {
			d.with(t, fmt.Sprint("u", i), "track", 1, start, func(u *Unit) { u.Minutes = 10 })
		}
		if more != nil {
			more(d)
		}
		return d
	}
	ran := func(unit int, from, until string) Actual {
		a := Actual{Unit: fmt.Sprint("u", unit), Started: at(t, from)}
		if until != "" {
			a.Ended = at(t, until)
		}
		return a
	}
	slow := []Actual{ran(0, "09:00", "09:12"), ran(1, "09:17", "09:31"), ran(2, "09:36", "09:50")}
	for name, tt := range map[string]struct {
		more    func(*Document)
		actuals []Actual
		now     string
		want    string // of each unit from the first that is not over: start, latest start, minutes late, what it rests on, what it waits for
	}{
		"nothing yet":        {nil, nil, "08:00", "u0 09:00 09:00 0 plan 0 -; u1 09:15 09:15 0 plan 0 -; u2 09:30 09:30 0 plan 0 -"},
		"late to begin":      {nil, nil, "09:07", "u0 09:07 09:07 7 plan 0 -; u1 09:22 09:22 7 plan 0 u0; u2 09:37 09:37 7 plan 0 u1"},
		"running over":       {nil, []Actual{ran(0, "09:00", "")}, "09:20", "u0 09:00 09:00 0 plan 0 - running; u1 09:25 09:25 10 plan 0 u0"},
		"as slow as so far":  {nil, slow, "09:51", "u3 09:55 09:55 10 venue 3 u2; u4 10:14 10:14 14 venue 3 u3; u5 10:33 10:33 18 venue 3 u4"},
		"two are not enough": {nil, slow[:2], "09:35", "u2 09:36 09:36 6 plan 0 u1; u3 09:51 09:51 6 plan 0 u2; u4 10:06 10:06 6 plan 0 u3"},
		"sure or not": {nil, []Actual{ran(0, "09:00", "09:05"), ran(1, "09:15", "09:25"), ran(2, "09:30", "09:40"), ran(3, "09:45", "10:05")}, "10:05",
			"u4 10:10 10:10 10 venue 4 u3; u5 10:25 10:35 10 venue 4 u4"},
		"elsewhere, the discipline counts": {func(d *Document) { d.with(t, "mat", "mat", 1, "10:30", func(u *Unit) { u.Minutes = 100 }) }, slow, "10:00",
			"u3 10:00 10:00 15 venue 3 -; u4 10:19 10:19 19 venue 3 u3; u5 10:38 10:38 23 venue 3 u4; mat 10:30 10:30 0 discipline 3 -"},
		"a person has to get there": {func(d *Document) {
			d.Units[0].People = []Part{{"athlete", Athlete, "T11", 0}}
			d.with(t, "mat", "mat", 1, "09:55", athlete)
		}, []Actual{ran(0, "09:20", "09:30")}, "09:32", "u1 09:35 09:35 20 plan 0 u0; u2 09:50 09:50 20 plan 0 u1; u3 10:05 10:05 20 plan 0 u2; mat 10:05 10:05 10 plan 0 u0; u4 10:20 10:20 20 plan 0 u3"},
		"a final waits for its heat": {func(d *Document) {
			d.Units[0].Event, d.Units[0].Phase = "e", 1
			d.with(t, "final", "throw", 1, "10:00", func(u *Unit) { u.Event, u.Phase = "e", 2 })
		}, []Actual{ran(0, "09:20", "09:30")}, "09:30", "u1 09:35 09:35 20 plan 0 u0; u2 09:50 09:50 20 plan 0 u1; u3 10:05 10:05 20 plan 0 u2; u4 10:20 10:20 20 plan 0 u3; final 10:15 10:15 15 plan 0 u0"},
		"not in the plan": {nil, []Actual{{Unit: "x", Started: at(t, "09:00")}, {Unit: "u0", Started: at(t, "09:00"), Ended: at(t, "08:00")}}, "08:00", "u0 09:00 09:00 0 plan 0 -"},
	} {
		d := day(tt.more)
		var got []string
		for _, e := range Estimate(d, tt.actuals, at(t, tt.now)) {
			if e.Basis == Held {
				continue
			}
			if e.Earliest > e.Start || e.Start > e.Latest || e.End < e.Start {
				t.Errorf("%s: %+v", name, e)
			}
			line := fmt.Sprint(e.Unit, " ", e.Start.Clock(), " ", e.Latest.Clock(), " ", e.Late, " ", e.Basis, " ", e.Samples, " ", orDash(e.After))
			if e.Running {
				line += " running"
			}
			got = append(got, line)
		}
		if all := strings.Join(got, "; "); !strings.HasPrefix(all, tt.want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, all, tt.want)
		}
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// TestQuartiles: the middle of two is rounded down.
func TestQuartiles(t *testing.T) {
	for _, tt := range []struct {
		all  []int
		want reach
	}{
		{[]int{7}, reach{7, 7, 7}}, {[]int{4, 1}, reach{1, 2, 4}}, {[]int{3, 1, 2}, reach{1, 2, 3}}, {[]int{5, 1, 4, 2, 3}, reach{2, 3, 4}},
		{[]int{8, 7, 6, 5, 4, 3, 2, 1}, reach{3, 4, 7}},
	} {
		if got := quartiles(tt.all); got != tt.want {
			t.Errorf("%v, want %v", got, tt.want)
		}
	}
}

// TestEstimateOnTime: a games that runs to its plan is expected to its plan, at
// any minute of it.
func TestEstimateOnTime(t *testing.T) {
	d := games(t, 1)
	d.Plan, _ = Generate(d, Options{Seed: 1})
	takes := map[string]int{}
	for i := range d.Units {
		takes[d.Units[i].ID] = d.Units[i].Takes()
	}
	for _, now := range []Moment{moment(t, 0, 8, 0), moment(t, 0, 11, 3), moment(t, 2, 15, 47), moment(t, 3, 23, 0)} {
		var held []Actual
		for _, p := range d.Plan {
			end := p.Start + Moment(takes[p.Unit])
			switch {
			case end <= now:
				held = append(held, Actual{p.Unit, p.Start, end})
			case p.Start <= now:
				held = append(held, Actual{p.Unit, p.Start, 0})
			}
		}
		expected := Estimate(d, held, now)
		if len(expected) != len(d.Plan) {
			t.Fatalf("%d of %d", len(expected), len(d.Plan))
		}
		for _, e := range expected {
			if e.Late != 0 || e.Latest != e.Start || e.Earliest != e.Start || e.After != "" {
				t.Fatalf("at %v: %+v", now, e)
			}
		}
	}
}
