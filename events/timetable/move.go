// Moving one unit by hand: what it does to the plan before it is done, where
// else the unit could go, and who has to be told.
package timetable

import (
	"cmp"
	"slices"
	"strings"

	"tongchang/scoring"
)

// Consequences is what a move would do.
type Consequences struct {
	Plan    []Placement // the plan with the move
	New     []Clash     // that the move brings, or makes worse
	Gone    []Clash     // that it ends
	Tell    []Affected
	Nearest []Placement // free places nearest to the one asked for, where that one brings clashes
}

// Affected is somebody whose units have been moved, placed or taken out.
type Affected struct {
	Person string
	Units  []string
}

// Change is a unit that stands elsewhere in one plan than in another; From or To
// is nil where it stands in one alone.
type Change struct {
	Unit     string
	From, To *Placement
}

// nearest is how many places a move suggests.
const nearest = 5

// Move works out what it would mean to set a unit where to says. Nothing is
// changed. The error is a *scoring.Invalid where there is no such unit.
func Move(d *Document, to Placement) (Consequences, error) {
	if !slices.ContainsFunc(d.Units, func(u Unit) bool { return u.ID == to.Unit }) {
		return Consequences{}, &scoring.Invalid{Field: "unit", Problem: "timetable-unknown", With: []string{to.Unit}}
	}
	moved := *d
	moved.Plan = slices.DeleteFunc(slices.Clone(d.Plan), func(p Placement) bool { return p.Unit == to.Unit })
	moved.Plan = append(moved.Plan, to)
	before, after := Check(d), Check(&moved)
	c := Consequences{Plan: moved.Plan, New: worse(before, after), Gone: ended(before, after), Tell: Tell(d, Changes(d.Plan, moved.Plan))}
	if len(c.New) > 0 {
		c.Nearest = near(Slots(d, to.Unit), to)
	}
	return c, nil
}

// worse are the clashes of a second list that the first does not have, or has
// with fewer minutes missing.
func worse(first, second []Clash) (found []Clash) {
	most := map[string]int{}
	for i := range first {
		most[first[i].key()] = max(most[first[i].key()], first[i].Missing+1)
	}
	for i := range second {
		if most[second[i].key()] < second[i].Missing+1 {
			found = append(found, second[i])
		}
	}
	return found
}

// ended are the clashes of the first list that the second has no more.
func ended(first, second []Clash) (found []Clash) {
	there := map[string]bool{}
	for i := range second {
		there[second[i].key()] = true
	}
	for i := range first {
		if !there[first[i].key()] {
			found = append(found, first[i])
		}
	}
	return found
}

// key is what makes two clashes one, perhaps by other minutes.
func (c *Clash) key() string {
	return strings.Join(append([]string{string(c.Rule), c.Person, c.Area}, c.Units...), "\x00")
}

// near sorts places by their distance in time, those in the same area first.
func near(slots []Placement, to Placement) []Placement {
	distance := func(p Placement) Moment { return max(p.Start-to.Start, to.Start-p.Start) }
	elsewhere := func(p Placement) int {
		if p.Area == to.Area {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(slots, func(a, b Placement) int {
		return cmp.Or(cmp.Compare(distance(a), distance(b)), cmp.Compare(elsewhere(a), elsewhere(b)), cmp.Compare(a.Start, b.Start))
	})
	return slots[:min(nearest, len(slots))]
}

// Slots are all places that are free for a unit, with everybody else where the
// plan has them: one for each start and area, on its first free court, in order
// of time. Stepping through them moves a unit with two keys. A unit that is not
// in the document has none.
func Slots(d *Document, unit string) []Placement {
	b := newBoard(d)
	i, known := b.byID[unit]
	if !known {
		return nil
	}
	b.load()
	if b.units[i].placed {
		b.take(i)
	}
	var free []Placement
	for k, in := range b.units[i].areas {
		free = append(free, b.freeIn(i, k, in)...)
	}
	slices.SortStableFunc(free, func(a, b Placement) int { return cmp.Compare(a.Start, b.Start) })
	return free
}

// freeIn are a unit's free starts in an area, each on the first court that has it.
func (b *board) freeIn(i, k, in int) (free []Placement) {
	u := &b.units[i]
	b.blocks(i, in)
	seen := map[int]bool{}
	var ways []block
	for court := range u.free[k] {
		ways = b.onCourt(u, in, court, ways)
		for _, f := range u.free[k][court] {
			for start := b.onGrid(int(f.From)); start <= int(f.Until); start += b.step {
				taken := slices.ContainsFunc(ways, func(w block) bool { return w.after < start && start < w.before })
				if !taken && !seen[start] {
					seen[start] = true
					free = append(free, b.placement(i, spot{in, court, start}))
				}
			}
		}
	}
	return free
}

// Changes are the units that stand elsewhere in the second plan than in the
// first, in order of their IDs.
func Changes(before, after []Placement) []Change {
	changes := map[string]*Change{}
	at := func(id string) *Change {
		if changes[id] == nil {
			changes[id] = &Change{Unit: id}
		}
		return changes[id]
	}
	for i := range before {
		at(before[i].Unit).From = &before[i]
	}
	for i := range after {
		at(after[i].Unit).To = &after[i]
	}
	var all []Change
	for _, c := range changes {
		if c.From == nil || c.To == nil || *c.From != *c.To {
			all = append(all, *c)
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Compare(a.Unit, b.Unit) })
	return all
}

// Tell is who has a part in a unit that changed, in the document's order of
// people, each with those units.
func Tell(d *Document, changes []Change) []Affected {
	changed := map[string]bool{}
	for _, c := range changes {
		changed[c.Unit] = true
	}
	units := map[string][]string{}
	for i := range d.Units {
		if u := &d.Units[i]; changed[u.ID] {
			for _, p := range u.People {
				units[p.Person] = append(units[p.Person], u.ID)
			}
		}
	}
	var tell []Affected
	for i := range d.People {
		if id := d.People[i].ID; len(units[id]) > 0 {
			tell = append(tell, Affected{id, units[id]})
		}
	}
	return tell
}
