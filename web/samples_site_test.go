package web

// The public site beyond the live pages. All persons are made up.

func siteSamples(t *Translator) []sample {
	const root = "/c/hlj9"
	at := func(title, path, section string) Page {
		p := samplePage(t, title, path, "")
		p.Section = section
		return p
	}
	team := PageLink{Text: say(t, "大庆油田", "Daqing Oilfield"), URL: root + "/delegations/2"}
	found := SearchPage{Page: at(t.Join("wxy", t.T("search.title")), root+"/search?q=wxy", "search"), Typed: "wxy", Asked: true, Count: t.T("search.count", 63), More: t.T("search.more", 60),
		People: []FoundLine{{"王晓燕", root + "/athletes/41", t.Join(say(t, "哈尔滨", "Harbin"), "T54", t.T("search.bib", "1024"))}, {longName, root + "/athletes/42", t.Join(team.Text, "S9")}, {"№ 1030", root + "/athletes/43", say(t, "哈尔滨", "Harbin")}},
		Teams:  []FoundLine{{team.Text, team.URL, ""}}, Events: []FoundLine{{t.Swim("F", 1, 100, "FREE", "S8–S9"), root + "/events/3", say(t, "游泳", "Swimming")}}}
	lines := delegationState(t).Lines
	for i := range lines {
		lines[i].Name = longName
	}
	athlete := AthletePage{ID: "42", Page: at(longName, root+"/athletes/42", "search"), Name: longName, Delegation: team, Facts: []Fact{{t.T("search.class"), "S9 SB8"}, {t.T("search.number"), "2001"}}, Starts: lines, Updated: "14:03",
		Entries: []ContestLine{{Name: t.Swim("F", 1, 50, "FREE", "S9"), URL: root + "/events/4", Fate: t.T("contests.merged")}}, CalendarURL: root + "/calendars/delegation-2.ics"}
	fresh := AthletePage{ID: "43", Page: at("№ 1030", root+"/athletes/43", "search"), Name: "№ 1030", Delegation: team, Updated: "14:03", CalendarURL: root + "/calendars/delegation-2.ics"}
	part := SchedulePage{Page: at(t.T("schedule.title"), root+"/schedule?day=2027-06-21&sport=2", "schedule"), State: scheduleState(t), Filter: &ScheduleFilter{Action: root + "/schedule", Day: "2027-06-21", On: true, All: root + "/schedule?day=2027-06-21",
		Sports: []Option{{"", t.T("filter.all-sports"), false}, {"2", say(t, "游泳", "Swimming"), true}}, Venues: []Option{{"", t.T("filter.all-venues"), true}, {"a", say(t, "省游泳馆", "Provincial pool"), false}, {"b", say(t, "省体育场", "Provincial stadium"), false}},
		Delegations: []Option{{"", t.T("filter.all-delegations"), true}, {"2", team.Text, false}}}}
	working := WorkingPage{Page: at(t.Join(team.Text, t.T("working.title")), root+"/medals/2", "medals"), Name: team.Text, URL: team.URL, Facts: []Fact{{t.T("medals.title"), t.T("place", "2")}, {t.T("medals.points"), t.T("place", "1")}},
		Why: []Reason{{Title: t.T("medals.title"), Text: t.say("reason.medals-silver", map[string]any{"Own": "3", "Other": "2"})}}, Source: say(t, "竞赛规程 第 9 条", "Regulation, clause 9"), MedalSum: t.T("working.medal-sum", "1", "0.5", "0"), PointSum: "21", Updated: "14:03",
		Medals: []WorkingLine{{Event: t.Swim("F", 1, 100, "FREE", "S8–S9"), URL: root + "/events/3", Who: longName, Place: t.T("place", "1"), Medal: Gold, MedalText: t.T("medal.gold")},
			{Event: t.Swim("F", 4, 100, "FREE", ""), URL: root + "/events/4", Who: team.Text, Place: t.T("place", "2"), Medal: Silver, MedalText: t.T("medal.silver"), Count: "0.5"}},
		Points: []WorkingLine{{Event: t.Swim("F", 1, 100, "FREE", "S8–S9"), URL: root + "/events/3", Who: longName, Place: t.T("place", "1"), Points: "13", Why: []string{"points.places[0] = 13 · default"}},
			{Event: t.Swim("F", 4, 100, "FREE", ""), URL: root + "/events/4", Who: team.Text, Place: t.T("place", "2"), Points: "8", Full: "11"}}}
	book := RecordsPage{Page: at(t.T("records.title"), root+"/records", "medals"), Count: t.T("records.count", 1), Events: []RecordEvent{{Name: t.Swim("F", 1, 100, "FREE", "S8–S9"), URL: root + "/events/3", Over: say(t, "游泳", "Swimming"), Lines: []RecordLine{
		{List: say(t, "赛会纪录 S9", "Games record S9"), Mark: "1:04.86", Holder: longName, URL: root + "/athletes/42", New: true, State: t.T("records.better"), About: t.T("records.before", "1:05.10")}, {List: say(t, "赛会纪录 S9", "Games record S9"), Mark: "1:05.10", Holder: "石志媛", About: "2023-06-20"}}}}}
	mine := ListPage{Page: at(t.T("list.title"), root+"/list?athlete=42,43&event=3", "search"), Updated: "14:03", Full: t.T("list.full", 40), Events: found.Events, Teams: found.Teams,
		People: []ListPerson{{FoundLine{longName, root + "/athletes/42", t.Join(team.Text, "S9")}, lines}, {FoundLine{"№ 1030", root + "/athletes/43", team.Text}, nil}}}
	return []sample{{"search", root + "/search", found}, {"search-blank", root + "/search/blank", SearchPage{Page: at(t.T("search.title"), root+"/search", "search")}},
		{"search-none", root + "/search/none", SearchPage{Page: at(t.T("search.title"), root+"/search?q=zzz", "search"), Typed: "zzz", Asked: true, Count: t.T("search.count", 0)}},
		{"athlete", root + "/athletes/42", athlete}, {"athlete-new", root + "/athletes/43", fresh}, {"list", root + "/list/42", mine}, {"list-empty", root + "/list", ListPage{Page: at(t.T("list.title"), root+"/list", "search"), Updated: "14:03"}}, {"records", root + "/records", book}, {"records-none", root + "/records/none", RecordsPage{Page: at(t.T("records.title"), root+"/records", "medals"), Count: t.T("records.count", 0)}}, {"working", root + "/medals/2", working}, {"schedule-part", root + "/schedule/part", part}}
}
