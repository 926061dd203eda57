// Exporting a meet: a competition's swimming as a Lenex file, start list or
// results, read in one snapshot. What comes out of an import and goes out again
// is the same in everything that the ledger keeps: programme, people, classes,
// entries, heats, lanes and results. Times of records, standards and fees are
// not kept and so not written.
package events

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/lenex"
	"tongchang/scoring"
)

// lenexDiscipline is what the format can hold.
const lenexDiscipline = "SWM"

// ExportMeet makes the Lenex file of a competition's swimming: with startList
// the entries with their heats and lanes, otherwise the results, with the
// rankings of the rounds. A ranking has places only when all of its heats are
// official.
func (s *Store) ExportMeet(ctx context.Context, code string, startList bool) (*lenex.File, error) {
	c, err := s.Competition(ctx, code)
	if err != nil {
		return nil, err
	}
	ex := &exporter{c: c, startList: startList}
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", code, err)
	}
	err = ex.read(ctx, tx)
	if undo := tx.Rollback(); err == nil {
		err = undo // nothing was written: this only ends the snapshot
	}
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", code, err)
	}
	if len(ex.phases) == 0 {
		return nil, invalid("competition", "no-swimming", code)
	}
	m, err := ex.meet()
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", code, err)
	}
	return &lenex.File{Version: "3.0", Constructor: "Tongchang", Meets: []lenex.Meet{*m}, Unread: map[string]int{}}, nil
}

// exporter holds a competition's rows and the numbers that they go out under.
type exporter struct {
	c         Competition
	startList bool
	zone      *time.Location

	sessions     []Session
	events       map[int64]Event
	phases       []Phase
	units        []Unit
	delegations  []Delegation
	participants []Participant
	classes      []SportClass
	entries      map[int64]Entry
	starts       []Start
	members      []Member
	marks        map[int64]CellMark // by start

	eventID, heatID, clubID, athleteID map[int64]int // by row
	resultID                           map[int64]int // by start
}

// read loads everything of the competition's swimming.
func (ex *exporter) read(ctx context.Context, tx bun.Tx) error {
	var events []Event
	var entries []Entry
	var marks []CellMark
	of := func(model any) *bun.SelectQuery {
		return tx.NewSelect().Model(model).Where("competition_id = ?", ex.c.ID)
	}
	ours := "SELECT e.id FROM events AS e JOIN disciplines AS d ON d.id = e.discipline_id WHERE d.code = ? AND e.competition_id = ?"
	phases := "SELECT id FROM phases WHERE event_id IN (" + ours + ")"
	starts := "SELECT id FROM starts WHERE phase_id IN (" + phases + ")"
	for _, q := range []*bun.SelectQuery{
		of(&ex.sessions).Order("number"),
		of(&ex.delegations), of(&ex.participants), of(&ex.classes).Where("superseded = ?", false),
		of(&events).Where("id IN ("+ours+")", lenexDiscipline, ex.c.ID),
		of(&ex.phases).Where("event_id IN ("+ours+")", lenexDiscipline, ex.c.ID).Order("event_id", "position"),
		of(&ex.units).Where("phase_id IN ("+phases+")", lenexDiscipline, ex.c.ID).Order("position", "number"),
		of(&entries).Where("event_id IN ("+ours+")", lenexDiscipline, ex.c.ID),
		of(&ex.starts).Where("phase_id IN ("+phases+")", lenexDiscipline, ex.c.ID),
		tx.NewSelect().Model(&ex.members).Where("start_id IN ("+starts+")", lenexDiscipline, ex.c.ID).Order("start_id", "position"),
		tx.NewSelect().Model(&marks).Where("cell = ?", TimeCell).Where("start_id IN ("+starts+")", lenexDiscipline, ex.c.ID),
	} {
		if err := q.Scan(ctx); err != nil {
			return err
		}
	}
	ex.events, ex.entries, ex.marks = map[int64]Event{}, map[int64]Entry{}, map[int64]CellMark{}
	for _, e := range events {
		ex.events[e.ID] = e
	}
	for _, e := range entries {
		ex.entries[e.ID] = e
	}
	for _, m := range marks {
		ex.marks[m.StartID] = m
	}
	var err error
	ex.zone, err = time.LoadLocation(ex.c.Zone)
	return err
}

// number gives every row a number for the file: its own code where that is one,
// as after an import, else the next after the largest.
func number[M any](rows []M, id func(*M) int64, code func(*M) string) map[int64]int {
	numbers := make(map[int64]int, len(rows))
	last := 0
	var without []*M
	for i := range rows {
		n, err := strconv.ParseUint(code(&rows[i]), 10, 31)
		if err != nil || n == 0 || n > math.MaxInt32/2 {
			without = append(without, &rows[i])
			continue
		}
		numbers[id(&rows[i])] = int(n)
		last = max(last, int(n))
	}
	slices.SortFunc(without, func(a, b *M) int { return cmp.Compare(code(a), code(b)) })
	for _, row := range without {
		last++
		numbers[id(row)] = last
	}
	return numbers
}

// meet puts the file together.
func (ex *exporter) meet() (*lenex.Meet, error) {
	ex.eventID = number(ex.phases, func(p *Phase) int64 { return p.ID }, func(p *Phase) string { return p.Code })
	ex.heatID = number(ex.units, func(u *Unit) int64 { return u.ID }, func(u *Unit) string { return u.Code })
	ex.clubID = number(ex.delegations, func(d *Delegation) int64 { return d.ID }, func(d *Delegation) string { return d.Code })
	ex.athleteID = number(ex.participants, func(p *Participant) int64 { return p.ID }, func(p *Participant) string { return p.Code })
	ex.order()
	m := &lenex.Meet{Name: ex.c.Name, City: ex.c.City, AgeDate: lenex.AgeDate{Type: ex.c.AgeRule}}
	if day, err := time.Parse(time.DateOnly, ex.c.AgeDate); err == nil {
		m.AgeDate.Value = day
	}
	if err := ex.programme(m); err != nil {
		return nil, err
	}
	m.Pool = ex.pool()
	if err := ex.clubs(m); err != nil {
		return nil, err
	}
	if ex.startList {
		return m, nil
	}
	return m, ex.rankings(m)
}

// order puts the starts into the order of the file, which numbers the results:
// by round, then swimmer or team.
func (ex *exporter) order() {
	key := func(s *Start) string { return ex.entries[s.EntryID].Code }
	slices.SortFunc(ex.starts, func(a, b Start) int {
		return cmp.Or(cmp.Compare(ex.eventID[a.PhaseID], ex.eventID[b.PhaseID]), scoring.CompareIDs(key(&a), key(&b)), cmp.Compare(key(&a), key(&b)))
	})
	ex.resultID = make(map[int64]int, len(ex.starts))
	for i := range ex.starts {
		ex.resultID[ex.starts[i].ID] = i + 1
	}
}

// pool has the lanes that somebody starts in.
func (ex *exporter) pool() lenex.Pool {
	p := lenex.Pool{LaneMin: math.MaxInt}
	for _, s := range ex.starts {
		if s.Lane != nil {
			p.LaneMin, p.LaneMax, p.LanesGiven = min(p.LaneMin, *s.Lane), max(p.LaneMax, *s.Lane), true
		}
	}
	if !p.LanesGiven {
		p.LaneMin = 0
	}
	for _, s := range ex.sessions {
		p.Name = cmp.Or(p.Name, s.Venue)
	}
	return p
}

// round is a phase on its way into a session.
type round struct {
	lenex.Event
	session int64
	at      int // position of its first heat
	first   bool
}

// programme writes sessions with their rounds. A round without heats stands
// with the round before or after it.
func (ex *exporter) programme(m *lenex.Meet) error {
	rounds := make(map[int64][]*round) // by event
	for i := range ex.phases {
		p := &ex.phases[i]
		r, err := ex.round(p)
		if err != nil {
			return err
		}
		of := rounds[p.EventID]
		if len(of) > 0 {
			r.PrevEvent = of[0].ID
		}
		rounds[p.EventID] = append(of, r)
		m.PointTable = cmp.Or(m.PointTable, pointTable(p))
	}
	ex.ensureSession()
	bySession := map[int64][]*round{}
	for _, event := range slices.Sorted(maps.Keys(rounds)) {
		ex.neighbours(rounds[event])
		for _, r := range rounds[event] {
			bySession[r.session] = append(bySession[r.session], r)
		}
	}
	for _, s := range ex.sessions {
		out := lenex.Session{Number: s.Number, Name: s.Name, Daytime: lenex.Clock(s.Opens)}
		if day, err := time.Parse(time.DateOnly, s.Day); err == nil {
			out.Date = day
		}
		in := bySession[s.ID]
		slices.SortStableFunc(in, func(a, b *round) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
		})
		for _, r := range in {
			out.Events = append(out.Events, r.Event)
		}
		m.Sessions = append(m.Sessions, out)
	}
	return nil
}

// ensureSession makes a session for rounds without a timetable.
func (ex *exporter) ensureSession() {
	if len(ex.sessions) == 0 {
		ex.sessions = []Session{{Number: 1, Day: ex.c.Starts}}
	}
}

// neighbours puts rounds without heats beside those with some.
func (ex *exporter) neighbours(rounds []*round) {
	known := slices.IndexFunc(rounds, func(r *round) bool { return r.first })
	if known < 0 {
		for _, r := range rounds {
			r.session = ex.sessions[0].ID
		}
		return
	}
	session, at := rounds[known].session, rounds[known].at
	for _, r := range rounds {
		if r.first {
			session, at = r.session, r.at
		}
		r.session, r.at = session, at
	}
}

// round writes a phase as Lenex's event.
func (ex *exporter) round(p *Phase) (*round, error) {
	e := ex.events[p.EventID]
	r := &round{Event: lenex.Event{ID: ex.eventID[p.ID], Number: e.Number, Gender: genderOf(e.Sex), Round: lenex.Round(p.Kind), Style: styleOf(e.Type)}}
	groups, err := p.groups()
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		r.AgeGroups = append(r.AgeGroups, lenex.AgeGroup{ID: groupID(g.ID), Name: g.Name, AgeMin: limit(g.AgeMin), AgeMax: limit(g.AgeMax), Handicap: groupClasses(g.Classes)})
	}
	known := map[int64]bool{}
	for _, s := range ex.sessions {
		known[s.ID] = true
	}
	for i := range ex.units {
		u := &ex.units[i]
		if u.PhaseID != p.ID {
			continue
		}
		if !r.first {
			r.first, r.at, r.session, r.Order = true, u.Position, u.SessionID, u.Position/1000
			if !known[r.session] {
				ex.ensureSession()
				r.session = ex.sessions[0].ID
			}
		}
		r.Heats = append(r.Heats, ex.heat(u))
	}
	return r, nil
}

func (ex *exporter) heat(u *Unit) lenex.Heat {
	h := lenex.Heat{ID: ex.heatID[u.ID], Number: u.Number, Order: u.Position % 1000, Final: u.Label, Status: ex.heatStatus(u)}
	if u.GroupCode != "" {
		h.AgeGroupID = groupID(u.GroupCode)
	}
	if !u.Start.IsZero() {
		h.Daytime = lenex.Clock(u.Start.In(ex.zone).Format("15:04"))
	}
	return h
}

func (ex *exporter) heatStatus(u *Unit) lenex.HeatStatus {
	switch u.ResultStatus {
	case Official:
		return lenex.Official
	case Unofficial, Protested:
		return lenex.Inofficial
	case Live:
		return lenex.Running
	}
	if slices.ContainsFunc(ex.starts, func(s Start) bool { return s.UnitID == u.ID }) {
		return lenex.Seeded
	}
	return lenex.Scheduled
}

func groupID(code string) int {
	n, err := strconv.Atoi(code)
	if err != nil { // groups of our own have names: they go out under a number made from them
		for _, r := range code {
			n = (n*31 + int(r)) % 1_000_003
		}
	}
	return n
}

// groupClasses are the class numbers of a group; none where it has no classes.
func groupClasses(list string) []string {
	if list == "" {
		return nil
	}
	return classList(list)
}

// limit is -1 for none.
func limit(age int) int {
	if age == 0 {
		return -1
	}
	return age
}

func genderOf(sex string) string {
	switch sex {
	case "W":
		return "F"
	case "":
		return "A"
	}
	return sex
}

// styleOf reads an event type: 100-FREE, 4x100-MEDLEY.
func styleOf(code string) lenex.SwimStyle {
	length, stroke, _ := strings.Cut(code, "-")
	s := lenex.SwimStyle{RelayCount: 1, Stroke: stroke}
	if legs, each, ok := strings.Cut(length, "x"); ok {
		s.RelayCount, _ = strconv.Atoi(legs) // what is no number is none
		length = each
	}
	s.Distance, _ = strconv.Atoi(length)
	return s
}

// pointTable is the table that a phase's points come from; empty for none.
func pointTable(p *Phase) string {
	var rs struct {
		Rules struct {
			By     string `json:"by"`
			Source string `json:"source"`
		} `json:"rules"`
	}
	if json.Unmarshal([]byte(p.Ruleset), &rs) != nil || rs.Rules.By != "points" {
		return ""
	}
	return rs.Rules.Source
}
