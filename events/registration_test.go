package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/ledgertest"
	"tongchang/events/registration"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

const (
	entryRules = `{"name": "省残运会", "opening": "2027-06-18", "delegations": ["哈尔滨", "大庆", "大庆油田"],
		"sports": [{"code": "AT", "name": "田径", "birthFrom": "1967-01-01", "birthTo": "2014-12-31"}, {"code": "SW", "name": "游泳", "birthFrom": "1967-01-01", "birthTo": "2014-12-31"}],
		"classCategories": [{"category": 4, "classes": "all others"}]}`
	entryEvents = "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\n" +
		"A100,田径,男,T46,100米,individual,2,1,1,T46\nA400,田径,男,T46,400米,individual,2,1,1,T46\nALJ,田径,男,F46,跳远,individual,2,1,1,F46\n" +
		"AREL,田径,男,T46,4×100米接力,relay,2,2,2,T46\nS50,游泳,男,S8,50米自由泳,individual,2,1,1,S8\n"
)

// delegations of the small games, by name.
type smallGames struct {
	*Store
	t    testing.TB
	of   map[string]Delegation
	comp Competition
}

func newSmallGames(t testing.TB, dsn string, opts ...Option) *smallGames {
	t.Helper()
	s := open(t, dsn, append([]Option{withTestKeys(t), WithClock(func() time.Time { return april })}, opts...)...)
	if _, err := s.Found(t.Context(), Competition{Code: "games", Name: "省残运会", Zone: "Asia/Shanghai"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetEdition(t.Context(), command("games"), edition(entryRules, entryEvents)); err != nil {
		t.Fatal(err)
	}
	g := &smallGames{Store: s, t: t, of: map[string]Delegation{}}
	var err error
	if g.comp, err = s.Competition(t.Context(), "games"); err != nil {
		t.Fatal(err)
	}
	all, err := s.Delegations(t.Context(), g.comp.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		g.of[d.Name] = d
	}
	return g
}

// citizen makes a right number of a man born in 1990. Its place is no county's.
func citizen(sequence int) string {
	s := fmt.Sprintf("23069919900512%03d", 2*sequence+1)
	return s + string(identity.CheckDigit(s))
}

// typed is what a page sends for a man with one arm.
func typed(name string, sequence int, choices string) SaveRegistration {
	id := citizen(sequence)
	return SaveRegistration{
		Fields: map[entry.Field]string{entry.Name: name, entry.Sex: "男", entry.InSport: "田径", entry.Class: "46", entry.Events: choices},
		Secret: map[entry.Field]string{entry.ID: id, entry.Cert: id + "42", entry.Cat: "肢体", entry.Phone: "19900000001"},
	}
}

// by is a command of somebody, with a reason.
func by(who access.Who, reason string) Command {
	c := command("games")
	c.Author, c.Reason = who.Name, reason
	return c
}

func (g *smallGames) manager(name string) access.Who { return managerOf(g.of[name]) }

// save writes a row and gives what became of it.
func (g *smallGames) save(who access.Who, delegation string, a SaveRegistration) Saved {
	g.t.Helper()
	a.Delegation = g.of[delegation].ID
	rec, err := g.SaveRegistration(g.t.Context(), by(who, ""), who, a)
	if err != nil {
		g.t.Fatalf("save %s: %v", a.Fields[entry.Name], err)
	}
	return outcomeOf[Saved](g.t, rec)
}

func outcomeOf[T any](t testing.TB, rec Receipt) (v T) {
	t.Helper()
	if err := json.Unmarshal(rec.Outcome, &v); err != nil {
		t.Fatalf("%s: %v", rec.Outcome, err)
	}
	return v
}

// move takes registrations to a state as they stand now.
func (g *smallGames) move(who access.Who, to RegistrationState, reason string, ids ...int64) (Receipt, error) {
	g.t.Helper()
	a := MoveRegistrations{IDs: ids, To: to, Saw: map[int64]int64{}}
	for _, id := range ids {
		a.Saw[id] = g.get(id).Revision
	}
	return g.MoveRegistrations(g.t.Context(), by(who, reason), who, a)
}

func (g *smallGames) must(rec Receipt, err error) Receipt {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
	return rec
}

func (g *smallGames) get(id int64) *RegistrationView {
	g.t.Helper()
	v, err := g.Registration(g.t.Context(), organiser, "games", id)
	if err != nil {
		g.t.Fatal(err)
	}
	return v
}

// entries writes the competition's entries: event, code, state and mark.
func (g *smallGames) entries() string {
	g.t.Helper()
	var rows []struct {
		Event, Code, State string
		TeamName           string
		Mark               *scoring.Mark
	}
	err := g.r.NewSelect().TableExpr("entries AS e").Join("JOIN events AS v ON v.id = e.event_id").
		ColumnExpr("v.code AS event, e.code, e.state, e.team_name, e.entry_mark AS mark").OrderExpr("v.code, e.code").Scan(g.t.Context(), &rows)
	if err != nil {
		g.t.Fatal(err)
	}
	var all []string
	for _, r := range rows {
		text := r.Event + " " + r.Code
		if r.TeamName != "" {
			text += " " + r.TeamName
		}
		if r.Mark != nil {
			text += fmt.Sprint(" ", int64(*r.Mark))
		}
		if r.State != "" {
			text += " " + r.State
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

// whole asks the checker.
func (g *smallGames) whole() {
	g.t.Helper()
	if rep, err := g.Check(g.t.Context()); err != nil || !rep.OK() {
		g.t.Errorf("check: %+v, %v", rep, err)
	}
}

func kindsOf(v *RegistrationView) string {
	var kinds []string
	for _, p := range v.Problems {
		kinds = append(kinds, p.Kind)
	}
	return strings.Join(kinds, " ")
}

// refusedWith reports whether an error is a refusal with a problem.
func refusedWith(err error, status Status, problem string) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Status == status && r.Problem == problem
}

// TestRegistrationRoad takes one person from a wrong draft through a return to
// acceptance, a second sport, a team, withdrawal and back.
func TestRegistrationRoad(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g := newSmallGames(t, dsn)
		who := g.manager("大庆")
		a := typed("张 伟", 1, "100米、跳远")
		a.Fields[entry.Mark] = "12.35/5.62米"
		a.Secret[entry.ID] = a.Secret[entry.ID][:17] + "#"
		id := g.save(who, "大庆", a).ID
		v := g.get(id)
		if v.State != registration.Draft || v.Revision != 1 || !v.Errors() || v.DelegationName != "大庆" || v.By != who.Name {
			t.Fatalf("draft: %+v", v)
		}
		if text := fmt.Sprint(v.Masked, v.Problems); strings.Contains(text, "19900512") || strings.Contains(text, "19900000001") || v.Masked[entry.ID] == "" {
			t.Errorf("numbers leave in full: %s", text)
		}
		if _, err := g.move(who, registration.Submitted, "", id); !refusedWith(err, StatusInvalid, "registrations-wrong") {
			t.Errorf("handed in with an error: %v", err)
		}
		fixed := g.save(who, "大庆", SaveRegistration{ID: id, Saw: 1, Secret: map[entry.Field]string{entry.ID: citizen(1)}})
		if fixed.Revision != 2 || !slices.Equal(fixed.Fields, []entry.Field{entry.ID}) {
			t.Errorf("put right: %+v", fixed)
		}
		if v := g.get(id); kindsOf(v) != "" || v.Born != "1990-05-12" || len(v.Choices) != 2 || v.Choices[1] != (ChoiceView{"跳远", "ALJ", "5.62米"}) {
			t.Fatalf("put right: %+v", v)
		}
		g.must(g.move(who, registration.Submitted, "", id))
		if _, err := g.move(who, registration.Accepted, "", id); !errors.Is(err, ErrForbidden) {
			t.Errorf("a delegation accepts its own: %v", err)
		}
		if _, err := g.move(organiser, registration.Returned, "", id); !refusedWith(err, StatusInvalid, "registration-reason") {
			t.Errorf("returned without a reason: %v", err)
		}
		g.must(g.move(organiser, registration.Returned, "照片不清楚", id))
		if v := g.get(id); v.Reason != "照片不清楚" || v.State != registration.Returned {
			t.Errorf("returned: %+v", v)
		}
		g.must(g.move(who, registration.Submitted, "", id))
		g.must(g.move(organiser, registration.Accepted, "", id))
		if v := g.get(id); v.Code != "2001" || v.State != registration.Accepted || v.Participant == 0 || v.Reason != "" {
			t.Errorf("accepted: %+v", v)
		}
		if got, want := g.entries(), "A100 2001 12350; ALJ 2001 5620"; got != want {
			t.Errorf("entries %q, want %q", got, want)
		}
		g.secondSport(who, id)
		g.team(who, id)
		g.out(who, id)
		h, err := g.RegistrationHistory(t.Context(), who, "games", id)
		if err != nil || len(h) != int(g.get(id).Revision) || h[len(h)-1].Kind != ChangeSaved || h[len(h)-1].From != "" || h[len(h)-4].Reason != "照片不清楚" {
			t.Errorf("history: %+v, %v", h, err)
		}
		g.whole()
	})
}

// secondSport: the same person in another sport is the same participant.
func (g *smallGames) secondSport(who access.Who, first int64) {
	g.t.Helper()
	a := typed("张伟", 1, "50米自由泳")
	a.Fields[entry.InSport], a.Fields[entry.Class], a.Fields[entry.Mark] = "游泳", "S8", "1:02.45"
	id := g.save(who, "大庆", a).ID
	g.must(g.move(who, registration.Submitted, "", id))
	g.must(g.move(organiser, registration.Accepted, "", id))
	if g.get(id).Participant != g.get(first).Participant {
		g.t.Error("one person is two participants")
	}
	var held []SportClass
	if err := g.r.NewSelect().Model(&held).Order("class").Scan(g.t.Context()); err != nil {
		g.t.Fatal(err)
	}
	var names []string
	for _, h := range held {
		names = append(names, h.Class+" "+h.ClassGroup+" "+string(h.Status))
	}
	if want := "F46 F N, S8 S N, T46 T N"; strings.Join(names, ", ") != want {
		g.t.Errorf("classes %v, want %s", names, want)
	}
}

// team: three runners of a relay for two make a team and the beginning of
// another.
func (g *smallGames) team(who access.Who, first int64) {
	g.t.Helper()
	var ids []int64
	for i := range 3 {
		a := typed(fmt.Sprint("接力", i), 20+i, "4×100米接力")
		ids = append(ids, g.save(who, "大庆", a).ID)
	}
	g.must(g.move(who, registration.Submitted, "", ids...))
	g.must(g.move(organiser, registration.Accepted, "", ids...))
	d := g.of["大庆"].Code
	want := fmt.Sprintf("A100 2001 12350; ALJ 2001 5620; AREL %s-1 大庆; AREL %s-2 大庆 2; S50 2001 62450", d, d)
	if got := g.entries(); got != want {
		g.t.Errorf("entries %q, want %q", got, want)
	}
	g.must(g.move(who, registration.Withdrawn, "伤", ids[2]))
	if got := g.entries(); !strings.Contains(got, "大庆 2 withdrawn") {
		g.t.Errorf("a team without people stands: %s", got)
	}
}

// out: who withdraws stays on record, in the list of starts too, and comes back
// by undoing.
func (g *smallGames) out(who access.Who, id int64) {
	g.t.Helper()
	ctx := g.t.Context()
	if _, err := g.move(who, registration.Withdrawn, "", id); !refusedWith(err, StatusInvalid, "registration-reason") {
		g.t.Errorf("withdrawn without a reason: %v", err)
	}
	rec := g.must(g.move(who, registration.Withdrawn, "受伤", id))
	if got := g.entries(); !strings.Contains(got, "A100 2001 12350 withdrawn; ALJ 2001 5620 withdrawn;") || !strings.Contains(got, "S50 2001 62450") || strings.Contains(got, "62450 withdrawn") {
		g.t.Errorf("withdrawn from one sport: %s", got)
	}
	undone := g.must(g.UndoMove(ctx, by(who, ""), who, UndoMove{Seq: rec.Seq}))
	if m := outcomeOf[Moved](g.t, undone); m.Undone != rec.Seq || g.get(id).State != registration.Accepted {
		g.t.Errorf("undone: %+v, %+v", m, g.get(id))
	}
	if got := g.entries(); !strings.HasPrefix(got, "A100 2001 12350; ALJ 2001 5620; AREL") {
		g.t.Errorf("undone: %s", got)
	}
	if _, err := g.UndoMove(ctx, by(who, ""), who, UndoMove{Seq: rec.Seq}); !refusedWith(err, StatusStale, "registrations-stale") {
		g.t.Errorf("undone twice: %v", err)
	}
}

// TestAcceptedRows: a delegation does not change what is accepted; the organiser
// does, with a reason, and the entries follow.
func TestAcceptedRows(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g := newSmallGames(t, dsn)
		who := g.manager("大庆")
		id := g.save(who, "大庆", typed("甲", 1, "100米")).ID
		g.must(g.move(who, registration.Submitted, "", id))
		g.must(g.move(organiser, registration.Accepted, "", id))
		change := SaveRegistration{ID: id, Saw: 3, Fields: map[entry.Field]string{entry.Events: "400米", entry.Mark: "55.1"}}
		if _, err := g.SaveRegistration(t.Context(), by(who, "换项"), who, change); !refusedWith(err, StatusClosed, "registration-is-accepted") {
			t.Errorf("changed by the delegation: %v", err)
		}
		if _, err := g.SaveRegistration(t.Context(), by(organiser, ""), organiser, change); !refusedWith(err, StatusInvalid, "registration-reason") {
			t.Errorf("changed without a reason: %v", err)
		}
		g.must(g.SaveRegistration(t.Context(), by(organiser, "申请换项"), organiser, change))
		if got, want := g.entries(), "A100 2001 withdrawn; A400 2001 55100"; got != want {
			t.Errorf("entries %q, want %q", got, want)
		}
		change.Saw, change.Fields = 4, map[entry.Field]string{entry.Events: "铅球"}
		if _, err := g.SaveRegistration(t.Context(), by(organiser, "再换"), organiser, change); !refusedWith(err, StatusInvalid, "event-not-offered") {
			t.Errorf("changed to an event that is not there: %v", err)
		}
		jumper := g.save(who, "大庆", typed("丙", 3, "跳远")).ID
		if _, err := g.ReplaceRegistration(t.Context(), by(organiser, "受伤"), organiser, ReplaceRegistration{Out: id, In: jumper, SawOut: 4, SawIn: 1}); !refusedWith(err, StatusInvalid, "substitute-event") {
			t.Errorf("replaced by somebody in another event: %v", err)
		}
		other := g.save(who, "大庆", typed("乙", 2, "400米")).ID
		if _, err := g.ReplaceRegistration(t.Context(), by(organiser, "受伤"), organiser, ReplaceRegistration{Out: id, In: other, SawOut: 4, SawIn: 1}); err != nil {
			t.Fatal(err)
		}
		if got, want := g.entries(), "A100 2001 withdrawn; A400 2001 55100 withdrawn; A400 2002"; got != want {
			t.Errorf("replaced: %q, want %q", got, want)
		}
		g.whole()
	})
}

// TestAfterTheDraw: who is accepted when the list is drawn already is on it
// without a place; who leaves is out on it, and back when that is undone.
func TestAfterTheDraw(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		g := newSmallGames(t, dsn)
		who := g.manager("大庆")
		a, b := g.save(who, "大庆", typed("甲", 1, "100米")).ID, g.save(who, "大庆", typed("乙", 2, "100米")).ID
		g.must(g.move(who, registration.Submitted, "", a, b))
		g.must(g.move(organiser, registration.Accepted, "", a))
		draw := func(query string, args ...any) {
			if _, err := g.w.ExecContext(ctx, query, args...); err != nil {
				t.Fatal(err)
			}
		}
		draw("INSERT INTO phases (competition_id, event_id, code, kind, position, decides, ruleset, \"groups\") SELECT competition_id, id, code, 'FIN', 1, ?, '', '' FROM events WHERE code = 'A100'", true)
		draw("INSERT INTO starts (competition_id, phase_id, entry_id, class, \"groups\", out_irm) SELECT e.competition_id, p.id, e.id, 'T46', '', '' FROM entries AS e JOIN phases AS p ON p.event_id = e.event_id")
		g.must(g.move(organiser, registration.Accepted, "", b))
		rec := g.must(g.move(who, registration.Withdrawn, "受伤", a))
		list := func() string {
			var starts []Start
			if err := g.r.NewSelect().Model(&starts).Order("id").Scan(ctx); err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, st := range starts {
				all = append(all, fmt.Sprint(st.Class, st.UnitID, st.OutIRM))
			}
			return strings.Join(all, " ")
		}
		if got, want := list(), "T460WDR T460"; got != want {
			t.Errorf("the list is %q, want %q", got, want)
		}
		g.must(g.UndoMove(ctx, by(who, ""), who, UndoMove{Seq: rec.Seq}))
		if got, want := list(), "T460 T460"; got != want {
			t.Errorf("after the undo the list is %q, want %q", got, want)
		}
		g.whole()
	})
}

// TestOthersRegistrations: another delegation's registrations and files are
// answered exactly like those that do not exist, and who may not decide is told.
func TestOthersRegistrations(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		g := newSmallGames(t, dsn)
		mine, other := g.manager("大庆"), g.manager("大庆油田")
		id := g.save(other, "大庆油田", typed("甲", 1, "100米")).ID
		u, err := g.Upload(ctx, other, "games", other.Delegation, "大庆油田.csv", []byte("姓名,性别,身份证号,大项,级别,小项\n乙,男,"+citizen(2)+",田径,T46,100米\n"))
		if err != nil {
			t.Fatal(err)
		}
		asks := map[string]func(who access.Who, id int64, upload string, delegation int64) error{
			"read": func(w access.Who, id int64, _ string, _ int64) error {
				_, err := g.Registration(ctx, w, "games", id)
				return err
			},
			"history": func(w access.Who, id int64, _ string, _ int64) error {
				_, err := g.RegistrationHistory(ctx, w, "games", id)
				return err
			},
			"save": func(w access.Who, id int64, _ string, _ int64) error {
				_, err := g.SaveRegistration(ctx, by(w, ""), w, SaveRegistration{ID: id, Saw: 1})
				return err
			},
			"move": func(w access.Who, id int64, _ string, _ int64) error {
				_, err := g.MoveRegistrations(ctx, by(w, ""), w, MoveRegistrations{IDs: []int64{id}, To: registration.Submitted, Saw: map[int64]int64{id: 1}})
				return err
			},
			"list": func(w access.Who, _ int64, _ string, d int64) error {
				_, err := g.Registrations(ctx, w, "games", RegistrationFilter{Delegation: d})
				return err
			},
			"add": func(w access.Who, _ int64, _ string, d int64) error {
				_, err := g.SaveRegistration(ctx, by(w, ""), w, SaveRegistration{Delegation: d})
				return err
			},
			"upload": func(w access.Who, _ int64, _ string, d int64) error {
				_, err := g.Upload(ctx, w, "games", d, "x.csv", nil)
				return err
			},
			"uploads": func(w access.Who, _ int64, _ string, d int64) error {
				_, err := g.Uploads(ctx, w, "games", d)
				return err
			},
			"proposal": func(w access.Who, _ int64, u string, _ int64) error {
				_, err := g.Proposal(ctx, w, "games", u)
				return err
			},
			"file": func(w access.Who, _ int64, u string, _ int64) error {
				_, err := g.UploadFile(ctx, w, "games", u)
				return err
			},
			"fix": func(w access.Who, _ int64, u string, _ int64) error {
				return g.FixUpload(ctx, w, "games", u, "", "A1", "x")
			},
			"map": func(w access.Who, _ int64, u string, _ int64) error {
				return g.MapUpload(ctx, w, "games", u, map[string]workbook.Field{"x": workbook.Name})
			},
			"drop": func(w access.Who, _ int64, u string, _ int64) error { return g.DropUpload(ctx, w, "games", u) },
			"apply": func(w access.Who, _ int64, u string, _ int64) error {
				_, err := g.ApplyUpload(ctx, by(w, ""), w, ApplyUpload{Upload: u})
				return err
			},
		}
		for name, ask := range asks {
			theirs, nothing := ask(mine, id, u.ID, other.Delegation), ask(mine, 9999, "nosuch", 9999)
			var a, b *Refusal
			if !errors.As(theirs, &a) || !errors.As(nothing, &b) || a.Status != StatusNotFound || a.Status != b.Status || a.Problem != b.Problem {
				t.Errorf("%s: another delegation's: %v; one that is not there: %v", name, theirs, nothing)
			}
			for _, role := range []access.Role{access.Judge, access.Announcer, access.Public, ""} {
				if err := ask(access.Who{Name: "x", Role: role}, id, u.ID, other.Delegation); !errors.Is(err, ErrForbidden) {
					t.Errorf("%s as %q: %v, want forbidden", name, role, err)
				}
			}
		}
		if all, err := g.Registrations(ctx, mine, "games", RegistrationFilter{}); err != nil || len(all) != 0 {
			t.Errorf("a manager's own list: %+v, %v", all, err)
		}
	})
}

// TestTwoDelegationsApart: that somebody is entered twice is said to both, but
// neither learns by whom; the organiser does.
func TestTwoDelegationsApart(t *testing.T) {
	g := newSmallGames(t, ledgertest.New(t, "sqlite"))
	first := g.save(g.manager("大庆"), "大庆", typed("甲", 1, "100米")).ID
	second := g.save(g.manager("哈尔滨"), "哈尔滨", typed("甲", 1, "100米")).ID
	for id, name := range map[int64]string{first: "大庆", second: "哈尔滨"} {
		v, err := g.Registration(t.Context(), g.manager(name), "games", id)
		if err != nil || kindsOf(v) != "two_delegations" || !v.Errors() {
			t.Fatalf("%s: %+v, %v", name, v, err)
		}
		text := fmt.Sprint(v.Problems)
		if strings.Contains(text, "大庆") || strings.Contains(text, "哈尔滨") || strings.Contains(text, "19900512") {
			t.Errorf("%s is told %s", name, text)
		}
	}
	if text := fmt.Sprint(g.get(second).Problems); !strings.Contains(text, "大庆") {
		t.Errorf("the organiser is told %s", text)
	}
}

// TestMassMoves: all or nothing, with names; the same command again gives the
// first answer whatever has happened since.
func TestMassMoves(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		g := newSmallGames(t, dsn)
		who := g.manager("大庆")
		var ids []int64
		saw := map[int64]int64{}
		for i := range 4 {
			a := typed(fmt.Sprint("选手", i), 1+i, []string{"100米", "400米"}[i%2])
			id := g.save(who, "大庆", a).ID
			ids, saw[id] = append(ids, id), 1
		}
		c, a := by(who, ""), MoveRegistrations{IDs: ids, To: registration.Submitted, Saw: saw}
		first := g.must(g.MoveRegistrations(ctx, c, who, a))
		if n := len(outcomeOf[Moved](t, first).Registrations); n != 4 {
			t.Errorf("%d moved", n)
		}
		g.must(g.move(organiser, registration.Returned, "缺材料", ids[1]))
		again, err := g.MoveRegistrations(ctx, c, who, a)
		if err != nil || !again.Repeated || string(again.Outcome) != string(first.Outcome) {
			t.Errorf("again: %+v, %v", again, err)
		}
		_, err = g.UndoMove(ctx, by(who, ""), who, UndoMove{Seq: first.Seq})
		if !refusedWith(err, StatusStale, "registrations-stale") || !strings.Contains(err.Error(), "选手1") || strings.Contains(err.Error(), "选手0") {
			t.Errorf("undo over a later change: %v", err)
		}
		_, err = g.MoveRegistrations(ctx, by(organiser, ""), organiser, MoveRegistrations{IDs: ids, To: registration.Accepted, Saw: map[int64]int64{ids[0]: 2, ids[1]: 3, ids[2]: 2, ids[3]: 2}})
		if !refusedWith(err, StatusClosed, "registrations-not-there") || !strings.Contains(err.Error(), "选手1") {
			t.Errorf("accept what is returned: %v", err)
		}
		_, err = g.MoveRegistrations(ctx, by(organiser, ""), organiser, MoveRegistrations{IDs: ids, To: registration.Accepted, Saw: saw})
		if !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), "选手0") {
			t.Errorf("accept what was seen as it was: %v", err)
		}
		for _, id := range []int64{ids[0], ids[2], ids[3]} {
			if s := g.get(id).State; s != registration.Submitted {
				t.Errorf("registration %d is %s after refused moves", id, s)
			}
		}
		taken := g.must(g.move(organiser, registration.Accepted, "", ids[0], ids[2], ids[3]))
		g.must(g.UndoMove(ctx, by(organiser, ""), organiser, UndoMove{Seq: taken.Seq}))
		if got, want := g.entries(), "A100 2001 withdrawn; A100 2002 withdrawn; A400 2003 withdrawn"; got != want {
			t.Errorf("entries after an undone acceptance: %q", got)
		}
		if _, err := g.UndoMove(ctx, by(organiser, ""), organiser, UndoMove{Seq: 1}); !errors.Is(err, ErrNotFound) {
			t.Errorf("undo what was no move: %v", err)
		}
		g.whole()
	})
}

// TestSavesTogether: many pages save at once; each is judged against what there
// is when it is written, and nothing is lost.
func TestSavesTogether(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g := newSmallGames(t, dsn)
		var wg sync.WaitGroup
		for i := range 6 {
			name := []string{"大庆", "哈尔滨", "大庆油田"}[i%3]
			who := g.manager(name)
			wg.Go(func() {
				a := typed(fmt.Sprint("同时", i), 40+i, "100米")
				a.Delegation = who.Delegation
				if _, err := g.SaveRegistration(context.WithoutCancel(t.Context()), by(who, ""), who, a); err != nil {
					t.Errorf("save %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if all, err := g.Registrations(t.Context(), organiser, "games", RegistrationFilter{}); err != nil || len(all) != 6 {
			t.Errorf("%d registrations, %v", len(all), err)
		}
		g.whole()
	})
}

// TestRegistrationFilter narrows by everything that a list may be narrowed by.
func TestRegistrationFilter(t *testing.T) {
	g := newSmallGames(t, ledgertest.New(t, "sqlite"))
	who := g.manager("大庆")
	a := g.save(who, "大庆", typed("张伟", 1, "100米")).ID
	staff := typed("李教练", 2, "")
	staff.Fields[registration.Role], staff.Fields[entry.InSport] = "教练", ""
	b := g.save(who, "大庆", staff).ID
	wrong := typed("王五", 3, "铅球")
	c := g.save(g.manager("哈尔滨"), "哈尔滨", wrong).ID
	g.must(g.move(who, registration.Submitted, "", a))
	for name, tt := range map[string]struct {
		f    RegistrationFilter
		want []int64
	}{
		"all, by delegation": {RegistrationFilter{}, []int64{c, b, a}},
		"a delegation":       {RegistrationFilter{Delegation: who.Delegation}, []int64{b, a}},
		"states":             {RegistrationFilter{States: []RegistrationState{registration.Submitted}}, []int64{a}},
		"a sport":            {RegistrationFilter{Sport: "田径"}, []int64{c, a}},
		"staff":              {RegistrationFilter{Sport: "-"}, []int64{b}},
		"part of a name":     {RegistrationFilter{Query: "教 练"}, []int64{b}},
		"a whole number":     {RegistrationFilter{Query: citizen(3)}, []int64{c}},
		"nobody's number":    {RegistrationFilter{Query: citizen(9)}, nil},
		"with problems":      {RegistrationFilter{Problems: true}, []int64{c}},
		"by number":          {RegistrationFilter{IDs: []int64{b, c}}, []int64{c, b}},
	} {
		all, err := g.Registrations(t.Context(), organiser, "games", tt.f)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, v := range all {
			got = append(got, v.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestCheckRegistrations changes rows behind the ledger's back: the checker says
// which.
func TestCheckRegistrations(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		g := newSmallGames(t, dsn)
		who := g.manager("大庆")
		id := g.save(who, "大庆", typed("甲", 1, "100米")).ID
		g.must(g.move(who, registration.Submitted, "", id))
		g.must(g.move(organiser, registration.Accepted, "", id))
		g.whole()
		for name, tt := range map[string]struct{ do, undo string }{
			"state":   {"UPDATE registrations SET state = 'returned'", "UPDATE registrations SET state = 'accepted'"},
			"name":    {"UPDATE registrations SET name = '乙'", "UPDATE registrations SET name = '甲'"},
			"history": {"UPDATE registration_changes SET seq = seq + 100 WHERE revision = 3", "UPDATE registration_changes SET seq = seq - 100 WHERE revision = 3"},
			"members": {"UPDATE registrations SET state = 'withdrawn'", "UPDATE registrations SET state = 'accepted'"},
		} {
			if _, err := g.w.ExecContext(ctx, tt.do); err != nil {
				t.Fatal(err)
			}
			if rep, err := g.Check(ctx); err != nil || rep.OK() {
				t.Errorf("%s: %+v, %v", name, rep, err)
			}
			if _, err := g.w.ExecContext(ctx, tt.undo); err != nil {
				t.Fatal(err)
			}
			g.whole()
		}
	})
}

// TestDeadlines: each stage lets a delegation do less, and the organiser
// everything.
func TestDeadlines(t *testing.T) {
	ctx := t.Context()
	now := april
	g := newSmallGames(t, ledgertest.New(t, "sqlite"), WithClock(func() time.Time { return now }))
	rules := strings.Replace(entryRules, "{", `{"deadlines": {"names": "2027-04-10", "final": "2027-04-20", "late": "2027-04-30"}, `, 1)
	if _, err := g.SetEdition(ctx, command("games"), edition(rules, entryEvents)); err != nil {
		t.Fatal(err)
	}
	who := g.manager("大庆")
	ids := map[string]int64{}
	for i, name := range []string{"accepted", "another", "submitted", "draft"} {
		ids[name] = g.save(who, "大庆", typed(name, 1+i, []string{"100米", "跳远"}[i%2])).ID
	}
	g.must(g.move(who, registration.Submitted, "", ids["accepted"], ids["another"], ids["submitted"]))
	g.must(g.move(organiser, registration.Accepted, "", ids["accepted"], ids["another"]))
	add := func(w access.Who) error {
		a := typed("新", 30, "400米")
		a.Delegation = who.Delegation
		_, err := g.SaveRegistration(ctx, by(w, ""), w, a)
		return err
	}
	change := func(reason string) error {
		_, err := g.SaveRegistration(ctx, by(who, reason), who, SaveRegistration{ID: ids["draft"], Saw: g.get(ids["draft"]).Revision, Fields: map[entry.Field]string{entry.Mark: "5.1" + reason}})
		return err
	}
	u := g.send(who, book(line("文件", 31, "400米", "")))
	enter := func() error {
		_, err := g.ApplyUpload(ctx, by(who, ""), who, ApplyUpload{Upload: u.ID})
		return err
	}
	move := func(w access.Who, to RegistrationState, reason, name string) error {
		_, err := g.move(w, to, reason, ids[name])
		return err
	}
	now = time.Date(2027, 4, 15, 9, 0, 0, 0, time.UTC) // names are due: changes only
	for name, tt := range map[string]struct {
		err     error
		problem string
	}{
		"add":                 {add(who), "late-add"},
		"enter a file":        {enter(), "late-add"},
		"hand a draft in":     {move(who, registration.Submitted, "", "draft"), "late-add"},
		"change":              {change(""), ""},
		"the organiser adds":  {add(organiser), ""},
		"withdraw, with why":  {move(who, registration.Withdrawn, "受伤", "accepted"), ""},
		"take back handed in": {move(who, registration.Draft, "", "submitted"), ""},
	} {
		if got := problemOf(tt.err); got != tt.problem {
			t.Errorf("final stage, %s: %v, want %q", name, tt.err, tt.problem)
		}
	}
	now = time.Date(2027, 4, 25, 9, 0, 0, 0, time.UTC) // what has a reason
	if err := change("x"); problemOf(err) != "late-change" {
		t.Errorf("late stage, change: %v", err)
	}
	now = time.Date(2027, 5, 1, 9, 0, 0, 0, time.UTC)
	if err := move(who, registration.Withdrawn, "受伤", "another"); problemOf(err) != "late-withdraw" {
		t.Errorf("closed, withdraw: %v", err)
	}
	if err := move(organiser, registration.Withdrawn, "受伤", "another"); err != nil {
		t.Errorf("closed, the organiser withdraws somebody: %v", err)
	}
	g.whole()
}

// TestWaitingList: who is accepted beyond the places waits in the order of
// handing in, and moves up when somebody leaves.
func TestWaitingList(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		now := april
		g := newSmallGames(t, dsn, WithClock(func() time.Time { return now }))
		rules := strings.Replace(entryRules, "{", `{"waitingLists": true, `, 1)
		if _, err := g.SetEdition(ctx, command("games"), edition(rules, entryEvents)); err != nil {
			t.Fatal(err)
		}
		who := g.manager("大庆")
		var ids []int64
		for i := range 4 { // two places in the event
			ids = append(ids, g.save(who, "大庆", typed(fmt.Sprint("选手", i), 1+i, "100米")).ID)
		}
		for _, i := range []int{2, 0, 3, 1} {
			now = now.Add(time.Minute)
			g.must(g.move(who, registration.Submitted, "", ids[i]))
		}
		g.must(g.move(organiser, registration.Accepted, "", ids...))
		states := func() string {
			var all []string
			for _, id := range ids {
				all = append(all, string(g.get(id).State))
			}
			return strings.Join(all, " ")
		}
		if got, want := states(), "accepted waiting accepted waiting"; got != want {
			t.Errorf("states %s, want %s", got, want)
		}
		if _, err := g.move(organiser, registration.Accepted, "", ids[3]); problemOf(err) != "registrations-no-place" {
			t.Errorf("accepted without a place: %v", err)
		}
		g.must(g.move(who, registration.Withdrawn, "受伤", ids[0]))
		if _, err := g.move(organiser, registration.Accepted, "", ids[1], ids[3]); problemOf(err) != "registrations-no-place" {
			t.Errorf("two accepted for one place: %v", err)
		}
		g.must(g.move(organiser, registration.Accepted, "", ids[3]))
		if got, want := states(), "withdrawn waiting accepted accepted"; got != want {
			t.Errorf("states %s, want %s", got, want)
		}
		g.whole()
	})
}
