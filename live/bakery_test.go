// The bakery that the tests watch, and the clients that watch it.

package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"tongchang/live"
)

func TestMain(m *testing.M) {
	if role := os.Getenv(envRole); role != "" {
		serveBench(role)
		return
	}
	code := m.Run()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

// bakery is a Source: shelves with loaves on them, and a book in which each
// delivery is an entry. trouble, when set, is asked before each answer.
type bakery struct {
	mu      sync.Mutex
	epoch   string
	book    []string         // the shelf of each entry; entry n is book[n-1]
	shelves map[string]int64 // loaves
	padding string           // makes a state as large as a real one
	batch   int              // entries Touched looks at; 0: all
	trouble func(question string) error
	reads   map[string]int // states read, by shelf
}

func newBakery(shelves ...string) *bakery {
	b := &bakery{epoch: "monday", shelves: map[string]int64{}, reads: map[string]int{}}
	for _, s := range shelves {
		b.shelves[s] = 0
	}
	return b
}

// stock is a shelf's state.
type stock struct {
	Loaves  int64  `json:"loaves"`
	Padding string `json:"padding,omitempty"`
}

// bake puts one loaf on the shelf and returns the entry's number.
func (b *bakery) bake(shelf string) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shelves[shelf]++
	b.book = append(b.book, shelf)
	return int64(len(b.book))
}

func (b *bakery) set(f func(b *bakery)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(b)
}

func (b *bakery) ask(question string) error {
	b.mu.Lock()
	trouble := b.trouble
	b.mu.Unlock()
	if trouble == nil {
		return nil
	}
	return trouble(question)
}

func (b *bakery) Head(_ context.Context, stream string) (live.Position, error) {
	if err := b.ask("head"); err != nil {
		return live.Position{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if stream != "bakery" {
		return live.Position{}, live.ErrNoStream
	}
	return live.Position{Epoch: b.epoch, Seq: int64(len(b.book))}, nil
}

func (b *bakery) Touched(_ context.Context, _ string, after int64) ([]string, int64, error) {
	if err := b.ask("touched"); err != nil {
		return nil, 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	entries := b.book[min(after, int64(len(b.book))):]
	if b.batch > 0 && len(entries) > b.batch {
		entries = entries[:b.batch]
	}
	names := slices.Compact(slices.Sorted(slices.Values(entries)))
	return names, after + int64(len(entries)), nil
}

func (b *bakery) State(_ context.Context, _, shelf string) (json.RawMessage, int64, error) {
	if err := b.ask("state " + shelf); err != nil {
		return nil, 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads[shelf]++
	n, ok := b.shelves[shelf]
	if !ok {
		return nil, 0, live.ErrNoTopic
	}
	data, err := json.Marshal(stock{n, b.padding})
	return data, int64(len(b.book)), err
}

// restore replaces the log, as from a backup.
func (b *bakery) restore(epoch string, entries int) {
	b.set(func(b *bakery) {
		b.epoch, b.book = epoch, b.book[:entries]
		for s := range b.shelves {
			b.shelves[s] = 0
		}
		for _, s := range b.book {
			b.shelves[s]++
		}
	})
}

// shop is a bakery with a hub and a real server before it.
type shop struct {
	*bakery
	hub    *live.Hub
	server *httptest.Server
}

// open starts a shop with quick settings; customise may change them.
func open(t testing.TB, b *bakery, customise ...func(*live.Options)) *shop {
	t.Helper()
	opts := live.Options{AllowNoOrigin: true, Pace: time.Millisecond, Logger: quiet}
	for _, f := range customise {
		f(&opts)
	}
	s := &shop{bakery: b, hub: live.NewHub(b, opts)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /live/{stream}", func(w http.ResponseWriter, r *http.Request) {
		session := r.URL.Query().Get("session")
		s.hub.Serve(w, r, r.PathValue("stream"), live.Viewer{Session: session, May: func(topic string) bool {
			return !strings.HasPrefix(topic, "office") || session == "owner"
		}})
	})
	mux.HandleFunc("GET /poll/{stream}/{topic}", func(w http.ResponseWriter, r *http.Request) {
		s.hub.Poll(w, r, r.PathValue("stream"), r.PathValue("topic"))
	})
	s.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.hub.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
		s.server.Close()
	})
	return s
}

// sell bakes and wakes the hub, as a commit does.
func (s *shop) sell(shelf string) int64 {
	n := s.bake(shelf)
	s.hub.Wake("bakery")
	return n
}

func (s *shop) url(query string) string {
	return "ws" + strings.TrimPrefix(s.server.URL, "http") + "/live/bakery" + query
}

// note is any message of the server.
type note struct {
	Type      string          `json:"type"`
	Topic     string          `json:"topic"`
	Epoch     string          `json:"epoch"`
	Seq       int64           `json:"seq"`
	KeepAlive int64           `json:"keep_alive"`
	Current   bool            `json:"current"`
	Data      json.RawMessage `json:"data"`
}

func (n note) loaves() int64 {
	var s stock
	if err := json.Unmarshal(n.Data, &s); err != nil {
		return -1
	}
	return s.Loaves
}

// customer is a client.
type customer struct {
	t    testing.TB
	conn *websocket.Conn
}

func (s *shop) customer(t testing.TB, query string) *customer {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial(s.url(query), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &customer{t, conn}
}

// watching is what a client asks for; have is empty for nothing.
type watching struct {
	Topic string `json:"topic"`
	Epoch string `json:"epoch,omitempty"`
	Seq   *int64 `json:"seq,omitempty"`
}

func (c *customer) say(verb string, topics ...watching) {
	c.t.Helper()
	if err := c.conn.WriteJSON(map[string]any{"type": verb, "topics": topics}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *customer) watch(topics ...string) {
	c.t.Helper()
	var ws []watching
	for _, t := range topics {
		ws = append(ws, watching{Topic: t})
	}
	c.say("watch", ws...)
}

// next is the next message of the kind, the signs of life apart.
func (c *customer) next(kind string) note {
	c.t.Helper()
	n, err := c.read(3 * time.Second)
	if err != nil {
		c.t.Fatalf("waiting for %s: %v", kind, err)
	}
	if n.Type != kind {
		c.t.Fatalf("got %+v, want a %s", n, kind)
	}
	return n
}

func (c *customer) read(patience time.Duration) (n note, err error) {
	for {
		c.conn.SetReadDeadline(time.Now().Add(patience))
		n = note{}
		if err = c.conn.ReadJSON(&n); err != nil || n.Type != "alive" {
			return n, err
		}
	}
}

// alive is the next sign of life, whatever comes before.
func (c *customer) alive() (n note) {
	c.t.Helper()
	for n.Type != "alive" {
		n = note{}
		c.conn.SetReadDeadline(time.Now().Add(3 * time.Second))
		if err := c.conn.ReadJSON(&n); err != nil {
			c.t.Fatal(err)
		}
	}
	return n
}

// closed waits for the close frame and returns its code and reason.
func (c *customer) closed() (int, string) {
	c.t.Helper()
	c.conn.SetReadDeadline(time.Now().Add(60 * time.Second)) // once: signs of life must not keep us here
	for {
		if _, _, err := c.conn.ReadMessage(); err != nil {
			if ce, ok := err.(*websocket.CloseError); ok {
				return ce.Code, ce.Text
			}
			c.t.Fatalf("waiting for a close frame: %v", err)
		}
	}
}

func (s *shop) host() string { return strings.TrimPrefix(s.server.URL, "http://") }

// decode reads JSON where there is some.
func decode(body []byte, v any) {
	if len(body) > 0 && json.Unmarshal(body, v) != nil {
		return
	}
}

// eventually waits until the condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("did not come true: %s", what)
		}
	}
}
