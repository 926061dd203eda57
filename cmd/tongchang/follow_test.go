package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tongchang/events"
	"tongchang/web/relay"
)

// heardNote is what a board hears.
type heardNote struct {
	Type, Topic, Epoch string
	Seq                int64
	Current            bool
	Data               json.RawMessage
}

// spectator is a board at some server, which always listens.
type spectator struct {
	t     *testing.T
	notes chan heardNote // closed when the line broke
}

func watchAt(t *testing.T, url, topic string) *spectator {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(url, "http")+"/c/demo/live", http.Header{"Origin": {url}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the board goes home
	if err := conn.WriteJSON(map[string]any{"type": "watch", "topics": []map[string]any{{"topic": topic}}}); err != nil {
		t.Fatal(err)
	}
	s := &spectator{t, make(chan heardNote, 1000)}
	go func() {
		defer close(s.notes)
		for {
			var n heardNote
			if err := conn.ReadJSON(&n); err != nil {
				return // closed at the end, or until says that something is missing
			}
			s.notes <- n
		}
	}()
	return s
}

// until reads until a message is as wanted.
func (s *spectator) until(what string, wanted func(n *heardNote) bool) heardNote {
	s.t.Helper()
	for over := time.After(time.Minute); ; {
		select {
		case n, ok := <-s.notes:
			if !ok {
				s.t.Fatalf("the line broke before %s", what)
			}
			if wanted(&n) {
				return n
			}
		case <-over:
			s.t.Fatalf("never came: %s", what)
		}
	}
}

func fetch(t *testing.T, url string, cookies ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies {
		req.Header.Add("Cookie", c)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// A relay's watchers see what the venue's see, with the same epoch and numbers;
// its pages are the venue's; it does nothing else and says where; it says so when
// the venue is gone, and is right again when it is back.
func TestFollow(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	o := hostOptions{db: filepath.Join(t.TempDir(), "meet.db"), listen: "127.0.0.1:0", deskKey: "k", log: quiet}
	venue, err := startHost(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{Context: t.Context()}
	robot, err := (&demoCmd{Seed: 7}).found(a, venue, 1)
	if err != nil {
		t.Fatal(err)
	}
	id, err := robot.id(a, robot.todo[0].Code)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := robot.read(a, id)
	if err != nil {
		t.Fatal(err)
	}
	line, written := sheet.Lines[0], 0
	mark := func() string {
		written++
		text, e := fmt.Sprintf("59.%02d", written), said("follow")
		if written > 1 {
			e.Reason = "read again"
		}
		if _, err := robot.client.Must(a, "/marks", e, events.EnterMark{Unit: id, Start: line.Start, Mark: text, Saw: line.Revision + int64(written-1)}); err != nil {
			t.Fatal(err)
		}
		return `"` + text + `"`
	}
	o.listen = strings.TrimPrefix(venue.url, "http://")
	public, err := startRelay(relay.Options{Venue: venue.url, KeepAlive: time.Second, Logger: quiet}, "127.0.0.1:0", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := public.stop(); err != nil {
			t.Error(err)
		}
	})

	topic := fmt.Sprintf("zh-CN/unit/%d", id)
	hall, home := watchAt(t, venue.url, topic), watchAt(t, public.url, topic)
	same := func(text string) {
		t.Helper()
		shows := func(n *heardNote) bool { return n.Type == "frame" && strings.Contains(string(n.Data), text) }
		there, here := hall.until("the venue's frame", shows), home.until("the relay's frame", shows)
		if there.Epoch != here.Epoch || there.Seq != here.Seq || string(there.Data) != string(here.Data) {
			t.Errorf("the venue says %s %d %s,\nthe relay %s %d %s", there.Epoch, there.Seq, there.Data, here.Epoch, here.Seq, here.Data)
		}
	}
	same(`"entry"`)
	for range 3 {
		same(mark())
	}

	page := fmt.Sprintf("/c/demo/units/%d", id)
	for _, path := range []string{page, page + "?lang=en", "/c/demo/medals", fmt.Sprintf("/c/demo/documents/units/%d.json", id), "/c/demo/api/programme"} {
		_, there, _ := fetch(t, venue.url+path)
		status, here, header := fetch(t, public.url+path, "tongchang=secret", "theme=dark; lang=nonsense")
		if theirs := strings.ReplaceAll(there, ` data-theme="dark"`, ""); status != http.StatusOK || strings.ReplaceAll(here, ` data-theme="dark"`, "") != theirs || header.Get("Content-Type") == "" {
			t.Errorf("%s: the relay answers %d, and not what the venue has", path, status)
		}
	}
	if status, here, _ := fetch(t, public.url+"/c/demo/state/"+topic); status != http.StatusOK || !strings.Contains(here, `"59.03"`) {
		t.Errorf("poll: %d %s", status, here)
	}
	for path, want := range map[string]int{"/c/demo/judge": 0, "/c/demo/sign-in": http.StatusForbidden, "/c/demo/desk/server": 0} {
		if status, here, _ := fetch(t, public.url+path); status == http.StatusOK || want != 0 && (status != want || !strings.Contains(here, venue.url)) {
			t.Errorf("%s: %d", path, status)
		}
	}
	resp, err := http.Post(public.url+"/c/demo/marks", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusMethodNotAllowed || !strings.Contains(string(text), venue.url) {
		t.Errorf("a mark at the relay: %d %s %v", resp.StatusCode, text, err)
	}

	if status, here, _ := fetch(t, public.url+page); status != http.StatusOK || strings.Contains(here, "连不上") {
		t.Errorf("the venue is there, and the page says %d and that it is not", status)
	}
	if err := venue.stop(); err != nil {
		t.Fatal(err)
	}
	home.until("a word that the state is old", func(n *heardNote) bool { return n.Type == "alive" && !n.Current })
	if status, here, header := fetch(t, public.url+page); status != http.StatusOK || !strings.Contains(here, "连不上赛场的服务器") || header.Get("Age") == "" {
		t.Errorf("the venue is gone, and the page says %d, age %q", status, header.Get("Age"))
	}
	if venue, err = startHost(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	defer venue.stop()
	robot.client = venue.client("demo")
	text := mark()
	home.until("the venue's new state", func(n *heardNote) bool { return n.Type == "frame" && strings.Contains(string(n.Data), text) })
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(200 * time.Millisecond) { // a page that found the venue gone is not asked for again at once
		status, here, _ := fetch(t, public.url+page)
		if status == http.StatusOK && !strings.Contains(here, "连不上") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the venue is back, and the page says %d and that it is not", status)
		}
	}
}
