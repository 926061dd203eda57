package identity

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the calendar without a clock or a zone: a birthday, a
// cut-off date, the day a certificate ends. The zero Date is no day.
type Date struct{ Year, Month, Day int }

// Real reports whether the day exists: 30 February does not.
func (d Date) Real() bool {
	t := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
	return d.Year >= 1 && d.Year <= 9999 && t.Year() == d.Year && int(t.Month()) == d.Month && t.Day() == d.Day
}

// Compare orders days: -1 where d is earlier.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// String is the day as in 2027-06-18.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText is [Date.String], nothing for no day.
func (d Date) MarshalText() ([]byte, error) {
	if d == (Date{}) {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads 2027-06-18.
func (d *Date) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("a day is written 2027-06-18: %w", err)
	}
	*d = DateOf(t)
	return nil
}

// DateOf is the day that t shows on its own clock.
func DateOf(t time.Time) Date {
	return Date{t.Year(), int(t.Month()), t.Day()}
}

// Age is the number of birthdays kept by the end of a day. Who was born on
// 29 February has it on 1 March where there is no 29th. A day before the birth
// gives a negative age.
func Age(birth, on Date) int {
	years := on.Year - birth.Year
	if on.Month < birth.Month || on.Month == birth.Month && on.Day < birth.Day {
		years--
	}
	return years
}
