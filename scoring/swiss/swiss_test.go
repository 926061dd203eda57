package swiss

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
	"tongchang/scoring/pool"
)

func field(n int) []Line {
	lines := make([]Line, n)
	for i := range lines {
		lines[i] = Line{Line: pool.Line{ID: fmt.Sprint(i + 1)}, Seed: i + 1}
	}
	return lines
}

func pairs(p Pairing) string {
	s := ""
	for _, m := range p.Matches {
		s += m.A + "-" + m.B + " "
	}
	return s
}

func game(round int, a, b string, half int) duel.Match {
	return duel.Match{ID: fmt.Sprint(round, a, b), Round: round, A: a, B: b, Parts: [][2]int{{half, 2 - half}}}
}

func TestPair(t *testing.T) {
	chess := Rules{Rules: pool.Rules{Sport: "chess"}}
	first := []duel.Match{game(1, "1", "5", 2), game(1, "6", "2", 0), game(1, "3", "7", 2), game(1, "8", "4", 0)}
	for name, tt := range map[string]struct {
		lines   []Line
		matches []duel.Match
		want    string
		relaxed bool
	}{
		"first round of eight: upper half against lower, colours in turn": {field(8), nil, "1-5 6-2 3-7 8-4 ", false},
		"first round of five: the lowest rests":                           {field(5), nil, "1-3 4-2 5- ", false},
		"two players":                                                     {field(2), nil, "1-2 ", false},
		"one player rests":                                                {field(1), nil, "1- ", false},
		"nobody":                                                          {nil, nil, "", false},
		"colours alternate":                                               {field(2 + 2), []duel.Match{game(1, "1", "3", 1), game(1, "4", "2", 1)}, "2-1 3-4 ", false},
		"all favourites won: winners meet, due colours differ": {field(8), first, "4-1 2-3 5-8 7-6 ", false},
		"nobody meets twice": {field(4), []duel.Match{
			game(1, "1", "3", 2), game(1, "4", "2", 0), game(2, "2", "1", 1), game(2, "3", "4", 1)}, "1-4 3-2 ", false},
		"twice white meets twice black": {field(4), []duel.Match{
			game(1, "1", "3", 2), game(1, "4", "2", 0), game(2, "1", "4", 2), game(2, "3", "2", 0)}, "2-1 4-3 ", false},
		"nobody else is left: the colours give way": {field(4), []duel.Match{
			game(1, "1", "3", 2), game(1, "2", "4", 2), game(2, "1", "4", 2), game(2, "2", "3", 2)}, "2-1 3-4 ", true},
		"who won without a game does not rest": {field(3), []duel.Match{
			{ID: "a", Round: 1, A: "1", B: "2", End: duel.Walkover, Out: []string{"1"}}, {ID: "b", Round: 1, A: "3", End: duel.Bye}}, "2-3 1- ", false},
		"an absent player is not paired": {append(field(4)[:3], Line{Line: pool.Line{ID: "4"}, Seed: 4, Absent: true}), nil, "1-2 3- ", false},
		"who withdrew is not paired":     {append(field(4)[:3], Line{Line: pool.Line{ID: "4", IRM: scoring.WDR}, Seed: 4}), nil, "1-2 3- ", false},
	} {
		got, err := Pair(chess, tt.lines, tt.matches)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if pairs(got) != tt.want || got.Relaxed != tt.relaxed {
			t.Errorf("%s: %s relaxed %v, want %s %v", name, pairs(got), got.Relaxed, tt.want, tt.relaxed)
		}
	}
}

func TestRefused(t *testing.T) {
	chess := Rules{Rules: pool.Rules{Sport: "chess"}, Rounds: 3}
	bye := func(id string, round int, a string) duel.Match {
		return duel.Match{ID: id, Round: round, A: a, End: duel.Bye}
	}
	for name, tt := range map[string]struct {
		matches []duel.Match
		problem string
	}{
		"no round":           {[]duel.Match{game(0, "1", "2", 2)}, "not-between"},
		"a fourth of three":  {[]duel.Match{game(4, "1", "2", 2)}, "not-between"},
		"two games at once":  {[]duel.Match{game(1, "1", "2", 2), game(1, "3", "1", 2)}, "twice-in-round"},
		"two rests":          {[]duel.Match{bye("a", 1, "1"), bye("b", 2, "1")}, "second-bye"},
		"met already":        {[]duel.Match{game(1, "1", "2", 2), game(2, "2", "1", 2)}, "met-too-often"},
		"round not finished": {[]duel.Match{{ID: "x", Round: 1, A: "1", B: "2", Live: true}}, "round-unfinished"},
		"all have met": {[]duel.Match{game(1, "1", "2", 2), bye("a", 1, "3"), game(2, "2", "3", 2), bye("b", 2, "1"), game(3, "1", "3", 2), bye("c", 3, "2")},
			"no-more-rounds"},
	} {
		_, err := Pair(chess, field(3), tt.matches)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want %s", name, err, tt.problem)
		}
	}
	open := Rules{Rules: pool.Rules{Sport: "chess"}}
	_, err := Pair(open, field(2), []duel.Match{game(1, "1", "2", 2)})
	var invalid *scoring.Invalid
	if !errors.As(err, &invalid) || invalid.Problem != "no-pairing" {
		t.Errorf("two who have met: %v, want no-pairing", err)
	}
}

// A tournament of any size with any results: every round is whole, nobody
// meets or rests twice, and the colours stay even unless the round says that
// they could not.
func TestTournaments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Rules{Rules: pool.Rules{Sport: rapid.SampledFrom([]string{"chess", "xiangqi"}).Draw(t, "sport")}}
		lines := field(rapid.IntRange(2, 17).Draw(t, "players"))
		rounds := rapid.IntRange(1, max(1, len(lines)/2)).Draw(t, "rounds")
		var played []duel.Match
		for round := 1; round <= rounds; round++ {
			p, err := Pair(rules, lines, played)
			if err != nil {
				t.Fatalf("round %d of %d players: %v", round, len(lines), err)
			}
			turned := slices.Clone(lines)
			slices.Reverse(turned)
			back := slices.Clone(played)
			slices.Reverse(back)
			if q, err := Pair(rules, turned, back); err != nil || !reflect.DeepEqual(p, q) {
				t.Fatalf("the order of the input matters: %v %v %v", err, p, q)
			}
			if got, want := len(p.Matches), (len(lines)+1)/2; got != want {
				t.Fatalf("%d boards, want %d", got, want)
			}
			for _, m := range p.Matches {
				if m.End != duel.Bye {
					half := rapid.IntRange(0, 2).Draw(t, "result")
					m.Parts = [][2]int{{half, 2 - half}}
				}
				played = append(played, m)
			}
			ranked, err := Rank(rules, lines, played) // refuses a second meeting, rest or game in a round
			if err != nil {
				t.Fatal(err)
			}
			if !p.Relaxed {
				evenColours(t, played)
			}
			if p.Relaxed {
				return // from here on somebody may be owed more than one colour
			}
			for i, r := range ranked {
				if r.Rank != i+1 && (i == 0 || r.Rank != ranked[i-1].Rank) {
					t.Fatalf("rank %d at %d", r.Rank, i)
				}
			}
		}
	})
}

func evenColours(t *rapid.T, matches []duel.Match) {
	colours := map[string][]int{}
	for _, m := range matches {
		if m.End != duel.Bye {
			colours[m.A] = append(colours[m.A], 1)
			colours[m.B] = append(colours[m.B], -1)
		}
	}
	for id, c := range colours {
		sum := 0
		for i, v := range c {
			sum += v
			if i > 1 && v == c[i-1] && v == c[i-2] {
				t.Fatalf("%s begins or waits three times running: %v", id, c)
			}
		}
		if sum > 2 || sum < -2 {
			t.Fatalf("%s: colours differ by %d", id, sum)
		}
	}
}

// The matching is as large as the largest found by trying everything.
func TestGrowIsLargest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 9).Draw(t, "n")
		g, in, mate := make(graph, n), make([]bool, n), make([]int, n)
		for i := range g {
			g[i], in[i], mate[i] = make([]bool, n), true, -1
		}
		for i := range g {
			for j := range i {
				e := rapid.Bool().Draw(t, "edge")
				g[i][j], g[j][i] = e, e
			}
		}
		alone := g.grow(mate, in)
		for v, w := range mate {
			if w >= 0 && (mate[w] != v || !g[v][w]) {
				t.Fatalf("not a matching: %v", mate)
			}
		}
		if best := n - 2*largest(g, 0, 0); alone != best {
			t.Fatalf("%d alone, want %d, in %v", alone, best, g)
		}
	})
}

func largest(g graph, v, used int) int {
	if v == len(g) {
		return 0
	}
	if used&(1<<v) != 0 {
		return largest(g, v+1, used)
	}
	best := largest(g, v+1, used)
	for w := v + 1; w < len(g); w++ {
		if g[v][w] && used&(1<<w) == 0 {
			best = max(best, 1+largest(g, v+1, used|1<<v|1<<w))
		}
	}
	return best
}

func BenchmarkPairHundred(b *testing.B) {
	rules := Rules{Rules: pool.Rules{Sport: "xiangqi"}}
	lines := field(100)
	var played []duel.Match
	for range 6 {
		p, err := Pair(rules, lines, played)
		if err != nil {
			b.Fatal(err)
		}
		for i, m := range p.Matches {
			m.Parts = [][2]int{{i % 3, 2 - i%3}}
			played = append(played, m)
		}
	}
	for b.Loop() {
		if _, err := Pair(rules, lines, played); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzPair reads rounds that anybody may send.
func FuzzPair(f *testing.F) {
	f.Add(`{"sport":"chess"}`, `[{"id":"1","round":1,"a":"1","b":"2","parts":[[1,1]]},{"id":"2","round":1,"a":"3","end":"bye"}]`)
	f.Add(`{"sport":"goalball","ties":[{"by":"wins"}]}`, `[{"id":"1","round":1,"a":"1","b":"2","end":"walkover","out":["1","2"]}]`)
	f.Fuzz(func(t *testing.T, rawRules, rawMatches string) {
		var rules Rules
		var matches []duel.Match
		if json.Unmarshal([]byte(rawRules), &rules) != nil || json.Unmarshal([]byte(rawMatches), &matches) != nil {
			return
		}
		_, err := Pair(rules, field(5), matches)
		var invalid *scoring.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatalf("an error that is not an *Invalid: %v", err)
		}
	})
}
