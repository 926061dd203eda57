package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tongchang/events"
)

// newcomers of a surge; both ends are in this process, whose files are limited.
const newcomers = 8000

// BenchmarkSurge lets a crowd come to one unit at once while a judge writes marks
// for it, and measures the judge's receipts. Crowd and server share the machine.
func BenchmarkSurge(b *testing.B) {
	h, r, id, sheet := benchMeet(b, filepath.Join(b.TempDir(), "meet.db"))
	a := &app{Context: b.Context()}
	line, n := sheet.Lines[0], int64(0)
	receipt := func() time.Duration {
		e := said("surge")
		if n > 0 {
			e.Reason = "read again"
		}
		begun := time.Now()
		if _, err := r.client.Must(a, "/marks", e, events.EnterMark{Unit: id, Start: line.Start, Mark: fmt.Sprintf("59.%02d", n%100), Saw: line.Revision + n}); err != nil {
			b.Fatal(err)
		}
		n++
		return time.Since(begun)
	}
	var receipts []time.Duration
	var in []time.Duration
	refused := int64(0)
	for b.Loop() {
		begun := time.Now()
		arrived, close := surge(b, h.url, fmt.Sprintf("zh-CN/unit/%d", id), &refused)
		for done := false; !done; {
			receipts = append(receipts, receipt())
			select {
			case <-arrived:
				done = true
			case <-time.After(50 * time.Millisecond):
			}
		}
		in = append(in, time.Since(begun))
		close()
	}
	slices.Sort(receipts)
	slices.Sort(in)
	b.ReportMetric(milliseconds(receipts[len(receipts)/2]), "receipt-p50-ms")
	b.ReportMetric(milliseconds(receipts[len(receipts)*99/100]), "receipt-p99-ms")
	b.ReportMetric(float64(len(receipts)), "receipts")
	b.ReportMetric(milliseconds(in[len(in)-1]), "all-in-ms")
	b.ReportMetric(float64(refused), "refused")
	b.ReportMetric(0, "ns/op")
}

// surge connects the crowd; arrived is closed when each has its first frame or was
// refused.
func surge(b *testing.B, url, topic string, refused *int64) (arrived <-chan struct{}, leave func()) {
	var conns sync.Map
	var wg sync.WaitGroup
	dialer := websocket.Dialer{ReadBufferSize: 512, WriteBufferPool: new(sync.Pool), HandshakeTimeout: 30 * time.Second}
	for range newcomers {
		wg.Go(func() {
			conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(url, "http")+"/c/demo/live", http.Header{"Origin": {url}})
			if err != nil {
				atomic.AddInt64(refused, 1)
				return
			}
			conns.Store(conn, true)
			if err := conn.WriteJSON(map[string]any{"type": "watch", "topics": []map[string]any{{"topic": topic}}}); err != nil {
				b.Error(err)
				return
			}
			for range 2 { // the hello and the first frame
				if _, _, err := conn.ReadMessage(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all := make(chan struct{})
	go func() { wg.Wait(); close(all) }()
	return all, func() {
		conns.Range(func(conn, _ any) bool {
			_ = conn.(*websocket.Conn).Close() // the crowd goes home
			return true
		})
	}
}
