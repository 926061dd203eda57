// The desk takes in what a tablet could not send: a file of commands, looked at
// first, entered under the IDs that they have always had.
package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"tongchang/events"
	"tongchang/events/access"
)

func (s *Server) outboxRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/outbox", access.Confirm, s.outbox},
		{"POST /c/{competition}/desk/outbox/check", access.Confirm, s.outboxCheck},
		{"POST /c/{competition}/desk/outbox/take", access.Confirm, s.outboxTake},
	}
}

// outboxSchema is the shape of the file; web/src/tablet/file.ts writes it.
const outboxSchema = "tongchang/outbox/1"

// Bounds of a file: a tablet's marks of a long day.
const (
	outboxBytes = 4 << 20
	outboxMarks = 5000
)

// outboxFile is what a tablet wrote down.
type outboxFile struct {
	Schema      string `json:"schema"`
	Competition string `json:"competition"`
	Marks       []struct {
		Command json.RawMessage `json:"command"`
		Text    string          `json:"text"`
		About   string          `json:"about"`
		Sum     string          `json:"sum"`
	} `json:"marks"`
	Seal string `json:"seal"`
}

// outboxMark is one of its commands.
type outboxMark struct {
	Command string `json:"command"`
	Author  string `json:"author"`
	Reason  string `json:"reason"`
	events.EnterMark
}

// readOutbox reads a file and goes along its chain of sums: each is the SHA-256
// over the one before, a line feed and the command as it is posted.
func readOutbox(text []byte, competition string) (outboxFile, []outboxMark, error) {
	bad := func(problem string) (outboxFile, []outboxMark, error) {
		return outboxFile{}, nil, &events.Refusal{Status: events.StatusInvalid, Field: "file", Problem: problem}
	}
	var file outboxFile
	if err := json.Unmarshal(text, &file); err != nil || file.Schema != outboxSchema {
		return bad("outbox-none")
	}
	if file.Competition != competition {
		return bad("outbox-other-games")
	}
	if len(file.Marks) == 0 || len(file.Marks) > outboxMarks {
		return bad("outbox-none")
	}
	marks, before := make([]outboxMark, len(file.Marks)), ""
	for i, m := range file.Marks {
		var compact bytes.Buffer
		if err := json.Compact(&compact, m.Command); err != nil {
			return bad("outbox-broken")
		}
		sum := sha256.Sum256([]byte(before + "\n" + compact.String()))
		if before = hex.EncodeToString(sum[:]); before != m.Sum {
			return bad("outbox-broken")
		}
		d := json.NewDecoder(&compact)
		d.DisallowUnknownFields()
		if err := d.Decode(&marks[i]); err != nil || marks[i].Author == "" {
			return bad("outbox-broken")
		}
	}
	if before != file.Seal {
		return bad("outbox-broken")
	}
	return file, marks, nil
}

// outbox asks for a file.
func (s *Server) outbox(w http.ResponseWriter, r *http.Request) error {
	page, err := s.outboxPage(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, page)
}

func (s *Server) outboxPage(w http.ResponseWriter, r *http.Request) (OutboxPage, error) {
	v, err := s.private(w, r, "outbox.title")
	if err != nil {
		return OutboxPage{}, err
	}
	v.Bar = s.bar(r, v, "judge")
	return OutboxPage{Page: v.Page, URL: v.b.root + "/desk/outbox", t: v.b.t}, nil
}

// outboxCheck shows what is in a file before anything is entered.
func (s *Server) outboxCheck(w http.ResponseWriter, r *http.Request) error {
	page, err := s.outboxPage(w, r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, outboxBytes)
	f, _, err := r.FormFile("file")
	if err != nil {
		return s.outboxRefused(w, page, &events.Refusal{Status: events.StatusInvalid, Field: "file", Problem: "outbox-none"})
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return errForm
	}
	file, marks, err := readOutbox(text, r.PathValue("competition"))
	if err != nil {
		return s.outboxRefused(w, page, err)
	}
	for i, m := range marks {
		if err := s.within(r, access.Confirm, unitOf, m.Unit); err != nil {
			return s.outboxRefused(w, page, err)
		}
		page.Lines = append(page.Lines, OutboxLine{By: m.Author, About: file.Marks[i].About, Text: file.Marks[i].Text})
	}
	page.File = string(text)
	return s.renderer.Write(w, http.StatusOK, page)
}

// outboxTake enters a file's marks in their order. Each stands or falls by
// itself: what was sent meanwhile counts once, what somebody has overtaken is
// named and changes nothing.
func (s *Server) outboxTake(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, 2*outboxBytes); err != nil {
		return err
	}
	page, err := s.outboxPage(w, r)
	if err != nil {
		return err
	}
	file, marks, err := readOutbox([]byte(r.PostFormValue("file")), r.PathValue("competition"))
	if err != nil {
		return s.outboxRefused(w, page, err)
	}
	entered, before := 0, 0
	for i, m := range marks {
		if err := s.within(r, access.Confirm, unitOf, m.Unit); err != nil {
			return s.outboxRefused(w, page, err)
		}
		c := events.Command{ID: m.Command, Competition: r.PathValue("competition"), Author: m.Author, Reason: m.Reason}
		rec, err := s.store.EnterMark(r.Context(), c, m.EnterMark)
		var refusal *events.Refusal
		switch {
		case err == nil && rec.Repeated:
			before++
		case err == nil:
			entered++
		case errors.As(err, &refusal) && refusal.Status != events.StatusUnknown:
			page.Lines = append(page.Lines, OutboxLine{By: m.Author, About: file.Marks[i].About, Text: file.Marks[i].Text, Problem: page.t.Problem(err, nil)})
		default:
			return err // taken in again, what was entered counts once
		}
	}
	s.log.Info("marks taken in from a file", "competition", r.PathValue("competition"), "by", s.who(r).Name, "entered", entered, "before", before, "refused", len(page.Lines))
	page.Done = page.t.T("outbox.done", strconv.Itoa(entered), strconv.Itoa(before), strconv.Itoa(len(page.Lines)))
	return s.renderer.Write(w, http.StatusOK, page)
}

// outboxRefused says what is wrong with a file; nothing of it was entered.
func (s *Server) outboxRefused(w http.ResponseWriter, page OutboxPage, err error) error {
	var refusal *events.Refusal
	if !errors.As(err, &refusal) || refusal.Status != events.StatusInvalid {
		return err
	}
	page.Lines, page.Wrong = nil, true
	page.Problems = []Problem{{Target: "file", Text: page.t.Problem(err, nil)}}
	return s.renderer.Write(w, http.StatusUnprocessableEntity, page)
}
