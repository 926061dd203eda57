package events

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/ledgertest"
	"tongchang/events/panels"
	"tongchang/events/registration"
)

// classDays is the small games on their classification days: three men in
// athletics, two panels of that sport, one of swimming; the clock can be moved.
type classDays struct {
	*smallGames
	now               time.Time
	first, second     access.Who // classifiers of the two athletics panels
	water             access.Who // of the swimming panel
	panel, other, wet int64
	men               []Saved
}

const classZone = 8 * time.Hour // Asia/Shanghai

// local is a moment by the clock on the wall.
func local(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t.Add(-classZone).UTC()
}

func newClassDays(t *testing.T, dsn string) *classDays {
	t.Helper()
	d := &classDays{now: april}
	d.smallGames = newSmallGames(t, dsn, WithClock(func() time.Time { return d.now }))
	sport := d.discipline("田径")
	_, _, err := d.MakeAccounts(t.Context(), by(organiser, ""), organiser, MakeAccounts{[]NewAccount{
		{Login: "one", Name: "分级员甲", Role: access.Classifier, Discipline: sport}, {Login: "two", Name: "分级员乙", Role: access.Classifier, Discipline: sport}, {Login: "wet", Name: "分级员丙", Role: access.Classifier}}})
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := d.Accounts(t.Context(), organiser, d.comp)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		who := access.Who{Account: a.ID, Name: a.Name, Role: a.Role, Discipline: sport}
		switch a.Name {
		case "分级员甲":
			d.first = who
		case "分级员乙":
			d.second = who
		case "分级员丙":
			d.water = who
			d.water.Discipline = 0
		}
	}
	d.panel, d.other, d.wet = d.newPanel("A 组", sport, d.first), d.newPanel("B 组", sport, d.second), d.newPanel("水 组", d.discipline("游泳"), d.water)
	d.men = append(d.men, d.accepted("王强", 1), d.accepted("李明", 2))
	m := d.manager("大庆")
	third := d.save(m, "大庆", typed("赵刚", 3, "400米")) // a delegation has two in an event
	d.must(d.move(m, registration.Submitted, "", third.ID))
	d.must(d.move(organiser, registration.Accepted, "", third.ID))
	d.men = append(d.men, third)
	return d
}

func (d *classDays) newPanel(name string, discipline int64, who access.Who) int64 {
	d.t.Helper()
	rec := d.must(d.SetPanel(d.t.Context(), by(organiser, ""), organiser, SetPanel{Discipline: discipline, Name: name, Room: "医务楼 101", FirstDay: "2027-06-16", LastDay: "2027-06-17",
		Opens: "09:00", Closes: "12:00", Minutes: 30, Members: []int64{who.Account}}))
	return outcomeOf[PanelSet](d.t, rec).Panel
}

func (d *classDays) man(i int) int64 { return d.reg(d.men[i].ID).ParticipantID }

// book gives a man a slot and returns its number.
func (d *classDays) book(panel int64, i int, when string) int64 {
	d.t.Helper()
	rec := d.must(d.BookSlots(d.t.Context(), by(organiser, "按表"), organiser, BookSlots{[]NewSlot{{Panel: panel, Participant: d.man(i), Start: local(when)}}}))
	return outcomeOf[SlotsBooked](d.t, rec).Slots[0]
}

// slot is a slot as it stands.
func (d *classDays) slot(id int64) PanelSlot {
	d.t.Helper()
	sl, err := byID[PanelSlot](d.t.Context(), d.r, d.comp.ID, id, "no-such-slot")
	if err != nil {
		d.t.Fatal(err)
	}
	return sl
}

// heldBy is the class that a man holds on the track.
func (d *classDays) heldBy(i int) SportClass {
	d.t.Helper()
	var rows []SportClass
	err := d.r.NewSelect().Model(&rows).Where("participant_id = ?", d.man(i)).Where("class_group = 'T'").Where("superseded = ?", false).Scan(d.t.Context())
	if err != nil || len(rows) != 1 {
		d.t.Fatalf("%d classes held, %v", len(rows), err)
	}
	return rows[0]
}

// starts puts the 100 m final at a time, with a start for a man.
func (d *classDays) starts(i int, when string) (unit int64) {
	d.t.Helper()
	ctx := d.t.Context()
	var e Entry
	if err := d.r.NewSelect().Model(&e).Where("participant_id = ?", d.man(i)).Limit(1).Scan(ctx); err != nil {
		d.t.Fatal(err)
	}
	ph := Phase{CompetitionID: d.comp.ID, EventID: e.EventID, Code: fmt.Sprint("f", i), Kind: "FIN", Position: i + 1, Decides: i == 0, Ruleset: `{"name":"athletics","version":"test","kind":"timed"}`}
	if _, err := d.w.NewInsert().Model(&ph).Returning("id").Exec(ctx); err != nil {
		d.t.Fatal(err)
	}
	u := Unit{CompetitionID: d.comp.ID, PhaseID: ph.ID, Code: fmt.Sprint("u", i), Number: 1, Start: local(when), Status: Scheduled, ResultStatus: StartListStatus}
	if _, err := d.w.NewInsert().Model(&u).Returning("id").Exec(ctx); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.w.NewInsert().Model(&Start{CompetitionID: d.comp.ID, PhaseID: ph.ID, EntryID: e.ID, UnitID: u.ID, Class: "T46"}).Exec(ctx); err != nil {
		d.t.Fatal(err)
	}
	return u.ID
}

// TestSlots: proposals from hours, arrivals and first starts; what is booked by
// hand is held to the same; delegations are told.
func TestSlots(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newClassDays(t, dsn)
		ctx := t.Context()
		d.starts(2, "2027-06-16 14:00")
		d.must(d.PlanArrivals(ctx, by(d.manager("大庆"), ""), d.manager("大庆"), PlanArrivals{Delegation: d.of["大庆"].ID,
			Groups: []ArrivalFile{{Day: "2027-06-16", Clock: "07:30", Place: "站", Means: "车", People: 3}}}))
		all, err := d.ToSee(ctx, organiser, "games")
		if err != nil || len(all) != 3 || all[0].Why != panels.IsNew || all[2].Starts.IsZero() {
			t.Fatalf("%+v, %v", all, err)
		}
		made, err := d.ProposeSlots(ctx, organiser, "games")
		if err != nil || len(made.Slots) != 3 || len(made.Left) != 0 {
			t.Fatalf("%+v, %v", made, err)
		}
		if got := made.Slots[0].From; !got.Equal(local("2027-06-16 09:30")) {
			t.Errorf("the first slot is at %v: rest after arrival", got)
		}
		var book BookSlots
		for _, p := range made.Slots {
			book.Slots = append(book.Slots, NewSlot{Panel: p.Slot.Panel, Participant: p.Person, Start: p.From})
		}
		rec := d.must(d.BookSlots(ctx, by(organiser, ""), organiser, book))
		slots := outcomeOf[SlotsBooked](t, rec).Slots
		told, err := d.Notices(ctx, d.manager("大庆"), "games", d.of["大庆"].ID, 1)
		if err != nil || len(told) != 1 || told[0].About != "panel-slots" || strings.Count(told[0].Arguments, "医务楼") != 3 {
			t.Errorf("told: %+v, %v", told, err)
		}
		if all, err = d.ToSee(ctx, organiser, "games"); err != nil || all[0].Slot == nil || all[1].Slot == nil || all[2].Slot == nil {
			t.Errorf("who has a slot: %+v, %v", all, err)
		}
		move := func(reason string, a MoveSlot) error {
			_, err := d.MoveSlot(ctx, by(organiser, reason), organiser, a)
			return err
		}
		one := d.slot(slots[0])
		for what, tt := range map[string]struct {
			a       MoveSlot
			problem string
		}{
			"outside the hours":        {MoveSlot{one.ID, one.Revision, d.panel, local("2027-06-16 12:00")}, "slot-hours"},
			"after the last day":       {MoveSlot{one.ID, one.Revision, d.panel, local("2027-06-18 10:00")}, "slot-hours"},
			"where somebody else is":   {MoveSlot{one.ID, one.Revision, d.slot(slots[2]).PanelID, d.slot(slots[2]).Start}, "slot-taken"},
			"right after the arrival":  {MoveSlot{one.ID, one.Revision, d.panel, local("2027-06-16 09:00")}, "slot-early"},
			"as somebody else left it": {MoveSlot{one.ID, one.Revision + 1, d.panel, local("2027-06-16 11:00")}, "slot-stale"},
			"to another sport":         {MoveSlot{one.ID, one.Revision, d.wet, local("2027-06-16 11:00")}, "no-such-panel"},
		} {
			var r *Refusal
			if err := move("", tt.a); !errors.As(err, &r) || r.Problem != tt.problem {
				t.Errorf("%s: %v, want %s", what, err, tt.problem)
			}
		}
		if err := move("领队同意", MoveSlot{one.ID, one.Revision, d.panel, local("2027-06-16 09:00")}); err != nil {
			t.Errorf("with a reason: %v", err)
		}
		if _, err := d.BookSlots(ctx, by(organiser, ""), organiser, BookSlots{[]NewSlot{{Panel: d.other, Participant: d.man(0), Start: local("2027-06-17 11:00")}}}); !refusedWith(err, StatusInvalid, "slot-has") {
			t.Errorf("twice: %v", err)
		}
		if _, err := d.MarkSlot(ctx, by(d.water, ""), d.water, MarkSlot{slots[1], 1, true}); !refusedWith(err, StatusNotFound, "no-such-slot") {
			t.Errorf("another panel marks: %v", err)
		}
		if _, err := d.DropPanel(ctx, by(organiser, ""), organiser, DropPanel{d.panel, 1}); !refusedWith(err, StatusClosed, "panel-used") {
			t.Errorf("a panel with slots: %v", err)
		}
		d.must(d.DropSlot(ctx, by(organiser, ""), organiser, DropSlot{slots[1], 1}))
		d.must(d.DropPanel(ctx, by(organiser, ""), organiser, DropPanel{d.wet, 1}))
		d.whole()
	})
}

// TestAthletesFile: what a delegation sends for classification is read by the
// classifiers of that person's panel, until its last day, and by nobody else;
// another panel's file is answered exactly like one that does not exist.
func TestAthletesFile(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newClassDays(t, dsn)
		ctx := t.Context()
		m := d.manager("大庆")
		rec := d.must(d.KeepFile(ctx, by(m, ""), m, KeepPaper{Registration: d.men[0].ID, Kind: PaperClass, Form: FormDiagnosis}, []byte(paperCanary)))
		file := outcomeOf[PaperKept](t, rec).Paper
		open := func(who access.Who, id int64) error {
			_, data, err := d.File(ctx, by(who, "分级"), who, id)
			if err == nil && string(data) != paperCanary {
				t.Errorf("%s read something else", who.Name)
			}
			return err
		}
		same := func(what string, err, missing error) {
			t.Helper()
			if err == nil || missing == nil || strings.ReplaceAll(err.Error(), fmt.Sprint(file), "N") != strings.ReplaceAll(missing.Error(), "987654", "N") {
				t.Errorf("%s: %v, what does not exist: %v", what, err, missing)
			}
		}
		same("before anybody has the person", open(d.first, file), open(d.first, 987654))
		slot := d.book(d.panel, 0, "2027-06-16 09:00")
		if err := open(d.first, file); err != nil {
			t.Errorf("the panel: %v", err)
		}
		same("another panel of the sport", open(d.second, file), open(d.second, 987654))
		same("a panel of another sport", open(d.water, file), open(d.water, 987654))
		if err := open(m, file); !errors.Is(err, ErrForbidden) {
			t.Errorf("the delegation reads back: %v", err)
		}
		if err := open(organiser, file); !errors.Is(err, ErrForbidden) {
			t.Errorf("the organiser: %v", err)
		}
		page, err := d.Slot(ctx, d.first, "games", slot)
		if err != nil || len(page.Files) != 1 || page.Files[0].Form != FormDiagnosis || !slices.Equal(page.Groups, []string{"F", "T"}) || !slices.Contains(page.Classes, "T46") {
			t.Errorf("the slot's page: %v", err)
		}
		_, err = d.Slot(ctx, d.second, "games", slot)
		_, missing := d.Slot(ctx, d.second, "games", 987654)
		if !refusedWith(err, StatusNotFound, "no-such-slot") || !refusedWith(missing, StatusNotFound, "no-such-slot") {
			t.Errorf("another panel's slot: %v, %v", err, missing)
		}
		_, err = d.KeepSheet(ctx, by(d.second, ""), d.second, KeepSheet{slot, FormAssessment}, []byte(paperCanary))
		if !refusedWith(err, StatusNotFound, "no-such-slot") {
			t.Errorf("another panel adds: %v", err)
		}
		d.must(d.KeepSheet(ctx, by(d.first, ""), d.first, KeepSheet{slot, FormAssessment}, []byte(paperCanary)))
		for _, who := range []access.Who{d.first, d.second, d.water} {
			papers, err := d.Papers(ctx, who, d.comp, d.men[0].ID)
			if who == d.first && (err != nil || len(papers) != 2) || who != d.first && !errors.Is(err, ErrNotFound) {
				t.Errorf("%s lists %d papers, %v", who.Name, len(papers), err)
			}
		}
		looks, err := d.Looks(ctx, organiser, d.comp)
		if err != nil || len(looks) != 1 || looks[0].By != d.first.Name || looks[0].Reason != "分级" {
			t.Errorf("on record: %+v, %v", looks, err)
		}
		d.now = local("2027-06-17 23:59")
		if err := open(d.first, file); err != nil {
			t.Errorf("on the last evening: %v", err)
		}
		d.now = local("2027-06-18 00:00")
		same("after the last day", open(d.first, file), open(d.first, 987654))
		d.whole()
	})
}

// TestOutcome: a panel's outcome is looked at, applied with the slot, and taken
// back with it; only that panel decides.
func TestOutcome(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newClassDays(t, dsn)
		ctx := t.Context()
		slot := d.book(d.panel, 0, "2027-06-16 09:00")
		d.now = local("2027-06-16 09:20")
		a := DecideSlot{slot, 1, []Decided{{Group: "T", Class: "T47", Status: classes.FixedDate, Review: 2029, Limitation: "100米", Saw: d.heldBy(0).ID}}}
		if _, err := d.PreviewSlot(ctx, by(d.second, ""), d.second, a); !refusedWith(err, StatusNotFound, "no-such-slot") {
			t.Errorf("another panel looks: %v", err)
		}
		found, err := d.PreviewSlot(ctx, by(d.first, ""), d.first, a)
		if err != nil || len(found.Acts) == 0 || d.slot(slot).State != SlotBooked || d.heldBy(0).Class != "T46" {
			t.Fatalf("looked at: %+v, %v", found, err)
		}
		if _, err := d.DecideSlot(ctx, by(d.first, ""), d.first, a); !refusedWith(err, StatusInvalid, "reason-missing") {
			t.Errorf("without a reason: %v", err)
		}
		rec := d.must(d.DecideSlot(ctx, by(d.first, "测试后评定"), d.first, a))
		held := d.heldBy(0)
		if held.Class != "T47" || held.Panel != "A 组" || held.Classifiers != "分级员甲" || held.Day != "2027-06-16" || held.Review != 2029 || held.Limitation != "100米" || held.Cause != classes.Panel {
			t.Errorf("held: %+v", held)
		}
		if sl := d.slot(slot); sl.State != SlotSeen || sl.OutcomeSeq != rec.Seq {
			t.Errorf("slot: %+v", sl)
		}
		if all, err := d.ToSee(ctx, organiser, "games"); err != nil || len(all) != 2 {
			t.Errorf("still to be seen: %d, %v", len(all), err)
		}
		if _, err := d.DecideSlot(ctx, by(d.first, "再来"), d.first, a); !errors.Is(err, ErrStale) {
			t.Errorf("twice: %v", err)
		}
		d.must(d.UndoClasses(ctx, by(d.first, "写错了"), d.first, UndoClasses{rec.Seq}))
		if sl := d.slot(slot); sl.State != SlotBooked || sl.OutcomeSeq != 0 || d.heldBy(0).Class != "T46" {
			t.Errorf("taken back: %+v, %s", sl, d.heldBy(0).Class)
		}
		d.now = local("2027-06-18 09:00")
		a.Saw, a.Outcomes[0].Saw = d.slot(slot).Revision, d.heldBy(0).ID
		if _, err := d.DecideSlot(ctx, by(d.first, "晚了"), d.first, a); !refusedWith(err, StatusClosed, "panel-over") {
			t.Errorf("after the last day: %v", err)
		}
		d.whole()
	})
}

// TestObservation: OA stands at the first appearance alone, and ends with a class
// that is confirmed or another one.
func TestObservation(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newClassDays(t, dsn)
		ctx := t.Context()
		slot := d.book(d.panel, 0, "2027-06-16 09:00")
		d.now = local("2027-06-16 09:20")
		d.must(d.DecideSlot(ctx, by(d.first, "要看比赛"), d.first, DecideSlot{slot, 1, []Decided{{Group: "T", Class: "T46", Status: classes.Observed, Saw: d.heldBy(0).ID}}}))
		unit := d.starts(0, "2027-06-18 10:00")
		other := d.starts(1, "2027-06-18 09:00")
		oa, err := d.Observed(ctx, d.comp.ID, unit)
		watched, err2 := d.Watched(ctx, d.first, "games")
		if err != nil || err2 != nil || len(oa) != 1 || len(watched) != 1 || watched[0].Start == nil || watched[0].Start.UnitID != unit || !oa[watched[0].Start.StartID] || watched[0].Start.Over() {
			t.Fatalf("%v %+v, %v %v", oa, watched, err, err2)
		}
		if oa, err := d.Observed(ctx, d.comp.ID, other); err != nil || len(oa) != 0 {
			t.Errorf("in a unit of others: %v, %v", oa, err)
		}
		if others, err := d.Watched(ctx, access.Who{Name: "游", Role: access.Classifier, Discipline: d.discipline("游泳")}, "games"); err != nil || len(others) != 0 {
			t.Errorf("another sport sees %d, %v", len(others), err)
		}
		a := DecideWatch{d.man(0), d.discipline("田径"), Decided{Group: "T", Class: "T46", Status: classes.Observed, Saw: d.heldBy(0).ID}}
		if _, err := d.DecideWatch(ctx, by(d.first, "还在看"), d.first, a); !refusedWith(err, StatusInvalid, "watch-status") {
			t.Errorf("observed again: %v", err)
		}
		a.Outcome.Status = classes.Confirmed
		if _, err := d.DecideWatch(ctx, by(d.water, "确认"), access.Who{Name: "游", Role: access.Classifier, Discipline: d.discipline("游泳")}, a); !errors.Is(err, ErrNotFound) {
			t.Errorf("another sport decides: %v", err)
		}
		if _, err := d.PreviewWatch(ctx, by(d.first, ""), d.first, a); err != nil {
			t.Fatal(err)
		}
		d.must(d.DecideWatch(ctx, by(d.first, "比赛中确认"), d.first, a))
		if oa, err := d.Observed(ctx, d.comp.ID, unit); err != nil || len(oa) != 0 || d.heldBy(0).Cause != classes.Observation {
			t.Errorf("after it: %v %+v, %v", oa, d.heldBy(0), err)
		}
		d.whole()
	})
}

// TestCases: clock, fee, panel, outcome; the former class holds while a case is
// open; what it says is for its panel.
func TestCases(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newClassDays(t, dsn)
		ctx := t.Context()
		m, stranger := d.manager("大庆"), d.manager("哈尔滨")
		d.must(d.SetPanelRules(ctx, by(organiser, ""), organiser, SetPanelRules{Rest: 120, Before: 120, Protest: 60, Observed: 15, Decide: 600, Fee: 50000}))
		file := func(who access.Who, reason string, kind CaseKind) (Receipt, error) {
			return d.FileCase(ctx, by(who, reason), who, FileCase{Class: d.heldBy(0).ID, Kind: kind, Grounds: "左手 CANARY-GROUNDS"})
		}
		_, err := file(m, "", CaseProtest)
		if !refusedWith(err, StatusInvalid, "case-not-decided") {
			t.Errorf("against what nobody has decided: %v", err)
		}
		slot := d.book(d.panel, 0, "2027-06-16 09:00")
		d.now = local("2027-06-16 09:20")
		d.must(d.DecideSlot(ctx, by(d.first, "评定"), d.first, DecideSlot{slot, 1, []Decided{{Group: "T", Class: "T46", Status: classes.Review, Saw: d.heldBy(0).ID}}}))
		_, err = file(stranger, "", CaseProtest)
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("by another delegation: %v", err)
		}
		d.now = local("2027-06-16 10:21")
		if _, err = file(m, "", CaseProtest); !refusedWith(err, StatusInvalid, "case-too-late") {
			t.Errorf("a minute late: %v", err)
		}
		d.now = local("2027-06-16 10:20")
		id := outcomeOf[CaseFiled](t, d.must(file(m, "", CaseProtest))).Case
		if _, err = file(m, "", CaseReview); !refusedWith(err, StatusClosed, "case-open") {
			t.Errorf("a second one: %v", err)
		}
		k, err := d.Case(ctx, m, "games", id)
		if err != nil || k.FeeState != FeeDue || k.Fee != 50000 || !k.Due.Equal(local("2027-06-16 20:20")) || k.Against.Class != "T46" {
			t.Fatalf("%+v, %v", k, err)
		}
		for what, err := range map[string]error{
			"the change of a class":      second(d.ChangeClasses(ctx, by(organiser, "改"), organiser, ChangeClass{[]ClassOutcome{{Participant: d.man(0), Discipline: d.discipline("田径"), Group: "T", Class: "T47", Status: classes.Review, Cause: classes.Panel, Saw: d.heldBy(0).ID}}})),
			"the panel that decided it":  second(d.AssignCase(ctx, by(organiser, ""), organiser, AssignCase{id, 1, d.panel})),
			"a panel of another sport":   second(d.AssignCase(ctx, by(organiser, ""), organiser, AssignCase{id, 1, d.wet})),
			"a decision without a panel": second(d.DecideCase(ctx, by(d.second, "成立"), d.second, DecideCase{Case: id, Saw: 1})),
		} {
			want := map[string]string{"the change of a class": "case-holds", "the panel that decided it": "case-same-panel", "a panel of another sport": "no-such-panel", "a decision without a panel": "no-such-case"}[what]
			var r *Refusal
			if !errors.As(err, &r) || r.Problem != want {
				t.Errorf("%s: %v, want %s", what, err, want)
			}
		}
		d.must(d.AssignCase(ctx, by(organiser, ""), organiser, AssignCase{id, 1, d.other}))
		d.must(d.SetCaseFee(ctx, by(organiser, ""), organiser, SetCaseFee{id, 2, FeePaid}))
		d.caseIsSealed(id)
		rec := d.must(d.BookSlots(ctx, by(organiser, ""), organiser, BookSlots{[]NewSlot{{Panel: d.other, Participant: d.man(0), Case: id, Start: local("2027-06-16 11:00")}}}))
		again := outcomeOf[SlotsBooked](t, rec).Slots[0]
		a := DecideCase{Case: id, Saw: 3, Upheld: true, Outcomes: []Decided{{Group: "T", Class: "T47", Status: classes.Confirmed, Saw: d.heldBy(0).ID}}}
		if _, err := d.PreviewCase(ctx, by(d.second, ""), d.second, a); err != nil {
			t.Fatal(err)
		}
		if d.heldBy(0).Class != "T46" {
			t.Error("a preview has changed the class")
		}
		rec = d.must(d.DecideCase(ctx, by(d.second, "抗议成立"), d.second, a))
		k, err = d.Case(ctx, organiser, "games", id)
		if err != nil || k.State != CaseUpheld || k.FeeState != FeeReturned || d.heldBy(0).Class != "T47" || d.heldBy(0).Cause != classes.Protest || d.slot(again).State != SlotSeen {
			t.Errorf("%+v %+v, %v", k, d.heldBy(0), err)
		}
		d.must(d.UndoClasses(ctx, by(d.second, "写错了"), d.second, UndoClasses{rec.Seq}))
		if k, err = d.Case(ctx, organiser, "games", id); err != nil || k.State != CaseOpen || k.FeeState != FeePaid || !k.Decided.IsZero() {
			t.Errorf("taken back: %+v, %v", k, err)
		}
		d.must(d.DecideCase(ctx, by(d.second, "不成立"), d.second, DecideCase{Case: id, Saw: k.Revision}))
		if k, err = d.Case(ctx, m, "games", id); err != nil || k.State != CaseRejected || k.FeeState != FeeKept || d.heldBy(0).Class != "T46" {
			t.Errorf("rejected: %+v, %v", k, err)
		}
		told, err := d.Notices(ctx, m, "games", d.of["大庆"].ID, 1)
		if err != nil || len(told) != 1 || told[0].About != "case-rejected" {
			t.Errorf("told: %+v, %v", told, err)
		}
		d.reviewAndErase(m)
		d.whole()
	})
}

// caseIsSealed holds who reads what a case says, and that the log does not.
func (d *classDays) caseIsSealed(id int64) {
	d.t.Helper()
	ctx := d.t.Context()
	text, err := d.LookAtCase(ctx, by(d.second, "审理"), d.second, id)
	if err != nil || text != "左手 CANARY-GROUNDS" {
		d.t.Errorf("its panel: %q, %v", text, err)
	}
	for _, who := range []access.Who{d.first, d.water, d.manager("哈尔滨"), {}} {
		_, err := d.LookAtCase(ctx, by(who, "看看"), who, id)
		if _, missing := d.LookAtCase(ctx, by(who, "看看"), who, 987654); err == nil || errors.Is(err, ErrNotFound) != errors.Is(missing, ErrNotFound) {
			d.t.Errorf("%s: %v, %v", who.Name, err, missing)
		}
	}
	if _, err := d.LookAtCase(ctx, by(organiser, "看看"), organiser, id); !errors.Is(err, ErrForbidden) {
		d.t.Errorf("the organiser: %v", err)
	}
	n, err := d.r.NewSelect().Model((*LogEntry)(nil)).Where("payload LIKE ?", "%CANARY%").Count(ctx)
	if err != nil || n != 0 {
		d.t.Errorf("%d log entries say what a case says, %v", n, err)
	}
}

// reviewAndErase files a medical review, which has no closing time, and erases
// the person: what the case said goes with them.
func (d *classDays) reviewAndErase(m access.Who) {
	d.t.Helper()
	ctx := d.t.Context()
	d.now = local("2027-06-17 18:00")
	id := outcomeOf[CaseFiled](d.t, d.must(d.FileCase(ctx, by(m, ""), m, FileCase{Class: d.heldBy(1).ID, Kind: CaseReview, Grounds: "病情有变"}))).Case
	if k, err := d.Case(ctx, m, "games", id); err != nil || k.Kind != CaseReview {
		d.t.Fatalf("%+v, %v", k, err)
	}
	d.must(d.WithdrawCase(ctx, by(m, "不提了"), m, WithdrawCase{id, 1}))
	d.must(d.move(organiser, registration.Withdrawn, "退赛", d.men[1].ID))
	d.must(d.ErasePerson(ctx, by(organiser, "本人要求"), organiser, ErasePerson{d.men[1].ID, d.reg(d.men[1].ID).Revision}))
	if values, err := d.unseal(ctx, d.comp, (&ClassCase{ID: id}).subject()); err != nil || len(values) != 0 {
		d.t.Errorf("after erasure: %v, %v", values, err)
	}
}
