// What organisers say about a timetable before there is one: days, places, ways,
// sessions, rest, and how long things take. With the units of a competition it
// becomes a [Document].
package timetable

import (
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Settings are a competition's. They hold nothing about people.
type Settings struct {
	Step      int `json:"step,omitempty"`       // as in [Document]
	Lead      int `json:"lead,omitempty"`       // as in [Document]
	TravelAny int `json:"travel_any,omitempty"` // as in [Document]

	Days     []Span     `json:"days"`
	Venues   []SetVenue `json:"venues"`
	Travel   []Travel   `json:"travel,omitempty"`
	Sessions []Session  `json:"sessions,omitempty"`
	Rest     []Rest     `json:"rest,omitempty"`
	Lengths  []Length   `json:"lengths,omitempty"`
}

// SetVenue is a venue with what is known of it beyond a plan's needs.
type SetVenue struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	WarmUp    int       `json:"warm_up,omitempty"`
	Areas     []SetArea `json:"areas"`
	Busy      []Busy    `json:"busy,omitempty"`      // typed in
	Calendars []Shared  `json:"calendars,omitempty"` // taken from files
}

// SetArea is an area; Steps says that a wheelchair does not get there, so that
// nobody who competes seated is planned into it.
type SetArea struct {
	Area
	Steps bool `json:"steps,omitempty"`
}

// Shared is the busy times of one calendar file that was taken in.
type Shared struct {
	Name string `json:"name"`
	Busy []Busy `json:"busy"`
}

// Length is how long units take, and where they may be held: those of an event,
// of an event type, or of a discipline. Empty names stand for all; the row that
// names the event goes before the one that names the type, and that before the
// one that names the discipline.
type Length struct {
	Discipline string   `json:"discipline,omitempty"`
	Type       string   `json:"type,omitempty"`
	Event      string   `json:"event,omitempty"`
	Minutes    int      `json:"minutes,omitempty"` // for a unit
	Each       int      `json:"each,omitempty"`    // for every start in it
	Pair       int      `json:"pair,omitempty"`    // for every two of them, where all meet each other
	InTurn     bool     `json:"in_turn,omitempty"` // one after another: extra time is each one's own
	Areas      []string `json:"areas"`
}

// For is how many minutes a unit of so many starts takes, at least one.
func (l *Length) For(starts int) int {
	return max(1, min(maxDay, l.Minutes+l.Each*starts+l.Pair*starts*(starts-1)/2))
}

// Length is the row that holds for an event; false where none does.
func (s *Settings) Length(discipline, eventType, event string) (Length, bool) {
	best, found := -1, Length{}
	for _, l := range s.Lengths {
		if l.Discipline != "" && l.Discipline != discipline || l.Type != "" && l.Type != eventType || l.Event != "" && l.Event != event {
			continue
		}
		weight := 0
		for i, name := range []string{l.Discipline, l.Type, l.Event} {
			if name != "" {
				weight += 1 << i
			}
		}
		if weight > best {
			best, found = weight, l
		}
	}
	return found, best >= 0
}

// Venue finds a venue; nil where there is none of that ID.
func (s *Settings) Venue(id string) *SetVenue {
	i := slices.IndexFunc(s.Venues, func(v SetVenue) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Venues[i]
}

// Area finds an area with its venue; nil where there is none of that ID.
func (s *Settings) Area(id string) (*SetVenue, *SetArea) {
	for i := range s.Venues {
		for j := range s.Venues[i].Areas {
			if s.Venues[i].Areas[j].ID == id {
				return &s.Venues[i], &s.Venues[i].Areas[j]
			}
		}
	}
	return nil, nil
}

// Place is what people read for a court: the venue, the area where it has another
// name, and the court's number where there are several.
func (s *Settings) Place(area string, court int) string {
	venue, at := s.Area(area)
	if venue == nil {
		return ""
	}
	said := venue.Name
	if at.Name != "" && at.Name != said {
		said += " " + at.Name
	}
	if at.Courts > 1 && court > 0 {
		said += " " + strconv.Itoa(court)
	}
	return said
}

// Document is the document of the settings alone, without units and people.
func (s *Settings) Document() *Document {
	d := &Document{Schema: Schema, Step: s.Step, Lead: s.Lead, TravelAny: s.TravelAny, Days: slices.Clone(s.Days), Travel: slices.Clone(s.Travel),
		Sessions: slices.Clone(s.Sessions), Rest: slices.Clone(s.Rest)}
	for _, v := range s.Venues {
		out := Venue{ID: v.ID, Name: v.Name, WarmUp: v.WarmUp, Busy: slices.Clone(v.Busy)}
		for _, a := range v.Areas {
			out.Areas = append(out.Areas, a.Area)
		}
		for _, c := range v.Calendars {
			out.Busy = append(out.Busy, c.Busy...)
		}
		d.Venues = append(d.Venues, out)
	}
	return d
}

// Faults says what makes settings unfit to plan with, each with the ID and the
// field that it stands in. Settings without days are not complete, and no fault.
func (s *Settings) Faults() Faults {
	d := s.Document()
	d.Zone = "Asia/Shanghai" // the competition's own is looked at where there is one
	faults := slices.DeleteFunc(d.Faults(), func(f *scoring.Invalid) bool { return f.Problem == "timetable-no-days" })
	v := &validation{doc: d, areas: map[string]bool{}, faults: faults}
	for i := range s.Venues {
		for _, a := range s.Venues[i].Areas {
			v.areas[a.ID] = true
		}
	}
	seen := map[[3]string]bool{}
	for i := range s.Lengths {
		l := &s.Lengths[i]
		key, line := [3]string{l.Discipline, l.Type, l.Event}, strconv.Itoa(i)
		if seen[key] {
			v.say(line, "lengths", "timetable-id-twice", l.Discipline+" "+l.Type+l.Event)
		}
		seen[key] = true
		for _, n := range []int{l.Minutes, l.Each, l.Pair} {
			v.within(line, "lengths", n, 0, maxDay)
		}
		if l.Minutes+l.Each+l.Pair == 0 {
			v.say(line, "lengths", "timetable-number", "0", "1", strconv.Itoa(maxDay))
		}
		for _, area := range l.Areas {
			v.known(v.areas, line, "lengths", area)
		}
	}
	return v.faults
}
