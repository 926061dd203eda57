package draw

import (
	"cmp"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Rules that stand at the beginning of every place's reasons, as keys of the
// catalogue.
const (
	RuleSeedMark = "seed-mark"   // by the seed mark; Own: the rank
	RuleSeedLot  = "seed-lot"    // equal marks; Own: the rank, Against: an equal, Other: the lot
	RuleSeedNone = "seed-none"   // no mark: after all who have one; Own: the rank, Other: the lot
	RuleByLot    = "drawn-lot"   // not seeded; Own: the lot
	RuleApart    = "drawn-apart" // moved away from Against, of the same delegation; Own: where the lot had put it
	RuleForApart = "drawn-room"  // moved to keep others apart; Own: where the lot had put it
)

// drawing is a draw at work.
type drawing struct {
	plan     *Plan
	chance   source
	entrants []Entrant // who is drawn, by ID
	reserves []Entrant // best first
	byID     map[string]*Entrant
	lot      map[string]int
}

// newDrawing gives everybody a lot, reserves too: the first thing that is drawn.
func newDrawing(p *Plan, chance source) *drawing {
	d := &drawing{plan: p, chance: chance, byID: make(map[string]*Entrant, len(p.Entrants)), lot: make(map[string]int, len(p.Entrants))}
	for i := range p.Entrants {
		d.byID[p.Entrants[i].ID] = &p.Entrants[i]
	}
	drawn := slices.SortedFunc(slices.Values(p.Entrants), byID)
	shuffle(chance.of("lots"), drawn)
	for i := range drawn {
		d.lot[drawn[i].ID] = i + 1
	}
	for _, e := range slices.SortedFunc(slices.Values(p.Entrants), byID) {
		if e.Reserve {
			d.reserves = append(d.reserves, e)
		} else {
			d.entrants = append(d.entrants, e)
		}
	}
	slices.SortFunc(d.reserves, d.compare)
	return d
}

// compare puts the better seed first: by mark, those without one last, equals by
// lot.
func (d *drawing) compare(a, b Entrant) int {
	switch {
	case (a.Seed == nil) != (b.Seed == nil):
		if a.Seed == nil {
			return 1
		}
		return -1
	case a.Seed != nil && *a.Seed != *b.Seed:
		if d.plan.HighBest {
			return cmp.Compare(*b.Seed, *a.Seed)
		}
		return cmp.Compare(*a.Seed, *b.Seed)
	}
	return d.byLot(a, b)
}

func (d *drawing) byLot(a, b Entrant) int { return cmp.Compare(d.lot[a.ID], d.lot[b.ID]) }

// ranked lists who is drawn, best first. Only the best so many with a mark are
// seeded; behind them everybody stands by lot, and only the lot is the reason.
func (d *drawing) ranked(seeds int) []Place {
	list := slices.SortedFunc(slices.Values(d.entrants), d.compare)
	marked := 0
	for marked < len(list) && list[marked].Seed != nil {
		marked++
	}
	all := seeds >= len(list)
	if !all {
		seeds = min(seeds, marked)
		slices.SortFunc(list[seeds:], d.byLot)
	}
	places := make([]Place, len(list))
	for i := range list {
		places[i] = Place{Entrant: list[i].ID, Rank: i + 1, Lot: d.lot[list[i].ID]}
		switch {
		case i >= seeds && !all:
			places[i].because(RuleByLot, strconv.Itoa(places[i].Lot), "", "")
		case list[i].Seed == nil:
			places[i].because(RuleSeedNone, strconv.Itoa(i+1), "", strconv.Itoa(places[i].Lot))
		default:
			places[i].Why = []scoring.Reason{seedReason(list, i, places[i].Lot)}
		}
	}
	return places
}

// seedReason says whether the mark alone gave the rank, or a lot among equals.
func seedReason(list []Entrant, i, lot int) scoring.Reason {
	why := scoring.Reason{Rule: RuleSeedMark, Own: strconv.Itoa(i + 1)}
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(list) && list[j].Seed != nil && *list[j].Seed == *list[i].Seed {
			why.Rule, why.Against, why.Other = RuleSeedLot, list[j].ID, strconv.Itoa(lot)
			break
		}
	}
	return why
}

// because adds a reason.
func (p *Place) because(rule, own, against, other string) {
	p.Why = append(p.Why, scoring.Reason{Rule: rule, Own: own, Against: against, Other: other})
}

// sourced names the rule book in the last reason.
func (p *Place) sourced(source string) {
	if len(p.Why) > 0 {
		p.Why[len(p.Why)-1].Source = source
	}
}

func (s Spot) compare(o Spot) int {
	return cmp.Or(cmp.Compare(s.Part, o.Part), cmp.Compare(s.Number, o.Number))
}
