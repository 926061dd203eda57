package lifts

import (
	"fmt"
	"strings"

	"tongchang/scoring"
)

// Attempt is one try at a weight, in g. It is declared first and has Lights once
// the referees have decided: W (white, good) and R (red), one letter each. The
// jury may overrule them.
type Attempt struct {
	Weight   scoring.Mark `json:"weight,omitempty"`
	Lights   string       `json:"lights,omitempty"`   // WWR
	Jury     string       `json:"jury,omitempty"`     // "good" or "no" where the jury overruled the lights
	Record   bool         `json:"record,omitempty"`   // at a record, which finer weights may be asked for
	Declined bool         `json:"declined,omitempty"` // let go by, or not declared in time
}

// taken reports whether nothing more can come of the attempt.
func (a *Attempt) taken() bool { return a.Declined || a.Lights != "" }

// Good reports whether the lift counts: a majority of white, or the jury's word.
func (a *Attempt) Good() bool {
	switch {
	case a.Lights == "" || a.Declined:
		return false
	case a.Jury != "":
		return a.Jury == "good"
	}
	return 2*strings.Count(a.Lights, "W") > len(a.Lights)
}

// heaviest is what is believed of a bar, in g.
const heaviest = 1_000_000

// check looks at one attempt apart from the others.
func (r *Rules) check(a *Attempt) (problem string, with []string) {
	step := r.Step
	if a.Record {
		step = r.RecordStep
	}
	switch {
	case a.Declined && (a.Weight != 0 || a.Lights != ""):
		return "declined-and-lifted", nil
	case a.Declined:
		return "", nil
	case a.Weight <= 0 || a.Weight > heaviest:
		return "out-of-range", []string{kilograms(a.Weight, 1)}
	case a.Weight%step != 0:
		return "weight-step", []string{kilograms(a.Weight, 3), kilograms(step, 1)}
	case strings.Trim(a.Lights, "WR") != "":
		return "unknown-light", []string{a.Lights}
	case a.Lights != "" && len(a.Lights) != r.Referees:
		return "lights-count", []string{fmt.Sprint(len(a.Lights)), fmt.Sprint(r.Referees)}
	case a.Jury != "" && a.Jury != "good" && a.Jury != "no":
		return "unknown-setting", []string{a.Jury}
	case a.Jury != "" && a.Lights == "":
		return "jury-without-lights", nil
	}
	return "", nil
}

// follows looks at an attempt after the one before it: after a good lift the bar
// must be heavier by the rules' rise (by the finer step for a record); after a
// failed one it must not be lighter, unless the rules allow that.
func (r *Rules) follows(before, a *Attempt) (problem string, with []string) {
	least := before.Weight
	if before.Good() {
		least += r.Rise
		if a.Record {
			least = before.Weight + r.RecordStep
		}
	}
	switch {
	case !before.taken():
		return "attempt-before-open", nil
	case a.Declined || before.Declined:
		return "", nil
	case before.Good() && a.Weight < least:
		return "rise-too-small", []string{kilograms(a.Weight, 1), kilograms(least, 1)}
	case !before.Good() && a.Weight < least && !r.MayLower:
		return "weight-lowered", []string{kilograms(a.Weight, 1), kilograms(least, 1)}
	}
	return "", nil
}

// kilograms prints g as kg.
func kilograms(g scoring.Mark, decimals int) string { return scoring.Grams.Format(g, decimals) }
