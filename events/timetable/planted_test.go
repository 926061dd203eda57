package timetable

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// plot is a clean plan into which clashes are planted.
type plot struct {
	*Document
	rng     *rand.Rand
	byUnit  map[string]int   // in Plan
	diaries map[string][]int // units of each person
	venues  map[string]*Venue
}

// copied is the plan again, to be spoilt.
func copied(d *Document, rng *rand.Rand) *plot {
	c := *d
	c.Plan, c.Units, c.People, c.Venues = slices.Clone(d.Plan), slices.Clone(d.Units), slices.Clone(d.People), slices.Clone(d.Venues)
	p := &plot{Document: &c, rng: rng, byUnit: map[string]int{}, diaries: map[string][]int{}, venues: map[string]*Venue{}}
	for i := range c.Plan {
		p.byUnit[c.Plan[i].Unit] = i
	}
	for i := range c.Units {
		for _, q := range c.Units[i].People {
			p.diaries[q.Person] = append(p.diaries[q.Person], i)
		}
	}
	for i := range c.Venues {
		for _, a := range c.Venues[i].Areas {
			p.venues[a.ID] = &c.Venues[i]
		}
	}
	return p
}

// any is a unit, drawn, for which a condition holds, and its place.
func (p *plot) any(fit func(*Unit) bool) (*Unit, *Placement) {
	for range 5000 {
		u := &p.Units[p.rng.IntN(len(p.Units))]
		if fit(u) {
			return u, &p.Plan[p.byUnit[u.ID]]
		}
	}
	return nil, nil
}

// pair draws two units that share a person for whom a condition holds, neither
// with extra time.
func (p *plot) pair(fit func(a, b *Unit, as, bs Part) bool) (a, b *Unit, who string) {
	u, _ := p.any(func(u *Unit) bool {
		for _, as := range u.People {
			for _, i := range p.diaries[as.Person] {
				v := &p.Units[i]
				bs := v.People[slices.IndexFunc(v.People, func(q Part) bool { return q.Person == as.Person })]
				if v.ID != u.ID && u.extra()+v.extra() == 0 && fit(u, v, as, bs) {
					b, who = v, as.Person
					return true
				}
			}
		}
		return false
	})
	return u, b, who
}

func (p *plot) at(u *Unit) *Placement { return &p.Plan[p.byUnit[u.ID]] }
func (p *plot) venue(u *Unit) *Venue  { return p.venues[p.at(u).Area] }
func (p *plot) ends(u *Unit) Moment   { return p.at(u).Start + Moment(u.Takes()) }
func anyUnit(*Unit) bool              { return true }

func competeTwice(a, b *Unit, as, bs Part) bool {
	return a.Kind == Contest && b.Kind == Contest && as.As == Athlete && bs.As == Athlete
}

// plants put one clash of a rule into a plan and say which units and person it
// is about.
var plants = map[Rule]func(*plot) (units []string, person string){
	TwoPlaces: func(p *plot) ([]string, string) {
		a, b, who := p.pair(func(*Unit, *Unit, Part, Part) bool { return true })
		p.at(b).Start = p.at(a).Start + Moment(p.rng.IntN(a.Minutes))
		return []string{a.ID, b.ID}, who
	},
	TravelTime: func(p *plot) ([]string, string) {
		a, b, who := p.pair(func(a, b *Unit, _, _ Part) bool { return p.venue(a) != p.venue(b) })
		p.at(b).Start = p.ends(a) + Moment(p.rng.IntN(p.travel(p.venue(a).ID, p.venue(b).ID)))
		return []string{a.ID, b.ID}, who
	},
	WarmUp: func(p *plot) ([]string, string) {
		a, b, who := p.pair(func(a, b *Unit, as, bs Part) bool {
			return p.venue(a) != p.venue(b) && b.Kind == Contest && bs.As == Athlete
		})
		p.at(b).Start = p.ends(a) + Moment(p.travel(p.venue(a).ID, p.venue(b).ID)+p.rng.IntN(p.venue(b).WarmUp))
		return []string{a.ID, b.ID}, who
	},
	RestTime: func(p *plot) ([]string, string) {
		a, b, who := p.pair(competeTwice)
		class := a.People[slices.IndexFunc(a.People, func(q Part) bool { return q.Person == who })].Class
		p.at(b).Start = p.ends(a) + Moment(p.rng.IntN(p.rest(a.Discipline, class).Minutes))
		return []string{a.ID, b.ID}, who
	},
	Classified: func(p *plot) ([]string, string) {
		a, b, who := p.pair(func(a, b *Unit, as, bs Part) bool {
			return a.Kind == Classification && b.Kind == Contest && as.As == Athlete && bs.As == Athlete && a.Discipline == b.Discipline
		})
		p.at(a).Start = p.at(b).Start - Moment(a.Minutes+p.rng.IntN(p.Lead))
		return []string{a.ID, b.ID}, who
	},
	Away: func(p *plot) ([]string, string) {
		u, at := p.any(func(u *Unit) bool { return len(u.People) > 0 })
		who := u.People[p.rng.IntN(len(u.People))].Person
		i := slices.IndexFunc(p.People, func(q Person) bool { return q.ID == who })
		p.People[i].Away = []Span{{at.Start + Moment(u.Takes()) - 1, at.Start + 600}}
		return []string{u.ID}, who
	},
	CourtTaken: func(p *plot) ([]string, string) {
		a, at := p.any(func(u *Unit) bool { return u.extra() == 0 })
		b, _ := p.any(func(u *Unit) bool { return u.ID != a.ID && u.Areas[0] == a.Areas[0] && u.extra() == 0 })
		*p.at(b) = Placement{b.ID, at.Area, at.Court, at.Start + Moment(p.rng.IntN(a.Minutes))}
		return []string{a.ID, b.ID}, ""
	},
	BusyTime: func(p *plot) ([]string, string) {
		u, at := p.any(func(u *Unit) bool { return u.extra() == 0 })
		for i := range p.Venues {
			if v := &p.Venues[i]; v.ID == p.venue(u).ID {
				v.Busy = append(slices.Clone(v.Busy), Busy{Span: Span{at.Start - 60, at.Start + 1}, Areas: []string{at.Area}, Courts: []int{at.Court}})
			}
		}
		return []string{u.ID}, ""
	},
	Hours: func(p *plot) ([]string, string) {
		u, at := p.any(func(u *Unit) bool { return u.extra() == 0 })
		at.Start = p.Days[p.rng.IntN(len(p.Days))].Until - Moment(1+p.rng.IntN(u.Minutes-1))
		return []string{u.ID}, ""
	},
	Never: func(p *plot) ([]string, string) {
		u, at := p.any(anyUnit)
		u.Never = []Span{{at.Start - 30, at.Start + 1}}
		return []string{u.ID}, ""
	},
	PhaseOrder: func(p *plot) ([]string, string) {
		final, at := p.any(func(u *Unit) bool { return u.Phase == 2 && u.extra() == 0 })
		last := Moment(0)
		var heat *Unit
		for i := range p.Units {
			if u := &p.Units[i]; u.Event == final.Event && u.Phase == 1 && p.ends(u) > last {
				heat, last = u, p.ends(u)
			}
		}
		at.Start = last + Moment(p.rng.IntN(p.recovery(final)))
		return []string{heat.ID, final.ID}, ""
	},
	ExtraTime: func(p *plot) ([]string, string) {
		gap := func(a, b *Unit) int { return int(p.at(b).Start - p.ends(a)) }
		var next *Unit
		a, _ := p.any(func(a *Unit) bool {
			for i := range p.Units {
				b := &p.Units[i]
				if x, y := p.at(a), p.at(b); x.Area == y.Area && x.Court == y.Court && gap(a, b) >= 0 && gap(a, b) < a.Minutes && a.extra() == 0 && !a.InTurn && a.People[0].As == Athlete {
					next = b
					return true
				}
			}
			return false
		})
		a.People = slices.Clone(a.People)
		a.People[0].Extra = (gap(a, next)+1)*100/a.Minutes + 1
		return []string{a.ID, next.ID}, ""
	},
	WrongPlace: func(p *plot) ([]string, string) {
		u, at := p.any(anyUnit)
		at.Court = []int{0, -1, 99}[p.rng.IntN(3)]
		return []string{u.ID}, ""
	},
	NoPlace: func(p *plot) ([]string, string) {
		u, _ := p.any(anyUnit)
		p.Plan = slices.Delete(p.Plan, p.byUnit[u.ID], p.byUnit[u.ID]+1)
		return []string{u.ID}, ""
	},
	Twice: func(p *plot) ([]string, string) {
		u, at := p.any(anyUnit)
		p.Plan = append(p.Plan, *at)
		return []string{u.ID}, ""
	},
	NoUnit: func(p *plot) ([]string, string) {
		p.Plan = append(p.Plan, Placement{"nobody's", "track", 1, p.Days[0].From})
		return []string{"nobody's"}, ""
	},
}

// TestPlanted: whatever clash is put into the clean plan of a scripted games, in
// whatever place, is found every time.
func TestPlanted(t *testing.T) {
	const times = 12
	d := games(t, 3)
	plan, left := Generate(d, Options{})
	d.Plan = plan
	clean(t, d, plan, left)
	if len(plants) != len(Rules) {
		t.Errorf("%d rules, %d planted", len(Rules), len(plants))
	}
	rng := rand.New(rand.NewPCG(7, 7))
	for _, rule := range Rules {
		found := 0
		for range times {
			p := copied(d, rng)
			units, person := plants[rule](p)
			clashes := Check(p.Document)
			if slices.ContainsFunc(clashes, func(c Clash) bool {
				return c.Rule == rule && c.Person == person && sameUnits(c.Units, units)
			}) {
				found++
			} else {
				t.Errorf("%s with %v %s is not among %v", rule, units, person, short(clashes))
			}
		}
		t.Logf("%-12s found %d of %d", rule, found, times)
	}
}

func sameUnits(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// TestEdges: around a unit that stands, the last free start before it and the
// first after it are the very minutes that the rules give.
func TestEdges(t *testing.T) {
	asJudge := who("athlete", Judge, "", 0)
	in := func(area string, change func(*Unit)) func(*Document) {
		return func(d *Document) { d.with(t, "new", area, 1, "09:00", change) }
	}
	for name, tt := range map[string]struct {
		stands        func(*Unit) // on the mat in the hall, 12:00 to 12:20
		comes         func(*Document)
		before, after string
	}{
		"strangers":               {athlete, in("mat", judge), "11:40", "12:20"}, // on the other court at once
		"one person":              {judge, in("track", judge), "11:20", "12:40"},
		"athletes warm up":        {athlete, in("track", athlete), "11:05", "12:55"},
		"judge, then athlete":     {asJudge, in("track", athlete), "11:20", "12:55"},
		"athlete, then judge":     {athlete, in("track", asJudge), "11:05", "12:40"},
		"rest is longer":          {who("athlete", Athlete, "T54", 0), in("mat", athlete), "11:10", "13:00"},
		"the panel comes first":   {athlete, in("mat", func(u *Unit) { u.Kind = Classification; athlete(u) }), "10:40", "never"},
		"the panel has been":      {func(u *Unit) { u.Kind = Classification; athlete(u) }, in("mat", athlete), "never", "13:20"},
		"from the panel to track": {func(u *Unit) { u.Kind, u.Discipline = Classification, "other"; athlete(u) }, in("track", athlete), "11:20", "12:55"},
		"the final":               {func(u *Unit) { u.Event, u.Phase = "e", 1 }, in("track", func(u *Unit) { u.Event, u.Phase = "e", 2 }), "never", "13:05"},
		"the heat":                {func(u *Unit) { u.Event, u.Phase = "e", 2 }, in("track", func(u *Unit) { u.Event, u.Phase = "e", 1 }), "10:55", "never"},
	} {
		d := small(t)
		d.Step = 1
		d.with(t, "stands", "mat", 1, "12:00", tt.stands)
		tt.comes(d)
		before, after := "never", "never"
		slots := Slots(d, "new")
		for _, s := range slots {
			if s.Start < at(t, "12:00") && s.Start+20 <= at(t, "12:00") {
				before = s.Start.Clock()
			} else if after == "never" && s.Start >= at(t, "12:20") {
				after = s.Start.Clock()
			}
		}
		if before != tt.before || after != tt.after {
			t.Errorf("%s: until %s and from %s, want %s and %s", name, before, after, tt.before, tt.after)
		}
	}
}
