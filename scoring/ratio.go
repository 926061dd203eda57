package scoring

import (
	"cmp"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Ratio is an exact number: half a medal, a third of the points of three tied
// places, the mean of seven judges. It is rounded only where a rule says so,
// with the mode that the rule names. A Ratio is a value; its zero is 0, and
// equal Ratios made here are equal with == while they are small.
type Ratio struct {
	num  int64
	less int64    // the denominator less 1, so that the zero Ratio is 0/1
	wide *big.Rat // used instead where the number outgrows the two
}

// small bounds the numbers whose products still fit an int64: nearly all.
const small = 1 << 30

// NewRatio is num/den. den must not be 0.
func NewRatio(num, den int64) Ratio {
	if 0 < den && den < small && -small < num && num < small {
		return reduced(num, den)
	}
	return narrowest(big.NewRat(num, den))
}

// narrowest keeps a number in two integers where it fits.
func narrowest(r *big.Rat) Ratio {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return Ratio{num: r.Num().Int64(), less: r.Denom().Int64() - 1}
	}
	return Ratio{wide: r}
}

// reduced is num/den with both below small², den positive.
func reduced(num, den int64) Ratio {
	a, b := max(num, -num), den
	for a != 0 {
		a, b = b%a, a
	}
	return Ratio{num: num / b, less: den/b - 1}
}

// easy reports whether the operands can be worked with in int64.
func easy(a, b Ratio) bool { return a.isSmall() && b.isSmall() }

func (r Ratio) isSmall() bool {
	return r.wide == nil && -small < r.num && r.num < small && r.less < small-1
}

// Whole is the whole number n.
func Whole(n int64) Ratio { return Ratio{num: n} }

// Points is a mark in thousandths as the points it stands for: 9500 is 9.5.
func (m Mark) Points() Ratio { return NewRatio(int64(m), 1000) }

// ParseRatio reads 9, -2, 0.35 or 22/3. Exponents are refused: a short text
// must not name a number that fills the memory.
func ParseRatio(s string) (Ratio, error) {
	unsigned := strings.TrimPrefix(s, "-")
	ok := len(s) <= 40
	if num, den, fraction := strings.Cut(unsigned, "/"); fraction {
		ok = ok && digits(num) && digits(den) && strings.Trim(den, "0") != ""
	} else {
		whole, frac, point := strings.Cut(unsigned, ".")
		ok = ok && digits(whole) && (!point || digits(frac))
	}
	if ok {
		if r, read := new(big.Rat).SetString(s); read {
			return narrowest(r), nil
		}
	}
	return Ratio{}, &Invalid{Problem: "not-a-number", With: []string{s}}
}

func (r Ratio) value() *big.Rat {
	if r.wide != nil {
		return r.wide
	}
	return big.NewRat(r.num, r.less+1)
}

// Add is r + o.
func (r Ratio) Add(o Ratio) Ratio {
	switch {
	case !easy(r, o):
		return narrowest(new(big.Rat).Add(r.value(), o.value()))
	case r.less == 0 && o.less == 0:
		return Whole(r.num + o.num)
	}
	return reduced(r.num*(o.less+1)+o.num*(r.less+1), (r.less+1)*(o.less+1))
}

// Neg is −r.
func (r Ratio) Neg() Ratio { return r.Mul(Whole(-1)) }

// Sub is r − o.
func (r Ratio) Sub(o Ratio) Ratio { return r.Add(o.Neg()) }

// Mul is r × o.
func (r Ratio) Mul(o Ratio) Ratio {
	if !easy(r, o) {
		return narrowest(new(big.Rat).Mul(r.value(), o.value()))
	}
	return reduced(r.num*o.num, (r.less+1)*(o.less+1))
}

// Quo is r ÷ o. o must not be 0.
func (r Ratio) Quo(o Ratio) Ratio { return narrowest(new(big.Rat).Quo(r.value(), o.value())) }

// Over is r divided by n, which must be positive.
func (r Ratio) Over(n int) Ratio { return r.Mul(NewRatio(1, int64(n))) }

// Cmp is negative, zero or positive as r is less than, equal to or greater than o.
func (r Ratio) Cmp(o Ratio) int {
	if !easy(r, o) {
		return r.value().Cmp(o.value())
	}
	return cmp.Compare(r.num*(o.less+1), o.num*(r.less+1))
}

// Sign is −1, 0 or 1.
func (r Ratio) Sign() int {
	if r.wide != nil {
		return r.wide.Sign()
	}
	return cmp.Compare(r.num, 0)
}

// IsZero lets encoding/json leave it out (omitzero).
func (r Ratio) IsZero() bool { return r == Ratio{} || r.Sign() == 0 }

// IsWhole reports whether r is a whole number.
func (r Ratio) IsWhole() bool { return r.wide == nil && r.less == 0 || r.wide != nil && r.wide.IsInt() }

// Rounding names a way to round. The direction is part of a rule, so there is
// no default here.
type Rounding string

// The ways to round, each towards a number of decimals.
const (
	HalfUp   Rounding = "half-up"   // 0.125 → 0.13, −0.125 → −0.13
	HalfEven Rounding = "half-even" // 0.125 → 0.12
	Down     Rounding = "down"      // towards zero
	Up       Rounding = "up"        // away from zero
)

// Known reports whether the mode is one of those above.
func (m Rounding) Known() bool {
	switch m {
	case HalfUp, HalfEven, Down, Up:
		return true
	}
	return false
}

// Round rounds to the decimals (0 to 9) by the mode.
func (r Ratio) Round(decimals int, mode Rounding) Ratio {
	if r.isSmall() {
		return reduced(r.units(decimals, mode), powers[decimals])
	}
	power := big.NewInt(powers[decimals])
	den := r.value().Denom()
	scaled := new(big.Int).Mul(new(big.Int).Abs(r.value().Num()), power)
	quotient, rest := scaled.QuoRem(scaled, den, new(big.Int))
	if mode.up(rest.Sign(), new(big.Int).Lsh(rest, 1).Cmp(den), quotient.Bit(0) == 1) {
		quotient.Add(quotient, big.NewInt(1))
	}
	if r.Sign() < 0 {
		quotient.Neg(quotient)
	}
	return narrowest(new(big.Rat).SetFrac(quotient, power))
}

var powers = [...]int64{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000}

// units is a small r as a whole number of 10^−decimals.
func (r Ratio) units(decimals int, mode Rounding) int64 {
	den := r.less + 1
	scaled := max(r.num, -r.num) * powers[decimals]
	quotient, rest := scaled/den, scaled%den
	if mode.up(cmp.Compare(rest, 0), cmp.Compare(2*rest, den), quotient%2 == 1) {
		quotient++
	}
	if r.num < 0 {
		return -quotient
	}
	return quotient
}

// up reports whether a cut number goes up to the next: rest is the sign of what
// was cut off, half how it compares with a half, odd whether the cut one is.
func (m Rounding) up(rest, half int, odd bool) bool {
	switch m {
	case HalfUp:
		return half >= 0
	case HalfEven:
		return half > 0 || half == 0 && odd
	case Up:
		return rest > 0
	}
	return false
}

// Thousandths is the mark nearest to r, halves away from zero: for showing
// beside an exact rank, never for ranking.
func (r Ratio) Thousandths() Mark {
	if r.isSmall() {
		return Mark(r.units(3, HalfUp))
	}
	n := r.Round(3, HalfUp).Mul(Whole(1000)).value().Num()
	return Mark(n.Int64())
}

// Int is r cut to a whole number.
func (r Ratio) Int() int {
	if r.wide == nil {
		return int(r.num / (r.less + 1))
	}
	n := r.Round(0, Down).value().Num()
	return int(n.Int64())
}

// String prints r exactly: 48.5, or 22/3 where no decimals end.
func (r Ratio) String() string {
	if r.isSmall() {
		for decimals, power := range powers {
			if power%(r.less+1) == 0 {
				return r.Decimal(decimals, Down)
			}
		}
	}
	if n, ends := r.value().FloatPrec(); ends {
		return minus(r.value().FloatString(n))
	}
	return minus(r.value().RatString())
}

// Decimal prints r with just so many decimals (0 to 9), rounded by the mode.
func (r Ratio) Decimal(decimals int, mode Rounding) string {
	if !r.isSmall() {
		return minus(r.Round(decimals, mode).value().FloatString(decimals))
	}
	units := r.units(decimals, mode)
	text := strconv.FormatInt(max(units, -units), 10)
	if missing := decimals + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	if point := len(text) - decimals; decimals > 0 {
		text = text[:point] + "." + text[point:]
	}
	if units < 0 {
		return "−" + text
	}
	return text
}

// minus puts the sign that people read in place of the hyphen.
func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// MarshalJSON writes a number where decimals end, else a text such as "22/3".
func (r Ratio) MarshalJSON() ([]byte, error) {
	if n, ends := r.value().FloatPrec(); ends {
		return []byte(r.value().FloatString(n)), nil
	}
	return fmt.Appendf(nil, "%q", r.value().RatString()), nil
}

// UnmarshalJSON reads what MarshalJSON writes: numbers by their digits, never
// by way of a float.
func (r *Ratio) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if len(text) >= 2 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	read, err := ParseRatio(text)
	if err != nil {
		return err
	}
	*r = read
	return nil
}
