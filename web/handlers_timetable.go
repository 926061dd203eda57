// The timetable over HTTP: how it stands with what clashes, plans that are made
// and looked at before they are applied, and the way back from every change.
package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/timetable"
)

// timetableRoutes are the organiser's pages of the timetable, and the calendars.
func (s *Server) timetableRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/timetable", access.SetTimetable, s.timetable},
		{"POST /c/{competition}/desk/timetable/generate", access.SetTimetable, s.timetableGenerate},
		{"POST /c/{competition}/desk/timetable/undo", access.SetTimetable, s.timetableUndo},
		{"GET /c/{competition}/desk/timetable/drafts/{draft}", access.SetTimetable, s.timetableDraft},
		{"POST /c/{competition}/desk/timetable/drafts/{draft}", access.SetTimetable, s.timetableApply},
		{"GET /c/{competition}/desk/timetable/units/{unit}", access.SetTimetable, s.timetableUnit},
		{"POST /c/{competition}/desk/timetable/units/{unit}/check", access.SetTimetable, s.timetableCheck},
		{"POST /c/{competition}/desk/timetable/units/{unit}/move", access.SetTimetable, s.timetableMove},
		{"GET /c/{competition}/desk/timetable/settings", access.SetTimetable, s.timetableSettings},
		{"POST /c/{competition}/desk/timetable/settings", access.SetTimetable, s.timetableSet},
		{"GET /c/{competition}/desk/timetable/venues/{venue}", access.SetTimetable, s.timetableVenue},
		{"POST /c/{competition}/desk/timetable/venues/{venue}", access.SetTimetable, s.timetableVenueSet},
		{"POST /c/{competition}/desk/timetable/venues/{venue}/calendar", access.SetTimetable, s.timetableVenueCalendar},
		{"POST /c/{competition}/desk/timetable/venues/{venue}/drop", access.SetTimetable, s.timetableVenueDrop},
		{"GET /c/{competition}/calendars", everybody, s.calendars},
		{"GET /c/{competition}/calendars/{file}", everybody, s.calendarFile},
		{"GET /c/{competition}/calendar/{token}", everybody, s.calendarOwn},
		{"GET /c/{competition}/team/{delegation}/people/{registration}/calendar", access.WriteRegistration, s.calendarPerson},
		{"POST /c/{competition}/team/{delegation}/people/{registration}/calendar", access.WriteRegistration, s.calendarShare},
	}
}

// How much of long lists a page shows.
const (
	shownClashes = 40
	shownMoved   = 60
	shownChanges = 20
)

// timetableDesk is what the pages of the timetable start from.
type timetableDesk struct {
	*view
	who     access.Who
	url     string
	set     timetable.Settings
	seq     int64
	doc     *timetable.Document
	at      map[string]int // of a unit in the document
	clashes []timetable.Clash
}

// timetableFrame is a page of the timetable without its document.
func (s *Server) timetableFrame(w http.ResponseWriter, r *http.Request) (*timetableDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	d := &timetableDesk{view: v, who: s.who(r), url: v.b.root + "/desk/timetable"}
	d.Bar = s.bar(r, v, "timetable")
	d.set, d.seq, err = s.store.TimetableSettings(r.Context(), d.who, d.c.Code)
	return d, err
}

func (s *Server) timetableDesk(w http.ResponseWriter, r *http.Request) (*timetableDesk, error) {
	d, err := s.timetableFrame(w, r)
	if err != nil {
		return nil, err
	}
	if d.doc, err = s.store.Timetable(r.Context(), d.who, d.c.Code); err != nil {
		return nil, err
	}
	d.at = make(map[string]int, len(d.doc.Units))
	for i := range d.doc.Units {
		u := &d.doc.Units[i]
		d.at[u.ID] = i
		u.Name = d.b.unitTitle(u)
	}
	if len(d.doc.Faults()) == 0 {
		d.clashes = timetable.Check(d.doc)
	}
	return d, nil
}

// unitTitle is a unit of a document in the reader's language.
func (b *builder) unitTitle(u *timetable.Unit) string {
	if row := b.programme.Unit(events.UnitOf(u.ID)); row != nil {
		p := b.programme.Phase(row.PhaseID)
		return b.t.Join(b.eventName(b.programme.Event(p.EventID)), b.phaseOf(row, p))
	}
	return b.t.T("timetable.appointment", u.Name)
}

// timetable serves the timetable as it stands.
func (s *Server) timetable(w http.ResponseWriter, r *http.Request) error {
	d, err := s.timetableDesk(w, r)
	if err != nil {
		return err
	}
	page, err := s.timetablePage(r, d)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) timetablePage(r *http.Request, d *timetableDesk) (*TimetablePage, error) {
	t := d.b.t
	late, _, err := s.store.Expected(r.Context(), d.c)
	if err != nil {
		return nil, err
	}
	page := &TimetablePage{URL: d.url, Settings: d.url + "/settings", Public: d.b.root + "/schedule", Done: d.done(r), Missing: d.missing(),
		Generate: TimetableGenerate{Action: d.url + "/generate", Placed: len(d.doc.Plan) > 0}}
	day := d.chosenDay(r.URL.Query().Get("day"))
	page.Days = d.dayLinks(d.url, day)
	page.Venues = d.venues(day, late)
	page.Clashes, page.Unplaced, page.More = d.clashLines()
	page.Summary = t.T("timetable.summary", len(d.doc.Units), strconv.Itoa(len(d.doc.Plan)), strconv.Itoa(events.Clashing(d.clashes)))
	changes, err := s.store.TimetableChanges(r.Context(), d.who, d.c.Code, shownChanges)
	if err != nil {
		return nil, err
	}
	for i := range changes {
		page.Changes = append(page.Changes, d.past(&changes[i]))
	}
	d.Title = t.T("timetable.title")
	page.Page = d.Page
	return page, nil
}

// missing says what has to be set before a plan can be made.
func (d *timetableDesk) missing() string {
	t := d.b.t
	var without []string
	units := 0
	for i := range d.doc.Units {
		u := &d.doc.Units[i]
		if u.Kind == timetable.Contest {
			units++
			if name := d.sportName(u.Discipline); len(u.Areas) == 0 && !slices.Contains(without, name) {
				without = append(without, name)
			}
		}
	}
	switch {
	case units == 0:
		return t.T("problem.timetable-no-units")
	case len(d.set.Days) == 0:
		return t.T("problem.timetable-no-days")
	case len(without) > 0:
		return t.T("problem.timetable-homeless", strings.Join(without, t.T("fields.comma")))
	}
	return ""
}

// sportName is a discipline's name by its code.
func (d *timetableDesk) sportName(code string) string {
	for _, sport := range d.b.programme.Disciplines {
		if sport.Code == code {
			return d.b.pick(sport.Name, sport.NameEn)
		}
	}
	return code
}

// done says what the address tells of the step before.
func (d *timetableDesk) done(r *http.Request) *FieldsDone {
	q, t := r.URL.Query(), d.b.t
	n, err := strconv.Atoi(q.Get("n"))
	seq, err2 := strconv.ParseInt(q.Get("seq"), 10, 64)
	switch what := q.Get("did"); {
	case what == "set":
		return &FieldsDone{Text: t.T("timetable.did-set")}
	case errors.Join(err, err2) != nil:
		return nil
	case what == "placed":
		return &FieldsDone{Text: t.T("timetable.did-placed", n), Link: "#change-" + strconv.FormatInt(seq, 10)}
	case what == "undone":
		return &FieldsDone{Text: t.T("timetable.did-undone", n)}
	}
	return nil
}

// days are the days of the settings and of the plan.
func (d *timetableDesk) days() []string {
	var days []string
	for _, s := range d.set.Days {
		days = append(days, s.From.Date())
	}
	for _, p := range d.doc.Plan {
		days = append(days, p.Start.Date())
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func (d *timetableDesk) chosenDay(asked string) string {
	days := d.days()
	today := d.b.presentDay()
	switch {
	case slices.Contains(days, asked):
		return asked
	case slices.Contains(days, today):
		return today
	case len(days) > 0:
		return days[0]
	}
	return ""
}

// presentDay is the present day at the games.
func (b *builder) presentDay() string { return b.feeder.store.Now().In(b.zone).Format("2006-01-02") }

func (d *timetableDesk) dayLinks(to, chosen string) (links []DayLink) {
	for _, day := range d.days() {
		links = append(links, DayLink{Title: d.dayText(day), URL: to + "?day=" + day, Current: day == chosen})
	}
	return links
}

// dayText is a day as 2027-06-19 in words.
func (d *timetableDesk) dayText(day string) string {
	var m timetable.Moment
	if m.UnmarshalText([]byte(day+"T00:00")) != nil {
		return day
	}
	return d.b.t.Day(m.In(d.b.zone))
}

// moment is a minute of the games in words: 6 月 19 日 10:00.
func (d *timetableDesk) moment(m timetable.Moment) string {
	at := m.In(d.b.zone)
	return d.b.t.Days(at, at) + " " + m.Clock()
}

// venues are the units of a day by venue.
func (d *timetableDesk) venues(day string, late map[int64]timetable.Expected) (all []TimetableVenue) {
	clashing := d.clashing()
	for i := range d.set.Venues {
		venue := &d.set.Venues[i]
		out := TimetableVenue{ID: venue.ID, Title: venue.Name}
		for _, p := range timetable.InOrder(d.doc.Plan) {
			at, area := d.set.Area(p.Area)
			if at != venue || p.Start.Date() != day {
				continue
			}
			u := &d.doc.Units[d.at[p.Unit]]
			line := d.line(u, late)
			line.Time = p.Start.Clock() + "–" + (p.Start + timetable.Moment(u.Takes())).Clock()
			line.Clash = clashing[u.ID]
			line.Place = area.Name
			if area.Courts > 1 {
				line.Place = strings.TrimSpace(area.Name + " " + strconv.Itoa(p.Court))
			}
			out.Units = append(out.Units, line)
		}
		if len(out.Units) > 0 {
			all = append(all, out)
		}
	}
	return all
}

// clashing are the units that are in a clash.
func (d *timetableDesk) clashing() map[string]bool {
	in := map[string]bool{}
	for i := range d.clashes {
		for _, id := range d.clashes[i].Units {
			in[id] = true
		}
	}
	return in
}

// line is one unit of the list; it can be moved until it has begun.
func (d *timetableDesk) line(u *timetable.Unit, late map[int64]timetable.Expected) TimetableUnit {
	id := events.UnitOf(u.ID)
	out := TimetableUnit{ID: u.ID, Title: u.Name, Pinned: u.Pinned}
	row := d.b.programme.Unit(id)
	if row == nil {
		return out
	}
	out.Status = statusCode(row)
	out.StatusText = d.b.t.Status(out.Status)
	if row.ResultStatus == events.StartListStatus && row.Status != events.Running {
		out.URL = d.url + "/units/" + strconv.FormatInt(id, 10)
		out.Late = lateText(d.b.t, late[id])
	}
	return out
}

// clashLines are the clashes in words, and the units without a place.
func (d *timetableDesk) clashLines() (lines []TimetableClash, unplaced []TimetableUnit, more string) {
	n := 0
	for i := range d.clashes {
		c := &d.clashes[i]
		if c.Rule == timetable.NoPlace {
			unplaced = append(unplaced, d.line(&d.doc.Units[d.at[c.Units[0]]], nil))
			continue
		}
		if n++; n <= shownClashes {
			lines = append(lines, d.clash(c))
		}
	}
	if n > shownClashes {
		more = d.b.t.T("timetable.more-clashes", n-shownClashes)
	}
	return lines, unplaced, more
}

// clash is a clash in words, with the way to move the first of its units that
// may still be moved.
func (d *timetableDesk) clash(c *timetable.Clash) TimetableClash {
	out := TimetableClash{Text: d.b.t.Problem(c.Says(), nil)}
	for _, id := range slices.Backward(c.Units) {
		if i, ok := d.at[id]; ok {
			if line := d.line(&d.doc.Units[i], nil); line.URL != "" {
				out.URL, out.Unit = line.URL, line.Title
			}
		}
	}
	return out
}

func (d *timetableDesk) past(c *events.TimetableChange) TimetablePast {
	t, at := d.b.t, c.At.In(d.b.zone)
	seq := strconv.FormatInt(c.Seq, 10)
	p := TimetablePast{ID: seq, Title: t.Join(t.Days(at, at)+" "+t.Hour(at), c.By), Text: t.T("timetable.change-units", c.Units), Reason: c.Reason, Undone: c.Undone != 0}
	if !p.Undone {
		p.Undo = &ReasonForm{Action: d.url + "/undo", Command: uuid.NewString(), Seq: c.Seq, Label: t.T("timetable.undo-reason"), Do: t.T("timetable.undo")}
	}
	return p
}

// timetableGenerate makes a plan and leads to it.
func (s *Server) timetableGenerate(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	seed, err := strconv.ParseUint(cmp.Or(r.PostFormValue("seed"), "1"), 10, 32)
	if err != nil {
		return errForm
	}
	draft, err := s.store.DraftTimetable(r.Context(), s.who(r), r.PathValue("competition"), events.DraftTimetable{Seed: seed, Keep: r.PostFormValue("how") == "keep"})
	if saidOnPage(err) {
		return s.timetableRefused(w, r, Problem{"generate", s.catalogue.In(Choose(w, r).Lang).Problem(err, nil)}, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/desk/timetable/drafts/"+draft.ID, http.StatusSeeOther)
	return nil
}

// timetableRefused shows the timetable again, and why a step was not taken.
func (s *Server) timetableRefused(w http.ResponseWriter, r *http.Request, said Problem, err error) error {
	d, err2 := s.timetableDesk(w, r)
	if err2 != nil {
		return err2
	}
	d.Path = d.url
	page, err2 := s.timetablePage(r, d)
	if err2 != nil {
		return err2
	}
	for i := range page.Changes {
		if undo := page.Changes[i].Undo; undo != nil && said.Target == "change-"+page.Changes[i].ID {
			undo.Wrong = said.Text
		}
	}
	page.Wrong, page.Problems = true, []Problem{said}
	return s.renderer.Write(w, statusOf(err), *page)
}

// timetableUndo takes a change back.
func (s *Server) timetableUndo(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	seq, err := strconv.ParseInt(r.PostFormValue("seq"), 10, 64)
	if err != nil {
		return errForm
	}
	receipt, err := s.store.UndoTimetable(r.Context(), s.ask(r), s.who(r), events.UndoTimetable{Seq: seq})
	if status := statusOf(err); err != nil && (status == http.StatusConflict || status == http.StatusUnprocessableEntity) {
		t := s.catalogue.In(Choose(w, r).Lang)
		said := Problem{"change-" + strconv.FormatInt(seq, 10), t.Problem(err, nil)}
		var refusal *events.Refusal
		if errors.As(err, &refusal) && refusal.Field == "reason" {
			said.Text = t.T("timetable.reason-missing")
		}
		return s.timetableRefused(w, r, said, err)
	}
	if err != nil {
		return err
	}
	return did(w, r, "/c/"+r.PathValue("competition")+"/desk/timetable", placedFacts("undone", receipt)...)
}

// draftOf is a draft with what it would change and what clashes in it.
type draftOf struct {
	*timetableDesk
	draft *events.TimetableDraft
	plan  *timetableDesk // the timetable with the draft's plan
}

func (s *Server) draftOf(w http.ResponseWriter, r *http.Request) (*draftOf, error) {
	d, err := s.timetableDesk(w, r)
	if err != nil {
		return nil, err
	}
	draft, err := s.store.TimetableDraft(r.Context(), d.who, d.c.Code, r.PathValue("draft"))
	if err != nil {
		return nil, err
	}
	with, doc := *d, *d.doc
	doc.Plan = draft.Plan
	with.doc = &doc
	with.clashes = nil
	if len(doc.Faults()) == 0 {
		with.clashes = timetable.Check(&doc)
	}
	return &draftOf{timetableDesk: d, draft: draft, plan: &with}, nil
}

// timetableDraft serves a plan that waits.
func (s *Server) timetableDraft(w http.ResponseWriter, r *http.Request) error {
	d, err := s.draftOf(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *d.page(r))
}

func (d *draftOf) page(r *http.Request) *TimetableDraftPage {
	t := d.b.t
	page := &TimetableDraftPage{URL: d.url, Action: d.url + "/drafts/" + url.PathEscape(d.draft.ID), Command: uuid.NewString(), Typed: r.PostFormValue("reason")}
	page.Seen = events.Clashing(d.plan.clashes)
	page.Clashes, _, page.More = d.plan.clashLines()
	for i := range d.draft.Unplaced {
		u := &d.draft.Unplaced[i]
		line := TimetableClash{Text: d.named(t.Problem(u.Says(), nil))}
		if at, ok := d.at[u.Unit]; ok {
			l := d.line(&d.doc.Units[at], nil)
			line.URL, line.Unit = l.URL, l.Title
		}
		page.Left = append(page.Left, line)
	}
	changes := timetable.Changes(d.doc.Plan, d.draft.Plan)
	for _, c := range changes[:min(len(changes), shownMoved)] {
		page.Moved = append(page.Moved, d.moved(&c))
	}
	if n := len(changes) - shownMoved; n > 0 {
		page.Further = t.T("timetable.more-moved", n)
	}
	page.Facts = []Fact{{t.T("timetable.fact-placed"), t.T("timetable.placed-of", len(d.draft.Plan), strconv.Itoa(len(d.doc.Units)))}, {t.T("timetable.fact-moved"), strconv.Itoa(len(changes))},
		{t.T("timetable.fact-clashes"), strconv.Itoa(page.Seen)}, {t.T("timetable.fact-unmet"), strconv.Itoa(len(timetable.Unmet(d.plan.doc)))}, {t.T("timetable.fact-took"), t.T("timetable.seconds", d.draft.Took.String())}}
	if d.draft.Saw != d.seq {
		page.Stale = t.T("problem.timetable-stale")
	}
	d.Title = t.T("timetable.draft-title")
	page.Page = d.Page
	return page
}

var documentID = regexp.MustCompile(`\b[up][0-9]+\b`)

// named puts names in place of a document's IDs.
func (d *timetableDesk) named(text string) string {
	return documentID.ReplaceAllStringFunc(text, func(id string) string {
		if i, ok := d.at[id]; ok {
			return d.doc.Units[i].Name
		}
		for i := range d.doc.People {
			if d.doc.People[i].ID == id {
				return d.doc.People[i].Name
			}
		}
		return id
	})
}

func (d *timetableDesk) moved(c *timetable.Change) TimetableMoved {
	out := TimetableMoved{Title: d.named(c.Unit), From: d.where(c.From), To: d.where(c.To)}
	return out
}

// where is a place of a plan in words.
func (d *timetableDesk) where(p *timetable.Placement) string {
	if p == nil {
		return d.b.t.T("timetable.nowhere")
	}
	return d.b.t.Join(d.moment(p.Start), d.set.Place(p.Area, p.Court))
}

// timetableApply makes a draft the timetable.
func (s *Server) timetableApply(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	seen, err := strconv.Atoi(r.PostFormValue("seen"))
	if err != nil {
		return errForm
	}
	receipt, err := s.store.ApplyTimetable(r.Context(), s.ask(r), s.who(r), events.ApplyTimetable{Draft: r.PathValue("draft"), Clashes: seen})
	if status := statusOf(err); err != nil && (status == http.StatusConflict || status == http.StatusUnprocessableEntity) {
		d, err2 := s.draftOf(w, r)
		if err2 != nil {
			return err2
		}
		page := d.page(r)
		page.Wrong, page.Problems = true, []Problem{{"main", d.b.t.Problem(err, nil)}}
		return s.renderer.Write(w, status, *page)
	}
	if err != nil {
		return err
	}
	return did(w, r, "/c/"+r.PathValue("competition")+"/desk/timetable", placedFacts("placed", receipt)...)
}
