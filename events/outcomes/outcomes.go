// Package outcomes reads what classification panels have decided from a table
// (.xlsx or .csv): a row is a person in one class group of a sport. Everything
// that keeps a row back is named with its cell, in the words of people; what is
// left becomes one change of class.
//
// Everything is a function of its arguments. A person is known by the edition's
// own number, or by name and delegation; a row that fits two people fits none.
package outcomes

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tongchang/events/classes"
	"tongchang/events/identity"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// Field is what a column holds.
type Field string

// The columns. Of who it is either Code or Name must be there, of the decision
// Class; everything else may be missing.
const (
	Code        Field = "code"
	Name        Field = "name"
	Delegation  Field = "delegation"
	Sport       Field = "sport"
	Group       Field = "group" // T, F, SB; needed only where a pseudo-class leaves it open
	Class       Field = "class"
	Status      Field = "status"
	Review      Field = "review" // year
	Panel       Field = "panel"
	Day         Field = "day"
	Order       Field = "order" // among the decisions of that day
	Classifiers Field = "classifiers"
	Limitation  Field = "limitation"
	Cause       Field = "cause"
)

// headers are the names under which each column is known, as [spelt]; the first
// is that of our own list.
var headers = map[Field][]string{
	Code:        {"号码", "参赛号", "号码布", "编号", "bib", "number"},
	Name:        {"姓名", "运动员姓名", "运动员", "name", "athlete"},
	Delegation:  {"代表团", "代表队", "单位", "delegation"},
	Sport:       {"运动项目", "大项", "项目", "sport"},
	Group:       {"级别组", "组", "classgroup", "group"},
	Class:       {"新级别", "级别", "分级结果", "运动级别", "sportclass", "newclass", "class"},
	Status:      {"新状态", "状态", "级别状态", "classstatus", "newstatus", "status"},
	Review:      {"复核年份", "复核年", "reviewyear", "review"},
	Panel:       {"分级小组", "小组", "分级组", "panel"},
	Day:         {"分级日期", "日期", "date", "day"},
	Order:       {"当日次序", "次序", "order"},
	Classifiers: {"分级员", "classifiers", "classifier"},
	Limitation:  {"只适用于", "适用范围", "限制", "limitation"},
	Cause:       {"原因", "改级原因", "cause", "reason"},
}

// Columns are the columns of our own list, in order.
func Columns() []Field {
	return []Field{Code, Name, Delegation, Sport, Group, Class, Status, Review, Panel, Day, Order, Classifiers, Limitation, Cause}
}

// Header is a column's name in our own list.
func Header(f Field) string { return headers[f][0] }

// fieldOf finds the column of a header.
var fieldOf = func() map[string]Field {
	of := map[string]Field{}
	for f, names := range headers {
		for _, name := range names {
			of[name] = f
		}
	}
	return of
}()

// spelt is a text as it is compared: ordinary widths, small letters, no blanks,
// no star of an obligatory column.
func spelt(text string) string {
	return strings.Trim(strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, identity.Narrow(text))), "*:")
}

// Line is a row of the file with the cells that say something.
type Line struct {
	Sheet string
	Row   int // as spreadsheets count, from 1
	cells map[Field]string
	at    map[Field]string // address of the column's cell, also where it is empty
}

// Get gives a column's text; empty where there is none.
func (l *Line) Get(f Field) string { return l.cells[f] }

// At gives the address of a column's cell; empty where there is no such column.
func (l *Line) At(f Field) string { return l.at[f] }

// File is what was read.
type File struct {
	Lines    []Line
	Blank    int      // rows that name somebody and decide nothing
	Passed   []string // sheets without such a table
	Date1904 bool
}

// MaxLines is how many decisions a file may have: one command applies them all.
const MaxLines = 500

// Read reads a file. What is wrong with the file as a whole is a
// [*scoring.Invalid].
func Read(name string, data []byte) (*File, error) {
	book, err := workbook.Read(name, data, workbook.Options{})
	if err != nil {
		return nil, err
	}
	f := &File{Date1904: book.Date1904}
	tables := 0
	for i := range book.Sheets {
		n := f.sheet(&book.Sheets[i])
		if tables += n; n == 0 {
			f.Passed = append(f.Passed, book.Sheets[i].Name)
		}
	}
	switch {
	case tables == 0:
		return nil, &scoring.Invalid{Field: "file", Problem: "outcomes-no-table", With: []string{Header(Code), Header(Name), Header(Class)}}
	case len(f.Lines) == 0:
		return nil, &scoring.Invalid{Field: "file", Problem: "outcomes-nothing"}
	case len(f.Lines) > MaxLines:
		return nil, &scoring.Invalid{Field: "file", Problem: "outcomes-many", With: []string{strconv.Itoa(len(f.Lines)), strconv.Itoa(MaxLines)}}
	}
	return f, nil
}

// sheet reads the tables of a sheet and gives their number.
func (f *File) sheet(s *workbook.Sheet) (tables int) {
	var columns map[Field]int
	for r, cells := range s.Rows {
		if found := header(cells); found != nil {
			columns = found
			tables++
			continue
		}
		if columns == nil {
			continue
		}
		l := Line{Sheet: s.Name, Row: r + 1, cells: map[Field]string{}, at: map[Field]string{}}
		for field, c := range columns {
			l.at[field] = workbook.Address(r, c)
			if c < len(cells) {
				if text := strings.TrimSpace(identity.Narrow(cells[c])); text != "" {
					l.cells[field] = text
				}
			}
		}
		switch who := l.cells[Code] + l.cells[Name]; {
		case l.cells[Class]+l.cells[Status] != "":
			f.Lines = append(f.Lines, l)
		case who != "":
			f.Blank++
		}
	}
	return tables
}

// header finds the columns that a row names: who it is, and the class.
func header(cells []string) map[Field]int {
	found := map[Field]int{}
	for c, cell := range cells {
		field, ok := fieldOf[spelt(cell)]
		if _, twice := found[field]; ok && !twice {
			found[field] = c
		}
	}
	_, code := found[Code]
	_, name := found[Name]
	_, class := found[Class]
	if !class || !code && !name {
		return nil
	}
	return found
}

// statuses are the words for a status besides the field's own letters.
var statuses = map[string]classes.Status{
	"新定": classes.New, "新": classes.New, "new": classes.New,
	"待复核": classes.Review, "复核": classes.Review, "review": classes.Review,
	"定年复核": classes.FixedDate, "固定复核": classes.FixedDate, "fixed": classes.FixedDate,
	"已确认": classes.Confirmed, "确认": classes.Confirmed, "confirmed": classes.Confirmed,
	"赛中观察": classes.Observed, "观察": classes.Observed, "observation": classes.Observed,
}

// status reads a status, with the year that people write behind it: FRD2028,
// R 2030, 已确认.
func status(text string) (s classes.Status, year string, ok bool) {
	bare := strings.TrimRight(text, "0123456789")
	year = text[len(bare):]
	word := spelt(strings.TrimRight(bare, " -/()"))
	if s, ok = statuses[word]; ok {
		return s, year, true
	}
	s = classes.Status(strings.ToUpper(word))
	return s, year, s != "" && s.Known()
}

// causes are the words for a cause besides our own.
var causes = map[string]classes.Cause{
	"赛前分级": classes.Panel, "分级": classes.Panel, "赛中观察": classes.Observation, "观察": classes.Observation, "抗议成立": classes.Protest, "抗议": classes.Protest,
	"身体情况有变": classes.Medical, "复审": classes.Medical, "不合资格": classes.Ineligible, "更正录入": classes.Correction, "更正": classes.Correction,
}

func cause(text string) (classes.Cause, bool) {
	word := spelt(text)
	if c, ok := causes[word]; ok {
		return c, true
	}
	c := classes.Cause(word)
	return c, slices.Contains(classes.Causes(), c)
}
