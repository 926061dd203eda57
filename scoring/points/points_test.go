package points_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/points"
)

func mark(m scoring.Mark) *scoring.Mark { return &m }

// order prints a ranking as rank:id:result.
func order(ranked []scoring.Ranked) []string {
	var out []string
	for _, r := range ranked {
		out = append(out, fmt.Sprint(r.Rank, ":", r.ID, ":", r.Result))
	}
	return out
}

// The points were worked out apart from this code, from the printed constants.
func TestRank(t *testing.T) {
	raza := func(event, sex string) points.Rules {
		return points.Rules{Use: points.Use{Table: "raza-2025", Event: event, Sex: sex}}
	}
	for name, tt := range map[string]struct {
		rules points.Rules
		lines []points.Line
		want  []string
	}{
		"nobody": {raza("discus", "W"), nil, nil},
		"the reference of one class against the reference of another": {raza("club-throw", "M"), []points.Line{
			{ID: "a", Class: "F31", Mark: mark(31_290)},
			{ID: "b", Class: "F51", Mark: mark(34_240)},
			{ID: "c", Class: "F32", Mark: mark(34_240)},
		}, []string{"1:a:1000", "1:b:1000", "3:c:878"}},
		"fast is good, far is good": {raza("100m", "W"), []points.Line{
			{ID: "slow", Class: "T11", Mark: mark(12_500)},
			{ID: "fast", Class: "T11", Mark: mark(12_000)},
		}, []string{"1:fast:963", "2:slow:860"}},
		"a best of the meet over events and sexes": {points.Rules{Use: points.Use{Table: "wps-2025"}}, []points.Line{
			{ID: "free", Event: "50-FREE", Sex: "M", Class: "S10", Mark: mark(24_000)},
			{ID: "back", Event: "100-BACK", Sex: "W", Class: "S14", Mark: mark(68_000)},
		}, []string{"1:free:993", "2:back:964"}},
		"who has no mark has no place": {raza("discus", "W"), []points.Line{
			{ID: "waiting", Class: "F36"},
			{ID: "absent", Class: "F36", IRM: scoring.DNS},
			{ID: "none", Class: "F36", IRM: scoring.NM},
			{ID: "made", Class: "F36", Mark: mark(20_000)},
			{ID: "guest", Class: "F36", Mark: mark(25_000), IRM: scoring.EXH},
		}, []string{"1:made:653", "0:waiting:", "0:guest:916", "0:none:NM", "0:absent:DNS"}},
		"AH": {points.Rules{Use: points.Use{Table: "ah", Sex: "M"}}, []points.Line{
			{ID: "heavy", Mark: mark(200_000), BodyWeight: 107_000},
			{ID: "light", Mark: mark(150_000), BodyWeight: 54_000},
		}, []string{"1:light:167.96", "2:heavy:164.49"}},
	} {
		got, err := points.Rank(tt.rules, tt.lines)
		if err != nil || !slices.Equal(order(got), tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, order(got), err, tt.want)
		}
	}
}

func TestRankRefuses(t *testing.T) {
	raza := points.Rules{Use: points.Use{Table: "raza-2025", Event: "discus", Sex: "W"}}
	for name, tt := range map[string]struct {
		rules   points.Rules
		line    points.Line
		field   string
		problem string
	}{
		"no table":             {points.Rules{}, points.Line{ID: "7"}, "table", "unknown-table"},
		"two tables":           {points.Rules{Use: points.Use{Table: "ah", OwnTable: &points.Table{Name: "own"}}}, points.Line{ID: "7"}, "table", "table-twice"},
		"an own table empty":   {points.Rules{Use: points.Use{OwnTable: &points.Table{Name: "own", Formula: points.Cubic}}}, points.Line{ID: "7"}, "rows", "table-empty"},
		"a class without row":  {raza, points.Line{ID: "7", Class: "F99", Mark: mark(20_000)}, "class", "no-points-row"},
		"no class":             {raza, points.Line{ID: "7", Mark: mark(20_000)}, "class", "no-points-row"},
		"a negative mark":      {raza, points.Line{ID: "7", Class: "F36", Mark: mark(-1)}, "mark", "out-of-range"},
		"a mark beyond reason": {raza, points.Line{ID: "7", Class: "F36", Mark: mark(200_001)}, "mark", "out-of-range"},
		"a time thrown":        {raza, points.Line{ID: "7", Class: "F36", Mark: mark(20_000), Measure: scoring.Milliseconds}, "measure", "wrong-measure"},
		"absent with a mark":   {raza, points.Line{ID: "7", Class: "F36", Mark: mark(20_000), IRM: scoring.DNS}, "irm", "started-and-not"},
		"no mark, and a mark":  {raza, points.Line{ID: "7", Class: "F36", Mark: mark(20_000), IRM: scoring.NM}, "irm", "mark-and-none"},
		"an unknown code":      {raza, points.Line{ID: "7", IRM: "GONE"}, "irm", "unknown-irm"},
		"AH without weight":    {points.Rules{Use: points.Use{Table: "ah", Sex: "M"}}, points.Line{ID: "7", Mark: mark(100_000)}, "body_weight", "body-weight-missing"},
	} {
		got, err := points.Rank(tt.rules, []points.Line{tt.line})
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, %v, want the problem %s at %s", name, got, err, tt.problem, tt.field)
			continue
		}
		if tt.line.Class != "" && invalid.Line != "7" {
			t.Errorf("%s: the fault does not name its line: %v", name, err)
		}
	}
}

// The columns beside points: the mark, the class, the table and its year.
func TestColumns(t *testing.T) {
	got, err := points.Rank(points.Rules{Use: points.Use{Table: "raza-2025", Event: "discus", Sex: "W"}},
		[]points.Line{{ID: "1", Class: "F36", Mark: mark(28_019)}})
	want := []scoring.Column{{Name: "raw", Text: "28.01"}, {Name: "class", Text: "F36"}, {Name: "points-table", Text: "RAZA 2025"}}
	if err != nil || !slices.Equal(got[0].Columns, want) {
		t.Errorf("columns %v, %v, want %v", got[0].Columns, err, want)
	}
}

// What no ranking may depend on: the order of the input, and who did not start.
func TestRankProperties(t *testing.T) {
	rules := points.Rules{Use: points.Use{Table: "raza-2025", Event: "shot-put", Sex: "M"}}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "starters")
		lines := make([]points.Line, n)
		for i := range lines {
			lines[i] = points.Line{ID: fmt.Sprint(i + 1), Class: rapid.SampledFrom([]string{"F35", "F36", "F37"}).Draw(t, "class"),
				Mark: mark(scoring.Mark(rapid.Int64Range(1000, 1010).Draw(t, "cm")) * 10)}
		}
		want, err := points.Rank(rules, lines)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := rapid.Permutation(append(lines, points.Line{ID: "99", IRM: scoring.DNS})).Draw(t, "shuffled")
		got, err := points.Rank(rules, shuffled)
		if err != nil || !slices.Equal(order(got[:n]), order(want)) {
			t.Fatalf("%v becomes %v, %v", order(want), order(got), err)
		}
		for i, r := range want {
			tied := i > 0 && *r.Mark == *want[i-1].Mark
			if (tied && r.Rank != want[i-1].Rank) || (!tied && r.Rank != i+1) {
				t.Fatalf("places are not dense with skips: %v", order(want))
			}
		}
	})
}
