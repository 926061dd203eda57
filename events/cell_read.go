// Cells as their readers see them: judges, who stay blind to each other, and
// the chief, who is not.
package events

import (
	"context"
	"errors"
	"fmt"

	"tongchang/events/access"
	"tongchang/events/pads"
	"tongchang/scoring"
)

// UnitCells is a unit with everything that is to be written in it and, as far as
// its reader may see, what stands there. It never leaves the server as it is:
// the sheet has names.
type UnitCells struct {
	Unit   Unit
	Sheet  *Sheet
	Pad    *pads.Pad
	Open   map[string]bool                // lines, by their ID, of which judges still owe something
	Fault  *scoring.Invalid               // why the unit does not rank as it stands: a lot or a seed is missing; nil: it does
	Cells  map[int64]map[string]CellMark  // by start and name
	Hidden map[int64]map[string]HiddenFor // given by other judges and not yet to be seen
}

// HiddenFor is a cell that has been given and is hidden from its reader: the
// place that gave it, and under which revision.
type HiddenFor struct {
	Place    string
	Revision int64
}

// Cells reads a unit's cells for who may write marks in it. A judge sees what
// other judges have given in a blind group only once all have given.
func (s *Store) Cells(ctx context.Context, who access.Who, competition string, unit int64) (*UnitCells, error) {
	u, err := s.Unit(ctx, competition, unit)
	if err != nil {
		return nil, err
	}
	sheet, err := s.Sheet(ctx, u.PhaseID, u.ID)
	if err != nil {
		return nil, err
	}
	hidden := notFound("no-such-unit", fmt.Sprint(unit))
	if err := may(who, access.WriteMark, access.Object{Discipline: sheet.Event.DisciplineID}, hidden); err != nil {
		return nil, err
	}
	out := &UnitCells{Unit: u, Sheet: sheet, Cells: map[int64]map[string]CellMark{}, Hidden: map[int64]map[string]HiddenFor{}}
	if err := out.read(); err != nil {
		return nil, err
	}
	for i := range sheet.Lines {
		out.show(who, &sheet.Lines[i])
	}
	return out, nil
}

// read makes the pad and says what is owed. Before the draw or the weigh-in a
// unit may not rank; then everybody is waited for.
func (u *UnitCells) read() (err error) {
	if u.Pad, err = u.Sheet.Pad(u.Unit); err == nil {
		u.Open, err = u.Sheet.Open()
	} else {
		u.Pad = &pads.Pad{}
	}
	if !errors.As(err, &u.Fault) {
		return err
	}
	u.Open = map[string]bool{}
	for i := range u.Sheet.Lines {
		if l := &u.Sheet.Lines[i]; l.OutIRM == "" {
			u.Open[l.ID()] = true
		}
	}
	return nil
}

// show gives the reader the cells of a line that they may see.
func (u *UnitCells) show(who access.Who, l *Line) {
	own := func(c pads.Cell) bool {
		return who.Role != access.Judge || l.Cells[c.Name].By == who.Name || who.Place != "" && c.Place == who.Place
	}
	hidden := u.Pad.Hidden(l.ID(), l.values(), own)
	for name, cell := range l.Cells {
		if !hidden[name] {
			if u.Cells[l.StartID] == nil {
				u.Cells[l.StartID] = map[string]CellMark{}
			}
			u.Cells[l.StartID][name] = cell
			continue
		}
		if u.Hidden[l.StartID] == nil {
			u.Hidden[l.StartID] = map[string]HiddenFor{}
		}
		c, _ := u.Pad.Cell(l.ID(), name)
		u.Hidden[l.StartID][name] = HiddenFor{Place: c.Place, Revision: cell.Revision}
	}
}

// Pad makes the pad of the sheet's unit: the cells that its lines and matches
// have.
func (sh *Sheet) Pad(u Unit) (*pads.Pad, error) {
	doc, err := sh.base()
	if err != nil {
		return nil, err
	}
	doc.Groups = nil
	pad, err := pads.Of(doc, u.Measure, sh.values())
	if err != nil {
		return nil, fmt.Errorf("cells of unit %d: %w", u.ID, err)
	}
	return pad, nil
}
