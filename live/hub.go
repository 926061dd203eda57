// The hub: who may connect, and which streams are being read.

package live

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// pongGrace is how long a watcher may take to answer a ping. With the default
// keep-alive a dead connection is noticed within 20 s.
const pongGrace = 5 * time.Second

// Hub fans out. Make it with [NewHub] and end it with [Hub.Close].
type Hub struct {
	source Source
	opts   Options

	life    context.Context // of the tails
	end     context.CancelFunc
	running sync.WaitGroup // tails, readers, carriers

	mu       sync.Mutex // taken before a stream's lock
	streams  map[string]*stream
	admitted int // watchers, those shaking hands included
	closing  bool

	ration   ration
	arriving atomic.Int64

	connected, polls, frames, delivered, skipped, slow, refused, sourceErrors atomic.Int64
}

// NewHub makes a hub that reads from src.
func NewHub(src Source, opts Options) *Hub {
	opts = opts.withDefaults()
	life, end := context.WithCancel(context.Background())
	return &Hub{
		source:  src,
		opts:    opts,
		life:    life,
		end:     end,
		streams: map[string]*stream{},
	}
}

// Wake says that the stream may have new entries: look. It is called after a
// commit, never waits and may be called too often. A wake that gets lost costs
// at most Options.Look.
func (h *Hub) Wake(name string) {
	h.mu.Lock()
	s := h.streams[name]
	h.mu.Unlock()
	if s != nil {
		s.ring()
	}
}

// Touch says that the Source has something new of a topic. Only a Source of which
// Options.Pushed is true needs it.
func (h *Hub) Touch(name, topic string) {
	h.mu.Lock()
	s := h.streams[name]
	h.mu.Unlock()
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.topics[topicKey{name: topic}]; t != nil {
		t.outdated(t.need)
		s.ring()
	}
}

// Serve makes the request a watcher of the stream. It returns when the
// connection has been taken over, or refused with an answer.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, stream string, who Viewer) {
	if !h.originAllowed(r) {
		h.refused.Add(1)
		http.Error(w, "origin not allowed", http.StatusForbidden)
		return
	}
	if !h.admit() {
		h.refuse(w)
		return
	}
	if err := h.turn(r.Context(), who); err != nil {
		h.release()
		h.refuse(w)
		return
	}
	socket, err := openSocket(w, r, h.opts.KeepAlive+pongGrace)
	if err != nil {
		h.release()
		h.opts.Logger.Debug("live: handshake", "err", err)
		return
	}
	one := &watcher{hub: h, viewer: who, socket: socket}
	if !h.enter(one, stream) {
		socket.goodbye(CloseRestart, h.comeBack())
		socket.abort()
		h.release()
		return
	}
	h.connected.Add(1)
	go one.read()
}

// admit reserves a place for one watcher.
func (h *Hub) admit() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing || h.admitted >= h.opts.MaxWatchers {
		return false
	}
	h.admitted++
	return true
}

func (h *Hub) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.admitted--
}

// refuse answers that there is no room now.
func (h *Hub) refuse(w http.ResponseWriter) {
	h.refused.Add(1)
	w.Header().Set("Retry-After", strconv.Itoa(2+rand.IntN(9)))
	http.Error(w, "no room for another watcher; come back in a moment", http.StatusServiceUnavailable)
}

// enter lets the watcher into its stream.
func (h *Hub) enter(w *watcher, name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.stream(name)
	if s == nil {
		return false
	}
	w.stream = s
	h.running.Add(1)
	s.join(w)
	return true
}

// stream finds the stream or begins to read it; nil when the hub is closing.
// The lock is held.
func (h *Hub) stream(name string) *stream {
	if h.closing {
		return nil
	}
	s := h.streams[name]
	if s == nil {
		s = newStream(h, name)
		h.streams[name] = s
		h.running.Add(1)
		go s.tail(h.life)
	}
	return s
}

// leave is the end of a watcher.
func (h *Hub) leave(w *watcher) {
	w.stream.leave(w)
	h.release()
}

// retire ends a stream that nobody wants to know of.
func (h *Hub) retire(s *stream) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.watchers) > 0 {
		return false
	}
	for _, t := range s.topics {
		s.drop(t)
	}
	if len(s.topics) > 0 {
		return false
	}
	delete(h.streams, s.name)
	return true
}

// Dismiss sends away the watchers of a session that is over, and says how many
// they were.
func (h *Hub) Dismiss(session string) (n int) {
	h.each(func(w *watcher) {
		if session != "" && w.viewer.Session == session {
			w.dismiss(CloseDismissed, "session over")
			n++
		}
	})
	return n
}

// Sessions lists the sessions that watch, each once: those whose end somebody
// has to look out for.
func (h *Hub) Sessions() (sessions []string) {
	seen := map[string]bool{"": true}
	h.each(func(w *watcher) {
		if !seen[w.viewer.Session] {
			seen[w.viewer.Session] = true
			sessions = append(sessions, w.viewer.Session)
		}
	})
	return sessions
}

// each calls f for every watcher.
func (h *Hub) each(f func(*watcher)) {
	h.mu.Lock()
	streams := make([]*stream, 0, len(h.streams))
	for _, s := range h.streams {
		streams = append(streams, s)
	}
	h.mu.Unlock()
	for _, s := range streams {
		s.each(f)
	}
}

// Close ends the hub: no one is let in, every watcher gets what is queued and
// a code to come back, each after another while. It waits until all are gone;
// when ctx ends first, it cuts the connections and returns the context's error,
// without waiting for a Source that does not return.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	h.each(func(w *watcher) { w.dismiss(CloseRestart, h.comeBack()) })
	h.end()
	gone := make(chan struct{})
	go func() {
		h.running.Wait()
		close(gone)
	}()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		h.each(func(w *watcher) { w.socket.abort() })
		select {
		case <-gone:
		case <-time.After(time.Second):
			h.opts.Logger.Error("live: the source does not return")
		}
		return ctx.Err()
	}
}

// Reads reports whether somebody watches the stream, so that it is being read.
func (h *Hub) Reads(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.streams[name] != nil
}

// comeBack is a close reason that asks to come back: the milliseconds to wait,
// drawn apart so that not all come at once. The more there are, the further
// apart: the crowd that returns must leave room for those who never left.
func (h *Hub) comeBack() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	crowd := time.Duration(h.admitted) * 4 * time.Second / time.Duration(h.opts.Arrivals)
	spread := min(max(4500*time.Millisecond, crowd), 29*time.Second)
	return strconv.FormatInt((500*time.Millisecond + rand.N(spread)).Milliseconds(), 10)
}

// Stats are the hub's figures.
func (h *Hub) Stats() Stats {
	st := Stats{
		Arriving:     int(h.arriving.Load()),
		Admitted:     h.connected.Load(),
		Polled:       h.polls.Load(),
		Frames:       h.frames.Load(),
		Delivered:    h.delivered.Load(),
		Skipped:      h.skipped.Load(),
		Slow:         h.slow.Load(),
		Refused:      h.refused.Load(),
		SourceErrors: h.sourceErrors.Load(),
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	st.Watchers, st.Streams = h.admitted, len(h.streams)
	for _, s := range h.streams {
		s.count(&st)
	}
	return st
}

// originAllowed compares the page's origin exactly: one Origin header, of the
// host that was asked or on the list. Requests for a websocket carry cookies
// from any page, so this is what keeps strangers' pages out.
func (h *Hub) originAllowed(r *http.Request) bool {
	origins := r.Header["Origin"]
	if len(origins) != 1 {
		return len(origins) == 0 && h.opts.AllowNoOrigin
	}
	if slices.Contains(h.opts.Origins, origins[0]) {
		return true
	}
	u, err := url.Parse(origins[0])
	return err == nil && strings.EqualFold(u.Scheme+"://"+u.Host, origins[0]) &&
		(u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}
