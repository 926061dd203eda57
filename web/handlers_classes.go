// Sport classes over HTTP: the list, a person's classes, and a change of class
// that is shown with all it comes to before it is applied, and can be taken back
// until somebody starts.
package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/classes"
)

// classRoutes are the pages of classes.
func (s *Server) classRoutes() []route {
	const person = " /c/{competition}/desk/classes/{discipline}/{participant}"
	return []route{
		{"GET /c/{competition}/classes", everybody, s.classesPublic},
		{"GET /c/{competition}/desk/classes", access.ReadClass, s.classesDesk},
		{"GET" + person, access.ReadClass, s.class},
		{"POST" + person + "/check", access.DecideClass, s.classCheck},
		{"POST" + person + "/change", access.DecideClass, s.classChange},
		{"POST" + person + "/undo", access.DecideClass, s.classUndo},
	}
}

// classRow says a class in words.
func (v *view) classRow(l *events.ClassLine) ClassRow {
	t := v.b.t
	row := ClassRow{Name: events.DisplayName(l.Person.Family, l.Person.Given), Delegation: v.b.pick(l.Delegation.Name, l.Delegation.NameEn), Sport: v.b.pick(l.Discipline.Name, l.Discipline.NameEn), Class: l.Held.Class}
	if l.Held.Status != "" {
		row.Status = t.Join(string(l.Held.Status), t.T("class-status."+string(l.Held.Status)))
	}
	if l.Held.Review > 0 {
		row.Status = t.Join(row.Status, strconv.Itoa(l.Held.Review))
	}
	switch {
	case classes.Pseudo(l.Held.Class) && l.Held.ClassGroup == "":
		row.Means = t.T("classes.blocks-all", row.Sport)
	case classes.Pseudo(l.Held.Class):
		row.Means = t.T("classes.blocks-group", l.Held.ClassGroup)
	}
	return row
}

// classesPublic serves the classes of people who have agreed to be named.
func (s *Server) classesPublic(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	lines, err := s.store.PublicClasses(r.Context(), v.c.Code)
	if err != nil {
		return err
	}
	page := ClassesPage{}
	for i := range lines {
		page.Rows = append(page.Rows, v.classRow(&lines[i]))
	}
	v.Title = v.b.t.T("classes.title")
	page.Page = v.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// classesDesk serves the officials' list.
func (s *Server) classesDesk(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	v.Bar = s.bar(r, v, "classes")
	lines, err := s.store.Classes(r.Context(), s.who(r), v.c.Code, 0, 0)
	if err != nil {
		return err
	}
	page := ClassesPage{Official: true}
	for i := range lines {
		l := &lines[i]
		row := v.classRow(l)
		row.URL = classURL(v.b.root, l.Discipline.ID, l.Person.ID)
		page.Rows = append(page.Rows, row)
	}
	v.Title = v.b.t.T("classes.title")
	page.Page = v.Page
	return s.renderer.Write(w, http.StatusOK, page)
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
		held := ClassHeld{ClassRow: d.classRow(l), ID: strconv.Itoa(i + 1)}
		for j := range l.History {
			h := &l.History[j]
			cause := ""
			if h.Cause != "" {
				cause = t.T("class-cause." + string(h.Cause))
			}
			held.History = append(held.History, t.Join(h.Class, string(h.Status), cause, h.Panel, h.Day))
		}
		if may {
			held.Form = d.form(l)
		}
		page.Lines = append(page.Lines, held)
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

func (d *classDesk) form(l *events.ClassLine) *ClassForm {
	t := d.b.t
	f := &ClassForm{Action: d.url + "/check", Group: l.Held.ClassGroup, Saw: strconv.FormatInt(l.Held.ID, 10)}
	for _, s := range []classes.Status{classes.New, classes.Review, classes.FixedDate, classes.Confirmed, classes.Observed} {
		f.Statuses = append(f.Statuses, Option{string(s), t.Join(string(s), t.T("class-status."+string(s))), s == l.Held.Status})
	}
	for _, c := range classes.Causes() {
		f.Causes = append(f.Causes, Option{Value: string(c), Text: t.T("class-cause." + string(c))})
	}
	f.Keep = []Option{{"", t.T("classes.results-usual"), true}, {string(classes.Keep), t.T("classes.results-keep"), false}, {string(classes.Cancel), t.T("classes.results-cancel"), false}}
	return f
}

// outcome reads what a form asks for.
func (d *classDesk) outcome(r *http.Request) (events.ChangeClass, error) {
	saw, err := strconv.ParseInt(r.PostForm.Get("saw"), 10, 64)
	if err != nil {
		return events.ChangeClass{}, errForm
	}
	o := events.ClassOutcome{Participant: d.p.Person.ID, Discipline: d.p.Discipline.ID, Group: r.PostForm.Get("group"), Class: strings.ToUpper(strings.TrimSpace(r.PostForm.Get("class"))),
		Status: classes.Status(r.PostForm.Get("status")), Cause: classes.Cause(r.PostForm.Get("cause")), Results: classes.Results(r.PostForm.Get("results")), Saw: saw}
	if text := strings.TrimSpace(r.PostForm.Get("review")); text != "" {
		if o.Review, err = strconv.Atoi(text); err != nil {
			return events.ChangeClass{}, errForm
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
		page := ClassCheckPage{Page: d.Page, Back: d.url, Heading: d.Title, Action: d.url + "/change", Command: uuid.NewString(), Parts: d.parts(found), Reason: c.Reason}
		for _, name := range []string{"group", "saw", "class", "status", "review", "cause", "results"} {
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
		page.Wrong, page.Problems = true, []Problem{{"main", d.b.t.Problem(err, nil)}}
		for i := range page.Lines {
			if f := page.Lines[i].Form; f != nil && f.Group == r.PostForm.Get("group") {
				f.Class, f.Review, f.Reason = r.PostForm.Get("class"), r.PostForm.Get("review"), r.PostForm.Get("reason")
			}
		}
		return s.renderer.Write(w, status, *page)
	}
	return err
}

func (s *Server) onClass(w http.ResponseWriter, r *http.Request, step func(*classDesk, events.ChangeClass) error) error {
	return s.onClassForm(w, r, func(d *classDesk) error {
		a, err := d.outcome(r)
		if err != nil {
			return err
		}
		return step(d, a)
	})
}

// parts say what a change comes to, kind by kind; nothing is said of as nothing.
func (d *classDesk) parts(c *events.ClassChanged) []ClassPart {
	t := d.b.t
	acts, places, tables, records, papers, tell := ClassPart{Title: t.T("classes.part-acts")}, ClassPart{Title: t.T("classes.part-places")}, ClassPart{Title: t.T("classes.part-tables")},
		ClassPart{Title: t.T("classes.part-records")}, ClassPart{Title: t.T("classes.part-papers")}, ClassPart{Title: t.T("classes.part-tell")}
	for _, a := range c.Acts {
		more := a.Team
		if a.Unplaced {
			more = t.T("classes.unplaced")
		}
		acts.Lines = append(acts.Lines, t.Join(t.T("class-do."+string(a.Do)), d.event(a.Event), d.unit(a.Unit), more))
	}
	for _, p := range c.Places {
		places.Lines = append(places.Lines, t.Join(d.event(p.Event), p.Name, t.T("classes.from-to", d.place(p.Before), d.place(p.After))))
	}
	names := d.b.delegationNames()
	for _, x := range c.Tables {
		tables.Lines = append(tables.Lines, t.Join(names[strconv.FormatInt(x.Delegation, 10)], t.T("class-number."+x.Number), t.T("classes.from-to", x.Before.String(), x.After.String())))
	}
	for _, x := range c.Records {
		records.Lines = append(records.Lines, t.Join(d.event(x.Event), x.Name, x.Class, x.Record))
	}
	for _, x := range c.Documents {
		papers.Lines = append(papers.Lines, t.Join(t.T("class-paper."+x.Document), d.unit(x.Unit)))
	}
	for _, id := range c.Tell {
		tell.Lines = append(tell.Lines, names[strconv.FormatInt(id, 10)])
	}
	return []ClassPart{acts, places, tables, records, papers, tell}
}

func (d *classDesk) place(n int) string {
	if n == 0 {
		return d.b.t.T("classes.no-place")
	}
	return strconv.Itoa(n)
}

func (d *classDesk) event(id int64) string {
	if e := d.b.programme.Event(id); e != nil {
		return d.b.eventName(e)
	}
	return ""
}

// unit names a unit with its event; empty for none.
func (d *classDesk) unit(id int64) string {
	u, p, e, err := d.b.unitParts(id)
	if err != nil {
		return ""
	}
	return d.b.eventName(e) + " " + d.b.phaseOf(u, p)
}
