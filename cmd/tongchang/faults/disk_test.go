package faults

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// strace is how a server is started so that its k-th sync of the disk goes
// wrong; strace counts for each of its threads.
func strace(t testing.TB, wrong string, k int) []string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("NOT TESTED: syncs of the disk that go wrong; strace is not installed")
	}
	return []string{path, "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", fmt.Sprintf("inject=fsync,fdatasync:%s:when=%d", wrong, k)}
}

// TestSyncPoints is R02: the server is killed as it asks the disk to sync, at
// the first time, the second, and so on.
func TestSyncPoints(t *testing.T) {
	onlyFull(t, "the server killed at every sync of the disk")
	t.Parallel()
	h, n := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	h.open(hasty, func(int) string { return n.url() })
	n.kill()
	const points = 40
	killed := 0
	for k := 1; k <= points; k++ {
		n.start(strace(t, "signal=KILL", k)...)
		begun := until(h.ctx, 10*time.Second, func() bool { return !ended(n.cmd.Process.Pid) })
		if begun && until(h.ctx, 30*time.Second, func() bool { return ended(n.cmd.Process.Pid) }) {
			killed++
		}
		n.signal(syscall.SIGKILL) // strace, which may wait for threads that are gone
		_ = n.cmd.Wait()          // killed: that was the point
		n.cmd = nil
	}
	n.start()
	ready := n.ready(h.ctx)
	wait(h.ctx, 500*time.Millisecond)
	h.rest(time.Minute)
	y := h.judge("R02 kill -9 at each sync of the disk", n.url())
	y.Trials, y.Ready = killed, []time.Duration{ready}
	h.report(y)
	if killed < points/2 {
		t.Errorf("killed at %d of %d syncs", killed, points)
	}
}

// ended reports whether what runs under a process has ended: it has no child
// but a dead one.
func ended(pid int) bool {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return true // it is gone itself
	}
	for child := range strings.FieldsSeq(string(children)) {
		stat, err := os.ReadFile("/proc/" + child + "/stat")
		if _, state, _ := strings.Cut(string(stat), ") "); err == nil && !strings.HasPrefix(state, "Z") {
			return false
		}
	}
	return true
}

// TestSyncErrors is R06: the disk says that it could not sync. What was asked
// then has an unknown outcome, and the server goes on.
func TestSyncErrors(t *testing.T) {
	onlyFull(t, "a disk that cannot sync")
	t.Parallel()
	h, n := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	h.open(hasty, func(int) string { return n.url() })
	n.kill()
	const points = 15
	for k := 1; k <= points; k++ {
		n.start(strace(t, "error=EIO", k)...)
		if !until(h.ctx, 20*time.Second, func() bool { return n.cmd.ProcessState == nil && n.answers(h.ctx, "/readyz") }) {
			n.kill() // it could not open its database: it is started again
			continue
		}
		wait(h.ctx, 1500*time.Millisecond)
		n.kill()
	}
	n.start()
	n.ready(h.ctx)
	wait(h.ctx, 500*time.Millisecond)
	h.rest(time.Minute)
	y := h.judge("R06 the disk cannot sync", n.url())
	y.Trials = points
	h.report(y)
}

// TestDiskFull is R07: the disk is full in the middle of a session. Reading goes
// on, writing waits at the tablets, and goes on by itself when there is room.
func TestDiskFull(t *testing.T) {
	onlyFull(t, "a full disk")
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("NOT TESTED: a full disk; no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	h, n := newServed(t, filepath.Join(dir, "ledger.db"))
	h.open(hasty, func(int) string { return n.url() })
	wait(h.ctx, time.Second)
	ballast := filepath.Join(dir, "ballast")
	if err := fill(ballast); err != nil {
		t.Fatal(err)
	}
	if !until(h.ctx, time.Minute, func() bool { return h.left() > 2*pace }) {
		t.Error("the disk is full, and marks are acknowledged still")
	}
	if !n.answers(h.ctx, "/c/"+code) || !n.answers(h.ctx, fmt.Sprintf("/c/%s/units/%d", code, h.units[0].id)) {
		t.Error("nothing can be read while the disk is full")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if !h.goesOn(h.tablets[0], time.Minute) {
		t.Error("there is room again, and nothing is acknowledged")
	}
	took := time.Since(begun)
	h.rest(time.Minute)
	y := h.judge("R07 the disk is full for a while", n.url())
	y.Ready = []time.Duration{took}
	h.report(y)
}

// fill writes a file until the disk is full.
func fill(name string) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for block := make([]byte, 4096); ; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// TestNaiveCopies is R05: the database's files are copied by hand while marks
// come. What `tongchang check` finds nothing wrong with must be what the log was
// at some moment.
func TestNaiveCopies(t *testing.T) {
	onlyFull(t, "database files copied by hand while they are written")
	t.Parallel()
	h, n := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	h.open(hasty, func(int) string { return n.url() })
	wait(h.ctx, time.Second)
	const copies = 40
	var names []string
	for i := range copies {
		name := filepath.Join(t.TempDir(), "copy.db")
		order := []string{"", "-wal"}
		if i%2 == 1 {
			order = []string{"-wal", ""}
		}
		for _, end := range order {
			if err := copyFile(h.dsn+end, name+end); err != nil {
				t.Fatal(err)
			}
			wait(h.ctx, within(h.rng, 0, 20*time.Millisecond))
		}
		names = append(names, name)
	}
	h.rest(time.Minute)
	y := h.judge("R05 files copied by hand", n.url())
	y.Trials = copies
	h.report(y)
	truth, err := readLedger(h.ctx, h.dsn)
	if err != nil {
		t.Fatal(err)
	}
	sound := 0
	for _, name := range names {
		out, err := exec.Command(binary, "--lang=en", "check", "--db", name).CombinedOutput()
		if err != nil {
			continue // it says so
		}
		sound++
		l, err := readLedger(h.ctx, name)
		if err != nil || len(l.log) > len(truth.log) || len(l.log) > 0 && l.log[len(l.log)-1] != truth.log[len(l.log)-1] {
			t.Errorf("check finds nothing wrong with a copy that is not the log at any moment: %v\n%s", err, out)
		}
	}
	t.Logf("%d copies, %d sound, the others refused", copies, sound)
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}

// TestBadBackups is R33: a backup in which a byte has changed, or whose end is
// missing, is refused, and no database is made of it; the good one still works.
func TestBadBackups(t *testing.T) {
	t.Parallel()
	h, n := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	h.pace = often(easy, pace)
	h.open(hasty, func(int) string { return n.url() })
	wait(h.ctx, time.Second)
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	product := func(args ...string) (string, error) {
		out, err := exec.Command(binary, append([]string{"--lang=en"}, args...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := product("backup", good, "--db", h.dsn); err != nil {
		t.Fatalf("backup: %v\n%s", err, out)
	}
	h.rest(time.Minute)
	h.report(h.judge("R33 a backup is bad", n.url()))
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := range often(3, 100) {
		bad, to := filepath.Join(dir, fmt.Sprintf("bad-%d.db", i)), filepath.Join(dir, fmt.Sprintf("to-%d.db", i))
		spoilt, what := whole[:h.rng.IntN(len(whole))], "cut short"
		if i%3 > 0 {
			at := h.rng.IntN(len(whole))
			spoilt, what = append([]byte(nil), whole...), fmt.Sprintf("changed at %d", at)
			spoilt[at] ^= 1 << h.rng.IntN(8)
		}
		if err := errors.Join(os.WriteFile(bad, spoilt, 0o600), copyFile(good+".sha256", bad+".sha256")); err != nil {
			t.Fatal(err)
		}
		out, err := product("restore", bad, "--db", to)
		if err == nil {
			t.Errorf("a backup that was %s was restored: %s", what, out)
		} else if !strings.Contains(out, "bad-") {
			t.Errorf("a backup that was %s is refused without its name: %s", what, out)
		}
		if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a database was made of a backup that was %s: %v", what, err)
		}
	}
	if out, err := product("restore", good, "--db", filepath.Join(dir, "again.db")); err != nil {
		t.Errorf("the good one: %v\n%s", err, out)
	}
}
