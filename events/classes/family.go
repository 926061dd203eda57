package classes

import (
	"slices"
	"strconv"
	"strings"
)

// Family says which classes are of one kind of impairment, so that their
// contests may merge, and where a class stands among them: 1 is the most
// impaired. In athletics the tens of the number are the kind (T3x coordination,
// T4x limbs, T5x wheelchair); in swimming 1 to 10 are physical, 11 to 13 visual
// and 14 intellectual impairment; in table tennis 1 to 5 sit and 6 to 10 stand
// (classification rules of the sports' federations). A class without a number is
// a family of its own.
func Family(class string) (family string, severity int) {
	letters := Group(class)
	number, err := strconv.Atoi(strings.TrimPrefix(class, letters))
	if letters == "" || err != nil {
		return class, 1
	}
	part := 0
	switch letters {
	case "T", "F":
		part = number / 10
	case "S", "SB", "SM":
		part = step(number, 10, 13, 14)
	case "TT":
		part = step(number, 5, 10, 11)
	case "PTS", "H", "C", "BC", "LW", "B", "SL", "SU", "SH", "WH":
	default:
		part = number
	}
	if part == 0 {
		return letters, number
	}
	return letters + "/" + strconv.Itoa(part), number
}

// step is the first bound that a number does not exceed, 0 for the first of
// them.
func step(number int, bounds ...int) int {
	i := slices.IndexFunc(bounds, func(b int) bool { return number <= b })
	if i < 0 {
		return number
	}
	return i
}

// FamilyOf is the family of a set of classes, where they are all of one, and the
// severity of the most impaired.
func FamilyOf(set []string) (family string, severity int) {
	for i, c := range set {
		f, s := Family(c)
		switch {
		case i == 0:
			family, severity = f, s
		case f != family:
			return strings.Join(set, ","), 1 // mixed already: merges with nothing else
		default:
			severity = min(severity, s)
		}
	}
	return family, severity
}
