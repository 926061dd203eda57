// The timetable's document, made from the ledger: every unit with its people,
// how long it takes, where it may be held, and where it stands now.
package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/registration"
	"tongchang/events/timetable"
)

// placement is where a unit is held; when is the unit's own start.
type placement struct {
	bun.BaseModel `bun:"table:placements"`

	UnitID        int64  `bun:",pk"`
	CompetitionID int64  `bun:",notnull"`
	Area          string `bun:",notnull"`
	Court         int    `bun:",notnull"`
	Minutes       int    `bun:",notnull"` // as it was planned, extra time included
	Pinned        bool   `bun:",notnull"`
	Moves         int    `bun:",notnull"`
	Seq           int64  `bun:",notnull"`
}

// inTimetable are the units that have a place in a competition's timetable.
func inTimetable(ctx context.Context, db bun.IDB, competition int64) (map[int64]bool, error) {
	var ids []int64
	err := db.NewSelect().Model((*placement)(nil)).Column("unit_id").Where("competition_id = ?", competition).Where("area <> ''").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find units in the timetable: %w", err)
	}
	placed := make(map[int64]bool, len(ids))
	for _, id := range ids {
		placed[id] = true
	}
	return placed, nil
}

// unitName and diaryName tie a document's IDs to the ledger's rows.
func unitName(id int64) string   { return "u" + strconv.FormatInt(id, 10) }
func diaryName(id int64) string  { return "p" + strconv.FormatInt(id, 10) }
func helperName(n int) string    { return "h" + strconv.Itoa(n) }
func officerName(n int64) string { return "o" + strconv.FormatInt(n, 10) }

// UnitOf is the ledger's number of a document's unit; 0 where it is none, such as
// an appointment for classification.
func UnitOf(id string) int64 {
	text, ours := strings.CutPrefix(id, "u")
	n, err := strconv.ParseInt(text, 10, 64)
	if !ours || err != nil {
		return 0
	}
	return n
}

// timetableOf is the competition of a code, for who may set its timetable.
func (s *Store) timetableOf(ctx context.Context, who access.Who, code string) (Competition, error) {
	c, err := s.Competition(ctx, code)
	if err == nil {
		err = may(who, access.SetTimetable, access.Object{}, nil)
	}
	return c, err
}

// Timetable builds the document of a competition, with the plan as it stands. It
// holds needs of people, and is for who may set the timetable alone.
func (s *Store) Timetable(ctx context.Context, who access.Who, competition string) (*timetable.Document, error) {
	c, err := s.timetableOf(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	l, err := loadLedgerTimetable(ctx, s.r, &c)
	if err != nil {
		return nil, err
	}
	return l.doc, nil
}

// planUnit is a unit as the timetable needs it.
type planUnit struct {
	ID           int64
	Number       int
	Label        string
	Start        time.Time `bun:",nullzero"`
	Status       UnitStatus
	ResultStatus ResultStatus
	SessionID    int64 `bun:",nullzero"`
	Venue        string
	Position     int
	PhaseID      int64
	Phase        int // its position
	Kind         string
	EventID      int64
	Event        string
	Type         string
	Name         string
	Sport        string
	Area         string
	Court        int
	Minutes      int
	Pinned       bool
	Moves        int
}

// begun reports whether a unit is not to be moved any more.
func (u *planUnit) begun() bool {
	return u.ResultStatus != StartListStatus || u.Status == Running || u.Status == Finished
}

// rounds are the rounds that names of units say, in the words of events' names.
var rounds = map[string]string{"PRE": " 预赛", "QUA": " 四分之一决赛", "SEM": " 半决赛", "FIN": " 决赛"}

// title is the unit as an event's name is written: event, round and number.
func (u *planUnit) title() string {
	said := u.Name + rounds[u.Kind]
	switch {
	case u.Label != "":
		said += " " + u.Label
	case u.Number > 1 || u.Kind == "PRE":
		said += " " + strconv.Itoa(u.Number)
	}
	return said
}

// ledgerTimetable is a document with the rows that it was made from.
type ledgerTimetable struct {
	c        *Competition
	doc      *timetable.Document
	set      timetable.Settings
	seq      int64 // that a change has to have seen
	zone     *time.Location
	units    []planUnit // in the order of the document, those that are not cancelled
	at       map[int64]int
	entered  map[int64][]planEntry // by event
	started  map[int64][]planEntry // by unit
	guides   map[int64][]string    // by participant
	extra    map[int64]int         // percent, by participant
	homeless []string              // codes of disciplines of units for which no place is set
}

// planEntry is an entry with its people, or a team's start.
type planEntry struct {
	EntryID    int64
	EventID    int64
	UnitID     int64 `bun:",nullzero"`
	StartID    int64 `bun:",nullzero"`
	Delegation int64
	Person     int64 `bun:",nullzero"`
	Class      string
	people     []int64
}

func loadLedgerTimetable(ctx context.Context, db bun.IDB, c *Competition) (*ledgerTimetable, error) {
	l := &ledgerTimetable{c: c, at: map[int64]int{}, entered: map[int64][]planEntry{}, started: map[int64][]planEntry{}}
	var err error
	if l.zone, err = time.LoadLocation(c.Zone); err != nil {
		return nil, fmt.Errorf("time zone of %s: %w", c.Code, err)
	}
	if l.set, l.seq, err = loadTimetable(ctx, db, c); err != nil {
		return nil, err
	}
	l.doc = l.set.Document()
	l.doc.Title, l.doc.Zone = c.Name, c.Zone
	for _, step := range []func(context.Context, bun.IDB) error{l.loadUnits, l.loadEntries, l.loadHelp} {
		if err := step(ctx, db); err != nil {
			return nil, fmt.Errorf("load the timetable of %s: %w", c.Code, err)
		}
	}
	for i := range l.units {
		l.unit(&l.units[i])
	}
	return l, l.loadSlots(ctx, db)
}

func (l *ledgerTimetable) loadUnits(ctx context.Context, db bun.IDB) error {
	err := db.NewSelect().TableExpr("units AS u").
		ColumnExpr("u.id, u.number, u.label, u.start, u.status, u.result_status, u.session_id, u.venue, u.position, u.phase_id").
		ColumnExpr("ph.position AS phase, ph.kind, e.id AS event_id, e.code AS event, e.type, e.name, d.code AS sport").
		ColumnExpr("coalesce(p.area, '') AS area, coalesce(p.court, 0) AS court, coalesce(p.minutes, 0) AS minutes, coalesce(p.pinned, ?) AS pinned, coalesce(p.moves, 0) AS moves", false).
		Join("JOIN phases AS ph ON ph.id = u.phase_id").Join("JOIN events AS e ON e.id = ph.event_id").Join("JOIN disciplines AS d ON d.id = e.discipline_id").
		Join("LEFT JOIN placements AS p ON p.unit_id = u.id").
		Where("u.competition_id = ?", l.c.ID).Where("u.status <> ?", Cancelled).Where("e.state IN (?)", bun.List([]EventState{EventOn, EventExhibition})).
		OrderExpr("e.number, e.id, ph.position, u.number, u.id").Scan(ctx, &l.units)
	for i := range l.units {
		l.at[l.units[i].ID] = i
	}
	return err
}

// loadEntries reads who is entered and who starts where. A class is the start's;
// where nothing is drawn, one that the person holds and the event admits.
func (l *ledgerTimetable) loadEntries(ctx context.Context, db bun.IDB) error {
	var entries, starts []planEntry
	var members, teams []struct{ ID, ParticipantID int64 }
	for _, err := range []error{
		db.NewSelect().TableExpr("entries AS n").ColumnExpr("n.id AS entry_id, n.event_id, n.delegation_id AS delegation, n.participant_id AS person").
			ColumnExpr(`coalesce((SELECT max(c.class) FROM sport_classes AS c WHERE c.participant_id = n.participant_id AND c.discipline_id = e.discipline_id
				AND NOT c.superseded AND ',' || e.classes || ',' LIKE '%,' || c.class || ',%'), '') AS class`).
			Join("JOIN events AS e ON e.id = n.event_id").Where("n.competition_id = ?", l.c.ID).Where("n.state = ?", EntryIn).OrderExpr("n.id").Scan(ctx, &entries),
		db.NewSelect().TableExpr("starts AS s").ColumnExpr("s.id AS start_id, s.entry_id, s.unit_id, s.class, n.event_id, n.delegation_id AS delegation, n.participant_id AS person").
			Join("JOIN entries AS n ON n.id = s.entry_id").Where("s.competition_id = ?", l.c.ID).Where("s.unit_id IS NOT NULL").Where("s.out_irm = ''").OrderExpr("s.id").Scan(ctx, &starts),
		db.NewSelect().TableExpr("members AS m").ColumnExpr("m.start_id AS id, m.participant_id").Join("JOIN starts AS s ON s.id = m.start_id").
			Where("s.competition_id = ?", l.c.ID).OrderExpr("m.start_id, m.position").Scan(ctx, &members),
		db.NewSelect().TableExpr("entry_members AS m").ColumnExpr("m.entry_id AS id, m.participant_id").Join("JOIN entries AS n ON n.id = m.entry_id").
			Where("n.competition_id = ?", l.c.ID).Where("n.participant_id IS NULL").Where("NOT m.out").OrderExpr("m.entry_id, m.position").Scan(ctx, &teams),
	} {
		if err != nil {
			return err
		}
	}
	inStart, inTeam := map[int64][]int64{}, map[int64][]int64{}
	for _, m := range members {
		inStart[m.ID] = append(inStart[m.ID], m.ParticipantID)
	}
	for _, m := range teams {
		inTeam[m.ID] = append(inTeam[m.ID], m.ParticipantID)
	}
	put := func(into map[int64][]planEntry, key int64, e planEntry) {
		switch {
		case e.Person != 0:
			e.people = []int64{e.Person}
		case len(inStart[e.StartID]) > 0:
			e.people = inStart[e.StartID]
		default:
			e.people = inTeam[e.EntryID]
		}
		into[key] = append(into[key], e)
	}
	for _, e := range entries {
		put(l.entered, e.EventID, e)
	}
	for _, e := range starts {
		put(l.started, e.UnitID, e)
	}
	return nil
}

// loadHelp reads who everybody is, who guides whom, and who has more time. A
// guide is known by name within the delegation; one who is not accepted as
// somebody has a diary all the same.
func (l *ledgerTimetable) loadHelp(ctx context.Context, db bun.IDB) error {
	var people []Participant
	var rows []Registration
	for _, err := range []error{
		db.NewSelect().Model(&people).Where("competition_id = ?", l.c.ID).Order("id").Scan(ctx),
		db.NewSelect().Model(&rows).Column("id", "participant_id", "delegation_id", "guide").Where("competition_id = ?", l.c.ID).
			Where("state = ?", registration.Accepted).Where("guide <> ''").Order("id").Scan(ctx),
	} {
		if err != nil {
			return err
		}
	}
	named := map[string]string{}
	key := func(delegation int64, name string) string { return fmt.Sprint(delegation, " ", entry.PlainName(name)) }
	for i := range people {
		p := &people[i]
		name := DisplayName(p.Family, p.Given)
		named[key(p.DelegationID, name)] = diaryName(p.ID)
		l.doc.People = append(l.doc.People, timetable.Person{ID: diaryName(p.ID), Name: name})
	}
	l.guides = map[int64][]string{}
	for i := range rows {
		for _, name := range entry.SplitNames(rows[i].Guide) {
			k := key(rows[i].DelegationID, name)
			if named[k] == "" {
				named[k] = helperName(len(l.doc.People))
				l.doc.People = append(l.doc.People, timetable.Person{ID: named[k], Name: strings.TrimSpace(name)})
			}
			l.guides[rows[i].ParticipantID] = append(l.guides[rows[i].ParticipantID], named[k])
		}
	}
	granted, err := accommodations(ctx, db, l.c.ID)
	l.extra = make(map[int64]int, len(granted))
	for id, a := range granted {
		l.extra[id] = a.Extra
	}
	return err
}

// mostInFinal is how many are counted on in a round whose people are not known.
const mostInFinal = 8

// unit writes a unit into the document, and where it stands into its plan. One
// whose people are not known yet lists everybody who may be in it.
func (l *ledgerTimetable) unit(u *planUnit) {
	in, n := l.started[u.ID], len(l.started[u.ID])
	if n == 0 {
		in = l.entered[u.EventID]
		n = min(len(in), mostInFinal)
	}
	out := timetable.Unit{ID: unitName(u.ID), Name: u.title(), Discipline: u.Sport, Event: u.Event, Phase: u.Phase, Minutes: 1, Pinned: u.Pinned || u.begun()}
	length, known := l.set.Length(u.Sport, u.Type, u.Event)
	if known {
		out.Minutes, out.InTurn, out.Areas = length.For(n), length.InTurn, slices.Clone(length.Areas)
	}
	seated := false
	for i := range in {
		class := in[i].Class
		seated = seated || strings.HasSuffix(classFamilies()[[2]string{u.Sport, class}].Family, "seated")
		for _, id := range in[i].people {
			out.People = part(out.People, timetable.Part{Person: diaryName(id), As: timetable.Athlete, Class: class, Extra: l.extra[id]})
			for _, guide := range l.guides[id] {
				out.People = part(out.People, timetable.Part{Person: guide, As: timetable.Guide, Class: class})
			}
		}
	}
	if seated {
		out.Areas = slices.DeleteFunc(out.Areas, func(id string) bool { _, a := l.set.Area(id); return a != nil && a.Steps })
	}
	if len(out.Areas) == 0 && !slices.Contains(l.homeless, u.Sport) {
		l.homeless = append(l.homeless, u.Sport)
	}
	l.doc.Units = append(l.doc.Units, out)
	if venue, _ := l.set.Area(u.Area); venue != nil && !u.Start.IsZero() {
		l.doc.Plan = append(l.doc.Plan, timetable.Placement{Unit: out.ID, Area: u.Area, Court: u.Court, Start: timetable.At(u.Start, l.zone)})
	}
}

// part adds somebody, unless they are in the unit already: who guides two of a
// unit's people is there once.
func part(parts []timetable.Part, p timetable.Part) []timetable.Part {
	if slices.ContainsFunc(parts, func(o timetable.Part) bool { return o.Person == p.Person }) {
		return parts
	}
	return append(parts, p)
}

// delegations are those who have somebody in a unit, in order.
func (l *ledgerTimetable) delegations(unit int64) []int64 {
	i, ok := l.at[unit]
	if !ok {
		return nil
	}
	in := l.started[unit]
	if len(in) == 0 {
		in = l.entered[l.units[i].EventID]
	}
	var ids []int64
	for _, e := range in {
		ids = append(ids, e.Delegation)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// fit refuses a document that nobody can plan with, and says what to set first.
func (l *ledgerTimetable) fit() error {
	switch {
	case len(l.units) == 0:
		return invalid("units", "timetable-no-units")
	case len(l.doc.Days) == 0:
		return invalid("days", "timetable-no-days")
	case len(l.homeless) > 0:
		return invalid("lengths", "timetable-homeless", strings.Join(l.homeless, ", "))
	}
	if faults := l.doc.Faults(); len(faults) > 0 {
		f := faults[0]
		return &Refusal{Status: StatusInvalid, Problem: f.Problem, Field: cmp.Or(f.Field, "units"), With: f.With}
	}
	return nil
}
