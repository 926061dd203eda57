package events

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/ledgertest"
	"tongchang/events/registration"
)

var organiser = access.Who{Account: 1, Name: "竞赛部", Role: access.Organiser, Strong: true}

// samples finds the sample workbooks of a folder, and says loudly what is not
// tested where they are not there.
func samples(t testing.TB, folder string) string {
	t.Helper()
	root := os.Getenv("TONGCHANG_SAMPLES")
	for dir, n := ".", 0; root == "" && n < 20; dir, n = filepath.Join(dir, ".."), n+1 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "samples")
		}
	}
	path := filepath.Join(root, "registration", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: the workbooks that delegations send. There is no %s; set TONGCHANG_SAMPLES.", path)
	}
	return path
}

// april is when the sample workbooks were sent.
var april = time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC)

// sampleGames is a competition with a sample folder's edition.
func sampleGames(t testing.TB, s *Store, path string) {
	t.Helper()
	rules, err := os.ReadFile(filepath.Join(path, "edition.json"))
	if err != nil {
		t.Fatal(err)
	}
	programme, err := os.ReadFile(filepath.Join(path, "events.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Found(t.Context(), Competition{Code: "games", Name: "省残运会", Zone: "Asia/Shanghai"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetEdition(t.Context(), command("games"), edition(string(rules), string(programme))); err != nil {
		t.Fatal(err)
	}
}

// sampleBooks are the workbooks of a folder, by name.
func sampleBooks(t testing.TB, path string) []registration.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(path, "*.xlsx"))
	if err != nil || len(names) == 0 {
		t.Fatalf("workbooks of %s: %v, %v", path, names, err)
	}
	slices.Sort(names)
	var files []registration.File
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, registration.File{Name: filepath.Base(name), Data: raw})
	}
	return files
}

// senders finds the delegation that a file's name names.
func senders(t testing.TB, s *Store) func(file string) Delegation {
	t.Helper()
	c, err := s.Competition(t.Context(), "games")
	if err != nil {
		t.Fatal(err)
	}
	ed, err := s.Edition(t.Context(), "games")
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Delegations(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return func(file string) Delegation {
		name := ed.DelegationIn(file)
		i := slices.IndexFunc(all, func(d Delegation) bool { return d.Name == name })
		if i < 0 {
			t.Fatalf("%s: no delegation %q", file, name)
		}
		return all[i]
	}
}

func managerOf(d Delegation) access.Who {
	return access.Who{Account: 100 + d.ID, Name: d.Name + "领队", Role: access.Delegation, Delegation: d.ID}
}

// plantedProblem is a line of answer-key.csv.
type plantedProblem struct {
	id, kind, severity, field string
	places                    []string // file|sheet|cell, the first its own
	also                      []string // further kinds that its rows may have
	found                     bool
}

func answerKey(t testing.TB, path string) []*plantedProblem {
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
	var all []*plantedProblem
	for _, l := range lines[1:] {
		p := &plantedProblem{id: l[0], field: l[5], kind: l[6], severity: l[7], also: strings.Fields(l[12])}
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

// rowOfPlace is a place without its column.
func rowOfPlace(place string) string {
	cut := strings.LastIndex(place, "|") + 1
	row, _ := registration.Split(place[cut:])
	return fmt.Sprint(place[:cut], row)
}

// right reports whether a problem is a planted one, or one that its rows may
// have besides, and marks what it finds.
func right(p *entry.Problem, key []*plantedProblem) bool {
	at := strings.Join([]string{p.At.File, p.At.Sheet, p.At.Address}, "|")
	ok := false
	for _, k := range key {
		onRow := slices.ContainsFunc(k.places, func(place string) bool { return rowOfPlace(place) == rowOfPlace(at) })
		switch {
		case !onRow:
		case p.Kind == k.kind && string(p.Field) == k.field && string(p.Severity) == k.severity:
			k.found, ok = true, true
		case slices.Contains(k.also, p.Kind):
			ok = true
		}
	}
	return ok
}

// TestSampleUploads sends the sample workbooks one delegation after the other,
// as their managers would: dry run, then all rows entered. What the dry runs
// find is held against the answer key. A problem between two delegations shows
// for the later file.
func TestSampleUploads(t *testing.T) {
	for folder, kind := range map[string]string{"para-games": "sqlite", "skills": "postgres"} {
		t.Run(folder+" "+kind, func(t *testing.T) {
			path := samples(t, folder)
			sendSamples(t, ledgertest.New(t, kind), path)
		})
	}
}

func sendSamples(t *testing.T, dsn, path string) {
	ctx := t.Context()
	s := open(t, dsn, withTestKeys(t), WithClock(func() time.Time { return april }))
	sampleGames(t, s, path)
	sender, key := senders(t, s), answerKey(t, path)
	reported, wrong := map[entry.Severity]int{}, map[entry.Severity]int{}
	rows, slowest := 0, time.Duration(0)
	for i, f := range sampleBooks(t, path) {
		d := sender(f.Name)
		who, start := managerOf(d), time.Now()
		u, err := s.Upload(ctx, who, "games", d.ID, f.Name, f.Data)
		if err != nil || u.State != UploadJudged {
			t.Fatalf("%s: %+v, %v", f.Name, u, err)
		}
		p, err := s.Proposal(ctx, who, "games", u.ID)
		if err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(start))
		for i := range p.Problems {
			reported[p.Problems[i].Severity]++
			if !right(&p.Problems[i], key) {
				wrong[p.Problems[i].Severity]++
				t.Logf("false: %s %s %s %s", p.Problems[i].At.Sheet, p.Problems[i].At.Address, p.Problems[i].Kind, f.Name)
			}
		}
		c := command("games")
		c.Author = who.Name
		a, err := s.ApplyUpload(ctx, c, who, ApplyUpload{Upload: u.ID})
		if err != nil || a.New != len(p.Rows) || a.Seq == 0 {
			t.Fatalf("%s: %+v, %v; %d rows", f.Name, a, err, len(p.Rows))
		}
		rows += a.New
		if i%5 != 0 {
			continue
		}
		again, err := s.Upload(ctx, who, "games", d.ID, f.Name, f.Data)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := s.ApplyUpload(ctx, command("games"), who, ApplyUpload{Upload: again.ID}); err != nil || !a.Nothing() || a.Seq != 0 || a.Same != len(p.Rows) || a.Gone != 0 {
			t.Errorf("%s again: %+v, %v", f.Name, a, err)
		}
	}
	found, all := map[string]int{}, map[string]int{}
	for _, k := range key {
		all[k.severity]++
		if k.found {
			found[k.severity]++
		} else {
			t.Logf("missed: %s %s %s", k.id, k.kind, k.places[0])
		}
	}
	t.Logf("%d rows: errors: %d of %d found, %d reported, %d false; warnings: %d of %d found, %d reported, %d false; slowest file %d ms",
		rows, found["error"], all["error"], reported[entry.Error], wrong[entry.Error], found["warning"], all["warning"], reported[entry.Warning], wrong[entry.Warning], slowest.Milliseconds())
	if found["error"] != all["error"] || found["warning"]*100 < all["warning"]*95 || wrong[entry.Error] > 0 {
		t.Error("that is less than what is aimed at")
	}
	if rep, err := s.Check(ctx); err != nil || !rep.OK() || rep.Registrations != rows {
		t.Errorf("check: %+v, %v", rep, err)
	}
}
