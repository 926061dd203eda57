package medals

import (
	"cmp"
	"slices"

	"tongchang/scoring"
)

// apply takes points away from the parts that the limit leaves out. The best
// results count; between equal ones the listing decides, which changes no sum.
func (l *Limit) apply(parts []Part) {
	groups := map[string][]*Part{}
	for i := range parts {
		p := &parts[i]
		if p.Points.Sign() > 0 {
			g := l.group(p)
			groups[g] = append(groups[g], p)
		}
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b *Part) int { return b.Points.Cmp(a.Points) })
		var sum scoring.Ratio
		for i, p := range group {
			counts := p.Points
			if l.Best > 0 && i >= l.Best {
				counts = scoring.Ratio{}
			}
			if room := l.Cap.Sub(sum); !l.Cap.IsZero() && counts.Cmp(room) > 0 {
				counts = room
			}
			if counts.Cmp(p.Points) != 0 {
				p.Points, p.Limit = counts, l
			}
			sum = sum.Add(counts)
		}
	}
}

func (l *Limit) group(p *Part) string {
	switch l.Per {
	case "event":
		return p.Event
	case "discipline":
		return p.Discipline
	}
	return ""
}

// compareResults lists the parts of a row for reading: by event, then rank.
func compareResults(a, b *Result) int {
	return cmp.Or(
		scoring.CompareIDs(a.Event, b.Event),
		cmp.Compare(a.Rank, b.Rank),
		scoring.CompareIDs(a.Entry, b.Entry),
		cmp.Compare(a.Medal, b.Medal),
		a.Points.Cmp(b.Points),
	)
}
