// Marks as a set. Marks are the one command that comes by the hundred, so those
// that stand next to each other in a batch share their reading and writing: the
// cells are read once, each mark is decided in its turn against what the ones
// before it have left, and what has changed is written once. No savepoint is
// needed, since a mark that is refused has written nothing.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tongchang/events/pads"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// markSet is the cells and units that a run of marks works on, as they stand
// after the marks decided so far.
type markSet struct {
	units map[int64]*markUnit
	cells map[cellKey]*target
	reach *reach // of the seats that the marks come from
}

type cellKey struct {
	start int64
	cell  string
}

// markUnit is a unit of the set. Missing counts the starts of a race without a
// time or a reason; in every other kind the judged sheet says what is open.
type markUnit struct {
	Unit
	pad     *pads.Pad              // of a race
	card    *pads.Card             // of every other kind, with
	sheet   *Sheet                 // its lines,
	values  map[string]pads.Values // what stands in their cells,
	entered map[string]bool        // and those that a program has entered whole
	missing int
	fault   error // why no card can be made of the unit: its rules, its seeds
	changed bool
}

// target is the cell a mark is meant for, with what decides about it.
type target struct {
	unit *markUnit
	targetRow
	cell    pads.Cell
	known   bool     // the unit's lines have such a cell
	mark    CellMark // what stands there; revision 0 is nothing
	changed bool
}

// targetRow is how a target is read.
type targetRow struct {
	Unit
	StartID      int64
	EventID      int64 // that the start counts for
	UnitEventID  int64 // that the unit stands under in the programme
	DelegationID int64
	OutIRM       scoring.IRM
	Day          string
	Ruleset      string
	Missing      int
	CellMark     *scoring.Mark
	CellIRM      scoring.IRM
	CellRule     string
	CellDetail   string
	CellRevision int64
	CellBy       string
}

// loadMarkSet reads what the marks are meant for.
func loadMarkSet(ctx context.Context, b *batch, marks []*EnterMark) (*markSet, error) {
	set := &markSet{units: map[int64]*markUnit{}, cells: map[cellKey]*target{}}
	starts := map[string][]int64{}
	for _, m := range marks {
		starts[readAs(m.Cell)] = append(starts[readAs(m.Cell)], m.Start)
	}
	rows := map[cellKey]targetRow{}
	for name, ids := range starts {
		found, err := b.targets(ctx, name, ids)
		if err != nil {
			return nil, fmt.Errorf("load starts: %w", err)
		}
		for _, row := range found {
			rows[cellKey{row.StartID, name}] = row
		}
	}
	for _, m := range marks {
		if row, ok := rows[cellKey{m.Start, readAs(m.Cell)}]; ok {
			if err := set.add(ctx, b, m.Cell, row); err != nil {
				return nil, err
			}
		}
	}
	return set, nil
}

// readAs is the name under which a start's row is read: a race has its few cells
// read one by one, every other kind has all of them in its sheet.
func readAs(cell string) string {
	if pads.Timed(cell) {
		return cell
	}
	return ""
}

// targets reads the cells of a name that starts have, empty cells where they
// have none.
func (b *batch) targets(ctx context.Context, cell string, starts []int64) (rows []targetRow, err error) {
	err = hot(ctx, b.db, b.tx, &rows, `
		SELECT u.*, s.id AS start_id, e.event_id, p.event_id AS unit_event_id, e.delegation_id, s.out_irm, p.ruleset, coalesce(ss.day, '') AS day,
			m.mark AS cell_mark, coalesce(m.irm, '') AS cell_irm, coalesce(m.rule, '') AS cell_rule, coalesce(m.detail, '') AS cell_detail,
			coalesce(m.revision, 0) AS cell_revision, coalesce(m.by, '') AS cell_by,
			(SELECT count(*) FROM starts AS o LEFT JOIN marks AS om ON om.start_id = o.id AND om.cell = ?
				WHERE o.unit_id = u.id AND o.out_irm = '' AND (om.start_id IS NULL OR (om.mark IS NULL AND om.irm = ''))) AS missing
		FROM starts AS s
			JOIN units AS u ON u.id = s.unit_id
			JOIN phases AS p ON p.id = u.phase_id
			JOIN entries AS e ON e.id = s.entry_id
			LEFT JOIN sessions AS ss ON ss.id = u.session_id
			LEFT JOIN marks AS m ON m.start_id = s.id AND m.cell = ?
		WHERE s.id IN (?)`, TimeCell, cell, starts)
	return rows, err
}

func (set *markSet) add(ctx context.Context, b *batch, cell string, row targetRow) error {
	key := cellKey{row.StartID, cell}
	if set.cells[key] != nil {
		return nil
	}
	u := set.units[row.ID]
	if u == nil {
		u = &markUnit{Unit: row.Unit, missing: row.Missing, pad: &pads.Pad{}}
		err := u.open(ctx, b, row.Ruleset)
		if errors.As(err, new(*scoring.Invalid)) {
			u.fault, err = err, nil // its marks are refused, the batch's others are not
		}
		if err != nil {
			return err
		}
		set.units[row.ID] = u
	}
	t := &target{unit: u, targetRow: row, mark: CellMark{StartID: row.StartID, Cell: cell, Mark: row.CellMark, IRM: row.CellIRM, Rule: row.CellRule,
		Detail: row.CellDetail, Revision: row.CellRevision, By: row.CellBy}}
	if u.sheet != nil {
		if line := u.sheet.Line(strconv.FormatInt(row.StartID, 10)); line != nil && line.Cells[cell].Revision > 0 {
			t.mark = line.Cells[cell]
		}
	}
	set.cells[key] = t
	return nil
}

// lookUp finds the cell on the unit's pad, on which a match may have appeared
// since the set was loaded.
func (t *target) lookUp() {
	pad := t.unit.pad
	if t.unit.card != nil {
		pad = t.unit.card.Pad
	}
	t.cell, t.known = pad.Cell(strconv.FormatInt(t.StartID, 10), t.mark.Cell)
}

// open makes the unit's pad. A race needs nothing but its rules, every other
// kind the whole card.
func (u *markUnit) open(ctx context.Context, b *batch, ruleset string) (err error) {
	var doc kinds.Document
	if err := json.Unmarshal([]byte(ruleset), &doc.Ruleset); err != nil {
		return fmt.Errorf("read ruleset of unit %d: %w", u.ID, err)
	}
	if doc.Ruleset.Kind == "timed" {
		pad, err := pads.Of(doc, u.Measure, nil)
		if err == nil {
			u.pad = pad
		}
		return err
	}
	if !pads.Judged(doc.Ruleset.Kind) {
		return nil // nobody writes marks there
	}
	if u.sheet, err = loadSheet(ctx, b.tx, u.PhaseID, u.ID); err != nil {
		return err
	}
	if doc, err = u.sheet.base(); err != nil {
		return err
	}
	u.values = u.sheet.values()
	u.entered = u.sheet.entered(doc, u.values)
	if u.card, err = pads.Open(doc, u.Measure, u.values); err != nil {
		return fmt.Errorf("card of unit %d: %w", u.ID, err)
	}
	return nil
}

// enter decides one mark and applies it to the set.
func (set *markSet) enter(ch *Change, m *EnterMark) (any, error) {
	if err := set.reach.may(&ch.Command, ch.Competition.ID, m.Unit, m.Cell); err != nil {
		return nil, err
	}
	t := set.cells[cellKey{m.Start, m.Cell}]
	if t == nil || t.unit.ID != m.Unit || t.unit.CompetitionID != ch.Competition.ID {
		return nil, notFound("no-such-start", fmt.Sprint(m.Start), fmt.Sprint(m.Unit))
	}
	v, err := t.read(*m, ch.Reason)
	if err != nil {
		return nil, err
	}
	return t.apply(ch, m, v)
}

// present is what stands in the cell now, for a refusal.
func (t *target) present() *Cell {
	cell := &Cell{Start: t.StartID, Name: t.mark.Cell, Revision: t.mark.Revision, By: t.mark.By}
	if t.mark.Revision > 0 {
		cell.Text = t.cell.Text(t.mark.Value())
	}
	return cell
}

// apply puts the mark into the cell and moves the unit on.
func (t *target) apply(ch *Change, m *EnterMark, v pads.Value) (any, error) {
	detail, err := textDetail(v.Text)
	if m.Detail != nil {
		var b []byte
		b, err = json.Marshal(m.Detail)
		detail = string(b)
	}
	if err != nil {
		return nil, err
	}
	had := t.mark.Value()
	if t.unit.card != nil {
		if err := t.unit.card.Write(strconv.FormatInt(t.StartID, 10), m.Cell, v); err != nil {
			return nil, err
		}
	}
	t.mark = CellMark{StartID: m.Start, Cell: m.Cell, Mark: v.Mark, IRM: v.IRM, Rule: v.Rule, Points: m.Points, Detail: detail,
		Revision: m.Saw + 1, Seq: ch.Seq, At: ch.Now, By: ch.Author}
	t.changed = true
	switch {
	case m.Cell != TimeCell:
	case !had.Empty() && v.Empty():
		t.unit.missing++
	case had.Empty() && !v.Empty():
		t.unit.missing--
	}
	t.moveOn(ch)
	return MarkOutcome{Start: m.Start, Cell: m.Cell, Mark: v.Mark, Text: v.Text, IRM: v.IRM, Revision: t.mark.Revision, UnitVersion: t.unit.Version, ResultStatus: t.unit.ResultStatus}, nil
}

// complete reports whether judges owe the unit nothing any more.
func (u *markUnit) complete() bool {
	if u.card != nil {
		owed, ranks := u.card.Owed()
		return ranks && len(u.sheet.owing(owed, u.entered, u.values)) == 0
	}
	return u.missing == 0
}

// moveOn says where the unit stands after the mark, and which topics it touches.
func (t *target) moveOn(ch *Change) {
	u := t.unit
	before := u.Unit
	u.Version++
	u.changed = true
	u.Status, u.ResultStatus = Running, Live
	if u.complete() {
		u.Status, u.ResultStatus = Finished, Unofficial
	}
	if before.ResultStatus == Protested {
		u.ResultStatus = Protested
	}
	ch.touch(fmt.Sprintf("unit/%d", u.ID), fmt.Sprintf("event/%d", t.EventID), fmt.Sprintf("delegation/%d", t.DelegationID), "today")
	if t.UnitEventID != t.EventID {
		ch.touch(fmt.Sprintf("event/%d", t.UnitEventID))
	}
	if before.Status != u.Status || before.ResultStatus != u.ResultStatus {
		ch.touch("schedule/" + t.Day)
	}
}

// save gives what the set has changed to the batch to write.
func (set *markSet) save(b *batch) {
	var cells []*CellMark
	for _, t := range set.cells {
		if t.changed {
			cells = append(cells, &t.mark)
		}
	}
	if len(cells) > 0 {
		slices.SortFunc(cells, func(a, b *CellMark) int {
			return cmp.Or(cmp.Compare(a.StartID, b.StartID), cmp.Compare(a.Cell, b.Cell))
		})
		b.write(b.tx.NewInsert().Model(&cells).On("CONFLICT (start_id, cell) DO UPDATE"))
	}
	for _, u := range set.units {
		if u.changed {
			b.write(unitUpdate(b.tx, &u.Unit))
		}
	}
}
