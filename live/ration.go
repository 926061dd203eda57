// Admission: how a crowd gets in without taking the processor from everybody
// else who is asking this server for something.

package live

import (
	"context"
	"errors"
	"sync"
	"time"
)

// turnPatience is how long a newcomer may wait for a turn. Whoever would have to
// wait longer is told at once to come back.
const turnPatience = 8 * time.Second

// errCrowd sends a newcomer away to come back.
var errCrowd = errors.New("live: too many at once")

// ration gives newcomers their turns: some at once, then so many a second.
type ration struct {
	mu   sync.Mutex
	next time.Time // when the one after all who have been let in would be in time
}

// turn says how long a newcomer has to wait, in order of arrival. When that is
// longer than patience no turn is taken, and wait is a hint when to come back.
func (r *ration) turn(now time.Time, l limit, patience time.Duration) (wait time.Duration, ok bool) {
	each := time.Duration(float64(time.Second) / l.rate)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next.Before(now) {
		r.next = now
	}
	wait = max(0, r.next.Sub(now)-time.Duration(l.burst)*each)
	if wait > patience {
		return wait, false
	}
	r.next = r.next.Add(each)
	return wait, true
}

// turn waits for the newcomer's turn; an error when there is none, because too
// many are waiting, the newcomer has left or the hub is closing. Whoever comes
// with a session does not wait: a judge is never behind the crowd.
func (h *Hub) turn(ctx context.Context, who Viewer) error {
	if who.Session != "" {
		return nil
	}
	rate := float64(h.opts.Arrivals)
	wait, ok := h.ration.turn(time.Now(), limit{burst: rate / 4, rate: rate}, turnPatience)
	switch {
	case !ok:
		return errCrowd
	case wait == 0:
		return nil
	}
	h.arriving.Add(1)
	defer h.arriving.Add(-1)
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-h.life.Done():
		return errCrowd
	}
}
