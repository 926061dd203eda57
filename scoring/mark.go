package scoring

import (
	"math"
	"strconv"
	"strings"
)

// Mark is a performance as a whole number of its Measure. Marks are never
// floats: equality decides places.
type Mark int64

// Measure says what a Mark counts.
type Measure string

// The measures in use.
const (
	Milliseconds Measure = "ms"     // times
	Millimetres  Measure = "mm"     // distances and heights
	Grams        Measure = "g"      // weights lifted
	Thousandths  Measure = "1/1000" // points of a judge or a scheme
	Count        Measure = "count"  // goals, games, wins, published points
)

// Known reports whether the measure is one of those above.
func (m Measure) Known() bool {
	switch m {
	case Milliseconds, Millimetres, Grams, Thousandths, Count:
		return true
	}
	return false
}

// maxMark keeps every product that a rule may form inside an int64.
const maxMark = 1_000_000_000

// Parse reads a mark as people write it: 1:02.34 or 62.34 (s), 6.21 (m),
// 130.5 (kg), 9.5 (points), 12 (count). Full-width digits and punctuation are
// read as their ASCII twins, since Chinese keyboards produce them. Signs,
// exponents, NaN, digits finer than the measure's own unit and anything
// else are refused with an [*Invalid] whose Field is "mark".
func (m Measure) Parse(s string) (Mark, error) {
	text := narrow(s)
	bad := func(problem string, with ...string) (Mark, error) {
		return 0, &Invalid{Field: "mark", Problem: problem, With: append([]string{s}, with...)}
	}
	switch {
	case text == "":
		return bad("mark-missing")
	case text != strings.TrimSpace(s):
		return bad("full-width", text)
	}
	notA := "not-a-number"
	if m == Milliseconds {
		notA = "not-a-time"
	}
	var units int64
	rest := text
	switch m {
	case Milliseconds:
		parts := strings.Split(text, ":")
		if len(parts) > 3 {
			return bad(notA)
		}
		for i, p := range parts[:len(parts)-1] { // hours and minutes
			n, ok := whole(p, 3)
			if !ok || (i > 0 && n > 59) {
				return bad(notA)
			}
			units = units*60 + n
		}
		units *= 60_000
		rest = parts[len(parts)-1]
		if len(parts) > 1 {
			sec, _, _ := strings.Cut(rest, ".")
			if n, ok := whole(sec, 2); !ok || n > 59 || len(sec) != 2 {
				return bad(notA)
			}
		}
	case Count:
		n, ok := whole(text, 9)
		if !ok {
			return bad(notA)
		}
		return Mark(n), nil
	case Millimetres, Grams, Thousandths:
	default:
		return bad("unknown-measure", string(m))
	}
	intPart, frac, point := strings.Cut(rest, ".")
	n, ok := whole(intPart, 6)
	if !ok || (point && frac == "") {
		return bad(notA)
	}
	if len(frac) > 3 {
		return bad("too-fine", string(m))
	}
	f := int64(0)
	if frac != "" {
		if f, ok = whole(frac+strings.Repeat("0", 3-len(frac)), 3); !ok {
			return bad(notA)
		}
	}
	units += n*1000 + f
	if units > maxMark {
		return bad("out-of-range")
	}
	return Mark(units), nil
}

// Format prints a mark with the given number of decimals (0 to 3), cutting off
// what is finer: rounding is a rule of the sport and happens before. Times of a
// minute or more are printed as 1:02.34, of an hour or more as 1:01:02.34.
func (m Measure) Format(v Mark, decimals int) string {
	if m == Count {
		return strconv.FormatInt(int64(v), 10)
	}
	var buf [32]byte
	b := buf[:0]
	if v < 0 {
		b = append(b, "−"...)
		v = -v
	}
	secs, frac := int64(v)/1000, int64(v)%1000
	if m == Milliseconds && secs >= 60 {
		if h := secs / 3600; h > 0 {
			b = append(strconv.AppendInt(b, h, 10), ':')
			b = append(b, byte('0'+secs/60%60/10))
		} else if mins := secs / 60 % 60; mins >= 10 {
			b = append(b, byte('0'+mins/10))
		}
		b = append(b, byte('0'+secs/60%60%10), ':', byte('0'+secs%60/10), byte('0'+secs%60%10))
	} else {
		b = strconv.AppendInt(b, secs, 10)
	}
	if decimals > 0 {
		b = append(b, '.')
		for i, div := 0, int64(100); i < min(decimals, 3); i, div = i+1, div/10 {
			b = append(b, byte('0'+frac/div%10))
		}
	}
	return string(b)
}

// RoundHalfUp is the one rounding function for quotients: num/den to the
// nearest whole number, halves away from zero. den must be positive.
func RoundHalfUp(num, den int64) int64 {
	if num < 0 {
		return -RoundHalfUp(-num, den)
	}
	q, r := num/den, num%den
	if r >= den-r {
		q++
	}
	return q
}

func whole(s string, maxDigits int) (int64, bool) {
	if len(s) == 0 || len(s) > maxDigits || !digits(s) {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n < math.MaxInt64/1_000_000
}

// narrow trims spaces and turns full-width forms into ASCII.
func narrow(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000':
			return ' '
		case r == '。' || r == '｡':
			return '.'
		case r == '：':
			return ':'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, s))
}
