package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tongchang/cmd/tongchang/rehearsal"
	"tongchang/events"
)

// kills is how often the server is killed.
const kills = 50

// server is `tongchang serve` in a process of its own.
type server struct {
	t      *testing.T
	db     string
	listen string
	key    string
	cmd    *exec.Cmd
}

// freeAddress is an address of this machine that nobody uses.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // it was only asked for its number
	return l.Addr().String()
}

func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(os.Args[0], "serve", "--db", s.db, "--listen", s.listen, "--desk-key", s.key)
	s.cmd.Env = append(os.Environ(), asCommand+"=1")
	log, err := os.OpenFile(s.db+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close() // the child has its own
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// told is the end of what the servers have said.
func (s *server) told() string {
	raw, err := os.ReadFile(s.db + ".log")
	if err != nil {
		return err.Error()
	}
	return tail(string(raw))
}

// kill ends the server at once, as a power cut would end the process.
func (s *server) kill() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err == nil {
		s.t.Fatal("the server had ended before it was killed")
	}
}

// ready waits until the server answers; it must within ten seconds.
func (s *server) ready(ctx context.Context) error {
	for begun := time.Now(); time.Since(begun) < 10*time.Second; time.Sleep(5 * time.Millisecond) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.listen+"/readyz", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(r); err == nil {
			if err := res.Body.Close(); err != nil {
				return err
			}
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("%s is not ready after ten seconds", s.listen)
}

// TestKill kills the server fifty times, each after a random while, while the
// real meet is rehearsed with faults. The judges send again what was not
// acknowledged; at the end every acknowledged command is in the log once, under
// the number that was acknowledged, and the ledger checks.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: fifty kills of the server (-short)")
	}
	f, err := readMeet(trialsFile(t))
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(t.TempDir(), "ledger.db")
	store, err := events.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{Context: t.Context()}
	if _, err := bringIn(a, store, events.Competition{Code: rehearsalCode, Name: "重演", NameEn: "Rehearsal"}, f); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, db: db, listen: freeAddress(t), key: newKey()}
	s.start()
	defer func() {
		s.kill()
		if t.Failed() {
			t.Log(s.told())
		}
	}()
	journal := rehearsal.NewJournal(nil)
	client := &rehearsal.Client{URL: "http://" + s.listen, Competition: rehearsalCode, Key: s.key, Patience: time.Minute, Journal: journal}
	killed := s.killWhile(t, client, f)
	check(t, db, journal, killed)
}

// killWhile rehearses the meet and kills the server meanwhile, from the first
// heat on. Judges wait a little before each mark, so that the meet lasts as long
// as the kills do.
func (s *server) killWhile(t *testing.T, client *rehearsal.Client, f *meetFile) int {
	t.Helper()
	var killed atomic.Int64
	beat := func(ctx context.Context) error {
		if killed.Load() == kills {
			return ctx.Err()
		}
		return pause(ctx, 60*time.Millisecond)
	}
	begun, once := make(chan struct{}), sync.Once{}
	began := func(rehearsal.Unit, rehearsal.Event) { once.Do(func() { close(begun) }) }
	over := make(chan error, 1)
	var summary *rehearsal.Summary
	go func() {
		var err error
		summary, err = rehearsal.NewPlayer(client, &f.Meets[0], rehearsal.Options{Judges: 10, Faults: true, Seed: 1, Beat: beat, Began: began}).Play(t.Context())
		over <- err
	}()
	select {
	case <-begun:
	case err := <-over:
		t.Fatalf("the rehearsal ended before its first heat: %v", err)
	}
	for killed.Load() < kills {
		if err := s.ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-over:
			t.Fatalf("the rehearsal was over after %d kills: %v", killed.Load(), err)
		case <-time.After(30*time.Millisecond + rand.N(270*time.Millisecond)):
		}
		s.kill()
		killed.Add(1)
		s.start()
	}
	if err := <-over; err != nil {
		t.Fatal(err)
	}
	for _, u := range summary.Unexpected {
		t.Error(u)
	}
	if c := summary.Comparison; c.Compared != 4263 || c.Differ != c.Explained {
		t.Errorf("rankings: %d compared, %d differ, %d explained", c.Compared, c.Differ, c.Explained)
	}
	return int(killed.Load())
}

// check holds the judges' journal against the log and the marks.
func check(t *testing.T, db string, journal *rehearsal.Journal, killed int) {
	t.Helper()
	store, err := events.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	c, err := store.Competition(t.Context(), rehearsalCode)
	if err != nil {
		t.Fatal(err)
	}
	inLog, doubled := map[string]int64{}, 0
	for after := int64(0); ; {
		es, err := store.Entries(t.Context(), c.ID, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(es) == 0 {
			break
		}
		for _, e := range es {
			if _, twice := inLog[e.CommandID]; twice {
				doubled++
			}
			inLog[e.CommandID], after = e.Seq, e.Seq
		}
	}
	acknowledged, moved, err := journal.Commands()
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for id, seq := range acknowledged {
		if inLog[id] != seq {
			lost++
			t.Errorf("command %s was acknowledged as %d, the log has it as %d", id, seq, inLog[id])
		}
	}
	doubled += len(moved)
	report, err := store.Check(t.Context())
	if err != nil || !report.OK() {
		t.Errorf("check: %v %v, %v", report, report.Problems, err)
	}
	result := fmt.Sprintf("kills: %d, acknowledged %d, lost %d, doubled %d", killed, len(acknowledged), lost, doubled)
	t.Log(result)
	t.Log(report)
	if lost+doubled > 0 || killed != kills || len(acknowledged) < 3300 {
		t.Error(result)
	}
}
