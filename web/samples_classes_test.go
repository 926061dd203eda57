package web

// The pages of classes in the states worth looking at. All persons are made up.

func sampleClassRow(t *Translator, class, status string) ClassRow {
	return ClassRow{Name: longName, URL: "/c/hlj9/desk/classes/1/41", Delegation: say(t, "大庆油田", "Daqing Oilfield"), Sport: say(t, "田径", "Athletics"), Class: class, Status: t.Join(status, t.T("class-status."+status))}
}

func classSamples(t *Translator) []sample {
	at := func(title, path string) Page {
		p := signedIn(t, title, path, "organiser")
		p.Bar.Links = []BarLink{{t.T("bar.classes"), "/c/hlj9/desk/classes", true}, {t.T("bar.public"), "/c/hlj9", false}}
		return p
	}
	blocked := sampleClassRow(t, "NE", "C")
	blocked.Name, blocked.Means = "佟海燕", t.T("classes.blocks-group", "T")
	none := blocked
	none.Name, none.Class, none.Status, none.Means = "孟庆荷", "", "", ""
	everything := []Option{{"", t.T("reg.everything"), true}}
	list := ClassesPage{Page: at(t.T("classes.title"), "/c/hlj9/desk/classes"), Official: true, OutcomesURL: "/c/hlj9/desk/classes/outcomes", Rows: []ClassRow{sampleClassRow(t, "T54", "R"), blocked, none},
		Filter: Filter{Action: "/c/hlj9/desk/classes/find", States: everything, Sports: everything, Delegations: everything}, Shown: t.T("reg.page-of", 120, "1", "100"),
		Pages: []PageLink{{"1", "/c/hlj9/desk/classes?page=1#people", true}, {"2", "/c/hlj9/desk/classes?page=2#people", false}}}
	empty := list
	empty.Path, empty.Rows, empty.Pages, empty.Shown = "/c/hlj9/desk/classes/none", nil, nil, t.T("reg.shown-of", 0, "120")
	empty.Filter.On, empty.Filter.Query, empty.Filter.Clear = true, "x", "/c/hlj9/desk/classes"
	public := ClassesPage{Page: samplePage(t, t.T("classes.title"), "/c/hlj9/classes", ""), Rows: []ClassRow{sampleClassRow(t, "T54", "C")}}
	public.Rows[0].URL = ""
	form := &ClassForm{ID: "1", Action: "/c/hlj9/desk/classes/1/41/check", Group: "T", Saw: "7", Statuses: []Option{{"R", t.Join("R", t.T("class-status.R")), true}, {"C", t.Join("C", t.T("class-status.C")), false}},
		Causes: []Option{{"panel", t.T("class-cause.panel"), false}, {"protest", t.T("class-cause.protest"), false}}, Keep: []Option{{"", t.T("classes.results-usual"), true}, {"keep", t.T("classes.results-keep"), false}}}
	undo := &ReasonForm{Action: "/c/hlj9/desk/classes/1/41/undo", Command: sampleCommand, Seq: 88, Label: t.T("classes.undo-reason"), Do: t.T("classes.undo")}
	time := say(t, "6 月 2 日 08:10 · 孟庆荷", "2 June 08:10 · Meng Qinghe")
	person := ClassPage{Page: at(t.T("classes.person-title", longName), "/c/hlj9/desk/classes/1/41"), ListURL: "/c/hlj9/desk/classes", Name: longName, Over: say(t, "田径 · 大庆油田", "Athletics · Daqing Oilfield"),
		Done: &Done{Text: t.T("classes.did-changed")}, Lines: []ClassHeld{{ClassRow: sampleClassRow(t, "T54", "R"), ID: "1", Form: form, History: []string{t.Join("T54", "R", t.T("class-cause.protest")), t.Join("T53", "N", t.T("class-cause.panel"))}}},
		First: &ClassForm{ID: "first", Action: form.Action, Saw: "0", Statuses: form.Statuses, Causes: form.Causes, Keep: form.Keep},
		Acts:  []ClassActLine{{Title: time, Reason: say(t, "抗议成立。", "Protest upheld."), Undo: undo}, {Title: time, Reason: say(t, "录错了。", "A slip."), Undone: true}}}
	wrong, bad := person, *form
	bad.Class, bad.Panel, bad.Wrong, bad.Error = "F54", "A", "class", t.T("problem.class-group", "F54", "T")
	wrong.Lines = []ClassHeld{person.Lines[0]}
	wrong.Lines[0].Form = &bad
	first := person
	first.Path, first.Done, first.Lines, first.Acts = "/c/hlj9/desk/classes/1/43", nil, nil, nil
	wrong.Path, wrong.Done, wrong.Wrong, wrong.Problems = "/c/hlj9/desk/classes/1/42", nil, true, []Problem{{"class-1", bad.Error}}
	check := ClassCheckPage{Page: at(t.T("classes.check-title", longName, "T53"), "/c/hlj9/desk/classes/1/41/check"), Back: "/c/hlj9/desk/classes/1/41", Heading: t.T("classes.check-title", longName, "T53"), Action: "/c/hlj9/desk/classes/1/41/change",
		Command: sampleCommand, Hidden: []Option{{Value: "class", Text: "T53"}, {Value: "saw", Text: "7"}}, Reason: say(t, "抗议成立。", "Protest upheld."), Parts: []ClassPart{
			{t.T("classes.part-acts"), []string{t.Join(t.T("class-do.leave"), say(t, "男子 100 米 T54", "Men's 100 m T54")), t.Join(t.T("class-do.join"), say(t, "男子 100 米 T53", "Men's 100 m T53"), t.T("classes.unplaced"))}},
			{t.T("classes.part-places"), []string{t.Join("佟海燕", t.T("classes.from-to", "2", "1"))}}, {t.T("classes.part-records"), nil}, {t.T("classes.part-tell"), []string{say(t, "大庆油田", "Daqing Oilfield")}}}}
	return []sample{{"classes", "/c/hlj9/desk/classes", list}, {"classes-none", "/c/hlj9/desk/classes/none", empty}, {"classes-public", "/c/hlj9/classes", public}, {"class", "/c/hlj9/desk/classes/1/41", person}, {"class-wrong", "/c/hlj9/desk/classes/1/42", wrong}, {"class-first", "/c/hlj9/desk/classes/1/43", first}, {"class-check", "/c/hlj9/desk/classes/1/41/check", check}}
}
