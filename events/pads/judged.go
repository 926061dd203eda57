// Panels and marking schemes: what several judges give, each without seeing
// the others.
package pads

import (
	"cmp"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/marking"
	"tongchang/scoring/panel"
)

func performances(r *panel.Rules) int { return min(cmp.Or(max(r.Performances, 0), 1), 100) }

func performanceCell(i int) string { return name("performance-%d", i+1) }

// most bounds a score, a difficulty and a deduction: a million points.
const most = 1_000_000_000

var panelRoom = room[panel.Rules, panel.Line]{
	cells: func(r *panel.Rules, _ scoring.Measure) ([]Cell, error) {
		var cells []Cell
		for i := range performances(r) {
			g, n := performanceCell(i), number(i+1)
			for j, seat := range r.Judges {
				cells = append(cells, Cell{Name: judgeCell(g, j), Input: Mark, Measure: scoring.Thousandths, Min: int64(r.Low), Max: int64(r.High), Step: int64(r.Step),
					Place: judgePlace(j), Blind: true, Group: g, Words: []string{"cell.score", n, seat}})
			}
			if r.Difficulty != "" {
				cells = append(cells, Cell{Name: g + "/difficulty", Input: Mark, Measure: scoring.Thousandths, Max: most, Group: g, Words: []string{"cell.difficulty", n}})
			}
			cells = append(cells, Cell{Name: g + "/deduction", Input: Mark, Measure: scoring.Thousandths, Max: most, Optional: true, Group: g, Words: []string{"cell.deduction", n}})
		}
		return append(cells, why(usualReasons...)), nil
	},
	take: func(r *panel.Rules, l *panel.Line, give func(string, Value)) {
		for i, p := range l.Performances {
			g := performanceCell(i)
			for j, seat := range r.Judges {
				if score, ok := p.Scores[seat]; ok {
					give(judgeCell(g, j), markValue(score))
				}
			}
			if p.Difficulty != nil {
				give(g+"/difficulty", markValue(*p.Difficulty))
			}
			if p.Deduction != 0 {
				give(g+"/deduction", markValue(p.Deduction))
			}
		}
		l.Performances = nil
		takeWhy(&l.IRM, &l.Rule, give)
	},
	put: func(r *panel.Rules, l *panel.Line, v Values) error {
		for i := range performances(r) {
			if p, begun := performance(r, performanceCell(i), v); begun {
				for len(l.Performances) < i {
					l.Performances = append(l.Performances, panel.Performance{Scores: map[string]scoring.Mark{}})
				}
				l.Performances = append(l.Performances, p)
			}
		}
		putWhy(&l.IRM, &l.Rule, v)
		return nil
	},
}

// performance is a showing as far as it may be seen: its scores once every
// judge has given one.
func performance(r *panel.Rules, group string, v Values) (p panel.Performance, begun bool) {
	p.Scores = map[string]scoring.Mark{}
	for j, seat := range r.Judges {
		if score := v[judgeCell(group, j)]; !score.Empty() {
			p.Scores[seat], begun = markOf(score), true
		}
	}
	if len(p.Scores) < len(r.Judges) {
		clear(p.Scores)
	}
	if d := v[group+"/difficulty"]; !d.Empty() {
		p.Difficulty, begun = d.Mark, true
	}
	if d := v[group+"/deduction"]; !d.Empty() {
		p.Deduction, begun = markOf(d), true
	}
	return p, begun
}

// scheme walks over a marking scheme's aspects with the seats that judge them.
// The seats have a number each: first the scheme's own, then those that an
// aspect has instead, as they come.
func scheme(r *marking.Rules, visit func(a *marking.Aspect, seats []string, number func(seat string) int)) {
	all := slices.Clone(r.Judges)
	of := func(seat string) int { return slices.Index(all, seat) }
	for i := range r.Criteria {
		for j := range r.Criteria[i].Sub {
			for k := range r.Criteria[i].Sub[j].Aspects {
				a := &r.Criteria[i].Sub[j].Aspects[k]
				seats := r.Judges
				if a.Judges != nil {
					seats = a.Judges
				}
				for _, seat := range seats {
					if a.Kind == marking.Judgement && !slices.Contains(all, seat) {
						all = append(all, seat)
					}
				}
				visit(a, seats, of)
			}
		}
	}
}

// judgements are the levels that a judge chooses from.
var judgements = []string{"0", "1", "2", "3"}

var markingRoom = room[marking.Rules, marking.Line]{
	cells: func(r *marking.Rules, _ scoring.Measure) ([]Cell, error) {
		var cells []Cell
		scheme(r, func(a *marking.Aspect, seats []string, number func(string) int) {
			cells = append(cells, aspectCells(r, a, seats, number)...)
		})
		if r.Theory != nil {
			total := r.Theory.Total
			if total.IsZero() {
				total = scoring.Whole(100)
			}
			cells = append(cells, Cell{Name: "theory", Input: Mark, Measure: scoring.Thousandths, Max: int64(total.Thousandths()), Group: "theory", Words: []string{"cell.theory"}})
		}
		if slices.Contains(r.Ties, "time") {
			cells = append(cells, Cell{Name: workingTime, Input: Mark, Measure: scoring.Milliseconds, Max: day, Group: workingTime, Words: []string{"cell.working-time"}})
		}
		for _, d := range r.Deductions {
			cell := "deduction/" + d.ID
			cells = append(cells,
				Cell{Name: cell, Input: Count, Max: 100, Optional: true, Running: true, Group: cell, Words: []string{"cell.breach", cmp.Or(d.Name, d.ID)}},
				Cell{Name: cell + "/note", Input: Text, Optional: true, Group: cell, Words: []string{"cell.note", cmp.Or(d.Name, d.ID)}})
		}
		return append(cells, why(usualReasons...)), nil
	},
	take: takeMarking,
	put:  putMarking,
}

const workingTime = "working-time"

func aspectCells(r *marking.Rules, a *marking.Aspect, seats []string, number func(string) int) []Cell {
	title := cmp.Or(a.Name, a.ID)
	one := Cell{Name: a.ID, Group: a.ID, Words: []string{"cell.aspect", title}}
	switch a.Kind {
	case marking.YesNo:
		one.Input, one.Choices = Choice, []string{"yes", "no"}
	case marking.Value:
		one.Input, one.Measure = Mark, a.Measure
		for _, b := range a.Bands { // a deviation may be below zero
			one.Min = min(one.Min, int64(b.From))
		}
		if one.Min < 0 {
			one.Min = -most
		}
	case marking.Formula:
		var cells []Cell
		for _, c := range a.Counts {
			cells = append(cells, Cell{Name: a.ID + "/" + c.ID, Input: Count, Max: 100_000, Running: true, Group: a.ID, Words: []string{"cell.count", title, cmp.Or(c.Name, c.ID)}})
		}
		return cells
	default:
		var cells []Cell
		for _, seat := range seats {
			n := number(seat)
			cells = append(cells, Cell{Name: judgeCell(a.ID, n), Input: Choice, Choices: judgements, Place: judgePlace(n), Blind: true, Group: a.ID,
				Words: []string{"cell.judgement", title, seat}, Levels: a.Levels})
		}
		if r.Settle == "explain" {
			cells = append(cells, Cell{Name: a.ID + "/reason", Input: Text, Optional: true, Group: a.ID, Words: []string{"cell.spread", title}})
		}
		return cells
	}
	return []Cell{one}
}

func takeMarking(r *marking.Rules, l *marking.Line, give func(string, Value)) {
	scheme(r, func(a *marking.Aspect, seats []string, number func(string) int) {
		s := l.Aspects[a.ID]
		for _, seat := range seats {
			if given, ok := s.Judges[seat]; ok && a.Kind == marking.Judgement {
				give(judgeCell(a.ID, number(seat)), Value{Text: given.String()})
			}
		}
		if s.Reason != "" && r.Settle == "explain" {
			give(a.ID+"/reason", Value{Text: s.Reason})
		}
		if s.Yes != nil {
			give(a.ID, Value{Text: yesNo(*s.Yes)})
		}
		if s.Value != nil {
			give(a.ID, signed(*s.Value, a.Measure))
		}
		for _, c := range a.Counts {
			if n, ok := s.Counts[c.ID]; ok {
				give(a.ID+"/"+c.ID, markValue(scoring.Mark(n)))
			}
		}
	})
	if l.Theory != nil {
		give("theory", markValue(l.Theory.Thousandths()))
	}
	if l.Time != nil && slices.Contains(r.Ties, "time") {
		give(workingTime, markValue(*l.Time))
		l.Time = nil
	}
	for _, b := range l.Deductions {
		give("deduction/"+b.ID, markValue(scoring.Mark(b.Times)))
		if b.Note != "" {
			give("deduction/"+b.ID+"/note", Value{Text: b.Note})
		}
	}
	l.Aspects, l.Theory, l.Deductions = nil, nil, nil
	takeWhy(&l.IRM, &l.Rule, give)
}

func putMarking(r *marking.Rules, l *marking.Line, v Values) error {
	var refused error
	scheme(r, func(a *marking.Aspect, seats []string, number func(string) int) {
		s, given, err := aspect(a, seats, number, v)
		if err != nil && refused == nil {
			refused = err
		}
		if !given {
			return
		}
		if l.Aspects == nil {
			l.Aspects = map[string]marking.Score{}
		}
		l.Aspects[a.ID] = s
	})
	if t := v["theory"]; !t.Empty() {
		points := markOf(t).Points()
		l.Theory = &points
	}
	if slices.Contains(r.Ties, "time") {
		l.Time = v[workingTime].Mark
	}
	for _, d := range r.Deductions {
		if times := markOf(v["deduction/"+d.ID]); times > 0 {
			l.Deductions = append(l.Deductions, marking.Breach{ID: d.ID, Times: int(times), Note: v["deduction/"+d.ID+"/note"].Text})
		}
	}
	putWhy(&l.IRM, &l.Rule, v)
	return refused
}

// aspect is what was given for an aspect as far as it may be seen: a judgement
// once every judge has given theirs.
func aspect(a *marking.Aspect, seats []string, number func(string) int, v Values) (s marking.Score, given bool, err error) {
	one := v[a.ID]
	switch a.Kind {
	case marking.YesNo:
		if yes := one.Text == "yes"; !one.Empty() {
			s.Yes = &yes
		}
	case marking.Value:
		if !one.Empty() {
			var m scoring.Mark
			m, err = unsigned(one, a.Measure)
			s.Value = &m
		}
	case marking.Formula:
		for _, c := range a.Counts {
			if n := v[a.ID+"/"+c.ID]; !n.Empty() {
				if s.Counts == nil {
					s.Counts = map[string]int{}
				}
				s.Counts[c.ID] = int(markOf(n))
			}
		}
	default:
		judges := map[string]scoring.Ratio{}
		for _, seat := range seats {
			if j := v[judgeCell(a.ID, number(seat))]; !j.Empty() {
				judges[seat], err = scoring.ParseRatio(j.Text)
			}
		}
		if len(judges) == len(seats) {
			s.Judges, s.Reason = judges, v[a.ID+"/reason"].Text
		}
	}
	return s, s.Yes != nil || s.Value != nil || s.Counts != nil || s.Judges != nil, err
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
