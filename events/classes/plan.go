package classes

import (
	"cmp"
	"slices"
)

// Cause is why a class changes; what becomes of results already made depends on
// it.
type Cause string

// The causes.
const (
	Panel       Cause = "panel"       // the evaluation before the first start
	Observation Cause = "observation" // seen in competition, at the first appearance
	Protest     Cause = "protest"     // a protest was upheld
	Medical     Cause = "medical"     // the condition has changed
	Ineligible  Cause = "ineligible"  // it turned out that the person may not compete
	Correction  Cause = "correction"  // what was entered was wrong
)

// Causes lists them as they are offered.
func Causes() []Cause {
	return []Cause{Panel, Observation, Protest, Medical, Ineligible, Correction}
}

// Results says what becomes of results made in the former class.
type Results string

// Keep lets them stand in the class they were made in; Cancel keeps the row and
// its mark, marked as made in another class, without a place.
const (
	Keep   Results = "keep"
	Cancel Results = "cancel"
)

// Usual is what happens to results where a sport's regulation says nothing: they
// stand after an observation or a changed condition, and fall where the former
// class was wrong from the beginning. No rule book's text could be read for it,
// so it is a proposal that the official confirms each time.
func Usual(c Cause) Results {
	if c == Observation || c == Medical || c == Panel {
		return Keep
	}
	return Cancel
}

// Change is a new class for a person in one group of a discipline.
type Change struct {
	Group   string // T; empty for a pseudo-class that blocks the whole discipline
	From    string // empty: had none
	To      string // T54, NE
	Results Results
}

// Contest is an event of the discipline. Begun is true once any of its units
// has left the state of a start list; Drawn once anybody has a place in a unit.
type Contest struct {
	ID           int64
	Type, Sex    string
	Classes      []string
	Drawn, Begun bool
}

// Admits reports whether a class may enter; a contest without classes is open.
func (c *Contest) Admits(class string) bool {
	return len(c.Classes) == 0 || slices.Contains(c.Classes, class)
}

// Entry is the person's entry in a contest. Left is true for an entry that is
// withdrawn; ByClass that it was a change of class that took it out.
type Entry struct {
	ID      int64
	Contest int64
	Left    bool
	ByClass bool
	Starts  []Start
}

// Start is one of the entry's starts. Class is the class it was entered or
// competed in; Begun that its unit has left the state of a start list; Marked
// that something has been written for it; Cancelled that a change of class took
// its result.
type Start struct {
	ID        int64
	Class     string
	Begun     bool
	Marked    bool
	Cancelled bool
}

// Do is what a plan does to an entry, a start or a contest.
type Do string

// What a plan may do. Each names the entry; those on a start name it too.
const (
	Stay         Do = "stay"          // the entry stays: its contest admits the new class
	Recard       Do = "recard"        // a start that has not begun carries the new class
	Leave        Do = "leave"         // the entry is withdrawn from its contest
	Vacate       Do = "vacate"        // a start that has not begun loses its place
	KeepResult   Do = "keep-result"   // the result stands in the class it was made in
	CancelResult Do = "cancel-result" // the result stays in sight, without a place
	Restore      Do = "restore"       // a result cancelled before stands again: the person is back in its class
	Join         Do = "join"          // a new entry in another contest
	Return       Do = "return"        // a withdrawn entry is in again
	TooLate      Do = "too-late"      // the contest of the new class has begun
	NoContest    Do = "no-contest"    // no contest of this type admits the new class
)

// Act is one step of a plan. Unplaced is true where the contest joined has been
// drawn: somebody must give the newcomer a place.
type Act struct {
	Do       Do
	Entry    int64
	Start    int64
	Contest  int64 // left, stayed in, joined, or wanted
	From     int64 // of a join: the entry that it takes the place of
	Unplaced bool
}

// Plan works out what a change of class does to a person's entries in one
// discipline. Contests without classes and entries of other class groups are not
// concerned, unless a pseudo-class blocks the whole discipline. Acts come entry by entry, in the order of the entries.
func Plan(c Change, contests []Contest, entries []Entry) []Act {
	p := planner{Change: c, contests: map[int64]*Contest{}, entries: entries}
	for i := range contests {
		p.contests[contests[i].ID] = &contests[i]
		p.order = append(p.order, &contests[i])
	}
	slices.SortFunc(p.order, func(a, b *Contest) int {
		return cmp.Or(cmp.Compare(len(a.Classes), len(b.Classes)), cmp.Compare(a.ID, b.ID))
	})
	for i := range entries {
		p.entry(&entries[i])
	}
	return p.acts
}

type planner struct {
	Change
	contests map[int64]*Contest
	order    []*Contest // narrowest set of classes first
	entries  []Entry
	acts     []Act
}

func (p *planner) add(a Act) { p.acts = append(p.acts, a) }

// concerns reports whether a contest is of the group that the change is about.
// A pseudo-class without a group blocks everything, open contests too.
func (p *planner) concerns(c *Contest) bool {
	return p.Group == "" && Pseudo(p.To) || len(c.Classes) > 0 && (p.Group == "" || slices.Contains(Groups(c.Classes), p.Group))
}

func (p *planner) entry(e *Entry) {
	c := p.contests[e.Contest]
	if c == nil || !p.concerns(c) {
		return
	}
	admitted := !Pseudo(p.To) && c.Admits(p.To)
	switch {
	case e.Left && !(e.ByClass && admitted):
		p.restore(e) // nothing but results of this very class may come back
	case e.Left && c.Begun:
		p.add(Act{Do: TooLate, Entry: e.ID, Contest: c.ID})
		p.restore(e)
	case e.Left:
		p.add(Act{Do: Return, Entry: e.ID, Contest: c.ID, Unplaced: c.Drawn})
		p.restore(e)
	case admitted:
		p.add(Act{Do: Stay, Entry: e.ID, Contest: c.ID})
		for _, s := range e.Starts {
			if !s.Begun && !s.Marked && s.Class != p.To {
				p.add(Act{Do: Recard, Entry: e.ID, Start: s.ID, Contest: c.ID})
			}
		}
		p.restore(e)
	default:
		p.leave(e, c)
	}
}

// restore lets results stand again that were cancelled when the person left the
// class that they are now given back.
func (p *planner) restore(e *Entry) {
	for _, s := range e.Starts {
		if s.Cancelled && s.Class == p.To {
			p.add(Act{Do: Restore, Entry: e.ID, Start: s.ID, Contest: e.Contest})
		}
	}
}

func (p *planner) leave(e *Entry, c *Contest) {
	p.add(Act{Do: Leave, Entry: e.ID, Contest: c.ID})
	for _, s := range e.Starts {
		switch {
		case s.Cancelled:
		case !s.Begun && !s.Marked:
			p.add(Act{Do: Vacate, Entry: e.ID, Start: s.ID, Contest: c.ID})
		case p.Results == Cancel:
			p.add(Act{Do: CancelResult, Entry: e.ID, Start: s.ID, Contest: c.ID})
		default:
			p.add(Act{Do: KeepResult, Entry: e.ID, Start: s.ID, Contest: c.ID})
		}
	}
	if !Pseudo(p.To) {
		p.join(e, c)
	}
}

// join looks for the contest of the same type and sex that admits the new class:
// the one with the fewest classes, so that a class of its own goes before a
// merged one.
func (p *planner) join(e *Entry, left *Contest) {
	var late *Contest
	for _, c := range p.order {
		if c.ID == left.ID || c.Type != left.Type || c.Sex != left.Sex || len(c.Classes) == 0 || !c.Admits(p.To) {
			continue
		}
		if slices.ContainsFunc(p.entries, func(o Entry) bool { return o.Contest == c.ID && (!o.Left || o.ByClass) }) {
			return // entered there already, or about to return there
		}
		if !c.Begun {
			p.add(Act{Do: Join, Entry: e.ID, From: e.ID, Contest: c.ID, Unplaced: c.Drawn})
			return
		}
		late = cmp.Or(late, c)
	}
	if late != nil {
		p.add(Act{Do: TooLate, Entry: e.ID, From: e.ID, Contest: late.ID})
		return
	}
	p.add(Act{Do: NoContest, Entry: e.ID, From: e.ID, Contest: left.ID})
}
