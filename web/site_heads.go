package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"sync"
	"time"

	"tongchang/events"
	"tongchang/web/answers"
)

// tagged gives an answer that is the same for everybody a tag, so that it is
// kept, and sent only to whoever has another.
func tagged(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec := answers.NewRecorder()
		if err := h(rec, r); err != nil {
			return err
		}
		a := rec.Answer()
		sum := sha256.Sum256(a.Body)
		a.Header.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
		a.Header.Set("Cache-Control", "no-cache")
		a.Serve(w, r)
		return nil
	}
}

// heads remembers where each competition's log ends, until something is
// committed, and for a second at most: a node that commits may not be heard.
type heads struct {
	mu   sync.Mutex
	of   map[string]head
	acts int // commits so far: what was read before one is not kept after it
}

type head struct {
	c  events.Competition
	at time.Time
}

const headHolds = time.Second

func (h *heads) forget(code string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.acts++
	delete(h.of, code)
}

func (h *heads) read(ctx context.Context, store *events.Store, code string) (events.Competition, error) {
	h.mu.Lock()
	known, ok := h.of[code]
	acts := h.acts
	h.mu.Unlock()
	if ok && time.Since(known.at) < headHolds {
		return known.c, nil
	}
	now := time.Now()
	c, err := store.Competition(ctx, code)
	if err != nil {
		return c, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.acts == acts {
		h.of[code] = head{c, now}
	}
	return c, nil
}
