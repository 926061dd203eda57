package identity

import (
	"log/slog"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Phone is a telephone number in digits: a mobile number of eleven, or a fixed
// one with its area code, ten to twelve and a leading 0.
type Phone struct{ number string }

// ParsePhone reads a number as typed, also one that a spreadsheet kept as a
// number. It refuses with a [*scoring.Invalid], phone-bad, that names how many
// digits there are.
func ParsePhone(typed string) (Phone, error) {
	s := strings.Trim(Normalise(typed), "()")
	s = strings.NewReplacer("(", "", ")", "", ".", "").Replace(strings.TrimPrefix(whole(s), "+86"))
	mobile := len(s) == 11 && s[0] == '1'
	fixed := len(s) >= 10 && len(s) <= 12 && s[0] == '0'
	if !digits(s) || !mobile && !fixed {
		return Phone{}, &scoring.Invalid{Field: "phone", Problem: "phone-bad", With: []string{MaskedPhone(s), strconv.Itoa(len([]rune(s)))}}
	}
	return Phone{s}, nil
}

// whole writes 1.9900001275E+10 as 19900001275. Eleven digits fit into what a
// spreadsheet keeps, so nothing has been lost.
func whole(s string) string {
	if !scientific(s) {
		return s
	}
	mantissa, exponent, _ := strings.Cut(s, "E")
	n, err := strconv.Atoi(strings.TrimLeft(exponent, "+"))
	first, rest, _ := strings.Cut(mantissa, ".")
	if err != nil || n > 11 || len(rest) > n {
		return s
	}
	return first + rest + strings.Repeat("0", n-len(rest))
}

// Reveal is the number itself.
func (p Phone) Reveal() string { return p.number }

// String is the masked number.
func (p Phone) String() string { return MaskedPhone(p.number) }

// GoString is the masked number too, for %#v.
func (p Phone) GoString() string { return p.String() }

// LogValue is what a log may know.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText is the masked number, so that no encoder gives it away.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
