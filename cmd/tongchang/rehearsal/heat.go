package rehearsal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"tongchang/events"
	"tongchang/events/lenex"
	"tongchang/scoring"
)

// heat plays one unit: opened, every lane entered by a judge of its own, made
// official where the recorded heat was.
func (p *Player) heat(ctx context.Context, u Unit) error {
	swims := p.plan.swims[u.ID]
	if len(swims) == 0 || u.ResultStatus == events.Official {
		return nil
	}
	h := &heat{Player: p, unit: u, version: new(atomic.Int64)}
	h.version.Store(u.Version)
	if err := h.open(ctx); err != nil {
		return err
	}
	p.mu.Lock()
	p.random.Shuffle(len(swims), func(i, j int) { swims[i], swims[j] = swims[j], swims[i] })
	p.mu.Unlock()
	var due, late []swim
	complete := true
	for _, s := range swims {
		switch {
		case s.Out != "" || s.Text != "": // withdrawn before the start, or entered in an earlier run
		case !recorded(s.result):
			complete = false // a reserve who did not swim
		case p.opts.Faults && p.chance(30):
			late = append(late, s)
		default:
			due = append(due, s)
		}
	}
	if err := each(ctx, p, due, h.lane); err != nil {
		return err
	}
	if err := h.late(ctx, late); err != nil {
		return err
	}
	p.summary.Units++
	return h.close(ctx, complete, swims)
}

// heat is a unit while it is played.
type heat struct {
	*Player
	unit    Unit
	version *atomic.Int64 // newest that an answer has told
}

// recorded reports whether a result says anything.
func recorded(r *lenex.Result) bool { return r != nil && (r.Time != nil || lenex.IRM(r.Status) != "") }

func (h *heat) open(ctx context.Context) error {
	a, err := h.client.Must(ctx, "/openings", by("robot starter"), events.OpenUnit{Unit: h.unit.ID})
	if err != nil {
		return err
	}
	if h.opts.Began != nil {
		h.opts.Began(h.unit, h.plan.of[h.unit.ID])
	}
	return h.saw(a)
}

// saw takes the unit's version from an answer.
func (h *heat) saw(a *Answer) error {
	var o struct {
		Version     int64 `json:"version"`
		UnitVersion int64 `json:"unit_version"`
	}
	if err := decode(a.Outcome, &o); err != nil {
		return err
	}
	for v := max(o.Version, o.UnitVersion); ; {
		was := h.version.Load()
		if v <= was || h.version.CompareAndSwap(was, v) {
			return nil
		}
	}
}

func decode(raw json.RawMessage, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read the outcome: %w", err)
	}
	return nil
}

// lane is one judge's mark: when the swimmer touches, or when the beat says.
func (h *heat) lane(ctx context.Context, s swim) error {
	if t := s.result.Time; t != nil && h.opts.Speed > 0 {
		if err := sleep(ctx, scaled(time.Duration(*t)*time.Millisecond, h.opts.Speed)); err != nil {
			return err
		}
	}
	if h.opts.Beat != nil {
		if err := h.opts.Beat(ctx); err != nil {
			return err
		}
	}
	m, e := h.mark(s), by(seat(s))
	if h.opts.Faults {
		return h.faulty(ctx, s, e, m)
	}
	return h.enter(ctx, e, m)
}

func seat(s swim) string {
	if s.Lane == nil {
		return "robot"
	}
	return "robot lane " + strconv.Itoa(*s.Lane)
}

// mark is what the judge enters: the recorded time, or why there is none.
func (h *heat) mark(s swim) events.EnterMark {
	r := s.result
	m := events.EnterMark{Unit: h.unit.ID, Start: s.Start, IRM: lenex.IRM(r.Status), Points: r.Points, Detail: events.DetailOf(r), Saw: s.Revision}
	if r.Time != nil && (m.IRM == "" || m.IRM.KeepsMark()) {
		m.Mark = timeText(*r.Time)
	}
	if m.IRM == scoring.DSQ {
		m.Rule = cmp.Or(r.Comment, noRule)
	}
	return m
}

// noRule stands for the rule of a disqualification where the record names none.
const noRule = "—"

func timeText(t scoring.Mark) string {
	if t%10 != 0 {
		return scoring.Milliseconds.Format(t, 3)
	}
	return scoring.Milliseconds.Format(t, 2)
}

// enter sends a mark that has to be accepted.
func (h *heat) enter(ctx context.Context, e Envelope, m events.EnterMark) error {
	a, err := h.client.Must(ctx, "/marks", e, m)
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.summary.Marks++
	h.mu.Unlock()
	return h.saw(a)
}

// close makes the unit official where it was so in the record and everybody has
// a mark or a reason.
func (h *heat) close(ctx context.Context, complete bool, swims []swim) error {
	if recordedHeats(h.meet)[h.unit.Code].Status != lenex.Official || !complete {
		h.summary.Open++
		return nil
	}
	e := by("robot referee")
	a, err := h.client.Must(ctx, "/confirmations", e, events.ConfirmUnit{Unit: h.unit.ID, Saw: h.version.Load()})
	var refused *Refused
	if errors.As(err, &refused) && refused.Problem == "line-missing" {
		h.summary.Open++ // somebody started whom the record does not know
		return nil
	}
	if err != nil {
		return err
	}
	h.summary.Official++
	if h.opts.Faults {
		return errors.Join(h.saw(a), h.afterwards(ctx, swims))
	}
	return h.saw(a)
}
