package forms

import (
	"io"

	"tongchang/events/entry"
	"tongchang/events/registration"
	"tongchang/events/workbook"
)

// Returned writes a delegation's own file back with every problem at its cell,
// as a note and a colour, and listed on a first sheet with links. What people
// have put right on the page since, the fixes, stands in it. The rest of the
// file is as it came.
func Returned(w io.Writer, file registration.File, problems []entry.Problem, say Words) error {
	book, err := workbook.Read(file.Name, file.Data, workbook.Options{Encoding: file.Encoding})
	if err != nil {
		return err
	}
	a := workbook.Annotation{
		Name: say.T("returned.sheet"), Page: say.T("returned.note"), Cell: say.T("returned.cell"),
		Columns: []string{say.T("returned.name"), say.T("returned.column"), say.T("returned.severity"), say.T("returned.problem")},
	}
	columns := headers(book, file.Memory)
	for i := range problems {
		p := &problems[i]
		text := p.Message(say.Problem)
		_, letters := registration.Split(p.At.Address)
		severity := say.T("returned.warning")
		if p.Severity == entry.Error {
			severity = say.T("returned.error")
		}
		a.Notes = append(a.Notes, workbook.Note{
			Sheet: p.At.Sheet, Address: p.At.Address, Grave: p.Severity == entry.Error, Text: severity + ": " + text,
			Line: []string{p.Name, columns[p.At.Sheet+"!"+letters], severity, text},
		})
	}
	for _, f := range file.Fixes {
		if f.Sound() {
			a.Puts = append(a.Puts, workbook.Put(f))
		}
	}
	return workbook.Annotate(w, book, file.Data, a)
}

// headers are the headers of a file's columns: 名单!G → 身份证号.
func headers(book *workbook.Book, memory workbook.Memory) map[string]string {
	of := map[string]string{}
	for i := range book.Sheets {
		for _, t := range book.Sheets[i].Tables(memory) {
			for _, c := range t.Columns {
				of[t.Sheet+"!"+workbook.ColumnName(c.At)] = c.Header
			}
		}
	}
	return of
}
