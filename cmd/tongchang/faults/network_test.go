package faults

import (
	"path/filepath"
	"testing"
	"time"
)

// TestLines is R17 to R20 and a part of R27: the tablets' and the boards' line
// to the server is bad in every way it can be.
func TestLines(t *testing.T) {
	t.Parallel()
	for _, trial := range []struct {
		long    bool // in full only
		fault   string
		manners manners
		pace    int
		play    func(h *hall, n *line)
	}{
		{false, "R17 a fifth is lost each way", patient, often(easy, pace), func(h *hall, n *line) {
			n.set(weather{Loss: 0.2})
			wait(h.ctx, often(3*time.Second, 2*time.Minute))
		}},
		{false, "R18 two seconds there and back", patient, 10, func(h *hall, n *line) {
			n.set(weather{Delay: time.Second})
			wait(h.ctx, often(6*time.Second, 2*time.Minute))
		}},
		{true, "R18 two seconds, a fifth lost", patient, 10, func(h *hall, n *line) {
			n.set(weather{Delay: time.Second, Loss: 0.2})
			wait(h.ctx, 2*time.Minute)
		}},
		{false, "R19 nothing passes for a while", hasty, often(easy, pace), func(h *hall, n *line) {
			parted(h, n, weather{NoUp: true, NoDown: true}, often([]time.Duration{time.Second}, []time.Duration{time.Second, 10 * time.Second, time.Second, 5 * time.Minute}))
		}},
		{false, "R19 marks arrive, answers do not", hasty, often(easy, pace), func(h *hall, n *line) {
			parted(h, n, weather{NoDown: true}, often([]time.Duration{time.Second, time.Second}, []time.Duration{time.Second, 10 * time.Second, 30 * time.Second}))
		}},
		{false, "R19 marks do not arrive", hasty, often(easy, pace), func(h *hall, n *line) {
			parted(h, n, weather{NoUp: true}, often([]time.Duration{time.Second}, []time.Duration{time.Second, 10 * time.Second, 30 * time.Second}))
		}},
		{false, "R20 32 kbit/s each connection", patient, often(easy, pace), func(h *hall, n *line) {
			n.set(weather{Rate: 4000})
			wait(h.ctx, often(2*time.Second, time.Minute))
		}},
		{false, "R27 answers cut off after the commit", hasty, often(easy, pace), func(h *hall, n *line) {
			n.set(weather{Cut: 0.3})
			if !until(h.ctx, time.Minute, func() bool { return n.cuts() >= often(30, 1000) }) {
				h.t.Errorf("only %d answers were cut off", n.cuts())
			}
		}},
	} {
		t.Run(trial.fault, func(t *testing.T) {
			if trial.long {
				onlyFull(t, trial.fault)
			}
			t.Parallel()
			h, server := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
			h.pace = trial.pace
			n := newLine(t, h.rng, "tcp", server.listen)
			h.open(trial.manners, func(int) string { return "http://" + n.address })
			trial.play(h, n)
			n.set(weather{})
			h.rest(time.Minute)
			h.report(h.judge(trial.fault, server.url()))
		})
	}
}

// parted lets nothing through for a while, again and again.
func parted(h *hall, n *line, w weather, whiles []time.Duration) {
	for _, while := range whiles {
		wait(h.ctx, within(h.rng, 300*time.Millisecond, 800*time.Millisecond))
		n.set(w)
		wait(h.ctx, while)
		n.set(weather{})
	}
	wait(h.ctx, 300*time.Millisecond)
}
