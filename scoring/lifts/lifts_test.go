package lifts_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/lifts"
	"tongchang/scoring/points"
)

// tries reads a card: 180 is a good lift, 185x a failed one, 187? declared, - let
// go by, and a * marks an attempt at a record. Weights are in kg.
func tries(t testing.TB, card string) []lifts.Attempt {
	t.Helper()
	var attempts []lifts.Attempt
	for text := range strings.FieldsSeq(card) {
		a := lifts.Attempt{Lights: "WWR"}
		if text == "-" {
			attempts = append(attempts, lifts.Attempt{Declined: true})
			continue
		}
		for text[len(text)-1] < '0' || text[len(text)-1] > '9' {
			switch text[len(text)-1] {
			case 'x':
				a.Lights = "RWR"
			case '?':
				a.Lights = ""
			case '*':
				a.Record = true
			}
			text = text[:len(text)-1]
		}
		m, err := scoring.Grams.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		a.Weight = m
		attempts = append(attempts, a)
	}
	return attempts
}

// lifter is somebody at a body weight in kg.
func lifter(t testing.TB, id, bodyWeight, card string) lifts.Line {
	t.Helper()
	m, err := scoring.Grams.Parse(bodyWeight)
	if err != nil {
		t.Fatal(err)
	}
	lot, _ := strconv.Atoi(id)
	return lifts.Line{ID: id, Sex: "M", BodyWeight: m, Lot: lot, Attempts: tries(t, card)}
}

func inCategory(l lifts.Line, category string) lifts.Line { l.Category = category; return l }

func order(ranked []scoring.Ranked) []string {
	var out []string
	for _, r := range ranked {
		out = append(out, fmt.Sprint(r.Rank, ":", r.ID, ":", r.Result, ":", r.Reason.Rule))
	}
	return out
}

func TestRank(t *testing.T) {
	again := func(l lifts.Line, grams scoring.Mark) lifts.Line { l.Reweigh = grams; return l }
	for name, tt := range map[string]struct {
		rules lifts.Rules
		lines []lifts.Line
		want  []string
	}{
		"nobody": {lifts.Rules{}, nil, nil},
		"the heaviest good lift": {lifts.Rules{}, []lifts.Line{lifter(t, "1", "72", "150 155 160x"), lifter(t, "2", "72", "156 160x 160x")},
			[]string{"1:2:156.0:lift", "2:1:155.0:lift"}},
		"the lighter lifter, by 10 g": {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71.01", "150"), lifter(t, "2", "71.00", "150")},
			[]string{"1:2:150.0:body-weight", "2:1:150.0:body-weight"}},
		"weighed again": {lifts.Rules{}, []lifts.Line{again(lifter(t, "1", "71", "150"), 71_050), again(lifter(t, "2", "71", "150"), 71_020)},
			[]string{"1:2:150.0:reweigh", "2:1:150.0:reweigh"}},
		"level on the scales twice": {lifts.Rules{}, []lifts.Line{again(lifter(t, "1", "71", "150"), 71_020), again(lifter(t, "2", "71", "150"), 71_020), lifter(t, "3", "71", "149")},
			[]string{"1:1:150.0:shared", "1:2:150.0:shared", "3:3:149.0:lift"}},
		"the lot, where the rules say so": {lifts.Rules{LotDecides: true}, []lifts.Line{lifter(t, "2", "71", "150"), lifter(t, "1", "71", "150")},
			[]string{"1:1:150.0:lot", "2:2:150.0:lot"}},
		"nothing lifted": {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71", "150x 150x 150x"), lifter(t, "2", "71", "150x 150x 150?"), lifter(t, "3", "71", "- - -"), lifter(t, "4", "71", "100")},
			[]string{"1:4:100.0:alone", "0:2::waiting", "0:1:NM:irm", "0:3:NM:irm"}},
		"half a kilogram for a record": {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71", "126 130 130.5*"), lifter(t, "2", "70", "130")},
			[]string{"1:1:130.5:lift", "2:2:130.0:lift"}},
		"two steps of 2.5 kg": {lifts.Rules{Step: 2500, Rise: 2500}, []lifts.Line{lifter(t, "1", "71", "180 182.5 185x")},
			[]string{"1:1:182.5:alone"}},
		"less after a failure, where allowed": {lifts.Rules{MayLower: true}, []lifts.Line{lifter(t, "1", "71", "150x 140")},
			[]string{"1:1:140.0:alone"}},
		"an attempt let go by": {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71", "150 - 151")},
			[]string{"1:1:151.0:alone"}},
		"two categories of the organiser's own": {
			lifts.Rules{Categories: []lifts.Category{{Sex: "M", Name: "light", Limit: 72_000}, {Sex: "M", Name: "heavy"}}},
			[]lifts.Line{inCategory(lifter(t, "1", "72", "150"), "light"), inCategory(lifter(t, "2", "72.01", "151"), "heavy")},
			[]string{"1:2:151.0:lift", "2:1:150.0:lift"}},
		"AH": {lifts.Rules{By: "points"}, []lifts.Line{lifter(t, "heavy", "107", "200"), lifter(t, "light", "54", "150")},
			[]string{"1:light:167.96:points", "2:heavy:164.49:points"}},
		"level AH points, the lighter first": {lifts.Rules{By: "points"}, []lifts.Line{lifter(t, "1", "170", "200"), lifter(t, "2", "160", "200")},
			[]string{"1:2:141.05:body-weight", "2:1:141.05:body-weight"}},
	} {
		got, err := lifts.Rank(tt.rules, tt.lines)
		if err != nil || !slices.Equal(order(got), tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, order(got), err, tt.want)
		}
	}
}

// Two whites of three are a good lift; the jury can overrule.
func TestLights(t *testing.T) {
	for _, tt := range []struct {
		lights, jury string
		good         bool
	}{
		{"WWW", "", true}, {"WWR", "", true}, {"WRW", "", true}, {"RWW", "", true}, {"WRR", "", false}, {"RRR", "", false},
		{"RRW", "good", true}, {"WWW", "no", false},
	} {
		line := lifter(t, "1", "71", "100")
		line.Attempts[0].Lights, line.Attempts[0].Jury = tt.lights, tt.jury
		got, err := lifts.Rank(lifts.Rules{Attempts: 1}, []lifts.Line{line})
		if err != nil || (got[0].Rank == 1) != tt.good {
			t.Errorf("%s %s: %v, %v, want good = %v", tt.lights, tt.jury, order(got), err, tt.good)
		}
	}
	one := lifter(t, "1", "71", "100")
	one.Attempts[0].Lights = "W"
	if got, err := lifts.Rank(lifts.Rules{Referees: 1}, []lifts.Line{one}); err != nil || got[0].Rank != 1 {
		t.Errorf("a single referee: %v, %v", order(got), err)
	}
}

// A fourth attempt is shown and counts for nothing.
func TestFourth(t *testing.T) {
	first := lifter(t, "1", "71", "150 155 160x")
	first.Fourth = &lifts.Attempt{Weight: 160_500, Lights: "WWW", Record: true}
	got, err := lifts.Rank(lifts.Rules{}, []lifts.Line{first, lifter(t, "2", "71", "156 160x 160x")})
	want := []string{"1:2:156.0:lift", "2:1:155.0:lift"}
	if err != nil || !slices.Equal(order(got), want) || !slices.Contains(got[1].Columns, scoring.Column{Name: "fourth", Text: "160.5"}) {
		t.Errorf("%v, %v with columns %v, want %v", order(got), err, got[1].Columns, want)
	}
}

func TestRankRefuses(t *testing.T) {
	card := func(s string) lifts.Line { return lifter(t, "7", "71", s) }
	with := func(change func(*lifts.Line)) lifts.Line { l := card("100"); change(&l); return l }
	fourth := func(card string, a lifts.Attempt) lifts.Line {
		l := lifter(t, "7", "71", card)
		l.Fourth = &a
		return l
	}
	record := lifts.Attempt{Weight: 103_500, Lights: "WWW", Record: true}
	for name, tt := range map[string]struct {
		rules          lifts.Rules
		line           lifts.Line
		field, problem string
	}{
		"four lights of three":          {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Lights = "WWRR" }), "attempt 1", "lights-count"},
		"two lights of three":           {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Lights = "WR" }), "attempt 1", "lights-count"},
		"a green light":                 {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Lights = "WWG" }), "attempt 1", "unknown-light"},
		"the jury before the referees":  {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Lights, l.Attempts[0].Jury = "", "good" }), "attempt 1", "jury-without-lights"},
		"a jury in doubt":               {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Jury = "perhaps" }), "attempt 1", "unknown-setting"},
		"a negative weight":             {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Weight = -100_000 }), "attempt 1", "out-of-range"},
		"more than anybody":             {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Weight = 1_001_000 }), "attempt 1", "out-of-range"},
		"half a kilogram, no record":    {lifts.Rules{}, card("100.5"), "attempt 1", "weight-step"},
		"a quarter for a record":        {lifts.Rules{}, card("100.25*"), "attempt 1", "weight-step"},
		"the same again after good":     {lifts.Rules{}, card("100 100"), "attempt 2", "rise-too-small"},
		"less after good":               {lifts.Rules{}, card("100 99"), "attempt 2", "rise-too-small"},
		"less after a failure":          {lifts.Rules{}, card("100x 99"), "attempt 2", "weight-lowered"},
		"the next before this":          {lifts.Rules{}, card("100? 101?"), "attempt 2", "attempt-before-open"},
		"four attempts":                 {lifts.Rules{}, card("100 101 102 103"), "attempts", "attempts-too-many"},
		"declined and lifted":           {lifts.Rules{}, with(func(l *lifts.Line) { l.Attempts[0].Declined = true }), "attempt 1", "declined-and-lifted"},
		"a fourth after two":            {lifts.Rules{}, fourth("100 101", record), "fourth", "fourth-too-early"},
		"a fourth for the place":        {lifts.Rules{}, fourth("100 101 102", lifts.Attempt{Weight: 104_000, Lights: "WWW"}), "fourth", "fourth-without-record"},
		"a fourth no heavier":           {lifts.Rules{}, fourth("100 101 103.5*", record), "fourth", "rise-too-small"},
		"not weighed":                   {lifts.Rules{}, with(func(l *lifts.Line) { l.BodyWeight = 0 }), "body_weight", "body-weight-missing"},
		"weighed to the gram":           {lifts.Rules{}, with(func(l *lifts.Line) { l.BodyWeight = 71_001 }), "body_weight", "out-of-range"},
		"a negative body weight":        {lifts.Rules{}, with(func(l *lifts.Line) { l.BodyWeight = -71_000 }), "body_weight", "out-of-range"},
		"too heavy for the category":    {lifts.Rules{Season: "wppo-2013"}, with(func(l *lifts.Line) { l.Category, l.BodyWeight = "65", 65_010 }), "category", "not-in-category"},
		"too light for the category":    {lifts.Rules{Season: "wppo-2013"}, with(func(l *lifts.Line) { l.Category, l.BodyWeight = "107+", 107_000 }), "category", "not-in-category"},
		"a category of another season":  {lifts.Rules{Season: "ipc-2008"}, with(func(l *lifts.Line) { l.Category = "72" }), "category", "not-in-category"},
		"an unknown season":             {lifts.Rules{Season: "wppo-1066"}, card("100"), "season", "unknown-table"},
		"two sets of categories":        {lifts.Rules{Season: "wppo-2013", Categories: []lifts.Category{{Sex: "M", Name: "all"}}}, card("100"), "season", "table-twice"},
		"two referees":                  {lifts.Rules{Referees: 2}, card("100"), "referees", "no-majority"},
		"weights in mm":                 {lifts.Rules{Measure: scoring.Millimetres}, card("100"), "measure", "wrong-measure"},
		"an unknown order":              {lifts.Rules{By: "style"}, card("100"), "by", "unknown-setting"},
		"points of no sex":              {lifts.Rules{By: "points"}, with(func(l *lifts.Line) { l.Sex = "" }), "class", "no-points-row"},
		"points of another sport":       {lifts.Rules{By: "points", Use: points.Use{Table: "raza-2025"}}, card("100"), "table", "unknown-formula"},
		"absent, and lifted":            {lifts.Rules{}, with(func(l *lifts.Line) { l.IRM = scoring.DNS }), "irm", "started-and-not"},
		"no lift, and a lift":           {lifts.Rules{}, with(func(l *lifts.Line) { l.IRM = scoring.NM }), "irm", "mark-and-none"},
		"a lot to decide and none":      {lifts.Rules{LotDecides: true}, with(func(l *lifts.Line) { l.Lot = 0 }), "lot", "lot-missing"},
		"no step at all":                {lifts.Rules{Step: -1000}, card("100"), "step", "out-of-range"},
		"an unknown reason for no mark": {lifts.Rules{}, with(func(l *lifts.Line) { l.IRM = "NMR" }), "irm", "unknown-irm"},
	} {
		got, err := lifts.Rank(tt.rules, []lifts.Line{tt.line})
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, %v, want the problem %s at %s", name, order(got), err, tt.problem, tt.field)
		}
	}
}

// Half a second weighing decides nothing.
func TestReweighOfOne(t *testing.T) {
	a, b := lifter(t, "1", "71", "100"), lifter(t, "2", "71", "100")
	a.Reweigh = 71_010
	_, err := lifts.Rank(lifts.Rules{}, []lifts.Line{a, b})
	var invalid *scoring.Invalid
	if !errors.As(err, &invalid) || invalid.Problem != "reweigh-missing" || invalid.Line != "2" {
		t.Errorf("one of two weighed again: %v", err)
	}
	b.Lot = 1
	if _, err := lifts.Rank(lifts.Rules{LotDecides: true}, []lifts.Line{lifter(t, "1", "71", "100"), b}); !errors.As(err, &invalid) || invalid.Problem != "lot-twice" {
		t.Errorf("the same lot twice: %v", err)
	}
}

func TestTurns(t *testing.T) {
	group := func(g string, l lifts.Line) lifts.Line { l.Group = g; return l }
	record := lifter(t, "5", "71", "100 101 102")
	record.Fourth = &lifts.Attempt{Weight: 102_500, Record: true}
	for name, tt := range map[string]struct {
		rules lifts.Rules
		lines []lifts.Line
		want  string
	}{
		"nothing declared": {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71", "100"), lifter(t, "2", "71", "")}, ""},
		"the lightest bar": {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71", "110?"), lifter(t, "2", "71", "100?")}, "2#1 1#1"},
		"then fewer made":  {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71", "99 100?"), lifter(t, "2", "71", "100?")}, "2#1 1#2"},
		"then the lot":     {lifts.Rules{}, []lifts.Line{lifter(t, "12", "71", "100?"), lifter(t, "3", "71", "100?")}, "3#1 12#1"},
		"by rounds":        {lifts.Rules{Rounds: true}, []lifts.Line{lifter(t, "1", "71", "90 91?"), lifter(t, "2", "71", "100?")}, "2#1 1#2"},
		"without rounds":   {lifts.Rules{}, []lifts.Line{lifter(t, "1", "71", "90 91?"), lifter(t, "2", "71", "100?")}, "1#2 2#1"},
		"B before A": {lifts.Rules{}, []lifts.Line{group("A", lifter(t, "1", "71", "90?")), group("B", lifter(t, "2", "71", "100?"))},
			"2#1 1#1"},
		"records last": {lifts.Rules{}, []lifts.Line{record, lifter(t, "6", "71", "120 121 130?")}, "6#3 5#4"},
		"the absent":   {lifts.Rules{}, []lifts.Line{{ID: "9", IRM: scoring.DNS}, lifter(t, "1", "71", "100?")}, "1#1"},
	} {
		turns, err := lifts.Turns(tt.rules, tt.lines)
		var got []string
		for _, turn := range turns {
			got = append(got, fmt.Sprint(turn.ID, "#", turn.Attempt))
		}
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, %v, want %s", name, got, err, tt.want)
		}
	}
	if _, err := lifts.Turns(lifts.Rules{}, []lifts.Line{{ID: "1"}}); err == nil {
		t.Error("an order without lots")
	}
}

func TestCategories(t *testing.T) {
	for _, tt := range []struct {
		day, sex string
		body     scoring.Mark
		want     string
	}{
		{"2026-08-08", "M", 49_000, "49"}, {"2026-08-08", "M", 49_010, "54"}, {"2026-08-08", "M", 107_000, "107"}, {"2026-08-08", "M", 107_010, "107+"},
		{"2026-08-08", "W", 73_000, "73"}, {"2026-08-08", "W", 30_000, "41"}, {"2026-08-08", "W", 120_000, "86+"},
		{"2008-09-16", "M", 67_500, "67.5"}, {"2008-09-16", "M", 134_540, "100+"}, {"2012-12-31", "W", 82_510, "82.5+"},
	} {
		season, err := lifts.SeasonOn(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := season.Category(tt.sex, tt.body); err != nil || c.Name != tt.want {
			t.Errorf("%s %s %d g: %v, %v, want %s", tt.day, tt.sex, tt.body, c, err, tt.want)
		}
		if _, err := season.Category("X", tt.body); err == nil {
			t.Errorf("a category for an unknown sex in %s", season.Name)
		}
	}
	for _, day := range []string{"1999-01-01", "", "2026-02-30"} {
		if s, err := lifts.SeasonOn(day); err == nil {
			t.Errorf("categories on %q: %v", day, s.Name)
		}
	}
	all, err := lifts.Seasons()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if len(s.Categories) != 20 || s.Source == "" {
			t.Errorf("%s: %d categories, source %q; want ten for each sex", s.Name, len(s.Categories), s.Source)
		}
	}
}

func TestReadSeasonRefuses(t *testing.T) {
	head := "# name: x\n# from: 2020-01-01\nsex\tname\tlimit\n"
	for text, problem := range map[string]string{
		"# name: x\nlimit\tname\n":      "unreadable",
		head:                            "table-empty",
		"sex\tname\tlimit\nM\t49\t49\n": "table-without-name",
		"# name: x\nsex\tname\tlimit\nM\t49\t49\n":                     "not-a-period",
		"# name: x\n# from: 2020-13-01\nsex\tname\tlimit\nM\t49\t49\n": "not-a-period",
		head + "M\t49\n":                               "not-a-category",
		head + "X\t49\t49\n":                           "not-a-category",
		head + "M\t\t49\n":                             "not-a-category",
		head + "M\t49\t-49\n":                          "not-a-category",
		head + "M\t49\t49.001\n":                       "not-a-category",
		head + "M\t49\t49\nM\t49\t50\n":                "category-twice",
		head + "M\t49+\t\nM\t54+\t\n":                  "category-twice",
		"# until: 2019-01-01\n" + head + "M\t49\t49\n": "not-a-period",
	} {
		_, err := lifts.ReadSeason(strings.NewReader(text))
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != problem {
			t.Errorf("%q: %v, want %s", text, err, problem)
		}
	}
}

func FuzzReadSeason(f *testing.F) {
	f.Add("# name: x\n# from: 2020-01-01\nsex\tname\tlimit\nM\t49\t49\nM\t49+\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := lifts.ReadSeason(strings.NewReader(text))
		var invalid *scoring.Invalid
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Fatalf("not a typed error: %v", err)
			}
			return
		}
		for _, c := range s.Categories {
			if found, err := s.Category(c.Sex, max(c.Limit, 10)); c.Limit > 0 && (err != nil || found != c) {
				t.Fatalf("%v is not the category of its own limit: %v, %v", c, found, err)
			}
		}
	})
}

// anyCard draws attempts that could have happened.
func anyCard(t *rapid.T, id string) lifts.Line {
	l := lifts.Line{ID: id, BodyWeight: scoring.Mark(rapid.Int64Range(7000, 7002).Draw(t, "body")) * 10}
	weight := scoring.Mark(rapid.Int64Range(100, 102).Draw(t, "opener")) * 1000
	for range rapid.IntRange(0, 3).Draw(t, "made") {
		lights := rapid.SampledFrom([]string{"WWW", "WRW", "RRW", "RRR"}).Draw(t, "lights")
		l.Attempts = append(l.Attempts, lifts.Attempt{Weight: weight, Lights: lights})
		weight += scoring.Mark(rapid.Int64Range(1, 2).Draw(t, "rise")) * 1000
	}
	return l
}

func TestRankProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 10).Draw(t, "starters")
		lines := make([]lifts.Line, n)
		for i := range lines {
			lines[i] = anyCard(t, fmt.Sprint(i+1))
		}
		want, err := lifts.Rank(lifts.Rules{}, lines)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := rapid.Permutation(append(lines, lifts.Line{ID: "99", IRM: scoring.DNS})).Draw(t, "shuffled")
		got, err := lifts.Rank(lifts.Rules{}, shuffled)
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

// A unit of 60 lifters: to be ranked in less than 100 µs.
func BenchmarkRank60x3(b *testing.B) {
	lines := make([]lifts.Line, 60)
	for i := range lines {
		lines[i] = lifter(b, fmt.Sprint(i+1), fmt.Sprintf("%d.5", 49+i), "100 105x 106")
		for k := range lines[i].Attempts {
			lines[i].Attempts[k].Weight += scoring.Mark(i*7919%40) * 1000
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lifts.Rank(lifts.Rules{}, lines); err != nil {
			b.Fatal(err)
		}
	}
}
