package advance

import (
	"cmp"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Final is one final to be filled from the ranking of the round before: the A
// final, a junior final, the B final.
type Final struct {
	Name     string `json:"name"`
	Heat     int    `json:"heat"` // its number in the programme
	Size     int    `json:"size"`
	Reserves int    `json:"reserves,omitempty"`
}

// Finals says how finals are filled: in the order of the list, each with the
// best who are left and may swim in it.
type Finals struct {
	Finals []Final `json:"finals"`
	Lanes  Lanes   `json:"lanes"`
	// LanesByTime gives the lanes by time where a points table has chosen the
	// finalists; otherwise they follow the ranking.
	LanesByTime bool   `json:"lanes_by_time,omitempty"`
	Ties        Ties   `json:"ties,omitempty"` // at the cut; empty means SwimOff
	Source      string `json:"source,omitempty"`
}

// Candidate is a ranked line of the round before.
type Candidate struct {
	ID    string       `json:"id"`
	Rank  int          `json:"rank"` // shared by equals
	Time  scoring.Mark `json:"time,omitempty"`
	Order int          `json:"order,omitempty"` // among equals, by swim-off or lot
	// Finals that this one may swim in, by name; none means all of them. A guest
	// may be barred from the A final, a junior final is for juniors.
	Finals []string `json:"finals,omitempty"`
	// Withdrawn before the finals were drawn: passed over.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// Manual puts a candidate into a final by the referee's decision, with the
	// reason; it takes one of the final's places.
	Manual *Manual `json:"manual,omitempty"`
}

// Manual is a referee's decision.
type Manual struct {
	Final  string `json:"final"`
	Reason string `json:"reason"`
}

func (c *Candidate) may(final string) bool {
	return len(c.Finals) == 0 || slices.Contains(c.Finals, final)
}

// Drawn is the finals with their starters.
type Drawn struct {
	Starts   []Start             // by final in the list's order, then by lane preference
	Reserves map[string][]string // by final, first reserve first
	Ties     []FinalTie          // places that wait for a swim-off

	rules      Finals
	slots      [][]int // in the order in which they are given out
	candidates []Candidate
}

// FinalTie is a tie at the cut of a final.
type FinalTie struct {
	Tie
	Final string
}

// Draw fills the finals and gives out the lanes.
func Draw(f Finals, candidates []Candidate) (*Drawn, error) {
	slots, err := f.check(candidates)
	if err != nil {
		return nil, err
	}
	left := slices.DeleteFunc(slices.Clone(candidates), func(c Candidate) bool { return c.Withdrawn })
	slices.SortFunc(left, byRank)
	d := &Drawn{Reserves: map[string][]string{}, rules: f, slots: slots, candidates: slices.Clone(left)}
	for _, final := range f.Finals {
		in, tie, err := f.fill(&final, left, len(slots))
		if err != nil {
			return nil, err
		}
		if tie != nil {
			d.Ties = append(d.Ties, *tie)
		}
		d.Starts = append(d.Starts, f.lanes(&final, in, slots)...)
		left = slices.DeleteFunc(left, func(c Candidate) bool {
			waits := tie != nil && slices.Contains(tie.IDs, c.ID)
			return waits || slices.ContainsFunc(in, func(x Candidate) bool { return x.ID == c.ID })
		})
	}
	d.reserve(left)
	return d, nil
}

func byRank(a, b Candidate) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Order, b.Order), scoring.CompareIDs(a.ID, b.ID))
}

// check refuses settings and candidates that cannot be drawn; it answers with the
// lanes in their order.
func (f *Finals) check(candidates []Candidate) ([][]int, error) {
	slots, err := f.Lanes.slots()
	if err != nil {
		return nil, err
	}
	names, heats := map[string]bool{}, map[int]bool{}
	for _, final := range f.Finals {
		if names[final.Name] || heats[final.Heat] {
			return nil, &scoring.Invalid{Field: "final " + final.Name, Problem: "id-twice"}
		}
		names[final.Name], heats[final.Heat] = true, true
		if final.Size < 1 || final.Size > len(slots) || final.Reserves < 0 {
			return nil, &scoring.Invalid{Field: "final " + final.Name, Problem: "out-of-range", With: []string{strconv.Itoa(final.Size), strconv.Itoa(len(slots))}, Rule: f.Source}
		}
	}
	seen := map[string]bool{}
	for i := range candidates {
		c := &candidates[i]
		switch {
		case c.ID == "" || seen[c.ID]:
			return nil, &scoring.Invalid{Line: c.ID, Field: "id", Problem: "id-twice"}
		case c.Rank < 1 && c.Manual == nil:
			return nil, &scoring.Invalid{Line: c.ID, Field: "rank", Problem: "rank-missing"}
		case c.Manual != nil && (!names[c.Manual.Final] || c.Manual.Reason == ""):
			return nil, &scoring.Invalid{Line: c.ID, Field: "manual", Problem: "manual-without-reason"}
		case f.LanesByTime && c.Time <= 0 && c.Manual == nil:
			return nil, &scoring.Invalid{Line: c.ID, Field: "time", Problem: "mark-missing"}
		}
		seen[c.ID] = true
	}
	return slots, nil
}

// fill chooses a final's starters: those put there by hand, then the best.
func (f *Finals) fill(final *Final, left []Candidate, room int) (in []Candidate, tie *FinalTie, err error) {
	var able []Candidate
	for _, c := range left {
		switch {
		case c.Manual != nil && c.Manual.Final == final.Name:
			in = append(in, c)
		case c.Manual == nil && c.may(final.Name):
			able = append(able, c)
		}
	}
	places := final.Size - len(in)
	if places < 0 {
		return nil, nil, &scoring.Invalid{Line: in[0].ID, Field: "manual", Problem: "no-lane-free", With: []string{final.Name}}
	}
	first, last := equals(able, places, func(a, b *Candidate) bool { return a.Rank == b.Rank })
	chosen, tied := able[:first], able[first:last]
	if len(tied) > 0 {
		decided := distinct(tied, func(c Candidate) int { return c.Order }) && !slices.ContainsFunc(tied, func(c Candidate) bool { return c.Order == 0 })
		switch {
		case f.Ties == All && len(in)+last <= room:
			chosen = able[:last]
		case decided:
			chosen = able[:places]
		case f.Ties == Lot:
			return nil, nil, &scoring.Invalid{Line: tied[0].ID, Field: "order", Problem: "lot-missing", With: []string{strconv.Itoa(len(tied)), strconv.Itoa(places - first)}, Rule: f.Source}
		default:
			tie = &FinalTie{Final: final.Name, Tie: Tie{Places: places - first}}
			for _, c := range tied {
				tie.IDs = append(tie.IDs, c.ID)
			}
		}
	}
	return append(in, chosen...), tie, nil
}

// lanes gives a final's starters their lanes.
func (f *Finals) lanes(final *Final, in []Candidate, slots [][]int) []Start {
	slices.SortStableFunc(in, func(a, b Candidate) int {
		if a.Rank == 0 || b.Rank == 0 { // put there by hand, without a rank: last
			return cmp.Compare(b.Rank, a.Rank)
		}
		if f.LanesByTime {
			if c := cmp.Compare(a.Time, b.Time); c != 0 {
				return c
			}
		}
		return byRank(a, b)
	})
	starts := make([]Start, len(in))
	for i, c := range in {
		why := scoring.Reason{Rule: RuleByRank, Own: strconv.Itoa(c.Rank), Source: f.Source}
		if c.Manual != nil {
			why = scoring.Reason{Rule: RuleManual, Own: c.Manual.Reason, Source: f.Source}
		}
		starts[i] = Start{ID: c.ID, Heat: final.Heat, Lane: slots[i][0], Lanes: slots[i], Reason: why}
	}
	return starts
}

// reserve names the reserves: for each final the best of those who are in none.
// The same swimmer may be a reserve of two finals.
func (d *Drawn) reserve(left []Candidate) {
	for _, final := range d.rules.Finals {
		d.Reserves[final.Name] = nil
		for _, c := range left {
			if len(d.Reserves[final.Name]) < final.Reserves && c.Manual == nil && c.may(final.Name) {
				d.Reserves[final.Name] = append(d.Reserves[final.Name], c.ID)
			}
		}
	}
}

// Rules that move a swimmer after the draw.
const RuleReplaces = "replaces-withdrawn"

// Replace takes a finalist out and gives the lane to the best who may swim there
// and is not in a final that was filled before; that swimmer's own lane, if any,
// is filled the same way. Nobody else changes lanes. A lane that nobody can
// fill stays empty.
func (d *Drawn) Replace(id string) error {
	at := slices.IndexFunc(d.Starts, func(s Start) bool { return s.ID == id })
	if at < 0 {
		return &scoring.Invalid{Line: id, Field: "start", Problem: "unknown-line"}
	}
	d.candidates = slices.DeleteFunc(d.candidates, func(c Candidate) bool { return c.ID == id })
	gone, empty := id, d.Starts[at]
	d.Starts = slices.Delete(d.Starts, at, at+1)
	for {
		final := d.final(empty.Heat)
		next := d.next(final)
		if next == "" {
			break
		}
		from := slices.IndexFunc(d.Starts, func(s Start) bool { return s.ID == next })
		moved := Start{ID: next, Heat: empty.Heat, Lane: empty.Lane, Lanes: empty.Lanes,
			Reason: scoring.Reason{Rule: RuleReplaces, Against: gone, Source: d.rules.Source}}
		if from < 0 {
			d.Starts = append(d.Starts, moved)
			break
		}
		gone, empty, d.Starts[from] = next, d.Starts[from], moved
	}
	d.refresh()
	return nil
}

// FinalOf is the name of the final that somebody starts in.
func (d *Drawn) FinalOf(s Start) string { return d.rules.Finals[d.final(s.Heat)].Name }

// final finds the place of a heat's final in the order of filling.
func (d *Drawn) final(heat int) int {
	return slices.IndexFunc(d.rules.Finals, func(f Final) bool { return f.Heat == heat })
}

// next is the best candidate for a vacancy in a final: not yet in it nor in one
// that was filled before it.
func (d *Drawn) next(final int) string {
	for _, c := range d.candidates {
		in := slices.IndexFunc(d.Starts, func(s Start) bool { return s.ID == c.ID })
		if c.Manual != nil || !c.may(d.rules.Finals[final].Name) || d.waits(c.ID) {
			continue
		}
		if in < 0 || d.final(d.Starts[in].Heat) > final {
			return c.ID
		}
	}
	return ""
}

func (d *Drawn) waits(id string) bool {
	return slices.ContainsFunc(d.Ties, func(t FinalTie) bool { return slices.Contains(t.IDs, id) })
}

// refresh puts the starts back in order and names the reserves again.
func (d *Drawn) refresh() {
	preference := func(s Start) int {
		return slices.IndexFunc(d.slots, func(slot []int) bool { return slot[0] == s.Lane })
	}
	slices.SortFunc(d.Starts, func(a, b Start) int {
		return cmp.Or(cmp.Compare(d.final(a.Heat), d.final(b.Heat)), cmp.Compare(preference(a), preference(b)))
	})
	d.reserve(slices.DeleteFunc(slices.Clone(d.candidates), func(c Candidate) bool {
		return d.waits(c.ID) || slices.ContainsFunc(d.Starts, func(s Start) bool { return s.ID == c.ID })
	}))
}
