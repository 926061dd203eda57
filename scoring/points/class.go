package points

import (
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Classes reads a class as tables print it, one row for several where they
// share their constants: T54, T45-47, F43/44, SM10.
func Classes(s string) ([]string, error) {
	digit := strings.IndexAny(s, "0123456789")
	if digit < 1 || digit > 3 || strings.Trim(s[:digit], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return nil, notAClass(s)
	}
	prefix, numbers := s[:digit], s[digit:]
	if from, to, span := strings.Cut(numbers, "-"); span {
		first, last := number(from), number(to)
		if first < 1 || last <= first {
			return nil, notAClass(s)
		}
		var classes []string
		for n := first; n <= last; n++ {
			classes = append(classes, prefix+strconv.Itoa(n))
		}
		return classes, nil
	}
	var classes []string
	for n := range strings.SplitSeq(numbers, "/") {
		if number(n) < 1 {
			return nil, notAClass(s)
		}
		classes = append(classes, prefix+n)
	}
	return classes, nil
}

func notAClass(s string) error {
	return &scoring.Invalid{Field: "class", Problem: "not-a-class", With: []string{s}}
}

// number reads one or two digits without a leading zero; 0 where there are none.
func number(s string) int {
	if n, err := strconv.Atoi(s); err == nil && len(s) <= 2 && s[0] >= '1' && s[0] <= '9' {
		return n
	}
	return 0
}
