package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// What is scored: each tablet has two finals of four swimmers to itself.
const (
	code     = "faults"
	tablets  = 20
	perUnit  = 4
	perJudge = 2
	pace     = 100 // marks a second, all tablets together
	easy     = 40  // the same where the server's speed is not the question
)

type unit struct {
	id     int64
	starts []int64
}

// hall is one trial: a meet in a database, the tablets that score it, and what
// was seen while they did.
type hall struct {
	t     testing.TB
	ctx   context.Context
	rng   *rand.Rand
	dsn   string
	dir   string // of the journals
	key   string
	units []unit

	pace   int  // marks a second
	shared bool // two tablets write each unit

	tablets []*tablet
	boards  []*board
	making  context.CancelFunc
	writing sync.WaitGroup
	running sync.WaitGroup
	sending context.CancelFunc

	mu     sync.Mutex
	heard  []string // what must not be, as it was seen
	count  int
	heads  map[head]bool
	reused map[string]bool
}

// head is an end of the log that the server has published.
type head struct {
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"`
	Head  string `json:"head"`
}

// newHall sets a meet up in an empty database.
func newHall(t testing.TB, dsn string) *hall {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	h := &hall{t: t, ctx: ctx, rng: seeded(t), dsn: dsn, dir: t.TempDir(), key: "desk", pace: pace, heads: map[head]bool{}, reused: map[string]bool{}}
	t.Cleanup(cancel)
	store, err := events.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := store.Found(ctx, events.Competition{Code: code, Name: "故障演练", NameEn: "Fault rig", Starts: "2026-06-21", Ends: "2026-06-21"}); err != nil {
		t.Fatal(err)
	}
	c := events.Command{ID: uuid.NewString(), Competition: code, Author: "rig"}
	if _, err := store.SetUp(ctx, c, events.SetUp{Programme: programme()}, false); err != nil {
		t.Fatal(err)
	}
	if h.units, err = unitsOf(ctx, dsn); err != nil {
		t.Fatal(err)
	}
	if len(h.units) != tablets*perJudge {
		t.Fatalf("%d units", len(h.units))
	}
	return h
}

// programme is a meet of finals: one event, one unit, eight swimmers each.
func programme() events.ProgrammeFile {
	p := events.ProgrammeFile{Disciplines: []events.DisciplineFile{{Code: "SWM", Name: "游泳", NameEn: "Swimming"}},
		Sessions: []events.SessionFile{{Number: 1, Name: "决赛", NameEn: "Finals", Day: "2026-06-21", Opens: "09:00", Venue: "游泳馆"}}}
	for i, name := range []string{"哈尔滨", "齐齐哈尔", "大庆", "佳木斯"} {
		p.Delegations = append(p.Delegations, events.DelegationFile{Code: fmt.Sprintf("D%d", i), Name: name, NameEn: name})
	}
	for i := range 2 * perUnit {
		p.Participants = append(p.Participants, events.ParticipantFile{Code: fmt.Sprint(100 + i), Delegation: fmt.Sprintf("D%d", i%4), Family: "佟", Given: fmt.Sprint(i), Sex: "W"})
	}
	for i := range tablets * perJudge {
		u := events.UnitFile{Code: fmt.Sprint(i), Number: 1, Session: 1, Measure: scoring.Milliseconds}
		for lane := range perUnit {
			u.Starts = append(u.Starts, events.StartFile{Participant: fmt.Sprint(100 + (i+lane)%(2*perUnit)), Lane: &lane})
		}
		p.Events = append(p.Events, events.EventFile{Code: fmt.Sprint(i), Discipline: "SWM", Type: "100-FREE", Sex: "W", Number: i + 1, Name: fmt.Sprint("决赛", i), NameEn: fmt.Sprint("Final ", i),
			Phases: []events.PhaseFile{{Code: fmt.Sprint(i), Kind: "FIN", Decides: true, Ruleset: kinds.Ruleset{Name: "swimming", Version: "1", Kind: "timed"}, Units: []events.UnitFile{u}}}})
	}
	return p
}

// wrong notes what must not be.
func (h *hall) wrong(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.count++; h.count <= 20 {
		h.heard = append(h.heard, fmt.Sprintf(format, args...))
	}
}

func (h *hall) reusedID(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reused[id] = true
}

// open lets the tablets in: they write until stop, and send until everything is
// settled. url is where each of them sends to.
func (h *hall) open(m manners, url func(i int) string) {
	h.t.Helper()
	for i := range tablets {
		first := i * perJudge
		if h.shared {
			first = i / 2 * 2 * perJudge
		}
		tb, err := newTablet(h, i, m, h.units[first:first+perJudge])
		if err != nil {
			h.t.Fatal(err)
		}
		tb.point(url(i))
		h.tablets = append(h.tablets, tb)
	}
	sending, cancel := context.WithCancel(h.ctx)
	h.sending = cancel
	for _, tb := range h.tablets {
		h.running.Go(func() { tb.run(sending) })
	}
	h.running.Go(func() { h.watchHeads(sending, url(0)) })
	for i := range boards {
		b := &board{hall: h, url: url(i), have: map[int64]position{}, shows: map[int64]shownUnit{}}
		h.boards = append(h.boards, b)
		h.running.Go(func() { b.run(sending) })
	}
	h.t.Cleanup(h.close)
	h.write()
}

// write lets the judges write, each five marks a second.
func (h *hall) write() {
	making, cancel := context.WithCancel(h.ctx)
	h.making = cancel
	for _, tb := range h.tablets {
		h.writing.Go(func() {
			wait(making, time.Duration(tb.rng.Int64N(int64(time.Second*tablets/time.Duration(h.pace)))))
			for tick := time.NewTicker(time.Second * tablets / time.Duration(h.pace)); ; {
				if making.Err() != nil {
					tick.Stop()
					return
				}
				if err := tb.make(); err != nil {
					h.wrong("%v", err)
				}
				select {
				case <-making.Done():
				case <-tick.C:
				}
			}
		})
	}
}

// left is how many marks nobody knows the fate of.
func (h *hall) left() (n int) {
	for _, tb := range h.tablets {
		n += tb.left()
	}
	return n
}

// written reports which units have an acknowledged mark for every start.
func (h *hall) written() (units []unit) {
	marked := map[int64]bool{}
	for _, tb := range h.tablets {
		tb.mu.Lock()
		for _, g := range tb.grounds {
			for _, m := range g.acked {
				marked[m.Start] = marked[m.Start] || m.Seq != 0
			}
		}
		tb.mu.Unlock()
	}
	for _, u := range h.units {
		if !slices.ContainsFunc(u.starts, func(s int64) bool { return !marked[s] }) {
			units = append(units, u)
		}
	}
	return units
}

// rest lets the judges stop and waits until every mark is settled.
func (h *hall) rest(most time.Duration) {
	h.t.Helper()
	h.making()
	h.writing.Wait()
	if !until(h.ctx, most, func() bool { return h.left() == 0 }) {
		h.t.Errorf("%d marks are not settled %v after the fault", h.left(), most)
	}
}

// close ends the trial's tablets.
func (h *hall) close() {
	h.making()
	h.writing.Wait()
	h.sending()
	h.running.Wait()
	for _, tb := range h.tablets {
		if err := tb.journal.close(); err != nil {
			h.t.Error(err)
		}
	}
}

// get reads a public address.
func get(ctx context.Context, url string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close() // read to its end below
	b, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %d %s", url, res.StatusCode, b)
	}
	return json.Unmarshal(b, into)
}

// watchHeads collects the ends of the log that a server publishes: what was
// once said to be the log must stay in it.
func (h *hall) watchHeads(ctx context.Context, url string) {
	for ctx.Err() == nil {
		var p struct {
			Competition head `json:"competition"`
		}
		if err := get(ctx, url+"/c/"+code+"/api/programme", &p); err == nil {
			h.mu.Lock()
			h.heads[p.Competition] = true
			h.mu.Unlock()
		}
		wait(ctx, 400*time.Millisecond)
	}
}

// confirm makes units official, as a chief does after looking.
func (h *hall) confirm(url string, units []unit) {
	h.t.Helper()
	for _, u := range units {
		var at struct {
			Unit struct {
				Version int64 `json:"version"`
			} `json:"unit"`
		}
		if err := get(h.ctx, fmt.Sprintf("%s/c/%s/api/units/%d", url, code, u.id), &at); err != nil {
			h.t.Error(err)
			return
		}
		body, err := json.Marshal(map[string]any{"command": uuid.NewString(), "author": "chief", "unit": u.id, "saw": at.Unit.Version})
		if err != nil {
			h.t.Error(err)
			return
		}
		var a *answer
		until(h.ctx, settling, func() bool {
			a, err = post(h.ctx, http.DefaultClient, url+"/c/"+code+"/confirmations", h.key, body)
			return err == nil
		})
		if err != nil || a.code != http.StatusOK {
			h.t.Errorf("unit %d is not confirmed: %v %v", u.id, a, err)
		}
	}
}

// shown is what the boards are told about the units.
func (h *hall) shown(url string) map[int64]shownUnit {
	h.t.Helper()
	all := map[int64]shownUnit{}
	for _, u := range h.units {
		var f struct {
			Data shownUnit `json:"data"`
		}
		if err := get(h.ctx, fmt.Sprintf("%s/c/%s/state/zh-CN/unit/%d", url, code, u.id), &f); err != nil {
			h.t.Error(err)
			continue
		}
		all[u.id] = f.Data
	}
	return all
}

// judge is the end of a trial: half of the units that are complete become
// official, and the checker says whether the invariants hold. It returns the
// trial's figures.
func (h *hall) judge(fault, url string) *tally {
	h.t.Helper()
	complete := h.written()
	h.confirm(url, complete[:len(complete)/2])
	found, y := h.look(url)
	for _, v := range found {
		h.t.Error(v)
	}
	y.Fault, y.Trials = fault, 1
	return y
}

// settling is how long boards may take to show what is committed; the server's
// own look comes every second.
const settling = 10 * time.Second

// look is the checker's view of the trial, with what was seen on the way.
func (h *hall) look(url string) (found []violation, y *tally) {
	h.t.Helper()
	var p struct {
		Competition head `json:"competition"`
	}
	if err := get(h.ctx, url+"/c/"+code+"/api/programme", &p); err != nil {
		h.t.Error(err)
	}
	h.mu.Lock()
	seen := evidence{Journals: h.dir, Heads: slices.Collect(maps.Keys(h.heads)), Last: p.Competition, Shared: h.shared, Reused: maps.Clone(h.reused)}
	heard, count := slices.Clone(h.heard), h.count
	h.mu.Unlock()
	until(h.ctx, settling, func() bool { // what is published follows what is committed
		var err error
		seen.States = h.shown(url)
		if found, y, err = check(h.ctx, h.dsn, seen); err != nil {
			h.t.Fatal(err)
		}
		return !slices.ContainsFunc(found, func(v violation) bool { return v.Invariant == "I3" })
	})
	for i, b := range h.boards {
		if !until(h.ctx, settling, func() bool { return b.agrees(seen.States) }) {
			found = append(found, violation{"I3", fmt.Sprintf("board %d does not show what the server has", i)})
		}
	}
	for _, v := range heard {
		found = append(found, violation{"seen", v})
	}
	if count > len(heard) {
		found = append(found, violation{"seen", fmt.Sprintf("and %d more", count-len(heard))})
	}
	return found, y
}

// report prints a trial's figures and keeps them for the table.
func (h *hall) report(y *tally) {
	h.t.Helper()
	figures.add(y)
	h.t.Logf("%d trials, %d marks acknowledged, %d sent again, %d lost, %d doubled, %d unknown, ack p50 %v p99 %v, ready p99 %v", y.Trials, y.Acknowledged, y.Again, y.Lost, y.Doubled, y.Unknown,
		quantile(y.Times, 0.5).Round(time.Millisecond), quantile(y.Times, 0.99).Round(time.Millisecond), quantile(y.Ready, 0.99).Round(time.Millisecond))
	if y.Acknowledged == 0 {
		h.t.Error("no mark was acknowledged: nothing was tried")
	}
}
