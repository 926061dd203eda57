package workbook

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// List is a table on its way out: what a screen shows, or a list for print.
type List struct {
	Name    string // of the sheet
	Title   string // a line over the table; empty: none
	Columns []ListColumn
	Rows    [][]string
}

// ListColumn is a column of a list. Its cells are text, so that numbers of
// people, telephones and leading zeros stay what they are; with Number, whole
// numbers are numbers, so that they can be summed.
type ListColumn struct {
	Header string
	Number bool
	Width  int // in characters; 0: as the texts need
}

// Write writes lists as an .xlsx with a sheet for each. No cell is a formula,
// and what looks like one stays text also when somebody edits the cell.
func Write(w io.Writer, lists ...List) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	looks, err := newLooks(f)
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	names := sheetNames(lists)
	for i := range lists {
		if err := addSheet(f, names[i], i == 0); err != nil {
			return fmt.Errorf("write sheet %s: %w", names[i], err)
		}
		if err := lists[i].write(f, names[i], looks); err != nil {
			return fmt.Errorf("write sheet %s: %w", names[i], err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// firstSheet is what the library calls the sheet of a new workbook.
const firstSheet = "Sheet1"

func addSheet(f *excelize.File, name string, first bool) error {
	if first {
		return f.SetSheetName(firstSheet, name)
	}
	_, err := f.NewSheet(name)
	return err
}

// looks are the styles of cells: format @ keeps what is typed as text.
type looks struct{ title, header, text, guarded, number int }

// thin is a cell's border.
var thin = []excelize.Border{{Type: "left", Color: "BFBFBF", Style: 1}, {Type: "right", Color: "BFBFBF", Style: 1}, {Type: "top", Color: "BFBFBF", Style: 1}, {Type: "bottom", Color: "BFBFBF", Style: 1}}

func newLooks(f *excelize.File) (looks, error) {
	text := excelize.Style{NumFmt: asText, Border: thin, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}
	header := excelize.Style{NumFmt: asText, Border: thin, Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}
	number := excelize.Style{NumFmt: 1, Border: thin, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "right"}}
	var l looks
	var err error
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&l.title, excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true, Size: 14}}},
		{&l.header, header}, {&l.text, text}, {&l.number, number},
		{&l.guarded, excelize.Style{NumFmt: asText, Border: thin, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true, Indent: 1}}},
	} {
		if *s.id, err = f.NewStyle(&s.style); err != nil {
			return l, err
		}
	}
	quote := true // a spreadsheet's own sign that a cell is text although it begins like a formula
	f.Styles.CellXfs.Xf[l.guarded].QuotePrefix = &quote
	return l, nil
}

// asText is the number format @.
const asText = 49

// write writes a list through a stream, which holds thousands of rows without
// keeping them.
func (l *List) write(f *excelize.File, sheet string, looks looks) error {
	if err := page(f, sheet, l.top()); err != nil { // a stream forgets what is set after it
		return err
	}
	sw, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i := range l.Columns {
		if err := sw.SetColWidth(i+1, i+1, float64(l.width(i))); err != nil {
			return err
		}
	}
	top := l.top()
	err = sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: top, TopLeftCell: Address(top, 0), ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	if l.Title != "" {
		if err := sw.SetRow("A1", []any{excelize.Cell{StyleID: looks.title, Value: clean(l.Title)}}); err != nil {
			return err
		}
	}
	header := make([]any, len(l.Columns))
	for i, c := range l.Columns {
		header[i] = excelize.Cell{StyleID: looks.header, Value: clean(c.Header)}
	}
	if err := sw.SetRow(Address(top-1, 0), header); err != nil {
		return err
	}
	for r, row := range l.Rows {
		cells := make([]any, len(l.Columns))
		for i := range l.Columns {
			text := ""
			if i < len(row) {
				text = row[i]
			}
			cells[i] = l.Columns[i].cell(text, looks)
		}
		if err := sw.SetRow(Address(top+r, 0), cells); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// top is how many rows stand over the first row of the table.
func (l *List) top() int {
	if l.Title != "" {
		return 2
	}
	return 1
}

// cell is a text as a cell of a column.
func (c ListColumn) cell(text string, looks looks) excelize.Cell {
	if n, ok := c.whole(text); ok {
		return excelize.Cell{StyleID: looks.number, Value: n}
	}
	switch text = clean(text); {
	case text == "":
		return excelize.Cell{StyleID: looks.text}
	case beginsFormula(text):
		return excelize.Cell{StyleID: looks.guarded, Value: text}
	}
	return excelize.Cell{StyleID: looks.text, Value: text}
}

// whole is a text as a number, where the column has numbers. More than fifteen
// digits are more than a spreadsheet keeps.
func (c ListColumn) whole(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, c.Number && err == nil && len(text) <= 15 && strconv.FormatInt(n, 10) == text
}

// page sets how a sheet prints: landscape, one page wide, its first rows on every
// page, pages numbered.
func page(f *excelize.File, sheet string, top int) error {
	paper, orientation, wide, long, fit := 9, "landscape", 1, 0, true // 9 is A4
	return errors.Join(
		f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &long}),
		f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}),
		f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}),
		f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", strings.ReplaceAll(sheet, "'", "''"), top), Scope: sheet}),
	)
}

// width is a column's width in characters: as its texts need, within reason.
func (l *List) width(column int) int {
	if w := l.Columns[column].Width; w > 0 {
		return w
	}
	most := wide(l.Columns[column].Header)
	for _, row := range l.Rows[:min(len(l.Rows), 500)] {
		if column < len(row) {
			most = max(most, wide(row[column]))
		}
	}
	return min(max(most, 6)+2, 40)
}

// wide is a text's longest line in characters of a spreadsheet: Chinese ones
// take two.
func wide(text string) int {
	most := 0
	for line := range strings.Lines(text) {
		n := 0
		for _, r := range line {
			n += 1 + min(utf8.RuneLen(r)/3, 1)
		}
		most = max(most, n)
	}
	return most
}

// clean is a text as files keep it: line breaks of one kind, and no signs that
// XML has no place for.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
}

// WriteCSV writes a list as UTF-8 with a mark, so that spreadsheets open it
// right. What they would calculate, and numbers longer than they keep, get an
// apostrophe before them, which [Read] takes off again.
func WriteCSV(w io.Writer, l List) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	line := make([]string, len(l.Columns))
	for i, column := range l.Columns {
		line[i] = Defused(column.Header)
	}
	rows := append([][]string{line}, l.Rows...)
	if l.Title != "" {
		rows = append([][]string{{Defused(l.Title)}}, rows...)
	}
	for r, row := range rows {
		if r >= l.top() {
			row = l.defused(row)
		}
		if err := c.Write(row); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	if c.Flush(); c.Error() != nil {
		return fmt.Errorf("write csv: %w", c.Error())
	}
	return nil
}

func (l *List) defused(row []string) []string {
	line := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		if i >= len(row) {
			continue
		}
		if _, ok := c.whole(row[i]); ok {
			line[i] = row[i]
			continue
		}
		line[i] = Defused(row[i])
	}
	return line
}

// Defused is a text for a .csv that no spreadsheet calculates or cuts: what
// begins like a formula, and a number of more digits than a spreadsheet keeps,
// gets an apostrophe before it.
func Defused(text string) string {
	text = clean(text)
	if loaded(text) {
		return "'" + text
	}
	return text
}

// loaded reports whether a text needs an apostrophe: also one that would lose
// its own when it is read.
func loaded(text string) bool {
	if rest, ok := strings.CutPrefix(text, "'"); ok {
		return loaded(rest)
	}
	return beginsFormula(text) || cut(text)
}

// bare takes the apostrophe off that [Defused] has put there.
func bare(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && loaded(rest) {
		return rest
	}
	return text
}

// beginsFormula: spreadsheets calculate what begins with these, some also in
// their full width, or after a tab or line break.
func beginsFormula(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune("=+-@\t\n\r＝＋－＠", r)
}

// cut: eleven digits are a telephone and are kept, sixteen are not.
func cut(text string) bool {
	return len(text) >= 12 && strings.Trim(text, "0123456789") == "" || len(text) >= 12 && strings.Trim(text[:len(text)-1], "0123456789") == "" && strings.ContainsAny(text[len(text)-1:], "xXeE")
}

// sheetNames gives every list a name that a spreadsheet takes, each its own: at
// most 31 characters, without the signs that references are made of.
func sheetNames(lists []List) []string {
	seen := map[string]bool{}
	names := make([]string, len(lists))
	for i, l := range lists {
		base := strings.Trim(strings.Map(func(r rune) rune {
			if strings.ContainsRune(`:\/?*[]`, r) {
				return ' '
			}
			return r
		}, clean(l.Name)), "' ")
		base = cmp.Or(base, "表"+strconv.Itoa(i+1))
		names[i] = firstRunes(base, 31)
		for n := 2; seen[strings.ToLower(names[i])]; n++ {
			tail := " " + strconv.Itoa(n)
			names[i] = firstRunes(base, 31-len(tail)) + tail
		}
		seen[strings.ToLower(names[i])] = true
	}
	return names
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n]))
	}
	return s
}
