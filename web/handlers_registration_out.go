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
	"tongchang/events/forms"
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
	heads, err := s.listsOf(r, o, "heads")
	if err != nil {
		return err
	}
	t := o.b.t
	page := ListsPage{DeskURL: o.url}
	for _, name := range listNames {
		page.Lists = append(page.Lists, ListLine{Title: t.T("reg.lists." + name), About: t.T("reg.about." + name), Excel: o.b.root + "/desk/lists/" + name + ".xlsx", CSV: o.b.root + "/desk/lists/" + name + ".csv"})
	}
	for i := range heads {
		page.Counts = append(page.Counts, tableOf(&heads[i]))
	}
	o.Title = t.T("reg.lists.title")
	page.Page = o.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// tableOf shows a list on a page.
func tableOf(l *workbook.List) PlainTable {
	table := PlainTable{Caption: l.Title, Rows: l.Rows}
	if table.Caption == "" {
		table.Caption = l.Name
	}
	for _, c := range l.Columns {
		table.Heads = append(table.Heads, c.Header)
	}
	return table
}

// listsOf makes a list from the registrations that it is about; what it has for
// each delegation are several.
func (s *Server) listsOf(r *http.Request, o *office, name string) ([]workbook.List, error) {
	f := o.asked(r.URL.Query())
	if name != "all" {
		f = events.RegistrationFilter{States: []registration.State{registration.Accepted}}
	}
	vs, err := s.store.Registrations(r.Context(), o.who, o.c.Code, f)
	if err != nil || name == "all" {
		return []workbook.List{o.everything(vs)}, err
	}
	ed, err := s.store.Edition(r.Context(), o.c.Code)
	if err != nil {
		return nil, err
	}
	var delegations, sports []string
	for _, d := range o.b.programme.Delegations {
		delegations = append(delegations, o.b.pick(d.Name, d.NameEn))
	}
	for i := range ed.Sports {
		sports = append(sports, ed.Sports[i].Name)
	}
	if name == "book" {
		return forms.OrderBook(o.printed(vs), delegations, sports, o.formWords()), nil
	}
	return forms.HeadCounts(o.printed(vs), delegations, sports, o.formWords()), nil
}

// printed are people as lists for print have them: who is in two sports is one.
func (o *office) printed(vs []events.RegistrationView) []forms.Person {
	people := make([]forms.Person, len(vs))
	for i := range vs {
		v := &vs[i]
		people[i] = forms.Person{ID: v.Participant, Delegation: o.delegationName(v), Staff: v.Staff, Function: v.Role, Sport: v.Sport, Name: v.Name, Sex: entry.ParseSex(v.Sex), Bib: v.Code}
	}
	return people
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
	lists, err := s.listsOf(r, o, name)
	if err != nil {
		return err
	}
	title := o.b.t.T("reg.lists." + name)
	if o.delegation != 0 {
		title += " " + o.name
	}
	return sendLists(w, lists, title+"."+format)
}

// formWords are the words of the forms that go out, in the reader's language.
func (o *office) formWords() forms.Words { return forms.Words{T: o.b.t.T, Problem: o.say} }

// teamTemplate serves the form that a delegation fills in.
func (s *Server) teamTemplate(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	ed, err := s.store.Edition(r.Context(), o.c.Code)
	if err != nil {
		return err
	}
	d, err := s.store.Delegation(r.Context(), o.c.ID, o.delegation)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := forms.Template(&b, ed, d.Name, o.formWords()); err != nil {
		return err
	}
	return sendFile(w, xlsxType, o.b.t.T("reg.team.template-file", o.name)+".xlsx", b.Bytes())
}

// uploadReturned serves a delegation's own file with what is wrong with it at
// every cell.
func (s *Server) uploadReturned(w http.ResponseWriter, r *http.Request) error {
	f, err := s.fileOf(w, r)
	if err != nil {
		return err
	}
	file, err := s.store.UploadFile(r.Context(), f.who, f.c.Code, f.id)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := forms.Returned(&b, file, f.p.Problems, f.formWords()); err != nil {
		return err
	}
	stem, _, _ := cutLast(file.Name, ".")
	return sendFile(w, xlsxType, f.b.t.T("reg.upload.returned-file", stem)+".xlsx", b.Bytes())
}

// sendLists sends lists as one file, in a .csv one under the other. It is whole
// before its first byte is sent: a file cut short must not look like one.
func sendLists(w http.ResponseWriter, lists []workbook.List, name string) error {
	var b bytes.Buffer
	if !strings.HasSuffix(name, ".csv") {
		if err := workbook.Write(&b, lists...); err != nil {
			return err
		}
		return sendFile(w, xlsxType, name, b.Bytes())
	}
	for i, l := range lists {
		var one bytes.Buffer
		if err := workbook.WriteCSV(&one, l); err != nil {
			return err
		}
		part := one.Bytes()
		if i > 0 { // the mark stands at the beginning of a file alone
			b.WriteString("\r\n")
			part = bytes.TrimPrefix(part, []byte("\ufeff"))
		}
		b.Write(part)
	}
	return sendFile(w, "text/csv; charset=utf-8", name, b.Bytes())
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
