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
	return s.ask(ctx, &request{command: c, act: m, mark: &m})
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
	present := t.present()
	switch {
	case t.unit.ResultStatus == Official || t.unit.Status == Cancelled:
		return nil, &Refusal{Status: StatusClosed, Problem: "unit-" + closedWord(t.unit.Unit), Present: present}
	case t.OutIRM != "":
		return nil, &Refusal{Status: StatusClosed, Problem: "start-out", With: []string{string(t.OutIRM)}}
	case present.Revision != m.Saw:
		return nil, &Refusal{Status: StatusStale, Problem: "mark-stale", Present: present}
	case m.Saw > 0 && reason == "" && present.Text != "":
		return nil, invalid("reason", "reason-missing")
	}
	if m.Clear {
		if m.Mark != "" || m.IRM != "" {
			return nil, invalid("clear", "clear-and-mark")
		}
		return nil, nil
	}
	return readMark(t.unit.Measure, t.Ruleset, m)
}

func closedWord(u Unit) string {
	if u.Status == Cancelled {
		return "cancelled"
	}
	return "official"
}

// readMark reads a mark and its reason as the unit's ruleset allows.
func readMark(measure scoring.Measure, ruleset string, m EnterMark) (*scoring.Mark, error) {
	if !m.IRM.Known() || m.IRM == scoring.CC { // a change of class is a command of its own
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
