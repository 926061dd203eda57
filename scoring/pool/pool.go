// Package pool ranks lines that meet each other: a round robin, by match
// points or wins and then by the sport's own ordered list of tie-breaks. The
// list is data, and it starts again among those who are still level whenever
// it has separated some of them.
package pool

import (
	"cmp"
	"math/big"

	"tongchang/scoring"
	"tongchang/scoring/duel"
)

// Rules say how matches become places. Sport gives the usual rules of a sport;
// every other field that is set replaces its part of them, since regulations
// differ.
type Rules struct {
	Sport    string       `json:"sport,omitempty"`
	Format   *duel.Format `json:"format,omitempty"`   // how a match is played
	Points   *Points      `json:"points,omitempty"`   // match points
	Ties     []Tie        `json:"ties,omitempty"`     // what ranks, in order; the first is "match-points" or "wins"
	Meetings int          `json:"meetings,omitempty"` // how often two lines meet at most; 0 means once
	// Withdrawn says what becomes of the matches of a line that has an IRM:
	// "delete" counts none of them for anybody, "keep" counts those decided.
	Withdrawn string `json:"withdrawn,omitempty"`
	// Drop is how many of a team's worst draw shots are left out of its mean.
	Drop int `json:"drop,omitempty"`
	// Bye is what a round without an opponent earns; nil refuses byes.
	Bye *int `json:"bye,omitempty"`
	// Unplayed says what a round without a game adds to the sum of opponents'
	// points: "own" the line's own points, "none" nothing.
	Unplayed string `json:"unplayed,omitempty"`
	Halves   bool   `json:"halves,omitempty"` // match points are half points: 3 is printed 1½
	Source   string `json:"source,omitempty"` // rule book, edition, clause
}

// Points are the match points of a win, a draw and a loss. Out is for who lost
// without finishing: walkover, forfeit, retired, disqualified. Narrow, where
// given, is for winner and loser of a match that needed its last part.
type Points struct {
	Win    int     `json:"win"`
	Draw   int     `json:"draw,omitempty"`
	Loss   int     `json:"loss,omitempty"`
	Out    int     `json:"out,omitempty"`
	Narrow *[2]int `json:"narrow,omitempty"`
}

// Tie is one criterion. Among counts only the matches among those who are
// level; Only applies it only where exactly so many are level.
type Tie struct {
	By    string `json:"by"` // a key of the criteria
	Among bool   `json:"among,omitempty"`
	Only  int    `json:"only,omitempty"`
}

// Line is a player, pair or team of the pool.
type Line struct {
	ID    string      `json:"id"`
	Lot   int         `json:"lot,omitempty"`   // drawn at the end, 1 stands first; 0: none drawn
	Draws []int64     `json:"draws,omitempty"` // draw shots of curling, mm from the centre
	Fouls int         `json:"fouls,omitempty"` // fouls noted at the board
	IRM   scoring.IRM `json:"irm,omitempty"`   // withdrawn or disqualified from the pool: no place
	Rule  string      `json:"rule,omitempty"`  // what a disqualification refers to
}

// Rank orders the lines by the matches they have played. Matches still live
// count nothing; a line without a decided match waits for its place.
func Rank(rules Rules, lines []Line, matches []duel.Match) ([]scoring.Ranked, error) {
	t, err := newTable(rules, lines, matches)
	if err != nil {
		return nil, err
	}
	var steps []scoring.Step[row]
	t.resolve(t.placed(), &steps)
	ranked := scoring.Order(t.rows, t.facts, steps...)
	for i := range ranked {
		ranked[i].Columns = t.columns(t.index[ranked[i].ID])
	}
	return ranked, nil
}

// row is a line in the order of the input.
type row struct {
	at   int
	line *Line
}

// placed are the rows that may have a place.
func (t *table) placed() []int {
	var in []int
	for i, r := range t.rows {
		if r.line.IRM == "" && t.all[i].played > 0 {
			in = append(in, i)
		}
	}
	return in
}

func (t *table) facts(r *row) scoring.Facts {
	f := scoring.Facts{ID: r.line.ID, IRM: r.line.IRM, Result: string(r.line.IRM)}
	if t.all[r.at].played > 0 {
		first := t.value(r.at, t.rules.Ties[0], nil)
		m := scoring.Mark(first.num)
		f.Mark = &m
		if r.line.IRM == "" {
			f.Result = t.show(t.rules.Ties[0].By, first)
		}
	}
	return f
}

// resolve turns the list of tie-breaks, with its new starts, into plain steps:
// each step is one criterion among one set of lines that are level until then.
// A set that a criterion separates gives smaller sets, and each of them begins
// the list again; sets only ever get smaller, so this ends.
func (t *table) resolve(level []int, steps *[]scoring.Step[row]) {
	if len(level) < 2 {
		return
	}
	for _, tie := range t.rules.Ties {
		values, ok := t.compare(level, tie)
		if !ok {
			continue
		}
		*steps = append(*steps, t.step(tie, values))
		for _, part := range split(level, values) {
			t.resolve(part, steps)
		}
		return
	}
}

// compare values a criterion for the lines that are level. It is not ok where
// the criterion does not apply or leaves all of them level.
func (t *table) compare(level []int, tie Tie) (map[int]value, bool) {
	if tie.Only > 0 && len(level) != tie.Only {
		return nil, false
	}
	among := make(map[int]bool, len(level))
	for _, i := range level {
		among[i] = true
	}
	if tie.By == HeadToHead && !t.allMet(among) {
		return nil, false
	}
	if !tie.Among && tie.By != HeadToHead {
		among = nil
	}
	values := make(map[int]value, len(level))
	differ := false
	for _, i := range level {
		v := t.value(i, tie, among)
		if v.none {
			return nil, false
		}
		values[i] = v
		differ = differ || v.cmp(values[level[0]]) != 0
	}
	return values, differ
}

func (t *table) step(tie Tie, values map[int]value) scoring.Step[row] {
	low := criteria[tie.By].low
	rule := tie.By
	if tie.Among {
		rule += "-among"
	}
	return scoring.Step[row]{
		Rule: rule, Source: t.rules.Source,
		Show: func(r *row) string { return t.show(tie.By, values[r.at]) },
		Compare: func(a, b *row) int {
			x, here := values[a.at]
			y, there := values[b.at]
			switch {
			case !here || !there:
				return 0
			case low:
				return x.cmp(y)
			}
			return y.cmp(x)
		},
	}
}

// split parts the lines by their values.
func split(level []int, values map[int]value) [][]int {
	var sets [][]int
next:
	for _, i := range level {
		for s, set := range sets {
			if values[set[0]].cmp(values[i]) == 0 {
				sets[s] = append(set, i)
				continue next
			}
		}
		sets = append(sets, []int{i})
	}
	return sets
}

// value is an exact quotient. den is positive.
type value struct {
	num, den int64
	none     bool // there is nothing to compare
	text     string
}

func whole(n int) value { return value{num: int64(n), den: 1} }

func (v value) cmp(o value) int {
	if v.den == o.den {
		return cmp.Compare(v.num, o.num)
	}
	// Products of two sums of scores may not fit an int64.
	return new(big.Int).Mul(big.NewInt(v.num), big.NewInt(o.den)).Cmp(new(big.Int).Mul(big.NewInt(o.num), big.NewInt(v.den)))
}
