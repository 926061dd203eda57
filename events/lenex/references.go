package lenex

// What elements say of each other: identifiers are unique, and every reference
// leads somewhere.

import (
	"fmt"
	"iter"
	"strconv"

	"tongchang/scoring"
)

// Start is one entry or result with who it belongs to: an athlete, or a relay.
type Start struct {
	Club    *Club
	Athlete *Athlete // nil for relays
	Relay   *Relay   // nil for athletes
	Entry   *Entry   // nil for results
	Result  *Result  // nil for entries
}

// Entries goes through the meet's entries, in the order of the file.
func (m *Meet) Entries() iter.Seq[Start] {
	return func(yield func(Start) bool) {
		for s := range m.swimmers() {
			entries, _ := s.all()
			for i := range entries {
				s.Entry = &entries[i]
				if !yield(s) {
					return
				}
			}
		}
	}
}

// Results goes through the meet's results, in the order of the file.
func (m *Meet) Results() iter.Seq[Start] {
	return func(yield func(Start) bool) {
		for s := range m.swimmers() {
			_, results := s.all()
			for i := range results {
				s.Result = &results[i]
				if !yield(s) {
					return
				}
			}
		}
	}
}

// swimmers goes through athletes and relays.
func (m *Meet) swimmers() iter.Seq[Start] {
	return func(yield func(Start) bool) {
		for i := range m.Clubs {
			c := &m.Clubs[i]
			for j := range c.Athletes {
				if !yield(Start{Club: c, Athlete: &c.Athletes[j]}) {
					return
				}
			}
			for j := range c.Relays {
				if !yield(Start{Club: c, Relay: &c.Relays[j]}) {
					return
				}
			}
		}
	}
}

func (s Start) all() ([]Entry, []Result) {
	if s.Relay != nil {
		return s.Relay.Entries, s.Relay.Results
	}
	return s.Athlete.Entries, s.Athlete.Results
}

// who names the swimmer of a start for a problem's Field.
func (s Start) who() string {
	if s.Relay != nil {
		return fmt.Sprintf("RELAY %d of CLUB %d", s.Relay.Number, s.Club.ID)
	}
	return fmt.Sprintf("ATHLETE %d", s.Athlete.ID)
}

// Events goes through the meet's events with their sessions.
func (m *Meet) Events() iter.Seq2[*Session, *Event] {
	return func(yield func(*Session, *Event) bool) {
		for i := range m.Sessions {
			for j := range m.Sessions[i].Events {
				if !yield(&m.Sessions[i], &m.Sessions[i].Events[j]) {
					return
				}
			}
		}
	}
}

// ids of what a meet's elements refer to.
type ids struct {
	r        *reader
	events   map[int]*Event
	heats    map[int]*Event // heat → event
	results  map[int]int    // result → event
	athletes map[int]bool
}

func (x ids) wrong(field, problem string, id int) {
	x.r.problem(scoring.Invalid{Field: field, Problem: problem, With: []string{strconv.Itoa(id)}, Rule: "Lenex 3.0"})
}

// references checks a meet once it has been read, and settles the pool's lanes.
func (r *reader) references(m *Meet) {
	x := ids{r: r, events: map[int]*Event{}, heats: map[int]*Event{}, results: map[int]int{}, athletes: map[int]bool{}}
	for _, e := range m.Events() {
		x.event(e)
	}
	for s := range m.swimmers() {
		if s.Athlete == nil {
			continue
		}
		if x.athletes[s.Athlete.ID] {
			x.wrong("ATHLETE athleteid", "id-twice", s.Athlete.ID)
		}
		x.athletes[s.Athlete.ID] = true
	}
	for s := range m.Entries() {
		x.start(s, "ENTRY", s.Entry.EventID, s.Entry.HeatID, s.Entry.Positions)
		m.Pool.sees(s.Entry.HeatID, s.Entry.Lane)
	}
	for s := range m.Results() {
		x.start(s, "RESULT", s.Result.EventID, s.Result.HeatID, s.Result.Positions)
		m.Pool.sees(s.Result.HeatID, s.Result.Lane)
		if _, twice := x.results[s.Result.ID]; twice {
			x.wrong("RESULT resultid", "id-twice", s.Result.ID)
		}
		x.results[s.Result.ID] = s.Result.EventID
	}
	for _, e := range m.Events() {
		x.rankings(e)
	}
}

func (x ids) event(e *Event) {
	if x.events[e.ID] != nil {
		x.wrong("EVENT eventid", "id-twice", e.ID)
	}
	x.events[e.ID] = e
	for _, h := range e.Heats {
		if _, twice := x.heats[h.ID]; twice {
			x.wrong("HEAT heatid", "id-twice", h.ID)
		}
		x.heats[h.ID] = e
	}
}

// start looks after one entry or result. A heat may stand in the programme under
// another event than the one it counts for, such as the fastest heat of a timed
// final or a junior final that is swum with the evening's extra heats; then both
// have the same style and gender.
func (x ids) start(s Start, element string, event, heat int, team []RelayPosition) {
	e, in := x.events[event], x.heats[heat]
	switch {
	case e == nil:
		x.wrong(s.who()+" "+element+" eventid", "unknown-event", event)
	case heat == 0:
	case in == nil:
		x.wrong(s.who()+" "+element+" heatid", "unknown-heat", heat)
	case in.Style != e.Style || in.Gender != e.Gender:
		x.wrong(s.who()+" "+element+" heatid", "heat-of-other-event", heat)
	}
	for _, p := range team {
		if p.AthleteID != 0 && !x.athletes[p.AthleteID] {
			x.wrong(s.who()+" RELAYPOSITION athleteid", "unknown-athlete", p.AthleteID)
		}
	}
}

// rankings looks after the published lines: a result ranked in an event that it
// was not swum in would be a wrong medal.
func (x ids) rankings(e *Event) {
	for _, g := range e.AgeGroups {
		for _, k := range g.Rankings {
			field := fmt.Sprintf("EVENT %d AGEGROUP %d RANKING resultid", e.ID, g.ID)
			switch of, known := x.results[k.ResultID]; {
			case !known:
				x.wrong(field, "unknown-result", k.ResultID)
			case of != e.ID:
				x.wrong(field, "result-of-other-event", k.ResultID)
			}
		}
	}
}

// sees widens a pool whose lowest lane the file leaves open.
func (p *Pool) sees(heat, lane int) {
	if heat != 0 && lane == 0 && !p.LanesGiven {
		p.LaneMin = 0
	}
}
