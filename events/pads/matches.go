// One match: its games, sets or ends, what follows a level score, how it ended,
// and the lines of a pool.
package pads

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/bracket"
	"tongchang/scoring/duel"
	"tongchang/scoring/points"
	"tongchang/scoring/pool"
	"tongchang/scoring/swiss"
)

// The cells of a match beside its parts.
const (
	extraCell    = "extra-%d"
	shootoutCell = "shootout"
	nearerCell   = "nearer"
	overCell     = "over"
	endCell      = "end"
	extras       = 9 // that are foreseen where play goes on until it is decided
)

// partWords name a part of a match.
var partWords = map[string]string{
	"game": "cell.game", "set": "cell.set", "end": "cell.end", "half": "cell.half", "period": "cell.period", "leg": "cell.leg", "board": "cell.board",
}

// partCell names a part as the sport does: game-1, end-4.
func partCell(f *duel.Format, i int) string { return name("%s-%d", cmp.Or(f.Unit, "part"), i+1) }

func singleCell(i int) string { return name("single-%d/", i+1) }

// byClock reports whether a part ends by the clock, so that a score alone never
// says that the match is over.
func byClock(f *duel.Format) bool {
	return f.Single == nil && f.By == duel.ByTotal && f.Part.To == 0 && f.Part.Max == 0 && f.Part.Sum == 0
}

// ended are the ways for a match to end that was not played out, and of whom
// they are said.
func ended() []string {
	var all []string
	for _, e := range []duel.End{duel.Walkover, duel.Retired, duel.Disqualified, duel.Forfeit, duel.Conceded} {
		all = append(all, string(e)+" a", string(e)+" b")
		if e != duel.Conceded {
			all = append(all, string(e)+" both")
		}
	}
	return all
}

// matchCells are the cells of a match or, with a longer prefix, of a single
// match of a team match.
func matchCells(f *duel.Format, prefix, group string) []Cell {
	var cells []Cell
	if f.Single != nil {
		for i := range f.Parts {
			cells = append(cells, matchCells(f.Single, prefix+singleCell(i), name("%s/single-%d", group, i+1))...)
		}
	} else {
		for i := range f.Parts {
			p := &f.Part
			if i == f.Parts-1 && f.Last != nil {
				p = f.Last
			}
			cell := prefix + partCell(f, i)
			cells = append(cells, Cell{Name: cell, Input: Score, Max: int64(cmp.Or(p.Cap, p.Max, p.Sum)), Running: true, Group: group, Words: partName(f.Unit, i+1)})
		}
	}
	if f.Extra != nil {
		for i := range cmp.Or(f.Extra.Most, extras) {
			cells = append(cells, Cell{Name: prefix + name(extraCell, i+1), Input: Score, Max: int64(f.Part.Max), Running: true, Optional: true, Group: group, Words: []string{"cell.extra", number(i + 1)}})
		}
	}
	if f.Shootout {
		cells = append(cells,
			Cell{Name: prefix + shootoutCell, Input: Score, Running: true, Optional: true, Group: group, Words: []string{"cell.shootout"}},
			Cell{Name: prefix + nearerCell, Input: Choice, Choices: []string{"a", "b"}, Optional: true, Group: group, Words: []string{"cell.nearer-side"}})
	}
	if byClock(f) {
		cells = append(cells, Cell{Name: prefix + overCell, Input: Choice, Choices: []string{"yes"}, Group: group, Words: []string{"cell.over"}})
	}
	return append(cells, Cell{Name: prefix + endCell, Input: Choice, Choices: ended(), Optional: true, Group: group, Words: []string{"cell.how-ended"}})
}

func partName(unit string, n int) []string {
	if key, ok := partWords[unit]; ok {
		return []string{key, number(n)}
	}
	return []string{"cell.part", number(n)}
}

// takeMatch moves what was entered out of a match.
func takeMatch(f *duel.Format, m *duel.Match, give func(string, Value)) {
	for i, p := range m.Parts {
		give(partCell(f, i), scoreValue(p))
	}
	for i := range m.Singles {
		if f.Single != nil {
			takeMatch(f.Single, &m.Singles[i], func(cell string, v Value) { give(singleCell(i)+cell, v) })
		}
	}
	for i, p := range m.Extra {
		give(name(extraCell, i+1), scoreValue(p))
	}
	if m.Shootout != nil {
		give(shootoutCell, scoreValue(*m.Shootout))
	}
	if m.Nearer != "" {
		give(nearerCell, Value{Text: side(m, m.Nearer)})
	}
	flag(give, overCell, byClock(f) && !m.Live && m.End == duel.Played && len(m.Parts) > 0)
	if m.End != duel.Played && m.End != duel.Bye {
		who := "both"
		if len(m.Out) == 1 {
			who = side(m, m.Out[0])
		}
		give(endCell, Value{Text: string(m.End) + " " + who, Rule: m.Rule})
		m.End = duel.Played
	}
	m.Parts, m.Extra, m.Shootout, m.Nearer, m.Out, m.Rule, m.Live = nil, nil, nil, "", nil, "", false
}

func side(m *duel.Match, id string) string {
	if id == m.B {
		return "b"
	}
	return "a"
}

func scoreValue(p [2]int) Value { return Value{Text: name("%d:%d", p[0], p[1])} }

// buildMatch writes what stands in cells over what a match says.
func buildMatch(f *duel.Format, m *duel.Match, own Values) error {
	all := Values{}
	takeMatch(f, m, func(cell string, v Value) { all[cell] = v })
	for cell, v := range own {
		all[cell] = v
	}
	return points.At(m.ID, putMatch(f, m, all))
}

// putMatch makes a match of its inputs; it is live until they decide it.
func putMatch(f *duel.Format, m *duel.Match, v Values) error {
	if err := putParts(f, m, v); err != nil {
		return err
	}
	if s := v[shootoutCell]; !s.Empty() {
		p := scoreOf(s)
		m.Shootout = &p
	}
	switch v[nearerCell].Text {
	case "a":
		m.Nearer = m.A
	case "b":
		m.Nearer = m.B
	}
	if e := v[endCell]; !e.Empty() {
		how, who, _ := strings.Cut(e.Text, " ")
		m.End, m.Rule = duel.End(how), e.Rule
		m.Out = map[string][]string{"a": {m.A}, "b": {m.B}, "both": {m.A, m.B}}[who]
	}
	m.Live = m.End == duel.Played && !decided(f, m, !v[overCell].Empty())
	return nil
}

func putParts(f *duel.Format, m *duel.Match, v Values) error {
	if f.Single != nil {
		return putSingles(f, m, v)
	}
	parts, err := list(v, f.Parts, func(i int) string { return partCell(f, i) })
	if err != nil {
		return err
	}
	for _, p := range parts {
		m.Parts = append(m.Parts, scoreOf(p))
	}
	if f.Extra == nil {
		return nil
	}
	extra, err := list(v, cmp.Or(f.Extra.Most, extras), func(i int) string { return name(extraCell, i+1) })
	for _, p := range extra {
		m.Extra = append(m.Extra, scoreOf(p))
	}
	return err
}

// putSingles makes the single matches that have been begun, by the names that
// the fixture gives their sides.
func putSingles(f *duel.Format, m *duel.Match, v Values) error {
	fixed := m.Singles
	m.Singles = nil
	for i := range f.Parts {
		own := within(v, strings.TrimSuffix(singleCell(i), "/"))
		if own.empty() {
			continue
		}
		if len(m.Singles) < i {
			return gap(singleCell(i)+partCell(f.Single, 0), singleCell(len(m.Singles))+partCell(f.Single, 0))
		}
		one := duel.Match{A: m.A, B: m.B}
		if i < len(fixed) {
			one = fixed[i]
		}
		if err := putMatch(f.Single, &one, own); err != nil {
			return err
		}
		m.Singles = append(m.Singles, one)
	}
	return nil
}

// decided reports whether a match has come to its end. A wrong score counts as
// decided: its kind says what is wrong with it.
func decided(f *duel.Format, m *duel.Match, over bool) bool {
	last := len(m.Singles) - 1
	if last >= 0 && m.Singles[last].Live {
		return false
	}
	one := *m
	one.Live = false
	o, err := f.Decide(&one)
	var fault *scoring.Invalid
	if errors.As(err, &fault) {
		return fault.Problem != "match-unfinished" && fault.Problem != "part-unfinished"
	}
	return over || !byClock(f) || o.How == "mercy"
}

func scoreOf(v Value) (p [2]int) {
	a, b, _ := strings.Cut(v.Text, ":")
	for i, text := range []string{a, b} {
		if m, err := scoring.Count.Parse(text); err == nil {
			p[i] = int(m)
		}
	}
	return p
}

// Draw shots of curling that are foreseen, and how long they may be, in mm.
const (
	drawShots   = 12
	longestDraw = 50_000
)

func drawCell(i int) string { return name("draw-%d", i+1) }

// ranksBy reports whether a pool's list of ties has a criterion.
func ranksBy(r *pool.Rules, by string) bool {
	ties := r.Ties
	if len(ties) == 0 {
		if usual, err := pool.Usual(r.Sport); err == nil {
			ties = usual.Ties
		}
	}
	return slices.ContainsFunc(ties, func(t pool.Tie) bool { return t.By == by })
}

// gone are the reasons for having left a pool.
var gone = []scoring.IRM{scoring.DNS, scoring.RET, scoring.DSQ}

func poolCells(r *pool.Rules) []Cell {
	cells := []Cell{lot}
	if ranksBy(r, "draw-shots") {
		for i := range drawShots {
			cells = append(cells, Cell{Name: drawCell(i), Input: Mark, Measure: scoring.Millimetres, Max: longestDraw, Optional: true, Group: "draws", Words: []string{"cell.draw-shot", number(i + 1)}})
		}
	}
	if ranksBy(r, "fouls") {
		cells = append(cells, Cell{Name: "fouls", Input: Count, Max: 999, Optional: true, Running: true, Group: "fouls", Words: []string{"cell.fouls"}})
	}
	return append(cells, why(gone...))
}

func takePool(r *pool.Rules, l *pool.Line, give func(string, Value)) {
	if l.Lot > 0 {
		give(lot.Name, markValue(scoring.Mark(l.Lot)))
	}
	if ranksBy(r, "draw-shots") {
		for i, d := range l.Draws {
			give(drawCell(i), markValue(scoring.Mark(d)))
		}
		l.Draws = nil
	}
	if ranksBy(r, "fouls") && l.Fouls > 0 {
		give("fouls", markValue(scoring.Mark(l.Fouls)))
		l.Fouls = 0
	}
	l.Lot = 0
	takeWhy(&l.IRM, &l.Rule, give)
}

func putPool(r *pool.Rules, l *pool.Line, v Values) error {
	l.Lot = int(markOf(v[lot.Name]))
	if ranksBy(r, "draw-shots") {
		draws, err := list(v, drawShots, drawCell)
		if err != nil {
			return err
		}
		for _, d := range draws {
			l.Draws = append(l.Draws, int64(markOf(d)))
		}
	}
	if ranksBy(r, "fouls") {
		l.Fouls = int(markOf(v["fouls"]))
	}
	putWhy(&l.IRM, &l.Rule, v)
	return nil
}

var poolRoom = room[pool.Rules, pool.Line]{
	cells: func(r *pool.Rules, _ scoring.Measure) ([]Cell, error) { return poolCells(r), nil },
	take:  takePool,
	put:   putPool,
}

var swissRoom = room[swiss.Rules, swiss.Line]{
	cells: func(r *swiss.Rules, _ scoring.Measure) ([]Cell, error) { return poolCells(&r.Rules), nil },
	take:  func(r *swiss.Rules, l *swiss.Line, give func(string, Value)) { takePool(&r.Rules, &l.Line, give) },
	put:   func(r *swiss.Rules, l *swiss.Line, v Values) error { return putPool(&r.Rules, &l.Line, v) },
}

var bracketRoom = room[bracket.Rules, bracket.Line]{
	cells: func(*bracket.Rules, scoring.Measure) ([]Cell, error) { return []Cell{why(gone...)}, nil },
	take: func(_ *bracket.Rules, l *bracket.Line, give func(string, Value)) {
		if l.Seed != 0 { // who is not in the draw has a reason from before it
			takeWhy(&l.IRM, &l.Rule, give)
		}
	},
	put: func(_ *bracket.Rules, l *bracket.Line, v Values) error {
		if l.Seed != 0 {
			putWhy(&l.IRM, &l.Rule, v)
		}
		return nil
	},
}
