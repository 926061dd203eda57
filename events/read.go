// Reading for pages, feed and interface: single things, the programme, and who
// has won.
package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
)

// Unit finds a unit of a competition.
func (s *Store) Unit(ctx context.Context, code string, id int64) (Unit, error) {
	c, err := s.Competition(ctx, code)
	if err != nil {
		return Unit{}, err
	}
	return byID[Unit](ctx, s.r, c.ID, id, "no-such-unit")
}

// Phase finds a phase of a competition.
func (s *Store) Phase(ctx context.Context, code string, id int64) (Phase, error) {
	c, err := s.Competition(ctx, code)
	if err != nil {
		return Phase{}, err
	}
	return byID[Phase](ctx, s.r, c.ID, id, "no-such-phase")
}

// Delegation finds a delegation of a competition.
func (s *Store) Delegation(ctx context.Context, competition, id int64) (Delegation, error) {
	return byID[Delegation](ctx, s.r, competition, id, "no-such-delegation")
}

// Delegations lists a competition's delegations by code.
func (s *Store) Delegations(ctx context.Context, competition int64) ([]Delegation, error) {
	var ds []Delegation
	if err := s.r.NewSelect().Model(&ds).Where("competition_id = ?", competition).Order("code").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list delegations: %w", err)
	}
	return ds, nil
}

// Programme is what a competition consists of: its events with their phases and
// units, and the sessions of its timetable.
type Programme struct {
	Disciplines map[int64]Discipline
	Delegations []Delegation
	Sessions    []Session     // by day, opening time, number
	Events      []Event       // in the order of their first unit
	Phases      []Phase       // by event, position
	Units       []Unit        // by session, position
	Starters    map[int64]int // by unit

	event   map[int64]int
	phase   map[int64]int
	session map[int64]int
	unit    map[int64]int
	of      map[int64][]*Unit // by phase
}

// Programme loads a competition's programme.
func (s *Store) Programme(ctx context.Context, competition int64) (*Programme, error) {
	p := &Programme{Disciplines: map[int64]Discipline{}, Starters: map[int64]int{}}
	var disciplines []Discipline
	var starters []struct {
		UnitID int64
		N      int
	}
	q := func(model any) *bun.SelectQuery {
		return s.r.NewSelect().Model(model).Where("competition_id = ?", competition)
	}
	for _, err := range []error{
		q(&disciplines).Scan(ctx),
		q(&p.Delegations).Order("code").Scan(ctx),
		q(&p.Sessions).Order("day", "opens", "number").Scan(ctx),
		q(&p.Events).Order("number", "id").Scan(ctx),
		q(&p.Phases).Order("event_id", "position").Scan(ctx),
		q(&p.Units).Order("session_id", "position", "id").Scan(ctx),
		s.r.NewSelect().TableExpr("starts").ColumnExpr("unit_id, count(*) AS n").Where("competition_id = ?", competition).
			Where("unit_id IS NOT NULL").Where("out_irm = ''").GroupExpr("unit_id").Scan(ctx, &starters),
	} {
		if err != nil {
			return nil, fmt.Errorf("load the programme: %w", err)
		}
	}
	for _, d := range disciplines {
		p.Disciplines[d.ID] = d
	}
	for _, n := range starters {
		p.Starters[n.UnitID] = n.N
	}
	p.event, p.phase, p.session = index(p.Events, func(e *Event) int64 { return e.ID }), index(p.Phases, func(e *Phase) int64 { return e.ID }), index(p.Sessions, func(e *Session) int64 { return e.ID })
	order := func(u *Unit) int { return p.session[u.SessionID] }
	slices.SortStableFunc(p.Units, func(a, b Unit) int { return cmp.Compare(order(&a), order(&b)) })
	p.unit, p.of = index(p.Units, func(u *Unit) int64 { return u.ID }), map[int64][]*Unit{}
	for i := range p.Units {
		u := &p.Units[i]
		p.of[u.PhaseID] = append(p.of[u.PhaseID], u)
	}
	return p, nil
}

func index[M any](rows []M, id func(*M) int64) map[int64]int {
	at := make(map[int64]int, len(rows))
	for i := range rows {
		at[id(&rows[i])] = i
	}
	return at
}

// Event finds an event; nil when it is not in the programme.
func (p *Programme) Event(id int64) *Event { return find(p.Events, p.event, id) }

// Phase finds a phase; nil when it is not in the programme.
func (p *Programme) Phase(id int64) *Phase { return find(p.Phases, p.phase, id) }

// Session finds a session; nil when it is not in the programme.
func (p *Programme) Session(id int64) *Session { return find(p.Sessions, p.session, id) }

func find[M any](rows []M, at map[int64]int, id int64) *M {
	if i, ok := at[id]; ok {
		return &rows[i]
	}
	return nil
}

// PhasesOf lists an event's phases in order.
func (p *Programme) PhasesOf(event int64) (phases []*Phase) {
	for i := range p.Phases {
		if p.Phases[i].EventID == event {
			phases = append(phases, &p.Phases[i])
		}
	}
	return phases
}

// Unit finds a unit; nil when it is not in the programme.
func (p *Programme) Unit(id int64) *Unit { return find(p.Units, p.unit, id) }

// UnitsOf lists a phase's units in order.
func (p *Programme) UnitsOf(phase int64) []*Unit { return p.of[phase] }

// Decided loads the sheets of the phases that have decided a medal event: every
// unit that their starts are in is official. The number of queries does not
// grow with the number of events.
func (s *Store) Decided(ctx context.Context, competition int64) ([]*Sheet, error) {
	return decided(ctx, s.r, competition)
}

func decided(ctx context.Context, db bun.IDB, competition int64) ([]*Sheet, error) {
	var sheets []*Sheet
	all := `ph.competition_id = ? AND ph.decides AND e.medals
		AND EXISTS (SELECT 1 FROM starts AS x WHERE x.phase_id = ph.id AND x.unit_id IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM starts AS x JOIN units AS y ON y.id = x.unit_id WHERE x.phase_id = ph.id AND y.result_status <> 'official')`
	var phases []Phase
	var events []Event
	var disciplines []Discipline
	err := db.NewSelect().TableExpr("phases AS ph").ColumnExpr("ph.*").Join("JOIN events AS e ON e.id = ph.event_id").
		Where(all, competition).OrderExpr("ph.id").Scan(ctx, &phases)
	if err == nil {
		err = db.NewSelect().Model(&events).Where("competition_id = ?", competition).Scan(ctx)
	}
	if err == nil {
		err = db.NewSelect().Model(&disciplines).Where("competition_id = ?", competition).Scan(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("load decided phases: %w", err)
	}
	lines, err := loadLines(ctx, db, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.phase_id IN (SELECT ph.id FROM phases AS ph JOIN events AS e ON e.id = ph.event_id WHERE "+all+")", competition)
	})
	if err != nil {
		return nil, fmt.Errorf("load decided phases: %w", err)
	}
	byEvent, byDiscipline := index(events, func(e *Event) int64 { return e.ID }), index(disciplines, func(d *Discipline) int64 { return d.ID })
	byPhase := map[int64]*Sheet{}
	for _, p := range phases {
		e := *find(events, byEvent, p.EventID)
		sh := &Sheet{Phase: p, Event: e, Discipline: find(disciplines, byDiscipline, e.DisciplineID).Code, index: map[string]int{}}
		byPhase[p.ID] = sh
		sheets = append(sheets, sh)
	}
	for _, l := range lines {
		sh := byPhase[l.PhaseID]
		sh.index[l.ID()] = len(sh.Lines)
		sh.Lines = append(sh.Lines, l)
	}
	for _, sh := range sheets {
		if sh.Phase.meets() {
			if err := sh.loadMatches(ctx, db, sh.Phase.ID, 0); err != nil {
				return nil, err
			}
		}
	}
	return sheets, nil
}

// LinesOf loads all starts of a delegation.
func (s *Store) LinesOf(ctx context.Context, delegation int64) ([]Line, error) {
	lines, err := loadLines(ctx, s.r, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("e.delegation_id = ?", delegation) })
	if err != nil {
		return nil, fmt.Errorf("load starts of delegation %d: %w", delegation, err)
	}
	return lines, nil
}

// ResultsIn loads the official results of units, by start.
func (s *Store) ResultsIn(ctx context.Context, units []int64) (map[int64]Result, error) {
	if len(units) == 0 {
		return nil, nil
	}
	var rows []Result
	if err := s.r.NewSelect().Model(&rows).Where("unit_id IN (?)", bun.List(units)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load results: %w", err)
	}
	results := make(map[int64]Result, len(rows))
	for _, r := range rows {
		results[r.StartID] = r
	}
	return results, nil
}

// RecordsFor loads the open records of an event, of all ages, the hardest level
// first as the lists name them.
func (s *Store) RecordsFor(ctx context.Context, e Event) ([]Record, error) {
	return recordsFor(ctx, s.r, e)
}

func recordsFor(ctx context.Context, db bun.IDB, e Event) ([]Record, error) {
	var rs []Record
	q := db.NewSelect().Model(&rs).Where("competition_id = ?", e.CompetitionID).Where(`"type" = ?`, e.Type).Where("sex = ?", e.Sex).
		Where("age_min = 0 AND age_max = 0")
	if e.Classes == "" {
		q = q.Where("class = ''")
	} else {
		q = q.Where("class IN (?)", bun.List(classList(e.Classes)))
	}
	if err := q.Order("mark", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load records of event %d: %w", e.ID, err)
	}
	return rs, nil
}
