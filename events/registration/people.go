package registration

import (
	"slices"
	"strconv"
	"strings"

	"tongchang/events/entry"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// fields are the columns that the rules look at.
var fields = map[workbook.Field]entry.Field{
	workbook.Name: entry.Name, workbook.Sex: entry.Sex, workbook.Birth: entry.Birth, workbook.ID: entry.ID, workbook.Cert: entry.Cert,
	workbook.Cat: entry.Cat, workbook.Level: entry.Level, workbook.Valid: entry.Valid, workbook.Sport: entry.InSport, workbook.Class: entry.Class,
	workbook.Event: entry.Events, workbook.Mark: entry.Mark, workbook.Guide: entry.Guide, workbook.Phone: entry.Phone,
	workbook.Guardian: entry.Guardian, workbook.Remark: entry.Remark, workbook.Paper: entry.Paper, workbook.Extra: entry.Extra, workbook.Count: entry.Count,
}

// others are columns that no rule looks at: they are kept with the row, under
// their own names, for those who answer needs and print lists.
var others = []workbook.Field{workbook.Ethnic, workbook.Coach, workbook.GuardPhone, workbook.Wheelchair, workbook.Food, workbook.Need,
	workbook.Occupation, workbook.Education, workbook.Employer, workbook.Signing, workbook.Bench, workbook.Tools, workbook.Room}

// athletes are the roles that compete; whoever has another one is staff.
var athletes = []string{"运动员", "选手", "参赛选手", "队员"}

// IsStaff reports whether a function is one of those who do not compete.
func IsStaff(role string) bool {
	return role != "" && !slices.Contains(athletes, entry.Plain(role))
}

// counted marks a person who is on the list of the headquarters already.
const counted = "兼"

// people takes a table of persons. Where it has no column for the role, a table
// with certificates, classes or events is of athletes, any other of staff.
func (r *reader) people(t *workbook.Table) {
	competing := len(t.Has(workbook.Cert))+len(t.Has(workbook.Event))+len(t.Has(workbook.Class)) > 0
	for _, row := range t.Rows {
		e := &entry.Row{Delegation: r.delegation, Date1904: r.book.Date1904, Staff: !competing, Sport: r.sport(t, row), Cells: map[entry.Field]entry.Cell{}}
		for from, to := range fields {
			if columns := t.Has(from); len(columns) > 0 {
				e.Cells[to] = r.cell(t, row, columns[0])
			}
		}
		for _, field := range others {
			if columns := t.Has(field); len(columns) > 0 {
				e.Cells[entry.Field(field)] = r.cell(t, row, columns[0])
			}
		}
		e.Counted = e.Get(entry.Remark) == counted
		if role, _ := row.Get(workbook.Role); role != "" {
			e.Role, e.Staff = role, IsStaff(role)
		}
		if !e.Staff {
			r.choose(t, row, e)
		}
		r.rows = append(r.rows, e)
	}
}

// choose reads the events of an athlete's own row.
func (r *reader) choose(t *workbook.Table, row workbook.Row, e *entry.Row) {
	sport := ""
	if e.Sport != nil {
		sport = e.Sport.Name
	}
	e.NoChoice = e.At(entry.Events)
	for _, column := range t.Has(workbook.Event) {
		cell := r.cell(t, row, column)
		for _, name := range r.ed.SplitEvents(sport, cell.Text) {
			e.Choices = append(e.Choices, entry.Choice{Name: name, At: cell})
		}
	}
}

// matrix takes a table of athletes and events: its rows belong to the athletes
// of the same sport by name, the second of a name to the second.
func (r *reader) matrix(t *workbook.Table) {
	sport := r.sportOf(t)
	waiting := map[string][]*entry.Row{}
	for _, e := range r.rows {
		if !e.Staff && (sport == nil || e.Sport == sport) { // a table that names no sport speaks of all
			name := entry.PlainName(e.Get(entry.Name))
			waiting[name] = append(waiting[name], e)
		}
	}
	for _, row := range t.Rows {
		text, _ := row.Get(workbook.Name)
		name := r.cell(t, row, t.Has(workbook.Name)[0])
		same := waiting[entry.PlainName(text)]
		if len(same) == 0 {
			title := ""
			if sport != nil {
				title = sport.Name
			}
			p := entry.NewProblem(nil, entry.Name, name, scoring.Invalid{Field: string(entry.Name), Problem: "c-without-b", With: []string{text, title}})
			p.Name = text
			r.found = append(r.found, p)
			continue
		}
		waiting[entry.PlainName(text)] = same[1:]
		r.tick(t, row, same[0])
	}
}

// tick enters an athlete for the events that are ticked.
func (r *reader) tick(t *workbook.Table, row workbook.Row, e *entry.Row) {
	e.NoChoice = e.At(entry.Name)
	if columns := append(t.Has(workbook.Count), t.Has(workbook.Tick)...); len(columns) > 0 {
		e.NoChoice = r.cell(t, row, columns[0])
	}
	for _, column := range t.Has(workbook.Tick) {
		cell := r.cell(t, row, column)
		switch {
		case cell.Text == "":
		case workbook.IsTick(cell.Text):
			e.Choices = append(e.Choices, entry.Choice{Name: t.HeaderOf(column), At: cell})
		default:
			r.found = append(r.found, entry.NewProblem(e, entry.Events, cell, scoring.Invalid{Field: string(entry.Events), Problem: "tick-unclear", With: []string{cell.Text}}))
		}
	}
	if columns := t.Has(workbook.Mark); len(columns) > 0 {
		e.Cells[entry.Mark] = r.cell(t, row, columns[0])
	}
}

// summary holds the head counts that a delegation gives by sport against the
// athletes in its tables.
func (r *reader) summary(t *workbook.Table) {
	columns := t.Has(workbook.Count)
	for _, row := range t.Rows {
		text, _ := row.Get(workbook.Sport)
		sport := r.ed.Sport(text)
		if sport == nil || len(columns) == 0 {
			continue
		}
		there := 0
		for _, e := range r.rows {
			if !e.Staff && (sport == nil || e.Sport == sport) { // a table that names no sport speaks of all
				there++
			}
		}
		cell := r.cell(t, row, columns[0])
		if said, err := strconv.Atoi(strings.TrimSpace(cell.Text)); err != nil || said != there {
			r.found = append(r.found, entry.NewProblem(nil, entry.Count, cell, scoring.Invalid{Field: string(entry.Count), Problem: "summary-mismatch", With: []string{sport.Name, cell.Text, strconv.Itoa(there)}}))
		}
	}
}
