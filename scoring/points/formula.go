package points

import (
	"math"
	"math/big"
	"sort"

	"tongchang/scoring"
)

// Formula says how the constants of a table make points.
type Formula string

// The published formulae. They are the one place where a rank rests on more
// than whole numbers; the comments say how each is rounded.
const (
	// Gompertz: a·exp(−exp(b − c·p)) for p metres, a·exp(−exp(b − c/p)) for p
	// seconds, rounded down. RAZA (World Para Athletics, field events of several
	// classes) and World Para Swimming points.
	Gompertz Formula = "gompertz"
	// Cubic: 1000·(base/time)³, rounded down. World Aquatics points.
	Cubic Formula = "cubic"
	// Haleczko: kg·a/(log₁₀ body weight)^b, the body weight held between two
	// limits, rounded to two decimals, halves up. AH points of para powerlifting.
	Haleczko Formula = "haleczko"
)

// guard is the distance from a rounding boundary, in points (in hundredths for
// Haleczko), within which a float64 is not believed. The exponent b − c·p is good
// to 1e-13 for the largest constants that a table may have, 1e-14 for the
// published ones, and the curve's steepest slope is a/e: the float64 road errs by
// less than 1e-9 points, by 1e-11 with the published constants. So the guard is a
// thousand times wider than the noise, on every machine. Values within it are
// decided with 256 bits; exact ties cannot occur, because e to a rational power
// other than 0 is never rational.
const guard = 1e-6

// Performance is what earns points: a mark in the row's measure and, for lifts,
// the body weight in g. Youth asks for the milder constants that RAZA gives
// athletes of the youth classes: 1.16·c on the track, c/0.88 in the field.
type Performance struct {
	Mark       scoring.Mark
	BodyWeight scoring.Mark
	Youth      bool
}

// Points are the points of a performance by one row: whole points, or 1/1000
// point where the formula has decimals ([Table.Measure]). A mark of 0 or less
// earns nothing.
func (t *Table) Points(r *Row, p Performance) scoring.Mark {
	p.Mark = t.published(r, p.Mark)
	if p.Mark <= 0 {
		return 0
	}
	switch t.Formula {
	case Cubic:
		return r.cubic(p.Mark)
	case Haleczko:
		return r.haleczko(p)
	}
	return r.gompertz(p)
}

// published is the mark that tables are meant for: distances cut to the
// centimetre, times in hundredths, cut or rounded up as the sport publishes them.
func (t *Table) published(r *Row, m scoring.Mark) scoring.Mark {
	switch r.Measure {
	case scoring.Millimetres:
		return m / 10 * 10
	case scoring.Milliseconds:
		if t.Times == "up" {
			m += 9
		}
		return m / 10 * 10
	}
	return m
}

func (r *Row) gompertz(p Performance) scoring.Mark {
	a, x := r.A.float(), r.exponent(p)
	ceiling := scoring.Mark((r.A - 1) / millionths) // the curve never reaches a
	if x < -30 {
		return ceiling
	}
	q := a * math.Exp(-math.Exp(x))
	switch {
	case q < 1-guard:
		return 0
	case math.Abs(q-math.Round(q)) > guard:
		return scoring.Mark(q)
	}
	return min(ceiling, r.gompertzExact(p))
}

// exponent is b − c·p or b − c/p. The mark counts thousandths of a metre or second.
func (r *Row) exponent(p Performance) float64 {
	b, c, m := r.B.float(), r.C.float(), float64(p.Mark)/1000
	num, den := r.youth(p)
	c = c * float64(num) / float64(den)
	if r.Measure == scoring.Milliseconds {
		return b - c/m
	}
	return b - c*m
}

// youth is the factor on c as a fraction: 1, 1.16 or 1/0.88.
func (r *Row) youth(p Performance) (num, den int64) {
	switch {
	case !p.Youth:
		return 1, 1
	case r.Measure == scoring.Milliseconds:
		return 116, 100
	}
	return 100, 88
}

func (r *Row) gompertzExact(p Performance) scoring.Mark {
	num, den := r.youth(p)
	c := new(big.Rat).Mul(big.NewRat(int64(r.C), millionths), big.NewRat(num, den))
	m := big.NewRat(int64(p.Mark), 1000)
	if r.Measure == scoring.Milliseconds {
		m.Inv(m)
	}
	x := new(big.Rat).Sub(big.NewRat(int64(r.B), millionths), c.Mul(c, m))
	inner := exp(exact(x))
	q := exp(inner.Neg(inner))
	return scoring.Mark(floor(q.Mul(q, exact(big.NewRat(int64(r.A), millionths)))))
}

func (r *Row) cubic(m scoring.Mark) scoring.Mark {
	base, time := big.NewInt(int64(r.Base)), big.NewInt(int64(m))
	three, thousand := big.NewInt(3), big.NewInt(1000)
	q := base.Exp(base, three, nil)
	return scoring.Mark(q.Quo(q.Mul(q, thousand), time.Exp(time, three, nil)).Int64())
}

func (r *Row) haleczko(p Performance) scoring.Mark {
	body := min(max(p.BodyWeight, r.Lightest), r.Heaviest)
	lift := float64(p.Mark) / 1000
	v := 100 * lift * r.A.float() / math.Pow(math.Log10(float64(body)/1000), r.B.float())
	if _, frac := math.Modf(v); math.Abs(frac-0.5) > guard {
		return scoring.Mark(math.Floor(v+0.5)) * 10
	}
	return r.haleczkoExact(p.Mark, body) * 10
}

// haleczkoExact is the points in hundredths.
func (r *Row) haleczkoExact(lift, body scoring.Mark) scoring.Mark {
	log := ln(exact(big.NewRat(int64(body), 1000)))
	log.Quo(log, ln(whole(10)))
	power := ln(log)
	power = exp(power.Mul(power, exact(big.NewRat(int64(r.B), millionths))))
	v := exact(new(big.Rat).Mul(big.NewRat(int64(lift), 10), big.NewRat(int64(r.A), millionths)))
	v.Quo(v, power)
	return scoring.Mark(floor(v.Add(v, exact(big.NewRat(1, 2)))))
}

// The finest steps in which marks are published and the furthest that is
// searched: 200 m, a day, 1000 kg.
const (
	centimetre, furthest = 10, 200_000
	hundredth, slowest   = 10, 86_400_000
	kilogram, heaviest   = 1_000, 1_000_000
)

// Needed is the worst mark that still earns the points: the shortest distance
// in whole centimetres, the slowest time in whole hundredths, the lightest lift
// in whole kilograms. It searches instead of inverting the formula, so that the
// answer earns the points by construction and the mark beside it does not. False
// where no mark does. points are in the table's measure, body weight and youth
// are those of p; its mark is ignored.
func (t *Table) Needed(r *Row, points scoring.Mark, p Performance) (scoring.Mark, bool) {
	earns := func(m scoring.Mark) bool {
		p.Mark = m
		return t.Points(r, p) >= points
	}
	if points <= 0 {
		return 0, false
	}
	if r.Measure == scoring.Milliseconds {
		n := sort.Search(slowest/hundredth, func(i int) bool { return !earns(scoring.Mark(i+1) * hundredth) })
		return scoring.Mark(n) * hundredth, n > 0
	}
	step, n := scoring.Mark(centimetre), furthest/centimetre
	if r.Measure == scoring.Grams {
		step, n = kilogram, heaviest/kilogram
	}
	i := sort.Search(n, func(i int) bool { return earns(scoring.Mark(i+1) * step) })
	return scoring.Mark(i+1) * step, i < n
}
