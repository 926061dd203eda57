package web

import (
	"reflect"
	"strconv"
)

// The registration pages in the states worth looking at. All persons are made up.

const sampleCommand = "0190c0de-0000-7000-8000-000000000a01"

// signedIn is a page for somebody who has signed in.
func signedIn(t *Translator, title, path, role string) Page {
	p := samplePage(t, title, path, "")
	p.Bar = Bar{Name: say(t, "崔立新", "Cui Lixin"), Role: map[string]string{"organiser": say(t, "竞赛部", "Organiser"), "delegation": say(t, "代表团", "Delegation")}[role], Account: "/c/hlj9/account", Out: "/c/hlj9/sign-out"}
	if role == "organiser" {
		p.Bar.Links = []BarLink{{say(t, "报名", "Registrations"), "/c/hlj9/desk/registrations", true}, {say(t, "公开页", "Public pages"), "/c/hlj9", false}}
	} else {
		p.Bar.Links = []BarLink{{say(t, "我的代表团", "My delegation"), "/c/hlj9/team/2", true}, {say(t, "公开页", "Public pages"), "/c/hlj9", false}}
	}
	return p
}

func sampleTallies(t *Translator, url string, current string) []Tally {
	var all []Tally
	for i, state := range []string{"draft", "submitted", "returned", "accepted", "withdrawn"} {
		all = append(all, Tally{Shape: shapeOf(state), Count: []int{12, 40, 2, 31, 1}[i], Text: t.T("reg.state." + state), URL: url + "?state=" + state, Current: state == current})
	}
	return all
}

func samplePeople(t *Translator) []PersonLine {
	line := func(id, name, sport, about, state string) PersonLine {
		return PersonLine{ID: id, Saw: 1, Name: name, URL: "/c/hlj9/team/2/people/" + id, Sport: sport, About: about, State: shapeOf(state), StateText: t.T("reg.state." + state)}
	}
	athletics := say(t, "田径", "Athletics")
	returned := line("41", "严小江", athletics, say(t, "男 · T46 · 100 米、跳远", "Male · T46 · 100 m, long jump"), "returned")
	returned.Reason = say(t, "监护人同意书看不清，请重拍。", "The guardian's consent cannot be read. Please take the photo again.")
	returned.Wrong = []string{say(t, "开幕时不满 14 岁，要填监护人。", "Under 14 on the opening day: a guardian is needed.")}
	draft := line("42", longName, athletics, say(t, "女 · F46 · 铅球", "Female · F46 · shot put"), "draft")
	draft.Warned = []string{say(t, "没填级别，按待分级收下。", "No class: it will be found on the spot.")}
	accepted := line("43", "敖嫩·巴图", athletics, say(t, "男 · T11 · 100 米", "Male · T11 · 100 m"), "accepted")
	accepted.Code = "2043"
	return []PersonLine{returned, draft, accepted, line("44", "孟庆荷", athletics, say(t, "女 · T54 · 800 米", "Female · T54 · 800 m"), "submitted")}
}

func sampleFilter(t *Translator, action string) Filter {
	f := Filter{Action: action + "/find", Clear: action, Excel: action + "/all.xlsx", CSV: action + "/all.csv", Whole: true, States: []Option{{"", t.T("reg.everything"), true}}, Sports: []Option{{"", t.T("reg.everything"), true}, {"AT", say(t, "田径", "Athletics"), false}}}
	for _, state := range []string{"draft", "submitted", "returned", "accepted", "withdrawn"} {
		f.States = append(f.States, Option{Value: state, Text: t.T("reg.state." + state)})
	}
	return f
}

func sampleTeam(t *Translator) TeamPage {
	people := samplePeople(t)
	return TeamPage{Page: signedIn(t, t.T("reg.team.title", say(t, "齐齐哈尔", "Qiqihar")), "/c/hlj9/team/2", "delegation"), Delegation: say(t, "齐齐哈尔", "Qiqihar"), URL: "/c/hlj9/team/2",
		NeedsURL: "/c/hlj9/team/2/needs", May: true, Most: "10", States: sampleTallies(t, "/c/hlj9/team/2", ""), Returned: people[:1],
		Deadline: Deadline{Stage: say(t, "按名报名。", "Entry by name."), Until: say(t, "截止 5 月 20 日 24:00。", "Until 20 May, 24:00."), May: say(t, "现在可以：加人、改内容。", "You can now: add people, change entries.")},
		Done:     &Done{Text: t.T("reg.did.submitted", 40), Undo: &UndoForm{Action: "/c/hlj9/team/2/undo", Command: sampleCommand, Seq: 912, Back: "/c/hlj9/team/2"}},
		Uploads:  []UploadLine{{Name: "02-齐齐哈尔代表团报名总表.xlsx", URL: "/c/hlj9/team/2/uploads/u1", About: say(t, "5 月 20 日 16:42 · 87 行", "20 May 16:42 · 87 rows"), Shape: "alert", State: t.T("reg.upload.state-judged")}},
		Filter:   sampleFilter(t, "/c/hlj9/team/2"), Groups: []PersonGroup{{Title: say(t, "田径（4 人）", "Athletics (4)"), ID: "g-1", People: people}}, Shown: t.T("reg.shown", 86),
		Submit: MoveBar{Action: "/c/hlj9/team/2/check", Back: "/c/hlj9/team/2", Moves: []Move{{To: "submitted", Text: t.T("reg.move.submitted"), Main: true}, {To: "withdrawn", Text: t.T("reg.move.withdrawn"), Danger: true}}, All: 86}}
}

func emptyTeam(t *Translator) TeamPage {
	p := sampleTeam(t)
	p.Path, p.Wrong = "/c/hlj9/team/3", true
	p.Returned, p.Uploads, p.Groups, p.Done, p.States, p.Submit = nil, nil, nil, nil, nil, MoveBar{}
	p.Deadline = Deadline{Stage: say(t, "报名已经截止。", "Registration is closed."), May: say(t, "要改，请找竞赛部。", "For a change, ask the organiser."), Late: true}
	p.Problems = []Problem{{"book", t.T("reg.team.no-file")}}
	p.Shown = t.T("reg.shown", 0)
	return p
}

func sampleFixes(t *Translator) []FixRow {
	row := func(id, place, column, name, title, help, typed string, wrong bool) FixRow {
		r := FixRow{ID: id, Place: t.T("reg.upload.place", place), Column: t.T("reg.upload.column", column), Sheet: "田径", Name: name, Wrong: wrong, Title: title, Help: []string{help}, Typed: typed, First: true, Chip: t.T("reg.upload.chip-warned"),
			Field: FixField{Name: "f-" + id, At: "田径!" + column + place, Label: t.T("reg.upload.label", place, name, title)}}
		if wrong {
			r.Chip = t.T("reg.upload.chip-wrong")
		}
		return r
	}
	number := row("r1", "56", "G", "蔡静", say(t, "身份号码校验位不对", "The check digit of the ID number is wrong"), say(t, "第 15、16 位像是写反了。请看身份证原件。", "Digits 15 and 16 look exchanged. Look at the card."), "2302**********2967", true)
	number.Field.Secret = true
	event := row("r2", "26", "N", "郭布勒·春花", say(t, "没有“110 米栏”这个小项", "There is no event “110 m hurdles”"), say(t, "请从 F46 女子小项里选一个，或不报。", "Choose one of the women's F46 events, or none."), "110米栏", true)
	event.Field.Value, event.Field.List = "110米栏", "l-events-0"
	event.Also = t.T("reg.upload.also", "N27")
	same := row("r3", "26", "K", "郭布勒·春花", say(t, "级别和残疾人证不一致", "The class does not go with the certificate"), say(t, "T60 是听力组。", "T60 is for hearing."), "T60", false)
	same.First = false
	fixed := row("r4", "61", "K", "万琪", say(t, "级别和残疾人证不一致", "The class does not go with the certificate"), say(t, "T60 是听力组。", "T60 is for hearing."), "T60", true)
	fixed.Fixed, fixed.Chip, fixed.Field.Value = "T46", t.T("reg.upload.chip-fixed"), "T46"
	blank := row("r5", "", "", "", say(t, "有隐藏的表没有读", "A hidden sheet was not read"), say(t, "要读就取消隐藏。", "Show it to have it read."), "", false)
	blank.Place, blank.Column, blank.Field = "", "", FixField{}
	return []FixRow{number, event, same, fixed, blank}
}

func sampleUpload(t *Translator) UploadPage {
	p := UploadPage{Page: signedIn(t, t.T("reg.upload.title"), "/c/hlj9/team/2/uploads/u1", "delegation"), Delegation: say(t, "齐齐哈尔", "Qiqihar"), TeamURL: "/c/hlj9/team/2", URL: "/c/hlj9/team/2/uploads/u1",
		File: "02-齐齐哈尔代表团报名总表.xlsx", About: t.T("reg.upload.sent-at", say(t, "5 月 20 日 16:42", "20 May 16:42")), Rows: sampleFixes(t), Lists: []TypedList{{ID: "l-events-0", Choices: []string{"铅球", "标枪"}}}, Open: 4, Clean: 83, Kept: 4, Unsure: 1, Apply: "/c/hlj9/team/2/uploads/u1/apply", Returned: "/c/hlj9/team/2/uploads/u1/returned.xlsx", Drop: "/c/hlj9/team/2/uploads/u1/drop",
		Notes: []string{say(t, "有隐藏的表没有读：旧名单。", "A hidden sheet was not read: 旧名单.")},
		Tally: []Tally{{"", 87, t.T("reg.upload.rows-read"), "#rows", false}, {"official", 80, t.T("reg.upload.can"), "#changes", false}, {"alert", 4, t.T("reg.upload.must"), "#rows", true}, {"unofficial", 3, t.T("reg.upload.warned"), "#rows", false}},
		Kinds: []KindLine{{Text: say(t, "身份号码校验位不对", "Check digit of the ID number"), Count: "1", Target: "r1", Wrong: true}, {Text: say(t, "没有这个小项", "No such event"), Count: "1", Target: "r2", Wrong: true}},
		Tables: []MapTable{{Sheet: "田径", About: t.T("reg.upload.count", 87), Columns: []MapColumn{{Letter: "C", Header: "姓名", Text: t.T("reg.field.name"), Sure: t.T("reg.map.certain"), Sample: "蔡静"},
			{Letter: "Q", Header: "", Text: t.T("reg.map.nothing"), Sure: t.T("reg.map.guess"), Unsure: true}}}},
		Fields: []Option{{"name", t.T("reg.field.name"), false}, {"id", t.fieldWord("id"), false}},
		Changes: Changes{New: 80, Changed: 2, Same: 4, Gone: 1, Lines: []ChangeLine{{Name: "万琪", Kind: t.T("reg.upload.changed"), Shape: "unofficial", What: []string{t.T("reg.upload.from-to", t.T("reg.field.class"), "T46", "T47")}},
			{Name: "温长林", Kind: t.T("reg.upload.gone"), Shape: "off", What: []string{t.T("reg.upload.gone-hint")}}}, More: t.T("reg.upload.more", "80")},
		Hidden: t.T("reg.upload.hidden", "5", "2")}
	return p
}

func cleanUpload(t *Translator) UploadPage {
	p := sampleUpload(t)
	p.Path = "/c/hlj9/team/2/uploads/u2"
	p.Rows, p.Kinds, p.Notes, p.Hidden, p.Open, p.Kept, p.Clean, p.Unsure = p.Rows[3:4], nil, nil, "", 0, 0, 87, 0
	p.Done = &Done{Text: t.T("reg.upload.saved", 3)}
	return p
}

func sampleCheck(t *Translator) CheckPage {
	people := samplePeople(t)
	return CheckPage{Page: signedIn(t, t.T("reg.check.title-returned"), "/c/hlj9/desk/registrations/check", "organiser"), Heading: t.T("reg.check.title-returned"), Over: t.T("reg.desk.title"), OverURL: "/c/hlj9/desk/registrations",
		Lead: []string{t.T("reg.check.lead-returned")}, People: people[3:], Blocked: people[1:2], Action: "/c/hlj9/desk/registrations/moves", Command: sampleCommand, Hidden: []Option{{Value: "id", Text: "44"}, {Value: "to", Text: "returned"}},
		Reason: t.T("reg.check.reason-returned"), Required: true, Do: t.T("reg.do.returned", "1"), Back: "/c/hlj9/desk/registrations", More: t.T("reg.check.more", "3")}
}

func wrongCheck(t *Translator) CheckPage {
	p := sampleCheck(t)
	p.Path, p.Wrong = "/c/hlj9/desk/registrations/moves", true
	p.Problems = []Problem{{"reason", say(t, "请写理由。", "Give the reason.")}}
	return p
}

func sampleFormSections(t *Translator) []FormSection {
	field := func(name string) FormField { return FormField{Name: name, Label: t.fieldWord(name)} }
	id, sport, class, event, guardian, kind := field("id"), field("sport"), field("class"), field("event"), field("guardian"), FormField{Name: "kind", Label: t.T("reg.kind.label"), Options: []Option{{"athlete", t.T("reg.kind.athlete"), true}, {"staff", t.T("reg.kind.staff"), false}}}
	name := field("name")
	name.Value = "严小江"
	id.Masked, id.Secret, id.Hint, id.Input = "2302**********2967", true, t.T("reg.hint.identity"), "text"
	sport.Options = []Option{{"", t.T("reg.no-sport"), false}, {"田径", "田径", true}}
	class.Value, class.Hint, class.Optional = "T46", t.T("reg.hint.class"), true
	event.Many, event.Options = true, []Option{{"100米", "100米", true}, {"跳远", "跳远", false}}
	guardian.Errors = []string{say(t, "开幕时不满 14 岁，要填监护人。", "Under 14 on the opening day: a guardian is needed.")}
	class.Warned = []string{say(t, "没有听过这个级别。", "This class is not known.")}
	remark := field("remark")
	remark.Long, remark.Optional = true, true
	return []FormSection{{ID: "s-who", Title: t.T("reg.person.who"), Hint: t.T("reg.person.sealed-hint"), Fields: []FormField{kind, name, id}}, {ID: "s-contest", Title: t.T("reg.person.contest"), Fields: []FormField{sport, class, event}}, {ID: "s-contact", Title: say(t, "联系", "Contact"), Fields: []FormField{guardian, remark}}}
}

func samplePerson(t *Translator) PersonPage {
	return PersonPage{Page: signedIn(t, "严小江", "/c/hlj9/team/2/people/41", "delegation"), Delegation: say(t, "齐齐哈尔", "Qiqihar"), TeamURL: "/c/hlj9/team/2", ListURL: "/c/hlj9/team/2", Action: "/c/hlj9/team/2/people/41", Heading: "严小江", State: shapeOf("returned"), StateText: t.T("reg.state.returned"),
		Reason: say(t, "监护人同意书看不清，请重拍。", "The guardian's consent cannot be read. Please take the photo again."), Saw: 4, Command: sampleCommand, May: true, Sections: sampleFormSections(t), MoveID: "41", MoveAction: "/c/hlj9/team/2/check",
		Problems: []Problem{{"guardian", say(t, "开幕时不满 14 岁，要填监护人。", "Under 14 on the opening day: a guardian is needed.")}}, Warnings: []Problem{{"class", say(t, "没有听过这个级别。", "This class is not known.")}},
		Moves: []Move{{To: "submitted", Text: t.T("reg.move.submitted"), Main: true}, {To: "withdrawn", Text: t.T("reg.move.withdrawn"), Danger: true}}, Needs: "/c/hlj9/team/2/people/41/needs", Papers: "/c/hlj9/team/2/people/41/papers", Look: "/c/hlj9/team/2/people/41/look",
		History: []HistoryLine{{Time: say(t, "5 月 20 日 16:42", "20 May 16:42"), By: say(t, "崔立新", "Cui Lixin"), Text: t.T("reg.done.returned"), Reason: say(t, "同意书看不清", "consent unreadable")}, {Time: say(t, "5 月 19 日 09:10", "19 May 09:10"), By: say(t, "杜鹃", "Du Juan"), Text: t.T("reg.done.uploaded"), Fields: t.T("reg.person.fields", t.T("reg.field.name"))}}}
}

func stalePerson(t *Translator) PersonPage {
	p := samplePerson(t)
	p.Path, p.Wrong = "/c/hlj9/team/2/people/42", true
	p.Stale = t.T("reg.person.stale", say(t, "杜鹃", "Du Juan"))
	p.Problems = []Problem{{"class", p.Stale}}
	p.Sections[1].Fields[1].Theirs = "T47"
	p.Reason, p.Moves, p.Warnings, p.AskReason = "", nil, nil, true
	p.Replace = &ReplaceForm{Action: "/c/hlj9/team/2/people/42/replace", Command: sampleCommand, Saw: 4, Others: []Option{{"44.1", "孟庆荷", false}}}
	p.State, p.StateText, p.Code, p.CardURL = shapeOf("accepted"), t.T("reg.state.accepted"), "2041", "/c/hlj9/cards/2041"
	return p
}

func newPerson(t *Translator) PersonPage {
	p := samplePerson(t)
	p.Page = signedIn(t, t.T("reg.person.new"), "/c/hlj9/team/2/people/new", "delegation")
	p.Heading, p.New, p.Reason, p.Problems, p.Warnings, p.History, p.Moves = t.T("reg.person.new"), true, "", nil, nil, nil, nil
	for i := range p.Sections {
		for j := range p.Sections[i].Fields {
			f := &p.Sections[i].Fields[j]
			f.Value, f.Errors, f.Warned, f.Masked = "", nil, nil, ""
		}
	}
	return p
}

func sampleDesk(t *Translator) DeskPage {
	people := samplePeople(t)
	for i := range people {
		people[i].Delegation = say(t, "齐齐哈尔", "Qiqihar")
		people[i].URL = "/c/hlj9/desk/registrations/" + people[i].ID
	}
	p := DeskPage{Page: signedIn(t, t.T("reg.desk.title"), "/c/hlj9/desk/registrations", "organiser"), URL: "/c/hlj9/desk/registrations", States: sampleTallies(t, "/c/hlj9/desk/registrations", "submitted"), Filter: sampleFilter(t, "/c/hlj9/desk/registrations"),
		Deadline: Deadline{Stage: say(t, "按名报名。", "Entry by name."), Until: say(t, "截止 5 月 20 日 24:00。", "Until 20 May, 24:00.")},
		Done:     &Done{Text: t.T("reg.did.accepted", 31), Undo: &UndoForm{Action: "/c/hlj9/desk/registrations/undo", Command: sampleCommand, Seq: 913, Back: "/c/hlj9/desk/registrations"}},
		People:   people, Shown: t.T("reg.page-of", 1330, "1", "100"), ListsURL: "/c/hlj9/desk/lists", CardsURL: "/c/hlj9/desk/cards",
		Moves: MoveBar{Action: "/c/hlj9/desk/registrations/check", Back: "/c/hlj9/desk/registrations", All: 1330, Moves: []Move{{To: "accepted", Text: t.T("reg.move.accepted"), Main: true}, {To: "returned", Text: t.T("reg.move.returned")}, {To: "withdrawn", Text: t.T("reg.move.withdrawn"), Danger: true}}}}
	for _, state := range []string{"draft", "submitted", "returned", "accepted", "withdrawn"} {
		p.Columns = append(p.Columns, t.T("reg.state."+state))
	}
	for i, name := range []string{say(t, "哈尔滨", "Harbin"), say(t, "齐齐哈尔", "Qiqihar"), say(t, "大庆油田", "Daqing Oilfield")} {
		p.Delegations = append(p.Delegations, DelegationCount{Name: name, URL: "/c/hlj9/desk/registrations?delegation=" + strconv.Itoa(i+1), Counts: []int{12, 40, 2, 31, 1}, Total: 86, Problems: 4})
	}
	p.Total = DelegationCount{Name: t.T("reg.desk.total"), Counts: []int{36, 120, 6, 93, 3}, Total: 258, Problems: 12}
	p.Filter.Delegations = []Option{{"", t.T("reg.desk.all-delegations"), true}, {"2", say(t, "齐齐哈尔", "Qiqihar"), false}}
	for i := 1; i <= 3; i++ {
		p.Pages = append(p.Pages, PageLink{Text: strconv.Itoa(i), URL: "/c/hlj9/desk/registrations?page=" + strconv.Itoa(i), Current: i == 1})
	}
	return p
}

func sampleLists(t *Translator) ListsPage {
	line := func(name string) ListLine {
		return ListLine{Title: t.T("reg.lists." + name), About: t.T("reg.about." + name), Excel: "/c/hlj9/desk/lists/" + name + ".xlsx", CSV: "/c/hlj9/desk/lists/" + name + ".csv"}
	}
	return ListsPage{Page: signedIn(t, t.T("reg.lists.title"), "/c/hlj9/desk/lists", "organiser"), DeskURL: "/c/hlj9/desk/registrations", Lists: []ListLine{line("book"), line("heads"), line("all")},
		Counts: []PlainTable{{Caption: say(t, "人数统计表", "Numbers of people"), Heads: []string{t.T("reg.delegation"), say(t, "男运动员", "Men"), say(t, "女运动员", "Women"), say(t, "合计", "Total")}, Rows: [][]string{{say(t, "哈尔滨", "Harbin"), "40", "31", "71"}, {say(t, "合计", "Total"), "40", "31", "71"}}}}}
}

func sampleCard(t *Translator, name string) Card {
	qr, err := codeOf("https://example.invalid/c/hlj9/cards/2043")
	if err != nil {
		panic(err) // the text is a constant
	}
	zone := func(letter string) Zone { return Zone{letter, t.T("reg.zone." + letter), "Zone " + letter} }
	return Card{Code: "2043", Name: name, Function: t.T("reg.kind.athlete"), FunctionEn: "Athlete", Delegation: say(t, "齐齐哈尔", "Qiqihar"), About: say(t, "田径 · T11", "Athletics · T11"), Zones: []Zone{zone("A"), zone("B"), zone("E")}, QR: qr}
}

func sampleCards(t *Translator, large bool) CardsPage {
	p := CardsPage{Page: signedIn(t, t.T("reg.cards.title"), "/c/hlj9/desk/cards", "organiser"), DeskURL: "/c/hlj9/desk/registrations", Filter: Filter{Action: "/c/hlj9/desk/cards", Delegations: []Option{{"", t.T("reg.desk.all-delegations"), true}}},
		Sizes: []Option{{"a4", t.T("reg.cards.a4"), !large}, {"a6", t.T("reg.cards.a6"), large}}, Shown: t.T("reg.shown", 2), Cards: []Card{sampleCard(t, "敖嫩·巴图"), sampleCard(t, longName)}, Large: large}
	if large {
		p.Path = "/c/hlj9/desk/cards/a6"
		p.Cards = nil
	}
	return p
}

// registrationSamples are the pages of delegations and the organiser.
func registrationSamples(t *Translator) []sample {
	upload := func(path string, change func(*UploadPage)) UploadPage {
		p := sampleUpload(t)
		p.Path = path
		change(&p)
		return p
	}
	reading := upload("/c/hlj9/team/2/uploads/u3", func(p *UploadPage) { p.Reading, p.ReadText = true, t.T("reg.upload.read", "87") })
	failed := upload("/c/hlj9/team/2/uploads/u4", func(p *UploadPage) { p.Failed = t.T("problem.book-encrypted") })
	card := CardPage{Page: samplePage(t, t.T("reg.card.title"), "/c/hlj9/cards/2043", ""), Card: sampleCard(t, "敖嫩·巴图"), Valid: true}
	void := card
	void.Path, void.Valid = "/c/hlj9/cards/2044", false
	all := []sample{
		{"registration-team", "", sampleTeam(t)}, {"registration-team-empty", "", emptyTeam(t)},
		{"registration-upload", "", sampleUpload(t)}, {"registration-upload-clean", "", cleanUpload(t)}, {"registration-upload-reading", "", reading}, {"registration-upload-failed", "", failed},
		{"registration-check", "", sampleCheck(t)}, {"registration-check-wrong", "", wrongCheck(t)},
		{"registration-person", "", samplePerson(t)}, {"registration-person-stale", "", stalePerson(t)}, {"registration-person-new", "", newPerson(t)},
		{"registration-desk", "", sampleDesk(t)}, {"registration-lists", "", sampleLists(t)},
		{"registration-cards", "", sampleCards(t, false)}, {"registration-cards-empty", "", sampleCards(t, true)},
		{"registration-card", "", card}, {"registration-card-void", "", void},
	}
	for i := range all {
		all[i].path = reflect.ValueOf(all[i].view).FieldByName("Path").String()
	}
	return all
}
