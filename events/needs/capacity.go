package needs

import (
	"cmp"
	"slices"
	"time"
)

// WholeDay is the hour of what is counted by the day.
const WholeDay = -1

// Demand is pieces wanted of a kind: on a day and in an hour where the kind is
// counted by the hour, else from a day to another, both included. Days are
// 2026-06-21.
type Demand struct {
	Kind       Code
	Pieces     int
	Day, Until string
	Hour       int // 0 to 23; WholeDay: the hour is not known
}

// Supply is pieces there are of a kind, from a day to another, both included,
// and in the hours from From up to but not including To; 0 and 24 are all day.
type Supply struct {
	Kind       Code
	Pieces     int
	Day, Until string
	From, To   int
}

// Slot is a kind in one hour, or on one day.
type Slot struct {
	Kind Code
	Day  string
	Hour int // WholeDay where the kind is counted by the day, or the hour is not known
	Want int
	Have int
}

// Short is how many pieces are missing.
func (s Slot) Short() int { return max(0, s.Want-s.Have) }

// mostDays is how many days one demand or supply may cover: a typing error in a
// year must not count to the end of time.
const mostDays = 60

// Balance holds what is wanted against what there is, slot by slot, in the order
// of day, hour and the kinds' own. Only slots in which something is wanted are
// there. What has no day yet cannot be counted; it comes back as undated pieces
// by kind.
func Balance(wants []Demand, haves []Supply) (slots []Slot, undated map[Code]int) {
	undated = map[Code]int{}
	type at struct {
		kind Code
		day  string
		hour int
	}
	want := map[at]int{}
	for _, d := range wants {
		k, ok := Find(d.Kind)
		switch {
		case !ok || k.Counts == Uncounted:
		case d.Day == "":
			undated[d.Kind] += d.Pieces
		case k.Counts == ByHour:
			want[at{d.Kind, d.Day, d.Hour}] += d.Pieces
		default:
			for _, day := range daysOf(d.Day, d.Until) {
				want[at{d.Kind, day, WholeDay}] += d.Pieces
			}
		}
	}
	for a, pieces := range want {
		s := Slot{Kind: a.kind, Day: a.day, Hour: a.hour, Want: pieces}
		for _, h := range haves {
			if h.covers(a.kind, a.day, a.hour) {
				s.Have += h.Pieces
			}
		}
		slots = append(slots, s)
	}
	slices.SortFunc(slots, func(a, b Slot) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Hour, b.Hour), cmp.Compare(place(a.Kind), place(b.Kind)))
	})
	return slots, undated
}

// covers reports whether a supply is there in a slot. A slot without an hour
// asks for the day alone.
func (h Supply) covers(kind Code, day string, hour int) bool {
	return h.Kind == kind && h.Day <= day && day <= max(h.Day, h.Until) && (hour == WholeDay || h.From <= hour && hour < h.To)
}

// place is where a kind stands in the list.
func place(c Code) int { return slices.IndexFunc(Kinds, func(k Kind) bool { return k.Code == c }) }

// daysOf lists the days from one to another, both included; a single one where
// the second is none, or no later than the first.
func daysOf(from, until string) (all []string) {
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return nil
	}
	last, err := time.Parse(time.DateOnly, until)
	if err != nil || last.Before(first) {
		last = first
	}
	for d := first; !d.After(last) && len(all) < mostDays; d = d.AddDate(0, 0, 1) {
		all = append(all, d.Format(time.DateOnly))
	}
	return all
}
