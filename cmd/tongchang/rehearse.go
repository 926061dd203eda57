// rehearse: a recorded meet played through the public interfaces.
package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"tongchang/cmd/tongchang/rehearsal"
	"tongchang/events"
	"tongchang/events/lenex"
)

// rehearseCmd is `tongchang rehearse`.
type rehearseCmd struct {
	File        string `arg:"" help:"${arg_meet}"`
	Speed       string `help:"${flag_speed}" default:"max" placeholder:"60|max"`
	URL         string `name:"url" help:"${flag_url}" placeholder:"URL"`
	Key         string `help:"${flag_key}" env:"TONGCHANG_DESK_KEY" placeholder:"KEY"`
	Competition string `help:"${flag_competition}" short:"c" placeholder:"CODE"`
	DB          string `name:"db" help:"${flag_keep}" placeholder:"FILE|postgres://…"`
	Draw        bool   `help:"${flag_draw}"`
	Faults      bool   `help:"${flag_faults}"`
	Judges      int    `help:"${flag_judges}" default:"12" placeholder:"N"`
	Journal     string `help:"${flag_journal}" placeholder:"FILE"`
	Seed        uint64 `help:"${flag_seed}" placeholder:"N"`
}

// rehearsalCode is the competition that a rehearsal of its own is played in.
const rehearsalCode = "rehearsal"

// Run plays the meet and compares. It succeeds when every difference from the
// recorded rankings has a rule and every answer was as it must be.
func (c *rehearseCmd) Run(a *app) (err error) {
	speed, err := c.speed()
	if err != nil {
		return err
	}
	f, err := readMeet(c.File)
	if err != nil {
		return err
	}
	if len(f.Meets) == 0 {
		return fault("no-meet", c.File)
	}
	journal, closed, err := c.journal()
	if err != nil {
		return err
	}
	defer func() { err = joined(err, closed()) }()
	client, done, err := c.client(a, f)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, done()) }()
	client.Journal, client.Lang = journal, a.web.Lang
	if c.Seed == 0 {
		c.Seed = rand.Uint64()
	}
	player := rehearsal.NewPlayer(client, &f.Meets[0], rehearsal.Options{Speed: speed, Judges: c.Judges, Draw: c.Draw, Faults: c.Faults, Seed: c.Seed})
	s, err := player.Play(a)
	if errors.Is(err, rehearsal.ErrNoAnswer) {
		return fault("no-server", client.URL, err)
	}
	if err != nil {
		return fault("rehearse", err)
	}
	return c.report(a, client, s)
}

func (c *rehearseCmd) speed() (float64, error) {
	if c.Speed == "max" {
		return 0, nil
	}
	speed, err := strconv.ParseFloat(c.Speed, 64)
	if err != nil || !(speed > 0 && speed <= 1e6) {
		return 0, fault("speed", c.Speed)
	}
	return speed, nil
}

// journal opens the file that acknowledged commands are noted in.
func (c *rehearseCmd) journal() (*rehearsal.Journal, func() error, error) {
	if c.Journal == "" {
		return nil, func() error { return nil }, nil
	}
	f, err := os.Create(c.Journal)
	if err != nil {
		return nil, nil, fault("write", c.Journal, err)
	}
	return rehearsal.NewJournal(f), f.Close, nil
}

// client reaches the server that was named, or starts one with the meet's
// entries in a database that is thrown away.
func (c *rehearseCmd) client(a *app, f *meetFile) (*rehearsal.Client, func() error, error) {
	if c.URL != "" {
		switch {
		case c.Key == "":
			return nil, nil, fault("key-missing", c.URL)
		case c.Competition == "":
			return nil, nil, fault("competition-missing", c.URL)
		}
		return &rehearsal.Client{URL: c.URL, Competition: c.Competition, Key: c.Key}, func() error { return nil }, nil
	}
	db, remove, err := scratch(c.DB)
	if err != nil {
		return nil, nil, err
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil)) // faults would fill the log
	h, err := startHost(a, hostOptions{db: db, listen: "127.0.0.1:0", log: quiet})
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	done := func() error { return errors.Join(h.stop(), remove()) }
	code := c.Competition
	if code == "" {
		code = rehearsalCode
	}
	report, err := bringIn(a, h.store, events.Competition{Code: code, Name: f.Meets[0].Name, NameEn: f.Meets[0].Name}, f)
	if err != nil {
		return nil, nil, errors.Join(err, done())
	}
	a.say("rehearse.server", h.url, (&database{DB: db}).shown())
	a.say("rehearse.imported", created(report, "phases"), created(report, "units"), created(report, "starts"))
	return h.client(code), done, nil
}

// bringIn founds a competition and imports a meet without its results.
func bringIn(a *app, s *events.Store, c events.Competition, f *meetFile) (*events.Imported, error) {
	if _, err := s.Found(a, c); err != nil {
		return nil, err
	}
	command := events.Command{ID: uuid.NewString(), Competition: c.Code, Author: "tongchang import"}
	return s.Import(a, command, events.ImportMeet{File: f.name, SHA256: f.sum}, f.File, false)
}

// scratch is a database to throw away, unless one is named.
func scratch(named string) (db string, remove func() error, err error) {
	if named != "" {
		return named, func() error { return nil }, nil
	}
	dir, err := os.MkdirTemp("", "tongchang")
	if err != nil {
		return "", nil, err
	}
	return filepath.Join(dir, "ledger.db"), func() error { return os.RemoveAll(dir) }, nil
}

func created(r *events.Imported, noun string) int {
	i := slices.IndexFunc(r.Counts, func(c events.ImportCount) bool { return c.Noun == noun })
	if i < 0 {
		return 0
	}
	return r.Counts[i].Created
}

// report prints what came of it. The last line is for machines as well.
func (c *rehearseCmd) report(a *app, client *rehearsal.Client, s *rehearsal.Summary) error {
	n, p50, p99 := client.Latency()
	ms := func(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }
	if c.Draw {
		a.say("rehearse.drawn", s.Drawn.Drawn, s.Drawn.Differ, s.Drawn.Equal)
	}
	a.say("rehearse.played", s.Units, s.Marks, n, s.Elapsed.Round(time.Millisecond), int(float64(n)/s.Elapsed.Seconds()), ms(p50), ms(p99))
	a.say("rehearse.confirmed", s.Official, s.Open)
	if len(s.Unexpected) == 0 {
		for _, fault := range slices.Sorted(maps.Keys(s.Faults)) {
			a.say("rehearse.fault", fault, s.Faults[fault])
		}
	}
	for _, u := range s.Unexpected[:min(shownLines, len(s.Unexpected))] {
		fmt.Fprintln(a.out, u)
	}
	if len(s.Unexpected) > 0 {
		a.say("rehearse.unexpected-count", len(s.Unexpected))
	}
	for i := range s.Comparison.Differences {
		a.difference(&s.Comparison.Differences[i])
	}
	fmt.Fprintf(a.out, "rankings: %d compared, %d differ, %d explained\n", s.Comparison.Compared, s.Comparison.Differ, s.Comparison.Explained)
	if s.Comparison.Differ != s.Comparison.Explained || len(s.Unexpected) > 0 {
		return errSaid
	}
	return nil
}

func (a *app) difference(d *lenex.Difference) {
	rule := d.Rule
	if rule == "" {
		rule = a.words.say("rehearse.unexplained")
	}
	a.say("rehearse.difference", d.Event, d.Group, d.Result, d.Published, d.Computed, rule)
}
