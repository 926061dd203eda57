package events

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tongchang/events/entry"
	"tongchang/events/ledgertest"
)

var quoted = regexp.MustCompile("`([a-z_]+)`")

func quotedIn(text string) (words []string) {
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		words = append(words, m[1])
	}
	return words
}

// register is the register of docs/privacy.md.
type register struct {
	plain  []string            // columns about nobody
	empty  []string            // tables about nobody
	tables map[string][]string // columns about people
	sealed []string
}

func readRegister(t *testing.T) register {
	t.Helper()
	raw, err := os.ReadFile("../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(raw), "## Register")
	if !ok {
		t.Fatal("docs/privacy.md has no register")
	}
	r := register{tables: map[string][]string{}}
	head, rest, _ := strings.Cut(text, "Nobody's data:")
	r.plain = quotedIn(head)
	empty, _, _ := strings.Cut(rest, "\n(")
	r.empty = quotedIn(empty)
	for line := range strings.Lines(rest) {
		cells := strings.Split(line, "|")
		if len(cells) > 5 && strings.Contains(cells[1], "`") {
			r.tables[quotedIn(cells[1])[0]] = quotedIn(cells[2])
			for _, cell := range cells[3:6] {
				if strings.TrimSpace(cell) == "" {
					t.Errorf("%s: what for, who or how long is missing", cells[1])
				}
			}
		}
		if sealed, ok := strings.CutPrefix(line, "Sealed with a registration:"); ok {
			r.sealed = quotedIn(sealed)
		}
	}
	return r
}

// TestRegister: no table and no column about people is kept that the register
// does not name, and it names none that is not there.
func TestRegister(t *testing.T) {
	r := readRegister(t)
	s := open(t, ledgertest.New(t, "sqlite"))
	var columns []struct{ Tab, Col string }
	err := s.r.NewRaw(`SELECT m.name AS tab, p.name AS col FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY 1, 2`).Scan(t.Context(), &columns)
	if err != nil {
		t.Fatal(err)
	}
	schema := map[string][]string{}
	for _, c := range columns {
		schema[c.Tab] = append(schema[c.Tab], c.Col)
	}
	for table, cols := range schema {
		about, ok := r.tables[table]
		if !ok && !slices.Contains(r.empty, table) {
			t.Errorf("table %s is not in the register", table)
		}
		for _, c := range cols {
			if ok && !slices.Contains(about, c) && !slices.Contains(r.plain, c) {
				t.Errorf("%s.%s is not in the register", table, c)
			}
		}
		for _, c := range about {
			if !slices.Contains(cols, c) {
				t.Errorf("%s.%s is in the register, and not in the schema", table, c)
			}
		}
	}
	for _, table := range append(slices.Collect(maps.Keys(r.tables)), r.empty...) {
		if schema[table] == nil {
			t.Errorf("table %s is in the register, and not in the schema", table)
		}
	}
	for _, f := range []entry.Field{entry.ID, entry.Cert, entry.Cat, entry.Level, entry.Valid, entry.Phone, entry.Guardian, entry.Remark, entry.Paper, entry.Extra} {
		if Sealed(f) != slices.Contains(r.sealed, string(f)) {
			t.Errorf("field %s: sealed is %v, the register says otherwise", f, Sealed(f))
		}
	}
	if len(r.tables) < 20 || len(r.plain) < 50 {
		t.Errorf("only %d tables and %d columns were read", len(r.tables), len(r.plain))
	}
}
