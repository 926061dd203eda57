package plan

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tongchang/scoring"
)

// Step is a part of the set-up that has a page of its own.
type Step string

// The steps, in their order.
const (
	StepGames       Step = "games"
	StepSports      Step = "sports"
	StepEvents      Step = "events"
	StepRegulation  Step = "regulation"
	StepDelegations Step = "delegations"
	StepVenues      Step = "venues"
	StepDeadlines   Step = "deadlines"
	StepEntry       Step = "entry"
	StepReview      Step = "review"
)

// Steps are all of them.
var Steps = []Step{StepGames, StepSports, StepEvents, StepRegulation, StepDelegations, StepVenues, StepDeadlines, StepEntry, StepReview}

// Next is the step after one.
func Next(s Step) Step {
	i := slices.Index(Steps, s)
	if i < 0 || i+1 >= len(Steps) {
		return StepReview
	}
	return Steps[i+1]
}

// Mark notes that somebody has gone through a step.
func (p *Plan) Mark(s Step) {
	if !slices.Contains(p.Seen, s) {
		p.Seen = append(p.Seen, s)
	}
}

// State says how far a step is.
type State string

// The states of a step. Only what is wrong or missing keeps a plan from being
// put in force.
const (
	Done    State = "done"
	Open    State = "open"    // nobody has been there; it may be left as it is
	Warning State = "warning" // somebody should look
	Missing State = "missing"
	Wrong   State = "wrong"
)

// Progress is a step with what there is to say of it.
type Progress struct {
	Step  Step
	State State
	Say   []scoring.Invalid
}

// Check says how far every step is on a day. Review is done where nothing keeps
// the plan back.
func (p *Plan) Check(today string) []Progress {
	c := &checking{p: p, today: today, say: map[Step][]saying{}}
	for _, look := range []func(){c.games, c.sports, c.events, c.regulation, c.delegations, c.venues, c.deadlines} {
		look()
	}
	c.whole()
	all := make([]Progress, 0, len(Steps))
	back := false
	for _, s := range Steps {
		g := Progress{Step: s, State: Open}
		if slices.Contains(p.Seen, s) || c.filled(s) {
			g.State = Done
		}
		for _, said := range c.say[s] {
			g.Say = append(g.Say, said.Invalid)
			if slices.Index(order, said.state) > slices.Index(order, g.State) {
				g.State = said.state
			}
		}
		back = back || g.State == Missing || g.State == Wrong
		if s == StepReview {
			if g.State = Done; back {
				g.State = Missing
			}
		}
		all = append(all, g)
	}
	return all
}

// Fit reports whether nothing keeps a plan from being put in force.
func Fit(all []Progress) bool {
	return !slices.ContainsFunc(all, func(g Progress) bool { return g.State == Missing || g.State == Wrong })
}

// order is that of the states by how much they ask for.
var order = []State{Done, Open, Warning, Missing, Wrong}

type saying struct {
	scoring.Invalid
	state State
}

type checking struct {
	p     *Plan
	today string
	say   map[Step][]saying
}

func (c *checking) note(s Step, state State, field, problem string, with ...string) {
	c.say[s] = append(c.say[s], saying{scoring.Invalid{Field: field, Problem: problem, With: with}, state})
}

// filled reports whether a step holds what it is for, whoever has put it there.
func (c *checking) filled(s Step) bool {
	p := c.p
	switch s {
	case StepGames, StepSports, StepEvents, StepDelegations:
		return true // else they say what is missing
	case StepRegulation:
		return p.Regulation != nil
	case StepVenues:
		return len(p.Venues) > 0
	case StepDeadlines:
		return p.Rules.Deadlines.Any()
	}
	return false
}

func (c *checking) games() {
	p := c.p
	if strings.TrimSpace(p.Name) == "" {
		c.note(StepGames, Missing, "name", "setup-missing")
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" {
		c.note(StepGames, Wrong, "zone", "unknown-zone", p.Zone)
	}
	first, ok1 := day(p.Starts)
	last, ok2 := day(p.Ends)
	switch {
	case p.Starts == "" || p.Ends == "":
		c.note(StepGames, Missing, "starts", "setup-days")
	case !ok1:
		c.note(StepGames, Wrong, "starts", "not-a-date", p.Starts)
	case !ok2:
		c.note(StepGames, Wrong, "ends", "not-a-date", p.Ends)
	case last.Before(first):
		c.note(StepGames, Wrong, "ends", "deadline-order", p.Ends, p.Starts)
	case last.Sub(first) > maxDays*24*time.Hour:
		c.note(StepGames, Wrong, "ends", "setup-long", text(maxDays))
	case p.Ends < c.today:
		c.note(StepGames, Warning, "ends", "setup-past", p.Ends)
	}
}

func (c *checking) sports() {
	if len(c.p.Rules.Sports) == 0 && !slices.ContainsFunc(c.p.Events, func(e Event) bool { return e.Sport == "" }) {
		c.note(StepSports, Missing, "sports", "setup-no-sports")
	}
}

func (c *checking) events() {
	p := c.p
	if len(p.Events) == 0 {
		c.note(StepEvents, Missing, "events", "setup-no-events")
		return
	}
	for _, s := range p.Rules.Sports {
		if !slices.ContainsFunc(p.Events, func(e Event) bool { return e.Sport == s.Name }) {
			c.note(StepEvents, Warning, "events", "setup-sport-empty", s.Name)
		}
	}
}

func (c *checking) regulation() {
	r := c.p.Regulation
	if r == nil {
		return
	}
	for _, problem := range r.Problems() {
		c.say[StepRegulation] = append(c.say[StepRegulation], saying{*problem, Wrong})
	}
}

func (c *checking) delegations() {
	all := c.p.Rules.Delegations
	if len(all) == 0 {
		c.note(StepDelegations, Missing, "delegations", "setup-no-delegations")
	}
	for i := range all {
		if err := distinct(all[:i], all[i]); err != nil {
			c.note(StepDelegations, Wrong, "delegations", "setup-twice", all[i].Name)
		}
	}
}

func (c *checking) venues() {
	for i, v := range c.p.Venues {
		if slices.ContainsFunc(c.p.Venues[:i], func(o Venue) bool { return o.Name == v.Name }) {
			c.note(StepVenues, Wrong, "venues", "setup-twice", v.Name)
		}
		if len(v.Opens) == 0 {
			c.note(StepVenues, Warning, "venues", "setup-venue-shut", v.Name)
		}
	}
}

// Any reports whether there is a deadline at all.
func (d *Deadlines) Any() bool { return d.Numbers+d.Names+d.Final+d.Late != "" }

func (c *checking) deadlines() {
	d := &c.p.Rules.Deadlines
	if !d.Any() {
		return
	}
	last := ""
	for _, until := range []string{d.Numbers, d.Names, d.Final, d.Late} {
		last = max(last, until)
	}
	if day, _, _ := strings.Cut(last, " "); day < c.today {
		c.note(StepDeadlines, Warning, "deadlines", "setup-over", last)
	}
	if c.p.Ends != "" && last > c.p.Ends+" 24" {
		c.note(StepDeadlines, Warning, "deadlines", "setup-after", last, c.p.Ends)
	}
}

// whole lets the rules of entry read what the plan comes to. What no step has
// named yet is said at the step that it belongs to.
func (c *checking) whole() {
	if slices.ContainsFunc([]Step{StepGames, StepSports, StepEvents, StepDelegations}, func(s Step) bool {
		return slices.ContainsFunc(c.say[s], func(said saying) bool { return said.state != Warning })
	}) {
		return // the edition cannot be whole before these are
	}
	_, _, err := c.p.Edition()
	var inv *scoring.Invalid
	switch {
	case err == nil:
	case errors.As(err, &inv):
		c.say[stepOf(inv)] = append(c.say[stepOf(inv)], saying{*inv, Wrong})
	default:
		c.note(StepReview, Wrong, "file", "setup-unread", err.Error())
	}
}

// stepOf is the step at which a fault of the edition can be put right.
func stepOf(inv *scoring.Invalid) Step {
	field, _, _ := strings.Cut(inv.Field, ".")
	switch field {
	case "opening", "closing":
		return StepGames
	case "delegations":
		return StepDelegations
	case "deadlines":
		return StepDeadlines
	case "code", "sport", "kind", "events", "limit_per_delegation", "capacity", "team_min", "team_max", "team_size", "admits_categories":
		return StepEvents
	}
	return StepEntry
}
