// Package timed ranks races against the clock: the fastest first, or the most
// points where several classes swim together and a points table decides.
package timed

import (
	"cmp"

	"tongchang/scoring"
)

// Rules say how times become places.
type Rules struct {
	// Precision is the finest difference, in ms, that separates two times: 10
	// for hundredths, 1 where the photo finish is read to thousandths. 0 means 10.
	Precision int64 `json:"precision,omitempty"`
	// By is "time" (the default) or "points": points come with the marks, from
	// the points table that the meet has named.
	By     string `json:"by,omitempty"`
	Source string `json:"source,omitempty"` // rule book, edition, clause
}

// Line is one start of a race. Mark is in ms.
type Line struct {
	ID     string        `json:"id"`
	Mark   *scoring.Mark `json:"mark,omitempty"`
	Points *int64        `json:"points,omitempty"`
	IRM    scoring.IRM   `json:"irm,omitempty"`
	Rule   string        `json:"rule,omitempty"`  // what a DSQ refers to
	Class  string        `json:"class,omitempty"` // sport class swum in
}

// Rank orders lines by time or by points.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	unit := cmp.Or(rules.Precision, 10)
	decimals := 2
	if unit < 10 {
		decimals = 3
	}
	show := func(l *Line) string { return scoring.Milliseconds.Format(*l.Mark, decimals) }
	byTime := scoring.Step[Line]{Rule: "time", Source: rules.Source, Show: show, Compare: func(a, b *Line) int {
		return cmp.Compare(*a.Mark/scoring.Mark(unit), *b.Mark/scoring.Mark(unit))
	}}
	return scoring.Order(lines, func(l *Line) scoring.Facts {
		f := scoring.Facts{ID: l.ID, IRM: l.IRM, Mark: l.Mark, Result: string(l.IRM)}
		if l.Mark != nil && (l.IRM == "" || l.IRM.KeepsMark()) {
			f.Result = show(l)
		}
		return f
	}, byTime), nil
}
