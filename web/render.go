package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

//go:embed templates/*.html
var templates embed.FS

// Renderer makes pages from view models: one set of templates for each language
// and page, put together when it is first asked for, so that a server which
// starts again in the middle of a session is ready at once.
type Renderer struct {
	catalogue *Catalogue
	assets    *Assets
	bases     map[string]*template.Template  // the frames, by language; never executed, so that they can be copied
	pages     map[string]map[string]*pageSet // by language and page
}

// pageSet is a page's template together with the frames.
type pageSet struct {
	once sync.Once
	set  *template.Template
	err  error
}

// frames are the files that stand round the pages. What several pages share is
// in parts.html, and in a file of its own for each part of the house:
// registration-parts.html.
var frames = []string{"layout", "board", "tablet", "tablet-shell", "desk"}

func isFrame(page string) bool {
	return slices.Contains(frames, page) || page == "parts" || strings.HasSuffix(page, "-parts")
}

// NewRenderer reads the templates. Every page is templates/{name}.html inside
// the layout that its view names, with the parts of templates/parts.html at hand.
func NewRenderer(c *Catalogue, a *Assets) (*Renderer, error) {
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return nil, err
	}
	r := &Renderer{catalogue: c, assets: a, bases: make(map[string]*template.Template, len(Languages)), pages: make(map[string]map[string]*pageSet, len(Languages))}
	for _, lang := range Languages {
		base := template.New("").Funcs(functions(c.In(lang), a))
		for _, name := range names {
			if !isFrame(pageOf(name)) {
				continue
			}
			if base, err = base.ParseFS(templates, name); err != nil {
				return nil, fmt.Errorf("read template %s: %w", name, err)
			}
		}
		pages := make(map[string]*pageSet)
		for _, name := range names {
			if page := pageOf(name); !isFrame(page) {
				pages[page] = &pageSet{}
			}
		}
		r.bases[lang] = base
		r.pages[lang] = pages
	}
	return r, nil
}

// set is the set of templates that a page is made with.
func (r *Renderer) set(lang, page string) (*template.Template, error) {
	p := r.pages[lang][page]
	if p == nil {
		return nil, fmt.Errorf("render: no template %q in %q", page, lang)
	}
	p.once.Do(func() {
		if p.set, p.err = r.bases[lang].Clone(); p.err == nil {
			_, p.err = p.set.ParseFS(templates, "templates/"+page+".html")
		}
	})
	if p.err != nil {
		return nil, fmt.Errorf("read template %s: %w", page, p.err)
	}
	return p.set, nil
}

// pageOf is a page's name by the file of its template.
func pageOf(file string) string {
	return strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
}

// functions are what a template may ask for besides its view model: words,
// icons and addresses. It computes nothing.
func functions(t *Translator, a *Assets) template.FuncMap {
	return template.FuncMap{
		"t":      t.T,
		"asset":  a.URL,
		"parts":  nameParts,
		"choose": choosing,
		"map":    pairs,
		"whole":  whole,
		"blank":  blank,
		"keys":   func() []string { return []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} },
	}
}

// blank is the empty thing that a row is made from in the browser when a frame
// brings a new one.
func blank(part string) (any, error) {
	switch part {
	case "line":
		return UnitLine{}, nil
	case "light":
		return Light{}, nil
	case "brief":
		return UnitBrief{}, nil
	case "phase":
		return PhaseState{}, nil
	case "phase-row":
		return SchedulePart{}, nil
	case "session":
		return ScheduleSession{}, nil
	case "ranking":
		return Ranking{}, nil
	case "medals":
		return MedalsLine{}, nil
	case "start":
		return DelegationLine{}, nil
	case "call":
		return CallNow{}, nil
	case "call-line":
		return CallLine{}, nil
	case "call-next":
		return CallNext{}, nil
	}
	return nil, fmt.Errorf("no blank %q", part)
}

// whole is the class of a whole number in a column that may hold halves, where
// it keeps the room of the .5 so that the digits stand under each other.
func whole(number string) string {
	if strings.Contains(number, ".") {
		return ""
	}
	return " whole"
}

// nameParts splits a name after each ·, where alone it may break.
func nameParts(name string) []string { return strings.SplitAfter(name, "·") }

// choosing is this page's address with a choice in it.
func choosing(path, name, value string) (string, error) {
	u, err := url.Parse(path)
	if err != nil {
		return "", fmt.Errorf("choose %s: %w", name, err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// pairs lets a template hand several things to a part: name, value, name, value.
func pairs(kv ...any) (map[string]any, error) {
	if len(kv)%2 != 0 {
		return nil, fmt.Errorf("map: %d arguments, want pairs", len(kv))
	}
	m := make(map[string]any, len(kv)/2)
	for i := 0; i < len(kv); i += 2 {
		name, ok := kv[i].(string)
		if !ok {
			return nil, fmt.Errorf("map: name %v is not a text", kv[i])
		}
		m[name] = kv[i+1]
	}
	return m, nil
}

// HTML is the page as bytes. The page's type chooses its template.
func (r *Renderer) HTML(page View) ([]byte, error) {
	name, lang := page.template(), page.language()
	set, err := r.set(lang, name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, page.layout()+".html", page); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// Policy is the content security policy of every page: no script or style but
// our own files, and no text ever becomes script.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// Write renders a page and sends it with the given status. Nothing is sent
// where rendering fails, so that the caller can still answer with an error.
func (r *Renderer) Write(w http.ResponseWriter, status int, page View) error {
	body, err := r.HTML(page)
	if err != nil {
		return err
	}
	headers(w.Header(), page)
	w.WriteHeader(status)
	_, err = w.Write(body)
	return err
}

// writeTagged renders a public page and sends it packed, or 304 to a browser
// that has it as it is.
func (r *Renderer) writeTagged(w http.ResponseWriter, req *http.Request, page View) error {
	body, err := r.HTML(page)
	if err != nil {
		return err
	}
	h := w.Header()
	headers(h, page)
	h.Add("Vary", "Accept-Encoding")
	sum := sha256.Sum256(body)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", tag)
	if req.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if !accepts(req, "gzip") {
		_, err = w.Write(body)
		return err
	}
	h.Set("Content-Encoding", "gzip")
	packed := gzip.NewWriter(w)
	if _, err := packed.Write(body); err != nil {
		return err
	}
	return packed.Close()
}

func headers(h http.Header, page View) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", page.language())
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	policy := "same-origin"
	if _, secret := page.(secretAddress); secret {
		policy = "strict-origin" // not "no-referrer", with which older browsers' forms are taken for another site's
	}
	h.Set("Referrer-Policy", policy)
}

// secretAddress is a page whose address lets somebody in.
type secretAddress interface{ secretAddress() }

// View is a page that has a template. The view models of this package are all
// there are.
type View interface {
	template() string
	layout() string
	language() string
}

func (p Page) language() string { return p.Lang }

func (Page) layout() string            { return "layout" }
func (BoardUnitPage) layout() string   { return "board" }
func (BoardMedalsPage) layout() string { return "board" }
func (JudgePage) layout() string       { return "tablet" }
func (ConflictPage) layout() string    { return "tablet" }

func (HomePage) template() string        { return "home" }
func (TodayPage) template() string       { return "today" }
func (SchedulePage) template() string    { return "schedule" }
func (EventPage) template() string       { return "event" }
func (UnitPage) template() string        { return "unit" }
func (MedalsPage) template() string      { return "medals" }
func (DelegationPage) template() string  { return "delegation" }
func (BoardUnitPage) template() string   { return "board-unit" }
func (BoardMedalsPage) template() string { return "board-medals" }
func (JudgePage) template() string       { return "judge" }
func (ConflictPage) template() string    { return "conflict" }
func (ErrorPage) template() string       { return "error" }
