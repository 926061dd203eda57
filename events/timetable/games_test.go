package timetable

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A scripted games: the events of a provincial para games by sport and number as
// in its registration workbooks, and 43 skills contests with extra time; 15
// delegations, eight venues, four days. People are numbers; which events they
// enter is drawn from a seed.

// sport is one row of the script.
type sport struct {
	discipline, event string
	events            int
	area              string
	minutes           int
	split             int // entrants in one unit before there are heats and a final; 0: never
	entrants          int // on average
	matches           int // units of an event where entrants meet each other
	classes           []string
}

var script = []sport{
	{"athletics", "100 m", 36, "track", 8, 6, 5, 0, []string{"T11", "T37", "T46", "T54"}},
	{"athletics", "200 m", 24, "track", 8, 6, 4, 0, []string{"T12", "T38", "T47"}},
	{"athletics", "400 m", 26, "track", 8, 0, 4, 0, []string{"T11", "T20", "T54"}},
	{"athletics", "800 m", 8, "track", 10, 0, 4, 0, []string{"T54", "T60"}},
	{"athletics", "1500 m", 14, "track", 12, 0, 4, 0, []string{"T11", "T46"}},
	{"athletics", "4×100 m", 2, "track", 15, 0, 12, 0, []string{"T37"}},
	{"athletics", "javelin", 26, "throw", 30, 0, 4, 0, []string{"F46", "F57"}},
	{"athletics", "discus", 40, "throw", 30, 0, 3, 0, []string{"F11", "F56"}},
	{"athletics", "shot", 44, "throw", 30, 0, 3, 0, []string{"F20", "F37", "F57"}},
	{"athletics", "long jump", 28, "jump", 35, 0, 4, 0, []string{"T11", "T47"}},
	{"athletics", "high jump", 8, "jump", 40, 0, 4, 0, []string{"T47"}},
	{"swimming", "50 m", 30, "pool", 6, 8, 5, 0, []string{"S5", "S9", "S11"}},
	{"swimming", "100 m", 80, "pool", 7, 8, 4, 0, []string{"S6", "S10", "S13"}},
	{"swimming", "200 m", 16, "pool", 9, 0, 4, 0, []string{"SM9"}},
	{"swimming", "400 m", 12, "pool", 12, 0, 4, 0, []string{"S9"}},
	{"powerlifting", "bench", 20, "platform", 45, 0, 4, 0, []string{"PL"}},
	{"table tennis", "singles", 24, "table", 30, 0, 4, 5, []string{"TT3", "TT7", "TT11"}},
	{"table tennis", "doubles", 8, "table", 30, 0, 6, 3, []string{"TT7"}},
	{"badminton", "singles", 16, "court", 35, 0, 4, 4, []string{"WH1", "SL3"}},
	{"badminton", "doubles", 6, "court", 35, 0, 6, 3, []string{"WH1"}},
	{"boccia", "individual", 8, "boccia", 50, 0, 4, 3, []string{"BC1", "BC3"}},
	{"boccia", "team", 1, "boccia", 60, 0, 9, 3, []string{"BC1"}},
	{"goalball", "team", 2, "goalball", 60, 0, 18, 4, []string{"B1"}},
	{"basketball", "team", 2, "basketball", 90, 0, 20, 3, []string{"deaf"}},
	{"chess", "individual", 6, "chess", 60, 0, 6, 3, []string{"all"}},
	{"darts", "individual", 12, "darts", 30, 0, 5, 2, []string{"all"}},
	{"curling", "team", 2, "sheet", 120, 0, 15, 4, []string{"WhC"}},
	{"ice plate", "team", 4, "sheet", 60, 0, 12, 2, []string{"all"}},
	{"skiing", "alpine and nordic", 36, "slope", 30, 0, 4, 0, []string{"LW4", "LW12", "B2"}},
	{"mini skiing", "race", 16, "slope", 20, 0, 4, 0, []string{"all"}},
	{"skills", "skill", 43, "bench", 120, 0, 10, 0, []string{"all"}},
}

// moment is minutes after midnight of a day of the scripted games, from 0.
func moment(t testing.TB, day, hour, minute int) Moment {
	t.Helper()
	var m Moment
	if err := m.UnmarshalText([]byte("2027-06-19T00:00")); err != nil {
		t.Fatal(err)
	}
	return m + Moment((day*24+hour)*60+minute)
}

// games builds the scripted games of a seed, without a plan.
func games(t testing.TB, seed uint64) *Document {
	t.Helper()
	d := venues(t)
	g := &scripted{Document: d, rng: rand.New(rand.NewPCG(seed, 9)), judges: map[string][]string{}}
	g.crews()
	for i := range script {
		g.sport(&script[i])
	}
	g.classifications()
	if faults := d.Faults(); len(faults) > 0 {
		t.Fatalf("the script is at fault: %v", faults[0])
	}
	return d
}

// venues is the frame of the scripted games: days, places, ways and rest.
func venues(t testing.TB) *Document {
	d := &Document{Title: "scripted games", Zone: "Asia/Shanghai", Step: 5, Lead: 60, TravelAny: 30,
		Travel: []Travel{{"stadium", "hall", 10}, {"hall", "skills", 15}, {"ice", "snow", 60}, {"snow", "ice", 50}, {"medical", "stadium", 10}},
		Rest: []Rest{
			{Minutes: 20, Recovery: 60}, {Discipline: "athletics", Minutes: 30, Recovery: 90},
			{Discipline: "athletics", Class: "T54", Minutes: 45, Recovery: 90},
			{Discipline: "swimming", Minutes: 25, Recovery: 90}, {Discipline: "skiing", Minutes: 60},
		},
		Venues: []Venue{
			{ID: "stadium", WarmUp: 40, Areas: []Area{{ID: "track", Courts: 1, Turnover: 2}, {ID: "throw", Courts: 3, Turnover: 5}, {ID: "jump", Courts: 2, Turnover: 5}}},
			{ID: "pool", WarmUp: 40, Areas: []Area{{ID: "pool", Courts: 1, Turnover: 2}}},
			{ID: "lifting", WarmUp: 45, Areas: []Area{{ID: "platform", Courts: 1, Turnover: 10}}},
			{ID: "hall", WarmUp: 30, Areas: []Area{{ID: "table", Courts: 6, Turnover: 5}, {ID: "court", Courts: 4, Turnover: 5}, {ID: "boccia", Courts: 2, Turnover: 10},
				{ID: "goalball", Courts: 1, Turnover: 15}, {ID: "basketball", Courts: 1, Turnover: 15}, {ID: "chess", Courts: 6}, {ID: "darts", Courts: 4}}},
			{ID: "ice", WarmUp: 30, Areas: []Area{{ID: "sheet", Courts: 3, Turnover: 20}}},
			{ID: "snow", WarmUp: 45, Areas: []Area{{ID: "slope", Courts: 2, Turnover: 10}}},
			{ID: "skills", WarmUp: 30, Areas: []Area{{ID: "bench", Courts: 4, Turnover: 30}}},
			{ID: "medical", Areas: []Area{{ID: "panel", Courts: 4, Turnover: 5}}},
		}}
	for day := range 4 {
		d.Days = append(d.Days, Span{moment(t, day, 8, 0), moment(t, day, 20, 0)})
		for _, half := range []Span{{moment(t, day, 8, 30), moment(t, day, 12, 0)}, {moment(t, day, 14, 0), moment(t, day, 18, 30)}} {
			d.Sessions = append(d.Sessions, Session{ID: fmt.Sprintf("stadium %d", len(d.Sessions)), Venue: "stadium", Span: half},
				Session{ID: fmt.Sprintf("pool %d", len(d.Sessions)), Venue: "pool", Span: half})
		}
	}
	// the able-bodied games have the stadium's track on the second morning, and two tables on the third day
	d.Venues[0].Busy = []Busy{{Span: Span{moment(t, 1, 8, 0), moment(t, 1, 11, 0)}, Areas: []string{"track"}, What: "provincial games"}}
	d.Venues[3].Busy = []Busy{{Span: Span{moment(t, 2, 8, 0), moment(t, 2, 20, 0)}, Areas: []string{"table"}, Courts: []int{1, 2}, What: "provincial games"}}
	return d
}

// scripted is a games while it is written.
type scripted struct {
	*Document
	rng    *rand.Rand
	judges map[string][]string // by area
	pools  map[string][]string // athletes by discipline and class
	load   map[string]int
	number int
}

func (g *scripted) person(kind string) string {
	id := fmt.Sprintf("%s-%04d", kind, len(g.People))
	g.People = append(g.People, Person{ID: id})
	return id
}

// crews are the judges of each area: as many as units can run at once there. One
// of the jumps judges throws too.
func (g *scripted) crews() {
	for _, v := range g.Venues {
		for _, a := range v.Areas {
			for range a.Courts * 2 {
				g.judges[a.ID] = append(g.judges[a.ID], g.person("judge"))
			}
		}
	}
	for range 12 {
		g.judges["interpreter"] = append(g.judges["interpreter"], g.person("interpreter"))
	}
	g.pools, g.load = map[string][]string{}, map[string]int{}
}

// entrant is an athlete of a class, new or one with fewer than three events.
func (g *scripted) entrant(discipline, class string, taken map[string]bool) string {
	key := discipline + " " + class
	for _, id := range g.pools[key] {
		if g.load[id] < 3 && !taken[id] && g.rng.IntN(10) < 6 {
			g.load[id]++
			return id
		}
	}
	id := g.person("athlete")
	if g.rng.IntN(50) == 0 { // arrives on the first afternoon
		g.People[len(g.People)-1].Away = []Span{{g.Days[0].From - 600, g.Days[0].From + 360}}
	}
	g.pools[key] = append(g.pools[key], id)
	g.load[id]++
	return id
}

func (g *scripted) sport(s *sport) {
	for e := range s.events {
		class := s.classes[e%len(s.classes)]
		var parts []Part
		taken := map[string]bool{}
		for range max(2, s.entrants-1+g.rng.IntN(3)) {
			id := g.entrant(s.discipline, class, taken)
			taken[id] = true
			parts = append(parts, Part{Person: id, As: Athlete, Class: class})
			if s.discipline == "skills" && g.rng.IntN(6) == 0 {
				parts[len(parts)-1].Extra = 30 + 20*g.rng.IntN(2)
			}
			if class == "T11" {
				guide := g.guide(id)
				if taken[guide] { // runs with another of them already
					guide = g.person("guide")
				}
				taken[guide] = true
				parts = append(parts, Part{Person: guide, As: Guide, Class: class})
			}
		}
		g.event(s, fmt.Sprintf("%s %s %d", s.discipline, s.event, e+1), parts)
	}
}

// guide is the athlete's, the same in every event; every second guide runs with
// two athletes.
func (g *scripted) guide(athlete string) string {
	list := g.pools["guide of "+athlete]
	if len(list) == 0 {
		free := g.pools["free guides"]
		if len(free) > 0 {
			g.pools["free guides"] = free[1:]
			list = []string{free[0]}
		} else {
			list = []string{g.person("guide")}
			g.pools["free guides"] = append(free, list[0])
		}
		g.pools["guide of "+athlete] = list
	}
	return list[0]
}

// event writes the units of an event: matches, heats and a final, or one.
func (g *scripted) event(s *sport, name string, parts []Part) {
	athletes := 0
	for _, p := range parts {
		if p.As == Athlete {
			athletes++
		}
	}
	switch {
	case s.matches > 0:
		half := (len(parts) + 1) / 2
		for m := range s.matches {
			from := m % (len(parts) - half + 1)
			g.unit(s, name, 1+m*2/s.matches, parts[from:from+half])
		}
	case s.split > 0 && athletes >= s.split:
		g.unit(s, name, 1, parts[:len(parts)/2])
		g.unit(s, name, 1, parts[len(parts)/2:])
		g.unit(s, name, 2, parts)
	default:
		g.unit(s, name, 1, parts)
	}
}

func (g *scripted) unit(s *sport, event string, phase int, parts []Part) {
	g.number++
	u := Unit{ID: fmt.Sprintf("u%04d", g.number), Name: fmt.Sprintf("%s, %d", event, phase), Discipline: s.discipline, Event: event, Phase: phase,
		Minutes: s.minutes, InTurn: s.area == "bench" && g.number%2 == 0, Areas: []string{s.area}}
	u.People = append(u.People, parts...)
	crew := g.judges[s.area]
	u.People = append(u.People, Part{Person: crew[g.number%len(crew)], As: Judge}, Part{Person: crew[(g.number+1)%len(crew)], As: Judge})
	if g.number%5 == 0 {
		u.People = append(u.People, Part{Person: g.judges["interpreter"][g.number/5%12], As: Interpreter})
	}
	g.Units = append(g.Units, u)
}

// classifications: every tenth athlete of four disciplines meets a panel first.
func (g *scripted) classifications() {
	competes := map[string]string{}
	var order []string
	for _, u := range g.Units {
		for _, p := range u.People {
			if p.As == Athlete && competes[p.Person] == "" {
				competes[p.Person] = u.Discipline
				order = append(order, p.Person)
			}
		}
	}
	for i, id := range order {
		if d := competes[id]; i%12 == 0 && (d == "athletics" || d == "swimming" || d == "table tennis" || d == "boccia") {
			panel := g.judges["panel"]
			g.Units = append(g.Units, Unit{ID: "c-" + id, Kind: Classification, Discipline: d, Minutes: 30, Areas: []string{"panel"},
				People: []Part{{Person: id, As: Athlete}, {Person: panel[i%len(panel)], As: Official}}})
		}
	}
}
