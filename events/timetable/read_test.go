package timetable

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"tongchang/scoring"
)

// TestReadWrites: a document written is the same when it is read.
func TestReadWrites(t *testing.T) {
	d := games(t, 4)
	d.Plan, _ = Generate(d, Options{Seed: 1})
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(d, again) {
		t.Error("it is another document")
	}
	for _, want := range []string{`"from":"2027-06-19T08:30"`, `"plan":[{"unit":"u0001","area":"track","court":1,"start":"2027-06-`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no %s", want)
		}
	}
}

// TestFaults: each slip is named with the place that it is in.
func TestFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*Document)
		want  string
	}{
		"nothing":          {func(*Document) {}, ""},
		"zone":             {func(d *Document) { d.Zone = "Harbin" }, " zone timetable-zone Harbin"},
		"the machine's":    {func(d *Document) { d.Zone = "Local" }, " zone timetable-zone Local"},
		"a later shape":    {func(d *Document) { d.Schema = "tongchang/timetable/2" }, " schema unknown-schema tongchang/timetable/2, tongchang/timetable/1"},
		"no days":          {func(d *Document) { d.Days = nil }, " days timetable-no-days "},
		"days that meet":   {func(d *Document) { d.Days = append(d.Days, d.Days[0]) }, " days timetable-span-order 2027-06-19 08:00, 2027-06-19 18:00"},
		"a day of two":     {func(d *Document) { d.Days[0].Until += maxDay }, " days timetable-number 2040, 1, 1440"},
		"backwards":        {func(d *Document) { d.People[0].Away = []Span{span(t, "12:00", "11:00")} }, "athlete away timetable-span 2027-06-19 12:00, 2027-06-19 11:00"},
		"no start":         {func(d *Document) { d.Units[0].Never = []Span{{0, 5}} }, "a never timetable-span , 1970-01-01 00:05"},
		"twice":            {func(d *Document) { d.Units = append(d.Units, d.Units[0]) }, "a units timetable-id-twice a"},
		"no ID":            {func(d *Document) { d.People[2].ID = "" }, " people id-missing "},
		"area":             {func(d *Document) { d.Units[0].Areas = []string{"trak"} }, "a areas timetable-unknown trak"},
		"no area":          {func(d *Document) { d.Units[0].Areas = nil }, "a areas timetable-no-area "},
		"two areas one ID": {func(d *Document) { d.Venues[1].Areas[0].ID = "track" }, "track areas timetable-id-twice track"},
		"person":           {func(d *Document) { d.Units[0].People[0].Person = "lin" }, "a people timetable-unknown lin"},
		"role":             {func(d *Document) { d.Units[0].People[0].As = "coach" }, "a people timetable-unknown coach"},
		"two parts":        {func(d *Document) { d.Units[0].People = append(d.Units[0].People, d.Units[0].People[0]) }, "a people timetable-part-twice athlete"},
		"kind":             {func(d *Document) { d.Units[0].Kind = "training" }, "a kind timetable-unknown training"},
		"no time at all":   {func(d *Document) { d.Units[0].Minutes = 0 }, "a minutes timetable-number 0, 1, 1440"},
		"extra":            {func(d *Document) { d.Units[0].People[0].Extra = -1 }, "a extra timetable-number -1, 0, 400"},
		"no courts":        {func(d *Document) { d.Venues[0].Areas[0].Courts = 0 }, "track courts timetable-number 0, 1, 200"},
		"way":              {func(d *Document) { d.Travel = []Travel{{"stadium", "pool", 5}} }, "stadium pool travel timetable-unknown pool"},
		"session":          {func(d *Document) { d.Sessions = []Session{{ID: "s", Venue: "pool", Span: d.Days[0]}} }, "s venue timetable-unknown pool"},
		"busy":             {func(d *Document) { d.Venues[0].Busy = []Busy{{Span: d.Days[0], Areas: []string{"pool"}}} }, "stadium busy timetable-unknown pool"},
		"too much":         {func(d *Document) { d.Units = make([]Unit, maxUnits+1) }, " units timetable-too-much 10000, 50000, 60"},
	} {
		d := small(t).with(t, "a", "track", 1, "09:00", athlete)
		tt.spoil(d)
		var all []string
		for _, f := range d.Faults() {
			all = append(all, f.Line+" "+f.Field+" "+f.Problem+" "+strings.Join(f.With, ", "))
		}
		if got := strings.Join(all, "; "); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestReadRefuses: what is no document is refused with a sentence.
func TestReadRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing": "", "a list": "[]", "an unknown field": `{"zone":"Asia/Shanghai","unitz":[]}`, "two": "{}{}",
		"a time without minutes": `{"days":[{"from":"2027-06-19","until":"2027-06-20"}]}`,
		"a time of 1970":         `{"days":[{"from":"1970-01-01T00:00","until":"2027-06-20T00:00"}]}`,
	} {
		_, err := Read([]byte(raw))
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != "timetable-json" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := Read([]byte(`{"zone":"Asia/Shanghai"}`))
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 1 || faults.Error() == "" {
		t.Errorf("no days: %v", err)
	}
}

// TestMoments: the wall clock and back, in a zone with summer time too.
func TestMoments(t *testing.T) {
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin", "America/St_Johns"} {
		zone, err := zoneNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"2027-06-19T08:30", "2027-12-31T23:59", "2027-03-28T09:00"} {
			var m Moment
			if err := m.UnmarshalText([]byte(text)); err != nil {
				t.Fatal(err)
			}
			if got := At(m.In(zone), zone); got != m || m.In(zone).Format(momentLayout) != text {
				t.Errorf("%s %s: %v, %v", name, text, got, m.In(zone))
			}
		}
	}
	berlin, err := zoneNamed("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	if got := At(time.Date(2027, 6, 19, 0, 30, 59, 0, time.UTC), berlin).String(); got != "2027-06-19 02:30" {
		t.Errorf("%s", got)
	}
	var none Moment
	if err := none.UnmarshalText(nil); err != nil || none != 0 || none.String() != "" {
		t.Errorf("%v %v", none, err)
	}
}

// TestTell: everybody in what moved, was placed or taken out, once each.
func TestTell(t *testing.T) {
	d := small(t).with(t, "a", "track", 1, "09:00", athlete).with(t, "b", "throw", 1, "10:00", func(u *Unit) { athlete(u); judge(u) }).with(t, "c", "mat", 1, "12:00", judge)
	after := []Placement{d.Plan[0], {"b", "throw", 2, d.Plan[1].Start}, {"new", "mat", 1, d.Plan[2].Start}}
	changes := Changes(d.Plan, after)
	var got []string
	for _, c := range changes {
		got = append(got, c.Unit)
	}
	if all := strings.Join(got, " "); all != "b c new" || changes[1].To != nil || changes[2].From != nil {
		t.Errorf("changes: %s", all)
	}
	if tell := Tell(d, changes); !reflect.DeepEqual(tell, []Affected{{"athlete", []string{"b"}}, {"judge", []string{"b", "c"}}}) {
		t.Errorf("tell %v", tell)
	}
}

// TestMoveUnknown: a unit that is not there cannot be moved.
func TestMoveUnknown(t *testing.T) {
	_, err := Move(small(t), Placement{"x", "track", 1, at(t, "09:00")})
	var invalid *scoring.Invalid
	if !errors.As(err, &invalid) || invalid.Problem != "timetable-unknown" || Slots(small(t), "x") != nil {
		t.Error(err)
	}
}

// TestDocumented: the document in docs/timetable.md is one, and has a plan.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/timetable.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```json\n")
	example, _, found := strings.Cut(example, "```")
	if !found {
		t.Fatal("there is no example")
	}
	d, err := Read([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	plan, left := Generate(d, Options{})
	clean(t, d, plan, left)
	if len(plan) != 3 || len(left) > 0 {
		t.Errorf("%v, without a place %v", plan, left)
	}
	for _, rule := range Rules {
		if !strings.Contains(string(page), "`"+string(rule)+"`") {
			t.Errorf("the page does not name %s", rule)
		}
	}
}

// FuzzRead: a document that is fit to plan with can be planned with, whatever
// its plan says.
func FuzzRead(f *testing.F) {
	page, err := os.ReadFile("../../docs/timetable.md")
	if err != nil {
		f.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```json\n")
	example, _, _ = strings.Cut(example, "```")
	f.Add([]byte(example))
	f.Add([]byte(strings.Replace(example, `"plan": []`, `"plan": [{"unit":"c1","area":"track","court":9,"start":""},{"unit":"100-f","area":"track","court":-1,"start":"2999-12-31T23:59"},{"unit":"x"}]`, 1)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := Read(raw)
		if err != nil || len(d.Units) > 20 || len(d.Venues) > 20 {
			return
		}
		before := len(Check(d))
		plan, left := Generate(d, Options{Steps: 20})
		if len(plan)+len(left) != len(d.Units) {
			t.Fatalf("%d placed and %d left out of %d", len(plan), len(left), len(d.Units))
		}
		for _, p := range plan {
			c, err := Move(d, p)
			if err != nil {
				t.Fatal(err)
			}
			if before == 0 && len(c.Gone) > 0 {
				t.Fatalf("%v gone of none", c.Gone)
			}
			Estimate(d, []Actual{{Unit: p.Unit, Started: p.Start}}, p.Start+5)
		}
	})
}
