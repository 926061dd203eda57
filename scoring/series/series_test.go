package series_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/points"
	"tongchang/scoring/series"
)

// tries reads a series as it stands on a sheet, attempts apart by commas.
func tries(t testing.TB, s string) []series.Attempt {
	t.Helper()
	var attempts []series.Attempt
	if s == "" {
		return nil
	}
	for text := range strings.SplitSeq(s, ",") {
		a, err := series.ParseAttempt(text)
		if err != nil {
			t.Fatal(err)
		}
		attempts = append(attempts, a)
	}
	return attempts
}

func order(ranked []scoring.Ranked) []string {
	var out []string
	for _, r := range ranked {
		out = append(out, fmt.Sprint(r.Rank, ":", r.ID, ":", r.Reason.Rule))
	}
	return out
}

func TestRank(t *testing.T) {
	for name, tt := range map[string]struct {
		rules  series.Rules
		series map[string]string
		want   []string
	}{
		"nobody":                           {series.Rules{}, nil, nil},
		"one alone":                        {series.Rules{}, map[string]string{"1": "9.10"}, []string{"1:1:alone"}},
		"the best decides":                 {series.Rules{}, map[string]string{"1": "9.10,9.00", "2": "8.00,9.11"}, []string{"1:2:best", "2:1:best"}},
		"then the second best":             {series.Rules{}, map[string]string{"1": "9.10,9.00", "2": "9.10,9.01"}, []string{"1:2:second-best", "2:1:second-best"}},
		"then the third":                   {series.Rules{}, map[string]string{"1": "9.10,9.00,8", "2": "9.10,9.00,8.01"}, []string{"1:2:third-best", "2:1:third-best"}},
		"then any later one":               {series.Rules{}, map[string]string{"1": "9,8,7,6,5,4.01", "2": "9,8,7,6,5,4"}, []string{"1:1:later-best", "2:2:later-best"}},
		"one valid mark less is less":      {series.Rules{}, map[string]string{"1": "9.10,X", "2": "9.10,0.01"}, []string{"1:2:second-best", "2:1:second-best"}},
		"the order of a series is nothing": {series.Rules{}, map[string]string{"1": "9.10,9.00", "2": "9.00,9.10", "3": "8"}, []string{"1:1:shared", "1:2:shared", "3:3:best"}},
		"fouls and passes are nothing":     {series.Rules{}, map[string]string{"1": "9.10,X,-", "2": "-,9.10,X"}, []string{"1:1:shared", "1:2:shared"}},
		"a millimetre is nothing":          {series.Rules{}, map[string]string{"1": "9.109", "2": "9.101"}, []string{"1:1:shared", "1:2:shared"}},
		"unless the rules measure it":      {series.Rules{Unit: 1}, map[string]string{"1": "9.109", "2": "9.101"}, []string{"1:1:best", "2:2:best"}},
		"not yet thrown":                   {series.Rules{}, map[string]string{"1": "", "2": "X", "3": "8.00"}, []string{"1:3:alone", "0:1:waiting", "0:2:waiting"}},
		"three fouls of three":             {series.Rules{Attempts: 3}, map[string]string{"1": "X,X,X", "2": "8.00"}, []string{"1:2:alone", "0:1:irm"}},
		"three fouls of six, two starters": {series.Rules{}, map[string]string{"1": "X,X,X", "2": "8.00"}, []string{"1:2:alone", "0:1:waiting"}},
		"six fouls":                        {series.Rules{}, map[string]string{"1": "X,X,X,X,-,X"}, []string{"0:1:irm"}},
		"retired without a mark":           {series.Rules{}, map[string]string{"1": "X,r"}, []string{"0:1:irm"}},
		"retired with a mark":              {series.Rules{}, map[string]string{"1": "8.00,r"}, []string{"1:1:alone"}},
		"points": {series.Rules{By: "points", Use: points.Use{Table: "raza-2025", Event: "discus", Sex: "W"}},
			map[string]string{"F35": "24.00", "F36": "22.00"}, []string{"1:F36:points", "2:F35:points"}},
		"second best points": {series.Rules{By: "points", Use: points.Use{Table: "raza-2025", Event: "discus", Sex: "W"}},
			map[string]string{"F35": "24.00,20.00", "F36": "24.00,20.10"}, []string{"1:F36:points", "2:F35:points"}},
	} {
		var lines []series.Line
		for id, s := range tt.series {
			lines = append(lines, series.Line{ID: id, Class: id, Attempts: tries(t, s)})
		}
		got, err := series.Rank(tt.rules, lines)
		if err != nil || !slices.Equal(order(got), tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, order(got), err, tt.want)
		}
	}
}

func TestRankRefuses(t *testing.T) {
	gust := 1000
	for name, tt := range map[string]struct {
		rules          series.Rules
		line           series.Line
		field, problem string
	}{
		"seven of six":        {series.Rules{}, series.Line{Attempts: tries(t, "X,X,X,X,X,X,X")}, "attempts", "attempts-too-many"},
		"after retiring":      {series.Rules{}, series.Line{Attempts: tries(t, "X,r,9.10")}, "attempt 3", "after-retiring"},
		"mark and call":       {series.Rules{}, series.Line{Attempts: []series.Attempt{{Mark: 9100, Call: series.Foul}}}, "attempt 1", "mark-and-call"},
		"nothing at all":      {series.Rules{}, series.Line{Attempts: []series.Attempt{{}}}, "attempt 1", "out-of-range"},
		"a negative mark":     {series.Rules{}, series.Line{Attempts: []series.Attempt{{Mark: -1}}}, "attempt 1", "out-of-range"},
		"into the next town":  {series.Rules{}, series.Line{Attempts: []series.Attempt{{Mark: 200_001}}}, "attempt 1", "out-of-range"},
		"an unknown call":     {series.Rules{}, series.Line{Attempts: []series.Attempt{{Call: "O"}}}, "attempt 1", "unknown-call"},
		"a storm":             {series.Rules{}, series.Line{Attempts: []series.Attempt{{Mark: 6100, Wind: &gust}}}, "attempt 1", "wind-out-of-range"},
		"absent, and threw":   {series.Rules{}, series.Line{IRM: scoring.DNS, Attempts: tries(t, "X")}, "irm", "started-and-not"},
		"no mark, and a mark": {series.Rules{}, series.Line{IRM: scoring.NM, Attempts: tries(t, "9.10")}, "irm", "mark-and-none"},
		"unknown code":        {series.Rules{}, series.Line{IRM: "OUT"}, "irm", "unknown-irm"},
		"a race":              {series.Rules{Measure: scoring.Milliseconds}, series.Line{}, "measure", "wrong-measure"},
		"no such unit":        {series.Rules{Unit: -10}, series.Line{}, "unit", "out-of-range"},
		"no such order":       {series.Rules{By: "style"}, series.Line{}, "by", "unknown-setting"},
		"attempts of nobody":  {series.Rules{Attempts: -1}, series.Line{}, "attempts", "out-of-range"},
		"points of no table":  {series.Rules{By: "points"}, series.Line{}, "table", "unknown-table"},
		"points of no class":  {series.Rules{By: "points", Use: points.Use{Table: "raza-2025", Event: "discus", Sex: "W"}}, series.Line{}, "class", "no-points-row"},
	} {
		tt.line.ID = "7"
		got, err := series.Rank(tt.rules, []series.Line{tt.line})
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, %v, want the problem %s at %s", name, got, err, tt.problem, tt.field)
		}
	}
}

func TestCut(t *testing.T) {
	start := func(marks ...string) []series.Line { // in the order drawn, 1, 2, 3 …
		lines := make([]series.Line, len(marks))
		for i, s := range marks {
			lines[i] = series.Line{ID: fmt.Sprint(i + 1), Order: i + 1, Attempts: tries(t, s)}
		}
		return lines
	}
	for name, tt := range map[string]struct {
		rules series.Rules
		lines []series.Line
		want  series.Final
	}{
		"few enough: everybody, the worst first": {series.Rules{}, start("9,X,X", "8,X,X", "X,X,X"),
			series.Final{Order: []string{"3", "2", "1"}}},
		"without a mark in the order drawn": {series.Rules{}, start("X,X,X", "8,X,X", "X,-,X"),
			series.Final{Order: []string{"1", "3", "2"}}},
		"the best two": {series.Rules{Finalists: 2}, start("9,X,X", "8,X,X", "7,X,X", "X,X,X"),
			series.Final{Order: []string{"2", "1"}, Out: []string{"3", "4"}}},
		"the second best decides the last place": {series.Rules{Finalists: 2}, start("9,X,X", "8,6,X", "8,7,X"),
			series.Final{Order: []string{"3", "1"}, Out: []string{"2"}}},
		"who share the last place all go on": {series.Rules{Finalists: 2}, start("9,X,X", "8,7,X", "7,8,X", "6,X,X"),
			series.Final{Order: []string{"2", "3", "1"}, Out: []string{"4"}, Shared: true}},
		"attempts after the cut do not count": {series.Rules{Finalists: 1}, start("8,X,X,9.50", "9,X,X"),
			series.Final{Order: []string{"2"}, Out: []string{"1"}}},
		"without a mark nobody goes on": {series.Rules{Finalists: 3}, start("9,X,X", "X,X,X", "X,X,X", "X,X,X"),
			series.Final{Order: []string{"1"}, Out: []string{"2", "3", "4"}}},
		"who retired does not throw again": {series.Rules{}, start("9,r", "8,X,X"),
			series.Final{Order: []string{"2"}}},
		"who retires later did go on": {series.Rules{}, start("9,X,X,r", "8,X,X"),
			series.Final{Order: []string{"2", "1"}}},
		"absent and disqualified take nobody's place": {series.Rules{Finalists: 2}, append(start("9,X,X", "8,X,X"),
			series.Line{ID: "absent", IRM: scoring.DNS}, series.Line{ID: "out", IRM: scoring.DSQ, Attempts: tries(t, "10,X")}),
			series.Final{Order: []string{"2", "1"}}},
	} {
		got, err := series.Cut(tt.rules, tt.lines)
		if err != nil || !slices.Equal(got.Order, tt.want.Order) || !slices.Equal(got.Out, tt.want.Out) || got.Shared != tt.want.Shared {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, tt.want)
		}
	}
	_, err := series.Cut(series.Rules{}, start("9,X,X", "8,X"))
	var invalid *scoring.Invalid
	if !errors.As(err, &invalid) || invalid.Problem != "cut-too-early" || invalid.Line != "2" {
		t.Errorf("a cut with an attempt missing: %v", err)
	}
}

// Beijing 2008, women's discus F40: eight of nine had three more throws, in the
// reverse order of the ranking after three.
func TestCutOfARealFinal(t *testing.T) {
	first := map[string]string{"Menggenjimisu": "26.93,26.07,27.97", "Tlili": "27.33,17.46,25.43", "N. El Garaa": "24.90,X,26.86",
		"L. El Garaa": "22.32,23.44,X", "Hancock": "20.12,20.31,21.53", "Kennedy": "20.41,18.98,X", "Hommen": "X,20.29,19.54",
		"Marquis": "X,17.84,X", "Moubal": "16.30,17.19,14.42"}
	var lines []series.Line
	for id, s := range first {
		lines = append(lines, series.Line{ID: id, Attempts: tries(t, s)})
	}
	got, err := series.Cut(series.Rules{}, lines)
	want := []string{"Marquis", "Hommen", "Kennedy", "Hancock", "L. El Garaa", "N. El Garaa", "Tlili", "Menggenjimisu"}
	if err != nil || !slices.Equal(got.Order, want) || !slices.Equal(got.Out, []string{"Moubal"}) || got.Shared {
		t.Errorf("%+v, %v, want %v and Moubal out", got, err, want)
	}
}

func TestParseAttempt(t *testing.T) {
	for text, want := range map[string]string{
		"6.21": "6.21", "6.21 +1.2": "6.21 +1.2", "6.21 -0.3": "6.21 −0.3", "6.21 −0.3": "6.21 −0.3", "6.21 0.0": "6.21 0.0", "6.21 1.2": "6.21 +1.2",
		"x": "X", "×": "X", " X ": "X", "–": "-", "−": "-", "R": "r", "30": "30.00", "12.345": "12.345",
		"": "", "O": "", "0": "", "6,21": "", "６.２１": "", "-6.21": "", "200.01": "", "6.21 +1.25": "", "6.21 +20.1": "", "6.21 w": "", "6.21 +1": "", "1e3": "", "NaN": "", "6.2111": "",
	} {
		a, err := series.ParseAttempt(text)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q is read as %v", text, a)
		case want != "" && (err != nil || a.String() != want):
			t.Errorf("%q is read as %q, %v, want %q", text, a, err, want)
		}
	}
}

func FuzzParseAttempt(f *testing.F) {
	for _, s := range []string{"6.21 +1.2", "X", "-", "r", "30.12", "6.21 −0.3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := series.ParseAttempt(s)
		if err != nil {
			return
		}
		raw, err := json.Marshal(a)
		var back series.Attempt
		if err != nil || json.Unmarshal(raw, &back) != nil || back.String() != a.String() {
			t.Fatalf("%q is %v, written %s, read again %v", s, a, raw, back)
		}
		if _, err := series.Rank(series.Rules{}, []series.Line{{ID: "1", Attempts: []series.Attempt{a}}}); err != nil && a.Mark >= 10 {
			t.Fatalf("%q is read and then refused: %v", s, err)
		}
	})
}

// anySeries draws a series with few different marks, so that ties are common.
func anySeries(t *rapid.T) []series.Attempt {
	attempts := make([]series.Attempt, rapid.IntRange(0, 6).Draw(t, "made"))
	for i := range attempts {
		if rapid.IntRange(0, 3).Draw(t, "call") == 0 {
			attempts[i].Call = rapid.SampledFrom([]series.Call{series.Foul, series.Pass}).Draw(t, "which")
			continue
		}
		attempts[i].Mark = scoring.Mark(rapid.Int64Range(900, 903).Draw(t, "cm")) * 10
	}
	return attempts
}

func TestRankProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 10).Draw(t, "starters")
		lines := make([]series.Line, n)
		for i := range lines {
			lines[i] = series.Line{ID: fmt.Sprint(i + 1), Attempts: anySeries(t)}
		}
		want, err := series.Rank(series.Rules{}, lines)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := rapid.Permutation(append(lines, series.Line{ID: "99", IRM: scoring.DNS})).Draw(t, "shuffled")
		got, err := series.Rank(series.Rules{}, shuffled)
		if err != nil || !slices.Equal(order(got[:n]), order(want)) {
			t.Fatalf("order or an absence changes %v into %v, %v", order(want), order(got), err)
		}
		for i, r := range want {
			if r.Rank != 0 && r.Rank != i+1 && r.Rank != want[i-1].Rank {
				t.Fatalf("places are not dense with skips: %v", order(want))
			}
		}
	})
}

func benchmark(b *testing.B, rules series.Rules) {
	lines := make([]series.Line, 60)
	for i := range lines {
		lines[i] = series.Line{ID: fmt.Sprint(i + 1), Class: []string{"F35", "F36"}[i%2], Attempts: make([]series.Attempt, 6)}
		for k := range lines[i].Attempts {
			lines[i].Attempts[k].Mark = scoring.Mark(20_000 + (i*7919+k*104729)%9000)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := series.Rank(rules, lines); err != nil {
			b.Fatal(err)
		}
	}
}

// A unit of 60 lines with six attempts each: to be ranked in less than 100 µs.
func BenchmarkRank60x6(b *testing.B) { benchmark(b, series.Rules{}) }

func BenchmarkRank60x6ByPoints(b *testing.B) {
	benchmark(b, series.Rules{By: "points", Use: points.Use{Table: "raza-2025", Event: "discus", Sex: "W"}})
}
