package web

// The pages of files of outcomes in the states worth looking at. All persons are
// made up.

func outcomeSamples(t *Translator) []sample {
	at := func(title, path string) Page {
		p := signedIn(t, title, path, "classifier")
		p.Bar.Links = []BarLink{{t.T("bar.classes"), "/c/hlj9/desk/classes", true}, {t.T("bar.public"), "/c/hlj9", false}}
		return p
	}
	const url = "/c/hlj9/desk/classes/outcomes"
	about := say(t, "田径 · 赛前分级 · 6 月 17 日 18:40 · 孟庆荷", "Athletics · Evaluation before the start · 17 June 18:40 · Meng Qinghe")
	name := say(t, "田径A组第二天.xlsx", "athletics panel A day 2.xlsx")
	list := OutcomesPage{Page: at(t.T("outcomes.title"), url), ListURL: "/c/hlj9/desk/classes", Action: url, Excel: url + "/list.xlsx", Most: "500",
		Sports: []Option{{"", t.T("outcomes.sport-in-rows"), true}, {"1", say(t, "田径", "Athletics"), false}}, Causes: []Option{{"panel", t.T("class-cause.panel"), true}, {"protest", t.T("class-cause.protest"), false}},
		Files: []OutcomeLine{{name, url + "/a", about, "unofficial", t.T("outcomes.waiting")}, {name, url + "/b", about, "official", t.T("outcomes.applied")}, {name, url + "/c", about, "off", t.T("outcomes.undone")}}}
	wrong := list
	wrong.Path, wrong.Wrong, wrong.Problems = url+"/wrong", true, []Problem{{"book", t.T("problem.outcomes-no-table", "号码", "姓名", "新级别")}}
	place := func(row int) string { return t.Join(say(t, "田径", "Athletics"), t.T("outcomes.row", row)) }
	file := OutcomeFilePage{Page: at(t.Join(t.T("outcomes.title"), name), url+"/a"), Back: url, Name: name, About: about, Shape: "unofficial", State: t.T("outcomes.waiting"), Decides: 2, Same: 1, Refused: 1,
		Notes: []string{t.T("outcomes.blank", 3), t.T("outcomes.passed", "说明")}, Check: url + "/a/check", Keep: keepOptions(t, ""), Drop: url + "/a/drop", Rows: []OutcomeRow{
			{Place: place(4), Name: longName, Over: say(t, "14001 · 大庆油田 · 田径", "14001 · Daqing Oilfield · Athletics"), From: "T54 N", To: "T53 FRD 2029", More: say(t, "A 组 · 2027-06-17", "A · 2027-06-17"), Shape: "unofficial", Text: t.T("outcomes.does-change")},
			{Place: place(5), Name: "佟海燕", Over: say(t, "1003 · 哈尔滨 · 田径", "1003 · Harbin · Athletics"), From: t.T("classes.no-class"), To: "F56 C", Shape: "official", Text: t.T("outcomes.does-first")},
			{Place: place(6), Name: "孟庆荷", Over: say(t, "5003 · 大庆 · 田径", "5003 · Daqing · Athletics"), From: "T53 C", To: "T53 C", Shape: "off", Text: t.T("outcomes.does-same")},
			{Place: place(7), Name: "1999", From: t.T("classes.no-class"), To: "T99 C", Shape: "alert", Text: t.T("outcomes.does-refused"), Wrong: []string{t.Join("A7", t.T("problem.outcomes-code-unknown", "1999")), t.Join("F7", t.T("problem.outcomes-class-unknown", "T99", say(t, "田径", "Athletics")))}}}}
	applied := OutcomeFilePage{Page: at(t.Join(t.T("outcomes.title"), name), url+"/b"), Back: url, Name: name, About: about, Shape: "official", State: t.T("outcomes.applied"), Done: &Done{Text: t.T("outcomes.did-applied")}, Drop: url + "/b/drop",
		Parts: []ClassPart{{t.T("classes.part-acts"), []string{t.Join(longName, t.T("class-do.leave"), say(t, "男子 100 米 T54", "Men's 100 m T54"))}}, {t.T("classes.part-tell"), []string{say(t, "大庆油田", "Daqing Oilfield")}}},
		Undo:  &ReasonForm{Action: url + "/b/undo", Command: sampleCommand, Seq: 88, Label: t.T("classes.undo-reason"), Do: t.T("classes.undo")}}
	check := ClassCheckPage{Page: at(t.T("outcomes.check-title", 2), url+"/a/check"), Back: url + "/a", Heading: t.T("outcomes.check-title", 2), Action: url + "/a/apply", Command: sampleCommand,
		Hidden: []Option{{Value: "seen", Text: "3f5a"}, {Value: "results", Text: ""}}, Left: t.T("outcomes.left", 1), Parts: applied.Parts}
	return []sample{{"outcomes", url, list}, {"outcomes-wrong", url + "/wrong", wrong}, {"outcomes-file", url + "/a", file}, {"outcomes-applied", url + "/b", applied}, {"outcomes-check", url + "/a/check", check}}
}
