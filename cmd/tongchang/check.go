// check, migrate, backup, restore: looking after a database.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"tongchang/events"
)

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// exists refuses a database file that is not there: a command that only reads
// must not make an empty one and find nothing wrong with it.
func (d *database) exists() error {
	if isPostgres(d.DB) {
		return nil
	}
	if _, err := os.Stat(d.DB); errors.Is(err, fs.ErrNotExist) {
		return fault("no-database", d.DB)
	} else if err != nil {
		return fault("open", d.DB, err)
	}
	return nil
}

// open opens the database and its key file, making both where they are not there.
func (d *database) open(a *app) (*events.Store, error) {
	ring, err := openKeys(d.DB, d.Keys)
	if err != nil {
		return nil, err
	}
	return d.openWith(a, events.WithKeys(ring))
}

// openThere opens a database that has to be there, and its key file where that
// is there.
func (d *database) openThere(a *app) (*events.Store, error) {
	if err := d.exists(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(keyFile(d.DB, d.Keys)); errors.Is(err, fs.ErrNotExist) {
		return d.openWith(a)
	}
	return d.open(a)
}

func (d *database) openWith(a *app, opts ...events.Option) (*events.Store, error) {
	s, err := events.Open(a, d.DB, opts...)
	if err != nil {
		return nil, fault("open", d.shown(), err)
	}
	return s, nil
}

// joined keeps the first error and adds what went wrong while tidying up.
func joined(err, tidying error) error {
	if err == nil {
		return tidying
	}
	if tidying == nil {
		return err
	}
	return errors.Join(err, tidying)
}

// checkCmd is `tongchang check`.
type checkCmd struct{ database }

// Run checks everything; the last line and the exit status say the same.
func (c *checkCmd) Run(a *app) (err error) {
	s, err := c.openThere(a)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, s.Close()) }()
	report, err := s.Check(a)
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		fmt.Fprintln(a.out, p)
	}
	fmt.Fprintln(a.out, report)
	if !report.OK() {
		return errSaid
	}
	return nil
}

// migrateCmd is `tongchang migrate`.
type migrateCmd struct{ database }

// Run brings the schema up to date, which opening does.
func (c *migrateCmd) Run(a *app) error {
	s, err := c.open(a)
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	a.say("migrate.done", c.shown())
	return nil
}

// backupCmd is `tongchang backup`.
type backupCmd struct {
	database
	File string `arg:"" help:"${arg_backup}"`
}

// Run copies the database while it is in use, checks the copy and puts its sum
// beside it.
func (c *backupCmd) Run(a *app) (err error) {
	if isPostgres(c.DB) {
		return fault("backup-postgres")
	}
	for _, file := range []string{c.File, sumFile(c.File)} {
		if err := absent(file); err != nil {
			return err
		}
	}
	s, err := c.openThere(a)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, s.Close()) }()
	if err := s.Backup(a, c.File); err != nil {
		return fault("backup", c.File, err)
	}
	if err := a.checkCopy(&database{c.File, keyFile(c.DB, c.Keys)}, "backup.done"); err != nil {
		return err
	}
	if err := writeSum(c.File); err != nil { // last: opening the copy to check it writes in it
		return fault("write", sumFile(c.File), err)
	}
	return nil
}

// absent refuses to write over a file.
func absent(file string) error {
	if _, err := os.Lstat(file); err == nil {
		return fault("exists", file)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fault("write", file, err)
	}
	return nil
}

// checkCopy opens a copy of a database and checks it like any other. A copy has
// no keys of its own: sealed values are opened where those of the database are
// at hand.
func (a *app) checkCopy(d *database, done string) (err error) {
	s, err := d.openThere(a)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, s.Close()) }()
	report, err := s.Check(a)
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		fmt.Fprintln(a.out, p)
	}
	fmt.Fprintln(a.out, report)
	if !report.OK() {
		return fault("copy-differs", d.DB)
	}
	a.say(done, d.DB)
	return nil
}

// restoreCmd is `tongchang restore`.
type restoreCmd struct {
	database
	File string `arg:"" help:"${arg_restore}"`
}

// Run puts a backup where there is no database yet. Every competition gets a
// new epoch, so that no board takes its old numbers for the new ones.
func (c *restoreCmd) Run(a *app) error {
	if isPostgres(c.DB) {
		return fault("backup-postgres")
	}
	if _, err := os.Stat(c.File); err != nil {
		return fault("read", c.File, err)
	}
	if err := absent(c.DB); err != nil {
		return err
	}
	summed, err := hasSum(c.File)
	if err != nil {
		return err
	}
	if !summed {
		a.say("restore.unsummed", sumFile(c.File))
	}
	if err := events.Restore(a, c.File, c.DB); err != nil {
		return fault("restore", c.File, err)
	}
	return a.checkCopy(&c.database, "restore.done")
}
