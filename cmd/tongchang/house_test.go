package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// arrows says who may import whom: a package, or a folder with everything in
// it (…/...), and what of ours it may know. Drawing one the other way is a
// change of the design and belongs into docs/architecture.md first.
var arrows = []struct {
	from string
	to   []string
}{
	{"scoring", nil},
	{"scoring/...", []string{"scoring", "scoring/..."}},
	{"live", nil},
	{"events/ledgertest", nil},
	{"events", []string{"events/...", "scoring", "scoring/..."}},
	{"events/entry", []string{"events/identity", "scoring"}},
	{"events/plan", []string{"events/entry", "scoring", "scoring/packs", "scoring/regulation", "scoring/medals"}},
	{"events/workbook", []string{"events/identity", "scoring"}},
	{"events/registration", []string{"events/access", "events/entry", "events/identity", "events/workbook", "scoring"}}, // brings rows, rules and rights together
	{"events/forms", []string{"events/entry", "events/identity", "events/registration", "events/workbook", "scoring"}},
	{"events/find", []string{"events/spoken"}}, // names are found by their sound
	{"events/panels", []string{"events/classes"}},
	{"events/outcomes", []string{"events/classes", "events/identity", "events/workbook", "scoring"}},
	{"events/...", []string{"scoring", "scoring/..."}},
	{"web", []string{"events", "events/...", "scoring", "scoring/...", "live", "web/answers"}},
	{"web/answers", nil},
	{"web/relay", []string{"live", "web", "web/answers"}},
	{"cmd/...", []string{"cmd/...", "web", "web/relay", "events", "events/...", "live", "scoring", "scoring/..."}},
}

// TestArrows holds the house's import arrows, and scoring to the standard library.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "tongchang/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		from := strings.TrimPrefix(p.ImportPath, "tongchang/")
		may, known := allowed(from)
		if !known {
			t.Errorf("package %s is in no room of the house", from)
		}
		for _, i := range p.Imports {
			to, ours := strings.CutPrefix(i, "tongchang/")
			switch {
			case ours && !matches(may, to):
				t.Errorf("%s imports %s: that arrow is not in the design", from, to)
			case !ours && strings.HasPrefix(from, "scoring") && strings.Contains(i, "."):
				t.Errorf("%s imports %s: rules use the standard library alone", from, i)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages seen", seen)
	}
}

func allowed(from string) ([]string, bool) {
	for _, a := range arrows {
		if matches([]string{a.from}, from) {
			return a.to, true
		}
	}
	return nil, false
}

func matches(patterns []string, pkg string) bool {
	for _, p := range patterns {
		folder, all := strings.CutSuffix(p, "/...")
		if p == pkg || all && strings.HasPrefix(pkg, folder+"/") {
			return true
		}
	}
	return false
}
