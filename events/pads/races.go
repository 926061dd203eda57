// Races: one time, or several runs, or a mark that a table turns into points.
package pads

import (
	"cmp"

	"tongchang/scoring"
	"tongchang/scoring/factored"
	"tongchang/scoring/points"
	"tongchang/scoring/timed"
)

// Cells of a race that are no part of other kinds.
const (
	TimeCell  = "time"
	placeCell = "place" // the chief timekeeper's order of finish
	WindCell  = "wind"
)

// Timed reports whether a cell's name is one of a race's.
func Timed(cell string) bool { return cell == TimeCell || cell == placeCell || cell == WindCell }

// day is the longest time that is believed, in ms.
const day = 24 * 60 * 60 * 1000

var timedRoom = room[timed.Rules, timed.Line]{
	cells: func(r *timed.Rules, _ scoring.Measure) ([]Cell, error) {
		step := int64(10)
		if r.Precision == 1 {
			step = 1
		}
		cells := []Cell{
			{Name: TimeCell, Input: Mark, Measure: scoring.Milliseconds, Min: 1, Max: day, Step: step, Reasons: raceReasons(r.IRM), Words: []string{"cell.time"}},
			{Name: placeCell, Input: Count, Min: 1, Max: 999, Place: "timekeeper", Optional: true, Words: []string{"cell.place"}},
		}
		if r.WindLimit != nil {
			cells = append(cells, Cell{Name: WindCell, Input: Wind, Place: "wind", Optional: true, Words: []string{"cell.wind"}})
		}
		return cells, nil
	},
	take: func(r *timed.Rules, l *timed.Line, give func(string, Value)) {
		if (l.Mark != nil || l.IRM != "") && !fact(l.IRM) {
			v := Value{Mark: l.Mark, IRM: l.IRM, Rule: l.Rule}
			if l.IRM == scoring.DSQ {
				v.Mark = nil // what a disqualified line ran is nobody's input any more
			}
			give(TimeCell, v)
			l.Mark, l.IRM, l.Rule = nil, "", ""
		}
		if r.WindLimit != nil && l.Wind != nil {
			give(WindCell, Value{Text: windText(*l.Wind)})
			l.Wind = nil
		}
	},
	put: func(r *timed.Rules, l *timed.Line, v Values) error {
		if t := v[TimeCell]; !t.Empty() {
			l.Mark, l.IRM, l.Rule = t.Mark, t.IRM, t.Rule
		}
		if w, ok := WindOf(v[WindCell].Text); ok {
			l.Wind = &w
		}
		return nil
	},
}

// raceReasons are those of a race that a judge gives.
func raceReasons(allowed []scoring.IRM) []scoring.IRM {
	if len(allowed) == 0 {
		return []scoring.IRM{scoring.DNS, scoring.DNF, scoring.DSQ, scoring.EXH}
	}
	var reasons []scoring.IRM
	for _, irm := range allowed {
		if !fact(irm) {
			reasons = append(reasons, irm)
		}
	}
	return reasons
}

// OutOfOrder names the pairs of lines whose times contradict the chief
// timekeeper's order of finish: the first came in before the second and has the
// slower time. Lines without both are left out.
func OutOfOrder(values map[string]Values, lines []string) [][2]string {
	var pairs [][2]string
	for i, a := range lines {
		for _, b := range lines[i+1:] {
			pa, pb := values[a][placeCell].Mark, values[b][placeCell].Mark
			ta, tb := values[a][TimeCell].Mark, values[b][TimeCell].Mark
			switch {
			case pa == nil || pb == nil || ta == nil || tb == nil:
			case *pa < *pb && *ta > *tb:
				pairs = append(pairs, [2]string{a, b})
			case *pb < *pa && *tb > *ta:
				pairs = append(pairs, [2]string{b, a})
			}
		}
	}
	return pairs
}

var factoredRoom = room[factored.Rules, factored.Line]{
	cells: func(r *factored.Rules, _ scoring.Measure) ([]Cell, error) {
		var cells []Cell
		for i := range runs(r) {
			run := name("run-%d", i+1)
			cells = append(cells, Cell{Name: run, Input: Mark, Measure: scoring.Milliseconds, Min: 1, Max: day, Group: run, Words: []string{"cell.run", number(i + 1)}})
			if r.Penalty > 0 {
				cells = append(cells, Cell{Name: run + "/misses", Input: Count, Max: 100, Optional: true, Group: run, Words: []string{"cell.misses", number(i + 1)}})
			}
		}
		return append(cells, why(raceReasons(r.IRM)...)), nil
	},
	take: func(r *factored.Rules, l *factored.Line, give func(string, Value)) {
		for i := range l.Runs {
			run := &l.Runs[i]
			if run.Mark != nil {
				give(name("run-%d", i+1), Value{Mark: run.Mark})
			}
			if r.Penalty > 0 && run.Misses > 0 {
				give(name("run-%d/misses", i+1), markValue(scoring.Mark(run.Misses)))
				run.Misses = 0
			}
			run.Mark = nil
		}
		takeWhy(&l.IRM, &l.Rule, give)
	},
	put: func(r *factored.Rules, l *factored.Line, v Values) error {
		for i := range runs(r) {
			run := name("run-%d", i+1)
			mark, misses := v[run].Mark, v[run+"/misses"]
			if mark == nil && misses.Empty() && i >= len(l.Runs) {
				continue
			}
			for len(l.Runs) <= i {
				l.Runs = append(l.Runs, factored.Run{})
			}
			l.Runs[i].Mark = mark
			if !misses.Empty() {
				l.Runs[i].Misses = int(markOf(misses))
			}
		}
		putWhy(&l.IRM, &l.Rule, v)
		return nil
	},
}

// runs are those that rules ask for; what their own room would refuse has none.
func runs(r *factored.Rules) int { return min(cmp.Or(max(r.Runs, 0), 1), 10) }

var pointsRoom = room[points.Rules, points.Line]{
	cells: func(r *points.Rules, m scoring.Measure) ([]Cell, error) {
		cells := []Cell{{Name: "mark", Input: Mark, Measure: m, Min: 1, Words: []string{"cell.mark"}}}
		if m == scoring.Grams {
			cells = append(cells, bodyWeight)
		}
		return append(cells, why(usualReasons...)), nil
	},
	take: func(_ *points.Rules, l *points.Line, give func(string, Value)) {
		if l.BodyWeight > 0 {
			give(bodyWeight.Name, markValue(l.BodyWeight))
		}
		if l.Mark != nil {
			give("mark", Value{Mark: l.Mark})
		}
		l.Mark, l.BodyWeight = nil, 0
		takeWhy(&l.IRM, &l.Rule, give)
	},
	put: func(_ *points.Rules, l *points.Line, v Values) error {
		l.Mark, l.BodyWeight = v["mark"].Mark, markOf(v[bodyWeight.Name])
		putWhy(&l.IRM, &l.Rule, v)
		return nil
	},
}
