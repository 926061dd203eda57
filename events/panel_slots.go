// Slots: when a person comes before which panel. Proposals are a pure function of
// hours, arrivals and first starts (package panels); what is given by hand is
// held to the same rules, and delegations are told.
package events

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/events/access"
	"tongchang/events/panels"
)

// Proposed is what the slots that there are would come to.
type Proposed struct {
	Slots []ProposedSlot
	Left  []LeftOut
}

// ProposedSlot is a slot for somebody who needs one.
type ProposedSlot struct {
	panels.Slot
	Who   ToSee
	Panel Panel
}

// LeftOut is somebody for whom there is no slot.
type LeftOut struct {
	Who ToSee
	Why panels.NoSlot
}

// ProposeSlots proposes a slot for everybody who needs one and has none.
func (s *Store) ProposeSlots(ctx context.Context, who access.Who, competition string) (*Proposed, error) {
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
	all, err := s.toSee(ctx, s.r, d)
	if err != nil {
		return nil, err
	}
	rules, err := rulesOfPanels(ctx, s.r, c.ID)
	if err != nil {
		return nil, err
	}
	out := &Proposed{}
	for discipline := range slices.Values(slices.Sorted(maps.Keys(d.disciplines))) {
		d.propose(rules, s.now(), discipline, all, out)
	}
	return out, nil
}

// propose fills in one discipline's. What was proposed in another discipline is
// taken into account: a person has one body.
func (d *panelDays) propose(rules panels.Rules, now time.Time, discipline int64, all []ToSee, out *Proposed) {
	var people []panels.Person
	by := map[int64]ToSee{}
	for _, w := range all {
		if w.Discipline.ID != discipline || w.Slot != nil {
			continue
		}
		busy := d.busy(w.Person.ID, 0)
		for _, p := range out.Slots {
			if p.Person == w.Person.ID {
				busy = append(busy, p.Span)
			}
		}
		people = append(people, panels.Person{ID: w.Person.ID, Impairment: w.Impairment, Arrives: w.Arrives, Starts: w.Starts, Busy: busy})
		by[w.Person.ID] = w
	}
	var hours []panels.Panel
	for _, id := range slices.Sorted(maps.Keys(d.panels)) {
		if p := d.panels[id]; p.DisciplineID == discipline {
			hours = append(hours, p.hours(d.taken(id, 0)))
		}
	}
	slots, left := panels.Propose(rules, d.zone, now, hours, people)
	for _, sl := range slots {
		out.Slots = append(out.Slots, ProposedSlot{sl, by[sl.Person], d.panels[sl.Panel]})
	}
	for _, l := range left {
		out.Left = append(out.Left, LeftOut{by[l.Person], l.Why})
	}
}

// BookSlots gives slots. One that is before the rest after arrival is over, or
// too close to the first start, needs the command's reason. Case 0 is the
// ordinary evaluation.
type BookSlots struct {
	Slots []NewSlot `json:"slots" validate:"required,min=1,max=1000,dive"`
}

// NewSlot is one of them. Minutes 0: as the panel's slots are.
type NewSlot struct {
	Panel       int64     `json:"panel" validate:"required"`
	Participant int64     `json:"participant" validate:"required"`
	Case        int64     `json:"case,omitempty"`
	Start       time.Time `json:"start" validate:"required"`
	Minutes     int       `json:"minutes,omitempty" validate:"min=0,max=480"`
}

func (BookSlots) kind() string { return "panel-slots" }

// SlotsBooked is the outcome in the log.
type SlotsBooked struct {
	Slots []int64 `json:"slots"`
}

// MoveSlot gives a slot another time or another panel of the same discipline.
type MoveSlot struct {
	Slot  int64     `json:"slot" validate:"required"`
	Saw   int64     `json:"saw" validate:"required"`
	Panel int64     `json:"panel" validate:"required"`
	Start time.Time `json:"start" validate:"required"`
}

func (MoveSlot) kind() string { return "panel-slot-move" }

// DropSlot takes a slot back that nothing has come of.
type DropSlot struct {
	Slot int64 `json:"slot" validate:"required"`
	Saw  int64 `json:"saw" validate:"required"`
}

func (DropSlot) kind() string { return "panel-slot-drop" }

// MarkSlot notes that a person did not come, or that they did after all.
type MarkSlot struct {
	Slot   int64 `json:"slot" validate:"required"`
	Saw    int64 `json:"saw" validate:"required"`
	Absent bool  `json:"absent"`
}

func (MarkSlot) kind() string { return "panel-slot-mark" }

// slotting is a change of slots under way.
type slotting struct {
	ctx   context.Context
	ch    *Change
	days  *panelDays
	first *firsts
	rules panels.Rules
	told  map[int64][]string // delegation → what is said of its people
}

func (s *Store) slotting(ctx context.Context, ch *Change) (*slotting, error) {
	m := &slotting{ctx: ctx, ch: ch, told: map[int64][]string{}}
	var err error
	if m.days, err = s.loadPanelDays(ctx, ch.Tx, ch.Competition); err != nil {
		return nil, err
	}
	if m.first, err = loadFirsts(ctx, ch.Tx, ch.Competition); err != nil {
		return nil, err
	}
	m.rules, err = rulesOfPanels(ctx, ch.Tx, ch.Competition.ID)
	return m, err
}

// BookSlots is for organisers.
func (s *Store) BookSlots(ctx context.Context, c Command, who access.Who, a BookSlots) (Receipt, error) {
	if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		m, err := s.slotting(ctx, ch)
		if err != nil {
			return nil, err
		}
		out := SlotsBooked{}
		for i := range a.Slots {
			id, err := m.book(&a.Slots[i])
			if err != nil {
				return nil, err
			}
			out.Slots = append(out.Slots, id)
		}
		return out, m.tell("panel-slots")
	})
}

func (m *slotting) book(n *NewSlot) (int64, error) {
	panel, ok := m.days.panels[n.Panel]
	if !ok {
		return 0, panelMissing(n.Panel)
	}
	key := [2]int64{n.Participant, panel.DisciplineID}
	if _, ok := m.days.people[n.Participant]; !ok || m.first.groups[key] == nil && m.days.held[key] == nil {
		return 0, notFound("no-such-participant", strconv.FormatInt(n.Participant, 10))
	}
	sl := PanelSlot{CompetitionID: m.ch.Competition.ID, PanelID: n.Panel, ParticipantID: n.Participant, CaseID: n.Case, Start: n.Start.UTC().Truncate(time.Microsecond), Minutes: n.Minutes,
		State: SlotBooked, By: m.ch.Author, Revision: 1, Seq: m.ch.Seq}
	if sl.Minutes == 0 {
		sl.Minutes = panel.Minutes
	}
	if n.Case != 0 {
		k, err := byID[ClassCase](m.ctx, m.ch.Tx, m.ch.Competition.ID, n.Case, "no-such-case")
		if err != nil {
			return 0, err
		}
		if k.ParticipantID != n.Participant || k.PanelID != n.Panel || k.State != CaseOpen {
			return 0, invalid("case", "case-slot")
		}
	} else if m.days.booked(n.Participant, panel.DisciplineID) != nil {
		return 0, invalid("participant", "slot-has", m.name(n.Participant))
	}
	if err := m.check(&sl); err != nil {
		return 0, err
	}
	if _, err := m.ch.Tx.NewInsert().Model(&sl).Returning("id").Exec(m.ctx); err != nil {
		return 0, fmt.Errorf("book a slot: %w", err)
	}
	m.days.slots = append(m.days.slots, sl)
	m.say(&sl)
	return sl.ID, nil
}

func (m *slotting) name(participant int64) string {
	p := m.days.people[participant]
	return DisplayName(p.Family, p.Given)
}

// check holds a slot against the panel's hours and the person's times.
func (m *slotting) check(sl *PanelSlot) error {
	panel := m.days.panels[sl.PanelID]
	hours := panel.hours(m.days.taken(sl.PanelID, sl.ID))
	switch {
	case !hours.Holds(sl.span(), m.days.zone):
		return invalid("start", "slot-hours", panel.Name, m.clock(sl))
	case slices.ContainsFunc(hours.Taken, sl.span().Meets):
		return invalid("start", "slot-taken", panel.Name, m.clock(sl))
	}
	person := panels.Person{ID: sl.ParticipantID, Arrives: m.first.arrives[sl.ParticipantID], Starts: m.first.starts[[2]int64{sl.ParticipantID, panel.DisciplineID}],
		Busy: m.days.busy(sl.ParticipantID, sl.ID)}
	if sl.CaseID != 0 {
		person.Starts = time.Time{} // a case has a clock of its own
	}
	switch misfit := m.rules.Fits(person, sl.span()); {
	case misfit == panels.Twice:
		return invalid("start", "slot-twice", m.name(sl.ParticipantID))
	case misfit != "" && strings.TrimSpace(m.ch.Reason) == "":
		return invalid("reason", "slot-"+string(misfit), m.name(sl.ParticipantID))
	}
	return nil
}

func (m *slotting) clock(sl *PanelSlot) string {
	return sl.Start.In(m.days.zone).Format("2006-01-02 15:04")
}

// say notes what a delegation is told of a slot: day and time, panel and room.
func (m *slotting) say(sl *PanelSlot) {
	panel, of := m.days.panels[sl.PanelID], m.days.people[sl.ParticipantID].DelegationID
	m.told[of] = append(m.told[of], strings.TrimSpace(m.name(sl.ParticipantID)+" "+m.clock(sl)+" "+panel.Name+" "+panel.Room))
}

func (m *slotting) tell(about string) error {
	m.ch.touch(panelTopic)
	return m.ch.tellOfClasses(m.ctx, about, m.told)
}

// slot finds a slot that was seen at a revision and that nothing has come of.
func (m *slotting) slot(id, saw int64) (*PanelSlot, error) {
	at := slices.IndexFunc(m.days.slots, func(sl PanelSlot) bool { return sl.ID == id })
	switch {
	case at < 0:
		return nil, slotMissing(id)
	case m.days.slots[at].Revision != saw:
		return nil, &Refusal{Status: StatusStale, Problem: "slot-stale", With: []string{m.name(m.days.slots[at].ParticipantID)}}
	case m.days.slots[at].State == SlotSeen:
		return nil, &Refusal{Status: StatusClosed, Problem: "slot-seen", With: []string{m.name(m.days.slots[at].ParticipantID)}}
	}
	return &m.days.slots[at], nil
}

func slotMissing(id int64) error { return notFound("no-such-slot", strconv.FormatInt(id, 10)) }

// MoveSlot is for organisers.
func (s *Store) MoveSlot(ctx context.Context, c Command, who access.Who, a MoveSlot) (Receipt, error) {
	return s.onSlot(ctx, c, who, a, a.Slot, a.Saw, func(m *slotting, sl *PanelSlot) error {
		to, ok := m.days.panels[a.Panel]
		if !ok || to.DisciplineID != m.days.panels[sl.PanelID].DisciplineID {
			return panelMissing(a.Panel)
		}
		sl.PanelID, sl.Start, sl.State = a.Panel, a.Start.UTC().Truncate(time.Microsecond), SlotBooked
		if err := m.check(sl); err != nil {
			return err
		}
		m.say(sl)
		return m.saveSlot(sl)
	})
}

// DropSlot is for organisers.
func (s *Store) DropSlot(ctx context.Context, c Command, who access.Who, a DropSlot) (Receipt, error) {
	return s.onSlot(ctx, c, who, a, a.Slot, a.Saw, func(m *slotting, sl *PanelSlot) error {
		m.say(sl)
		if _, err := m.ch.Tx.NewDelete().Model(sl).WherePK().Exec(m.ctx); err != nil {
			return fmt.Errorf("drop slot %d: %w", sl.ID, err)
		}
		return nil
	})
}

// onSlot does an organiser's step with a slot.
func (s *Store) onSlot(ctx context.Context, c Command, who access.Who, a act, id, saw int64, do func(*slotting, *PanelSlot) error) (Receipt, error) {
	if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		m, err := s.slotting(ctx, ch)
		if err != nil {
			return nil, err
		}
		sl, err := m.slot(id, saw)
		if err != nil {
			return nil, err
		}
		if err := do(m, sl); err != nil {
			return nil, err
		}
		about := "panel-slots"
		if _, dropped := a.(DropSlot); dropped {
			about = "panel-slot-gone"
		}
		return a, m.tell(about)
	})
}

func (m *slotting) saveSlot(sl *PanelSlot) error {
	sl.Revision, sl.Seq, sl.By = sl.Revision+1, m.ch.Seq, m.ch.Author
	if _, err := m.ch.Tx.NewUpdate().Model(sl).WherePK().Exec(m.ctx); err != nil {
		return fmt.Errorf("write slot %d: %w", sl.ID, err)
	}
	return nil
}

// MarkSlot is for the panel. The delegation is told of who did not come.
func (s *Store) MarkSlot(ctx context.Context, c Command, who access.Who, a MarkSlot) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		m, err := s.slotting(ctx, ch)
		if err != nil {
			return nil, err
		}
		if _, _, err := s.panelSlot(ctx, ch.Tx, who, ch.Competition, ch.Now, a.Slot); err != nil {
			return nil, err
		}
		sl, err := m.slot(a.Slot, a.Saw)
		if err != nil {
			return nil, err
		}
		sl.State = SlotBooked
		if a.Absent {
			sl.State = SlotAbsent
			m.say(sl)
		}
		if err := m.saveSlot(sl); err != nil {
			return nil, err
		}
		return a, m.tell("panel-absent")
	})
}
