// Photo finish: the start files that a camera's operator opens, the results that
// the camera saved, and a judge who takes them in their own name, line by line.
package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/lynx"
	"tongchang/scoring"
)

// cameraRoutes are the pages of photo finish.
func (s *Server) cameraRoutes() []route {
	const unit = " /c/{competition}/judge/units/{unit}/camera"
	return []route{
		{"GET" + unit, access.WriteMark, s.camera},
		{"POST" + unit, access.WriteMark, s.cameraSend},
		{"POST" + unit + "/{camera}/take", access.WriteMark, s.cameraTake},
		{"POST" + unit + "/{camera}/drop", access.WriteMark, s.cameraDrop},
		{"GET /c/{competition}/desk/camera/" + lynx.StartFile, access.WriteMark, s.cameraStarts},
		{"GET /c/{competition}/desk/camera/" + lynx.PeopleFile, access.WriteMark, s.cameraStarts},
		{"GET /c/{competition}/desk/camera/" + lynx.ScheduleFile, access.WriteMark, s.cameraStarts},
	}
}

// camera serves what waits for a unit.
func (s *Server) camera(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.cameraPage(w, r)
	if err != nil {
		return err
	}
	if did := r.URL.Query().Get("did"); slices.Contains([]string{"kept", "known", "dropped"}, did) {
		p.Done = &Done{Text: s.catalogue.In(p.Lang).T("camera.did-" + did)}
	} else if n, err := strconv.Atoi(r.URL.Query().Get("taken")); err == nil && n > 0 && n < 1000 {
		p.Done = &Done{Text: s.catalogue.In(p.Lang).T("camera.taken", n)}
	}
	return s.renderer.Write(w, http.StatusOK, *p)
}

func (s *Server) cameraPage(w http.ResponseWriter, r *http.Request) (*CameraPage, *desk, error) {
	d, err := s.deskOf(w, r)
	if err != nil {
		return nil, nil, err
	}
	files, err := s.store.CameraFiles(r.Context(), d.who, d.c.Code, d.unit.ID)
	if err != nil {
		return nil, nil, err
	}
	t := d.b.t
	p := &CameraPage{Page: d.Page, Heading: t.Join(d.b.eventName(d.event), d.b.phaseOf(&d.unit, d.phase)), Back: d.url(), URL: d.url() + "/camera", Closed: d.unit.ResultStatus == events.Official}
	p.Title, p.Path = t.Join(t.T("camera.title"), p.Heading), p.URL
	p.Bar = s.bar(r, d.view, "judge")
	for _, name := range []string{lynx.StartFile, lynx.PeopleFile, lynx.ScheduleFile} {
		p.Starts = append(p.Starts, Option{Value: d.b.root + "/desk/camera/" + name, Text: name})
	}
	for i := range files {
		p.Files = append(p.Files, d.cameraFile(&files[i], p.URL))
	}
	return p, d, nil
}

func (d *desk) cameraFile(f *events.CameraFile, url string) CameraFile {
	at := url + "/" + strconv.FormatInt(f.ID, 10)
	v := CameraFile{ID: strconv.FormatInt(f.ID, 10), Name: f.Name, About: d.b.t.T("camera.saved", d.b.t.Clock(f.At.In(d.b.zone))), Take: at + "/take", Drop: at + "/drop", Command: uuid.NewString()}
	n := 0
	for i := range f.Lines {
		l := &f.Lines[i]
		row := d.cameraRow(l)
		if row.Chosen {
			n++
			v.Needs = v.Needs || l.Present.Text != ""
			v.Rule = v.Rule || l.IRM == scoring.DSQ
		}
		v.Rows = append(v.Rows, row)
	}
	v.TakeText = d.b.t.T("camera.take", n)
	return v
}

// cameraRow is a line of the file beside what stands, with what is the matter.
func (d *desk) cameraRow(l *events.CameraLine) CameraRow {
	t := d.b.t
	row := CameraRow{Lane: l.Lane, Who: l.Bib, Shape: "alert"}
	if line := d.sheet.Line(strconv.FormatInt(l.Start, 10)); line != nil {
		row.Who, row.Of = line.FullName(), t.Join(line.Bib, d.b.pick(line.Delegation, line.DelegationEn), line.Class)
	}
	if l.Read != nil {
		row.Read = events.MarkText(scoring.Milliseconds, l.Read, "")
	}
	row.Mark, row.Spoken = d.said(l.Mark, l.IRM, "")
	if l.Present != nil {
		row.Present, row.Saw = l.Present.Text, l.Present.Revision
	}
	switch {
	case l.Problem != "":
		row.Text = t.T("problem."+l.Problem, l.Bib, l.Lane)
	case l.Same:
		row.Shape, row.Text = "official", t.T("camera.same")
	default:
		row.Name, row.Chosen, row.Selected = fmt.Sprint("row-", l.Row), true, t.T("camera.choose", row.Who, row.Mark)
		row.Shape, row.Text = "saved", t.T("camera.new")
		if row.Present != "" {
			row.Shape, row.Text = "unofficial", t.T("camera.over", row.Present)
		}
	}
	return row
}

// cameraSend takes a file by hand, where no folder is watched.
func (s *Server) cameraSend(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.deskOf(w, r); err != nil { // may this judge write here at all?
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, 2<<20)
	f, header, err := r.FormFile("file")
	if err != nil {
		return s.cameraWrong(w, r, "", errForm)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return s.cameraWrong(w, r, "", errForm)
	}
	kept, err := s.store.KeepCameraFile(r.Context(), r.PathValue("competition"), header.Filename, s.who(r).Name, data)
	if err != nil {
		return s.cameraWrong(w, r, "", err)
	}
	did := "known"
	if kept {
		did = "kept"
	}
	http.Redirect(w, r, r.URL.Path+"?did="+did, http.StatusSeeOther)
	return nil
}

// cameraWrong shows the page again with what is wrong; other errors are passed on.
func (s *Server) cameraWrong(w http.ResponseWriter, r *http.Request, file string, wrong error) error {
	var refusal *events.Refusal
	var inv *scoring.Invalid
	if !errors.As(wrong, &inv) && (!errors.As(wrong, &refusal) || refusal.Status == events.StatusUnknown) {
		return wrong
	}
	p, _, err := s.cameraPage(w, r)
	if err != nil {
		return err
	}
	target := "camera-file"
	if file != "" {
		target = "camera-" + file
	}
	text := s.catalogue.In(p.Lang).Problem(wrong, nil)
	if inv != nil && inv.Line != "" {
		text = s.catalogue.In(p.Lang).T("camera.row", inv.Line, text)
	}
	p.Problems, p.Wrong = []Problem{{Target: target, Text: text}}, true
	for i := range p.Files {
		if p.Files[i].ID == file {
			p.Files[i].Typed, p.Files[i].TypedAs = r.PostFormValue("reason"), r.PostFormValue("rule")
		}
	}
	return s.renderer.Write(w, statusOf(wrong), *p)
}

// cameraForm reads a form about a file of the address.
func cameraForm(w http.ResponseWriter, r *http.Request) (unit, file int64, err error) {
	if err = form(w, r, fewFields); err == nil {
		unit, err = number(r, "unit")
	}
	if err == nil {
		file, err = number(r, "camera")
	}
	return unit, file, err
}

// cameraTake enters the chosen lines as the judge's own marks.
func (s *Server) cameraTake(w http.ResponseWriter, r *http.Request) error {
	unit, file, err := cameraForm(w, r)
	if err != nil {
		return err
	}
	take := events.TakeCameraFile{Unit: unit, File: file, Saw: map[int]int64{}, Rule: strings.TrimSpace(r.PostFormValue("rule"))}
	for name := range r.PostForm {
		row, err1 := strconv.Atoi(strings.TrimPrefix(name, "row-"))
		saw, err2 := strconv.ParseInt(r.PostFormValue(name), 10, 64)
		if strings.HasPrefix(name, "row-") && err1 == nil && err2 == nil {
			take.Saw[row] = saw
		}
	}
	n, err := s.store.TakeCameraFile(r.Context(), s.ask(r), s.who(r), take)
	if err != nil {
		return s.cameraWrong(w, r, r.PathValue("camera"), err)
	}
	http.Redirect(w, r, strings.TrimSuffix(r.URL.Path, "/"+r.PathValue("camera")+"/take")+"?taken="+strconv.Itoa(n), http.StatusSeeOther)
	return nil
}

// cameraDrop puts a file away.
func (s *Server) cameraDrop(w http.ResponseWriter, r *http.Request) error {
	unit, file, err := cameraForm(w, r)
	if err != nil {
		return err
	}
	if err := s.store.DropCameraFile(r.Context(), s.ask(r), s.who(r), unit, file); err != nil {
		return err
	}
	http.Redirect(w, r, strings.TrimSuffix(r.URL.Path, "/"+r.PathValue("camera")+"/drop")+"?did=dropped", http.StatusSeeOther)
	return nil
}

// cameraStarts hands out one of the files that a camera's operator opens.
func (s *Server) cameraStarts(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("competition")
	files, err := s.CameraStarts(r.Context(), code, Choose(w, r).Lang)
	if err != nil {
		return err
	}
	name := path.Base(r.URL.Path)
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=gb18030")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	_, err = w.Write(files[name])
	return err
}
