// Lines of the kinds whose lines are more than one mark: attempts, aspects,
// matches. They come whole, as the kind's own document reads them.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"tongchang/scoring/kinds"
)

// LineCell is the cell that a whole line goes into.
const LineCell = "line"

// EnterLines writes lines of a unit whose kind is not timed, and what was
// played between them. Saw is the version of the unit that the official had
// before them. A line is the kind's own, without its id.
type EnterLines struct {
	Unit    int64             `json:"unit" validate:"required"`
	Saw     int64             `json:"saw" validate:"min=0"`
	Lines   []EnterLine       `json:"lines,omitempty" validate:"max=500,dive"`
	Matches []json.RawMessage `json:"matches,omitempty" validate:"max=500"` // replaces those there are
}

// EnterLine is one line.
type EnterLine struct {
	Start int64           `json:"start" validate:"required"`
	Line  json.RawMessage `json:"line" validate:"required,max=20000"`
}

func (EnterLines) kind() string { return "lines" }

// EnterLines enters or replaces lines. The unit must rank with them: what its
// kind would refuse, naming line, field and rule, is refused here.
func (s *Store) EnterLines(ctx context.Context, c Command, a EnterLines) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		reached, err := ch.batch().reachFor(ctx, []Command{ch.Command}, []int64{a.Unit})
		if err != nil {
			return nil, err
		}
		if err := reached.may(&ch.Command, ch.Competition.ID, a.Unit, LineCell); err != nil {
			return nil, err
		}
		u, topics, err := loadUnit(ctx, ch, a.Unit)
		switch {
		case err != nil:
			return nil, err
		case u.ResultStatus == Official || u.Status == Cancelled:
			return nil, &Refusal{Status: StatusClosed, Problem: "unit-" + closedWord(u)}
		case u.Version != a.Saw:
			return nil, &Refusal{Status: StatusStale, Problem: "unit-stale"}
		}
		if err := writeLines(ctx, ch, &u, a); err != nil {
			return nil, err
		}
		sheet, err := loadSheet(ctx, ch.Tx, u.PhaseID, u.ID)
		if err != nil {
			return nil, err
		}
		doc, err := sheet.UnitDocument()
		if err != nil {
			return nil, err
		}
		if doc.Ruleset.Kind == "timed" {
			return nil, invalid("unit", "timed-by-mark")
		}
		if _, err := kinds.Rank(doc); err != nil {
			return nil, err
		}
		u.Status, u.ResultStatus = Running, Live
		if open, err := sheet.Open(); err == nil && len(open) == 0 {
			u.Status, u.ResultStatus = Finished, Unofficial
		}
		u.Version++
		return u.outcome(), ch.saveUnit(ctx, &u, topics)
	})
}

func writeLines(ctx context.Context, ch *Change, u *Unit, a EnterLines) error {
	sheet, err := loadSheet(ctx, ch.Tx, u.PhaseID, u.ID)
	if err != nil {
		return err
	}
	for _, l := range a.Lines {
		line := sheet.Line(strconv.FormatInt(l.Start, 10))
		if line == nil {
			return notFound("no-such-start", fmt.Sprint(l.Start), fmt.Sprint(u.ID))
		}
		cell := &CellMark{StartID: l.Start, Cell: LineCell, Detail: string(l.Line), Revision: line.Cells[LineCell].Revision + 1,
			Seq: ch.Seq, At: ch.Now, By: ch.Author}
		if _, err := ch.Tx.NewInsert().Model(cell).On("CONFLICT (start_id, cell) DO UPDATE").Exec(ctx); err != nil {
			return fmt.Errorf("write line: %w", err)
		}
	}
	if a.Matches == nil {
		return nil
	}
	b, err := json.Marshal(a.Matches)
	if err != nil {
		return invalid("matches", "unreadable", err.Error())
	}
	u.Matches = string(b)
	if _, err := ch.Tx.NewUpdate().Model(u).Column("matches").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write matches: %w", err)
	}
	return nil
}
