package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// smallMeet is a meet of two heats, as a file; broken puts something in it that
// must be refused.
func smallMeet(broken string) string {
	event, head, time := "1", "", "00:00:31.00"
	switch broken {
	case "event":
		event = "77"
	case "entities":
		head = `<!DOCTYPE LENEX [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	case "time":
		time = "NaN"
	case "full-width":
		time = "００:００:３１.００"
	}
	return `<?xml version="1.0" encoding="UTF-8"?>` + head + `
<LENEX version="3.0"><MEETS><MEET name="小赛" city="哈尔滨" course="LCM">
<SESSIONS><SESSION number="1" date="2027-06-21" daytime="09:00"><EVENTS>
<EVENT eventid="1" number="1" gender="F" round="TIM" preveventid="-1"><SWIMSTYLE distance="50" relaycount="1" stroke="FREE"/>
<AGEGROUPS><AGEGROUP agegroupid="5" agemin="-1" agemax="-1"/></AGEGROUPS>
<HEATS><HEAT heatid="1" number="1" order="1" status="OFFICIAL"/></HEATS></EVENT></EVENTS></SESSION></SESSIONS>
<CLUBS><CLUB clubid="1" name="哈尔滨"><ATHLETES>
<ATHLETE athleteid="1" lastname="阿拉坦·" firstname="其木格" gender="F"><RESULTS><RESULT resultid="1" eventid="` + event + `" heatid="1" lane="4" swimtime="` + time + `"/></RESULTS></ATHLETE>
<ATHLETE athleteid="2" lastname="佟" firstname="雪" gender="F"><RESULTS><RESULT resultid="2" eventid="1" heatid="1" lane="5" swimtime="00:00:32.00" swrid="9"/></RESULTS></ATHLETE>
</ATHLETES></CLUB></CLUBS></MEET></MEETS></LENEX>`
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// zipped is a meet as .lxf.
func zipped(t *testing.T, content string) string {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	w, err := z.Create("meet.lef")
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err != nil || z.Close() != nil {
		t.Fatal("zip:", err)
	}
	return buf.String()
}

// TestImportOnce walks a file in: a dry run leaves nothing, applying says what
// it did, the second time there is nothing to do, and it comes out again.
func TestImportOnce(t *testing.T) {
	file := write(t, "small.lxf", zipped(t, smallMeet("")))
	db := filepath.Join(t.TempDir(), "new.db")
	status, out, _ := command(t, "import", file, "--db", db, "-c", "small")
	if _, err := os.Stat(db); status != exitOK || !os.IsNotExist(err) || !strings.Contains(lastLine(out), "Nothing has been written yet") {
		t.Errorf("dry run: %d, %v, %s", status, err, out)
	}
	dry := out
	status, out, _ = command(t, "import", file, "--db", db, "-c", "small", "--apply")
	if status != exitOK || lastLine(out) != "Written to competition small." {
		t.Errorf("apply: %d, %s", status, out)
	}
	if cut := strings.LastIndex; dry[:cut(dry, "Nothing")] != out[:cut(out, "Written")] {
		t.Errorf("the dry run said\n%s\napplying did\n%s", dry, out)
	}
	if !strings.Contains(out, "RESULT swrid × 1") || !regexp.MustCompile(`Results +2 new, 0 changed`).MatchString(out) {
		t.Errorf("report: %s", out)
	}
	status, out, _ = command(t, "import", file, "--db", db, "-c", "small", "--apply")
	if status != exitOK || !strings.Contains(lastLine(out), "Nothing new") {
		t.Errorf("second time: %d, %s", status, lastLine(out))
	}
	if status, out, _ = command(t, "check", "--db", db); status != exitOK || lastLine(out) != "check: 1 entries, chain ok, 2 results, 0 differ" {
		t.Errorf("check: %d, %s", status, out)
	}
	back := filepath.Join(t.TempDir(), "out.lef")
	if status, out, complaint := command(t, "export", back, "--db", db); status != exitOK {
		t.Errorf("export: %d, %s%s", status, out, complaint)
	}
	if raw, err := os.ReadFile(back); err != nil || !strings.Contains(string(raw), `lastname="阿拉坦·"`) || !strings.Contains(string(raw), `swimtime="00:00:31.00"`) {
		t.Errorf("exported %s, %v", raw, err)
	}
	site := filepath.Join(t.TempDir(), "site")
	if status, out, complaint := command(t, "export", "--site", site, "--db", db); status != exitOK || !strings.Contains(out, "index.html") {
		t.Errorf("export --site: %d, %s%s", status, out, complaint)
	}
	if first, err := os.ReadFile(filepath.Join(site, "index.html")); err != nil || !strings.Contains(string(first), `href="schedule.html"`) {
		t.Errorf("the copy's first page: %v", err)
	}
	if status, _, complaint := command(t, "export", "--site", site, back, "--db", db); status != exitFailed || !strings.Contains(complaint, "one of the two") {
		t.Errorf("a file and a site: %d, %s", status, complaint)
	}
	if status, _, complaint := command(t, "export", back, "--db", db); status != exitFailed || !strings.Contains(complaint, "is there already") {
		t.Errorf("export over a file: %d, %s", status, complaint)
	}
}

// TestBadFiles: what cannot be taken over is refused in a sentence that says
// what and where, and leaves no trace.
func TestBadFiles(t *testing.T) {
	whole := zipped(t, smallMeet(""))
	for name, tt := range map[string]struct {
		content string
		args    []string
		say     string
	}{
		"truncated zip":     {content: whole[:len(whole)/2], say: "zip"},
		"entities":          {content: zipped(t, smallMeet("entities")), say: "Line "},
		"unknown event":     {content: smallMeet("event"), say: "ATHLETE 1 RESULT eventid: .*77"},
		"no time":           {content: smallMeet("time"), say: `Line \d+, RESULT swimtime: "NaN" is not a time`},
		"full-width digits": {content: smallMeet("full-width"), say: "full-width"},
		"no meet's file":    {content: "hello", say: "nothing has been written"},
		"another database":  {content: smallMeet(""), args: []string{"--db", "/nowhere/at/all.db"}, say: "Cannot open the database"},
		"bad code":          {content: smallMeet(""), args: []string{"-c", "No Such Code"}, say: "."},
		"bad zone":          {content: smallMeet(""), args: []string{"--zone", "Mars/Olympus"}, say: "."},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, "meet.lxf", tt.content)
			db := filepath.Join(t.TempDir(), "new.db")
			args := append([]string{"import", file, "--db", db, "-c", "small", "--apply"}, tt.args...)
			status, out, complaint := command(t, args...)
			if status != exitFailed || !regexp.MustCompile(tt.say).MatchString(complaint) || strings.Contains(complaint, "goroutine") {
				t.Errorf("status %d, said %q, want %q", status, complaint, tt.say)
			}
			if strings.Contains(out, "Written") {
				t.Errorf("wrote: %s", out)
			}
			t.Log(complaint)
		})
	}
}

// TestWrongCompetition: commands about a competition that is not there say so.
func TestWrongCompetition(t *testing.T) {
	file := write(t, "small.lef", smallMeet(""))
	db := filepath.Join(t.TempDir(), "new.db")
	if status, out, complaint := command(t, "import", file, "--db", db, "-c", "small", "--apply"); status != exitOK {
		t.Fatalf("%s%s", out, complaint)
	}
	for _, tt := range []struct {
		say  string
		args []string
	}{
		{"small", []string{"import", file, "--db", db}},
		{"", []string{"export", filepath.Join(t.TempDir(), "x.lxf"), "--db", db, "-c", "other"}},
		{"There is no database", []string{"check", "--db", db + "x"}},
		{"needs its desk key", []string{"rehearse", file, "--url", "http://127.0.0.1:1"}},
		{"needs the competition", []string{"rehearse", file, "--url", "http://127.0.0.1:1", "--key", "k"}},
		{"--speed", []string{"rehearse", file, "--speed", "fast"}},
		{"--speed", []string{"rehearse", file, "--speed", "NaN"}},
		{"--beat", []string{"demo", "--beat=-1s"}},
		{"pg_dump", []string{"backup", "x.db", "--db", "postgres://localhost/x"}},
	} {
		status, _, complaint := command(t, tt.args...)
		if status != exitFailed || complaint == "" || !strings.Contains(complaint, tt.say) {
			t.Errorf("%v: status %d, %q", tt.args, status, complaint)
		}
	}
	for _, args := range [][]string{{"frobnicate"}, {"import"}, {"serve", "--no-such-flag"}, {"rehearse", file, "--judges", "many"}} {
		if status, _, complaint := command(t, args...); status != exitUsage || !strings.Contains(complaint, "--help") {
			t.Errorf("%v: status %d, %q", args, status, complaint)
		}
	}
}

// TestKeep backs a database up, restores it, and refuses to write over either.
func TestKeep(t *testing.T) {
	file := write(t, "small.lef", smallMeet(""))
	dir := t.TempDir()
	db, copied, again := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db"), filepath.Join(dir, "c.db")
	for _, tt := range []struct {
		status int
		args   []string
	}{
		{exitOK, []string{"migrate", "--db", db}},
		{exitOK, []string{"import", file, "--db", db, "-c", "small", "--apply"}},
		{exitOK, []string{"backup", copied, "--db", db}},
		{exitFailed, []string{"backup", copied, "--db", db}},
		{exitOK, []string{"restore", copied, "--db", again}},
		{exitFailed, []string{"restore", copied, "--db", again}},
		{exitFailed, []string{"restore", file, "--db", filepath.Join(dir, "d.db")}},
		{exitOK, []string{"check", "--db", again}},
	} {
		if status, out, complaint := command(t, tt.args...); status != tt.status {
			t.Errorf("%v: status %d, %s%s", tt.args, status, out, complaint)
		}
	}
}

func TestRank(t *testing.T) {
	doc := `{"schema":"tongchang/ranking/1","title":"50 m","ruleset":{"name":"swimming","version":"World Aquatics 2023","kind":"timed"},
		"lines":[{"id":"4","mark":31000},{"id":"5","mark":32000},{"id":"6","irm":"DSQ","rule":"SW 4.4"}]}`
	status, out, _ := command(t, "rank", write(t, "doc.json", doc))
	if status != exitOK || !regexp.MustCompile(`(?s) 1  4 +31\.00.* 2  5 +32\.00\n +The time is 32\.00; 4 has 31\.00\..* –  6 +DSQ`).MatchString(out) {
		t.Errorf("%d, %s", status, out)
	}
	status, out, _ = command(t, "rank", "--json", write(t, "doc.json", doc))
	if status != exitOK || !strings.Contains(out, `"rule": "time"`) {
		t.Errorf("%d, %s", status, out)
	}
	for _, bad := range []string{"", "[]", `{"schema":"other"}`, strings.Replace(doc, "31000", "-1", 1), strings.Replace(doc, `"id":"5"`, `"id":"4"`, 1)} {
		if status, _, complaint := command(t, "rank", write(t, "bad.json", bad)); status != exitFailed || complaint == "" {
			t.Errorf("%.40q: status %d, %q", bad, status, complaint)
		}
	}
}

// TestConfig: secrets do not show, neither a key nor a password.
func TestConfig(t *testing.T) {
	t.Setenv("TONGCHANG_LISTEN", "127.0.0.1:9")
	_, out, _ := command(t, "config", "--db", "postgres://me:hush@db/games?sslmode=disable", "--desk-key", "hush")
	if strings.Contains(out, "hush") || !strings.Contains(out, "postgres://me:******@db/games") || !strings.Contains(out, "127.0.0.1:9  # ") {
		t.Error(out)
	}
	_, _, complaint := command(t, "check", "--db", "postgres://me:hush@127.0.0.1:1/games?connect_timeout=1")
	if strings.Contains(complaint, "hush") || !strings.Contains(complaint, "Cannot open") {
		t.Error(complaint)
	}
}

// TestHelp: every command explains itself in both languages, without a text
// that is missing.
func TestHelp(t *testing.T) {
	var commands []string
	_, out, _ := command(t, "--help")
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+) `).FindAllStringSubmatch(out, -1) {
		commands = append(commands, m[1])
	}
	if len(commands) < 11 {
		t.Fatalf("commands %v", commands)
	}
	for _, c := range commands {
		for _, lang := range []string{"en", "zh"} {
			status, out, _ := command(t, c, "--help", "--lang="+lang)
			if status != exitOK || strings.Contains(out, "${") || strings.Contains(out, "flag_") || !strings.Contains(out, "tongchang "+c) {
				t.Errorf("%s: %d, %s", c, status, out)
			}
		}
	}
}

// TestWords: both languages say the same things with the same arguments, and
// the code says nothing that is not there.
func TestWords(t *testing.T) {
	zh, err1 := readWords("zh-CN")
	en, err2 := readWords("en")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	argument := regexp.MustCompile(`\{\{\.A\d\}\}`)
	for key, text := range zh {
		a, b := argument.FindAllString(text, -1), argument.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: %q and %q", key, text, en[key])
		}
	}
	if len(zh) != len(en) {
		t.Errorf("%d sentences in Chinese, %d in English", len(zh), len(en))
	}
	var source strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(raw)
	}
	said := map[string]bool{}
	for _, m := range regexp.MustCompile(`say\("([a-z.-]+)"|fault\("([a-z-]+)"|\$\{(\w+)\}|"((?:backup|restore)\.done)"`).FindAllStringSubmatch(source.String(), -1) {
		switch {
		case m[2] != "":
			said["error."+m[2]] = true
		case m[3] != "":
			said[strings.Replace(m[3], "_", ".", 1)] = true
		default:
			said[m[1]+m[4]] = true
		}
	}
	delete(said, "noun.")
	for key := range said {
		if zh[key] == "" {
			t.Errorf("%s is said but not in the catalogue", key)
		}
	}
	for key := range zh {
		if family, _, _ := strings.Cut(key, "."); !said[key] && family != "noun" {
			t.Errorf("%s is in the catalogue but nobody says it", key)
		}
	}
	var groups map[string]map[string]string
	raw, err := messages.ReadFile("messages/zh-CN.toml")
	if err != nil || toml.Unmarshal(raw, &groups) != nil || len(groups["noun"]) < 15 {
		t.Errorf("nouns: %d, %v", len(groups["noun"]), err)
	}
}

func TestLanguage(t *testing.T) {
	for _, name := range []string{"TONGCHANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		t.Setenv(name, "")
	}
	for _, tt := range []struct {
		env, arg, want string
	}{
		{"", "", "en"}, {"zh_CN.UTF-8", "", "zh-CN"}, {"C", "", "en"}, {"zh_CN.UTF-8", "en", "en"}, {"", "zh-CN", "zh-CN"}, {"", "zh", "zh-CN"},
	} {
		t.Setenv("LANG", tt.env)
		var args []string
		if tt.arg != "" {
			args = []string{"check", "--lang", tt.arg}
		}
		if got := language(args); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}
