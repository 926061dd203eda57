package web

import (
	"context"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"tongchang/web/answers"
)

// A copy of the public site that opens without a server: every page that can be
// reached from the first, in both languages, with the files that they need and
// the states and documents behind them. Links are made relative; what needs a
// server (search, forms, scripts) is left out, and marked data-server in the
// templates.

// copied are the parts of a competition's site that a copy has, by the first
// part of their address.
var copied = []string{"", "schedule", "events", "units", "medals", "delegations", "athletes", "records", "documents", "calendars", "draws", "privacy", "calling", "classes"}

// mostCopied bounds a copy, in files. A games has some thousands.
const mostCopied = 200_000

// Copied says what a copy has.
type Copied struct {
	Pages, Files int
}

// siteCopy is a copy in the making.
type siteCopy struct {
	s     *Server
	code  string
	write func(name string, body []byte) error
	seen  map[string]bool // addresses by language, and files
	queue []copyPage
	done  Copied
}

// copyPage is an address in a language.
type copyPage struct {
	lang, address string
}

// Copy makes a copy of a competition's public site. Write gets each file once,
// by its name in the copy, with / between folders.
func (s *Server) Copy(ctx context.Context, code string, write func(name string, body []byte) error) (Copied, error) {
	c := &siteCopy{s: s, code: code, write: write, seen: map[string]bool{}}
	if _, err := s.store.Competition(ctx, code); err != nil {
		return c.done, err
	}
	for _, lang := range Languages {
		c.reach(copyPage{lang, "/c/" + code})
	}
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		if err := c.page(ctx, next); err != nil {
			return c.done, fmt.Errorf("copy %s: %w", next.address, err)
		}
		if len(c.seen) > mostCopied {
			return c.done, fmt.Errorf("copy: more than %d files", mostCopied)
		}
	}
	return c.done, c.styles()
}

// reach puts an address into the queue, once.
func (c *siteCopy) reach(p copyPage) {
	if key := p.lang + " " + p.address; !c.seen[key] {
		c.seen[key] = true
		c.queue = append(c.queue, p)
	}
}

// ask asks the server as somebody who is nobody in particular.
func (c *siteCopy) ask(ctx context.Context, lang, address string) (*answers.Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.AddCookie(&http.Cookie{Name: "lang", Value: lang})
	rec := answers.NewRecorder()
	c.s.ServeHTTP(rec, r)
	return rec.Answer(), nil
}

// page copies an address with what belongs to it.
func (c *siteCopy) page(ctx context.Context, p copyPage) error {
	rec, err := c.ask(ctx, p.lang, p.address)
	if err != nil {
		return err
	}
	if rec.Status != http.StatusOK {
		return fmt.Errorf("answered with status %d", rec.Status)
	}
	name := c.file(p)
	c.done.Files++
	if !strings.HasPrefix(rec.Header.Get("Content-Type"), "text/html") {
		return c.write(name, rec.Body)
	}
	c.done.Pages++
	text := withoutServer(string(rec.Body))
	for _, found := range topics.FindAllStringSubmatch(text, -1) {
		if err := c.state(ctx, found[1]); err != nil {
			return err
		}
	}
	return c.write(name, []byte(c.relink(p, text)))
}

var topics = regexp.MustCompile(` topic="([^"]+)"`)

// state copies a topic's present state, for programs.
func (c *siteCopy) state(ctx context.Context, topic string) error {
	name := "state/" + topic + ".json"
	if c.seen[name] {
		return nil
	}
	c.seen[name] = true
	data, _, err := c.s.feed.State(ctx, c.code, topic)
	if err != nil {
		return err
	}
	c.done.Files++
	return c.write(name, data)
}

// styles copies the files that pages load.
func (c *siteCopy) styles() error {
	for _, name := range c.s.assets.names {
		if !c.seen[AssetsPath+name] {
			continue
		}
		body, err := fs.ReadFile(c.s.assets.files, name)
		if err != nil {
			return err
		}
		c.done.Files++
		if err := c.write("static/"+name, body); err != nil {
			return err
		}
	}
	return nil
}

// file is an address's name in the copy: events/3.html, en/events/3.html,
// schedule/day-2027-06-21.html.
func (c *siteCopy) file(p copyPage) string {
	u, err := url.Parse(p.address)
	if err != nil {
		return ""
	}
	name := strings.Trim(strings.TrimPrefix(u.Path, "/c/"+c.code), "/")
	if ext := path.Ext(name); ext == ".json" || ext == ".ics" {
		if p.lang != Chinese {
			name = p.lang + "/" + name
		}
		return name
	}
	if q := u.Query(); len(q) > 0 {
		name += "/" + plain.ReplaceAllString(q.Encode(), "-")
	}
	if name == "" {
		name = "index"
	}
	if p.lang != Chinese {
		name = p.lang + "/" + name
	}
	return name + ".html"
}

var plain = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

var linked = regexp.MustCompile(` (href|src)="([^"]*)"`)

// relink makes a page's links relative, and takes away those that lead out of
// the copy.
func (c *siteCopy) relink(p copyPage, text string) string {
	from := path.Dir(c.file(p))
	return linked.ReplaceAllStringFunc(text, func(attribute string) string {
		part := linked.FindStringSubmatch(attribute)
		to, fragment, _ := strings.Cut(html.UnescapeString(part[2]), "#")
		if to == "" {
			return attribute
		}
		file := c.target(p, to)
		if file == "" {
			return ""
		}
		address := relative(from, file)
		if fragment != "" {
			address += "#" + fragment
		}
		return " " + part[1] + `="` + html.EscapeString(address) + `"`
	})
}

// target is the file that a link leads to; empty where the copy has none.
func (c *siteCopy) target(p copyPage, to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	if strings.HasPrefix(u.Path, AssetsPath) {
		c.seen[u.Path] = true
		return "static/" + strings.TrimPrefix(u.Path, AssetsPath)
	}
	rest, ours := strings.CutPrefix(u.Path, "/c/"+c.code)
	first, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	if !ours || rest != "" && rest[0] != '/' || !slices.Contains(copied, first) {
		return ""
	}
	q := u.Query()
	if lang := q.Get("lang"); lang != "" {
		p.lang = lang
		q.Del("lang")
	}
	address := u.EscapedPath()
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	next := copyPage{p.lang, address}
	c.reach(next)
	return c.file(next)
}

// relative is the way from a folder of the copy to a file of it.
func relative(from, file string) string {
	if from == "." {
		return file
	}
	a, b := strings.Split(from, "/"), strings.Split(file, "/")
	same := 0
	for same < len(a) && same < len(b)-1 && a[same] == b[same] {
		same++
	}
	return strings.Repeat("../", len(a)-same) + strings.Join(b[same:], "/")
}

var (
	// links that choose how a page is shown, or sign somebody in
	choosers = regexp.MustCompile(`(?s)<li><a href="[^"]*(?:[?&;](?:theme|text)=|/sign-in)[^"]*".*?</a></li>`)
	roots    = regexp.MustCompile(` data-root="[^"]*"`) // for scripts alone
	scripts  = regexp.MustCompile(`(?s)<script.*?</script>`)
	marked   = regexp.MustCompile(`<([a-z-]+)[^>]* data-server[^>]*>`)
)

// withoutServer takes away scripts and what is marked as needing a server.
func withoutServer(text string) string {
	for _, none := range []*regexp.Regexp{scripts, choosers, roots} {
		text = none.ReplaceAllString(text, "")
	}
	for {
		at := marked.FindStringSubmatchIndex(text)
		if at == nil {
			return text
		}
		text = text[:at[0]] + text[at[0]+elementLength(text[at[0]:], text[at[2]:at[3]]):]
	}
}

// elementLength is how long an element is that a text begins with.
func elementLength(text, name string) int {
	tag := regexp.MustCompile(`<(/?)` + name + `[ >]`)
	depth := 0
	for _, at := range tag.FindAllStringSubmatchIndex(text, -1) {
		if depth++; at[2] != at[3] {
			depth -= 2
		}
		if depth == 0 {
			return at[1]
		}
	}
	return len(text)
}
