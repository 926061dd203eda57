// Package advance decides who starts where: entries into heats and lanes, and
// the ranked of one round into the next. Everything here is a function of its
// arguments; where the rules ask for a draw, the drawn order is an argument.
package advance

import (
	"slices"
	"strconv"

	"tongchang/scoring"
)

// CentreOut orders lanes by preference: the middle one first, then its
// neighbours by turns, the higher number before the lower: 4 5 3 6 2 7 1 8, and
// 4 5 3 6 2 7 1 8 0 9 for lanes 0 to 9 (World Aquatics SW 3.1.2, spearhead).
func CentreOut(lanes []int) []int {
	sorted := slices.Sorted(slices.Values(lanes))
	out := make([]int, 0, len(sorted))
	middle := (len(sorted) - 1) / 2
	for step := range len(sorted) {
		if up := middle + step; up < len(sorted) {
			out = append(out, sorted[up])
		}
		if down := middle - step; step > 0 && down >= 0 {
			out = append(out, sorted[down])
		}
	}
	return out
}

// slots joins neighbouring lanes where each starter needs more than one: a
// runner with a guide takes two, so eight lanes hold four (World Para Athletics,
// T11 and T12). Lanes left over stay empty.
func slots(lanes []int, width int) [][]int {
	sorted := slices.Sorted(slices.Values(lanes))
	var out [][]int
	for len(sorted) >= width {
		adjacent := sorted[width-1]-sorted[0] == width-1
		if !adjacent {
			sorted = sorted[1:]
			continue
		}
		out = append(out, sorted[:width])
		sorted = sorted[width:]
	}
	return out
}

// Lanes says which lanes a venue has and how they are given out.
type Lanes struct {
	Numbers []int `json:"numbers"`
	// Order is the preference, best first; none means CentreOut.
	Order []int `json:"order,omitempty"`
	// Width is how many neighbouring lanes each starter takes; 0 means 1.
	Width int `json:"width,omitempty"`
}

// slots in the order in which they are given out.
func (l Lanes) slots() ([][]int, error) {
	bad := func(problem string, with ...string) ([][]int, error) {
		return nil, &scoring.Invalid{Field: "lanes", Problem: problem, With: with}
	}
	if len(l.Numbers) == 0 || len(l.Numbers) > 100 {
		return bad("out-of-range", strconv.Itoa(len(l.Numbers)))
	}
	if sorted := slices.Sorted(slices.Values(l.Numbers)); len(slices.Compact(sorted)) != len(l.Numbers) {
		return bad("lane-twice")
	}
	width := max(l.Width, 1)
	joined := slots(l.Numbers, width)
	if len(joined) == 0 {
		return bad("lanes-too-few", strconv.Itoa(width))
	}
	order := l.Order
	if len(order) == 0 {
		firsts := make([]int, len(joined))
		for i, s := range joined {
			firsts[i] = s[0]
		}
		order = CentreOut(firsts)
	}
	var out [][]int
	for _, lane := range order {
		for _, s := range joined {
			if s[0] == lane {
				out = append(out, s)
			}
		}
	}
	if len(out) != len(joined) {
		return bad("lane-order", strconv.Itoa(len(out)), strconv.Itoa(len(joined)))
	}
	return out, nil
}

// lane gives out one heat's slots to starters in seed order, then looks after
// those who can only use certain lanes (the one with the steps or the hoist, the
// outermost for a wide chair): each changes places with whoever has the first
// lane that fits.
func lane(heat int, slots [][]int, in []Entrant) ([]Start, error) {
	starts := make([]Start, len(in))
	for i := range in {
		starts[i] = Start{ID: in[i].ID, Heat: heat, Lane: slots[i][0], Lanes: slots[i]}
	}
	fits := func(e *Entrant, lane int) bool { return len(e.Needs) == 0 || slices.Contains(e.Needs, lane) }
	for i := range in {
		if fits(&in[i], starts[i].Lane) {
			continue
		}
		other := -1
		for j, s := range slots {
			taken := j < len(in) && j != i && len(in[j].Needs) > 0 && fits(&in[j], starts[j].Lane)
			if fits(&in[i], s[0]) && !taken {
				other = j
				break
			}
		}
		if other < 0 {
			return nil, &scoring.Invalid{Line: in[i].ID, Field: "lane", Problem: "no-lane-fits", With: []string{strconv.Itoa(heat)}}
		}
		slots = slices.Clone(slots)
		slots[i], slots[other] = slots[other], slots[i]
		for _, k := range []int{i, other} {
			if k < len(in) {
				starts[k].Lane, starts[k].Lanes = slots[k][0], slots[k]
				starts[k].Reason = scoring.Reason{Rule: RuleNeedsLane, Against: in[i].ID}
			}
		}
		// whoever was moved may need a lane too, and is looked after in turn
	}
	return starts, nil
}
