package web

// filmed are units with the number of a file that the photo finish saved and
// that has been dealt with.
func (m *matrix) filmed() things {
	set := m.byDiscipline("unit", m.units)
	for _, one := range []*thing{set.own, set.other, set.missing} {
		one.values["camera"] = "1"
	}
	return set
}
