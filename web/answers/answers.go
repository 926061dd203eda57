// Package answers keeps finished HTTP answers, so that a crowd that asks for the
// same page costs the making of one. It knows nothing of what is in them: whoever
// asks says which of them are still right.
package answers

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Answer is a finished one. It is shared and must not be changed.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Known  time.Time // when it was last known to be right
	State  int64     // what it was made from, in whatever way its maker counts
}

// Serve sends the answer, or 304 to a browser that has it.
func (a *Answer) Serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	maps.Copy(h, a.Header) // the values are shared and only read
	if tag := a.Header.Get("ETag"); tag != "" && names(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Length"] = []string{strconv.Itoa(len(a.Body))}
	w.WriteHeader(a.Status)
	if r.Method != http.MethodHead {
		w.Write(a.Body) // a reader who has gone needs no answer
	}
}

// names reports whether a list of entity tags has this one, compared weakly as
// GET does (RFC 9110, 13.1.2).
func names(list, tag string) bool {
	if list == tag || list == "*" {
		return true
	}
	tag = strings.TrimPrefix(tag, "W/")
	for item := range strings.SplitSeq(list, ",") {
		if strings.TrimPrefix(strings.TrimSpace(item), "W/") == tag {
			return true
		}
	}
	return false
}

// size is about what an answer takes.
func (a *Answer) size() int { return len(a.Body) + 1<<10 }

// Cache holds answers by key, up to a number of bytes. What has to go when it is
// full is left to chance: whatever is wanted will be made again.
type Cache struct {
	most int

	mu   sync.Mutex
	kept map[string]*place
	size int
}

// place is where an answer is, or is being made.
type place struct {
	answer *Answer
	making chan struct{} // closed when the making has ended; nil: nobody makes
}

// New makes a cache of so many bytes.
func New(most int) *Cache { return &Cache{most: most, kept: map[string]*place{}} }

// Maker makes an answer. It is given the one there was, nil for none. What it
// returns with keep false is its own alone: those who waited make their own.
type Maker func(old *Answer) (a *Answer, keep bool)

// Get is the answer of a key that is still right, or a new one. Of many who ask
// at once one makes it and the others wait, each as long as its context; nil when
// that ended first.
func (c *Cache) Get(ctx context.Context, key string, right func(*Answer) bool, maker Maker) *Answer {
	for {
		c.mu.Lock()
		p := c.kept[key]
		if p != nil && p.answer != nil && right(p.answer) {
			c.mu.Unlock()
			return p.answer
		}
		if p == nil {
			p = &place{}
			c.kept[key] = p
		}
		making := p.making
		if making == nil {
			p.making = make(chan struct{})
			old := p.answer
			c.mu.Unlock()
			return c.fill(key, p, old, maker)
		}
		c.mu.Unlock()
		select {
		case <-making:
		case <-ctx.Done():
			return nil
		}
		if !c.holds(key, p) { // it is not of a kind that can be shared
			a, _ := maker(nil)
			return a
		}
	}
}

// holds reports whether the place is still the key's.
func (c *Cache) holds(key string, p *place) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept[key] == p
}

// fill makes a place's answer. A maker that panics leaves nothing behind.
func (c *Cache) fill(key string, p *place, old *Answer, maker Maker) (a *Answer) {
	keep := false
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		close(p.making)
		p.making = nil
		if c.kept[key] != p {
			return // it was taken away meanwhile
		}
		if old != nil {
			c.size -= old.size()
		}
		if !keep || a == nil {
			delete(c.kept, key)
			return
		}
		p.answer = a
		c.size += a.size()
		c.shrink(key)
	}()
	a, keep = maker(old)
	return a
}

// shrink takes answers away until the rest fits, but not the newest. The lock is held.
func (c *Cache) shrink(newest string) {
	for key, p := range c.kept {
		if c.size <= c.most {
			return
		}
		if key == newest || p.making != nil {
			continue
		}
		c.size -= p.answer.size()
		delete(c.kept, key)
	}
}

// Recorder takes down what a handler answers.
type Recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// NewRecorder makes one.
func NewRecorder() *Recorder { return &Recorder{header: http.Header{}} }

// Header is part of http.ResponseWriter.
func (r *Recorder) Header() http.Header { return r.header }

// WriteHeader is part of http.ResponseWriter.
func (r *Recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write is part of http.ResponseWriter.
func (r *Recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

// Answer is what was taken down.
func (r *Recorder) Answer() *Answer {
	r.WriteHeader(http.StatusOK)
	return &Answer{Status: r.status, Header: r.header, Body: r.body.Bytes(), Known: time.Now()}
}
