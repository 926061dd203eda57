// Package points turns performances into the points that let several sport
// classes, sexes, events or body weights compete in one ranking: RAZA for
// athletics, World Para Swimming and World Aquatics points, AH for powerlifting.
//
// The constants are data: dated, versioned files beside this one, or a table of
// the organiser's own that travels with the rules. The formulae say how they
// round (see [Formula]).
package points

import (
	"cmp"
	"errors"

	"tongchang/scoring"
)

// Use names the constants in force: a table that comes with the program or one
// of the organiser's own, and the event and sex where the lines do not say.
type Use struct {
	Table    string `json:"table,omitempty"`     // raza-2025
	OwnTable *Table `json:"own_table,omitempty"` // instead of Table: this year's workbook, entered
	Event    string `json:"event,omitempty"`
	Sex      string `json:"sex,omitempty"`
	Youth    bool   `json:"youth,omitempty"` // RAZA's milder constants for youth classes
}

// Open finds the table and looks an organiser's own over. The rules stay as
// they were, so that they can be ranked by from many places at once.
func (u Use) Open() (*Table, error) {
	switch {
	case u.OwnTable != nil && u.Table != "":
		return nil, &scoring.Invalid{Field: "table", Problem: "table-twice", With: []string{u.Table, u.OwnTable.Name}}
	case u.OwnTable == nil:
		return Named(u.Table)
	}
	own := *u.OwnTable
	return &own, own.check()
}

// Rules say which points count.
type Rules struct {
	Use
	Source string `json:"source,omitempty"` // rule book or regulation, edition, clause
}

// Line is one performance: its mark in the measure of the table's row (mm, ms or
// g), the class it was made in, and event and sex where they differ from the
// rules', as in a best-of-the-meet ranking.
type Line struct {
	ID         string          `json:"id"`
	Event      string          `json:"event,omitempty"`
	Sex        string          `json:"sex,omitempty"`
	Class      string          `json:"class,omitempty"`
	Mark       *scoring.Mark   `json:"mark,omitempty"`
	Measure    scoring.Measure `json:"measure,omitempty"`     // what the mark counts, where the caller says so
	BodyWeight scoring.Mark    `json:"body_weight,omitempty"` // g; only for lifts
	IRM        scoring.IRM     `json:"irm,omitempty"`
	Rule       string          `json:"rule,omitempty"` // what a DSQ refers to
}

// RulePoints: the points decide.
const RulePoints = "points"

type scored struct {
	*Line
	row    *Row
	points scoring.Mark
}

// counts reports whether there is a mark to show points for.
func (s *scored) counts() bool { return s.row != nil && (s.IRM == "" || s.IRM.KeepsMark()) }

// Rank orders lines by points, most first. Equal points share the place: the
// marks behind them are not comparable.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	table, err := rules.Open()
	if err != nil {
		return nil, err
	}
	rows := make([]scored, len(lines))
	for i := range lines {
		if rows[i], err = score(&rules, table, &lines[i]); err != nil {
			return nil, err
		}
	}
	show := func(s *scored) string { return table.Format(s.points) }
	byPoints := scoring.Step[scored]{Rule: RulePoints, Source: rules.Source, Show: show, Compare: func(a, b *scored) int {
		return cmp.Compare(b.points, a.points)
	}}
	ranked := scoring.Order(rows, func(s *scored) scoring.Facts {
		f := scoring.Facts{ID: s.ID, IRM: s.IRM, Result: string(s.IRM)}
		if s.counts() {
			f.Mark, f.Result = &s.points, show(s)
		}
		return f
	}, byPoints)
	columns := make(map[string][]scoring.Column, len(rows))
	for _, s := range rows {
		if s.counts() {
			columns[s.ID] = Columns(table, s.row, *s.Mark, s.Class)
		}
	}
	for i := range ranked {
		ranked[i].Columns = columns[ranked[i].ID]
	}
	return ranked, nil
}

// Columns are what must stand beside points for them to be believed: the mark
// as made, the class and the table.
func Columns(t *Table, r *Row, m scoring.Mark, class string) []scoring.Column {
	decimals := 2
	if r.Measure == scoring.Grams {
		decimals = 1
	}
	columns := make([]scoring.Column, 0, 4) // room for what a kind adds
	columns = append(columns, scoring.Column{Name: "raw", Text: r.Measure.Format(t.published(r, m), decimals)})
	if class != "" {
		columns = append(columns, scoring.Column{Name: "class", Text: class})
	}
	return append(columns, scoring.Column{Name: "points-table", Text: cmp.Or(t.Title, t.Name)})
}

// score looks a line over and finds its points.
func score(rules *Rules, t *Table, l *Line) (scored, error) {
	s := scored{Line: l}
	if err := l.IRM.Check(l.ID, l.Mark != nil, l.Mark != nil); err != nil || l.Mark == nil {
		return s, err
	}
	row, err := t.Row(cmp.Or(l.Event, rules.Event), cmp.Or(l.Sex, rules.Sex), l.Class)
	if err != nil {
		return s, At(l.ID, err)
	}
	if l.Measure != "" && l.Measure != row.Measure {
		return s, &scoring.Invalid{Line: l.ID, Field: "measure", Problem: "wrong-measure", With: []string{string(l.Measure), string(row.Measure)}, Rule: t.Name}
	}
	if *l.Mark <= 0 || *l.Mark > row.most() {
		return s, &scoring.Invalid{Line: l.ID, Field: "mark", Problem: "out-of-range", With: []string{row.Measure.Format(*l.Mark, 2)}}
	}
	if t.Formula == Haleczko && l.BodyWeight <= 0 {
		return s, &scoring.Invalid{Line: l.ID, Field: "body_weight", Problem: "body-weight-missing", Rule: t.Name}
	}
	s.row = row
	s.points = t.Points(row, Performance{Mark: *l.Mark, BodyWeight: l.BodyWeight, Youth: rules.Youth})
	return s, nil
}

// most is the mark beyond which something has been mistyped.
func (r *Row) most() scoring.Mark {
	switch r.Measure {
	case scoring.Milliseconds:
		return slowest
	case scoring.Grams:
		return heaviest
	}
	return furthest
}

// At puts the line's ID into a fault that does not name one.
func At(line string, err error) error {
	var invalid *scoring.Invalid
	if errors.As(err, &invalid) && invalid.Line == "" {
		named := *invalid
		named.Line = line
		return &named
	}
	return err
}
