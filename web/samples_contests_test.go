package web

// Events before there are start lists, as everybody sees them. All persons are
// made up.

func contestSamples(t *Translator) []sample {
	const root = "/c/hlj9/events"
	at := func(title, path string) Page {
		p := samplePage(t, title, path, "")
		p.Section = "schedule"
		return p
	}
	name := func(class string) string { return say(t, "男子 100 米 ", "Men's 100 m ") + class }
	sport := say(t, "田径", "Athletics")
	list := ContestsPage{Page: at(t.T("contests.title"), root), Sports: []ContestSport{{Name: sport, About: t.T("contests.count", 4), Contests: []ContestLine{
		{Name: name("T53"), URL: root + "/5", About: t.T("contests.entries", 6)}, {Name: name("T52"), URL: root + "/6", Fate: t.T("contests.merged")},
		{Name: name("T11"), URL: root + "/7", Fate: t.T("contests.cancelled")}, {Name: name("T38"), URL: root + "/8", About: t.T("contests.entries", 2), Fate: t.T("contests.exhibition")}}}}}
	event := func(class, path string, fate *Fate, entries ...EntrantLine) EventPage {
		p := EventPage{Page: samplePage(t, name(class), path, "event/5"), Over: sport, Fate: fate, Entries: entries, State: EventState{Title: name(class), Status: StatusScheduled, StatusText: t.Status(StatusScheduled), Updated: "14:03:20"}}
		p.Section = "schedule"
		return p
	}
	entered := event("T52, T53", root+"/5", &Fate{Title: t.T("contests.merged-event"), Links: []ContestLine{{Name: name("T52"), URL: root + "/6", About: t.T("contests.from")}}},
		EntrantLine{longName, t.Join(say(t, "大庆油田", "Daqing Oilfield"), "T53")}, EntrantLine{"№ 1024", t.Join(say(t, "哈尔滨", "Harbin"), "T52")})
	merged := event("T52", root+"/6", &Fate{Title: t.T("contests.merged"), Elsewhere: true, Text: t.T("contests.decided-with", 2), Links: []ContestLine{{Name: name("T52, T53"), URL: root + "/5", About: t.T("contests.into")}}})
	return []sample{{"contests", root, list}, {"contests-empty", root + "/none", ContestsPage{Page: at(t.T("contests.title"), root+"/none")}}, {"contest-entries", root + "/5", entered}, {"contest-merged", root + "/6", merged}}
}
