// Reading the classification days: panels with who comes when, and who still has
// to be seen. An organiser sees all of them, a classifier those that they sit on;
// another panel is answered like one that does not exist.
package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/panels"
)

// PanelView is a panel with who sits on it and who comes before it.
type PanelView struct {
	Panel
	Discipline Discipline
	Members    []Account  // the first leads
	Slots      []SlotView // by time
}

// SlotView is a slot with its person. Undone tells that the outcome was taken
// back; Outside that the slot no longer lies within the panel's hours.
type SlotView struct {
	PanelSlot
	Person     Participant
	Delegation Delegation
	Held       []SportClass // in the panel's discipline
	Outside    bool
}

// sits reports whether somebody is a classifier of a panel.
func sits(ctx context.Context, db bun.IDB, who access.Who, panel int64) (bool, error) {
	if who.Role != access.Classifier || who.Account == 0 {
		return false, nil
	}
	yes, err := db.NewSelect().Model((*panelMember)(nil)).Where("panel_id = ?", panel).Where("account_id = ?", who.Account).Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look who sits on panel %d: %w", panel, err)
	}
	return yes, nil
}

// mayPanel finds a panel that somebody may do an act to. A classifier reaches
// the panels that they sit on.
func mayPanel(ctx context.Context, db bun.IDB, who access.Who, act access.Act, competition, id int64) (Panel, error) {
	p, err := byID[Panel](ctx, db, competition, id, "no-such-panel")
	if err != nil {
		return p, err
	}
	if err := may(who, act, access.Object{Discipline: p.DisciplineID}, panelMissing(id)); err != nil {
		return p, err
	}
	if who.Role == access.Classifier {
		on, err := sits(ctx, db, who, id)
		if err != nil {
			return p, err
		}
		if !on {
			return p, panelMissing(id)
		}
	}
	return p, nil
}

// onPanel finds a panel that somebody sits on and that still works: who decides,
// or reads files.
func onPanel(ctx context.Context, db bun.IDB, who access.Who, c Competition, now time.Time, id int64) (Panel, error) {
	p, err := mayPanel(ctx, db, who, access.WritePanel, c.ID, id)
	if err != nil {
		return p, err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return p, fmt.Errorf("zone of %s: %w", c.Code, err)
	}
	if !p.Open(now.In(zone).Format(time.DateOnly)) {
		return p, &Refusal{Status: StatusClosed, Problem: "panel-over", With: []string{p.Name, p.LastDay}}
	}
	return p, nil
}

// Panels lists the panels that somebody may read, by discipline and name.
func (s *Store) Panels(ctx context.Context, who access.Who, competition string) ([]PanelView, error) {
	if !access.Ever(who, access.ReadPanel) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	return s.panelViews(ctx, s.r, who, c, 0)
}

// Panel loads one panel that somebody may read.
func (s *Store) Panel(ctx context.Context, who access.Who, competition string, id int64) (*PanelView, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	if _, err := mayPanel(ctx, s.r, who, access.ReadPanel, c.ID, id); err != nil {
		return nil, err
	}
	views, err := s.panelViews(ctx, s.r, who, c, id)
	if err != nil {
		return nil, err
	}
	if len(views) == 0 {
		return nil, panelMissing(id)
	}
	return &views[0], nil
}

// panelViews loads panels with everything about them; id 0: all that somebody
// may read.
func (s *Store) panelViews(ctx context.Context, db bun.IDB, who access.Who, c Competition, id int64) ([]PanelView, error) {
	var rows []Panel
	q := db.NewSelect().Model(&rows).Where("competition_id = ?", c.ID).Order("discipline_id", "name")
	if id != 0 {
		q = q.Where("id = ?", id)
	}
	if who.Role == access.Classifier {
		q = q.Where("id IN (SELECT panel_id FROM panel_members WHERE account_id = ?)", who.Account)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("load panels: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(p Panel) bool {
		return access.May(who, access.ReadPanel, access.Object{Discipline: p.DisciplineID}) != access.Allowed
	})
	if len(rows) == 0 {
		return nil, nil
	}
	days, err := s.loadPanelDays(ctx, db, c)
	if err != nil {
		return nil, err
	}
	views := make([]PanelView, len(rows))
	for i, p := range rows {
		views[i] = days.view(p)
	}
	return views, nil
}

// panelDays is everything that pages of the classification days are made from.
type panelDays struct {
	c           Competition
	zone        *time.Location
	people      map[int64]Participant
	delegations map[int64]Delegation
	disciplines map[int64]Discipline
	accounts    map[int64]Account
	panels      map[int64]Panel
	members     []panelMember
	slots       []PanelSlot
	held        map[[2]int64][]SportClass // by participant and discipline
}

func (s *Store) loadPanelDays(ctx context.Context, db bun.IDB, c Competition) (*panelDays, error) {
	d := &panelDays{c: c, held: map[[2]int64][]SportClass{}}
	var err error
	if d.zone, err = time.LoadLocation(c.Zone); err != nil {
		return nil, fmt.Errorf("zone of %s: %w", c.Code, err)
	}
	if d.people, err = allOf[Participant](ctx, db, c.ID, func(p *Participant) int64 { return p.ID }); err != nil {
		return nil, err
	}
	if d.delegations, err = allOf[Delegation](ctx, db, c.ID, func(p *Delegation) int64 { return p.ID }); err != nil {
		return nil, err
	}
	if d.disciplines, err = allOf[Discipline](ctx, db, c.ID, func(p *Discipline) int64 { return p.ID }); err != nil {
		return nil, err
	}
	if d.accounts, err = allOf[Account](ctx, db, c.ID, func(p *Account) int64 { return p.ID }); err != nil {
		return nil, err
	}
	if d.panels, err = allOf[Panel](ctx, db, c.ID, func(p *Panel) int64 { return p.ID }); err != nil {
		return nil, err
	}
	var held []SportClass
	for _, err := range []error{
		db.NewSelect().Model(&d.members).Where("panel_id IN (SELECT id FROM panels WHERE competition_id = ?)", c.ID).Order("panel_id", "position").Scan(ctx),
		db.NewSelect().Model(&d.slots).Where("competition_id = ?", c.ID).Order("start", "id").Scan(ctx),
		db.NewSelect().Model(&held).Where("competition_id = ?", c.ID).Where("superseded = ?", false).Order("class_group", "id").Scan(ctx),
	} {
		if err != nil {
			return nil, fmt.Errorf("load the classification days: %w", err)
		}
	}
	for _, h := range held {
		key := [2]int64{h.ParticipantID, h.DisciplineID}
		d.held[key] = append(d.held[key], h)
	}
	return d, nil
}

func (d *panelDays) view(p Panel) PanelView {
	v := PanelView{Panel: p, Discipline: d.disciplines[p.DisciplineID]}
	for _, m := range d.members {
		if m.PanelID == p.ID {
			v.Members = append(v.Members, d.accounts[m.AccountID])
		}
	}
	hours := p.hours(nil)
	for _, sl := range d.slots {
		if sl.PanelID == p.ID {
			person := d.people[sl.ParticipantID]
			v.Slots = append(v.Slots, SlotView{PanelSlot: sl, Person: person, Delegation: d.delegations[person.DelegationID],
				Held: d.held[[2]int64{person.ID, p.DisciplineID}], Outside: !hours.Holds(sl.span(), d.zone)})
		}
	}
	return v
}

// taken are the spans of a panel's slots, but for one.
func (d *panelDays) taken(panel, but int64) (all []panels.Span) {
	for i := range d.slots {
		if sl := &d.slots[i]; sl.PanelID == panel && sl.ID != but {
			all = append(all, sl.span())
		}
	}
	return all
}

// busy are a person's slots before any panel, but for one.
func (d *panelDays) busy(participant, but int64) (all []panels.Span) {
	for i := range d.slots {
		if sl := &d.slots[i]; sl.ParticipantID == participant && sl.ID != but {
			all = append(all, sl.span())
		}
	}
	return all
}

// booked is a person's slot for the ordinary evaluation in a discipline; nil:
// none.
func (d *panelDays) booked(participant, discipline int64) *PanelSlot {
	for i := range d.slots {
		if sl := &d.slots[i]; sl.ParticipantID == participant && sl.CaseID == 0 && sl.State == SlotBooked && d.panels[sl.PanelID].DisciplineID == discipline {
			return sl
		}
	}
	return nil
}

// ToSee is somebody who has to be seen by a panel of a discipline before they
// compete. Slot is nil while they have none; times are zero while unknown.
type ToSee struct {
	Person     Participant
	Delegation Delegation
	Discipline Discipline
	Held       []SportClass
	Why        panels.Why
	Impairment panels.Impairment
	Arrives    time.Time
	Starts     time.Time // first start in the discipline
	Slot       *PanelSlot
}

// ToSee lists who has to be seen, by discipline, first start and name.
func (s *Store) ToSee(ctx context.Context, who access.Who, competition string) ([]ToSee, error) {
	if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
		return nil, err
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	d, err := s.loadPanelDays(ctx, s.r, c)
	if err != nil {
		return nil, err
	}
	return s.toSee(ctx, s.r, d)
}

func (s *Store) toSee(ctx context.Context, db bun.IDB, d *panelDays) ([]ToSee, error) {
	f, err := loadFirsts(ctx, db, d.c)
	if err != nil {
		return nil, err
	}
	year := 0
	if day, err := time.Parse(time.DateOnly, d.c.Starts); err == nil {
		year = day.Year()
	}
	var all []ToSee
	for key, groups := range f.groups {
		why, class := d.needs(key, groups, year)
		if why == panels.NotNeeded {
			continue
		}
		person := d.people[key[0]]
		all = append(all, ToSee{Person: person, Delegation: d.delegations[person.DelegationID], Discipline: d.disciplines[key[1]], Held: d.held[key],
			Why: why, Impairment: panels.ImpairmentOf(class), Arrives: f.arrives[key[0]], Starts: f.starts[key], Slot: d.booked(key[0], key[1])})
	}
	slices.SortFunc(all, func(a, b ToSee) int {
		return cmp.Or(cmp.Compare(a.Discipline.Code, b.Discipline.Code), a.Starts.Compare(b.Starts), cmp.Compare(a.Person.Code, b.Person.Code), cmp.Compare(a.Person.ID, b.Person.ID))
	})
	return all, nil
}

// needs says why a person has to be seen, and the class that says how: the first
// class group of the events entered that asks for it.
func (d *panelDays) needs(key [2]int64, groups []string, year int) (panels.Why, string) {
	held := d.held[key]
	for _, h := range held {
		if h.ClassGroup == "" && classes.Pseudo(h.Class) {
			return panels.Needs(h.Class, h.Status, h.Review, year, h.Cause != ""), ""
		}
	}
	class := ""
	for _, h := range held {
		class = cmp.Or(class, h.Class)
	}
	for _, g := range groups {
		at := slices.IndexFunc(held, func(h SportClass) bool { return h.ClassGroup == g })
		if at < 0 {
			return panels.NoClass, class
		}
		h := &held[at]
		if why := panels.Needs(h.Class, h.Status, h.Review, year, h.Cause != ""); why != panels.NotNeeded {
			return why, h.Class
		}
	}
	return panels.NotNeeded, class
}

// firsts is what slots depend on: by participant and discipline the class groups
// of the events entered and the first start; by participant the arrival.
type firsts struct {
	groups  map[[2]int64][]string
	starts  map[[2]int64]time.Time
	arrives map[int64]time.Time
}

func loadFirsts(ctx context.Context, db bun.IDB, c Competition) (*firsts, error) {
	f := &firsts{groups: map[[2]int64][]string{}, starts: map[[2]int64]time.Time{}, arrives: map[int64]time.Time{}}
	var entered []struct {
		ParticipantID, DisciplineID, EventID, EntryID int64
		Classes                                       string
	}
	const in = "SELECT e.participant_id, v.discipline_id, v.id AS event_id, e.id AS entry_id, v.classes FROM entries AS e JOIN events AS v ON v.id = e.event_id WHERE e.competition_id = ? AND e.state = '' AND e.participant_id IS NOT NULL"
	const inTeams = "SELECT k.participant_id, v.discipline_id, v.id AS event_id, e.id AS entry_id, v.classes FROM entry_members AS k JOIN entries AS e ON e.id = k.entry_id JOIN events AS v ON v.id = e.event_id WHERE e.competition_id = ? AND e.state = '' AND NOT k.out"
	if err := db.NewRaw(in+" UNION ALL "+inTeams+" ORDER BY 1, 3", c.ID, c.ID).Scan(ctx, &entered); err != nil {
		return nil, fmt.Errorf("load who is entered where: %w", err)
	}
	var times []struct {
		EventID int64
		EntryID int64 `bun:",nullzero"`
		Start   time.Time
	}
	err := db.NewSelect().TableExpr("units AS u").ColumnExpr("p.event_id, s.entry_id, u.start").Join("JOIN phases AS p ON p.id = u.phase_id").
		Join("LEFT JOIN starts AS s ON s.unit_id = u.id").Where("u.competition_id = ?", c.ID).Where("u.start IS NOT NULL").Scan(ctx, &times)
	if err != nil {
		return nil, fmt.Errorf("load when units start: %w", err)
	}
	own, whole := map[int64]time.Time{}, map[int64]time.Time{}
	earliest := func(m map[int64]time.Time, id int64, t time.Time) {
		if old, ok := m[id]; !ok || t.Before(old) {
			m[id] = t
		}
	}
	for _, t := range times {
		earliest(whole, t.EventID, t.Start)
		if t.EntryID != 0 {
			earliest(own, t.EntryID, t.Start)
		}
	}
	for _, e := range entered {
		key := [2]int64{e.ParticipantID, e.DisciplineID}
		if set := classes.Set(e.Classes); len(set) > 0 {
			for _, g := range classes.Groups(set) {
				if !slices.Contains(f.groups[key], g) {
					f.groups[key] = append(f.groups[key], g)
				}
			}
		}
		t, drawn := own[e.EntryID]
		if !drawn {
			t = whole[e.EventID]
		}
		if old, ok := f.starts[key]; !t.IsZero() && (!ok || t.Before(old)) {
			f.starts[key] = t
		}
	}
	return f, f.loadArrivals(ctx, db, c)
}

func (f *firsts) loadArrivals(ctx context.Context, db bun.IDB, c Competition) error {
	arrive, err := loadArrivals(ctx, db, c, 0)
	if err != nil {
		return err
	}
	var rows []Registration
	err = db.NewSelect().Model(&rows).Column("id", "delegation_id", "participant_id").Where("competition_id = ?", c.ID).Where("participant_id IS NOT NULL").Order("id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("load who arrives when: %w", err)
	}
	for _, g := range rows {
		if t := arrive.of(g.DelegationID, g.ID); !t.IsZero() && (f.arrives[g.ParticipantID].IsZero() || t.Before(f.arrives[g.ParticipantID])) {
			f.arrives[g.ParticipantID] = t
		}
	}
	return nil
}
