// Package target ranks what is shot at a target: archery's ranking round,
// shooting in whole rings or in tenths, and finals in which the lowest goes out
// after every few shots. Matches of two archers are matches (scoring/duel).
package target

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Rules say how hits become places. Sport gives the usual rules; every other
// field that is set replaces its part of them.
type Rules struct {
	Sport   string `json:"sport,omitempty"`   // archery, shooting, shooting-decimal, shooting-final
	Hits    int    `json:"hits,omitempty"`    // arrows or shots of the whole round: 72, 60
	Series  int    `json:"series,omitempty"`  // in one end or series: 6, 10
	Decimal bool   `json:"decimal,omitempty"` // tenths of a ring: 10.9 is the highest
	// Ties, in order: "tens" counts tens with the inner ones, "inner" the inner
	// tens or Xs, "countback" the series from the last backwards, "hits" the
	// single hits from the last backwards, "shoot-off", "lot".
	Ties []string `json:"ties,omitempty"`
	// Out makes it a final: after so many shots the lowest goes out, and one more
	// after every Step.
	Out    int    `json:"out,omitempty"`
	Step   int    `json:"step,omitempty"`
	Source string `json:"source,omitempty"` // rule book, edition, clause
}

// Line is an archer or shooter. Ends are the hits as they are written, one text
// for each end or series: "X 10 9 9 8 M", "10.4 10.9 9.8". Where single hits are
// not known, Totals are the series' totals and Tens and Inner the counts.
type Line struct {
	ID     string   `json:"id"`
	Ends   []string `json:"ends,omitempty"`
	Totals []string `json:"totals,omitempty"`
	Tens   int      `json:"tens,omitempty"`
	Inner  int      `json:"inner,omitempty"`
	Shots  int      `json:"shots,omitempty"` // that the totals are of; only in a final
	// ShootOff are the hits of a shoot-off in order; a star stands behind the
	// nearer of equal hits: "10*". OutOffs are those of a final, by the shot
	// after which they were fired.
	ShootOff []string       `json:"shoot_off,omitempty"`
	OutOffs  map[int]string `json:"out_offs,omitempty"`
	Lot      int            `json:"lot,omitempty"`     // 1 stands first; 0: none drawn
	Penalty  string         `json:"penalty,omitempty"` // rings taken off the total
	IRM      scoring.IRM    `json:"irm,omitempty"`
	Rule     string         `json:"rule,omitempty"` // what a disqualification refers to
}

// usual are the rules where a regulation says nothing else.
var usual = map[string]Rules{
	"archery": {Hits: 72, Series: 6, Ties: []string{"tens", "inner", "shoot-off", "lot"},
		Source: "World Archery, ties of the ranking round"},
	"shooting": {Hits: 60, Series: 10, Ties: []string{"inner", "countback", "hits", "lot"},
		Source: "ISSF 6.15"},
	"shooting-decimal": {Hits: 60, Series: 10, Decimal: true, Ties: []string{"countback", "hits", "lot"},
		Source: "ISSF 6.15"},
	"shooting-final": {Hits: 24, Series: 24, Decimal: true, Out: 12, Step: 2, Ties: []string{},
		Source: "ISSF 6.17"},
}

// Sports lists the sports with usual rules, in order.
func Sports() []string { return []string{"archery", "shooting", "shooting-decimal", "shooting-final"} }

// card is a line with its hits read.
type card struct {
	line     *Line
	ends     [][]Hit
	totals   []int // of the series, in tenths of a ring
	total    int   // without the penalty
	penalty  int
	tens     int
	inner    int
	shootOff []Hit
	outOffs  map[int][]Hit
	out      int // a final: the shot after which the line went out; 0: still in
}

// Rank orders the lines by their total and then by the list of ties.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	r, err := rules.complete()
	if err != nil {
		return nil, err
	}
	cards := make([]card, len(lines))
	ids := make(map[string]bool, len(lines))
	for i := range lines {
		if ids[lines[i].ID] || lines[i].ID == "" {
			return nil, &scoring.Invalid{Line: lines[i].ID, Field: "id", Problem: "id-twice", With: []string{lines[i].ID}}
		}
		ids[lines[i].ID] = true
		if cards[i], err = r.read(&lines[i]); err != nil {
			return nil, err
		}
	}
	steps := r.steps(cards)
	if r.Out > 0 {
		if steps, err = r.final(cards); err != nil {
			return nil, err
		}
	}
	ranked := scoring.Order(cards, r.facts, steps...)
	at := make(map[string]*card, len(cards))
	for i := range cards {
		at[cards[i].line.ID] = &cards[i]
	}
	for i := range ranked {
		ranked[i].Columns = r.columns(at[ranked[i].ID])
	}
	return ranked, nil
}

func (r Rules) complete() (Rules, error) {
	bad := func(field, problem string, with ...string) (Rules, error) {
		return r, &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	if r.Sport != "" {
		u, ok := usual[r.Sport]
		if !ok {
			return bad("sport", "unknown-sport", append([]string{r.Sport}, Sports()...)...)
		}
		r.Hits, r.Series = cmp.Or(r.Hits, u.Hits), cmp.Or(r.Series, u.Series)
		r.Out, r.Step = cmp.Or(r.Out, u.Out), cmp.Or(r.Step, u.Step)
		r.Decimal = r.Decimal || u.Decimal
		r.Source = cmp.Or(r.Source, u.Source)
		if r.Ties == nil {
			r.Ties = u.Ties
		}
	}
	for _, tie := range r.Ties {
		if !slices.Contains([]string{"tens", "inner", "countback", "hits", "shoot-off", "lot"}, tie) {
			return bad("ties", "unknown-criterion", tie)
		}
	}
	switch {
	case r.Hits < 1 || r.Hits > 1000:
		return bad("hits", "not-between", strconv.Itoa(r.Hits), "1", "1000")
	case r.Series < 1 || r.Series > r.Hits:
		return bad("series", "not-between", strconv.Itoa(r.Series), "1", strconv.Itoa(r.Hits))
	case r.Out < 0 || r.Out > 0 && (r.Step < 1 || r.Out > r.Hits):
		return bad("out", "settings-clash")
	}
	return r, nil
}

func (r *Rules) facts(c *card) scoring.Facts {
	f := scoring.Facts{ID: c.line.ID, IRM: c.line.IRM, Result: string(c.line.IRM)}
	if len(c.totals) > 0 {
		m := r.mark(c.total)
		f.Mark = &m
		if f.IRM == "" {
			f.Result = r.print(c.total)
		}
	}
	return f
}

// mark is a total in the ranking's measure: thousandths of a ring in decimal
// scoring, rings otherwise.
func (r *Rules) mark(tenths int) scoring.Mark {
	if r.Decimal {
		return scoring.Mark(tenths) * 100
	}
	return scoring.Mark(tenths / 10)
}

func (r *Rules) print(tenths int) string {
	if r.Decimal {
		return scoring.Thousandths.Format(r.mark(tenths), 1)
	}
	return scoring.Count.Format(r.mark(tenths), 0)
}

// steps of a round: the total, then the ties.
func (r *Rules) steps(cards []card) []scoring.Step[card] {
	total := func(c *card) int { return c.total }
	steps := []scoring.Step[card]{r.step("total", total, r.print)}
	plain := func(n int) string { return fmt.Sprint(n) }
	for _, tie := range r.Ties {
		switch tie {
		case "tens":
			steps = append(steps, r.step(tie, func(c *card) int { return c.tens }, plain))
		case "inner":
			steps = append(steps, r.step(tie, func(c *card) int { return c.inner }, plain))
		case "countback":
			for i := range slices.Backward(make([]struct{}, longest(cards, func(c *card) int { return len(c.totals) }))) {
				steps = append(steps, r.step(tie, func(c *card) int { return at(c.totals, i) }, r.print))
			}
		case "hits":
			for i := range slices.Backward(make([]struct{}, longest(cards, (*card).hits))) {
				steps = append(steps, r.hitStep(tie, func(c *card) Hit { return c.hit(i) }))
			}
		case "shoot-off":
			for i := range longest(cards, func(c *card) int { return len(c.shootOff) }) {
				steps = append(steps, r.hitStep(tie, func(c *card) Hit { return at(c.shootOff, i) }))
			}
		case "lot":
			steps = append(steps, scoring.Step[card]{Rule: tie, Source: r.Source, Compare: lots,
				Show: func(c *card) string { return plain(c.line.Lot) }})
		}
	}
	return steps
}

// lots compares only lots that were drawn for both.
func lots(a, b *card) int {
	if a.line.Lot == 0 || b.line.Lot == 0 {
		return 0
	}
	return cmp.Compare(a.line.Lot, b.line.Lot)
}

// step prefers the higher value.
func (r *Rules) step(rule string, of func(*card) int, show func(int) string) scoring.Step[card] {
	return scoring.Step[card]{
		Rule: rule, Source: r.Source,
		Compare: func(a, b *card) int { return cmp.Compare(of(b), of(a)) },
		Show:    func(c *card) string { return show(of(c)) },
	}
}

// hitStep prefers the higher hit, of equal ones the inner or nearer one.
func (r *Rules) hitStep(rule string, of func(*card) Hit) scoring.Step[card] {
	return scoring.Step[card]{
		Rule: rule, Source: r.Source,
		Compare: func(a, b *card) int { return of(b).compare(of(a)) },
		Show:    func(c *card) string { return r.printHit(of(c)) },
	}
}

func longest(cards []card, n func(*card) int) int {
	most := 0
	for i := range cards {
		most = max(most, n(&cards[i]))
	}
	return most
}

// at is the element, or nothing where there is none.
func at[T any](s []T, i int) (zero T) {
	if i < len(s) {
		return s[i]
	}
	return zero
}

func (c *card) hits() int {
	n := 0
	for _, e := range c.ends {
		n += len(e)
	}
	return n
}

func (c *card) hit(i int) Hit {
	for _, e := range c.ends {
		if i < len(e) {
			return e[i]
		}
		i -= len(e)
	}
	return Hit{}
}

// columns are the series, the counts that the ties ask for, and in a final the
// shot after which the line went out.
func (r *Rules) columns(c *card) []scoring.Column {
	var cols []scoring.Column
	if len(c.totals) > 1 {
		text := make([]string, len(c.totals))
		for i, t := range c.totals {
			text[i] = r.print(t)
		}
		cols = append(cols, scoring.Column{Name: "series", Text: strings.Join(text, " ")})
	}
	for _, tie := range r.Ties {
		switch tie {
		case "tens":
			cols = append(cols, scoring.Column{Name: "tens", Text: fmt.Sprint(c.tens)})
		case "inner":
			cols = append(cols, scoring.Column{Name: "inner", Text: fmt.Sprint(c.inner)})
		}
	}
	if c.line.Penalty != "" {
		cols = append(cols, scoring.Column{Name: "penalty", Text: c.line.Penalty})
	}
	if c.out > 0 {
		cols = append(cols, scoring.Column{Name: "out-after", Text: fmt.Sprint(c.out)})
	}
	return cols
}
