// Package vertical ranks jumps over a bar: high jump and pole vault. The height
// cleared decides; then the fewest failures at that height; then the fewest
// failures in all up to and including it, heights passed over included; then, for
// first place only and where one was held, the jump-off. Who is still equal
// shares the place (World Athletics and World Para Athletics, vertical jumps).
package vertical

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"tongchang/scoring"
)

// Rules are the heights of the bar.
type Rules struct {
	Heights []scoring.Mark  `json:"heights"`            // mm, rising
	JumpOff []scoring.Mark  `json:"jump_off,omitempty"` // mm, as the bar stood in each round of a jump-off
	Measure scoring.Measure `json:"measure,omitempty"`  // of the marks, where the caller says so: mm
	Source  string          `json:"source,omitempty"`   // rule book, edition, clause
}

// Line is an athlete's row of the sheet. Tries has a box for each height as far
// as the athlete got: O cleared, X failed, - passed, r retired, so XO, XXX or X-
// where the other attempts are kept for a greater height. Nothing yet is "".
type Line struct {
	ID      string      `json:"id"`
	Class   string      `json:"class,omitempty"`
	Tries   []string    `json:"tries,omitempty"`
	JumpOff []string    `json:"jump_off,omitempty"` // O, X or r for each round
	IRM     scoring.IRM `json:"irm,omitempty"`
	Rule    string      `json:"rule,omitempty"` // what a DSQ refers to
}

// jumper is a line made ready.
type jumper struct {
	*Line
	height   scoring.Mark // best cleared, 0 for none
	failures int          // at that height
	total    int          // up to and including it
	jumpOff  []trial
	irm      scoring.IRM
}

// Rank orders lines by countback. Who has cleared nothing and cannot any more
// has NM; who still can is waiting.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	if err := rules.check(); err != nil {
		return nil, err
	}
	jumpers := make([]jumper, len(lines))
	for i := range lines {
		var err error
		if jumpers[i], err = read(&rules, &lines[i]); err != nil {
			return nil, err
		}
	}
	if err := checkJumpOff(jumpers); err != nil {
		return nil, err
	}
	return scoring.Order(jumpers, func(j *jumper) scoring.Facts {
		f := scoring.Facts{ID: j.ID, IRM: j.irm, Result: string(j.irm)}
		if j.height > 0 && (j.irm == "" || j.irm.KeepsMark()) {
			f.Mark, f.Result = &j.height, metres(j.height)
		}
		return f
	}, steps(rules.Source)...), nil
}

// steps are the countback. The jump-off stands last, since only those equal
// under all the others may have one.
func steps(source string) []scoring.Step[jumper] {
	count := func(n func(*jumper) int) (func(a, b *jumper) int, func(*jumper) string) {
		return func(a, b *jumper) int { return cmp.Compare(n(a), n(b)) },
			func(j *jumper) string { return strconv.Itoa(n(j)) }
	}
	at, showAt := count(func(j *jumper) int { return j.failures })
	total, showTotal := count(func(j *jumper) int { return j.total })
	return []scoring.Step[jumper]{
		{Rule: "height", Source: source, Compare: func(a, b *jumper) int { return cmp.Compare(b.height, a.height) },
			Show: func(j *jumper) string { return metres(j.height) }},
		{Rule: "failures-at-height", Source: source, Compare: at, Show: showAt},
		{Rule: "failures-total", Source: source, Compare: total, Show: showTotal},
		{Rule: "jump-off", Source: source, Compare: compareJumpOffs, Show: func(j *jumper) string { return sheet(j.jumpOff) }},
	}
}

func metres(m scoring.Mark) string { return scoring.Millimetres.Format(m, 2) }

// limits of what is believed: a bar at most 10 m up, moved at most 60 times.
const (
	highest  = 10_000
	mostBars = 60
)

func (r *Rules) check() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	if r.Measure != "" && r.Measure != scoring.Millimetres {
		return bad("measure", "wrong-measure", string(r.Measure), string(scoring.Millimetres))
	}
	if len(r.Heights) == 0 || len(r.Heights) > mostBars || len(r.JumpOff) > mostBars {
		return bad("heights", "out-of-range", fmt.Sprint(len(r.Heights)))
	}
	for i, h := range r.Heights {
		if h <= 0 || h > highest {
			return bad("heights", "out-of-range", metres(h))
		}
		if i > 0 && h <= r.Heights[i-1] {
			return bad("heights", "heights-not-rising", metres(r.Heights[i-1]), metres(h))
		}
	}
	for _, h := range r.JumpOff {
		if h <= 0 || h > highest {
			return bad("jump_off", "out-of-range", metres(h))
		}
	}
	return nil
}

// read looks a row of the sheet over and counts it.
func read(rules *Rules, l *Line) (jumper, error) {
	j := jumper{Line: l, irm: l.IRM}
	if len(l.Tries) > len(rules.Heights) {
		return j, &scoring.Invalid{Line: l.ID, Field: "tries", Problem: "more-tries-than-heights",
			With: []string{fmt.Sprint(len(l.Tries)), fmt.Sprint(len(rules.Heights))}}
	}
	bad := func(i int, problem, rule string, with ...string) (jumper, error) {
		return j, &scoring.Invalid{Line: l.ID, Field: metres(rules.Heights[i]), Problem: problem, With: with, Rule: rule}
	}
	var (
		last     trial // before this one
		run      int   // failures since the last bar cleared
		failed   int   // in all
		anything bool
	)
	for i, text := range l.Tries {
		t, err := parseTrial(text)
		if err != nil {
			return j, place(l.ID, metres(rules.Heights[i]), err)
		}
		if i > 0 && !t.blank() {
			switch {
			case run >= 3:
				return bad(i, "jump-after-three-failures", threeFailures, t.String())
			case last.end == 'r':
				return bad(i, "after-retiring", "", t.String())
			case last.blank():
				return bad(i-1, "height-empty", "")
			case last.end == 0:
				return bad(i, "height-unfinished", "", metres(rules.Heights[i-1]), last.String())
			}
		}
		run += t.failures
		failed += t.failures
		if run > 3 || (run == 3 && t.end != 0) {
			return bad(i, "jump-after-three-failures", threeFailures, t.String())
		}
		if t.end == 'O' {
			run, j.height, j.failures, j.total = 0, rules.Heights[i], t.failures, failed
		}
		anything = anything || !t.blank()
		last = t
	}
	if j.irm == "" && j.height == 0 && (run == 3 || last.end == 'r') {
		j.irm = scoring.NM
	}
	if err := l.IRM.Check(l.ID, anything, j.height > 0); err != nil {
		return j, err
	}
	return j, j.readJumpOff(rules)
}

// place puts the line and the box into a fault of parseTrial.
func place(line, field string, err error) error {
	var invalid *scoring.Invalid
	if errors.As(err, &invalid) {
		placed := *invalid
		placed.Line, placed.Field = line, field
		return &placed
	}
	return err
}
