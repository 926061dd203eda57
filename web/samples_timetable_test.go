package web

import (
	"time"

	"tongchang/events"
	"tongchang/events/timetable"
)

// The pages of the timetable in the states worth looking at.

func atTimetable(t *Translator, title, path string) Page {
	p := signedIn(t, title, path, "organiser")
	p.Bar.Links = []BarLink{{t.T("bar.fields"), "/c/hlj9/desk/fields", false}, {t.T("bar.timetable"), "/c/hlj9/desk/timetable", true}, {t.T("bar.public"), "/c/hlj9", false}}
	return p
}

// sampleTimetableDesk has the settings of two venues, for the forms that are made from
// settings.
func sampleTimetableDesk(t *Translator) *timetableDesk {
	day := timetable.At(time.Date(2027, 6, 19, 0, 0, 0, 0, time.UTC), time.UTC)
	span := func(from, until int) timetable.Span {
		return timetable.Span{From: day + timetable.Moment(from*60), Until: day + timetable.Moment(until*60)}
	}
	area := func(id, name string, courts int) timetable.SetArea {
		return timetable.SetArea{Area: timetable.Area{ID: id, Name: name, Courts: courts, Turnover: 5}}
	}
	set := timetable.Settings{Step: 5, Lead: 60, TravelAny: 30, Days: []timetable.Span{span(8, 18)}, Venues: []timetable.SetVenue{
		{ID: "v1", Name: say(t, "体育场", "Stadium"), WarmUp: 40, Areas: []timetable.SetArea{area("v1-1", say(t, "跑道", "Track"), 1), area("v1-2", say(t, "投掷区", "Throws"), 3)},
			Busy: []timetable.Busy{{Span: span(8, 11), What: say(t, "省运会", "Provincial games")}}, Calendars: []timetable.Shared{{Name: "shengyunhui.ics", Busy: make([]timetable.Busy, 12)}}},
		{ID: "v2", Name: say(t, "游泳馆", "Pool"), WarmUp: 30, Areas: []timetable.SetArea{area("v2-1", "", 1)}}},
		Sessions: []timetable.Session{{ID: "1", Name: say(t, "第一天上午", "First morning"), Venue: "v1", Span: span(8, 12)}},
		Travel:   []timetable.Travel{{From: "v1", To: "v2", Minutes: 25}}, Rest: []timetable.Rest{{Minutes: 20, Recovery: 60}, {Discipline: "AT", Class: "T54", Minutes: 45, Recovery: 90}},
		Lengths: []timetable.Length{{Discipline: "AT", Minutes: 8, Areas: []string{"v1-1"}}, {Discipline: "AT", Type: "discus", Minutes: 12, Each: 5, InTurn: true, Areas: []string{"v1-2"}}}}
	p := &events.Programme{Disciplines: map[int64]events.Discipline{1: {ID: 1, Code: "AT", Name: "田径", NameEn: "Athletics"}}, Events: []events.Event{{ID: 1, DisciplineID: 1, Type: "100"}, {ID: 2, DisciplineID: 1, Type: "discus"}}}
	return &timetableDesk{view: &view{b: &builder{t: t, zone: time.UTC, programme: p}}, url: "/c/hlj9/desk/timetable", set: set, seq: 7}
}

// still is a form with a command that does not change from one run to the next.
func stillForm(f RowsForm) RowsForm {
	f.Command = sampleCommand
	return f
}

func sampleTimetable(t *Translator) TimetablePage {
	hundred, discus := say(t, "男子 100 米 T54 · 决赛", "Men's 100 m T54 · Final"), say(t, "女子铁饼 F37 · 决赛", "Women's discus F37 · Final")
	unit := func(id, title, when, place string) TimetableUnit {
		return TimetableUnit{ID: id, Title: title, URL: "/c/hlj9/desk/timetable/units/12", Time: when, Place: place, Status: StatusStartList, StatusText: t.Status(StatusStartList)}
	}
	late, clash, begun := unit("u12", hundred, "10:00–10:08", say(t, "跑道", "Track")), unit("u13", discus, "10:00–10:32", say(t, "投掷区 2", "Throws 2")), unit("u11", say(t, "男子 100 米 T54 · 预赛 第 1 组", "Men's 100 m T54 · Heats, heat 1"), "08:30–08:38", say(t, "跑道", "Track"))
	late.Late, late.Pinned = t.T("timetable.late", 12), true
	clash.Clash = true
	begun.URL, begun.Status, begun.StatusText = "", StatusOfficial, t.Status(StatusOfficial)
	undo := &ReasonForm{Action: "/c/hlj9/desk/timetable/undo", Command: sampleCommand, Seq: 88, Label: t.T("timetable.undo-reason"), Do: t.T("timetable.undo")}
	return TimetablePage{Page: atTimetable(t, t.T("timetable.title"), "/c/hlj9/desk/timetable"), URL: "/c/hlj9/desk/timetable", Settings: "/c/hlj9/desk/timetable/settings", Public: "/c/hlj9/schedule",
		Summary: t.T("timetable.summary", 920, "918", "1"), Done: &FieldsDone{Text: t.T("timetable.did-placed", 3), Link: "#change-88"},
		Days:     []DayLink{{say(t, "6 月 19 日 星期六", "Saturday 19 June"), "/c/hlj9/desk/timetable?day=2027-06-19", true}, {say(t, "6 月 20 日 星期日", "Sunday 20 June"), "/c/hlj9/desk/timetable?day=2027-06-20", false}},
		Venues:   []TimetableVenue{{ID: "v1", Title: say(t, "体育场", "Stadium"), Units: []TimetableUnit{begun, late, clash}}},
		Unplaced: []TimetableUnit{unit("u14", say(t, "硬地滚球 BC1 · 小组赛 第 1 组", "Boccia BC1 · Pools, pool 1"), "", "")}, Clashes: []TimetableClash{{Text: t.T("problem.timetable-two-places", longName, hundred, discus, "8"), URL: "/c/hlj9/desk/timetable/units/12", Unit: hundred}}, More: t.T("timetable.more-clashes", 2),
		Generate: TimetableGenerate{Action: "/c/hlj9/desk/timetable/generate", Placed: true},
		Changes: []TimetablePast{{ID: "88", Title: say(t, "6 月 1 日 10:12 · 崔立新", "1 June 10:12 · Cui Lixin"), Text: t.T("timetable.change-units", 3), Reason: say(t, "跑道积水。", "The track is under water."), Undo: undo},
			{ID: "80", Title: say(t, "6 月 1 日 09:00 · 崔立新", "1 June 09:00 · Cui Lixin"), Text: t.T("timetable.change-units", 920), Undone: true}}}
}

func sampleMove(t *Translator) TimetableMovePage {
	slot := func(value, text, place string) TimetableSlot { return TimetableSlot{value, text, place} }
	list := sampleTimetable(t)
	track := say(t, "体育场 跑道", "Stadium Track")
	at := func(clock string) string { return say(t, "6 月 19 日 "+clock, "19 June "+clock) }
	return TimetableMovePage{Page: atTimetable(t, t.T("timetable.move-title"), "/c/hlj9/desk/timetable/units/12"), URL: list.URL, Action: "/c/hlj9/desk/timetable/units/12/check", Heading: list.Venues[0].Units[1].Title,
		Facts: []Fact{{t.T("timetable.fact-now"), t.Join(at("10:00"), track)}, {t.T("timetable.fact-length"), t.T("timetable.minutes", 8)}, {t.T("timetable.fact-people"), "9"}},
		Quick: []TimetableSlot{slot("v1-1/1/1", t.T("timetable.earlier", at("09:40")), track), slot("v1-1/1/2", t.T("timetable.later", at("10:25")), track)},
		Days:  []DayLink{{list.Days[0].Title, "/c/hlj9/desk/timetable/units/12?day=2027-06-19", true}, {list.Days[1].Title, "/c/hlj9/desk/timetable/units/12?day=2027-06-20", false}},
		Slots: []TimetableSlots{{track, []TimetableSlot{slot("v1-1/1/1", "09:40 "+track, track), slot("v1-1/1/2", "10:25 "+track, track), slot("v1-1/1/3", "10:30 "+track, track)}}},
		Day:   "2027-06-19", Time: "10:00", Places: []Option{{"v1-1/1", track, true}}}
}

func timetableSamples(t *Translator) []sample {
	first := TimetablePage{Page: atTimetable(t, t.T("timetable.title"), "/c/hlj9/desk/timetable/first"), URL: "/c/hlj9/desk/timetable", Settings: "/c/hlj9/desk/timetable/settings", Public: "/c/hlj9/schedule", Summary: t.T("timetable.summary", 40, "0", "0"),
		Missing: t.T("problem.timetable-homeless", say(t, "田径、游泳", "athletics, swimming"))}
	wrong := sampleTimetable(t)
	wrong.Path, wrong.Done, wrong.Wrong, wrong.Problems = "/c/hlj9/desk/timetable/wrong", nil, true, []Problem{{"change-88", t.T("timetable.reason-missing")}}
	undo := *wrong.Changes[0].Undo
	undo.Wrong = wrong.Problems[0].Text
	wrong.Changes[0].Undo = &undo
	list := sampleTimetable(t)
	hundred := list.Venues[0].Units[1].Title
	draft := TimetableDraftPage{Page: atTimetable(t, t.T("timetable.draft-title"), "/c/hlj9/desk/timetable/drafts/d1"), URL: list.URL, Action: "/c/hlj9/desk/timetable/drafts/d1", Command: sampleCommand,
		Facts: []Fact{{t.T("timetable.fact-placed"), t.T("timetable.placed-of", 919, "920")}, {t.T("timetable.fact-moved"), "1"}, {t.T("timetable.fact-clashes"), "0"}, {t.T("timetable.fact-took"), "0.5s"}},
		Left:  []TimetableClash{{Text: t.T("problem.timetable-too-long", list.Unplaced[0].Title, "300", "240")}}, Moved: []TimetableMoved{{hundred, t.T("timetable.nowhere"), say(t, "6 月 19 日 10:00 · 体育场 跑道", "19 June 10:00 · Stadium Track")}}, Further: t.T("timetable.more-moved", 859)}
	stale := draft
	stale.Path, stale.Stale, stale.Seen, stale.Clashes = "/c/hlj9/desk/timetable/drafts/d2", t.T("problem.timetable-stale"), 1, list.Clashes
	move, checked := sampleMove(t), sampleMove(t)
	checked.Path, checked.Wrong, checked.Problems = "/c/hlj9/desk/timetable/units/12/check", true, []Problem{{"reason", t.T("timetable.reason-missing")}}
	checked.Check = &TimetableCheck{Action: "/c/hlj9/desk/timetable/units/12/move", Command: sampleCommand, To: say(t, "6 月 19 日 10:05 · 体育场 跑道", "19 June 10:05 · Stadium Track"), Hidden: []Option{{Value: "to", Text: "v1-1/1/4"}, {Value: "saw", Text: "7"}, {Value: "clashes", Text: "1"}},
		New: []string{list.Clashes[0].Text}, Gone: []string{t.T("problem.timetable-rest", longName, hundred, list.Venues[0].Units[2].Title, "15")}, Tell: []string{say(t, "哈尔滨", "Harbin"), say(t, "大庆", "Daqing")}, People: t.T("timetable.people", 9), Nearest: move.Quick}
	desk := sampleTimetableDesk(t)
	settings := TimetableSetPage{Page: atTimetable(t, t.T("timetable.settings-title"), "/c/hlj9/desk/timetable/settings"), URL: list.URL, Done: &FieldsDone{Text: t.T("timetable.did-set")}, NewVenue: "/c/hlj9/desk/timetable/venues/new",
		Venues: []PageLink{{t.T("timetable.venue-line", 2, desk.set.Venues[0].Name), "/c/hlj9/desk/timetable/venues/v1", false}}}
	for _, f := range []RowsForm{desk.frameForm(), desk.lengthsForm(), desk.sessionsForm(), desk.travelForm(), desk.restForm()} {
		settings.Forms = append(settings.Forms, stillForm(f))
	}
	settings.Forms[0].Rows[0].Cells[1].Wrong = t.T("problem.timetable-not-time", "2027-06-19")
	v := &desk.set.Venues[0]
	venue := TimetableVenuePage{Page: atTimetable(t, t.T("timetable.venue-title"), "/c/hlj9/desk/timetable/venues/v1"), URL: settings.Path, Action: "/c/hlj9/desk/timetable/venues/v1", Command: sampleCommand, Saw: 7, Heading: v.Name,
		Name: RowCell{Kind: "text", Name: "name", Label: t.T("timetable.venue-name"), Value: v.Name}, WarmUp: RowCell{Kind: "number", Name: "warm-up", Label: t.T("timetable.warm-up"), Hint: t.T("timetable.warm-up-hint"), Value: "40"},
		Areas: stillForm(desk.areasForm(v)), Busy: stillForm(desk.busyForm(v)), Rows: 4, Calendars: []TimetableShared{{"shengyunhui.ics", t.T("timetable.busy-times", 12), sampleCommand}},
		Upload: "/c/hlj9/desk/timetable/venues/v1/calendar", Drop: "/c/hlj9/desk/timetable/venues/v1/drop", Faults: []string{t.T("timetable.calendar-line", "14", t.T("problem.timetable-calendar-zone", "Mars/Olympus"))}}
	link := func(text, file string) PageLink { return PageLink{text, "/c/hlj9/calendars/" + file, false} }
	calendars := CalendarsPage{Page: samplePage(t, t.T("calendar.title"), "/c/hlj9/calendars", ""), All: link(t.T("calendar.all"), "games.ics"), Venues: []PageLink{link(v.Name, "venue-v1.ics")}, Delegations: []PageLink{link(say(t, "哈尔滨", "Harbin"), "delegation-1.ics")}}
	code, err := codeOf("http://127.0.0.1/c/hlj9/calendar/0123456789abcdef.ics")
	if err != nil {
		panic(err)
	}
	own := CalendarPersonPage{Page: signedIn(t, t.T("calendar.person-title"), "/c/hlj9/team/2/people/41/calendar", "delegation"), Name: longName, PageURL: "/c/hlj9/team/2/people/41", Action: "/c/hlj9/team/2/people/41/calendar", Command: sampleCommand,
		Address: "http://127.0.0.1/c/hlj9/calendar/0123456789abcdef.ics", Code: code}
	shared := own
	shared.Path, shared.Address, shared.Shared = "/c/hlj9/team/2/people/42/calendar", "", t.T("calendar.shared", say(t, "6 月 1 日 10:12", "1 June 10:12"), "崔立新")
	return []sample{{"timetable", list.Path, list}, {"timetable-first", first.Path, first}, {"timetable-wrong", wrong.Path, wrong}, {"timetable-draft", draft.Path, draft}, {"timetable-draft-stale", stale.Path, stale},
		{"timetable-move", move.Path, move}, {"timetable-move-check", checked.Path, checked}, {"timetable-settings", settings.Path, settings}, {"timetable-venue", venue.Path, venue},
		{"calendars", calendars.Path, calendars}, {"calendar-person", own.Path, own}, {"calendar-person-shared", shared.Path, shared}}
}
