package web

// The pages of photo finish.

func cameraSamples(t *Translator) []sample {
	p := CameraPage{Page: signedIn(t, t.T("camera.title"), "/c/hlj9/judge/units/12/camera", "organiser"), Heading: say(t, "男子 100 米 T47 · 预赛 第 2 组", "Men's 100 m T47 · heat 2"),
		Back: "/c/hlj9/judge/units/12", URL: "/c/hlj9/judge/units/12/camera"}
	for _, name := range []string{"lynx.evt", "lynx.ppl", "lynx.sch"} {
		p.Starts = append(p.Starts, Option{Value: "/c/hlj9/desk/camera/" + name, Text: name})
	}
	row := func(lane, who, of, read, mark, present, shape, text string, field string) CameraRow {
		return CameraRow{Name: field, Saw: 0, Chosen: field != "", Lane: lane, Who: who, Of: of, Read: read, Mark: mark, Present: present, Shape: shape, Text: text, Selected: t.T("camera.choose", who, mark)}
	}
	p.Files = []CameraFile{{ID: "3", Name: "100m-T47-2.lif", About: t.T("camera.saved", "14:21:08"), Take: p.URL + "/3/take", Drop: p.URL + "/3/drop", Command: sampleCommand, TakeText: t.T("camera.take", 3), Needs: true, Rule: true,
		Rows: []CameraRow{
			row("4", "迪丽热巴·买买提", say(t, "1023 · 哈尔滨 · T47", "1023 · Harbin · T47"), "11.312", "11.32", "", "saved", t.T("camera.new"), "row-2"),
			row("5", "佟小江", say(t, "1044 · 大庆 · T47", "1044 · Daqing · T47"), "11.40", "11.40", "11.38", "unofficial", t.T("camera.over", "11.38"), "row-3"),
			row("6", "王磊", say(t, "1050 · 鸡西 · T47", "1050 · Jixi · T47"), "", t.IRM("DSQ", ""), "", "saved", t.T("camera.new"), "row-4"),
			row("7", "李春花", say(t, "1061 · 伊春 · T47", "1061 · Yichun · T47"), "11.55", "11.55", "11.55", "official", t.T("camera.same"), ""),
			row("8", "1077", "", "11.60", "11.60", "", "alert", t.T("problem.lynx-bib-lane"), ""),
		}}}
	none := p
	none.Path, none.Files, none.Wrong = "/c/hlj9/judge/units/13/camera", nil, true
	none.Problems = []Problem{{"camera-file", t.T("problem.lynx-unread")}}
	return []sample{{"camera", p.Path, p}, {"camera-none", none.Path, none}}
}
