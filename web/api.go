package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/scoring"
)

// The interface for programs: what is public as JSON, and commands. docs/api.md
// describes it. Every type here is made for leaving.

// maxBody is the largest command there is: a draw's lots or a unit's lines.
const maxBody = 1 << 20

func writeJSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(append(b, '\n'))
	return err
}

// apiReceipt answers an accepted command.
type apiReceipt struct {
	Seq      int64           `json:"seq"`
	Repeated bool            `json:"repeated,omitempty"`
	Outcome  json.RawMessage `json:"outcome"`
}

// envelope is what every command has beside what it asks for.
type envelope struct {
	Command string `json:"command"`
	Reason  string `json:"reason"`
	Author  string `json:"author"` // who asks, where it must be no other; of a program that has the desk's key: its seat
}

// post serves a command: who and where from the request, the command's ID and
// what it asks for from the body. about says what the command is about, for the
// scope of an official who has one discipline alone.
func post[A any](s *Server, act access.Act, do func(context.Context, events.Command, A) (events.Receipt, error), about func(*A) (of, int64)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var a A
		c, err := s.readCommand(w, r, &a)
		if err != nil {
			return err
		}
		kind, id := about(&a)
		if err := s.within(r, act, kind, id); err != nil {
			return err
		}
		rec, err := do(r.Context(), c, a)
		if err != nil {
			return err
		}
		return writeJSON(w, http.StatusOK, apiReceipt{rec.Seq, rec.Repeated, rec.Outcome})
	}
}

// readCommand reads a JSON body once as the envelope and once as the act. It is
// strict: an unknown field is a mistake that must not be scored over.
func (s *Server) readCommand(w http.ResponseWriter, r *http.Request, act any) (events.Command, error) {
	var c events.Command
	bad := func(problem string, with ...string) error {
		return &events.Refusal{Status: events.StatusInvalid, Problem: problem, With: with}
	}
	if !isJSON(r) {
		return c, bad("not-json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return c, bad("body-unreadable")
	}
	if !utf8.Valid(body) {
		return c, bad("not-utf8")
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return c, bad("not-json")
	}
	var e envelope
	own := map[string]*string{"command": &e.Command, "reason": &e.Reason, "author": &e.Author}
	for name, into := range own {
		if raw, ok := fields[name]; ok {
			if err := json.Unmarshal(raw, into); err != nil {
				return c, bad("field-unreadable", name)
			}
			delete(fields, name)
		}
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return c, err
	}
	d := json.NewDecoder(strings.NewReader(string(rest)))
	d.DisallowUnknownFields()
	if err := d.Decode(act); err != nil {
		return c, bad("field-unreadable", fieldOf(err))
	}
	who := s.who(r)
	switch {
	case who == access.Desk && e.Author != "": // a program may name its seat
		who.Name = e.Author
	case e.Author != "" && e.Author != who.Name: // kept on a device by somebody else, who has to sign in for it
		return c, &events.Refusal{Status: events.StatusForbidden, Problem: "other-author", With: []string{e.Author, who.Name}}
	}
	return commandBy(who, r.PathValue("competition"), e.Command, e.Reason), nil
}

// fieldOf names the field that JSON could not read, without the decoder's words.
func fieldOf(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return wrong.Field
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		return strings.Trim(name, `"`)
	}
	return "body"
}

type apiCompetition struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEn string `json:"name_en"`
	City   string `json:"city"`
	Starts string `json:"starts"`
	Ends   string `json:"ends"`
	Zone   string `json:"zone"`
	Epoch  string `json:"epoch"`
	Seq    int64  `json:"seq"`
	Head   string `json:"head"` // hash of the log's last entry
}

type apiEvent struct {
	ID      int64      `json:"id"`
	Code    string     `json:"code"`
	Type    string     `json:"type"`
	Sex     string     `json:"sex"`
	Classes string     `json:"classes,omitempty"`
	Number  int        `json:"number,omitempty"`
	Name    string     `json:"name"`
	NameEn  string     `json:"name_en"`
	Phases  []apiPhase `json:"phases"`
}

type apiPhase struct {
	ID       int64     `json:"id"`
	Code     string    `json:"code"`
	Kind     string    `json:"kind"`
	Position int       `json:"position"`
	Decides  bool      `json:"decides"`
	Units    []apiUnit `json:"units,omitempty"`
}

type apiUnit struct {
	ID           int64               `json:"id"`
	Code         string              `json:"code"`
	Number       int                 `json:"number"`
	Label        string              `json:"label,omitempty"`
	Session      int                 `json:"session,omitempty"`
	Status       events.UnitStatus   `json:"status"`
	ResultStatus events.ResultStatus `json:"result_status"`
	Version      int64               `json:"version"`
	Measure      scoring.Measure     `json:"measure"`
	Start        *time.Time          `json:"start,omitempty"`
}

type apiLine struct {
	Start      int64       `json:"start"`
	Unit       int64       `json:"unit,omitempty"`
	Entry      int64       `json:"entry"`
	Bib        string      `json:"bib,omitempty"`
	Phase      string      `json:"phase"` // code of the phase that the start counts for
	Lane       *int        `json:"lane,omitempty"`
	Name       string      `json:"name"`
	Delegation string      `json:"delegation"`
	Class      string      `json:"class,omitempty"`
	Out        scoring.IRM `json:"out,omitempty"`
	Text       string      `json:"text,omitempty"` // the mark as printed
	IRM        scoring.IRM `json:"irm,omitempty"`
	Revision   int64       `json:"revision"`
}

// apiProgramme, apiUnitLines and apiPhaseLines are what the interface answers.
type apiProgramme struct {
	Competition apiCompetition `json:"competition"`
	Events      []apiEvent     `json:"events"`
}

type apiUnitLines struct {
	Unit  apiUnit   `json:"unit"`
	Lines []apiLine `json:"lines"`
}

type apiPhaseLines struct {
	Phase apiPhase  `json:"phase"`
	Lines []apiLine `json:"lines"`
}

func (s *Server) apiProgramme(w http.ResponseWriter, r *http.Request) error {
	c, err := s.store.Competition(r.Context(), r.PathValue("competition"))
	if err != nil {
		return err
	}
	p, err := s.store.Programme(r.Context(), c.ID)
	if err != nil {
		return err
	}
	out := apiProgramme{apiCompetition{c.Code, c.Name, c.NameEn, c.City, c.Starts, c.Ends, c.Zone, c.Epoch, c.LastSeq, c.Head}, []apiEvent{}}
	for _, e := range p.Events {
		ev := apiEvent{ID: e.ID, Code: e.Code, Type: e.Type, Sex: e.Sex, Classes: e.Classes, Number: e.Number, Name: e.Name, NameEn: e.NameEn, Phases: []apiPhase{}}
		for _, ph := range p.PhasesOf(e.ID) {
			out := phaseOut(ph)
			for _, u := range p.UnitsOf(ph.ID) {
				out.Units = append(out.Units, unitOut(u, p.Session(u.SessionID)))
			}
			ev.Phases = append(ev.Phases, out)
		}
		out.Events = append(out.Events, ev)
	}
	return writeJSON(w, http.StatusOK, out)
}

func phaseOut(p *events.Phase) apiPhase {
	return apiPhase{ID: p.ID, Code: p.Code, Kind: p.Kind, Position: p.Position, Decides: p.Decides}
}

func unitOut(u *events.Unit, session *events.Session) apiUnit {
	out := apiUnit{ID: u.ID, Code: u.Code, Number: u.Number, Label: u.Label, Status: u.Status, ResultStatus: u.ResultStatus, Version: u.Version, Measure: u.Measure}
	if session != nil {
		out.Session = session.Number
	}
	if !u.Start.IsZero() {
		at := u.Start.UTC()
		out.Start = &at
	}
	return out
}

func (s *Server) apiUnit(w http.ResponseWriter, r *http.Request) error {
	u, sheet, err := s.unitSheet(r)
	if err != nil {
		return err
	}
	out := apiUnitLines{unitOut(&u, nil), linesOut(sheet, u.Measure)}
	return writeJSON(w, http.StatusOK, out)
}

func (s *Server) apiPhase(w http.ResponseWriter, r *http.Request) error {
	sheet, err := s.phaseSheet(r, "phase")
	if err != nil {
		return err
	}
	out := apiPhaseLines{phaseOut(&sheet.Phase), linesOut(sheet, scoring.Milliseconds)}
	return writeJSON(w, http.StatusOK, out)
}

func linesOut(sheet *events.Sheet, measure scoring.Measure) []apiLine {
	lines := make([]apiLine, len(sheet.Lines))
	for i := range sheet.Lines {
		l := &sheet.Lines[i]
		cell := l.Cells[events.TimeCell]
		lines[i] = apiLine{Start: l.StartID, Unit: l.UnitID, Entry: l.EntryID, Bib: l.Bib, Phase: l.PhaseCode, Lane: l.Lane, Name: l.Name(),
			Delegation: l.Delegation, Class: l.Class, Out: l.OutIRM, Text: events.MarkText(measure, cell.Mark, cell.IRM), IRM: cell.IRM, Revision: cell.Revision}
	}
	return lines
}

func (s *Server) unitSheet(r *http.Request) (events.Unit, *events.Sheet, error) {
	name := "unit"
	if r.PathValue("file") != "" {
		name = "file"
	}
	id, err := number(r, name)
	if err != nil {
		return events.Unit{}, nil, err
	}
	u, err := s.store.Unit(r.Context(), r.PathValue("competition"), id)
	if err != nil {
		return u, nil, err
	}
	sheet, err := s.store.Sheet(r.Context(), u.PhaseID, u.ID)
	return u, sheet, err
}

func (s *Server) phaseSheet(r *http.Request, name string) (*events.Sheet, error) {
	id, err := number(r, name)
	if err != nil {
		return nil, err
	}
	p, err := s.store.Phase(r.Context(), r.PathValue("competition"), id)
	if err != nil {
		return nil, err
	}
	return s.store.Sheet(r.Context(), p.ID, 0)
}

func (s *Server) unitDocument(w http.ResponseWriter, r *http.Request) error {
	_, sheet, err := s.unitSheet(r)
	if err != nil {
		return err
	}
	doc, err := sheet.UnitDocument()
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, doc)
}

func (s *Server) phaseDocument(w http.ResponseWriter, r *http.Request) error {
	sheet, err := s.phaseSheet(r, "file")
	if err != nil {
		return err
	}
	doc, err := sheet.Document()
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, doc)
}
