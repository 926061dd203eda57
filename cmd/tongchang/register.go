// import DIR: an edition's folder with its rules, its programme and the
// workbooks that delegations sent. It reads, judges and reports; with --apply
// what is clean is entered (register_apply.go).
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// The files of an edition beside its workbooks.
const (
	editionFile = "edition.json"
	eventsFile  = "events.csv"
)

// register reads the folder, prints what was understood and what is wrong, and
// writes the report that was asked for. It fails where a file could not be read.
func (c *importCmd) register(a *app) error {
	ed, err := readEdition(c.File)
	if err != nil {
		return err
	}
	files, err := readWorkbooks(c.File)
	if err != nil {
		return err
	}
	im := registration.Read(ed, files, identity.DateOf(time.Now()))
	unread := a.registered(ed, im)
	if c.Report != "" {
		if err := writeReport(c.Report, im, a.sentence); err != nil {
			return fault("write", c.Report, err)
		}
		a.say("register.report", c.Report)
	}
	if c.Apply {
		failed, err := c.applied(a, ed, files, im)
		if err != nil {
			return err
		}
		unread += failed
	} else {
		a.say("register.dry")
	}
	if unread > 0 {
		return errSaid
	}
	return nil
}

// sentence says a problem as the pages do.
func (a *app) sentence(p scoring.Invalid) string {
	return a.web.Problem(&scoring.Invalid{Problem: p.Problem, With: p.With}, nil)
}

func readEdition(dir string) (_ *entry.Edition, err error) {
	rules, err := os.Open(filepath.Join(dir, editionFile))
	if err != nil {
		return nil, fault("read", filepath.Join(dir, editionFile), err)
	}
	defer func() { err = joined(err, rules.Close()) }()
	programme, err := os.Open(filepath.Join(dir, eventsFile))
	if err != nil {
		return nil, fault("read", filepath.Join(dir, eventsFile), err)
	}
	defer func() { err = joined(err, programme.Close()) }()
	ed, err := entry.ReadEdition(rules, programme)
	if err != nil {
		return nil, fault("file", dir, err)
	}
	return ed, nil
}

// readWorkbooks reads what looks like a workbook, also where it will be refused:
// whoever sent an .xls is to be told.
func readWorkbooks(dir string) ([]registration.File, error) {
	there, err := os.ReadDir(dir)
	if err != nil {
		return nil, fault("read", dir, err)
	}
	var files []registration.File
	for _, f := range there {
		name := f.Name()
		workbooks := []string{".xlsx", ".xls", ".xlsm", ".csv"}
		hidden := strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")
		if !f.Type().IsRegular() || hidden || name == eventsFile || name == "answer-key.csv" || !slices.Contains(workbooks, strings.ToLower(filepath.Ext(name))) {
			continue
		}
		raw, err := readAtMost(filepath.Join(dir, name), workbook.MaxSize+1) // one more, so that it shows
		if err != nil {
			return nil, fault("read", filepath.Join(dir, name), err)
		}
		files = append(files, registration.File{Name: name, Data: raw})
	}
	return files, nil
}

func readAtMost(path string, n int64) (_ []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, n))
}

// registered prints the counts of every file and the first problems, and gives
// the number of files that could not be read.
func (a *app) registered(ed *entry.Edition, im *registration.Import) (unread int) {
	athletes, staff := 0, 0
	per := map[string]map[entry.Severity]int{}
	for i := range im.Problems {
		p := &im.Problems[i]
		if per[p.At.File] == nil {
			per[p.At.File] = map[entry.Severity]int{}
		}
		per[p.At.File][p.Severity]++
	}
	for _, f := range im.Files {
		athletes, staff = athletes+f.Athletes, staff+f.Staff
	}
	a.say("register.edition", ed.Name, len(im.Files), athletes, staff, len(ed.Events))
	for _, f := range im.Files {
		if f.Err != nil {
			unread++
			a.say("register.not-read", f.Name, strings.Join(a.explain(f.Err), " "))
			continue
		}
		a.say("register.file", f.Name, f.Delegation, f.Athletes, f.Staff, per[f.Name][entry.Error], per[f.Name][entry.Warning])
	}
	a.problems(im)
	clean := len(im.Clean())
	a.say("register.rows", clean, len(im.Rows)-clean)
	return unread
}

// problems lists the first problems, errors before warnings.
func (a *app) problems(im *registration.Import) {
	if len(im.Problems) == 0 {
		return
	}
	a.say("register.problems", im.Count(entry.Error), im.Count(entry.Warning))
	all := slices.Clone(im.Problems)
	slices.SortStableFunc(all, func(x, y entry.Problem) int { return cmp.Compare(x.Severity, y.Severity) })
	for i := range all[:min(shownLines, len(all))] {
		p := &all[i]
		fmt.Fprint(a.out, "  ")
		a.say("register.at", p.At.File, p.At.Sheet, p.At.Address, p.Name, p.Message(a.sentence))
	}
	if more := len(all) - shownLines; more > 0 {
		a.say("register.more", more)
	}
}

// writeReport writes beside the file and renames, so that a report is whole or
// not there.
func writeReport(path string, im *registration.Import, say func(scoring.Invalid) string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(im.WriteReport(f, say), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
