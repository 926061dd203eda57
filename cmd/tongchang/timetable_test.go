package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongchang/events/timetable"
	"tongchang/web"
)

// smallPlan is two venues, a heat and a final, a skill with extra time and an
// appointment with a panel; the plan in it has the final before its heat.
const smallPlan = `{"title":"小运动会","zone":"Asia/Shanghai","lead":60,"travel_any":20,
"days":[{"from":"2027-06-19T08:00","until":"2027-06-19T18:00"}],
"venues":[{"id":"stadium","name":"体育场","warm_up":15,"areas":[{"id":"track","name":"跑道","courts":1,"turnover":5}]},
 {"id":"hall","areas":[{"id":"bench","courts":1}]}],
"rest":[{"minutes":30,"recovery":45}],
"people":[{"id":"lin","name":"林一"},{"id":"judge"}],
"units":[
 {"id":"heat","name":"100 米预赛","discipline":"AT","event":"100","phase":1,"minutes":10,"areas":["track"],"people":[{"person":"lin","as":"athlete","class":"T54"}]},
 {"id":"final","name":"100 米决赛","discipline":"AT","event":"100","phase":2,"minutes":10,"areas":["track"],"people":[{"person":"lin","as":"athlete","class":"T54"}]},
 {"id":"tea","name":"茶艺","discipline":"skills","minutes":120,"areas":["bench"],"people":[{"person":"lin","as":"athlete","extra":50},{"person":"judge","as":"judge"}],
  "prefer":[{"from":"2027-06-19T16:00","until":"2027-06-19T18:00"}]},
 {"id":"panel","name":"林一分级","kind":"classification","discipline":"AT","minutes":30,"areas":["bench"],"people":[{"person":"lin","as":"athlete"}]}],
"plan":[{"unit":"heat","area":"track","court":1,"start":"2027-06-19T12:00"},{"unit":"final","area":"track","court":1,"start":"2027-06-19T11:00"},
 {"unit":"tea","area":"bench","court":1,"start":"2027-06-19T14:00"},{"unit":"panel","area":"bench","court":1,"start":"2027-06-19T08:00"}]}`

// TestTimetable checks a plan with a clash, makes one without, and finds it
// clean again, with a neighbour's calendar in the way.
func TestTimetable(t *testing.T) {
	dir := folder(t, map[string]string{"plan.json": smallPlan, "busy.ics": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:省运会\r\n" +
		"DTSTART:20270619T000000Z\r\nDTEND:20270619T040000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"})
	file := func(name string) string { return filepath.Join(dir, name) }
	status, out, errs := command(t, "timetable", file("plan.json"), "--check", "--lang", "zh-CN")
	if status != exitFailed || errs != "" || !strings.Contains(out, "冲突 1 处") || !strings.Contains(out, "100 米决赛 离上一轮 100 米预赛 太近，差 115 分钟。") {
		t.Errorf("%d, %s%s", status, out, errs)
	}
	status, out, errs = command(t, "timetable", file("plan.json"), "--busy", "stadium="+file("busy.ics"), "--write", file("new.json"), "--calendar", file("new.ics"))
	if status != exitOK || errs != "" {
		t.Fatalf("%d, %s%s", status, out, errs)
	}
	for _, want := range []string{"小运动会. Units: 4, people: 2, venues: 2, days: 1.", "busy times for stadium: 1", "08:00–08:30  bench 1", "12:05–12:15  跑道 1", "No clash. Units with a place: 4", "Outside their preferred times: tea"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	status, out, errs = command(t, "timetable", file("new.json"), "--check")
	if status != exitOK || errs != "" || !strings.Contains(out, "No clash. Units with a place: 4") {
		t.Errorf("%d, %s%s", status, out, errs)
	}
	calendar, err := os.ReadFile(file("new.ics"))
	if err != nil || strings.Count(string(calendar), "BEGIN:VEVENT") != 3 || strings.Contains(string(calendar), "林一") {
		t.Errorf("the calendar for everybody: %v\n%s", err, calendar)
	}
}

// TestTimetableRefuses: what is wrong with a file is said in sentences that name
// the place, and what finds no place is named with the reason.
func TestTimetableRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		from, to string
		args     []string
		want     []string
	}{
		"no json":     {"{", "", nil, []string{"The plan cannot be read"}},
		"odd names":   {`"areas":["bench"]`, `"areas":["bank"]`, nil, []string{"faults: 2", "Line tea, areas: “bank” is not known here."}},
		"no venue":    {"", "", []string{"--busy", "pool=x.ics"}, []string{"with a venue of the plan; not pool=x.ics."}},
		"no calendar": {"", "", []string{"--busy", "stadium=plan.json"}, []string{"Cannot read", "no calendar"}},
		"too long":    {`"minutes":120`, `"minutes":420`, nil, []string{"Clashes: 1", "茶艺 takes 630 minutes, and no session is longer than 600."}},
	} {
		dir := folder(t, map[string]string{"plan.json": strings.ReplaceAll(smallPlan, tt.from, tt.to)})
		if tt.from == "" {
			dir = folder(t, map[string]string{"plan.json": smallPlan})
		}
		t.Chdir(dir)
		status, out, errs := command(t, append([]string{"timetable", "plan.json"}, tt.args...)...)
		if status != exitFailed {
			t.Errorf("%s: %d", name, status)
		}
		for _, want := range tt.want {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s: %q is not said:\n%s%s", name, want, out, errs)
			}
		}
	}
}

// TestTimetableWords: every rule of the checker has its sentence.
func TestTimetableWords(t *testing.T) {
	catalogue, err := web.ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range web.Languages {
		for _, rule := range timetable.Rules {
			if key := "problem.timetable-" + string(rule); !catalogue.In(lang).Has(key) {
				t.Errorf("%s: no %s", lang, key)
			}
		}
	}
}
