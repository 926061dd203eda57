// timetable: a plan made or checked from its document, with no database; busy
// times taken from calendars, and the plan given out as one.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/events/timetable"
)

// timetableCmd is `tongchang timetable`.
type timetableCmd struct {
	File     string   `arg:"" help:"${arg_timetable}"`
	Check    bool     `help:"${flag_timetable_check}"`
	Keep     bool     `help:"${flag_timetable_keep}"`
	Busy     []string `help:"${flag_timetable_busy}" placeholder:"VENUE=FILE.ics" sep:"none"`
	Write    string   `help:"${flag_timetable_write}" placeholder:"FILE"`
	Calendar string   `help:"${flag_timetable_calendar}" placeholder:"FILE.ics"`
	Seed     uint64   `help:"${flag_timetable_seed}" default:"1" placeholder:"N"`
	Steps    int      `help:"${flag_timetable_steps}" placeholder:"N"`
}

// Run makes a plan, or leaves the one there is; prints it; and holds it against
// the checker, whoever made it. It fails where anything is not as it should be.
func (c *timetableCmd) Run(a *app) error {
	doc, err := c.read(a)
	if err != nil {
		return err
	}
	if err := c.addBusy(a, doc); err != nil {
		return err
	}
	var left []timetable.Unplaced
	if !c.Check {
		doc.Plan, left = timetable.Generate(doc, timetable.Options{Seed: c.Seed, Steps: c.Steps, Keep: c.Keep})
	}
	a.showPlan(doc)
	if err := c.give(a, doc); err != nil {
		return err
	}
	return a.judgePlan(doc, left)
}

func (c *timetableCmd) read(a *app) (*timetable.Document, error) {
	read := func() ([]byte, error) { return readAtMost(c.File, maxDocument+1) }
	if c.File == "-" {
		read = func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.in, maxDocument+1)) }
	}
	raw, err := read()
	if err != nil {
		return nil, fault("read", c.File, err)
	}
	if len(raw) > maxDocument {
		return nil, fault("too-big", c.File, maxDocument>>20)
	}
	doc, err := timetable.Read(raw)
	var faults timetable.Faults
	if errors.As(err, &faults) {
		a.sayFaults(c.File, faults)
		return nil, errSaid
	}
	return doc, err
}

// sayFaults names the first of what is wrong with a file.
func (a *app) sayFaults(file string, faults timetable.Faults) {
	fmt.Fprintln(a.err, a.words.say("timetable.faults", file, len(faults)))
	for _, f := range faults[:min(shownLines, len(faults))] {
		fmt.Fprintln(a.err, " ", a.placed(f))
	}
}

// addBusy reads the calendars of those who share a venue. What is not understood
// in one is said and does not stop the plan.
func (c *timetableCmd) addBusy(a *app, doc *timetable.Document) error {
	zone, err := time.LoadLocation(doc.Zone)
	if err != nil {
		return err
	}
	games := timetable.Span{From: doc.Days[0].From, Until: doc.Days[len(doc.Days)-1].Until}
	for _, given := range c.Busy {
		id, file, both := strings.Cut(given, "=")
		i := slices.IndexFunc(doc.Venues, func(v timetable.Venue) bool { return v.ID == id })
		if !both || i < 0 {
			return fault("timetable-venue", given)
		}
		f, err := os.Open(file)
		if err != nil {
			return fault("read", file, err)
		}
		busy, faults, err := timetable.ReadBusy(f, zone, games)
		if err := joined(err, f.Close()); err != nil {
			return fault("read", file, err)
		}
		if len(faults) > 0 {
			a.sayFaults(file, faults)
		}
		a.say("timetable.busy", file, len(busy), id)
		doc.Venues[i].Busy = append(doc.Venues[i].Busy, busy...)
	}
	return nil
}

// give writes the files that were asked for. The plan is for its owner alone to
// read, as everything that writeWhole writes.
func (c *timetableCmd) give(a *app, doc *timetable.Document) error {
	if c.Write != "" {
		err := writeWhole(c.Write, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			e.SetEscapeHTML(false)
			return e.Encode(doc)
		})
		if err != nil {
			return fault("write", c.Write, err)
		}
		a.say("timetable.written", c.Write)
	}
	if c.Calendar != "" {
		entries := doc.Appointments("", "tongchang", func(string) int { return 0 })
		calendar := &timetable.Calendar{Name: doc.Title, Stamp: time.Now(), Entries: entries}
		if err := writeWhole(c.Calendar, func(w io.Writer) error { return timetable.WriteCalendar(w, calendar) }); err != nil {
			return fault("write", c.Calendar, err)
		}
		a.say("timetable.calendar", c.Calendar, len(entries))
	}
	return nil
}

// showPlan prints the plan by day, in order of time.
func (a *app) showPlan(doc *timetable.Document) {
	a.say("timetable.title", doc.Title, len(doc.Units), len(doc.People), len(doc.Venues), len(doc.Days))
	units, areas := map[string]*timetable.Unit{}, map[string]string{}
	for i := range doc.Units {
		units[doc.Units[i].ID] = &doc.Units[i]
	}
	for i := range doc.Venues {
		for _, area := range doc.Venues[i].Areas {
			areas[area.ID] = area.Name
		}
	}
	day := ""
	for _, p := range timetable.InOrder(doc.Plan) {
		u := units[p.Unit]
		if u == nil {
			continue // the checker names it
		}
		if d := p.Start.Date(); d != day {
			day = d
			fmt.Fprintln(a.out)
			fmt.Fprintln(a.out, d)
		}
		place := firstOf(areas[p.Area], p.Area) + " " + strconv.Itoa(p.Court)
		fmt.Fprintf(a.out, "  %s–%s  %s%s  %s\n", p.Start.Clock(), (p.Start + timetable.Moment(u.Takes())).Clock(), place,
			strings.Repeat(" ", max(0, 14-width(place))), firstOf(u.Name, u.ID))
	}
	fmt.Fprintln(a.out)
}

func firstOf(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// judgePlan says what has no place and why, and what clashes.
func (a *app) judgePlan(doc *timetable.Document, left []timetable.Unplaced) error {
	why := map[string]string{}
	for i := range left {
		why[left[i].Unit] = a.web.Problem(left[i].Says(), nil)
	}
	if unmet := timetable.Unmet(doc); len(unmet) > 0 {
		a.say("timetable.unmet", strings.Join(unmet, ", "))
	}
	clashes := timetable.Check(doc)
	if len(clashes) == 0 {
		a.say("timetable.clean", len(doc.Plan))
		return nil
	}
	a.say("timetable.clashes", len(clashes))
	for i := range clashes[:min(shownLines, len(clashes))] {
		c := &clashes[i]
		said := a.web.Problem(c.Says(), nil)
		if reason := why[c.Units[0]]; c.Rule == timetable.NoPlace && reason != "" {
			said = reason
		}
		fmt.Fprintln(a.out, " ", said)
	}
	if more := len(clashes) - shownLines; more > 0 {
		a.say("timetable.more", more)
	}
	return errSaid
}
