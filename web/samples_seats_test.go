package web

// The pages of seats, the control room and the inbox in the states worth
// looking at. All persons are made up.

func controlPage(t *Translator, title, path string) Page {
	p := signedIn(t, title, path, "organiser")
	p.Bar.Links = []BarLink{{t.T("bar.control"), "/c/hlj9/desk/control", true}, {t.T("bar.public"), "/c/hlj9", false}}
	return p
}

func seatSamples(t *Translator) []sample {
	return append(append(seatGateSamples(t), seatDeskSamples(t)...), append(controlSamples(t), inboxSamples(t)...)...)
}

func seatGateSamples(t *Translator) []sample {
	swimming, finish := say(t, "游泳", "Swimming"), say(t, "终点 2 号", "Finish 2")
	card := SeatCardPage{Page: samplePage(t, t.T("seat.card-title"), "/c/hlj9/seat/sample", ""), Action: "/c/hlj9/seat/pair", Token: "sample", Seat: finish, Discipline: swimming, Open: true}
	shut := card
	shut.Path, shut.Token, shut.Open, shut.Wrong, shut.Problems = "/c/hlj9/seat/shut", "shut", false, true, []Problem{{"main", t.T("problem.card-not-open", finish)}}
	pin := SeatPinPage{Page: samplePage(t, t.T("seat.pin-title"), "/c/hlj9/seat", ""), Action: "/c/hlj9/seat", Paired: true, Seat: finish, Discipline: swimming, Device: t.T("control.device", "17"), LeaveURL: "/c/hlj9/seat/leave",
		TabletURL: "/c/hlj9/tablet", JudgeURL: "/c/hlj9/judge", Judges: []Option{{"3", "邢玉兰", false}, {"4", longName, false}}, Next: "/c/hlj9/tablet"}
	wrong := pin
	wrong.Path, wrong.Wrong, wrong.PinBad = "/c/hlj9/seat/wrong", true, t.T("problem.pin-wrong-left", "3")
	wrong.Judges = []Option{{"3", "邢玉兰", true}, {"4", longName, false}}
	wrong.Problems = []Problem{{"pin", wrong.PinBad}}
	sits := pin
	sits.Path, sits.Judge = "/c/hlj9/seat/sits", "邢玉兰"
	none := SeatPinPage{Page: samplePage(t, t.T("seat.pin-title"), "/c/hlj9/seat/none", ""), Action: "/c/hlj9/seat"}
	return []sample{{"seat-card", card.Path, card}, {"seat-card-shut", shut.Path, shut}, {"seat-pin", pin.Path, pin}, {"seat-pin-wrong", wrong.Path, wrong}, {"seat-pin-sits", sits.Path, sits}, {"seat-pin-none", none.Path, none}}
}

func sampleSeatTyped(t *Translator) SeatTyped {
	return SeatTyped{Discipline: "3", Name: say(t, "终点", "Finish"), Count: "5", Places: []Option{{"", t.T("seats.any-place"), false}, {"judge-1", t.T("seats.place-judge", "1"), true}, {"timekeeper", t.T("seats.place-timekeeper"), false}},
		Disciplines: []Option{{"3", say(t, "游泳", "Swimming"), true}}, Venues: []Option{{"", t.T("seats.any-venue"), true}, {"游泳馆", "游泳馆", false}}, Sessions: []Option{{"", t.T("seats.any-session"), true}, {"2", t.Join("2027-06-21", "14:00", "游泳馆"), false}}}
}

func seatDeskSamples(t *Translator) []sample {
	url := "/c/hlj9/desk/seats"
	line := func(id, name, reach, shape, state, there string) SeatLine {
		return SeatLine{ID: id, URL: url + "/" + id, Name: name, Reach: reach, Shape: shape, State: state, Occupied: there, Command: sampleCommand, Saw: 1}
	}
	closed := line("9", say(t, "旧终点", "Old finish"), t.T("seats.whole"), "off", t.T("seats.closed"), "")
	closed.Closed = true
	page := SeatsPage{Page: controlPage(t, t.T("seats.title"), url), URL: url, ControlURL: "/c/hlj9/desk/control", Done: t.T("seats.did-made"), Command: sampleCommand, Command2: sampleCommand, Bad: map[string]string{}, Typed: sampleSeatTyped(t),
		Groups: []SeatGroup{{ID: "3", Title: say(t, "游泳", "Swimming"), Second: true, Command: sampleCommand, Lines: []SeatLine{
			line("5", say(t, "终点 1", "Finish 1"), t.Join(t.T("seats.place-judge", "1"), "游泳馆"), "sent", t.T("seats.taken"), t.Join(t.T("control.device", "17"), "邢玉兰")),
			line("6", say(t, "终点 2", "Finish 2"), t.T("seats.units-chosen", 3), "unofficial", t.T("seats.open-until", "14:25"), ""),
			line("7", say(t, "终点 3", "Finish 3"), t.T("seats.whole"), "alert", t.T("seats.no-card"), ""), closed}},
			{ID: "4", Title: say(t, "举重", "Powerlifting"), Command: sampleCommand, Lines: []SeatLine{line("8", say(t, "主裁判席", "Chief referee's seat"), t.T("seats.whole"), "scheduled", t.T("seats.carded"), "")}}},
		Judges: []SeatJudgeLine{{"3", "邢玉兰", say(t, "游泳", "Swimming"), false, sampleCommand}, {"4", longName, say(t, "游泳", "Swimming"), true, sampleCommand}}}
	wrong := page
	wrong.Path, wrong.Done, wrong.Wrong, wrong.Groups, wrong.Names = url+"/wrong", "", true, nil, "邢玉兰"
	wrong.Bad = map[string]string{"name": t.T("problem.seat-taken", say(t, "终点", "Finish")), "names": t.T("problem.judge-taken", "邢玉兰"), "count": t.T("problem.seat-count", "30")}
	wrong.Problems = []Problem{{"name", wrong.Bad["name"]}, {"count", wrong.Bad["count"]}, {"names", wrong.Bad["names"]}}
	edit := SeatEditPage{Page: controlPage(t, say(t, "终点 2", "Finish 2"), url+"/6"), Action: url + "/6", ListURL: url, Over: say(t, "游泳", "Swimming"), Name: say(t, "终点 2", "Finish 2"), Saw: 1, Command: sampleCommand, Bad: map[string]string{}, Typed: sampleSeatTyped(t),
		Units: []SeatUnitChoice{{"12", t.Join(t.Swim("F", 1, 100, "FREE", "S8–S9"), t.Round("PRE"), t.Heat(2)), t.Join("14:20", "游泳馆"), true}, {"13", t.Join(t.Swim("M", 1, 100, "FREE", "S8–S9"), t.Round("FIN")), "", false}}}
	code, err := codeOf("https://games.example/c/hlj9/seat/sample")
	if err != nil {
		panic(err)
	}
	made := []SeatCardMade{{say(t, "终点 2", "Finish 2"), say(t, "游泳", "Swimming"), t.T("seats.whole"), "https://games.example/c/hlj9/seat/sample", code}}
	cards := SeatCardsPage{Page: controlPage(t, t.T("seats.cards-title"), url+"/cards"), Cards: made, Back: url}
	shown := SeatCardsPage{Page: controlPage(t, t.T("seats.cards-title"), url+"/cards-shown"), Cards: made, Open: true, Back: url}
	pins := SeatPinsPage{Page: controlPage(t, t.T("seats.pins-title"), url+"/judges"), Pins: []SeatPinMade{{"邢玉兰", say(t, "游泳", "Swimming"), "482 913"}, {longName, say(t, "游泳", "Swimming"), "005 771"}}, Back: url}
	again := SeatPinsPage{Page: controlPage(t, t.T("seats.pins-title"), url+"/judges-again"), Back: url}
	return []sample{{"seats", page.Path, page}, {"seats-wrong", wrong.Path, wrong}, {"seat-edit", edit.Path, edit}, {"seat-cards", cards.Path, cards}, {"seat-cards-shown", shown.Path, shown}, {"seat-pins", pins.Path, pins}, {"seat-pins-again", again.Path, again}}
}

func sampleDevice(t *Translator, id, seat, judge, status, text string) ControlDevice {
	return ControlDevice{ID: id, URL: "/c/hlj9/desk/control/devices/" + id, Name: t.T("control.device", id), Seat: seat, Judge: judge, Seen: t.T("control.seconds-ago", "2"), Unsent: "0", Battery: "83%", Version: "a1b2c3", Status: status, StatusText: text, Alert: status == "alert"}
}

func sampleControl(t *Translator) ControlState {
	silent := sampleDevice(t, "17", say(t, "举重馆 主裁判席", "Chief referee's seat"), "尤国栋", "alert", t.T("control.silent"))
	silent.Seen, silent.Unsent, silent.Battery = t.T("control.minutes-ago", "3"), "3", "62%"
	clock := sampleDevice(t, "8", say(t, "终点 2", "Finish 2"), "邢玉兰", "alert", t.T("control.clock"))
	clock.Clock, clock.Battery = t.T("control.ahead", "4", "10"), "9%"
	sending := sampleDevice(t, "21", say(t, "篮球馆 记录台", "Basketball table"), "辛悦", "saved", t.T("control.sending"))
	sending.Unsent = "1"
	unit := func(id, title, detail string) ControlUnit {
		return ControlUnit{ID: id, Title: title, Detail: detail, URL: "/c/hlj9/desk/control/units/" + id}
	}
	s := ControlState{Updated: "14:47:08", Heading: t.T("control.devices", 4), Alarm: t.T("control.alerts", 2) + t.T("tell.comma") + t.T("control.unsent-all", 4), Late: t.T("control.late", 1), LateURL: "/c/hlj9/desk/inbox",
		Devices: []ControlDevice{silent, clock, sending, sampleDevice(t, "5", say(t, "投掷区 落点", "Throwing circle"), t.T("control.nobody"), "scheduled", t.T("control.empty"))}}
	for _, status := range []string{StatusLive, StatusProtested, StatusUnofficial, StatusStartList, StatusOfficial} {
		g := ControlGroup{Status: status, StatusText: t.Status(status), Count: "0"}
		if status == StatusLive {
			g.Count, g.More, g.Units = "14", t.T("control.more", 2), []ControlUnit{unit("12", t.Join(t.Swim("F", 1, 100, "FREE", "S8–S9"), t.Round("PRE"), t.Heat(2)), "14:20"), unit("14", say(t, "女子铅球 F46 决赛", "Women's shot put F46 final"), "")}
		}
		s.Groups = append(s.Groups, g)
	}
	return s
}

func controlSamples(t *Translator) []sample {
	url := "/c/hlj9/desk/control"
	page := ControlPage{Page: controlPage(t, t.T("control.title"), url), StateURL: url + "/state", SeatsURL: "/c/hlj9/desk/seats", State: sampleControl(t)}
	none := page
	none.Path, none.State = url+"/none", ControlState{Updated: "14:47:08", Heading: t.T("control.devices", 0), LateURL: "/c/hlj9/desk/inbox", Groups: page.State.Groups}
	d := page.State.Devices[0]
	device := ControlDevicePage{Page: controlPage(t, t.Join(d.Name, d.Seat), d.URL), URL: d.URL, ControlURL: url, Device: d, Facts: []Fact{{t.T("control.seat"), d.Seat}, {t.T("control.judge"), d.Judge}, {t.T("control.seen"), d.Seen}, {t.T("control.unsent"), d.Unsent}},
		Done: t.T("control.did-told"), Last: t.T("control.unread", say(t, "请换电池", "Change the battery")), Seats: []Option{{"5", say(t, "终点 1", "Finish 1"), false}, {"6", say(t, "终点 2", "Finish 2"), false}}, Unsent: t.T("control.unsent-here", 3)}
	wrong := device
	wrong.Path, wrong.Done, wrong.Wrong, wrong.TextBad = d.URL+"/wrong", "", true, t.T("problem.device-text", "400")
	wrong.Problems = []Problem{{"text", wrong.TextBad}, {"sure", t.T("problem.device-unsent", "3")}}
	given := func(place, text, by string, apart bool) ControlGiven {
		return ControlGiven{Place: t.T("seats.place-judge", place), Text: text, By: by, Apart: apart}
	}
	unit := ControlUnitPage{Page: controlPage(t, say(t, "茶艺 决赛", "Tea art final"), url+"/units/30"), ControlURL: url, Heading: say(t, "茶艺 决赛", "Tea art final"), Over: say(t, "茶艺", "Tea art"), JudgeURL: "/c/hlj9/judge/units/30", Apart: t.T("control.apart", 1),
		Lines: []ControlInputs{{ID: "301", Name: longName, About: "大庆油田", Rows: []ControlInput{{"A1", []ControlGiven{given("1", "3", "尤国栋", false), given("2", "3", "邢玉兰", false), given("3", "1", "辛悦", true)}}}}}}
	empty := ControlUnitPage{Page: controlPage(t, say(t, "茶艺 决赛", "Tea art final"), url+"/units/31"), ControlURL: url, Heading: say(t, "茶艺 决赛", "Tea art final"), Over: say(t, "茶艺", "Tea art"), JudgeURL: "/c/hlj9/judge/units/31"}
	return []sample{{"control", page.Path, page}, {"control-none", none.Path, none}, {"control-device", device.Path, device}, {"control-device-wrong", wrong.Path, wrong}, {"control-unit", unit.Path, unit}, {"control-unit-none", empty.Path, empty}}
}

func inboxSamples(t *Translator) []sample {
	url := "/c/hlj9/desk/inbox"
	mark := InboxMark{ID: "4", Command: sampleCommand, Saw: 1, Unit: t.Join(t.Swim("F", 1, 100, "FREE", "S8–S9"), t.Round("PRE"), t.Heat(2)), UnitURL: "/c/hlj9/units/12", Line: t.Join("4", longName), Value: "1:02.20", Now: "1:02.50",
		Why: t.T("inbox.why-mark-late"), By: t.Join("邢玉兰", say(t, "终点 2", "Finish 2"), "14:31"), Said: say(t, "录像", "Video"), Reopens: true, Official: true}
	handed := mark
	handed.ID, handed.Cell, handed.Value, handed.Now, handed.Why, handed.Said, handed.Reopens = "5", "attempt-3", "6.21", "", t.T("inbox.why-mark-handed"), "", false
	decided := mark
	decided.ID, decided.Verdict, decided.Taken = "2", t.T("inbox.verdict-aside", "崔立新", "14:40"), false
	page := InboxPage{Page: controlPage(t, t.T("inbox.title"), url), Action: url, ControlURL: "/c/hlj9/desk/control", Done: t.T("inbox.did-aside"), Waiting: []InboxMark{mark, handed}, Decided: []InboxMark{decided}}
	wrong := page
	bad := mark
	bad.Bad = t.T("problem.reason-missing")
	wrong.Path, wrong.Done, wrong.Wrong, wrong.Waiting, wrong.Problems = url+"/wrong", "", true, []InboxMark{bad}, []Problem{{"why-4", bad.Bad}}
	none := InboxPage{Page: controlPage(t, t.T("inbox.title"), url+"/none"), Action: url, ControlURL: "/c/hlj9/desk/control"}
	return []sample{{"inbox", page.Path, page}, {"inbox-wrong", wrong.Path, wrong}, {"inbox-none", none.Path, none}}
}
