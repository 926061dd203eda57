package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"tongchang/events"
	"tongchang/events/registration"
)

// onePage is how many people the organiser's list shows at once.
const onePage = 100

// deskFind narrows the organiser's list.
func (s *Server) deskFind(w http.ResponseWriter, r *http.Request) error {
	return s.narrow(w, r, func(asked *http.Request) error { return s.registrationsDesk(w, asked) })
}

// registrationsDesk serves the organiser's view of all delegations.
func (s *Server) registrationsDesk(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	ctx, t, q := r.Context(), o.b.t, r.URL.Query()
	o.Title = t.T("reg.desk.title")
	ed, err := s.store.Edition(ctx, o.c.Code)
	if errors.Is(err, events.ErrNotFound) { // a competition that nobody enters here
		return s.renderer.Write(w, http.StatusOK, DeskPage{Page: o.Page, URL: o.url})
	}
	if err != nil {
		return err
	}
	all, err := s.store.Registrations(ctx, o.who, o.c.Code, events.RegistrationFilter{})
	if err != nil {
		return err
	}
	asked := o.asked(q)
	shown := all
	if o.narrowed(asked) {
		if shown, err = s.store.Registrations(ctx, o.who, o.c.Code, asked); err != nil {
			return err
		}
	}
	page := DeskPage{URL: o.url, Deadline: o.deadline(ed, s.store.Now()), Done: o.done(r), States: o.tallies(all, asked), Filter: o.filter(q, asked, ed),
		ListsURL: o.b.root + "/desk/lists", CardsURL: o.b.root + "/desk/cards", Moves: o.moves(shown, pathOf(r))}
	page.Columns, page.Delegations, page.Total = o.byDelegation(all)
	from, to := o.slice(&page, q, len(shown))
	for i := from; i < to; i++ {
		page.People = append(page.People, o.line(&shown[i]))
	}
	page.Shown = t.T("reg.shown-of", len(shown), strconv.Itoa(len(all)))
	if len(shown) > onePage {
		page.Shown = t.T("reg.page-of", len(shown), strconv.Itoa(from+1), strconv.Itoa(to))
	}
	page.Page = o.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// slice is the part of a long list that an address asks for, with the links to
// the others.
func (o *office) slice(page *DeskPage, q url.Values, n int) (from, to int) {
	at, err := strconv.Atoi(q.Get("page"))
	last := max(1, (n+onePage-1)/onePage)
	if err != nil || at < 1 || at > last {
		at = 1
	}
	for i := 1; i <= last; i++ {
		other := url.Values{}
		for _, name := range []string{"state", "sport", "problems", "delegation"} {
			if q.Get(name) != "" {
				other.Set(name, q.Get(name))
			}
		}
		if query := q.Get("q"); query != "" && !asksByNumber(query) {
			other.Set("q", query)
		}
		other.Set("page", strconv.Itoa(i))
		page.Pages = append(page.Pages, PageLink{Text: strconv.Itoa(i), URL: o.url + "?" + other.Encode() + "#people", Current: i == at})
	}
	return (at - 1) * onePage, min(n, at*onePage)
}

// byDelegation counts every delegation's registrations by state.
func (o *office) byDelegation(vs []events.RegistrationView) (heads []string, lines []DelegationCount, total DelegationCount) {
	states := []registration.State{registration.Draft, registration.Submitted, registration.Returned, registration.Waiting, registration.Accepted, registration.Withdrawn}
	of := map[int64][]events.RegistrationView{}
	for i := range vs {
		of[vs[i].Delegation] = append(of[vs[i].Delegation], vs[i])
	}
	for _, state := range states {
		heads = append(heads, o.b.t.T("reg.state."+string(state)))
	}
	count := func(name, address string, vs []events.RegistrationView) DelegationCount {
		c := DelegationCount{Name: name, URL: address, Counts: make([]int, len(states)), Total: len(vs), Problems: errorsOf(vs)}
		for i := range vs {
			for j, state := range states {
				if vs[i].State == state {
					c.Counts[j]++
				}
			}
		}
		return c
	}
	for _, d := range o.b.programme.Delegations {
		lines = append(lines, count(o.b.pick(d.Name, d.NameEn), o.url+"?delegation="+strconv.FormatInt(d.ID, 10)+"#people", of[d.ID]))
	}
	return heads, lines, count(o.b.t.T("reg.desk.total"), "", vs)
}
