package marking

import (
	"fmt"
	"slices"
	"strings"

	"tongchang/scoring"
)

// largest keeps totals within a Mark of thousandths.
var largest = scoring.Whole(100_000)

// Problems is everything that makes the scheme unfit to mark by, each with the
// place in the scheme, for a page that shows them all.
func (r *Rules) Problems() []*scoring.Invalid {
	c := checker{rules: r}
	c.frame()
	c.criteria()
	c.deductions()
	for i, t := range r.Ties {
		if len(r.tie(t)) == 0 {
			c.bad(fmt.Sprintf("ties[%d]", i), "unknown-value", t, "time, practical, theory, judgement, measurement, weights, criterion:ID")
		}
	}
	return c.found
}

type checker struct {
	rules *Rules
	found []*scoring.Invalid
}

func (c *checker) bad(field, problem string, with ...string) {
	c.found = append(c.found, &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: c.rules.Source})
}

// positive refuses zero, negative and huge maxima.
func (c *checker) positive(field string, n scoring.Ratio) {
	switch {
	case n.Sign() < 0:
		c.bad(field, "negative", n.String())
	case n.Sign() == 0 || n.Cmp(largest) > 0:
		c.bad(field, "not-between", n.String(), "0", largest.String())
	}
}

// notNegative refuses negative and huge numbers.
func (c *checker) notNegative(field string, n scoring.Ratio) {
	if !n.IsZero() {
		c.positive(field, n)
	}
}

// frame checks what stands around the criteria.
func (c *checker) frame() {
	r := c.rules
	c.positive("total", r.total())
	if r.spread() < 0 || r.spread() > 3 {
		c.bad("spread", "not-between", fmt.Sprint(r.spread()), "0", "3")
	}
	if r.Settle != "" && r.Settle != "adjust" && r.Settle != "explain" {
		c.bad("settle", "unknown-value", r.Settle, "adjust, explain")
	}
	c.round("round_aspect", r.RoundAspect)
	c.round("round_total", r.RoundTotal)
	c.notNegative("practical", r.Practical)
	if r.Theory != nil {
		c.positive("theory.weight", r.Theory.Weight)
		c.positive("theory.total", r.Theory.total())
		if sum := r.Theory.Weight.Add(r.Practical); sum.Cmp(scoring.Whole(1)) != 0 {
			c.bad("practical", "weights-do-not-add-up", sum.String())
		}
	}
	if r.Scale != nil {
		c.positive("scale.centre", r.Scale.Centre)
		c.positive("scale.unit", r.Scale.Unit)
	}
}

func (c *checker) round(field string, r *Round) {
	switch {
	case r == nil:
	case r.Decimals < 0 || r.Decimals > 3:
		c.bad(field+".decimals", "not-between", fmt.Sprint(r.Decimals), "0", "3")
	case !r.Mode.Known():
		c.bad(field+".mode", "unknown-value", string(r.Mode), "half-up, half-even, down, up")
	}
}

// criteria checks the tree and that every sum in it is what it says.
func (c *checker) criteria() {
	var sum scoring.Ratio
	ids := map[string]bool{}
	once := func(kind, id string) string {
		field := kind + " " + id
		if id == "" || ids[field] {
			c.bad(field, "id-twice", id)
		}
		ids[field] = true
		return field
	}
	for i := range c.rules.Criteria {
		criterion := &c.rules.Criteria[i]
		field := once("criterion", criterion.ID)
		var ofCriterion scoring.Ratio
		for j := range criterion.Sub {
			sub := &criterion.Sub[j]
			var ofSub scoring.Ratio
			for k := range sub.Aspects {
				a := &sub.Aspects[k]
				c.aspect(once("aspect", a.ID), a)
				ofSub = ofSub.Add(a.Max)
			}
			if !sub.Max.IsZero() {
				c.adds("sub-criterion "+sub.ID, ofSub, sub.Max)
			}
			ofCriterion = ofCriterion.Add(ofSub)
		}
		c.adds(field, ofCriterion, criterion.Max)
		sum = sum.Add(criterion.Max)
	}
	c.adds("total", sum, c.rules.total())
}

// adds compares a sum with the maximum stated. A real training file claimed 17
// for aspects worth 16.75: nobody had added them up.
func (c *checker) adds(field string, sum, stated scoring.Ratio) {
	if sum.Cmp(stated) != 0 {
		c.bad(field, "does-not-add-up", sum.String(), stated.String())
	}
}

func (c *checker) aspect(field string, a *Aspect) {
	c.positive(field, a.Max)
	switch a.Kind {
	case Judgement:
		c.judgement(field, a)
	case YesNo:
	case Value:
		if !a.Measure.Known() {
			c.bad(field, "unknown-measure", string(a.Measure))
		}
		if len(a.Bands) == 0 {
			c.bad(field, "bands-missing")
		}
		for i, b := range a.Bands {
			row := fmt.Sprintf("%s bands[%d]", field, i)
			if b.From > b.To {
				c.bad(row, "band-reversed", fmt.Sprint(b.From), fmt.Sprint(b.To))
			}
			c.within(row, b.Marks, a.Max)
		}
	case Formula:
		c.within(field+" start", a.Start, a.Max)
		if len(a.Counts) == 0 {
			c.bad(field, "counts-missing")
		}
		for i, n := range a.Counts {
			if n.ID == "" || slices.ContainsFunc(a.Counts[:i], func(o Count) bool { return o.ID == n.ID }) {
				c.bad(fmt.Sprintf("%s counts[%d]", field, i), "id-twice", n.ID)
			}
			if n.Most < 0 {
				c.bad(fmt.Sprintf("%s counts[%d]", field, i), "negative", fmt.Sprint(n.Most))
			}
			if n.Each.Sign() < 0 {
				c.positive(fmt.Sprintf("%s counts[%d]", field, i), n.Each.Neg())
			} else {
				c.positive(fmt.Sprintf("%s counts[%d]", field, i), n.Each)
			}
		}
	default:
		c.bad(field, "unknown-value", a.Kind, "judgement, yes-no, value, formula")
	}
}

// judgement needs three seats or more and a text for each of the four levels.
func (c *checker) judgement(field string, a *Aspect) {
	seats := c.rules.judges(a)
	if len(seats) < 3 {
		c.bad(field, "judges-too-few", fmt.Sprint(len(seats)), "3")
	}
	for i, s := range seats {
		if s == "" || slices.Contains(seats[:i], s) {
			c.bad(field, "id-twice", s)
		}
	}
	if len(a.Levels) != 4 || slices.ContainsFunc(a.Levels, func(s string) bool { return strings.TrimSpace(s) == "" }) {
		c.bad(field, "levels-missing", fmt.Sprint(len(a.Levels)), "4")
	}
}

// within refuses marks below 0 or above what the aspect is worth.
func (c *checker) within(field string, n, most scoring.Ratio) {
	if n.Sign() < 0 || n.Cmp(most) > 0 {
		c.bad(field, "not-between", n.String(), "0", most.String())
	}
}

func (c *checker) deductions() {
	seen := map[string]bool{}
	for _, d := range c.rules.Deductions {
		field := "deduction " + d.ID
		if d.ID == "" || seen[d.ID] {
			c.bad(field, "id-twice", d.ID)
		}
		seen[d.ID] = true
		if len(d.Steps) == 0 {
			c.bad(field, "steps-missing")
		}
		for i, s := range d.Steps {
			step := fmt.Sprintf("%s steps[%d]", field, i)
			c.notNegative(step, s.Points)
			if s.Criterion != "" && !slices.ContainsFunc(c.rules.Criteria, func(k Criterion) bool { return k.ID == s.Criterion }) {
				c.bad(step, "unknown-value", s.Criterion, "criterion")
			}
			if s.Points.IsZero() && s.Criterion == "" && !s.Cancel {
				c.bad(step, "penalty-empty")
			}
		}
	}
}
