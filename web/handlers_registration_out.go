package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/registration"
	"tongchang/events/workbook"
)

// What is taken away from the pages: the lists of the screens as workbooks and
// .csv, the names for the order book, head counts. Identity numbers go out only
// masked; the order book has none of them.

// listNames are the lists that there are.
var listNames = []string{"book", "heads", "all"}

// lists offers them, with the head counts on the page.
func (s *Server) lists(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	vs, err := s.store.Registrations(r.Context(), o.who, o.c.Code, events.RegistrationFilter{States: []registration.State{registration.Accepted}})
	if err != nil {
		return err
	}
	t := o.b.t
	page := ListsPage{DeskURL: o.url}
	for _, name := range listNames {
		page.Lists = append(page.Lists, ListLine{Title: t.T("reg.lists." + name), About: t.T("reg.lists." + name + "-about"), Excel: o.b.root + "/desk/lists/" + name + ".xlsx", CSV: o.b.root + "/desk/lists/" + name + ".csv"})
	}
	heads := o.heads(vs)
	page.Counts = PlainTable{Caption: t.T("reg.lists.caption"), Rows: heads.Rows}
	for _, c := range heads.Columns {
		page.Counts.Heads = append(page.Counts.Heads, c.Header)
	}
	o.Title = t.T("reg.lists.title")
	page.Page = o.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// list serves a list as a file: of a delegation its registrations, of the
// organiser any.
func (s *Server) list(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	file := r.PathValue("list")
	if file == "" { // a delegation's own: the address ends with the file
		file = r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	}
	name, format, _ := strings.Cut(file, ".")
	if !slices.Contains(listNames, name) || format != "xlsx" && format != "csv" || o.delegation == 0 && !o.may(access.DecideRegistration) {
		return errNoPage
	}
	f := o.asked(r.URL.Query())
	if name != "all" {
		f = events.RegistrationFilter{States: []registration.State{registration.Accepted}}
	}
	vs, err := s.store.Registrations(r.Context(), o.who, o.c.Code, f)
	if err != nil {
		return err
	}
	var l workbook.List
	switch name {
	case "book":
		l = o.orderBook(vs)
	case "heads":
		l = o.heads(vs)
	default:
		l = o.everything(vs)
	}
	title := o.b.t.T("reg.lists." + name)
	if o.delegation != 0 {
		title += " " + o.name
	}
	return sendList(w, l, title+"."+format)
}

// sendList sends a list as a file. It is whole before its first byte is sent: a
// file cut short must not look like one.
func sendList(w http.ResponseWriter, l workbook.List, name string) error {
	var b bytes.Buffer
	write, kind := func() error { return workbook.Write(&b, l) }, xlsxType
	if strings.HasSuffix(name, ".csv") {
		write, kind = func() error { return workbook.WriteCSV(&b, l) }, "text/csv; charset=utf-8"
	}
	if err := write(); err != nil {
		return err
	}
	return sendFile(w, kind, name, b.Bytes())
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sendFile sends a file to be kept. Its name may be in any script (RFC 6266).
func sendFile(w http.ResponseWriter, kind, name string, data []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Cache-Control", "no-store")
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("send %s: %w", name, err)
	}
	return nil
}

// everything is the list that the screen shows, with more columns.
func (o *office) everything(vs []events.RegistrationView) workbook.List {
	t := o.b.t
	l := workbook.List{Name: t.T("reg.lists.all")}
	heads := []string{t.T("reg.delegation"), t.T("reg.col.code")}
	fields := []entry.Field{registration.Role, entry.Name, entry.Sex, entry.Birth, entry.InSport, entry.Class, entry.Events, entry.Mark, entry.Guide}
	kept := []entry.Field{entry.ID, entry.Cert, entry.Cat, entry.Level, entry.Valid, entry.Phone, entry.Guardian, entry.Remark}
	for _, f := range append(slices.Clone(fields), kept...) {
		heads = append(heads, t.fieldWord(string(f)))
	}
	heads = append(heads, t.T("reg.col.state"), t.T("reg.col.problems"), t.T("reg.lists.reason"))
	for _, h := range heads {
		l.Columns = append(l.Columns, workbook.ListColumn{Header: h})
	}
	for i := range vs {
		v := &vs[i]
		line := o.line(v)
		row := []string{o.delegationName(v), v.Code, v.Role, v.Name, o.sexWord(v.Sex), v.Born, v.Sport, v.Class, choicesOf(v), v.Fields[entry.Mark], v.Fields[entry.Guide]}
		for _, f := range kept {
			row = append(row, v.Masked[f])
		}
		l.Rows = append(l.Rows, append(row, line.StateText, strings.Join(append(line.Wrong, line.Warned...), "\n"), v.Reason))
	}
	return l
}

// orderBook is the list of a delegation's people for print: names, numbers and
// events, and nothing that is not read out in the hall.
func (o *office) orderBook(vs []events.RegistrationView) workbook.List {
	t := o.b.t
	l := workbook.List{Name: t.T("reg.lists.book")}
	for _, h := range []string{t.T("reg.delegation"), t.fieldWord("role"), t.T("reg.col.code"), t.fieldWord("name"), t.fieldWord("sex"), t.fieldWord("sport"), t.fieldWord("class"), t.fieldWord("event")} {
		l.Columns = append(l.Columns, workbook.ListColumn{Header: h})
	}
	for i := range vs {
		v := &vs[i]
		role := v.Role
		if !v.Staff {
			role = t.T("reg.kind.athlete")
		}
		l.Rows = append(l.Rows, []string{o.delegationName(v), role, v.Code, v.Name, o.sexWord(v.Sex), v.Sport, v.Class, choicesOf(v)})
	}
	return l
}

// heads counts people, each once however many sports they are in, by delegation
// and by what they do.
func (o *office) heads(vs []events.RegistrationView) workbook.List {
	t := o.b.t
	l := workbook.List{Name: t.T("reg.lists.heads"), Columns: []workbook.ListColumn{{Header: t.T("reg.delegation")}}}
	kinds := []string{"men", "women", "staff", "total"}
	for _, kind := range kinds {
		l.Columns = append(l.Columns, workbook.ListColumn{Header: t.T("reg.lists." + kind), Number: true})
	}
	count := map[int64]map[string]int{}
	add := func(delegation int64, kind string) {
		if count[delegation] == nil {
			count[delegation] = map[string]int{}
		}
		count[delegation][kind]++
	}
	for _, person := range onePerson(vs) {
		kind := kindOfPerson(person)
		for _, d := range []int64{person[0].Delegation, 0} { // 0: all of them
			add(d, kind)
			add(d, "total")
		}
	}
	row := func(name string, of map[string]int) {
		cells := []string{name}
		for _, kind := range kinds {
			cells = append(cells, strconv.Itoa(of[kind]))
		}
		l.Rows = append(l.Rows, cells)
	}
	for _, d := range o.b.programme.Delegations {
		row(o.b.pick(d.Name, d.NameEn), count[d.ID])
	}
	row(t.T("reg.lists.total"), count[0])
	return l
}

// kindOfPerson is what a person is counted as: who competes in anything competes.
func kindOfPerson(vs []events.RegistrationView) string {
	for i := range vs {
		switch {
		case vs[i].Staff:
		case entry.ParseSex(vs[i].Sex) == "F":
			return "women"
		default:
			return "men"
		}
	}
	return "staff"
}
