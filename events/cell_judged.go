// A unit whose lines are more than one mark, while marks come in: what stands
// in its cells, and whether all of it still ranks.
package events

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"tongchang/events/pads"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// judged is such a unit's sheet.
type judged struct {
	sheet    *Sheet
	doc      kinds.Document // without the cells
	measure  scoring.Measure
	values   map[string]pads.Values
	pad      *pads.Pad
	ranks    bool // as it stands
	stray    bool // has a match that cannot be played as things stand
	complete bool // judges owe nothing any more
}

// judgedUnit loads the sheet of a unit.
func judgedUnit(ctx context.Context, db bun.IDB, u *Unit) (*judged, error) {
	sheet, err := loadSheet(ctx, db, u.PhaseID, u.ID)
	if err != nil {
		return nil, err
	}
	j := &judged{sheet: sheet, measure: u.Measure, values: sheet.values()}
	if j.doc, err = sheet.base(); err != nil {
		return nil, err
	}
	j.doc.Groups = nil // a unit is ranked as a whole
	if j.pad, err = pads.Of(j.doc, u.Measure, j.values); err != nil {
		return nil, fmt.Errorf("cells of unit %d: %w", u.ID, err)
	}
	stray, _ := pads.Stray(j.doc, j.values) // its error is that of composing
	j.stray = stray != ""
	full, err := pads.Compose(j.doc, j.values)
	if err == nil {
		_, err = kinds.Rank(pads.Partial(full))
	}
	j.ranks = err == nil
	return j, nil
}

// write puts a value into a cell. It is taken back where the line, or the match
// that the cell belongs to, could not be ranked with it, and where it would keep
// the whole unit from being ranked.
func (j *judged) write(line, cell string, v pads.Value) error {
	own := j.values[line]
	if own == nil {
		own = pads.Values{}
		j.values[line] = own
	}
	before, had := own[cell]
	own[cell] = v
	err := j.settle(line, cell)
	switch {
	case err == nil:
		return nil
	case had:
		own[cell] = before
	default:
		delete(own, cell)
	}
	return err
}

// settle ranks the unit with what now stands in its cells.
func (j *judged) settle(line, cell string) error {
	full, err := pads.Compose(j.doc, j.values)
	if err != nil {
		return err
	}
	stray, err := pads.Stray(j.doc, j.values)
	switch {
	case err != nil:
		return err
	case stray != "" && !j.stray:
		return invalid(cell, "match-stray", stray)
	}
	if _, err := kinds.Rank(pads.Partial(full)); err != nil {
		var fault *scoring.Invalid
		if !errors.As(err, &fault) {
			return err
		}
		if j.ranks || fault.Line == line || j.pad.MatchOf(line, cell) == fault.Line {
			return err
		}
		j.complete = false // something else is still missing: a lot, a weigh-in
		return nil
	}
	owed, err := pads.Waiting(j.doc, j.values)
	if err != nil {
		return err
	}
	j.ranks, j.stray, j.complete = true, stray != "", len(j.sheet.owing(j.doc, j.values, owed)) == 0
	if len(j.pad.Matches) > 0 { // the draw may bring the next match
		j.pad, err = pads.Of(j.doc, j.measure, j.values)
	}
	return err
}
