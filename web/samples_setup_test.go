package web

import (
	"net/url"
	"slices"
	"time"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/plan"
	"tongchang/events/ready"
)

// The pages of the set-up and of what is ready, made from plans as the handlers
// make them.

// samplePlan is a set-up half way.
func samplePlan() *plan.Plan {
	p := plan.New("黑龙江省第九届残疾人运动会")
	p.NameEn, p.City, p.Starts, p.Ends = "9th Heilongjiang para games", "哈尔滨", "2027-06-18", "2027-06-21"
	p.Choose(builtin(), []string{"BC", "GB"}, []string{"M", "W", "X"}, []string{"SK20"})
	p.Rules.Delegations = []plan.Delegation{{Code: "HRB", Name: "哈尔滨", NameEn: "Harbin"}, {Code: "DQ", Name: "大庆", NameEn: "Daqing"}, {Name: "大庆油田"}}
	p.Rules.Deadlines = plan.Deadlines{Names: "2027-04-19 17:00", Final: "2027-05-19 17:00", Late: "2027-06-17 18:00"}
	p.Rules.GuardianUnder, p.Rules.Limits.PerSport = 14, 3
	p.Venues = []plan.Venue{{Name: "体育场", NameEn: "Stadium", Opens: []string{"08:30", "14:00"}}}
	p.Mark(plan.StepGames)
	p.Mark(plan.StepSports)
	return p
}

// sampleSetup is the desk at a step.
func sampleSetup(t *Translator, step plan.Step, path string, p *plan.Plan) *setupDesk {
	page := signedIn(t, "", path, "organiser")
	page.Bar.Links = []BarLink{{say(t, "报名", "Registrations"), "/c/hlj9/desk/registrations", false}, {t.T("bar.ready"), "/c/hlj9/desk/ready", true}, {t.T("bar.public"), "/c/hlj9", false}}
	zone := time.FixedZone("CST", 8*3600)
	return &setupDesk{view: &view{Page: page, b: &builder{t: t, root: "/c/hlj9", zone: zone}}, url: "/c/hlj9/desk/setup", step: step, plan: p, today: "2027-01-10", bad: map[string]string{},
		draft: &events.SetupDraft{Plan: p, Revision: 7, By: "崔立新", At: time.Date(2027, 1, 10, 10, 12, 0, 0, zone)}}
}

// sampleTyped is a step whose form was sent and refused.
func sampleTyped(t *Translator, step plan.Step, path string, posted url.Values) View {
	d := sampleSetup(t, step, path, samplePlan())
	posted.Set("saw", "7")
	d.posted = posted
	stepForms[step].take(d)
	return atPath(stepForms[step].page(d), path)
}

// atPath gives a page of the set-up its address on the stage.
func atPath(v View, path string) View {
	switch p := v.(type) {
	case SetupStepPage:
		p.Path = path
		return p
	case SetupEventsPage:
		p.Path = path
		return p
	case SetupRegulationPage:
		p.Path = path
		return p
	}
	return v
}

func sampleReview(t *Translator, p *plan.Plan, path string) SetupReviewPage {
	d := sampleSetup(t, plan.StepReview, path, p)
	page := SetupReviewPage{SetupFrame: d.frame(), Facts: d.facts(), Fit: plan.Fit(p.Check(d.today)), Command: sampleCommand}
	page.Action, page.Path = "/c/hlj9/desk/setup-apply", path
	for _, l := range page.Steps[:len(page.Steps)-1] {
		if len(l.Say) > 0 {
			page.Back = append(page.Back, l)
		}
	}
	if page.Fit {
		laid := events.EditionLaid{Rules: true, Counts: []events.ImportCount{{Noun: "disciplines", Created: 3}, {Noun: "delegations", Created: 3}, {Noun: "events", Created: 12, Changed: 1}},
			Removed: []string{"X"}, Kept: []events.LaidEvent{{Code: "AT-1", Name: "男子100米 T11", Entries: 4}}, Altered: []events.LaidEvent{{Code: "BC-1", Name: "男子个人赛 BC1", Entries: 1}}, Delegations: []string{"鹤岗"}}
		d.changes(&page, &events.SetupPreview{Fit: true, Games: true, Regulation: true, Sessions: 8, Edition: &events.EditionPreview{EditionLaid: laid, KeptBack: []events.KeptBack{{ID: 1}, {ID: 2}}}})
	}
	return page
}

func sampleReady(t *Translator, path string, s ready.Snapshot) ReadyPage {
	d := sampleSetup(t, "", path, samplePlan())
	d.Title = t.T("ready.title")
	p := d.readyPage(ready.Check(&s))
	p.Path = path
	return p
}

func sampleFound(t *Translator, path string, who bool, posted url.Values) FoundPage {
	page := signedIn(t, t.T("found.title"), path, "organiser")
	page.Bar, page.Site = Bar{}, Site{}
	f := &foundDesk{setupDesk: &setupDesk{view: &view{Page: page, b: &builder{t: t}}, bad: map[string]string{}, posted: posted}, command: sampleCommand,
		from: []events.Competition{{Code: "hlj8", Name: "黑龙江省第八届残疾人运动会", NameEn: "8th Heilongjiang para games"}}}
	if who {
		f.who = access.Who{Name: "崔立新", Role: access.Organiser, Strong: true}
	}
	if posted != nil {
		f.refused(&events.Refusal{Status: events.StatusInvalid, Problem: "code-taken", Field: "code", With: []string{"hlj9"}})
	}
	return f.page()
}

// setupSamples are those pages.
func setupSamples(t *Translator) []sample {
	at := "/c/hlj9/desk/setup/"
	all := []sample{
		{"setup", "/c/hlj9/desk/setup", sampleSetup(t, "", "/c/hlj9/desk/setup", samplePlan()).home()},
		{"setup-games-wrong", at + "games/wrong", sampleTyped(t, plan.StepGames, at+"games/wrong", url.Values{"name": {""}, "starts": {"2027-06-18"}, "ends": {"2027-06-01"}})},
		{"setup-sport", at + "events/boccia", atPath(sampleTypedSport(t, "硬地滚球", ""), at+"events/boccia")},
		{"setup-sport-edit", at + "events/boccia/edit", atPath(sampleTypedSport(t, "硬地滚球", "BC-M-BC1-IND"), at+"events/boccia/edit")},
		{"setup-event-wrong", at + "events/wrong", sampleTyped(t, plan.StepEvents, at+"events/wrong", url.Values{"sport": {"硬地滚球"}, "do": {"put"}, "was": {""}, "event-name": {""}, "kind": {"individual"}, "event-sex": {"M"}, "limit": {"x"}})},
		{"setup-regulation-wrong", at + "regulation/wrong", sampleTyped(t, plan.StepRegulation, at+"regulation/wrong", url.Values{"reg-name": {"竞赛规程总则"}, "places": {"8"}, "small": {"minus-one-below"}, "minimum": {"3"}, "of": {"persons"}, "chain": {"cancel"},
			"points": {"9 7 8"}, "ties": {"average"}, "merged": {"combined"}, "times-pair": {"1"}, "times-relay": {"2"}, "times-team": {"zwei"}, "record": {"5"}, "table-gold": {"public"}, "table-total": {"public"}, "table-points": {"internal"}, "protest": {"30"}, "fee": {"200"},
			"case-field": {"6"}, "case-tied": {"2"}, "case-at": {"2"}})},
		{"setup-venues-wrong", at + "venues/wrong", sampleTyped(t, plan.StepVenues, at+"venues/wrong", url.Values{"venue-1": {"体育场"}, "opens-1": {"8点半"}, "venue-2": {""}, "opens-2": {"08:30"}})},
		{"setup-deadlines-wrong", at + "deadlines/wrong", sampleTyped(t, plan.StepDeadlines, at+"deadlines/wrong", url.Values{"names-day": {"2027-05-01"}, "names-time": {"17:00"}, "final-day": {"2027-04-01"}})},
		{"setup-review", at + "review", sampleReview(t, samplePlan(), at+"review")},
		{"setup-review-missing", at + "review/missing", sampleReview(t, plan.New("省残运会"), at+"review/missing")},
		{"ready", "/c/hlj9/desk/ready", sampleReady(t, "/c/hlj9/desk/ready", ready.Snapshot{Today: "2027-01-10", Starts: "2027-06-18", Ends: "2027-06-21", InForce: true, Stages: true, NextStage: "names", NextUntil: "2027-04-19 17:00",
			Delegations: 15, Accounts: 13, Organisers: 1, Keys: true, Panels: -1, Seats: -1, Clashes: -1})},
		{"ready-fine", "/c/hlj9/desk/ready/fine", sampleReady(t, "/c/hlj9/desk/ready/fine", ready.Snapshot{Today: "2027-06-17", Starts: "2027-06-18", Ends: "2027-06-21", InForce: true, Regulation: true, Stages: true, Closed: true, Delegations: 15, Accounts: 15,
			Organisers: 2, Seats: 12, Keys: true, Privacy: true, BackedUp: "2027-06-17", Entered: 320, Panels: 2, Sessions: 24, Units: 520})},
		{"found", "/setup", sampleFound(t, "/setup", true, nil)},
		{"found-wrong", "/setup/wrong", sampleFound(t, "/setup/wrong", true, url.Values{"name": {"省残运会"}, "address": {"hlj9"}, "from": {"hlj8"}})},
		{"found-closed", "/setup/closed", sampleFound(t, "/setup/closed", false, nil)},
	}
	for _, step := range plan.Steps[:len(plan.Steps)-1] {
		all = append(all, sample{"setup-" + string(step), at + string(step), stepForms[step].page(sampleSetup(t, step, at+string(step), samplePlan()))})
	}
	slices.SortStableFunc(all, func(a, b sample) int { return len(a.path) - len(b.path) })
	return all
}

// sampleTypedSport is one sport's events, with the form of one of them.
func sampleTypedSport(t *Translator, sport, edit string) View {
	d := sampleSetup(t, plan.StepEvents, "", samplePlan())
	d.posted = url.Values{"sport": {sport}}
	if edit != "" {
		d.posted.Set("edit", edit)
	}
	return d.eventsPage()
}
