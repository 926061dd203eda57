package draw

// delegations of the ranked, in their order.
func (d *drawing) delegations(ranked []Place) []string {
	of := make([]string, len(ranked))
	for i := range ranked {
		of[i] = d.byID[ranked[i].Entrant].Delegation
	}
	return of
}

// countPairs counts pairs of one delegation that are together: in a group or heat,
// directly one after the other in an order, or in blocks of 2, 4, 8 … lines up to
// half of a bracket. Places come in order.
func countPairs(k Kind, places []Place, lines int, byID map[string]*Entrant) []int {
	switch k {
	case Order:
		sum := 0
		for i := range places[:max(0, len(places)-1)] {
			if of := byID[places[i].Entrant].Delegation; of != "" && of == byID[places[i+1].Entrant].Delegation {
				sum++
			}
		}
		return []int{sum}
	case Groups, Heats:
		return []int{together(places, byID, func(s Spot) int { return s.Part })}
	}
	sums := []int{}
	for block := 2; block < lines; block *= 2 {
		sums = append(sums, together(places, byID, func(s Spot) int { return (s.Number - 1) / block }))
	}
	return sums
}

// together counts pairs of one delegation whose spots are in the same block.
func together(places []Place, byID map[string]*Entrant, block func(Spot) int) (sum int) {
	type key struct {
		of    string
		block int
	}
	met := map[key]int{}
	for i := range places {
		if of := byID[places[i].Entrant].Delegation; of != "" {
			k := key{of, block(places[i].Spot)}
			sum += met[k]
			met[k]++
		}
	}
	return sum
}
