// Polling: the same frames for clients without a websocket.

package live

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// pollTimeout is how long a poll may wait for a topic to be read.
const pollTimeout = sourceTimeout + time.Second

// Poll answers with the topic's frame, the same JSON that watchers get, or 304
// when the client's If-None-Match names it. A topic that is polled is kept
// current for half a minute, so most polls cost no reading. Whether the
// client may see the topic is for the caller to check.
func (h *Hub) Poll(w http.ResponseWriter, r *http.Request, stream, topic string) {
	ctx, cancel := context.WithTimeout(r.Context(), pollTimeout)
	defer cancel()
	m := h.present(ctx, stream, topic)
	if m == nil {
		h.refuse(w)
		return
	}
	h.polls.Add(1)
	tag := strconv.Quote(m.Epoch + "-" + strconv.FormatInt(m.Seq, 10))
	header := w.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", "no-cache")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", "application/json")
	if m.kind == kindGone {
		w.WriteHeader(http.StatusNotFound)
	}
	w.Write(m.text)
}

// present is the topic's newest frame, nil when there is none in time.
func (h *Hub) present(ctx context.Context, stream, name string) *message {
	s, t, ready := h.polled(stream, name)
	if t == nil {
		return nil
	}
	if ready != nil {
		select {
		case <-ready:
		case <-s.over:
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return t.frame
}

// polled notes that somebody polls the topic. ready is nil when it has a frame.
func (h *Hub) polled(stream, name string) (s *stream, t *topic, ready <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s = h.stream(stream)
	if s == nil || name == "" || len(name) > maxName {
		return nil, nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.topics) >= maxPolled && s.topics[topicKey{name: name}] == nil {
		return nil, nil, nil
	}
	t = s.topic(topicKey{name: name})
	t.polled = time.Now()
	return s, t, t.ready
}
