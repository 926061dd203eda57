package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/registration"
)

// smallEdition is a folder with two sports and a delegation's sheet. Places of
// the numbers end in 99, which no county has.
var smallEdition = map[string]string{
	"edition.json": `{"name":"小运动会","opening":"2027-06-18","delegations":["哈尔滨","鹤岗"],"guardianRequiredUnderAge":14,
"guideRequired":["T11"],"limits":{"individualEventsPerPersonAndSport":3,"notCounted":["relay"]},
"sports":[{"code":"AT","name":"田径","aliases":["田径项目"],"birthFrom":"1967-01-01","birthTo":"2014-12-31"}],
"classCategories":[{"category":1,"classes":"T11-13"},{"category":4,"classes":"all others"}]}`,
	"events.csv": "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\n" +
		"AT-W-T37-100,田径,女,T37,100米,individual,2,1,1,T37\nAT-M-T46-100,田径,男,T46,100米,individual,2,1,1,T46\n",
	"鹤岗.csv": "鹤岗代表团报名表,,,,,,,,\n姓名,性别,身份证号,残疾证,残疾类别,大项,级别,小项,联系电话\n" +
		"于海燕,女,230199199210134762,23019919921013476242,肢体,田径,T37,100m,19900002090\n" +
		"罗华,男,230199198603160870,23019919860316087944,肢体,田径,46级,100米,19900001045\n" +
		"注:以上队员统一着蓝色队服,,,,,,,,\n",
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRegister(t *testing.T) {
	dir := folder(t, smallEdition)
	report := filepath.Join(t.TempDir(), "report.csv")
	status, out, errs := command(t, "import", dir, "--report", report, "--lang", "zh-CN")
	if status != exitOK || errs != "" {
		t.Fatalf("%d, %s", status, errs)
	}
	for _, want := range []string{"小运动会：1 个文件，2 名", "要改 1，提醒 0", "鹤岗.csv", "C4 罗华", "前 17 位应配 9，填的是 0", "可以收 1 行，先不收 1 行", "数据库没有动"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	raw, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"19860316", "230199198603160870", "087944"} {
		if strings.Contains(out+string(raw), secret) {
			t.Errorf("%s is given away", secret)
		}
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if got := strings.Join(lines[1][1:10], " "); got != "鹤岗.csv  4 C id id_check_digit error 罗华 230***********0870" {
		t.Errorf("report: %s", got)
	}
}

// TestRegisterRefuses: what is wrong with a folder is said in a sentence, a file
// that is none of the kinds keeps the others from nothing.
func TestRegisterRefuses(t *testing.T) {
	with := func(name, text string) map[string]string {
		files := map[string]string{name: text}
		for k, v := range smallEdition {
			if k != name {
				files[k] = v
			}
		}
		return files
	}
	for name, tt := range map[string]struct {
		files map[string]string
		args  []string
		want  string
	}{
		"no edition":                {map[string]string{"events.csv": ""}, nil, "edition.json"},
		"edition broken":            {with("edition.json", "{"), nil, "cannot be read"},
		"no events":                 {with("events.csv", "code,event\n"), nil, "missing"},
		"a wrong number":            {with("events.csv", "code,sport,event,kind,limit_per_delegation\nA,田径,100米,individual,two\n"), nil, `"two" cannot stand here`},
		"a web page":                {with("鸡西.xls", "<html><table>"), nil, "鸡西.xls: not read. file: This is a web page"},
		"an old format":             {with("鸡西.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"), nil, "old format"},
		"applied to no competition": {smallEdition, []string{"--apply", "--db", filepath.Join(t.TempDir(), "x.db")}, "--competition"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := command(t, append([]string{"import", folder(t, tt.files), "--lang", "en"}, tt.args...)...)
			if status != exitFailed || !strings.Contains(out+errs, tt.want) {
				t.Errorf("%d: %s%s, want %q", status, out, errs, tt.want)
			}
		})
	}
	meet := write(t, "small.lxf", zipped(t, smallMeet("")))
	if status, _, errs := command(t, "import", meet, "--report", "x.csv"); status != exitFailed || !strings.Contains(errs, "for a folder") {
		t.Errorf("a report of a meet: %d, %s", status, errs)
	}
}

// TestRegisterApply: the clean rows are handed in, once; a row put right later
// follows, and what was there is left alone.
func TestRegisterApply(t *testing.T) {
	dir, db := folder(t, smallEdition), filepath.Join(t.TempDir(), "games.db")
	apply := func(want ...string) {
		t.Helper()
		status, out, errs := command(t, "import", dir, "--apply", "--db", db, "-c", "small", "--lang", "en")
		if status != exitOK || errs != "" {
			t.Fatalf("%d, %s%s", status, out, errs)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%q is not said:\n%s", w, out)
			}
		}
	}
	apply("rules of entry of small are set", "鹤岗.csv entered: 1 new, 0 changed, 0 as before; 0 accepted or withdrawn and not touched, 1 kept back")
	apply("in force already", "鹤岗.csv: nothing new. 1 rows as before, 1 kept back")
	right := strings.Replace(smallEdition["鹤岗.csv"], "230199198603160870", "230199198603160879", 1)
	if err := os.WriteFile(filepath.Join(dir, "鹤岗.csv"), []byte(right), 0o600); err != nil {
		t.Fatal(err)
	}
	apply("鹤岗.csv entered: 1 new, 0 changed, 1 as before")
	programme := smallEdition["events.csv"] + "AT-M-T46-200,田径,男,T46,200米,individual,2,1,1,T46\n"
	if err := os.WriteFile(filepath.Join(dir, "events.csv"), []byte(programme), 0o600); err != nil {
		t.Fatal(err)
	}
	apply("rules of entry of small are set", "nothing new")
	older := strings.Replace(smallEdition["edition.json"], `"birthFrom":"1967-01-01"`, `"birthFrom":"1990-01-01"`, 1)
	if err := os.WriteFile(filepath.Join(dir, "edition.json"), []byte(older), 0o600); err != nil {
		t.Fatal(err)
	}
	apply("1 registrations are kept back by these rules and were not before; 0 no longer are", "鹤岗 罗华: Born 1986-03-16")
	if err := os.WriteFile(filepath.Join(dir, "edition.json"), []byte(smallEdition["edition.json"]), 0o600); err != nil {
		t.Fatal(err)
	}
	apply("0 registrations are kept back by these rules and were not before; 1 no longer are")
	status, out, errs := command(t, "check", "--db", db, "--lang", "en")
	if status != exitOK {
		t.Errorf("check: %d, %s%s", status, out, errs)
	}
	ring, err := openKeys(db, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := events.Open(t.Context(), db, events.WithKeys(ring))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Registrations(t.Context(), access.Console, "small", events.RegistrationFilter{})
	if err != nil || len(all) != 2 {
		t.Fatalf("%d registrations, %v", len(all), err)
	}
	for _, r := range all {
		if r.State != registration.Submitted || r.Errors() || r.By != access.Console.Name {
			t.Errorf("%s is %s, by %s: %v", r.Name, r.State, r.By, r.Problems)
		}
	}
}
