package web

import (
	"net/http"
	"slices"
	"time"
)

// Choice is how a reader wants to see the pages. It is asked for in an address
// (?lang=en, ?theme=contrast, ?text=large), kept in a cookie for a year, and
// works without script.
type Choice struct {
	Lang  string // zh-CN or en
	Theme string // light, dark or contrast; empty follows the system
	Text  string // large; empty is the ordinary size
}

// choices are what an address or cookie may ask for; "auto" takes a choice back.
var choices = map[string][]string{
	"lang":  Languages,
	"theme": {"auto", "light", "dark", "contrast"},
	"text":  {"auto", "large"},
}

const aYear = 365 * 24 * time.Hour

// Choose reads the choices of a request and keeps the ones that its address
// makes. The browser's own list of languages is not asked: an address shows the
// same page to everybody in the hall.
func Choose(w http.ResponseWriter, r *http.Request) Choice {
	w.Header().Add("Vary", "Cookie")
	chosen := func(name string) string {
		if asked := r.URL.Query().Get(name); slices.Contains(choices[name], asked) {
			http.SetCookie(w, &http.Cookie{
				Name: name, Value: asked, Path: "/", MaxAge: int(aYear.Seconds()),
				SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: r.TLS != nil,
			})
			return asked
		}
		if kept, err := r.Cookie(name); err == nil && slices.Contains(choices[name], kept.Value) {
			return kept.Value
		}
		return ""
	}
	c := Choice{Lang: chosen("lang"), Theme: chosen("theme"), Text: chosen("text")}
	if c.Lang == "" {
		c.Lang = Chinese
	}
	if c.Theme == "auto" {
		c.Theme = ""
	}
	if c.Text == "auto" {
		c.Text = ""
	}
	return c
}
