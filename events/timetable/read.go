// Reading a document, and saying everything that is wrong with it before
// anybody plans with it: a name that is written two ways would otherwise be a
// clash that nobody sees.
package timetable

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tongchang/scoring"
)

// What a document may hold at most. A provincial games has about 900 units and
// 1,300 people.
const (
	maxUnits  = 10_000
	maxPeople = 50_000
	maxParts  = 2_000 // people in one unit
	maxCourts = 200
	maxSpans  = 5_000 // in any list of spans

	maxSessions = 1_000
	maxDay      = 24 * 60
	maxDays     = 60
)

// Faults is everything that is wrong with a document.
type Faults []*scoring.Invalid

func (f Faults) Error() string {
	all := make([]string, len(f))
	for i := range f {
		all[i] = f[i].Error()
	}
	return strings.Join(all, "; ")
}

// Read reads a document and holds it against [Document.Faults]. The error is
// [Faults], or a *scoring.Invalid where the JSON itself cannot be read.
func Read(raw []byte) (*Document, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	doc := new(Document)
	if err := d.Decode(doc); err != nil {
		return nil, &scoring.Invalid{Problem: "timetable-json", With: []string{err.Error()}}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &scoring.Invalid{Problem: "timetable-json", With: []string{"more than one document"}}
	}
	if faults := doc.Faults(); len(faults) > 0 {
		return nil, faults
	}
	return doc, nil
}

// Faults says what makes a document unfit to plan with, each with the ID and
// the field that it stands in. The plan is not looked at: that is [Check].
func (d *Document) Faults() Faults {
	v := &validation{doc: d, areas: map[string]bool{}, venues: map[string]bool{}, people: map[string]bool{}}
	if len(d.Units) > maxUnits || len(d.People) > maxPeople || len(d.Days) > maxDays {
		v.say("", "units", "timetable-too-much", strconv.Itoa(maxUnits), strconv.Itoa(maxPeople), strconv.Itoa(maxDays))
		return v.faults
	}
	v.settings()
	v.places()
	v.sessions()
	v.persons()
	units := map[string]bool{}
	for i := range d.Units {
		v.once(units, d.Units[i].ID, "units")
		v.unit(&d.Units[i])
	}
	return v.faults
}

type validation struct {
	doc                   *Document
	areas, venues, people map[string]bool
	faults                Faults
}

func (v *validation) say(line, field, problem string, with ...string) {
	v.faults = append(v.faults, &scoring.Invalid{Line: line, Field: field, Problem: problem, With: with})
}

// once takes an ID into a set; it must be there and be new.
func (v *validation) once(set map[string]bool, id, field string) {
	switch {
	case id == "":
		v.say("", field, "id-missing")
	case set[id]:
		v.say(id, field, "timetable-id-twice", id)
	}
	set[id] = true
}

// known holds a reference against a set.
func (v *validation) known(set map[string]bool, line, field, id string) {
	if !set[id] {
		v.say(line, field, "timetable-unknown", id)
	}
}

func (v *validation) within(line, field string, n, least, most int) {
	if n < least || n > most {
		v.say(line, field, "timetable-number", strconv.Itoa(n), strconv.Itoa(least), strconv.Itoa(most))
	}
}

func (v *validation) spans(line, field string, spans ...Span) {
	if len(spans) > maxSpans {
		v.say(line, field, "timetable-number", strconv.Itoa(len(spans)), "0", strconv.Itoa(maxSpans))
		return
	}
	for _, s := range spans {
		if s.From == 0 || s.Until <= s.From {
			v.say(line, field, "timetable-span", s.From.String(), s.Until.String())
		}
	}
}

// zoneNamed knows IANA names alone: "Local" would be the machine's.
func zoneNamed(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("no time zone %q", name)
	}
	return time.LoadLocation(name)
}

func (v *validation) settings() {
	d := v.doc
	if d.Schema != "" && d.Schema != Schema {
		v.say("", "schema", "unknown-schema", d.Schema, Schema)
	}
	if _, err := zoneNamed(d.Zone); err != nil {
		v.say("", "zone", "timetable-zone", d.Zone)
	}
	v.within("", "step", d.Step, 0, 120)
	v.within("", "lead", d.Lead, 0, 7*maxDay)
	v.within("", "travel_any", d.TravelAny, 0, maxDay)
	if len(d.Days) == 0 {
		v.say("", "days", "timetable-no-days")
	}
	v.spans("", "days", d.Days...)
	for i, s := range d.Days {
		v.within("", "days", s.Length(), 1, maxDay)
		if i > 0 && s.From < d.Days[i-1].Until {
			v.say("", "days", "timetable-span-order", s.From.String(), d.Days[i-1].Until.String())
		}
	}
	for _, r := range d.Rest {
		v.within(r.Discipline+" "+r.Class, "rest", r.Minutes, 0, 7*maxDay)
		v.within(r.Discipline+" "+r.Class, "rest", r.Recovery, 0, 7*maxDay)
	}
}

func (v *validation) places() {
	for i := range v.doc.Venues {
		venue := &v.doc.Venues[i]
		v.once(v.venues, venue.ID, "venues")
		v.within(venue.ID, "warm_up", venue.WarmUp, 0, maxDay)
		for _, a := range venue.Areas {
			v.once(v.areas, a.ID, "areas")
			v.within(a.ID, "courts", a.Courts, 1, maxCourts)
			v.within(a.ID, "turnover", a.Turnover, 0, maxDay)
		}
	}
	for i := range v.doc.Venues {
		venue := &v.doc.Venues[i]
		for _, b := range venue.Busy {
			v.spans(venue.ID, "busy", b.Span)
			for _, area := range b.Areas {
				v.known(v.areas, venue.ID, "busy", area)
			}
		}
		v.within(venue.ID, "busy", len(venue.Busy), 0, maxSpans)
	}
	for _, t := range v.doc.Travel {
		v.known(v.venues, t.From+" "+t.To, "travel", t.From)
		v.known(v.venues, t.From+" "+t.To, "travel", t.To)
		v.within(t.From+" "+t.To, "travel", t.Minutes, 0, maxDay)
	}
}

func (v *validation) sessions() {
	ids := map[string]bool{}
	for i := range v.doc.Sessions {
		s := &v.doc.Sessions[i]
		v.once(ids, s.ID, "sessions")
		v.known(v.venues, s.ID, "venue", s.Venue)
		v.spans(s.ID, "sessions", s.Span)
	}
	v.within("", "sessions", len(v.doc.Sessions), 0, maxSessions)
}

func (v *validation) persons() {
	for i := range v.doc.People {
		p := &v.doc.People[i]
		v.once(v.people, p.ID, "people")
		v.spans(p.ID, "away", p.Away...)
	}
}

func (v *validation) unit(u *Unit) {
	v.within(u.ID, "minutes", u.Minutes, 1, maxDay)
	v.within(u.ID, "phase", u.Phase, 0, 100)
	v.within(u.ID, "people", len(u.People), 0, maxParts)
	if u.Kind != Contest && u.Kind != Classification {
		v.say(u.ID, "kind", "timetable-unknown", string(u.Kind))
	}
	if len(u.Areas) == 0 {
		v.say(u.ID, "areas", "timetable-no-area")
	}
	for _, area := range u.Areas {
		v.known(v.areas, u.ID, "areas", area)
	}
	v.spans(u.ID, "prefer", u.Prefer...)
	v.spans(u.ID, "never", u.Never...)
	here := map[string]bool{}
	for _, p := range u.People {
		v.known(v.people, u.ID, "people", p.Person)
		v.within(u.ID, "extra", p.Extra, 0, 400)
		if here[p.Person] {
			v.say(u.ID, "people", "timetable-part-twice", p.Person)
		}
		here[p.Person] = true
		switch p.As {
		case Athlete, Guide, Interpreter, Judge, Official:
		default:
			v.say(u.ID, "people", "timetable-unknown", string(p.As))
		}
	}
}
