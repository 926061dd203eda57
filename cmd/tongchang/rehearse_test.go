package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tongchang/events/ledgertest"
)

// trialsFile is the real meet's results, or a skipped test that says what was
// left untested.
func trialsFile(t *testing.T) string {
	t.Helper()
	dirs := []string{"../../../shared/samples"}
	if given := os.Getenv("TONGCHANG_SAMPLES"); given != "" {
		dirs = []string{given}
	}
	path := filepath.Join(dirs[0], "lenex", "trials-2024-results.lxf")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("NOT TESTED: the rehearsal of a real meet. %s is not here (set TONGCHANG_SAMPLES)", path)
	} else if err != nil {
		t.Fatal(err)
	}
	return path
}

// command runs a command line in English and gives its exit status and output.
func command(t *testing.T, args ...string) (status int, out, complaint string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), append([]string{"--lang=en"}, args...), strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// TestRehearsal plays the real meet over HTTP on both databases, in order and
// with everything going wrong, and finds every published ranking again.
func TestRehearsal(t *testing.T) {
	file, err := filepath.Abs(trialsFile(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // where the key file of a PostgreSQL database is made
	for name, flags := range map[string][]string{"in order": {"--draw"}, "faults": {"--faults", "--judges=16"}} {
		t.Run(name, func(t *testing.T) {
			ledgertest.Each(t, func(t *testing.T, dsn string) {
				journal := filepath.Join(t.TempDir(), "journal")
				status, out, complaint := command(t, append([]string{"rehearse", file, "--db", dsn, "--journal", journal, "--seed=1"}, flags...)...)
				if status != exitOK || lastLine(out) != "rankings: 4263 compared, 122 differ, 122 explained" {
					t.Fatalf("status %d, %s\n%s", status, complaint, tail(out))
				}
				t.Log(regexp.MustCompile(`(?m)^(Played|starts:).*$`).FindAllString(out, -1), lastLine(out))
				for _, fault := range []string{"twice", "together", "lost-reply", "out-of-order", "stale", "reused", "late", "closed"} {
					if tried := strings.Contains(out, "fault "+fault+":"); tried != (name == "faults") {
						t.Errorf("fault %s tried: %v", fault, tried)
					}
				}
				noted, err := os.ReadFile(journal)
				if err != nil || bytes.Count(noted, []byte("\n")) < 3300 {
					t.Errorf("%d lines of journal, %v", bytes.Count(noted, []byte("\n")), err)
				}
				status, out, _ = command(t, "check", "--db", dsn)
				if status != exitOK || !regexp.MustCompile(`^check: \d{4} entries, chain ok, 2716 results, 0 differ$`).MatchString(lastLine(out)) {
					t.Errorf("check: status %d, %s", status, tail(out))
				}
			})
		})
	}
}

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// TestRehearsalStops: an interrupt ends a rehearsal that follows the recorded
// clock, and says so.
func TestRehearsalStops(t *testing.T) {
	file := trialsFile(t)
	ctx, cancel := context.WithCancel(t.Context())
	var out, complaint bytes.Buffer
	w := &whenSaid{Buffer: &out, word: "Imported", do: cancel}
	status := run(ctx, []string{"--lang=en", "rehearse", file, "--speed=60"}, strings.NewReader(""), w, &complaint)
	if status != exitFailed || !strings.Contains(complaint.String(), "The rehearsal stopped.") {
		t.Errorf("status %d, %q", status, complaint.String())
	}
}

// whenSaid does something when a word is printed.
type whenSaid struct {
	*bytes.Buffer
	word string
	do   func()
}

func (w *whenSaid) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.word) {
		w.do()
	}
	return w.Buffer.Write(p)
}
