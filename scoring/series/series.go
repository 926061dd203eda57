// Package series ranks the best of a series of attempts: throws and horizontal
// jumps. The best mark decides, then the second best, the third best and so on;
// who is still equal shares the place (World Athletics and World Para Athletics,
// rules for field events). Where several sport classes throw together, the same
// is done with the points of a table.
package series

import (
	"cmp"
	"fmt"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/points"
)

// Rules say how attempts become places. The zero value is a final of six
// attempts, of which the best eight have the last three.
type Rules struct {
	Attempts  int          `json:"attempts,omitempty"`   // for those who have them all; 0 means 6
	Cut       int          `json:"cut,omitempty"`        // attempts that everybody has; 0 means 3
	Finalists int          `json:"finalists,omitempty"`  // who go on after the cut; 0 means 8
	Unit      scoring.Mark `json:"unit,omitempty"`       // mm; distances are cut to it; 0 means 10, a centimetre
	WindLimit *int         `json:"wind_limit,omitempty"` // 1/10 m/s that a record may have; nil where wind is not measured
	By        string       `json:"by,omitempty"`         // "mark" (the default) or "points"
	points.Use
	Measure scoring.Measure `json:"measure,omitempty"` // of the marks, where the caller says so: mm
	Source  string          `json:"source,omitempty"`  // rule book, edition, clause
}

// Line is an athlete's series.
type Line struct {
	ID       string      `json:"id"`
	Class    string      `json:"class,omitempty"` // sport class thrown in; needed for points
	Order    int         `json:"order,omitempty"` // drawn starting order, for the last attempts
	Attempts []Attempt   `json:"attempts,omitempty"`
	IRM      scoring.IRM `json:"irm,omitempty"`
	Rule     string      `json:"rule,omitempty"` // what a DSQ refers to
}

// The rules that can decide, first attempt to last; later attempts share a word.
var (
	byMark   = [...]string{"best", "second-best", "third-best", "later-best"}
	byPoints = [...]string{points.RulePoints, "second-points", "third-points", "later-points"}
)

// set is the rules with their defaults, looked over.
type set struct {
	Rules
	table *points.Table // nil when the mark decides
}

// entrant is a line made ready: the worth of its valid attempts, best first, in
// mm or in points, and the attempt that the rank rests on.
type entrant struct {
	*Line
	row    *points.Row
	worths []scoring.Mark
	best   *Attempt // of equal ones the first whose wind allows a record
	irm    scoring.IRM
}

// Rank orders lines by their attempts. An athlete who has no valid attempt and
// none left has NM; who may still make one is waiting. With more starters than
// finalists three fouls are the end, so lines that are a part of a larger contest
// (an age group of it) should say NM themselves.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	s, entrants, err := prepare(rules, lines)
	if err != nil {
		return nil, err
	}
	return s.rank(entrants), nil
}

func prepare(rules Rules, lines []Line) (*set, []entrant, error) {
	s, err := open(rules)
	if err != nil {
		return nil, nil, err
	}
	entrants := make([]entrant, len(lines))
	for i := range lines {
		if entrants[i], err = s.read(&lines[i]); err != nil {
			return nil, nil, err
		}
	}
	s.settle(entrants)
	return s, entrants, nil
}

func open(rules Rules) (*set, error) {
	s := &set{Rules: rules}
	s.Attempts, s.Cut = cmp.Or(s.Attempts, 6), cmp.Or(s.Cut, 3)
	s.Finalists, s.Unit = cmp.Or(s.Finalists, 8), cmp.Or(s.Unit, 10)
	bad := func(field, problem string, with ...any) (*set, error) {
		words := make([]string, len(with))
		for i := range with {
			words[i] = fmt.Sprint(with[i])
		}
		return nil, &scoring.Invalid{Field: field, Problem: problem, With: words, Rule: s.Source}
	}
	switch {
	case s.Measure != "" && s.Measure != scoring.Millimetres:
		return bad("measure", "wrong-measure", s.Measure, scoring.Millimetres)
	case s.Attempts < 1 || s.Attempts > 12:
		return bad("attempts", "out-of-range", s.Attempts)
	case s.Cut < 1:
		return bad("cut", "out-of-range", s.Cut)
	case s.Finalists < 1:
		return bad("finalists", "out-of-range", s.Finalists)
	case s.Unit < 1 || s.Unit > 1000:
		return bad("unit", "out-of-range", s.Unit)
	case s.By == "" || s.By == "mark":
		return s, nil
	case s.By != "points":
		return bad("by", "unknown-setting", s.By)
	}
	table, err := s.Open()
	s.table = table
	return s, err
}

// read looks one line over and finds what its attempts are worth.
func (s *set) read(l *Line) (entrant, error) {
	e := entrant{Line: l, irm: l.IRM}
	if len(l.Attempts) > s.Attempts {
		return e, &scoring.Invalid{Line: l.ID, Field: "attempts", Problem: "attempts-too-many", With: []string{fmt.Sprint(len(l.Attempts)), fmt.Sprint(s.Attempts)}}
	}
	if s.table != nil {
		row, err := s.table.Row(s.Event, s.Sex, l.Class)
		if err != nil {
			return e, points.At(l.ID, err)
		}
		e.row = row
	}
	e.worths = make([]scoring.Mark, 0, len(l.Attempts))
	var most scoring.Mark
	for i := range l.Attempts {
		if err := s.check(l, i); err != nil {
			return e, err
		}
		a := &l.Attempts[i]
		if a.Call != "" {
			continue
		}
		worth := s.worth(&e, a)
		if e.best == nil || worth > most || (worth == most && s.legal(a) && !s.legal(e.best)) {
			e.best, most = a, worth
		}
		e.worths = append(e.worths, worth)
	}
	slices.Sort(e.worths)
	slices.Reverse(e.worths)
	return e, l.IRM.Check(l.ID, len(l.Attempts) > 0, len(e.worths) > 0)
}

// check looks at one attempt: in its place, and believable.
func (s *set) check(l *Line, i int) error {
	a, problem := &l.Attempts[i], ""
	switch {
	case i > 0 && l.Attempts[i-1].Call == Retired:
		problem = "after-retiring"
	case a.Call != "" && a.Call != Foul && a.Call != Pass && a.Call != Retired:
		problem = "unknown-call"
	case a.Call != "" && a.Mark != 0:
		problem = "mark-and-call"
	case a.Call == "" && (a.Mark < s.Unit || a.Mark > furthest):
		problem = "out-of-range"
	case a.Wind != nil && (*a.Wind < -gale || *a.Wind > gale):
		problem = "wind-out-of-range"
	default:
		return nil
	}
	return &scoring.Invalid{Line: l.ID, Field: fmt.Sprint("attempt ", i+1), Problem: problem, With: []string{a.String()}}
}

// worth is the distance cut to the unit, since a landing between two marks of
// the tape counts as the nearer one, or the points for it.
func (s *set) worth(e *entrant, a *Attempt) scoring.Mark {
	cut := a.Mark / s.Unit * s.Unit
	if s.table == nil {
		return cut
	}
	return s.table.Points(e.row, points.Performance{Mark: cut, Youth: s.Youth})
}

// settle gives NM to those who have nothing valid and nothing left.
func (s *set) settle(entrants []entrant) {
	due := s.Attempts
	if field(entrants) > s.Finalists {
		due = min(s.Cut, s.Attempts) // without a valid mark nobody is among the best eight
	}
	for i := range entrants {
		e := &entrants[i]
		if e.irm == "" && len(e.worths) == 0 && (len(e.Attempts) >= due || e.retired(len(e.Attempts))) {
			e.irm = scoring.NM
		}
	}
}

// field counts those who take part in the contest for the places: whoever did
// not start or throws as a guest takes nobody's last attempts.
func field(entrants []entrant) int {
	n := 0
	for i := range entrants {
		switch entrants[i].irm {
		case "", scoring.NM, scoring.DNF, scoring.RET:
			n++
		}
	}
	return n
}

// retired reports whether an athlete gave up within the first n attempts.
func (e *entrant) retired(n int) bool {
	return slices.ContainsFunc(e.Attempts[:n], func(a Attempt) bool { return a.Call == Retired })
}

func (s *set) rank(entrants []entrant) []scoring.Ranked {
	ranked := scoring.Order(entrants, func(e *entrant) scoring.Facts {
		f := scoring.Facts{ID: e.ID, IRM: e.irm, Result: string(e.irm)}
		if e.counts() {
			f.Mark, f.Result = &e.worths[0], s.show(e, 0)
		}
		return f
	}, s.steps()...)
	columns := make(map[string][]scoring.Column, len(entrants))
	for i := range entrants {
		if e := &entrants[i]; e.counts() {
			columns[e.ID] = s.columns(e)
		}
	}
	for i := range ranked {
		ranked[i].Columns = columns[ranked[i].ID]
	}
	return ranked
}

// counts reports whether there is a mark to show.
func (e *entrant) counts() bool {
	return len(e.worths) > 0 && (e.irm == "" || e.irm.KeepsMark())
}

// steps compare the best attempts, the second best, and so on. Who has fewer
// valid attempts has the lesser series.
func (s *set) steps() []scoring.Step[entrant] {
	words := byMark[:]
	if s.table != nil {
		words = byPoints[:]
	}
	steps := make([]scoring.Step[entrant], s.Attempts)
	for k := range steps {
		steps[k] = scoring.Step[entrant]{
			Rule:   words[min(k, len(words)-1)],
			Source: s.Source,
			Show:   func(e *entrant) string { return s.show(e, k) },
			Compare: func(a, b *entrant) int {
				return cmp.Compare(b.at(k), a.at(k))
			},
		}
	}
	return steps
}

// at is the k-th best, below everything where there is none.
func (e *entrant) at(k int) scoring.Mark {
	if k < len(e.worths) {
		return e.worths[k]
	}
	return -1
}

func (s *set) show(e *entrant, k int) string {
	switch {
	case k >= len(e.worths):
		return "–"
	case s.table != nil:
		return s.table.Format(e.worths[k])
	case s.Unit%10 != 0:
		return scoring.Millimetres.Format(e.worths[k], 3)
	}
	return scoring.Millimetres.Format(e.worths[k], 2)
}

// columns are the throw behind the points and the wind of the best attempt.
func (s *set) columns(e *entrant) []scoring.Column {
	var columns []scoring.Column
	if s.table != nil {
		columns = points.Columns(s.table, e.row, e.best.Mark, e.Class)
	}
	if s.WindLimit != nil {
		columns = append(columns, scoring.Column{Name: "wind", Text: s.wind(e.best)})
	}
	return columns
}

func (s *set) legal(a *Attempt) bool {
	return s.WindLimit == nil || (a.Wind != nil && *a.Wind <= *s.WindLimit)
}

// wind is printed with athletics' own abbreviations: w where it helped more than
// a record may have, NWI where there is no wind information.
func (s *set) wind(a *Attempt) string {
	switch {
	case a.Wind == nil:
		return "NWI"
	case !s.legal(a):
		return FormatWind(*a.Wind) + "w"
	}
	return FormatWind(*a.Wind)
}
