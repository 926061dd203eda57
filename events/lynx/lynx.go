// Package lynx speaks with photo-finish cameras that keep their data as
// FinishLynx does: it writes the start lists that the camera's operator opens,
// and reads the result that the camera saves after each heat.
//
// The files are plain text, fields between commas, quotes round a field that
// holds one, and ";" before a comment (FinishLynx online manual, "Database
// Files"). A heat is known by three numbers: event, round, heat.
package lynx

import (
	"encoding/csv"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongchang/scoring"
)

// Heat is what a camera calls one race.
type Heat struct{ Event, Round, Heat int }

func (h Heat) fields() []string {
	return []string{strconv.Itoa(h.Event), strconv.Itoa(h.Round), strconv.Itoa(h.Heat)}
}

// Race is a heat with its start list.
type Race struct {
	Heat
	Name    string // shown on the operator's screen
	Starter []Starter
}

// Starter is one line of a start list. ID is the number on the athlete's bib.
type Starter struct {
	ID          string
	Lane        string
	Last, First string
	Affiliation string
}

// The files that an operator opens.
const (
	PeopleFile   = "lynx.ppl"
	ScheduleFile = "lynx.sch"
	StartFile    = "lynx.evt"
)

// Files are the start files of races, in the order given: by name, the bytes in
// GB 18030, which is what a Chinese Windows takes text without a mark for.
func Files(races []Race) (map[string][]byte, error) {
	var people, schedule, starts [][]string
	seen := map[string]bool{}
	for _, r := range races {
		schedule = append(schedule, r.fields())
		starts = append(starts, append(r.fields(), r.Name))
		for _, s := range r.Starter {
			starts = append(starts, []string{"", s.ID, s.Lane, s.Last, s.First, s.Affiliation})
			if s.ID != "" && !seen[s.ID] {
				seen[s.ID] = true
				people = append(people, []string{s.ID, s.Last, s.First, s.Affiliation})
			}
		}
	}
	files := map[string][]byte{}
	for name, rows := range map[string][][]string{PeopleFile: people, ScheduleFile: schedule, StartFile: starts} {
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.UseCRLF = true
		for i, row := range rows {
			for j, field := range row {
				rows[i][j] = oneLine(field)
			}
		}
		if err := w.WriteAll(rows); err != nil {
			return nil, err
		}
		text, err := simplifiedchinese.GB18030.NewEncoder().String(b.String())
		if err != nil {
			return nil, err
		}
		files[name] = []byte(text)
	}
	return files, nil
}

// oneLine keeps a name from ending its line, and a line from reading as a comment.
func oneLine(field string) string {
	return strings.TrimLeft(strings.Join(strings.Fields(field), " "), ";")
}

// Result is what a camera saved of a heat.
type Result struct {
	Heat
	Name  string
	Wind  string // as the file has it, m/s; empty: not measured
	Lines []Line // in the file's order
}

// Line is one athlete's outcome. Mark is in ms as the camera read it, often to
// the thousandth; nil where IRM says why there is none.
type Line struct {
	Row         int // in the file, from 1
	Place       int // 0: none
	IRM         scoring.IRM
	ID          string
	Lane        string
	Last, First string
	Affiliation string
	Mark        *scoring.Mark
}

// reasons are the words that stand in the place's column of those without one.
var reasons = map[string]scoring.IRM{"DNS": scoring.DNS, "SCR": scoring.DNS, "FS": scoring.DSQ, "DNF": scoring.DNF, "DQ": scoring.DSQ, "DSQ": scoring.DSQ}

// Read reads a result file's text. The error is a *scoring.Invalid that names
// the row and what is wrong there; a file with one bad row is not read in part,
// because the row that is missing would look like an athlete without a time.
func Read(text string) (*Result, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = ';'
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	if strings.Count(text, "\t") > strings.Count(text, ",") {
		r.Comma = '\t'
	}
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 || len(rows) > 500 {
		return nil, &scoring.Invalid{Field: "file", Problem: "lynx-unread"}
	}
	result := &Result{Heat: Heat{number(rows[0], 0), number(rows[0], 1), number(rows[0], 2)}, Name: field(rows[0], 3), Wind: field(rows[0], 4)}
	if result.Event <= 0 || result.Round <= 0 || result.Heat.Heat <= 0 {
		return nil, &scoring.Invalid{Line: "1", Field: "event", Problem: "lynx-header"}
	}
	lanes := map[string]bool{}
	for i, row := range rows[1:] {
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		l, err := line(row)
		if err == nil && l.Lane != "" && lanes[l.Lane] {
			err = &scoring.Invalid{Field: "lane", Problem: "lynx-lane-twice", With: []string{l.Lane}}
		}
		if err != nil {
			err.Line = strconv.Itoa(i + 2)
			return nil, err
		}
		l.Row, lanes[l.Lane] = i+2, true
		result.Lines = append(result.Lines, l)
	}
	return result, nil
}

// line reads: place, ID, lane, last name, first name, affiliation, time …
func line(row []string) (Line, *scoring.Invalid) {
	l := Line{ID: field(row, 1), Lane: field(row, 2), Last: field(row, 3), First: field(row, 4), Affiliation: field(row, 5)}
	if l.ID == "" && l.Lane == "" {
		return l, &scoring.Invalid{Field: "id", Problem: "lynx-who"}
	}
	place, time := strings.ToUpper(field(row, 0)), field(row, 6)
	if irm, known := reasons[place]; known {
		l.IRM = irm
		return l, nil
	}
	if place != "" {
		n, err := strconv.Atoi(place)
		if err != nil || n < 1 {
			return l, &scoring.Invalid{Field: "place", Problem: "lynx-place", With: []string{place}}
		}
		l.Place = n
	}
	if time == "" {
		return l, nil // not read yet: the operator saves again
	}
	mark, err := scoring.Milliseconds.Parse(time)
	if err != nil {
		return l, &scoring.Invalid{Field: "mark", Problem: "not-a-time", With: []string{time}}
	}
	l.Mark = &mark
	return l, nil
}

// Up is a camera's time as it is published: rounded up to the next whole step
// unless it stands on one (World Athletics, Technical Rules 19.24: hundredths).
func Up(mark scoring.Mark, step int64) scoring.Mark {
	if rest := int64(mark) % step; rest != 0 {
		return mark + scoring.Mark(step-rest)
	}
	return mark
}

func field(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

func number(row []string, i int) int {
	n, err := strconv.Atoi(field(row, i))
	if err != nil {
		return 0
	}
	return n
}
