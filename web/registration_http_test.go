package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/registration"
	"tongchang/events/vault"
	"tongchang/live"
)

// games is a competition that takes entries, on loopback, with its office and a
// manager for every delegation.
type games struct {
	*httptest.Server
	t           testing.TB
	store       *events.Store
	competition events.Competition
	delegations []events.Delegation
	accounts    map[string]int64 // by name
	proposals   map[string]*events.Proposal
	said        *Translator
}

const officer = "竞赛部"

// sampleFolder finds the sample workbooks, and says loudly what is not tested
// where they are not there.
func sampleFolder(t testing.TB, folder string) string {
	t.Helper()
	root := os.Getenv("TONGCHANG_SAMPLES")
	for dir, n := ".", 0; root == "" && n < 20; dir, n = filepath.Join(dir, ".."), n+1 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "samples")
		}
	}
	path := filepath.Join(root, "registration", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: the pages with the workbooks that delegations send. There is no %s; set TONGCHANG_SAMPLES.", path)
	}
	return path
}

// openGames opens a competition with rules and a programme.
func openGames(t testing.TB, rules, programme string) *games {
	t.Helper()
	ring, err := vault.Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	spring := func() time.Time { return time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC) }
	store, err := events.Open(t.Context(), ledgertest.New(t, "sqlite"), events.WithKeys(ring), events.WithClock(spring))
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
	g := &games{Server: httptest.NewServer(server), t: t, store: store, accounts: map[string]int64{}, proposals: map[string]*events.Proposal{}}
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
	if g.competition, err = store.Found(t.Context(), events.Competition{Code: "games", Name: "省残运会", NameEn: "Para games", Zone: "Asia/Shanghai"}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.SetEdition(t.Context(), g.command(), events.SetEdition{Rules: []byte(rules), Events: programme}); err != nil {
		t.Fatal(err)
	}
	if g.delegations, err = store.Delegations(t.Context(), g.competition.ID); err != nil {
		t.Fatal(err)
	}
	g.staff()
	c, err := ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	g.said = c.In(Chinese)
	return g
}

func (g *games) command() events.Command {
	return events.Command{ID: uuid.NewString(), Competition: "games", Author: access.Console.Name}
}

// staff makes an account for the office and for every delegation.
func (g *games) staff() {
	g.t.Helper()
	all := events.MakeAccounts{Accounts: []events.NewAccount{{Login: "office", Name: officer, Role: access.Organiser}}}
	for i, d := range g.delegations {
		all.Accounts = append(all.Accounts, events.NewAccount{Login: "team" + strconv.Itoa(i), Name: d.Name + "领队", Role: access.Delegation, Delegation: d.ID})
	}
	_, links, err := g.store.MakeAccounts(g.t.Context(), g.command(), access.Console, all)
	if err != nil {
		g.t.Fatal(err)
	}
	for i := range links {
		g.accounts[all.Accounts[i].Name] = links[i].Account.ID
	}
}

// as is a browser in which somebody has signed in. Redirects are not followed.
func (g *games) as(name string) *http.Client {
	g.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if name == "" {
		return client
	}
	in, err := g.store.Through(g.t.Context(), "games", g.accounts[name], "test")
	if err != nil {
		g.t.Fatal(err)
	}
	client.Transport = withCookie{&http.Cookie{Name: "in-games", Value: in.Token}}
	return client
}

// withCookie sends a cookie with every request.
type withCookie struct{ cookie *http.Cookie }

func (c withCookie) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.AddCookie(c.cookie)
	return http.DefaultTransport.RoundTrip(r)
}

// person is somebody at their browser.
type person struct {
	*games
	client *http.Client
}

func (g *games) person(name string) *person { return &person{g, g.as(name)} }

func (p *person) do(method, path, kind string, body io.Reader, status int) (*http.Response, string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if resp.StatusCode != status {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, status, textOf(string(b)))
	}
	return resp, string(b)
}

// get asks for a page.
func (p *person) get(path string) string {
	p.t.Helper()
	_, body := p.do("GET", path, "", nil, http.StatusOK)
	return body
}

// post sends a form and goes where the answer leads.
func (p *person) post(path string, form url.Values) (to, page string) {
	p.t.Helper()
	resp, _ := p.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusSeeOther)
	to = resp.Header.Get("Location")
	return to, p.get(to)
}

// upload sends a file as a browser does, and gives the address of its page.
func (p *person) upload(delegation int64, name string, data []byte) string {
	p.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err != nil || form.Close() != nil {
		p.t.Fatal(err)
	}
	resp, _ := p.do("POST", fmt.Sprintf("/c/games/team/%d/uploads", delegation), form.FormDataContentType(), &b, http.StatusSeeOther)
	return resp.Header.Get("Location")
}

// elements are the elements of a page that fit.
func elements(page string, fits func(*html.Node) bool) []*html.Node {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// words are an element's texts, one blank between them.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(" " + d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// textOf is what a page says in its main part.
func textOf(page string) string {
	mains := elements(page, func(n *html.Node) bool { return n.Data == "main" })
	if len(mains) == 0 {
		return page
	}
	return words(mains[0])
}

// formOf are the fields of the form that is posted to an address, as the page
// has them filled in.
func formOf(t testing.TB, page, action string) url.Values {
	t.Helper()
	forms := elements(page, func(n *html.Node) bool { return n.Data == "form" && attribute(n, "action") == action })
	if len(forms) == 0 {
		t.Fatalf("no form for %s in: %s", action, textOf(page))
	}
	values := url.Values{}
	for n := range forms[0].Descendants() {
		name := attribute(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "textarea":
			values.Add(name, words(n))
		case n.Data == "select":
			chosen := ""
			for o := range n.Descendants() {
				if o.Data == "option" && has(o, "selected") {
					chosen = attribute(o, "value")
				}
			}
			values.Add(name, chosen)
		case n.Data == "input" && attribute(n, "type") == "checkbox" && !has(n, "checked"):
		case n.Data == "input" && attribute(n, "type") != "file":
			values.Add(name, attribute(n, "value"))
		}
	}
	return values
}

// onPage is a problem as the page of a file shows it.
type onPage struct {
	id, sheet, address, title string
	wrong, calm               bool // calm: it has been put right
}

// readOff reads the problems off the page of a file.
func readOff(page string) []onPage {
	var all []onPage
	for _, row := range elements(page, func(n *html.Node) bool { return n.Data == "tr" && has(n, "data-row") }) {
		s := onPage{id: attribute(row, "id"), wrong: strings.Contains(attribute(row, "class"), "mark-alert"), calm: strings.Contains(attribute(row, "class"), "calm")}
		for n := range row.Descendants() {
			switch {
			case n.Data == "input" && strings.HasPrefix(attribute(n, "name"), "at-"):
				s.sheet, s.address, _ = cutLast(attribute(n, "value"), "!")
			case n.Data == "b" && n.Parent != nil && strings.HasPrefix(attribute(n.Parent, "class"), "problem"):
				s.title = words(n)
			}
		}
		all = append(all, s)
	}
	return all
}

// planted is a line of answer-key.csv.
type planted struct {
	id, kind, severity string
	places             []string // file|sheet|row
	also               []string
	found              bool
}

func plantedIn(t testing.TB, path string) []*planted {
	t.Helper()
	f, err := os.Open(filepath.Join(path, "answer-key.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []*planted
	for _, l := range lines[1:] {
		p := &planted{id: l[0], kind: l[6], severity: l[7], also: strings.Fields(l[12]), places: []string{l[1] + "|" + l[2] + "|" + l[3]}}
		for place := range strings.SplitSeq(l[11], ";") {
			if parts := strings.Split(strings.TrimSpace(place), "|"); len(parts) == 3 {
				row, _ := registration.Split(parts[2])
				p.places = append(p.places, fmt.Sprintf("%s|%s|%d", parts[0], parts[1], row))
			}
		}
		all = append(all, p)
	}
	return all
}

// TestSampleWorkbooks sends the sample workbooks through the pages, one
// delegation after the other, as their managers do: upload, look, enter. What
// the pages show is held against the answer key.
func TestSampleWorkbooks(t *testing.T) {
	for _, folder := range []string{"para-games", "skills"} {
		t.Run(folder, func(t *testing.T) { sendWorkbooks(t, sampleFolder(t, folder)) })
	}
}

func sendWorkbooks(t *testing.T, path string) {
	read := func(name string) string {
		raw, err := os.ReadFile(filepath.Join(path, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	g := openGames(t, read("edition.json"), read("events.csv"))
	ed, err := g.store.Edition(t.Context(), "games")
	if err != nil {
		t.Fatal(err)
	}
	key := plantedIn(t, path)
	names, err := filepath.Glob(filepath.Join(path, "*.xlsx"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no workbooks in %s: %v", path, err)
	}
	slices.Sort(names)
	count := map[bool]int{}
	wrongly := map[bool]int{}
	rows := 0
	for _, name := range names {
		file := filepath.Base(name)
		i := slices.IndexFunc(g.delegations, func(d events.Delegation) bool { return d.Name == ed.DelegationIn(file) })
		if i < 0 {
			t.Fatalf("%s: whose?", file)
		}
		d := g.delegations[i]
		manager := g.person(d.Name + "领队")
		at := manager.upload(d.ID, file, []byte(read(file)))
		for _, s := range readOff(manager.get(at)) {
			count[s.wrong]++
			if !g.expected(s, file, at, key, d) {
				wrongly[s.wrong]++
				t.Logf("false: %s %s %s: %s", file, s.sheet, s.address, s.title)
			}
		}
		rows += g.enter(manager, at)
	}
	found, all := map[string]int{}, map[string]int{}
	for _, k := range key {
		all[k.severity]++
		if k.found {
			found[k.severity]++
		} else {
			t.Logf("missed: %s %s %s", k.id, k.kind, k.places[0])
		}
	}
	t.Logf("through the pages, %d rows entered. Errors: %d of %d found, %d shown, %d false; warnings: %d of %d found, %d shown, %d false",
		rows, found["error"], all["error"], count[true], wrongly[true], found["warning"], all["warning"], count[false], wrongly[false])
	if found["error"] != all["error"] || found["warning"]*100 < all["warning"]*95 || wrongly[true] > 0 {
		t.Error("that is less than what is aimed at")
	}
}

// expected reports whether a problem that a page shows is a planted one, or one
// that its row may have besides, and marks what it finds. What kind it is, the
// page says in words: the kinds are those that the store gives for the cell.
func (g *games) expected(s onPage, file, at string, key []*planted, d events.Delegation) bool {
	g.t.Helper()
	row, _ := registration.Split(s.address)
	place := fmt.Sprintf("%s|%s|%d", file, s.sheet, row)
	kinds := g.kindsAt(s, at, d)
	ok := false
	for _, k := range key {
		if !slices.Contains(k.places, place) || (k.severity == "error") != s.wrong && !slices.ContainsFunc(k.also, func(kind string) bool { return slices.Contains(kinds, kind) }) {
			continue
		}
		if slices.Contains(kinds, k.kind) {
			k.found, ok = true, true
		}
		ok = ok || slices.ContainsFunc(k.also, func(kind string) bool { return slices.Contains(kinds, kind) })
	}
	return ok
}

// kindsAt are the kinds of problems with these words that a cell has.
func (g *games) kindsAt(s onPage, at string, d events.Delegation) (kinds []string) {
	g.t.Helper()
	who := access.Who{Account: g.accounts[d.Name+"领队"], Name: d.Name + "领队", Role: access.Delegation, Delegation: d.ID}
	id := at[strings.LastIndex(at, "/")+1:]
	p := g.proposals[id]
	if p == nil {
		var err error
		if p, err = g.store.Proposal(g.t.Context(), who, "games", id); err != nil {
			g.t.Fatal(err)
		}
		g.proposals[id] = p
	}
	o := &office{view: &view{b: &builder{t: g.said}}}
	for i := range p.Problems {
		if q := &p.Problems[i]; q.At.Sheet == s.sheet && q.At.Address == s.address && strings.Join(strings.Fields(o.problemTitle(q)), " ") == s.title {
			kinds = append(kinds, q.Kind)
		}
	}
	return kinds
}

// enter takes the file's rows in, those with errors as drafts, and gives how
// many were new.
func (g *games) enter(manager *person, at string) int {
	g.t.Helper()
	form := url.Values{"command": {uuid.NewString()}, "what": {"all"}}
	resp, _ := manager.do("POST", at+"/apply", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusSeeOther)
	to := resp.Header.Get("Location")
	u, err := url.Parse(to)
	if err != nil {
		g.t.Fatal(err)
	}
	n, err := strconv.Atoi(u.Query().Get("n"))
	if err != nil || u.Query().Get("did") != "applied" {
		g.t.Fatalf("entered: %s", to)
	}
	return n
}
