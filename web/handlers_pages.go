package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tongchang/events"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// The public pages. Each shows a topic's present state, the same that its
// frames will carry, and says where the frames go on from.

// view is what every page of an edition starts from.
type view struct {
	Page
	c events.Competition
	b *builder
}

// start begins a page of the competition in the address.
func (s *Server) start(w http.ResponseWriter, r *http.Request, section string) (*view, error) {
	c, err := s.store.Competition(r.Context(), r.PathValue("competition"))
	if err != nil {
		return nil, err
	}
	choice := Choose(w, r)
	b, err := s.feed.builder(r.Context(), c, s.catalogue.In(choice.Lang))
	if err != nil {
		return nil, err
	}
	return &view{c: c, b: b, Page: Page{Choice: choice, Path: pathOf(r), Section: section, Site: Site{Name: b.pick(c.Name, c.NameEn), Root: b.root}}}, nil
}

// pathOf is a page's address without the choices of its reader.
func pathOf(r *http.Request) string {
	q := url.Values{}
	for name, values := range r.URL.Query() {
		if _, choice := choices[name]; !choice && name != "key" {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return r.URL.Path
	}
	return r.URL.Path + "?" + q.Encode()
}

// present fetches the page's topic in its reader's language.
func present[S any](s *Server, r *http.Request, v *view, topic string, stamp func(*S) string) (S, error) {
	var state S
	topic = v.Lang + "/" + topic
	any, at, err := s.feed.Present(r.Context(), v.c.Code, topic)
	if err != nil {
		return state, err
	}
	state = any.(S)
	v.Feed = Feed{Topic: topic, Epoch: at.Epoch, Seq: at.Seq, Stamp: stamp(&state)}
	return state, nil
}

// send writes a page whose present state is the topic's: a browser that has it
// already is told so.
func (s *Server) send(w http.ResponseWriter, r *http.Request, page View) error {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	if s.atDesk(r) { // the page has links that others do not see
		h.Set("Cache-Control", "no-store")
		return s.renderer.Write(w, http.StatusOK, page)
	}
	return s.renderer.writeTagged(w, r, page)
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	choice := Choose(w, r)
	t := s.catalogue.In(choice.Lang)
	cs, err := s.store.Competitions(r.Context())
	if err != nil {
		return err
	}
	page := HomePage{Page: Page{Choice: choice, Title: t.T("home.title"), Path: r.URL.Path}}
	for _, c := range cs {
		card, err := s.card(r, t, c)
		if err != nil {
			return err
		}
		page.Editions = append(page.Editions, card)
	}
	page.Doors = s.doorLinks(r, cs, t)
	return s.send(w, r, page)
}

func (s *Server) card(r *http.Request, t *Translator, c events.Competition) (EditionCard, error) {
	b, err := s.feed.builder(r.Context(), c, t)
	if err != nil {
		return EditionCard{}, err
	}
	card := EditionCard{Name: b.pick(c.Name, c.NameEn), URL: b.root, Place: c.City, Status: StatusScheduled}
	first, err1 := time.Parse(time.DateOnly, c.Starts)
	last, err2 := time.Parse(time.DateOnly, c.Ends)
	if err1 == nil && err2 == nil {
		card.Dates = t.Days(first, last)
	}
	var units []*events.Unit
	for i := range b.programme.Units {
		if u := &b.programme.Units[i]; b.programme.Starters[u.ID] > 0 {
			units = append(units, u)
		}
	}
	if card.Status = together(units); card.Status == StatusStartList {
		card.Status = StatusScheduled
	}
	card.StatusText = t.Status(card.Status)
	return card, nil
}

func (s *Server) today(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "today")
	if err != nil {
		return err
	}
	page := TodayPage{}
	if page.State, err = present(s, r, v, "today", func(s *TodayState) string { return s.Updated }); err != nil {
		return err
	}
	v.Title = v.b.t.T("today.title")
	page.Page = v.Page
	return s.send(w, r, page)
}

func (s *Server) schedule(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "schedule")
	if err != nil {
		return err
	}
	day := r.URL.Query().Get("day")
	if day == "" {
		day = v.b.day()
	}
	part, err := s.filterOf(r, v)
	if err != nil {
		return err
	}
	page := SchedulePage{}
	switch {
	case day == "": // a meet without a timetable has an empty page, not an error
	case part.on(): // a part of a day is no topic: the page says when it was made
		page.State, err = v.b.schedule(r.Context(), day, part)
		if err != nil {
			return err
		}
		page.Filter = v.filterForm(day, part)
	default:
		page.Filter = v.filterForm(day, part)
		if page.State, err = present(s, r, v, "schedule/"+day, func(s *ScheduleState) string { return s.Updated }); err != nil {
			return err
		}
	}
	seen := ""
	for _, session := range v.b.programme.Sessions {
		at, err := time.Parse(time.DateOnly, session.Day)
		if err != nil || session.Day == seen {
			continue
		}
		seen = session.Day
		page.Days = append(page.Days, DayLink{Title: v.b.t.Day(at), URL: v.b.root + "/schedule?day=" + session.Day + part.query(), Current: session.Day == day})
	}
	page.ContestsURL = v.b.root + "/events"
	v.Title = v.b.t.Join(v.b.t.T("schedule.title"), page.State.Day)
	page.Page = v.Page
	return s.send(w, r, page)
}

// day is the day to look at first: that of the first unit that is not over.
func (b *builder) day() string {
	last := ""
	for i := range b.programme.Units {
		u := &b.programme.Units[i]
		session := b.programme.Session(u.SessionID)
		if session == nil {
			continue
		}
		last = session.Day
		if statusCode(u) != StatusOfficial && b.programme.Starters[u.ID] > 0 {
			return last
		}
	}
	return last
}

func (s *Server) event(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "schedule")
	if err != nil {
		return err
	}
	id, err := number(r, "event")
	if err != nil {
		return err
	}
	page := EventPage{ID: strconv.FormatInt(id, 10)}
	if page.State, err = present(s, r, v, "event/"+strconv.FormatInt(id, 10), func(s *EventState) string { return s.Updated }); err != nil {
		return err
	}
	e := v.b.programme.Event(id)
	page.Over = v.b.disciplineName(e)
	if page.Facts, err = s.records(r, v.b, e); err != nil {
		return err
	}
	if page.DrawURL, page.DrawText, err = s.drawLink(r, v, id); err != nil {
		return err
	}
	announced, err := s.store.Announced(r.Context(), *e)
	if err != nil {
		return err
	}
	v.announce(&page, e, announced)
	v.Title = page.State.Title
	page.Page = v.Page
	return s.send(w, r, page)
}

// records are the facts about an event's records, two at most: the best marks
// of the lists that the organiser has imported.
func (s *Server) records(r *http.Request, b *builder, e *events.Event) ([]Fact, error) {
	rs, err := s.store.RecordsFor(r.Context(), *e)
	if err != nil {
		return nil, err
	}
	var facts []Fact
	for _, rec := range rs[:min(2, len(rs))] {
		name := rec.List
		if rec.Class != "" {
			name += " " + rec.Class
		}
		facts = append(facts, Fact{name, scoring.Milliseconds.Format(rec.Mark, 2)})
	}
	return facts, nil
}

// startUnit begins a page about the unit of an address.
func (s *Server) startUnit(w http.ResponseWriter, r *http.Request, section string) (*view, *events.Unit, *events.Phase, *events.Event, error) {
	v, err := s.start(w, r, section)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	id, err := number(r, "unit")
	if err != nil {
		return nil, nil, nil, nil, err
	}
	u, p, e, err := v.b.unitParts(id)
	return v, u, p, e, err
}

func (s *Server) unit(w http.ResponseWriter, r *http.Request) error {
	v, u, p, e, err := s.startUnit(w, r, "schedule")
	if err != nil {
		return err
	}
	page := UnitPage{Over: v.b.t.Join(v.b.disciplineName(e), v.b.phaseOf(u, p)), Heading: v.b.eventName(e), EventURL: fmt.Sprintf("%s/events/%d", v.b.root, e.ID),
		Document: fmt.Sprintf("%s/documents/units/%d.json", v.b.root, u.ID), Unit: v.b.markHeading(u, p), Facts: v.b.unitFacts(u)}
	if page.State, err = present(s, r, v, "unit/"+strconv.FormatInt(u.ID, 10), func(s *UnitState) string { return s.Updated }); err != nil {
		return err
	}
	records, err := s.records(r, v.b, e)
	if err != nil {
		return err
	}
	page.Facts = append(page.Facts, records...)
	if s.atDesk(r) {
		page.JudgeURL = fmt.Sprintf("%s/judge/units/%d", v.b.root, u.ID)
	}
	page.Steps = v.b.path(u)
	v.Title = page.State.Title
	page.Page = v.Page
	return s.send(w, r, page)
}

func measureKey(m scoring.Measure) string {
	switch m {
	case scoring.Milliseconds:
		return "time"
	case scoring.Millimetres:
		return "distance"
	case scoring.Grams:
		return "weight"
	case scoring.Thousandths:
		return "points"
	}
	return "count"
}

// markHeading is the heading of the mark column: what the unit's marks count, or
// that points made from them decide.
func (b *builder) markHeading(u *events.Unit, p *events.Phase) string {
	var ruleset kinds.Ruleset
	var rules struct {
		By     string          `json:"by"`
		Points json.RawMessage `json:"points"`
	}
	if json.Unmarshal([]byte(p.Ruleset), &ruleset) == nil && len(ruleset.Rules) > 0 && json.Unmarshal(ruleset.Rules, &rules) == nil &&
		ruleset.Kind != "timed" && (rules.By == "points" || len(rules.Points) > 0 || ruleset.Kind == "points") {
		return b.t.T("measure.count")
	}
	return b.t.T("measure." + measureKey(u.Measure))
}

func (b *builder) unitFacts(u *events.Unit) []Fact {
	var facts []Fact
	if u.Venue != "" {
		facts = append(facts, Fact{b.t.T("fact.venue"), u.Venue})
	}
	if !u.Start.IsZero() {
		facts = append(facts, Fact{b.t.T("fact.start"), b.hour(u.Start)})
	}
	return facts
}

// path is how far a unit's result has come.
func (b *builder) path(u *events.Unit) []Step {
	steps := []string{StatusStartList, StatusLive, StatusUnofficial, StatusOfficial}
	var path []Step
	for _, code := range steps {
		step := Step{Status: code, StatusText: b.t.Status(code)}
		if code == StatusOfficial && !u.OfficialAt.IsZero() {
			step.About = b.t.Clock(u.OfficialAt.In(b.zone))
		}
		path = append(path, step)
		if code == statusCode(u) {
			break
		}
	}
	return path
}

func (s *Server) medals(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "medals")
	if err != nil {
		return err
	}
	page := MedalsPage{}
	if page.State, err = present(s, r, v, "medals", func(s *MedalsState) string { return s.Updated }); err != nil {
		return err
	}
	v.Title = v.b.t.T("medals.title")
	page.Page = v.Page
	return s.send(w, r, page)
}

func (s *Server) delegation(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "medals")
	if err != nil {
		return err
	}
	id, err := number(r, "delegation")
	if err != nil {
		return err
	}
	page := DelegationPage{}
	if page.State, err = present(s, r, v, "delegation/"+strconv.FormatInt(id, 10), func(s *DelegationState) string { return s.Updated }); err != nil {
		return err
	}
	page.Name = page.State.Name
	if page.People, err = s.peopleOf(r, v, id); err != nil {
		return err
	}
	v.Title = page.Name
	page.Page = v.Page
	return s.send(w, r, page)
}

// How long a page of lines stays on a hall screen, in seconds, and how many
// lines it has at most: fewer and larger rather than more and smaller.
const (
	boardSeconds = 12
	boardRows    = 8
	boardFewest  = 4
)

func (s *Server) boardUnit(w http.ResponseWriter, r *http.Request) error {
	v, u, p, e, err := s.startUnit(w, r, "")
	if err != nil {
		return err
	}
	page := BoardUnitPage{Over: v.b.t.Join(v.b.disciplineName(e), v.b.phaseOf(u, p)), Heading: v.b.eventName(e), Unit: v.b.markHeading(u, p), Seconds: boardSeconds}
	if page.State, err = present(s, r, v, "unit/"+strconv.FormatInt(u.ID, 10), func(s *UnitState) string { return s.Updated }); err != nil {
		return err
	}
	if page.Facts, err = s.records(r, v.b, e); err != nil {
		return err
	}
	page.Rows = rowsFor(len(page.State.Lines))
	v.Title = page.State.Title
	page.Page = v.Page
	return s.send(w, r, page)
}

// boardLights is the hall screen with a unit's decision lights.
func (s *Server) boardLights(w http.ResponseWriter, r *http.Request) error {
	v, u, p, e, err := s.startUnit(w, r, "")
	if err != nil {
		return err
	}
	page := BoardLightsPage{Over: v.b.t.Join(v.b.disciplineName(e), v.b.phaseOf(u, p)), Heading: v.b.eventName(e)}
	if page.State, err = present(s, r, v, lightsTopic+strconv.FormatInt(u.ID, 10), func(s *LightsState) string { return s.Updated }); err != nil {
		return err
	}
	v.Title = v.b.t.Join(v.b.t.T("lights.title"), page.State.Title)
	page.Page = v.Page
	return s.send(w, r, page)
}

// rowsFor is how many lines a screen shows at once: all, where eight rows hold
// them, else as even pages as possible.
func rowsFor(lines int) int {
	pages := max(1, (lines+boardRows-1)/boardRows)
	return max(boardFewest, min(boardRows, (lines+pages-1)/pages))
}

func (s *Server) boardMedals(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	page := BoardMedalsPage{Seconds: boardSeconds}
	if page.State, err = present(s, r, v, "medals", func(s *MedalsState) string { return s.Updated }); err != nil {
		return err
	}
	page.Rows = rowsFor(len(page.State.Lines))
	v.Title = v.b.t.T("medals.title")
	page.Page = v.Page
	return s.send(w, r, page)
}
