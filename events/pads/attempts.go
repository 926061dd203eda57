// Throws and jumps: attempts in order, and tries at the heights of a bar.
package pads

import (
	"cmp"
	"slices"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/series"
	"tongchang/scoring/vertical"
)

func attemptCell(i int) string { return name("attempt-%d", i+1) }

// attempts that rules give; what their own room would refuse has few.
func attempts(r *series.Rules) int { return min(cmp.Or(max(r.Attempts, 0), 6), 12) }

var seriesRoom = room[series.Rules, series.Line]{
	cells: func(r *series.Rules, _ scoring.Measure) ([]Cell, error) {
		var cells []Cell
		for i := range attempts(r) {
			cell := attemptCell(i)
			cells = append(cells, Cell{Name: cell, Input: Mark, Measure: scoring.Millimetres, Min: int64(cmp.Or(max(r.Unit, 0), 10)), Max: 200_000,
				Choices: []string{string(series.Foul), string(series.Pass), string(series.Retired)}, Group: cell, Words: []string{"cell.attempt", number(i + 1)}})
			if r.WindLimit != nil {
				cells = append(cells, Cell{Name: cell + "/wind", Input: Wind, Place: "wind", Optional: true, Group: cell, Words: []string{"cell.attempt-wind", number(i + 1)}})
			}
		}
		return append(cells, why(usualReasons...)), nil
	},
	take: func(_ *series.Rules, l *series.Line, give func(string, Value)) {
		for i, a := range l.Attempts {
			if a.Wind != nil { // read before the distance is measured
				give(attemptCell(i)+"/wind", Value{Text: windText(*a.Wind)})
			}
			if a.Call != "" {
				give(attemptCell(i), Value{Text: string(a.Call)})
			} else {
				give(attemptCell(i), markValue(a.Mark))
			}
		}
		l.Attempts = nil
		takeWhy(&l.IRM, &l.Rule, give)
	},
	put: func(r *series.Rules, l *series.Line, v Values) error {
		values, err := list(v, attempts(r), attemptCell)
		for i, one := range values {
			a := series.Attempt{Mark: markOf(one), Call: series.Call(one.Text)}
			if w, ok := WindOf(v[attemptCell(i)+"/wind"].Text); ok && a.Call == "" {
				a.Wind = &w
			}
			l.Attempts = append(l.Attempts, a)
		}
		putWhy(&l.IRM, &l.Rule, v)
		return err
	},
	waits: seriesWaits,
}

// seriesWaits: everybody has the attempts before the cut, those who go on have
// the others.
func seriesWaits(r series.Rules, lines []series.Line) (func(*series.Line) bool, error) {
	all := attempts(&r)
	cut := min(cmp.Or(r.Cut, 3), all)
	var out []string
	if final, err := series.Cut(r, lines); err == nil { // an error is a cut that cannot be made yet
		out = final.Out
	}
	return func(l *series.Line) bool {
		retired := slices.ContainsFunc(l.Attempts, func(a series.Attempt) bool { return a.Call == series.Retired })
		due := all
		if slices.Contains(out, l.ID) {
			due = cut
		}
		return l.IRM == "" && !retired && len(l.Attempts) < due
	}, nil
}

// heightText names a height in metres.
func heightText(h scoring.Mark) string {
	if h%10 != 0 {
		return scoring.Millimetres.Format(h, 3)
	}
	return scoring.Millimetres.Format(h, 2)
}

// tries at each height before three failures end the contest.
const tries = 3

func tryCell(h scoring.Mark, i int) string { return name("%s-%d", heightText(h), i+1) }

func jumpOffCell(i int) string { return name("jump-off-%d", i+1) }

var verticalRoom = room[vertical.Rules, vertical.Line]{
	cells: func(r *vertical.Rules, _ scoring.Measure) ([]Cell, error) {
		var cells []Cell
		for _, h := range r.Heights {
			for i := range tries {
				cells = append(cells, Cell{Name: tryCell(h, i), Input: Choice, Choices: []string{"O", "X", "-", "r"}, Group: heightText(h),
					Words: []string{"cell.height", heightText(h), number(i + 1)}})
			}
		}
		for i, h := range r.JumpOff {
			cells = append(cells, Cell{Name: jumpOffCell(i), Input: Choice, Choices: []string{"O", "X", "r"}, Optional: true, Group: "jump-off",
				Words: []string{"cell.jump-off", number(i + 1), heightText(h)}})
		}
		return append(cells, why(usualReasons...)), nil
	},
	take: func(r *vertical.Rules, l *vertical.Line, give func(string, Value)) {
		for i, text := range l.Tries {
			n := 0
			for _, sign := range text {
				if i < len(r.Heights) {
					give(tryCell(r.Heights[i], n), Value{Text: trial(string(sign))})
				}
				n++
			}
		}
		for i, text := range l.JumpOff {
			if text != "" {
				give(jumpOffCell(i), Value{Text: trial(text)})
			}
		}
		l.Tries, l.JumpOff = nil, nil
		takeWhy(&l.IRM, &l.Rule, give)
	},
	put: func(r *vertical.Rules, l *vertical.Line, v Values) error {
		for i, h := range r.Heights {
			values, err := list(v, tries, func(n int) string { return tryCell(h, n) })
			if err != nil {
				return err
			}
			if len(values) == 0 {
				continue
			}
			for len(l.Tries) <= i {
				l.Tries = append(l.Tries, "")
			}
			for _, one := range values {
				l.Tries[i] += one.Text
			}
		}
		rounds, err := list(v, len(r.JumpOff), jumpOffCell)
		for _, one := range rounds {
			l.JumpOff = append(l.JumpOff, one.Text)
		}
		putWhy(&l.IRM, &l.Rule, v)
		return err
	},
	waits: verticalWaits,
	turn: func(_ *vertical.Rules, cell string, i int) int {
		if strings.HasPrefix(cell, "jump-off-") {
			return 1_000_000 + i // of those who are level when all have jumped
		}
		return i
	},
}

// trial is a sign of the sheet, however it was pressed.
func trial(sign string) string {
	return strings.NewReplacer("x", "X", "×", "X", "o", "O", "○", "O", "–", "-", "−", "-", "R", "r").Replace(sign)
}

// verticalWaits: a jumper is done with three failures in a row, on giving up,
// and with the last height.
func verticalWaits(r vertical.Rules, _ []vertical.Line) (func(*vertical.Line) bool, error) {
	return func(l *vertical.Line) bool {
		if l.IRM != "" {
			return false
		}
		failed := 0
		for _, sign := range strings.Join(l.Tries, "") {
			switch sign {
			case 'X':
				failed++
			case 'O':
				failed = 0
			case 'r':
				return false
			}
		}
		last := len(l.Tries) == len(r.Heights) && strings.ContainsAny(l.Tries[len(l.Tries)-1], "O-")
		return failed < tries && !last
	}, nil
}
