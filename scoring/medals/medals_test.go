package medals_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/medals"
)

// won is a medal and points of one delegation in one event.
func won(event, delegation string, rank int, points int64) medals.Result {
	return medals.Result{Event: event, Discipline: event[:2], Entry: delegation, Rank: rank, Medal: medals.ForRank(rank),
		Points: scoring.Whole(points), Shares: medals.Sole(delegation)}
}

// joint is a result of a joint team: an equal share for each delegation.
func joint(event string, rank int, points int64, delegations ...string) medals.Result {
	r := won(event, strings.Join(delegations, "+"), rank, points)
	r.Shares = nil
	for _, d := range delegations {
		r.Shares = append(r.Shares, medals.Share{Delegation: d, Of: scoring.NewRatio(1, int64(len(delegations)))})
	}
	return r
}

func deduction(delegation string) medals.Result {
	return medals.Result{Event: "ineligible", Medal: medals.Gold, Points: scoring.Whole(9),
		Shares: []medals.Share{{Delegation: delegation, Of: scoring.Whole(-1)}},
		Why:    []medals.Why{{Setting: "ineligible_penalty", Value: "1 gold, 9 points"}}}
}

func TestTable(t *testing.T) {
	mixed := won("AT relay", "哈尔滨", 1, 18)
	mixed.Sex = "X"
	man := won("AT 100", "哈尔滨", 2, 7)
	man.Sex = "M"
	woman := won("AT 200", "大庆", 1, 9)
	woman.Sex = "W"
	for name, tt := range map[string]struct {
		results []medals.Result
		rules   medals.Rules
		want    string // rank delegation gold-silver-bronze points, one per row
	}{
		"nothing held yet, every delegation listed": {
			nil, medals.Rules{Delegations: []medals.Delegation{{ID: "伊春", Key: "07"}, {ID: "大庆", Key: "06"}}},
			"1 大庆 0-0-0 0; 1 伊春 0-0-0 0",
		},
		"one gold is worth more than any number of silvers": {
			[]medals.Result{won("AT1", "A", 2, 7), won("AT2", "A", 2, 7), won("AT3", "B", 1, 9)}, medals.Rules{},
			"1 B 1-0-0 9; 2 A 0-2-0 14",
		},
		"silver decides, then bronze": {
			[]medals.Result{won("AT1", "A", 1, 0), won("AT2", "B", 1, 0), won("AT2", "C", 2, 0), won("AT3", "C", 1, 0), won("AT1", "B", 3, 0)}, medals.Rules{},
			"1 C 1-1-0 0; 2 B 1-0-1 0; 3 A 1-0-0 0",
		},
		"equals share the rank and the next is skipped, listed by code": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT2", "B", 1, 9), won("AT1", "C", 2, 7)},
			medals.Rules{Delegations: []medals.Delegation{{ID: "A", Key: "12"}, {ID: "B", Key: "3"}}},
			"1 B 1-0-0 9; 1 A 1-0-0 9; 3 C 0-1-0 7",
		},
		"by all medals another delegation wins": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT1", "B", 2, 7), won("AT2", "B", 3, 6)}, medals.Rules{By: medals.ByTotal},
			"1 B 0-1-1 13; 2 A 1-0-0 9",
		},
		"by points places below the medals count": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT1", "B", 4, 5), won("AT2", "B", 4, 5)}, medals.Rules{By: medals.ByPoints},
			"1 B 0-0-0 10; 2 A 1-0-0 9",
		},
		"equal points: more golds": {
			[]medals.Result{won("AT1", "A", 2, 7), won("AT2", "A", 7, 2), won("AT2", "B", 1, 9)}, medals.Rules{By: medals.ByPoints},
			"1 B 1-0-0 9; 2 A 0-1-0 9",
		},
		"equal points: the regulation asks for more fourth places": {
			[]medals.Result{won("AT1", "A", 1, 10), won("AT2", "B", 4, 5), won("AT3", "B", 4, 5)},
			medals.Rules{By: medals.ByPoints, Ties: []medals.Key{"place-4"}},
			"1 B 0-0-0 10; 2 A 1-0-0 10",
		},
		"a joint team's gold is half a gold each (Guangxi 10th para games)": {
			[]medals.Result{won("SW1", "南宁", 1, 9), joint("AT1", 1, 18, "南宁", "柳州"), won("AT2", "柳州", 2, 7)}, medals.Rules{},
			"1 南宁 1.5-0-0 18; 2 柳州 0.5-1-0 16",
		},
		"three delegations in one team: thirds stay exact": {
			[]medals.Result{joint("AT1", 1, 10, "A", "B", "C"), joint("AT2", 1, 10, "A", "B", "C"), joint("AT3", 1, 10, "A", "B", "C"), won("AT4", "D", 1, 10)}, medals.Rules{},
			"1 A 1-0-0 10; 1 B 1-0-0 10; 1 C 1-0-0 10; 1 D 1-0-0 10",
		},
		"one proven ineligible athlete costs a gold and nine points": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT2", "A", 1, 9), won("AT3", "B", 1, 9), won("AT4", "B", 4, 5), deduction("A")}, medals.Rules{},
			"1 A 1-0-0 9; 1 B 1-0-0 14",
		},
		"a deduction can leave less than nothing": {
			[]medals.Result{deduction("A"), won("AT1", "B", 8, 1)}, medals.Rules{},
			"1 B 0-0-0 1; 2 A −1-0-0 −9",
		},
		"two golds and no silver": {
			[]medals.Result{won("AT1", "A", 1, 8), won("AT1", "B", 1, 8), won("AT1", "C", 3, 6)}, medals.Rules{},
			"1 A 1-0-0 8; 1 B 1-0-0 8; 3 C 0-0-1 6",
		},
		"neutrals stand in their place without a rank, and nobody's rank counts them": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT2", "N", 1, 9), won("AT1", "N", 2, 7), won("AT1", "B", 3, 6)},
			medals.Rules{Delegations: []medals.Delegation{{ID: "N", Unranked: true}}},
			"0 N 1-1-0 16; 1 A 1-0-0 9; 2 B 0-0-1 6",
		},
		"men's table: a mixed relay counts half": {
			[]medals.Result{mixed, man, woman}, medals.Rules{By: medals.ByPoints, Sex: "M"},
			"1 哈尔滨 0.5-1-0 16",
		},
		"women's table: the other half": {
			[]medals.Result{mixed, man, woman}, medals.Rules{By: medals.ByPoints, Sex: "W"},
			"1 大庆 1-0-0 9; 2 哈尔滨 0.5-0-0 9",
		},
		"two best of each event count": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT1", "A", 2, 7), won("AT1", "A", 3, 6), won("AT2", "A", 8, 1)},
			medals.Rules{By: medals.ByPoints, Limits: []medals.Limit{{Per: "event", Best: 2}}},
			"1 A 1-1-1 17",
		},
		"at most twelve points from a discipline": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT2", "A", 2, 7), won("SW1", "A", 3, 6)},
			medals.Rules{By: medals.ByPoints, Limits: []medals.Limit{{Per: "discipline", Cap: scoring.Whole(12)}}},
			"1 A 1-1-1 18",
		},
		"two best per event, then three best of all; a deduction stays": {
			[]medals.Result{won("AT1", "A", 1, 9), won("AT1", "A", 2, 7), won("AT1", "A", 3, 6), won("AT2", "A", 4, 5), won("AT3", "A", 5, 4), deduction("A")},
			medals.Rules{By: medals.ByPoints, Limits: []medals.Limit{{Per: "event", Best: 2}, {Per: "all", Best: 3}}},
			"1 A 0-1-1 12",
		},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := medals.Table(tt.results, tt.rules)
			if err != nil {
				t.Fatal(err)
			}
			if got := text(table); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func text(table []medals.Row) string {
	rows := make([]string, len(table))
	for i, r := range table {
		rows[i] = fmt.Sprintf("%d %s %v-%v-%v %v", r.Rank, r.Delegation, r.Gold, r.Silver, r.Bronze, r.Points)
	}
	return strings.Join(rows, "; ")
}

func TestTableRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		result medals.Result
		rules  medals.Rules
		field  string
	}{
		"platinum":             {result: medals.Result{Event: "E", Medal: "platinum", Shares: medals.Sole("A")}, field: "medal"},
		"nobody's medal":       {result: medals.Result{Event: "E", Medal: medals.Gold}, field: "shares"},
		"no delegation":        {result: medals.Result{Event: "E", Shares: medals.Sole("")}, field: "shares"},
		"more than the whole":  {result: medals.Result{Event: "E", Shares: []medals.Share{{Delegation: "A", Of: scoring.Whole(2)}}}, field: "shares"},
		"a delegation twice":   {result: joint("AT1", 1, 9, "A", "A"), field: "shares"},
		"by bronze":            {rules: medals.Rules{By: medals.ByBronze}, field: "by"},
		"unknown tie-break":    {rules: medals.Rules{Ties: []medals.Key{"gold", "place-0"}}, field: "ties[0]"},
		"negative cap":         {rules: medals.Rules{Limits: []medals.Limit{{Per: "all", Cap: scoring.Whole(-1)}}}, field: "limits[0]"},
		"limit per nothing":    {rules: medals.Rules{Limits: []medals.Limit{{Best: 1}}}, field: "limits[0].per"},
		"mixed share over one": {rules: medals.Rules{MixedShare: scoring.Whole(2)}, field: "mixed_share"},
		"table of juniors":     {rules: medals.Rules{Sex: "J"}, field: "sex"},
		"listed twice":         {rules: medals.Rules{Delegations: []medals.Delegation{{ID: "A"}, {ID: "A"}}}, field: "delegations[1]"},
	} {
		results := []medals.Result{tt.result}
		if tt.result.Event == "" {
			results = nil
		}
		_, err := medals.Table(results, tt.rules)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field {
			t.Errorf("%s: got %v, want a refusal of %s", name, err, tt.field)
		}
	}
}

func TestMade(t *testing.T) {
	results := []medals.Result{won("AT1", "A", 1, 9), won("AT1", "A", 4, 5), won("SW1", "A", 2, 7), deduction("A")}
	table, err := medals.Table(results, medals.Rules{By: medals.ByPoints, Limits: []medals.Limit{{Per: "event", Best: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[medals.Key]string{
		medals.ByGold:   "AT1 1st, ineligible 0th",
		medals.BySilver: "SW1 2nd",
		medals.ByTotal:  "AT1 1st, SW1 2nd, ineligible 0th",
		medals.ByPoints: "AT1 1st, AT1 4th left out, SW1 2nd, ineligible 0th",
	} {
		var got []string
		for _, p := range table[0].Made(key) {
			s := fmt.Sprintf("%s %d%s", p.Event, p.Rank, map[int]string{1: "st", 2: "nd"}[p.Rank])
			if p.Rank != 1 && p.Rank != 2 {
				s += "th"
			}
			if p.Limit != nil {
				s += " left out"
			}
			got = append(got, s)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("behind %s: %v, want %s", key, got, want)
		}
	}
}

// games draws results of a games as it might be: small fields, joint teams,
// ties, deductions.
func games(t *rapid.T) []medals.Result {
	delegation := rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F"})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) medals.Result {
		event := fmt.Sprintf("E%d", rapid.IntRange(10, 30).Draw(t, "event"))
		rank := rapid.IntRange(1, 9).Draw(t, "rank")
		points := rapid.Int64Range(0, 9).Draw(t, "points")
		if team := rapid.SliceOfNDistinct(delegation, 1, 3, func(s string) string { return s }).Draw(t, "team"); len(team) > 1 {
			return joint(event, rank, points, team...)
		} else if rapid.IntRange(0, 20).Draw(t, "guilty") == 0 {
			return deduction(team[0])
		} else {
			return won(event, team[0], rank, points)
		}
	}), 0, 40).Draw(t, "results")
}

func TestTableProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		results := games(t)
		rules := medals.Rules{By: rapid.SampledFrom([]medals.Key{medals.ByGold, medals.ByTotal, medals.ByPoints}).Draw(t, "by")}
		table, err := medals.Table(results, rules)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := medals.Table(rapid.Permutation(results).Draw(t, "shuffled"), rules); text(again) != text(table) {
			t.Errorf("the order of the results changes the table:\n%s\n%s", text(table), text(again))
		}
		var handedOut, counted scoring.Ratio
		for _, r := range results {
			for _, s := range r.Shares {
				handedOut = handedOut.Add(r.Points.Mul(s.Of))
			}
		}
		for i, row := range table {
			counted = counted.Add(row.Points)
			if row.SortOrder != i+1 || row.Rank > i+1 || row.Rank < i+1 && row.Rank != table[i-1].Rank {
				t.Errorf("row %d has rank %d and sort order %d: not dense with skips", i+1, row.Rank, row.SortOrder)
			}
		}
		if handedOut.Cmp(counted) != 0 {
			t.Errorf("%v points handed out, %v in the table", handedOut, counted)
		}
	})
}

// BenchmarkTable counts all three tables of a games with 600 events and 1,300
// athletes, eight placed in each event. The aim is 50 ms for the three.
func BenchmarkTable(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	var results []medals.Result
	for e := range 600 {
		for rank := 1; rank <= 8; rank++ {
			r := won(fmt.Sprintf("AT%03d", e), fmt.Sprintf("D%02d", random.IntN(15)), rank, int64(9-rank))
			if rank == 4 { // a tie, so that the points are not whole
				r.Points = scoring.NewRatio(11, 3)
			}
			results = append(results, r)
		}
	}
	b.ResetTimer()
	for range b.N {
		for _, by := range []medals.Key{medals.ByGold, medals.ByTotal, medals.ByPoints} {
			if _, err := medals.Table(results, medals.Rules{By: by, Limits: []medals.Limit{{Per: "event", Best: 2}}}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
