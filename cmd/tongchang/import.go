// import: a meet's file into a competition, as a dry run unless it is applied.
package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/lenex"
	"tongchang/events/vault"
	"tongchang/scoring"
)

// importCmd is `tongchang import`.
type importCmd struct {
	database
	File        string `arg:"" help:"${arg_meet}"`
	Competition string `help:"${flag_competition}" short:"c" placeholder:"CODE"`
	Name        string `help:"${flag_name}" placeholder:"NAME"`
	NameEn      string `help:"${flag_nameen}" placeholder:"NAME"`
	Zone        string `help:"${flag_zone}" default:"Asia/Shanghai" placeholder:"ZONE"`
	NoResults   bool   `help:"${flag_noresults}"`
	Apply       bool   `help:"${flag_apply}"`
	Report      string `help:"${flag_report}" placeholder:"FILE.csv"`
}

// meetFile is a meet's file with what names it in the log.
type meetFile struct {
	*lenex.File
	name string
	sum  string
}

// readMeet reads a Lenex file, .lxf or .lef.
func readMeet(path string) (*meetFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault("read", path, err)
	}
	if info.Size() > lenex.MaxPacked {
		return nil, fault("too-big", path, lenex.MaxPacked>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault("read", path, err)
	}
	f, err := lenex.Read(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, fault("file", path, err)
	}
	sum := sha256.Sum256(raw)
	return &meetFile{f, filepath.Base(path), hex.EncodeToString(sum[:])}, nil
}

// Run lays the file beside the competition, reports, and with --apply writes. A
// folder is an edition with the workbooks of its delegations.
func (c *importCmd) Run(a *app) (err error) {
	if info, err := os.Stat(c.File); err == nil && info.IsDir() {
		return c.register(a)
	}
	if c.Report != "" {
		return fault("report-of-folder", c.File)
	}
	f, err := readMeet(c.File)
	if err != nil {
		return err
	}
	s, there, done, err := c.store(a)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, done()) }()
	if c.Competition == "" {
		return c.which(a, s)
	}
	if !there {
		if _, err := s.Found(a, c.founding(f)); err != nil {
			return err
		}
		a.say("import.new", c.Competition)
	}
	command := events.Command{ID: uuid.NewString(), Competition: c.Competition, Author: "tongchang import"}
	report, err := s.Import(a, command, events.ImportMeet{File: f.name, SHA256: f.sum, Results: !c.NoResults}, f.File, !c.Apply)
	if err != nil {
		return err
	}
	a.imported(report, f.Unread)
	switch {
	case !report.Changes():
		a.say("import.nothing-new")
	case c.Apply:
		a.say("import.done", c.Competition)
	default:
		a.say("import.dry")
	}
	return nil
}

// store opens the database that the report is made against. A dry run into a
// competition that is not there yet is made in a database of its own, which is
// thrown away, so that nothing is left behind.
func (c *importCmd) store(a *app) (s *events.Store, there bool, done func() error, err error) {
	if c.Apply || c.exists() == nil {
		if s, err = c.open(a); err != nil {
			return nil, false, nil, err
		}
		_, err = s.Competition(a, c.Competition)
		if there = err == nil; there || c.Apply || c.Competition == "" {
			return s, there, s.Close, nil
		}
		if err := s.Close(); err != nil {
			return nil, false, nil, err
		}
	}
	dir, err := os.MkdirTemp("", "tongchang")
	if err != nil {
		return nil, false, nil, err
	}
	if s, err = events.Open(a, filepath.Join(dir, "dry.db"), events.WithKeys(vault.Memory())); err != nil {
		return nil, false, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, false, func() error { return errors.Join(s.Close(), os.RemoveAll(dir)) }, nil
}

// which says that a competition has to be named, and which ones there are: a
// file is not taken into one by guess.
func (c *importCmd) which(a *app, s *events.Store) error {
	cs, err := s.Competitions(a)
	switch {
	case err != nil:
		return err
	case len(cs) == 0:
		return fault("competition-new", c.File)
	}
	return fault("competition-which", codesOf(cs))
}

// founding is the competition that the file begins.
func (c *importCmd) founding(f *meetFile) events.Competition {
	name := c.Competition
	if len(f.Meets) > 0 {
		name = cmp.Or(f.Meets[0].Name, name)
	}
	return events.Competition{Code: c.Competition, Name: cmp.Or(c.Name, name), NameEn: cmp.Or(c.NameEn, name), Zone: c.Zone}
}

// shownLines is how many lines of one kind a report lists before it only counts.
const shownLines = 40

// imported prints the report: counts by noun, what was refused, what the file
// held and nobody read.
func (a *app) imported(r *events.Imported, unread map[string]int) {
	a.say("import.heading")
	for _, n := range r.Counts {
		a.row(a.words.say("noun."+n.Noun), a.words.say("import.count", n.Created, n.Changed, n.Unchanged))
	}
	if len(r.Refused) > 0 {
		a.say("import.refused", len(r.Refused))
	}
	for _, l := range r.Refused[:min(shownLines, len(r.Refused))] {
		fmt.Fprintf(a.out, "  %s: %s\n", l.Where, a.web.Problem(&scoring.Invalid{Problem: l.Problem, With: l.With}, nil))
	}
	if more := len(r.Refused) - shownLines; more > 0 {
		a.say("import.more", more)
	}
	if len(unread) == 0 {
		return
	}
	a.say("import.unread")
	for _, what := range slices.Sorted(maps.Keys(unread)) {
		fmt.Fprintf(a.out, "  %s × %d\n", what, unread[what])
	}
}
