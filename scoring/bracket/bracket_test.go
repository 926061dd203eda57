package bracket

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
	"tongchang/scoring/duel"
)

// sketch prints a bracket in one line: SF1(1,4) SF2(2,3) F(w:SF1,w:SF2).
func sketch(b *Bracket) string {
	slot := func(s Slot) string {
		switch {
		case s.Seed > 0:
			return fmt.Sprint(s.Seed)
		case s.Winner != "":
			return "w:" + s.Winner
		}
		return "l:" + s.Loser
	}
	var out []string
	for _, m := range b.Matches {
		out = append(out, fmt.Sprintf("%s(%s,%s)", m.ID, slot(m.Slots[0]), slot(m.Slots[1])))
	}
	return strings.Join(out, " ")
}

func places(b *Bracket) string {
	var out []string
	for _, p := range b.Places {
		out = append(out, fmt.Sprint(p.Place))
	}
	return strings.Join(out, " ")
}

func TestBuild(t *testing.T) {
	for name, tt := range map[string]struct {
		entries int
		options Options
		want    string
		places  string
	}{
		"one entry":                          {1, Options{}, "", "1"},
		"two":                                {2, Options{}, "F(1,2)", "1 2"},
		"three: the first seed has a bye":    {3, Options{}, "SF1(2,3) F(1,w:SF1)", "1 2 3"},
		"three with a third-place match":     {3, Options{PlayTo: 3}, "SF1(2,3) F(1,w:SF1)", "1 2 3"},
		"four, two bronze medals":            {4, Options{}, "SF1(1,4) SF2(2,3) F(w:SF1,w:SF2)", "1 2 3 3"},
		"four, third place played":           {4, Options{PlayTo: 3}, "SF1(1,4) SF2(2,3) P3(l:SF1,l:SF2) F(w:SF1,w:SF2)", "1 2 3 4"},
		"five: one first match":              {5, Options{}, "QF1(4,5) SF1(1,w:QF1) SF2(2,3) F(w:SF1,w:SF2)", "1 2 3 3 5"},
		"six, all places played":             {6, Options{PlayTo: 8}, "QF1(4,5) QF2(3,6) SF1(1,w:QF1) SF2(2,w:QF2) P5(l:QF1,l:QF2) P3(l:SF1,l:SF2) F(w:SF1,w:SF2)", "1 2 3 4 5 6"},
		"seven, losers of a round share":     {7, Options{PlayTo: 3}, "QF1(4,5) QF2(2,7) QF3(3,6) SF1(1,w:QF1) SF2(w:QF2,w:QF3) P3(l:SF1,l:SF2) F(w:SF1,w:SF2)", "1 2 3 4 5 5 5"},
		"the draw's own order":               {4, Options{Order: []int{1, 3, 4, 2}}, "SF1(1,3) SF2(4,2) F(w:SF1,w:SF2)", "1 2 3 3"},
		"a draw with byes where it says":     {3, Options{Order: []int{1, 2, 0, 3}}, "SF1(1,2) F(w:SF1,3)", "1 2 3"},
		"double elimination of two":          {2, Options{Double: true, Reset: true}, "W1-1(1,2) GF(w:W1-1,l:W1-1) GF2(w:GF,l:GF)", "1 2"},
		"double elimination of three":        {3, Options{Double: true}, "W1-1(2,3) W2-1(1,w:W1-1) L2-1(l:W1-1,l:W2-1) GF(w:W2-1,w:L2-1)", "1 2 3"},
		"double elimination of four":         {4, Options{Double: true}, "W1-1(1,4) W1-2(2,3) W2-1(w:W1-1,w:W1-2) L1-1(l:W1-1,l:W1-2) L2-1(w:L1-1,l:W2-1) GF(w:W2-1,w:L2-1)", "1 2 3 4"},
		"sixteen lose in three shared steps": {16, Options{}, "", "1 2 3 3 5 5 5 5 9 9 9 9 9 9 9 9"},
		"double elimination of eight":        {8, Options{Double: true}, "", "1 2 3 4 5 5 7 7"},
	} {
		b, err := Build(tt.entries, tt.options)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := sketch(b); tt.want != "" && got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, tt.want)
		}
		if got := places(b); got != tt.places {
			t.Errorf("%s: places %s, want %s", name, got, tt.places)
		}
	}
	for name, tt := range map[string]struct {
		entries int
		options Options
	}{
		"nobody":                   {0, Options{}},
		"too many":                 {513, Options{}},
		"reset without double":     {4, Options{Reset: true}},
		"both kinds at once":       {4, Options{Double: true, PlayTo: 3}},
		"a draw of three lines":    {3, Options{Order: []int{1, 2, 3}}},
		"a seed twice":             {4, Options{Order: []int{1, 2, 2, 4}}},
		"a seed forgotten":         {4, Options{Order: []int{1, 2, 0, 4}}},
		"a seed that is not there": {4, Options{Order: []int{1, 2, 3, 5}}},
	} {
		if b, err := Build(tt.entries, tt.options); err == nil {
			t.Errorf("%s: built %s", name, sketch(b))
		}
	}
}

func TestSeeding(t *testing.T) {
	for n, want := range map[int][]int{
		4: {1, 4, 2, 3},
		6: {1, 0, 4, 5, 2, 0, 3, 6},
		8: {1, 8, 4, 5, 2, 7, 3, 6},
	} {
		if got := Seeding(n); !slices.Equal(got, want) {
			t.Errorf("Seeding(%d) = %v, want %v", n, got, want)
		}
	}
}

// darts is a short format: best of one leg.
var darts = duel.Format{Name: "darts", Unit: "leg", By: duel.ByParts, Parts: 1, Part: duel.Part{To: 1, By: 1}}

// playOut decides ready matches, by the function, until none is left, and
// returns results and final state.
func playOut(t interface{ Fatal(...any) }, b *Bracket, wins func(Tie) bool) ([]duel.Match, *State) {
	var results []duel.Match
	for {
		entries := make([]string, b.Entries)
		for i := range entries {
			entries[i] = fmt.Sprint(i + 1)
		}
		state, err := b.Advance(&darts, entries, results)
		if err != nil {
			t.Fatal(err)
		}
		n := len(results)
		for _, tie := range state.Ties {
			if !tie.Ready {
				continue
			}
			part := [2]int{0, 1}
			if wins(tie) {
				part = [2]int{1, 0}
			}
			results = append(results, duel.Match{ID: tie.ID, A: tie.A, B: tie.B, Parts: [][2]int{part}})
		}
		if len(results) == n {
			return results, state
		}
	}
}

// When every favourite wins and every place is played for, the places are the
// seeds.
func TestFavourites(t *testing.T) {
	for n := 1; n <= 64; n++ {
		b, err := Build(n, Options{PlayTo: n})
		if err != nil {
			t.Fatal(err)
		}
		_, state := playOut(t, b, func(tie Tie) bool { return scoring.CompareIDs(tie.A, tie.B) < 0 })
		for i, p := range state.Places {
			if p.Place != i+1 || p.ID != fmt.Sprint(i+1) {
				t.Fatalf("%d entries: place %d for seed %s", n, p.Place, p.ID)
			}
		}
	}
}

func rules(t *rapid.T, n int) Rules {
	r := Rules{Format: &darts}
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		r.PlayTo = rapid.IntRange(0, n+2).Draw(t, "play to")
	case 1:
		r.Double, r.Reset = true, rapid.Bool().Draw(t, "reset")
	}
	return r
}

// A bracket of n gives n places, whoever wins; nobody is out before the
// defeats that the bracket allows; the order of the input never matters.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "entries")
		r := rules(t, n)
		b, err := Build(n, r.Options)
		if err != nil {
			t.Fatal(err)
		}
		results, state := playOut(t, b, func(Tie) bool { return rapid.Bool().Draw(t, "wins") })
		if len(b.Places) != n || len(state.Places) != n {
			t.Fatalf("%d entries, %d places, %d taken", n, len(b.Places), len(state.Places))
		}
		lines := make([]Line, n)
		for i := range lines {
			lines[i] = Line{ID: fmt.Sprint(i + 1), Seed: i + 1}
		}
		ranked, err := Rank(r, lines, results)
		if err != nil {
			t.Fatal(err)
		}
		defeats := map[string]int{}
		for _, tie := range state.Ties {
			if !tie.Void {
				defeats[tie.Loser]++
			}
		}
		for i, l := range ranked {
			if l.Rank != i+1 && (i == 0 || l.Rank != ranked[i-1].Rank) {
				t.Fatalf("rank %d at %d", l.Rank, i)
			}
			if int(*l.Mark) != l.Rank {
				t.Fatalf("place %d but rank %d", *l.Mark, l.Rank)
			}
			if want := 2; r.Double && l.Rank > 2 && defeats[l.ID] != want {
				t.Fatalf("%s is out after %d defeats", l.ID, defeats[l.ID])
			}
		}
		if ranked[0].Rank != 1 || n > 1 && ranked[1].Rank != 2 {
			t.Fatal("no first or no second place")
		}
		slices.Reverse(lines)
		slices.Reverse(results)
		again, err := Rank(r, append(lines, Line{ID: "late", IRM: scoring.DNS}), results)
		if err != nil || !reflect.DeepEqual(again[:n], ranked) {
			t.Fatalf("the order of the input or a DNS matters: %v", err)
		}
	})
}

func TestSecondFinal(t *testing.T) {
	b, err := Build(2, Options{Double: true, Reset: true})
	if err != nil {
		t.Fatal(err)
	}
	leg := func(id, a, b string, won int) duel.Match {
		return duel.Match{ID: id, A: a, B: b, Parts: [][2]int{{won, 1 - won}}}
	}
	for name, tt := range map[string]struct {
		results []duel.Match
		winner  string
		ready   string
	}{
		"undefeated wins: no second final":         {[]duel.Match{leg("W1-1", "x", "y", 1), leg("GF", "x", "y", 1)}, "x", ""},
		"the same, sides told the other way round": {[]duel.Match{leg("W1-1", "x", "y", 1), leg("GF", "y", "x", 0)}, "x", ""},
		"first defeat: a second final":             {[]duel.Match{leg("W1-1", "x", "y", 1), leg("GF", "x", "y", 0)}, "", "GF2"},
		"the second final decides":                 {[]duel.Match{leg("W1-1", "x", "y", 1), leg("GF", "x", "y", 0), leg("GF2", "x", "y", 1)}, "x", ""},
	} {
		state, err := b.Advance(&darts, []string{"x", "y"}, tt.results)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ready := ""
		for _, tie := range state.Ties {
			if tie.Ready {
				ready = tie.ID
			}
		}
		winner := ""
		if len(state.Places) > 0 {
			winner = state.Places[0].ID
		}
		if winner != tt.winner || ready != tt.ready {
			t.Errorf("%s: winner %q ready %q, want %q %q", name, winner, ready, tt.winner, tt.ready)
		}
	}
}

// Both finalists of a semi-final are out: their next opponent goes through,
// and they have no place.
func TestBothOut(t *testing.T) {
	lines := []Line{{ID: "a", Seed: 1}, {ID: "b", Seed: 2}, {ID: "c", Seed: 3}, {ID: "d", Seed: 4}}
	ranked, err := Rank(Rules{Format: &darts, Options: Options{PlayTo: 3}}, lines, []duel.Match{
		{ID: "SF1", A: "a", B: "d", End: duel.Disqualified, Out: []string{"a", "d"}},
		{ID: "SF2", A: "c", B: "b", Parts: [][2]int{{1, 0}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range ranked {
		got += fmt.Sprint(r.ID, r.Rank, r.IRM, " ")
	}
	if want := "c1 b2 a0DSQ d0DSQ "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRefused(t *testing.T) {
	lines := []Line{{ID: "a", Seed: 1}, {ID: "b", Seed: 2}, {ID: "c", Seed: 3}, {ID: "d", Seed: 4}}
	one := func(id, a, b string) duel.Match {
		return duel.Match{ID: id, A: a, B: b, Parts: [][2]int{{1, 0}}}
	}
	drawn := duel.Format{Name: "x", Unit: "half", By: duel.ByTotal, Parts: 1, Draw: true}
	for name, tt := range map[string]struct {
		format  *duel.Format
		lines   []Line
		matches []duel.Match
		problem string
	}{
		"a match that is not in it":  {&darts, lines, []duel.Match{one("SF9", "a", "b")}, "unknown-match"},
		"a final before its time":    {&darts, lines, []duel.Match{one("F", "a", "b")}, "too-early"},
		"somebody else's match":      {&darts, lines, []duel.Match{one("SF1", "a", "b")}, "other-sides"},
		"the same match twice":       {&darts, lines, []duel.Match{one("SF1", "a", "d"), one("SF1", "a", "d")}, "id-twice"},
		"a draw":                     {&drawn, lines, []duel.Match{{ID: "SF1", A: "a", B: "d", Parts: [][2]int{{1, 1}}}}, "draw-in-knock-out"},
		"an impossible score":        {&darts, lines, []duel.Match{{ID: "SF1", A: "a", B: "d", Parts: [][2]int{{2, 1}}}}, "impossible-score"},
		"no seed and no reason":      {&darts, []Line{{ID: "a"}}, nil, "seed-missing"},
		"a seed too high":            {&darts, []Line{{ID: "a", Seed: 2}}, nil, "bad-seed"},
		"two with the same seed":     {&darts, []Line{{ID: "a", Seed: 1}, {ID: "b", Seed: 1}}, nil, "bad-seed"},
		"the same line twice":        {&darts, []Line{{ID: "a", Seed: 1}, {ID: "a", Seed: 2}}, nil, "id-twice"},
		"an unknown code":            {&darts, []Line{{ID: "a", Seed: 1, IRM: "ILL"}}, nil, "unknown-irm"},
		"a match in an empty draw":   {&darts, nil, []duel.Match{one("F", "a", "b")}, "unknown-match"},
		"no format":                  {nil, lines, nil, "unknown-format"},
		"a match nobody has to play": {&darts, lines, []duel.Match{{ID: "SF1", A: "a", B: "d", End: duel.Walkover, Out: []string{"a", "d"}}, one("SF2", "b", "c"), one("F", "b", "a")}, "not-needed"},
	} {
		_, err := Rank(Rules{Format: tt.format}, tt.lines, tt.matches)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want %s", name, err, tt.problem)
		}
	}
}

func BenchmarkRankSixtyFour(b *testing.B) {
	br, err := Build(64, Options{PlayTo: 3})
	if err != nil {
		b.Fatal(err)
	}
	results, _ := playOut(b, br, func(tie Tie) bool { return len(tie.ID)%2 == 0 })
	lines := make([]Line, 64)
	for i := range lines {
		lines[i] = Line{ID: fmt.Sprint(i + 1), Seed: i + 1}
	}
	for b.Loop() {
		if _, err := Rank(Rules{Format: &darts, Options: Options{PlayTo: 3}}, lines, results); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzRank reads rules and results that anybody may send.
func FuzzRank(f *testing.F) {
	f.Add(`{"sport":"darts","play_to":3}`, `[{"id":"SF1","a":"1","b":"4","parts":[[1,0],[1,0],[1,0]]}]`)
	f.Add(`{"sport":"darts","double":true,"reset":true,"order":[1,2,3,4,5,0,0,0]}`, `[{"id":"W1-1","a":"1","b":"2","end":"walkover","out":["1","2"]}]`)
	f.Fuzz(func(t *testing.T, rawRules, rawMatches string) {
		var rules Rules
		var matches []duel.Match
		if json.Unmarshal([]byte(rawRules), &rules) != nil || json.Unmarshal([]byte(rawMatches), &matches) != nil {
			return
		}
		lines := make([]Line, 5)
		for i := range lines {
			lines[i] = Line{ID: fmt.Sprint(i + 1), Seed: i + 1}
		}
		_, err := Rank(rules, lines, matches)
		var invalid *scoring.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatalf("an error that is not an *Invalid: %v", err)
		}
	})
}
