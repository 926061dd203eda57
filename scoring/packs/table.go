package packs

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/scoring"
)

// row is one line of a table while it is read; the first fault is kept.
type row struct {
	file   string
	line   int
	values map[string]string
	fault  *scoring.Invalid
}

// table reads a tab-separated file: a head of "# name: value" lines, the names
// of the columns, the rows. "-" stands for nothing. key names the columns that
// together must not repeat.
func (p *Packs) table(files fs.FS, file, key string, columns []string, add func(*row)) error {
	raw, err := fs.ReadFile(files, file)
	if err != nil {
		return &scoring.Invalid{Line: file, Field: "file", Problem: "file-missing", With: []string{file}}
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n"), "\n")
	meta, n := head(lines)
	if field := meta.missing(); field != "" {
		return &scoring.Invalid{Line: file, Field: field, Problem: "head-missing", With: []string{field}}
	}
	p.Meta[file] = meta
	if n >= len(lines) || !slices.Equal(strings.Split(lines[n], "\t"), columns) {
		return &scoring.Invalid{Line: fmt.Sprint(file, ":", n+1), Field: "columns", Problem: "columns-differ", With: []string{strings.Join(columns, ", ")}}
	}
	seen := map[string]bool{}
	for i, line := range lines[n+1:] {
		r := &row{file: file, line: n + 2 + i, values: map[string]string{}}
		cells := strings.Split(line, "\t")
		if len(cells) != len(columns) {
			r.bad("columns", "columns-differ", strings.Join(columns, ", "))
			return r.fault
		}
		for j, c := range columns {
			r.values[c] = cells[j]
		}
		id := ""
		for _, k := range strings.Fields(key) {
			id += r.values[k] + "\t"
		}
		if seen[id] {
			r.bad(key, "id-twice", strings.TrimSpace(strings.ReplaceAll(id, "\t", " ")))
		}
		seen[id] = true
		if add(r); r.fault != nil {
			return r.fault
		}
	}
	return nil
}

// head reads the lines before the columns and says how many they are.
func head(lines []string) (m Meta, n int) {
	for n < len(lines) && strings.HasPrefix(lines[n], "#") {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines[n], "# "), ": ")
		switch name {
		case "source":
			m.Sources = append(m.Sources, value)
		case "version":
			m.Version = value
		case "valid-from":
			m.From = value
		case "valid-to":
			m.Until = value
		}
		n++
	}
	return m, n
}

func day(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func (r *row) bad(field, problem string, with ...string) {
	if r.fault == nil {
		r.fault = &scoring.Invalid{Line: fmt.Sprint(r.file, ":", r.line), Field: field, Problem: problem, With: with}
	}
}

// text is a value that must be there; maybe is one that may be "-".
func (r *row) text(column string) string {
	v := r.maybe(column)
	if v == "" {
		r.bad(column, "value-missing", column)
	}
	return v
}

func (r *row) maybe(column string) string {
	if v := strings.TrimSpace(r.values[column]); v != "-" {
		return v
	}
	return ""
}

func (r *row) word(column string, words ...string) string {
	v := r.text(column)
	if !slices.Contains(words, v) {
		r.bad(column, "unknown-value", v, strings.Join(words, ", "))
	}
	return v
}

func (r *row) number(column string, low, high int) int {
	n, err := strconv.Atoi(r.text(column))
	switch {
	case err != nil:
		r.bad(column, "not-a-number", r.values[column])
	case n < low || n > high:
		r.bad(column, "not-between", r.values[column], fmt.Sprint(low), fmt.Sprint(high))
	}
	return n
}

func (r *row) ratio(column string) scoring.Ratio {
	n, err := scoring.ParseRatio(r.text(column))
	if err != nil {
		r.bad(column, "not-a-number", r.values[column])
	}
	return n
}

// days are the row's own validity, from and until.
func (r *row) days() (from, until string) {
	from, until = r.text("from"), r.maybe("until")
	switch {
	case !day(from):
		r.bad("from", "not-a-date", from)
	case until != "" && (!day(until) || until < from):
		r.bad("until", "not-a-date", until)
	}
	return from, until
}

// categories are those of the disability certificate, 1 to 7, by comma.
func (r *row) categories(column string) []int {
	var categories []int
	for _, c := range strings.Split(r.maybe(column), ",") {
		if c == "" {
			continue
		}
		n, err := strconv.Atoi(c)
		if err != nil || n < 1 || n > 7 {
			r.bad(column, "not-between", c, "1", "7")
		}
		categories = append(categories, n)
	}
	return categories
}

func (r *row) belongs(p *Packs, discipline string) {
	if !p.discipline(discipline) {
		r.bad("discipline", "unknown-value", discipline, "disciplines.tsv")
	}
}
