package events

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tongchang/events/draw"
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

// gamesLengths are how long units of the sample games take and where they are held:
// by sport, in athletics by what is contested, and benches for the skills. In a
// sport of matches Each is a round of a pool in which everybody meets, half of
// them at the same time.
var gamesLengths = []timetable.Length{
	{Minutes: 60, Each: 20, Areas: []string{"bench"}},
	{Discipline: "AT", Minutes: 8, Areas: []string{"track"}}, {Discipline: "SW", Minutes: 8, Areas: []string{"pool"}},
	{Discipline: "AT", Type: "铁饼", Minutes: 12, Each: 5, Areas: []string{"throw"}}, {Discipline: "AT", Type: "铅球", Minutes: 12, Each: 5, Areas: []string{"throw"}},
	{Discipline: "AT", Type: "标枪", Minutes: 12, Each: 5, Areas: []string{"throw"}}, {Discipline: "AT", Type: "跳远", Minutes: 12, Each: 5, Areas: []string{"jump"}},
	{Discipline: "AT", Type: "跳高", Minutes: 15, Each: 8, Areas: []string{"jump"}}, {Discipline: "PL", Minutes: 15, Each: 8, Areas: []string{"platform"}},
	{Discipline: "TT", Each: 30, Areas: []string{"table"}}, {Discipline: "BD", Each: 35, Areas: []string{"court"}}, {Discipline: "BC", Each: 50, Areas: []string{"boccia"}},
	{Discipline: "DA", Each: 25, Areas: []string{"darts"}}, {Discipline: "XQ", Minutes: 420, Areas: []string{"chess"}}, // seven rounds of an hour
	{Discipline: "GB", Each: 60, Areas: []string{"goalball"}}, {Discipline: "DB", Each: 80, Areas: []string{"basketball"}},
	{Discipline: "WC", Each: 75, Areas: []string{"sheet"}}, {Discipline: "FC", Each: 60, Areas: []string{"sheet"}},
	{Discipline: "AS", Minutes: 10, Each: 3, Areas: []string{"slope"}}, {Discipline: "XC", Minutes: 20, Each: 2, Areas: []string{"slope"}}, {Discipline: "MS", Minutes: 10, Each: 3, Areas: []string{"slope"}},
}

// gamesPlaces are four days, eight venues and the ways between them.
func gamesPlaces() *timetable.Settings {
	area := func(id string, courts, turnover int) timetable.SetArea {
		return timetable.SetArea{Area: timetable.Area{ID: id, Courts: courts, Turnover: turnover}}
	}
	venue := func(id string, warmUp int, areas ...timetable.SetArea) timetable.SetVenue {
		return timetable.SetVenue{ID: id, Name: id, WarmUp: warmUp, Areas: areas}
	}
	s := &timetable.Settings{TravelAny: 30, Lengths: gamesLengths, Venues: []timetable.SetVenue{
		venue("stadium", 40, area("track", 1, 2), area("throw", 4, 5), area("jump", 2, 5)), venue("natatorium", 40, area("pool", 1, 2)),
		venue("lifting", 45, area("platform", 1, 10)),
		venue("hall", 30, area("table", 8, 5), area("court", 4, 5), area("boccia", 2, 10), area("darts", 4, 5), area("chess", 6, 0)),
		venue("gymnasium", 30, area("goalball", 1, 15), area("basketball", 1, 15)), venue("ice", 30, area("sheet", 4, 20)),
		venue("snow", 45, area("slope", 2, 10)), venue("workshops", 30, area("bench", 12, 30)),
	}, Rest: []timetable.Rest{{Minutes: 20, Recovery: 60}, {Discipline: "AT", Minutes: 30, Recovery: 90}, {Discipline: "SW", Minutes: 25, Recovery: 90}}}
	first := timetable.At(time.Date(2027, 6, 18, 8, 0, 0, 0, time.UTC), time.UTC)
	for day := range 4 {
		from := first + timetable.Moment(day*24*60)
		s.Days = append(s.Days, timetable.Span{From: from, Until: from + 11*60})
	}
	return s
}

// timetable lays the units that were drawn, and the finals behind them, over
// four days: with everybody on the start lists, those who run with them, and the
// extra time that was granted. What then stands in the ledger is checked by the
// checker, which knows nothing of the generator.
func (g *road) timetable() {
	ctx := g.t.Context()
	_, saw, err := g.TimetableSettings(ctx, organiser, "games")
	g.must(err)
	_, err = g.SetTimetable(ctx, g.by(""), organiser, SetTimetable{Saw: saw, All: gamesPlaces()})
	g.must(err)
	draft, _, err := g.GenerateTimetable(ctx, g.by("首版"), organiser, DraftTimetable{Seed: 1})
	g.must(err)
	d, err := g.Timetable(ctx, organiser, "games")
	g.must(err)
	clashes := timetable.Check(d)
	g.step("%d units with %d people on %d days: generator %v, %d without a place, %d clashes", len(d.Plan), len(d.People), len(d.Days), draft.Took, len(draft.Unplaced), len(clashes))
	if draft.Took > 30*time.Second {
		g.t.Logf("SLOW: the generator took %v; 30 s is what is aimed at on two idle cores", draft.Took)
	}
	if len(d.Plan) == 0 || len(d.Plan) != len(d.Units) {
		g.t.Errorf("%d of %d units stand in the ledger", len(d.Plan), len(d.Units))
	}
	for i := range draft.Unplaced {
		u := &draft.Unplaced[i]
		g.t.Errorf("no place for %s: %s %v", u.Unit, u.Problem, u.With)
	}
	for i := range clashes {
		g.t.Errorf("%s %v", clashes[i].Rule, clashes[i].With)
	}
}
