// The steps of the set-up that are one form each: games, sports, delegations,
// venues, deadlines, rules of entry.
package web

import (
	"slices"
	"strconv"
	"strings"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/plan"
)

// stepPage is a page of a step with its sections.
func (d *setupDesk) stepPage(sections ...SetupSection) SetupStepPage {
	return SetupStepPage{SetupFrame: d.frame(), Sections: sections}
}

func (d *setupDesk) section(id string, fields ...SetupField) SetupSection {
	t := d.b.t
	s := SetupSection{ID: id, Title: t.T("setup.part-" + id), Fields: fields}
	if key := "setup.part-hint-" + id; t.Has(key) {
		s.Hint = t.T(key)
	}
	return s
}

func required(f SetupField) SetupField {
	f.Required = true
	return f
}

func (d *setupDesk) gamesPage() View {
	p := d.plan
	named := d.section("games", required(d.field("name", "text", p.Name)), d.field("name_en", "text", p.NameEn), d.field("city", "text", p.City))
	days := d.section("days", required(d.field("starts", "date", p.Starts)), required(d.field("ends", "date", p.Ends)))
	days.Hint = d.b.t.T("setup.zone-is", p.Zone)
	if p.Rules.Deadlines.Any() || len(p.Rules.Birth) > 0 {
		days.Ticks = []SetupTicks{{Name: "shift", Legend: d.b.t.T("setup.shift"), Options: []SetupTick{{Value: "1", Text: d.b.t.T("setup.shift-do"), Chosen: d.posted.Get("shift") != ""}}}}
	}
	return d.stepPage(named, days)
}

func (d *setupDesk) takeGames() {
	p := d.plan
	p.Name, p.NameEn, p.City = d.text("name"), d.text("name_en"), d.text("city")
	starts, ends := d.text("starts"), d.text("ends")
	if d.posted.Get("shift") != "" {
		seen := p.Seen
		p.Shift(starts)
		p.Seen = seen
	}
	p.Starts, p.Ends = starts, ends
	d.progress(plan.StepGames)
}

// progress says what the plan itself has against a step.
func (d *setupDesk) progress(step plan.Step) {
	for _, g := range d.plan.Check(d.today) {
		if g.Step != step || g.State != plan.Wrong && g.State != plan.Missing {
			continue
		}
		for _, say := range g.Say {
			field := say.Field
			if !d.posted.Has(field) {
				field = "main" // a setting that the form does not ask for
			}
			d.say(field, say.Problem, say.With...)
		}
	}
}

func (d *setupDesk) sportsPage() View {
	t, ps := d.b.t, builtin()
	sports := SetupSection{ID: "sports", Title: t.T("setup.part-sports"), Hint: t.T("setup.part-hint-sports")}
	chosen := func(name, value string, own bool) bool {
		if d.posted.Has("saw") {
			return slices.Contains(d.posted[name], value)
		}
		return own
	}
	for _, season := range []string{"summer", "winter", "mass"} {
		ticks := SetupTicks{Name: "sport-code", Legend: t.T("setup.season-" + season)}
		for _, sport := range ps.Disciplines {
			if sport.Season == season {
				ticks.Options = append(ticks.Options, SetupTick{Value: sport.Code, Text: d.b.pick(sport.Chinese, sport.English), Chosen: chosen("sport-code", sport.Code, d.plan.Rules.SportOf(sport.Code) != nil)})
			}
		}
		sports.Ticks = append(sports.Ticks, ticks)
	}
	sexes := SetupTicks{Name: "sex", Legend: t.T("setup.sexes")}
	for _, sex := range []string{"M", "W", "X"} {
		sexes.Options = append(sexes.Options, SetupTick{Value: sex, Text: t.T("setup.sex-" + sex), Chosen: chosen("sex", sex, true)})
	}
	sports.Ticks = append(sports.Ticks, sexes)
	skills := SetupSection{ID: "skills", Title: t.T("setup.part-skills"), Hint: t.T("setup.part-hint-skills")}
	for _, skill := range ps.Skills {
		at := slices.IndexFunc(skills.Ticks, func(o SetupTicks) bool { return o.Legend == skill.Group })
		if at < 0 {
			at = len(skills.Ticks)
			skills.Ticks = append(skills.Ticks, SetupTicks{Name: "skill", Legend: skill.Group})
		}
		skills.Ticks[at].Options = append(skills.Ticks[at].Options, SetupTick{Value: skill.Code, Text: d.b.pick(skill.Chinese, skill.English), Chosen: chosen("skill", skill.Code, d.plan.EventOf(skill.Code) != nil)})
	}
	return d.stepPage(sports, skills)
}

func (d *setupDesk) takeSports() {
	d.plan.Choose(builtin(), d.posted["sport-code"], d.posted["sex"], d.posted["skill"])
	if len(d.plan.Rules.Sports) == 0 && len(d.plan.Events) == 0 {
		d.say("part-sports", "setup-no-sports")
	}
}

func (d *setupDesk) delegationsPage() View {
	t := d.b.t
	p := d.stepPage(d.section("delegations", d.field("list", "area", plan.DelegationList(d.plan.Rules.Delegations))))
	p.Aside = []SetupAct{{Value: "usual", Text: t.T("setup.usual-delegations"), Hint: t.T("setup.usual-delegations-hint")}}
	p.File = &SetupFile{Action: d.b.root + "/desk/setup-delegations", Label: t.T("setup.delegations-file"), Hint: t.T("setup.delegations-file-hint"), Accept: ".xlsx,.csv", Do: t.T("setup.delegations-file-do")}
	return p
}

func (d *setupDesk) takeDelegations() {
	r := &d.plan.Rules
	if d.posted.Get("do") == "usual" {
		for _, u := range builtin().Senders {
			if !slices.ContainsFunc(r.Delegations, func(o plan.Delegation) bool { return o.Name == u.Chinese || o.Code == u.Code }) {
				r.Delegations = append(r.Delegations, plan.Delegation{Code: u.Code, Name: u.Chinese, NameEn: u.English})
			}
		}
		return
	}
	all, err := plan.ParseDelegations(d.posted.Get("list"))
	if err != nil {
		d.sayErr(err, "list")
		return
	}
	if len(all) == 0 {
		d.say("list", "setup-no-delegations")
	}
	r.Delegations = all
}

// blankVenues is how many empty lines the form of venues has.
const blankVenues = 3

func (d *setupDesk) venuesPage() View {
	t := d.b.t
	s := d.section("venues")
	for i := range len(d.plan.Venues) + blankVenues {
		var v plan.Venue
		if i < len(d.plan.Venues) {
			v = d.plan.Venues[i]
		} else {
			v.Opens = []string{"08:30", "14:00"}
		}
		n := strconv.Itoa(i + 1)
		line := SetupRow{Legend: t.T("setup.venue-n", n)}
		for _, f := range []struct{ name, own string }{{"venue", v.Name}, {"venue-en", v.NameEn}, {"opens", strings.Join(v.Opens, " ")}} {
			line.Fields = append(line.Fields, SetupField{Name: f.name + "-" + n, Kind: "text", Label: t.T("setup.field-" + f.name), Value: d.typed(f.name+"-"+n, f.own), Bad: d.bad[f.name+"-"+n]})
		}
		s.Rows = append(s.Rows, line)
	}
	p := d.stepPage(s)
	p.More = []SetupAct{{Value: "more", Text: t.T("setup.venues-more")}}
	return p
}

func (d *setupDesk) takeVenues() {
	var all []plan.Venue
	for i := 1; d.posted.Has("venue-" + strconv.Itoa(i)); i++ {
		n := strconv.Itoa(i)
		v := plan.Venue{Name: d.text("venue-" + n), NameEn: d.text("venue-en-" + n)}
		if v.Name == "" {
			continue
		}
		for _, opens := range strings.FieldsFunc(identity.Narrow(d.text("opens-"+n)), func(r rune) bool { return strings.ContainsRune(" ,;、，；", r) }) {
			if len(opens) == 4 {
				opens = "0" + opens // 8:30
			}
			if !plan.Clock(opens) {
				d.say("opens-"+n, "not-a-clock", opens)
				continue
			}
			v.Opens = append(v.Opens, opens)
		}
		if slices.ContainsFunc(all, func(o plan.Venue) bool { return o.Name == v.Name }) {
			d.say("venue-"+n, "setup-twice", v.Name)
		}
		slices.Sort(v.Opens)
		v.Opens = slices.Compact(v.Opens)
		all = append(all, v)
	}
	d.plan.Venues = all
}

// stages are the deadlines in their order.
var stages = []string{"numbers", "names", "final", "late"}

func stagesOf(x *plan.Deadlines) []*string {
	return []*string{&x.Numbers, &x.Names, &x.Final, &x.Late}
}

func (d *setupDesk) deadlinesPage() View {
	t := d.b.t
	s := d.section("deadlines")
	for i, until := range stagesOf(&d.plan.Rules.Deadlines) {
		stage := stages[i]
		day, clock, _ := strings.Cut(*until, " ")
		s.Rows = append(s.Rows, SetupRow{Legend: t.T("setup.stage-" + stage), Fields: []SetupField{
			{Name: stage + "-day", Kind: "date", Label: t.T("setup.deadline-day"), Hint: t.T("setup.stage-hint-" + stage), Value: d.typed(stage+"-day", day), Bad: d.bad[stage+"-day"]},
			{Name: stage + "-time", Kind: "time", Label: t.T("setup.deadline-time"), Value: d.typed(stage+"-time", clock), Bad: d.bad[stage+"-time"]}}})
	}
	p := d.stepPage(s)
	if proposed := plan.Proposed(d.plan.Starts, d.today); proposed.Late != "" {
		p.Aside = []SetupAct{{Value: "propose", Text: t.T("setup.propose"), Hint: t.T("setup.propose-hint")}}
	}
	return p
}

func (d *setupDesk) takeDeadlines() {
	x := &d.plan.Rules.Deadlines
	if d.posted.Get("do") == "propose" {
		lets := x.Lets
		*x = plan.Proposed(d.plan.Starts, d.today)
		x.Lets = lets
		return
	}
	for i, until := range stagesOf(x) {
		stage := stages[i]
		day, clock := d.text(stage+"-day"), d.text(stage+"-time")
		*until = strings.TrimSpace(day + " " + clock)
		var read entry.Deadline
		switch {
		case day == "" && clock == "":
		case day == "":
			d.say(stage+"-day", "setup-missing")
		case read.UnmarshalText([]byte(*until)) != nil:
			d.say(stage+"-day", "not-a-date", *until)
		}
	}
	if len(d.problems) == 0 {
		d.order(x)
	}
}

// order names the stage that ends before the one before it.
func (d *setupDesk) order(x *plan.Deadlines) {
	before := ""
	for i, until := range stagesOf(x) {
		end := *until
		if end != "" && !strings.Contains(end, " ") {
			end += " 24:00"
		}
		if end != "" && end <= before {
			d.say(stages[i]+"-day", "deadline-order", *until, before)
		}
		if end != "" {
			before = end
		}
	}
}

// papers are those that the form offers, with what they are usually called and
// for whom they are.
var papersOffered = []entry.PaperRule{{Kind: "insurance", Name: "人身意外伤害保险", For: "all"}, {Kind: "health", Name: "健康证明", For: "athletes"},
	{Kind: "consent", Name: "监护人同意书", For: "minors"}, {Kind: "photo", Name: "证件照", For: "all"}}

func (d *setupDesk) entryPage() View {
	t, r := d.b.t, &d.plan.Rules
	number := func(name string, own int) SetupField {
		value := ""
		if own > 0 {
			value = strconv.Itoa(own)
		}
		return d.field(name, "number", value)
	}
	who := d.section("who", number("guardian", r.GuardianUnder), number("per_sport", r.Limits.PerSport), number("per_person", r.Limits.PerPerson), d.field("guide", "text", strings.Join(r.GuideFor, " ")))
	born := d.section("born")
	for _, s := range r.Sports {
		born.Rows = append(born.Rows, SetupRow{Legend: d.b.pick(s.Name, s.NameEn), Fields: []SetupField{
			{Name: "from-" + s.Code, Kind: "date", Label: t.T("setup.born-from"), Value: d.typed("from-"+s.Code, s.From), Bad: d.bad["from-"+s.Code]},
			{Name: "to-" + s.Code, Kind: "date", Label: t.T("setup.born-to"), Value: d.typed("to-"+s.Code, s.To), Bad: d.bad["to-"+s.Code]}}})
	}
	papers := d.section("papers")
	for _, offered := range papersOffered {
		own := "none"
		if at := slices.IndexFunc(r.Papers, func(o entry.PaperRule) bool { return o.Kind == offered.Kind }); at >= 0 {
			if own = "ask"; r.Papers[at].Must {
				own = "must"
			}
		}
		f := d.choice("paper-"+offered.Kind, own, "setup.paper-", "none", "ask", "must")
		f.Label = t.T("setup.paper-of-" + offered.Kind)
		papers.Fields = append(papers.Fields, f)
	}
	day, clock, _ := strings.Cut(r.Substitution.Until, " ")
	change := d.section("change", d.field("until-day", "date", day), d.field("until-time", "time", clock), d.choice("same", r.Substitution.Same, "setup.same-", "event", "sport"))
	change.Ticks = []SetupTicks{{Name: "ticked", Legend: t.T("setup.also"), Options: []SetupTick{
		{Value: "same-sex", Text: t.T("setup.same-sex"), Chosen: d.ticked("same-sex", r.Substitution.SameSex)},
		{Value: "waiting", Text: t.T("setup.waiting"), Note: t.T("setup.waiting-note"), Chosen: d.ticked("waiting", r.WaitingLists)}}}}
	sections := []SetupSection{who, papers, change}
	if len(born.Rows) > 0 {
		sections = slices.Insert(sections, 1, born)
	}
	return d.stepPage(sections...)
}

func (d *setupDesk) ticked(value string, own bool) bool {
	if d.posted.Has("saw") {
		return slices.Contains(d.posted["ticked"], value)
	}
	return own
}

func (d *setupDesk) takeEntry() {
	r := &d.plan.Rules
	r.GuardianUnder, r.Limits.PerSport, r.Limits.PerPerson = d.count("guardian", 30), d.count("per_sport", 50), d.count("per_person", 50)
	r.GuideFor = strings.FieldsFunc(d.text("guide"), func(c rune) bool { return strings.ContainsRune(" ,;、，；", c) })
	if r.Limits.PerSport > 0 && len(r.Limits.NotCounted) == 0 {
		r.Limits.NotCounted = []string{"pair", "relay", "team"}
	}
	for i := range r.Sports {
		s := &r.Sports[i]
		s.From, s.To = d.text("from-"+s.Code), d.text("to-"+s.Code)
		switch {
		case s.From == "" && s.To == "":
		case s.From == "":
			d.say("from-"+s.Code, "setup-missing")
		case s.To == "":
			d.say("to-"+s.Code, "setup-missing")
		case s.From > s.To:
			d.say("to-"+s.Code, "deadline-order", s.To, s.From)
		}
	}
	for _, offered := range papersOffered {
		d.takePaper(offered, d.posted.Get("paper-"+offered.Kind))
	}
	r.Substitution = plan.Substitution{Until: strings.TrimSpace(d.text("until-day") + " " + d.text("until-time")), Same: d.posted.Get("same"), SameSex: slices.Contains(d.posted["ticked"], "same-sex")}
	r.WaitingLists = slices.Contains(d.posted["ticked"], "waiting")
	if len(d.problems) == 0 {
		d.progress(plan.StepEntry)
	}
}

// takePaper asks for a paper or not; what an edition calls it itself stays.
func (d *setupDesk) takePaper(offered entry.PaperRule, want string) {
	r := &d.plan.Rules
	at := slices.IndexFunc(r.Papers, func(o entry.PaperRule) bool { return o.Kind == offered.Kind })
	switch {
	case want == "none" && at >= 0:
		r.Papers = slices.Delete(r.Papers, at, at+1)
	case want == "none" || want == "":
	case at < 0:
		offered.Must = want == "must"
		r.Papers = append(r.Papers, offered)
	default:
		r.Papers[at].Must = want == "must"
	}
}
