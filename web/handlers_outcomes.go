// Outcomes of classification as a file: sent, read row by row with what keeps a
// row back, shown with everything that all rows together come to, applied as one
// change of class, taken back.
package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/outcomes"
	"tongchang/events/workbook"
)

// outcomeRoutes are the pages of files of outcomes.
func (s *Server) outcomeRoutes() []route {
	const all, one = " /c/{competition}/desk/classes/outcomes", " /c/{competition}/desk/classes/outcomes/{outcomes}"
	return []route{
		{"GET" + all, access.DecideClass, s.outcomes},
		{"POST" + all, access.DecideClass, s.outcomesSend},
		{"GET" + all + "/list.xlsx", access.ReadClass, s.outcomesList},
		{"GET" + one, access.DecideClass, s.outcomesFile},
		{"POST" + one + "/check", access.DecideClass, s.outcomesCheck},
		{"POST" + one + "/apply", access.DecideClass, s.outcomesApply},
		{"POST" + one + "/undo", access.DecideClass, s.outcomesUndo},
		{"POST" + one + "/drop", access.DecideClass, s.outcomesDrop},
	}
}

// outcomesURL is the address of the files of outcomes.
func outcomesURL(root string) string { return root + "/desk/classes/outcomes" }

// outcomes serves the files and the form for another.
func (s *Server) outcomes(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	page, err := s.outcomesPage(r, v)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("did") == "dropped" {
		page.Done = &Done{Text: v.b.t.T("outcomes.did-dropped")}
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) outcomesPage(r *http.Request, v *view) (*OutcomesPage, error) {
	t, who := v.b.t, s.who(r)
	files, err := s.store.OutcomeFiles(r.Context(), who, v.c.Code)
	if err != nil {
		return nil, err
	}
	at := outcomesURL(v.b.root)
	v.Bar = s.bar(r, v, "classes")
	v.Title, v.Path = t.T("outcomes.title"), at
	page := &OutcomesPage{ListURL: v.b.root + "/desk/classes", Action: at, Excel: at + "/list.xlsx", Most: strconv.Itoa(outcomes.MaxLines)}
	if who.Discipline == 0 {
		page.Sports = append(page.Sports, Option{"", t.T("outcomes.sport-in-rows"), true})
	}
	for _, d := range v.disciplines() {
		if access.May(who, access.DecideClass, access.Object{Discipline: d.ID}) == access.Allowed {
			page.Sports = append(page.Sports, Option{Value: strconv.FormatInt(d.ID, 10), Text: v.b.pick(d.Name, d.NameEn)})
		}
	}
	for _, c := range classes.Causes() {
		page.Causes = append(page.Causes, Option{Value: string(c), Text: t.T("class-cause." + string(c))})
	}
	for i := range files {
		f := &files[i]
		line := OutcomeLine{Name: f.Name, URL: at + "/" + url.PathEscape(f.ID), About: v.outcomeAbout(f)}
		line.Shape, line.State = v.outcomeState(f)
		page.Files = append(page.Files, line)
	}
	page.Page = v.Page
	return page, nil
}

// outcomeAbout says where a file comes from: sport, time, sender.
func (v *view) outcomeAbout(f *events.OutcomeFile) string {
	at, sport := f.At.In(v.b.zone), ""
	if d, ok := v.b.programme.Disciplines[f.Discipline]; ok {
		sport = v.b.pick(d.Name, d.NameEn)
	}
	t := v.b.t
	return t.Join(sport, t.T("class-cause."+string(f.Cause)), t.Days(at, at)+" "+t.Hour(at), f.By)
}

// outcomeState is how far a file is.
func (v *view) outcomeState(f *events.OutcomeFile) (shape, text string) {
	switch {
	case f.Undone != 0:
		return "off", v.b.t.T("outcomes.undone")
	case f.Seq != 0:
		return "official", v.b.t.T("outcomes.applied")
	}
	return "unofficial", v.b.t.T("outcomes.waiting")
}

// outcomesSend keeps a file. One that cannot be read is refused beside the form.
func (s *Server) outcomesSend(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	file, err := s.outcomesKeep(w, r, v)
	if status := statusOf(err); err != nil && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) {
		page, more := s.outcomesPage(r, v)
		if more != nil {
			return more
		}
		page.Problems, page.Wrong = []Problem{{"book", v.b.t.Problem(err, nil)}}, true
		for i := range page.Sports {
			page.Sports[i].Chosen = page.Sports[i].Value == r.PostFormValue("sport")
		}
		for i := range page.Causes {
			page.Causes[i].Chosen = page.Causes[i].Value == r.PostFormValue("cause")
		}
		return s.renderer.Write(w, status, *page)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, outcomesURL(v.b.root)+"/"+file.ID, http.StatusSeeOther)
	return nil
}

func (s *Server) outcomesKeep(w http.ResponseWriter, r *http.Request, v *view) (*events.OutcomeFile, error) {
	name, data, err := sentBook(w, r)
	if err != nil {
		return nil, err
	}
	var discipline int64
	if text := r.PostFormValue("sport"); text != "" {
		if discipline, err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, errForm
		}
	}
	return s.store.KeepOutcomes(r.Context(), s.who(r), v.c.Code, discipline, classes.Cause(r.PostFormValue("cause")), name, data)
}

// sentBook reads the file of a form.
func sentBook(w http.ResponseWriter, r *http.Request) (name string, data []byte, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, workbook.MaxSize+64<<10) // the file and the form round it
	f, header, err := r.FormFile("file")
	var most *http.MaxBytesError
	switch {
	case errors.As(err, &most), err == nil && header.Size > workbook.MaxSize:
		return "", nil, &events.Refusal{Status: events.StatusInvalid, Problem: "book-too-big", With: []string{strconv.Itoa(workbook.MaxSize >> 20)}}
	case err != nil, header.Filename == "":
		return "", nil, &events.Refusal{Status: events.StatusInvalid, Problem: "outcomes-no-file"}
	}
	defer f.Close()
	if data, err = io.ReadAll(io.LimitReader(f, workbook.MaxSize+1)); err != nil {
		return "", nil, errForm
	}
	return fileName(header.Filename), data, nil
}

// outcomesList is our own list as a workbook: everybody with the class that they
// hold, and empty columns for what the panel decides.
func (s *Server) outcomesList(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	lines, err := s.store.Classes(r.Context(), s.who(r), v.c.Code, 0, 0)
	if err != nil {
		return err
	}
	t := v.b.t
	list := workbook.List{Name: t.T("outcomes.list"), Title: t.T("outcomes.list-title", v.b.pick(v.c.Name, v.c.NameEn))}
	for _, f := range outcomes.Columns() {
		list.Columns = append(list.Columns, workbook.ListColumn{Header: outcomes.Header(f)})
	}
	list.Columns = append(list.Columns, workbook.ListColumn{Header: t.T("outcomes.held-class")}, workbook.ListColumn{Header: t.T("outcomes.held-status")})
	for i := range lines {
		list.Rows = append(list.Rows, outcomeListRow(&lines[i]))
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", `attachment; filename="outcomes.xlsx"`)
	h.Set("Cache-Control", "no-store")
	return workbook.Write(w, list)
}

func outcomeListRow(l *events.ClassLine) []string {
	row := make([]string, 0, len(outcomes.Columns())+2)
	says := map[outcomes.Field]string{outcomes.Code: l.Person.Code, outcomes.Name: events.DisplayName(l.Person.Family, l.Person.Given),
		outcomes.Delegation: l.Delegation.Name, outcomes.Sport: l.Discipline.Name, outcomes.Group: l.Held.ClassGroup}
	for _, f := range outcomes.Columns() {
		row = append(row, says[f])
	}
	status := string(l.Held.Status)
	if l.Held.Review > 0 {
		status += " " + strconv.Itoa(l.Held.Review)
	}
	return append(row, l.Held.Class, strings.TrimSpace(status))
}

// outcomeDesk is what every page of a file starts from.
type outcomeDesk struct {
	*view
	who access.Who
	url string
	j   *events.OutcomesJudged
}

// outcomeDesk finds the file of an address. Another discipline's is none.
func (s *Server) outcomeDesk(w http.ResponseWriter, r *http.Request) (*outcomeDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	id := r.PathValue("outcomes")
	d := &outcomeDesk{view: v, who: s.who(r), url: outcomesURL(v.b.root) + "/" + url.PathEscape(id)}
	d.Bar = s.bar(r, v, "classes")
	d.j, err = s.store.Outcomes(r.Context(), d.who, v.c.Code, id, "")
	return d, err
}

// outcomesFile serves a file as it is read now.
func (s *Server) outcomesFile(w http.ResponseWriter, r *http.Request) error {
	d, err := s.outcomeDesk(w, r)
	if err != nil {
		return err
	}
	page, err := s.outcomePage(r, d)
	if err != nil {
		return err
	}
	if did := r.URL.Query().Get("did"); did == "applied" || did == "undone" {
		page.Done = &Done{Text: d.b.t.T("outcomes.did-" + did)}
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) outcomePage(r *http.Request, d *outcomeDesk) (*OutcomeFilePage, error) {
	t, f := d.b.t, &d.j.File
	d.Title, d.Path = t.Join(t.T("outcomes.title"), f.Name), d.url
	page := &OutcomeFilePage{Page: d.Page, Back: outcomesURL(d.b.root), Name: f.Name, About: d.outcomeAbout(f), Drop: d.url + "/drop"}
	page.Shape, page.State = d.outcomeState(f)
	if f.Seq != 0 {
		return page, s.outcomeApplied(r, d, page)
	}
	page.Check, page.Keep = d.url+"/check", keepOptions(t, "")
	page.Decides, page.Same, page.Refused = d.j.Decides(), d.j.Same, d.j.Refused
	if d.j.Blank > 0 {
		page.Notes = append(page.Notes, t.T("outcomes.blank", d.j.Blank))
	}
	for _, sheet := range d.j.Passed {
		page.Notes = append(page.Notes, t.T("outcomes.passed", sheet))
	}
	for i := range d.j.Rows {
		page.Rows = append(page.Rows, d.row(&d.j.Rows[i]))
	}
	return page, nil
}

// outcomeApplied says of an applied file what it came to.
func (s *Server) outcomeApplied(r *http.Request, d *outcomeDesk, page *OutcomeFilePage) error {
	f := &d.j.File
	found, err := s.store.ClassChangeBy(r.Context(), d.who, d.c.Code, f.Seq)
	if err != nil {
		return err
	}
	if page.Parts, err = s.partsWithNames(r, d.view, d.who, found); err != nil {
		return err
	}
	if f.Undone == 0 {
		page.Undo = &ReasonForm{Action: d.url + "/undo", Command: uuid.NewString(), Seq: f.Seq, Label: d.b.t.T("classes.undo-reason"), Do: d.b.t.T("classes.undo")}
	}
	return nil
}

// partsWithNames say what a change of several people's classes comes to.
func (s *Server) partsWithNames(r *http.Request, v *view, who access.Who, c *events.ClassChanged) ([]ClassPart, error) {
	lines, err := s.store.Classes(r.Context(), who, v.c.Code, 0, 0)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for i := range lines {
		p := &lines[i].Person
		names[p.ID] = events.DisplayName(p.Family, p.Given)
	}
	return v.classParts(c, func(participant int64) string { return names[participant] }), nil
}

// row says a row of a file: who, from what to what, or what keeps it back.
func (d *outcomeDesk) row(r *outcomes.Row) OutcomeRow {
	t := d.b.t
	row := OutcomeRow{Place: t.Join(r.Sheet, t.T("outcomes.row", r.Row)), Name: r.Get(outcomes.Name), From: t.T("classes.no-class"), To: t.Join(r.Get(outcomes.Class), r.Get(outcomes.Status)),
		Text: t.T("outcomes.does-" + r.Does)}
	if row.Name == "" {
		row.Name = r.Get(outcomes.Code)
	}
	if r.Person != nil {
		row.Name, row.Over = r.Person.Name, t.Join(r.Person.Code, r.Person.Delegation)
	}
	if r.Sport != nil {
		row.Over = t.Join(row.Over, r.Sport.Name)
	}
	if r.Held.ID != 0 {
		row.From = standing(r.Held.Class, r.Held.Status, r.Held.Review)
	}
	row.Shape = map[string]string{outcomes.Refused: "alert", outcomes.Same: "off", outcomes.First: "official", outcomes.Change: "unofficial"}[r.Does]
	if r.Does != outcomes.Refused {
		row.To = standing(r.Decided.Class, r.Decided.Status, r.Decided.Review)
		row.More = t.Join(r.Panel, r.Day, strings.Join(r.Decided.Classifiers, "、"), r.Limitation)
	}
	for _, p := range r.Problems {
		with := make([]any, len(p.With))
		for i := range p.With {
			with[i] = p.With[i]
		}
		row.Wrong = append(row.Wrong, t.Join(p.At, t.T("problem."+p.Problem, with...)))
	}
	return row
}

// standing is a class with how firm it is: T54 FRD 2028.
func standing(class string, status classes.Status, review int) string {
	text := strings.TrimSpace(class + " " + string(status))
	if review > 0 {
		text += " " + strconv.Itoa(review)
	}
	return text
}

// onOutcomes does a step and, where it is refused, shows the file again with the
// reason why.
func (s *Server) onOutcomes(w http.ResponseWriter, r *http.Request, step func(*outcomeDesk) error) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.outcomeDesk(w, r)
	if err != nil {
		return err
	}
	err = step(d)
	if status := statusOf(err); err != nil && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) {
		page, more := s.outcomePage(r, d)
		if more != nil {
			return more
		}
		page.Wrong, page.Problems = true, []Problem{{"main", d.b.t.Problem(err, nil)}}
		return s.renderer.Write(w, status, *page)
	}
	return err
}

// outcomesCheck shows what all rows together come to.
func (s *Server) outcomesCheck(w http.ResponseWriter, r *http.Request) error {
	return s.onOutcomes(w, r, func(d *outcomeDesk) error {
		c, results := s.ask(r), classes.Results(r.PostForm.Get("results"))
		c.ID = uuid.NewString()
		judged, found, err := s.store.PreviewOutcomes(r.Context(), c, d.who, d.j.File.ID, results)
		if err != nil {
			return err
		}
		if found == nil {
			return &events.Refusal{Status: events.StatusInvalid, Problem: "outcomes-nothing-new"}
		}
		t := d.b.t
		heading := t.T("outcomes.check-title", judged.Decides())
		d.Title, d.Path = heading, d.url
		page := ClassCheckPage{Page: d.Page, Back: d.url, Heading: heading, Action: d.url + "/apply", Command: uuid.NewString(), Reason: c.Reason,
			Hidden: []Option{{Value: "seen", Text: judged.Seen}, {Value: "results", Text: string(results)}}}
		if judged.Refused > 0 {
			page.Left = t.T("outcomes.left", judged.Refused)
		}
		if page.Parts, err = s.partsWithNames(r, d.view, d.who, found); err != nil {
			return err
		}
		return s.renderer.Write(w, http.StatusOK, page)
	})
}

// outcomesApply applies what was shown.
func (s *Server) outcomesApply(w http.ResponseWriter, r *http.Request) error {
	return s.onOutcomes(w, r, func(d *outcomeDesk) error {
		a := events.ApplyOutcomes{File: d.j.File.ID, Seen: r.PostForm.Get("seen"), Results: classes.Results(r.PostForm.Get("results"))}
		if _, err := s.store.ApplyOutcomes(r.Context(), s.ask(r), d.who, a); err != nil {
			return err
		}
		return did(w, r, d.url, "did", "applied")
	})
}

// outcomesUndo takes the file's change of class back.
func (s *Server) outcomesUndo(w http.ResponseWriter, r *http.Request) error {
	return s.onOutcomes(w, r, func(d *outcomeDesk) error {
		if d.j.File.Seq == 0 {
			return &events.Refusal{Status: events.StatusInvalid, Problem: "outcomes-not-applied"}
		}
		if _, err := s.store.UndoClasses(r.Context(), s.ask(r), d.who, events.UndoClasses{Seq: d.j.File.Seq}); err != nil {
			return err
		}
		return did(w, r, d.url, "did", "undone")
	})
}

// outcomesDrop throws a file away.
func (s *Server) outcomesDrop(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("competition")
	if err := s.store.DropOutcomes(r.Context(), s.who(r), code, r.PathValue("outcomes")); err != nil {
		return err
	}
	return did(w, r, outcomesURL("/c/"+url.PathEscape(code)), "did", "dropped")
}
