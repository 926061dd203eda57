package web

import (
	"slices"
	"strconv"
	"strings"

	"tongchang/events/plan"
	"tongchang/scoring"
	"tongchang/scoring/medals"
	"tongchang/scoring/regulation"
)

// chains are the ways to deal with an event that has too few entries, as the
// form offers them; own is one that none of them is.
var chains = []struct {
	key     string
	actions []regulation.Action
}{
	{"merge-show-cancel", []regulation.Action{{Do: regulation.MergeUp}, {Do: regulation.Exhibition, AtLeast: 2}, {Do: regulation.Cancel}}},
	{"merge-cancel", []regulation.Action{{Do: regulation.MergeUp}, {Do: regulation.Cancel}}},
	{"show-cancel", []regulation.Action{{Do: regulation.Exhibition, AtLeast: 2}, {Do: regulation.Cancel}}},
	{"cancel", []regulation.Action{{Do: regulation.Cancel}}},
	{"ask", []regulation.Action{{Do: regulation.Ask}}},
}

func chainOf(actions []regulation.Action) string {
	for _, c := range chains {
		if slices.Equal(c.actions, actions) {
			return c.key
		}
	}
	return "own"
}

// inPlan is the regulation of the plan; the usual one where nobody has decided.
func (d *setupDesk) inPlan() *regulation.Regulation {
	if d.plan.Regulation != nil {
		return d.plan.Regulation
	}
	r, _ := plan.PresetOf(plan.Presets[0].Key)
	return r
}

// tableKeys are the tables that a games may publish.
var tableKeys = []medals.Key{medals.ByGold, medals.ByTotal, medals.ByPoints}

func (d *setupDesk) regulationPage() View {
	t, reg := d.b.t, d.inPlan()
	rules := reg.For("", "")
	p := SetupRegulationPage{SetupStepPage: d.stepPage(d.placesPart(reg, &rules), d.pointsPart(&rules), d.tablesPart(reg, &rules))}
	for _, preset := range plan.Presets {
		p.Presets = append(p.Presets, SetupAct{Value: "preset-" + preset.Key, Text: t.T("setup.preset-" + preset.Key), Hint: t.T("setup.preset-hint-" + preset.Key)})
	}
	p.Worked = d.work(&rules)
	return p
}

// placesPart asks how many are placed, and what is done with small fields.
func (d *setupDesk) placesPart(reg *regulation.Regulation, rules *regulation.Resolved) SetupSection {
	small := []string{regulation.MinusOneBelow, regulation.MinusOneUpTo, regulation.AllPlaced}
	if rules.SmallField.Rule == regulation.BySteps {
		small = append(small, regulation.BySteps)
	}
	keys := make([]string, 0, len(chains)+1)
	for _, c := range chains {
		keys = append(keys, c.key)
	}
	if chainOf(rules.Minimum.Actions) == "own" {
		keys = append(keys, "own")
	}
	return d.section("places", d.field("reg-name", "text", reg.Name), required(d.field("places", "number", strconv.Itoa(*rules.Places))),
		d.choice("small", rules.SmallField.Rule, "setup.small-", small...), d.field("minimum", "number", strconv.Itoa(rules.Minimum.Count)),
		d.choice("of", rules.Minimum.Of, "setup.of-", "persons", "delegations"), d.choice("chain", chainOf(rules.Minimum.Actions), "setup.chain-", keys...),
		d.choice("merged", rules.MergedAward, "setup.merged-", "combined", "class"))
}

// pointsPart asks what places bring.
func (d *setupDesk) pointsPart(rules *regulation.Resolved) SetupSection {
	words := make([]string, len(rules.Points))
	for i, n := range rules.Points {
		words[i] = n.String()
	}
	return d.section("points", d.field("points", "text", strings.Join(words, " ")), d.choice("ties", rules.TiePoints, "setup.ties-", "average", "full"),
		d.field("times-pair", "text", rules.Multipliers["pair"].String()), d.field("times-relay", "text", rules.Multipliers["relay"].String()), d.field("times-team", "text", rules.Multipliers["team"].String()),
		d.field("record", "text", recordPoints(rules)))
}

// recordPoints is the bonus of a record, where every level has the same.
func recordPoints(rules *regulation.Resolved) string {
	if len(rules.RecordBonus) == 0 {
		return ""
	}
	return rules.RecordBonus[0].Points.String()
}

// tablesPart asks which tables are published, and about protests.
func (d *setupDesk) tablesPart(reg *regulation.Regulation, rules *regulation.Resolved) SetupSection {
	t, s := d.b.t, d.section("tables")
	for _, key := range tableKeys {
		audience := reg.Tables[string(key)].Audience
		if audience == "" {
			audience = "off"
		}
		f := d.choice("table-"+string(key), audience, "setup.audience-", "public", "internal", "off")
		f.Label = t.T("setup.table-" + string(key))
		s.Fields = append(s.Fields, f)
	}
	s.Fields = append(s.Fields, d.field("protest", "number", strconv.Itoa(rules.Protest.Minutes)), d.field("fee", "number", strconv.Itoa(rules.Protest.Fee/100)))
	return s
}

// takeRegulation makes the plan's regulation what the form says; the settings
// that it does not ask for stay.
func (d *setupDesk) takeRegulation() {
	if key, ok := strings.CutPrefix(d.posted.Get("do"), "preset-"); ok {
		if r, known := plan.PresetOf(key); known {
			r.Name = d.inPlan().Name
			d.plan.Regulation = r
		}
		return
	}
	reg := d.inPlan()
	if d.plan.Regulation == nil {
		d.plan.Regulation = reg
	}
	s := &reg.Settings
	reg.Name = d.text("reg-name")
	places := d.count("places", 100)
	s.Places = &places
	d.takeSmall(s, reg.For("", ""))
	s.MergedAward, s.TiePoints = d.posted.Get("merged"), d.posted.Get("ties")
	s.Points = d.ratios("points")
	s.Multipliers = map[string]scoring.Ratio{}
	for _, kind := range []string{"pair", "relay", "team"} {
		if n := d.ratios("times-" + kind); len(n) == 1 {
			s.Multipliers[kind] = n[0]
		}
	}
	d.takeRecord(s)
	protest := regulation.Protest{Minutes: d.count("protest", 10_000), Fee: d.count("fee", 100_000) * 100, Refund: true}
	s.Protest = &protest
	if reg.Tables == nil {
		reg.Tables = map[string]regulation.Table{}
	}
	for _, key := range tableKeys {
		table := reg.Tables[string(key)]
		table.Audience = d.posted.Get("table-" + string(key))
		reg.Tables[string(key)] = table
	}
	if len(d.problems) == 0 {
		for _, problem := range reg.Problems() {
			d.say(d.regulationField(problem.Field), problem.Problem, problem.With...)
		}
	}
}

// takeSmall reads what is done with small fields.
func (d *setupDesk) takeSmall(s *regulation.Settings, before regulation.Resolved) {
	rule := d.posted.Get("small")
	small := regulation.SmallField{Rule: rule, Least: before.SmallField.Least}
	if rule == regulation.BySteps {
		small.Steps = before.SmallField.Steps
	}
	s.SmallField = &small
	minimum := *before.Minimum
	minimum.Count, minimum.Of = d.count("minimum", 100), d.posted.Get("of")
	for _, c := range chains {
		if c.key == d.posted.Get("chain") {
			minimum.Actions = c.actions
		}
	}
	s.Minimum = &minimum
}

// takeRecord gives every level that a provincial games may break the bonus.
func (d *setupDesk) takeRecord(s *regulation.Settings) {
	n := d.ratios("record")
	switch {
	case len(n) == 0:
		s.RecordBonus = nil
	case len(s.RecordBonus) == 0:
		for _, level := range builtin().Levels {
			if level.Recognised {
				s.RecordBonus = append(s.RecordBonus, regulation.Bonus{Level: level.ID, Points: n[0]})
			}
		}
	default:
		for i := range s.RecordBonus {
			if s.RecordBonus[i].Factor.IsZero() {
				s.RecordBonus[i].Points = n[0]
			}
		}
	}
}

// ratios reads numbers with blanks, commas or hyphens between: 9 7 6, 9-7-6.
func (d *setupDesk) ratios(name string) (all []scoring.Ratio) {
	for _, word := range strings.FieldsFunc(d.text(name), func(r rune) bool { return strings.ContainsRune(" ,;、，；-–", r) }) {
		n, err := scoring.ParseRatio(word)
		if err != nil {
			d.say(name, "not-a-number", word)
			continue
		}
		all = append(all, n)
	}
	return all
}

// regulationField is the field of the form that a setting is in.
func (d *setupDesk) regulationField(path string) string {
	setting, _, _ := strings.Cut(strings.TrimPrefix(path, "settings."), "[")
	for prefix, field := range map[string]string{"small_field": "small", "minimum.count": "minimum", "minimum": "chain", "points": "points", "places": "places", "record_bonus": "record",
		"multipliers.pair": "times-pair", "multipliers.relay": "times-relay", "multipliers.team": "times-team", "protest": "protest", "tables.gold": "table-gold", "tables.total": "table-total", "tables.points": "table-points"} {
		if setting == prefix {
			return field
		}
	}
	return "places"
}

// work works an example out by the rules as they stand in the form.
func (d *setupDesk) work(rules *regulation.Resolved) *SetupWorked {
	t := d.b.t
	c := regulation.Case{Kind: d.typed("case-kind", "individual"), Field: d.number("case-field", 5), TiedAt: d.number("case-at", 0), Tied: d.number("case-tied", 0)}
	w := &SetupWorked{Title: t.T("setup.worked"), Case: []SetupField{d.choice("case-kind", "individual", "setup.kind-", plan.Kinds...), d.field("case-field", "number", "5"), d.field("case-tied", "number", ""), d.field("case-at", "number", "")}}
	worked, err := rules.Preview(c)
	if err != nil {
		w.Text = t.Problem(err, nil)
		return w
	}
	switch {
	case worked.Admission.Void:
		w.Text = t.T("setup.worked-void", c.Field)
	default:
		w.Text = t.T("setup.worked-places", c.Field, strconv.Itoa(worked.Admission.Places), strconv.Itoa(min(worked.Admission.Medals, worked.Admission.Places)))
	}
	for _, row := range worked.Rows {
		line := SetupWorkedRow{Rank: strconv.Itoa(row.Rank), Placed: row.Placed, Points: row.Points.String(), Medal: string(row.Medal), Prizes: t.Join(row.Prizes...)}
		if row.Medal != "" {
			line.MedalText = t.T("medal." + line.Medal)
		}
		w.Rows = append(w.Rows, line)
	}
	return w
}

// number is a number of the example; what is none is the usual one.
func (d *setupDesk) number(name string, usual int) int {
	n, err := strconv.Atoi(strings.TrimSpace(d.posted.Get(name)))
	if err != nil {
		return usual
	}
	return n
}
