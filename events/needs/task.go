package needs

import (
	"cmp"
	"slices"
)

// Shared is a need as far as it may be one with others.
type Shared struct {
	ID    int64
	Kind  Code
	Day   string // on which it is wanted; empty: all the time
	Group Group
	State State
	Task  int64 // that it belongs to already; 0: none
}

// Alike reports whether needs can be one task: the same thing, wanted on the
// same day, seen to by the same group, and none of them answered yet.
func Alike(all []Shared) bool {
	for i := range all {
		if key(&all[i]) != key(&all[0]) || !all[i].State.Open() {
			return false
		}
	}
	return len(all) > 1
}

type alike struct {
	kind  Code
	day   string
	group Group
}

func key(s *Shared) alike { return alike{s.Kind, s.Day, s.Group} }

// Tasks proposes what could be one task: the IDs of open needs that are alike
// and not one task already, largest first. What is asked for in the person's own
// words alone is never proposed: two such needs are hardly ever the same.
func Tasks(all []Shared) (proposals [][]int64) {
	groups, order := map[alike][]Shared{}, []alike(nil)
	for i := range all {
		s := &all[i]
		if k, ok := Find(s.Kind); !ok || k.Words || !s.State.Open() {
			continue
		}
		if groups[key(s)] == nil {
			order = append(order, key(s))
		}
		groups[key(s)] = append(groups[key(s)], *s)
	}
	for _, k := range order {
		g := groups[k]
		apart := slices.ContainsFunc(g, func(s Shared) bool { return s.Task == 0 || s.Task != g[0].Task })
		if len(g) < 2 || !apart {
			continue
		}
		var ids []int64
		for _, s := range g {
			ids = append(ids, s.ID)
		}
		proposals = append(proposals, ids)
	}
	slices.SortStableFunc(proposals, func(a, b []int64) int { return cmp.Compare(len(b), len(a)) })
	return proposals
}
