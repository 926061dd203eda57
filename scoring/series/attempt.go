package series

import (
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Call is what stands in the place of a mark; empty where there is one.
type Call string

// The calls of a field event.
const (
	Foul    Call = "X" // failed
	Pass    Call = "-" // let go by
	Retired Call = "r" // and nothing after it
)

// Attempt is one try: a mark in mm as measured, or a call. Wind is in 1/10 m/s,
// along the runway, nil where it was not measured. In JSON an attempt is written
// as on the recorder's sheet: "6.21", "6.21 +1.2", "X", "-", "r".
type Attempt struct {
	Mark scoring.Mark
	Call Call
	Wind *int
}

// Limits of what is believed: 200 m and 20 m/s.
const (
	furthest = 200_000
	gale     = 200
)

// ParseAttempt reads an attempt from a sheet. Distances are in metres, wind in
// m/s with one decimal and a sign.
func ParseAttempt(s string) (Attempt, error) {
	bad := func() (Attempt, error) {
		return Attempt{}, &scoring.Invalid{Field: "attempt", Problem: "not-an-attempt", With: []string{s}}
	}
	switch strings.TrimSpace(s) {
	case "X", "x", "×":
		return Attempt{Call: Foul}, nil
	case "-", "–", "−":
		return Attempt{Call: Pass}, nil
	case "r", "R":
		return Attempt{Call: Retired}, nil
	}
	metres, wind, measured := strings.Cut(strings.TrimSpace(s), " ")
	m, err := scoring.Millimetres.Parse(metres)
	if err != nil || m == 0 || m > furthest {
		return bad()
	}
	a := Attempt{Mark: m}
	if measured {
		w, ok := parseWind(strings.TrimSpace(wind))
		if !ok {
			return bad()
		}
		a.Wind = &w
	}
	return a, nil
}

// parseWind reads +1.2, -0.3, −0.3 or 0.0.
func parseWind(s string) (int, bool) {
	sign := 1
	switch {
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	case strings.HasPrefix(s, "-"):
		sign, s = -1, s[1:]
	case strings.HasPrefix(s, "−"):
		sign, s = -1, strings.TrimPrefix(s, "−")
	}
	whole, tenth, point := strings.Cut(s, ".")
	if !point || len(tenth) != 1 || whole == "" || len(whole) > 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+tenth, 10, 16)
	return sign * int(n), err == nil && n <= gale
}

// FormatWind prints wind as results do: +1.2, −0.3, 0.0 with a sign unless calm.
func FormatWind(tenths int) string {
	sign := ""
	switch {
	case tenths < 0:
		sign, tenths = "−", -tenths
	case tenths > 0:
		sign = "+"
	}
	return sign + strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10)
}

// String prints an attempt as on the sheet.
func (a Attempt) String() string {
	if a.Call != "" {
		return string(a.Call)
	}
	decimals := 2
	if a.Mark%10 != 0 {
		decimals = 3
	}
	s := scoring.Millimetres.Format(a.Mark, decimals)
	if a.Wind != nil {
		s += " " + FormatWind(*a.Wind)
	}
	return s
}

// MarshalText makes an attempt a text in JSON.
func (a Attempt) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what a recorder writes.
func (a *Attempt) UnmarshalText(text []byte) (err error) {
	*a, err = ParseAttempt(string(text))
	return err
}
