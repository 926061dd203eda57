package target

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

func TestParseHit(t *testing.T) {
	for s, want := range map[string]Hit{"X": {100, true}, "x": {100, true}, "10": {100, false}, "10*": {100, true}, "10x": {100, true}, "9": {90, false}, "0": {}, "M": {}, "m": {}, "9*": {90, true}} {
		if got, err := ParseHit(s, false); err != nil || got != want {
			t.Errorf("ParseHit(%q) = %v, %v, want %v", s, got, err, want)
		}
	}
	for s, want := range map[string]Hit{"10.9": {109, false}, "0.0": {}, "M": {}, "10.3x": {103, true}, "9.9*": {99, true}} {
		if got, err := ParseHit(s, true); err != nil || got != want {
			t.Errorf("ParseHit(%q, decimal) = %v, %v, want %v", s, got, err, want)
		}
	}
	for s, decimal := range map[string]bool{"11": false, "10.4": false, "-1": false, "": false, "*": false, "Y": false, "M*": false, "1e1": false, "11.0": true, "10": true, "X": true, "10.44": true} {
		if got, err := ParseHit(s, decimal); err == nil {
			t.Errorf("ParseHit(%q, %v) = %v", s, decimal, got)
		}
	}
}

func TestRefused(t *testing.T) {
	archery := Rules{Sport: "archery"}
	final := Rules{Sport: "shooting-final", Hits: 6, Series: 6, Out: 2}
	for name, tt := range map[string]struct {
		rules          Rules
		lines          []Line
		field, problem string
	}{
		"unknown sport":                {Rules{Sport: "bowling"}, nil, "sport", "unknown-sport"},
		"no rules":                     {Rules{}, nil, "hits", "not-between"},
		"unknown tie":                  {Rules{Sport: "archery", Ties: []string{"beauty"}}, nil, "ties", "unknown-criterion"},
		"a final without its step":     {Rules{Hits: 10, Series: 10, Out: 4}, nil, "out", "settings-clash"},
		"the same line twice":          {archery, []Line{{ID: "a"}, {ID: "a"}}, "id", "id-twice"},
		"seven arrows in an end":       {archery, []Line{{ID: "a", Ends: []string{"9 9 9 9 9 9 9"}}}, "end 1", "too-many-hits"},
		"more arrows than the round":   {Rules{Sport: "archery", Hits: 6}, []Line{{ID: "a", Ends: []string{"9 9 9 9", "9 9 9"}}}, "end 2", "too-many-hits"},
		"a letter":                     {archery, []Line{{ID: "a", Ends: []string{"9 9 Q"}}}, "end 1", "not-a-hit"},
		"hits and totals":              {archery, []Line{{ID: "a", Ends: []string{"9"}, Totals: []string{"9"}}}, "totals", "hits-and-totals"},
		"a total above the highest":    {archery, []Line{{ID: "a", Totals: []string{"61"}}}, "series 1", "not-between"},
		"tenths in whole rings":        {archery, []Line{{ID: "a", Totals: []string{"54.5"}}}, "series 1", "rings-too-fine"},
		"hits of who did not start":    {archery, []Line{{ID: "a", Ends: []string{"9"}, IRM: scoring.DNS}}, "irm", "started-and-not"},
		"unknown code":                 {archery, []Line{{ID: "a", IRM: "ILL"}}, "irm", "unknown-irm"},
		"a shoot-off that is no hit":   {archery, []Line{{ID: "a", ShootOff: []string{"ten"}}}, "shoot-off 1", "not-a-hit"},
		"a penalty that is none":       {archery, []Line{{ID: "a", Penalty: "two"}}, "penalty", "not-a-number"},
		"a negative lot":               {archery, []Line{{ID: "a", Lot: -1}}, "lot", "negative"},
		"a shot after the exit":        {final, []Line{{ID: "a", Ends: []string{"9.0 9.0 9.0"}}, {ID: "b", Ends: []string{"9.9 9.9 9.9"}}, {ID: "c", Ends: []string{"9.8 9.8 9.8"}}}, "shot 3", "shot-after-exit"},
		"past an undecided exit":       {final, []Line{{ID: "a", Ends: []string{"9.0 9.0"}}, {ID: "b", Ends: []string{"9.0 9.0"}}, {ID: "c", Ends: []string{"9.8 9.8 9.8"}}}, "shot 2", "shoot-off-missing"},
		"an exit where there is none":  {final, []Line{{ID: "a", Totals: []string{"30.0"}, Shots: 3}}, "shots", "not-an-exit"},
		"a shoot-off of rings at exit": {final, []Line{{ID: "a", OutOffs: map[int]string{2: "9"}}}, "shoot-off 2", "tenths-missing"},
	} {
		_, err := Rank(tt.rules, tt.lines)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want field %q problem %q", name, err, tt.field, tt.problem)
		}
	}
}

// rounds draws a round of any usual sport but the final.
func rounds(t *rapid.T) (Rules, []Line) {
	rules := Rules{Sport: rapid.SampledFrom([]string{"archery", "shooting", "shooting-decimal"}).Draw(t, "sport"), Hits: 6, Series: 3}
	lines := make([]Line, rapid.IntRange(0, 8).Draw(t, "lines"))
	for i := range lines {
		lines[i] = Line{ID: fmt.Sprint(i + 1), Lot: rapid.IntRange(0, 2).Draw(t, "lot")}
		if rapid.IntRange(0, 9).Draw(t, "out") == 0 {
			lines[i].IRM = scoring.DNF
		}
		for range rapid.IntRange(0, 2).Draw(t, "ends") {
			var hits []string
			for range rapid.IntRange(0, 3).Draw(t, "hits") {
				hits = append(hits, rapid.SampledFrom(map[bool][]string{false: {"10", "10*", "9"}, true: {"10.0", "10.1", "9.9"}}[rules.Sport == "shooting-decimal"]).Draw(t, "hit"))
			}
			lines[i].Ends = append(lines[i].Ends, strings.Join(hits, " "))
		}
	}
	return rules, lines
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, lines := rounds(t)
		ranked, err := Rank(rules, lines)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range ranked {
			if r.Rank != 0 && r.Rank != i+1 && (i == 0 || r.Rank != ranked[i-1].Rank || *r.Mark != *ranked[i-1].Mark) {
				t.Fatalf("rank %d at %d", r.Rank, i)
			}
			if i > 0 && r.Rank != 0 && *r.Mark > *ranked[i-1].Mark {
				t.Fatal("a higher total below a lower one")
			}
		}
		turned := slices.Clone(lines)
		slices.Reverse(turned)
		again, err := Rank(rules, append(turned, Line{ID: "99", IRM: scoring.DNS}))
		if err != nil {
			t.Fatal(err)
		}
		again = slices.DeleteFunc(again, func(r scoring.Ranked) bool { return r.ID == "99" })
		for i := range again {
			again[i].SortOrder = i + 1
		}
		if !reflect.DeepEqual(ranked, again) {
			t.Fatalf("the order of the input or a DNS matters:\n%+v\n%+v", ranked, again)
		}
	})
}

// A final of any totals: one goes out at each exit, and whoever is out stands
// behind everybody who fired on.
func TestFinals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Rules{Sport: "shooting-final"}
		n := rapid.IntRange(2, 8).Draw(t, "finalists")
		shots := map[string][]string{}
		offs := map[string]map[int]string{}
		in := []string{}
		for i := range n {
			in = append(in, fmt.Sprint(i+1))
		}
		lines := func() []Line {
			var out []Line
			for i := range n {
				id := fmt.Sprint(i + 1)
				out = append(out, Line{ID: id, Ends: []string{strings.Join(shots[id], " ")}, OutOffs: offs[id]})
			}
			return out
		}
		var exits []string
		for shot := 1; shot <= 24 && len(in) > 1; shot++ {
			for _, id := range in {
				shots[id] = append(shots[id], rapid.SampledFrom([]string{"10.0", "10.1", "9.9"}).Draw(t, "shot"))
				if shot >= 12 && shot%2 == 0 {
					if offs[id] == nil {
						offs[id] = map[int]string{}
					}
					offs[id][shot] = fmt.Sprintf("9.%s", id) // decides any tie: the lowest number is out
				}
			}
			ranked, err := Rank(rules, lines())
			if err != nil {
				t.Fatal(err)
			}
			if shot >= 12 && shot%2 == 0 {
				out := ranked[len(in)-1].ID
				exits = append(exits, out)
				in = slices.DeleteFunc(in, func(id string) bool { return id == out })
			}
			for i, id := range exits { // their places are fixed for good
				if got := ranked[n-1-i]; got.ID != id || got.Rank != n-i {
					t.Fatalf("%s left as number %d and is now %s, rank %d", id, n-i, got.ID, got.Rank)
				}
			}
		}
	})
}

func BenchmarkSixtyLines(b *testing.B) {
	lines := make([]Line, 60)
	for i := range lines {
		for e := range 12 {
			lines[i].Ends = append(lines[i].Ends, fmt.Sprintf("X 10 9 %d 8 %d", 8-i%3, e%7))
		}
		lines[i].ID = fmt.Sprint(i + 1)
	}
	for b.Loop() {
		if _, err := Rank(Rules{Sport: "archery"}, lines); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParseHit(f *testing.F) {
	for _, s := range []string{"X", "10", "10.9", "M", "9*", "１０"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, decimal bool) {
		h, err := ParseHit(s, decimal)
		if err == nil && (h.Tenths < 0 || h.Tenths > 109 || !decimal && h.Tenths > 100) {
			t.Fatalf("ParseHit(%q) = %v", s, h)
		}
	})
}

func FuzzRank(f *testing.F) {
	f.Add(`{"sport":"archery","hits":12}`, `[{"id":"a","ends":["X 10 9 M"]},{"id":"b","totals":["50"],"lot":1}]`)
	f.Add(`{"sport":"shooting-final","hits":6,"series":6,"out":2}`, `[{"id":"a","ends":["9.0 9.0"],"out_offs":{"2":"9.1"}},{"id":"b","ends":["9.0 9.0"],"out_offs":{"2":"9.1 9.2"}}]`)
	f.Fuzz(func(t *testing.T, rawRules, rawLines string) {
		var rules Rules
		var lines []Line
		if json.Unmarshal([]byte(rawRules), &rules) != nil || json.Unmarshal([]byte(rawLines), &lines) != nil {
			return
		}
		ranked, err := Rank(rules, lines)
		var invalid *scoring.Invalid
		if err != nil && !errors.As(err, &invalid) || err == nil && len(ranked) != len(lines) {
			t.Fatalf("%d lines became %d, %v", len(lines), len(ranked), err)
		}
	})
}
