// What the call room does: it calls a unit, notes who has come, and closes the
// call. Who is missing then starts not at all (DNS): that stands on the start
// itself, so that it counts for every kind of scoring and the unit has not begun
// by it. Everything can be taken back until the unit begins; a DNS of the call
// room also after that, by who may confirm results.
package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/calls"
	"tongchang/scoring"
)

// CallUp calls a unit, or calls it once more. Saw is the revision of the call.
type CallUp struct {
	Unit int64 `json:"unit" validate:"required"`
	Saw  int64 `json:"saw" validate:"min=0"`
}

func (CallUp) kind() string { return "call-up" }

// CheckIn notes what was seen of one person of a start. It says everything anew:
// what is not named was not seen. Saw is the revision of the check.
type CheckIn struct {
	Start     int64          `json:"start" validate:"required"`
	Person    int64          `json:"person,omitempty" validate:"min=0"` // participant; 0: a team whose people are not named
	State     calls.Presence `json:"state" validate:"omitempty,oneof=present absent"`
	Card      bool           `json:"card,omitempty"`
	Partner   bool           `json:"partner,omitempty"`
	Equipment bool           `json:"equipment,omitempty"`
	Note      string         `json:"-"` // in the log only as a print
	Saw       int64          `json:"saw" validate:"min=0"`
}

// checkedIn is how a check-in enters the log.
type checkedIn struct {
	CheckIn
	Hidden Hidden `json:"note"`
}

func (checkedIn) kind() string { return "check-in" }

// CloseCall closes a unit's call. Missing are the starts that get DNS; who is
// missing and not among them is waited for.
type CloseCall struct {
	Unit    int64   `json:"unit" validate:"required"`
	Missing []int64 `json:"missing,omitempty" validate:"max=500"`
	Saw     int64   `json:"saw" validate:"min=0"`
}

func (CloseCall) kind() string { return "call-close" }

// StepCallBack takes the last step of a call back: a closed one is open again,
// and who it put out is in again; one that is open is not called yet.
type StepCallBack struct {
	Unit int64 `json:"unit" validate:"required"`
	Saw  int64 `json:"saw" validate:"min=0"`
}

func (StepCallBack) kind() string { return "call-back" }

// AdmitLate lets one start in again that a call put out. The reason goes with
// the command.
type AdmitLate struct {
	Start int64 `json:"start" validate:"required"`
}

func (AdmitLate) kind() string { return "call-admit" }

// SetCallTime says how many minutes before its start units of a discipline are
// called.
type SetCallTime struct {
	Discipline int64 `json:"discipline" validate:"required"`
	Minutes    int   `json:"minutes" validate:"min=0,max=180"`
}

func (SetCallTime) kind() string { return "call-time" }

// CallOutcome is where a call stands after a change.
type CallOutcome struct {
	Unit     int64       `json:"unit"`
	State    calls.State `json:"state"`
	Round    int         `json:"round"`
	Missing  []int64     `json:"missing,omitempty"`
	Revision int64       `json:"revision"`
}

// CheckOutcome is what a check-in came to.
type CheckOutcome struct {
	Start    int64          `json:"start"`
	Person   int64          `json:"person,omitempty"`
	State    calls.Presence `json:"state"`
	Revision int64          `json:"revision"`
	Standing calls.Standing `json:"standing"`
}

// CallTopic is touched by everything that the page of calls shows.
const CallTopic = "calls"

// callChange is a change of one unit's call.
type callChange struct {
	*Change
	CallUnit
	topics []string
}

// calling changes the call of a unit that has not begun, as it was seen.
func (s *Store) calling(ctx context.Context, c Command, who access.Who, a act, unit, saw int64, do func(context.Context, *callChange) error) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		k, err := loadCall(ctx, ch, who, unit)
		switch {
		case err != nil:
			return nil, err
		case k.Unit.Status == Cancelled:
			return nil, &Refusal{Status: StatusClosed, Problem: "unit-cancelled"}
		case k.Begun():
			return nil, &Refusal{Status: StatusClosed, Problem: "call-unit-begun"}
		case k.Call.Revision != saw:
			return nil, &Refusal{Status: StatusStale, Problem: "call-stale"}
		}
		if err := do(ctx, k); err != nil {
			return nil, err
		}
		return k.save(ctx)
	})
}

func loadCall(ctx context.Context, ch *Change, who access.Who, unit int64) (*callChange, error) {
	all, err := loadCallUnits(ctx, ch.Tx, ch.Competition, []int64{unit})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, notFound("no-such-unit", fmt.Sprint(unit))
	}
	k := &callChange{Change: ch, CallUnit: all[0]}
	if err := mayCall(who, access.WriteCall, &k.CallUnit); err != nil {
		return nil, err
	}
	_, k.topics, err = loadUnit(ctx, ch, unit)
	return k, err
}

// loadCalled loads a start and the call of its unit. One of another discipline
// is answered as one that is not there, and so is one that is in no unit.
func loadCalled(ctx context.Context, ch *Change, who access.Who, id int64) (Start, *callChange, error) {
	start, err := byID[Start](ctx, ch.Tx, ch.Competition.ID, id, "not-in-call")
	if err != nil {
		return start, nil, err
	}
	k, err := loadCall(ctx, ch, who, start.UnitID)
	if errors.Is(err, ErrNotFound) {
		err = notFound("not-in-call", fmt.Sprint(id))
	}
	return start, k, err
}

// save writes the call, and the unit's status with it.
func (k *callChange) save(ctx context.Context) (any, error) {
	c := &k.Call
	c.UnitID, c.CompetitionID, c.Seq, c.By = k.Unit.ID, k.Competition.ID, k.Seq, k.Author
	c.Revision++
	if _, err := k.Tx.NewInsert().Model(c).On("CONFLICT (unit_id) DO UPDATE").Exec(ctx); err != nil {
		return nil, fmt.Errorf("write the call of unit %d: %w", k.Unit.ID, err)
	}
	k.Unit.Version++
	if !k.Begun() {
		k.Unit.Status = GettingReady
		if c.State == calls.NotYet {
			k.Unit.Status = Scheduled
		}
	}
	return CallOutcome{Unit: k.Unit.ID, State: c.State, Round: c.Round, Missing: c.missing(), Revision: c.Revision}, k.saveUnit(ctx, &k.Unit, append(k.topics, CallTopic))
}

// CallUp calls a unit. A closed call is opened by taking its closing back.
func (s *Store) CallUp(ctx context.Context, c Command, who access.Who, a CallUp) (Receipt, error) {
	return s.calling(ctx, c, who, a, a.Unit, a.Saw, func(_ context.Context, k *callChange) error {
		switch {
		case k.Call.State == calls.Closed:
			return &Refusal{Status: StatusClosed, Problem: "call-closed"}
		case len(k.Starts) == 0:
			return invalid("unit", "unit-empty")
		}
		k.Call.State, k.Call.Called = calls.Calling, k.Now
		k.Call.Round++
		return nil
	})
}

// CloseCall closes a call. It is refused as stale where somebody has come in the
// meantime who was to get DNS.
func (s *Store) CloseCall(ctx context.Context, c Command, who access.Who, a CloseCall) (Receipt, error) {
	return s.calling(ctx, c, who, a, a.Unit, a.Saw, func(ctx context.Context, k *callChange) error {
		if k.Call.State != calls.Calling {
			return &Refusal{Status: StatusClosed, Problem: "call-not-open"}
		}
		slices.Sort(a.Missing)
		a.Missing = slices.Compact(a.Missing)
		for _, id := range a.Missing {
			i := slices.IndexFunc(k.Starts, func(s CallStart) bool { return s.StartID == id })
			switch {
			case i < 0:
				return notFound("no-such-start", fmt.Sprint(id), fmt.Sprint(a.Unit))
			case k.Starts[i].OutIRM != "":
				return &Refusal{Status: StatusClosed, Problem: "start-out", With: []string{string(k.Starts[i].OutIRM)}}
			case k.Starts[i].Standing == calls.Here:
				return &Refusal{Status: StatusStale, Problem: "call-has-come", With: []string{k.Starts[i].FullName()}}
			}
		}
		k.Call.State, k.Call.Closed = calls.Closed, k.Now
		k.Call.setMissing(a.Missing)
		before, err := k.ranks(ctx)
		if err != nil {
			return err
		}
		if err := k.out(ctx, a.Missing, "", scoring.DNS); err != nil {
			return err
		}
		after, err := k.ranks(ctx)
		if before != nil || err != nil { // what does not rank without anybody out either is no fault of the call room
			return err
		}
		return after
	})
}

// out writes why starts are out, or that they are in again.
func (k *callChange) out(ctx context.Context, starts []int64, from, to scoring.IRM) error {
	if len(starts) == 0 {
		return nil
	}
	_, err := k.Tx.NewUpdate().Model((*Start)(nil)).Set("out_irm = ?", to).Where("id IN (?)", bun.List(starts)).Where("out_irm = ?", from).Exec(ctx)
	if err != nil {
		return fmt.Errorf("put starts out: %w", err)
	}
	return nil
}

// ranks asks whether the unit ranks as it stands; refusal says why not.
func (k *callChange) ranks(ctx context.Context) (refusal, err error) {
	sheet, err := loadSheet(ctx, k.Tx, k.Unit.PhaseID, k.Unit.ID)
	if err != nil {
		return nil, err
	}
	_, _, refusal = sheet.RankUnit()
	return refusal, nil
}

// StepCallBack takes the last step of a call back.
func (s *Store) StepCallBack(ctx context.Context, c Command, who access.Who, a StepCallBack) (Receipt, error) {
	return s.calling(ctx, c, who, a, a.Unit, a.Saw, func(ctx context.Context, k *callChange) error {
		switch k.Call.State {
		case calls.Closed:
			if err := k.out(ctx, k.Call.missing(), scoring.DNS, ""); err != nil {
				return err
			}
			k.Call.State, k.Call.Missing = calls.Calling, ""
			k.Call.Closed = time.Time{}
		case calls.Calling:
			k.Call.State, k.Call.Round, k.Call.Called = calls.NotYet, 0, time.Time{}
		default:
			return &Refusal{Status: StatusClosed, Problem: "call-not-open"}
		}
		return nil
	})
}

// AdmitLate lets a start in again. Once the unit has begun, it takes who may
// confirm its results.
func (s *Store) AdmitLate(ctx context.Context, c Command, who access.Who, a AdmitLate) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		start, k, err := loadCalled(ctx, ch, who, a.Start)
		switch {
		case err != nil:
			return nil, err
		case k.Unit.ResultStatus == Official || k.Unit.Status == Cancelled:
			return nil, &Refusal{Status: StatusClosed, Problem: "unit-" + closedWord(k.Unit)}
		case start.OutIRM != scoring.DNS || !k.Call.PutOut(start.ID):
			return nil, invalid("start", "call-not-missing")
		case k.Begun() && access.May(who, access.Confirm, access.Object{Discipline: k.Discipline.ID}) != access.Allowed:
			return nil, &Refusal{Status: StatusForbidden, Problem: "call-admit-chief"}
		}
		if err := k.out(ctx, []int64{start.ID}, scoring.DNS, ""); err != nil {
			return nil, err
		}
		k.Call.setMissing(slices.DeleteFunc(k.Call.missing(), func(id int64) bool { return id == start.ID }))
		if k.Unit.ResultStatus == Unofficial { // judges owe a mark again
			k.Unit.Status, k.Unit.ResultStatus = Running, Live
		}
		return k.save(ctx)
	})
}

// longestNote is the most that fits beside a name, in characters.
const longestNote = 120

// CheckIn notes what was seen of somebody. It is refused once the unit has
// begun, and for who was put out: they are let in first.
func (s *Store) CheckIn(ctx context.Context, c Command, who access.Who, a CheckIn) (Receipt, error) {
	in := checkedIn{CheckIn: a}
	in.Note = strings.TrimSpace(a.Note)
	if utf8.RuneCountInString(in.Note) > longestNote {
		return Receipt{}, invalid("note", "note-long", strconv.Itoa(longestNote))
	}
	var err error
	if in.Hidden, err = s.hideWords(c.Competition, "call-note", in.Note); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, in, func(ctx context.Context, ch *Change) (any, error) { return ch.checkIn(ctx, who, &in.CheckIn) })
}

// hideWords prepares words for the log; none need no keys.
func (s *Store) hideWords(competition, purpose, text string) (Hidden, error) {
	if text == "" {
		return Hidden{}, nil
	}
	return s.hide(competition, purpose, text)
}

func (c *Change) checkIn(ctx context.Context, who access.Who, a *CheckIn) (any, error) {
	_, k, err := loadCalled(ctx, c, who, a.Start)
	if err != nil {
		return nil, err
	}
	s := &k.Starts[slices.IndexFunc(k.Starts, func(s CallStart) bool { return s.StartID == a.Start })]
	at := slices.IndexFunc(s.People, func(p CallPerson) bool { return p.ParticipantID == a.Person })
	switch {
	case at < 0:
		return nil, notFound("not-in-call", fmt.Sprint(a.Start))
	case k.Begun():
		return nil, &Refusal{Status: StatusClosed, Problem: "call-unit-begun"}
	case s.OutIRM != "":
		return nil, &Refusal{Status: StatusClosed, Problem: "start-out", With: []string{string(s.OutIRM)}}
	case s.People[at].Check.Revision != a.Saw:
		return nil, &Refusal{Status: StatusStale, Problem: "check-stale", With: []string{s.People[at].FullName()}}
	}
	row := CallCheck{StartID: a.Start, ParticipantID: a.Person, CompetitionID: c.Competition.ID, State: a.State, Card: a.Card, Partner: a.Partner,
		Equipment: a.Equipment, Note: a.Note, Revision: a.Saw + 1, Seq: c.Seq, At: c.Now, By: c.Author}
	if _, err := c.Tx.NewInsert().Model(&row).On("CONFLICT (start_id, participant_id) DO UPDATE").Exec(ctx); err != nil {
		return nil, fmt.Errorf("write who has come: %w", err)
	}
	s.People[at].Check = row
	there := make([]calls.Presence, len(s.People))
	for i := range s.People {
		there[i] = s.People[i].Check.State
	}
	return CheckOutcome{Start: a.Start, Person: a.Person, State: a.State, Revision: row.Revision, Standing: calls.Stand(there)}, nil
}

// SetCallTime says when units of a discipline are called.
func (s *Store) SetCallTime(ctx context.Context, c Command, who access.Who, a SetCallTime) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		hidden := notFound("no-such-discipline", fmt.Sprint(a.Discipline))
		if _, err := byID[Discipline](ctx, ch.Tx, ch.Competition.ID, a.Discipline, "no-such-discipline"); err != nil {
			return nil, err
		}
		if err := may(who, access.WriteStart, access.Object{Discipline: a.Discipline}, hidden); err != nil {
			return nil, err
		}
		row := callSetting{DisciplineID: a.Discipline, CompetitionID: ch.Competition.ID, Minutes: a.Minutes}
		if _, err := ch.Tx.NewInsert().Model(&row).On("CONFLICT (discipline_id) DO UPDATE").Exec(ctx); err != nil {
			return nil, fmt.Errorf("write a call time: %w", err)
		}
		ch.touch(CallTopic)
		return a, nil
	})
}
