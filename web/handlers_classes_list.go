// The list of sport classes: for officials everybody's, narrowed and page by
// page; for everybody those of people who have agreed to be named.
package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/classes"
)

// classRow says a class in words.
func (v *view) classRow(l *events.ClassLine) ClassRow {
	t := v.b.t
	row := ClassRow{Name: events.DisplayName(l.Person.Family, l.Person.Given), Delegation: v.b.pick(l.Delegation.Name, l.Delegation.NameEn), Sport: v.b.pick(l.Discipline.Name, l.Discipline.NameEn), Class: l.Held.Class}
	if l.Held.Status != "" {
		row.Status = t.Join(string(l.Held.Status), t.T("class-status."+string(l.Held.Status)))
	}
	if l.Held.Review > 0 {
		row.Status = t.Join(row.Status, strconv.Itoa(l.Held.Review))
	}
	switch {
	case classes.Pseudo(l.Held.Class) && l.Held.ClassGroup == "":
		row.Means = t.T("classes.blocks-all", row.Sport)
	case classes.Pseudo(l.Held.Class):
		row.Means = t.T("classes.blocks-group", l.Held.ClassGroup)
	}
	return row
}

// classesPublic serves the classes of people who have agreed to be named.
func (s *Server) classesPublic(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	lines, err := s.store.PublicClasses(r.Context(), v.c.Code)
	if err != nil {
		return err
	}
	page := ClassesPage{}
	for i := range lines {
		page.Rows = append(page.Rows, v.classRow(&lines[i]))
	}
	v.Title = v.b.t.T("classes.title")
	page.Page = v.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// classesFind narrows the officials' list.
func (s *Server) classesFind(w http.ResponseWriter, r *http.Request) error {
	return s.narrow(w, r, func(asked *http.Request) error { return s.classesDesk(w, asked) })
}

// classesDesk serves the officials' list.
func (s *Server) classesDesk(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	v.Bar = s.bar(r, v, "classes")
	who, q := s.who(r), r.URL.Query()
	lines, err := s.store.Classes(r.Context(), who, v.c.Code, 0, 0)
	if err != nil {
		return err
	}
	page := ClassesPage{Official: true, Filter: v.classFilter(q, lines)}
	if access.Ever(who, access.DecideClass) {
		page.OutcomesURL = outcomesURL(v.b.root)
	}
	all := len(lines)
	lines = slices.DeleteFunc(lines, func(l events.ClassLine) bool { return !classAsked(q, &l) })
	from, to := page.slice(v.b.root+"/desk/classes", q, len(lines))
	for i := from; i < to; i++ {
		l := &lines[i]
		row := v.classRow(l)
		row.URL = classURL(v.b.root, l.Discipline.ID, l.Person.ID)
		page.Rows = append(page.Rows, row)
	}
	page.Shown = v.b.t.T("reg.shown-of", len(lines), strconv.Itoa(all))
	if len(lines) > onePage {
		page.Shown = v.b.t.T("reg.page-of", len(lines), strconv.Itoa(from+1), strconv.Itoa(to))
	}
	v.Title = v.b.t.T("classes.title")
	page.Page = v.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// What the list may be narrowed to besides the statuses.
const (
	classNone   = "none"   // entered, and never had a class
	classPseudo = "pseudo" // NE or CNC
)

// classStatuses are the statuses as they are offered.
var classStatuses = []classes.Status{classes.New, classes.Review, classes.FixedDate, classes.Confirmed, classes.Observed}

// classAsked reports whether a line is among those that an address asks for.
func classAsked(q url.Values, l *events.ClassLine) bool {
	id := func(n int64) string { return strconv.FormatInt(n, 10) }
	if sport := q.Get("sport"); sport != "" && sport != id(l.Discipline.ID) {
		return false
	}
	if of := q.Get("delegation"); of != "" && of != id(l.Person.DelegationID) {
		return false
	}
	switch state := q.Get("state"); state {
	case "":
	case classNone:
		if l.Held.ID != 0 {
			return false
		}
	case classPseudo:
		if !classes.Pseudo(l.Held.Class) {
			return false
		}
	default:
		if string(l.Held.Status) != state {
			return false
		}
	}
	text := strings.ToLower(strings.TrimSpace(q.Get("q")))
	return text == "" || strings.Contains(strings.ToLower(events.DisplayName(l.Person.Family, l.Person.Given)), text) ||
		l.Person.Code == text || strings.EqualFold(l.Held.Class, text)
}

// classFilter is the form that narrows the list.
func (v *view) classFilter(q url.Values, lines []events.ClassLine) Filter {
	t := v.b.t
	f := Filter{Action: v.b.root + "/desk/classes/find", Clear: v.b.root + "/desk/classes", Query: q.Get("q"), On: q.Get("q")+q.Get("state")+q.Get("sport")+q.Get("delegation") != ""}
	everything := func(name string) []Option { return []Option{{"", t.T("reg.everything"), q.Get(name) == ""}} }
	f.States, f.Sports, f.Delegations = everything("state"), everything("sport"), everything("delegation")
	for _, s := range classStatuses {
		f.States = append(f.States, Option{string(s), t.Join(string(s), t.T("class-status."+string(s))), q.Get("state") == string(s)})
	}
	f.States = append(f.States, Option{classPseudo, "NE, CNC", q.Get("state") == classPseudo}, Option{classNone, t.T("classes.no-class"), q.Get("state") == classNone})
	has := map[int64]bool{}
	for i := range lines {
		has[lines[i].Discipline.ID] = true
	}
	for _, d := range v.disciplines() {
		if id := strconv.FormatInt(d.ID, 10); has[d.ID] {
			f.Sports = append(f.Sports, Option{id, v.b.pick(d.Name, d.NameEn), q.Get("sport") == id})
		}
	}
	for _, d := range v.b.programme.Delegations {
		id := strconv.FormatInt(d.ID, 10)
		f.Delegations = append(f.Delegations, Option{id, v.b.pick(d.Name, d.NameEn), q.Get("delegation") == id})
	}
	return f
}

// disciplines are the edition's, by code.
func (v *view) disciplines() []events.Discipline {
	return slices.SortedFunc(maps.Values(v.b.programme.Disciplines), func(a, b events.Discipline) int { return cmp.Compare(a.Code, b.Code) })
}

// slice is the part of the list that an address asks for, with the links to the
// others.
func (p *ClassesPage) slice(at string, q url.Values, n int) (from, to int) {
	last := max(1, (n+onePage-1)/onePage)
	now, err := strconv.Atoi(q.Get("page"))
	if err != nil || now < 1 || now > last {
		now = 1
	}
	for i := 1; i <= last; i++ {
		other := url.Values{"page": {strconv.Itoa(i)}}
		for _, name := range []string{"state", "sport", "delegation", "q"} {
			if v := q.Get(name); v != "" && !asksByNumber(v) {
				other.Set(name, v)
			}
		}
		p.Pages = append(p.Pages, PageLink{Text: strconv.Itoa(i), URL: at + "?" + other.Encode() + "#people", Current: i == now})
	}
	return (now - 1) * onePage, min(n, now*onePage)
}
