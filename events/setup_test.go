package events

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tongchang/events/ledgertest"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// documents picks, for every kind but timed, a golden document without groups
// that ranks.
func documents(t *testing.T) map[string]kinds.Document {
	t.Helper()
	files, err := filepath.Glob("../scoring/*/testdata/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]kinds.Document{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(string(b), "\n----")
		text = text[max(0, strings.Index(text, "{")):]
		var doc kinds.Document
		if json.Unmarshal([]byte(text), &doc) != nil || len(doc.Groups) > 0 || len(doc.Lines) < 2 || found[doc.Ruleset.Kind].Schema != "" {
			continue
		}
		if _, err := kinds.Rank(doc); err == nil && doc.Ruleset.Kind != "timed" && doc.Ruleset.Kind != "medals" {
			found[doc.Ruleset.Kind] = doc
		}
	}
	for _, kind := range kinds.Names() {
		if found[kind].Schema == "" && kind != "timed" && kind != "medals" {
			t.Errorf("no golden document of kind %s", kind)
		}
	}
	return found
}

// renamed is JSON with every text that is an old ID replaced by its new one.
func renamed(t *testing.T, raw json.RawMessage, ids map[string]string) json.RawMessage {
	t.Helper()
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			if id, ok := ids[v]; ok {
				return id
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				if k != "id" { // a match F is the final, and may be somebody's ID too
					v[k] = walk(v[k])
				}
			}
		}
		return v
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber() // marks stay whole
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(walk(v))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEveryKindInTheLedger puts a unit of every kind through the ledger: set
// up, entered, confirmed, and ranked again from the public document, which must
// come out as the golden document does.
func TestEveryKindInTheLedger(t *testing.T) {
	docs := documents(t)
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		if _, err := s.Found(ctx, Competition{Code: "all", Name: "各项", NameEn: "Every kind"}); err != nil {
			t.Fatal(err)
		}
		programme := ProgrammeFile{Disciplines: []DisciplineFile{{Code: "ALL", Name: "各项"}}, Delegations: []DelegationFile{{Code: "HRB", Name: "哈尔滨"}}}
		for _, kind := range slices.Sorted(maps.Keys(docs)) {
			unit := UnitFile{Code: kind, Number: 1, Measure: scoring.Count}
			for _, id := range idsOf(t, docs[kind]) {
				code := kind + " " + id
				programme.Participants = append(programme.Participants, ParticipantFile{Code: code, Delegation: "HRB", Family: id})
				unit.Starts = append(unit.Starts, StartFile{Participant: code})
			}
			programme.Events = append(programme.Events, EventFile{Code: kind, Discipline: "ALL", Type: kind, Name: kind,
				Phases: []PhaseFile{{Code: kind, Kind: "FIN", Decides: true, Ruleset: docs[kind].Ruleset, Units: []UnitFile{unit}}}})
		}
		for try, created := range []bool{true, false} {
			rep, err := s.SetUp(ctx, command("all"), SetUp{programme}, false)
			if err != nil || rep.Changes() != created {
				t.Fatalf("set up, time %d: %+v, %v", try+1, rep, err)
			}
		}
		for kind, doc := range docs {
			t.Run(kind, func(t *testing.T) { throughLedger(t, s, kind, doc) })
		}
		if rep, err := s.Check(ctx); err != nil || !rep.OK() || rep.Results == 0 {
			t.Errorf("check: %+v, %v", rep, err)
		}
	})
}

func idsOf(t *testing.T, doc kinds.Document) []string {
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

func throughLedger(t *testing.T, s *Store, kind string, doc kinds.Document) {
	ctx := t.Context()
	var unit Unit
	if err := s.r.NewSelect().Model(&unit).Where("code = ?", kind).Scan(ctx); err != nil {
		t.Fatal(err)
	}
	sheet, err := s.Sheet(ctx, unit.PhaseID, unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{} // golden ID → start
	for _, l := range sheet.Lines {
		ids[l.Family] = l.ID()
	}
	act := EnterLines{Unit: unit.ID, Saw: unit.Version}
	for i, id := range idsOf(t, doc) {
		start, err := strconv.ParseInt(ids[id], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		act.Lines = append(act.Lines, EnterLine{Start: start, Line: renamed(t, doc.Lines[i], ids)})
	}
	for _, m := range doc.Matches {
		act.Matches = append(act.Matches, renamed(t, m, ids))
	}
	if _, err := s.EnterLines(ctx, command("all"), act); err != nil {
		t.Fatal(err)
	}
	if u, err := s.Unit(ctx, "all", unit.ID); err != nil || u.ResultStatus != Unofficial {
		t.Fatalf("unit %+v, %v", u, err)
	}
	if _, err := s.Confirm(ctx, command("all"), ConfirmUnit{Unit: unit.ID, Saw: unit.Version + 1}); err != nil {
		t.Fatal(err)
	}
	if sheet, err = s.Sheet(ctx, unit.PhaseID, unit.ID); err != nil {
		t.Fatal(err)
	}
	again, err := sheet.Document()
	if err != nil {
		t.Fatal(err)
	}
	want, got := places(t, doc, func(id string) string { return ids[id] }), places(t, again, func(id string) string { return id })
	if !maps.Equal(want, got) {
		t.Errorf("places by the golden document %v, by the ledger's %v", want, got)
	}
	bad := act
	bad.Saw = unit.Version + 2
	bad.Lines = []EnterLine{{Start: act.Lines[0].Start, Line: json.RawMessage(`{"nonsense":1}`)}}
	if _, err := s.EnterLines(ctx, command("all"), bad); err == nil {
		t.Error("a line of an official unit was taken")
	}
}

func places(t *testing.T, doc kinds.Document, id func(string) string) map[string]string {
	t.Helper()
	ranked, err := kinds.Rank(doc)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for _, l := range ranked[0].Lines {
		at[id(l.ID)] = fmt.Sprint(l.Rank, " ", l.Result)
	}
	return at
}
