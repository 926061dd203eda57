// Whoever watches with a sign-in is sent away within a second of its end,
// whichever node ended it: an open line sends no requests that could be refused.
package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tongchang/events"
	"tongchang/live"
)

// lookEvery is how often the sign-ins of watchers are looked at, all together.
const lookEvery = 500 * time.Millisecond

// watchmen look after the sign-ins that watch, while there are any.
type watchmen struct {
	store *events.Store
	hub   *live.Hub
	warn  func(error)

	mu      sync.Mutex
	coming  map[string]int // whose handshake is under way, and how many
	looking bool
}

// viewer is on whose behalf a request watches. arrived is called when the
// request is a watcher of the hub, or is not going to be one.
func (s *Server) viewer(r *http.Request) (who live.Viewer, arrived func(), err error) {
	session, err := s.session(r)
	if err != nil || session == "" {
		return who, func() {}, err
	}
	s.watchmen.expect(session)
	return live.Viewer{Session: session}, func() { s.watchmen.arrived(session) }, nil
}

// seatSession begins the session of a device at a seat; a sign-in's is its
// number alone.
const seatSession = "seat-"

// session names what a request watches by: the device's seat, or a sign-in;
// empty where it is neither.
func (s *Server) session(r *http.Request) (string, error) {
	d, err := s.seatOf(r)
	if err != nil || d.Who().SignedIn() {
		return seatSession + strconv.FormatInt(d.ID(), 10), err
	}
	in, err := s.signInOf(r)
	if err != nil || !in.Who().SignedIn() {
		return "", err
	}
	return strconv.FormatInt(in.SignIn.ID, 10), nil
}

func (m *watchmen) expect(session string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.coming[session]++
	if !m.looking {
		m.looking = true
		go m.look()
	}
}

func (m *watchmen) arrived(session string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.coming[session]--; m.coming[session] == 0 {
		delete(m.coming, session)
	}
}

// look goes round until nobody watches with a sign-in or from a seat.
func (m *watchmen) look() {
	for range time.Tick(lookEvery) {
		sessions := m.watching()
		if len(sessions) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		ended, err := m.ended(ctx, sessions)
		cancel()
		if err != nil {
			m.warn(err)
			continue
		}
		for _, session := range ended {
			m.hub.Dismiss(session)
		}
	}
}

// ended are the sessions that may not watch any more.
func (m *watchmen) ended(ctx context.Context, sessions []string) ([]string, error) {
	ids := map[bool][]int64{} // by whether they are seats'
	for _, session := range sessions {
		number, seat := strings.CutPrefix(session, seatSession)
		if id, err := strconv.ParseInt(number, 10, 64); err == nil {
			ids[seat] = append(ids[seat], id)
		}
	}
	signIns, err := m.store.Ended(ctx, ids[false])
	if err != nil {
		return nil, err
	}
	devices, err := m.store.DevicesEnded(ctx, ids[true])
	if err != nil {
		return nil, err
	}
	var ended []string
	for _, id := range signIns {
		ended = append(ended, strconv.FormatInt(id, 10))
	}
	for _, id := range devices {
		ended = append(ended, seatSession+strconv.FormatInt(id, 10))
	}
	return ended, nil
}

// watching are the sessions to look at; with none the round ends.
func (m *watchmen) watching() (sessions []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for session := range m.coming {
		sessions = append(sessions, session)
	}
	for _, session := range m.hub.Sessions() {
		if session != "" && m.coming[session] == 0 {
			sessions = append(sessions, session)
		}
	}
	m.looking = len(sessions) > 0
	return sessions
}
