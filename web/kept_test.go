package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Who may share a page with whom, and when it is made anew.
func TestKept(t *testing.T) {
	made := 0
	k := newKeeper(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made++
		if r.Header.Get("If-None-Match") != "" {
			t.Error("the page was asked for as one browser has it")
		}
		w.Header().Set("Cache-Control", map[bool]string{true: "no-cache", false: "no-store"}[r.URL.Path != "/c/games/desk"])
		w.Header().Set("ETag", fmt.Sprintf(`W/"%d"`, made))
		fmt.Fprint(w, made)
	}))
	ask := func(method, path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		k.ServeHTTP(w, r)
		return w
	}
	first := ask("GET", "/c/games/medals").Header().Get("ETag")
	for _, tt := range []struct {
		what, method, path string
		header             []string
		shared             bool
	}{
		{"the same again", "GET", "/c/games/medals", nil, true},
		{"a cookie that chooses nothing", "GET", "/c/games/medals", []string{"Cookie", "lang=klingon"}, true},
		{"in English", "GET", "/c/games/medals", []string{"Cookie", "lang=en"}, false},
		{"packed", "GET", "/c/games/medals", []string{"Accept-Encoding", "gzip"}, false},
		{"of another host", "GET", "http://other.example/c/games/medals", nil, false},
		{"somebody we may know", "GET", "/c/games/medals", []string{"Cookie", "tongchang-games=x"}, false},
		{"a program with a key", "GET", "/c/games/medals", []string{"Authorization", "Bearer x"}, false},
		{"of another day", "GET", "/c/games/medals?day=2", nil, false},
		{"a form", "POST", "/c/games/medals", nil, false},
	} {
		before := made
		if ask(tt.method, tt.path, tt.header...); (made == before) != tt.shared {
			t.Errorf("%s: made %v, want shared %v", tt.what, made != before, tt.shared)
		}
	}
	if w := ask("GET", "/c/games/medals", "If-None-Match", first); w.Code != http.StatusNotModified {
		t.Errorf("a browser that has it: %d", w.Code)
	}
	for range 2 {
		before := made
		if ask("GET", "/c/games/desk"); made == before {
			t.Error("a page that is its reader's alone was kept")
		}
	}
	k.changed("other")
	if w := ask("GET", "/c/games/medals"); w.Header().Get("ETag") != first {
		t.Error("another competition's commit threw the page away")
	}
	k.changed("games")
	if w := ask("GET", "/c/games/medals"); w.Header().Get("ETag") == first {
		t.Error("the page is as it was before the commit")
	}
}
