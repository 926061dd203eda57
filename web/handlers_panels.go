// The classification days over HTTP: panels, their sheets, and slots for whoever
// has to be seen. What a panel decides is in handlers_panels_decide.go.
package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/panels"
)

// panelRoutes are the pages of the classification days.
func (s *Server) panelRoutes() []route {
	const at = " /c/{competition}/desk/panels"
	const slot, kase, watch, team = " /c/{competition}/desk/slots/{slot}", " /c/{competition}/desk/cases/{case}", " /c/{competition}/desk/watch/{discipline}/{participant}", " /c/{competition}/team/{delegation}/classification"
	return []route{
		{"GET" + at, access.ReadPanel, s.panels},
		{"GET" + at + "/new", access.SetPanel, s.panelForm},
		{"POST" + at, access.SetPanel, s.panelSave},
		{"POST" + at + "/rules", access.SetPanel, s.panelRules},
		{"GET" + at + "/slots", access.SetPanel, s.panelBook},
		{"POST" + at + "/slots", access.SetPanel, s.panelBooked},
		{"GET" + at + "/{panel}", access.ReadPanel, s.panelSheet},
		{"GET" + at + "/{panel}/edit", access.SetPanel, s.panelForm},
		{"POST" + at + "/{panel}/drop", access.SetPanel, s.panelDrop},
		{"POST" + at + "/{panel}/move", access.SetPanel, s.slotMove},
		{"POST" + at + "/{panel}/cancel", access.SetPanel, s.slotDrop},
		{"GET" + slot, access.WritePanel, s.slot},
		{"POST" + slot + "/absent", access.WritePanel, s.slotAbsent},
		{"POST" + slot + "/files", access.WritePanel, s.slotFile},
		{"POST" + slot + "/files/open", access.WritePanel, s.slotOpen},
		{"POST" + slot + "/check", access.WritePanel, s.slotCheck},
		{"POST" + slot + "/decide", access.WritePanel, s.slotDecide},
		{"GET /c/{competition}/desk/cases", access.ReadPanel, s.cases},
		{"GET" + kase, access.ReadPanel, s.kase},
		{"POST" + kase + "/panel", access.SetPanel, s.caseAssign},
		{"POST" + kase + "/fee", access.SetPanel, s.caseFee},
		{"POST" + kase + "/look", access.WritePanel, s.caseLook},
		{"POST" + kase + "/check", access.WritePanel, s.caseCheck},
		{"POST" + kase + "/decide", access.WritePanel, s.caseDecide},
		{"GET /c/{competition}/desk/watch", access.ReadClass, s.watched},
		{"GET" + watch, access.DecideClass, s.watching},
		{"POST" + watch + "/check", access.DecideClass, s.watchCheck},
		{"POST" + watch + "/decide", access.DecideClass, s.watchDecide},
		{"GET" + team, access.ReadRegistration, s.teamClass},
		{"POST" + team + "/files", access.WriteRegistration, s.teamFile},
		{"POST" + team + "/cases", access.WriteRegistration, s.teamCase},
		{"POST" + team + "/withdraw", access.WriteRegistration, s.teamWithdraw},
	}
}

// panelDesk is what every page of the classification days starts from.
type panelDesk struct {
	*view
	who access.Who
	url string // of the list
}

func (s *Server) panelDesk(w http.ResponseWriter, r *http.Request) (*panelDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	d := &panelDesk{view: v, who: s.who(r), url: v.b.root + "/desk/panels"}
	d.Bar = s.bar(r, v, "panels")
	return d, nil
}

// clock says a moment by the clock on the wall: 6 月 16 日 09:30.
func (d *panelDesk) clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(d.b.zone)
	return d.b.t.Days(at, time.Time{}) + " " + d.b.t.Hour(at)
}

// moment reads a day and a clock of a form.
func (d *panelDesk) moment(r *http.Request) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", strings.TrimSpace(r.PostForm.Get("day"))+" "+strings.TrimSpace(r.PostForm.Get("clock")), d.b.zone)
	if err != nil {
		return t, &events.Refusal{Status: events.StatusInvalid, Problem: "slot-clock", Field: "day"}
	}
	return t.UTC(), nil
}

// said is what has just been done, where the address says it.
func (d *panelDesk) said(r *http.Request, known ...string) *Done {
	if did := r.URL.Query().Get("did"); slices.Contains(known, did) {
		return &Done{Text: d.b.t.T("panels.did." + did)}
	}
	return nil
}

// problem is a refusal that the page can show; ok is false for what is no matter
// of a form.
func (d *panelDesk) problem(err error) (p []Problem, status int, ok bool) {
	status = statusOf(err)
	if err == nil || status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return nil, status, false
	}
	var refusal *events.Refusal
	target := "main"
	if errors.As(err, &refusal) && refusal.Field != "" {
		target = refusal.Field
	}
	return []Problem{{target, d.b.t.Problem(err, nil)}}, status, true
}

// aim turns problems of fields that a page has not got to the page itself.
func aim(problems []Problem, ids ...string) []Problem {
	for i := range problems {
		if !slices.Contains(ids, problems[i].Target) {
			problems[i].Target = "main"
		}
	}
	return problems
}

func formInt(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(r.PostForm.Get(name)), 10, 64)
	if err != nil {
		return 0, errForm
	}
	return n, nil
}

// panels serves the list.
func (s *Server) panels(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	return s.showPanels(w, r, d, http.StatusOK, nil)
}

func (s *Server) showPanels(w http.ResponseWriter, r *http.Request, d *panelDesk, status int, problems []Problem) error {
	views, err := s.store.Panels(r.Context(), d.who, d.c.Code)
	if err != nil {
		return err
	}
	t := d.b.t
	d.Title, d.Path = t.T("panels.title"), d.url
	d.Wrong = len(problems) > 0
	p := PanelsPage{Done: d.said(r, "saved", "dropped", "rules"), Problems: aim(problems, "rest", "before", "protest", "observed", "decide", "fee"), CasesURL: d.b.root + "/desk/cases", WatchURL: d.b.root + "/desk/watch"}
	for i := range views {
		v := &views[i]
		seen := 0
		for j := range v.Slots {
			if v.Slots[j].State == events.SlotSeen {
				seen++
			}
		}
		p.Panels = append(p.Panels, PanelRow{Name: v.Name, URL: d.url + "/" + strconv.FormatInt(v.ID, 10), Members: memberNames(v),
			About: t.Join(d.b.pick(v.Discipline.Name, v.Discipline.NameEn), v.Room, v.FirstDay+" – "+v.LastDay, v.Opens+"–"+v.Closes),
			Count: t.T("panels.count", strconv.Itoa(len(v.Slots)), strconv.Itoa(seen))})
	}
	if access.May(d.who, access.SetPanel, access.Object{}) == access.Allowed {
		if err := s.officeOfPanels(r, d, &p); err != nil {
			return err
		}
	}
	p.Page = d.Page
	return s.renderer.Write(w, status, p)
}

func memberNames(v *events.PanelView) string {
	names := make([]string, len(v.Members))
	for i, m := range v.Members {
		names[i] = m.Name
	}
	return strings.Join(names, "、")
}

// officeOfPanels is what organisers see besides.
func (s *Server) officeOfPanels(r *http.Request, d *panelDesk, p *PanelsPage) error {
	all, err := s.store.ToSee(r.Context(), d.who, d.c.Code)
	if err != nil {
		return err
	}
	without := 0
	for i := range all {
		if all[i].Slot == nil {
			without++
		}
	}
	rules, err := s.store.PanelRules(r.Context(), d.c.ID)
	if err != nil {
		return err
	}
	t := d.b.t
	p.NewURL, p.BookURL, p.Missing = d.url+"/new", d.url+"/slots", t.T("panels.missing", strconv.Itoa(len(all)), strconv.Itoa(without))
	p.Rules = &PanelRulesForm{Action: d.url + "/rules", Command: uuid.NewString()}
	for _, f := range ruleFields(&rules) {
		field := NumberField{ID: f.name, Label: t.T("panels.rule." + f.name), Value: strconv.FormatInt(*f.value, 10)}
		if typed := r.PostForm.Get(f.name); typed != "" {
			field.Value = typed
		}
		for _, problem := range p.Problems {
			if problem.Target == f.name {
				field.Error = problem.Text
			}
		}
		p.Rules.Fields = append(p.Rules.Fields, field)
	}
	return nil
}

type ruleField struct {
	name  string
	value *int64
}

// ruleFields are the numbers of the form; the fee is in whole yuan there.
func ruleFields(r *panels.Rules) []ruleField {
	wide := func(n int) *int64 { v := int64(n); return &v }
	fee := r.Fee / 100
	return []ruleField{{"rest", wide(r.Rest)}, {"before", wide(r.Before)}, {"protest", wide(r.Protest)}, {"observed", wide(r.Observed)}, {"decide", wide(r.Decide)}, {"fee", &fee}}
}

func (s *Server) panelRules(w http.ResponseWriter, r *http.Request) error {
	return s.onPanels(w, r, "rules", func(*panelDesk) error {
		var n [6]int64
		for i, name := range []string{"rest", "before", "protest", "observed", "decide", "fee"} {
			var err error
			if n[i], err = formInt(r, name); err != nil || n[i] < 0 || n[i] > 1_000_000 {
				return &events.Refusal{Status: events.StatusInvalid, Problem: "field-wrong", Field: name, With: []string{name}}
			}
		}
		_, err := s.store.SetPanelRules(r.Context(), s.ask(r), s.who(r), events.SetPanelRules{Rest: int(n[0]), Before: int(n[1]), Protest: int(n[2]), Observed: int(n[3]), Decide: int(n[4]), Fee: n[5] * 100})
		return err
	})
}

// onPanels does a step from the list, and shows it again where it is refused.
func (s *Server) onPanels(w http.ResponseWriter, r *http.Request, done string, step func(*panelDesk) error) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	err = step(d)
	if problems, status, ok := d.problem(err); ok {
		return s.showPanels(w, r, d, status, problems)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url, "did", done)
}

func (s *Server) panelDrop(w http.ResponseWriter, r *http.Request) error {
	return s.onPanels(w, r, "dropped", func(*panelDesk) error {
		id, err := number(r, "panel")
		if err != nil {
			return err
		}
		saw, err := formInt(r, "saw")
		if err != nil {
			return err
		}
		_, err = s.store.DropPanel(r.Context(), s.ask(r), s.who(r), events.DropPanel{Panel: id, Saw: saw})
		return err
	})
}

// panelForm serves the form of a new panel, or of one that there is.
func (s *Server) panelForm(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	a := events.SetPanel{FirstDay: d.c.Starts, LastDay: d.c.Starts, Opens: "09:00", Closes: "17:00", PauseFrom: "12:00", PauseTo: "13:00", Minutes: 30}
	if r.PathValue("panel") != "" {
		id, err := number(r, "panel")
		if err != nil {
			return err
		}
		v, err := s.store.Panel(r.Context(), d.who, d.c.Code, id)
		if err != nil {
			return err
		}
		a = events.SetPanel{ID: v.ID, Saw: v.Revision, Discipline: v.DisciplineID, Name: v.Name, Room: v.Room, Impairments: v.Groups(), FirstDay: v.FirstDay, LastDay: v.LastDay,
			Opens: v.Opens, Closes: v.Closes, PauseFrom: v.PauseFrom, PauseTo: v.PauseTo, Minutes: v.Minutes, Most: v.Most}
		for _, m := range v.Members {
			a.Members = append(a.Members, m.ID)
		}
	}
	return s.showPanelForm(w, r, d, &a, http.StatusOK, nil)
}

func (s *Server) showPanelForm(w http.ResponseWriter, r *http.Request, d *panelDesk, a *events.SetPanel, status int, problems []Problem) error {
	t := d.b.t
	page := PanelFormPage{Back: d.url, Heading: t.T("panels.new"), Action: d.url, Command: uuid.NewString(), Problems: problems, ID: strconv.FormatInt(a.ID, 10), Saw: strconv.FormatInt(a.Saw, 10)}
	if a.ID != 0 {
		page.Heading, page.Drop, page.DropCommand = t.T("panels.change", a.Name), d.url+"/"+page.ID+"/drop", uuid.NewString()
	}
	for _, f := range []struct{ name, value, kind string }{{"name", a.Name, "text"}, {"room", a.Room, "text"}, {"first_day", a.FirstDay, "date"}, {"last_day", a.LastDay, "date"}, {"opens", a.Opens, "time"},
		{"closes", a.Closes, "time"}, {"pause_from", a.PauseFrom, "time"}, {"pause_to", a.PauseTo, "time"}, {"minutes", strconv.Itoa(a.Minutes), "number"}, {"most", strconv.Itoa(a.Most), "number"}} {
		field := TextField{ID: f.name, Label: t.T("panels.field." + f.name), Value: f.value, Type: f.kind}
		for _, p := range problems {
			if p.Target == f.name {
				field.Error = p.Text
			}
		}
		page.Texts = append(page.Texts, field)
	}
	for _, x := range d.disciplines() {
		page.Disciplines = append(page.Disciplines, Option{strconv.FormatInt(x.ID, 10), d.b.pick(x.Name, x.NameEn), x.ID == a.Discipline})
	}
	for _, i := range panels.Impairments {
		page.Impairments = append(page.Impairments, Option{string(i), t.T("panels.impairment." + string(i)), slices.Contains(a.Impairments, i)})
	}
	accounts, err := s.store.Accounts(r.Context(), d.who, d.c)
	if err != nil {
		return err
	}
	for _, x := range accounts {
		if x.Role == access.Classifier && !x.Closed {
			page.Members = append(page.Members, Option{strconv.FormatInt(x.ID, 10), x.Name, slices.Contains(a.Members, x.ID)})
		}
	}
	d.Title, d.Path, d.Wrong = page.Heading, d.url+"/new", len(problems) > 0
	if a.ID != 0 {
		d.Path = d.url + "/" + page.ID + "/edit"
	}
	page.Page = d.Page
	return s.renderer.Write(w, status, page)
}

func (s *Server) panelSave(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	f := r.PostForm
	a := events.SetPanel{Name: f.Get("name"), Room: f.Get("room"), FirstDay: f.Get("first_day"), LastDay: f.Get("last_day"), Opens: f.Get("opens"), Closes: f.Get("closes"), PauseFrom: f.Get("pause_from"), PauseTo: f.Get("pause_to")}
	for name, to := range map[string]*int64{"id": &a.ID, "saw": &a.Saw, "discipline": &a.Discipline} {
		if *to, err = formInt(r, name); err != nil {
			return err
		}
	}
	a.Minutes, _ = strconv.Atoi(strings.TrimSpace(f.Get("minutes"))) // what is no number is too small a one
	if a.Most, err = strconv.Atoi(strings.TrimSpace(f.Get("most"))); err != nil {
		a.Most = -1
	}
	for _, i := range f["impairments"] {
		a.Impairments = append(a.Impairments, panels.Impairment(i))
	}
	for _, m := range f["members"] {
		id, err := strconv.ParseInt(m, 10, 64)
		if err != nil {
			return errForm
		}
		a.Members = append(a.Members, id)
	}
	_, err = s.store.SetPanel(r.Context(), s.ask(r), d.who, a)
	if problems, status, ok := d.problem(err); ok {
		return s.showPanelForm(w, r, d, &a, status, problems)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url, "did", "saved")
}

// panelSheet serves a panel's day sheet.
func (s *Server) panelSheet(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	return s.showSheet(w, r, d, http.StatusOK, nil)
}

func (s *Server) showSheet(w http.ResponseWriter, r *http.Request, d *panelDesk, status int, problems []Problem) error {
	id, err := number(r, "panel")
	if err != nil {
		return err
	}
	v, err := s.store.Panel(r.Context(), d.who, d.c.Code, id)
	if err != nil {
		return err
	}
	t := d.b.t
	set := access.May(d.who, access.SetPanel, access.Object{}) == access.Allowed
	d.Title, d.Path, d.Wrong = t.T("panels.sheet", v.Name), d.url+"/"+strconv.FormatInt(id, 10), len(problems) > 0
	page := PanelSheetPage{Back: d.url, Name: v.Name, Done: d.said(r, "moved", "cancelled", "decided", "absent"), Problems: aim(problems),
		Facts: []Fact{{t.T("panels.sport"), d.b.pick(v.Discipline.Name, v.Discipline.NameEn)}, {t.T("panels.field.room"), v.Room}, {t.T("panels.members"), memberNames(v)}, {t.T("panels.days"), v.FirstDay + " – " + v.LastDay + " " + v.Opens + "–" + v.Closes}}}
	var others []events.PanelView
	if set {
		page.EditURL = d.Path + "/edit"
		if others, err = s.store.Panels(r.Context(), d.who, d.c.Code); err != nil {
			return err
		}
	}
	for i := range v.Slots {
		row := d.slotRow(v, &v.Slots[i])
		if set && v.Slots[i].State != events.SlotSeen {
			row.Move = d.slotMove(v, &v.Slots[i], others)
		}
		local := v.Slots[i].Start.In(d.b.zone)
		if n := len(page.Days); n == 0 || page.Days[n-1].ID != local.Format(time.DateOnly) {
			page.Days = append(page.Days, PanelDay{ID: local.Format(time.DateOnly), Title: t.Days(local, time.Time{})})
		}
		day := &page.Days[len(page.Days)-1]
		day.Slots = append(day.Slots, row)
	}
	page.Page = d.Page
	return s.renderer.Write(w, status, page)
}

// slotShapes are the shapes of slots' states.
var slotShapes = map[events.SlotState]string{events.SlotBooked: "scheduled", events.SlotSeen: "official", events.SlotAbsent: "alert"}

func (d *panelDesk) slotRow(v *events.PanelView, sl *events.SlotView) PanelSlotRow {
	t := d.b.t
	row := PanelSlotRow{ID: strconv.FormatInt(sl.ID, 10), Time: t.Hour(sl.Start.In(d.b.zone)), Name: events.DisplayName(sl.Person.Family, sl.Person.Given), Code: sl.Person.Code,
		Delegation: d.b.pick(sl.Delegation.Name, sl.Delegation.NameEn), Class: t.Join(d.heldWords(sl.Held)...), State: slotShapes[sl.State], StateText: t.T("panels.state." + string(sl.State))}
	if sl.Outside {
		row.Note = t.T("panels.outside")
	}
	if sl.CaseID != 0 {
		row.Note = t.Join(row.Note, t.T("panels.for-case", strconv.FormatInt(sl.CaseID, 10)))
	}
	if d.who.Role == access.Classifier {
		row.URL = d.b.root + "/desk/slots/" + row.ID
		if sl.CaseID != 0 {
			row.URL = d.b.root + "/desk/cases/" + strconv.FormatInt(sl.CaseID, 10)
		}
	}
	return row
}

// heldWords are classes as lists say them: T54 R 2028.
func (d *panelDesk) heldWords(held []events.SportClass) []string {
	words := make([]string, len(held))
	for i, h := range held {
		words[i] = strings.TrimSpace(h.Class + " " + string(h.Status))
		if h.Review > 0 {
			words[i] += " " + strconv.Itoa(h.Review)
		}
	}
	return words
}

func (d *panelDesk) slotMove(v *events.PanelView, sl *events.SlotView, others []events.PanelView) *SlotMoveForm {
	local := sl.Start.In(d.b.zone)
	at := d.url + "/" + strconv.FormatInt(v.ID, 10)
	m := &SlotMoveForm{Move: at + "/move", Drop: at + "/cancel", Command: uuid.NewString(), DropCommand: uuid.NewString(), Saw: strconv.FormatInt(sl.Revision, 10), Day: local.Format(time.DateOnly), Clock: local.Format("15:04")}
	for i := range others {
		if o := &others[i]; o.DisciplineID == v.DisciplineID {
			m.Panels = append(m.Panels, Option{strconv.FormatInt(o.ID, 10), o.Name, o.ID == v.ID})
		}
	}
	return m
}

func (s *Server) slotMove(w http.ResponseWriter, r *http.Request) error {
	return s.onSheet(w, r, "moved", func(d *panelDesk, slot, saw int64) error {
		to, err := formInt(r, "panel")
		if err != nil {
			return err
		}
		at, err := d.moment(r)
		if err != nil {
			return err
		}
		_, err = s.store.MoveSlot(r.Context(), s.ask(r), d.who, events.MoveSlot{Slot: slot, Saw: saw, Panel: to, Start: at})
		return err
	})
}

func (s *Server) slotDrop(w http.ResponseWriter, r *http.Request) error {
	return s.onSheet(w, r, "cancelled", func(d *panelDesk, slot, saw int64) error {
		_, err := s.store.DropSlot(r.Context(), s.ask(r), d.who, events.DropSlot{Slot: slot, Saw: saw})
		return err
	})
}

// onSheet does a step with a slot of a panel's sheet.
func (s *Server) onSheet(w http.ResponseWriter, r *http.Request, done string, step func(d *panelDesk, slot, saw int64) error) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	id, err := number(r, "panel")
	if err != nil {
		return err
	}
	v, err := s.store.Panel(r.Context(), d.who, d.c.Code, id)
	if err != nil {
		return err
	}
	slot, err := formInt(r, "slot")
	if err == nil && !slices.ContainsFunc(v.Slots, func(sl events.SlotView) bool { return sl.ID == slot }) {
		err = &events.Refusal{Status: events.StatusInvalid, Problem: "no-such-slot", With: []string{r.PostForm.Get("slot")}}
	}
	saw, err2 := formInt(r, "saw")
	if err = errors.Join(err, err2); err == nil {
		err = step(d, slot, saw)
	}
	if problems, status, ok := d.problem(err); ok {
		return s.showSheet(w, r, d, status, problems)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url+"/"+strconv.FormatInt(id, 10), "did", done)
}

// panelBook serves who has to be seen, with proposals.
func (s *Server) panelBook(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	return s.showBook(w, r, d, http.StatusOK, nil)
}

func (s *Server) showBook(w http.ResponseWriter, r *http.Request, d *panelDesk, status int, problems []Problem) error {
	ctx, t := r.Context(), d.b.t
	made, err := s.store.ProposeSlots(ctx, d.who, d.c.Code)
	if err != nil {
		return err
	}
	all, err := s.store.ToSee(ctx, d.who, d.c.Code)
	if err != nil {
		return err
	}
	views, err := s.store.Panels(ctx, d.who, d.c.Code)
	if err != nil {
		return err
	}
	d.Title, d.Path, d.Wrong = t.T("panels.book"), d.url+"/slots", len(problems) > 0
	page := PanelBookPage{Back: d.url, Done: d.said(r, "booked"), Problems: aim(problems, "day", "start", "reason", "participant", "panel", "proposed"), Action: d.url + "/slots", Command: uuid.NewString(), By: uuid.NewString(), Typed: map[string]string{}}
	for _, name := range []string{"day", "clock", "reason"} {
		page.Typed[name] = r.PostForm.Get(name)
	}
	names := map[int64]string{}
	for i := range views {
		names[views[i].ID] = views[i].Name
		page.Panels = append(page.Panels, Option{strconv.FormatInt(views[i].ID, 10), views[i].Name, r.PostForm.Get("panel") == strconv.FormatInt(views[i].ID, 10)})
	}
	for i := range made.Slots {
		p := &made.Slots[i]
		row := d.toSeeRow(&p.Who)
		row.Time, row.Panel = d.clock(p.From), p.Panel.Name
		row.Value = strconv.FormatInt(p.Slot.Panel, 10) + "/" + strconv.FormatInt(p.Person, 10) + "/" + p.From.UTC().Format(time.RFC3339)
		page.Proposed = append(page.Proposed, row)
	}
	for i := range made.Left {
		row := d.toSeeRow(&made.Left[i].Who)
		page.Left = append(page.Left, LeftRow{row.Name, row.Delegation, row.About, t.T("panels.left." + string(made.Left[i].Why))})
	}
	for i := range all {
		row := d.toSeeRow(&all[i])
		if sl := all[i].Slot; sl != nil {
			row.Time, row.Panel = d.clock(sl.Start), names[sl.PanelID]
			page.Have = append(page.Have, row)
			continue
		}
		id := strconv.FormatInt(all[i].Person.ID, 10)
		page.People = append(page.People, Option{id, t.Join(row.Name, row.Delegation, d.b.pick(all[i].Discipline.Name, all[i].Discipline.NameEn)), r.PostForm.Get("person") == id})
	}
	page.Page = d.Page
	return s.renderer.Write(w, status, page)
}

func (d *panelDesk) toSeeRow(w *events.ToSee) ProposedRow {
	t := d.b.t
	return ProposedRow{Name: events.DisplayName(w.Person.Family, w.Person.Given), Delegation: d.b.pick(w.Delegation.Name, w.Delegation.NameEn), Starts: d.clock(w.Starts),
		About: t.Join(append([]string{d.b.pick(w.Discipline.Name, w.Discipline.NameEn), t.T("panels.why." + string(w.Why))}, d.heldWords(w.Held)...)...)}
}

// panelBooked gives the slots that were ticked, or the one by hand.
func (s *Server) panelBooked(w http.ResponseWriter, r *http.Request) error {
	d, err := s.panelDesk(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	a, err := d.chosenSlots(r)
	if err == nil {
		_, err = s.store.BookSlots(r.Context(), s.ask(r), d.who, a)
	}
	if problems, status, ok := d.problem(err); ok {
		return s.showBook(w, r, d, status, problems)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url+"/slots", "did", "booked")
}

func (d *panelDesk) chosenSlots(r *http.Request) (a events.BookSlots, err error) {
	if r.PostForm.Get("by") == "hand" {
		var n events.NewSlot
		if n.Panel, err = formInt(r, "panel"); err != nil {
			return a, err
		}
		if n.Participant, err = formInt(r, "person"); err != nil {
			return a, err
		}
		n.Start, err = d.moment(r)
		return events.BookSlots{Slots: []events.NewSlot{n}}, err
	}
	for _, value := range r.PostForm["slot"] {
		parts := strings.SplitN(value, "/", 3)
		if len(parts) != 3 {
			return a, errForm
		}
		panel, err1 := strconv.ParseInt(parts[0], 10, 64)
		person, err2 := strconv.ParseInt(parts[1], 10, 64)
		at, err3 := time.Parse(time.RFC3339, parts[2])
		if err := errors.Join(err1, err2, err3); err != nil {
			return a, errForm
		}
		a.Slots = append(a.Slots, events.NewSlot{Panel: panel, Participant: person, Start: at})
	}
	if len(a.Slots) == 0 {
		return a, &events.Refusal{Status: events.StatusInvalid, Problem: "slots-none", Field: "proposed"}
	}
	return a, nil
}
