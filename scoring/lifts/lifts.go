// Package lifts ranks para powerlifting: the heaviest of three good lifts; of
// equal lifts that of the lighter lifter; then the lighter at a second weighing.
// A fourth attempt is for a record alone. Where body-weight categories compete
// together, AH points take the lift's place (World Para Powerlifting; [Rules]
// names what is a setting).
package lifts

import (
	"cmp"
	"fmt"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/points"
)

// Rules say what is a lift and how lifts become places. The zero value is the
// sport's own: three attempts, three referees, whole kilograms, one more after a
// good lift, half kilograms for records.
type Rules struct {
	By         string          `json:"by,omitempty"`          // "weight" (the default) or "points"
	Attempts   int             `json:"attempts,omitempty"`    // that count; 0 means 3
	Referees   int             `json:"referees,omitempty"`    // lights for each attempt; 0 means 3
	Step       scoring.Mark    `json:"step,omitempty"`        // g, weights are multiples of it; 0 means 1000
	Rise       scoring.Mark    `json:"rise,omitempty"`        // g, at least so much more after a good lift; 0 means 1000
	RecordStep scoring.Mark    `json:"record_step,omitempty"` // g, the same two for attempts at a record; 0 means 500
	MayLower   bool            `json:"may_lower,omitempty"`   // less weight may be asked for after a failed lift
	LotDecides bool            `json:"lot_decides,omitempty"` // the lower lot breaks a last tie; otherwise the place is shared
	Rounds     bool            `json:"rounds,omitempty"`      // everybody's first attempt comes before anybody's second
	Season     string          `json:"season,omitempty"`      // body-weight categories to hold lines to: wppo-2013
	Categories []Category      `json:"categories,omitempty"`  // the organiser's own, instead of Season
	points.Use                 // by points: the table is "ah" unless another is named
	Measure    scoring.Measure `json:"measure,omitempty"` // of the marks, where the caller says so: g
	Source     string          `json:"source,omitempty"`  // rule book, edition, clause
}

// Line is one lifter. Weights are in g.
type Line struct {
	ID         string       `json:"id"`
	Sex        string       `json:"sex,omitempty"`         // M or W, where the rules do not say
	Category   string       `json:"category,omitempty"`    // entered in: 73, 107+
	BodyWeight scoring.Mark `json:"body_weight,omitempty"` // at the weigh-in, to 10 g
	Reweigh    scoring.Mark `json:"reweigh,omitempty"`     // at a second weighing of those still level
	Lot        int          `json:"lot,omitempty"`         // drawn before the weigh-in
	Group      string       `json:"group,omitempty"`       // A or B; one result list, B lifts first
	Attempts   []Attempt    `json:"attempts,omitempty"`
	Fourth     *Attempt     `json:"fourth,omitempty"` // for a record, outside the ranking
	IRM        scoring.IRM  `json:"irm,omitempty"`
	Rule       string       `json:"rule,omitempty"` // what a DSQ refers to
}

// set is the rules with their defaults, looked over.
type set struct {
	Rules
	table      *points.Table // nil when the weight decides
	categories []Category    // nil when lines are not held to any
}

// lifter is a line made ready.
type lifter struct {
	*Line
	best  scoring.Mark // heaviest good lift of the attempts that count, g
	worth scoring.Mark // what the rank rests on: best, or its points
	irm   scoring.IRM
}

// Rank orders lines by their best lift or its points. Who has lifted nothing
// with all attempts taken has NM.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	s, lifters, err := prepare(rules, lines)
	if err != nil {
		return nil, err
	}
	if err := s.checkTies(lifters); err != nil {
		return nil, err
	}
	ranked := scoring.Order(lifters, func(l *lifter) scoring.Facts {
		f := scoring.Facts{ID: l.ID, IRM: l.irm, Result: string(l.irm)}
		if l.counts() {
			f.Mark, f.Result = &l.worth, s.show(l)
		}
		return f
	}, s.steps()...)
	columns := make(map[string][]scoring.Column, len(lifters))
	for i := range lifters {
		columns[lifters[i].ID] = s.columns(&lifters[i])
	}
	for i := range ranked {
		ranked[i].Columns = columns[ranked[i].ID]
	}
	return ranked, nil
}

// counts reports whether there is a lift to show.
func (l *lifter) counts() bool { return l.best > 0 && (l.irm == "" || l.irm.KeepsMark()) }

func prepare(rules Rules, lines []Line) (*set, []lifter, error) {
	s, err := open(rules)
	if err != nil {
		return nil, nil, err
	}
	lifters := make([]lifter, len(lines))
	for i := range lines {
		if lifters[i], err = s.read(&lines[i]); err != nil {
			return nil, nil, err
		}
	}
	return s, lifters, nil
}

func open(rules Rules) (*set, error) {
	s := &set{Rules: rules}
	s.Attempts, s.Referees = cmp.Or(s.Attempts, 3), cmp.Or(s.Referees, 3)
	s.Step, s.Rise, s.RecordStep = cmp.Or(s.Step, 1000), cmp.Or(s.Rise, 1000), cmp.Or(s.RecordStep, 500)
	bad := func(field, problem string, with ...string) (*set, error) {
		return nil, &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: s.Source}
	}
	switch {
	case s.Measure != "" && s.Measure != scoring.Grams:
		return bad("measure", "wrong-measure", string(s.Measure), string(scoring.Grams))
	case s.Attempts < 1 || s.Attempts > 10:
		return bad("attempts", "out-of-range", fmt.Sprint(s.Attempts))
	case s.Referees < 1 || s.Referees > 9 || s.Referees%2 == 0:
		return bad("referees", "no-majority", fmt.Sprint(s.Referees))
	case s.Step < 1 || s.Rise < 0 || s.RecordStep < 1:
		return bad("step", "out-of-range", fmt.Sprint(s.Step))
	case s.Season != "" && len(s.Categories) > 0:
		return bad("season", "table-twice", s.Season, "categories")
	case s.By != "" && s.By != "weight" && s.By != "points":
		return bad("by", "unknown-setting", s.By)
	}
	s.categories = s.Categories
	if s.Season != "" {
		season, err := seasonNamed(s.Season)
		if err != nil {
			return nil, err
		}
		s.categories = season.Categories
	}
	if s.By != "points" {
		return s, nil
	}
	if s.OwnTable == nil {
		s.Table = cmp.Or(s.Table, "ah")
	}
	table, err := s.Open()
	if err == nil && table.Formula != points.Haleczko {
		return bad("table", "unknown-formula", table.Name)
	}
	s.table = table
	return s, err
}

// read looks a line over and finds the best lift.
func (s *set) read(l *Line) (lifter, error) {
	one := lifter{Line: l, irm: l.IRM}
	if err := s.weighIn(l); err != nil {
		return one, err
	}
	if len(l.Attempts) > s.Attempts {
		return one, &scoring.Invalid{Line: l.ID, Field: "attempts", Problem: "attempts-too-many",
			With: []string{fmt.Sprint(len(l.Attempts)), fmt.Sprint(s.Attempts)}}
	}
	for i := range l.Attempts {
		a := &l.Attempts[i]
		problem, with := s.check(a)
		if problem == "" && i > 0 {
			problem, with = s.follows(&l.Attempts[i-1], a)
		}
		if problem != "" {
			return one, s.fault(l.ID, fmt.Sprint("attempt ", i+1), problem, with)
		}
		if a.Good() {
			one.best = max(one.best, a.Weight)
		}
	}
	if err := s.readFourth(&one); err != nil {
		return one, err
	}
	if one.irm == "" && one.best == 0 && over(l.Attempts, s.Attempts) {
		one.irm = scoring.NM
	}
	if err := l.IRM.Check(l.ID, slices.ContainsFunc(l.Attempts, func(a Attempt) bool { return a.Lights != "" }), one.best > 0); err != nil {
		return one, err
	}
	return one, s.value(&one)
}

// over reports whether all n attempts have been taken.
func over(attempts []Attempt, n int) bool { return len(attempts) == n && attempts[n-1].taken() }

func (s *set) fault(line, field, problem string, with []string) error {
	return &scoring.Invalid{Line: line, Field: field, Problem: problem, With: with, Rule: s.Source}
}

// weighIn looks at what the scales and the draw said. Nobody lifts unweighed,
// since the body weight may decide.
func (s *set) weighIn(l *Line) error {
	sex := cmp.Or(l.Sex, s.Sex)
	switch {
	case l.BodyWeight < 0 || l.BodyWeight > heaviest || l.BodyWeight%10 != 0:
		return s.fault(l.ID, "body_weight", "out-of-range", []string{kilograms(l.BodyWeight, 3)})
	case l.Reweigh < 0 || l.Reweigh > heaviest || l.Reweigh%10 != 0:
		return s.fault(l.ID, "reweigh", "out-of-range", []string{kilograms(l.Reweigh, 3)})
	case l.BodyWeight == 0 && len(l.Attempts) > 0:
		return s.fault(l.ID, "body_weight", "body-weight-missing", nil)
	case l.BodyWeight == 0 || l.Category == "" || s.categories == nil:
		return nil
	}
	c, ok := categoryOf(s.categories, sex, l.BodyWeight)
	if !ok || c.Name != l.Category {
		return s.fault(l.ID, "category", "not-in-category", []string{kilograms(l.BodyWeight, 2), l.Category, c.Name})
	}
	return nil
}

// readFourth looks at an attempt for a record. It follows the three that count
// and must be heavier than the best of them.
func (s *set) readFourth(l *lifter) error {
	f := l.Fourth
	if f == nil {
		return nil
	}
	problem, with := s.check(f)
	switch {
	case problem != "":
	case !over(l.Attempts, s.Attempts):
		problem = "fourth-too-early"
	case !f.Record:
		problem = "fourth-without-record"
	case f.Weight < l.best+s.RecordStep:
		problem, with = "rise-too-small", []string{kilograms(f.Weight, 1), kilograms(l.best+s.RecordStep, 1)}
	}
	if problem != "" {
		return s.fault(l.ID, "fourth", problem, with)
	}
	return nil
}

// value is what the best lift is worth.
func (s *set) value(l *lifter) error {
	l.worth = l.best
	if s.table == nil || l.best == 0 {
		return nil
	}
	row, err := s.table.Row(s.Event, cmp.Or(l.Sex, s.Sex), "")
	if err != nil {
		return points.At(l.ID, err)
	}
	l.worth = s.table.Points(row, points.Performance{Mark: l.best, BodyWeight: l.BodyWeight})
	return nil
}

// steps are the order of the result list.
func (s *set) steps() []scoring.Step[lifter] {
	rule := "lift"
	if s.table != nil {
		rule = points.RulePoints
	}
	lighter := func(of func(*lifter) scoring.Mark) func(a, b *lifter) int {
		return func(a, b *lifter) int { return cmp.Compare(of(a), of(b)) }
	}
	steps := []scoring.Step[lifter]{
		{Rule: rule, Source: s.Source, Compare: func(a, b *lifter) int { return cmp.Compare(b.worth, a.worth) }, Show: s.show},
		{Rule: "body-weight", Source: s.Source, Compare: lighter(func(l *lifter) scoring.Mark { return l.BodyWeight }),
			Show: func(l *lifter) string { return kilograms(l.BodyWeight, 2) }},
		{Rule: "reweigh", Source: s.Source, Compare: lighter(func(l *lifter) scoring.Mark { return l.Reweigh }),
			Show: func(l *lifter) string { return kilograms(l.Reweigh, 2) }},
	}
	if s.LotDecides {
		steps = append(steps, scoring.Step[lifter]{Rule: "lot", Source: s.Source, Show: func(l *lifter) string { return fmt.Sprint(l.Lot) },
			Compare: func(a, b *lifter) int { return cmp.Compare(a.Lot, b.Lot) }})
	}
	return steps
}

func (s *set) show(l *lifter) string {
	if s.table != nil {
		return s.table.Format(l.worth)
	}
	return kilograms(l.best, 1)
}

// columns are what stands beside the result: the lift behind points, the body
// weight that may have decided, and a record made in a fourth attempt.
func (s *set) columns(l *lifter) []scoring.Column {
	columns := make([]scoring.Column, 0, 4)
	if s.table != nil && l.counts() {
		columns = append(columns, scoring.Column{Name: "raw", Text: kilograms(l.best, 1)})
	}
	if l.BodyWeight > 0 {
		columns = append(columns, scoring.Column{Name: "body-weight", Text: kilograms(l.BodyWeight, 2)})
	}
	if s.table != nil && l.counts() {
		columns = append(columns, scoring.Column{Name: "points-table", Text: cmp.Or(s.table.Title, s.table.Name)})
	}
	if l.Fourth != nil && l.Fourth.Good() {
		columns = append(columns, scoring.Column{Name: "fourth", Text: kilograms(l.Fourth.Weight, 1)})
	}
	return columns
}

// checkTies refuses a tie that half of the scales decide: of lifters level in
// lift and body weight either all were weighed again or none. Where lots decide
// they must differ.
func (s *set) checkTies(lifters []lifter) error {
	type level struct{ worth, bodyWeight scoring.Mark }
	first := make(map[level]*lifter, len(lifters))
	for i := range lifters {
		l := &lifters[i]
		if l.irm != "" || l.best == 0 {
			continue
		}
		k := level{l.worth, l.BodyWeight}
		if other := first[k]; other == nil {
			first[k] = l
		} else if (l.Reweigh == 0) != (other.Reweigh == 0) {
			without := l
			if other.Reweigh == 0 {
				without = other
			}
			return s.fault(without.ID, "reweigh", "reweigh-missing", nil)
		}
	}
	if s.LotDecides {
		return s.checkLots(lifters)
	}
	return nil
}

func (s *set) checkLots(lifters []lifter) error {
	of := make(map[int]string, len(lifters))
	for i := range lifters {
		l := &lifters[i]
		switch {
		case l.irm != "":
		case l.Lot <= 0:
			return s.fault(l.ID, "lot", "lot-missing", nil)
		case of[l.Lot] != "":
			return s.fault(l.ID, "lot", "lot-twice", []string{fmt.Sprint(l.Lot), of[l.Lot]})
		default:
			of[l.Lot] = l.ID
		}
	}
	return nil
}
