// One unit moved by hand: a step earlier or later to the next free place, to
// another venue, to a free place of a list, or to any minute; what it brings is
// shown first.
package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/timetable"
)

// moveOf is a unit that is moved.
type moveOf struct {
	*timetableDesk
	id    int64
	unit  *timetable.Unit
	now   *timetable.Placement // nil: it has no place
	slots []timetable.Placement
}

func (s *Server) moveOf(w http.ResponseWriter, r *http.Request) (*moveOf, error) {
	id, err := number(r, "unit")
	if err != nil {
		return nil, err
	}
	d, err := s.timetableDesk(w, r)
	if err != nil {
		return nil, err
	}
	m := &moveOf{timetableDesk: d, id: id}
	i, ok := d.at["u"+strconv.FormatInt(id, 10)]
	if !ok {
		return nil, &events.Refusal{Status: events.StatusNotFound, Problem: "no-such-unit", With: []string{strconv.FormatInt(id, 10)}}
	}
	m.unit = &d.doc.Units[i]
	for j := range d.doc.Plan {
		if d.doc.Plan[j].Unit == m.unit.ID {
			m.now = &d.doc.Plan[j]
		}
	}
	if len(d.doc.Faults()) == 0 {
		m.slots = timetable.Slots(d.doc, m.unit.ID)
	}
	return m, nil
}

// timetableUnit serves the page that moves a unit.
func (s *Server) timetableUnit(w http.ResponseWriter, r *http.Request) error {
	m, err := s.moveOf(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *m.page(r))
}

func (m *moveOf) page(r *http.Request) *TimetableMovePage {
	t := m.b.t
	self := m.url + "/units/" + strconv.FormatInt(m.id, 10)
	page := &TimetableMovePage{URL: m.url, Action: self + "/check", Heading: m.unit.Name}
	day := r.URL.Query().Get("day")
	if m.now != nil && day == "" {
		day = m.now.Start.Date()
	}
	day = m.chosenDay(day)
	page.Days, page.Quick, page.Slots = m.dayLinks(self, day), m.quick(), m.slotsOf(day)
	page.Day, page.Time = day, ""
	area := ""
	court := 1
	if m.now != nil {
		page.Time, area, court = m.now.Start.Clock(), m.now.Area, m.now.Court
	}
	page.Places = m.places(area, court)
	extra := m.unit.Takes() - m.unit.Minutes
	page.Facts = []Fact{{t.T("timetable.fact-now"), m.where(m.now)}, {t.T("timetable.fact-length"), t.T("timetable.minutes", m.unit.Takes())}, {t.T("timetable.fact-people"), strconv.Itoa(len(m.unit.People))}}
	if extra > 0 {
		page.Facts = append(page.Facts, Fact{t.T("timetable.fact-extra"), t.T("timetable.minutes", extra)})
	}
	if m.unit.Pinned {
		page.Facts = append(page.Facts, Fact{t.T("timetable.fact-pinned"), t.T("timetable.pinned")})
	}
	m.Title = t.Join(t.T("timetable.move-title"), m.unit.Name)
	page.Page = m.Page
	return page
}

// slot is a free place as a choice.
func (m *moveOf) slot(p *timetable.Placement, text string) TimetableSlot {
	return TimetableSlot{Value: p.Area + "/" + strconv.Itoa(p.Court) + "/" + strconv.Itoa(int(p.Start)), Text: text, Place: m.set.Place(p.Area, p.Court)}
}

// quick are the nearest free places: before, after, and at every other venue.
func (m *moveOf) quick() (all []TimetableSlot) {
	if m.now == nil {
		if len(m.slots) > 0 {
			all = append(all, m.slot(&m.slots[0], m.b.t.T("timetable.first-free", m.moment(m.slots[0].Start))))
		}
		return all
	}
	t := m.b.t
	here, _ := m.set.Area(m.now.Area)
	var before, after *timetable.Placement
	elsewhere := map[string]*timetable.Placement{}
	distance := func(p *timetable.Placement) timetable.Moment { return max(p.Start-m.now.Start, m.now.Start-p.Start) }
	for i := range m.slots {
		p := &m.slots[i]
		venue, _ := m.set.Area(p.Area)
		switch {
		case venue == nil:
		case venue != here:
			if old := elsewhere[venue.ID]; old == nil || distance(p) < distance(old) {
				elsewhere[venue.ID] = p
			}
		case p.Start < m.now.Start:
			before = p
		case p.Start > m.now.Start && after == nil:
			after = p
		}
	}
	if before != nil {
		all = append(all, m.slot(before, t.T("timetable.earlier", m.moment(before.Start))))
	}
	if after != nil {
		all = append(all, m.slot(after, t.T("timetable.later", m.moment(after.Start))))
	}
	for i := range m.set.Venues {
		if p := elsewhere[m.set.Venues[i].ID]; p != nil {
			all = append(all, m.slot(p, t.T("timetable.elsewhere", m.set.Venues[i].Name, m.moment(p.Start))))
		}
	}
	return all
}

// slotsOf are the free starts of a day by area.
func (m *moveOf) slotsOf(day string) (all []TimetableSlots) {
	for i := range m.set.Venues {
		for j := range m.set.Venues[i].Areas {
			a := &m.set.Venues[i].Areas[j]
			out := TimetableSlots{Area: m.set.Place(a.ID, 0)}
			for k := range m.slots {
				if p := &m.slots[k]; p.Area == a.ID && p.Start.Date() == day {
					out.Slots = append(out.Slots, m.slot(p, p.Start.Clock()+" "+m.set.Place(p.Area, p.Court)))
				}
			}
			if len(out.Slots) > 0 {
				all = append(all, out)
			}
		}
	}
	return all
}

// places are the courts on which the unit may be held.
func (m *moveOf) places(area string, court int) (all []Option) {
	for _, id := range m.unit.Areas {
		_, a := m.set.Area(id)
		if a == nil {
			continue
		}
		for n := 1; n <= a.Courts; n++ {
			all = append(all, Option{Value: id + "/" + strconv.Itoa(n), Text: m.set.Place(id, n), Chosen: id == area && n == court})
		}
	}
	return all
}

// wanted reads the place that a form names: a free one, or a day, a time and a
// court.
func wanted(r *http.Request, unit int64) (events.MoveUnit, error) {
	out := events.MoveUnit{Unit: unit, Pin: r.PostFormValue("pin") != ""}
	bad := &events.Refusal{Status: events.StatusInvalid, Field: "time", Problem: "timetable-place-form"}
	text := r.PostFormValue("to")
	if text == "" {
		if err := out.Start.UnmarshalText([]byte(r.PostFormValue("day") + "T" + r.PostFormValue("time"))); err != nil || out.Start == 0 {
			return out, bad
		}
		text = r.PostFormValue("place") + "/" + strconv.Itoa(int(out.Start))
	}
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return out, bad
	}
	court, err := strconv.Atoi(parts[1])
	if err != nil {
		return out, bad
	}
	start, err := strconv.Atoi(parts[2])
	if err != nil {
		return out, bad
	}
	out.Area, out.Court, out.Start = parts[0], court, timetable.Moment(start)
	return out, nil
}

// timetableCheck shows what a move would do.
func (s *Server) timetableCheck(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	m, err := s.moveOf(w, r)
	if err != nil {
		return err
	}
	return s.moveChecked(w, r, m, nil)
}

// moveChecked is the page with the consequences of the move that the form asks
// for, and why it was refused before, if it was.
func (s *Server) moveChecked(w http.ResponseWriter, r *http.Request, m *moveOf, refused error) error {
	page, status := m.page(r), http.StatusOK
	page.Path = m.url + "/units/" + strconv.FormatInt(m.id, 10)
	move, err := wanted(r, m.id)
	if err == nil {
		page.Check, err = s.consequences(r, m, &move)
	}
	if err == nil {
		err = refused
	}
	if err != nil {
		status = statusOf(err)
		if status != http.StatusUnprocessableEntity && status != http.StatusConflict {
			return err
		}
		page.Wrong, page.Problems = true, []Problem{m.refused(err)}
	}
	return s.renderer.Write(w, status, *page)
}

// refused is why a move was refused, at the field that it is about.
func (m *moveOf) refused(err error) Problem {
	text, field, _ := m.view.said(err)
	switch field {
	case "reason":
		return Problem{"reason", m.b.t.T("timetable.reason-missing")}
	case "time", "area":
		return Problem{"time", text}
	}
	return Problem{"main", text}
}

// consequences works out a move for the page, with names in the reader's
// language.
func (s *Server) consequences(r *http.Request, m *moveOf, move *events.MoveUnit) (*TimetableCheck, error) {
	t := m.b.t
	shown, err := s.store.PreviewMove(r.Context(), m.who, m.c.Code, *move)
	if err != nil {
		return nil, err
	}
	to := timetable.Placement{Unit: m.unit.ID, Area: move.Area, Court: move.Court, Start: move.Start}
	c, err := timetable.Move(m.doc, to) // once more with the reader's names
	if err != nil {
		return nil, err
	}
	out := &TimetableCheck{Action: m.url + "/units/" + strconv.FormatInt(m.id, 10) + "/move", Command: uuid.NewString(), To: m.where(&to), Typed: r.PostFormValue("reason"), Pin: move.Pin,
		People: t.T("timetable.people", len(m.unit.People)), Hidden: []Option{{Value: "to", Text: m.slot(&to, "").Value}, {Value: "saw", Text: strconv.FormatInt(shown.Saw, 10)}, {Value: "clashes", Text: strconv.Itoa(len(shown.New))}}}
	for i := range c.New {
		out.New = append(out.New, t.Problem(c.New[i].Says(), nil))
	}
	for i := range c.Gone {
		if c.Gone[i].Rule != timetable.NoPlace {
			out.Gone = append(out.Gone, t.Problem(c.Gone[i].Says(), nil))
		}
	}
	for _, delegation := range m.b.programme.Delegations {
		if slices.Contains(shown.Delegations, delegation.ID) {
			out.Tell = append(out.Tell, m.b.pick(delegation.Name, delegation.NameEn))
		}
	}
	for i := range c.Nearest {
		p := &c.Nearest[i]
		out.Nearest = append(out.Nearest, m.slot(p, t.Join(m.moment(p.Start), m.set.Place(p.Area, p.Court))))
	}
	return out, nil
}

// timetableMove moves a unit as a check page has shown it.
func (s *Server) timetableMove(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	id, err := number(r, "unit")
	if err != nil {
		return err
	}
	move, err := wanted(r, id)
	if err != nil {
		return err
	}
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	if move.Clashes, err = strconv.Atoi(r.PostFormValue("clashes")); err != nil {
		return errForm
	}
	move.Saw = saw
	receipt, err := s.store.MoveUnit(r.Context(), s.ask(r), s.who(r), move)
	if status := statusOf(err); err != nil && (status == http.StatusConflict || status == http.StatusUnprocessableEntity) {
		m, err2 := s.moveOf(w, r)
		if err2 != nil {
			return err2
		}
		return s.moveChecked(w, r, m, err)
	}
	if err != nil {
		return err
	}
	facts := append(placedFacts("placed", receipt), "day", move.Start.Date())
	return did(w, r, "/c/"+r.PathValue("competition")+"/desk/timetable", facts...)
}

// placedFacts are what the next page says of a change of the timetable.
func placedFacts(what string, receipt events.Receipt) []string {
	var out events.TimetablePlaced
	if json.Unmarshal(receipt.Outcome, &out) != nil {
		return []string{"did", what}
	}
	return []string{"did", what, "n", strconv.Itoa(out.Units), "seq", strconv.FormatInt(receipt.Seq, 10)}
}
