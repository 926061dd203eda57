// A line: one websocket to the venue, kept up as a board keeps its own.

package relay

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

const (
	dialPatience = 10 * time.Second
	maxRequest   = 3500                   // bytes of a message to the venue, which takes 4 KB
	between      = 550 * time.Millisecond // two messages to the venue, which takes two a second
	firstWord    = 20 * time.Second       // until the venue has said how often it speaks
)

// line is one websocket and the topics that it watches. Its fields belong to the
// mirror's lock.
type line struct {
	mirror *mirror
	topics map[string]*followed
	down   time.Time // since when; zero while it is up
	unsaid []want    // what the venue has still to be told
	wants  chan struct{}
}

// want is a topic in a message to the venue.
type want struct {
	verb  string
	Topic string `json:"topic"`
	Epoch string `json:"epoch,omitempty"`
	Seq   *int64 `json:"seq,omitempty"`
}

// run keeps the line up until the relay ends or nobody asks for the competition.
func (l *line) run(ctx context.Context) {
	m := l.mirror
	for tries := 0; ctx.Err() == nil; tries++ {
		if m.idle() {
			m.relay.forget(m)
			return
		}
		began := time.Now()
		wait, err := l.once(ctx)
		if errors.Is(err, errNoCompetition) {
			m.vanished()
			m.relay.forget(m)
			return
		}
		m.mu.Lock()
		if l.down.IsZero() {
			l.down = time.Now()
		}
		m.mu.Unlock()
		if time.Since(began) > time.Minute {
			tries = 0
		}
		m.relay.log.Info("the venue's line is down", "competition", m.code, "error", err)
		if wait == 0 {
			most := min(30*time.Second, time.Second<<min(tries, 5))
			wait = 500*time.Millisecond + rand.N(most)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// errNoCompetition is the venue's answer that it has no such competition.
var errNoCompetition = errors.New("relay: no such competition at the venue")

// once connects and listens until the line breaks. wait is what the venue asks
// for before it is called again.
func (l *line) once(ctx context.Context) (wait time.Duration, err error) {
	conn, resp, err := l.mirror.relay.dialer.DialContext(ctx, l.mirror.relay.socket(l.mirror.code), http.Header{"Origin": {l.mirror.relay.venue}})
	if err != nil {
		if resp != nil && resp.StatusCode == http.StatusNotFound {
			return 0, errNoCompetition
		}
		if resp != nil {
			if s, e := strconv.Atoi(resp.Header.Get("Retry-After")); e == nil && s > 0 && s <= 60 {
				wait = time.Duration(s) * time.Second
			}
		}
		return wait, err
	}
	defer conn.Close()
	gone := make(chan struct{})
	defer close(gone)
	go func() { // the reader below ends with its connection
		select {
		case <-ctx.Done():
			conn.Close()
		case <-gone:
		}
	}()
	l.again()
	go l.talk(conn, gone)
	return l.listen(conn)
}

// listen believes what comes until the line breaks.
func (l *line) listen(conn *websocket.Conn) (wait time.Duration, err error) {
	patience := firstWord
	for {
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return 0, err
		}
		_, text, err := conn.ReadMessage()
		if err != nil {
			return comeBack(err)
		}
		var n note
		if err := json.Unmarshal(text, &n); err != nil {
			return 0, err
		}
		if n.Type == "hello" && n.KeepAlive > 0 {
			patience = time.Duration(n.KeepAlive)*time.Millisecond + 5*time.Second
		}
		if topic := l.mirror.take(l, &n); topic != "" {
			l.mirror.relay.hub.Touch(l.mirror.code, topic)
		} else if n.Type == "hello" {
			l.mirror.relay.hub.Wake(l.mirror.code)
		}
		if n.Type == "alive" && l.mirror.idle() {
			return 0, errors.New("nobody asks")
		}
	}
}

// comeBack reads a close frame: whether and when the venue wants to be called again.
func comeBack(err error) (time.Duration, error) {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return 0, err
	}
	if closed.Code == 4404 {
		return 0, errNoCompetition
	}
	if ms, e := strconv.Atoi(closed.Text); e == nil && ms > 0 && ms <= 60_000 {
		return time.Duration(ms) * time.Millisecond, err
	}
	return 0, err
}

// again asks for all topics anew, with what is there of them.
func (l *line) again() {
	l.mirror.mu.Lock()
	defer l.mirror.mu.Unlock()
	l.unsaid = nil
	for _, f := range l.topics {
		l.unsaid = append(l.unsaid, wantOf(f))
	}
	l.ring()
}

func wantOf(f *followed) want {
	w := want{verb: "watch", Topic: f.name}
	if f.has {
		seq := f.at.Seq
		w.Epoch, w.Seq = f.at.Epoch, &seq
	}
	return w
}

// say asks for the topics that were added. The lock is held.
func (l *line) say() {
	for _, f := range l.topics {
		if f.asked.IsZero() {
			f.asked = time.Now()
			l.unsaid = append(l.unsaid, wantOf(f))
		}
	}
	l.ring()
}

// leave gives a topic up. The lock is held.
func (l *line) leave(f *followed) {
	delete(l.topics, f.name)
	l.unsaid = append(l.unsaid, want{verb: "unwatch", Topic: f.name})
	l.ring()
}

func (l *line) ring() {
	select {
	case l.wants <- struct{}{}:
	default:
	}
}

// talk tells the venue what is wanted, many topics in a message and no more
// messages than it takes.
func (l *line) talk(conn *websocket.Conn, gone <-chan struct{}) {
	for {
		select {
		case <-gone:
			return
		case <-l.wants:
		}
		for {
			text := l.message()
			if text == nil {
				break
			}
			if conn.SetWriteDeadline(time.Now().Add(dialPatience)) != nil || conn.WriteMessage(websocket.TextMessage, text) != nil {
				return // the reader notices as well
			}
			select {
			case <-gone:
				return
			case <-time.After(between):
			}
		}
	}
}

// message takes as much of what is unsaid as goes into one message; nil when
// there is nothing.
func (l *line) message() []byte {
	l.mirror.mu.Lock()
	defer l.mirror.mu.Unlock()
	if len(l.unsaid) == 0 {
		return nil
	}
	verb, size, n := l.unsaid[0].verb, 0, 0
	for n < len(l.unsaid) && l.unsaid[n].verb == verb && (n == 0 || size+len(l.unsaid[n].Topic) < maxRequest) {
		size += len(l.unsaid[n].Topic) + 80 // the rest of an item
		n++
	}
	text, err := json.Marshal(map[string]any{"type": verb, "topics": l.unsaid[:n]})
	l.unsaid = l.unsaid[n:]
	if err != nil { // texts and numbers cannot fail
		return nil
	}
	return text
}
