package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
)

// Needs as a delegation sees them: whom to ask, what they need, the answers and
// a word on each. The welcome desk uses the same form with people who have come.

// needsRoutes are the addresses of support needs.
func (s *Server) needsRoutes() []route {
	return []route{
		{"GET /c/{competition}/team/{delegation}/needs", access.ReadNeed, s.needsTeam},
		{"POST /c/{competition}/team/{delegation}/needs", access.WriteNeed, s.needsReply},
		{"GET /c/{competition}/team/{delegation}/needs/{person}", access.WriteNeed, s.needsForm},
		{"POST /c/{competition}/team/{delegation}/needs/{person}", access.WriteNeed, s.needsState},
		{"GET /c/{competition}/team/{delegation}/arrival", access.WriteNeed, s.needsArrival},
		{"POST /c/{competition}/team/{delegation}/arrival", access.WriteNeed, s.needsPlan},
		{"GET /c/{competition}/desk/needs", access.AnswerNeed, s.needsDesk},
		{"POST /c/{competition}/desk/needs/merge", access.AnswerNeed, s.needsMerge},
		{"GET /c/{competition}/desk/needs/capacity", access.AnswerNeed, s.needsCapacity},
		{"POST /c/{competition}/desk/needs/capacity", access.AnswerNeed, s.needsResource},
		{"GET /c/{competition}/desk/needs/{need}", access.AnswerNeed, s.needsOne},
		{"POST /c/{competition}/desk/needs/{need}", access.AnswerNeed, s.needsAct},
		{"POST /c/{competition}/desk/needs/{need}/look", access.AnswerNeed, s.needsLook},
		{"POST /c/{competition}/desk/needs/{need}/split", access.AnswerNeed, s.needsSplit},
	}
}

// wholeTeam stands in an address for the delegation as a whole.
const wholeTeam = "whole"

// teamNeeds is what every page of a delegation's needs starts from.
type teamNeeds struct {
	*view
	needsTeller
	who        access.Who
	delegation events.Delegation
	root       string // …/team/12
}

func (s *Server) teamNeeds(w http.ResponseWriter, r *http.Request) (*teamNeeds, error) {
	v, err := s.start(w, r, "")
	if err != nil {
		return nil, err
	}
	id, err := number(r, "delegation")
	if err != nil {
		return nil, err
	}
	d := &teamNeeds{view: v, needsTeller: v.needs(), who: s.who(r)}
	if d.delegation, err = s.store.Delegation(r.Context(), v.c.ID, id); err != nil {
		return nil, err
	}
	d.root = v.b.root + "/team/" + strconv.FormatInt(id, 10)
	section := "needs"
	if d.byDelegation() {
		section = "team"
	}
	v.Bar = s.bar(r, v, section)
	return d, nil
}

func (d *teamNeeds) name() string { return d.b.pick(d.delegation.Name, d.delegation.NameEn) }

// byDelegation reports whether the reader is one of the delegation's own people,
// who know everything that they have said; the desk's people do not.
func (d *teamNeeds) byDelegation() bool { return d.who.Role == access.Delegation }

// saidOnPage reports whether a refusal is answered with the form as it was typed.
func saidOnPage(err error) bool {
	var refusal *events.Refusal
	return errors.As(err, &refusal) && slices.Contains([]events.Status{events.StatusInvalid, events.StatusStale, events.StatusReused}, refusal.Status)
}

func (s *Server) needsTeam(w http.ResponseWriter, r *http.Request) error {
	d, err := s.teamNeeds(w, r)
	if err != nil {
		return err
	}
	page, err := s.needsTeamPage(r, d)
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) needsTeamPage(r *http.Request, d *teamNeeds) (*NeedsTeamPage, error) {
	views, err := s.store.Needs(r.Context(), d.who, d.c.Code, events.NeedFilter{Delegation: d.delegation.ID, Texts: true})
	if err != nil {
		return nil, err
	}
	people, err := s.store.NeedPeople(r.Context(), d.who, d.c.Code, d.delegation.ID)
	if err != nil {
		return nil, err
	}
	arrivals, err := s.store.Arrivals(r.Context(), d.who, d.c.Code, d.delegation.ID)
	if err != nil {
		return nil, err
	}
	round := d.round(arrivals)
	p := &NeedsTeamPage{Page: d.Page, Delegation: d.name(), Action: d.root + "/needs", Arrival: d.arrivals(arrivals), Round: d.t.T("need-round." + string(round))}
	p.Title = d.t.Join(d.t.T("needs.team-title"), p.Delegation)
	if access.May(d.who, access.WriteNeed, access.Object{Delegation: d.delegation.ID}) == access.Allowed {
		p.ArrivalURL = d.root + "/arrival"
	}
	if d.byDelegation() {
		p.TeamURL = d.root
	}
	of := map[int64][]*events.NeedView{}
	for i := range views {
		v := &views[i]
		if v.State == needs.Withdrawn {
			continue
		}
		of[v.RegistrationID] = append(of[v.RegistrationID], v)
		c := d.forTeam(v)
		c.URL = p.Action
		switch {
		case v.State == needs.Answered && d.byDelegation():
			p.Waiting = append(p.Waiting, c)
		case v.State == needs.Satisfied:
			p.Settled = append(p.Settled, c)
		default:
			p.Open = append(p.Open, c)
		}
	}
	unasked := 0
	for i := range people {
		line := d.personLine(&people[i], of[people[i].Registration], round)
		if !line.Asked && people[i].Registration != 0 {
			unasked++
		}
		p.People = append(p.People, line)
	}
	p.Counts = d.teamCounts(p, unasked)
	return p, nil
}

func (d *teamNeeds) teamCounts(p *NeedsTeamPage, unasked int) []NeedCount {
	count := func(shape, class, key, target string, n int) NeedCount {
		return NeedCount{Shape: shape, Class: class, Text: d.t.T("needs.count-"+key, n), URL: "#" + target}
	}
	counts := []NeedCount{count("person", "unofficial", "unasked", "people", unasked)}
	if len(p.Waiting) > 0 {
		counts = append(counts, count("speak", "official", "waiting", "waiting", len(p.Waiting)))
	}
	if len(p.Open) > 0 {
		counts = append(counts, count("clock", "", "open", "open", len(p.Open)))
	}
	if len(p.Settled) > 0 {
		counts = append(counts, count("official", "official", "settled", "settled", len(p.Settled)))
	}
	return counts
}

// personLine is somebody in the list of whom to ask. The desk, which sees the
// name here in order to find the person, does not see beside it what it is about.
func (d *teamNeeds) personLine(p *events.NeedPerson, of []*events.NeedView, round events.Round) NeedPersonLine {
	t := d.t
	l := NeedPersonLine{Name: p.Name, Sport: p.Sport, URL: d.root + "/needs/" + strconv.FormatInt(p.Registration, 10)}
	if p.Registration == 0 {
		l.Name, l.URL = t.T("needs.whole"), d.root+"/needs/"+wholeTeam
	}
	at, asked := p.Asked[round]
	l.Asked = asked
	switch {
	case asked && round == events.AtArrival:
		l.Text = t.T("needs.asked-again", d.moment(at))
	case asked:
		l.Text = t.T("needs.asked-on", d.moment(at))
	case round == events.AtArrival:
		l.Text = t.T("needs.not-asked-again")
	default:
		l.Text = t.T("needs.not-asked")
	}
	if access.May(d.who, access.WriteNeed, access.Object{Delegation: d.delegation.ID}) != access.Allowed {
		l.URL = ""
	}
	if len(of) == 0 {
		return l
	}
	waiting := 0
	var kinds []string
	for _, v := range of {
		if v.State == needs.Answered {
			waiting++
		}
		kinds = append(kinds, d.title(v))
	}
	l.States = t.T("needs.states-all", len(of))
	if waiting > 0 {
		l.States = t.T("needs.states-some", len(of), strconv.Itoa(waiting))
	}
	l.Kinds = strings.Join(kinds, t.T("needs.kinds-comma"))
	if !d.byDelegation() && p.Registration != 0 {
		l.Kinds = t.T("needs.states-all", len(of))
		l.States = ""
	}
	return l
}

// round is which round of asking is on: the second one from the day on which the
// first of the delegation arrive, or the competition begins.
func (d *teamNeeds) round(arrivals []events.ArrivalView) events.Round {
	today := d.now.In(d.zone).Format(time.DateOnly)
	first := d.c.Starts
	for _, a := range arrivals {
		if first == "" || a.Day < first {
			first = a.Day
		}
	}
	if first != "" && first <= today {
		return events.AtArrival
	}
	return events.AtEntry
}

// arrivals says when a delegation comes.
func (d *teamNeeds) arrivals(all []events.ArrivalView) string {
	var parts []string
	for _, a := range all {
		when := strings.TrimSpace(d.date(a.Day) + " " + a.Clock + " " + a.Place)
		parts = append(parts, d.t.T("needs.arrival-with", when, strconv.Itoa(a.People)))
	}
	return strings.Join(parts, d.t.T("needs.kinds-comma"))
}

// needsReply takes a delegation's word on an answer.
func (s *Server) needsReply(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.teamNeeds(w, r)
	if err != nil {
		return err
	}
	id, err1 := strconv.ParseInt(r.PostFormValue("need"), 10, 64)
	saw, err2 := strconv.ParseInt(r.PostFormValue("saw"), 10, 64)
	act := needs.Act(r.PostFormValue("act"))
	if errors.Join(err1, err2) != nil || act != needs.Satisfy && act != needs.Reopen {
		return errForm
	}
	_, err = s.store.MoveNeeds(r.Context(), s.ask(r), d.who,
		events.MoveNeeds{IDs: []int64{id}, Act: act, Saw: map[int64]int64{id: saw}, Words: r.PostFormValue("words")})
	switch {
	case err == nil:
		http.Redirect(w, r, d.root+"/needs", http.StatusSeeOther)
		return nil
	case !saidOnPage(err):
		return err
	}
	page, err2 := s.needsTeamPage(r, d)
	if err2 != nil {
		return err2
	}
	_, text := d.t.needProblem(err)
	target := "people"
	for i := range page.Waiting {
		if c := &page.Waiting[i]; c.ID == strconv.FormatInt(id, 10) {
			c.Typed, c.Error, target = r.PostFormValue("words"), text, "w"+c.ID
		}
	}
	page.Problems, page.Wrong = []Problem{{Target: target, Text: text}}, true
	return s.renderer.Write(w, statusOf(err), *page)
}
