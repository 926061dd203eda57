package points

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

// own makes a table of a few rows, as an organiser would enter it.
func own(t testing.TB, formula Formula, times string, rows ...Row) *Table {
	t.Helper()
	table := &Table{Name: "own", Formula: formula, Times: times, Rows: rows}
	if err := table.check(); err != nil {
		t.Fatal(err)
	}
	return table
}

func distance(class string, a, b, c Constant) Row {
	return Row{Event: "discus", Sex: "W", Class: class, Measure: scoring.Millimetres, A: a, B: b, C: c}
}

// Published results and check values.
func TestGompertz(t *testing.T) {
	// Women's discus F35/36, London 2012: the constants of that year (Wikipedia,
	// "Raza point score system"). The shorter throw won.
	london := own(t, Gompertz, "", distance("F35", 1181_867462, 2_482113, 148_000), distance("F36", 1181_867462, 2_482113, 160_000))
	free := func(class string, c Constant) Row {
		return Row{Event: "50-FREE", Sex: "M", Class: class, Measure: scoring.Milliseconds, A: 1200 * millionths, B: 6_190278, C: c}
	}
	// Check values printed with the World Para Swimming calculator of 30 January
	// 2026, men's 50 m freestyle.
	wps := own(t, Gompertz, "cut", free("S1", 515_385000), free("S2", 433_181000), free("S3", 333_674000), free("S4", 268_021000))
	for _, tt := range []struct {
		name  string
		table *Table
		row   int
		mark  scoring.Mark
		want  scoring.Mark
	}{
		{"Wu Qing, F36, 28.01 m", london, 1, 28_010, 1032},
		{"Mariia Pomazan, F35, 30.12 m", london, 0, 30_120, 1028},
		{"WPS S1 65.00", wps, 0, 65_000, 1006},
		{"WPS S2 57.00", wps, 1, 57_000, 939},
		{"WPS S3 43.13", wps, 2, 43_130, 969},
		{"WPS S4 37.08", wps, 3, 37_080, 842},
		{"a millimetre more is not a centimetre", london, 1, 28_019, 1032},
		{"a time's third decimal is cut", wps, 0, 65_009, 1006},
		{"a throw beyond reason stays below a", london, 0, 1_000_000, 1181},
		{"a whole a is never reached either", wps, 0, 10, 1199},
		{"nothing", london, 0, 0, 0},
		{"10 cm", london, 0, 100, 0},
	} {
		if got := tt.table.Points(&tt.table.Rows[tt.row], Performance{Mark: tt.mark}); got != tt.want {
			t.Errorf("%s: %d points, want %d", tt.name, got, tt.want)
		}
	}
}

// In athletics a time is rounded up to the hundredth it is published in.
func TestTimesUp(t *testing.T) {
	raza, err := Named("raza-2025")
	if err != nil {
		t.Fatal(err)
	}
	row, err := raza.Row("100m", "M", "T11")
	if err != nil {
		t.Fatal(err)
	}
	published := raza.Points(row, Performance{Mark: 10_910})
	if got := raza.Points(row, Performance{Mark: 10_901}); got != published {
		t.Errorf("10.901 s earns %d points, 10.91 s %d", got, published)
	}
	if got := raza.Points(row, Performance{Mark: 10_900}); got <= published {
		t.Errorf("10.90 s earns %d points, no more than 10.91 s", got)
	}
}

// Every reference performance of the table earns 1000 points or a little more.
func TestReferenceMarks(t *testing.T) {
	raza, err := Named("raza-2025")
	if err != nil {
		t.Fatal(err)
	}
	least, most := scoring.Mark(math.MaxInt64), scoring.Mark(0)
	for i := range raza.Rows {
		r := &raza.Rows[i]
		got := raza.Points(r, Performance{Mark: r.Reference})
		if r.Reference <= 0 || got < 1000 || got > 1009 {
			t.Errorf("%s %s %s: reference %v earns %d points", r.Event, r.Sex, r.Class, r.Reference, got)
		}
		least, most = min(least, got), max(most, got)
	}
	t.Logf("%d reference marks earn %d to %d points", len(raza.Rows), least, most)
}

// c/0.88 makes 22.00 m worth what 25.00 m is to a senior, and 1.16·c makes 11.60 s
// worth 10.00 s.
func TestYouth(t *testing.T) {
	raza, err := Named("raza-2025")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		event, class  string
		youth, senior scoring.Mark
	}{{"100m", "T11", 11_600, 10_000}, {"discus", "F35", 22_000, 25_000}} {
		row, err := raza.Row(tt.event, "M", tt.class)
		if err != nil {
			t.Fatal(err)
		}
		got := raza.Points(row, Performance{Mark: tt.youth, Youth: true})
		want := raza.Points(row, Performance{Mark: tt.senior})
		if got != want || want == 0 {
			t.Errorf("%s: %d youth points for %d, %d senior points for %d", tt.event, got, tt.youth, want, tt.senior)
		}
	}
}

// World Aquatics: the base time is worth 1000, and the points are cut. Worked
// by hand: 1000·(20.91/21.50)³ = 919.91; 1000·(51.71/60.00)³ = 640.13.
func TestCubic(t *testing.T) {
	wa, err := Named("wa-lcm-2021")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		event, sex string
		mark, want scoring.Mark
	}{
		{"50-FREE", "M", 20_910, 1000}, {"50-FREE", "M", 21_500, 919}, {"100-FREE", "W", 60_000, 640},
		{"50-FREE", "M", 20_900, 1001}, {"1500-FREE", "W", 920_480, 1000}, {"1500-FREE", "W", 920_490, 999},
		{"400-MEDLEY", "M", 487_680, 125}, // twice the base time: exactly an eighth
	} {
		row, err := wa.Row(tt.event, tt.sex, "S14")
		if err != nil {
			t.Fatal(err)
		}
		if got := wa.Points(row, Performance{Mark: tt.mark}); got != tt.want {
			t.Errorf("%s %s %d ms: %d points, want %d", tt.event, tt.sex, tt.mark, got, tt.want)
		}
	}
}

// AH, worked with a calculator: 100 kg at a body weight of 100 kg is 326.95/2^1.95
// = 84.6200 for men and 275.66/2^1.8 = 79.1625 for women.
func TestHaleczko(t *testing.T) {
	ah, err := Named("ah")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		sex              string
		lift, body, want scoring.Mark
	}{
		{"M", 100_000, 100_000, 84_620},
		{"W", 100_000, 100_000, 79_160},
		{"M", 200_000, 157_000, 141_050},
		{"M", 200_000, 180_000, 141_050}, // held at 157 kg
		{"M", 100_000, 32_000, 147_300},
		{"M", 100_000, 20_000, 147_300}, // held at 32 kg
	} {
		row, err := ah.Row("", tt.sex, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := ah.Points(row, Performance{Mark: tt.lift, BodyWeight: tt.body}); got != tt.want {
			t.Errorf("%s %d g at %d g: %s points, want %s", tt.sex, tt.lift, tt.body, ah.Format(got), ah.Format(tt.want))
		}
	}
}

// The slow road, alone, answers as the fast one does wherever the fast one is
// believed; so the guard hides no gap between them.
func TestExactAgrees(t *testing.T) {
	tables, err := Tables()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SampledFrom(tables).Draw(t, "table")
		row := &table.Rows[rapid.IntRange(0, len(table.Rows)-1).Draw(t, "row")]
		mark := scoring.Mark(rapid.Int64Range(100, 200_000).Draw(t, "mark"))
		p := Performance{Mark: mark / 10 * 10, BodyWeight: scoring.Mark(rapid.Int64Range(2000, 20000).Draw(t, "body")) * 10, Youth: rapid.Bool().Draw(t, "youth")}
		switch table.Formula {
		case Gompertz:
			x := row.exponent(p)
			if x > 20 || x < -30 {
				return
			}
			if fast, slow := row.gompertz(p), row.gompertzExact(p); fast != slow {
				t.Fatalf("%+v %+v: %d and %d", *row, p, fast, slow)
			}
		case Haleczko:
			body := min(max(p.BodyWeight, row.Lightest), row.Heaviest)
			if fast, slow := row.haleczko(p), row.haleczkoExact(p.Mark, body)*10; fast != slow {
				t.Fatalf("%+v %+v: %d and %d", *row, p, fast, slow)
			}
		}
	})
}

// No published row has a centimetre or a hundredth near its reference where
// float64 noise could decide: the nearest value to a whole number is printed.
func TestDistanceFromBoundaries(t *testing.T) {
	nearest, where := 1.0, ""
	for _, name := range []string{"raza-2025", "wps-2025"} {
		table, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range table.Rows {
			r := &table.Rows[i]
			middle, ok := table.Needed(r, 800, Performance{})
			if !ok {
				t.Fatalf("%+v: 800 points cannot be reached", *r)
			}
			for m := max(10, middle*8/10/10*10); m <= middle*12/10; m += 10 {
				q := r.A.float() * math.Exp(-math.Exp(r.exponent(Performance{Mark: m})))
				if d := math.Abs(q - math.Round(q)); q > 1 && d < nearest {
					nearest, where = d, r.Event+" "+r.Sex+" "+r.Class+" "+r.Measure.Format(m, 2)
				}
			}
		}
	}
	t.Logf("nearest to a whole number: %.1e points (%s)", nearest, where)
	if nearest < 1e-9 {
		t.Errorf("%s lies %.1e points from a whole number: compare with the exact road", where, nearest)
	}
}

func TestExpAndLn(t *testing.T) {
	for _, x := range []float64{-20, -1, -1e-9, 0, 1e-9, 0.5, 1, 7, 20} {
		got, _ := exp(new(big.Float).SetPrec(precision).SetFloat64(x)).Float64()
		if want := math.Exp(x); math.Abs(got-want) > 1e-14*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{1e-6, 0.5, 1, math.E, 10, 157} {
		f := new(big.Float).SetPrec(precision).SetFloat64(x)
		diff := new(big.Float).Sub(exp(ln(f)), f)
		if d, _ := diff.Float64(); math.Abs(d) > 1e-60*x {
			t.Errorf("exp(ln(%v)) is off by %v", x, d)
		}
	}
}

// A needed mark earns the points, and the next worse mark does not.
func TestNeeded(t *testing.T) {
	tables, err := Tables()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SampledFrom(tables).Draw(t, "table")
		row := &table.Rows[rapid.IntRange(0, len(table.Rows)-1).Draw(t, "row")]
		points := scoring.Mark(rapid.Int64Range(1, 1150).Draw(t, "points"))
		if table.Formula == Haleczko {
			points *= 100 // tenths of a point
		}
		p := Performance{BodyWeight: 60_000}
		needed, ok := table.Needed(row, points, p)
		if !ok {
			t.Fatalf("%+v: %d points out of reach", *row, points)
		}
		at := func(m scoring.Mark) scoring.Mark { p.Mark = m; return table.Points(row, p) }
		worse := needed - 10
		switch row.Measure {
		case scoring.Milliseconds:
			worse = needed + 10
		case scoring.Grams:
			worse = needed - 1000
		}
		if at(needed) < points || at(worse) >= points {
			t.Fatalf("%+v: %d points need %d, which earns %d, and %d earns %d", *row, points, needed, at(needed), worse, at(worse))
		}
	})
	raza, err := Named("raza-2025")
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := raza.Needed(&raza.Rows[0], 1200, Performance{}); ok {
		t.Errorf("1200 points, which the curve never reaches, need %d", m)
	}
	if m, ok := raza.Needed(&raza.Rows[0], 0, Performance{}); ok {
		t.Errorf("no points at all need %d", m)
	}
}

func BenchmarkGompertz(b *testing.B) {
	raza, err := Named("raza-2025")
	if err != nil {
		b.Fatal(err)
	}
	row, err := raza.Row("discus", "W", "F36")
	if err != nil {
		b.Fatal(err)
	}
	for m := scoring.Mark(10_000); b.Loop(); m = 10_000 + (m+10)%20_000 {
		raza.Points(row, Performance{Mark: m})
	}
}

func BenchmarkGompertzExact(b *testing.B) {
	raza, err := Named("raza-2025")
	if err != nil {
		b.Fatal(err)
	}
	row, err := raza.Row("discus", "W", "F36")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		row.gompertzExact(Performance{Mark: 28_010})
	}
}
