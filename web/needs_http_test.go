package web

import (
	"database/sql"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/ledgertest"
	"tongchang/events/needs"
	"tongchang/events/registration"
)

const (
	needRules = `{"name": "省残运会", "opening": "2027-06-18", "delegations": ["哈尔滨", "大庆"],
		"sports": [{"code": "AT", "name": "田径", "birthFrom": "1967-01-01", "birthTo": "2014-12-31"}], "classCategories": [{"category": 4, "classes": "all others"}]}`
	needEvents = "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\nA100,田径,男,T46,100米,individual,2,1,1,T46\n"
)

// needGames is a competition with two delegations, a person in the first, a
// service desk and a medical desk.
type needGames struct {
	*games
	harbin, daqing     events.Delegation
	li                 int64
	team, rival        *person
	desk, meds, office *person
}

func openNeedGames(t *testing.T) *needGames {
	t.Helper()
	n := &needGames{games: openGames(t, needRules, needEvents)}
	for _, d := range n.delegations {
		if d.Name == "哈尔滨" {
			n.harbin = d
		} else {
			n.daqing = d
		}
	}
	more := events.MakeAccounts{Accounts: []events.NewAccount{{Login: "desk", Name: "顾小满", Role: access.Service}, {Login: "meds", Name: "韩梅", Role: access.Medical}}}
	_, links, err := n.store.MakeAccounts(t.Context(), n.command(), access.Console, more)
	if err != nil {
		t.Fatal(err)
	}
	for i := range links {
		n.accounts[more.Accounts[i].Name] = links[i].Account.ID
	}
	n.team, n.rival, n.desk, n.meds, n.office = n.person("哈尔滨领队"), n.person("大庆领队"), n.person("顾小满"), n.person("韩梅"), n.person(officer)
	who := access.Who{Account: n.accounts["哈尔滨领队"], Name: "哈尔滨领队", Role: access.Delegation, Delegation: n.harbin.ID}
	_, err = n.store.SaveRegistration(t.Context(), events.Command{ID: uuid.NewString(), Competition: "games", Author: who.Name}, who, events.SaveRegistration{Delegation: n.harbin.ID,
		Fields: map[entry.Field]string{entry.Name: "李桂荣", entry.Sex: "男", entry.InSport: "田径", entry.Class: "T46", entry.Events: "100米", registration.Role: "运动员"},
		Secret: map[entry.Field]string{"food": "清真", "need": "药品需冷藏"}})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := n.store.Registrations(t.Context(), who, "games", events.RegistrationFilter{})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d registrations, %v", len(rows), err)
	}
	n.li = rows[0].ID
	return n
}

func (n *needGames) teamURL(rest string) string {
	return "/c/games/team/" + strconv.FormatInt(n.harbin.ID, 10) + rest
}

// formsOf lists the fields of every form of a page that is posted to an address.
func formsOf(t *testing.T, page, action string) (all []url.Values) {
	t.Helper()
	for {
		i := strings.Index(page, `action="`+action+`"`)
		if i < 0 {
			return all
		}
		start := strings.LastIndex(page[:i], "<form")
		all = append(all, formOf(t, page[start:], action))
		page = page[i+1:]
	}
}

// acting is the form of a page that does an act.
func acting(t *testing.T, page, action, act string) url.Values {
	t.Helper()
	all := formsOf(t, page, action)
	i := slices.IndexFunc(all, func(v url.Values) bool { return v.Get("act") == act })
	if i < 0 {
		t.Fatalf("no form does %s on: %s", act, textOf(page))
	}
	return all[i]
}

// refusedForm sends a form that is not taken and gives the page that comes back.
func (p *person) refusedForm(path string, form url.Values, status int) string {
	p.t.Helper()
	_, page := p.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), status)
	return page
}

// says makes sure that a page has texts, and has none of others.
func says(t *testing.T, what, page string, has []string, hasNot ...string) {
	t.Helper()
	for _, text := range has {
		if !strings.Contains(page, text) {
			t.Errorf("%s does not say %q: %s", what, text, textOf(page))
		}
	}
	for _, text := range hasNot {
		if strings.Contains(page, text) {
			t.Errorf("%s says %q", what, text)
		}
	}
}

const sill = "浴室门口有 4 厘米的坎，我的轮椅进不去。"

// TestNeedsPages walks the loop as people do: asked on the form, seen by the desk
// without the words, looked at with a reason, assigned, answered, not good,
// answered again, good.
func TestNeedsPages(t *testing.T) {
	n := openNeedGames(t)
	formURL := n.teamURL("/needs/" + strconv.FormatInt(n.li, 10))
	page := n.team.get(formURL)
	form := formOf(t, page, formURL)
	says(t, "the form before anybody has asked", page, []string{"报名表里写的 2 项已替您勾上", "药品需冷藏"})
	if !slices.Equal(form["kind"], []string{"fridge", "halal"}) {
		t.Errorf("ticked: %v", form["kind"])
	}
	form["kind"] = []string{"own-words", "injection", "paper-large"}
	form.Set("words.injection", "每天两次胰岛素")
	says(t, "a form without the words that a kind needs", n.team.refusedForm(formURL, form, http.StatusUnprocessableEntity), []string{"错误", "要写一句话", "每天两次胰岛素"})
	form.Set("words.own-words", sill)
	form.Set("place.own-words", "3 号楼 412")
	_, page = n.team.post(formURL, form)
	says(t, "the delegation's page", page, []string{"李桂荣", sill, "3 号楼 412", "打针的地方", "提出"})
	n.team.post(formURL, form) // the same again counts once
	says(t, "a form that saw an older state", n.team.refusedForm(formURL, withCommand(form), http.StatusConflict), []string{"别人刚改过", sill})

	board := n.desk.get("/c/games/desk/needs")
	says(t, "the board", board, []string{"李**", "哈尔滨", "3 号楼 412", "医务事项", "大字试卷"}, "李桂荣", "坎", "胰岛素", "打针")
	says(t, "the board of the medical desk", n.meds.get("/c/games/desk/needs"), []string{"打针的地方", "李**"}, "大字试卷", "3 号楼 412", "胰岛素")
	needURL := n.needURL(t, "own-words")
	page = n.desk.get(needURL)
	says(t, "a need's page", page, []string{"李**", "派单", "办不办得到"}, "李桂荣", "坎")
	look := formOf(t, page, needURL+"/look")
	says(t, "a look without a reason", n.desk.refusedForm(needURL+"/look", look, http.StatusUnprocessableEntity), []string{"请写明为什么"}, "李桂荣", "坎")
	look.Set("reason", "去量门口的坎")
	look.Set("command", uuid.NewString())
	_, page = n.desk.do("POST", needURL+"/look", "application/x-www-form-urlencoded", strings.NewReader(look.Encode()), http.StatusOK)
	says(t, "a look", page, []string{"李桂荣", sill, "已经记下"})

	assign := acting(t, n.desk.get(needURL), needURL, "assign")
	assign.Set("group", "lodging")
	assign.Set("owner", "于海")
	assign.Set("due-day", "2027-04-02")
	assign.Set("due-hour", "12:00")
	_, page = n.desk.post(needURL, assign)
	says(t, "assigned", page, []string{"已派单", "住宿组 于海", "4 月 2 日 12:00"})
	says(t, "a form that saw an older state", n.desk.refusedForm(needURL, withCommand(assign), http.StatusConflict), []string{"别人刚办过"})
	answer := acting(t, page, needURL, "answer")
	answer.Set("verdict", "will")
	answer.Set("words", "不行")
	says(t, "no answer", n.desk.refusedForm(needURL, answer, http.StatusUnprocessableEntity), []string{"至少 4 个字", `aria-describedby="answer-hint answer-error"`})
	answer = withCommand(answer)
	answer.Set("words", "今晚装好坡板。")
	_, page = n.desk.post(needURL, answer)
	says(t, "answered", page, []string{"答复已发出", "今晚装好坡板。"})

	page = n.team.get(n.teamURL("/needs"))
	says(t, "the answer", page, []string{"等您回话 1 件", "照办", "今晚装好坡板。"})
	reopen := acting(t, page, n.teamURL("/needs"), "reopen")
	says(t, "not good, and no word why", n.team.refusedForm(n.teamURL("/needs"), reopen, http.StatusUnprocessableEntity), []string{"至少 4 个字"})
	reopen = withCommand(reopen)
	reopen.Set("words", "坡板太陡，上不去。")
	_, page = n.team.post(n.teamURL("/needs"), reopen)
	says(t, "sent back", page, []string{"退回重办"})
	says(t, "the desk, sent back", n.desk.get(needURL), []string{"第 1 次退回重办"}, "太陡")
	answer = acting(t, n.desk.get(needURL), needURL, "answer")
	answer.Set("verdict", "instead")
	answer.Set("words", "换到 3 号楼 101，门口没有坎。")
	n.desk.post(needURL, answer)
	_, page = n.team.post(n.teamURL("/needs"), acting(t, n.team.get(n.teamURL("/needs")), n.teamURL("/needs"), "satisfy"))
	says(t, "satisfied", page, []string{"已满意 1 件", "换到 3 号楼 101"})
	says(t, "the board in English", n.desk.get("/c/games/desk/needs?standing=settled&lang=en"), []string{"Satisfied: 1", "Said in their own words"}, "坎")
	n.hiddenFromOthers(t, needURL, formURL)
}

// withCommand is a form to be sent anew rather than again.
func withCommand(form url.Values) url.Values {
	form.Set("command", uuid.NewString())
	return form
}

func (n *needGames) needURL(t *testing.T, kind needs.Code) string {
	t.Helper()
	who := access.Who{Name: "x", Role: access.Organiser, Strong: true}
	views, err := n.store.Needs(t.Context(), who, "games", events.NeedFilter{Kind: kind})
	if err != nil || len(views) == 0 {
		t.Fatalf("needs of kind %s: %d, %v", kind, len(views), err)
	}
	return "/c/games/desk/needs/" + strconv.FormatInt(views[0].ID, 10)
}

// hiddenFromOthers: another delegation gets the same answer about a need and a
// person as about what there is none of; the desk's pages are not theirs at all.
func (n *needGames) hiddenFromOthers(t *testing.T, needURL, formURL string) {
	t.Helper()
	nothing := "/c/games/team/987654321/needs"
	_, none := n.rival.do("GET", nothing, "", nil, http.StatusNotFound)
	for _, path := range []string{n.teamURL("/needs"), formURL, n.teamURL("/arrival")} {
		if _, page := n.rival.do("GET", path, "", nil, http.StatusNotFound); textOf(page) != textOf(none) {
			t.Errorf("%s for another delegation: %s", path, textOf(page))
		}
	}
	own := "/c/games/team/" + strconv.FormatInt(n.daqing.ID, 10)
	n.rival.do("GET", own+"/needs/"+strconv.FormatInt(n.li, 10), "", nil, http.StatusNotFound)
	theirs := url.Values{"command": {uuid.NewString()}, "need": {needURL[strings.LastIndex(needURL, "/")+1:]}, "saw": {"1"}, "act": {"satisfy"}}
	n.rival.refusedForm(own+"/needs", theirs, http.StatusNotFound)
	n.rival.do("GET", needURL, "", nil, http.StatusForbidden)
}

// TestNeedsTogether: three wheelchairs for the same day are one task; the plan of
// the arrival says at which hour they are missing.
func TestNeedsTogether(t *testing.T) {
	n := openNeedGames(t)
	bus := func(p *person, team events.Delegation, pieces string) {
		action := "/c/games/team/" + strconv.FormatInt(team.ID, 10) + "/needs/" + wholeTeam
		form := formOf(t, p.get(action), action)
		form["kind"] = []string{"lift-bus", "wheelchair-loan"}
		form.Set("pieces.lift-bus", "2")
		form.Set("day.lift-bus", "2027-06-18")
		form.Set("pieces.wheelchair-loan", pieces)
		p.post(action, form)
	}
	bus(n.team, n.harbin, "35")
	bus(n.rival, n.daqing, "25")
	plan := func(p *person, team events.Delegation) {
		action := "/c/games/team/" + strconv.FormatInt(team.ID, 10) + "/arrival"
		form := formOf(t, p.get(action), action)
		form.Set("day1", "2027-06-17")
		says(t, "a group without a time", p.refusedForm(action, form, http.StatusUnprocessableEntity), []string{"第 1 批：要填日期、时间和人数", "2027-06-17"})
		form.Set("clock1", "14:05")
		form.Set("people1", "80")
		_, page := p.post(action, withCommand(form))
		says(t, "the plan", page, []string{"6 月 17 日 14:05，80 人"})
	}
	plan(n.team, n.harbin)
	plan(n.rival, n.daqing)
	page := n.desk.get("/c/games/desk/needs/capacity")
	form := formOf(t, page, "/c/games/desk/needs/capacity")
	form.Set("kind", "wheelchair-loan")
	form.Set("pieces", "many")
	says(t, "no number", n.desk.refusedForm("/c/games/desk/needs/capacity", form, http.StatusUnprocessableEntity), []string{"要填数", "many"})
	form.Set("pieces", "40")
	form.Set("day", "2027-06-17")
	_, page = n.desk.post("/c/games/desk/needs/capacity", withCommand(form))
	says(t, "what there is", page, []string{"借用轮椅要 60，有 40，缺 20。", "缺 20"})
	board := n.desk.get("/c/games/desk/needs")
	says(t, "the board", board, []string{"6 月 17 日 14 时：借用轮椅要 60，有 40，缺 20。", "可以并成一件办的 2 组", "还有 1 人没问"})
	for _, merge := range formsOf(t, board, "/c/games/desk/needs/merge") {
		_, page = n.desk.post("/c/games/desk/needs/merge", merge)
	}
	says(t, "merged", page, []string{"已并成一件", "和另外 1 件一起办"}, "可以并成一件办的")
	needURL := n.needURL(t, "lift-bus")
	answer := acting(t, n.desk.get(needURL), needURL, "answer")
	answer.Set("verdict", "will")
	answer.Set("words", "6:00 在 3 号门上车。")
	n.desk.post(needURL, answer)
	for _, p := range []*person{n.team, n.rival} {
		team := n.harbin
		if p == n.rival {
			team = n.daqing
		}
		says(t, "one answer for both", p.get("/c/games/team/"+strconv.FormatInt(team.ID, 10)+"/needs"), []string{"6:00 在 3 号门上车。", "等您回话 1 件"})
	}
	split := formOf(t, n.desk.get(needURL), needURL+"/split")
	_, page = n.desk.post(needURL+"/split", split)
	says(t, "taken apart", page, []string{"已分开"})
	says(t, "taken apart again", n.desk.refusedForm(needURL+"/split", withCommand(split), http.StatusUnprocessableEntity), []string{"本来就是单独办的"})
}

// TestWelcomeDesk: the desk asks somebody again with the same form. It does not
// have the person's words, and leaves them as they are.
func TestWelcomeDesk(t *testing.T) {
	n := openNeedGames(t)
	formURL := n.teamURL("/needs/" + strconv.FormatInt(n.li, 10))
	form := formOf(t, n.team.get(formURL), formURL)
	form["kind"] = []string{"own-words", "injection"}
	form.Set("words.own-words", sill)
	n.team.post(formURL, form)
	page := n.desk.get(formURL)
	says(t, "the form at the desk", page, []string{"李桂荣", "别的，用自己的话说"}, "坎", "打针")
	form = formOf(t, page, formURL)
	form["kind"] = append(form["kind"], "soft-food")
	n.desk.post(formURL, form)
	page = n.team.get(n.teamURL("/needs"))
	says(t, "after the desk", page, []string{sill, "软食", "打针的地方"}, "退回重办")
}

// TestJudgeSeesAccommodations: what was granted stands beside the name on the
// judge's page, in either language; why it was asked for does not, and what was
// refused is not there.
func TestJudgeSeesAccommodations(t *testing.T) {
	dsn := ledgertest.New(t, "sqlite")
	h := newHouse(t, dsn)
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var registration, delegation int64
	err = db.QueryRow(`INSERT INTO registrations (competition_id, delegation_id, participant_id, state, revision, staff, counted, role, sport, name, sex, birth, class, choices, best, guide,
		person, content, reason, created, updated, "by", seq)
		SELECT competition_id, delegation_id, id, 'accepted', 1, 0, 0, 'athlete', '', '佟海燕', 'W', '', '', '[]', '', '', '', '', '', '2027-04-01 09:00:00+00:00', '2027-04-01 09:00:00+00:00', 'test', 0
		FROM participants WHERE family = '佟' RETURNING id, delegation_id`).Scan(&registration, &delegation)
	if err != nil {
		t.Fatal(err)
	}
	team, desk := access.Who{Name: "team", Role: access.Delegation, Delegation: delegation}, access.Who{Name: "desk", Role: access.Service}
	by := func(who access.Who) events.Command {
		return events.Command{ID: uuid.NewString(), Competition: "games", Author: who.Name}
	}
	if _, err := h.store.StateNeeds(t.Context(), by(team), team, events.StateNeeds{Delegation: delegation, Registration: registration, Round: events.AtEntry, Needs: []events.AskedNeed{
		{Kind: "start-light", Pieces: 1, Hour: needs.WholeDay, Words: "听不见发令枪"}, {Kind: "rest-break", Pieces: 1, Hour: needs.WholeDay}, {Kind: "time-30", Pieces: 1, Hour: needs.WholeDay}}}); err != nil {
		t.Fatal(err)
	}
	page := func(lang string) string {
		r, err := http.NewRequestWithContext(t.Context(), "GET", h.URL+"/c/games/judge/units/"+numeral(h.unit)+"?lang="+lang, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+deskKey)
		resp, err := h.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("judge's page: %d, %v", resp.StatusCode, err)
		}
		return textOf(string(b)) + string(b)
	}
	says(t, "the judge's page before the answer", page("zh-CN"), []string{"佟海燕"}, "合理便利", "灯光")
	views, err := h.store.Needs(t.Context(), desk, "games", events.NeedFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		m := events.MoveNeeds{IDs: []int64{v.ID}, Act: needs.Answer, Verdict: needs.Will, Words: "已经安排好了。"}
		if v.Kind == "rest-break" {
			m.Verdict = needs.Cannot
		}
		if _, err := h.store.MoveNeeds(t.Context(), by(desk), desk, m); err != nil {
			t.Fatal(err)
		}
	}
	says(t, "the judge's page", page("zh-CN"), []string{"灯光发令 · 时间 +30 %"}, "听不见", "中间休息", "已经安排好了")
	says(t, "the judge's page in English", page("en"), []string{"Light start · Time +30 %"})
}
