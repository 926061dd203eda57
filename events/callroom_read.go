// Reading for the call room, the page of calls and the announcer.
package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/calls"
	"tongchang/scoring"
)

// CallUnits are units as the call room has them, by the time of their call;
// those of other disciplines than one's own are left out, and so are units that
// are not there.
func (s *Store) CallUnits(ctx context.Context, who access.Who, competition string, units []int64) ([]CallUnit, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	all, err := loadCallUnits(ctx, s.r, c, units)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(u CallUnit) bool { return mayCall(who, access.ReadCall, &u) != nil }), nil
}

// CallUnit is one unit as the call room has it.
func (s *Store) CallUnit(ctx context.Context, who access.Who, competition string, unit int64) (*CallUnit, error) {
	all, err := s.CallUnits(ctx, who, competition, []int64{unit})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, notFound("no-such-unit", fmt.Sprint(unit))
	}
	return &all[0], nil
}

// mayCall asks whether somebody may do an act to a unit of the call room.
func mayCall(who access.Who, act access.Act, u *CallUnit) error {
	return may(who, act, access.Object{Discipline: u.Discipline.ID}, notFound("no-such-unit", fmt.Sprint(u.Unit.ID)))
}

// PublicCalls are units as everybody may see their calls: for the feed, which
// shows of people what start lists show.
func (s *Store) PublicCalls(ctx context.Context, c Competition, units []int64) ([]CallUnit, error) {
	return loadCallUnits(ctx, s.r, c, units)
}

// Calls are all calls of a competition, by unit.
func (s *Store) Calls(ctx context.Context, competition int64) (map[int64]Call, error) {
	var rows []Call
	if err := s.r.NewSelect().Model(&rows).Where("competition_id = ?", competition).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load calls: %w", err)
	}
	all := make(map[int64]Call, len(rows))
	for _, c := range rows {
		all[c.UnitID] = c
	}
	return all, nil
}

// CallMinutes are how many minutes before its start a unit is called, by
// discipline, where somebody has said it; else it is [calls.Usual].
func (s *Store) CallMinutes(ctx context.Context, competition int64) (map[int64]int, error) {
	return callMinutes(ctx, s.r, competition)
}

func callMinutes(ctx context.Context, db bun.IDB, competition int64) (map[int64]int, error) {
	var rows []callSetting
	if err := db.NewSelect().Model(&rows).Where("competition_id = ?", competition).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load call times: %w", err)
	}
	all := make(map[int64]int, len(rows))
	for _, r := range rows {
		all[r.DisciplineID] = r.Minutes
	}
	return all, nil
}

// NextCall finds what the bearer of a card starts in next, of what one may call:
// what is being called first, then by time. It answers with unit and start.
func (s *Store) NextCall(ctx context.Context, who access.Who, competition, code string) (unit, start int64, err error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return 0, 0, err
	}
	var rows []struct{ UnitID, StartID, DisciplineID int64 }
	err = s.r.NewSelect().TableExpr("starts AS s").ColumnExpr("s.unit_id, s.id AS start_id, v.discipline_id").
		Join("JOIN units AS u ON u.id = s.unit_id").Join("JOIN phases AS ph ON ph.id = u.phase_id").Join("JOIN events AS v ON v.id = ph.event_id").
		Join("JOIN entries AS e ON e.id = s.entry_id").Join("LEFT JOIN calls AS k ON k.unit_id = u.id").
		Where("s.competition_id = ?", c.ID).Where("u.result_status = ?", StartListStatus).Where("u.status <> ?", Cancelled).
		Where("s.out_irm IN ('', ?)", scoring.DNS).
		Where(`EXISTS (SELECT 1 FROM participants AS p WHERE p.competition_id = ? AND p.code = ?
			AND (p.id = e.participant_id OR EXISTS (SELECT 1 FROM members AS m WHERE m.start_id = s.id AND m.participant_id = p.id)))`, c.ID, code).
		OrderExpr("CASE WHEN k.state = ? THEN 0 ELSE 1 END, CASE WHEN u.start IS NULL THEN 1 ELSE 0 END, u.start, u.session_id, u.position, s.id", calls.Calling).Scan(ctx, &rows)
	if err != nil {
		return 0, 0, fmt.Errorf("find what somebody starts in next: %w", err)
	}
	for _, r := range rows {
		if access.May(who, access.WriteCall, access.Object{Discipline: r.DisciplineID}) == access.Allowed {
			return r.UnitID, r.StartID, nil
		}
	}
	return 0, 0, notFound("no-next-start", code)
}

// callLoader puts units together from what the tables have.
type callLoader struct {
	c           Competition
	zone        *time.Location
	phases      map[int64]Phase
	events      map[int64]Event
	disciplines map[int64]Discipline
	days        map[int64]string // of sessions
	minutes     map[int64]int
	calls       map[int64]Call
	lines       map[int64][]Line // by unit
	members     map[int64][]CallPerson
	checks      map[[2]int64]CallCheck
	said        map[int64]string
}

// loadCallUnits loads units with their calls, by the time of the call; those
// without a time come last, in the order of the timetable.
func loadCallUnits(ctx context.Context, db bun.IDB, c Competition, ids []int64) ([]CallUnit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	l := callLoader{c: c, zone: time.UTC}
	if zone, err := time.LoadLocation(c.Zone); err == nil {
		l.zone = zone
	}
	var units []Unit
	err := db.NewSelect().Model(&units).Where("competition_id = ?", c.ID).Where("id IN (?)", bun.List(ids)).Order("session_id", "position", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load units to call: %w", err)
	}
	for _, load := range []func(context.Context, bun.IDB, []int64) error{l.programme, l.lists, l.room} {
		if err := load(ctx, db, ids); err != nil {
			return nil, fmt.Errorf("load calls: %w", err)
		}
	}
	all := make([]CallUnit, len(units))
	for i, u := range units {
		all[i] = l.unit(u)
	}
	slices.SortStableFunc(all, func(a, b CallUnit) int {
		if a.At.IsZero() != b.At.IsZero() {
			return map[bool]int{true: 1, false: -1}[a.At.IsZero()]
		}
		return a.At.Compare(b.At)
	})
	return all, nil
}

// programme loads what units belong to.
func (l *callLoader) programme(ctx context.Context, db bun.IDB, _ []int64) (err error) {
	var phases []Phase
	var events []Event
	var disciplines []Discipline
	var sessions []Session
	for _, model := range []any{&phases, &events, &disciplines, &sessions} {
		if err := db.NewSelect().Model(model).Where("competition_id = ?", l.c.ID).Scan(ctx); err != nil {
			return err
		}
	}
	l.phases = keyed(phases, func(p *Phase) int64 { return p.ID })
	l.events = keyed(events, func(e *Event) int64 { return e.ID })
	l.disciplines = keyed(disciplines, func(d *Discipline) int64 { return d.ID })
	l.days = map[int64]string{}
	for _, s := range sessions {
		l.days[s.ID] = s.Day
	}
	l.minutes, err = callMinutes(ctx, db, l.c.ID)
	return err
}

func keyed[M any](rows []M, id func(*M) int64) map[int64]M {
	all := make(map[int64]M, len(rows))
	for i := range rows {
		all[id(&rows[i])] = rows[i]
	}
	return all
}

// lists loads who starts, and the people of teams.
func (l *callLoader) lists(ctx context.Context, db bun.IDB, units []int64) error {
	lines, err := loadLines(ctx, db, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.unit_id IN (?)", bun.List(units)) })
	if err != nil {
		return err
	}
	l.lines = map[int64][]Line{}
	for _, line := range lines {
		l.lines[line.UnitID] = append(l.lines[line.UnitID], line)
	}
	var members []struct {
		CallPerson
		StartID int64
	}
	err = db.NewSelect().TableExpr("members AS m").ColumnExpr("m.start_id, m.participant_id, p.code AS bib, p.family, p.given, coalesce(a.alias, '') AS alias").
		Join("JOIN starts AS s ON s.id = m.start_id").Join("JOIN participants AS p ON p.id = m.participant_id").Join("LEFT JOIN aliases AS a ON a.participant_id = p.id").
		Where("s.unit_id IN (?)", bun.List(units)).Order("m.start_id", "m.position").Scan(ctx, &members)
	l.members = map[int64][]CallPerson{}
	for _, m := range members {
		l.members[m.StartID] = append(l.members[m.StartID], m.CallPerson)
	}
	return err
}

// room loads what the call room has written down.
func (l *callLoader) room(ctx context.Context, db bun.IDB, units []int64) error {
	var rows []Call
	if err := db.NewSelect().Model(&rows).Where("unit_id IN (?)", bun.List(units)).Scan(ctx); err != nil {
		return err
	}
	l.calls = keyed(rows, func(c *Call) int64 { return c.UnitID })
	var checks []CallCheck
	err := db.NewSelect().Model(&checks).Where("start_id IN (SELECT id FROM starts WHERE unit_id IN (?))", bun.List(units)).Scan(ctx)
	if err != nil {
		return err
	}
	l.checks = map[[2]int64]CallCheck{}
	for _, c := range checks {
		l.checks[[2]int64{c.StartID, c.ParticipantID}] = c
	}
	var said []SpokenName
	if err := db.NewSelect().Model(&said).Where("competition_id = ?", l.c.ID).Scan(ctx); err != nil {
		return err
	}
	l.said = map[int64]string{}
	for _, n := range said {
		l.said[n.ParticipantID] = n.Note
	}
	return nil
}

// unit puts one unit together.
func (l *callLoader) unit(u Unit) CallUnit {
	phase := l.phases[u.PhaseID]
	event := l.events[phase.EventID]
	out := CallUnit{Unit: u, Phase: phase, Event: event, Discipline: l.disciplines[event.DisciplineID], Day: l.days[u.SessionID], Minutes: calls.Usual, Call: l.calls[u.ID]}
	if out.Day == "" && !u.Start.IsZero() {
		out.Day = u.Start.In(l.zone).Format(time.DateOnly)
	}
	if m, ok := l.minutes[out.Discipline.ID]; ok {
		out.Minutes = m
	}
	out.At = calls.At(u.Start, out.Minutes)
	for _, line := range l.lines[u.ID] {
		out.Starts = append(out.Starts, l.start(&out, line))
	}
	return out
}

// start is a line with its people: the members of a team, or one row for the
// whole team where they are not named.
func (l *callLoader) start(u *CallUnit, line Line) CallStart {
	people := l.members[line.StartID]
	if len(people) == 0 {
		people = []CallPerson{{ParticipantID: line.ParticipantID, Bib: line.Bib, Family: line.Family, Given: line.Given, Alias: line.Alias}}
	}
	s := CallStart{Line: line, People: people}
	partner := classFamilies()[[2]string{u.Discipline.Code, line.Class}].Partner
	var there []calls.Presence
	for i := range s.People {
		p := &s.People[i]
		p.Partner = strings.TrimSuffix(partner, "?")
		p.Must = p.Partner != "" && p.Partner == partner
		must := ""
		if p.Must {
			must = p.Partner
		}
		p.Asked = calls.Checks(cmp.Or(line.Class, u.Event.Classes), must)
		p.Check = l.checks[[2]int64{line.StartID, p.ParticipantID}]
		p.Said = l.said[p.ParticipantID]
		there = append(there, p.Check.State)
	}
	s.Standing = calls.Stand(there)
	return s
}
