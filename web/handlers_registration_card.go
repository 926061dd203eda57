package web

import (
	"net/http"
	"net/url"
	"strconv"

	"tongchang/events"
	"tongchang/events/registration"
)

// Accreditation cards: sheets to be printed, and what a card's code leads to.

// mostCards is how many cards a page draws: a hundred sheets of A4.
const mostCards = 400

// cards serves a sheet of cards to be printed.
func (s *Server) cards(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	t, q := o.b.t, r.URL.Query()
	f := o.asked(q)
	f.States = []registration.State{registration.Accepted}
	vs, err := s.store.Registrations(r.Context(), o.who, o.c.Code, f)
	if err != nil {
		return err
	}
	large := q.Get("size") == "a6"
	page := CardsPage{DeskURL: o.url, Filter: Filter{Action: o.b.root + "/desk/cards", Query: f.Query, Delegations: o.delegations(f.Delegation)}, Large: large,
		Sizes: []Option{{"a4", t.T("reg.cards.a4"), !large}, {"a6", t.T("reg.cards.a6"), large}}}
	people := onePerson(vs)
	page.Shown = t.T("reg.shown", len(people))
	for _, p := range people[:min(len(people), mostCards)] {
		card, err := o.card(s.base(r), p)
		if err != nil {
			return err
		}
		page.Cards = append(page.Cards, card)
	}
	if len(people) > mostCards {
		page.Shown = t.T("reg.cards.first", len(people), strconv.Itoa(mostCards))
	}
	o.Title = t.T("reg.cards.title")
	page.Page = o.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// onePerson brings the registrations of a person in several sports together: a
// person has one card.
func onePerson(vs []events.RegistrationView) [][]events.RegistrationView {
	at := map[int64]int{}
	var people [][]events.RegistrationView
	for i := range vs {
		if vs[i].Participant == 0 {
			continue
		}
		p, ok := at[vs[i].Participant]
		if !ok {
			p = len(people)
			at[vs[i].Participant] = p
			people = append(people, nil)
		}
		people[p] = append(people[p], vs[i])
	}
	return people
}

// base is the address at which this server was asked: what a card's code begins
// with.
func (s *Server) base(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// card is a person's card, from their accepted registrations.
func (o *office) card(base string, vs []events.RegistrationView) (Card, error) {
	t, first := o.b.t, &vs[0]
	c := Card{Code: first.Code, Name: first.Name, Delegation: o.delegationName(first)}
	var about []string
	athlete := false
	for i := range vs {
		if !vs[i].Staff {
			athlete = true
			about = append(about, t.Join(vs[i].Sport, vs[i].Class))
		}
	}
	c.Function, c.FunctionEn, c.Zones = o.function(first, athlete)
	c.About = t.Join(about...)
	var err error
	c.QR, err = codeOf(base + o.b.root + "/cards/" + url.PathEscape(first.Code))
	return c, err
}

// function is what a card's bearer does, and where that lets them in.
func (o *office) function(v *events.RegistrationView, athlete bool) (zh, en string, zones []Zone) {
	other := o.b.t
	english := o.b.feeder.catalogue.In(English)
	zh, en = other.T("reg.kind.athlete"), english.T("reg.kind.athlete")
	letters := "ABCRE"
	if !athlete {
		zh, en, letters = v.Role, english.T("reg.kind.staff"), "BRE"
	}
	for _, letter := range letters {
		zones = append(zones, Zone{string(letter), other.T("reg.zone." + string(letter)), english.T("reg.zone." + string(letter))})
	}
	return zh, en, zones
}

// bearer serves what the code on a card leads to: whether the card is valid, and
// what its bearer does here.
func (s *Server) bearer(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	to, err := s.callOfCard(r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store") // an official is led on
	if to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	facts, err := s.store.Card(r.Context(), v.c.ID, r.PathValue("code"))
	if err != nil {
		return err
	}
	o := &office{view: v}
	of := &events.RegistrationView{Code: facts.Code, Name: facts.Name, Delegation: facts.Delegation, Role: facts.Role, Staff: facts.Staff}
	c := Card{Code: facts.Code, Name: facts.Name, Delegation: o.delegationName(of), About: v.b.t.Join(facts.Sports...)}
	c.Function, c.FunctionEn, c.Zones = o.function(of, !facts.Staff)
	if c.Name == "" {
		c.Name = v.b.t.T("reg.person.code", facts.Code)
	}
	if c.QR, err = codeOf(s.base(r) + v.b.root + "/cards/" + url.PathEscape(facts.Code)); err != nil {
		return err
	}
	v.Title = v.b.t.T("reg.card.title")
	return s.renderer.Write(w, http.StatusOK, CardPage{Page: v.Page, Card: c, Valid: facts.Valid})
}
