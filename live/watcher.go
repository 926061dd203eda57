// A watcher: one connection, what it watches, and the queue to it.

package live

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// watcher is one connection. It has one goroutine of its own, which reads;
// what is put into its queue is written by the carriers of a [round].
type watcher struct {
	hub    *Hub
	stream *stream
	viewer Viewer
	socket *socket

	mu       sync.Mutex // taken after stream.mu; guards what follows and each sub's queue
	subs     []*sub
	note     *message // hello or alive, before all frames
	noted    time.Time
	draining bool      // a carrier is here, or on its way
	bye      *farewell // goes out when the queue is empty
}

// farewell is the code and reason of a close frame.
type farewell struct {
	code   int
	reason string
}

// sub is a watcher's place at a topic.
type sub struct {
	watcher *watcher
	topic   *topic
	index   int      // in topic.subs; guarded by stream.mu
	have    Position // what the watcher has or is about to get; guarded by stream.mu

	next  *message  // not yet written; a newer one takes its place; guarded by watcher.mu
	since time.Time // when the queue's place was taken
}

// offer queues the topic's frame unless the watcher has as new a state. The
// stream's lock is held, which keeps frames of a topic in order.
func (b *sub) offer(m *message) {
	if b.have.Epoch == m.Epoch && b.have.Seq >= m.Seq {
		return
	}
	b.have = m.Position
	w := b.watcher
	w.mu.Lock()
	if b.next != nil {
		w.hub.skipped.Add(1)
	} else {
		b.since = time.Now()
	}
	b.next = m
	w.wake()
	w.mu.Unlock()
}

// tell queues a hello or a sign of life. The stream's lock is held, as it is for
// everything that may wake a watcher.
func (w *watcher) tell(m *message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.note == nil:
		w.noted = time.Now()
	case m.kind == kindAlive: // what waits already says as much, and a hello must not get lost
		return
	}
	w.note = m
	w.wake()
}

// readSince reports whether none of its topics has been waiting to be read since
// before then. The stream's lock is held.
func (w *watcher) readSince(then time.Time) bool {
	return !slices.ContainsFunc(w.subs, func(b *sub) bool {
		return !b.topic.stale.IsZero() && b.topic.stale.Before(then)
	})
}

// busy reports whether something has still to be written.
func (w *watcher) busy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.draining
}

// forget empties the queue: what is in it belongs to an epoch that is over.
func (w *watcher) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.note = nil
	for _, b := range w.subs {
		b.next = nil
	}
}

// dismiss closes the connection when what is queued has been written. Only the
// first farewell counts.
func (w *watcher) dismiss(code int, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bye == nil {
		w.bye = &farewell{code, reason}
		w.wake()
	}
}

// wake makes the watcher due for a carrier. Both locks are held.
func (w *watcher) wake() {
	if !w.draining {
		w.draining = true
		w.stream.due = append(w.stream.due, w)
	}
}

// drain writes until the queue is empty. The carrier steps aside before it has
// to wait for the line. A watcher that cannot take one message in time is stuck and
// cut; one whose line cannot carry all it watches, so that messages wait too
// long, is told to come back. After an ending draining stays true, so that
// nothing is written any more.
func (w *watcher) drain(c *carrier) {
	for {
		m, since, bye := w.take()
		if m == nil && bye == nil {
			return
		}
		if m != nil && time.Since(since) > w.hub.opts.WriteTimeout {
			w.hub.slow.Add(1)
			bye = &farewell{CloseSlow, w.hub.comeBack()}
		}
		if bye != nil {
			c.stepAside()
			w.socket.goodbye(bye.code, bye.reason)
			return
		}
		if err := w.send(m, c); err != nil {
			if isTimeout(err) {
				w.hub.slow.Add(1)
			}
			if !errors.Is(err, errLeaving) {
				w.socket.abort()
			}
			return
		}
	}
}

func (w *watcher) send(m *message, c *carrier) error {
	if m.kind == kindAlive {
		if err := w.socket.ping(); err != nil {
			return err
		}
	}
	full, err := w.socket.send(m.packet)
	if full {
		c.stepAside()
		err = w.socket.flush(w.hub.opts.WriteTimeout)
	}
	if err == nil && m.kind == kindFrame {
		w.hub.delivered.Add(1)
	}
	return err
}

// take removes the message that has waited longest; with none left, it takes
// the farewell or ends the draining.
func (w *watcher) take() (m *message, since time.Time, bye *farewell) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m = w.note; m != nil {
		w.note = nil
		return m, w.noted, nil
	}
	var oldest *sub
	for _, b := range w.subs {
		if b.next != nil && (oldest == nil || b.since.Before(oldest.since)) {
			oldest = b
		}
	}
	if oldest != nil {
		m, oldest.next = oldest.next, nil
		return m, oldest.since, nil
	}
	w.draining = w.bye != nil
	return nil, since, w.bye
}

// read listens to the client until the connection ends, then clears up. Obeying
// needs a deep stack, waiting a flat one, and most watchers wait for hours after
// their first message; so each message is waited for by a fresh goroutine.
func (w *watcher) read() {
	text, err := w.socket.read()
	if err != nil {
		w.end(err)
		return
	}
	w.obey(text)
	go w.read()
}

// end is what read does when the connection has ended.
func (w *watcher) end(err error) {
	defer w.hub.running.Done()
	w.socket.end(err)
	w.hub.leave(w)
}

// obey does what a client asks. A nonsensical message is answered by a farewell;
// reading goes on until the peer has answered that.
func (w *watcher) obey(text []byte) {
	verb, wants, err := parseRequest(text)
	switch {
	case err != nil:
		w.stream.dismiss(w, CloseNonsense, "bad message")
	case verb == verbUnwatch:
		w.stream.unwatch(w, wants)
	case !w.stream.watch(w, wants):
		w.stream.dismiss(w, CloseFlood, "too many topics")
	}
}

// find is the watcher's place at a topic, or -1. The watcher's lock is held, or
// the caller is its reader, the only one to change the list.
func (w *watcher) find(name string) int {
	return slices.IndexFunc(w.subs, func(b *sub) bool { return b.topic.name == name })
}
