// Cells become lines, and lines cells: what all kinds share.
package pads

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/points"
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
func Judged(kind string) bool { return table[kind].bind != nil }

// Classed reports whether a kind's line names the class competed in.
func Classed(kind string) bool {
	return slices.Contains([]string{"factored", "points", "series", "timed", "vertical"}, kind)
}

// kind is a kind of scoring: bind reads its rules, once.
type kind struct {
	bind func(rules json.RawMessage) (*bound, error)
	meet *meeting // where lines meet each other
}

// bound is a kind with its rules, on raw lines.
type bound struct {
	cells func(m scoring.Measure) ([]Cell, error)
	put   func(base json.RawMessage, own Values) (json.RawMessage, error)
	take  func(line json.RawMessage) (facts json.RawMessage, inputs []Given, err error)
	turn  func(cell string, i int) int
	even  func(doc kinds.Document) kinds.Document // holds back half of a comparison; nil: there is none
	// waits reports who of a document still waits for a judge; nil where the
	// ranking says so.
	waits func(doc kinds.Document) (func(line json.RawMessage) bool, error)
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
	return kind{bind: func(raw json.RawMessage) (*bound, error) {
		r, err := read[R](raw)
		if err != nil {
			return nil, err
		}
		b := &bound{
			cells: func(m scoring.Measure) ([]Cell, error) { return in.cells(&r, m) },
			turn:  func(_ string, i int) int { return i },
			take: func(raw json.RawMessage) (json.RawMessage, []Given, error) {
				l, err := read[L](raw)
				if err != nil {
					return nil, nil, err
				}
				var out []Given
				in.take(&r, &l, func(cell string, v Value) { out = append(out, Given{Cell: cell, Value: v}) })
				facts, err := json.Marshal(l)
				return facts, out, err
			},
			put: func(base json.RawMessage, own Values) (json.RawMessage, error) {
				l, err := read[L](base)
				if err != nil {
					return nil, err
				}
				all := Values{}
				in.take(&r, &l, func(cell string, v Value) { all[cell] = v })
				maps.Copy(all, own)
				if err := in.put(&r, &l, all); err != nil {
					return nil, err
				}
				return json.Marshal(l)
			},
		}
		if in.turn != nil {
			b.turn = func(cell string, i int) int { return in.turn(&r, cell, i) }
		}
		if in.waits != nil {
			b.waits = func(doc kinds.Document) (func(json.RawMessage) bool, error) { return waiting(doc, r, in.waits) }
		}
		return b, nil
	}}
}

// waiting asks a room who waits, in its own types.
func waiting[R, L any](doc kinds.Document, r R, ask func(R, []L) (func(*L) bool, error)) (func(json.RawMessage) bool, error) {
	lines := make([]L, len(doc.Lines))
	for i, raw := range doc.Lines {
		var err error
		if lines[i], err = read[L](raw); err != nil {
			return nil, err
		}
	}
	waits, err := ask(r, lines)
	return func(raw json.RawMessage) bool {
		l, err := read[L](raw)
		return err == nil && waits(&l)
	}, err
}

// Partial is a document while judges are still at work: a kind that ranks only
// what is complete unless it is told so is told so.
func Partial(doc kinds.Document) kinds.Document {
	if !Completes(doc.Ruleset.Kind) {
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

// Completes reports whether a kind ranks only what is complete.
func Completes(kind string) bool { return kind == "marking" || kind == "panel" }

// Compose puts what stands in cells into a document: by line, over what its
// lines and matches say already. An empty value takes the input out. Lines
// without cells of their own stay as they are. It answers with a
// [*scoring.Invalid] that names line and cell where an input stands after one
// that is missing.
func Compose(doc kinds.Document, values map[string]Values) (kinds.Document, error) {
	if len(values) == 0 || !Judged(doc.Ruleset.Kind) {
		return doc, nil
	}
	c, err := newCard(doc, values)
	if err != nil {
		return doc, err
	}
	return c.even(), nil
}

// Entries takes a document apart: the inputs that make it, in an order in which
// they can be entered one by one. What is left is [Facts] of the document.
func Entries(doc kinds.Document) ([]Given, error) {
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return nil, nil
	}
	b, err := k.bind(doc.Ruleset.Rules)
	if err != nil {
		return nil, err
	}
	var all []Given
	for _, raw := range doc.Lines {
		id, err := idOf(raw)
		if err != nil {
			return nil, err
		}
		_, given, err := b.take(raw)
		if err != nil {
			return nil, points.At(id, err)
		}
		for i := range given {
			given[i].Line, given[i].turn = id, b.turn(given[i].Cell, i)
		}
		all = append(all, given...)
	}
	slices.SortStableFunc(all, func(a, b Given) int { return cmp.Compare(a.turn, b.turn) })
	if k.meet == nil {
		return all, nil
	}
	played, err := k.meet.entries(doc)
	return append(all, played...), err
}

// Facts is a document without what judges have entered: what was known before
// the start.
func Facts(doc kinds.Document) (kinds.Document, error) {
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return doc, nil
	}
	b, err := k.bind(doc.Ruleset.Rules)
	if err != nil {
		return doc, err
	}
	lines := make([]json.RawMessage, len(doc.Lines))
	for i, raw := range doc.Lines {
		if lines[i], _, err = b.take(raw); err != nil {
			return doc, err
		}
	}
	doc.Lines = lines
	if k.meet != nil {
		doc.Matches, err = k.meet.facts(doc)
	}
	return doc, err
}

// Entered names the lines that say something that a judge enters. Where lines
// meet, their matches say it and the lines themselves seldom do.
func Entered(doc kinds.Document) map[string]bool {
	entered := map[string]bool{}
	given, err := Entries(kinds.Document{Ruleset: doc.Ruleset, Lines: doc.Lines})
	if err != nil {
		return entered // what cannot be read has said nothing yet
	}
	for _, g := range given {
		entered[g.Line] = true
	}
	return entered
}

// gap is an input that stands after one that is missing.
func gap(cell, missing string) error {
	return &scoring.Invalid{Field: cell, Problem: "cell-gap", With: []string{cell, missing}}
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
