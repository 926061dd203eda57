package entry

import (
	"regexp"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Best is an entry mark as typed: what it counts is known only where a unit is
// written or the form is that of a time; a bare number leaves it to the event.
type Best struct {
	Mark    scoring.Mark    // in thousandths of the unit: ms, mm, g
	Measure scoring.Measure // empty for a bare number
}

var (
	none      = regexp.MustCompile(`^(|[-—–−]+|无|无成绩|NM|NT)$`)
	clock     = regexp.MustCompile(`^(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2})(?:\.(\d{1,3}))?$`)
	bareMark  = regexp.MustCompile(`^(\d{1,4})(?:\.(\d{1,3}))?(S|秒|M|米|公尺|KG|千克|公斤)?$`)
	forSigns  = strings.NewReplacer("''", `"`, "″", `"`, "”", `"`, "“", `"`, "′", "'", "’", "'", "‘", "'", "：", ":")
	inWords   = regexp.MustCompile(`^(?:(\d{1,2})(?:分|'))?(\d{1,2})(?:秒|")(\d{1,3})?$`)
	onlyHours = regexp.MustCompile(`^(\d{1,2})(?:分|')$`)
)

// ParseBest reads a mark in any of the usual forms: 12.35, 12"35, 12秒35,
// 1:02.45, 1分02秒45, 5.62米, 130kg. A dash is no mark. It reports false for
// what is none of these: then nothing is guessed.
func ParseBest(typed string) (b Best, ok bool) {
	s := Plain(forSigns.Replace(typed))
	if none.MatchString(s) {
		return Best{}, true
	}
	if m := clock.FindStringSubmatch(s); m != nil {
		return clocked(m[1], m[2], m[3], m[4])
	}
	if m := inWords.FindStringSubmatch(s); m != nil {
		return clocked("", m[1], m[2], m[3])
	}
	if m := onlyHours.FindStringSubmatch(s); m != nil {
		return clocked("", m[1], "", "")
	}
	m := bareMark.FindStringSubmatch(s)
	if m == nil {
		return Best{}, false
	}
	units := map[string]scoring.Measure{"S": scoring.Milliseconds, "秒": scoring.Milliseconds, "M": scoring.Millimetres, "米": scoring.Millimetres,
		"公尺": scoring.Millimetres, "KG": scoring.Grams, "千克": scoring.Grams, "公斤": scoring.Grams}
	return Best{scoring.Mark(number(m[1])*1000 + thousandths(m[2])), units[m[3]]}, true
}

func clocked(h, m, s, fraction string) (Best, bool) {
	if number(s) > 59 || h != "" && number(m) > 59 {
		return Best{}, false
	}
	return Best{scoring.Mark(((number(h)*60+number(m))*60+number(s))*1000 + thousandths(fraction)), scoring.Milliseconds}, true
}

// number is of digits, or empty: the expressions above see to it.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func thousandths(s string) int64 { return number((s + "000")[:3]) }

// Bests reads the marks in one cell, in the order of the events: 12.35/—/5.62米.
func Bests(cell string) []string {
	if strings.TrimSpace(cell) == "" {
		return nil
	}
	return strings.Split(cell, "/")
}
