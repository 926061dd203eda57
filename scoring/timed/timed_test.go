package timed

import (
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

// race draws a race with ties, missing times, finals and people without a place.
func race(t *rapid.T) (Rules, []Line) {
	rules := Rules{
		Precision: rapid.SampledFrom([]int64{0, 1, 10, 100}).Draw(t, "precision"),
		By:        rapid.SampledFrom([]string{"", "time", "points"}).Draw(t, "by"),
	}
	lines := make([]Line, rapid.IntRange(0, 12).Draw(t, "lines"))
	for i := range lines {
		l := &lines[i]
		l.ID = strconv.Itoa(i + 1)
		l.Final = rapid.IntRange(0, 3).Draw(t, "final")
		points := rapid.Int64Range(0, 3).Draw(t, "points")
		mark := scoring.Mark(rapid.Int64Range(60_000, 60_030).Draw(t, "mark"))
		switch irm := rapid.SampledFrom([]scoring.IRM{"", "", "", scoring.DNS, scoring.DSQ, scoring.EXH}).Draw(t, "irm"); {
		case irm == scoring.DNS:
			l.IRM = irm
		case rapid.Bool().Draw(t, "swum") || irm == scoring.EXH:
			l.IRM, l.Mark, l.Points = irm, &mark, &points
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

// TestOneMoreDNS: who does not start changes nobody's place. In a final a place
// is kept for whoever had a lane there, so the newcomer belongs to none.
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

// TestPlaces: places begin at 1, equals share one and leave the next ones out,
// nobody without a mark or with an IRM has one, and rows are numbered through.
func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, lines := race(t)
		for i := range lines {
			lines[i].Final = 0 // finals leave places out on purpose
		}
		last := 0
		for i, r := range rank(t, rules, lines) {
			if r.SortOrder != i+1 {
				t.Fatalf("row %d is numbered %d", i+1, r.SortOrder)
			}
			if r.Rank == 0 {
				if r.IRM == "" && r.Mark != nil {
					t.Fatalf("line %s has a mark and no place", r.ID)
				}
				continue
			}
			if r.IRM != "" || (r.Rank != i+1 && r.Rank != last) {
				t.Fatalf("line %s in row %d has place %d after %d", r.ID, i+1, r.Rank, last)
			}
			last = r.Rank
		}
	})
}

// TestFinalsInTurn: nobody of a later final has a better place than somebody of
// an earlier one, and the A final's winner is first where there is one.
func TestFinalsInTurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, lines := race(t)
		of := map[string]int{}
		for _, l := range lines {
			of[l.ID] = max(l.Final, 1)
		}
		worst := map[int]int{}
		for _, r := range rank(t, rules, lines) {
			if r.Rank == 0 {
				continue
			}
			for final, place := range worst {
				if final < of[r.ID] && place >= r.Rank {
					t.Fatalf("line %s of final %d is %d, before place %d of final %d", r.ID, of[r.ID], r.Rank, place, final)
				}
			}
			worst[of[r.ID]] = max(worst[of[r.ID]], r.Rank)
		}
	})
}

func BenchmarkRank(b *testing.B) {
	lines := make([]Line, 60)
	for i := range lines {
		m := scoring.Mark(60_000 + 37*i%1000)
		lines[i] = Line{ID: strconv.Itoa(i + 1), Mark: &m}
	}
	for b.Loop() {
		if _, err := Rank(Rules{}, lines); err != nil {
			b.Fatal(err)
		}
	}
}
