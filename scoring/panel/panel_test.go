package panel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/panel"
)

// five is the usual panel of a skills contest: five judges, one dropped at
// either end, the mean of three to two decimals.
func five() panel.Rules {
	return panel.Rules{Judges: []string{"1", "2", "3", "4", "5"}, High: 100_000, Drop: 1,
		Round: &panel.Round{Decimals: 2, Mode: scoring.HalfUp}, Source: "contest rules"}
}

func performance(scores ...scoring.Mark) panel.Performance {
	p := panel.Performance{Scores: map[string]scoring.Mark{}}
	for i, s := range scores {
		p.Scores[fmt.Sprint(i+1)] = s
	}
	return p
}

func line(id string, performances ...panel.Performance) panel.Line {
	return panel.Line{ID: id, Performances: performances}
}

func harder(p panel.Performance, difficulty scoring.Mark) panel.Performance {
	p.Difficulty = &difficulty
	return p
}

func deducted(p panel.Performance, points scoring.Mark) panel.Performance {
	p.Deduction = points
	return p
}

func TestRank(t *testing.T) {
	diving := panel.Rules{Judges: []string{"1", "2", "3", "4", "5", "6", "7"}, High: 10_000, Step: 500, Drop: 2, Of: "sum", Difficulty: "multiply",
		Round: &panel.Round{Decimals: 2, Mode: scoring.HalfUp}}
	dance := panel.Rules{Judges: []string{"1", "2", "3", "4"}, High: 10_000, Drop: 1, Difficulty: "add", Performances: 2,
		Round: &panel.Round{Decimals: 3, Mode: scoring.Down}}
	best := five()
	best.Performances, best.Count = 2, "best"
	byAll := five()
	byAll.Ties = []string{"all-scores"}
	exact := five()
	exact.Round = nil
	waiting := five()
	waiting.Partial = true
	byBest := dance
	byBest.Ties = []string{"best-performance"}
	for name, tt := range map[string]struct {
		rules panel.Rules
		lines []panel.Line
		want  string // rank id result rule, in order
	}{
		"nobody": {five(), nil, ""},
		"highest and lowest dropped, mean of three": {
			five(), []panel.Line{line("a", performance(90_000, 85_000, 88_000, 95_000, 60_000))}, "1 a 87.67 alone",
		},
		"two level at the top: one is dropped": {
			five(), []panel.Line{line("a", performance(95_000, 95_000, 80_000, 80_000, 70_000))}, "1 a 85.00 alone",
		},
		"one judge far off changes nothing": {
			five(), []panel.Line{line("a", performance(80_000, 80_000, 80_000, 80_000, 0)), line("b", performance(80_000, 80_000, 80_000, 80_000, 100_000))},
			"1 a 80.00 shared; 1 b 80.00 shared",
		},
		"equal after dropping: the mean of all five decides where the rules say so": {
			byAll, []panel.Line{line("a", performance(80_000, 80_000, 80_000, 80_000, 0)), line("b", performance(80_000, 80_000, 80_000, 80_000, 100_000))},
			"1 b 80.00 all-scores; 2 a 80.00 all-scores",
		},
		"half up at the second decimal": {
			five(), []panel.Line{line("a", performance(80_000, 80_010, 80_020, 80_005, 90_000))}, "1 a 80.01 alone",
		},
		"without rounding a third of a hundredth decides": {
			exact, []panel.Line{line("a", performance(80_000, 80_000, 80_000, 80_000, 80_000)), line("b", performance(80_000, 80_000, 80_000, 80_010, 80_020))},
			"1 b 24001/300 total; 2 a 80 total",
		},
		"a dive: sum of the middle three times its difficulty": {
			diving, []panel.Line{line("a", harder(performance(8_500, 8_000, 9_000, 8_500, 7_500, 8_500, 9_500), 3_200))}, "1 a 81.60 alone",
		},
		"an easier dive done better": {
			diving, []panel.Line{
				line("a", harder(performance(7_000, 7_000, 7_000, 7_000, 7_000, 7_000, 7_000), 3_400)),
				line("b", harder(performance(9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000), 2_800)),
			}, "1 b 75.60 total; 2 a 71.40 total",
		},
		"difficulty added, deduction taken off, two routines summed": {
			dance, []panel.Line{line("a", harder(performance(8_000, 8_500, 9_000, 9_500), 1_200), deducted(harder(performance(9_000, 9_000, 9_000, 9_000), 1_000), 500))},
			"1 a 19.450 alone",
		},
		"equal sums: the better single routine": {
			byBest, []panel.Line{
				line("a", harder(performance(8_000, 8_000, 8_000, 8_000), 0), harder(performance(9_000, 9_000, 9_000, 9_000), 0)),
				line("b", harder(performance(8_500, 8_500, 8_500, 8_500), 0), harder(performance(8_500, 8_500, 8_500, 8_500), 0)),
			}, "1 a 17.000 best-performance; 2 b 17.000 best-performance",
		},
		"the better of two counts": {
			best, []panel.Line{
				line("a", performance(50_000, 50_000, 50_000, 50_000, 50_000), performance(70_000, 70_000, 70_000, 70_000, 70_000)),
				line("b", performance(69_000, 69_000, 69_000, 69_000, 69_000), performance(69_000, 69_000, 69_000, 69_000, 69_000)),
			}, "1 a 70.00 total; 2 b 69.00 total",
		},
		"a deduction never takes more than there is": {
			five(), []panel.Line{line("a", deducted(performance(1_000, 1_000, 1_000, 1_000, 1_000), 2_000))}, "1 a 0.00 alone",
		},
		"did not start, disqualified": {
			five(), []panel.Line{{ID: "a", IRM: scoring.DNS}, {ID: "b", IRM: scoring.DSQ}, line("c", performance(0, 0, 0, 0, 0))},
			"1 c 0.00 alone; 0 b DSQ irm; 0 a DNS irm",
		},
		"while judges are still scoring": {
			waiting, []panel.Line{line("a", performance(90_000, 90_000)), line("b"), line("c", performance(1_000, 1_000, 1_000, 1_000, 1_000))},
			"1 c 1.00 alone; 0 a  judge-missing; 0 b  performance-open",
		},
	} {
		t.Run(name, func(t *testing.T) {
			ranked, err := panel.Rank(tt.rules, tt.lines)
			if err != nil {
				t.Fatal(err)
			}
			if got := text(ranked); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func text(ranked []scoring.Ranked) string {
	rows := make([]string, len(ranked))
	for i, r := range ranked {
		rows[i] = fmt.Sprint(r.Rank, " ", r.ID, " ", r.Result, " ", r.Reason.Rule)
	}
	return strings.Join(rows, "; ")
}

func TestRefused(t *testing.T) {
	fine := performance(90_000, 90_000, 90_000, 90_000, 90_000)
	for name, tt := range map[string]struct {
		rules func(*panel.Rules)
		line  panel.Line
		field string
		want  string
	}{
		"over the highest":         {nil, line("7", performance(90_000, 100_001, 1, 1, 1)), "performance 1 2", "not-between"},
		"below the lowest":         {nil, line("7", performance(-1, 1, 1, 1, 1)), "performance 1 1", "not-between"},
		"not a half point":         {func(r *panel.Rules) { r.Step = 500 }, line("7", performance(7_500, 7_300, 7_000, 7_000, 7_000)), "performance 1 2", "not-a-step"},
		"four judges of five":      {nil, line("7", performance(1, 1, 1, 1)), "performance 1", "judge-missing"},
		"six judges of five":       {nil, line("7", performance(1, 1, 1, 1, 1, 1)), "performance 1", "unknown-judge"},
		"difficulty not foreseen":  {nil, line("7", harder(fine, 1_000)), "performance 1 difficulty", "difficulty-unasked"},
		"difficulty missing":       {func(r *panel.Rules) { r.Difficulty = "add" }, line("7", fine), "performance 1", "difficulty-missing"},
		"negative deduction":       {nil, line("7", deducted(fine, -1)), "performance 1 deduction", "not-between"},
		"shown twice":              {nil, line("7", fine, fine), "performances", "performances-too-many"},
		"not shown":                {nil, line("7"), "performance 1", "performance-open"},
		"did not start but scored": {nil, panel.Line{ID: "7", IRM: scoring.DNS, Performances: []panel.Performance{fine}}, "irm", "started-and-not"},
		"everybody dropped":        {func(r *panel.Rules) { r.Drop = 3 }, panel.Line{}, "drop", "drops-everybody"},
		"no judges":                {func(r *panel.Rules) { r.Judges = nil }, panel.Line{}, "judges", "judges-too-few"},
		"a judge twice":            {func(r *panel.Rules) { r.Judges[1] = "1" }, panel.Line{}, "judges[1]", "id-twice"},
		"tie by beauty":            {func(r *panel.Rules) { r.Ties = []string{"beauty"} }, panel.Line{}, "ties[0]", "unknown-value"},
		"the median":               {func(r *panel.Rules) { r.Of = "median" }, panel.Line{}, "of", "unknown-value"},
		"rounded to pennies":       {func(r *panel.Rules) { r.Round.Mode = "pennies" }, panel.Line{}, "round.mode", "unknown-value"},
	} {
		rules := five()
		if tt.rules != nil {
			tt.rules(&rules)
		}
		_, err := panel.Rank(rules, []panel.Line{tt.line})
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.want || invalid.Line != tt.line.ID {
			t.Errorf("%s: %v, want %s at %s", name, err, tt.want, tt.field)
		}
	}
}

func TestRankProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := five()
		rules.Drop = rapid.IntRange(0, 2).Draw(t, "drop")
		rules.Ties = rapid.SampledFrom([][]string{nil, {"all-scores"}}).Draw(t, "ties")
		score := rapid.Custom(func(t *rapid.T) scoring.Mark { return scoring.Mark(rapid.IntRange(70, 75).Draw(t, "score") * 1000) })
		var lines []panel.Line
		for i := range rapid.IntRange(0, 8).Draw(t, "lines") {
			lines = append(lines, line(fmt.Sprint(i), performance(score.Draw(t, "1"), score.Draw(t, "2"), score.Draw(t, "3"), score.Draw(t, "4"), score.Draw(t, "5"))))
		}
		ranked, err := panel.Rank(rules, lines)
		if err != nil {
			t.Fatal(err)
		}
		shuffled, err := panel.Rank(rules, rapid.Permutation(lines).Draw(t, "shuffled"))
		if err != nil || asJSON(t, shuffled) != asJSON(t, ranked) {
			t.Errorf("the order of the lines changes the ranking: %v", err)
		}
		more, err := panel.Rank(rules, append(slices.Clone(lines), panel.Line{ID: "99", IRM: scoring.DNS}))
		if err != nil || asJSON(t, more[:len(ranked)]) != asJSON(t, ranked) {
			t.Errorf("somebody who did not start changes the ranking: %v", err)
		}
		for i, r := range ranked {
			if r.Rank != i+1 && r.Rank != ranked[i-1].Rank {
				t.Errorf("place %d at position %d is not dense with skips", r.Rank, i+1)
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

// BenchmarkRank ranks 60 lines of six scores; the aim is 100 µs.
func BenchmarkRank(b *testing.B) {
	rules := five()
	rules.Judges = append(rules.Judges, "6")
	lines := make([]panel.Line, 60)
	for i := range lines {
		n := scoring.Mark(i * 37 % 60)
		lines[i] = line(fmt.Sprint(i), performance(70_000+n*10, 71_000+n*20, 72_000, 73_000+n, 74_000, 75_000))
	}
	for b.Loop() {
		if _, err := panel.Rank(rules, lines); err != nil {
			b.Fatal(err)
		}
	}
}
