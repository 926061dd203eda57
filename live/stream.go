// A stream while it is watched: its topics, its watchers, and the tail that
// reads its log.

package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	sourceTimeout = 5 * time.Second // for one question to the Source
	maxBackoff    = 4 * time.Second // between two looks while the Source fails
	pollMemory    = 30 * time.Second
	maxPolled     = 4096 // topics of a stream, so that names made up cannot fill the memory
)

type stream struct {
	hub  *Hub
	name string
	bell chan struct{} // holds one: look
	rang atomic.Int64  // when the first ring since the last look was, in ns; 0: none
	over chan struct{} // closed when the tail has ended

	mu       sync.Mutex
	watchers map[*watcher]struct{}
	topics   map[topicKey]*topic
	known    bool       // head has been read at least once
	cursor   Position   // all entries up to here have been looked at
	looked   time.Time  // when the log was last read to its end
	early    []*sub     // places that claim to be ahead of the cursor
	greeting *message   // hello for the cursor as it was when last needed
	due      []*watcher // have got something to be written since the lock was taken
	news     time.Time  // when the bell rang for the news among it; zero: there is none
}

// topicKey keeps what a viewer may not see apart from the topic of that name.
type topicKey struct {
	name   string
	hidden bool // answered as if there were no such topic
}

// topic is one thing in a stream, while somebody wants to know of it.
type topic struct {
	topicKey
	subs   []*sub
	frame  *message      // the present state as last read; nil before the first time
	need   int64         // the entry that a reading has to include
	stale  time.Time     // since when frame does not; zero while it does
	polled time.Time     // kept current for those who poll until pollMemory later
	ready  chan struct{} // closed with the next frame; nil while there is one
}

func newStream(h *Hub, name string) *stream {
	s := &stream{
		hub:      h,
		name:     name,
		bell:     make(chan struct{}, 1),
		over:     make(chan struct{}),
		watchers: map[*watcher]struct{}{},
		topics:   map[topicKey]*topic{},
	}
	s.ring()
	return s
}

// ring asks the tail to look. It never waits: one look serves many rings.
func (s *stream) ring() {
	s.rang.CompareAndSwap(0, time.Now().UnixNano())
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// unlock sends carriers to the watchers that are due and lets the lock go. Whoever
// may have woken a watcher unlocks with it.
func (s *stream) unlock() {
	if len(s.due) > 0 {
		(&round{watchers: s.due, running: &s.hub.running, since: s.news, done: s.hub.opts.Reached}).start()
		s.due = nil
	}
	s.news = time.Time{}
	s.mu.Unlock()
}

// dismiss sends one watcher away.
func (s *stream) dismiss(w *watcher, code int, reason string) {
	s.mu.Lock()
	defer s.unlock()
	w.dismiss(code, reason)
}

// join makes the watcher one of the stream's and greets it.
func (s *stream) join(w *watcher) {
	s.mu.Lock()
	defer s.unlock()
	s.watchers[w] = struct{}{}
	if s.known {
		s.greet(w)
	}
}

// greet queues a hello. The lock is held.
func (s *stream) greet(w *watcher) {
	if s.greeting == nil || s.greeting.Position != s.cursor {
		m, err := helloMessage(s.cursor, s.hub.opts.KeepAlive)
		if err != nil {
			s.hub.opts.Logger.Error("live: hello", "stream", s.name, "err", err)
			return
		}
		s.greeting = m
	}
	w.tell(s.greeting)
}

// leave forgets the watcher. With the last one the tail ends.
func (s *stream) leave(w *watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.watchers, w)
	for _, b := range w.subs {
		s.detach(b)
	}
	if len(s.watchers) == 0 {
		s.ring()
	}
}

// watch gives the watcher a place at each topic and sees to it that it gets the
// state unless it has it. The place is taken before the state is read, so no
// change falls between. False when the watcher wants too many topics.
func (s *stream) watch(w *watcher, wants []want) bool {
	keys := make([]topicKey, len(wants))
	for i, want := range wants { // before locking: what May does is not ours
		keys[i] = topicKey{want.topic, w.viewer.May != nil && !w.viewer.May(want.topic)}
	}
	s.mu.Lock()
	defer s.unlock()
	for k, want := range wants {
		i := w.find(want.topic)
		if i < 0 {
			if len(w.subs) >= s.hub.opts.MaxTopics {
				return false
			}
			i = s.attach(w, s.topic(keys[k]))
		}
		b := w.subs[i]
		b.have = want.have
		s.settle(b)
	}
	return true
}

// unwatch gives up places.
func (s *stream) unwatch(w *watcher, wants []want) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, want := range wants {
		if i := w.find(want.topic); i >= 0 {
			s.detach(w.subs[i])
			w.mu.Lock()
			w.subs = slices.Delete(w.subs, i, i+1)
			w.mu.Unlock()
		}
	}
}

// topic finds or makes a topic; a new one is read at the next look. The lock is
// held.
func (s *stream) topic(key topicKey) *topic {
	t := s.topics[key]
	if t == nil {
		t = &topic{topicKey: key}
		t.unread(0)
		s.topics[key] = t
		s.ring()
	}
	return t
}

func (s *stream) attach(w *watcher, t *topic) (index int) {
	b := &sub{watcher: w, topic: t, index: len(t.subs), have: nowhere}
	t.subs = append(t.subs, b)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.subs = append(w.subs, b)
	return len(w.subs) - 1
}

func (s *stream) detach(b *sub) {
	t := b.topic
	last := len(t.subs) - 1
	t.subs[b.index] = t.subs[last]
	t.subs[b.index].index = b.index
	t.subs[last] = nil
	t.subs = t.subs[:last]
	b.index = -1
	s.drop(t)
}

// drop forgets a topic that nobody wants. The lock is held.
func (s *stream) drop(t *topic) {
	if len(t.subs) == 0 && time.Since(t.polled) > pollMemory {
		delete(s.topics, t.topicKey)
	}
}

// settle gives a place its topic's frame, if there is one and the watcher does
// not have it. What it claims to have is believed up to the cursor; beyond, it
// may be ahead of us or wrong, and the next look will tell. The lock is held.
func (s *stream) settle(b *sub) {
	if !s.known {
		return // build will offer
	}
	if b.have.Epoch == s.cursor.Epoch {
		b.have.Epoch = s.cursor.Epoch // one string for all
		if b.have.Seq > s.cursor.Seq && (b.topic.frame == nil || b.have.Seq > b.topic.frame.Seq) {
			s.early = append(s.early, b)
			s.ring()
			return
		}
	}
	if m := b.topic.frame; m != nil {
		b.offer(m)
	}
}

// tail reads the log for as long as anybody cares. It outlives every error of
// the Source; only the hub's end or the last watcher's leaving ends it.
func (s *stream) tail(ctx context.Context) {
	defer s.hub.running.Done()
	defer close(s.over)
	s.hub.running.Add(1)
	go s.keepAlive()
	failures := 0
	for wait := time.Duration(0); s.rest(ctx, wait, failures > 0); {
		start := time.Now()
		err := s.look(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, ErrNoStream):
			s.vanish()
			failures++
		case err != nil:
			failures++
			s.hub.sourceErrors.Add(1)
			s.hub.opts.Logger.Error("live: look", "stream", s.name, "failures", failures, "err", err)
		default:
			failures = 0
		}
		wait = s.hub.opts.Pace - time.Since(start)
		if failures > 0 {
			wait = min(maxBackoff, s.hub.opts.Pace<<min(failures, 10))
		}
	}
}

// rest waits: first for the given time in any case, then until somebody rings
// or a look is due. False when it is time to go.
func (s *stream) rest(ctx context.Context, least time.Duration, again bool) bool {
	if least > 0 {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(least):
		}
	}
	if s.hub.retire(s) {
		return false
	}
	if again {
		return true
	}
	select {
	case <-ctx.Done():
		return false
	case <-s.bell:
	case <-time.After(s.hub.opts.Look):
	}
	return !s.hub.retire(s)
}

// look reads the log to its end and brings every topic up to date. A topic
// that could not be read stays stale, so the next look tries it again.
func (s *stream) look(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	began := time.Now()
	if rang := s.rang.Swap(0); rang != 0 {
		began = time.Unix(0, rang)
	}
	head, err := ask(ctx, func(ctx context.Context) (Position, error) {
		return s.hub.source.Head(ctx, s.name)
	})
	if err != nil {
		return fmt.Errorf("head: %w", err)
	}
	s.adopt(head)
	for cursor := s.position().Seq; cursor < head.Seq; {
		var names []string
		seq, err := ask(ctx, func(ctx context.Context) (seq int64, err error) {
			names, seq, err = s.hub.source.Touched(ctx, s.name, cursor)
			return seq, err
		})
		if err == nil && seq <= cursor {
			err = errors.New("no entry looked at")
		}
		if err != nil {
			return fmt.Errorf("touched after %d of %d: %w", cursor, head.Seq, err)
		}
		s.mark(names, seq)
		cursor = seq
	}
	s.catchUp()
	return s.build(ctx, began)
}

// ask puts one question to the Source, with a deadline.
func ask[T any](ctx context.Context, question func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, sourceTimeout)
	defer cancel()
	return question(ctx)
}

func (s *stream) position() Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor
}

// adopt compares the log's head with what the tail knew. In a new epoch, or when
// the log has become shorter, nothing that anybody has can be trusted: all
// are greeted anew and every topic is read again.
func (s *stream) adopt(head Position) {
	s.mu.Lock()
	defer s.unlock()
	if s.known && head.Epoch == s.cursor.Epoch && head.Seq >= s.cursor.Seq {
		return
	}
	if s.known {
		s.hub.opts.Logger.Warn("live: the log was replaced", "stream", s.name, "was", s.cursor, "is", head)
		need := head.Seq
		if s.hub.opts.Pushed {
			need = 0
		}
		for _, t := range s.topics {
			t.unread(need)
			for _, b := range t.subs {
				b.have = nowhere
			}
		}
	}
	again := s.known
	s.known, s.cursor, s.early = true, head, nil
	for w := range s.watchers {
		if again {
			w.forget()
		}
		s.greet(w)
	}
}

// mark notes which watched topics the entries up to seq touched. A state that
// was read later than that includes them already.
func (s *stream) mark(names []string, seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		if t := s.topics[topicKey{name: name}]; t != nil && (t.frame == nil || t.frame.Seq < seq) {
			t.outdated(seq)
		}
	}
	s.cursor.Seq = seq
}

// catchUp judges the places that claimed to be ahead, now that the log has been
// read to its end: who still is has seen something that is not there.
func (s *stream) catchUp() {
	s.mu.Lock()
	defer s.unlock()
	s.looked = time.Now()
	for _, b := range s.early {
		if b.index < 0 {
			continue
		}
		if b.have.Epoch == s.cursor.Epoch && b.have.Seq > s.cursor.Seq {
			b.have = nowhere
		}
		s.settle(b)
	}
	s.early = nil
}

// build reads each stale topic once and hands it to its watchers. One topic's
// error does not keep the others waiting, but a Source that does not answer at
// all is left alone until the next look.
func (s *stream) build(ctx context.Context, began time.Time) error {
	var errs []error
	for _, t := range s.stale() {
		if err := s.refresh(ctx, t, began); err != nil {
			errs = append(errs, fmt.Errorf("state of %s: %w", t.name, err))
		}
		if ctx.Err() != nil || errors.Is(errors.Join(errs...), context.DeadlineExceeded) {
			break
		}
	}
	return errors.Join(errs...)
}

// stale lists the topics to be read, and forgets those nobody wants any more.
func (s *stream) stale() (topics []*topic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.topics {
		s.drop(t)
		if !t.stale.IsZero() && s.topics[t.topicKey] == t {
			topics = append(topics, t)
		}
	}
	return topics
}

// refresh reads a topic's state and publishes it. began is when the look that
// leads to it was asked for.
func (s *stream) refresh(ctx context.Context, t *topic, began time.Time) error {
	at := s.position()
	m, err := s.compose(ctx, t, at)
	if errors.Is(err, ErrNotYet) {
		return nil // it stays stale, and is touched when there is something
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.unlock()
	if old := t.frame; old != nil && m.Seq < old.Seq {
		return fmt.Errorf("includes entry %d, but an earlier reading %d", m.Seq, old.Seq)
	}
	s.hub.frames.Add(1)
	if t.frame != nil {
		s.news = began
	}
	t.show(m)
	for _, b := range t.subs {
		s.settle(b)
	}
	if m.Seq < t.need {
		return fmt.Errorf("includes entry %d, but %d touched it", m.Seq, t.need)
	}
	t.stale = time.Time{}
	return nil
}

// unread makes the topic one that has to be read.
func (t *topic) unread(need int64) {
	t.frame = nil
	t.outdated(need)
	if t.ready == nil {
		t.ready = make(chan struct{})
	}
}

// outdated notes that a reading has to include the entry.
func (t *topic) outdated(need int64) {
	t.need = need
	if t.stale.IsZero() {
		t.stale = time.Now()
	}
}

// show makes a message the topic's present one.
func (t *topic) show(m *message) {
	t.frame = m
	if t.ready != nil {
		close(t.ready)
		t.ready = nil
	}
}

// compose makes the message of a topic's present state.
func (s *stream) compose(ctx context.Context, t *topic, at Position) (*message, error) {
	if t.hidden {
		return goneMessage(t.name, at)
	}
	var seq int64
	data, err := ask(ctx, func(ctx context.Context) (data []byte, err error) {
		data, seq, err = s.hub.source.State(ctx, s.name, t.name)
		return data, err
	})
	switch {
	case errors.Is(err, ErrNoTopic):
		return goneMessage(t.name, at)
	case err != nil:
		return nil, err
	}
	return frameMessage(t.name, Position{at.Epoch, seq}, data)
}

// keepAlive tells the watchers from time to time that the connection lives, and
// whether what they show is current. It has a goroutine of its own, because a
// Source that hangs must not look like a dead server.
func (s *stream) keepAlive() {
	defer s.hub.running.Done()
	tick := time.NewTicker(s.hub.opts.KeepAlive)
	defer tick.Stop()
	for {
		select {
		case <-s.over:
			return
		case <-tick.C:
			if err := s.sayAlive(); err != nil {
				s.hub.opts.Logger.Error("live: alive", "stream", s.name, "err", err)
			}
		}
	}
}

func (s *stream) sayAlive() error {
	s.mu.Lock()
	defer s.unlock()
	current, err := aliveMessage(s.cursor, true)
	if err != nil {
		return err
	}
	behind, err := aliveMessage(s.cursor, false)
	if err != nil {
		return err
	}
	patience := sourceTimeout
	if s.hub.opts.Pushed { // it answers at once, with what it has been told
		patience = time.Second
	}
	late := time.Now().Add(-s.hub.opts.Look - patience)
	for w := range s.watchers {
		if s.looked.After(late) && w.readSince(late) {
			w.tell(current)
		} else {
			w.tell(behind)
		}
	}
	return nil
}

// vanish sends everybody away for good: there is no such stream.
func (s *stream) vanish() {
	s.each(func(w *watcher) { w.dismiss(CloseNoStream, "no such stream") })
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.topics {
		if m, err := goneMessage(t.name, Position{}); err == nil {
			t.show(m)
		}
		t.polled = time.Time{}
		s.drop(t)
	}
}

// count adds the stream's figures of the moment.
func (s *stream) count(st *Stats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Topics += len(s.topics)
	oldest := time.Now()
	if s.known && s.looked.Before(oldest.Add(-s.hub.opts.Look)) {
		oldest = s.looked
	}
	for _, t := range s.topics {
		if !t.stale.IsZero() && t.stale.Before(oldest) {
			oldest = t.stale
		}
	}
	st.Behind = max(st.Behind, time.Since(oldest))
	for w := range s.watchers {
		if w.busy() {
			st.Queued++
		}
	}
}

// each calls f for every watcher, under the lock.
func (s *stream) each(f func(*watcher)) {
	s.mu.Lock()
	defer s.unlock()
	for w := range s.watchers {
		f(w)
	}
}
