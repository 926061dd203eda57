package registration

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/entry"
	"tongchang/events/identity"
)

// samples finds the sample workbooks of a folder, and says loudly what is not
// tested where they are not there.
func samples(t testing.TB, folder string) string {
	t.Helper()
	root := os.Getenv("TONGCHANG_SAMPLES")
	for dir := "."; root == "" && len(dir) < 20; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "samples")
		}
		dir = dir + "/"
	}
	path := filepath.Join(root, "registration", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: the workbooks that delegations send. There is no %s; set TONGCHANG_SAMPLES.", path)
	}
	return path
}

var today = identity.Date{Year: 2027, Month: 4, Day: 1}

// load reads a folder's edition and workbooks.
func load(t testing.TB, path string) (*entry.Edition, []File) {
	t.Helper()
	rules, err := os.Open(filepath.Join(path, "edition.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer rules.Close()
	programme, err := os.Open(filepath.Join(path, "events.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer programme.Close()
	ed, err := entry.ReadEdition(rules, programme)
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(path, "*.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var files []File
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Name: filepath.Base(name), Data: raw})
	}
	return ed, files
}

// planted is a line of answer-key.csv.
type planted struct {
	id, kind, severity, field string
	places                    []string // file|sheet|cell, the first its own
	also                      []string // further kinds that its rows may have
	found, exact              bool     // exact: in the very cell
}

func answers(t testing.TB, path string) []*planted {
	t.Helper()
	f, err := os.Open(filepath.Join(path, "answer-key.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []*planted
	for _, l := range lines[1:] {
		p := &planted{id: l[0], field: l[5], kind: l[6], severity: l[7], also: strings.Fields(l[12])}
		p.places = []string{strings.Join([]string{l[1], l[2], l[4] + l[3]}, "|")}
		for place := range strings.SplitSeq(l[11], ";") {
			if place = strings.TrimSpace(place); place != "" {
				p.places = append(p.places, place)
			}
		}
		all = append(all, p)
	}
	return all
}

// rowOf is a place without its column: the row that a problem is on.
func rowOf(place string) string {
	cut := strings.LastIndex(place, "|") + 1
	row, _ := Split(place[cut:])
	return fmt.Sprint(place[:cut], row)
}

// TestSamples lays the problems found beside those planted.
func TestSamples(t *testing.T) {
	for _, tt := range []struct {
		folder                         string
		athletes, staff, planted, rows int
	}{{folder: "para-games", athletes: 1015, staff: 312}, {folder: "skills", athletes: 435, staff: 193}} {
		t.Run(tt.folder, func(t *testing.T) {
			path := samples(t, tt.folder)
			ed, files := load(t, path)
			start := time.Now()
			im := Read(ed, files, today)
			took := time.Since(start)
			athletes, staff := 0, 0
			for _, f := range im.Files {
				if f.Err != nil {
					t.Errorf("%s: %v", f.Name, f.Err)
				}
				athletes, staff = athletes+f.Athletes, staff+f.Staff
			}
			if athletes != tt.athletes || staff != tt.staff {
				t.Errorf("%d athletes and %d staff, want %d and %d", athletes, staff, tt.athletes, tt.staff)
			}
			compare(t, im, answers(t, path))
			t.Logf("%d rows in %d ms", len(im.Rows), took.Milliseconds())
		})
	}
}

// compare prints precision and recall and holds them to the aims: all errors,
// 95 of 100 warnings, no false error.
func compare(t *testing.T, im *Import, key []*planted) {
	t.Helper()
	var falseErrors, falseWarnings []string
	reported := map[string]int{}
	for i := range im.Problems {
		p := &im.Problems[i]
		reported[string(p.Severity)]++
		if !matches(p, key) {
			line := fmt.Sprintf("%s|%s|%s %s %s %s %v", p.At.File, p.At.Sheet, p.At.Address, p.Field, p.Kind, p.Name, p.Say[0].With)
			if p.Severity == entry.Error {
				falseErrors = append(falseErrors, line)
			} else {
				falseWarnings = append(falseWarnings, line)
			}
		}
	}
	for _, line := range slices.Concat(falseErrors, falseWarnings) {
		t.Log("false: ", line)
	}
	exact := 0
	all, hit := map[string]int{}, map[string]int{}
	for _, k := range key {
		all[k.severity]++
		if k.found {
			hit[k.severity]++
		} else {
			t.Logf("missed: %s %s %s", k.id, k.kind, k.places[0])
		}
		if k.exact {
			exact++
		}
	}
	t.Logf("errors: %d of %d found, %d reported, %d false; warnings: %d of %d found, %d reported, %d false; %d of %d in the very cell",
		hit["error"], all["error"], reported["error"], len(falseErrors), hit["warning"], all["warning"], reported["warning"], len(falseWarnings), exact, len(key))
	if hit["error"] != all["error"] || hit["warning"]*100 < all["warning"]*95 || len(falseErrors) > 0 {
		t.Error("that is less than what is aimed at")
	}
}

// matches reports whether a problem is a planted one, or one that its rows may
// have besides, and marks what it finds.
func matches(p *entry.Problem, key []*planted) bool {
	at := strings.Join([]string{p.At.File, p.At.Sheet, p.At.Address}, "|")
	right := false
	for _, k := range key {
		onRow := slices.ContainsFunc(k.places, func(place string) bool { return rowOf(place) == rowOf(at) })
		switch {
		case !onRow:
		case p.Kind == k.kind && string(p.Field) == k.field && string(p.Severity) == k.severity:
			k.found, right = true, true
			k.exact = k.exact || slices.Contains(k.places, at)
		case slices.Contains(k.also, p.Kind):
			right = true
		}
	}
	return right
}
