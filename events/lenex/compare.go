package lenex

// The published rankings of a meet against rankings computed from its results:
// how we know that we rank as officials do.

import (
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
	results := map[int]*Result{}
	for s := range m.Results() {
		results[s.Result.ID] = s.Result
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
			c.group(e, g, ranked, results, heats)
		}
	}
	return c, nil
}

func (c *Comparison) group(e *Event, g *AgeGroup, ranked []scoring.Ranked, results map[int]*Result, heats map[int]*Heat) {
	computed := make(map[int]*scoring.Ranked, len(ranked))
	for i := range ranked {
		if id, err := strconv.Atoi(ranked[i].ID); err == nil {
			computed[id] = &ranked[i]
		}
	}
	open := unofficial(g, results, heats)
	before := map[int]int{} // place of the published line before, by final: order is kept
	for _, k := range g.Rankings {
		c.Compared++
		d := Difference{Event: e.ID, Group: g.ID, Result: k.ResultID, Published: max(k.Place, 0), Computed: -1}
		block := final(g, heats[results[k.ResultID].HeatID])
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

// final is the letter of the final within the group's own ranking; lines of
// different finals are ranked one after the other.
func final(g *AgeGroup, h *Heat) int {
	if h != nil && h.AgeGroupID == g.ID && h.Final != "" {
		return int(h.Final[0])
	}
	return 'A'
}

// unofficial finds the finals of a ranking in which a heat is not yet official.
// The heats of a round are those its published lines were swum in; a heat that
// the group owns counts too, swum or not.
func unofficial(g *AgeGroup, results map[int]*Result, heats map[int]*Heat) map[int]bool {
	open := map[int]bool{}
	note := func(h *Heat) {
		if h != nil && h.Status != Official {
			open[final(g, h)] = true
		}
	}
	for _, k := range g.Rankings {
		note(heats[results[k.ResultID].HeatID])
	}
	for _, h := range heats {
		if h.AgeGroupID == g.ID {
			note(h)
		}
	}
	return open
}
