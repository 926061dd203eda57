package faults

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/live"
	"tongchang/web"
)

// Servers with the safety off, made here of the product's own parts: the rig
// must find what they do, or it finds nothing.
const (
	early     = "early"     // answers before the commit
	forgetful = "forgetful" // does not know a mark that it has had before
	unseeing  = "unseeing"  // does not ask what the judge had seen
)

// serveSabotaged is such a server, in a process of its own.
func serveSabotaged(kind string, args []string) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	dsn, listen, key := flags.String("db", "", ""), flags.String("listen", "", ""), flags.String("desk-key", "", "")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	err := func() error {
		store, err := events.Open(context.Background(), *dsn)
		if err != nil {
			return err
		}
		feed, err := web.NewFeed(store)
		if err != nil {
			return err
		}
		hub := live.NewHub(feed, live.Options{})
		pages, err := web.New(web.Options{Store: store, Hub: hub, DeskKey: *key, Logger: slog.Default()})
		if err != nil {
			return err
		}
		store.OnCommit(hub.Wake)
		return http.ListenAndServe(*listen, &saboteur{Handler: pages, kind: kind})
	}()
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// saboteur stands before a good server and undoes one of its safeties.
type saboteur struct {
	http.Handler
	kind string
}

func (s *saboteur) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/marks") {
		s.Handler.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	fields := map[string]any{}
	if err == nil {
		err = json.Unmarshal(body, &fields)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	switch s.kind {
	case early:
		late := r.Clone(context.Background())
		late.Body = io.NopCloser(bytes.NewReader(body))
		time.AfterFunc(100*time.Millisecond, func() { s.Handler.ServeHTTP(&discarded{}, late) })
		saw, _ := fields["saw"].(float64)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"seq":0,"outcome":{"revision":%d}}`, int64(saw)+1)
		return
	case forgetful:
		fields["command"] = uuid.NewString()
		fields["saw"] = s.revision(r, fields)
		fields["reason"] = "read again"
	case unseeing:
		fields["saw"] = s.revision(r, fields)
		fields["reason"] = "read again"
	}
	if body, err = json.Marshal(fields); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.Handler.ServeHTTP(w, r)
}

// revision is what the cell has at the moment, whatever the judge had seen.
func (s *saboteur) revision(r *http.Request, fields map[string]any) int64 {
	ask := r.Clone(r.Context())
	ask.Method, ask.Body = http.MethodGet, http.NoBody
	ask.URL.Path = fmt.Sprintf("/c/%s/api/units/%v", code, fields["unit"])
	var seen discarded
	s.Handler.ServeHTTP(&seen, ask)
	var u struct {
		Lines []struct {
			Start, Revision int64
		} `json:"lines"`
	}
	if err := json.Unmarshal(seen.Bytes(), &u); err != nil {
		return 0
	}
	for _, l := range u.Lines {
		if fmt.Sprint(l.Start) == fmt.Sprint(fields["start"]) {
			return l.Revision
		}
	}
	return 0
}

// discarded is an answer that nobody outside gets.
type discarded struct {
	bytes.Buffer
	header http.Header
}

func (d *discarded) Header() http.Header {
	if d.header == nil {
		d.header = http.Header{}
	}
	return d.header
}

func (*discarded) WriteHeader(int) {}

// sabotaged makes a node of such a server.
func sabotaged(t testing.TB, h *hall, kind string) *node {
	t.Helper()
	n := newNode(t, h.dsn, h.key)
	n.command, n.env = []string{os.Args[0]}, []string{sabotage + "=" + kind}
	n.start()
	n.ready(h.ctx)
	return n
}

// TestControl runs the rig against servers with a safety off. It must find
// marks lost, marks doubled, and marks written over that nobody had seen.
func TestControl(t *testing.T) {
	t.Parallel()
	for _, trial := range []struct {
		kind, invariant string
		play            func(h *hall, server *node, n *line)
		count           func(*tally) int
	}{
		{early, "I1", func(h *hall, server *node, _ *line) {
			for range 4 {
				wait(h.ctx, within(h.rng, 200*time.Millisecond, 400*time.Millisecond))
				server.kill()
				server.start()
				server.ready(h.ctx)
			}
		}, func(y *tally) int { return y.Lost }},
		{forgetful, "I2", func(h *hall, _ *node, n *line) {
			n.set(weather{Cut: 0.3})
			wait(h.ctx, 1500*time.Millisecond)
		}, func(y *tally) int { return y.Doubled }},
		{unseeing, "I2", func(h *hall, _ *node, _ *line) { wait(h.ctx, 1500*time.Millisecond) }, nil},
	} {
		t.Run(trial.kind, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, filepath.Join(t.TempDir(), "ledger.db"))
			h.pace, h.shared = easy, trial.kind == unseeing
			server := sabotaged(t, h, trial.kind)
			n := newLine(t, h.rng, "tcp", server.listen)
			h.open(hasty, func(int) string { return "http://" + n.address })
			trial.play(h, server, n)
			n.set(weather{})
			h.making()
			h.writing.Wait()
			until(h.ctx, 5*time.Second, func() bool { return h.left() == 0 })
			wait(h.ctx, 300*time.Millisecond) // what was answered early is on its way
			found, y := h.look(server.url())
			t.Logf("lost %d, doubled %d, %d violations; the first: %v", y.Lost, y.Doubled, len(found), found[:min(3, len(found))])
			if !slices.ContainsFunc(found, func(v violation) bool { return v.Invariant == trial.invariant }) || trial.count != nil && trial.count(y) == 0 {
				t.Errorf("the rig is broken: it does not see a server that is %s", trial.kind)
			}
		})
	}
}

// TestChecker puts one wrong thing after the other into a sound trial's
// database, journals and publication: each must be found, under its invariant.
func TestChecker(t *testing.T) {
	t.Parallel()
	h, server := newServed(t, filepath.Join(t.TempDir(), "ledger.db"))
	h.open(hasty, func(int) string { return server.url() })
	if !until(h.ctx, time.Minute, func() bool { return len(h.written()) == len(h.units) }) {
		t.Fatal("the units are not complete")
	}
	h.rest(time.Minute)
	h.report(h.judge("- nothing at all", server.url()))
	sound := evidence{Journals: h.dir, States: h.shown(server.url())}
	var p struct {
		Competition head `json:"competition"`
	}
	if err := get(h.ctx, server.url()+"/c/"+code+"/api/programme", &p); err != nil {
		t.Fatal(err)
	}
	sound.Last = p.Competition
	server.kill()
	if found, _, err := check(h.ctx, h.dsn, sound); err != nil || len(found) > 0 {
		t.Fatalf("before anything was touched: %v, %v", found, err)
	}
	const last = "(SELECT max(seq) FROM log WHERE kind = 'mark')"
	for name, planted := range map[string]struct{ invariant, statement string }{
		"an entry is gone":            {"I1", "DELETE FROM log WHERE seq = " + last},
		"an entry was changed":        {"I4", "UPDATE log SET reason = 'other' WHERE seq = 5"},
		"a mark was changed":          {"I1", "UPDATE marks SET mark = mark + 10 WHERE start_id = (SELECT min(start_id) FROM marks)"},
		"a mark that nobody made":     {"I2", "UPDATE log SET command_id = '" + uuid.NewString() + "' WHERE seq = " + last},
		"the head was put back":       {"I4", "UPDATE competitions SET head = (SELECT hash FROM log WHERE seq = last_seq - 1), last_seq = last_seq - 1"},
		"an official place is wrong":  {"I3", "UPDATE results SET rank = rank + 1 WHERE start_id = (SELECT min(start_id) FROM results)"},
		"an official result is gone":  {"I3", "DELETE FROM results WHERE unit_id = (SELECT min(unit_id) FROM results)"},
		"a mark is no longer there":   {"I1", "DELETE FROM marks WHERE start_id = (SELECT max(start_id) FROM marks)"},
		"a mark in the inbox as well": {"I2", "INSERT INTO late_marks (competition_id, unit_id, start_id, command_id, payload, reason, \"by\", problem, stood, \"at\", verdict, decided_by, seq) SELECT competition_id, 1, 1, command_id, payload, '', author, 'mark-late', '', \"at\", '', '', 0 FROM log WHERE seq = " + last},
	} {
		found := spoiled(t, h, sound, planted.statement)
		if !slices.ContainsFunc(found, func(v violation) bool { return v.Invariant == planted.invariant }) {
			t.Errorf("%s: not found under %s; %v", name, planted.invariant, found)
		}
	}
	unit := h.units[0].id
	state := sound.States[unit]
	state.Lines = slices.Clone(state.Lines)
	state.Lines[0].Rank, state.Lines[1].Rank = "2", "2"
	sound.States[unit] = state
	if found, _, err := check(h.ctx, h.dsn, sound); err != nil || len(found) == 0 || found[0].Invariant != "I3" {
		t.Errorf("a board shows a wrong place: %v, %v", found, err)
	}
}

// spoiled is what the checker finds in a copy of the trial's database in which
// one thing was changed.
func spoiled(t *testing.T, h *hall, seen evidence, statement string) []violation {
	t.Helper()
	file := filepath.Join(t.TempDir(), "spoiled.db")
	db, err := sql.Open("sqlite", "file:"+h.dsn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(h.ctx, "VACUUM INTO ?", file); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = sql.Open("sqlite", "file:"+file); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(h.ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	found, _, err := check(h.ctx, file, seen)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
