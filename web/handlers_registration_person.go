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
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
)

// A person's page: one registration as a form, what can be done with it, and
// what has happened to it.

// personForm is a registration being looked at or typed.
type personForm struct {
	*office
	ed    *entry.Edition
	v     *events.RegistrationView // zero ID: a new one
	typed url.Values               // what has just been typed; nil: nothing
}

func (s *Server) personForm(w http.ResponseWriter, r *http.Request) (*personForm, error) {
	o, err := s.office(w, r)
	if err != nil {
		return nil, err
	}
	f := &personForm{office: o, v: &events.RegistrationView{Delegation: o.delegation, State: registration.Draft, May: o.may(access.WriteRegistration)}}
	if f.ed, err = s.store.Edition(r.Context(), o.c.Code); err != nil {
		return nil, err
	}
	if r.PathValue("registration") == "" {
		return f, nil
	}
	id, err := number(r, "registration")
	if err != nil {
		return nil, err
	}
	if f.v, err = s.store.Registration(r.Context(), o.who, o.c.Code, id); err != nil {
		return nil, err
	}
	if f.v.Delegation != o.delegation {
		return nil, errNoPage
	}
	return f, nil
}

func (s *Server) personNew(w http.ResponseWriter, r *http.Request) error {
	f, err := s.personForm(w, r)
	if err != nil {
		return err
	}
	f.typed = url.Values{"kind": {r.URL.Query().Get("kind")}}
	return s.renderer.Write(w, http.StatusOK, *f.page())
}

func (s *Server) person(w http.ResponseWriter, r *http.Request) error {
	f, err := s.personForm(w, r)
	if err != nil {
		return err
	}
	page, err := s.personPage(r, f)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

// personPage is the page of a registration that there is.
func (s *Server) personPage(r *http.Request, f *personForm) (*PersonPage, error) {
	page := f.page()
	page.Done = f.done(r)
	s.restOf(f, page)
	history, err := s.store.RegistrationHistory(r.Context(), f.who, f.c.Code, f.v.ID)
	if err != nil {
		return nil, err
	}
	for i := range history {
		page.History = append(page.History, f.historyLine(&history[i]))
	}
	page.Replace, err = s.replacements(r, f)
	return page, err
}

// staff reports whether the person comes with the delegation and does not compete.
func (f *personForm) staff() bool {
	if kind := f.typed.Get("kind"); kind != "" {
		return kind == "staff"
	}
	return f.v.Staff
}

func (f *personForm) page() *PersonPage {
	t, v := f.b.t, f.v
	page := &PersonPage{Delegation: f.name, TeamURL: f.url, ListURL: f.url, Action: f.url + "/people/new", Heading: t.T("reg.person.new"), New: v.ID == 0, Saw: v.Revision, Command: uuid.NewString(), May: v.May, Sections: f.sections()}
	if !page.New {
		id := strconv.FormatInt(v.ID, 10)
		line := f.line(v)
		page.Action, page.Heading, page.State, page.StateText, page.Code = f.url+"/people/"+id, line.Name, line.State, line.StateText, v.Code
		page.MoveID, page.MoveAction = id, f.url+"/check"
		if v.State == registration.Returned {
			page.Reason = v.Reason
		}
		page.AskReason = v.State == registration.Accepted && v.May
		for _, to := range stepOrder(f.who.Role == access.Organiser) {
			if slices.Contains(v.Steps, to) {
				page.Moves = append(page.Moves, f.stepTo(to, len(page.Moves) == 0))
			}
		}
		if v.Code != "" {
			page.CardURL = f.b.root + "/cards/" + url.PathEscape(v.Code)
		}
		f.problems(page)
	}
	f.Title = page.Heading
	if f.who.Role == access.Organiser {
		page.ListURL = f.b.root + "/desk/registrations?delegation=" + strconv.FormatInt(f.delegation, 10)
	}
	page.Page = f.Page
	return page
}

// problems puts what is wrong beside its field, and on top.
func (f *personForm) problems(page *PersonPage) {
	if f.v.State == registration.Withdrawn {
		return
	}
	for i := range f.v.Problems {
		p := &f.v.Problems[i]
		text := sentences(append([]string{f.problemTitle(p)}, f.problemHelp(p)...)...)
		field := page.field(string(p.Field))
		target := "main"
		if field != nil {
			target = field.Name
		}
		if p.Severity == entry.Error {
			page.Problems = append(page.Problems, Problem{target, text})
		} else {
			page.Warnings = append(page.Warnings, Problem{target, text})
		}
		switch {
		case field == nil:
		case p.Severity == entry.Error:
			field.Errors = append(field.Errors, text)
		default:
			field.Warned = append(field.Warned, text)
		}
	}
}

// field finds a field of the form; nil where it has none of the name.
func (p *PersonPage) field(name string) *FormField {
	for i := range p.Sections {
		for j := range p.Sections[i].Fields {
			if p.Sections[i].Fields[j].Name == name {
				return &p.Sections[i].Fields[j]
			}
		}
	}
	return nil
}

// sections are the parts of the form: an athlete's, or those of somebody who
// comes along.
func (f *personForm) sections() []FormSection {
	t := f.b.t
	athlete, athleteWord := "athlete", t.T("reg.kind.athlete")
	if len(f.ed.Sports) == 0 {
		athleteWord = t.T("reg.kind.contestant")
	}
	kind := FormField{Name: "kind", Label: t.T("reg.kind.label"), Only: !f.v.May, Options: []Option{{athlete, athleteWord, !f.staff()}, {"staff", t.T("reg.staff"), f.staff()}}}
	who := FormSection{ID: "s-who", Title: t.T("reg.person.who"), Hint: t.T("reg.person.sealed-hint"), Fields: []FormField{kind}}
	if f.staff() {
		who.Fields = append(who.Fields, f.field(registration.Role))
	}
	who.Fields = append(who.Fields, f.field(entry.Name), f.field(entry.ID), f.optional(entry.Sex), f.optional(entry.Birth), f.optional(entry.Phone))
	note := FormSection{ID: "s-note", Title: t.T("reg.person.note"), Fields: []FormField{f.optional(entry.Remark)}}
	if f.staff() {
		if len(f.ed.Sports) > 0 {
			who.Fields = append(who.Fields, f.optional(entry.InSport))
		}
		return []FormSection{who, note}
	}
	certificate := FormSection{ID: "s-certificate", Title: t.T("reg.person.certificate"), Fields: []FormField{f.field(entry.Cert), f.optional(entry.Cat), f.optional(entry.Level), f.optional(entry.Valid)}}
	contest := FormSection{ID: "s-contest", Title: t.T("reg.person.contest")}
	if len(f.ed.Sports) > 0 {
		contest.Fields = append(contest.Fields, f.field(entry.InSport), f.optional(entry.Class))
	}
	contest.Fields = append(contest.Fields, f.choice(), f.optional(entry.Mark))
	if len(f.ed.GuideFor) > 0 {
		contest.Fields = append(contest.Fields, f.optional(entry.Guide))
	}
	if f.ed.GuardianUnder > 0 {
		certificate.Fields = append(certificate.Fields, f.optional(entry.Guardian))
	}
	all := []FormSection{who, certificate, contest}
	if f.ed.ExtraLimit > 0 {
		all = append(all, FormSection{ID: "s-skills", Title: t.T("reg.person.skills"), Fields: []FormField{f.optional(entry.Paper), f.optional(entry.Extra)}})
	}
	return append(all, note)
}

// hinted are the fields that say what is to be typed.
var hinted = []entry.Field{entry.Birth, entry.Sex, entry.Class, entry.Mark, entry.Guide, entry.Guardian, registration.Role, entry.ID, entry.Cert, entry.Valid}

// field is one field of the form, with what is kept or was just typed.
func (f *personForm) field(name entry.Field) FormField {
	t := f.b.t
	field := FormField{Name: string(name), Label: t.fieldWord(string(name)), Only: !f.v.May}
	if slices.Contains(hinted, name) {
		key := string(name)
		if name == entry.ID {
			key = "identity"
		}
		field.Hint = t.T("reg.hint."+key, strconv.Itoa(f.ed.GuardianUnder))
	}
	if events.Sealed(name) {
		kept := f.v.Masked[name]
		if field.Secret = masked(name, kept); field.Secret {
			field.Masked = kept
		} else {
			field.Value, field.Was = kept, kept
		}
	} else {
		field.Value = f.v.Fields[name]
	}
	if f.typed.Has(string(name)) {
		field.Value = f.typed.Get(string(name))
	}
	switch name {
	case entry.Sex:
		chosen := entry.ParseSex(field.Value)
		field.Options = []Option{{"", t.T("reg.sex.none"), chosen == ""}, {"男", t.T("reg.sex.M"), chosen == identity.Male}, {"女", t.T("reg.sex.W"), chosen == identity.Female}}
	case entry.InSport:
		field.Options = f.sports(field.Value)
	case entry.Phone:
		field.Input = "tel"
	case entry.Remark:
		field.Long = true
	}
	return field
}

// masked reports whether a sealed field starts empty on a page: its value is a
// number that nobody reads in passing.
func masked(name entry.Field, kept string) bool {
	return name == entry.ID || name == entry.Cert || name == entry.Phone || strings.Contains(kept, "*")
}

func (f *personForm) optional(name entry.Field) FormField {
	field := f.field(name)
	field.Optional = true
	return field
}

// sports are the edition's sports as choices; one that is not among them is
// shown as it was typed.
func (f *personForm) sports(typed string) []Option {
	of := f.ed.Sport(typed)
	options := []Option{{"", f.b.t.T("reg.no-sport"), typed == ""}}
	for i := range f.ed.Sports {
		s := &f.ed.Sports[i]
		options = append(options, Option{s.Name, s.Name, of == s})
	}
	if typed != "" && of == nil {
		options = append(options, Option{typed, typed, true})
	}
	return options
}

// choice is the field of the events: ticks where the sport says which there
// are, else a text.
func (f *personForm) choice() FormField {
	field := f.field(entry.Events)
	field.Hint = f.b.t.T("reg.hint.event")
	var chosen []string
	if f.typed.Has("event") {
		for _, text := range f.typed["event"] {
			chosen = append(chosen, f.ed.SplitEvents(f.sportTyped(), text)...)
		}
	} else {
		for i := range f.v.Choices {
			chosen = append(chosen, f.v.Choices[i].Name)
		}
	}
	field.Value = strings.Join(chosen, "、")
	for _, name := range f.eventNames() {
		i := slices.IndexFunc(chosen, func(c string) bool { return entry.Plain(c) == entry.Plain(name) })
		field.Options = append(field.Options, Option{name, name, i >= 0})
		if i >= 0 {
			chosen = slices.Delete(chosen, i, i+1)
		}
	}
	if field.Many = len(field.Options) > 0; field.Many {
		field.Hint = ""
		for _, other := range chosen { // what the edition does not have, as it was typed
			field.Options = append(field.Options, Option{other, other, true})
		}
	}
	return field
}

func (f *personForm) sportTyped() string {
	typed := f.v.Fields[entry.InSport]
	if f.typed.Has(string(entry.InSport)) {
		typed = f.typed.Get(string(entry.InSport))
	}
	if s := f.ed.Sport(typed); s != nil {
		return s.Name
	}
	return ""
}

// eventNames are the names of the events that the person's sport has, each once.
func (f *personForm) eventNames() []string {
	sport := f.sportTyped()
	if sport == "" && len(f.ed.Sports) > 0 {
		return nil
	}
	sex := entry.ParseSex(f.v.Sex)
	if f.typed.Get("sex") != "" {
		sex = entry.ParseSex(f.typed.Get("sex"))
	}
	var names []string
	for i := range f.ed.Events {
		e := &f.ed.Events[i]
		if e.Sport == sport && (e.Sex == "" || sex == "" || e.Sex == sex) && !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names
}

func (f *personForm) historyLine(c *events.RegistrationChange) HistoryLine {
	t := f.b.t
	line := HistoryLine{Time: f.moment(c.At), By: c.By, Reason: c.Reason}
	switch c.Kind {
	case events.ChangeMoved:
		line.Text = t.T("reg.done." + string(c.To))
	default:
		line.Text = t.T("reg.done." + c.Kind)
	}
	var words []string
	for _, name := range c.Fields {
		words = append(words, f.anyWord(string(name)))
	}
	if len(words) > 0 {
		line.Fields = t.T("reg.person.fields", strings.Join(words, t.T("reg.deadline.comma")))
	}
	return line
}

// anyWord names a field of a row, or one that only sheets have.
func (o *office) anyWord(field string) string {
	if key := "reg.column." + field; o.b.t.Has(key) {
		return o.b.t.T(key)
	}
	return o.b.t.fieldWord(field)
}

// personSave writes the form: a new registration or an old one. A form that
// only asks for another sport's events is shown again, nothing written.
func (s *Server) personSave(w http.ResponseWriter, r *http.Request) error {
	f, err := s.personForm(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	f.typed = r.PostForm
	if r.PostForm.Get("do") == "sport" {
		page := f.page()
		page.Problems, page.Warnings = nil, nil
		return s.renderer.Write(w, http.StatusOK, *page)
	}
	a, err := f.save()
	if err != nil {
		return err
	}
	if a.Fields[registration.Role] == "" && f.staff() {
		return s.personRefused(w, r, f, &events.Refusal{Status: events.StatusInvalid, Field: string(registration.Role), Problem: "role-missing"})
	}
	receipt, err := s.store.SaveRegistration(r.Context(), s.ask(r), f.who, a)
	if err != nil {
		return s.personRefused(w, r, f, err)
	}
	var saved events.Saved
	if err := json.Unmarshal(receipt.Outcome, &saved); err != nil {
		return fmt.Errorf("outcome of a save: %w", err)
	}
	return did(w, r, f.url+"/people/"+strconv.FormatInt(saved.ID, 10), "did", "saved")
}

// save is what the form says. A sealed field that was not touched is not in it.
func (f *personForm) save() (events.SaveRegistration, error) {
	a := events.SaveRegistration{ID: f.v.ID, Delegation: f.delegation, Fields: map[entry.Field]string{}, Secret: map[entry.Field]string{}}
	saw, err := strconv.ParseInt(f.typed.Get("saw"), 10, 64)
	if err != nil {
		return a, errForm
	}
	a.Saw = saw
	for _, section := range f.sections() {
		for i := range section.Fields {
			field := &section.Fields[i]
			name, text := entry.Field(field.Name), strings.TrimSpace(f.typed.Get(field.Name))
			switch {
			case field.Name == "kind":
			case name == entry.Events:
				a.Fields[name] = field.Value
			case !events.Sealed(name):
				a.Fields[name] = text
			case field.Secret && text == nothing:
				a.Secret[name] = ""
			case field.Secret && text != "", !field.Secret && f.typed.Has(field.Name) && text != strings.TrimSpace(f.typed.Get("was-"+field.Name)):
				a.Secret[name] = text
			}
		}
	}
	return a, nil
}

// personRefused shows the form again with what was typed and why it was not
// kept. Where somebody was faster, what stands now is beside it.
func (s *Server) personRefused(w http.ResponseWriter, r *http.Request, f *personForm, err error) error {
	var refusal *events.Refusal
	status := statusOf(err)
	if !errors.As(err, &refusal) || status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	page := f.page()
	page.Problems, page.Warnings, page.Wrong = nil, nil, true
	target, text := "main", f.b.t.Problem(err, nil)
	switch field := page.field(refusal.Field); {
	case refusal.Status == events.StatusStale:
		text = f.b.t.T("reg.person.stale", f.v.By)
		page.Stale, target = text, "stale"
		f.theirs(page)
	case refusal.Field == "reason":
		target, page.AskReason = "reason", true
	case field != nil:
		target = field.Name
		field.Errors = append(field.Errors, text)
	}
	page.Problems = []Problem{{target, text}}
	page.Typed = r.PostForm.Get("reason")
	return s.renderer.Write(w, status, *page)
}

// theirs puts what stands now beside what was typed, where the two differ.
func (f *personForm) theirs(page *PersonPage) {
	blank := f.b.t.T("reg.person.theirs-blank")
	for i := range page.Sections {
		for j := range page.Sections[i].Fields {
			field := &page.Sections[i].Fields[j]
			name := entry.Field(field.Name)
			now := f.v.Fields[name]
			switch {
			case field.Name == "kind", field.Secret:
				continue
			case name == entry.Events:
				now = choicesOf(f.v)
			case events.Sealed(name):
				now = f.v.Masked[name]
			}
			if strings.TrimSpace(now) != strings.TrimSpace(field.Value) {
				if field.Theirs = now; now == "" {
					field.Theirs = blank
				}
			}
		}
	}
}

// replacements are those who can take an accepted person's place: submitted, of
// the same delegation and sport.
func (s *Server) replacements(r *http.Request, f *personForm) (*ReplaceForm, error) {
	if f.v.State != registration.Accepted || f.v.Staff || !f.may(access.DecideRegistration) {
		return nil, nil
	}
	vs, err := s.store.Registrations(r.Context(), f.who, f.c.Code, events.RegistrationFilter{Delegation: f.delegation, Sport: f.v.Sport, States: []registration.State{registration.Submitted, registration.Waiting}})
	if err != nil {
		return nil, err
	}
	form := &ReplaceForm{Action: f.url + "/people/" + strconv.FormatInt(f.v.ID, 10) + "/replace", Command: uuid.NewString(), Saw: f.v.Revision}
	for i := range vs {
		if !vs[i].Staff {
			form.Others = append(form.Others, Option{Value: strconv.FormatInt(vs[i].ID, 10) + "." + strconv.FormatInt(vs[i].Revision, 10), Text: f.b.t.Join(vs[i].Name, f.line(&vs[i]).About)})
		}
	}
	if len(form.Others) == 0 {
		return nil, nil
	}
	return form, nil
}

// personReplace puts one person in another's place.
func (s *Server) personReplace(w http.ResponseWriter, r *http.Request) error {
	f, err := s.personForm(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	in, sawIn, _ := strings.Cut(r.PostForm.Get("in"), ".")
	a := events.ReplaceRegistration{Out: f.v.ID}
	var err1, err2, err3 error
	a.SawOut, err1 = strconv.ParseInt(r.PostForm.Get("saw"), 10, 64)
	a.In, err2 = strconv.ParseInt(in, 10, 64)
	a.SawIn, err3 = strconv.ParseInt(sawIn, 10, 64)
	if errors.Join(err1, err2, err3) != nil {
		return errForm
	}
	if _, err := s.store.ReplaceRegistration(r.Context(), s.ask(r), f.who, a); err != nil {
		return s.personRefused(w, r, f, err)
	}
	return did(w, r, f.url+"/people/"+strconv.FormatInt(a.In, 10), "did", "saved")
}

// restOf fills in where the rest of a person is: needs, papers and consents, a look
// at a number that is recorded.
func (s *Server) restOf(f *personForm, page *PersonPage) {
	if page.New {
		return
	}
	id := strconv.FormatInt(f.v.ID, 10)
	page.Needs = f.url + "/needs/" + id
	page.Papers = f.url + "/people/" + id + "/privacy"
	if f.v.State == registration.Accepted {
		page.Calendar = f.url + "/people/" + id + "/calendar"
	}
	if f.v.Participant != 0 && f.may(access.SayName) {
		page.Spoken = f.b.root + "/names/" + strconv.FormatInt(f.v.Participant, 10)
	}
	if f.v.Masked[entry.ID] != "" && f.may(access.LookSecret) {
		page.Look = f.url + "/people/" + id + "/look?field=id"
	}
}
