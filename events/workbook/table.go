package workbook

import (
	"slices"
	"strings"

	"tongchang/events/identity"
)

// Kind is what a table is about.
type Kind string

// Kinds of tables.
const (
	People  Kind = "people"  // a row is a person, perhaps with events
	Matrix  Kind = "matrix"  // a row is a person, a column an event
	Summary Kind = "summary" // a row is a sport, with head counts
)

// Table is a table found on a sheet.
type Table struct {
	Sheet   string
	Kind    Kind
	Above   []string // the texts over the table since the one before: titles, sections
	Header  int      // row of the header's first line, from 0
	Columns []Column
	Rows    []Row
	// Notes are rows between the table's own that are nobody's: remarks, totals,
	// a header repeated.
	Notes []int
	index map[Field][]int
}

// Column is a column with the field proposed for it. Sure is in percent: 100 a
// known name, 80 decided by the other columns, 60 a name within a longer one or
// what the values look like, 0 not known.
type Column struct {
	At     int    `json:"at"` // from 0
	Header string `json:"header"`
	Field  Field  `json:"field,omitempty"`
	Sure   int    `json:"sure"`
}

// Row is a row of a table.
type Row struct {
	At    int // from 0
	cells []string
	table *Table
}

// Memory is what people have said about headers: the field of each, by the
// header as spelt. It is what is kept for a delegation's next file.
type Memory map[string]Field

// Learn remembers a header's field. An empty field says that the column holds
// nothing of interest.
func (m Memory) Learn(header string, f Field) { m[spelling(header)] = f }

// Tables finds the tables of a sheet. Memory, which may be nil, goes before
// every proposal.
func (s *Sheet) Tables(memory Memory) []*Table {
	var tables []*Table
	var t *Table
	var above []string
	for r := 0; r < len(s.Rows); r++ {
		if columns, lines := s.header(r, memory); columns != nil {
			if t != nil && sameColumns(t.Columns, columns) && len(above) == 0 {
				t.Notes = append(t.Notes, r)
			} else {
				t = &Table{Sheet: s.Name, Header: r, Columns: columns, Above: above}
				tables, above = append(tables, t), nil
			}
			r += lines - 1
			continue
		}
		row := s.Rows[r]
		switch {
		case t != nil && t.holds(s, r):
			t.Rows = append(t.Rows, Row{r, row, t})
			above = nil
		default:
			note := texts(s, r)
			if t != nil && len(note) > 0 {
				t.Notes = append(t.Notes, r)
			}
			above = append(above, note...)
		}
	}
	for _, t := range tables {
		t.settle(memory)
	}
	return tables
}

// texts are the texts of a row, without what merged cells have filled in.
func texts(s *Sheet, r int) []string {
	var all []string
	for c, cell := range s.Rows[r] {
		if !blank(cell) && !s.filled(r, c) {
			all = append(all, strings.TrimSpace(cell))
		}
	}
	return all
}

func sameColumns(a, b []Column) bool {
	return slices.EqualFunc(a, b, func(x, y Column) bool { return x.At == y.At && spelling(x.Header) == spelling(y.Header) })
}

// header reads a header that begins in a row, and how many lines it has. Nil
// where none begins there.
func (s *Sheet) header(r int, memory Memory) ([]Column, int) {
	row := s.Rows[r]
	if !isHeader(row, memory) {
		return nil, 0
	}
	lines := 1
	for r+lines < len(s.Rows) && lines < 3 && s.continues(r, r+lines, memory) {
		lines++
	}
	width := 0
	for l := range lines {
		width = max(width, len(s.Rows[r+l]))
	}
	var columns []Column
	for c := range width {
		if parts := s.headerParts(r, lines, c); len(parts) > 0 {
			columns = append(columns, propose(c, parts, memory))
		}
	}
	return columns, lines
}

// isHeader: three or more different fields, among them names or a sport.
func isHeader(row []string, memory Memory) bool {
	seen := map[Field]bool{}
	for _, cell := range row {
		if len([]rune(cell)) > 30 {
			continue
		}
		word := spelling(cell)
		if f, ok := memory[word]; ok && f != "" {
			seen[f] = true
		} else if f, sure := known(word); sure > 0 {
			seen[f] = true
		} else if word == either {
			seen[either] = true
		}
	}
	return len(seen) >= 3 && (seen[Name] || seen[Sport] && seen[Count])
}

// continues reports whether a row is a further line of the header that began
// above it: names of columns under names of groups, and nobody's name.
func (s *Sheet) continues(first, r int, memory Memory) bool {
	names, others := 0, 0
	for c, cell := range s.Rows[r] {
		if blank(cell) || s.filled(r, c) {
			continue
		}
		if c < len(s.Rows[first]) && !blank(s.Rows[first][c]) && s.across(first, c) == c && !s.spans(first, c) {
			if f, sure := recognise(s.Rows[first][c]); sure == 100 && f != "" && !strings.Contains(s.Rows[first][c], "情况") {
				return false // a value under a column's own name
			}
		}
		if _, ok := memory[spelling(cell)]; ok {
			names++
		} else if _, sure := recognise(cell); sure >= 60 {
			names++
		} else {
			others++
		}
	}
	return names >= 2 && names >= 4*others
}

// spans reports whether a cell is merged sideways: it names a group.
func (s *Sheet) spans(row, column int) bool {
	m, ok := s.merged(row, column)
	return ok && m.top == row && m.left == column && m.right > m.left
}

// headerParts are the texts of a column's header from top to bottom, groups
// included, each once.
func (s *Sheet) headerParts(r, lines, c int) []string {
	var parts []string
	for l := range lines {
		row, at := s.Rows[r+l], s.across(r+l, c)
		if l < lines-1 { // without merged cells a group's name stands over its first column
			under := s.Rows[r+l+1]
			for at > 0 && (at >= len(row) || blank(row[at])) && c < len(under) && !blank(under[c]) {
				at--
			}
		}
		if at < len(row) && !blank(row[at]) {
			if text := strings.TrimSpace(row[at]); len(parts) == 0 || parts[len(parts)-1] != text {
				parts = append(parts, text)
			}
		}
	}
	return parts
}

// propose finds the field for a column: by what people have said, by group and
// name together (监护人 姓名), by the name alone.
func propose(at int, parts []string, memory Memory) Column {
	last := parts[len(parts)-1]
	c := Column{At: at, Header: last}
	whole := strings.Join(parts, "")
	for _, header := range []string{whole, last} {
		if f, ok := memory[spelling(header)]; ok {
			c.Header, c.Field, c.Sure = header, f, 100
			return c
		}
	}
	if f, ok := byName[spelling(whole)]; ok {
		c.Header, c.Field, c.Sure = whole, f, 100
		return c
	}
	c.Field, c.Sure = recognise(last)
	return c
}

// holds reports whether a row belongs to the table: it has a name and something
// more, or enough else that a name is missing. Totals and examples do not.
func (t *Table) holds(s *Sheet, r int) bool {
	named, filled := false, 0
	for _, c := range t.Columns {
		if c.At >= len(s.Rows[r]) || blank(s.Rows[r][c.At]) || s.filled(r, c.At) {
			continue
		}
		text := spelling(s.Rows[r][c.At])
		if strings.HasPrefix(text, "合计") || strings.HasPrefix(text, "总计") || strings.HasPrefix(text, "示例") || strings.HasPrefix(text, "例:") {
			return false
		}
		switch {
		case c.Field == Name, c.Field == Sport && t.summary():
			named = true
		case c.Field == Team, c.Field == Number:
		default:
			filled++
		}
	}
	return named && filled >= 1 || filled >= 3
}

func (t *Table) summary() bool {
	return !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Field == Name })
}

// settle decides what only the whole table can tell: whether 项目 is the sport
// or the event, which columns without a known name are events with ticks or
// hold numbers, and which of two columns keeps a field.
func (t *Table) settle(memory Memory) {
	t.Kind = People
	if t.summary() {
		t.Kind = Summary
	}
	has := func(f Field) bool {
		return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Field == f })
	}
	ticked := false
	for i := range t.Columns {
		c := &t.Columns[i]
		_, said := memory[spelling(c.Header)]
		switch {
		case said:
		case spelling(c.Header) == either && has(Event):
			c.Field, c.Sure = Sport, 80
		case spelling(c.Header) == either:
			c.Field, c.Sure = Event, 80
		case c.Field == "" && t.looksLike(c.At, most, IsTick):
			ticked = true
		case c.Field == "" && !has(ID) && t.looksLike(c.At, most, func(s string) bool { return len(identity.Normalise(s)) == 18 }):
			c.Field, c.Sure = ID, 60
		case c.Field == "" && !has(Cert) && t.looksLike(c.At, most, func(s string) bool { n := len(identity.Normalise(s)); return n == 20 || n == 22 }):
			c.Field, c.Sure = Cert, 60
		}
	}
	if nobody := !has(ID) && !has(Role) && has(Count); t.Kind == People && (ticked || nobody) {
		t.Kind = Matrix
		t.tick()
	}
	t.once()
}

// looksLike reports whether a column has values, and that share of them, in
// percent, is of a kind.
func (t *Table) looksLike(column, share int, is func(string) bool) bool {
	good, all := 0, 0
	for _, r := range t.Rows {
		if column < len(r.cells) && !blank(r.cells[column]) {
			all++
			if is(r.cells[column]) {
				good++
			}
		}
	}
	return good > 0 && good*100 >= all*share
}

// most is the share of values, in percent, that tells a column by them.
const most = 80

// tick takes every column without a field for an event where at least every
// other value is a tick, or where there is none: beside ticks, "perhaps" is an
// event's unclear cell and no other column's.
func (t *Table) tick() {
	for i := range t.Columns {
		c := &t.Columns[i]
		empty := !t.looksLike(c.At, 0, func(string) bool { return true })
		if c.Field == "" && (empty || t.looksLike(c.At, 50, IsTick)) {
			c.Field, c.Sure = Tick, 80
		}
	}
}

// once leaves a field that can be there only once to the surest column, and of
// those to the first.
func (t *Table) once() {
	best := map[Field]int{}
	for i, c := range t.Columns {
		if j, ok := best[c.Field]; !ok || c.Sure > t.Columns[j].Sure {
			best[c.Field] = i
		}
	}
	t.index = map[Field][]int{}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Field != Event && c.Field != Tick && best[c.Field] != i {
			c.Field, c.Sure = "", 0
		}
		if c.Field != "" {
			t.index[c.Field] = append(t.index[c.Field], c.At)
		}
	}
}

// Has gives the columns of a field, from 0.
func (t *Table) Has(f Field) []int { return t.index[f] }

// Header of a column, as it stands.
func (t *Table) HeaderOf(column int) string {
	for _, c := range t.Columns {
		if c.At == column {
			return c.Header
		}
	}
	return ""
}

// Get gives a field's text and address; of several columns, the first. The
// address is that of the table's column also where the cell is empty, and empty
// where the table has no such column.
func (r Row) Get(f Field) (text, address string) {
	columns := r.table.index[f]
	if len(columns) == 0 {
		return "", ""
	}
	return r.Cell(columns[0]), Address(r.At, columns[0])
}

// Cell gives the text of a column, without blanks around it.
func (r Row) Cell(column int) string {
	if column >= len(r.cells) || blank(r.cells[column]) {
		return ""
	}
	return strings.TrimSpace(identity.Narrow(r.cells[column]))
}
