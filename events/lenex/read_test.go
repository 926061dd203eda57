package lenex

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"tongchang/scoring"
)

// TestRoundTrip writes what was read and reads it again: the same file.
func TestRoundTrip(t *testing.T) {
	files := map[string]func(testing.TB) []byte{"relay.lef": relays}
	for _, name := range []string{"entries", "startlist", "results", "records"} {
		files[name] = func(t testing.TB) []byte { return sample(t, "trials-2024-"+name+".lxf") }
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) { roundTrip(t, read(t, data(t))) })
	}
}

func roundTrip(t *testing.T, f *File) {
	t.Helper()
	var lxf, lef bytes.Buffer
	if err := errors.Join(Write(&lxf, f), WriteXML(&lef, f)); err != nil {
		t.Fatal(err)
	}
	f.Unread = map[string]int{}
	for _, written := range [][]byte{lxf.Bytes(), lef.Bytes()} {
		if again := read(t, written); !reflect.DeepEqual(f, again) {
			t.Fatalf("not the same file:\n%+v\n%+v", f, again)
		}
	}
}

func relays(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/relay.lef")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestRelays reads teams: positions with take-overs and reserves, the swimmer
// who broke the rule, classes that count together, ages that count in total.
func TestRelays(t *testing.T) {
	m := &read(t, relays(t)).Meets[0]
	team := &m.Clubs[0].Relays[0]
	swum := &team.Results[0]
	if len(team.Entries[0].Positions) != 5 || team.Entries[0].Positions[4] != (RelayPosition{Number: -1, AthleteID: 5}) {
		t.Errorf("entered team %+v", team.Entries[0].Positions)
	}
	early := swum.Positions[1]
	if *early.Reaction != -50 || early.Status != "DSQ" || *swum.Positions[3].Reaction != 0 {
		t.Errorf("take-overs %+v", swum.Positions)
	}
	if swum.Splits[1] != (Split{Distance: 100, Time: 79_000}) {
		t.Errorf("splits %+v", swum.Splits)
	}
	e := &m.Sessions[0].Events[0]
	if e.Heats[0].Status != Inofficial {
		t.Errorf("UNOFFICIAL was read as %q", e.Heats[0].Status)
	}
	if second := &m.Clubs[0].Relays[1]; RelayInGroup(second, &e.AgeGroups[1]) || !RelayInGroup(team, &e.AgeGroups[1]) || !RelayInGroup(second, &e.AgeGroups[0]) {
		t.Error("teams are in the wrong groups")
	}
	c, err := m.Compare(m.Rank)
	if err != nil || c.Compared != 2 || c.Differ != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestRecords reads the record lists: holders with clubs, relay teams, classes.
func TestRecords(t *testing.T) {
	f := read(t, sample(t, "trials-2024-records.lxf"))
	count := map[string]int{"lists": len(f.RecordLists)}
	for _, l := range f.RecordLists {
		for _, r := range l.Records {
			count["records"]++
			switch {
			case r.Relay != nil:
				count["relays"]++
				count["positions"] += len(r.Relay.Positions)
			case r.Athlete != nil:
				count["athletes"]++
			}
			if r.Time == nil {
				count["without time"]++
			}
			count["splits"] += len(r.Splits)
		}
		if l.Handicap != "" {
			count["class lists"]++
		}
	}
	for what, want := range map[string]int{
		"lists": 102, "records": 1372, "relays": 107, "positions": 258, "athletes": 1265, "splits": 1774, "class lists": 63,
	} {
		if count[what] != want {
			t.Errorf("%s: %d, want %d", what, count[what], want)
		}
	}
	first := f.RecordLists[0].Records[0]
	if *first.Time != 20_910 || first.Athlete.Athlete.LastName != "Cielo" || first.Athlete.Club.Code != "BRA" || first.Meet.Date.Year() != 2009 {
		t.Errorf("first record %+v", first)
	}
}

func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// meetWith puts XML inside the smallest meet with one event, heat and athlete.
func meetWith(result string) string {
	return `<LENEX version="3.0"><MEETS><MEET name="m"><SESSIONS><SESSION number="1"><EVENTS>
<EVENT eventid="1" gender="M"><SWIMSTYLE distance="50" stroke="FREE"/><HEATS><HEAT heatid="1"/></HEATS></EVENT>
<EVENT eventid="2" gender="M"><SWIMSTYLE distance="50" stroke="BACK"/><HEATS><HEAT heatid="2"/></HEATS></EVENT>
</EVENTS></SESSION></SESSIONS><CLUBS><CLUB><ATHLETES><ATHLETE athleteid="1"><RESULTS>
` + result + `
</RESULTS></ATHLETE></ATHLETES></CLUB></CLUBS></MEET></MEETS></LENEX>`
}

// TestRefused gives every kind of bad file its own problem, quickly, and says
// where it is.
func TestRefused(t *testing.T) {
	whole := zipped(t, map[string]string{"m.lef": meetWith("")})
	lenex := "<LENEX>"
	for name, tt := range map[string]struct {
		data           []byte
		problem, field string
		line           string
	}{
		"empty file":         {nil, "not-xml", "file", ""},
		"not XML":            {[]byte("name,time\n"), "not-xml", "file", ""},
		"a web page":         {[]byte("<html></html>"), "not-lenex", "file", ""},
		"truncated zip":      {whole[:len(whole)/2], "zip-broken", "file", ""},
		"zip without lef":    {zipped(t, map[string]string{"a.txt": "x"}), "zip-no-lef", "file", ""},
		"two meets in zip":   {zipped(t, map[string]string{"a.lef": lenex, "b.LEF": lenex}), "zip-two-lef", "file", ""},
		"zip bomb":           {zipped(t, map[string]string{"a.lef": lenex + strings.Repeat(" ", 40<<20)}), "zip-bomb", "file", ""},
		"too big":            {make([]byte, MaxPacked+1), "file-too-big", "file", ""},
		"truncated XML":      {[]byte(`<LENEX><MEETS>`), "xml-truncated", "file", "1"},
		"entities":           {[]byte("<!DOCTYPE x [<!ENTITY a \"b\">]>\n<LENEX/>"), "xml-doctype", "file", "1"},
		"unknown entity":     {[]byte(`<LENEX created="&a;"/>`), "xml-broken", "file", "1"},
		"latin 1":            {[]byte(`<?xml version="1.0" encoding="ISO-8859-1"?><LENEX/>`), "charset", "file", ""},
		"UTF-16":             {[]byte("\xff\xfe<\x00"), "charset", "file", ""},
		"broken UTF-8":       {[]byte("<LENEX created=\"\xff\"/>"), "xml-broken", "file", "1"},
		"two roots":          {[]byte(`<LENEX/><LENEX/>`), "xml-broken", "file", "1"},
		"deep":               {[]byte(strings.Repeat("<LENEX>", 100)), "too-deep", "LENEX", "1"},
		"attribute twice":    {[]byte(`<LENEX created="a" created="b"/>`), "attribute-twice", "LENEX created", "1"},
		"long text":          {[]byte(`<LENEX created="` + strings.Repeat("a", 5000) + `"/>`), "text-too-long", "LENEX created", "1"},
		"time NaN":           {[]byte(meetWith(`<RESULT resultid="1" eventid="1" swimtime="NaN"/>`)), "not-a-time", "RESULT swimtime", "5"},
		"time below zero":    {[]byte(meetWith(`<RESULT resultid="1" eventid="1" swimtime="-1"/>`)), "not-a-time", "RESULT swimtime", "5"},
		"time 1e9":           {[]byte(meetWith(`<RESULT resultid="1" eventid="1" swimtime="1e9"/>`)), "not-a-time", "RESULT swimtime", "5"},
		"full-width digits":  {[]byte(meetWith(`<RESULT resultid="1" eventid="1" swimtime="００:0１:0２.００"/>`)), "full-width", "RESULT swimtime", "5"},
		"unknown event":      {[]byte(meetWith(`<RESULT resultid="1" eventid="9"/>`)), "unknown-event", "ATHLETE 1 RESULT eventid", ""},
		"unknown heat":       {[]byte(meetWith(`<RESULT resultid="1" eventid="1" heatid="9" lane="1"/>`)), "unknown-heat", "ATHLETE 1 RESULT heatid", ""},
		"other stroke":       {[]byte(meetWith(`<RESULT resultid="1" eventid="1" heatid="2" lane="1"/>`)), "heat-of-other-event", "ATHLETE 1 RESULT heatid", ""},
		"same result twice":  {[]byte(meetWith(`<RESULT resultid="1" eventid="1"/><RESULT resultid="1" eventid="2"/>`)), "id-twice", "RESULT resultid", ""},
		"no result id":       {[]byte(meetWith(`<RESULT eventid="1"/>`)), "id-missing", "RESULT resultid", "5"},
		"unknown status":     {[]byte(meetWith(`<RESULT resultid="1" eventid="1" status="LATE"/>`)), "unknown-irm", "RESULT status", "5"},
		"age by other rules": {[]byte(`<LENEX><MEETS><MEET><AGEDATE value="2026-12-31" type="POR"/></MEET></MEETS></LENEX>`), "unknown-word", "AGEDATE type", "1"},
		"no date":            {[]byte(`<LENEX><MEETS><MEET><AGEDATE value="31.12.2026"/></MEET></MEETS></LENEX>`), "not-a-date", "AGEDATE value", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			f, err := Read(bytes.NewReader(tt.data), int64(len(tt.data)))
			var all Problems
			if !errors.As(err, &all) || f != nil {
				t.Fatalf("read %v, %v", f, err)
			}
			if all[0].Problem != tt.problem || all[0].Field != tt.field || (tt.line != "" && all[0].Line != tt.line) {
				t.Errorf("%+v, want %s at %s, line %s", *all[0], tt.problem, tt.field, tt.line)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("refused after %v", took)
			}
		})
	}
}

// TestEveryProblem: a file with several faults names them all at once.
func TestEveryProblem(t *testing.T) {
	var rows strings.Builder
	for i := range 150 {
		fmt.Fprintf(&rows, `<RESULT resultid="%d" eventid="1" swimtime="x"/>`, i+1)
	}
	text := meetWith(rows.String())
	_, err := Read(strings.NewReader(text), int64(len(text)))
	var all Problems
	if !errors.As(err, &all) || len(all) != maxProblems {
		t.Errorf("%d problems, want %d", len(all), maxProblems)
	}
	var first *scoring.Invalid
	if !errors.As(err, &first) || first.Problem != "not-a-time" {
		t.Errorf("first problem %+v", first)
	}
}

// TestUnread tolerates and counts what it does not know.
func TestUnread(t *testing.T) {
	text := meetWith(`<RESULT resultid="1" eventid="1" mood="good"><NEW><DEEPER/></NEW></RESULT>`)
	f, err := Read(strings.NewReader(text), int64(len(text)))
	if err != nil || f.Unread["RESULT mood"] != 1 || f.Unread["NEW"] != 1 || f.Unread["DEEPER"] != 0 {
		t.Errorf("%v, %v", f, err)
	}
}

func TestAges(t *testing.T) {
	date := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tt := range []struct {
		born, on, by string
		want         int
	}{
		{"2006-12-31", "2024-12-31", "YEAR", 18},
		{"2006-01-01", "2024-05-13", "YEAR", 18},
		{"2006-05-14", "2024-05-13", "DATE", 17},
		{"2006-05-13", "2024-05-13", "DATE", 18},
		{"2008-02-29", "2024-02-28", "DATE", 15},
		{"2006-05-14", "2024-05-13", "", 18},
	} {
		if got := AgeOn(date(tt.born), AgeDate{Value: date(tt.on), Type: tt.by}); got != tt.want {
			t.Errorf("born %s, on %s by %q: %d, want %d", tt.born, tt.on, tt.by, got, tt.want)
		}
	}
	if AgeOn(time.Time{}, AgeDate{Value: date("2024-01-01")}) != -1 {
		t.Error("an unknown birthday has an age")
	}
}

func TestClasses(t *testing.T) {
	h := Handicap{Free: "8", Breast: "7", Medley: "8"}
	for stroke, want := range map[string]string{"FREE": "S8", "BACK": "S8", "FLY": "S8", "BREAST": "SB7", "MEDLEY": "SM8", "UNKNOWN": ""} {
		if got := SportClass(stroke, h); got != want {
			t.Errorf("%s: %q, want %q", stroke, got, want)
		}
	}
	if SportClass("BREAST", Handicap{Free: "10"}) != "" {
		t.Error("a breaststroke class was derived from S10: there is no SB10")
	}
}

// FuzzRead: whatever comes in is refused with problems or survives being written
// and read again.
func FuzzRead(f *testing.F) {
	f.Add(relays(f))
	f.Add([]byte(meetWith(`<RESULT resultid="1" eventid="1" heatid="1" lane="0" swimtime="00:00:30.15" points="0"/>`)))
	f.Add(zipped(f, map[string]string{"m.lef": meetWith("")}))
	f.Add([]byte(`<LENEX><RECORDLISTS><RECORDLIST handicap="9"><RECORDS><RECORD swimtime="00:01:00.00"><RELAY/></RECORD></RECORDS></RECORDLIST></RECORDLISTS></LENEX>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(bytes.NewReader(data), int64(len(data)))
		var all Problems
		if err != nil {
			if !errors.As(err, &all) || len(all) == 0 {
				t.Fatalf("an error that is not Problems: %v", err)
			}
			return
		}
		roundTrip(t, file)
	})
}
