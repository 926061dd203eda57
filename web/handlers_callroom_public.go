// What comes of the call room for others: the page of calls, which anybody can
// have in their hand, the announcer's view, and how names are said.
package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/calls"
	"tongchang/events/spoken"
)

// callsNext is how many units the page of calls shows that are still to be
// called.
const callsNext = 12

// calls is the topic calls. It asks no clock: what is called is called by
// somebody, and what comes next is in order.
func (b *builder) calls(ctx context.Context) (CallsState, error) {
	s := CallsState{Calls: []CallNow{}, Next: []CallNext{}, Updated: b.now()}
	states, err := b.store.Calls(ctx, b.c.ID)
	if err != nil {
		return s, err
	}
	var open, next []int64
	for _, u := range b.toStart() {
		switch states[u.ID].State {
		case calls.Calling:
			open = append(open, u.ID)
		case calls.NotYet:
			next = append(next, u.ID)
		}
	}
	units, err := b.store.PublicCalls(ctx, b.c, slices.Concat(open, next[:min(len(next), callsNext)]))
	if err != nil {
		return s, err
	}
	var newest *events.CallUnit
	for i := range units {
		u := &units[i]
		if u.Begun() {
			continue
		}
		if u.Call.State != calls.Calling {
			s.Next = append(s.Next, b.callNext(u))
			continue
		}
		s.Calls = append(s.Calls, b.callNow(u))
		if newest == nil || u.Call.Called.After(newest.Call.Called) {
			newest = u
		}
	}
	if newest != nil {
		n := b.callNow(newest)
		s.Sentence = b.t.T("call.sentence", n.Title, n.Round, n.Where)
	}
	return s, nil
}

// toStart are the units with somebody to start that have not begun, by day and
// time; those without a time come last of their day.
func (b *builder) toStart() (units []*events.Unit) {
	for i := range b.programme.Units {
		u := &b.programme.Units[i]
		if statusCode(u) == StatusStartList && u.Status != events.Cancelled && b.programme.Starters[u.ID] > 0 {
			units = append(units, u)
		}
	}
	slices.SortStableFunc(units, func(x, y *events.Unit) int {
		timeless := map[bool]int{true: 1}
		return cmp.Or(cmp.Compare(b.unitDay(x), b.unitDay(y)), timeless[x.Start.IsZero()]-timeless[y.Start.IsZero()], x.Start.Compare(y.Start))
	})
	return units
}

func (b *builder) callNow(u *events.CallUnit) CallNow {
	n := CallNow{Call: strconv.FormatInt(u.Unit.ID, 10) + "-" + strconv.Itoa(u.Call.Round), Round: cmp.Or(b.callRound(u.Call.Round), b.t.T("call.first")),
		Title: b.t.Join(b.eventName(&u.Event), b.phaseOf(&u.Unit, &u.Phase)), Where: u.Unit.Venue, Start: b.hour(u.Unit.Start), Numbers: numbersIn(u), Last: u.Call.Round >= calls.Last, Lines: []CallLine{}}
	for i := range u.Starts {
		if l := &u.Starts[i]; l.OutIRM == "" {
			n.Lines = append(n.Lines, CallLine{Start: l.ID(), Lane: l.LaneText(), Number: l.Bib, Name: l.Name(), Delegation: b.pick(l.Delegation, l.DelegationEn)})
		}
	}
	return n
}

func (b *builder) callNext(u *events.CallUnit) CallNext {
	id := strconv.FormatInt(u.Unit.ID, 10)
	n := CallNext{Unit: id, URL: b.root + "/units/" + id, Title: b.t.Join(b.eventName(&u.Event), b.phaseOf(&u.Unit, &u.Phase)), Where: u.Unit.Venue,
		At: b.hour(u.At), Start: b.hour(u.Unit.Start), Numbers: numbersIn(u)}
	if day, err := time.Parse(time.DateOnly, u.Day); err == nil && u.Day != b.callDay() {
		n.At = b.t.Join(b.t.Days(day, day), n.At)
	}
	return n
}

// numbersIn are the numbers of everybody who has to come, set apart by spaces.
func numbersIn(u *events.CallUnit) string {
	var all []string
	for i := range u.Starts {
		if u.Starts[i].OutIRM != "" {
			continue
		}
		for _, p := range u.Starts[i].People {
			if p.Bib != "" {
				all = append(all, p.Bib)
			}
		}
	}
	return strings.Join(all, " ")
}

// calling serves the page of calls.
func (s *Server) calling(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "schedule")
	if err != nil {
		return err
	}
	page := CallingPage{}
	if page.State, err = present(s, r, v, events.CallTopic, func(s *CallsState) string { return s.Updated }); err != nil {
		return err
	}
	v.Title = v.b.t.T("calling.title")
	page.Page = v.Page
	return s.send(w, r, page)
}

// announcer serves what is on at a venue and what comes next.
func (s *Server) announcer(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	v.Bar = s.bar(r, v, "announcer")
	t, venue := v.b.t, r.URL.Query().Get("venue")
	v.Title = t.T("announcer.title")
	page := AnnouncerPage{Page: v.Page, Venues: v.venues(venue)}
	on, next := v.b.onAndNext(venue)
	units, err := s.store.CallUnits(r.Context(), s.who(r), v.c.Code, slices.Concat(on, next[:min(1, len(next))]))
	if err != nil {
		return err
	}
	for _, id := range slices.Concat(on, next) { // in the order of the day
		if i := slices.IndexFunc(units, func(u events.CallUnit) bool { return u.Unit.ID == id }); i >= 0 {
			unit, err := s.announced(r, v, &units[i])
			if err != nil {
				return err
			}
			page.Units = append(page.Units, unit)
		}
	}
	for _, id := range next[min(1, len(next)):min(len(next), 5)] {
		u, p, e, err := v.b.unitParts(id)
		if err != nil {
			return err
		}
		page.After = append(page.After, t.Join(v.b.hour(u.Start), v.b.eventName(e), v.b.phaseOf(u, p), u.Venue))
	}
	return s.renderer.Write(w, http.StatusOK, page)
}

// venues are the venues there are, where there are several.
func (v *view) venues(chosen string) []PageLink {
	at := v.b.root + "/announcer"
	links := []PageLink{{v.b.t.T("announcer.all-venues"), at, chosen == ""}}
	var seen []string
	for i := range v.b.programme.Units {
		venue := v.b.programme.Units[i].Venue
		if venue != "" && !slices.Contains(seen, venue) {
			seen = append(seen, venue)
			links = append(links, PageLink{venue, at + "?" + url.Values{"venue": {venue}}.Encode(), venue == chosen})
		}
	}
	if len(links) < 3 {
		return nil
	}
	return links
}

// announcedAtOnce is how many units the announcer has before them that are on.
const announcedAtOnce = 3

// onAndNext are the units of a venue that are on, and those to come in order.
func (b *builder) onAndNext(venue string) (on, next []int64) {
	at := func(u *events.Unit) bool { return venue == "" || u.Venue == venue }
	for i := range b.programme.Units {
		u := &b.programme.Units[i]
		if code := statusCode(u); at(u) && code != StatusStartList && code != StatusOfficial && u.Status != events.Cancelled {
			on = append(on, u.ID)
		}
	}
	for _, u := range b.toStart() {
		if at(u) {
			next = append(next, u.ID)
		}
	}
	return on[max(0, len(on)-announcedAtOnce):], next
}

// announced is a unit as it is read out.
func (s *Server) announced(r *http.Request, v *view, u *events.CallUnit) (AnnouncerUnit, error) {
	t := v.b.t
	row := v.b.callRow(u, s.store.Now())
	code := statusCode(&u.Unit)
	out := AnnouncerUnit{ID: row.ID, On: u.Begun(), Over: t.T("announcer.next", row.Start), Title: row.Title, Where: u.Unit.Venue, Status: code, StatusText: t.Status(code), Call: t.Join(row.StatusText, row.Come)}
	if u.Begun() {
		out.Over, out.Call = t.T("announcer.on"), ""
	}
	var err error
	if out.Records, err = s.records(r, v.b, &u.Event); err != nil {
		return out, err
	}
	sheet, err := s.store.Sheet(r.Context(), u.Phase.ID, u.Unit.ID)
	if err != nil {
		return out, err
	}
	results := map[string]string{}
	if _, ranked, err := sheet.RankUnit(); err == nil { // a unit that does not rank yet has no results to read out
		for _, l := range ranked[0].Lines {
			results[l.ID] = l.Result
			if l.IRM != "" {
				results[l.ID] = t.IRM(l.IRM, "")
			}
			if l.Rank > 0 {
				results[l.ID] = t.Join(t.Place(l.Rank), l.Result)
			}
		}
	}
	for i := range u.Starts {
		line := v.announcedLine(s.who(r), u, &u.Starts[i])
		line.Result = results[u.Starts[i].ID()]
		out.Lines = append(out.Lines, line)
	}
	return out, nil
}

// announcedLine is a start as it is read out: to everybody, so by the name that
// everybody is shown.
func (v *view) announcedLine(who access.Who, u *events.CallUnit, s *events.CallStart) AnnouncerLine {
	t := v.b.t
	l := AnnouncerLine{Lane: s.LaneText(), Name: s.Name(), About: t.Join(v.b.pick(s.Delegation, s.DelegationEn), s.Class, s.Bib), Come: t.T("call." + map[calls.Standing]string{
		calls.Here: "present", calls.Partly: "some", calls.Away: "away", calls.Waiting: "waiting"}[s.Standing])}
	l.Status = map[calls.Standing]string{calls.Here: "sent", calls.Partly: StatusUnofficial, calls.Away: "alert", calls.Waiting: StatusScheduled}[s.Standing]
	if s.OutIRM != "" {
		l.Come, l.Status = t.IRM(s.OutIRM, ""), "alert"
	}
	if u.Begun() {
		l.Come = ""
	}
	if s.TeamName != "" {
		for i := range s.People {
			if p := &s.People[i]; p.ParticipantID != 0 {
				said, _ := v.spokenOf(p)
				l.Teammate = append(l.Teammate, AnnouncerMate{p.Name(), said})
			}
		}
		return l
	}
	l.Said, l.Doubt = v.spokenOf(&s.People[0])
	if s.Alias == "" && access.Ever(who, access.SayName) {
		l.SayURL, l.SayName = v.b.root+"/names/"+strconv.FormatInt(s.ParticipantID, 10), t.T("announcer.say", s.Name())
	}
	return l
}

// spokenOf is how a name is said: as somebody has noted, else as it is read. Who is
// shown by number has no name to say.
func (v *view) spokenOf(p *events.CallPerson) (said, doubt string) {
	if p.Alias != "" {
		return "", ""
	}
	if p.Said != "" {
		return p.Said, ""
	}
	r := spoken.Name(p.FullName())
	if r.Doubtful != "" {
		doubt = v.b.t.T("announcer.doubt", r.Doubtful)
	}
	return r.Text, doubt
}

// spokenPage is the form for how a name is said.
func (s *Server) spokenPage(w http.ResponseWriter, r *http.Request) (*SpokenPage, int64, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, 0, err
	}
	id, err := number(r, "participant")
	if err != nil {
		return nil, 0, err
	}
	row, p, err := s.store.SpokenName(r.Context(), s.who(r), v.c.Code, id)
	if err != nil {
		return nil, 0, err
	}
	t := v.b.t
	v.Bar = s.bar(r, v, "announcer")
	page := &SpokenPage{Name: events.DisplayName(p.Family, p.Given), Action: v.b.root + "/names/" + strconv.FormatInt(id, 10), Command: uuid.NewString(), Saw: row.Revision, Note: row.Note}
	reading := spoken.Name(page.Name)
	page.Reading = reading.Text
	if reading.Doubtful != "" {
		page.Doubt = t.T("announcer.doubt", reading.Doubtful)
	}
	page.Back = v.b.root + "/announcer"
	if s.who(r).Role == access.Delegation {
		page.Back = v.b.root + "/team/" + strconv.FormatInt(s.who(r).Delegation, 10)
	}
	v.Title, v.Path = t.T("announcer.say-title", page.Name), page.Action
	page.Page = v.Page
	return page, id, nil
}

func (s *Server) spokenName(w http.ResponseWriter, r *http.Request) error {
	page, _, err := s.spokenPage(w, r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("did") == "said" {
		page.Done = &Done{Text: s.catalogue.In(page.Lang).T("announcer.did-said")}
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

// sayName takes the form.
func (s *Server) sayName(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	page, id, err := s.spokenPage(w, r)
	if err != nil {
		return err
	}
	saw, err := strconv.ParseInt(r.PostForm.Get("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	_, err = s.store.SayName(r.Context(), s.ask(r), s.who(r), events.SayName{Participant: id, Note: r.PostForm.Get("note"), Saw: saw})
	if status := statusOf(err); err != nil && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) {
		page.Note = r.PostForm.Get("note")
		page.Wrong, page.NoteWrong = true, s.catalogue.In(page.Lang).Problem(err, nil)
		return s.renderer.Write(w, status, *page)
	}
	if err != nil {
		return err
	}
	return did(w, r, page.Action, "did", "said")
}
