package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
	"tongchang/scoring"
)

// The judge's plain page: one form for each line of a unit. It works as forms
// alone; with script the same posts are answered as JSON.

// judgeHome leads a judge, who came by the link on their card, to the unit that
// is on: the one being contested, or the next.
func (s *Server) judgeHome(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	target := v.b.root
	reached, err := s.store.SeatUnits(r.Context(), s.who(r), v.c.Code)
	if err != nil {
		return err
	}
	for i := range v.b.programme.Units {
		u := &v.b.programme.Units[i]
		if statusCode(u) != StatusOfficial && v.b.programme.Starters[u.ID] > 0 && v.b.mayMark(s.who(r), u) && (reached == nil || reached[u.ID]) {
			target = fmt.Sprintf("%s/judge/units/%d", v.b.root, u.ID)
			break
		}
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

// mayMark reports whether a judge may write a unit's marks.
func (b *builder) mayMark(who access.Who, u *events.Unit) bool {
	e := b.programme.Event(b.programme.Phase(u.PhaseID).EventID)
	return access.May(who, access.WriteMark, access.Object{Discipline: e.DisciplineID}) == access.Allowed
}

// desk is a unit as its judge sees it.
type desk struct {
	*view
	unit  events.Unit
	phase *events.Phase
	event *events.Event
	sheet *events.Sheet
	who   access.Who
	has   map[int64]needs.Accommodation // by participant
	seat  string                        // where who sits; empty: at none
}

func (s *Server) deskOf(w http.ResponseWriter, r *http.Request) (*desk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	id, err := number(r, "unit")
	if err != nil {
		return nil, err
	}
	d := &desk{view: v, who: s.who(r)}
	if _, d.phase, d.event, err = v.b.unitParts(id); err != nil {
		return nil, err
	}
	if err := allowed(access.May(d.who, access.WriteMark, access.Object{Discipline: d.event.DisciplineID})); err != nil {
		return nil, err
	}
	if err := s.store.SeatMay(r.Context(), d.who, v.c.Code, id); err != nil {
		return nil, err
	}
	if err := d.sitting(r.Context()); err != nil {
		return nil, err
	}
	// the programme may be a moment old; what a judge writes over must not be
	if d.unit, err = s.store.Unit(r.Context(), v.c.Code, id); err != nil {
		return nil, err
	}
	if d.sheet, err = s.store.Sheet(r.Context(), d.unit.PhaseID, id); err != nil {
		return nil, err
	}
	d.has, err = s.store.Accommodations(r.Context(), v.c.ID)
	return d, err
}

func (d *desk) url() string { return fmt.Sprintf("%s/judge/units/%d", d.b.root, d.unit.ID) }

// page makes the judge's page, open at a line: the one asked for, else the
// first without a mark.
func (d *desk) page(line string) JudgePage {
	t := d.b.t
	title := t.Join(d.b.eventName(d.event), d.b.phaseOf(&d.unit, d.phase))
	status := statusCode(&d.unit)
	p := JudgePage{Page: d.Page, Heading: title, Status: status, StatusText: t.Status(status), Field: t.T("field." + measureKey(d.unit.Measure)),
		Action: d.url(), UnitURL: fmt.Sprintf("%s/units/%d", d.b.root, d.unit.ID), Confirm: d.confirm()}
	p.Title = title
	p.Path = d.url()
	p.Seat, p.Official = d.seat, d.seatedAs()
	if d.unit.Measure == scoring.Milliseconds {
		p.Camera = d.url() + "/camera"
	}
	for i := range d.sheet.Lines {
		p.Lines = append(p.Lines, d.line(&d.sheet.Lines[i]))
	}
	at := slices.IndexFunc(p.Lines, func(l JudgeLine) bool { return l.Entry == line })
	if at < 0 {
		at = max(0, slices.IndexFunc(p.Lines, func(l JudgeLine) bool { return l.Got == "" }))
	}
	if at < len(p.Lines) {
		p.Lines[at].Current = true
	}
	return p
}

func (d *desk) line(l *events.Line) JudgeLine {
	t := d.b.t
	cell := l.Cells[events.TimeCell]
	j := JudgeLine{Entry: l.ID(), Lane: l.LaneText(), Name: l.FullName(), About: t.Join(d.b.pick(l.Delegation, l.DelegationEn), l.Class),
		Has: t.accommodation(d.has[l.ParticipantID]), IRM: string(cell.IRM), Saw: cell.Revision, Command: uuid.NewString()}
	j.Got, j.GotText = d.said(cell.Mark, cell.IRM, cell.Rule)
	if cell.IRM == "" {
		j.Mark = j.Got
	}
	if l.OutIRM != "" {
		j.Got = t.IRM(l.OutIRM, "")
	}
	j.Correction = cell.Revision > 0 && j.Got != ""
	return j
}

// said is a mark as it is shown and as it is read out.
func (d *desk) said(mark *scoring.Mark, irm scoring.IRM, rule string) (shown, spoken string) {
	switch {
	case irm != "" && (mark == nil || !irm.KeepsMark()):
		said := d.b.t.IRM(irm, rule)
		return said, said
	case mark == nil:
		return "", ""
	}
	return events.MarkText(d.unit.Measure, mark, irm), d.b.t.Spoken(d.unit.Measure, *mark, 2)
}

// confirm is the form that makes the unit official, and what it still lacks.
// Who writes marks alone does not see it.
func (d *desk) confirm() Confirm {
	t := d.b.t
	if access.May(d.who, access.Confirm, access.Object{Discipline: d.event.DisciplineID}) != access.Allowed {
		return Confirm{}
	}
	c := Confirm{Action: d.url() + "/confirm", Reopen: d.url() + "/reopen", Command: uuid.NewString(), Saw: d.unit.Version, Done: d.unit.ResultStatus == events.Official}
	marks, without, missing := 0, 0, 0
	for i := range d.sheet.Lines {
		l := &d.sheet.Lines[i]
		cell := l.Cells[events.TimeCell]
		switch {
		case l.OutIRM != "" || cell.IRM != "" && !cell.IRM.KeepsMark():
			without++
		case cell.Mark != nil:
			marks++
		default:
			missing++
		}
	}
	c.About = t.T("confirm.about", strconv.Itoa(marks), strconv.Itoa(without))
	c.Ready = missing == 0 && !c.Done && len(d.sheet.Lines) > 0
	if missing > 0 {
		c.Why = t.T("confirm.missing", missing)
	}
	return c
}

func (s *Server) judge(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskOf(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, d.page(r.URL.Query().Get("line")))
}

// judgeMark takes one line's form.
func (s *Server) judgeMark(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	d, err := s.deskOf(w, r)
	if err != nil {
		return err
	}
	f := func(name string) string { return r.PostFormValue(name) }
	start, err1 := strconv.ParseInt(f("entry"), 10, 64)
	saw, err2 := strconv.ParseInt(f("saw"), 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return errForm
	}
	m := events.EnterMark{Unit: d.unit.ID, Start: start, IRM: scoring.IRM(f("irm")), Saw: saw}
	if m.IRM == "" {
		m.Mark = f("mark")
	}
	if m.IRM == scoring.DSQ {
		m.Rule = f("rule")
	}
	c := commandBy(d.who, d.c.Code, f("command"), f("reason"))
	_, err = s.store.EnterMark(r.Context(), c, m)
	if err != nil {
		return s.judgeRefused(w, r, d, c, m, err)
	}
	if d, err = s.deskOf(w, r); err != nil { // as it stands now
		return err
	}
	p := d.page(f("entry"))
	i := slices.IndexFunc(p.Lines, func(l JudgeLine) bool { return l.Current })
	line := p.Lines[i]
	if wantsJSON(r) {
		conf := p.Confirm
		return writeJSON(w, http.StatusOK, JudgeReply{Line: line, Notice: d.b.t.Join(line.Name, line.Got, d.b.t.T("judge.delivered")),
			Confirm: &ConfirmReply{Saw: conf.Saw, Ready: conf.Ready, Why: conf.Why, About: conf.About}})
	}
	next := d.page("")
	at := slices.IndexFunc(next.Lines, func(l JudgeLine) bool { return l.Current })
	http.Redirect(w, r, d.url()+"?line="+next.Lines[at].Entry, http.StatusSeeOther)
	return nil
}

// judgeRefused answers a mark that was not taken: both values when somebody was
// faster, else the same page with what was typed and what is wrong with it.
func (s *Server) judgeRefused(w http.ResponseWriter, r *http.Request, d *desk, c events.Command, m events.EnterMark, err error) error {
	var refusal *events.Refusal
	if !errors.As(err, &refusal) || refusal.Status == events.StatusNotFound || refusal.Status == events.StatusUnknown {
		return err
	}
	entry := strconv.FormatInt(m.Start, 10)
	if refusal.Status == events.StatusStale && refusal.Present != nil {
		state := d.conflict(m, refusal.Present)
		page := ConflictPage{Page: d.Page, Action: d.url(), Back: d.url() + "?line=" + entry, Reason: c.Reason, State: state}
		page.Title = d.b.t.T("conflict.title")
		if wantsJSON(r) {
			return writeJSON(w, http.StatusConflict, JudgeReply{Conflict: &state})
		}
		return s.renderer.Write(w, http.StatusConflict, page)
	}
	text := d.b.t.Problem(err, nil)
	p := d.page(entry)
	target := "t-" + entry
	for i := range p.Lines {
		l := &p.Lines[i]
		if l.Entry != entry {
			continue
		}
		l.Typed, l.TypedRule, l.TypedWhy = m.Mark, r.PostFormValue("rule"), c.Reason
		l.Command, l.Saw = c.ID, m.Saw // refused: nothing was counted under this ID
		switch refusal.Field {
		case "rule":
			target, l.RuleError = "r-"+entry, text
		case "reason":
			target, l.WhyError, l.Correction = "y-"+entry, text, true
		default:
			l.Error = text
		}
	}
	p.Problems, p.Wrong = []Problem{{Target: target, Text: text}}, true
	if wantsJSON(r) {
		i := slices.IndexFunc(p.Lines, func(l JudgeLine) bool { return l.Entry == entry })
		return writeJSON(w, http.StatusUnprocessableEntity, JudgeReply{Line: p.Lines[i], Problems: p.Problems})
	}
	return s.renderer.Write(w, statusOf(err), p)
}

// conflict lays what was typed beside what stands.
func (d *desk) conflict(m events.EnterMark, present *events.Cell) ConflictState {
	l := d.sheet.Line(strconv.FormatInt(m.Start, 10))
	cell := l.Cells[present.Name]
	c := ConflictState{Entry: l.ID(), Lane: l.LaneText(), Name: l.FullName(), Yours: m.Mark, IRM: string(m.IRM), Rule: m.Rule,
		By: present.By, Saw: present.Revision, Command: uuid.NewString()}
	if !cell.At.IsZero() {
		c.At = d.b.t.Clock(cell.At.In(d.b.zone))
	}
	c.Theirs, c.TheirsText = d.said(cell.Mark, cell.IRM, cell.Rule)
	if mark, err := d.unit.Measure.Parse(m.Mark); err == nil {
		_, c.YoursText = d.said(&mark, m.IRM, m.Rule)
	} else {
		c.YoursText = d.b.t.IRM(m.IRM, m.Rule)
	}
	return c
}

// judgeConfirm takes the form that makes a unit official.
func (s *Server) judgeConfirm(w http.ResponseWriter, r *http.Request) error {
	return s.judgeUnit(w, r, func(d *desk, c events.Command, saw int64) (string, error) {
		_, err := s.store.Confirm(r.Context(), c, events.ConfirmUnit{Unit: d.unit.ID, Saw: saw})
		return fmt.Sprintf("%s/units/%d", d.b.root, d.unit.ID), err
	})
}

// judgeReopen takes the form that takes an official result back.
func (s *Server) judgeReopen(w http.ResponseWriter, r *http.Request) error {
	return s.judgeUnit(w, r, func(d *desk, c events.Command, saw int64) (string, error) {
		_, err := s.store.Reopen(r.Context(), c, events.ReopenUnit{Unit: d.unit.ID, Saw: saw})
		return d.url(), err
	})
}

// judgeUnit takes a form about the unit as a whole and leads on to where do
// says; a refusal comes back on the judge's page.
func (s *Server) judgeUnit(w http.ResponseWriter, r *http.Request, do func(d *desk, c events.Command, saw int64) (string, error)) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	d, err := s.deskOf(w, r)
	if err != nil {
		return err
	}
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	c := commandBy(d.who, d.c.Code, r.PostFormValue("command"), r.PostFormValue("reason"))
	next, refused := do(d, c, saw)
	if refused == nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	var refusal *events.Refusal
	if !errors.As(refused, &refusal) || statusOf(refused) == http.StatusNotFound || statusOf(refused) == http.StatusServiceUnavailable {
		return refused
	}
	if d, err = s.deskOf(w, r); err != nil { // as it stands now
		return err
	}
	p := d.page("")
	p.Problems, p.Wrong = []Problem{{Target: "heat", Text: d.b.t.Problem(refused, nil)}}, true
	return s.renderer.Write(w, statusOf(refused), p)
}
