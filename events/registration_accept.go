// What acceptance makes of a registration: a participant with a number, the
// sport classes as typed, and entries. What is withdrawn later stays on record
// as withdrawn; nothing is deleted.
package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/classes"
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/scoring"
)

// whyRegistration is why an entry is out: its registration is not accepted any
// more.
const whyRegistration = "registration-left"

// accepting is a registration that becomes a participant's. Its row has been
// judged.
type accepting struct {
	g   *Registration
	row *entry.Row
}

// berth is an entry with the people in it.
type berth struct {
	Entry
	members []*seat
	was     EntryState
	changed bool   // of one that was there before
	class   string // in which a new one competes
}

// seat is somebody's membership of an entry.
type seat struct {
	entryMember
	fresh, changed bool
}

// size is how many people are in.
func (p *berth) size() int {
	n := 0
	for _, m := range p.members {
		if !m.Out {
			n++
		}
	}
	return n
}

func (p *berth) of(registration int64) *seat {
	i := slices.IndexFunc(p.members, func(m *seat) bool { return m.RegistrationID == registration })
	if i < 0 {
		return nil
	}
	return p.members[i]
}

// intake takes registrations in and out, set-wise: what is there is read once.
type intake struct {
	ch       *Change
	r        *roll
	people   map[string]*Participant // by delegation and print of the number
	byID     map[int64]*Participant
	numbers  map[string]bool   // that are given
	events   map[string]*Event // by code
	sportOf  map[int64]int64   // discipline by event
	sports   map[string]int64  // discipline by name and by code
	measures map[int64]scoring.Measure
	held     map[string]bool // classes: participant, discipline and group
	berths   []*berth
	single   map[string]*berth   // by event and participant
	teams    map[string][]*berth // by event and delegation
}

func newIntake(ch *Change, r *roll) *intake {
	return &intake{ch: ch, r: r, people: map[string]*Participant{}, byID: map[int64]*Participant{}, numbers: map[string]bool{},
		events: map[string]*Event{}, sportOf: map[int64]int64{}, sports: map[string]int64{}, measures: map[int64]scoring.Measure{},
		held: map[string]bool{}, single: map[string]*berth{}, teams: map[string][]*berth{}}
}

// move takes registrations in, and others out: participants, classes, entries,
// start lists. It fills in the participants' IDs.
func (in *intake) move(ctx context.Context, accepted []*accepting, left []*Registration) error {
	if len(accepted)+len(left) == 0 {
		return nil
	}
	if err := in.read(ctx); err != nil {
		return err
	}
	in.ch.touch("meet")
	for _, g := range left {
		in.release(g)
	}
	for _, step := range []func(context.Context, []*accepting) error{in.takePeople, in.takeClasses} {
		if err := step(ctx, accepted); err != nil {
			return err
		}
	}
	for _, a := range accepted {
		in.enter(a)
	}
	return in.write(ctx)
}

// read reads what there is in the competition.
func (in *intake) read(ctx context.Context) error {
	var people []Participant
	var events []Event
	var sports []Discipline
	var held []SportClass
	c := in.ch.Competition.ID
	of := func(model any) *bun.SelectQuery {
		return in.ch.Tx.NewSelect().Model(model).Where("competition_id = ?", c)
	}
	for _, err := range []error{of(&people).Scan(ctx), of(&events).Scan(ctx), of(&sports).Scan(ctx), of(&held).Where("superseded = ?", false).Scan(ctx)} {
		if err != nil {
			return fmt.Errorf("read what registrations are accepted into: %w", err)
		}
	}
	for i := range people {
		in.byID[people[i].ID], in.numbers[people[i].Code] = &people[i], true
	}
	for i := range in.r.all {
		if g := &in.r.all[i]; g.ParticipantID != 0 && g.Person != "" {
			in.people[personKey(g)] = in.byID[g.ParticipantID]
		}
	}
	for i := range events {
		in.events[events[i].Code], in.sportOf[events[i].ID] = &events[i], events[i].DisciplineID
	}
	for _, d := range sports {
		in.sports[d.Code], in.sports[d.Name] = d.ID, d.ID
	}
	for _, h := range held {
		in.held[heldKey(h.ParticipantID, h.DisciplineID, h.ClassGroup)] = true
	}
	return in.readEntries(ctx)
}

// readEntries reads who is entered, and what the marks of events count.
func (in *intake) readEntries(ctx context.Context) error {
	var entries []Entry
	var members []entryMember
	var units []struct {
		EventID int64
		Measure scoring.Measure
	}
	c := in.ch.Competition.ID
	for _, err := range []error{
		in.ch.Tx.NewSelect().Model(&entries).Where("competition_id = ?", c).Order("id").Scan(ctx),
		in.ch.Tx.NewSelect().Model(&members).Where("entry_id IN (SELECT id FROM entries WHERE competition_id = ?)", c).Order("entry_id", "position").Scan(ctx),
		in.ch.Tx.NewSelect().TableExpr("units AS u").ColumnExpr("p.event_id, min(u.measure) AS measure").Join("JOIN phases AS p ON p.id = u.phase_id").
			Where("u.competition_id = ?", c).GroupExpr("p.event_id").Scan(ctx, &units),
	} {
		if err != nil {
			return fmt.Errorf("read who is entered: %w", err)
		}
	}
	for _, u := range units {
		in.measures[u.EventID] = u.Measure
	}
	byID := map[int64]*berth{}
	for _, e := range entries {
		byID[e.ID] = in.keep(&berth{Entry: e, was: e.State})
	}
	for _, m := range members {
		byID[m.EntryID].members = append(byID[m.EntryID].members, &seat{entryMember: m})
	}
	return nil
}

// keep remembers an entry by what it is looked for.
func (in *intake) keep(p *berth) *berth {
	in.berths = append(in.berths, p)
	if p.ParticipantID != 0 {
		in.single[pair(p.EventID, p.ParticipantID)] = p
	} else {
		key := pair(p.EventID, p.DelegationID)
		in.teams[key] = append(in.teams[key], p)
	}
	return p
}

func pair(a, b int64) string { return fmt.Sprint(a, " ", b) }

func heldKey(participant, discipline int64, group string) string {
	return fmt.Sprint(participant, " ", discipline, " ", group)
}

func personKey(g *Registration) string { return strconv.FormatInt(g.DelegationID, 10) + " " + g.Person }

// takePeople makes a participant of each person, or finds the one that the
// person is already: one for each person of a delegation, whatever the sports.
func (in *intake) takePeople(ctx context.Context, all []*accepting) error {
	var fresh []*Participant
	made := map[*Participant][]*accepting{}
	for _, a := range all {
		p := in.byID[a.g.ParticipantID]
		if p == nil && a.g.Person != "" {
			p = in.people[personKey(a.g)]
		}
		if p == nil {
			p = &Participant{CompetitionID: in.ch.Competition.ID, DelegationID: a.g.DelegationID, Code: in.number(a.g.DelegationID)}
			fresh = append(fresh, p)
			if a.g.Person != "" {
				in.people[personKey(a.g)] = p
			}
		}
		made[p] = append(made[p], a)
		was := *p
		a.describe(p)
		if p.ID != 0 && *p != was {
			if _, err := in.ch.Tx.NewUpdate().Model(p).WherePK().Exec(ctx); err != nil {
				return fmt.Errorf("change participant %d: %w", p.ID, err)
			}
		}
	}
	for chunk := range slices.Chunk(fresh, 400) {
		if _, err := in.ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("make participants: %w", err)
		}
	}
	for p, of := range made {
		in.byID[p.ID] = p
		for _, a := range of {
			a.g.ParticipantID = p.ID
		}
	}
	return nil
}

// describe writes into a participant what the registration says. Who competes is
// an athlete, also where they are on a list of staff besides.
func (a *accepting) describe(p *Participant) {
	p.Family, p.Given = personName(a.g.Name), ""
	p.Sex = string(a.row.SexOf())
	if day := a.row.Born(); day != (identity.Date{}) {
		p.BirthDate = day.String()
	}
	switch role := registration.Function(a.g.Role); {
	case !a.g.Staff:
		p.Role = registration.Athlete
	case p.Role != registration.Athlete:
		p.Role = role
	}
}

// personName is a name as it is printed: in Chinese without the blanks that make
// 张 伟 as wide as 欧阳建国.
func personName(typed string) string {
	if strings.ContainsFunc(typed, func(c rune) bool { return c >= 0x2e80 }) {
		return strings.Join(strings.Fields(typed), "")
	}
	return strings.Join(strings.Fields(typed), " ")
}

// number gives the next free number of a delegation's range: the third
// delegation has 3001 to 3999, and whoever comes after that 103001 and on.
func (in *intake) number(delegation int64) string {
	place := 1 + slices.IndexFunc(in.r.delegations, func(d Delegation) bool { return d.ID == delegation })
	for n := 1; ; n++ {
		code := strconv.Itoa(n/1000*100_000 + place*1000 + n%1000)
		if n%1000 != 0 && !in.numbers[code] {
			in.numbers[code] = true
			return code
		}
	}
}

// takeClasses notes the classes as typed, with the status of who was never seen
// by a panel. What a panel has decided is left alone.
func (in *intake) takeClasses(ctx context.Context, all []*accepting) error {
	var fresh []*SportClass
	for _, a := range all {
		if a.g.Staff || a.row.Sport == nil {
			continue
		}
		discipline := in.discipline(a.row.Sport)
		for _, class := range a.row.Classes() {
			group := classes.Group(class)
			key := heldKey(a.g.ParticipantID, discipline, group)
			if discipline == 0 || group == "" || in.held[key] {
				continue
			}
			in.held[key] = true
			fresh = append(fresh, &SportClass{CompetitionID: in.ch.Competition.ID, ParticipantID: a.g.ParticipantID, DisciplineID: discipline,
				ClassGroup: group, Class: class, Status: classes.New, Seq: in.ch.Seq})
		}
	}
	for chunk := range slices.Chunk(fresh, 400) {
		if _, err := in.ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("note sport classes: %w", err)
		}
	}
	return nil
}

func (in *intake) discipline(s *entry.Sport) int64 {
	if id := in.sports[s.Code]; id != 0 {
		return id
	}
	return in.sports[s.Name]
}

// wish is an event that a registration chooses, with the mark to seed by.
type wish struct {
	a     *accepting
	event *Event
	of    *entry.Event
	mark  *scoring.Mark
}

// class is the one of the person's classes in which they compete in the event.
func (w wish) class() string {
	held := w.a.row.Classes()
	if i := slices.IndexFunc(held, func(c string) bool { return slices.Contains(w.of.Classes, c) }); i >= 0 {
		return held[i]
	}
	return ""
}

// wishes are the events that a row means. Where it is not known yet which one it
// will be, because the class is not, there is none.
func (in *intake) wishes(a *accepting) []wish {
	var all []wish
	bests := entry.Bests(a.g.Best)
	for i, e := range a.row.Entered() {
		if e == nil || in.events[e.Code] == nil || a.g.Staff {
			continue
		}
		w := wish{a: a, event: in.events[e.Code], of: e}
		if i < len(bests) && (len(bests) == len(a.row.Entered()) || i == 0) {
			w.mark = seedMark(bests[i], in.measures[w.event.ID])
		}
		if !slices.ContainsFunc(all, func(o wish) bool { return o.event == w.event }) {
			all = append(all, w)
		}
	}
	return all
}

// seedMark reads an entry mark: thousandths of the unit are what the ledger
// counts times, lengths and weights in. What is none, or is of another measure
// than the event's, seeds nobody.
func seedMark(typed string, measure scoring.Measure) *scoring.Mark {
	best, ok := entry.ParseBest(typed)
	counted := []scoring.Measure{"", scoring.Milliseconds, scoring.Millimetres, scoring.Grams}
	if !ok || best.Mark <= 0 || !slices.Contains(counted, measure) || best.Measure != "" && measure != "" && best.Measure != measure {
		return nil
	}
	return &best.Mark
}

// enter enters a person for what they choose, alone or in a team of their
// delegation, and takes them out of what they no longer choose.
func (in *intake) enter(a *accepting) {
	stays := map[*berth]bool{}
	for _, w := range in.wishes(a) {
		p := in.berthFor(w)
		stays[p] = true
		switch s := p.of(a.g.ID); {
		case s == nil:
			p.members = append(p.members, &seat{fresh: true, entryMember: entryMember{RegistrationID: a.g.ID, ParticipantID: a.g.ParticipantID, Position: len(p.members) + 1}})
		case s.Out:
			s.Out, s.changed = false, true
		}
		if w.mark != nil && (p.EntryMark == nil || p.ParticipantID != 0) && !sameMark(p.EntryMark, w.mark) {
			p.EntryMark, p.changed = w.mark, true
		}
		p.settle()
	}
	for _, p := range in.berths {
		s := p.of(a.g.ID)
		switch {
		case s != nil && !s.Out && !stays[p]:
			s.Out, s.changed = true, true
			p.settle()
		case in.elsewhere(p, a.g) && p.State == EntryWithdrawn && p.Why == whyRegistration:
			p.State, p.Why, p.changed = EntryIn, "", true
		}
	}
}

// berthFor finds or makes the entry for what somebody chooses: their own, the
// team that they are or were in, the first that has room, a further one.
func (in *intake) berthFor(w wish) *berth {
	g := w.a.g
	e := Entry{CompetitionID: in.ch.Competition.ID, EventID: w.event.ID, DelegationID: g.DelegationID}
	if w.of.Individual() {
		if p := in.single[pair(w.event.ID, g.ParticipantID)]; p != nil {
			return p
		}
		e.ParticipantID, e.Code = g.ParticipantID, in.byID[g.ParticipantID].Code
		return in.keep(&berth{Entry: e, class: w.class()})
	}
	teams := in.teams[pair(w.event.ID, g.DelegationID)]
	if i := slices.IndexFunc(teams, func(p *berth) bool { return p.of(g.ID) != nil }); i >= 0 {
		return teams[i]
	}
	if i := slices.IndexFunc(teams, func(p *berth) bool { return p.size() < max(w.of.TeamMax, 1) }); i >= 0 {
		return teams[i]
	}
	d := in.r.delegation(g.DelegationID)
	e.Code, e.TeamName = fmt.Sprintf("%s-%d", d.Code, len(teams)+1), d.Name
	if len(teams) > 0 {
		e.TeamName = fmt.Sprintf("%s %d", d.Name, len(teams)+1)
	}
	return in.keep(&berth{Entry: e})
}

// settle puts an entry out when nobody is in it any more, and back in when it
// was out for that and somebody is.
func (p *berth) settle() {
	switch {
	case p.size() == 0 && p.State == EntryIn:
		p.State, p.Why, p.changed = EntryWithdrawn, whyRegistration, true
	case p.size() > 0 && p.State == EntryWithdrawn && p.Why == whyRegistration:
		p.State, p.Why, p.changed = EntryIn, "", true
	}
}

// elsewhere reports whether an entry is a registration's though nobody was put
// into it by registering: a change of class made it.
func (in *intake) elsewhere(p *berth, g *Registration) bool {
	if len(p.members) > 0 || p.ID == 0 || p.ParticipantID == 0 || p.ParticipantID != g.ParticipantID || g.Staff {
		return false
	}
	sport := in.r.edition.Sport(g.Sport)
	return sport == nil || in.sportOf[p.EventID] == in.discipline(sport)
}

// release takes a registration out of all its entries.
func (in *intake) release(g *Registration) {
	for _, p := range in.berths {
		s := p.of(g.ID)
		switch {
		case s != nil && !s.Out:
			s.Out, s.changed = true, true
			p.settle()
		case in.elsewhere(p, g) && p.State == EntryIn:
			p.State, p.Why, p.changed = EntryWithdrawn, whyRegistration, true
		}
	}
}

// write writes entries, who is in them, and what that means on start lists that
// are drawn already.
func (in *intake) write(ctx context.Context) error {
	var fresh []*Entry
	var out, back []int64
	for _, p := range in.berths {
		switch {
		case p.ID == 0:
			fresh = append(fresh, &p.Entry)
		case p.changed:
			if _, err := in.ch.Tx.NewUpdate().Model(&p.Entry).WherePK().Exec(ctx); err != nil {
				return fmt.Errorf("change entry %d: %w", p.ID, err)
			}
			switch {
			case p.State == p.was:
			case p.State == EntryWithdrawn:
				out = append(out, p.ID)
			default:
				back = append(back, p.ID)
			}
		}
	}
	for chunk := range slices.Chunk(fresh, 400) {
		if _, err := in.ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("make entries: %w", err)
		}
	}
	if err := in.writeSeats(ctx); err != nil {
		return err
	}
	if err := in.start(ctx, out, "", scoring.WDR); err != nil {
		return err
	}
	if err := in.start(ctx, back, scoring.WDR, ""); err != nil {
		return err
	}
	return in.late(ctx, fresh)
}

// late puts new entries on the start list of their event's first phase, without
// a place, where there is one already: whoever draws or places sees them.
func (in *intake) late(ctx context.Context, fresh []*Entry) error {
	var phases []Phase
	err := in.ch.Tx.NewSelect().Model(&phases).Column("id", "event_id").Where("competition_id = ?", in.ch.Competition.ID).
		Where("EXISTS (SELECT 1 FROM starts AS s WHERE s.phase_id = phase.id)").Order("event_id", "position").Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for start lists: %w", err)
	}
	first := map[int64]int64{} // phase by event
	for _, p := range phases {
		if first[p.EventID] == 0 {
			first[p.EventID] = p.ID
		}
	}
	class := map[int64]string{}
	for _, b := range in.berths {
		class[b.ID] = b.class
	}
	var starts []*Start
	for _, e := range fresh {
		if phase := first[e.EventID]; phase != 0 {
			starts = append(starts, &Start{CompetitionID: e.CompetitionID, PhaseID: phase, EntryID: e.ID, SeedMark: e.EntryMark, Class: class[e.ID]})
		}
	}
	for chunk := range slices.Chunk(starts, 400) {
		if _, err := in.ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("put late entries on start lists: %w", err)
		}
	}
	return nil
}

func (in *intake) writeSeats(ctx context.Context) error {
	var fresh []*entryMember
	for _, p := range in.berths {
		for _, s := range p.members {
			s.EntryID = p.ID
			switch {
			case s.fresh:
				fresh = append(fresh, &s.entryMember)
			case s.changed:
				if _, err := in.ch.Tx.NewUpdate().Model(&s.entryMember).WherePK().Exec(ctx); err != nil {
					return fmt.Errorf("change who is in entry %d: %w", p.ID, err)
				}
			}
		}
	}
	for chunk := range slices.Chunk(fresh, 400) {
		if _, err := in.ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("put people into entries: %w", err)
		}
	}
	return nil
}

// start marks the starts of entries, in units that have not begun.
func (in *intake) start(ctx context.Context, entries []int64, from, to scoring.IRM) error {
	if len(entries) == 0 {
		return nil
	}
	_, err := in.ch.Tx.NewUpdate().Model((*Start)(nil)).Set("out_irm = ?", to).Where("entry_id IN (?)", bun.List(entries)).Where("out_irm = ?", from).
		Where("(unit_id IS NULL OR unit_id IN (SELECT id FROM units WHERE result_status = ?))", StartListStatus).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark starts of entries: %w", err)
	}
	return nil
}
