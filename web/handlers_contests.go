// What everybody sees of events before there are start lists: all of them by
// sport with what became of each, and who is entered.
package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"

	"tongchang/events"
)

// contestRoutes are the public pages about events as such.
func (s *Server) contestRoutes() []route {
	return []route{{"GET /c/{competition}/events", everybody, s.contests}}
}

// contests serves all events of an edition.
func (s *Server) contests(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "schedule")
	if err != nil {
		return err
	}
	entries, err := s.store.EntryCounts(r.Context(), v.c.ID)
	if err != nil {
		return err
	}
	page := ContestsPage{}
	at := map[int64]int{}
	for i, d := range v.disciplines() {
		at[d.ID] = i
		page.Sports = append(page.Sports, ContestSport{Name: v.b.pick(d.Name, d.NameEn)})
	}
	for i := range v.b.programme.Events {
		e := &v.b.programme.Events[i]
		line := ContestLine{Name: v.b.eventName(e), URL: v.contestURL(e.ID), Fate: v.fate(e)}
		if n := entries[e.ID]; n > 0 {
			line.About = v.b.t.T("contests.entries", n)
		}
		sport := &page.Sports[at[e.DisciplineID]]
		sport.Contests = append(sport.Contests, line)
	}
	for i := range page.Sports {
		page.Sports[i].About = v.b.t.T("contests.count", len(page.Sports[i].Contests))
	}
	v.Title = v.b.t.T("contests.title")
	page.Page = v.Page
	return s.send(w, r, page)
}

func (v *view) contestURL(event int64) string { return fmt.Sprintf("%s/events/%d", v.b.root, event) }

// fate is what became of an event, empty where it is held as announced.
func (v *view) fate(e *events.Event) string {
	switch e.State {
	case events.EventMerged:
		return v.b.t.T("contests.merged")
	case events.EventCancelled:
		return v.b.t.T("contests.cancelled")
	case events.EventExhibition:
		return v.b.t.T("contests.exhibition")
	}
	return ""
}

// announce says on an event's page what became of it and who is entered. Why it
// became so is said in numbers: the words of whoever decided are for delegations.
func (v *view) announce(page *EventPage, e *events.Event, a *events.Announced) {
	t := v.b.t
	f := &Fate{Title: v.fate(e), Elsewhere: e.State == events.EventMerged || e.State == events.EventCancelled}
	if a.Decided != nil && f.Title != "" {
		f.Text = t.T("contests.decided-with", a.Decided.Field)
	}
	switch {
	case a.Into != nil:
		f.Links = append(f.Links, ContestLine{Name: v.b.eventName(a.Into), URL: v.contestURL(a.Into.ID), About: t.T("contests.into")})
	case e.State == events.EventExhibition:
		f.Text = t.Join(f.Text, t.T("contests.no-medals"))
	}
	for i := range a.From {
		f.Links = append(f.Links, ContestLine{Name: v.b.eventName(&a.From[i]), URL: v.contestURL(a.From[i].ID), About: t.T("contests.from")})
	}
	if f.Title != "" || len(f.Links) > 0 {
		f.Title = cmp.Or(f.Title, t.T("contests.merged-event"))
		page.Fate = f
	}
	names := v.b.delegationNames()
	for i := range a.Entrants {
		n := &a.Entrants[i]
		page.Entries = append(page.Entries, EntrantLine{Name: n.Name, About: t.Join(names[strconv.FormatInt(n.DelegationID, 10)], n.Class)})
	}
}
