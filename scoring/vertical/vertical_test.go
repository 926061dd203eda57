package vertical_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/vertical"
)

// bar is raised from 1.70 m by 5 cm.
var bar = vertical.Rules{Heights: []scoring.Mark{1700, 1750, 1800, 1850}, JumpOff: []scoring.Mark{1850, 1830, 1850}}

func order(ranked []scoring.Ranked) []string {
	var out []string
	for _, r := range ranked {
		out = append(out, fmt.Sprint(r.Rank, ":", r.ID, ":", r.Result, ":", r.Reason.Rule))
	}
	return out
}

// row reads "O XO X- XXX" or, with a jump-off, "O XXX / X O".
func row(id, s string) vertical.Line {
	tries, off, _ := strings.Cut(s, "/")
	return vertical.Line{ID: id, Tries: strings.Fields(tries), JumpOff: strings.Fields(off)}
}

func TestRank(t *testing.T) {
	for name, tt := range map[string]struct {
		rows []string // of athletes 1, 2, 3 …
		want []string
	}{
		"nobody": {nil, nil},
		"the height decides": {[]string{"O O XXX", "O XO O XXX"},
			[]string{"1:2:1.80:height", "2:1:1.75:height"}},
		"then the failures at it": {[]string{"O XO XXX", "XO O XXX"},
			[]string{"1:2:1.75:failures-at-height", "2:1:1.75:failures-at-height"}},
		"then the failures in all": {[]string{"XO O XXX", "O O XXX"},
			[]string{"1:2:1.75:failures-total", "2:1:1.75:failures-total"}},
		"failures above the best height are nothing": {[]string{"O O XXX", "O O XX- X", "O O r"},
			[]string{"1:1:1.75:shared", "1:2:1.75:shared", "1:3:1.75:shared"}},
		"a failure at a height passed over counts": {[]string{"O X- O XXX", "O - O XXX"},
			[]string{"1:2:1.80:failures-total", "2:1:1.80:failures-total"}},
		"the failure is not one at the height cleared": {[]string{"O X- O XXX", "O - XO XXX"},
			[]string{"1:1:1.80:failures-at-height", "2:2:1.80:failures-at-height"}},
		"attempts kept for the next height": {[]string{"X- XO XXX", "O XXX"},
			[]string{"1:1:1.75:height", "2:2:1.70:height"}},
		"two kept, one failure more and out": {[]string{"XX- X", "O XXX"},
			[]string{"1:2:1.70:alone", "0:1:NM:irm"}},
		"passing changes nothing": {[]string{"- O XXX", "O O XXX"},
			[]string{"1:1:1.75:shared", "1:2:1.75:shared"}},
		"shared, and the next place is skipped": {[]string{"O XXX", "O XXX", "XO XXX"},
			[]string{"1:1:1.70:shared", "1:2:1.70:shared", "3:3:1.70:failures-at-height"}},
		"no height": {[]string{"XXX", "- r", "XX", "-", ""},
			[]string{"0:3::waiting", "0:4::waiting", "0:5::waiting", "0:1:NM:irm", "0:2:NM:irm"}},
		"a jump-off": {[]string{"O O XXX / X O", "O O XXX / X X", "O XO XXX"},
			[]string{"1:1:1.75:jump-off", "2:2:1.75:jump-off", "3:3:1.75:failures-at-height"}},
		"three in a jump-off, two of them still level": {[]string{"O XXX / X X", "O XXX / X O", "O XXX / X X"},
			[]string{"1:2:1.70:jump-off", "2:1:1.70:jump-off", "2:3:1.70:shared"}},
		"three in a jump-off, one out at once": {[]string{"O XXX / O X", "O XXX / O O", "O XXX / X"},
			[]string{"1:2:1.70:jump-off", "2:1:1.70:jump-off", "3:3:1.70:jump-off"}},
		"who gives the jump-off up is second": {[]string{"O XXX / r", "O XXX / O"},
			[]string{"1:2:1.70:jump-off", "2:1:1.70:jump-off"}},
		"keys that people press": {[]string{"o xo ×–", "○ XO x-"},
			[]string{"1:1:1.75:shared", "1:2:1.75:shared"}},
	} {
		var lines []vertical.Line
		for i, s := range tt.rows {
			lines = append(lines, row(fmt.Sprint(i+1), s))
		}
		got, err := vertical.Rank(bar, lines)
		if err != nil || !slices.Equal(order(got), tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, order(got), err, tt.want)
		}
	}
}

func TestRankRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		rows           []string
		line           string
		field, problem string
	}{
		"a fourth attempt":                {[]string{"XXXX"}, "1", "1.70", "jump-after-three-failures"},
		"cleared after three failures":    {[]string{"XXXO"}, "1", "1.70", "jump-after-three-failures"},
		"on after three failures":         {[]string{"O XXX O"}, "1", "1.80", "jump-after-three-failures"},
		"three failures over two heights": {[]string{"XX- XO"}, "1", "1.75", "jump-after-three-failures"},
		"four failures over two heights":  {[]string{"XX- XX"}, "1", "1.75", "jump-after-three-failures"},
		"passing after three failures":    {[]string{"X- XX-"}, "1", "1.75", "jump-after-three-failures"},
		"after retiring":                  {[]string{"O r O"}, "1", "1.80", "after-retiring"},
		"a height left unfinished":        {[]string{"X O"}, "1", "1.75", "height-unfinished"},
		"cleared and cleared again":       {[]string{"OO"}, "1", "1.70", "not-a-trial"},
		"a tick":                          {[]string{"✓"}, "1", "1.70", "not-a-trial"},
		"more boxes than heights":         {[]string{"O O O O O"}, "1", "tries", "more-tries-than-heights"},
		"a jump-off for second place":     {[]string{"O O XXX", "O XXX / O", "O XXX / X"}, "2", "jump_off", "jump-off-not-level"},
		"a jump-off already decided":      {[]string{"O XXX / O X", "O XXX / X O"}, "1", "jump-off 2", "jump-off-decided"},
		"out and jumping":                 {[]string{"O XXX / O O", "O XXX / O X", "O XXX / X X"}, "3", "jump-off 2", "jump-off-decided"},
		"two attempts in one round":       {[]string{"O XXX / XO", "O XXX / X"}, "1", "jump-off 1", "not-a-jump-off-trial"},
		"more rounds than bars":           {[]string{"O XXX / X X X X", "O XXX"}, "1", "jump_off", "more-tries-than-heights"},
	} {
		var lines []vertical.Line
		for i, s := range tt.rows {
			lines = append(lines, row(fmt.Sprint(i+1), s))
		}
		got, err := vertical.Rank(bar, lines)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Line != tt.line || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, %v, want line %s, %s at %s", name, got, err, tt.line, tt.problem, tt.field)
		}
	}
	gap := vertical.Line{ID: "1", Tries: []string{"O", "", "O"}}
	if _, err := vertical.Rank(bar, []vertical.Line{gap}); err == nil || !strings.Contains(err.Error(), "1.75: height empty") {
		t.Errorf("an empty box between two jumps: %v", err)
	}
	for name, heights := range map[string][]scoring.Mark{
		"none": {}, "falling": {1800, 1750}, "the same again": {1750, 1750}, "below the ground": {-1}, "above the roof": {10_001}, "one by one": make([]scoring.Mark, 61),
	} {
		var invalid *scoring.Invalid
		if _, err := vertical.Rank(vertical.Rules{Heights: heights}, nil); !errors.As(err, &invalid) || invalid.Field != "heights" {
			t.Errorf("heights %s: %v", name, err)
		}
	}
	var invalid *scoring.Invalid
	race := vertical.Rules{Heights: bar.Heights, Measure: scoring.Milliseconds}
	if _, err := vertical.Rank(race, nil); !errors.As(err, &invalid) || invalid.Problem != "wrong-measure" {
		t.Errorf("heights in milliseconds: %v", err)
	}
	for irm, problem := range map[scoring.IRM]string{scoring.DNS: "started-and-not", scoring.NM: "mark-and-none", "GONE": "unknown-irm"} {
		line := row("1", "O")
		line.IRM = irm
		var invalid *scoring.Invalid
		if _, err := vertical.Rank(bar, []vertical.Line{line}); !errors.As(err, &invalid) || invalid.Problem != problem {
			t.Errorf("%s with a height cleared: %v", irm, err)
		}
	}
}

// A winner who is disqualified after the jump-off leaves the others level.
func TestDisqualifiedAfterTheJumpOff(t *testing.T) {
	winner := row("1", "O XXX / O")
	winner.IRM = scoring.DSQ
	got, err := vertical.Rank(bar, []vertical.Line{winner, row("2", "O XXX / X"), row("3", "O XXX / X")})
	want := []string{"1:2:1.70:shared", "1:3:1.70:shared", "0:1:DSQ:irm"}
	if err != nil || !slices.Equal(order(got), want) {
		t.Errorf("%v, %v, want %v", order(got), err, want)
	}
}

// anyRow draws a row that a sheet could hold.
func anyRow(t *rapid.T, id string) vertical.Line {
	l := vertical.Line{ID: id}
	run := 0
	for range rapid.IntRange(0, len(bar.Heights)).Draw(t, "heights") {
		failures := rapid.IntRange(0, 3-run).Draw(t, "failures")
		run += failures
		box := strings.Repeat("X", failures)
		if run == 3 {
			l.Tries = append(l.Tries, box)
			break
		}
		if rapid.IntRange(0, 2).Draw(t, "pass") == 0 {
			l.Tries = append(l.Tries, box+"-")
			continue
		}
		run = 0
		l.Tries = append(l.Tries, box+"O")
	}
	return l
}

func TestRankProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 10).Draw(t, "starters")
		lines := make([]vertical.Line, n)
		for i := range lines {
			lines[i] = anyRow(t, fmt.Sprint(i+1))
		}
		want, err := vertical.Rank(bar, lines)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := rapid.Permutation(append(lines, vertical.Line{ID: "99", IRM: scoring.DNS})).Draw(t, "shuffled")
		got, err := vertical.Rank(bar, shuffled)
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

func FuzzRank(f *testing.F) {
	for _, s := range []string{"O XO X- XXX", "XX- X", "- - r", "O XXX / X O", "○ × –"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := vertical.Rank(bar, []vertical.Line{row("1", s)})
		var invalid *scoring.Invalid
		switch {
		case err != nil && !errors.As(err, &invalid):
			t.Fatalf("not a typed error: %v", err)
		case err == nil && got[0].Rank == 1 && !strings.ContainsAny(s, "Oo○"):
			t.Fatalf("%q has a place without a height cleared: %+v", s, got)
		}
	})
}

// A unit of 60 lines with six heights: to be ranked in less than 100 µs.
func BenchmarkRank60x6(b *testing.B) {
	rules := vertical.Rules{Heights: []scoring.Mark{1700, 1750, 1800, 1850, 1900, 1950}}
	cards := []string{"O XO O XXO - XXX", "- O X- XO O XXX", "O O O O O O", "XXO XO XXO XXX", "- - O XX- O XXX"}
	lines := make([]vertical.Line, 60)
	for i := range lines {
		lines[i] = row(fmt.Sprint(i+1), cards[i%len(cards)])
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := vertical.Rank(rules, lines); err != nil {
			b.Fatal(err)
		}
	}
}
