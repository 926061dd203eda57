// What can be tested without a network: limits, parsing, lines, and the tail in
// a time of its own.

package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestBucket(t *testing.T) {
	l := limit{burst: 3, rate: 2}
	start := time.Now()
	for name, tt := range map[string]struct {
		at   []time.Duration // one is taken at each
		want []bool
	}{
		"burst, then nothing": {[]time.Duration{0, 0, 0, 0}, []bool{true, true, true, false}},
		"refilled":            {[]time.Duration{0, 0, 0, time.Second, time.Second, time.Second}, []bool{true, true, true, true, true, false}},
		"never above full":    {[]time.Duration{0, time.Hour, time.Hour, time.Hour, time.Hour}, []bool{true, true, true, true, false}},
		"clock set back":      {[]time.Duration{time.Hour, 0, 0, 0}, []bool{true, false, false, false}},
	} {
		var b bucket
		for i, at := range tt.at {
			if got := b.take(l, start.Add(at), 1); got != tt.want[i] {
				t.Errorf("%s: take %d = %v", name, i, got)
			}
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(`{"type":"watch","topics":[{"topic":"rye","epoch":"monday","seq":41}]}`))
	f.Add([]byte(`{"type":"unwatch","topics":[{"topic":"rye"}]}`))
	f.Add([]byte(`{"type":"watch","topics":[{"topic":"\ud800","seq":-1e3}],"later":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		verb, wants, err := parseRequest(text)
		if err != nil {
			return
		}
		if verb != verbWatch && verb != verbUnwatch {
			t.Errorf("%q: verb %q", text, verb)
		}
		for _, w := range wants {
			if w.topic == "" || len(w.topic) > maxName {
				t.Errorf("%q: topic %q", text, w.topic)
			}
			if _, err := goneMessage(w.topic, w.have); err != nil {
				t.Errorf("%q: no answer to %q: %v", text, w.topic, err)
			}
		}
	})
}

// Everything written to a line arrives in order, however little the kernel takes
// at once, and writing never waits.
func TestLine(t *testing.T) {
	for name, pair := range map[string]func(t *testing.T) (net.Conn, net.Conn){
		"TCP": tcpPair,
		"a connection whose kernel cannot be asked": func(*testing.T) (net.Conn, net.Conn) { return net.Pipe() },
	} {
		t.Run(name, func(t *testing.T) {
			near, far := pair(t)
			defer near.Close()
			defer far.Close()
			l, err := newLine(near)
			if err != nil {
				t.Fatal(err)
			}
			var want []byte
			for i := range 50 { // nobody reads yet
				p := bytes.Repeat([]byte{byte(i)}, 100_000)
				want = append(want, p...)
				if n, err := l.Write(p); n != len(p) || err != nil {
					t.Fatalf("Write = %d, %v", n, err)
				}
			}
			if !l.full() {
				t.Error("five megabytes fitted")
			}
			got := make([]byte, len(want))
			read := make(chan error)
			go func() {
				_, err := io.ReadFull(far, got)
				read <- err
			}()
			if err := l.flush(time.Second); err != nil {
				t.Fatal(err)
			}
			if err := <-read; err != nil || !bytes.Equal(got, want) {
				t.Errorf("arrived differently: %v", err)
			}
			if l.full() {
				t.Error("still full after flush")
			}
			time.Sleep(1100 * time.Millisecond) // the deadline of that flush is over
			if _, err := l.Write([]byte("x")); err != nil {
				t.Errorf("writing later: %v", err)
			}
		})
	}
}

func TestLineStuck(t *testing.T) {
	near, far := tcpPair(t)
	defer near.Close()
	defer far.Close()
	l, err := newLine(near)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Write(make([]byte, 20<<20)); err != nil {
		t.Fatal(err)
	}
	if err := l.flush(20 * time.Millisecond); !isTimeout(err) {
		t.Errorf("flush = %v, want a timeout", err)
	}
}

func tcpPair(t *testing.T) (near, far net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	far, err = net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	near, err = listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return near, far
}

// oven is a Source with one topic, and counts what it is asked.
type oven struct {
	mu                  sync.Mutex
	heads, states       int
	seq                 int64
	failing, forgetting bool
}

func (o *oven) Head(context.Context, string) (Position, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heads++
	if o.failing {
		return Position{}, errors.New("cold")
	}
	return Position{"monday", o.seq}, nil
}

func (o *oven) Touched(_ context.Context, _ string, after int64) ([]string, int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return []string{"rye"}, o.seq, nil
}

func (o *oven) State(context.Context, string, string) (json.RawMessage, int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.states++
	if o.forgetting {
		return json.RawMessage(`"old"`), o.seq - 1, nil
	}
	return json.RawMessage(`"fresh"`), o.seq, nil
}

func (o *oven) asked() (heads, states int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.heads, o.states
}

func (o *oven) set(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f()
}

// inTime runs a hub over an oven in a bubble with a clock of its own.
func inTime(t *testing.T, test func(o *oven, h *Hub, poll func() *httptest.ResponseRecorder)) {
	synctest.Test(t, func(t *testing.T) {
		o := &oven{seq: 1}
		h := NewHub(o, Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		test(o, h, func() *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			h.Poll(w, httptest.NewRequest("GET", "/", nil), "bakery", "rye")
			return w
		})
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A topic is kept current for half a minute after the last poll, at one look a
// second and no reading while nothing happens.
func TestPolledTopicIsKeptCurrent(t *testing.T) {
	inTime(t, func(o *oven, h *Hub, poll func() *httptest.ResponseRecorder) {
		if w := poll(); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "fresh") {
			t.Fatalf("poll = %d %s", w.Code, w.Body)
		}
		time.Sleep(20 * time.Second)
		if heads, states := o.asked(); heads < 19 || heads > 22 || states != 1 {
			t.Errorf("asked for %d heads and %d states in 20 s", heads, states)
		}
		o.set(func() { o.seq = 2 })
		time.Sleep(1100 * time.Millisecond)
		if w := poll(); w.Header().Get("ETag") != `"monday-2"` {
			t.Errorf("a second after the entry: %s", w.Body)
		}
		time.Sleep(pollMemory + 2*time.Second)
		synctest.Wait()
		if st := h.Stats(); st.Streams != 0 || st.Topics != 0 {
			t.Errorf("stats = %+v, want nothing left", st)
		}
	})
}

// Fifty entries a second reach the topic as at most ten states a second, and
// what is shown is never older than three tenths of a second.
func TestPace(t *testing.T) {
	inTime(t, func(o *oven, h *Hub, poll func() *httptest.ResponseRecorder) {
		const seconds, each = 10, 20 * time.Millisecond
		poll()
		time.Sleep(300 * time.Millisecond)
		_, before := o.asked()
		for entry := int64(2); entry < 2+seconds*int64(time.Second/each); entry++ {
			o.set(func() { o.seq = entry })
			h.Wake("bakery")
			time.Sleep(each)
			var shown int64
			if _, err := fmt.Sscanf(poll().Header().Get("ETag"), `"monday-%d"`, &shown); err != nil {
				t.Fatal(err)
			}
			if age := time.Duration(entry-shown) * each; age > 300*time.Millisecond {
				t.Fatalf("after entry %d the state is of %d, %v old", entry, shown, age)
			}
		}
		if _, after := o.asked(); after-before < 9*seconds || after-before > 10*seconds+1 {
			t.Errorf("%d states in %d s, want ten a second", after-before, seconds)
		}
	})
}

// A crowd is let in at a steady rate and in order; who would have to wait too
// long is told when to come back, and takes nobody's turn.
func TestRation(t *testing.T) {
	var r ration
	start := time.Unix(1_700_000_000, 0)
	l := limit{burst: 2, rate: 10}
	for i, want := range []time.Duration{0, 0, 0, 100, 200, 300} {
		if wait, ok := r.turn(start, l, time.Second); !ok || wait != want*time.Millisecond {
			t.Errorf("newcomer %d: %v %v, want %d ms", i, wait, ok, want)
		}
	}
	for range 3 {
		if wait, ok := r.turn(start, l, 350*time.Millisecond); ok || wait != 400*time.Millisecond {
			t.Errorf("impatient: %v %v, want a refusal and 400 ms", wait, ok)
		}
	}
	if wait, ok := r.turn(start.Add(time.Minute), l, 0); !ok || wait != 0 {
		t.Errorf("a minute later: %v %v, want no waiting", wait, ok)
	}
}

// A failing Source is asked less and less often, then again and again; polls are
// told to come back.
func TestBackOff(t *testing.T) {
	inTime(t, func(o *oven, h *Hub, poll func() *httptest.ResponseRecorder) {
		o.set(func() { o.failing = true })
		if w := poll(); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("poll = %d", w.Code)
		}
		time.Sleep(15 * time.Second)
		before, _ := o.asked()
		time.Sleep(8 * maxBackoff)
		if after, _ := o.asked(); after == before {
			t.Error("no more asked")
		} else if after-before > 9 {
			t.Errorf("asked %d times in %v", after-before, 8*maxBackoff)
		}
	})
}

// A reading that does not include the entry that touched the topic, as from a
// replica that lags, is shown but not believed: it is read until it does.
func TestLaggingReading(t *testing.T) {
	inTime(t, func(o *oven, h *Hub, poll func() *httptest.ResponseRecorder) {
		poll()
		o.set(func() { o.seq, o.forgetting = 3, true })
		time.Sleep(2 * time.Second)
		if w := poll(); w.Header().Get("ETag") != `"monday-2"` {
			t.Errorf("lagging: %s", w.Body)
		}
		o.set(func() { o.forgetting = false })
		time.Sleep(maxBackoff + time.Second)
		if w := poll(); w.Header().Get("ETag") != `"monday-3"` || !strings.Contains(w.Body.String(), "fresh") {
			t.Errorf("caught up: %s", w.Body)
		}
	})
}
