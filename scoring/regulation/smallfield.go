package regulation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/medals"
)

// Candidate is an event before the draw, with who is in it. Events of one
// family differ only in class: same event type, sex and class family, so that
// one may merge into another. Severity orders them, 1 the most impaired.
type Candidate struct {
	Event    string    `json:"event"`
	Sport    string    `json:"sport"`
	Family   string    `json:"family"`
	Class    string    `json:"class"`
	Severity int       `json:"severity"`
	Entrants []Entrant `json:"entrants"`
}

// Entrant is a person, pair or team in an event.
type Entrant struct {
	Delegations []string    `json:"delegations"`
	IRM         scoring.IRM `json:"irm,omitempty"` // withdrawn, did not start
}

// Decision is what the regulation proposes for an event. Nobody is bound by
// it: a person accepts it or decides otherwise.
type Decision struct {
	Event     string     `json:"event"`
	Do        string     `json:"do"`             // keep, or one of the actions
	Into      string     `json:"into,omitempty"` // merged into this event
	With      []string   `json:"with,omitempty"` // events that merge into this one
	Field     int        `json:"field"`          // of the event alone, in Of
	After     int        `json:"after"`          // of what it becomes
	Minimum   int        `json:"minimum"`
	Of        string     `json:"of"`
	Admission Admission  `json:"admission"` // places and medals that result; in a merged event those of the whole
	Why       medals.Why `json:"why"`
}

// Keep is the decision for an event that is large enough.
const Keep = "keep"

// SmallFields proposes what to do with every event: the small ones are merged,
// held as an exhibition or cancelled by the regulation's chain of actions. An
// event never merges twice, and only if the sum is large enough; the most
// impaired class is dealt with first, so that everybody moves as little as
// possible. Decisions come in the order of the candidates.
func (r *Regulation) SmallFields(candidates []Candidate) ([]Decision, error) {
	families := map[[2]string][]*contest{}
	all := make([]*contest, len(candidates))
	seen := map[string]bool{}
	for i, c := range candidates {
		if c.Event == "" || seen[c.Event] {
			return nil, &scoring.Invalid{Line: c.Event, Field: "event", Problem: "id-twice", With: []string{c.Event}}
		}
		seen[c.Event] = true
		all[i] = newContest(r.For(c.Sport, c.Event), c)
		key := [2]string{c.Sport, c.Family}
		families[key] = append(families[key], all[i])
	}
	for _, family := range families {
		slices.SortFunc(family, func(a, b *contest) int {
			return cmp.Or(cmp.Compare(a.Severity, b.Severity), scoring.CompareIDs(a.Event, b.Event))
		})
		for i := range family {
			family[i].decide(family, i)
		}
	}
	decisions := make([]Decision, len(all))
	for i, c := range all {
		decisions[i] = c.decision()
	}
	return decisions, nil
}

// contest is a candidate on its way through the chain of actions.
type contest struct {
	Candidate
	rules Resolved
	do    string
	why   medals.Why
	into  *contest
	with  []*contest
}

func newContest(rules Resolved, c Candidate) *contest {
	return &contest{Candidate: c, rules: rules, do: Keep, why: rules.why("minimum", text(rules.Minimum.Count)+" "+rules.Minimum.Of)}
}

// count is the field of several contests together, by this one's minimum.
func (c *contest) count(together ...*contest) int {
	delegations := map[string]bool{}
	persons := 0
	for _, o := range together {
		for _, e := range o.Entrants {
			if c.rules.inField(e.IRM) {
				persons++
				for _, d := range e.Delegations {
					delegations[d] = true
				}
			}
		}
	}
	if c.rules.Minimum.Of == "delegations" {
		return len(delegations)
	}
	return persons
}

// whole is the contest with everything that has merged into it.
func (c *contest) whole() []*contest { return append([]*contest{c}, c.with...) }

// decide walks the chain until an action works.
func (c *contest) decide(family []*contest, at int) {
	minimum := c.rules.Minimum
	if c.into != nil || c.count(c.whole()...) >= minimum.Count {
		return
	}
	if c.count(c.whole()...) == 0 {
		c.do = Cancel
		return
	}
	for i, action := range minimum.Actions {
		if c.count(c.whole()...) < action.AtLeast {
			continue
		}
		c.why = c.rules.why(fmt.Sprintf("minimum.actions[%d]", i), action.Do)
		switch action.Do {
		case MergeUp:
			if c.mergeUp(family[at+1:], cmp.Or(action.Steps, 1)) {
				return
			}
		case MergeSet:
			if c.mergeSet(family) {
				return
			}
		default:
			c.do = action.Do
			return
		}
	}
}

// mergeUp joins the nearest less impaired class with which the sum is enough.
func (c *contest) mergeUp(higher []*contest, steps int) bool {
	for _, o := range higher {
		if o.Severity == c.Severity || !o.open() {
			continue
		}
		if steps--; steps < 0 {
			return false
		}
		if o.count(append(c.whole(), o.whole()...)...) >= o.rules.Minimum.Count {
			c.join(o)
			return true
		}
	}
	return false
}

// mergeSet joins all classes of the set in the event of the least impaired.
func (c *contest) mergeSet(family []*contest) bool {
	i := slices.IndexFunc(c.rules.Minimum.Sets, func(set []string) bool { return slices.Contains(set, c.Class) })
	if i < 0 {
		return false
	}
	var members []*contest
	for _, o := range family {
		if slices.Contains(c.rules.Minimum.Sets[i], o.Class) && (o == c || o.open()) {
			members = append(members, o)
		}
	}
	target := members[len(members)-1]
	members = slices.DeleteFunc(members, func(o *contest) bool { return o != target && len(o.with) > 0 }) // nobody moves twice
	var everybody []*contest
	for _, o := range members {
		everybody = append(everybody, o.whole()...)
	}
	if len(members) < 2 || target.count(everybody...) < target.rules.Minimum.Count {
		return false
	}
	for _, o := range members[:len(members)-1] {
		o.why, o.do = c.why, MergeSet
		o.join(target)
	}
	target.why, target.do = c.why, Keep
	return true
}

// open reports whether others may still merge with the contest.
func (c *contest) open() bool { return c.into == nil && c.do == Keep && c.count(c) > 0 }

func (c *contest) join(o *contest) {
	if c.do == Keep {
		c.do = MergeUp
	}
	c.into = o
	o.with = append(o.with, c.whole()...)
	for _, moved := range c.with {
		moved.into = o
	}
	c.with = nil
}

func (c *contest) decision() Decision {
	home := c
	if c.into != nil {
		home = c.into
	}
	d := Decision{Event: c.Event, Do: c.do, Field: c.count(c), After: home.count(home.whole()...),
		Minimum: c.rules.Minimum.Count, Of: c.rules.Minimum.Of, Why: c.why}
	if c.into != nil {
		d.Into = c.into.Event
	}
	names := map[string]bool{}
	for _, o := range c.with {
		names[o.Event] = true
	}
	d.With = slices.SortedFunc(maps.Keys(names), scoring.CompareIDs)
	if home.do == Keep {
		persons := 0
		for _, o := range home.whole() {
			for _, e := range o.Entrants {
				if home.rules.inField(e.IRM) {
					persons++
				}
			}
		}
		d.Admission = home.rules.Admit(persons)
	}
	return d
}
