// Words that the registration pages share.
package web

import (
	"strings"
	"time"

	"tongchang/events/entry"
)

// fieldWord names a field of a registration for people.
func (t *Translator) fieldWord(field string) string {
	if field == "id" {
		field = "identity" // "id" is a word that the catalogue keeps for itself
	}
	return t.T("reg.field." + field)
}

// deadline says how far the time for entering has come, when the stage ends and
// what a delegation can still do; nothing where the edition has no deadlines.
func (o *office) deadline(ed *entry.Edition, now time.Time) Deadline {
	t := o.b.t
	now = now.In(o.b.zone)
	stage := ed.Stage(now)
	if stage == entry.Always {
		return Deadline{}
	}
	d := Deadline{Stage: t.T("reg.stage." + string(stage)), Late: stage == entry.Late || stage == entry.Closed}
	if until, ok := ed.Until(stage); ok {
		day, err := time.ParseInLocation(time.DateOnly, until.Day.String(), o.b.zone)
		if err == nil {
			clock := "24:00"
			if until.Minute > 0 {
				clock = t.Hour(day.Add(time.Duration(until.Minute) * time.Minute))
			}
			d.Until = sentences(t.T("reg.deadline.until", t.Days(day, time.Time{})+" "+clock), t.T("reg.deadline.days", daysTo(now, day)))
		}
	}
	var may []string
	for _, what := range []entry.Doing{entry.Add, entry.Change, entry.Substitute, entry.Withdraw} {
		if ok, _ := ed.Lets(now, what); ok {
			may = append(may, t.T("reg.allows."+string(what)))
		}
	}
	if d.May = t.T("reg.deadline.may", strings.Join(may, t.T("reg.deadline.comma"))); len(may) == 0 {
		d.May = t.T("reg.deadline.may-none")
	}
	return d
}

// daysTo counts the nights until a day: 0 on the day itself.
func daysTo(now, day time.Time) int {
	today := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC)
	that := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, time.UTC)
	return max(0, int(that.Sub(today)/(24*time.Hour)))
}
