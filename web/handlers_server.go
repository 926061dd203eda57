// The page of the server itself, for organisers: what the meter measures, in
// words.
package web

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"tongchang/events/access"
	"tongchang/live"
)

func (s *Server) serverRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/server", access.ReadServer, s.serverPage},
		{"GET /c/{competition}/desk/server/state", access.ReadServer, s.serverState},
	}
}

// ServerPage is how the server is doing: GET /c/{competition}/desk/server.
type ServerPage struct {
	Page
	StateURL string
	State    ServerState
}

func (ServerPage) layout() string   { return "desk" }
func (ServerPage) template() string { return "server" }

// ServerState is what the page shows, and what it asks for again and again.
type ServerState struct {
	Updated    string      `json:"updated"`
	Status     string      `json:"status"` // sent: all is well; saved: many at once; alert
	StatusText string      `json:"status_text"`
	About      string      `json:"about"`    // what to do
	Sentence   string      `json:"sentence"` // read out when it changes
	Rows       []ServerRow `json:"rows"`
}

// ServerRow is one figure.
type ServerRow struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Value string `json:"value"`
	About string `json:"about"`
}

func (s *Server) serverPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.private(w, r, "server.title")
	if err != nil {
		return err
	}
	p := ServerPage{Page: v.Page, StateURL: v.b.root + "/desk/server/state", State: v.b.t.ServerState(s.load())}
	p.State.Updated = v.b.now()
	p.Bar = s.bar(r, v, "server")
	return s.renderer.Write(w, http.StatusOK, p)
}

func (s *Server) serverState(w http.ResponseWriter, r *http.Request) error {
	v, err := s.private(w, r, "server.title")
	if err != nil {
		return err
	}
	state := v.b.t.ServerState(s.load())
	state.Updated = v.b.now()
	return writeJSON(w, http.StatusOK, state)
}

// serverLoad is what a server has to do at a moment.
type serverLoad struct {
	live.Stats
	waiting int // commands
	up      time.Duration

	commits, reached       uint64
	commitP99, reachedP99  time.Duration
	committed, reachedSome bool // lately
}

func (s *Server) load() serverLoad {
	l := serverLoad{Stats: s.hub.Stats(), waiting: s.store.Queued(), up: time.Since(s.meter.began), commits: s.meter.commits.count(), reached: s.meter.reached.count()}
	l.commitP99, l.committed = s.meter.commits.p99()
	l.reachedP99, l.reachedSome = s.meter.reached.p99()
	return l
}

// When the page says that something is wrong: what the project promises its
// judges and spectators is 300 and 250 ms; a page that alarms at every hiccup is
// not looked at.
const (
	slowCommit = time.Second
	farBehind  = 5 * time.Second
)

// ServerState says a server's load in words.
func (t *Translator) ServerState(l serverLoad) ServerState {
	st := ServerState{Status: "sent", StatusText: t.T("server.fine"), About: t.T("server.fine-about")}
	switch {
	case l.committed && l.commitP99 > slowCommit:
		st.Status, st.StatusText, st.About = "alert", t.T("server.slow"), t.T("server.slow-about")
	case l.Behind > farBehind:
		st.Status, st.StatusText, st.About = "alert", t.T("server.behind"), t.T("server.behind-about")
	case l.Arriving > 0:
		st.Status, st.StatusText, st.About = "saved", t.T("server.crowd"), t.T("server.crowd-about")
	}
	st.Sentence = st.StatusText
	row := func(title, about, value string) {
		st.Rows = append(st.Rows, ServerRow{title, t.T(title), value, t.T(about)})
	}
	row("server.watchers", "server.watchers-about", strconv.Itoa(l.Watchers))
	row("server.arriving", "server.arriving-about", strconv.Itoa(l.Arriving))
	row("server.commit", "server.commit-about", t.within(l.commitP99, l.committed))
	row("server.waiting", "server.waiting-about", strconv.Itoa(l.waiting))
	row("server.reached", "server.reached-about", t.within(l.reachedP99, l.reachedSome))
	row("server.old", "server.old-about", t.T("server.seconds", strconv.Itoa(int(l.Behind.Seconds()))))
	row("server.slow-lines", "server.slow-lines-about", strconv.FormatInt(l.Slow, 10))
	row("server.refused", "server.refused-about", strconv.FormatInt(l.Refused, 10))
	row("server.trouble", "server.trouble-about", strconv.FormatInt(l.SourceErrors, 10))
	row("server.up", "server.up-about", t.T("server.hours", strconv.Itoa(int(l.up.Hours())), strconv.Itoa(int(l.up.Minutes())%60)))
	return st
}

func (t *Translator) within(took time.Duration, some bool) string {
	if !some {
		return t.T("server.nothing-yet")
	}
	return t.T("server.ms", strconv.Itoa(int(math.Ceil(float64(took)/float64(time.Millisecond)))))
}
