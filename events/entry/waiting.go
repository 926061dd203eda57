package entry

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"tongchang/scoring"
)

// HandedIn is a row with the moment when it was handed in for the first time.
// Placed is one that has its place already; Number tells rows of one moment
// apart.
type HandedIn struct {
	Row    *Row
	At     time.Time
	Number int64
	Placed bool
}

// Waits is a row for which there is no place, the how manyth of those that wait
// for the same, and which number is full.
type Waits struct {
	Row   *Row
	Place int
	Full  scoring.Invalid
}

// Waiting says who waits: places go in the order in which rows were handed in,
// after those that have theirs. A row has a place when there is one for every
// event that it chooses and in every number of its delegation; one that waits
// takes none. The rows are as [Check] has judged them.
func (ed *Edition) Waiting(rows []HandedIn) []Waits {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b HandedIn) int {
		if a.Placed != b.Placed {
			return map[bool]int{true: -1, false: 1}[a.Placed]
		}
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Number, b.Number))
	})
	taken := map[string]map[string]bool{} // what is bounded → who is in it
	line := map[string]int{}              // what is bounded → how many wait for it
	var waits []Waits
	for _, h := range rows {
		bounds := ed.bounds(h.Row)
		who := h.Row.whoever()
		full := slices.IndexFunc(bounds, func(b bound) bool { return !taken[b.key][who] && len(taken[b.key]) >= b.most })
		if full >= 0 && !h.Placed {
			b := bounds[full]
			line[b.key]++
			waits = append(waits, Waits{h.Row, line[b.key], b.full})
			continue
		}
		for _, b := range bounds {
			if taken[b.key] == nil {
				taken[b.key] = map[string]bool{}
			}
			taken[b.key][who] = true
		}
	}
	return waits
}

// bound is a number of persons that a row counts towards.
type bound struct {
	key  string
	most int
	full scoring.Invalid
}

// bounds are all numbers that a row counts towards: its delegation's quotas, its
// delegation's places in an event, and an event's places in all.
func (ed *Edition) bounds(r *Row) []bound {
	var all []bound
	for i := range ed.Quotas {
		q := &ed.Quotas[i]
		if most, ok := q.most(r.Delegation); ok && q.counts(ed, r) {
			all = append(all, bound{"quota " + strconv.Itoa(i) + " " + r.Delegation, most,
				scoring.Invalid{Problem: "full-delegation", With: []string{q.title(), strconv.Itoa(most), r.Delegation}}})
		}
	}
	for _, e := range r.entered {
		if e == nil {
			continue
		}
		if e.Limit > 0 {
			all = append(all, bound{e.Code + " " + r.Delegation, e.Places(),
				scoring.Invalid{Field: string(Events), Problem: "full-delegation", With: []string{e.title(), strconv.Itoa(e.Places()), r.Delegation}}})
		}
		if e.Capacity > 0 && e.Individual() {
			all = append(all, bound{e.Code, e.Capacity,
				scoring.Invalid{Field: string(Events), Problem: "full-event", With: []string{e.title(), strconv.Itoa(e.Capacity)}}})
		}
	}
	return all
}
