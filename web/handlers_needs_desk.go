package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
)

// The service desk: the board with what is late first, one need with what to do
// about it, and whether there is enough of everything by day and hour.

// needsAtDesk is what every page of the desk starts from.
type needsAtDesk struct {
	*view
	needsTeller
	who access.Who
}

func (s *Server) needsAtDesk(w http.ResponseWriter, r *http.Request) (*needsAtDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	v.Bar = s.bar(r, v, "needs")
	return &needsAtDesk{view: v, needsTeller: v.needs(), who: s.who(r)}, nil
}

// mostNeedCards is how many needs of one standing the board lists.
const mostNeedCards = 200

func (s *Server) needsDesk(w http.ResponseWriter, r *http.Request) error {
	d, err := s.needsAtDesk(w, r)
	if err != nil {
		return err
	}
	page, err := s.needsBoard(r, d)
	if err != nil {
		return err
	}
	if done := r.URL.Query().Get("done"); slices.Contains(doneActs, done) {
		page.Notice = d.t.T("needs.done-" + done)
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

// doneActs are what the board may be told of as done.
var doneActs = []string{"accept", "assign", "take", "remind", "answer", "satisfy", "reopen", "merge", "split"}

// needsBoard is the board as the address narrows it.
func (s *Server) needsBoard(r *http.Request, d *needsAtDesk) (*NeedsDeskPage, error) {
	q := r.URL.Query()
	delegation, _ := strconv.ParseInt(q.Get("delegation"), 10, 64) // what is no number asks for all
	filter := events.NeedFilter{Delegation: delegation, Group: needs.Group(q.Get("group")), Area: needs.Area(q.Get("area")), Texts: true}
	if filter.Area != "" && !slices.Contains(needs.Areas, filter.Area) {
		filter.Area = ""
	}
	views, err := s.store.Needs(r.Context(), d.who, d.c.Code, filter)
	if err != nil {
		return nil, err
	}
	p := &NeedsDeskPage{Page: d.Page, URL: d.url, CapacityURL: d.url + "/capacity", Stamp: d.t.Hour(d.now.In(d.zone))}
	p.Title = d.t.T("needs.desk-title")
	if p.Filter, err = s.needsFilter(r, d, filter, q.Get("standing")); err != nil {
		return nil, err
	}
	d.groups(p, views, needs.Standing(q.Get("standing")), q)
	if late := len(p.Groups) > 0 && p.Groups[0].Standing == string(needs.Late); late {
		p.Title = d.t.Join(p.Groups[0].Title, p.Title)
	}
	capacity, err := s.store.Capacity(r.Context(), d.who, d.c.Code)
	if err != nil {
		return nil, err
	}
	p.Short = d.shortage(capacity.Slots)
	if p.Tasks, err = s.needTasks(r, d, views); err != nil {
		return nil, err
	}
	p.Unasked, err = s.unasked(r, d)
	return p, err
}

// groups lays needs out by standing. Without a standing asked for, what is
// settled or withdrawn is counted and not listed.
func (d *needsAtDesk) groups(p *NeedsDeskPage, views []events.NeedView, only needs.Standing, q url.Values) {
	of := map[needs.Standing][]*events.NeedView{}
	for i := range views {
		of[views[i].Standing] = append(of[views[i].Standing], &views[i])
	}
	for _, standing := range needs.Standings {
		n := len(of[standing])
		title := d.t.T("need-standing."+string(standing), n)
		if standing != needs.Gone {
			to := url.Values{}
			for name, values := range q {
				if name == "group" || name == "area" || name == "delegation" {
					to[name] = values
				}
			}
			if only != standing {
				to.Set("standing", string(standing))
			}
			address := d.url
			if len(to) > 0 {
				address += "?" + to.Encode()
			}
			p.Counts = append(p.Counts, NeedCount{Shape: standingShape[standing], Class: standingClass[standing], Text: title, URL: address, Current: only == standing})
		}
		listed := only == standing || only == "" && standing != needs.Settled && standing != needs.Gone
		if n == 0 || !listed {
			continue
		}
		g := NeedGroup{Standing: string(standing), Class: standingClass[standing], Shape: standingShape[standing], Title: title}
		for i, v := range of[standing] {
			if i == mostNeedCards {
				g.More = d.t.T("needs.board-more", mostNeedCards)
				break
			}
			g.Cards = append(g.Cards, d.forDesk(v))
		}
		p.Groups = append(p.Groups, g)
	}
}

func (s *Server) needsFilter(r *http.Request, d *needsAtDesk, f events.NeedFilter, standing string) (NeedsFilter, error) {
	delegations, err := s.store.Delegations(r.Context(), d.c.ID)
	if err != nil {
		return NeedsFilter{}, err
	}
	all := NeedOption{Text: d.t.T("needs.all")}
	out := NeedsFilter{On: f.Delegation != 0 || f.Group != "" || f.Area != "" || standing != "", Standing: standing,
		Groups: []NeedOption{all}, Areas: []NeedOption{all}, Delegations: []NeedOption{all}}
	for _, g := range needs.Groups {
		out.Groups = append(out.Groups, NeedOption{string(g), d.t.T("need-group." + string(g)), g == f.Group})
	}
	for _, a := range needs.Areas {
		out.Areas = append(out.Areas, NeedOption{string(a), d.t.T("need-area." + string(a)), a == f.Area})
	}
	for _, team := range delegations {
		out.Delegations = append(out.Delegations, NeedOption{strconv.FormatInt(team.ID, 10), d.pick(team.Name, team.NameEn), team.ID == f.Delegation})
	}
	return out, nil
}

// needTasks is what could be one task, of the needs in view.
func (s *Server) needTasks(r *http.Request, d *needsAtDesk, views []events.NeedView) ([]NeedTask, error) {
	proposals, err := s.store.NeedTasks(r.Context(), d.who, d.c.Code)
	if err != nil {
		return nil, err
	}
	var tasks []NeedTask
	for _, ids := range proposals {
		t := NeedTask{Action: d.url + "/merge", Command: uuid.NewString()}
		pieces, about := 0, ""
		for _, id := range ids {
			i := slices.IndexFunc(views, func(v events.NeedView) bool { return v.ID == id })
			if i < 0 {
				continue // the filter hides it
			}
			pieces += views[i].Pieces
			about = d.t.Join(d.t.needKind(views[i].Kind), d.wanted(&views[i]))
			t.IDs = append(t.IDs, strconv.FormatInt(id, 10))
		}
		if len(t.IDs) > 1 {
			t.Text = d.t.T("needs.task-line", about, strconv.Itoa(len(t.IDs)), strconv.Itoa(pieces))
			tasks = append(tasks, t)
		}
	}
	return tasks, nil
}

// unasked lists the delegations with people whom nobody has asked.
func (s *Server) unasked(r *http.Request, d *needsAtDesk) ([]NeedUnasked, error) {
	counts, err := s.store.Unasked(r.Context(), d.who, d.c.Code)
	if err != nil {
		return nil, err
	}
	var lines []NeedUnasked
	for _, c := range counts {
		lines = append(lines, NeedUnasked{Delegation: d.pick(c.Name, c.NameEn), Text: d.t.T("needs.unasked-count", c.People),
			URL: d.b.root + "/team/" + strconv.FormatInt(c.Delegation, 10) + "/needs"})
	}
	return lines, nil
}

// needsMerge makes one task of needs.
func (s *Server) needsMerge(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.needsAtDesk(w, r)
	if err != nil {
		return err
	}
	var ids []int64
	for _, typed := range r.PostForm["id"] {
		id, err := strconv.ParseInt(typed, 10, 64)
		if err != nil {
			return errForm
		}
		ids = append(ids, id)
	}
	_, err = s.store.MergeNeeds(r.Context(), s.ask(r), d.who, events.MergeNeeds{IDs: ids})
	return s.needsDone(w, r, d, "merge", err)
}

// needsDone leads back to the board with what was done, or shows the board with
// why it was not.
func (s *Server) needsDone(w http.ResponseWriter, r *http.Request, d *needsAtDesk, done string, err error) error {
	switch {
	case err == nil:
		http.Redirect(w, r, d.url+"?done="+done, http.StatusSeeOther)
		return nil
	case !saidOnPage(err):
		return err
	}
	page, err2 := s.needsBoard(r, d)
	if err2 != nil {
		return err2
	}
	_, text := d.t.needProblem(err)
	page.Problems, page.Wrong = []Problem{{Target: "main", Text: text}}, true
	return s.renderer.Write(w, statusOf(err), *page)
}

func (s *Server) needsOne(w http.ResponseWriter, r *http.Request) error {
	d, p, err := s.needPage(w, r)
	if err != nil {
		return err
	}
	if done := r.URL.Query().Get("done"); slices.Contains(doneActs, done) {
		p.Notice = d.t.T("needs.done-" + done)
	}
	return s.renderer.Write(w, http.StatusOK, *p)
}

// needPage is one need as the desk sees it now.
func (s *Server) needPage(w http.ResponseWriter, r *http.Request) (*needsAtDesk, *NeedPage, error) {
	d, err := s.needsAtDesk(w, r)
	if err != nil {
		return nil, nil, err
	}
	id, err := number(r, "need")
	if err != nil {
		return nil, nil, err
	}
	v, err := s.store.Need(r.Context(), d.who, d.c.Code, id)
	if err != nil {
		return nil, nil, err
	}
	history, err := s.store.NeedHistory(r.Context(), d.who, d.c.Code, id)
	if err != nil {
		return nil, nil, err
	}
	p := d.one(v)
	for _, h := range history {
		p.History = append(p.History, d.past(&h, v.Medical))
	}
	if v.Task != 0 {
		mates, err := s.store.Needs(r.Context(), d.who, d.c.Code, events.NeedFilter{Task: v.Task})
		if err != nil {
			return nil, nil, err
		}
		for i := range mates {
			if m := &mates[i]; m.ID != v.ID {
				c := d.forDesk(m)
				p.Mates = append(p.Mates, NeedMate{Text: d.t.Join(c.Title, c.Who, c.State), URL: c.URL})
			}
		}
		p.SplitURL = p.Action + "/split"
		p.Split = &NeedVerb{Act: "split", Text: d.t.T("needs.split"), Command: uuid.NewString()}
	}
	return d, p, nil
}

// one is a need's page but for its history and its task.
func (d *needsAtDesk) one(v *events.NeedView) *NeedPage {
	t := d.t
	p := &NeedPage{Page: d.Page, Back: d.url, Card: d.forDesk(v), Action: d.url + "/" + strconv.FormatInt(v.ID, 10), Saw: v.Revision}
	p.Heading = p.Card.Title
	p.Title = t.Join(p.Heading, p.Card.Who)
	p.Facts = []Fact{{t.T("needs.fact-asked"), d.moment(v.Asked)}, {t.T("needs.fact-round"), t.T("need-round." + string(v.Round))}}
	if v.Confirmed {
		p.Facts[1].Text = t.T("needs.fact-confirmed")
	}
	if v.Medical {
		return p
	}
	person := wholeTeam
	if v.RegistrationID != 0 {
		person = strconv.FormatInt(v.RegistrationID, 10)
	}
	p.FormURL = d.b.root + "/team/" + strconv.FormatInt(v.DelegationID, 10) + "/needs/" + person
	p.Look = NeedLookPart{Offered: v.RegistrationID != 0 || v.WordsKept, Action: p.Action + "/look", Command: uuid.NewString()}
	may := needs.May(v.State, needs.Server)
	if slices.Contains(may, needs.Assign) {
		p.Assign = d.assign(v)
	}
	if slices.Contains(may, needs.Answer) {
		p.Answer = &NeedAnswer{Command: uuid.NewString()}
		for _, verdict := range needs.Verdicts {
			p.Answer.Verdicts = append(p.Answer.Verdicts, NeedOption{Value: string(verdict), Text: t.T("need-verdict." + string(verdict))})
		}
		if v.Mates > 0 {
			p.Answer.Mates = t.T("needs.answer-all", v.Mates)
		}
	}
	if slices.Contains(may, needs.Reopen) {
		p.OnBehalf = &NeedOnBehalf{Reopen: uuid.NewString()}
		if slices.Contains(may, needs.Satisfy) {
			p.OnBehalf.Satisfy = uuid.NewString()
		}
	}
	return p
}

func (d *needsAtDesk) assign(v *events.NeedView) *NeedAssign {
	a := &NeedAssign{Command: uuid.NewString(), Owner: v.Owner}
	for _, g := range needs.Groups {
		a.Groups = append(a.Groups, NeedOption{string(g), d.t.T("need-group." + string(g)), g == v.Group})
	}
	if !v.Due.IsZero() {
		at := v.Due.In(d.zone)
		a.Day, a.Hour = at.Format(time.DateOnly), at.Format("15:04")
	}
	return a
}

// past is one line of a need's history.
func (d *needsAtDesk) past(h *events.NeedChangeView, medical bool) NeedPast {
	line := NeedPast{At: d.moment(h.At), By: h.By, Act: d.t.T("need-act." + string(h.Act)), Text: h.Text}
	switch {
	case medical:
		line.By = ""
	case h.Act == needs.Assign:
		owner := strings.TrimSpace(d.t.T("need-group."+string(h.Group)) + " " + h.Owner)
		line.More = d.t.Join(owner, d.t.T("needs.before", d.moment(h.Due)))
	case h.Act == needs.Answer:
		line.More = d.t.T("need-verdict." + string(h.Verdict))
	}
	return line
}

// needsAct takes what the desk does about a need.
func (s *Server) needsAct(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.needsAtDesk(w, r)
	if err != nil {
		return err
	}
	id, err := number(r, "need")
	if err != nil {
		return err
	}
	f := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	m := events.MoveNeeds{IDs: []int64{id}, Act: needs.Act(f("act")), Group: needs.Group(f("group")), Owner: f("owner"),
		Verdict: needs.Verdict(f("verdict")), Words: f("words")}
	if saw, err := strconv.ParseInt(f("saw"), 10, 64); err == nil {
		m.Saw = map[int64]int64{id: saw}
	}
	if f("due-day") != "" {
		m.Due, err = time.ParseInLocation("2006-01-02 15:04", f("due-day")+" "+f("due-hour"), d.zone)
		if err != nil {
			err = &events.Refusal{Status: events.StatusInvalid, Field: "due", Problem: "not-a-date", With: []string{f("due-day") + " " + f("due-hour")}}
		}
	}
	if err == nil {
		_, err = s.store.MoveNeeds(r.Context(), s.ask(r), d.who, m)
	}
	if f("to") == "board" {
		return s.needsDone(w, r, d, string(m.Act), err)
	}
	if err == nil {
		http.Redirect(w, r, d.url+"/"+strconv.FormatInt(id, 10)+"?done="+url.QueryEscape(string(m.Act)), http.StatusSeeOther)
		return nil
	}
	return s.needRefused(w, r, m, err)
}

// needRefused shows the need's page as it is now, with what was typed.
func (s *Server) needRefused(w http.ResponseWriter, r *http.Request, m events.MoveNeeds, err error) error {
	if !saidOnPage(err) {
		return err
	}
	d, p, err2 := s.needPage(w, r)
	if err2 != nil {
		return err2
	}
	_, text := d.t.needProblem(err)
	target := "main"
	switch {
	case m.Act == needs.Answer && p.Answer != nil:
		target, p.Answer.Words, p.Answer.Error = "answer-words", m.Words, text
		for i := range p.Answer.Verdicts {
			p.Answer.Verdicts[i].Chosen = p.Answer.Verdicts[i].Value == string(m.Verdict)
		}
	case m.Act == needs.Reopen && p.OnBehalf != nil:
		target, p.OnBehalf.Words, p.OnBehalf.Error = "reopen-words", m.Words, text
	case m.Act == needs.Assign && p.Assign != nil:
		target, p.Assign.Owner = "assign-day", m.Owner
	}
	p.Problems, p.Wrong = []Problem{{Target: target, Text: text}}, true
	return s.renderer.Write(w, statusOf(err), *p)
}

// needsLook shows the person's name and words once, and keeps that it did.
func (s *Server) needsLook(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	id, err := number(r, "need")
	if err != nil {
		return err
	}
	c := s.ask(r)
	look, err := s.store.LookAtNeed(r.Context(), c, s.who(r), id)
	if err != nil && (!saidOnPage(err) || errors.Is(err, events.ErrNotFound)) {
		return err
	}
	d, p, err2 := s.needPage(w, r)
	if err2 != nil {
		return err2
	}
	if err != nil {
		_, text := d.t.needProblem(err)
		p.Look.Reason, p.Look.Error = c.Reason, text
		p.Problems, p.Wrong = []Problem{{Target: "look-reason", Text: text}}, true
		return s.renderer.Write(w, statusOf(err), *p)
	}
	p.Look.Seen, p.Look.Person, p.Look.Words = true, look.Person, look.Words
	return s.renderer.Write(w, http.StatusOK, *p)
}

// needsSplit takes a need out of its task.
func (s *Server) needsSplit(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.needsAtDesk(w, r)
	if err != nil {
		return err
	}
	id, err := number(r, "need")
	if err != nil {
		return err
	}
	_, err = s.store.SplitNeed(r.Context(), s.ask(r), d.who, events.SplitNeed{ID: id})
	return s.needsDone(w, r, d, "split", err)
}
