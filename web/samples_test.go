package web

import (
	"strconv"

	"tongchang/events/needs"
	"tongchang/scoring"
)

// The samples: one view model for every page in every state worth looking at,
// in either language. The golden files, the accessibility run and the pictures
// are all made from them. All persons are made up.

const sampleEpoch = "e1"

// sample is a page and the address where the stage shows it.
type sample struct {
	name string // of the golden file
	path string
	view View
}

// swimmer is one line of the sample heat.
type swimmer struct {
	entry, lane, name, delegation, class string
	ms                                   scoring.Mark
	irm                                  scoring.IRM
	rule                                 string
}

const longName = "古丽巴哈尔·阿布都热依木·买买提吐尔逊·艾合买提江·图尔荪古丽"

var heat = []swimmer{
	{"104", "4", "佟海燕", "哈尔滨", "S9", 64_860, "", ""},
	{"105", "5", "敖嫩·巴图", "齐齐哈尔", "S9", 65_070, "", ""},
	{"103", "3", longName, "大庆油田", "S8", 65_070, "", ""},
	{"106", "6", "孟庆荷", "牡丹江", "S9", 65_980, "", ""},
	{"102", "2", "McAllister-Tremblay Ève", "哈尔滨二团", "S9", 71_020, "", ""},
	{"107", "7", "栾凤珊", "大兴安岭", "SM9", 0, "", ""},
	{"101", "1", "石志媛", "佳木斯", "S9", 0, scoring.DNS, ""},
	{"108", "8", "𠮷冈春兰", "鹤岗", "S9", 0, scoring.DSQ, "SW 7.6"},
}

// heatLines ranks the heat after the first n marks and says it in t's language.
func heatLines(t *Translator, n int) []UnitLine {
	ranked := rankHeat(n)
	byID := make(map[string]swimmer, len(heat))
	for _, s := range heat {
		byID[s.entry] = s
	}
	var best scoring.Mark
	if ranked[0].Mark != nil {
		best = *ranked[0].Mark
	}
	lines := make([]UnitLine, len(ranked))
	for i, r := range ranked {
		s := byID[r.ID]
		l := UnitLine{Entry: s.entry, Lane: s.lane, Name: s.name, Delegation: s.delegation, Class: s.class,
			IRM: string(r.IRM), IRMText: t.IRM(r.IRM, s.rule), Lead: r.Rank == 1,
			Reason: t.Why(r, func(id string) string { return byID[id].name })}
		if r.Rank > 0 {
			l.Rank, l.Mark, l.Spoken = strconv.Itoa(r.Rank), r.Result, t.Spoken(scoring.Milliseconds, *r.Mark, 2)
			if *r.Mark > best {
				l.Gap = "+" + scoring.Milliseconds.Format(*r.Mark-best, 2)
			}
		}
		if s.entry != "107" { // a team has no page
			l.URL = "/c/hlj9/athletes/" + s.entry
		}
		if r.Rank == 1 {
			l.Record = map[string]string{Chinese: "超赛会纪录，待核准", English: "Games record, pending"}[t.Lang]
		}
		lines[i] = l
	}
	return lines
}

func rankHeat(n int) []scoring.Ranked {
	byTime := scoring.Step[swimmer]{Rule: "time", Source: "World Aquatics SW 12.3",
		Compare: func(a, b *swimmer) int { return int(a.ms - b.ms) },
		Show:    func(s *swimmer) string { return scoring.Milliseconds.Format(s.ms, 2) }}
	lines := make([]swimmer, len(heat))
	copy(lines, heat)
	for i := range lines {
		if i >= n {
			lines[i].ms = 0
		}
	}
	return scoring.Order(lines, func(s *swimmer) scoring.Facts {
		f := scoring.Facts{ID: s.entry, IRM: s.irm, Result: string(s.irm)}
		if s.ms > 0 {
			f.Mark, f.Result = &s.ms, scoring.Milliseconds.Format(s.ms, 2)
		}
		return f
	}, byTime)
}

// unitState is the heat after the first n marks, under a status.
func unitState(t *Translator, n int, status string) UnitState {
	event := t.Swim("F", 1, 100, "FREE", "S8–S9")
	phase := t.Join(t.Round("PRE"), t.Heat(2))
	s := UnitState{Title: t.Join(event, phase), Event: event, Phase: phase, Status: status, StatusText: t.Status(status),
		Lines: heatLines(t, n), Updated: "14:03:2" + strconv.Itoa(n)}
	if status == StatusLive {
		s.Note = map[string]string{Chinese: "名次未确认", English: "Places not confirmed"}[t.Lang]
	}
	if n > 0 {
		last := heat[n-1]
		for i, l := range s.Lines {
			if l.Entry == last.entry {
				s.Lines[i].Changed = status == StatusLive
				rank, _ := strconv.Atoi(l.Rank)
				s.Sentence = t.Tell(Said{Lane: l.Lane, Name: l.Name, Spoken: l.Spoken, Rank: rank})
			}
		}
	}
	return s
}

func samplePage(t *Translator, title, path, topic string) Page {
	p := Page{Choice: Choice{Lang: t.Lang}, Title: title, Path: path,
		Site: Site{Name: map[string]string{Chinese: "黑龙江省第九届残疾人运动会", English: "9th Heilongjiang Para Games"}[t.Lang], Root: "/c/hlj9"}}
	if topic != "" {
		p.Feed = Feed{Topic: t.Lang + "/" + topic, Epoch: sampleEpoch, Seq: 1, Stamp: "14:03:20"}
	}
	return p
}

func say(t *Translator, zh, en string) string {
	if t.Lang == English {
		return en
	}
	return zh
}

func brief(t *Translator, unit, status string) UnitBrief {
	return UnitBrief{Unit: unit, URL: "/c/hlj9/units/" + unit, Time: "14:2" + unit[len(unit)-1:], Where: say(t, "省游泳馆", "Provincial pool"),
		Title: t.Join(t.Swim("F", 1, 100, "FREE", "S8–S9"), t.Round("PRE"), t.Heat(2)), Status: status, StatusText: t.Status(status)}
}

func todayState(t *Translator) TodayState {
	on := brief(t, "12", StatusLive)
	on.Leader, on.Mark, on.About = "佟海燕", "1:04.86", say(t, "哈尔滨 · 领先", "哈尔滨 · leads")
	late := brief(t, "13", StatusStartList)
	late.Late = say(t, "晚 10 分钟", "10 min late")
	over := brief(t, "11", StatusUnofficial)
	over.Leader, over.Mark = longName, "1:03.02"
	settled := brief(t, "10", StatusOfficial)
	settled.Leader, settled.Mark = "何玉珍", "1:03.41"
	return TodayState{Day: say(t, "6 月 21 日 星期一 · 第 4 天", "Monday 21 June · day 4"), Live: []UnitBrief{on}, Next: []UnitBrief{late, brief(t, "14", StatusScheduled)},
		Done: []UnitBrief{over, settled, brief(t, "9", StatusProtested)}, Medals: medalLines(t)[:5],
		Progress: say(t, "已完成 412 项，共 608 项。", "412 of 608 events are done."), Updated: "14:03:20"}
}

func medalLines(t *Translator) []MedalsLine {
	rows := []struct{ code, rank, name, g, s, b, total, points, way string }{
		{"HRB", "1", "哈尔滨", "96.5", "71", "48", "215.5", "1842.5", ""},
		{"QQH", "2", "齐齐哈尔", "64", "58", "39", "161", "1366", "up"},
		{"DQ", "3", "大庆", "64", "52", "44", "160", "1371.5", "down"},
		{"MDJ", "4", "牡丹江", "41", "33", "27", "101", "897", ""},
		{"HRB2", "5", "哈尔滨二团", "30", "26", "19", "75", "668", ""},
		{"JMS", "5", "佳木斯", "30", "26", "19", "75", "661.5", ""},
		{"DQYT", "7", "大庆油田", "22.5", "17", "11", "50.5", "452", ""},
		{"JX", "8", "鸡西", "19", "14", "8", "41", "375", ""},
		{"SYS", "9", "双鸭山", "12", "9", "14", "35", "301", ""},
		{"YC", "10", "伊春", "9", "12", "7", "28", "244", ""},
	}
	lines := make([]MedalsLine, len(rows))
	for i, r := range rows {
		lines[i] = MedalsLine{Delegation: r.code, URL: "/c/hlj9/delegations/" + r.code, Rank: r.rank, Name: r.name, Gold: r.g, Silver: r.s, Bronze: r.b,
			Total: r.total, Points: r.points, Way: r.way}
		switch r.way {
		case "up":
			lines[i].WayText = say(t, "升 1 位", "Up 1")
		case "down":
			lines[i].WayText = say(t, "降 1 位", "Down 1")
		}
	}
	return lines
}

func medalsState(t *Translator) MedalsState {
	return MedalsState{Status: StatusUnofficial, StatusText: t.Status(StatusUnofficial), Order: say(t, "排序：金 → 银 → 铜", "Order: gold → silver → bronze"),
		Progress: "412 / 608", Note: say(t, "联队金牌各计 0.5 枚。", "A joint team's gold counts half for each."), Halves: true, Lines: medalLines(t),
		Sentence: say(t, "齐齐哈尔升到第 2。", "齐齐哈尔 is now 2nd."), Updated: "14:05:00"}
}

func eventState(t *Translator) EventState {
	lines := heatLines(t, 5)
	for i := range lines {
		lines[i].Unit = t.Heat(1 + i%2)
		lines[i].Record = ""
		lines[i].More = []Fact{{say(t, "分数", "Points"), strconv.Itoa(712 - 9*i)}}
		if i < 3 {
			lines[i].Next = say(t, "进决赛", "To the final")
		}
	}
	final := append([]UnitLine(nil), heatLines(t, 4)[:3]...)
	for i, m := range []string{Gold, Silver, Bronze} {
		final[i].Medal, final[i].MedalText, final[i].Rank = m, t.T("medal."+m), strconv.Itoa(i+1)
	}
	ranking := func(id, title, status string, lines []UnitLine) Ranking {
		return Ranking{Ranking: id, Title: title, Status: status, StatusText: t.Status(status), Document: "/c/hlj9/api/phases/" + id + "/ranking.json", Lines: lines}
	}
	return EventState{Title: t.Swim("F", 1, 100, "FREE", "S8–S9"), Status: StatusLive, StatusText: t.Status(StatusLive), Updated: "14:03:20", Phases: []PhaseState{
		{Phase: "31", Title: t.Round("PRE"), Units: []UnitBrief{brief(t, "11", StatusOfficial), brief(t, "12", StatusLive)},
			Rankings: []Ranking{ranking("31-1", say(t, "公开组", "Open"), StatusLive, lines), ranking("31-2", say(t, "青年组", "Junior"), StatusLive, lines[1:4])}},
		{Phase: "32", Title: t.Round("FIN"), Units: []UnitBrief{brief(t, "15", StatusOfficial)}, Rankings: []Ranking{ranking("32-1", "", StatusOfficial, final)}},
	}}
}

func scheduleState(t *Translator) ScheduleState {
	part := func(id, sex string, distance int, stroke, status string) SchedulePart {
		return SchedulePart{Phase: id, URL: "/c/hlj9/events/3", Title: t.Join(t.Swim(sex, 1, distance, stroke, "S9"), t.Round("PRE")), Time: "09:" + id,
			About: say(t, "6 组 · 52 人", "6 heats · 52 starts"), Status: status, StatusText: t.Status(status)}
	}
	late := part("48", "M", 400, "FREE", StatusScheduled)
	late.Late = say(t, "晚 5 分钟", "5 min late")
	return ScheduleState{Day: say(t, "6 月 21 日 星期一", "Monday 21 June"), Updated: "14:03:20", Sessions: []ScheduleSession{
		{Session: "1", Title: say(t, "第 1 场 上午预赛", "Session 1, morning heats"), Where: say(t, "省游泳馆", "Provincial pool"),
			Phases: []SchedulePart{part("30", "F", 100, "FREE", StatusOfficial), part("42", "M", 50, "FLY", StatusLive), late}},
		{Session: "2", Title: say(t, "第 2 场 晚上决赛", "Session 2, evening finals"), Phases: []SchedulePart{part("55", "F", 200, "MEDLEY", StatusStartList)}},
	}}
}

func delegationState(t *Translator) DelegationState {
	start := func(id, name string, status string) DelegationLine {
		return DelegationLine{Start: id, Name: name, Class: "S9", Unit: t.Join(t.Swim("F", 1, 100, "FREE", "S8–S9"), t.Round("FIN")), URL: "/c/hlj9/units/12",
			Time: "14:20", Status: status, StatusText: t.Status(status)}
	}
	won := start("104-12", "佟海燕", StatusOfficial)
	won.Rank, won.Mark, won.Medal, won.MedalText = "1", "1:04.86", Gold, t.T("medal.gold")
	absent := start("111-12", longName, StatusOfficial)
	absent.Mark = t.IRM(scoring.DNS, "")
	return DelegationState{Name: "哈尔滨", Medals: medalLines(t)[0], Lines: []DelegationLine{won, absent, start("112-13", "敖嫩·巴图", StatusStartList)}, Updated: "14:03:20"}
}

func judgeLines(t *Translator, current string) []JudgeLine {
	lines := make([]JudgeLine, len(heat))
	for i, s := range heat {
		lines[i] = JudgeLine{Entry: s.entry, Lane: s.lane, Name: s.name, About: t.Join(s.delegation, s.class), Saw: 1, Command: "0190c0de-0000-7000-8000-00000000" + s.entry + "0", Current: s.entry == current}
		if i < 2 {
			lines[i].Mark = scoring.Milliseconds.Format(s.ms, 2)
			lines[i].Got, lines[i].GotText, lines[i].Correction = lines[i].Mark, t.Spoken(scoring.Milliseconds, s.ms, 2), true
		}
		if i == 3 {
			lines[i].Has = t.accommodation(needs.Accommodation{Codes: []needs.Code{"start-light"}, Extra: 30})
		}
		if s.irm == scoring.DNS {
			lines[i].IRM, lines[i].Got, lines[i].Correction = "DNS", t.IRM(s.irm, ""), true
		}
	}
	return lines
}

func judgePage(t *Translator, current string) JudgePage {
	s := unitState(t, 2, StatusLive)
	return JudgePage{Page: samplePage(t, t.Join(say(t, "记成绩", "Enter results"), s.Title), "/c/hlj9/judge/units/12", ""), Heading: s.Title,
		Seat: say(t, "终点计时 2 号", "Timekeeper 2"), Official: "邢玉兰", Status: StatusLive, StatusText: t.Status(StatusLive), Field: say(t, "成绩（分:秒，两位小数）", "Time (min:s, two decimals)"),
		Action: "/c/hlj9/judge/units/12/results", Lines: judgeLines(t, current), UnitURL: "/c/hlj9/units/12",
		Confirm: Confirm{Action: "/c/hlj9/judge/units/12/official", Command: "0190c0de-0000-7000-8000-0000000009ff", Saw: 7,
			Why: say(t, "还有 5 人没有成绩。", "5 starts have no result yet."), About: say(t, "2 人有成绩，1 人未出发", "2 results, 1 did not start")}}
}

func wrongJudgePage(t *Translator) JudgePage {
	p := judgePage(t, "106")
	p.Wrong = true
	text := t.Invalid(&scoring.Invalid{Field: "mark", Problem: "not-a-time", With: []string{"1:2:"}}, nil)
	p.Problems = []Problem{{"t-106", text}, {"r-106", say(t, "犯规要写依据的条款。", "A disqualification needs the rule broken.")}}
	for i := range p.Lines {
		if p.Lines[i].Entry == "106" {
			p.Lines[i].Typed, p.Lines[i].Error, p.Lines[i].RuleError = "1:2:", text, p.Problems[1].Text
		}
	}
	return p
}

// areas are the samples of the parts of the house. A part with pages of its own
// has them in a file of its own and adds a line here.
var areas = []func(*Translator) []sample{publicSamples, accessSamples, registrationSamples, needsSamples, privacySamples, fieldSamples, timetableSamples, setupSamples, classSamples, outcomeSamples, panelSamples, contestSamples, cameraSamples, hallSamples, callSamples, tabletSamples, seatSamples, serverSamples, siteSamples}

// samples are all pages in t's language.
func samples(t *Translator) []sample {
	var all []sample
	for _, area := range areas {
		all = append(all, area(t)...)
	}
	return all
}

// publicSamples are the pages for everybody, the boards and the judge's pages.
func publicSamples(t *Translator) []sample {
	facts := []Fact{{say(t, "地点", "Venue"), say(t, "省游泳馆", "Provincial pool")}, {say(t, "开始", "Start"), "14:20"}, {say(t, "赛会纪录", "Games record"), "1:05.10"}}
	unit := func(n int, status string) UnitPage {
		s := unitState(t, n, status)
		path := map[string]string{StatusLive: "/c/hlj9/units/12", StatusOfficial: "/c/hlj9/units/10", StatusStartList: "/c/hlj9/units/13"}[status]
		topic := "unit/12"
		if status != StatusLive {
			topic = "unit" + path[len("/c/hlj9/units"):]
		}
		p := UnitPage{Page: samplePage(t, t.Join(s.StatusText, s.Title), path, topic), Over: t.Join(say(t, "游泳", "Swimming"), s.Phase), Heading: s.Event, EventURL: "/c/hlj9/events/3",
			JudgeURL: "/c/hlj9/judge/units/12", Document: "/c/hlj9/api/units/12/ranking.json", Unit: say(t, "成绩（分:秒）", "Time (min:s)"), Facts: facts, State: s,
			Steps: []Step{{StatusStartList, t.Status(StatusStartList), say(t, "13:40 发布", "out at 13:40")}, {StatusLive, t.Status(StatusLive), say(t, "14:20 开始", "from 14:20")}}}
		p.Section = "schedule"
		return p
	}
	today := TodayPage{Page: samplePage(t, say(t, "今天的比赛", "Today"), "/c/hlj9", "today"), State: todayState(t)}
	today.Section = "today"
	schedule := SchedulePage{Page: samplePage(t, t.T("schedule.title"), "/c/hlj9/schedule?day=2027-06-21", "schedule/2027-06-21"), State: scheduleState(t),
		Days: []DayLink{{say(t, "6 月 20 日 星期日", "Sunday 20 June"), "/c/hlj9/schedule?day=2027-06-20", false}, {say(t, "6 月 21 日 星期一", "Monday 21 June"), "/c/hlj9/schedule?day=2027-06-21", true}}}
	schedule.Section = "schedule"
	event := EventPage{Page: samplePage(t, t.Swim("F", 1, 100, "FREE", "S8–S9"), "/c/hlj9/events/3", "event/3"), Over: say(t, "游泳", "Swimming"), Facts: facts, State: eventState(t)}
	event.Section = "schedule"
	medals := MedalsPage{Page: samplePage(t, t.T("medals.title"), "/c/hlj9/medals", "medals"), State: medalsState(t)}
	medals.Section = "medals"
	live := unitState(t, 3, StatusLive)
	home := HomePage{Page: Page{Choice: Choice{Lang: t.Lang}, Title: say(t, "赛会", "Competitions"), Path: "/"}, Editions: []EditionCard{
		{say(t, "黑龙江省第九届残疾人运动会", "9th Heilongjiang Para Games"), "/c/hlj9", say(t, "6 月 18 日 – 6 月 24 日", "18 June – 24 June"), say(t, "哈尔滨", "Harbin"), StatusLive, t.Status(StatusLive)},
		{"2024 Bell Olympic & Paralympic Trials", "/c/trials", say(t, "5 月 13 日 – 5 月 19 日", "13 May – 19 May"), "Toronto", StatusOfficial, t.Status(StatusOfficial)}}}
	conflict := ConflictPage{Page: samplePage(t, live.Title, "/c/hlj9/judge/units/12/conflict", ""), Action: "/c/hlj9/judge/units/12/results", Back: "/c/hlj9/judge/units/12", State: ConflictState{
		Entry: "106", Lane: "6", Name: longName, Yours: "1:05.98", YoursText: t.Spoken(scoring.Milliseconds, 65_980, 2), Theirs: "1:05.89", TheirsText: t.Spoken(scoring.Milliseconds, 65_890, 2),
		By: say(t, "终点计时 1 号", "Timekeeper 1"), At: "14:03:20", Saw: 2, Command: "0190c0de-0000-7000-8000-0000000009fe"}}
	failed := func(code int, id string) ErrorPage {
		p := t.Failure(code, id, "/c/hlj9")
		p.Page = samplePage(t, p.Heading, "/c/hlj9/error/"+strconv.Itoa(code), "")
		return p
	}
	bad := failed(422, "")
	bad.Details = []string{t.Invalid(&scoring.Invalid{Field: "mark", Problem: "out-of-range", With: []string{"1e9"}}, nil)}
	return []sample{
		{"home", "/", home},
		{"home-empty", "/empty", HomePage{Page: Page{Choice: Choice{Lang: t.Lang}, Title: say(t, "赛会", "Competitions"), Path: "/empty"}}},
		{"today", "/c/hlj9", today},
		{"schedule", "/c/hlj9/schedule", schedule},
		{"event", "/c/hlj9/events/3", event},
		{"unit-live", "/c/hlj9/units/12", unit(3, StatusLive)},
		{"unit-official", "/c/hlj9/units/10", unit(5, StatusOfficial)},
		{"unit-list", "/c/hlj9/units/13", unit(0, StatusStartList)},
		{"medals", "/c/hlj9/medals", medals},
		{"delegation", "/c/hlj9/delegations/HRB", DelegationPage{Page: samplePage(t, "哈尔滨", "/c/hlj9/delegations/HRB", "delegation/HRB"), Name: "哈尔滨", State: delegationState(t)}},
		{"board-unit", "/c/hlj9/board/units/12", BoardUnitPage{Page: samplePage(t, live.Title, "/c/hlj9/board/units/12", "unit/12"), Over: t.Join(say(t, "游泳", "Swimming"), live.Phase),
			Heading: t.Swim("F", 1, 100, "FREE", ""), Class: "S8–S9", Unit: say(t, "成绩（分:秒）", "Time (min:s)"), Facts: facts[2:], Rows: 8, Seconds: 10, State: live}},
		{"board-lights", "/c/hlj9/board/lights/31", lightsPage(t, []bool{true, false, true})},
		{"board-lights-dark", "/c/hlj9/board/lights/32", lightsPage(t, nil)},
		{"board-lights-first", "/c/hlj9/board/lights/33", BoardLightsPage{Page: samplePage(t, t.T("lights.title"), "/c/hlj9/board/lights/33", "lights/33"), Over: say(t, "举重", "Powerlifting"),
			Heading: say(t, "女子 73 公斤级", "Women’s up to 73 kg"), State: LightsState{Status: StatusStartList, StatusText: t.Status(StatusStartList), Verdict: t.T("lights.first"), Updated: "10:41:07"}}},
		{"board-medals", "/c/hlj9/board/medals", BoardMedalsPage{Page: samplePage(t, t.T("medals.title"), "/c/hlj9/board/medals", "medals"), Rows: 8, Seconds: 10, State: medalsState(t)}},
		{"judge", "/c/hlj9/judge/units/12", judgePage(t, "103")},
		{"judge-wrong", "/c/hlj9/judge/units/12/wrong", wrongJudgePage(t)},
		{"conflict", "/c/hlj9/judge/units/12/conflict", conflict},
		{"error-403", "/c/hlj9/error/403", failed(403, "")},
		{"error-404", "/c/hlj9/error/404", failed(404, "")},
		{"error-409", "/c/hlj9/error/409", failed(409, "")},
		{"error-422", "/c/hlj9/error/422", bad},
		{"error-500", "/c/hlj9/error/500", failed(500, "7f3a-22")},
		{"error-503", "/c/hlj9/error/503", failed(503, "")},
	}
}
