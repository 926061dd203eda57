// Package rehearsal plays a recorded meet through the public interface for
// programs, as judges' tablets would: it loads or draws the start lists, opens
// each heat, enters every mark under an ID of its own, confirms, and at the end
// ranks what the server publishes and holds it against what was published then.
//
// It knows the server by its addresses alone. Officials train with it, the demo
// moves by it, and it is how the whole road of a mark is tested, with faults
// when asked: see [Faults].
package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"tongchang/events/lenex"
)

// Options say how a meet is played.
type Options struct {
	// Speed is how many times faster than recorded; 0 is without waiting.
	Speed float64
	// Judges is how many commands may be under way at once; 0 is 12.
	Judges int
	// Draw has heats and lanes drawn by rule where the rounds are seeded by
	// entry times, instead of loading the recorded ones.
	Draw bool
	// Faults sends marks late, doubled, out of order and over newer ones, and
	// loses replies.
	Faults bool
	// Seed of everything left to chance.
	Seed uint64
	// Beat is called before each mark is sent and may wait; nil does not.
	Beat func(context.Context) error
	// Began is called when a heat has been opened, with its title for a log;
	// nil is not.
	Began func(unit Unit, event Event)
}

// Summary is what came of a rehearsal.
type Summary struct {
	Units, Marks   int
	Official, Open int // heats confirmed; heats left as they were recorded, not official
	Drawn          DrawSummary
	Faults         map[string]int // tried, by name
	Unexpected     []string       // answers that were not what they must be
	Comparison     lenex.Comparison
	Elapsed        time.Duration
}

// Player plays one meet against one server.
type Player struct {
	client *Client
	meet   *lenex.Meet
	opts   Options

	mu      sync.Mutex
	random  *rand.Rand
	summary Summary
	judges  chan struct{} // a place for each command under way
	plan    *plan
}

// NewPlayer makes a player. The competition has to be on the server with the
// meet's entries (`tongchang import --no-results`).
func NewPlayer(c *Client, m *lenex.Meet, o Options) *Player {
	if o.Judges == 0 {
		o.Judges = 12
	}
	return &Player{client: c, meet: m, opts: o, random: rand.New(rand.NewPCG(o.Seed, 1)), judges: make(chan struct{}, o.Judges),
		summary: Summary{Faults: map[string]int{}}}
}

// Play plays everything that has not been played and compares. The summary is
// of this run; after an error it says how far it came.
func (p *Player) Play(ctx context.Context) (*Summary, error) {
	begun := time.Now()
	defer func() { p.summary.Elapsed = time.Since(begun) }()
	if err := p.startLists(ctx); err != nil {
		return &p.summary, err
	}
	clock := newClock(p.opts.Speed)
	for _, u := range p.plan.order() {
		if err := clock.until(ctx, u.Start); err != nil {
			return &p.summary, err
		}
		if err := p.heat(ctx, u); err != nil {
			return &p.summary, fmt.Errorf("heat %s: %w", u.Code, err)
		}
	}
	var err error
	p.summary.Comparison, err = p.compare(ctx)
	return &p.summary, err
}

// startLists learns what is there, draws or loads the start lists, and learns
// where everybody starts then.
func (p *Player) startLists(ctx context.Context) error {
	var err error
	if p.plan, err = p.learn(ctx); err != nil {
		return err
	}
	if p.opts.Draw {
		if err = p.draw(ctx); err != nil {
			return err
		}
	}
	if err = p.load(ctx); err != nil {
		return err
	}
	p.plan, err = p.learn(ctx)
	return err
}

// chance is true in one of n cases.
func (p *Player) chance(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.IntN(n) == 0
}

func (p *Player) pick(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.IntN(n)
}

// unexpected notes an answer that is not what it must be.
func (p *Player) unexpected(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.summary.Unexpected = append(p.summary.Unexpected, fmt.Sprintf(format, args...))
}

// clock waits as the meet did, faster. A pause longer than longestPause (lunch,
// a night) is as long as that.
type clock struct {
	speed float64
	last  time.Time // recorded start of the heat before
}

const longestPause = 10 * time.Minute

func newClock(speed float64) *clock { return &clock{speed: speed} }

// until waits for the recorded start of the next heat.
func (c *clock) until(ctx context.Context, start *time.Time) error {
	if c.speed <= 0 || start == nil {
		return ctx.Err()
	}
	pause := min(max(start.Sub(c.last), 0), longestPause)
	if c.last.IsZero() {
		pause = 0
	}
	c.last = *start
	return sleep(ctx, scaled(pause, c.speed))
}

func scaled(d time.Duration, speed float64) time.Duration { return time.Duration(float64(d) / speed) }

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// each runs a function for every item, as many at once as there are judges, and
// gives the first errors.
func each[T any](ctx context.Context, p *Player, items []T, do func(context.Context, T) error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(items))
	for i, item := range items {
		p.judges <- struct{}{}
		wg.Go(func() {
			defer func() { <-p.judges }()
			errs[i] = do(ctx, item)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
