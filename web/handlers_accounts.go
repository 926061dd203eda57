// The organiser's page of accounts: who may sign in, made one by one or for
// all delegations at once, given new links, signed out, closed and opened.
package web

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// accountRoutes are the organiser's.
func (s *Server) accountRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/accounts", access.ManageAccounts, s.accounts},
		{"POST /c/{competition}/desk/accounts", access.ManageAccounts, s.makeAccount},
		{"POST /c/{competition}/desk/accounts/delegations", access.ManageAccounts, s.makeManagers},
		{"POST /c/{competition}/desk/accounts/{account}", access.ManageAccounts, s.actOnAccount},
	}
}

func (s *Server) accounts(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.accountsPage(w, r)
	if err != nil {
		return err
	}
	done := r.URL.Query().Get("done")
	for _, known := range []string{"close", "open", "end"} {
		if done == known {
			p.Done = s.catalogue.In(p.Lang).T("accounts.done-" + known)
		}
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

func (s *Server) accountsPage(w http.ResponseWriter, r *http.Request) (AccountsPage, *view, error) {
	var p AccountsPage
	v, err := s.private(w, r, "accounts.title")
	if err != nil {
		return p, nil, err
	}
	all, err := s.store.Accounts(r.Context(), s.who(r), v.c)
	if err != nil {
		return p, nil, err
	}
	t := v.b.t
	p = AccountsPage{Page: v.Page, URL: v.b.root + "/desk/accounts", Command: uuid.NewString(), Command2: uuid.NewString(), Bad: map[string]string{}}
	p.Path = p.URL
	p.Bar = s.bar(r, v, "accounts")
	for _, role := range access.Roles {
		p.Roles = append(p.Roles, Option{Value: string(role), Text: t.Role(role)})
		group := AccountGroup{Title: t.Role(role), ID: "role-" + string(role)}
		for i := range all {
			if all[i].Role == role {
				group.Lines = append(group.Lines, v.accountLine(&all[i], s.who(r)))
			}
		}
		if len(group.Lines) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	p.Delegations = []Option{{Text: t.T("accounts.no-delegation")}}
	for _, d := range v.b.programme.Delegations {
		p.Delegations = append(p.Delegations, Option{Value: strconv.FormatInt(d.ID, 10), Text: v.b.pick(d.Name, d.NameEn)})
	}
	p.Disciplines = []Option{{Text: t.T("accounts.all-disciplines")}}
	for _, d := range v.b.programme.Disciplines {
		p.Disciplines = append(p.Disciplines, Option{Value: strconv.FormatInt(d.ID, 10), Text: v.b.pick(d.Name, d.NameEn)})
	}
	slices.SortFunc(p.Disciplines[1:], func(a, b Option) int { return strings.Compare(a.Text, b.Text) })
	if n := len(v.unmanaged(all)); n > 0 {
		p.Missing = t.T("accounts.missing", n)
	}
	return p, v, nil
}

// unmanaged are the delegations that have no account of their own.
func (v *view) unmanaged(all []events.AccountView) (ds []events.Delegation) {
	for _, d := range v.b.programme.Delegations {
		if !slices.ContainsFunc(all, func(a events.AccountView) bool { return a.Role == access.Delegation && a.DelegationID == d.ID }) {
			ds = append(ds, d)
		}
	}
	return ds
}

func (v *view) accountLine(a *events.AccountView, who access.Who) AccountLine {
	t := v.b.t
	id := strconv.FormatInt(a.ID, 10)
	l := AccountLine{ID: id, URL: v.b.root + "/desk/accounts/" + id, Name: a.Name, Login: a.Login, Closed: a.Closed,
		Of: v.b.pick(a.Delegation+a.Discipline, a.DelegationEn+a.DisciplineEn)}
	states := []string{}
	switch {
	case a.Closed:
		l.Shape, states = "off", append(states, t.T("accounts.closed"))
	case a.Ready:
		l.Shape, states = "official", append(states, t.T("accounts.ready"))
	case !a.Linked.IsZero():
		l.Shape, states = "scheduled", append(states, t.T("accounts.linked", v.minute(a.Linked)))
	default:
		l.Shape, states = "alert", append(states, t.T("accounts.link-over"))
	}
	if a.Second {
		states = append(states, t.T("accounts.second"))
	}
	l.State = t.Join(states...)
	if !a.Seen.IsZero() {
		l.Seen = v.minute(a.Seen)
	}
	act := func(do string, danger bool) {
		l.Acts = append(l.Acts, AccountAct{Do: do, Text: t.T("accounts.do-" + do), Command: uuid.NewString(), Danger: danger})
	}
	switch {
	case a.Closed:
		act("open", false)
	default:
		act("link", false)
		if a.Second {
			act("factor", false)
		}
		if a.SignIns > 0 && a.ID != who.Account {
			act("end", false)
		}
		if a.ID != who.Account {
			act("close", true)
		}
	}
	return l
}

func (s *Server) makeAccount(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	n := events.NewAccount{Login: r.PostFormValue("login"), Name: r.PostFormValue("name"), Role: access.Role(r.PostFormValue("role"))}
	n.Delegation, _ = strconv.ParseInt(r.PostFormValue("delegation"), 10, 64) // none chosen is 0, and refused where one is needed
	n.Discipline, _ = strconv.ParseInt(r.PostFormValue("discipline"), 10, 64)
	return s.makeAccounts(w, r, []events.NewAccount{n})
}

// makeAccounts makes accounts and shows their links, or the form again with
// what is wrong.
func (s *Server) makeAccounts(w http.ResponseWriter, r *http.Request, all []events.NewAccount) error {
	_, links, err := s.store.MakeAccounts(r.Context(), s.ask(r), s.who(r), events.MakeAccounts{Accounts: all})
	if err != nil {
		return s.accountsRefused(w, r, err)
	}
	s.log.Info("accounts made", "competition", r.PathValue("competition"), "by", s.who(r).Account, "accounts", len(links))
	return s.showLinks(w, r, links)
}

func (s *Server) accountsRefused(w http.ResponseWriter, r *http.Request, refused error) error {
	p, v, err := s.accountsPage(w, r)
	if err != nil {
		return err
	}
	text, field, ok := v.said(refused)
	if !ok {
		return refused
	}
	if !slices.Contains([]string{"login", "name", "role", "delegation", "discipline"}, field) {
		field = "main"
	}
	p.Bad[field] = text
	p.Login, p.Name, p.Wrong, p.Problems = r.PostFormValue("login"), r.PostFormValue("name"), true, []Problem{{field, text}}
	for _, list := range []struct {
		options []Option
		chosen  string
	}{{p.Roles, r.PostFormValue("role")}, {p.Delegations, r.PostFormValue("delegation")}, {p.Disciplines, r.PostFormValue("discipline")}} {
		for i := range list.options {
			list.options[i].Chosen = list.options[i].Value == list.chosen
		}
	}
	return s.renderer.Write(w, statusOf(refused), p)
}

var plainLogin = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// makeManagers makes an account for every delegation that has none. Its login
// is the delegation's code where that can be typed on any keyboard.
func (s *Server) makeManagers(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	all, err := s.store.Accounts(r.Context(), s.who(r), v.c)
	if err != nil {
		return err
	}
	var fresh []events.NewAccount
	for _, d := range v.unmanaged(all) {
		login := strings.ToLower(d.Code)
		if !plainLogin.MatchString(login) || len(login) > 30 || slices.ContainsFunc(all, func(a events.AccountView) bool { return a.Login == login }) {
			login = "team-" + strconv.FormatInt(d.ID, 10)
		}
		fresh = append(fresh, events.NewAccount{Login: login, Name: v.b.t.Join(d.Name, v.b.t.Role(access.Delegation)), Role: access.Delegation, Delegation: d.ID})
	}
	if len(fresh) == 0 { // the same form again: their links have been shown
		return s.showLinks(w, r, nil)
	}
	return s.makeAccounts(w, r, fresh)
}

// actOnAccount does what a button beside an account says.
func (s *Server) actOnAccount(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	id, err := number(r, "account")
	if err != nil {
		return err
	}
	var links []events.Link
	do := r.PostFormValue("do")
	switch do {
	case "link", "factor":
		_, links, err = s.store.NewLinks(r.Context(), s.ask(r), s.who(r), events.NewLinks{Accounts: []int64{id}, Factor: do == "factor"})
	case "end":
		_, err = s.store.EndSignIns(r.Context(), s.ask(r), s.who(r), events.EndSignIns{Account: id})
	case "close", "open":
		_, err = s.store.CloseAccount(r.Context(), s.ask(r), s.who(r), events.CloseAccount{Account: id, Open: do == "open"})
	default:
		err = errForm
	}
	if err != nil {
		if errors.Is(err, errForm) {
			return err
		}
		return s.accountsRefused(w, r, err)
	}
	s.log.Info("account changed", "competition", r.PathValue("competition"), "by", s.who(r).Account, "account", id, "do", do)
	if do == "link" || do == "factor" {
		return s.showLinks(w, r, links)
	}
	http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/desk/accounts?done="+do, http.StatusSeeOther)
	return nil
}

// showLinks shows links this once; none, when the form was sent before.
func (s *Server) showLinks(w http.ResponseWriter, r *http.Request, links []events.Link) error {
	v, err := s.private(w, r, "links.title")
	if err != nil {
		return err
	}
	p := LinksPage{Page: v.Page, Back: v.b.root + "/desk/accounts"}
	p.Path = p.Back
	p.Bar = s.bar(r, v, "accounts")
	for i := range links {
		l := &links[i]
		address := origin(r) + v.b.root + "/welcome/" + l.Token
		code, err := codeOf(address)
		if err != nil {
			return err
		}
		p.Links = append(p.Links, LinkCard{Name: l.Account.Name, Role: v.b.t.Role(l.Account.Role), Login: l.Account.Login, URL: address, Code: code,
			Expires: v.minute(l.Expires)})
	}
	return s.renderer.Write(w, http.StatusOK, p)
}
