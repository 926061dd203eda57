package kinds

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongchang/scoring"
)

var update = flag.Bool("update", false, "write what the rules answer into the golden files")

// TestGolden ranks every document in scoring/*/testdata/*.golden. A golden file
// has three parts:
//
//	# what the case is and the rule it quotes; any number of such lines
//	{ "schema": "tongchang/ranking/1", … }      the document
//	----
//	group | rank | sort | id | result | columns | reason
//
// where a document without groups says "all" and a line without a place "-".
// The reason reads: rule own / other < line compared with [source]. A document
// that must be refused has one line, "refused: …", with the fields of the
// scoring.Invalid. `go test ./scoring/kinds -update` writes the last part; look
// at the difference before committing it.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "*", "testdata", "*.golden"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no golden files found below scoring")
	}
	for _, file := range files {
		room := filepath.Base(filepath.Dir(filepath.Dir(file)))
		t.Run(room+"/"+strings.TrimSuffix(filepath.Base(file), ".golden"), func(t *testing.T) {
			golden(t, file)
		})
	}
}

const line = "----\n"

func golden(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	input, want, found := strings.Cut(string(raw), "\n"+line)
	if !found {
		t.Fatalf("%s: no line of dashes between document and answer", file)
	}
	if !strings.HasPrefix(input, "#") {
		t.Errorf("%s: does not open by saying what the case is", file)
	}
	got := answer(t, input)
	if *update {
		if err := os.WriteFile(file, []byte(input+"\n"+line+got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s:\n%s", file, difference(want, got))
	}
}

// answer ranks the document and prints what the rules say.
func answer(t *testing.T, input string) string {
	t.Helper()
	for strings.HasPrefix(input, "#") {
		_, input, _ = strings.Cut(input, "\n")
	}
	var doc Document
	d := json.NewDecoder(strings.NewReader(input))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("document: %v", err)
	}
	rankings, err := Rank(doc)
	var invalid *scoring.Invalid
	switch {
	case errors.As(err, &invalid):
		return fmt.Sprintf("refused: line %q field %q problem %s with %q rule %q\n",
			invalid.Line, invalid.Field, invalid.Problem, invalid.With, invalid.Rule)
	case err != nil:
		t.Fatalf("an error that is not a *scoring.Invalid: %v", err)
	}
	var b bytes.Buffer
	for _, ranking := range rankings {
		for _, r := range ranking.Lines {
			fmt.Fprintln(&b, sentence(ranking.Group, r))
		}
	}
	return b.String()
}

func sentence(group string, r scoring.Ranked) string {
	group = cmp.Or(group, "all")
	rank := "-"
	if r.Rank > 0 {
		rank = fmt.Sprint(r.Rank)
	}
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = c.Name + "=" + c.Text
	}
	reason := r.Reason.Rule
	if r.Reason.Own != "" {
		reason += " " + r.Reason.Own
	}
	if r.Reason.Against != "" {
		reason += " / " + r.Reason.Other + " < " + r.Reason.Against
	}
	if r.Reason.Source != "" {
		reason += " [" + r.Reason.Source + "]"
	}
	return strings.Join([]string{group, rank, fmt.Sprint(r.SortOrder), r.ID, r.Result, strings.Join(columns, " "), reason}, " | ")
}

// difference shows the first line that is not as expected, with its number.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := 0; i < len(w) || i < len(g); i++ {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("answer line %d\nwant %s\ngot  %s", i+1, a, b)
		}
	}
	return "only the end of the file differs"
}
