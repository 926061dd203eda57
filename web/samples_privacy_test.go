package web

import (
	"reflect"

	"tongchang/events"
)

// The pages of privacy in the states worth looking at. All persons are made up.

func samplePrivacy(t *Translator, role string) PrivacyPage {
	p := PrivacyPage{Page: signedIn(t, t.T("privacy.title", "严小江"), "/c/hlj9/team/2/people/41/privacy", role), Delegation: say(t, "齐齐哈尔", "Qiqihar"), Name: "严小江", PersonURL: "/c/hlj9/team/2/people/41",
		URL: "/c/hlj9/team/2/people/41/privacy", Notice: "/c/hlj9/privacy", Version: 2, Today: "2026-05-21", May: true, MayExport: true, Saw: 3,
		Commands: map[string]string{"agree": sampleCommand, "paper": sampleCommand, "export": sampleCommand, "erase": sampleCommand}, Typed: map[string]string{}}
	line := func(purpose, shape, state, about string, take bool) ConsentLine {
		return ConsentLine{Purpose: purpose, Title: t.T("privacy.purpose." + purpose), Means: t.T("privacy.means." + purpose), Shape: shape, State: state, About: about, Take: take, Command: sampleCommand}
	}
	given := t.T("privacy.about", "1", t.T("privacy.by.guardian"), "2026-05-03") + " " + t.T("privacy.old")
	p.Consents = []ConsentLine{line("data", "official", t.T("privacy.stands"), given, true), line("sensitive", "official", t.T("privacy.stands"), given, true),
		line("publication", "alert", t.T("privacy.withdrawn"), t.T("privacy.about-withdrawn", "2026-05-03", "2026-05-19"), false),
		line("photo", "official", t.T("privacy.stands"), given, true), line("medical", "unofficial", t.T("privacy.none"), "", false)}
	for _, c := range p.Consents {
		p.Purposes = append(p.Purposes, Option{c.Purpose, c.Title, !c.Take})
	}
	p.By = []Option{{"self", t.T("privacy.by.self"), false}, {"guardian", t.T("privacy.by.guardian"), true}}
	for _, k := range []string{"photo", "insurance", "health", "consent", "class", "other"} {
		p.Kinds = append(p.Kinds, Option{Value: k, Text: t.paperKind(events.PaperKind(k))})
	}
	at := say(t, "5 月 20 日 16:42", "20 May 16:42")
	p.Papers = []PaperLine{{ID: 7, Title: t.T("privacy.kind.photo"), About: t.T("privacy.paper-about", at, say(t, "崔立新", "Cui Lixin")), Photo: true, Open: true, Command: sampleCommand, Drop: sampleCommand},
		{ID: 8, Title: t.T("privacy.kind.insurance"), About: t.T("privacy.paper-about", at, say(t, "崔立新", "Cui Lixin")) + " " + t.T("privacy.paper-until", "2026-12-31"), Open: true, Command: sampleCommand, Drop: sampleCommand},
		{ID: 9, Title: t.T("privacy.kind.class"), About: t.T("privacy.paper-about", at, say(t, "崔立新", "Cui Lixin")), Open: role == "delegation", Command: sampleCommand, Drop: sampleCommand}}
	if p.SeesLooks = role == "organiser"; p.SeesLooks {
		p.MayErase = true
		p.Looks = sampleLooks(t)
	}
	return p
}

func sampleLooks(t *Translator) []LookLine {
	return []LookLine{{say(t, "5 月 21 日 9:05", "21 May 9:05"), say(t, "张敏", "Zhang Min"), t.fieldWord("id"), say(t, "保险名单核对", "Checking the insurance list")},
		{say(t, "5 月 20 日 17:30", "20 May 17:30"), say(t, "张敏", "Zhang Min"), t.T("privacy.look-paper"), say(t, "理赔", "An insurance claim")}}
}

func privacySamples(t *Translator) []sample {
	wrong := samplePrivacy(t, "delegation")
	wrong.Path, wrong.Wrong = "/c/hlj9/team/2/people/42/privacy", true
	wrong.Problems = []Problem{{"agree", t.T("problem.consent-guardian", "严小江")}}
	wrong.Papers = nil
	look := LookPage{Page: signedIn(t, t.T("privacy.look.title", "严小江"), "/c/hlj9/team/2/people/41/look", "organiser"), Delegation: say(t, "齐齐哈尔", "Qiqihar"), Name: "严小江", PersonURL: "/c/hlj9/team/2/people/41",
		Action: "/c/hlj9/team/2/people/41/look", Command: sampleCommand, Fields: []Option{{"id", t.fieldWord("id"), true}, {"cert", t.fieldWord("cert"), false}, {"phone", t.fieldWord("phone"), false}}}
	shown := look
	shown.Path, shown.Field, shown.Value, shown.Spoken = "/c/hlj9/team/2/people/42/look", t.fieldWord("phone"), "19900000001", "1 9 9 0 0 0 0 0 0 0 1"
	asked := look
	asked.Path, asked.Wrong, asked.Problems = "/c/hlj9/team/2/people/43/look", true, []Problem{{"reason", t.T("problem.look-reason")}}
	notice := NoticePage{Page: samplePage(t, t.T("privacy.notice.title"), "/c/hlj9/privacy", ""), Version: t.T("privacy.notice.version", "2", say(t, "5 月 1 日", "1 May")),
		Paragraphs: []string{say(t, "组委会收集运动员的姓名、出生日期和证件号，用来核对参赛资格。", "The organisers keep athletes' names, dates of birth and identity numbers to check who may take part."), say(t, "比赛结束后 90 天内销毁。", "They are destroyed within 90 days after the games.")}}
	none := NoticePage{Page: samplePage(t, t.T("privacy.notice.title"), "/c/hlj9/privacy-none", "")}
	desk := PrivacyDeskPage{Page: signedIn(t, t.T("privacy.desk.title"), "/c/hlj9/desk/privacy", "organiser"), URL: "/c/hlj9/desk/privacy", Next: 3, Command: sampleCommand, Words: notice.Paragraphs[0], WordsEn: "The organisers keep names.",
		Versions: []string{t.T("privacy.desk.version", "2", say(t, "5 月 1 日 9:00", "1 May 9:00"), say(t, "张敏", "Zhang Min"))}, Keys: []string{t.T("privacy.desk.sealed", "10640", "1330")}, Erase: t.T("privacy.desk.erase", "2026-09-25"), Looks: sampleLooks(t)}
	all := []sample{{"privacy-person", "", samplePrivacy(t, "organiser")}, {"privacy-person-wrong", "", wrong}, {"privacy-look", "", look}, {"privacy-look-shown", "", shown}, {"privacy-look-wrong", "", asked},
		{"privacy-notice", "", notice}, {"privacy-notice-none", "", none}, {"privacy-desk", "", desk}}
	for i := range all {
		all[i].path = reflect.ValueOf(all[i].view).FieldByName("Path").String()
	}
	return all
}
