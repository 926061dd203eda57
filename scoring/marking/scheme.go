// Package marking ranks work that experts mark by a scheme: criterion,
// sub-criterion, aspect, each aspect a measurement or a judgement, as
// WorldSkills has it and Chinese technical documents have taken it over
// (评价分, 测量分). Marks are exact; they are rounded only where the scheme says so.
//
// Marking is blind: a line's ID is the number of the work, never a name.
// [Decode] puts the entries behind the numbers once the marks are signed.
package marking

import (
	"bytes"
	"encoding/json"

	"tongchang/scoring"
)

// Rules are a marking scheme.
type Rules struct {
	Total    scoring.Ratio `json:"total,omitzero"`   // of all criteria; 0 means 100
	Judges   []string      `json:"judges,omitempty"` // seats that give every judgement: J1, J2, J3
	Criteria []Criterion   `json:"criteria"`

	// Spread is the widest difference between two judges of one aspect that
	// stands without discussion, on the scale 0–3; 1 where it is not given.
	// Settle says what ends the discussion: adjust (the default: the judges
	// give marks anew until they are within the spread) or explain (their
	// written reason is enough).
	Spread *int   `json:"spread,omitempty"`
	Settle string `json:"settle,omitempty"`

	// Theory is the written test. With one, Practical is the weight of the
	// criteria, and both weights together are 1: 0.7 and 0.3, say.
	Theory    *Theory       `json:"theory,omitempty"`
	Practical scoring.Ratio `json:"practical,omitzero"`

	RoundAspect *Round `json:"round_aspect,omitempty"` // nil: every aspect stays exact
	RoundTotal  *Round `json:"round_total,omitempty"`  // nil: ranked by the exact total

	Deductions []Deduction `json:"deductions,omitempty"`
	// Ties decide between equal totals, in order: time (the shorter), practical,
	// theory, judgement, measurement, criterion:ID, or weights (the criteria
	// from the heaviest down). Who is still equal shares the place.
	Ties  []string `json:"ties,omitempty"`
	Scale *Scale   `json:"scale,omitempty"`

	// Partial lets work with open aspects wait below the ranked lines while
	// the marking goes on. Without it anything open refuses the ranking.
	Partial bool   `json:"partial,omitempty"`
	Source  string `json:"source,omitempty"` // technical document and clause
}

// Criterion is a module or field of the work. Max is the sum of its aspects.
type Criterion struct {
	ID   string         `json:"id"`
	Name string         `json:"name,omitempty"`
	Max  scoring.Ratio  `json:"max"`
	Sub  []SubCriterion `json:"sub"`
}

// SubCriterion groups the aspects that are marked together, on one day.
// A Max that is given is the sum of its aspects.
type SubCriterion struct {
	ID      string        `json:"id"`
	Name    string        `json:"name,omitempty"`
	Day     string        `json:"day,omitempty"`
	Max     scoring.Ratio `json:"max,omitzero"`
	Aspects []Aspect      `json:"aspects"`
}

// The kinds of aspect: a judgement, or a measurement in one of three ways.
const (
	Judgement = "judgement" // 0–3 by each judge; mean ÷ 3 × max
	YesNo     = "yes-no"    // all or nothing
	Value     = "value"     // one measured value, marks by the band it falls in
	Formula   = "formula"   // start + Σ count × each, within 0 and max
)

// Aspect is the smallest thing that is marked.
type Aspect struct {
	ID       string          `json:"id"`
	Name     string          `json:"name,omitempty"`
	Standard string          `json:"standard,omitempty"` // section of the occupational standard
	Kind     string          `json:"kind"`
	Max      scoring.Ratio   `json:"max"`
	Levels   []string        `json:"levels,omitempty"`  // judgement: what 0, 1, 2 and 3 look like
	Judges   []string        `json:"judges,omitempty"`  // judgement: other seats than the scheme's
	Measure  scoring.Measure `json:"measure,omitempty"` // value: what it counts
	Bands    []Band          `json:"bands,omitempty"`   // value: the first that holds it counts; none: 0
	Start    scoring.Ratio   `json:"start,omitzero"`    // formula: before anything is counted
	Counts   []Count         `json:"counts,omitempty"`  // formula
}

// Band is a row of a tolerance table: From and To belong to it.
type Band struct {
	From  scoring.Mark  `json:"from"`
	To    scoring.Mark  `json:"to"`
	Marks scoring.Ratio `json:"marks"`
}

// Count is something that is counted: defects at −2 each, right answers at
// 1.5 each, false alarms at −1. Most caps how many of it matter; 0 is no cap.
type Count struct {
	ID   string        `json:"id"`
	Name string        `json:"name,omitempty"`
	Each scoring.Ratio `json:"each"`
	Most int           `json:"most,omitempty"`
}

// Theory is the written test: marked out of Total (0 means 100), weighing
// Weight. A notice of the housing ministry (2015) allows it at most 0.3; that
// is a scheme's choice, not a check here.
type Theory struct {
	Weight scoring.Ratio `json:"weight"`
	Total  scoring.Ratio `json:"total,omitzero"`
}

// Round says how a number is rounded.
type Round struct {
	Decimals int              `json:"decimals"`
	Mode     scoring.Rounding `json:"mode"`
}

func (r *Round) apply(n scoring.Ratio) scoring.Ratio {
	if r == nil {
		return n
	}
	return n.Round(r.Decimals, r.Mode)
}

// Deduction is a breach with what it costs. The first time costs the first
// step, the second the second; further ones repeat the last. A published
// example: disturbing others costs 5, and the second time the whole result.
type Deduction struct {
	ID    string    `json:"id"`
	Name  string    `json:"name,omitempty"`
	Steps []Penalty `json:"steps"`
}

// Penalty is one step: points off the total, the marks of a criterion, or the
// whole result.
type Penalty struct {
	Points    scoring.Ratio `json:"points,omitzero"`
	Criterion string        `json:"criterion,omitempty"`
	Cancel    bool          `json:"cancel,omitempty"`
}

// Scale shows results on a common scale beside the total: Centre for the
// median work, Unit for each 1.4826 median absolute deviations from it, cut
// off at 0 and 1000. WorldSkills publishes results on such a scale (centre 500
// until 2015, 700 now) but not its formula, so the column says that it is
// unofficial and no rank ever rests on it.
type Scale struct {
	Centre scoring.Ratio `json:"centre"`
	Unit   scoring.Ratio `json:"unit"`
}

// Read reads a scheme strictly and checks it.
func Read(raw []byte) (Rules, error) {
	var r Rules
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Rules{}, &scoring.Invalid{Field: "scheme", Problem: "unreadable", With: []string{err.Error()}}
	}
	if d.More() {
		return Rules{}, &scoring.Invalid{Field: "scheme", Problem: "unreadable", With: []string{"more than one value"}}
	}
	return r, r.Check()
}

func (r *Rules) total() scoring.Ratio {
	if r.Total.IsZero() {
		return scoring.Whole(100)
	}
	return r.Total
}

func (r *Rules) spread() int {
	if r.Spread == nil {
		return 1
	}
	return *r.Spread
}

func (t *Theory) total() scoring.Ratio {
	if t.Total.IsZero() {
		return scoring.Whole(100)
	}
	return t.Total
}

// aspects walks over all aspects with the criterion they belong to.
func (r *Rules) aspects(visit func(*Criterion, *Aspect)) {
	for i := range r.Criteria {
		for j := range r.Criteria[i].Sub {
			for k := range r.Criteria[i].Sub[j].Aspects {
				visit(&r.Criteria[i], &r.Criteria[i].Sub[j].Aspects[k])
			}
		}
	}
}

// judges are the seats that give this judgement.
func (r *Rules) judges(a *Aspect) []string {
	if a.Judges != nil {
		return a.Judges
	}
	return r.Judges
}

// Check refuses a scheme that cannot be marked by or does not add up, with the
// first of its [Rules.Problems].
func (r *Rules) Check() error {
	if all := r.Problems(); len(all) > 0 {
		return all[0]
	}
	return nil
}
