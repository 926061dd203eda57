// What panels decide, over HTTP: the page of a person before a panel, with their
// file; cases with their clocks; people under observation. An outcome is looked at
// before it is applied, as every change of class is.
package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/paper"
)

// subject is what an outcome is about: a slot, a case, somebody who is watched.
type subject struct {
	*panelDesk

	at      string // its address
	page    func(problems []Problem) (*PanelPersonPage, error)
	preview func(c events.Command, found []events.Decided, saw int64) (*events.ClassChanged, error)
	decide  func(c events.Command, found []events.Decided, saw int64) error
	back    string // where a decision leads
}

// outcomeForm asks for a class in each class group that concerns a person.
func (d *panelDesk) outcomeForm(r *http.Request, action, saw string, groups, admitted []string, held []events.SportClass) *OutcomeForm {
	t := d.b.t
	f := &OutcomeForm{Action: action, Saw: saw, Reason: r.PostForm.Get("reason")}
	for i, g := range groups {
		n := strconv.Itoa(i)
		at := slices.IndexFunc(held, func(h events.SportClass) bool { return h.ClassGroup == g })
		o := OutcomeGroup{N: n, Group: g, Title: t.T("panels.group", g), Saw: "0", Typed: r.PostForm.Get("other-" + n), Review: r.PostForm.Get("review-" + n), Limitation: r.PostForm.Get("limitation-" + n)}
		status, class := classes.Status(r.PostForm.Get("status-"+n)), r.PostForm.Get("class-"+n)
		if g == "" {
			o.Title = t.T("panels.group-none")
		}
		if at >= 0 {
			o.Saw, o.Title = strconv.FormatInt(held[at].ID, 10), t.Join(o.Title, t.T("panels.held-now", d.heldWords(held[at : at+1])[0]))
		}
		o.Classes = []Option{{"", t.T("panels.not-decided"), class == ""}}
		for _, c := range append(slices.DeleteFunc(slices.Clone(admitted), func(c string) bool { return classes.Group(c) != g }), classes.NotEligible, classes.NotCompleted) {
			o.Classes = append(o.Classes, Option{c, c, c == class})
		}
		for _, s := range []classes.Status{classes.Confirmed, classes.Review, classes.FixedDate, classes.Observed, classes.New} {
			o.Statuses = append(o.Statuses, Option{string(s), t.Join(string(s), t.T("class-status."+string(s))), s == status || status == "" && s == classes.Confirmed})
		}
		f.Groups = append(f.Groups, o)
	}
	return f
}

// found reads an outcome form: what was decided, group by group.
func found(r *http.Request) (all []events.Decided, err error) {
	for i := range 8 {
		n := strconv.Itoa(i)
		class := strings.ToUpper(strings.TrimSpace(r.PostForm.Get("other-" + n)))
		if class == "" {
			class = r.PostForm.Get("class-" + n)
		}
		if class == "" {
			continue
		}
		o := events.Decided{Group: r.PostForm.Get("group-" + n), Class: class, Status: classes.Status(r.PostForm.Get("status-" + n)), Limitation: r.PostForm.Get("limitation-" + n)}
		if o.Saw, err = formInt(r, "saw-"+n); err != nil {
			return nil, err
		}
		if year := strings.TrimSpace(r.PostForm.Get("review-" + n)); year != "" {
			if o.Review, err = strconv.Atoi(year); err != nil {
				return nil, &events.Refusal{Status: events.StatusInvalid, Problem: "class-review", Field: "review-" + n}
			}
		}
		all = append(all, o)
	}
	if len(all) == 0 {
		err = &events.Refusal{Status: events.StatusInvalid, Problem: "outcome-none", Field: "outcome"}
	}
	return all, err
}

// outcomeFields are the fields of an outcome form that the second page sends
// again.
func outcomeFields(r *http.Request) (hidden []Option) {
	for i := range 8 {
		for _, name := range []string{"group-", "saw-", "class-", "other-", "status-", "review-", "limitation-"} {
			if v, ok := r.PostForm[name+strconv.Itoa(i)]; ok && len(v) > 0 {
				hidden = append(hidden, Option{Value: name + strconv.Itoa(i), Text: v[0]})
			}
		}
	}
	return append(hidden, Option{Value: "saw", Text: r.PostForm.Get("saw")})
}

// checked shows what an outcome comes to.
func (s *Server) checked(w http.ResponseWriter, r *http.Request, x *subject) error {
	return s.onSubject(w, r, x, func(all []events.Decided, saw int64) error {
		c := s.ask(r)
		c.ID = uuid.NewString()
		changed, err := x.preview(c, all, saw)
		if err != nil {
			return err
		}
		t := x.b.t
		x.Title, x.Path = t.T("panels.check"), x.at
		page := ClassCheckPage{Page: x.Page, Back: x.at, Heading: x.Title, Action: x.at + "/decide", Command: uuid.NewString(), Parts: x.classParts(changed, nil), Hidden: outcomeFields(r), Reason: c.Reason}
		return s.renderer.Write(w, http.StatusOK, page)
	})
}

// decided applies an outcome that was shown.
func (s *Server) decided(w http.ResponseWriter, r *http.Request, x *subject) error {
	return s.onSubject(w, r, x, func(all []events.Decided, saw int64) error {
		if err := x.decide(s.ask(r), all, saw); err != nil {
			return err
		}
		return did(w, r, x.back, "did", "decided")
	})
}

// onSubject reads an outcome, does a step with it, and shows the page again where
// it is refused.
func (s *Server) onSubject(w http.ResponseWriter, r *http.Request, x *subject, step func([]events.Decided, int64) error) error {
	saw, err := formInt(r, "saw")
	var all []events.Decided
	if err == nil && r.PostForm.Get("verdict") != "rejected" {
		all, err = found(r)
	}
	if err == nil {
		err = step(all, saw)
	}
	return s.shownAgain(w, x, err)
}

// shownAgain answers a refusal with the subject's page.
func (s *Server) shownAgain(w http.ResponseWriter, x *subject, err error) error {
	problems, status, ok := x.problem(err)
	if !ok {
		return err
	}
	x.Wrong = true
	page, err := x.page(problems)
	if err != nil {
		return err
	}
	page.aim()
	return s.renderer.Write(w, status, *page)
}

// aim leads from a problem to its field, where the page has it.
func (p *PanelPersonPage) aim() {
	ids := []string{"outcome"}
	if p.Files != nil {
		ids = append(ids, "form", "file")
	}
	if p.Admin != nil {
		ids = append(ids, "panel", "reason", "fee")
	}
	if p.Outcome != nil {
		ids = append(ids, "why")
		for i := range p.Problems {
			switch to := &p.Problems[i].Target; {
			case *to == "reason" && p.Admin == nil:
				*to = "why"
			case *to == "class", *to == "status", *to == "review", strings.HasPrefix(*to, "review-"):
				*to = "outcome"
			}
		}
	}
	p.Problems = aim(p.Problems, ids...)
}

// slotSubject is a slot that the address names.
func (s *Server) slotSubject(w http.ResponseWriter, r *http.Request) (*subject, int64, error) {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return nil, 0, err
	}
	id, err := number(r, "slot")
	if err != nil {
		return nil, 0, err
	}
	p, err := s.store.Slot(r.Context(), d.who, d.c.Code, id)
	if err != nil {
		return nil, 0, err
	}
	x := &subject{panelDesk: d, at: d.b.root + "/desk/slots/" + strconv.FormatInt(id, 10), back: d.url + "/" + strconv.FormatInt(p.Panel.ID, 10)}
	x.page = func(problems []Problem) (*PanelPersonPage, error) { return d.slotPage(r, x, p, problems), nil }
	x.preview = func(c events.Command, all []events.Decided, saw int64) (*events.ClassChanged, error) {
		return s.store.PreviewSlot(r.Context(), c, d.who, events.DecideSlot{Slot: id, Saw: saw, Outcomes: all})
	}
	x.decide = func(c events.Command, all []events.Decided, saw int64) error {
		_, err := s.store.DecideSlot(r.Context(), c, d.who, events.DecideSlot{Slot: id, Saw: saw, Outcomes: all})
		return err
	}
	return x, id, nil
}

func (d *panelDesk) slotPage(r *http.Request, x *subject, p *events.SlotPage, problems []Problem) *PanelPersonPage {
	t, sl := d.b.t, &p.Slot
	name, saw := events.DisplayName(sl.Person.Family, sl.Person.Given), strconv.FormatInt(sl.Revision, 10)
	d.Title, d.Path = t.T("panels.person", name), x.at
	page := &PanelPersonPage{Page: d.Page, Back: x.back, BackText: p.Panel.Name, Name: name, Over: t.Join(d.b.pick(p.Discipline.Name, p.Discipline.NameEn), d.b.pick(sl.Delegation.Name, sl.Delegation.NameEn), sl.Person.Code),
		Done: d.said(r, "sheet", "came"), Problems: problems, Held: d.heldWords(sl.Held),
		Facts: []Fact{{t.T("panels.when"), d.clock(sl.Start)}, {t.T("panels.field.room"), p.Panel.Room}, {t.T("panels.members"), memberNames(&p.Panel)}, {t.T("panels.state-is"), t.T("panels.state." + string(sl.State))}}}
	page.Files = d.files(x.at, p.Files)
	if sl.State != events.SlotSeen {
		page.Absent = &PanelButton{Action: x.at + "/absent", Command: uuid.NewString(), Saw: saw, Value: "1", Text: t.T("panels.absent")}
		if sl.State == events.SlotAbsent {
			page.Absent.Value, page.Absent.Text = "0", t.T("panels.came")
		}
		if p.Case == nil {
			page.Outcome = d.outcomeForm(r, x.at+"/check", saw, p.Groups, p.Classes, sl.Held)
		}
	}
	return page
}

// files are an athlete's papers, each with the form that opens it.
func (d *panelDesk) files(at string, papers []events.Paper) *PanelFiles {
	t := d.b.t
	f := &PanelFiles{Action: at + "/files", Command: uuid.NewString(), Forms: d.formOptions()}
	for i := range papers {
		p := &papers[i]
		f.Papers = append(f.Papers, PanelFile{ID: strconv.FormatInt(p.ID, 10), Title: d.formName(p.Form), About: t.Join(d.clock(p.At), p.By), Open: at + "/files/open", Command: uuid.NewString()})
	}
	return f
}

func (d *panelDesk) formName(form string) string {
	if form == "" {
		form = events.FormOther
	}
	return d.b.t.T("panels.form." + form)
}

func (d *panelDesk) formOptions() (all []Option) {
	for _, f := range events.PaperForms {
		all = append(all, Option{Value: f, Text: d.formName(f)})
	}
	return all
}

// slot serves the page of a person before a panel.
func (s *Server) slot(w http.ResponseWriter, r *http.Request) error {
	x, _, err := s.slotSubject(w, r)
	return s.shown(w, x, err)
}

// shown serves a subject's page, where it was found.
func (s *Server) shown(w http.ResponseWriter, x *subject, err error) error {
	if err != nil {
		return err
	}
	page, err := x.page(nil)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) slotCheck(w http.ResponseWriter, r *http.Request) error {
	return s.withSlot(w, r, func(x *subject, _ int64) error { return s.checked(w, r, x) })
}

func (s *Server) slotDecide(w http.ResponseWriter, r *http.Request) error {
	return s.withSlot(w, r, func(x *subject, _ int64) error { return s.decided(w, r, x) })
}

// withSlot reads a form about a slot.
func (s *Server) withSlot(w http.ResponseWriter, r *http.Request, do func(*subject, int64) error) error {
	x, id, err := s.slotSubject(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	return do(x, id)
}

func (s *Server) slotAbsent(w http.ResponseWriter, r *http.Request) error {
	return s.withSlot(w, r, func(x *subject, id int64) error {
		saw, err := formInt(r, "saw")
		if err == nil {
			_, err = s.store.MarkSlot(r.Context(), s.ask(r), x.who, events.MarkSlot{Slot: id, Saw: saw, Absent: r.PostForm.Get("absent") == "1"})
		}
		if err != nil {
			return s.shownAgain(w, x, err)
		}
		if r.PostForm.Get("absent") != "1" {
			return did(w, r, x.at, "did", "came")
		}
		return did(w, r, x.back, "did", "absent")
	})
}

// upload reads a file of a form, of at most a paper's size.
func upload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, paper.MaxSize+64<<10) // the file and the form round it
	file, _, err := r.FormFile("file")
	var most *http.MaxBytesError
	switch {
	case errors.As(err, &most):
		return nil, &events.Refusal{Status: events.StatusInvalid, Problem: "paper-size", Field: "file"}
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
		return nil, nil
	case err != nil:
		return nil, errForm
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, paper.MaxSize+1))
	if err != nil {
		return nil, errForm
	}
	return data, nil
}

func (s *Server) slotFile(w http.ResponseWriter, r *http.Request) error {
	x, id, err := s.slotSubject(w, r)
	if err != nil {
		return err
	}
	data, err := upload(w, r)
	if err == nil {
		_, err = s.store.KeepSheet(r.Context(), s.ask(r), x.who, events.KeepSheet{Slot: id, Form: r.PostFormValue("form")}, data)
	}
	if err != nil {
		return s.shownAgain(w, x, err)
	}
	return did(w, r, x.at, "did", "sheet")
}

// slotOpen gives a paper's bytes, shut in: no script, nothing loaded, not kept.
func (s *Server) slotOpen(w http.ResponseWriter, r *http.Request) error {
	return s.withSlot(w, r, func(x *subject, _ int64) error {
		id, err := formInt(r, "paper")
		if err != nil {
			return s.shownAgain(w, x, err)
		}
		p, data, err := s.store.File(r.Context(), s.ask(r), x.who, id)
		if err != nil {
			return s.shownAgain(w, x, err)
		}
		h := w.Header()
		h.Set("Content-Type", p.Media)
		h.Set("Content-Disposition", "inline")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		_, err = w.Write(data)
		return err
	})
}

// caseRow says a case with its clock.
func (d *panelDesk) caseRow(k *events.CaseView, now time.Time) CaseRow {
	t := d.b.t
	row := CaseRow{Title: t.T("panels.case", strconv.FormatInt(k.ID, 10), t.T("panels.case-kind."+string(k.Kind)), events.DisplayName(k.Person.Family, k.Person.Given)),
		About: t.Join(d.b.pick(k.Delegation.Name, k.Delegation.NameEn), d.b.pick(k.Discipline.Name, k.Discipline.NameEn), t.T("panels.against", strings.TrimSpace(k.Against.Class+" "+string(k.Against.Status))), d.clock(k.Filed))}
	if k.Fee > 0 {
		row.Fee = t.T("panels.fee", strconv.FormatInt(k.Fee/100, 10), t.T("panels.fee-state."+string(k.FeeState)))
	}
	if k.Late {
		row.About = t.Join(row.About, t.T("panels.late"))
	}
	switch left := k.Due.Sub(now).Truncate(time.Minute); {
	case k.State != events.CaseOpen:
		row.Shape, row.Clock = "official", t.Join(t.T("panels.case-state."+string(k.State)), d.clock(k.Decided), k.DecidedBy)
	case left < 0:
		row.Shape, row.Clock = "alert", t.T("panels.overdue", d.clock(k.Due))
	default:
		row.Shape, row.Clock = "unofficial", t.T("panels.due", d.clock(k.Due), strconv.Itoa(int(left.Hours())), strconv.Itoa(int(left.Minutes())%60))
	}
	return row
}

// cases serves the list with its clocks.
func (s *Server) cases(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	all, err := s.store.Cases(r.Context(), d.who, d.c.Code)
	if err != nil {
		return err
	}
	d.Title, d.Path = d.b.t.T("panels.cases"), d.b.root+"/desk/cases"
	page := CasesPage{Page: d.Page, Back: d.url}
	for i := range all {
		row := d.caseRow(&all[i], s.store.Now())
		row.URL = d.Path + "/" + strconv.FormatInt(all[i].ID, 10)
		page.Cases = append(page.Cases, row)
	}
	return s.renderer.Write(w, http.StatusOK, page)
}

// caseSubject is a case that the address names.
func (s *Server) caseSubject(w http.ResponseWriter, r *http.Request) (*subject, *events.CaseView, error) {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return nil, nil, err
	}
	id, err := number(r, "case")
	if err != nil {
		return nil, nil, err
	}
	k, err := s.store.Case(r.Context(), d.who, d.c.Code, id)
	if err != nil {
		return nil, nil, err
	}
	x := &subject{panelDesk: d, at: d.b.root + "/desk/cases/" + strconv.FormatInt(id, 10)}
	x.back = x.at
	x.page = func(problems []Problem) (*PanelPersonPage, error) { return s.casePage(r, x, k, problems) }
	decide := func(all []events.Decided, saw int64) events.DecideCase {
		return events.DecideCase{Case: id, Saw: saw, Upheld: len(all) > 0, Outcomes: all}
	}
	x.preview = func(c events.Command, all []events.Decided, saw int64) (*events.ClassChanged, error) {
		return s.store.PreviewCase(r.Context(), c, d.who, decide(all, saw))
	}
	x.decide = func(c events.Command, all []events.Decided, saw int64) error {
		_, err := s.store.DecideCase(r.Context(), c, d.who, decide(all, saw))
		return err
	}
	return x, k, nil
}

func (s *Server) casePage(r *http.Request, x *subject, k *events.CaseView, problems []Problem) (*PanelPersonPage, error) {
	t, d := x.b.t, x.panelDesk
	row, saw := d.caseRow(k, s.store.Now()), strconv.FormatInt(k.Revision, 10)
	d.Title, d.Path = row.Title, x.at
	page := &PanelPersonPage{Page: d.Page, Back: d.b.root + "/desk/cases", BackText: t.T("panels.cases"), Name: row.Title, Over: row.About, Done: d.said(r, "decided", "assigned", "fee"), Problems: problems, Held: d.heldWords(k.Held),
		Facts: []Fact{{t.T("panels.clock"), row.Clock}, {t.T("panels.panel"), k.Panel.Name}}}
	if row.Fee != "" {
		page.Facts = append(page.Facts, Fact{t.T("panels.fee-is"), row.Fee})
	}
	if access.May(d.who, access.SetPanel, access.Object{}) == access.Allowed {
		if err := s.caseAdmin(r, x, k, page); err != nil {
			return nil, err
		}
	}
	if !k.Mine {
		return page, nil
	}
	page.Look = &ReasonForm{Action: x.at + "/look", Command: uuid.NewString(), Label: t.T("panels.look-why"), Do: t.T("panels.look")}
	if k.State == events.CaseOpen {
		page.Reject = &CaseReject{Action: x.at + "/decide", Command: uuid.NewString(), Saw: saw}
		groups, admitted, err := s.store.CaseChoices(r.Context(), d.who, d.c.Code, k.ID)
		if err != nil {
			return nil, err
		}
		page.Outcome = d.outcomeForm(r, x.at+"/check", saw, groups, admitted, k.Held)
	}
	return page, nil
}

func (s *Server) caseAdmin(r *http.Request, x *subject, k *events.CaseView, page *PanelPersonPage) error {
	t := x.b.t
	a := &CaseAdmin{Panel: x.at + "/panel", Fee: x.at + "/fee", Commands: [3]string{uuid.NewString(), uuid.NewString()}, Saw: strconv.FormatInt(k.Revision, 10), Open: k.State == events.CaseOpen}
	views, err := s.store.Panels(r.Context(), x.who, x.c.Code)
	if err != nil {
		return err
	}
	for i := range views {
		if v := &views[i]; v.DisciplineID == k.DisciplineID {
			a.Panels = append(a.Panels, Option{strconv.FormatInt(v.ID, 10), v.Name, v.ID == k.PanelID})
		}
	}
	for _, f := range []events.FeeState{events.FeeNone, events.FeeDue, events.FeePaid, events.FeeReturned, events.FeeKept} {
		a.Fees = append(a.Fees, Option{string(f), t.T("panels.fee-state." + string(f)), f == k.FeeState})
	}
	page.Admin = a
	return nil
}

// kase serves a case.
func (s *Server) kase(w http.ResponseWriter, r *http.Request) error {
	x, _, err := s.caseSubject(w, r)
	return s.shown(w, x, err)
}

// withCase reads a form about a case.
func (s *Server) withCase(w http.ResponseWriter, r *http.Request, do func(*subject, *events.CaseView) error) error {
	x, k, err := s.caseSubject(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	return do(x, k)
}

// onCase does an organiser's step with a case.
func (s *Server) onCase(w http.ResponseWriter, r *http.Request, done string, step func(x *subject, id, saw int64) error) error {
	return s.withCase(w, r, func(x *subject, k *events.CaseView) error {
		saw, err := formInt(r, "saw")
		if err == nil {
			err = step(x, k.ID, saw)
		}
		if err != nil {
			return s.shownAgain(w, x, err)
		}
		return did(w, r, x.at, "did", done)
	})
}

func (s *Server) caseAssign(w http.ResponseWriter, r *http.Request) error {
	return s.onCase(w, r, "assigned", func(x *subject, id, saw int64) error {
		panel, err := formInt(r, "panel")
		if err != nil {
			return err
		}
		_, err = s.store.AssignCase(r.Context(), s.ask(r), x.who, events.AssignCase{Case: id, Saw: saw, Panel: panel})
		return err
	})
}

func (s *Server) caseFee(w http.ResponseWriter, r *http.Request) error {
	return s.onCase(w, r, "fee", func(x *subject, id, saw int64) error {
		_, err := s.store.SetCaseFee(r.Context(), s.ask(r), x.who, events.SetCaseFee{Case: id, Saw: saw, Fee: events.FeeState(r.PostForm.Get("fee"))})
		return err
	})
}

// caseLook shows what a case says, once.
func (s *Server) caseLook(w http.ResponseWriter, r *http.Request) error {
	return s.withCase(w, r, func(x *subject, k *events.CaseView) error {
		says, err := s.store.LookAtCase(r.Context(), s.ask(r), x.who, k.ID)
		if err != nil {
			return s.shownAgain(w, x, err)
		}
		page, err := x.page(nil)
		if err != nil {
			return err
		}
		page.Says, page.Look = says, nil
		w.Header().Set("Cache-Control", "no-store")
		return s.renderer.Write(w, http.StatusOK, *page)
	})
}

func (s *Server) caseCheck(w http.ResponseWriter, r *http.Request) error {
	return s.withCase(w, r, func(x *subject, _ *events.CaseView) error { return s.checked(w, r, x) })
}

func (s *Server) caseDecide(w http.ResponseWriter, r *http.Request) error {
	return s.withCase(w, r, func(x *subject, _ *events.CaseView) error { return s.decided(w, r, x) })
}

// watched lists who is under observation.
func (s *Server) watched(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	all, err := s.store.Watched(r.Context(), d.who, d.c.Code)
	if err != nil {
		return err
	}
	t := d.b.t
	d.Title, d.Path = t.T("panels.watch"), d.b.root+"/desk/watch"
	page := WatchPage{Page: d.Page, Back: d.url}
	for i := range all {
		one := &all[i]
		row := WatchRow{Name: events.DisplayName(one.Person.Family, one.Person.Given), Delegation: d.b.pick(one.Delegation.Name, one.Delegation.NameEn), Class: d.heldWords([]events.SportClass{one.Held})[0],
			State: t.T("panels.watch-none"), Shape: "scheduled"}
		if access.May(d.who, access.DecideClass, access.Object{Discipline: one.Discipline.ID}) == access.Allowed {
			row.URL = d.Path + "/" + strconv.FormatInt(one.Discipline.ID, 10) + "/" + strconv.FormatInt(one.Person.ID, 10)
		}
		if st := one.Start; st != nil {
			row.First, row.FirstURL = t.Join(d.unitName(st.UnitID), d.clock(st.Time)), d.b.root+"/units/"+strconv.FormatInt(st.UnitID, 10)
			row.State = t.T("panels.watch-before")
			if st.Over() {
				row.State, row.Shape = t.T("panels.watch-over"), "alert"
			}
		}
		page.Rows = append(page.Rows, row)
	}
	return s.renderer.Write(w, http.StatusOK, page)
}

// watchSubject is somebody under observation whom the address names.
func (s *Server) watchSubject(w http.ResponseWriter, r *http.Request) (*subject, error) {
	c, err := s.classDesk(w, r)
	if err != nil {
		return nil, err
	}
	d := &panelDesk{view: c.view, who: c.who, url: c.b.root + "/desk/panels"}
	d.Bar = s.bar(r, c.view, "panels")
	x := &subject{panelDesk: d, at: d.b.root + "/desk/watch/" + strconv.FormatInt(c.p.Discipline.ID, 10) + "/" + strconv.FormatInt(c.p.Person.ID, 10), back: d.b.root + "/desk/watch"}
	x.page = func(problems []Problem) (*PanelPersonPage, error) {
		t := d.b.t
		d.Title, d.Path = t.T("panels.person", c.name()), x.at
		page := &PanelPersonPage{Page: d.Page, Back: x.back, BackText: t.T("panels.watch"), Name: c.name(), Over: t.Join(d.b.pick(c.p.Discipline.Name, c.p.Discipline.NameEn), d.b.pick(c.p.Delegation.Name, c.p.Delegation.NameEn)), Problems: problems}
		var held []events.SportClass
		var groups, admitted []string
		for _, l := range c.p.Lines {
			if l.Held.Status == classes.Observed {
				held, groups = append(held, l.Held), append(groups, l.Held.ClassGroup)
			}
		}
		for i := range d.b.programme.Events {
			if e := &d.b.programme.Events[i]; e.DisciplineID == c.p.Discipline.ID {
				admitted = append(admitted, classes.Set(e.Classes)...)
			}
		}
		slices.Sort(admitted)
		page.Held = d.heldWords(held)
		page.Outcome = d.outcomeForm(r, x.at+"/check", "0", groups, slices.Compact(admitted), held)
		return page, nil
	}
	one := func(all []events.Decided) (a events.DecideWatch, err error) {
		a = events.DecideWatch{Participant: c.p.Person.ID, Discipline: c.p.Discipline.ID}
		if len(all) != 1 {
			return a, &events.Refusal{Status: events.StatusInvalid, Problem: "outcome-one", Field: "outcome"}
		}
		a.Outcome = all[0]
		return a, nil
	}
	x.preview = func(cmd events.Command, all []events.Decided, _ int64) (*events.ClassChanged, error) {
		a, err := one(all)
		if err != nil {
			return nil, err
		}
		return s.store.PreviewWatch(r.Context(), cmd, d.who, a)
	}
	x.decide = func(cmd events.Command, all []events.Decided, _ int64) error {
		a, err := one(all)
		if err == nil {
			_, err = s.store.DecideWatch(r.Context(), cmd, d.who, a)
		}
		return err
	}
	return x, nil
}

func (s *Server) watching(w http.ResponseWriter, r *http.Request) error {
	x, err := s.watchSubject(w, r)
	return s.shown(w, x, err)
}

func (s *Server) watchCheck(w http.ResponseWriter, r *http.Request) error {
	return s.withWatch(w, r, func(x *subject) error { return s.checked(w, r, x) })
}

func (s *Server) watchDecide(w http.ResponseWriter, r *http.Request) error {
	return s.withWatch(w, r, func(x *subject) error { return s.decided(w, r, x) })
}

func (s *Server) withWatch(w http.ResponseWriter, r *http.Request, do func(*subject) error) error {
	x, err := s.watchSubject(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	return do(x)
}
