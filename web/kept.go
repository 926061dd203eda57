// Public pages that are made once for everybody. A page is kept until something
// is committed in its competition, and for a second at most: what depends on the
// time alone, or was committed by a node that could not be heard, is never older.
package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tongchang/web/answers"
)

const (
	keptFor  = time.Second
	keptSize = 64 << 20 // bytes of all pages
)

// keeper stands before the server's handler.
type keeper struct {
	next    http.Handler
	pages   *answers.Cache
	changes sync.Map // by competition, *atomic.Int64: how often something was committed
}

func newKeeper(next http.Handler) *keeper {
	return &keeper{next: next, pages: answers.New(keptSize)}
}

// changed forgets a competition's pages.
func (k *keeper) changed(code string) {
	n, _ := k.changes.LoadOrStore(code, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

// commits is how often something was committed in a competition that may not exist.
func (k *keeper) commits(code string) int64 {
	if n, ok := k.changes.Load(code); ok {
		return n.(*atomic.Int64).Load()
	}
	return 0
}

func (k *keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	code, key := pageKey(r)
	if key == "" {
		k.next.ServeHTTP(w, r)
		return
	}
	right := func(a *answers.Answer) bool {
		return a.State == k.commits(code) && time.Since(a.Known) < keptFor
	}
	a := k.pages.Get(r.Context(), key, right, func(*answers.Answer) (*answers.Answer, bool) { return k.make(r, k.commits(code)) })
	if a != nil { // else nobody waits for it any more
		a.Serve(w, r)
	}
}

// make asks the server for the page as anybody sees it. What it does not mark as
// the same for all is not kept.
func (k *keeper) make(r *http.Request, state int64) (*answers.Answer, bool) {
	asked := r.Clone(context.WithoutCancel(r.Context())) // those who wait for it must not lose it to the one who goes away
	asked.Header.Del("If-None-Match")
	rec := answers.NewRecorder()
	k.next.ServeHTTP(rec, asked)
	a := rec.Answer()
	a.State = state
	return a, a.Status == http.StatusOK && a.Header.Get("ETag") != "" && a.Header.Get("Cache-Control") == "no-cache"
}

// pageKey is what a request's page depends on besides its competition's log;
// empty where it may be for its reader alone, or is no page.
func pageKey(r *http.Request) (code, key string) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/c/")
	if !ok || r.Method != http.MethodGet || r.Header.Get("Authorization") != "" || r.Header.Get("Range") != "" {
		return "", ""
	}
	code, rest, _ = strings.Cut(rest, "/")
	if rest == "live" || strings.HasPrefix(rest, "state/") {
		return "", ""
	}
	var b strings.Builder
	b.Grow(256)
	for _, part := range []string{r.Host, r.URL.Path, r.URL.RawQuery} {
		b.WriteString(part)
		b.WriteByte('\n')
	}
	if r.TLS != nil {
		b.WriteString("tls ")
	}
	if accepts(r, "gzip") {
		b.WriteString("gzip ")
	}
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		b.WriteString(r.Header.Get("Accept"))
	}
	if r.Header.Get("Cookie") == "" {
		return code, b.String()
	}
	for _, c := range r.Cookies() {
		allowed, ok := choices[c.Name]
		if !ok {
			return "", "" // somebody we may know
		}
		if slices.Contains(allowed, c.Value) {
			b.WriteString("\n" + c.Name + "=" + url.QueryEscape(c.Value))
		}
	}
	return code, b.String()
}
