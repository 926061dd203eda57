// The times of a calendar: zones, dates, lengths, and what repeats.
package timetable

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// zoneRules is a time zone that the file brings along.
type zoneRules struct {
	name    string
	offsets []string
}

// define keeps a zone of the file that has one offset all the year. Zones with
// two need an IANA name, which goes before the file's own definition anyway.
func (c *calendar) define(z *zoneRules) {
	if z == nil || z.name == "" || len(z.offsets) == 0 {
		return
	}
	first, ok := offset(z.offsets[0])
	for _, other := range z.offsets {
		same, fine := offset(other)
		ok = ok && fine && same == first
	}
	if ok {
		c.zones[z.name] = time.FixedZone(clip(z.name), first)
	}
}

// offset is +0800 or +080000 in seconds.
func offset(text string) (seconds int, ok bool) {
	if len(text) != 5 && len(text) != 7 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	n, err := strconv.Atoi(text[1:])
	if err != nil || n < 0 {
		return 0, false
	}
	if len(text) == 5 {
		n *= 100
	}
	seconds = n/10_000*3600 + n/100%100*60 + n%100
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, seconds > -24*3600 && seconds < 24*3600
}

// instant is a date or a time as the file writes it.
type instant struct {
	time.Time
	whole bool // a day without a time
}

// moment reads one value of a property.
func (c *calendar) moment(p *property, value string) (instant, bool) {
	zone, ok := c.zone, true
	if id := p.params["TZID"]; id != "" {
		if zone, ok = c.known(id); !ok {
			c.fault(p.line, p.name, "timetable-calendar-zone", clip(id))
			return instant{}, false
		}
	}
	layout, in := localLayout, zone
	switch {
	case len(value) == len(dateLayout):
		layout = dateLayout
	case strings.HasSuffix(value, "Z"):
		layout, in = utcLayout, time.UTC
	}
	t, err := time.ParseInLocation(layout, value, in)
	if err != nil || t.Year() < 1971 || t.Year() >= 3000 {
		c.fault(p.line, p.name, "timetable-calendar-time", clip(value))
		return instant{}, false
	}
	if layout == utcLayout {
		t = t.In(zone)
	}
	return instant{t, layout == dateLayout}, true
}

func (c *calendar) known(id string) (*time.Location, bool) {
	if zone, err := zoneNamed(id); err == nil {
		return zone, true
	}
	zone, ok := c.zones[id]
	return zone, ok
}

// length is a duration: P1D, PT1H30M, P2W. Days are nominal: 24 hours by the
// clock, whatever the clock does.
func length(value string) (days int, rest time.Duration, ok bool) {
	value, ok = strings.CutPrefix(strings.TrimPrefix(value, "+"), "P")
	if !ok || value == "" || strings.HasSuffix(value, "T") {
		return 0, 0, false
	}
	n, digits, timed := 0, 0, false
	for _, r := range value {
		switch {
		case r >= '0' && r <= '9' && digits < 6:
			n, digits = n*10+int(r-'0'), digits+1
			continue
		case r == 'T' && !timed && digits == 0:
			timed = true
			continue
		case digits == 0:
			return 0, 0, false
		case r == 'W' && !timed:
			days += 7 * n
		case r == 'D' && !timed:
			days += n
		case r == 'H' && timed:
			rest += time.Duration(n) * time.Hour
		case r == 'M' && timed:
			rest += time.Duration(n) * time.Minute
		case r == 'S' && timed:
			rest += time.Duration(n) * time.Second
		default:
			return 0, 0, false
		}
		n, digits = 0, 0
	}
	return days, rest, digits == 0
}

// lay turns events and blocks into busy times.
func (c *calendar) lay() error {
	for i := range c.events { // first which single times have been changed
		e := &c.events[i]
		if p, ok := e.one("RECURRENCE-ID"); ok {
			if t, ok := c.moment(&p, p.value); ok {
				c.changed[occurrence{e.uid, t.Unix()}] = true
			}
			if p.params["RANGE"] != "" {
				c.fault(p.line, p.name, "timetable-calendar-rule", clip(p.params["RANGE"]))
			}
		}
	}
	for i := range c.events {
		if err := c.event(&c.events[i]); err != nil {
			return err
		}
	}
	for i := range c.blocks {
		if err := c.freeBusy(&c.blocks[i]); err != nil {
			return err
		}
	}
	return nil
}

// event lays one event's times.
func (c *calendar) event(e *entry) error {
	if p, _ := e.one("STATUS"); strings.EqualFold(p.value, "CANCELLED") {
		return nil
	}
	if p, _ := e.one("TRANSP"); strings.EqualFold(p.value, "TRANSPARENT") {
		return nil
	}
	p, ok := e.one("DTSTART")
	if !ok {
		c.fault(e.line, "DTSTART", "timetable-calendar-start", e.title)
		return nil
	}
	start, ok := c.moment(&p, p.value)
	if !ok {
		return nil
	}
	until, ok := c.end(e, start)
	if !ok {
		return nil
	}
	starts, err := c.repeats(e, start, until)
	if err != nil {
		return err
	}
	_, single := e.one("RECURRENCE-ID")
	for _, s := range starts {
		if !single && c.changed[occurrence{e.uid, s.Unix()}] {
			continue
		}
		if err := c.add(s, until(s), e); err != nil {
			return err
		}
	}
	return nil
}

// end gives the end of an occurrence from its start. An event without an end is
// a whole day, or takes no time.
func (c *calendar) end(e *entry, start instant) (func(time.Time) time.Time, bool) {
	days, rest := 0, time.Duration(0)
	if start.whole {
		days = 1
	}
	if p, ok := e.one("DTEND"); ok {
		end, ok := c.moment(&p, p.value)
		if !ok {
			return nil, false
		}
		if end.Before(start.Time) {
			c.fault(p.line, p.name, "timetable-calendar-end", e.title)
			return nil, false
		}
		if days, rest = 0, end.Sub(start.Time); start.whole && end.whole {
			days, rest = int((rest+12*time.Hour)/(24*time.Hour)), 0 // a day of 23 or 25 hours is one too
		}
	} else if p, ok := e.one("DURATION"); ok {
		if days, rest, ok = length(p.value); !ok {
			c.fault(p.line, p.name, "timetable-calendar-time", clip(p.value))
			return nil, false
		}
	}
	return func(t time.Time) time.Time { return t.AddDate(0, 0, days).Add(rest) }, true
}

// add notes a busy time within the span; parts of minutes count as whole ones.
func (c *calendar) add(start, end time.Time, e *entry) error {
	s := Span{At(start, c.zone), At(end.Add(time.Minute-time.Nanosecond), c.zone)}
	if s.Until <= s.From || s.Overlap(c.within) == 0 {
		return nil
	}
	if len(c.busy) == maxBusy {
		return calendarError("timetable-calendar-much", strconv.Itoa(maxBusy))
	}
	c.busy = append(c.busy, Busy{Span: s, What: e.title, UID: clip(e.uid)})
	return nil
}

// freeBusy lays the periods of a FREEBUSY property.
func (c *calendar) freeBusy(p *property) error {
	if strings.EqualFold(p.params["FBTYPE"], "FREE") {
		return nil
	}
	for period := range strings.SplitSeq(p.value, ",") {
		from, to, _ := strings.Cut(period, "/")
		start, ok := c.moment(p, from)
		if !ok {
			continue
		}
		var end time.Time
		if days, rest, ok := length(to); ok {
			end = start.AddDate(0, 0, days).Add(rest)
		} else if t, ok := c.moment(p, to); ok {
			end = t.Time
		} else {
			continue
		}
		if err := c.add(start.Time, end, &entry{}); err != nil {
			return err
		}
	}
	return nil
}

// repeats are the starts of an event's occurrences that can reach the span.
func (c *calendar) repeats(e *entry, start instant, until func(time.Time) time.Time) ([]time.Time, error) {
	starts := []time.Time{start.Time}
	if p, ok := e.one("RRULE"); ok {
		r, ok := c.rule(&p, start)
		if !ok || len(e.props["RRULE"]) > 1 {
			c.fault(p.line, p.name, "timetable-calendar-rule", clip(p.value))
		} else {
			var err error
			if starts, err = c.expand(r, start.Time, until); err != nil {
				return nil, err
			}
		}
	}
	if p, ok := e.one("EXRULE"); ok {
		c.fault(p.line, p.name, "timetable-calendar-rule", clip(p.value))
	}
	for _, t := range c.dates(e, "RDATE") {
		starts = append(starts, t.Time)
	}
	gone := map[int64]bool{}
	days := map[string]bool{}
	for _, t := range c.dates(e, "EXDATE") {
		if t.whole {
			days[t.Format(dateLayout)] = true
		} else {
			gone[t.Unix()] = true
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	starts = slices.CompactFunc(starts, time.Time.Equal)
	return slices.DeleteFunc(starts, func(t time.Time) bool { return gone[t.Unix()] || days[t.Format(dateLayout)] }), nil
}

// dates are the values of a list of dates.
func (c *calendar) dates(e *entry, name string) (all []instant) {
	for i := range e.props[name] {
		p := &e.props[name][i]
		for value := range strings.SplitSeq(p.value, ",") {
			if len(all) == maxDates {
				return all
			}
			if t, ok := c.moment(p, value); ok {
				all = append(all, t)
			}
		}
	}
	return all
}

// rule is a repetition that is understood.
type rule struct {
	weekly   bool
	interval int
	count    int // 0: no limit
	until    time.Time
	weekdays [7]bool
	anyDay   bool
	weekFrom time.Weekday
}

var weekdays = map[string]time.Weekday{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// rule reads a repetition; false where any part of it is not understood.
func (c *calendar) rule(p *property, start instant) (rule, bool) {
	r := rule{interval: 1, anyDay: true, weekFrom: time.Monday}
	known := false
	for part := range strings.SplitSeq(p.value, ";") {
		name, value, _ := strings.Cut(part, "=")
		ok := true
		switch strings.ToUpper(name) {
		case "FREQ":
			r.weekly = strings.EqualFold(value, "WEEKLY")
			known = r.weekly || strings.EqualFold(value, "DAILY")
			ok = known
		case "INTERVAL":
			r.interval, ok = positive(value)
		case "COUNT":
			r.count, ok = positive(value)
		case "UNTIL":
			var t instant
			if t, ok = c.moment(p, value); t.whole {
				t.Time = t.AddDate(0, 0, 1).Add(-time.Nanosecond) // all of that day
			}
			r.until = t.Time
		case "BYDAY":
			ok = r.days(value)
		case "WKST":
			r.weekFrom, ok = weekdays[strings.ToUpper(value)]
		default:
			ok = false
		}
		if !ok {
			return r, false
		}
	}
	if r.weekly && r.anyDay {
		r.anyDay, r.weekdays[start.Weekday()] = false, true
	}
	return r, known
}

func (r *rule) days(value string) bool {
	r.anyDay = false
	for name := range strings.SplitSeq(value, ",") {
		day, ok := weekdays[strings.ToUpper(name)]
		if !ok {
			return false // the second Tuesday
		}
		r.weekdays[day] = true
	}
	return true
}

func positive(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= 100_000
}

// expand goes through the days from the start to the end of the span. Only
// occurrences that can reach into it are kept, but all are counted. The start
// itself always is one, also where the rule would not have it.
func (c *calendar) expand(r rule, start time.Time, until func(time.Time) time.Time) (starts []time.Time, err error) {
	first, last := c.within.From.In(c.zone), c.within.Until.In(c.zone)
	week := (int(start.Weekday()) - int(r.weekFrom) + 7) % 7 // of the start, in its week
	for day, n := 0, 0; r.count == 0 || n < r.count; day++ {
		if c.rounds--; c.rounds < 0 {
			return nil, calendarError("timetable-calendar-much", strconv.Itoa(maxRounds))
		}
		t := start.AddDate(0, 0, day)
		if !t.Before(last) || !r.until.IsZero() && t.After(r.until) {
			break
		}
		period := day
		if r.weekly {
			period = (day + week) / 7
		}
		if day > 0 && (period%r.interval != 0 || !r.anyDay && !r.weekdays[t.Weekday()]) {
			continue
		}
		if n++; until(t).After(first) {
			starts = append(starts, t)
		}
	}
	return starts, nil
}
