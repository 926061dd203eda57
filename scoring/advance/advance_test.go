package advance

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

func lanes(from, to int) (l Lanes) {
	for n := from; n <= to; n++ {
		l.Numbers = append(l.Numbers, n)
	}
	return l
}

// field is n entrants, the fastest first, named by their seed.
func field(n int) (in []Entrant) {
	for i := range n {
		m := scoring.Mark(60_000 + 10*i)
		in = append(in, Entrant{ID: strconv.Itoa(i + 1), Time: &m})
	}
	return in
}

// sheet prints heats as "1: lane=id …" in lane order.
func sheet(starts []Start) string {
	byHeat := map[int][]Start{}
	last := 0
	for _, s := range starts {
		byHeat[s.Heat] = append(byHeat[s.Heat], s)
		last = max(last, s.Heat)
	}
	var b strings.Builder
	for h := 1; h <= last; h++ {
		slices.SortFunc(byHeat[h], func(a, b Start) int { return a.Lane - b.Lane })
		fmt.Fprintf(&b, "%d:", h)
		for _, s := range byHeat[h] {
			fmt.Fprintf(&b, " %d=%s", s.Lane, s.ID)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestCentreOut(t *testing.T) {
	for _, tt := range []struct {
		lanes Lanes
		want  []int
	}{
		{lanes(1, 8), []int{4, 5, 3, 6, 2, 7, 1, 8}},
		{lanes(0, 9), []int{4, 5, 3, 6, 2, 7, 1, 8, 0, 9}},
		{lanes(1, 6), []int{3, 4, 2, 5, 1, 6}},
		{lanes(1, 10), []int{5, 6, 4, 7, 3, 8, 2, 9, 1, 10}},
		{lanes(1, 5), []int{3, 4, 2, 5, 1}},
		{Lanes{Numbers: []int{8, 2, 4, 6}}, []int{4, 6, 2, 8}},
		{lanes(3, 3), []int{3}},
	} {
		if got := CentreOut(tt.lanes.Numbers); !slices.Equal(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.lanes.Numbers, got, tt.want)
		}
	}
}

// TestHeats: the cases of World Aquatics SW 3.1, and ours beyond them.
func TestHeats(t *testing.T) {
	swim := Seeding{Lanes: lanes(1, 8), Circle: 3, Min: 3}
	small := func(change func(*Seeding)) Seeding {
		s := Seeding{Lanes: lanes(1, 4), Circle: 3, Min: 3}
		change(&s)
		return s
	}
	for name, tt := range map[string]struct {
		rules Seeding
		n     int
		want  string
	}{
		"nobody":                    {swim, 0, ""},
		"one heat is a final":       {swim, 8, "1: 1=7 2=5 3=3 4=1 5=2 6=4 7=6 8=8\n"},
		"two: by turns, last first": {swim, 16, "1: 1=14 2=10 3=6 4=2 5=4 6=8 7=12 8=16\n2: 1=13 2=9 3=5 4=1 5=3 6=7 7=11 8=15\n"},
		"three: 3 2 1, 3 2 1":       {small(func(*Seeding) {}), 12, "1: 1=9 2=3 3=6 4=12\n2: 1=8 2=2 3=5 4=11\n3: 1=7 2=1 3=4 4=10\n"},
		"four: last three in turn":  {small(func(*Seeding) {}), 16, "1: 1=15 2=13 3=14 4=16\n2: 1=9 2=3 3=6 4=12\n3: 1=8 2=2 3=5 4=11\n4: 1=7 2=1 3=4 4=10\n"},
		"at least three in a heat":  {swim, 9, "1: 3=6 4=2 5=4\n2: 2=8 3=5 4=1 5=3 6=7 7=9\n"},
		"no room for three":         {small(func(*Seeding) {}), 5, "1: 2=2 3=4\n2: 1=5 2=1 3=3\n"},
		"400 m: last two in turn":   {small(func(s *Seeding) { s.Circle = 2 }), 12, "1: 1=11 2=9 3=10 4=12\n2: 1=6 2=2 3=4 4=8\n3: 1=5 2=1 3=3 4=7\n"},
		"straight":                  {small(func(s *Seeding) { s.Circle = 1 }), 7, "1: 1=7 2=5 3=6\n2: 1=3 2=1 3=2 4=4\n"},
		"straight, fastest first":   {small(func(s *Seeding) { s.Circle, s.FastestFirst = 1, true }), 7, "1: 1=3 2=1 3=2 4=4\n2: 1=7 2=5 3=6\n"},
		"equally full":              {small(func(s *Seeding) { s.Even = true }), 6, "1: 1=6 2=2 3=4\n2: 1=5 2=1 3=3\n"},
		"two lanes for a guide":     {Seeding{Lanes: Lanes{Numbers: lanes(1, 8).Numbers, Width: 2}, Circle: 3}, 4, "1: 1=3 3=1 5=2 7=4\n"},
		"outer lanes first":         {Seeding{Lanes: Lanes{Numbers: lanes(1, 4).Numbers, Order: []int{4, 1, 3, 2}}}, 3, "1: 1=2 3=3 4=1\n"},
		"a closed lane parts pairs": {Seeding{Lanes: Lanes{Numbers: []int{1, 2, 4, 5, 6}, Width: 2}}, 2, "1: 1=1 4=2\n"},
	} {
		t.Run(name, func(t *testing.T) {
			starts, err := Heats(tt.rules, field(tt.n))
			if err != nil {
				t.Fatal(err)
			}
			if got := sheet(starts); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

func mark(m int64) *scoring.Mark { v := scoring.Mark(m); return &v }

// TestEquals: no time is last, equals follow their lots, then their IDs.
func TestEquals(t *testing.T) {
	in := []Entrant{{ID: "late"}, {ID: "b", Time: mark(100), Lot: 2}, {ID: "c", Time: mark(100), Lot: 1}, {ID: "first", Time: mark(90)}, {ID: "also", Lot: 1}}
	starts, err := Heats(Seeding{Lanes: lanes(1, 8)}, in)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sheet(starts), "1: 2=also 3=b 4=first 5=c 6=late\n"; got != want {
		t.Errorf("got %swant %s", got, want)
	}
}

// TestNeeds: the lane with the steps goes to whoever cannot use another, and
// only the two who change places move.
func TestNeeds(t *testing.T) {
	in := field(4)
	in[1].Needs = []int{1, 8} // seed 2 would swim in lane 5
	in[3].Needs = []int{6}    // seed 4 has lane 6 already
	starts, err := Heats(Seeding{Lanes: lanes(1, 8)}, in)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sheet(starts), "1: 1=2 3=3 4=1 6=4\n"; got != want {
		t.Errorf("got %swant %s", got, want)
	}
	in[1].Needs = []int{6}
	if _, err := Heats(Seeding{Lanes: lanes(1, 8)}, in); problem(err) != "no-lane-fits" {
		t.Errorf("one lane for two: %v", err)
	}
}

func problem(err error) string {
	var invalid *scoring.Invalid
	if errors.As(err, &invalid) {
		return invalid.Problem
	}
	return fmt.Sprint(err)
}

func TestSeedingRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		rules Seeding
		in    []Entrant
		want  string
	}{
		"no lanes":      {Seeding{}, field(1), "out-of-range"},
		"lane twice":    {Seeding{Lanes: Lanes{Numbers: []int{1, 1}}}, field(1), "lane-twice"},
		"no pair":       {Seeding{Lanes: Lanes{Numbers: []int{1, 3}, Width: 2}}, field(1), "lanes-too-few"},
		"lane unlisted": {Seeding{Lanes: Lanes{Numbers: []int{1, 2}, Order: []int{1}}}, field(1), "lane-order"},
		"min of 9":      {Seeding{Lanes: lanes(1, 8), Min: 9}, field(1), "out-of-range"},
		"entered twice": {Seeding{Lanes: lanes(1, 8)}, append(field(1), field(1)...), "id-twice"},
		"time of zero":  {Seeding{Lanes: lanes(1, 8)}, []Entrant{{ID: "a", Time: mark(0)}}, "out-of-range"},
	} {
		if _, err := Heats(tt.rules, tt.in); problem(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// TestSeedingProperties: everybody starts once, no lane is taken twice, no heat
// is over-full, the order of the input does not matter, and a faster swimmer is
// never in a heat before a slower one but for the circle.
func TestSeedingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Seeding{Lanes: lanes(rapid.IntRange(0, 1).Draw(t, "from"), rapid.IntRange(3, 9).Draw(t, "to")),
			Circle: rapid.IntRange(0, 3).Draw(t, "circle"), Min: rapid.IntRange(0, 3).Draw(t, "min"), Even: rapid.Bool().Draw(t, "even")}
		in := field(rapid.IntRange(0, 60).Draw(t, "entries"))
		starts, err := Heats(rules, in)
		if err != nil {
			t.Fatal(err)
		}
		taken, heatOf, last := map[[2]int]bool{}, map[string]int{}, 0
		for _, s := range starts {
			if taken[[2]int{s.Heat, s.Lane}] {
				t.Fatalf("heat %d lane %d twice", s.Heat, s.Lane)
			}
			taken[[2]int{s.Heat, s.Lane}] = true
			heatOf[s.ID] = s.Heat
			last = max(last, s.Heat)
		}
		if len(heatOf) != len(in) {
			t.Fatalf("%d of %d start", len(heatOf), len(in))
		}
		for i := 1; i < len(in); i++ {
			before, after := heatOf[in[i-1].ID], heatOf[in[i].ID]
			if before < after && before <= last-max(rules.Circle, 1) {
				t.Fatalf("seed %d is in heat %d, seed %d in heat %d", i, before, i+1, after)
			}
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		if again, err := Heats(rules, in); err != nil || !reflect.DeepEqual(again, starts) {
			t.Fatalf("another order of entries, another start list: %v", err)
		}
	})
}

func TestSerpentine(t *testing.T) {
	got, err := Serpentine([]string{"1", "2", "3", "4", "5", "6", "7", "8"}, 2)
	if want := [][]string{{"1", "4", "5", "8"}, {"2", "3", "6", "7"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Serpentine(nil, 0); problem(err) != "out-of-range" {
		t.Errorf("no groups: %v", err)
	}
}

// heat is finishers of one heat in order; times in ms.
func heat(name string, times ...int64) (out []Finisher) {
	for i, m := range times {
		rank := i + 1
		if i > 0 && m == times[i-1] {
			rank = out[i-1].Rank
		}
		out = append(out, Finisher{ID: name + strconv.Itoa(i+1), Heat: name, Rank: rank, Mark: scoring.Mark(m)})
	}
	return out
}

// through prints "a1Q a2Q b3q" and the open ties.
func through(in []Advanced, ties []Tie) string {
	var parts []string
	for _, a := range in {
		parts = append(parts, a.ID+a.By)
	}
	for _, tie := range ties {
		parts = append(parts, fmt.Sprintf("%d of %v", tie.Places, tie.IDs))
	}
	return strings.Join(parts, " ")
}

// TestAdvance: "first N of each heat and the M fastest", with every way to
// settle a tie at the cut.
func TestAdvance(t *testing.T) {
	two := append(heat("a", 10_100, 10_200, 10_300, 10_400), heat("b", 10_150, 10_250, 10_300, 10_350)...)
	decided := slices.Clone(two)
	decided[2].Order, decided[6].Order = 2, 1 // a3 and b3 were equal: b3 won the lot
	hurt := slices.Clone(two)
	hurt[3].Manual = "fell over another runner's blade"
	out := append(slices.Clone(two), Finisher{ID: "x", Heat: "a"}) // no rank: DNF
	inHeat := append(heat("a", 10_100, 10_200, 10_200), heat("b", 10_150, 10_250)...)
	for name, tt := range map[string]struct {
		rule Through
		in   []Finisher
		want string
	}{
		"by place":                 {Through{ByPlace: 2}, two, "a1Q a2Q b1Q b2Q"},
		"by place and time, tied":  {Through{ByPlace: 2, ByTime: 1}, two, "a1Q a2Q b1Q b2Q 1 of [a3 b3]"},
		"both tied fit":            {Through{ByPlace: 2, ByTime: 2}, two, "a1Q a2Q b1Q b2Q a3q b3q"},
		"decided by lot":           {Through{ByPlace: 2, ByTime: 1, Ties: Lot}, decided, "a1Q a2Q b1Q b2Q b3q"},
		"decided by swim-off":      {Through{ByPlace: 2, ByTime: 1}, decided, "a1Q a2Q b1Q b2Q b3q"},
		"all, there is room":       {Through{ByPlace: 2, ByTime: 1, Ties: All, Room: 6}, two, "a1Q a2Q b1Q b2Q a3q b3q"},
		"all, but no room":         {Through{ByPlace: 2, ByTime: 1, Ties: All, Room: 5}, two, "a1Q a2Q b1Q b2Q 1 of [a3 b3]"},
		"by time over all heats":   {Through{ByTime: 3}, two, "a1q b1q a2q"},
		"the referee lets through": {Through{ByPlace: 2}, hurt, "a1Q a2Q b1Q b2Q a4R"},
		"no place, no advance":     {Through{ByPlace: 4}, out, "a1Q a2Q a3Q a4Q b1Q b2Q b3Q b4Q"},
		"tied in the heat":         {Through{ByPlace: 2}, inHeat, "a1Q b1Q b2Q 1 of [a2 a3]"},
		"fewer than places":        {Through{ByPlace: 4, ByTime: 9}, two[:4], "a1Q a2Q a3Q a4Q"},
	} {
		in, ties, err := Advance(tt.rule, tt.in)
		if got := through(in, ties); err != nil || got != tt.want {
			t.Errorf("%s: %s (%v), want %s", name, got, err, tt.want)
		}
	}
	if _, _, err := Advance(Through{ByPlace: 2, ByTime: 1, Ties: Lot}, two); problem(err) != "lot-missing" {
		t.Errorf("a lot that was not drawn: %v", err)
	}
	if _, _, err := Advance(Through{}, two); problem(err) != "out-of-range" {
		t.Errorf("nobody advances: %v", err)
	}
}

// ranked is n candidates in order, named by rank.
func ranked(n int) (out []Candidate) {
	for i := range n {
		out = append(out, Candidate{ID: strconv.Itoa(i + 1), Rank: i + 1, Time: scoring.Mark(60_000 + 10*i)})
	}
	return out
}

// TestFinals fills finals as meets do.
func TestFinals(t *testing.T) {
	ab := Finals{Lanes: lanes(1, 4), Finals: []Final{{Name: "A", Heat: 1, Size: 4, Reserves: 2}, {Name: "B", Heat: 2, Size: 4, Reserves: 1}}}
	juniors := ranked(12)
	for i := range juniors {
		juniors[i].Finals = []string{"A", "B"}
		if i%2 == 1 {
			juniors[i].Finals = nil // even ranks are juniors
		}
	}
	juniors[0].Finals = []string{"B"} // a guest
	withJunior := Finals{Lanes: lanes(1, 4), Finals: []Final{{Name: "A", Heat: 1, Size: 4}, {Name: "J", Heat: 3, Size: 2}, {Name: "B", Heat: 2, Size: 4}}}
	gone := ranked(9)
	gone[1].Withdrawn = true
	hand := ranked(5)
	hand[4].Manual = &Manual{Final: "A", Reason: "start device failed"}
	byPoints := ranked(3)
	byPoints[0].Time = 90_000
	tied := ranked(5)
	tied[4].Rank, tied[3].Rank = 4, 4
	order := slices.Clone(tied)
	order[3].Order, order[4].Order = 2, 1
	one := func(ties Ties, byTime bool, n int) Finals {
		return Finals{Lanes: lanes(1, n), Finals: []Final{{Name: "A", Heat: 1, Size: 4}}, Ties: ties, LanesByTime: byTime}
	}
	for name, tt := range map[string]struct {
		rules Finals
		in    []Candidate
		want  string
	}{
		"A and B":               {ab, ranked(9), "1: 1=3 2=1 3=2 4=4\n2: 1=7 2=5 3=6 4=8\n"},
		"a guest, juniors":      {withJunior, juniors, "1: 1=4 2=2 3=3 4=5\n2: 1=9 2=1 3=7 4=10\n3: 2=6 3=8\n"},
		"withdrawn before":      {ab, gone, "1: 1=4 2=1 3=3 4=5\n2: 1=8 2=6 3=7 4=9\n"},
		"referee's decision":    {one("", false, 8), hand, "1: 3=3 4=1 5=2 6=5\n"},
		"points choose, a time": {one("", true, 8), byPoints, "1: 3=1 4=2 5=3\n"},
		"tied: places open":     {one("", false, 8), tied, "1: 3=3 4=1 5=2\n"},
		"tied: order decided":   {one("", false, 8), order, "1: 3=3 4=1 5=2 6=5\n"},
		"tied: all swim":        {one(All, false, 5), tied, "1: 1=5 2=3 3=1 4=2 5=4\n"},
	} {
		d, err := Draw(tt.rules, tt.in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := sheet(d.Starts); got != tt.want {
			t.Errorf("%s: got\n%swant\n%s", name, got, tt.want)
		}
	}
}

// TestReplace: the best reserve takes the empty lane, whoever moves up leaves a
// lane that is filled the same way, and nobody else moves.
func TestReplace(t *testing.T) {
	ab := Finals{Lanes: lanes(1, 4), Finals: []Final{{Name: "A", Heat: 1, Size: 4, Reserves: 2}, {Name: "B", Heat: 2, Size: 4, Reserves: 2}}}
	d, err := Draw(ab, ranked(10))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string][]string{"A": {"9", "10"}, "B": {"9", "10"}}; !reflect.DeepEqual(d.Reserves, want) {
		t.Errorf("reserves %v", d.Reserves)
	}
	steps := []struct{ out, want string }{
		{"2", "1: 1=3 2=1 3=5 4=4\n2: 1=7 2=9 3=6 4=8\n"},
		{"8", "1: 1=3 2=1 3=5 4=4\n2: 1=7 2=9 3=6 4=10\n"},
		{"9", "1: 1=3 2=1 3=5 4=4\n2: 1=7 3=6 4=10\n"},
		{"1", "1: 1=3 2=6 3=5 4=4\n2: 1=7 4=10\n"},
	}
	for _, s := range steps {
		if err := d.Replace(s.out); err != nil {
			t.Fatal(err)
		}
		if got := sheet(d.Starts); got != s.want {
			t.Errorf("without %s: got\n%swant\n%s", s.out, got, s.want)
		}
	}
	if err := d.Replace("nobody"); problem(err) != "unknown-line" {
		t.Errorf("replaced nobody: %v", err)
	}
}

func TestFinalsRefused(t *testing.T) {
	a := []Final{{Name: "A", Heat: 1, Size: 4}}
	tied := ranked(5)
	tied[4].Rank = 4
	noReason := ranked(1)
	noReason[0].Manual = &Manual{Final: "A"}
	for name, tt := range map[string]struct {
		rules Finals
		in    []Candidate
		want  string
	}{
		"more than lanes": {Finals{Lanes: lanes(1, 3), Finals: a}, nil, "out-of-range"},
		"same heat":       {Finals{Lanes: lanes(1, 8), Finals: []Final{{Name: "A", Heat: 1, Size: 4}, {Name: "B", Heat: 1, Size: 4}}}, nil, "id-twice"},
		"lot not drawn":   {Finals{Lanes: lanes(1, 8), Finals: a, Ties: Lot}, tied, "lot-missing"},
		"no reason":       {Finals{Lanes: lanes(1, 8), Finals: a}, noReason, "manual-without-reason"},
		"no rank":         {Finals{Lanes: lanes(1, 8), Finals: a}, []Candidate{{ID: "a"}}, "rank-missing"},
		"twice":           {Finals{Lanes: lanes(1, 8), Finals: a}, append(ranked(1), ranked(1)...), "id-twice"},
	} {
		if _, err := Draw(tt.rules, tt.in); problem(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}
