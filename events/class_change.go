// A change of class as one act: what a panel, an observation or a protest has
// decided goes through entries, start lists, results and tables in one command.
// What it would come to is found out by doing it and taking it back, so that a
// preview cannot differ from the act.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/scoring"
)

// ClassOutcome is what was decided about one person in one class group of a
// discipline. Group is empty for a pseudo-class that blocks the whole
// discipline. Saw is the class row that the official had before them, 0 for
// none. Results is what becomes of results made in the former class; empty is
// what is usual for the cause.
type ClassOutcome struct {
	Participant int64           `json:"participant" validate:"required"`
	Discipline  int64           `json:"discipline" validate:"required"`
	Group       string          `json:"group,omitempty" validate:"max=8"`
	Class       string          `json:"class" validate:"required,max=12"`
	Status      classes.Status  `json:"status,omitempty" validate:"max=3"`
	Review      int             `json:"review,omitempty" validate:"min=0,max=9999"`
	Day         string          `json:"day,omitempty" validate:"max=10"`
	Order       int             `json:"order,omitempty" validate:"min=0,max=9"`
	Panel       string          `json:"panel,omitempty" validate:"max=80"`
	Classifiers []string        `json:"classifiers,omitempty" validate:"max=5,dive,max=80"`
	Limitation  string          `json:"limitation,omitempty" validate:"max=80"`
	Cause       classes.Cause   `json:"cause" validate:"required"`
	Results     classes.Results `json:"results,omitempty" validate:"omitempty,oneof=keep cancel"`
	Saw         int64           `json:"saw" validate:"min=0"`
}

// ChangeClass is the command: one outcome, or all of a panel's day. Its reason
// goes with the command.
type ChangeClass struct {
	Outcomes []ClassOutcome `json:"outcomes" validate:"required,min=1,max=500,dive"`
}

func (ChangeClass) kind() string { return "class-change" }

// ClassChanged is what a change of class came to. IDs of entries made by it are
// left out, so that a preview reads the same as the act.
type ClassChanged struct {
	Acts      []ClassAct    `json:"acts"`
	Places    []PlaceChange `json:"places,omitempty"`
	Tables    []TableChange `json:"tables,omitempty"`
	Records   []RecordAsk   `json:"records,omitempty"`
	Documents []Reprint     `json:"documents,omitempty"`
	Tell      []int64       `json:"tell,omitempty"` // delegations
}

// ClassAct is one thing that happens to a person's entry.
type ClassAct struct {
	Participant int64      `json:"participant"`
	Do          classes.Do `json:"do"`
	Event       int64      `json:"event"`
	Unit        int64      `json:"unit,omitempty"`
	Unplaced    bool       `json:"unplaced,omitempty"` // somebody has to give the newcomer a place
	Team        string     `json:"team,omitempty"`     // the person is in this team: whether it may still start is for people to say
}

// PlaceChange is an entry whose place in a phase is another one than before; 0
// is none.
type PlaceChange struct {
	Event  int64  `json:"event"`
	Phase  int64  `json:"phase"`
	Entry  int64  `json:"entry"`
	Name   string `json:"name"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// TableChange is a number of a delegation in the medal table or in team points
// that is another one than before: gold, silver, bronze or points.
type TableChange struct {
	Delegation int64         `json:"delegation"`
	Number     string        `json:"number"`
	Before     scoring.Ratio `json:"before"`
	After      scoring.Ratio `json:"after"`
}

// RecordAsk is a mark better than a record on the lists, made in a class that
// the person no longer holds: the record is to be left open.
type RecordAsk struct {
	Event  int64        `json:"event"`
	Name   string       `json:"name"`
	Class  string       `json:"class"`
	Record string       `json:"record"` // code of the record beaten
	Mark   scoring.Mark `json:"mark"`
}

// Reprint is a document that was handed out and is no longer true: start-list
// or result of a unit, or a table.
type Reprint struct {
	Document string `json:"document"` // start-list, result, medals
	Unit     int64  `json:"unit,omitempty"`
}

// errPreview ends a change that was only to be looked at.
var errPreview = errors.New("preview")

// mayDecide refuses who may not decide upon a class of each discipline named. A
// discipline that is not theirs is answered like one that does not exist.
func (a *ChangeClass) mayDecide(who access.Who) error {
	for i := range a.Outcomes {
		id := a.Outcomes[i].Discipline
		if err := may(who, access.DecideClass, access.Object{Discipline: id}, notFound("no-such-discipline", fmt.Sprint(id))); err != nil {
			return err
		}
	}
	return nil
}

// PreviewClasses finds out what a change of class would come to. Nothing is
// written.
func (s *Store) PreviewClasses(ctx context.Context, c Command, who access.Who, a ChangeClass) (*ClassChanged, error) {
	if err := a.mayDecide(who); err != nil {
		return nil, err
	}
	var found *ClassChanged
	_, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (out any, err error) {
		if found, err = ch.changeClasses(ctx, a); err != nil {
			return nil, err
		}
		return nil, errPreview
	})
	if !errors.Is(err, errPreview) {
		return nil, cmp.Or(err, error(&Refusal{Status: StatusReused, Problem: "command-reused", With: []string{c.ID}}))
	}
	return found, nil
}

// ChangeClasses applies what was decided. It is refused as stale when a person's
// class is no longer the one that the official had before them.
func (s *Store) ChangeClasses(ctx context.Context, c Command, who access.Who, a ChangeClass) (Receipt, error) {
	if err := a.mayDecide(who); err != nil {
		return Receipt{}, err
	}
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) { return ch.changeClasses(ctx, a) })
}

func (c *Change) changeClasses(ctx context.Context, a ChangeClass) (*ClassChanged, error) {
	return c.changeClassesIn(ctx, a, 0)
}

// changeClassesIn changes classes by the decision of a case, 0 for none.
func (c *Change) changeClassesIn(ctx context.Context, a ChangeClass, within int64) (*ClassChanged, error) {
	m := &classMove{ctx: ctx, ch: c, within: within, facts: map[int64]placing{}}
	var err error
	if m.tables, err = standings(ctx, c.Tx, c.Competition); err != nil {
		return nil, err
	}
	for i := range a.Outcomes {
		if err := m.outcome(&a.Outcomes[i]); err != nil {
			return nil, err
		}
	}
	if err := m.rerank(); err != nil {
		return nil, err
	}
	if err := m.compare(); err != nil {
		return nil, err
	}
	return &m.ClassChanged, m.keep()
}

// classMove is a change of class under way.
type classMove struct {
	ClassChanged
	ctx    context.Context
	ch     *Change
	within int64 // the case that it decides; 0: none
	before classImage
	people []int64
	events []int64           // touched, in order
	units  []int64           // touched, in order
	facts  map[int64]placing // by event, as it was before
	tables *Standings        // as they were before
}

// placing is an event's ranking: phase and entry to place.
type placing map[[2]int64]placed

type placed struct {
	name       string
	rank       int
	delegation int64
}

// outcome applies one decision.
func (m *classMove) outcome(o *ClassOutcome) error {
	if _, err := byID[Discipline](m.ctx, m.ch.Tx, m.ch.Competition.ID, o.Discipline, "no-such-discipline"); err != nil {
		return err
	}
	p, err := byID[Participant](m.ctx, m.ch.Tx, m.ch.Competition.ID, o.Participant, "no-such-participant")
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	if err := m.ch.holdWhileOpen(m.ctx, o, m.within); err != nil {
		return err
	}
	held, err := m.held(o)
	if err != nil {
		return err
	}
	situation, err := m.situation(o)
	if err != nil {
		return err
	}
	if !slices.Contains(m.people, p.ID) {
		m.people = append(m.people, p.ID)
	}
	acts := classes.Plan(classes.Change{Group: o.Group, From: held.Class, To: o.Class, Results: cmp.Or(o.Results, classes.Usual(o.Cause))},
		situation.contests, situation.entries)
	if err := m.look(acts, situation); err != nil {
		return err
	}
	if err := m.supersede(o, held); err != nil {
		return err
	}
	for _, a := range acts {
		if err := m.apply(o, &p, a, situation); err != nil {
			return err
		}
	}
	return m.teams(o)
}

// check refuses what contradicts itself.
func (o *ClassOutcome) check() error {
	switch {
	case !o.Status.Known():
		return invalid("status", "class-status", string(o.Status))
	case !slices.Contains(classes.Causes(), o.Cause):
		return invalid("cause", "class-cause", string(o.Cause))
	case !classes.Pseudo(o.Class) && o.Group != classes.Group(o.Class):
		return invalid("class", "class-group", o.Class, o.Group)
	case o.Status == classes.FixedDate && o.Review == 0:
		return invalid("review", "class-review")
	}
	return nil
}

// held is the class that the outcome replaces.
func (m *classMove) held(o *ClassOutcome) (SportClass, error) {
	var rows []SportClass
	err := m.ch.Tx.NewSelect().Model(&rows).Where("participant_id = ?", o.Participant).Where("discipline_id = ?", o.Discipline).
		Where("class_group = ?", o.Group).Where("superseded = ?", false).Order("id").Scan(m.ctx)
	if err != nil {
		return SportClass{}, fmt.Errorf("load classes of participant %d: %w", o.Participant, err)
	}
	if len(rows) == 0 {
		rows = []SportClass{{}}
	}
	held := rows[len(rows)-1]
	if held.ID != o.Saw {
		return held, &Refusal{Status: StatusStale, Problem: "class-stale", Field: "class", With: []string{cmp.Or(held.Class, "—"), string(held.Status)}}
	}
	return held, nil
}

// supersede puts the new class in place of the one held.
func (m *classMove) supersede(o *ClassOutcome, held SportClass) error {
	if held.ID != 0 {
		if _, err := m.ch.Tx.NewUpdate().Model(&held).Set("superseded = ?", true).WherePK().Exec(m.ctx); err != nil {
			return fmt.Errorf("supersede class %d: %w", held.ID, err)
		}
	}
	row := SportClass{CompetitionID: m.ch.Competition.ID, ParticipantID: o.Participant, DisciplineID: o.Discipline, ClassGroup: o.Group,
		Class: o.Class, Status: o.Status, Review: o.Review, Exceptions: held.Exceptions, Limitation: o.Limitation, Day: o.Day, Position: o.Order,
		Panel: o.Panel, Classifiers: strings.Join(o.Classifiers, ","), Cause: o.Cause, Seq: m.ch.Seq}
	if _, err := m.ch.Tx.NewInsert().Model(&row).Exec(m.ctx); err != nil {
		return fmt.Errorf("write the class of participant %d: %w", o.Participant, err)
	}
	m.before.Held = append(m.before.Held, held.ID)
	return nil
}

// situation is a person's entries in a discipline and the contests there are.
type situation struct {
	events   map[int64]Event
	contests []classes.Contest
	entries  []classes.Entry
	rows     map[int64]Entry // by ID
	starts   map[int64]Start // by ID
}

func (m *classMove) situation(o *ClassOutcome) (*situation, error) {
	s := &situation{events: map[int64]Event{}, rows: map[int64]Entry{}, starts: map[int64]Start{}}
	var events []Event
	err := m.ch.Tx.NewSelect().Model(&events).Where("discipline_id = ?", o.Discipline).
		Where("state NOT IN (?)", bun.List([]EventState{EventMerged, EventCancelled})).Order("id").Scan(m.ctx) // nobody joins what is not held
	if err != nil {
		return nil, fmt.Errorf("load the discipline's events: %w", err)
	}
	var state []struct {
		EventID      int64
		Drawn, Begun int
	}
	err = m.ch.Tx.NewSelect().TableExpr("units AS u").ColumnExpr("p.event_id").
		ColumnExpr("max(CASE WHEN EXISTS (SELECT 1 FROM starts AS s WHERE s.unit_id = u.id) THEN 1 ELSE 0 END) AS drawn").
		ColumnExpr("max(CASE WHEN u.result_status <> ? THEN 1 ELSE 0 END) AS begun", StartListStatus).
		Join("JOIN phases AS p ON p.id = u.phase_id").Join("JOIN events AS e ON e.id = p.event_id").
		Where("e.discipline_id = ?", o.Discipline).GroupExpr("p.event_id").Scan(m.ctx, &state)
	if err != nil {
		return nil, fmt.Errorf("load how far the discipline's events are: %w", err)
	}
	drawn, begun := map[int64]bool{}, map[int64]bool{}
	for _, st := range state {
		drawn[st.EventID], begun[st.EventID] = st.Drawn > 0, st.Begun > 0
	}
	for _, e := range events {
		s.events[e.ID] = e
		s.contests = append(s.contests, classes.Contest{ID: e.ID, Type: e.Type, Sex: e.Sex, Classes: classes.Set(e.Classes), Drawn: drawn[e.ID], Begun: begun[e.ID]})
	}
	return s, m.entriesOf(o, s)
}

func (m *classMove) entriesOf(o *ClassOutcome, s *situation) error {
	var entries []Entry
	err := m.ch.Tx.NewSelect().Model(&entries).Where("participant_id = ?", o.Participant).
		Where("event_id IN (SELECT id FROM events WHERE discipline_id = ?)", o.Discipline).Order("id").Scan(m.ctx)
	if err != nil {
		return fmt.Errorf("load entries of participant %d: %w", o.Participant, err)
	}
	var starts []struct {
		Start
		UnitStatus ResultStatus
		Marks      int
	}
	err = m.ch.Tx.NewSelect().TableExpr("starts AS s").ColumnExpr("s.*").ColumnExpr("coalesce(u.result_status, '') AS unit_status").
		ColumnExpr("(SELECT count(*) FROM marks AS k WHERE k.start_id = s.id) AS marks").
		Join("LEFT JOIN units AS u ON u.id = s.unit_id").Join("JOIN entries AS e ON e.id = s.entry_id").
		Where("e.participant_id = ?", o.Participant).OrderExpr("s.phase_id, s.id").Scan(m.ctx, &starts)
	if err != nil {
		return fmt.Errorf("load starts of participant %d: %w", o.Participant, err)
	}
	for _, e := range entries {
		s.rows[e.ID] = e
		entry := classes.Entry{ID: e.ID, Contest: e.EventID, Left: e.State == EntryWithdrawn, ByClass: e.State == EntryWithdrawn && e.Why == whyClass}
		for _, st := range starts {
			if st.EntryID != e.ID {
				continue
			}
			s.starts[st.ID] = st.Start
			entry.Starts = append(entry.Starts, classes.Start{ID: st.ID, Class: st.Class, Marked: st.Marks > 0, Cancelled: st.OutIRM == scoring.CC,
				Begun: st.UnitStatus != "" && st.UnitStatus != StartListStatus})
		}
		s.entries = append(s.entries, entry)
	}
	return nil
}

// whyClass is why an entry is out: its contest does not admit the class any more.
const whyClass = "class-changed"

// look notes the places of every event that the acts name, before they change.
func (m *classMove) look(acts []classes.Act, s *situation) error {
	for _, a := range acts {
		if _, seen := m.facts[a.Contest]; !seen {
			facts, err := m.placing(a.Contest)
			if err != nil {
				return err
			}
			m.facts[a.Contest] = facts
			m.events = append(m.events, a.Contest)
		}
		if e, ok := s.rows[a.Entry]; ok {
			m.before.entry(e)
		}
		for _, st := range s.starts {
			if st.EntryID == a.Entry {
				m.before.start(st)
			}
		}
	}
	return nil
}

// placing ranks the phases of an event in which anything has been written.
func (m *classMove) placing(event int64) (placing, error) {
	var phases []int64
	err := m.ch.Tx.NewSelect().TableExpr("phases AS p").Column("p.id").Where("p.event_id = ?", event).
		Where("EXISTS (SELECT 1 FROM starts AS s JOIN marks AS k ON k.start_id = s.id WHERE s.phase_id = p.id)").OrderExpr("p.position").Scan(m.ctx, &phases)
	if err != nil {
		return nil, fmt.Errorf("load phases of event %d: %w", event, err)
	}
	at := placing{}
	for _, id := range phases {
		sheet, err := loadSheet(m.ctx, m.ch.Tx, id, 0)
		if err != nil {
			return nil, err
		}
		_, ranking, err := sheet.RankUnit()
		if err != nil {
			return nil, err
		}
		for _, r := range ranking[0].Lines {
			l := sheet.Line(r.ID)
			at[[2]int64{id, l.EntryID}] = placed{l.Name(), r.Rank, l.DelegationID}
		}
	}
	return at, nil
}

// apply does one step of the plan.
func (m *classMove) apply(o *ClassOutcome, p *Participant, a classes.Act, s *situation) error {
	start := s.starts[a.Start]
	m.Acts = append(m.Acts, ClassAct{Participant: p.ID, Do: a.Do, Event: a.Contest, Unit: start.UnitID, Unplaced: a.Unplaced})
	if start.UnitID != 0 && a.Do != classes.KeepResult && !slices.Contains(m.units, start.UnitID) {
		m.units = append(m.units, start.UnitID)
	}
	tx := m.ch.Tx
	var err error
	switch a.Do {
	case classes.Leave:
		_, err = tx.NewUpdate().Model((*Entry)(nil)).Set("state = ?, why = ?", EntryWithdrawn, whyClass).Where("id = ?", a.Entry).Exec(m.ctx)
	case classes.Return:
		_, err = tx.NewUpdate().Model((*Entry)(nil)).Set("state = ?, why = ?", EntryIn, "").Where("id = ?", a.Entry).Exec(m.ctx)
		if err == nil {
			err = m.enter(o, s.rows[a.Entry])
		}
	case classes.Join:
		err = m.join(o, p, a, s.rows[a.From])
	case classes.Vacate:
		_, err = tx.NewDelete().Model((*Start)(nil)).Where("id = ?", a.Start).Exec(m.ctx)
	case classes.Recard:
		_, err = tx.NewUpdate().Model((*Start)(nil)).Set("class = ?", o.Class).Where("id = ?", a.Start).Exec(m.ctx)
	case classes.CancelResult:
		_, err = tx.NewUpdate().Model((*Start)(nil)).Set("out_irm = ?", scoring.CC).Where("id = ?", a.Start).Exec(m.ctx)
	case classes.Restore:
		_, err = tx.NewUpdate().Model((*Start)(nil)).Set("out_irm = ?", "").Where("id = ?", a.Start).Exec(m.ctx)
	case classes.KeepResult:
		err = m.askRecord(start, p, s)
	}
	if err != nil {
		return fmt.Errorf("change class of participant %d, %s: %w", p.ID, a.Do, err)
	}
	if a.Do == classes.CancelResult {
		return m.askRecord(start, p, s)
	}
	return nil
}

// join enters a person in another contest with the mark of the entry left.
func (m *classMove) join(o *ClassOutcome, p *Participant, a classes.Act, from Entry) error {
	e := Entry{CompetitionID: m.ch.Competition.ID, EventID: a.Contest, DelegationID: p.DelegationID, ParticipantID: p.ID, Code: p.Code, EntryMark: from.EntryMark}
	if _, err := m.ch.Tx.NewInsert().Model(&e).Exec(m.ctx); err != nil {
		return err
	}
	m.before.Made = append(m.before.Made, e.ID)
	return m.enter(o, e)
}

// enter puts an entry on the start list of its first phase, without a place,
// where there is one already.
func (m *classMove) enter(o *ClassOutcome, e Entry) error {
	var phase []int64
	err := m.ch.Tx.NewSelect().TableExpr("phases AS p").Column("p.id").Where("p.event_id = ?", e.EventID).
		Where("EXISTS (SELECT 1 FROM starts AS s WHERE s.phase_id = p.id)").
		Where("NOT EXISTS (SELECT 1 FROM starts AS s WHERE s.phase_id = p.id AND s.entry_id = ?)", e.ID).OrderExpr("p.position").Limit(1).Scan(m.ctx, &phase)
	if err != nil || len(phase) == 0 {
		return err
	}
	st := Start{CompetitionID: m.ch.Competition.ID, PhaseID: phase[0], EntryID: e.ID, SeedMark: e.EntryMark, Class: o.Class}
	_, err = m.ch.Tx.NewInsert().Model(&st).Exec(m.ctx)
	return err
}

// askRecord notes a record that was beaten in a class no longer held.
func (m *classMove) askRecord(st Start, p *Participant, s *situation) error {
	var cells []CellMark
	err := m.ch.Tx.NewSelect().Model(&cells).Where("start_id = ?", st.ID).Where("mark IS NOT NULL").Where("irm = ''").Order("cell").Scan(m.ctx)
	if err != nil || len(cells) == 0 {
		return err
	}
	var phase Phase
	if err := m.ch.Tx.NewSelect().Model(&phase).Where("id = ?", st.PhaseID).Scan(m.ctx); err != nil {
		return err
	}
	e := s.events[phase.EventID]
	records, err := recordsFor(m.ctx, m.ch.Tx, e)
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.Class == st.Class && *cells[0].Mark < r.Mark {
			m.Records = append(m.Records, RecordAsk{Event: e.ID, Name: DisplayName(p.Family, p.Given), Class: st.Class, Record: r.Code, Mark: *cells[0].Mark})
		}
	}
	return nil
}

// teams names the person's teams in the discipline: which classes a team may be
// made of differs from sport to sport, and a team is more than one person's.
func (m *classMove) teams(o *ClassOutcome) error {
	var teams []struct {
		EventID  int64
		UnitID   int64 `bun:",nullzero"`
		TeamName string
	}
	err := m.ch.Tx.NewSelect().TableExpr("members AS k").Distinct().ColumnExpr("e.event_id, s.unit_id, e.team_name").
		Join("JOIN starts AS s ON s.id = k.start_id").Join("JOIN entries AS e ON e.id = s.entry_id").Join("JOIN events AS v ON v.id = e.event_id").
		Where("k.participant_id = ?", o.Participant).Where("v.discipline_id = ?", o.Discipline).OrderExpr("e.event_id, s.unit_id").Scan(m.ctx, &teams)
	if err != nil {
		return fmt.Errorf("load teams of participant %d: %w", o.Participant, err)
	}
	for _, t := range teams {
		m.Acts = append(m.Acts, ClassAct{Participant: o.Participant, Do: inTeam, Event: t.EventID, Unit: t.UnitID, Team: t.TeamName})
	}
	return nil
}

// inTeam is an act of people: the ledger only names the team.
const inTeam classes.Do = "in-team"

// rerank writes the results of official units again and moves every unit on.
func (m *classMove) rerank() error {
	for _, id := range m.units {
		u, topics, err := loadUnit(m.ctx, m.ch, id)
		if err != nil {
			return err
		}
		m.before.Units = append(m.before.Units, unitImage{id, u.ResultStatus})
		document := "start-list"
		if u.ResultStatus != StartListStatus {
			document = "result"
		}
		m.Documents = append(m.Documents, Reprint{document, id})
		if u.ResultStatus == Official {
			if err := rerankUnit(m.ctx, m.ch.Tx, &u); err != nil {
				return err
			}
		}
		u.Version++
		if err := m.ch.saveUnit(m.ctx, &u, topics); err != nil {
			return err
		}
	}
	return nil
}

// rerankUnit makes an official unit's results anew; who made it official stays.
func rerankUnit(ctx context.Context, tx bun.Tx, u *Unit) error {
	sheet, err := loadSheet(ctx, tx, u.PhaseID, u.ID)
	if err != nil {
		return err
	}
	_, ranking, err := sheet.RankUnit()
	if err != nil {
		return err
	}
	return saveResults(ctx, tx, u.ID, sheet, ranking[0].Lines)
}

// compare says what is another than it was: places, tables, whom to tell.
func (m *classMove) compare() error {
	tell := map[int64][]string{} // delegation → what of its own has changed
	for _, event := range m.events {
		after, err := m.placing(event)
		if err != nil {
			return err
		}
		before := m.facts[event]
		for _, key := range placeKeys(before, after) {
			b, a := before[key], after[key]
			who := a
			if who.name == "" {
				who = b
			}
			if b.rank == a.rank {
				continue
			}
			m.Places = append(m.Places, PlaceChange{Event: event, Phase: key[0], Entry: key[1], Name: who.name, Before: b.rank, After: a.rank})
			tell[who.delegation] = append(tell[who.delegation], who.name)
		}
		m.ch.touch(fmt.Sprintf("event/%d", event))
	}
	for _, id := range m.people {
		p, err := byID[Participant](m.ctx, m.ch.Tx, m.ch.Competition.ID, id, "no-such-participant")
		if err != nil {
			return err
		}
		tell[p.DelegationID] = append(tell[p.DelegationID], DisplayName(p.Family, p.Given))
		m.ch.touch(fmt.Sprintf("delegation/%d", p.DelegationID))
	}
	m.ch.touch("meet", "today", "medals")
	if err := m.tell(tell); err != nil {
		return err
	}
	return m.compareTables()
}

// tell writes a notice to every delegation concerned: whose people have another
// class or, by it, another place.
func (m *classMove) tell(of map[int64][]string) error {
	m.Tell = slices.Sorted(maps.Keys(of))
	return m.ch.tellOfClasses(m.ctx, "class-change", of)
}

// tellOfClasses writes one notice to each delegation, naming its people.
func (c *Change) tellOfClasses(ctx context.Context, about string, of map[int64][]string) error {
	for _, id := range slices.Sorted(maps.Keys(of)) {
		slices.Sort(of[id])
		if err := c.tell(ctx, id, about, strings.Join(slices.Compact(of[id]), "、")); err != nil {
			return err
		}
	}
	return nil
}

func placeKeys(a, b placing) [][2]int64 {
	var keys [][2]int64
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y [2]int64) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	return keys
}

func (m *classMove) compareTables() error {
	after, err := standings(m.ctx, m.ch.Tx, m.ch.Competition)
	if err != nil {
		return err
	}
	m.Tables = tableChanges(m.tables, after)
	if len(m.Tables) > 0 {
		m.Documents = append(m.Documents, Reprint{Document: "medals"})
	}
	return nil
}

// keep notes the act with what it found and left, for its undoing.
func (m *classMove) keep() error {
	people := ","
	for _, id := range m.people {
		people += fmt.Sprint(id) + ","
	}
	after := classImage{Units: m.before.Units}
	if err := after.load(m.ctx, m.ch.Tx, &m.before); err != nil {
		return err
	}
	before, err := json.Marshal(m.before)
	if err != nil {
		return err
	}
	left, err := json.Marshal(after)
	if err != nil {
		return err
	}
	row := ClassChange{CompetitionID: m.ch.Competition.ID, Seq: m.ch.Seq, At: m.ch.Now, By: m.ch.Author, People: people, Before: string(before), After: string(left)}
	if _, err := m.ch.Tx.NewInsert().Model(&row).Exec(m.ctx); err != nil {
		return fmt.Errorf("note the change of class: %w", err)
	}
	return nil
}
