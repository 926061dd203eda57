package factored

import (
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

func race(t *rapid.T) (Rules, []Line) {
	rules := Rules{Runs: rapid.IntRange(1, 2).Draw(t, "runs"), RoundedTies: rapid.Bool().Draw(t, "rounded")}
	lines := make([]Line, rapid.IntRange(0, 10).Draw(t, "lines"))
	for i := range lines {
		l := &lines[i]
		l.ID = strconv.Itoa(i + 1)
		l.Factor = rapid.SampledFrom([]string{"1", "0.8929", "0.7850", "3/4"}).Draw(t, "factor")
		for range rapid.IntRange(0, rules.Runs).Draw(t, "finished") {
			m := scoring.Mark(rapid.Int64Range(50_000, 50_020).Draw(t, "mark"))
			l.Runs = append(l.Runs, Run{Mark: &m})
		}
		if len(l.Runs) == 0 && rapid.Bool().Draw(t, "absent") {
			l.IRM = scoring.DNS
		}
	}
	return rules, lines
}

func rank(t rapid.TB, rules Rules, lines []Line) []scoring.Ranked {
	t.Helper()
	ranked, err := Rank(rules, lines)
	if err != nil {
		t.Fatal(err)
	}
	return ranked
}

// TestOrderOfInput: a ranking is a function of the set of its lines.
func TestOrderOfInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, lines := race(t)
		want := rank(t, rules, lines)
		shuffled := append([]Line(nil), lines...)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := rank(t, rules, shuffled); !reflect.DeepEqual(got, want) {
			t.Fatalf("shuffled:\n%+v\nnot\n%+v", got, want)
		}
	})
}

// TestOneMoreDNS: who does not start changes nobody's place.
func TestOneMoreDNS(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, lines := race(t)
		before := map[string]int{}
		for _, r := range rank(t, rules, lines) {
			before[r.ID] = r.Rank
		}
		for _, r := range rank(t, rules, append(lines, Line{ID: "new", IRM: scoring.DNS})) {
			if r.Rank != before[r.ID] {
				t.Fatalf("line %s moved from %d to %d", r.ID, before[r.ID], r.Rank)
			}
		}
	})
}

// TestCommonFactor: the same factor for everybody changes no place.
func TestCommonFactor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, lines := race(t)
		rules.RoundedTies = false // rounding may join what a smaller factor brings closer
		places := func(factor string) map[string]int {
			out := map[string]int{}
			for i := range lines {
				lines[i].Factor = factor
			}
			for _, r := range rank(t, rules, lines) {
				out[r.ID] = r.Rank
			}
			return out
		}
		if one, other := places("1"), places("0.8929"); !reflect.DeepEqual(one, other) {
			t.Fatalf("%v with factor 1, %v with 0.8929", one, other)
		}
	})
}

// FuzzFactor: a text is an exact factor above 0 and at most 2, or refused.
func FuzzFactor(f *testing.F) {
	for _, s := range []string{"0.8929", "8929/10000", "1", "2", "0", "-1", "1e9", "NaN", "1/0", "", "０.9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, problem := factor(s)
		if problem == "" && (r.Sign() <= 0 || r.Cmp(scoring.Whole(2)) > 0) {
			t.Fatalf("%q was read as %v", s, r)
		}
	})
}
