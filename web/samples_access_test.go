package web

import "tongchang/events/access"

// The samples of signing in, of one's own account and of everybody's.

func accessPage(t *Translator, title, path string, role access.Role) Page {
	p := samplePage(t, t.T(title), path, "")
	if role != "" {
		p.Bar = Bar{Name: say(t, "崔立新", "Cui Lixin"), Role: t.Role(role), Account: "/c/hlj9/account", Out: "/c/hlj9/sign-out",
			Links: []BarLink{{t.T("bar.accounts"), "/c/hlj9/desk/accounts", path == "/c/hlj9/desk/accounts"}, {t.T("bar.public"), "/c/hlj9", false}}}
	}
	return p
}

func sampleCode() QR {
	code, err := codeOf("https://games.example/c/hlj9/welcome/SAMPLE")
	if err != nil {
		panic(err) // of a text that never changes
	}
	return code
}

func accessSamples(t *Translator) []sample {
	wrong := t.T("problem.sign-in-wrong-left", "4")
	signIn := SignInPage{Page: accessPage(t, "sign-in.title", "/c/hlj9/sign-in", ""), Action: "/c/hlj9/sign-in", Dates: say(t, "6 月 18 日 – 24 日", "18–24 June"), Place: say(t, "哈尔滨", "Harbin")}
	signInWrong := signIn
	signInWrong.Path += "/wrong"
	signInWrong.Wrong, signInWrong.Login, signInWrong.PassBad, signInWrong.Problems, signInWrong.Next = true, "hrb", wrong, []Problem{{"password", wrong}}, "/c/hlj9/desk/accounts"
	codeWrong := t.T("problem.code-wrong-left", "3")
	second := SecondPage{Page: accessPage(t, "second.title", "/c/hlj9/sign-in/second", ""), Action: "/c/hlj9/sign-in/second"}
	secondWrong := second
	secondWrong.Path += "/wrong"
	secondWrong.Wrong, secondWrong.CodeBad, secondWrong.Problems = true, codeWrong, []Problem{{"code", codeWrong}}
	weak := t.T("problem.password-common")
	welcome := WelcomePage{Page: accessPage(t, "welcome.title", "/c/hlj9/welcome/SAMPLE", ""), Action: "/c/hlj9/welcome", Token: "SAMPLE", Name: say(t, "哈尔滨 · 领队", "Harbin · manager"),
		Role: t.Role(access.Delegation), Login: "hrb"}
	welcomeWrong := welcome
	welcomeWrong.Path += "/wrong"
	welcomeWrong.Wrong, welcomeWrong.PassBad, welcomeWrong.Problems = true, weak, []Problem{{"password", weak}}
	set := SecondSetPage{Page: accessPage(t, "second-set.title", "/c/hlj9/account/second", access.Organiser), Action: "/c/hlj9/account/second", Command: "0190c0de-0000-7000-8000-000000000001",
		Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", Spaced: spaced("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), Code: sampleCode(), Must: true}
	setAgain := set
	setAgain.Path += "/again"
	setAgain.Must, setAgain.Again, setAgain.Wrong, setAgain.CodeBad, setAgain.Problems = false, true, true, codeWrong, []Problem{{"code", codeWrong}}
	recovery := RecoveryPage{Page: accessPage(t, "recovery.title", "/c/hlj9/account/recovery", access.Organiser), Next: "/c/hlj9/desk/accounts",
		Codes: []string{"k4xw-m2np-7qrt", "b3cd-e5fg-h6jk", "w2xy-z3ab-c4de", "f5gh-j6km-n7pq", "r2st-u3vw-x4yz", "a5bc-d6ef-g7hj", "m2np-q3rs-t4uv", "w5xy-z6ab-c7de", "h2jk-m3np-q4rs", "t5uv-w6xy-z7ab"}}
	return []sample{
		{"sign-in", "/c/hlj9/sign-in", signIn}, {"sign-in-wrong", "/c/hlj9/sign-in/wrong", signInWrong},
		{"sign-in-second", "/c/hlj9/sign-in/second", second}, {"sign-in-second-wrong", "/c/hlj9/sign-in/second/wrong", secondWrong},
		{"sign-in-welcome", "/c/hlj9/welcome/SAMPLE", welcome}, {"sign-in-welcome-wrong", "/c/hlj9/welcome/SAMPLE/wrong", welcomeWrong},
		{"account-second", "/c/hlj9/account/second", set}, {"account-second-again", "/c/hlj9/account/second/again", setAgain},
		{"account-recovery", "/c/hlj9/account/recovery", recovery},
		{"account", "/c/hlj9/account", accountSample(t)}, {"account-wrong", "/c/hlj9/account/wrong", accountWrong(t)},
		{"accounts", "/c/hlj9/desk/accounts", accountsSample(t)}, {"accounts-wrong", "/c/hlj9/desk/accounts/wrong", accountsWrong(t)},
		{"accounts-links", "/c/hlj9/desk/accounts/delegations", linksSample(t)}, {"accounts-links-none", "/c/hlj9/desk/accounts/delegations/again", LinksPage{
			Page: accessPage(t, "links.title", "/c/hlj9/desk/accounts/delegations/again", access.Organiser), Back: "/c/hlj9/desk/accounts"}},
	}
}

func accountSample(t *Translator) AccountPage {
	day := say(t, "6 月 21 日 星期一 ", "Monday 21 June ")
	return AccountPage{Page: accessPage(t, "account.title", "/c/hlj9/account", access.Organiser), URL: "/c/hlj9/account", Login: "cui.lixin", Role: t.Role(access.Organiser),
		Done: t.T("account.done-sign-ins"), Others: true, Second: true, Recovery: t.T("account.recovery-left", 9), SecondURL: "/c/hlj9/account/second",
		SignIns: []SignInLine{{"7", "Edge Windows", day + "08:02", day + "14:03", true}, {"6", "WeChat Android", day + "07:40", day + "07:52", false}}}
}

func accountWrong(t *Translator) AccountPage {
	p := accountSample(t)
	p.Page = accessPage(t, "account.title", "/c/hlj9/account/wrong", access.Delegation)
	text := t.T("problem.password-about")
	p.Done, p.Second, p.Others, p.SignIns, p.Wrong, p.NewBad, p.Problems = "", false, false, p.SignIns[:1], true, text, []Problem{{"new", text}}
	return p
}

func accountsSample(t *Translator) AccountsPage {
	day := say(t, "6 月 21 日 星期一 ", "Monday 21 June ")
	act := func(do string, danger bool) AccountAct {
		return AccountAct{do, t.T("accounts.do-" + do), "0190c0de-0000-7000-8000-000000000002", danger}
	}
	line := func(id, name, login, of, shape, state, seen string, acts ...AccountAct) AccountLine {
		return AccountLine{ID: id, URL: "/c/hlj9/desk/accounts/" + id, Name: name, Login: login, Of: of, Shape: shape, State: state, Seen: seen, Acts: acts, Closed: shape == "off"}
	}
	p := AccountsPage{Page: accessPage(t, "accounts.title", "/c/hlj9/desk/accounts", access.Organiser), URL: "/c/hlj9/desk/accounts", Missing: t.T("accounts.missing", 13),
		Command: "0190c0de-0000-7000-8000-000000000003", Command2: "0190c0de-0000-7000-8000-000000000004", Bad: map[string]string{}}
	for _, role := range access.Roles {
		p.Roles = append(p.Roles, Option{Value: string(role), Text: t.Role(role)})
	}
	p.Delegations = []Option{{Text: t.T("accounts.no-delegation")}, {Value: "1", Text: say(t, "哈尔滨", "Harbin")}}
	p.Disciplines = []Option{{Text: t.T("accounts.all-disciplines")}, {Value: "1", Text: say(t, "游泳", "Swimming")}}
	p.Groups = []AccountGroup{
		{t.Role(access.Organiser), "role-organiser", []AccountLine{line("1", say(t, "崔立新", "Cui Lixin"), "cui.lixin", "", "official", t.Join(t.T("accounts.ready"), t.T("accounts.second")), day+"14:03", act("link", false), act("factor", false))}},
		{t.Role(access.Delegation), "role-delegation", []AccountLine{
			line("2", say(t, "哈尔滨 · 领队", "Harbin · manager"), "hrb", say(t, "哈尔滨", "Harbin"), "official", t.T("accounts.ready"), day+"07:52", act("link", false), act("end", false), act("close", true)),
			line("3", say(t, "大庆 · 领队", "Daqing · manager"), "dq", say(t, "大庆", "Daqing"), "scheduled", t.T("accounts.linked", day+"18:00"), "", act("link", false), act("close", true))}},
		{t.Role(access.Judge), "role-judge", []AccountLine{
			line("4", longName, "judge-4", say(t, "游泳", "Swimming"), "off", t.T("accounts.closed"), "", act("open", false)),
			line("5", say(t, "王秀兰 田径", "Wang Xiulan athletics"), "wang", "", "alert", t.T("accounts.link-over"), "", act("link", false), act("close", true))}},
	}
	return p
}

func accountsWrong(t *Translator) AccountsPage {
	p := accountsSample(t)
	p.Page = accessPage(t, "accounts.title", "/c/hlj9/desk/accounts/wrong", access.Organiser)
	text := t.T("problem.name-taken", p.Groups[0].Lines[0].Name)
	p.Missing, p.Done, p.Wrong, p.Login, p.Name, p.Problems = "", t.T("accounts.done-close"), true, "cui", p.Groups[0].Lines[0].Name, []Problem{{"name", text}}
	p.Bad = map[string]string{"name": text}
	p.Roles[2].Chosen = true
	return p
}

func linksSample(t *Translator) LinksPage {
	p := LinksPage{Page: accessPage(t, "links.title", "/c/hlj9/desk/accounts/delegations", access.Organiser), Back: "/c/hlj9/desk/accounts"}
	for _, c := range [][3]string{{"哈尔滨 · 领队", "Harbin · manager", "hrb"}, {longName, longName, "team-4"}} {
		p.Links = append(p.Links, LinkCard{Name: say(t, c[0], c[1]), Role: t.Role(access.Delegation), Login: c[2], URL: "https://games.example/c/hlj9/welcome/SAMPLE", Code: sampleCode(),
			Expires: say(t, "6 月 24 日 星期四 14:03", "Thursday 24 June 14:03")})
	}
	return p
}
