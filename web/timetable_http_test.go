package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tongchang/events"
	"tongchang/events/access"
)

// drawn promises and draws the event of nine entries: two heats.
func (g *games) drawn() {
	g.t.Helper()
	p, err := g.store.Programme(g.t.Context(), g.competition.ID)
	if err != nil {
		g.t.Fatal(err)
	}
	for i := range p.Events {
		if p.Events[i].Code != "T54" {
			continue
		}
		ids := []int64{p.Events[i].ID}
		if _, err = g.store.PromiseDraws(g.t.Context(), g.command(), access.Console, events.PromiseDraws{Events: ids}); err == nil {
			_, err = g.store.MakeDraws(g.t.Context(), g.command(), access.Console, events.MakeDraws{Events: ids})
		}
	}
	if err != nil {
		g.t.Fatal(err)
	}
}

// sent posts a form with some fields changed, from the page that shows it.
func (p *person) sent(page, action string, set map[string]string) (to, answer string) {
	p.t.Helper()
	form := formOf(p.t, page, action)
	for name, v := range set {
		form.Set(name, v)
	}
	return p.post(action, form)
}

// partForm is the form of one part of the settings.
func partForm(t *testing.T, page, part string) url.Values {
	t.Helper()
	_, from, ok := strings.Cut(page, `id="`+part+`" tabindex`)
	if !ok {
		t.Fatalf("no part %s", part)
	}
	form, _, _ := strings.Cut(from, "</form>")
	return formOf(t, `<form action="/here" method="post" `+form+"</form>", "/here")
}

// TestTimetablePages: settings by forms alone, a draft looked at and applied,
// told, a unit moved with a clash that is shown first, taken back, a calendar of
// others, calendars for everybody and one of a person's own.
func TestTimetablePages(t *testing.T) {
	g := fieldGames(t)
	g.drawn()
	office, everyone := g.person(officer), g.person("")
	const desk = "/c/games/desk/timetable"
	office.says(office.get(desk), "还没有设定用时和场地", "田径")

	const venue = desk + "/venues/new"
	form := formOf(t, office.get(venue), venue)
	office.says(office.refused(venue, form, http.StatusUnprocessableEntity), "场馆要有名字")
	form.Set("name", "体育场")
	for name, v := range map[string]string{"area-0": "跑道", "courts-0": "1", "turnover-0": "2", "area-1": "投掷区", "courts-1": "两块"} {
		form.Set(name, v)
	}
	wrong := office.refused(venue, form, http.StatusUnprocessableEntity)
	office.says(wrong, "“两块”不是整数")
	if !strings.Contains(wrong, `value="投掷区"`) {
		t.Error("what was typed is lost")
	}
	form = formOf(t, wrong, venue)
	form.Set("courts-1", "2")
	_, page := office.post(venue, form)
	office.says(page, "已保存")
	for part, fields := range map[string]map[string]string{
		"frame":    {"day-0": "2027-06-19", "from-0": "08:00", "until-0": "18:00", "step": "5"},
		"lengths":  {"sport-0": "AT", "unit-0": "10", "where-0": "v:v1"},
		"sessions": {"name-0": "第一天上午", "venue-0": "v1", "day-0": "2027-06-19", "from-0": "08:30", "until-0": "12:00", "sport-0": "*"},
		"rest":     {"sport-0": "*", "rest-0": "20", "recovery-0": "60"},
	} {
		ask := partForm(t, office.get(desk+"/settings"), part)
		for name, v := range fields {
			ask.Set(name, v)
		}
		_, page := office.post(desk+"/settings", ask)
		office.says(page, "已保存")
	}
	stale := partForm(t, office.get(desk+"/settings"), "rest")
	stale.Set("saw", "1")
	office.says(office.refused(desk+"/settings", stale, http.StatusConflict), "日程刚被别人改过")

	to, draft := office.post(desk+"/generate", url.Values{"how": {"new"}})
	office.says(draft, "还没有生效", "独立检查：没有冲突", "2 / 2 场", "体育场 跑道")
	_, done := office.sent(draft, to, nil)
	office.says(done, "已改动 2 场", "男子100米 T54", "冲突 0 处")
	everyone.says(everyone.get("/c/games/schedule?day=2027-06-19"), "第一天上午", "08:30", "男子100米 T54")
	team := g.person("哈尔滨领队")
	team.says(team.get(g.home("哈尔滨")), "日程有变动", "男子100米 T54 决赛")

	g.moved(office, desk)
	g.shared(office, desk)
	g.calendars(everyone)
	team.do("GET", desk, "", nil, http.StatusForbidden)
	everyone.says(everyone.get("/c/games/calendars"), "全部比赛", "体育场", "哈尔滨")
}

// home is a delegation's own page.
func (g *games) home(delegation string) string {
	for _, d := range g.delegations {
		if d.Name == delegation {
			return fmt.Sprintf("/c/games/team/%d", d.ID)
		}
	}
	g.t.Fatalf("no delegation %s", delegation)
	return ""
}

// moved moves the heat at the throws onto the track of the other, after having
// been shown what that breaks, and takes it back.
func (g *games) moved(office *person, desk string) {
	g.t.Helper()
	var there int64
	p, err := g.store.Programme(g.t.Context(), g.competition.ID)
	if err != nil {
		g.t.Fatal(err)
	}
	for i := range p.Units {
		if strings.Contains(p.Units[i].Venue, "投掷区") { // which heat that is, the draw decides
			there = p.Units[i].ID
		}
	}
	self := fmt.Sprintf("%s/units/%d", desk, there)
	office.says(office.get(self), "推后到", "用上下键选择", "自己定时间")
	office.says(office.refused(self+"/check", url.Values{"day": {"2027-06-19"}, "place": {"v1-1/1"}}, http.StatusUnprocessableEntity), "请写明日期、时间和场地")
	_, check := office.do("POST", self+"/check", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"day": {"2027-06-19"}, "time": {"08:30"}, "place": {"v1-1/1"}}.Encode()), http.StatusOK)
	office.says(check, "会带来", "会通知：", "附近没有冲突的时间", "有冲突也移动")
	ask := formOf(g.t, check, self+"/move")
	office.says(office.refused(self+"/move", ask, http.StatusUnprocessableEntity), "请写明原因")
	ask.Set("reason", "电视转播")
	_, done := office.post(self+"/move", ask)
	office.says(done, "已改动 1 场", "冲突", "电视转播")
	undo := formOf(g.t, done, desk+"/undo")
	office.says(office.refused(desk+"/undo", undo, http.StatusUnprocessableEntity), "请写明原因")
	undo.Set("reason", "转播取消")
	_, back := office.post(desk+"/undo", undo)
	office.says(back, "已还原 1 场", "冲突 0 处")
}

// shared takes a calendar of others in and drops it again.
func (g *games) shared(office *person, desk string) {
	g.t.Helper()
	ics := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:省运会\r\nDTSTART;TZID=Asia/Shanghai:20270619T140000\r\nDTEND;TZID=Asia/Shanghai:20270619T160000\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART;TZID=Mars/Olympus:20270619T140000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	const venue = "/venues/v1"
	page := office.get(desk + venue)
	form := formOf(g.t, page, desk+venue+"/drop")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, name := range []string{"command", "saw"} {
		if err := m.WriteField(name, form.Get(name)); err != nil {
			g.t.Fatal(err)
		}
	}
	file, err := m.CreateFormFile("file", "省运会.ics")
	if err == nil {
		_, err = file.Write([]byte(ics))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		g.t.Fatal(err)
	}
	_, taken := office.do("POST", desk+venue+"/calendar", m.FormDataContentType(), &body, http.StatusOK)
	office.says(taken, "省运会.ics", "1 段占用时间", "有 1 处没看懂", "Mars/Olympus")
	_, dropped := office.post(desk+venue+"/drop", url.Values{"command": {g.command().ID}, "saw": {formOf(g.t, taken, desk+venue+"/drop").Get("saw")}, "calendar": {"省运会.ics"}})
	if strings.Contains(textOf(dropped), "省运会.ics") {
		g.t.Error("a calendar that was dropped is still there")
	}
}

// calendars are for everybody, and name nobody.
func (g *games) calendars(everyone *person) {
	g.t.Helper()
	for file, units := range map[string]int{"games.ics": 2, "venue-v1.ics": 2, fmt.Sprintf("delegation-%d.ics", g.delegations[0].ID): 2} {
		text := everyone.get("/c/games/calendars/" + file)
		if got := strings.Count(text, "BEGIN:VEVENT"); got != units || !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || strings.Contains(text, "佟") {
			g.t.Errorf("%s: %d units in %s", file, got, text)
		}
	}
	for _, file := range []string{"venue-v9.ics", "delegation-99.ics", "games", "nothing.ics"} {
		everyone.do("GET", "/c/games/calendars/"+file, "", nil, http.StatusNotFound)
	}
	everyone.do("GET", "/c/games/calendar/nobody.ics", "", nil, http.StatusNotFound)
}
