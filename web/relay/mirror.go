// The mirror: what the venue has said of one competition. It is the hub's Source,
// told of states over websockets as any board is, and adds nothing to them: epoch
// and numbers are the venue's.

package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"tongchang/live"
)

const (
	lineTopics = 60              // of one websocket; the venue allows 64
	mostLines  = 64              // websockets for one competition
	lostAfter  = 3 * time.Second // a line that is down for less is nobody's business
	idleAfter  = time.Minute     // nobody has asked for this long: the venue is left alone
)

// plain are the characters that a topic's name may have; the venue has no others.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"

var (
	errLost = errors.New("relay: the venue cannot be heard")
	errFull = errors.New("relay: too many topics")
)

// mirror is one competition as the venue has told it.
type mirror struct {
	relay *Relay
	code  string
	known chan struct{} // closed with the first hello, or when there is no such competition

	mu     sync.Mutex
	none   bool // the venue says that there is no such competition
	at     live.Position
	told   string // the epoch of which the hub knows
	behind bool   // the venue itself cannot read its log
	asked  time.Time
	heard  time.Time // the last word that was current
	topics map[string]*followed
	lines  []*line
}

// followed is a topic that the mirror watches.
type followed struct {
	line    *line
	name    string
	has     bool
	gone    bool
	at      live.Position
	data    json.RawMessage
	asked   time.Time // by the hub
	changed time.Time
}

// note is any message of the venue (docs/feed.md).
type note struct {
	Type      string          `json:"type"`
	Topic     string          `json:"topic"`
	Epoch     string          `json:"epoch"`
	Seq       int64           `json:"seq"`
	KeepAlive int64           `json:"keep_alive"`
	Current   bool            `json:"current"`
	Data      json.RawMessage `json:"data"`
}

// head is the newest the venue has spoken of; an error while it cannot be heard.
func (m *mirror) head(ctx context.Context) (live.Position, error) {
	select {
	case <-m.known:
	case <-ctx.Done():
		return live.Position{}, errLost
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = time.Now()
	switch {
	case m.none:
		return live.Position{}, live.ErrNoStream
	case m.behind || m.lost():
		return live.Position{}, errLost
	}
	m.told = m.at.Epoch
	return m.at, nil
}

// lost reports whether a line has been down for long. The lock is held.
func (m *mirror) lost() bool {
	for _, l := range m.lines {
		if !l.down.IsZero() && time.Since(l.down) > lostAfter {
			return true
		}
	}
	return false
}

// state is a topic as the venue last told it. One that is not followed yet will be.
func (m *mirror) state(name string) (json.RawMessage, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.topics[name]
	if f == nil && strings.Trim(name, plain) != "" {
		return nil, 0, live.ErrNoTopic
	}
	if f == nil {
		var err error
		if f, err = m.follow(name); err != nil {
			return nil, 0, err
		}
	}
	f.asked = time.Now()
	switch {
	case !f.has || f.at.Epoch != m.told:
		return nil, 0, live.ErrNotYet
	case f.gone:
		return nil, 0, live.ErrNoTopic
	}
	return f.data, f.at.Seq, nil
}

// follow gives a topic a place on a line. The lock is held.
func (m *mirror) follow(name string) (*followed, error) {
	var on *line
	for _, l := range m.lines {
		if len(l.topics) < lineTopics {
			on = l
		}
	}
	switch {
	case on == nil && len(m.lines) < mostLines:
		on = m.open()
	case on == nil:
		if on = m.room(); on == nil {
			return nil, errFull
		}
	}
	f := &followed{line: on, name: name}
	m.topics[name] = f
	on.topics[name] = f
	on.say()
	return f, nil
}

// room gives up a topic that the venue does not have, so that names made up do
// not keep out those that are not. The lock is held.
func (m *mirror) room() *line {
	for _, f := range m.topics {
		if f.has && f.gone {
			f.line.leave(f)
			delete(m.topics, f.name)
			return f.line
		}
	}
	return nil
}

// open begins another line. The lock is held.
func (m *mirror) open() *line {
	l := &line{mirror: m, topics: map[string]*followed{}, down: time.Now(), wants: make(chan struct{}, 1)}
	m.lines = append(m.lines, l)
	m.relay.running.Go(func() { l.run(m.relay.life) })
	return l
}

// take believes a message of the venue, and says which topic is new by it.
func (m *mirror) take(l *line, n *note) (topic string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heard = time.Now()
	switch n.Type {
	case "hello":
		m.greeted(l, n)
	case "alive":
		m.behind = !n.Current
		if n.Epoch == m.at.Epoch {
			m.at.Seq = max(m.at.Seq, n.Seq)
		}
	case "frame", "gone":
		f := l.topics[n.Topic]
		if f == nil || n.Epoch != m.at.Epoch || f.has && f.at.Epoch == n.Epoch && n.Seq < f.at.Seq {
			return ""
		}
		if f.has && f.asked.Before(f.changed) && time.Since(f.changed) > idleAfter {
			l.leave(f) // the last state was wanted by nobody
			delete(m.topics, f.name)
			return ""
		}
		f.has, f.gone, f.at, f.data, f.changed = true, n.Type == "gone", live.Position{Epoch: n.Epoch, Seq: n.Seq}, n.Data, time.Now()
		m.at.Seq = max(m.at.Seq, n.Seq)
		return f.name
	}
	return ""
}

// greeted begins a line, or a new epoch on all of them. The lock is held.
func (m *mirror) greeted(l *line, n *note) {
	first := m.at.Epoch == ""
	l.down = time.Time{}
	if n.Epoch != m.at.Epoch || n.Seq < m.at.Seq {
		m.at = live.Position{Epoch: n.Epoch, Seq: n.Seq}
		for _, f := range m.topics {
			f.has = f.has && f.at.Epoch == n.Epoch && f.at.Seq <= n.Seq
		}
	}
	m.at.Seq = max(m.at.Seq, n.Seq)
	m.behind = false
	if first && !m.none {
		close(m.known)
	}
}

// vanished notes that the venue knows no such competition.
func (m *mirror) vanished() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at.Epoch == "" && !m.none {
		close(m.known)
	}
	m.none = true
}

// idle reports whether nobody has asked for long.
func (m *mirror) idle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.asked) > idleAfter
}

// age is how long ago the venue was heard.
func (m *mirror) age() (time.Duration, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.heard), !m.heard.IsZero()
}

// Head is part of live.Source.
func (r *Relay) Head(ctx context.Context, code string) (live.Position, error) {
	at, err := r.mirror(code).head(ctx)
	if err != nil && !errors.Is(err, live.ErrNoStream) {
		err = fmt.Errorf("%s: %w", code, err)
	}
	return at, err
}

// Touched is part of live.Source. What is new is said with live.Hub.Touch, so
// there is never anything to find here.
func (r *Relay) Touched(ctx context.Context, code string, after int64) ([]string, int64, error) {
	at, err := r.mirror(code).head(ctx)
	return nil, at.Seq, err
}

// State is part of live.Source.
func (r *Relay) State(_ context.Context, code, topic string) (json.RawMessage, int64, error) {
	return r.mirror(code).state(topic)
}

// mirror finds a competition's mirror, or begins one.
func (r *Relay) mirror(code string) *mirror {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.mirrors[code]
	if m == nil {
		m = &mirror{relay: r, code: code, known: make(chan struct{}), asked: time.Now(), topics: map[string]*followed{}}
		r.mirrors[code] = m
		m.mu.Lock()
		m.open()
		m.mu.Unlock()
	}
	return m
}

// forget drops a mirror that nobody asks.
func (r *Relay) forget(m *mirror) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mirrors[m.code] == m {
		delete(r.mirrors, m.code)
	}
}
