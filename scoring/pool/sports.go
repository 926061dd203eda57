package pool

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/duel"
)

// sports are the usual rules. Each names its source; a list that begins with
// "default" was not found in a rule book and is there to be replaced.
var sports = map[string]Rules{
	// Points 2 for a win, 1 for a match played and lost, 0 for one not played
	// or not finished; then only the matches among those level count: points,
	// ratio of single matches (teams), of games, of points; then the lot.
	"table-tennis": {Points: &Points{Win: 2, Loss: 1}, Withdrawn: Keep, Ties: []Tie{
		{By: "match-points"}, {By: "match-points", Among: true}, {By: "single-ratio", Among: true},
		{By: "part-ratio", Among: true}, {By: "score-ratio", Among: true}, {By: "lot"}},
		Source: "ITTF Regulations 3.7.5"},
	// Two level: who beat whom. Three or more: matches, games, points over the
	// whole group; as soon as two remain, who beat whom.
	"badminton": {Points: &Points{Win: 1}, Withdrawn: Delete, Ties: []Tie{
		{By: "match-points"}, {By: HeadToHead, Only: 2}, {By: "single-difference"}, {By: "part-difference"}, {By: "score-difference"}, {By: "lot"}},
		Source: "BWF, ranking of a round robin"},
	// Goal difference over the whole group stands before the match between the
	// two who are level.
	"goalball": {Points: &Points{Win: 3, Draw: 1}, Withdrawn: Keep, Ties: []Tie{
		{By: "match-points"}, {By: "score-difference"}, {By: "wins"}, {By: "score-against"}, {By: "score-difference", Among: true}, {By: "lot"}},
		Source: "IBSA Goalball Rules 2022–2024, 48–51"},
	"boccia": {Points: &Points{Win: 1}, Withdrawn: Delete, Ties: []Tie{
		{By: "wins"}, {By: "wins", Among: true}, {By: "score-difference"}, {By: "score-for"}, {By: "parts-won"}, {By: "biggest-win"}, {By: "lot"}},
		Source: "default for boccia pools"},
	"wheelchair-curling": {Points: &Points{Win: 1}, Withdrawn: Keep, Drop: 1, Ties: []Tie{
		{By: "wins"}, {By: HeadToHead}, {By: "draw-shots"}, {By: "lot"}},
		Source: "World Curling: wins, head to head, draw shot challenge"},
	"sitting-volleyball": {Points: &Points{Win: 3, Narrow: &[2]int{2, 1}}, Withdrawn: Keep, Ties: []Tie{
		{By: "wins"}, {By: "match-points"}, {By: "part-ratio"}, {By: "score-ratio"}, {By: HeadToHead}, {By: "lot"}},
		Source: "volleyball: wins, points, sets, rally points"},
	"basketball": {Points: &Points{Win: 2, Loss: 1}, Withdrawn: Keep, Ties: []Tie{
		{By: "match-points"}, {By: "match-points", Among: true}, {By: "score-difference", Among: true}, {By: "score-for", Among: true},
		{By: "score-difference"}, {By: "score-for"}, {By: "lot"}},
		Source: "FIBA Rules D.1.3"},
	"football": {Points: &Points{Win: 3, Draw: 1}, Withdrawn: Keep, Ties: []Tie{
		{By: "match-points"}, {By: "score-difference"}, {By: "score-for"}, {By: "match-points", Among: true}, {By: "lot"}},
		Source: "default for football groups"},
	"darts": {Points: &Points{Win: 2}, Withdrawn: Delete, Ties: []Tie{
		{By: "match-points"}, {By: HeadToHead}, {By: "part-difference"}, {By: "parts-won"}, {By: "lot"}},
		Source: "default for darts groups"},
	"chess": {Points: &Points{Win: 2, Draw: 1}, Withdrawn: Delete, Halves: true, Ties: []Tie{
		{By: "match-points"}, {By: HeadToHead}, {By: "wins"}, {By: "sonneborn-berger"}, {By: "lot"}},
		Source: "FIDE Handbook C.07; order as in the Candidates Tournament 2016, 3.7"},
	"xiangqi": {Points: &Points{Win: 2, Draw: 1}, Withdrawn: Delete, Ties: []Tie{
		{By: "match-points"}, {By: "sonneborn-berger"}, {By: "wins"}, {By: "fouls"}, {By: "blacks"}, {By: "black-wins"}, {By: "lot"}},
		Source: "中国象棋竞赛规则（默认）"},
}

// same are sports that rank by another's list with a format of their own.
var same = map[string]string{
	"table-tennis-team": "table-tennis", "boccia-team": "boccia", "floor-curling": "wheelchair-curling", "darts-sets": "darts",
}

// Sports lists the sports with usual rules, in order.
func Sports() []string {
	return slices.Sorted(maps.Keys(sports))
}

// Usual gives the usual rules of a sport, whole.
func Usual(sport string) (Rules, error) {
	r, ok := sports[cmp.Or(same[sport], sport)]
	if !ok {
		return Rules{}, &scoring.Invalid{Field: "sport", Problem: "unknown-sport", With: append([]string{sport}, Sports()...)}
	}
	f, err := duel.Named(sport)
	r.Sport, r.Format = sport, &f
	return r, err
}

// complete fills in the sport's usual rules and checks the whole.
func (r Rules) complete() (Rules, error) {
	if r.Sport != "" {
		usual, err := Usual(r.Sport)
		if err != nil {
			return r, err
		}
		r.Format = cmp.Or(r.Format, usual.Format)
		r.Points = cmp.Or(r.Points, usual.Points)
		r.Withdrawn = cmp.Or(r.Withdrawn, usual.Withdrawn)
		r.Source = cmp.Or(r.Source, usual.Source)
		r.Drop = cmp.Or(r.Drop, usual.Drop)
		r.Halves = r.Halves || usual.Halves && r.Points == usual.Points
		if len(r.Ties) == 0 {
			r.Ties = usual.Ties
		}
	}
	r.Meetings = cmp.Or(r.Meetings, 1)
	r.Withdrawn = cmp.Or(r.Withdrawn, Keep)
	r.Unplayed = cmp.Or(r.Unplayed, "none")
	return r, r.check()
}

func (r *Rules) check() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	switch {
	case r.Format == nil:
		return bad("format", "setting-missing")
	case r.Points == nil:
		return bad("points", "setting-missing")
	case len(r.Ties) == 0 || r.Ties[0].Among || r.Ties[0].By != "match-points" && r.Ties[0].By != "wins":
		return bad("ties", "first-tie")
	case r.Withdrawn != Delete && r.Withdrawn != Keep:
		return bad("withdrawn", "unknown-setting", r.Withdrawn)
	case r.Unplayed != "own" && r.Unplayed != "none":
		return bad("unplayed", "unknown-setting", r.Unplayed)
	case r.Meetings < 1 || r.Meetings > 10:
		return bad("meetings", "not-between", strconv.Itoa(r.Meetings), "1", "10")
	case r.Drop < 0 || r.Drop > 100:
		return bad("drop", "not-between", strconv.Itoa(r.Drop), "0", "100")
	}
	points := []int{r.Points.Win, r.Points.Draw, r.Points.Loss, r.Points.Out}
	if r.Points.Narrow != nil {
		points = append(points, r.Points.Narrow[:]...)
	}
	for _, p := range points {
		if p < -1000 || p > 1000 {
			return bad("points", "not-between", strconv.Itoa(p), "-1000", "1000")
		}
	}
	for _, tie := range r.Ties {
		if _, ok := criteria[tie.By]; !ok {
			return bad("ties", "unknown-criterion", tie.By)
		}
		if tie.Only < 0 {
			return bad("ties", "negative", strconv.Itoa(tie.Only))
		}
	}
	return r.Format.Check()
}
