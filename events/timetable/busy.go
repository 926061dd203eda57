// Calendars of others, read for the times when they have a venue (RFC 5545).
// Files come from outside: everything in them is bounded, and what is not
// understood is said, never passed over as if the venue were free.
package timetable

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tongchang/scoring"
)

// What a calendar may hold at most.
const (
	maxCalendar = 4 << 20 // bytes
	maxLine     = 64 << 10
	maxEvents   = 10_000
	maxDates    = 5_000     // in the lists of one event
	maxRounds   = 2_000_000 // days looked at for all repetitions together
	maxBusy     = 20_000    // stretches that come out
	maxText     = 120       // characters kept of a title
)

// calendarError is a calendar that was not read at all.
func calendarError(problem string, with ...string) error {
	return &scoring.Invalid{Problem: problem, With: with}
}

// ReadBusy reads the times that a calendar's events and free-busy blocks take
// within a span, as minutes of the zone's wall clock and in order of time. Times
// without a zone of their own are meant in zone, and so are whole days.
// Cancelled and transparent events take no time.
//
// Repetitions are understood daily and weekly, with INTERVAL, COUNT, UNTIL,
// BYDAY, EXDATE, RDATE and single changed occurrences. The problems, by line,
// name what was not understood; of an event that repeats in another way its
// first time is in the result. The error is a *scoring.Invalid for a file that
// cannot be used at all.
func ReadBusy(r io.Reader, zone *time.Location, within Span) ([]Busy, Faults, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxCalendar+1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(raw) > maxCalendar:
		return nil, nil, calendarError("timetable-calendar-big", strconv.Itoa(maxCalendar>>20))
	}
	c := &calendar{zone: zone, within: within, zones: map[string]*time.Location{}, changed: map[occurrence]bool{}, rounds: maxRounds}
	if err := c.read(bytes.TrimPrefix(raw, []byte("\ufeff"))); err != nil {
		return nil, nil, err
	}
	if err := c.lay(); err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(c.busy, func(a, b Busy) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until), cmp.Compare(a.What, b.What), cmp.Compare(a.UID, b.UID))
	})
	slices.SortStableFunc(c.faults, func(a, b *scoring.Invalid) int { return cmp.Compare(lineOf(a), lineOf(b)) })
	return c.busy, c.faults, nil
}

func lineOf(f *scoring.Invalid) int {
	n, err := strconv.Atoi(f.Line)
	if err != nil {
		return 0
	}
	return n
}

// property is one content line: DTSTART;TZID=Asia/Shanghai:20270619T083000.
type property struct {
	line   int
	name   string
	params map[string]string
	value  string
}

// entry is an event as it stands in the file.
type entry struct {
	line       int
	uid, title string
	props      map[string][]property
}

func (e *entry) one(name string) (property, bool) {
	if all := e.props[name]; len(all) > 0 {
		return all[0], true
	}
	return property{}, false
}

// occurrence names one time of an event that repeats.
type occurrence struct {
	uid string
	at  int64
}

type calendar struct {
	zone    *time.Location
	within  Span
	zones   map[string]*time.Location // defined in the file
	events  []entry
	blocks  []property // FREEBUSY
	changed map[occurrence]bool
	rounds  int
	busy    []Busy
	faults  Faults
}

func (c *calendar) fault(line int, field, problem string, with ...string) {
	if len(c.faults) < maxDates {
		c.faults = append(c.faults, &scoring.Invalid{Line: strconv.Itoa(line), Field: field, Problem: problem, With: with})
	}
}

// read takes the file apart into events, free-busy blocks and time zones.
func (c *calendar) read(raw []byte) error {
	var inside []string
	var zone *zoneRules
	begun, ended := false, false
	err := contentLines(raw, func(line int, text string) error {
		p, ok := split(line, text)
		if !ok {
			c.fault(line, "", "timetable-calendar-line", clip(text))
			return nil
		}
		switch p.name {
		case "BEGIN":
			inside = append(inside, strings.ToUpper(p.value))
			begun = begun || len(inside) == 1 && inside[0] == "VCALENDAR"
			switch {
			case len(inside) > 8:
				return calendarError("timetable-calendar-deep", strconv.Itoa(line))
			case inside[len(inside)-1] == "VEVENT" && len(c.events) == maxEvents:
				return calendarError("timetable-calendar-much", strconv.Itoa(maxEvents))
			case inside[len(inside)-1] == "VEVENT":
				c.events = append(c.events, entry{line: line, props: map[string][]property{}})
			case inside[len(inside)-1] == "VTIMEZONE":
				zone = new(zoneRules)
			}
		case "END":
			if len(inside) == 0 || inside[len(inside)-1] != strings.ToUpper(p.value) {
				return calendarError("timetable-calendar-nested", strconv.Itoa(line))
			}
			if inside[len(inside)-1] == "VTIMEZONE" {
				c.define(zone)
			}
			inside = inside[:len(inside)-1]
			ended = ended || begun && len(inside) == 0
		default:
			return c.property(inside, zone, p)
		}
		return nil
	})
	if err == nil && (!begun || !ended) {
		return calendarError("timetable-calendar-not")
	}
	return err
}

// property puts a content line where it belongs.
func (c *calendar) property(inside []string, zone *zoneRules, p property) error {
	if len(inside) == 0 {
		return calendarError("timetable-calendar-not")
	}
	switch inside[len(inside)-1] {
	case "VEVENT":
		e := &c.events[len(c.events)-1]
		switch p.name {
		case "UID":
			e.uid = p.value
		case "SUMMARY":
			e.title = clip(unescape(p.value))
		case "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "TRANSP", "STATUS", "EXRULE":
			if len(e.props[p.name]) >= maxDates {
				return calendarError("timetable-calendar-much", strconv.Itoa(maxDates))
			}
			e.props[p.name] = append(e.props[p.name], p)
		}
	case "VFREEBUSY":
		if p.name == "FREEBUSY" {
			c.blocks = append(c.blocks, p)
		}
	case "VTIMEZONE":
		if p.name == "TZID" && zone != nil {
			zone.name = p.value
		}
	case "STANDARD", "DAYLIGHT":
		if p.name == "TZOFFSETTO" && zone != nil {
			zone.offsets = append(zone.offsets, p.value)
		}
	}
	return nil
}

// contentLines unfolds the file: a line that begins with a blank or a tab goes
// on from the one before.
func contentLines(raw []byte, each func(line int, text string) error) error {
	in := bufio.NewScanner(bytes.NewReader(raw))
	in.Buffer(nil, maxLine)
	var text []byte
	first, n := 0, 0
	for in.Scan() {
		n++
		line := bytes.TrimSuffix(in.Bytes(), []byte("\r"))
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && first > 0 {
			text = append(text, line[1:]...)
			if len(text) > maxLine {
				return calendarError("timetable-calendar-long", strconv.Itoa(n))
			}
			continue
		}
		if len(text) > 0 {
			if err := each(first, strings.ToValidUTF8(string(text), "�")); err != nil {
				return err
			}
		}
		text, first = append(text[:0], line...), n
	}
	if in.Err() != nil {
		return calendarError("timetable-calendar-long", strconv.Itoa(n+1))
	}
	if len(text) > 0 {
		return each(first, strings.ToValidUTF8(string(text), "�"))
	}
	return nil
}

// split takes a content line apart. Values of parameters may be quoted.
func split(line int, text string) (property, bool) {
	p := property{line: line}
	quoted, from := false, 0
	for i := range len(text) {
		switch ch := text[i]; {
		case ch == '"':
			quoted = !quoted
		case quoted || ch != ';' && ch != ':':
		default:
			p.take(text[from:i])
			from = i + 1
			if ch == ':' {
				p.value = text[from:]
				return p, p.name != ""
			}
		}
	}
	return p, false
}

// take is the name, or a parameter.
func (p *property) take(piece string) {
	if p.name == "" {
		p.name = strings.ToUpper(piece)
		return
	}
	if p.params == nil {
		p.params = map[string]string{}
	}
	name, value, _ := strings.Cut(piece, "=")
	p.params[strings.ToUpper(name)] = strings.Trim(value, `"`)
}

// unescape is a text as it was meant.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		if text[i] == 'n' || text[i] == 'N' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// clip makes a text of the file short and harmless enough to show.
func clip(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > maxText {
		text = string([]rune(text)[:maxText]) + "…"
	}
	return strings.TrimSpace(text)
}
