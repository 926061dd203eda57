// export: a competition as a file that other programs read, or its public site.
package main

import (
	"cmp"
	"errors"
	"io"
	"os"
	"strings"

	"tongchang/events"
	"tongchang/events/lenex"
)

// exportCmd is `tongchang export`.
type exportCmd struct {
	database
	File        string `arg:"" optional:"" help:"${arg_out}"`
	Site        string `help:"${flag_site}" placeholder:"DIR"`
	Competition string `help:"${flag_competition}" short:"c" placeholder:"CODE"`
	StartList   bool   `help:"${flag_startlist}"`
}

// Run writes the file. It is there whole or not at all.
func (c *exportCmd) Run(a *app) (err error) {
	if (c.Site == "") == (c.File == "") {
		return fault("export-one")
	}
	if err := absent(cmp.Or(c.File, c.Site)); err != nil {
		return err
	}
	s, err := c.openThere(a)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, s.Close()) }()
	if c.Competition == "" {
		if c.Competition, err = onlyOne(a, s); err != nil {
			return err
		}
	}
	if c.Site != "" {
		return c.copySite(a, s)
	}
	f, err := s.ExportMeet(a, c.Competition, c.StartList)
	if err != nil {
		return err
	}
	write := lenex.Write
	if strings.HasSuffix(strings.ToLower(c.File), ".lef") {
		write = lenex.WriteXML
	}
	if err := writeWhole(c.File, func(w io.Writer) error { return write(w, f) }); err != nil {
		return fault("write", c.File, err)
	}
	rounds, heats, starts := 0, 0, 0
	for _, e := range f.Meets[0].Events() {
		rounds, heats = rounds+1, heats+len(e.Heats)
	}
	for range f.Meets[0].Results() {
		starts++
	}
	for range f.Meets[0].Entries() {
		starts++
	}
	a.say("export.done", c.File, rounds, heats, starts)
	return nil
}

// onlyOne is the competition meant where none is named: the only one there is.
func onlyOne(a *app, s *events.Store) (string, error) {
	cs, err := s.Competitions(a)
	switch {
	case err != nil:
		return "", err
	case len(cs) == 0:
		return "", fault("competition-none")
	case len(cs) > 1:
		return "", fault("competition-which", codesOf(cs))
	}
	return cs[0].Code, nil
}

func codesOf(cs []events.Competition) string {
	codes := make([]string, len(cs))
	for i := range cs {
		codes[i] = cs[i].Code
	}
	return strings.Join(codes, ", ")
}

// writeWhole writes beside the file and renames, so that nobody finds half of it.
func writeWhole(file string, write func(io.Writer) error) error {
	part := file + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, file)
}
