package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tongchang/events"
	"tongchang/events/ledgertest"
)

// boards is how many watch one unit.
const boards = 1000

// BenchmarkBoards posts marks for a unit that a thousand boards watch, through
// the whole server, and measures from the post to the frame on the last board:
// a judge's finger to every board in the hall, all on this machine.
func BenchmarkBoards(b *testing.B) {
	for _, kind := range ledgertest.Databases {
		b.Run(kind, func(b *testing.B) { benchBoards(b, kind) })
	}
}

// benchMeet opens a server with a demo's meet until the benchmark's end. The unit
// is the next to be held.
func benchMeet(b *testing.B, db string) (h *host, r *robot, unit int64, lines sheet) {
	b.Helper()
	h, err := startHost(b.Context(), hostOptions{db: db, listen: "127.0.0.1:0", log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := h.stop(); err != nil {
			b.Log("stop:", err)
		}
	})
	a := &app{Context: b.Context()}
	if r, err = (&demoCmd{Seed: 7}).found(a, h, 1); err != nil {
		b.Fatal(err)
	}
	if unit, err = r.id(a, r.todo[0].Code); err != nil {
		b.Fatal(err)
	}
	if lines, err = r.read(a, unit); err != nil {
		b.Fatal(err)
	}
	return h, r, unit, lines
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func benchBoards(b *testing.B, kind string) {
	h, r, id, sheet := benchMeet(b, ledgertest.New(b, kind))
	a := &app{Context: b.Context()}
	room := watch(b, h, fmt.Sprintf("zh-CN/unit/%d", id))
	defer room.close()
	line, n := sheet.Lines[0], 0
	var last []time.Duration
	for b.Loop() {
		mark := fmt.Sprintf("59.%02d", n%100)
		e := said("bench")
		if n > 0 {
			e.Reason = "read again"
		}
		begun := time.Now()
		reached := room.expect(`"` + mark + `"`)
		if _, err := r.client.Must(a, "/marks", e, events.EnterMark{Unit: id, Start: line.Start, Mark: mark, Saw: line.Revision + int64(n)}); err != nil {
			b.Fatal(err)
		}
		select {
		case at := <-reached:
			last = append(last, at.Sub(begun))
		case <-time.After(5 * time.Second):
			b.Fatalf("%d of %d boards have the mark", room.have.Load(), boards)
		}
		n++
		time.Sleep(150 * time.Millisecond) // the judge looks at the next lane
	}
	slices.Sort(last)
	b.ReportMetric(milliseconds(last[len(last)/2]), "last-board-p50-ms")
	b.ReportMetric(milliseconds(last[len(last)*99/100]), "last-board-p99-ms")
}

// boardRoom is a room full of boards.
type boardRoom struct {
	conns []*websocket.Conn
	done  sync.WaitGroup

	mu      sync.Mutex
	text    string // what a frame with the expected mark has in it
	have    atomic.Int64
	reached chan time.Time
}

// expect says which text the next frames have to show, and gives the moment at
// which the last board has received it.
func (h *boardRoom) expect(text string) <-chan time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text, h.reached = text, make(chan time.Time, 1)
	h.have.Store(0)
	return h.reached
}

func (h *boardRoom) got(frame string) {
	at := time.Now()
	h.mu.Lock()
	text, reached := h.text, h.reached
	h.mu.Unlock()
	if text != "" && strings.Contains(frame, text) && h.have.Add(1) == boards {
		reached <- at
	}
}

func watch(b *testing.B, h *host, topic string) *boardRoom {
	b.Helper()
	room := &boardRoom{}
	for range boards {
		conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(h.url, "http")+"/c/demo/live", http.Header{"Origin": {h.url}})
		if err != nil {
			b.Fatal(err)
		}
		if err := conn.WriteJSON(map[string]any{"type": "watch", "topics": []map[string]any{{"topic": topic}}}); err != nil {
			b.Fatal(err)
		}
		room.conns = append(room.conns, conn)
		room.done.Go(func() {
			for {
				_, frame, err := conn.ReadMessage()
				if err != nil {
					return // closed at the end
				}
				room.got(string(frame))
			}
		})
	}
	return room
}

func (h *boardRoom) close() {
	for _, c := range h.conns {
		_ = c.Close() // the boards go home
	}
	h.done.Wait()
}
