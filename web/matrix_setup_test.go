package web

// setupSteps are a step of the set-up, and one that never was.
func (m *matrix) setupSteps() things {
	one := func(step string) *thing { return &thing{values: map[string]string{"step": step}} }
	return things{own: one("sports"), missing: one("dessert")}
}
