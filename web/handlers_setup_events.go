package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/plan"
	"tongchang/scoring/packs"
)

// sportKey names a sport, or a group of skills, in an address.
func sportKey(sport, group string) string {
	if sport != "" {
		return sport
	}
	return "group:" + group
}

func eventKey(e *plan.Event) string { return sportKey(e.Sport, e.Group) }

// eventsPage shows all sports with their numbers, or one with its events.
func (d *setupDesk) eventsPage() View {
	t := d.b.t
	p := SetupEventsPage{SetupFrame: d.frame(), All: d.url + "/" + string(plan.StepEvents)}
	chosen := d.posted.Get("sport")
	for _, key := range d.sportKeys() {
		s := d.sport(key)
		p.Sports = append(p.Sports, s)
		if key == chosen {
			p.Sport = &s
		}
	}
	if p.Sport == nil {
		return p
	}
	p.Action = p.Sport.URL
	p.Path = p.Action
	p.Heading, p.Lead = p.Sport.Title, t.T("setup.lead-sport")
	for i := range d.plan.Events {
		if e := &d.plan.Events[i]; eventKey(e) == chosen {
			p.Events = append(p.Events, d.eventLine(e))
		}
	}
	if len(p.Events) > 0 {
		limit := d.field("limit-all", "number", "")
		p.Limit = &limit
	}
	d.editing(&p)
	if discipline := d.discipline(chosen); discipline != "" {
		p.Make = d.makeForm(discipline)
	}
	return p
}

// sportKeys are the sports of the plan, then the groups of its skills.
func (d *setupDesk) sportKeys() (keys []string) {
	for _, s := range d.plan.Rules.Sports {
		keys = append(keys, s.Name)
	}
	for i := range d.plan.Events {
		if key := eventKey(&d.plan.Events[i]); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// sport is a sport with its numbers.
func (d *setupDesk) sport(key string) SetupSport {
	t := d.b.t
	title, group := strings.CutPrefix(key, "group:")
	if group && title == "" {
		title = t.T("setup.no-group")
	}
	for _, s := range d.plan.Rules.Sports {
		if s.Name == key {
			title = d.b.pick(s.Name, s.NameEn)
		}
	}
	count := map[string]int{}
	for i := range d.plan.Events {
		if e := &d.plan.Events[i]; eventKey(e) == key {
			count[""]++
			count["sex "+e.Sex]++
		}
	}
	var sexes []string
	for _, sex := range []string{"M", "W", "X"} {
		if n := count["sex "+sex]; n > 0 {
			sexes = append(sexes, t.T("setup.sex-"+sex)+" "+strconv.Itoa(n))
		}
	}
	return SetupSport{Title: title, URL: d.url + "/" + string(plan.StepEvents) + "?" + url.Values{"sport": {key}}.Encode(), Count: t.T("setup.events-n", count[""]), Sexes: t.Join(sexes...)}
}

// eventLine is an event in the list.
func (d *setupDesk) eventLine(e *plan.Event) SetupEvent {
	t := d.b.t
	who := strings.Join(e.Admits, " ")
	if who == "" {
		who = t.T("setup.everybody")
	}
	about := []string{t.T("setup.kind-" + e.Kind)}
	if e.TeamMax > 1 {
		about = append(about, t.T("setup.team-of", strconv.Itoa(e.TeamMin), strconv.Itoa(e.TeamMax)))
	}
	if e.Limit > 0 {
		about = append(about, t.T("setup.at-most", e.Limit))
	}
	q := url.Values{"sport": {eventKey(e)}, "edit": {e.Code}}
	return SetupEvent{Code: e.Code, Title: e.Title(), Who: who, About: t.Join(about...), URL: d.url + "/" + string(plan.StepEvents) + "?" + q.Encode() + "#edit"}
}

// editing fills the form of one event: the one that is asked for, or a new one.
func (d *setupDesk) editing(p *SetupEventsPage) {
	e := plan.Event{Kind: "individual", Limit: 2, TeamMin: 1, TeamMax: 1}
	code := d.posted.Get("edit")
	if d.posted.Has("was") {
		code = d.posted.Get("was")
	}
	if known := d.plan.EventOf(code); known != nil {
		e, p.Editing = *known, code
	}
	number := func(name string, n int) SetupField {
		value := ""
		if n > 0 {
			value = strconv.Itoa(n)
		}
		return d.field(name, "number", value)
	}
	p.Edit = []SetupField{required(d.field("event-name", "text", e.Name)), d.field("event-name-en", "text", e.NameEn), d.choice("event-sex", e.Sex, "setup.sex-", "M", "W", "X", "open"),
		d.field("class", "text", e.Class), d.field("admits", "text", strings.Join(e.Admits, " ")), d.choice("kind", e.Kind, "setup.kind-", plan.Kinds...), number("limit", e.Limit), number("team_min", e.TeamMin), number("team_max", e.TeamMax)}
	if p.Editing == "" {
		p.Edit = append(p.Edit, d.field("code", "text", ""))
	}
	if e.Sex == "" && p.Editing != "" && !d.posted.Has("event-sex") {
		for i := range p.Edit[2].Options {
			p.Edit[2].Options[i].Chosen = p.Edit[2].Options[i].Value == "open"
		}
	}
}

// discipline is the code of a sport that the packs know.
func (d *setupDesk) discipline(sport string) string {
	for _, s := range d.plan.Rules.Sports {
		if s.Name == sport && slices.ContainsFunc(builtin().Disciplines, func(p packs.Discipline) bool { return p.Code == s.Code }) {
			return s.Code
		}
	}
	return ""
}

// makeForm offers what the packs know of a sport: types, sexes and classes.
func (d *setupDesk) makeForm(discipline string) []SetupSection {
	t, ps := d.b.t, builtin()
	s := SetupSection{ID: "make", Title: t.T("setup.part-make"), Hint: t.T("setup.part-hint-make")}
	types := SetupTicks{Name: "type", Legend: t.T("setup.types")}
	for _, c := range ps.Contests {
		at := slices.IndexFunc(ps.EventTypes, func(e packs.EventType) bool { return e.Discipline == c.Discipline && e.Code == c.Type })
		if c.Discipline != discipline {
			continue
		}
		kind := ps.EventTypes[at]
		note := ""
		if c.Proposal {
			note = t.T("setup.proposal")
		}
		types.Options = append(types.Options, SetupTick{Value: c.Type, Text: d.b.pick(kind.Chinese, kind.English), Note: note, Chosen: slices.Contains(d.posted["type"], c.Type)})
	}
	sexes := SetupTicks{Name: "sex", Legend: t.T("setup.sexes")}
	for _, sex := range []string{"M", "W", "X"} {
		sexes.Options = append(sexes.Options, SetupTick{Value: sex, Text: t.T("setup.sex-" + sex), Chosen: !d.posted.Has("saw") || slices.Contains(d.posted["sex"], sex)})
	}
	s.Ticks = []SetupTicks{types, sexes}
	s.Fields = []SetupField{d.field("classes", "text", "")}
	return []SetupSection{s}
}

// takeEvents does what a button of the page says.
func (d *setupDesk) takeEvents() {
	sport := d.posted.Get("sport")
	switch d.posted.Get("do") {
	case "remove":
		if d.plan.Remove(d.posted["id"]...) == 0 {
			d.say("events", "setup-nothing-chosen")
		}
	case "limit":
		n := d.count("limit-all", 99)
		for i := range d.plan.Events {
			if eventKey(&d.plan.Events[i]) == sport {
				d.plan.Events[i].Limit = n
			}
		}
	case "make":
		d.takeMake(sport)
	case "put":
		d.takeEvent(sport)
	}
}

// takeMake adds the events that the packs make of a choice.
func (d *setupDesk) takeMake(sport string) {
	w := plan.Wish{Types: d.posted["type"], Sexes: d.posted["sex"], Day: d.plan.Starts}
	for word := range strings.FieldsSeq(strings.NewReplacer("，", " ", ",", " ", "、", " ").Replace(d.posted.Get("classes"))) {
		w.Sets = append(w.Sets, packs.ParseClassSet(word))
	}
	if d.plan.Add(plan.Make(builtin(), d.discipline(sport), sport, w)...) == 0 {
		d.say("part-make", "setup-nothing-new")
	}
}

// takeEvent puts one event in its place.
func (d *setupDesk) takeEvent(sport string) {
	was := d.posted.Get("was")
	var e plan.Event
	if known := d.plan.EventOf(was); known != nil {
		e = *known
	} else {
		was = ""
		e.Code = d.text("code")
		if group, ok := strings.CutPrefix(sport, "group:"); ok {
			e.Group = group
		} else {
			e.Sport = sport
		}
	}
	if e.Sex = d.posted.Get("event-sex"); e.Sex == "open" {
		e.Sex = ""
	}
	e.Name, e.NameEn, e.Class, e.Kind = d.text("event-name"), d.text("event-name-en"), d.text("class"), d.posted.Get("kind")
	e.Admits = strings.FieldsFunc(d.text("admits"), func(r rune) bool { return strings.ContainsRune(" ,;、，；", r) })
	e.Limit, e.TeamMin, e.TeamMax = d.count("limit", 99), d.count("team_min", 99), d.count("team_max", 99)
	if len(d.problems) > 0 {
		return
	}
	if err := d.plan.Put(was, e); err != nil {
		d.sayErr(err, "event-name")
	}
}
