package identity

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tongchang/scoring"
)

// Category is a kind of disability as certificates number it (GB/T 26341-2010).
type Category int

// The categories. Some popular lists exchange the first two; the federation's
// own and every certificate have vision first.
const (
	Vision       Category = 1 + iota // 视力
	Hearing                          // 听力
	Speech                           // 言语
	Physical                         // 肢体
	Intellectual                     // 智力
	Psychosocial                     // 精神
	Multiple                         // 多重
)

// categoryWords are the categories as sheets write them.
var categoryWords = []string{"", "视力", "听力", "言语", "肢体", "智力", "精神", "多重"}

// Word is the category as certificates print it, empty for none.
func (c Category) Word() string {
	if c < 1 || int(c) >= len(categoryWords) {
		return ""
	}
	return categoryWords[c]
}

// ParseCategory reads 肢体, 肢体残疾 or 多重(听力、言语). Of what a multiple
// disability is composed comes in parts, in the order written. It reports false
// for what names no category.
func ParseCategory(typed string) (c Category, parts []Category, ok bool) {
	s := strings.NewReplacer("残疾", "", "障碍", "", "类", "").Replace(Normalise(typed))
	if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= 7 {
		return Category(n), nil, true
	}
	if rest, multiple := strings.CutPrefix(s, "多重"); multiple {
		rest = strings.Trim(rest, "()（）:：")
		for _, word := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("、,，;；+/和及", r) }) {
			if i := slices.Index(categoryWords, word); i > 0 && i < int(Multiple) {
				parts = append(parts, Category(i))
			}
		}
		return Multiple, parts, true
	}
	if i := slices.Index(categoryWords, s); i > 0 {
		return Category(i), nil, true
	}
	return 0, nil, false
}

// ParseLevel reads 一级, 2级 or 3: one is the most severe, four the least.
func ParseLevel(typed string) (level int, ok bool) {
	s := strings.TrimSuffix(Normalise(typed), "级")
	for i, words := range [][]string{{"1", "一", "壹", "Ⅰ", "I"}, {"2", "二", "贰", "Ⅱ", "II"}, {"3", "三", "叁", "Ⅲ", "III"}, {"4", "四", "肆", "Ⅳ", "IV"}} {
		if slices.Contains(words, s) {
			return i + 1, true
		}
	}
	return 0, false
}

// Certificate is the number of a disability certificate: the eighteen characters
// of the holder's citizen number, a digit for the category, a digit for the
// level and, when issued again, B with the number of times. The number changes
// with every new assessment, so people are known by their citizen number and
// certificates are kept as history.
type Certificate struct{ number string }

// ParseCertificate reads a number as typed. It refuses with a [*scoring.Invalid]
// whose Problem is one of missing-cert, cert-excel-number, cert-length,
// cert-character and cert-form, which names the place, what stands there and
// what may. Whether the eighteen characters are a right citizen number, and
// whose, is not its business: see [Certificate.Of].
func ParseCertificate(typed string) (Certificate, error) {
	s := Normalise(typed)
	bad := func(problem string, with ...string) (Certificate, error) {
		return Certificate{}, &scoring.Invalid{Field: "cert", Problem: problem, With: with}
	}
	switch {
	case s == "":
		return bad("missing-cert")
	case scientific(s), len(s) == 20 && digits(s) && strings.HasSuffix(s, "00000"):
		return bad("cert-excel-number") // fifteen digits kept, five made up
	case len([]rune(s)) != 20 && len([]rune(s)) != 22:
		return bad("cert-length", strconv.Itoa(len([]rune(s))))
	}
	if at, char := misplaced(s); at > 0 {
		return bad("cert-character", strconv.Itoa(at), char)
	}
	switch {
	case s[18] < '1' || s[18] > '7':
		return bad("cert-form", "19", s[18:19], "1–7")
	case s[19] < '1' || s[19] > '4':
		return bad("cert-form", "20", s[19:20], "1–4")
	case len(s) == 22 && (s[20] != 'B' || s[21] < '1' || s[21] > '9'):
		return bad("cert-form", "21", s[20:], "B1–B9")
	}
	return Certificate{s}, nil
}

// misplaced finds the first character that cannot stand at its place: the first
// eighteen are a citizen number, what follows is plain.
func misplaced(s string) (at int, char string) {
	r := []rune(s)
	if at, char = foreign(string(r[:18])); at > 0 {
		return at, char
	}
	for i, c := range r[18:] {
		if c > unicode.MaxASCII {
			return 19 + i, string(c)
		}
	}
	return 0, ""
}

// Category as certified.
func (c Certificate) Category() Category {
	if c.number == "" {
		return 0
	}
	return Category(c.number[18] - '0')
}

// Level as certified: 1 is the most severe.
func (c Certificate) Level() int {
	if c.number == "" {
		return 0
	}
	return int(c.number[19] - '0')
}

// Reissue is how often the certificate was issued again: 2 for B2.
func (c Certificate) Reissue() int {
	if len(c.number) != 22 {
		return 0
	}
	return int(c.number[21] - '0')
}

// Of reports whether the certificate was issued to the holder of a number.
func (c Certificate) Of(id CitizenID) bool {
	return c.number != "" && id.number != "" && c.number[:18] == id.number
}

// Holder is the citizen number inside, where it is a right one.
func (c Certificate) Holder(today Date) (CitizenID, bool) { return HolderOf(c.number, today) }

// HolderOf is the citizen number in the first eighteen characters of a
// certificate number, even where the rest of it is wrong. It is a clue for who
// compares a wrong citizen number with the document, never a replacement.
func HolderOf(typed string, today Date) (CitizenID, bool) {
	s := Normalise(typed)
	if len(s) < 18 {
		return CitizenID{}, false
	}
	id, err := ParseCitizenID(s[:18], today)
	return id, err == nil
}

// IsZero reports that there is no certificate.
func (c Certificate) IsZero() bool { return c.number == "" }

// Reveal is the number itself, for storing it encrypted and for the recorded look.
func (c Certificate) Reveal() string { return c.number }

// String is the masked number.
func (c Certificate) String() string { return MaskedCertificate(c.number) }

// GoString is the masked number too, for %#v.
func (c Certificate) GoString() string { return c.String() }

// LogValue is what a log may know.
func (c Certificate) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText is the masked number, so that no encoder gives it away.
func (c Certificate) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
