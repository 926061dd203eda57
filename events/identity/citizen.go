package identity

import (
	"log/slog"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Sex as identity numbers know it.
type Sex string

// The sexes, in the letters of the ledger and of the Olympic Data Feed.
const (
	Male   Sex = "M"
	Female Sex = "W"
)

// CitizenID is a checked citizen identity number of eighteen characters (GB
// 11643): six for the place of the first registration, eight for the day of
// birth, three for the order within that day and one that checks the others.
// Places are renamed and abolished, so the six are never held against a list.
type CitizenID struct{ number string }

// DocumentKind is what kind of document carries the number.
type DocumentKind string

// Documents that share the form.
const (
	Resident         DocumentKind = "resident"
	ResidencePermit  DocumentKind = "residence-permit"  // of Hong Kong, Macao and Taiwan residents: 81, 82, 83
	PermanentForeign DocumentKind = "permanent-foreign" // foreigners' permanent residence, the form of 2023: 9
)

const (
	weights = "7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2" // GB 11643: 2^(18-i) mod 11
	checks  = "10X98765432"                         // by the remainder
)

var weight = func() (w [17]int) {
	for i, s := range strings.Fields(weights) {
		w[i], _ = strconv.Atoi(s) // literals above
	}
	return w
}()

// CheckDigit is the eighteenth character that belongs to seventeen digits (ISO
// 7064, MOD 11-2).
func CheckDigit(seventeen string) byte {
	sum := 0
	for i := range weight {
		sum += int(seventeen[i]-'0') * weight[i]
	}
	return checks[sum%11]
}

// ParseCitizenID reads a number as typed. Today bounds the day of birth. What
// it refuses it refuses with a [*scoring.Invalid] whose Problem is one of
// missing-id, id-excel-number, id-old-15, id-look-alike, id-bad-char, id-length,
// id-check-digit and id-birth-impossible.
func ParseCitizenID(typed string, today Date) (CitizenID, error) {
	s := Normalise(typed)
	bad := func(problem string, with ...string) (CitizenID, error) {
		return CitizenID{}, &scoring.Invalid{Field: "id", Problem: problem, With: with, Rule: "GB 11643"}
	}
	switch {
	case s == "":
		return bad("missing-id")
	case scientific(s):
		return bad("id-excel-number")
	}
	if at, char := foreign(s); at > 0 {
		if digit := LookAlike(char); digit != "" {
			return bad("id-look-alike", strconv.Itoa(at), char, digit)
		}
		return bad("id-bad-char", strconv.Itoa(at), char)
	}
	switch {
	case len(s) == 15:
		long := s[:6] + "19" + s[6:]
		return bad("id-old-15", Masked(long+string(CheckDigit(long))))
	case len(s) != 18:
		return bad("id-length", strconv.Itoa(len(s)))
	case CheckDigit(s[:17]) != s[17] && strings.HasSuffix(s, "000"):
		return bad("id-excel-number") // fifteen digits kept, three made up
	case CheckDigit(s[:17]) != s[17]:
		return bad("id-check-digit", string(CheckDigit(s[:17])), s[17:])
	}
	id := CitizenID{s}
	if b := id.Birth(); !b.Real() || b.Year < 1900 || b.Compare(today) > 0 {
		return bad("id-birth-impossible", s[6:14])
	}
	return id, nil
}

// foreign finds the first character that the number cannot have at its place,
// counted from 1: only digits, and X in the last of eighteen.
func foreign(s string) (at int, char string) {
	n := 0
	for _, r := range s {
		n++
		if (r < '0' || r > '9') && (r != 'X' || n != 18) {
			return n, string(r)
		}
	}
	return 0, ""
}

// LookAlike is the digit that a character is easily taken for, empty where it
// is like none. It is for telling people, never for repairing.
func LookAlike(char string) string {
	switch char {
	case "O", "Q", "D", "〇", "零":
		return "0"
	case "I", "L", "|", "!":
		return "1"
	case "Z":
		return "2"
	case "S":
		return "5"
	case "B":
		return "8"
	}
	return ""
}

// Swapped gives the places, counted from 1, where exchanging a digit with the
// next would make a number with a wrong check character right. It is a hint for
// people who hold the document; the check cannot tell which of several it was.
func Swapped(typed string) []int {
	s := Normalise(typed)
	if len(s) != 18 || !digits(s[:17]) || CheckDigit(s[:17]) == s[17] {
		return nil
	}
	var places []int
	for i := 0; i < 16; i++ {
		b := []byte(s)
		b[i], b[i+1] = b[i+1], b[i]
		if b[i] != b[i+1] && CheckDigit(string(b[:17])) == b[17] {
			places = append(places, i+1)
		}
	}
	return places
}

// Birth is the day of birth in the number.
func (c CitizenID) Birth() Date {
	if c.number == "" {
		return Date{}
	}
	n, _ := strconv.Atoi(c.number[6:14]) // digits, or it were no CitizenID
	return Date{n / 10000, n / 100 % 100, n % 100}
}

// Sex by the order within the day: odd for men, even for women.
func (c CitizenID) Sex() Sex {
	switch {
	case c.number == "":
		return ""
	case c.number[16]%2 == 1:
		return Male
	}
	return Female
}

// Sequence is the order within place and day of birth.
func (c CitizenID) Sequence() int {
	n, _ := strconv.Atoi(c.number[14:17]) // digits, or it were no CitizenID
	return n
}

// Document says which document carries such a number.
func (c CitizenID) Document() DocumentKind {
	switch {
	case strings.HasPrefix(c.number, "81"), strings.HasPrefix(c.number, "82"), strings.HasPrefix(c.number, "83"):
		return ResidencePermit
	case strings.HasPrefix(c.number, "9"):
		return PermanentForeign
	}
	return Resident
}

// IsZero reports that there is no number.
func (c CitizenID) IsZero() bool { return c.number == "" }

// Reveal is the number itself, for storing it encrypted and for the recorded look.
func (c CitizenID) Reveal() string { return c.number }

// String is the masked number.
func (c CitizenID) String() string { return Masked(c.number) }

// GoString is the masked number too, for %#v.
func (c CitizenID) GoString() string { return c.String() }

// LogValue is what a log may know.
func (c CitizenID) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText is the masked number, so that no encoder gives it away.
func (c CitizenID) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
