// Package factored ranks races in which every class has a factor: each run's
// time is multiplied by it, the products are added, and the smallest sum wins.
// Alpine skiing has two runs, Nordic skiing one, biathlon adds time for missed
// shots first. The unrounded sum decides; what is printed is rounded once.
package factored

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Rules say how runs become a calculated time.
type Rules struct {
	// Runs is how many must be finished: 2 in alpine technical events. 0 means 1.
	Runs int `json:"runs,omitempty"`
	// Penalty, in ms, is added to a run for each missed shot before the factor,
	// where misses cost time and not a loop.
	Penalty scoring.Mark `json:"penalty,omitempty"`
	// Decimals, 0 to 3, and Rounding say how the calculated time is printed: 2 and
	// half-up unless set. Federations differ; no place depends on it, unless
	// RoundedTies lets those share a place whose printed times are equal.
	Decimals    *int             `json:"decimals,omitempty"`
	Rounding    scoring.Rounding `json:"rounding,omitempty"`
	RoundedTies bool             `json:"rounded_ties,omitempty"`
	IRM         []scoring.IRM    `json:"irm,omitempty"` // allowed; none means DNS, DNF, DSQ, EXH, CC and WDR
	Source      string           `json:"source,omitempty"`
}

// Line is one competitor. Factor is exact: "0.8929" or "8929/10000"; a percentage
// of 89.29 is 0.8929. It belongs to the class or, where a class has a range, to
// the athlete, and comes from the federation's table of the season.
type Line struct {
	ID     string      `json:"id"`
	Class  string      `json:"class,omitempty"`
	Factor string      `json:"factor,omitempty"`
	Runs   []Run       `json:"runs,omitempty"`
	IRM    scoring.IRM `json:"irm,omitempty"`
	Rule   string      `json:"rule,omitempty"` // what a DSQ refers to
}

// Run is one time, in ms; nil while it is not finished. Factor replaces the
// line's for this run: classic and free technique have their own.
type Run struct {
	Mark   *scoring.Mark `json:"mark,omitempty"`
	Misses int           `json:"misses,omitempty"`
	Factor string        `json:"factor,omitempty"`
}

// Limits of what is believed.
const (
	maxRuns   = 10
	maxMisses = 100
	day       = 24 * 60 * 60 * 1000 // ms
)

var (
	usual     = []scoring.IRM{scoring.DNS, scoring.DNF, scoring.DSQ, scoring.EXH, scoring.CC, scoring.WDR}
	maxFactor = scoring.Whole(2)
)

// RuleCalculated is the step that decides: the smaller calculated time.
const RuleCalculated = "calculated-time"

// sum is a line with its exact calculated time, in ms.
type sum struct {
	*Line
	exact scoring.Ratio
	done  bool // all runs are there
}

// Rank orders lines by calculated time. A run without a factor is refused: a
// missing factor is not 1.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	if err := rules.check(); err != nil {
		return nil, err
	}
	sums := make([]sum, len(lines))
	byID := make(map[string]*sum, len(lines))
	for i := range lines {
		s, err := rules.sum(&lines[i])
		if err != nil {
			return nil, err
		}
		sums[i] = s
		byID[lines[i].ID] = &sums[i]
	}
	ranked := scoring.Order(sums, rules.facts, scoring.Step[sum]{
		Rule: RuleCalculated, Source: rules.Source, Compare: rules.compare, Show: rules.show,
	})
	for i := range ranked {
		ranked[i].Columns = rules.columns(byID[ranked[i].ID])
	}
	return ranked, nil
}

func (r *Rules) decimals() int {
	if r.Decimals == nil {
		return 2
	}
	return *r.Decimals
}

func (r *Rules) check() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	switch {
	case r.Runs < 0 || r.Runs > maxRuns:
		return bad("runs", "out-of-range", strconv.Itoa(r.Runs))
	case r.Penalty < 0 || r.Penalty > day:
		return bad("penalty", "out-of-range", strconv.FormatInt(int64(r.Penalty), 10))
	case r.decimals() < 0 || r.decimals() > 3:
		return bad("decimals", "out-of-range", strconv.Itoa(r.decimals()))
	case r.Rounding != "" && !r.Rounding.Known():
		return bad("rounding", "unknown-word", string(r.Rounding))
	}
	for _, c := range r.IRM {
		if c == "" || !c.Known() {
			return bad("irm", "unknown-irm", string(c))
		}
	}
	return nil
}

// sum checks a line and adds its runs up.
func (r *Rules) sum(l *Line) (sum, error) {
	s := sum{Line: l}
	bad := func(field, problem string, with ...string) (sum, error) {
		return s, &scoring.Invalid{Line: l.ID, Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	wanted := cmp.Or(r.Runs, 1)
	if len(l.Runs) > wanted {
		return bad("runs", "too-many-runs", strconv.Itoa(len(l.Runs)), strconv.Itoa(wanted))
	}
	finished := 0
	for i, run := range l.Runs {
		field := fmt.Sprintf("run %d", i+1)
		if run.Misses < 0 || run.Misses > maxMisses {
			return bad(field, "out-of-range", strconv.Itoa(run.Misses))
		}
		if run.Mark == nil {
			continue
		}
		if *run.Mark <= 0 || *run.Mark > day {
			return bad(field, "out-of-range", strconv.FormatInt(int64(*run.Mark), 10))
		}
		if l.IRM != "" && !l.IRM.KeepsMark() {
			continue // the run stands on the sheet, nothing is calculated
		}
		factor, problem := factor(cmp.Or(run.Factor, l.Factor))
		if problem != "" {
			return bad(field, problem, l.Class, cmp.Or(run.Factor, l.Factor))
		}
		real := *run.Mark + scoring.Mark(run.Misses)*r.Penalty
		s.exact = s.exact.Add(scoring.Whole(int64(real)).Mul(factor))
		finished++
	}
	s.done = finished == wanted
	if err := l.IRM.Check(l.ID, len(l.Runs) > 0 && l.Runs[0].Mark != nil, s.done); err != nil {
		return s, err
	}
	if l.IRM != "" && !slices.Contains(r.allowed(), l.IRM) {
		return bad("irm", "irm-not-allowed", string(l.IRM))
	}
	return s, nil
}

func (r *Rules) allowed() []scoring.IRM {
	if len(r.IRM) == 0 {
		return usual
	}
	return r.IRM
}

// factor reads an exact factor, above 0 and at most 2.
func factor(text string) (f scoring.Ratio, problem string) {
	if text == "" {
		return f, "factor-missing"
	}
	f, err := scoring.ParseRatio(text)
	switch {
	case err != nil:
		return f, "not-a-number"
	case f.Sign() <= 0 || f.Cmp(maxFactor) > 0:
		return f, "factor-out-of-range"
	}
	return f, ""
}

// rounded is the calculated time as printed, in ms.
func (r *Rules) rounded(s *sum) scoring.Mark {
	mode := cmp.Or(r.Rounding, scoring.HalfUp)
	seconds := s.exact.Over(1000).Round(r.decimals(), mode)
	return seconds.Thousandths()
}

func (r *Rules) facts(s *sum) scoring.Facts {
	f := scoring.Facts{ID: s.ID, IRM: s.IRM, Result: string(s.IRM)}
	if s.done && (s.IRM == "" || s.IRM.KeepsMark()) {
		m := r.rounded(s)
		f.Mark, f.Result = &m, scoring.Milliseconds.Format(m, r.decimals())
	}
	return f
}

func (r *Rules) compare(a, b *sum) int {
	if r.RoundedTies {
		return cmp.Compare(r.rounded(a), r.rounded(b))
	}
	return a.exact.Cmp(b.exact)
}

// show prints what was compared: the printed time, and the exact seconds behind
// it where they are finer and decide.
func (r *Rules) show(s *sum) string {
	text := scoring.Milliseconds.Format(r.rounded(s), r.decimals())
	if r.RoundedTies || s.exact.Cmp(scoring.Whole(int64(r.rounded(s)))) == 0 {
		return text
	}
	return text + " (" + s.exact.Over(1000).String() + ")"
}

// columns are the class, the factor and the real times behind the result.
func (r *Rules) columns(s *sum) []scoring.Column {
	var c []scoring.Column
	add := func(name, text string) {
		if text != "" {
			c = append(c, scoring.Column{Name: name, Text: text})
		}
	}
	add("class", s.Class)
	add("factor", s.Factor)
	for i, run := range s.Runs {
		if run.Mark != nil {
			add(fmt.Sprintf("run-%d", i+1), scoring.Milliseconds.Format(*run.Mark, r.runDecimals(*run.Mark)))
		}
		if run.Misses > 0 {
			add("misses", strconv.Itoa(run.Misses))
		}
		if run.Factor != "" {
			add("factor", run.Factor)
		}
	}
	if s.IRM == scoring.DSQ {
		add("dsq-rule", s.Rule)
	}
	return c
}

// runDecimals prints a real time with the decimals of the result, or all three
// where it was taken more finely.
func (r *Rules) runDecimals(m scoring.Mark) int {
	unit := scoring.Mark(1000)
	for range r.decimals() {
		unit /= 10
	}
	if m%unit != 0 {
		return 3
	}
	return r.decimals()
}
