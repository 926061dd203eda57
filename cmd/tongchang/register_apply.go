// import DIR --apply: the edition is set up in the database and the rows that
// nothing keeps back are handed in, a file at a time, by the same road that a
// delegation's page takes.
package main

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/registration"
)

// applied sets the edition up and enters the files. It gives how many files could
// not be entered.
func (c *importCmd) applied(a *app, ed *entry.Edition, files []registration.File, im *registration.Import) (failed int, err error) {
	s, there, done, err := c.store(a)
	if err != nil {
		return 0, err
	}
	defer func() { err = joined(err, done()) }()
	if c.Competition == "" {
		return 0, c.which(a, s)
	}
	if !there {
		founding := events.Competition{Code: c.Competition, Name: cmp.Or(c.Name, ed.Name), NameEn: cmp.Or(c.NameEn, ed.NameEn), Zone: c.Zone}
		if _, err := s.Found(a, founding); err != nil {
			return 0, err
		}
		a.say("import.new", c.Competition)
	}
	if err := c.setEdition(a, s); err != nil {
		return 0, err
	}
	ids, err := delegationsOf(a, s, c.Competition)
	if err != nil {
		return 0, err
	}
	for i, f := range files {
		if im.Files[i].Err != nil {
			continue // it was said why
		}
		switch err := c.enter(a, s, ids[im.Files[i].Delegation], f); {
		case refused(err):
			failed++
			a.problem(f.Name, err)
		case err != nil:
			return failed, err
		}
	}
	a.inTwo(im)
	return failed, nil
}

// setEdition puts the folder's rules in force and says what that did.
func (c *importCmd) setEdition(a *app, s *events.Store) error {
	rules, err := os.ReadFile(filepath.Join(c.File, editionFile))
	if err != nil {
		return fault("read", filepath.Join(c.File, editionFile), err)
	}
	programme, err := os.ReadFile(filepath.Join(c.File, eventsFile))
	if err != nil {
		return fault("read", filepath.Join(c.File, eventsFile), err)
	}
	set := events.SetEdition{Rules: rules, Events: string(programme)}
	laid, err := s.PreviewEdition(a, c.command(), set)
	if err != nil {
		return err
	}
	if !laid.Changes() {
		a.say("register.edition-same")
		return nil
	}
	if _, err := s.SetEdition(a, c.command(), set); err != nil {
		return err
	}
	a.say("register.edition-set", c.Competition)
	a.laid(laid)
	return nil
}

// laid says what setting an edition has done, and what it means for people who
// are entered.
func (a *app) laid(laid *events.EditionPreview) {
	for _, n := range laid.Counts {
		a.row(a.words.say("noun."+n.Noun), a.words.say("import.count", n.Created, n.Changed, n.Unchanged))
	}
	for _, e := range laid.Kept {
		a.say("register.event-kept", e.Name, e.Entries)
	}
	for _, e := range laid.Altered {
		a.say("register.event-altered", e.Name, e.Entries)
	}
	for _, d := range laid.Delegations {
		a.say("register.delegation-kept", d)
	}
	if n := len(laid.KeptBack); n > 0 || laid.Freed > 0 {
		a.say("register.judged-anew", n, laid.Freed)
	}
	for _, k := range laid.KeptBack[:min(shownLines, len(laid.KeptBack))] {
		said := entry.Problem{Say: k.Say}
		a.say("register.kept-back", k.Delegation, k.Name, said.Message(a.sentence))
	}
	if more := len(laid.KeptBack) - shownLines; more > 0 {
		a.say("import.more", more)
	}
}

// command is a command of the command line.
func (c *importCmd) command() events.Command {
	return events.Command{ID: uuid.NewString(), Competition: c.Competition, Author: access.Console.Name}
}

// delegationsOf are a competition's delegations by name.
func delegationsOf(a *app, s *events.Store, code string) (map[string]int64, error) {
	c, err := s.Competition(a, code)
	if err != nil {
		return nil, err
	}
	all, err := s.Delegations(a, c.ID)
	ids := make(map[string]int64, len(all))
	for _, d := range all {
		ids[d.Name] = d.ID
	}
	return ids, err
}

// enter hands in a file's clean rows.
func (c *importCmd) enter(a *app, s *events.Store, delegation int64, f registration.File) error {
	u, err := s.Upload(a, access.Console, c.Competition, delegation, f.Name, f.Data)
	if err != nil {
		return err
	}
	n, err := s.ApplyUpload(a, c.command(), access.Console, events.ApplyUpload{Upload: u.ID, CleanOnly: true, Submit: true})
	if err != nil {
		return errors.Join(err, s.DropUpload(a, access.Console, c.Competition, u.ID))
	}
	if n.Nothing() {
		a.say("register.file-same", f.Name, n.Same, n.Refused)
		return nil
	}
	a.say("register.file-entered", f.Name, n.New, n.Changed, n.Same, n.Left, n.Refused)
	return nil
}

// refused reports whether the ledger has said no, which is that file's affair.
func refused(err error) bool {
	var r *events.Refusal
	return errors.As(err, &r)
}

// problem says why a file was not entered.
func (a *app) problem(file string, err error) {
	for _, line := range a.explain(err) {
		a.say("register.not-entered", file, line)
	}
}

// inTwo says which people two delegations have sent. Of a folder both rows are
// kept back; entered one after the other, the first one is in.
func (a *app) inTwo(im *registration.Import) {
	n := 0
	for i := range im.Problems {
		if p := &im.Problems[i]; p.Kind == "two_delegations" && slices.ContainsFunc(p.Rows, func(r *entry.Row) bool { return r.Delegation != p.Rows[0].Delegation }) {
			n++
		}
	}
	if n > 0 {
		a.say("register.in-two", n)
	}
}
