package plan

import (
	"strconv"
	"strings"
	"time"
)

// Proposed are deadlines for a games that opens on a day, as regulations of
// provinces set them apart: numbers three months before, names two, final
// changes one, late changes until the evening before. They are a proposal, and
// what would be over today is left out.
func Proposed(opening, today string) Deadlines {
	o, ok := day(opening)
	if !ok {
		return Deadlines{}
	}
	before := func(days int, clock string) string {
		d := o.AddDate(0, 0, -days).Format(time.DateOnly)
		if d <= today {
			return ""
		}
		return d + clock
	}
	return Deadlines{Numbers: before(90, ""), Names: before(60, " 17:00"), Final: before(30, " 17:00"), Late: before(1, " 18:00")}
}

// Shift moves a plan to another first day: every other day by as much, days of
// birth by whole years. Nobody has gone through the steps of the new plan yet.
// The plan is unchanged where its own first day or the new one is none.
func (p *Plan) Shift(starts string) {
	from, ok1 := day(p.Starts)
	to, ok2 := day(starts)
	if !ok1 || !ok2 {
		return
	}
	days := int(to.Sub(from).Hours() / 24)
	years := to.Year() - from.Year()
	r := &p.Rules
	for _, d := range []*string{&p.Starts, &p.Ends, &r.Opening, &r.Closing, &r.Deadlines.Numbers, &r.Deadlines.Names, &r.Deadlines.Final, &r.Deadlines.Late, &r.Substitution.Until} {
		*d = moved(*d, days)
	}
	for i := range r.Sports {
		r.Sports[i].From, r.Sports[i].To = aged(r.Sports[i].From, years), aged(r.Sports[i].To, years)
	}
	for sex, window := range r.Birth {
		r.Birth[sex] = [2]string{aged(window[0], years), aged(window[1], years)}
	}
	p.Seen = nil
}

// moved is a day, or a day with a clock time, so many days later.
func moved(s string, days int) string {
	date, clock, timed := strings.Cut(s, " ")
	d, ok := day(date)
	if !ok {
		return s
	}
	s = d.AddDate(0, 0, days).Format(time.DateOnly)
	if timed {
		s += " " + clock
	}
	return s
}

// aged is a day of birth so many years later; 29 February becomes the 28th.
func aged(s string, years int) string {
	d, ok := day(s)
	if !ok {
		return s
	}
	y := strconv.Itoa(d.Year() + years)
	for len(y) < 4 {
		y = "0" + y
	}
	s = y + d.Format("-01-02")
	if _, real := day(s); !real {
		s = y + "-02-28"
	}
	return s
}

// Renamed puts the number of another edition into a name, as in 第九届 for 第八届,
// and 2028 for 2027; a name without a number stays.
func Renamed(name string, years int) string {
	if years == 0 {
		return name
	}
	for i, n := range numerals {
		if i+1 < len(numerals) && strings.Contains(name, "第"+n+"届") {
			return strings.Replace(name, "第"+n+"届", "第"+numerals[i+1]+"届", 1)
		}
	}
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(word); err == nil && len(word) == 4 && n > 1900 && n < 2200 {
			return strings.Replace(name, word, strconv.Itoa(n+years), 1)
		}
	}
	return name
}

var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十"}
