package pads

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// held are the golden documents that hold something back on purpose: a judge's
// mark is in no document before the others' is.
var held = map[string]bool{"marking/partial": true, "panel/four-of-five": true}

// relaid are written in other parts than their rules', so that the column of
// series reads otherwise.
var relaid = map[string]bool{"target/final-with-shoot-off": true}

// finer are from a timing system that reads thousandths where places are
// decided in hundredths: no judge enters such a time.
var finer = map[string]string{"timed/swimming-tie": "too-fine"}

// TestGolden takes every golden document of every kind that is judged apart
// into single inputs, enters them one by one as a judge would, and ranks the
// whole after each: nothing that happened may be refused on the way, and in the
// end the document ranks as it did, with the same results, columns and reasons.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "scoring", "*", "testdata", "*.golden"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d golden documents found, %v", len(files), err)
	}
	seen := map[string]int{}
	for _, file := range files {
		doc := document(t, file)
		if !Judged(doc.Ruleset.Kind) {
			continue
		}
		seen[doc.Ruleset.Kind]++
		label := doc.Ruleset.Kind + "/" + strings.TrimSuffix(filepath.Base(file), ".golden")
		t.Run(label, func(t *testing.T) { again(t, label, doc) })
	}
	for kind := range table {
		if seen[kind] == 0 {
			t.Errorf("no golden document of kind %s", kind)
		}
	}
}

func document(t *testing.T, file string) kinds.Document {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(raw), "\n----\n")
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
	}
	var doc kinds.Document
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return doc
}

// measureOf is what a document's marks count, where the unit would say so.
func measureOf(doc kinds.Document) scoring.Measure {
	for _, raw := range doc.Lines {
		if strings.Contains(string(raw), `"body_weight"`) {
			return scoring.Grams
		}
	}
	return scoring.Millimetres
}

func again(t *testing.T, label string, doc kinds.Document) {
	want, wanted := kinds.Rank(doc)
	composed, refused := entered(t, doc, wanted == nil)
	if wanted != nil {
		if refused == nil {
			_, refused = kinds.Rank(composed)
		}
		if refused == nil {
			t.Errorf("a document that is refused (%v) is not, once it is entered", wanted)
		}
		return
	}
	var fault *scoring.Invalid
	if errors.As(refused, &fault) && fault.Problem == finer[label] {
		return
	}
	if refused != nil {
		t.Fatal(refused)
	}
	got, err := kinds.Rank(composed)
	if err != nil {
		t.Fatal(err)
	}
	want, got = facts(label, want), facts(label, got)
	if !reflect.DeepEqual(want, got) {
		t.Errorf("want %+v\ngot  %+v", want, got)
	}
}

// facts are what must come out again.
func facts(label string, rankings []kinds.Ranking) []kinds.Ranking {
	for _, r := range rankings {
		for i := range r.Lines {
			l := &r.Lines[i]
			if l.IRM != "" && !l.IRM.KeepsMark() {
				l.Mark = nil // what somebody ran who is disqualified is told by nobody
			}
			if held[label] && l.Rank == 0 {
				l.Reason, l.Columns = scoring.Reason{}, nil
			}
			if relaid[label] {
				l.Columns = slices.DeleteFunc(l.Columns, func(c scoring.Column) bool { return c.Name == "series" })
			}
			if len(l.Columns) == 0 {
				l.Columns = nil
			}
		}
	}
	return rankings
}

// entered enters a document's inputs one by one. Where the document itself
// ranks, every state on the way must.
func entered(t *testing.T, doc kinds.Document, ranks bool) (kinds.Document, error) {
	t.Helper()
	base, err := Facts(doc)
	if err != nil {
		return doc, err
	}
	given, err := Entries(doc)
	if err != nil {
		return doc, err
	}
	values := map[string]Values{}
	pad, err := Of(base, measureOf(doc), values)
	if err != nil {
		return doc, err
	}
	_, before := kinds.Rank(Partial(base))
	for _, g := range given {
		if _, known := pad.Cell(g.Line, g.Cell); !known { // the draw has brought it
			if pad, err = Of(base, measureOf(doc), values); err != nil {
				return doc, err
			}
		}
		c, ok := pad.Cell(g.Line, g.Cell)
		if !ok && ranks {
			t.Fatalf("line %s has no cell %s", g.Line, g.Cell)
		} else if !ok {
			return doc, fmt.Errorf("line %s has no cell %s", g.Line, g.Cell)
		}
		text := c.Text(g.Value)
		if g.IRM != "" && g.Mark == nil {
			text = ""
		}
		v, err := pad.Read(g.Line, g.Cell, text, g.IRM, g.Rule)
		if err != nil {
			return doc, err
		}
		if !reflect.DeepEqual(v, g.Value) {
			t.Errorf("line %s cell %s: %+v printed as %q is read as %+v", g.Line, g.Cell, g.Value, text, v)
		}
		if values[g.Line] == nil {
			values[g.Line] = Values{}
		}
		values[g.Line][g.Cell] = v
		now, err := Compose(base, values)
		if err != nil {
			return doc, err
		}
		var fault *scoring.Invalid
		if _, err := kinds.Rank(Partial(now)); before == nil && ranks && errors.As(err, &fault) {
			t.Fatalf("after line %s cell %s = %q: %v", g.Line, g.Cell, text, err)
		}
	}
	return Compose(base, values)
}
