// Package entry holds the rules under which people are entered for an edition:
// who they are, for whom they come, what their certificate and class let them
// enter, how many a delegation may send. Rows come as they were typed; problems
// go back with the cell, what is wrong and what helps. Nothing is corrected.
//
// Everything is a function of the edition, the rows and the day.
package entry

import (
	"strings"

	"tongchang/events/identity"
	"tongchang/scoring"
)

// Field names what a cell is about, in the words of reports and forms.
type Field string

// The fields that rules look at.
const (
	Name     Field = "name"
	Sex      Field = "sex"
	Birth    Field = "birth"
	ID       Field = "id"
	Cert     Field = "cert"
	Cat      Field = "cat"
	Level    Field = "level"
	Valid    Field = "valid"
	InSport  Field = "sport"
	Class    Field = "class"
	Events   Field = "event"
	Mark     Field = "mark"
	Guide    Field = "guide"
	Phone    Field = "phone"
	Guardian Field = "guardian"
	Remark   Field = "remark"
	Paper    Field = "paper"
	Extra    Field = "extra"
	Count    Field = "count"
)

// Masked hides a cell's text where the field is one that nobody may read in
// passing.
func (f Field) Masked(text string) string {
	switch f {
	case ID:
		return identity.Masked(text)
	case Cert:
		return identity.MaskedCertificate(text)
	case Phone:
		return identity.MaskedPhone(text)
	}
	return text
}

// Cell is a place in a file with what stands there. On a page that is no file,
// Sheet and Address are empty.
type Cell struct{ File, Sheet, Address, Text string }

// Choice is an event that a row chooses, as named there. At is the cell: the
// name itself, or the tick under it.
type Choice struct {
	Name string
	At   Cell
}

// Row is a person's row as typed.
type Row struct {
	Delegation string
	Date1904   bool // days written as numbers count from 1904
	Staff      bool
	Counted    bool // staff who are on the list once already
	Role       string
	Sport      *Sport // nil where the edition has no sports, or the row names none that it has
	Cells      map[Field]Cell
	Choices    []Choice
	NoChoice   Cell // where a choice was to be expected
	Registered bool // it is in the ledger, so that its papers are known
	Papers     []PaperHeld

	id      identity.CitizenID
	cert    identity.Certificate
	birth   identity.Date
	sex     identity.Sex
	has     []identity.Category // what the person has by certificate; several where multiple
	classes []string
	entered []*Event // beside Choices: nil where not known
	again   bool     // the person's row was there before
	Refused bool     // a problem of the row is an error
}

// Get is a field's text.
func (r *Row) Get(f Field) string { return r.Cells[f].Text }

// day is a field's text read as a day.
func (r *Row) day(f Field) (identity.Date, bool) { return identity.ReadDay(r.Get(f), r.Date1904) }

// At is a field's cell, the name's where the row has no such field.
func (r *Row) At(f Field) Cell {
	if c, ok := r.Cells[f]; ok {
		return c
	}
	return r.Cells[Name]
}

// Who is the person's checked number; zero where it is wrong or missing.
func (r *Row) Who() identity.CitizenID { return r.id }

// Certificate is the checked certificate; zero where it is wrong or missing.
func (r *Row) Certificate() identity.Certificate { return r.cert }

// SexOf is the sex as typed, or by the number where none was typed.
func (r *Row) SexOf() identity.Sex { return r.sex }

// Born is the day of birth by the number, or as typed where the number is wrong.
func (r *Row) Born() identity.Date { return r.birth }

// Classes are the sport classes as typed, each by itself.
func (r *Row) Classes() []string { return r.classes }

// Entered are the events of the edition that the row's choices mean, beside
// Choices; nil where a choice means none, or it is not known which.
func (r *Row) Entered() []*Event { return r.entered }

// Severity says what a problem does to its row.
type Severity string

// Severities.
const (
	Error   Severity = "error"   // the row may not become final
	Warning Severity = "warning" // it may, with a note
)

// Problem is something wrong, or to be asked about, in one or more rows.
type Problem struct {
	Kind     string // what reports sort by: id_check_digit
	Severity Severity
	Field    Field
	At       Cell
	Also     []Cell // other cells of the same problem
	Name     string // the person's, empty where the problem is nobody's
	// Say is what is wrong, and then what helps to put it right, each a key of the
	// message catalogue with its arguments.
	Say  []scoring.Invalid
	Rows []*Row // that the problem keeps back, or has a note for
}

// warnings are the problems that do not keep a row back.
var warnings = map[string]bool{
	"class-missing": true, "guide-not-listed": true, "missing-guide": true, "no-event": true, "multiple-unspecified": true,
	"summary-mismatch": true, "phone-bad": true, "level-conflict": true, "mark-text": true, "cert-expired": true, "need-mismatch": true,
	"extra-time-over": true, "date-unread": true, "birth-unread": true, "same-person": true, "team-small": true, "encoding-unsure": true, "sheet-hidden": true,
	"deputies-own-cost": true, "partner-missing": true, "paper-missing": true, "paper-expired": true,
}

// kindOf gives a problem its kind: several sentences may say one.
func kindOf(problem string) string {
	switch problem {
	case "id-look-alike":
		problem = "id-bad-char"
	case "event-not-offered":
		problem = "unknown-event"
	case "sport-not-offered":
		problem = "unknown-sport"
	case "cert-length", "cert-character":
		problem = "cert-form"
	case "duplicate-other-name":
		problem = "duplicate-in-delegation"
	case "birth-unread":
		problem = "date-unread"
	}
	return strings.ReplaceAll(problem, "-", "_")
}

// NewProblem makes a problem of a row's field, with what helps after it.
func NewProblem(r *Row, f Field, at Cell, problem scoring.Invalid, help ...scoring.Invalid) Problem {
	p := Problem{Kind: kindOf(problem.Problem), Severity: Error, Field: f, At: at, Say: append([]scoring.Invalid{problem}, help...)}
	if warnings[problem.Problem] {
		p.Severity = Warning
	}
	if r != nil {
		p.Name, p.Rows = r.Get(Name), []*Row{r}
	}
	return p
}

// Check judges all rows of an edition together. Today bounds days of birth.
func Check(ed *Edition, rows []*Row, today identity.Date) []Problem {
	c := &check{ed: ed, rows: rows, today: today}
	for _, r := range rows {
		c.read(r)
	}
	for _, r := range rows {
		c.person(r)
		if !r.Staff {
			c.athlete(r)
		}
		c.papers(r)
	}
	c.people()
	c.beside()
	c.quotas()
	c.delegations()
	for _, p := range c.found {
		for _, r := range p.Rows {
			r.Refused = r.Refused || p.Severity == Error
		}
	}
	return c.found
}

// check is a judgement under way.
type check struct {
	ed    *Edition
	rows  []*Row
	today identity.Date
	found []Problem
	staff map[string]map[string]bool // names of a delegation's staff, by delegation
}

// say notes a problem of a row's field.
func (c *check) say(r *Row, f Field, problem string, with ...string) *Problem {
	return c.sayAt(r, f, r.At(f), problem, with...)
}

func (c *check) sayAt(r *Row, f Field, at Cell, problem string, with ...string) *Problem {
	c.found = append(c.found, NewProblem(r, f, at, scoring.Invalid{Field: string(f), Problem: problem, With: with}))
	return &c.found[len(c.found)-1]
}

// help adds what helps to put a problem right.
func (p *Problem) help(problem string, with ...string) {
	p.Say = append(p.Say, scoring.Invalid{Field: string(p.Field), Problem: problem, With: with})
}

// Message is a problem's sentences in one language, with a space after those
// that end in a Latin full stop.
func (p *Problem) Message(say func(scoring.Invalid) string) string {
	text := ""
	for _, s := range p.Say {
		if strings.HasSuffix(text, ".") {
			text += " "
		}
		text += say(s)
	}
	return text
}
