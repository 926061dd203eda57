package packs_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/marking"
	"tongchang/scoring/packs"
)

func builtin(t *testing.T) packs.Packs {
	t.Helper()
	p, err := packs.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuiltin(t *testing.T) {
	p := builtin(t)
	for what, n := range map[string]int{
		"disciplines": len(p.Disciplines), "event types": len(p.EventTypes), "classes": len(p.Classes), "weights": len(p.Weights),
		"levels": len(p.Levels), "factors": len(p.Factors), "skills": len(p.Skills), "schemes": len(p.Schemes),
	} {
		if n == 0 {
			t.Errorf("no %s", what)
		}
	}
	for _, e := range p.EventTypes {
		if !slices.Contains(kinds.Names(), e.Kind) {
			t.Errorf("%s %s is scored as %q, which is no kind", e.Discipline, e.Code, e.Kind)
		}
	}
	for _, d := range p.Disciplines {
		if !slices.ContainsFunc(p.EventTypes, func(e packs.EventType) bool { return e.Discipline == d.Code }) {
			t.Errorf("%s has no event", d.Code)
		}
		if !slices.ContainsFunc(p.Classes, func(c packs.Class) bool { return c.Discipline == d.Code }) {
			t.Errorf("%s has no class", d.Code)
		}
	}
}

// The example scheme can be marked by, from an empty sheet to full marks.
func TestExampleScheme(t *testing.T) {
	rules := builtin(t).Schemes["SK19"]
	full := marking.Line{ID: "1", Aspects: map[string]marking.Score{}}
	for _, c := range rules.Criteria {
		for _, s := range c.Sub {
			for _, a := range s.Aspects {
				full.Aspects[a.ID] = best(a)
			}
		}
	}
	hundred, time := scoring.Whole(100), scoring.Mark(9_000_000)
	full.Theory, full.Time = &hundred, &time
	ranked, err := marking.Rank(rules, []marking.Line{full})
	if err != nil || ranked[0].Result != "100.00" {
		t.Errorf("perfect work has %+v, %v; want 100.00", ranked, err)
	}
}

// best is an entry that earns all of an aspect.
func best(a marking.Aspect) marking.Score {
	three, yes := scoring.Whole(3), true
	switch a.Kind {
	case marking.Judgement:
		return marking.Score{Judges: map[string]scoring.Ratio{"J1": three, "J2": three, "J3": three}}
	case marking.Value:
		return marking.Score{Value: &a.Bands[0].From}
	case marking.Formula:
		s := marking.Score{Counts: map[string]int{}}
		for _, c := range a.Counts {
			if c.Each.Sign() > 0 {
				s.Counts[c.ID] = 99
			} else {
				s.Counts[c.ID] = 0
			}
		}
		return s
	}
	return marking.Score{Yes: &yes}
}

func TestWeightOf(t *testing.T) {
	p := builtin(t)
	for _, tt := range []struct {
		day, sex string
		body     scoring.Mark
		want     string
	}{
		{"2027-06-20", "W", 73_000, "73"}, {"2027-06-20", "W", 73_010, "79"}, {"2027-06-20", "W", 67_010, "73"}, {"2027-06-20", "W", 40_000, "41"},
		{"2027-06-20", "M", 107_000, "107"}, {"2027-06-20", "M", 107_010, "107+"}, {"2027-06-20", "W", 150_000, "86+"},
		{"2008-09-12", "M", 67_500, "67.5"}, {"2008-09-12", "M", 67_510, "75"},
		{"2008-09-12", "W", 60_000, ""}, // the women's categories of 2008 were not found
		{"2010-01-01", "M", 60_000, ""}, {"2027-06-20", "X", 60_000, ""},
	} {
		w, ok := p.WeightOf(tt.day, tt.sex, tt.body)
		if w.Category != tt.want || ok != (tt.want != "") {
			t.Errorf("%s of %d g on %s lifts in %q, want %q", tt.sex, tt.body, tt.day, w.Category, tt.want)
		}
	}
}

func TestFactorOf(t *testing.T) {
	p := builtin(t)
	for _, tt := range []struct{ day, discipline, event, class, want string }{
		{"2012-02-11", "AS", "SL", "LW10-1", "0.7234"}, {"2012-02-11", "AS", "DH", "LW12-2", "0.8605"},
		{"2013-01-20", "XC", "MID", "LW10.5", "0.91"},
		{"2012-02-11", "AS", "SL", "LW1", ""},    // not found: no factor, never 1
		{"2027-02-11", "AS", "SL", "LW10-1", ""}, // that season's were not found
	} {
		f, ok := p.FactorOf(tt.day, tt.discipline, tt.event, tt.class)
		if ok != (tt.want != "") || ok && f.String() != tt.want {
			t.Errorf("%+v: factor %v, %v", tt, f, ok)
		}
	}
}

func TestPossible(t *testing.T) {
	p := builtin(t)
	codes := func(discipline string, categories ...int) string {
		var cs []string
		for _, c := range p.Possible(discipline, categories...) {
			cs = append(cs, c.Code)
		}
		return strings.Join(cs, " ")
	}
	if got := codes("GB", 1); got != "B1 B2 B3" {
		t.Errorf("visual category in goalball: %s", got)
	}
	if got := codes("GB", 4); got != "" {
		t.Errorf("physical category in goalball: %s", got)
	}
	if got := codes("TT", 5); got != "TT11" {
		t.Errorf("intellectual category in table tennis: %s", got)
	}
	if got := codes("SW", 2); got != "S15 SB15 SM15" {
		t.Errorf("hearing category in swimming: %s", got)
	}
	for code, partner := range map[string]string{"T11": "guide", "T13": ""} {
		if c, ok := p.ClassOf("AT", code); !ok || c.Partner != partner {
			t.Errorf("%s: %+v, want partner %q", code, c, partner)
		}
	}
	if c, ok := p.ClassOf("BC", "BC3"); !ok || c.Partner != "ramp" {
		t.Errorf("BC3: %+v, want a ramp operator", c)
	}
}

// Every class and event that the sample edition admits is in the packs.
func TestSampleEdition(t *testing.T) {
	p := builtin(t)
	events := sample(t, "para-games")
	names := map[string]bool{}
	for _, e := range p.EventTypes {
		names[e.Discipline+" "+e.Chinese] = true
	}
	unknown := map[string]bool{}
	for _, e := range events {
		discipline, _, _ := strings.Cut(e["code"], "-")
		for _, class := range strings.Fields(e["admits_classes"]) {
			if _, ok := p.ClassOf(discipline, class); !ok {
				unknown[discipline+" class "+class] = true
			}
		}
		if discipline != "PL" && !names[discipline+" "+e["event"]] {
			unknown[discipline+" event "+e["event"]] = true
		}
	}
	if len(unknown) > 0 {
		t.Errorf("not in the packs: %v", unknown)
	}
	skills := map[string]string{}
	for _, s := range p.Skills {
		skills[s.Code] = s.Chinese
	}
	for _, e := range sample(t, "skills") {
		if skills[e["code"]] != e["event"] {
			t.Errorf("skill %s is %q here, %q in the sample", e["code"], skills[e["code"]], e["event"])
		}
	}
}

// sample reads the events of a sample edition, by column.
func sample(t *testing.T, edition string) []map[string]string {
	t.Helper()
	dir := os.Getenv("TONGCHANG_SAMPLES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "samples")
	}
	file, err := os.Open(filepath.Join(dir, "registration", edition, "events.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("NOT TESTED: that the packs hold every event and class of the sample edition %s: %v", edition, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var events []map[string]string
	for _, row := range rows[1:] {
		e := map[string]string{}
		for i, column := range rows[0] {
			e[strings.TrimPrefix(column, "\ufeff")] = row[i]
		}
		events = append(events, e)
	}
	return events
}

func TestReadRefuses(t *testing.T) {
	const head = "# source: s\n# version: 1\n# valid-from: 2026-01-01\n"
	for name, tt := range map[string]struct{ file, content, field, problem string }{
		"no source":              {"disciplines.tsv", "# version: 1\n# valid-from: 2026-01-01\ncode\n", "source", "head-missing"},
		"no version":             {"disciplines.tsv", "# source: s\n# valid-from: 2026-01-01\n", "version", "head-missing"},
		"a day that never was":   {"disciplines.tsv", "# source: s\n# version: 1\n# valid-from: 2026-02-30\n", "valid-from", "head-missing"},
		"ends before it begins":  {"disciplines.tsv", head + "# valid-to: 2025-01-01\n", "valid-to", "head-missing"},
		"other columns":          {"disciplines.tsv", head + "code\tname\n", "columns", "columns-differ"},
		"a cell too few":         {"record_levels.tsv", head + "id\tzh\ten\trecognised\nworld\t世界\tWorld\n", "columns", "columns-differ"},
		"a code twice":           {"record_levels.tsv", head + "id\tzh\ten\trecognised\nworld\t世界\tWorld\tno\nworld\t世界\tWorld\tno\n", "id", "id-twice"},
		"a level half known":     {"record_levels.tsv", head + "id\tzh\ten\trecognised\nworld\t世界\tWorld\tperhaps\n", "recognised", "unknown-value"},
		"a name missing":         {"record_levels.tsv", head + "id\tzh\ten\trecognised\nworld\t-\tWorld\tno\n", "zh", "value-missing"},
		"a factor over one":      {"ski_factors.tsv", head + "from\tuntil\tdiscipline\tevent\tclass\tfactor\n2026-01-01\t-\tAS\tSL\tLW3\t1.1\n", "factor", "not-between"},
		"a factor of nobody":     {"ski_factors.tsv", head + "from\tuntil\tdiscipline\tevent\tclass\tfactor\n2026-01-01\t-\tAS\tSL\tLW99\t0.9\n", "class", "unknown-value"},
		"an eighth category":     {"skills.tsv", head + "code\tgroup\tzh\ten\toccupation\tteam\tcategories\nX\tg\tz\te\to\t1\t8\n", "categories", "not-between"},
		"a class of no sport":    {"classes.tsv", head + "discipline\tcode\tfamily\tseverity\timpairment\tcategories\tpartner\nZZ\tZ1\tZ\t1\tz\t1\t-\n", "discipline", "unknown-value"},
		"a gap between weights":  {"weights.tsv", head + "from\tuntil\tsex\tcategory\tover\tto\n2026-01-01\t-\tM\t49\t0\t49000\n2026-01-01\t-\tM\t54\t50000\t54000\n", "weights.tsv", "weights-gap"},
		"a scheme of no skill":   {"scheme-SK99.json", `{"source": "s", "version": "1", "valid-from": "2026-01-01", "skill": "SK99", "scheme": {}}`, "skill", "unknown-value"},
		"a scheme not adding up": {"scheme-SK20.json", `{"source": "s", "version": "1", "valid-from": "2026-01-01", "skill": "SK20", "scheme": {"criteria": []}}`, "total", "does-not-add-up"},
	} {
		files := fstest.MapFS{}
		entries, err := os.ReadDir("data")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			raw, err := os.ReadFile(filepath.Join("data", e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = &fstest.MapFile{Data: raw}
		}
		files[tt.file] = &fstest.MapFile{Data: []byte(tt.content)}
		_, err = packs.Read(files)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want %s at %s", name, err, tt.problem, tt.field)
		}
	}
}
