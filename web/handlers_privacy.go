// Privacy over HTTP: consents, papers, looks at sealed values, a person's data
// handed out and erased, and the text that everybody is told. A sealed value is
// never in an address, is shown on one page that nothing keeps, and only after
// the log has the reason.
package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/paper"
)

// privacyRoutes are the pages of privacy.
func (s *Server) privacyRoutes() []route {
	const person = " /c/{competition}/team/{delegation}/people/{registration}"
	return []route{
		{"GET" + person + "/privacy", access.ReadRegistration, s.privacy},
		{"POST" + person + "/privacy/consents", access.WriteRegistration, s.consentsGive},
		{"POST" + person + "/privacy/withdrawals", access.WriteRegistration, s.consentWithdraw},
		{"POST" + person + "/privacy/papers", access.WriteRegistration, s.paperKeep},
		{"POST" + person + "/privacy/papers/{paper}", access.ReadRegistration, s.paperOpen},
		{"POST" + person + "/privacy/papers/{paper}/drop", access.WriteRegistration, s.paperDrop},
		{"POST" + person + "/privacy/export", access.ExportRegistration, s.personExport},
		{"POST" + person + "/privacy/erase", access.DecideRegistration, s.personErase},
		{"GET" + person + "/look", access.LookSecret, s.lookAsk},
		{"POST" + person + "/look", access.LookSecret, s.look},
		{"GET /c/{competition}/desk/privacy", access.SetEdition, s.privacyDesk},
		{"POST /c/{competition}/desk/privacy", access.SetEdition, s.privacyText},
		{"GET /c/{competition}/privacy", everybody, s.notice},
	}
}

// base is a person's own address.
func (f *personForm) base() string { return f.url + "/people/" + strconv.FormatInt(f.v.ID, 10) }

// privacy serves a person's page.
func (s *Server) privacy(w http.ResponseWriter, r *http.Request) error {
	f, err := s.personForm(w, r)
	if err != nil {
		return err
	}
	page, err := s.privacyPage(r, f)
	if err != nil {
		return err
	}
	if did := r.URL.Query().Get("did"); slices.Contains([]string{"agreed", "withdrawn", "paper", "dropped"}, did) {
		page.Done = &Done{Text: f.b.t.T("privacy.did." + did)}
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) privacyPage(r *http.Request, f *personForm) (*PrivacyPage, error) {
	t := f.b.t
	f.Title, f.Path = t.T("privacy.title", f.v.Name), f.base()+"/privacy"
	p := &PrivacyPage{Page: f.Page, Delegation: f.name, Name: f.v.Name, PersonURL: f.base(), URL: f.base() + "/privacy",
		May: f.may(access.WriteRegistration), MayExport: f.may(access.ExportRegistration), MayErase: f.may(access.DecideRegistration), SeesLooks: f.may(access.ReadLog),
		Saw: f.v.Revision, Today: s.store.Now().In(f.b.zone).Format(time.DateOnly), Commands: map[string]string{}, Typed: map[string]string{}}
	for _, form := range []string{"agree", "paper", "export", "erase"} {
		p.Commands[form] = uuid.NewString()
	}
	for _, step := range []func(*http.Request, *personForm, *PrivacyPage) error{s.consentLines, s.paperLines, s.lookLines} {
		if err := step(r, f, p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// consentLines are where the person stands, and what can be agreed to.
func (s *Server) consentLines(r *http.Request, f *personForm, p *PrivacyPage) error {
	t := f.b.t
	texts, err := s.store.PrivacyTexts(r.Context(), f.c.ID)
	if err != nil {
		return err
	}
	if len(texts) > 0 {
		p.Notice, p.Version = f.b.root+"/privacy", texts[0].Version
	}
	views, err := s.store.Consents(r.Context(), f.who, f.c, f.v.ID)
	if err != nil {
		return err
	}
	for i := range views {
		v := &views[i]
		line := ConsentLine{Purpose: string(v.Purpose), Title: t.T("privacy.purpose." + string(v.Purpose)), Means: t.T("privacy.means." + string(v.Purpose)), Shape: "unofficial", State: t.T("privacy.none")}
		switch {
		case v.Stands():
			line.Shape, line.State, line.Take, line.Command = "official", t.T("privacy.stands"), p.May, uuid.NewString()
			line.About = t.T("privacy.about", strconv.Itoa(v.Version), t.T("privacy.by."+v.By), v.Given)
		case v.Version > 0:
			line.Shape, line.State = "alert", t.T("privacy.withdrawn")
			line.About = t.T("privacy.about-withdrawn", v.Given, v.Withdrawn)
		}
		if v.Old && v.Stands() {
			line.About += " " + t.T("privacy.old")
		}
		p.Consents = append(p.Consents, line)
		p.Purposes = append(p.Purposes, Option{string(v.Purpose), line.Title, !v.Stands()})
	}
	child := events.NeedsGuardian(f.v.Born, f.c.Starts)
	p.By = []Option{{events.BySelf, t.T("privacy.by.self"), !child}, {events.ByGuardian, t.T("privacy.by.guardian"), child}}
	return nil
}

func (s *Server) paperLines(r *http.Request, f *personForm, p *PrivacyPage) error {
	t := f.b.t
	papers, err := s.store.Papers(r.Context(), f.who, f.c, f.v.ID)
	if err != nil {
		return err
	}
	for i := range papers {
		one := &papers[i]
		line := PaperLine{ID: one.ID, Title: t.paperKind(one.Kind), About: t.T("privacy.paper-about", f.moment(one.At), one.By), Photo: one.Kind == events.PaperPhoto,
			Open: !one.Kind.Medical() || one.Kind != events.PaperClass && f.who.Role == access.Delegation, Command: uuid.NewString()}
		if one.Expires != "" {
			line.About += " " + t.T("privacy.paper-until", one.Expires)
		}
		if p.May {
			line.Drop = uuid.NewString()
		}
		p.Papers = append(p.Papers, line)
	}
	for _, kind := range events.PaperKinds {
		p.Kinds = append(p.Kinds, Option{Value: string(kind), Text: t.paperKind(kind)})
	}
	return nil
}

// paperKind says what a paper is.
func (t *Translator) paperKind(k events.PaperKind) string {
	if k == events.PaperOther {
		k = "misc" // "other" is a word that the catalogue keeps for itself
	}
	return t.T("privacy.kind." + string(k))
}

func (s *Server) lookLines(r *http.Request, f *personForm, p *PrivacyPage) error {
	if !p.SeesLooks {
		return nil
	}
	subjects := []string{"r" + strconv.FormatInt(f.v.ID, 10)}
	for _, one := range p.Papers {
		subjects = append(subjects, "p"+strconv.FormatInt(one.ID, 10))
	}
	looks, err := s.store.Looks(r.Context(), f.who, f.c, subjects...)
	for i := range looks {
		p.Looks = append(p.Looks, f.lookLine(&looks[i]))
	}
	return err
}

func (o *office) lookLine(l *events.Looked) LookLine {
	line := LookLine{Time: o.moment(l.At), By: l.By, Reason: l.Reason, What: o.b.t.T("privacy.look-paper")}
	switch {
	case strings.HasPrefix(l.Subject, "n"):
		line.What = o.b.t.T("privacy.look-need")
	case slices.Contains(lookable, entry.Field(l.Field)):
		line.What = o.b.t.fieldWord(l.Field)
	case strings.HasPrefix(l.Subject, "r"):
		line.What = o.b.t.T("privacy.look-field")
	}
	return line
}

// privacyRefused shows a person's page again with what was wrong.
func (s *Server) privacyRefused(w http.ResponseWriter, r *http.Request, f *personForm, target string, err error) error {
	status := statusOf(err)
	var refusal *events.Refusal
	if !errors.As(err, &refusal) || status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	page, err2 := s.privacyPage(r, f)
	if err2 != nil {
		return err2
	}
	page.Problems, page.Wrong = []Problem{{target, f.b.t.Problem(err, nil)}}, true
	for _, name := range []string{"reason", "day", "expires"} {
		page.Typed[name] = r.PostForm.Get(name)
	}
	return s.renderer.Write(w, status, *page)
}

// onPerson reads a form of a person's page.
func (s *Server) onPerson(w http.ResponseWriter, r *http.Request) (*personForm, error) {
	f, err := s.personForm(w, r)
	if err != nil {
		return nil, err
	}
	return f, form(w, r, manyChoices)
}

func (s *Server) consentsGive(w http.ResponseWriter, r *http.Request) error {
	f, err := s.onPerson(w, r)
	if err != nil {
		return err
	}
	a := events.GiveConsents{Registrations: []int64{f.v.ID}, By: r.PostForm.Get("by"), Day: r.PostForm.Get("day")}
	for _, p := range r.PostForm["purpose"] {
		a.Purposes = append(a.Purposes, events.Purpose(p))
	}
	if a.Version, err = strconv.Atoi(r.PostForm.Get("version")); err != nil {
		return errForm
	}
	if _, err := s.store.GiveConsents(r.Context(), s.ask(r), f.who, a); err != nil {
		return s.privacyRefused(w, r, f, "agree", err)
	}
	return did(w, r, f.base()+"/privacy", "did", "agreed")
}

func (s *Server) consentWithdraw(w http.ResponseWriter, r *http.Request) error {
	f, err := s.onPerson(w, r)
	if err != nil {
		return err
	}
	a := events.WithdrawConsent{Registration: f.v.ID, Purpose: events.Purpose(r.PostForm.Get("purpose")), Day: s.store.Now().In(f.b.zone).Format(time.DateOnly)}
	if _, err := s.store.WithdrawConsent(r.Context(), s.ask(r), f.who, a); err != nil {
		return s.privacyRefused(w, r, f, "consents", err)
	}
	return did(w, r, f.base()+"/privacy", "did", "withdrawn")
}

func (s *Server) paperKeep(w http.ResponseWriter, r *http.Request) error {
	f, err := s.personForm(w, r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, paper.MaxSize+64<<10) // the file and the form round it
	var data []byte
	file, _, err := r.FormFile("file")
	var most *http.MaxBytesError
	if err != nil && !errors.As(err, &most) && !errors.Is(err, http.ErrMissingFile) {
		return errForm
	}
	if err == nil {
		defer file.Close()
		if data, err = io.ReadAll(io.LimitReader(file, paper.MaxSize+1)); err != nil {
			return errForm
		}
	}
	a := events.KeepPaper{Registration: f.v.ID, Kind: events.PaperKind(r.PostFormValue("kind")), Expires: r.PostFormValue("expires")}
	if errors.As(err, &most) {
		a.Kind = events.PaperOther // nothing of the form could be read: what is wrong is the size
	}
	if _, err := s.store.KeepFile(r.Context(), s.ask(r), f.who, a, data); err != nil {
		return s.privacyRefused(w, r, f, "file", err)
	}
	return did(w, r, f.base()+"/privacy", "did", "paper")
}

// paperOpen gives a paper's bytes, shut in: no script, nothing loaded, not kept.
func (s *Server) paperOpen(w http.ResponseWriter, r *http.Request) error {
	f, id, err := s.onPaper(w, r)
	if err != nil {
		return err
	}
	p, data, err := s.store.File(r.Context(), s.ask(r), f.who, id)
	if err != nil {
		return s.privacyRefused(w, r, f, "papers", err)
	}
	h := w.Header()
	h.Set("Content-Type", p.Media)
	h.Set("Content-Disposition", "inline")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_, err = w.Write(data)
	return err
}

// onPaper reads a form about a paper of the person that the address names.
func (s *Server) onPaper(w http.ResponseWriter, r *http.Request) (*personForm, int64, error) {
	f, err := s.onPerson(w, r)
	if err != nil {
		return nil, 0, err
	}
	id, err := number(r, "paper")
	if err != nil {
		return nil, 0, err
	}
	papers, err := s.store.Papers(r.Context(), f.who, f.c, f.v.ID)
	if err != nil {
		return nil, 0, err
	}
	if !slices.ContainsFunc(papers, func(p events.Paper) bool { return p.ID == id }) {
		return nil, 0, errNoPage
	}
	return f, id, nil
}

func (s *Server) paperDrop(w http.ResponseWriter, r *http.Request) error {
	f, id, err := s.onPaper(w, r)
	if err != nil {
		return err
	}
	if _, err := s.store.DropPaper(r.Context(), s.ask(r), f.who, events.DropPaper{Paper: id}); err != nil {
		return s.privacyRefused(w, r, f, "papers", err)
	}
	return did(w, r, f.base()+"/privacy", "did", "dropped")
}

// personExport hands all that is known of a person out as an archive.
func (s *Server) personExport(w http.ResponseWriter, r *http.Request) error {
	f, err := s.onPerson(w, r)
	if err != nil {
		return err
	}
	data, err := s.store.ExportPerson(r.Context(), s.ask(r), f.who, events.ExportPerson{Registration: f.v.ID})
	if err != nil {
		return s.privacyRefused(w, r, f, "export-reason", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="person-`+strconv.FormatInt(f.v.ID, 10)+`.zip"`)
	h.Set("Cache-Control", "no-store")
	_, err = w.Write(data)
	return err
}

func (s *Server) personErase(w http.ResponseWriter, r *http.Request) error {
	f, err := s.onPerson(w, r)
	if err != nil {
		return err
	}
	a := events.ErasePerson{Registration: f.v.ID}
	if a.Saw, err = strconv.ParseInt(r.PostForm.Get("saw"), 10, 64); err != nil {
		return errForm
	}
	if _, err := s.store.ErasePerson(r.Context(), s.ask(r), f.who, a); err != nil {
		return s.privacyRefused(w, r, f, "erase-reason", err)
	}
	return did(w, r, f.base(), "did", "saved")
}

// lookable are the fields that can be looked at, in the order of the choice.
var lookable = []entry.Field{entry.ID, entry.Cert, entry.Phone, entry.Guardian}

func (f *personForm) lookPage(field string) *LookPage {
	t := f.b.t
	f.Title, f.Path = t.T("privacy.look.title", f.v.Name), f.base()+"/look"
	p := &LookPage{Page: f.Page, Delegation: f.name, Name: f.v.Name, PersonURL: f.base(), Action: f.base() + "/look", Command: uuid.NewString()}
	for _, name := range lookable {
		if f.v.Masked[name] != "" {
			p.Fields = append(p.Fields, Option{string(name), t.fieldWord(string(name)), string(name) == field})
		}
	}
	return p
}

// lookAsk asks why.
func (s *Server) lookAsk(w http.ResponseWriter, r *http.Request) error {
	f, err := s.personForm(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *f.lookPage(r.URL.Query().Get("field")))
}

// look shows one value, once.
func (s *Server) look(w http.ResponseWriter, r *http.Request) error {
	f, err := s.onPerson(w, r)
	if err != nil {
		return err
	}
	field := r.PostForm.Get("field")
	page := f.lookPage(field)
	if !slices.Contains(lookable, entry.Field(field)) {
		return errForm
	}
	page.Value, err = s.store.Look(r.Context(), s.ask(r), f.who, events.Look{Subject: "r" + strconv.FormatInt(f.v.ID, 10), Field: field})
	status := http.StatusOK
	var refusal *events.Refusal
	if err != nil {
		status = statusOf(err)
		if !errors.As(err, &refusal) || status != http.StatusUnprocessableEntity && status != http.StatusConflict {
			return err
		}
		page.Problems, page.Wrong, page.Typed = []Problem{{"reason", f.b.t.Problem(err, nil)}}, true, r.PostForm.Get("reason")
	}
	page.Field, page.Spoken = f.b.t.fieldWord(field), strings.Join(strings.Split(page.Value, ""), " ")
	w.Header().Set("Cache-Control", "no-store")
	return s.renderer.Write(w, status, *page)
}

// notice is what everybody is told.
func (s *Server) notice(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	texts, err := s.store.PrivacyTexts(r.Context(), v.c.ID)
	if err != nil {
		return err
	}
	v.Title = v.b.t.T("privacy.notice.title")
	page := NoticePage{Page: v.Page}
	if len(texts) > 0 {
		for line := range strings.SplitSeq(v.b.pick(texts[0].Words, texts[0].WordsEn), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				page.Paragraphs = append(page.Paragraphs, line)
			}
		}
		page.Version = v.b.t.T("privacy.notice.version", strconv.Itoa(texts[0].Version), v.b.t.Days(texts[0].At.In(v.b.zone), time.Time{}))
	}
	return s.renderer.Write(w, http.StatusOK, page)
}

// retention is how long sealed data are kept after an edition, in days.
const retention = 90

func (s *Server) privacyDesk(w http.ResponseWriter, r *http.Request) error {
	o, page, err := s.privacyDeskPage(w, r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("did") == "text" {
		page.Done = &Done{Text: o.b.t.T("privacy.did.text")}
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) privacyDeskPage(w http.ResponseWriter, r *http.Request) (*office, *PrivacyDeskPage, error) {
	o, err := s.office(w, r)
	if err != nil {
		return nil, nil, err
	}
	t := o.b.t
	o.Title, o.Path = t.T("privacy.desk.title"), o.b.root+"/desk/privacy"
	page := &PrivacyDeskPage{Page: o.Page, URL: o.b.root + "/desk/privacy", Next: 1, Command: uuid.NewString()}
	texts, err := s.store.PrivacyTexts(r.Context(), o.c.ID)
	if err != nil {
		return nil, nil, err
	}
	for i := range texts {
		page.Versions = append(page.Versions, t.T("privacy.desk.version", strconv.Itoa(texts[i].Version), o.moment(texts[i].At), texts[i].By))
	}
	if len(texts) > 0 {
		page.Next, page.Words, page.WordsEn = texts[0].Version+1, texts[0].Words, texts[0].WordsEn
	}
	if ends, err := time.Parse(time.DateOnly, o.c.Ends); err == nil {
		page.Erase = t.T("privacy.desk.erase", ends.AddDate(0, 0, retention).Format(time.DateOnly))
	}
	state, err := s.store.KeyState(r.Context(), o.c)
	switch {
	case err != nil:
		return nil, nil, err
	case state.Fingerprint == "":
		page.Keys = []string{t.T("privacy.desk.nothing-sealed")}
	case !state.Readable:
		page.Keys = []string{t.T("problem.keys-missing")}
	default:
		page.Keys = []string{t.T("privacy.desk.sealed", strconv.FormatInt(state.Values, 10), strconv.FormatInt(state.Subjects, 10))}
	}
	looks, err := s.store.Looks(r.Context(), o.who, o.c)
	for i := range looks[:min(len(looks), mostListed)] {
		page.Looks = append(page.Looks, o.lookLine(&looks[i]))
	}
	return o, page, err
}

// privacyText puts a new text in force.
func (s *Server) privacyText(w http.ResponseWriter, r *http.Request) error {
	o, page, err := s.privacyDeskPage(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	a := events.SetPrivacyText{Words: strings.TrimSpace(r.PostForm.Get("words")), WordsEn: strings.TrimSpace(r.PostForm.Get("words_en"))}
	if a.Version, err = strconv.Atoi(r.PostForm.Get("version")); err != nil {
		return errForm
	}
	_, err = s.store.SetPrivacyText(r.Context(), s.ask(r), o.who, a)
	if err == nil {
		return did(w, r, page.URL, "did", "text")
	}
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	page.Problems, page.Wrong, page.Words, page.WordsEn = []Problem{{"words", o.b.t.Problem(err, nil)}}, true, a.Words, a.WordsEn
	return s.renderer.Write(w, status, *page)
}
