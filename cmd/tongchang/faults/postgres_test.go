package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"tongchang/events/ledgertest"
)

// postgres is a new database in a server that the trial may stop. Trials that
// use it do not run side by side.
func postgres(t testing.TB) string {
	t.Helper()
	if cluster == nil {
		c, err := ledgertest.NewCluster()
		if err == nil {
			cluster, err = c, c.Start()
		}
		if err != nil {
			t.Fatalf("no PostgreSQL to stop: %v", err)
		}
	}
	db, err := sql.Open("pgx", cluster.Address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	name := fmt.Sprintf("trial_%d", time.Now().UnixNano())
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestPostgres has the trials on PostgreSQL, one after the other, since some of
// them stop it.
func TestPostgres(t *testing.T) {
	t.Parallel()
	t.Run("twice", func(t *testing.T) { twice(t, cluster.Address(postgres(t))) })
	t.Run("stops", postgresStops)
	t.Run("cut", commitCut)
	t.Run("nodes", nodes)
}

// through is a line's address of a database.
func (n *line) through(database string) string {
	return fmt.Sprintf("postgres://tongchang@%s/%s?sslmode=disable", n.address, database)
}

// postgresStops is R25: PostgreSQL stops at once under load, again and
// again. The server waits for it and loses nothing.
func postgresStops(t *testing.T) {
	database := postgres(t)
	h, n := newServed(t, cluster.Address(database))
	h.open(hasty, func(int) string { return n.url() })
	stops := often(3, 20)
	var ready []time.Duration
	for range stops {
		wait(h.ctx, within(h.rng, 300*time.Millisecond, time.Second))
		if err := errors.Join(cluster.Stop("immediate"), cluster.Start()); err != nil {
			t.Fatal(err)
		}
		ready = append(ready, n.ready(h.ctx))
	}
	wait(h.ctx, 500*time.Millisecond)
	h.rest(time.Minute)
	y := h.judge("R25 PostgreSQL stops at once", n.url())
	y.Trials, y.Ready = stops, ready
	h.report(y)
}

// commitCut is R27: the line to PostgreSQL breaks as the answer to a COMMIT
// comes, so that the server does not know what became of it.
func commitCut(t *testing.T) {
	database := postgres(t)
	h := newHall(t, cluster.Address(database))
	l := newLine(t, h.rng, "unix", cluster.Socket())
	n := newNode(t, l.through(database), h.key)
	n.start()
	n.ready(h.ctx)
	h.open(hasty, func(int) string { return n.url() })
	l.set(weather{CutCommit: 0.2})
	cuts := often(20, 100)
	if !until(h.ctx, time.Minute, func() bool { return l.cuts() >= cuts }) {
		t.Errorf("only %d commits were cut off", l.cuts())
	}
	l.set(weather{})
	h.rest(time.Minute)
	y := h.judge("R27 COMMIT answered by a cut line", n.url())
	y.Trials = cuts
	h.report(y)
}

// nodes is R28 and R29: two servers on one PostgreSQL. Listeners are
// dropped, one server is stopped for a while and wakes up again, one is killed;
// its tablets go on at the other.
func nodes(t *testing.T) {
	database := postgres(t)
	h := newHall(t, cluster.Address(database))
	both := []*node{newNode(t, h.dsn, h.key), newNode(t, h.dsn, h.key)}
	for _, n := range both {
		n.start()
	}
	for _, n := range both {
		n.ready(h.ctx)
	}
	lines := []*line{newLine(t, h.rng, "tcp", both[0].listen), newLine(t, h.rng, "tcp", both[1].listen)}
	h.open(hasty, func(i int) string { return "http://" + lines[i%2].address })
	trials := 0
	for range often(1, 4) {
		wait(h.ctx, within(h.rng, 300*time.Millisecond, time.Second))
		if n := dropListeners(t, h.ctx, h.dsn); n == 0 {
			t.Error("nobody listened: nothing was dropped")
		}
		wait(h.ctx, within(h.rng, 300*time.Millisecond, time.Second))
		for range 2 {
			both[1].signal(syscall.SIGSTOP) // perhaps in the middle of a transaction, with the lock in hand
			if !h.goesOn(h.tablets[0], time.Minute) {
				t.Error("a server that stands still holds the other one up")
			}
			wait(h.ctx, often(0, 15*time.Second))
			both[1].signal(syscall.SIGCONT)
			wait(h.ctx, within(h.rng, 100*time.Millisecond, 300*time.Millisecond))
			trials++
		}
	}
	wait(h.ctx, 500*time.Millisecond)
	both[1].kill()
	lines[1].lead("tcp", both[0].listen)
	lines[1].breakAll()
	wait(h.ctx, 500*time.Millisecond)
	h.rest(time.Minute)
	y := h.judge("R28 R29 two servers: stopped, killed, listeners dropped", both[0].url())
	y.Trials = trials
	h.report(y)
}

// goesOn reports whether a tablet's marks are still acknowledged.
func (h *hall) goesOn(tb *tablet, most time.Duration) bool {
	settled := func() (n int) {
		tb.mu.Lock()
		defer tb.mu.Unlock()
		for _, g := range tb.grounds {
			n += len(g.acked)
		}
		return n
	}
	before := settled()
	return until(h.ctx, most, func() bool { return settled() > before+2 })
}

// dropListeners ends the connections on which servers hear of each other.
func dropListeners(t testing.TB, ctx context.Context, dsn string) (n int) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = rows(ctx, db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'", func(scan func(...any) error) error {
		n++
		var ended bool
		return scan(&ended)
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// TestFailover is R26: the primary stops at once, the synchronous standby takes
// over, and the line leads there.
func TestFailover(t *testing.T) {
	onlyFull(t, "a standby takes over")
	c, err := ledgertest.NewCluster()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Remove(); err != nil {
			t.Error(err)
		}
	})
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	standby, err := c.Standby("second")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := standby.Remove(); err != nil {
			t.Error(err)
		}
	})
	if err := standby.Start(); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop("fast"); err != nil {
		t.Fatal(err)
	}
	c.Options = "-c synchronous_standby_names=second -c synchronous_commit=remote_apply"
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	l := newLine(t, seeded(t), "unix", c.Socket())
	h, n := newServed(t, l.through("postgres"))
	h.open(hasty, func(int) string { return n.url() })
	wait(h.ctx, 3*time.Second)
	begun := time.Now()
	if err := errors.Join(c.Stop("immediate"), standby.Promote()); err != nil {
		t.Fatal(err)
	}
	l.lead("unix", standby.Socket())
	l.breakAll()
	if !h.goesOn(h.tablets[0], 30*time.Second) {
		t.Error("nothing is written at the standby")
	}
	took := time.Since(begun)
	wait(h.ctx, time.Second)
	h.rest(time.Minute)
	y := h.judge("R26 a standby takes over", n.url())
	y.Ready = []time.Duration{took}
	h.report(y)
}
