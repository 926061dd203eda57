package web

import (
	"strconv"
	"strings"
	"time"

	"tongchang/scoring"
)

// Words for facts: how marks, reasons, problems, times and events are said.
// Pages, boards, frames and print all use these, so that the same thing is said
// in the same words everywhere.

// Status says a status code.
func (t *Translator) Status(code string) string { return t.T("status." + code) }

// IRM says why there is no mark, with the rule that a disqualification refers
// to: 未出发, 犯规（SW 7.6）.
func (t *Translator) IRM(code scoring.IRM, rule string) string {
	if code == "" {
		return ""
	}
	word := t.T("irm." + string(code))
	if rule == "" {
		return word
	}
	return t.T("irm-rule", word, rule)
}

// Spoken says a mark the way it is read out: 1 分 02 秒 35, 6 米 21, 130.5 公斤.
// Decimals are those shown in the printed mark.
func (t *Translator) Spoken(m scoring.Measure, v scoring.Mark, decimals int) string {
	switch m {
	case scoring.Milliseconds:
		return t.spokenTime(v, decimals)
	case scoring.Millimetres:
		whole, rest, _ := strings.Cut(m.Format(v, 2), ".")
		return t.T("spoken.metres", whole, rest)
	case scoring.Grams:
		return t.T("spoken.kilograms", strings.TrimSuffix(m.Format(v, 1), ".0"))
	case scoring.Thousandths:
		return t.T("spoken.points", m.Format(v, decimals))
	}
	return t.T("spoken.count", m.Format(v, 0))
}

func (t *Translator) spokenTime(v scoring.Mark, decimals int) string {
	total := int64(v) / 1000
	_, fraction, _ := strings.Cut(scoring.Milliseconds.Format(v%1000, decimals), ".")
	seconds := strconv.FormatInt(total%60, 10)
	if total >= 60 && total%60 < 10 {
		seconds = "0" + seconds
	}
	key := "spoken.seconds"
	if fraction == "" {
		key = "spoken.whole-seconds"
	}
	said := t.T(key, seconds, fraction)
	if total >= 60 {
		minutes := strconv.FormatInt(total/60%60, 10)
		if total >= 3600 && total/60%60 < 10 {
			minutes = "0" + minutes
		}
		said = t.T("spoken.minutes", minutes, said)
	}
	if total >= 3600 {
		said = t.T("spoken.hours", strconv.FormatInt(total/3600, 10), said)
	}
	return said
}

// Place says a rank as a place: 第 2, 2nd.
func (t *Translator) Place(rank int) string { return t.T("place", t.ordinal(rank)) }

// ordinal is the number itself in Chinese, which puts 第 before it.
func (t *Translator) ordinal(n int) string {
	s := strconv.Itoa(n)
	if t.Lang != English {
		return s
	}
	switch {
	case n%100/10 == 1:
		return s + "th"
	case n%10 == 1:
		return s + "st"
	case n%10 == 2:
		return s + "nd"
	case n%10 == 3:
		return s + "rd"
	}
	return s + "th"
}

// Why says which rule put a line where it is; name gives the name of a line by
// its id. There is nothing to say of a line that has no rank or no rival.
func (t *Translator) Why(r scoring.Ranked, name func(id string) string) *Reason {
	if r.Rank == 0 || r.Reason.Rule == scoring.RuleAlone || r.Reason.Rule == "" {
		return nil
	}
	against := ""
	if r.Reason.Against != "" {
		against = name(r.Reason.Against)
	}
	return &Reason{
		Title: t.T("why", t.ordinal(r.Rank)),
		Text: t.say("reason."+r.Reason.Rule, map[string]any{
			"Own": r.Reason.Own, "Other": r.Reason.Other, "Against": against,
		}),
		Source: r.Reason.Source,
	}
}

// Invalid says what is wrong with an input, naming the line by name where there
// is one.
func (t *Translator) Invalid(e *scoring.Invalid, name func(id string) string) string {
	data := make(map[string]any, len(e.With))
	for i, a := range e.With {
		data["A"+strconv.Itoa(i+1)] = a
	}
	said := t.say("problem."+e.Problem, data)
	if e.Rule != "" {
		said = t.T("problem-rule", said, e.Rule)
	}
	if e.Line == "" || name == nil {
		return said
	}
	return t.T("problem-line", name(e.Line), said)
}

// Clock says a time of day to the second, in the place the caller has put it in.
func (t *Translator) Clock(at time.Time) string { return at.Format("15:04:05") }

// Hour says a time of day to the minute; a time that is not set is not said.
func (t *Translator) Hour(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("15:04")
}

// Day says a day with its weekday: 6 月 21 日 星期一, Monday 21 June.
func (t *Translator) Day(at time.Time) string {
	return t.T("day", strconv.Itoa(at.Day()), t.month(at), t.T("weekday."+strconv.Itoa(int(at.Weekday()))))
}

// Days says the days from first to last: 6 月 18 日 – 6 月 24 日.
func (t *Translator) Days(first, last time.Time) string {
	date := func(at time.Time) string { return t.T("date", strconv.Itoa(at.Day()), t.month(at)) }
	if first.Equal(last) || last.IsZero() {
		return date(first)
	}
	return t.T("days", date(first), date(last))
}

func (t *Translator) month(at time.Time) string { return t.T("month." + strconv.Itoa(int(at.Month()))) }

// Swim names a swimming event from its parts: 女子 100 米自由泳 S9,
// 混合 4 × 100 米混合泳接力. Sex is M, F or X; stroke is Lenex's word; classes
// may be empty.
func (t *Translator) Swim(sex string, legs, distance int, stroke, classes string) string {
	length := strconv.Itoa(distance)
	key := "swim.race"
	if legs > 1 {
		key, length = "swim.relay", strconv.Itoa(legs)+" × "+length
	}
	name := t.T(key, t.T("sex."+sex), length, t.T("stroke."+stroke))
	return strings.TrimSpace(name + " " + classes)
}

// Round says which part of an event a phase is, by Lenex's word: 预赛, 决赛.
func (t *Translator) Round(code string) string { return t.T("round." + code) }

// Heat says which heat a unit is: 第 2 组.
func (t *Translator) Heat(number int) string { return t.T("heat", strconv.Itoa(number)) }

// sentences puts sentences one after the other, with a space after those that
// end in a Latin character: Chinese stops bring their own.
func sentences(parts ...string) string {
	text := ""
	for _, p := range parts {
		if text != "" && text[len(text)-1] < 0x80 {
			text += " "
		}
		text += p
	}
	return text
}

// Join puts the parts of a title together, leaving out what is empty.
func (t *Translator) Join(parts ...string) string {
	kept := make([]string, 0, len(parts))
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// Said is one thing that has just happened to a line, for [Translator.Tell].
type Said struct {
	Lane   string
	Name   string
	Spoken string // the mark as it is read out; empty with an IRM
	IRM    string // the words for why there is no mark
	Rank   int    // the place now; 0 without one
	Record string
}

// Tell says it in one sentence: 第 4 道：佟海波，14 秒 86，现列第 1。
func (t *Translator) Tell(s Said) string {
	who := s.Name
	if s.Lane != "" {
		who = t.T("tell.lane", s.Lane, s.Name)
	}
	what := s.Spoken
	if what == "" {
		what = s.IRM
	}
	parts := who + t.T("tell.comma") + what
	if s.Rank > 0 {
		parts += t.T("tell.comma") + t.T("tell.rank", t.ordinal(s.Rank))
	}
	if s.Record != "" {
		parts += t.T("tell.comma") + s.Record
	}
	return parts + t.T("tell.stop")
}

// Failure is the page for an answer that is not the page asked for: what
// happened and the way on. Codes without words of their own get those of 500.
func (t *Translator) Failure(code int, id, back string) ErrorPage {
	key := "error." + strconv.Itoa(code)
	if !t.Has(key + ".heading") {
		key = "error.500"
	}
	return ErrorPage{Code: code, Heading: t.T(key + ".heading"), Sentence: t.T(key + ".sentence"), ID: id, Back: back, BackText: t.T("error.back")}
}
