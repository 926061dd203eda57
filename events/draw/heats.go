package draw

import (
	"cmp"
	"slices"
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/advance"
)

// HeatRules say how heats are made and lanes given out. Heats are those of
// scoring/advance, dealt in turn or straight as its Seeding says, or there and
// back over all heats (Zigzag). Within a heat, the best seed has the first choice
// of lane.
type HeatRules struct {
	// Seeding has the venue's lanes with their preference, and the rule of dealing.
	// Its Width stays 0: who needs more than one lane is said by the entrant.
	Seeding advance.Seeding `json:"seeding"`
	// Wheelchair are the lanes that a wheelchair can use; none means all of them.
	Wheelchair []int `json:"wheelchair_lanes,omitempty"`
	// GuideLanes is how many neighbouring lanes an athlete with a guide takes; 0
	// means 2 (World Para Athletics, T11 and T12).
	GuideLanes int `json:"guide_lanes,omitempty"`
	// Zigzag deals the ranked there and back over the heats: 1 4 5 8 and 2 3 6 7.
	Zigzag bool `json:"zigzag,omitempty"`
	// Separate puts those of one delegation into different heats, as far as can be.
	// Only with Zigzag: exchanges are among those dealt in the same turn.
	Separate bool `json:"separate,omitempty"`
	// LaneGroups draws lanes by lot within groups: the best of a heat draw among the
	// lanes of the first group, the next among those of the second. Together the
	// groups are all lanes.
	LaneGroups [][]int `json:"lane_groups,omitempty"`
	// DrawHeats draws the order in which the heats are run.
	DrawHeats bool `json:"draw_heats,omitempty"`
}

// Rules of heats and lanes beside those of scoring/advance.
const (
	RuleZigzag    = "seed-zigzag" // dealt there and back
	RuleHeatLot   = "heat-lot"    // the heat's number was drawn; Own: the number before
	RuleLane      = "lane-choice" // Own: the preference, 1 for the best lane
	RuleLaneLot   = "lane-lot"    // drawn among the lanes of a group
	RuleLaneGuide = "lane-guide"  // neighbouring lanes for athlete and guide; Own: how many
	RuleLaneLeft  = "lane-left"   // a better lane was kept for somebody who needs it
)

func (h *HeatRules) check() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	if h.Seeding.Lanes.Width != 0 || h.Zigzag && h.Seeding.Circle > 1 || h.Separate && !h.Zigzag {
		return bad("seeding", "settings-clash")
	}
	if h.GuideLanes < 0 || h.GuideLanes > 4 {
		return bad("guide_lanes", "not-between", strconv.Itoa(h.GuideLanes), "0", "4")
	}
	// One starter alone in a heat finds what is wrong with the lanes themselves.
	if _, err := advance.Heats(h.Seeding, []advance.Entrant{{ID: "1"}}); err != nil {
		return err
	}
	all := slices.Sorted(slices.Values(h.Seeding.Lanes.Numbers))
	if in := slices.Sorted(slices.Values(h.Seeding.Lanes.Order)); len(in) > 0 && !slices.Equal(in, all) {
		return bad("lanes", "lane-order", strconv.Itoa(len(in)), strconv.Itoa(len(all)))
	}
	for _, lane := range h.Wheelchair {
		if !slices.Contains(all, lane) {
			return bad("wheelchair_lanes", "draw-unknown-lane", strconv.Itoa(lane))
		}
	}
	if in := slices.Sorted(slices.Values(slices.Concat(h.LaneGroups...))); len(h.LaneGroups) > 0 && !slices.Equal(in, all) {
		return bad("lane_groups", "lane-order", strconv.Itoa(len(in)), strconv.Itoa(len(all)))
	}
	return nil
}

// width is how many lanes an entrant takes.
func (h *HeatRules) width(e *Entrant) int {
	if e.Guide {
		return cmp.Or(h.GuideLanes, 2)
	}
	return 1
}

// rolls reports whether a wheelchair can use all of some lanes.
func (h *HeatRules) rolls(lanes []int) bool {
	return len(h.Wheelchair) == 0 || !slices.ContainsFunc(lanes, func(l int) bool { return !slices.Contains(h.Wheelchair, l) })
}

// heats makes the fewest heats in which everybody has the lanes that they need:
// as many to a heat as there are lanes, then one less, until all heats fit. Alone
// everybody fits, so this ends.
func (d *drawing) heats(r *Result) error {
	for i := range d.entrants {
		if e := &d.entrants[i]; !newTrack(d.plan.Heats, nil).fits([]*Entrant{e}) {
			return &scoring.Invalid{Line: e.ID, Field: "lane", Problem: "draw-no-lane", With: []string{strconv.Itoa(d.plan.Heats.width(e))}}
		}
	}
	ranked := d.ranked(len(d.entrants))
	most := len(d.plan.Heats.Seeding.Lanes.Numbers)
	heats, err := d.compose(ranked, most)
	for err == nil && !d.allFit(heats) {
		most--
		heats, err = d.compose(ranked, most)
	}
	for i := range heats {
		d.giveLanes(heats[i])
		r.Places = append(r.Places, heats[i]...)
	}
	if err == nil && d.plan.Heats.Separate {
		r.Apart = d.partsApart(r.Places, len(heats))
	}
	return err
}

// compose puts the ranked into heats of at most so many, each best first.
func (d *drawing) compose(ranked []Place, most int) (heats [][]Place, err error) {
	if d.plan.Heats.Zigzag {
		heats = d.zigzag(ranked, most)
	} else {
		heats, err = d.deal(ranked, most)
	}
	if err != nil || !d.plan.Heats.DrawHeats {
		return heats, err
	}
	shuffle(d.chance.of("heats"), heats)
	for i := range heats {
		for j := range heats[i] {
			p := &heats[i][j]
			p.because(RuleHeatLot, strconv.Itoa(p.Part), "", "")
			p.Part = i + 1
		}
	}
	return heats, nil
}

// deal seeds as scoring/advance does, on lanes numbered in the order in which
// they would be given out.
func (d *drawing) deal(ranked []Place, most int) ([][]Place, error) {
	rules := d.plan.Heats.Seeding
	rules.Min = min(rules.Min, most)
	rules.Lanes = advance.Lanes{Numbers: upTo(most), Order: upTo(most)}
	in := make([]advance.Entrant, len(ranked))
	for i := range ranked {
		rank := scoring.Mark(i + 1)
		in[i] = advance.Entrant{ID: ranked[i].Entrant, Time: &rank}
	}
	starts, err := advance.Heats(rules, in)
	if err != nil {
		return nil, err
	}
	var heats [][]Place
	for _, s := range starts { // heat by heat, best first
		for len(heats) < s.Heat {
			heats = append(heats, nil)
		}
		rank, err := strconv.Atoi(s.Reason.Own)
		if err != nil {
			return nil, err
		}
		p := ranked[rank-1]
		p.Part, p.Why = s.Heat, slices.Clone(p.Why)
		p.because(s.Reason.Rule, "", "", "")
		p.sourced(rules.Source)
		heats[s.Heat-1] = append(heats[s.Heat-1], p)
	}
	for _, h := range heats {
		slices.SortFunc(h, func(a, b Place) int { return cmp.Compare(a.Rank, b.Rank) })
	}
	return heats, nil
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

// zigzag deals there and back over as many heats as are needed.
func (d *drawing) zigzag(ranked []Place, most int) [][]Place {
	heats := make([][]Place, (len(ranked)+most-1)/most)
	t := d.newTable(slices.Clone(ranked), len(heats), true)
	if d.plan.Heats.Separate {
		t.separate()
	}
	for _, row := range t.at {
		for h, i := range row {
			if i < 0 {
				continue
			}
			p := &t.ranked[i]
			p.Part, p.Why = h+1, slices.Clone(p.Why)
			p.because(RuleZigzag, "", "", "")
			p.sourced(d.plan.Heats.Seeding.Source)
			t.explain(i, h)
			heats[h] = append(heats[h], *p)
		}
	}
	return heats
}

func (d *drawing) allFit(heats [][]Place) bool {
	for _, heat := range heats {
		in := d.inHeat(heat)
		if !newTrack(d.plan.Heats, nil).fits(in) {
			return false
		}
	}
	return true
}

func (d *drawing) inHeat(heat []Place) []*Entrant {
	in := make([]*Entrant, len(heat))
	for i := range heat {
		in[i] = d.byID[heat[i].Entrant]
	}
	return in
}

// giveLanes lets a heat's starters choose, best first. What one may choose leaves
// a lane for everybody behind, so nobody has to move later.
func (d *drawing) giveLanes(heat []Place) {
	rules := d.plan.Heats
	t := newTrack(rules, d.laneOrder(heat[0].Part))
	in := d.inHeat(heat)
	for i := range heat {
		p, e := &heat[i], in[i]
		choice, first := -1, -1
		options := t.options(rules.width(e))
		for k, lanes := range options {
			if !t.open(lanes) {
				continue
			}
			if first < 0 {
				first = k
			}
			if e.Wheelchair && !rules.rolls(lanes) {
				continue
			}
			if t.take(lanes); t.fits(in[i+1:]) {
				choice = k
				break
			}
			t.leave(lanes)
		}
		lanes := options[choice]
		if p.Number = lanes[0]; len(lanes) > 1 {
			p.Lanes = lanes
			p.because(RuleLaneGuide, strconv.Itoa(len(lanes)), "", "")
		}
		switch {
		case e.Wheelchair && choice != first:
			p.because(advance.RuleNeedsLane, "", "", "")
		case choice != first:
			p.because(RuleLaneLeft, strconv.Itoa(options[first][0]), "", "")
		case len(rules.LaneGroups) > 0:
			p.because(RuleLaneLot, "", "", "")
		default:
			p.because(RuleLane, strconv.Itoa(choice+1), "", "")
		}
	}
}

// laneOrder is the preference of a heat's lanes: as the venue has it, or drawn
// within groups, each heat by a lot of its own.
func (d *drawing) laneOrder(heat int) []int {
	if len(d.plan.Heats.LaneGroups) == 0 {
		return nil
	}
	s := d.chance.of("lanes/" + strconv.Itoa(heat))
	var order []int
	for _, group := range d.plan.Heats.LaneGroups {
		group = slices.Clone(group)
		shuffle(s, group)
		order = append(order, group...)
	}
	return order
}

// track is the lanes of one heat as they fill.
type track struct {
	rules   *HeatRules
	singles [][]int // by preference
	blocks  [][]int // of neighbouring lanes, for a guide; by preference
	taken   map[int]bool
}

// newTrack lists what there is to choose from. Without an order it is the venue's:
// its own, or from the middle outwards, as in scoring/advance.
func newTrack(h *HeatRules, order []int) *track {
	lanes := slices.Sorted(slices.Values(h.Seeding.Lanes.Numbers))
	width := h.width(&Entrant{Guide: true})
	var firsts []int
	blocks := map[int][]int{}
	for left := lanes; len(left) >= width; {
		if left[width-1]-left[0] != width-1 {
			left = left[1:]
			continue
		}
		firsts = append(firsts, left[0])
		blocks[left[0]] = left[:width]
		left = left[width:]
	}
	if order == nil {
		order = h.Seeding.Lanes.Order
	}
	blockOrder := order
	if len(order) == 0 {
		order, blockOrder = advance.CentreOut(lanes), advance.CentreOut(firsts)
	}
	t := &track{rules: h, taken: map[int]bool{}}
	for _, l := range order {
		t.singles = append(t.singles, []int{l})
	}
	for _, l := range blockOrder {
		if b := blocks[l]; b != nil {
			t.blocks = append(t.blocks, b)
		}
	}
	return t
}

func (t *track) options(width int) [][]int {
	if width > 1 {
		return t.blocks
	}
	return t.singles
}

func (t *track) open(lanes []int) bool {
	return !slices.ContainsFunc(lanes, func(l int) bool { return t.taken[l] })
}

func (t *track) take(lanes []int) {
	for _, l := range lanes {
		t.taken[l] = true
	}
}

func (t *track) leave(lanes []int) {
	for _, l := range lanes {
		delete(t.taken, l)
	}
}

// fits reports whether all of them still find lanes. Guides in wheelchairs need
// blocks that roll all through; the other guides take blocks with the fewest
// lanes that roll; what is left is counted.
func (t *track) fits(in []*Entrant) bool {
	var guides, rollingGuides, singles, rolling int
	for _, e := range in {
		switch wide := t.rules.width(e) > 1; {
		case wide && e.Wheelchair:
			rollingGuides++
		case wide:
			guides++
		default:
			singles++
			if e.Wheelchair {
				rolling++
			}
		}
	}
	free, freeRolling := t.count(slices.Concat(t.singles...))
	var blocks []int // how many lanes of each open block roll
	width := 0
	for _, b := range t.blocks {
		if t.open(b) {
			_, n := t.count(b)
			blocks = append(blocks, n)
			width = len(b)
		}
	}
	slices.Sort(blocks)
	if len(blocks) < guides+rollingGuides {
		return false
	}
	for _, n := range blocks[:guides] {
		freeRolling -= n
	}
	for _, n := range blocks[len(blocks)-rollingGuides:] {
		if n < width {
			return false
		}
		freeRolling -= n
	}
	free -= (guides + rollingGuides) * width
	return singles <= free && rolling <= freeRolling
}

// count gives how many of some lanes are free, and how many of those roll.
func (t *track) count(lanes []int) (free, rolling int) {
	for _, l := range lanes {
		if !t.taken[l] {
			free++
			if t.rules.rolls([]int{l}) {
				rolling++
			}
		}
	}
	return free, rolling
}
