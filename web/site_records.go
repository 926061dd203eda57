package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/scoring"
	"tongchang/scoring/records"
)

// The records of an edition's events: the lists that the organiser has imported,
// and what official results of these games do to them. Whether a new one is
// recognised is for the body that keeps the list, so each is pending here.

// RecordsPage is GET /c/{competition}/records.
type RecordsPage struct {
	Page
	New    int
	Events []RecordEvent
	Count  string // 这次赛会有 3 项新成绩超过或平了纪录
}

// RecordEvent is an event with its records.
type RecordEvent struct {
	Name, URL, Over string
	Lines           []RecordLine
}

// RecordLine is a record, or a mark of these games that betters or equals one.
type RecordLine struct {
	List   string // 世界纪录 S9
	Mark   string
	Holder string
	URL    string // of the person, for a new one
	About  string // place and day, or what was before
	New    bool
	State  string // 超纪录，待核准
}

func (RecordsPage) template() string { return "site-records" }

// recordBook serves the records.
func (s *Server) recordBook(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "medals")
	if err != nil {
		return err
	}
	list, err := s.store.Records(r.Context(), v.c.ID)
	if err != nil {
		return err
	}
	marks, err := s.store.OfficialMarks(r.Context(), v.c.ID)
	if err != nil {
		return err
	}
	made := v.b.marksOf(marks)
	page := RecordsPage{}
	for i := range v.b.programme.Events {
		e := &v.b.programme.Events[i]
		book, err := v.b.recordsOf(e, list, made[e.ID])
		if err != nil {
			return err
		}
		if len(book.Lines) == 0 {
			continue
		}
		for _, l := range book.Lines {
			if l.New {
				page.New++
			}
		}
		page.Events = append(page.Events, book)
	}
	page.Count = v.b.t.T("records.count", page.New)
	v.Title = v.b.t.T("records.title")
	page.Page = v.Page
	return s.send(w, r, page)
}

// marksOf sorts official marks by their event. Those whose unit is not official
// for everybody are left out.
func (b *builder) marksOf(marks []events.OfficialMark) map[int64][]events.OfficialMark {
	of := map[int64][]events.OfficialMark{}
	for _, m := range marks {
		if p, u := b.programme.Phase(m.PhaseID), b.programme.Unit(m.UnitID); p != nil && u != nil && statusCode(u) == StatusOfficial {
			of[p.EventID] = append(of[p.EventID], m)
		}
	}
	return of
}

// recordsOf is an event's part of the lists with what its official marks do to it.
func (b *builder) recordsOf(e *events.Event, list []events.Record, marks []events.OfficialMark) (RecordEvent, error) {
	out := RecordEvent{Name: b.eventName(e), URL: b.root + "/events/" + strconv.FormatInt(e.ID, 10), Over: b.disciplineName(e)}
	measure, known := b.measureOf(e)
	if !known {
		return out, nil
	}
	var mine []events.Record
	for _, rec := range list {
		if rec.Type == e.Type && rec.Sex == e.Sex && (e.Classes == "" && rec.Class == "" || rec.Class != "" && slices.Contains(strings.Split(e.Classes, ","), rec.Class)) {
			mine = append(mine, rec)
		}
	}
	claims, made, err := b.claims(e, measure, mine, marks)
	if err != nil {
		return out, err
	}
	for _, rec := range mine {
		for _, c := range claims {
			m := made[c.Performance]
			if c.Level != rec.List || m.Class != rec.Class && rec.Class != "" || c.Former == nil {
				continue
			}
			out.Lines = append(out.Lines, RecordLine{List: strings.TrimSpace(rec.List + " " + rec.Class), Mark: printed(measure, c.Mark), Holder: m.Name, URL: b.personURL(m.ParticipantID), New: true,
				State: b.t.T("records." + string(c.State)), About: b.t.T("records.before", printed(measure, *c.Former))})
		}
		out.Lines = append(out.Lines, RecordLine{List: strings.TrimSpace(rec.List + " " + rec.Class), Mark: printed(measure, rec.Mark), Holder: rec.Holder, About: b.t.Join(rec.Nation, rec.Place, rec.Date)})
	}
	return out, nil
}

// claims are what an event's official marks do to its records, and the marks by
// the number of their start.
func (b *builder) claims(e *events.Event, measure scoring.Measure, list []events.Record, marks []events.OfficialMark) ([]records.Claim, map[string]*events.OfficialMark, error) {
	rules := records.Rules{Lower: measure == scoring.Milliseconds}
	var book []records.Record
	best := map[[2]string]events.Record{} // a list may hold several of one class: the best stands
	for _, rec := range list {
		key := [2]string{rec.List, rec.Class}
		if had, ok := best[key]; !ok || rec.Mark != had.Mark && (rec.Mark < had.Mark) == rules.Lower {
			best[key] = rec
		}
	}
	for _, rec := range list {
		if best[[2]string{rec.List, rec.Class}].ID != rec.ID {
			continue
		}
		if !slices.ContainsFunc(rules.Levels, func(l records.Level) bool { return l.ID == rec.List }) {
			rules.Levels = append(rules.Levels, records.Level{ID: rec.List})
		}
		book = append(book, records.Record{Level: rec.List, Key: records.Key{Event: e.Code, Class: rec.Class}, Mark: rec.Mark, Holders: []string{cmp.Or(rec.Holder, "?")}, Date: rec.Date, Place: rec.Place})
	}
	if len(book) == 0 {
		return nil, nil, nil
	}
	made := map[string]*events.OfficialMark{}
	var performances []records.Performance
	order := map[int64]int{}
	for i := range marks {
		m := &marks[i]
		if _, ok := order[m.UnitID]; !ok {
			order[m.UnitID] = len(order) + 1
		}
		id := strconv.FormatInt(m.StartID, 10)
		made[id] = m
		class := m.Class
		if e.Classes == "" {
			class = ""
		}
		performances = append(performances, records.Performance{ID: id, Order: order[m.UnitID], Holder: cmp.Or(m.Name, id), Date: cmp.Or(b.c.Ends, b.c.Starts), Key: records.Key{Event: e.Code, Class: class}, Mark: m.Mark})
	}
	claims, _, err := records.Claims(rules, book, performances)
	return claims, made, err
}

// measureOf is what an event's marks count; false where it has no unit.
func (b *builder) measureOf(e *events.Event) (scoring.Measure, bool) {
	for _, p := range b.programme.PhasesOf(e.ID) {
		for _, u := range b.programme.UnitsOf(p.ID) {
			return u.Measure, true
		}
	}
	return scoring.Milliseconds, false
}

// printed is a record's mark as lists print it.
func printed(m scoring.Measure, mark scoring.Mark) string {
	if m == scoring.Grams {
		return m.Format(mark, 1)
	}
	return m.Format(mark, 2)
}
