// Powerlifting: the weigh-in, declared weights, the referees' lights.
package pads

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/lifts"
)

const (
	heaviest = 1_000_000 // g that are believed of a bar
	declined = "declined"
	fourth   = "fourth"
)

var (
	bodyWeight = Cell{Name: "body-weight", Input: Mark, Measure: scoring.Grams, Min: 10, Max: heaviest, Step: 10, Place: "weigh-in", Group: "weigh-in", Words: []string{"cell.body-weight"}}
	reweigh    = Cell{Name: "reweigh", Input: Mark, Measure: scoring.Grams, Min: 10, Max: heaviest, Step: 10, Place: "weigh-in", Optional: true, Group: "weigh-in", Words: []string{"cell.reweigh"}}
	lot        = Cell{Name: "lot", Input: Count, Min: 1, Max: 9999, Optional: true, Group: "lot", Words: []string{"cell.lot"}}
)

// lights are the letters that a referee's light has in a line.
var lights = map[string]string{"white": "W", "red": "R"}

func judgeCell(group string, i int) string { return name("%s/judge-%d", group, i+1) }

func judgePlace(i int) string { return name("judge-%d", i+1) }

// liftGroups are the attempts and the one for a record.
func liftGroups(r *lifts.Rules) []string {
	var groups []string
	for i := range min(cmp.Or(max(r.Attempts, 0), 3), 10) {
		groups = append(groups, attemptCell(i))
	}
	return append(groups, fourth)
}

func referees(r *lifts.Rules) int { return min(cmp.Or(max(r.Referees, 0), 3), 9) }

var liftsRoom = room[lifts.Rules, lifts.Line]{
	cells: func(r *lifts.Rules, _ scoring.Measure) ([]Cell, error) {
		cells := []Cell{bodyWeight, lot}
		for i, g := range liftGroups(r) {
			cells = append(cells, liftCells(r, g, number(i+1))...)
		}
		return append(cells, reweigh, why(usualReasons...)), nil
	},
	take: func(r *lifts.Rules, l *lifts.Line, give func(string, Value)) {
		for _, w := range []struct {
			cell string
			of   *scoring.Mark
		}{{bodyWeight.Name, &l.BodyWeight}, {reweigh.Name, &l.Reweigh}} {
			if *w.of > 0 {
				give(w.cell, markValue(*w.of))
			}
			*w.of = 0
		}
		if l.Lot > 0 {
			give(lot.Name, markValue(scoring.Mark(l.Lot)))
		}
		for i := range l.Attempts {
			takeLift(attemptCell(i), &l.Attempts[i], give)
		}
		if l.Fourth != nil {
			takeLift(fourth, l.Fourth, give)
		}
		l.Lot, l.Attempts, l.Fourth = 0, nil, nil
		takeWhy(&l.IRM, &l.Rule, give)
	},
	put: func(r *lifts.Rules, l *lifts.Line, v Values) error {
		l.BodyWeight, l.Reweigh, l.Lot = markOf(v[bodyWeight.Name]), markOf(v[reweigh.Name]), int(markOf(v[lot.Name]))
		groups := liftGroups(r)
		weight := func(i int) string { return groups[i] + "/weight" }
		declared, err := list(v, len(groups)-1, weight)
		if err != nil {
			return err
		}
		for i, g := range groups {
			a, err := putLift(r, g, v)
			switch {
			case err != nil:
				return err
			case g == fourth && a != (lifts.Attempt{}):
				l.Fourth = &a
			case i < len(declared):
				l.Attempts = append(l.Attempts, a)
			}
		}
		putWhy(&l.IRM, &l.Rule, v)
		return nil
	},
	waits: func(r lifts.Rules, _ []lifts.Line) (func(*lifts.Line) bool, error) {
		taken := func(a lifts.Attempt) bool { return a.Declined || a.Lights != "" }
		want := len(liftGroups(&r)) - 1
		return func(l *lifts.Line) bool {
			done := len(l.Attempts) == want && taken(l.Attempts[want-1]) && (l.Fourth == nil || taken(*l.Fourth))
			return l.IRM == "" && !done
		}, nil
	},
}

// liftCells are an attempt's: the weight as it is declared, the lights, the
// jury's word over them.
func liftCells(r *lifts.Rules, group, n string) []Cell {
	extra := group == fourth
	words := func(key string, more ...string) []string { return append([]string{key, n}, more...) }
	step := min(int64(cmp.Or(max(r.Step, 0), 1000)), int64(cmp.Or(max(r.RecordStep, 0), 500)))
	cells := []Cell{
		{Name: group + "/weight", Input: Mark, Choices: []string{declined}, Measure: scoring.Grams, Min: step, Max: heaviest, Step: step, Running: true,
			Optional: extra, Group: group, Words: words("cell.weight")},
		{Name: group + "/record", Input: Choice, Choices: []string{"yes"}, Optional: true, Group: group, Words: words("cell.record")},
	}
	for i := range referees(r) {
		cells = append(cells, Cell{Name: judgeCell(group, i), Input: Choice, Choices: []string{"white", "red"}, Place: judgePlace(i), Blind: true, Optional: extra,
			Group: group, Words: words("cell.light", number(i+1))})
	}
	return append(cells, Cell{Name: group + "/jury", Input: Choice, Choices: []string{"good", "no"}, Place: "jury", Optional: true, Group: group, Words: words("cell.jury")})
}

func takeLift(group string, a *lifts.Attempt, give func(string, Value)) {
	flag(give, group+"/record", a.Record)
	if a.Declined {
		give(group+"/weight", Value{Text: declined})
	} else if a.Weight != 0 {
		give(group+"/weight", markValue(a.Weight))
	}
	for i, light := range a.Lights {
		for word, letter := range lights {
			if letter == string(light) {
				give(judgeCell(group, i), Value{Text: word})
			}
		}
	}
	if a.Jury != "" {
		give(group+"/jury", Value{Text: a.Jury})
	}
}

// putLift makes an attempt. The lights come on together, once every referee has
// decided.
func putLift(r *lifts.Rules, group string, v Values) (lifts.Attempt, error) {
	weight := v[group+"/weight"]
	a := lifts.Attempt{Weight: markOf(weight), Declined: weight.Text == declined, Record: v[group+"/record"].Text == "yes"}
	given := 0
	for i := range referees(r) {
		if light := v[judgeCell(group, i)]; !light.Empty() {
			a.Lights += lights[light.Text]
			given++
		}
	}
	switch {
	case weight.Empty() && given > 0:
		return a, gap(judgeCell(group, 0), group+"/weight")
	case weight.Empty():
		return lifts.Attempt{}, nil // a record that was spoken of, and no weight yet
	case given < referees(r):
		a.Lights = ""
	default:
		a.Jury = v[group+"/jury"].Text
	}
	return a, nil
}

// liftsKind adds what lies between lines: a second weighing of those who are
// level.
func liftsKind() kind {
	k := of(liftsRoom)
	plain := k.bind
	k.bind = func(rules json.RawMessage) (*bound, error) {
		b, err := plain(rules)
		if err != nil {
			return nil, err
		}
		b.even = evenScales
		alone := b.waits
		b.waits = func(doc kinds.Document) (func(json.RawMessage) bool, error) {
			waits, err := alone(doc)
			missing := unweighed(doc)
			return func(raw json.RawMessage) bool {
				id, bad := idOf(raw)
				return waits(raw) || bad == nil && id == missing
			}, err
		}
		return b, nil
	}
	return k
}

// unweighed names a lifter who is level with one who has been weighed again.
func unweighed(doc kinds.Document) string {
	var fault *scoring.Invalid
	if _, err := kinds.Rank(doc); errors.As(err, &fault) && fault.Problem == "reweigh-missing" {
		return fault.Line
	}
	return ""
}

// evenScales leaves second weighings out as long as somebody who is level has
// not been weighed again: half of a comparison decides nothing.
func evenScales(doc kinds.Document) kinds.Document {
	if unweighed(doc) == "" {
		return doc
	}
	even := slices.Clone(doc.Lines)
	for i, raw := range even {
		l, err := read[lifts.Line](raw)
		if err != nil {
			return doc
		}
		l.Reweigh = 0
		if even[i], err = json.Marshal(l); err != nil {
			return doc
		}
	}
	doc.Lines = even
	return doc
}
