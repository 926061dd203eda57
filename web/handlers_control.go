// The control room: every device at a seat with how it is, the units by how far
// their results are, what each judge has given, and the chief judge's inbox of
// marks that came too late.
package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// controlRoutes are for organisers, and for chief referees in their discipline.
func (s *Server) controlRoutes() []route {
	return []route{
		{"GET /c/{competition}/desk/control", access.ReadControl, s.control},
		{"GET /c/{competition}/desk/control/state", access.ReadControl, s.controlState},
		{"GET /c/{competition}/desk/control/devices/{device}", access.ReadControl, s.controlDevice},
		{"POST /c/{competition}/desk/control/devices/{device}", access.SetSeat, s.actOnDevice},
		{"GET /c/{competition}/desk/control/units/{unit}", access.ReadControl, s.controlUnit},
		{"GET /c/{competition}/desk/inbox", access.Confirm, s.inbox},
		{"POST /c/{competition}/desk/inbox", access.Confirm, s.decideLate},
	}
}

// When a device asks for somebody: no beat for this long, this little battery
// in percent, a clock that is this far off.
const (
	silentAfter = time.Minute
	lowBattery  = 15
	farClock    = time.Minute
)

// mostUnitsNamed is how many units of a status the control room names.
const mostUnitsNamed = 12

func (s *Server) control(w http.ResponseWriter, r *http.Request) error {
	v, state, err := s.controlNow(w, r)
	if err != nil {
		return err
	}
	p := ControlPage{Page: v.Page, StateURL: v.b.root + "/desk/control/state", SeatsURL: v.b.root + "/desk/seats", State: state}
	p.Bar = s.bar(r, v, "control")
	p.Path = v.b.root + "/desk/control"
	return s.renderer.Write(w, http.StatusOK, p)
}

func (s *Server) controlState(w http.ResponseWriter, r *http.Request) error {
	_, state, err := s.controlNow(w, r)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, state)
}

// controlNow is the control room as it is.
func (s *Server) controlNow(w http.ResponseWriter, r *http.Request) (*view, ControlState, error) {
	var state ControlState
	v, err := s.private(w, r, "control.title")
	if err != nil {
		return nil, state, err
	}
	t, who := v.b.t, s.who(r)
	devices, err := s.store.Devices(r.Context(), who, v.c)
	if err != nil {
		return nil, state, err
	}
	late, err := s.store.LateMarks(r.Context(), who, v.c)
	if err != nil {
		return nil, state, err
	}
	state = ControlState{Updated: v.b.now(), Devices: []ControlDevice{}, Groups: v.unitsByStatus(who), LateURL: v.b.root + "/desk/inbox"}
	if n := waiting(late); n > 0 {
		state.Late = t.T("control.late", n)
	}
	alerts, unsent := 0, 0
	for i := range devices {
		d := v.device(&devices[i], s.store.Now())
		if d.Alert {
			alerts++
		}
		unsent += int(devices[i].Unsent)
		state.Devices = append(state.Devices, d)
	}
	slices.SortStableFunc(state.Devices, func(a, b ControlDevice) int { return cmp.Compare(urgency(&a), urgency(&b)) })
	state.Heading = t.T("control.devices", len(devices))
	var told []string
	if alerts > 0 {
		told = append(told, t.T("control.alerts", alerts))
	}
	if unsent > 0 {
		told = append(told, t.T("control.unsent-all", unsent))
	}
	state.Alarm = strings.Join(told, t.T("tell.comma"))
	state.Sentence = t.Join(state.Alarm, state.Late)
	return v, state, nil
}

func waiting(late []events.LateView) (n int) {
	for i := range late {
		if late[i].Verdict == "" {
			n++
		}
	}
	return n
}

func urgency(d *ControlDevice) int {
	switch d.Status {
	case "alert":
		return 0
	case "saved":
		return 1
	}
	return 2
}

// device is a device with what is to be said of it.
func (v *view) device(d *events.DeviceView, now time.Time) ControlDevice {
	t := v.b.t
	id := strconv.FormatInt(d.ID, 10)
	c := ControlDevice{ID: id, URL: v.b.root + "/desk/control/devices/" + id, Name: t.T("control.device", strconv.FormatInt(d.Number, 10)), Seat: d.Seat, Judge: cmp.Or(d.Judge, t.T("control.nobody")),
		Unsent: strconv.FormatInt(d.Unsent, 10), Battery: "—", Version: cmp.Or(d.App, "—"), Seen: t.T("control.never")}
	heard := d.Started
	if !d.Beat.IsZero() {
		heard = d.Beat
		c.Seen = t.ago(now.Sub(d.Beat))
	}
	if d.Battery != nil {
		c.Battery = strconv.FormatInt(*d.Battery, 10) + "%"
	}
	skew := time.Duration(d.Skew) * time.Millisecond
	far := !d.Beat.IsZero() && (skew >= farClock || -skew >= farClock)
	if far {
		c.Clock = t.skew(skew)
	}
	alert := func(key string) { c.Status, c.StatusText, c.Alert = "alert", t.T(key), true }
	switch {
	case now.Sub(heard) >= silentAfter:
		alert("control.silent")
	case d.Battery != nil && *d.Battery <= lowBattery:
		alert("control.low")
	case far:
		alert("control.clock")
	case d.Unsent > 0:
		c.Status, c.StatusText = "saved", t.T("control.sending")
	case d.Judge == "":
		c.Status, c.StatusText = "scheduled", t.T("control.empty")
	default:
		c.Status, c.StatusText = "sent", t.T("control.fine")
	}
	return c
}

// ago says how long ago something was.
func (t *Translator) ago(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return t.T("control.seconds-ago", strconv.Itoa(int(d.Seconds())))
	case d < time.Hour:
		return t.T("control.minutes-ago", strconv.Itoa(int(d.Minutes())))
	}
	return t.T("control.hours-ago", strconv.Itoa(int(d.Hours())))
}

// skew says how far a clock is off.
func (t *Translator) skew(d time.Duration) string {
	key := "control.ahead"
	if d < 0 {
		key, d = "control.behind", -d
	}
	return t.T(key, strconv.Itoa(int(d.Minutes())), strconv.Itoa(int(d.Seconds())%60))
}

// unitsByStatus are the units that somebody looks after, by how far their
// results are.
func (v *view) unitsByStatus(who access.Who) []ControlGroup {
	t := v.b.t
	groups := make([]ControlGroup, 0, 5)
	for _, status := range []string{StatusLive, StatusProtested, StatusUnofficial, StatusStartList, StatusOfficial} {
		g := ControlGroup{Status: status, StatusText: t.Status(status), Units: []ControlUnit{}}
		n := 0
		for i := range v.b.programme.Units {
			u := &v.b.programme.Units[i]
			phase := v.b.programme.Phase(u.PhaseID)
			event := v.b.programme.Event(phase.EventID)
			if u.Status == events.Cancelled || statusCode(u) != status || access.May(who, access.ReadControl, access.Object{Discipline: event.DisciplineID}) != access.Allowed {
				continue
			}
			if n++; n > mostUnitsNamed {
				continue
			}
			id := strconv.FormatInt(u.ID, 10)
			g.Units = append(g.Units, ControlUnit{ID: id, URL: v.b.root + "/desk/control/units/" + id, Title: t.Join(v.b.eventName(event), v.b.phaseOf(u, phase)), Detail: t.Join(v.b.hour(u.Start), u.Venue)})
		}
		if g.Count = strconv.Itoa(n); n > mostUnitsNamed {
			g.More = t.T("control.more", n-mostUnitsNamed)
		}
		groups = append(groups, g)
	}
	return groups
}

// deviceDesk is one device as the control room sees it.
func (s *Server) deviceDesk(w http.ResponseWriter, r *http.Request) (*view, *events.DeviceView, error) {
	v, err := s.private(w, r, "control.title")
	if err != nil {
		return nil, nil, err
	}
	v.Bar = s.bar(r, v, "control")
	id, err := number(r, "device")
	if err != nil {
		return nil, nil, err
	}
	devices, err := s.store.Devices(r.Context(), s.who(r), v.c)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(devices, func(d events.DeviceView) bool { return d.ID == id })
	if i < 0 {
		return nil, nil, errNoPage
	}
	return v, &devices[i], nil
}

func (s *Server) controlDevice(w http.ResponseWriter, r *http.Request) error {
	v, d, err := s.deviceDesk(w, r)
	if err != nil {
		return err
	}
	p, err := s.devicePage(r, v, d)
	if err != nil {
		return err
	}
	for _, known := range []string{"told", "moved"} {
		if r.URL.Query().Get("done") == known {
			p.Done = v.b.t.T("control.did-" + known)
		}
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

func (s *Server) devicePage(r *http.Request, v *view, d *events.DeviceView) (ControlDevicePage, error) {
	t := v.b.t
	c := v.device(d, s.store.Now())
	p := ControlDevicePage{Page: v.Page, URL: c.URL, ControlURL: v.b.root + "/desk/control", Device: c, Last: d.Last, Text: r.PostFormValue("text"),
		Facts: []Fact{{t.T("control.seat"), c.Seat}, {t.T("control.judge"), c.Judge}, {t.T("control.seen"), c.Seen}, {t.T("control.unsent"), c.Unsent}, {t.T("control.battery"), c.Battery},
			{t.T("control.version"), c.Version}, {t.T("control.browser"), cmp.Or(d.SeatDevice.Device, "—")}, {t.T("control.paired"), v.minute(d.Started)}}}
	if c.Clock != "" {
		p.Facts = append(p.Facts, Fact{t.T("control.clock-fact"), c.Clock})
	}
	if d.Unsent > 0 {
		p.Unsent = t.T("control.unsent-here", int(d.Unsent))
	}
	if d.Unread > 0 {
		p.Last = t.T("control.unread", d.Last)
	}
	p.Path, p.Title = c.URL, t.Join(c.Name, c.Seat)
	seats, err := s.store.Seats(r.Context(), s.who(r), v.c)
	for i := range seats {
		if seats[i].ID != d.SeatID && seats[i].Closed.IsZero() {
			p.Seats = append(p.Seats, Option{Value: strconv.FormatInt(seats[i].ID, 10), Text: seats[i].Name})
		}
	}
	return p, err
}

// actOnDevice says something to a device, moves it, or ends its pairing.
func (s *Server) actOnDevice(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	v, d, err := s.deviceDesk(w, r)
	if err != nil {
		return err
	}
	who, do, next := s.who(r), r.PostFormValue("do"), v.b.root+"/desk/control"
	here := next + "/devices/" + strconv.FormatInt(d.ID, 10)
	var refused error
	switch do {
	case "tell":
		next, refused = here+"?done=told", s.store.Tell(r.Context(), who, v.c, d.ID, r.PostFormValue("text"))
	case "end":
		refused = s.store.EndDevice(r.Context(), who, v.c, d.ID)
		s.hub.Dismiss(seatSession + strconv.FormatInt(d.ID, 10))
	default: // the seat's own button
		next, refused = here+"?done=moved", s.store.MoveDevice(r.Context(), who, v.c, d.ID, numberIn(r.PostFormValue("seat")), r.PostFormValue("sure") == "1")
	}
	if refused == nil {
		s.log.Info("device handled", "competition", v.c.Code, "device", d.ID, "by", who.Account, "what", cmp.Or(do, "move"))
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	text, field, ok := v.said(refused)
	if !ok {
		return refused
	}
	p, err := s.devicePage(r, v, d)
	if err != nil {
		return err
	}
	target := "main"
	switch field {
	case "text":
		target, p.TextBad = "text", text
	case "sure":
		target = "sure"
	}
	p.Wrong, p.Problems = true, []Problem{{target, text}}
	return s.renderer.Write(w, statusOf(refused), p)
}

// controlUnit shows what every judge has given in a unit.
func (s *Server) controlUnit(w http.ResponseWriter, r *http.Request) error {
	v, err := s.private(w, r, "control.title")
	if err != nil {
		return err
	}
	id, err := number(r, "unit")
	if err != nil {
		return err
	}
	sheet, u, given, err := s.store.Inputs(r.Context(), s.who(r), v.c.Code, id)
	if err != nil {
		return err
	}
	t := v.b.t
	_, phase, event, err := v.b.unitParts(id)
	if err != nil {
		return err
	}
	p := ControlUnitPage{Page: v.Page, ControlURL: v.b.root + "/desk/control", Heading: t.Join(v.b.eventName(event), v.b.phaseOf(&u, phase)), Over: v.b.disciplineName(event),
		JudgeURL: v.b.root + "/judge/units/" + strconv.FormatInt(id, 10)}
	p.Bar = s.bar(r, v, "control")
	p.Path, p.Title = v.b.root+"/desk/control/units/"+strconv.FormatInt(id, 10), p.Heading
	apart := 0
	for i := range sheet.Lines {
		l := &sheet.Lines[i]
		in := ControlInputs{ID: l.ID(), Name: l.FullName(), About: t.Join(v.b.pick(l.Delegation, l.DelegationEn), l.Class)}
		for j := range given {
			if given[j].Start == l.StartID {
				row, n := v.given(&given[j])
				in.Rows, apart = append(in.Rows, row), apart+n
			}
		}
		if len(in.Rows) > 0 {
			p.Lines = append(p.Lines, in)
		}
	}
	if apart > 0 {
		p.Apart = t.T("control.apart", apart)
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

// given is what was given for one thing, and how much of it stands apart.
func (v *view) given(g *events.GivenFor) (row ControlInput, apart int) {
	row.Title = g.Group
	for _, one := range g.Given {
		place := ""
		if one.Place != "" {
			place = v.b.t.place(one.Place)
		}
		row.Given = append(row.Given, ControlGiven{Place: place, Text: one.Text, By: one.By, Apart: one.Apart})
		if one.Apart {
			apart++
		}
	}
	return row, apart
}

// inboxPage is the chief judge's inbox.
func (s *Server) inboxPage(w http.ResponseWriter, r *http.Request) (*view, InboxPage, error) {
	v, err := s.private(w, r, "inbox.title")
	if err != nil {
		return nil, InboxPage{}, err
	}
	late, err := s.store.LateMarks(r.Context(), s.who(r), v.c)
	if err != nil {
		return nil, InboxPage{}, err
	}
	p := InboxPage{Page: v.Page, Action: v.b.root + "/desk/inbox", ControlURL: v.b.root + "/desk/control"}
	p.Bar = s.bar(r, v, "control")
	p.Path = p.Action
	for i := range late {
		m, err := s.late(r, v, &late[i])
		if err != nil {
			return nil, p, err
		}
		if late[i].Verdict == "" {
			p.Waiting = append(p.Waiting, m)
		} else {
			p.Decided = append(p.Decided, m)
		}
	}
	return v, p, nil
}

// late is a late mark as the chief sees it.
func (s *Server) late(r *http.Request, v *view, l *events.LateView) (InboxMark, error) {
	t := v.b.t
	m := InboxMark{ID: strconv.FormatInt(l.ID, 10), Command: uuid.NewString(), Saw: l.Revision, Now: l.Now, Why: t.T("inbox.why-" + l.Problem), Said: l.LateMark.Reason,
		Value: cmp.Or(l.Ask.Mark, t.IRM(l.Ask.IRM, l.Ask.Rule)), Official: l.Unit.ResultStatus == events.Official, Taken: l.Verdict == events.LateTaken,
		By: t.Join(l.By, l.Seat, v.minute(l.At)), Reopens: l.Unit.ResultStatus == events.Official, UnitURL: v.b.root + "/units/" + strconv.FormatInt(l.UnitID, 10)}
	if l.Ask.Clear {
		m.Value = t.T("inbox.clear")
	}
	if l.Ask.Cell != events.TimeCell {
		m.Cell = l.Ask.Cell
	}
	_, phase, event, err := v.b.unitParts(l.UnitID)
	if err != nil {
		return m, err
	}
	m.Unit = t.Join(v.b.eventName(event), v.b.phaseOf(&l.Unit, phase))
	sheet, err := s.store.Sheet(r.Context(), l.Phase, l.UnitID)
	if err != nil {
		return m, err
	}
	if line := sheet.Line(strconv.FormatInt(l.StartID, 10)); line != nil {
		m.Line = t.Join(line.LaneText(), line.FullName(), v.b.pick(line.Delegation, line.DelegationEn))
	}
	if l.Verdict != "" {
		m.Verdict = t.T("inbox.verdict-"+string(l.Verdict), l.DecidedBy, v.minute(l.Decided))
	}
	return m, nil
}

func (s *Server) inbox(w http.ResponseWriter, r *http.Request) error {
	v, p, err := s.inboxPage(w, r)
	if err != nil {
		return err
	}
	for _, known := range []string{"take", "aside"} {
		if r.URL.Query().Get("done") == known {
			p.Done = v.b.t.T("inbox.did-" + known)
		}
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

// decideLate takes a late mark or puts it aside.
func (s *Server) decideLate(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	id, do := r.PostFormValue("late"), r.PostFormValue("do")
	a := events.DecideLate{Late: numberIn(id), Take: do == "take", Saw: numberIn(r.PostFormValue("saw"))}
	_, refused := s.store.DecideLate(r.Context(), s.ask(r), s.who(r), a)
	if refused == nil {
		if !a.Take {
			do = "aside"
		}
		http.Redirect(w, r, "/c/"+r.PathValue("competition")+"/desk/inbox?done="+do, http.StatusSeeOther)
		return nil
	}
	v, p, err := s.inboxPage(w, r)
	if err != nil {
		return err
	}
	text, _, ok := v.said(refused)
	if !ok {
		return refused
	}
	target := "main"
	for i := range p.Waiting {
		if m := &p.Waiting[i]; m.ID == id {
			target, m.Bad, m.Reason = "why-"+id, text, r.PostFormValue("reason")
		}
	}
	p.Wrong, p.Problems = true, []Problem{{target, text}}
	return s.renderer.Write(w, statusOf(refused), p)
}
