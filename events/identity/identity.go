// Package identity reads the numbers by which people are known: the citizen
// identity number and the residence permits that share its form, the disability
// certificate, the telephone. It says what is wrong with one, never repairs it,
// and never prints it whole: String, logs and JSON show a masked form, and only
// Reveal gives the number itself.
//
// Everything here is a function of its arguments; what is today is one of them.
package identity

import (
	"strings"
	"unicode"
)

// Normalise takes away what people and programs put around a number without
// meaning anything by it: full-width forms, blanks of every kind, hyphens, the
// apostrophe that tells a spreadsheet "this is text", and lower case. It changes
// no character into another one: a letter O stays a letter O.
func Normalise(s string) string {
	return strings.TrimPrefix(strings.Map(func(r rune) rune {
		r = narrow(r)
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Pd, r), r == '\u2212':
			return -1
		}
		return unicode.ToUpper(r)
	}, s), "'")
}

// Narrow turns full-width letters, digits and signs into the ordinary ones and
// the ideographic space into a space: what a person typed is kept otherwise.
func Narrow(s string) string { return strings.Map(narrow, s) }

func narrow(r rune) rune {
	switch {
	case r >= '\uFF01' && r <= '\uFF5E':
		return r - 0xFEE0
	case r == '\u3000', r == '\u00A0':
		return ' '
	}
	return r
}

// mask keeps the first and the last few characters and hides the rest. What is
// too short to hide anything is hidden whole.
func mask(s string, first, last int) string {
	r := []rune(s)
	if len(r) < first+last+4 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:first]) + strings.Repeat("*", len(r)-first-last) + string(r[len(r)-last:])
}

// Masked hides a citizen number, right or wrong: three characters of the place
// and the last four stay, which is enough to find the row and too little to
// know the day of birth.
func Masked(s string) string { return mask(Normalise(s), 3, 4) }

// MaskedCertificate hides a certificate number. Its tail names the disability,
// so nothing of the tail stays.
func MaskedCertificate(s string) string { return mask(Normalise(s), 3, 0) }

// MaskedPhone hides a telephone number but for its first three and last two digits.
func MaskedPhone(s string) string { return mask(Normalise(s), 3, 2) }

// digits reports whether s is digits only, and not empty.
func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// scientific reports whether a spreadsheet wrote the number as 2.31099E+17: it
// keeps fifteen digits, so what is longer has lost its tail.
func scientific(s string) bool {
	mantissa, exponent, ok := strings.Cut(s, "E")
	if !ok || !digits(strings.TrimLeft(exponent, "+")) {
		return false
	}
	whole, fraction, point := strings.Cut(mantissa, ".")
	return len(whole) == 1 && digits(whole) && (!point || digits(fraction))
}
