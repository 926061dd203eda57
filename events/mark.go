// Marks: what a judge enters for a start, corrects or takes back.
package events

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/timed"
)

// TimeCell is the cell that a timed unit's mark goes into.
const TimeCell = "time"

// EnterMark writes one cell of a start's line: a mark, or the reason why there
// is none. Saw is the revision of the cell that the judge had before them, 0
// for an empty cell. Whoever writes over something gives a reason.
type EnterMark struct {
	Unit   int64       `json:"unit" validate:"required"`
	Start  int64       `json:"start" validate:"required"`
	Cell   string      `json:"cell,omitempty" validate:"max=40"` // empty: time
	Mark   string      `json:"mark,omitempty" validate:"max=20"` // as the judge typed it: 1:02.34
	IRM    scoring.IRM `json:"irm,omitempty"`
	Rule   string      `json:"rule,omitempty" validate:"max=120"` // what a DSQ refers to
	Clear  bool        `json:"clear,omitempty"`                   // take back what stands there
	Points *int64      `json:"points,omitempty" validate:"omitempty,min=0,max=100000"`
	Detail *MarkDetail `json:"detail,omitempty"`
	Saw    int64       `json:"saw" validate:"min=0"`
}

func (EnterMark) kind() string { return "mark" }

// MarkOutcome is what an accepted mark came to.
type MarkOutcome struct {
	Start        int64         `json:"start"`
	Cell         string        `json:"cell"`
	Mark         *scoring.Mark `json:"mark,omitempty"`
	IRM          scoring.IRM   `json:"irm,omitempty"`
	Revision     int64         `json:"revision"`
	UnitVersion  int64         `json:"unit_version"`
	ResultStatus ResultStatus  `json:"result_status"`
}

// EnterMark enters, corrects or clears a mark. It is refused as stale when the
// cell has a newer revision, and as closed when the unit is official; both
// refusals carry the present value.
func (s *Store) EnterMark(ctx context.Context, c Command, m EnterMark) (Receipt, error) {
	if m.Cell == "" {
		m.Cell = TimeCell
	}
	return s.change(ctx, c, m, func(ctx context.Context, ch *Change) (any, error) {
		t, err := loadTarget(ctx, ch, m)
		if err != nil {
			return nil, err
		}
		mark, err := t.read(m, c.Reason)
		if err != nil {
			return nil, err
		}
		return t.write(ctx, ch, m, mark)
	})
}

// target is the cell a mark is meant for, with what decides about it.
type target struct {
	Unit
	EventID      int64 // that the start counts for
	UnitEventID  int64 // that the unit stands under in the programme
	DelegationID int64
	OutIRM       scoring.IRM
	Day          string
	Ruleset      string
	Missing      int // starts of the unit without a mark or a reason
	CellMark     *scoring.Mark
	CellIRM      *scoring.IRM
	CellRevision *int64
	CellBy       *string
}

func loadTarget(ctx context.Context, ch *Change, m EnterMark) (*target, error) {
	t := new(target)
	err := ch.Tx.NewSelect().TableExpr("starts AS s").
		ColumnExpr("u.*, e.event_id, p.event_id AS unit_event_id, e.delegation_id, s.out_irm, p.ruleset, coalesce(ss.day, '') AS day").
		ColumnExpr("m.mark AS cell_mark, m.irm AS cell_irm, m.revision AS cell_revision, m.by AS cell_by").
		ColumnExpr(`(SELECT count(*) FROM starts AS o LEFT JOIN marks AS om ON om.start_id = o.id AND om.cell = ?
			WHERE o.unit_id = u.id AND o.out_irm = '' AND (om.start_id IS NULL OR (om.mark IS NULL AND om.irm = ''))) AS missing`, m.Cell).
		Join("JOIN units AS u ON u.id = s.unit_id").
		Join("JOIN phases AS p ON p.id = u.phase_id").
		Join("JOIN entries AS e ON e.id = s.entry_id").
		Join("LEFT JOIN sessions AS ss ON ss.id = u.session_id").
		Join("LEFT JOIN marks AS m ON m.start_id = s.id AND m.cell = ?", m.Cell).
		Where("s.id = ?", m.Start).Where("u.id = ?", m.Unit).Where("u.competition_id = ?", ch.Competition.ID).
		Scan(ctx, t)
	if isNoRows(err) {
		return nil, notFound("no-such-start", fmt.Sprint(m.Start), fmt.Sprint(m.Unit))
	}
	if err != nil {
		return nil, fmt.Errorf("load start %d: %w", m.Start, err)
	}
	return t, nil
}

// present is what stands in the cell now, for a refusal.
func (t *target) present(m EnterMark) *Cell {
	cell := &Cell{Start: m.Start, Name: m.Cell}
	if t.CellRevision != nil {
		cell.Revision, cell.By = *t.CellRevision, *t.CellBy
		cell.Text = MarkText(t.Measure, t.CellMark, *t.CellIRM)
	}
	return cell
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
func (t *target) read(m EnterMark, reason string) (*scoring.Mark, error) {
	switch {
	case t.ResultStatus == Official || t.Status == Cancelled:
		return nil, &Refusal{Status: StatusClosed, Problem: "unit-" + closedWord(t.Unit), Present: t.present(m)}
	case t.OutIRM != "":
		return nil, &Refusal{Status: StatusClosed, Problem: "start-out", With: []string{string(t.OutIRM)}}
	case t.present(m).Revision != m.Saw:
		return nil, &Refusal{Status: StatusStale, Problem: "mark-stale", Present: t.present(m)}
	case m.Saw > 0 && reason == "" && t.present(m).Text != "":
		return nil, invalid("reason", "reason-missing")
	}
	if m.Clear {
		if m.Mark != "" || m.IRM != "" {
			return nil, invalid("clear", "clear-and-mark")
		}
		return nil, nil
	}
	return readMark(t.Measure, t.Ruleset, m)
}

func closedWord(u Unit) string {
	if u.Status == Cancelled {
		return "cancelled"
	}
	return "official"
}

// readMark reads a mark and its reason as the unit's ruleset allows.
func readMark(measure scoring.Measure, ruleset string, m EnterMark) (*scoring.Mark, error) {
	if !m.IRM.Known() {
		return nil, invalid("irm", "unknown-irm", string(m.IRM))
	}
	if m.IRM == scoring.DSQ && m.Rule == "" {
		return nil, invalid("rule", "rule-missing")
	}
	if m.IRM != "" && !m.IRM.KeepsMark() {
		if m.Mark != "" {
			return nil, invalid("mark", "mark-with-irm", m.Mark, string(m.IRM))
		}
		return nil, nil
	}
	mark, err := measure.Parse(m.Mark)
	if err != nil {
		return nil, err
	}
	if mark == 0 {
		return nil, invalid("mark", "mark-zero", m.Mark)
	}
	var rs kinds.Ruleset
	if err := json.Unmarshal([]byte(ruleset), &rs); err != nil {
		return nil, fmt.Errorf("read ruleset: %w", err)
	}
	var rules timed.Rules
	if rs.Kind == "timed" && len(rs.Rules) > 0 {
		if err := json.Unmarshal(rs.Rules, &rules); err != nil {
			return nil, fmt.Errorf("read rules of %s: %w", rs.Name, err)
		}
	}
	if measure == scoring.Milliseconds && rules.Precision != 1 && mark%10 != 0 {
		return nil, invalid("mark", "too-fine", m.Mark, "1/100 s")
	}
	return &mark, nil
}

// write stores the cell and moves the unit on.
func (t *target) write(ctx context.Context, ch *Change, m EnterMark, mark *scoring.Mark) (any, error) {
	detail := ""
	if m.Detail != nil {
		b, err := json.Marshal(m.Detail)
		if err != nil {
			return nil, err
		}
		detail = string(b)
	}
	cell := &CellMark{StartID: m.Start, Cell: m.Cell, Mark: mark, IRM: m.IRM, Rule: m.Rule, Points: m.Points, Detail: detail,
		Revision: m.Saw + 1, Seq: ch.Seq, At: ch.Now, By: ch.Author}
	if _, err := ch.Tx.NewInsert().Model(cell).On("CONFLICT (start_id, cell) DO UPDATE").Exec(ctx); err != nil {
		return nil, fmt.Errorf("write mark: %w", err)
	}
	had := t.present(m).Text != ""
	has := mark != nil || m.IRM != ""
	missing := t.Missing
	if had && !has {
		missing++
	} else if !had && has {
		missing--
	}
	before := t.Unit
	t.Version++
	t.Status, t.ResultStatus = Running, Live
	if missing == 0 {
		t.Status, t.ResultStatus = Finished, Unofficial
	}
	if before.ResultStatus == Protested {
		t.ResultStatus = Protested
	}
	if err := saveUnit(ctx, ch.Tx, &t.Unit); err != nil {
		return nil, err
	}
	ch.touch(fmt.Sprintf("unit/%d", t.ID), fmt.Sprintf("event/%d", t.EventID), fmt.Sprintf("delegation/%d", t.DelegationID), "today")
	if t.UnitEventID != t.EventID {
		ch.touch(fmt.Sprintf("event/%d", t.UnitEventID))
	}
	if before.Status != t.Status || before.ResultStatus != t.ResultStatus {
		ch.touch("schedule/" + t.Day)
	}
	return MarkOutcome{Start: m.Start, Cell: m.Cell, Mark: mark, IRM: m.IRM, Revision: cell.Revision, UnitVersion: t.Version, ResultStatus: t.ResultStatus}, nil
}

// saveUnit writes what moves on a unit during its day.
func saveUnit(ctx context.Context, tx bun.Tx, u *Unit) error {
	_, err := tx.NewUpdate().Model(u).Column("status", "result_status", "version", "official_at", "official_by").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("move unit %d on: %w", u.ID, err)
	}
	return nil
}
