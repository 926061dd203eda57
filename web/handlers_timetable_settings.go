// What a timetable is made with, over HTTP: days, venues with their courts and
// calendars, sessions, ways, rest and lengths. Each list is a form of rows that
// works without script: blank rows add, emptied rows take away.
package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/timetable"
	"tongchang/scoring"
)

// blankRows is how many rows wait to be filled in, and mostRows how many a form
// may bring.
const (
	blankRows = 2
	mostRows  = 400
)

// rowForm reads a form of rows. The first number that is none is kept as its
// error.
type rowForm struct {
	r   *http.Request
	row int
	err error
}

func (f *rowForm) text(name string) string {
	return strings.TrimSpace(f.r.PostFormValue(fmt.Sprint(name, "-", f.row)))
}

// number is a whole number, 0 where nothing was typed.
func (f *rowForm) number(name string) int { return f.parse(f.text(name), fmt.Sprint(name, "-", f.row)) }

func (f *rowForm) single(name string) int {
	return f.parse(strings.TrimSpace(f.r.PostFormValue(name)), name)
}

func (f *rowForm) parse(text, field string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil && f.err == nil {
		f.err = &events.Refusal{Status: events.StatusInvalid, Field: field, Problem: "timetable-not-number", With: []string{text}}
	}
	return n
}

// span is a day with two times.
func (f *rowForm) span() timetable.Span {
	at := func(name string) (m timetable.Moment) {
		text := f.text("day") + "T" + f.text(name)
		if err := m.UnmarshalText([]byte(text)); err != nil && f.err == nil {
			f.err = &events.Refusal{Status: events.StatusInvalid, Field: fmt.Sprint(name, "-", f.row), Problem: "timetable-not-time", With: []string{strings.Trim(strings.ReplaceAll(text, "T", " "), " ")}}
		}
		return m
	}
	return timetable.Span{From: at("from"), Until: at("until")}
}

// rows goes through the rows of a form in which something was typed in one of
// the named fields.
func (f *rowForm) rows(each func(), filled ...string) {
	n, err := strconv.Atoi(f.r.PostFormValue("rows"))
	if err != nil || n < 0 || n > mostRows {
		f.err = errForm
		return
	}
	for f.row = 0; f.row < n; f.row++ {
		if slices.ContainsFunc(filled, func(name string) bool { return f.text(name) != "" }) {
			each()
		}
	}
}

// timetableSettings serves the page of settings.
func (s *Server) timetableSettings(w http.ResponseWriter, r *http.Request) error {
	d, err := s.timetableFrame(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *d.settingsPage(r))
}

func (d *timetableDesk) settingsPage(r *http.Request) *TimetableSetPage {
	t := d.b.t
	page := &TimetableSetPage{URL: d.url, Done: d.done(r), NewVenue: d.url + "/venues/new"}
	for i := range d.set.Venues {
		v := &d.set.Venues[i]
		page.Venues = append(page.Venues, PageLink{Text: t.T("timetable.venue-line", len(v.Areas), v.Name), URL: d.url + "/venues/" + v.ID})
	}
	page.Forms = []RowsForm{d.frameForm(), d.lengthsForm(), d.sessionsForm(), d.travelForm(), d.restForm()}
	d.Title = t.T("timetable.settings-title")
	page.Page = d.Page
	return page
}

// rowsForm is a form of rows with what all of them have; blank makes its rows.
func (d *timetableDesk) rowsForm(part string, n int, heads []string, row func(i int) []RowCell) RowsForm {
	t := d.b.t
	f := RowsForm{ID: part, Title: t.T("timetable.part-" + part), Hint: t.T("timetable.hint-" + part), Action: d.url + "/settings", Part: part, Command: uuid.NewString(), Saw: d.seq, Do: t.T("timetable.save")}
	for _, head := range heads {
		f.Heads = append(f.Heads, t.T("timetable.col-"+head))
	}
	for i := range n + blankRows {
		cells := row(i)
		for c := range cells {
			cells[c].Label = t.T("timetable.cell", f.Heads[c], strconv.Itoa(i+1))
			cells[c].Name = fmt.Sprint(cells[c].Name, "-", i)
		}
		f.Rows = append(f.Rows, Row{cells})
	}
	return f
}

// at gives an element of a list, the zero one behind its end.
func at[T any](list []T, i int) (one T) {
	if i < len(list) {
		return list[i]
	}
	return one
}

// digits is a number for a field; an empty field for 0 of a row that is blank.
func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func clock(m timetable.Moment) string {
	if m == 0 {
		return ""
	}
	return m.Clock()
}

func date(m timetable.Moment) string {
	if m == 0 {
		return ""
	}
	return m.Date()
}

// spanCells are the fields of a stretch of a day.
func spanCells(s timetable.Span) []RowCell {
	return []RowCell{{Kind: "date", Name: "day", Value: date(s.From)}, {Kind: "time", Name: "from", Value: clock(s.From)}, {Kind: "time", Name: "until", Value: clock(s.Until)}}
}

func (d *timetableDesk) frameForm() RowsForm {
	t := d.b.t
	f := d.rowsForm("frame", len(d.set.Days), []string{"day", "from", "until"}, func(i int) []RowCell { return spanCells(at(d.set.Days, i)) })
	for _, one := range []struct {
		name string
		n    int
	}{{"step", d.set.Step}, {"lead", d.set.Lead}, {"travel_any", d.set.TravelAny}} {
		f.Top = append(f.Top, RowCell{Kind: "number", Name: one.name, Label: t.T("timetable.col-" + one.name), Hint: t.T("timetable.hint-" + one.name), Value: digits(one.n)})
	}
	return f
}

// venueOptions are the venues, behind a first option for none or all.
func (d *timetableDesk) venueOptions(chosen, first string) []Option {
	all := []Option{{Value: "", Text: first}}
	for i := range d.set.Venues {
		v := &d.set.Venues[i]
		all = append(all, Option{Value: v.ID, Text: v.Name, Chosen: v.ID == chosen})
	}
	return all
}

// sportOptions are the disciplines of the programme, and where asked for the
// event types of each: AT, AT|100.
func (d *timetableDesk) sportOptions(chosen string, types bool) []Option {
	all := []Option{{Value: "", Text: "—"}, {Value: "*", Text: d.b.t.T("timetable.all-sports"), Chosen: chosen == "*"}}
	var codes []string
	of := map[string][]string{}
	for i := range d.b.programme.Events {
		e := &d.b.programme.Events[i]
		code := d.b.programme.Disciplines[e.DisciplineID].Code
		if _, known := of[code]; !known {
			codes, of[code] = append(codes, code), nil
		}
		if !slices.Contains(of[code], e.Type) && e.Type != "" {
			of[code] = append(of[code], e.Type)
		}
	}
	for _, code := range codes {
		all = append(all, Option{Value: code, Text: d.sportName(code), Chosen: chosen == code})
		if !types {
			continue
		}
		for _, kind := range of[code] {
			value := code + "|" + kind
			all = append(all, Option{Value: value, Text: d.b.t.Join(d.sportName(code), kind), Chosen: chosen == value})
		}
	}
	if !slices.ContainsFunc(all, func(o Option) bool { return o.Value == chosen }) {
		all = append(all, Option{Value: chosen, Text: chosen, Chosen: true}) // set by a program, and not to be lost
	}
	return all
}

// aboutKey is what a row is about, as its option: *, AT, AT|100, AT||100-T54.
func aboutKey(discipline, kind, event string) string {
	switch {
	case event != "":
		return discipline + "|" + kind + "|" + event
	case kind != "":
		return discipline + "|" + kind
	case discipline == "":
		return "*"
	}
	return discipline
}

// aboutOf takes such an option apart.
func aboutOf(value string) (discipline, kind, event string) {
	parts := append(strings.SplitN(value, "|", 3), "", "")
	if parts[0] == "*" {
		parts[0] = ""
	}
	return parts[0], parts[1], parts[2]
}

func (d *timetableDesk) sessionsForm() RowsForm {
	return d.rowsForm("sessions", len(d.set.Sessions), []string{"number", "name", "venue", "day", "from", "until", "sport"}, func(i int) []RowCell {
		s := at(d.set.Sessions, i)
		sport := ""
		if i < len(d.set.Sessions) {
			sport = "*"
		}
		if len(s.Disciplines) > 0 {
			sport = strings.Join(s.Disciplines, ",")
		}
		return slices.Concat([]RowCell{{Kind: "number", Name: "number", Value: s.ID}, {Kind: "text", Name: "name", Value: s.Name}, {Kind: "select", Name: "venue", Options: d.venueOptions(s.Venue, "—")}},
			spanCells(s.Span), []RowCell{{Kind: "select", Name: "sport", Options: d.sportOptions(sport, false)}})
	})
}

func (d *timetableDesk) travelForm() RowsForm {
	return d.rowsForm("travel", len(d.set.Travel), []string{"from-venue", "to-venue", "minutes"}, func(i int) []RowCell {
		one := at(d.set.Travel, i)
		return []RowCell{{Kind: "select", Name: "from", Options: d.venueOptions(one.From, "—")}, {Kind: "select", Name: "to", Options: d.venueOptions(one.To, "—")}, {Kind: "number", Name: "minutes", Value: digits(one.Minutes)}}
	})
}

func (d *timetableDesk) restForm() RowsForm {
	return d.rowsForm("rest", len(d.set.Rest), []string{"sport", "class", "rest", "recovery"}, func(i int) []RowCell {
		one, sport := at(d.set.Rest, i), ""
		if i < len(d.set.Rest) {
			sport = aboutKey(one.Discipline, "", "")
		}
		return []RowCell{{Kind: "select", Name: "sport", Options: d.sportOptions(sport, false)}, {Kind: "text", Name: "class", Value: one.Class}, {Kind: "number", Name: "rest", Value: digits(one.Minutes)}, {Kind: "number", Name: "recovery", Value: digits(one.Recovery)}}
	})
}

func (d *timetableDesk) lengthsForm() RowsForm {
	return d.rowsForm("lengths", len(d.set.Lengths), []string{"sport", "unit", "each", "pair", "in-turn", "where", "where-too"}, func(i int) []RowCell {
		one, sport := at(d.set.Lengths, i), ""
		if i < len(d.set.Lengths) {
			sport = aboutKey(one.Discipline, one.Type, one.Event)
		}
		first, second := d.whereOf(one.Areas)
		return []RowCell{{Kind: "select", Name: "sport", Options: d.sportOptions(sport, true)}, {Kind: "number", Name: "unit", Value: digits(one.Minutes)}, {Kind: "number", Name: "each", Value: digits(one.Each)},
			{Kind: "number", Name: "pair", Value: digits(one.Pair)}, {Kind: "check", Name: "in-turn", Checked: one.InTurn}, {Kind: "select", Name: "where", Options: d.whereOptions(first)}, {Kind: "select", Name: "where-too", Options: d.whereOptions(second)}}
	})
}

// whereOf are areas as two choices: a whole venue or an area each; where they
// are neither, all of them stand in the second choice.
func (d *timetableDesk) whereOf(areas []string) (first, second string) {
	left := slices.Clone(areas)
	var said []string
	for i := range d.set.Venues {
		v := &d.set.Venues[i]
		whole := len(v.Areas) > 1
		for _, a := range v.Areas {
			whole = whole && slices.Contains(left, a.ID)
		}
		if whole {
			said = append(said, "v:"+v.ID)
			left = slices.DeleteFunc(left, func(id string) bool {
				return slices.ContainsFunc(v.Areas, func(a timetable.SetArea) bool { return a.ID == id })
			})
		}
	}
	for _, id := range left {
		said = append(said, "a:"+id)
	}
	if len(said) == 0 {
		return "", ""
	}
	return said[0], strings.Join(said[1:], " ")
}

// whereOptions are the venues with several areas, and every area.
func (d *timetableDesk) whereOptions(chosen string) []Option {
	all := []Option{{Value: "", Text: "—"}}
	for i := range d.set.Venues {
		v := &d.set.Venues[i]
		if len(v.Areas) > 1 {
			all = append(all, Option{Value: "v:" + v.ID, Text: d.b.t.T("timetable.whole-venue", v.Name), Chosen: chosen == "v:"+v.ID})
		}
		for _, a := range v.Areas {
			all = append(all, Option{Value: "a:" + a.ID, Text: d.set.Place(a.ID, 0), Chosen: chosen == "a:"+a.ID})
		}
	}
	if !slices.ContainsFunc(all, func(o Option) bool { return o.Value == chosen }) {
		var names []string
		for one := range strings.FieldsSeq(chosen) {
			kind, id, _ := strings.Cut(one, ":")
			if v := d.set.Venue(id); kind == "v" && v != nil {
				names = append(names, v.Name)
			} else {
				names = append(names, d.set.Place(id, 0))
			}
		}
		all = append(all, Option{Value: chosen, Text: strings.Join(names, d.b.t.T("fields.comma")), Chosen: true})
	}
	return all
}

// areasOf takes such choices apart.
func (d *timetableDesk) areasOf(choices ...string) []string {
	areas := []string{}
	for _, choice := range choices {
		for one := range strings.FieldsSeq(choice) {
			kind, id, _ := strings.Cut(one, ":")
			if kind == "a" {
				areas = append(areas, id)
			} else if v := d.set.Venue(id); kind == "v" && v != nil {
				for _, a := range v.Areas {
					areas = append(areas, a.ID)
				}
			}
		}
	}
	slices.Sort(areas)
	return slices.Compact(areas)
}

// partOf reads one part of the settings from a form.
func (d *timetableDesk) partOf(r *http.Request) (events.SetTimetable, error) {
	f := &rowForm{r: r}
	a := events.SetTimetable{}
	switch r.PostFormValue("part") {
	case "frame":
		frame := &events.TimetableFrame{Step: f.single("step"), Lead: f.single("lead"), TravelAny: f.single("travel_any"), Days: []timetable.Span{}}
		f.rows(func() { frame.Days = append(frame.Days, f.span()) }, "day")
		slices.SortFunc(frame.Days, func(x, y timetable.Span) int { return int(x.From - y.From) })
		a.Frame = frame
	case "sessions":
		all := []timetable.Session{}
		f.rows(func() {
			s := timetable.Session{ID: f.text("number"), Name: f.text("name"), Venue: f.text("venue"), Span: f.span()}
			if sport := f.text("sport"); sport != "" && sport != "*" {
				s.Disciplines = strings.Split(sport, ",")
			}
			all = append(all, s)
		}, "name", "day")
		a.Sessions = &all
		d.numbered(all)
	case "travel":
		all := []timetable.Travel{}
		f.rows(func() {
			all = append(all, timetable.Travel{From: f.text("from"), To: f.text("to"), Minutes: f.number("minutes")})
		}, "from", "to")
		a.Travel = &all
	case "rest":
		all := []timetable.Rest{}
		f.rows(func() {
			sport, _, _ := aboutOf(f.text("sport"))
			all = append(all, timetable.Rest{Discipline: sport, Class: f.text("class"), Minutes: f.number("rest"), Recovery: f.number("recovery")})
		}, "sport", "class")
		a.Rest = &all
	case "lengths":
		all := []timetable.Length{}
		f.rows(func() {
			l := timetable.Length{Minutes: f.number("unit"), Each: f.number("each"), Pair: f.number("pair"), InTurn: f.text("in-turn") != "", Areas: d.areasOf(f.text("where"), f.text("where-too"))}
			l.Discipline, l.Type, l.Event = aboutOf(f.text("sport"))
			all = append(all, l)
		}, "sport")
		a.Lengths = &all
	default:
		return a, errForm
	}
	return a, f.err
}

// numbered gives sessions without a number the next free one.
func (d *timetableDesk) numbered(all []timetable.Session) {
	highest := 0
	for _, s := range d.b.programme.Sessions {
		highest = max(highest, s.Number)
	}
	for _, s := range all {
		if n, err := strconv.Atoi(s.ID); err == nil {
			highest = max(highest, n)
		}
	}
	for i := range all {
		if all[i].ID == "" {
			highest++
			all[i].ID = strconv.Itoa(highest)
		}
	}
}

// timetableSet takes one part of the settings.
func (s *Server) timetableSet(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	d, err := s.timetableFrame(w, r)
	if err != nil {
		return err
	}
	a, err := d.partOf(r)
	if err == nil {
		if a.Saw, err = strconv.ParseInt(r.PostFormValue("saw"), 10, 64); err != nil {
			err = errForm
		}
	}
	if err == nil {
		_, err = s.store.SetTimetable(r.Context(), s.ask(r), d.who, a)
	}
	if status := statusOf(err); err != nil && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) {
		page := d.settingsPage(r)
		page.Path = d.url + "/settings"
		said := d.fault(err, r.PostFormValue("part"))
		for i := range page.Forms {
			if page.Forms[i].Part == r.PostFormValue("part") {
				page.Forms[i].retyped(r, said)
			}
		}
		page.Wrong, page.Problems = true, []Problem{said}
		return s.renderer.Write(w, status, *page)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url+"/settings", "did", "set")
}

// fault is why settings were refused, at the field or else at the part.
func (d *timetableDesk) fault(err error, part string) Problem {
	text, field, _ := d.view.said(err)
	if text == "" {
		text = d.b.t.Problem(errForm, nil)
	}
	if strings.Contains(field, "-") && !strings.Contains(field, " ") {
		return Problem{part + "-" + field, text}
	}
	return Problem{part, text}
}

// retyped fills a form with what was typed, so that a refusal loses nothing.
func (f *RowsForm) retyped(r *http.Request, said Problem) {
	n, err := strconv.Atoi(r.PostFormValue("rows"))
	for len(f.Rows) > 0 && err == nil && len(f.Rows) < min(n, mostRows) { // it had more rows than are there now
		row := Row{slices.Clone(f.Rows[0].Cells)}
		for c := range row.Cells {
			name, _, _ := strings.Cut(row.Cells[c].Name, "-0")
			row.Cells[c].Name = fmt.Sprint(name, "-", len(f.Rows))
			row.Cells[c].Options = slices.Clone(row.Cells[c].Options)
		}
		f.Rows = append(f.Rows, row)
	}
	each := func(c *RowCell) {
		typed := r.PostFormValue(c.Name)
		c.Value, c.Checked = typed, typed != ""
		for o := range c.Options {
			c.Options[o].Chosen = c.Options[o].Value == typed
		}
		if said.Target == f.ID+"-"+c.Name {
			c.Wrong = said.Text
		}
	}
	for i := range f.Top {
		each(&f.Top[i])
	}
	for i := range f.Rows {
		for c := range f.Rows[i].Cells {
			each(&f.Rows[i].Cells[c])
		}
	}
}

// venueOf is a venue that is set; a new one has the next free ID.
func (s *Server) venueOf(w http.ResponseWriter, r *http.Request) (*timetableDesk, *timetable.SetVenue, bool, error) {
	d, err := s.timetableFrame(w, r)
	if err != nil {
		return nil, nil, false, err
	}
	id := r.PathValue("venue")
	if id != "new" {
		v := d.set.Venue(id)
		if v == nil {
			return nil, nil, false, errNoPage
		}
		return d, v, false, nil
	}
	for n := 1; ; n++ {
		if id = "v" + strconv.Itoa(n); d.set.Venue(id) == nil {
			return d, &timetable.SetVenue{ID: id, WarmUp: 30}, true, nil
		}
	}
}

// timetableVenue serves a venue's page.
func (s *Server) timetableVenue(w http.ResponseWriter, r *http.Request) error {
	d, v, fresh, err := s.venueOf(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *d.venuePage(r, v, fresh))
}

func (d *timetableDesk) venuePage(r *http.Request, v *timetable.SetVenue, fresh bool) *TimetableVenuePage {
	t := d.b.t
	self := d.url + "/venues/" + v.ID
	page := &TimetableVenuePage{URL: d.url + "/settings", Action: self, Command: uuid.NewString(), Saw: d.seq, Heading: v.Name, Done: d.done(r),
		Name: RowCell{Kind: "text", Name: "name", Label: t.T("timetable.venue-name"), Value: v.Name}, WarmUp: RowCell{Kind: "number", Name: "warm-up", Label: t.T("timetable.warm-up"), Hint: t.T("timetable.warm-up-hint"), Value: digits(v.WarmUp)}}
	if fresh {
		page.Action, page.Heading = d.url+"/venues/new", t.T("timetable.new-venue")
	} else {
		page.Upload, page.Drop = self+"/calendar", self+"/drop"
	}
	page.Areas, page.Busy = d.areasForm(v), d.busyForm(v)
	page.Rows = max(len(page.Areas.Rows), len(page.Busy.Rows))
	for _, c := range v.Calendars {
		page.Calendars = append(page.Calendars, TimetableShared{Name: c.Name, Text: t.T("timetable.busy-times", len(c.Busy)), Command: uuid.NewString()})
	}
	d.Title = t.Join(t.T("timetable.venue-title"), page.Heading)
	page.Page = d.Page
	return page
}

// areasForm are a venue's areas as rows.
func (d *timetableDesk) areasForm(v *timetable.SetVenue) RowsForm {
	return d.rowsForm("areas", len(v.Areas), []string{"area", "courts", "turnover", "steps"}, func(i int) []RowCell {
		a := at(v.Areas, i)
		return []RowCell{{Kind: "text", Name: "area", Value: a.Name}, {Kind: "number", Name: "courts", Value: digits(a.Courts)}, {Kind: "number", Name: "turnover", Value: digits(a.Turnover)}, {Kind: "check", Name: "steps", Checked: a.Steps}}
	})
}

// busyForm are the times when others have a venue, as rows.
func (d *timetableDesk) busyForm(v *timetable.SetVenue) RowsForm {
	return d.rowsForm("busy", len(v.Busy), []string{"day", "from", "until", "area", "what"}, func(i int) []RowCell {
		b := at(v.Busy, i)
		return slices.Concat(spanCells(b.Span), []RowCell{{Kind: "select", Name: "busy-area", Options: areaOptions(v, strings.Join(b.Areas, " "), d.b.t.T("timetable.all-areas"))}, {Kind: "text", Name: "what", Value: b.What}})
	})
}

func areaOptions(v *timetable.SetVenue, chosen, first string) []Option {
	all := []Option{{Value: "", Text: first}}
	for _, a := range v.Areas {
		name := a.Name
		if name == "" {
			name = v.Name
		}
		all = append(all, Option{Value: a.ID, Text: name, Chosen: a.ID == chosen})
	}
	if !slices.ContainsFunc(all, func(o Option) bool { return o.Value == chosen }) {
		all = append(all, Option{Value: chosen, Text: chosen, Chosen: true})
	}
	return all
}

// venueTyped reads a venue from its form. Areas keep their IDs by their rows,
// since units stand in them.
func (d *timetableDesk) venueTyped(r *http.Request, was *timetable.SetVenue) (timetable.SetVenue, error) {
	f := &rowForm{r: r}
	v := timetable.SetVenue{ID: was.ID, Name: strings.TrimSpace(r.PostFormValue("name")), WarmUp: f.single("warm-up"), Areas: []timetable.SetArea{}, Calendars: was.Calendars}
	if v.Name == "" {
		return v, &events.Refusal{Status: events.StatusInvalid, Field: "name", Problem: "timetable-venue-name"}
	}
	next := 0
	for _, a := range was.Areas {
		if _, n, ok := strings.Cut(a.ID, "-"); ok {
			if k, err := strconv.Atoi(n); err == nil {
				next = max(next, k)
			}
		}
	}
	f.rows(func() {
		a := timetable.SetArea{Area: timetable.Area{ID: at(was.Areas, f.row).ID, Name: f.text("area"), Courts: f.number("courts"), Turnover: f.number("turnover")}, Steps: f.text("steps") != ""}
		if a.ID == "" {
			next++
			a.ID = was.ID + "-" + strconv.Itoa(next)
		}
		v.Areas = append(v.Areas, a)
	}, "area", "courts")
	f.rows(func() {
		b := timetable.Busy{Span: f.span(), Areas: strings.Fields(f.text("busy-area")), What: f.text("what")}
		v.Busy = append(v.Busy, b)
	}, "day")
	return v, f.err
}

// timetableVenueSet takes a venue.
func (s *Server) timetableVenueSet(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, was, fresh, err := s.venueOf(w, r)
	if err != nil {
		return err
	}
	v, err := d.venueTyped(r, was)
	if err != nil {
		return s.venueRefused(w, r, d, was, fresh, err)
	}
	return s.saveVenue(w, r, d, was, fresh, &v, nil)
}

// saveVenue puts a venue in force and leads back to it, or says why not.
func (s *Server) saveVenue(w http.ResponseWriter, r *http.Request, d *timetableDesk, was *timetable.SetVenue, fresh bool, v *timetable.SetVenue, faults timetable.Faults) error {
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	_, err = s.store.SetTimetable(r.Context(), s.ask(r), d.who, events.SetTimetable{Saw: saw, Venue: v})
	if err != nil {
		return s.venueRefused(w, r, d, was, fresh, err)
	}
	if len(faults) == 0 {
		return did(w, r, d.url+"/venues/"+v.ID, "did", "set")
	}
	r.SetPathValue("venue", v.ID)
	if d, v, _, err = s.venueOf(w, r); err != nil {
		return err
	}
	page := d.venuePage(r, v, false)
	page.Path = d.url + "/venues/" + v.ID
	page.Done = &FieldsDone{Text: d.b.t.T("timetable.did-set")}
	for _, f := range faults[:min(len(faults), shownClashes)] {
		page.Faults = append(page.Faults, d.b.t.T("timetable.calendar-line", f.Line, d.b.t.Invalid(&scoring.Invalid{Problem: f.Problem, With: f.With}, nil)))
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

// venueRefused shows the venue as it was typed, with what is wrong.
func (s *Server) venueRefused(w http.ResponseWriter, r *http.Request, d *timetableDesk, v *timetable.SetVenue, fresh bool, err error) error {
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	text, field, _ := d.view.said(err)
	page := d.venuePage(r, v, fresh)
	page.Path = page.Action
	said := Problem{"venue", text}
	if r.PostForm.Has("name") { // a form, not a file
		for _, f := range []*RowsForm{&page.Areas, &page.Busy} {
			f.retyped(r, Problem{f.ID + "-" + field, text})
			for i := range f.Rows {
				if slices.ContainsFunc(f.Rows[i].Cells, func(c RowCell) bool { return c.Name == field }) {
					said.Target = f.ID + "-" + field
				}
			}
		}
		page.Rows = max(len(page.Areas.Rows), len(page.Busy.Rows))
		for _, c := range []*RowCell{&page.Name, &page.WarmUp} {
			c.Value = r.PostFormValue(c.Name)
			if c.Name == field {
				c.Wrong, said.Target = text, "venue-"+field
			}
		}
	}
	page.Wrong, page.Problems = true, []Problem{said}
	return s.renderer.Write(w, status, *page)
}

// mostBusy is how many busy times a calendar may bring.
const mostBusy = 2000

// timetableVenueCalendar takes a calendar file of those who share a venue, in
// place of an earlier one of the same name.
func (s *Server) timetableVenueCalendar(w http.ResponseWriter, r *http.Request) error {
	d, was, fresh, err := s.venueOf(w, r)
	switch {
	case err != nil:
		return err
	case fresh:
		return errNoPage
	}
	r.Body = http.MaxBytesReader(w, r.Body, 5<<20)
	if err := r.ParseMultipartForm(5 << 20); err != nil {
		return errForm
	}
	file, head, err := r.FormFile("file")
	if err != nil {
		return s.venueRefused(w, r, d, was, false, &events.Refusal{Status: events.StatusInvalid, Field: "file", Problem: "timetable-calendar-not"})
	}
	defer file.Close()
	if len(d.set.Days) == 0 {
		return s.venueRefused(w, r, d, was, false, &events.Refusal{Status: events.StatusInvalid, Field: "file", Problem: "timetable-no-days"})
	}
	within := timetable.Span{From: d.set.Days[0].From, Until: d.set.Days[len(d.set.Days)-1].Until}
	busy, faults, err := timetable.ReadBusy(file, d.b.zone, within)
	if err == nil && len(busy) > mostBusy {
		err = &events.Refusal{Status: events.StatusInvalid, Field: "file", Problem: "timetable-calendar-much", With: []string{strconv.Itoa(mostBusy)}}
	}
	var inv *scoring.Invalid
	if errors.As(err, &inv) {
		err = &events.Refusal{Status: events.StatusInvalid, Field: "file", Problem: inv.Problem, With: inv.With}
	}
	if err != nil {
		return s.venueRefused(w, r, d, was, false, err)
	}
	name := []rune(strings.TrimSpace(head.Filename))
	v := *was
	shared := timetable.Shared{Name: string(name[:min(len(name), 80)]), Busy: busy}
	v.Calendars = append(slices.DeleteFunc(slices.Clone(was.Calendars), func(c timetable.Shared) bool { return c.Name == shared.Name }), shared)
	return s.saveVenue(w, r, d, was, false, &v, faults)
}

// timetableVenueDrop takes a calendar out of a venue, or the venue away.
func (s *Server) timetableVenueDrop(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, was, fresh, err := s.venueOf(w, r)
	switch {
	case err != nil:
		return err
	case fresh:
		return errNoPage
	}
	if name := r.PostFormValue("calendar"); name != "" {
		v := *was
		v.Calendars = slices.DeleteFunc(slices.Clone(was.Calendars), func(c timetable.Shared) bool { return c.Name == name })
		return s.saveVenue(w, r, d, was, false, &v, nil)
	}
	saw, err := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	if _, err := s.store.SetTimetable(r.Context(), s.ask(r), d.who, events.SetTimetable{Saw: saw, Drop: was.ID}); err != nil {
		return s.venueRefused(w, r, d, was, false, err)
	}
	return did(w, r, d.url+"/settings", "did", "set")
}
