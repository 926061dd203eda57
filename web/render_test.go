package web

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files again")

// plainAssets gives every built file its plain name, so that golden pages do
// not change with a hash.
func plainAssets() *Assets {
	a := &Assets{names: map[string]string{}}
	for _, name := range []string{"site.css", "site.js", "board.css", "board.js", "judge.css", "judge.js", "desk.css", "desk.js", "mark.svg", "wordmark.svg"} {
		a.names[name] = name
	}
	return a
}

func renderer(t *testing.T) (*Catalogue, *Renderer) {
	t.Helper()
	c, err := ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRenderer(c, plainAssets())
	if err != nil {
		t.Fatal(err)
	}
	return c, r
}

// TestPages compares every page in both languages with its golden file and
// checks that it is HTML as it should be. go test ./web -update writes them.
func TestPages(t *testing.T) {
	c, r := renderer(t)
	executed := map[string]bool{}
	for _, lang := range Languages {
		for _, s := range samples(c.In(lang)) {
			t.Run(s.name+"/"+lang, func(t *testing.T) {
				got, err := r.HTML(s.view)
				if err != nil {
					t.Fatal(err)
				}
				executed[s.view.template()] = true
				for _, problem := range malformed(got) {
					t.Error(problem)
				}
				file := filepath.Join("testdata", "pages", s.name+"."+lang+".html")
				if *update {
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("differs from %s at %s; go test ./web -update writes it again", file, firstDifference(got, want))
				}
			})
		}
	}
	for name := range r.pages[Chinese] {
		if !executed[name] {
			t.Errorf("no sample shows templates/%s.html", name)
		}
	}
}

// TestNewLines renders every page with nothing in it: the rows that the browser
// makes are made from these.
func TestNewLines(t *testing.T) {
	c, r := renderer(t)
	seen := map[string]bool{}
	for _, s := range samples(c.In(Chinese)) {
		if seen[s.view.template()] {
			continue
		}
		seen[s.view.template()] = true
		empty := chosen(reflect.Zero(reflect.TypeOf(s.view)).Interface().(View), Choice{Lang: Chinese})
		html, err := r.HTML(empty)
		if err != nil {
			t.Error(err)
		}
		for _, problem := range malformed(html) {
			t.Errorf("%s: %s", empty.template(), problem)
		}
	}
}

func firstDifference(a, b []byte) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("byte %d: %q, want %q", i, around(a, i), around(b, i))
		}
	}
	return fmt.Sprintf("byte %d: one ends", min(len(a), len(b)))
}

func around(b []byte, i int) []byte { return b[max(0, i-30):min(len(b), i+30)] }

// malformed names what is wrong with a page: tags that do not close in their
// order, an id twice, a reference to an id that is not there, script or style
// inside the page, which the content security policy forbids.
func malformed(page []byte) (problems []string) {
	w := wellFormed{ids: map[string]bool{}}
	d := xml.NewDecoder(bytes.NewReader(page))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return append(w.problems, w.unresolved()...)
		}
		if err != nil {
			return append(w.problems, err.Error())
		}
		switch token := token.(type) {
		case xml.StartElement:
			w.start(token)
		case xml.EndElement:
			w.end(token.Name.Local)
		}
	}
}

var voidElements = []string{"meta", "link", "input", "wbr", "br", "hr", "img"}

type wellFormed struct {
	open     []string
	ids      map[string]bool
	wants    []string
	problems []string
}

func (w *wellFormed) start(e xml.StartElement) {
	name := e.Name.Local
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "id":
			if w.ids[a.Value] {
				w.problems = append(w.problems, fmt.Sprintf("id %q twice", a.Value))
			}
			w.ids[a.Value] = true
		case "for", "aria-labelledby", "aria-describedby":
			w.wants = append(w.wants, strings.Fields(a.Value)...)
		case "href":
			if id, ok := strings.CutPrefix(a.Value, "#"); ok && !slices.Contains(w.open, "template") && !hiddenMedal(id) {
				w.wants = append(w.wants, id)
			}
		case "style":
			w.problems = append(w.problems, fmt.Sprintf("<%s> has a style of its own", name))
		}
		if strings.HasPrefix(a.Name.Local, "on") {
			w.problems = append(w.problems, fmt.Sprintf("<%s> has a handler %s", name, a.Name.Local))
		}
	}
	if !slices.Contains(voidElements, name) {
		w.open = append(w.open, name)
	}
}

// hiddenMedal reports a picture of a line that has none: it is hidden.
func hiddenMedal(id string) bool { return id == "m-" || id == "i-" }

func (w *wellFormed) end(name string) {
	if len(w.open) == 0 || w.open[len(w.open)-1] != name {
		w.problems = append(w.problems, fmt.Sprintf("</%s> closes %v", name, w.open))
		return
	}
	w.open = w.open[:len(w.open)-1]
}

func (w *wellFormed) unresolved() (problems []string) {
	for _, id := range w.wants {
		if id != "" && !w.ids[id] {
			problems = append(problems, fmt.Sprintf("nothing has the id %q", id))
		}
	}
	if len(w.open) > 0 {
		problems = append(problems, fmt.Sprintf("left open: %v", w.open))
	}
	return problems
}

// TestMalformed makes sure that the check above sees what it is there for.
func TestMalformed(t *testing.T) {
	for page, want := range map[string]string{
		`<p><b>x</p></b>`:           "closes",
		`<p id="a"></p><p id="a">`:  "twice",
		`<a href="#none">x</a>`:     "nothing has the id",
		`<p style="color:red"></p>`: "style of its own",
		`<p onclick="x()"></p>`:     "handler",
		`<div><p>x</p>`:             "left open",
	} {
		if got := strings.Join(malformed([]byte(page)), "; "); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", page, got, want)
		}
	}
}
