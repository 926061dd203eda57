package faults

import (
	"path/filepath"
	"testing"
	"time"
)

// TestKill is R01: the server is killed, again and again, after a random while,
// and started again at once.
func TestKill(t *testing.T) {
	t.Parallel()
	h, n := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	h.open(hasty, func(int) string { return n.url() })
	kills := often(50, 200)
	var ready []time.Duration
	for range kills {
		wait(h.ctx, within(h.rng, 30*time.Millisecond, 430*time.Millisecond))
		n.kill()
		n.start()
		ready = append(ready, n.ready(h.ctx))
	}
	h.rest(time.Minute)
	y := h.judge("R01 kill -9 of the server", n.url())
	y.Trials, y.Ready = kills, ready
	h.report(y)
}

// TestTwice is R13 and R14 on SQLite; TestPostgres has them on the other.
func TestTwice(t *testing.T) {
	onlyFull(t, "requests that come twice, on SQLite")
	t.Parallel()
	twice(t, filepath.Join(t.TempDir(), "ledger.db"))
}

// twice is R13 and R14: every request comes once to five times, also at once,
// also after the server was killed; old ones come again later, marks overtake
// each other, and IDs are used for other marks.
func twice(t *testing.T, dsn string) {
	h, n := newServed(t, dsn)
	m := hasty
	m.Copies, m.Echo, m.Reuse, m.Ahead = 5, 0.3, 0.1, 0.3
	h.open(m, func(int) string { return n.url() })
	kills := often(2, 20)
	var ready []time.Duration
	for range kills {
		wait(h.ctx, within(h.rng, 500*time.Millisecond, time.Second))
		n.kill()
		n.start()
		ready = append(ready, n.ready(h.ctx))
	}
	wait(h.ctx, 500*time.Millisecond)
	h.rest(time.Minute)
	y := h.judge("R13 R14 sent twice, late, ahead, reused", n.url())
	y.Trials, y.Ready = kills, ready
	h.report(y)
	if len(h.reused) == 0 {
		t.Error("no ID was used twice: nothing was tried")
	}
}
