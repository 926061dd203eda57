package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/calls"
	"tongchang/events/ledgertest"
	"tongchang/scoring"
)

// callRace is a race in a call room: three swimmers and a relay of two.
type callRace struct {
	*race
	t     *testing.T
	judge access.Who // of the race's discipline
	other access.Who // of another
	relay int64
	pair  [2]int64 // the relay's people
}

func newCallRace(t *testing.T, dsn string) *callRace {
	t.Helper()
	s := open(t, dsn)
	g := &callRace{race: newRace(t, s, "meet", 3), t: t}
	ctx := t.Context()
	insert := func(m any) {
		t.Helper()
		if _, err := s.w.NewInsert().Model(m).Exec(ctx); err != nil {
			t.Fatalf("insert %T: %v", m, err)
		}
	}
	c, err := s.Competition(ctx, "meet")
	if err != nil {
		t.Fatal(err)
	}
	var phase Phase
	var event Event
	if err := s.r.NewSelect().Model(&phase).Where("id = ?", g.phase).Scan(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.r.NewSelect().Model(&event).Where("id = ?", phase.EventID).Scan(ctx); err != nil {
		t.Fatal(err)
	}
	entry := &Entry{CompetitionID: c.ID, EventID: event.ID, DelegationID: 1, Code: "HRB-1", TeamName: "哈尔滨一队"}
	insert(entry)
	lane := 7
	start := &Start{CompetitionID: c.ID, PhaseID: g.phase, EntryID: entry.ID, UnitID: g.unit, Lane: &lane}
	insert(start)
	g.relay = start.ID
	for i := range g.pair {
		p := &Participant{CompetitionID: c.ID, DelegationID: 1, Code: fmt.Sprint(200 + i), Role: "athlete", Family: "孟", Given: fmt.Sprint(i), Sex: "W"}
		insert(p)
		g.pair[i] = p.ID
		insert(&Member{StartID: start.ID, Position: i + 1, ParticipantID: p.ID})
	}
	g.judge = access.Who{Account: 2, Name: "检录甲", Role: access.Judge, Discipline: event.DisciplineID}
	g.other = access.Who{Account: 3, Name: "别的项目", Role: access.Judge, Discipline: event.DisciplineID + 999}
	if _, err := s.w.NewUpdate().Model((*Unit)(nil)).Set("start = ?", time.Date(2027, 6, 18, 1, 30, 0, 0, time.UTC)).Where("id = ?", g.unit).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *callRace) by(who access.Who, reason string) Command {
	c := command("meet")
	c.Author, c.Reason = who.Name, reason
	return c
}

func (g *callRace) now() *CallUnit {
	g.t.Helper()
	u, err := g.CallUnit(g.t.Context(), g.judge, "meet", g.unit)
	if err != nil {
		g.t.Fatal(err)
	}
	return u
}

// person is the participant of a start's first person.
func (g *callRace) person(start int64) int64 {
	g.t.Helper()
	for _, s := range g.now().Starts {
		if s.StartID == start {
			return s.People[0].ParticipantID
		}
	}
	g.t.Fatalf("no start %d", start)
	return 0
}

// wants fails unless an error is a refusal with a problem.
func wants(t *testing.T, what string, err error, problem string) {
	t.Helper()
	var r *Refusal
	switch {
	case problem == "" && err != nil:
		t.Fatalf("%s: %v", what, err)
	case problem == "":
	case !errors.As(err, &r) || r.Problem != problem:
		t.Fatalf("%s: %v, want %s", what, err, problem)
	}
}

func (g *callRace) up(saw int64) (Receipt, error) {
	return g.CallUp(g.t.Context(), g.by(g.judge, ""), g.judge, CallUp{Unit: g.unit, Saw: saw})
}

func (g *callRace) come(start, person int64, saw int64) error {
	_, err := g.CheckIn(g.t.Context(), g.by(g.judge, ""), g.judge, CheckIn{Start: start, Person: person, State: calls.Present, Card: true, Equipment: true, Saw: saw})
	return err
}

func TestCallRoad(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g, ctx := newCallRace(t, dsn), t.Context()
		if u := g.now(); u.Minutes != calls.Usual || u.At.Format(time.TimeOnly) != "01:10:00" || u.Day != "2027-06-18" || u.Call.State != calls.NotYet || len(u.Starts) != 4 {
			t.Fatalf("before: %+v", u)
		}
		_, err := g.CloseCall(ctx, g.by(g.judge, ""), g.judge, CloseCall{Unit: g.unit})
		wants(t, "close what is not open", err, "call-not-open")
		_, err = g.CallUp(ctx, g.by(g.other, ""), g.other, CallUp{Unit: g.unit})
		wants(t, "call another discipline's unit", err, "no-such-unit")

		c := g.by(g.judge, "")
		for range 2 { // the same command counts once
			_, err = g.CallUp(ctx, c, g.judge, CallUp{Unit: g.unit})
			wants(t, "call", err, "")
		}
		u := g.now()
		if u.Call.Round != 1 || u.Call.State != calls.Calling || u.Unit.Status != GettingReady || u.Call.By != "检录甲" {
			t.Fatalf("called: %+v, %s", u.Call, u.Unit.Status)
		}
		_, err = g.up(0)
		wants(t, "call with an old revision", err, "call-stale")
		_, err = g.up(1)
		wants(t, "call again", err, "")

		first := g.person(g.starts[0])
		wants(t, "first comes", g.come(g.starts[0], first, 0), "")
		wants(t, "first comes, seen as before", g.come(g.starts[0], first, 0), "check-stale")
		wants(t, "somebody else's row", g.come(g.starts[0], first+1, 0), "not-in-call")
		wants(t, "one of the relay", g.come(g.relay, g.pair[0], 0), "")
		u = g.now()
		if here, expected := u.Come(); here != 1 || expected != 4 || len(u.Missing()) != 3 {
			t.Fatalf("%d of %d here, %d missing", here, expected, len(u.Missing()))
		}
		at := slices.IndexFunc(u.Starts, func(s CallStart) bool { return s.StartID == g.relay })
		if s := u.Starts[at]; s.Standing != calls.Partly || len(s.People) != 2 || len(s.People[0].Lacks()) != 0 || len(s.People[1].Lacks()) != 1 {
			t.Errorf("relay: %+v", s)
		}
		g.closes(ctx)
	})
}

// closes closes the call with two missing, and takes it back in every way.
func (g *callRace) closes(ctx context.Context) {
	t := g.t
	t.Helper()
	shut := func(saw int64, missing ...int64) error {
		_, err := g.CloseCall(ctx, g.by(g.judge, ""), g.judge, CloseCall{Unit: g.unit, Missing: missing, Saw: saw})
		return err
	}
	wants(t, "put out who has come", shut(2, g.starts[0]), "call-has-come")
	wants(t, "put out who is not there at all", shut(2, 987654), "no-such-start")
	wants(t, "close", shut(2, g.starts[1], g.starts[2]), "")
	u := g.now()
	if u.Call.State != calls.Closed || !u.Call.PutOut(g.starts[1]) || u.Unit.ResultStatus != StartListStatus {
		t.Fatalf("closed: %+v, %s", u.Call, u.Unit.ResultStatus)
	}
	sheet, err := g.Sheet(ctx, g.phase, g.unit)
	if err != nil {
		t.Fatal(err)
	}
	if l := sheet.Line(fmt.Sprint(g.starts[2])); l.OutIRM != scoring.DNS || l.Waiting() {
		t.Errorf("missing: %+v", l)
	}
	wants(t, "check who is out", g.come(g.starts[1], g.person(g.starts[1]), 0), "start-out")
	_, err = g.up(3)
	wants(t, "call a closed call", err, "call-closed")

	_, err = g.StepCallBack(ctx, g.by(g.judge, ""), g.judge, StepCallBack{Unit: g.unit, Saw: 3})
	wants(t, "take closing back", err, "")
	if u = g.now(); u.Call.State != calls.Calling || u.Call.Missing != "" || len(u.Missing()) != 3 {
		t.Fatalf("open again: %+v", u.Call)
	}
	wants(t, "close again", shut(4, g.starts[1], g.starts[2]), "")
	late := func(who access.Who, start int64, reason string) error {
		_, err := g.AdmitLate(ctx, g.by(who, reason), who, AdmitLate{Start: start})
		return err
	}
	wants(t, "let in without a reason", late(g.judge, g.starts[1], ""), "reason-missing")
	wants(t, "let in who is in", late(g.judge, g.starts[0], "迟到"), "call-not-missing")
	wants(t, "let in from another discipline", late(g.other, g.starts[1], "迟到"), "not-in-call")
	wants(t, "let one in", late(g.judge, g.starts[1], "班车晚点"), "")
	g.begins(ctx, late)
}

// begins lets the unit begin: what was called then stands.
func (g *callRace) begins(ctx context.Context, late func(access.Who, int64, string) error) {
	t := g.t
	t.Helper()
	for i, start := range []int64{g.starts[0], g.starts[1], g.relay} {
		_, err := g.EnterMark(ctx, g.by(g.judge, ""), EnterMark{Unit: g.unit, Start: start, Mark: fmt.Sprintf("1:0%d.00", i)})
		wants(t, "mark", err, "")
	}
	u := g.now()
	if u.Unit.ResultStatus != Unofficial { // everybody else is out
		t.Fatalf("after three marks: %s", u.Unit.ResultStatus)
	}
	_, err := g.StepCallBack(ctx, g.by(g.judge, ""), g.judge, StepCallBack{Unit: g.unit, Saw: u.Call.Revision})
	wants(t, "take back after the start", err, "call-unit-begun")
	wants(t, "check in after the start", g.come(g.starts[1], g.person(g.starts[1]), 0), "call-unit-begun")
	wants(t, "judge lets in after the start", late(g.judge, g.starts[2], "迟到"), "call-admit-chief")
	wants(t, "chief lets in after the start", late(access.Desk, g.starts[2], "检录误记"), "")
	if u = g.now(); u.Unit.ResultStatus != Live {
		t.Errorf("a mark is owed again, and the unit is %s", u.Unit.ResultStatus)
	}
	report, err := g.Check(ctx)
	if err != nil || !report.OK() {
		t.Errorf("check: %v, %v", report, err)
	}
}

// TestCallNotes: what the call room writes about somebody, and how a name is
// said, is in the log only as a print, and goes with the person.
func TestCallNotes(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g, ctx := newCallRace(t, dsn), t.Context()
		first := g.person(g.starts[0])
		_, err := g.CheckIn(ctx, g.by(g.judge, ""), g.judge, CheckIn{Start: g.starts[0], Person: first, State: calls.Present, Note: strings.Repeat("长", 121)})
		wants(t, "a long note", err, "note-long")
		_, err = g.CheckIn(ctx, g.by(g.judge, ""), g.judge, CheckIn{Start: g.starts[0], Person: first, State: calls.Present, Note: "轮椅换了左轮"})
		wants(t, "a note without a key file", err, "keys-missing")

		team := access.Who{Account: 9, Name: "领队", Role: access.Delegation, Delegation: 1}
		stranger := access.Who{Account: 8, Name: "别队", Role: access.Delegation, Delegation: 999}
		_, err = g.SayName(ctx, g.by(stranger, ""), stranger, SayName{Participant: first, Note: "不该写"})
		wants(t, "another delegation", err, "keys-missing")
		if _, _, err = g.SpokenName(ctx, stranger, "meet", first); !errors.Is(err, ErrNotFound) {
			t.Errorf("another delegation reads: %v", err)
		}
		withTestKeys(t)(g.Store)
		_, err = g.SayName(ctx, g.by(stranger, ""), stranger, SayName{Participant: first, Note: "不该写"})
		wants(t, "another delegation", err, "no-such-participant")
		_, err = g.SayName(ctx, g.by(team, ""), team, SayName{Participant: first, Note: "佟 Tóng，二声"})
		wants(t, "own delegation", err, "")
		_, err = g.SayName(ctx, g.by(office, ""), office, SayName{Participant: first, Note: "旧的"})
		wants(t, "over a newer note", err, "spoken-stale")
		_, err = g.CheckIn(ctx, g.by(g.judge, ""), g.judge, CheckIn{Start: g.starts[0], Person: first, State: calls.Present, Note: "轮椅换了左轮"})
		wants(t, "a note", err, "")
		p := g.now().Starts[0].People[0]
		if p.Said != "佟 Tóng，二声" || p.Check.Note != "轮椅换了左轮" {
			t.Errorf("kept: %+v", p)
		}
		c, err := g.Competition(ctx, "meet")
		if err != nil {
			t.Fatal(err)
		}
		es, err := g.Entries(ctx, c.ID, 0, 100)
		if err != nil || len(es) != 2 {
			t.Fatalf("%d entries, %v", len(es), err)
		}
		for _, e := range es {
			if strings.Contains(e.Payload+e.Receipt, "Tóng") || strings.Contains(e.Payload+e.Receipt, "左轮") || !strings.Contains(e.Payload, `"print":"`) {
				t.Errorf("the log has %s %s", e.Payload, e.Receipt)
			}
		}
		_, err = g.change(ctx, g.by(office, ""), AdmitLate{Start: g.starts[0]}, func(ctx context.Context, ch *Change) (any, error) { return nil, ch.unsay(ctx, first) })
		wants(t, "erase", err, "")
		if p = g.now().Starts[0].People[0]; p.Said != "" || p.Check.Note != "" || p.Check.State != calls.Present {
			t.Errorf("erased: %+v", p)
		}
	})
}

func TestNextCall(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g, ctx := newCallRace(t, dsn), t.Context()
		find := func(who access.Who, code string, start int64, problem string) {
			t.Helper()
			unit, got, err := g.NextCall(ctx, who, "meet", code)
			wants(t, code, err, problem)
			if problem == "" && (unit != g.unit || got != start) {
				t.Errorf("%s: unit %d, start %d", code, unit, got)
			}
		}
		find(g.judge, "101", g.starts[1], "")
		find(g.judge, "201", g.relay, "")
		find(g.judge, "none", 0, "no-next-start")
		find(g.other, "101", 0, "no-next-start")
		if _, err := g.EnterMark(ctx, command("meet"), EnterMark{Unit: g.unit, Start: g.starts[0], Mark: "1:02.00"}); err != nil {
			t.Fatal(err)
		}
		find(g.judge, "101", 0, "no-next-start") // it has begun
	})
}

func TestCallTime(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g, ctx := newCallRace(t, dsn), t.Context()
		discipline := g.judge.Discipline
		set := func(who access.Who, minutes int) (rec Receipt, err error) {
			return g.SetCallTime(ctx, g.by(who, ""), who, SetCallTime{Discipline: discipline, Minutes: minutes})
		}
		_, err := set(g.judge, 30)
		wants(t, "a judge sets it", err, "forbidden")
		_, err = set(access.Who{Name: "别的", Role: access.Chief, Discipline: discipline + 999}, 30)
		wants(t, "another chief sets it", err, "no-such-discipline")
		_, err = set(office, 500)
		wants(t, "eight hours before", err, "field-max")
		rec, err := set(office, 35)
		wants(t, "set", err, "")
		var got SetCallTime
		if err := json.Unmarshal(rec.Outcome, &got); err != nil || got.Minutes != 35 {
			t.Errorf("%s, %v", rec.Outcome, err)
		}
		if u := g.now(); u.Minutes != 35 || u.At.Format(time.TimeOnly) != "00:55:00" {
			t.Errorf("called %d minutes before, at %s", u.Minutes, u.At)
		}
	})
}

// TestCallCheck: the checker finds a call, a check-in and a start that are not
// what the log says.
func TestCallCheck(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g, ctx := newCallRace(t, dsn), t.Context()
		if _, err := g.up(0); err != nil {
			t.Fatal(err)
		}
		wants(t, "first comes", g.come(g.starts[0], g.person(g.starts[0]), 0), "")
		_, err := g.CloseCall(ctx, g.by(g.judge, ""), g.judge, CloseCall{Unit: g.unit, Missing: []int64{g.starts[2]}, Saw: 1})
		wants(t, "close", err, "")
		finds := func(want string) {
			t.Helper()
			report, err := g.Check(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(report.Problems, "\n"); want == "" && !report.OK() || !strings.Contains(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		}
		finds("")
		for _, forged := range []struct{ there, back, want string }{
			{"UPDATE calls SET round = 7", "UPDATE calls SET round = 1", `its call is "closed", round 7, revision 2; the log says "closed", 1, 2`},
			{"UPDATE call_checks SET state = 'absent'", "UPDATE call_checks SET state = 'present'", `has "absent" at revision 1, the log says "present" at 1`},
			{"UPDATE starts SET out_irm = '' WHERE out_irm = 'DNS'", "UPDATE starts SET out_irm = 'DNS' WHERE id = " + fmt.Sprint(g.starts[2]), "its call put it out, and it is in"},
		} {
			if _, err := g.w.NewRaw(forged.there).Exec(ctx); err != nil {
				t.Fatal(err)
			}
			finds(forged.want)
			if _, err := g.w.NewRaw(forged.back).Exec(ctx); err != nil {
				t.Fatal(err)
			}
		}
		finds("")
	})
}

// TestCallEveryKind: whoever the call room puts out is out with DNS in every kind
// of scoring, and the unit still ranks.
func TestCallEveryKind(t *testing.T) {
	for kind, rules := range map[string]string{
		"timed": `{}`, "series": `{}`, "vertical": `{"heights":[1500,1550]}`, "lifts": `{"season":"wppo-2013","sex":"W"}`, "pool": `{"sport":"boccia"}`,
		"swiss": `{"sport":"xiangqi"}`, "target": `{"sport":"archery","hits":72}`,
		"bracket": `{"sport":"boccia"}`, // it does not rank before its matches are set: the call is closed all the same
	} {
		t.Run(kind, func(t *testing.T) {
			g, ctx := newCallRace(t, ledgertest.New(t, "sqlite")), t.Context()
			ruleset := fmt.Sprintf(`{"name":"test","version":"test","kind":%q,"rules":%s}`, kind, rules)
			if _, err := g.w.NewUpdate().Model((*Phase)(nil)).Set("ruleset = ?", ruleset).Where("id = ?", g.phase).Exec(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := g.up(0); err != nil {
				t.Fatal(err)
			}
			_, err := g.CloseCall(ctx, g.by(g.judge, ""), g.judge, CloseCall{Unit: g.unit, Missing: []int64{g.starts[1]}, Saw: 1})
			wants(t, "close", err, "")
			sheet, err := g.Sheet(ctx, g.phase, g.unit)
			if err != nil {
				t.Fatal(err)
			}
			if l := sheet.Line(fmt.Sprint(g.starts[1])); l.OutIRM != scoring.DNS {
				t.Errorf("out as %q", l.OutIRM)
			}
			_, ranked, err := sheet.RankUnit()
			if kind == "bracket" {
				wants(t, "a bracket without seeds", asRefusal(err), "seed-missing")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(ranked[0].Lines, func(l scoring.Ranked) bool { return l.ID == fmt.Sprint(g.starts[1]) })
			if l := ranked[0].Lines[at]; l.IRM != scoring.DNS || l.Rank != 0 {
				t.Errorf("ranked as %+v", l)
			}
		})
	}
}
