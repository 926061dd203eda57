package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/registration"
	"tongchang/events/workbook"
)

// teamHome serves a delegation's home.
func (s *Server) teamHome(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	page, err := s.teamPage(r, o)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

// teamFind narrows the list of a delegation's people.
func (s *Server) teamFind(w http.ResponseWriter, r *http.Request) error {
	return s.narrow(w, r, func(asked *http.Request) error { return s.teamHome(w, asked) })
}

func (s *Server) teamPage(r *http.Request, o *office) (*TeamPage, error) {
	ctx, t := r.Context(), o.b.t
	ed, err := s.store.Edition(ctx, o.c.Code)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Registrations(ctx, o.who, o.c.Code, events.RegistrationFilter{Delegation: o.delegation})
	if err != nil {
		return nil, err
	}
	asked := o.asked(r.URL.Query())
	shown := all
	if o.narrowed(asked) {
		if shown, err = s.store.Registrations(ctx, o.who, o.c.Code, asked); err != nil {
			return nil, err
		}
	}
	page := &TeamPage{Delegation: o.name, URL: o.url, NeedsURL: o.url + "/needs", May: o.may(access.WriteRegistration), Most: strconv.Itoa(workbook.MaxSize >> 20),
		Deadline: o.deadline(ed, s.store.Now()), Done: o.done(r), States: o.tallies(all, asked), Filter: o.filter(r.URL.Query(), asked, ed), Groups: o.groups(shown)}
	for i := range all {
		if all[i].State == registration.Returned {
			page.Returned = append(page.Returned, o.line(&all[i]))
		}
	}
	page.Shown = t.T("reg.shown", len(all))
	if page.Filter.On {
		page.Shown = t.T("reg.shown-of", len(shown), strconv.Itoa(len(all)))
	}
	if page.May {
		page.Submit = o.moves(shown, pathOf(r))
		if page.Uploads, err = s.uploadLines(r, o); err != nil {
			return nil, err
		}
	}
	if page.Notices, err = s.notices(r, o); err != nil {
		return nil, err
	}
	o.Title = t.T("reg.team.title", o.name)
	page.Page = o.Page
	return page, nil
}

// groups puts people under their sports, in the order of the list.
func (o *office) groups(vs []events.RegistrationView) []PersonGroup {
	var groups []PersonGroup
	at := map[string]int{}
	for i := range vs {
		sport := vs[i].Sport
		if vs[i].Staff {
			sport = o.b.t.T("reg.staff")
		}
		if sport == "" {
			sport = o.b.t.T("reg.no-sport")
		}
		g, ok := at[sport]
		if !ok {
			g = len(groups)
			at[sport] = g
			groups = append(groups, PersonGroup{Title: sport, ID: "g-" + strconv.Itoa(g)})
		}
		groups[g].People = append(groups[g].People, o.line(&vs[i]))
	}
	for g := range groups {
		groups[g].Title = o.b.t.Join(groups[g].Title, o.b.t.T("reg.shown", len(groups[g].People)))
	}
	return groups
}

// moves are the steps that somebody of a list can take, the usual one first.
func (o *office) moves(vs []events.RegistrationView, back string) MoveBar {
	bar := MoveBar{Action: o.url + "/check", Back: back, All: len(vs)}
	can := map[registration.State]bool{}
	for i := range vs {
		for _, to := range vs[i].Steps {
			can[to] = true
		}
	}
	for _, to := range stepOrder(o.delegation == 0) {
		if can[to] {
			bar.Moves = append(bar.Moves, o.stepTo(to, len(bar.Moves) == 0))
		}
	}
	return bar
}

// stepOrder is the order of buttons: what this side of the table does most, first.
func stepOrder(desk bool) []registration.State {
	if desk {
		return []registration.State{registration.Accepted, registration.Waiting, registration.Returned, registration.Submitted, registration.Draft, registration.Withdrawn}
	}
	return []registration.State{registration.Submitted, registration.Draft, registration.Accepted, registration.Waiting, registration.Returned, registration.Withdrawn}
}

func (o *office) stepTo(to registration.State, main bool) Move {
	return Move{To: string(to), Text: o.b.t.T("reg.move." + string(to)), Main: main && to != registration.Withdrawn, Danger: to == registration.Withdrawn}
}

func (s *Server) uploadLines(r *http.Request, o *office) ([]UploadLine, error) {
	ups, err := s.store.Uploads(r.Context(), o.who, o.c.Code, o.delegation)
	if err != nil {
		return nil, err
	}
	var lines []UploadLine
	for i := range ups {
		u := &ups[i]
		l := UploadLine{Name: u.Name, URL: o.url + "/uploads/" + u.ID, About: o.b.t.Join(o.moment(u.At), o.b.t.T("reg.upload.count", u.Rows)), Shape: "saved", State: o.b.t.T("reg.upload.state-" + string(u.State))}
		switch {
		case u.State == events.UploadFailed, u.State == events.UploadJudged && u.Errors > 0:
			l.Shape = "alert"
		case u.State == events.UploadJudged:
			l.Shape = "unofficial"
		case u.State == events.UploadApplied:
			l.Shape = "official"
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// uploadFile takes a delegation's file. It is read and judged, and nothing of
// it entered.
func (s *Server) uploadFile(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	name, data, problem := o.file(w, r)
	if problem != "" {
		page, err := s.teamPage(r, o)
		if err != nil {
			return err
		}
		page.Problems, page.Wrong, page.Path = []Problem{{"book", problem}}, true, o.url
		return s.renderer.Write(w, http.StatusUnprocessableEntity, *page)
	}
	up, err := s.store.Upload(r.Context(), o.who, o.c.Code, o.delegation, name, data)
	if err != nil {
		return err
	}
	http.Redirect(w, r, o.url+"/uploads/"+up.ID, http.StatusSeeOther)
	return nil
}

// file reads the file of a form; problem is what to tell when there is none.
func (o *office) file(w http.ResponseWriter, r *http.Request) (name string, data []byte, problem string) {
	tooLarge := o.b.t.T("reg.team.too-large", strconv.Itoa(workbook.MaxSize>>20))
	r.Body = http.MaxBytesReader(w, r.Body, workbook.MaxSize+64<<10) // the file and the form round it
	f, header, err := r.FormFile("file")
	var most *http.MaxBytesError
	switch {
	case errors.As(err, &most):
		return "", nil, tooLarge
	case err != nil, header.Filename == "":
		return "", nil, o.b.t.T("reg.team.no-file")
	case header.Size > workbook.MaxSize:
		return "", nil, tooLarge
	}
	defer f.Close()
	if data, err = io.ReadAll(io.LimitReader(f, workbook.MaxSize+1)); err != nil || len(data) == 0 {
		return "", nil, o.b.t.T("reg.team.no-file")
	}
	return fileName(header.Filename), data, ""
}

// fileName is a file's own name without the folders that some browsers send.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if r := []rune(name); len(r) > 120 {
		name = string(r[:60]) + "…" + string(r[len(r)-59:])
	}
	return name
}
