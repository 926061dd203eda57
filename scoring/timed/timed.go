// Package timed ranks races against the clock: the fastest first, or the most
// points where several classes swim together and a points table decides.
package timed

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Rules say how times become places.
type Rules struct {
	// Precision is the finest difference, in ms, that separates two times: 10
	// for hundredths, 1 where the photo finish is read to thousandths. 0 means 10.
	Precision int64 `json:"precision,omitempty"`
	// PublishUp prints times to this many ms, rounded up, while Precision still
	// ranks them: 10 for athletics, where a thousandth that is not zero makes the
	// next hundredth. 0 prints times as they are ranked.
	PublishUp int64 `json:"publish_up,omitempty"`
	// By is "time" (the default) or "points": points come with the marks, from
	// the points table that the meet has named.
	By string `json:"by,omitempty"`
	// TimeBreaks separates equal points by time. Without it they share a place.
	TimeBreaks bool `json:"time_breaks,omitempty"`
	// IRM is what the discipline allows instead of a place. None means
	// DNS, DNF, DSQ, EXH, CC, WDR and RJC.
	IRM []scoring.IRM `json:"irm,omitempty"`
	// DSQNeedsRule refuses a disqualification that names no rule.
	DSQNeedsRule bool `json:"dsq_needs_rule,omitempty"`
	// WindLimit, in 1/10 m/s, is the most that a record may have: beyond it the
	// place stands and the wind is printed with a w. Nil where none is measured.
	WindLimit *int   `json:"wind_limit,omitempty"`
	Source    string `json:"source,omitempty"` // rule book, edition, clause
}

// Line is one start of a race.
type Line struct {
	ID     string        `json:"id"`
	Mark   *scoring.Mark `json:"mark,omitempty"` // ms
	Points *int64        `json:"points,omitempty"`
	IRM    scoring.IRM   `json:"irm,omitempty"`
	Rule   string        `json:"rule,omitempty"`  // what a DSQ refers to
	Class  string        `json:"class,omitempty"` // sport class swum in
	// Final is 1 for the A final, 2 for the B final: whoever swam in an earlier
	// one stands before all of the next, whatever the times, and the next begins
	// after the last place of the earlier, even where nobody took it: the winner
	// of a B final after ten in the A final is eleventh. 0 is like 1, but such a
	// line, when it has no place, keeps none free.
	Final    int           `json:"final,omitempty"`
	Wind     *int          `json:"wind,omitempty"`     // 1/10 m/s, negative against the runner
	Reaction *scoring.Mark `json:"reaction,omitempty"` // ms, negative before the signal
}

// Limits of what is believed.
const (
	day         = 24 * 60 * 60 * 1000 // ms; no race is longer
	maxWind     = 999                 // 1/10 m/s
	maxReaction = 99_990              // ms
	maxFinal    = 26                  // Z
)

var usual = []scoring.IRM{scoring.DNS, scoring.DNF, scoring.DSQ, scoring.EXH, scoring.CC, scoring.WDR, scoring.RJC}

// Rank orders lines by final, then by time or by points.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	if err := rules.check(); err != nil {
		return nil, err
	}
	byID := make(map[string]*Line, len(lines))
	for i := range lines {
		if err := rules.checkLine(&lines[i]); err != nil {
			return nil, err
		}
		byID[lines[i].ID] = &lines[i]
	}
	ranked := scoring.Order(lines, rules.facts, rules.steps()...)
	empty := emptyPlaces(lines)
	for i := range ranked {
		l := byID[ranked[i].ID]
		ranked[i].Columns = rules.columns(l)
		if ranked[i].Rank > 0 {
			ranked[i].Rank += empty[max(l.Final, 1)]
		}
	}
	return ranked, nil
}

// emptyPlaces counts, for every final, the places of earlier finals that nobody
// took: disqualified, not started, or still in the water.
func emptyPlaces(lines []Line) (before [maxFinal + 1]int) {
	for i := range lines {
		l := &lines[i]
		placed := l.IRM == "" && l.Mark != nil
		if l.Final == 0 || placed || l.IRM == scoring.EXH {
			continue
		}
		for f := l.Final + 1; f <= maxFinal; f++ {
			before[f]++
		}
	}
	return before
}

// Zero settings mean the usual: these are the values in force.
func (r *Rules) precision() scoring.Mark { return scoring.Mark(cmp.Or(r.Precision, 10)) }
func (r *Rules) allowed() []scoring.IRM {
	if len(r.IRM) == 0 {
		return usual
	}
	return r.IRM
}

func (r *Rules) check() error {
	units := []int64{0, 1, 10, 100, 1000}
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	switch {
	case !slices.Contains(units, r.Precision):
		return bad("precision", "out-of-range", strconv.FormatInt(r.Precision, 10))
	case !slices.Contains(units, r.PublishUp):
		return bad("publish_up", "out-of-range", strconv.FormatInt(r.PublishUp, 10))
	case r.By != "" && r.By != "time" && r.By != "points":
		return bad("by", "unknown-word", r.By, "time", "points")
	}
	for _, c := range r.IRM {
		if c == "" || !c.Known() {
			return bad("irm", "unknown-irm", string(c))
		}
	}
	return nil
}

// checkLine refuses what an official would send back.
func (r *Rules) checkLine(l *Line) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Line: l.ID, Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	if err := l.IRM.Check(l.ID, l.Mark != nil, l.Mark != nil); err != nil {
		return err
	}
	switch {
	case l.Mark != nil && (*l.Mark <= 0 || *l.Mark > day):
		return bad("mark", "out-of-range", strconv.FormatInt(int64(*l.Mark), 10))
	case l.IRM != "" && !slices.Contains(r.allowed(), l.IRM):
		return bad("irm", "irm-not-allowed", string(l.IRM))
	case l.Mark != nil && l.IRM != "" && l.IRM != scoring.DSQ && !l.IRM.KeepsMark():
		return bad("mark", "mark-and-none", string(l.IRM))
	case r.DSQNeedsRule && l.IRM == scoring.DSQ && l.Rule == "":
		return bad("rule", "dsq-without-rule")
	case l.Points != nil && (*l.Points < 0 || *l.Points > 1_000_000):
		return bad("points", "out-of-range", strconv.FormatInt(*l.Points, 10))
	case r.By == "points" && l.Mark != nil && l.IRM == "" && l.Points == nil:
		return bad("points", "points-missing")
	case l.Final < 0 || l.Final > maxFinal:
		return bad("final", "out-of-range", strconv.Itoa(l.Final))
	case l.Wind != nil && max(*l.Wind, -*l.Wind) > maxWind:
		return bad("wind", "out-of-range", strconv.Itoa(*l.Wind))
	case l.Reaction != nil && max(*l.Reaction, -*l.Reaction) > maxReaction:
		return bad("reaction", "out-of-range", strconv.FormatInt(int64(*l.Reaction), 10))
	}
	return nil
}

func (r *Rules) facts(l *Line) scoring.Facts {
	f := scoring.Facts{ID: l.ID, IRM: l.IRM, Mark: l.Mark, Result: string(l.IRM)}
	if l.Mark != nil && (l.IRM == "" || l.IRM.KeepsMark()) {
		f.Result = r.print(*l.Mark)
	}
	return f
}

func (r *Rules) steps() []scoring.Step[Line] {
	final := scoring.Step[Line]{Rule: "final", Source: r.Source,
		Compare: func(a, b *Line) int { return cmp.Compare(max(a.Final, 1), max(b.Final, 1)) },
		Show:    func(l *Line) string { return string(rune('A' + max(l.Final, 1) - 1)) },
	}
	time := scoring.Step[Line]{Rule: "time", Source: r.Source,
		Compare: func(a, b *Line) int { return cmp.Compare(*a.Mark/r.precision(), *b.Mark/r.precision()) },
		Show:    func(l *Line) string { return exact(*l.Mark, r.precision()) },
	}
	points := scoring.Step[Line]{Rule: "points", Source: r.Source,
		Compare: func(a, b *Line) int { return cmp.Compare(*b.Points, *a.Points) },
		Show:    func(l *Line) string { return strconv.FormatInt(*l.Points, 10) },
	}
	switch {
	case r.By != "points":
		return []scoring.Step[Line]{final, time}
	case r.TimeBreaks:
		return []scoring.Step[Line]{final, points, time}
	}
	return []scoring.Step[Line]{final, points}
}

// print is a time as published.
func (r *Rules) print(m scoring.Mark) string {
	unit := scoring.Mark(r.PublishUp)
	if unit == 0 {
		return exact(m, r.precision())
	}
	return exact((m+unit-1)/unit*unit, unit)
}

// exact prints a time down to a unit and cuts off the rest.
func exact(m, unit scoring.Mark) string {
	decimals := 3
	for ; unit >= 10; unit /= 10 {
		decimals--
	}
	return scoring.Milliseconds.Format(m, decimals)
}

// columns stand beside the time: points, what the photo finish read, wind and
// reaction.
func (r *Rules) columns(l *Line) []scoring.Column {
	var c []scoring.Column
	add := func(name, text string) { c = append(c, scoring.Column{Name: name, Text: text}) }
	shown := l.Mark != nil && (l.IRM == "" || l.IRM.KeepsMark())
	if shown && l.Points != nil {
		add("points", strconv.FormatInt(*l.Points, 10))
	}
	if shown && r.PublishUp > r.Precision && r.Precision > 0 && *l.Mark%scoring.Mark(r.PublishUp) != 0 {
		add("photo-finish", exact(*l.Mark, r.precision()))
	}
	if l.Class != "" {
		add("class", l.Class)
	}
	if l.IRM == scoring.DSQ && l.Rule != "" {
		add("dsq-rule", l.Rule)
	}
	if l.Wind != nil {
		add("wind", r.wind(*l.Wind))
	}
	if l.Reaction != nil {
		add("reaction", scoring.Milliseconds.Format(*l.Reaction, decimalsOf(*l.Reaction)))
	}
	return c
}

// decimalsOf prints a reaction as finely as it was measured.
func decimalsOf(m scoring.Mark) int {
	if m%10 == 0 {
		return 2
	}
	return 3
}

// wind is printed in metres per second with its sign, and with a w where it
// helped more than a record may have.
func (r *Rules) wind(tenths int) string {
	sign, size := "+", tenths
	if tenths < 0 {
		sign, size = "−", -tenths
	} else if tenths == 0 {
		sign = ""
	}
	text := fmt.Sprintf("%s%d.%d", sign, size/10, size%10)
	if r.WindLimit != nil && tenths > *r.WindLimit {
		text += "w"
	}
	return text
}
