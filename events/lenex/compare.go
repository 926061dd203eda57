package lenex

// The published rankings of a meet against rankings computed from its results:
// how we know that we rank as officials do.

import (
	"cmp"
	"strconv"

	"tongchang/scoring"
)

// Difference is a line whose published place is not the computed one. Rule is
// why, by name, and empty where nothing explains it; docs/lenex.md has the table.
type Difference struct {
	Event, Group, Result int
	Published, Computed  int // places; 0 for none, -1 where the line is absent
	Rule                 string
}

// Comparison counts published lines.
type Comparison struct {
	Compared, Differ, Explained int
	Differences                 []Difference
}

// Rules that explain a difference.
const (
	// NotOfficial: the file was written while a heat of the ranking was not yet
	// official. Its lines are published in order but without a place.
	NotOfficial = "not-official"
)

// Compare holds every published ranking against what rank answers for the same
// group. The lines' IDs are result IDs. A computed line that was not published
// counts as a difference too.
func (m *Meet) Compare(rank func(*Event, *AgeGroup) ([]scoring.Ranked, error)) (Comparison, error) {
	var c Comparison
	heats := m.heats()
	swum := map[int]*Heat{} // result → heat
	for s := range m.Results() {
		swum[s.Result.ID] = heats[s.Result.HeatID]
	}
	for _, e := range m.Events() {
		for i := range e.AgeGroups {
			g := &e.AgeGroups[i]
			if len(g.Rankings) == 0 {
				continue
			}
			ranked, err := rank(e, g)
			if err != nil {
				return c, err
			}
			c.group(e, g, ranked, unofficial(g, swum, heats), swum)
		}
	}
	return c, nil
}

func (c *Comparison) group(e *Event, g *AgeGroup, ranked []scoring.Ranked, open map[string]bool, swum map[int]*Heat) {
	computed := make(map[int]*scoring.Ranked, len(ranked))
	for i := range ranked {
		if id, err := strconv.Atoi(ranked[i].ID); err == nil {
			computed[id] = &ranked[i]
		}
	}
	before := map[string]int{} // place of the published line before, by final: order is kept
	for _, k := range g.Rankings {
		c.Compared++
		d := Difference{Event: e.ID, Group: g.ID, Result: k.ResultID, Published: max(k.Place, 0), Computed: -1}
		block := block(g, swum[k.ResultID])
		if r := computed[k.ResultID]; r != nil {
			d.Computed = r.Rank
			delete(computed, k.ResultID)
		}
		if d.Published == 0 && open[block] && d.Computed >= before[block] {
			d.Rule = NotOfficial
		}
		before[block] = d.Computed
		c.add(d)
	}
	for id, r := range computed {
		c.add(Difference{Event: e.ID, Group: g.ID, Result: id, Published: -1, Computed: r.Rank})
	}
}

func (c *Comparison) add(d Difference) {
	if d.Published == d.Computed {
		return
	}
	c.Differ++
	if d.Rule != "" {
		c.Explained++
	}
	c.Differences = append(c.Differences, d)
}

// unofficial finds the finals of a ranking in which a heat is not yet official.
// The heats of a round are those its published lines were swum in; a heat that
// the group owns counts too, swum or not.
func unofficial(g *AgeGroup, swum map[int]*Heat, heats map[int]*Heat) map[string]bool {
	open := map[string]bool{}
	note := func(h *Heat) {
		if h != nil && h.Status != Official {
			open[block(g, h)] = true
		}
	}
	for _, k := range g.Rankings {
		note(swum[k.ResultID])
	}
	for _, h := range heats {
		if h.AgeGroupID == g.ID {
			note(h)
		}
	}
	return open
}

// block is the final that a line is ranked in; outside finals all are one.
func block(g *AgeGroup, h *Heat) string { return cmp.Or(final(g, h), "A") }
