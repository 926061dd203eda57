package answers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func page(text string) *Answer {
	return &Answer{Status: http.StatusOK, Header: http.Header{"Etag": {`W/"` + text + `"`}}, Body: []byte(text)}
}

func always(*Answer) bool { return true }

// A crowd that asks at once costs one making, and whoever gives up is not held.
func TestCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		var made atomic.Int64
		slow := func(*Answer) (*Answer, bool) {
			made.Add(1)
			time.Sleep(time.Second)
			return page("bread"), true
		}
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if a := c.Get(t.Context(), "/", always, slow); a == nil || string(a.Body) != "bread" {
					t.Errorf("got %v", a)
				}
			})
		}
		wg.Go(func() {
			time.Sleep(100 * time.Millisecond)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if a := c.Get(ctx, "/", always, slow); a != nil {
				t.Error("waited although it had given up")
			}
		})
		wg.Wait()
		if made.Load() != 1 {
			t.Errorf("made %d times, want once", made.Load())
		}
	})
}

// What was begun before a change is never given to whoever asks after it.
func TestChangeWhileMaking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		var state atomic.Int64
		ask := func() *Answer {
			return c.Get(t.Context(), "/", func(a *Answer) bool { return a.State == state.Load() }, func(*Answer) (*Answer, bool) {
				a := page("state " + strconv.FormatInt(state.Load(), 10))
				a.State = state.Load()
				time.Sleep(time.Second)
				return a, true
			})
		}
		go ask()
		time.Sleep(500 * time.Millisecond)
		state.Add(1)
		if a := ask(); string(a.Body) != "state 1" {
			t.Errorf("after the change: %s", a.Body)
		}
	})
}

// What may not be shared is made for each who asks, side by side; a maker that
// panics holds nobody up.
func TestNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		var made atomic.Int64
		own := func(*Answer) (*Answer, bool) {
			time.Sleep(time.Second)
			return page(strconv.FormatInt(made.Add(1), 10)), false
		}
		began := time.Now()
		var wg sync.WaitGroup
		seen := sync.Map{}
		for range 20 {
			wg.Go(func() {
				if _, twice := seen.LoadOrStore(string(c.Get(t.Context(), "/", always, own).Body), true); twice {
					t.Error("one answer went to two")
				}
			})
		}
		wg.Wait()
		if took := time.Since(began); made.Load() != 20 || took > 2*time.Second {
			t.Errorf("%d made in %v, want 20 within two seconds", made.Load(), took)
		}
		func() {
			defer func() { _ = recover() }() // the maker's panic is what is tested
			c.Get(t.Context(), "/", always, func(*Answer) (*Answer, bool) { panic("oven") })
		}()
		if a := c.Get(t.Context(), "/", always, own); a == nil {
			t.Error("no answer after a panic")
		}
	})
}

// The cache keeps within its bytes, whatever is asked for.
func TestFull(t *testing.T) {
	c := New(20 << 10)
	for i := range 1000 {
		c.Get(t.Context(), strconv.Itoa(i), always, func(*Answer) (*Answer, bool) { return page(strings.Repeat("x", 1<<10)), true })
		if c.size > 20<<10 || c.size != len(c.kept)*(2<<10) {
			t.Fatalf("%d answers take %d bytes", len(c.kept), c.size)
		}
	}
	if len(c.kept) < 5 {
		t.Errorf("%d answers kept", len(c.kept))
	}
}

func TestServe(t *testing.T) {
	for have, want := range map[string]int{"": 200, `W/"bread"`: 304, `"bread"`: 304, `W/"rye", W/"bread"`: 304, "*": 304, `W/"rye"`: 200} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("If-None-Match", have)
		w := httptest.NewRecorder()
		page("bread").Serve(w, r)
		if w.Code != want || (want == 304) != (w.Body.Len() == 0) || w.Header().Get("ETag") == "" {
			t.Errorf("If-None-Match %s: %d %s", have, w.Code, w.Body)
		}
	}
}
