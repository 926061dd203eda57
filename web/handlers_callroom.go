// The call room over HTTP: what is called when, who has come, and the closing of
// a call. Every step is a form of its own, so that it works without script; the
// script only spares the page's coming anew.
package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/calls"
	"tongchang/scoring/kinds"
)

// callRoutes are the pages of the call room, of calls and of the announcer.
func (s *Server) callRoutes() []route {
	const unit, name = " /c/{competition}/call/units/{unit}", " /c/{competition}/names/{participant}"
	return []route{
		{"GET /c/{competition}/call", access.ReadCall, s.callRoom},
		{"POST /c/{competition}/call/times", access.WriteStart, s.callTimes},
		{"GET /c/{competition}/call/people/{code}", access.WriteCall, s.callPerson},
		{"GET" + unit, access.ReadCall, s.callUnit},
		{"POST" + unit + "/step", access.WriteCall, s.callStep},
		{"POST" + unit + "/check", access.WriteCall, s.callCheck},
		{"POST" + unit + "/admit", access.WriteCall, s.callAdmit},
		{"GET /c/{competition}/calling", everybody, s.calling},
		{"GET /c/{competition}/announcer", access.ReadCall, s.announcer},
		{"GET" + name, access.SayName, s.spokenName},
		{"POST" + name, access.SayName, s.sayName},
	}
}

// callRoomDesk is what the list of calls starts from.
type callRoomDesk struct {
	*view
	who   access.Who
	url   string
	day   string
	sport string
	units []events.CallUnit
}

func (s *Server) callRoomDesk(w http.ResponseWriter, r *http.Request) (*callRoomDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	d := &callRoomDesk{view: v, who: s.who(r), url: v.b.root + "/call", sport: r.URL.Query().Get("sport")}
	d.Bar = s.bar(r, v, "call")
	d.day = cmp.Or(r.URL.Query().Get("day"), v.b.callDay())
	var ids []int64
	for i := range v.b.programme.Units {
		if u := &v.b.programme.Units[i]; v.b.unitDay(u) == d.day {
			ids = append(ids, u.ID)
		}
	}
	d.units, err = s.store.CallUnits(r.Context(), d.who, v.c.Code, ids)
	d.units = slices.DeleteFunc(d.units, func(u events.CallUnit) bool { return len(u.Starts) == 0 || u.Unit.Status == events.Cancelled })
	return d, err
}

// unitDay is the day of a unit: of its session, else of its start; empty where
// it has neither.
func (b *builder) unitDay(u *events.Unit) string {
	if session := b.programme.Session(u.SessionID); session != nil && session.Day != "" {
		return session.Day
	}
	if u.Start.IsZero() {
		return ""
	}
	return u.Start.In(b.zone).Format(time.DateOnly)
}

// callDay is the day to call on: the first with a unit that has not begun, else
// the last.
func (b *builder) callDay() string {
	first, last := "", ""
	for i := range b.programme.Units {
		u := &b.programme.Units[i]
		day := b.unitDay(u)
		last = max(last, day)
		if statusCode(u) == StatusStartList && b.programme.Starters[u.ID] > 0 && day != "" && (first == "" || day < first) {
			first = day
		}
	}
	return cmp.Or(first, last)
}

// callRoom serves a day's calls.
func (s *Server) callRoom(w http.ResponseWriter, r *http.Request) error {
	d, err := s.callRoomDesk(w, r)
	if err != nil {
		return err
	}
	page, err := s.callRoomPage(r, d)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) callRoomPage(r *http.Request, d *callRoomDesk) (*CallRoomPage, error) {
	t := d.b.t
	d.Title = t.T("call.title")
	page := &CallRoomPage{Page: d.Page, Days: d.days(), Sports: d.sports(), TimesURL: d.url + "/times", CallingURL: d.b.root + "/calling", AnnouncerURL: d.b.root + "/announcer"}
	page.Path = d.url
	now := s.store.Now()
	for i := range d.units {
		u := &d.units[i]
		if d.sport != "" && u.Discipline.Code != d.sport {
			continue
		}
		row := d.b.callRow(u, now)
		switch {
		case u.Begun() || u.Call.State == calls.Closed:
			page.Past = append(page.Past, row)
		case u.Call.State == calls.Calling:
			page.Now = append(page.Now, row)
		default:
			page.Next = append(page.Next, row)
		}
	}
	if r.URL.Query().Get("did") == "time" {
		page.Done = &Done{Text: t.T("call.did-time")}
	}
	var err error
	page.Times, err = s.callTimesOf(r, d)
	return page, err
}

// days are the days that have units.
func (d *callRoomDesk) days() (links []DayLink) {
	var days []string
	for i := range d.b.programme.Units {
		days = append(days, d.b.unitDay(&d.b.programme.Units[i]))
	}
	slices.Sort(days)
	for _, day := range slices.Compact(days) {
		link := DayLink{Title: d.b.t.T("call.no-day"), URL: d.url, Current: day == d.day}
		if at, err := time.Parse(time.DateOnly, day); err == nil {
			link.Title, link.URL = d.b.t.Day(at), d.url+"?day="+day
		}
		links = append(links, link)
	}
	if len(links) < 2 {
		return nil
	}
	return links
}

// sports are the sports of the day, where there are several.
func (d *callRoomDesk) sports() []PageLink {
	at := func(code string) string {
		q := url.Values{"day": {d.day}}
		if code != "" {
			q.Set("sport", code)
		}
		return d.url + "?" + q.Encode()
	}
	links := []PageLink{{d.b.t.T("call.all-sports"), at(""), d.sport == ""}}
	var seen []string
	for i := range d.units {
		of := &d.units[i].Discipline
		if !slices.Contains(seen, of.Code) {
			seen = append(seen, of.Code)
			links = append(links, PageLink{d.b.pick(of.Name, of.NameEn), at(of.Code), d.sport == of.Code})
		}
	}
	if len(links) < 3 {
		return nil
	}
	return links
}

// callRow says where a unit's call stands.
func (b *builder) callRow(u *events.CallUnit, now time.Time) CallRow {
	t := b.t
	here, expected := u.Come()
	row := CallRow{ID: strconv.FormatInt(u.Unit.ID, 10), Title: t.Join(b.eventName(&u.Event), b.phaseOf(&u.Unit, &u.Phase)), Where: u.Unit.Venue,
		At: b.hour(u.At), Start: b.hour(u.Unit.Start), Come: t.T("call.come", strconv.Itoa(here), strconv.Itoa(expected))}
	row.URL = b.root + "/call/units/" + row.ID
	switch {
	case u.Begun():
		row.Status = statusCode(&u.Unit)
		row.StatusText = t.Status(row.Status)
	case u.Call.State == calls.Closed:
		row.Status, row.StatusText = "sent", t.T("call.state-closed")
	case u.Call.State == calls.Calling:
		row.Status, row.StatusText = StatusLive, t.Join(t.T("call.state-calling"), b.callRound(u.Call.Round))
	default:
		row.Status, row.StatusText = StatusScheduled, t.T("call.state-not-yet")
		if late := calls.Overdue(u.Call.State, u.At, now); late > 0 && late < 12*time.Hour {
			row.Status, row.StatusText = "alert", t.T("call.state-due")
			row.Late = t.T("call.late", int(late.Minutes()))
		}
	}
	return row
}

// callRound says how often a unit has been called; the first needs no word.
func (b *builder) callRound(round int) string {
	switch {
	case round >= calls.Last:
		return b.t.T("call.last")
	case round > 1:
		return b.t.T("call.again", strconv.Itoa(round))
	}
	return ""
}

// callTimesOf are the forms for the call times of the sports that somebody may
// set.
func (s *Server) callTimesOf(r *http.Request, d *callRoomDesk) ([]CallTime, error) {
	minutes, err := s.store.CallMinutes(r.Context(), d.c.ID)
	if err != nil {
		return nil, err
	}
	var times []CallTime
	for id, of := range d.b.programme.Disciplines {
		if access.May(d.who, access.WriteStart, access.Object{Discipline: id}) != access.Allowed {
			continue
		}
		m, ok := minutes[id]
		if !ok {
			m = calls.Usual
		}
		times = append(times, CallTime{ID: strconv.FormatInt(id, 10), Name: d.b.pick(of.Name, of.NameEn), Minutes: strconv.Itoa(m), Command: uuid.NewString()})
	}
	slices.SortFunc(times, func(a, b CallTime) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return times, nil
}

// callTimes sets the call time of one sport.
func (s *Server) callTimes(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.callRoomDesk(w, r)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PostForm.Get("discipline"), 10, 64)
	if err != nil {
		return errForm
	}
	minutes, err := strconv.Atoi(r.PostForm.Get("minutes"))
	if err == nil {
		_, err = s.store.SetCallTime(r.Context(), s.ask(r), d.who, events.SetCallTime{Discipline: id, Minutes: minutes})
	} else {
		err = &events.Refusal{Status: events.StatusInvalid, Problem: "call-minutes", With: []string{r.PostForm.Get("minutes")}}
	}
	if status := statusOf(err); err != nil && status == http.StatusUnprocessableEntity {
		page, failed := s.callRoomPage(r, d)
		if failed != nil {
			return failed
		}
		for i := range page.Times {
			if m := &page.Times[i]; m.ID == r.PostForm.Get("discipline") {
				m.Minutes, m.Wrong = r.PostForm.Get("minutes"), d.b.t.Problem(err, nil)
				page.Wrong, page.Problems = true, []Problem{{"minutes-" + m.ID, m.Wrong}}
			}
		}
		return s.renderer.Write(w, status, *page)
	}
	if err != nil {
		return err
	}
	return did(w, r, d.url, "did", "time")
}

// callPerson leads from the code on a card to what its bearer starts in next.
func (s *Server) callPerson(w http.ResponseWriter, r *http.Request) error {
	unit, start, err := s.store.NextCall(r.Context(), s.who(r), r.PathValue("competition"), r.PathValue("code"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, callURL(r, unit, start), http.StatusSeeOther)
	return nil
}

// callURL is where a start is checked in.
func callURL(r *http.Request, unit, start int64) string {
	return "/c/" + r.PathValue("competition") + "/call/units/" + strconv.FormatInt(unit, 10) + "#start-" + strconv.FormatInt(start, 10)
}

// callOfCard is where the card of somebody leads an official who may check them
// in; empty for everybody else, for who starts in nothing more, and where the
// card itself is asked for.
func (s *Server) callOfCard(r *http.Request) (string, error) {
	if r.URL.Query().Has("card") {
		return "", nil
	}
	a, err := s.find(r, access.ReadCall)
	if err != nil || !access.Ever(a.who, access.WriteCall) {
		return "", err
	}
	unit, start, err := s.store.NextCall(r.Context(), a.who, r.PathValue("competition"), r.PathValue("code"))
	if statusOf(err) == http.StatusNotFound && err != nil {
		return "", nil
	}
	return callURL(r, unit, start), err
}

// callUnitDesk is the call of one unit.
type callUnitDesk struct {
	*view
	who   access.Who
	url   string
	u     *events.CallUnit
	may   bool // write
	typed callTyped
}

// callTyped is what was typed in a form that was refused.
type callTyped struct{ start, person, note, reason, wrong string }

func (s *Server) callUnitDesk(w http.ResponseWriter, r *http.Request) (*callUnitDesk, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	id, err := number(r, "unit")
	if err != nil {
		return nil, err
	}
	d := &callUnitDesk{view: v, who: s.who(r), url: v.b.root + "/call/units/" + strconv.FormatInt(id, 10)}
	d.Bar = s.bar(r, v, "call")
	if d.u, err = s.store.CallUnit(r.Context(), d.who, v.c.Code, id); err != nil {
		return nil, err
	}
	d.may = access.May(d.who, access.WriteCall, access.Object{Discipline: d.u.Discipline.ID}) == access.Allowed
	return d, nil
}

func (s *Server) callUnit(w http.ResponseWriter, r *http.Request) error {
	d, err := s.callUnitDesk(w, r)
	if err != nil {
		return err
	}
	page := d.page(s.store.Now())
	if what := r.URL.Query().Get("did"); slices.Contains([]string{"up", "closed", "back", "admitted"}, what) {
		page.Done = &Done{Text: d.b.t.T("call.did-" + what)}
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (d *callUnitDesk) page(now time.Time) *CallUnitPage {
	t, u := d.b.t, d.u
	row := d.b.callRow(u, now)
	d.Title, d.Path = t.T("call.unit-title", row.Title), d.url
	page := &CallUnitPage{Page: d.Page, ListURL: d.b.root + "/call", Over: t.Join(d.b.pick(u.Discipline.Name, u.Discipline.NameEn), u.Unit.Venue), Heading: row.Title, Row: row}
	if u.Day != "" {
		page.ListURL += "?day=" + u.Day
	}
	if row.Start != "" {
		page.Facts = append(page.Facts, Fact{t.T("call.at"), row.At}, Fact{t.T("fact.start"), row.Start})
	}
	page.Facts = append(page.Facts, Fact{t.T("call.here"), row.Come})
	switch {
	case u.Begun():
		page.Begun = t.T("call.begun")
	case d.may:
		d.steps(page)
	}
	for i := range u.Starts {
		page.Starts = append(page.Starts, d.start(&u.Starts[i]))
	}
	return page
}

// steps are the forms that move a call on or back.
func (d *callUnitDesk) steps(page *CallUnitPage) {
	t, c := d.b.t, &d.u.Call
	step := func(do string) CallStep {
		return CallStep{Action: d.url + "/step", Do: do, Command: uuid.NewString(), Saw: c.Revision}
	}
	up, back := step("up"), step("back")
	switch c.State {
	case calls.NotYet:
		page.Up, page.UpText, page.UpKind = &up, t.T("call.up"), "primary"
	case calls.Calling:
		page.Up, page.UpText = &up, t.T("call.up-again", strconv.Itoa(c.Round+1))
		page.Back, page.BackText = &back, t.T("call.back-open")
		page.Close = &CallClose{CallStep: step("close"), As: d.who.Name, Whole: d.whole()}
		for _, s := range d.u.Missing() {
			page.Close.Missing = append(page.Close.Missing, CallMissing{Start: s.ID(), Name: t.Join(s.LaneText(), s.FullName()), Why: d.standing(s), Out: !page.Close.Whole})
		}
	case calls.Closed:
		page.Back, page.BackText = &back, t.T("call.back-closed")
	}
}

// whole reports whether a DNS in this unit stands for more than the start that
// is called: the lines of its kind meet each other in several matches.
func (d *callUnitDesk) whole() bool {
	var rs kinds.Ruleset
	return json.Unmarshal([]byte(d.u.Phase.Ruleset), &rs) == nil && kinds.Meets(rs.Kind)
}

// standing says why a start is missing.
func (d *callUnitDesk) standing(s *events.CallStart) string {
	switch s.Standing {
	case calls.Away:
		return d.b.t.T("call.away")
	case calls.Partly:
		here := 0
		for i := range s.People {
			if s.People[i].Check.State == calls.Present {
				here++
			}
		}
		return d.b.t.T("call.partly", strconv.Itoa(here), strconv.Itoa(len(s.People)))
	case calls.Here:
		return d.b.t.T("call.present")
	}
	return d.b.t.T("call.waiting")
}

// start is one start with its people.
func (d *callUnitDesk) start(s *events.CallStart) CallStartView {
	t := d.b.t
	v := CallStartView{ID: s.ID(), Lane: s.LaneText(), Name: s.FullName(), About: t.Join(d.b.pick(s.Delegation, s.DelegationEn), s.Class),
		StatusText: d.standing(s)}
	v.Status = map[calls.Standing]string{calls.Here: "sent", calls.Partly: StatusUnofficial, calls.Away: "alert", calls.Waiting: StatusScheduled}[s.Standing]
	if s.OutIRM != "" {
		v.Status, v.Out = "alert", t.IRM(s.OutIRM, "")
		v.StatusText = v.Out
		if d.u.Call.PutOut(s.StartID) {
			v.StatusText = t.Join(v.Out, d.u.Call.By)
			v.Admit = d.admit(s)
		}
	}
	for i := range s.People {
		v.People = append(v.People, d.person(s, &s.People[i]))
	}
	if s.TeamName == "" {
		v.Bib, v.People[0].Alone = s.Bib, true
	}
	return v
}

// admit is the form that lets a start in again, for who may.
func (d *callUnitDesk) admit(s *events.CallStart) *CallAdmit {
	over := d.u.Unit.ResultStatus == events.Official || d.u.Unit.Status == events.Cancelled
	late := d.u.Begun() && access.May(d.who, access.Confirm, access.Object{Discipline: d.u.Discipline.ID}) != access.Allowed
	if !d.may || over || late {
		return nil
	}
	a := &CallAdmit{Action: d.url + "/admit", Start: s.ID(), Command: uuid.NewString()}
	if d.typed.start == a.Start && d.typed.person == "" {
		a.Reason, a.Wrong = d.typed.reason, d.typed.wrong
	}
	return a
}

// person is one person with what was seen of them, and the form to see it.
func (d *callUnitDesk) person(s *events.CallStart, p *events.CallPerson) CallPersonView {
	t, c := d.b.t, &p.Check
	id := strconv.FormatInt(p.ParticipantID, 10)
	v := CallPersonView{ID: s.ID() + "-" + id, Action: d.url + "/check", Start: s.ID(), Person: id, Command: uuid.NewString(), Saw: c.Revision,
		Name: cmp.Or(p.FullName(), s.FullName()), Bib: p.Bib, State: string(c.State), Note: c.Note, May: d.may && !d.u.Begun() && s.OutIRM == ""}
	if c.State != calls.Unseen {
		v.Said = t.Join(t.T("call."+string(c.State)), d.b.hour(c.At), c.By)
	}
	if lacks := p.Lacks(); c.State == calls.Present && len(lacks) > 0 {
		var words []string
		for _, k := range lacks {
			words = append(words, d.checkWord(k, p))
		}
		v.Lacks = t.T("call.lacks", strings.Join(words, t.T("call.comma")))
	}
	made := c.Made()
	for _, k := range []calls.Check{calls.Card, calls.Partner, calls.Equipment} {
		if slices.Contains(p.Asked, k) || k == calls.Partner && p.Partner != "" {
			v.Checks = append(v.Checks, CallBox{string(k), d.checkWord(k, p), slices.Contains(made, k)})
		}
	}
	if d.typed.start == v.Start && d.typed.person == id {
		v.Note, v.Wrong = d.typed.note, d.typed.wrong
	}
	return v
}

// checkWord names what is looked at; a partner by what they are.
func (d *callUnitDesk) checkWord(k calls.Check, p *events.CallPerson) string {
	if k == calls.Partner {
		return d.b.t.T("call.partner-" + cmp.Or(p.Partner, "guide"))
	}
	return d.b.t.T("call.check-" + string(k))
}

// onCall does a step of a call's form; where it is refused the call is shown as
// it stands now, with the reason why.
func (s *Server) onCall(w http.ResponseWriter, r *http.Request, typed callTyped, do func(d *callUnitDesk) (to string, err error)) error {
	d, err := s.callUnitDesk(w, r)
	if err != nil {
		return err
	}
	to, refused := do(d)
	if refused == nil {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	status := statusOf(refused)
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict && !(status == http.StatusForbidden && typed.reason != "") {
		return refused
	}
	if d, err = s.callUnitDesk(w, r); err != nil { // as it stands now
		return err
	}
	typed.wrong = d.b.t.Problem(refused, nil)
	d.typed = typed
	page := d.page(s.store.Now())
	target := "main"
	switch {
	case typed.person != "":
		target = "note-" + typed.start + "-" + typed.person
	case typed.start != "":
		target = "why-" + typed.start
	}
	page.Wrong, page.Problems = true, []Problem{{target, typed.wrong}}
	return s.renderer.Write(w, status, *page)
}

// callStep calls a unit, closes its call, or takes the last step back.
func (s *Server) callStep(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	saw, err := strconv.ParseInt(r.PostForm.Get("saw"), 10, 64)
	if err != nil {
		return errForm
	}
	return s.onCall(w, r, callTyped{}, func(d *callUnitDesk) (string, error) {
		ctx, c, unit := r.Context(), s.ask(r), d.u.Unit.ID
		did, err := "", error(nil)
		switch r.PostForm.Get("do") {
		case "up":
			did = "up"
			_, err = s.store.CallUp(ctx, c, d.who, events.CallUp{Unit: unit, Saw: saw})
		case "close":
			did = "closed"
			missing, bad := numbersOf(r.PostForm["missing"])
			if bad != nil {
				return "", bad
			}
			_, err = s.store.CloseCall(ctx, c, d.who, events.CloseCall{Unit: unit, Missing: missing, Saw: saw})
		case "back":
			did = "back"
			_, err = s.store.StepCallBack(ctx, c, d.who, events.StepCallBack{Unit: unit, Saw: saw})
		default:
			return "", errForm
		}
		return d.url + "?did=" + did, err
	})
}

// callCheck notes what was seen of somebody.
func (s *Server) callCheck(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	f := r.PostForm
	ids, err := numbersOf([]string{f.Get("start"), f.Get("person"), f.Get("saw")})
	if err != nil {
		return err
	}
	a := events.CheckIn{Start: ids[0], Person: ids[1], Saw: ids[2], Note: f.Get("note")}
	boxes := func(all bool) {
		a.Card, a.Partner, a.Equipment = all || f.Has("card"), all || f.Has("partner"), all || f.Has("equipment")
	}
	return s.onCall(w, r, callTyped{start: f.Get("start"), person: f.Get("person"), note: a.Note}, func(d *callUnitDesk) (string, error) {
		switch f.Get("do") {
		case "all":
			a.State = calls.Present
			boxes(true)
			a.Partner = a.Partner && f.Has("has-partner")
			a.Card = a.Card && f.Has("has-card")
		case "present":
			a.State = calls.Present
			boxes(false)
		case "absent":
			a.State = calls.Absent
		case "undo":
		default:
			return "", errForm
		}
		_, err := s.store.CheckIn(r.Context(), s.ask(r), d.who, a)
		return d.url + "#start-" + f.Get("start"), err
	})
}

// callAdmit lets a start in again.
func (s *Server) callAdmit(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PostForm.Get("start"), 10, 64)
	if err != nil {
		return errForm
	}
	typed := callTyped{start: r.PostForm.Get("start"), reason: r.PostForm.Get("reason")}
	return s.onCall(w, r, typed, func(d *callUnitDesk) (string, error) {
		_, err := s.store.AdmitLate(r.Context(), s.ask(r), d.who, events.AdmitLate{Start: id})
		return d.url + "?did=admitted#start-" + typed.start, err
	})
}
