package points

import (
	"math"
	"math/big"
)

// precision, in bits, of the slow road that decides what a float64 cannot: on
// which side of a whole number a value lies.
const precision = 256

func exact(r *big.Rat) *big.Float { return new(big.Float).SetPrec(precision).SetRat(r) }

func whole(n int64) *big.Float { return new(big.Float).SetPrec(precision).SetInt64(n) }

// exp is e^x for |x| up to a few thousand. The argument is halved until the
// series converges at once, and the result squared as often; each squaring
// costs a bit of the 256.
func exp(x *big.Float) *big.Float {
	small := new(big.Float).Copy(x)
	halvings := max(0, small.MantExp(nil)+16)
	small.SetMantExp(small, -halvings)
	sum, term := whole(1), whole(1)
	for n := int64(1); n <= 40; n++ { // 2^-16 to the 16th is below 2^-256 already
		term.Quo(term.Mul(term, small), whole(n))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// ln is the natural logarithm of x > 0, by Halley's iteration on exp. It triples
// the correct digits each time: 16, 48, 144 decimals.
func ln(x *big.Float) *big.Float {
	near, _ := x.Float64()
	y := new(big.Float).SetPrec(precision).SetFloat64(math.Log(near))
	for range 3 {
		e := exp(y)
		step := new(big.Float).SetPrec(precision).Sub(x, e)
		step.Quo(step.Mul(step, whole(2)), new(big.Float).SetPrec(precision).Add(x, e))
		y.Add(y, step)
	}
	return y
}

// floor is the whole part of x ≥ 0.
func floor(x *big.Float) int64 {
	n, _ := x.Int64()
	return n
}
