package web

import "tongchang/events/access"

// competing are people who are entered, of either delegation: everybody may see
// them, and nobody else of the ledger is found under such an address.
func (m *matrix) competing() things {
	all, err := m.store.Athletes(m.t.Context(), m.competition())
	if err != nil || len(all) == 0 {
		m.t.Fatalf("who competes: %d, %v", len(all), err)
	}
	one := func(id string) *thing {
		return &thing{values: map[string]string{"athlete": id}, object: access.Object{}}
	}
	return things{own: one(numeral(all[0].ID)), missing: one(neverThere)}
}
