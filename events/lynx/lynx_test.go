package lynx

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongchang/scoring"
)

// TestFiles: three files, names in Chinese whole, a comma in a name quoted, a
// person who runs twice listed once.
func TestFiles(t *testing.T) {
	files, err := Files([]Race{
		{Heat{7, 1, 2}, "男子100米 T47 预赛 第2组", []Starter{{"1023", "4", "迪丽热巴·买买提", "", "哈尔滨"}, {"1044", "5", "Jones, Jr.", "Steve", "Daqing\nOil"}}},
		{Heat{9, 2, 1}, ";400 m", []Starter{{"1023", "1", "迪丽热巴·买买提", "", "哈尔滨"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		PeopleFile:   "1023,迪丽热巴·买买提,,哈尔滨\r\n1044,\"Jones, Jr.\",Steve,Daqing Oil\r\n",
		ScheduleFile: "7,1,2\r\n9,2,1\r\n",
		StartFile:    "7,1,2,男子100米 T47 预赛 第2组\r\n,1023,4,迪丽热巴·买买提,,哈尔滨\r\n,1044,5,\"Jones, Jr.\",Steve,Daqing Oil\r\n9,2,1,400 m\r\n,1023,1,迪丽热巴·买买提,,哈尔滨\r\n",
	}
	for name, text := range want {
		got, err := simplifiedchinese.GB18030.NewDecoder().String(string(files[name]))
		if err != nil || got != text {
			t.Errorf("%s:\n%q\nwant\n%q (%v)", name, got, text, err)
		}
	}
}

// TestRead: places, reasons, thousandths, a line not read yet, comments, tabs.
func TestRead(t *testing.T) {
	const text = `; saved by the camera
7,1,2,男子100米 T47,+1.2,m/s,,,,100,14:20:03.11
1,1023,4,迪丽热巴·买买提,,哈尔滨,11.312,,,,
2,1044,5,"Jones, Jr.",Steve,大庆,1:02.34,,11.03,,
DNS,1050,6,王,,鸡西,,,,,
DQ,,7,李,,伊春,,,,,
,1061,8,赵,,黑河,,,,,
`
	for name, given := range map[string]string{"commas": text, "tabs": strings.ReplaceAll(strings.ReplaceAll(text, `"Jones, Jr."`, "Jones Jr."), ",", "\t")} {
		r, err := Read(given)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Heat != (Heat{7, 1, 2}) || r.Wind != "+1.2" || len(r.Lines) != 5 {
			t.Fatalf("%s: %+v", name, r)
		}
		first, second := r.Lines[0], r.Lines[1]
		if first.Place != 1 || *first.Mark != 11312 || first.Row != 2 || second.First != "Steve" || *second.Mark != 62340 {
			t.Errorf("%s: %+v %+v", name, first, second)
		}
		if r.Lines[2].IRM != scoring.DNS || r.Lines[3].IRM != scoring.DSQ || r.Lines[3].Mark != nil || r.Lines[4].Mark != nil || r.Lines[4].IRM != "" {
			t.Errorf("%s: %+v", name, r.Lines[2:])
		}
	}
}

// TestReadRefuses names the row and the field, and reads nothing in part.
func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]scoring.Invalid{
		"":                                      {Field: "file", Problem: "lynx-unread"},
		"a,b,c\n":                               {Line: "1", Field: "event", Problem: "lynx-header"},
		"7,1,1,x\n1,12,4,A,,,11.3x\n":           {Line: "2", Field: "mark", Problem: "not-a-time"},
		"7,1,1,x\nBEST,12,4,A,,,11.3\n":         {Line: "2", Field: "place", Problem: "lynx-place"},
		"7,1,1,x\n1,,,A,,,11.3\n":               {Line: "2", Field: "id", Problem: "lynx-who"},
		"7,1,1,x\n1,1,4,A,,,9\n2,2,4,B,,,9.1\n": {Line: "3", Field: "lane", Problem: "lynx-lane-twice"},
	} {
		r, err := Read(text)
		var got *scoring.Invalid
		if r != nil || !errors.As(err, &got) || got.Line != want.Line || got.Field != want.Field || got.Problem != want.Problem {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
	}
}

// TestUp: hundredths are rounded up, never down (World Athletics TR 19.24).
func TestUp(t *testing.T) {
	for given, want := range map[scoring.Mark]scoring.Mark{11310: 11310, 11311: 11320, 11319: 11320, 9999: 10000} {
		if got := Up(given, 10); got != want {
			t.Errorf("%d ms is published as %d, want %d", given, got, want)
		}
	}
	if got := Up(11311, 1); got != 11311 {
		t.Errorf("a sport of thousandths gets %d", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("7,1,1,x\n1,12,4,A,,,11.3\n")
	f.Add("7\t1\t1\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Read(text)
		if (r == nil) == (err == nil) {
			t.Errorf("%q: neither read nor refused", text)
		}
	})
}
