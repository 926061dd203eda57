package points

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongchang/scoring"
)

// The tables that come with the program are whole: as many rows as published,
// with a source, a version and a period.
func TestTables(t *testing.T) {
	tables, err := Tables()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"ah": 2, "raza-2025": 422, "wa-lcm-2021": 34, "wa-scm-2021": 36, "wps-2025": 384}
	got := map[string]int{}
	for _, table := range tables {
		got[table.Name] = len(table.Rows)
		if table.Source == "" || table.Version == "" || table.Title == "" || table.From == "" {
			t.Errorf("%s does not say its source, version, title or first day: %+v", table.Name, table)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("rows per table: %v, want %v", got, want)
	}
}

func TestNamedAndOn(t *testing.T) {
	for _, tt := range []struct{ family, day, want string }{
		{"raza", "2025-01-31", "raza-2025"},
		{"raza", "2026-12-31", "raza-2025"},
		{"raza", "2027-01-01", ""},
		{"raza", "2012-08-31", ""}, // not a neighbouring year's table
		{"wps", "2026-01-29", "wps-2025"},
		{"wps", "2026-01-30", ""}, // the day the 2026 calculator came out
		{"wa-lcm", "2021-07-01", "wa-lcm-2021"},
		{"ah", "2026-08-08", "ah"},
		{"raza", "2025-02-30", ""},
		{"raza", "", ""},
	} {
		table, err := On(tt.family, tt.day)
		if (err == nil) != (tt.want != "") || (table != nil && table.Name != tt.want) {
			t.Errorf("On(%s, %s) = %v, %v, want %q", tt.family, tt.day, table, err, tt.want)
		}
	}
	if _, err := Named("raza-2012"); err == nil || !strings.Contains(err.Error(), "raza-2025") {
		t.Errorf("an unknown table is refused without naming the known ones: %v", err)
	}
}

func TestClasses(t *testing.T) {
	for s, want := range map[string][]string{
		"T54": {"T54"}, "T45-47": {"T45", "T46", "T47"}, "F43/44": {"F43", "F44"}, "SM10": {"SM10"}, "SB4": {"SB4"},
		"": nil, "T": nil, "54": nil, "T05": nil, "T47-45": nil, "T45-": nil, "T45/": nil, "T45-47-48": nil, "t54": nil, "T1234": nil, "T54 ": nil,
	} {
		got, err := Classes(s)
		if !slices.Equal(got, want) || (err == nil) != (want != nil) {
			t.Errorf("Classes(%q) = %v, %v, want %v", s, got, err, want)
		}
	}
}

func TestRowOfAGroupOfClasses(t *testing.T) {
	raza, err := Named("raza-2025")
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range []string{"T45", "T46", "T47"} {
		if r, err := raza.Row("triple-jump", "M", class); err != nil || r.Class != "T45-47" {
			t.Errorf("%s finds %v, %v, want the row T45-47", class, r, err)
		}
	}
	if r, err := raza.Row("triple-jump", "W", "T45"); err == nil {
		t.Errorf("the women's triple jump has a row for T46 only, yet T45 finds %v", r)
	}
}

const small = "# name: x\n# formula: gompertz\nevent\tsex\tclass\tmeasure\ta\tb\tc\n"

func TestReadRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, problem string }{
		"no name":         {"# formula: cubic\n", "table-without-name"},
		"unknown formula": {"# name: x\n# formula: parabola\n", "unknown-formula"},
		"no rows":         {small, "table-empty"},
		"ends before":     {"# from: 2025-02-01\n# until: 2025-01-01\n" + small + "discus\tW\tF35\tmm\t1200\t2\t0.1\n", "not-a-period"},
		"30 February":     {"# from: 2025-02-30\n" + small + "discus\tW\tF35\tmm\t1200\t2\t0.1\n", "not-a-period"},
		"rounding":        {"# times: nearest\n" + small + "discus\tW\tF35\tmm\t1200\t2\t0.1\n", "unknown-setting"},
		"sex":             {small + "discus\tF\tF35\tmm\t1200\t2\t0.1\n", "unknown-sex"},
		"class":           {small + "discus\tW\t35\tmm\t1200\t2\t0.1\n", "not-a-class"},
		"measure":         {small + "discus\tW\tF35\tkm\t1200\t2\t0.1\n", "row-incomplete"},
		"c is nothing":    {small + "discus\tW\tF35\tmm\t1200\t2\t0\n", "row-incomplete"},
		"a is negative":   {small + "discus\tW\tF35\tmm\t-1200\t2\t0.1\n", "unreadable"},
		"exponent":        {small + "discus\tW\tF35\tmm\t12e2\t2\t0.1\n", "unreadable"},
		"too fine":        {small + "discus\tW\tF35\tmm\t1200\t2\t0.1234567\n", "unreadable"},
		"a cell short":    {small + "discus\tW\tF35\tmm\t1200\t2\n", "unreadable"},
		"strange column":  {"# name: x\n# formula: cubic\ncolour\nred\n", "unreadable"},
		"row twice":       {small + strings.Repeat("discus\tW\tF35\tmm\t1200\t2\t0.1\n", 2), "row-twice"},
		"class twice":     {small + "discus\tW\tF35-36\tmm\t1200\t2\t0.1\ndiscus\tW\tF36\tmm\t1200\t2\t0.1\n", "row-twice"},
		"endless line":    {small + strings.Repeat("x", 1<<17), "unreadable"},
	} {
		table, err := Read(strings.NewReader(tt.text))
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, %v, want the problem %s", name, table, err, tt.problem)
		}
	}
}

// A table that travels with a document says the same after the journey.
func TestTableJSON(t *testing.T) {
	tables, err := Tables()
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		raw, err := json.Marshal(table)
		if err != nil {
			t.Fatal(err)
		}
		var back Table
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		if err := back.check(); err != nil || !reflect.DeepEqual(&back, table) {
			t.Errorf("%s: another table after JSON: %v", table.Name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(small + "discus\tW\tF35\tmm\t1200\t2.482113\t0.148\n")
	f.Add("# name: ah\n# formula: haleczko\nsex\tmeasure\ta\tb\tlightest\theaviest\nM\tg\t3.2695\t1.95\t32\t157\n")
	f.Add("# name: wa\n# formula: cubic\n# times: cut\nevent\tsex\tmeasure\tbase\n50m-free\tM\tms\t20.91\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Read(strings.NewReader(text))
		if err != nil {
			var invalid *scoring.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("not a typed error: %v", err)
			}
			return
		}
		for i := range table.Rows {
			r := &table.Rows[i]
			few := table.Points(r, Performance{Mark: 10_000, BodyWeight: 60_000})
			many := table.Points(r, Performance{Mark: 20_000, BodyWeight: 60_000})
			if r.Measure == scoring.Milliseconds {
				few, many = many, few
			}
			if few < 0 || few > many {
				t.Fatalf("%+v gives %d points to the worse mark and %d to the better", *r, few, many)
			}
		}
	})
}

func FuzzConstant(f *testing.F) {
	for _, s := range []string{"10.770122", "1200", "0.148", "1181.867462", ".5", "5.", "-1", "1e9", "１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseConstant(s)
		if err != nil {
			return
		}
		if again, err := ParseConstant(c.String()); err != nil || again != c {
			t.Fatalf("%q is %d, printed %q, read again %d, %v", s, c, c, again, err)
		}
	})
}

func FuzzClasses(f *testing.F) {
	for _, s := range []string{"T54", "T45-47", "F43/44", "SM10", "T1-99", "-", "T/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		classes, err := Classes(s)
		if err == nil && (len(classes) == 0 || len(classes) > 99 && !strings.Contains(s, "/")) {
			t.Fatalf("%q is %d classes", s, len(classes))
		}
		for _, c := range classes {
			if one, err := Classes(c); err != nil || !slices.Equal(one, []string{c}) {
				t.Fatalf("%q holds %q, which is not one class", s, c)
			}
		}
	})
}
