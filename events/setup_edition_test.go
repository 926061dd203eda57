package events

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/ledgertest"
	"tongchang/events/plan"
	"tongchang/scoring/packs"
)

// newYear is when the set-ups of these tests are made.
var newYear = time.Date(2027, 1, 10, 9, 0, 0, 0, time.UTC)

// wholePlan is a set-up that can be put in force.
func wholePlan(t *testing.T) *plan.Plan {
	t.Helper()
	ps, err := packs.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	p := plan.New("黑龙江省第九届残疾人运动会")
	p.NameEn, p.City, p.Starts, p.Ends = "9th Heilongjiang para games", "哈尔滨", "2027-06-18", "2027-06-21"
	p.Choose(&ps, []string{"AT", "BC"}, []string{"M", "W", "X"}, []string{"SK20"})
	p.Rules.Delegations = []plan.Delegation{{Code: "HRB", Name: "哈尔滨", NameEn: "Harbin"}, {Name: "大庆"}}
	p.Rules.Deadlines = plan.Proposed(p.Starts, "2027-01-10")
	p.Rules.Rest = map[string]json.RawMessage{"escorts": json.RawMessage(`{"per":3,"functions":["陪同人员"]}`)}
	p.Venues = []plan.Venue{{Name: "体育场", Opens: []string{"08:30", "14:00"}}, {Name: "游泳馆", Opens: []string{"09:00"}}}
	p.Regulation, _ = plan.PresetOf("fewer")
	p.Regulation.Name = "竞赛规程总则"
	return p
}

func founding(code string) FoundEdition {
	p := plan.New("黑龙江省第九届残疾人运动会")
	p.Starts, p.Ends = "2027-06-18", "2027-06-21"
	return FoundEdition{Code: code, Plan: p, Login: "Cui", Name: "崔立新"}
}

// From nothing to an edition that takes an entry: founded with the desk's key,
// set up, put in force; the same again says nothing new; the log is whole.
func TestFoundAndSetUp(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s, ctx := open(t, dsn, WithClock(func() time.Time { return newYear }), withTestKeys(t)), t.Context()
		ask := Command{ID: uuid.NewString(), Author: access.Desk.Name}
		c, link, err := s.FoundEdition(ctx, ask, access.Desk, founding("hlj9"))
		if err != nil {
			t.Fatal(err)
		}
		if link.Account.Login != "cui" || link.Account.Role != access.Organiser {
			t.Errorf("the first organiser is %+v", link.Account)
		}
		if _, again, err := s.FoundEdition(ctx, ask, access.Desk, founding("hlj9")); err != nil || again.Token == link.Token || again.Account.ID != link.Account.ID {
			t.Errorf("the same founding again: %+v, %v", again.Account, err)
		}
		who := link.Account.who(true)
		d, err := s.Setup(ctx, who, "hlj9")
		if err != nil || d.Revision != 1 || d.Plan.Name != c.Name {
			t.Fatalf("the draft is %+v, %v", d, err)
		}
		if p, err := s.PreviewSetup(ctx, Command{Competition: "hlj9", Author: who.Name}, who); err != nil || p.Fit || p.Edition != nil {
			t.Errorf("an empty set-up: %+v, %v", p, err)
		}
		if _, err := s.ApplySetup(ctx, Command{Competition: "hlj9", Author: who.Name}, who, 1); !errors.Is(err, ErrInvalid) {
			t.Errorf("an empty set-up is put in force: %v", err)
		}
		revision, err := s.SaveSetup(ctx, who, "hlj9", wholePlan(t), 1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.PreviewSetup(ctx, Command{Competition: "hlj9", Author: who.Name}, who)
		if err != nil || !p.Fit || !p.Changes() || !p.Games || !p.Regulation || p.Sessions != 12 {
			t.Fatalf("preview %+v, %v", p, err)
		}
		applied, err := s.ApplySetup(ctx, Command{Competition: "hlj9", Author: who.Name}, who, revision)
		if err != nil || applied.Seq == 0 {
			t.Fatalf("applied %+v, %v", applied, err)
		}
		takesEntries(t, s, who)
		if _, err := s.ApplySetup(ctx, Command{Competition: "hlj9", Author: who.Name}, who, revision); !errors.Is(err, ErrStale) {
			t.Errorf("a draft that is gone: %v", err)
		}
		if p, err := s.PreviewSetup(ctx, Command{Competition: "hlj9", Author: who.Name}, who); err != nil || p.Changes() {
			t.Errorf("what is in force says something new of itself: %+v, %v", p, err)
		}
		if r, err := s.Check(ctx); err != nil || !r.OK() {
			t.Errorf("check: %v, %v", r, err)
		}
	})
}

// takesEntries enters somebody.
func takesEntries(t *testing.T, s *Store, who access.Who) {
	t.Helper()
	c, err := s.Competition(t.Context(), "hlj9")
	if err != nil {
		t.Fatal(err)
	}
	if c.City != "哈尔滨" || c.NameEn != "9th Heilongjiang para games" || c.Ends != "2027-06-21" || c.Regulation == "" {
		t.Errorf("the competition is %+v", c)
	}
	delegations, err := s.Delegations(t.Context(), c.ID)
	if err != nil || len(delegations) != 2 {
		t.Fatalf("%d delegations, %v", len(delegations), err)
	}
	save := SaveRegistration{Delegation: delegations[0].ID, Fields: map[entry.Field]string{"name": "佟海燕", "sex": "女", "sport": "田径"}}
	if _, err := s.SaveRegistration(t.Context(), Command{ID: uuid.NewString(), Competition: "hlj9", Author: who.Name}, who, save); err != nil {
		t.Errorf("nobody can be entered: %v", err)
	}
}

// Who may not: another role, an organiser without the second factor, and who
// would take a code that is there.
func TestFoundRefuses(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s, ctx := open(t, dsn, WithClock(func() time.Time { return newYear })), t.Context()
		if _, _, err := s.FoundEdition(ctx, Command{ID: uuid.NewString(), Author: "desk"}, access.Desk, founding("taken")); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			who    access.Who
			change func(*FoundEdition)
			field  string
			want   error
		}{
			"a judge":            {access.Who{Name: "j", Role: access.Judge, Strong: true}, func(*FoundEdition) {}, "", ErrForbidden},
			"without a factor":   {access.Who{Name: "o", Role: access.Organiser}, func(*FoundEdition) {}, "", ErrForbidden},
			"nobody":             {access.Who{}, func(*FoundEdition) {}, "", ErrForbidden},
			"a code that is":     {office, func(f *FoundEdition) { f.Code = "taken" }, "code", ErrInvalid},
			"a code with blanks": {office, func(f *FoundEdition) { f.Code = "a b" }, "code", ErrInvalid},
			"no login":           {office, func(f *FoundEdition) { f.Login = " " }, "login", ErrInvalid},
			"no organiser":       {office, func(f *FoundEdition) { f.Name = "" }, "organiser", ErrInvalid},
			"the desk's name":    {office, func(f *FoundEdition) { f.Name = "Desk" }, "organiser", ErrInvalid},
			"no games":           {office, func(f *FoundEdition) { f.Plan.Name = "" }, "name", ErrInvalid},
			"ends too soon":      {office, func(f *FoundEdition) { f.Plan.Ends = "2027-06-01" }, "ends", ErrInvalid},
			"a line in a name":   {office, func(f *FoundEdition) { f.Plan.City = "哈\n尔滨" }, "name", ErrInvalid},
		} {
			f := founding("fresh")
			tt.change(&f)
			_, _, err := s.FoundEdition(ctx, Command{ID: uuid.NewString(), Author: "x"}, tt.who, f)
			var refusal *Refusal
			if !errors.Is(err, tt.want) || !errors.As(err, &refusal) || refusal.Field != tt.field {
				t.Errorf("%s: %v, want %v at %q", name, err, tt.want, tt.field)
			}
			if _, err := s.Competition(ctx, "fresh"); !errors.Is(err, ErrNotFound) {
				t.Fatalf("%s: something was founded (%v)", name, err)
			}
		}
	})
}

// Two organisers at one set-up: who saves second is told, and nothing is lost.
func TestSetupStale(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s, ctx := open(t, dsn, WithClock(func() time.Time { return newYear })), t.Context()
		if _, err := s.Found(ctx, Competition{Code: "hlj9", Name: "省残运会"}); err != nil {
			t.Fatal(err)
		}
		other := access.Who{Account: 2, Name: "张敏", Role: access.Organiser, Strong: true}
		if n, err := s.SaveSetup(ctx, other, "hlj9", wholePlan(t), 0); err != nil || n != 1 {
			t.Fatalf("saved as %d, %v", n, err)
		}
		var refusal *Refusal
		for _, saw := range []int64{0, 7} {
			if _, err := s.SaveSetup(ctx, office, "hlj9", plan.New("x"), saw); !errors.As(err, &refusal) || refusal.Status != StatusStale || !slices.Equal(refusal.With, []string{"张敏"}) {
				t.Errorf("saved over %d: %v", saw, err)
			}
		}
		if _, err := s.Setup(ctx, access.Who{Name: "j", Role: access.Chief, Strong: true}, "hlj9"); !errors.Is(err, ErrForbidden) {
			t.Errorf("a chief reads the draft: %v", err)
		}
		if err := s.DropSetup(ctx, office, "hlj9"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveSetup(ctx, office, "hlj9", plan.New("x"), 1); !errors.As(err, &refusal) || refusal.Problem != "setup-gone" {
			t.Errorf("saved over what was dropped: %v", err)
		}
		d, err := s.Setup(ctx, office, "hlj9")
		if err != nil || d.Revision != 0 || d.Plan.Name != "省残运会" || len(d.Plan.Events) != 0 {
			t.Errorf("after that there is %+v, %v", d, err)
		}
	})
}

// What was put in force comes out again as the plan that it was; last year's
// edition copied to the next has its days moved and no people.
func TestSetupCopied(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s, ctx := open(t, dsn, WithClock(func() time.Time { return newYear }), withTestKeys(t)), t.Context()
		if _, err := s.Found(ctx, Competition{Code: "hlj9", Name: "x"}); err != nil {
			t.Fatal(err)
		}
		want := wholePlan(t)
		n, err := s.SaveSetup(ctx, office, "hlj9", want, 0)
		if err == nil {
			_, err = s.ApplySetup(ctx, Command{Competition: "hlj9", Author: office.Name}, office, n)
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.SetupOf(ctx, office, "hlj9")
		if err != nil {
			t.Fatal(err)
		}
		want.Seen, want.Rules.Delegations[1].Code = got.Seen, got.Rules.Delegations[1].Code // the ledger has given it one
		if a, b := asJSON(t, got), asJSON(t, want); !reflect.DeepEqual(a, b) {
			t.Errorf("in force is\n%v\nput there was\n%v", a, b)
		}
		got.Shift("2031-06-20")
		got.Name = plan.Renamed(got.Name, 4)
		if _, _, err := s.FoundEdition(ctx, Command{ID: uuid.NewString(), Author: office.Name}, office, FoundEdition{Code: "hlj10", Plan: got, Login: "cui", Name: "崔立新"}); err != nil {
			t.Fatal(err)
		}
		d, err := s.Setup(ctx, office, "hlj10")
		if err != nil || d.Plan.Name != "黑龙江省第十届残疾人运动会" || d.Plan.Ends != "2031-06-23" || len(d.Plan.Events) != len(want.Events) || d.Plan.Rules.Deadlines.Late != "2031-06-19 18:00" {
			t.Errorf("the next edition is %+v, %v", d, err)
		}
		if _, err := s.SetupOf(ctx, access.Who{Role: access.Service, Strong: true}, "hlj9"); !errors.Is(err, ErrForbidden) {
			t.Errorf("the service desk copies an edition: %v", err)
		}
		if _, err := s.SetupOf(ctx, office, "hlj10"); !errors.Is(err, ErrNotFound) {
			t.Errorf("an edition in which nothing is in force is copied: %v", err)
		}
	})
}

// asJSON is a plan as its file says it.
func asJSON(t *testing.T, p *plan.Plan) (v any) {
	t.Helper()
	raw, err := p.Bytes()
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Sessions that others have changed stay as they are; a venue more brings only
// its own.
func TestSetupSessions(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s, ctx := open(t, dsn, WithClock(func() time.Time { return newYear }), withTestKeys(t)), t.Context()
		c, err := s.Found(ctx, Competition{Code: "hlj9", Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		p := wholePlan(t)
		apply := func() {
			t.Helper()
			d, err := s.Setup(ctx, office, "hlj9")
			if err != nil {
				t.Fatal(err)
			}
			n, err := s.SaveSetup(ctx, office, "hlj9", p, d.Revision)
			if err == nil {
				_, err = s.ApplySetup(ctx, Command{Competition: "hlj9", Author: office.Name}, office, n)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		apply()
		if _, err := s.SetUp(ctx, Command{ID: uuid.NewString(), Competition: "hlj9", Author: "x"}, SetUp{ProgrammeFile{Sessions: []SessionFile{{Number: 1, Name: "开幕日上午", Day: "2027-06-18", Opens: "08:30", Venue: "体育场"}}}}, false); err != nil {
			t.Fatal(err)
		}
		p.Venues = append(p.Venues, plan.Venue{Name: "地掷球馆", Opens: []string{"10:00"}})
		apply()
		all, err := sessionsOf(ctx, s.r, c.ID)
		if err != nil || len(all) != 16 || all[0].Name != "开幕日上午" || all[12].Venue != "地掷球馆" || all[15].Number != 16 {
			t.Errorf("%d sessions, %v: %+v", len(all), err, all)
		}
	})
}

// An edition that somebody wrote by hand keeps its words as long as nothing in
// it is said otherwise.
func TestSetupKeepsWords(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s, ctx := open(t, dsn, WithClock(func() time.Time { return newYear }), withTestKeys(t)), t.Context()
		if _, err := s.Found(ctx, Competition{Code: "hlj9", Name: "省残运会"}); err != nil {
			t.Fatal(err)
		}
		byHand := SetEdition{Rules: json.RawMessage(`{"opening":"2027-06-18","name":"省残运会", "delegations":["哈尔滨"],
			"sports":[{"name":"田径","code":"AT"}],"deputies":{"functions":["副团长"],"more":2}}`), Events: "code,event,kind,sport\nA1,100米,individual,田径\n"}
		if _, err := s.SetEdition(ctx, command("hlj9"), byHand); err != nil {
			t.Fatal(err)
		}
		ask := Command{Competition: "hlj9", Author: office.Name}
		if p, err := s.PreviewSetup(ctx, ask, office); err != nil || !p.Fit || p.Changes() {
			t.Errorf("the edition says something new of itself: %+v, %v", p, err)
		}
		d, err := s.Setup(ctx, office, "hlj9")
		if err != nil {
			t.Fatal(err)
		}
		d.Plan.Rules.GuardianUnder = 14
		n, err := s.SaveSetup(ctx, office, "hlj9", d.Plan, 0)
		if err == nil {
			_, err = s.ApplySetup(ctx, ask, office, n)
		}
		if err != nil {
			t.Fatal(err)
		}
		ed, err := s.Edition(ctx, "hlj9")
		if err != nil || ed.GuardianUnder != 14 || ed.Deputies.More != 2 {
			t.Errorf("what no step asks for is lost: %+v, %v", ed, err)
		}
	})
}
