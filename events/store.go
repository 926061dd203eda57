// The store: opening, closing and the hook that says "look" after a commit.
package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/uptrace/bun"

	"tongchang/events/vault"
)

// Store keeps competitions in SQLite or PostgreSQL. Its methods may be called
// from any goroutine.
type Store struct {
	dsn      string
	w, r     *bun.DB // the same on PostgreSQL; on SQLite r cannot write
	now      func() time.Time
	validate *validator.Validate
	batch    int // commands that may share a transaction
	log      *slog.Logger

	settling sync.Map // by competition's code, *sync.Mutex: who decides about registrations, one after the other

	heldBooks sync.Map // by competition's ID, *heldBook: when its units were held

	queue     chan *request
	committed func(took time.Duration, err error) // nil: nobody asks
	stop      chan struct{}
	stopped   sync.WaitGroup

	ring  *vault.Ring // nil: nothing sealed can be read or written
	marks sync.Map    // by competition: the fingerprint of its keys, once known

	mu       sync.Mutex
	onWake   []func(code string)
	editions map[int64]knownEdition // by competition
}

// Option changes how a store works.
type Option func(*Store)

// WithClock replaces the server's clock, for rehearsals and tests.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }

// WithBatch limits how many waiting commands may share a transaction; 1 turns
// group commit off. The default is 128.
func WithBatch(n int) Option { return func(s *Store) { s.batch = n } }

// WithLogger replaces the default logger.
func WithLogger(l *slog.Logger) Option { return func(s *Store) { s.log = l } }

// WithCommitted has f told of each command when its outcome is known: how long it
// took from being handed to the committer, and the error where the database
// could not be asked. It is called from one goroutine and must not wait.
func WithCommitted(f func(took time.Duration, err error)) Option {
	return func(s *Store) { s.committed = f }
}

// Open opens a database, brings its schema up to date and starts the committer.
// The name is a postgres:// address, or the path of a SQLite file, which is
// made when it is not there.
func Open(ctx context.Context, name string, opts ...Option) (*Store, error) {
	s := &Store{dsn: name, now: time.Now, validate: newValidator(), batch: 128, log: slog.Default(), stop: make(chan struct{})}
	for _, o := range opts {
		o(s)
	}
	open := openSQLite
	if isPostgres(name) {
		open = openPostgres
	}
	var err error
	if s.w, s.r, err = open(name); err != nil {
		return nil, err
	}
	if err := migrate(ctx, s.w); err != nil {
		return nil, errors.Join(fmt.Errorf("bring the schema up to date: %w", err), s.closeDB())
	}
	s.queue = make(chan *request, 1024)
	s.stopped.Go(s.committer)
	return s, nil
}

// Close waits for the commands under way and closes the database.
func (s *Store) Close() error {
	close(s.stop)
	s.stopped.Wait()
	return s.closeDB()
}

func (s *Store) closeDB() error {
	if s.r == s.w {
		return s.w.Close()
	}
	return errors.Join(s.r.Close(), s.w.Close())
}

// OnCommit adds a hook that is called after every commit with the code of each
// competition that changed. It must not block: a wake says only "look".
func (s *Store) OnCommit(wake func(code string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onWake = append(s.onWake, wake)
}

func (s *Store) wake(code string) {
	s.mu.Lock()
	hooks := s.onWake
	s.mu.Unlock()
	for _, h := range hooks {
		h(code)
	}
}

// Now is the server's clock.
func (s *Store) Now() time.Time { return s.now() }

// Queued is how many commands wait for the committer.
func (s *Store) Queued() int { return len(s.queue) }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.r.PingContext(ctx) }
