package marking

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tongchang/scoring"
)

// Line is one work. ID is its number; who made it is not known here.
type Line struct {
	ID         string           `json:"id"`
	Aspects    map[string]Score `json:"aspects,omitempty"` // by aspect ID
	Theory     *scoring.Ratio   `json:"theory,omitempty"`
	Time       *scoring.Mark    `json:"time,omitempty"` // working time in ms
	Deductions []Breach         `json:"deductions,omitempty"`
	IRM        scoring.IRM      `json:"irm,omitempty"`
	Rule       string           `json:"rule,omitempty"` // what a DSQ refers to
}

// Score is what was entered for an aspect: by judge for a judgement, agreed by
// the experts for a measurement. Reason is why the judges let a wide spread stand.
type Score struct {
	Judges map[string]scoring.Ratio `json:"judges,omitempty"`
	Reason string                   `json:"reason,omitempty"`
	Yes    *bool                    `json:"yes,omitempty"`
	Value  *scoring.Mark            `json:"value,omitempty"`
	Counts map[string]int           `json:"counts,omitempty"`
}

// Breach is a deduction that was given, so many Times.
type Breach struct {
	ID    string `json:"id"`
	Times int    `json:"times"`
	Note  string `json:"note,omitempty"`
}

// Sheet is a work with its marks worked out. Open lists what still stands in
// the way of a total: marks not entered, judges too far apart.
type Sheet struct {
	ID          string
	Aspects     map[string]scoring.Ratio
	Criteria    map[string]scoring.Ratio
	Judgement   scoring.Ratio
	Measurement scoring.Ratio
	Practical   scoring.Ratio // sum of the criteria
	Theory      scoring.Ratio // as marked
	Deducted    scoring.Ratio
	Total       scoring.Ratio // weighted, rounded as the scheme says, after deductions, never below 0
	Cancelled   string        // the deduction that cost the whole result
	Open        []*scoring.Invalid
}

// Rank marks every work and orders them by total, then by the scheme's ties.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	rows := make([]row, len(lines))
	byID := map[string]*row{}
	for i := range lines {
		if byID[lines[i].ID] != nil {
			return nil, &scoring.Invalid{Line: lines[i].ID, Field: "id", Problem: "id-twice"}
		}
		sheet, err := rules.mark(&lines[i])
		if err != nil {
			return nil, err
		}
		if len(sheet.Open) > 0 && !rules.Partial && lines[i].IRM == "" && sheet.Cancelled == "" {
			return nil, sheet.Open[0]
		}
		rows[i] = row{&lines[i], sheet}
		byID[lines[i].ID] = &rows[i]
	}
	steps := []scoring.Step[row]{rules.more("total", func(r *row) scoring.Ratio { return r.Total })}
	for _, t := range rules.Ties {
		steps = append(steps, rules.tie(t)...)
	}
	ranked := scoring.Order(rows, rules.facts, steps...)
	scale := rules.scale(rows)
	for i := range ranked {
		r := byID[ranked[i].ID]
		if len(r.Open) > 0 && r.line.IRM == "" && r.Cancelled == "" {
			ranked[i].Reason = scoring.Reason{Rule: r.Open[0].Problem, Own: r.Open[0].Field, Source: rules.Source}
		}
		if ranked[i].Mark != nil {
			ranked[i].Columns = rules.columns(r, scale)
		}
		if rule := cmp.Or(r.Cancelled, r.line.Rule); ranked[i].IRM == scoring.DSQ && rule != "" {
			ranked[i].Columns = append(ranked[i].Columns, scoring.Column{Name: "dsq-rule", Text: rule})
		}
	}
	return ranked, nil
}

type row struct {
	line *Line
	*Sheet
}

func (r *Rules) facts(w *row) scoring.Facts {
	f := scoring.Facts{ID: w.ID, IRM: w.line.IRM}
	if f.IRM == "" && w.Cancelled != "" {
		f.IRM = scoring.DSQ
	}
	f.Result = string(f.IRM)
	if len(w.Open) == 0 && (f.IRM == "" || f.IRM.KeepsMark()) {
		mark := w.Total.Thousandths()
		f.Mark, f.Result = &mark, r.print(w.Total)
	}
	return f
}

// print shows a total with the decimals of the scheme, exactly where there are none.
func (r *Rules) print(n scoring.Ratio) string {
	if r.RoundTotal != nil {
		return n.Decimal(r.RoundTotal.Decimals, scoring.HalfUp)
	}
	return n.String()
}

func (r *Rules) columns(w *row, scale func(scoring.Ratio) (string, bool)) []scoring.Column {
	columns := []scoring.Column{{Name: "practical", Text: w.Practical.String()}}
	if r.Theory != nil {
		columns = append(columns, scoring.Column{Name: "theory", Text: w.Theory.String()})
	}
	if !w.Deducted.IsZero() {
		columns = append(columns, scoring.Column{Name: "deductions", Text: w.Deducted.Neg().String()})
	}
	if text, ok := scale(w.Total); ok {
		columns = append(columns, scoring.Column{Name: "scale-unofficial", Text: text})
	}
	return columns
}

// more is a step in which more is better, less one in which less is.
func (r *Rules) more(rule string, of func(*row) scoring.Ratio) scoring.Step[row] {
	return scoring.Step[row]{
		Rule: rule, Source: r.Source,
		Compare: func(a, b *row) int { return of(b).Cmp(of(a)) },
		Show:    func(w *row) string { return of(w).String() },
	}
}

// tie turns a word of the scheme's chain into its steps; none if unknown.
func (r *Rules) tie(word string) []scoring.Step[row] {
	criterion := func(id string) scoring.Step[row] {
		return r.more("criterion", func(w *row) scoring.Ratio { return w.Criteria[id] })
	}
	switch word {
	case "time":
		return []scoring.Step[row]{{
			Rule: "working-time", Source: r.Source,
			Compare: func(a, b *row) int { return cmp.Compare(*a.line.Time, *b.line.Time) },
			Show:    func(w *row) string { return scoring.Milliseconds.Format(*w.line.Time, 0) },
		}}
	case "practical":
		return []scoring.Step[row]{r.more("practical", func(w *row) scoring.Ratio { return w.Practical })}
	case "theory":
		return []scoring.Step[row]{r.more("theory", func(w *row) scoring.Ratio { return w.Theory })}
	case "judgement":
		return []scoring.Step[row]{r.more("judgement", func(w *row) scoring.Ratio { return w.Judgement })}
	case "measurement":
		return []scoring.Step[row]{r.more("measurement", func(w *row) scoring.Ratio { return w.Measurement })}
	case "weights":
		heaviest := slices.Clone(r.Criteria)
		slices.SortStableFunc(heaviest, func(a, b Criterion) int { return b.Max.Cmp(a.Max) })
		var steps []scoring.Step[row]
		for _, c := range heaviest {
			steps = append(steps, criterion(c.ID))
		}
		return steps
	}
	if id, ok := strings.CutPrefix(word, "criterion:"); ok && slices.ContainsFunc(r.Criteria, func(c Criterion) bool { return c.ID == id }) {
		return []scoring.Step[row]{criterion(id)}
	}
	return nil
}

// Mark works out one work, complete or not: what a judge's and the chief
// judge's pages show. Anything entered that cannot be is refused.
func Mark(rules Rules, line Line) (*Sheet, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	return rules.mark(&line)
}

func (r *Rules) mark(line *Line) (*Sheet, error) {
	s := &Sheet{ID: line.ID, Aspects: map[string]scoring.Ratio{}, Criteria: map[string]scoring.Ratio{}}
	if err := line.IRM.Check(line.ID, len(line.Aspects) > 0 || line.Theory != nil, false); err != nil {
		return nil, err
	}
	lost, err := r.deduct(line, s)
	if err != nil {
		return nil, err
	}
	if err := r.markAspects(line, s, lost); err != nil {
		return nil, err
	}
	if err := r.markTheory(line, s); err != nil {
		return nil, err
	}
	switch {
	case line.Time != nil && *line.Time < 0:
		return nil, r.wrong(line, "time", "negative", fmt.Sprint(*line.Time))
	case line.Time == nil && slices.Contains(r.Ties, "time"):
		s.open(r.wrong(line, "time", "time-missing"))
	}
	s.Practical = s.Judgement.Add(s.Measurement)
	s.Total = s.Practical
	if r.Theory != nil {
		theory := s.Theory.Mul(r.total()).Quo(r.Theory.total())
		s.Total = s.Practical.Mul(r.Practical).Add(theory.Mul(r.Theory.Weight))
	}
	s.Total = r.RoundTotal.apply(s.Total).Sub(s.Deducted)
	if s.Total.Sign() < 0 {
		s.Total = scoring.Ratio{}
	}
	return s, nil
}

func (r *Rules) wrong(line *Line, field, problem string, with ...string) *scoring.Invalid {
	return &scoring.Invalid{Line: line.ID, Field: field, Problem: problem, With: with, Rule: r.Source}
}

func (s *Sheet) open(problem *scoring.Invalid) { s.Open = append(s.Open, problem) }

// markAspects marks the criteria that no deduction has cost.
func (r *Rules) markAspects(line *Line, s *Sheet, lost map[string]bool) error {
	var refused error
	r.aspects(func(c *Criterion, a *Aspect) {
		marks, open, err := r.aspect(line, a, line.Aspects[a.ID])
		switch {
		case err != nil && refused == nil:
			refused = err
		case lost[c.ID]:
			marks = scoring.Ratio{}
		case open != nil:
			s.open(open)
		}
		marks = r.RoundAspect.apply(marks)
		s.Aspects[a.ID] = marks
		s.Criteria[c.ID] = s.Criteria[c.ID].Add(marks)
		if a.Kind == Judgement {
			s.Judgement = s.Judgement.Add(marks)
		} else {
			s.Measurement = s.Measurement.Add(marks)
		}
	})
	for _, id := range slices.Sorted(maps.Keys(line.Aspects)) {
		if _, ok := s.Aspects[id]; !ok && refused == nil {
			refused = r.wrong(line, "aspect "+id, "unknown-aspect")
		}
	}
	return refused
}

func (r *Rules) markTheory(line *Line, s *Sheet) error {
	switch {
	case r.Theory == nil && line.Theory == nil:
	case r.Theory == nil:
		return r.wrong(line, "theory", "theory-unasked")
	case line.Theory == nil:
		s.open(r.wrong(line, "theory", "theory-missing"))
	case line.Theory.Sign() < 0 || line.Theory.Cmp(r.Theory.total()) > 0:
		return r.wrong(line, "theory", "not-between", line.Theory.String(), "0", r.Theory.total().String())
	default:
		s.Theory = *line.Theory
	}
	return nil
}

// deduct applies the breaches: points off, and the criteria or the whole
// result that they cost.
func (r *Rules) deduct(line *Line, s *Sheet) (lost map[string]bool, err error) {
	lost = map[string]bool{}
	for i, b := range line.Deductions {
		at := slices.IndexFunc(r.Deductions, func(d Deduction) bool { return d.ID == b.ID })
		field := fmt.Sprintf("deductions[%d]", i)
		switch {
		case at < 0:
			return nil, r.wrong(line, field, "unknown-deduction", b.ID)
		case b.Times < 1 || b.Times > 100:
			return nil, r.wrong(line, field, "not-between", fmt.Sprint(b.Times), "1", "100")
		case slices.ContainsFunc(line.Deductions[:i], func(o Breach) bool { return o.ID == b.ID }):
			return nil, r.wrong(line, field, "id-twice", b.ID)
		}
		steps := r.Deductions[at].Steps
		for n := range b.Times {
			step := steps[min(n, len(steps)-1)]
			s.Deducted = s.Deducted.Add(step.Points)
			lost[step.Criterion] = true
			if step.Cancel {
				s.Cancelled = b.ID
			}
		}
	}
	return lost, nil
}
