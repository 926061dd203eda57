package entry

import (
	"slices"
	"time"

	"tongchang/scoring"
)

// Replaces says why one row may not take another's place at a moment, by the
// clocks of the place; nil where it may.
func (ed *Edition) Replaces(out, in *Row, now time.Time) *scoring.Invalid {
	refuse := func(f Field, problem string, with ...string) *scoring.Invalid {
		return &scoring.Invalid{Field: string(f), Problem: problem, With: with}
	}
	rule := &ed.Substitution
	switch {
	case rule.Until.set() && rule.Until.over(now):
		return refuse("", "substitute-late", rule.Until.String())
	case out.Delegation != in.Delegation:
		return refuse("", "substitute-delegation")
	case out.Staff != in.Staff:
		return refuse(Function, "substitute-staff")
	case out.Staff:
		return nil
	case out.Sport != in.Sport:
		return refuse(InSport, "substitute-sport", out.sport(), in.sport())
	case rule.SameSex && out.sex != in.sex:
		return refuse(Sex, "substitute-sex")
	case rule.Same == "sport":
		return nil
	}
	for i, e := range in.entered {
		if e == nil || !slices.Contains(out.entered, e) {
			return refuse(Events, "substitute-event", in.Choices[i].Name)
		}
	}
	return nil
}
