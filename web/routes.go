package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/access"
)

// route is one address: which requests, who may ask, what answers them. Whoever
// asks must be able to do the act to something; the empty act is for everybody.
// Whether they may do it to the very thing they ask for is asked again where
// the thing is at hand: by [Server.gate] for a {delegation} of the address, else
// by the handler or the store.
type route struct {
	pattern string
	to      access.Act
	do      handler
}

// everybody is the act of addresses that show what has been released.
const everybody access.Act = ""

// table is every address that the server answers, area by area. A test asks
// each of them as every role (testdata/matrix.tsv).
func (s *Server) table() []route {
	return slices.Concat(
		s.publicRoutes(),
		s.programRoutes(),
		s.signInRoutes(),
		s.accountRoutes(),
		s.needsRoutes(),
		s.judgeRoutes(),
		s.tabletRoutes(),
		s.outboxRoutes(),
		s.seatRoutes(),
		s.seatDeskRoutes(),
		s.controlRoutes(),
		s.serverRoutes(),
		s.registrationRoutes(),
		s.setupRoutes(),
		s.fieldRoutes(),
		s.drawRoutes(),
		s.timetableRoutes(),
		s.classRoutes(),
		s.panelRoutes(),
		s.callRoutes(),
		s.outcomeRoutes(),
		s.contestRoutes(),
		s.siteRoutes(),
		s.openRoutes(),
		s.privacyRoutes(),
		s.cameraRoutes(),
		s.hallRoutes(),
		s.houseRoutes(),
	)
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.table() {
		s.patterns[rt.pattern] = true
		mux.HandleFunc(rt.pattern, s.handle(s.gate(rt)))
	}
	mux.Handle("GET "+AssetsPath, s.assets)
	return mux
}

// publicRoutes are the pages for everybody and the boards.
func (s *Server) publicRoutes() []route {
	return []route{
		{"GET /{$}", everybody, s.home},
		{"GET /c/{competition}", everybody, s.today},
		{"GET /c/{competition}/schedule", everybody, s.schedule},
		{"GET /c/{competition}/events/{event}", everybody, s.event},
		{"GET /c/{competition}/units/{unit}", everybody, s.unit},
		{"GET /c/{competition}/medals", everybody, s.medals},
		{"GET /c/{competition}/delegations/{delegation}", everybody, s.delegation},
		{"GET /c/{competition}/board/units/{unit}", everybody, s.boardUnit},
		{"GET /c/{competition}/board/lights/{unit}", everybody, s.boardLights},
		{"GET /c/{competition}/board/medals", everybody, s.boardMedals},
	}
}

// programRoutes are what programs read, and the feed.
func (s *Server) programRoutes() []route {
	return []route{
		{"GET /c/{competition}/documents/units/{file}", everybody, anyOrigin(tagged(s.unitDocument))},
		{"GET /c/{competition}/documents/phases/{file}", everybody, anyOrigin(tagged(s.phaseDocument))},
		{"GET /c/{competition}/api/programme", everybody, anyOrigin(tagged(s.apiProgramme))},
		{"GET /c/{competition}/api/units/{unit}", everybody, anyOrigin(tagged(s.apiUnit))},
		{"GET /c/{competition}/api/phases/{phase}", everybody, anyOrigin(tagged(s.apiPhase))},
		{"GET /c/{competition}/live", everybody, s.watch},
		{"GET /c/{competition}/state/{topic...}", everybody, anyOrigin(s.poll)},
	}
}

// judgeRoutes are the judge's pages and the commands that write results.
func (s *Server) judgeRoutes() []route {
	return []route{
		{"GET /c/{competition}/judge", access.WriteMark, s.judgeHome},
		{"GET /c/{competition}/judge/units/{unit}", access.WriteMark, s.judge},
		{"POST /c/{competition}/judge/units/{unit}", access.WriteMark, s.judgeMark},
		{"POST /c/{competition}/judge/units/{unit}/confirm", access.Confirm, s.judgeConfirm},
		{"POST /c/{competition}/judge/units/{unit}/reopen", access.Confirm, s.judgeReopen},
		{"POST /c/{competition}/marks", access.WriteMark, post(s, access.WriteMark, s.store.EnterMark, func(a *events.EnterMark) (of, int64) { return unitOf, a.Unit })},
		{"POST /c/{competition}/lines", access.WriteMark, post(s, access.WriteMark, s.store.EnterLines, func(a *events.EnterLines) (of, int64) { return unitOf, a.Unit })},
		{"POST /c/{competition}/openings", access.WriteStart, post(s, access.WriteStart, s.store.OpenUnit, func(a *events.OpenUnit) (of, int64) { return unitOf, a.Unit })},
		{"POST /c/{competition}/start-lists", access.WriteStart, post(s, access.WriteStart, s.store.SetStartList, func(a *events.SetStartList) (of, int64) { return unitOf, a.Unit })},
		{"POST /c/{competition}/draws", access.WriteStart, post(s, access.WriteStart, s.store.Draw, func(a *events.DrawPhase) (of, int64) { return phaseOf, a.Phase })},
		{"POST /c/{competition}/confirmations", access.Confirm, post(s, access.Confirm, s.store.Confirm, func(a *events.ConfirmUnit) (of, int64) { return unitOf, a.Unit })},
		{"POST /c/{competition}/reopenings", access.Confirm, post(s, access.Confirm, s.store.Reopen, func(a *events.ReopenUnit) (of, int64) { return unitOf, a.Unit })},
		{"POST /c/{competition}/regulation", access.SetRegulation, post(s, access.SetRegulation, s.store.SetRegulation, func(*events.SetRegulation) (of, int64) { return wholeGames, 0 })},
	}
}

// houseRoutes are about the server itself, and what is none of ours.
func (s *Server) houseRoutes() []route {
	return []route{
		{"GET /livez", everybody, func(w http.ResponseWriter, _ *http.Request) error { return writeJSON(w, http.StatusOK, "ok") }},
		{"GET /readyz", everybody, s.ready},
		{"/", everybody, func(http.ResponseWriter, *http.Request) error { return errNoPage }},
	}
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
	if err := s.streams(r.Context(), code); err != nil {
		return err
	}
	viewer, arrived, err := s.viewer(r)
	if err != nil {
		return err
	}
	defer arrived()
	s.hub.Serve(w, r, code, viewer)
	return nil
}

// streams asks whether there is such a competition. One that is being watched is
// known: a crowd that comes to it costs the database nothing.
func (s *Server) streams(ctx context.Context, code string) error {
	if s.hub.Reads(code) {
		return nil
	}
	_, err := s.store.Competition(ctx, code)
	return err
}

// poll serves one topic's frame to whoever cannot use the websocket.
func (s *Server) poll(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("competition")
	if err := s.streams(r.Context(), code); err != nil {
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
