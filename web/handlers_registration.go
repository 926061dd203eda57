// Registration over HTTP: a delegation's home and the organiser's desk. Both
// are plain forms; what is decided is decided by the store, which asks again
// who may. Every step that changes many people is shown before it is done, and
// answered with the way back.
package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/scoring"
)

// registrationRoutes are the pages of delegations and of the organiser.
func (s *Server) registrationRoutes() []route {
	return []route{
		{"GET /c/{competition}/team/{delegation}", access.ReadRegistration, s.teamHome},
		{"POST /c/{competition}/team/{delegation}/find", access.ReadRegistration, s.teamFind},
		{"GET /c/{competition}/team/{delegation}/template.xlsx", access.WriteRegistration, s.teamTemplate},
		{"GET /c/{competition}/team/{delegation}/all.xlsx", access.ExportRegistration, s.list},
		{"GET /c/{competition}/team/{delegation}/all.csv", access.ExportRegistration, s.list},
		{"POST /c/{competition}/team/{delegation}/uploads", access.WriteRegistration, s.uploadFile},
		{"GET /c/{competition}/team/{delegation}/uploads/{upload}", access.WriteRegistration, s.upload},
		{"GET /c/{competition}/team/{delegation}/uploads/{upload}/state", access.WriteRegistration, s.uploadState},
		{"GET /c/{competition}/team/{delegation}/uploads/{upload}/returned.xlsx", access.WriteRegistration, s.uploadReturned},
		{"POST /c/{competition}/team/{delegation}/uploads/{upload}/fix", access.WriteRegistration, s.uploadFix},
		{"POST /c/{competition}/team/{delegation}/uploads/{upload}/map", access.WriteRegistration, s.uploadMap},
		{"POST /c/{competition}/team/{delegation}/uploads/{upload}/drop", access.WriteRegistration, s.uploadDrop},
		{"GET /c/{competition}/team/{delegation}/uploads/{upload}/apply", access.WriteRegistration, s.uploadCheck},
		{"POST /c/{competition}/team/{delegation}/uploads/{upload}/apply", access.WriteRegistration, s.uploadApply},
		{"GET /c/{competition}/team/{delegation}/people/new", access.WriteRegistration, s.personNew},
		{"POST /c/{competition}/team/{delegation}/people/new", access.WriteRegistration, s.personSave},
		{"GET /c/{competition}/team/{delegation}/people/{registration}", access.ReadRegistration, s.person},
		{"POST /c/{competition}/team/{delegation}/people/{registration}", access.WriteRegistration, s.personSave},
		{"POST /c/{competition}/team/{delegation}/people/{registration}/replace", access.DecideRegistration, s.personReplace},
		{"POST /c/{competition}/team/{delegation}/check", access.WriteRegistration, s.moveCheck},
		{"POST /c/{competition}/team/{delegation}/moves", access.WriteRegistration, s.move},
		{"POST /c/{competition}/team/{delegation}/undo", access.WriteRegistration, s.moveUndo},

		{"GET /c/{competition}/desk/registrations", access.DecideRegistration, s.registrationsDesk},
		{"POST /c/{competition}/desk/registrations/find", access.DecideRegistration, s.deskFind},
		{"POST /c/{competition}/desk/registrations/check", access.DecideRegistration, s.moveCheck},
		{"POST /c/{competition}/desk/registrations/moves", access.DecideRegistration, s.move},
		{"POST /c/{competition}/desk/registrations/undo", access.DecideRegistration, s.moveUndo},
		{"GET /c/{competition}/desk/lists", access.DecideRegistration, s.lists},
		{"GET /c/{competition}/desk/lists/{list}", access.DecideRegistration, s.list},
		{"GET /c/{competition}/desk/cards", access.DecideRegistration, s.cards},
		{"GET /c/{competition}/cards/{code}", everybody, s.bearer},
	}
}

// office is where registrations are looked after from: a delegation's home, or
// the organiser's desk.
type office struct {
	*view
	who        access.Who
	delegation int64 // 0: the organiser's desk
	name       string
	url        string
}

// office begins a page of registration. Where the address names a delegation
// that the competition does not have, there is no page.
func (s *Server) office(w http.ResponseWriter, r *http.Request) (*office, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	o := &office{view: v, who: s.who(r), url: v.b.root + "/desk/registrations", name: v.b.t.T("reg.desk.title")}
	section := "registrations"
	if r.PathValue("delegation") != "" {
		if o.delegation, err = number(r, "delegation"); err != nil {
			return nil, err
		}
		ds := v.b.programme.Delegations
		i := slices.IndexFunc(ds, func(d events.Delegation) bool { return d.ID == o.delegation })
		if i < 0 {
			return nil, errNoPage
		}
		o.url, o.name = v.b.root+"/team/"+strconv.FormatInt(o.delegation, 10), v.b.pick(ds[i].Name, ds[i].NameEn)
		if o.who.Delegation == o.delegation {
			section = "team"
		}
	}
	o.Bar = s.bar(r, v, section)
	return o, nil
}

// of is what the office's acts are about.
func (o *office) of() access.Object { return access.Object{Delegation: o.delegation} }

// may reports whether who looks may do an act here.
func (o *office) may(a access.Act) bool { return access.May(o.who, a, o.of()) == access.Allowed }

// here keeps a way back that a form brings to addresses of this competition.
func (o *office) here(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, o.b.root+"/") {
		return o.url
	}
	u.Fragment = ""
	return u.String()
}

// did leads on to a page that says what has been done, with the way back. What
// is said stands in the address as words of a list and numbers, never a name.
func did(w http.ResponseWriter, r *http.Request, to string, facts ...string) error {
	u, err := url.Parse(to)
	if err != nil {
		return err
	}
	q := u.Query()
	for _, name := range []string{"did", "n", "m", "k", "left", "seq"} {
		q.Del(name)
	}
	for i := 0; i+1 < len(facts); i += 2 {
		q.Set(facts[i], facts[i+1])
	}
	u.RawQuery = q.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
	return nil
}

// done says what the address tells of the step before.
func (o *office) done(r *http.Request) *Done {
	q, t := r.URL.Query(), o.b.t
	n := func(name string) string {
		i, err := strconv.Atoi(q.Get(name))
		if err != nil || i < 0 {
			i = 0
		}
		return strconv.Itoa(i)
	}
	what := q.Get("did")
	switch {
	case slices.Contains(registration.States, registration.State(what)):
		d := &Done{Text: t.T("reg.did."+what, n("n")), Undo: o.undo(r)}
		if left := n("left"); left != "0" { // for whom there was no place
			d.Details = []string{t.T("reg.did.waiting", left)}
		}
		return d
	case what == "saved", what == "undone":
		return &Done{Text: t.T("reg.did." + what)}
	case what == "applied":
		d := &Done{Text: t.T("reg.apply.done", n("n"), n("m"), n("k"))}
		switch {
		case n("n") == "0" && n("m") == "0":
			d.Text = t.T("reg.apply.nothing")
		case n("m") == "0": // what only adds people can be taken back
			d.Undo = o.undo(r)
		}
		if left := n("left"); left != "0" {
			d.Details = []string{t.T("reg.apply.left", left)}
		}
		return d
	case what == "fixed":
		return &Done{Text: t.T("reg.upload.saved", n("n"))}
	case what == "mapped":
		return &Done{Text: t.T("reg.map.done")}
	case what == "dropped":
		return &Done{Text: t.T("reg.upload.dropped")}
	}
	return nil
}

// undo is the way back from the step that an address tells of.
func (o *office) undo(r *http.Request) *UndoForm {
	seq, err := strconv.ParseInt(r.URL.Query().Get("seq"), 10, 64)
	if err != nil || seq <= 0 {
		return nil
	}
	return &UndoForm{Action: o.url + "/undo", Command: uuid.NewString(), Seq: seq, Back: r.URL.Path}
}

// asked is the filter in an address.
func (o *office) asked(q url.Values) events.RegistrationFilter {
	f := events.RegistrationFilter{Delegation: o.delegation, Sport: q.Get("sport"), Query: strings.TrimSpace(q.Get("q")), Problems: q.Get("problems") != ""}
	if state := registration.State(q.Get("state")); slices.Contains(registration.States, state) {
		f.States = []registration.State{state}
	}
	if o.delegation == 0 {
		f.Delegation, _ = strconv.ParseInt(q.Get("delegation"), 10, 64) // what is no number asks for nothing
	}
	return f
}

// narrowed reports whether a filter asks for anything.
func (o *office) narrowed(f events.RegistrationFilter) bool {
	return f.Sport != "" || f.Query != "" || f.Problems || len(f.States) > 0 || f.Delegation != o.delegation
}

// asksByNumber reports whether somebody looks for an identity number, which must
// not stand in an address.
func asksByNumber(query string) bool {
	digits := 0
	for _, r := range identity.Narrow(query) {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 8
}

// narrow leads on to a list narrowed by an address, so that it can be kept and
// gone back to; a search by an identity number is answered in place.
func (s *Server) narrow(w http.ResponseWriter, r *http.Request, show func(*http.Request) error) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	q := url.Values{}
	for _, name := range []string{"q", "state", "sport", "problems", "delegation"} {
		if v := r.PostForm.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	to := strings.TrimSuffix(r.URL.Path, "/find")
	if asksByNumber(q.Get("q")) {
		asked := r.Clone(r.Context())
		asked.URL.Path, asked.URL.RawQuery = to, q.Encode()
		return show(asked)
	}
	http.Redirect(w, r, to+"?"+q.Encode()+"#people", http.StatusSeeOther)
	return nil
}

// filter is the form of a list. The query itself does not go into addresses
// that lead on: it may be an identity number.
func (o *office) filter(q url.Values, f events.RegistrationFilter, ed *entry.Edition) Filter {
	t := o.b.t
	form := Filter{Action: o.url + "/find", Clear: o.url, Query: f.Query, Problems: f.Problems, On: o.narrowed(f), Whole: o.delegation != 0, States: []Option{{"", t.T("reg.everything"), len(f.States) == 0}}}
	for _, state := range registration.States {
		form.States = append(form.States, Option{string(state), t.T("reg.state." + string(state)), slices.Contains(f.States, state)})
	}
	if len(ed.Sports) > 0 {
		form.Sports = []Option{{"", t.T("reg.everything"), f.Sport == ""}}
		for i := range ed.Sports {
			form.Sports = append(form.Sports, Option{ed.Sports[i].Name, ed.Sports[i].Name, f.Sport == ed.Sports[i].Name})
		}
		form.Sports = append(form.Sports, Option{"-", t.T("reg.staff"), f.Sport == "-"})
	}
	if o.delegation == 0 {
		form.Delegations = o.delegations(f.Delegation)
	}
	if o.may(access.ExportRegistration) {
		kept := url.Values{}
		for _, name := range []string{"state", "sport", "problems", "delegation"} {
			if q.Get(name) != "" {
				kept.Set(name, q.Get(name))
			}
		}
		base := o.url
		if o.delegation == 0 {
		}
		form.Excel, form.CSV = base+"/all.xlsx?"+kept.Encode(), base+"/all.csv?"+kept.Encode()
	}
	return form
}

// delegations are the delegations as choices.
func (o *office) delegations(chosen int64) []Option {
	all := []Option{{"", o.b.t.T("reg.desk.all-delegations"), chosen == 0}}
	for _, d := range o.b.programme.Delegations {
		all = append(all, Option{strconv.FormatInt(d.ID, 10), o.b.pick(d.Name, d.NameEn), d.ID == chosen})
	}
	return all
}

// tallies count registrations by state; each leads to those it counts.
func (o *office) tallies(vs []events.RegistrationView, f events.RegistrationFilter) []Tally {
	count := map[registration.State]int{}
	for i := range vs {
		count[vs[i].State]++
	}
	var all []Tally
	for _, state := range registration.States {
		if count[state] == 0 && (state == registration.Waiting || state == registration.Withdrawn) {
			continue // said only where there are any
		}
		all = append(all, Tally{Shape: shapeOf(string(state)), Count: count[state], Text: o.b.t.T("reg.state." + string(state)), URL: o.url + "?state=" + string(state) + "#people",
			Current: len(f.States) == 1 && f.States[0] == state})
	}
	return all
}

// line is a registration in a list.
func (o *office) line(v *events.RegistrationView) PersonLine {
	t := o.b.t
	id := strconv.FormatInt(v.ID, 10)
	l := PersonLine{ID: id, Saw: v.Revision, Code: v.Code, Name: v.Name, URL: o.url + "/people/" + id, Sport: v.Sport, State: shapeOf(string(v.State)), StateText: t.T("reg.state." + string(v.State))}
	if o.delegation == 0 {
		l.URL, l.Delegation = o.b.root+"/team/"+strconv.FormatInt(v.Delegation, 10)+"/people/"+id, o.delegationName(v)
	}
	if v.Name == "" {
		l.Name = t.T("reg.no-name", id)
	}
	if v.State == registration.Returned || v.State == registration.Withdrawn {
		l.Reason = v.Reason
	}
	about := []string{o.sexWord(v.Sex), v.Class, choicesOf(v)}
	if v.Staff {
		about = []string{v.Role}
		if l.Sport == "" {
			l.Sport = t.T("reg.staff")
		}
	}
	l.About = t.Join(about...)
	if v.State == registration.Withdrawn {
		return l // what is wrong with it matters no more
	}
	for i := range v.Problems {
		p := &v.Problems[i]
		if p.Severity == entry.Error {
			l.Wrong = append(l.Wrong, o.problemTitle(p))
		} else {
			l.Warned = append(l.Warned, o.problemTitle(p))
		}
	}
	return l
}

func (o *office) delegationName(v *events.RegistrationView) string {
	for _, d := range o.b.programme.Delegations {
		if d.ID == v.Delegation {
			return o.b.pick(d.Name, d.NameEn)
		}
	}
	return v.DelegationName
}

// sexWord says a sex; nothing where it is not known.
func (o *office) sexWord(sex string) string {
	if parsed := entry.ParseSex(sex); parsed != "" {
		return o.b.t.T("reg.sex." + string(parsed))
	}
	return ""
}

// choicesOf are a row's events as one text.
func choicesOf(v *events.RegistrationView) string {
	names := make([]string, len(v.Choices))
	for i := range v.Choices {
		names[i] = v.Choices[i].Name
	}
	return strings.Join(names, "、")
}

// say puts a sentence of the rules into words.
func (o *office) say(inv scoring.Invalid) string {
	inv.Line = ""
	return o.b.t.Invalid(&inv, nil)
}

// problemTitle says what is wrong, without what helps.
func (o *office) problemTitle(p *entry.Problem) string {
	if len(p.Say) == 0 {
		return p.Kind
	}
	return o.say(p.Say[0])
}

// problemHelp says what helps.
func (o *office) problemHelp(p *entry.Problem) []string {
	var all []string
	for _, inv := range p.Say[min(1, len(p.Say)):] {
		all = append(all, o.say(inv))
	}
	return all
}

// moment says a day and a time: 5 月 20 日 16:42.
func (o *office) moment(at time.Time) string {
	at = at.In(o.b.zone)
	return o.b.t.Days(at, time.Time{}) + " " + o.b.t.Hour(at)
}
