// Package bracket holds knock-outs as values: which match feeds which, what
// the results so far make of it, and the places at the end. Any field size,
// byes for the best seeds, third-place and classification matches, and double
// elimination are the same few slots.
package bracket

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Options say how a bracket is drawn.
type Options struct {
	// PlayTo is the last place that is played for: 3 plays a third-place match,
	// 5 matches for the places 5 to 8 as well. Below, all who lose in the same
	// round share a place. 0 shares third place too: two bronze medals.
	PlayTo int `json:"play_to,omitempty"`
	// Double lets nobody out before a second defeat.
	Double bool `json:"double,omitempty"`
	// Reset plays a second final when the finalist without a defeat has lost the
	// first. Only with Double.
	Reset bool `json:"reset,omitempty"`
	// Order is the draw from top to bottom, by seeds, 0 for a bye: for draws with
	// separation or by lot. Without it seeds stand where they meet as late as
	// possible: 1 and 2 in the final, 1 to 4 in the semi-finals.
	Order []int `json:"order,omitempty"`
}

// MaxEntries is the largest field.
const MaxEntries = 512

// Slot says who comes: a seed, or who won or lost a match.
type Slot struct {
	Seed   int    `json:"seed,omitempty"`
	Winner string `json:"winner,omitempty"`
	Loser  string `json:"loser,omitempty"`
}

// Stages, keys of the catalogue. A round of sixteen is "round-of" with Of 16.
const (
	Final        = "final"
	SemiFinal    = "semi-final"
	QuarterFinal = "quarter-final"
	RoundOf      = "round-of"
	Placing      = "placing" // for the places Best to Worst
	Winners      = "winners-round"
	Losers       = "losers-round"
	GrandFinal   = "grand-final"
	SecondFinal  = "second-final" // only when the grand final went against who had not lost
)

// Match is a place in the bracket. Round counts the order of play from 1; Best
// and Worst are the places that are still at stake in it.
type Match struct {
	ID    string  `json:"id"`
	Stage string  `json:"stage"`
	Of    int     `json:"of,omitempty"`
	Round int     `json:"round"`
	Best  int     `json:"best"`
	Worst int     `json:"worst"`
	Slots [2]Slot `json:"slots"`
}

// Place says who takes a place; places that several take are shared.
type Place struct {
	Place int  `json:"place"`
	Slot  Slot `json:"slot"`
}

// Bracket is a whole knock-out. Matches come in order of play.
type Bracket struct {
	Entries int     `json:"entries"`
	Matches []Match `json:"matches"`
	Places  []Place `json:"places"`
}

// Build draws the bracket for so many entries. It has just as many places.
func Build(entries int, o Options) (*Bracket, error) {
	if entries < 1 || entries > MaxEntries {
		return nil, &scoring.Invalid{Field: "entries", Problem: "not-between", With: []string{strconv.Itoa(entries), "1", strconv.Itoa(MaxEntries)}}
	}
	if o.PlayTo < 0 || o.Reset && !o.Double || o.Double && o.PlayTo > 0 {
		return nil, &scoring.Invalid{Field: "play_to", Problem: "settings-clash"}
	}
	slots, err := o.draw(entries)
	if err != nil {
		return nil, err
	}
	p := plan{playTo: o.PlayTo}
	if o.Double && len(slots) > 1 {
		p.double(slots, o.Reset)
	} else {
		p.play(slots, 1, 1)
	}
	return p.bracket(entries), nil
}

// draw puts the seeds on the lines of the draw.
func (o *Options) draw(entries int) ([]*slot, error) {
	order := o.Order
	if len(order) == 0 {
		order = Seeding(entries)
	}
	bad := &scoring.Invalid{Field: "order", Problem: "bad-draw", With: []string{strconv.Itoa(entries)}}
	if n := len(order); n&(n-1) != 0 || n > 2*MaxEntries {
		return nil, bad
	}
	slots, seen := make([]*slot, len(order)), make([]bool, entries+1)
	for i, seed := range order {
		if seed < 0 || seed > entries || seed > 0 && seen[seed] {
			return nil, bad
		}
		seen[seed] = true
		slots[i] = &slot{seed: seed, bye: seed == 0}
	}
	if slices.Contains(seen[1:], false) {
		return nil, bad
	}
	return slots, nil
}

// Seeding is the usual draw: the best seeds as far apart as possible, byes (0)
// for the best where the field is not a power of two.
func Seeding(entries int) []int {
	order := []int{1}
	for len(order) < entries {
		twice := 2 * len(order)
		wide := make([]int, 0, twice)
		for _, s := range order {
			wide = append(wide, s, twice+1-s)
		}
		order = wide
	}
	for i, s := range order {
		if s > entries {
			order[i] = 0
		}
	}
	return order
}

// slot and node are the bracket while byes are still in it.
type slot struct {
	seed int
	bye  bool
	of   *node
	lost bool
}

type node struct {
	stage     string
	of, round int
	best, n   int // places best to best+n-1 are at stake
	a, b      *slot
	won       *slot // who goes on instead, when a bye leaves no match
	lost      *slot
	id        string
}

type plan struct {
	playTo int
	nodes  []*node
	places []spot
}

type spot struct {
	place int
	slot  *slot
}

// play lets the slots play for the places from best on.
func (p *plan) play(slots []*slot, best, round int) {
	n := len(slots)
	if n == 1 {
		p.places = append(p.places, spot{best, slots[0]})
		return
	}
	winners, losers := p.round(slots, node{stage: stage(best, n), of: n, round: round, best: best, n: n})
	p.play(winners, best, round+1)
	if half := best + n/2; half <= p.playTo {
		p.play(losers, half, round+1)
	} else {
		p.share(losers, half)
	}
}

func stage(best, n int) string {
	switch {
	case best > 1:
		return Placing
	case n == 2:
		return Final
	case n == 4:
		return SemiFinal
	case n == 8:
		return QuarterFinal
	}
	return RoundOf
}

func (p *plan) share(slots []*slot, place int) {
	for _, s := range slots {
		p.places = append(p.places, spot{place, s})
	}
}

// round pairs neighbours.
func (p *plan) round(slots []*slot, like node) (winners, losers []*slot) {
	for i := 0; i < len(slots); i += 2 {
		m := like
		m.a, m.b = slots[i], slots[i+1]
		p.nodes = append(p.nodes, &m)
		winners = append(winners, &slot{of: &m})
		losers = append(losers, &slot{of: &m, lost: true})
	}
	return winners, losers
}

// double draws a double elimination. The losers of each round meet those who
// have lost once before, from the other end of the draw, so that the same two
// meet again as late as possible.
func (p *plan) double(slots []*slot, reset bool) {
	winners, dropped := p.round(slots, node{stage: Winners, of: 1, round: 1, best: 1, n: len(slots)})
	alive, out := dropped, [][]*slot(nil)
	left := len(slots) // who is still in
	lower := func(pairs []*slot, number, round int) {
		next, gone := p.round(pairs, node{stage: Losers, of: number, round: round, best: 1, n: left})
		alive, out = next, append(out, gone)
		left -= len(gone)
	}
	for r := 2; len(winners) > 1; r++ {
		winners, dropped = p.round(winners, node{stage: Winners, of: r, round: 2*r - 2, best: 1, n: left})
		lower(alive, 2*r-3, 2*r-2)
		slices.Reverse(dropped)
		if r%2 == 1 { // the halves change places instead
			half := len(dropped) / 2
			dropped = slices.Concat(dropped[half:], dropped[:half])
		}
		lower(interleave(alive, dropped), 2*r-2, 2*r-1)
	}
	last := 0
	for _, m := range p.nodes {
		last = max(last, m.round)
	}
	final, second := p.round([]*slot{winners[0], alive[0]}, node{stage: GrandFinal, round: last + 1, best: 1, n: 2})
	if reset {
		final, second = p.round([]*slot{final[0], second[0]}, node{stage: SecondFinal, round: last + 2, best: 1, n: 2})
	}
	p.share(final, 1)
	p.share(second, 2)
	place := 3
	for _, gone := range slices.Backward(out) {
		p.share(gone, place)
		place += len(gone)
	}
}

func interleave(a, b []*slot) []*slot {
	out := make([]*slot, 0, 2*len(a))
	for i := range a {
		out = append(out, a[i], b[i])
	}
	return out
}

// bracket takes the byes out and gives matches and places their numbers.
func (p *plan) bracket(entries int) *Bracket {
	var real []*node
	for _, m := range p.nodes { // a match comes after those that feed it
		m.a, m.b = m.a.through(), m.b.through()
		switch {
		case m.a.bye:
			m.won, m.lost = m.b, m.a
		case m.b.bye:
			m.won, m.lost = m.a, m.b
		default:
			real = append(real, m)
		}
	}
	slices.SortStableFunc(real, func(a, b *node) int {
		return cmp.Or(cmp.Compare(a.round, b.round), cmp.Compare(b.best, a.best))
	})
	var spots []spot
	for _, s := range p.places {
		if s.slot = s.slot.through(); !s.slot.bye {
			spots = append(spots, s)
		}
	}
	slices.SortStableFunc(spots, func(a, b spot) int { return cmp.Compare(a.place, b.place) })
	place := func(nominal int) int { // the place among those who are there
		better := 0
		for _, s := range spots {
			if s.place < nominal {
				better++
			}
		}
		return better + 1
	}
	b := &Bracket{Entries: entries}
	number := map[string]int{}
	for _, m := range real {
		best, worst := place(m.best), place(m.best+m.n)-1
		m.name(best, worst, number)
		b.Matches = append(b.Matches, Match{ID: m.id, Stage: m.stage, Of: m.of, Round: m.round, Best: best, Worst: worst})
	}
	for i, m := range real { // the names are known now
		b.Matches[i].Slots = [2]Slot{m.a.value(), m.b.value()}
	}
	for _, s := range spots {
		b.Places = append(b.Places, Place{place(s.place), s.slot.value()})
	}
	return b
}

// name gives a match the ID that officials use: F, SF2, QF3, R16-5, P3, P5-8-1,
// W2-1, L3-2, GF.
func (m *node) name(best, worst int, number map[string]int) {
	prefix, numbered := "", true
	switch m.stage {
	case Final:
		prefix, numbered = "F", false
	case SemiFinal:
		prefix = "SF"
	case QuarterFinal:
		prefix = "QF"
	case RoundOf:
		prefix = fmt.Sprintf("R%d-", m.of)
	case Placing:
		prefix = fmt.Sprintf("P%d-%d-", best, worst)
		if m.n == 2 {
			prefix, numbered = fmt.Sprintf("P%d", best), false
		}
	case Winners:
		prefix = fmt.Sprintf("W%d-", m.of)
	case Losers:
		prefix = fmt.Sprintf("L%d-", m.of)
	case GrandFinal:
		prefix, numbered = "GF", false
	case SecondFinal:
		prefix, numbered = "GF2", false
	}
	m.id = prefix
	if numbered {
		number[prefix]++
		m.id += strconv.Itoa(number[prefix])
	}
}

// through follows a slot past matches that a bye has made unnecessary.
func (s *slot) through() *slot {
	for s.of != nil && s.of.won != nil {
		if s.lost {
			s = s.of.lost
		} else {
			s = s.of.won
		}
	}
	return s
}

func (s *slot) value() Slot {
	switch {
	case s.of == nil:
		return Slot{Seed: s.seed}
	case s.lost:
		return Slot{Loser: s.of.id}
	}
	return Slot{Winner: s.of.id}
}
