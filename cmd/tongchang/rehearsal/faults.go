package rehearsal

import (
	"context"
	"net/http"
	"sync"
	"time"

	"tongchang/events"
	"tongchang/scoring"
)

// Faults are what a sports hall does to a mark on its way. Each is tried many
// times in a rehearsal with faults, and each has one right answer:
//
//	twice         the same command again: the first receipt, marked as repeated
//	together      the same command from two connections at once: one receipt
//	lost-reply    nobody waits for the answer, the command is sent again: one mark
//	out-of-order  a correction before what it corrects: refused as stale, then accepted
//	stale         a second judge who has not seen the mark: refused, with the mark
//	reused        the ID of an accepted command with another mark: refused
//	late          a mark after everybody else's: the heat cannot be made official before
//	closed        a mark for a heat that is official: refused, with the mark
var Faults = []string{"twice", "together", "lost-reply", "out-of-order", "stale", "reused", "late", "closed"}

// tried counts a fault.
func (p *Player) tried(fault string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.summary.Faults[fault]++
}

// faulty enters a mark, in half of the cases with something going wrong.
func (h *heat) faulty(ctx context.Context, s swim, e Envelope, m events.EnterMark) error {
	faults := []struct {
		name string
		do   func(context.Context, swim, Envelope, events.EnterMark) error
	}{
		{"twice", h.twice}, {"together", h.together}, {"lost-reply", h.lostReply},
		{"out-of-order", h.outOfOrder}, {"stale", h.stale}, {"reused", h.reused},
	}
	n := h.pick(2 * len(faults))
	if n >= len(faults) {
		return h.enter(ctx, e, m)
	}
	h.tried(faults[n].name)
	return faults[n].do(ctx, s, e, m)
}

func (h *heat) twice(ctx context.Context, _ swim, e Envelope, m events.EnterMark) error {
	if err := h.enter(ctx, e, m); err != nil {
		return err
	}
	a, err := h.client.Must(ctx, "/marks", e, m)
	if err == nil && !a.Repeated {
		h.unexpected("twice: start %d was counted again as %d", m.Start, a.Seq)
	}
	return err
}

func (h *heat) together(ctx context.Context, _ swim, e Envelope, m events.EnterMark) error {
	var answers [2]*Answer
	var errs [2]error
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i], errs[i] = h.client.Must(ctx, "/marks", e, m) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	if a, b := answers[0], answers[1]; a.Seq != b.Seq || !a.Repeated && !b.Repeated {
		h.unexpected("together: start %d has receipts %d and %d", m.Start, a.Seq, b.Seq)
	}
	h.mu.Lock()
	h.summary.Marks++
	h.mu.Unlock()
	return h.saw(answers[0])
}

func (h *heat) lostReply(ctx context.Context, _ swim, e Envelope, m events.EnterMark) error {
	if err := h.client.abandon(ctx, "/marks", e, m, time.Duration(h.pick(4000))*time.Microsecond); err != nil {
		return err
	}
	return h.enter(ctx, e, m)
}

func (h *heat) outOfOrder(ctx context.Context, s swim, e Envelope, m events.EnterMark) error {
	first := m
	first.IRM, first.Rule, first.Mark = "", "", otherTime(m.Mark)
	correction := Envelope{Command: e.Command, Author: e.Author, Reason: "read again"}
	m.Saw++
	if err := h.refused(ctx, "out-of-order", correction, m, "stale", s.Text); err != nil {
		return err
	}
	if err := h.enter(ctx, by(seat(s)), first); err != nil {
		return err
	}
	return h.enter(ctx, correction, m)
}

func (h *heat) stale(ctx context.Context, s swim, e Envelope, m events.EnterMark) error {
	if err := h.enter(ctx, e, m); err != nil {
		return err
	}
	other := m
	other.IRM, other.Rule, other.Mark = "", "", otherTime(m.Mark)
	return h.refused(ctx, "stale", by(seat(s)+" second watch"), other, "stale", shown(m))
}

func (h *heat) reused(ctx context.Context, _ swim, e Envelope, m events.EnterMark) error {
	if err := h.enter(ctx, e, m); err != nil {
		return err
	}
	m.IRM, m.Rule, m.Mark = "", "", otherTime(m.Mark)
	return h.refused(ctx, "reused", e, m, "reused", "")
}

// late sends what was held back. Until then the heat cannot be made official.
func (h *heat) late(ctx context.Context, swims []swim) error {
	for _, s := range swims {
		h.tried("late")
		a, err := h.client.Post(ctx, "/confirmations", by("robot referee"), events.ConfirmUnit{Unit: h.unit.ID, Saw: h.version.Load()})
		if err != nil {
			return err
		}
		if a.Code != http.StatusUnprocessableEntity || a.Problem != "line-missing" {
			h.unexpected("late: heat %s was answered %d %s while a mark was missing", h.unit.Code, a.Code, a.Problem)
		}
		if err := h.lane(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// afterwards tries to write into an official heat.
func (h *heat) afterwards(ctx context.Context, swims []swim) error {
	for _, s := range swims {
		if s.Out != "" || !recorded(s.result) || !h.chance(10) {
			continue
		}
		h.tried("closed")
		was := h.mark(s)
		m := events.EnterMark{Unit: h.unit.ID, Start: s.Start, Mark: otherTime(was.Mark), Saw: 1}
		if err := h.refused(ctx, "closed", by(seat(s)), m, "closed", shown(was)); err != nil {
			return err
		}
	}
	return nil
}

// refused sends a mark that must be turned away with a status, and with what
// stands there now.
func (h *heat) refused(ctx context.Context, fault string, e Envelope, m events.EnterMark, status, present string) error {
	a, err := h.client.Post(ctx, "/marks", e, m)
	if err != nil {
		return err
	}
	if a.Code != http.StatusConflict || a.Status != status || a.Present.Text != present {
		h.unexpected("%s: start %d was answered %d %s %q, want 409 %s %q", fault, m.Start, a.Code, a.Status, a.Present.Text, status, present)
	}
	return nil
}

// shown is a mark as a refusal shows it.
func shown(m events.EnterMark) string {
	if m.IRM != "" && !m.IRM.KeepsMark() {
		return string(m.IRM)
	}
	return m.Mark
}

// otherTime is a time that a second watch may have read.
func otherTime(text string) string {
	t, err := scoring.Milliseconds.Parse(text)
	if err != nil { // there was no time
		t = 59_000
	}
	return timeText(t + 990)
}
