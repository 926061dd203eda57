package draw

import (
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Ways of making a starting order.
const (
	ByLot     = "lot"     // pure chance
	BySeed    = "seed"    // best first
	ByReverse = "reverse" // best last; those without a mark first
)

// OrderRules say how a starting order is made.
type OrderRules struct {
	By string `json:"by"`
	// Blocks are the classes in the order in which they start; without them
	// everybody starts in one order. A block may hold several classes.
	Blocks [][]string `json:"blocks,omitempty"`
	// DrawBlocks draws the order of the blocks too.
	DrawBlocks bool `json:"draw_blocks,omitempty"`
	// Separate lets nobody start directly after one of the own delegation, as far as
	// can be. Only by lot: an order by seed has no room for it.
	Separate bool   `json:"separate,omitempty"`
	Source   string `json:"source,omitempty"` // rule book, edition, clause
}

// Rules of orders and lots.
const (
	RuleReverse = "order-reverse" // the best starts last
	RuleBlock   = "order-block"   // the class's block; Own: its number
	RuleLot     = "lot-number"    // a pure lot; Own: the number
)

func (o *OrderRules) check(entrants []Entrant) error {
	if !slices.Contains([]string{ByLot, BySeed, ByReverse}, o.By) {
		return &scoring.Invalid{Field: "by", Problem: "unknown-value", With: []string{o.By, ByLot + ", " + BySeed + ", " + ByReverse}}
	}
	if o.Separate && o.By != ByLot {
		return &scoring.Invalid{Field: "separate", Problem: "settings-clash"}
	}
	seen := map[string]bool{}
	for _, block := range o.Blocks {
		for _, class := range block {
			if seen[class] {
				return &scoring.Invalid{Field: "blocks", Problem: "draw-class-twice", With: []string{class}}
			}
			seen[class] = true
		}
	}
	for i := range entrants {
		if e := &entrants[i]; len(o.Blocks) > 0 && !seen[e.Class] {
			return &scoring.Invalid{Line: e.ID, Field: "class", Problem: "draw-class-missing", With: []string{e.Class}}
		}
	}
	return nil
}

// order draws a starting order. Positions count through all blocks.
func (d *drawing) order(r *Result) {
	rules := d.plan.Order
	seeds := 0
	if rules.By != ByLot {
		seeds = len(d.entrants)
	}
	list := d.ranked(seeds)
	if rules.By == ByReverse {
		slices.Reverse(list)
		for i := range list {
			list[i].because(RuleReverse, "", "", "")
		}
	}
	blocks := rules.Blocks
	if rules.DrawBlocks {
		blocks = slices.Clone(blocks)
		shuffle(d.chance.of("blocks"), blocks)
	}
	block := func(p *Place) int { // which block an entrant is in, from 1
		class := d.byID[p.Entrant].Class
		return 1 + slices.IndexFunc(blocks, func(b []string) bool { return slices.Contains(b, class) })
	}
	for i := range list {
		if len(blocks) > 0 {
			list[i].Part = block(&list[i])
			list[i].because(RuleBlock, strconv.Itoa(list[i].Part), "", "")
		}
		list[i].sourced(rules.Source)
	}
	slices.SortStableFunc(list, func(a, b Place) int { return a.Part - b.Part })
	for i := range list {
		list[i].Number = i + 1
	}
	if r.Places = list; rules.Separate {
		r.Places, r.Apart = d.queue(list)
	}
}

// queue is a starting order being made one after the other.
type queue struct {
	of   map[string]string // delegation by entrant
	left map[string]int    // delegation → how many of the block are still to come
	rest int               // how many are still to come, whatever their delegation
	last string            // who started last: the entrant
}

// queue takes the first by lot who keeps the number of pairs as low as it can be,
// block by block.
func (d *drawing) queue(list []Place) ([]Place, *Apart) {
	q := &queue{of: make(map[string]string, len(list))}
	for i := range list {
		q.of[list[i].Entrant] = d.byID[list[i].Entrant].Delegation
	}
	least := 0
	var out []Place
	for len(list) > 0 {
		end := slices.IndexFunc(list, func(p Place) bool { return p.Part != list[0].Part })
		if end < 0 {
			end = len(list)
		}
		block := list[:end]
		list = list[end:]
		q.left, q.rest = map[string]int{}, len(block)
		for i := range block {
			q.left[q.of[block[i].Entrant]]++
		}
		least += q.least("")
		out = append(out, q.arrange(block)...)
	}
	for i := range out {
		out[i].Number = i + 1
	}
	a := &Apart{Pairs: countPairs(Order, out, 0, d.byID), Least: []int{least}}
	a.Proven = a.Pairs[0] == least
	return out, a
}

// least is how many pairs cannot be avoided among those still to come after one of
// a delegation: only a delegation of more than half of them has any.
func (q *queue) least(after string) int {
	most := 0
	for of, n := range q.left {
		if of == "" {
			continue
		}
		over := 2*n - q.rest - 1
		if of == after {
			over++
		}
		most = max(most, over)
	}
	return most
}

// arrange puts a block in order.
func (q *queue) arrange(block []Place) (out []Place) {
	waits := map[string]scoring.Reason{} // who was passed over, and why
	for len(block) > 0 {
		k := q.next(block)
		for i := range block[:k] {
			p := &block[i]
			if waits[p.Entrant].Rule != "" {
				continue
			}
			why := scoring.Reason{Rule: RuleForApart, Own: strconv.Itoa(p.Number)}
			if of := q.of[p.Entrant]; of != "" && of == q.of[q.last] {
				why.Rule, why.Against = RuleApart, q.last
			}
			waits[p.Entrant] = why
		}
		p := block[k]
		if why := waits[p.Entrant]; why.Rule != "" {
			p.Why = append(p.Why, why)
		} else if k > 0 {
			p.because(RuleForApart, strconv.Itoa(p.Number), "", "")
		}
		q.take(p.Entrant)
		q.last = p.Entrant
		out = append(out, p)
		block = slices.Delete(slices.Clone(block), k, k+1)
	}
	return out
}

// next is the first by lot after whom no more pairs are needed than now.
func (q *queue) next(block []Place) int {
	last := q.of[q.last]
	now := q.least(last)
	tried := map[string]bool{}
	for k := range block {
		of := q.of[block[k].Entrant]
		if tried[of] {
			continue
		}
		tried[of] = true
		pairs := 0
		if of != "" && of == last {
			pairs = 1
		}
		q.take(block[k].Entrant)
		pairs += q.least(of)
		q.left[of]++
		q.rest++
		if pairs <= now {
			return k
		}
	}
	return 0 // not reached: some delegation always keeps the least
}

func (q *queue) take(id string) {
	q.left[q.of[id]]--
	q.rest--
}

// LotRules say how lots are numbered.
type LotRules struct {
	First  int    `json:"first,omitempty"` // the lowest number; 0 means 1
	Source string `json:"source,omitempty"`
}

func (l *LotRules) check() error {
	const most = 1_000_000
	if l.First < 0 || l.First > most {
		return &scoring.Invalid{Field: "first", Problem: "not-between", With: []string{strconv.Itoa(l.First), "0", strconv.Itoa(most)}}
	}
	return nil
}

// lots draws numbers without gaps: nobody's number is a reserve's.
func (d *drawing) lots(r *Result) {
	first := max(d.plan.Lots.First, 1)
	for i, e := range slices.SortedFunc(slices.Values(d.entrants), d.byLot) {
		p := Place{Spot: Spot{Number: first + i}, Entrant: e.ID, Lot: d.lot[e.ID]}
		p.because(RuleLot, strconv.Itoa(p.Number), "", "")
		p.sourced(d.plan.Lots.Source)
		r.Places = append(r.Places, p)
	}
}
