package pads

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

func unit(kind, rules string, ids ...string) kinds.Document {
	doc := kinds.Document{Schema: kinds.Schema, Ruleset: kinds.Ruleset{Name: kind, Version: "test", Kind: kind, Rules: json.RawMessage(rules)}}
	for _, id := range ids {
		doc.Lines = append(doc.Lines, json.RawMessage(fmt.Sprintf(`{"id":%q}`, id)))
	}
	return doc
}

// write enters what a table says: line, cell, text, three words each.
func write(t *testing.T, c *Card, inputs ...string) error {
	t.Helper()
	for i := 0; i+2 < len(inputs); i += 3 {
		v, err := c.Read(inputs[i], inputs[i+1], inputs[i+2], "", "")
		if err == nil {
			err = c.Write(inputs[i], inputs[i+1], v)
		}
		if err != nil {
			return fmt.Errorf("%s %s %q: %w", inputs[i], inputs[i+1], inputs[i+2], err)
		}
	}
	return nil
}

// attemptsOf are a thrower's first attempts as inputs.
func attemptsOf(line string, marks ...string) []string {
	var in []string
	for i, m := range marks {
		in = append(in, line, attemptCell(i), m)
	}
	return in
}

// Who still waits is what an official would say: nobody's line is done before
// its last attempt, its last light, its last match.
func TestOwed(t *testing.T) {
	nine := unit("series", `{}`, "1", "2", "3", "4", "5", "6", "7", "8", "9")
	var cut []string
	for i := range 9 {
		cut = append(cut, attemptsOf(number(i+1), "6."+number(i+1), "X", "-")...)
	}
	var lastThree []string
	for i := range 8 {
		for n := range 3 {
			lastThree = append(lastThree, number(i+2), attemptCell(n+3), "6.00")
		}
	}
	pool := unit("pool", `{"sport":"table-tennis"}`, "A", "B", "C")
	lift := unit("lifts", `{"attempts":1}`, "A")
	for name, tt := range map[string]struct {
		doc    kinds.Document
		inputs []string
		owed   string
	}{
		"nothing yet":                         {unit("series", `{"attempts":2}`, "A", "B"), nil, "A B"},
		"one attempt is missing":              {unit("series", `{"attempts":2}`, "A", "B"), append(attemptsOf("A", "6.10", "X"), attemptsOf("B", "6.00")...), "B"},
		"retired":                             {unit("series", `{}`, "A", "B"), append(attemptsOf("A", "6.10", "r"), attemptsOf("B", "6.00")...), "B"},
		"before the cut everybody waits":      {nine, cut[:len(cut)-3], "1 2 3 4 5 6 7 8 9"},
		"after the cut the ninth is done":     {nine, cut, "2 3 4 5 6 7 8 9"},
		"after the last three":                {nine, slices.Concat(cut, lastThree), ""},
		"three failures":                      {unit("vertical", `{"heights":[1600,1650]}`, "A"), []string{"A", "1.60-1", "X", "A", "1.60-2", "X", "A", "1.60-3", "x"}, ""},
		"failures at two heights":             {unit("vertical", `{"heights":[1600,1650]}`, "A"), []string{"A", "1.60-1", "X", "A", "1.60-2", "-", "A", "1.65-1", "X"}, "A"},
		"the last height":                     {unit("vertical", `{"heights":[1600,1650]}`, "A"), []string{"A", "1.60-1", "-", "A", "1.65-1", "O"}, ""},
		"declared, not lifted":                {lift, []string{"A", "body-weight", "70", "A", "attempt-1/weight", "120"}, "A"},
		"two lights of three":                 {lift, []string{"A", "body-weight", "70", "A", "attempt-1/weight", "120", "A", "attempt-1/judge-1", "white", "A", "attempt-1/judge-3", "red"}, "A"},
		"three lights":                        {lift, []string{"A", "body-weight", "70", "A", "attempt-1/weight", "120", "A", "attempt-1/judge-1", "white", "A", "attempt-1/judge-3", "red", "A", "attempt-1/judge-2", "white"}, ""},
		"declined":                            {lift, []string{"A", "body-weight", "70", "A", "attempt-1/weight", "declined"}, ""},
		"no match of three":                   {pool, nil, "A B C"},
		"one match of three":                  {pool, []string{"A", "A-B/game-1", "11:5", "A", "A-B/game-2", "11:5", "A", "A-B/game-3", "11:5"}, "A B C"},
		"a walkover and who did not come out": {pool, []string{"A", "A-B/end", "walkover b", "B", "irm", "DNS", "A", "A-C/end", "retired a"}, ""},
		"a match that is on":                  {unit("pool", `{"sport":"goalball"}`, "A", "B"), []string{"A", "A-B/half-1", "3:1", "A", "A-B/half-2", "1:1"}, "A B"},
		"the whistle":                         {unit("pool", `{"sport":"goalball"}`, "A", "B"), []string{"A", "A-B/half-1", "3:1", "A", "A-B/half-2", "1:1", "A", "A-B/over", "yes"}, ""},
		"ten goals end it":                    {unit("pool", `{"sport":"goalball"}`, "A", "B"), []string{"A", "A-B/half-1", "10:0"}, ""},
		"a final of which one is out":         {unit("target", `{"sport":"shooting-final","hits":4,"series":4,"out":2,"step":2}`, "A", "B"), []string{"A", "end-1/hit-1", "10.1", "B", "end-1/hit-1", "9.0", "A", "end-1/hit-2", "10.0", "B", "end-1/hit-2", "9.1"}, "A"},
		"a panel of which one is missing":     {unit("panel", `{"judges":["a","b"],"high":10000}`, "A"), []string{"A", "performance-1/judge-1", "9"}, "A"},
		"not started":                         {unit("panel", `{"judges":["a","b"],"high":10000}`, "A"), []string{"A", "irm", "dns"}, ""},
		"one run of two":                      {unit("factored", `{"runs":2}`, "A"), nil, "A"},
	} {
		c, err := Open(tt.doc, scoring.Grams, map[string]Values{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := write(t, c, tt.inputs...); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		owed, ok := c.Owed()
		if got := strings.Join(slices.Sorted(maps.Keys(owed)), " "); !ok || got != tt.owed {
			t.Errorf("%s: %q is owed, want %q", name, got, tt.owed)
		}
	}
}

// What the kind would not rank is not written, and says why.
func TestWriteRefused(t *testing.T) {
	level := unit("lifts", `{"attempts":1}`, "A", "B")
	for name, tt := range map[string]struct {
		doc     kinds.Document
		inputs  []string
		problem string
	}{
		"attempt after retiring":   {unit("series", `{}`, "A"), attemptsOf("A", "6.10", "r", "6.20"), "after-retiring"},
		"attempt three before two": {unit("series", `{}`, "A"), []string{"A", "attempt-1", "X", "A", "attempt-3", "X"}, "cell-gap"},
		"did not start and threw":  {unit("series", `{}`, "A"), append(attemptsOf("A", "6.10"), "A", "irm", "DNS"), "started-and-not"},
		"a height left open":       {unit("vertical", `{"heights":[1600,1650]}`, "A"), []string{"A", "1.60-1", "X", "A", "1.65-1", "O"}, "height-unfinished"},
		"after three failures":     {unit("vertical", `{"heights":[1600,1650]}`, "A"), []string{"A", "1.60-1", "X", "A", "1.60-2", "X", "A", "1.60-3", "X", "A", "1.65-1", "O"}, "jump-after-three-failures"},
		"lighter after a failure": {unit("lifts", ``, "A"), []string{"A", "body-weight", "70", "A", "attempt-1/weight", "120", "A", "attempt-1/judge-1", "red", "A", "attempt-1/judge-2", "red",
			"A", "attempt-1/judge-3", "red", "A", "attempt-2/weight", "115"}, "weight-lowered"},
		"light without a weight":   {level, []string{"A", "body-weight", "70", "A", "attempt-1/judge-1", "white"}, "cell-gap"},
		"a game that cannot be":    {unit("pool", `{"sport":"table-tennis"}`, "A", "B"), []string{"A", "A-B/game-1", "13:10"}, "impossible-score"},
		"a game too many":          {unit("pool", `{"sport":"table-tennis"}`, "A", "B"), []string{"A", "A-B/game-1", "11:0", "A", "A-B/game-2", "11:0", "A", "A-B/game-3", "11:0", "A", "A-B/game-4", "11:0"}, "after-decided"},
		"walkover after games":     {unit("pool", `{"sport":"table-tennis"}`, "A", "B"), []string{"A", "A-B/game-1", "11:0", "A", "A-B/end", "walkover b"}, "score-and-walkover"},
		"a shot of who has gone":   {unit("target", `{"sport":"shooting-final","hits":4,"series":4,"out":2,"step":2}`, "A", "B"), []string{"A", "end-1/hit-1", "10.1", "B", "end-1/hit-1", "9.0", "A", "end-1/hit-2", "10.0", "B", "end-1/hit-2", "9.1", "B", "end-1/hit-3", "9.0"}, "shot-after-exit"},
		"judge of another's level": {unit("panel", `{"judges":["a","b"],"high":10000,"step":500}`, "A"), []string{"A", "performance-1/judge-1", "9.3"}, "not-a-step"},
	} {
		c, err := Open(tt.doc, scoring.Grams, map[string]Values{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var fault *scoring.Invalid
		if err := write(t, c, tt.inputs...); !errors.As(err, &fault) || fault.Problem != tt.problem {
			t.Errorf("%s: %v, want %s", name, err, tt.problem)
		}
	}
}

// Two lifters level in lift and body weight: one second weighing alone changes
// no place, the second one decides, and until then it is owed.
func TestEvenScales(t *testing.T) {
	c, err := Open(unit("lifts", `{"attempts":1}`, "A", "B"), scoring.Grams, map[string]Values{})
	if err != nil {
		t.Fatal(err)
	}
	var in []string
	for _, id := range []string{"A", "B"} {
		in = append(in, id, "body-weight", "70", id, "attempt-1/weight", "120", id, "attempt-1/judge-1", "white", id, "attempt-1/judge-2", "white", id, "attempt-1/judge-3", "white")
	}
	ranks := func() string {
		t.Helper()
		ranked, err := kinds.Rank(c.even())
		if err != nil {
			t.Fatal(err)
		}
		s := ""
		for _, l := range ranked[0].Lines {
			s += fmt.Sprint(l.ID, l.Rank, " ")
		}
		owed, _ := c.Owed()
		return s + strings.Join(slices.Sorted(maps.Keys(owed)), "")
	}
	for _, step := range []struct {
		inputs []string
		want   string
	}{
		{in, "A1 B1 "},
		{[]string{"B", "reweigh", "69.9"}, "A1 B1 A"},
		{[]string{"A", "reweigh", "70.1"}, "B1 A2 "},
	} {
		if err := write(t, c, step.inputs...); err != nil {
			t.Fatal(err)
		}
		if got := ranks(); got != step.want {
			t.Errorf("after %v: %q, want %q", step.inputs, got, step.want)
		}
	}
}

// A card is the same whether it was filled in input by input or composed at
// once, it ranks at every moment, and a refused input leaves no trace.
func TestCardProperties(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "scoring", "*", "testdata", "*.golden"))
	if err != nil {
		t.Fatal(err)
	}
	var docs []kinds.Document
	for _, file := range files {
		doc := document(t, file)
		if _, err := kinds.Rank(doc); err != nil || !Judged(doc.Ruleset.Kind) || len(doc.Lines) > 12 {
			continue
		}
		if base, err := Facts(doc); err == nil {
			docs = append(docs, base)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		doc := rapid.SampledFrom(docs).Draw(t, "document")
		doc.Groups = nil
		c, err := Open(doc, measureOf(doc), map[string]Values{})
		if err != nil {
			t.Fatal(err)
		}
		ranked := c.ranks
		for range rapid.IntRange(1, 25).Draw(t, "inputs") {
			line, err := idOf(rapid.SampledFrom(doc.Lines).Draw(t, "line"))
			if err != nil {
				t.Fatal(err)
			}
			cells := c.Of(line)
			if len(cells) > 4 && rapid.Bool().Draw(t, "early") {
				cells = cells[:4]
			}
			cell := rapid.SampledFrom(cells).Draw(t, "cell")
			step(t, c, line, cell, some(t, &cell))
			if ranked && !c.ranks {
				t.Fatalf("after %s %s the card does not rank", line, cell.Name)
			}
			ranked = c.ranks
			if _, err := kinds.Rank(Partial(c.even())); ranked && err != nil {
				t.Fatalf("after %s %s: %v", line, cell.Name, err)
			}
		}
	})
}

// step writes an input, and looks at the card from outside.
func step(t *rapid.T, c *Card, line string, cell Cell, v Value) {
	before, cells := copied(c.full), maps.Clone(c.values[line])
	if err := c.Write(line, cell.Name, v); err != nil {
		if !reflect.DeepEqual(before, copied(c.full)) || !maps.Equal(cells, c.values[line]) {
			t.Fatalf("%s %s = %+v was refused (%v) and left a trace", line, cell.Name, v, err)
		}
		return
	}
	fresh, err := newCard(c.facts, c.values)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(copied(fresh.full), copied(c.full)) {
		t.Fatalf("after %s %s = %+v: composed at once %s, one by one %s", line, cell.Name, v, copied(fresh.full), copied(c.full))
	}
}

func copied(doc kinds.Document) string {
	raw, err := json.Marshal(doc)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// some is an input that the cell takes, or nothing.
func some(t *rapid.T, c *Cell) Value {
	switch {
	case rapid.IntRange(0, 9).Draw(t, "clear") == 0:
		return Value{}
	case c.Input == Reason:
		return Value{IRM: rapid.SampledFrom(c.Reasons).Draw(t, "reason"), Rule: "r"}
	case len(c.Choices) > 0 && (c.Input == Choice || rapid.Bool().Draw(t, "choice")):
		return Value{Text: rapid.SampledFrom(c.Choices).Draw(t, "choice")}
	case c.Input == Score:
		most := int(c.Max)
		if most == 0 {
			most = 30
		}
		return scoreValue([2]int{rapid.IntRange(0, most).Draw(t, "a"), rapid.IntRange(0, most).Draw(t, "b")})
	case c.Input == Wind:
		return Value{Text: windText(rapid.IntRange(-200, 200).Draw(t, "wind"))}
	case c.Input == Text:
		return Value{Text: "a sentence"}
	}
	most := c.Max
	if most == 0 || most > 500_000 {
		most = 500_000
	}
	n := rapid.Int64Range(max(c.Min, 0), most).Draw(t, "n")
	if c.Step > 1 {
		n = max(c.Min, 0) + (n-max(c.Min, 0))/c.Step*c.Step
	}
	return markValue(scoring.Mark(n))
}
