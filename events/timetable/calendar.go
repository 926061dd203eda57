// Calendars for people's phones and for other programs (RFC 5545), written. All
// times are UTC, so that no reader has to know a time zone.
package timetable

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Calendar is what [WriteCalendar] writes. Stamp is when it was made.
type Calendar struct {
	Name    string
	Stamp   time.Time
	Entries []Appointment
}

// Appointment is one entry of a calendar. UID stays the same for the same thing
// for ever; Sequence rises with every change that people have to know of, and a
// Cancelled entry takes it out of their calendars.
type Appointment struct {
	UID         string
	Sequence    int
	Start, End  time.Time
	Summary     string
	Location    string
	Description string
	Cancelled   bool
}

// WriteCalendar writes a calendar as RFC 5545 has it: CRLF, lines folded at 75
// octets, entries in order of time.
func WriteCalendar(w io.Writer, c *Calendar) error {
	out := bufio.NewWriter(w)
	write := func(name, value string) { fold(out, name+":"+value) }
	write("BEGIN", "VCALENDAR")
	write("VERSION", "2.0")
	write("PRODID", "-//Tongchang//Timetable//EN")
	write("CALSCALE", "GREGORIAN")
	write("METHOD", "PUBLISH")
	if c.Name != "" {
		write("NAME", escape(c.Name)) // RFC 7986
		write("X-WR-CALNAME", escape(c.Name))
	}
	entries := slices.Clone(c.Entries)
	slices.SortStableFunc(entries, func(a, b Appointment) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.UID, b.UID)) })
	for i := range entries {
		writeEntry(write, &entries[i], c.Stamp)
	}
	write("END", "VCALENDAR")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

func writeEntry(write func(name, value string), a *Appointment, stamp time.Time) {
	write("BEGIN", "VEVENT")
	write("UID", escape(a.UID))
	write("DTSTAMP", stamp.UTC().Format(utcLayout))
	write("SEQUENCE", strconv.Itoa(max(0, a.Sequence)))
	write("DTSTART", a.Start.UTC().Format(utcLayout))
	write("DTEND", a.End.UTC().Format(utcLayout))
	write("SUMMARY", escape(a.Summary))
	for _, text := range []struct{ name, value string }{{"LOCATION", a.Location}, {"DESCRIPTION", a.Description}} {
		if text.value != "" {
			write(text.name, escape(text.value))
		}
	}
	if a.Cancelled {
		write("STATUS", "CANCELLED")
	} else {
		write("STATUS", "CONFIRMED")
	}
	write("END", "VEVENT")
}

const (
	utcLayout   = "20060102T150405Z"
	localLayout = "20060102T150405"
	dateLayout  = "20060102"
)

// escape makes a text fit for a value (RFC 5545, 3.3.11); other control
// characters are left out.
func escape(text string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\r\n", "\n") {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n' || r == '\r':
			b.WriteString(`\n`)
		case r < ' ' || r == 0x7f:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fold writes a content line in pieces of at most 75 octets, whole characters
// each; the second and later pieces begin with a blank (RFC 5545, 3.1). The
// writer keeps the first error.
func fold(w *bufio.Writer, line string) {
	const most = 75
	room := most
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		w.WriteString(line[:cut])
		w.WriteString("\r\n ")
		line, room = line[cut:], most-1
	}
	w.WriteString(line)
	w.WriteString("\r\n")
}

// Appointments are the placed units of a plan as calendar entries. With a person
// they are that person's own; without, they are the contests for everybody:
// appointments for classification stay out, and no person is named. UIDs are
// the unit's ID and the domain. Sequence gives each unit's number of changes.
func (d *Document) Appointments(person, domain string, sequence func(unit string) int) []Appointment {
	zone, err := zoneNamed(d.Zone)
	if err != nil {
		return nil // [Document.Faults] says so
	}
	c := newChecker(d)
	c.placements()
	var all []Appointment
	for _, p := range c.plan {
		mine := slices.ContainsFunc(p.People, func(q Part) bool { return q.Person == person })
		if person == "" && p.Kind == Contest || mine {
			all = append(all, Appointment{UID: p.ID + "@" + domain, Sequence: sequence(p.ID), Start: p.From.In(zone), End: p.Until.In(zone),
				Summary: p.label(), Location: cmp.Or(p.venue.Name, p.venue.ID) + ", " + c.place(p)})
		}
	}
	return all
}
