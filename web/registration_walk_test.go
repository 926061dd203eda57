package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"tongchang/events"
	"tongchang/events/identity"
	"tongchang/events/workbook"
)

// The walk of a delegation's file through the pages: form down, filled in, sent,
// put right, entered, submitted, returned, accepted, taken back. The same games
// stay open for the browser's walk.

// A small edition with two delegations. All persons are made up: the address
// code of their numbers is no county's.
const (
	smallRules = `{"name": "第九届残运会", "opening": "2027-06-18", "delegations": ["牡丹江", "鹤岗"], "guardianRequiredUnderAge": 14, "guideRequired": ["T11"],
		"sports": [{"code": "AT", "name": "田径", "nameEn": "Athletics", "aliases": [], "birthFrom": "1960-01-01", "birthTo": "2015-12-31"}],
		"limits": {"individualEventsPerPersonAndSport": 3, "notCounted": ["relay"]},
		"classCategories": [{"category": 1, "classes": "T11"}, {"category": 4, "classes": "all others"}]}`
	smallProgramme = "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\n" +
		"AT-M-T46-100,田径,男,T46,100米,individual,4,1,1,T46\nAT-W-T46-100,田径,女,T46,100米,individual,4,1,1,T46\n" +
		"AT-M-T46-LJ,田径,男,T46,跳远,individual,4,1,1,T46\nAT-W-T46-LJ,田径,女,T46,跳远,individual,4,1,1,T46\n"
)

// numberOf is a made-up identity number that is right.
func numberOf(birth string, sequence int) string {
	s := fmt.Sprintf("230099%s%03d", birth, sequence)
	return s + string(identity.CheckDigit(s))
}

// athleteRow is a row of the form, by the names of its columns.
func athleteRow(name, sex, birth string, sequence int) map[string]string {
	id := numberOf(birth, sequence)
	return map[string]string{"姓名": name, "性别": sex, "公民身份号码": id, "残疾人证号": id + "43", "残疾类别": "肢体", "残疾等级": "三级", "证件有效期至": "2030-05-01",
		"运动项目": "田径", "级别": "T46", "参赛小项": "100米", "联系电话": "19900000001"}
}

// walkers are the people of the walk. Three rows have something wrong with them:
// a digit of a number, an event that there is not, a child without a guardian.
func walkers() []map[string]string {
	right := athleteRow("佟海燕", "女", "19990304", 2)
	digit := athleteRow("敖嫩·巴图", "男", "19950101", 13)
	number := digit["公民身份号码"]
	other := "0"
	if number[17] == '0' {
		other = "1"
	}
	digit["公民身份号码"] = number[:17] + other
	event := athleteRow("孟庆荷", "女", "20010909", 24)
	event["参赛小项"] = "110米栏"
	child := athleteRow("严小江", "男", "20140202", 35)
	return []map[string]string{right, digit, event, child}
}

// filledIn fills a form in: rows under the header of its first sheet for people.
func filledIn(t testing.TB, form []byte, rows []map[string]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const sheet = "运动员"
	cells, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	head := slices.IndexFunc(cells, func(row []string) bool { return slices.Contains(row, "*姓名") })
	if head < 0 {
		t.Fatalf("the form has no header: %q", cells)
	}
	for i, row := range rows {
		for header, text := range row {
			at := slices.IndexFunc(cells[head], func(h string) bool {
				return strings.TrimPrefix(h, "*") == header || strings.TrimPrefix(h, "*") == header+"1"
			})
			if at < 0 {
				t.Fatalf("the form has no column %s: %q", header, cells[head])
			}
			if err := f.SetCellStr(sheet, workbook.Address(head+1+i, at), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// problemsOf are the cells in which a page shows problems, errors first.
func problemsOf(page string) (wrong, warned []string) {
	for _, s := range readOff(page) {
		if s.wrong {
			wrong = append(wrong, s.address)
		} else if !s.calm {
			warned = append(warned, s.address)
		}
	}
	return wrong, warned
}

// secrets are what no page may show whole.
func secrets() (all []string) {
	for _, row := range walkers() {
		all = append(all, row["公民身份号码"], row["残疾人证号"][:19], row["联系电话"])
	}
	return all
}

func (p *person) clean(where, page string) {
	p.t.Helper()
	for _, secret := range secrets() {
		if strings.Contains(page, secret) {
			p.t.Errorf("%s shows %s", where, secret)
		}
	}
}

func TestRegistrationWalk(t *testing.T) {
	g := openGames(t, smallRules, smallProgramme)
	d := g.delegations[slices.IndexFunc(g.delegations, func(d events.Delegation) bool { return d.Name == "牡丹江" })]
	manager, home := g.person(d.Name+"领队"), fmt.Sprintf("/c/games/team/%d", d.ID)
	empty := manager.get(home)
	if !strings.Contains(textOf(empty), "还没有人") {
		t.Errorf("the home of nobody says: %s", textOf(empty))
	}
	_, form := manager.do("GET", home+"/template.xlsx", "", nil, http.StatusOK)
	at := manager.upload(d.ID, "报名表.xlsx", filledIn(t, []byte(form), walkers()))
	page := manager.get(at)
	wrong, _ := problemsOf(page)
	if len(wrong) != 3 {
		t.Fatalf("%v are wrong: %s", wrong, textOf(page))
	}
	manager.clean("the file's page", page)

	page = manager.putRight(at, page)
	if wrong, warned := problemsOf(page); len(wrong)+len(warned) != 0 || !strings.Contains(textOf(page), "已改好") {
		t.Fatalf("still wrong: %v %v: %s", wrong, warned, textOf(page))
	}
	manager.clean("the file put right", page)

	to, page := manager.post(at+"/apply", formOf(t, manager.get(at+"/apply"), at+"/apply"))
	if !strings.Contains(to, "n=4") || !strings.Contains(textOf(page), "新增 4 人") || strings.Count(page, "data-person") != 4 {
		t.Fatalf("entered: %s: %s", to, textOf(page))
	}
	manager.clean("home", page)
	again := manager.upload(d.ID, "报名表.xlsx", filledIn(t, []byte(form), walkers()[:1]))
	if text := textOf(manager.get(again)); !strings.Contains(text, "新增 0 人，修改 0 人，不变 1 人，表里没有了 3 人") {
		t.Errorf("the same row again: %s", text)
	}

	page = manager.take(home, page, "submitted", "")
	if !strings.Contains(textOf(page), "已提交 4 人") {
		t.Fatalf("submitted: %s", textOf(page))
	}
	g.decide(manager, home)
	g.elsewhere(manager, home, at)
}

// putRight fills in what is right in the three cells and sends the form.
func (p *person) putRight(at, page string) string {
	p.t.Helper()
	form := formOf(p.t, page, at+"/fix")
	for _, s := range readOff(page) {
		if !s.wrong {
			continue
		}
		field := "f-" + s.id
		switch {
		case strings.Contains(s.title, "校验"):
			if form.Get(field) != "" {
				p.t.Errorf("the field of a number starts with %q", form.Get(field))
			}
			form.Set(field, numberOf("19950101", 13))
		case strings.Contains(s.title, "110米栏"):
			form.Set(field, "跳远")
		default:
			form.Set(field, "严国庆")
		}
	}
	_, page = p.post(at+"/fix", form)
	return page
}

// take takes everybody of a list to a state, through the page that shows it
// first.
func (p *person) take(list, page, state, reason string) string {
	p.t.Helper()
	form := formOf(p.t, page, list+"/check")
	form.Set("to", state)
	for _, row := range elements(page, isChoice) {
		form.Add("id", attribute(row, "value"))
	}
	_, page = p.do("POST", list+"/check", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusOK)
	form = formOf(p.t, page, list+"/moves")
	form.Set("reason", reason)
	_, page = p.post(list+"/moves", form)
	return page
}

// decide is the organiser's part.
func (g *games) decide(manager *person, home string) {
	t, desk := g.t, "/c/games/desk/registrations"
	organiser := g.person(officer)
	page := organiser.get(desk + "?state=submitted")
	if n := strings.Count(page, "data-person"); n != 4 {
		t.Fatalf("%d are submitted: %s", n, textOf(page))
	}
	organiser.clean("desk", page)

	// without a reason nothing is returned, and the page says so at the field
	form := formOf(t, page, desk+"/check")
	form.Set("to", "returned")
	child := elements(page, isChoice)[0]
	form.Add("id", attribute(child, "value"))
	_, check := organiser.do("POST", desk+"/check", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusOK)
	form = formOf(t, check, desk+"/moves")
	_, refused := organiser.do("POST", desk+"/moves", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusUnprocessableEntity)
	if !strings.Contains(refused, `href="#reason"`) || !strings.Contains(refused, `aria-describedby="reason-e"`) {
		t.Errorf("without a reason: %s", textOf(refused))
	}
	form.Set("reason", "同意书看不清，请重拍。")
	_, page = organiser.post(desk+"/moves", form)
	if !strings.Contains(textOf(page), "已退回 1 人") {
		t.Errorf("returned: %s", textOf(page))
	}
	mine := manager.get(home)
	if !strings.Contains(textOf(mine), "1 人被退回，先改这些") || !strings.Contains(textOf(mine), "同意书看不清，请重拍。") {
		t.Errorf("the manager sees: %s", textOf(mine))
	}
	manager.get(home + "/people/" + attribute(child, "value"))
	manager.take(home, onlyState(mine, "退回"), "submitted", "")

	page = organiser.take(desk, organiser.get(desk+"?state=submitted"), "accepted", "")
	if !strings.Contains(textOf(page), "已接收 4 人") {
		t.Fatalf("accepted: %s", textOf(page))
	}
	undo := formOf(t, page, desk+"/undo")
	_, page = organiser.post(desk+"/undo", undo)
	if !strings.Contains(textOf(page), "已撤回") || strings.Count(organiser.get(desk+"?state=submitted"), "data-person") != 4 {
		t.Fatalf("taken back: %s", textOf(page))
	}
	organiser.take(desk, organiser.get(desk+"?state=submitted"), "accepted", "")
	g.printed(organiser)
}

func isChoice(n *html.Node) bool { return n.Data == "input" && attribute(n, "name") == "id" }

// onlyState is a page with only those people of its list who are in a state.
func onlyState(page, word string) string {
	for _, row := range elements(page, func(n *html.Node) bool { return has(n, "data-person") }) {
		if !strings.Contains(words(row), word) {
			for n := range row.Descendants() {
				if isChoice(n) {
					page = strings.Replace(page, `name="id" value="`+attribute(n, "value")+`"`, `name="not" value=""`, 1)
				}
			}
		}
	}
	return page
}

// printed looks at what is taken away: cards, lists, and what a card's code says
// to everybody.
func (g *games) printed(organiser *person) {
	t := g.t
	page := organiser.get("/c/games/desk/cards?size=a6")
	if n := strings.Count(page, `class="card-a6"`); n != 4 || strings.Count(page, `class="qr"`) != 4 {
		t.Errorf("%d cards: %s", n, textOf(page))
	}
	organiser.clean("cards", page)
	code := words(elements(page, func(n *html.Node) bool { return n.Data == "b" && attribute(n.Parent, "class") == "card-code" })[0])
	public := g.person("").get("/c/games/cards/" + code)
	if !strings.Contains(textOf(public), "这张卡有效") {
		t.Errorf("a card's code leads to: %s", textOf(public))
	}
	organiser.clean("a card's public page", public)
	g.person("").do("GET", "/c/games/cards/999999", "", nil, http.StatusNotFound)
	if text := textOf(organiser.get("/c/games/desk/lists")); !strings.Contains(text, "牡丹江 2 2 4 0 0 0 4") {
		t.Errorf("head counts: %s", text)
	}
	for _, name := range []string{"book", "heads", "all"} {
		_, file := organiser.do("GET", "/c/games/desk/lists/"+name+".xlsx", "", nil, http.StatusOK)
		f, err := excelize.OpenReader(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		cells, err := f.GetRows(f.GetSheetName(0))
		if err != nil || len(cells) < 3 {
			t.Errorf("%s.xlsx: %q, %v", name, cells, err)
		}
		organiser.clean(name+".xlsx", fmt.Sprint(cells))
		_, text := organiser.do("GET", "/c/games/desk/lists/"+name+".csv", "", nil, http.StatusOK)
		organiser.clean(name+".csv", text)
	}
}

// elsewhere asks for the delegation's things as the other delegation: it is told
// the same as about things that never were.
func (g *games) elsewhere(manager *person, home, file string) {
	t := g.t
	other := g.person("鹤岗领队")
	one := elements(manager.get(home), isChoice)[0]
	_, never := other.do("GET", "/c/games/team/987654/people/1", "", nil, http.StatusNotFound)
	for _, path := range []string{home, home + "/people/" + attribute(one, "value"), file, file + "/apply", home + "/all.xlsx", home + "/template.xlsx"} {
		if _, told := other.do("GET", path, "", nil, http.StatusNotFound); textOf(told) != textOf(never) {
			t.Errorf("%s as another delegation: %s", path, textOf(told))
		}
	}
	for _, path := range []string{home + "/check", home + "/moves", home + "/undo", file + "/fix", file + "/map", file + "/drop", file + "/apply"} {
		other.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader("to=withdrawn&id="+attribute(one, "value")), http.StatusNotFound)
	}
	// at one's own address another's person is none either
	own := fmt.Sprintf("/c/games/team/%d", g.delegations[slices.IndexFunc(g.delegations, func(d events.Delegation) bool { return d.Name == "鹤岗" })].ID)
	other.do("GET", own+"/people/"+attribute(one, "value"), "", nil, http.StatusNotFound)
	other.do("GET", own+strings.TrimPrefix(file, home), "", nil, http.StatusNotFound)
	manager.do("GET", "/c/games/desk/registrations", "", nil, http.StatusForbidden)
}

// TestPersonForm: a person typed in, somebody faster, a search by number.
func TestPersonForm(t *testing.T) {
	g := openGames(t, smallRules, smallProgramme)
	d := g.delegations[0]
	manager, home := g.person(d.Name+"领队"), fmt.Sprintf("/c/games/team/%d", d.ID)
	form := formOf(t, manager.get(home+"/people/new"), home+"/people/new")
	row := athleteRow("佟海燕", "女", "19990304", 2)
	for field, column := range map[string]string{"name": "姓名", "id": "公民身份号码", "cert": "残疾人证号", "sport": "运动项目", "class": "级别", "phone": "联系电话"} {
		form.Set(field, row[column])
	}
	form.Set("do", "sport")
	_, page := manager.do("POST", home+"/people/new", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusOK)
	ticks := elements(page, func(n *html.Node) bool { return attribute(n, "name") == "event" && attribute(n, "type") == "checkbox" })
	if len(ticks) != 2 {
		t.Fatalf("%d events to choose from: %s", len(ticks), textOf(page))
	}
	form["event"] = []string{"100米", "跳远"}
	form.Set("do", "save")
	to, page := manager.post(home+"/people/new", form)
	if !strings.Contains(textOf(page), "已存下") || strings.Contains(page, row["公民身份号码"]) || strings.Contains(page, row["联系电话"]) {
		t.Fatalf("kept: %s", textOf(page))
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	form = formOf(t, page, u.Path)
	if len(form["event"]) != 2 || form.Get("id") != "" || form.Get("name") != "佟海燕" {
		t.Errorf("the form is filled in with %v", form)
	}
	stale := form
	changed := url.Values{}
	for name, values := range form {
		changed[name] = values
	}
	changed.Set("mark", "13.20")
	changed.Set("command", g.command().ID)
	manager.post(u.Path, changed)
	stale.Set("mark", "13.99")
	_, page = manager.do("POST", u.Path, "application/x-www-form-urlencoded", strings.NewReader(stale.Encode()), http.StatusConflict)
	if !strings.Contains(page, `value="13.99"`) || !strings.Contains(textOf(page), "现在是：13.20") {
		t.Errorf("somebody was faster: %s", textOf(page))
	}
	found := url.Values{"q": {row["公民身份号码"]}}
	resp, page := manager.do("POST", home+"/find", "application/x-www-form-urlencoded", strings.NewReader(found.Encode()), http.StatusOK)
	if resp.Header.Get("Location") != "" || strings.Count(page, "data-person") != 1 {
		t.Errorf("found by number: %s", textOf(page))
	}
	resp, _ = manager.do("POST", home+"/find", "application/x-www-form-urlencoded", strings.NewReader("q=海燕"), http.StatusSeeOther)
	if page := manager.get(resp.Header.Get("Location")); strings.Count(page, "data-person") != 1 {
		t.Errorf("found by name: %s", textOf(page))
	}
}

// TestGames keeps the games open for the browser's walk, which names the file
// that gets the address in TONGCHANG_GAMES and ends it by a signal. GET /-/in
// lets somebody in without a password, GET /-/book gives the form filled in, GET
// /-/number what is right where it has a wrong number.
func TestGames(t *testing.T) {
	file := os.Getenv("TONGCHANG_GAMES")
	g := openGames(t, smallRules, smallProgramme)
	g.give()
	if file == "" {
		p := g.person("")
		p.do("GET", "/-/in?as="+url.QueryEscape(officer), "", nil, http.StatusSeeOther)
		if _, book := p.do("GET", "/-/book", "", nil, http.StatusOK); !strings.HasPrefix(book, "PK") {
			t.Error("the form filled in is no workbook")
		}
		return
	}
	ended, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := os.WriteFile(file, []byte(g.URL), 0o600); err != nil {
		t.Fatal(err)
	}
	<-ended.Done()
}

// give adds what a browser cannot do by itself.
func (g *games) give() {
	house := g.Config.Handler
	mux := http.NewServeMux()
	mux.Handle("/", house)
	mux.HandleFunc("GET /-/in", func(w http.ResponseWriter, r *http.Request) {
		in, err := g.store.Through(r.Context(), "games", g.accounts[r.URL.Query().Get("as")], r.UserAgent())
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		keepSignIn(w, r, "games", in)
		to := "/c/games/desk/registrations"
		if in.Account.DelegationID != 0 {
			to = "/c/games/team/" + strconv.FormatInt(in.Account.DelegationID, 10)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	})
	mux.HandleFunc("GET /-/number", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, numberOf("19950101", 13)) })
	mux.HandleFunc("GET /-/book", func(w http.ResponseWriter, _ *http.Request) {
		d := g.delegations[0]
		_, form := g.person(d.Name+"领队").do("GET", fmt.Sprintf("/c/games/team/%d/template.xlsx", d.ID), "", nil, http.StatusOK)
		_ = sendFile(w, xlsxType, "book.xlsx", filledIn(g.t, []byte(form), walkers()))
	})
	g.Config.Handler = mux
}
