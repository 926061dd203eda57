package web

// The pages of the call room in the states worth looking at. All persons are
// made up.

func sampleCallRow(t *Translator, id, status, text string) CallRow {
	return CallRow{ID: id, URL: "/c/hlj9/call/units/" + id, Title: t.Join(t.Swim("F", 1, 100, "FREE", "S8–S9"), t.Round("PRE"), t.Heat(2)), Where: say(t, "省游泳馆", "Provincial pool"),
		At: "09:10", Start: "09:30", Status: status, StatusText: text, Come: t.T("call.come", "3", "8")}
}

func callPage(t *Translator, title, path string) Page {
	p := signedIn(t, title, path, "organiser")
	p.Bar.Name, p.Bar.Role = "孟庆荷", say(t, "裁判员", "Judge")
	p.Bar.Links = []BarLink{{t.T("bar.call"), "/c/hlj9/call", true}, {t.T("bar.announcer"), "/c/hlj9/announcer", false}, {t.T("bar.public"), "/c/hlj9", false}}
	return p
}

func callSamples(t *Translator) []sample {
	return append(callRoomSamples(t), callingSamples(t)...)
}

func callRoomSamples(t *Translator) []sample {
	due := sampleCallRow(t, "14", "alert", t.T("call.state-due"))
	due.Late = t.T("call.late", 4)
	calling := sampleCallRow(t, "12", StatusLive, t.Join(t.T("call.state-calling"), t.T("call.again", "2")))
	room := CallRoomPage{Page: callPage(t, t.T("call.title"), "/c/hlj9/call"), Now: []CallRow{calling}, Next: []CallRow{due, sampleCallRow(t, "15", StatusScheduled, t.T("call.state-not-yet"))},
		Past: []CallRow{sampleCallRow(t, "11", "sent", t.T("call.state-closed"))}, TimesURL: "/c/hlj9/call/times", CallingURL: "/c/hlj9/calling", AnnouncerURL: "/c/hlj9/announcer",
		Days:   []DayLink{{say(t, "6 月 21 日 星期一", "Monday 21 June"), "/c/hlj9/call?day=2027-06-21", true}, {say(t, "6 月 22 日 星期二", "Tuesday 22 June"), "/c/hlj9/call?day=2027-06-22", false}},
		Sports: []PageLink{{t.T("call.all-sports"), "/c/hlj9/call", true}, {say(t, "游泳", "Swimming"), "/c/hlj9/call?sport=SW", false}},
		Times:  []CallTime{{ID: "3", Name: say(t, "游泳", "Swimming"), Minutes: "20", Command: sampleCommand}}}
	wrong := room
	wrong.Path, wrong.Now, wrong.Wrong = "/c/hlj9/call/wrong", nil, true
	wrong.Times = []CallTime{{ID: "3", Name: say(t, "游泳", "Swimming"), Minutes: "x", Command: sampleCommand, Wrong: t.T("problem.call-minutes", "x")}}
	wrong.Problems = []Problem{{"minutes-3", t.T("problem.call-minutes", "x")}}

	unit := CallUnitPage{Page: callPage(t, t.T("call.unit-title", calling.Title), "/c/hlj9/call/units/12"), ListURL: "/c/hlj9/call", Over: say(t, "游泳 · 省游泳馆", "Swimming · Provincial pool"), Heading: calling.Title, Row: calling,
		Facts: []Fact{{t.T("call.at"), "09:10"}, {t.T("fact.start"), "09:30"}, {t.T("call.here"), calling.Come}},
		Up:    &CallStep{"/c/hlj9/call/units/12/step", "up", sampleCommand, 2}, UpText: t.T("call.up-again", "3"),
		Back: &CallStep{"/c/hlj9/call/units/12/step", "back", sampleCommand, 2}, BackText: t.T("call.back-open"),
		Close: &CallClose{CallStep: CallStep{"/c/hlj9/call/units/12/step", "close", sampleCommand, 2}, As: "孟庆荷", Missing: []CallMissing{{"105", t.Join("5", longName), t.T("call.waiting"), true}}}}
	box := func(name, text string, on bool) CallBox { return CallBox{name, text, on} }
	person := func(start, who, name string) CallPersonView {
		return CallPersonView{ID: start + "-" + who, Action: "/c/hlj9/call/units/12/check", Start: start, Person: who, Command: sampleCommand, Name: name, Bib: "10" + who, May: true,
			Checks: []CallBox{box("card", t.T("call.check-card"), false), box("partner", t.T("call.partner-guide"), false), box("equipment", t.T("call.check-equipment"), false)}}
	}
	here := person("104", "41", "佟海燕")
	here.State, here.Saw, here.Said, here.Lacks, here.Note = "present", 1, t.Join(t.T("call.present"), "09:12", "孟庆荷"), t.T("call.lacks", t.T("call.partner-guide")), say(t, "泳镜换过", "changed goggles")
	here.Checks[0].On, here.Checks[2].On = true, true
	here.Alone = true
	alone := person("105", "42", longName)
	alone.Alone = true
	mates := []CallPersonView{person("106", "43", "栾凤珊"), person("106", "44", "石志媛")}
	mates[1].State, mates[1].Said = "absent", t.Join(t.T("call.absent"), "09:15", "孟庆荷")
	unit.Starts = []CallStartView{
		{ID: "104", Lane: "4", Name: "佟海燕", About: "哈尔滨 · S9", Status: "sent", StatusText: t.T("call.present"), Bib: "1041", People: []CallPersonView{here}},
		{ID: "105", Lane: "5", Name: longName, About: "大庆油田 · S8", Status: StatusScheduled, StatusText: t.T("call.waiting"), Bib: "1042", People: []CallPersonView{alone}},
		{ID: "106", Lane: "6", Name: say(t, "牡丹江一队", "Mudanjiang 1"), About: "牡丹江", Status: StatusUnofficial, StatusText: t.T("call.partly", "1", "2"), People: mates}}
	closed := unit
	closed.Page = callPage(t, unit.Title, "/c/hlj9/call/units/11")
	closed.Row = sampleCallRow(t, "11", "sent", t.T("call.state-closed"))
	closed.Up, closed.Close, closed.BackText, closed.Done = nil, nil, t.T("call.back-closed"), &Done{Text: t.T("call.did-closed")}
	out := unit.Starts[1]
	out.Status, out.StatusText, out.People = "alert", t.Join(t.IRM("DNS", ""), "孟庆荷"), []CallPersonView{{ID: "105-42", Name: longName, Alone: true}}
	out.Admit = &CallAdmit{Action: "/c/hlj9/call/units/11/admit", Start: "105", Command: sampleCommand, Wrong: t.T("problem.reason-missing")}
	closed.Wrong, closed.Problems = true, []Problem{{"why-105", t.T("problem.reason-missing")}}
	closed.Starts = []CallStartView{unit.Starts[0], out}
	return []sample{{"call-room", "/c/hlj9/call", room}, {"call-room-wrong", "/c/hlj9/call/wrong", wrong}, {"call-unit", "/c/hlj9/call/units/12", unit}, {"call-unit-closed", "/c/hlj9/call/units/11", closed}}
}

func callsState(t *Translator) CallsState {
	row := sampleCallRow(t, "12", "", "")
	return CallsState{Updated: "14:03:20", Calls: []CallNow{
		{Call: "12-2", Round: t.T("call.again", "2"), Title: row.Title, Where: row.Where, Start: "09:30", Numbers: "1041 1042",
			Lines: []CallLine{{"104", "4", "1041", "佟海燕", "哈尔滨"}, {"105", "5", "1042", longName, "大庆油田"}}},
		{Call: "13-3", Round: t.T("call.last"), Title: t.Join(t.Swim("M", 1, 50, "BACK", "S5"), t.Round("FIN")), Where: row.Where, Start: "09:40", Numbers: "2001", Last: true,
			Lines: []CallLine{{"201", "3", "2001", "敖嫩·巴图", "齐齐哈尔"}}}},
		Next: []CallNext{{Unit: "14", URL: "/c/hlj9/units/14", Title: row.Title, Where: row.Where, At: "09:50", Start: "10:10", Numbers: "1041"}}}
}

func callingSamples(t *Translator) []sample {
	calling := CallingPage{Page: samplePage(t, t.T("calling.title"), "/c/hlj9/calling", "calls"), State: callsState(t)}
	none := CallingPage{Page: samplePage(t, t.T("calling.title"), "/c/hlj9/calling/none", "calls"), State: CallsState{Calls: []CallNow{}, Next: []CallNext{}, Updated: "08:00:00"}}
	mark := say(t, "第 1 名", "1st")
	announcer := AnnouncerPage{Page: callPage(t, t.T("announcer.title"), "/c/hlj9/announcer"),
		Venues: []PageLink{{t.T("announcer.all-venues"), "/c/hlj9/announcer", true}, {say(t, "省游泳馆", "Provincial pool"), "/c/hlj9/announcer?venue=x", false}},
		Units: []AnnouncerUnit{
			{ID: "10", On: true, Over: t.T("announcer.on"), Title: sampleCallRow(t, "10", "", "").Title, Where: say(t, "省游泳馆", "Provincial pool"), Status: StatusProtested, StatusText: t.Status(StatusProtested),
				Records: []Fact{{say(t, "省纪录 S9", "Provincial S9"), "1:02.11"}}, Lines: []AnnouncerLine{{Lane: "4", Name: "佟娜", Said: "Tóng Nà", Doubt: t.T("announcer.doubt", "娜"), SayURL: "/c/hlj9/names/41", SayName: t.T("announcer.say", "佟娜"), About: "哈尔滨 · S9 · 1041", Status: "sent", Result: t.Join(mark, "1:04.86")}}},
			{ID: "12", Over: t.T("announcer.next", "09:30"), Title: sampleCallRow(t, "12", "", "").Title, Status: StatusStartList, StatusText: t.Status(StatusStartList), Call: t.Join(t.T("call.state-closed"), t.T("call.come", "2", "3")),
				Lines: []AnnouncerLine{{Lane: "3", Name: longName, Said: say(t, "古丽巴哈尔，重音在最后", "stress on the last part"), About: "大庆油田 · S8", Come: t.T("call.present"), Status: "sent"},
					{Lane: "5", Name: say(t, "牡丹江一队", "Mudanjiang 1"), About: "牡丹江", Come: t.IRM("DNS", ""), Status: "alert", Teammate: []AnnouncerMate{{"栾凤珊", "Luán Fèngshān"}, {"石志媛", "Shí Zhìyuán"}}}}}},
		After: []string{t.Join("09:50", sampleCallRow(t, "14", "", "").Title)}}
	idle := AnnouncerPage{Page: callPage(t, t.T("announcer.title"), "/c/hlj9/announcer/none")}
	name := SpokenPage{Page: callPage(t, t.T("announcer.say-title", "佟娜"), "/c/hlj9/names/41"), Name: "佟娜", Reading: "Tóng Nà", Doubt: t.T("announcer.doubt", "娜"), Action: "/c/hlj9/names/41", Command: sampleCommand, Back: "/c/hlj9/announcer", Done: &Done{Text: t.T("announcer.did-said")}}
	long := name
	long.Path, long.Done, long.Wrong, long.NoteWrong, long.Note = "/c/hlj9/names/42", nil, true, t.T("problem.note-long", "80"), "Tóng"
	return []sample{{"calling", "/c/hlj9/calling", calling}, {"calling-none", "/c/hlj9/calling/none", none}, {"announcer", "/c/hlj9/announcer", announcer}, {"announcer-none", "/c/hlj9/announcer/none", idle},
		{"call-name", "/c/hlj9/names/41", name}, {"call-name-wrong", "/c/hlj9/names/42", long}}
}
