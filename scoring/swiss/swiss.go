// Package swiss ranks and pairs tournaments in which everybody plays every
// round, nobody meets twice and not everybody meets everybody: chess and
// Chinese chess with many players and few rounds.
package swiss

import (
	"cmp"
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/duel"
	"tongchang/scoring/pool"
)

// Rules are those of a pool, ranked by what a Swiss tournament ranks by. Sport
// is chess or xiangqi, or any other of the pool with a list of its own.
type Rules struct {
	pool.Rules
	Rounds int `json:"rounds,omitempty"` // how many will be played; 0: not fixed
}

// Line is a player or team.
type Line struct {
	pool.Line
	Seed   int  `json:"seed,omitempty"`   // pairing number, 1 is the strongest or the first by lot
	Absent bool `json:"absent,omitempty"` // not to be paired in the next round
}

// usual are the lists where a regulation has none of its own. A round without
// an opponent is worth a win and is counted as a game against somebody with
// the line's own points.
var usual = map[string]pool.Rules{
	"chess": {Ties: []pool.Tie{
		{By: "match-points"}, {By: "buchholz-cut-1"}, {By: "buchholz"}, {By: "sonneborn-berger"}, {By: pool.HeadToHead},
		{By: "wins"}, {By: "black-wins"}, {By: "lot"}},
		Source: "FIDE Handbook C.07, order by default"},
	"xiangqi": {Ties: []pool.Tie{
		{By: "match-points"}, {By: "buchholz"}, {By: "wins"}, {By: "fouls"}, {By: "blacks"}, {By: "black-wins"},
		{By: pool.HeadToHead}, {By: "lot"}},
		Source: "中国象棋竞赛规则（默认）"},
}

// complete fills in what a Swiss tournament adds to the rules of the sport.
func (r Rules) complete() (pool.Rules, error) {
	p := r.Rules
	if u, ok := usual[p.Sport]; ok {
		if len(p.Ties) == 0 {
			p.Ties = u.Ties
		}
		p.Source = cmp.Or(p.Source, u.Source)
	}
	p.Withdrawn = cmp.Or(p.Withdrawn, pool.Keep) // who leaves a Swiss has played his games
	p.Unplayed = cmp.Or(p.Unplayed, "own")
	if p.Bye == nil {
		points := p.Points
		if points == nil {
			s, err := pool.Usual(p.Sport)
			if err != nil {
				return p, err
			}
			points = s.Points
		}
		p.Bye = &points.Win
	}
	return p, nil
}

// Rank orders the lines by the rounds played.
func Rank(rules Rules, lines []Line, matches []duel.Match) ([]scoring.Ranked, error) {
	p, err := rules.complete()
	if err != nil {
		return nil, err
	}
	if err := rounds(&rules, matches); err != nil {
		return nil, err
	}
	in := make([]pool.Line, len(lines))
	for i, l := range lines {
		in[i] = l.Line
	}
	return pool.Rank(p, in, matches)
}

// rounds checks that nobody plays twice in a round or rests twice in all.
func rounds(rules *Rules, matches []duel.Match) error {
	type turn struct {
		round int
		line  string
	}
	busy, rested := map[turn]bool{}, map[string]bool{}
	for i := range matches {
		m := &matches[i]
		bad := func(field, problem string, with ...string) error {
			return &scoring.Invalid{Line: m.ID, Field: field, Problem: problem, With: with, Rule: rules.Source}
		}
		if most := cmp.Or(rules.Rounds, 99); m.Round < 1 || m.Round > most {
			return bad("round", "not-between", strconv.Itoa(m.Round), "1", strconv.Itoa(most))
		}
		if m.End == duel.Bye && rested[m.A] {
			return bad("end", "second-bye", m.A)
		}
		rested[m.A] = rested[m.A] || m.End == duel.Bye
		for _, id := range []string{m.A, m.B} {
			if id != "" && busy[turn{m.Round, id}] {
				return bad("side", "twice-in-round", id)
			}
			busy[turn{m.Round, id}] = true
		}
	}
	return nil
}
