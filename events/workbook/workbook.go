// Package workbook reads the tables of people that delegations send: .xlsx and
// .csv of any sane layout, with titles, notes, blank rows, headers of one or
// more rows in any order and wording, merged cells, and ticks for events. It
// finds the tables, proposes which column holds what, and gives every cell with
// its address; what the cells mean is for others to judge.
//
// A file comes from outside, so it is bounded before it is read, and refused
// with a [*scoring.Invalid] whose Problem begins with book- or csv-.
package workbook

import (
	"bytes"
	"strconv"

	"tongchang/scoring"
)

// Limits of what is read. A province's largest sheet has 1,500 rows of 30
// columns in 200 KB.
const (
	MaxSize     = 10 << 20 // bytes of the file
	maxUnzipped = 32 << 20 // bytes of all its parts
	maxParts    = 200
	ratioFrom   = 1 << 20 // bytes from which a part's compression is looked at
	maxRatio    = 100
	MaxRows     = 20_000
	MaxColumns  = 100
	maxCell     = 4_000    // characters
	maxCells    = 400_000  // cells with something in them, of all sheets
	maxText     = 16 << 20 // bytes of all cells: one long text may stand in thousands
	maxMerges   = 10_000   // merged rectangles of a sheet
)

// Book is what was read of a file.
type Book struct {
	Name     string
	Sheets   []Sheet
	Hidden   []string // names of hidden sheets, which are not read
	Date1904 bool     // days are counted from 1904, as old Macs did
	Encoding string   // of a .csv: UTF-8, UTF-16 or GB 18030
	Sure     bool     // false where the encoding is a guess that a person should look at
}

// Sheet is one sheet: rows of cells as stored, numbers and days as the file
// keeps them, merged cells filled downwards.
type Sheet struct {
	Name   string
	Rows   [][]string
	merges []merge
	over   [][]int32 // the merged rectangles that each row has a part in
}

// merge is a merged rectangle, counted from 0, ends included.
type merge struct{ top, left, bottom, right int }

// Options help where a file does not say enough about itself.
type Options struct {
	Encoding string // of a .csv, as a person has chosen: one of [Encodings]
}

// Read reads a file by what it is, whatever its name says.
func Read(name string, data []byte, o Options) (*Book, error) {
	if len(data) > MaxSize {
		return nil, refuse("book-too-big", megabytes(MaxSize))
	}
	var b *Book
	var err error
	switch kind := sniff(data); kind {
	case isZip:
		b, err = readXLSX(data)
	case isText:
		b, err = readCSV(data, o.Encoding)
	default:
		return nil, refuse(kind)
	}
	if err != nil {
		return nil, err
	}
	b.Name = name
	return b, nil
}

// Kinds of content that can be read; every other kind is the problem itself.
const (
	isZip  = "zip"
	isText = "text"
)

// sniff tells what a file is from its bytes.
func sniff(data []byte) string {
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 2048)], []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := bytes.ToLower(head)
	switch {
	case len(head) == 0:
		return "book-empty"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return isZip
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) && bytes.Contains(data, utf16le("EncryptedPackage")):
		return "book-encrypted"
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "book-old"
	case bytes.HasPrefix(lower, []byte("<")):
		return "book-html"
	case bytes.HasPrefix(data, []byte("%PDF")), bytes.HasPrefix(data, []byte("\x89PNG")), bytes.HasPrefix(data, []byte("\xff\xd8\xff")), bytes.HasPrefix(data, []byte("{\\rtf")):
		return "book-unknown"
	}
	return isText
}

func utf16le(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r), 0)
	}
	return b
}

// refuse makes the error for a file that is not read.
func refuse(problem string, with ...string) error {
	return &scoring.Invalid{Field: "file", Problem: problem, With: with}
}

func megabytes(n int) string { return strconv.Itoa(n >> 20) }

// Address names a cell as spreadsheets do: G56. Row and column count from 0.
func Address(row, column int) string { return ColumnName(column) + strconv.Itoa(row+1) }

// ColumnName names a column as spreadsheets do: A, Z, AA. It counts from 0.
func ColumnName(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// fill writes a merged cell's text into the cells below it, so that every row
// of a team has the team's name. Sideways it stays as it is: a title across the
// sheet is one title.
func (s *Sheet) fill() {
	if len(s.merges) > 0 {
		s.over = make([][]int32, len(s.Rows))
	}
	for i, m := range s.merges {
		if m.left >= MaxColumns {
			continue
		}
		text := ""
		for r := m.top; r <= min(m.bottom, len(s.Rows)-1); r++ {
			s.over[r] = append(s.over[r], int32(i))
			switch {
			case r == m.top && m.left < len(s.Rows[r]):
				text = s.Rows[r][m.left]
			case r > m.top && text != "":
				for len(s.Rows[r]) <= m.left {
					s.Rows[r] = append(s.Rows[r], "")
				}
				s.Rows[r][m.left] = text
			}
		}
	}
}

// merged finds the merged rectangle that a cell is in.
func (s *Sheet) merged(row, column int) (merge, bool) {
	if row < len(s.over) {
		for _, i := range s.over[row] {
			if m := s.merges[i]; column >= m.left && column <= m.right {
				return m, true
			}
		}
	}
	return merge{}, false
}

// across gives the column where a cell's merged rectangle begins, the column
// itself where it is in none.
func (s *Sheet) across(row, column int) int {
	if m, ok := s.merged(row, column); ok {
		return m.left
	}
	return column
}

// filled reports whether a cell got its text from a merged cell above it.
func (s *Sheet) filled(row, column int) bool {
	m, ok := s.merged(row, column)
	return ok && column == m.left && row > m.top
}
