package registration

import (
	"strings"

	"tongchang/events/workbook"
)

// Fix is a cell that somebody has put right after the file was sent. The file
// stays as it came; what is put right is laid over it whenever it is read.
type Fix struct {
	Sheet   string `json:"sheet"`
	Address string `json:"address"` // G56
	Text    string `json:"text"`
}

// Column is a column's place, from 0, by the letters of an address: G is 6; -1
// where they are none.
func Column(letters string) int {
	n := 0
	for _, c := range letters {
		if c < 'A' || c > 'Z' || n > workbook.MaxColumns {
			return -1
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// Sound reports whether the fix names a cell that a file may have.
func (f Fix) Sound() bool {
	row, letters := Split(f.Address)
	column := Column(letters)
	return row >= 1 && row <= workbook.MaxRows && column >= 0 && column < workbook.MaxColumns
}

// lay writes fixes over the cells of a book. One for a sheet or a row that is
// not there says nothing.
func lay(book *workbook.Book, fixes []Fix) {
	for _, f := range fixes {
		row, letters := Split(f.Address)
		for i := range book.Sheets {
			s := &book.Sheets[i]
			if s.Name != f.Sheet || !f.Sound() || row > len(s.Rows) {
				continue
			}
			cells := &s.Rows[row-1]
			for len(*cells) <= Column(letters) {
				*cells = append(*cells, "")
			}
			(*cells)[Column(letters)] = strings.TrimSpace(f.Text)
		}
	}
}
