package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// as asks the stage as somebody; door 0 is nobody.
func (s *tabletStage) as(door int, method, path, kind string, body io.Reader) (int, string) {
	s.t.Helper()
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	var in []*http.Cookie
	if door > 0 {
		resp, err := client.Post(fmt.Sprintf("%s/doors/%d", s.URL, door), "", nil)
		if err != nil {
			s.t.Fatal(err)
		}
		resp.Body.Close()
		in = resp.Cookies()
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	for _, c := range in {
		req.AddCookie(c)
	}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// firstHeat is the first unit of a judge's work.
func (s *tabletStage) firstHeat() TabletUnit {
	s.t.Helper()
	status, text := s.as(1, "GET", "/c/games/tablet/work", "application/json", nil)
	var work TabletWork
	if err := json.Unmarshal([]byte(text), &work); err != nil || status != http.StatusOK || len(work.Units) == 0 {
		s.t.Fatalf("work: %d, %v, %d units", status, err, len(work.Units))
	}
	return work.Units[0]
}

// marksOf makes a file as web/src/tablet/file.ts does, with a mark for each of
// the first lines of a unit.
func marksOf(u TabletUnit, author string, marks ...string) string {
	type one struct {
		Command json.RawMessage `json:"command"`
		Text    string          `json:"text"`
		About   string          `json:"about"`
		Sum     string          `json:"sum"`
	}
	file := struct {
		Schema      string `json:"schema"`
		Competition string `json:"competition"`
		Marks       []one  `json:"marks"`
		Seal        string `json:"seal"`
	}{Schema: outboxSchema, Competition: stageGames}
	for i, mark := range marks {
		command := fmt.Sprintf(`{"command":"%s","author":"%s","reason":"","unit":%d,"start":%d,"cell":"time","mark":"%s","irm":"","rule":"","clear":false,"saw":0}`,
			uuid.NewString(), author, u.ID, u.Rows[i].Start, mark)
		sum := sha256.Sum256([]byte(file.Seal + "\n" + command))
		file.Seal = hex.EncodeToString(sum[:])
		file.Marks = append(file.Marks, one{json.RawMessage(command), mark, u.Rows[i].Name, file.Seal})
	}
	text, _ := json.MarshalIndent(file, "", " ")
	return string(text)
}

// check sends a file to be looked at.
func (s *tabletStage) check(door int, file string) (int, string) {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "marks.json")
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := io.WriteString(part, file); err != nil {
		s.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.as(door, "POST", "/c/games/desk/outbox/check", form.FormDataContentType(), &body)
}

func (s *tabletStage) take(door int, file string) (int, string) {
	s.t.Helper()
	return s.as(door, "POST", "/c/games/desk/outbox/take", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"file": {file}}.Encode()))
}

// TestOutboxFile: a file is looked at, entered in the judge's name, and counts
// once however often it comes; what was touched is refused as a whole.
func TestOutboxFile(t *testing.T) {
	s := newTabletStage(t)
	heat := s.firstHeat()
	file := marksOf(heat, "邢玉兰", "61.01", "61.02", "61.03")

	if status, _ := s.check(1, file); status != http.StatusForbidden {
		t.Errorf("a judge takes in a file: %d", status)
	}
	status, page := s.check(3, file)
	if status != http.StatusOK || !strings.Contains(page, "61.02") || !strings.Contains(page, "收进 3 笔") {
		t.Errorf("a look at the file: %d\n%s", status, page)
	}
	if n := s.marks(); n != 0 {
		t.Fatalf("a look entered %d marks", n)
	}
	for name, text := range map[string]string{"touched": strings.Replace(file, `"mark":"61.02"`, `"mark":"51.02"`, 1), "cut short": strings.Replace(file, "seal", "sael", 1),
		"of other games": strings.Replace(file, `"games"`, `"other"`, 1), "no file at all": "x"} {
		if text == file {
			text = strings.Replace(file, `"mark": "61.02"`, `"mark": "51.02"`, 1)
		}
		for what, send := range map[string]func(int, string) (int, string){"check": s.check, "take": s.take} {
			if status, page := send(3, text); status != http.StatusUnprocessableEntity || !strings.Contains(page, "什么也没有收进来") {
				t.Errorf("%s %s: %d", what, name, status)
			}
		}
	}
	if _, page := s.take(3, file); !strings.Contains(page, "写入 3 笔，以前已经送到的 0 笔，没有写进去的 0 笔") {
		t.Errorf("taken in: %s", page)
	}
	if _, page := s.take(3, file); !strings.Contains(page, "写入 0 笔，以前已经送到的 3 笔，没有写进去的 0 笔") {
		t.Errorf("taken in again: %s", page)
	}
	if _, page := s.take(3, marksOf(heat, "董长河", "62.01")); !strings.Contains(page, "没有写进去的 1 笔") {
		t.Errorf("overtaken: %s", page)
	}
	if n := s.marks(); n != 3 {
		t.Errorf("%d marks in the log, want 3", n)
	}
}

// marks counts the marks in the log.
func (s *tabletStage) marks() int {
	s.t.Helper()
	_, text := s.as(0, "GET", "/-/log", "", nil)
	var list []struct{ Author string }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		s.t.Fatal(err)
	}
	for _, e := range list {
		if e.Author != "邢玉兰" {
			s.t.Errorf("a mark of %s", e.Author)
		}
	}
	return len(list)
}

// TestMarksUnderOnesOwnName: a command that was kept by one judge is not taken
// from another, and who has not signed in is told so.
func TestMarksUnderOnesOwnName(t *testing.T) {
	s := newTabletStage(t)
	heat := s.firstHeat()
	send := func(door int, author string) (int, string) {
		return s.as(door, "POST", "/c/games/marks", "application/json", strings.NewReader(fmt.Sprintf(
			`{"command":"%s","author":"%s","unit":%d,"start":%d,"cell":"time","mark":"61.01","saw":0}`, uuid.NewString(), author, heat.ID, heat.Rows[0].Start)))
	}
	if status, text := send(2, "邢玉兰"); status != http.StatusForbidden || !strings.Contains(text, `"other-author"`) {
		t.Errorf("another judge's mark: %d %s", status, text)
	}
	if status, text := send(0, "邢玉兰"); status != http.StatusForbidden || !strings.Contains(text, `"sign-in"`) {
		t.Errorf("nobody's mark: %d %s", status, text)
	}
	if n := s.marks(); n != 0 {
		t.Fatalf("%d marks in the log", n)
	}
	if status, text := send(1, "邢玉兰"); status != http.StatusOK {
		t.Errorf("one's own mark: %d %s", status, text)
	}
}
