package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// boards is how many watch a trial.
const boards = 2

// board shows every unit, as docs/feed.md asks of a client: it keeps the state
// it has, takes no older one, and comes back when the line breaks.
type board struct {
	hall *hall
	url  string

	mu    sync.Mutex
	have  map[int64]position
	shows map[int64]shownUnit
}

type position struct {
	Epoch string
	Seq   int64
}

// silence is how long a board waits for a sign of life: the server's, and what
// it may be late.
const silence = 20 * time.Second

func (b *board) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.watch(ctx); err != nil {
			wait(ctx, 100*time.Millisecond+rand.N(400*time.Millisecond))
		}
	}
}

// watch is one connection. It ends with an error, or with the trial.
func (b *board) watch(ctx context.Context) error {
	dialer := websocket.Dialer{HandshakeTimeout: 5 * time.Second}
	conn, _, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(b.url, "http")+"/c/"+code+"/live", http.Header{"Origin": {b.url}})
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		if stop() {
			_ = conn.Close() // it has broken already
		}
	}()
	type topic struct {
		Topic string `json:"topic"`
		Epoch string `json:"epoch,omitempty"`
		Seq   int64  `json:"seq,omitempty"`
	}
	ask := struct {
		Type   string  `json:"type"`
		Topics []topic `json:"topics"`
	}{Type: "watch"}
	b.mu.Lock()
	for _, u := range b.hall.units {
		p := b.have[u.id]
		ask.Topics = append(ask.Topics, topic{fmt.Sprintf("zh-CN/unit/%d", u.id), p.Epoch, p.Seq})
	}
	b.mu.Unlock()
	if err := conn.WriteJSON(ask); err != nil {
		return err
	}
	for {
		if err := conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return err
		}
		_, text, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		if err := b.take(text); err != nil {
			return err
		}
	}
}

// take reads a message and keeps a unit's state.
func (b *board) take(text []byte) error {
	var m struct {
		Type, Topic, Epoch string
		Seq                int64
		Data               json.RawMessage
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	if m.Type == "gone" {
		b.hall.wrong("a board was told that %s is gone", m.Topic)
	}
	if m.Type != "frame" {
		return nil
	}
	var id int64
	var state shownUnit
	if _, err := fmt.Sscanf(m.Topic, "zh-CN/unit/%d", &id); err != nil {
		return err
	}
	if err := json.Unmarshal(m.Data, &state); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if had := b.have[id]; had.Epoch == m.Epoch && m.Seq < had.Seq {
		return nil // another node may be behind: what is older is ignored
	}
	b.have[id], b.shows[id] = position{m.Epoch, m.Seq}, state
	return nil
}

// agrees reports whether the board shows these states.
func (b *board) agrees(states map[int64]shownUnit) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return reflect.DeepEqual(b.shows, states)
}
