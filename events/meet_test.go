package events

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tongchang/events/ledgertest"
	"tongchang/events/lenex"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// sample reads one file of the real meet, or skips loudly.
func sample(t *testing.T, name string) (*lenex.File, ImportMeet) {
	t.Helper()
	dir := os.Getenv("TONGCHANG_SAMPLES")
	if dir == "" {
		dir = "../../shared/samples"
	}
	path := filepath.Join(dir, "lenex", name)
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("NOT TESTED: the real meet %s is not here (set TONGCHANG_SAMPLES)", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := lenex.Read(strings.NewReader(string(b)), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return f, ImportMeet{File: name, SHA256: hex.EncodeToString(sum[:]), Results: true}
}

// TestImportMeet takes a real meet over, dry first, then for good, then again,
// and ranks every published ranking from the database.
func TestImportMeet(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		f, act := sample(t, "trials-2024-results.lxf")
		s := open(t, dsn)
		if _, err := s.Found(ctx, Competition{Code: "trials", Name: "选拔赛", NameEn: "Trials", Zone: "America/Toronto"}); err != nil {
			t.Fatal(err)
		}
		dry, err := s.Import(ctx, command("trials"), act, f, true)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Competition(ctx, "trials")
		if err != nil || c.LastSeq != 0 || c.City != "" {
			t.Errorf("a dry run left %+v, %v", c, err)
		}
		done, err := s.Import(ctx, command("trials"), act, f, false)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(dry) != fmt.Sprint(done) {
			t.Errorf("the dry run said\n%+v\nthe import did\n%+v", dry, done)
		}
		want := map[string]int{"phases": 142, "units": 335, "delegations": 150, "participants": 865, "starts": 3088}
		for _, n := range done.Counts {
			if w, ok := want[n.Noun]; ok && n.Created != w {
				t.Errorf("%s: created %d, want %d", n.Noun, n.Created, w)
			}
		}
		again, err := s.Import(ctx, command("trials"), act, f, false)
		if err != nil || again.Changes() {
			t.Errorf("a second import: %+v, %v", again, err)
		}
		if c, err := s.Competition(ctx, "trials"); err != nil || c.LastSeq != 1 {
			t.Errorf("log at %d after one import that wrote, %v", c.LastSeq, err)
		}
		cmp, err := CompareMeet(ctx, s, "trials", &f.Meets[0])
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("rankings: %d compared, %d differ, %d explained", cmp.Compared, cmp.Differ, cmp.Explained)
		if cmp.Compared != 4263 || cmp.Differ != cmp.Explained {
			for _, d := range cmp.Differences[:min(20, len(cmp.Differences))] {
				if d.Rule == "" {
					t.Errorf("%+v", d)
				}
			}
		}
		if rep, err := s.Check(ctx); err != nil || !rep.OK() || rep.Results < 2500 {
			t.Errorf("check: %v, %v", rep, err)
		}
	})
}

func TestImportRecordsAndEntries(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		records, act := sample(t, "trials-2024-records.lxf")
		s := open(t, dsn)
		if _, err := s.Found(ctx, Competition{Code: "trials", Name: "选拔赛", NameEn: "Trials", Zone: "America/Toronto"}); err != nil {
			t.Fatal(err)
		}
		rep, err := s.Import(ctx, command("trials"), act, records, false)
		if err != nil || len(rep.Counts) != 1 || rep.Counts[0].Created+len(rep.Refused) != 1372 {
			t.Errorf("records: %+v, %v", rep, err)
		}
		entries, act := sample(t, "trials-2024-entries.lxf")
		if _, err := s.Import(ctx, command("trials"), act, entries, false); err != nil {
			t.Fatal(err)
		}
		start, act := sample(t, "trials-2024-startlist.lxf")
		rep, err = s.Import(ctx, command("trials"), act, start, false)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(rep.Counts, func(c ImportCount) bool { return c.Noun == "starts" })
		if c := rep.Counts[i]; c.Created != 0 || c.Changed != 2852 {
			t.Errorf("the start list drew %+v, want 2,852 starts changed and none new", c)
		}
	})
}

// TestImportKeepsWhatBegan asks that a file never moves starts of a unit that
// judges have begun, nor writes over their marks.
func TestImportKeepsWhatBegan(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		f := smallMeet()
		s := open(t, dsn)
		if _, err := s.Found(ctx, Competition{Code: "small", Name: "小赛", NameEn: "Small"}); err != nil {
			t.Fatal(err)
		}
		act := ImportMeet{SHA256: strings.Repeat("0", 64)}
		if _, err := s.Import(ctx, command("small"), act, f, false); err != nil {
			t.Fatal(err)
		}
		var unit Unit
		var start Start
		if err := errors.Join(s.r.NewSelect().Model(&unit).Scan(ctx), s.r.NewSelect().Model(&start).Where("lane = 4").Scan(ctx)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EnterMark(ctx, command("small"), EnterMark{Unit: unit.ID, Start: start.ID, Mark: "30.00"}); err != nil {
			t.Fatal(err)
		}
		f.Meets[0].Clubs[0].Athletes[0].Results[0].Lane = 6
		act.Results = true
		rep, err := s.Import(ctx, command("small"), act, f, false)
		if err != nil {
			t.Fatal(err)
		}
		var problems []string
		for _, r := range rep.Refused {
			problems = append(problems, r.Problem)
		}
		if !slices.Contains(problems, "unit-has-begun") || !slices.Contains(problems, "mark-differs") {
			t.Errorf("refused %v", rep.Refused)
		}
		sheet, err := s.Sheet(ctx, unit.PhaseID, unit.ID)
		if err != nil {
			t.Fatal(err)
		}
		if l := sheet.Line(strconv.FormatInt(start.ID, 10)); *l.Lane != 4 || *l.Cells[TimeCell].Mark != 30000 {
			t.Errorf("the file moved %+v", l)
		}
		doc, err := sheet.Document()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := kinds.Rank(doc); err != nil {
			t.Errorf("the document does not rank: %v", err)
		}
	})
}

// smallMeet is one heat with two swimmers.
func smallMeet() *lenex.File {
	mark := func(ms scoring.Mark) *scoring.Mark { return &ms }
	return &lenex.File{Meets: []lenex.Meet{{
		Name: "Small", Sessions: []lenex.Session{{Number: 1, Events: []lenex.Event{{
			ID: 1, Gender: "F", Round: lenex.TimedFinal, Style: lenex.SwimStyle{Distance: 50, RelayCount: 1, Stroke: "FREE"},
			Heats: []lenex.Heat{{ID: 1, Number: 1, Status: lenex.Seeded}},
		}}}},
		Clubs: []lenex.Club{{ID: 1, Name: "One", Athletes: []lenex.Athlete{
			{ID: 1, FirstName: "A", LastName: "One", Gender: "F", Results: []lenex.Result{{ID: 1, EventID: 1, HeatID: 1, Lane: 4, Time: mark(31000)}}},
			{ID: 2, FirstName: "B", LastName: "Two", Gender: "F", Results: []lenex.Result{{ID: 2, EventID: 1, HeatID: 1, Lane: 5, Time: mark(32000)}}},
		}}},
	}}}
}
