package draw

import (
	"slices"
	"strconv"

	"tongchang/scoring"
)

// GroupRules say how groups, or pools, are drawn. The ranked are cut into pots of
// as many as there are groups; each pot gives every group one, and the last pot,
// where it is not full, some of them. So groups differ by at most one.
type GroupRules struct {
	Groups int `json:"groups,omitempty"` // how many; or
	Size   int `json:"size,omitempty"`   // how many a group holds at most
	// Seeds is how many of the best are ranked by their marks. Those behind stand by
	// lot.
	Seeds int `json:"seeds,omitempty"`
	// Serpentine deals the pots there and back instead of drawing them.
	Serpentine bool `json:"serpentine,omitempty"`
	// Separate keeps those of one delegation in different groups, as far as can be.
	Separate bool   `json:"separate,omitempty"`
	Source   string `json:"source,omitempty"` // rule book, edition, clause
}

// Rules of groups.
const (
	RulePot        = "group-pot"        // drawn from a pot; Own: the pot's number
	RuleSerpentine = "group-serpentine" // dealt there and back
)

// count is how many groups there are.
func (g *GroupRules) count(starters int) int {
	if g.Groups > 0 {
		return g.Groups
	}
	return (starters + g.Size - 1) / g.Size
}

func (g *GroupRules) check(starters int) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	switch {
	case g.Groups < 0 || g.Size < 0 || (g.Groups == 0) == (g.Size == 0):
		return bad("groups", "draw-groups-or-size")
	case g.Seeds < 0:
		return bad("seeds", "out-of-range", strconv.Itoa(g.Seeds))
	case g.count(starters) > starters:
		return bad("groups", "not-between", strconv.Itoa(g.Groups), "1", strconv.Itoa(starters))
	}
	return nil
}

// table is groups, or heats dealt there and back, by pot: at[pot][group] is an
// index into the ranked, or -1.
type table struct {
	ranked []Place
	of     []string // by index: the delegation
	at     [][]int
	drawn  []int            // the group that each was drawn into, before any exchange
	count  map[string][]int // delegation → how many in each group
	teams  []string         // the delegations, in the order of the ranked
	ties   *stream          // decides between groups that are equally full
}

// newTable draws the pots, or deals them there and back.
func (d *drawing) newTable(ranked []Place, groups int, serpentine bool) *table {
	t := &table{ranked: ranked, of: d.delegations(ranked), drawn: make([]int, len(ranked)), count: map[string][]int{}, ties: d.chance.of("exchanges")}
	for pot := range (len(ranked) + groups - 1) / groups {
		row := slices.Repeat([]int{-1}, groups)
		to := upTo(groups)
		switch {
		case !serpentine:
			shuffle(d.chance.of("groups/"+strconv.Itoa(pot+1)), to)
		case pot%2 == 1: // and back
			slices.Reverse(to)
		}
		for i := pot * groups; i < min(len(ranked), (pot+1)*groups); i++ {
			group := to[i-pot*groups] - 1
			row[group], t.drawn[i] = i, group
		}
		t.at = append(t.at, row)
	}
	for i, of := range t.of {
		if of == "" {
			continue
		}
		if t.count[of] == nil {
			t.count[of] = make([]int, groups)
			t.teams = append(t.teams, of)
		}
		t.count[of][t.drawn[i]]++
	}
	return t
}

// groups draws the pots, then exchanges until delegations are as far apart as can
// be. An exchange stays within a pot, so it changes nobody's strength of group.
func (d *drawing) groups(r *Result) {
	rules := d.plan.Groups
	n := rules.count(len(d.entrants))
	t := d.newTable(d.ranked(rules.Seeds), n, rules.Serpentine)
	if rules.Separate {
		t.separate()
	}
	for pot := range t.at {
		for group, i := range t.at[pot] {
			if i < 0 {
				continue
			}
			p := &t.ranked[i]
			p.Spot = Spot{Part: group + 1, Number: pot + 1}
			if rules.Serpentine {
				p.because(RuleSerpentine, "", "", "")
			} else {
				p.because(RulePot, strconv.Itoa(pot+1), "", "")
			}
			p.sourced(rules.Source)
			t.explain(i, group)
		}
	}
	r.Places = t.ranked
	if rules.Separate {
		r.Apart = d.partsApart(r.Places, n)
	}
}

// separate exchanges as long as some delegation has two more in one group than in
// another. In the end every delegation is spread evenly, and the sum of pairs is
// the least possible: that this can always be reached, whatever the pots, is de
// Werra's theorem on balanced edge colourings of bipartite graphs (pots and
// delegations are the vertices, entrants the edges, groups the colours).
func (t *table) separate() {
	for {
		of, a, b := t.crowded()
		if of == "" {
			return
		}
		t.exchange(of, a, b)
	}
}

// crowded finds the delegation with the greatest difference, the best ranked where
// several have it, with its fullest and its emptiest group. Among groups that are
// equally full a lot decides, so that none of them is favoured.
func (t *table) crowded() (of string, most, least int) {
	gap := 1
	for _, team := range t.teams {
		if g := slices.Max(t.count[team]) - slices.Min(t.count[team]); g > gap {
			gap, of = g, team
		}
	}
	if of != "" {
		c := t.count[of]
		most, least = t.one(c, slices.Max(c)), t.one(c, slices.Min(c))
	}
	return of, most, least
}

// one draws one of the groups where a delegation has so many.
func (t *table) one(count []int, n int) int {
	var equal []int
	for g := range count {
		if count[g] == n {
			equal = append(equal, g)
		}
	}
	return equal[t.ties.below(len(equal))]
}

// exchange moves one of a delegation from group a to b. Who stands there in the
// same pot goes the other way; where that makes another delegation worse, one of
// that moves on to b in turn, until somebody's delegation gains or does not mind.
// Each step leaves its delegation as it was, so the sum of pairs falls with every
// exchange and this ends.
func (t *table) exchange(of string, a, b int) {
	moved := map[int]bool{}
	for {
		pot := t.mover(of, a, moved)
		e, f := t.at[pot][a], t.at[pot][b]
		t.at[pot][a], t.at[pot][b] = f, e
		moved[e] = true
		t.count[of][a]--
		t.count[of][b]++
		if f < 0 {
			return
		}
		moved[f] = true
		of = t.of[f]
		if of == "" {
			return
		}
		t.count[of][a]++
		t.count[of][b]--
		if t.count[of][a]-t.count[of][b] <= 1 {
			return
		}
	}
}

// mover is the pot of the delegation's lowest ranked in a group who has not been
// moved yet. There always is one: exchange goes on only from a delegation with as
// many there as in the other group, and each visit came by another of those.
func (t *table) mover(of string, group int, moved map[int]bool) int {
	for pot := len(t.at) - 1; pot >= 0; pot-- {
		if i := t.at[pot][group]; i >= 0 && !moved[i] && t.of[i] == of {
			return pot
		}
	}
	panic("draw: a delegation is counted in a group where it has nobody")
}

// explain says why somebody is not in the group that was drawn: for the own
// delegation's sake, or to make room.
func (t *table) explain(i, group int) {
	if group == t.drawn[i] {
		return
	}
	p, from := &t.ranked[i], t.drawn[i]
	for _, row := range t.at {
		if j := row[from]; j >= 0 && t.of[i] != "" && t.of[j] == t.of[i] {
			p.because(RuleApart, strconv.Itoa(from+1), t.ranked[j].Entrant, "")
			return
		}
	}
	p.because(RuleForApart, strconv.Itoa(from+1), "", "")
}

// partsApart counts pairs of a delegation in the same group, or heat. The least is
// every delegation spread evenly.
func (d *drawing) partsApart(places []Place, groups int) *Apart {
	total := map[string]int{}
	for i := range places {
		total[d.byID[places[i].Entrant].Delegation]++
	}
	delete(total, "")
	least := 0
	for _, n := range total {
		few, more := n/groups, n%groups
		least += (groups-more)*pairs(few) + more*pairs(few+1)
	}
	a := &Apart{Pairs: countPairs(Groups, places, 0, d.byID), Least: []int{least}}
	a.Proven = a.Pairs[0] == least
	return a
}

func pairs(n int) int { return n * (n - 1) / 2 }
