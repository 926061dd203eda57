package pool

import (
	"cmp"
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/duel"
)

// table is what the matches have come to.
type table struct {
	rules  Rules
	rows   []row
	index  map[string]int
	games  []game
	met    map[[2]int]int
	all    []stat // over all matches
	byes   []int  // rounds without an opponent
	format *duel.Format
}

// game is a decided match that counts. White is the side that began.
type game struct {
	white, black int
	outcome      duel.Outcome
}

// stat is what one line has made in some of its matches.
type stat struct {
	played, won, drawn, lost int
	points                   int // match points
	blacks, blackWins        int
	singles, parts, score    [2]int // made, conceded
	margin                   int    // the biggest win
}

func newTable(rules Rules, lines []Line, matches []duel.Match) (*table, error) {
	full, err := rules.complete()
	if err != nil {
		return nil, err
	}
	t := &table{rules: full, format: full.Format, index: make(map[string]int, len(lines)), met: map[[2]int]int{}}
	for i := range lines {
		l := &lines[i]
		if err := t.check(l); err != nil {
			return nil, err
		}
		t.index[l.ID] = i
		t.rows = append(t.rows, row{i, l})
	}
	t.byes = make([]int, len(lines))
	seen := make(map[string]bool, len(matches))
	for i := range matches {
		m := &matches[i]
		if seen[m.ID] || m.ID == "" {
			return nil, &scoring.Invalid{Line: m.ID, Field: "match", Problem: "id-twice", With: []string{m.ID}}
		}
		seen[m.ID] = true
		if err := t.add(m); err != nil {
			return nil, err
		}
	}
	t.all = make([]stat, len(lines))
	for i := range lines {
		t.all[i] = t.stat(i, nil)
	}
	return t, nil
}

// longestDraw, in mm, is longer than a sheet of curling ice.
const longestDraw = 50_000

func (t *table) check(l *Line) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Line: l.ID, Field: field, Problem: problem, With: with, Rule: t.rules.Source}
	}
	if _, twice := t.index[l.ID]; twice || l.ID == "" {
		return bad("id", "id-twice", l.ID)
	}
	switch {
	case !l.IRM.Known():
		return bad("irm", "unknown-irm", string(l.IRM))
	case l.Lot < 0:
		return bad("lot", "negative", strconv.Itoa(l.Lot))
	case l.Fouls < 0:
		return bad("fouls", "negative", strconv.Itoa(l.Fouls))
	case len(l.Draws) > 100:
		return bad("draws", "too-many-parts", "100")
	}
	for i, d := range l.Draws {
		if d < 0 || d > longestDraw {
			return bad("draws "+strconv.Itoa(i+1), "not-between", strconv.FormatInt(d, 10), "0", strconv.Itoa(longestDraw))
		}
	}
	return nil
}

// add counts a match where it counts.
func (t *table) add(m *duel.Match) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Line: m.ID, Field: field, Problem: problem, With: with, Rule: t.rules.Source}
	}
	a, ok := t.index[m.A]
	if !ok {
		return bad("side", "unknown-line", m.A)
	}
	if m.End == duel.Bye {
		if m.B != "" || len(m.Parts) > 0 {
			return bad("side", "bye-with-opponent", m.B)
		}
		if t.rules.Bye == nil {
			return bad("end", "no-byes")
		}
		t.byes[a]++
		return nil
	}
	b, ok := t.index[m.B]
	if !ok {
		return bad("side", "unknown-line", m.B)
	}
	o, err := t.format.Decide(m)
	if err != nil {
		return err
	}
	pair := [2]int{min(a, b), max(a, b)}
	if t.met[pair]++; t.met[pair] > t.rules.Meetings {
		return bad("side", "met-too-often", m.A, m.B, strconv.Itoa(t.rules.Meetings))
	}
	out := t.rows[a].line.IRM != "" || t.rows[b].line.IRM != ""
	if o.Decided && !(out && t.rules.Withdrawn == Delete) {
		t.games = append(t.games, game{a, b, o})
	}
	return nil
}

// stat adds up a line's matches against those among; nil is against all.
func (t *table) stat(i int, among map[int]bool) stat {
	var s stat
	for _, g := range t.games {
		side, other := duel.A, g.black
		if g.black == i {
			side, other = duel.B, g.white
		} else if g.white != i {
			continue
		}
		if among == nil || among[other] {
			s.add(&g.outcome, side, t.rules.Points)
		}
	}
	if among == nil && t.rules.Bye != nil {
		s.played += t.byes[i]
		s.points += t.byes[i] * *t.rules.Bye
	}
	return s
}

func (s *stat) add(o *duel.Outcome, side duel.Side, p *Points) {
	s.played++
	s.points += p.of(o, side)
	switch {
	case o.Drawn:
		s.drawn++
	case o.Winner == side:
		s.won++
	default:
		s.lost++
	}
	own, other := o.Of(side), o.Of(side.Other())
	if side == duel.B && o.Finished {
		s.blacks++
		if o.Winner == side {
			s.blackWins++
		}
	}
	for i, v := range []*[2]int{&s.singles, &s.parts, &s.score} {
		v[0] += []int{own.Singles, own.Parts, own.Points}[i]
		v[1] += []int{other.Singles, other.Parts, other.Points}[i]
	}
	s.margin = max(s.margin, own.Points-other.Points)
}

// of gives the match points of a side.
func (p *Points) of(o *duel.Outcome, side duel.Side) int {
	narrow := p.Narrow != nil && o.Narrow && o.Finished
	switch {
	case o.Drawn:
		return p.Draw
	case o.Winner == side && narrow:
		return p.Narrow[0]
	case o.Winner == side:
		return p.Win
	case !o.Finished:
		return p.Out
	case narrow:
		return p.Narrow[1]
	}
	return p.Loss
}

// allMet reports whether every two of the lines have met.
func (t *table) allMet(among map[int]bool) bool {
	meetings := 0
	for _, g := range t.games {
		if among[g.white] && among[g.black] {
			meetings++
		}
	}
	// Everybody meets everybody equally often, or the comparison is unfair.
	pairs := len(among) * (len(among) - 1) / 2
	if meetings == 0 || meetings%pairs != 0 {
		return false
	}
	each := map[[2]int]int{}
	for _, g := range t.games {
		if among[g.white] && among[g.black] {
			each[[2]int{min(g.white, g.black), max(g.white, g.black)}]++
		}
	}
	for _, n := range each {
		if n != meetings/pairs {
			return false
		}
	}
	return len(each) == pairs
}

// columns are the figures that officials expect beside the place.
func (t *table) columns(i int) []scoring.Column {
	s, f := t.all[i], t.format
	cols := []scoring.Column{count("played", s.played), count("won", s.won)}
	if f.Draw {
		cols = append(cols, count("drawn", s.drawn))
	}
	cols = append(cols, count("lost", s.lost))
	if f.Single != nil {
		cols = append(cols, against("singles", s.singles))
	}
	if f.By == duel.ByParts {
		unit := f.Unit
		if f.Single != nil {
			unit = f.Single.Unit
		}
		cols = append(cols, against(cmp.Or(unit, "part")+"s", s.parts))
	}
	if f.Part.Sum == 0 && f.Part.To != 1 { // a board or a leg is its own score
		cols = append(cols, against("score", s.score))
	}
	if f.By == duel.ByTotal && f.Part.Sum == 0 {
		cols = append(cols, scoring.Column{Name: "difference", Text: signed(s.score[0] - s.score[1])})
	}
	shown := map[string]bool{t.rules.Ties[0].By: true}
	for _, tie := range t.rules.Ties {
		c := criteria[tie.By]
		if c.column && !shown[tie.By] && !(tie.By == "parts-won" && f.By == duel.ByParts) {
			shown[tie.By] = true
			if v := t.value(i, Tie{By: tie.By}, nil); !v.none {
				cols = append(cols, scoring.Column{Name: tie.By, Text: t.show(tie.By, v)})
			}
		}
	}
	return cols
}

func count(name string, n int) scoring.Column {
	return scoring.Column{Name: name, Text: strconv.Itoa(n)}
}

func against(name string, v [2]int) scoring.Column {
	return scoring.Column{Name: name, Text: ratio(v)}
}

func ratio(v [2]int) string { return strconv.Itoa(v[0]) + ":" + strconv.Itoa(v[1]) }

// signed prints a difference as +22, −10 or 0.
func signed(n int) string {
	switch {
	case n > 0:
		return "+" + strconv.Itoa(n)
	case n < 0:
		return "−" + strconv.Itoa(-n)
	}
	return "0"
}
