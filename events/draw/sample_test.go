package draw

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/scoring/advance"
)

// paraGames finds the sample workbooks of fifteen delegations, and says loudly
// what is not tested where they are not there.
func paraGames(t *testing.T) string {
	t.Helper()
	root := cmp.Or(os.Getenv("TONGCHANG_SAMPLES"), filepath.Join("..", "..", "..", "shared", "samples"))
	path := filepath.Join(root, "registration", "para-games")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: the draws of a whole games. There is no %s; set TONGCHANG_SAMPLES.", path)
	}
	return path
}

// entered reads the workbooks: who is entered in which event.
func entered(t *testing.T, dir string) (*entry.Edition, map[*entry.Event][]*entry.Row) {
	t.Helper()
	open := func(name string) *os.File {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	rules, programme := open("edition.json"), open("events.csv")
	defer rules.Close()
	defer programme.Close()
	ed, err := entry.ReadEdition(rules, programme)
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.xlsx"))
	if err != nil {
		t.Fatal(err)
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
	in := map[*entry.Event][]*entry.Row{}
	for _, row := range registration.Read(ed, files, identity.Date{Year: 2027, Month: 4, Day: 1}).Rows {
		for _, e := range row.Entered() {
			if e != nil && !row.Staff {
				in[e] = append(in[e], row)
			}
		}
	}
	return ed, in
}

// planFor makes the draw that an event's sport usually has. Pairs and teams are
// one entrant for each delegation.
func planFor(e *entry.Event, rows []*entry.Row) *Plan {
	p := &Plan{Schema: PlanSchema, Event: e.Code, Title: e.Sport + " " + e.Class + " " + e.Name}
	teams := map[string]bool{}
	for i, row := range rows {
		x := Entrant{ID: fmt.Sprintf("%s-%d", e.Code, i+1), Delegation: row.Delegation, Class: e.Class,
			Guide: e.Class == "T11", Wheelchair: slices.Contains([]string{"T53", "T54", "S1", "S2", "S3"}, e.Class)}
		if !e.Individual() {
			if teams[row.Delegation] {
				continue
			}
			teams[row.Delegation] = true
			x.ID = e.Code + "-" + row.Delegation
		}
		p.Entrants = append(p.Entrants, x)
	}
	switch track := strings.HasSuffix(e.Name, "米") || e.Kind == "relay"; {
	case e.Sport == "游泳":
		p.Kind, p.Heats = Heats, &HeatRules{Seeding: advance.Seeding{Lanes: eight(), Circle: 3, Min: 3}, Wheelchair: []int{1, 8}}
	case e.Sport == "田径" && track:
		p.Kind, p.Heats = Heats, &HeatRules{Seeding: advance.Seeding{Lanes: eight()}, Zigzag: true, Separate: true, LaneGroups: [][]int{{3, 4, 5, 6}, {7, 8}, {1, 2}}}
	case slices.Contains([]string{"乒乓球", "羽毛球", "飞镖", "中国象棋"}, e.Sport):
		p.Kind, p.Bracket = Bracket, &BracketRules{Separate: true}
	case e.Sport == "举重":
		p.Kind, p.Lots = Lots, &LotRules{}
	case slices.Contains([]string{"硬地滚球", "盲人门球", "聋人篮球", "轮椅冰壶", "冰盘"}, e.Sport):
		p.Kind, p.Groups = Groups, &GroupRules{Size: 4, Separate: true}
	default:
		p.Kind, p.Order = Order, &OrderRules{By: ByLot, Separate: true}
	}
	return p
}

// TestGames draws every event of the sample games that anybody is entered in:
// everybody once, no pair of a delegation more than must be, and every document
// verifies.
func TestGames(t *testing.T) {
	ed, in := entered(t, paraGames(t))
	type sum struct{ events, starts, pairs, least, largest int }
	sums := map[Kind]*sum{}
	for _, k := range Kinds {
		sums[k] = &sum{}
	}
	began, drawn := time.Now(), 0
	for i := range ed.Events {
		rows := in[&ed.Events[i]]
		if len(rows) == 0 {
			continue
		}
		p := planFor(&ed.Events[i], rows)
		doc, err := Export(p, seed(2027), nil)
		if err != nil {
			t.Fatalf("%s: %v", p.Event, err)
		}
		if err := Verify(doc); err != nil {
			t.Errorf("%s: %v", p.Event, err)
		}
		s := sums[p.Kind]
		s.events++
		s.starts += len(doc.Drawn.Places)
		s.largest = max(s.largest, len(doc.Drawn.Places))
		if len(doc.Drawn.Places) != len(p.Entrants) {
			t.Errorf("%s: %d of %d placed", p.Event, len(doc.Drawn.Places), len(p.Entrants))
		}
		if a := doc.Drawn.Apart; a != nil {
			for l := range a.Pairs {
				s.pairs += a.Pairs[l]
				s.least += a.Least[l]
			}
			if !a.Proven {
				t.Errorf("%s: %+v", p.Event, a)
			}
		}
		drawn++
	}
	t.Logf("%d of %d events drawn and verified in %v", drawn, len(ed.Events), time.Since(began).Round(time.Millisecond))
	for _, k := range Kinds {
		t.Logf("%s: %+v", k, *sums[k])
	}
	if drawn < 400 {
		t.Errorf("only %d events have entrants", drawn)
	}
}
