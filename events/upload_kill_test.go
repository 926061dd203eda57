package events

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"tongchang/events/access"
	"tongchang/events/vault"
)

// The child of TestKilledWhileEntering is told by these what to enter, and says
// with these words how far it is.
const (
	killDB     = "TONGCHANG_TEST_KILL_DB"
	killUpload = "TONGCHANG_TEST_KILL_UPLOAD"
	killBegins = "entering"
	killDone   = "entered"
)

// killRows is how many rows each file has, killRounds how often the process
// that enters one is killed.
const (
	killRows   = 100
	killRounds = 20
)

// TestKilledWhileEntering kills the process that enters a file, at a random
// moment, again and again: each time all of the file is there or nothing, and
// what was acknowledged is there.
func TestKilledWhileEntering(t *testing.T) {
	if dsn := os.Getenv(killDB); dsn != "" {
		enterAndSay(t, dsn, os.Getenv(killUpload))
		return
	}
	dir := t.TempDir()
	ring, err := vault.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	g := wideGames(t, filepath.Join(dir, "ledger.db"), WithKeys(ring))
	who := g.manager("大庆")
	there, all, nothing, acknowledged := 0, 0, 0, 0
	usual := 300 * time.Millisecond // how long entering takes; learnt on the way
	for round := range killRounds {
		u := g.send(who, crowd(killRows, round*killRows))
		did, took := g.killed(dir, u.ID, time.Duration(rand.Int64N(int64(usual)*5/4)))
		if did {
			acknowledged++
			usual = (usual + took) / 2
		} else {
			usual += usual / 8 // so that kills fall before, into and after the commit on a slow machine, too
		}
		n, err := countOf(t, g.Store, "registrations")
		if err != nil {
			t.Fatal(err)
		}
		switch n - there {
		case 0:
			nothing++
		case killRows:
			all++
		default:
			t.Fatalf("round %d: %d of %d rows", round, n-there, killRows)
		}
		if did && n == there {
			t.Errorf("round %d: acknowledged, and not there", round)
		}
		p := g.proposal(who, u.ID)
		if entered := n > there; entered != (p.Upload.State == UploadApplied) || entered != (p.Same == killRows) {
			t.Errorf("round %d: entered %v, the file says %s, %d rows are as they are", round, entered, p.Upload.State, p.Same)
		}
		there = n
	}
	g.whole()
	t.Logf("killed %d times: %d times everything was there (%d acknowledged), %d times nothing", killRounds, all, acknowledged, nothing)
}

// killed lets a process enter a file and kills it after a while, counted from
// when it begins. It says whether the process had acknowledged, and how long it
// took then.
func (g *smallGames) killed(dir, upload string, after time.Duration) (acknowledged bool, took time.Duration) {
	g.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledWhileEntering$")
	cmd.Env = append(os.Environ(), killDB+"="+dir, killUpload+"="+upload)
	out, err := cmd.StdoutPipe()
	if err != nil {
		g.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), killBegins) { // the test's own words pass by
	}
	begun := time.Now()
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Signal(syscall.SIGKILL) }) // at worst it has ended
	defer timer.Stop()
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), killDone) {
			acknowledged, took = true, time.Since(begun)
		}
	}
	_ = cmd.Wait() // it was killed
	return acknowledged, took
}

// enterAndSay is the child.
func enterAndSay(t *testing.T, dir, upload string) {
	ring, err := vault.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), filepath.Join(dir, "ledger.db"), WithKeys(ring), WithClock(func() time.Time { return april }))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(killBegins)
	who := access.Who{Name: "大庆领队", Role: access.Organiser, Strong: true}
	_, err = s.ApplyUpload(context.Background(), Command{ID: uuid.NewString(), Competition: "games", Author: who.Name}, who, ApplyUpload{Upload: upload})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(killDone)
	select {} // until it is killed
}
