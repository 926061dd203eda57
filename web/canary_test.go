package web

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/identity"
)

// The canaries: numbers and words that must be nowhere in clear. They go in as
// everybody's do; then every page and list that roles can open, the database's
// files, a backup and the log are searched for each of them.

// canaries finds them, plain and as hexadecimal and base64 write them. A few
// roles may read some of them in passing: a delegation its own remarks.
type canaries struct {
	t     *testing.T
	texts []string
	forms map[string][]string // by their first bytes
	of    map[string]string   // form to canary
	may   map[string][]string // canary to roles
	hits  int
}

func newCanaries(t *testing.T) *canaries {
	return &canaries{t: t, forms: map[string][]string{}, of: map[string]string{}, may: map[string][]string{}}
}

// beak is how many first bytes of a form are looked up at every place.
const beak = 8

func (c *canaries) plant(text string, may ...string) string {
	c.texts, c.may[text] = append(c.texts, text), may
	forms := []string{text, url.QueryEscape(text), hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text)))}
	for shift := range 3 { // base64 looks different at each place of three bytes: what does not depend on the neighbours
		b := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + text))
		inner := b[(8*shift+5)/6 : (shift+len(text))/3*4]
		forms = append(forms, inner, strings.NewReplacer("+", "-", "/", "_").Replace(inner))
	}
	for _, f := range forms {
		if len(f) < beak {
			c.t.Fatalf("%q is too short to be looked for", f)
		}
		if c.of[f] == "" {
			c.of[f] = text
			c.forms[f[:beak]] = append(c.forms[f[:beak]], f)
		}
	}
	return text
}

// search notes every canary in what a role has been given; an empty role is
// everybody.
func (c *canaries) search(role, where string, data []byte) {
	for i := range len(data) - beak + 1 {
		for _, form := range c.forms[string(data[i:i+beak])] {
			text := c.of[form]
			if !bytes.HasPrefix(data[i:], []byte(form)) || slices.Contains(c.may[text], role) {
				continue
			}
			if c.hits++; c.hits < 20 {
				c.t.Errorf("%s has %q as %q", where, text, form)
			}
		}
	}
}

// shared is a buffer that many goroutines log into.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func TestCanaries(t *testing.T) {
	var logged shared
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	m := newMatrix(t)
	c := newCanaries(t)
	ids := m.plant(c)
	if len(c.texts) < 300 {
		t.Fatalf("only %d canaries", len(c.texts))
	}
	pages := m.walk(c, ids)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := m.store.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	inClear := 0
	for _, name := range []string{m.file, m.file + "-wal", m.file + "-shm", backup} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c.search("", filepath.Base(name), data)
		if bytes.Contains(data, []byte("水晶兰花")) {
			inClear++
		}
	}
	logged.mu.Lock()
	defer logged.mu.Unlock()
	c.search("", "the log", logged.b.Bytes())
	if inClear == 0 {
		t.Error("a name, which is kept in clear, is not found in any file")
	}
	t.Logf("%d canaries, %d pages and lists, %d bytes of log: %d in clear", len(c.texts), pages, logged.b.Len(), c.hits)
}

// TestCanarySearch: the search finds what is there, however it is written.
func TestCanarySearch(t *testing.T) {
	const text = "23069919900512001X"
	for name, data := range map[string]string{
		"plain": text, "in an address": "?q=" + url.QueryEscape(text), "hexadecimal": "x'" + hex.EncodeToString([]byte(text)) + "'",
		"base64": base64.StdEncoding.EncodeToString([]byte(text)), "base64 after one byte": base64.StdEncoding.EncodeToString([]byte("a" + text + "b")),
		"base64 after two bytes": base64.URLEncoding.EncodeToString([]byte("ab" + text + "cd")),
	} {
		found := newCanaries(&testing.T{})
		found.plant(text, "organiser")
		if found.search("organiser", name, []byte(data)); found.hits > 0 {
			t.Errorf("%s: found for who may read it", name)
		}
		found.hits = 100 // so that it is counted and not complained of
		if found.search("", name, []byte(data)); found.hits == 100 {
			t.Errorf("%s: not found", name)
		}
	}
}

// plant enters sixty people of the first delegation with numbers, remarks,
// needs and papers, all of them canaries.
func (m *matrix) plant(c *canaries) (ids []int64) {
	m.t.Helper()
	ctx := m.t.Context()
	for i := range 60 {
		id := fmt.Sprintf("2306991990%02d%02d%03d", i%12+1, i%28+1, 2*i)
		id += string(identity.CheckDigit(id))
		name := "水晶兰花"
		if i > 0 {
			name = "佟" + string(rune('一'+i))
		}
		a := events.SaveRegistration{Delegation: m.delegations[0], Fields: map[entry.Field]string{entry.Name: name, entry.Sex: "女", entry.InSport: "田径", entry.Class: "T46"},
			Secret: map[entry.Field]string{entry.ID: c.plant(id), entry.Cert: c.plant(id + "42"), entry.Phone: c.plant(fmt.Sprintf("1990000%04d", 7000+i)), entry.Remark: c.plant(fmt.Sprintf("canary-remark-%03d-癫痫", i), "organiser", "delegation"), entry.Guardian: c.plant(fmt.Sprintf("监护人金丝雀%03d", i), "organiser", "delegation")}}
		rec, err := m.store.SaveRegistration(ctx, m.by(), access.Console, a)
		if err != nil {
			m.t.Fatal(err)
		}
		var saved events.Saved
		if err := json.Unmarshal(rec.Outcome, &saved); err != nil {
			m.t.Fatal(err)
		}
		ids = append(ids, saved.ID)
		if i < 10 {
			m.speak(c, saved.ID, i)
		}
	}
	return ids
}

// speak states a need and sends a paper.
func (m *matrix) speak(c *canaries, id int64, i int) {
	m.t.Helper()
	ctx := m.t.Context()
	_, err := m.store.StateNeeds(ctx, m.by(), access.Console, events.StateNeeds{Delegation: m.delegations[0], Registration: id, Round: events.AtEntry,
		Needs: []events.AskedNeed{{Kind: "wheelchair-own", Pieces: 1, Hour: -1, Words: c.plant(fmt.Sprintf("canary-need-%03d-导尿", i), "delegation")}}})
	if err != nil {
		m.t.Fatal(err)
	}
	text := []byte("%PDF-1.4\n% " + c.plant(fmt.Sprintf("canary-diagnosis-%03d", i)) + "\n%%EOF\n")
	if _, err := m.store.KeepFile(ctx, m.by(), access.Console, events.KeepPaper{Registration: id, Kind: events.PaperClass}, text); err != nil {
		m.t.Fatal(err)
	}
}

// walk opens every address without things of its own, and the pages of a few
// people, as everybody, and searches what comes back.
func (m *matrix) walk(c *canaries, ids []int64) (pages int) {
	m.t.Helper()
	team := "/c/games/team/" + numeral(m.delegations[0])
	var paths []string
	for _, rt := range m.Config.Handler.(*Server).table() {
		if method, path, _ := strings.Cut(rt.pattern, " "); method == "GET" && !strings.Contains(path, "/live") {
			path = strings.NewReplacer("{$}", "", "{competition}", "games", "{delegation}", numeral(m.delegations[0]), "{unit}", numeral(m.units[0]), "{phase}", numeral(m.phases[0]), "{topic...}", "medals", "{list}", "people.xlsx").Replace(path)
			if !strings.Contains(path, "{") {
				paths = append(paths, path)
			}
		}
	}
	for _, id := range ids[:3] {
		person := team + "/people/" + numeral(id)
		paths = append(paths, person, person+"/privacy", person+"/look?field=id", team+"/needs/"+numeral(id))
	}
	wanted := []string{"organiser", "delegation", "service", ""}
	for _, name := range wanted {
		i := slices.IndexFunc(m.asking, func(a asking) bool { return a.name == name })
		for _, path := range paths {
			req, err := http.NewRequestWithContext(m.t.Context(), http.MethodGet, m.URL+path, nil)
			if err != nil {
				m.t.Fatal(err)
			}
			if i >= 0 {
				m.signed(req, m.asking[i])
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				m.t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			if err = errors.Join(err, res.Body.Close()); err != nil {
				m.t.Fatal(err)
			}
			where := name + " " + path + " (" + strconv.Itoa(res.StatusCode) + ")"
			c.search(name, where, body)
			c.search(name, where, []byte(fmt.Sprint(res.Header)))
			m.unzip(c, name, where, body)
			if res.StatusCode == http.StatusOK {
				pages++
			}
		}
	}
	if pages < 50 {
		m.t.Errorf("only %d pages were opened", pages)
	}
	return pages
}

// unzip searches the parts of a workbook.
func (m *matrix) unzip(c *canaries, role, where string, body []byte) {
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return // no workbook
	}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			m.t.Fatal(err)
		}
		part, err := io.ReadAll(in)
		if err != nil {
			m.t.Fatal(err)
		}
		c.search(role, where+" "+f.Name, part)
	}
}

// TestLookShows: the one page that shows a number says so to nobody else's
// memory, only with a reason, and its address has no number.
func TestLookShows(t *testing.T) {
	m := newMatrix(t)
	c := newCanaries(t)
	id := m.plant(c)[0]
	address := m.URL + "/c/games/team/" + numeral(m.delegations[0]) + "/people/" + numeral(id) + "/look"
	i := slices.IndexFunc(m.asking, func(a asking) bool { return a.name == "organiser" })
	for reason, shows := range map[string]bool{"": false, "保险名单核对": true} {
		form := url.Values{"command": {uuid.NewString()}, "field": {"id"}, "reason": {reason}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		m.signed(req, m.asking[i])
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(body), c.texts[0]) != shows || !strings.Contains(res.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("reason %q: %d, Cache-Control %s", reason, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
	games, err := m.store.Competition(t.Context(), "games")
	if err != nil {
		t.Fatal(err)
	}
	looks, err := m.store.Looks(t.Context(), access.Console, games)
	if err != nil || len(looks) != 1 || looks[0].Reason != "保险名单核对" || looks[0].By != "organiser" {
		t.Errorf("%+v %v", looks, err)
	}
}
