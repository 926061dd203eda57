// Small fields over HTTP: the events with too few entries, what the regulation
// proposes for each and what that comes to, and what somebody decides. Nothing is
// decided by a click: every step is shown first, needs a reason that delegations
// are told, and can be taken back.
package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// fieldRoutes are the pages of small fields, and the notices that delegations
// get of what was decided.
func (s *Server) fieldRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/fields", access.DecideField, s.fields},
		{"POST /c/{competition}/desk/fields/check", access.DecideField, s.fieldsCheck},
		{"POST /c/{competition}/desk/fields/decide", access.DecideField, s.fieldsDecide},
		{"POST /c/{competition}/desk/fields/undo", access.DecideField, s.fieldsUndo},
		{"POST /c/{competition}/team/{delegation}/notices", access.WriteRegistration, s.noticesRead},
	}
}

// fieldDesk is what every page of small fields starts from.
type fieldDesk struct {
	*view
	who     access.Who
	url     string
	all     []events.Field
	at      map[int64]int // of a field, by event
	entries map[int64][]events.FieldEntry
	rules   fieldRules
}

func (s *Server) fieldDesk(w http.ResponseWriter, r *http.Request) (*fieldDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	d := &fieldDesk{view: v, who: s.who(r), url: v.b.root + "/desk/fields", at: map[int64]int{}}
	d.Bar = s.bar(r, v, "fields")
	if d.all, err = s.store.Fields(r.Context(), d.who, d.c.Code); err != nil {
		return nil, err
	}
	for i := range d.all {
		d.at[d.all[i].Event.ID] = i
	}
	if d.entries, err = s.store.FieldEntries(r.Context(), d.who, d.c.Code); err != nil {
		return nil, err
	}
	d.rules, err = readFieldRules(&d.c)
	return d, err
}

// field finds one of the fields; nil where it is none, or not for who asks.
func (d *fieldDesk) field(id int64) *events.Field {
	if i, ok := d.at[id]; ok {
		return &d.all[i]
	}
	return nil
}

// back keeps a way back that a form brings to the page itself.
func back(page, to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.Path != page {
		return page
	}
	u.Fragment = ""
	return u.String()
}

// fields serves the page of small fields.
func (s *Server) fields(w http.ResponseWriter, r *http.Request) error {
	d, err := s.fieldDesk(w, r)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *d.page(r))
}

func (d *fieldDesk) page(r *http.Request) *FieldsPage {
	t, sport := d.b.t, r.URL.Query().Get("sport")
	page := &FieldsPage{URL: d.url, DrawsURL: d.b.root + "/desk/draws", Rule: d.rules.say(d.b, sport), Sports: d.sports(sport), Done: d.done(r), Back: pathOf(r)}
	small, open := 0, 0
	for i := range d.all {
		f := &d.all[i]
		if !f.Small() {
			continue
		}
		small++
		if f.Decided == nil {
			open++
		}
		if f.Decided == nil && (sport == "" || f.Sport.Code == sport) {
			page.Rows = append(page.Rows, d.row(f))
		}
	}
	page.Decided = d.decisions(sport)
	page.Summary = t.T("fields.summary", small, strconv.Itoa(len(d.all)), strconv.Itoa(small-open), strconv.Itoa(open))
	d.Title = t.T("fields.title")
	page.Page = d.Page
	return page
}

// sports are the sports that have something to be decided or decided upon.
func (d *fieldDesk) sports(chosen string) []PageLink {
	open := map[string]int{}
	var order []*events.Field
	total := 0
	for i := range d.all {
		f := &d.all[i]
		if !f.Small() {
			continue
		}
		if _, ok := open[f.Sport.Code]; !ok {
			open[f.Sport.Code] = 0
			order = append(order, f)
		}
		if f.Decided == nil {
			open[f.Sport.Code]++
			total++
		}
	}
	if len(order) < 2 {
		return nil
	}
	links := []PageLink{{d.b.t.T("fields.all-sports", strconv.Itoa(total)), d.url, chosen == ""}}
	for _, f := range order {
		name := d.b.t.T("fields.of-sport", d.b.pick(f.Sport.Name, f.Sport.NameEn), strconv.Itoa(open[f.Sport.Code]))
		links = append(links, PageLink{name, d.url + "?sport=" + url.QueryEscape(f.Sport.Code), chosen == f.Sport.Code})
	}
	return links
}

// decisions are the decisions in force, the newest first, each with the way back.
func (d *fieldDesk) decisions(sport string) []Decision {
	t := d.b.t
	by := map[int64]*Decision{}
	var seqs []int64
	for i := range d.all {
		f := &d.all[i]
		if f.Decided == nil || sport != "" && f.Sport.Code != sport {
			continue
		}
		seq := f.Decided.Seq
		if by[seq] == nil {
			at := f.Decided.At.In(d.b.zone)
			by[seq] = &Decision{ID: strconv.FormatInt(seq, 10), Reason: f.Decided.Reason, Title: t.Join(t.Days(at, at)+" "+t.Hour(at), f.Decided.By),
				Undo: &ReasonForm{Action: d.url + "/undo", Command: uuid.NewString(), Seq: seq, Label: t.T("fields.undo-reason"), Do: t.T("fields.undo")}}
			seqs = append(seqs, seq)
		}
		line := d.decided(f)
		if line.Changed != "" {
			by[seq].Changed++
		}
		by[seq].Lines = append(by[seq].Lines, line)
	}
	slices.Sort(seqs)
	all := make([]Decision, 0, len(seqs))
	for _, seq := range slices.Backward(seqs) {
		all = append(all, *by[seq])
	}
	return all
}

// done says what the address tells of the step before. What was decided is read
// from the decisions themselves.
func (d *fieldDesk) done(r *http.Request) *FieldsDone {
	q, t := r.URL.Query(), d.b.t
	seq, err := strconv.ParseInt(q.Get("seq"), 10, 64)
	switch what := q.Get("did"); {
	case what == "undone":
		return &FieldsDone{Text: t.T("fields.did-undone")}
	case what != "decided" || err != nil:
		return nil
	}
	count, total := map[string]int{}, 0
	for i := range d.all {
		if f := &d.all[i]; f.Decided != nil && f.Decided.Seq == seq {
			count[f.Decided.Action]++
			total++
		}
	}
	if total == 0 {
		return nil
	}
	done := &FieldsDone{Text: t.T("fields.did-decided", total), Link: "#decided-" + strconv.FormatInt(seq, 10)}
	for _, action := range fieldActions {
		if count[action] > 0 {
			done.Details = append(done.Details, t.T("fields.did-"+action, strconv.Itoa(count[action])))
		}
	}
	return done
}

// fieldActions are what can be decided, in the order in which it is offered.
var fieldActions = []string{events.MergeField, events.ExhibitionField, events.CancelField, events.KeepField}

// picked are the choices of a form: of the events ticked, or of all that the
// page listed. Events for which nothing was chosen are counted as left.
func (d *fieldDesk) picked(r *http.Request) (choices []events.FieldChoice, left int, err error) {
	ids := r.PostForm["id"]
	if r.PostForm.Get("all") != "" {
		ids = r.PostForm["row"]
	}
	for _, text := range ids {
		id, err1 := strconv.ParseInt(text, 10, 64)
		saw, err2 := strconv.Atoi(r.PostForm.Get("saw-" + text))
		if errors.Join(err1, err2) != nil {
			return nil, 0, errForm
		}
		do, into, _ := strings.Cut(r.PostForm.Get("do-"+text), ":")
		if do == "" {
			left++
			continue
		}
		c := events.FieldChoice{Event: id, Do: do, Saw: saw, Rule: r.PostForm.Get("rule-" + text)}
		if do == events.MergeField {
			if c.Into, err = strconv.ParseInt(into, 10, 64); err != nil {
				return nil, 0, errForm
			}
		}
		if !slices.Contains(fieldActions, do) {
			return nil, 0, errForm
		}
		choices = append(choices, c)
	}
	return choices, left, nil
}

// fieldsCheck shows what was chosen before it is decided.
func (s *Server) fieldsCheck(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	d, err := s.fieldDesk(w, r)
	if err != nil {
		return err
	}
	choices, left, err := d.picked(r)
	if err != nil {
		return err
	}
	if len(choices)+left == 0 {
		to := back(d.url, r.PostForm.Get("back"))
		u, err := url.Parse(to)
		if err != nil {
			return err
		}
		asked := r.Clone(r.Context())
		asked.URL = u
		page := d.page(asked)
		page.Path, page.Wrong, page.Problems = to, true, []Problem{{"rows", d.b.t.T("fields.nothing-chosen")}}
		return s.renderer.Write(w, http.StatusUnprocessableEntity, *page)
	}
	for i := range choices { // whether it is the regulation's proposal is ours to say
		f := d.field(choices[i].Event)
		choices[i].Rule = ""
		if f != nil && choices[i].Do == f.Action() && choices[i].Into == f.Into {
			choices[i].Rule = f.Proposed.Why.Setting
		}
	}
	return s.renderer.Write(w, http.StatusOK, *d.check(r, choices, left))
}

// check is the page that shows decisions before they are made.
func (d *fieldDesk) check(r *http.Request, choices []events.FieldChoice, left int) *FieldsCheckPage {
	t := d.b.t
	to := back(d.url, r.PostForm.Get("back"))
	page := &FieldsCheckPage{URL: d.url, Action: d.url + "/decide", Command: uuid.NewString(), Back: to, Typed: r.PostForm.Get("reason"), Hidden: []Option{{Value: "back", Text: to}}}
	after := d.after(choices)
	for i := range choices {
		c := &choices[i]
		f := d.field(c.Event)
		if f == nil {
			continue // not theirs, or gone: the store says so where it is asked for by name
		}
		line := FieldCheck{Title: d.b.eventName(&f.Event), Sport: d.b.pick(f.Sport.Name, f.Sport.NameEn)}
		if why := d.cannot(f, c); why != "" {
			line.Text = why
			page.Blocked = append(page.Blocked, line)
			continue
		}
		d.outcome(&line, f, c, after)
		page.Danger = page.Danger || c.Do == events.CancelField
		page.Rows = append(page.Rows, line)
		id := strconv.FormatInt(c.Event, 10)
		do := c.Do
		if c.Do == events.MergeField {
			do += ":" + strconv.FormatInt(c.Into, 10)
		}
		page.Hidden = append(page.Hidden, Option{Value: "id", Text: id}, Option{Value: "do-" + id, Text: do}, Option{Value: "saw-" + id, Text: strconv.Itoa(c.Saw)}, Option{Value: "rule-" + id, Text: c.Rule})
	}
	if left > 0 {
		page.Left = t.T("fields.left", left)
	}
	if len(page.Rows) > 0 {
		page.Do = t.T("fields.do", len(page.Rows))
	}
	d.Title, d.Path = t.T("fields.check-title"), to
	page.Page = d.Page
	return page
}

// after counts what the fields come to once all choices are made.
func (d *fieldDesk) after(choices []events.FieldChoice) map[int64]int {
	n := map[int64]int{}
	for i := range d.all {
		n[d.all[i].Event.ID] = d.all[i].Entries
	}
	for _, c := range choices {
		if f := d.field(c.Event); f != nil && c.Do == events.MergeField {
			n[c.Into] += f.Entries
		}
	}
	return n
}

// cannot says why an event cannot be decided upon as chosen; empty where it can.
func (d *fieldDesk) cannot(f *events.Field, c *events.FieldChoice) string {
	t := d.b.t
	name := d.b.eventName(&f.Event)
	switch {
	case f.Event.State != events.EventOn:
		return t.T("problem.field-decided", name)
	case f.Entries != c.Saw:
		return t.T("problem.field-stale", name, strconv.Itoa(f.Entries), strconv.Itoa(c.Saw))
	case f.Drawn && c.Do != events.KeepField:
		return t.T("problem.field-drawn", name)
	}
	return ""
}

// fieldsDecide makes the decisions that a check page has shown.
func (s *Server) fieldsDecide(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	d, err := s.fieldDesk(w, r)
	if err != nil {
		return err
	}
	choices, left, err := d.picked(r)
	if err != nil {
		return err
	}
	receipt, err := s.store.DecideFields(r.Context(), s.ask(r), d.who, events.DecideFields{Choices: choices})
	if err != nil {
		return s.fieldsRefused(w, r, d, choices, left, err)
	}
	return did(w, r, back(d.url, r.PostForm.Get("back")), "did", "decided", "seq", strconv.FormatInt(receipt.Seq, 10))
}

// fieldsRefused shows the decisions again, as things stand now, and why they
// were not made.
func (s *Server) fieldsRefused(w http.ResponseWriter, r *http.Request, d *fieldDesk, choices []events.FieldChoice, left int, err error) error {
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	page := d.check(r, choices, left)
	page.Wrong, page.Problems = true, []Problem{d.problem(err)}
	return s.renderer.Write(w, status, *page)
}

// problem says why a step was refused, and at which field.
func (d *fieldDesk) problem(err error) Problem {
	var refusal *events.Refusal
	if errors.As(err, &refusal) && refusal.Field == "reason" {
		return Problem{"reason", d.b.t.T("fields.reason-missing")}
	}
	return Problem{"main", d.b.t.Problem(err, nil)}
}

// fieldsUndo takes the decisions of one time back.
func (s *Server) fieldsUndo(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	d, err := s.fieldDesk(w, r)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(r.PostForm.Get("seq"), 10, 64)
	if err != nil {
		return errForm
	}
	_, err = s.store.UndoFields(r.Context(), s.ask(r), d.who, events.UndoFields{Seq: seq})
	if status := statusOf(err); err != nil && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) {
		asked := r.Clone(r.Context())
		asked.URL = &url.URL{Path: d.url}
		page, said := d.page(asked), d.problem(err)
		said.Target = "decided-" + strconv.FormatInt(seq, 10)
		for i := range page.Decided {
			if page.Decided[i].ID == strconv.FormatInt(seq, 10) {
				page.Decided[i].Undo.Wrong = said.Text
			}
		}
		page.Path, page.Wrong, page.Problems = d.url, true, []Problem{said}
		return s.renderer.Write(w, status, *page)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url, "did", "undone")
}

// mostNotices is how many notices a delegation's home shows.
const mostNotices = 10

// notices is the box of what a delegation has been told; nil where it is nothing.
func (s *Server) notices(r *http.Request, o *office) (*NoticeBox, error) {
	all, err := s.store.Notices(r.Context(), o.who, o.c.Code, o.delegation, mostNotices)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	box := &NoticeBox{Action: o.url + "/notices", Command: uuid.NewString(), UpTo: all[0].ID, May: o.may(access.WriteRegistration)}
	for i := range all {
		n := &all[i]
		with := make([]any, 0, 1)
		for _, text := range n.With() {
			with = append(with, text)
		}
		line := NoticeLine{Time: o.moment(n.At), Text: o.b.t.T("notice."+n.About, with...), Reason: n.Reason, New: n.Seen.IsZero()}
		if line.New {
			box.New++
		}
		box.Lines = append(box.Lines, line)
	}
	return box, nil
}

// noticesRead notes that a delegation has read its notices.
func (s *Server) noticesRead(w http.ResponseWriter, r *http.Request) error {
	o, err := s.office(w, r)
	if err != nil {
		return err
	}
	if err := form(w, r, manyChoices); err != nil {
		return err
	}
	upTo, err := strconv.ParseInt(r.PostForm.Get("up-to"), 10, 64)
	if err != nil {
		return errForm
	}
	if _, err := s.store.ReadNotices(r.Context(), s.ask(r), o.who, events.ReadNotices{Delegation: o.delegation, UpTo: upTo}); err != nil {
		return fmt.Errorf("note that notices were read: %w", err)
	}
	http.Redirect(w, r, o.url, http.StatusSeeOther)
	return nil
}
