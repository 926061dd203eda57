package regulation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/medals"
	"tongchang/scoring/records"
	"tongchang/scoring/regulation"
)

func whole(n int64) *scoring.Ratio {
	r := scoring.Whole(n)
	return &r
}

func number(n int) *int { return &n }

func with(edition regulation.Settings) regulation.Resolved {
	return regulation.Resolve(edition, regulation.Settings{}, regulation.Settings{})
}

func rule(name string) regulation.Settings {
	return regulation.Settings{SmallField: &regulation.SmallField{Rule: name}}
}

// steps of the two published prize tables by field size.
var (
	innerMongolia = regulation.Settings{SmallField: &regulation.SmallField{Rule: regulation.BySteps, Steps: []regulation.Step{
		{From: 0, Void: true}, {From: 3, Places: number(1)}, {From: 4, Places: number(2)}, {From: 7, Places: number(3)}}}}
	moscow = regulation.Settings{SmallField: &regulation.SmallField{Rule: regulation.BySteps, Steps: []regulation.Step{
		{From: 0, Void: true}, {From: 4, Medals: number(1)}, {From: 5, Medals: number(2)}, {From: 6, Medals: number(3)}}}}
)

// Every variant of the small-field rule at every field size from none to nine:
// places, and how many of them earn a medal.
func TestAdmit(t *testing.T) {
	for name, tt := range map[string]struct {
		settings regulation.Settings
		want     string // places/medals for fields of 0, 1, 2 … 9; - is void
	}{
		"RA: below 8, one fewer than took part (5 in, 4 placed)": {rule(regulation.MinusOneBelow), "0/0 0/0 1/1 2/2 3/3 4/3 5/3 6/3 8/3 8/3"},
		"RB: up to 8, one fewer (8 in, 7 placed)":                {rule(regulation.MinusOneUpTo), "0/0 0/0 1/1 2/2 3/3 4/3 5/3 6/3 7/3 8/3"},
		"RC: below 8, all placed":                                {rule(regulation.AllPlaced), "0/0 1/1 2/2 3/3 4/3 5/3 6/3 7/3 8/3 8/3"},
		"RD: 7 three prizes, 4 two, 3 one, fewer cancelled":      {innerMongolia, "- - - 1/1 2/2 2/2 2/2 3/3 3/3 3/3"},
		"RE: 6 three medals, 5 two, 4 one, fewer void":           {moscow, "- - - - 4/1 5/2 6/3 7/3 8/3 8/3"},
		"RA, but a single starter is still placed": {regulation.Settings{SmallField: &regulation.SmallField{Rule: regulation.MinusOneBelow, Least: 1}},
			"0/0 1/1 1/1 2/2 3/3 4/3 5/3 6/3 8/3 8/3"},
		"RA with three places": {regulation.Settings{Places: number(3), SmallField: &regulation.SmallField{Rule: regulation.MinusOneBelow}},
			"0/0 0/0 1/1 3/3 3/3 3/3 3/3 3/3 3/3 3/3"},
		"two bronzes": {regulation.Settings{Medals: []medals.Medal{medals.Gold, medals.Silver, medals.Bronze, medals.Bronze}},
			"0/0 0/0 1/1 2/2 3/3 4/4 5/4 6/4 8/4 8/4"},
	} {
		resolved := with(tt.settings)
		var got []string
		for field := range 10 {
			a := resolved.Admit(field)
			if s := fmt.Sprintf("%d/%d", a.Places, a.Medals); a.Void {
				got = append(got, "-")
			} else {
				got = append(got, s)
			}
			if a.Why.Setting == "" || a.Why.Layer == "" {
				t.Errorf("%s: field of %d does not say which setting decided: %+v", name, field, a)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, strings.Join(got, " "), tt.want)
		}
	}
}

// field of n starters ranked 1 to n, each from a delegation of its own.
func field(n int, change ...func([]regulation.Line)) []regulation.Line {
	lines := make([]regulation.Line, n)
	for i := range lines {
		lines[i] = regulation.Line{ID: fmt.Sprint(i + 1), Rank: i + 1, Delegations: []string{fmt.Sprint("D", i+1)}}
	}
	for _, c := range change {
		c(lines)
	}
	return lines
}

func tie(rank, n int) func([]regulation.Line) {
	return func(lines []regulation.Line) {
		for i := range n {
			lines[rank-1+i].Rank = rank
		}
	}
}

func out(id int, irm scoring.IRM) func([]regulation.Line) {
	return func(lines []regulation.Line) { lines[id-1].Rank, lines[id-1].IRM = 0, irm }
}

func broke(id int, claims ...regulation.Claim) func([]regulation.Line) {
	return func(lines []regulation.Line) { lines[id-1].Records = claims }
}

func TestAwards(t *testing.T) {
	yes, no := true, false
	bonus := regulation.Settings{RecordBonus: []regulation.Bonus{{Level: "national", Points: scoring.Whole(18)}, {Level: "provincial", Points: scoring.Whole(9)}, {Level: "games", Points: scoring.Whole(5)}}}
	change := func(s regulation.Settings, f func(*regulation.Settings)) regulation.Settings { f(&s); return s }
	final := func(level string) regulation.Claim {
		return regulation.Claim{Performance: "final", Level: level, State: records.Break}
	}
	heat := func(level string) regulation.Claim {
		return regulation.Claim{Performance: "heat", Level: level, State: records.Break}
	}
	for name, tt := range map[string]struct {
		settings regulation.Settings
		kind     string
		lines    []regulation.Line
		want     string // entry:medal points, per result
	}{
		"a full field": {regulation.Settings{}, "individual", field(9), "1:gold 9, 2:silver 7, 3:bronze 6, 4: 5, 5: 4, 6: 3, 7: 2, 8: 1"},
		"five start, four are placed (a public program says so and awards five)": {regulation.Settings{}, "individual", field(5), "1:gold 9, 2:silver 7, 3:bronze 6, 4: 5"},
		"two start, no silver":                               {regulation.Settings{}, "individual", field(2), "1:gold 9"},
		"one starts, no gold":                                {regulation.Settings{}, "individual", field(1), ""},
		"nobody starts":                                      {regulation.Settings{}, "individual", nil, ""},
		"two second: 6.5 each":                               {regulation.Settings{}, "individual", field(9, tie(2, 2)), "1:gold 9, 2:silver 6.5, 3:silver 6.5, 4: 5, 5: 4, 6: 3, 7: 2, 8: 1"},
		"three second: 6 each, no bronze":                    {regulation.Settings{}, "individual", field(9, tie(2, 3)), "1:gold 9, 2:silver 6, 3:silver 6, 4:silver 6, 5: 4, 6: 3, 7: 2, 8: 1"},
		"two first: two golds, no silver":                    {regulation.Settings{}, "individual", field(4, tie(1, 2)), "1:gold 8, 2:gold 8, 3:bronze 6"},
		"two eighth: places behind the eighth count nothing": {regulation.Settings{}, "individual", field(9, tie(8, 2)), "1:gold 9, 2:silver 7, 3:bronze 6, 4: 5, 5: 4, 6: 3, 7: 2, 8: 0.5, 9: 0.5"},
		"two level for the last place of a small field":      {regulation.Settings{}, "individual", field(4, tie(3, 2)), "1:gold 9, 2:silver 7, 3:bronze 3, 4:bronze 3"},
		"the same, the table going on behind the places": {regulation.Settings{Beyond: "table"}, "individual", field(4, tie(3, 2)),
			"1:gold 9, 2:silver 7, 3:bronze 5.5, 4:bronze 5.5"},
		"tied points in full":                           {regulation.Settings{TiePoints: "full"}, "individual", field(9, tie(2, 2)), "1:gold 9, 2:silver 7, 3:silver 7, 4: 5, 5: 4, 6: 3, 7: 2, 8: 1"},
		"dense: the one behind two seconds is third":    {regulation.Settings{TieRank: "dense"}, "individual", field(5, tie(2, 2)), "1:gold 9, 2:silver 7, 3:silver 7, 4:bronze 6, 5: 5"},
		"a relay counts double":                         {regulation.Settings{}, "relay", field(3), "1:gold 18, 2:silver 14"},
		"who did not start is not in the field":         {regulation.Settings{}, "individual", field(5, out(5, scoring.DNS)), "1:gold 9, 2:silver 7, 3:bronze 6"},
		"counted by confirmed entries, he is":           {regulation.Settings{Basis: "confirmed"}, "individual", field(5, out(5, scoring.DNS)), "1:gold 9, 2:silver 7, 3:bronze 6, 4: 5"},
		"withdrawn counts only by entries":              {regulation.Settings{Basis: "entries"}, "individual", field(5, out(5, scoring.WDR)), "1:gold 9, 2:silver 7, 3:bronze 6, 4: 5"},
		"did not finish: in the field, without a place": {regulation.Settings{}, "individual", field(3, out(3, scoring.DNF)), "1:gold 9, 2:silver 7"},
		"an exhibition swim is nobody's field":          {regulation.Settings{}, "individual", field(3, out(3, scoring.EXH)), "1:gold 9"},
		"forfeited without a reason: two points off":    {regulation.Settings{ForfeitPenalty: whole(2)}, "individual", field(3, out(3, scoring.DNS), func(l []regulation.Line) { l[2].Forfeit = true }), "1:gold 9, 3: −2"},
		"ineligible: the result gone, a gold and nine off": {regulation.Settings{IneligiblePenalty: &regulation.Penalty{Gold: scoring.Whole(1), Points: scoring.Whole(9)}}, "individual",
			field(3, out(3, scoring.DSQ), func(l []regulation.Line) { l[2].Ineligible = true }), "1:gold 9, 2:silver 7, 3:−gold 0, 3: −9"},
		"a point for everybody who finishes":                  {regulation.Settings{Places: number(2), FinisherPoints: whole(1)}, "individual", field(4), "1:gold 9, 2:silver 7, 3: 1, 4: 1"},
		"a record broken in heat and final: five points once": {bonus, "individual", field(3, broke(1, heat("games"), final("games"))), "1:gold 9, 1: 5, 2:silver 7"},
		"of several levels the highest":                       {bonus, "individual", field(3, broke(1, final("games"), final("provincial"))), "1:gold 9, 1: 9, 2:silver 7"},
		"every level counts": {change(bonus, func(s *regulation.Settings) { s.BonusHighest = &no }), "individual",
			field(3, broke(1, final("games"), final("provincial"), heat("games"))), "1:gold 9, 1: 9, 1: 5, 2:silver 7"},
		"every time counts": {change(bonus, func(s *regulation.Settings) { s.BonusOnce = &no }), "individual",
			field(3, broke(1, final("games"), final("provincial"), heat("games"))), "1:gold 9, 1: 9, 1: 5, 2:silver 7"},
		"equalled brings nothing unless it is named": {bonus, "individual", field(3, broke(1, regulation.Claim{Level: "games", State: records.Equal})), "1:gold 9, 2:silver 7"},
		"a relay's bonus stays single":               {bonus, "relay", field(3, broke(1, final("games"))), "1:gold 18, 1: 5, 2:silver 14"},
		"a relay's bonus doubled with the points": {change(bonus, func(s *regulation.Settings) { s.BonusMultiplied = &yes }), "relay",
			field(3, broke(1, final("games"))), "1:gold 18, 1: 10, 2:silver 14"},
		"a record doubles the event's points": {regulation.Settings{RecordBonus: []regulation.Bonus{{Level: "games", Factor: scoring.Whole(2)}}}, "individual",
			field(3, broke(2, final("games"))), "1:gold 9, 2:silver 7, 2: 7"},
		"a merged event awarded by class": {regulation.Settings{MergedAward: "class", SmallField: &regulation.SmallField{Rule: regulation.AllPlaced}}, "individual",
			field(5, tie(2, 2), func(l []regulation.Line) {
				for i, class := range []string{"F35", "F36", "F36", "F35", "F36"} {
					l[i].Class = class
				}
			}), "1:gold 9, 4:silver 7, 2:gold 8, 3:gold 8, 5:bronze 6"},
	} {
		t.Run(name, func(t *testing.T) {
			resolved := with(tt.settings)
			results, err := resolved.Awards(regulation.Event{ID: "E", Kind: tt.kind}, tt.lines)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(results); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			for _, r := range results {
				if len(r.Why) == 0 {
					t.Errorf("nothing says what made %+v", r)
				}
			}
		})
	}
}

// said prints results: entry:medal points; of a deduction with its sign.
func said(results []medals.Result) string {
	var texts []string
	for _, r := range results {
		points := r.Points
		medal := string(r.Medal)
		if r.Shares[0].Of.Sign() < 0 {
			points = points.Neg()
			if medal != "" {
				medal = "−" + medal
			}
		}
		texts = append(texts, fmt.Sprintf("%s:%s %s", r.Entry, medal, points))
	}
	return strings.Join(texts, ", ")
}

func TestJointTeam(t *testing.T) {
	lines := field(2, func(l []regulation.Line) { l[0].Delegations = []string{"柳州", "南宁"} })
	for way, want := range map[string]string{"split": "0.5 0.5", "full": "1 1"} {
		resolved := with(regulation.Settings{JointTeam: way})
		results, err := resolved.Awards(regulation.Event{ID: "E", Kind: "team"}, lines)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(results[0].Shares[0].Of, " ", results[0].Shares[1].Of); got != want {
			t.Errorf("%s: shares %s, want %s", way, got, want)
		}
	}
}

func TestAwardsRefuse(t *testing.T) {
	for name, tt := range map[string]struct {
		kind  string
		lines []regulation.Line
		want  string
	}{
		"a kind of event without a multiplier": {"synchronised", field(3), "unknown-event-kind"},
		"no second place, but a third":         {"individual", field(3, func(l []regulation.Line) { l[1].Rank = 3 }), "ranks-broken"},
		"nobody first":                         {"individual", field(2, func(l []regulation.Line) { l[0].Rank = 2 }), "ranks-broken"},
		"a rank and a disqualification":        {"individual", field(2, func(l []regulation.Line) { l[1].IRM = scoring.DSQ }), "rank-without-result"},
		"ineligible and ranked":                {"individual", field(2, func(l []regulation.Line) { l[1].Ineligible = true }), "rank-without-result"},
		"nobody's entry":                       {"individual", field(1, func(l []regulation.Line) { l[0].Delegations = nil }), "delegation-missing"},
		"an entry twice":                       {"individual", field(2, func(l []regulation.Line) { l[1].ID = "1" }), "id-twice"},
		"a delegation twice in a joint team":   {"individual", field(1, func(l []regulation.Line) { l[0].Delegations = []string{"A", "A"} }), "delegation-twice"},
		"an unknown code":                      {"individual", field(1, out(1, "ILL")), "unknown-irm"},
		"a record of a fifth state":            {"individual", field(1, broke(1, regulation.Claim{Level: "games", State: "nearly"})), "unknown-value"},
	} {
		resolved := with(regulation.Settings{})
		_, err := resolved.Awards(regulation.Event{ID: "E", Kind: tt.kind}, tt.lines)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

func TestResolve(t *testing.T) {
	defaults := reflect.ValueOf(regulation.Defaults())
	for i := range defaults.NumField() {
		if f := defaults.Field(i); (f.Kind() == reflect.Pointer || f.Kind() == reflect.Slice || f.Kind() == reflect.Map) && f.IsNil() || f.Kind() == reflect.String && f.String() == "" {
			t.Errorf("no default for %s", defaults.Type().Field(i).Name)
		}
	}
	r := regulation.Resolve(
		regulation.Settings{Places: number(6), TiePoints: "full"},
		regulation.Settings{Places: number(3), Multipliers: map[string]scoring.Ratio{"team": scoring.Whole(3)}},
		regulation.Settings{Basis: "entries"},
	)
	got := fmt.Sprintln(*r.Places, r.TiePoints, r.Basis, r.Multipliers["team"], r.Multipliers["relay"], r.TieRank)
	if want := "3 full entries 3 2 skip\n"; got != want {
		t.Errorf("resolved %q, want %q", got, want)
	}
	for setting, layer := range map[string]string{"places": "sport", "tie_points": "edition", "field_basis": "event", "multipliers.team": "sport", "multipliers.relay": "default", "tie_rank": "default"} {
		if r.Layer[setting] != layer {
			t.Errorf("%s comes from %q, want %q", setting, r.Layer[setting], layer)
		}
	}
	if *regulation.Defaults().Places != 8 || regulation.Defaults().Multipliers["team"].Int() != 2 {
		t.Error("resolving changed the defaults")
	}
}

// people of these delegations, one entrant each.
func people(delegations ...string) []regulation.Entrant {
	entrants := make([]regulation.Entrant, len(delegations))
	for i, d := range delegations {
		entrants[i].Delegations = []string{d}
	}
	return entrants
}

func TestSmallFields(t *testing.T) {
	classes := func(counts ...int) []regulation.Candidate {
		var cs []regulation.Candidate
		for i, n := range counts {
			var from []string
			for j := range n {
				from = append(from, fmt.Sprint("D", j))
			}
			class := fmt.Sprint("F", 35+i)
			cs = append(cs, regulation.Candidate{Event: class, Sport: "AT", Family: "discus W", Class: class, Severity: i + 1, Entrants: people(from...)})
		}
		return cs
	}
	minimum := func(m regulation.Minimum) regulation.Settings { return regulation.Settings{Minimum: &m} }
	chain := func(actions ...string) []regulation.Action {
		var as []regulation.Action
		for _, a := range actions {
			as = append(as, regulation.Action{Do: a})
		}
		return as
	}
	for name, tt := range map[string]struct {
		settings   regulation.Settings
		candidates []regulation.Candidate
		want       string // event do[>into] after places/medals
	}{
		"one woman in F36 joins four in F37": {regulation.Settings{}, classes(4, 1, 4), "F35 keep 4 3/3; F36 merge-up>F37 5 4/3; F37 keep 5 4/3"},
		"three are enough":                   {regulation.Settings{}, classes(3), "F35 keep 3 2/2"},
		"nobody above: two show, one is cancelled": {regulation.Settings{}, append(classes(2), regulation.Candidate{Event: "S3", Sport: "SW", Family: "back M", Class: "S3", Severity: 3, Entrants: people("A")}),
			"F35 exhibition 2 0/0; S3 cancel 1 0/0"},
		"two small classes in a row: the first cannot climb two":       {regulation.Settings{}, classes(1, 1, 4), "F35 cancel 1 0/0; F36 merge-up>F37 5 4/3; F37 keep 5 4/3"},
		"where two steps are allowed it can":                           {minimum(regulation.Minimum{Count: 3, Of: "persons", Actions: []regulation.Action{{Do: regulation.MergeUp, Steps: 2}, {Do: regulation.Cancel}}}), classes(1, 1, 4), "F35 merge-up>F37 6 5/3; F36 merge-up>F37 6 5/3; F37 keep 6 5/3"},
		"1 + 2: the small class above becomes large enough":            {regulation.Settings{}, classes(1, 2), "F35 merge-up>F36 3 2/2; F36 keep 3 2/2"},
		"never down: a small class with no less impaired one above it": {regulation.Settings{}, classes(5, 1), "F35 keep 5 4/3; F36 cancel 1 0/0"},
		"nobody entered":                        {regulation.Settings{}, classes(0, 3), "F35 cancel 0 0/0; F36 keep 3 2/2"},
		"left to a person":                      {minimum(regulation.Minimum{Count: 3, Of: "persons", Actions: chain(regulation.Ask)}), classes(2), "F35 ask 2 0/0"},
		"no minimum":                            {minimum(regulation.Minimum{Of: "persons"}), classes(1), "F35 keep 1 0/0"},
		"withdrawn people are not in the field": {regulation.Settings{}, []regulation.Candidate{{Event: "E", Entrants: append(people("A", "B"), regulation.Entrant{Delegations: []string{"C"}, IRM: scoring.WDR})}}, "E exhibition 2 0/0"},
		"three persons of two delegations where delegations are counted": {minimum(regulation.Minimum{Count: 3, Of: "delegations", Actions: chain(regulation.Cancel)}), []regulation.Candidate{{Event: "E", Entrants: people("A", "A", "B")}}, "E cancel 2 0/0"},
		"merging unites delegations, it does not add them up":            {minimum(regulation.Minimum{Count: 3, Of: "delegations", Actions: chain(regulation.MergeUp, regulation.Cancel)}), classes(2, 2), "F35 cancel 2 0/0; F36 cancel 2 0/0"},
		"within a set: T45 and T46 join T47":                             {minimum(regulation.Minimum{Count: 3, Of: "persons", Sets: [][]string{{"F35", "F36", "F37"}}, Actions: chain(regulation.MergeSet, regulation.Cancel)}), classes(1, 4, 1), "F35 merge-set>F37 6 5/3; F36 merge-set>F37 6 5/3; F37 keep 6 5/3"},
		"a class outside the set stays outside":                          {minimum(regulation.Minimum{Count: 3, Of: "persons", Sets: [][]string{{"F35", "F37"}}, Actions: chain(regulation.MergeSet, regulation.Cancel)}), classes(1, 2, 3), "F35 merge-set>F37 4 3/3; F36 cancel 2 0/0; F37 keep 4 3/3"},
	} {
		t.Run(name, func(t *testing.T) {
			r := regulation.Regulation{Schema: regulation.Schema, Version: 1, Settings: tt.settings}
			if err := r.Check(); err != nil {
				t.Fatal(err)
			}
			decisions, err := r.SmallFields(tt.candidates)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range decisions {
				s := d.Event + " " + d.Do
				if d.Into != "" {
					s += ">" + d.Into
				}
				got = append(got, fmt.Sprintf("%s %d %d/%d", s, d.After, d.Admission.Places, d.Admission.Medals))
				if d.Why.Setting == "" || d.Why.Layer == "" {
					t.Errorf("%s: nothing says which setting decided: %+v", d.Event, d.Why)
				}
			}
			if strings.Join(got, "; ") != tt.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), tt.want)
			}
		})
	}
}

func TestPreview(t *testing.T) {
	settings := regulation.Settings{
		RecordBonus: []regulation.Bonus{{Level: "games", Points: scoring.Whole(5)}},
		Prizes:      []regulation.Prize{{Name: "一等奖", To: 1}, {Name: "二等奖", From: 2, To: 3}, {Name: "技术能手", To: 2, Field: 10}},
	}
	for name, tt := range map[string]struct {
		c    regulation.Case
		want string
	}{
		"three in a relay": {regulation.Case{Kind: "relay", Field: 3}, "1 gold 18 一等奖; 2 silver 14 二等奖; 3  0 "},
		"four, the first two level, with a record": {regulation.Case{Kind: "individual", Field: 4, TiedAt: 1, Tied: 2, Records: []regulation.Claim{{Level: "games", State: records.Break}}},
			"1 gold 8+5 一等奖; 1 gold 8 一等奖; 3 bronze 6 二等奖; 4  0 "},
		"ten: two technical experts": {regulation.Case{Kind: "individual", Field: 10},
			"1 gold 9 一等奖,技术能手; 2 silver 7 二等奖,技术能手; 3 bronze 6 二等奖; 4  5 ; 5  4 ; 6  3 ; 7  2 ; 8  1 ; 9  0 ; 10  0 "},
		"nobody": {regulation.Case{Kind: "individual"}, ""},
	} {
		resolved := with(settings)
		w, err := resolved.Preview(tt.c)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range w.Rows {
			points := row.Points.String()
			if !row.Bonus.IsZero() {
				points += "+" + row.Bonus.String()
			}
			got = append(got, fmt.Sprint(row.Rank, " ", row.Medal, " ", points, " ", strings.Join(row.Prizes, ",")))
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, strings.Join(got, "; "), tt.want)
		}
	}
	resolved := with(settings)
	for name, c := range map[string]regulation.Case{
		"a tie outside the field": {Kind: "individual", Field: 3, TiedAt: 3, Tied: 2},
		"a field below nothing":   {Kind: "individual", Field: -1},
		"a field without bound":   {Kind: "individual", Field: 1 << 40},
		"an unknown kind":         {Kind: "duel", Field: 3},
	} {
		var invalid *scoring.Invalid
		if _, err := resolved.Preview(c); !errors.As(err, &invalid) {
			t.Errorf("%s: worked out (%v)", name, err)
		}
	}
}

func TestQuota(t *testing.T) {
	for _, tt := range []struct{ n, per, want int }{{0, 5, 0}, {3, 5, 1}, {10, 5, 2}, {147, 10, 14}, {9, 0, 0}} {
		if got := regulation.Quota(tt.n, tt.per); got != tt.want {
			t.Errorf("%d at one to %d: %d awards, want %d", tt.n, tt.per, got, tt.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ json, field, problem string }{
		"another schema":          {`{"schema": "x", "version": 1}`, "schema", "unknown-schema"},
		"no version":              {`{"schema": "tongchang/regulation/1"}`, "version", "not-between"},
		"a misspelt setting":      {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"place": 8}}`, "regulation", "unreadable"},
		"half a place":            {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"places": 7.5}}`, "regulation", "unreadable"},
		"points that rise":        {`{"schema": "tongchang/regulation/1", "version": 1, "sports": {"AT": {"points": [9, 7, 8]}}}`, "sports.AT.points[2]", "points-rise"},
		"negative points":         {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"points": [-1]}}`, "settings.points[0]", "not-between"},
		"an unknown rule":         {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"small_field": {"rule": "minus-two"}}}`, "settings.small_field.rule", "unknown-value"},
		"steps that begin at 3":   {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"small_field": {"rule": "steps", "steps": [{"from": 3}]}}}`, "settings.small_field.steps[0].from", "steps-begin"},
		"steps out of order":      {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"small_field": {"rule": "steps", "steps": [{"from": 0}, {"from": 5}, {"from": 4}]}}}`, "settings.small_field.steps[2].from", "steps-order"},
		"a chain that can fail":   {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"minimum": {"count": 3, "of": "persons", "actions": [{"do": "merge-up"}]}}}`, "settings.minimum.actions", "chain-open"},
		"merging without sets":    {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"minimum": {"count": 3, "of": "persons", "actions": [{"do": "merge-set"}, {"do": "cancel"}]}}}`, "settings.minimum.actions[0]", "sets-missing"},
		"a minimum of teams":      {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"minimum": {"count": 3, "of": "teams", "actions": [{"do": "cancel"}]}}}`, "settings.minimum.of", "unknown-value"},
		"a bonus of nothing":      {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"record_bonus": [{"level": "games"}]}}`, "settings.record_bonus[0]", "bonus-unclear"},
		"a table for everybody":   {`{"schema": "tongchang/regulation/1", "version": 1, "tables": {"gold": {"audience": "everybody"}}}`, "tables.gold.audience", "unknown-value"},
		"a table by bronze":       {`{"schema": "tongchang/regulation/1", "version": 1, "tables": {"bronze": {"audience": "off"}}}`, "tables.bronze", "unknown-value"},
		"a tie by the weather":    {`{"schema": "tongchang/regulation/1", "version": 1, "tables": {"points": {"audience": "public", "ties": ["weather"]}}}`, "tables.points.ties[0]", "unknown-value"},
		"issued on no day":        {`{"schema": "tongchang/regulation/1", "version": 1, "issued": "2027-02-30"}`, "issued", "not-a-date"},
		"a prize for nobody":      {`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"prizes": [{"name": "x", "from": 3, "to": 2}]}}`, "settings.prizes[0]", "prize-unclear"},
		"two regulations at once": {`{"schema": "tongchang/regulation/1", "version": 1} {}`, "regulation", "unreadable"},
	} {
		_, err := regulation.Read([]byte(tt.json))
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want %s at %s", name, err, tt.problem, tt.field)
		}
	}
}

func TestAwardsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 14).Draw(t, "field")
		lines := field(n)
		for rank := 1; rank <= n; {
			tied := min(rapid.SampledFrom([]int{1, 1, 1, 2, 3}).Draw(t, "tied"), n-rank+1)
			tie(rank, tied)(lines)
			rank += tied
		}
		resolved := with(rapid.SampledFrom([]regulation.Settings{rule(regulation.MinusOneBelow), rule(regulation.MinusOneUpTo), rule(regulation.AllPlaced), innerMongolia, moscow}).Draw(t, "rule"))
		results, err := resolved.Awards(regulation.Event{ID: "E", Kind: "individual"}, lines)
		if err != nil {
			t.Fatal(err)
		}
		again, err := resolved.Awards(regulation.Event{ID: "E", Kind: "individual"}, rapid.Permutation(lines).Draw(t, "shuffled"))
		if err != nil || said(again) != said(results) {
			t.Errorf("the order of the lines changes the awards:\n%s\n%s", said(results), said(again))
		}
		more, err := resolved.Awards(regulation.Event{ID: "E", Kind: "individual"}, append(slices.Clone(lines), regulation.Line{ID: "out", IRM: scoring.DNS, Delegations: []string{"Z"}}))
		if err != nil || said(more) != said(results) {
			t.Errorf("somebody who did not start changes the awards:\n%s\n%s", said(results), said(more))
		}
		var table, given scoring.Ratio
		for p := range resolved.Admit(n).Places {
			table = table.Add(resolved.Points[p])
		}
		for _, r := range results {
			given = given.Add(r.Points)
		}
		if given.Cmp(table) != 0 {
			t.Errorf("a field of %d hands out %v points, the table has %v for its places", n, given, table)
		}
	})
}

// FuzzRead: whatever stands in a regulation, it is refused in a sentence or a
// whole preview can be worked out from it.
func FuzzRead(f *testing.F) {
	whole, err := json.Marshal(regulation.Regulation{Schema: regulation.Schema, Version: 1, Settings: regulation.Defaults(),
		Sports: map[string]regulation.Settings{"AT": innerMongolia}, Tables: map[string]regulation.Table{"gold": {Audience: "public"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"schema": "tongchang/regulation/1", "version": 1, "settings": {"points": ["1/3", 1e99]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := regulation.Read(raw)
		var invalid *scoring.Invalid
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Fatalf("not a *scoring.Invalid: %v", err)
			}
			return
		}
		for sport := range r.Sports {
			resolved := r.For(sport, "")
			for n := range 10 {
				if _, err := resolved.Preview(regulation.Case{Kind: "individual", Field: n}); err != nil {
					t.Fatalf("read without a complaint, then a field of %d: %v", n, err)
				}
			}
		}
	})
}

// BenchmarkGames awards a games of 600 events with 1,300 athletes who start
// three times each, and counts all three tables. The aim is 50 ms.
func BenchmarkGames(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	events := make([][]regulation.Line, 600)
	for start := range 1300 * 3 {
		e := &events[start%600]
		*e = append(*e, regulation.Line{ID: fmt.Sprint(start), Rank: len(*e) + 1, Delegations: []string{fmt.Sprint("D", random.IntN(15))}})
	}
	r := regulation.Regulation{Schema: regulation.Schema, Version: 1, Sports: map[string]regulation.Settings{"AT": rule(regulation.AllPlaced)}}
	for b.Loop() {
		var results []medals.Result
		for i, lines := range events {
			id := fmt.Sprint("E", i)
			resolved := r.For("AT", id)
			won, err := resolved.Awards(regulation.Event{ID: id, Discipline: "AT", Kind: "individual"}, lines)
			if err != nil {
				b.Fatal(err)
			}
			results = append(results, won...)
		}
		for _, by := range []medals.Key{medals.ByGold, medals.ByTotal, medals.ByPoints} {
			if _, err := medals.Table(results, medals.Rules{By: by}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// Provinces publish up to three tables, each with its own chain; the 2015
// national games published none.
func TestTables(t *testing.T) {
	r, err := regulation.Read([]byte(`{"schema": "tongchang/regulation/1", "version": 2, "source": "regulation 14", "tables": {
		"gold": {"audience": "public"}, "points": {"audience": "internal", "ties": ["gold", "place-1", "place-2"], "limits": [{"per": "event", "best": 2}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	results := []medals.Result{
		{Event: "1", Rank: 2, Medal: medals.Silver, Points: scoring.Whole(7), Shares: medals.Sole("A")},
		{Event: "2", Rank: 7, Points: scoring.Whole(2), Shares: medals.Sole("A")},
		{Event: "3", Rank: 1, Medal: medals.Gold, Points: scoring.Whole(9), Shares: medals.Sole("B")},
	}
	for by, want := range map[medals.Key]string{medals.ByGold: "public B", medals.ByPoints: "internal B", medals.ByTotal: "off"} {
		rules, audience := r.Rules(by, []medals.Delegation{{ID: "A"}, {ID: "B"}})
		got := audience
		if audience != "off" {
			table, err := medals.Table(results, rules)
			if err != nil {
				t.Fatal(err)
			}
			if got += " " + table[0].Delegation; table[0].Reason.Source != "regulation 14" {
				t.Errorf("%s: the reason names %q as its source", by, table[0].Reason.Source)
			}
		}
		if got != want {
			t.Errorf("table by %s: %s, want %s", by, got, want)
		}
	}
}
