// Signing in and out, setting a password by a link, and somebody's own account.
package web

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// signInRoutes are the way in and one's own account.
func (s *Server) signInRoutes() []route {
	return []route{
		{"GET /c/{competition}/sign-in", everybody, s.signInPage},
		{"POST /c/{competition}/sign-in", everybody, s.signIn},
		{"GET /c/{competition}/sign-in/second", everybody, s.secondPage},
		{"POST /c/{competition}/sign-in/second", everybody, s.giveSecond},
		{"GET /c/{competition}/welcome/{token}", everybody, s.welcomePage},
		{"POST /c/{competition}/welcome", everybody, s.welcome},
		{"POST /c/{competition}/sign-out", access.Own, s.signOut},
		{"GET /c/{competition}/account", access.Own, s.account},
		{"POST /c/{competition}/account/password", access.Own, s.changePassword},
		{"POST /c/{competition}/account/sign-ins", access.Own, s.endSignIns},
		{"GET /c/{competition}/account/second", access.Own, s.secondSetPage},
		{"POST /c/{competition}/account/second", access.Own, s.setSecond},
		{"POST /doors/{door}", everybody, s.through},
	}
}

// private begins a page that nobody else may see and no cache may keep, and
// whose address goes nowhere.
func (s *Server) private(w http.ResponseWriter, r *http.Request, title string) (*view, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	w.Header().Set("Cache-Control", "no-store")
	v.Title = v.b.t.T(title)
	v.Site.Root = v.b.root
	return v, nil
}

// said is a refusal that belongs on the page that was sent, in words; other
// errors are not for it.
func (v *view) said(err error) (problem, field string, ok bool) {
	var refusal *events.Refusal
	if !errors.As(err, &refusal) {
		return "", "", false
	}
	switch refusal.Status {
	case events.StatusInvalid, events.StatusLimited, events.StatusStale, events.StatusClosed:
		return v.b.t.Problem(err, nil), refusal.Field, true
	}
	return "", "", false
}

// retryAfter tells a program what the page tells people.
func retryAfter(w http.ResponseWriter, err error) {
	var refusal *events.Refusal
	if errors.As(err, &refusal) && refusal.Status == events.StatusLimited && len(refusal.With) > 0 {
		w.Header().Set("Retry-After", refusal.With[0])
	}
}

// onward is where somebody wanted to go, if it is a page of this competition.
func (v *view) onward(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(path.Clean(u.Path), v.b.root+"/") || strings.Contains(u.Path, "\\") ||
		strings.HasPrefix(u.Path, v.b.root+"/sign-in") {
		return ""
	}
	return u.RequestURI()
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.private(w, r, "sign-in.title")
	if err != nil {
		return err
	}
	next := v.onward(r.URL.Query().Get("next"))
	if next == v.b.root+"/tablet" || strings.HasPrefix(next, v.b.root+"/judge") { // a device at a seat asks for the PIN instead
		if d, err := s.seatOf(r); err != nil || d != nil {
			http.Redirect(w, r, v.b.root+"/seat?"+url.Values{"next": {next}}.Encode(), http.StatusSeeOther)
			return err
		}
	}
	return s.renderer.Write(w, http.StatusOK, v.signInPage(next))
}

func (v *view) signInPage(next string) SignInPage {
	p := SignInPage{Page: v.Page, Action: v.b.root + "/sign-in", Next: next, Place: v.c.City}
	p.Path = p.Action
	if next != "" {
		p.Path += "?" + url.Values{"next": {next}}.Encode()
	}
	first, err1 := time.Parse(time.DateOnly, v.c.Starts)
	last, err2 := time.Parse(time.DateOnly, v.c.Ends)
	if err1 == nil && err2 == nil {
		p.Dates = v.b.t.Days(first, last)
	}
	return p
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	v, err := s.private(w, r, "sign-in.title")
	if err != nil {
		return err
	}
	next := v.onward(r.PostFormValue("next"))
	page := v.signInPage(next)
	page.Login = r.PostFormValue("login")
	t := v.b.t
	if strings.TrimSpace(page.Login) == "" {
		page.LoginBad = t.T("sign-in.login-empty")
		page.Problems = append(page.Problems, Problem{"login", page.LoginBad})
	}
	if r.PostFormValue("password") == "" {
		page.PassBad = t.T("sign-in.password-empty")
		page.Problems = append(page.Problems, Problem{"password", page.PassBad})
	}
	if len(page.Problems) > 0 {
		page.Wrong = true
		return s.renderer.Write(w, http.StatusUnprocessableEntity, page)
	}
	in, err := s.store.SignIn(r.Context(), v.c, events.Attempt{Login: page.Login, Password: r.PostFormValue("password"), Address: addressOf(r), Agent: r.UserAgent()})
	if err != nil {
		s.log.Info("sign-in refused", "competition", v.c.Code, "address", addressOf(r), "why", err.Error())
		text, _, ok := v.said(err)
		if !ok {
			return err
		}
		retryAfter(w, err)
		page.Wrong, page.PassBad, page.Problems = true, text, []Problem{{"password", text}}
		return s.renderer.Write(w, statusOf(err), page)
	}
	s.noteSignIn(r, in, "password")
	return s.letIn(w, r, v, in, next)
}

// noteSignIn keeps in the log that somebody came in, and how.
func (s *Server) noteSignIn(r *http.Request, in *events.SignedIn, by string) {
	s.log.Info("signed in", "competition", r.PathValue("competition"), "account", in.Account.ID, "role", string(in.Account.Role),
		"sign-in", in.SignIn.ID, "stage", string(in.SignIn.Stage), "by", by, "address", addressOf(r))
}

// letIn gives the device its token and leads on: to the second factor while it
// is missing, then to where somebody wanted to go, else to where they work.
func (s *Server) letIn(w http.ResponseWriter, r *http.Request, v *view, in *events.SignedIn, next string) error {
	keepSignIn(w, r, v.c.Code, in)
	who := in.Who()
	switch {
	case !who.SignedIn():
		target := v.b.root + "/sign-in/second"
		if next != "" {
			target += "?" + url.Values{"next": {next}}.Encode()
		}
		next = target
	case who.Role == access.Organiser && !who.Strong:
		next = v.b.root + "/account/second"
	case next == "":
		next = s.work(r, v, who)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// work is where somebody's work begins: the first part of the house that their
// role leads to. Before the edition's rules are laid there is no registration to
// look after, and organisers begin with the set-up.
func (s *Server) work(r *http.Request, v *view, who access.Who) string {
	links := s.barLinks(who, v.b.t, v.b.root, "")
	if _, err := s.store.Edition(r.Context(), v.c.Code); !errors.Is(err, events.ErrNotFound) {
		return links[0].URL
	}
	if access.Ever(who, access.SetEdition) {
		return v.b.root + "/desk/setup"
	}
	if who.Delegation != 0 {
		return v.b.root + "/account"
	}
	return links[0].URL
}

// waiting is the sign-in of who has given the password and not yet the second
// factor. Who waits for nothing, or waited too long, is led to the beginning.
func (s *Server) waiting(w http.ResponseWriter, r *http.Request, v *view) (*events.SignedIn, error) {
	in, err := s.signInOf(r)
	if err != nil {
		return nil, err
	}
	if in == nil || in.SignIn.Stage != events.StagePassword {
		http.Redirect(w, r, v.b.root+"/sign-in", http.StatusSeeOther)
		return nil, nil
	}
	return in, nil
}

func (v *view) secondPage(next string) SecondPage {
	p := SecondPage{Page: v.Page, Action: v.b.root + "/sign-in/second", Next: next}
	p.Path = p.Action
	return p
}

func (s *Server) secondPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.private(w, r, "second.title")
	if err != nil {
		return err
	}
	if in, err := s.waiting(w, r, v); err != nil || in == nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, v.secondPage(v.onward(r.URL.Query().Get("next"))))
}

func (s *Server) giveSecond(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	v, err := s.private(w, r, "second.title")
	if err != nil {
		return err
	}
	in, err := s.waiting(w, r, v)
	if err != nil || in == nil {
		return err
	}
	next := v.onward(r.PostFormValue("next"))
	if err := s.store.GiveSecond(r.Context(), v.c, in, r.PostFormValue("code"), addressOf(r)); err != nil {
		s.log.Info("second factor refused", "competition", v.c.Code, "account", in.Account.ID, "address", addressOf(r), "why", err.Error())
		text, _, ok := v.said(err)
		if !ok {
			return err
		}
		retryAfter(w, err)
		page := v.secondPage(next)
		page.Wrong, page.CodeBad, page.Problems = true, text, []Problem{{"code", text}}
		return s.renderer.Write(w, statusOf(err), page)
	}
	s.noteSignIn(r, in, "second factor")
	return s.letIn(w, r, v, in, next)
}

func (s *Server) welcomePage(w http.ResponseWriter, r *http.Request) error {
	return s.showWelcome(w, r, r.PathValue("token"), nil)
}

// showWelcome shows the form that a link leads to. The link is not used by
// being looked at: programs that fetch links before people do must not use it.
func (s *Server) showWelcome(w http.ResponseWriter, r *http.Request, token string, refused error) error {
	v, err := s.private(w, r, "welcome.title")
	if err != nil {
		return err
	}
	account, err := s.store.LinkFor(r.Context(), v.c.Code, token)
	if err != nil {
		return err
	}
	p := WelcomePage{Page: v.Page, Action: v.b.root + "/welcome", Token: token, Name: account.Name, Role: v.b.t.Role(account.Role), Login: account.Login}
	p.Path = p.Action + "/" + token
	status := http.StatusOK
	if refused != nil {
		text, _, ok := v.said(refused)
		if !ok {
			return refused
		}
		p.Wrong, p.PassBad, p.Problems, status = true, text, []Problem{{"password", text}}, statusOf(refused)
	}
	return s.renderer.Write(w, status, p)
}

func (s *Server) welcome(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	v, err := s.private(w, r, "welcome.title")
	if err != nil {
		return err
	}
	token := r.PostFormValue("token")
	in, err := s.store.UseLink(r.Context(), v.c, token, r.PostFormValue("password"), r.UserAgent())
	if err != nil {
		if errors.Is(err, events.ErrInvalid) {
			return s.showWelcome(w, r, token, err)
		}
		return err
	}
	s.noteSignIn(r, in, "link")
	return s.letIn(w, r, v, in, "")
}

// own is the sign-in of somebody at their own account; the desk's key has none.
func (s *Server) own(r *http.Request) (*events.SignedIn, error) {
	in := s.signedIn(r)
	if in == nil {
		return nil, errSignIn
	}
	return in, nil
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	in, err := s.own(r)
	if err != nil {
		return err
	}
	if err := s.store.SignOut(r.Context(), in.Account.ID, in.SignIn.ID); err != nil {
		return err
	}
	s.hub.Dismiss(strconv.FormatInt(in.SignIn.ID, 10))
	s.log.Info("signed out", "competition", r.PathValue("competition"), "account", in.Account.ID, "sign-in", in.SignIn.ID)
	dropSignIn(w, r, r.PathValue("competition"))
	http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/sign-in", http.StatusSeeOther)
	return nil
}

func (s *Server) account(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.accountPage(w, r)
	if err != nil {
		return err
	}
	done := r.URL.Query().Get("done")
	for _, known := range []string{"password", "sign-ins"} {
		if done == known {
			p.Done = s.catalogue.In(p.Lang).T("account.done-" + known)
		}
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

func (s *Server) accountPage(w http.ResponseWriter, r *http.Request) (AccountPage, *view, error) {
	var p AccountPage
	v, err := s.private(w, r, "account.title")
	if err != nil {
		return p, nil, err
	}
	in, err := s.own(r)
	if err != nil {
		return p, nil, err
	}
	all, err := s.store.SignIns(r.Context(), in.Account.ID)
	if err != nil {
		return p, nil, err
	}
	left, err := s.store.RecoveryLeft(r.Context(), in.Account.ID)
	if err != nil {
		return p, nil, err
	}
	t := v.b.t
	p = AccountPage{Page: v.Page, URL: v.b.root + "/account", Login: in.Account.Login, Role: t.Role(in.Account.Role), Others: len(all) > 1,
		Second: in.Account.Second, Recovery: t.T("account.recovery-left", left), SecondURL: v.b.root + "/account/second"}
	p.Path = p.URL
	p.Bar = s.bar(r, v, "")
	for _, i := range all {
		device := i.Device
		if device == "" {
			device = t.T("account.some-device")
		}
		p.SignIns = append(p.SignIns, SignInLine{ID: strconv.FormatInt(i.ID, 10), Device: device, Started: v.minute(i.Started), Seen: v.minute(i.Seen), Here: i.ID == in.SignIn.ID})
	}
	return p, v, nil
}

// minute is a time as people say it, to the minute.
func (v *view) minute(at time.Time) string {
	at = at.In(v.b.zone)
	return v.b.t.Day(at) + " " + at.Format("15:04")
}

func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	in, err := s.own(r)
	if err != nil {
		return err
	}
	c, err := s.store.Competition(r.Context(), r.PathValue("competition"))
	if err != nil {
		return err
	}
	err = s.store.ChangePassword(r.Context(), c, in, r.PostFormValue("old"), r.PostFormValue("password"), addressOf(r))
	if err == nil {
		s.log.Info("password changed", "competition", c.Code, "account", in.Account.ID)
		keepSignIn(w, r, c.Code, in)
		http.Redirect(w, r, "/c/"+c.Code+"/account?done=password", http.StatusSeeOther)
		return nil
	}
	p, v, err2 := s.accountPage(w, r)
	if err2 != nil {
		return err2
	}
	text, field, ok := v.said(err)
	if !ok {
		return err
	}
	retryAfter(w, err)
	target := "old"
	if field == "password" {
		target, p.NewBad = "new", text
	} else {
		p.OldBad = text
	}
	p.Wrong, p.Problems = true, []Problem{{target, text}}
	return s.renderer.Write(w, statusOf(err), p)
}

// endSignIns signs somebody out on another of their devices, or on all others.
func (s *Server) endSignIns(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	in, err := s.own(r)
	if err != nil {
		return err
	}
	if id, err1 := strconv.ParseInt(r.PostFormValue("sign-in"), 10, 64); err1 == nil {
		if err = s.store.SignOut(r.Context(), in.Account.ID, id); err == nil && id == in.SignIn.ID {
			dropSignIn(w, r, r.PathValue("competition"))
		}
	} else {
		err = s.store.SignOutOthers(r.Context(), in.Account.ID, in.SignIn.ID)
	}
	if err != nil {
		return err
	}
	s.log.Info("sign-ins ended", "competition", r.PathValue("competition"), "account", in.Account.ID)
	http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/account?done=sign-ins", http.StatusSeeOther)
	return nil
}

func (s *Server) secondSetPage(w http.ResponseWriter, r *http.Request) error {
	return s.showSecondSet(w, r, events.NewSecret(), nil)
}

// showSecondSet shows a secret to be scanned; after a wrong code the same one.
func (s *Server) showSecondSet(w http.ResponseWriter, r *http.Request, secret string, refused error) error {
	v, err := s.private(w, r, "second-set.title")
	if err != nil {
		return err
	}
	in, err := s.own(r)
	if err != nil {
		return err
	}
	code, err := codeOf(events.SecretURL(secret, v.c.Name, &in.Account))
	if err != nil {
		return err
	}
	p := SecondSetPage{Page: v.Page, Action: v.b.root + "/account/second", Command: uuid.NewString(), Secret: secret, Spaced: spaced(secret), Code: code,
		Must: in.Account.Role == access.Organiser && !in.Account.Second, Again: in.Account.Second}
	p.Path = p.Action
	p.Bar = s.bar(r, v, "")
	status := http.StatusOK
	if refused != nil {
		text, _, ok := v.said(refused)
		if !ok {
			return refused
		}
		retryAfter(w, refused)
		p.Wrong, p.CodeBad, p.Problems, status = true, text, []Problem{{"code", text}}, statusOf(refused)
	}
	return s.renderer.Write(w, status, p)
}

// spaced puts a space after every fourth character.
func spaced(text string) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (s *Server) setSecond(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	in, err := s.own(r)
	if err != nil {
		return err
	}
	v, err := s.private(w, r, "recovery.title")
	if err != nil {
		return err
	}
	secret := r.PostFormValue("secret")
	c := events.Command{ID: r.PostFormValue("command"), Competition: v.c.Code, Author: in.Account.Name}
	codes, err := s.store.SetSecond(r.Context(), c, v.c, in, secret, r.PostFormValue("code"), addressOf(r))
	if err != nil {
		if text, field, ok := v.said(err); ok && field == "code" && text != "" {
			return s.showSecondSet(w, r, secret, err)
		}
		return err
	}
	s.log.Info("second factor set", "competition", v.c.Code, "account", in.Account.ID)
	keepSignIn(w, r, v.c.Code, in)
	p := RecoveryPage{Page: v.Page, Codes: codes, Next: s.work(r, v, in.Who())}
	p.Path = v.b.root + "/account"
	p.Bar = s.bar(r, v, "")
	return s.renderer.Write(w, http.StatusOK, p)
}
