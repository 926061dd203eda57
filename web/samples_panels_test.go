package web

// The pages of the classification days in the states worth looking at. All
// persons are made up.

func panelSamples(t *Translator) []sample {
	at := func(title, path, role string) Page {
		p := signedIn(t, title, path, role)
		p.Bar.Links = []BarLink{{t.T("bar.panels"), "/c/hlj9/desk/panels", true}, {t.T("bar.public"), "/c/hlj9", false}}
		return p
	}
	const desk = "/c/hlj9/desk/panels"
	when, sport, team := say(t, "6 月 16 日 09:30", "16 June 09:30"), say(t, "田径", "Athletics"), say(t, "大庆油田", "Daqing Oilfield")
	list := PanelsPage{Page: at(t.T("panels.title"), desk, "organiser"), NewURL: desk + "/new", BookURL: desk + "/slots", Missing: t.T("panels.missing", "31", "4"), CasesURL: "/c/hlj9/desk/cases", WatchURL: "/c/hlj9/desk/watch",
		Panels: []PanelRow{{"A 组", desk + "/1", t.Join(sport, "医务楼 101", "2027-06-16 – 2027-06-17"), longName, t.T("panels.count", "14", "6")}},
		Rules:  &PanelRulesForm{Action: desk + "/rules", Command: sampleCommand, Fields: []NumberField{{"rest", t.T("panels.rule.rest"), "120", ""}, {"fee", t.T("panels.rule.fee"), "x", t.T("problem.field-wrong", "fee")}}}}
	list.Wrong, list.Problems = true, []Problem{{"fee", t.T("problem.field-wrong", "fee")}}
	none := PanelsPage{Page: at(t.T("panels.title"), desk+"/none", "classifier"), CasesURL: "/c/hlj9/desk/cases", WatchURL: "/c/hlj9/desk/watch", Done: &Done{Text: t.T("panels.did.saved")}}
	form := PanelFormPage{Page: at(t.T("panels.new"), desk+"/new", "organiser"), Back: desk, Heading: t.T("panels.new"), Action: desk, Command: sampleCommand, ID: "1", Saw: "2", Problems: []Problem{{"last_day", t.T("problem.panel-days")}},
		Texts:       []TextField{{ID: "name", Label: t.T("panels.field.name"), Value: "A 组", Type: "text"}, {ID: "last_day", Label: t.T("panels.field.last_day"), Value: "2027-06-15", Type: "date", Error: t.T("problem.panel-days")}},
		Disciplines: []Option{{"1", sport, true}}, Impairments: []Option{{"physical", t.T("panels.impairment.physical"), true}, {"vision", t.T("panels.impairment.vision"), false}}, Members: []Option{{"7", longName, true}, {"8", "佟静", false}}, Drop: desk + "/1/drop", DropCommand: sampleCommand}
	form.Wrong = true
	row := PanelSlotRow{ID: "12", Time: "09:30", Name: longName, Delegation: team, Code: "2064", Class: "T54 R · F54 N", State: "scheduled", StateText: t.T("panels.state.booked"), Note: t.T("panels.outside"),
		Move: &SlotMoveForm{Move: desk + "/1/move", Drop: desk + "/1/cancel", Command: sampleCommand, DropCommand: sampleCommand, Saw: "1", Panels: []Option{{"1", "A 组", true}}, Day: "2027-06-16", Clock: "09:30"}}
	absent := PanelSlotRow{ID: "13", Time: "10:00", Name: "佟海燕", URL: "/c/hlj9/desk/slots/13", Delegation: team, Code: "2065", Class: "T46 N", State: "alert", StateText: t.T("panels.state.absent")}
	facts := []Fact{{t.T("panels.sport"), sport}, {t.T("panels.members"), longName}}
	sheet := PanelSheetPage{Page: at(t.T("panels.sheet", "A 组"), desk+"/1", "organiser"), Back: desk, Name: "A 组", Facts: facts, Done: &Done{Text: t.T("panels.did.moved")}, EditURL: desk + "/1/edit",
		Days: []PanelDay{{"2027-06-16", say(t, "6 月 16 日", "16 June"), []PanelSlotRow{row, absent}}}}
	who := ProposedRow{"1/41/2027-06-16T01:30:00Z", when, "A 组", longName, team, t.Join(sport, t.T("panels.why.new"), "T54 N"), when}
	book := PanelBookPage{Page: at(t.T("panels.book"), desk+"/slots", "organiser"), Back: desk, Action: desk + "/slots", Command: sampleCommand, By: sampleCommand, Proposed: []ProposedRow{who}, Have: []ProposedRow{who},
		Left: []LeftRow{{"佟海燕", team, t.Join(sport, t.T("panels.why.no-class")), t.T("panels.left.not-at-all")}}, People: []Option{{"41", longName, true}}, Panels: []Option{{"1", "A 组", true}}, Typed: map[string]string{"day": "2027-06-16"}}
	samples := []sample{{"panels", desk, list}, {"panels-none", desk + "/none", none}, {"panel-form", desk + "/new", form}, {"panel-sheet", desk + "/1", sheet}, {"panel-book", desk + "/slots", book}}
	return append(samples, panelDecisions(t, at, when, sport, team)...)
}

func panelDecisions(t *Translator, at func(title, path, role string) Page, when, sport, team string) []sample {
	const desk, slot, kase = "/c/hlj9/desk/panels", "/c/hlj9/desk/slots/13", "/c/hlj9/desk/cases/4"
	outcome := &OutcomeForm{Action: slot + "/check", Saw: "1", Groups: []OutcomeGroup{{N: "0", Group: "T", Title: t.Join(t.T("panels.group", "T"), t.T("panels.held-now", "T54 R")), Saw: "7",
		Classes:  []Option{{"", t.T("panels.not-decided"), false}, {"T53", "T53", true}, {"T54", "T54", false}, {"NE", "NE", false}},
		Statuses: []Option{{"C", t.Join("C", t.T("class-status.C")), true}, {"OA", t.Join("OA", t.T("class-status.OA")), false}}, Review: "2029"}}}
	files := &PanelFiles{Action: slot + "/files", Command: sampleCommand, Papers: []PanelFile{{"5", t.T("panels.form.diagnosis"), t.Join(when, team), slot + "/files/open", sampleCommand}}, Forms: []Option{{"assessment", t.T("panels.form.assessment"), true}}}
	person := PanelPersonPage{Page: at(t.T("panels.person", longName), slot, "classifier"), Back: desk + "/1", BackText: "A 组", Name: longName, Over: t.Join(sport, team, "2064"), Held: []string{"T54 R", "F54 N"},
		Facts: []Fact{{t.T("panels.when"), when}, {t.T("panels.state-is"), t.T("panels.state.booked")}}, Files: files, Outcome: outcome, Absent: &PanelButton{slot + "/absent", sampleCommand, "1", "1", t.T("panels.absent")}}
	wrong := person
	wrong.Path, wrong.Wrong, wrong.Problems = slot+"/wrong", true, []Problem{{"outcome", t.T("problem.outcome-none")}}
	title := t.T("panels.case", "4", t.T("panels.case-kind.protest"), "佟海燕")
	row := CaseRow{Title: title, URL: kase, About: t.Join(team, sport, t.T("panels.against", "T54 R")), Clock: t.T("panels.due", when, "5", "20"), Shape: "unofficial", Fee: t.T("panels.fee", "500", t.T("panels.fee-state.due")),
		Withdraw: &PanelButton{"/c/hlj9/team/2/classification/withdraw", sampleCommand, "1", "4", t.T("panels.withdraw")}}
	over := CaseRow{Title: title, URL: kase, About: team, Clock: t.T("panels.overdue", when), Shape: "alert"}
	office := PanelPersonPage{Page: at(title, kase, "organiser"), Back: "/c/hlj9/desk/cases", BackText: t.T("panels.cases"), Name: title, Over: row.About, Facts: []Fact{{t.T("panels.clock"), row.Clock}},
		Admin: &CaseAdmin{Panel: kase + "/panel", Fee: kase + "/fee", Commands: [3]string{sampleCommand, sampleCommand}, Saw: "2", Open: true, Panels: []Option{{"1", "A 组", true}}, Fees: []Option{{"due", t.T("panels.fee-state.due"), true}, {"paid", t.T("panels.fee-state.paid"), false}}}}
	panel := PanelPersonPage{Page: at(title, kase+"/panel", "classifier"), Back: "/c/hlj9/desk/cases", BackText: t.T("panels.cases"), Name: title, Over: row.About, Says: say(t, "测试时轮椅没有固定。", "The chair was not fixed during the test."), Outcome: outcome, Reject: &CaseReject{kase + "/decide", sampleCommand, "2"}}
	look := panel
	look.Path, look.Says, look.Look = kase+"/look", "", &ReasonForm{Action: kase + "/look", Command: sampleCommand, Label: t.T("panels.look-why"), Do: t.T("panels.look")}
	cases := CasesPage{Page: at(t.T("panels.cases"), "/c/hlj9/desk/cases", "organiser"), Back: desk, Cases: []CaseRow{over, row}}
	watch := WatchPage{Page: at(t.T("panels.watch"), "/c/hlj9/desk/watch", "classifier"), Back: desk, Rows: []WatchRow{{longName, "/c/hlj9/desk/watch/1/41", team, "T54 OA", t.Join(say(t, "男子 100 米 T54", "Men's 100 m T54"), when), "/c/hlj9/units/12", t.T("panels.watch-over"), "alert"}, {Name: "佟海燕", Delegation: team, Class: "T46 OA", State: t.T("panels.watch-none"), Shape: "scheduled"}}}
	own := TeamClassPage{Page: at(t.T("panels.team", team), "/c/hlj9/team/2/classification", "delegation"), Delegation: team, TeamURL: "/c/hlj9/team/2", May: true, Late: true, Command: sampleCommand, FileURL: "/c/hlj9/team/2/classification/files", CaseURL: "/c/hlj9/team/2/classification/cases",
		People: []TeamClassRow{{"41", longName, sport, []string{"T54 R"}, []string{t.Join(when, "A 组", t.T("panels.state.booked"))}, []string{t.Join(t.T("panels.form.diagnosis"), when)}, sampleCommand}, {ID: "42", Name: "佟海燕", Sport: sport, Command: sampleCommand}},
		Cases:  []CaseRow{row}, Forms: []Option{{"diagnosis", t.T("panels.form.diagnosis"), true}}, Kinds: []Option{{"protest", t.T("panels.case-kind.protest"), true}}, Classes: []Option{{"7", t.Join(longName, "T54 R"), true}}, Typed: map[string]string{}}
	own.Wrong, own.Problems = true, []Problem{{"grounds", t.T("problem.case-grounds")}}
	return []sample{{"panel-slot", slot, person}, {"panel-slot-wrong", slot + "/wrong", wrong}, {"panel-cases", "/c/hlj9/desk/cases", cases}, {"panel-case", kase, office}, {"panel-case-panel", kase + "/panel", panel}, {"panel-case-look", kase + "/look", look},
		{"panel-watch", "/c/hlj9/desk/watch", watch}, {"panel-team", "/c/hlj9/team/2/classification", own}}
}
