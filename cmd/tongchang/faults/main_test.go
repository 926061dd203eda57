// Package faults is the fault rig. Twenty robot tablets write a hundred marks a
// second into a real `tongchang serve`, while processes are killed, lines are
// cut and databases stop; afterwards a checker that shares no code with the
// ledger lays the tablets' journals beside the database and what was published.
//
// Four things must hold in every trial:
//
//	I1  every acknowledged mark is in the log exactly once, as it was acknowledged
//	I2  no mark is there twice, none without a tablet that made it
//	I3  times and places recomputed from the marks are the stored and the published ones
//	I4  the log is one chain from its beginning, and every head that was published is in it
//
// Everything here is test code; the product has no switch for faults. In
// `make test` each trial is short. `make faults` runs all of them in full and
// prints a table. docs/faults.md says which fault is tested where.
package faults

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tongchang/events/ledgertest"
)

// The environment that a run listens to.
const (
	fullRun  = "TONGCHANG_FAULTS"      // "full": as often and as long as the promises say
	seedGive = "TONGCHANG_FAULTS_SEED" // repeats a run that failed
	sabotage = "TONGCHANG_TEST_SABOTAGE"
)

var (
	full    = os.Getenv(fullRun) == "full"
	binary  string // the product, as it is delivered
	figures table
	cluster *ledgertest.Cluster // that trials may stop; nil where none has asked for it
)

func TestMain(m *testing.M) {
	if kind := os.Getenv(sabotage); kind != "" {
		os.Exit(serveSabotaged(kind, os.Args[1:]))
	}
	dir, err := os.MkdirTemp("", "tc-faults")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "tongchang")
	flag.Parse()
	if err := flag.Set("test.parallel", "3"); err != nil { // trials wait as much as they work
		panic(err)
	}
	status := m.Run()
	if cluster != nil {
		if err := cluster.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	if full {
		fmt.Print(figures.String())
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(status)
}

var building = sync.OnceValue(func() error {
	out, err := exec.Command("go", "build", "-o", binary, "tongchang/cmd/tongchang").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build the product: %w\n%s", err, out)
	}
	return nil
})

// product builds the binary that is put to the test.
func product(t testing.TB) {
	t.Helper()
	if err := building(); err != nil {
		t.Fatal(err)
	}
}

// often is how often something is done: less in `make test`, more in full.
func often[N any](smoke, whole N) N {
	if full {
		return whole
	}
	return smoke
}

// onlyFull leaves what takes long to the full run, and says so.
func onlyFull(t *testing.T, what string) {
	t.Helper()
	if !full {
		t.Skipf("NOT TESTED here: %s (make faults does)", what)
	}
}

// seeded is the chance of one trial. What it decides comes again with the same
// seed; when processes and lines meet it does not.
func seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv(seedGive); given != "" {
		n, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", seedGive, err)
		}
		seed = n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to replay: %s=%d %s=%s go test ./cmd/tongchang/faults -run '^%s$'", seedGive, seed, fullRun, os.Getenv(fullRun), t.Name())
		}
	})
	h := fnv.New64a()
	_, _ = h.Write([]byte(t.Name())) // never fails
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// within is a time between two bounds.
func within(r *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(r.Int64N(int64(to-from)))
}

// wait is a pause that ends with the trial.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// until looks every few milliseconds whether something has come true.
func until(ctx context.Context, most time.Duration, holds func() bool) bool {
	for begun := time.Now(); time.Since(begun) < most && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if holds() {
			return true
		}
	}
	return holds()
}

// tally is what came of the trials of one fault.
type tally struct {
	Fault        string
	Trials       int
	Acknowledged int // marks
	Again        int // sendings beyond the first
	Lost         int
	Doubled      int
	Unknown      int             // marks of which nobody knows at the end what became of them
	Times        []time.Duration // from the judge's finger to the receipt
	Ready        []time.Duration // until a server that was started again answers
}

// quantile is the time within which a share of them were.
func quantile(times []time.Duration, share float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func (y *tally) String() string {
	ms := func(d time.Duration) string {
		if d == 0 {
			return "-"
		}
		return d.Round(time.Millisecond).String()
	}
	return strings.Join([]string{y.Fault, strconv.Itoa(y.Trials), strconv.Itoa(y.Acknowledged), strconv.Itoa(y.Again), strconv.Itoa(y.Lost), strconv.Itoa(y.Doubled),
		strconv.Itoa(y.Unknown), ms(quantile(y.Times, 0.5)), ms(quantile(y.Times, 0.99)), ms(quantile(y.Ready, 0.99))}, "\t")
}

// table is what a full run prints.
type table struct {
	mu   sync.Mutex
	rows []*tally
}

func (b *table) add(y *tally) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows = append(b.rows, y)
}

func (b *table) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := [][]string{strings.Split("fault\ttrials\tacknowledged\tsent again\tlost\tdoubled\tunknown\tack p50\tack p99\tready p99", "\t")}
	for _, y := range slices.SortedFunc(slices.Values(b.rows), func(a, b *tally) int { return cmp.Compare(a.Fault, b.Fault) }) {
		lines = append(lines, strings.Split(y.String(), "\t"))
	}
	widths := make([]int, len(lines[0]))
	for _, l := range lines {
		for i, cell := range l {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var out strings.Builder
	for _, l := range lines {
		for i, cell := range l {
			fmt.Fprintf(&out, "%-*s  ", widths[i], cell)
		}
		out.WriteString("\n")
	}
	return out.String()
}
