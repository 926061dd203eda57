// The decision lights: what everybody may see of how a lift was judged.
package pads

import (
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/lifts"
)

// Lights are the referees' decision on an attempt. Before all of them have
// decided nothing of it may be seen, not even who has.
type Lights struct {
	Group    string       // attempt-2, fourth
	Number   int          // of the attempt, from 1; the one for a record comes last
	Weight   scoring.Mark // g; 0: none is declared
	Referees int
	White    []bool // by referee, true: good; nil: not all have decided
	Jury     string // "good" or "no", where the jury overruled the lights
	Good     bool   // the lift counts
}

// Lit is the attempt whose lights a cell belongs to: a referee's or the jury's.
func (p *Pad) Lit(cell string) (group string, ok bool) {
	c, found := p.fixed[cell]
	return c.Group, found && (isLight(c) || c.Place == "jury" && c.Name == c.Group+"/jury")
}

// isLight reports whether a cell is a referee's light.
func isLight(c Cell) bool {
	return c.Input == Choice && c.Blind && len(c.Choices) == 2 && lights[c.Choices[0]] == "W" && lights[c.Choices[1]] == "R"
}

// LastLit is the last attempt, in the order of the pad, in which a light stands;
// empty: there is none.
func (p *Pad) LastLit(v Values) string {
	group := ""
	for _, c := range p.Cells {
		if isLight(c) && !v[c.Name].Empty() {
			group = c.Group
		}
	}
	return group
}

// Lights are an attempt's lights as they stand in a line's values.
func (p *Pad) Lights(group string, v Values) Lights {
	out := Lights{Group: group, Weight: markOf(v[group+"/weight"])}
	var a lifts.Attempt
	var groups []string // attempts in their order
	for _, c := range p.Cells {
		if !isLight(c) {
			continue
		}
		if !slices.Contains(groups, c.Group) {
			groups = append(groups, c.Group)
		}
		if c.Group == group {
			out.Referees++
			a.Lights += lights[v[c.Name].Text]
		}
	}
	out.Number = slices.Index(groups, group) + 1
	if out.Referees == 0 || len(a.Lights) < out.Referees {
		return out
	}
	a.Jury = v[group+"/jury"].Text
	for _, light := range a.Lights {
		out.White = append(out.White, light == 'W')
	}
	out.Jury, out.Good = a.Jury, a.Good()
	return out
}

// HasLights reports whether lifts are judged by lights.
func (p *Pad) HasLights() bool { return slices.ContainsFunc(p.Cells, isLight) }
