package registration

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tongchang/events/entry"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// reportColumns are those of a report: a problem a line.
var reportColumns = []string{"case", "file", "sheet", "row", "column", "field", "kind", "severity", "name", "value", "message", "also_at", "may_also_report"}

// WriteReport writes the problems as UTF-8 with a mark, so that spreadsheets
// open it right. Say puts a sentence into the reader's language. Numbers of
// people and certificates are masked; cells that a spreadsheet would calculate
// are made text.
func (im *Import) WriteReport(w io.Writer, say func(scoring.Invalid) string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(reportColumns); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	for i := range im.Problems {
		p := &im.Problems[i]
		row, column := Split(p.At.Address)
		line := []string{strconv.Itoa(i + 1), p.At.File, p.At.Sheet, positive(row), column, string(p.Field), p.Kind, string(p.Severity),
			p.Name, p.Field.Masked(p.At.Text), p.Message(say), places(p.Also), ""}
		for j := range line {
			line[j] = workbook.Defused(line[j])
		}
		if err := c.Write(line); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	if c.Flush(); c.Error() != nil {
		return fmt.Errorf("write report: %w", c.Error())
	}
	return nil
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func places(cells []entry.Cell) string {
	all := make([]string, len(cells))
	for i, c := range cells {
		all[i] = strings.Join([]string{c.File, c.Sheet, c.Address}, "|")
	}
	return strings.Join(all, "; ")
}
