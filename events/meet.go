// Importing a meet: what a Lenex file holds is laid beside what is there, and
// what is new or different is written as one command. A dry run is the same,
// taken back at the end.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/events/lenex"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// ImportMeet is the command that takes a file over. What it held is named by
// its hash; the rows themselves are not repeated in the log.
type ImportMeet struct {
	File    string `json:"file" validate:"max=200"`
	SHA256  string `json:"sha256" validate:"len=64,hexadecimal"`
	Results bool   `json:"results"` // take results over too, not only entries and start lists
}

func (ImportMeet) kind() string { return "import" }

// Imported counts what an import created, changed and found as it should be,
// by noun, and lists what it refused.
type Imported struct {
	Counts  []ImportCount `json:"counts"`
	Refused []ImportLine  `json:"refused,omitempty"`
}

// ImportCount is one noun of the report.
type ImportCount struct {
	Noun      string `json:"noun"` // catalogue key: delegations, starts …
	Created   int    `json:"created"`
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
}

// ImportLine is something that was not taken over, where it stood and why.
type ImportLine struct {
	Where   string   `json:"where"` // ATHLETE 12 RESULT 34
	Problem string   `json:"problem"`
	With    []string `json:"with,omitempty"`
}

// Changes reports whether the import would write or has written anything.
func (r *Imported) Changes() bool {
	return slices.ContainsFunc(r.Counts, func(c ImportCount) bool { return c.Created+c.Changed > 0 })
}

// errNothingNew ends an import that would change nothing: it leaves no entry.
var errNothingNew = errors.New("nothing new")

// Import takes a Lenex file over into the command's competition. With dry, and
// when there is nothing new, nothing is written.
func (s *Store) Import(ctx context.Context, c Command, a ImportMeet, f *lenex.File, dry bool) (*Imported, error) {
	var im *importer
	_, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		im = &importer{ctx: ctx, ch: ch, results: a.Results, ids: map[string]int64{}}
		if err := im.file(f); err != nil {
			return nil, err
		}
		if dry || !im.Changes() {
			return nil, errNothingNew
		}
		ch.touch(im.topics...)
		return im.Imported, nil
	})
	if err != nil && !errors.Is(err, errNothingNew) {
		return nil, err
	}
	if im == nil { // the same command again: the first time's report is in the log
		return &Imported{}, nil
	}
	return &im.Imported, nil
}

// importer lays a file beside the competition.
type importer struct {
	Imported
	ctx     context.Context
	ch      *Change
	results bool
	ids     map[string]int64 // "phases 22" → its row
	topics  []string
}

func (im *importer) refuse(where, problem string, with ...string) {
	im.Refused = append(im.Refused, ImportLine{where, problem, with})
}

func (im *importer) file(f *lenex.File) error {
	for i := range f.Meets {
		if err := im.meet(&f.Meets[i]); err != nil {
			return err
		}
	}
	return im.records(f.RecordLists)
}

func (im *importer) meet(m *lenex.Meet) error {
	if err := im.header(m); err != nil {
		return err
	}
	steps := []func(*lenex.Meet) error{im.programme, im.people, im.startLists}
	if im.results {
		steps = append(steps, im.marks, im.official)
	}
	for _, step := range steps {
		if err := step(m); err != nil {
			return err
		}
	}
	im.topics = append(im.topics, "meet", "today", "medals")
	return nil
}

// header takes over what the file says of the meet as a whole.
func (im *importer) header(m *lenex.Meet) error {
	have := im.ch.Competition
	want := have
	want.City, want.AgeRule = cmp.Or(m.City, have.City), cmp.Or(m.AgeDate.Type, have.AgeRule)
	if !m.AgeDate.Value.IsZero() {
		want.AgeDate = m.AgeDate.Value.Format(time.DateOnly)
	}
	for _, s := range m.Sessions {
		if s.Date.IsZero() {
			continue
		}
		day := s.Date.Format(time.DateOnly)
		if want.Starts == "" || day < want.Starts {
			want.Starts = day
		}
		want.Ends = max(want.Ends, day)
	}
	c := ImportCount{Noun: "competitions", Unchanged: 1}
	if want != have {
		c = ImportCount{Noun: "competitions", Changed: 1}
		_, err := im.ch.Tx.NewUpdate().Model(&want).Column("city", "age_date", "age_rule", "starts", "ends").WherePK().Exec(im.ctx)
		if err != nil {
			return fmt.Errorf("import the meet's header: %w", err)
		}
	}
	im.Counts = append(im.Counts, c)
	return nil
}

// noun says how rows of one table are told apart and compared.
type noun[M any] struct {
	name string
	key  func(*M) string
	id   func(*M) *int64 // nil where the key is the primary key
	same func(a, b *M) bool
	keep func(want, old *M) // what files say nothing of stays as it is
}

// equal compares rows without pointers in them.
func equal[M comparable](a, b *M) bool { return *a == *b }

// The nouns of an import.
var (
	disciplineNoun  = noun[Discipline]{"disciplines", func(d *Discipline) string { return d.Code }, func(d *Discipline) *int64 { return &d.ID }, equal[Discipline], nil}
	sessionNoun     = noun[Session]{"sessions", func(s *Session) string { return strconv.Itoa(s.Number) }, func(s *Session) *int64 { return &s.ID }, equal[Session], nil}
	eventNoun       = noun[Event]{"events", func(e *Event) string { return e.Code }, func(e *Event) *int64 { return &e.ID }, equal[Event], keepEvent}
	phaseNoun       = noun[Phase]{"phases", func(p *Phase) string { return p.Code }, func(p *Phase) *int64 { return &p.ID }, equal[Phase], nil}
	delegationNoun  = noun[Delegation]{"delegations", func(d *Delegation) string { return d.Code }, func(d *Delegation) *int64 { return &d.ID }, equal[Delegation], nil}
	participantNoun = noun[Participant]{"participants", func(p *Participant) string { return p.Code }, func(p *Participant) *int64 { return &p.ID }, equal[Participant], nil}
	unitNoun        = noun[Unit]{"units", func(u *Unit) string { return u.Code }, func(u *Unit) *int64 { return &u.ID }, sameUnit, nil}
	entryNoun       = noun[Entry]{"entries", func(e *Entry) string { return fmt.Sprint(e.EventID, " ", e.Code) }, func(e *Entry) *int64 { return &e.ID }, sameEntry, keepEntry}
	startNoun       = noun[Start]{"starts", func(s *Start) string { return fmt.Sprint(s.PhaseID, " ", s.EntryID) }, func(s *Start) *int64 { return &s.ID }, sameStart, nil}
	memberNoun      = noun[Member]{"members", func(m *Member) string { return fmt.Sprint(m.StartID, " ", m.Position) }, nil, equal[Member], nil}
	recordNoun      = noun[Record]{"records", func(r *Record) string { return r.Code }, func(r *Record) *int64 { return &r.ID }, equal[Record], nil}
)

// sameUnit compares times as moments.
func sameUnit(a, b *Unit) bool {
	x, y := *a, *b
	x.Start, y.Start, x.OfficialAt, y.OfficialAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return x == y && a.Start.Equal(b.Start)
}

// keepEvent and keepEntry keep what was decided here.
func keepEvent(want, old *Event) {
	want.State, want.IntoID = old.State, old.IntoID
	if old.State != EventOn {
		want.Medals, want.Classes = old.Medals, old.Classes
	}
}

func keepEntry(want, old *Entry) { want.State, want.Why = old.State, old.Why }

func sameEntry(a, b *Entry) bool {
	x, y := *a, *b
	x.EntryMark, y.EntryMark = nil, nil
	return x == y && sameMark(a.EntryMark, b.EntryMark)
}

func sameStart(a, b *Start) bool {
	x, y := *a, *b
	x.Lane, y.Lane, x.SeedMark, y.SeedMark = nil, nil, nil, nil
	return x == y && compareLanes(a.Lane, b.Lane) == 0 && sameMark(a.SeedMark, b.SeedMark)
}

// lay lays wanted rows beside those of the competition: the missing are
// created, the different changed, none deleted. It fills in the rows' IDs and
// remembers them under the noun's name and key.
func lay[M any](im *importer, n noun[M], want []M) error {
	var have []M
	q := im.ch.Tx.NewSelect().Model(&have)
	if n.id == nil {
		q = q.Where("start_id IN (SELECT id FROM starts WHERE competition_id = ?)", im.ch.Competition.ID)
	} else {
		q = q.Where("competition_id = ?", im.ch.Competition.ID)
	}
	if err := q.Scan(im.ctx); err != nil {
		return fmt.Errorf("import %s: read what is there: %w", n.name, err)
	}
	there := make(map[string]*M, len(have))
	for i := range have {
		there[n.key(&have[i])] = &have[i]
	}
	count := ImportCount{Noun: n.name}
	var create []*M
	for i := range want {
		w := &want[i]
		old := there[n.key(w)]
		switch {
		case old == nil:
			create = append(create, w)
			continue
		case n.id != nil:
			*n.id(w) = *n.id(old)
		}
		if n.keep != nil {
			n.keep(w, old)
		}
		if n.same(w, old) {
			count.Unchanged++
			continue
		}
		count.Changed++
		if _, err := im.ch.Tx.NewUpdate().Model(w).WherePK().Exec(im.ctx); err != nil {
			return fmt.Errorf("import %s %s: %w", n.name, n.key(w), err)
		}
	}
	for chunk := range slices.Chunk(create, 500) {
		if _, err := im.ch.Tx.NewInsert().Model(&chunk).Exec(im.ctx); err != nil {
			return fmt.Errorf("import %s: %w", n.name, err)
		}
	}
	count.Created = len(create)
	im.Counts = append(im.Counts, count)
	if n.id != nil {
		for i := range want {
			im.ids[n.name+" "+n.key(&want[i])] = *n.id(&want[i])
		}
	}
	return nil
}

// at is the row that a noun's key was given, 0 where there is none.
func (im *importer) at(noun string, key any) int64 { return im.ids[fmt.Sprint(noun, " ", key)] }

// programme takes over sessions, events, phases and units.
func (im *importer) programme(m *lenex.Meet) error {
	comp := im.ch.Competition.ID
	swimming := []Discipline{{CompetitionID: comp, Code: "SWM", Name: "游泳", NameEn: "Swimming"}}
	if err := lay(im, disciplineNoun, swimming); err != nil {
		return err
	}
	var sessions []Session
	for _, s := range m.Sessions {
		row := Session{CompetitionID: comp, Number: s.Number, Name: s.Name, NameEn: s.Name, Opens: string(s.Daytime), Venue: m.Pool.Name}
		if !s.Date.IsZero() {
			row.Day = s.Date.Format(time.DateOnly)
			im.topics = append(im.topics, "schedule/"+row.Day)
		}
		sessions = append(sessions, row)
	}
	if err := lay(im, sessionNoun, sessions); err != nil {
		return err
	}
	contests := contestsOf(m)
	var events []Event
	for _, c := range contests {
		events = append(events, c.event(comp, im.at("disciplines", "SWM")))
	}
	if err := lay(im, eventNoun, events); err != nil {
		return err
	}
	var phases []Phase
	for _, c := range contests {
		rows, err := c.phases(comp, im.at("events", c.code()))
		if err != nil {
			return err
		}
		phases = append(phases, rows...)
	}
	if err := lay(im, phaseNoun, phases); err != nil {
		return err
	}
	return im.units(m)
}

// units takes over heats. What has begun is not moved by a file.
func (im *importer) units(m *lenex.Meet) error {
	zone, err := time.LoadLocation(im.ch.Competition.Zone)
	if err != nil {
		return fmt.Errorf("import units: %w", err)
	}
	var units []Unit
	for s, e := range m.Events() {
		for _, h := range e.Heats {
			units = append(units, im.unit(m, s, e, &h, zone))
		}
	}
	return im.layUnits(units)
}

// layUnits lays units beside those there are. Where a unit has begun, its day
// is the judges', not the file's.
func (im *importer) layUnits(units []Unit) error {
	var have []Unit
	if err := im.ch.Tx.NewSelect().Model(&have).Where("competition_id = ?", im.ch.Competition.ID).Scan(im.ctx); err != nil {
		return fmt.Errorf("import units: %w", err)
	}
	placed, err := inTimetable(im.ctx, im.ch.Tx, im.ch.Competition.ID)
	if err != nil {
		return err
	}
	byCode := map[string]*Unit{}
	for i := range have {
		byCode[have[i].Code] = &have[i]
	}
	for i := range units {
		if o, u := byCode[units[i].Code], &units[i]; o != nil {
			u.Status, u.ResultStatus, u.Version, u.OfficialAt, u.OfficialBy, u.Matches = o.Status, o.ResultStatus, o.Version, o.OfficialAt, o.OfficialBy, o.Matches
			if placed[o.ID] { // when and where is the timetable's, not the file's
				u.Start, u.Venue, u.SessionID, u.Position = o.Start, o.Venue, o.SessionID, o.Position
			}
		}
	}
	return lay(im, unitNoun, units)
}

func (im *importer) unit(m *lenex.Meet, s *lenex.Session, e *lenex.Event, h *lenex.Heat, zone *time.Location) Unit {
	u := Unit{
		CompetitionID: im.ch.Competition.ID, PhaseID: im.at("phases", e.ID), Code: strconv.Itoa(h.ID), Number: h.Number,
		Label: h.Final, SessionID: im.at("sessions", s.Number), Position: e.Order*1000 + h.Order, Venue: m.Pool.Name,
		Measure: scoring.Milliseconds, Status: Scheduled, ResultStatus: StartListStatus,
	}
	if h.AgeGroupID != 0 {
		u.GroupCode = strconv.Itoa(h.AgeGroupID)
	}
	if at, ok := cmp.Or(h.Daytime, e.Daytime, s.Daytime).On(s.Date); ok && !s.Date.IsZero() {
		u.Start = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, zone).UTC()
	}
	return u
}

// people takes over clubs, athletes and their sport classes.
func (im *importer) people(m *lenex.Meet) error {
	comp := im.ch.Competition.ID
	var delegations []Delegation
	for _, c := range m.Clubs {
		delegations = append(delegations, Delegation{CompetitionID: comp, Code: strconv.Itoa(c.ID), Name: c.Name, NameEn: c.Name, Nation: c.Nation})
	}
	if err := lay(im, delegationNoun, delegations); err != nil {
		return err
	}
	var people []Participant
	for _, c := range m.Clubs {
		for i := range c.Athletes {
			a := &c.Athletes[i]
			p := Participant{CompetitionID: comp, DelegationID: im.at("delegations", c.ID), Code: strconv.Itoa(a.ID), Role: "athlete",
				Family: strings.TrimSpace(a.NamePrefix + " " + a.LastName), Given: a.FirstName, Sex: sexOf(a.Gender), License: a.License}
			if !a.Birthdate.IsZero() {
				p.BirthDate = a.Birthdate.Format(time.DateOnly)
			}
			people = append(people, p)
		}
	}
	if err := lay(im, participantNoun, people); err != nil {
		return err
	}
	var classes []SportClass
	for _, c := range m.Clubs {
		for i := range c.Athletes {
			a := &c.Athletes[i]
			for _, stroke := range []string{"FREE", "BREAST", "MEDLEY"} {
				if class := lenex.SportClass(stroke, a.Handicap); class != "" {
					classes = append(classes, SportClass{CompetitionID: comp, ParticipantID: im.at("participants", a.ID), DisciplineID: im.at("disciplines", "SWM"),
						ClassGroup: lenex.ClassGroup(stroke), Class: class, Exceptions: a.Handicap.Exception})
				}
			}
		}
	}
	return im.syncClasses(classes)
}

// syncClasses supersedes classes that differ; a class is never edited.
func (im *importer) syncClasses(want []SportClass) error {
	var have []SportClass
	err := im.ch.Tx.NewSelect().Model(&have).Where("competition_id = ?", im.ch.Competition.ID).Where("superseded = ?", false).Scan(im.ctx)
	if err != nil {
		return fmt.Errorf("import sport classes: %w", err)
	}
	key := func(c *SportClass) string { return fmt.Sprint(c.ParticipantID, " ", c.DisciplineID, " ", c.ClassGroup) }
	there := map[string]SportClass{}
	for _, c := range have {
		there[key(&c)] = c
	}
	count := ImportCount{Noun: "sport-classes"}
	var create []SportClass
	for _, w := range want {
		old, ok := there[key(&w)]
		w.ID = old.ID
		switch {
		case !ok:
			count.Created++
		case w.Class == old.Class && w.Status == old.Status && w.Exceptions == old.Exceptions:
			count.Unchanged++
			continue
		default:
			count.Changed++
			_, err := im.ch.Tx.NewUpdate().Model(&old).Set("superseded = ?", true).WherePK().Exec(im.ctx)
			if err != nil {
				return fmt.Errorf("supersede class of participant %d: %w", w.ParticipantID, err)
			}
		}
		w.ID = 0
		create = append(create, w)
	}
	if len(create) > 0 {
		if _, err := im.ch.Tx.NewInsert().Model(&create).Exec(im.ctx); err != nil {
			return fmt.Errorf("import sport classes: %w", err)
		}
	}
	im.Counts = append(im.Counts, count)
	return nil
}

func sexOf(gender string) string {
	switch gender {
	case "F":
		return "W"
	case "M", "X":
		return gender
	}
	return ""
}

// ruleset is how a phase of a meet is ranked.
func ruleset(groups []lenex.AgeGroup, table string) (string, error) {
	rs := kinds.Ruleset{Name: "swimming", Version: "World Aquatics 2023", Kind: "timed"}
	if len(groups) > 0 {
		rules := lenex.RulesFor(&groups[0])
		if rules.By == "points" {
			rs.Name, rules.Source = "swimming, several classes by points", table
		}
		b, err := json.Marshal(rules)
		if err != nil {
			return "", err
		}
		rs.Rules = b
	}
	b, err := json.Marshal(rs)
	return string(b), err
}
