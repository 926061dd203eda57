// Draws over HTTP: promised, drawn in public, changed by hand with a reason, void
// where they have to be; and for everybody the page that runs a draw again.
package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/draw"
)

// drawRoutes are the pages of draws.
func (s *Server) drawRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/draws", access.WriteStart, s.draws},
		{"POST /c/{competition}/desk/draws/check", access.WriteStart, s.drawsCheck},
		{"POST /c/{competition}/desk/draws/promise", access.WriteStart, s.drawsPromise},
		{"POST /c/{competition}/desk/draws/make", access.WriteStart, s.drawsMake},
		{"GET /c/{competition}/desk/draws/{event}", access.WriteStart, s.draw},
		{"POST /c/{competition}/desk/draws/{event}/change", access.WriteStart, s.drawChange},
		{"POST /c/{competition}/desk/draws/{event}/undo", access.WriteStart, s.drawUndo},
		{"POST /c/{competition}/desk/draws/{event}/void", access.WriteStart, s.drawVoid},
		{"GET /c/{competition}/events/{event}/draw", everybody, s.drawPublic},
		{"GET /c/{competition}/documents/draws/{file}", everybody, s.drawDocument},
	}
}

// drawDesk is what the pages of draws start from.
type drawDesk struct {
	*view
	who     access.Who
	url     string
	draws   map[int64]events.EventDraw
	entries map[int64][]events.FieldEntry
}

func (s *Server) drawDesk(w http.ResponseWriter, r *http.Request) (*drawDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	d := &drawDesk{view: v, who: s.who(r), url: v.b.root + "/desk/draws"}
	d.Bar = s.bar(r, v, "fields")
	if d.draws, err = s.store.Draws(r.Context(), d.c.ID); err != nil {
		return nil, err
	}
	d.entries, err = s.store.FieldEntries(r.Context(), d.who, d.c.Code)
	return d, err
}

// may reports whether who looks may draw an event.
func (d *drawDesk) may(e *events.Event) bool {
	return access.May(d.who, access.WriteStart, access.Object{Discipline: e.DisciplineID}) == access.Allowed
}

// held reports whether an event is contested by itself.
func held(e *events.Event) bool {
	return e.State != events.EventMerged && e.State != events.EventCancelled
}

func (s *Server) draws(w http.ResponseWriter, r *http.Request) error {
	d, err := s.drawDesk(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *d.page(r))
}

func (d *drawDesk) page(r *http.Request) *DrawsPage {
	t, sport := d.b.t, r.URL.Query().Get("sport")
	page := &DrawsPage{URL: d.url, FieldsURL: d.b.root + "/desk/fields", Back: pathOf(r), Done: d.done(r)}
	at := map[int64]int{}
	count, total := map[string]int{}, 0
	var of [][]string // states of a group's rows
	for i := range d.b.programme.Events {
		e := &d.b.programme.Events[i]
		if !d.may(e) {
			continue
		}
		total++
		discipline := d.b.programme.Disciplines[e.DisciplineID]
		g, ok := at[e.DisciplineID]
		if !ok {
			g = len(page.Groups)
			at[e.DisciplineID] = g
			page.Groups = append(page.Groups, DrawGroup{ID: discipline.Code, Title: d.b.disciplineName(e)})
			of = append(of, nil)
		}
		row, state := d.row(e)
		count[state]++
		of[g] = append(of[g], state)
		page.Groups[g].Rows = append(page.Groups[g].Rows, row)
	}
	page.Tally = t.T("draws.tally", total, strconv.Itoa(count["drawn"]), strconv.Itoa(count["promised"]), strconv.Itoa(count["none"]))
	for g := range page.Groups {
		group := &page.Groups[g]
		open := len(slices.DeleteFunc(of[g], func(state string) bool { return state == "drawn" || state == "closed" }))
		group.Tally = t.T("draws.group-tally", len(group.Rows), strconv.Itoa(open))
		if len(page.Groups) > 1 {
			page.Sports = append(page.Sports, PageLink{t.T("fields.of-sport", group.Title, strconv.Itoa(open)), d.url + "?sport=" + url.QueryEscape(group.ID), group.ID == sport})
		}
	}
	if len(page.Sports) > 0 {
		page.Sports = slices.Insert(page.Sports, 0, PageLink{t.T("draws.all-sports"), d.url, sport == ""})
	}
	if sport != "" {
		page.Groups = slices.DeleteFunc(page.Groups, func(g DrawGroup) bool { return g.ID != sport })
	}
	for _, g := range page.Groups {
		page.All += len(g.Rows)
	}
	d.Title = t.T("draws.title")
	page.Page = d.Page
	return page
}

// row is an event in the list, and how far its draw is: none, promised, drawn,
// closed.
func (d *drawDesk) row(e *events.Event) (DrawRow, string) {
	t := d.b.t
	id := strconv.FormatInt(e.ID, 10)
	row := DrawRow{ID: id, Title: d.b.eventName(e), Count: t.T("fields.people", len(d.entries[e.ID])), State: StatusScheduled}
	if slices.ContainsFunc(d.entries[e.ID], func(f events.FieldEntry) bool { return f.Team }) {
		row.Count = t.T("fields.teams", len(d.entries[e.ID]))
	}
	state := "none"
	if made, ok := d.draws[e.ID]; ok {
		row.URL, row.Commitment, state = d.url+"/"+id, made.Commitment, string(made.State)
		row.State = StatusStartList
		if made.State == events.DrawMade {
			row.State = StatusOfficial
		}
	} else if !held(e) {
		state, row.State, row.Closed = "closed", "off", true
	}
	row.StateText = t.T("draws.state-" + state)
	return row, state
}

// done says what the address tells of the step before.
func (d *drawDesk) done(r *http.Request) *FieldsDone {
	q := r.URL.Query()
	n, err := strconv.Atoi(q.Get("n"))
	what := q.Get("did")
	if err != nil || n < 0 || !slices.Contains([]string{"promised", "drawn", "changed", "voided"}, what) {
		return nil
	}
	return &FieldsDone{Text: d.b.t.T("draws.did-"+what, n)}
}

// Steps of many draws.
const (
	promiseStep = "promise"
	drawStep    = "draw"
)

// chosenDraws are the events of a form: those ticked, or all that the page
// listed.
func chosenDraws(r *http.Request) ([]int64, error) {
	texts := r.PostForm["id"]
	if r.PostForm.Get("all") != "" {
		texts = r.PostForm["row"]
	}
	return numbersOf(texts)
}

// drawsCheck shows a step before it is taken.
func (s *Server) drawsCheck(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	d, err := s.drawDesk(w, r)
	if err != nil {
		return err
	}
	ids, err := chosenDraws(r)
	step := r.PostForm.Get("to")
	if err != nil || step != promiseStep && step != drawStep {
		return errForm
	}
	if len(ids) == 0 {
		to, err := url.Parse(back(d.url, r.PostForm.Get("back")))
		if err != nil {
			return err
		}
		asked := r.Clone(r.Context())
		asked.URL = to
		page := d.page(asked)
		page.Path, page.Wrong, page.Problems = to.String(), true, []Problem{{"rows", d.b.t.T("fields.nothing-chosen")}}
		return s.renderer.Write(w, http.StatusUnprocessableEntity, *page)
	}
	return s.renderer.Write(w, http.StatusOK, *d.check(r, step, ids))
}

func (d *drawDesk) check(r *http.Request, step string, ids []int64) *DrawCheckPage {
	t := d.b.t
	to := back(d.url, r.PostForm.Get("back"))
	page := &DrawCheckPage{URL: d.url, Command: uuid.NewString(), Back: to, Word: r.PostForm.Get("word"), Action: d.url + "/promise", Lead: []string{t.T("draws.promise-lead"), t.T("draws.promise-when")}}
	if step == drawStep {
		page.Action, page.AskWord, page.Lead = d.url+"/make", true, []string{t.T("draws.draw-lead")}
	}
	for _, id := range ids {
		e := d.b.programme.Event(id)
		if e == nil || !d.may(e) {
			continue // the store answers for it where it is asked for by name
		}
		if why := d.cannot(step, e); why != "" {
			page.Blocked = append(page.Blocked, FieldCheck{Title: d.b.eventName(e), Sport: d.b.disciplineName(e), Text: why})
			continue
		}
		page.IDs = append(page.IDs, strconv.FormatInt(id, 10))
		page.Events = append(page.Events, t.Join(d.b.eventName(e), t.T("fields.people", len(d.entries[id]))))
	}
	d.Title = t.T("draws.title-" + step)
	if len(page.IDs) > 0 {
		page.Do = t.T("draws.do-"+step, len(page.IDs))
	}
	d.Path = to
	page.Page = d.Page
	return page
}

// cannot says why a step is not open to an event; empty where it is.
func (d *drawDesk) cannot(step string, e *events.Event) string {
	t := d.b.t
	made, there := d.draws[e.ID]
	switch {
	case !held(e):
		return t.T("problem.draw-not-held", d.b.eventName(e))
	case step == promiseStep && there:
		return t.T("draws.has-promise")
	case step == drawStep && !there:
		return t.T("draws.no-promise")
	case step == drawStep && made.State != events.DrawPromised:
		return t.T("problem.draw-made", d.b.eventName(e))
	case step == drawStep && len(d.entries[e.ID]) == 0:
		return t.T("problem.draw-nobody", d.b.eventName(e))
	}
	return ""
}

func (s *Server) drawsPromise(w http.ResponseWriter, r *http.Request) error {
	return s.drawsStep(w, r, promiseStep, func(d *drawDesk, ids []int64) (events.Receipt, error) {
		return s.store.PromiseDraws(r.Context(), s.ask(r), d.who, events.PromiseDraws{Events: ids})
	})
}

func (s *Server) drawsMake(w http.ResponseWriter, r *http.Request) error {
	return s.drawsStep(w, r, drawStep, func(d *drawDesk, ids []int64) (events.Receipt, error) {
		return s.store.MakeDraws(r.Context(), s.ask(r), d.who, events.MakeDraws{Events: ids, Word: strings.TrimSpace(r.PostForm.Get("word"))})
	})
}

// drawsStep takes a step that a check page has shown.
func (s *Server) drawsStep(w http.ResponseWriter, r *http.Request, step string, do func(*drawDesk, []int64) (events.Receipt, error)) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	d, err := s.drawDesk(w, r)
	if err != nil {
		return err
	}
	ids, err := chosenDraws(r)
	if err != nil {
		return err
	}
	receipt, err := do(d, ids)
	if status := statusOf(err); err != nil && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) {
		page := d.check(r, step, ids)
		page.Wrong, page.Problems = true, []Problem{{"main", d.b.t.Problem(err, nil)}}
		return s.renderer.Write(w, status, *page)
	}
	if err != nil {
		return err
	}
	var made events.DrawsMade
	if err := json.Unmarshal(receipt.Outcome, &made); err != nil {
		return fmt.Errorf("outcome of draws: %w", err)
	}
	what := map[string]string{promiseStep: "promised", drawStep: "drawn"}[step]
	return did(w, r, back(d.url, r.PostForm.Get("back")), "did", what, "n", strconv.Itoa(len(made.Draws)))
}

// drawOne begins a page of one event's draw. An event of another discipline is not
// there.
func (s *Server) drawOne(w http.ResponseWriter, r *http.Request) (*drawDesk, *drawTeller, error) {
	d, err := s.drawDesk(w, r)
	if err != nil {
		return nil, nil, err
	}
	id, err := number(r, "event")
	if err != nil {
		return nil, nil, err
	}
	e := d.b.programme.Event(id)
	if e == nil || !d.may(e) {
		return nil, nil, errNoPage
	}
	row, ok := d.draws[id]
	if !ok {
		return nil, nil, errNoPage
	}
	teller, err := s.drawTeller(r, d.view, e, &row)
	return d, teller, err
}

func (s *Server) draw(w http.ResponseWriter, r *http.Request) error {
	d, teller, err := s.drawOne(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *d.one(r, teller))
}

// one is the page of an event's draw for those who may change it.
func (d *drawDesk) one(r *http.Request, dt *drawTeller) *DrawPage {
	t := d.b.t
	row, state := d.row(dt.event)
	page := &DrawPage{DrawsURL: d.url, PublicURL: d.b.root + "/events/" + row.ID + "/draw", Heading: row.Title, Over: d.b.disciplineName(dt.event), Done: d.done(r), State: row.State, StateText: row.StateText, Draw: dt.shown(), Action: row.URL}
	page.Void = &ReasonForm{Action: row.URL + "/void", Command: uuid.NewString(), Label: t.T("draws.void-reason"), Do: t.T("draws.void"), Danger: true}
	if state == string(events.DrawMade) {
		page.Placed, page.Free, page.Reserves = dt.placed(), dt.free(), dt.reserves()
		for range drawActs {
			page.Commands = append(page.Commands, uuid.NewString())
		}
		for i := range page.Draw.Changes {
			if c := &page.Draw.Changes[i]; !c.Undone && dt.doc.Changes[i].Act != draw.Undo {
				c.Undo = &ReasonForm{Action: row.URL + "/undo", Command: uuid.NewString(), Seq: int64(c.Number), Label: t.T("draws.undo-reason"), Do: t.T("draws.undo")}
			}
		}
	}
	d.Title = t.Join(t.T("draws.title"), row.Title)
	d.Path = row.URL
	page.Page = d.Page
	return page
}

// drawActs are the changes that the page has forms for.
var drawActs = []draw.Act{draw.Swap, draw.Move, draw.Scratch, draw.ReserveIn}

// seen reads "104 2/4", who was seen where.
func seen(text string) (who string, spot draw.Spot, err error) {
	who, at, _ := strings.Cut(text, " ")
	part, number, ok := strings.Cut(at, "/")
	if !ok {
		part, number = "0", at
	}
	var err1, err2 error
	spot.Part, err1 = strconv.Atoi(part)
	spot.Number, err2 = strconv.Atoi(number)
	if errors.Join(err1, err2) != nil {
		return "", spot, errForm
	}
	return who, spot, nil
}

// drawAsked is the change that a form asks for.
func drawAsked(r *http.Request) (draw.Change, error) {
	c := draw.Change{Act: draw.Act(r.PostForm.Get("act"))}
	if !slices.Contains(drawActs, c.Act) {
		return c, errForm
	}
	var err error
	var from, to draw.Spot
	if c.Act == draw.ReserveIn {
		c.Entrant = r.PostForm.Get("who")
	} else {
		c.Entrant, from, err = seen(r.PostForm.Get("who"))
		c.From = &from
	}
	if err == nil && c.Act == draw.Swap {
		c.With, to, err = seen(r.PostForm.Get("with"))
		c.To = &to
	}
	if err == nil && (c.Act == draw.Move || c.Act == draw.ReserveIn) {
		_, to, err = seen(" " + r.PostForm.Get("to"))
		c.To = &to
	}
	return c, err
}

func (s *Server) drawChange(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	return s.drawAct(w, r, "changed", func(d *drawDesk, event int64) error {
		c, err := drawAsked(r)
		if err != nil {
			return err
		}
		_, err = s.store.ChangeDraw(r.Context(), s.ask(r), d.who, events.ChangeDraw{Event: event, Change: c})
		return err
	})
}

func (s *Server) drawUndo(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	return s.drawAct(w, r, "changed", func(d *drawDesk, event int64) error {
		n, err := strconv.Atoi(r.PostForm.Get("seq"))
		if err != nil {
			return errForm
		}
		_, err = s.store.ChangeDraw(r.Context(), s.ask(r), d.who, events.ChangeDraw{Event: event, Change: draw.Change{Act: draw.Undo, Undoes: n}})
		return err
	})
}

func (s *Server) drawVoid(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	return s.drawAct(w, r, "voided", func(d *drawDesk, event int64) error {
		_, err := s.store.VoidDraw(r.Context(), s.ask(r), d.who, events.VoidDraw{Event: event})
		return err
	})
}

// drawAct changes one event's draw, or shows it again as it stands now with why
// it was not changed.
func (s *Server) drawAct(w http.ResponseWriter, r *http.Request, what string, do func(*drawDesk, int64) error) error {
	d, teller, err := s.drawOne(w, r)
	if err != nil {
		return err
	}
	err = do(d, teller.event.ID)
	status := statusOf(err)
	switch {
	case err == nil:
		to := d.url
		if what != "voided" {
			to += "/" + strconv.FormatInt(teller.event.ID, 10)
		}
		return did(w, r, to, "did", what, "n", "1")
	case status != http.StatusUnprocessableEntity && status != http.StatusConflict, errors.Is(err, errForm):
		return err
	}
	page := d.one(r, teller)
	page.Chosen = DrawTyped{Act: r.PostForm.Get("act"), Who: r.PostForm.Get("who"), With: r.PostForm.Get("with"), To: r.PostForm.Get("to"), Reason: r.PostForm.Get("reason")}
	page.Wrong, page.Problems = true, []Problem{{"main", teller.problem(err)}}
	var refusal *events.Refusal
	if errors.As(err, &refusal) && refusal.Field == "reason" {
		page.Problems[0].Text = d.b.t.T("draws.reason-missing")
	}
	return s.renderer.Write(w, status, *page)
}

// drawPublic serves a draw to everybody, run again.
func (s *Server) drawPublic(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "schedule")
	if err != nil {
		return err
	}
	id, err := number(r, "event")
	if err != nil {
		return err
	}
	e := v.b.programme.Event(id)
	if e == nil {
		return errNoPage
	}
	row, err := s.store.DrawOf(r.Context(), v.c.Code, id)
	if err != nil {
		return err
	}
	dt, err := s.drawTeller(r, v, e, row)
	if err != nil {
		return err
	}
	page := DrawPublicPage{Heading: v.b.eventName(e), Over: v.b.disciplineName(e), EventURL: fmt.Sprintf("%s/events/%d", v.b.root, id), Draw: dt.shown()}
	if dt.doc != nil {
		if err := draw.Verify(dt.doc); err != nil {
			page.Differs = dt.problem(err)
		}
		page.Holds = page.Differs == "" && dt.doc.Commitment == row.Commitment
	}
	v.Title = v.b.t.Join(v.b.t.T("draws.public-title"), page.Heading)
	page.Page = v.Page
	return s.send(w, r, page)
}

// drawDocument serves a draw to programs: of a promise the commitment alone.
func (s *Server) drawDocument(w http.ResponseWriter, r *http.Request) error {
	c, err := s.store.Competition(r.Context(), r.PathValue("competition"))
	if err != nil {
		return err
	}
	id, err := number(r, "file")
	if err != nil {
		return err
	}
	row, err := s.store.DrawOf(r.Context(), c.Code, id)
	if err != nil {
		return err
	}
	doc, err := row.Published()
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, doc)
}

// drawLink is an event page's link to its draw; empty where it has none.
func (s *Server) drawLink(r *http.Request, v *view, event int64) (address, text string, err error) {
	row, err := s.store.DrawOf(r.Context(), v.c.Code, event)
	switch {
	case errors.Is(err, events.ErrNotFound):
		return "", "", nil
	case err != nil:
		return "", "", err
	}
	return fmt.Sprintf("%s/events/%d/draw", v.b.root, event), v.b.t.T("draws.link-" + string(row.State)), nil
}
