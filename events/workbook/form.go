package workbook

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// NotRead begins the first cell of a sheet that [Read] passes over: pages for
// people in a form or a returned workbook. It is said in Chinese because it is
// part of the file's format, as the names of columns are.
const NotRead = "本页不读入"

// FormSheet is a sheet of a form to be filled in, or a page of text in one.
type FormSheet struct {
	Name    string
	Above   []string // lines over the header
	Columns []FormColumn
	Rows    [][]string // filled in already; lines of a page
	Page    string     // of a sheet that is not read: what its first cell says after [NotRead]
}

// FormColumn is a column to be filled in. Its cells are text.
type FormColumn struct {
	Header   string
	Required bool
	Width    int
	Choices  []string // offered in a list
	// Groups offers other choices by what stands in another column of the row,
	// GroupBy counted from 0: the events of a sport.
	Groups   []ChoiceGroup
	GroupBy  int
	Strict   bool   // nothing but the choices may be typed
	Min, Max int    // characters; outside, the spreadsheet asks
	Prompt   string // shown when a cell is entered
	Wrong    string // shown when what is typed does not fit
}

// ChoiceGroup is what one value of the other column offers.
type ChoiceGroup struct {
	Of      string
	Choices []string
}

// page reports whether the sheet is for people only.
func (s *FormSheet) page() bool { return s.Page != "" }

// choiceSheet is the hidden sheet that the lists stand on: lists longer than 255
// characters have no other place.
const choiceSheet = "选项"

// formRows is how many rows of a form can be filled in with lists and checks.
const formRows = 2000

// WriteForm writes a form: sheets with headers, lists to choose from and checks,
// and pages of text. What it writes, filled in, [Read] reads without asking.
func WriteForm(w io.Writer, sheets []FormSheet) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	form := formWriter{f: f}
	if form.looks, err = newLooks(f); err != nil {
		return fmt.Errorf("write form: %w", err)
	}
	if form.required, err = f.NewStyle(&excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true, Color: "9C1C1C"}, Border: thin, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FBE9E7"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}); err != nil {
		return fmt.Errorf("write form: %w", err)
	}
	if form.plain, err = f.NewStyle(&excelize.Style{NumFmt: asText, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}); err != nil {
		return fmt.Errorf("write form: %w", err)
	}
	for i := range sheets {
		if err := addSheet(f, sheets[i].Name, i == 0); err != nil {
			return fmt.Errorf("write form, sheet %s: %w", sheets[i].Name, err)
		}
	}
	for i := range sheets {
		if err := form.sheet(&sheets[i]); err != nil {
			return fmt.Errorf("write form, sheet %s: %w", sheets[i].Name, err)
		}
	}
	if err := form.choices(); err != nil {
		return fmt.Errorf("write form, lists: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write form: %w", err)
	}
	return nil
}

// formWriter writes a form's sheets and gathers their lists.
type formWriter struct {
	f               *excelize.File
	looks           looks
	required, plain int
	lists           [][]string // columns of the hidden sheet
}

// sheet writes a sheet from top to bottom.
func (w *formWriter) sheet(s *FormSheet) error {
	above, style := s.Above, w.looks.text
	if s.page() {
		above = append([]string{NotRead + s.Page}, above...)
	}
	for row, text := range above {
		if err := w.cell(s.Name, row, 0, w.looks.title, text); err != nil {
			return err
		}
	}
	header, first := len(above), len(above)
	if len(s.Columns) > 0 {
		if err := w.header(s, header); err != nil {
			return err
		}
		first++
	} else {
		style = w.plain
	}
	for r, texts := range s.Rows {
		for c, text := range texts {
			if err := w.cell(s.Name, first+r, c, style, text); err != nil {
				return err
			}
		}
	}
	if len(s.Columns) == 0 {
		return w.f.SetColWidth(s.Name, "A", "A", 100)
	}
	if err := page(w.f, s.Name, first); err != nil {
		return err
	}
	return w.f.SetPanes(s.Name, &excelize.Panes{Freeze: true, YSplit: first, TopLeftCell: Address(first, 0), ActivePane: "bottomLeft"})
}

// header writes the columns' names, makes their cells text and gives them their
// lists and checks.
func (w *formWriter) header(s *FormSheet, row int) error {
	for i := range s.Columns {
		c := &s.Columns[i]
		style, text := w.looks.header, c.Header
		if c.Required {
			style, text = w.required, "*"+c.Header
		}
		column := ColumnName(i)
		err := errors.Join(
			w.f.SetColStyle(s.Name, column, w.looks.text),
			w.f.SetColWidth(s.Name, column, column, float64(max(c.Width, wide(text)+2))),
			w.cell(s.Name, row, i, style, text),
		)
		if err == nil && !s.page() {
			err = w.validate(s, i, row+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *formWriter) cell(sheet string, row, column, style int, text string) error {
	at := Address(row, column)
	return errors.Join(w.f.SetCellStr(sheet, at, clean(text)), w.f.SetCellStyle(sheet, at, at, style))
}

// validate gives a column its list or its length, and what is said on the way.
func (w *formWriter) validate(s *FormSheet, column, first int) error {
	c := &s.Columns[column]
	v := excelize.NewDataValidation(true)
	v.SetSqref(Address(first, column) + ":" + Address(first+formRows-1, column))
	switch {
	case len(c.Groups) > 0:
		v.SetSqrefDropList(w.grouped(c.Groups, ColumnName(c.GroupBy), first))
	case len(c.Choices) > 0:
		v.SetSqrefDropList(w.list(c.Choices))
	case c.Max > 0:
		if err := v.SetRange(c.Min, c.Max, excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
	case c.Prompt == "":
		return nil
	}
	if c.Prompt != "" {
		v.SetInput(c.Header, c.Prompt)
	}
	if c.Wrong != "" {
		style := excelize.DataValidationErrorStyleWarning // a person may know better
		if c.Strict {
			style = excelize.DataValidationErrorStyleStop
		}
		v.SetError(style, c.Header, c.Wrong)
	}
	return w.f.AddDataValidation(s.Name, v)
}

// list puts choices on the hidden sheet, each list once, and refers to them.
func (w *formWriter) list(choices []string) string {
	at := slices.IndexFunc(w.lists, func(l []string) bool { return slices.Equal(l, choices) })
	if at < 0 {
		at, w.lists = len(w.lists), append(w.lists, choices)
	}
	return fmt.Sprintf("'%s'!$%s$2:$%s$%d", choiceSheet, ColumnName(at), ColumnName(at), len(choices)+1)
}

// grouped puts groups on the hidden sheet, in one column whose they are and in
// the next the choices, and refers to those of the row's group.
func (w *formWriter) grouped(groups []ChoiceGroup, by string, first int) string {
	var of, choices []string
	for _, g := range groups {
		for _, c := range g.Choices {
			of, choices = append(of, g.Of), append(choices, c)
		}
	}
	at := slices.IndexFunc(w.lists, func(l []string) bool { return slices.Equal(l, of) })
	if at < 0 || at+1 >= len(w.lists) || !slices.Equal(w.lists[at+1], choices) {
		at, w.lists = len(w.lists), append(w.lists, of, choices)
	}
	group := fmt.Sprintf("'%s'!$%s$2:$%s$%d", choiceSheet, ColumnName(at), ColumnName(at), len(of)+1)
	key := "$" + by + strconv.Itoa(first+1)
	return fmt.Sprintf("OFFSET('%s'!$%s$2,MATCH(%s,%s,0)-1,0,COUNTIF(%s,%s),1)", choiceSheet, ColumnName(at+1), key, group, group, key)
}

// choices writes the hidden sheet.
func (w *formWriter) choices() error {
	if len(w.lists) == 0 {
		return nil
	}
	if _, err := w.f.NewSheet(choiceSheet); err != nil {
		return err
	}
	for column, list := range w.lists {
		if err := w.cell(choiceSheet, 0, column, w.plain, map[bool]string{true: NotRead}[column == 0]); err != nil {
			return err
		}
		for i, text := range list {
			if err := w.cell(choiceSheet, i+1, column, w.plain, text); err != nil {
				return err
			}
		}
	}
	w.f.SetActiveSheet(0)
	return w.f.SetSheetVisible(choiceSheet, false)
}

// HeaderOf is a field's name on our own forms.
func HeaderOf(f Field) string { return names[f][0] }
