// The committer: one goroutine takes waiting commands, up to a batch of them,
// and commits them in one transaction, each in a savepoint of its own. One
// flush of the disk then acknowledges many marks.
package events

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

func (s *Store) committer() {
	last := 0
	for {
		select {
		case <-s.stop:
			return
		case r := <-s.queue:
			batch := s.gather(r, last)
			last = len(batch)
			s.commit(batch)
		}
	}
}

// linger is how long a batch waits for more.
const linger = 500 * time.Microsecond

// gather takes what is waiting. Where the batch before was larger, its judges
// may be about to come again, and one transaction for all of them is cheaper
// than one for the first and one for the rest; so it lingers a moment for as
// many. A judge who is alone never waits.
func (s *Store) gather(first *request, last int) []*request {
	batch := []*request{first}
	var over <-chan time.Time
	for len(batch) < s.batch {
		select {
		case r := <-s.queue:
			batch = append(batch, r)
			continue
		default:
		}
		if len(batch) >= last {
			break
		}
		if over == nil {
			over = time.After(linger)
		}
		select {
		case r := <-s.queue:
			batch = append(batch, r)
		case <-over:
			return batch
		}
	}
	return batch
}

// commit runs a batch until the database says what became of it. Running it
// again is safe: what was committed after all is found by its command ID.
func (s *Store) commit(requests []*request) {
	var codes []string
	var err error
	for try := range 5 {
		codes, err = s.tryCommit(requests)
		if err == nil || !passing(err) {
			break
		}
		time.Sleep(time.Duration(try+1) * 50 * time.Millisecond)
	}
	if err != nil && !passing(err) && len(requests) > 1 {
		for _, r := range requests { // what one of them cannot do must not be the others' end
			s.commit([]*request{r})
		}
		return
	}
	if err != nil {
		s.log.Error("commit", "commands", len(requests), "error", err)
	}
	for _, code := range codes { // before the answers: whoever has one finds what was kept of older states gone
		s.wake(code)
	}
	for _, r := range requests {
		if err != nil {
			r.receipt, r.err = Receipt{}, &Refusal{Status: StatusUnknown, Problem: "outcome-unknown", cause: err}
		}
		if s.committed != nil {
			s.committed(time.Since(r.came), err)
		}
		close(r.done)
	}
}

// tryCommit is one transaction. It names the competitions that changed.
func (s *Store) tryCommit(requests []*request) (changed []string, err error) {
	ctx := context.Background() // a sender that goes away must not undo its neighbours
	err = s.w.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		b := batch{store: s, db: s.w, tx: tx, now: s.now().UTC().Truncate(time.Microsecond), ends: map[string]*end{}, log: s.log}
		if err := b.lock(ctx, requests); err != nil {
			return err
		}
		for rest := requests; len(rest) > 0; {
			n := marksAtHead(rest)
			if n > 0 {
				err = b.runMarks(ctx, rest[:n])
			} else {
				n, err = 1, b.run(ctx, rest[0])
			}
			if err != nil {
				return err
			}
			rest = rest[n:]
		}
		changed, err = b.close(ctx)
		return err
	})
	return changed, err
}

// batch is the state of one transaction.
type batch struct {
	store   *Store
	db      *bun.DB
	tx      bun.Tx
	log     *slog.Logger
	now     time.Time
	ends    map[string]*end // by code
	entries []LogEntry
	refused []Refused
	writes  []string // statements to be sent together, at the latest before anything is read
}

// write keeps a statement for later.
func (b *batch) write(q fmt.Stringer) { b.writes = append(b.writes, q.String()) }

// flush sends what was kept as one text: on the way to a server each message
// costs as much as a small statement does.
func (b *batch) flush(ctx context.Context) error {
	if len(b.writes) == 0 {
		return nil
	}
	text := strings.Join(b.writes, ";\n")
	b.writes = b.writes[:0]
	if _, err := b.tx.Tx.ExecContext(ctx, text); err != nil { // not through bun, which would look for its own arguments in it
		return fmt.Errorf("write a batch: %w", err)
	}
	return nil
}

// end is the growing end of one competition's log.
type end struct {
	competition Competition
	known       map[string]*LogEntry // entries with the batch's command IDs, old and new
	grown       bool
}

// lock takes the next number of every competition in the batch, which is also
// its lock, in the order of their IDs so that two nodes never wait for each
// other; then it looks up which of the batch's commands are known already.
func (b *batch) lock(ctx context.Context, requests []*request) error {
	ids := map[string][]string{}
	for _, r := range requests {
		ids[r.command.Competition] = append(ids[r.command.Competition], r.command.ID)
	}
	for _, code := range slices.Sorted(maps.Keys(ids)) {
		var locked []Competition
		err := hot(ctx, b.db, b.tx, &locked, "UPDATE competitions SET last_seq = last_seq + 1 WHERE code = ? RETURNING *", code)
		if err != nil {
			return fmt.Errorf("lock competition %s: %w", code, err)
		}
		if len(locked) == 0 {
			continue
		}
		c := locked[0]
		c.LastSeq-- // taken; each accepted command of the batch moves it on
		e := &end{competition: c, known: map[string]*LogEntry{}}
		var old []LogEntry
		err = b.tx.NewSelect().Model(&old).Where("competition_id = ?", c.ID).Where("command_id IN (?)", bun.List(ids[code])).Scan(ctx)
		if err != nil {
			return fmt.Errorf("look up commands: %w", err)
		}
		for i := range old {
			e.known[old[i].CommandID] = &old[i]
		}
		b.ends[code] = e
	}
	return nil
}

// known answers what needs no work: a sender who has left, a competition that
// is not there, a command that is in the log already. It returns the log to
// work on, or nil.
func (b *batch) known(r *request) *end {
	r.receipt, r.err = Receipt{}, nil
	e := b.ends[r.command.Competition]
	switch {
	case r.ctx.Err() != nil: // the sender left before we began: do nothing, it will ask again
		r.err = r.ctx.Err()
		return nil
	case e == nil:
		r.err = notFound("no-such-competition", r.command.Competition)
		return nil
	}
	first := e.known[r.command.ID]
	switch {
	case first == nil:
		return e
	case r.sameAsked(first):
		r.receipt = Receipt{Seq: first.Seq, Outcome: json.RawMessage(first.Receipt), Repeated: true}
	default:
		r.err = &Refusal{Status: StatusReused, Problem: "command-reused", With: []string{r.command.ID}}
		sum := sha256.Sum256([]byte(r.payload))
		b.refused = append(b.refused, Refused{CompetitionID: e.competition.ID, CommandID: r.command.ID, Kind: r.kind,
			Author: r.command.Author, At: b.now, PayloadHash: hex.EncodeToString(sum[:])})
		b.log.Warn("command ID reused with another payload", "competition", r.command.Competition, "command", r.command.ID, "author", r.command.Author)
	}
	return nil
}

// run answers one command inside a savepoint. It returns an error only when the
// transaction as a whole can no longer be used.
func (b *batch) run(ctx context.Context, r *request) error {
	e := b.known(r)
	if e == nil {
		return nil
	}
	if err := b.flush(ctx); err != nil {
		return err
	}
	c := b.change(e, r)
	var outcome []byte
	r.err = b.tx.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		c.Tx = tx
		outcome, err = guarded(r, func() (any, error) { return r.do(ctx, c) })
		return err
	})
	if r.err != nil && passing(r.err) {
		return r.err
	}
	b.accept(e, r, c, outcome)
	return nil
}

// marksAtHead counts the marks that the requests begin with.
func marksAtHead(requests []*request) int {
	n := slices.IndexFunc(requests, func(r *request) bool { return r.mark == nil })
	if n < 0 {
		return len(requests)
	}
	return n
}

// runMarks answers marks, in order, as a set.
func (b *batch) runMarks(ctx context.Context, requests []*request) error {
	marks, commands, units := make([]*EnterMark, len(requests)), make([]Command, len(requests)), make([]int64, len(requests))
	for i, r := range requests {
		marks[i], commands[i], units[i] = r.mark, r.command, r.mark.Unit
	}
	if err := b.flush(ctx); err != nil {
		return err
	}
	set, err := loadMarkSet(ctx, b, marks)
	if err != nil {
		return err
	}
	if set.reach, err = b.reachFor(ctx, commands, units); err != nil {
		return err
	}
	for _, r := range requests {
		e := b.known(r)
		if e == nil {
			continue
		}
		c := b.change(e, r)
		var outcome []byte
		outcome, r.err = guarded(r, func() (any, error) { return set.enter(c, r.mark) })
		b.accept(e, r, c, outcome)
	}
	set.save(b)
	return nil
}

func (b *batch) change(e *end, r *request) *Change {
	return &Change{Command: r.command, Competition: e.competition, Seq: e.competition.LastSeq + 1, Now: b.now, store: b.store}
}

// guarded runs a command's own code and writes its outcome down; a panic in it
// is its error, not the end.
func guarded(r *request, do func() (any, error)) (outcome []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v", r.kind, p)
		}
	}()
	out, err := do()
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// accept makes the log entry and the receipt of a command that was not refused.
func (b *batch) accept(e *end, r *request, c *Change, outcome []byte) {
	if r.err != nil {
		return
	}
	entry := r.entry(c, string(outcome), e.competition.Head)
	b.entries = append(b.entries, entry)
	e.competition.LastSeq, e.competition.Head, e.grown = entry.Seq, entry.Hash, true
	e.known[entry.CommandID] = &entry
	r.receipt = Receipt{Seq: entry.Seq, Outcome: outcome}
}

// close writes the batch's log entries and the new ends, and rings the bell.
func (b *batch) close(ctx context.Context) (changed []string, err error) {
	if len(b.refused) > 0 {
		if _, err := b.tx.NewInsert().Model(&b.refused).Exec(ctx); err != nil {
			return nil, fmt.Errorf("note refused commands: %w", err)
		}
	}
	if len(b.entries) > 0 {
		b.write(b.tx.NewInsert().Model(&b.entries))
	}
	ends := slices.SortedFunc(maps.Values(b.ends), func(a, b *end) int { return cmp.Compare(a.competition.ID, b.competition.ID) })
	for _, e := range ends {
		b.write(b.tx.NewUpdate().Model(&e.competition).Column("last_seq", "head").WherePK())
		if !e.grown {
			continue
		}
		if bell := bell(b.tx, e.competition.Code); bell != nil {
			b.write(bell)
		}
		changed = append(changed, e.competition.Code)
	}
	return changed, b.flush(ctx)
}
