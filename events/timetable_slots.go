// Appointments with classification panels in the timetable: nobody competes
// before being classified, or while sitting before a panel.
package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/timetable"
)

// loadSlots puts appointments with classification panels into the document, where
// they are and not to be moved. Those outside the days of contests are left out:
// they can be in nobody's way.
func (l *ledgerTimetable) loadSlots(ctx context.Context, db bun.IDB) error {
	var slots []struct {
		ID, PanelID, ParticipantID int64
		Sport, Room                string
		Start                      time.Time
		Minutes                    int
	}
	var members []struct{ PanelID, AccountID int64 }
	for _, err := range []error{
		db.NewSelect().TableExpr("panel_slots AS s").ColumnExpr("s.id, s.panel_id, s.participant_id, s.start, s.minutes, p.room, d.code AS sport").
			Join("JOIN panels AS p ON p.id = s.panel_id").Join("JOIN disciplines AS d ON d.id = p.discipline_id").
			Where("s.competition_id = ?", l.c.ID).Where("s.state = 'booked'").OrderExpr("s.id").Scan(ctx, &slots),
		db.NewSelect().TableExpr("panel_members AS m").ColumnExpr("m.panel_id, m.account_id").Join("JOIN panels AS p ON p.id = m.panel_id").
			Where("p.competition_id = ?", l.c.ID).OrderExpr("m.panel_id, m.position").Scan(ctx, &members),
	} {
		if err != nil {
			return fmt.Errorf("load classification appointments: %w", err)
		}
	}
	rooms := map[string]bool{}
	known := map[int64]bool{}
	for i := range slots {
		s := &slots[i]
		from := timetable.At(s.Start, l.zone)
		in := timetable.Span{From: from, Until: from + timetable.Moment(s.Minutes)}
		if !slices.ContainsFunc(l.doc.Days, func(d timetable.Span) bool { return d.Overlap(in) > 0 }) {
			continue
		}
		area := "panel-" + strconv.FormatInt(s.PanelID, 10)
		if !rooms[area] {
			rooms[area] = true
			l.room(area, s.Room)
		}
		u := timetable.Unit{ID: "k" + strconv.FormatInt(s.ID, 10), Name: s.Room, Kind: timetable.Classification, Discipline: s.Sport, Minutes: s.Minutes, Areas: []string{area}, Pinned: true,
			People: []timetable.Part{{Person: diaryName(s.ParticipantID), As: timetable.Athlete}}}
		for _, m := range members {
			if m.PanelID != s.PanelID {
				continue
			}
			if !known[m.AccountID] {
				known[m.AccountID] = true
				l.doc.People = append(l.doc.People, timetable.Person{ID: officerName(m.AccountID)})
			}
			u.People = part(u.People, timetable.Part{Person: officerName(m.AccountID), As: timetable.Official})
		}
		l.doc.Units = append(l.doc.Units, u)
		l.doc.Plan = append(l.doc.Plan, timetable.Placement{Unit: u.ID, Area: area, Court: 1, Start: from})
	}
	return nil
}

// room is where a panel sits: in the venue whose name its room begins with, else
// a house of its own that people have to travel to.
func (l *ledgerTimetable) room(area, name string) {
	a := timetable.Area{ID: area, Name: name, Courts: 1}
	for i := range l.doc.Venues {
		v := &l.doc.Venues[i]
		hours := slices.ContainsFunc(l.doc.Sessions, func(s timetable.Session) bool { return s.Venue == v.ID }) // which are not the panel's
		if v.Name != "" && strings.HasPrefix(name, v.Name) && !hours {
			v.Areas = append(v.Areas, a)
			return
		}
	}
	l.doc.Venues = append(l.doc.Venues, timetable.Venue{ID: area, Name: name, Areas: []timetable.Area{a}})
}
