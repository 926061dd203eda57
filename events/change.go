// The one way to write: a command goes in, and either everything it does is
// committed together with one log entry, or nothing is.
package events

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/uptrace/bun"
)

// Command says who asks for a change, where, and under which ID. The sender
// makes the ID and keeps it: the same command sent again returns the receipt
// of the first time.
type Command struct {
	ID          string `validate:"required,uuid"`
	Competition string `validate:"required"`        // code
	Author      string `validate:"required,max=80"` // seat or organiser
	Reason      string `validate:"max=400"`         // with corrections
	Seat        int64  // that it was asked from; 0: none. Decides what it reaches, and is not in the log
	Device      int64  // paired with that seat; as little in the log
}

// Receipt is what the sender gets back: the number of the log entry and what
// the change came to. Repeated tells that the command had been accepted before.
type Receipt struct {
	Seq      int64
	Outcome  json.RawMessage
	Repeated bool
}

// act is what a command asks for: its kind and its payload, which is the act
// itself as JSON.
type act interface{ kind() string }

// Change is what a command's closure works with: one savepoint of a
// transaction, its number and its time.
type Change struct {
	Command
	Tx          bun.Tx
	Competition Competition // as it was locked
	Seq         int64
	Now         time.Time
	store       *Store
	topics      []string
}

// touch names topics that the change alters: unit/12, medals.
func (c *Change) touch(topics ...string) { c.topics = append(c.topics, topics...) }

// batch is the change's own transaction for what is otherwise read and written
// for a whole batch.
func (c *Change) batch() *batch {
	return &batch{store: c.store, db: c.store.w, tx: c.Tx, log: c.store.log, now: c.Now}
}

// importAuthor is who writes what comes with a file.
const importAuthor = "import"

// request is a command on its way through the committer. What it does is a
// closure, or a mark, which the committer takes in sets.
type request struct {
	ctx     context.Context
	command Command
	act     act
	kind    string
	payload string
	do      func(context.Context, *Change) (any, error)
	mark    *EnterMark
	receipt Receipt
	err     error
	came    time.Time // to the committer
	done    chan struct{}
}

// change is the single way to write. It checks the command's shape, then hands
// it to the committer, which runs do inside a savepoint with the next number
// of the competition's log. do must use only c.Tx; what it returns is kept in
// the log as the outcome. An error leaves nothing behind and the number free.
func (s *Store) change(ctx context.Context, c Command, a act, do func(context.Context, *Change) (any, error)) (Receipt, error) {
	return s.ask(ctx, &request{command: c, act: a, do: do})
}

// ask hands a request to the committer and waits for what comes of it.
func (s *Store) ask(ctx context.Context, r *request) (Receipt, error) {
	if err := s.shape(r.command, r.act); err != nil {
		return Receipt{}, err
	}
	payload, err := json.Marshal(r.act)
	if err != nil {
		return Receipt{}, fmt.Errorf("write %s down: %w", r.act.kind(), err)
	}
	r.ctx, r.kind, r.payload, r.came, r.done = ctx, r.act.kind(), string(payload), time.Now(), make(chan struct{})
	select {
	case s.queue <- r:
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	case <-s.stop:
		return Receipt{}, &Refusal{Status: StatusUnknown, Problem: "stopping"}
	}
	select {
	case <-r.done: // never left early: what was committed must be answered
		return r.receipt, asRefusal(r.err)
	case <-s.stop:
		s.stopped.Wait() // the committer has finished what it had begun
		select {
		case <-r.done:
			return r.receipt, asRefusal(r.err)
		default:
			return Receipt{}, &Refusal{Status: StatusUnknown, Problem: "stopping"}
		}
	}
}

// tagProblems are the problems that a command's tags find.
var tagProblems = map[string]string{"required": "field-required", "uuid": "field-uuid", "max": "field-max", "min": "field-min"}

// shape checks the tags of a command and of what it asks for.
func (s *Store) shape(c Command, a act) error {
	for _, v := range []any{c, a} {
		err := s.validate.Struct(v)
		var fields validator.ValidationErrors
		if errors.As(err, &fields) {
			f := fields[0]
			return &Refusal{Status: StatusInvalid, Field: f.Field(), Problem: cmp.Or(tagProblems[f.Tag()], "field-wrong"), With: []string{f.Field(), f.Param()}}
		}
		if err != nil {
			return fmt.Errorf("check the shape of %s: %w", a.kind(), err)
		}
	}
	return nil
}

func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(jsonName) // people see the names of the interface, not of Go
	return v
}

// entry makes the log entry of an accepted change and chains it to prev.
func (r *request) entry(c *Change, outcome, prev string) LogEntry {
	e := LogEntry{
		CompetitionID: c.Competition.ID, Seq: c.Seq, CommandID: r.command.ID, Kind: r.kind, Author: r.command.Author,
		Reason: r.command.Reason, At: c.Now, Payload: r.payload, Receipt: outcome, Topics: strings.Join(c.topics, " "), Prev: prev,
	}
	e.Hash = e.hash()
	return e
}

// hash is SHA-256 over the entry's fields as a JSON array, which no two
// different entries share, and so over the hash before it.
func (e *LogEntry) hash() string {
	b, err := json.Marshal([]any{
		e.Prev, e.Seq, e.CommandID, e.Kind, e.Author, e.Reason,
		e.At.UTC().Format("2006-01-02T15:04:05.000000Z"), e.Payload, e.Receipt, e.Topics,
	})
	if err != nil { // strings and one number: cannot fail
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sameAsked reports whether a command repeats the one that wrote an entry.
func (r *request) sameAsked(e *LogEntry) bool {
	return e.Kind == r.kind && e.Payload == r.payload && e.Reason == r.command.Reason
}
