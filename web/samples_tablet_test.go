package web

// tabletSamples are the shell of the judge's tablet, and the desk's page for its
// files.
func tabletSamples(t *Translator) []sample {
	shell := TabletPage{Page: samplePage(t, t.T("tablet.title"), "/c/hlj9/tablet", ""), Competition: "hlj9", Version: "0190c0de",
		Words: map[string]string{"tablet.save": t.T("tablet.save", "{0}")}, Manifest: "/c/hlj9/tablet/manifest.webmanifest"}
	outbox := func(path string, change func(*OutboxPage)) OutboxPage {
		p := OutboxPage{Page: samplePage(t, t.T("outbox.title"), path, ""), URL: "/c/hlj9/desk/outbox"}
		p.Bar = Bar{Name: say(t, "崔立新", "Cui Lixin"), Role: say(t, "裁判长", "Chief judge"), Links: []BarLink{{Title: t.T("bar.judge"), URL: "/c/hlj9/judge"}, {Title: t.T("bar.tablet"), URL: "/c/hlj9/tablet"}}}
		change(&p)
		return p
	}
	lines := []OutboxLine{{By: say(t, "邢玉兰", "Xing Yulan"), About: say(t, "第 4 道 · 佟海燕", "Lane 4 · Tong Haiyan"), Text: "1:04.86"},
		{By: say(t, "邢玉兰", "Xing Yulan"), About: say(t, "第 5 道 · 敖嫩·巴图", "Lane 5 · Aonen Batu"), Text: "1:05.07"}}
	return []sample{
		{"tablet", "/c/hlj9/tablet", shell},
		{"outbox", "/c/hlj9/desk/outbox", outbox("/c/hlj9/desk/outbox", func(*OutboxPage) {})},
		{"outbox-wrong", "/c/hlj9/desk/outbox/wrong", outbox("/c/hlj9/desk/outbox/wrong", func(p *OutboxPage) {
			p.Wrong, p.Problems = true, []Problem{{"file", t.T("problem.outbox-broken")}}
		})},
		{"outbox-check", "/c/hlj9/desk/outbox/check", outbox("/c/hlj9/desk/outbox/check", func(p *OutboxPage) { p.Lines, p.File = lines, `{"schema":"tongchang/outbox/1"}` })},
		{"outbox-done", "/c/hlj9/desk/outbox/take", outbox("/c/hlj9/desk/outbox/take", func(p *OutboxPage) {
			lines[1].Problem = t.T("problem.mark-stale")
			p.Lines, p.Done = lines[1:], t.T("outbox.done", "1", "0", "1")
		})},
	}
}
