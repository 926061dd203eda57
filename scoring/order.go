package scoring

import (
	"cmp"
	"slices"
)

// Step is one rule of a ranking: it compares two lines and can print what it
// compared. Compare is negative when a stands before b.
type Step[L any] struct {
	Rule    string // key in the message catalogue
	Source  string // rule book, edition, clause
	Compare func(a, b *L) int
	Show    func(*L) string
}

// Facts tells Order what it needs to know of a kind's line.
type Facts struct {
	ID     string
	IRM    IRM
	Mark   *Mark  // nil: nothing valid yet
	Result string // as printed
}

// Order ranks lines by the steps, the first that separates two lines deciding.
// Lines equal under every step share a place and the next is skipped: 1, 2, 2, 4.
// A line with an IRM or without a mark stands below and has no place. The order
// of the input never matters: what no step separates is listed by ID.
func Order[L any](lines []L, facts func(*L) Facts, steps ...Step[L]) []Ranked {
	type row struct {
		line *L
		Facts
	}
	rows := make([]row, len(lines))
	for i := range lines {
		rows[i] = row{&lines[i], facts(&lines[i])}
	}
	decide := func(a, b *row) (int, int) { // the step that decides, and its verdict
		for i, s := range steps {
			if c := s.Compare(a.line, b.line); c != 0 {
				return i, c
			}
		}
		return len(steps), 0
	}
	group := func(r *row) int {
		switch {
		case r.IRM != "":
			return 1 + irmOrder[r.IRM]
		case r.Mark == nil:
			return 1 // still waiting: above those who are out
		}
		return 0
	}
	slices.SortFunc(rows, func(a, b row) int {
		if c := cmp.Compare(group(&a), group(&b)); c != 0 {
			return c
		}
		if group(&a) == 0 {
			if _, c := decide(&a, &b); c != 0 {
				return c
			}
		}
		return CompareIDs(a.ID, b.ID)
	})
	ranked := make([]Ranked, len(rows))
	for i := range rows {
		r := &rows[i]
		out := Ranked{ID: r.ID, SortOrder: i + 1, Mark: r.Mark, Result: r.Result, IRM: r.IRM}
		switch {
		case r.IRM != "":
			out.Reason = Reason{Rule: RuleIRM, Own: string(r.IRM)}
			if !r.IRM.KeepsMark() {
				out.Mark = nil
			}
		case r.Mark == nil:
			out.Reason = Reason{Rule: RuleNoMark}
		default:
			out.Rank = i + 1
			other := i - 1 // whom the reason compares with
			if i == 0 {
				other = 1
			}
			if other >= len(rows) || group(&rows[other]) != 0 {
				out.Reason = Reason{Rule: RuleAlone, Own: r.Result}
				break
			}
			o := &rows[other]
			step, verdict := decide(r, o)
			if verdict == 0 {
				out.Reason = Reason{Rule: RuleShared, Against: o.ID, Own: r.Result, Other: o.Result}
				if i > 0 {
					out.Rank = ranked[i-1].Rank
				}
				break
			}
			s := steps[step]
			out.Reason = Reason{Rule: s.Rule, Against: o.ID, Own: s.Show(r.line), Other: s.Show(o.line), Source: s.Source}
		}
		ranked[i] = out
	}
	return ranked
}

// CompareIDs orders identifiers as people count: "9" before "10".
func CompareIDs(a, b string) int {
	if digits(a) && digits(b) {
		if c := cmp.Compare(len(a), len(b)); c != 0 {
			return c
		}
	}
	return cmp.Compare(a, b)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
