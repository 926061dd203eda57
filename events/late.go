// Marks that came too late: for a unit that was official by then, over a cell
// that somebody else had written, where the judge left the choice to the chief,
// or from a device whose seat reaches the unit no more. They are refused, and
// kept for the chief, who takes them with a reason or puts them aside with one.
// Nothing is entered by itself.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// LateMark is such a mark. Payload is the command as it was sent.
type LateMark struct {
	bun.BaseModel `bun:"table:late_marks"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	UnitID        int64     `bun:",notnull"`
	StartID       int64     `bun:",notnull"`
	CommandID     string    `bun:",notnull"`
	Payload       string    `bun:",notnull"` // EnterMark as JSON
	Reason        string    `bun:",notnull"`
	By            string    `bun:",notnull"`
	SeatID        int64     `bun:",nullzero"`
	Problem       string    `bun:",notnull"` // mark-late, mark-handed, mark-moved
	Stood         string    `bun:",notnull"` // what stood in the cell when it came
	At            time.Time `bun:",notnull"`
	Verdict       Verdict   `bun:",notnull"`
	Decided       time.Time `bun:",nullzero"`
	DecidedBy     string    `bun:",notnull"`
	Seq           int64     `bun:",notnull"` // log entry of the decision; 0: none yet
}

// Verdict is what became of a late mark.
type Verdict string

// The verdicts. Empty: it waits.
const (
	LateTaken Verdict = "taken"
	LateAside Verdict = "aside"
)

// keepLate keeps a mark that was refused, once however often it is sent, and
// answers with the refusal that says so. Other refusals it gives back as they
// are.
func (s *Store) keepLate(ctx context.Context, c Command, m EnterMark, refused error) error {
	var why *Refusal
	if !errors.As(refused, &why) {
		return refused
	}
	problem, err := s.whyKept(ctx, c, m, why)
	if err != nil || problem == "" {
		return cmp.Or(err, refused)
	}
	competition, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a late mark down: %w", err)
	}
	late := LateMark{CompetitionID: competition.ID, UnitID: m.Unit, StartID: m.Start, CommandID: c.ID, Payload: string(payload), Reason: c.Reason,
		By: c.Author, SeatID: c.Seat, Problem: problem, At: s.clock()}
	switch {
	case why.Present != nil:
		late.Stood = why.Present.Text
	case problem == "mark-moved": // not beside the refusal: what stands there is not the seat's any more
		if late.Stood, _, err = s.stands(ctx, m); err != nil {
			return err
		}
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&late).On("CONFLICT (competition_id, command_id) DO NOTHING").Returning("NULL").Exec(ctx)
		return err
	})
	if err != nil {
		return &Refusal{Status: StatusUnknown, Problem: "outcome-unknown", cause: err} // not kept: the sender must not drop it
	}
	kept := *why
	if kept.Problem = problem; problem == "mark-moved" {
		kept.Status, kept.With = StatusClosed, nil
	}
	return &kept
}

// whyKept says under which problem a refused mark is kept; empty: it is not.
// That a mark was made before a move cannot be proven, so it is the chief's to
// enter; that the device was given the unit to write is known here.
func (s *Store) whyKept(ctx context.Context, c Command, m EnterMark, why *Refusal) (string, error) {
	switch {
	case why.Status == StatusClosed && why.Problem == "unit-official":
		return "mark-late", nil
	case why.Status == StatusStale && why.Problem == "mark-stale" && m.Hand:
		return "mark-handed", nil
	case why.Problem == "seat-not-assigned" || why.Problem == "seat-not-place" || why.Problem == "no-such-unit":
		told, err := s.wasTold(ctx, c, m)
		if told {
			return "mark-moved", err
		}
		return "", err
	}
	return "", nil
}

// stands is what stands in a mark's cell now, as printed, and its revision.
func (s *Store) stands(ctx context.Context, m EnterMark) (string, int64, error) {
	var cell CellMark
	err := s.r.NewSelect().Model(&cell).Where("start_id = ?", m.Start).Where("cell = ?", m.Cell).Scan(ctx)
	if isNoRows(err) {
		return "", 0, nil
	}
	var u Unit
	if err == nil {
		err = s.r.NewSelect().Model(&u).Column("measure").Where("id = ?", m.Unit).Scan(ctx)
	}
	switch {
	case err != nil:
		return "", 0, fmt.Errorf("cell %s of start %d: %w", m.Cell, m.Start, err)
	case cell.Text() != "":
		return cell.Text(), cell.Revision, nil
	}
	return MarkText(u.Measure, cell.Mark, cell.IRM), cell.Revision, nil
}

// LateView is a late mark with what the chief decides by.
type LateView struct {
	LateMark
	Ask        EnterMark
	Unit       Unit
	Discipline int64
	Phase      int64
	Seat       string // empty: no seat
	Now        string // what stands in the cell now
	Revision   int64  // of the cell now
}

// LateMarks lists the late marks of the units that somebody confirms: those that
// wait, then the newest that were decided.
func (s *Store) LateMarks(ctx context.Context, who access.Who, competition Competition) ([]LateView, error) {
	if !access.Ever(who, access.Confirm) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	var rows []struct {
		LateMark     `bun:",extend"`
		DisciplineID int64
		PhaseID      int64
		Seat         string
	}
	q := s.r.NewSelect().Model((*LateMark)(nil)).ColumnExpr("late_mark.*, e.discipline_id, u.phase_id, coalesce(s.name, '') AS seat").
		Join("JOIN units AS u ON u.id = late_mark.unit_id").Join("JOIN phases AS p ON p.id = u.phase_id").Join("JOIN events AS e ON e.id = p.event_id").
		Join("LEFT JOIN seats AS s ON s.id = late_mark.seat_id").Where("late_mark.competition_id = ?", competition.ID).
		OrderExpr("late_mark.seq = 0 DESC, late_mark.seq DESC, late_mark.id").Limit(200)
	if who.Discipline != 0 {
		q = q.Where("e.discipline_id = ?", who.Discipline)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("list late marks: %w", err)
	}
	views := make([]LateView, len(rows))
	for i := range rows {
		r := &rows[i]
		views[i] = LateView{LateMark: r.LateMark, Discipline: r.DisciplineID, Phase: r.PhaseID, Seat: r.Seat}
		if err := s.fillLate(ctx, &views[i]); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// fillLate adds the unit and what stands in the cell now.
func (s *Store) fillLate(ctx context.Context, v *LateView) error {
	if err := json.Unmarshal([]byte(v.Payload), &v.Ask); err != nil {
		return fmt.Errorf("read late mark %d: %w", v.ID, err)
	}
	if err := s.r.NewSelect().Model(&v.Unit).Where("id = ?", v.UnitID).Scan(ctx); err != nil {
		return fmt.Errorf("unit of late mark %d: %w", v.ID, err)
	}
	var err error
	v.Now, v.Revision, err = s.stands(ctx, v.Ask)
	return err
}

// DecideLate takes a late mark, which reopens its unit where it is official, or
// puts it aside. Either needs the command's reason. Saw is the revision of the
// cell that the chief had before them.
type DecideLate struct {
	Late int64 `json:"late" validate:"required"`
	Take bool  `json:"take,omitempty"`
	Saw  int64 `json:"saw" validate:"min=0"`
}

func (DecideLate) kind() string { return "late" }

// LateOutcome is what a decision came to.
type LateOutcome struct {
	Verdict Verdict      `json:"verdict"`
	Command string       `json:"command"` // the mark's own
	By      string       `json:"by"`      // who had written it
	Mark    *MarkOutcome `json:"mark,omitempty"`
	Unit    UnitOutcome  `json:"unit"`
}

// DecideLate is refused as stale when the cell has changed since, or the mark
// was decided on by somebody else.
func (s *Store) DecideLate(ctx context.Context, c Command, who access.Who, a DecideLate) (Receipt, error) {
	if !access.Ever(who, access.Confirm) {
		return Receipt{}, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	if c.Reason == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		late, u, topics, err := lateFor(ctx, ch, who, a.Late)
		if err != nil {
			return nil, err
		}
		out := LateOutcome{Verdict: LateAside, Command: late.CommandID, By: late.By}
		if a.Take {
			out.Verdict = LateTaken
			if out.Mark, err = takeLate(ctx, ch, late, &u, topics, a.Saw); err != nil {
				return nil, err
			}
			if u, err = byID[Unit](ctx, ch.Tx, ch.Competition.ID, late.UnitID, "no-such-unit"); err != nil {
				return nil, err
			}
		}
		out.Unit = u.outcome()
		late.Verdict, late.Decided, late.DecidedBy, late.Seq = out.Verdict, ch.Now, ch.Author, ch.Seq
		if _, err := ch.Tx.NewUpdate().Model(late).Column("verdict", "decided", "decided_by", "seq").WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("decide on late mark %d: %w", late.ID, err)
		}
		return out, nil
	})
}

// lateFor loads a late mark that waits, for who confirms its unit.
func lateFor(ctx context.Context, ch *Change, who access.Who, id int64) (*LateMark, Unit, []string, error) {
	hidden := notFound("no-such-late-mark", fmt.Sprint(id))
	late, err := byID[LateMark](ctx, ch.Tx, ch.Competition.ID, id, "no-such-late-mark")
	if err != nil {
		return nil, Unit{}, nil, err
	}
	u, topics, err := loadUnit(ctx, ch, late.UnitID)
	if err != nil {
		return nil, u, nil, err
	}
	var discipline int64
	err = ch.Tx.NewSelect().TableExpr("phases AS p").ColumnExpr("e.discipline_id").Join("JOIN events AS e ON e.id = p.event_id").Where("p.id = ?", u.PhaseID).Scan(ctx, &discipline)
	if err != nil {
		return nil, u, nil, fmt.Errorf("discipline of late mark %d: %w", id, err)
	}
	if err := may(who, access.Confirm, access.Object{Discipline: discipline}, hidden); err != nil {
		return nil, u, nil, err
	}
	if late.Verdict != "" {
		return nil, u, nil, &Refusal{Status: StatusStale, Problem: "late-decided", With: []string{late.DecidedBy}}
	}
	return &late, u, topics, nil
}

// takeLate reopens the unit and enters the mark as the chief's own, with their
// reason.
func takeLate(ctx context.Context, ch *Change, late *LateMark, u *Unit, topics []string, saw int64) (*MarkOutcome, error) {
	if u.ResultStatus == Official {
		if err := takeBack(ctx, ch, u); err != nil {
			return nil, err
		}
		ch.touch(append(topics, "medals")...)
	}
	var m EnterMark
	if err := json.Unmarshal([]byte(late.Payload), &m); err != nil {
		return nil, fmt.Errorf("read late mark %d: %w", late.ID, err)
	}
	m.Saw, m.Hand = saw, false
	b := ch.batch()
	set, err := loadMarkSet(ctx, b, []*EnterMark{&m})
	if err != nil {
		return nil, err
	}
	out, err := set.enter(ch, &m)
	if err != nil {
		return nil, err
	}
	set.save(b)
	mark, ok := out.(MarkOutcome)
	if !ok {
		return nil, fmt.Errorf("late mark %d came to %T", late.ID, out)
	}
	return &mark, b.flush(ctx)
}
