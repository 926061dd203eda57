package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tongchang/live"
)

// stage is the pages on a real HTTP server with a real hub and nothing behind
// them: what the browser tests look at. POST /-/step?n=5 gives the heat its
// first five marks; other addresses under /-/ are the judge's posts.
type stage struct {
	renderer  *Renderer
	catalogue *Catalogue
	assets    *Assets
	hub       *live.Hub

	mu    sync.Mutex
	seq   int64
	marks int
	posts int // judge's posts that were counted
	views int // pages shown
	seen  map[string]bool
}

func (s *stage) Head(context.Context, string) (live.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return live.Position{Epoch: sampleEpoch, Seq: s.seq}, nil
}

func (s *stage) Touched(_ context.Context, _ string, after int64) ([]string, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if after >= s.seq {
		return nil, s.seq, nil
	}
	var topics []string
	for _, lang := range Languages {
		for _, topic := range []string{"unit/12", "event/3", "medals"} {
			topics = append(topics, lang+"/"+topic)
		}
	}
	return topics, s.seq, nil
}

func (s *stage) State(_ context.Context, _, topic string) (json.RawMessage, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lang, name, _ := strings.Cut(topic, "/")
	t := s.catalogue.In(lang)
	states := map[string]any{"unit/12": unitState(t, s.marks, StatusLive), "event/3": eventState(t), "medals": medalsState(t), "today": todayState(t),
		"schedule/2027-06-21": scheduleState(t), "delegation/HRB": delegationState(t), "unit/10": unitState(t, 5, StatusOfficial), "unit/13": unitState(t, 0, StatusStartList)}
	state, ok := states[name]
	if !ok {
		return nil, 0, live.ErrNoTopic
	}
	data, err := json.Marshal(state)
	return data, s.seq, err
}

func (s *stage) step(n int) {
	s.mu.Lock()
	s.seq++
	s.marks = n
	s.mu.Unlock()
	s.hub.Wake("hlj9")
}

// result answers a judge's post the way the server does: a command counts once.
func (s *stage) result(w http.ResponseWriter, r *http.Request) {
	t := s.catalogue.In(Choose(w, r).Lang)
	entry, mark, irm := r.PostFormValue("entry"), r.PostFormValue("mark"), r.PostFormValue("irm")
	lines := judgeLines(t, entry)
	i := slices.IndexFunc(lines, func(l JudgeLine) bool { return l.Entry == entry })
	if i < 0 {
		http.Error(w, "no such entry", http.StatusNotFound)
		return
	}
	reply := JudgeReply{Line: lines[i]}
	status := http.StatusOK
	switch {
	case mark == "9:99":
		reply.Problems = []Problem{{"t-" + entry, t.T("problem.not-a-time", mark)}}
		status = http.StatusUnprocessableEntity
	default:
		s.mu.Lock()
		if id := r.PostFormValue("command"); !s.seen[id] {
			s.seen[id] = true
			s.posts++
		}
		s.mu.Unlock()
		got := mark
		if irm != "" {
			got = t.T("irm." + irm)
		}
		reply.Line.Got, reply.Line.Saw, reply.Line.Command, reply.Line.Correction = got, 2, "0190c0de-0000-7000-8000-0000000"+entry+"1", true
		reply.Notice = t.Join(reply.Line.Name, got, t.T("judge.delivered"))
	}
	if !strings.Contains(r.Header.Get("Accept"), "application/json") {
		http.Redirect(w, r, "/c/hlj9/judge/units/12?line="+entry, http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(reply)
}

func (s *stage) page(w http.ResponseWriter, r *http.Request) {
	choice := Choose(w, r)
	t := s.catalogue.In(choice.Lang)
	s.mu.Lock()
	at := s.seq
	heat := unitState(t, s.marks, StatusLive)
	s.views++
	views := s.views
	s.mu.Unlock()
	for _, sample := range samples(t) {
		if sample.path != r.URL.Path {
			continue
		}
		if err := s.renderer.Write(w, http.StatusOK, asIs(chosen(sample.view, choice), heat, at, views)); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		return
	}
	http.NotFound(w, r)
}

// asIs is a page as the store would give it now: the heat as it stands, and
// commands that no other page has.
func asIs(v View, heat UnitState, seq int64, views int) View {
	switch p := v.(type) {
	case UnitPage:
		if p.State.Status == StatusLive {
			p.State, p.Feed.Seq, p.Feed.Stamp = heat, seq, heat.Updated
		}
		return p
	case BoardUnitPage:
		p.State, p.Feed.Seq, p.Feed.Stamp = heat, seq, heat.Updated
		return p
	case JudgePage:
		for i := range p.Lines {
			p.Lines[i].Command = fmt.Sprintf("0190c0de-0000-7000-%04d-%012s", views, p.Lines[i].Entry)
		}
		return p
	}
	return v
}

// chosen is a sample as a reader with other wishes gets it. Every view has a
// Page in it.
func chosen(v View, c Choice) View {
	copied := reflect.New(reflect.TypeOf(v)).Elem()
	copied.Set(reflect.ValueOf(v))
	copied.FieldByName("Choice").Set(reflect.ValueOf(c))
	return copied.Interface().(View)
}

func newStage(t *testing.T) *httptest.Server {
	t.Helper()
	c, err := ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	a, err := ReadAssets()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRenderer(c, a)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{renderer: r, catalogue: c, assets: a, seq: 1, marks: 3, seen: map[string]bool{}}
	s.hub = live.NewHub(s, live.Options{})
	mux := http.NewServeMux()
	mux.Handle("GET "+AssetsPath, a)
	mux.HandleFunc("GET /c/hlj9/live", func(w http.ResponseWriter, r *http.Request) { s.hub.Serve(w, r, "hlj9", live.Viewer{}) })
	mux.HandleFunc("GET /c/hlj9/state/{topic...}", func(w http.ResponseWriter, r *http.Request) { s.hub.Poll(w, r, "hlj9", r.PathValue("topic")) })
	mux.HandleFunc("POST /-/step", func(w http.ResponseWriter, r *http.Request) {
		n := 0
		if _, err := fmt.Sscan(r.URL.Query().Get("n"), &n); err != nil || n < 0 || n > 5 {
			http.Error(w, "n is 0 to 5", http.StatusBadRequest)
			return
		}
		s.step(n)
	})
	mux.HandleFunc("GET /-/posts", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		fmt.Fprint(w, s.posts)
	})
	mux.HandleFunc("POST /c/hlj9/judge/units/12/results", s.result)
	mux.HandleFunc("GET /", s.page)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		_ = s.hub.Close(context.Background())
		server.Close()
	})
	return server
}

// TestStage keeps the stage open for the browser tests, which name the file
// that gets its address in TONGCHANG_STAGE and end it by closing its input.
func TestStage(t *testing.T) {
	file := os.Getenv("TONGCHANG_STAGE")
	if file == "" {
		answersOnStage(t, newStage(t))
		return
	}
	server := newStage(t)
	ended, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := os.WriteFile(file, []byte(server.URL), 0o600); err != nil {
		t.Fatal(err)
	}
	<-ended.Done()
}

// answersOnStage asks for every sample once.
func answersOnStage(t *testing.T, server *httptest.Server) {
	t.Helper()
	c, err := ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples(c.In(English)) {
		resp, err := http.Get(server.URL + s.path + "?lang=en")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Security-Policy") != Policy || resp.Header.Get("Content-Language") != English {
			t.Errorf("%s: status %d, headers %v", s.path, resp.StatusCode, resp.Header)
		}
	}
}
