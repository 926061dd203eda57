package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/timetable"
	"tongchang/scoring/kinds"
)

// timetableGames is a competition of athletics in two days: for each class a
// final of one unit or heats and a final, people of two delegations who enter
// one event or two.
func timetableGames(t *testing.T, s *Store, code string) Competition {
	t.Helper()
	ctx := t.Context()
	if _, err := s.Found(ctx, Competition{Code: code, Name: "测试运动会", Zone: "Asia/Shanghai", Starts: "2027-06-19", Ends: "2027-06-20"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetUp(ctx, command(code), SetUp{timetableFile()}, false); err != nil {
		t.Fatal(err)
	}
	c, err := s.Competition(ctx, code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// timetableFile is its programme.
func timetableFile() ProgrammeFile {
	rules := kinds.Ruleset{Name: "athletics", Version: "test", Kind: "timed"}
	p := ProgrammeFile{Disciplines: []DisciplineFile{{Code: "AT", Name: "田径"}}, Delegations: []DelegationFile{{Code: "HRB", Name: "哈尔滨"}, {Code: "DAQ", Name: "大庆"}}}
	for i := range 6 {
		p.Participants = append(p.Participants, ParticipantFile{Code: fmt.Sprint(i), Delegation: []string{"HRB", "DAQ"}[i%2], Family: "佟", Given: fmt.Sprint("海", i), Sex: "M"})
	}
	unit := func(code string, people ...int) UnitFile {
		u := UnitFile{Code: code, Number: 1, Measure: "ms"}
		for _, n := range people {
			u.Starts = append(u.Starts, StartFile{Participant: fmt.Sprint(n), Class: "T54"})
		}
		return u
	}
	p.Events = []EventFile{
		{Code: "100", Discipline: "AT", Type: "100", Sex: "M", Classes: "T54", Name: "男子100米 T54", Phases: []PhaseFile{
			{Code: "100P", Kind: "PRE", Ruleset: rules, Units: []UnitFile{unit("100P1", 0, 1, 2), {Code: "100P2", Number: 2, Measure: "ms", Starts: unit("", 3, 4, 5).Starts}}},
			{Code: "100F", Kind: "FIN", Decides: true, Ruleset: rules, Units: []UnitFile{unit("100F1")}}}},
		{Code: "200", Discipline: "AT", Type: "200", Sex: "M", Classes: "T54", Name: "男子200米 T54", Phases: []PhaseFile{
			{Code: "200F", Kind: "FIN", Decides: true, Ruleset: rules, Units: []UnitFile{unit("200F1", 0, 3)}}}},
		{Code: "400", Discipline: "AT", Type: "400", Sex: "M", Classes: "T54", Name: "男子400米 T54", Phases: []PhaseFile{
			{Code: "400F", Kind: "FIN", Decides: true, Ruleset: rules, Units: []UnitFile{unit("400F1", 5)}}}},
	}
	return p
}

func minuteOf(t *testing.T, text string) timetable.Moment {
	t.Helper()
	var m timetable.Moment
	if err := m.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return m
}

// trackSettings are one track and a hall, with sessions at the track.
func trackSettings(t *testing.T) timetable.Settings {
	at := func(text string) timetable.Moment { return minuteOf(t, text) }
	return timetable.Settings{Step: 5, TravelAny: 30, Days: []timetable.Span{{From: at("2027-06-19T08:00"), Until: at("2027-06-19T18:00")}, {From: at("2027-06-20T08:00"), Until: at("2027-06-20T18:00")}},
		Venues: []timetable.SetVenue{
			{ID: "v1", Name: "体育场", WarmUp: 20, Areas: []timetable.SetArea{{Area: timetable.Area{ID: "v1-1", Name: "跑道", Courts: 1, Turnover: 2}}}},
			{ID: "v2", Name: "训练馆", Areas: []timetable.SetArea{{Area: timetable.Area{ID: "v2-1", Courts: 2}}}}},
		Sessions: []timetable.Session{{ID: "1", Name: "第一天上午", Venue: "v1", Span: timetable.Span{From: at("2027-06-19T08:30"), Until: at("2027-06-19T12:00")}},
			{ID: "2", Name: "第二天上午", Venue: "v1", Span: timetable.Span{From: at("2027-06-20T08:30"), Until: at("2027-06-20T12:00")}}},
		Rest:    []timetable.Rest{{Minutes: 20, Recovery: 60}},
		Lengths: []timetable.Length{{Discipline: "AT", Minutes: 10, Areas: []string{"v1-1", "v2-1"}}}}
}

// setTimetable puts settings in force.
func setTimetable(t *testing.T, s *Store, code string, set timetable.Settings) {
	t.Helper()
	_, saw, err := s.TimetableSettings(t.Context(), office, code)
	if err == nil {
		_, err = s.SetTimetable(t.Context(), command(code), office, SetTimetable{Saw: saw, All: &set})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func unitByCode(t *testing.T, s *Store, competition int64, code string) Unit {
	t.Helper()
	var u Unit
	if err := s.r.NewSelect().Model(&u).Where("competition_id = ?", competition).Where("code = ?", code).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return u
}

func reasoned(code, reason string) Command {
	c := command(code)
	c.Reason = reason
	return c
}

// TestTimetableRoad: settings, a plan made and applied, sessions and schedule,
// notices, one unit moved with its consequences, undone, until units have begun.
func TestTimetableRoad(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		clock := time.Date(2027, 6, 19, 0, 0, 0, 0, time.UTC)
		s := open(t, dsn, WithClock(func() time.Time { return clock }))
		ctx := t.Context()
		c := timetableGames(t, s, "tt")
		if _, err := s.DraftTimetable(ctx, office, "tt", DraftTimetable{}); problemOf(err) != "timetable-homeless" {
			t.Fatalf("without lengths: %v", err)
		}
		setTimetable(t, s, "tt", trackSettings(t))
		d, err := s.DraftTimetable(ctx, office, "tt", DraftTimetable{})
		if err != nil || len(d.Plan) != 5 || len(d.Unplaced) != 0 {
			t.Fatalf("draft: %d placed, %v, %v", len(d.Plan), d.Unplaced, err)
		}
		if _, err := s.ApplyTimetable(ctx, command("tt"), office, ApplyTimetable{Draft: d.ID}); err != nil {
			t.Fatal(err)
		}
		doc := timetableOf(t, s)
		if clashes := timetable.Check(doc); len(clashes) != 0 {
			t.Fatalf("applied plan clashes: %v", clashes)
		}
		p, err := s.Programme(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Units {
			u := &p.Units[i]
			session := p.Session(u.SessionID)
			if u.Start.IsZero() || session == nil || u.Venue == "" || u.Position == 0 {
				t.Errorf("unit %s stands nowhere: %+v", u.Code, u)
			} else if day := u.Start.In(time.FixedZone("", 8*3600)).Format(time.DateOnly); session.Day != day {
				t.Errorf("unit %s of %s in the session of %s", u.Code, day, session.Day)
			}
		}
		told, err := s.Notices(ctx, office, "tt", p.Delegations[0].ID, 10)
		if err != nil || len(told) != 1 || told[0].About != "timetable-moved" {
			t.Fatalf("told: %+v, %v", told, err)
		}
		moveAndBack(t, s, c)
		again := timetableFile()
		again.Events[2].Phases[0].Units[0].Start = "2027-06-20 17:00"
		if _, err := s.SetUp(ctx, command("tt"), SetUp{again}, false); err != nil {
			t.Fatal(err)
		}
		if u := unitByCode(t, s, c.ID, "400F1"); u.Start.Hour() == 9 {
			t.Errorf("a file moved a unit of the timetable to %s", u.Start)
		}
		begin(t, s, c, &clock)
		if r, err := s.Check(ctx); err != nil || !r.OK() {
			t.Errorf("check: %v %v, %v", r, r.Problems, err)
		}
		if _, err := s.w.NewUpdate().Model((*placement)(nil)).Set("court = 2").Where("area = 'v2-1'").Where("court = 1").Exec(ctx); err != nil {
			t.Fatal(err)
		}
		if r, err := s.Check(ctx); err != nil || r.OK() {
			t.Errorf("a placement changed behind the log's back is not found: %v, %v", r, err)
		}
	})
}

func timetableOf(t *testing.T, s *Store) *timetable.Document {
	t.Helper()
	doc, err := s.Timetable(t.Context(), office, "tt")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// moveAndBack moves the 400 m into the heat of its only athlete, is refused
// without having been shown the clash, accepts it, and takes it back.
func moveAndBack(t *testing.T, s *Store, c Competition) {
	t.Helper()
	ctx := t.Context()
	before := timetableOf(t, s)
	u, heat := unitByCode(t, s, c.ID, "400F1"), unitByCode(t, s, c.ID, "100P2")
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	m := MoveUnit{Unit: u.ID, Area: "v2-1", Court: 2, Start: timetable.At(heat.Start, zone)}
	shown, err := s.PreviewMove(ctx, office, "tt", m)
	if err != nil || len(shown.New) == 0 || !slices.ContainsFunc(shown.New, func(c timetable.Clash) bool { return c.Rule == timetable.TwoPlaces }) || len(shown.Nearest) == 0 || len(shown.Delegations) != 1 {
		t.Fatalf("preview: %+v, %v", shown, err)
	}
	m.Saw = shown.Saw
	if _, err := s.MoveUnit(ctx, command("tt"), office, m); problemOf(err) != "reason-missing" {
		t.Fatalf("without a reason: %v", err)
	}
	if _, err := s.MoveUnit(ctx, reasoned("tt", "临时借用"), office, m); problemOf(err) != "timetable-more-clashes" {
		t.Fatalf("unseen clash: %v", err)
	}
	m.Clashes = len(shown.New)
	ask := reasoned("tt", "临时借用")
	r, err := s.MoveUnit(ctx, ask, office, m)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.MoveUnit(ctx, ask, office, m); err != nil || !again.Repeated || again.Seq != r.Seq {
		t.Fatalf("sent again: %+v, %v", again, err)
	}
	if _, err := s.MoveUnit(ctx, reasoned("tt", "再来"), office, m); problemOf(err) != "timetable-stale" {
		t.Fatalf("stale: %v", err)
	}
	moved := unitByCode(t, s, c.ID, "400F1")
	if moved.Venue != "训练馆 2" || !moved.Start.Equal(heat.Start) {
		t.Fatalf("moved to %s %s", moved.Venue, moved.Start)
	}
	if _, err := s.UndoTimetable(ctx, reasoned("tt", "还回去"), office, UndoTimetable{Seq: r.Seq}); err != nil {
		t.Fatal(err)
	}
	if got := timetableOf(t, s); !slices.Equal(timetable.InOrder(got.Plan), timetable.InOrder(before.Plan)) {
		t.Fatalf("undone:\n%v\nwant\n%v", got.Plan, before.Plan)
	}
	if _, err := s.UndoTimetable(ctx, reasoned("tt", "再还"), office, UndoTimetable{Seq: r.Seq}); problemOf(err) != "timetable-undone" {
		t.Fatalf("undone twice: %v", err)
	}
	entries, err := s.Calendar(ctx, c, CalendarAsk{})
	if err != nil || len(entries) != 5 {
		t.Fatalf("calendar: %d, %v", len(entries), err)
	}
	for _, e := range entries {
		if want := map[bool]int{true: 2, false: 0}[e.Unit == u.ID]; e.Moves != want {
			t.Errorf("calendar entry %s has moved %d times, want %d", e.ID, e.Moves, want)
		}
	}
}

// begin opens and completes the first unit late: what has begun is not moved any
// more, the plan is not taken back, and the rest is expected later.
func begin(t *testing.T, s *Store, c Competition, clock *time.Time) {
	t.Helper()
	ctx := t.Context()
	changes, err := s.TimetableChanges(ctx, office, "tt", 10)
	if err != nil || len(changes) != 3 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	first := unitByCode(t, s, c.ID, "100P1")
	*clock = first.Start.Add(20 * time.Minute)
	if _, err := s.OpenUnit(ctx, command("tt"), OpenUnit{Unit: first.ID}); err != nil {
		t.Fatal(err)
	}
	*clock = clock.Add(10 * time.Minute)
	sheet, err := s.Sheet(ctx, first.PhaseID, first.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sheet.Lines {
		if _, err := s.EnterMark(ctx, command("tt"), EnterMark{Unit: first.ID, Start: sheet.Lines[i].StartID, Mark: fmt.Sprint("1", i, ".50")}); err != nil {
			t.Fatal(err)
		}
	}
	if c, err = s.Competition(ctx, "tt"); err != nil {
		t.Fatal(err)
	}
	held, err := s.HeldUnits(ctx, c)
	if got := held[first.ID]; err != nil || !got.Began.Equal(first.Start.Add(20*time.Minute)) || !got.Ended.Equal(*clock) {
		t.Fatalf("held: %+v, %v", got, err)
	}
	expected, _, err := s.Expected(ctx, c)
	if err != nil || expected[first.ID].Late != 20 || expected[first.ID].Basis != timetable.Held {
		t.Fatalf("expected: %+v, %v", expected[first.ID], err)
	}
	late := 0
	for _, e := range expected {
		if e.Late > 0 {
			late++
		}
	}
	if late < 2 {
		t.Errorf("only %d units are late: %+v", late, expected)
	}
	m := MoveUnit{Unit: first.ID, Area: "v2-1", Court: 1, Start: minuteOf(t, "2027-06-19T15:00")}
	if _, err := s.PreviewMove(ctx, office, "tt", m); problemOf(err) != "timetable-begun" {
		t.Errorf("moved what has begun: %v", err)
	}
	_, err = s.UndoTimetable(ctx, reasoned("tt", "重排"), office, UndoTimetable{Seq: changes[len(changes)-1].Seq})
	var r *Refusal
	if !errors.As(err, &r) || r.Problem != "timetable-undo-begun" || !strings.Contains(r.With[0], "男子100米 T54 预赛 1") {
		t.Errorf("undone although begun: %v", err)
	}
	keep, err := s.DraftTimetable(ctx, office, "tt", DraftTimetable{Keep: true})
	if err != nil || len(timetable.Changes(timetableOf(t, s).Plan, keep.Plan)) != 0 {
		t.Errorf("keeping a plan without clashes changes it: %v, %v", keep.Plan, err)
	}
}

// TestTimetableSettings: parts are set by themselves, faults name their field,
// sessions with units stay, nobody but organisers may, and who saw an older
// state is refused.
func TestTimetableSettings(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		ctx := t.Context()
		timetableGames(t, s, "tt")
		set, saw, err := s.TimetableSettings(ctx, office, "tt")
		if err != nil || saw != 0 || len(set.Days) != 2 {
			t.Fatalf("usual settings: %+v, %d, %v", set, saw, err)
		}
		setTimetable(t, s, "tt", trackSettings(t))
		if _, err := s.SetTimetable(ctx, command("tt"), office, SetTimetable{Saw: 0, Rest: &[]timetable.Rest{}}); problemOf(err) != "timetable-stale" {
			t.Errorf("stale: %v", err)
		}
		_, saw, _ = s.TimetableSettings(ctx, office, "tt")
		for name, tt := range map[string]struct {
			a    SetTimetable
			want string
		}{
			"a length at a place that is not there": {SetTimetable{Lengths: &[]timetable.Length{{Discipline: "AT", Minutes: 5, Areas: []string{"nowhere"}}}}, "timetable-unknown"},
			"a length of nothing":                   {SetTimetable{Lengths: &[]timetable.Length{{Discipline: "AT", Areas: []string{"v1-1"}}}}, "timetable-number"},
			"a session without a number":            {SetTimetable{Sessions: &[]timetable.Session{{ID: "x", Venue: "v1", Span: timetable.Span{From: 1000, Until: 2000}}}}, "timetable-session-number"},
			"a venue that lengths still need":       {SetTimetable{Drop: "v2"}, "timetable-unknown"},
			"a day that ends before it begins":      {SetTimetable{Frame: &TimetableFrame{Days: []timetable.Span{{From: 2000, Until: 1000}}}}, "timetable-span"},
		} {
			tt.a.Saw = saw
			if _, err := s.SetTimetable(ctx, command("tt"), office, tt.a); problemOf(err) != tt.want {
				t.Errorf("%s: %v, want %s", name, err, tt.want)
			}
		}
		if _, err := s.SetTimetable(ctx, command("tt"), office, SetTimetable{Saw: saw, Lengths: &[]timetable.Length{{Discipline: "AT", Minutes: 10, Areas: []string{"v1-1"}}}}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.GenerateTimetable(ctx, command("tt"), office, DraftTimetable{}); err != nil {
			t.Fatal(err)
		}
		_, saw, _ = s.TimetableSettings(ctx, office, "tt")
		if _, err := s.SetTimetable(ctx, command("tt"), office, SetTimetable{Saw: saw, Sessions: &[]timetable.Session{}}); problemOf(err) != "timetable-session-used" {
			t.Errorf("a session with units was dropped: %v", err)
		}
		elsewhere := trackSettings(t)
		elsewhere.Venues[0].Areas[0].ID = "v1-9"
		elsewhere.Lengths[0].Areas = []string{"v1-9"}
		if _, err := s.SetTimetable(ctx, command("tt"), office, SetTimetable{Saw: saw, All: &elsewhere}); problemOf(err) != "timetable-area-used" {
			t.Errorf("an area with units was dropped: %v", err)
		}
		chief := access.Who{Account: 2, Name: "chief", Role: access.Chief, Strong: true}
		for name, ask := range map[string]func(context.Context) error{
			"read":     func(ctx context.Context) error { _, err := s.Timetable(ctx, chief, "tt"); return err },
			"settings": func(ctx context.Context) error { _, _, err := s.TimetableSettings(ctx, chief, "tt"); return err },
			"set": func(ctx context.Context) error {
				_, err := s.SetTimetable(ctx, command("tt"), chief, SetTimetable{Saw: saw})
				return err
			},
			"draft": func(ctx context.Context) error {
				_, err := s.DraftTimetable(ctx, chief, "tt", DraftTimetable{})
				return err
			},
			"move": func(ctx context.Context) error {
				_, err := s.MoveUnit(ctx, reasoned("tt", "x"), chief, MoveUnit{Unit: 1, Area: "v1-1", Court: 1, Start: 1000})
				return err
			},
			"undo": func(ctx context.Context) error {
				_, err := s.UndoTimetable(ctx, reasoned("tt", "x"), chief, UndoTimetable{Seq: 1})
				return err
			},
			"changes": func(ctx context.Context) error { _, err := s.TimetableChanges(ctx, chief, "tt", 1); return err },
		} {
			if err := ask(ctx); problemOf(err) != "forbidden" {
				t.Errorf("a chief may %s: %v", name, err)
			}
		}
	})
}

// bookSlot books an appointment with a panel at the stadium for a participant.
func bookSlot(t *testing.T, s *Store, c Competition, participant int64, start time.Time) {
	t.Helper()
	ctx := t.Context()
	var sport Discipline
	err := s.r.NewSelect().Model(&sport).Where("competition_id = ?", c.ID).Scan(ctx)
	if err == nil {
		_, err = s.w.NewRaw(`INSERT INTO panels (competition_id, discipline_id, name, room, impairments, first_day, last_day, opens, closes, pause_from, pause_to, minutes, most, revision, seq)
			VALUES (?, ?, '一组', '训练馆 201', '', '2027-06-18', '2027-06-20', '08:00', '18:00', '', '', 30, 0, 1, 1)`, c.ID, sport.ID).Exec(ctx)
	}
	if err == nil {
		_, err = s.w.NewRaw(`INSERT INTO panel_slots (competition_id, panel_id, participant_id, start, minutes, state, outcome_seq, "by", revision, seq)
			SELECT ?, id, ?, ?, 30, 'booked', 0, 'x', 1, 1 FROM panels WHERE competition_id = ?`, c.ID, participant, start, c.ID).Exec(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestTimetableClassified: nobody is planned to compete before their appointment
// with a panel; the appointment is in their own calendar and in nobody else's.
func TestTimetableClassified(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		ctx := t.Context()
		c := timetableGames(t, s, "tt")
		set := trackSettings(t)
		set.Lead = 60
		setTimetable(t, s, "tt", set)
		var p Participant
		if err := s.r.NewSelect().Model(&p).Where("competition_id = ?", c.ID).Where("code = '5'").Scan(ctx); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2027, 6, 19, 2, 0, 0, 0, time.UTC) // ten o'clock
		bookSlot(t, s, c, p.ID, at)
		if _, _, err := s.GenerateTimetable(ctx, command("tt"), office, DraftTimetable{}); err != nil {
			t.Fatal(err)
		}
		if clashes := timetable.Check(timetableOf(t, s)); len(clashes) != 0 {
			t.Errorf("clashes: %v", clashes)
		}
		if u := unitByCode(t, s, c.ID, "400F1"); u.Start.Before(at.Add(90 * time.Minute)) {
			t.Errorf("the 400 m begins at %s, its athlete is before the panel from %s", u.Start, at)
		}
		own, err := s.Calendar(ctx, c, CalendarAsk{Participant: p.ID})
		if err != nil || len(own) != 4 || own[0].Unit != 0 || own[0].Place != "训练馆 201" || !own[0].Start.Equal(at) {
			t.Errorf("own calendar: %+v, %v", own, err)
		}
		for _, ask := range []CalendarAsk{{}, {Delegation: p.DelegationID}} {
			all, err := s.Calendar(ctx, c, ask)
			if err != nil || slices.ContainsFunc(all, func(e CalendarEntry) bool { return e.Unit == 0 }) {
				t.Errorf("an appointment is in a public calendar: %+v, %v", all, err)
			}
		}
		shareCalendar(t, s, c, &p)
	})
}

// shareCalendar makes, replaces and ends the address of a person's calendar.
func shareCalendar(t *testing.T, s *Store, c Competition, p *Participant) {
	t.Helper()
	ctx := t.Context()
	now := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	g := Registration{CompetitionID: c.ID, DelegationID: p.DelegationID, ParticipantID: p.ID, State: "accepted", Revision: 1, Choices: "[]", Created: now, Updated: now}
	if _, err := s.w.NewInsert().Model(&g).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	manager := access.Who{Account: 5, Name: "manager", Role: access.Delegation, Delegation: p.DelegationID, Strong: true}
	other := manager
	other.Delegation = p.DelegationID + 1
	if _, _, err := s.ShareCalendar(ctx, command("tt"), other, ShareCalendar{Registration: g.ID}); problemOf(err) != "no-such-registration" {
		t.Errorf("another delegation shares a calendar: %v", err)
	}
	ask := command("tt")
	_, first, err := s.ShareCalendar(ctx, ask, manager, ShareCalendar{Registration: g.ID})
	if err != nil || len(first) < 20 {
		t.Fatalf("token %q, %v", first, err)
	}
	if r, token, err := s.ShareCalendar(ctx, ask, manager, ShareCalendar{Registration: g.ID}); err != nil || !r.Repeated || token != "" {
		t.Errorf("sent again: %+v %q %v", r, token, err)
	}
	if got, err := s.CalendarBearer(ctx, c, first); err != nil || got != p.ID {
		t.Errorf("address leads to %d, %v", got, err)
	}
	_, second, err := s.ShareCalendar(ctx, command("tt"), manager, ShareCalendar{Registration: g.ID})
	if err != nil || second == first {
		t.Errorf("second address: %v", err)
	}
	if _, err := s.CalendarBearer(ctx, c, first); problemOf(err) != "no-such-calendar" {
		t.Errorf("the first address still leads somewhere: %v", err)
	}
	if _, err := s.EndCalendar(ctx, command("tt"), manager, EndCalendar{Registration: g.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CalendarBearer(ctx, c, second); problemOf(err) != "no-such-calendar" {
		t.Errorf("an ended address still leads somewhere: %v", err)
	}
	es, err := s.Entries(ctx, c.ID, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range es {
		if strings.Contains(es[i].Payload+es[i].Receipt, first) {
			t.Error("the log has the address")
		}
	}
}
