package marking

import (
	"fmt"
	"maps"
	"slices"

	"tongchang/scoring"
)

// highest is the best judgement: 0 below the standard of the trade or not
// attempted, 1 meets it, 2 meets it and exceeds it in part, 3 excellent.
const highest = 3

// aspect works out the marks of one aspect. It answers with what is open, or
// with an error where the entry is impossible.
func (r *Rules) aspect(line *Line, a *Aspect, s Score) (marks scoring.Ratio, open, refused *scoring.Invalid) {
	field := "aspect " + a.ID
	if name := s.foreign(a.Kind); name != "" {
		return marks, nil, r.wrong(line, field, "wrong-entry", name, a.Kind)
	}
	switch a.Kind {
	case Judgement:
		return r.judged(line, a, s)
	case YesNo:
		if s.Yes == nil {
			return marks, r.wrong(line, field, "aspect-open"), nil
		}
		if *s.Yes {
			marks = a.Max
		}
	case Value:
		if s.Value == nil {
			return marks, r.wrong(line, field, "aspect-open"), nil
		}
		for _, b := range a.Bands {
			if b.From <= *s.Value && *s.Value <= b.To {
				marks = b.Marks
				break
			}
		}
	case Formula:
		return r.counted(line, a, s)
	}
	return marks, nil, nil
}

// foreign names an entry that belongs to another kind of aspect.
func (s Score) foreign(kind string) string {
	switch {
	case s.Judges != nil && kind != Judgement:
		return "judges"
	case s.Yes != nil && kind != YesNo:
		return "yes"
	case s.Value != nil && kind != Value:
		return "value"
	case s.Counts != nil && kind != Formula:
		return "counts"
	}
	return ""
}

// judged is mean ÷ 3 × max once every judge has given a whole 0–3 and the
// judges are no further apart than the spread allows.
func (r *Rules) judged(line *Line, a *Aspect, s Score) (marks scoring.Ratio, open, refused *scoring.Invalid) {
	field := "aspect " + a.ID
	seats := r.judges(a)
	for _, seat := range seats {
		if given, ok := s.Judges[seat]; ok && (!given.IsWhole() || given.Sign() < 0 || given.Cmp(scoring.Whole(highest)) > 0) {
			return marks, nil, r.wrong(line, field+" "+seat, "not-a-judgement", given.String())
		}
	}
	for _, seat := range slices.Sorted(maps.Keys(s.Judges)) {
		if !slices.Contains(seats, seat) {
			return marks, nil, r.wrong(line, field, "unknown-judge", seat)
		}
	}
	low, high, sum := highest, 0, 0
	for _, seat := range seats {
		given, ok := s.Judges[seat]
		switch {
		case !ok && len(s.Judges) == 0:
			return marks, r.wrong(line, field, "aspect-open"), nil
		case !ok:
			return marks, r.wrong(line, field, "judge-missing", seat), nil
		}
		n := given.Int()
		low, high, sum = min(low, n), max(high, n), sum+n
	}
	if high-low > r.spread() && (r.Settle != "explain" || s.Reason == "") {
		return marks, r.wrong(line, field, "spread-too-wide", fmt.Sprint(low), fmt.Sprint(high), fmt.Sprint(r.spread())), nil
	}
	return a.Max.Mul(scoring.NewRatio(int64(sum), int64(highest*len(seats)))), nil, nil
}

// counted is start + Σ count × each, never below 0 or above the aspect's max.
func (r *Rules) counted(line *Line, a *Aspect, s Score) (marks scoring.Ratio, open, refused *scoring.Invalid) {
	field := "aspect " + a.ID
	if s.Counts == nil {
		return marks, r.wrong(line, field, "aspect-open"), nil
	}
	for _, id := range slices.Sorted(maps.Keys(s.Counts)) {
		if !slices.ContainsFunc(a.Counts, func(c Count) bool { return c.ID == id }) {
			return marks, nil, r.wrong(line, field, "unknown-count", id)
		}
	}
	marks = a.Start
	for _, c := range a.Counts {
		n, ok := s.Counts[c.ID]
		switch {
		case !ok:
			return marks, r.wrong(line, field, "count-missing", c.ID), nil
		case n < 0 || n > 100_000:
			return marks, nil, r.wrong(line, field, "not-between", fmt.Sprint(n), "0", "100000")
		case c.Most > 0:
			n = min(n, c.Most)
		}
		marks = marks.Add(c.Each.Mul(scoring.Whole(int64(n))))
	}
	if marks.Sign() < 0 {
		marks = scoring.Ratio{}
	}
	if marks.Cmp(a.Max) > 0 {
		marks = a.Max
	}
	return marks, nil, nil
}
