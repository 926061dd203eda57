// Package pads says what a judge writes: one cell of a start's line at a time.
// A cell is a time, an attempt, a light, an aspect by one judge, a game of a
// match. From a ruleset and its lines it makes the cells ([Of]), reads one
// input ([Pad.Read]) and puts what stands in the cells together into the
// ranking document of the kind ([Compose]), which alone is ranked. [Entries]
// goes the other way: it takes a document apart into the inputs that make it.
//
// A panel is blind: what a judge has given is in the document only once all
// have given ([Pad.Hidden] says the same to whoever shows cells).
package pads

import (
	"fmt"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// Input says how a cell is filled in.
type Input string

// The inputs.
const (
	Mark   Input = "mark"   // a number of the cell's measure, or one of the choices instead
	Choice Input = "choice" // one of the choices
	Count  Input = "count"  // a whole number
	Score  Input = "score"  // a side's points, a colon, the other's: 11:7
	Wind   Input = "wind"   // metres per second with a sign and one decimal: +1.2
	Reason Input = "reason" // why the line has no result: one of the cell's reasons
	Text   Input = "text"   // a sentence
)

// Cell is one input of a line. Min, Max and Step are in the cell's measure, or
// a plain number where it counts; a Max of 0 is no limit.
type Cell struct {
	Name    string // unique in the line; what a command names
	Input   Input
	Choices []string        // O, X, -; white, red; the levels 0 to 3; beside a mark: what may stand instead
	Reasons []scoring.IRM   // what may stand instead of a result
	Measure scoring.Measure // of a mark
	Min     int64
	Max     int64
	Step    int64 // finest difference; 0 is any
	// Decimals must be written: 10.0, where 10 alone may be a ten whose tenths
	// nobody wrote.
	Decimals int
	// Place is the place of the judge whose cell it is: judge-1, jury, weigh-in.
	// Empty: whoever is assigned to the unit.
	Place string
	// Blind: what the places have given in the group stays hidden until all have.
	Blind    bool
	Running  bool     // is raised while play goes on: raising it is no correction
	Optional bool     // a line is complete without it
	Group    string   // what stands together on the pad: an attempt, a height, an aspect, a game
	Words    []string // a key of the catalogue and its arguments, which name the cell
	Levels   []string // what the choices look like, in the words of the scheme
}

// Match is a meeting of two lines. Its cells belong to the line A.
type Match struct {
	ID    string
	Round int    // 0 where rounds do not count
	A, B  string // IDs of lines
	Cells []Cell
}

// Pad is what is to be written in a unit.
type Pad struct {
	Kind    string
	Cells   []Cell  // of every line
	Matches []Match // in order of play, as far as it is known who meets whom
	fixed   map[string]Cell
	playing map[string]map[string]Cell // by line A
}

// Value is what stands in a cell: a number of its measure, or a text where it
// is no number, or a reason for having none, or a mark with a reason beside it
// (exhibition). The zero Value is an empty cell.
type Value struct {
	Mark *scoring.Mark
	Text string
	IRM  scoring.IRM
	Rule string // what a disqualification refers to
}

// Empty reports whether nothing stands there.
func (v Value) Empty() bool { return v.Mark == nil && v.Text == "" && v.IRM == "" }

// Values are a line's cells by name.
type Values map[string]Value

// longest is the longest name of a cell.
const longest = 80

// Of makes the pad of a document: the cells that its lines and matches have,
// whatever stands in them. Kinds that nobody judges (medals, awards) have none.
//
// Who meets whom in a knock-out follows from what has been played, so values
// are what stands in the cells; they may be nil elsewhere.
func Of(doc kinds.Document, measure scoring.Measure, values map[string]Values) (*Pad, error) {
	p := &Pad{Kind: doc.Ruleset.Kind, fixed: map[string]Cell{}, playing: map[string]map[string]Cell{}}
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return p, nil
	}
	b, err := k.bind(doc.Ruleset.Rules)
	if err != nil {
		return nil, err
	}
	if p.Cells, err = b.cells(measure); err != nil {
		return nil, err
	}
	if k.meet != nil {
		if p.Matches, err = k.meet.pad(doc, values); err != nil {
			return nil, err
		}
	}
	if err := add(p.fixed, p.Cells); err != nil {
		return nil, err
	}
	for _, m := range p.Matches {
		if p.playing[m.A] == nil {
			p.playing[m.A] = map[string]Cell{}
		}
		if err := add(p.playing[m.A], m.Cells); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func add(to map[string]Cell, cells []Cell) error {
	for _, c := range cells {
		if _, twice := to[c.Name]; twice || len(c.Name) > longest {
			return &scoring.Invalid{Field: c.Name, Problem: "cell-name"}
		}
		to[c.Name] = c
	}
	return nil
}

// Cell finds a cell of a line.
func (p *Pad) Cell(line, name string) (Cell, bool) {
	if c, ok := p.fixed[name]; ok {
		return c, true
	}
	c, ok := p.playing[line][name]
	return c, ok
}

// Of lists a line's cells: those that every line has, then those of the
// matches in which it is A.
func (p *Pad) Of(line string) []Cell {
	cells := p.Cells[:len(p.Cells):len(p.Cells)]
	for _, m := range p.Matches {
		if m.A == line {
			cells = append(cells, m.Cells...)
		}
	}
	return cells
}

// Given is one input: what a judge enters for a cell of a line.
type Given struct {
	Line, Cell string
	Value
	turn int // when in the contest
}

func name(format string, with ...any) string { return fmt.Sprintf(format, with...) }

// MatchOf is the match that a cell of a line belongs to; empty for others.
func (p *Pad) MatchOf(line, cell string) string {
	for _, m := range p.Matches {
		if m.A == line && len(cell) > len(m.ID) && cell[:len(m.ID)+1] == m.ID+"/" {
			return m.ID
		}
	}
	return ""
}
