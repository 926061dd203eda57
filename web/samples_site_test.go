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
	athlete := AthletePage{Page: at(longName, root+"/athletes/42", "search"), Name: longName, Delegation: team, Facts: []Fact{{t.T("search.class"), "S9 SB8"}, {t.T("search.number"), "2001"}}, Starts: lines, Updated: "14:03",
		Entries: []ContestLine{{Name: t.Swim("F", 1, 50, "FREE", "S9"), URL: root + "/events/4", Fate: t.T("contests.merged")}}, CalendarURL: root + "/calendars/delegation-2.ics"}
	fresh := AthletePage{Page: at("№ 1030", root+"/athletes/43", "search"), Name: "№ 1030", Delegation: team, Updated: "14:03", CalendarURL: root + "/calendars/delegation-2.ics"}
	part := SchedulePage{Page: at(t.T("schedule.title"), root+"/schedule?day=2027-06-21&sport=2", "schedule"), State: scheduleState(t), Filter: &ScheduleFilter{Action: root + "/schedule", Day: "2027-06-21", On: true, All: root + "/schedule?day=2027-06-21",
		Sports: []Option{{"", t.T("filter.all-sports"), false}, {"2", say(t, "游泳", "Swimming"), true}}, Venues: []Option{{"", t.T("filter.all-venues"), true}, {"a", say(t, "省游泳馆", "Provincial pool"), false}, {"b", say(t, "省体育场", "Provincial stadium"), false}},
		Delegations: []Option{{"", t.T("filter.all-delegations"), true}, {"2", team.Text, false}}}}
	return []sample{{"search", root + "/search", found}, {"search-blank", root + "/search/blank", SearchPage{Page: at(t.T("search.title"), root+"/search", "search")}},
		{"search-none", root + "/search/none", SearchPage{Page: at(t.T("search.title"), root+"/search?q=zzz", "search"), Typed: "zzz", Asked: true, Count: t.T("search.count", 0)}},
		{"athlete", root + "/athletes/42", athlete}, {"athlete-new", root + "/athletes/43", fresh}, {"schedule-part", root + "/schedule/part", part}}
}
