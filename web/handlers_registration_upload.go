package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/entry"
	"tongchang/events/registration"
	"tongchang/events/workbook"
)

// Most problems and changes of a file that a page lists at once: what is put
// right makes room for the rest.
const (
	mostFixes   = 200
	mostChanges = 200
)

// fileOf is a file as its page knows it.
type fileOf struct {
	*office
	id    string
	url   string // of the file's page
	p     *events.Proposal
	ed    *entry.Edition
	lists []TypedList // that fields of the page have asked for
}

// fileOf finds the file of an address. Another delegation's is none.
func (s *Server) fileOf(w http.ResponseWriter, r *http.Request) (*fileOf, error) {
	o, err := s.office(w, r)
	if err != nil {
		return nil, err
	}
	f := &fileOf{office: o, id: r.PathValue("upload")}
	f.url = o.url + "/uploads/" + url.PathEscape(f.id)
	if f.p, err = s.store.Proposal(r.Context(), o.who, o.c.Code, f.id); err != nil {
		return nil, err
	}
	if f.p.Upload.Delegation != o.delegation { // an organiser may see both, but not one at the other's address
		return nil, errNoPage
	}
	f.ed, err = s.store.Edition(r.Context(), o.c.Code)
	return f, err
}

// upload serves a file as it was understood.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) error {
	f, err := s.fileOf(w, r)
	if err != nil {
		return err
	}
	page := f.page()
	page.Done = f.done(r)
	return s.renderer.Write(w, http.StatusOK, *page)
}

// uploadState tells a waiting page how far its file has come.
func (s *Server) uploadState(w http.ResponseWriter, r *http.Request) error {
	f, err := s.fileOf(w, r)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]string{"state": string(f.p.Upload.State), "said": f.readText()})
}

func (f *fileOf) readText() string {
	if f.p.Upload.Rows == 0 {
		return f.b.t.T("reg.upload.waiting")
	}
	return f.b.t.T("reg.upload.read", strconv.Itoa(f.p.Upload.Rows))
}

func (f *fileOf) page() *UploadPage {
	t, up := f.b.t, &f.p.Upload
	page := &UploadPage{Delegation: f.name, TeamURL: f.office.url, URL: f.url, File: up.Name, About: t.Join(t.T("reg.upload.sent-at", f.moment(up.At)), f.p.Encoding),
		Drop: f.url + "/drop", Apply: f.url + "/apply", Returned: f.url + "/returned.xlsx"}
	f.Title = t.Join(t.T("reg.upload.title"), f.name)
	page.Page = f.Page
	switch up.State {
	case events.UploadReading:
		page.Reading, page.ReadText = true, f.readText()
		return page
	case events.UploadFailed:
		if page.Failed = t.T("error.500.sentence"); up.Unread != nil {
			page.Failed = f.say(*up.Unread)
		}
		return page
	}
	page.Clean, page.Kept = f.p.Clean, f.p.Refused
	page.Tally = f.counts()
	all := f.fixRows()
	page.Open = len(f.p.Problems)
	page.Kinds = f.kinds(all)
	if page.Rows = all; len(all) > mostFixes {
		page.Rows, page.Hidden = all[:mostFixes], t.T("reg.upload.hidden", strconv.Itoa(mostFixes), strconv.Itoa(len(all)-mostFixes))
		shown := map[string]bool{}
		for i := range page.Rows {
			shown[page.Rows[i].ID] = true
		}
		page.Kinds = slices.DeleteFunc(page.Kinds, func(k KindLine) bool { return !shown[k.Target] })
	}
	page.Lists = f.lists
	page.Tables, page.Unsure = f.tables()
	for _, field := range workbook.Fields() {
		page.Fields = append(page.Fields, Option{Value: string(field), Text: f.anyWord(string(field))})
	}
	page.Changes = f.changes()
	if up.State == events.UploadApplied && up.Applied != nil {
		page.Notes = append(page.Notes, t.T("reg.apply.done", strconv.Itoa(up.Applied.New), strconv.Itoa(up.Applied.Changed), strconv.Itoa(up.Applied.Same)))
	}
	return page
}

// counts are the four numbers on top.
func (f *fileOf) counts() []Tally {
	warned := 0
	for i := range f.p.Rows {
		row := &f.p.Rows[i]
		if !row.Refused && len(row.Problems) > 0 {
			warned++
		}
	}
	t := f.b.t
	return []Tally{{Count: len(f.p.Rows), Text: t.T("reg.upload.rows-read"), URL: "#rows"}, {Shape: "official", Count: f.p.Clean, Text: t.T("reg.upload.can"), URL: "#changes"},
		{Shape: "alert", Count: f.p.Refused, Text: t.T("reg.upload.must"), URL: "#rows", Current: f.p.Refused > 0}, {Shape: "unofficial", Count: warned, Text: t.T("reg.upload.warned"), URL: "#rows"}}
}

// place is a row of a sheet.
type place struct {
	sheet string
	row   int
}

// troubled is a row of a file with its problems, errors first.
type troubled struct {
	at    place
	wrong bool // an error keeps it back
	of    []*entry.Problem
}

// troubled are the rows with problems: those with errors first, each part in the
// order of the file. What is nobody's row stands by itself.
func (f *fileOf) troubled() []troubled {
	var all []troubled
	index := map[place]int{}
	for i := range f.p.Problems {
		p := &f.p.Problems[i]
		at := placeOf(p)
		g, ok := index[at]
		if !ok || at.row == 0 {
			g = len(all)
			index[at] = g
			all = append(all, troubled{at: at})
		}
		all[g].of = append(all[g].of, p)
		all[g].wrong = all[g].wrong || p.Severity == entry.Error
	}
	for g := range all {
		slices.SortStableFunc(all[g].of, func(a, b *entry.Problem) int { return strings.Compare(string(a.Severity), string(b.Severity)) }) // error before warning
	}
	slices.SortStableFunc(all, func(a, b troubled) int {
		switch {
		case a.wrong == b.wrong:
			return 0
		case a.wrong:
			return -1
		}
		return 1
	})
	return all
}

func placeOf(p *entry.Problem) place {
	row, _ := registration.Split(p.At.Address)
	return place{p.At.Sheet, row}
}

// fixRows are the problems of a file with a field to put each right, and after
// them what has been put right.
func (f *fileOf) fixRows() []FixRow {
	of := map[place]*events.ProposedRow{}
	for i := range f.p.Rows {
		of[place{f.p.Rows[i].Sheet, f.p.Rows[i].Row}] = &f.p.Rows[i]
	}
	sheets := map[string]int{}
	for _, table := range f.p.Tables {
		if _, ok := sheets[table.Sheet]; !ok {
			sheets[table.Sheet] = len(sheets)
		}
	}
	// the same cell has the same id on the next page, so that a reader stays there
	used := map[string]int{}
	id := func(sheet, address string) string {
		cell := "s" + strconv.Itoa(sheets[sheet]) + "-" + address
		used[cell]++
		return cell + "-" + strconv.Itoa(used[cell])
	}
	var rows []FixRow
	for _, g := range f.troubled() {
		for i, p := range g.of {
			r := f.fixRow(p, id(p.At.Sheet, p.At.Address), of[g.at])
			r.First = i == 0
			rows = append(rows, r)
		}
	}
	for _, fix := range f.p.Fixes {
		if used["s"+strconv.Itoa(sheets[fix.Sheet])+"-"+fix.Address] == 0 {
			row, _ := registration.Split(fix.Address)
			rows = append(rows, f.calmRow(fix, id(fix.Sheet, fix.Address), of[place{fix.Sheet, row}]))
		}
	}
	return rows
}

// fixRow is one problem with the field that puts it right. The row is nil where
// the problem is nobody's.
func (f *fileOf) fixRow(p *entry.Problem, id string, of *events.ProposedRow) FixRow {
	t := f.b.t
	r := FixRow{ID: id, Sheet: p.At.Sheet, Name: p.Name, Wrong: p.Severity == entry.Error, Title: f.problemTitle(p), Help: f.problemHelp(p), Typed: p.At.Text, Chip: t.T("reg.upload.chip-warned")}
	if r.Name == "" && of != nil {
		r.Name = of.Name
	}
	if r.Wrong {
		r.Chip = t.T("reg.upload.chip-wrong")
	}
	row, column := registration.Split(p.At.Address)
	if row > 0 {
		r.Place, r.Column = t.T("reg.upload.place", strconv.Itoa(row)), t.T("reg.upload.column", column)
	}
	var also []string
	for _, c := range p.Also {
		at := c.Address
		if c.Sheet != p.At.Sheet {
			at = c.Sheet + " " + at
		}
		also = append(also, at)
	}
	if len(also) > 0 {
		r.Also = t.T("reg.upload.also", strings.Join(also, t.T("reg.deadline.comma")))
	}
	if p.At.Address != "" && p.At.Sheet != "" {
		r.Field = f.fixField(p, id, strconv.Itoa(row), r.Name)
		if r.Field.Options == nil && !r.Field.Secret && of != nil {
			r.Field.List = f.listFor(p.Field, of.Sport)
		}
	}
	return r
}

// fixField is where a cell is put right. A number of a person is typed anew: it
// is not on the page.
func (f *fileOf) fixField(p *entry.Problem, id, row, name string) FixField {
	t := f.b.t
	field := FixField{Name: "f-" + id, At: p.At.Sheet + "!" + p.At.Address, Label: t.T("reg.upload.label", row, name, t.fieldWord(string(p.Field)))}
	choose := Option{"", t.T("reg.upload.fix-choose"), true}
	switch {
	case p.Field == entry.ID, p.Field == entry.Cert, p.Field == entry.Phone:
		field.Secret = true
	case p.Field == entry.Sex:
		field.Options = []Option{choose, {"男", t.T("reg.sex.M"), false}, {"女", t.T("reg.sex.W"), false}}
	case p.Field == entry.Events && workbook.IsTick(p.At.Text):
		field.Options = []Option{choose, {nothing, t.T("reg.upload.no-tick"), false}}
	default:
		field.Value, field.Long = p.At.Text, strings.Contains(p.At.Text, "\n")
	}
	return field
}

// listFor is the id of the list of what a field may be: the edition's sports, or
// the events of the row's sport. Empty where there is none.
func (f *fileOf) listFor(field entry.Field, sport string) string {
	list := TypedList{ID: "l-sports"}
	switch field {
	case entry.InSport:
		for i := range f.ed.Sports {
			list.Choices = append(list.Choices, f.ed.Sports[i].Name)
		}
	case entry.Events:
		list.ID = "l-events-" + strconv.Itoa(slices.IndexFunc(f.ed.Sports, func(s entry.Sport) bool { return s.Name == sport }))
		for i := range f.ed.Events {
			if e := &f.ed.Events[i]; e.Sport == sport && !slices.Contains(list.Choices, e.Name) {
				list.Choices = append(list.Choices, e.Name)
			}
		}
	}
	if len(list.Choices) == 0 {
		return ""
	}
	if !slices.ContainsFunc(f.lists, func(l TypedList) bool { return l.ID == list.ID }) {
		f.lists = append(f.lists, list)
	}
	return list.ID
}

// nothing is the choice that empties a cell.
const nothing = "-"

// calmRow is a cell that has been put right. It can be changed once more.
func (f *fileOf) calmRow(fix events.Fix, id string, of *events.ProposedRow) FixRow {
	t, name := f.b.t, ""
	if of != nil {
		name = of.Name
	}
	row, column := registration.Split(fix.Address)
	r := FixRow{ID: id, Place: t.T("reg.upload.place", strconv.Itoa(row)), Column: t.T("reg.upload.column", column), Sheet: fix.Sheet, Name: name, First: true,
		Title: t.T("reg.upload.was-fixed"), Fixed: fix.Text, Chip: t.T("reg.upload.chip-fixed")}
	if r.Fixed == "" {
		r.Fixed = t.T("reg.upload.blank")
	}
	r.Field = FixField{Name: "f-" + id, At: fix.Sheet + "!" + fix.Address, Label: t.T("reg.upload.label", strconv.Itoa(row), name, "")}
	return r
}

// kinds counts the problems by kind, errors first; each leads to its first row.
func (f *fileOf) kinds(rows []FixRow) []KindLine {
	var lines []KindLine
	count := map[string]int{}
	at := map[string]int{}
	for i := range rows {
		r := &rows[i]
		if r.Fixed != "" {
			continue
		}
		count[r.Title]++
		if _, ok := at[r.Title]; !ok {
			at[r.Title] = len(lines)
			lines = append(lines, KindLine{Text: r.Title, Target: r.ID, Wrong: r.Wrong})
		}
	}
	for i := range lines {
		lines[i].Count = strconv.Itoa(count[lines[i].Text])
	}
	return lines
}

// tables are the columns and what they were taken for; unsure counts those that
// a person should look at.
func (f *fileOf) tables() (tables []MapTable, unsure int) {
	t := f.b.t
	for _, table := range f.p.Tables {
		m := MapTable{Sheet: table.Sheet, About: t.T("reg.upload.count", table.Rows)}
		for _, c := range table.Columns {
			col := MapColumn{Letter: c.Letter, Header: c.Header, Text: f.anyWord(string(c.Field)), Sample: c.Sample}
			switch {
			case c.Field == "":
				col.Text, col.Sure = t.T("reg.map.nothing"), t.T("reg.map.unknown")
			case c.Sure >= 100:
				col.Sure = t.T("reg.map.certain")
			case c.Sure >= 80:
				col.Sure = t.T("reg.map.likely")
			default:
				col.Sure, col.Unsure = t.T("reg.map.guess"), true
				unsure++
			}
			m.Columns = append(m.Columns, col)
		}
		tables = append(tables, m)
	}
	return tables, unsure
}

// changes is what the file would change.
func (f *fileOf) changes() Changes {
	t := f.b.t
	c := Changes{New: f.p.New, Changed: f.p.Changed, Same: f.p.Same + f.p.Left, Gone: len(f.p.Gone)}
	for i := range f.p.Rows {
		row := &f.p.Rows[i]
		line := ChangeLine{Name: row.Name}
		switch row.Diff {
		case registration.Changed:
			line.Kind, line.Shape = t.T("reg.upload.changed"), "unofficial"
			for _, ch := range row.Changes {
				line.What = append(line.What, f.changed(ch))
			}
		case registration.Left:
			line.Kind, line.Shape, line.What = t.T("reg.state."+string(row.State)), shapeOf(string(row.State)), []string{t.T("reg.upload.left-hint")}
		default:
			continue
		}
		c.Lines = append(c.Lines, line)
	}
	for _, gone := range f.p.Gone {
		c.Lines = append(c.Lines, ChangeLine{Name: gone.Name, Kind: t.T("reg.upload.gone"), Shape: "off", What: []string{t.Join(gone.Sport, t.T("reg.upload.gone-hint"))}})
	}
	if len(c.Lines) > mostChanges {
		c.More = t.T("reg.upload.more", strconv.Itoa(len(c.Lines)-mostChanges))
		c.Lines = c.Lines[:mostChanges]
	}
	return c
}

func (f *fileOf) changed(ch events.FieldChange) string {
	t := f.b.t
	from, to := ch.From, ch.To
	if from == "" {
		from = t.T("reg.upload.blank")
	}
	if to == "" {
		to = t.T("reg.upload.blank")
	}
	return t.T("reg.upload.from-to", f.anyWord(string(ch.Field)), from, to)
}

// uploadFix puts cells right: those in which something else was typed than the
// page had in them. The file itself stays as it came.
func (s *Server) uploadFix(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	id, n := r.PathValue("upload"), 0
	for name := range r.PostForm {
		field, ok := strings.CutPrefix(name, "at-")
		if !ok || !r.PostForm.Has(field) {
			continue
		}
		typed := strings.TrimSpace(r.PostForm.Get(field))
		if typed == strings.TrimSpace(r.PostForm.Get("was-"+field)) {
			continue
		}
		if typed == nothing {
			typed = ""
		}
		sheet, address, ok := cutLast(r.PostForm.Get(name), "!")
		if !ok {
			return errForm
		}
		if err := s.store.FixUpload(r.Context(), o.who, o.c.Code, id, sheet, address, typed); err != nil {
			return err
		}
		n++
	}
	return did(w, r, o.url+"/uploads/"+url.PathEscape(id), "did", "fixed", "n", strconv.Itoa(n))
}

// cutLast cuts at the last separator: a sheet's name may have one in it.
func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+len(sep):], true
}

// uploadMap says what a column holds, in this file and the delegation's next.
func (s *Server) uploadMap(w http.ResponseWriter, r *http.Request) error {
	f, err := s.fileOf(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	header, field := r.PostForm.Get("header"), workbook.Field(r.PostForm.Get("field"))
	if header == "" || field != "" && !slices.Contains(workbook.Fields(), field) {
		page := f.page()
		page.Problems, page.Wrong, page.Path = []Problem{{"map-header", f.b.t.T("reg.map.choose-column")}}, true, f.url
		return s.renderer.Write(w, http.StatusUnprocessableEntity, *page)
	}
	if err := s.store.MapUpload(r.Context(), f.who, f.c.Code, f.id, map[string]workbook.Field{header: field}); err != nil {
		return err
	}
	return did(w, r, f.url, "did", "mapped")
}

// uploadDrop throws a file away that has not been entered.
func (s *Server) uploadDrop(w http.ResponseWriter, r *http.Request) error {
	f, err := s.fileOf(w, r)
	if err != nil {
		return err
	}
	if err := s.store.DropUpload(r.Context(), f.who, f.c.Code, f.id); err != nil {
		return err
	}
	return did(w, r, f.office.url, "did", "dropped")
}

// uploadCheck shows what entering the file will do: its good rows, or with
// ?all=1 every row, those with errors as drafts.
func (s *Server) uploadCheck(w http.ResponseWriter, r *http.Request) error {
	f, err := s.fileOf(w, r)
	if err != nil {
		return err
	}
	if f.p.Upload.State != events.UploadJudged {
		http.Redirect(w, r, f.url, http.StatusSeeOther)
		return nil
	}
	t, everything := f.b.t, r.URL.Query().Get("all") != ""
	page := CheckPage{Heading: t.T("reg.apply.heading"), Over: f.p.Upload.Name, OverURL: f.url, Action: f.url + "/apply", Back: f.url, Command: uuid.NewString(),
		Hidden: []Option{{Value: "what", Text: "clean"}}, Do: t.T("reg.apply.do", strconv.Itoa(f.p.Clean)), Tick: &Tick{Name: "submit", Text: t.T("reg.apply.submit")}}
	added, changed := f.effect(everything)
	page.Lead = []string{t.T("reg.apply.lead", strconv.Itoa(added), strconv.Itoa(changed)), t.T("reg.apply.draft")}
	switch {
	case everything:
		page.Hidden[0].Text, page.Do = "all", t.T("reg.apply.do", strconv.Itoa(f.p.Clean+f.p.Refused))
		page.Lead = append(page.Lead, t.T("reg.apply.with-errors", strconv.Itoa(f.p.Refused)))
	case f.p.Refused > 0:
		page.Lead = append(page.Lead, t.T("reg.apply.kept", strconv.Itoa(f.p.Refused)))
	}
	f.Title = page.Heading
	page.Page = f.Page
	return s.renderer.Write(w, http.StatusOK, page)
}

// effect counts the rows that would be new and changed.
func (f *fileOf) effect(everything bool) (added, changed int) {
	for i := range f.p.Rows {
		row := &f.p.Rows[i]
		switch {
		case row.Refused && !everything:
		case row.Diff == registration.New:
			added++
		case row.Diff == registration.Changed:
			changed++
		}
	}
	return added, changed
}

// uploadApply enters the file.
func (s *Server) uploadApply(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	id := r.PathValue("upload")
	a := events.ApplyUpload{Upload: id, CleanOnly: r.PostForm.Get("what") != "all", Submit: r.PostForm.Get("submit") != ""}
	applied, err := s.store.ApplyUpload(r.Context(), s.ask(r), o.who, a)
	if err != nil {
		return err
	}
	return did(w, r, o.url, "did", "applied", "n", strconv.Itoa(applied.New), "m", strconv.Itoa(applied.Changed), "k", strconv.Itoa(applied.Same+applied.Left), "left", strconv.Itoa(applied.Refused), "seq", strconv.FormatInt(applied.Seq, 10))
}
