package web

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tongchang/events"
	"tongchang/events/draw"
	"tongchang/events/ledgertest"
	"tongchang/events/vault"
	"tongchang/live"
	"tongchang/scoring/kinds"
)

// fieldGames is a competition with one event of one entry, one of two that are
// entered in nothing else, one of nine, from two delegations, and one of nobody.
func fieldGames(t *testing.T) *games {
	t.Helper()
	dsn := ledgertest.New(t, "sqlite")
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
	server, err := New(Options{Store: store, Hub: hub, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	g := &games{Server: httptest.NewServer(server), t: t, store: store, accounts: map[string]int64{}}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		g.Close()
		if err := hub.Close(ctx); err != nil {
			t.Errorf("close hub: %v", err)
		}
		if err := store.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	if g.competition, err = store.Found(t.Context(), events.Competition{Code: "games", Name: "省残运会", Zone: "Asia/Shanghai"}); err != nil {
		t.Fatal(err)
	}
	g.enterFields(dsn)
	rules := `{"name": "测试", "opening": "2027-06-18", "delegations": ["哈尔滨", "大庆"], "sports": [{"code": "AT", "name": "田径", "birthFrom": "1967-01-01", "birthTo": "2014-12-31"}], "classCategories": [{"category": 4, "classes": "all others"}]}`
	if _, err := store.SetEdition(t.Context(), g.command(), events.SetEdition{Rules: []byte(rules), Events: "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\nA800,田径,女,T46,800米,individual,2,1,1,T46\n"}); err != nil {
		t.Fatal(err)
	}
	if g.delegations, err = store.Delegations(t.Context(), g.competition.ID); err != nil {
		t.Fatal(err)
	}
	g.staff()
	return g
}

func (g *games) enterFields(dsn string) {
	g.t.Helper()
	timed := kinds.Ruleset{Name: "athletics", Version: "test", Kind: "timed"}
	p := events.ProgrammeFile{Disciplines: []events.DisciplineFile{{Code: "AT", Name: "田径"}}, Delegations: []events.DelegationFile{{Code: "HRB", Name: "哈尔滨"}, {Code: "DAQ", Name: "大庆"}}}
	sizes := map[string]int{"T53": 1, "T54": 9, "T20": 1}
	for _, class := range []string{"T53", "T54", "T20"} {
		p.Events = append(p.Events, events.EventFile{Code: class, Discipline: "AT", Type: "100", Sex: "M", Classes: class, Name: "男子100米 " + class,
			Phases: []events.PhaseFile{{Code: class + "F", Kind: "FIN", Decides: true, Ruleset: timed}}})
		for i := range sizes[class] {
			p.Participants = append(p.Participants, events.ParticipantFile{Code: fmt.Sprint(class, i), Delegation: []string{"HRB", "DAQ"}[i%2], Family: "佟", Given: fmt.Sprint(class, "号", i), Sex: "M"})
		}
	}
	if _, err := g.store.SetUp(g.t.Context(), g.command(), events.SetUp{Programme: p}, false); err != nil {
		g.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		g.t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec(`INSERT INTO entries (competition_id, event_id, delegation_id, participant_id, code, team_name, state, why)
		SELECT p.competition_id, e.id, p.delegation_id, p.id, p.code, '', '', '' FROM participants AS p JOIN events AS e ON e.competition_id = p.competition_id AND e.code = substr(p.code, 1, 3)`)
	if err != nil {
		g.t.Fatal(err)
	}
}

func (p *person) refused(path string, form url.Values, status int) string {
	p.t.Helper()
	_, page := p.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), status)
	return page
}

// says fails unless a page's main part has all the texts.
func (p *person) says(page string, texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(textOf(page), text) {
			p.t.Fatalf("no %q in: %s", text, textOf(page))
		}
	}
}

// rowOf is the number of the row of the page that speaks of an event.
func rowOf(t *testing.T, page, title string) string {
	t.Helper()
	for _, tr := range elements(page, func(n *html.Node) bool { return n.Data == "tr" }) {
		about := elements(rendered(t, tr), func(n *html.Node) bool { return n.Data == "th" })
		if len(about) != 1 || !strings.HasPrefix(words(about[0]), title) {
			continue
		}
		for n := range tr.Descendants() {
			if n.Type == html.ElementNode && attribute(n, "name") == "row" {
				return attribute(n, "value")
			}
		}
	}
	t.Fatalf("no row of %s in: %s", title, textOf(page))
	return ""
}

// rendered is an element as a document of its own.
func rendered(t *testing.T, n *html.Node) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("<table>")
	if err := html.Render(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestFieldPages: proposals looked at and decided, told, taken back.
func TestFieldPages(t *testing.T) {
	g := fieldGames(t)
	office, team := g.person(officer), g.person("哈尔滨领队")
	const desk = "/c/games/desk/fields"
	page := office.get(desk)
	office.says(page, "少于 3 人", "并入相邻较轻级别", "4 个小项里有 3 项不够人数：0 项已定，3 项待定", "并入 男子100米 T54：1 + 9 = 10 人", "录取前 8 名", "唯一的项目")
	form := formOf(t, page, desk+"/check")
	t53, t20 := rowOf(t, page, "男子100米 T53"), rowOf(t, page, "男子100米 T20")
	if got := form.Get("do-" + t53); !strings.HasPrefix(got, "merge:") {
		t.Errorf("the proposal is not chosen: %q", got)
	}
	if got := form.Get("do-" + t20); got != "" {
		t.Errorf("somebody's only event is cancelled beforehand: %q", got)
	}
	office.says(office.refused(desk+"/check", form, http.StatusUnprocessableEntity), "还没有勾选小项")
	form["id"] = []string{t53, t20}
	_, check := office.do("POST", desk+"/check", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusOK)
	office.says(check, "并入 男子100米 T54，并完共 10 人", "1 项没有选做法")
	decide := formOf(t, check, desk+"/decide")
	again := office.refused(desk+"/decide", decide, http.StatusUnprocessableEntity)
	office.says(again, "请写给各队的说明")
	decide.Set("reason", "报名不足，按规程第 12 条。")
	to, done := office.post(desk+"/decide", decide)
	office.says(done, "定了 1 项", "并入 1 项", "1 项已定，2 项待定", "报名不足，按规程第 12 条。")
	if same, _ := office.post(desk+"/decide", decide); same != to {
		t.Errorf("sent again: %s, first %s", same, to)
	}
	fresh := url.Values{}
	for name, v := range decide {
		fresh[name] = v
	}
	fresh.Set("command", g.command().ID)
	office.says(office.refused(desk+"/decide", fresh, http.StatusConflict), "已经定过了")

	harbin := slices.IndexFunc(g.delegations, func(d events.Delegation) bool { return d.Name == "哈尔滨" })
	home := fmt.Sprintf("/c/games/team/%d", g.delegations[harbin].ID)
	told := team.get(home)
	team.says(told, "编排有变：男子100米 T53", "按规程第 12 条")
	if _, read := team.post(home+"/notices", formOf(t, told, home+"/notices")); strings.Contains(textOf(read), "看过了") {
		t.Errorf("read, and asked again: %s", textOf(read))
	}
	team.do("GET", desk, "", nil, http.StatusForbidden)

	undo := formOf(t, done, desk+"/undo")
	office.says(office.refused(desk+"/undo", undo, http.StatusUnprocessableEntity), "请写给各队的说明")
	undo.Set("reason", "有人补报。")
	if _, back := office.post(desk+"/undo", undo); !strings.Contains(textOf(back), "0 项已定，3 项待定") {
		t.Errorf("taken back: %s", textOf(back))
	}
}

// TestDrawPages: promised, drawn, run again by everybody, changed, void.
func TestDrawPages(t *testing.T) {
	g := fieldGames(t)
	office, everyone := g.person(officer), g.person("")
	const desk = "/c/games/desk/draws"
	step := func(step, title, word string) string {
		t.Helper()
		page := office.get(desk)
		form := url.Values{"to": {step}, "id": {rowOf(t, page, title)}}
		_, check := office.do("POST", desk+"/check", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusOK)
		ask := formOf(t, check, desk+map[string]string{promiseStep: "/promise", drawStep: "/make"}[step])
		if word != "" {
			ask.Set("word", word)
		}
		_, done := office.post(desk+map[string]string{promiseStep: "/promise", drawStep: "/make"}[step], ask)
		return done
	}
	const title = "男子100米 T54"
	id := rowOf(t, office.get(desk), title)
	public, file := "/c/games/events/"+id+"/draw", "/c/games/documents/draws/"+id+".json"
	everyone.do("GET", public, "", nil, http.StatusNotFound)
	office.says(step(promiseStep, title, ""), "承诺了 1 项")
	everyone.says(everyone.get(public), "已经承诺，还没有抽")
	if doc := everyone.get(file); strings.Contains(doc, `"seed"`) || !strings.Contains(doc, `"commitment"`) {
		t.Errorf("before the draw: %s", doc)
	}
	office.says(step(drawStep, title, "37 12"), "抽了 1 项")
	if page := everyone.get("/c/games/events/" + id); !strings.Contains(page, public) {
		t.Error("the event's page does not lead to its draw")
	}
	everyone.says(everyone.get(public), "刚刚重抽了一遍，每个位置都一样", "37 12", "T54号3", "第 2 组")
	doc, err := draw.ReadDocument([]byte(everyone.get(file)))
	if err == nil {
		err = draw.Verify(doc)
	}
	if err != nil {
		t.Fatal(err)
	}

	one := desk + "/" + id
	a, b := doc.Drawn.Places[0], doc.Drawn.Places[8]
	swap := url.Values{"command": {g.command().ID}, "act": {"swap"}, "who": {a.Entrant + " " + a.Spot.String()}, "with": {b.Entrant + " " + b.Spot.String()}}
	office.says(office.refused(one+"/change", swap, http.StatusUnprocessableEntity), "请写理由")
	swap.Set("reason", "两队都同意")
	_, changed := office.post(one+"/change", swap)
	office.says(changed, "改好了", "互换", "两队都同意")
	swap.Set("command", g.command().ID)
	office.says(office.refused(one+"/change", swap, http.StatusUnprocessableEntity), "已不在", "T54号")
	everyone.says(everyone.get(public), "刚刚重抽了一遍", "两队都同意")
	undo := formOf(t, changed, one+"/undo")
	undo.Set("reason", "记错了")
	_, undone := office.post(one+"/undo", undo)
	office.says(undone, "（已撤销）", "撤销第 1 次改动")
	scratch := url.Values{"command": {g.command().ID}, "act": {"scratch"}, "who": {a.Entrant + " " + a.Spot.String()}, "reason": {"本人退出"}}
	_, out := office.post(one+"/change", scratch)
	free := elements(out, func(n *html.Node) bool { return n.Data == "option" && attribute(n, "value") == a.Spot.String() })
	if len(free) != 1 {
		t.Errorf("the place left is not offered: %s", textOf(out))
	}
	everyone.says(everyone.get(public), "刚刚重抽了一遍", "退出的")

	void := formOf(t, out, one+"/void")
	void.Set("reason", "漏了一个队")
	_, list := office.post(one+"/void", void)
	office.says(list, "已作废")
	everyone.do("GET", public, "", nil, http.StatusNotFound)
	office.says(step(promiseStep, title, ""), "承诺了 1 项")
	scratch.Set("command", g.command().ID)
	office.says(office.refused(one+"/change", scratch, http.StatusConflict), "还没有抽签")
}
