package points

import (
	"encoding/json"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Constant is a number of a published formula, in millionths: 10.770122 is
// 10770122. The published tables have six decimals, so nothing is lost.
type Constant int64

const millionths = 1_000_000

// ParseConstant reads a positive decimal with at most six digits on each side
// of the point.
func ParseConstant(s string) (Constant, error) {
	whole, frac, point := strings.Cut(s, ".")
	if len(frac) > 6 || (point && frac == "") || len(whole) > 6 || whole == "" {
		return 0, notAConstant(s)
	}
	n, err := strconv.ParseUint(whole+frac+strings.Repeat("0", 6-len(frac)), 10, 63)
	if err != nil {
		return 0, notAConstant(s)
	}
	return Constant(n), nil
}

func notAConstant(s string) error {
	return &scoring.Invalid{Field: "constant", Problem: "not-a-constant", With: []string{s}}
}

func (c Constant) float() float64 { return float64(c) / millionths }

// String prints a constant as the tables do: 10.770122, 1200.
func (c Constant) String() string {
	s := strconv.FormatInt(int64(c)/millionths, 10)
	if f := int64(c) % millionths; f != 0 {
		frac := strconv.FormatInt(millionths+f, 10)[1:]
		s += "." + strings.TrimRight(frac, "0")
	}
	return s
}

// MarshalJSON writes the constant as a number.
func (c Constant) MarshalJSON() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalJSON reads a number by its digits, never by way of a float.
func (c *Constant) UnmarshalJSON(raw []byte) error {
	var n json.Number
	err := json.Unmarshal(raw, &n)
	if err == nil {
		*c, err = ParseConstant(n.String())
	}
	return err
}
