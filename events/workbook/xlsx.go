package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads the visible sheets of a workbook. Formulas give the value that
// was stored with them; none is calculated here.
func readXLSX(data []byte) (b *Book, err error) {
	if err := guard(data); err != nil {
		return nil, err
	}
	defer func() { // the library has panicked on crafted files before
		if p := recover(); p != nil {
			b, err = nil, refuse("book-broken")
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	switch {
	case errors.Is(err, excelize.ErrWorkbookPassword), errors.Is(err, excelize.ErrWorkbookFileFormat):
		return nil, refuse("book-encrypted")
	case err != nil:
		return nil, refuse("book-broken")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b = &Book{Sure: true}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.Date1904 = *props.Date1904
	}
	var used budget
	for _, name := range f.GetSheetList() {
		if passedOver(f, name) {
			continue
		}
		if visible, err := f.GetSheetVisible(name); err == nil && !visible {
			b.Hidden = append(b.Hidden, name)
			continue
		}
		s, err := readSheet(f, name, &used)
		if err != nil {
			return nil, err
		}
		b.Sheets = append(b.Sheets, *s)
	}
	return b, nil
}

// passedOver reports whether a sheet says in its first cell that it is for people
// only.
func passedOver(f *excelize.File, name string) bool {
	return strings.HasPrefix(firstCell(f, name), NotRead)
}

// firstCell is what the first cell says. Of the sheet no more than its first row
// is looked at.
func firstCell(f *excelize.File, name string) string {
	rows, err := f.Rows(name)
	if err != nil {
		return ""
	}
	defer rows.Close() // reading only
	if !rows.Next() {
		return ""
	}
	if row, err := rows.Columns(); err == nil && len(row) > 0 {
		return row[0]
	}
	return ""
}

// readSheet reads a sheet row by row and stops at the limits, and only then asks
// for its merged cells, for which the library loads the sheet whole.
func readSheet(f *excelize.File, name string, used *budget) (*Sheet, error) {
	rows, err := f.Rows(name)
	if err != nil {
		return nil, refuse("book-broken")
	}
	defer rows.Close() // reading only
	s := &Sheet{Name: name}
	for rows.Next() {
		if len(s.Rows) == MaxRows {
			return nil, refuse("book-rows", name, strconv.Itoa(MaxRows))
		}
		row, err := rows.Columns()
		if err != nil {
			return nil, refuse("book-broken")
		}
		if err := checkRow(name, len(s.Rows), row, used); err != nil {
			return nil, err
		}
		s.Rows = append(s.Rows, row)
	}
	if err := rows.Error(); err != nil {
		return nil, refuse("book-broken")
	}
	if s.merges, err = merges(f, name); err != nil {
		return nil, err
	}
	s.fill()
	return s, nil
}

// budget is what of a file's limits is used up.
type budget struct{ cells, text int }

// checkRow holds a row to the limits.
func checkRow(sheet string, at int, row []string, used *budget) error {
	for i, text := range row {
		if text == "" {
			continue
		}
		used.cells, used.text = used.cells+1, used.text+len(text)
		switch {
		case i >= MaxColumns:
			return refuse("book-columns", sheet, strconv.Itoa(MaxColumns))
		case used.cells > maxCells:
			return refuse("book-cells", strconv.Itoa(maxCells))
		case used.text > maxText:
			return refuse("book-text", megabytes(maxText))
		case utf8.RuneCountInString(text) > maxCell:
			return refuse("book-cell", sheet, Address(at, i), strconv.Itoa(maxCell))
		case !utf8.ValidString(text):
			return refuse("book-broken")
		}
	}
	return nil
}

// merges are the merged rectangles of a sheet.
func merges(f *excelize.File, sheet string) ([]merge, error) {
	merged, err := f.GetMergeCells(sheet, true)
	if err != nil {
		return nil, refuse("book-broken")
	}
	var out []merge
	for _, m := range merged {
		left, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("merged cell of %s: %w", sheet, refuse("book-broken"))
		}
		out = append(out, merge{top - 1, left - 1, bottom - 1, right - 1})
	}
	return out, nil
}

// blank reports whether a cell shows nothing.
func blank(s string) bool { return strings.TrimSpace(strings.ReplaceAll(s, "\u3000", " ")) == "" }
