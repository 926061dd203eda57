package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tongchang/events"
)

// callWalk asks the pages of the call room about one fresh unit.
type callWalk struct {
	*matrix
	th *thing
}

func (w *callWalk) as(name string) asking {
	w.t.Helper()
	for _, a := range w.asking {
		if a.name == name {
			return a
		}
	}
	w.t.Fatalf("nobody is called %s", name)
	return asking{}
}

// ask asks a route as somebody, and fails unless it answers with a status and
// with texts; a text with a minus before it must not be there.
func (w *callWalk) ask(who, route, sends string, status int, texts ...string) answer {
	w.t.Helper()
	got := w.matrix.ask(line{route: route, sends: sends}, w.as(who), w.th)
	if got.status != status {
		w.t.Fatalf("%s as %s: %d, want %d: %s", route, who, got.status, status, got.text)
	}
	for _, text := range texts {
		if not, ok := strings.CutPrefix(text, "-"); ok == strings.Contains(got.text, strings.TrimPrefix(text, "-")) {
			w.t.Errorf("%s as %s: %q, %v: %s", route, who, not, !ok, got.text)
		}
	}
	return got
}

const callUnitAt = "/c/{competition}/call/units/{unit}"

// TestCallRoom: a unit is called, somebody comes, the call is closed with a DNS
// and taken back, by forms alone; everybody sees the call.
func TestCallRoom(t *testing.T) {
	m := newMatrix(t)
	w := &callWalk{matrix: m, th: m.called().own}
	w.ask("judge", "GET /c/{competition}/call", "-", 200, "还没检录", "call/units/")
	w.ask("announcer", "GET "+callUnitAt, "-", 200, "没到时间", "-开始检录")
	w.ask("judge", "GET "+callUnitAt, "-", 200, "开始检录")
	w.ask("public", "GET /c/{competition}/calling", "-", 200, "现在没有检录")
	w.ask("judge", "POST "+callUnitAt+"/step", "command={uuid}&do=up&saw=0", 303)
	w.ask("judge", "POST "+callUnitAt+"/step", "command={uuid}&do=up&saw=0", 409, "刚才有人动过这次检录")
	w.ask("judge", "POST "+callUnitAt+"/step", "command={uuid}&do=dance&saw=1", 422)
	w.ask("public", "GET /c/{competition}/calling", "-", 200, "第 # 次", "佟海燕")
	if state := w.calls(); len(state.Calls) != 1 || state.Calls[0].Numbers != "called-a" || !strings.Contains(state.Sentence, "检录：") {
		t.Errorf("the topic has %+v", state)
	}

	check := "POST " + callUnitAt + "/check"
	w.ask("judge", check, "command={uuid}&do=all&start={start}&person={person}&saw=0&has-card=1&note="+strings.Repeat("x", 121), 422, "备注太长", "note-")
	w.ask("judge", check, "command={uuid}&do=all&start={start}&person={person}&saw=0&has-card=1", 303)
	w.ask("judge", check, "command={uuid}&do=absent&start={start}&person={person}&saw=0", 409, "刚才有人记过")
	w.ask("judge", "GET "+callUnitAt, "-", 200, "到了", "judge", "都到齐了", "-还没看")
	w.ask("judge", check, "command={uuid}&do=undo&start={start}&person={person}&saw=1", 303)
	w.ask("judge", check, "command={uuid}&do=absent&start={start}&person={person}&saw=2", 303)

	w.ask("judge", "POST "+callUnitAt+"/step", "command={uuid}&do=close&saw=1&missing={start}", 303)
	w.ask("judge", "GET "+callUnitAt, "-", 200, "未出发", "judge", "让他入场", "检录结束")
	w.ask("public", "GET /c/{competition}/calling", "-", 200, "现在没有检录")
	w.ask("judge", "POST "+callUnitAt+"/admit", "command={uuid}&start={start}&reason=", 422, "why-", "problems")
	w.ask("judge", "POST "+callUnitAt+"/admit", "command={uuid}&start={start}&reason="+url.QueryEscape("班车晚点"), 303)
	w.ask("judge", "POST "+callUnitAt+"/step", "command={uuid}&do=back&saw=3", 303)
	w.ask("judge", "GET "+callUnitAt, "-", 200, "检录中")

	w.ask("organiser", "POST /c/{competition}/call/times", "command={uuid}&discipline="+numeral(m.disciplines[0])+"&minutes=x", 422, "不是分钟数")
	w.ask("organiser", "POST /c/{competition}/call/times", "command={uuid}&discipline="+numeral(m.disciplines[0])+"&minutes=181", 422)
	w.ask("organiser", "POST /c/{competition}/call/times", "command={uuid}&discipline="+numeral(m.disciplines[0])+"&minutes=35", 303)
}

// calls is the topic of calls as a program gets it.
func (w *callWalk) calls() (state CallsState) {
	w.t.Helper()
	resp, err := w.Client().Get(w.URL + "/c/games/state/zh-CN/" + events.CallTopic)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	var frame struct {
		Data CallsState `json:"data"`
	}
	if err := json.Unmarshal(raw, &frame); err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%d %s, %v", resp.StatusCode, raw, err)
	}
	return frame.Data
}

// TestCallByCard: the code on a card leads an official to the start, and
// everybody else to the card.
func TestCallByCard(t *testing.T) {
	m := newMatrix(t)
	w := &callWalk{matrix: m, th: m.called().own}
	const card = "GET /c/{competition}/cards/{code}"
	to := regexp.MustCompile(`/c/games/call/units/#\#start-#$`)
	if got := w.ask("judge", card, "-", 303); !to.MatchString(got.location) {
		t.Errorf("a judge is led to %s", got.location)
	}
	w.ask("judge", card+"?card", "-", 200)
	w.ask("public", card, "-", 200)
	w.ask("announcer", card, "-", 200)
	if got := w.ask("judge", "GET /c/{competition}/call/people/{code}", "-", 303); !to.MatchString(got.location) {
		t.Errorf("by number a judge is led to %s", got.location)
	}
	w.th = &thing{values: map[string]string{"code": "none"}}
	w.ask("judge", "GET /c/{competition}/call/people/{code}", "-", 404, "没有要检录的比赛")
}

// TestAnnouncer: names are read in pinyin, or as somebody has noted it; who is
// not to be named is read by number.
func TestAnnouncer(t *testing.T) {
	m := newMatrix(t)
	db := m.database()
	defer db.Close()
	w := &callWalk{matrix: m, th: &thing{values: map[string]string{"unit": numeral(m.unit), "participant": numeral(m.swimmer(db, m.delegations[0]))}}}
	const name = " /c/{competition}/names/{participant}"
	w.ask("announcer", "GET /c/{competition}/announcer", "-", 200, "Tóng Hǎiyàn", "孟庆荷 怎么念")
	w.ask("delegation", "GET"+name, "-", 200, "Tóng Hǎiyàn", "怎么念")
	w.ask("delegation", "POST"+name, "command={uuid}&saw=0&note="+url.QueryEscape(strings.Repeat("长", 81)), 422, "备注太长", "note-e")
	w.ask("delegation", "POST"+name, "command={uuid}&saw=0&note="+url.QueryEscape("海燕读 yān"), 303)
	w.ask("announcer", "POST"+name, "command={uuid}&saw=0&note=x", 409, "刚才有人改过")
	w.ask("announcer", "GET /c/{competition}/announcer", "-", 200, "海燕读 yān")
	w.ask("judge", "GET"+name, "-", 403)

	if _, err := db.Exec(`INSERT INTO aliases (participant_id, alias) VALUES (?, '№ 1024')`, w.th.values["participant"]); err != nil {
		t.Fatal(err)
	}
	w.ask("announcer", "GET /c/{competition}/announcer", "-", 200, "№ #", "-海燕读")
	w.ask("judge", "POST "+callUnitAt+"/step", "command={uuid}&do=up&saw=0", 303)
	if state := w.calls(); len(state.Calls) != 1 || state.Calls[0].Lines[1].Name != "№ 1024" {
		t.Errorf("everybody reads %+v", state.Calls)
	}
}
