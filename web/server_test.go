package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"tongchang/events"
	"tongchang/events/ledgertest"
	"tongchang/events/lenex"
	"tongchang/events/vault"
	"tongchang/live"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

func TestMain(m *testing.M) { ledgertest.Main(m) }

// house is the whole server on loopback with a small meet in it.
type house struct {
	*httptest.Server
	t     testing.TB
	store *events.Store
	unit  int64
	lines []apiLine
}

const deskKey = "desk key of the test"

func newHouse(t testing.TB, dsn string) *house {
	t.Helper()
	store, err := events.Open(t.Context(), dsn, events.WithKeys(vault.Memory()))
	if err != nil {
		t.Fatal(err)
	}
	feed, err := NewFeed(store)
	if err != nil {
		t.Fatal(err)
	}
	hub := live.NewHub(feed, live.Options{AllowNoOrigin: true})
	store.OnCommit(hub.Wake)
	server, err := New(Options{Store: store, Hub: hub, DeskKey: deskKey})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Server: httptest.NewServer(server), t: t, store: store}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := hub.Close(ctx); err != nil {
			t.Errorf("close hub: %v", err)
		}
		h.Close()
		if err := store.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	h.found()
	return h
}

// found imports a meet of one final with four swimmers.
func (h *house) found() {
	h.t.Helper()
	ctx := h.t.Context()
	if _, err := h.store.Found(ctx, events.Competition{Code: "games", Name: "测试运动会", NameEn: "Test games"}); err != nil {
		h.t.Fatal(err)
	}
	club := func(id int, name string, athletes ...lenex.Athlete) lenex.Club {
		return lenex.Club{ID: id, Name: name, Athletes: athletes}
	}
	mark := func(ms scoring.Mark) *scoring.Mark { return &ms }
	swimmer := func(id, lane int, family, given, class string) lenex.Athlete {
		return lenex.Athlete{ID: id, LastName: family, FirstName: given, Gender: "F", Handicap: lenex.Handicap{Free: class},
			Birthdate: time.Date(1999, 3, 4, 0, 0, 0, 0, time.UTC), License: "SECRET-LICENCE",
			Entries: []lenex.Entry{{EventID: 7, HeatID: 70, Lane: lane, Time: mark(scoring.Mark(60_000 + 10*id))}}}
	}
	meet := lenex.Meet{Name: "Test games", City: "哈尔滨", Pool: lenex.Pool{Name: "省游泳馆"}, Sessions: []lenex.Session{{Number: 1, Name: "第 1 场",
		Date: time.Date(2027, 6, 21, 0, 0, 0, 0, time.UTC), Daytime: "09:30", Events: []lenex.Event{{ID: 7, Number: 1, Gender: "F", Round: lenex.TimedFinal,
			Style: lenex.SwimStyle{Distance: 100, RelayCount: 1, Stroke: "FREE"}, AgeGroups: []lenex.AgeGroup{{ID: 3, AgeMin: -1, AgeMax: -1, Handicap: []string{"9"}}},
			Heats: []lenex.Heat{{ID: 70, Number: 1, Status: lenex.Seeded}}}}}},
		Clubs: []lenex.Club{
			club(1, "哈尔滨", swimmer(11, 4, "佟", "海燕", "9"), swimmer(12, 5, "买买提·", "艾力", "9")),
			club(2, "大庆", swimmer(21, 3, "孟", "庆荷", "9"), swimmer(22, 6, "𠮷", "春兰", "9")),
		}}
	act := events.ImportMeet{SHA256: strings.Repeat("a", 64)}
	c := events.Command{ID: uuid.NewString(), Competition: "games", Author: "test"}
	if _, err := h.store.Import(ctx, c, act, &lenex.File{Meets: []lenex.Meet{meet}}, false); err != nil {
		h.t.Fatal(err)
	}
	var programme struct{ Events []apiEvent }
	h.json("GET", "/c/games/api/programme", nil, http.StatusOK, &programme)
	h.unit = programme.Events[0].Phases[0].Units[0].ID
	h.refresh()
}

func (h *house) refresh() {
	var unit struct{ Lines []apiLine }
	h.json("GET", fmt.Sprintf("/c/games/api/units/%d", h.unit), nil, http.StatusOK, &unit)
	h.lines = unit.Lines
}

// json asks as a program with the desk's key.
func (h *house) json(method, path string, body any, status int, into any) {
	h.t.Helper()
	var in io.Reader
	if text, ok := body.(string); ok {
		in = strings.NewReader(text)
	} else if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			h.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.URL+path, in)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+deskKey)
	resp, err := h.Client().Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if resp.StatusCode != status {
		h.t.Errorf("%s %s: %d %s, want %d", method, path, resp.StatusCode, b, status)
	}
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			h.t.Errorf("%s %s: %v in %s", method, path, err, b)
		}
	}
}

// body is one command's body.
type body map[string]any

func (h *house) mark(i int, mark string) body {
	return body{"command": uuid.NewString(), "unit": h.unit, "start": h.lines[i].Start, "mark": mark, "saw": h.lines[i].Revision}
}

// get fetches a page as a reader without any rights.
func (h *house) get(path string, status int) string {
	h.t.Helper()
	resp, err := h.Client().Get(h.URL + path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if resp.StatusCode != status {
		h.t.Errorf("GET %s: %d, want %d", path, resp.StatusCode, status)
	}
	return string(b)
}

func TestScoreReachesBoard(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(h.URL, "http")+"/c/games/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		topic := fmt.Sprintf("zh-CN/unit/%d", h.unit)
		if err := ws.WriteJSON(map[string]any{"type": "watch", "topics": []map[string]any{{"topic": topic}}}); err != nil {
			t.Fatal(err)
		}
		frame := func(until func(UnitState) bool) UnitState {
			t.Helper()
			for {
				if err := ws.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
					t.Fatal(err)
				}
				var m struct {
					Type string
					Data json.RawMessage
				}
				if err := ws.ReadJSON(&m); err != nil {
					t.Fatal(err)
				}
				if m.Type != "frame" {
					continue
				}
				var s UnitState
				if err := json.Unmarshal(m.Data, &s); err != nil {
					t.Fatal(err)
				}
				if until(s) {
					return s
				}
			}
		}
		if s := frame(func(UnitState) bool { return true }); s.Status != StatusStartList || len(s.Lines) != 4 {
			t.Errorf("first frame %+v", s)
		}
		h.json("POST", "/c/games/marks", h.mark(1, "1:02.34"), http.StatusOK, nil)
		s := frame(func(s UnitState) bool { return s.Lines[0].Mark != "" })
		if l := s.Lines[0]; s.Status != StatusLive || l.Mark != "1:02.34" || l.Rank != "1" || !l.Changed || !strings.Contains(s.Sentence, l.Name) {
			t.Errorf("after the first mark: %+v", s)
		}
		for i, mark := range []string{"1:02.34", "", "1:01.00", "1:05.00"} {
			h.refresh()
			if mark == "" {
				continue
			}
			h.json("POST", "/c/games/marks", h.mark(i, mark), http.StatusOK, nil)
		}
		u, err := h.store.Unit(t.Context(), "games", h.unit)
		if err != nil {
			t.Fatal(err)
		}
		h.json("POST", "/c/games/confirmations", body{"command": uuid.NewString(), "unit": h.unit, "saw": u.Version}, http.StatusOK, nil)
		s = frame(func(s UnitState) bool { return s.Status == StatusOfficial })
		var ranks []string
		for _, l := range s.Lines {
			ranks = append(ranks, l.Rank+l.Medal)
		}
		if got := fmt.Sprint(ranks); got != "[1gold 2silver 2silver 4]" {
			t.Errorf("official ranks and medals %s", got)
		}
		page := h.get("/c/games/medals", http.StatusOK)
		for _, want := range []string{"哈尔滨", "大庆"} {
			if !strings.Contains(page, want) {
				t.Errorf("the medal table lacks %s", want)
			}
		}
		var doc kinds.Document
		h.json("GET", fmt.Sprintf("/c/games/documents/units/%d.json", h.unit), nil, http.StatusOK, &doc)
		ranked, err := kinds.Rank(doc)
		if err != nil || len(ranked[0].Lines) != 4 || ranked[0].Lines[2].Reason.Rule != scoring.RuleShared {
			t.Errorf("the public document ranks as %+v, %v", ranked, err)
		}
	})
}

// TestPublicPages reads every public page in both languages and asks that none
// shows what nobody outside may see.
func TestPublicPages(t *testing.T) {
	h := newHouse(t, ledgertest.New(t, "sqlite"))
	h.json("POST", "/c/games/marks", h.mark(0, "1:02.34"), http.StatusOK, nil)
	unit := fmt.Sprint(h.unit)
	for _, path := range []string{"/", "/c/games", "/c/games/schedule", "/c/games/schedule?day=2027-06-21", "/c/games/events/1", "/c/games/units/" + unit,
		"/c/games/medals", "/c/games/delegations/1", "/c/games/board/units/" + unit, "/c/games/board/medals",
		"/c/games/documents/units/" + unit + ".json", "/c/games/documents/phases/1.json", "/c/games/api/programme", "/c/games/api/units/" + unit, "/c/games/api/phases/1",
		"/c/games/state/zh-CN/unit/" + unit, "/c/games/state/en/today", "/livez", "/readyz"} {
		for _, lang := range Languages {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			text := h.get(path+sep+"lang="+lang, http.StatusOK)
			for _, secret := range []string{"SECRET-LICENCE", "1999-03-04", "1999", deskKey} {
				if strings.Contains(text, secret) {
					t.Errorf("%s in %s shows %q", path, lang, secret)
				}
			}
			if raw := regexp.MustCompile(`>\s*[a-z]+[.-][a-z.-]+[a-z]\s*<`).FindString(text); raw != "" {
				t.Errorf("%s in %s shows a bare key: %s", path, lang, raw)
			}
			if strings.HasPrefix(text, "<!") && !strings.Contains(text, `lang="`+lang+`"`) {
				t.Errorf("%s does not say that it is in %s", path, lang)
			}
		}
	}
	for path, status := range map[string]int{"/c/nowhere": 404, "/c/games/units/99": 404, "/c/games/units/x": 404, "/c/games/events/0": 404,
		"/c/games/schedule?day=yesterday": 404, "/c/games/state/zh-CN/units/1": 404, "/nothing": 404} {
		h.get(path, status)
	}
}

func TestPageHeaders(t *testing.T) {
	h := newHouse(t, ledgertest.New(t, "sqlite"))
	for _, path := range []string{"/", "/c/games", "/c/games/units/1", "/nothing", "/c/games/judge"} {
		resp, err := h.Client().Get(h.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": Policy, "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if tag := resp.Header.Get("ETag"); tag != "" {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("If-None-Match", tag)
			again, err := h.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			again.Body.Close()
			if again.StatusCode != http.StatusNotModified {
				t.Errorf("%s again: %d", path, again.StatusCode)
			}
		}
	}
}

// TestBadCommands sends what programs and people get wrong; each is answered
// with its status and a sentence, and changes nothing.
func TestBadCommands(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		if _, err := h.store.Found(t.Context(), events.Competition{Code: "other", Name: "别的", NameEn: "Other"}); err != nil {
			t.Fatal(err)
		}
		before, err := h.store.Competition(t.Context(), "games")
		if err != nil {
			t.Fatal(err)
		}
		with := func(i int, mark string, more body) body {
			b := h.mark(i, mark)
			for k, v := range more {
				b[k] = v
			}
			return b
		}
		for name, tt := range map[string]struct {
			path    string
			body    any
			status  int
			problem string
		}{
			"NaN":                {"/c/games/marks", h.mark(0, "NaN"), 422, "not-a-time"},
			"negative":           {"/c/games/marks", h.mark(0, "-1"), 422, "not-a-time"},
			"exponent":           {"/c/games/marks", h.mark(0, "1e9"), 422, "not-a-time"},
			"full-width":         {"/c/games/marks", h.mark(0, "１：０２．３４"), 422, "full-width"},
			"other competition":  {"/c/other/marks", h.mark(0, "59.00"), 404, "no-such-start"},
			"no competition":     {"/c/nowhere/marks", h.mark(0, "59.00"), 404, "no-such-competition"},
			"no command ID":      {"/c/games/marks", with(0, "59.00", body{"command": ""}), 422, "field-required"},
			"unknown field":      {"/c/games/marks", with(0, "59.00", body{"mrak": "1"}), 422, "field-unreadable"},
			"number for text":    {"/c/games/marks", with(0, "59.00", body{"mark": 59}), 422, "field-unreadable"},
			"no JSON":            {"/c/games/marks", "{", 422, "not-json"},
			"broken text":        {"/c/games/marks", "{\"command\":\"\xff\"}", 422, "not-utf8"},
			"huge":               {"/c/games/marks", `{"mark":"` + strings.Repeat("9", maxBody) + `"}`, 422, "body-unreadable"},
			"unknown unit":       {"/c/games/openings", body{"command": uuid.NewString(), "unit": 99}, 404, "no-such-unit"},
			"confirm unfinished": {"/c/games/confirmations", body{"command": uuid.NewString(), "unit": h.unit, "saw": 0}, 422, "line-missing"},
		} {
			var e apiError
			h.json("POST", tt.path, tt.body, tt.status, &e)
			if e.Problem != tt.problem || e.Message == "" || strings.Contains(e.Message, "problem.") {
				t.Errorf("%s: %+v, want problem %s with a sentence", name, e, tt.problem)
			}
		}
		after, err := h.store.Competition(t.Context(), "games")
		if err != nil || after.LastSeq != before.LastSeq {
			t.Errorf("bad commands moved the log from %d to %d, %v", before.LastSeq, after.LastSeq, err)
		}
	})
}

// TestDesk asks that nobody writes without the desk's key, nor from another site.
func TestDesk(t *testing.T) {
	h := newHouse(t, ledgertest.New(t, "sqlite"))
	post := func(header map[string]string) int {
		b, err := json.Marshal(h.mark(0, "59.00"))
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+"/c/games/marks", bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for k, v := range header {
			req.Header.Set(k, v)
		}
		resp, err := h.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for name, tt := range map[string]struct {
		header map[string]string
		status int
	}{
		"no key":       {nil, 403},
		"wrong key":    {map[string]string{"Authorization": "Bearer guess"}, 403},
		"foreign site": {map[string]string{"Authorization": "Bearer " + deskKey, "Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}, 403},
		"key":          {map[string]string{"Authorization": "Bearer " + deskKey}, 200},
	} {
		if got := post(tt.header); got != tt.status {
			t.Errorf("%s: %d, want %d", name, got, tt.status)
		}
	}
}

// TestJudgeForms goes through a judge's work with forms alone.
func TestJudgeForms(t *testing.T) {
	h := newHouse(t, ledgertest.New(t, "sqlite"))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	read := func(resp *http.Response, err error) (int, string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	address := fmt.Sprintf("%s/c/games/judge/units/%d", h.URL, h.unit)
	status, page := read(client.Get(h.URL + "/c/games/judge?key=" + url.QueryEscape(deskKey)))
	if status != 200 || strings.Count(page, "<form") < 5 {
		t.Fatalf("the judge's link leads to %d with %d forms", status, strings.Count(page, "<form"))
	}
	if resp, err := client.Get(h.URL + "/c/games/judge?key=wrong"); err != nil || resp.StatusCode != 403 {
		t.Errorf("a wrong key: %v", err)
	}
	// field reads a hidden field of a line's form.
	field := func(page, entry, name string) string {
		_, form, _ := strings.Cut(page, `data-form="`+entry+`"`)
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(form)
		if m == nil {
			t.Fatalf("form %s has no field %s", entry, name)
		}
		return m[1]
	}
	entry := fmt.Sprint(h.lines[0].Start)
	form := func(page string, more url.Values) url.Values {
		v := url.Values{"command": {field(page, entry, "command")}, "saw": {field(page, entry, "saw")}, "entry": {entry}}
		for k, x := range more {
			v[k] = x
		}
		return v
	}
	if status, page := read(client.PostForm(address, form(page, url.Values{"mark": {"1:2x"}}))); status != 422 || !strings.Contains(page, `value="1:2x"`) || !strings.Contains(page, `aria-invalid="true"`) {
		t.Errorf("a bad time: %d; what was typed must stay and be marked", status)
	}
	if status, _ := read(client.PostForm(address, form(page, url.Values{"irm": {"DSQ"}}))); status != 422 {
		t.Errorf("DSQ without a rule: %d", status)
	}
	first := form(page, url.Values{"mark": {"1:02.34"}})
	if status, _ := read(client.PostForm(address, first)); status != 200 {
		t.Errorf("a good time: %d", status)
	}
	if status, _ := read(client.PostForm(address, first)); status != 200 {
		t.Errorf("the same form again (a second tap): %d", status)
	}
	if status, both := read(client.PostForm(address, form(page, url.Values{"mark": {"1:09.99"}, "command": {uuid.NewString()}}))); status != 409 || !strings.Contains(both, "1:02.34") || !strings.Contains(both, "1:09.99") {
		t.Errorf("a page from before: %d; both values must be shown", status)
	}
	_, page = read(client.Get(address))
	if status, _ := read(client.PostForm(address, form(page, url.Values{"mark": {"1:02.33"}}))); status != 422 {
		t.Errorf("a correction without a reason: %d", status)
	}
	if status, _ := read(client.PostForm(address, form(page, url.Values{"mark": {"1:02.33"}, "reason": {"看错一位"}}))); status != 200 {
		t.Errorf("a correction with a reason: %d", status)
	}
	for i := 1; i < len(h.lines); i++ {
		entry = fmt.Sprint(h.lines[i].Start)
		_, page = read(client.Get(address))
		if status, _ := read(client.PostForm(address, form(page, url.Values{"irm": {"DNS"}}))); status != 200 {
			t.Errorf("DNS: %d", status)
		}
	}
	_, page = read(client.Get(address))
	_, confirm, _ := strings.Cut(page, "data-confirm>")
	find := func(name string) string {
		return regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(confirm)[1]
	}
	status, page = read(client.PostForm(address+"/confirm", url.Values{"command": {find("command")}, "saw": {find("saw")}}))
	if status != 200 || !strings.Contains(page, "正式") {
		t.Errorf("confirm: %d", status)
	}
	_, page = read(client.Get(address))
	_, confirm, _ = strings.Cut(page, "/reopen\"")
	again := url.Values{"command": {find("command")}, "saw": {find("saw")}}
	if status, _ := read(client.PostForm(address+"/reopen", again)); status != 422 {
		t.Errorf("take back without a reason: %d", status)
	}
	again.Set("reason", "抗议成立")
	if status, _ := read(client.PostForm(address+"/reopen", again)); status != 200 {
		t.Errorf("take back: %d", status)
	}
	if u, err := h.store.Unit(t.Context(), "games", h.unit); err != nil || u.ResultStatus != events.Unofficial {
		t.Errorf("after taking it back: %+v, %v", u, err)
	}
	_, page = read(client.Get(address))
	_, confirm, _ = strings.Cut(page, "data-confirm>")
	if status, _ := read(client.PostForm(address+"/confirm", url.Values{"command": {find("command")}, "saw": {find("saw")}})); status != 200 {
		t.Errorf("confirm again: %d", status)
	}
	if rep, err := h.store.Check(t.Context()); err != nil || !rep.OK() || rep.Results != 4 {
		t.Errorf("check: %+v, %v", rep, err)
	}
}
