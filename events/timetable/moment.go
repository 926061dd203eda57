// Minutes of the wall clock, and stretches of them.
package timetable

import (
	"fmt"
	"time"
)

// Moment is a minute of the wall clock where the games are held, counted from
// 1970-01-01 00:00 on that clock; 0 is no moment. As text and in JSON it is
// 2027-06-19T08:30. Wall-clock minutes are what a timetable is made of: opening
// hours and rest are meant by the clock in the hall. A night in which the clocks
// change is counted an hour too long or too short; China has none.
type Moment int

const momentLayout = "2006-01-02T15:04"

// At is the moment that the wall clock of a zone shows at an instant.
func At(t time.Time, zone *time.Location) Moment {
	t = t.In(zone)
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	return Moment(wall.Unix() / 60)
}

// In is the instant at which the wall clock of a zone shows the moment. Where
// the clock shows it twice or never, Go's time.Date decides.
func (m Moment) In(zone *time.Location) time.Time {
	t := m.wall()
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, zone)
}

func (m Moment) wall() time.Time { return time.Unix(int64(m)*60, 0).UTC() }

// Date is the day as 2027-06-19.
func (m Moment) Date() string { return m.wall().Format(time.DateOnly) }

// Clock is the time of day as 08:30.
func (m Moment) Clock() string { return m.wall().Format("15:04") }

func (m Moment) String() string {
	if m == 0 {
		return ""
	}
	return m.Date() + " " + m.Clock()
}

// MarshalText writes 2027-06-19T08:30, and nothing for no moment.
func (m Moment) MarshalText() ([]byte, error) {
	if m == 0 {
		return nil, nil
	}
	return []byte(m.wall().Format(momentLayout)), nil
}

// UnmarshalText reads 2027-06-19T08:30.
func (m *Moment) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = 0
		return nil
	}
	t, err := time.Parse(momentLayout, string(text))
	if err != nil || t.Year() < 1971 || t.Year() >= 3000 {
		return fmt.Errorf("%q is not a moment such as 2027-06-19T08:30", text)
	}
	*m = Moment(t.Unix() / 60)
	return nil
}

// Span is the minutes from From until just before Until.
type Span struct {
	From  Moment `json:"from"`
	Until Moment `json:"until"`
}

// Length is how many minutes the span has.
func (s Span) Length() int { return int(s.Until - s.From) }

// Holds reports whether all of another span lies within this one.
func (s Span) Holds(t Span) bool { return s.From <= t.From && t.Until <= s.Until }

// Overlap is how many minutes two spans have in common.
func (s Span) Overlap(t Span) int {
	return max(0, int(min(s.Until, t.Until)-max(s.From, t.From)))
}
