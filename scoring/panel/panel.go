// Package panel ranks what a panel of judges has scored: the highest and the
// lowest dropped, the rest averaged exactly, difficulty added or multiplied,
// deductions taken off, over one performance or several.
package panel

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tongchang/scoring"
)

// Rules say how a panel's scores become a mark. Scores are thousandths of a point.
type Rules struct {
	Judges []string     `json:"judges"`         // seats
	Low    scoring.Mark `json:"low,omitempty"`  // lowest score that may be given
	High   scoring.Mark `json:"high"`           // highest
	Step   scoring.Mark `json:"step,omitempty"` // scores are whole steps above Low; 0 means 1/1000
	// Drop leaves out so many of the highest scores and as many of the lowest.
	// Of two judges who are level at the top one is dropped: a score is dropped,
	// not a judge's opinion. Five judges with one dropped at either end is the
	// usual panel of a Chinese skills contest.
	Drop int    `json:"drop,omitempty"`
	Of   string `json:"of,omitempty"` // mean of the rest (the default) or sum
	// Difficulty is "" where there is none, "add" where it is added to the
	// judges' mark, "multiply" where it is a factor (diving).
	Difficulty   string `json:"difficulty,omitempty"`
	Performances int    `json:"performances,omitempty"` // how many each line shows; 0 means 1
	Count        string `json:"count,omitempty"`        // sum of the performances (the default) or best
	Round        *Round `json:"round,omitempty"`        // each performance; nil: exact
	// Ties decide between equal marks, in order: execution (the judges' part),
	// difficulty, all-scores (the mean with nothing dropped),
	// best-performance. Who is still equal shares the place.
	Ties    []string `json:"ties,omitempty"`
	Partial bool     `json:"partial,omitempty"` // lines with missing scores wait instead of refusing the ranking
	Source  string   `json:"source,omitempty"`
}

// Round says how a performance's mark is rounded.
type Round struct {
	Decimals int              `json:"decimals"`
	Mode     scoring.Rounding `json:"mode"`
}

// Line is one entry with its performances in order.
type Line struct {
	ID           string        `json:"id"`
	Performances []Performance `json:"performances,omitempty"`
	IRM          scoring.IRM   `json:"irm,omitempty"`
	Rule         string        `json:"rule,omitempty"` // what a DSQ refers to
}

// Performance is what one showing got: a score by each judge's seat.
type Performance struct {
	Scores     map[string]scoring.Mark `json:"scores"`
	Difficulty *scoring.Mark           `json:"difficulty,omitempty"`
	Deduction  scoring.Mark            `json:"deduction,omitempty"` // taken off the mark
}

// Trim leaves out the drop highest and the drop lowest scores. Both parts come
// back lowest first.
func Trim(scores []scoring.Mark, drop int) (kept, dropped []scoring.Mark) {
	sorted := slices.Sorted(slices.Values(scores))
	if drop <= 0 || 2*drop >= len(sorted) {
		return sorted, nil
	}
	top := len(sorted) - drop
	return sorted[drop:top], slices.Concat(sorted[:drop], sorted[top:])
}

// row is a line with its marks worked out.
type row struct {
	*Line
	total, execution, difficulty, all, best scoring.Ratio
	shown                                   []string // each performance's scores, the dropped in brackets
	open                                    *scoring.Invalid
}

// Rank orders lines by their mark, the most points first.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	rows := make([]row, len(lines))
	byID := map[string]*row{}
	for i := range lines {
		r, err := rules.work(&lines[i])
		switch {
		case err != nil:
			return nil, err
		case r.open != nil && r.IRM == "" && !rules.Partial:
			return nil, r.open
		case byID[r.ID] != nil:
			return nil, rules.wrong(r.ID, "id", "id-twice")
		}
		rows[i] = r
		byID[r.ID] = &rows[i]
	}
	steps := []scoring.Step[row]{rules.more("total", func(r *row) scoring.Ratio { return r.total })}
	for _, t := range rules.Ties {
		steps = append(steps, rules.more(t, ties[t]))
	}
	ranked := scoring.Order(rows, rules.facts, steps...)
	for i := range ranked {
		r := byID[ranked[i].ID]
		if r.open != nil && r.IRM == "" {
			ranked[i].Reason = scoring.Reason{Rule: r.open.Problem, Own: r.open.Field, Source: rules.Source}
		}
		ranked[i].Columns = rules.columns(r)
	}
	return ranked, nil
}

// ties are the words of a chain and what they compare; more is better.
var ties = map[string]func(*row) scoring.Ratio{
	"execution":        func(r *row) scoring.Ratio { return r.execution },
	"difficulty":       func(r *row) scoring.Ratio { return r.difficulty },
	"all-scores":       func(r *row) scoring.Ratio { return r.all },
	"best-performance": func(r *row) scoring.Ratio { return r.best },
}

func (r *Rules) more(rule string, of func(*row) scoring.Ratio) scoring.Step[row] {
	return scoring.Step[row]{
		Rule: rule, Source: r.Source,
		Compare: func(a, b *row) int { return of(b).Cmp(of(a)) },
		Show:    func(l *row) string { return of(l).String() },
	}
}

func (r *Rules) facts(l *row) scoring.Facts {
	f := scoring.Facts{ID: l.ID, IRM: l.IRM, Result: string(l.IRM)}
	if l.open == nil && (l.IRM == "" || l.IRM.KeepsMark()) {
		mark := l.total.Thousandths()
		f.Mark, f.Result = &mark, l.total.String()
		if r.Round != nil {
			f.Result = l.total.Decimal(r.Round.Decimals, r.Round.Mode)
		}
	}
	return f
}

func (r *Rules) columns(l *row) []scoring.Column {
	var columns []scoring.Column
	for _, s := range l.shown {
		columns = append(columns, scoring.Column{Name: "scores", Text: s})
	}
	if l.IRM == scoring.DSQ && l.Rule != "" {
		columns = append(columns, scoring.Column{Name: "dsq-rule", Text: l.Rule})
	}
	return columns
}

// work works out a line; open is set where something is still missing.
func (r *Rules) work(l *Line) (row, error) {
	w := row{Line: l}
	want := cmp.Or(r.Performances, 1)
	if err := l.IRM.Check(l.ID, len(l.Performances) > 0, false); err != nil {
		return w, err
	}
	if len(l.Performances) > want {
		return w, r.wrong(l.ID, "performances", "performances-too-many", fmt.Sprint(len(l.Performances)), fmt.Sprint(want))
	}
	for i := range l.Performances {
		if err := r.add(&w, i); err != nil {
			return w, err
		}
	}
	if len(l.Performances) < want && w.open == nil {
		w.open = r.wrong(l.ID, fmt.Sprint("performance ", len(l.Performances)+1), "performance-open")
	}
	if r.Count == "best" {
		w.total = w.best
	}
	return w, nil
}

// add works out a line's performance i and adds it.
func (r *Rules) add(w *row, i int) error {
	p := &w.Performances[i]
	field := fmt.Sprint("performance ", i+1)
	scores, err := r.scores(w, field, p)
	if err != nil || w.open != nil {
		return err
	}
	kept, dropped := Trim(scores, r.Drop)
	execution := r.of(kept)
	mark := execution
	if r.Difficulty != "" {
		switch d := p.Difficulty.Points(); r.Difficulty {
		case "add":
			mark, w.difficulty = mark.Add(d), w.difficulty.Add(d)
		case "multiply":
			mark, w.difficulty = mark.Mul(d), w.difficulty.Add(d)
		}
	}
	mark = mark.Sub(p.Deduction.Points())
	if mark.Sign() < 0 {
		mark = scoring.Ratio{}
	}
	if r.Round != nil {
		mark = mark.Round(r.Round.Decimals, r.Round.Mode)
	}
	w.total, w.execution, w.all = w.total.Add(mark), w.execution.Add(execution), w.all.Add(r.of(scores))
	if i == 0 || mark.Cmp(w.best) > 0 {
		w.best = mark
	}
	w.shown = append(w.shown, r.show(p, dropped))
	return nil
}

func (r *Rules) of(scores []scoring.Mark) scoring.Ratio {
	var sum scoring.Mark
	for _, s := range scores {
		sum += s
	}
	if r.Of == "sum" {
		return sum.Points()
	}
	return sum.Points().Over(len(scores))
}

// scores reads the judges' scores of a performance, in the order of the seats.
func (r *Rules) scores(w *row, field string, p *Performance) ([]scoring.Mark, error) {
	scores := make([]scoring.Mark, 0, len(r.Judges))
	known := 0
	for _, seat := range r.Judges {
		s, ok := p.Scores[seat]
		switch {
		case !ok && w.open == nil:
			w.open = r.wrong(w.ID, field, "judge-missing", seat)
		case ok && (s < r.Low || s > r.High):
			return nil, r.wrong(w.ID, field+" "+seat, "not-between", points(s), points(r.Low), points(r.High))
		case ok && r.Step > 0 && (s-r.Low)%r.Step != 0:
			return nil, r.wrong(w.ID, field+" "+seat, "not-a-step", points(s), points(r.Step))
		}
		scores = append(scores, s)
		if ok {
			known++
		}
	}
	if known < len(p.Scores) {
		unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(p.Scores)), func(seat string) bool { return slices.Contains(r.Judges, seat) })
		return nil, r.wrong(w.ID, field, "unknown-judge", unknown...)
	}
	switch {
	case p.Deduction < 0 || p.Deduction > most:
		return nil, r.wrong(w.ID, field+" deduction", "not-between", points(p.Deduction), "0", points(most))
	case p.Difficulty != nil && r.Difficulty == "":
		return nil, r.wrong(w.ID, field+" difficulty", "difficulty-unasked")
	case p.Difficulty != nil && (*p.Difficulty < 0 || *p.Difficulty > most):
		return nil, r.wrong(w.ID, field+" difficulty", "not-between", points(*p.Difficulty), "0", points(most))
	case p.Difficulty == nil && r.Difficulty != "" && w.open == nil:
		w.open = r.wrong(w.ID, field, "difficulty-missing")
	}
	return scores, nil
}

func points(m scoring.Mark) string { return m.Points().String() }

// show prints the scores by seat with the dropped ones in brackets.
func (r *Rules) show(p *Performance, dropped []scoring.Mark) string {
	left := slices.Clone(dropped)
	texts := make([]string, 0, len(r.Judges))
	for _, seat := range r.Judges {
		text := points(p.Scores[seat])
		if i := slices.Index(left, p.Scores[seat]); i >= 0 {
			left = slices.Delete(left, i, i+1)
			text = "(" + text + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}

func (r *Rules) wrong(line, field, problem string, with ...string) *scoring.Invalid {
	return &scoring.Invalid{Line: line, Field: field, Problem: problem, With: with, Rule: r.Source}
}

// most bounds scores, difficulties and deductions: a million points.
const most scoring.Mark = 1_000_000_000

// Check refuses rules under which no panel could score.
func (r *Rules) Check() error {
	bad := func(field, problem string, with ...string) error { return r.wrong("", field, problem, with...) }
	switch {
	case len(r.Judges) == 0:
		return bad("judges", "judges-too-few", "0", "1")
	case r.Drop < 0 || 2*r.Drop >= len(r.Judges):
		return bad("drop", "drops-everybody", fmt.Sprint(r.Drop), fmt.Sprint(len(r.Judges)))
	case r.Low < 0 || r.High <= r.Low || r.High > most:
		return bad("high", "not-between", points(r.High), points(r.Low), points(most))
	case r.Step < 0:
		return bad("step", "negative", points(r.Step))
	case r.Of != "" && r.Of != "mean" && r.Of != "sum":
		return bad("of", "unknown-value", r.Of, "mean, sum")
	case r.Difficulty != "" && r.Difficulty != "add" && r.Difficulty != "multiply":
		return bad("difficulty", "unknown-value", r.Difficulty, "add, multiply")
	case r.Performances < 0 || r.Performances > 100:
		return bad("performances", "not-between", fmt.Sprint(r.Performances), "1", "100")
	case r.Count != "" && r.Count != "sum" && r.Count != "best":
		return bad("count", "unknown-value", r.Count, "sum, best")
	case r.Round != nil && (r.Round.Decimals < 0 || r.Round.Decimals > 3):
		return bad("round.decimals", "not-between", fmt.Sprint(r.Round.Decimals), "0", "3")
	case r.Round != nil && !r.Round.Mode.Known():
		return bad("round.mode", "unknown-value", string(r.Round.Mode), "half-up, half-even, down, up")
	}
	for i, seat := range r.Judges {
		if seat == "" || slices.Contains(r.Judges[:i], seat) {
			return bad(fmt.Sprintf("judges[%d]", i), "id-twice", seat)
		}
	}
	for i, t := range r.Ties {
		if ties[t] == nil {
			return bad(fmt.Sprintf("ties[%d]", i), "unknown-value", t, "execution, difficulty, all-scores, best-performance")
		}
	}
	return nil
}
