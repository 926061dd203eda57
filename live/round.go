// Rounds: how a message gets to a thousand watchers without a thousand
// goroutines, and without one of them waiting for another.

package live

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// watchersPerCarrier is what makes a further carrier worth its while: two that share
// a thousand watchers cost more processor time than one (see BenchmarkDeliveries).
const watchersPerCarrier = 2000

// round is a number of watchers whose queues are to be emptied. A few carriers
// share it. One that has to wait at a full line steps aside: another takes its
// place in the round, and it goes home after that watcher.
type round struct {
	watchers []*watcher
	next     atomic.Int64
	left     atomic.Int64             // carriers that are not aside
	done     func(int, time.Duration) // nil: nobody asks
	since    time.Time                // when the news came that the round is about; zero: no news
	running  *sync.WaitGroup
}

// carrier is one goroutine in a round.
type carrier struct {
	*round
	aside bool
}

// start sends the carriers out; it does not wait for them.
func (r *round) start() {
	carriers := min(runtime.GOMAXPROCS(0), 1+len(r.watchers)/watchersPerCarrier)
	r.left.Store(int64(carriers))
	for range carriers {
		r.send()
	}
}

func (r *round) send() {
	r.running.Add(1)
	go func() {
		defer r.running.Done()
		for c := (carrier{round: r}); !c.aside; {
			i := int(r.next.Add(1)) - 1
			if i >= len(r.watchers) {
				r.finish()
				return
			}
			r.watchers[i].drain(&c)
		}
	}()
}

// finish is the end of a carrier that is not aside; the last one reports. Those
// aside are about lines that are full, which nobody waits for.
func (r *round) finish() {
	if r.left.Add(-1) == 0 && r.done != nil && !r.since.IsZero() {
		r.done(len(r.watchers), time.Since(r.since))
	}
}

// stepAside is called before waiting. Its place is taken by another.
func (c *carrier) stepAside() {
	if !c.aside {
		c.aside = true
		c.send()
	}
}
