// How small fields are said: the regulation's rule, what it proposes for an
// event, what that brings and whom it concerns.
package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/scoring/regulation"
)

// fieldRules is the regulation in force, for its words.
type fieldRules struct{ regulation.Regulation }

func readFieldRules(c *events.Competition) (fieldRules, error) {
	if c.Regulation == "" { // the defaults are in force
		return fieldRules{}, nil
	}
	reg, err := regulation.Read([]byte(c.Regulation))
	if err != nil {
		return fieldRules{}, fmt.Errorf("read the regulation in force: %w", err)
	}
	return fieldRules{reg}, nil
}

// say puts the rule for small fields into words: the edition's, or a sport's.
func (g *fieldRules) say(b *builder, sport string) FieldRule {
	t := b.t
	rules := g.For(sport, "")
	said := FieldRule{Title: cmp.Or(t.Join(g.Name, g.Source), t.T("fields.rule-usual"))}
	said.Few, said.Steps = g.minimum(t, rules.Minimum)
	places := strconv.Itoa(*rules.Places)
	said.Award = t.T("fields.award-"+rules.SmallField.Rule, places)
	if sport != "" {
		return said
	}
	for _, d := range b.programme.Disciplines {
		own := g.For(d.Code, "")
		few, steps := g.minimum(t, own.Minimum)
		if few != said.Few || !slices.Equal(steps, said.Steps) || t.T("fields.award-"+own.SmallField.Rule, strconv.Itoa(*own.Places)) != said.Award {
			said.Others = append(said.Others, b.pick(d.Name, d.NameEn))
		}
	}
	slices.Sort(said.Others)
	return said
}

// minimum says from which field on something is done, and what in turn.
func (g *fieldRules) minimum(t *Translator, m *regulation.Minimum) (few string, steps []FieldStep) {
	if m == nil || m.Count == 0 {
		return t.T("fields.no-minimum"), nil
	}
	for _, a := range m.Actions {
		text := t.T("fields.step-" + a.Do)
		if a.AtLeast > 0 {
			text += t.T("fields.step-least", strconv.Itoa(a.AtLeast))
		}
		steps = append(steps, FieldStep{stepShapes[a.Do], text})
	}
	return t.T("fields.few-"+m.Of, strconv.Itoa(m.Count)), steps
}

// stepShapes are the icons of the regulation's actions.
var stepShapes = map[string]string{regulation.MergeUp: "merge", regulation.MergeSet: "merge", regulation.Exhibition: "stage", regulation.Cancel: "cross", regulation.Ask: "ask", regulation.Keep: "check"}

// actionShapes are those of what people decide.
var actionShapes = map[string]string{events.MergeField: "merge", events.ExhibitionField: "stage", events.CancelField: "cross", events.KeepField: "check"}

// award says what a field earns.
func (g *fieldRules) award(t *Translator, f *events.Field, a regulation.Admission) FieldAward {
	if a.Void || a.Places == 0 {
		return FieldAward{Text: t.T("fields.no-places")}
	}
	rules := g.For(f.Sport.Code, f.Event.Code)
	said := FieldAward{Text: t.T("fields.places", strconv.Itoa(a.Places))}
	for _, m := range rules.Medals[:min(a.Medals, len(rules.Medals))] {
		said.Medals = append(said.Medals, string(m))
	}
	return said
}

// counted says how many are in a field: people, teams or, where those count,
// delegations.
func (d *fieldDesk) counted(id int64, n int) string {
	if slices.ContainsFunc(d.entries[id], func(e events.FieldEntry) bool { return e.Team }) {
		return d.b.t.T("fields.teams", n)
	}
	return d.b.t.T("fields.people", n)
}

// teams names the delegations of an event's entries, each once.
func (d *fieldDesk) teams(id int64) string {
	var ids []int64
	for _, e := range d.entries[id] {
		ids = append(ids, e.DelegationID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var names []string
	for i := range d.b.programme.Delegations {
		if team := &d.b.programme.Delegations[i]; slices.Contains(ids, team.ID) {
			names = append(names, d.b.pick(team.Name, team.NameEn))
		}
	}
	return strings.Join(names, d.b.t.T("fields.comma"))
}

// row is an event to be decided upon.
func (d *fieldDesk) row(f *events.Field) FieldRow {
	t := d.b.t
	id := strconv.FormatInt(f.Event.ID, 10)
	row := FieldRow{ID: id, Saw: f.Entries, Title: d.b.eventName(&f.Event), URL: d.b.root + "/events/" + id, Sport: d.b.pick(f.Sport.Name, f.Sport.NameEn),
		Count: d.counted(f.Event.ID, f.Entries), Teams: d.teams(f.Event.ID), Shape: stepShapes[f.Proposed.Do], Drawn: f.Drawn}
	row.Propose, row.After = d.proposed(f)
	choice := events.FieldChoice{Event: f.Event.ID, Do: f.Action(), Into: f.Into}
	row.Effects, row.Alarm = d.effects(f, &choice)
	asked := f.Proposed.Do == regulation.Ask || row.Alarm != "" || f.Drawn
	if asked {
		row.Options = append(row.Options, Option{Text: t.T("fields.choose"), Chosen: true})
	}
	if f.Drawn {
		row.Options = append(row.Options, Option{Value: events.KeepField, Text: t.T("fields.act-keep")})
		return row
	}
	for _, o := range d.options(f) {
		if f.Proposed.Do != regulation.Ask && o.Value == choiceValue(&choice) {
			o.Text, o.Chosen = t.T("fields.proposed", o.Text), !asked
		}
		row.Options = append(row.Options, o)
	}
	return row
}

func choiceValue(c *events.FieldChoice) string {
	if c.Do == events.MergeField {
		return c.Do + ":" + strconv.FormatInt(c.Into, 10)
	}
	return c.Do
}

// options are what can be decided about an event: the merges that the ledger
// lets through come first, the nearest classes as the programme has them.
func (d *fieldDesk) options(f *events.Field) []Option {
	t := d.b.t
	var all []Option
	joined := slices.ContainsFunc(d.all, func(g events.Field) bool { return g.Event.State == events.EventMerged && g.Event.IntoID == f.Event.ID })
	for i := range d.all {
		g := &d.all[i]
		same := g.Event.DisciplineID == f.Event.DisciplineID && g.Event.Type == f.Event.Type && g.Event.Sex == f.Event.Sex
		if joined || !same && g.Event.ID != f.Into || g.Event.ID == f.Event.ID || g.Drawn || g.Event.State == events.EventMerged || g.Event.State == events.EventCancelled {
			continue
		}
		all = append(all, Option{Value: events.MergeField + ":" + strconv.FormatInt(g.Event.ID, 10), Text: t.T("fields.act-merge", d.b.eventName(&g.Event))})
	}
	for _, action := range fieldActions[1:] {
		all = append(all, Option{Value: action, Text: t.T("fields.act-" + action)})
	}
	return all
}

// proposed says what the regulation proposes for an event, and what it brings.
func (d *fieldDesk) proposed(f *events.Field) (string, FieldAward) {
	t := d.b.t
	p := &f.Proposed
	switch f.Action() {
	case events.MergeField:
		into := ""
		if target := d.field(f.Into); target != nil {
			into = d.b.eventName(&target.Event)
		}
		return t.T("fields.say-merge", into, strconv.Itoa(p.Field), strconv.Itoa(p.After-p.Field), d.counted(f.Event.ID, p.After)), d.rules.award(t, f, p.Admission)
	case events.ExhibitionField:
		return t.T("fields.say-exhibition"), FieldAward{Text: t.T("fields.no-medals")}
	case events.CancelField:
		return t.T("fields.say-cancel"), FieldAward{Text: t.T("fields.may-change")}
	}
	if p.Do == regulation.Ask {
		return t.T("fields.say-ask"), d.rules.award(t, f, f.Alone)
	}
	return t.T("fields.say-keep"), d.rules.award(t, f, f.Alone)
}

// effects say whom a decision concerns; alarm that it leaves somebody without an
// event.
func (d *fieldDesk) effects(f *events.Field, c *events.FieldChoice) (all []string, alarm string) {
	t := d.b.t
	only := 0
	for _, e := range d.entries[f.Event.ID] {
		if e.Only {
			only++
		}
	}
	n := strconv.Itoa(f.Entries)
	switch {
	case f.Entries == 0:
		return []string{t.T("fields.effect-nobody")}, ""
	case c.Do == events.MergeField:
		return []string{t.T("fields.effect-merge", n)}, ""
	case c.Do == events.ExhibitionField:
		return []string{t.T("fields.effect-exhibition", n)}, ""
	case c.Do == events.CancelField && only > 0:
		alarm = t.T("fields.alarm", strconv.Itoa(only))
		fallthrough
	case c.Do == events.CancelField:
		return []string{t.T("fields.effect-cancel", n)}, alarm
	}
	return []string{t.T("fields.effect-keep")}, ""
}

// outcome says on the check page what a choice comes to.
func (d *fieldDesk) outcome(line *FieldCheck, f *events.Field, c *events.FieldChoice, after map[int64]int) {
	t := d.b.t
	line.Shape = actionShapes[c.Do]
	line.Effects, line.Alarm = d.effects(f, c)
	rules := d.rules.For(f.Sport.Code, f.Event.Code)
	switch c.Do {
	case events.MergeField:
		into := d.field(c.Into)
		if into == nil {
			return
		}
		line.Text = t.T("fields.will-merge", d.b.eventName(&into.Event), d.counted(c.Into, after[c.Into]))
		whole := d.rules.For(into.Sport.Code, into.Event.Code)
		line.After = d.rules.award(t, into, whole.Admit(after[c.Into]))
	case events.ExhibitionField:
		line.Text, line.After.Text = t.T("fields.say-exhibition"), t.T("fields.no-medals")
	case events.CancelField:
		line.Text, line.After.Text = t.T("fields.say-cancel"), t.T("fields.may-change")
	default:
		line.Text, line.After = t.T("fields.say-keep"), d.rules.award(t, f, rules.Admit(f.Entries))
	}
}

// decided says what was decided about an event, and whether its field has
// changed since.
func (d *fieldDesk) decided(f *events.Field) DecidedLine {
	t := d.b.t
	line := DecidedLine{Title: d.b.eventName(&f.Event), URL: d.b.root + "/events/" + strconv.FormatInt(f.Event.ID, 10), Shape: actionShapes[f.Decided.Action], Text: t.T("fields.act-" + f.Decided.Action)}
	if f.Decided.Action == events.MergeField {
		if into := d.field(f.Decided.IntoID); into != nil {
			line.Text = t.T("fields.act-merge", d.b.eventName(&into.Event))
		}
	}
	if f.Changed {
		line.Changed = t.T("fields.changed", strconv.Itoa(f.Decided.Field), strconv.Itoa(f.Entries))
	}
	return line
}
