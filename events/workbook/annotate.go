package workbook

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Note is something said of a cell. A note without an address is of the file.
type Note struct {
	Sheet, Address string
	Grave          bool     // the row is kept back
	Text           string   // on the cell
	Line           []string // in the list of notes, after the cell's own column
}

// Put is a cell with the text that somebody has put there since.
type Put struct{ Sheet, Address, Text string }

// Annotation is what is written into somebody's own workbook: a note and a
// colour at each cell, and a first sheet that lists them, with links.
type Annotation struct {
	Name    string // of the sheet
	Page    string // what its first cell says after the sign that it is not read
	Cell    string // header of the column with the links
	Columns []string
	Notes   []Note
	Puts    []Put
}

// noteAuthor signs our notes. Earlier ones go when a file is noted again.
const noteAuthor = "同场"

// noteList begins the first cell of the sheet that lists the notes.
const noteList = NotRead + "·问题清单"

// maxNoted is how many cells are noted and coloured; the list has all. More
// notes than that say that something is wrong with the file as a whole.
const maxNoted = 2_000

// Annotate writes a copy of a file with notes in it; before is what was read of
// the file, and is changed as the cells are. Nothing else in the file changes:
// [Read] reads the same rows from the copy, and where it would not, or the file
// is a .csv, the cells are copied into a new workbook and noted there.
func Annotate(w io.Writer, before *Book, data []byte, a Annotation) (err error) {
	for _, p := range a.Puts {
		before.put(p)
	}
	var out []byte
	if sniff(data) == isZip {
		if out, err = a.into(data); err != nil || !same(before, out) {
			out = nil // the library cannot write this file again as it was
		}
	}
	if out == nil {
		if out, err = a.copied(before); err != nil {
			return fmt.Errorf("note %s in a copy: %w", before.Name, err)
		}
	}
	_, err = w.Write(out)
	return err
}

// put writes a text over a cell of a book that was read.
func (b *Book) put(p Put) {
	column, row, err := excelize.CellNameToCoordinates(p.Address)
	if err != nil || column > MaxColumns {
		return
	}
	for i := range b.Sheets {
		s := &b.Sheets[i]
		if s.Name != p.Sheet || row > len(s.Rows) {
			continue
		}
		for len(s.Rows[row-1]) < column {
			s.Rows[row-1] = append(s.Rows[row-1], "")
		}
		s.Rows[row-1][column-1] = p.Text
	}
}

// same reports whether a workbook reads as a book does.
func same(b *Book, out []byte) bool {
	again, err := Read(b.Name, out, Options{})
	return err == nil && b.Date1904 == again.Date1904 && slices.Equal(b.Hidden, again.Hidden) && slices.EqualFunc(b.Sheets, again.Sheets, func(x, y Sheet) bool {
		return x.Name == y.Name && slices.Equal(x.merges, y.merges) && slices.EqualFunc(x.trimmed(), y.trimmed(), slices.Equal)
	})
}

// trimmed are the rows without blank ends: a note makes a cell where none was.
func (s *Sheet) trimmed() [][]string {
	rows := make([][]string, len(s.Rows))
	last := 0
	for r, row := range s.Rows {
		n := len(row)
		for n > 0 && row[n-1] == "" {
			n--
		}
		if rows[r] = row[:n]; n > 0 {
			last = r + 1
		}
	}
	return rows[:last]
}

// into writes the notes into the file itself.
func (a *Annotation) into(data []byte) (out []byte, err error) {
	defer func() { // as with reading
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("write a workbook again: %v", p)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := a.takeOff(f); err != nil {
		return nil, err
	}
	for _, p := range a.Puts {
		if i, err := f.GetSheetIndex(p.Sheet); err != nil || i < 0 {
			continue
		}
		if err := f.SetCellStr(p.Sheet, p.Address, clean(p.Text)); err != nil {
			return nil, err
		}
	}
	return a.noted(f)
}

// copied writes the cells of a book into a new workbook and notes them there.
func (a *Annotation) copied(b *Book) (out []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	looks, err := newLooks(f)
	if err != nil {
		return nil, err
	}
	if b.Date1904 {
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &b.Date1904}); err != nil {
			return nil, err
		}
	}
	for i := range b.Sheets {
		s := &b.Sheets[i]
		name := cmp.Or(s.Name, firstSheet)
		if err := addSheet(f, name, i == 0); err != nil {
			return nil, err
		}
		for r, row := range s.Rows {
			for c, text := range row {
				if text == "" {
					continue
				}
				if at := Address(r, c); errors.Join(f.SetCellStr(name, at, clean(text)), f.SetCellStyle(name, at, at, looks.text)) != nil {
					return nil, fmt.Errorf("copy cell %s of %s", at, name)
				}
			}
		}
	}
	return a.noted(f)
}

// takeOff removes what an earlier annotation has left: whoever sends a noted file
// again gets the notes of today.
func (a *Annotation) takeOff(f *excelize.File) error {
	for _, sheet := range f.GetSheetList() {
		if strings.HasPrefix(firstCell(f, sheet), noteList) && len(f.GetSheetList()) > 1 {
			if err := f.DeleteSheet(sheet); err != nil {
				return err
			}
			continue
		}
		comments, err := f.GetComments(sheet)
		if err != nil {
			return err
		}
		for _, c := range comments {
			if c.Author == noteAuthor {
				if err := f.DeleteComment(sheet, c.Cell); err != nil {
					return err
				}
			}
		}
		formats, err := f.GetConditionalFormats(sheet)
		if err != nil {
			return err
		}
		for cells, rules := range formats {
			if slices.ContainsFunc(rules, func(r excelize.ConditionalFormatOptions) bool { return strings.HasPrefix(r.Criteria, colourMark) }) {
				if err := f.UnsetConditionalFormat(sheet, cells); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// colourMark begins the condition of our colours: N of a text is zero, so it says
// nothing but whose the condition is.
const colourMark = `AND(N("tongchang")=0,`

// noted writes the notes, the colours and the list, and gives the file.
func (a *Annotation) noted(f *excelize.File) ([]byte, error) {
	list, err := a.firstSheet(f)
	if err != nil {
		return nil, err
	}
	colours := map[bool]int{}
	for grave, colour := range map[bool]string{true: "F8CBAD", false: "FFE699"} {
		if colours[grave], err = f.NewConditionalStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}}); err != nil {
			return nil, err
		}
	}
	sheets := f.GetSheetList()
	var order []Put // cells with their notes together, in the order met
	var grave []bool
	place := map[Put]int{}
	for _, n := range a.Notes {
		sheet := cmp.Or(n.Sheet, sheets[min(1, len(sheets)-1)])
		if n.Address == "" || !slices.Contains(sheets, sheet) || sheet == list {
			continue
		}
		key := Put{Sheet: sheet, Address: n.Address}
		i, met := place[key]
		switch {
		case met:
			order[i].Text += "\n" + n.Text
			grave[i] = grave[i] || n.Grave
		case len(order) < maxNoted:
			place[key] = len(order)
			order, grave = append(order, Put{sheet, n.Address, n.Text}), append(grave, n.Grave)
		}
	}
	theirs, err := commentsOf(f)
	if err != nil {
		return nil, err
	}
	for i, p := range order {
		if err := note(f, p, theirs[Put{Sheet: p.Sheet, Address: p.Address}], colours[grave[i]]); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// commentsOf are the comments that a file has already, by their cells.
func commentsOf(f *excelize.File) (map[Put]string, error) {
	of := map[Put]string{}
	for _, sheet := range f.GetSheetList() {
		comments, err := f.GetComments(sheet)
		if err != nil {
			return nil, err
		}
		for _, c := range comments {
			of[Put{Sheet: sheet, Address: c.Cell}] = c.Text
		}
	}
	return of, nil
}

// note writes a note, with what others have noted there after it, and colours
// the cell until it is changed.
func note(f *excelize.File, p Put, theirs string, colour int) error {
	text := p.Text
	if theirs != "" {
		text += "\n\n" + theirs
		if err := f.DeleteComment(p.Sheet, p.Address); err != nil {
			return err
		}
	}
	lines := uint(strings.Count(text, "\n") + utf8.RuneCountInString(text)/24 + 1)
	err := f.AddComment(p.Sheet, excelize.Comment{Cell: p.Address, Author: noteAuthor, Text: text, Width: 320, Height: min(20*lines+16, 400)})
	if err != nil {
		return err
	}
	condition, err := unchanged(f, p)
	if err != nil {
		return err
	}
	return f.SetConditionalFormat(p.Sheet, p.Address, []excelize.ConditionalFormatOptions{{Type: "formula", Criteria: colourMark + condition + ")", Format: &colour}})
}

// unchanged is the condition that a cell is as it was.
func unchanged(f *excelize.File, p Put) (string, error) {
	kind, err := f.GetCellType(p.Sheet, p.Address)
	if err != nil {
		return "", err
	}
	text, err := f.GetCellValue(p.Sheet, p.Address, excelize.Options{RawCellValue: true})
	switch {
	case err != nil:
		return "", err
	case text == "":
		return "LEN(" + p.Address + ")=0", nil
	case kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString:
		return "NOT(ISTEXT(" + p.Address + "))", nil
	case utf8.RuneCountInString(text) > 200, strings.ContainsAny(text, "\n\r\t"):
		return "TRUE", nil
	}
	return fmt.Sprintf(`EXACT(%s,"%s")`, p.Address, strings.ReplaceAll(text, `"`, `""`)), nil
}

// firstSheet lists the notes on a sheet before all others, and gives its name.
func (a *Annotation) firstSheet(f *excelize.File) (string, error) {
	name := a.Name
	for n := 2; slices.ContainsFunc(f.GetSheetList(), func(s string) bool { return strings.EqualFold(s, name) }); n++ {
		name = fmt.Sprint(a.Name, " ", n)
	}
	first := f.GetSheetList()[0]
	if _, err := f.NewSheet(name); err != nil {
		return "", err
	}
	if err := f.MoveSheet(name, first); err != nil {
		return "", err
	}
	if names := f.WorkBook.DefinedNames; names != nil {
		for i := range names.DefinedName { // the library leaves them with the sheet that now stands there
			if at := names.DefinedName[i].LocalSheetID; at != nil {
				*at++
			}
		}
	}
	f.SetActiveSheet(0)
	return name, a.list(f, name)
}

// list writes the table of notes.
func (a *Annotation) list(f *excelize.File, sheet string) error {
	looks, err := newLooks(f)
	if err != nil {
		return err
	}
	link, err := f.NewStyle(&excelize.Style{NumFmt: asText, Border: thin, Font: &excelize.Font{Color: "0B5394", Underline: "single"}, Alignment: &excelize.Alignment{Vertical: "top"}})
	if err != nil {
		return err
	}
	w := formWriter{f: f, looks: looks}
	if err := w.cell(sheet, 0, 0, looks.title, noteList+a.Page); err != nil {
		return err
	}
	for i, header := range append([]string{a.Cell}, a.Columns...) {
		if err := w.cell(sheet, 1, i, looks.header, header); err != nil {
			return err
		}
	}
	sheets := f.GetSheetList()
	for r, n := range a.Notes {
		place := strings.Trim(n.Sheet+" "+n.Address, " ")
		if err := w.cell(sheet, r+2, 0, looks.text, place); err != nil {
			return err
		}
		target := cmp.Or(n.Sheet, sheets[min(1, len(sheets)-1)])
		if n.Address != "" && slices.Contains(sheets, target) {
			at := Address(r+2, 0)
			to := fmt.Sprintf("'%s'!%s", strings.ReplaceAll(target, "'", "''"), n.Address)
			if err := errors.Join(f.SetCellHyperLink(sheet, at, to, "Location"), f.SetCellStyle(sheet, at, at, link)); err != nil {
				return err
			}
		}
		for i, text := range n.Line {
			if err := w.cell(sheet, r+2, i+1, looks.text, text); err != nil {
				return err
			}
		}
	}
	for i, width := range []float64{18, 12, 16, 8, 80} {
		if i <= len(a.Columns) {
			if err := f.SetColWidth(sheet, ColumnName(i), ColumnName(i), width); err != nil {
				return err
			}
		}
	}
	return errors.Join(page(f, sheet, 2), f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}))
}
