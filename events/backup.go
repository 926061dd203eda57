// Backup and restore of a SQLite database. PostgreSQL has tools of its own.
package events

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"tongchang/events/access"
)

// Backup writes a whole copy of the database into a new file while it is in
// use: one read transaction, so the copy is the database at one moment. The
// file is on disk and its pages are sound when it returns; a copy that failed
// is taken away again. Copying the database's files by hand is no backup, since
// what was written last is in the file beside it (-wal). That it was made is
// noted for the list of what is ready (setup_ready.go).
func (s *Store) Backup(ctx context.Context, file string) error {
	if isPostgres(s.dsn) {
		return errors.New("backup: PostgreSQL is backed up with pg_dump")
	}
	if err := copyInto(ctx, s.dsn, file); err != nil {
		return err
	}
	return s.NoteBackup(ctx, access.Console.Name)
}

// Restore makes a new database from a backup. Each competition's epoch is
// replaced: numbers that boards and tablets know from before may be given out
// again, to other entries, and must not be taken for the same.
func Restore(ctx context.Context, backup, file string) (err error) {
	if err := copyInto(ctx, backup, file); err != nil {
		return err
	}
	s, err := Open(ctx, file)
	if err != nil {
		return errors.Join(err, os.Remove(file))
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	cs, err := s.Competitions(ctx)
	if err != nil {
		return err
	}
	for _, c := range cs {
		if _, err := s.w.NewUpdate().Model(&c).Set("epoch = ?", newEpoch()).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("restore %s: %w", c.Code, err)
		}
	}
	return nil
}

// readOnly opens a database file to be read. Unlike the store's readers it is
// not held to queries: to SQLite, VACUUM INTO is no query.
func readOnly(file string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(5000)")
}

// copyInto copies a database into a file that must not exist yet.
func copyInto(ctx context.Context, from, file string) (err error) {
	db, err := readOnly(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	out, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // people's data: for its owner alone
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, os.Remove(file))
		}
	}()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", file); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if err := out.Sync(); err != nil {
		return err
	}
	return sound(ctx, file)
}

// sound asks SQLite whether every page and index of a file is as it must be.
func sound(ctx context.Context, file string) (err error) {
	db, err := readOnly(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the copy is damaged: %s", verdict)
	}
	return nil
}
