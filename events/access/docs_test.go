package access

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestDocs holds the table in docs/access.md to the one that decides.
func TestDocs(t *testing.T) {
	raw, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	sign := map[Scope]string{Everything: "all", OwnDelegation: "own delegation", OwnDiscipline: "own discipline", "": "–"}
	for _, act := range Acts() {
		var cells []string
		for _, role := range Roles {
			cells = append(cells, sign[Table[act][role]])
		}
		want := fmt.Sprintf("| `%s` | ", act)
		found := false
		for l := range strings.Lines(string(raw)) {
			if rest, ok := strings.CutPrefix(l, want); ok {
				found = true
				if _, row, _ := strings.Cut(rest, " | "); strings.TrimSpace(row) != strings.Join(cells, " | ")+" |" {
					t.Errorf("docs/access.md has for %s\n%s\nwant\n%s |", act, strings.TrimSpace(row), strings.Join(cells, " | "))
				}
			}
		}
		if !found {
			t.Errorf("docs/access.md has no row for %s; add\n%sWHAT | %s |", act, want, strings.Join(cells, " | "))
		}
	}
}
