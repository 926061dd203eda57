package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pquerna/otp/totp"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/vault"
	"tongchang/live"
)

// lobby is the way in on loopback, with a log that tests read.
type lobby struct {
	*httptest.Server
	t     *testing.T
	store *events.Store
	c     events.Competition
	log   *safeBuffer
}

// safeBuffer is a log that is written and read at once.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newLobby(t *testing.T, doors ...Door) *lobby {
	t.Helper()
	l := &lobby{t: t, log: &safeBuffer{}}
	logger := slog.New(slog.NewTextHandler(l.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if l.store, err = events.Open(t.Context(), ledgertest.New(t, "sqlite"), events.WithKeys(vault.Memory()), events.WithLogger(logger)); err != nil {
		t.Fatal(err)
	}
	if l.c, err = l.store.Found(t.Context(), events.Competition{Code: "games", Name: "省残运会", NameEn: "Para games"}); err != nil {
		t.Fatal(err)
	}
	feed, err := NewFeed(l.store)
	if err != nil {
		t.Fatal(err)
	}
	hub := live.NewHub(feed, live.Options{AllowNoOrigin: true, Logger: logger})
	server, err := New(Options{Store: l.store, Hub: hub, DeskKey: deskKey, Logger: logger, Doors: doors})
	if err != nil {
		t.Fatal(err)
	}
	l.Server = httptest.NewServer(server)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := hub.Close(ctx); err != nil {
			t.Errorf("close hub: %v", err)
		}
		l.Close()
		if err := l.store.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return l
}

// link makes an account and gives its link.
func (l *lobby) link(login string, role access.Role) string {
	l.t.Helper()
	c := events.Command{ID: "0190c0de-0000-7000-8000-" + fmt.Sprintf("%012x", len(login)*7919+int(login[0])), Competition: "games", Author: access.Console.Name}
	_, links, err := l.store.MakeAccounts(l.t.Context(), c, access.Console, events.MakeAccounts{Accounts: []events.NewAccount{{Login: login, Name: "名字 " + login, Role: role}}})
	if err != nil {
		l.t.Fatal(err)
	}
	return links[0].Token
}

// browser keeps cookies and follows where it is led.
type browser struct {
	*lobby
	client *http.Client
	at     string // the address it ended at, without the host
}

func (l *lobby) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		l.t.Fatal(err)
	}
	return &browser{lobby: l, client: &http.Client{Jar: jar, Transport: l.Client().Transport}}
}

func (b *browser) do(req *http.Request, status int) string {
	b.t.Helper()
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at = resp.Request.URL.RequestURI()
	if resp.StatusCode != status {
		b.t.Errorf("%s %s: %d, want %d", req.Method, req.URL.Path, resp.StatusCode, status)
	}
	return string(raw)
}

func (b *browser) get(path string, status int) string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), "GET", b.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req, status)
}

func (b *browser) post(path string, status int, pairs ...string) string {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequestWithContext(b.t.Context(), "POST", b.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req, status)
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// hidden are the hidden fields of a page's forms.
func hidden(page string) map[string]string {
	fields := map[string]string{}
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		fields[m[1]] = m[2]
	}
	return fields
}

const lobbyPassword = "晨练 于江边 2 圈"

// TestOrganiserComesIn walks an organiser's first day: the link, the password,
// the second factor, the accounts of others; then signing out and in again.
func TestOrganiserComesIn(t *testing.T) {
	l := newLobby(t)
	token := l.link("cui", access.Organiser)
	b := l.browser()
	page := b.get("/c/games/welcome/"+token, 200)
	if !strings.Contains(page, "名字 cui") || hidden(page)["token"] != token {
		t.Errorf("the link's page: %s", page)
	}
	b.get("/c/games/welcome/"+token, 200) // looking does not use it up
	if page := b.post("/c/games/welcome", 422, "token", token, "password", "password1"); !strings.Contains(page, `href="#password"`) || !strings.Contains(page, `aria-invalid="true"`) {
		t.Errorf("a weak password: %s", page)
	}
	page = b.post("/c/games/welcome", 200, "token", token, "password", lobbyPassword)
	if b.at != "/c/games/account/second" {
		t.Errorf("an organiser without a second factor is led to %s", b.at)
	}
	b.get("/c/games/welcome/"+token, 404)
	b.get("/c/games/desk/accounts", 200)
	if b.at != "/c/games/account/second" {
		t.Errorf("an organiser without a second factor sees %s", b.at)
	}
	fields := hidden(page)
	code := func(ahead time.Duration) string {
		c, err := totp.GenerateCode(fields["secret"], time.Now().Add(ahead))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if page := b.post("/c/games/account/second", 422, "command", fields["command"], "secret", fields["secret"], "code", "12"); hidden(page)["secret"] != fields["secret"] {
		t.Error("after a wrong code the secret is another")
	}
	page = b.post("/c/games/account/second", 200, "command", fields["command"], "secret", fields["secret"], "code", code(0))
	recovery := regexp.MustCompile(`<code>([a-z0-9-]{14})</code>`).FindAllStringSubmatch(page, -1)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes in %s", len(recovery), page)
	}
	page = b.get("/c/games/desk/accounts", 200)
	if b.at != "/c/games/desk/accounts" || !strings.Contains(page, "名字 cui") {
		t.Errorf("accounts: at %s", b.at)
	}
	form := []string{"command", hidden(page)["command"], "login", "hrb", "name", "名字 cui", "role", "judge"}
	if page := b.post("/c/games/desk/accounts", 422, form...); !strings.Contains(page, `id="name-e"`) {
		t.Errorf("a name that is taken: %s", page)
	}
	form[5] = "王秀兰 田径"
	page = b.post("/c/games/desk/accounts", 200, form...)
	if !strings.Contains(page, "/c/games/welcome/") || !strings.Contains(page, `class="qr"`) {
		t.Errorf("no link for a new account: %s", page)
	}
	if page := b.post("/c/games/desk/accounts", 200, form...); strings.Contains(page, "/c/games/welcome/") {
		t.Error("the same form again shows a link again")
	}

	b.post("/c/games/sign-out", 200)
	b.get("/c/games/desk/accounts", 200)
	if b.at != "/c/games/sign-in?next=%2Fc%2Fgames%2Fdesk%2Faccounts" {
		t.Errorf("signed out, at %s", b.at)
	}
	b.post("/c/games/sign-in", 422, "login", "", "password", "")
	if page := b.post("/c/games/sign-in", 422, "login", "cui", "password", "wrong", "next", "/c/games/desk/accounts"); !strings.Contains(page, "还可以再试 4 次") || strings.Contains(page, "wrong\"") {
		t.Errorf("a wrong password: %s", page)
	}
	b.post("/c/games/sign-in", 200, "login", "CUI", "password", lobbyPassword, "next", "/c/games/desk/accounts")
	if b.at != "/c/games/sign-in/second?next=%2Fc%2Fgames%2Fdesk%2Faccounts" {
		t.Errorf("after the password at %s", b.at)
	}
	b.get("/c/games/account", 200)
	if !strings.HasPrefix(b.at, "/c/games/sign-in") {
		t.Errorf("the password alone opens %s", b.at)
	}
	b.post("/c/games/sign-in/second", 422, "code", code(0), "next", "/c/games/desk/accounts") // it was used to set the factor up
	b.post("/c/games/sign-in/second", 200, "code", recovery[0][1], "next", "/c/games/desk/accounts")
	if b.at != "/c/games/desk/accounts" {
		t.Errorf("after the second factor at %s", b.at)
	}
	said := l.log.String()
	for _, secret := range []string{token, lobbyPassword, fields["secret"], recovery[0][1], "名字 cui"} {
		if strings.Contains(said, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	for _, event := range []string{"signed in", "sign-in refused", "second factor set", "second factor refused", "signed out", "accounts made"} {
		if !strings.Contains(said, `msg="`+event+`"`) {
			t.Errorf("the log does not say %q", event)
		}
	}
}

// TestOnward: an address to go on to is a page of the same competition.
func TestOnward(t *testing.T) {
	v := &view{b: &builder{root: "/c/games"}}
	for next, want := range map[string]string{
		"/c/games/desk/accounts?x=1": "/c/games/desk/accounts?x=1",
		"/c/games/../../evil":        "",
		"//evil.example/c/games/":    "",
		"https://evil.example/":      "",
		"/c/gamesx/":                 "",
		"/c/other/judge":             "",
		"/c/games/sign-in":           "",
		"/c/games/\\evil":            "",
		"javascript:alert(1)":        "",
		"":                           "",
	} {
		if got := v.onward(next); got != want {
			t.Errorf("onward(%q) = %q, want %q", next, got, want)
		}
	}
}

// TestOwnAccount: somebody sees where they are signed in, signs other devices
// out and changes the password; what was known before is worth nothing after.
func TestOwnAccount(t *testing.T) {
	l := newLobby(t)
	first, second := l.browser(), l.browser()
	first.post("/c/games/welcome", 200, "token", l.link("wang", access.Judge), "password", lobbyPassword)
	second.post("/c/games/sign-in", 200, "login", "wang", "password", lobbyPassword)
	page := second.get("/c/games/account", 200)
	other := regexp.MustCompile(`name="sign-in" value="(\d+)"`).FindStringSubmatch(page)
	if other == nil {
		t.Fatalf("no other device in %s", page)
	}
	second.post("/c/games/account/sign-ins", 200, "sign-in", other[1])
	if first.get("/c/games/account", 200); !strings.HasPrefix(first.at, "/c/games/sign-in") {
		t.Errorf("a device that was signed out is at %s", first.at)
	}
	first.post("/c/games/sign-in", 200, "login", "wang", "password", lobbyPassword)
	if page := second.post("/c/games/account/password", 422, "old", "wrong", "password", lobbyPassword+"!"); !strings.Contains(page, `id="old-e"`) {
		t.Errorf("a wrong old password: %s", page)
	}
	if page := second.post("/c/games/account/password", 422, "old", lobbyPassword, "password", "wang wang"); !strings.Contains(page, `id="new-e"`) {
		t.Errorf("a weak new password: %s", page)
	}
	second.post("/c/games/account/password", 200, "old", lobbyPassword, "password", lobbyPassword+"!")
	if second.at != "/c/games/account?done=password" {
		t.Errorf("after the change at %s", second.at)
	}
	if first.get("/c/games/account", 200); !strings.HasPrefix(first.at, "/c/games/sign-in") {
		t.Errorf("after the change another device is at %s", first.at)
	}
}

// TestTriesOverHTTP: after five wrong tries the page asks to wait, and says how long.
func TestTriesOverHTTP(t *testing.T) {
	l := newLobby(t)
	b := l.browser()
	for range 5 {
		b.post("/c/games/sign-in", 422, "login", "nobody", "password", "guess")
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", l.URL+"/c/games/sign-in", strings.NewReader("login=nobody&password=guess"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Errorf("the sixth try: %d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
}

// TestWatcherSignedOut: a line that was opened with a sign-in is closed soon
// after the sign-in ends, on a node that did not end it; the public's stays.
func TestWatcherSignedOut(t *testing.T) {
	l := newLobby(t)
	token := l.link("wang", access.Judge)
	in, err := l.store.UseLink(t.Context(), l.c, token, lobbyPassword, "")
	if err != nil {
		t.Fatal(err)
	}
	dial := func(cookie string) *websocket.Conn {
		t.Helper()
		header := http.Header{}
		if cookie != "" {
			header.Set("Cookie", "in-games="+cookie)
		}
		ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(l.URL, "http")+"/c/games/live", header)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ws.Close() })
		return ws
	}
	judge, public := dial(in.Token), dial("")
	began := time.Now()
	if err := l.store.SignOutOthers(t.Context(), in.Account.ID, 0); err != nil { // as another node would, without telling the hub
		t.Fatal(err)
	}
	if err := judge.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		_, _, err = judge.ReadMessage()
		if err != nil {
			break
		}
	}
	if !websocket.IsCloseError(err, live.CloseDismissed) {
		t.Errorf("the judge's line ends with %v, want %d", err, live.CloseDismissed)
	}
	t.Logf("closed after %v", time.Since(began).Round(time.Millisecond))
	if err := public.WriteJSON(map[string]any{"type": "watch", "topics": []map[string]any{{"topic": "zh-CN/medals"}}}); err != nil {
		t.Errorf("the public's line: %v", err)
	}
}

// TestCookies: over TLS a sign-in's cookie is bound to the host and to TLS, and
// no script reads it.
func TestCookies(t *testing.T) {
	r := httptest.NewRequest("GET", "https://games.example/c/games", nil)
	w := httptest.NewRecorder()
	keepSignIn(w, r, "games", &events.SignedIn{Token: "token"})
	c := w.Result().Cookies()[0]
	if c.Name != "__Host-in-games" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie over TLS: %+v", c)
	}
	r = httptest.NewRequest("GET", "http://127.0.0.1/c/games", nil)
	w = httptest.NewRecorder()
	keepSignIn(w, r, "games", &events.SignedIn{Token: "token"})
	if c := w.Result().Cookies()[0]; c.Name != "in-games" || c.Secure || !c.HttpOnly {
		t.Errorf("cookie on loopback: %+v", c)
	}
}

// TestAddress: tries are counted by address, and by network in IPv6.
func TestAddress(t *testing.T) {
	for from, want := range map[string]string{"203.0.113.7:5": "203.0.113.7", "[::ffff:203.0.113.7]:5": "203.0.113.7", "[2001:db8:1:2:3::4]:5": "2001:db8:1:2::/64", "[::1]:5": "::1"} {
		if got := addressOf(&http.Request{RemoteAddr: from}); got != want {
			t.Errorf("%s is counted as %s, want %s", from, got, want)
		}
	}
}

// TestDoors: a demo's doors open on its own machine alone, and only when asked
// for by the machine's own name.
func TestDoors(t *testing.T) {
	l := newLobby(t, Door{Competition: "games", Account: 1, Name: "崔立新", Role: access.Organiser})
	l.link("cui", access.Organiser)
	b := l.browser()
	if page := b.get("/", 200); !strings.Contains(page, `action="/doors/1"`) || !strings.Contains(page, "崔立新") {
		t.Errorf("the first page shows no door: %s", page)
	}
	b.post("/doors/2", 404)
	b.post("/doors/1", 200)
	if page := b.get("/c/games/desk/accounts", 200); !strings.Contains(page, "名字 cui") {
		t.Errorf("the door leads to %s", b.at)
	}
	for host, remote := range map[string]string{"evil.example": "127.0.0.1:5", "127.0.0.1": "203.0.113.7:5", "evil.example:80": "203.0.113.7:5"} {
		r := httptest.NewRequest("POST", "http://"+host+"/doors/1", nil)
		r.RemoteAddr = remote
		w := httptest.NewRecorder()
		l.Config.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("asked as %s from %s: %d, want 404", host, remote, w.Code)
		}
	}
	if strings.Contains(newLobby(t).browser().get("/", 200), "/doors/") {
		t.Error("doors without being asked for")
	}
}
