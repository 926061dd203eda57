package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/needs"
	"tongchang/events/registration"
	"tongchang/scoring"
)

// service is a games with two delegations that ask, a desk that answers, and a
// clock that stands at 14:10 on 10 June 2026 until a test moves it.
type service struct {
	*Store
	t                       *testing.T
	comp                    Competition
	harbin, qiqihar         int64
	li, bai, guan           int64 // registrations of Harbin
	pan                     int64 // of Qiqihar
	now                     time.Time
	team, rival, desk, meds access.Who
	chief                   access.Who
}

const games = "games"

var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

func june(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, zone) }

func newService(t *testing.T, dsn string) *service {
	t.Helper()
	d := &service{t: t, now: june(10, 14, 10)}
	d.Store = open(t, dsn, withTestKeys(t), WithClock(func() time.Time { return d.now }))
	ctx := t.Context()
	var err error
	if d.comp, err = d.Found(ctx, Competition{Code: games, Name: "测试运动会", NameEn: "Test games", Starts: "2026-06-20", Ends: "2026-06-24"}); err != nil {
		t.Fatal(err)
	}
	delegation := func(code, name string) int64 {
		row := &Delegation{CompetitionID: d.comp.ID, Code: code, Name: name, NameEn: code}
		d.insert(row)
		return row.ID
	}
	d.harbin, d.qiqihar = delegation("HRB", "哈尔滨"), delegation("QQH", "齐齐哈尔")
	d.li, d.bai, d.guan = d.person(d.harbin, "李桂荣", "游泳"), d.person(d.harbin, "白景山", "田径"), d.person(d.harbin, "关海燕", "田径")
	d.pan = d.person(d.qiqihar, "潘福来", "田径")
	d.team = access.Who{Account: 1, Name: "哈尔滨领队", Role: access.Delegation, Delegation: d.harbin}
	d.rival = access.Who{Account: 2, Name: "齐齐哈尔领队", Role: access.Delegation, Delegation: d.qiqihar}
	d.desk = access.Who{Account: 3, Name: "顾小满", Role: access.Service}
	d.meds = access.Who{Account: 4, Name: "韩梅", Role: access.Medical}
	d.chief = access.Who{Account: 5, Name: "金成", Role: access.Organiser, Strong: true}
	return d
}

func (d *service) insert(row any) {
	d.t.Helper()
	if _, err := d.w.NewInsert().Model(row).Exec(d.t.Context()); err != nil {
		d.t.Fatalf("insert %T: %v", row, err)
	}
}

func (d *service) person(delegation int64, name, sport string) int64 {
	row := &Registration{CompetitionID: d.comp.ID, DelegationID: delegation, State: registration.Submitted, Revision: 1, Role: "athlete", Sport: sport,
		Name: name, Choices: "[]", Person: "print of " + name, Created: d.now, Updated: d.now}
	d.insert(row)
	return row.ID
}

// as is a command of somebody.
func as(who access.Who, reason string) Command {
	c := command(games)
	c.Author, c.Reason = who.Name, reason
	return c
}

// state says what somebody of Harbin needs.
func (d *service) state(who access.Who, registration int64, round Round, asked ...AskedNeed) (Receipt, error) {
	people, err := d.NeedPeople(d.t.Context(), who, games, d.harbin)
	if err != nil {
		d.t.Fatal(err)
	}
	i := slices.IndexFunc(people, func(p NeedPerson) bool { return p.Registration == registration })
	return d.StateNeeds(d.t.Context(), as(who, ""), who, StateNeeds{Delegation: d.harbin, Registration: registration, Round: round, Saw: people[i].Saw, Needs: asked})
}

// asks states needs that must be taken, and gives them by kind.
func (d *service) asks(registration int64, round Round, asked ...AskedNeed) map[needs.Code]NeedView {
	d.t.Helper()
	if _, err := d.state(d.team, registration, round, asked...); err != nil {
		d.t.Fatalf("state needs: %v", err)
	}
	return d.of(registration)
}

func (d *service) of(registration int64) map[needs.Code]NeedView {
	d.t.Helper()
	views, err := d.Needs(d.t.Context(), d.team, games, NeedFilter{Registration: registration, Whole: registration == 0, Texts: true})
	if err != nil {
		d.t.Fatal(err)
	}
	all := map[needs.Code]NeedView{}
	for _, v := range views {
		if v.State != needs.Withdrawn {
			all[v.Kind] = v
		}
	}
	return all
}

func (d *service) move(who access.Who, m MoveNeeds) error {
	_, err := d.MoveNeeds(d.t.Context(), as(who, ""), who, m)
	return err
}

// must does an act that has to be taken.
func (d *service) must(who access.Who, m MoveNeeds) {
	d.t.Helper()
	if err := d.move(who, m); err != nil {
		d.t.Fatalf("%s: %v", m.Act, err)
	}
}

func (d *service) need(who access.Who, id int64) *NeedView {
	d.t.Helper()
	v, err := d.Need(d.t.Context(), who, games, id)
	if err != nil {
		d.t.Fatalf("need %d for %s: %v", id, who.Role, err)
	}
	return v
}

func ask(k needs.Code, words string) AskedNeed {
	return AskedNeed{Kind: k, Pieces: 1, Hour: needs.WholeDay, Words: words}
}

// problemOf is the key of a refusal, or the error itself.
func problemOf(err error) string {
	var refusal *Refusal
	var inv *scoring.Invalid
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		return refusal.Problem
	case errors.As(err, &inv):
		return inv.Problem
	}
	return err.Error()
}

func (d *service) refused(what, problem string, err error) {
	d.t.Helper()
	if got := problemOf(err); got != problem {
		d.t.Errorf("%s: %q (%v), want %q", what, got, err, problem)
	}
}

// TestNeedRoad walks a need from the form to a person who is satisfied, the
// second time.
func TestNeedRoad(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		ctx := t.Context()
		got := d.asks(d.li, AtEntry, ask("room-access", ""), AskedNeed{Kind: "own-words", Pieces: 1, Hour: -1, Words: "浴室门口有 4 厘米的坎，我的轮椅进不去。", Place: "3 号楼 412"})
		if len(got) != 2 || got["own-words"].WordsText != "浴室门口有 4 厘米的坎，我的轮椅进不去。" || got["own-words"].PlaceText != "3 号楼 412" || got["room-access"].WordsText != "" {
			t.Fatalf("asked: %+v", got)
		}
		id := got["own-words"].ID
		if v := got["own-words"]; v.State != needs.Asked || !v.Due.Equal(june(12, 14, 10)) || v.Person != "李桂荣" || v.Standing != needs.Working {
			t.Errorf("as asked: %+v", v)
		}
		d.must(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Accept})
		d.must(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Assign, Group: needs.Lodging, Owner: "于海", Due: june(11, 12, 0), Saw: map[int64]int64{id: 2}})
		d.refused("somebody saw an older state", "need-stale", d.move(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Take, Saw: map[int64]int64{id: 2}}))
		d.must(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Take})
		d.now = june(11, 14, 10)
		if v := d.need(d.desk, id); v.Standing != needs.Late || v.Span != 130*time.Minute || v.Owner != "于海" || v.Group != needs.Lodging {
			t.Errorf("two hours and ten late: %+v", v)
		}
		d.must(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Remind})
		d.refused("an answer that is none", "need-words-short", d.move(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Answer, Verdict: needs.Cannot, Words: "不行"}))
		d.refused("an answer without a verdict", "need-verdict", d.move(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Answer, Words: "今晚装好坡板。"}))
		d.must(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Answer, Verdict: needs.Will, Words: "今晚装好坡板。"})
		if v := d.of(d.li)["own-words"]; v.Standing != needs.Waiting || v.ReplyText != "今晚装好坡板。" || v.Verdict != needs.Will || v.Reminded != 1 {
			t.Errorf("answered: %+v", v)
		}
		d.must(d.team, MoveNeeds{IDs: []int64{id}, Act: needs.Reopen, Words: "坡板太陡，上不去。"})
		if v := d.need(d.desk, id); v.State != needs.Reopened || v.Reopened != 1 || !v.Due.Equal(june(11, 16, 10)) {
			t.Errorf("reopened: %+v", v)
		}
		d.must(d.desk, MoveNeeds{IDs: []int64{id}, Act: needs.Answer, Verdict: needs.Instead, Words: "换到 3 号楼 101，门口没有坎。"})
		d.must(d.team, MoveNeeds{IDs: []int64{id}, Act: needs.Satisfy})
		history, err := d.NeedHistory(ctx, d.team, games, id)
		if err != nil {
			t.Fatal(err)
		}
		var acts []string
		for i, h := range history {
			if h.Revision != int64(i+1) {
				t.Errorf("revision %d stands at %d", h.Revision, i+1)
			}
			acts = append(acts, fmt.Sprintf("%s:%s:%s", h.Act, h.State, h.Text))
		}
		want := []string{"ask:asked:浴室门口有 4 厘米的坎，我的轮椅进不去。", "accept:accepted:", "assign:assigned:", "take:doing:", "remind:doing:", "answer:answered:今晚装好坡板。",
			"reopen:reopened:坡板太陡，上不去。", "answer:answered:换到 3 号楼 101，门口没有坎。", "satisfy:satisfied:"}
		if !slices.Equal(acts, want) {
			t.Errorf("history\n%v, want\n%v", acts, want)
		}
		d.sealed("浴室", "坡板", "号楼", "没有坎")
	})
}

// checked makes sure that the checker finds the needs as the log left them, and
// one that somebody has meddled with.
func (d *service) checked(meddled int64) {
	d.t.Helper()
	ctx := d.t.Context()
	found := func() (about []string) {
		r, err := d.Check(ctx)
		if err != nil || r.Needs == 0 || !r.Chain {
			d.t.Fatalf("check: %+v, %v", r, err)
		}
		for _, p := range r.Problems { // the test's registrations are in no log
			if strings.Contains(p, ", need ") {
				about = append(about, p)
			}
		}
		return about
	}
	if problems := found(); len(problems) > 0 {
		d.t.Errorf("check: %q", problems)
	}
	if _, err := d.w.NewUpdate().Model((*Need)(nil)).Set("state = ?", needs.Asked).Where("id = ?", meddled).Exec(ctx); err != nil {
		d.t.Fatal(err)
	}
	if problems := found(); len(problems) != 1 || !strings.Contains(problems[0], fmt.Sprintf("need %d: asked", meddled)) {
		d.t.Errorf("check of a need that was meddled with: %q", problems)
	}
}

// sealed makes sure that no text of a need is in the log or in the tables of
// needs in clear.
func (d *service) sealed(texts ...string) {
	d.t.Helper()
	entries, err := d.Entries(d.t.Context(), d.comp.ID, 0, 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	var rows []Need
	var changes []NeedChange
	if err := errors.Join(d.r.NewSelect().Model(&rows).Scan(d.t.Context()), d.r.NewSelect().Model(&changes).Scan(d.t.Context())); err != nil {
		d.t.Fatal(err)
	}
	all := fmt.Sprintf("%+v %+v %+v", entries, rows, changes)
	if !strings.Contains(all, "needs-move") || !strings.Contains(all, "room-access") {
		d.t.Fatal("the search finds nothing at all")
	}
	for _, text := range texts {
		if strings.Contains(all, text) {
			d.t.Errorf("%q is there in clear", text)
		}
	}
}

// TestNeedRounds: a form says everything at once; asked again at arrival, what is
// still so is confirmed and what has changed is reopened.
func TestNeedRounds(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		first := d.asks(d.li, AtEntry, ask("halal", ""), ask("fridge", "胰岛素"), ask("large-print", ""))
		d.must(d.desk, MoveNeeds{IDs: []int64{first["fridge"].ID, first["halal"].ID}, Act: needs.Answer, Verdict: needs.Will, Words: "已安排，请放心。"})
		d.refused("an old form", "needs-stale", second(d.StateNeeds(t.Context(), as(d.team, ""), d.team,
			StateNeeds{Delegation: d.harbin, Registration: d.li, Round: AtEntry, Needs: []AskedNeed{ask("halal", "")}})))

		again := d.asks(d.li, AtEntry, ask("halal", ""), ask("fridge", "胰岛素，两盒"))
		if again["halal"].Revision != first["halal"].Revision+1 || again["halal"].State != needs.Answered {
			t.Errorf("what nobody changed: %+v", again["halal"])
		}
		if v := again["fridge"]; v.State != needs.Reopened || v.WordsText != "胰岛素，两盒" {
			t.Errorf("changed after the answer: %+v", v)
		}
		if v := d.need(d.team, first["large-print"].ID); v.State != needs.Withdrawn {
			t.Errorf("no longer ticked: %s", v.State)
		}
		arrived := d.asks(d.li, AtArrival, ask("halal", ""), ask("fridge", "胰岛素，两盒"), ask("warm-room", ""))
		if !arrived["halal"].Confirmed || arrived["halal"].State != needs.Answered || arrived["warm-room"].Round != AtArrival || again["halal"].Confirmed {
			t.Errorf("asked again at arrival: %+v", arrived)
		}
		d.asks(d.bai, AtEntry) // needs nothing, and was asked
		people, err := d.NeedPeople(t.Context(), d.team, games, d.harbin)
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, p := range people {
			asked = append(asked, fmt.Sprint(p.Name, len(p.Asked)))
		}
		d.checked(first["halal"].ID)
		if want := []string{"0", "李桂荣2", "白景山1", "关海燕0"}; len(asked) != 4 || !slices.Contains(asked, want[1]) || !slices.Contains(asked, want[2]) || !slices.Contains(asked, want[3]) {
			t.Errorf("who was asked: %v", asked)
		}
	})
}

func second[A any](_ A, err error) error { return err }

func TestNeedFormRefused(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		many := ask("wheelchair-loan", "")
		many.Pieces = 2
		backwards := ask("room-access", "")
		backwards.Day, backwards.Until = "2026-06-22", "2026-06-20"
		wrongDay := ask("room-access", "")
		wrongDay.Day = "20 June"
		for name, tt := range map[string]struct {
			registration int64
			asked        []AskedNeed
			problem      string
		}{
			"what there is none of":   {d.li, []AskedNeed{ask("unicorn", "")}, "need-unknown"},
			"twice":                   {d.li, []AskedNeed{ask("halal", ""), ask("halal", "")}, "need-twice"},
			"more than one can use":   {d.li, []AskedNeed{many}, "need-many"},
			"a kind that needs words": {d.li, []AskedNeed{ask("allergy", " ")}, "need-in-words"},
			"until before from":       {d.li, []AskedNeed{backwards}, "need-until"},
			"no day":                  {d.li, []AskedNeed{wrongDay}, "field-wrong"},
			"a novel":                 {d.li, []AskedNeed{ask("own-words", strings.Repeat("长", needs.MostWords+1))}, "need-words-long"},
			"another team's person":   {d.pan, []AskedNeed{ask("halal", "")}, "no-such-registration"},
			"nobody":                  {9999, []AskedNeed{ask("halal", "")}, "no-such-registration"},
		} {
			_, err := d.StateNeeds(t.Context(), as(d.team, ""), d.team, StateNeeds{Delegation: d.harbin, Registration: tt.registration, Round: AtEntry, Needs: tt.asked})
			d.refused(name, tt.problem, err)
		}
		many.Pieces = 35 // the delegation as a whole asks for many
		if got := d.asks(0, AtEntry, many); got["wheelchair-loan"].Pieces != 35 || got["wheelchair-loan"].Person != "" {
			t.Errorf("a delegation's own need: %+v", got)
		}
	})
}

// TestNeedSecrecy: another delegation's need is not there, the medical desk's are
// its own, names are masked, and what the desk looks at is kept.
func TestNeedSecrecy(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		ctx := t.Context()
		got := d.asks(d.li, AtEntry, ask("injection", "每天两次胰岛素"), ask("soft-food", "少盐"))
		medical, food := got["injection"].ID, got["soft-food"].ID
		for what, id := range map[string]int64{"theirs": food, "nobody's": 9999} {
			_, err := d.Need(ctx, d.rival, games, id)
			_, err2 := d.NeedHistory(ctx, d.rival, games, id)
			err3 := d.move(d.rival, MoveNeeds{IDs: []int64{id}, Act: needs.Reopen, Words: "不是我的人"})
			_, err4 := d.LookAtNeed(ctx, as(d.rival, "看看"), d.rival, id)
			for i, err := range []error{err, err2, err3, err4} {
				if want := (&Refusal{Status: StatusNotFound, Problem: "no-such-need", With: []string{fmt.Sprint(id)}}).Error(); err == nil || err.Error() != want {
					t.Errorf("%s, way %d: %v, want %s", what, i, err, want)
				}
			}
		}
		if views, err := d.Needs(ctx, d.rival, games, NeedFilter{}); err != nil || len(views) != 0 {
			t.Errorf("the others' list: %v, %v", views, err)
		}
		d.refused("the others' list by name", "no-such-delegation", second(d.Needs(ctx, d.rival, games, NeedFilter{Delegation: d.harbin})))
		d.refused("the public", "forbidden", second(d.Needs(ctx, access.Who{}, games, NeedFilter{})))
		d.refused("a judge", "forbidden", second(d.Need(ctx, access.Who{Name: "j", Role: access.Judge}, games, food)))

		if v := d.need(d.desk, medical); !v.Medical || v.Kind != "" || v.WordsText != "" || v.Person != "李**" || v.WordsKept {
			t.Errorf("the service desk sees of a medical need %+v", v)
		}
		if v := d.need(d.desk, food); v.Medical || v.Kind != "soft-food" || v.WordsText != "" || v.Person != "李**" || !v.WordsKept {
			t.Errorf("the service desk sees %+v", v)
		}
		d.refused("the service desk takes a medical need", "need-medical", d.move(d.desk, MoveNeeds{IDs: []int64{medical}, Act: needs.Accept}))
		d.refused("the service desk looks at a medical need", "need-medical", second(d.LookAtNeed(ctx, as(d.desk, "办事"), d.desk, medical)))
		d.refused("the medical desk and food", "no-such-need", second(d.Need(ctx, d.meds, games, food)))
		if v := d.need(d.meds, medical); v.Kind != "injection" || v.WordsText != "" {
			t.Errorf("the medical desk sees %+v", v)
		}
		d.refused("a look without a reason", "need-look-reason", second(d.LookAtNeed(ctx, as(d.desk, ""), d.desk, food)))
		look, err := d.LookAtNeed(ctx, as(d.desk, "问清楚吃什么"), d.desk, food)
		if err != nil || look.Person != "李桂荣" || look.Words != "少盐" {
			t.Fatalf("a look: %+v, %v", look, err)
		}
		entries, err := d.Entries(ctx, d.comp.ID, look.Seq-1, 1)
		if err != nil || len(entries) != 1 || entries[0].Author != "顾小满" || entries[0].Reason != "问清楚吃什么" || strings.Contains(entries[0].Payload+entries[0].Receipt, "少盐") {
			t.Errorf("the look in the log: %+v, %v", entries, err)
		}
		history, err := d.NeedHistory(ctx, d.desk, games, food)
		if err != nil || len(history) != 1 || history[0].Text != "" || !history[0].Sealed {
			t.Errorf("history for the desk: %+v, %v", history, err)
		}
		// the welcome desk asks again: its form has no medical kinds, which stay as they are
		if _, err := d.state(d.desk, d.li, AtArrival, ask("soft-food", "少盐")); err != nil {
			t.Fatal(err)
		}
		if v := d.need(d.meds, medical); v.State != needs.Asked {
			t.Errorf("a form without medical kinds made one %s", v.State)
		}
		_, err = d.state(d.desk, d.li, AtArrival, ask("soft-food", "少盐"), ask("seizures", ""))
		d.refused("the welcome desk asks for the medical desk", "need-medical", err)
	})
}

// TestNeedTasks: one answer for all of a task, one person's word for one.
func TestNeedTasks(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		ctx := t.Context()
		bus := ask("lift-bus", "")
		bus.Day, bus.Hour = "2026-06-21", 6
		later := bus
		later.Day = "2026-06-22"
		a, b, c := d.asks(d.li, AtEntry, bus)["lift-bus"].ID, d.asks(d.bai, AtEntry, bus)["lift-bus"].ID, d.asks(d.guan, AtEntry, later)["lift-bus"].ID
		proposals, err := d.NeedTasks(ctx, d.desk, games)
		if err != nil || !reflect.DeepEqual(proposals, [][]int64{{a, b}}) {
			t.Fatalf("proposed: %v, %v", proposals, err)
		}
		merge := func(ids ...int64) error {
			return second(d.MergeNeeds(ctx, as(d.desk, ""), d.desk, MergeNeeds{IDs: ids}))
		}
		d.refused("another day", "needs-not-alike", merge(a, c))
		if err := merge(b, a); err != nil {
			t.Fatal(err)
		}
		d.must(d.desk, MoveNeeds{IDs: []int64{b}, Act: needs.Assign, Owner: "孙师傅"})
		d.must(d.desk, MoveNeeds{IDs: []int64{a}, Act: needs.Answer, Verdict: needs.Will, Words: "6:00 在 3 号门上车。"})
		for _, id := range []int64{a, b} {
			if v := d.need(d.desk, id); v.State != needs.Answered || v.ReplyText != "6:00 在 3 号门上车。" || v.Owner != "孙师傅" || v.Mates != 1 || v.Task != a {
				t.Errorf("need %d of the task: %+v", id, v)
			}
		}
		d.must(d.team, MoveNeeds{IDs: []int64{a}, Act: needs.Satisfy})
		d.must(d.team, MoveNeeds{IDs: []int64{b}, Act: needs.Reopen, Words: "车没有来。"})
		if v, w := d.need(d.desk, a), d.need(d.desk, b); v.State != needs.Satisfied || w.State != needs.Reopened || w.Task != 0 {
			t.Errorf("one is satisfied (%s), one is not (%s, task %d)", v.State, w.State, w.Task)
		}
		split := func(id int64) error { return second(d.SplitNeed(ctx, as(d.desk, ""), d.desk, SplitNeed{ID: id})) }
		if err := split(a); err != nil {
			t.Error(err)
		}
		d.refused("split what is alone", "need-alone", split(a))
		d.refused("the delegation merges", "forbidden", second(d.MergeNeeds(ctx, as(d.team, ""), d.team, MergeNeeds{IDs: []int64{a, b}})))
	})
}

// TestCapacity is the board's own question: 60 wheelchairs are wanted at 14:00,
// 40 are booked.
func TestCapacity(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		ctx := t.Context()
		chairs := ask("wheelchair-loan", "")
		chairs.Pieces = 59
		d.asks(0, AtEntry, chairs)
		d.asks(d.li, AtEntry, ask("wheelchair-loan", ""), ask("room-access", ""))
		plan := PlanArrivals{Delegation: d.harbin, Groups: []ArrivalFile{{Day: "2026-06-19", Clock: "14:05", Place: "哈尔滨西站", Means: "G1278", People: 80},
			{Day: "2026-06-18", Clock: "09:40", Place: "哈尔滨西站", People: 4, Names: []int64{d.guan}}}}
		if c, err := d.Capacity(ctx, d.desk, games); err != nil || len(c.Slots) != 0 || c.Undated["wheelchair-loan"] != 60 {
			t.Errorf("before anybody knows when they come: %+v, %v", c, err)
		}
		if _, err := d.PlanArrivals(ctx, as(d.team, ""), d.team, plan); err != nil {
			t.Fatal(err)
		}
		d.refused("an old plan", "arrivals-stale", second(d.PlanArrivals(ctx, as(d.team, ""), d.team, plan)))
		d.refused("another team's plan", "no-such-delegation", second(d.PlanArrivals(ctx, as(d.rival, ""), d.rival, plan)))
		views, err := d.Arrivals(ctx, d.team, games, 0)
		if err != nil || len(views) != 2 || views[0].Clock != "09:40" || !slices.Equal(views[0].Names, []int64{d.guan}) {
			t.Fatalf("arrivals: %+v, %v", views, err)
		}
		plan.Saw, plan.Groups[1].Day = views[0].Seq, "2026-06-20"
		if _, err := d.PlanArrivals(ctx, as(d.team, ""), d.team, plan); err != nil {
			t.Fatal(err)
		}
		resource := SetResource{Kind: "wheelchair-loan", Pieces: 40, Day: "2026-06-19", From: 12, To: 18, Note: "红十字会"}
		if _, err := d.SetResource(ctx, as(d.desk, ""), d.desk, resource); err != nil {
			t.Fatal(err)
		}
		c, err := d.Capacity(ctx, d.desk, games)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(c.Slots, func(s needs.Slot) bool { return s.Kind == "wheelchair-loan" })
		if want := (needs.Slot{Kind: "wheelchair-loan", Day: "2026-06-19", Hour: 14, Want: 60, Have: 40}); i < 0 || c.Slots[i] != want || c.Slots[i].Short() != 20 {
			t.Errorf("slots %+v, want %+v among them", c.Slots, want)
		}
		rooms := 0
		for _, s := range c.Slots {
			if s.Kind == "room-access" {
				rooms++
			}
		}
		if rooms != 6 { // 19 to 24 June
			t.Errorf("the room is wanted on %d days", rooms)
		}
		if v := d.of(d.li)["room-access"]; !v.Arrives.Equal(june(19, 14, 5)) || !v.Due.Equal(june(12, 14, 5)) {
			t.Errorf("a week before the arrival: %+v", v)
		}
		resource.ID, resource.Pieces = c.Resources[0].ID, 0
		if _, err := d.SetResource(ctx, as(d.desk, ""), d.desk, resource); err != nil {
			t.Fatal(err)
		}
		if c, err := d.Capacity(ctx, d.desk, games); err != nil || len(c.Resources) != 0 {
			t.Errorf("taken away: %+v, %v", c, err)
		}
		for name, tt := range map[string]struct {
			r       SetResource
			problem string
		}{
			"what is not counted": {SetResource{Kind: "ramp", Pieces: 1, Day: "2026-06-19"}, "need-not-counted"},
			"no day":              {SetResource{Kind: "lift-bus", Pieces: 1, From: 8, To: 9}, "resource-day"},
			"no hours":            {SetResource{Kind: "lift-bus", Pieces: 1, Day: "2026-06-19", From: 9, To: 9}, "resource-hours"},
			"nothing":             {SetResource{Kind: "lift-bus", Day: "2026-06-19", From: 8, To: 9}, "resource-none"},
			"somebody else's":     {SetResource{ID: 9999, Kind: "lift-bus", Pieces: 1, Day: "2026-06-19", From: 8, To: 9}, "no-such-resource"},
			"the medical desk's":  {SetResource{Kind: "oxygen", Pieces: 1, Day: "2026-06-19"}, "need-not-counted"},
		} {
			d.refused(name, tt.problem, second(d.SetResource(ctx, as(d.desk, ""), d.desk, tt.r)))
		}
	})
}

// TestAccommodations: the judge learns what was granted to whom, and no more.
func TestAccommodations(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		ctx := t.Context()
		got := d.asks(d.li, AtEntry, ask("paper-large", "看不清五号字"), ask("time-50", ""), ask("halal", ""))
		d.must(d.desk, MoveNeeds{IDs: []int64{got["paper-large"].ID, got["halal"].ID}, Act: needs.Answer, Verdict: needs.Will, Words: "试卷用二号字。"})
		d.must(d.desk, MoveNeeds{IDs: []int64{got["time-50"].ID}, Act: needs.Answer, Verdict: needs.Cannot, Words: "这一项按规程只能延长三成。"})
		if all, err := d.Accommodations(ctx, d.comp.ID); err != nil || len(all) != 0 {
			t.Errorf("nobody is accepted yet: %v, %v", all, err)
		}
		p := &Participant{CompetitionID: d.comp.ID, DelegationID: d.harbin, Code: "101", Role: "athlete", Family: "李", Given: "桂荣", Sex: "W"}
		d.insert(p)
		_, err := d.w.NewUpdate().Model((*Registration)(nil)).Set("participant_id = ?", p.ID).Set("state = ?", registration.Accepted).Where("id = ?", d.li).Exec(ctx)
		if err != nil {
			t.Fatal(err)
		}
		all, err := d.Accommodations(ctx, d.comp.ID)
		if want := map[int64]needs.Accommodation{p.ID: {Codes: []needs.Code{"paper-large"}, Extra: 30}}; err != nil || !reflect.DeepEqual(all, want) {
			t.Errorf("%v, %v, want %v", all, err, want)
		}
	})
}

// TestNeedCommandTwice: the same command counts once, with another payload it is
// refused.
func TestNeedCommandTwice(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		d := newService(t, dsn)
		c := as(d.team, "")
		a := StateNeeds{Delegation: d.harbin, Registration: d.li, Round: AtEntry, Needs: []AskedNeed{ask("own-words", "要一张高一点的桌子")}}
		first, err := d.StateNeeds(t.Context(), c, d.team, a)
		if err != nil {
			t.Fatal(err)
		}
		again, err := d.StateNeeds(t.Context(), c, d.team, a)
		var one, two NeedsOutcome
		if err := errors.Join(json.Unmarshal(first.Outcome, &one), json.Unmarshal(again.Outcome, &two)); err != nil {
			t.Fatal(err)
		}
		if err != nil || !again.Repeated || again.Seq != first.Seq || !reflect.DeepEqual(one, two) || len(one.Needs) != 1 {
			t.Errorf("again: %+v, %v, first %+v", again, err, first)
		}
		a.Needs[0].Words = "要一张矮一点的桌子"
		d.refused("the same ID with other words", "command-reused", second(d.StateNeeds(t.Context(), c, d.team, a)))
		if len(d.of(d.li)) != 1 {
			t.Error("asked twice")
		}
	})
}
