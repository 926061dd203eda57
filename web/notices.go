// Notices are the pages of a server that has no ledger: a relay's own words.
package web

import (
	"net/http"
	"slices"
)

// Notices writes them.
type Notices struct {
	catalogue *Catalogue
	renderer  *Renderer
	assets    *Assets
}

// NewNotices reads what the pages are made of.
func NewNotices() (*Notices, error) {
	catalogue, err := ReadCatalogue()
	if err != nil {
		return nil, err
	}
	assets, err := ReadAssets()
	if err != nil {
		return nil, err
	}
	renderer, err := NewRenderer(catalogue, assets)
	if err != nil {
		return nil, err
	}
	return &Notices{catalogue, renderer, assets}, nil
}

// Assets are the styles and scripts of the pages.
func (n *Notices) Assets() http.Handler { return n.assets }

// Say is a sentence in a request's language.
func (n *Notices) Say(r *http.Request, key string, args ...any) string {
	return n.catalogue.In(langOf(r)).T(key, args...)
}

// Write answers with a page: what it is, a sentence, and where to go instead.
func (n *Notices) Write(w http.ResponseWriter, r *http.Request, status int, heading, sentence, link, linkText string) {
	choice := Choose(w, r)
	w.Header().Set("Cache-Control", "no-store")
	page := ErrorPage{Page: Page{Choice: choice, Title: heading, Path: r.URL.Path}, Code: status, Heading: heading, Sentence: sentence, Back: link, BackText: linkText}
	if wantsJSON(r) {
		_ = writeJSON(w, status, apiError{Status: "relay", Problem: "relay", Message: sentence}) // whoever asked has gone: there is nobody to tell
		return
	}
	if err := n.renderer.Write(w, status, page); err != nil {
		http.Error(w, sentence, status)
	}
}

// langOf is a request's language where no answer keeps it.
func langOf(r *http.Request) string {
	lang := r.URL.Query().Get("lang")
	if c, err := r.Cookie("lang"); err == nil && !slices.Contains(Languages, lang) {
		lang = c.Value
	}
	return lang // another than ours is Chinese
}

// IsChoice reports whether a cookie is how a reader wants to see the pages, and
// no more.
func IsChoice(name, value string) bool { return slices.Contains(choices[name], value) }
