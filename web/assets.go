package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// The built scripts, styles and pictures. `make build` fills static/dist before
// the binary is built; in a fresh clone it holds a file that only keeps its
// place, and pages come without script and style, complete but plain.
//
//go:embed all:static/dist
var dist embed.FS

// Assets serves the built files under names that carry their hash, so that a
// browser may keep each for ever.
type Assets struct {
	names map[string]string // app.css: app.3f2a9c1b.css
	files fs.FS
}

// ReadAssets reads the manifest of the built files.
func ReadAssets() (*Assets, error) {
	files, err := fs.Sub(dist, "static/dist")
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	a := &Assets{names: map[string]string{}, files: files}
	raw, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &a.names)
	}
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	return a, nil
}

// AssetsPath is where ServeHTTP expects to be mounted.
const AssetsPath = "/static/"

// URL is the address of a file by its plain name; empty where it is not built.
func (a *Assets) URL(name string) string {
	if hashed, ok := a.names[name]; ok {
		return AssetsPath + hashed
	}
	return ""
}

// ServeHTTP answers GET /static/{name}, compressed as well as the browser
// allows.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, AssetsPath)
	if !a.built(name) {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	for _, packed := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(r, packed.encoding) {
			continue
		}
		if body, err := fs.ReadFile(a.files, name+packed.suffix); err == nil {
			h.Set("Content-Encoding", packed.encoding)
			send(w, r, body)
			return
		}
	}
	body, err := fs.ReadFile(a.files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	send(w, r, body)
}

// built reports whether a name is one that the manifest gives out.
func (a *Assets) built(name string) bool {
	for _, n := range a.names {
		if n == name {
			return true
		}
	}
	return false
}

func send(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // whoever asked has gone: there is nobody to tell
	}
}

// accepts reports whether the request takes an encoding. Weights other than 0
// make no difference: what is offered here is offered best first.
func accepts(r *http.Request, encoding string) bool {
	for item := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			return strings.TrimSpace(weight) != "q=0"
		}
	}
	return false
}
