// The judge's tablet: a page that works without a network, the worker that
// keeps it, and the work that it is told. docs/tablet.md says how a mark
// travels.
package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"tongchang/events/access"
	"tongchang/scoring"
)

// tabletRoutes are the judge's tablet. The shell and what installs it hold
// nobody's data and are for everybody; the work is not.
func (s *Server) tabletRoutes() []route {
	return []route{
		{"GET /c/{competition}/tablet", everybody, s.tablet},
		{"GET /c/{competition}/tablet/worker.js", everybody, s.tabletWorker},
		{"GET /c/{competition}/tablet/manifest.webmanifest", everybody, s.tabletManifest},
		{"GET /c/{competition}/tablet/work", access.WriteMark, s.tabletWork},
	}
}

// tabletFiles are what the page needs besides itself.
var tabletFiles = []string{"tablet.js", "site.css", "tablet.css", "mark.svg"}

// tabletPolicy is that of every page, and leave to be installed.
const tabletPolicy = Policy + "; worker-src 'self'; manifest-src 'self'"

// tabletWords are the sentences that the page's script says; {0} and {1} in them
// are filled in there.
var tabletWords = []string{
	"tablet.again", "tablet.attention", "tablet.attention-n", "tablet.back", "tablet.choose", "tablet.choose-unit", "tablet.closed", "tablet.correct",
	"tablet.delivered-n", "tablet.delivered-said", "tablet.delivered-said-many", "tablet.drop", "tablet.file", "tablet.file-bad", "tablet.file-in", "tablet.file-in-hint", "tablet.file-lead",
	"tablet.file-lead-many", "tablet.file-out", "tablet.file-taken", "tablet.file-taken-many", "tablet.given", "tablet.hand", "tablet.hand-left", "tablet.hand-right",
	"tablet.hand-title", "tablet.held", "tablet.in-kilograms", "tablet.in-metres", "tablet.in-points", "tablet.in-seconds", "tablet.instead", "tablet.last",
	"tablet.late", "tablet.late-lead", "tablet.late-lead-stands", "tablet.late-n", "tablet.late-title", "tablet.menu-attention", "tablet.menu-device",
	"tablet.menu-units", "tablet.minus", "tablet.newer", "tablet.no-number", "tablet.no-score", "tablet.no-units", "tablet.no-wind", "tablet.no-work",
	"tablet.not-kept", "tablet.notes", "tablet.not-persisted", "tablet.nothing", "tablet.nothing-to-do", "tablet.offline", "tablet.offline-lead", "tablet.one-less",
	"tablet.one-more", "tablet.online", "tablet.out", "tablet.out-kept", "tablet.out-lead", "tablet.outbox", "tablet.own-reason", "tablet.persisted",
	"tablet.plain", "tablet.progress", "tablet.reason-decision", "tablet.reason-missing", "tablet.reason-typo", "tablet.refused", "tablet.rule-missing",
	"tablet.save", "tablet.save-empty", "tablet.saved", "tablet.saved-n", "tablet.score", "tablet.seen", "tablet.side-a", "tablet.side-b", "tablet.sign-in",
	"tablet.sign-in-first", "tablet.size-large", "tablet.size-title", "tablet.size-usual", "tablet.skew", "tablet.strip", "tablet.too-fine",
	"tablet.too-high", "tablet.too-low", "tablet.undo", "tablet.undo-none", "tablet.undo-reason", "tablet.undone", "tablet.work-after", "tablet.work-before",
	"judge.scoring", "judge.delivered", "judge.lane", "judge.skip", "judge.delete", "judge.point", "judge.colon", "judge.keys", "judge.none", "judge.rule", "judge.reason", "judge.now",
	"echo.minutes", "echo.seconds", "echo.whole", "echo.empty", "echo.unclear", "spoken.metres", "spoken.kilograms", "spoken.points",
	"conflict.title", "conflict.lead", "conflict.theirs", "conflict.yours", "conflict.keep", "conflict.mine", "unit.lane", "nav.label", "live.reload", "outbox.title",
}

// wordsFor are those sentences in a language.
func (t *Translator) wordsFor(keys []string) map[string]string {
	words := make(map[string]string, len(keys))
	for _, key := range keys {
		words[key] = t.T(key, "{0}", "{1}", "{2}")
	}
	return words
}

// tabletVersion names the build of the page: another file, another version.
func (s *Server) tabletVersion() string {
	sum := sha256.Sum256([]byte(strings.Join(s.tabletURLs(), " ")))
	return hex.EncodeToString(sum[:6])
}

// tabletURLs are the addresses of the page's files, as far as they are built.
func (s *Server) tabletURLs() (urls []string) {
	for _, file := range tabletFiles {
		if url := s.assets.URL(file); url != "" {
			urls = append(urls, url)
		}
	}
	return urls
}

// tablet serves the shell of the page.
func (s *Server) tablet(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	v.Title = v.b.t.T("tablet.title")
	page := s.tabletShell(v.Page, v.b.t, v.c.Code)
	body, err := s.renderer.HTML(page)
	if err != nil {
		return err
	}
	h := w.Header()
	headers(h, page)
	h.Set("Content-Security-Policy", tabletPolicy)
	h.Set("Cache-Control", "no-cache")
	h.Set("Tongchang-Version", page.Version)
	_, err = w.Write(body)
	return err
}

func (s *Server) tabletShell(p Page, t *Translator, code string) TabletPage {
	return TabletPage{Page: p, Competition: code, Version: s.tabletVersion(), Words: t.wordsFor(tabletWords), Manifest: p.Site.Root + "/tablet/manifest.webmanifest"}
}

// tabletWorker serves the worker, with what it keeps written in front of it.
func (s *Server) tabletWorker(w http.ResponseWriter, r *http.Request) error {
	c, err := s.store.Competition(r.Context(), r.PathValue("competition"))
	if err != nil {
		return err
	}
	name := s.assets.names["sw.js"]
	if name == "" {
		return errNoPage
	}
	script, err := fs.ReadFile(s.assets.files, name)
	if err != nil {
		return fmt.Errorf("read the tablet's worker: %w", err)
	}
	shell := struct {
		Version string   `json:"version"`
		Page    string   `json:"page"`
		Files   []string `json:"files"`
	}{Version: s.tabletVersion(), Page: "/c/" + c.Code + "/tablet", Files: s.tabletURLs()}
	told, err := json.Marshal(shell)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Content-Security-Policy", Policy)
	h.Set("Cache-Control", "no-cache")
	h.Set("Service-Worker-Allowed", shell.Page)
	_, err = fmt.Fprintf(w, "const shell = %s;\n%s", told, script)
	return err
}

// tabletManifest lets a device install the page.
func (s *Server) tabletManifest(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	page := v.b.root + "/tablet"
	m := tabletManifest{ID: page, Name: v.b.t.Join(v.b.t.T("tablet.title"), v.Site.Name), ShortName: v.b.t.T("tablet.title"), Lang: v.Lang, StartURL: page, Scope: page,
		Display: "standalone", Background: "#f1f5f3", Theme: "#ffc83d"}
	if icon := s.assets.URL("mark.svg"); icon != "" {
		m.Icons = []tabletIcon{{Source: icon, Sizes: "any", Type: "image/svg+xml"}}
	}
	w.Header().Set("Cache-Control", "no-cache")
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/manifest+json; charset=utf-8")
	_, err = w.Write(body)
	return err
}

// tabletWork tells a judge's tablet what there is to do. While nothing of the
// competition has changed, it says so in a few bytes.
func (s *Server) tabletWork(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	who := s.who(r)
	reached, err := s.store.SeatUnits(r.Context(), who, v.c.Code)
	if err != nil {
		return err
	}
	now := s.store.Now()
	h := w.Header()
	h.Set("Tongchang-Now", strconv.FormatInt(now.UnixMilli(), 10))
	tag := fmt.Sprintf(`"%s-%d-%d-%d-%x-%s-%s"`, v.c.Epoch, v.c.LastSeq, who.Account, who.Seat, who.Name, v.Lang, s.tabletVersion())
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	work := TabletWork{Epoch: v.c.Epoch, Now: now.UnixMilli(), Judge: who.Name, Role: v.b.t.Role(who.Role), Version: s.tabletVersion(), Units: []TabletUnit{}}
	if who == access.Desk {
		work.Role = ""
	}
	if work.Seat, err = s.store.SeatName(r.Context(), who); err != nil {
		return err
	}
	has, err := s.store.Accommodations(r.Context(), v.c.ID)
	if err != nil {
		return err
	}
	pads := &tabletPads{b: v.b, has: has, place: who.Place}
	for _, id := range pads.toDo(who, reached) {
		unit, err := pads.unit(r.Context(), who, id)
		var faulty *scoring.Invalid
		if errors.As(err, &faulty) { // one unit's rules, or a draw that is not there yet, must not keep the others from a judge
			s.log.Info("unit not on tablets", "unit", id, "why", err)
			continue
		}
		if err != nil {
			return err
		}
		if unit.canBeWritten() {
			work.Units = append(work.Units, unit)
		}
	}
	told := make([]int64, len(work.Units))
	for i := range work.Units {
		told[i] = work.Units[i].ID
	}
	if err := s.store.Told(r.Context(), who, told); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, work)
}
