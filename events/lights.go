// The attempt that a unit's decision lights are about.
package events

import (
	"errors"

	"tongchang/events/pads"
	"tongchang/scoring"
)

// Lights are the lights of a unit: of the attempt whose referee or jury was the
// last to decide, and who lifts. The line is nil while nobody has decided
// anything. A unit whose kind has no lights is not found.
func (sh *Sheet) Lights(u Unit) (*Line, pads.Lights, error) {
	pad, err := sh.Pad(u)
	var fault *scoring.Invalid
	if errors.As(err, &fault) { // before the draw and the weigh-in it may not rank: nobody has lifted
		return nil, pads.Lights{}, nil
	}
	if err != nil {
		return nil, pads.Lights{}, err
	}
	if !pad.HasLights() {
		return nil, pads.Lights{}, notFound("no-lights", u.Code)
	}
	whole, err := sh.whole()
	if err != nil {
		return nil, pads.Lights{}, err
	}
	var line *Line
	var out pads.Lights
	var last int64
	for i := range sh.Lines {
		l := &sh.Lines[i]
		for name, c := range l.Cells {
			values, group, lit := l.values(), "", false
			if name == LineCell {
				values, group = whole[l.ID()], pad.LastLit(whole[l.ID()])
				lit = group != ""
			} else {
				group, lit = pad.Lit(name)
			}
			if lit && c.Seq > last {
				line, out, last = l, pad.Lights(group, values), c.Seq
			}
		}
	}
	return line, out, nil
}

// whole takes apart the lines that programs have entered whole.
func (sh *Sheet) whole() (map[string]pads.Values, error) {
	doc, err := sh.base()
	if err != nil {
		return nil, err
	}
	given, err := pads.Entries(doc)
	if err != nil {
		return nil, err
	}
	out := map[string]pads.Values{}
	for _, g := range given {
		if out[g.Line] == nil {
			out[g.Line] = pads.Values{}
		}
		out[g.Line][g.Cell] = g.Value
	}
	return out, nil
}
