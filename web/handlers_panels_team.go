// What a delegation does on the classification days: it sees when its people are
// due, sends papers for their file, files protests and reviews.
package web

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// teamDesk begins a delegation's page.
func (s *Server) teamDesk(w http.ResponseWriter, r *http.Request) (*office, *panelDesk, error) {
	o, err := s.office(w, r)
	if err != nil {
		return nil, nil, err
	}
	return o, &panelDesk{view: o.view, who: o.who, url: o.url + "/classification"}, nil
}

// teamClass serves it.
func (s *Server) teamClass(w http.ResponseWriter, r *http.Request) error {
	o, d, err := s.teamDesk(w, r)
	if err != nil {
		return err
	}
	return s.showTeamClass(w, r, o, d, http.StatusOK, nil)
}

func (s *Server) showTeamClass(w http.ResponseWriter, r *http.Request, o *office, d *panelDesk, status int, problems []Problem) error {
	t := d.b.t
	people, err := s.store.TeamClassification(r.Context(), d.who, d.c.Code, o.delegation)
	if err != nil {
		return err
	}
	all, err := s.store.Cases(r.Context(), d.who, d.c.Code)
	if err != nil {
		return err
	}
	d.Title, d.Path, d.Wrong = t.T("panels.team", o.name), d.url, len(problems) > 0
	page := TeamClassPage{Page: d.Page, Delegation: o.name, TeamURL: o.url, Done: d.said(r, "file", "filed", "withdrawn"), Problems: aim(problems, "kind", "class", "grounds"), May: o.may(access.WriteRegistration), Forms: d.formOptions(),
		FileURL: d.url + "/files", CaseURL: d.url + "/cases", Command: uuid.NewString(), Late: d.who.Role != access.Delegation, Typed: map[string]string{}}
	for _, name := range []string{"grounds", "reason"} {
		page.Typed[name] = r.PostForm.Get(name)
	}
	for _, k := range []events.CaseKind{events.CaseProtest, events.CaseReview} {
		page.Kinds = append(page.Kinds, Option{string(k), t.T("panels.case-kind." + string(k)), r.PostForm.Get("kind") == string(k)})
	}
	for i := range people {
		page.People = append(page.People, d.teamRow(&people[i]))
		for _, h := range people[i].Held {
			id := strconv.FormatInt(h.ID, 10)
			page.Classes = append(page.Classes, Option{id, t.Join(events.DisplayName(people[i].Person.Family, people[i].Person.Given), d.heldWords([]events.SportClass{h})[0]), r.PostForm.Get("class") == id})
		}
	}
	for i := range all {
		k := &all[i]
		if k.Person.DelegationID != o.delegation {
			continue
		}
		row := d.caseRow(k, s.store.Now())
		if page.May && k.State == events.CaseOpen && (k.DelegationID == o.delegation || page.Late) {
			row.Withdraw = &PanelButton{Action: d.url + "/withdraw", Command: uuid.NewString(), Saw: strconv.FormatInt(k.Revision, 10), Value: strconv.FormatInt(k.ID, 10), Text: t.T("panels.withdraw")}
		}
		page.Cases = append(page.Cases, row)
	}
	return s.renderer.Write(w, status, page)
}

func (d *panelDesk) teamRow(m *events.TeamMember) TeamClassRow {
	t := d.b.t
	row := TeamClassRow{ID: strconv.FormatInt(m.Registration, 10), Name: events.DisplayName(m.Person.Family, m.Person.Given), Sport: d.b.pick(m.Discipline.Name, m.Discipline.NameEn), Held: d.heldWords(m.Held), Command: uuid.NewString()}
	for _, sl := range m.Slots {
		row.Slots = append(row.Slots, t.Join(d.clock(sl.Start), sl.Panel.Name, sl.Panel.Room, t.T("panels.state."+string(sl.State))))
	}
	for _, p := range m.Files {
		row.Files = append(row.Files, t.Join(d.formName(p.Form), d.clock(p.At)))
	}
	return row
}

// onTeamClass answers a step of a delegation.
func (s *Server) onTeamClass(w http.ResponseWriter, r *http.Request, o *office, d *panelDesk, done string, err error) error {
	if problems, status, ok := d.problem(err); ok {
		return s.showTeamClass(w, r, o, d, status, problems)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url, "did", done)
}

// teamFile takes a paper for somebody's file.
func (s *Server) teamFile(w http.ResponseWriter, r *http.Request) error {
	o, d, err := s.teamDesk(w, r)
	if err != nil {
		return err
	}
	data, err := upload(w, r)
	if err == nil {
		var id int64
		if id, err = strconv.ParseInt(r.PostFormValue("registration"), 10, 64); err != nil {
			err = errForm
		} else {
			_, err = s.store.KeepFile(r.Context(), s.ask(r), d.who, events.KeepPaper{Registration: id, Kind: events.PaperClass, Form: r.PostFormValue("form")}, data)
		}
	}
	return s.onTeamClass(w, r, o, d, "file", err)
}

// teamCase files a protest or a review.
func (s *Server) teamCase(w http.ResponseWriter, r *http.Request) error {
	o, d, err := s.teamDesk(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	id, err := formInt(r, "class")
	if err == nil {
		_, err = s.store.FileCase(r.Context(), s.ask(r), d.who, events.FileCase{Class: id, Kind: events.CaseKind(r.PostForm.Get("kind")), Grounds: r.PostForm.Get("grounds")})
	}
	return s.onTeamClass(w, r, o, d, "filed", err)
}

func (s *Server) teamWithdraw(w http.ResponseWriter, r *http.Request) error {
	o, d, err := s.teamDesk(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	id, err := formInt(r, "case")
	saw, err2 := formInt(r, "saw")
	if err == nil && err2 == nil {
		_, err = s.store.WithdrawCase(r.Context(), s.ask(r), d.who, events.WithdrawCase{Case: id, Saw: saw})
	} else {
		err = errForm
	}
	return s.onTeamClass(w, r, o, d, "withdrawn", err)
}
