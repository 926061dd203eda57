// Sport classes over HTTP: the list, a person's classes, and a change of class
// that is shown with all it comes to before it is applied, and can be taken back
// until somebody starts.
package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/identity"
)

// classRoutes are the pages of classes.
func (s *Server) classRoutes() []route {
	const person = " /c/{competition}/desk/classes/{discipline}/{participant}"
	return []route{
		{"GET /c/{competition}/classes", everybody, s.classesPublic},
		{"GET /c/{competition}/desk/classes", access.ReadClass, s.classesDesk},
		{"POST /c/{competition}/desk/classes/find", access.ReadClass, s.classesFind},
		{"GET" + person, access.ReadClass, s.class},
		{"POST" + person + "/check", access.DecideClass, s.classCheck},
		{"POST" + person + "/change", access.DecideClass, s.classChange},
		{"POST" + person + "/undo", access.DecideClass, s.classUndo},
	}
}

func classURL(root string, discipline, participant int64) string {
	return root + "/desk/classes/" + strconv.FormatInt(discipline, 10) + "/" + strconv.FormatInt(participant, 10)
}

// classDesk is what every page of a person's classes starts from.
type classDesk struct {
	*view
	who access.Who
	url string
	p   *events.PersonClasses
}

func (s *Server) classDesk(w http.ResponseWriter, r *http.Request) (*classDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	discipline, err := number(r, "discipline")
	if err != nil {
		return nil, err
	}
	participant, err := number(r, "participant")
	if err != nil {
		return nil, err
	}
	d := &classDesk{view: v, who: s.who(r), url: classURL(v.b.root, discipline, participant)}
	d.Bar = s.bar(r, v, "classes")
	d.p, err = s.store.PersonClasses(r.Context(), d.who, v.c.Code, participant, discipline)
	return d, err
}

func (d *classDesk) name() string { return events.DisplayName(d.p.Person.Family, d.p.Person.Given) }

// class serves a person's classes in a discipline.
func (s *Server) class(w http.ResponseWriter, r *http.Request) error {
	d, err := s.classDesk(w, r)
	if err != nil {
		return err
	}
	page := d.page()
	if did := r.URL.Query().Get("did"); did == "changed" || did == "undone" {
		page.Done = &Done{Text: d.b.t.T("classes.did-" + did)}
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (d *classDesk) page() *ClassPage {
	t := d.b.t
	d.Title, d.Path = t.T("classes.person-title", d.name()), d.url
	page := &ClassPage{Page: d.Page, ListURL: d.b.root + "/desk/classes", Name: d.name(),
		Over: t.Join(d.b.pick(d.p.Discipline.Name, d.p.Discipline.NameEn), d.b.pick(d.p.Delegation.Name, d.p.Delegation.NameEn))}
	may := access.May(d.who, access.DecideClass, access.Object{Discipline: d.p.Discipline.ID}) == access.Allowed
	for i := range d.p.Lines {
		l := &d.p.Lines[i]
		if len(l.History) == 0 { // entered, and never had a class: the form below gives the first
			continue
		}
		held := ClassHeld{ClassRow: d.classRow(l), ID: strconv.Itoa(i + 1)}
		for j := range l.History {
			h := &l.History[j]
			cause := ""
			if h.Cause != "" {
				cause = t.T("class-cause." + string(h.Cause))
			}
			held.History = append(held.History, t.Join(standing(h.Class, h.Status, h.Review), cause, h.Panel, h.Day, strings.ReplaceAll(h.Classifiers, ",", "、"), h.Limitation))
		}
		if may {
			held.Form = d.form(held.ID, l)
		}
		page.Lines = append(page.Lines, held)
	}
	if may {
		page.First = d.form(firstForm, &events.ClassLine{})
	}
	for i := range d.p.Changes {
		a := &d.p.Changes[i]
		at := a.At.In(d.b.zone)
		line := ClassActLine{Title: t.Join(t.Days(at, at)+" "+t.Hour(at), a.By), Reason: a.Reason, Undone: a.Undone != 0}
		if may && !line.Undone {
			line.Undo = &ReasonForm{Action: d.url + "/undo", Command: uuid.NewString(), Seq: a.Seq, Label: t.T("classes.undo-reason"), Do: t.T("classes.undo")}
		}
		page.Acts = append(page.Acts, line)
	}
	return page
}

// firstForm is the form for a class group in which the person holds nothing.
const firstForm = "first"

// form asks for a change of the class that a line has.
func (d *classDesk) form(id string, l *events.ClassLine) *ClassForm {
	t := d.b.t
	f := &ClassForm{ID: id, Action: d.url + "/check", Group: l.Held.ClassGroup, Saw: strconv.FormatInt(l.Held.ID, 10), Limitation: l.Held.Limitation}
	for _, s := range classStatuses {
		f.Statuses = append(f.Statuses, Option{string(s), t.Join(string(s), t.T("class-status."+string(s))), s == l.Held.Status})
	}
	for _, c := range classes.Causes() {
		f.Causes = append(f.Causes, Option{Value: string(c), Text: t.T("class-cause." + string(c))})
	}
	f.Keep = keepOptions(t, "")
	return f
}

// keepOptions are what may become of results so far.
func keepOptions(t *Translator, chosen classes.Results) []Option {
	return []Option{{"", t.T("classes.results-usual"), chosen == ""}, {string(classes.Keep), t.T("classes.results-keep"), chosen == classes.Keep}, {string(classes.Cancel), t.T("classes.results-cancel"), chosen == classes.Cancel}}
}

// typed puts what was typed back into a form, with what is wrong beside it.
func (f *ClassForm) typed(form url.Values, field, text string) {
	f.Class, f.Review, f.Reason, f.Panel, f.Day, f.Order = form.Get("class"), form.Get("review"), form.Get("reason"), form.Get("panel"), form.Get("day"), form.Get("order")
	f.Classifiers, f.Limitation, f.Wrong, f.Error = form.Get("classifiers"), form.Get("limitation"), field, text
	for name, list := range map[string][]Option{"status": f.Statuses, "cause": f.Causes, "results": f.Keep} {
		for i := range list {
			list[i].Chosen = list[i].Value == form.Get(name)
		}
	}
}

// classFields are the fields of a change, as they go from page to page.
var classFields = []string{"form", "group", "saw", "class", "status", "review", "cause", "results", "panel", "day", "order", "classifiers", "limitation"}

// outcome reads what a form asks for. A first class is in the group that its
// letters say; a pseudo-class without a group is about the whole sport.
func (d *classDesk) outcome(r *http.Request) (events.ChangeClass, error) {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	saw, err := strconv.ParseInt(get("saw"), 10, 64)
	if err != nil {
		return events.ChangeClass{}, errForm
	}
	o := events.ClassOutcome{Participant: d.p.Person.ID, Discipline: d.p.Discipline.ID, Group: get("group"), Class: strings.ToUpper(get("class")), Status: classes.Status(get("status")),
		Cause: classes.Cause(get("cause")), Results: classes.Results(get("results")), Panel: get("panel"), Limitation: get("limitation"), Saw: saw}
	if get("form") == firstForm && !classes.Pseudo(o.Class) {
		o.Group = classes.Group(o.Class)
	}
	wrong := func(field, problem, with string) (events.ChangeClass, error) {
		return events.ChangeClass{}, &events.Refusal{Status: events.StatusInvalid, Field: field, Problem: problem, With: []string{with}}
	}
	if text := get("review"); text != "" {
		if o.Review, err = strconv.Atoi(text); err != nil {
			return wrong("review", "outcomes-review", text)
		}
	}
	if text := get("order"); text != "" {
		if o.Order, err = strconv.Atoi(text); err != nil || o.Order < 1 || o.Order > 9 {
			return wrong("order", "outcomes-order", text)
		}
	}
	if text := get("day"); text != "" {
		day, ok := identity.ReadDay(text, false)
		if !ok {
			return wrong("day", "outcomes-day", text)
		}
		o.Day = day.String()
	}
	for name := range strings.FieldsFuncSeq(get("classifiers"), func(c rune) bool { return strings.ContainsRune("、,，;；", c) }) {
		if name = strings.TrimSpace(name); name != "" {
			o.Classifiers = append(o.Classifiers, name)
		}
	}
	return events.ChangeClass{Outcomes: []events.ClassOutcome{o}}, nil
}

// classCheck shows what a change comes to.
func (s *Server) classCheck(w http.ResponseWriter, r *http.Request) error {
	return s.onClass(w, r, func(d *classDesk, a events.ChangeClass) error {
		c := s.ask(r)
		c.ID = uuid.NewString()
		found, err := s.store.PreviewClasses(r.Context(), c, d.who, a)
		if err != nil {
			return err
		}
		t := d.b.t
		d.Title, d.Path = t.T("classes.check-title", d.name(), a.Outcomes[0].Class), d.url
		page := ClassCheckPage{Page: d.Page, Back: d.url, Heading: d.Title, Action: d.url + "/change", Command: uuid.NewString(), Parts: d.classParts(found, nil), Reason: c.Reason}
		for _, name := range classFields {
			page.Hidden = append(page.Hidden, Option{Value: name, Text: r.PostForm.Get(name)})
		}
		return s.renderer.Write(w, http.StatusOK, page)
	})
}

// classChange applies a change that was shown.
func (s *Server) classChange(w http.ResponseWriter, r *http.Request) error {
	return s.onClass(w, r, func(d *classDesk, a events.ChangeClass) error {
		if _, err := s.store.ChangeClasses(r.Context(), s.ask(r), d.who, a); err != nil {
			return err
		}
		return did(w, r, d.url, "did", "changed")
	})
}

// classUndo takes a change back.
func (s *Server) classUndo(w http.ResponseWriter, r *http.Request) error {
	return s.onClassForm(w, r, func(d *classDesk) error {
		seq, err := strconv.ParseInt(r.PostForm.Get("seq"), 10, 64)
		if err != nil {
			return errForm
		}
		if !slices.ContainsFunc(d.p.Changes, func(c events.ClassAction) bool { return c.Seq == seq }) {
			return &events.Refusal{Status: events.StatusNotFound, Problem: "no-such-class-change", With: []string{strconv.FormatInt(seq, 10)}}
		}
		if _, err := s.store.UndoClasses(r.Context(), s.ask(r), d.who, events.UndoClasses{Seq: seq}); err != nil {
			return err
		}
		return did(w, r, d.url, "did", "undone")
	})
}

// onClassForm does a step and, where it is refused, shows the person again with
// the reason why.
func (s *Server) onClassForm(w http.ResponseWriter, r *http.Request, step func(*classDesk) error) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	d, err := s.classDesk(w, r)
	if err != nil {
		return err
	}
	err = step(d)
	if status := statusOf(err); err != nil && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) {
		page := d.page()
		page.say(r.PostForm, err, d.b.t.Problem(err, nil))
		return s.renderer.Write(w, status, *page)
	}
	return err
}

// say puts what is wrong into the form that was sent, and on top.
func (p *ClassPage) say(form url.Values, err error, text string) {
	field := ""
	var refusal *events.Refusal
	if errors.As(err, &refusal) {
		field, _, _ = strings.Cut(refusal.Field, "[")
	}
	p.Wrong, p.Problems = true, []Problem{{"main", text}}
	for _, f := range p.forms() {
		if f.ID == form.Get("form") {
			f.typed(form, field, text)
			if slices.Contains(classFields, field) || field == "reason" {
				p.Problems[0].Target = field + "-" + f.ID
			}
		}
	}
}

// forms are the forms of the page.
func (p *ClassPage) forms() (all []*ClassForm) {
	for i := range p.Lines {
		if p.Lines[i].Form != nil {
			all = append(all, p.Lines[i].Form)
		}
	}
	if p.First != nil {
		all = append(all, p.First)
	}
	return all
}

// onClass does a step with the change that a form asks for.
func (s *Server) onClass(w http.ResponseWriter, r *http.Request, step func(*classDesk, events.ChangeClass) error) error {
	return s.onClassForm(w, r, func(d *classDesk) error {
		a, err := d.outcome(r)
		if err != nil {
			return err
		}
		return step(d, a)
	})
}

// classParts say what a change comes to, kind by kind; nothing is said of as
// nothing. Where it is about several people, name says whose entry each act is.
func (v *view) classParts(c *events.ClassChanged, name func(participant int64) string) []ClassPart {
	t := v.b.t
	if name == nil {
		name = func(int64) string { return "" }
	}
	acts, places, tables, records, papers, tell := ClassPart{Title: t.T("classes.part-acts")}, ClassPart{Title: t.T("classes.part-places")}, ClassPart{Title: t.T("classes.part-tables")},
		ClassPart{Title: t.T("classes.part-records")}, ClassPart{Title: t.T("classes.part-papers")}, ClassPart{Title: t.T("classes.part-tell")}
	for _, a := range c.Acts {
		more := a.Team
		if a.Unplaced {
			more = t.T("classes.unplaced")
		}
		acts.Lines = append(acts.Lines, t.Join(name(a.Participant), t.T("class-do."+string(a.Do)), v.contestName(a.Event), v.unitName(a.Unit), more))
	}
	for _, p := range c.Places {
		places.Lines = append(places.Lines, t.Join(v.contestName(p.Event), p.Name, t.T("classes.from-to", v.classPlace(p.Before), v.classPlace(p.After))))
	}
	names := v.b.delegationNames()
	for _, x := range c.Tables {
		tables.Lines = append(tables.Lines, t.Join(names[strconv.FormatInt(x.Delegation, 10)], t.T("class-number."+x.Number), t.T("classes.from-to", x.Before.String(), x.After.String())))
	}
	for _, x := range c.Records {
		records.Lines = append(records.Lines, t.Join(v.contestName(x.Event), x.Name, x.Class, x.Record))
	}
	for _, x := range c.Documents {
		papers.Lines = append(papers.Lines, t.Join(t.T("class-paper."+x.Document), v.unitName(x.Unit)))
	}
	for _, id := range c.Tell {
		tell.Lines = append(tell.Lines, names[strconv.FormatInt(id, 10)])
	}
	return []ClassPart{acts, places, tables, records, papers, tell}
}

func (v *view) classPlace(n int) string {
	if n == 0 {
		return v.b.t.T("classes.no-place")
	}
	return strconv.Itoa(n)
}

func (v *view) contestName(id int64) string {
	if e := v.b.programme.Event(id); e != nil {
		return v.b.eventName(e)
	}
	return ""
}

// unitName names a unit with its event; empty for none.
func (v *view) unitName(id int64) string {
	u, p, e, err := v.b.unitParts(id)
	if err != nil {
		return ""
	}
	return v.b.eventName(e) + " " + v.b.phaseOf(u, p)
}
