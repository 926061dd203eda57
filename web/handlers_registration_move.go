package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/entry"
	"tongchang/events/registration"
)

// Steps of registrations: one person's or many's. The check page shows whom a
// step is for and whom it cannot be for; the step itself is one command.

// mostListed is how many people a check page names.
const mostListed = 100

// chosen are the people of a form: those ticked, or everybody whom the list's
// filter lets through.
func (s *Server) chosen(r *http.Request, o *office) ([]events.RegistrationView, error) {
	f := events.RegistrationFilter{Delegation: o.delegation}
	if r.PostForm.Get("all") != "" {
		back, err := url.Parse(o.here(r.PostForm.Get("back")))
		if err != nil {
			return nil, errForm
		}
		f = o.asked(back.Query())
	} else {
		for _, text := range r.PostForm["id"] {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, errForm
			}
			f.IDs = append(f.IDs, id)
		}
		if len(f.IDs) == 0 {
			return nil, nil
		}
	}
	return s.store.Registrations(r.Context(), o.who, o.c.Code, f)
}

// moveCheck shows what a step will do. Nothing is done yet.
func (s *Server) moveCheck(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	to := registration.State(r.PostForm.Get("to"))
	if !slices.Contains(registration.States, to) {
		return errForm
	}
	vs, err := s.chosen(r, o)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *o.check(r, to, vs))
}

// check is the page that shows a step before it is done.
func (o *office) check(r *http.Request, to registration.State, vs []events.RegistrationView) *CheckPage {
	t := o.b.t
	back := o.here(r.PostForm.Get("back"))
	page := &CheckPage{Heading: t.T("reg.check.title-" + string(to)), Over: o.name, OverURL: o.url, Lead: []string{t.T("reg.check.lead-" + string(to))}, Action: o.url + "/moves",
		Command: uuid.NewString(), Back: back, Hidden: []Option{{Value: "to", Text: string(to)}, {Value: "back", Text: back}}, Danger: to == registration.Withdrawn}
	n := 0
	for i := range vs {
		v := &vs[i]
		line := o.line(v)
		if why := o.cannot(v, to); why != "" {
			line.Reason = why
			page.Blocked = append(page.Blocked, line)
			continue
		}
		n++
		step, _ := registration.Step(v.State, to)
		page.Required = page.Required || step.Reason
		page.Hidden = append(page.Hidden, Option{Value: "id", Text: line.ID}, Option{Value: "saw-" + line.ID, Text: strconv.FormatInt(v.Revision, 10)})
		if n <= mostListed {
			page.People = append(page.People, line)
		}
	}
	if n > mostListed {
		page.More = t.T("reg.check.more", strconv.Itoa(n-mostListed))
	}
	page.Reason = t.T("reg.check.reason-" + string(to))
	switch {
	case len(vs) == 0:
		page.Lead, page.Reason = []string{t.T("reg.check.nobody")}, ""
	case n == 0:
		page.Lead, page.Reason = []string{t.T("reg.check.none-left")}, ""
	default:
		page.Do = t.T("reg.do."+string(to), strconv.Itoa(n))
	}
	page.Typed = r.PostForm.Get("reason")
	o.Title, o.Path = page.Heading, back
	page.Page = o.Page
	return page
}

// cannot says why a step is not open to a registration; empty where it is.
func (o *office) cannot(v *events.RegistrationView, to registration.State) string {
	t := o.b.t
	step, ok := registration.Step(v.State, to)
	switch {
	case !ok, !slices.Contains(v.Steps, to):
		return t.T("reg.check.cannot", t.T("reg.state."+string(v.State)), t.T("reg.move."+string(to)))
	case step.Clean && v.Errors():
		return t.T("reg.check.has-errors")
	}
	return ""
}

// move does what a check page has shown.
func (s *Server) move(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	a := events.MoveRegistrations{To: registration.State(r.PostForm.Get("to")), Saw: map[int64]int64{}}
	for _, text := range r.PostForm["id"] {
		id, err1 := strconv.ParseInt(text, 10, 64)
		saw, err2 := strconv.ParseInt(r.PostForm.Get("saw-"+text), 10, 64)
		if errors.Join(err1, err2) != nil {
			return errForm
		}
		a.IDs, a.Saw[id] = append(a.IDs, id), saw
	}
	receipt, err := s.store.MoveRegistrations(r.Context(), s.ask(r), o.who, a)
	if err != nil {
		return s.moveRefused(w, r, o, a, err)
	}
	var moved events.Moved
	if err := json.Unmarshal(receipt.Outcome, &moved); err != nil {
		return fmt.Errorf("outcome of a step: %w", err)
	}
	there := 0
	for _, one := range moved.Registrations {
		if one.To == a.To {
			there++
		}
	}
	return did(w, r, o.here(r.PostForm.Get("back")), "did", string(a.To), "n", strconv.Itoa(there), "left", strconv.Itoa(len(moved.Registrations)-there), "seq", strconv.FormatInt(receipt.Seq, 10))
}

// moveRefused shows the step again, as things stand now, and why it was not done.
func (s *Server) moveRefused(w http.ResponseWriter, r *http.Request, o *office, a events.MoveRegistrations, err error) error {
	var refusal *events.Refusal
	status := statusOf(err)
	if !errors.As(err, &refusal) || status != http.StatusUnprocessableEntity && status != http.StatusConflict || !slices.Contains(registration.States, a.To) {
		return err
	}
	vs, again := s.chosen(r, o)
	if again != nil {
		return again
	}
	page := o.check(r, a.To, vs)
	target := "main"
	if refusal.Field == "reason" && page.Reason != "" {
		target, page.Required = "reason", true
	}
	page.Problems, page.Wrong = []Problem{{target, o.b.t.Problem(err, nil)}}, true
	return s.renderer.Write(w, status, *page)
}

// moveUndo takes a step back, for all whom it was taken for.
func (s *Server) moveUndo(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	seq, err := strconv.ParseInt(r.PostForm.Get("seq"), 10, 64)
	if err != nil {
		return errForm
	}
	if _, err := s.store.UndoMove(r.Context(), s.ask(r), o.who, events.UndoMove{Seq: seq}); err != nil {
		return err
	}
	return did(w, r, o.here(r.PostForm.Get("back")), "did", "undone")
}

// errorsOf counts the rows that an error keeps back.
func errorsOf(vs []events.RegistrationView) int {
	n := 0
	for i := range vs {
		if vs[i].State.Counts() && slices.ContainsFunc(vs[i].Problems, func(p entry.Problem) bool { return p.Severity == entry.Error }) {
			n++
		}
	}
	return n
}
