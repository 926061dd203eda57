// Setting an edition up, step by step: each step is a form that works without
// script, kept as a draft that anybody of the organisers can go on with. Nothing
// is in force until the last step puts it there.
package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/plan"
	"tongchang/events/workbook"
	"tongchang/scoring"
	"tongchang/scoring/packs"
)

// setupRoutes are the pages of the set-up and of what is ready. Founding is for
// who organises another edition or holds the desk's key: the handler asks.
func (s *Server) setupRoutes() []route {
	return []route{
		{"GET /setup", everybody, s.foundPage},
		{"POST /setup", everybody, s.found},
		{"GET /c/{competition}/desk/setup", access.SetEdition, s.setup},
		{"GET /c/{competition}/desk/setup/{step}", access.SetEdition, s.setupStep},
		{"POST /c/{competition}/desk/setup/{step}", access.SetEdition, s.setupSave},
		{"POST /c/{competition}/desk/setup-apply", access.SetEdition, s.setupApply},
		{"POST /c/{competition}/desk/setup-drop", access.SetEdition, s.setupDrop},
		{"POST /c/{competition}/desk/setup-delegations", access.SetEdition, s.setupDelegations},
		{"GET /c/{competition}/desk/setup.json", access.SetEdition, s.setupExport},
		{"POST /c/{competition}/desk/setup.json", access.SetEdition, s.setupImport},
		{"GET /c/{competition}/desk/ready", access.SetEdition, s.readyList},
		{"POST /c/{competition}/desk/ready/backup", access.SetEdition, s.noteBackup},
	}
}

// builtin are the data that come with the program.
var builtin = sync.OnceValue(func() *packs.Packs {
	p, err := packs.Builtin()
	if err != nil { // a test of package packs finds it first
		panic(err)
	}
	return &p
})

// setupDesk is what every page of the set-up starts from. Posted is the form
// that was sent, whose fields are shown again as they were typed.
type setupDesk struct {
	*view
	who      access.Who
	url      string
	step     plan.Step
	draft    *events.SetupDraft
	plan     *plan.Plan
	today    string
	posted   url.Values
	bad      map[string]string
	problems []Problem
	done     string
}

func (s *Server) setupDesk(w http.ResponseWriter, r *http.Request) (*setupDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	d := &setupDesk{view: v, who: s.who(r), url: v.b.root + "/desk/setup", step: plan.Step(r.PathValue("step")), bad: map[string]string{},
		today: time.Now().In(v.b.zone).Format(time.DateOnly)}
	if d.draft, err = s.store.Setup(r.Context(), d.who, d.c.Code); err != nil {
		return nil, err
	}
	d.plan = d.draft.Plan
	d.Bar = s.bar(r, v, "ready")
	return d, nil
}

// frame is the page round a step.
func (d *setupDesk) frame() SetupFrame {
	t := d.b.t
	f := SetupFrame{Page: d.Page, Base: d.url, Action: d.url + "/" + string(d.step), Saw: d.draft.Revision, Steps: d.links(), Problems: d.problems, Done: d.done}
	f.Path = f.Action
	if d.step == "" {
		f.Action, f.Path = d.url, d.url
	}
	f.Wrong = len(d.problems) > 0
	if d.draft.Revision > 0 {
		f.Draft = t.T("setup.draft", d.draft.By, d.moment(d.draft.At))
	}
	if at := slices.Index(plan.Steps, d.step); at >= 0 {
		f.Over = t.T("setup.step-of", strconv.Itoa(at+1), strconv.Itoa(len(plan.Steps)))
		f.Heading, f.Lead = t.T("setup.step-"+string(d.step)), t.T("setup.lead-"+string(d.step))
		f.Title = t.Join(f.Heading, t.T("setup.title"))
	}
	return f
}

// moment is a time of the day or, where it is another day, with it.
func (d *setupDesk) moment(at time.Time) string {
	at = at.In(d.b.zone)
	return d.b.t.Days(at, at) + " " + d.b.t.Hour(at)
}

// setupShapes are the chips of a step's states.
var setupShapes = map[plan.State]string{plan.Done: "official", plan.Open: "scheduled", plan.Warning: "unofficial", plan.Missing: "alert", plan.Wrong: "alert"}

func (d *setupDesk) links() []SetupLink {
	t := d.b.t
	var links []SetupLink
	for _, g := range d.plan.Check(d.today) {
		l := SetupLink{Title: t.T("setup.step-" + string(g.Step)), URL: d.url + "/" + string(g.Step), Shape: setupShapes[g.State], State: t.T("setup.state-" + string(g.State)), Current: g.Step == d.step}
		for i := range g.Say {
			l.Say = append(l.Say, t.Invalid(&g.Say[i], nil))
		}
		links = append(links, l)
	}
	return links
}

// setup serves the page where the set-up begins and is gone on with.
func (s *Server) setup(w http.ResponseWriter, r *http.Request) error {
	d, err := s.setupDesk(w, r)
	if err != nil {
		return err
	}
	if did := r.URL.Query().Get("did"); slices.Contains([]string{"dropped", "imported"}, did) {
		d.done = d.b.t.T("setup.did-" + did)
	}
	return s.renderer.Write(w, http.StatusOK, d.home())
}

func (d *setupDesk) home() SetupPage {
	t := d.b.t
	p := SetupPage{SetupFrame: d.frame(), Facts: d.facts(), Export: d.url + ".json", Found: "/setup", ReadyURL: d.b.root + "/desk/ready",
		Import: SetupFile{Action: d.url + ".json", Label: t.T("setup.import-file"), Hint: t.T("setup.import-hint"), Accept: ".json,application/json", Do: t.T("setup.import-do")}}
	p.Heading, p.Lead = t.T("setup.title"), t.T("setup.lead")
	p.Title = p.Heading
	if d.draft.Revision > 0 {
		p.Drop = d.b.root + "/desk/setup-drop"
	}
	next := plan.StepReview
	for _, g := range d.plan.Check(d.today) {
		if g.State != plan.Done && g.Step != plan.StepReview {
			next = g.Step
			break
		}
	}
	p.Next, p.NextText = d.url+"/"+string(next), t.T("setup.go-on", t.T("setup.step-"+string(next)))
	return p
}

// facts are what a set-up comes to.
func (d *setupDesk) facts() []Fact {
	t, p := d.b.t, d.plan
	facts := []Fact{{t.T("setup.fact-sports"), strconv.Itoa(len(p.Rules.Sports))}, {t.T("setup.fact-events"), strconv.Itoa(len(p.Events))},
		{t.T("setup.fact-delegations"), strconv.Itoa(len(p.Rules.Delegations))}, {t.T("setup.fact-venues"), strconv.Itoa(len(p.Venues))}}
	first, err1 := time.Parse(time.DateOnly, p.Starts)
	last, err2 := time.Parse(time.DateOnly, p.Ends)
	if err1 == nil && err2 == nil {
		facts = append([]Fact{{t.T("setup.fact-days"), t.Days(first, last)}}, facts...)
	}
	return facts
}

// stepForm is a step that has a form: the page it is on, and what is made of
// what was sent. Take reports in bad and problems what cannot be kept.
type stepForm struct {
	page func(*setupDesk) View
	take func(*setupDesk)
}

// stepForms are the forms of the steps.
var stepForms = map[plan.Step]stepForm{
	plan.StepGames:       {(*setupDesk).gamesPage, (*setupDesk).takeGames},
	plan.StepSports:      {(*setupDesk).sportsPage, (*setupDesk).takeSports},
	plan.StepEvents:      {(*setupDesk).eventsPage, (*setupDesk).takeEvents},
	plan.StepRegulation:  {(*setupDesk).regulationPage, (*setupDesk).takeRegulation},
	plan.StepDelegations: {(*setupDesk).delegationsPage, (*setupDesk).takeDelegations},
	plan.StepVenues:      {(*setupDesk).venuesPage, (*setupDesk).takeVenues},
	plan.StepDeadlines:   {(*setupDesk).deadlinesPage, (*setupDesk).takeDeadlines},
	plan.StepEntry:       {(*setupDesk).entryPage, (*setupDesk).takeEntry},
}

// setupStep serves a step.
func (s *Server) setupStep(w http.ResponseWriter, r *http.Request) error {
	d, err := s.setupDesk(w, r)
	if err != nil {
		return err
	}
	if d.step == plan.StepReview {
		page, err := s.reviewPage(r, d)
		if err != nil {
			return err
		}
		return s.renderer.Write(w, http.StatusOK, *page)
	}
	form, ok := stepForms[d.step]
	if !ok {
		return errNoPage
	}
	d.posted = url.Values{"sport": r.URL.Query()["sport"], "edit": r.URL.Query()["edit"]}
	if r.URL.Query().Get("did") == "saved" {
		d.done = d.b.t.T("setup.did-saved")
	}
	return s.renderer.Write(w, http.StatusOK, form.page(d))
}

// setupSave takes the form of a step.
func (s *Server) setupSave(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.setupDesk(w, r)
	if err != nil {
		return err
	}
	step, ok := stepForms[d.step]
	if !ok {
		return errNoPage
	}
	saw, err := strconv.ParseInt(r.PostForm.Get("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	d.posted = r.PostForm
	d.posted["sport"] = append(d.posted["sport"], r.URL.Query()["sport"]...)
	if step.take(d); len(d.problems) > 0 {
		return s.renderer.Write(w, http.StatusUnprocessableEntity, step.page(d))
	}
	if d.posted.Get("do") == "work" { // a look, that keeps nothing
		return s.renderer.Write(w, http.StatusOK, step.page(d))
	}
	if d.posted.Get("do") == "" {
		d.plan.Mark(d.step)
	}
	if _, err := s.store.SaveSetup(r.Context(), d.who, d.c.Code, d.plan, saw); err != nil {
		status := statusOf(err)
		if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
			return err
		}
		d.problems = append(d.problems, Problem{"main", d.b.t.Problem(err, nil)})
		return s.renderer.Write(w, status, step.page(d))
	}
	if d.posted.Get("go") == "next" {
		http.Redirect(w, r, d.url+"/"+string(plan.Next(d.step)), http.StatusSeeOther)
		return nil
	}
	return did(w, r, d.url+"/"+string(d.step)+d.back(), "did", "saved")
}

// back keeps the sport that a page of events is about.
func (d *setupDesk) back() string {
	if sport := d.posted.Get("sport"); d.step == plan.StepEvents && sport != "" {
		return "?" + url.Values{"sport": {sport}}.Encode()
	}
	return ""
}

// say notes what is wrong with a field, in words.
func (d *setupDesk) say(field, problem string, with ...string) {
	text := d.b.t.Invalid(&scoring.Invalid{Problem: problem, With: with}, nil)
	if d.bad[field] == "" {
		d.bad[field] = text
	}
	d.problems = append(d.problems, Problem{field, text})
}

// sayErr notes an error of the plan at its field, or at another.
func (d *setupDesk) sayErr(err error, field string) {
	var inv *scoring.Invalid
	if !errors.As(err, &inv) {
		d.say(field, "setup-unread", err.Error())
		return
	}
	if inv.Field != "" && d.posted.Has(inv.Field) {
		field = inv.Field
	}
	d.say(field, inv.Problem, inv.With...)
}

// typed is a field as it was sent, else as the plan has it.
func (d *setupDesk) typed(name, own string) string {
	if d.posted.Has(name) {
		return d.posted.Get(name)
	}
	return own
}

// text is a field that was sent, without blanks round it.
func (d *setupDesk) text(name string) string { return strings.TrimSpace(d.posted.Get(name)) }

// count reads a number that may be left empty.
func (d *setupDesk) count(name string, most int) int {
	text := d.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		d.say(name, "not-between", text, "0", strconv.Itoa(most))
	}
	return n
}

// field is a field of a form.
func (d *setupDesk) field(name, kind, own string) SetupField {
	t := d.b.t
	f := SetupField{Name: name, Kind: kind, Label: t.T("setup.field-" + name), Value: d.typed(name, own), Bad: d.bad[name]}
	if key := "setup.hint-" + name; t.Has(key) {
		f.Hint = t.T(key)
	}
	return f
}

// choice is a field whose values are words of the catalogue, below prefix.
func (d *setupDesk) choice(name, own, prefix string, values ...string) SetupField {
	f := d.field(name, "select", own)
	for _, value := range values {
		f.Options = append(f.Options, Option{Value: value, Text: d.b.t.T(prefix + value), Chosen: f.Value == value})
	}
	return f
}

// setupApply puts the draft in force.
func (s *Server) setupApply(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	saw, err := strconv.ParseInt(r.PostForm.Get("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	ask := s.ask(r)
	if _, err = s.store.ApplySetup(r.Context(), ask, s.who(r), saw); err == nil {
		return did(w, r, "/c/"+ask.Competition+"/desk/ready", "did", "applied")
	}
	status := statusOf(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	r.SetPathValue("step", string(plan.StepReview))
	d, err2 := s.setupDesk(w, r)
	if err2 != nil {
		return err2
	}
	d.problems = []Problem{{"main", d.b.t.Problem(err, nil)}}
	page, err2 := s.reviewPage(r, d)
	if err2 != nil {
		return err2
	}
	return s.renderer.Write(w, status, *page)
}

// reviewPage shows what putting the draft in force would do.
func (s *Server) reviewPage(r *http.Request, d *setupDesk) (*SetupReviewPage, error) {
	preview, err := s.store.PreviewSetup(r.Context(), events.Command{Competition: d.c.Code, Author: d.who.Name}, d.who)
	if err != nil {
		return nil, err
	}
	p := &SetupReviewPage{SetupFrame: d.frame(), Facts: d.facts(), Fit: preview.Fit, Command: uuid.NewString()}
	p.Action = d.b.root + "/desk/setup-apply"
	for _, l := range p.Steps[:len(p.Steps)-1] {
		if len(l.Say) > 0 {
			p.Back = append(p.Back, l)
		}
	}
	d.changes(p, preview)
	return p, nil
}

// changes puts a preview into sentences.
func (d *setupDesk) changes(p *SetupReviewPage, preview *events.SetupPreview) {
	t := d.b.t
	add := func(yes bool, text string) {
		if yes {
			p.Changes = append(p.Changes, text)
		}
	}
	add(preview.Games, t.T("setup.will-games", d.plan.Name))
	add(preview.Regulation, t.T("setup.will-regulation"))
	add(preview.Sessions > 0, t.T("setup.will-sessions", preview.Sessions))
	e := preview.Edition
	if e == nil {
		return
	}
	add(e.Rules, t.T("setup.will-rules"))
	for _, c := range e.Counts {
		add(c.Created > 0, t.T("setup.will-create-"+c.Noun, c.Created))
		add(c.Changed > 0, t.T("setup.will-change-"+c.Noun, c.Changed))
	}
	add(len(e.Removed) > 0, t.T("setup.will-remove", len(e.Removed)))
	for _, k := range e.Kept {
		p.Warnings = append(p.Warnings, t.T("setup.warn-kept", k.Name, strconv.Itoa(k.Entries)))
	}
	for _, k := range e.Altered {
		p.Warnings = append(p.Warnings, t.T("setup.warn-altered", k.Name, strconv.Itoa(k.Entries)))
	}
	for _, name := range e.Delegations {
		p.Warnings = append(p.Warnings, t.T("setup.warn-delegation", name))
	}
	if n := len(e.KeptBack); n > 0 {
		p.Warnings = append(p.Warnings, t.T("setup.warn-back", n))
	}
}

// setupDrop throws the draft away.
func (s *Server) setupDrop(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	code := r.PathValue("competition")
	if err := s.store.DropSetup(r.Context(), s.who(r), code); err != nil {
		return err
	}
	return did(w, r, "/c/"+code+"/desk/setup", "did", "dropped")
}

// setupExport gives the set-up as one file.
func (s *Server) setupExport(w http.ResponseWriter, r *http.Request) error {
	d, err := s.store.Setup(r.Context(), s.who(r), r.PathValue("competition"))
	if err != nil {
		return err
	}
	raw, err := d.Plan.Bytes()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "setup-" + r.PathValue("competition") + ".json"}))
	_, err = w.Write(raw)
	return err
}

// setupFile reads the file of a form; problem is what to tell where there is none.
func (d *setupDesk) file(w http.ResponseWriter, r *http.Request, most int64) (name string, raw []byte, problem string) {
	r.Body = http.MaxBytesReader(w, r.Body, most+64<<10) // the file and the form round it
	f, header, err := r.FormFile("file")
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "", nil, d.b.t.T("reg.team.too-large", strconv.FormatInt(most>>20, 10))
	case err != nil:
		return "", nil, d.b.t.T("reg.team.no-file")
	}
	defer f.Close()
	if raw, err = io.ReadAll(io.LimitReader(f, most+1)); err != nil || len(raw) == 0 {
		return "", nil, d.b.t.T("reg.team.no-file")
	}
	return fileName(header.Filename), raw, ""
}

// setupImport takes a set-up from a file as the draft.
func (s *Server) setupImport(w http.ResponseWriter, r *http.Request) error {
	d, err := s.setupDesk(w, r)
	if err != nil {
		return err
	}
	refuse := func(status int, text string) error {
		d.problems = []Problem{{"file", text}}
		return s.renderer.Write(w, status, d.home())
	}
	_, raw, problem := d.file(w, r, plan.MaxSize)
	if problem != "" {
		return refuse(http.StatusUnprocessableEntity, problem)
	}
	p, err := plan.Read(raw)
	if err != nil {
		return refuse(http.StatusUnprocessableEntity, d.b.t.Problem(err, nil))
	}
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	p.Zone, p.Seen = d.c.Zone, nil
	if _, err := s.store.SaveSetup(r.Context(), d.who, d.c.Code, p, saw); err != nil {
		if status := statusOf(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity {
			return refuse(status, d.b.t.Problem(err, nil))
		}
		return fmt.Errorf("bring a set-up in: %w", err)
	}
	return did(w, r, d.url, "did", "imported")
}

// setupDelegations reads the delegations of a workbook into the draft.
func (s *Server) setupDelegations(w http.ResponseWriter, r *http.Request) error {
	r.SetPathValue("step", string(plan.StepDelegations))
	d, err := s.setupDesk(w, r)
	if err != nil {
		return err
	}
	refuse := func(status int, text string) error {
		d.problems = []Problem{{"file", text}}
		return s.renderer.Write(w, status, d.delegationsPage())
	}
	name, raw, problem := d.file(w, r, 1<<20)
	if problem != "" {
		return refuse(http.StatusUnprocessableEntity, problem)
	}
	book, err := workbook.Read(name, raw, workbook.Options{})
	var all []plan.Delegation
	if err == nil && len(book.Sheets) > 0 {
		all, err = plan.DelegationsOf(book.Sheets[0].Rows)
	}
	if err != nil {
		return refuse(http.StatusUnprocessableEntity, d.b.t.Problem(err, nil))
	}
	if len(all) == 0 {
		return refuse(http.StatusUnprocessableEntity, d.b.t.T("setup.no-delegations-in-file"))
	}
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	d.plan.Rules.Delegations = all
	if _, err := s.store.SaveSetup(r.Context(), d.who, d.c.Code, d.plan, saw); err != nil {
		if status := statusOf(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity {
			return refuse(status, d.b.t.Problem(err, nil))
		}
		return err
	}
	return did(w, r, d.url+"/"+string(plan.StepDelegations), "did", "saved")
}
