// Cells in the ledger: a row of marks is what stands in one cell, a sheet is
// what the cells of its lines come to. Package pads knows what each kind makes
// of them.
package events

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tongchang/events/pads"
	"tongchang/scoring/kinds"
)

// Text is what stands in a cell that is no number; empty where there is a
// number, or nothing.
func (c CellMark) Text() string {
	if !strings.HasPrefix(c.Detail, `"`) {
		return ""
	}
	var text string
	if json.Unmarshal([]byte(c.Detail), &text) != nil {
		return ""
	}
	return text
}

// Value is what stands in a cell.
func (c CellMark) Value() pads.Value {
	return pads.Value{Mark: c.Mark, Text: c.Text(), IRM: c.IRM, Rule: c.Rule}
}

// textDetail keeps a text as a row of marks does.
func textDetail(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	b, err := json.Marshal(text)
	return string(b), err
}

// timed reports whether the phase is a race, in which a line is its one time.
func (sh *Sheet) timed() bool { return sh.kind() == "timed" }

func (sh *Sheet) kind() string {
	var rs kinds.Ruleset
	if json.Unmarshal([]byte(sh.Phase.Ruleset), &rs) != nil {
		return ""
	}
	return rs.Kind
}

// values are the cells of the lines as package pads reads them: without whole
// lines, and without those who were out before the start.
func (sh *Sheet) values() map[string]pads.Values {
	all := map[string]pads.Values{}
	for i := range sh.Lines {
		if v := sh.Lines[i].values(); len(v) > 0 {
			all[sh.Lines[i].ID()] = v
		}
	}
	return all
}

func (l *Line) values() pads.Values {
	if l.OutIRM != "" && !l.OutIRM.KeepsMark() {
		return nil
	}
	v := pads.Values{}
	for name, c := range l.Cells {
		if name != LineCell && name != TimeCell {
			v[name] = c.Value()
		}
	}
	return v
}

// base is the sheet's document without its cells: facts of the lines, whole
// lines as programs have entered them, fixtures.
func (sh *Sheet) base() (kinds.Document, error) {
	doc := kinds.Document{Schema: kinds.Schema, Title: sh.Event.NameEn + " " + sh.Phase.Kind, Lines: []json.RawMessage{}, Matches: sh.Matches}
	if err := json.Unmarshal([]byte(sh.Phase.Ruleset), &doc.Ruleset); err != nil {
		return doc, fmt.Errorf("read ruleset of phase %d: %w", sh.Phase.ID, err)
	}
	groups, err := sh.Phase.groups()
	if err != nil {
		return doc, err
	}
	for _, g := range groups {
		doc.Groups = append(doc.Groups, kinds.Group{ID: g.ID, Name: g.Name, Lines: []string{}})
	}
	for i := range sh.Lines {
		l := &sh.Lines[i]
		raw, err := l.document(doc.Ruleset.Kind)
		if err != nil {
			return doc, err
		}
		doc.Lines = append(doc.Lines, raw)
		for j := range doc.Groups {
			if l.InGroup(doc.Groups[j].ID) {
				doc.Groups[j].Lines = append(doc.Groups[j].Lines, l.ID())
			}
		}
	}
	return doc, nil
}

// Open names the lines, by their ID in documents, of which judges still owe
// something: a time, attempts, lights, aspects, a match. A line that a program
// has entered whole is what the program says it is.
func (sh *Sheet) Open() (map[string]bool, error) {
	if sh.timed() {
		open := map[string]bool{}
		for i := range sh.Lines {
			if l := &sh.Lines[i]; l.Waiting() {
				open[l.ID()] = true
			}
		}
		return open, nil
	}
	doc, err := sh.base()
	if err != nil {
		return nil, err
	}
	values := sh.values()
	owed, err := pads.Waiting(doc, values)
	if err != nil {
		return nil, err
	}
	return sh.owing(owed, sh.entered(doc, values), values), nil
}

// entered names the lines that a program has entered whole: what their kind
// would have more of is not owed.
func (sh *Sheet) entered(doc kinds.Document, values map[string]pads.Values) map[string]bool {
	all := func(*Line) bool { return true }
	switch said := pads.Entered(doc); {
	case kinds.Meets(doc.Ruleset.Kind):
		played := len(values) == 0 && playedOut(doc.Matches)
		all = func(*Line) bool { return played }
	case pads.Judged(doc.Ruleset.Kind):
		all = func(l *Line) bool { return said[l.ID()] }
	}
	entered := map[string]bool{}
	for i := range sh.Lines {
		if l := &sh.Lines[i]; l.Cells[LineCell].Detail != "" && all(l) {
			entered[l.ID()] = true
		}
	}
	return entered
}

// owing takes those out of whom nothing is owed although their kind would have
// more: who is out, and whole lines without cells.
func (sh *Sheet) owing(owed, entered map[string]bool, values map[string]pads.Values) map[string]bool {
	open := map[string]bool{}
	for i := range sh.Lines {
		l := &sh.Lines[i]
		if id := l.ID(); l.OutIRM == "" && owed[id] && !(entered[id] && len(values[id]) == 0) {
			open[id] = true
		}
	}
	return open
}

// playedOut reports whether matches were entered, and none of them is live.
func playedOut(matches []json.RawMessage) bool {
	live := func(raw json.RawMessage) bool {
		var m struct{ Live bool }
		return json.Unmarshal(raw, &m) != nil || m.Live
	}
	return len(matches) > 0 && !slices.ContainsFunc(matches, live)
}
