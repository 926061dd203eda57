package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongchang/events/entry"
	"tongchang/scoring"
	"tongchang/scoring/packs"
	"tongchang/scoring/regulation"
)

func builtin(t *testing.T) *packs.Packs {
	t.Helper()
	p, err := packs.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

// small is a plan that can be put in force.
func small(t *testing.T) *Plan {
	t.Helper()
	p := New("省残运会")
	p.Starts, p.Ends = "2027-06-18", "2027-06-21"
	p.Choose(builtin(t), []string{"AT", "PL"}, []string{"M", "W"}, nil)
	p.Rules.Delegations = []Delegation{{Code: "HRB", Name: "哈尔滨"}, {Name: "大庆"}}
	return p
}

func stateOf(all []Progress, s Step) Progress {
	return all[slices.Index(Steps, s)]
}

// An empty plan names what is missing; a small one is fit.
func TestCheck(t *testing.T) {
	p := New("")
	all := p.Check("2027-01-01")
	for step, want := range map[Step]State{StepGames: Missing, StepSports: Missing, StepEvents: Missing, StepDelegations: Missing, StepRegulation: Open,
		StepVenues: Open, StepDeadlines: Open, StepEntry: Open, StepReview: Missing} {
		if got := stateOf(all, step); got.State != want {
			t.Errorf("%s of an empty plan is %s, want %s", step, got.State, want)
		}
	}
	if Fit(all) {
		t.Error("an empty plan is fit")
	}
	if all := small(t).Check("2027-01-01"); !Fit(all) {
		t.Errorf("a small plan is not fit: %+v", all)
	}
}

func TestCheckSays(t *testing.T) {
	for name, tt := range map[string]struct {
		do      func(*Plan)
		step    Step
		state   State
		problem string
	}{
		"no name":               {func(p *Plan) { p.Name = " " }, StepGames, Missing, "setup-missing"},
		"no days":               {func(p *Plan) { p.Ends = "" }, StepGames, Missing, "setup-days"},
		"a day that never was":  {func(p *Plan) { p.Starts = "2027-02-30" }, StepGames, Wrong, "not-a-date"},
		"ends before it begins": {func(p *Plan) { p.Ends = "2027-06-17" }, StepGames, Wrong, "deadline-order"},
		"half a year":           {func(p *Plan) { p.Ends = "2028-06-17" }, StepGames, Wrong, "setup-long"},
		"it is over":            {func(p *Plan) { p.Starts, p.Ends = "2026-06-18", "2026-06-21" }, StepGames, Warning, "setup-past"},
		"no such zone":          {func(p *Plan) { p.Zone = "Asia/Harbin9" }, StepGames, Wrong, "unknown-zone"},
		"no sports":             {func(p *Plan) { p.Rules.Sports, p.Events = nil, nil }, StepSports, Missing, "setup-no-sports"},
		"a sport without events": {func(p *Plan) {
			p.Events = slices.DeleteFunc(p.Events, func(e Event) bool { return e.Sport == "举重" })
		}, StepEvents, Warning, "setup-sport-empty"},
		"a code twice":            {func(p *Plan) { p.Events = append(p.Events, p.Events[0]) }, StepEvents, Wrong, "edition-twice"},
		"a regulation that rises": {func(p *Plan) { r, _ := PresetOf("fewer"); slices.Reverse(r.Settings.Points); p.Regulation = r }, StepRegulation, Wrong, "points-rise"},
		"no delegations":          {func(p *Plan) { p.Rules.Delegations = nil }, StepDelegations, Missing, "setup-no-delegations"},
		"a delegation twice":      {func(p *Plan) { p.Rules.Delegations[1].Name = "哈尔滨" }, StepDelegations, Wrong, "setup-twice"},
		"a venue twice":           {func(p *Plan) { p.Venues = []Venue{{Name: "体育场"}, {Name: "体育场"}} }, StepVenues, Wrong, "setup-twice"},
		"a venue never open":      {func(p *Plan) { p.Venues = []Venue{{Name: "体育场"}} }, StepVenues, Warning, "setup-venue-shut"},
		"deadlines out of order":  {func(p *Plan) { p.Rules.Deadlines = Deadlines{Names: "2027-05-01", Final: "2027-04-01"} }, StepDeadlines, Wrong, "deadline-order"},
		"deadlines over":          {func(p *Plan) { p.Rules.Deadlines = Deadlines{Names: "2026-12-31 17:00"} }, StepDeadlines, Warning, "setup-over"},
		"deadlines after the end": {func(p *Plan) { p.Rules.Deadlines = Deadlines{Late: "2027-06-22"} }, StepDeadlines, Warning, "setup-after"},
		"a paper of no kind":      {func(p *Plan) { p.Rules.Papers = []entry.PaperRule{{Kind: "passport", Name: "护照", For: "all"}} }, StepEntry, Wrong, "unknown-word"},
		"a rule that nobody knows": {func(p *Plan) {
			p.Rules.Rest = map[string]json.RawMessage{"guideRequird": json.RawMessage(`["T11"]`)}
		}, StepEntry, Wrong, "edition-unread"},
	} {
		p := small(t)
		tt.do(p)
		got := stateOf(p.Check("2027-01-01"), tt.step)
		if got.State != tt.state || !slices.ContainsFunc(got.Say, func(i scoring.Invalid) bool { return i.Problem == tt.problem }) {
			t.Errorf("%s: %s is %s and says %v, want %s and %s", name, tt.step, got.State, got.Say, tt.state, tt.problem)
		}
	}
}

// Choosing brings a sport's usual events, and takes them away again with it;
// nothing else is touched.
func TestChoose(t *testing.T) {
	ps := builtin(t)
	p := New("x")
	p.Starts = "2027-06-18"
	p.Choose(ps, []string{"AT", "PL", "BC"}, []string{"M", "W", "X"}, []string{"SK18", "SK20"})
	count := func(sport string) int {
		n := 0
		for i := range p.Events {
			if p.Events[i].Sport == sport {
				n++
			}
		}
		return n
	}
	if count("田径") != 256 || count("举重") != 20 || count("硬地滚球") != 9 || count("") != 2 {
		t.Errorf("%d in athletics, %d in powerlifting, %d in boccia, %d skills", count("田径"), count("举重"), count("硬地滚球"), count(""))
	}
	if e := p.EventOf("AT-W-T46-100"); e == nil || e.Title() != "女子100米 T46" || !slices.Equal(e.Admits, []string{"T46"}) {
		t.Errorf("women's 100 m T46 is %+v", e)
	}
	if e := p.EventOf("PL-M-107+"); e == nil || e.Name != "107+公斤级" || e.Admits != nil {
		t.Errorf("men over 107 kg are %+v", e)
	}
	if e := p.EventOf("SK18"); e == nil || e.Kind != "team" || e.TeamMax != 2 {
		t.Errorf("the pairs' skill is %+v", e)
	}
	if !slices.Equal(p.Rules.GuideFor, []string{"T11", "F11"}) {
		t.Errorf("guides for %v", p.Rules.GuideFor)
	}
	if err := p.Put("AT-W-T46-100", Event{Code: "AT-W-T46-100", Sport: "田径", Sex: "W", Class: "T46-47", Name: "100米", Kind: "individual", Limit: 4, Admits: []string{"T46", "T47"}}); err != nil {
		t.Fatal(err)
	}
	p.Choose(ps, []string{"AT", "BC"}, []string{"M"}, []string{"SK20"})
	if count("举重") != 0 || count("田径") != 256 || p.EventOf("SK18") != nil || p.EventOf("AT-W-T46-100").Limit != 4 {
		t.Error("taking a sport away has touched another")
	}
	if slices.ContainsFunc(p.Rules.ClassCategories, func(c ClassCategory) bool { return strings.Contains(c.Classes, "举重") }) {
		t.Error("the certificate of a sport that is gone is still asked for")
	}
}

// The certificate that a class asks for is what the sample edition says.
func TestChooseAsks(t *testing.T) {
	p := small(t)
	rules, programme, err := p.Edition()
	if err != nil {
		t.Fatal(err)
	}
	ed, err := entry.ReadEdition(bytes.NewReader(rules), strings.NewReader(programme))
	if err != nil {
		t.Fatal(err)
	}
	for class, want := range map[string]int{"T11": 1, "T60": 2, "T20": 5, "T54": 4} {
		if got := ed.Asks(class); int(got) != want {
			t.Errorf("%s asks for category %d, want %d", class, got, want)
		}
	}
	if s := ed.Sport("举重"); s == nil || s.Unclassed != 4 {
		t.Errorf("powerlifting is %+v", s)
	}
}

func TestPut(t *testing.T) {
	p := small(t)
	fine := Event{Sport: "田径", Sex: "M", Class: "T99", Name: "跳绳", Kind: "individual", TeamMin: 1, TeamMax: 1}
	if err := p.Put("", fine); err != nil || p.EventOf("AT-1") == nil {
		t.Errorf("a new event: %v", err)
	}
	for name, tt := range map[string]struct {
		code    string
		change  func(*Event)
		problem string
	}{
		"no name":         {"", func(e *Event) { e.Name = "" }, "setup-missing"},
		"no kind":         {"", func(e *Event) { e.Kind = "tandem" }, "unknown-word"},
		"small large":     {"", func(e *Event) { e.TeamMin = 4 }, "setup-team"},
		"the same again":  {"", func(*Event) {}, "setup-event-twice"},
		"a taken code":    {"", func(e *Event) { e.Code, e.Name = "AT-M-T11-100", "跳绳二" }, "edition-twice"},
		"another's place": {"AT-1", func(e *Event) { e.Sex, e.Class, e.Name = "M", "T11", "100米" }, "setup-event-twice"},
	} {
		e := fine
		tt.change(&e)
		var inv *scoring.Invalid
		if err := p.Put(tt.code, e); !errors.As(err, &inv) || inv.Problem != tt.problem {
			t.Errorf("%s: %v, want %s", name, err, tt.problem)
		}
	}
	fine.Limit = 3
	if err := p.Put("AT-1", fine); err != nil || p.EventOf("AT-1") != nil && p.EventOf("AT-1").Limit != 0 {
		t.Errorf("changed: %v", err) // it has got a new code, being without one
	}
}

func TestParseDelegations(t *testing.T) {
	got, err := ParseDelegations("代表团\tName\nHRB\t哈尔滨\tHarbin\n\n大庆\n1\t大兴安岭，Daxing'anling\nDQYT;大庆油田\nHarbin Railway Bureau\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Delegation{{"HRB", "哈尔滨", "Harbin"}, {"", "大庆", ""}, {"", "大兴安岭", "Daxing'anling"}, {"DQYT", "大庆油田", ""}, {"", "Harbin Railway Bureau", ""}}
	if !slices.Equal(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	again, err := ParseDelegations(DelegationList(want))
	if err != nil || !slices.Equal(again, want) {
		t.Errorf("written and read: %+v, %v", again, err)
	}
	for _, list := range []string{"哈尔滨\n哈尔滨", "A1 ,哈尔滨\nA1,大庆"} {
		var inv *scoring.Invalid
		if _, err := ParseDelegations(list); !errors.As(err, &inv) || inv.Problem != "setup-twice" {
			t.Errorf("%q: %v", list, err)
		}
	}
}

// A plan moved to another year keeps every distance between its days.
func TestShift(t *testing.T) {
	p := small(t)
	p.Rules.Sports[0].From, p.Rules.Sports[0].To = "1968-02-29", "2014-12-31"
	p.Rules.Deadlines = Deadlines{Names: "2027-04-15 17:00", Late: "2027-06-17 18:00"}
	p.Rules.Substitution.Until = "2027-06-17 18:00"
	p.Rules.Birth = map[string][2]string{"女": {"1972-09-11", "2011-09-10"}}
	p.Mark(StepGames)
	p.Shift("2028-06-16") // a leap year's February lies between
	for what, pair := range map[string][2]string{
		"first day": {p.Starts, "2028-06-16"}, "last day": {p.Ends, "2028-06-19"}, "names": {p.Rules.Deadlines.Names, "2028-04-13 17:00"},
		"late": {p.Rules.Deadlines.Late, "2028-06-15 18:00"}, "substitutes": {p.Rules.Substitution.Until, "2028-06-15 18:00"},
		"born from": {p.Rules.Sports[0].From, "1969-02-28"}, "born to": {p.Rules.Sports[0].To, "2015-12-31"}, "born by sex": {p.Rules.Birth["女"][0], "1973-09-11"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %s, want %s", what, pair[0], pair[1])
		}
	}
	if len(p.Seen) != 0 {
		t.Error("somebody has gone through the new plan already")
	}
	for name, want := range map[string]string{"省第八届残运会": "省第九届残运会", "省第十九届残运会": "省第二十届残运会", "2027 games": "2028 games", "残运会": "残运会"} {
		if got := Renamed(name, 1); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
}

func TestProposed(t *testing.T) {
	if got := Proposed("2027-06-18", "2027-01-10"); got.Numbers != "2027-03-20" || got.Names != "2027-04-19 17:00" || got.Final != "2027-05-19 17:00" || got.Late != "2027-06-17 18:00" {
		t.Errorf("proposed %+v", got)
	}
	if got := Proposed("2027-06-18", "2027-05-01"); got.Numbers != "" || got.Names != "" || got.Final != "2027-05-19 17:00" {
		t.Errorf("what is over is proposed: %+v", got)
	}
	if got := Proposed("soon", "2027-05-01"); got.Any() {
		t.Errorf("without an opening: %+v", got)
	}
}

func TestSessions(t *testing.T) {
	p := small(t)
	p.Venues = []Venue{{Name: "体育场", Opens: []string{"08:30", "14:00"}}, {Name: "游泳馆", Opens: []string{"19:00"}}}
	all := p.Sessions()
	if len(all) != 12 {
		t.Fatalf("%d sessions in four days", len(all))
	}
	if want := (Session{"2027-06-18", "08:30", "体育场", "6月18日上午", "18 June morning"}); all[0] != want {
		t.Errorf("the first is %+v", all[0])
	}
	if want := (Session{"2027-06-21", "19:00", "游泳馆", "6月21日晚上", "21 June evening"}); all[11] != want {
		t.Errorf("the last is %+v", all[11])
	}
}

// What is written is read again as it was; another shape is refused.
func TestRead(t *testing.T) {
	p := small(t)
	p.Regulation, _ = PresetOf("skills")
	p.Venues = []Venue{{Name: "体育场", Opens: []string{"08:30"}}}
	p.Rules.Rest = map[string]json.RawMessage{"escorts": json.RawMessage(`{"per":3,"functions":["陪同人员"]}`)}
	raw, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	second, err := again.Bytes()
	if err != nil || !bytes.Equal(raw, second) {
		t.Errorf("written again it is another document: %v", err)
	}
	for name, tt := range map[string]struct{ raw, problem string }{
		"no JSON":          {"PK\x03\x04", "setup-unread"},
		"another document": {`{"schema": "tongchang/timetable/1"}`, "setup-schema"},
		"another version":  {`{"schema": "tongchang/setup/9", "name": "x", "rules": {}}`, "setup-schema"},
		"a misspelt rule":  {`{"schema": "tongchang/setup/1", "name": "x", "rules": {"limits": {"perSports": 3}}}`, "setup-unread"},
		"a line in a name": {`{"schema": "tongchang/setup/1", "name": "a\nb", "rules": {}}`, "setup-name"},
		"a clock of 25":    {`{"schema": "tongchang/setup/1", "name": "x", "rules": {}, "venues": [{"name": "y", "opens": ["25:00"]}]}`, "not-a-clock"},
		"far too large":    {strings.Repeat(" ", MaxSize+1), "setup-too-big"},
	} {
		var inv *scoring.Invalid
		if _, err := Read([]byte(tt.raw)); !errors.As(err, &inv) || inv.Problem != tt.problem {
			t.Errorf("%s: %v, want %s", name, err, tt.problem)
		}
	}
}

// An edition that somebody wrote by hand says the same after it has been a plan.
func TestSampleEditions(t *testing.T) {
	dir := os.Getenv("TONGCHANG_SAMPLES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "samples")
	}
	for _, name := range []string{"para-games", "skills"} {
		rules, err := os.ReadFile(filepath.Join(dir, "registration", name, "edition.json"))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("NOT TESTED: that the sample editions survive being a plan: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		programme, err := os.ReadFile(filepath.Join(dir, "registration", name, "events.csv"))
		if err != nil {
			t.Fatal(err)
		}
		p := New("另一个名字")
		p.Starts, p.Ends = "2027-06-18", "2027-06-25"
		if err := OfEdition(p, rules, string(programme)); err != nil {
			t.Fatal(err)
		}
		raw, err := p.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if p, err = Read(raw); err != nil {
			t.Fatal(err)
		}
		p.Ends = "" // an edition that does not say its last day says none again
		rules2, programme2, err := p.Edition()
		if err != nil {
			t.Fatal(err)
		}
		before, err1 := entry.ReadEdition(bytes.NewReader(rules), bytes.NewReader(programme))
		after, err2 := entry.ReadEdition(bytes.NewReader(rules2), strings.NewReader(programme2))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(before, after) {
			t.Errorf("%s says something else after it was a plan", name)
		}
	}
}

// Every preset can be awarded by, and its small field is what its source says.
func TestPresets(t *testing.T) {
	for _, preset := range Presets {
		r, ok := PresetOf(preset.Key)
		if !ok || len(r.Problems()) > 0 {
			t.Fatalf("%s: %v", preset.Key, r.Problems())
		}
		if preset.Source == "" {
			t.Errorf("%s has no source", preset.Key)
		}
	}
	for _, tt := range []struct {
		key           string
		field, places int
	}{{"fewer", 8, 8}, {"fewer", 5, 4}, {"full", 8, 7}, {"all", 5, 5}, {"skills", 7, 3}, {"skills", 6, 2}, {"skills", 3, 1}, {"skills", 2, 0}} {
		r, _ := PresetOf(tt.key)
		rules := r.For("", "")
		w, err := rules.Preview(regulation.Case{Kind: "individual", Field: tt.field})
		if err != nil || w.Admission.Places != tt.places {
			t.Errorf("%s places %d of %d, want %d (%v)", tt.key, w.Admission.Places, tt.field, tt.places, err)
		}
	}
}
