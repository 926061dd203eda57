package web

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tongchang/events/access"
	"tongchang/events/workbook"
)

// panelist is a classifier of the matrix's first discipline in a browser.
type panelist struct {
	*matrix
	as asking
}

func newPanelist(t *testing.T) *panelist {
	t.Helper()
	m := newMatrix(t)
	i := slices.IndexFunc(m.asking, func(a asking) bool { return a.name == "classifier" })
	return &panelist{m, m.asking[i]}
}

// do sends a request and holds the answer's status against what it must be.
func (p *panelist) do(method, path, kind string, body io.Reader, status int) (*http.Response, string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	p.signed(r, p.as)
	client := *p.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if resp.StatusCode != status {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, status, b)
	}
	return resp, string(b)
}

func (p *panelist) get(path string) string {
	p.t.Helper()
	_, page := p.do("GET", path, "", nil, http.StatusOK)
	return page
}

// post sends a form, with a command's ID where it has a place for one.
func (p *panelist) post(path, fields string, status int) (*http.Response, string) {
	p.t.Helper()
	return p.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(fill(fields, nil)), status)
}

// sendOutcomes sends a file of outcomes as a browser does.
func (p *panelist) sendOutcomes(file string, status int) (*http.Response, string) {
	p.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "结果.csv")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err != nil || form.WriteField("cause", "panel") != nil || form.Close() != nil {
		p.t.Fatal(err)
	}
	return p.do("POST", "/c/games/desk/classes/outcomes", form.FormDataContentType(), &b, status)
}

// holds fails the test unless a page says all of the texts.
func (p *panelist) holds(page string, texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			p.t.Errorf("the page does not say %q:\n%s", text, page)
		}
	}
}

// TestOutcomePages: a panel sends its file, sees what keeps rows back and what the
// others come to, applies them, takes them back, and deletes the file; our own
// list, filled in, is such a file.
func TestOutcomePages(t *testing.T) {
	panel := newPanelist(t)
	lines, err := panel.store.Classes(t.Context(), access.Console, "games", 0, panel.disciplines[0])
	if err != nil || len(lines) < 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	code := func(i int) string { return lines[i].Person.Code }
	_, page := panel.sendOutcomes("成绩\n12.3\n", http.StatusUnprocessableEntity)
	panel.holds(page, "没找到分级结果的表", `aria-invalid="true"`)

	resp, _ := panel.sendOutcomes(fmt.Sprintf("号码,新级别,新状态\n%s,S8,C\n%s,S7,Q\n%s,,\n", code(0), code(1), code(1)), http.StatusSeeOther)
	at := resp.Header.Get("Location")
	page = panel.get(at)
	panel.holds(page, "要改 1 人次", "有问题 1 行", "没有“Q”这种状态", "1 行写了人", "先看后果")
	_, page = panel.post(at+"/check", "results=", http.StatusOK)
	panel.holds(page, "写入 1 个级别，会怎样", "有问题的 1 行不写入", "会通知的代表团")
	_, rest, _ := strings.Cut(page, `name="seen" value="`)
	seen, _, _ := strings.Cut(rest, `"`)
	apply := func(reason string, status int) string {
		_, page := panel.post(at+"/apply", "command={uuid}&seen="+seen+"&reason="+reason, status)
		return page
	}
	panel.holds(apply("", http.StatusUnprocessableEntity), "problems")
	apply("x", http.StatusSeeOther)
	panel.holds(apply("x", http.StatusConflict), "已经写入了")
	panel.holds(panel.get(at+"?did=applied"), "全部写入", "撤回改级", "报名、出发名单、成绩")
	panel.holds(panel.get("/c/games/desk/classes?q="+code(0)), "S8")
	panel.post(at+"/undo", "command={uuid}&reason=x", http.StatusSeeOther)
	panel.holds(panel.get(at+"?did=undone"), "已撤回")
	panel.post(at+"/drop", "", http.StatusSeeOther)
	panel.do("GET", at, "", nil, http.StatusNotFound)

	_, list := panel.do("GET", "/c/games/desk/classes/outcomes/list.xlsx", "", nil, http.StatusOK)
	book, err := workbook.Read("outcomes.xlsx", []byte(list), workbook.Options{})
	if err != nil || len(book.Sheets) != 1 || len(book.Sheets[0].Rows) < len(lines)+2 {
		t.Fatalf("our own list: %+v, %v", book, err)
	}
}

// TestClassListNarrowed: the officials' list by name, status and sport; who has
// never had a class gets a first one; what is wrong stands at its field.
func TestClassListNarrowed(t *testing.T) {
	panel := newPanelist(t)
	lines, err := panel.store.Classes(t.Context(), access.Console, "games", 0, panel.disciplines[0])
	if err != nil || len(lines) < 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	person := classURL("/c/games", panel.disciplines[0], lines[0].Person.ID)
	rows := func(query string) int {
		return strings.Count(panel.get("/c/games/desk/classes"+query), `role="rowheader"`)
	}
	if all, one, none := rows(""), rows("?q="+lines[0].Person.Code), rows("?state=FRD"); all != len(lines) || one != 1 || none != 0 {
		t.Errorf("%d of %d lines, %d of one number, %d with status FRD", all, len(lines), one, none)
	}
	resp, _ := panel.post("/c/games/desk/classes/find", "state=none&q=x", http.StatusSeeOther)
	if to := resp.Header.Get("Location"); to != "/c/games/desk/classes?q=x&state=none#people" {
		t.Errorf("leads to %s", to)
	}
	const first = "command={uuid}&form=first&group=&saw=0&status=N&cause=panel&"
	for field, sends := range map[string]string{"day": "day=6月&reason=x", "order": "order=0&reason=x", "review": "review=zwei&reason=x", "reason": "reason=", "classifiers": "classifiers=a,b,c,d,e,f&reason=x"} {
		_, page := panel.post(person+"/change", first+"class=SB7&"+sends, http.StatusUnprocessableEntity)
		panel.holds(page, `id="`+field+`-first-e"`, `href="#`+field+`-first"`, `value="SB7"`)
	}
	panel.post(person+"/change", first+"class=sb7&panel=A&day=2027-06-17&order=1&classifiers=甲、乙&limitation=50&reason=x", http.StatusSeeOther)
	panel.holds(panel.get(person), "SB7 N", "A · 2027-06-17 · 甲、乙 · 50")
}
