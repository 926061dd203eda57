package faults

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"time"
)

// TestLate is R16: tablets lose the line, their judges go on writing, and
// meanwhile the chief makes every unit official. When the line is back each of
// those marks is in the chief's inbox, and nothing that is published has moved.
func TestLate(t *testing.T) {
	t.Parallel()
	h, server := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	n := newLine(t, h.rng, "tcp", server.listen)
	h.open(hasty, func(int) string { return "http://" + n.address })
	if !until(h.ctx, time.Minute, func() bool { return len(h.written()) == len(h.units) }) {
		t.Fatal("the units are not complete")
	}
	h.rest(time.Minute)
	n.set(weather{NoUp: true, NoDown: true})
	h.write()
	wait(h.ctx, often(time.Second, 5*time.Second))
	h.confirm(server.url(), h.units)
	before := published(t, h, server.url())
	n.set(weather{})
	wait(h.ctx, often(300*time.Millisecond, 5*time.Second)) // and the judges go on
	h.rest(time.Minute)
	for what, sum := range published(t, h, server.url()) {
		if before[what] != sum {
			t.Errorf("%s has changed though everything was official", what)
		}
	}
	found, y := h.look(server.url())
	for _, v := range found {
		t.Error(v)
	}
	y.Fault, y.Trials = "R16 tablets return to official units", 1
	h.report(y)
	journals, err := readJournals(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, k := range journals {
		if k.Final == late {
			kept++
		}
	}
	t.Logf("%d late marks, all in the inbox", kept)
	if kept < 50 {
		t.Errorf("only %d marks came late: hardly anything was tried", kept)
	}
}

// published is what everybody can read about the meet, as sums: official
// results, ranking documents, the medal table, the page that is printed.
func published(t testing.TB, h *hall, url string) map[string][sha256.Size]byte {
	t.Helper()
	sums := map[string][sha256.Size]byte{}
	paths := []string{"api/programme", "medals", "schedule"}
	for _, u := range h.units {
		paths = append(paths, fmt.Sprintf("documents/units/%d.json", u.id), fmt.Sprintf("api/units/%d", u.id))
	}
	for _, path := range paths {
		b, err := read(h.ctx, url+"/c/"+code+"/"+path)
		if err != nil {
			t.Error(err)
		}
		sums[path] = sha256.Sum256(b)
	}
	return sums
}

func read(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() // read to its end below
	b, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d", url, res.StatusCode)
	}
	return b, err
}

// TestTwoJudges is R15 with the server and a bad line between: each unit is
// written by two tablets. Whoever has not seen the other's mark is told so, and
// nothing is written over unseen; events has the interleavings one by one
// (TestInterleavings).
func TestTwoJudges(t *testing.T) {
	t.Parallel()
	h, server := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	h.pace, h.shared = often(easy, pace), true
	good, bad := newLine(t, h.rng, "tcp", server.listen), newLine(t, h.rng, "tcp", server.listen)
	h.open(hasty, func(i int) string { return "http://" + []*line{good, bad}[i%2].address })
	for range often(2, 30) {
		wait(h.ctx, within(h.rng, 200*time.Millisecond, 600*time.Millisecond))
		bad.set(weather{NoUp: true, NoDown: true})
		wait(h.ctx, within(h.rng, 200*time.Millisecond, 600*time.Millisecond))
		bad.set(weather{})
	}
	wait(h.ctx, 300*time.Millisecond)
	h.rest(time.Minute)
	h.report(h.judge("R15 two judges at one unit", server.url()))
}
