package advance

import (
	"cmp"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Rules that put a starter in a heat and lane, as keys of the message catalogue.
const (
	RuleOneHeat   = "seed-one-heat" // all fit into one heat: by time from the middle lane
	RuleCircle    = "seed-circle"   // dealt in turn over the last heats
	RuleStraight  = "seed-straight" // heat after heat by time
	RuleNeedsLane = "needs-lane"    // changed places for a lane that somebody needs
)

// Seeding says how entries become heats.
type Seeding struct {
	Lanes Lanes `json:"lanes"`
	// Circle is how many of the last heats are seeded in turn: 3 in swimming,
	// 2 for 400 m and longer, 1 or 0 for none (straight seeding).
	Circle int `json:"circle,omitempty"`
	// Min is how many a heat should have when it is seeded: 3 in swimming. The
	// first heat takes from the second what it lacks.
	Min int `json:"min,omitempty"`
	// Even makes all heats equally full, the later ones one more; otherwise the
	// last heats are full and the first has what is left.
	Even bool `json:"even,omitempty"`
	// FastestFirst numbers the heats from the fastest: long timed finals.
	FastestFirst bool   `json:"fastest_first,omitempty"`
	Source       string `json:"source,omitempty"` // rule book, edition, clause
}

// Entrant is one entry to be seeded. Equal times, and those without a time, are
// in the order of their lots; equal lots by ID.
type Entrant struct {
	ID    string        `json:"id"`
	Time  *scoring.Mark `json:"time,omitempty"` // ms; none is seeded last
	Lot   int           `json:"lot,omitempty"`
	Needs []int         `json:"needs,omitempty"` // the only lanes that this starter can use
}

// Start is a place in a heat. Lanes has all the lanes that the starter takes,
// Lane the first of them.
type Start struct {
	ID         string
	Heat, Lane int
	Lanes      []int
	Reason     scoring.Reason // Own: the seed, 1 for the fastest
}

// Heats seeds entries into heats and lanes as swimming does (World Aquatics
// SW 3.1): the fastest of the last heats are dealt one to each in turn, the
// heats before them are filled by time, and within a heat the lanes go from the
// middle outwards. Withdrawn entries are not handed in.
func Heats(s Seeding, entrants []Entrant) ([]Start, error) {
	slots, err := s.Lanes.slots()
	if err != nil {
		return nil, err
	}
	if s.Circle < 0 || s.Min < 0 || s.Min > len(slots) {
		return nil, &scoring.Invalid{Field: "seeding", Problem: "out-of-range", With: []string{strconv.Itoa(s.Circle), strconv.Itoa(s.Min)}}
	}
	seeds, err := seeded(entrants)
	if err != nil {
		return nil, err
	}
	sizes := heatSizes(len(seeds), len(slots), s.Min, s.Even)
	heats := deal(len(seeds), sizes, s.Circle)
	var starts []Start
	for h, members := range heats {
		in := make([]Entrant, len(members))
		for i, seed := range members {
			in[i] = seeds[seed]
		}
		number := h + 1
		if s.FastestFirst {
			number = len(heats) - h
		}
		placed, err := lane(number, slots, in)
		if err != nil {
			return nil, err
		}
		for i, seed := range members {
			why := &placed[i].Reason
			why.Own, why.Source = strconv.Itoa(seed+1), s.Source
			if why.Rule == "" {
				why.Rule = rule(h, len(heats), s.Circle)
			}
		}
		starts = append(starts, placed...)
	}
	slices.SortStableFunc(starts, func(a, b Start) int { return cmp.Compare(a.Heat, b.Heat) })
	return starts, nil
}

func rule(heat, heats, circle int) string {
	switch {
	case heats == 1:
		return RuleOneHeat
	case circle > 1 && heat >= heats-circle:
		return RuleCircle
	}
	return RuleStraight
}

// seeded puts the fastest first.
func seeded(entrants []Entrant) ([]Entrant, error) {
	seen := map[string]bool{}
	for _, e := range entrants {
		switch {
		case e.ID == "" || seen[e.ID]:
			return nil, &scoring.Invalid{Line: e.ID, Field: "id", Problem: "id-twice"}
		case e.Time != nil && *e.Time <= 0:
			return nil, &scoring.Invalid{Line: e.ID, Field: "time", Problem: "out-of-range"}
		}
		seen[e.ID] = true
	}
	return slices.SortedFunc(slices.Values(entrants), func(a, b Entrant) int {
		switch {
		case (a.Time == nil) != (b.Time == nil):
			if a.Time == nil {
				return 1
			}
			return -1
		case a.Time != nil && *a.Time != *b.Time:
			return cmp.Compare(*a.Time, *b.Time)
		}
		return cmp.Or(cmp.Compare(a.Lot, b.Lot), scoring.CompareIDs(a.ID, b.ID))
	}), nil
}

// heatSizes is how many each heat has, in heat order with the slowest first.
func heatSizes(n, capacity, least int, even bool) []int {
	if n == 0 {
		return nil
	}
	heats := (n + capacity - 1) / capacity
	sizes := make([]int, heats)
	if even {
		for i := range sizes {
			sizes[i] = n / heats
			if i >= heats-n%heats {
				sizes[i]++
			}
		}
		return sizes
	}
	for i := range sizes {
		sizes[i] = capacity
	}
	if sizes[0] = n - (heats-1)*capacity; heats > 1 && sizes[0] < least {
		both := sizes[0] + sizes[1]
		sizes[0] = max(sizes[0], min(least, both/2))
		sizes[1] = both - sizes[0]
	}
	return sizes
}

// deal gives out seeds 0 to n−1: the last heats in turn, beginning with the very
// last, then the heats before them one after the other.
func deal(n int, sizes []int, circle int) [][]int {
	heats := make([][]int, len(sizes))
	seed := 0
	first := len(sizes) - min(max(circle, 1), len(sizes)) // first heat of the circle
	room := 0
	for _, size := range sizes[first:] {
		room += size
	}
	for seed < room {
		for h := len(sizes) - 1; h >= first; h-- {
			if len(heats[h]) < sizes[h] {
				heats[h] = append(heats[h], seed)
				seed++
			}
		}
	}
	for h := first - 1; h >= 0; h-- {
		for range sizes[h] {
			heats[h] = append(heats[h], seed)
			seed++
		}
	}
	return heats
}

// Serpentine deals ranked starters over groups there and back: 1 4 5 8 and
// 2 3 6 7 for two groups.
func Serpentine(ids []string, groups int) ([][]string, error) {
	if groups < 1 || groups > 1000 {
		return nil, &scoring.Invalid{Field: "groups", Problem: "out-of-range", With: []string{strconv.Itoa(groups)}}
	}
	out := make([][]string, groups)
	for i, id := range ids {
		g := i % groups
		if (i/groups)%2 == 1 {
			g = groups - 1 - g
		}
		out[g] = append(out[g], id)
	}
	return out, nil
}
