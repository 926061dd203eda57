package live_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tongchang/live"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func TestFrames(t *testing.T) {
	s := open(t, newBakery("rye", "oat"))
	c := s.customer(t, "")
	if h := c.next("hello"); h.Epoch != "monday" || h.Seq != 0 || h.KeepAlive != 15000 {
		t.Errorf("hello = %+v", h)
	}
	c.watch("rye")
	if f := c.next("frame"); f.Topic != "rye" || f.Epoch != "monday" || f.loaves() != 0 {
		t.Errorf("first frame = %+v", f)
	}
	s.sell("oat") // nobody watches
	want := s.sell("rye")
	if f := c.next("frame"); f.Seq != want || f.loaves() != 1 {
		t.Errorf("frame = %+v, want entry %d with one loaf", f, want)
	}
	c.say("unwatch", watching{Topic: "rye"})
	c.watch("oat")
	if f := c.next("frame"); f.Topic != "oat" || f.loaves() != 1 {
		t.Errorf("frame = %+v", f)
	}
}

// A client is sent a state exactly when it has none, an older one, or one
// that cannot be trusted.
func TestResume(t *testing.T) {
	b := newBakery("rye", "oat")
	for range 5 {
		b.bake("rye")
	}
	b.bake("oat") // the log is at 6, rye was touched last by 5
	s := open(t, b)
	s.customer(t, "").watch("rye") // makes the hub remember rye's frame
	seq := func(n int64) *int64 { return &n }
	for name, tt := range map[string]struct {
		have watching
		want bool
	}{
		"nothing":                     {watching{}, true},
		"no epoch":                    {watching{Seq: seq(6)}, true},
		"the present state":           {watching{Epoch: "monday", Seq: seq(6)}, false},
		"older":                       {watching{Epoch: "monday", Seq: seq(3)}, true},
		"another epoch":               {watching{Epoch: "sunday", Seq: seq(6)}, true},
		"the future":                  {watching{Epoch: "monday", Seq: seq(7)}, true},
		"the future of another epoch": {watching{Epoch: "sunday", Seq: seq(1 << 60)}, true},
		"negative":                    {watching{Epoch: "monday", Seq: seq(-5)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := s.customer(t, "")
			c.next("hello")
			tt.have.Topic = "rye"
			c.say("watch", tt.have)
			if tt.want {
				if f := c.next("frame"); f.Topic != "rye" || f.loaves() != 5 {
					t.Errorf("frame = %+v", f)
				}
			}
			c.watch("oat") // whatever came before it is all that was sent for rye
			if f := c.next("frame"); f.Topic != "oat" {
				t.Errorf("frame = %+v, want oat's", f)
			}
		})
	}
}

// A page rendered from an entry that the tail has not looked at yet is believed
// once it has.
func TestAheadOfTheTail(t *testing.T) {
	s := open(t, newBakery("rye", "oat"), func(o *live.Options) { o.Look = time.Hour })
	first := s.customer(t, "")
	first.watch("rye")
	first.next("hello")
	first.next("frame")
	n := s.bake("oat") // no wake
	c := s.customer(t, "")
	c.next("hello")
	c.say("watch", watching{Topic: "rye", Epoch: "monday", Seq: &n})
	c.watch("oat")
	if f := c.next("frame"); f.Topic != "oat" || f.Seq != n {
		t.Errorf("frame = %+v, want oat's at %d", f, n)
	}
}

func TestWatchingAgainAsksAgain(t *testing.T) {
	s := open(t, newBakery("rye"))
	c := s.customer(t, "")
	c.next("hello")
	for range 3 {
		c.watch("rye")
		c.next("frame")
	}
	s.sell("rye")
	if f := c.next("frame"); f.loaves() != 1 {
		t.Errorf("frame = %+v", f)
	}
	c.watch("oat")
	c.next("gone") // and no second frame of rye before
}

func TestGone(t *testing.T) {
	s := open(t, newBakery("rye"))
	c := s.customer(t, "")
	c.next("hello")
	c.watch("spelt")
	if g := c.next("gone"); g.Topic != "spelt" || g.Epoch != "monday" {
		t.Errorf("gone = %+v", g)
	}
	s.sell("spelt") // a new shelf
	if f := c.next("frame"); f.Topic != "spelt" || f.loaves() != 1 {
		t.Errorf("frame = %+v", f)
	}
	s.set(func(b *bakery) { delete(b.shelves, "spelt"); b.book = append(b.book, "spelt") })
	s.hub.Wake("bakery")
	if g := c.next("gone"); g.Topic != "spelt" || g.Seq != 2 {
		t.Errorf("gone = %+v", g)
	}
}

// What a viewer may not see looks like what is not there, also for one who
// watches beside somebody who may.
func TestHidden(t *testing.T) {
	s := open(t, newBakery("rye", "office safe"))
	owner, thief := s.customer(t, "?session=owner"), s.customer(t, "")
	owner.next("hello")
	thief.next("hello")
	owner.watch("office safe")
	if f := owner.next("frame"); f.Topic != "office safe" {
		t.Errorf("owner got %+v", f)
	}
	thief.watch("office safe", "office attic")
	one, other := thief.next("gone"), thief.next("gone")
	if one.Topic == other.Topic {
		t.Errorf("got %q twice", one.Topic)
	}
	one.Topic, other.Topic = "", ""
	if fmt.Sprint(one) != fmt.Sprint(other) {
		t.Errorf("hidden %+v differs from missing %+v", one, other)
	}
	s.sell("office safe")
	owner.next("frame")
	s.sell("rye")
	thief.watch("rye")
	if f := thief.next("frame"); f.Topic != "rye" {
		t.Errorf("thief got %+v", f)
	}
}

func TestEpochChange(t *testing.T) {
	for name, epoch := range map[string]string{
		"restored":                        "tuesday",
		"shortened without being told so": "monday",
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, newBakery("rye"))
			for range 5 {
				s.bake("rye")
			}
			c := s.customer(t, "")
			c.watch("rye")
			c.next("hello")
			if f := c.next("frame"); f.Seq != 5 {
				t.Errorf("frame = %+v", f)
			}
			s.restore(epoch, 2)
			s.hub.Wake("bakery")
			if h := c.next("hello"); h.Epoch != epoch || h.Seq != 2 {
				t.Errorf("hello = %+v", h)
			}
			if f := c.next("frame"); f.Epoch != epoch || f.Seq != 2 || f.loaves() != 2 {
				t.Errorf("frame = %+v", f)
			}
			s.sell("rye")
			if f := c.next("frame"); f.Seq != 3 || f.loaves() != 3 {
				t.Errorf("frame = %+v", f)
			}
		})
	}
}

// 50 clients are cut off 1,000 times at random while loaves are baked. Each
// comes back with what it has; none may ever see a shelf go back, miss its last
// state or be sent what it has.
func TestThousandCuts(t *testing.T) {
	const clients, cuts = 50, 1000
	shelves := []string{"rye", "oat", "spelt", "wheat"}
	s := open(t, newBakery(shelves...))
	var cut atomic.Int64
	baked := make(chan struct{})
	go func() {
		defer close(baked)
		for cut.Load() < cuts {
			s.sell(shelves[rand.IntN(len(shelves))])
			time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
		}
	}()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			r := regular{shop: s, have: map[string]note{}}
			for cut.Load() < cuts && !t.Failed() {
				r.visit(t, shelves, rand.IntN(25))
				cut.Add(1)
			}
			<-baked
			r.visit(t, shelves, -1)
		})
	}
	wg.Wait()
	t.Logf("%d cuts, %d loaves, %+v", cut.Load(), len(s.book), s.hub.Stats())
}

// regular is a client that comes back.
type regular struct {
	*shop
	have map[string]note // its last frame of each shelf
}

// visit connects with what it has and reads so many messages, or, when negative,
// until it has what the bakery has.
func (r *regular) visit(t *testing.T, shelves []string, messages int) {
	conn, _, err := websocket.DefaultDialer.Dial(r.url(""), nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	var ask []watching
	for _, shelf := range shelves {
		w := watching{Topic: shelf}
		if n, ok := r.have[shelf]; ok {
			w.Epoch, w.Seq = n.Epoch, &n.Seq
		}
		ask = append(ask, w)
	}
	if err := conn.WriteJSON(map[string]any{"type": "watch", "topics": ask}); err != nil {
		t.Error(err)
		return
	}
	for messages != 0 && !(messages < 0 && r.upToDate()) {
		conn.SetReadDeadline(time.Now().Add(time.Second))
		var n note
		if err := conn.ReadJSON(&n); err != nil {
			if messages < 0 {
				t.Errorf("never got the last state: %v; have %v", err, r.have)
			}
			return
		}
		messages--
		if n.Type != "frame" {
			continue
		}
		if old, ok := r.have[n.Topic]; ok && (n.Seq <= old.Seq || n.loaves() < old.loaves()) {
			t.Errorf("%s went from %d (%d loaves) to %d (%d)", n.Topic, old.Seq, old.loaves(), n.Seq, n.loaves())
		}
		r.have[n.Topic] = n
	}
}

func (r *regular) upToDate() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for shelf, loaves := range r.shelves {
		if n, ok := r.have[shelf]; !ok || n.loaves() != loaves {
			return false
		}
	}
	return true
}

// Stuck clients are sent away in time; those beside them never wait.
func TestStuck(t *testing.T) {
	b := newBakery("rye")
	b.padding = strings.Repeat("x", 256<<10)
	s := open(t, b, func(o *live.Options) { o.WriteTimeout = 4 * time.Second })
	good := s.customer(t, "")
	good.watch("rye")
	good.next("hello")
	good.next("frame")
	dialer := websocket.Dialer{NetDial: func(network, addr string) (net.Conn, error) {
		c, err := net.Dial(network, addr)
		if err == nil {
			c.(*net.TCPConn).SetReadBuffer(4096)
		}
		return c, err
	}}
	for range 10 {
		conn, _, err := dialer.Dial(s.url(""), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		(&customer{t, conn}).watch("rye") // and never reads
	}
	eventually(t, "11 watchers", func() bool { return s.hub.Stats().Watchers == 11 })
	start, worst := time.Now(), time.Duration(0)
	for s.hub.Stats().Watchers > 1 && time.Since(start) < 40*time.Second {
		sold := time.Now()
		n := s.sell("rye")
		for good.next("frame").Seq < n {
		}
		worst = max(worst, time.Since(sold))
	}
	st := s.hub.Stats()
	t.Logf("gone after %v, the good one waited %v at most, %+v", time.Since(start), worst, st)
	if st.Watchers != 1 || st.Slow != 10 {
		t.Errorf("stats = %+v, want 1 watcher, 10 slow", st)
	}
	if worst > 3*time.Second { // less than a stuck line is given: it waited for none of them
		t.Errorf("the good watcher waited %v: for the stuck ones", worst)
	}
}

// One that reads, but too slowly for what it watches, is told so: each message
// takes it a second and a half, so of four the last waits more than three.
func TestSlow(t *testing.T) {
	t.Parallel()
	b := newBakery("rye", "oat", "spelt", "wheat")
	b.padding = strings.Repeat("x", 3<<19)
	s := open(t, b, func(o *live.Options) { o.WriteTimeout = 3 * time.Second })
	tcp, err := net.Dial("tcp", s.host())
	if err != nil {
		t.Fatal(err)
	}
	tcp.(*net.TCPConn).SetReadBuffer(128 << 10)
	thin := websocket.Dialer{ReadBufferSize: 16 << 10, WriteBufferSize: 512,
		NetDialContext: func(context.Context, string, string) (net.Conn, error) { return &thinLine{Conn: tcp}, nil }}
	conn, _, err := thin.Dial(s.url(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := &customer{t, conn}
	c.watch("rye", "oat", "spelt", "wheat")
	c.next("hello")
	start := time.Now()
	stop := make(chan struct{})
	var seller sync.WaitGroup
	seller.Go(func() { // bread keeps coming, however slow the machine is
		for {
			select {
			case <-stop:
				return
			case <-time.After(300 * time.Millisecond):
				for _, bread := range []string{"rye", "oat", "spelt", "wheat"} {
					s.sell(bread)
				}
			}
		}
	})
	code, reason := c.closed()
	close(stop)
	seller.Wait()
	if code != live.CloseSlow {
		t.Errorf("closed with %d after %v", code, time.Since(start))
	}
	comeBackAfter(t, reason)
	eventually(t, "the slow one is gone", func() bool { st := s.hub.Stats(); return st.Slow == 1 && st.Watchers == 0 })
}

// thinLine carries a megabyte per second.
type thinLine struct {
	net.Conn
	free time.Time // when the next byte can come
}

func (l *thinLine) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if now := time.Now(); l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(n) * time.Microsecond)
	if wait := time.Until(l.free); wait > 5*time.Millisecond {
		time.Sleep(wait)
	}
	return n, err
}

// comeBackAfter checks a reason that asks to come back.
func comeBackAfter(t *testing.T, reason string) {
	t.Helper()
	if ms, err := strconv.Atoi(reason); err != nil || ms < 500 || ms > 5000 {
		t.Errorf("reason = %q, want milliseconds from 500 to 5000", reason)
	}
}

func TestOrigin(t *testing.T) {
	strict := open(t, newBakery("rye"), func(o *live.Options) {
		o.AllowNoOrigin = false
		o.Origins = []string{"https://games.example"}
	})
	lenient := open(t, newBakery("rye"))
	for name, tt := range map[string]struct {
		shop    *shop
		origins []string
		want    int
	}{
		"own host":                    {strict, []string{strict.server.URL}, 101},
		"own host, another scheme":    {strict, []string{"https://" + strict.host()}, 101},
		"listed":                      {strict, []string{"https://games.example"}, 101},
		"listed, another scheme":      {strict, []string{"http://games.example"}, 403},
		"listed, another port":        {strict, []string{"https://games.example:8443"}, 403},
		"listed with a path":          {strict, []string{"https://games.example/"}, 403},
		"longer than the listed":      {strict, []string{"https://games.example.evil.example"}, 403},
		"another host":                {strict, []string{"https://evil.example"}, 403},
		"null":                        {strict, []string{"null"}, 403},
		"empty":                       {strict, []string{""}, 403},
		"own host as user name":       {strict, []string{"http://" + strict.host() + "@evil.example"}, 403},
		"user name before own host":   {strict, []string{"http://evil@" + strict.host()}, 403},
		"own host, scheme of a file":  {strict, []string{"file://" + strict.host()}, 403},
		"two, the first good":         {strict, []string{strict.server.URL, "https://evil.example"}, 403},
		"two, both good":              {strict, []string{strict.server.URL, strict.server.URL}, 403},
		"none":                        {strict, nil, 403},
		"none, where tools may":       {lenient, nil, 101},
		"another, where tools may":    {lenient, []string{"https://evil.example"}, 403},
		"empty one, where tools may":  {lenient, []string{""}, 403},
		"two empty, where tools may":  {lenient, []string{"", ""}, 403},
		"own host, where tools may":   {lenient, []string{lenient.server.URL}, 101},
		"not listed, where tools may": {lenient, []string{"https://games.example"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			conn, resp, err := websocket.DefaultDialer.Dial(tt.shop.url(""), http.Header{"Origin": tt.origins})
			if err == nil {
				conn.Close()
			}
			if resp == nil || resp.StatusCode != tt.want {
				t.Errorf("Origin %q: %v %v, want %d", tt.origins, resp, err, tt.want)
			}
		})
	}
}

// Whoever does not keep to the protocol is told why, and harms nobody.
func TestRude(t *testing.T) {
	s := open(t, newBakery("rye"))
	mask := []byte{0, 0, 0, 0} // makes a client's frame readable
	raw := func(c *customer, frame ...byte) {
		c.conn.NetConn().Write(frame)
	}
	text := func(s string) func(*customer) {
		return func(c *customer) { c.conn.WriteMessage(websocket.TextMessage, []byte(s)) }
	}
	many := func(n int, frame ...byte) func(*customer) {
		return func(c *customer) {
			go func() {
				for range n {
					if _, err := c.conn.NetConn().Write(frame); err != nil {
						return
					}
				}
			}()
		}
	}
	var topics []string
	for i := range 65 {
		topics = append(topics, fmt.Sprintf(`{"topic":"shelf %d"}`, i))
	}
	for name, tt := range map[string]struct {
		do   func(*customer)
		want int
	}{
		"too big": {text(strings.Repeat("x", 4097)), live.CloseTooBig},
		"too big in pieces": {func(c *customer) {
			raw(c, append([]byte{0x01, 0x81}, append(mask, 'x')...)...)
			raw(c, append([]byte{0x80, 0x80 | 126, 0x10, 0x00}, append(mask, make([]byte, 4096)...)...)...)
		}, live.CloseTooBig},
		"16 MB announced": {func(c *customer) { raw(c, append([]byte{0x81, 0xff, 0, 0, 0, 0, 1, 0, 0, 0}, mask...)...) }, live.CloseTooBig},
		"not UTF-8":       {text("{\"type\":\"\xff\"}"), live.CloseNotUTF8},
		"binary":          {func(c *customer) { c.conn.WriteMessage(websocket.BinaryMessage, []byte("{}")) }, live.CloseNotText},
		"compressed":      {func(c *customer) { raw(c, append([]byte{0xc1, 0x80}, mask...)...) }, websocket.CloseProtocolError},
		"unmasked":        {func(c *customer) { raw(c, 0x81, 0x02, '{', '}') }, websocket.CloseProtocolError},
		"not JSON":        {text("hello"), live.CloseNonsense},
		"empty":           {text(""), live.CloseNonsense},
		"null":            {text("null"), live.CloseNonsense},
		"unknown verb":    {text(`{"type":"buy"}`), live.CloseNonsense},
		"no topic":        {text(`{"type":"watch","topics":[{}]}`), live.CloseNonsense},
		"long topic":      {text(`{"type":"watch","topics":[{"topic":"` + strings.Repeat("x", 201) + `"}]}`), live.CloseNonsense},
		"fraction":        {text(`{"type":"watch","topics":[{"topic":"rye","seq":1.5}]}`), live.CloseNonsense},
		"too many topics": {text(`{"type":"watch","topics":[` + strings.Join(topics, ",") + `]}`), live.CloseFlood},
		"ping flood":      {many(1000, append([]byte{0x89, 0x80}, mask...)...), live.CloseFlood},
		"pong flood":      {many(1000, append([]byte{0x8a, 0x80}, mask...)...), live.CloseFlood},
		"message flood":   {many(1000, append([]byte{0x81, 0x80 | 18}, append(mask, `{"type":"unwatch"}`...)...)...), live.CloseFlood},
		"empty fragments": {func(c *customer) {
			raw(c, append([]byte{0x01, 0x80}, mask...)...)
			many(20000, append([]byte{0x00, 0x80}, mask...)...)(c)
		}, live.CloseFlood},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := s.customer(t, "")
			tt.do(c)
			if code, reason := c.closed(); code != tt.want {
				t.Errorf("closed with %d %q, want %d", code, reason, tt.want)
			}
		})
	}
}

// While the Source fails, watchers stay and nothing is skipped.
func TestSourceErrors(t *testing.T) {
	broken := errors.New("oven cold")
	for name, trouble := range map[string]func(question string) error{
		"everything":   func(string) error { return broken },
		"the head":     func(q string) error { return only(q == "head", broken) },
		"the log":      func(q string) error { return only(q == "touched", broken) },
		"the state":    func(q string) error { return only(q == "state rye", broken) },
		"with a panic": func(q string) error { panic("dropped the tray at " + q) },
		"now and then": func(q string) error { return only(rand.IntN(2) == 0, broken) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, newBakery("rye"))
			c := s.customer(t, "")
			c.watch("rye")
			c.next("hello")
			c.next("frame")
			s.set(func(b *bakery) { b.trouble = trouble })
			for range 10 {
				s.sell("rye")
				time.Sleep(2 * time.Millisecond)
			}
			s.set(func(b *bakery) { b.trouble = nil })
			for last := c.next("frame"); last.loaves() < 10; {
				f := c.next("frame")
				if f.Seq <= last.Seq {
					t.Fatalf("seq went from %d to %d", last.Seq, f.Seq)
				}
				last = f
			}
			if st := s.hub.Stats(); st.SourceErrors == 0 || st.Watchers != 1 {
				t.Errorf("stats = %+v", st)
			}
		})
	}
}

func only(when bool, err error) error {
	if when {
		return err
	}
	return nil
}

// A Source that fails from the first question on is asked until it answers, and
// one topic's trouble keeps no other waiting.
func TestTroubleFromTheStart(t *testing.T) {
	b := newBakery("rye", "oat")
	b.trouble = func(string) error { return errors.New("closed") }
	s := open(t, b)
	c := s.customer(t, "")
	c.watch("rye", "oat")
	time.Sleep(10 * time.Millisecond)
	s.set(func(b *bakery) {
		b.trouble = func(q string) error { return only(q == "state rye", errors.New("mouse on the shelf")) }
	})
	c.next("hello")
	if f := c.next("frame"); f.Topic != "oat" {
		t.Errorf("frame = %+v", f)
	}
	s.sell("oat")
	if f := c.next("frame"); f.Topic != "oat" || f.loaves() != 1 {
		t.Errorf("frame = %+v", f)
	}
	s.set(func(b *bakery) { b.trouble = nil })
	if f := c.next("frame"); f.Topic != "rye" {
		t.Errorf("frame = %+v", f)
	}
}

// A log read in many small steps is read whole.
func TestSmallSteps(t *testing.T) {
	b := newBakery("rye", "oat")
	b.batch = 3
	s := open(t, b)
	c := s.customer(t, "")
	c.watch("rye", "oat")
	c.next("hello")
	c.next("frame")
	c.next("frame")
	for range 50 {
		s.bake("oat")
	}
	s.bake("rye")
	s.hub.Wake("bakery")
	got := map[string]int64{}
	for range 2 {
		f := c.next("frame")
		got[f.Topic] = f.loaves()
	}
	if got["rye"] != 1 || got["oat"] != 50 {
		t.Errorf("got %v", got)
	}
}

// Without a wake the tail looks by itself.
func TestNoWake(t *testing.T) {
	s := open(t, newBakery("rye"), func(o *live.Options) { o.Look = 20 * time.Millisecond })
	c := s.customer(t, "")
	c.watch("rye")
	c.next("hello")
	c.next("frame")
	s.bake("rye")
	if f := c.next("frame"); f.loaves() != 1 {
		t.Errorf("frame = %+v", f)
	}
}

func TestNoStream(t *testing.T) {
	s := open(t, newBakery("rye"))
	conn, _, err := websocket.DefaultDialer.Dial(strings.Replace(s.url(""), "bakery", "butcher", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if code, _ := (&customer{t, conn}).closed(); code != live.CloseNoStream {
		t.Errorf("closed with %d", code)
	}
	if code, _ := s.poll(t, "butcher", "rye", ""); code != http.StatusNotFound {
		t.Errorf("poll: %d, want 404", code)
	}
	eventually(t, "nothing is read any more", func() bool { return s.hub.Stats().Streams == 0 })
}

func TestTailEndsWithTheLastWatcher(t *testing.T) {
	s := open(t, newBakery("rye"))
	a, b := s.customer(t, ""), s.customer(t, "")
	for _, c := range []*customer{a, b} {
		c.watch("rye")
		c.next("hello")
		c.next("frame")
	}
	if st := s.hub.Stats(); st.Watchers != 2 || st.Streams != 1 || st.Topics != 1 {
		t.Errorf("stats = %+v", st)
	}
	a.conn.Close()
	eventually(t, "one watcher", func() bool { return s.hub.Stats().Watchers == 1 })
	s.sell("rye")
	b.next("frame")
	b.conn.Close()
	eventually(t, "nothing left", func() bool {
		st := s.hub.Stats()
		return st.Watchers == 0 && st.Streams == 0 && st.Topics == 0
	})
}

func TestClose(t *testing.T) {
	s := open(t, newBakery("rye"))
	var cs []*customer
	for range 20 {
		c := s.customer(t, "")
		c.watch("rye")
		c.next("hello")
		c.next("frame")
		cs = append(cs, c)
	}
	done := make(chan error)
	go func() { done <- s.hub.Close(context.Background()) }()
	reasons := map[string]bool{}
	for _, c := range cs {
		code, reason := c.closed()
		if code != live.CloseRestart {
			t.Errorf("closed with %d", code)
		}
		comeBackAfter(t, reason)
		reasons[reason] = true
	}
	if len(reasons) < 15 {
		t.Errorf("%d different times to come back for 20 watchers", len(reasons))
	}
	if err := <-done; err != nil {
		t.Errorf("Close: %v", err)
	}
	_, resp, err := websocket.DefaultDialer.Dial(s.url(""), nil)
	if err == nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("connecting afterwards: %v %v, want 503 with Retry-After", resp, err)
	}
	if code, _ := s.poll(t, "bakery", "rye", ""); code != http.StatusServiceUnavailable {
		t.Errorf("poll: %d, want 503", code)
	}
}

// Clients that do not answer the goodbye do not hold the server up.
func TestCloseInAHurry(t *testing.T) {
	s := open(t, newBakery("rye"))
	s.customer(t, "") // never reads
	eventually(t, "one watcher", func() bool { return s.hub.Stats().Admitted == 1 })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.hub.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close = %v", err)
	}
	if st := s.hub.Stats(); st.Watchers != 0 {
		t.Errorf("stats = %+v", st)
	}
}

func TestDismiss(t *testing.T) {
	s := open(t, newBakery("rye"))
	judge, public := s.customer(t, "?session=7"), s.customer(t, "")
	judge.next("hello")
	public.next("hello")
	if sessions := s.hub.Sessions(); !slices.Equal(sessions, []string{"7"}) {
		t.Errorf("sessions %q watch, want 7 alone", sessions)
	}
	if n := s.hub.Dismiss(""); n != 0 {
		t.Errorf("Dismiss of nobody sent %d away", n)
	}
	if n := s.hub.Dismiss("7"); n != 1 {
		t.Errorf("Dismiss sent %d away, want 1", n)
	}
	if code, _ := judge.closed(); code != live.CloseDismissed {
		t.Errorf("closed with %d", code)
	}
	public.watch("rye")
	public.next("frame")
}

func TestFull(t *testing.T) {
	s := open(t, newBakery("rye"), func(o *live.Options) { o.MaxWatchers = 2 })
	a := s.customer(t, "")
	s.customer(t, "")
	_, resp, err := websocket.DefaultDialer.Dial(s.url(""), nil)
	if err == nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("third watcher: %v %v, want 503 with Retry-After", resp, err)
	}
	if code := s.get(t); code != http.StatusServiceUnavailable {
		t.Errorf("plain request: %d", code)
	}
	a.conn.Close()
	eventually(t, "room again", func() bool { return s.hub.Stats().Watchers == 1 })
	if code := s.get(t); code != http.StatusBadRequest {
		t.Errorf("plain request: %d, want 400", code)
	}
	s.customer(t, "").next("hello") // the failed handshake holds no place
}

// get asks the socket's address without wanting a socket.
func (s *shop) get(t *testing.T) int {
	t.Helper()
	resp, err := http.Get(s.server.URL + "/live/bakery")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// A thousand clients that come at once cost one reading.
func TestHerd(t *testing.T) {
	const clients = 1000
	s := open(t, newBakery("rye"))
	s.sell("rye")
	var wg sync.WaitGroup
	slots := make(chan struct{}, 64)
	var got atomic.Int64
	for range clients {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			conn, _, err := websocket.DefaultDialer.Dial(s.url(""), nil)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { conn.Close() })
			c := &customer{t, conn}
			c.say("watch", watching{Topic: "rye"})
			c.read(5 * time.Second)
			if f, err := c.read(5 * time.Second); err != nil || f.loaves() != 1 {
				t.Errorf("got %+v %v", f, err)
			}
			got.Add(1)
		})
	}
	wg.Wait()
	s.set(func(b *bakery) {
		if b.reads["rye"] != 1 {
			t.Errorf("%d clients: %d readings, want 1", got.Load(), b.reads["rye"])
		}
	})
}

func TestAlive(t *testing.T) {
	s := open(t, newBakery("rye"), func(o *live.Options) { o.KeepAlive = 50 * time.Millisecond })
	n := s.sell("rye")
	c := s.customer(t, "")
	pings := 0
	c.conn.SetPingHandler(func(string) error { pings++; return nil })
	for range 3 {
		if a := c.alive(); a.Epoch != "monday" || a.Seq != n || !a.Current {
			t.Errorf("alive = %+v", a)
		}
	}
	if pings < 3 {
		t.Errorf("%d pings with 3 signs of life", pings)
	}
}

// Signs of life go on while the Source hangs, and say that the state may be old;
// a client whose pongs stay away is cut.
func TestSourceHangs(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED in -short: signs of life while the Source hangs (takes 7 s)")
	}
	t.Parallel()
	hang := make(chan struct{})
	b := newBakery("rye")
	s := open(t, b, func(o *live.Options) {
		o.KeepAlive = 500 * time.Millisecond
		o.Look = 100 * time.Millisecond
	})
	c, dead := s.customer(t, ""), s.customer(t, "")
	dead.next("hello") // and reads no more, so it answers no ping
	c.next("hello")
	b.set(func(b *bakery) { b.trouble = func(string) error { <-hang; return nil } })
	defer b.set(func(b *bakery) { b.trouble = nil })
	defer close(hang)
	start := time.Now()
	for c.alive().Current {
		if time.Since(start) > 10*time.Second {
			t.Fatal("still said to be current after 10 s without an answer")
		}
	}
	eventually(t, "the dead one is cut", func() bool { return s.hub.Stats().Watchers == 1 })
}

// Who watches a topic that cannot be read is told that it may be old; who
// watches another is not.
func TestOneTopicCannotBeRead(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED in -short: signs of life while a topic cannot be read (takes 7 s)")
	}
	t.Parallel()
	b := newBakery("rye", "oat")
	s := open(t, b, func(o *live.Options) {
		o.KeepAlive = 500 * time.Millisecond
		o.Look = 100 * time.Millisecond
	})
	c, other := s.customer(t, ""), s.customer(t, "")
	c.watch("rye")
	other.watch("oat")
	for _, c := range []*customer{c, other} {
		c.next("hello")
		c.next("frame")
	}
	b.set(func(b *bakery) {
		b.trouble = func(q string) error { return only(q == "state rye", errors.New("mouse on the shelf")) }
	})
	s.sell("rye")
	start := time.Now()
	for c.alive().Current {
		if time.Since(start) > 10*time.Second {
			t.Fatal("still said to be current after 10 s without a reading")
		}
		if !other.alive().Current {
			t.Fatal("the one who watches another topic is told that it is not current")
		}
	}
	b.set(func(b *bakery) { b.trouble = nil })
	c.next("frame")
	if !c.alive().Current {
		t.Error("not current after the reading")
	}
}

func TestPoll(t *testing.T) {
	s := open(t, newBakery("rye"))
	code, resp := s.poll(t, "bakery", "rye", "")
	if code != 200 || resp.body.Type != "frame" || resp.body.loaves() != 0 || resp.tag != `"monday-0"` {
		t.Fatalf("first poll: %d %+v", code, resp)
	}
	if code, _ := s.poll(t, "bakery", "rye", resp.tag); code != http.StatusNotModified {
		t.Errorf("unchanged: %d, want 304", code)
	}
	s.sell("rye")
	eventually(t, "the loaf is seen", func() bool {
		code, r := s.poll(t, "bakery", "rye", resp.tag)
		return code == 200 && r.body.loaves() == 1 && r.tag == `"monday-1"`
	})
	if code, r := s.poll(t, "bakery", "spelt", ""); code != 404 || r.body.Type != "gone" {
		t.Errorf("missing topic: %d %+v", code, r)
	}
	if code, _ := s.poll(t, "bakery", strings.Repeat("x", 300), ""); code != 503 {
		t.Errorf("endless name: %d", code)
	}
	s.set(func(b *bakery) {
		if b.reads["rye"] != 2 {
			t.Errorf("%d readings for all polls, want 2", b.reads["rye"])
		}
	})
}

type polled struct {
	tag  string
	body note
}

func (s *shop) poll(t *testing.T, stream, topic, have string) (int, polled) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.server.URL+"/poll/"+stream+"/"+topic, nil)
	if err != nil {
		t.Fatal(err)
	}
	if have != "" {
		req.Header.Set("If-None-Match", have)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	p := polled{tag: resp.Header.Get("ETag")}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	decode(body, &p.body)
	return resp.StatusCode, p
}

// TLS, and writers that wrap the server's, make no difference.
func TestBehindTLSAndMiddleware(t *testing.T) {
	b := newBakery("rye")
	hub := live.NewHub(b, live.Options{AllowNoOrigin: true, Logger: quiet})
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hub.Serve(wrapper{w}, r, "bakery", live.Viewer{})
	}))
	defer server.Close()
	dialer := websocket.Dialer{TLSClientConfig: server.Client().Transport.(*http.Transport).TLSClientConfig}
	conn, _, err := dialer.Dial("wss"+strings.TrimPrefix(server.URL, "https"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := &customer{t, conn}
	c.watch("rye")
	c.next("hello")
	c.next("frame")
	go hub.Close(context.Background())
	if code, _ := c.closed(); code != live.CloseRestart {
		t.Errorf("closed with %d", code)
	}
}

// wrapper is what a middleware makes of a response writer.
type wrapper struct{ w http.ResponseWriter }

func (w wrapper) Header() http.Header         { return w.w.Header() }
func (w wrapper) Write(p []byte) (int, error) { return w.w.Write(p) }
func (w wrapper) WriteHeader(code int)        { w.w.WriteHeader(code) }
func (w wrapper) Unwrap() http.ResponseWriter { return w.w }

// A crowd beyond the ration waits for its turn, all of it gets in, and whoever
// has a session goes before it.
func TestCrowdWaits(t *testing.T) {
	s := open(t, newBakery("rye"), func(o *live.Options) { o.Arrivals = 20 })
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			conn, _, err := websocket.DefaultDialer.Dial(s.url(""), nil)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { conn.Close() })
		})
	}
	eventually(t, "newcomers wait", func() bool { return s.hub.Stats().Arriving > 10 })
	s.customer(t, "?session=owner").watch("office")
	if st := s.hub.Stats(); st.Arriving == 0 {
		t.Error("the owner came in after the crowd")
	}
	wg.Wait()
	eventually(t, "all are in", func() bool { return s.hub.Stats().Admitted == 31 })
}

// The hub says how long news took to reach everybody, and only of news.
func TestReached(t *testing.T) {
	var mu sync.Mutex
	var reached []int
	s := open(t, newBakery("rye"), func(o *live.Options) {
		o.Reached = func(watchers int, took time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			reached = append(reached, watchers)
			if took <= 0 || took > time.Minute {
				t.Errorf("news took %v", took)
			}
		}
	})
	one, two := s.customer(t, ""), s.customer(t, "")
	for _, c := range []*customer{one, two} {
		c.watch("rye")
		c.next("hello")
		c.next("frame")
	}
	eventually(t, "a round to both is reported", func() bool { // one that is still being written to joins no further round
		s.sell("rye")
		one.next("frame")
		two.next("frame")
		mu.Lock()
		defer mu.Unlock()
		return slices.Contains(reached, 2)
	})
	if slices.Max(reached) > 2 {
		t.Errorf("rounds of %v watchers, there are two", reached)
	}
}
