package web

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongchang/events/pads"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// Every cell of every kind is named in both languages, and every choice that is
// not a number is said in words.
func TestCellsHaveWords(t *testing.T) {
	files, err := filepath.Glob("../scoring/*/testdata/*.golden")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d golden documents, %v", len(files), err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(string(raw), "\n----")
		var doc kinds.Document
		if err := json.Unmarshal([]byte(text[max(0, strings.Index(text, "{")):]), &doc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		pad, err := pads.Of(doc, scoring.Grams, nil)
		if err != nil {
			continue // rules that their kind refuses
		}
		cells := pad.Cells
		for _, m := range pad.Matches {
			cells = append(cells, m.Cells...)
		}
		for i := range cells {
			c := &cells[i]
			seen[c.Words[0]] = true
			for _, choice := range c.Choices {
				word := c.ChoiceWord(choice)
				if word == "" && strings.Trim(choice, "0123456789") != "" {
					t.Errorf("%s: %s has no word for %q", file, c.Name, choice)
				}
				seen[word] = true
			}
		}
	}
	for _, lang := range []string{Chinese, English} {
		catalogue := keysOf(t, lang)
		for key := range seen {
			if key != "" && catalogue[key] == nil {
				t.Errorf("%s has no %q", lang, key)
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d words seen", len(seen))
	}
}
