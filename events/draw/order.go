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
	DrawBlocks bool   `json:"draw_blocks,omitempty"`
	Source     string `json:"source,omitempty"` // rule book, edition, clause
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
	r.Places = list
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
