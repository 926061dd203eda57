// A panel is blind until all have given.
package pads

// Hidden names the cells of a line that a reader may not see yet: those of
// other judges in a group of which somebody has still to give. own says which
// cells are the reader's.
func (p *Pad) Hidden(line string, v Values, own func(Cell) bool) map[string]bool {
	open := map[string]bool{}
	cells := p.Of(line)
	for _, c := range cells {
		if c.Blind && v[c.Name].Empty() {
			open[c.Group] = true
		}
	}
	hidden := map[string]bool{}
	for _, c := range cells {
		if c.Blind && open[c.Group] && !own(c) {
			hidden[c.Name] = true
		}
	}
	return hidden
}
