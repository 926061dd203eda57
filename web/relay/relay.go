// Package relay serves the public of a venue's games from another machine: it
// follows the venue's live feed as a board does and gives it on to watchers of its
// own, and it fetches public pages once for everybody. It keeps no data, knows no
// secret, and lets nobody write.
//
// gorilla/websocket is known here as the venue's client, in line.go alone.
package relay

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tongchang/live"
	"tongchang/web"
	"tongchang/web/answers"
)

const (
	freshFor  = time.Second     // a page is not asked for again
	retry     = 2 * time.Second // a venue that did not answer is not asked again
	fetchTime = 5 * time.Second // for one page
	oldAfter  = 3 * time.Second // a page says how old it is
	maxPage   = 8 << 20         // bytes
	keptSize  = 256 << 20       // bytes of all pages
)

// Options are what a relay is made of.
type Options struct {
	Venue     string        // its address, "https://games.example"
	TLS       *tls.Config   // how the venue is trusted; nil: as every server
	Origins   []string      // pages that may watch besides the relay's own
	KeepAlive time.Duration // between two signs of life to a watcher; default as the hub's
	Reached   func(watchers int, took time.Duration)
	Logger    *slog.Logger
}

// Relay is a running one. It is an http.Handler.
type Relay struct {
	venue   string
	log     *slog.Logger
	hub     *live.Hub
	notices *web.Notices
	pages   *answers.Cache
	client  *http.Client
	dialer  *websocket.Dialer

	life    context.Context // of the lines
	end     context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	mirrors map[string]*mirror
	heard   time.Time // the last answer to a page
}

// New makes a relay of a venue, which need not be reachable yet.
func New(o Options) (*Relay, error) {
	u, err := url.Parse(o.Venue)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("%q is not the address of a server", o.Venue)
	}
	notices, err := web.NewNotices()
	if err != nil {
		return nil, err
	}
	r := &Relay{
		venue: u.Scheme + "://" + u.Host, log: o.Logger, notices: notices, pages: answers.New(keptSize), mirrors: map[string]*mirror{},
		client: &http.Client{
			Timeout:       fetchTime,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{TLSClientConfig: o.TLS.Clone(), MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute,
				DisableCompression: true, Proxy: http.ProxyFromEnvironment},
		},
		dialer: &websocket.Dialer{TLSClientConfig: o.TLS.Clone(), HandshakeTimeout: dialPatience, Proxy: http.ProxyFromEnvironment},
	}
	r.life, r.end = context.WithCancel(context.Background())
	r.hub = live.NewHub(r, live.Options{Origins: o.Origins, Pushed: true, KeepAlive: o.KeepAlive, Pace: 20 * time.Millisecond, Reached: o.Reached, Logger: o.Logger})
	return r, nil
}

// Hub is what the relay's watchers are connected to.
func (r *Relay) Hub() *live.Hub { return r.hub }

// Close sends the watchers away with a code to come back, and hangs up.
func (r *Relay) Close(ctx context.Context) error {
	err := r.hub.Close(ctx)
	r.end()
	r.running.Wait()
	r.client.CloseIdleConnections()
	return err
}

// socket is the address of a competition's feed at the venue.
func (r *Relay) socket(code string) string {
	return "ws" + strings.TrimPrefix(r.venue, "http") + "/c/" + url.PathEscape(code) + "/live"
}

// ServeHTTP answers what is public and points to the venue for the rest.
func (r *Relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	code, rest := parts(req.URL.Path)
	reading := req.Method == http.MethodGet || req.Method == http.MethodHead
	topic, polls := strings.CutPrefix(rest, "state/")
	switch {
	case !reading:
		r.refuse(w, req, http.StatusMethodNotAllowed)
	case req.URL.Path == "/livez":
		fmt.Fprintln(w, `"ok"`)
	case req.URL.Path == "/readyz":
		r.ready(w)
	case code != "" && rest == "live":
		r.hub.Serve(w, req, code, live.Viewer{})
	case code != "" && polls:
		r.hub.Poll(w, req, code, topic)
	default:
		r.page(w, req)
	}
}

// parts are the competition and the rest of a path /c/{competition}/…
func parts(path string) (code, rest string) {
	path, ok := strings.CutPrefix(path, "/c/")
	if !ok {
		return "", ""
	}
	code, rest, _ = strings.Cut(path, "/")
	return code, rest
}

// refuse says where what was asked for can be done.
func (r *Relay) refuse(w http.ResponseWriter, req *http.Request, status int) {
	say := func(key string, args ...any) string { return r.notices.Say(req, key, args...) }
	r.notices.Write(w, req, status, say("relay.refused"), say("relay.refused-about", r.venue), r.venue+req.URL.RequestURI(), say("relay.go"))
}

// ready answers 503 while the venue has never been heard, or not for long: what
// the relay shows is then old, and another relay may know better.
func (r *Relay) ready(w http.ResponseWriter) {
	age, ok := r.age()
	w.Header().Set("Content-Type", "application/json")
	if !ok || age > time.Minute {
		if err := r.probe(); err != nil {
			w.Header().Set("Retry-After", "5")
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, `"the venue cannot be heard"`)
			return
		}
	}
	fmt.Fprintln(w, `"ok"`)
}

// probe asks whether the venue is there.
func (r *Relay) probe() error {
	resp, err := r.client.Get(r.venue + "/livez")
	if err != nil {
		return err
	}
	r.listened()
	return resp.Body.Close()
}

func (r *Relay) listened() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = time.Now()
}

// age is how long ago the venue was last heard, over whichever way.
func (r *Relay) age() (age time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	age, ok = time.Since(r.heard), !r.heard.IsZero()
	for _, m := range r.mirrors {
		if a, heard := m.age(); heard && (!ok || a < age) {
			age, ok = a, true
		}
	}
	return age, ok
}

// page answers with the venue's page, asked for once a second at most.
func (r *Relay) page(w http.ResponseWriter, req *http.Request) {
	asked := r.forVenue(req)
	right := func(a *answers.Answer) bool {
		return time.Since(a.Known) < lifeOf(a) || time.Since(time.Unix(0, a.State)) < retry
	}
	a := r.pages.Get(req.Context(), asked.URL.RequestURI()+"\n"+asked.Header.Get("Cookie")+"\n"+asked.Header.Get("Accept-Encoding")+"\n"+asked.Header.Get("Accept"), right,
		func(old *answers.Answer) (*answers.Answer, bool) { return r.fetch(asked, old) })
	switch {
	case a == nil && req.Context().Err() != nil:
	case a == nil:
		say := func(key string) string { return r.notices.Say(req, key) }
		w.Header().Set("Retry-After", "5")
		r.notices.Write(w, req, http.StatusBadGateway, say("relay.lost"), say("relay.lost-about"), req.URL.RequestURI(), say("relay.again"))
	case strings.HasPrefix(req.URL.Path, web.AssetsPath) && a.Status == http.StatusNotFound:
		r.notices.Assets().ServeHTTP(w, req)
	case private(a):
		r.refuse(w, req, http.StatusForbidden)
	case time.Since(a.Known) > oldAfter && a.State != 0:
		r.old(req, a).Serve(w, req)
	default:
		a.Serve(w, req)
	}
}

// private reports whether an answer to a stranger leads to what is not for strangers:
// the venue does not let it be kept, or asks who it is.
func private(a *answers.Answer) bool {
	return strings.Contains(a.Header.Get("Cache-Control"), "no-store") && a.Status < 400 || a.Status == http.StatusForbidden || a.Status == http.StatusUnauthorized
}

// lifeOf is how long an answer is right without asking: for ever what says so, as
// styles and scripts with a name of their own do.
func lifeOf(a *answers.Answer) time.Duration {
	if strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
		return 24 * time.Hour
	}
	return freshFor
}

// forVenue is a reader's request as the venue gets it: no cookie but the choices,
// nothing of who asks.
func (r *Relay) forVenue(req *http.Request) *http.Request {
	asked, err := http.NewRequestWithContext(r.life, http.MethodGet, r.venue+req.URL.RequestURI(), nil)
	if err != nil { // an address that net/http has read can be written again
		asked, _ = http.NewRequestWithContext(r.life, http.MethodGet, r.venue+"/", nil)
	}
	for _, c := range req.Cookies() {
		if web.IsChoice(c.Name, c.Value) {
			asked.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
	if strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") {
		asked.Header.Set("Accept-Encoding", "gzip")
	}
	if strings.Contains(req.Header.Get("Accept"), "application/json") {
		asked.Header.Set("Accept", "application/json")
	}
	return asked
}

// fetch asks the venue, naming what is there already. Where it does not answer,
// what is there is what there is.
func (r *Relay) fetch(asked *http.Request, old *answers.Answer) (*answers.Answer, bool) {
	asked = asked.Clone(r.life)
	if old != nil && old.Header.Get("ETag") != "" {
		asked.Header.Set("If-None-Match", old.Header.Get("ETag"))
	}
	a, err := r.ask(asked)
	switch {
	case err == nil && a.Status == http.StatusNotModified && old != nil:
		again := *old
		again.Known, again.State = time.Now(), 0
		return &again, true
	case err == nil && a.Status < http.StatusInternalServerError:
		return a, a.Status == http.StatusOK
	case old == nil:
		r.log.Info("the venue does not answer", "error", err)
		return nil, false
	}
	stale := *old
	stale.State = time.Now().UnixNano()
	return &stale, true
}

// errTooBig is an answer that is no page.
var errTooBig = errors.New("relay: the venue's answer is too big")

// ask sends a request and takes down the answer.
func (r *Relay) ask(asked *http.Request) (*answers.Answer, error) {
	resp, err := r.client.Do(asked)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxPage {
		return nil, errTooBig
	}
	r.listened()
	a := &answers.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body, Known: time.Now()}
	cookies := resp.Cookies()
	for _, name := range []string{"Set-Cookie", "Connection", "Keep-Alive", "Transfer-Encoding", "Date", "Content-Length", "Strict-Transport-Security"} {
		a.Header.Del(name)
	}
	for _, c := range cookies {
		if web.IsChoice(c.Name, c.Value) {
			a.Header.Add("Set-Cookie", c.String())
		}
	}
	return a, nil
}

// old is an answer that says of when it is: in a header, and a page in words too.
func (r *Relay) old(req *http.Request, a *answers.Answer) *answers.Answer {
	said := *a
	said.Header = a.Header.Clone()
	said.Header.Set("Age", fmt.Sprint(int(time.Since(a.Known).Seconds())))
	said.Header.Set("Cache-Control", "no-cache")
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return &said
	}
	body, err := unpacked(a)
	if err != nil {
		return &said
	}
	said.Header.Del("Content-Encoding")
	said.Header.Del("ETag")
	notice := `<p class="note alert" role="status">` + r.notices.Say(req, "relay.old", a.Known.Format("15:04:05")) + "</p>"
	said.Body = bytes.Replace(body, []byte("<main"), []byte(notice+"<main"), 1)
	return &said
}

func unpacked(a *answers.Answer) ([]byte, error) {
	if a.Header.Get("Content-Encoding") != "gzip" {
		return a.Body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(a.Body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, 4*maxPage))
}
