package lenex

import "testing"

// TestPublishedRankings ranks the real meet again and holds every line against
// what its officials published.
func TestPublishedRankings(t *testing.T) {
	m := &read(t, sample(t, "trials-2024-results.lxf")).Meets[0]
	c, err := m.Compare(m.Rank)
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]int{}
	for _, d := range c.Differences {
		rules[d.Rule]++
		if d.Rule == "" {
			t.Errorf("event %d group %d result %d: published %d, computed %d", d.Event, d.Group, d.Result, d.Published, d.Computed)
		}
	}
	t.Logf("rankings: %d compared, %d differ, %d explained %v", c.Compared, c.Differ, c.Explained, rules)
	if c.Compared != 4263 {
		t.Errorf("%d lines compared, want all 4263", c.Compared)
	}
}
