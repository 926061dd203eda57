package web

import (
	"net/http"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/live"
)

// routes is every address that the server answers. Public addresses show what
// has been released; desk addresses want the desk's key.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	public := func(pattern string, h handler) { mux.HandleFunc(pattern, s.handle(h)) }
	desk := func(pattern string, h handler) { mux.HandleFunc(pattern, s.handle(s.desk(h))) }

	public("GET /{$}", s.home)
	public("GET /c/{competition}", s.today)
	public("GET /c/{competition}/schedule", s.schedule)
	public("GET /c/{competition}/events/{event}", s.event)
	public("GET /c/{competition}/units/{unit}", s.unit)
	public("GET /c/{competition}/medals", s.medals)
	public("GET /c/{competition}/delegations/{delegation}", s.delegation)
	public("GET /c/{competition}/board/units/{unit}", s.boardUnit)
	public("GET /c/{competition}/board/medals", s.boardMedals)

	public("GET /c/{competition}/documents/units/{file}", s.unitDocument)
	public("GET /c/{competition}/documents/phases/{file}", s.phaseDocument)
	public("GET /c/{competition}/api/programme", s.apiProgramme)
	public("GET /c/{competition}/api/units/{unit}", s.apiUnit)
	public("GET /c/{competition}/api/phases/{phase}", s.apiPhase)
	public("GET /c/{competition}/live", s.watch)
	public("GET /c/{competition}/state/{topic...}", s.poll)

	desk("GET /c/{competition}/judge", s.judgeHome)
	desk("GET /c/{competition}/judge/units/{unit}", s.judge)
	desk("POST /c/{competition}/judge/units/{unit}", s.judgeMark)
	desk("POST /c/{competition}/judge/units/{unit}/confirm", s.judgeConfirm)
	desk("POST /c/{competition}/judge/units/{unit}/reopen", s.judgeReopen)
	desk("POST /c/{competition}/marks", post(s, s.store.EnterMark))
	desk("POST /c/{competition}/openings", post(s, s.store.OpenUnit))
	desk("POST /c/{competition}/confirmations", post(s, s.store.Confirm))
	desk("POST /c/{competition}/reopenings", post(s, s.store.Reopen))
	desk("POST /c/{competition}/start-lists", post(s, s.store.SetStartList))
	desk("POST /c/{competition}/draws", post(s, s.store.Draw))
	desk("POST /c/{competition}/lines", post(s, s.store.EnterLines))
	desk("POST /c/{competition}/regulation", post(s, s.store.SetRegulation))

	mux.Handle("GET "+AssetsPath, s.assets)
	public("GET /livez", func(w http.ResponseWriter, _ *http.Request) error { return writeJSON(w, http.StatusOK, "ok") })
	public("GET /readyz", s.ready)
	public("/", func(http.ResponseWriter, *http.Request) error { return errNoPage })
	return mux
}

// errNoPage is an address that is none of ours.
var errNoPage = &events.Refusal{Status: events.StatusNotFound, Problem: "no-page"}

// ready answers whether the server can do its work: the database answers.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.Ping(r.Context()); err != nil {
		s.log.Warn("not ready", "error", err)
		return writeJSON(w, http.StatusServiceUnavailable, "database does not answer")
	}
	return writeJSON(w, http.StatusOK, "ok")
}

// watch serves the websocket of a competition's public topics.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("competition")
	if _, err := s.store.Competition(r.Context(), code); err != nil {
		return err
	}
	s.hub.Serve(w, r, code, live.Viewer{})
	return nil
}

// poll serves one topic's frame to whoever cannot use the websocket.
func (s *Server) poll(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("competition")
	if _, err := s.store.Competition(r.Context(), code); err != nil {
		return err
	}
	s.hub.Poll(w, r, code, r.PathValue("topic"))
	return nil
}

// number reads an identifier from the address. What is not a number cannot be
// anything of ours.
func number(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSuffix(r.PathValue(name), ".json"), 10, 64)
	if err != nil || n <= 0 {
		return 0, errNoPage
	}
	return n, nil
}
