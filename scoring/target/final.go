package target

import (
	"cmp"
	"strconv"

	"tongchang/scoring"
)

// final plays an elimination again: after shot Out, and after every Step more,
// the lowest total of those still in goes out; of equal lowest, the lowest in
// the shoot-off fired then. Whoever goes out later stands before, those still
// in stand first, by their totals. While a shoot-off is not decided nobody goes
// out, and a shot fired after one's exit, or past an undecided exit, is refused.
func (r *Rules) final(cards []card) ([]scoring.Step[card], error) {
	var in []*card
	byTotals := false
	for i := range cards {
		c := &cards[i]
		byTotals = byTotals || c.line.Shots > 0
		if c.line.IRM == "" && len(c.totals) > 0 {
			in = append(in, c)
		}
	}
	if byTotals {
		return r.published(in)
	}
	for shot := r.Out; shot <= r.Hits && len(in) > 1; shot += r.Step {
		lowest, ok := r.lowest(in, shot)
		if !ok {
			break
		}
		if lowest == nil {
			if c := further(in, shot); c != nil {
				return nil, &scoring.Invalid{Line: c.line.ID, Field: "shot " + strconv.Itoa(shot), Problem: "shoot-off-missing", Rule: r.Source}
			}
			break
		}
		if lowest.hits() > shot {
			return nil, &scoring.Invalid{Line: lowest.line.ID, Field: "shot " + strconv.Itoa(shot+1), Problem: "shot-after-exit", With: []string{strconv.Itoa(shot)}, Rule: r.Source}
		}
		lowest.out = shot
		in = without(in, lowest)
	}
	return r.finalSteps(), nil
}

// lowest finds who goes out after the shot: nil where the shoot-off has not
// decided it, not ok where somebody still in has yet to fire the shot.
func (r *Rules) lowest(in []*card, shot int) (*card, bool) {
	var low *card
	level := false
	for _, c := range in {
		if c.hits() < shot {
			return nil, false
		}
		if low == nil {
			low = c
			continue
		}
		switch v := cmp.Or(cmp.Compare(c.after(shot), low.after(shot)), offs(c.outOffs[shot], low.outOffs[shot])); {
		case v < 0:
			low, level = c, false
		case v == 0:
			level = true
		}
	}
	if level {
		return nil, true
	}
	return low, true
}

// further is somebody who has fired on.
func further(in []*card, shot int) *card {
	for _, c := range in {
		if c.hits() > shot {
			return c
		}
	}
	return nil
}

func without(in []*card, out *card) []*card {
	var left []*card
	for _, c := range in {
		if c != out {
			left = append(left, c)
		}
	}
	return left
}

// after is the total after so many shots.
func (c *card) after(shots int) int {
	sum := -c.penalty
	for i := range shots {
		sum += c.hit(i).Tenths
	}
	return sum
}

// offs compares shoot-offs, shot by shot.
func offs(a, b []Hit) int {
	for i := range max(len(a), len(b)) {
		if c := at(a, i).compare(at(b, i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func (r *Rules) finalSteps() []scoring.Step[card] {
	last := r.Hits + 1 // those still in
	return []scoring.Step[card]{
		{Rule: "out-after", Source: r.Source,
			Compare: func(a, b *card) int { return cmp.Compare(cmp.Or(b.out, last), cmp.Or(a.out, last)) },
			Show:    func(c *card) string { return r.print(c.total) }},
		r.step("total", func(c *card) int { return c.total }, r.print),
	}
}

// published ranks a final of which only totals and numbers of shots are known.
func (r *Rules) published(in []*card) ([]scoring.Step[card], error) {
	for _, c := range in {
		shots := c.line.Shots
		if shots < r.Out || shots > r.Hits || (shots-r.Out)%r.Step != 0 {
			return nil, &scoring.Invalid{Line: c.line.ID, Field: "shots", Problem: "not-an-exit", With: []string{strconv.Itoa(shots)}, Rule: r.Source}
		}
		if shots < r.Hits {
			c.out = shots
		}
	}
	return r.finalSteps(), nil
}
