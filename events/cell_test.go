package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/pads"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// judgedStore is a competition with a unit for each document, of a phase of its
// own, and with the starts' IDs by the documents' lines.
type judgedStore struct {
	*Store
	units map[string]Unit
	ids   map[string]map[string]string
}

func newJudged(t testing.TB, dsn string, docs map[string]kinds.Document) *judgedStore {
	t.Helper()
	ctx := t.Context()
	s := open(t, dsn)
	if _, err := s.Found(ctx, Competition{Code: "all", Name: "各项", NameEn: "Every kind"}); err != nil {
		t.Fatal(err)
	}
	programme := ProgrammeFile{Disciplines: []DisciplineFile{{Code: "ALL", Name: "各项"}}, Delegations: []DelegationFile{{Code: "HRB", Name: "哈尔滨"}}}
	for _, kind := range slices.Sorted(maps.Keys(docs)) {
		unit := UnitFile{Code: kind, Number: 1, Measure: scoring.Count}
		if strings.Contains(string(docs[kind].Lines[0]), "body_weight") {
			unit.Measure = scoring.Grams
		}
		for _, id := range linesOf(t, docs[kind]) {
			code := kind + " " + id
			programme.Participants = append(programme.Participants, ParticipantFile{Code: code, Delegation: "HRB", Family: id})
			unit.Starts = append(unit.Starts, StartFile{Participant: code})
		}
		programme.Events = append(programme.Events, EventFile{Code: kind, Discipline: "ALL", Type: kind, Name: kind,
			Phases: []PhaseFile{{Code: kind, Kind: "FIN", Decides: true, Ruleset: docs[kind].Ruleset, Units: []UnitFile{unit}}}})
	}
	if _, err := s.SetUp(ctx, command("all"), SetUp{programme}, false); err != nil {
		t.Fatal(err)
	}
	j := &judgedStore{Store: s, units: map[string]Unit{}, ids: map[string]map[string]string{}}
	for kind := range docs {
		var unit Unit
		if err := s.r.NewSelect().Model(&unit).Where("code = ?", kind).Scan(ctx); err != nil {
			t.Fatal(err)
		}
		j.units[kind], j.ids[kind] = unit, map[string]string{}
		for _, l := range j.sheet(t, kind).Lines {
			j.ids[kind][l.Family] = l.ID()
		}
	}
	return j
}

func linesOf(t testing.TB, doc kinds.Document) []string {
	t.Helper()
	var ids []string
	for _, raw := range doc.Lines {
		var l struct{ ID string }
		if err := json.Unmarshal(raw, &l); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, l.ID)
	}
	return ids
}

func (j *judgedStore) sheet(t testing.TB, kind string) *Sheet {
	t.Helper()
	sheet, err := j.Sheet(t.Context(), j.units[kind].PhaseID, j.units[kind].ID)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

func (j *judgedStore) status(t testing.TB, kind string) ResultStatus {
	t.Helper()
	u, err := j.Unit(t.Context(), "all", j.units[kind].ID)
	if err != nil {
		t.Fatal(err)
	}
	return u.ResultStatus
}

// mark enters a cell of a line, by the document's ID; saw is 0.
func (j *judgedStore) mark(t testing.TB, by, kind, line, cell, text string) error {
	t.Helper()
	start, err := strconv.ParseInt(j.ids[kind][line], 10, 64)
	if err != nil {
		t.Fatalf("no line %s of %s", line, kind)
	}
	c := command("all")
	c.Author = by
	_, err = j.EnterMark(t.Context(), c, EnterMark{Unit: j.units[kind].ID, Start: start, Cell: cell, Mark: text})
	return err
}

// TestEveryKindByMarks enters a document of every kind cell by cell: what was
// known before the start as whole lines, then one mark after the other. The unit
// is live until the last and unofficial with it, and its official ranking is the
// golden document's.
func TestEveryKindByMarks(t *testing.T) {
	docs := documents(t)
	maps.DeleteFunc(docs, func(kind string, _ kinds.Document) bool { return !pads.Judged(kind) })
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		j := newJudged(t, dsn, docs)
		for kind, doc := range docs {
			t.Run(kind, func(t *testing.T) { byMarks(t, j, kind, doc) })
		}
		if rep, err := j.Check(t.Context()); err != nil || !rep.OK() || rep.Results == 0 {
			t.Errorf("check: %+v, %v", rep, err)
		}
	})
}

func byMarks(t *testing.T, j *judgedStore, kind string, golden kinds.Document) {
	ctx := t.Context()
	doc, ids := golden, j.ids[kind]
	doc.Lines, doc.Matches = nil, nil
	for i, id := range linesOf(t, golden) {
		var line map[string]json.RawMessage
		if err := json.Unmarshal(renamed(t, golden.Lines[i], ids), &line); err != nil {
			t.Fatal(err)
		}
		line["id"] = json.RawMessage(strconv.Quote(ids[id]))
		raw, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		doc.Lines = append(doc.Lines, raw)
	}
	for _, m := range golden.Matches {
		doc.Matches = append(doc.Matches, renamed(t, m, ids))
	}
	j.enterFacts(t, kind, doc)
	given, err := pads.Entries(doc)
	if err != nil || len(given) == 0 {
		t.Fatalf("%d entries, %v", len(given), err)
	}
	pad, err := j.sheet(t, kind).Pad(j.units[kind])
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range given {
		cell, ok := pad.Cell(g.Line, g.Cell)
		if !ok { // the draw has brought another match
			if pad, err = j.sheet(t, kind).Pad(j.units[kind]); err != nil {
				t.Fatal(err)
			}
			cell, _ = pad.Cell(g.Line, g.Cell)
		}
		if status := j.status(t, kind); i > 0 && status != Live && !cell.Optional {
			t.Errorf("before mark %d of %d, %s, the unit is %s", i+1, len(given), g.Cell, status)
		}
		start, err := strconv.ParseInt(g.Line, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		m := EnterMark{Unit: j.units[kind].ID, Start: start, Cell: g.Cell, IRM: g.IRM, Rule: g.Rule}
		if g.IRM == "" || g.Mark != nil {
			m.Mark = cell.Text(g.Value)
		}
		if _, err := j.EnterMark(ctx, command("all"), m); err != nil {
			t.Fatalf("mark %d, line %s cell %s %q: %v", i, g.Line, g.Cell, m.Mark, err)
		}
	}
	if status := j.status(t, kind); status != Unofficial {
		open, err := j.sheet(t, kind).Open()
		t.Fatalf("with all marks the unit is %s; %v is open, %v", status, open, err)
	}
	u, err := j.Unit(ctx, "all", j.units[kind].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Confirm(ctx, command("all"), ConfirmUnit{Unit: u.ID, Saw: u.Version}); err != nil {
		t.Fatal(err)
	}
	again, err := j.sheet(t, kind).Document()
	if err != nil {
		t.Fatal(err)
	}
	want, got := places(t, golden, func(id string) string { return ids[id] }), places(t, again, func(id string) string { return id })
	if !maps.Equal(want, got) {
		t.Errorf("places by the golden document %v, by the ledger's %v", want, got)
	}
}

// enterFacts enters what is known before the start, where there is anything.
func (j *judgedStore) enterFacts(t *testing.T, kind string, doc kinds.Document) {
	t.Helper()
	before, err := pads.Facts(doc)
	if err != nil {
		t.Fatal(err)
	}
	u, err := j.Unit(t.Context(), "all", j.units[kind].ID)
	if err != nil {
		t.Fatal(err)
	}
	act := EnterLines{Unit: u.ID, Saw: u.Version, Matches: before.Matches}
	for _, raw := range before.Lines {
		var line map[string]json.RawMessage
		if err := json.Unmarshal(raw, &line); err != nil {
			t.Fatal(err)
		}
		var id string
		if err := json.Unmarshal(line["id"], &id); err != nil {
			t.Fatal(err)
		}
		start, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		act.Lines = append(act.Lines, EnterLine{Start: start, Line: raw})
	}
	if _, err := j.EnterLines(t.Context(), command("all"), act); err != nil {
		t.Fatal(err)
	}
	if status := j.status(t, kind); status != Live {
		t.Errorf("with facts alone the unit is %s", status)
	}
}

func rulesetOf(kind, rules string) kinds.Ruleset {
	return kinds.Ruleset{Name: kind, Version: "test", Kind: kind, Rules: json.RawMessage(rules)}
}

func lines(ids ...string) []json.RawMessage {
	var raw []json.RawMessage
	for _, id := range ids {
		raw = append(raw, json.RawMessage(fmt.Sprintf(`{"id":%q}`, id)))
	}
	return raw
}

// small are documents for single questions.
var small = map[string]kinds.Document{
	"series":   {Ruleset: rulesetOf("series", `{"attempts":3,"cut":3}`), Lines: lines("A", "B")},
	"vertical": {Ruleset: rulesetOf("vertical", `{"heights":[1600,1650]}`), Lines: lines("A", "B")},
	"lifts":    {Ruleset: rulesetOf("lifts", `{"attempts":1}`), Lines: []json.RawMessage{[]byte(`{"id":"A","body_weight":70000}`), []byte(`{"id":"B"}`)}},
	"panel":    {Ruleset: rulesetOf("panel", `{"judges":["J1","J2","J3"],"high":10000,"step":500}`), Lines: lines("A", "B")},
	"pool":     {Ruleset: rulesetOf("pool", `{"sport":"goalball"}`), Lines: lines("A", "B", "C")},
	"bracket":  {Ruleset: rulesetOf("bracket", `{"sport":"badminton"}`), Lines: lines("A", "B", "C", "D")},
	"timed":    {Ruleset: rulesetOf("timed", `{"wind_limit":20}`), Lines: lines("A", "B")},
}

// What a judge may not write is refused with what to do, and nothing of it is
// kept.
func TestCellsRefused(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		j := newJudged(t, dsn, small)
		for _, tt := range []struct {
			kind, line, cell, text string
			problem                string
		}{
			{"series", "A", "attempt-9", "6.21", "no-such-cell"},
			{"series", "A", "time", "6.21", "no-such-cell"},
			{"series", "A", "attempt-1", "six", "not-a-number"},
			{"series", "A", "attempt-1", "900.00", "not-between"},
			{"series", "A", "attempt-2", "6.21", "cell-gap"},
			{"vertical", "A", "1.65-1", "Z", "not-a-choice"},
			{"vertical", "A", "1.60-2", "X", "cell-gap"},
			{"lifts", "A", "attempt-1/weight", "130.3", "not-a-step"},
			{"lifts", "A", "attempt-1/judge-1", "white", "cell-gap"},
			{"lifts", "B", "attempt-1/weight", "130", "body-weight-missing"},
			{"panel", "A", "performance-1/judge-2", "10.5", "not-between"},
			{"panel", "A", "performance-1/judge-2", "9.3", "not-a-step"},
			{"pool", "A", "A-B/half-2", "1:0", "no-such-cell"},
			{"timed", "A", "wind", "strong", "not-a-wind"},
			{"timed", "A", "place", "0", "mark-zero"},
		} {
			cell := tt.cell
			err := j.mark(t, "judge 1", tt.kind, tt.line, cell, tt.text)
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Status != StatusInvalid || refusal.Problem != tt.problem {
				t.Errorf("%s %s %q: %v, want %s", tt.kind, cell, tt.text, err, tt.problem)
			}
		}
		var n int
		if err := j.r.NewRaw("SELECT count(*) FROM marks").Scan(t.Context(), &n); err != nil || n != 0 {
			t.Errorf("%d cells were written by refused marks, %v", n, err)
		}
	})
}

// A correction shows what stood there, needs a reason, and is stale for who has
// not seen it; raising a running score is play.
func TestCellsCorrected(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		j := newJudged(t, dsn, small)
		enter := func(kind, line, cell, text string, saw int64, reason string) error {
			start, err := strconv.ParseInt(j.ids[kind][line], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			c := command("all")
			c.Reason = reason
			m := EnterMark{Unit: j.units[kind].ID, Start: start, Cell: cell, Mark: text, Saw: saw}
			m.Clear = text == ""
			_, err = j.EnterMark(t.Context(), c, m)
			return err
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(enter("series", "A", "attempt-1", "x", 0, ""))
		err := enter("series", "A", "attempt-1", "6.21", 0, "measured again")
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Status != StatusStale || refusal.Present.Text != "X" || refusal.Present.Revision != 1 {
			t.Errorf("over a foul that was not seen: %v", err)
		}
		if err := enter("series", "A", "attempt-1", "6.21", 1, ""); !errors.Is(err, ErrInvalid) {
			t.Errorf("a correction without a reason: %v", err)
		}
		must(enter("series", "A", "attempt-1", "6.21", 1, "the flag was white"))
		must(enter("series", "A", "attempt-2", "-", 0, ""))
		if err := enter("series", "A", "attempt-1", "", 2, "another athlete's"); !errors.As(err, &refusal) || refusal.Problem != "cell-gap" {
			t.Errorf("clearing an attempt before another: %v", err)
		}

		a, b := j.ids["pool"]["A"], j.ids["pool"]["B"]
		half := a + "-" + b + "/half-1"
		must(enter("pool", "A", half, "1:0", 0, ""))
		must(enter("pool", "A", half, "2：0", 1, ""))
		if err := enter("pool", "A", half, "1:0", 2, ""); !errors.Is(err, ErrInvalid) {
			t.Errorf("a goal taken back without a reason: %v", err)
		}
		must(enter("pool", "A", half, "1:0", 2, "no goal: the whistle came first"))
		if rep, err := j.Check(t.Context()); err != nil || !rep.OK() {
			t.Errorf("check: %+v, %v", rep, err)
		}
	})
}

// A knock-out's next match is there as soon as its sides are known; a semi-final
// cannot be turned round while the final that came of it stands.
func TestCellsOfKnockOut(t *testing.T) {
	docs := map[string]kinds.Document{"bracket": small["bracket"]}
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		j := newJudged(t, dsn, docs)
		seeds := docs["bracket"]
		seeds.Lines = nil
		for i, id := range []string{"A", "B", "C", "D"} {
			seeds.Lines = append(seeds.Lines, json.RawMessage(fmt.Sprintf(`{"id":%q,"seed":%d}`, j.ids["bracket"][id], i+1)))
		}
		j.enterFacts(t, "bracket", seeds)
		for _, m := range [][3]string{
			{"A", "SF1/game-1", "21:5"}, {"A", "SF1/game-2", "21:7"},
			{"B", "SF2/game-1", "21:5"}, {"B", "SF2/game-2", "9:21"}, {"B", "SF2/game-3", "21:19"},
			{"A", "F/game-1", "21:15"}, {"A", "F/game-2", "20:14"},
		} {
			if err := j.mark(t, "umpire", "bracket", m[0], m[1], m[2]); err != nil {
				t.Fatalf("%v: %v", m, err)
			}
		}
		if status := j.status(t, "bracket"); status != Live {
			t.Errorf("with an unfinished final the unit is %s", status)
		}
		start, err := strconv.ParseInt(j.ids["bracket"]["A"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		c := command("all")
		c.Reason = "sides mixed up"
		_, err = j.EnterMark(t.Context(), c, EnterMark{Unit: j.units["bracket"].ID, Start: start, Cell: "SF1/game-2", Mark: "7:21", Saw: 1})
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Problem != "match-stray" {
			t.Errorf("a semi-final undecided under a final: %v", err)
		}
		c = command("all")
		c.Reason = "one more rally"
		_, err = j.EnterMark(t.Context(), c, EnterMark{Unit: j.units["bracket"].ID, Start: start, Cell: "F/game-2", Mark: "21:14", Saw: 1})
		if err != nil {
			t.Fatal(err)
		}
		if status := j.status(t, "bracket"); status != Unofficial {
			t.Errorf("with the final decided the unit is %s", status)
		}
	})
}

// Before the draw a knock-out does not rank: its judges are told why, their marks
// are refused, and those of others in the same moment are not.
func TestCellsBeforeDraw(t *testing.T) {
	docs := map[string]kinds.Document{"bracket": small["bracket"], "series": small["series"]}
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		j := newJudged(t, dsn, docs)
		cells, err := j.Cells(t.Context(), access.Who{Name: "umpire", Role: access.Judge}, "all", j.units["bracket"].ID)
		if err != nil || cells.Fault == nil || cells.Fault.Problem != "seed-missing" || len(cells.Open) != 4 || len(cells.Pad.Matches) != 0 {
			t.Fatalf("%+v, %v", cells, err)
		}
		if err := j.mark(t, "umpire", "bracket", "A", "F/game-1", "21:5"); !errors.Is(err, ErrInvalid) {
			t.Errorf("a mark before the draw: %v", err)
		}
		start, err := strconv.ParseInt(j.ids["bracket"]["B"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		torn := &CellMark{StartID: start, Cell: LineCell, Detail: `{"seed":3}`, Revision: 1, By: importAuthor}
		if _, err := j.w.NewInsert().Model(torn).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			err := j.mark(t, "umpire", "bracket", "A", "F/game-1", "21:5")
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Problem != "bad-seed" {
				t.Errorf("a mark in a draw with a hole: %v", err)
			}
		})
		wg.Go(func() {
			if err := j.mark(t, "judge 1", "series", "A", "attempt-1", "6.21"); err != nil {
				t.Errorf("a mark beside it: %v", err)
			}
		})
		wg.Wait()
	})
}

// A panel is blind: a judge sees the others' scores, and the public anything of
// a performance, once the last has given.
func TestCellsBlind(t *testing.T) {
	docs := map[string]kinds.Document{"panel": small["panel"]}
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		j := newJudged(t, dsn, docs)
		start, err := strconv.ParseInt(j.ids["panel"]["A"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		see := func(who access.Who) (seen, hidden int) {
			t.Helper()
			cells, err := j.Cells(t.Context(), who, "all", j.units["panel"].ID)
			if err != nil {
				t.Fatal(err)
			}
			return len(cells.Cells[start]), len(cells.Hidden[start])
		}
		judge, chief := access.Who{Name: "judge 1", Role: access.Judge}, access.Who{Name: "chief", Role: access.Chief}
		for i, by := range []string{"judge 1", "judge 2", "judge 3"} {
			if err := j.mark(t, by, "panel", "A", fmt.Sprintf("performance-1/judge-%d", i+1), "9.5"); err != nil {
				t.Fatal(err)
			}
			seen, hidden := see(judge)
			if all := i == 2; all && (seen != 3 || hidden != 0) || !all && (seen != 1 || hidden != i) {
				t.Errorf("after %s judge 1 sees %d scores, %d are hidden", by, seen, hidden)
			}
			if seen, hidden := see(chief); seen != i+1 || hidden != 0 {
				t.Errorf("after %s the chief sees %d scores, %d are hidden", by, seen, hidden)
			}
			doc, err := j.sheet(t, "panel").UnitDocument()
			if err != nil {
				t.Fatal(err)
			}
			text := string(doc.Lines[0]) + string(doc.Lines[1])
			if public := strings.Contains(text, "9500"); public != (i == 2) {
				t.Errorf("after %s the document says %s", by, text)
			}
			if _, err := kinds.Rank(doc); err != nil {
				t.Errorf("after %s: %v", by, err)
			}
		}
		if _, err := j.Cells(t.Context(), access.Who{Name: "a manager", Role: access.Delegation, Delegation: 1}, "all", j.units["panel"].ID); !errors.Is(err, ErrForbidden) {
			t.Errorf("a manager reads the cells: %v", err)
		}
		if _, err := j.Cells(t.Context(), access.Who{Name: "another", Role: access.Judge, Discipline: 999}, "all", j.units["panel"].ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("another discipline's judge reads the cells: %v", err)
		}
	})
}

// Judges who write at once, each their own cell: every mark is in, in order, and
// counts once.
func TestCellsCrowd(t *testing.T) {
	docs := map[string]kinds.Document{"panel": {Ruleset: rulesetOf("panel", `{"judges":["1","2","3","4","5","6","7","8"],"high":10000,"performances":5}`), Lines: lines("A", "B")}}
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		j := newJudged(t, dsn, docs)
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				for p := range 5 {
					for _, line := range []string{"A", "B"} {
						if err := j.mark(t, fmt.Sprint("judge ", n), "panel", line, fmt.Sprintf("performance-%d/judge-%d", p+1, n+1), "7.5"); err != nil {
							t.Errorf("judge %d: %v", n, err)
						}
					}
				}
			})
		}
		wg.Wait()
		if status := j.status(t, "panel"); status != Unofficial {
			t.Errorf("the unit is %s", status)
		}
		if rep, err := j.Check(t.Context()); err != nil || !rep.OK() || rep.Entries != 81 {
			t.Errorf("check: %+v, %v", rep, err)
		}
	})
}
