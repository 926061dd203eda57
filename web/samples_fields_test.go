package web

import "tongchang/events/access"

// The pages of small fields and draws in the states worth looking at. All
// persons are made up.

func atFields(t *Translator, title, path string) Page {
	p := signedIn(t, title, path, "organiser")
	p.Bar.Links = []BarLink{{say(t, "报名", "Registrations"), "/c/hlj9/desk/registrations", false}, {t.T("bar.fields"), "/c/hlj9/desk/fields", true}, {t.T("bar.public"), "/c/hlj9", false}}
	return p
}

func sampleAward(t *Translator, places string, medals ...string) FieldAward {
	return FieldAward{medals, t.T("fields.places", places)}
}

func sampleFields(t *Translator) FieldsPage {
	athletics, swimming := say(t, "田径", "Athletics"), say(t, "游泳", "Swimming")
	merge := func(chosen bool) []Option {
		into := t.T("fields.act-merge", say(t, "女子铁饼 F37", "Women's discus F37"))
		return []Option{{"merge:37", t.T("fields.proposed", into), chosen}, {"exhibition", t.T("fields.act-exhibition"), false}, {"cancel", t.T("fields.act-cancel"), false}, {"keep", t.T("fields.act-keep"), false}}
	}
	discus := FieldRow{ID: "36", Saw: 1, Title: say(t, "女子铁饼 F36", "Women's discus F36"), URL: "/c/hlj9/events/36", Sport: athletics, Count: t.T("fields.people", 1), Teams: "哈尔滨", Shape: "merge",
		Propose: t.T("fields.say-merge", say(t, "女子铁饼 F37", "Women's discus F37"), "1", "4", t.T("fields.people", 5)), After: sampleAward(t, "4", Gold, Silver, Bronze), Effects: []string{t.T("fields.effect-merge", "1")}, Options: merge(true)}
	backstroke := FieldRow{ID: "51", Saw: 1, Title: say(t, "男子 50 米仰泳 S3", "Men's 50 m backstroke S3"), URL: "/c/hlj9/events/51", Sport: swimming, Count: t.T("fields.people", 1), Teams: "佳木斯", Shape: "cross", Propose: t.T("fields.say-cancel"),
		After: FieldAward{Text: t.T("fields.may-change")}, Effects: []string{t.T("fields.effect-cancel", "1")}, Alarm: t.T("fields.alarm", "1"),
		Options: []Option{{"", t.T("fields.choose"), true}, {"exhibition", t.T("fields.act-exhibition"), false}, {"cancel", t.T("fields.proposed", t.T("fields.act-cancel")), false}, {"keep", t.T("fields.act-keep"), false}}}
	drawn := FieldRow{ID: "52", Saw: 2, Title: say(t, "羽毛球混合双打 轮椅组", "Badminton mixed doubles wheelchair"), URL: "/c/hlj9/events/52", Sport: say(t, "羽毛球", "Badminton"), Count: t.T("fields.teams", 2), Teams: "哈尔滨、大庆油田", Shape: "stage", Propose: t.T("fields.say-exhibition"),
		After: FieldAward{Text: t.T("fields.no-medals")}, Effects: []string{t.T("fields.effect-exhibition", "2")}, Drawn: true, Options: []Option{{"", t.T("fields.choose"), true}, {"keep", t.T("fields.act-keep"), false}}}
	undo := &ReasonForm{Action: "/c/hlj9/desk/fields/undo", Command: sampleCommand, Seq: 88, Label: t.T("fields.undo-reason"), Do: t.T("fields.undo")}
	return FieldsPage{Page: atFields(t, t.T("fields.title"), "/c/hlj9/desk/fields"), URL: "/c/hlj9/desk/fields", DrawsURL: "/c/hlj9/desk/draws", Back: "/c/hlj9/desk/fields", Summary: t.T("fields.summary", 5, "608", "2", "3"),
		Rule: FieldRule{Title: say(t, "第九届残运会规程 · 第 12 条", "9th Para Games regulation · clause 12"), Few: t.T("fields.few-persons", "3"), Award: t.T("fields.award-minus-one-below", "8"), Others: []string{say(t, "门球", "Gateball")},
			Steps: []FieldStep{{"merge", t.T("fields.step-merge-up")}, {"stage", t.T("fields.step-exhibition") + t.T("fields.step-least", "2")}, {"cross", t.T("fields.step-cancel")}}},
		Sports: []PageLink{{t.T("fields.all-sports", "3"), "/c/hlj9/desk/fields", true}, {t.T("fields.of-sport", athletics, "1"), "/c/hlj9/desk/fields?sport=AT", false}, {t.T("fields.of-sport", swimming, "1"), "/c/hlj9/desk/fields?sport=SW", false}},
		Done:   &FieldsDone{Text: t.T("fields.did-decided", 2), Details: []string{t.T("fields.did-merge", "1"), t.T("fields.did-keep", "1")}, Link: "#decided-88"}, Rows: []FieldRow{discus, backstroke, drawn},
		Decided: []Decision{{ID: "88", Title: say(t, "5 月 26 日 10:12 · 崔立新", "26 May 10:12 · Cui Lixin"), Reason: say(t, "报名人数不足，按规程第 12 条办理。", "Too few entries: clause 12 of the regulation."), Changed: 1, Undo: undo, Lines: []DecidedLine{
			{Title: say(t, "男子 400 米 T12", "Men's 400 m T12"), URL: "/c/hlj9/events/12", Shape: "merge", Text: t.T("fields.act-merge", say(t, "男子 400 米 T13", "Men's 400 m T13"))},
			{Title: say(t, "女子跳远 T20", "Women's long jump T20"), URL: "/c/hlj9/events/20", Shape: "check", Text: t.T("fields.act-keep"), Changed: t.T("fields.changed", "2", "1")}}}}}
}

func sampleFieldsWrong(t *Translator) FieldsPage {
	p := sampleFields(t)
	p.Path, p.Done, p.Wrong = "/c/hlj9/desk/fields/wrong", nil, true
	p.Problems = []Problem{{"decided-88", t.T("fields.reason-missing")}}
	undo := *p.Decided[0].Undo
	undo.Wrong = p.Problems[0].Text
	p.Decided[0].Undo = &undo
	return p
}

func sampleFieldsCheck(t *Translator) FieldsCheckPage {
	list := sampleFields(t)
	check := func(row FieldRow, text string) FieldCheck {
		return FieldCheck{Title: row.Title, Sport: row.Sport, Shape: row.Shape, Text: text, After: row.After, Effects: row.Effects, Alarm: row.Alarm}
	}
	blocked := check(list.Rows[2], t.T("problem.field-drawn", list.Rows[2].Title))
	blocked.Shape, blocked.After, blocked.Effects = "", FieldAward{}, nil
	p := FieldsCheckPage{Page: atFields(t, t.T("fields.check-title"), "/c/hlj9/desk/fields/check"), URL: "/c/hlj9/desk/fields", Action: "/c/hlj9/desk/fields/decide", Command: sampleCommand, Back: "/c/hlj9/desk/fields", Danger: true,
		Rows:    []FieldCheck{check(list.Rows[0], t.T("fields.will-merge", say(t, "女子铁饼 F37", "Women's discus F37"), t.T("fields.people", 5))), check(list.Rows[1], t.T("fields.say-cancel"))},
		Blocked: []FieldCheck{blocked}, Left: t.T("fields.left", 1), Do: t.T("fields.do", 2),
		Hidden: []Option{{Value: "back", Text: "/c/hlj9/desk/fields"}, {Value: "id", Text: "36"}, {Value: "do-36", Text: "merge:37"}, {Value: "saw-36", Text: "1"}, {Value: "rule-36", Text: "minimum.actions[0]"}}}
	p.Wrong, p.Problems = true, []Problem{{"reason", t.T("fields.reason-missing")}}
	return p
}

// sampleDrawn is a draw of two heats, one of them changed by hand.
func sampleDrawn(t *Translator) DrawShown {
	line := func(number, name, delegation, class string, why ...string) DrawLine {
		return DrawLine{number, name, delegation, class, why}
	}
	return DrawShown{Made: true, Document: "/c/hlj9/documents/draws/3.json", Commitment: "9f2c7ad0415be3c86a17d0f3b84e5c926d1704ab8e93fc5527d1b06ea4c83d19", Seed: "04c1d2f7a93b6e58107fd3c24b9ea0867d5513fe42c8ab90617e3fd85a2b9c06",
		Facts: []Fact{{t.T("draws.drawn-at"), say(t, "6 月 1 日 10:02", "1 June 10:02")}, {t.T("draws.kind"), t.T("draws.kind-heats")}, {t.T("draws.word"), "37 12"}}, Apart: t.T("draws.apart", "1", "1"),
		Units: []DrawUnit{{t.T("draws.part-heats", "1"), []DrawLine{
			line("3+4", "佟海燕", "哈尔滨", "T11", t.T("start.seed-mark", "1", "", ""), t.T("start.lane-guide", "2", "", "")),
			line("6", longName, "大庆油田", "T12", t.T("start.seed-none", "4", "", "7"), t.T("start.hand-move", say(t, "第 5 道积水", "Lane 5 is under water"), t.Role(access.Chief), "1/5"))}},
			{t.T("draws.part-heats", "2"), []DrawLine{line("4", "敖嫩·巴图", "齐齐哈尔", "T11", t.T("start.seed-lot", "2", "孟庆荷", "3"), t.T("start.lane-choice", "1", "", ""))}}},
		Out: []string{"孟庆荷"}, Reserves: []string{"栾凤珊"},
		Changes: []DrawChange{{Number: 1, Text: t.T("draws.act-scratch", "孟庆荷", t.T("draws.spot-heats", "2", "6"), "", "", "", "0"), Reason: say(t, "本人退出。", "Withdrew."), About: t.Join(t.Role(access.Chief), say(t, "6 月 2 日 08:10", "2 June 08:10")), Undone: true},
			{Number: 2, Text: t.T("draws.act-move", longName, t.T("draws.spot-heats", "1", "5"), t.T("draws.spot-heats", "1", "6"), "", "", "0"), Reason: say(t, "第 5 道积水。", "Lane 5 is under water."), About: t.Join(t.Role(access.Chief), say(t, "6 月 2 日 08:30", "2 June 08:30"))}}}
}

func sampleDraw(t *Translator) DrawPage {
	title := say(t, "女子 100 米 T11–T12", "Women's 100 m T11–T12")
	p := DrawPage{Page: atFields(t, t.Join(t.T("draws.title"), title), "/c/hlj9/desk/draws/3"), DrawsURL: "/c/hlj9/desk/draws", PublicURL: "/c/hlj9/events/3/draw", Heading: title, Over: say(t, "田径", "Athletics"),
		State: StatusOfficial, StateText: t.T("draws.state-drawn"), Draw: sampleDrawn(t), Action: "/c/hlj9/desk/draws/3", Commands: []string{sampleCommand, sampleCommand, sampleCommand, sampleCommand},
		Placed:   []Option{{Value: "104 1/3", Text: t.Join(t.T("draws.spot-heats", "1", "3"), "佟海燕", "哈尔滨")}, {Value: "103 1/6", Text: t.Join(t.T("draws.spot-heats", "1", "6"), longName, "大庆油田")}},
		Free:     []Option{{Value: "1/1", Text: t.T("draws.spot-heats", "1", "1")}, {Value: "2/6", Text: t.T("draws.spot-heats", "2", "6")}},
		Reserves: []Option{{Value: "107", Text: t.Join("栾凤珊", "大兴安岭")}},
		Void:     &ReasonForm{Action: "/c/hlj9/desk/draws/3/void", Command: sampleCommand, Label: t.T("draws.void-reason"), Do: t.T("draws.void"), Danger: true}}
	p.Draw.Changes[1].Undo = &ReasonForm{Action: "/c/hlj9/desk/draws/3/undo", Command: sampleCommand, Seq: 2, Label: t.T("draws.undo-reason"), Do: t.T("draws.undo")}
	return p
}

func sampleDrawWrong(t *Translator) DrawPage {
	p := sampleDraw(t)
	p.Path, p.Wrong, p.Chosen = "/c/hlj9/desk/draws/3/change", true, DrawTyped{Act: "move", Who: "103 1/6", To: "2/6", Reason: say(t, "第 6 道积水。", "Lane 6 is under water.")}
	p.Problems = []Problem{{"main", t.T("problem.hand-taken", "2/6", "敖嫩·巴图")}}
	return p
}

func sampleDraws(t *Translator) DrawsPage {
	row := func(id, title, state, shape, print string) DrawRow {
		r := DrawRow{ID: id, Title: title, Count: t.T("fields.people", 12), State: shape, StateText: t.T("draws.state-" + state), Commitment: print, Closed: state == "closed"}
		if print != "" {
			r.URL = "/c/hlj9/desk/draws/" + id
		}
		return r
	}
	made := sampleDrawn(t).Commitment
	return DrawsPage{Page: atFields(t, t.T("draws.title"), "/c/hlj9/desk/draws"), URL: "/c/hlj9/desk/draws", FieldsURL: "/c/hlj9/desk/fields", Back: "/c/hlj9/desk/draws", All: 4, Tally: t.T("draws.tally", 4, "1", "1", "1"),
		Done: &FieldsDone{Text: t.T("draws.did-drawn", 1)}, Groups: []DrawGroup{{ID: "AT", Title: say(t, "田径", "Athletics"), Tally: t.T("draws.group-tally", 4, "2"), Rows: []DrawRow{
			row("3", say(t, "女子 100 米 T11–T12", "Women's 100 m T11–T12"), "drawn", StatusOfficial, made), row("4", say(t, "女子 200 米 T11", "Women's 200 m T11"), "promised", StatusStartList, made),
			row("5", say(t, "女子铁饼 F37", "Women's discus F37"), "none", StatusScheduled, ""), row("36", say(t, "女子铁饼 F36", "Women's discus F36"), "closed", "off", "")}}}}
}

func sampleDrawsCheck(t *Translator) DrawCheckPage {
	return DrawCheckPage{Page: atFields(t, t.T("draws.title-draw"), "/c/hlj9/desk/draws/check"), URL: "/c/hlj9/desk/draws", Lead: []string{t.T("draws.draw-lead")}, Action: "/c/hlj9/desk/draws/make", Command: sampleCommand, IDs: []string{"4"}, AskWord: true, Word: "37 12",
		Events: []string{t.Join(say(t, "女子 200 米 T11", "Women's 200 m T11"), t.T("fields.people", 12))}, Blocked: []FieldCheck{{Title: say(t, "女子铁饼 F37", "Women's discus F37"), Sport: say(t, "田径", "Athletics"), Text: t.T("draws.no-promise")}},
		Do: t.T("draws.do-draw", 1), Back: "/c/hlj9/desk/draws"}
}

func sampleDrawPublic(t *Translator, path string, change func(*DrawPublicPage)) DrawPublicPage {
	title := say(t, "女子 100 米 T11–T12", "Women's 100 m T11–T12")
	p := DrawPublicPage{Page: samplePage(t, t.Join(t.T("draws.public-title"), title), path, ""), Heading: title, Over: say(t, "田径", "Athletics"), EventURL: "/c/hlj9/events/3", Draw: sampleDrawn(t), Holds: true}
	p.Section = "schedule"
	change(&p)
	return p
}

// fieldSamples are the pages of small fields and draws.
func fieldSamples(t *Translator) []sample {
	promised := func(p *DrawPublicPage) {
		p.Holds, p.Draw = false, DrawShown{Document: p.Draw.Document, Commitment: p.Draw.Commitment, Facts: []Fact{{t.T("draws.promised-at"), say(t, "5 月 20 日 09:00", "20 May 09:00")}}}
	}
	differs := func(p *DrawPublicPage) {
		p.Holds, p.Differs = false, t.T("problem.draw-differs-heats", "2", "4", "敖嫩·巴图", "孟庆荷")
	}
	team := sampleTeam(t)
	team.Path, team.Done = "/c/hlj9/team/2/notices", nil
	team.Notices = &NoticeBox{New: 1, Action: "/c/hlj9/team/2/notices", Command: sampleCommand, UpTo: 7, May: true, Lines: []NoticeLine{
		{say(t, "5 月 26 日 10:12", "26 May 10:12"), t.T("notice.fields", say(t, "男子 400 米 T12", "Men's 400 m T12")), say(t, "报名人数不足，按规程第 12 条办理。", "Too few entries: clause 12 of the regulation."), true},
		{say(t, "5 月 24 日 17:05", "24 May 17:05"), t.T("notice.class-change", "佟海燕"), say(t, "复核定为 T12。", "T12 after review."), false}}}
	return []sample{
		{"fields", "/c/hlj9/desk/fields", sampleFields(t)},
		{"fields-wrong", "/c/hlj9/desk/fields/wrong", sampleFieldsWrong(t)},
		{"fields-none", "/c/hlj9/desk/fields/none", FieldsPage{Page: atFields(t, t.T("fields.title"), "/c/hlj9/desk/fields/none"), URL: "/c/hlj9/desk/fields", DrawsURL: "/c/hlj9/desk/draws", Summary: t.T("fields.summary", 0, "608", "0", "0"),
			Rule: FieldRule{Title: t.T("fields.rule-usual"), Few: t.T("fields.no-minimum"), Award: t.T("fields.award-all", "8")}}},
		{"fields-check", "/c/hlj9/desk/fields/check", sampleFieldsCheck(t)},
		{"draws", "/c/hlj9/desk/draws", sampleDraws(t)},
		{"draws-check", "/c/hlj9/desk/draws/check", sampleDrawsCheck(t)},
		{"draw", "/c/hlj9/desk/draws/3", sampleDraw(t)},
		{"draw-wrong", "/c/hlj9/desk/draws/3/change", sampleDrawWrong(t)},
		{"draw-public", "/c/hlj9/events/3/draw", sampleDrawPublic(t, "/c/hlj9/events/3/draw", func(*DrawPublicPage) {})},
		{"draw-promised", "/c/hlj9/events/4/draw", sampleDrawPublic(t, "/c/hlj9/events/4/draw", promised)},
		{"draw-differs", "/c/hlj9/events/5/draw", sampleDrawPublic(t, "/c/hlj9/events/5/draw", differs)},
		{"team-notices", "/c/hlj9/team/2/notices", team},
	}
}
