package pool

import (
	"slices"
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/duel"
)

// HeadToHead compares match points among those who are level, and only where
// all of them have met equally often.
const HeadToHead = "head-to-head"

// Delete and Keep are the settings of Rules.Withdrawn.
const (
	Delete = "delete"
	Keep   = "keep"
)

// criterion is one way to compare. low: less is better. column: shown beside
// the result.
type criterion struct {
	low, column bool
	of          func(t *table, i int, s stat) value
}

// criteria that a list of tie-breaks may name. Ratios compare what was made
// with all that was played for, which orders like made to conceded and stays
// exact when nothing was conceded.
var criteria = map[string]criterion{
	"match-points":      {column: true, of: func(_ *table, _ int, s stat) value { return whole(s.points) }},
	HeadToHead:          {of: func(_ *table, _ int, s stat) value { return whole(s.points) }},
	"wins":              {column: false, of: func(_ *table, _ int, s stat) value { return whole(s.won) }},
	"single-ratio":      {of: func(_ *table, _ int, s stat) value { return quotient(s.singles) }},
	"part-ratio":        {of: func(_ *table, _ int, s stat) value { return quotient(s.parts) }},
	"score-ratio":       {of: func(_ *table, _ int, s stat) value { return quotient(s.score) }},
	"single-difference": {of: func(_ *table, _ int, s stat) value { return whole(s.singles[0] - s.singles[1]) }},
	"part-difference":   {of: func(_ *table, _ int, s stat) value { return whole(s.parts[0] - s.parts[1]) }},
	"score-difference":  {of: func(_ *table, _ int, s stat) value { return whole(s.score[0] - s.score[1]) }},
	"score-for":         {of: func(_ *table, _ int, s stat) value { return whole(s.score[0]) }},
	"score-against":     {low: true, of: func(_ *table, _ int, s stat) value { return whole(s.score[1]) }},
	"parts-won":         {column: true, of: func(_ *table, _ int, s stat) value { return whole(s.parts[0]) }},
	"biggest-win":       {of: func(_ *table, _ int, s stat) value { return whole(s.margin) }},
	"draw-shots":        {low: true, column: true, of: func(t *table, i int, _ stat) value { return t.drawShots(i) }},
	"sonneborn-berger":  {column: true, of: func(t *table, i int, _ stat) value { return t.sonneborn(i) }},
	"buchholz":          {column: true, of: func(t *table, i int, _ stat) value { return t.buchholz(i, 0) }},
	"buchholz-cut-1":    {column: true, of: func(t *table, i int, _ stat) value { return t.buchholz(i, 1) }},
	"blacks":            {column: true, of: func(_ *table, _ int, s stat) value { return whole(s.blacks) }},
	"black-wins":        {column: true, of: func(_ *table, _ int, s stat) value { return whole(s.blackWins) }},
	"fouls":             {low: true, column: true, of: func(t *table, i int, _ stat) value { return whole(t.rows[i].line.Fouls) }},
	"lot":               {low: true, of: func(t *table, i int, _ stat) value { return lot(t.rows[i].line.Lot) }},
}

// value of a criterion for a line, in the matches against those among.
func (t *table) value(i int, tie Tie, among map[int]bool) value {
	s := t.all[i]
	if among != nil {
		s = t.stat(i, among)
	}
	return criteria[tie.By].of(t, i, s)
}

func lot(n int) value {
	v := whole(n)
	v.none = n == 0
	return v
}

func quotient(v [2]int) value {
	q := value{num: int64(v[0]), den: int64(v[0] + v[1]), text: ratio(v)}
	if q.den == 0 {
		q.den = 1
	}
	return q
}

// drawShots is the mean distance of the draw shots without the worst ones, in
// mm. (World Curling calls it DSC; how many are left out depends on the number
// of games and is a setting.)
func (t *table) drawShots(i int) value {
	d := slices.Sorted(slices.Values(t.rows[i].line.Draws))
	d = d[:max(0, len(d)-t.rules.Drop)]
	if len(d) == 0 {
		return value{none: true}
	}
	v := value{den: int64(len(d))}
	for _, mm := range d {
		v.num += mm
	}
	return v
}

// sonneborn adds the final points of those beaten and half the points of those
// drawn with. Games that were not played earn nothing here.
func (t *table) sonneborn(i int) value {
	v := value{den: 2}
	for _, g := range t.games {
		side, other := duel.A, g.black
		if g.black == i {
			side, other = duel.B, g.white
		} else if g.white != i {
			continue
		}
		switch {
		case !g.outcome.Finished:
		case g.outcome.Drawn:
			v.num += int64(t.all[other].points)
		case g.outcome.Winner == side:
			v.num += 2 * int64(t.all[other].points)
		}
	}
	return v
}

// buchholz adds the final points of all opponents, without the lowest cut of
// them.
func (t *table) buchholz(i, cut int) value {
	var points []int
	unplayed := t.byes[i]
	for _, g := range t.games {
		other := g.black
		if g.black == i {
			other = g.white
		} else if g.white != i {
			continue
		}
		if !g.outcome.Finished {
			unplayed++
			continue
		}
		points = append(points, t.all[other].points)
	}
	for range unplayed {
		own := 0
		if t.rules.Unplayed == "own" {
			own = t.all[i].points
		}
		points = append(points, own)
	}
	slices.Sort(points)
	sum := 0
	for _, p := range points[min(cut, len(points)):] {
		sum += p
	}
	return whole(sum)
}

// show prints a value as officials write it.
func (t *table) show(by string, v value) string {
	switch by {
	case "single-ratio", "part-ratio", "score-ratio":
		return v.text
	case "single-difference", "part-difference", "score-difference":
		return signed(int(v.num))
	case "draw-shots":
		return scoring.NewRatio(v.num, v.den).Over(10).Decimal(2, scoring.HalfUp) // cm
	case "match-points", HeadToHead, "buchholz", "buchholz-cut-1":
		if t.rules.Halves {
			return duel.Halves(int(v.num))
		}
	case "sonneborn-berger":
		r := scoring.NewRatio(v.num, v.den)
		if t.rules.Halves {
			r = r.Over(2)
		}
		return r.String()
	}
	return strconv.FormatInt(v.num, 10)
}
