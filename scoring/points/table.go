package points

import (
	"bufio"
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"tongchang/scoring"
)

// Table is one published set of constants, in force for a time. An old result
// keeps the table it was made with, so tables are added and never edited.
type Table struct {
	Name    string  `json:"name"`    // raza-2025: what rules refer to
	Title   string  `json:"title"`   // as printed on a sheet: RAZA 2025
	Version string  `json:"version"` // as its publisher calls it
	Source  string  `json:"source"`
	Formula Formula `json:"formula"`
	From    string  `json:"from,omitempty"`  // first day, 2025-01-31
	Until   string  `json:"until,omitempty"` // last day; empty while nothing replaces it
	// Times says how a time finer than a hundredth is published, and so which
	// time earns the points: "up" in athletics, "cut" (the default) in swimming.
	Times string `json:"times,omitempty"`
	Rows  []Row  `json:"rows"`

	index map[key]*Row
}

// Row is one line of a table. Event and Class are empty where the formula knows
// no difference; which of the other fields count is for the formula.
type Row struct {
	Event     string          `json:"event,omitempty"` // 50-FREE, shot-put
	Sex       string          `json:"sex"`             // M or W
	Class     string          `json:"class,omitempty"` // T54, or T45-47 and T53/54 for several
	Measure   scoring.Measure `json:"measure"`         // of the marks
	A         Constant        `json:"a,omitempty"`
	B         Constant        `json:"b,omitempty"`
	C         Constant        `json:"c,omitempty"`
	Base      scoring.Mark    `json:"base,omitempty"`      // [Cubic]: the time worth 1000 points
	Reference scoring.Mark    `json:"reference,omitempty"` // [Gompertz]: the performance the class was set by
	Lightest  scoring.Mark    `json:"lightest,omitempty"`  // [Haleczko]: limits of the body weight, g
	Heaviest  scoring.Mark    `json:"heaviest,omitempty"`
}

type key struct{ event, sex, class string }

// Measure is what the table's points count: whole points, or 1/1000 point.
func (t *Table) Measure() scoring.Measure {
	if t.Formula == Haleczko {
		return scoring.Thousandths
	}
	return scoring.Count
}

// Format prints points as the sport does: 1032, or 148.27.
func (t *Table) Format(points scoring.Mark) string { return t.Measure().Format(points, 2) }

// Row finds the constants for an event, a sex and a sport class. There is no
// nearest row: without constants there are no points.
func (t *Table) Row(event, sex, class string) (*Row, error) {
	for _, k := range [...]key{{event, sex, class}, {event, sex, ""}, {"", sex, ""}} {
		if r := t.index[k]; r != nil {
			return r, nil
		}
	}
	return nil, &scoring.Invalid{Field: "class", Problem: "no-points-row", With: []string{t.Name, event, sex, class}}
}

// check looks a table over and makes its index. It answers with a
// [*scoring.Invalid] whose Field names the row.
func (t *Table) check() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: t.Name}
	}
	switch {
	case t.Name == "":
		return bad("name", "table-without-name")
	case t.Formula != Gompertz && t.Formula != Cubic && t.Formula != Haleczko:
		return bad("formula", "unknown-formula", string(t.Formula))
	case t.Times != "" && t.Times != "up" && t.Times != "cut":
		return bad("times", "unknown-setting", t.Times)
	case len(t.Rows) == 0:
		return bad("rows", "table-empty")
	case !day(t.From) || !day(t.Until) || (t.Until != "" && t.Until < t.From):
		return bad("from", "not-a-period", t.From, t.Until)
	}
	t.index = make(map[key]*Row, len(t.Rows))
	for i := range t.Rows {
		r := &t.Rows[i]
		at := fmt.Sprint("row ", i+1)
		if r.Sex != "M" && r.Sex != "W" {
			return bad(at, "unknown-sex", r.Sex)
		}
		if !r.complete(t.Formula) {
			return bad(at, "row-incomplete", r.Event, r.Sex, r.Class)
		}
		classes := []string{""}
		if r.Class != "" {
			var err error
			if classes, err = Classes(r.Class); err != nil {
				return bad(at, "not-a-class", r.Class)
			}
		}
		for _, class := range classes {
			k := key{r.Event, r.Sex, class}
			if t.index[k] != nil {
				return bad(at, "row-twice", r.Event, r.Sex, class)
			}
			t.index[k] = r
		}
	}
	return nil
}

// complete reports whether the row has what the formula needs, within the
// bounds that keep its arithmetic honest.
func (r *Row) complete(f Formula) bool {
	switch f {
	case Cubic:
		return r.Measure == scoring.Milliseconds && r.Base > 0 && r.Base <= slowest
	case Haleczko:
		return r.Measure == scoring.Grams && r.A > 0 && r.A <= 100*millionths && r.B > 0 && r.B <= 10*millionths &&
			r.Lightest >= 20_000 && r.Heaviest > r.Lightest && r.Heaviest <= heaviest
	}
	return (r.Measure == scoring.Milliseconds || r.Measure == scoring.Millimetres) &&
		r.A >= millionths && r.A <= 10_000*millionths && r.B > 0 && r.B <= 100*millionths && r.C > 0
}

// day reports whether s is empty or a day that exists, such as 2025-01-31.
func day(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

// maxTable keeps a hostile file from filling the memory.
const maxTable = 1 << 20

// Read reads a table from tab-separated text: lines "# key: value" for the
// table's own fields (other # lines are remarks), one line naming the columns,
// then the rows. Marks are written as people do (10.91, 1:02.34, 32), constants
// as printed. Faults are a [*scoring.Invalid] naming the line.
func Read(r io.Reader) (*Table, error) {
	t := new(Table)
	var columns []string
	lines := bufio.NewScanner(io.LimitReader(r, maxTable))
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		var err error
		switch {
		case strings.HasPrefix(text, "#"):
			t.describe(text)
		case columns == nil:
			columns = strings.Split(text, "\t")
		default:
			var row Row
			row, err = readRow(columns, strings.Split(text, "\t"))
			t.Rows = append(t.Rows, row)
		}
		if err != nil {
			return nil, &scoring.Invalid{Field: fmt.Sprint("line ", n), Problem: "unreadable", With: []string{err.Error()}, Rule: t.Name}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, &scoring.Invalid{Field: "table", Problem: "unreadable", With: []string{err.Error()}}
	}
	return t, t.check()
}

// describe takes one field of the table from a line of its head.
func (t *Table) describe(line string) {
	name, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), ": ")
	switch name {
	case "name":
		t.Name = value
	case "title":
		t.Title = value
	case "version":
		t.Version = value
	case "source":
		t.Source = value
	case "formula":
		t.Formula = Formula(value)
	case "from":
		t.From = value
	case "until":
		t.Until = value
	case "times":
		t.Times = value
	}
}

func readRow(columns, cells []string) (r Row, err error) {
	if len(cells) != len(columns) {
		return r, fmt.Errorf("%d cells under %d columns", len(cells), len(columns))
	}
	if i := slices.Index(columns, "measure"); i >= 0 {
		r.Measure = scoring.Measure(cells[i]) // first, since marks are read by it
	}
	for i, cell := range cells {
		switch columns[i] {
		case "event":
			r.Event = cell
		case "sex":
			r.Sex = cell
		case "class":
			r.Class = cell
		case "measure":
		case "a":
			r.A, err = ParseConstant(cell)
		case "b":
			r.B, err = ParseConstant(cell)
		case "c":
			r.C, err = ParseConstant(cell)
		case "base":
			r.Base, err = r.Measure.Parse(cell)
		case "reference":
			r.Reference, err = r.Measure.Parse(cell)
		case "lightest":
			r.Lightest, err = scoring.Grams.Parse(cell)
		case "heaviest":
			r.Heaviest, err = scoring.Grams.Parse(cell)
		default:
			err = fmt.Errorf("unknown column %q", columns[i])
		}
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

//go:embed data/*.tsv
var data embed.FS

// published reads the tables that come with the program, once. A fault in one
// of them is a fault of the build, which the tests would have stopped.
var published = sync.OnceValues(func() ([]*Table, error) {
	files, err := data.ReadDir("data")
	if err != nil {
		return nil, err
	}
	tables := make([]*Table, len(files))
	for i, f := range files {
		raw, err := data.ReadFile(path.Join("data", f.Name()))
		if err != nil {
			return nil, err
		}
		if tables[i], err = Read(bytes.NewReader(raw)); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	slices.SortFunc(tables, func(a, b *Table) int { return cmp.Compare(a.Name, b.Name) })
	return tables, nil
})

// Tables are the tables that come with the program, by name. They are shared:
// read them only.
func Tables() ([]*Table, error) { return published() }

// Named finds a table of [Tables].
func Named(name string) (*Table, error) {
	tables, err := published()
	if err != nil {
		return nil, err
	}
	known := make([]string, len(tables))
	for i, t := range tables {
		if t.Name == name {
			return t, nil
		}
		known[i] = t.Name
	}
	return nil, &scoring.Invalid{Field: "table", Problem: "unknown-table", With: []string{name, strings.Join(known, ", ")}}
}

// On finds the table of a family (raza, wps, wa-lcm, ah) in force on a day such
// as 2025-09-28. It never answers with a neighbouring year's: points of the
// wrong year are wrong points.
func On(family, on string) (*Table, error) {
	tables, err := published()
	if err != nil {
		return nil, err
	}
	if on == "" || !day(on) {
		return nil, &scoring.Invalid{Field: "day", Problem: "not-a-day", With: []string{on}}
	}
	for _, t := range tables {
		ours := t.Name == family || strings.HasPrefix(t.Name, family+"-")
		if ours && t.From <= on && (t.Until == "" || on <= t.Until) {
			return t, nil
		}
	}
	return nil, &scoring.Invalid{Field: "table", Problem: "no-table-that-day", With: []string{family, on}}
}
