// The organiser's page of seats: what there are and what each reaches, cards to
// print or to show, judges with their PINs.
package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// seatDeskRoutes are for organisers, and for chief referees in their discipline.
func (s *Server) seatDeskRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/seats", access.SetSeat, s.seats},
		{"POST /c/{competition}/desk/seats", access.SetSeat, s.makeSeats},
		{"POST /c/{competition}/desk/seats/cards", access.SetSeat, s.seatCards},
		{"POST /c/{competition}/desk/seats/judges", access.SetSeat, s.makeJudges},
		{"POST /c/{competition}/desk/seats/judge", access.SetSeat, s.actOnJudge},
		{"POST /c/{competition}/desk/seats/second", access.SetSeat, s.setSecondPerson},
		{"GET /c/{competition}/desk/seats/{seat}", access.SetSeat, s.seatEdit},
		{"POST /c/{competition}/desk/seats/{seat}", access.SetSeat, s.changeSeat},
	}
}

// seatDesk is what every page of seats starts from.
type seatDesk struct {
	*view
	who     access.Who
	url     string
	seats   []events.Seat
	open    map[int64]time.Time
	judges  []events.SeatJudge
	devices []events.DeviceView
}

func (s *Server) seatDesk(w http.ResponseWriter, r *http.Request) (*seatDesk, error) {
	v, err := s.private(w, r, "seats.title")
	if err != nil {
		return nil, err
	}
	d := &seatDesk{view: v, who: s.who(r), url: v.b.root + "/desk/seats"}
	d.Bar = s.bar(r, v, "control")
	d.Path = d.url
	if d.seats, err = s.store.Seats(r.Context(), d.who, v.c); err != nil {
		return nil, err
	}
	if d.open, err = s.store.SeatsOpen(r.Context(), d.who, v.c); err != nil {
		return nil, err
	}
	if d.judges, err = s.store.Judges(r.Context(), d.who, v.c); err != nil {
		return nil, err
	}
	d.devices, err = s.store.Devices(r.Context(), d.who, v.c)
	return d, err
}

func (s *Server) seats(w http.ResponseWriter, r *http.Request) error {
	d, err := s.seatDesk(w, r)
	if err != nil {
		return err
	}
	p := d.page(r)
	for _, known := range []string{"made", "opened", "changed", "judge", "second"} {
		if r.URL.Query().Get("done") == known {
			p.Done = d.b.t.T("seats.did-" + known)
		}
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

// page lists the seats by discipline, with the forms as they were typed.
func (d *seatDesk) page(r *http.Request) SeatsPage {
	f := r.PostFormValue
	p := SeatsPage{Page: d.Page, URL: d.url, ControlURL: d.b.root + "/desk/control", Command: uuid.NewString(), Command2: uuid.NewString(), Bad: map[string]string{}, Names: f("names")}
	p.Typed = d.typed(&events.Seat{Place: f("place"), Venue: f("venue"), Name: f("name"), SessionID: numberIn(f("session")), DisciplineID: numberIn(f("discipline"))})
	p.Typed.Count = cmp.Or(f("count"), "1")
	for _, id := range d.disciplines() {
		g := SeatGroup{ID: strconv.FormatInt(id, 10), Title: d.sport(id), Second: d.b.programme.Disciplines[id].SecondPerson, Command: uuid.NewString()}
		for i := range d.seats {
			if d.seats[i].DisciplineID == id {
				g.Lines = append(g.Lines, d.line(&d.seats[i]))
			}
		}
		if len(g.Lines) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	for i := range d.judges {
		j := &d.judges[i]
		of := d.b.t.T("accounts.all-disciplines")
		if j.DisciplineID != 0 {
			of = d.sport(j.DisciplineID)
		}
		p.Judges = append(p.Judges, SeatJudgeLine{ID: strconv.FormatInt(j.ID, 10), Name: j.Name, Of: of, Closed: !j.Closed.IsZero(), Command: uuid.NewString()})
	}
	return p
}

// disciplines are those that whoever asks looks after, by name.
func (d *seatDesk) disciplines() (ids []int64) {
	for id := range d.b.programme.Disciplines {
		if d.who.Discipline == 0 || d.who.Discipline == id {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Or(strings.Compare(d.sport(a), d.sport(b)), cmp.Compare(a, b)) })
	return ids
}

// numberIn is the number that a form chose; what is none chooses nothing.
func numberIn(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// typed offers what a seat can be, with what it is.
func (d *seatDesk) typed(seat *events.Seat) SeatTyped {
	t := d.b.t
	typed := SeatTyped{Name: seat.Name, Discipline: strconv.FormatInt(seat.DisciplineID, 10), Places: []Option{{"", t.T("seats.any-place"), seat.Place == ""}},
		Venues: []Option{{"", t.T("seats.any-venue"), seat.Venue == ""}}, Sessions: []Option{{"", t.T("seats.any-session"), seat.SessionID == 0}}}
	for _, place := range events.SeatPlaces {
		typed.Places = append(typed.Places, Option{place, t.place(place), place == seat.Place})
	}
	for _, id := range d.disciplines() {
		typed.Disciplines = append(typed.Disciplines, Option{strconv.FormatInt(id, 10), d.sport(id), id == seat.DisciplineID})
	}
	for _, venue := range d.venuesThere() {
		typed.Venues = append(typed.Venues, Option{venue, venue, venue == seat.Venue})
	}
	for i := range d.b.programme.Sessions {
		session := &d.b.programme.Sessions[i]
		typed.Sessions = append(typed.Sessions, Option{strconv.FormatInt(session.ID, 10), d.sessionName(session), session.ID == seat.SessionID})
	}
	return typed
}

func (d *seatDesk) sessionName(s *events.Session) string {
	return d.b.t.Join(s.Day, s.Opens, d.b.pick(s.Name, s.NameEn), s.Venue)
}

// place names the place of a judge.
func (t *Translator) place(place string) string {
	if n, ok := strings.CutPrefix(place, "judge-"); ok {
		return t.T("seats.place-judge", n)
	}
	return t.T("seats.place-" + place)
}

// venuesThere are the venues of the programme and their parts.
func (d *seatDesk) venuesThere() (venues []string) {
	for i := range d.b.programme.Sessions {
		venues = append(venues, d.b.programme.Sessions[i].Venue)
	}
	for i := range d.b.programme.Units {
		venues = append(venues, d.b.programme.Units[i].Venue)
	}
	slices.Sort(venues)
	return slices.DeleteFunc(slices.Compact(venues), func(v string) bool { return v == "" })
}

func (d *seatDesk) line(seat *events.Seat) SeatLine {
	t := d.b.t
	id := strconv.FormatInt(seat.ID, 10)
	l := SeatLine{ID: id, URL: d.url + "/" + id, Name: seat.Name, Reach: d.reach(seat), Closed: !seat.Closed.IsZero(), Command: uuid.NewString(), Saw: seat.Version}
	var there []string
	for i := range d.devices {
		if dev := &d.devices[i]; dev.SeatID == seat.ID {
			there = append(there, t.Join(t.T("control.device", strconv.FormatInt(dev.Number, 10)), cmp.Or(dev.Judge, t.T("control.nobody"))))
		}
	}
	l.Occupied = strings.Join(there, t.T("tell.comma"))
	until, card := d.open[seat.ID]
	l.HasCard = card
	switch {
	case l.Closed:
		l.Shape, l.State = "off", t.T("seats.closed")
	case !until.IsZero():
		l.Shape, l.State = "unofficial", t.T("seats.open-until", until.In(d.b.zone).Format("15:04"))
	case len(there) > 0:
		l.Shape, l.State = "sent", t.T("seats.taken")
	case card:
		l.Shape, l.State = "scheduled", t.T("seats.carded")
	default:
		l.Shape, l.State = "alert", t.T("seats.no-card")
	}
	return l
}

// reach says what a seat reaches.
func (d *seatDesk) reach(seat *events.Seat) string {
	t := d.b.t
	var parts []string
	if seat.Place != "" {
		parts = append(parts, t.place(seat.Place))
	}
	if seat.Venue != "" {
		parts = append(parts, seat.Venue)
	}
	if s := d.b.programme.Session(seat.SessionID); s != nil {
		parts = append(parts, d.sessionName(s))
	}
	if n := len(seat.Units); n > 0 {
		parts = append(parts, t.T("seats.units-chosen", n))
	}
	if len(parts) == 0 {
		return t.T("seats.whole")
	}
	return t.Join(parts...)
}

// refused shows the page of seats again with what is wrong.
func (s *Server) seatsRefused(w http.ResponseWriter, r *http.Request, refused error, fields map[string]string) error {
	d, err := s.seatDesk(w, r)
	if err != nil {
		return err
	}
	text, field, ok := d.said(refused)
	if !ok {
		return refused
	}
	p := d.page(r)
	target := cmp.Or(fields[field], "main")
	p.Bad[target] = text
	p.Wrong, p.Problems = true, []Problem{{target, text}}
	return s.renderer.Write(w, statusOf(refused), p)
}

// mostSeats is how many seats a form makes at once.
const mostSeats = 30

func (s *Server) makeSeats(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	f := r.PostFormValue
	n, err := strconv.Atoi(strings.TrimSpace(cmp.Or(f("count"), "1")))
	if err != nil || n < 1 || n > mostSeats {
		return s.seatsRefused(w, r, &events.Refusal{Status: events.StatusInvalid, Field: "count", Problem: "seat-count", With: []string{strconv.Itoa(mostSeats)}}, map[string]string{"count": "count"})
	}
	a := events.MakeSeats{Discipline: numberIn(f("discipline"))}
	for i := range n {
		seat := events.NewSeat{Name: strings.TrimSpace(f("name")), Place: f("place"), Venue: f("venue"), Session: numberIn(f("session"))}
		if n > 1 {
			seat.Name += " " + strconv.Itoa(i+1)
			if seat.Place == "judge-1" { // a row of judges: the first, the second …
				seat.Place = "judge-" + strconv.Itoa(i+1)
			}
		}
		a.Seats = append(a.Seats, seat)
	}
	if _, err := s.store.MakeSeats(r.Context(), s.ask(r), s.who(r), a); err != nil {
		return s.seatsRefused(w, r, err, map[string]string{"name": "name", "place": "place", "discipline": "discipline"})
	}
	http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/desk/seats?done=made", http.StatusSeeOther)
	return nil
}

// seatCards makes cards for the chosen seats, to be printed or shown now, or
// opens those that lie there.
func (s *Server) seatCards(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.seatDesk(w, r)
	if err != nil {
		return err
	}
	var ids []int64
	for _, text := range r.PostForm["seat"] {
		ids = append(ids, numberIn(text))
	}
	if len(ids) == 0 {
		return s.seatsRefused(w, r, &events.Refusal{Status: events.StatusInvalid, Field: "seat", Problem: "seat-none"}, nil)
	}
	do := r.PostFormValue("do")
	if do == "open" {
		if err := s.store.OpenSeats(r.Context(), d.who, d.c, ids); err != nil {
			return s.seatsRefused(w, r, err, nil)
		}
		s.log.Info("seats opened for pairing", "competition", d.c.Code, "by", d.who.Account, "seats", len(ids))
		http.Redirect(w, r, d.url+"?done=opened", http.StatusSeeOther)
		return nil
	}
	cards, err := s.store.PrintCards(r.Context(), d.who, d.c, ids, do == "show")
	if err != nil {
		return s.seatsRefused(w, r, err, nil)
	}
	s.log.Info("cards of seats made", "competition", d.c.Code, "by", d.who.Account, "seats", len(ids), "open", do == "show")
	p := SeatCardsPage{Page: d.Page, Open: do == "show", Back: d.url}
	for i := range cards {
		seat := &cards[i].Seat
		at := slices.IndexFunc(d.seats, func(o events.Seat) bool { return o.ID == seat.ID })
		made := SeatCardMade{Seat: seat.Name, Discipline: d.sport(seat.DisciplineID), Reach: d.reach(&d.seats[at]), URL: s.base(r) + d.b.root + "/seat/" + cards[i].Token}
		if made.Code, err = codeOf(made.URL); err != nil {
			return err
		}
		p.Cards = append(p.Cards, made)
	}
	p.Title = d.b.t.T("seats.cards-title")
	return s.renderer.Write(w, http.StatusOK, p)
}

func (s *Server) makeJudges(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	var names []string
	for line := range strings.Lines(r.PostFormValue("names")) {
		if name := strings.TrimSpace(line); name != "" {
			names = append(names, name)
		}
	}
	_, pins, err := s.store.MakeJudges(r.Context(), s.ask(r), s.who(r), events.MakeJudges{Discipline: numberIn(r.PostFormValue("of")), Names: names})
	if err != nil {
		return s.seatsRefused(w, r, err, map[string]string{"names": "names"})
	}
	return s.showPins(w, r, pins)
}

// actOnJudge gives a judge another PIN, closes or opens them.
func (s *Server) actOnJudge(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	judge := numberIn(r.PostFormValue("judge"))
	if r.PostFormValue("do") == "pin" {
		_, pins, err := s.store.NewPINs(r.Context(), s.ask(r), s.who(r), events.NewPINs{Judges: []int64{judge}})
		if err != nil {
			return s.seatsRefused(w, r, err, nil)
		}
		return s.showPins(w, r, pins)
	}
	_, err := s.store.CloseJudge(r.Context(), s.ask(r), s.who(r), events.CloseJudge{Judge: judge, Open: r.PostFormValue("do") == "open"})
	if err != nil {
		return s.seatsRefused(w, r, err, nil)
	}
	http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/desk/seats?done=judge#judges", http.StatusSeeOther)
	return nil
}

// showPins shows PINs this once.
func (s *Server) showPins(w http.ResponseWriter, r *http.Request, pins []events.JudgePIN) error {
	d, err := s.seatDesk(w, r)
	if err != nil {
		return err
	}
	p := SeatPinsPage{Page: d.Page, Back: d.url}
	for i := range pins {
		of := d.b.t.T("accounts.all-disciplines")
		if id := pins[i].Judge.DisciplineID; id != 0 {
			of = d.sport(id)
		}
		p.Pins = append(p.Pins, SeatPinMade{Name: pins[i].Judge.Name, Of: of, PIN: pins[i].PIN[:3] + " " + pins[i].PIN[3:]})
	}
	p.Title = d.b.t.T("seats.pins-title")
	return s.renderer.Write(w, http.StatusOK, p)
}

func (s *Server) setSecondPerson(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	a := events.SetSecondPerson{Discipline: numberIn(r.PostFormValue("discipline")), On: r.PostFormValue("on") == "1"}
	if _, err := s.store.SetSecondPerson(r.Context(), s.ask(r), s.who(r), a); err != nil {
		return s.seatsRefused(w, r, err, nil)
	}
	http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/desk/seats?done=second", http.StatusSeeOther)
	return nil
}

// seatAt is the seat of the address, for who looks after it.
func (d *seatDesk) seatAt(r *http.Request) (*events.Seat, error) {
	id, err := number(r, "seat")
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(d.seats, func(s events.Seat) bool { return s.ID == id })
	if i < 0 {
		return nil, errNoPage
	}
	return &d.seats[i], nil
}

func (s *Server) seatEdit(w http.ResponseWriter, r *http.Request) error {
	d, err := s.seatDesk(w, r)
	if err != nil {
		return err
	}
	seat, err := d.seatAt(r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, d.edit(seat))
}

// edit is the form of a seat.
func (d *seatDesk) edit(seat *events.Seat) SeatEditPage {
	id := strconv.FormatInt(seat.ID, 10)
	p := SeatEditPage{Page: d.Page, Action: d.url + "/" + id, ListURL: d.url, Over: d.sport(seat.DisciplineID), Name: seat.Name, Saw: seat.Version, Command: uuid.NewString(),
		Bad: map[string]string{}, Typed: d.typed(seat), Closed: !seat.Closed.IsZero()}
	p.Path, p.Title = p.Action, seat.Name
	for i := range d.b.programme.Units {
		u := &d.b.programme.Units[i]
		phase := d.b.programme.Phase(u.PhaseID)
		event := d.b.programme.Event(phase.EventID)
		if event.DisciplineID != seat.DisciplineID || u.Status == events.Cancelled {
			continue
		}
		p.Units = append(p.Units, SeatUnitChoice{ID: strconv.FormatInt(u.ID, 10), Title: d.b.t.Join(d.b.eventName(event), d.b.phaseOf(u, phase)), About: d.b.t.Join(d.b.hour(u.Start), u.Venue),
			Chosen: slices.Contains(seat.Units, u.ID)})
	}
	return p
}

func (s *Server) changeSeat(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.seatDesk(w, r)
	if err != nil {
		return err
	}
	seat, err := d.seatAt(r)
	if err != nil {
		return err
	}
	f := r.PostFormValue
	a := events.SetSeat{Seat: seat.ID, Saw: numberIn(f("saw")), Close: f("do") == "close",
		Be: events.NewSeat{Name: strings.TrimSpace(f("name")), Place: f("place"), Venue: f("venue"), Session: numberIn(f("session"))}}
	for _, text := range r.PostForm["unit"] {
		a.Be.Units = append(a.Be.Units, numberIn(text))
	}
	_, refused := s.store.SetSeat(r.Context(), s.ask(r), d.who, a)
	if refused == nil {
		http.Redirect(w, r, d.url+"?done=changed", http.StatusSeeOther)
		return nil
	}
	text, field, ok := d.said(refused)
	if !ok {
		return refused
	}
	typed := *seat
	typed.Name, typed.Place, typed.Venue, typed.SessionID, typed.Units = a.Be.Name, a.Be.Place, a.Be.Venue, a.Be.Session, a.Be.Units
	p := d.edit(&typed)
	target := "main"
	if slices.Contains([]string{"name", "place", "units"}, field) {
		target = field
	}
	p.Bad[target] = text
	p.Wrong, p.Problems = true, []Problem{{target, text}}
	return s.renderer.Write(w, statusOf(refused), p)
}
