// Package registration takes delegations' files in: it reads each workbook,
// finds out whose it is and which tables are athletes, staff, events and head
// counts, brings them together as rows, has the rules of entry judge them all,
// and says for every file what was understood.
//
// It decides nothing by itself and writes nothing: who applies what is clean is
// told which rows that is.
package registration

import (
	"cmp"
	"slices"
	"strings"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// File is a file as it came.
type File struct {
	Name     string
	Data     []byte
	Memory   workbook.Memory // what the delegation has said about headers before; may be nil
	Encoding string          // of a .csv, as a person has chosen

	Delegation string // whose it is, where that is known; empty: as the file says
	Fixes      []Fix  // cells put right since
}

// Taken is what was understood of one file.
type Taken struct {
	Name       string
	Delegation string
	Err        error // why it could not be read; nothing of it was
	Tables     []*workbook.Table
	Encoding   string
	Athletes   int
	Staff      int
}

// Import is what was understood of all files of an edition, and what is wrong.
type Import struct {
	Files    []Taken
	Rows     []*entry.Row
	Problems []entry.Problem
}

// Clean are the rows that nothing keeps back.
func (im *Import) Clean() []*entry.Row {
	return slices.DeleteFunc(slices.Clone(im.Rows), func(r *entry.Row) bool { return r.Refused })
}

// Count says how many problems of a severity there are.
func (im *Import) Count(s entry.Severity) int {
	n := 0
	for i := range im.Problems {
		if im.Problems[i].Severity == s {
			n++
		}
	}
	return n
}

// Read reads files in the order given and judges them together. Today bounds
// days of birth.
func Read(ed *entry.Edition, files []File, today identity.Date) *Import {
	im := &Import{}
	var found []entry.Problem
	for _, f := range files {
		r := reader{ed: ed, file: f}
		im.Files = append(im.Files, r.read())
		im.Rows = append(im.Rows, r.rows...)
		found = append(found, r.found...)
	}
	im.Problems = append(found, entry.Check(ed, im.Rows, today)...)
	im.sort(files)
	for _, p := range found {
		for _, r := range p.Rows {
			r.Refused = r.Refused || p.Severity == entry.Error
		}
	}
	return im
}

// sort brings problems into the order of files, sheets and cells, so that a
// person can go through a file with the report beside it.
func (im *Import) sort(files []File) {
	place := map[string]int{}
	for i, f := range files {
		place[f.Name] = i
		for j, t := range im.Files[i].Tables {
			if key := f.Name + "|" + t.Sheet; place[key] == 0 {
				place[key] = j + 1
			}
		}
	}
	slices.SortStableFunc(im.Problems, func(a, b entry.Problem) int {
		rowA, columnA := Split(a.At.Address)
		rowB, columnB := Split(b.At.Address)
		return cmp.Or(
			cmp.Compare(place[a.At.File], place[b.At.File]),
			cmp.Compare(place[a.At.File+"|"+a.At.Sheet], place[b.At.File+"|"+b.At.Sheet]),
			cmp.Compare(rowA, rowB), cmp.Compare(len(columnA), len(columnB)), cmp.Compare(columnA, columnB),
		)
	})
}

// Split takes G56 apart: row 56, column G.
func Split(address string) (row int, column string) {
	column = strings.TrimRight(address, "0123456789")
	for _, d := range address[len(column):] {
		row = row*10 + int(d-'0')
	}
	return row, column
}

// reader reads one file.
type reader struct {
	ed         *entry.Edition
	file       File
	book       *workbook.Book
	delegation string
	rows       []*entry.Row
	found      []entry.Problem
}

func (r *reader) read() Taken {
	taken := Taken{Name: r.file.Name}
	var err error
	if r.book, err = workbook.Read(r.file.Name, r.file.Data, workbook.Options{Encoding: r.file.Encoding}); err != nil {
		taken.Err = err
		return taken
	}
	taken.Encoding = r.book.Encoding
	lay(r.book, r.file.Fixes)
	var tables []*workbook.Table
	for i := range r.book.Sheets {
		tables = append(tables, r.book.Sheets[i].Tables(r.file.Memory)...)
	}
	if len(tables) == 0 {
		taken.Err = &scoring.Invalid{Field: "file", Problem: "book-no-table"}
		return taken
	}
	taken.Tables = tables
	r.delegation = r.whose(tables)
	switch sender := r.file.Delegation; {
	case r.delegation == "" && sender == "":
		taken.Err = &scoring.Invalid{Field: "file", Problem: "book-whose"}
		return taken
	case r.delegation == "":
		r.delegation = sender
	case sender != "" && sender != r.delegation:
		taken.Err = &scoring.Invalid{Field: "file", Problem: "book-of-another", With: []string{r.delegation, sender}}
		return taken
	}
	if !r.book.Sure {
		r.note(entry.Cell{File: r.file.Name}, "encoding-unsure", r.book.Encoding)
	}
	for _, sheet := range r.book.Hidden {
		r.note(entry.Cell{File: r.file.Name, Sheet: sheet}, "sheet-hidden")
	}
	for _, kind := range []workbook.Kind{workbook.People, workbook.Matrix, workbook.Summary} { // people first: the others speak of them
		for _, t := range tables {
			if t.Kind == kind {
				r.table(t)
			}
		}
	}
	taken.Delegation = r.delegation
	for _, row := range r.rows {
		switch {
		case row.Counted:
		case row.Staff:
			taken.Staff++
		default:
			taken.Athletes++
		}
	}
	return taken
}

// whose finds the delegation: as a title says it after 代表团 or 代表队, else in
// any title, else in the file's name.
func (r *reader) whose(tables []*workbook.Table) string {
	any := ""
	for _, t := range tables {
		for _, text := range t.Above {
			_, named, ok := strings.Cut(identity.Narrow(text), ":")
			if d := r.ed.DelegationIn(named); ok && d != "" && (strings.HasPrefix(text, "代表团") || strings.HasPrefix(text, "代表队") || strings.HasPrefix(text, "单位")) {
				return d
			}
			any = cmp.Or(any, r.ed.DelegationIn(text))
		}
	}
	return cmp.Or(any, r.ed.DelegationIn(r.file.Name))
}

// note adds a problem that is nobody's row.
func (r *reader) note(at entry.Cell, problem string, with ...string) {
	r.found = append(r.found, entry.NewProblem(nil, "", at, scoring.Invalid{Problem: problem, With: with}))
}

func (r *reader) table(t *workbook.Table) {
	switch t.Kind {
	case workbook.People:
		r.people(t)
	case workbook.Matrix:
		r.matrix(t)
	case workbook.Summary:
		r.summary(t)
	}
}

// cell is a column of a row as the rules know it.
func (r *reader) cell(t *workbook.Table, row workbook.Row, column int) entry.Cell {
	return entry.Cell{File: r.file.Name, Sheet: t.Sheet, Address: workbook.Address(row.At, column), Text: row.Cell(column)}
}

// sport finds the sport of a row: its own column, the sheet's name, the titles.
func (r *reader) sport(t *workbook.Table, row workbook.Row) *entry.Sport {
	if text, _ := row.Get(workbook.Sport); text != "" {
		return r.ed.Sport(text)
	}
	return r.sportOf(t)
}

func (r *reader) sportOf(t *workbook.Table) *entry.Sport {
	for _, text := range append([]string{t.Sheet}, t.Above...) {
		if s := r.ed.SportIn(text); s != nil {
			return s
		}
	}
	return nil
}
