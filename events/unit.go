// Units: opened, confirmed as official, reopened to be put right.
package events

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// OpenUnit says that a unit begins. Opening a running unit changes nothing but
// its log.
type OpenUnit struct {
	Unit int64 `json:"unit" validate:"required"`
}

func (OpenUnit) kind() string { return "open" }

// ConfirmUnit makes a unit's result official. Saw is the version of the unit
// that the official had before them.
type ConfirmUnit struct {
	Unit int64 `json:"unit" validate:"required"`
	Saw  int64 `json:"saw" validate:"min=0"`
}

func (ConfirmUnit) kind() string { return "confirm" }

// ReopenUnit takes an official result back to be put right; the command gives
// the reason.
type ReopenUnit struct {
	Unit int64 `json:"unit" validate:"required"`
	Saw  int64 `json:"saw" validate:"min=0"`
}

func (ReopenUnit) kind() string { return "reopen" }

// UnitOutcome is where a unit stands after a change.
type UnitOutcome struct {
	Unit         int64        `json:"unit"`
	Version      int64        `json:"version"`
	Status       UnitStatus   `json:"status"`
	ResultStatus ResultStatus `json:"result_status"`
}

// Confirmed is the official ranking as it enters the log, with the ruleset by
// which anyone can recompute it.
type Confirmed struct {
	UnitOutcome
	Ruleset kinds.Ruleset   `json:"ruleset"`
	Ranking []kinds.Ranking `json:"ranking"`
}

// OpenUnit opens a unit for marks.
func (s *Store) OpenUnit(ctx context.Context, c Command, o OpenUnit) (Receipt, error) {
	return s.change(ctx, c, o, func(ctx context.Context, ch *Change) (any, error) {
		u, topics, err := loadUnit(ctx, ch, o.Unit)
		if err != nil {
			return nil, err
		}
		if u.ResultStatus == Official || u.Status == Cancelled {
			return nil, &Refusal{Status: StatusClosed, Problem: "unit-" + closedWord(u)}
		}
		if u.Status == Scheduled || u.Status == GettingReady {
			u.Status, u.ResultStatus = Running, Live
			u.Version++
		}
		return u.outcome(), ch.saveUnit(ctx, &u, topics)
	})
}

// Confirm makes a unit's result official. Every start must have a mark or a
// reason for having none; the ranking is written with the ruleset's name and
// version.
func (s *Store) Confirm(ctx context.Context, c Command, o ConfirmUnit) (Receipt, error) {
	return s.change(ctx, c, o, func(ctx context.Context, ch *Change) (any, error) {
		u, topics, err := loadUnit(ctx, ch, o.Unit)
		if err != nil {
			return nil, err
		}
		switch {
		case u.ResultStatus == Official || u.Status == Cancelled:
			return nil, &Refusal{Status: StatusClosed, Problem: "unit-" + closedWord(u)}
		case u.Version != o.Saw:
			return nil, &Refusal{Status: StatusStale, Problem: "unit-stale"}
		}
		if err := secondPerson(ctx, ch, &u); err != nil {
			return nil, err
		}
		return confirm(ctx, ch, &u, topics)
	})
}

func confirm(ctx context.Context, ch *Change, u *Unit, topics []string) (any, error) {
	sheet, err := loadSheet(ctx, ch.Tx, u.PhaseID, u.ID)
	if err != nil {
		return nil, err
	}
	if len(sheet.Lines) == 0 {
		return nil, invalid("unit", "unit-empty")
	}
	open, err := sheet.Open()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(sheet.Lines, func(l Line) bool { return open[l.ID()] }); i >= 0 {
		return nil, invalid("unit", "line-missing", sheet.Lines[i].LaneText(), sheet.Lines[i].Name())
	}
	out, err := makeOfficial(ctx, ch, u, sheet, ch.Author)
	if err != nil {
		return nil, err
	}
	ch.touch(append(topics, "medals")...)
	return out, nil
}

// makeOfficial ranks a complete unit, writes its results and says by whom it
// became official.
func makeOfficial(ctx context.Context, ch *Change, u *Unit, sheet *Sheet, by string) (Confirmed, error) {
	doc, ranking, err := sheet.RankUnit()
	if err != nil {
		return Confirmed{}, err
	}
	if err := saveResults(ctx, ch.Tx, u.ID, sheet, ranking[0].Lines); err != nil {
		return Confirmed{}, err
	}
	u.Status, u.ResultStatus, u.OfficialAt, u.OfficialBy = Finished, Official, ch.Now, by
	u.Version++
	return Confirmed{u.outcome(), doc.Ruleset, ranking}, saveUnit(ctx, ch.Tx, u)
}

// saveResults writes the results of a unit in place of those it may have had.
func saveResults(ctx context.Context, tx bun.Tx, unit int64, sheet *Sheet, lines []scoring.Ranked) error {
	if _, err := tx.NewDelete().Model((*Result)(nil)).Where("unit_id = ?", unit).Exec(ctx); err != nil {
		return fmt.Errorf("clear results of unit %d: %w", unit, err)
	}
	results := make([]Result, len(lines))
	for i, r := range lines {
		l := sheet.Line(r.ID)
		results[i] = Result{StartID: l.StartID, UnitID: unit, Mark: r.Mark, IRM: r.IRM, Rank: r.Rank, SortOrder: r.SortOrder, Class: l.Class}
	}
	if _, err := tx.NewInsert().Model(&results).Exec(ctx); err != nil {
		return fmt.Errorf("write results of unit %d: %w", unit, err)
	}
	return nil
}

// Reopen takes an official result back; a reason is required.
func (s *Store) Reopen(ctx context.Context, c Command, o ReopenUnit) (Receipt, error) {
	if c.Reason == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, o, func(ctx context.Context, ch *Change) (any, error) {
		u, topics, err := loadUnit(ctx, ch, o.Unit)
		switch {
		case err != nil:
			return nil, err
		case u.Version != o.Saw:
			return nil, &Refusal{Status: StatusStale, Problem: "unit-stale"}
		case u.ResultStatus != Official:
			return nil, invalid("unit", "unit-not-official")
		}
		ch.touch(append(topics, "medals")...)
		err = takeBack(ctx, ch, &u)
		return u.outcome(), err
	})
}

// takeBack makes an official unit unofficial again.
func takeBack(ctx context.Context, ch *Change, u *Unit) error {
	if _, err := ch.Tx.NewDelete().Model((*Result)(nil)).Where("unit_id = ?", u.ID).Exec(ctx); err != nil {
		return fmt.Errorf("take results of unit %d back: %w", u.ID, err)
	}
	u.ResultStatus, u.OfficialAt, u.OfficialBy = Unofficial, time.Time{}, ""
	u.Version++
	return saveUnit(ctx, ch.Tx, u)
}

func (u *Unit) outcome() UnitOutcome {
	return UnitOutcome{Unit: u.ID, Version: u.Version, Status: u.Status, ResultStatus: u.ResultStatus}
}

func (c *Change) saveUnit(ctx context.Context, u *Unit, topics []string) error {
	c.touch(topics...)
	return saveUnit(ctx, c.Tx, u)
}

// loadUnit loads a unit of the command's competition and the topics that any
// change of its status touches.
func loadUnit(ctx context.Context, ch *Change, id int64) (Unit, []string, error) {
	u, err := byID[Unit](ctx, ch.Tx, ch.Competition.ID, id, "no-such-unit")
	if err != nil {
		return u, nil, err
	}
	var about struct {
		EventID int64
		Day     string
	}
	err = ch.Tx.NewSelect().TableExpr("phases AS p").ColumnExpr("p.event_id, coalesce(s.day, '') AS day").
		Join("LEFT JOIN sessions AS s ON s.id = ?", u.SessionID).Where("p.id = ?", u.PhaseID).Scan(ctx, &about)
	if err != nil {
		return u, nil, fmt.Errorf("load what unit %d belongs to: %w", id, err)
	}
	topics := []string{fmt.Sprintf("unit/%d", id), fmt.Sprintf("event/%d", about.EventID), "schedule/" + about.Day, "today"}
	var who []struct{ EventID, DelegationID int64 }
	err = ch.Tx.NewSelect().TableExpr("starts AS s").Distinct().Column("e.event_id", "e.delegation_id").
		Join("JOIN entries AS e ON e.id = s.entry_id").Where("s.unit_id = ?", id).Order("e.event_id", "e.delegation_id").Scan(ctx, &who)
	if err != nil {
		return u, nil, fmt.Errorf("load who starts in unit %d: %w", id, err)
	}
	for _, w := range who {
		topics = append(topics, fmt.Sprintf("event/%d", w.EventID), fmt.Sprintf("delegation/%d", w.DelegationID))
	}
	slices.Sort(topics)
	return u, slices.Compact(topics), nil
}
