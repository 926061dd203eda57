package pool

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/duel"
)

func TestUsualRulesAreWhole(t *testing.T) {
	for _, sport := range append(Sports(), "table-tennis-team", "boccia-team", "floor-curling", "darts-sets") {
		r, err := Rules{Sport: sport}.complete()
		if err != nil {
			t.Errorf("%s: %v", sport, err)
			continue
		}
		if last := r.Ties[len(r.Ties)-1]; last.By != "lot" {
			t.Errorf("%s: ends with %q, not with the lot", sport, last.By)
		}
		if r.Source == "" || r.Format.Name != sport {
			t.Errorf("%s: no source, or the format of %q", sport, r.Format.Name)
		}
	}
}

// A regulation replaces any part of the usual rules and keeps the rest.
func TestRegulationReplaces(t *testing.T) {
	matches := []duel.Match{
		{ID: "1", A: "x", B: "y", Parts: [][2]int{{1, 0}, {0, 1}}},
		{ID: "2", A: "x", B: "z", Parts: [][2]int{{5, 0}, {0, 0}}},
		{ID: "3", A: "y", B: "z", Parts: [][2]int{{0, 0}, {1, 0}}},
	}
	lines := []Line{{ID: "x"}, {ID: "y"}, {ID: "z"}}
	for name, tt := range map[string]struct {
		rules Rules
		rule  string // that puts y behind x
		marks []scoring.Mark
	}{
		"as usual":             {Rules{Sport: "goalball"}, "score-difference", []scoring.Mark{4, 4, 0}},
		"two points for a win": {Rules{Sport: "goalball", Points: &Points{Win: 2, Draw: 1}}, "score-difference", []scoring.Mark{3, 3, 0}},
		"goals made first":     {Rules{Sport: "goalball", Ties: []Tie{{By: "match-points"}, {By: "score-for"}}}, "score-for", []scoring.Mark{4, 4, 0}},
	} {
		ranked, err := Rank(tt.rules, lines, matches)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, r := range ranked {
			if *r.Mark != tt.marks[i] {
				t.Errorf("%s: %s has %d, want %d", name, r.ID, *r.Mark, tt.marks[i])
			}
		}
		if ranked[1].Reason.Rule != tt.rule {
			t.Errorf("%s: decided by %s, want %s", name, ranked[1].Reason.Rule, tt.rule)
		}
	}
}

func TestRefused(t *testing.T) {
	win := [][2]int{{1, 0}, {0, 0}}
	two := []Line{{ID: "x"}, {ID: "y"}}
	played := func(m ...duel.Match) []duel.Match { return m }
	for name, tt := range map[string]struct {
		rules          Rules
		lines          []Line
		matches        []duel.Match
		field, problem string
	}{
		"unknown sport":       {Rules{Sport: "quidditch"}, two, nil, "sport", "unknown-sport"},
		"no rules at all":     {Rules{}, two, nil, "format", "setting-missing"},
		"unknown criterion":   {Rules{Sport: "goalball", Ties: []Tie{{By: "wins"}, {By: "beauty"}}}, two, nil, "ties", "unknown-criterion"},
		"begins with a lot":   {Rules{Sport: "goalball", Ties: []Tie{{By: "lot"}}}, two, nil, "ties", "first-tie"},
		"unknown setting":     {Rules{Sport: "goalball", Withdrawn: "perhaps"}, two, nil, "withdrawn", "unknown-setting"},
		"points out of range": {Rules{Sport: "goalball", Points: &Points{Win: 1_000_000}}, two, nil, "points", "not-between"},
		"twice the same line": {Rules{Sport: "goalball"}, []Line{{ID: "x"}, {ID: "x"}}, nil, "id", "id-twice"},
		"unknown code":        {Rules{Sport: "goalball"}, []Line{{ID: "x", IRM: "ILL"}}, nil, "irm", "unknown-irm"},
		"negative lot":        {Rules{Sport: "goalball"}, []Line{{ID: "x", Lot: -1}}, nil, "lot", "negative"},
		"a stone in a garden": {Rules{Sport: "wheelchair-curling"}, []Line{{ID: "x", Draws: []int64{300, 90_000}}}, nil, "draws 2", "not-between"},
		"a stranger plays":    {Rules{Sport: "goalball"}, two, played(duel.Match{ID: "1", A: "x", B: "w", Parts: win}), "side", "unknown-line"},
		"the same match":      {Rules{Sport: "goalball"}, two, played(duel.Match{ID: "1", A: "x", B: "y", Parts: win}, duel.Match{ID: "1", A: "y", B: "x", Parts: win}), "match", "id-twice"},
		"met twice":           {Rules{Sport: "goalball"}, two, played(duel.Match{ID: "1", A: "x", B: "y", Parts: win}, duel.Match{ID: "2", A: "y", B: "x", Parts: win}), "side", "met-too-often"},
		"a bye in a pool":     {Rules{Sport: "goalball"}, two, played(duel.Match{ID: "1", A: "x", End: duel.Bye}), "end", "no-byes"},
		"an impossible score": {Rules{Sport: "goalball"}, two, played(duel.Match{ID: "1", A: "x", B: "y", Parts: [][2]int{{12, 0}}}), "half 1", "beyond-mercy"},
	} {
		_, err := Rank(tt.rules, tt.lines, tt.matches)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want field %q problem %q", name, err, tt.field, tt.problem)
		}
	}
}

// pools draws a whole or unfinished round robin of a sport.
func pools(t *rapid.T) (Rules, []Line, []duel.Match) {
	rules := Rules{Sport: rapid.SampledFrom(Sports()).Draw(t, "sport")}
	n := rapid.IntRange(1, 6).Draw(t, "lines")
	lines := make([]Line, n)
	for i := range lines {
		lines[i] = Line{ID: fmt.Sprint(i + 1), Lot: rapid.IntRange(0, 3).Draw(t, "lot")}
		if rapid.IntRange(0, 9).Draw(t, "out") == 0 {
			lines[i].IRM = scoring.WDR
		}
	}
	var matches []duel.Match
	for a := range lines {
		for b := range a {
			m := duel.Match{ID: fmt.Sprint(len(matches) + 1), A: lines[a].ID, B: lines[b].ID}
			if play(t, rules.Sport, &m) {
				matches = append(matches, m)
			}
		}
	}
	return rules, lines, matches
}

// play gives the match a score that its format allows.
func play(t *rapid.T, sport string, m *duel.Match) bool {
	if rapid.IntRange(0, 9).Draw(t, "walkover") == 0 {
		m.End, m.Out = duel.Walkover, []string{m.A}
		return true
	}
	f, err := duel.Named(sport)
	if err != nil {
		t.Fatal(err)
	}
	for range f.Parts {
		p := [2]int{rapid.IntRange(0, 2).Draw(t, "x"), rapid.IntRange(0, 2).Draw(t, "y")}
		win := rapid.IntRange(0, 1).Draw(t, "winner")
		part := f.Part
		if f.Last != nil && len(m.Parts) == f.Parts-1 {
			part = *f.Last
		}
		switch {
		case part.To > 0:
			p[win] = part.To
			p[1-win] = min(p[1-win], part.To-part.By)
		case part.One:
			p[win] = 0
		case part.Sum > 0:
			p[1] = part.Sum - p[0]
		}
		m.Parts = append(m.Parts, p)
		if o, err := f.Decide(m); err == nil && o.Decided {
			return true
		}
	}
	return false
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, lines, matches := pools(t)
		ranked, err := Rank(rules, lines, matches)
		if err != nil {
			t.Fatal(err)
		}
		dense(t, ranked)
		reversed, played := slices.Clone(lines), slices.Clone(matches)
		slices.Reverse(reversed)
		slices.Reverse(played)
		again, err := Rank(rules, reversed, played)
		if err != nil || !reflect.DeepEqual(ranked, again) {
			t.Fatalf("the order of the input matters: %v\n%+v\n%+v", err, ranked, again)
		}
		more, err := Rank(rules, append(slices.Clone(lines), Line{ID: "99", IRM: scoring.DNS}), matches)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range ranked {
			for _, m := range more {
				if m.ID == r.ID && m.Rank != r.Rank {
					t.Fatalf("a DNS moves %s from %d to %d", r.ID, r.Rank, more[i].Rank)
				}
			}
		}
	})
}

// dense checks that ranks go 1, 2, 2, 4 and that a place is shared only by
// lines with the same mark.
func dense(t *rapid.T, ranked []scoring.Ranked) {
	for i, r := range ranked {
		if r.SortOrder != i+1 {
			t.Fatalf("sort order %d at %d", r.SortOrder, i)
		}
		if r.Rank == 0 {
			continue
		}
		if r.Rank != i+1 && (i == 0 || r.Rank != ranked[i-1].Rank || *r.Mark != *ranked[i-1].Mark) {
			t.Fatalf("rank %d at %d", r.Rank, i)
		}
		if i > 0 && ranked[i-1].Rank == 0 {
			t.Fatal("a ranked line below one without a place")
		}
	}
}

func BenchmarkPoolOfEight(b *testing.B) {
	var lines []Line
	var matches []duel.Match
	for a := range 8 {
		lines = append(lines, Line{ID: fmt.Sprint(a)})
		for c := range a {
			matches = append(matches, duel.Match{ID: fmt.Sprint(a, c), A: fmt.Sprint(a), B: fmt.Sprint(c), Parts: [][2]int{{2, 2}, {a % 3, c % 3}}})
		}
	}
	for b.Loop() {
		if _, err := Rank(Rules{Sport: "goalball"}, lines, matches); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzRank reads rules and matches that anybody may send.
func FuzzRank(f *testing.F) {
	f.Add(`{"sport":"table-tennis"}`, `[{"id":"1","a":"x","b":"y","parts":[[11,5],[11,9],[14,12]]}]`)
	f.Add(`{"sport":"chess","bye":2}`, `[{"id":"1","a":"x","end":"bye"},{"id":"2","a":"y","b":"z","parts":[[1,1]]}]`)
	f.Add(`{"format":{"name":"n","unit":"end","by":"total","parts":1},"points":{"win":2},"ties":[{"by":"wins"},{"by":"score-ratio","among":true,"only":3}]}`, `[]`)
	f.Fuzz(func(t *testing.T, rawRules, rawMatches string) {
		var rules Rules
		var matches []duel.Match
		if json.Unmarshal([]byte(rawRules), &rules) != nil || json.Unmarshal([]byte(rawMatches), &matches) != nil {
			return
		}
		lines := []Line{{ID: "x", Lot: 1}, {ID: "y", Draws: []int64{5}}, {ID: "z"}}
		ranked, err := Rank(rules, lines, matches)
		var invalid *scoring.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatalf("an error that is not an *Invalid: %v", err)
		}
		if err == nil && len(ranked) != len(lines) {
			t.Fatalf("%d lines became %d", len(lines), len(ranked))
		}
	})
}
