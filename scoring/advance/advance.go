package advance

import (
	"cmp"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Ties says what happens to those who are equal at the last place that advances.
type Ties string

// The ways of settling a tie at the cut.
const (
	SwimOff Ties = "swim-off" // they race again; until then the places stay open
	Lot     Ties = "lot"      // by the drawn order, which must be given
	All     Ties = "all"      // all of them advance if there is room, else as SwimOff
)

// Rules that let a competitor through, as keys of the message catalogue.
const (
	RuleByPlace = "advance-place" // among the first of the heat (Q)
	RuleByTime  = "advance-time"  // among the fastest of the rest (q)
	RuleByRank  = "advance-rank"  // among the first over all heats
	RuleTieAll  = "advance-tie"   // equal with the last: all of them
	RuleDecided = "advance-order" // equal with the last: by swim-off or lot
	RuleManual  = "advance-manual"
)

// Through says who advances from the heats of a round.
type Through struct {
	ByPlace int `json:"by_place,omitempty"` // the first N of each heat
	ByTime  int `json:"by_time,omitempty"`  // and the M fastest of the rest
	// Room is how many the next round holds; 0 means just those two.
	Room   int    `json:"room,omitempty"`
	Ties   Ties   `json:"ties,omitempty"` // empty means SwimOff
	Source string `json:"source,omitempty"`
}

// Finisher is a ranked line of a heat.
type Finisher struct {
	ID    string       `json:"id"`
	Heat  string       `json:"heat"`
	Rank  int          `json:"rank"`            // in the heat; 0 for none
	Mark  scoring.Mark `json:"mark"`            // ms, to the precision that separates
	Order int          `json:"order,omitempty"` // among equals, by swim-off or lot; 0 where not decided
	// Manual is the referee's reason for letting this one through whatever the
	// place: an obstruction, a failed start device.
	Manual string `json:"manual,omitempty"`
}

// Advanced is who goes on, and why.
type Advanced struct {
	ID     string
	By     string // Q by place, q by time, R by the referee
	Reason scoring.Reason
}

// Tie is a cut that nothing has decided yet: Places are left for the IDs.
type Tie struct {
	IDs    []string
	Places int
	Heat   string // empty where it is about times over all heats
}

// Advance applies "the first N of each heat and the M fastest of the rest". An
// undecided tie keeps its places open and comes back as a [Tie]; those who are
// let through by the referee come on top.
func Advance(t Through, finishers []Finisher) ([]Advanced, []Tie, error) {
	if err := t.check(finishers); err != nil {
		return nil, nil, err
	}
	heats := map[string][]Finisher{}
	for _, f := range finishers {
		if f.Rank > 0 {
			heats[f.Heat] = append(heats[f.Heat], f)
		}
	}
	c := cutter{Through: t, extra: max(0, t.Room-t.ByPlace*len(heats)-t.ByTime), in: map[string]bool{}}
	names := make([]string, 0, len(heats))
	for name := range heats {
		names = append(names, name)
	}
	slices.SortFunc(names, scoring.CompareIDs)
	for _, name := range names {
		rank := func(f *Finisher) int64 { return int64(f.Rank) }
		show := func(f *Finisher) string { return strconv.Itoa(f.Rank) }
		if err := c.cut(heats[name], t.ByPlace, rank, show, "Q", RuleByPlace, name); err != nil {
			return nil, nil, err
		}
	}
	var rest []Finisher
	for _, f := range finishers {
		if f.Rank > 0 && !c.in[f.ID] && !c.open(f.ID) {
			rest = append(rest, f)
		}
	}
	mark := func(f *Finisher) int64 { return int64(f.Mark) }
	show := func(f *Finisher) string { return scoring.Milliseconds.Format(f.Mark, 3) }
	if err := c.cut(rest, t.ByTime, mark, show, "q", RuleByTime, ""); err != nil {
		return nil, nil, err
	}
	for _, f := range finishers {
		if f.Manual != "" && !c.in[f.ID] {
			c.take(f.ID, "R", scoring.Reason{Rule: RuleManual, Own: f.Manual, Source: t.Source})
		}
	}
	return c.through, c.ties, nil
}

func (t *Through) check(finishers []Finisher) error {
	if t.ByPlace < 0 || t.ByTime < 0 || t.ByPlace+t.ByTime == 0 || t.Room < 0 {
		return &scoring.Invalid{Field: "through", Problem: "out-of-range", With: []string{strconv.Itoa(t.ByPlace), strconv.Itoa(t.ByTime)}}
	}
	if !slices.Contains([]Ties{"", SwimOff, Lot, All}, t.Ties) {
		return &scoring.Invalid{Field: "ties", Problem: "unknown-word", With: []string{string(t.Ties), string(SwimOff), string(Lot), string(All)}}
	}
	seen := map[string]bool{}
	for _, f := range finishers {
		switch {
		case f.ID == "" || seen[f.ID]:
			return &scoring.Invalid{Line: f.ID, Field: "id", Problem: "id-twice"}
		case f.Rank > 0 && f.Mark <= 0:
			return &scoring.Invalid{Line: f.ID, Field: "mark", Problem: "out-of-range"}
		}
		seen[f.ID] = true
	}
	return nil
}

// cutter takes the first of a list through, and keeps what it has decided.
type cutter struct {
	Through
	extra   int // places beyond the rule that the next round has room for
	through []Advanced
	in      map[string]bool
	ties    []Tie
}

func (c *cutter) take(id, by string, why scoring.Reason) {
	c.in[id] = true
	c.through = append(c.through, Advanced{ID: id, By: by, Reason: why})
}

func (c *cutter) open(id string) bool {
	return slices.ContainsFunc(c.ties, func(t Tie) bool { return slices.Contains(t.IDs, id) })
}

// cut lets the first n of a list through, by value and then by the decided order.
func (c *cutter) cut(list []Finisher, n int, value func(*Finisher) int64, show func(*Finisher) string, by, rule, heat string) error {
	slices.SortFunc(list, func(a, b Finisher) int {
		return cmp.Or(cmp.Compare(value(&a), value(&b)), cmp.Compare(a.Order, b.Order), scoring.CompareIDs(a.ID, b.ID))
	})
	first, last := equals(list, n, func(a, b *Finisher) bool { return value(a) == value(b) })
	for i := range list[:first] {
		c.take(list[i].ID, by, scoring.Reason{Rule: rule, Own: show(&list[i]), Source: c.Source})
	}
	tied := list[first:last]
	if len(tied) == 0 {
		return nil
	}
	places := n - first
	decided := !slices.ContainsFunc(tied, func(f Finisher) bool { return f.Order == 0 }) && distinct(tied, func(f Finisher) int { return f.Order })
	switch {
	case c.Ties == All && len(tied)-places <= c.extra:
		c.extra -= len(tied) - places
		for i := range tied {
			c.take(tied[i].ID, by, scoring.Reason{Rule: RuleTieAll, Own: show(&tied[i]), Source: c.Source})
		}
	case decided:
		for i := range tied[:places] {
			c.take(tied[i].ID, by, scoring.Reason{Rule: RuleDecided, Own: strconv.Itoa(tied[i].Order), Source: c.Source})
		}
	case c.Ties == Lot:
		return &scoring.Invalid{Line: tied[0].ID, Field: "order", Problem: "lot-missing", With: []string{strconv.Itoa(len(tied)), strconv.Itoa(places)}, Rule: c.Source}
	default:
		open := Tie{Places: places, Heat: heat}
		for i := range tied {
			open.IDs = append(open.IDs, tied[i].ID)
		}
		c.ties = append(c.ties, open)
	}
	return nil
}

// equals finds the run of equal values across the cut after n: from first to
// last; both are n (or the end) where the cut is clean.
func equals[T any](list []T, n int, same func(a, b *T) bool) (first, last int) {
	if n >= len(list) {
		return len(list), len(list)
	}
	if n <= 0 || !same(&list[n-1], &list[n]) {
		return n, n
	}
	first, last = n-1, n+1
	for first > 0 && same(&list[first-1], &list[n]) {
		first--
	}
	for last < len(list) && same(&list[last], &list[n]) {
		last++
	}
	return first, last
}

func distinct[T any](list []T, key func(T) int) bool {
	seen := map[int]bool{}
	for _, x := range list {
		if seen[key(x)] {
			return false
		}
		seen[key(x)] = true
	}
	return true
}
