package web

import (
	"strconv"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/timetable"
)

// withTimetable sets a day, a venue and lengths, so that the games can have a
// timetable.
func (m *matrix) withTimetable() {
	m.t.Helper()
	_, saw, err := m.store.TimetableSettings(m.t.Context(), access.Console, "games")
	if err != nil {
		m.t.Fatal(err)
	}
	from := timetable.Moment(30_000_000)
	set := timetable.Settings{Days: []timetable.Span{{From: from, Until: from + 600}}, Venues: []timetable.SetVenue{{ID: "v1", Name: "体育场", Areas: []timetable.SetArea{{Area: timetable.Area{ID: "v1-1", Courts: 1}}}}},
		Lengths: []timetable.Length{{Minutes: 10, Areas: []string{"v1-1"}}}}
	if _, err := m.store.SetTimetable(m.t.Context(), m.by(), access.Console, events.SetTimetable{Saw: saw, All: &set}); err != nil {
		m.t.Fatal(err)
	}
}

// timetableDrafts are a plan that waits.
func (m *matrix) timetableDrafts() things {
	m.withTimetable()
	d, err := m.store.DraftTimetable(m.t.Context(), access.Console, "games", events.DraftTimetable{})
	if err != nil {
		m.t.Fatal(err)
	}
	one := func(id string) *thing { return &thing{values: map[string]string{"draft": id}} }
	return things{own: one(d.ID), missing: one("none")}
}

// timetableVenues are a venue that is set.
func (m *matrix) timetableVenues() things {
	m.withTimetable()
	one := func(n int) *thing { return &thing{values: map[string]string{"venue": "v" + strconv.Itoa(n)}} }
	return things{own: one(1), missing: one(99)}
}
