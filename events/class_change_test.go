package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/ledgertest"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// track is a small athletics competition for changes of class: the 100 m of T53
// and T54 with heats and a final, of T45 to T47 together, the 400 m of T54 only.
type track struct {
	*Store
	t    *testing.T
	code string
	c    Competition
	cl   map[string]int64 // participant's code → present class row
}

// trackProgramme has six men in T53, six in T54, three in the merged event.
func trackProgramme() ProgrammeFile {
	timed := kinds.Ruleset{Name: "athletics", Version: "test", Kind: "timed"}
	p := ProgrammeFile{
		Disciplines: []DisciplineFile{{Code: "ATH", Name: "田径", NameEn: "Athletics"}},
		Delegations: []DelegationFile{{Code: "HRB", Name: "哈尔滨", NameEn: "Harbin"}, {Code: "DAQ", Name: "大庆", NameEn: "Daqing"}},
	}
	person := func(code string) string {
		p.Participants = append(p.Participants, ParticipantFile{Code: code, Delegation: []string{"HRB", "DAQ"}[len(p.Participants)%2], Family: "佟", Given: code, Sex: "M"})
		return code
	}
	unit := func(code string, number int, class string, people ...string) UnitFile {
		u := UnitFile{Code: code, Number: number, Measure: scoring.Milliseconds}
		for i, who := range people {
			lane := i + 1
			u.Starts = append(u.Starts, StartFile{Participant: who, Lane: &lane, Class: class})
		}
		return u
	}
	event := func(code, kind, set string, phases ...PhaseFile) {
		p.Events = append(p.Events, EventFile{Code: code, Discipline: "ATH", Type: kind, Sex: "M", Classes: set, Name: "男子 " + kind + " " + set, NameEn: "Men's " + kind + " " + set, Phases: phases})
	}
	var t53, t54, t46 []string
	for i := range 6 {
		t53, t54 = append(t53, person(fmt.Sprint("53", i))), append(t54, person(fmt.Sprint("54", i)))
	}
	for i := range 3 {
		t46 = append(t46, person(fmt.Sprint("46", i)))
	}
	heats := PhaseFile{Code: "54H", Kind: "PRE", Ruleset: timed, Units: []UnitFile{unit("54H1", 1, "T54", t54[:3]...), unit("54H2", 2, "T54", t54[3:]...)}}
	event("100T53", "100", "T53", PhaseFile{Code: "53F", Kind: "FIN", Decides: true, Ruleset: timed, Units: []UnitFile{unit("53F1", 1, "T53", t53...)}})
	event("100T54", "100", "T54", heats, PhaseFile{Code: "54F", Kind: "FIN", Decides: true, Ruleset: timed, Units: []UnitFile{unit("54F1", 1, "T54")}})
	event("100T45", "100", "T45,T46,T47", PhaseFile{Code: "45F", Kind: "FIN", Decides: true, Ruleset: timed, Units: []UnitFile{unit("45F1", 1, "T46", t46...)}})
	event("400T54", "400", "T54", PhaseFile{Code: "400F", Kind: "FIN", Decides: true, Ruleset: timed, Units: []UnitFile{unit("400F1", 1, "T54", t54[0], t54[1])}})
	return p
}

func newTrack(t *testing.T, s *Store, code string) *track {
	t.Helper()
	k := &track{Store: s, t: t, code: code, cl: map[string]int64{}}
	var err error
	if k.c, err = s.Found(t.Context(), Competition{Code: code, Name: "测试", NameEn: "Test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetUp(t.Context(), command(code), SetUp{trackProgramme()}, false); err != nil {
		t.Fatal(err)
	}
	var a ChangeClass
	for _, p := range trackProgramme().Participants {
		class := "T" + p.Code[:2]
		a.Outcomes = append(a.Outcomes, ClassOutcome{Participant: k.person(p.Code), Discipline: k.discipline(), Group: "T", Class: class, Status: classes.Review, Cause: classes.Panel})
	}
	c := command(code)
	c.Reason = "evaluation before the games"
	if _, err := s.ChangeClasses(t.Context(), c, access.Console, a); err != nil {
		t.Fatal(err)
	}
	return k
}

// one reads a number from the competition.
func (k *track) one(table, column, value string) int64 {
	k.t.Helper()
	var id int64
	err := k.r.NewSelect().Table(table).Column("id").Where("competition_id = ?", k.c.ID).Where(column+" = ?", value).Scan(k.t.Context(), &id)
	if err != nil {
		k.t.Fatalf("%s %s: %v", table, value, err)
	}
	return id
}

func (k *track) person(code string) int64 { return k.one("participants", "code", code) }
func (k *track) unitID(code string) int64 { return k.one("units", "code", code) }
func (k *track) eventID(code string) int64 {
	return k.one("events", "code", code)
}
func (k *track) discipline() int64 { return k.one("disciplines", "code", "ATH") }

// outcome is a decision that knows the person's present class.
func (k *track) outcome(code, class string, cause classes.Cause) ClassOutcome {
	k.t.Helper()
	o := ClassOutcome{Participant: k.person(code), Discipline: k.discipline(), Group: "T", Class: class, Status: classes.Confirmed, Cause: cause, Panel: "A"}
	held, err := k.held(o)
	if err != nil {
		k.t.Fatal(err)
	}
	o.Saw = held.ID
	return o
}

func (k *track) held(o ClassOutcome) (row SportClass, err error) {
	err = k.r.NewSelect().Model(&row).Where("participant_id = ?", o.Participant).Where("class_group = ?", o.Group).Where("superseded = ?", false).Scan(k.t.Context())
	return row, err
}

// run writes times for a unit's lanes, 0 for a lane without one, and confirms it.
func (k *track) run(unit string, times ...int) {
	k.t.Helper()
	ctx, id := k.t.Context(), k.unitID(unit)
	u, err := k.Unit(ctx, k.code, id)
	if err != nil {
		k.t.Fatal(err)
	}
	sheet, err := k.Sheet(ctx, u.PhaseID, id)
	if err != nil {
		k.t.Fatal(err)
	}
	for i, l := range sheet.Lines {
		if i < len(times) && times[i] > 0 {
			m := EnterMark{Unit: id, Start: l.StartID, Mark: scoring.Milliseconds.Format(scoring.Mark(times[i]), 2)}
			if _, err := k.EnterMark(ctx, command(k.code), m); err != nil {
				k.t.Fatal(err)
			}
		}
	}
	if len(times) < len(sheet.Lines) {
		return // still in the middle of it
	}
	if u, err = k.Unit(ctx, k.code, id); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.Confirm(ctx, command(k.code), ConfirmUnit{Unit: id, Saw: u.Version}); err != nil {
		k.t.Fatal(err)
	}
}

// final puts people of the heats into the final.
func (k *track) final(codes ...string) {
	k.t.Helper()
	ctx := k.t.Context()
	phase, unit := k.one("phases", "code", "54F"), k.unitID("54F1")
	for i, code := range codes {
		lane := i + 1
		var entry int64
		err := k.r.NewSelect().Table("entries").Column("id").Where("event_id = ?", k.eventID("100T54")).Where("code = ?", code).Scan(ctx, &entry)
		if err != nil {
			k.t.Fatal(err)
		}
		st := &Start{CompetitionID: k.c.ID, PhaseID: phase, EntryID: entry, UnitID: unit, Lane: &lane, Class: "T54"}
		if _, err := k.w.NewInsert().Model(st).Exec(ctx); err != nil {
			k.t.Fatal(err)
		}
	}
}

// documents is everything public that a change of class may alter.
func (k *track) documents() string {
	k.t.Helper()
	ctx := k.t.Context()
	var all []string
	note := func(v any, err error) {
		k.t.Helper()
		if err != nil {
			k.t.Fatal(err)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			k.t.Fatal(err)
		}
		all = append(all, string(raw))
	}
	p, err := k.Programme(ctx, k.c.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, ph := range p.Phases {
		sheet, err := k.Sheet(ctx, ph.ID, 0)
		if err != nil {
			k.t.Fatal(err)
		}
		note(sheet.Document())
		for _, u := range p.UnitsOf(ph.ID) {
			sheet, err := k.Sheet(ctx, ph.ID, u.ID)
			if err != nil {
				k.t.Fatal(err)
			}
			doc, ranking, err := sheet.RankUnit()
			note(doc, err)
			note(ranking, err)
			note([]any{u.Code, u.Status, u.ResultStatus, u.OfficialBy, u.OfficialAt}, nil)
			results, err := k.ResultsIn(ctx, []int64{u.ID})
			note(results, err)
		}
	}
	for _, d := range p.Delegations {
		lines, err := k.LinesOf(ctx, d.ID)
		note(lines, err)
	}
	standings, err := k.Standings(ctx, k.c)
	note(standings, err)
	note(p.Starters, nil)
	return strings.Join(all, "\n")
}

// trueClasses: no result points at a class that it was not made in.
func (k *track) trueClasses(made map[int64]string) {
	k.t.Helper()
	var starts []Start
	if err := k.r.NewSelect().Model(&starts).Where("competition_id = ?", k.c.ID).Where("id IN (SELECT start_id FROM marks)").Scan(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	for _, st := range starts {
		if was, ok := made[st.ID]; ok && was != st.Class {
			k.t.Errorf("start %d was made in %s and now says %s", st.ID, was, st.Class)
		}
		made[st.ID] = st.Class
	}
	var results []Result
	if err := k.r.NewSelect().Model(&results).Where("unit_id IN (SELECT id FROM units WHERE competition_id = ?)", k.c.ID).Scan(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	for _, r := range results {
		if was := made[r.StartID]; was != "" && was != r.Class {
			k.t.Errorf("result of start %d made in %s says %s", r.StartID, was, r.Class)
		}
	}
}

// acts writes what was done as "leave 100T54, vacate 100T54 54H1".
func (k *track) acts(c *ClassChanged) string {
	var all []string
	for _, a := range c.Acts {
		text := fmt.Sprint(a.Do, " ", k.codeOf("events", a.Event))
		if a.Unit != 0 {
			text += " " + k.codeOf("units", a.Unit)
		}
		if a.Unplaced {
			text += " unplaced"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func (k *track) codeOf(table string, id int64) string {
	k.t.Helper()
	var code string
	if err := k.r.NewSelect().Table(table).Column("code").Where("id = ?", id).Scan(k.t.Context(), &code); err != nil {
		k.t.Fatal(err)
	}
	return code
}

// change previews, applies and holds the two against each other.
func (k *track) change(outcomes ...ClassOutcome) (*ClassChanged, int64) {
	k.t.Helper()
	ctx := k.t.Context()
	c := command(k.code)
	c.Reason = "panel A"
	before := k.documents()
	preview, err := k.PreviewClasses(ctx, command(k.code), access.Console, ChangeClass{outcomes})
	if err != nil {
		k.t.Fatal(err)
	}
	if k.documents() != before {
		k.t.Fatal("looking has changed something")
	}
	rec, err := k.ChangeClasses(ctx, c, access.Console, ChangeClass{outcomes})
	if err != nil {
		k.t.Fatal(err)
	}
	want, err := json.Marshal(preview)
	if err != nil {
		k.t.Fatal(err)
	}
	if string(want) != string(rec.Outcome) {
		k.t.Errorf("preview\n%s\nact\n%s", want, rec.Outcome)
	}
	return preview, rec.Seq
}

func (k *track) undo(seq int64) error {
	c := command(k.code)
	c.Reason = "was an error"
	_, err := k.UndoClasses(k.t.Context(), c, access.Console, UndoClasses{seq})
	return err
}

// classScenarios are the changes of class that happen, with what they come to.
// Each is undone afterwards, and every public document must be as it was.
var classScenarios = []struct {
	name   string
	before func(*track)
	change func(*track) []ClassOutcome
	acts   string
	places string // changed places, "53F 530 1→0"
	more   func(*testing.T, *track, *ClassChanged)
}{
	{name: "before the first start, in a drawn event", change: one("540", "T53", classes.Panel),
		acts: "leave 100T54, vacate 100T54 54H1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54"},
	{name: "before the draw", before: func(k *track) { k.empty("54H1", "54H2") }, change: one("543", "T53", classes.Panel),
		acts: "leave 100T54, vacate 100T54, join 100T53 unplaced"},
	{name: "into a contest not drawn", before: func(k *track) { k.empty("53F1") }, change: one("543", "T53", classes.Panel),
		acts: "leave 100T54, vacate 100T54 54H2, join 100T53"},
	{name: "in the middle of heats, own heat run, results stand", before: func(k *track) { k.run("54H1", 15000, 15100, 15200) },
		change: one("541", "T53", classes.Observation),
		acts:   "leave 100T54, keep-result 100T54 54H1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54"},
	{name: "in the middle of heats, own heat run, results fall", before: func(k *track) { k.run("54H1", 15000, 15100, 15200) },
		change: one("540", "T53", classes.Protest), places: "54H 540 1→0, 54H 541 2→1, 54H 542 3→2",
		acts: "leave 100T54, cancel-result 100T54 54H1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54"},
	{name: "in the middle of heats, own heat still to come", before: func(k *track) { k.run("54H1", 15000, 15100, 15200) }, change: one("544", "T53", classes.Panel),
		acts: "leave 100T54, vacate 100T54 54H2, join 100T53 unplaced"},
	{name: "in the middle of the own heat", before: func(k *track) { k.run("54H1", 15000) }, change: one("540", "T53", classes.Protest), places: "54H 540 1→0",
		acts: "leave 100T54, cancel-result 100T54 54H1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54"},
	{name: "between heats and final: the heat stands, the final is left", before: func(k *track) {
		k.run("54H1", 15000, 15100, 15200)
		k.run("54H2", 15050, 15150, 15250)
		k.final("540", "543", "541")
	}, change: one("543", "T53", classes.Observation),
		acts: "leave 100T54, keep-result 100T54 54H2, vacate 100T54 54F1, join 100T53 unplaced"},
	{name: "after the final with a medal, results stand", before: ranFinal, change: one("540", "T53", classes.Medical),
		acts: "leave 100T54, keep-result 100T54 54H1, keep-result 100T54 54F1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54"},
	{name: "after the final with a medal, by protest", before: ranFinal, change: one("540", "T53", classes.Protest),
		places: "54H 540 1→0, 54H 541 3→2, 54H 542 5→4, 54H 543 2→1, 54H 544 4→3, 54H 545 6→5, 54F 540 1→0, 54F 541 3→2, 54F 543 2→1",
		acts:   "leave 100T54, cancel-result 100T54 54H1, cancel-result 100T54 54F1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54",
		more: func(t *testing.T, _ *track, c *ClassChanged) {
			if len(c.Tables) == 0 || !slices.ContainsFunc(c.Documents, func(r Reprint) bool { return r.Document == "medals" }) {
				t.Errorf("a gold changes hands: %+v, %+v", c.Tables, c.Documents)
			}
		}},
	{name: "after the final with a medal and a record, by protest", before: func(k *track) {
		k.record("T54", 14920)
		ranFinal(k)
	}, change: one("540", "T53", classes.Protest),
		places: "54H 540 1→0, 54H 541 3→2, 54H 542 5→4, 54H 543 2→1, 54H 544 4→3, 54H 545 6→5, 54F 540 1→0, 54F 541 3→2, 54F 543 2→1",
		acts:   "leave 100T54, cancel-result 100T54 54H1, cancel-result 100T54 54F1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54",
		more: func(t *testing.T, _ *track, c *ClassChanged) {
			if len(c.Tables) == 0 || len(c.Records) != 1 || c.Records[0].Mark != 14900 {
				t.Errorf("tables %+v, records %+v", c.Tables, c.Records)
			}
		}},
	{name: "with a record, by protest", before: func(k *track) {
		k.record("T54", 14000)
		k.run("54H1", 13900, 15100, 15200)
	}, change: one("540", "T53", classes.Protest), places: "54H 540 1→0, 54H 541 2→1, 54H 542 3→2",
		acts: "leave 100T54, cancel-result 100T54 54H1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54",
		more: func(t *testing.T, _ *track, c *ClassChanged) {
			if len(c.Records) != 1 || c.Records[0].Class != "T54" || c.Records[0].Mark != 13900 {
				t.Errorf("records %+v", c.Records)
			}
		}},
	{name: "with a record that stands", before: func(k *track) {
		k.record("T54", 14000)
		k.run("54H1", 13900, 15100, 15200)
	}, change: one("540", "T53", classes.Observation),
		acts: "leave 100T54, keep-result 100T54 54H1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54",
		more: func(t *testing.T, _ *track, c *ClassChanged) {
			if len(c.Records) != 1 {
				t.Errorf("records %+v", c.Records)
			}
		}},
	{name: "into a merged event", change: one("540", "T47", classes.Panel),
		acts: "leave 100T54, vacate 100T54 54H1, join 100T45 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54"},
	{name: "within a merged event, not begun: the start carries the new class", change: one("460", "T45", classes.Panel),
		acts: "stay 100T45, recard 100T45 45F1"},
	{name: "within a merged event, after it: the result keeps its class", before: func(k *track) { k.run("45F1", 12000, 12100, 12200) },
		change: one("460", "T45", classes.Observation), acts: "stay 100T45"},
	{name: "into a class without an event", change: one("530", "T34", classes.Panel),
		acts: "leave 100T53, vacate 100T53 53F1, no-contest 100T53"},
	{name: "into an event that no longer exists: it was cancelled", before: func(k *track) { k.decide(CancelField, "100T53", "", "53F1") }, change: one("543", "T53", classes.Panel),
		acts: "leave 100T54, vacate 100T54 54H2, no-contest 100T54"},
	{name: "into an event that no longer exists: it has merged into another", before: func(k *track) { k.decide(MergeField, "100T53", "100T45", "53F1", "45F1") }, change: one("543", "T53", classes.Panel),
		acts: "leave 100T54, vacate 100T54 54H2, join 100T45"},
	{name: "into an event that has begun", before: func(k *track) { k.run("53F1", 16000) }, change: one("543", "T53", classes.Panel),
		acts: "leave 100T54, vacate 100T54 54H2, too-late 100T53"},
	{name: "not eligible, found after the final", before: ranFinal, change: one("543", "NE", classes.Ineligible),
		places: "54H 541 3→2, 54H 542 5→4, 54H 543 2→0, 54H 544 4→3, 54H 545 6→5, 54F 541 3→2, 54F 543 2→0",
		acts:   "leave 100T54, cancel-result 100T54 54H2, cancel-result 100T54 54F1"},
	{name: "classification not completed", change: one("530", "CNC", classes.Panel), acts: "leave 100T53, vacate 100T53 53F1"},
	{name: "confirmed in the class held", change: one("530", "T53", classes.Panel), acts: "stay 100T53"},
	{name: "two people of one panel, changing places", change: func(k *track) []ClassOutcome {
		return []ClassOutcome{k.outcome("530", "T54", classes.Panel), k.outcome("545", "T53", classes.Panel)}
	}, acts: "leave 100T53, vacate 100T53 53F1, join 100T54 unplaced, leave 100T54, vacate 100T54 54H2, join 100T53 unplaced"},
	{name: "a second change on the same day, back to the first class: the place is gone, the result stands again", before: func(k *track) {
		k.run("54H1", 15000, 15100, 15200)
		k.change(k.outcome("540", "T53", classes.Protest))
	}, change: one("540", "T54", classes.Correction), places: "54H 540 0→1, 54H 541 1→2, 54H 542 2→3",
		acts: "too-late 100T54, restore 100T54 54H1, return 400T54 unplaced, leave 100T53, vacate 100T53"},
}

func one(who, class string, cause classes.Cause) func(*track) []ClassOutcome {
	return func(k *track) []ClassOutcome { return []ClassOutcome{k.outcome(who, class, cause)} }
}

func ranFinal(k *track) {
	k.run("54H1", 15000, 15100, 15200)
	k.run("54H2", 15050, 15150, 15250)
	k.final("540", "543", "541")
	k.run("54F1", 14900, 14950, 15000)
}

// decide decides upon an event whose draw is taken away first.
func (k *track) decide(do, event, into string, drawn ...string) {
	k.t.Helper()
	k.empty(drawn...)
	choice := FieldChoice{Event: k.eventID(event), Do: do}
	if into != "" {
		choice.Into = k.eventID(into)
	}
	err := k.r.NewSelect().Table("entries").ColumnExpr("count(*)").Where("event_id = ?", choice.Event).Where("state = ?", EntryIn).Scan(k.t.Context(), &choice.Saw)
	if err != nil {
		k.t.Fatal(err)
	}
	c := command(k.code)
	c.Reason = "too few"
	if _, err := k.DecideFields(k.t.Context(), c, access.Console, DecideFields{Choices: []FieldChoice{choice}}); err != nil {
		k.t.Fatal(err)
	}
}

func (k *track) empty(units ...string) {
	k.t.Helper()
	for _, u := range units {
		if _, err := k.SetStartList(k.t.Context(), command(k.code), SetStartList{Unit: k.unitID(u)}); err != nil {
			k.t.Fatal(err)
		}
	}
}

func (k *track) record(class string, mark scoring.Mark) {
	k.t.Helper()
	r := &Record{CompetitionID: k.c.ID, Code: "PR-100-" + class, Level: "PR", List: "省纪录", Type: "100", Sex: "M", Class: class, Mark: mark}
	if _, err := k.w.NewInsert().Model(r).Exec(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
}

func (k *track) places(c *ClassChanged) string {
	var all []string
	for _, p := range c.Places {
		var who string
		if err := k.r.NewSelect().Table("entries").Column("code").Where("id = ?", p.Entry).Scan(k.t.Context(), &who); err != nil {
			k.t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%s %s %d→%d", k.codeOf("phases", p.Phase), who, p.Before, p.After))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestClassScenarios(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for i, tt := range classScenarios {
			t.Run(tt.name, func(t *testing.T) {
				k := newTrack(t, s, fmt.Sprint("t", i))
				if tt.before != nil {
					tt.before(k)
				}
				made := map[int64]string{}
				k.trueClasses(made)
				before := k.documents()
				outcomes := tt.change(k)
				got, seq := k.change(outcomes...)
				if acts := k.acts(got); acts != tt.acts {
					t.Errorf("acts\n%s\nwant\n%s", acts, tt.acts)
				}
				want := strings.Split(tt.places, ", ")
				slices.Sort(want)
				if places := k.places(got); places != strings.Join(want, ", ") {
					t.Errorf("places\n%s\nwant\n%s", places, tt.places)
				}
				if len(got.Tell) == 0 {
					t.Error("nobody is told")
				}
				if tt.more != nil {
					tt.more(t, k, got)
				}
				k.trueClasses(made)
				k.undone(seq, before, outcomes)
				k.trueClasses(made)
			})
		}
		r, err := s.Check(t.Context())
		if err != nil || !r.OK() {
			t.Errorf("after all: %v %v %v", r, r.Problems, err)
		}
		t.Log(r)
	})
}

// undone takes a change back and looks whether everything is as it was.
func (k *track) undone(seq int64, before string, outcomes []ClassOutcome) {
	k.t.Helper()
	former := map[int64]string{}
	for _, o := range outcomes {
		var row SportClass
		if err := k.r.NewSelect().Model(&row).Where("id = ?", o.Saw).Scan(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
		former[o.Participant] = row.Class
	}
	if err := k.undo(seq); err != nil {
		k.t.Fatal(err)
	}
	if after := k.documents(); after != before {
		k.t.Errorf("after undoing\n%s\nbefore\n%s", after, before)
	}
	for _, o := range outcomes {
		if row, err := k.held(o); err != nil || row.Class != former[o.Participant] {
			k.t.Errorf("participant %d holds %s, held %s (%v)", o.Participant, row.Class, former[o.Participant], err)
		}
	}
	if err := k.undo(seq); !errors.Is(err, ErrClosed) {
		k.t.Errorf("undone twice: %v", err)
	}
}

// TestClassUndoRefused: somebody has started, or a later change stands.
func TestClassUndoRefused(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		k := newTrack(t, open(t, dsn), "undo")
		_, first := k.change(k.outcome("540", "T53", classes.Panel))
		_, second := k.change(k.outcome("540", "T47", classes.Panel))
		refused := func(seq int64, problem string) {
			t.Helper()
			var r *Refusal
			if err := k.undo(seq); !errors.As(err, &r) || r.Problem != problem {
				t.Errorf("undo %d: %v, want %s", seq, err, problem)
			}
		}
		refused(first, "class-undo-later")
		if err := k.undo(second); err != nil {
			t.Fatal(err)
		}
		k.run("54H1", 15000)
		refused(first, "class-undo-begun")
		refused(999, "no-such-class-change")

		_, third := k.change(k.outcome("543", "T53", classes.Panel))
		k.place(t.Context(), "543", "100T53", "53F1", 9)
		if err := k.undo(third); err != nil {
			t.Errorf("a newcomer with a lane, not started: %v", err)
		}
		_, fourth := k.change(k.outcome("544", "T53", classes.Panel))
		k.place(t.Context(), "544", "100T53", "53F1", 9)
		k.run("53F1", 16000)
		refused(fourth, "class-undo-begun")
	})
}

// place gives a newcomer a lane.
func (k *track) place(ctx context.Context, who, event, unit string, lane int) {
	k.t.Helper()
	_, err := k.w.NewUpdate().Table("starts").Set("unit_id = ?, lane = ?", k.unitID(unit), lane).
		Where("entry_id IN (SELECT id FROM entries WHERE event_id = ? AND code = ?)", k.eventID(event), who).Exec(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
}

// TestClassRefused: what contradicts itself, and what somebody else decided first.
func TestClassRefused(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		k := newTrack(t, open(t, dsn), "refused")
		good := k.outcome("540", "T53", classes.Panel)
		for problem, bad := range map[string]func(*ClassOutcome){
			"class-stale":         func(o *ClassOutcome) { o.Saw-- },
			"class-status":        func(o *ClassOutcome) { o.Status = "Q" },
			"class-cause":         func(o *ClassOutcome) { o.Cause = "whim" },
			"class-group":         func(o *ClassOutcome) { o.Class = "F53" },
			"class-review":        func(o *ClassOutcome) { o.Status = classes.FixedDate },
			"no-such-participant": func(o *ClassOutcome) { o.Participant = 1 << 40 },
			"no-such-discipline":  func(o *ClassOutcome) { o.Discipline = 1 << 40 },
		} {
			o := good
			bad(&o)
			c := command(k.code)
			c.Reason = "test"
			var r *Refusal
			if _, err := k.ChangeClasses(t.Context(), c, access.Console, ChangeClass{[]ClassOutcome{o}}); !errors.As(err, &r) || r.Problem != problem {
				t.Errorf("%s: %v", problem, err)
			}
		}
		if _, err := k.ChangeClasses(t.Context(), command(k.code), access.Console, ChangeClass{[]ClassOutcome{good}}); !errors.Is(err, ErrInvalid) {
			t.Errorf("without a reason: %v", err)
		}
	})
}
