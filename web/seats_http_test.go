package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/live"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// swims sets up two units of a timed event, with one swimmer each.
func (l *lobby) swims() (units, starts []int64) {
	l.t.Helper()
	unit := func(code, who string) events.UnitFile {
		return events.UnitFile{Code: code, Number: len(code), Measure: scoring.Milliseconds, Starts: []events.StartFile{{Participant: who}}}
	}
	p := events.ProgrammeFile{Disciplines: []events.DisciplineFile{{Code: "SW", Name: "游泳"}}, Delegations: []events.DelegationFile{{Code: "HRB", Name: "哈尔滨"}},
		Participants: []events.ParticipantFile{{Code: "101", Delegation: "HRB", Family: "佟海燕"}, {Code: "102", Delegation: "HRB", Family: "孟庆荷"}},
		Events: []events.EventFile{{Code: "1", Discipline: "SW", Type: "100", Name: "女子 100 米自由泳", Phases: []events.PhaseFile{{Code: "1F", Kind: "FIN", Decides: true,
			Ruleset: kinds.Ruleset{Name: "swimming", Version: "test", Kind: "timed"}, Units: []events.UnitFile{unit("1", "101"), unit("22", "102")}}}}}}
	if _, err := l.store.SetUp(l.t.Context(), l.by(), events.SetUp{Programme: p}, false); err != nil {
		l.t.Fatal(err)
	}
	programme, err := l.store.Programme(l.t.Context(), l.c.ID)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, u := range programme.Units {
		sheet, err := l.store.Sheet(l.t.Context(), u.PhaseID, u.ID)
		if err != nil {
			l.t.Fatal(err)
		}
		units, starts = append(units, u.ID), append(starts, sheet.Lines[0].StartID)
	}
	return units, starts
}

func (l *lobby) by() events.Command {
	return events.Command{ID: uuid.NewString(), Competition: "games", Author: access.Console.Name}
}

// send posts JSON.
func (b *browser) send(path string, status int, body string) string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), "POST", b.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	return b.do(req, status)
}

func wants(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s: no %q in\n%s", what, w, text)
		}
	}
}

// TestSeatsOverHTTP walks the road of a device: a seat is made for one unit and
// its card shown, a tablet is paired by the card, a judge sits down and writes,
// is refused elsewhere, is told something, writes too late, and is taken off.
func TestSeatsOverHTTP(t *testing.T) {
	l := newLobby(t)
	units, starts := l.swims()
	office, tablet := l.browser(), l.browser()
	office.get("/c/games/desk/seats?key="+url.QueryEscape(deskKey), 200)
	sport := regexp.MustCompile(`<option value="(\d+)"[^>]*>游泳`).FindStringSubmatch(office.get("/c/games/desk/seats", 200))[1]
	wants(t, "two seats", office.post("/c/games/desk/seats", 200, "command", uuid.NewString(), "discipline", sport, "name", "终点", "count", "2", "place", ""), "终点 1", "终点 2", "座席建好了")
	wants(t, "a name that is taken", office.post("/c/games/desk/seats", 422, "command", uuid.NewString(), "discipline", sport, "name", "终点 1", "count", "1"), `aria-invalid="true"`, "已经有座席叫“终点 1”")
	seats, err := l.store.Seats(t.Context(), access.Console, l.c)
	if err != nil || len(seats) != 2 {
		t.Fatalf("%+v, %v", seats, err)
	}
	seat := "/c/games/desk/seats/" + numeral(seats[0].ID)
	office.post(seat, 200, "command", uuid.NewString(), "saw", "1", "name", "终点 1", "unit", numeral(units[0]), "do", "save")
	page := office.post("/c/games/desk/seats/judges", 200, "command", uuid.NewString(), "names", "邢玉兰\n", "of", sport)
	pin := regexp.MustCompile(`class="pin">(\d{3}) (\d{3})<`).FindStringSubmatch(page)
	if pin == nil {
		t.Fatalf("no PIN on\n%s", page)
	}
	judges, err := l.store.Judges(t.Context(), access.Console, l.c)
	if err != nil || len(judges) != 1 {
		t.Fatalf("%+v, %v", judges, err)
	}
	wants(t, "cards to print", office.post("/c/games/desk/seats/cards", 200, "do", "print", "seat", numeral(seats[0].ID)), `class="qr"`, "终点 1")
	cards, err := l.store.PrintCards(t.Context(), access.Console, l.c, []int64{seats[0].ID}, false) // what the picture holds
	if err != nil {
		t.Fatal(err)
	}
	card := cards[0].Token
	wants(t, "a card of a seat that is not open", tablet.get("/c/games/seat/"+card, 200), "没有开放配对")
	tablet.post("/c/games/seat/pair", 409, "token", card)
	office.post("/c/games/desk/seats/cards", 200, "do", "open", "seat", numeral(seats[0].ID))
	tablet.get("/c/games/seat/"+card, 200)
	wants(t, "paired", tablet.post("/c/games/seat/pair", 200, "token", card), "终点 1", "邢玉兰")
	if strings.Contains(l.log.String(), card) {
		t.Error("the card's code is in the log")
	}
	l.browser().post("/c/games/seat/pair", 409, "token", card)
	wants(t, "before the PIN", tablet.get("/c/games/judge/units/"+numeral(units[0]), 200), `name="pin"`)
	wants(t, "a wrong PIN", tablet.post("/c/games/seat", 422, "judge", numeral(judges[0].ID), "pin", "x"), "密码不对", `aria-invalid="true"`)
	wants(t, "before the PIN, a program", tablet.send("/c/games/marks", 403, `{}`), `"sign-in"`)
	tablet.post("/c/games/seat", 200, "judge", numeral(judges[0].ID), "pin", pin[1]+pin[2], "next", "/c/games/tablet")
	if tablet.at != "/c/games/tablet" {
		t.Errorf("led to %s", tablet.at)
	}
	l.judging(tablet, office, units, starts)
}

// TestSeatDoor: a demo's door leads to a seat's tablet in one step, and pairs a
// browser once.
func TestSeatDoor(t *testing.T) {
	l := newLobby(t, Door{Competition: "games", Seat: 1, Judge: 1, Place: "终点 1", Name: "邢玉兰", Role: access.Judge})
	units, _ := l.swims()
	p, err := l.store.Programme(t.Context(), l.c.ID)
	if err != nil {
		t.Fatal(err)
	}
	sport := p.Event(p.Phase(p.Unit(units[0]).PhaseID).EventID).DisciplineID
	by := func() events.Command {
		return events.Command{ID: uuid.NewString(), Competition: "games", Author: "office"}
	}
	if _, err := l.store.MakeSeats(t.Context(), by(), access.Console, events.MakeSeats{Discipline: sport, Seats: []events.NewSeat{{Name: "终点 1"}}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.store.MakeJudges(t.Context(), by(), access.Console, events.MakeJudges{Discipline: sport, Names: []string{"邢玉兰"}}); err != nil {
		t.Fatal(err)
	}
	b := l.browser()
	wants(t, "the first page", b.get("/", 200), `action="/doors/1"`, "终点 1", "邢玉兰")
	for range 2 {
		if b.post("/doors/1", 200); b.at != "/c/games/tablet" {
			t.Errorf("the door leads to %s", b.at)
		}
	}
	wants(t, "the work", b.get("/c/games/tablet/work", 200), `"seat":"终点 1"`, `"judge":"邢玉兰"`)
	if devices, err := l.store.Devices(t.Context(), access.Console, l.c); err != nil || len(devices) != 1 {
		t.Errorf("%d devices are paired, %v", len(devices), err)
	}
}

// judging is the road from the first mark on.
func (l *lobby) judging(tablet, office *browser, units, starts []int64) {
	t := l.t
	t.Helper()
	wants(t, "the judge's page", tablet.get("/c/games/judge/units/"+numeral(units[0]), 200), "终点 1", "邢玉兰")
	tablet.get("/c/games/judge/units/"+numeral(units[1]), 403)
	work := tablet.get("/c/games/tablet/work", 200)
	wants(t, "the work", work, `"seat":"终点 1"`, `"judge":"邢玉兰"`, `"id":`+numeral(units[0])+`,`)
	if strings.Contains(work, `"id":`+numeral(units[1])+`,`) {
		t.Errorf("the work of another seat: %s", work)
	}
	mark := func(unit, start int64, mark string, saw, status int) string {
		return tablet.send("/c/games/marks", status, `{"command":"`+uuid.NewString()+`","unit":`+numeral(unit)+`,"start":`+numeral(start)+`,"mark":"`+mark+`","saw":`+numeral(int64(saw))+`,"author":"邢玉兰","reason":"录像"}`)
	}
	mark(units[0], starts[0], "1:02.34", 0, 200)
	wants(t, "another unit", mark(units[1], starts[1], "1:02.34", 0, 403), "seat-not-assigned", "不归“终点 1”管")
	tablet.get("/c/games/account", 200)
	if !strings.HasPrefix(tablet.at, "/c/games/sign-in") {
		t.Errorf("a judge at a seat comes to %s", tablet.at)
	}
	tablet.send("/c/games/confirmations", 403, `{"command":"`+uuid.NewString()+`","unit":1,"saw":1}`)
	tablet.send("/c/games/tablet/beat", 200, `{"unsent":3,"battery":9,"version":"a1b2","clock":1,"read":[]}`)
	wants(t, "the control room", office.get("/c/games/desk/control", 200), "平板 1", "终点 1", "邢玉兰", "电快没了", "9%", "3 个成绩还没送到")
	devices, err := l.store.Devices(t.Context(), access.Console, l.c)
	if err != nil || len(devices) != 1 {
		t.Fatalf("%+v, %v", devices, err)
	}
	device := "/c/games/desk/control/devices/" + numeral(devices[0].ID)
	office.post(device, 422, "do", "tell", "text", " ")
	office.post(device, 200, "do", "tell", "text", "请换电池")
	wants(t, "a message", tablet.send("/c/games/tablet/beat", 200, `{"unsent":0,"version":"a1b2","clock":0,"read":[]}`), "请换电池", `"judge":"邢玉兰"`)
	l.late(tablet, office, units[0], mark, starts[0])
	l.moved(office, units, mark, starts[0])
	ws := l.watching(tablet)
	office.post(device, 200, "do", "end")
	for err = nil; err == nil; {
		_, _, err = ws.ReadMessage()
	}
	if !websocket.IsCloseError(err, live.CloseDismissed) {
		t.Errorf("who watched from the seat: %v", err)
	}
	wants(t, "after its end", mark(units[0], starts[0], "1:02.34", 1, 403), `"sign-in"`)
	tablet.send("/c/games/tablet/beat", 404, `{"unsent":0}`)
}

// late makes the unit official, writes from the seat, and decides on it.
func (l *lobby) late(tablet, office *browser, unit int64, mark func(unit, start int64, mark string, saw, status int) string, start int64) {
	t := l.t
	t.Helper()
	u, err := l.store.Unit(t.Context(), "games", unit)
	if err != nil {
		t.Fatal(err)
	}
	office.send("/c/games/confirmations", 200, `{"command":"`+uuid.NewString()+`","unit":`+numeral(unit)+`,"saw":`+numeral(u.Version)+`}`)
	wants(t, "a late mark", mark(unit, start, "1:02.20", 1, 409), "mark-late", "交给裁判长")
	page := office.get("/c/games/desk/inbox", 200)
	wants(t, "the inbox", page, "1:02.20", "1:02.34", "邢玉兰", "佟海燕")
	late := hidden(page)["late"]
	wants(t, "without a reason", office.post("/c/games/desk/inbox", 422, "command", uuid.NewString(), "late", late, "saw", "1", "do", "take"), "why-"+late, `aria-invalid="true"`)
	wants(t, "taken", office.post("/c/games/desk/inbox", 200, "command", uuid.NewString(), "late", late, "saw", "1", "do", "take", "reason", "录像"), "已经采用", "没有等待决定的成绩")
	if u, err = l.store.Unit(context.Background(), "games", unit); err != nil || u.ResultStatus == events.Official {
		t.Errorf("after taking it the unit is %s, %v", u.ResultStatus, err)
	}
}

// moved gives the seat another unit; what its tablet still holds for the one
// before goes to the chief, who finds it in the inbox.
func (l *lobby) moved(office *browser, units []int64, mark func(unit, start int64, mark string, saw, status int) string, start int64) {
	t := l.t
	t.Helper()
	seats, err := l.store.Seats(t.Context(), access.Console, l.c)
	if err != nil {
		t.Fatal(err)
	}
	seat := &seats[0]
	_, err = l.store.SetSeat(t.Context(), events.Command{ID: uuid.NewString(), Competition: "games", Author: "office"}, access.Console,
		events.SetSeat{Seat: seat.ID, Saw: seat.Version, Be: events.NewSeat{Name: seat.Name, Units: units[1:]}})
	if err != nil {
		t.Fatal(err)
	}
	answer := mark(units[0], start, "1:02.11", 2, 409)
	wants(t, "from a seat that was moved", answer, "mark-moved", "交给裁判长")
	if strings.Contains(answer, `"present"`) {
		t.Errorf("what stands in a unit that is not the seat's: %s", answer)
	}
	page := office.get("/c/games/desk/inbox", 200)
	wants(t, "the inbox", page, "1:02.11", "座席改派以后才送到")
	wants(t, "put aside", office.post("/c/games/desk/inbox", 200, "command", uuid.NewString(), "late", hidden(page)["late"], "saw", "2", "do", "aside", "reason", "以录像为准"), "没有等待决定的成绩")
}

// watching opens the feed from the tablet.
func (l *lobby) watching(b *browser) *websocket.Conn {
	l.t.Helper()
	dialer := *websocket.DefaultDialer
	dialer.Jar = b.client.Jar
	ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(l.URL, "http")+"/c/games/live", nil)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = ws.Close() })
	if err := ws.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		l.t.Fatal(err)
	}
	return ws
}
