package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/events/timetable"
)

// held says where a sport's events are held and how long a unit takes: Minutes,
// and Each for every entrant. In a sport of matches each pair of a pool of four
// meets; elsewhere more than Lanes entrants swim or run heats and a final.
type held struct {
	area          string
	minutes, each int
	lanes         int
	matches       bool
}

// programme is how the events of the sample workbooks are held, by sport and, in
// athletics, by event.
var programme = map[string]held{
	"田径 铁饼": {"throw", 12, 5, 0, false}, "田径 铅球": {"throw", 12, 5, 0, false}, "田径 标枪": {"throw", 12, 5, 0, false},
	"田径 跳远": {"jump", 12, 5, 0, false}, "田径 跳高": {"jump", 15, 8, 0, false},
	"田径": {"track", 8, 0, 8, false}, "游泳": {"pool", 8, 0, 8, false}, "举重": {"platform", 15, 8, 0, false},
	"乒乓球": {"table", 30, 0, 0, true}, "羽毛球": {"court", 35, 0, 0, true}, "硬地滚球": {"boccia", 50, 0, 0, true}, "飞镖": {"darts", 25, 0, 0, true},
	"中国象棋": {"chess", 60, 0, 0, true}, "盲人门球": {"goalball", 60, 0, 0, true}, "聋人篮球": {"basketball", 80, 0, 0, true},
	"轮椅冰壶": {"sheet", 120, 0, 0, true}, "冰盘": {"sheet", 60, 0, 0, true},
	"高山滑雪": {"slope", 10, 3, 0, false}, "越野滑雪": {"slope", 20, 2, 0, false}, "迷你滑雪": {"slope", 10, 3, 0, false},
}

func (h held) of(e *entry.Event) held {
	if own, ok := programme[e.Sport+" "+e.Name]; ok {
		return own
	}
	return programme[e.Sport]
}

// TestTimetableOfSamples makes the timetable of the para games whose workbooks
// are in the samples: everything that can be taken of what fifteen delegations
// entered, with their guides, in four days.
func TestTimetableOfSamples(t *testing.T) {
	root := os.Getenv("TONGCHANG_SAMPLES")
	if root == "" {
		root = "../../../shared/samples"
	}
	dir := filepath.Join(root, "registration", "para-games")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("NOT TESTED: a timetable of what delegations entered. There is no %s; set TONGCHANG_SAMPLES.", dir)
	}
	ed, err := readEdition(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := readWorkbooks(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := entered(ed, registration.Read(ed, files, identity.Date{Year: 2027, Month: 4, Day: 1}))
	if faults := d.Faults(); len(faults) > 0 {
		t.Fatal(faults)
	}
	began := time.Now()
	plan, left := timetable.Generate(d, timetable.Options{Seed: 1})
	took := time.Since(began).Round(time.Millisecond)
	d.Plan = plan
	clashes := timetable.Check(d)
	t.Logf("%d events with entries, %d units, %d people, %d days: %v; %d without a place, %d clashes", eventsIn(d), len(d.Units), len(d.People), len(d.Days), took, len(left), len(clashes))
	if len(d.Units) < 600 || len(d.People) < 900 {
		t.Errorf("only %d units and %d people", len(d.Units), len(d.People))
	}
	for i := range left {
		t.Errorf("%s: %s %v", left[i].Unit, left[i].Problem, left[i].With)
	}
	for i := range clashes {
		t.Errorf("%s %v", clashes[i].Rule, clashes[i].With)
	}
}

func eventsIn(d *timetable.Document) int {
	events := map[string]bool{}
	for i := range d.Units {
		events[d.Units[i].Event] = true
	}
	return len(events)
}

// frame is the games without its people: four days, seven places, their ways.
func frame() *timetable.Document {
	area := func(id string, courts, turnover int) timetable.Area {
		return timetable.Area{ID: id, Courts: courts, Turnover: turnover}
	}
	venue := func(id string, warmUp int, areas ...timetable.Area) timetable.Venue {
		return timetable.Venue{ID: id, WarmUp: warmUp, Areas: areas}
	}
	d := &timetable.Document{Zone: "Asia/Shanghai", TravelAny: 30, Venues: []timetable.Venue{
		venue("stadium", 40, area("track", 1, 2), area("throw", 4, 5), area("jump", 2, 5)), venue("pool", 40, area("pool", 1, 2)), venue("lifting", 45, area("platform", 1, 10)),
		venue("hall", 30, area("table", 8, 5), area("court", 4, 5), area("boccia", 2, 10), area("darts", 4, 5), area("chess", 6, 0)),
		venue("gymnasium", 30, area("goalball", 1, 15), area("basketball", 1, 15)), venue("ice", 30, area("sheet", 4, 20)), venue("snow", 45, area("slope", 2, 10)),
	}, Rest: []timetable.Rest{{Minutes: 20, Recovery: 60}, {Discipline: "田径", Minutes: 30, Recovery: 90}, {Discipline: "游泳", Minutes: 25, Recovery: 90}}}
	first := timetable.At(time.Date(2027, 6, 18, 8, 0, 0, 0, time.UTC), time.UTC)
	for day := range 4 {
		from := first + timetable.Moment(day*24*60)
		d.Days = append(d.Days, timetable.Span{From: from, Until: from + 11*60})
	}
	return d
}

// entered is the games with what was entered. People are numbers: nobody's name
// is needed to plan.
func entered(ed *entry.Edition, im *registration.Import) *timetable.Document {
	g := &enteredGames{Document: frame(), ids: map[string]string{}}
	teams := map[string]map[string][]timetable.Part{} // event, then whoever enters as one
	for _, row := range im.Clean() {
		for _, e := range row.Entered() {
			if e == nil || row.Staff {
				continue
			}
			who := g.person(row.Delegation + "|" + row.Get(entry.ID))
			team := who
			if !e.Individual() {
				team = row.Delegation
			}
			if teams[e.Code] == nil {
				teams[e.Code] = map[string][]timetable.Part{}
			}
			class := slices.Concat(row.Classes(), []string{""})[0]
			teams[e.Code][team] = append(teams[e.Code][team], timetable.Part{Person: who, As: timetable.Athlete, Class: class})
			if guide := row.Get(entry.Guide); guide != "" {
				g.add(teams[e.Code], team, timetable.Part{Person: g.person(row.Delegation + "|guide|" + guide), As: timetable.Guide, Class: class})
			}
		}
	}
	for i := range ed.Events {
		if e := &ed.Events[i]; len(teams[e.Code]) > 0 {
			g.event(e, teams[e.Code])
		}
	}
	return g.Document
}

type enteredGames struct {
	*timetable.Document
	ids map[string]string
}

func (g *enteredGames) person(key string) string {
	if g.ids[key] == "" {
		g.ids[key] = fmt.Sprintf("p%04d", len(g.People))
		g.People = append(g.People, timetable.Person{ID: g.ids[key]})
	}
	return g.ids[key]
}

// add gives a team a guide; one who is in the event already goes with one
// athlete alone, and another is found for the second.
func (g *enteredGames) add(teams map[string][]timetable.Part, team string, guide timetable.Part) {
	for _, parts := range teams {
		if slices.ContainsFunc(parts, func(p timetable.Part) bool { return p.Person == guide.Person }) {
			guide.Person = g.person(fmt.Sprint("stand-in ", len(g.People)))
		}
	}
	teams[team] = append(teams[team], guide)
}

// event writes the units of an event with its judges.
func (g *enteredGames) event(e *entry.Event, teams map[string][]timetable.Part) {
	h := held{}.of(e)
	names := make([]string, 0, len(teams))
	for name := range teams {
		names = append(names, name)
	}
	slices.Sort(names)
	unit := func(phase int, minutes int, names ...string) {
		u := timetable.Unit{ID: fmt.Sprintf("%s-%d", e.Code, len(g.Units)), Name: e.Sport + " " + e.Class + " " + e.Name, Discipline: e.Sport, Event: e.Code, Phase: phase,
			Minutes: minutes, Areas: []string{h.area}}
		for _, name := range names {
			u.People = append(u.People, teams[name]...)
		}
		u.People = append(u.People, timetable.Part{Person: g.person(fmt.Sprint("judge ", h.area, len(g.Units)%8)), As: timetable.Judge})
		g.Units = append(g.Units, u)
	}
	switch n := len(names); {
	case h.matches && n > 1:
		for i := range names {
			for j := i + 1; j < min(n, i/4*4+4); j++ {
				unit(1, h.minutes, names[i], names[j])
			}
		}
		if n > 4 {
			unit(2, h.minutes, names...)
		}
	case h.lanes > 0 && n > h.lanes:
		unit(1, h.minutes, names[:n/2]...)
		unit(1, h.minutes, names[n/2:]...)
		unit(2, h.minutes, names...)
	default:
		unit(1, h.minutes+h.each*n, names...)
	}
}
