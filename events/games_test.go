package events

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongchang/events/draw"
	"tongchang/events/entry"
	"tongchang/events/ledgertest"
	"tongchang/events/registration"
	"tongchang/events/timetable"
)

// A whole games in the ledger, from the delegations' workbooks to a timetable:
// what organisers do in half a year, step by step through the commands that
// their pages use. The figures of every step are printed.

// road is a games on its way.
type road struct {
	*Store
	t     *testing.T
	path  string
	began time.Time
	c     Competition
}

// step prints what a step has come to and how long it took.
func (g *road) step(format string, args ...any) {
	g.t.Helper()
	g.t.Logf("%-10s %8s  %s", filepath.Base(g.path), time.Since(g.began).Round(time.Millisecond), fmt.Sprintf(format, args...))
	g.began = time.Now()
}

func (g *road) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

// by is a command of the organisers, with a reason.
func (g *road) by(reason string) Command {
	c := command("games")
	c.Author, c.Reason = organiser.Name, reason
	return c
}

// TestGames goes the road with both sample folders: the para games of fifteen
// delegations and the skills contest, together some 600 events.
func TestGames(t *testing.T) {
	for _, folder := range []string{"para-games", "skills"} {
		t.Run(folder, func(t *testing.T) {
			g := &road{t: t, path: samples(t, folder)}
			g.Store = open(t, ledgertest.New(t, "sqlite"), withTestKeys(t), WithClock(func() time.Time { return april }))
			g.began = time.Now()
			sampleGames(t, g.Store, g.path)
			var err error
			g.c, err = g.Competition(t.Context(), "games")
			g.must(err)
			g.send()
			g.accept()
			g.decideFields()
			g.draw()
			g.timetable()
			rep, err := g.Check(t.Context())
			if err != nil || !rep.OK() {
				t.Errorf("check: %+v, %v", rep, err)
			}
			g.step("checked: %d log entries, %d registrations", rep.Entries, rep.Registrations)
		})
	}
}

// send sends every delegation's workbook and hands in the rows without errors.
func (g *road) send() {
	sender := senders(g.t, g.Store)
	books, rows, refused := sampleBooks(g.t, g.path), 0, 0
	for _, f := range books {
		d := sender(f.Name)
		who := managerOf(d)
		u, err := g.Upload(g.t.Context(), who, "games", d.ID, f.Name, f.Data)
		g.must(err)
		a, err := g.ApplyUpload(g.t.Context(), command("games"), who, ApplyUpload{Upload: u.ID, CleanOnly: true, Submit: true})
		g.must(err)
		rows, refused = rows+a.New, refused+a.Refused
	}
	g.step("%d delegations' workbooks: %d rows handed in, %d with errors left to them", len(books), rows, refused)
}

// accept accepts everything that was handed in, in one command.
func (g *road) accept() {
	ctx := g.t.Context()
	views, err := g.Registrations(ctx, organiser, "games", RegistrationFilter{States: []RegistrationState{registration.Submitted}})
	g.must(err)
	move := MoveRegistrations{To: registration.Accepted, Saw: map[int64]int64{}}
	for i := range views {
		if !views[i].Errors() { // another delegation's later file may have made it one
			move.IDs = append(move.IDs, views[i].ID)
			move.Saw[views[i].ID] = views[i].Revision
		}
	}
	accepted, kept := len(move.IDs), len(views)-len(move.IDs)
	_, err = g.MoveRegistrations(ctx, g.by(""), organiser, move)
	g.must(err)
	var people, entries int
	g.must(g.r.NewSelect().Table("participants").ColumnExpr("count(*)").Where("competition_id = ?", g.c.ID).Scan(ctx, &people))
	g.must(g.r.NewSelect().Table("entries").ColumnExpr("count(*)").Where("competition_id = ?", g.c.ID).Scan(ctx, &entries))
	if accepted == 0 || entries == 0 {
		g.t.Fatalf("%d accepted, %d entries", accepted, entries)
	}
	g.step("%d registrations accepted, %d kept back: %d people, %d entries", accepted, kept, people, entries)
}

// decideFields takes the regulation's proposal for every event under its
// threshold, in one command, and looks whether anything is left undecided.
func (g *road) decideFields() {
	ctx := g.t.Context()
	fields, err := g.Fields(ctx, organiser, "games")
	g.must(err)
	var a DecideFields
	for i := range fields {
		if f := &fields[i]; f.Small() {
			a.Choices = append(a.Choices, FieldChoice{Event: f.Event.ID, Do: f.Action(), Into: f.Into, Rule: f.Proposed.Why.Setting, Saw: f.Entries})
		}
	}
	if len(a.Choices) == 0 { // so in the skills contest
		g.step("%d events, none of them under its threshold", len(fields))
		return
	}
	rec, err := g.DecideFields(ctx, g.by("按规程"), organiser, a)
	g.must(err)
	var done FieldsDecided
	g.must(json.Unmarshal(rec.Outcome, &done))
	after, err := g.Fields(ctx, organiser, "games")
	g.must(err)
	for i := range after {
		if f := &after[i]; f.Decided == nil && f.Small() {
			g.t.Errorf("%s has %d entries and is undecided: %s", f.Event.Code, f.Entries, f.Proposed.Do)
		}
	}
	g.step("%d events, %d small fields decided at once: %d merged, %d exhibitions, %d cancelled, %d kept; %d entries moved, %d withdrawn", len(fields), len(a.Choices),
		done.Merged, done.Exhibition, done.Cancelled, done.Kept, done.Moved, done.Withdrawn)
}

// draw promises a draw for every event that is held, makes them, and repeats
// each from what is published.
func (g *road) draw() {
	ctx := g.t.Context()
	var held []int64
	g.must(g.r.NewSelect().Table("events").Column("id").Where("competition_id = ?", g.c.ID).Where("state IN ('', ?)", EventExhibition).
		Where("EXISTS (SELECT 1 FROM entries AS n WHERE n.event_id = events.id AND n.state = ?)", EntryIn).Order("id").Scan(ctx, &held))
	rec, err := g.PromiseDraws(ctx, g.by(""), organiser, PromiseDraws{Events: held})
	g.must(err)
	promised := map[int64]string{}
	var out DrawsMade
	g.must(json.Unmarshal(rec.Outcome, &out))
	for _, d := range out.Draws {
		promised[d.Event] = d.Commitment
	}
	g.step("%d draws promised", len(held))
	rec, err = g.MakeDraws(ctx, g.by(""), organiser, MakeDraws{Events: held, Word: "松花江"})
	g.must(err)
	out = DrawsMade{}
	g.must(json.Unmarshal(rec.Outcome, &out))
	units, placed := 0, 0
	for _, d := range out.Draws {
		units, placed = units+d.Units, placed+d.Placed
	}
	g.step("%d draws made: %d units, %d places", len(out.Draws), units, placed)
	for _, event := range held {
		row, err := g.DrawOf(ctx, "games", event)
		g.must(err)
		raw, err := row.Published()
		g.must(err)
		doc, err := draw.ReadDocument(raw)
		g.must(err)
		if doc.Commitment != promised[event] {
			g.t.Errorf("event %d: another seed than the one promised", event)
		}
		if err := draw.Verify(doc); err != nil {
			g.t.Errorf("event %d: %v", event, err)
		}
	}
	g.step("%d draws verified from their public documents", len(held))
}

// arena says where a sport's units are held and how long one takes: Minutes,
// and Each for every entrant; in a sport of matches the rounds of a pool in
// which everybody meets, half of them at the same time.
type arena struct {
	area          string
	minutes, each int
	matches       bool
	rounds        int // the most that are played; 0: until everybody has met everybody
}

// arenas are those of the sample games, by sport and, in athletics, by what is
// contested. What is not named is a bench of the skills contest.
var arenas = map[string]arena{
	"AT 铁饼": {"throw", 12, 5, false, 0}, "AT 铅球": {"throw", 12, 5, false, 0}, "AT 标枪": {"throw", 12, 5, false, 0},
	"AT 跳远": {"jump", 12, 5, false, 0}, "AT 跳高": {"jump", 15, 8, false, 0},
	"AT": {"track", 8, 0, false, 0}, "SW": {"pool", 8, 0, false, 0}, "PL": {"platform", 15, 8, false, 0},
	"TT": {"table", 30, 0, true, 0}, "BD": {"court", 35, 0, true, 0}, "BC": {"boccia", 50, 0, true, 0}, "DA": {"darts", 25, 0, true, 0},
	"XQ": {"chess", 60, 0, true, 7}, "GB": {"goalball", 60, 0, true, 0}, "DB": {"basketball", 80, 0, true, 0},
	"WC": {"sheet", 120, 0, true, 0}, "FC": {"sheet", 60, 0, true, 0},
	"AS": {"slope", 10, 3, false, 0}, "XC": {"slope", 20, 2, false, 0}, "MS": {"slope", 10, 3, false, 0},
}

func (a arena) takes(entrants int) int {
	if !a.matches {
		return a.minutes + a.each*entrants
	}
	rounds := max(1, entrants-1+entrants%2)
	if a.rounds > 0 {
		rounds = min(rounds, a.rounds)
	}
	return a.minutes * rounds
}

// frameOfGames is four days, eight places and the ways between them.
func frameOfGames() *timetable.Document {
	area := func(id string, courts, turnover int) timetable.Area {
		return timetable.Area{ID: id, Courts: courts, Turnover: turnover}
	}
	venue := func(id string, warmUp int, areas ...timetable.Area) timetable.Venue {
		return timetable.Venue{ID: id, WarmUp: warmUp, Areas: areas}
	}
	d := &timetable.Document{Zone: "Asia/Shanghai", TravelAny: 30, Venues: []timetable.Venue{
		venue("stadium", 40, area("track", 1, 2), area("throw", 4, 5), area("jump", 2, 5)), venue("natatorium", 40, area("pool", 1, 2)),
		venue("lifting", 45, area("platform", 1, 10)),
		venue("hall", 30, area("table", 8, 5), area("court", 4, 5), area("boccia", 2, 10), area("darts", 4, 5), area("chess", 6, 0)),
		venue("gymnasium", 30, area("goalball", 1, 15), area("basketball", 1, 15)), venue("ice", 30, area("sheet", 4, 20)),
		venue("snow", 45, area("slope", 2, 10)), venue("workshops", 30, area("bench", 12, 30)),
	}, Rest: []timetable.Rest{{Minutes: 20, Recovery: 60}, {Discipline: "AT", Minutes: 30, Recovery: 90}, {Discipline: "SW", Minutes: 25, Recovery: 90}}}
	first := timetable.At(time.Date(2027, 6, 18, 8, 0, 0, 0, time.UTC), time.UTC)
	for day := range 4 {
		from := first + timetable.Moment(day*24*60)
		d.Days = append(d.Days, timetable.Span{From: from, Until: from + 11*60})
	}
	return d
}

// timetable lays the units that were drawn, and the finals behind them, over
// four days: with everybody on the start lists and those who run with them.
func (g *road) timetable() {
	d := frameOfGames()
	d.Units = g.contested()
	people := map[string]bool{}
	for i := range d.Units {
		for _, p := range d.Units[i].People {
			people[p.Person] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(people)) {
		d.People = append(d.People, timetable.Person{ID: id})
	}
	if faults := d.Faults(); len(faults) > 0 {
		g.t.Fatal(faults)
	}
	g.step("the timetable's document: %d units, %d people", len(d.Units), len(d.People))
	began := time.Now()
	plan, left := timetable.Generate(d, timetable.Options{Seed: 1})
	took := time.Since(began)
	d.Plan = plan
	clashes := timetable.Check(d)
	g.step("%d units on %d days: %d without a place, %d clashes", len(plan), len(d.Days), len(left), len(clashes))
	if took > 30*time.Second {
		g.t.Logf("SLOW: the generator took %v; 30 s is what is aimed at on two idle cores", took)
	}
	for i := range left {
		g.t.Errorf("no place for %s: %s %v", left[i].Unit, left[i].Problem, left[i].With)
	}
	for i := range clashes {
		g.t.Errorf("%s %v", clashes[i].Rule, clashes[i].With)
	}
}

// contested are the units of the timetable, by event and phase.
func (g *road) contested() []timetable.Unit {
	ctx := g.t.Context()
	p, err := g.Programme(ctx, g.c.ID)
	g.must(err)
	var rows []struct {
		PhaseID, UnitID, EntryID int64
		Class                    string
	}
	g.must(g.r.NewSelect().TableExpr("starts AS s").ColumnExpr("s.phase_id, coalesce(s.unit_id, 0) AS unit_id, s.entry_id, s.class").
		Where("s.competition_id = ?", g.c.ID).OrderExpr("s.phase_id, s.id").Scan(ctx, &rows))
	of := g.people()
	inUnit, inEvent := map[int64][]timetable.Part{}, map[int64][]timetable.Part{}
	entrants, wide := map[int64]int{}, map[int64]int{}
	for _, r := range rows {
		event := p.Phase(r.PhaseID).EventID
		for _, part := range of[r.EntryID] {
			part.Class = cmp.Or(r.Class, part.Class)
			inUnit[r.UnitID] = with(inUnit[r.UnitID], part)
			inEvent[event] = with(inEvent[event], part)
		}
		entrants[r.UnitID]++
		wide[event]++
	}
	var units []timetable.Unit
	for i := range p.Units {
		u := &p.Units[i]
		ph := p.Phase(u.PhaseID)
		e := p.Event(ph.EventID)
		sport := p.Disciplines[e.DisciplineID].Code
		at, ok := arenas[sport+" "+e.Type]
		if !ok {
			if at, ok = arenas[sport]; !ok {
				at = arena{"bench", 60, 20, false, 0}
			}
		}
		who, n := inUnit[u.ID], entrants[u.ID]
		if n == 0 { // a final before its heats: whoever may be in it
			who, n = inEvent[e.ID], min(wide[e.ID], 4)
		}
		units = append(units, timetable.Unit{ID: u.Code, Name: e.Name, Discipline: sport, Event: e.Code, Phase: ph.Position, Minutes: at.takes(n), Areas: []string{at.area}, People: who})
	}
	return units
}

// with adds a part, unless the person is in it already.
func with(parts []timetable.Part, p timetable.Part) []timetable.Part {
	if slices.ContainsFunc(parts, func(o timetable.Part) bool { return o.Person == p.Person }) {
		return parts
	}
	return append(parts, p)
}

// people are those who are in an entry, with the guides that their registrations
// name. A guide is known by the number under which they were accepted.
func (g *road) people() map[int64][]timetable.Part {
	ctx := g.t.Context()
	views, err := g.Registrations(ctx, organiser, "games", RegistrationFilter{States: []RegistrationState{registration.Accepted}})
	g.must(err)
	named := map[string]int64{}  // delegation and name → participant
	guide := map[int64][]int64{} // participant → guides
	for i := range views {
		named[fmt.Sprint(views[i].Delegation, entry.PlainName(views[i].Name))] = views[i].Participant
	}
	for i := range views {
		v := &views[i]
		for name := range strings.FieldsFuncSeq(v.Fields[entry.Guide], func(r rune) bool { return strings.ContainsRune("、,，;； /", r) }) {
			if id := named[fmt.Sprint(v.Delegation, entry.PlainName(name))]; id != 0 && !v.Staff {
				guide[v.Participant] = append(guide[v.Participant], id)
			}
		}
	}
	var rows []struct{ ID, ParticipantID int64 }
	g.must(g.r.NewSelect().TableExpr("entries AS n").ColumnExpr("n.id, n.participant_id").Where("n.competition_id = ?", g.c.ID).Where("n.participant_id IS NOT NULL").
		UnionAll(g.r.NewSelect().TableExpr("entry_members AS m").ColumnExpr("m.entry_id AS id, m.participant_id").Join("JOIN entries AS n ON n.id = m.entry_id").
			Where("n.competition_id = ?", g.c.ID).Where("n.participant_id IS NULL").Where("NOT m.out")).Scan(ctx, &rows))
	of := map[int64][]timetable.Part{}
	for _, r := range rows {
		of[r.ID] = with(of[r.ID], timetable.Part{Person: diaryOf(r.ParticipantID), As: timetable.Athlete})
		for _, id := range guide[r.ParticipantID] {
			of[r.ID] = with(of[r.ID], timetable.Part{Person: diaryOf(id), As: timetable.Guide})
		}
	}
	return of
}

// diaryOf is a participant as the timetable knows them.
func diaryOf(participant int64) string { return "p" + strconv.FormatInt(participant, 10) }
