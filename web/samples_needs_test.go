package web

import (
	"strconv"
	"time"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
)

// The pages of support needs in the states worth looking at. All persons are
// made up.

var sampleZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// sampleTeller says needs at 14:10 on 20 June 2027.
func sampleTeller(t *Translator) needsTeller {
	return needsTeller{builder: &builder{t: t, zone: sampleZone, root: "/c/hlj9"}, url: "/c/hlj9/desk/needs", now: time.Date(2027, 6, 20, 14, 10, 0, 0, sampleZone)}
}

func sampleMoment(hour, minute int) time.Time {
	return time.Date(2027, 6, 20, hour, minute, 0, 0, sampleZone)
}

// sampleNeeds are needs as the store gives them, late ones first.
func sampleNeeds(t *Translator) []events.NeedView {
	need := func(id int64, kind needs.Code, state needs.State, group needs.Group, person, delegation string) events.NeedView {
		return events.NeedView{Need: events.Need{ID: id, DelegationID: 2, RegistrationID: 40 + id, Kind: kind, Pieces: 1, Hour: needs.WholeDay, State: state, Group: group,
			Round: events.AtEntry, Revision: 4, Asked: sampleMoment(9, 5), Updated: sampleMoment(13, 0)}, Person: person, Delegation: delegation, Standing: needs.Late}
	}
	door := need(1, "own-words", needs.Doing, needs.Lodging, "李**", say(t, "七台河", "Qitaihe"))
	door.Owner, door.Due, door.Span, door.Reopened, door.Reminded = say(t, "于海", "Yu Hai"), sampleMoment(12, 0), 130*time.Minute, 2, 1
	door.PlaceText, door.WordsKept = say(t, "运动员村 3 号楼 412", "Village, house 3, room 412"), true
	fridge := need(2, "fridge", needs.Assigned, needs.Medical, "白**", say(t, "绥化", "Suihua"))
	fridge.Due, fridge.Span = sampleMoment(13, 25), 45*time.Minute
	bus := need(3, "lift-bus", needs.Accepted, needs.Transport, "", say(t, "大庆油田", "Daqing Oilfield"))
	bus.RegistrationID, bus.Pieces, bus.Day, bus.Hour, bus.Due, bus.Span, bus.Mates, bus.Task = 0, 5, "2027-06-21", 6, sampleMoment(13, 50), 20*time.Minute, 2, 3
	medical := need(4, "", needs.Asked, needs.Medical, longName[:3]+"**", say(t, "佳木斯", "Jiamusi"))
	medical.Medical, medical.Due, medical.Standing, medical.Span = true, sampleMoment(16, 0), needs.Today, 110*time.Minute
	light := need(5, "start-light", needs.Answered, needs.Venue, "关**", say(t, "佳木斯", "Jiamusi"))
	light.Standing, light.Verdict, light.ReplyText = needs.Waiting, needs.Will, say(t, "六道起跑器都装好了灯。", "Lights are mounted at all six blocks.")
	return []events.NeedView{door, fridge, bus, medical, light}
}

// still gives a card commands that stay the same from run to run.
func still(c NeedCard) NeedCard {
	c.Command, c.Command2 = "0190c0de-0000-7000-8000-0000000000"+c.ID+"0", "0190c0de-0000-7000-8000-0000000000"+c.ID+"1"
	for i := range c.Quick {
		c.Quick[i].Command = "0190c0de-0000-7000-8000-0000000000" + c.ID + strconv.Itoa(i+2)
	}
	return c
}

func sampleNeedsDesk(t *Translator) NeedsDeskPage {
	n := sampleTeller(t)
	p := NeedsDeskPage{Page: needsSignedIn(t, t.T("needs.desk-title"), "/c/hlj9/desk/needs", access.Service), URL: n.url, CapacityURL: n.url + "/capacity", Stamp: "14:10",
		Notice: t.T("needs.done-remind"), Short: n.shortage([]needs.Slot{{Kind: "wheelchair-loan", Day: "2027-06-20", Hour: 14, Want: 60, Have: 40}}),
		Tasks:   []NeedTask{{t.T("needs.task-line", t.Join(t.needKind("lift-bus"), n.date("2027-06-21")), "3", "9"), n.url + "/merge", sampleCommand, []string{"3", "6", "7"}}},
		Unasked: []NeedUnasked{{say(t, "齐齐哈尔", "Qiqihar"), "/c/hlj9/team/2/needs", t.T("needs.unasked-count", 12)}}}
	all := NeedOption{Text: t.T("needs.all"), Chosen: true}
	p.Filter = NeedsFilter{Groups: []NeedOption{all, {"transport", t.T("need-group.transport"), false}}, Areas: []NeedOption{all}, Delegations: []NeedOption{all}}
	views := sampleNeeds(t)
	for _, g := range []struct {
		standing needs.Standing
		n        int
		of       []events.NeedView
	}{{needs.Late, 3, views[:3]}, {needs.Today, 1, views[3:4]}, {needs.Working, 28, nil}, {needs.Waiting, 1, views[4:]}, {needs.Settled, 214, nil}} {
		title := t.T("need-standing."+string(g.standing), g.n)
		p.Counts = append(p.Counts, NeedCount{standingShape[g.standing], standingClass[g.standing], title, n.url + "?standing=" + string(g.standing), false})
		group := NeedGroup{Standing: string(g.standing), Class: standingClass[g.standing], Shape: standingShape[g.standing], Title: title}
		for i := range g.of {
			group.Cards = append(group.Cards, still(n.forDesk(&g.of[i])))
		}
		if len(g.of) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	return p
}

// needsSignedIn is a page of somebody who has signed in.
func needsSignedIn(t *Translator, title, path string, role access.Role) Page {
	p := samplePage(t, title, path, "")
	p.Bar = Bar{Name: say(t, "顾小满", "Gu Xiaoman"), Role: t.Role(role), Account: "/c/hlj9/account", Out: "/c/hlj9/sign-out", Links: []BarLink{{t.T("bar.needs"), "/c/hlj9/desk/needs", true}, {t.T("bar.public"), "/c/hlj9", false}}}
	return p
}

func sampleNeed(t *Translator) NeedPage {
	n := sampleTeller(t)
	views := sampleNeeds(t)
	d := needsAtDesk{view: &view{Page: needsSignedIn(t, "", "/c/hlj9/desk/needs/3", access.Service), b: n.builder}, needsTeller: n}
	p := d.one(&views[2])
	p.Card = still(p.Card)
	p.Look.Command, p.Assign.Command, p.Answer.Command = sampleCommand, sampleCommand, sampleCommand
	p.Look.Offered = true
	p.Mates = []NeedMate{{t.Join(t.needKind("lift-bus"), say(t, "绥化", "Suihua")), n.url + "/6"}, {t.Join(t.needKind("lift-bus"), "潘**"), n.url + "/7"}}
	p.Split, p.SplitURL = &NeedVerb{"split", t.T("needs.split"), sampleCommand}, p.Action+"/split"
	past := func(act needs.Act, minute int, more, text string) {
		p.History = append(p.History, NeedPast{At: "13:" + strconv.Itoa(minute), By: say(t, "顾小满", "Gu Xiaoman"), Act: t.T("need-act." + string(act)), More: more, Text: text})
	}
	past(needs.Ask, 10, "", "")
	past(needs.Accept, 20, "", "")
	past(needs.Answer, 40, t.T("need-verdict.instead"), say(t, "分两车，5:40 和 6:10。", "In two vehicles, 5:40 and 6:10."))
	return *p
}

// settledNeed is the page of a need that is answered, looked at, and not good:
// what is wrong stands beside the fields.
func settledNeed(t *Translator) NeedPage {
	n := sampleTeller(t)
	views := sampleNeeds(t)
	d := needsAtDesk{view: &view{Page: needsSignedIn(t, "", "/c/hlj9/desk/needs/5", access.Service), b: n.builder}, needsTeller: n}
	p := d.one(&views[4])
	p.Card = still(p.Card)
	p.OnBehalf.Satisfy, p.OnBehalf.Reopen = sampleCommand, sampleCommand
	p.Look.Seen, p.Look.Person, p.Look.Words = true, longName, say(t, "我听不见发令枪，请给我灯光信号。", "I cannot hear the gun. Please give me a light.")
	p.OnBehalf.Words, p.OnBehalf.Error = say(t, "暗", "dim"), t.T("problem.need-words-short")
	p.Problems, p.Wrong = []Problem{{"reopen-words", p.OnBehalf.Error}}, true
	return *p
}

func medicalNeed(t *Translator) NeedPage {
	n := sampleTeller(t)
	views := sampleNeeds(t)
	d := needsAtDesk{view: &view{Page: needsSignedIn(t, "", "/c/hlj9/desk/needs/4", access.Service), b: n.builder}, needsTeller: n}
	return *d.one(&views[3])
}

func sampleNeedsTeam(t *Translator) NeedsTeamPage {
	n := sampleTeller(t)
	views := sampleNeeds(t)
	p := NeedsTeamPage{Page: needsSignedIn(t, t.T("needs.team-title"), "/c/hlj9/team/2/needs", access.Delegation), Delegation: say(t, "齐齐哈尔", "Qiqihar"), Action: "/c/hlj9/team/2/needs",
		TeamURL: "/c/hlj9/team/2", ArrivalURL: "/c/hlj9/team/2/arrival", Arrival: t.T("needs.arrival-with", n.date("2027-06-19")+" 14:05", "80"), Round: t.T("need-round.entry"),
		Counts: []NeedCount{{"person", "unofficial", t.T("needs.count-unasked", 12), "#people", false}, {"speak", "official", t.T("needs.count-waiting", 1), "#waiting", false}}}
	team := func(v events.NeedView, person, words string) NeedCard {
		v.Person, v.WordsText = person, words
		c := still(n.forTeam(&v))
		c.URL = p.Action
		return c
	}
	p.Waiting = []NeedCard{team(views[4], say(t, "关海燕", "Guan Haiyan"), say(t, "我听不见发令枪，请给我灯光信号。", "I cannot hear the gun. Please give me a light."))}
	p.Open = []NeedCard{team(views[0], longName, say(t, "浴室门口有 4 厘米的坎，我的轮椅进不去。", "There is a sill of 4 cm at the bathroom: my wheelchair does not get in.")), team(views[2], "", "")}
	settled := views[4]
	settled.State, settled.Standing = needs.Satisfied, needs.Settled
	settled.ID = 8
	p.Settled = []NeedCard{team(settled, say(t, "潘福来", "Pan Fulai"), "")}
	p.People = []NeedPersonLine{
		{Name: t.T("needs.whole"), URL: p.Action + "/whole", Asked: true, Text: t.T("needs.asked-on", n.date("2027-06-10")), Kinds: n.title(&views[2]), States: t.T("needs.states-all", 1)},
		{Name: longName, Sport: say(t, "游泳", "Swimming"), URL: p.Action + "/41", Asked: true, Text: t.T("needs.asked-on", n.date("2027-06-10")), Kinds: n.title(&views[0]), States: t.T("needs.states-some", 2, "1")},
		{Name: say(t, "严小江", "Yan Xiaojiang"), Sport: say(t, "田径", "Athletics"), URL: p.Action + "/44", Text: t.T("needs.not-asked")}}
	return p
}

func wrongNeedsTeam(t *Translator) NeedsTeamPage {
	p := sampleNeedsTeam(t)
	p.Path += "/wrong"
	p.Waiting[0].Typed, p.Waiting[0].Error = say(t, "暗", "dim"), t.T("problem.need-words-short")
	p.Problems, p.Wrong = []Problem{{"w" + p.Waiting[0].ID, p.Waiting[0].Error}}, true
	return p
}

func sampleNeedsForm(t *Translator, round events.Round) NeedsFormPage {
	n := sampleTeller(t)
	views := sampleNeeds(t)
	door, light := views[0], views[4]
	door.WordsText = say(t, "浴室门口有 4 厘米的坎，我的轮椅进不去。", "There is a sill of 4 cm at the bathroom: my wheelchair does not get in.")
	team := &teamNeeds{view: &view{Page: needsSignedIn(t, "", "/c/hlj9/team/2/needs/41", access.Delegation), b: n.builder}, needsTeller: n, who: access.Who{Role: access.Delegation, Delegation: 2},
		delegation: events.Delegation{ID: 2, Name: "齐齐哈尔", NameEn: "Qiqihar"}, root: "/c/hlj9/team/2"}
	a := asked{teamNeeds: team, person: events.NeedPerson{Registration: 41, Name: longName, Sport: say(t, "游泳", "Swimming"), Saw: 12}, round: round,
		have: map[needs.Code]events.NeedView{"own-words": door, "start-light": light}}
	if round == events.AtEntry {
		a.proposed = []needs.Said{{Kind: "halal", Words: "清真"}}
	}
	p := a.page()
	p.Command = sampleCommand
	return p
}

func wrongNeedsForm(t *Translator) NeedsFormPage {
	p := sampleNeedsForm(t, events.AtArrival)
	p.Path += "/wrong"
	for i := range p.Areas {
		for j := range p.Areas[i].Kinds {
			if k := &p.Areas[i].Kinds[j]; k.Code == "allergy" {
				k.Ticked, k.Error = true, t.T("problem.need-in-words", k.Text)
				p.Problems, p.Wrong = []Problem{{"i-allergy", k.Error}}, true
			}
		}
	}
	return p
}

func sampleCapacity(t *Translator) NeedsCapacityPage {
	n := sampleTeller(t)
	slots := []needs.Slot{{Kind: "wheelchair-loan", Day: "2027-06-20", Hour: 14, Want: 60, Have: 40}, {Kind: "lift-bus", Day: "2027-06-20", Hour: 14, Want: 12, Have: 12},
		{Kind: "room-access", Day: "2027-06-21", Hour: needs.WholeDay, Want: 31, Have: 40}}
	d := needsAtDesk{view: &view{Page: needsSignedIn(t, t.T("needs.capacity-title"), "/c/hlj9/desk/needs/capacity", access.Service), b: n.builder}, needsTeller: n}
	res := d.resource(&events.NeedResource{ID: 1, Kind: "wheelchair-loan", Pieces: 40, Day: "2027-06-18", Until: "2027-06-20", FromHour: 12, ToHour: 18, Note: say(t, "红十字会", "Red Cross")})
	res.Command = sampleCommand
	return NeedsCapacityPage{Page: d.Page, Back: n.url, Action: n.url + "/capacity", Command: sampleCommand, Short: n.shortage(slots), Days: d.days(slots),
		Undated: []string{t.T("needs.undated-line", t.needKind("wheelchair-power"), "3")}, Resources: []ResourceLine{res},
		Kinds: []NeedOption{{"wheelchair-loan", t.needKind("wheelchair-loan"), true}, {"lift-bus", t.needKind("lift-bus"), false}}, Typed: ResourceTyped{From: "0", To: "24"},
		Arrivals: []ArrivalLine{{n.date("2027-06-20") + " 14:05", say(t, "齐齐哈尔", "Qiqihar"), t.Join(say(t, "哈尔滨西站", "Harbin West"), "G1278"), "80", "/c/hlj9/team/2/arrival"}}}
}

func sampleArrival(t *Translator) NeedsArrivalPage {
	p := NeedsArrivalPage{Page: needsSignedIn(t, t.T("needs.plan-arrival"), "/c/hlj9/team/2/arrival", access.Delegation), Delegation: say(t, "齐齐哈尔", "Qiqihar"), Action: "/c/hlj9/team/2/arrival",
		Back: "/c/hlj9/team/2/needs", Command: sampleCommand, Saw: 12, Groups: []ArrivalForm{
			{Day: "2027-06-19", Clock: "14:05", Place: say(t, "哈尔滨西站", "Harbin West"), Means: "G1278", Count: "80"}, {Day: "2027-06-18", Clock: "09:40", Count: "4"}, {}}}
	line := ArrivalPersonLine{ID: "41", Name: longName, Sport: say(t, "游泳", "Swimming"), Groups: []NeedOption{{"", t.T("needs.arrival-everybody"), true}}}
	for i := range p.Groups {
		p.Groups[i].Number, p.Groups[i].Title = i+1, t.T("needs.arrival-group", strconv.Itoa(i+1))
		line.Groups = append(line.Groups, NeedOption{strconv.Itoa(i + 1), p.Groups[i].Title, false})
	}
	p.People = []ArrivalPersonLine{line}
	return p
}

func wrongArrival(t *Translator) NeedsArrivalPage {
	p := sampleArrival(t)
	p.Path += "/wrong"
	p.Groups[1].Count = ""
	p.Problems, p.Wrong = []Problem{{"day2", t.T("problem.arrival-wrong", "2")}}, true
	return p
}

// needsSamples are the pages of support needs.
func needsSamples(t *Translator) []sample {
	empty := NeedsDeskPage{Page: needsSignedIn(t, t.T("needs.desk-title"), "/c/hlj9/desk/needs/empty", access.Service), URL: "/c/hlj9/desk/needs", CapacityURL: "/c/hlj9/desk/needs/capacity", Stamp: "14:10"}
	nothing := NeedsCapacityPage{Page: needsSignedIn(t, t.T("needs.capacity-title"), "/c/hlj9/desk/needs/capacity/empty", access.Service), Back: "/c/hlj9/desk/needs", Action: "/c/hlj9/desk/needs/capacity", Command: sampleCommand}
	return []sample{
		{"needs-desk", "/c/hlj9/desk/needs", sampleNeedsDesk(t)},
		{"needs-desk-empty", "/c/hlj9/desk/needs/empty", empty},
		{"needs-need", "/c/hlj9/desk/needs/3", sampleNeed(t)},
		{"needs-need-looked", "/c/hlj9/desk/needs/5", settledNeed(t)},
		{"needs-need-medical", "/c/hlj9/desk/needs/4", medicalNeed(t)},
		{"needs-capacity", "/c/hlj9/desk/needs/capacity", sampleCapacity(t)},
		{"needs-capacity-empty", "/c/hlj9/desk/needs/capacity/empty", nothing},
		{"needs-team", "/c/hlj9/team/2/needs", sampleNeedsTeam(t)},
		{"needs-team-wrong", "/c/hlj9/team/2/needs/wrong", wrongNeedsTeam(t)},
		{"needs-form", "/c/hlj9/team/2/needs/41", sampleNeedsForm(t, events.AtEntry)},
		{"needs-form-wrong", "/c/hlj9/team/2/needs/41/wrong", wrongNeedsForm(t)},
		{"needs-arrival", "/c/hlj9/team/2/arrival", sampleArrival(t)},
		{"needs-arrival-wrong", "/c/hlj9/team/2/arrival/wrong", wrongArrival(t)},
	}
}
