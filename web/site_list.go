package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
)

// Somebody's own list: athletes, events and delegations that they follow. It is
// kept on their device alone; the page shows what its address names, and no log
// has the names of an address's questions.

// ListPage is GET /c/{competition}/list?athlete=41,42&event=3&delegation=2.
type ListPage struct {
	Page
	People  []ListPerson
	Events  []FoundLine
	Teams   []FoundLine
	Updated string
	Full    string // more was asked for than a list holds
}

// ListPerson is a followed athlete with their starts, the next ones first.
type ListPerson struct {
	FoundLine
	Starts []DelegationLine
}

// Follow is the button that puts something on the list. It is there only where
// script is.
type Follow struct {
	Kind, ID string
}

func (ListPage) template() string { return "site-list" }

// mostFollowed is how many of a kind a list shows.
const mostFollowed = 40

// listed reads ids of an address: each once, as many as a list holds.
func listed(q url.Values, kind string) (ids []int64, full bool) {
	for _, one := range q[kind] {
		for text := range strings.SplitSeq(one, ",") {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil || id <= 0 || slices.Contains(ids, id) {
				continue
			}
			if len(ids) == mostFollowed {
				return ids, true
			}
			ids = append(ids, id)
		}
	}
	return ids, false
}

// followed serves what an address asks for. What is not there (any more) is left out.
func (s *Server) followed(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "search")
	if err != nil {
		return err
	}
	there, err := s.feed.searched(r.Context(), v.c)
	if err != nil {
		return err
	}
	q, t := r.URL.Query(), v.b.t
	page := ListPage{Updated: t.Hour(s.store.Now().In(v.b.zone))}
	names := v.b.delegationNames()
	people, full1 := listed(q, "athlete")
	for _, id := range people {
		if a, ok := there.people[id]; ok {
			if err := s.listPerson(r, v, &page, a, names[strconv.FormatInt(a.DelegationID, 10)]); err != nil {
				return err
			}
		}
	}
	contests, full2 := listed(q, "event")
	for _, id := range contests {
		if e := v.b.programme.Event(id); e != nil {
			var units []*events.Unit
			for _, p := range v.b.programme.PhasesOf(id) {
				units = append(units, v.b.programme.UnitsOf(p.ID)...)
			}
			page.Events = append(page.Events, FoundLine{Name: v.b.eventName(e), URL: v.contestURL(id), About: t.Join(v.b.disciplineName(e), v.fate(e), t.Status(together(units)))})
		}
	}
	teams, full3 := listed(q, "delegation")
	for _, id := range teams {
		if name := names[strconv.FormatInt(id, 10)]; name != "" {
			page.Teams = append(page.Teams, FoundLine{Name: name, URL: v.b.root + "/delegations/" + strconv.FormatInt(id, 10)})
		}
	}
	if full1 || full2 || full3 {
		page.Full = t.T("list.full", mostFollowed)
	}
	v.Title = t.T("list.title")
	page.Page = v.Page
	w.Header().Set("Referrer-Policy", "no-referrer")
	return s.send(w, r, page)
}

func (s *Server) listPerson(r *http.Request, v *view, page *ListPage, a events.Athlete, delegation string) error {
	lines, err := s.store.LinesOfAthlete(r.Context(), a.ID)
	if err != nil {
		return err
	}
	starts, err := v.b.startLines(r.Context(), lines)
	if err != nil {
		return err
	}
	page.People = append(page.People, ListPerson{FoundLine{Name: a.Name, URL: v.b.athleteURL(a.ID), About: v.b.t.Join(delegation, strings.Join(a.Classes, " "))}, starts})
	return nil
}
