package timetable

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

func shanghai(t testing.TB) *time.Location {
	t.Helper()
	zone, err := zoneNamed("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// wide is most of 2027's first half year and the summer.
func wide(t testing.TB) Span { return Span{moment(t, -100, 0, 0), moment(t, 30, 0, 0)} }

// inJune is the time in which the sample of the stadium is read.
func inJune(t testing.TB) Span { return Span{moment(t, 0, 7, 45), moment(t, 30, 0, 0)} }

// TestReadBusy reads the calendars of testdata/busy; beside each stands what it
// says, one time a line and then one problem a line.
func TestReadBusy(t *testing.T) {
	for name, within := range map[string]Span{"stadium": inJune(t), "summer-time": wide(t), "doubtful": inJune(t)} {
		raw, err := os.ReadFile(filepath.Join("testdata/busy", name+".ics"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("testdata/busy", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		busy, faults, err := ReadBusy(bytes.NewReader(raw), shanghai(t), within)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got strings.Builder
		for _, b := range busy {
			fmt.Fprintf(&got, "%v - %v %s\n", b.From, b.Until, b.What)
		}
		for _, f := range faults {
			fmt.Fprintf(&got, "! %s %s %s\n", f.Line, f.Problem, strings.Join(f.With, " "))
		}
		if got.String() != string(want) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got.String(), want)
		}
	}
}

// TestNoCalendar: what cannot be used at all is refused in one sentence, however
// large it would grow.
func TestNoCalendar(t *testing.T) {
	event := "BEGIN:VEVENT\nDTSTART:20270619T100000Z\nDTEND:20270619T110000Z\n%s\nEND:VEVENT\n"
	calendar := func(inside string) string { return "BEGIN:VCALENDAR\n" + inside + "END:VCALENDAR\n" }
	for name, tt := range map[string]struct{ text, problem string }{
		"nothing":             {"", "timetable-calendar-not"},
		"a web page":          {"<html>not here</html>", "timetable-calendar-not"},
		"another thing":       {"BEGIN:VCARD\nFN:x\nEND:VCARD\n", "timetable-calendar-not"},
		"broken off":          {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "timetable-calendar-not"},
		"wrongly nested":      {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "timetable-calendar-nested"},
		"an end too many":     {calendar("") + "END:VCALENDAR\n", "timetable-calendar-nested"},
		"nested deep":         {strings.Repeat("BEGIN:VCALENDAR\n", 100), "timetable-calendar-deep"},
		"one line":            {calendar("X:" + strings.Repeat("x", maxLine) + "\n"), "timetable-calendar-long"},
		"one folded line":     {calendar("X:" + strings.Repeat("xxxxxxxxxx\n ", maxLine/9) + "\n"), "timetable-calendar-long"},
		"large":               {calendar(strings.Repeat("X:some line\n", maxCalendar/12)), "timetable-calendar-big"},
		"many events":         {calendar(strings.Repeat("BEGIN:VEVENT\nEND:VEVENT\n", maxEvents+1)), "timetable-calendar-much"},
		"many dates":          {calendar("BEGIN:VEVENT\n" + strings.Repeat("EXDATE:x\n", maxDates+1) + "END:VEVENT\n"), "timetable-calendar-much"},
		"much repetition":     {calendar(strings.Repeat("BEGIN:VEVENT\nDTSTART:19800101T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEND:VEVENT\n", 500)), "timetable-calendar-much"},
		"many things at once": {calendar(strings.Repeat(fmt.Sprintf(event, "RRULE:FREQ=DAILY"), 1000)), "timetable-calendar-much"},
	} {
		_, _, err := ReadBusy(strings.NewReader(tt.text), shanghai(t), wide(t))
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want %s", name, err, tt.problem)
		}
	}
}

// TestLength: durations as RFC 5545 has them.
func TestLength(t *testing.T) {
	for text, want := range map[string]string{
		"P1D": "1 0s", "PT1H30M": "0 1h30m0s", "P2W": "14 0s", "+P1DT12H0M5S": "1 12h0m5s", "PT90M": "0 1h30m0s",
		"": "no", "P": "no", "1H": "no", "PT": "no", "PTH": "no", "P1H": "no", "PT1D": "no", "PT1": "no", "-PT1H": "no", "P1DT2DT3H": "no", "PT9999999H": "no",
	} {
		days, rest, ok := length(text)
		got := "no"
		if ok {
			got = fmt.Sprint(days, rest)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestWriteCalendar holds a calendar against its golden file, byte by byte.
func TestWriteCalendar(t *testing.T) {
	d := small(t).with(t, "100-1", "track", 1, "09:00", athlete).with(t, "panel-1", "mat", 2, "10:00", func(u *Unit) { u.Kind = Classification; athlete(u) })
	d.with(t, "shot", "throw", 2, "11:00", nil)
	d.Units[0].Name, d.Units[1].Name, d.Units[2].Name = "男子 100 米 T54 决赛；跑道; 一, 二\\三", "Classification of Lin", "Shot put"
	d.Venues[0].Name, d.Venues[0].Areas[1].Name = "黑龙江省残疾人体育中心主体育场（无障碍入口在北门，请走坡道）", "投掷区"
	stamp := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	sequence := func(unit string) int { return len(unit) - 4 }
	for name, who := range map[string]string{"everybody": "", "lin": "athlete"} {
		c := &Calendar{Name: "小运动会", Stamp: stamp, Entries: d.Appointments(who, "games.example", sequence)}
		if name == "lin" {
			c.Entries[0].Cancelled, c.Entries[0].Description = true, "moved\r\nto Sunday\x00"
		}
		var out bytes.Buffer
		if err := WriteCalendar(&out, c); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata/calendar", name+".ics")
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s:\n%s", name, out.String())
		}
		if name == "everybody" && strings.Contains(out.String(), "Lin") {
			t.Error("the calendar for everybody names a person's appointment")
		}
	}
}

// TestCalendarRoundTrip: what is written is read again as the same times and
// titles, in lines that keep to the format.
func TestCalendarRoundTrip(t *testing.T) {
	zone := shanghai(t)
	base := moment(t, 0, 0, 0)
	rapid.Check(t, func(r *rapid.T) {
		c := &Calendar{Name: rapid.String().Draw(r, "name"), Stamp: time.Unix(1_800_000_000, 0)}
		var want []string
		for i := range rapid.IntRange(0, 8).Draw(r, "entries") {
			from := base + Moment(rapid.IntRange(0, 10_000).Draw(r, "start"))
			title := rapid.StringOf(rapid.RuneFrom([]rune(`a b,;:\"省运会田径预赛é👩‍🦽`+"\n"))).Draw(r, "title")
			span := Span{from, from + Moment(rapid.IntRange(1, 600).Draw(r, "length"))}
			c.Entries = append(c.Entries, Appointment{UID: fmt.Sprintf("%d@x", i), Start: span.From.In(zone), End: span.Until.In(zone), Summary: title, Location: title})
			want = append(want, fmt.Sprint(span, clip(title)))
		}
		var out bytes.Buffer
		if err := WriteCalendar(&out, c); err != nil {
			r.Fatal(err)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(out.String(), "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00") {
				r.Fatalf("line %q", line)
			}
		}
		busy, faults, err := ReadBusy(&out, zone, Span{base, base + 20_000})
		if err != nil || len(faults) > 0 {
			r.Fatal(err, faults)
		}
		var got []string
		for _, b := range busy {
			got = append(got, fmt.Sprint(b.Span, b.What))
		}
		slices.Sort(want)
		if slices.Sort(got); !slices.Equal(got, want) {
			r.Fatalf("%q, want %q", got, want)
		}
	})
}

// FuzzReadBusy: whatever a calendar holds, it is read or refused, its times lie
// in the span and are in order, and its problems have a line.
func FuzzReadBusy(f *testing.F) {
	files, err := filepath.Glob("testdata/busy/*.ics")
	if err != nil || len(files) == 0 {
		f.Fatal(err, files)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270619T100000Z\nDTEND:20270620T100000Z\nRRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,MO;WKST=SU\nEND:VEVENT\nEND:VCALENDAR"))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20270619T100000Z/P3W,/,x/y\nEND:VFREEBUSY\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		within := wide(t)
		busy, faults, err := ReadBusy(bytes.NewReader(raw), shanghai(t), within)
		var invalid *scoring.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatal(err)
		}
		last := Moment(0)
		for _, b := range busy {
			if b.Overlap(within) == 0 || b.From < last || b.Until <= b.From {
				t.Fatalf("%v after %v", b.Span, last)
			}
			last = b.From
		}
		for _, p := range faults {
			if lineOf(p) < 1 {
				t.Fatalf("%+v", p)
			}
		}
	})
}
