package panels

import (
	"cmp"
	"slices"
	"time"
)

// Panel is a panel's hours: local days and clock times, 2026-06-18 and 08:30.
// Taken are slots that are given already.
type Panel struct {
	ID                 int64
	Impairments        []Impairment // none: all
	FirstDay, LastDay  string
	Opens, Closes      string
	PauseFrom, PauseTo string // empty: no pause
	Minutes, Most      int    // of a slot; people a day, 0 for no limit
	Taken              []Span
}

// Person is somebody who needs a slot. Zero times are not known.
type Person struct {
	ID         int64
	Impairment Impairment // empty: not known, any panel
	Arrives    time.Time
	Starts     time.Time // first start in the sport
	Busy       []Span    // slots before other panels
}

// Slot is a proposal.
type Slot struct {
	Panel, Person int64
	Span
}

// NoSlot is why no slot could be proposed.
type NoSlot string

// The reasons.
const (
	NoPanel  NoSlot = "no-panel"   // no panel sees such impairments
	NoRoom   NoSlot = "no-room"    // every slot is taken
	NoTime   NoSlot = "no-time"    // arrives after the panels, or starts before them
	NotAtAll NoSlot = "not-at-all" // between the rest after arrival and the first start nothing is left
)

// Left is somebody for whom there is no slot.
type Left struct {
	Person int64
	Why    NoSlot
}

// Propose gives each person the earliest slot that there is after the rest that
// follows arrival and before the first start. It goes through the panels' slots
// by time and gives each to who is free, may come and starts first: with slots of
// one length nobody is left out whom another order would have found room for.
// Days and clocks are read in the zone. Slots begin at or after now.
func Propose(r Rules, zone *time.Location, now time.Time, panels []Panel, people []Person) ([]Slot, []Left) {
	open := openSlots(zone, now, panels)
	waiting := slices.Clone(people)
	slices.SortStableFunc(waiting, func(a, b Person) int {
		return cmp.Or(urgent(a.Starts, b.Starts), a.Arrives.Compare(b.Arrives), cmp.Compare(a.ID, b.ID))
	})
	byID := map[int64]*Panel{}
	for i := range panels {
		byID[panels[i].ID] = &panels[i]
	}
	var found []Slot
	seen := map[day]int{}
	for _, p := range panels {
		for _, t := range p.Taken {
			seen[dayOf(p.ID, t.From, zone)]++
		}
	}
	for _, s := range open {
		p, on := byID[s.Panel], dayOf(s.Panel, s.From, zone)
		if p.Most > 0 && seen[on] >= p.Most {
			continue
		}
		i := slices.IndexFunc(waiting, func(one Person) bool { return p.sees(one.Impairment) && r.Fits(one, s.Span) == "" })
		if i < 0 {
			continue
		}
		s.Person = waiting[i].ID
		found, seen[on], waiting = append(found, s), seen[on]+1, slices.Delete(waiting, i, i+1)
	}
	var left []Left
	for _, one := range waiting {
		left = append(left, Left{one.ID, why(r, open, byID, one)})
	}
	return found, left
}

// Misfit is what is wrong with a slot for a person.
type Misfit string

// What can be wrong.
const (
	Early Misfit = "early" // before the rest after arrival is over
	Late  Misfit = "late"  // too close to the first start, or after it
	Twice Misfit = "twice" // before another panel at that time
)

// Fits says what is wrong with a slot for a person; empty: nothing.
func (r Rules) Fits(one Person, s Span) Misfit {
	switch {
	case slices.ContainsFunc(one.Busy, s.Meets):
		return Twice
	case !one.Arrives.IsZero() && s.From.Before(one.Arrives.Add(time.Duration(r.Rest)*time.Minute)):
		return Early
	case !one.Starts.IsZero() && s.To.After(one.Starts.Add(-time.Duration(r.Before)*time.Minute)):
		return Late
	}
	return ""
}

// sees reports whether a panel is made up for an impairment.
func (p *Panel) sees(i Impairment) bool {
	return i == "" || len(p.Impairments) == 0 || slices.Contains(p.Impairments, i)
}

// Holds reports whether a stretch lies within the hours of one of the panel's
// days and outside its pause.
func (p *Panel) Holds(s Span, zone *time.Location) bool {
	on := s.From.In(zone).Format(time.DateOnly)
	if on < p.FirstDay || on > p.LastDay {
		return false
	}
	hours, pause, ok := p.hours(on, zone)
	return ok && !s.From.Before(hours.From) && !s.To.After(hours.To) && !s.Meets(pause)
}

// hours are a day's working time and the pause in it.
func (p *Panel) hours(on string, zone *time.Location) (hours, pause Span, ok bool) {
	at := func(clock string) time.Time {
		t, err := time.ParseInLocation("2006-01-02 15:04", on+" "+clock, zone)
		if err != nil {
			return time.Time{}
		}
		return t
	}
	hours = Span{at(p.Opens), at(p.Closes)}
	if p.PauseFrom != "" {
		pause = Span{at(p.PauseFrom), at(p.PauseTo)}
	}
	return hours, pause, !hours.From.IsZero() && hours.From.Before(hours.To)
}

// mostDays bounds how long a panel can work: a mistyped year is no reason to
// count for ever.
const mostDays = 60

// free are the slots of a panel that nobody has. After the pause the slots begin
// anew, so that none runs into it.
func (p *Panel) free(zone *time.Location, now time.Time) (all []Slot) {
	first, err := time.ParseInLocation(time.DateOnly, p.FirstDay, zone)
	if err != nil || p.Minutes <= 0 {
		return nil
	}
	length := time.Duration(p.Minutes) * time.Minute
	for n := range mostDays {
		on := first.AddDate(0, 0, n).Format(time.DateOnly)
		hours, pause, ok := p.hours(on, zone)
		if on > p.LastDay || !ok {
			break
		}
		for from := hours.From; !from.Add(length).After(hours.To); {
			s := Span{from, from.Add(length)}
			if s.Meets(pause) {
				from = pause.To
				continue
			}
			from = s.To
			if !s.From.Before(now) && !slices.ContainsFunc(p.Taken, s.Meets) {
				all = append(all, Slot{Panel: p.ID, Span: s})
			}
		}
	}
	return all
}

func openSlots(zone *time.Location, now time.Time, panels []Panel) (all []Slot) {
	for i := range panels {
		all = append(all, panels[i].free(zone, now)...)
	}
	slices.SortStableFunc(all, func(a, b Slot) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Panel, b.Panel)) })
	return all
}

// urgent puts the earlier start first, and who has none last.
func urgent(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

type day struct {
	panel int64
	on    string
}

func dayOf(panel int64, t time.Time, zone *time.Location) day {
	return day{panel, t.In(zone).Format(time.DateOnly)}
}

// why says why nobody's slot was left for a person.
func why(r Rules, open []Slot, byID map[int64]*Panel, one Person) NoSlot {
	last := NoPanel
	for _, p := range byID {
		if p.sees(one.Impairment) {
			last = NoRoom
		}
	}
	if last == NoPanel {
		return NoPanel
	}
	if !one.Arrives.IsZero() && !one.Starts.IsZero() {
		from, to := one.Arrives.Add(time.Duration(r.Rest)*time.Minute), one.Starts.Add(-time.Duration(r.Before)*time.Minute)
		if !from.Before(to) {
			return NotAtAll
		}
	}
	for _, s := range open {
		if byID[s.Panel].sees(one.Impairment) {
			if r.Fits(one, s.Span) == "" {
				return NoRoom
			}
			last = NoTime
		}
	}
	return last
}
