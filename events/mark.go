// Marks: what a judge enters for a start, corrects or takes back.
package events

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"tongchang/events/pads"
	"tongchang/scoring"
)

// TimeCell is the cell that a timed unit's mark goes into.
const TimeCell = pads.TimeCell

// EnterMark writes one cell of a start's line: a mark, a choice, or the reason
// why there is none. Saw is the revision of the cell that the judge had before
// them, 0 for an empty cell. Whoever writes over something gives a reason,
// unless a running count is raised.
type EnterMark struct {
	Unit   int64       `json:"unit" validate:"required"`
	Start  int64       `json:"start" validate:"required"`
	Cell   string      `json:"cell,omitempty" validate:"max=80"`  // empty: time; the others as package pads names them
	Mark   string      `json:"mark,omitempty" validate:"max=400"` // as the judge typed it: 1:02.34, X, 11:7
	IRM    scoring.IRM `json:"irm,omitempty"`
	Rule   string      `json:"rule,omitempty" validate:"max=120"` // what a DSQ refers to
	Clear  bool        `json:"clear,omitempty"`                   // take back what stands there
	Points *int64      `json:"points,omitempty" validate:"omitempty,min=0,max=100000"`
	Detail *MarkDetail `json:"detail,omitempty"`
	Saw    int64       `json:"saw" validate:"min=0"`
	Hand   bool        `json:"hand,omitempty"` // where it is stale: leave it to the chief judge
}

func (EnterMark) kind() string { return "mark" }

// MarkOutcome is what an accepted mark came to.
type MarkOutcome struct {
	Start        int64         `json:"start"`
	Cell         string        `json:"cell"`
	Mark         *scoring.Mark `json:"mark,omitempty"`
	Text         string        `json:"text,omitempty"` // what stands there where it is no number
	IRM          scoring.IRM   `json:"irm,omitempty"`
	Revision     int64         `json:"revision"`
	UnitVersion  int64         `json:"unit_version"`
	ResultStatus ResultStatus  `json:"result_status"`
}

// EnterMark enters, corrects or clears a cell. It is refused as stale when the
// cell has a newer revision, and as closed when the unit is official; both
// refusals carry the present value. What the kind of scoring would not rank is
// refused with its reason, what its seat does not reach as forbidden.
func (s *Store) EnterMark(ctx context.Context, c Command, m EnterMark) (Receipt, error) {
	if m.Cell == "" {
		m.Cell = TimeCell
	}
	rec, err := s.ask(ctx, &request{command: c, act: m, mark: &m})
	return rec, s.keepLate(ctx, c, m, err)
}

// MarkText is a mark or the reason for having none as it is printed: hundredths
// of a second unless the mark is finer.
func MarkText(measure scoring.Measure, mark *scoring.Mark, irm scoring.IRM) string {
	if mark == nil || irm != "" && !irm.KeepsMark() {
		return string(irm)
	}
	decimals := 2
	if *mark%10 != 0 {
		decimals = 3
	}
	return measure.Format(*mark, decimals)
}

// read decides whether the command may write the cell and what it writes.
func (t *target) read(m EnterMark, reason string) (pads.Value, error) {
	t.lookUp()
	present := t.present()
	switch {
	case t.unit.ResultStatus == Official || t.unit.Status == Cancelled:
		return pads.Value{}, &Refusal{Status: StatusClosed, Problem: "unit-" + closedWord(t.unit.Unit), Present: present}
	case t.OutIRM != "":
		return pads.Value{}, &Refusal{Status: StatusClosed, Problem: "start-out", With: []string{string(t.OutIRM)}}
	case t.unit.fault != nil:
		return pads.Value{}, t.unit.fault
	case !t.known:
		return pads.Value{}, invalid("cell", "no-such-cell", m.Cell)
	case present.Revision != m.Saw:
		return pads.Value{}, &Refusal{Status: StatusStale, Problem: "mark-stale", Present: present}
	}
	correction := m.Saw > 0 && reason == "" && present.Text != ""
	if correction && !t.cell.Running {
		return pads.Value{}, invalid("reason", "reason-missing")
	}
	v, err := t.value(m)
	if err == nil && correction && !t.cell.Raised(t.mark.Value(), v) {
		err = invalid("reason", "reason-missing")
	}
	return v, err
}

// value reads what the command gives for the cell.
func (t *target) value(m EnterMark) (pads.Value, error) {
	switch {
	case m.Clear && (m.Mark != "" || m.IRM != ""):
		return pads.Value{}, invalid("clear", "clear-and-mark")
	case m.Cell != TimeCell && (m.Points != nil || m.Detail != nil):
		return pads.Value{}, invalid("detail", "field-wrong", m.Cell)
	case m.Clear:
		return pads.Value{}, nil
	}
	return t.cell.Read(m.Mark, m.IRM, m.Rule)
}

func closedWord(u Unit) string {
	if u.Status == Cancelled {
		return "cancelled"
	}
	return "official"
}

// saveUnit writes what moves on a unit during its day.
func saveUnit(ctx context.Context, tx bun.Tx, u *Unit) error {
	if _, err := unitUpdate(tx, u).Exec(ctx); err != nil {
		return fmt.Errorf("move unit %d on: %w", u.ID, err)
	}
	return nil
}

func unitUpdate(tx bun.Tx, u *Unit) *bun.UpdateQuery {
	return tx.NewUpdate().Model(u).Column("status", "result_status", "version", "official_at", "official_by").WherePK()
}
