package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
)

// The form that asks one person, or a delegation as a whole, for everything, and
// the plan of the delegation's arrival.

// asked is whom a form is about.
type asked struct {
	*teamNeeds
	person   events.NeedPerson
	round    events.Round
	arrivals []events.ArrivalView
	have     map[needs.Code]events.NeedView
	proposed []needs.Said // by the sheet that the person came with, while nobody has asked
}

// askedOf finds whom the address is about. Who is entered in several sports is
// asked once, whichever registration the address names.
func (s *Server) askedOf(w http.ResponseWriter, r *http.Request) (*asked, error) {
	d, err := s.teamNeeds(w, r)
	if err != nil {
		return nil, err
	}
	id := int64(0)
	if r.PathValue("person") != wholeTeam {
		if id, err = number(r, "person"); err != nil {
			return nil, err
		}
	}
	people, err := s.store.NeedPeople(r.Context(), d.who, d.c.Code, d.delegation.ID)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(people, func(p events.NeedPerson) bool { return p.Registration == id || slices.Contains(p.Also, id) })
	if at < 0 {
		return nil, errNoPage
	}
	a := &asked{teamNeeds: d, person: people[at], have: map[needs.Code]events.NeedView{}}
	if a.arrivals, err = s.store.Arrivals(r.Context(), d.who, d.c.Code, d.delegation.ID); err != nil {
		return nil, err
	}
	a.round = d.round(a.arrivals)
	views, err := s.store.Needs(r.Context(), d.who, d.c.Code,
		events.NeedFilter{Delegation: d.delegation.ID, Registration: a.person.Registration, Whole: a.person.Registration == 0, Texts: true})
	if err != nil {
		return nil, err
	}
	for _, v := range views {
		if v.State != needs.Withdrawn && !v.Medical {
			a.have[v.Kind] = v
		}
	}
	if len(a.person.Asked) == 0 {
		a.proposed, err = s.store.NeedProposals(r.Context(), d.who, d.c.Code, a.person)
	}
	return a, err
}

// page is the form as it stands.
func (a *asked) page() NeedsFormPage {
	t := a.t
	p := NeedsFormPage{Page: a.Page, Delegation: a.name(), Heading: t.T("needs.form-title", a.person.Name), About: a.person.Sport,
		Back: a.root + "/needs", Command: uuid.NewString(), Saw: a.person.Saw, Round: string(a.round), RoundText: t.T("need-round." + string(a.round)),
		Hint: t.T("needs.form-" + string(a.round)), Done: t.T("needs.save")}
	p.Action = p.Back + "/" + strconv.FormatInt(a.person.Registration, 10)
	if a.person.Registration == 0 {
		p.Heading, p.Action = t.T("needs.form-whole"), p.Back+"/"+wholeTeam
	}
	if a.round == events.AtArrival {
		p.Done = t.T("needs.save-arrival")
	}
	if len(a.proposed) > 0 {
		p.Proposed = t.T("needs.proposed", len(a.proposed))
	}
	p.Title = t.Join(p.Heading, p.Delegation)
	for _, area := range needs.Areas {
		part := NeedArea{Area: string(area), Title: t.T("need-area." + string(area))}
		for _, k := range needs.In(area) {
			if k.Audience == needs.Medics && a.who.Role == access.Service || k.Audience != needs.Medics && a.who.Role == access.Medical {
				continue
			}
			tick := a.tick(k)
			part.Open = part.Open || tick.Ticked
			part.Kinds = append(part.Kinds, tick)
		}
		if len(part.Kinds) > 0 {
			p.Areas = append(p.Areas, part)
		}
	}
	return p
}

// tick is one kind on the form, as it was said last.
func (a *asked) tick(k needs.Kind) NeedTick {
	whole := a.person.Registration == 0
	tick := NeedTick{Code: string(k.Code), Text: a.t.needKind(k.Code), Many: whole || k.Most > 1, Most: k.Most, Pieces: "1",
		ByHour: k.Counts == needs.ByHour, ByDay: k.Counts == needs.ByDay, InWords: k.Words, Placed: k.Area != needs.Food && k.Area != needs.Contest}
	v, ok := a.have[k.Code]
	if !ok {
		if i := slices.IndexFunc(a.proposed, func(s needs.Said) bool { return s.Kind == k.Code }); i >= 0 {
			tick.Ticked, tick.Words = true, a.proposed[i].Words
		}
		return tick
	}
	tick.Ticked, tick.Pieces, tick.Day, tick.Until = true, strconv.Itoa(v.Pieces), v.Day, v.Until
	tick.Words, tick.Place = v.WordsText, v.PlaceText
	tick.State, tick.StateText = string(v.State), a.t.T("need-state."+string(v.State))
	if v.Hour >= 0 {
		tick.Hour = strconv.Itoa(v.Hour)
	}
	if v.ReplyText != "" {
		tick.Reply = a.t.Join(a.t.T("need-verdict."+string(v.Verdict)), v.ReplyText)
	}
	return tick
}

func (s *Server) needsForm(w http.ResponseWriter, r *http.Request) error {
	a, err := s.askedOf(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, a.page())
}

// needsState takes the form.
func (s *Server) needsState(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	a, err := s.askedOf(w, r)
	if err != nil {
		return err
	}
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	act := events.StateNeeds{Delegation: a.delegation.ID, Registration: a.person.Registration, Round: events.Round(r.PostFormValue("round")), Saw: saw}
	act.Needs, err = a.read(r)
	if err == nil {
		_, err = s.store.StateNeeds(r.Context(), s.ask(r), a.who, act)
	}
	switch {
	case err == nil:
		http.Redirect(w, r, a.root+"/needs", http.StatusSeeOther)
		return nil
	case !saidOnPage(err):
		return err
	}
	return s.renderer.Write(w, statusOf(err), a.refused(r, err))
}

// read reads what was ticked, and what was written beside it.
func (a *asked) read(r *http.Request) (all []events.AskedNeed, err error) {
	for _, code := range r.PostForm["kind"] {
		f := func(name string) string { return strings.TrimSpace(r.PostFormValue(name + "." + code)) }
		n := events.AskedNeed{Kind: needs.Code(code), Pieces: 1, Day: f("day"), Until: f("until"), Hour: needs.WholeDay, Words: f("words"), Place: f("place")}
		n.Keep = !a.byDelegation() && n.Words == ""
		for _, number := range []struct {
			name string
			into *int
		}{{"pieces", &n.Pieces}, {"hour", &n.Hour}} {
			typed := f(number.name)
			if typed == "" {
				continue
			}
			if *number.into, err = strconv.Atoi(typed); err != nil {
				return nil, &events.Refusal{Status: events.StatusInvalid, Field: number.name + "." + code, Problem: "need-number", With: []string{code}}
			}
		}
		if n.Pieces < 1 || n.Pieces > 99 || n.Hour < needs.WholeDay || n.Hour > 23 {
			return nil, &events.Refusal{Status: events.StatusInvalid, Field: "pieces." + code, Problem: "need-number", With: []string{code}}
		}
		all = append(all, n)
	}
	return all, nil
}

// refused is the form as it was typed, with what is wrong with it. Where somebody
// else has saved meanwhile, what was typed can be saved over it once it has been
// looked at.
func (a *asked) refused(r *http.Request, err error) NeedsFormPage {
	p := a.page()
	field, text := a.t.needProblem(err)
	_, code, _ := strings.Cut(field, ".")
	target := "needs-form"
	for i := range p.Areas {
		for j := range p.Areas[i].Kinds {
			tick := &p.Areas[i].Kinds[j]
			f := func(name string) string { return r.PostFormValue(name + "." + tick.Code) }
			tick.Ticked = slices.Contains(r.PostForm["kind"], tick.Code)
			tick.Day, tick.Until, tick.Hour, tick.Words, tick.Place = f("day"), f("until"), f("hour"), f("words"), f("place")
			if tick.Many {
				tick.Pieces = f("pieces")
			}
			if tick.Code == code {
				tick.Error, target = text, "i-"+code
			}
		}
	}
	p.Problems, p.Wrong = []Problem{{Target: target, Text: text}}, true
	p.Stale = statusOf(err) == http.StatusConflict
	return p
}

// spareGroups is how many empty groups the plan of an arrival offers.
const spareGroups = 2

func (s *Server) needsArrival(w http.ResponseWriter, r *http.Request) error {
	d, err := s.teamNeeds(w, r)
	if err != nil {
		return err
	}
	page, err := s.arrivalPage(r, d)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) arrivalPage(r *http.Request, d *teamNeeds) (*NeedsArrivalPage, error) {
	arrivals, err := s.store.Arrivals(r.Context(), d.who, d.c.Code, d.delegation.ID)
	if err != nil {
		return nil, err
	}
	p := &NeedsArrivalPage{Page: d.Page, Delegation: d.name(), Action: d.root + "/arrival", Back: d.root + "/needs", Command: uuid.NewString()}
	p.Title = d.t.Join(d.t.T("needs.plan-arrival"), p.Delegation)
	with := map[int64]int{}
	for i, a := range arrivals {
		p.Saw = max(p.Saw, a.Seq)
		p.Groups = append(p.Groups, ArrivalForm{Number: i + 1, Day: a.Day, Clock: a.Clock, Place: a.Place, Means: a.Means, Count: strconv.Itoa(a.People)})
		for _, registration := range a.Names {
			with[registration] = i + 1
		}
	}
	for range spareGroups {
		p.Groups = append(p.Groups, ArrivalForm{Number: len(p.Groups) + 1})
	}
	for i := range p.Groups {
		p.Groups[i].Title = d.t.T("needs.arrival-group", strconv.Itoa(i+1))
	}
	if len(arrivals) < 2 {
		return p, nil
	}
	people, err := s.store.NeedPeople(r.Context(), d.who, d.c.Code, d.delegation.ID)
	if err != nil {
		return nil, err
	}
	for _, person := range people[1:] { // the first is the delegation as a whole
		line := ArrivalPersonLine{ID: strconv.FormatInt(person.Registration, 10), Name: person.Name, Sport: person.Sport,
			Groups: []NeedOption{{Value: "", Text: d.t.T("needs.arrival-everybody"), Chosen: with[person.Registration] == 0}}}
		for _, g := range p.Groups[:len(arrivals)] {
			line.Groups = append(line.Groups, NeedOption{Value: strconv.Itoa(g.Number), Text: g.Title, Chosen: with[person.Registration] == g.Number})
		}
		p.People = append(p.People, line)
	}
	return p, nil
}

// needsPlan takes the plan of an arrival.
func (s *Server) needsPlan(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.teamNeeds(w, r)
	if err != nil {
		return err
	}
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	plan, typed, wrong := readPlan(r)
	plan.Delegation, plan.Saw = d.delegation.ID, saw
	if err = wrong; err == nil {
		_, err = s.store.PlanArrivals(r.Context(), s.ask(r), d.who, plan)
	}
	switch {
	case err == nil:
		http.Redirect(w, r, d.root+"/needs", http.StatusSeeOther)
		return nil
	case !saidOnPage(err):
		return err
	}
	page, err2 := s.arrivalPage(r, d)
	if err2 != nil {
		return err2
	}
	field, text := d.t.needProblem(err)
	target := "plan"
	for i := range typed {
		typed[i].Title = d.t.T("needs.arrival-group", strconv.Itoa(i+1))
		if field == "day"+strconv.Itoa(typed[i].Number) {
			target = field
		}
	}
	page.Groups, page.Problems, page.Wrong = typed, []Problem{{Target: target, Text: text}}, true
	return s.renderer.Write(w, statusOf(err), *page)
}

// mostGroups is how many groups one form may plan.
const mostGroups = 20

// readPlan reads the groups that have a day, and who comes with which. It also
// gives the form as it was typed.
func readPlan(r *http.Request) (plan events.PlanArrivals, typed []ArrivalForm, err error) {
	at := map[string]int{}
	for i := 1; i <= mostGroups && r.PostForm.Has("day"+strconv.Itoa(i)); i++ {
		n := strconv.Itoa(i)
		f := func(name string) string { return strings.TrimSpace(r.PostFormValue(name + n)) }
		g := ArrivalForm{Number: i, Day: f("day"), Clock: f("clock"), Place: f("place"), Means: f("means"), Count: f("people")}
		typed = append(typed, g)
		if g.Day == "" {
			continue
		}
		people, wrong := strconv.Atoi(g.Count)
		if wrong != nil || people < 1 || g.Clock == "" {
			err = &events.Refusal{Status: events.StatusInvalid, Field: "day" + n, Problem: "arrival-wrong", With: []string{n}}
			continue
		}
		at[n] = len(plan.Groups)
		plan.Groups = append(plan.Groups, events.ArrivalFile{Day: g.Day, Clock: g.Clock, Place: g.Place, Means: g.Means, People: people})
	}
	for name := range r.PostForm {
		id, ok := strings.CutPrefix(name, "with")
		registration, wrong := strconv.ParseInt(id, 10, 64)
		group, chosen := at[r.PostFormValue(name)]
		if ok && wrong == nil && chosen {
			plan.Groups[group].Names = append(plan.Groups[group].Names, registration)
		}
	}
	for i := range plan.Groups {
		slices.Sort(plan.Groups[i].Names) // a form's fields come in no order
	}
	return plan, typed, err
}
