package marking_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/marking"
)

var levels = []string{"below the standard of the trade", "meets it", "exceeds it in part", "excellent"}

func number(s string) scoring.Ratio {
	n, err := scoring.ParseRatio(s)
	if err != nil {
		panic(err)
	}
	return n
}

// scheme of one criterion with these aspects, worth their sum.
func scheme(aspects ...marking.Aspect) marking.Rules {
	var sum scoring.Ratio
	for _, a := range aspects {
		sum = sum.Add(a.Max)
	}
	return marking.Rules{Total: sum, Judges: []string{"J1", "J2", "J3"}, Source: "scheme",
		Criteria: []marking.Criterion{{ID: "A", Max: sum, Sub: []marking.SubCriterion{{ID: "A1", Max: sum, Aspects: aspects}}}}}
}

func judgement(id, max string) marking.Aspect {
	return marking.Aspect{ID: id, Kind: marking.Judgement, Max: number(max), Levels: levels}
}

func judges(marks ...int64) marking.Score {
	s := marking.Score{Judges: map[string]scoring.Ratio{}}
	for i, m := range marks {
		s.Judges[fmt.Sprint("J", i+1)] = scoring.Whole(m)
	}
	return s
}

func TestJudgement(t *testing.T) {
	for _, tt := range []struct {
		max   string
		marks []int64
		want  string
	}{
		{"2", []int64{0, 0, 0}, "0"},
		{"2", []int64{3, 3, 3}, "2"},
		{"1.5", []int64{2, 2, 2}, "1"},
		{"0.5", []int64{0, 0, 1}, "1/18"},
		{"0.5", []int64{1, 1, 1}, "1/6"}, // 0.1666…: kept as it is until the end
		{"1", []int64{2, 3, 3}, "8/9"},
		{"3", []int64{1, 2, 2}, "5/3"},
	} {
		sheet, err := marking.Mark(scheme(judgement("A1", tt.max)), marking.Line{ID: "1", Aspects: map[string]marking.Score{"A1": judges(tt.marks...)}})
		if err != nil || len(sheet.Open) > 0 {
			t.Fatalf("%v of %s: %v, open %v", tt.marks, tt.max, err, sheet)
		}
		if got := sheet.Aspects["A1"].String(); got != tt.want {
			t.Errorf("%v of %s = %s, want %s", tt.marks, tt.max, got, tt.want)
		}
	}
}

// A panel of five gives five marks, and the spread is over all of them.
func TestFiveJudges(t *testing.T) {
	five := scheme(judgement("A1", "10"))
	five.Judges = []string{"J1", "J2", "J3", "J4", "J5"}
	sheet, err := marking.Mark(five, marking.Line{ID: "1", Aspects: map[string]marking.Score{"A1": judges(2, 2, 3, 3, 3)}})
	if err != nil || sheet.Total.String() != "26/3" {
		t.Errorf("13 of 15 levels of 10 marks = %v, %v; want 26/3", sheet, err)
	}
	sheet, err = marking.Mark(five, marking.Line{ID: "1", Aspects: map[string]marking.Score{"A1": judges(2, 2, 2, 2, 0)}})
	if err != nil || len(sheet.Open) != 1 || sheet.Open[0].Problem != "spread-too-wide" {
		t.Errorf("one judge two levels below four: %+v, %v; want it open for discussion", sheet, err)
	}
}

func TestSchemeProblems(t *testing.T) {
	yes := marking.Aspect{ID: "A1", Kind: marking.YesNo, Max: scoring.Whole(10)}
	for name, tt := range map[string]struct {
		spoil func(*marking.Rules)
		field string
		want  string
	}{
		"criterion does not add up": {func(r *marking.Rules) { r.Criteria[0].Max = scoring.Whole(17) }, "criterion A", "does-not-add-up"},
		"total does not add up":     {func(r *marking.Rules) { r.Total = scoring.Whole(100) }, "total", "does-not-add-up"},
		"sub-criterion does not":    {func(r *marking.Rules) { r.Criteria[0].Sub[0].Max = scoring.Whole(9) }, "sub-criterion A1", "does-not-add-up"},
		"an aspect worth nothing":   {func(r *marking.Rules) { r.Criteria[0].Sub[0].Aspects[0].Max = scoring.Ratio{} }, "aspect A1", "not-between"},
		"negative weight of theory": {func(r *marking.Rules) { r.Theory = &marking.Theory{Weight: number("-0.3")} }, "theory.weight", "negative"},
		"weights of 0.3 and 0.6":    {func(r *marking.Rules) { r.Theory, r.Practical = &marking.Theory{Weight: number("0.3")}, number("0.6") }, "practical", "weights-do-not-add-up"},
		"two judges": {func(r *marking.Rules) {
			r.Judges = r.Judges[:2]
			r.Criteria[0].Sub[0].Aspects[0] = judgement("A1", "10")
		}, "aspect A1", "judges-too-few"},
		"no level texts": {func(r *marking.Rules) {
			a := judgement("A1", "10")
			a.Levels = nil
			r.Criteria[0].Sub[0].Aspects[0] = a
		}, "aspect A1", "levels-missing"},
		"a kind of its own":            {func(r *marking.Rules) { r.Criteria[0].Sub[0].Aspects[0].Kind = "impression" }, "aspect A1", "unknown-value"},
		"a value without a measure":    {func(r *marking.Rules) { r.Criteria[0].Sub[0].Aspects[0].Kind = marking.Value }, "aspect A1", "unknown-measure"},
		"formula that counts nothing":  {func(r *marking.Rules) { r.Criteria[0].Sub[0].Aspects[0].Kind = marking.Formula }, "aspect A1", "counts-missing"},
		"spread of four":               {func(r *marking.Rules) { four := 4; r.Spread = &four }, "spread", "not-between"},
		"rounding without a mode":      {func(r *marking.Rules) { r.RoundTotal = &marking.Round{Decimals: 2} }, "round_total.mode", "unknown-value"},
		"rounding too fine":            {func(r *marking.Rules) { r.RoundAspect = &marking.Round{Decimals: 4, Mode: scoring.Down} }, "round_aspect.decimals", "not-between"},
		"tie by a criterion not there": {func(r *marking.Rules) { r.Ties = []string{"time", "criterion:B"} }, "ties[1]", "unknown-value"},
		"settled by a vote":            {func(r *marking.Rules) { r.Settle = "vote" }, "settle", "unknown-value"},
		"deduction that costs nothing": {func(r *marking.Rules) { r.Deductions = []marking.Deduction{{ID: "late", Steps: []marking.Penalty{{}}}} }, "deduction late steps[0]", "penalty-empty"},
		"deduction from no criterion": {func(r *marking.Rules) {
			r.Deductions = []marking.Deduction{{ID: "late", Steps: []marking.Penalty{{Criterion: "Z"}}}}
		}, "deduction late steps[0]", "unknown-value"},
		"an aspect twice": {func(r *marking.Rules) {
			sub := &r.Criteria[0].Sub[0]
			sub.Aspects = append(sub.Aspects, sub.Aspects[0])
		}, "aspect A1", "id-twice"},
	} {
		rules := scheme(yes)
		tt.spoil(&rules)
		found := rules.Problems()
		if !slices.ContainsFunc(found, func(e *scoring.Invalid) bool {
			return e.Field == tt.field && e.Problem == tt.want && e.Rule == "scheme"
		}) {
			t.Errorf("%s: %v, want %s at %s", name, found, tt.want, tt.field)
		}
		var invalid *scoring.Invalid
		if _, err := marking.Rank(rules, nil); !errors.As(err, &invalid) {
			t.Errorf("%s: ranked all the same (%v)", name, err)
		}
	}
}

func TestEntriesRefused(t *testing.T) {
	rules := scheme(judgement("J", "5"), marking.Aspect{ID: "F", Kind: marking.Formula, Max: scoring.Whole(5), Counts: []marking.Count{{ID: "defects", Each: scoring.Whole(1)}}})
	rules.Deductions = []marking.Deduction{{ID: "late", Steps: []marking.Penalty{{Points: scoring.Whole(1)}}}}
	yes, eleven := true, scoring.Whole(11)
	fine := func() marking.Line {
		return marking.Line{ID: "7", Aspects: map[string]marking.Score{"J": judges(2, 2, 2), "F": {Counts: map[string]int{"defects": 1}}}}
	}
	if _, err := marking.Rank(rules, []marking.Line{fine()}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		spoil func(*marking.Line)
		field string
		want  string
	}{
		"level four":                 {func(l *marking.Line) { l.Aspects["J"] = judges(2, 2, 4) }, "aspect J J3", "not-a-judgement"},
		"level minus one":            {func(l *marking.Line) { l.Aspects["J"] = judges(-1, 0, 0) }, "aspect J J1", "not-a-judgement"},
		"half a level":               {func(l *marking.Line) { l.Aspects["J"].Judges["J2"] = number("1.5") }, "aspect J J2", "not-a-judgement"},
		"a judge from elsewhere":     {func(l *marking.Line) { l.Aspects["J"] = judges(2, 2, 2, 2) }, "aspect J", "unknown-judge"},
		"a judge who has not marked": {func(l *marking.Line) { l.Aspects["J"] = judges(2, 2) }, "aspect J", "judge-missing"},
		"nothing entered":            {func(l *marking.Line) { delete(l.Aspects, "F") }, "aspect F", "aspect-open"},
		"yes for a judgement":        {func(l *marking.Line) { l.Aspects["J"] = marking.Score{Yes: &yes} }, "aspect J", "wrong-entry"},
		"negative count":             {func(l *marking.Line) { l.Aspects["F"].Counts["defects"] = -1 }, "aspect F", "not-between"},
		"a count of something else":  {func(l *marking.Line) { l.Aspects["F"].Counts["stars"] = 1 }, "aspect F", "unknown-count"},
		"an aspect of another skill": {func(l *marking.Line) { l.Aspects["Z9"] = judges(1, 1, 1) }, "aspect Z9", "unknown-aspect"},
		"theory that was not asked":  {func(l *marking.Line) { l.Theory = &eleven }, "theory", "theory-unasked"},
		"a breach not in the scheme": {func(l *marking.Line) { l.Deductions = []marking.Breach{{ID: "rude", Times: 1}} }, "deductions[0]", "unknown-deduction"},
		"a breach zero times":        {func(l *marking.Line) { l.Deductions = []marking.Breach{{ID: "late"}} }, "deductions[0]", "not-between"},
		"did not start, has marks":   {func(l *marking.Line) { l.IRM = scoring.DNS }, "irm", "started-and-not"},
	} {
		line := fine()
		tt.spoil(&line)
		_, err := marking.Rank(rules, []marking.Line{line})
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Line != "7" || invalid.Field != tt.field || invalid.Problem != tt.want {
			t.Errorf("%s: %v, want %s at %s", name, err, tt.want, tt.field)
		}
	}
}

// works draws complete works under a scheme with a judgement and a formula.
func works(t *rapid.T) []marking.Line {
	ids := rapid.SliceOfNDistinct(rapid.IntRange(1, 99), 0, 12, func(i int) int { return i }).Draw(t, "works")
	lines := make([]marking.Line, len(ids))
	for i, id := range ids {
		base := rapid.Int64Range(0, 2).Draw(t, "level")
		more := rapid.Int64Range(0, 1)
		time := scoring.Mark(rapid.IntRange(1, 3).Draw(t, "time") * 1000)
		lines[i] = marking.Line{ID: fmt.Sprint(id), Time: &time, Aspects: map[string]marking.Score{
			"J": judges(base+more.Draw(t, "J1"), base+more.Draw(t, "J2"), base+more.Draw(t, "J3")),
			"F": {Counts: map[string]int{"right": rapid.IntRange(0, 12).Draw(t, "right")}},
		}}
	}
	return lines
}

func TestRankProperties(t *testing.T) {
	rules := scheme(judgement("J", "7"), marking.Aspect{ID: "F", Kind: marking.Formula, Max: scoring.Whole(9), Counts: []marking.Count{{ID: "right", Each: number("0.75")}}})
	rules.Ties = []string{"judgement", "time"}
	rapid.Check(t, func(t *rapid.T) {
		lines := works(t)
		ranked, err := marking.Rank(rules, lines)
		if err != nil {
			t.Fatal(err)
		}
		again, err := marking.Rank(rules, rapid.Permutation(lines).Draw(t, "shuffled"))
		if err != nil || asJSON(t, again) != asJSON(t, ranked) {
			t.Errorf("the order of the works changes the ranking: %v", err)
		}
		more, err := marking.Rank(rules, append(slices.Clone(lines), marking.Line{ID: "100", IRM: scoring.DNS}))
		if err != nil || asJSON(t, more[:len(ranked)]) != asJSON(t, ranked) {
			t.Errorf("somebody who did not start changes the ranking: %v", err)
		}
		for i, r := range ranked {
			if r.Rank != i+1 && r.Rank != ranked[i-1].Rank {
				t.Errorf("place %d at position %d is not dense with skips", r.Rank, i+1)
			}
			if *r.Mark < 0 || *r.Mark > 16_000 {
				t.Errorf("work %s has %d thousandths of 16", r.ID, *r.Mark)
			}
		}
	})
}

func asJSON(t *rapid.T, ranked []scoring.Ranked) string {
	raw, err := json.Marshal(ranked)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestDecode(t *testing.T) {
	rules := scheme(judgement("J", "9"))
	ranked, err := marking.Rank(rules, []marking.Line{
		{ID: "1", Aspects: map[string]marking.Score{"J": judges(2, 2, 2)}},
		{ID: "2", Aspects: map[string]marking.Score{"J": judges(3, 3, 3)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := marking.Decode(ranked, map[string]string{"1": "王", "2": "李"})
	if err != nil || decoded[0].ID != "李" || decoded[1].ID != "王" || decoded[1].Reason.Against != "李" {
		t.Errorf("decoded to %+v, %v; want 李 before 王", decoded, err)
	}
	if ranked[0].ID != "2" {
		t.Error("decoding changed the blind ranking")
	}
	for name, key := range map[string]map[string]string{
		"a work without an entry":      {"1": "王"},
		"two works of one entry":       {"1": "王", "2": "王"},
		"a number nobody has marked":   {"1": "王", "2": "李", "3": "赵"},
		"an entry that is not written": {"1": "王", "2": ""},
	} {
		var invalid *scoring.Invalid
		if _, err := marking.Decode(ranked, key); !errors.As(err, &invalid) {
			t.Errorf("%s: decoded (%v)", name, err)
		}
	}
}

// FuzzRead: whatever stands in a scheme file, it is refused in a sentence or
// can be ranked by.
func FuzzRead(f *testing.F) {
	whole, err := json.Marshal(scheme(judgement("A1", "10")))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"total": "1/3", "criteria": [{"id": "A", "max": 1e999999999, "sub": []}]}`))
	f.Add([]byte(strings.Repeat("[", 10_000)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rules, err := marking.Read(raw)
		var invalid *scoring.Invalid
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Fatalf("not a *scoring.Invalid: %v", err)
			}
			return
		}
		rules.Partial = true
		if _, err := marking.Rank(rules, []marking.Line{{ID: "1"}, {ID: "2", IRM: scoring.DNS}}); err != nil {
			t.Fatalf("read without a complaint, then refused: %v", err)
		}
	})
}

// BenchmarkRank marks a skill with 30 works and 60 aspects.
func BenchmarkRank(b *testing.B) {
	var aspects []marking.Aspect
	for i := range 60 {
		aspects = append(aspects, judgement(fmt.Sprint("A", i), "1.25"))
	}
	rules := scheme(aspects...)
	lines := make([]marking.Line, 30)
	for i := range lines {
		lines[i] = marking.Line{ID: fmt.Sprint(i), Aspects: map[string]marking.Score{}}
		for j := range 60 {
			lines[i].Aspects[fmt.Sprint("A", j)] = judges(int64(i+j)%3, int64(i+j)%3, int64(i+j)%3+1)
		}
	}
	for b.Loop() {
		if _, err := marking.Rank(rules, lines); err != nil {
			b.Fatal(err)
		}
	}
}
