package regulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tongchang/scoring"
	"tongchang/scoring/medals"
)

// Bounds that keep every sum readable; no regulation comes near them.
const mostPlaces = 1000

var mostPoints = scoring.Whole(10_000)

// Problems is everything that makes the regulation unfit to award by. Field is
// the path of the setting: sports.AT.points[3].
func (r *Regulation) Problems() []*scoring.Invalid {
	c := &checker{source: r.Source}
	if r.Schema != Schema {
		c.bad("schema", "unknown-schema", r.Schema, Schema)
	}
	if r.Version < 1 {
		c.bad("version", "not-between", text(r.Version), "1", "…")
	}
	if _, err := time.Parse(time.DateOnly, r.Issued); r.Issued != "" && err != nil {
		c.bad("issued", "not-a-date", r.Issued)
	}
	c.settings("settings", r.Settings)
	for _, sport := range slices.Sorted(maps.Keys(r.Sports)) {
		c.settings("sports."+sport, r.Sports[sport])
	}
	for _, event := range slices.Sorted(maps.Keys(r.Events)) {
		c.settings("events."+event, r.Events[event])
	}
	c.tables(r)
	if f := r.FairPlay; f != nil && (f.Teams < 0 || f.Athletes < 0 || f.Referees < 0) {
		c.bad("fair_play", "negative")
	}
	return c.found
}

type checker struct {
	source string
	path   string
	found  []*scoring.Invalid
}

func (c *checker) bad(field, problem string, with ...string) {
	if c.path != "" {
		field = c.path + "." + field
	}
	c.found = append(c.found, &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: c.source})
}

// word refuses a value that is set and none of the words.
func (c *checker) word(field, value string, words ...string) {
	if value != "" && !slices.Contains(words, value) {
		c.bad(field, "unknown-value", value, strings.Join(words, ", "))
	}
}

// amount refuses a negative or absurd number of points.
func (c *checker) amount(field string, n scoring.Ratio) {
	if n.Sign() < 0 || n.Cmp(mostPoints) > 0 {
		c.bad(field, "not-between", n.String(), "0", mostPoints.String())
	}
}

func (c *checker) count(field string, n, least int) {
	if n < least || n > mostPlaces {
		c.bad(field, "not-between", text(n), text(least), text(mostPlaces))
	}
}

// settings checks one layer.
func (c *checker) settings(path string, s Settings) {
	c.path = path
	defer func() { c.path = "" }()
	if s.Places != nil {
		c.count("places", *s.Places, 0)
	}
	c.points(s.Points)
	for i, m := range s.Medals {
		if !m.Known() {
			c.bad(fmt.Sprintf("medals[%d]", i), "unknown-value", string(m), "gold, silver, bronze")
		}
	}
	c.word("field_basis", s.Basis, "entries", "confirmed", "starters")
	c.word("merged_award", s.MergedAward, "combined", "class")
	c.word("tie_rank", s.TieRank, "skip", "dense")
	c.word("tie_points", s.TiePoints, "average", "full")
	c.word("beyond_places", s.Beyond, "zero", "table")
	c.word("joint_team", s.JointTeam, "split", "full")
	if s.SmallField != nil {
		c.smallField(s.SmallField)
	}
	if s.Minimum != nil {
		c.minimum(s.Minimum)
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Multipliers)) {
		c.amount("multipliers."+kind, s.Multipliers[kind])
	}
	c.bonuses(s.RecordBonus)
	c.penalties(s)
	for i, p := range s.Prizes {
		if field := fmt.Sprintf("prizes[%d]", i); p.Name == "" || p.From < 0 || p.To < max(p.From, 1) || p.Field < 0 {
			c.bad(field, "prize-unclear", p.Name, text(p.From), text(p.To))
		}
	}
}

// points fall, or at least do not rise, from place to place.
func (c *checker) points(points []scoring.Ratio) {
	if len(points) > mostPlaces {
		c.count("points", len(points), 0)
		return
	}
	for i, p := range points {
		c.amount(fmt.Sprintf("points[%d]", i), p)
		if i > 0 && p.Cmp(points[i-1]) > 0 {
			c.bad(fmt.Sprintf("points[%d]", i), "points-rise", text(i+1), p.String(), points[i-1].String())
		}
	}
}

func (c *checker) smallField(f *SmallField) {
	switch f.Rule {
	case MinusOneBelow, MinusOneUpTo, AllPlaced:
		if len(f.Steps) > 0 {
			c.bad("small_field.steps", "steps-unasked", f.Rule)
		}
	case BySteps:
		if len(f.Steps) == 0 {
			c.bad("small_field.steps", "steps-missing")
		}
	default:
		c.bad("small_field.rule", "unknown-value", f.Rule, "minus-one-below, minus-one-up-to, all, steps")
	}
	c.count("small_field.least", f.Least, 0)
	for i, s := range f.Steps {
		field := fmt.Sprintf("small_field.steps[%d]", i)
		c.count(field+".from", s.From, 0)
		switch {
		case i == 0 && s.From > 1:
			c.bad(field+".from", "steps-begin", text(s.From))
		case i > 0 && s.From <= f.Steps[i-1].From:
			c.bad(field+".from", "steps-order", text(s.From), text(f.Steps[i-1].From))
		}
		if s.Places != nil {
			c.count(field+".places", *s.Places, 0)
		}
		if s.Medals != nil {
			c.count(field+".medals", *s.Medals, 0)
		}
		if s.Void && (s.Places != nil || s.Medals != nil) {
			c.bad(field, "void-awards")
		}
	}
}

// minimum needs a chain that ends: its last action must be one that always works.
func (c *checker) minimum(m *Minimum) {
	c.count("minimum.count", m.Count, 0)
	if m.Of != "persons" && m.Of != "delegations" {
		c.bad("minimum.of", "unknown-value", m.Of, "persons, delegations")
	}
	for i, a := range m.Actions {
		field := fmt.Sprintf("minimum.actions[%d]", i)
		switch a.Do {
		case MergeUp, Exhibition, Cancel, Ask:
		case MergeSet:
			if len(m.Sets) == 0 {
				c.bad(field, "sets-missing")
			}
		default:
			c.bad(field+".do", "unknown-value", a.Do, "merge-up, merge-set, exhibition, cancel, ask")
		}
		if a.Steps < 0 || a.AtLeast < 0 {
			c.bad(field, "negative")
		}
	}
	if m.Count > 0 {
		last := len(m.Actions) - 1
		if last < 0 || m.Actions[last].AtLeast > 0 || !slices.Contains([]string{Exhibition, Cancel, Ask}, m.Actions[last].Do) {
			c.bad("minimum.actions", "chain-open")
		}
	}
	seen := map[string]bool{}
	for i, set := range m.Sets {
		for _, class := range set {
			if class == "" || seen[class] {
				c.bad(fmt.Sprintf("minimum.sets[%d]", i), "id-twice", class)
			}
			seen[class] = true
		}
	}
}

func (c *checker) bonuses(bonuses []Bonus) {
	for i, b := range bonuses {
		field := fmt.Sprintf("record_bonus[%d]", i)
		c.amount(field+".points", b.Points)
		c.amount(field+".factor", b.Factor)
		switch {
		case b.Level == "":
			c.bad(field+".level", "level-missing")
		case b.Points.IsZero() == b.Factor.IsZero():
			c.bad(field, "bonus-unclear")
		case !b.Factor.IsZero() && b.Factor.Cmp(scoring.Whole(1)) <= 0:
			c.bad(field+".factor", "not-between", b.Factor.String(), "1", mostPoints.String())
		}
		for _, s := range b.States {
			if !s.Known() {
				c.bad(field+".states", "unknown-value", string(s), "better, break, set, equal")
			}
		}
	}
}

func (c *checker) penalties(s Settings) {
	if s.FinisherPoints != nil {
		c.amount("finisher_points", *s.FinisherPoints)
	}
	if s.ForfeitPenalty != nil {
		c.amount("forfeit_penalty", *s.ForfeitPenalty)
	}
	if p := s.IneligiblePenalty; p != nil {
		c.amount("ineligible_penalty.gold", p.Gold)
		c.amount("ineligible_penalty.points", p.Points)
	}
	if p := s.Protest; p != nil && (p.Minutes < 0 || p.Fee < 0) {
		c.bad("protest", "negative")
	}
}

// tables checks the published tables by the rules they will be ranked by.
func (c *checker) tables(r *Regulation) {
	for _, name := range slices.Sorted(maps.Keys(r.Tables)) {
		field := "tables." + name
		switch name {
		case "gold", "total", "points":
		default:
			c.bad(field, "unknown-value", name, "gold, total, points")
			continue
		}
		if a := r.Tables[name].Audience; a != "public" && a != "internal" && a != "off" {
			c.bad(field+".audience", "unknown-value", a, "public, internal, off")
		}
		rules, _ := r.Rules(medals.Key(name), nil)
		if invalid, ok := rules.Check().(*scoring.Invalid); ok {
			c.bad(field+"."+invalid.Field, invalid.Problem, invalid.With...)
		}
	}
}
