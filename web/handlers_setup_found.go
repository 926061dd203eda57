package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/plan"
)

// founder is who may found an edition: whoever holds the desk's key, or is
// signed in somewhere as an organiser with the second factor. From are the
// editions that they may begin with a copy of.
func (s *Server) founder(r *http.Request) (who access.Who, from []events.Competition, err error) {
	all, err := s.store.Competitions(r.Context())
	if err != nil {
		return access.Who{}, nil, err
	}
	if s.atDesk(r) {
		return access.Desk, all, nil
	}
	for _, c := range all {
		cookie, err := r.Cookie(signInCookie(r, c.Code))
		if err != nil || cookie.Value == "" {
			continue
		}
		in, err := s.store.SignedIn(r.Context(), c.Code, cookie.Value)
		if err != nil {
			return access.Who{}, nil, err
		}
		if w := in.Who(); w.Role == access.Organiser && w.Strong {
			who, from = w, append(from, c)
		}
	}
	return who, from, nil
}

// foundPage serves the form that founds an edition.
func (s *Server) foundPage(w http.ResponseWriter, r *http.Request) error {
	if done, err := s.deskLink(w, r); done || err != nil {
		return err
	}
	f, err := s.founding(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, f.page())
}

// foundDesk is the page that founds an edition. It shares the set-up's fields;
// there is no competition yet.
type foundDesk struct {
	*setupDesk
	from    []events.Competition
	command string
	who     access.Who
}

func (s *Server) founding(w http.ResponseWriter, r *http.Request) (*foundDesk, error) {
	who, from, err := s.founder(r)
	if err != nil {
		return nil, err
	}
	w.Header().Set("Cache-Control", "no-store")
	choice := Choose(w, r)
	t := s.catalogue.In(choice.Lang)
	v := &view{b: &builder{t: t}, Page: Page{Choice: choice, Title: t.T("found.title"), Path: "/setup"}}
	return &foundDesk{setupDesk: &setupDesk{view: v, bad: map[string]string{}}, from: from, who: who, command: uuid.NewString()}, nil
}

func (f *foundDesk) page() FoundPage {
	t := f.b.t
	p := FoundPage{Page: f.Page, Problems: f.problems, Command: f.command}
	p.Wrong = len(f.problems) > 0
	if !f.who.SignedIn() {
		return p
	}
	p.Action = "/setup"
	games := f.section("new", required(f.field("name", "text", "")), f.field("name_en", "text", ""), required(f.field("address", "text", "")), f.field("city", "text", ""),
		required(f.field("starts", "date", "")), required(f.field("ends", "date", "")), f.field("zone", "text", "Asia/Shanghai"))
	from := SetupField{Name: "from", Kind: "select", Label: t.T("found.from"), Hint: t.T("found.from-hint"), Value: f.typed("from", ""), Options: []Option{{Text: t.T("found.empty")}}}
	for _, c := range f.from {
		name := c.Name
		if t.Lang == English && c.NameEn != "" {
			name = c.NameEn
		}
		from.Options = append(from.Options, Option{Value: c.Code, Text: name, Chosen: c.Code == from.Value})
	}
	p.Sections = []SetupSection{games}
	if len(f.from) > 0 {
		p.Sections = append(p.Sections, f.section("from", from))
	}
	p.Sections = append(p.Sections, f.section("organiser", required(f.field("organiser", "text", "")), required(f.field("login", "text", ""))))
	return p
}

// found founds an edition and leads its organiser to where they set a password.
func (s *Server) found(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	f, err := s.founding(w, r)
	if err != nil {
		return err
	}
	if !f.who.SignedIn() {
		http.Redirect(w, r, "/setup", http.StatusSeeOther)
		return nil
	}
	f.posted, f.command = r.PostForm, r.PostForm.Get("command")
	p, err := s.foundPlan(r, f)
	if err != nil {
		return err
	}
	found := events.FoundEdition{Code: strings.ToLower(f.text("address")), Plan: p, Login: f.text("login"), Name: f.text("organiser")}
	c, link, err := s.store.FoundEdition(r.Context(), events.Command{ID: f.command, Author: f.who.Name}, f.who, found)
	if err != nil {
		status := statusOf(err)
		if status != http.StatusUnprocessableEntity {
			return err
		}
		f.refused(err)
		return s.renderer.Write(w, status, f.page())
	}
	s.log.Info("edition founded", "competition", c.Code, "account", link.Account.ID, "address", addressOf(r))
	http.Redirect(w, r, "/c/"+c.Code+"/welcome/"+link.Token, http.StatusSeeOther)
	return nil
}

// foundPlan is what the new edition begins with: nothing, or another's set-up
// with its days moved.
func (s *Server) foundPlan(r *http.Request, f *foundDesk) (*plan.Plan, error) {
	p := plan.New("")
	if code := f.posted.Get("from"); code != "" {
		if !slices.ContainsFunc(f.from, func(c events.Competition) bool { return c.Code == code }) {
			return nil, errForm
		}
		before, err := s.store.SetupOf(r.Context(), f.who, code)
		if err != nil {
			return nil, err
		}
		p = before
		p.Shift(f.text("starts"))
		p.Rules.Name, p.Rules.NameEn = "", ""
		if p.Regulation != nil {
			p.Regulation.Version = 1
		}
	}
	p.Name, p.NameEn, p.City, p.Zone = f.text("name"), f.text("name_en"), f.text("city"), f.text("zone")
	p.Starts, p.Ends, p.Seen = f.text("starts"), f.text("ends"), nil
	return p, nil
}

// refused says at its field why nothing was founded.
func (f *foundDesk) refused(err error) {
	text, field, ok := f.said(err)
	switch {
	case !ok:
		text, field = f.b.t.Problem(err, nil), "name"
	case field == "code":
		field = "address"
	case !slices.Contains([]string{"zone", "starts", "ends", "login", "organiser"}, field):
		field = "name"
	}
	f.bad[field] = text
	f.problems = append(f.problems, Problem{field, text})
}
