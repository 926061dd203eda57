// Differences between the two databases, all of them: how each is opened,
// migrated, woken and how its errors are told apart.
package events

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite"
)

//go:embed migrations
var migrations embed.FS

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// openSQLite opens one writer connection, which is the lock, and a pool of
// readers that cannot write. Synchronous FULL is what makes an acknowledged
// mark survive a power cut: NORMAL loses the last transactions in WAL mode.
func openSQLite(path string) (w, r *bun.DB, err error) {
	pragmas := []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "trusted_schema(0)"}
	file := "file:" + (&url.URL{Path: path}).EscapedPath()
	writer, err := sql.Open("sqlite", file+"?"+url.Values{"_txlock": {"immediate"}, "_pragma": pragmas}.Encode())
	if err != nil {
		return nil, nil, err
	}
	writer.SetMaxOpenConns(1)
	for try := 0; ; try++ { // creates the file before the readers look for it; turning WAL on does not wait for others
		if err = writer.Ping(); err == nil || try == 40 || !passing(err) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open %s: %w", path, err), writer.Close())
	}
	reader, err := sql.Open("sqlite", file+"?"+url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(1)"}}.Encode())
	if err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	reader.SetMaxOpenConns(4)
	reader.SetMaxIdleConns(4)
	return bun.NewDB(writer, sqlitedialect.New()), bun.NewDB(reader, sqlitedialect.New()), nil
}

// openPostgres uses the Exec mode, because bun writes arguments into the text:
// each text would otherwise become a prepared statement of its own.
func openPostgres(dsn string) (w, r *bun.DB, err error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, nil, fmt.Errorf("PostgreSQL address: %w", err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	if cfg.RuntimeParams["plan_cache_mode"] == "" { // what is prepared (hot) is looked up by keys: one plan fits all
		cfg.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	}
	if cfg.RuntimeParams["idle_in_transaction_session_timeout"] == "" { // a node that stands still must not hold a competition's lock for ever
		cfg.RuntimeParams["idle_in_transaction_session_timeout"] = "3s"
	}
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.Ping(); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("reach PostgreSQL: %w", err), pool.Close())
	}
	db := bun.NewDB(pool, pgdialect.New())
	return db, db, nil
}

// migrate brings the schema up. Several nodes may start at once: on PostgreSQL
// they queue for a session lock, on SQLite for the write lock.
func migrate(ctx context.Context, db *bun.DB) error {
	name, folder, opts := goose.DialectSQLite3, "migrations/sqlite", []goose.ProviderOption(nil)
	if db.Dialect().Name() == dialect.PG {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return err
		}
		name, folder, opts = goose.DialectPostgres, "migrations/postgres", append(opts, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(name, db.DB, files, opts...)
	if err != nil {
		return err
	}
	for try := 0; ; try++ { // SQLite has no session lock: of two that find an empty file one must look again
		if _, err = p.Up(ctx); err == nil || try == 20 || ctx.Err() != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// hot runs a query that every mark needs, with ? for its arguments and "IN (?)"
// for a slice. PostgreSQL plans such a query for longer than it runs it, so
// there it is prepared, once for each connection; to SQLite it goes as text.
func hot(ctx context.Context, db *bun.DB, tx bun.Tx, dest any, query string, args ...any) error {
	if tx.Dialect().Name() != dialect.PG {
		for i, arg := range args {
			if reflect.TypeOf(arg).Kind() == reflect.Slice {
				args[i] = bun.List(arg)
			}
		}
		return tx.NewRaw(query, args...).Scan(ctx, dest)
	}
	query = strings.ReplaceAll(query, "IN (?)", "= ANY(?)")
	for i := range args {
		query = strings.Replace(query, "?", fmt.Sprintf("$%d", i+1), 1)
	}
	rows, err := tx.Tx.QueryContext(ctx, query, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return err
	}
	return db.ScanRows(ctx, rows, dest) // closes them
}

// bell is the statement that tells the other nodes, with the commit, that a
// competition has news; nil where there are none.
func bell(tx bun.Tx, code string) fmt.Stringer {
	if tx.Dialect().Name() != dialect.PG {
		return nil // one process: the store's own hook is enough
	}
	return tx.NewSelect().ColumnExpr("pg_notify('tongchang', ?)", code)
}

// Listen calls wake with the code of every competition that any node commits
// to, until ctx ends. A bell may be lost (a broken line): whoever listens also
// looks by itself from time to time. It answers at once on SQLite.
func (s *Store) Listen(ctx context.Context, wake func(code string)) {
	for wait := 100 * time.Millisecond; isPostgres(s.dsn) && ctx.Err() == nil; wait = min(2*wait, 10*time.Second) {
		if c, err := pgx.Connect(ctx, s.dsn); err == nil {
			_, err = c.Exec(ctx, "LISTEN tongchang")
			for err == nil {
				wait = 100 * time.Millisecond
				var n *pgconn.Notification
				if n, err = c.WaitForNotification(ctx); err == nil {
					wake(n.Payload)
				}
			}
			_ = c.Close(context.WithoutCancel(ctx))
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// passing reports whether an error may pass by itself: the database was busy, a
// deadlock was broken, the line to the server was cut or the server went away.
// Whether something was committed before that is not known; trying again finds
// out, since a command is found by its ID.
func passing(err error) bool {
	var coded interface{ Code() int } // modernc's *sqlite.Error
	if errors.As(err, &coded) {
		const busy, locked = 5, 6
		return coded.Code()&0xff == busy || coded.Code()&0xff == locked
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		const stoodStill = "25P03"                                                                     // idle_in_transaction_session_timeout
		return slices.Contains([]string{"08", "40", "53", "57"}, pg.Code[:2]) || pg.Code == stoodStill // connection, rollback, resources, operator
	}
	for _, gone := range []error{sql.ErrConnDone, driver.ErrBadConn, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return pgconn.Timeout(err) || pgconn.SafeToRetry(err) || errors.As(err, new(*pgconn.ConnectError)) || errors.As(err, new(*net.OpError))
}
