// Cells become lines, and lines cells: what all kinds share.
package pads

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// table has the kinds that are judged. Their rooms below scoring rank; here
// stands how a line is made of cells.
var table = map[string]kind{
	"bracket":  bracketKind(),
	"factored": of(factoredRoom),
	"lifts":    liftsKind(),
	"marking":  of(markingRoom),
	"panel":    of(panelRoom),
	"points":   of(pointsRoom),
	"pool":     poolKind(),
	"series":   of(seriesRoom),
	"swiss":    swissKind(),
	"target":   of(targetRoom),
	"timed":    of(timedRoom),
	"vertical": of(verticalRoom),
}

// Judged reports whether judges write a kind's lines. Medals and awards follow
// from results.
func Judged(kind string) bool { return table[kind].cells != nil }

// Classed reports whether a kind's line names the class competed in.
func Classed(kind string) bool {
	return slices.Contains([]string{"factored", "points", "series", "timed", "vertical"}, kind)
}

// kind is a kind of scoring on raw documents.
type kind struct {
	cells func(rules json.RawMessage, m scoring.Measure) ([]Cell, error)
	put   func(rules, base json.RawMessage, own Values) (json.RawMessage, error)
	take  func(rules, line json.RawMessage) (facts json.RawMessage, inputs []Given, err error)
	turn  func(rules json.RawMessage, cell string, i int) int
	even  func(doc kinds.Document) kinds.Document // holds back half of a comparison; nil: there is none
	// waits reports who of a composed document still waits for a judge.
	waits func(doc kinds.Document) (func(line json.RawMessage) bool, error)
	meet  *meeting // where lines meet each other
}

// room is a kind in its own types. take moves the inputs out of a line and
// leaves its facts (class, factor, lot by which it is called); put is the way
// back. waits is nil where a line waits as long as the ranking gives it neither
// a place nor a reason. turn says when in the contest a line's i-th input is
// made, nil: all lines make their i-th at the same time.
type room[R, L any] struct {
	cells func(*R, scoring.Measure) ([]Cell, error)
	take  func(*R, *L, func(cell string, v Value))
	put   func(*R, *L, Values) error
	waits func(R, []L) (func(*L) bool, error)
	turn  func(r *R, cell string, i int) int
}

func of[R, L any](in room[R, L]) kind {
	k := kind{
		cells: func(raw json.RawMessage, m scoring.Measure) ([]Cell, error) {
			r, err := read[R](raw)
			if err != nil {
				return nil, err
			}
			return in.cells(&r, m)
		},
		take: func(raw, rawLine json.RawMessage) (json.RawMessage, []Given, error) {
			r, l, err := both[R, L](raw, rawLine)
			if err != nil {
				return nil, nil, err
			}
			var out []Given
			in.take(&r, &l, func(cell string, v Value) { out = append(out, Given{Cell: cell, Value: v}) })
			facts, err := json.Marshal(l)
			return facts, out, err
		},
		put: func(raw, base json.RawMessage, own Values) (json.RawMessage, error) {
			r, l, err := both[R, L](raw, base)
			if err != nil {
				return nil, err
			}
			all := Values{}
			in.take(&r, &l, func(cell string, v Value) { all[cell] = v })
			for cell, v := range own {
				all[cell] = v
			}
			if err := in.put(&r, &l, all); err != nil {
				return nil, err
			}
			return json.Marshal(l)
		},
		waits: unplaced,
		turn:  func(_ json.RawMessage, _ string, i int) int { return i },
	}
	if in.turn != nil {
		k.turn = func(raw json.RawMessage, cell string, i int) int {
			r, err := read[R](raw)
			if err != nil {
				return i
			}
			return in.turn(&r, cell, i)
		}
	}
	if in.waits != nil {
		k.waits = func(doc kinds.Document) (func(json.RawMessage) bool, error) {
			r, err := read[R](doc.Ruleset.Rules)
			if err != nil {
				return nil, err
			}
			lines := make([]L, len(doc.Lines))
			for i, raw := range doc.Lines {
				if lines[i], err = read[L](raw); err != nil {
					return nil, err
				}
			}
			waits, err := in.waits(r, lines)
			return func(raw json.RawMessage) bool {
				l, err := read[L](raw)
				return err == nil && waits(&l)
			}, err
		}
	}
	return k
}

// unplaced waits as long as the ranking says so.
func unplaced(doc kinds.Document) (func(json.RawMessage) bool, error) {
	doc.Groups = nil
	ranked, err := kinds.Rank(Partial(doc))
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, l := range ranked[0].Lines {
		open[l.ID] = l.Rank == 0 && l.IRM == ""
	}
	return func(raw json.RawMessage) bool {
		id, err := idOf(raw)
		return err == nil && open[id]
	}, nil
}

// Partial is a document while judges are still at work: a kind that ranks only
// what is complete unless it is told so is told so.
func Partial(doc kinds.Document) kinds.Document {
	if doc.Ruleset.Kind != "marking" && doc.Ruleset.Kind != "panel" {
		return doc
	}
	rules := map[string]json.RawMessage{}
	if json.Unmarshal(doc.Ruleset.Rules, &rules) != nil {
		return doc // its own kind says what is wrong with it
	}
	rules["partial"] = json.RawMessage("true")
	if raw, err := json.Marshal(rules); err == nil {
		doc.Ruleset.Rules = raw
	}
	return doc
}

// Compose puts what stands in cells into a document: by line, over what its
// lines and matches say already. An empty value takes the input out. Lines
// without cells of their own stay as they are. It answers with a
// [*scoring.Invalid] that names line and cell where an input stands after one
// that is missing.
func Compose(doc kinds.Document, values map[string]Values) (kinds.Document, error) {
	k, ok := table[doc.Ruleset.Kind]
	if !ok || len(values) == 0 {
		return doc, nil
	}
	full, err := k.compose(doc, values)
	if err == nil && k.even != nil {
		full = k.even(full)
	}
	return full, err
}

func (k *kind) compose(doc kinds.Document, values map[string]Values) (kinds.Document, error) {
	if k.meet != nil {
		var err error
		if doc.Matches, err = k.meet.compose(doc, values); err != nil {
			return doc, err
		}
	}
	lines := slices.Clone(doc.Lines)
	for i, raw := range lines {
		id, err := idOf(raw)
		if err != nil {
			return doc, err
		}
		own := values[id]
		if k.meet != nil {
			own = outside(own)
		}
		if len(own) == 0 {
			continue
		}
		if lines[i], err = k.put(doc.Ruleset.Rules, raw, own); err != nil {
			return doc, at(id, err)
		}
	}
	doc.Lines = lines
	return doc, nil
}

// Entries takes a document apart: the inputs that make it, in an order in which
// they can be entered one by one. What is left is [Facts] of the document.
func Entries(doc kinds.Document) ([]Given, error) {
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return nil, nil
	}
	var all []Given
	for _, raw := range doc.Lines {
		id, err := idOf(raw)
		if err != nil {
			return nil, err
		}
		_, given, err := k.take(doc.Ruleset.Rules, raw)
		if err != nil {
			return nil, at(id, err)
		}
		for i := range given {
			given[i].Line, given[i].turn = id, k.turn(doc.Ruleset.Rules, given[i].Cell, i)
		}
		all = append(all, given...)
	}
	slices.SortStableFunc(all, func(a, b Given) int { return cmp.Compare(a.turn, b.turn) })
	if k.meet != nil {
		played, err := k.meet.entries(doc)
		if err != nil {
			return nil, err
		}
		all = append(all, played...)
	}
	return all, nil
}

// Facts is a document without what judges have entered: what was known before
// the start.
func Facts(doc kinds.Document) (kinds.Document, error) {
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return doc, nil
	}
	lines := make([]json.RawMessage, len(doc.Lines))
	for i, raw := range doc.Lines {
		var err error
		if lines[i], _, err = k.take(doc.Ruleset.Rules, raw); err != nil {
			return doc, err
		}
	}
	doc.Lines = lines
	if k.meet != nil {
		var err error
		doc.Matches, err = k.meet.facts(doc)
		return doc, err
	}
	return doc, nil
}

// Waiting names the lines of which judges still owe something, once values
// stand in their cells. The document is the one that [Compose] takes; it must
// rank when it is composed.
func Waiting(doc kinds.Document, values map[string]Values) (map[string]bool, error) {
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return nil, nil
	}
	full, err := k.compose(doc, values)
	if err != nil {
		return nil, err
	}
	full.Groups = nil
	if k.meet != nil {
		return k.meet.waiting(doc, full, values)
	}
	waits, err := k.waits(full)
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, raw := range full.Lines {
		id, err := idOf(raw)
		if err != nil {
			return nil, err
		}
		if waits(raw) {
			open[id] = true
		}
	}
	return open, nil
}

// Entered reports whether a line says anything that a judge enters. Where lines
// meet, a match that is not live says it too, and the line alone never does.
func Entered(doc kinds.Document, line json.RawMessage) bool {
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return false
	}
	_, given, err := k.take(doc.Ruleset.Rules, line)
	return err == nil && len(given) > 0
}

// at names the line in a fault that does not.
func at(line string, err error) error {
	var invalid *scoring.Invalid
	if errors.As(err, &invalid) && invalid.Line == "" {
		named := *invalid
		named.Line = line
		return &named
	}
	return err
}

// gap is an input that stands after one that is missing.
func gap(cell, missing string) error {
	return &scoring.Invalid{Field: cell, Problem: "cell-gap", With: []string{cell, missing}}
}

func both[R, L any](rules, line json.RawMessage) (R, L, error) {
	r, err := read[R](rules)
	if err != nil {
		return r, *new(L), err
	}
	l, err := read[L](line)
	return r, l, err
}

// read reads rules or a line as strictly as package kinds does.
func read[T any](raw json.RawMessage) (T, error) {
	var v T
	if len(raw) == 0 {
		return v, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		var invalid *scoring.Invalid
		if errors.As(err, &invalid) {
			return v, err
		}
		return v, &scoring.Invalid{Problem: "unreadable", With: []string{err.Error()}}
	}
	return v, nil
}

// irmCell is the cell that says why a line has no result.
const irmCell = "irm"

// why makes that cell.
func why(reasons ...scoring.IRM) Cell {
	return Cell{Name: irmCell, Input: Reason, Reasons: reasons, Optional: true, Words: []string{"cell.irm"}}
}

// usualReasons are those that a judge gives; withdrawn and rejected are
// decided before the start.
var usualReasons = []scoring.IRM{scoring.DNS, scoring.DNF, scoring.RET, scoring.NM, scoring.DSQ, scoring.EXH}

// takeWhy moves a line's reason out of it. Withdrawn, rejected and moved to
// another class are facts that no judge enters.
func takeWhy(irm *scoring.IRM, rule *string, give func(string, Value)) {
	if *irm != "" && !fact(*irm) {
		give(irmCell, Value{IRM: *irm, Rule: *rule})
		*irm, *rule = "", ""
	}
}

func fact(irm scoring.IRM) bool {
	return irm == scoring.WDR || irm == scoring.RJC || irm == scoring.CC
}

func putWhy(irm *scoring.IRM, rule *string, v Values) {
	if w := v[irmCell]; w.IRM != "" {
		*irm, *rule = w.IRM, w.Rule
	}
}

// markOf is a value as a number.
func markOf(v Value) scoring.Mark {
	if v.Mark == nil {
		return 0
	}
	return *v.Mark
}

func markValue(m scoring.Mark) Value { return Value{Mark: &m} }

// flag gives a cell that is either yes or empty.
func flag(give func(string, Value), cell string, set bool) {
	if set {
		give(cell, Value{Text: "yes"})
	}
}

// list is a contiguous run of cells: their values up to the last that is not
// empty. A hole in it is a gap.
func list(v Values, n int, cell func(i int) string) ([]Value, error) {
	last := 0
	for i := range n {
		if !v[cell(i)].Empty() {
			last = i + 1
		}
	}
	values := make([]Value, last)
	for i := range values {
		if values[i] = v[cell(i)]; values[i].Empty() {
			return nil, gap(cell(last-1), cell(i))
		}
	}
	return values, nil
}

func number(n int) string { return fmt.Sprint(n) }
