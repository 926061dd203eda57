// Package games makes up a games to look at: a provincial para swimming meet of
// an afternoon, with delegations, swimmers, sport classes, heats and finals,
// and times that such swimmers swim. Nobody in it is real: names are put
// together from lists of family and given names by chance.
//
// Everything follows from a seed, so that the same games can be had again.
package games

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"tongchang/events"
	"tongchang/scoring"
	"tongchang/scoring/advance"
	"tongchang/scoring/kinds"
)

// Games is one edition.
type Games struct {
	Programme events.ProgrammeFile

	beat    time.Duration
	random  *rand.Rand
	races   []race
	swimmer map[string]*swimmer // by bib
	race    map[string]*race    // by code of a unit
	plan    map[string]time.Time
	zone    *time.Location
	people  int // bibs given out
}

// race is one event with those who swim it.
type race struct {
	contest
	code  string
	field []*swimmer
}

// swimmer is somebody made up. Slow is how much slower than the class's best,
// in thousandths.
type swimmer struct {
	bib, delegation string
	family, given   string
	slow            int64
}

// The lanes of the pool.
const (
	firstLane, lastLane = 1, 8
	lanes               = lastLane - firstLane + 1
)

// New makes up the games of a seed. Its first heat is at begins, and a mark
// comes every beat: the timetable is made to fit.
func New(seed uint64, begins time.Time, beat time.Duration) (*Games, error) {
	g := &Games{beat: beat, random: rand.New(rand.NewPCG(seed, 2)), swimmer: map[string]*swimmer{}, race: map[string]*race{},
		plan: map[string]time.Time{}, zone: begins.Location()}
	g.Programme.Disciplines = []events.DisciplineFile{{Code: "SWM", Name: "游泳", NameEn: "Swimming"}}
	for _, d := range delegations {
		g.Programme.Delegations = append(g.Programme.Delegations, events.DelegationFile{Code: d.code, Name: d.name, NameEn: d.english})
	}
	for i, c := range contests {
		r := race{contest: c, code: strconv.Itoa(i + 1)}
		for range c.size {
			r.field = append(r.field, g.somebody(c.sex))
		}
		g.races = append(g.races, r)
	}
	for i := range g.races {
		if err := g.event(&g.races[i]); err != nil {
			return nil, fmt.Errorf("event %d: %w", i+1, err)
		}
	}
	g.timetable(begins)
	return g, nil
}

// somebody makes up a swimmer.
func (g *Games) somebody(sex string) *swimmer {
	pick := func(list []string) string { return list[g.random.IntN(len(list))] }
	s := &swimmer{bib: strconv.Itoa(101 + g.people), delegation: delegations[g.random.IntN(len(delegations))].code, slow: 15 + g.random.Int64N(190)}
	s.family, s.given = pick(families), pick(givenNames[sex])
	if g.people%17 == 8 { // a name whose parts are joined by a dot
		long := longNames[g.people/17%len(longNames)]
		s.family, s.given = long[0], long[1]
	}
	g.people++
	g.swimmer[s.bib] = s
	g.Programme.Participants = append(g.Programme.Participants, events.ParticipantFile{Code: s.bib, Delegation: s.delegation, Family: s.family, Given: s.given, Sex: sex})
	return s
}

// event adds a race to the programme: a final alone, or heats and a final that
// stays empty until they are over.
func (g *Games) event(r *race) error {
	e := events.EventFile{Code: r.code, Discipline: "SWM", Type: fmt.Sprintf("%d-%s", r.distance, r.stroke), Sex: r.sex, Classes: r.class,
		Number: len(g.Programme.Events) + 1, Name: r.chinese(), NameEn: r.english()}
	if r.size > lanes {
		heats, err := g.heats(r)
		if err != nil {
			return err
		}
		e.Phases = []events.PhaseFile{g.phase(r, "PRE", heats...), g.phase(r, "FIN", events.UnitFile{Code: r.code + "-F", Number: 1})}
	} else {
		final := events.UnitFile{Code: r.code + "-F", Number: 1}
		for i, s := range byTime(r.field) {
			final.Starts = append(final.Starts, start(s.bib, r.class, fromMiddle(i)))
		}
		e.Phases = []events.PhaseFile{g.phase(r, "FIN", final)}
	}
	e.Phases[len(e.Phases)-1].Decides = true
	g.Programme.Events = append(g.Programme.Events, e)
	return nil
}

func (g *Games) phase(r *race, kind string, units ...events.UnitFile) events.PhaseFile {
	for i := range units {
		units[i].Measure, units[i].Venue = scoring.Milliseconds, "省残疾人体育训练中心游泳馆"
		g.race[units[i].Code] = r
	}
	return events.PhaseFile{Code: r.code + "-" + kind, Kind: kind, Units: units,
		Ruleset: kinds.Ruleset{Name: "swimming", Version: "World Aquatics 2023", Kind: "timed"}}
}

// heats seeds a field by entry times, the last heats in turn.
func (g *Games) heats(r *race) ([]events.UnitFile, error) {
	var entrants []advance.Entrant
	for _, s := range r.field {
		t := s.time(r.best, 0)
		entrants = append(entrants, advance.Entrant{ID: s.bib, Time: &t})
	}
	starts, err := advance.Heats(advance.Seeding{Lanes: advance.Lanes{Numbers: laneNumbers()}, Circle: 3, Min: 3}, entrants)
	if err != nil {
		return nil, err
	}
	var units []events.UnitFile
	for _, st := range starts {
		for len(units) < st.Heat {
			units = append(units, events.UnitFile{Code: fmt.Sprintf("%s-%d", r.code, len(units)+1), Number: len(units) + 1})
		}
		u := &units[st.Heat-1]
		u.Starts = append(u.Starts, start(st.ID, r.class, st.Lane))
	}
	return units, nil
}

func laneNumbers() (all []int) {
	for lane := firstLane; lane <= lastLane; lane++ {
		all = append(all, lane)
	}
	return all
}

// fromMiddle is the lane of the nth fastest: 4 5 3 6 2 7 1 8.
func fromMiddle(n int) int { return advance.CentreOut(laneNumbers())[n] }

func start(bib, class string, lane int) events.StartFile {
	return events.StartFile{Participant: bib, Class: class, Lane: &lane}
}

func byTime(field []*swimmer) []*swimmer {
	return slices.SortedStableFunc(slices.Values(field), func(a, b *swimmer) int { return cmp.Compare(a.slow, b.slow) })
}

// time is a swimmer's time in a class whose best is best, with a day's form in
// thousandths, in hundredths of a second.
func (s *swimmer) time(best scoring.Mark, form int64) scoring.Mark {
	return scoring.Mark(scoring.RoundHalfUp(int64(best)*(1000+s.slow+form), 10_000) * 10)
}

// timetable gives every unit a session and a start, in the order in which they
// will be swum: a block's heats and straight finals, then the finals of its
// heats. A day that ends begins a new session.
func (g *Games) timetable(begins time.Time) {
	at, number := begins, 0
	open := func(zh, en string) {
		number++
		g.Programme.Sessions = append(g.Programme.Sessions, events.SessionFile{Number: number, Name: "第 " + strconv.Itoa(number) + " 场 " + zh,
			NameEn: "Session " + strconv.Itoa(number) + ": " + en, Day: at.Format(time.DateOnly), Opens: at.Format("15:04"), Venue: "省残疾人体育训练中心游泳馆"})
	}
	for block := range slices.Chunk(g.Programme.Events, (len(g.Programme.Events)+blocks-1)/blocks) {
		for part, words := range [][2]string{{"预赛和决赛", "heats and finals"}, {"决赛", "finals"}} {
			open(words[0], words[1])
			for i := range block {
				for j := range block[i].Phases {
					if later := j > 0; later != (part == 1) {
						continue
					}
					for k := range block[i].Phases[j].Units {
						if at.Format(time.DateOnly) != g.Programme.Sessions[number-1].Day {
							open(words[0], words[1])
						}
						u := &block[i].Phases[j].Units[k]
						u.Session, u.Start, g.plan[u.Code] = number, at.Format("2006-01-02 15:04"), at.Truncate(time.Minute)
						at = at.Add(g.length(u))
					}
				}
			}
		}
	}
}

// blocks is how often heats are followed by their finals.
const blocks = 3

// Pauses round a race, in beats.
const (
	OnTheBlocks = 3 // from opening to the first mark
	BeforeEnd   = 4 // from the last mark to the official result
	BeforeNext  = 3
)

// length is how long a unit takes.
func (g *Games) length(u *events.UnitFile) time.Duration {
	n := len(u.Starts)
	if n == 0 {
		n = lanes
	}
	return time.Duration(OnTheBlocks+n+BeforeEnd+BeforeNext) * g.beat
}

// Unit is one heat or final in the order in which they are swum.
type Unit struct {
	Code, Title string
	Final       bool // of heats: who swims is known only after them
	Start       time.Time
}

// Order lists the units as they are swum.
func (g *Games) Order() []Unit {
	var all []Unit
	session := map[string]int{}
	for _, e := range g.Programme.Events {
		for j, ph := range e.Phases {
			for _, u := range ph.Units {
				all = append(all, Unit{u.Code, fmt.Sprintf("%s · %s %d", e.Name, ph.Kind, u.Number), j > 0, g.plan[u.Code]})
				session[u.Code] = u.Session
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(session[a.Code], session[b.Code]), a.Start.Compare(b.Start))
	})
	return all
}

// Outcome is what a swimmer does in a race: a time, or no time and why.
type Outcome struct {
	Mark string
	IRM  scoring.IRM
	Rule string
	Time scoring.Mark // when the mark comes, also for those who swam in vain
}

// Swim makes up what somebody does in a unit. One in thirty does not start and
// one in forty breaks a rule; in finals they are rarer and a little faster.
func (g *Games) Swim(unit, bib string, final bool) Outcome {
	r, s := g.race[unit], g.swimmer[bib]
	form, odds := g.random.Int64N(40)-12, 1
	if final {
		form, odds = form-8, 3
	}
	t := s.time(r.best, form)
	switch {
	case g.random.IntN(30*odds) == 0:
		return Outcome{IRM: scoring.DNS, Time: 1}
	case g.random.IntN(40*odds) == 0:
		return Outcome{IRM: scoring.DSQ, Rule: rules[r.stroke], Time: t}
	}
	return Outcome{Mark: scoring.Milliseconds.Format(t, 2), Time: t}
}

// Finalists puts the swimmers of a final, by bib and best first, into its start
// list.
func (g *Games) Finalists(unit string, bibs []string) {
	for i := range g.Programme.Events {
		for j := range g.Programme.Events[i].Phases {
			units := g.Programme.Events[i].Phases[j].Units
			for k := range units {
				if units[k].Code != unit {
					continue
				}
				units[k].Starts = nil
				for n, bib := range bibs[:min(lanes, len(bibs))] {
					units[k].Starts = append(units[k].Starts, start(bib, g.race[unit].class, fromMiddle(n)))
				}
			}
		}
	}
}

// HeatsOf is the code of the phase that a final's swimmers come from.
func (g *Games) HeatsOf(unit string) string { return g.race[unit].code + "-PRE" }
