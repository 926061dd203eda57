// The public site beyond the live pages: search, and the people who compete.
package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/find"
)

// siteRoutes are the pages by which people find what they look for.
func (s *Server) siteRoutes() []route {
	return []route{
		{"GET /c/{competition}/search", everybody, s.search},
		{"GET /c/{competition}/athletes/{athlete}", everybody, s.athlete},
		{"GET /c/{competition}/medals/{delegation}", everybody, s.working},
		{"GET /c/{competition}/list", everybody, s.followed},
		{"GET /c/{competition}/records", everybody, s.recordBook},
	}
}

// mostFound is how many finds a page shows.
const mostFound = 60

// search serves what is found. What somebody typed is in the address, so that a
// find can be sent on, and goes into no log.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "search")
	if err != nil {
		return err
	}
	t, page := v.b.t, SearchPage{Typed: strings.TrimSpace(r.URL.Query().Get("q"))}
	if page.Asked = page.Typed != ""; page.Asked {
		there, err := s.feed.searched(r.Context(), v.c)
		if err != nil {
			return err
		}
		found, all := there.index.Find(page.Typed, mostFound)
		page.Count = t.T("search.count", all)
		if all > len(found) {
			page.More = t.T("search.more", len(found))
		}
		v.found(&page, there, found)
	}
	v.Title = t.Join(page.Typed, t.T("search.title"))
	page.Page = v.Page
	return s.send(w, r, page)
}

// found puts finds under their headings.
func (v *view) found(page *SearchPage, there *searched, found []find.Thing) {
	names := v.b.delegationNames()
	for _, f := range found {
		id := strconv.FormatInt(f.ID, 10)
		switch f.Kind {
		case find.Person:
			a := there.people[f.ID]
			page.People = append(page.People, FoundLine{Name: a.Name, URL: v.b.athleteURL(f.ID),
				About: v.b.t.Join(names[strconv.FormatInt(a.DelegationID, 10)], strings.Join(a.Classes, " "), v.bib(&a))})
		case find.Delegation:
			page.Teams = append(page.Teams, FoundLine{Name: names[id], URL: v.b.root + "/delegations/" + id})
		case find.Event:
			if e := v.b.programme.Event(f.ID); e != nil {
				page.Events = append(page.Events, FoundLine{Name: v.b.eventName(e), URL: v.contestURL(e.ID), About: v.b.t.Join(v.b.disciplineName(e), v.fate(e))})
			}
		}
	}
}

// bib says somebody's number where their name does not say it already.
func (v *view) bib(a *events.Athlete) string {
	if a.Code == "" || strings.HasSuffix(a.Name, " "+a.Code) {
		return ""
	}
	return v.b.t.T("search.bib", a.Code)
}

// peopleOf are a delegation's athletes, by bib.
func (s *Server) peopleOf(r *http.Request, v *view, delegation int64) ([]FoundLine, error) {
	there, err := s.feed.searched(r.Context(), v.c)
	if err != nil {
		return nil, err
	}
	var lines []FoundLine
	for _, a := range there.inOrder {
		if a.DelegationID == delegation {
			lines = append(lines, FoundLine{Name: a.Name, URL: v.b.athleteURL(a.ID), About: v.b.t.Join(strings.Join(a.Classes, " "), v.bib(&a))})
		}
	}
	return lines, nil
}

// personURL is the address of who competes; a team, whose participant is 0, has none.
func (b *builder) personURL(participant int64) string {
	if participant == 0 {
		return ""
	}
	return b.athleteURL(participant)
}

func (b *builder) athleteURL(id int64) string {
	return b.root + "/athletes/" + strconv.FormatInt(id, 10)
}

// athlete serves somebody's own page.
func (s *Server) athlete(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "search")
	if err != nil {
		return err
	}
	id, err := number(r, "athlete")
	if err != nil {
		return err
	}
	a, err := s.store.Athlete(r.Context(), v.c.ID, id)
	if err != nil {
		return err
	}
	t, team := v.b.t, strconv.FormatInt(a.DelegationID, 10)
	page := AthletePage{ID: strconv.FormatInt(id, 10), Name: a.Name, Delegation: PageLink{Text: v.b.delegationNames()[team], URL: v.b.root + "/delegations/" + team},
		CalendarURL: v.b.root + "/calendars/delegation-" + team + ".ics", Updated: v.b.t.Hour(s.store.Now().In(v.b.zone))}
	if len(a.Classes) > 0 {
		page.Facts = append(page.Facts, Fact{t.T("search.class"), strings.Join(a.Classes, " ")})
	}
	if v.bib(&a) != "" {
		page.Facts = append(page.Facts, Fact{t.T("search.number"), a.Code})
	}
	if err := s.startsOf(r, v, &page, id); err != nil {
		return err
	}
	v.Title = a.Name
	page.Page = v.Page
	return s.send(w, r, page)
}

// startsOf fills in where somebody starts and how it went, and what they are
// entered in that has no start list yet.
func (s *Server) startsOf(r *http.Request, v *view, page *AthletePage, id int64) error {
	lines, err := s.store.LinesOfAthlete(r.Context(), id)
	if err != nil {
		return err
	}
	out, err := v.b.startLines(r.Context(), lines)
	if err != nil {
		return err
	}
	page.Starts = out
	drawn := map[int64]bool{}
	for i := range lines {
		if p := v.b.programme.Phase(lines[i].PhaseID); p != nil && lines[i].UnitID != 0 {
			drawn[p.EventID] = true
		}
	}
	entered, err := s.store.EntriesOf(r.Context(), id)
	if err != nil {
		return err
	}
	for i := range entered {
		if e := &entered[i]; !drawn[e.ID] {
			page.Entries = append(page.Entries, ContestLine{Name: v.b.eventName(e), URL: v.contestURL(e.ID), Fate: v.fate(e)})
		}
	}
	return nil
}

// filter is which part of a day's timetable somebody wants to see; zero is all.
type filter struct {
	sport, delegation int64
	venue             string
	units             map[int64]bool // the delegation's
	venues            []string       // that there are to choose from
}

func (f *filter) on() bool { return f.sport != 0 || f.delegation != 0 || f.venue != "" }

// filterOf reads the part asked for. What the games do not have is not asked for.
func (s *Server) filterOf(r *http.Request, v *view) (*filter, error) {
	q, f := r.URL.Query(), &filter{venues: v.placesHeld()}
	one := func(name string) int64 {
		n, err := strconv.ParseInt(q.Get(name), 10, 64)
		if err != nil {
			return 0
		}
		return n
	}
	if id := one("sport"); v.b.programme.Disciplines[id].ID == id {
		f.sport = id
	}
	if id := one("delegation"); slices.ContainsFunc(v.b.programme.Delegations, func(d events.Delegation) bool { return d.ID == id }) {
		f.delegation = id
	}
	if slices.Contains(f.venues, q.Get("venue")) {
		f.venue = q.Get("venue")
	}
	if f.delegation == 0 {
		return f, nil
	}
	var err error
	f.units, err = s.store.UnitsOf(r.Context(), f.delegation)
	return f, err
}

// keeps reports whether a unit of a session belongs to the part.
func (f *filter) keeps(b *builder, u *events.Unit, session *events.Session) bool {
	e := b.programme.Event(b.programme.Phase(u.PhaseID).EventID)
	return (f.sport == 0 || e.DisciplineID == f.sport) && (f.venue == "" || cmp.Or(u.Venue, session.Venue) == f.venue) && (f.units == nil || f.units[u.ID])
}

// query is the filter in an address.
func (f *filter) query() string {
	q := url.Values{}
	if f.sport != 0 {
		q.Set("sport", strconv.FormatInt(f.sport, 10))
	}
	if f.venue != "" {
		q.Set("venue", f.venue)
	}
	if f.delegation != 0 {
		q.Set("delegation", strconv.FormatInt(f.delegation, 10))
	}
	if len(q) == 0 {
		return ""
	}
	return "&" + q.Encode()
}

// placesHeld are the places where something is held, by name.
func (v *view) placesHeld() []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range v.b.programme.Units {
		u := &v.b.programme.Units[i]
		if session := v.b.programme.Session(u.SessionID); session != nil {
			add(cmp.Or(u.Venue, session.Venue))
		}
	}
	slices.Sort(names)
	return names
}

// filterForm is the form of a day with what is chosen.
func (v *view) filterForm(day string, f *filter) *ScheduleFilter {
	t := v.b.t
	form := &ScheduleFilter{Action: v.b.root + "/schedule", Day: day, On: f.on(), All: v.b.root + "/schedule?day=" + url.QueryEscape(day),
		Sports: []Option{{"", t.T("filter.all-sports"), f.sport == 0}}, Venues: []Option{{"", t.T("filter.all-venues"), f.venue == ""}},
		Delegations: []Option{{"", t.T("filter.all-delegations"), f.delegation == 0}}}
	for _, d := range v.disciplines() {
		form.Sports = append(form.Sports, Option{strconv.FormatInt(d.ID, 10), v.b.pick(d.Name, d.NameEn), d.ID == f.sport})
	}
	for _, name := range f.venues {
		form.Venues = append(form.Venues, Option{name, name, name == f.venue})
	}
	for _, d := range v.b.programme.Delegations {
		form.Delegations = append(form.Delegations, Option{strconv.FormatInt(d.ID, 10), v.b.pick(d.Name, d.NameEn), d.ID == f.delegation})
	}
	return form
}
