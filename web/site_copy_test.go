package web

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"path"
	"strings"
	"testing"
)

// TestCopy walks a copy of the site as somebody without a server would: every
// link leads to a file of it, and nothing on a page needs more than the page.
func TestCopy(t *testing.T) {
	m := newMatrix(t)
	s := m.Config.Handler.(*Server)
	files := map[string]string{}
	done, err := s.Copy(t.Context(), "games", func(name string, body []byte) error {
		if _, twice := files[name]; twice || name != path.Clean(name) || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "..") {
			t.Errorf("file %q: written before %t", name, twice)
		}
		files[name] = string(body)
		return nil
	})
	if err != nil || done.Files != len(files) || done.Pages < 12 {
		t.Fatalf("%+v of %d files, %v", done, len(files), err)
	}
	for name, text := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, needs := range []string{"<script", "<form", "data-server", `"/c/`, `"/static/`} {
			if strings.Contains(text, needs) {
				t.Errorf("%s has %s", name, needs)
			}
		}
		for _, link := range linked.FindAllStringSubmatch(text, -1) {
			to, _, _ := strings.Cut(link[2], "#")
			if _, there := files[path.Join(path.Dir(name), to)]; to != "" && !there {
				t.Errorf("%s leads to %s, which is not there", name, link[2])
			}
		}
	}
	unit := "units/" + numeral(m.units[0]) + ".html"
	for name, says := range map[string]string{"index.html": "今天的比赛", "en/index.html": "Today", unit: "佟海燕", "en/" + unit: "佟海燕", "medals.html": "奖牌榜", "state/zh-CN/medals.json": `"lines"`} {
		if !strings.Contains(files[name], says) {
			t.Errorf("%s does not say %s", name, says)
		}
	}
	for name, text := range files {
		if strings.Contains(text, "SECRET-LICENCE") {
			t.Errorf("%s has a licence", name)
		}
	}
}

// mostFirst is what the first view of a public page may weigh on the wire.
const mostFirst = 100 << 10

// TestFirstView weighs every public page with its style and script, packed as a
// browser gets them.
func TestFirstView(t *testing.T) {
	catalogue, err := ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	assets, err := ReadAssets()
	if err != nil {
		t.Fatal(err)
	}
	if len(assets.names) == 0 {
		t.Skip("NOT TESTED: the weight of pages, since no script and style are built (make build)")
	}
	renderer, err := NewRenderer(catalogue, assets)
	if err != nil {
		t.Fatal(err)
	}
	loads := 0
	for _, name := range []string{"site.css", "site.js", "mark.svg"} {
		packed, err := fs.ReadFile(assets.files, assets.names[name]+".gz")
		if err != nil {
			t.Fatal(err)
		}
		loads += len(packed)
	}
	heaviest, what := 0, ""
	for _, lang := range Languages {
		for _, one := range append(publicSamples(catalogue.In(lang)), siteSamples(catalogue.In(lang))...) {
			if one.view.layout() != "layout" {
				continue
			}
			page, err := renderer.HTML(one.view)
			if err != nil {
				t.Fatal(err)
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			if _, err := z.Write(page); err != nil || z.Close() != nil {
				t.Fatal("gzip", err)
			}
			if packed.Len() > heaviest {
				heaviest, what = packed.Len(), one.name+" "+lang
			}
		}
	}
	t.Logf("heaviest first view: %s, %d B, and %d B of style, script and icon", what, heaviest, loads)
	if heaviest+loads > mostFirst {
		t.Errorf("%s weighs %d B with everything, more than %d", what, heaviest+loads, mostFirst)
	}
}
