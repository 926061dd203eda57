// Whoever watches with a sign-in is sent away within a second of its end,
// whichever node ended it: an open line sends no requests that could be refused.
package web

import (
	"context"
	"net/http"
	"strconv"
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
	coming  map[int64]int // sign-ins whose handshake is under way, and how many
	looking bool
}

// viewer is on whose behalf a request watches. arrived is called when the
// request is a watcher of the hub, or is not going to be one.
func (s *Server) viewer(r *http.Request) (who live.Viewer, arrived func(), err error) {
	in, err := s.signInOf(r)
	if err != nil || !in.Who().SignedIn() {
		return who, func() {}, err
	}
	id := in.SignIn.ID
	s.watchmen.expect(id)
	return live.Viewer{Session: strconv.FormatInt(id, 10)}, func() { s.watchmen.arrived(id) }, nil
}

func (m *watchmen) expect(signIn int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.coming[signIn]++
	if !m.looking {
		m.looking = true
		go m.look()
	}
}

func (m *watchmen) arrived(signIn int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.coming[signIn]--; m.coming[signIn] == 0 {
		delete(m.coming, signIn)
	}
}

// look goes round until nobody watches with a sign-in.
func (m *watchmen) look() {
	for range time.Tick(lookEvery) {
		ids := m.watching()
		if len(ids) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		ended, err := m.store.Ended(ctx, ids)
		cancel()
		if err != nil {
			m.warn(err)
			continue
		}
		for _, id := range ended {
			m.hub.Dismiss(strconv.FormatInt(id, 10))
		}
	}
}

// watching are the sign-ins to look at; with none the round ends.
func (m *watchmen) watching() (ids []int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.coming {
		ids = append(ids, id)
	}
	for _, session := range m.hub.Sessions() {
		if id, err := strconv.ParseInt(session, 10, 64); err == nil && m.coming[id] == 0 {
			ids = append(ids, id)
		}
	}
	m.looking = len(ids) > 0
	return ids
}
