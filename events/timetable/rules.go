// What the document says about a unit or a pair of them: how long it takes, how
// far it is, how much rest is due. These are look-ups; what follows from them is
// decided twice, by the checker and by the generator.
package timetable

// Takes is how many minutes the unit takes with the extra time of its people.
// Where everybody works at once the longest extra decides; where they go one
// after another (InTurn) each turn grows by its own. Part minutes count as whole.
func (u *Unit) Takes() int { return u.Minutes + u.extra() }

// extra is the minutes that extra time adds.
func (u *Unit) extra() int {
	turns, sum, longest := 0, 0, 0
	for i := range u.People {
		if u.People[i].As == Athlete {
			turns++
			sum += u.People[i].Extra
			longest = max(longest, u.People[i].Extra)
		}
	}
	if u.InTurn && turns > 0 {
		return ceil(u.Minutes*sum, 100*turns)
	}
	return ceil(u.Minutes*longest, 100)
}

func ceil(a, b int) int { return (a + b - 1) / b }

// label is what a person reads for the unit.
func (u *Unit) label() string {
	if u.Name != "" {
		return u.Name
	}
	return u.ID
}

func (p *Person) label() string {
	if p.Name != "" {
		return p.Name
	}
	return p.ID
}

// step is the minutes between two possible starts.
func (d *Document) step() int {
	if d.Step == 0 {
		return 5
	}
	return d.Step
}

// rest is the row that holds for a discipline and class; the zero row where
// none does.
func (d *Document) rest(discipline, class string) Rest {
	best, found := -1, Rest{}
	for _, r := range d.Rest {
		if r.Discipline != "" && r.Discipline != discipline || r.Class != "" && r.Class != class {
			continue
		}
		weight := 0
		if r.Discipline != "" {
			weight++
		}
		if r.Class != "" {
			weight += 2
		}
		if weight > best {
			best, found = weight, r
		}
	}
	return found
}

// recovery is how many minutes before this unit the phase before it must have
// ended: the longest that one of its athletes is due, or the discipline's own
// where nobody is known yet.
func (d *Document) recovery(u *Unit) int {
	longest := -1
	for i := range u.People {
		if p := &u.People[i]; p.As.Competes() {
			longest = max(longest, d.rest(u.Discipline, p.Class).Recovery)
		}
	}
	if longest < 0 {
		return d.rest(u.Discipline, "").Recovery
	}
	return longest
}

// travel is the minutes from one venue to another, none within one.
func (d *Document) travel(from, to string) int {
	if from == to {
		return 0
	}
	back := -1
	for _, t := range d.Travel {
		if t.From == from && t.To == to {
			return t.Minutes
		}
		if t.From == to && t.To == from {
			back = t.Minutes
		}
	}
	if back >= 0 {
		return back
	}
	return d.TravelAny
}

// takes reports whether somebody else has a court of an area.
func (b *Busy) takes(area string, court int) bool {
	return holds(b.Areas, area) && holds(b.Courts, court)
}

// admits reports whether units of a discipline are held in the session.
func (s *Session) admits(discipline string) bool { return holds(s.Disciplines, discipline) }

// holds reports whether a list names something; one that names nothing means all.
func holds[T comparable](list []T, one T) bool {
	for _, other := range list {
		if other == one {
			return true
		}
	}
	return len(list) == 0
}
