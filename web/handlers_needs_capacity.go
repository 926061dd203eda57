package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
)

// Whether there is enough of everything, by day and hour.

func (s *Server) needsCapacity(w http.ResponseWriter, r *http.Request) error {
	d, err := s.needsAtDesk(w, r)
	if err != nil {
		return err
	}
	page, err := s.capacityPage(r, d, ResourceTyped{From: "0", To: "24"})
	if err != nil {
		return err
	}
	return s.renderer.Write(w, http.StatusOK, *page)
}

func (s *Server) capacityPage(r *http.Request, d *needsAtDesk, typed ResourceTyped) (*NeedsCapacityPage, error) {
	capacity, err := s.store.Capacity(r.Context(), d.who, d.c.Code)
	if err != nil {
		return nil, err
	}
	arrivals, err := s.store.Arrivals(r.Context(), d.who, d.c.Code, 0)
	if err != nil {
		return nil, err
	}
	p := &NeedsCapacityPage{Page: d.Page, Back: d.url, Action: d.url + "/capacity", Command: uuid.NewString(), Short: d.shortage(capacity.Slots),
		Days: d.days(capacity.Slots), Typed: typed}
	p.Title = d.t.T("needs.capacity-title")
	for _, code := range slices.Sorted(maps.Keys(capacity.Undated)) {
		p.Undated = append(p.Undated, d.t.T("needs.undated-line", d.t.needKind(code), strconv.Itoa(capacity.Undated[code])))
	}
	for _, res := range capacity.Resources {
		p.Resources = append(p.Resources, d.resource(&res))
	}
	for _, k := range needs.Kinds {
		hidden := k.Audience == needs.Medics && d.who.Role == access.Service || k.Audience != needs.Medics && d.who.Role == access.Medical
		if k.Counts != needs.Uncounted && !hidden {
			p.Kinds = append(p.Kinds, NeedOption{string(k.Code), d.t.needKind(k.Code), string(k.Code) == typed.Kind})
		}
	}
	for _, a := range arrivals {
		p.Arrivals = append(p.Arrivals, ArrivalLine{When: d.date(a.Day) + " " + a.Clock, Delegation: d.pick(a.Delegation, a.DelegationEn),
			Place: d.t.Join(a.Place, a.Means), People: strconv.Itoa(a.People), URL: d.b.root + "/team/" + strconv.FormatInt(a.DelegationID, 10) + "/arrival"})
	}
	return p, nil
}

// days lays slots out day by day.
func (d *needsAtDesk) days(slots []needs.Slot) (days []CapacityDay) {
	last := ""
	for _, s := range slots {
		if s.Day != last {
			days, last = append(days, CapacityDay{Title: d.date(s.Day)}), s.Day
		}
		line := CapacityLine{When: d.slot(s), Kind: d.t.needKind(s.Kind), Want: strconv.Itoa(s.Want), Have: strconv.Itoa(s.Have)}
		if short := s.Short(); short > 0 {
			line.Short = d.t.T("needs.short", strconv.Itoa(short))
		}
		today := &days[len(days)-1]
		today.Lines = append(today.Lines, line)
	}
	return days
}

// resource says what there is of something: 40，6 月 19 日 · 12–18 时 · 红十字会.
func (d *needsAtDesk) resource(res *events.NeedResource) ResourceLine {
	when := d.date(res.Day)
	if res.Until != "" && res.Until != res.Day {
		when = d.t.T("needs.day-to", when, d.date(res.Until))
	}
	hours := ""
	if res.FromHour != 0 || res.ToHour != 24 {
		hours = d.t.T("needs.resource-hours", strconv.Itoa(res.FromHour), strconv.Itoa(res.ToHour))
	}
	return ResourceLine{ID: strconv.FormatInt(res.ID, 10), Code: string(res.Kind), Kind: d.t.needKind(res.Kind), Command: uuid.NewString(),
		Text: d.t.T("needs.resource-line", strconv.Itoa(res.Pieces), d.t.Join(when, hours, res.Note))}
}

// needsResource takes a line of what there is, or takes one away.
func (s *Server) needsResource(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.needsAtDesk(w, r)
	if err != nil {
		return err
	}
	f := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	typed := ResourceTyped{Kind: f("kind"), Pieces: f("pieces"), Day: f("day"), Until: f("until"), From: f("from"), To: f("to"), Note: f("note")}
	act := events.SetResource{Kind: needs.Code(typed.Kind), Day: typed.Day, Until: typed.Until, Note: typed.Note}
	for _, number := range []struct {
		name  string
		into  *int
		empty int
	}{{"pieces", &act.Pieces, 0}, {"from", &act.From, 0}, {"to", &act.To, 24}} {
		if *number.into = number.empty; f(number.name) == "" {
			continue
		}
		if *number.into, err = strconv.Atoi(f(number.name)); err != nil {
			err = &events.Refusal{Status: events.StatusInvalid, Field: number.name, Problem: "need-number", With: []string{typed.Kind}}
			break
		}
	}
	if id := f("id"); id != "" && err == nil {
		if act.ID, err = strconv.ParseInt(id, 10, 64); err != nil {
			return errForm
		}
	}
	if err == nil {
		_, err = s.store.SetResource(r.Context(), s.ask(r), d.who, act)
	}
	switch {
	case err == nil:
		http.Redirect(w, r, d.url+"/capacity", http.StatusSeeOther)
		return nil
	case !saidOnPage(err):
		return err
	}
	page, err2 := s.capacityPage(r, d, typed)
	if err2 != nil {
		return err2
	}
	field, text := d.t.needProblem(err)
	target := "resource"
	if slices.Contains([]string{"kind", "pieces", "day", "until", "from", "to", "note"}, field) {
		target = field
	}
	page.Problems, page.Wrong = []Problem{{Target: target, Text: text}}, true
	return s.renderer.Write(w, statusOf(err), *page)
}
