package identity

import (
	"strconv"
	"strings"
	"time"
)

// Days of the two calendars of spreadsheets. The first counts a 29 February
// 1900 that never was, so from March 1900 its day 0 is 30 December 1899.
var (
	from1900 = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	from1904 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
)

// ReadDay reads a day as people and spreadsheets write it: 1976-05-12, 1976.5.12,
// 1976/5/12, 1976年5月12日, 19760512, or the number that a spreadsheet keeps.
// Years of two digits are not guessed.
func ReadDay(text string, date1904 bool) (Date, bool) {
	s := strings.TrimSpace(Narrow(text))
	if cut := strings.IndexAny(s, " T"); cut > 0 {
		s = s[:cut] // a time of day says nothing here
	}
	whole, fraction, point := strings.Cut(s, ".")
	if n, err := strconv.Atoi(whole); err == nil && (!point || len(whole) == 5 && digits(fraction)) {
		switch len(whole) {
		case 8:
			return believed(Date{Year: n / 10000, Month: n / 100 % 100, Day: n % 100})
		case 5:
			return believed(serial(n, date1904))
		}
		return Date{}, false
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(".-/年月日", r) })
	if len(parts) != 3 || len(parts[0]) != 4 {
		return Date{}, false
	}
	var n [3]int
	for i, p := range parts {
		if !digits(p) || len(p) > 4 {
			return Date{}, false
		}
		n[i], _ = strconv.Atoi(p) // digits
	}
	return believed(Date{Year: n[0], Month: n[1], Day: n[2]})
}

func believed(d Date) (Date, bool) {
	return d, d.Real() && d.Year >= 1900 && d.Year < 2200
}

func serial(n int, date1904 bool) Date {
	from := from1900
	if date1904 {
		from = from1904
	}
	return DateOf(from.AddDate(0, 0, n))
}
