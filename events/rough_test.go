package events

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tongchang/events/ledgertest"
)

// TestClockJumps sets the server's clock back by an hour and on by a day
// between marks: the order and the numbers of the log do not follow it.
func TestClockJumps(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		var ahead atomic.Int64
		s := open(t, dsn, WithClock(func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }))
		r := newRace(t, s, "clock", 3)
		for i, jump := range []time.Duration{0, -time.Hour, 24 * time.Hour} {
			ahead.Store(int64(jump))
			rec, err := s.EnterMark(t.Context(), command("clock"), EnterMark{Unit: r.unit, Start: r.starts[i], Mark: "59.12"})
			if err != nil || rec.Seq != int64(i)+1 {
				t.Fatalf("clock moved by %v: entry %d, %v", jump, rec.Seq, err)
			}
		}
		if report, err := s.Check(t.Context()); err != nil || !report.OK() || report.Entries != 3 {
			t.Errorf("%v %v, %v", report, report.Problems, err)
		}
	})
}

// TestPanic has a command's own code panic: that command fails, its number
// stays free, and no lock is kept.
func TestPanic(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		r := newRace(t, s, "panic", 1)
		_, err := s.change(t.Context(), command("panic"), OpenUnit{Unit: r.unit}, func(context.Context, *Change) (any, error) { panic("a mistake of ours") })
		if err == nil || !strings.Contains(err.Error(), "a mistake of ours") || errors.As(err, new(*Refusal)) {
			t.Errorf("panicked: %v", err)
		}
		rec, err := s.EnterMark(t.Context(), command("panic"), EnterMark{Unit: r.unit, Start: r.starts[0], Mark: "59.12"})
		if err != nil || rec.Seq != 1 {
			t.Errorf("the next command: entry %d, %v", rec.Seq, err)
		}
	})
}
