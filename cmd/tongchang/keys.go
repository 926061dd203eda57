// keys: the key file, and what becomes of the keys in it.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/vault"
)

// keyFile is where the keys of a database are: beside a SQLite file, and in the
// folder at hand for PostgreSQL, unless one is named. Never in the database, so
// that no backup of it has them.
func keyFile(db, named string) string {
	switch {
	case named != "":
		return named
	case isPostgres(db):
		return "tongchang.keys"
	}
	return db + ".keys"
}

// openKeys opens a database's key file, making it where there is none.
func openKeys(db, named string) (*vault.Ring, error) {
	file := keyFile(db, named)
	ring, err := vault.Open(file)
	switch {
	case err != nil && named == "" && errors.Is(err, fs.ErrNotExist): // the database's own folder is not there
		return nil, fault("open", (&database{DB: db}).shown(), err)
	case err != nil:
		return nil, fault("keys", file, err)
	}
	return ring, nil
}

// keysCmd is `tongchang keys`.
type keysCmd struct {
	Show    keysShowCmd    `cmd:"" help:"${help_keys_show}"`
	Rotate  keysRotateCmd  `cmd:"" help:"${help_keys_rotate}"`
	Retire  keysRetireCmd  `cmd:"" help:"${help_keys_retire}"`
	Destroy keysDestroyCmd `cmd:"" help:"${help_keys_destroy}"`
}

// keysShowCmd is `tongchang keys show`.
type keysShowCmd struct{ database }

// Run says for every competition what is sealed in it and whether the file at
// hand opens it. No key is shown.
func (c *keysShowCmd) Run(a *app) error {
	return c.with(a, func(s *events.Store) error {
		a.say("keys.file", keyFile(c.DB, c.Keys))
		cs, err := s.Competitions(a)
		if err != nil {
			return err
		}
		for i := range cs {
			if err := a.keyState(s, &cs[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *app) keyState(s *events.Store, c *events.Competition) error {
	k, err := s.KeyState(a, *c)
	switch {
	case err != nil:
		return err
	case k.Fingerprint == "":
		a.say("keys.none", c.Code)
		return nil
	case !k.Readable:
		a.say("keys.unreadable", c.Code, k.Values, k.Subjects)
		return nil
	}
	a.say("keys.readable", c.Code, k.Values, k.Subjects)
	for _, v := range slices.Sorted(maps.Keys(k.Versions)) {
		a.say("keys.version", v, k.Versions[v])
	}
	return nil
}

// with runs do on the database, which has to be there.
func (d *database) with(a *app, do func(*events.Store) error) (err error) {
	s, err := d.openThere(a)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, s.Close()) }()
	return do(s)
}

// keyChange is what the commands that change keys have in common.
type keyChange struct {
	database
	Competition string `help:"${flag_competition}" short:"c" required:"" placeholder:"CODE"`
}

func (c *keyChange) command() events.Command {
	return events.Command{ID: uuid.NewString(), Competition: c.Competition, Author: access.Console.Name}
}

// keysRotateCmd is `tongchang keys rotate`.
type keysRotateCmd struct{ keyChange }

// Run gives a competition a new master key. Servers that run take notice.
func (c *keysRotateCmd) Run(a *app) error {
	return c.with(a, func(s *events.Store) error {
		competition, err := s.Competition(a, c.Competition)
		if err != nil {
			return err
		}
		k, err := s.KeyState(a, competition)
		if err != nil {
			return err
		}
		from := 0
		for v := range k.Versions {
			from = max(from, v)
		}
		rec, err := s.RotateKeys(a, c.command(), access.Console, events.RotateKeys{From: from})
		if err != nil {
			return err
		}
		out, err := rotated(rec)
		a.say("keys.rotated", out.Version, out.Subjects)
		return err
	})
}

func rotated(rec events.Receipt) (out events.KeysRotated, err error) {
	if err = json.Unmarshal(rec.Outcome, &out); err != nil {
		err = fmt.Errorf("read the receipt: %w", err)
	}
	return out, err
}

// keysRetireCmd is `tongchang keys retire`.
type keysRetireCmd struct{ keyChange }

// Run destroys the master keys before the newest.
func (c *keysRetireCmd) Run(a *app) error {
	return c.with(a, func(s *events.Store) error {
		rec, err := s.RetireKeys(a, c.command(), access.Console, events.RetireKeys{})
		if err != nil {
			return err
		}
		out, err := rotated(rec)
		a.say("keys.retired", out.Version, out.Subjects)
		return err
	})
}

// keysDestroyCmd is `tongchang keys destroy`.
type keysDestroyCmd struct {
	keyChange
	Confirm string `help:"${flag_keys_confirm}" placeholder:"CODE"`
}

// Run destroys all keys of a competition, once its code has been typed twice.
func (c *keysDestroyCmd) Run(a *app) error {
	return c.with(a, func(s *events.Store) error {
		_, err := s.DestroyKeys(a, c.command(), access.Console, events.DestroyKeys{Competition: c.Confirm})
		if errors.Is(err, events.ErrInvalid) {
			return fault("keys-confirm", c.Competition)
		}
		if err != nil {
			return err
		}
		a.say("keys.destroyed", c.Competition)
		return nil
	})
}
