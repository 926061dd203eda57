package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/vault"
	"tongchang/live"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// tabletStage is the whole server on a real ledger, for the browser tests of the
// tablet: a long heat list, and a unit of every kind of scoring. Addresses under
// /-/ let a test do what happens in a hall: somebody else writes, sign-ins end,
// results become official, answers get lost.
type tabletStage struct {
	*httptest.Server
	t      testing.TB
	store  *events.Store
	broken atomic.Int64 // marks whose answer gets lost
}

const stageGames = "games"

func newTabletStage(t testing.TB) *tabletStage {
	t.Helper()
	store, err := events.Open(t.Context(), ledgertest.New(t, "sqlite"), events.WithKeys(vault.Memory()))
	if err != nil {
		t.Fatal(err)
	}
	feed, err := NewFeed(store)
	if err != nil {
		t.Fatal(err)
	}
	hub := live.NewHub(feed, live.Options{})
	store.OnCommit(hub.Wake)
	s := &tabletStage{t: t, store: store}
	server, err := New(Options{Store: store, Hub: hub, DeskKey: deskKey, Doors: s.people()})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/-/{what}", s.happens)
	mux.HandleFunc("POST /c/games/marks", func(w http.ResponseWriter, r *http.Request) {
		if s.broken.Load() > 0 && s.broken.Add(-1) >= 0 {
			server.ServeHTTP(httptest.NewRecorder(), r) // counted, and nobody hears of it
			panic(http.ErrAbortHandler)
		}
		server.ServeHTTP(w, r)
	})
	mux.Handle("/", server)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = hub.Close(ctx)
		s.Close()
		if err := store.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

func (s *tabletStage) by(author string) events.Command {
	return events.Command{ID: uuid.NewString(), Competition: stageGames, Author: author}
}

// people founds the games and makes two judges and a chief, with a door each.
func (s *tabletStage) people() (doors []Door) {
	s.t.Helper()
	ctx := s.t.Context()
	if _, err := s.store.Found(ctx, events.Competition{Code: stageGames, Name: "测试运动会", NameEn: "Test games"}); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range []events.ProgrammeFile{stageHeats(25, 8), s.showcase()} {
		if _, err := s.store.SetUp(ctx, s.by("import"), events.SetUp{Programme: p}, false); err != nil {
			s.t.Fatal(err)
		}
	}
	fresh := []events.NewAccount{{Login: "a", Name: "邢玉兰", Role: access.Judge}, {Login: "b", Name: "董长河", Role: access.Judge}, {Login: "c", Name: "崔立新", Role: access.Chief}}
	_, links, err := s.store.MakeAccounts(ctx, s.by("console"), access.Console, events.MakeAccounts{Accounts: fresh})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range links {
		doors = append(doors, Door{Competition: stageGames, Account: l.Account.ID, Name: l.Account.Name, Role: l.Account.Role})
	}
	return doors
}

// stageHeats is a sport of so many heats of so many lanes, with nobody real in
// them.
func stageHeats(heats, lanes int) events.ProgrammeFile {
	p := events.ProgrammeFile{Disciplines: []events.DisciplineFile{{Code: "SWM", Name: "游泳", NameEn: "Swimming"}},
		Sessions:    []events.SessionFile{{Number: 9, Name: "第 9 场", Day: "2027-06-21", Opens: "08:00", Venue: "省游泳馆"}},
		Delegations: []events.DelegationFile{{Code: "HRB", Name: "哈尔滨", NameEn: "Harbin"}}}
	phase := events.PhaseFile{Code: "W", Kind: "FIN", Ruleset: kinds.Ruleset{Name: "swimming", Version: "2025", Kind: "timed"}}
	family := []string{"佟", "孟", "栾", "敖嫩·", "石", "白", "潘", "贾"}
	for h := range heats {
		u := events.UnitFile{Code: fmt.Sprint("W", h+1), Number: h + 1, Session: 9, Measure: scoring.Milliseconds}
		for l := range lanes {
			code, lane := fmt.Sprintf("W%02d%d", h+1, l+1), l+1
			p.Participants = append(p.Participants, events.ParticipantFile{Code: code, Delegation: "HRB", Family: family[l%len(family)], Given: "试" + strconv.Itoa(h+1), Sex: "W"})
			u.Starts = append(u.Starts, events.StartFile{Participant: code, Lane: &lane, Class: "S9"})
		}
		phase.Units = append(phase.Units, u)
	}
	p.Events = []events.EventFile{{Code: "W", Discipline: "SWM", Type: "100FR", Sex: "W", Name: "女子 100 米自由泳 S9", NameEn: "Women's 100 m freestyle S9", Phases: []events.PhaseFile{phase}}}
	return p
}

// showcase is a unit of every kind, as the demo has them.
func (s *tabletStage) showcase() events.ProgrammeFile {
	s.t.Helper()
	raw, err := os.ReadFile("../cmd/tongchang/showcase/showcase.json")
	if err != nil {
		s.t.Fatal(err)
	}
	var file struct{ Programme events.ProgrammeFile }
	if err := json.Unmarshal(raw, &file); err != nil {
		s.t.Fatal(err)
	}
	return file.Programme
}

// happens answers /-/{what}.
func (s *tabletStage) happens(w http.ResponseWriter, r *http.Request) {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
		return n
	}
	var err error
	switch r.PathValue("what") {
	case "log":
		err = s.log(w, r)
	case "write": // somebody else writes a mark, over what stands
		m := events.EnterMark{Unit: number("unit"), Start: number("start"), Mark: r.URL.Query().Get("mark"), Saw: number("saw")}
		c := s.by(r.URL.Query().Get("author"))
		c.Reason = "换了裁判"
		_, err = s.store.EnterMark(r.Context(), c, m)
	case "confirm":
		var unit events.Unit
		if unit, err = s.store.Unit(r.Context(), stageGames, number("unit")); err == nil {
			_, err = s.store.Confirm(r.Context(), s.by("崔立新"), events.ConfirmUnit{Unit: unit.ID, Saw: unit.Version})
		}
	case "lose": // the answers to the next so many marks
		s.broken.Store(number("n"))
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// log tells what marks are in the log, oldest first.
func (s *tabletStage) log(w http.ResponseWriter, r *http.Request) error {
	c, err := s.store.Competition(r.Context(), stageGames)
	if err != nil {
		return err
	}
	type entry struct {
		Seq     int64           `json:"seq"`
		Command string          `json:"command"`
		Author  string          `json:"author"`
		Payload json.RawMessage `json:"payload"`
	}
	list := []entry{}
	for after := int64(0); ; {
		es, err := s.store.Entries(r.Context(), c.ID, after, 1000)
		if err != nil {
			return err
		}
		if len(es) == 0 {
			return writeJSON(w, http.StatusOK, list)
		}
		for _, e := range es {
			after = e.Seq
			if e.Kind == "mark" {
				list = append(list, entry{e.Seq, e.CommandID, e.Author, json.RawMessage(e.Payload)})
			}
		}
	}
}

// TestTabletStage keeps the stage open for the browser tests, which name the
// file that gets its address in TONGCHANG_TABLET_STAGE; without one it asks for
// the page and its parts once.
func TestTabletStage(t *testing.T) {
	file := os.Getenv("TONGCHANG_TABLET_STAGE")
	if file == "" {
		newTabletStage(t).tour()
		return
	}
	s := newTabletStage(t)
	ended, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := os.WriteFile(file, []byte(s.URL), 0o600); err != nil {
		t.Fatal(err)
	}
	<-ended.Done()
}

// tour asks for what a tablet asks for.
func (s *tabletStage) tour() {
	t := s.t
	t.Helper()
	get := func(path string, status int, into any) http.Header {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "application/json")
		if into != nil {
			req.Header.Set("Authorization", "Bearer "+deskKey)
		}
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, status)
		}
		if into != nil {
			if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		return resp.Header
	}
	if h := get("/c/games/tablet", http.StatusOK, nil); h.Get("Content-Security-Policy") != tabletPolicy || h.Get("Cache-Control") != "no-cache" {
		t.Errorf("the shell's headers: %v", h)
	}
	get("/c/games/tablet/work", http.StatusForbidden, nil)
	get("/c/games/tablet/manifest.webmanifest", http.StatusOK, nil)
	var work TabletWork
	get("/c/games/tablet/work", http.StatusOK, &work)
	var seen []string
	for _, u := range work.Units {
		if !slices.Contains(seen, u.Kind) {
			seen = append(seen, u.Kind)
		}
		for _, r := range u.Rows {
			if r.Start == 0 || r.Name == "" || len(u.Cells)+len(r.Cells) == 0 {
				t.Errorf("%s: a row without a start, a name or cells: %+v", u.Title, r)
			}
		}
	}
	for _, kind := range []string{"timed", "series", "vertical", "lifts", "pool", "target", "factored", "marking", "panel"} {
		if !slices.Contains(seen, kind) {
			t.Errorf("no unit of kind %s among %d units", kind, len(work.Units))
		}
	}
}
