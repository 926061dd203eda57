package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"tongchang/events"
	"tongchang/live"
	"tongchang/scoring"
)

// Options are what a server is made of.
type Options struct {
	Store *events.Store
	Hub   *live.Hub
	// DeskKey is what whoever writes must present, until people sign in with
	// names of their own: in the cookie that a judge's link sets, or as a bearer
	// token. Empty refuses every write.
	DeskKey string
	// Doors are sign-ins without a password for whoever sits at this machine: a
	// demo's. They open on loopback alone.
	Doors []Door
	// Hall is what tablets need to trust a server that is its own authority; nil
	// where it is none.
	Hall *Hall
	// Origins are addresses that may post and watch besides the server's own.
	Origins []string
	// Meter measures the server; one of its own when nil.
	Meter  *Meter
	Logger *slog.Logger // default slog.Default()
}

// Server answers everything that is asked over HTTP.
type Server struct {
	store     *events.Store
	hub       *live.Hub
	feed      *Feeder
	catalogue *Catalogue
	renderer  *Renderer
	assets    *Assets
	key       [sha256.Size]byte
	open      bool // somebody can write at all
	log       *slog.Logger
	patterns  map[string]bool // of the routes there are
	watchmen  *watchmen
	doors     atomic.Pointer[[]Door]
	hall      *Hall
	meter     *Meter
	kept      *keeper
	heads     heads
	asking    atomic.Int64 // who waits for changes
	handler   http.Handler
}

// New makes a server. The hub should read from the feed that [NewFeed] makes
// for the same store.
func New(o Options) (*Server, error) {
	catalogue, err := ReadCatalogue()
	if err != nil {
		return nil, err
	}
	assets, err := ReadAssets()
	if err != nil {
		return nil, err
	}
	renderer, err := NewRenderer(catalogue, assets)
	if err != nil {
		return nil, err
	}
	s := &Server{store: o.Store, hub: o.Hub, feed: newFeeder(o.Store, catalogue), catalogue: catalogue, renderer: renderer, assets: assets,
		key: sha256.Sum256([]byte(o.DeskKey)), open: o.DeskKey != "", log: o.Logger,
		patterns: map[string]bool{}, heads: heads{of: map[string]head{}}, hall: o.Hall}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.OpenDoors(o.Doors)
	s.watchmen = &watchmen{store: o.Store, hub: o.Hub, coming: map[string]int{},
		warn: func(err error) { s.log.Warn("sign-ins of watchers not looked at", "error", err) }}
	if s.meter = o.Meter; s.meter == nil {
		s.meter = NewMeter()
	}
	s.meter.Watch(s.hub, s.store.Queued)
	cross := http.NewCrossOriginProtection()
	for _, origin := range o.Origins {
		if err := cross.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin %q: %w", origin, err)
		}
	}
	s.kept = newKeeper(s.guard(cross.Handler(s.routes())))
	s.store.OnCommit(s.forget)
	s.handler = s.kept
	return s, nil
}

// forget lets go of what is kept of a competition: its log has gone on.
func (s *Server) forget(code string) {
	s.heads.forget(code)
	s.kept.changed(code)
}

// Wake says that a competition may have changed: its pages are made anew, and
// its watchers' tail looks.
func (s *Server) Wake(code string) {
	s.forget(code)
	s.hub.Wake(code)
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// handler is how our handlers are written: they answer, or return why not.
type handler func(http.ResponseWriter, *http.Request) error

// guard is what every request passes: headers that only narrow what a browser
// may do, and a net under panics, so that one request fails and not the hall.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// handle turns a handler into the standard kind. Here alone is decided what
// people see of an error and what goes into the log.
func (s *Server) handle(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// statusOf gives every kind of refusal its HTTP status.
func statusOf(err error) int {
	var refusal *events.Refusal
	switch {
	case errors.As(err, &refusal):
		switch refusal.Status {
		case events.StatusInvalid:
			return http.StatusUnprocessableEntity
		case events.StatusNotFound:
			return http.StatusNotFound
		case events.StatusStale, events.StatusClosed, events.StatusReused:
			return http.StatusConflict
		case events.StatusForbidden:
			return http.StatusForbidden
		case events.StatusLimited:
			return http.StatusTooManyRequests
		case events.StatusUnknown:
			return http.StatusServiceUnavailable
		}
	case errors.Is(err, errForbidden), errors.Is(err, errSignIn), errors.Is(err, errSecond):
		return http.StatusForbidden
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	}
	var inv *scoring.Invalid
	if errors.As(err, &inv) {
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

// fail answers an error: as JSON to programs, as a page to people. What is ours
// alone gets a number that leads to the log.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, id := statusOf(err), ""
	if status == http.StatusInternalServerError {
		b := make([]byte, 4)
		_, _ = rand.Read(b) // never fails (crypto/rand)
		id = hex.EncodeToString(b)
		s.log.Error("request failed", "id", id, "method", r.Method, "path", pathForLog(r), "error", err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	if s.turnAway(w, r, err) {
		return
	}
	choice := Choose(w, r)
	t := s.catalogue.In(choice.Lang)
	if wantsJSON(r) {
		s.failJSON(w, t, status, id, err)
		return
	}
	back := "/"
	if code := r.PathValue("competition"); code != "" && status != http.StatusNotFound {
		back = "/c/" + code
	}
	page := t.Failure(status, id, back)
	page.Page = Page{Choice: choice, Title: page.Heading, Path: r.URL.Path, Wrong: status == http.StatusUnprocessableEntity}
	if text := t.Problem(err, nil); text != "" {
		page.Details = []string{text}
	}
	if err := s.renderer.Write(w, status, page); err != nil {
		s.log.Error("error page", "error", err)
	}
}

// pathForLog is an address without a secret that it may carry.
func pathForLog(r *http.Request) string {
	if r.PathValue("token") != "" {
		return r.Pattern
	}
	return r.URL.Path
}

// apiError is an error as programs get it. Message is for people, in the
// language asked for.
type apiError struct {
	Status  string      `json:"status"`
	Problem string      `json:"problem"`
	Field   string      `json:"field,omitempty"`
	Message string      `json:"message"`
	Present *apiPresent `json:"present,omitempty"`
	ID      string      `json:"id,omitempty"`
}

type apiPresent struct {
	Text     string `json:"text"`
	Revision int64  `json:"revision"`
	By       string `json:"by"`
}

func (s *Server) failJSON(w http.ResponseWriter, t *Translator, status int, id string, err error) {
	out := apiError{Status: "internal", Problem: "internal", ID: id, Message: t.T("error.500.sentence")}
	var refusal *events.Refusal
	var inv *scoring.Invalid
	switch {
	case errors.As(err, &refusal):
		out = apiError{Status: string(refusal.Status), Problem: refusal.Problem, Field: refusal.Field, Message: t.Problem(err, nil)}
		if p := refusal.Present; p != nil {
			out.Present = &apiPresent{p.Text, p.Revision, p.By}
		}
	case errors.As(err, &inv):
		out = apiError{Status: string(events.StatusInvalid), Problem: inv.Problem, Field: inv.Field, Message: t.Problem(err, nil)}
	case errors.Is(err, errSignIn):
		out = apiError{Status: "forbidden", Problem: "sign-in", Message: t.T("error.403.sentence")}
	case status == http.StatusForbidden:
		out = apiError{Status: "forbidden", Problem: "forbidden", Message: t.T("error.403.sentence")}
	case status == http.StatusServiceUnavailable:
		out = apiError{Status: string(events.StatusUnknown), Problem: "outcome-unknown", Message: t.T("error.503.sentence")}
	}
	if err := writeJSON(w, status, out); err != nil {
		s.log.Info("answer not taken", "error", err)
	}
}

// Problem says what a refusal or an invalid input is about; empty for errors
// that are ours alone.
func (t *Translator) Problem(err error, name func(id string) string) string {
	var refusal *events.Refusal
	var inv *scoring.Invalid
	switch {
	case errors.As(err, &inv):
		return t.Invalid(inv, name)
	case errors.As(err, &refusal):
		return t.Invalid(&scoring.Invalid{Problem: refusal.Problem, With: refusal.With}, nil)
	}
	return ""
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json") || isJSON(r) || strings.Contains(r.URL.Path, "/api/")
}

func isJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}
