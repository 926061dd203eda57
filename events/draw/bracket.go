package draw

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/bracket"
)

// BracketRules say how a knock-out is drawn. Seeds 1 and 2 stand at the two ends,
// 3 and 4 draw the two lines between, 5 to 8 the four after them, and so on; byes
// go to the best seeds. Everybody else draws the lines that are left.
type BracketRules struct {
	Seeds int `json:"seeds,omitempty"` // how many of the best are seeded
	// Separate keeps those of one delegation apart as long as can be.
	Separate bool   `json:"separate,omitempty"`
	Source   string `json:"source,omitempty"` // rule book, edition, clause
}

// Rules of brackets.
const (
	RuleLine    = "bracket-line"     // the seed's own line
	RuleLineLot = "bracket-line-lot" // drawn among the lines of seeds as good; Own and Other: the seeds from, to
	RuleLineAny = "bracket-lot"      // drawn among the lines left
	RuleBye     = "bracket-bye"      // no opponent in the first round
)

func (b *BracketRules) check() error {
	if b.Seeds < 0 {
		return &scoring.Invalid{Field: "seeds", Problem: "out-of-range", With: []string{strconv.Itoa(b.Seeds)}}
	}
	return nil
}

// BracketLines are a bracket as scoring/bracket builds it: order goes into
// Options.Order, from top to bottom, 0 for a bye; seed n in it is entrants[n-1].
// Who has come in by hand counts behind those who were drawn.
func (r *Result) BracketLines() (order []int, entrants []string) {
	last := func(p Place) int { return cmp.Or(p.Rank, math.MaxInt) }
	order = make([]int, r.Lines)
	for i, p := range slices.SortedStableFunc(slices.Values(r.Places), func(a, b Place) int { return cmp.Compare(last(a), last(b)) }) {
		order[p.Number-1] = i + 1
		entrants = append(entrants, p.Entrant)
	}
	return order, entrants
}

// sheet is the lines of a bracket: on[line] is an index into the ranked, or -1.
type sheet struct {
	*drawing
	ranked []Place
	of     []string // by index: the delegation
	on     []int
	tier   []int // by index: who may change places with whom
	drawn  []int // the line that each had first
	group  []int // by index: the delegation's number, 0 for those who are alone
	// exhausted: every way was looked at, so what there is cannot be bettered.
	exhausted bool
}

// bracket draws the tiers, then exchanges within tiers until delegations are as
// far apart as can be.
func (d *drawing) bracket(r *Result) {
	s := d.newSheet()
	if d.plan.Bracket.Separate {
		s.split(0, len(s.on))
		s.climb()
		s.search()
	}
	s.finish(r)
}

// newSheet draws the tiers.
func (d *drawing) newSheet() *sheet {
	s := &sheet{drawing: d, ranked: d.ranked(d.plan.Bracket.Seeds)}
	n := len(s.ranked)
	s.of = d.delegations(s.ranked)
	s.number()
	byLine := bracket.Seeding(n) // the rank whose line it is
	s.on = slices.Repeat([]int{-1}, len(byLine))
	s.tier, s.drawn = make([]int, n), make([]int, n)
	line := make([]int, n) // of each rank
	for l, rank := range byLine {
		if rank > 0 {
			line[rank-1] = l
		}
	}
	seeds := 0
	for seeds < min(n, d.plan.Bracket.Seeds) && s.ranked[seeds].Why[0].Rule != RuleByLot {
		seeds++
	}
	for first := 0; first < n; {
		end := tierEnd(first, n, seeds, len(byLine)-n)
		s.drawTier(first, end, seeds, line[first:end])
		first = end
	}
	return s
}

// tierEnd is where the tier of equals ends that begins at an index: seeds in
// powers of two, parted where byes end; all others together.
func tierEnd(first, n, seeds, byes int) int {
	if first >= seeds {
		return n
	}
	end := 1
	for end <= first {
		end *= 2
	}
	end = min(end, seeds)
	if first < byes {
		end = min(end, byes)
	}
	return end
}

// drawTier draws the lines of one tier.
func (s *sheet) drawTier(first, end, seeds int, lines []int) {
	lines = slices.Clone(lines)
	shuffle(s.chance.of("bracket/"+strconv.Itoa(first+1)), lines)
	for i := first; i < end; i++ {
		l := lines[i-first]
		s.on[l], s.drawn[i], s.tier[i] = i, l, first
		switch p := &s.ranked[i]; {
		case i >= seeds:
			p.because(RuleLineAny, "", "", "")
		case end-first > 1:
			p.because(RuleLineLot, strconv.Itoa(first+1), "", strconv.Itoa(end))
		default:
			p.because(RuleLine, "", "", "")
		}
	}
}

// finish writes the places with their reasons.
func (s *sheet) finish(r *Result) {
	rules := s.plan.Bracket
	for l, i := range s.on {
		if i < 0 {
			continue
		}
		p := &s.ranked[i]
		p.Number = l + 1
		p.sourced(rules.Source)
		if l != s.drawn[i] {
			s.explain(p, s.drawn[i])
		}
		if len(s.on) > 1 && s.on[l^1] < 0 {
			p.because(RuleBye, "", "", "")
		}
	}
	r.Places, r.Lines = s.ranked, len(s.on)
	if rules.Separate {
		r.Apart = s.apart()
	}
}

func (s *sheet) delegation(i int) string { return s.of[i] }

// explain says why somebody is not on the line that was drawn: a member of the
// delegation who now is nearest to it, or others who had to be parted.
func (s *sheet) explain(p *Place, drawn int) {
	of := s.byID[p.Entrant].Delegation
	for block := 2; block < len(s.on) && of != ""; block *= 2 {
		from := drawn / block * block
		for _, i := range s.on[from : from+block] {
			if i >= 0 && s.ranked[i].Entrant != p.Entrant && s.delegation(i) == of {
				p.because(RuleApart, strconv.Itoa(drawn+1), s.ranked[i].Entrant, "")
				return
			}
		}
	}
	p.because(RuleForApart, strconv.Itoa(drawn+1), "", "")
}

// split parts delegations between the two halves of a block of lines, then
// within each half. Within one split the result is the best there is: who is
// exchanged follows a path from a delegation with too many in the upper half to
// one with too few (or the other way), and where no path makes the sum of pairs
// smaller, none is smaller, because the cost of each delegation is convex.
func (s *sheet) split(from, to int) {
	if to-from < 4 {
		return
	}
	h := &halves{sheet: s, from: from, middle: (from + to) / 2, to: to}
	for h.improve() {
	}
	s.split(from, h.middle)
	s.split(h.middle, to)
}

// halves is one split.
type halves struct {
	*sheet
	from, middle, to int
}

// step is an exchange: the entrant on line up goes down, the other way round for
// the one on line down.
type step struct {
	up, down int
	before   *step // how this step's upper delegation got rid of one below
	to       string
}

// improve makes the one exchange, or chain of exchanges, that lowers the sum of
// pairs most. It reports whether there was one.
func (h *halves) improve() bool {
	up, down := h.counts()
	costUp := func(of string) int { return cost(down[of], up[of], of) }   // of one of a delegation moving up
	costDown := func(of string) int { return cost(up[of], down[of], of) } // and of one moving down
	all, cheapest := h.delegations(), 0
	for _, of := range all {
		cheapest = min(cheapest, costUp(of))
	}
	best, path := 0, (*step)(nil)
	for _, of := range all {
		if costDown(of)+cheapest >= best {
			continue
		}
		for _, end := range h.reach(of) {
			if c := costDown(of) + costUp(end.to); c < best {
				best, path = c, end
			}
		}
	}
	for s := path; s != nil; s = s.before {
		h.on[s.up], h.on[s.down] = h.on[s.down], h.on[s.up]
	}
	return path != nil
}

// cost is how many pairs more there are when one of a delegation leaves so many
// and comes to so many others.
func cost(here, there int, of string) int {
	if of == "" {
		return 0
	}
	return there - (here - 1)
}

func (h *halves) counts() (up, down map[string]int) {
	up, down = map[string]int{}, map[string]int{}
	for l := h.from; l < h.to; l++ {
		if h.on[l] < 0 {
			continue
		}
		if of := h.delegation(h.on[l]); l < h.middle {
			up[of]++
		} else {
			down[of]++
		}
	}
	return up, down
}

// delegations in the block, in the order of the ranked.
func (h *halves) delegations() (list []string) {
	in := slices.Clone(h.on[h.from:h.to])
	slices.Sort(in)
	for _, i := range in {
		if i >= 0 && !slices.Contains(list, h.delegation(i)) {
			list = append(list, h.delegation(i))
		}
	}
	return list
}

// reach finds, for every delegation that can be reached from one by exchanges
// within tiers, the shortest chain. Lower ranked move first.
func (h *halves) reach(of string) (ends []*step) {
	seen := map[string]bool{of: true}
	queue := []*step{{to: of}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, x := range h.members(h.from, h.middle, at.to) {
			for _, y := range h.lower(h.on[x]) {
				to := h.delegation(h.on[y])
				if seen[to] {
					continue
				}
				seen[to] = true
				next := &step{up: x, down: y, to: to}
				if at.to != of {
					next.before = at
				}
				ends, queue = append(ends, next), append(queue, next)
			}
		}
	}
	return ends
}

// members are a delegation's lines between two, the lowest ranked first.
func (h *halves) members(from, to int, of string) (lines []int) {
	for l := from; l < to; l++ {
		if h.on[l] >= 0 && h.delegation(h.on[l]) == of {
			lines = append(lines, l)
		}
	}
	slices.SortFunc(lines, func(a, b int) int { return h.on[b] - h.on[a] })
	return lines
}

// lower are the lines below with whom an entrant may change, the lowest ranked
// first.
func (h *halves) lower(i int) (lines []int) {
	for l := h.middle; l < h.to; l++ {
		if h.on[l] >= 0 && h.tier[h.on[l]] == h.tier[i] {
			lines = append(lines, l)
		}
	}
	slices.SortFunc(lines, func(a, b int) int { return h.on[b] - h.on[a] })
	return lines
}

// apart counts, for every round but the last, the pairs of one delegation that
// can have met by then, and what no draw can go below.
func (s *sheet) apart() *Apart {
	a := &Apart{Pairs: s.pairs(), Least: s.least()}
	a.Proven = slices.Equal(a.Pairs, a.Least) || s.exhausted
	return a
}
