// Calendars over HTTP: of the games, a venue, a delegation, which name nobody,
// and a person's own by an address that only they have.
package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/timetable"
)

// calendars serves the list of calendars for everybody.
func (s *Server) calendars(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "schedule")
	if err != nil {
		return err
	}
	t, to := v.b.t, v.b.root+"/calendars/"
	page := CalendarsPage{All: PageLink{Text: t.T("calendar.all"), URL: to + "games.ics"}}
	venues, err := s.store.VenueNames(r.Context(), v.c)
	if err != nil {
		return err
	}
	for _, venue := range venues {
		page.Venues = append(page.Venues, PageLink{Text: venue.Name, URL: to + "venue-" + url.PathEscape(venue.ID) + ".ics"})
	}
	for _, d := range v.b.programme.Delegations {
		page.Delegations = append(page.Delegations, PageLink{Text: v.b.pick(d.Name, d.NameEn), URL: to + "delegation-" + strconv.FormatInt(d.ID, 10) + ".ics"})
	}
	v.Title = t.T("calendar.title")
	page.Page = v.Page
	return s.send(w, r, page)
}

// calendarFile serves a calendar for everybody.
func (s *Server) calendarFile(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	name, ours := strings.CutSuffix(r.PathValue("file"), ".ics")
	kind, id, _ := strings.Cut(name, "-")
	ask, title := events.CalendarAsk{}, v.Site.Name
	switch {
	case !ours:
		return errNoPage
	case name == "games":
	case kind == "venue":
		ask.Venue = id
		venues, err := s.store.VenueNames(r.Context(), v.c)
		if err != nil {
			return err
		}
		title = ""
		for _, venue := range venues {
			if venue.ID == id {
				title = v.b.t.Join(v.Site.Name, venue.Name)
			}
		}
	case kind == "delegation":
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return errNoPage
		}
		d, err := s.store.Delegation(r.Context(), v.c.ID, n)
		if err != nil {
			return err
		}
		ask.Delegation, title = n, v.b.t.Join(v.Site.Name, v.b.pick(d.Name, d.NameEn))
	default:
		return errNoPage
	}
	if title == "" {
		return errNoPage
	}
	w.Header().Set("Cache-Control", "max-age=300")
	return s.giveCalendar(w, r, v, ask, title)
}

// calendarOwn serves a person's own calendar.
func (s *Server) calendarOwn(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	participant, err := s.store.CalendarBearer(r.Context(), v.c, strings.TrimSuffix(r.PathValue("token"), ".ics"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.giveCalendar(w, r, v, events.CalendarAsk{Participant: participant}, v.b.t.Join(v.Site.Name, v.b.t.T("calendar.own")))
}

// giveCalendar writes a calendar. It names units and places, and nobody.
func (s *Server) giveCalendar(w http.ResponseWriter, r *http.Request, v *view, ask events.CalendarAsk, title string) error {
	entries, err := s.store.Calendar(r.Context(), v.c, ask)
	if err != nil {
		return err
	}
	c := &timetable.Calendar{Name: title, Stamp: s.store.Now()}
	for _, e := range entries {
		a := timetable.Appointment{UID: e.ID + "." + v.c.Code + "@tongchang", Sequence: e.Moves, Start: e.Start, End: e.End, Location: e.Place, Summary: v.b.t.T("timetable.appointment", e.Place)}
		if u := v.b.programme.Unit(e.Unit); u != nil {
			p := v.b.programme.Phase(u.PhaseID)
			event := v.b.programme.Event(p.EventID)
			a.Summary = v.b.t.Join(v.b.disciplineName(event), v.b.eventName(event), v.b.phaseOf(u, p))
		}
		c.Entries = append(c.Entries, a)
	}
	var out bytes.Buffer
	if err := timetable.WriteCalendar(&out, c); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="calendar.ics"`)
	_, err = w.Write(out.Bytes())
	return err
}

// personOfCalendar is the page of a person's calendar.
func (s *Server) personOfCalendar(w http.ResponseWriter, r *http.Request) (*CalendarPersonPage, *office, int64, error) {
	o, err := s.office(w, r)
	if err != nil {
		return nil, nil, 0, err
	}
	id, err := number(r, "registration")
	if err != nil {
		return nil, nil, 0, err
	}
	vs, err := s.store.Registrations(r.Context(), o.who, o.c.Code, events.RegistrationFilter{Delegation: o.delegation, IDs: []int64{id}})
	if err != nil {
		return nil, nil, 0, err
	}
	if len(vs) == 0 {
		return nil, nil, 0, errNoPage
	}
	self := o.url + "/people/" + strconv.FormatInt(id, 10)
	page := &CalendarPersonPage{Name: vs[0].Name, PageURL: self, Action: self + "/calendar", Command: uuid.NewString()}
	shared, err := s.store.CalendarShared(r.Context(), o.who, o.c.Code, id)
	t := o.b.t
	switch {
	case statusOf(err) == http.StatusConflict:
		page.Problems, page.Action = []Problem{{"main", t.Problem(err, nil)}}, ""
	case err != nil:
		return nil, nil, 0, err
	case shared != nil:
		page.Shared = t.T("calendar.shared", o.moment(shared.At), shared.By)
	}
	o.Title = t.Join(t.T("calendar.person-title"), vs[0].Name)
	page.Page = o.Page
	return page, o, id, nil
}

// calendarPerson serves it.
func (s *Server) calendarPerson(w http.ResponseWriter, r *http.Request) error {
	page, _, _, err := s.personOfCalendar(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

// calendarShare makes the address of a person's calendar, or ends it.
func (s *Server) calendarShare(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	page, o, id, err := s.personOfCalendar(w, r)
	if err != nil {
		return err
	}
	if r.PostFormValue("do") == "end" {
		if _, err := s.store.EndCalendar(r.Context(), s.ask(r), o.who, events.EndCalendar{Registration: id}); err != nil {
			return err
		}
		http.Redirect(w, r, page.PageURL+"/calendar", http.StatusSeeOther)
		return nil
	}
	_, token, err := s.store.ShareCalendar(r.Context(), s.ask(r), o.who, events.ShareCalendar{Registration: id})
	if err != nil {
		return err
	}
	if token == "" { // sent again: the address was shown the first time
		http.Redirect(w, r, page.PageURL+"/calendar", http.StatusSeeOther)
		return nil
	}
	page.Address = s.base(r) + o.b.root + "/calendar/" + token + ".ics"
	if page.Code, err = codeOf(page.Address); err != nil {
		return err
	}
	page.Shared = ""
	page.Path = page.Action
	w.Header().Set("Cache-Control", "no-store")
	return s.renderer.Write(w, http.StatusOK, *page)
}
