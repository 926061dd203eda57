package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// manners are how a tablet sends. Those of the real one (web/src/tablet) are
// slow; most trials use faster ones, to try more in the same time.
type manners struct {
	Patience          time.Duration // with an answer
	Shortest, Longest time.Duration // pauses after an unknown outcome, growing
	Copies            int           // the same request at most so often at once
	Echo              float64       // chance to send, after a receipt, an old mark once more
	Reuse             float64       // chance to send, after a receipt, another mark under the same ID
	Ahead             float64       // chance that a mark overtakes the one before it
}

var (
	hasty   = manners{Patience: 2 * time.Second, Shortest: 20 * time.Millisecond, Longest: 300 * time.Millisecond}
	patient = manners{Patience: 12 * time.Second, Shortest: 500 * time.Millisecond, Longest: 8 * time.Second}
)

// mark is a mark on a tablet, with the bytes that it is sent as.
type mark struct {
	note
	body    []byte
	answer  []byte // the outcome, as the first receipt had it
	stalled bool   // refused as stale because it had overtaken another
}

// ground is what one tablet writes: a unit, and how often it has written each
// start's cell, which is the revision that the next mark sees.
type ground struct {
	unit  unit
	saw   map[int64]int64
	queue []*mark
	acked []*mark
	ring  chan struct{}
}

// tablet is a robot that writes marks as the real tablet does: each is kept in
// the journal first, sent until there is a word on it, and within a unit one
// after the other.
type tablet struct {
	name    string
	hall    *hall
	journal *journal
	client  *http.Client
	manners manners

	mu      sync.Mutex
	rng     *rand.Rand
	url     string
	grounds []*ground
	waiting int
}

func newTablet(h *hall, i int, m manners, units []unit) (*tablet, error) {
	j, err := openJournal(h.dir, i)
	if err != nil {
		return nil, err
	}
	tb := &tablet{name: fmt.Sprintf("robot %d", i), hall: h, journal: j, manners: m, rng: rand.New(rand.NewPCG(h.rng.Uint64(), h.rng.Uint64())),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8, IdleConnTimeout: 30 * time.Second}}}
	for _, u := range units {
		tb.grounds = append(tb.grounds, &ground{unit: u, saw: map[int64]int64{}, ring: make(chan struct{}, 1)})
	}
	return tb, nil
}

// point says which server, or line to it, the tablet sends to.
func (tb *tablet) point(url string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.url = url
}

// chance is a decision of the tablet's own.
func (tb *tablet) chance(share float64) bool {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return share > 0 && tb.rng.Float64() < share
}

// make writes one mark down, as when the judge has pressed the last key: first
// for every start that has none, then over what stands there.
func (tb *tablet) make() error {
	tb.mu.Lock()
	g := tb.grounds[tb.rng.IntN(len(tb.grounds))]
	start := g.unit.starts[tb.rng.IntN(len(g.unit.starts))]
	for _, other := range tb.grounds {
		if i := slices.IndexFunc(other.unit.starts, func(s int64) bool { return other.saw[s] == 0 }); i >= 0 {
			g, start = other, other.unit.starts[i]
			break
		}
	}
	time_ := int64(5800+tb.rng.IntN(400)) * 10 // around a minute, often level
	tb.mu.Unlock()
	return tb.keep(g, start, time_)
}

// keep puts a mark into the journal and then into its unit's queue.
func (tb *tablet) keep(g *ground, start, ms int64) error {
	tb.mu.Lock()
	saw := g.saw[start]
	g.saw[start]++
	tb.mu.Unlock()
	n := note{State: made, ID: uuid.NewString(), Unit: g.unit.id, Start: start, Saw: saw, Mark: ms, Author: tb.name}
	body, err := n.body(ms)
	if err != nil {
		return err
	}
	tb.journal.write(n)
	n.At = time.Now()
	tb.mu.Lock()
	g.queue = append(g.queue, &mark{note: n, body: body})
	tb.waiting++
	tb.mu.Unlock()
	select {
	case g.ring <- struct{}{}:
	default:
	}
	return nil
}

// body is the command as it is sent.
func (n *note) body(ms int64) ([]byte, error) {
	c := map[string]any{"command": n.ID, "author": n.Author, "unit": n.Unit, "start": n.Start, "mark": clock(ms), "saw": n.Saw}
	if n.Saw > 0 {
		c["reason"] = "read again"
	}
	return json.Marshal(c)
}

// clock is a time as judges write it: 59.12, 1:02.34.
func clock(ms int64) string {
	if ms >= 60_000 {
		return fmt.Sprintf("%d:%02d.%02d", ms/60_000, ms/1000%60, ms/10%100)
	}
	return fmt.Sprintf("%d.%02d", ms/1000, ms/10%100)
}

// left is how many marks wait for a word.
func (tb *tablet) left() int {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return tb.waiting
}

// run delivers until the trial ends.
func (tb *tablet) run(ctx context.Context) {
	var all sync.WaitGroup
	for _, g := range tb.grounds {
		all.Go(func() { tb.deliver(ctx, g) })
	}
	all.Wait()
	tb.client.CloseIdleConnections()
}

// deliver sends a unit's marks, one after the other.
func (tb *tablet) deliver(ctx context.Context, g *ground) {
	for ctx.Err() == nil {
		tb.mu.Lock()
		queue := slices.Clone(g.queue[:min(2, len(g.queue))])
		tb.mu.Unlock()
		if len(queue) == 0 {
			select {
			case <-ctx.Done():
			case <-g.ring:
			}
			continue
		}
		if len(queue) == 2 && !queue[1].stalled && queue[0].Start == queue[1].Start && tb.chance(tb.manners.Ahead) {
			queue[1].stalled = true
			tb.overtake(ctx, queue[1])
		}
		if !tb.settle(ctx, g, queue[0]) {
			return
		}
		tb.mu.Lock()
		g.queue = g.queue[1:]
		g.acked = append(g.acked, queue[0])
		old := g.acked[tb.rng.IntN(len(g.acked))]
		tb.waiting--
		tb.mu.Unlock()
		if tb.chance(tb.manners.Echo) {
			tb.again(ctx, old)
		}
		if tb.chance(tb.manners.Reuse) {
			tb.reuse(ctx, queue[0])
		}
	}
}

// settle sends a mark until there is a word on it. It reports false when the
// trial ended before.
func (tb *tablet) settle(ctx context.Context, g *ground, m *mark) bool {
	for pause := tb.manners.Shortest; ; pause = min(2*pause, tb.manners.Longest) {
		a := tb.sendCopies(ctx, m)
		if ctx.Err() != nil && a == nil {
			return false
		}
		switch {
		case a == nil:
		case a.code == http.StatusOK:
			if a.Outcome.Revision != m.Saw+1 {
				tb.hall.wrong("mark %s saw revision %d and became %d", m.ID, m.Saw, a.Outcome.Revision)
			}
			tb.journal.write(note{State: acknowledged, ID: m.ID, Seq: a.Seq, Revision: a.Outcome.Revision})
			return true
		case a.Status == "closed" && a.Problem == "mark-late":
			tb.journal.write(note{State: late, ID: m.ID})
			return true
		case a.Status == "stale":
			tb.journal.write(note{State: stale, ID: m.ID, Revision: a.Present.Revision})
			tb.mu.Lock()
			g.saw[m.Start] = a.Present.Revision // the judge has seen it, and may write over it
			tb.mu.Unlock()
			return true
		default:
			tb.journal.write(note{State: refused, ID: m.ID, Problem: fmt.Sprintf("%d %s %s", a.code, a.Status, a.Problem)})
			return true
		}
		tb.mu.Lock()
		longer := time.Duration(tb.rng.Int64N(int64(pause) + 1))
		tb.mu.Unlock()
		wait(ctx, pause/2+longer)
	}
}

// sendCopies sends a mark, perhaps several times at once as a bad network may;
// the copies' answers must be one.
func (tb *tablet) sendCopies(ctx context.Context, m *mark) *answer {
	tb.mu.Lock()
	n := 1 + tb.rng.IntN(max(1, tb.manners.Copies))
	tb.mu.Unlock()
	answers := make([]*answer, n)
	var all sync.WaitGroup
	for i := range answers {
		tb.journal.write(note{State: sent, ID: m.ID})
		all.Go(func() { answers[i] = tb.post(ctx, m.body) })
	}
	all.Wait()
	var first *answer
	for _, a := range answers {
		switch {
		case a == nil:
		case first == nil:
			first = a
		case a.code != first.code || a.Seq != first.Seq || !bytes.Equal(a.outcome, first.outcome):
			tb.hall.wrong("copies of mark %s were answered %d %d %s and %d %d %s", m.ID, first.code, first.Seq, first.outcome, a.code, a.Seq, a.outcome)
		}
	}
	if first != nil && first.code == http.StatusOK {
		m.Seq, m.answer = first.Seq, first.outcome
	}
	return first
}

// overtake sends a mark before the one that it was made after: refused, and
// nothing is changed.
func (tb *tablet) overtake(ctx context.Context, m *mark) {
	tb.journal.write(note{State: sent, ID: m.ID})
	if a := tb.post(ctx, m.body); a != nil && a.Status != "stale" {
		tb.hall.wrong("mark %s overtook the one before it and was answered %d %s", m.ID, a.code, a.Status)
	}
}

// again sends an old mark once more: the first receipt, to the byte.
func (tb *tablet) again(ctx context.Context, m *mark) {
	if m.Seq == 0 {
		return // it was not accepted
	}
	tb.journal.write(note{State: sent, ID: m.ID})
	if a := tb.post(ctx, m.body); a != nil && (a.code != http.StatusOK || !a.Repeated || a.Seq != m.Seq || !bytes.Equal(a.outcome, m.answer)) {
		tb.hall.wrong("mark %s was acknowledged as %d, and sent again answered %d %d %v %s", m.ID, m.Seq, a.code, a.Seq, a.Repeated, a.outcome)
	}
}

// reuse sends another mark under an ID that was used: refused, and noted.
func (tb *tablet) reuse(ctx context.Context, m *mark) {
	if m.Seq == 0 {
		return
	}
	body, err := m.note.body(m.Mark + 10)
	if err != nil {
		tb.hall.wrong("%v", err)
		return
	}
	a := tb.post(ctx, body)
	switch {
	case a == nil:
	case a.code != http.StatusConflict || a.Status != "reused":
		tb.hall.wrong("the ID of mark %s with another mark was answered %d %s", m.ID, a.code, a.Status)
	default:
		tb.hall.reusedID(m.ID)
	}
}

// answer is the server's word on a mark: a receipt or a refusal.
type answer struct {
	code    int
	outcome []byte

	Seq      int64 `json:"seq"`
	Repeated bool  `json:"repeated"`
	Outcome  struct {
		Revision int64 `json:"revision"`
	} `json:"outcome"`
	Status  string `json:"status"`
	Problem string `json:"problem"`
	Present struct {
		Text     string `json:"text"`
		Revision int64  `json:"revision"`
	} `json:"present"`
}

// post sends a command once; nil is an unknown outcome.
func (tb *tablet) post(ctx context.Context, body []byte) *answer {
	tb.mu.Lock()
	url := tb.url
	tb.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, tb.manners.Patience)
	defer cancel()
	a, err := post(ctx, tb.client, url+"/c/"+code+"/marks", tb.hall.key, body)
	var bare *bareError
	if errors.As(err, &bare) {
		tb.hall.wrong("%v", err)
	}
	return a
}

// bareError is a server error without a word on when to come again.
type bareError struct {
	code int
	body []byte
}

func (e *bareError) Error() string {
	return fmt.Sprintf("answered %d without Retry-After: %s", e.code, e.body)
}

// post is one request with a command, as the desk. Nil is an outcome that
// nobody knows.
func post(ctx context.Context, client *http.Client, url, key string, body []byte) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "Authorization": {"Bearer " + key}}
	res, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() // read to its end below
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= http.StatusInternalServerError {
		if res.Header.Get("Retry-After") == "" {
			return nil, &bareError{res.StatusCode, b}
		}
		return nil, fmt.Errorf("answered %d", res.StatusCode)
	}
	a := &answer{code: res.StatusCode}
	var raw struct {
		Outcome json.RawMessage `json:"outcome"`
	}
	if err := errors.Join(json.Unmarshal(b, a), json.Unmarshal(b, &raw)); err != nil {
		return nil, err
	}
	a.outcome = raw.Outcome
	return a, nil
}
