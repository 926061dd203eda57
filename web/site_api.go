package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/events"
)

// What other systems build on besides single answers: everything public may be
// read from any page, the whole interface describes itself, and who follows
// asks what has changed since they last did.

// openRoutes are the interface's own description and its feed of changes.
func (s *Server) openRoutes() []route {
	return []route{
		{"GET /c/{competition}/api/openapi.json", everybody, anyOrigin(tagged(s.openAPI))},
		{"GET /c/{competition}/api/changes", everybody, anyOrigin(s.apiChanges)},
		{"OPTIONS /c/{competition}/api/{rest...}", everybody, anyOrigin(preflight)},
		{"OPTIONS /c/{competition}/state/{rest...}", everybody, anyOrigin(preflight)},
		{"OPTIONS /c/{competition}/documents/{rest...}", everybody, anyOrigin(preflight)},
	}
}

// anyOrigin lets pages of other sites read what everybody may read. It is never
// said of anything that depends on who asks: a browser then sends no cookies.
func anyOrigin(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		head := w.Header()
		head.Set("Access-Control-Allow-Origin", "*")
		head.Set("Access-Control-Expose-Headers", "ETag, Retry-After")
		head.Set("Cross-Origin-Resource-Policy", "cross-origin")
		return h(w, r)
	}
}

// preflight answers what a browser asks before it asks with If-None-Match.
func preflight(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET")
	h.Set("Access-Control-Allow-Headers", "If-None-Match, Accept")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// How far back changes are told, in entries of the log, and how long somebody
// may wait for the next one.
const (
	changesBack = 20_000
	changesWait = 25 * time.Second
	changesLook = 200 * time.Millisecond
)

// apiChange is what has changed since a token: topics, each of which has a
// state to read. Snapshot says that the token is of another log, too old or
// missing: read everything, then go on from the new token.
type apiChange struct {
	Token    string   `json:"token"`
	Snapshot bool     `json:"snapshot"`
	More     bool     `json:"more"` // there is more already: ask again at once
	Changed  []string `json:"changed"`
}

// publicTopic reports whether a touched topic is one that everybody may read;
// meet says that anything may have changed.
func publicTopic(t string) bool {
	kind, _, _ := strings.Cut(t, "/")
	return slices.Contains([]string{"unit", "event", "delegation", "schedule", "today", "medals", meetTopic, events.CallTopic}, kind)
}

// apiChanges serves what has changed since the token that the last answer gave.
// With wait it is held back until something has, or the seconds are over.
func (s *Server) apiChanges(w http.ResponseWriter, r *http.Request) error {
	code, q := r.PathValue("competition"), r.URL.Query()
	c, err := s.heads.read(r.Context(), s.store, code)
	if err != nil {
		return err
	}
	wait := time.Duration(0)
	if n, err := strconv.Atoi(q.Get("wait")); err == nil && n > 0 {
		defer s.asking.Add(-1)
		if wait = min(time.Duration(n)*time.Second, changesWait); s.asking.Add(1) > maxWaiting {
			wait = 0
			w.Header().Set("Retry-After", "5") // too many wait already: ask again later
		}
	}
	over := time.Now().Add(wait)
	w.Header().Set("Cache-Control", "no-store")
	for {
		out, err := s.changesSince(r, c, q.Get("since"))
		if err != nil {
			return err
		}
		if out.Snapshot || len(out.Changed) > 0 || !time.Now().Before(over) {
			return writeJSON(w, http.StatusOK, out)
		}
		select {
		case <-r.Context().Done():
			return r.Context().Err()
		case <-time.After(changesLook):
		}
		if c, err = s.heads.read(r.Context(), s.store, code); err != nil {
			return err
		}
	}
}

// maxWaiting is how many may wait for changes at once.
const maxWaiting = 256

func (s *Server) changesSince(r *http.Request, c events.Competition, since string) (apiChange, error) {
	out := apiChange{Token: changesToken(c.Epoch, c.LastSeq), Changed: []string{}}
	epoch, number, _ := strings.Cut(since, "-")
	after, err := strconv.ParseInt(number, 10, 64)
	if err != nil || epoch != c.Epoch || after < 0 || after > c.LastSeq || c.LastSeq-after > changesBack {
		out.Snapshot = true
		return out, nil
	}
	if after == c.LastSeq {
		return out, nil
	}
	touched, seq, err := s.store.Touched(r.Context(), c.ID, after)
	if err != nil {
		return out, err
	}
	for _, t := range withCalls(touched) {
		if publicTopic(t) {
			out.Changed = append(out.Changed, t)
		}
	}
	out.Token, out.More = changesToken(c.Epoch, seq), seq < c.LastSeq
	return out, nil
}

func changesToken(epoch string, seq int64) string { return epoch + "-" + strconv.FormatInt(seq, 10) }
