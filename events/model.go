// Package events is the ledger: the model of a competition, every command that
// changes it, the log of those changes and the store that keeps both. There is
// one way to write, [Store.change]; everything that watches reads the log.
//
// This file is the model. Its types never leave the server as they are; what
// leaves is a type of package web made for leaving. An Event is always a medal
// contest, a record of a change is a [LogEntry].
package events

import (
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/classes"
	"tongchang/scoring"
)

// Competition is one edition of the games or of the skills contest: one code,
// one regulation, one log. LastSeq and Head are the log's end; taking the next
// number is at once the lock on the competition. Epoch changes when a
// competition is restored, so that a number from before is never misread.
type Competition struct {
	bun.BaseModel `bun:"table:competitions"`

	ID         int64     `bun:",pk,autoincrement"`
	Code       string    `bun:",notnull"` // in addresses: letters, digits, hyphens
	Name       string    `bun:",notnull"`
	NameEn     string    `bun:",notnull"`
	City       string    `bun:",notnull"`
	Starts     string    `bun:",notnull"` // first and last day, 2026-06-21, local; empty while unknown
	Ends       string    `bun:",notnull"`
	Zone       string    `bun:",notnull"` // IANA name of the zone that clock times are shown in
	AgeDate    string    `bun:",notnull"` // day on which ages are counted
	AgeRule    string    `bun:",notnull"` // YEAR, DATE, …: how (Lenex AGEDATE type)
	Epoch      string    `bun:",notnull"`
	LastSeq    int64     `bun:",notnull"`
	Head       string    `bun:",notnull"` // hash of the last log entry, hex
	Regulation string    `bun:",notnull"` // in force, as JSON (scoring/regulation); empty: medals for the first three, no points
	Created    time.Time `bun:",notnull"`
}

// Discipline is a sport or a group of skills: swimming, boccia, Chinese pastry.
type Discipline struct {
	bun.BaseModel `bun:"table:disciplines"`

	ID            int64  `bun:",pk,autoincrement"`
	CompetitionID int64  `bun:",notnull"`
	Code          string `bun:",notnull"` // Olympic Data Feed code: SWM, ATH
	Name          string `bun:",notnull"`
	NameEn        string `bun:",notnull"`
	SecondPerson  bool   `bun:",notnull"` // a result is confirmed by another person than who wrote its last mark
}

// Event is one medal contest: event type × sex × a set of sport classes.
type Event struct {
	bun.BaseModel `bun:"table:events"`

	ID            int64      `bun:",pk,autoincrement"`
	CompetitionID int64      `bun:",notnull"`
	DisciplineID  int64      `bun:",notnull"`
	Code          string     `bun:",notnull"` // unique in the competition
	Type          string     `bun:",notnull"` // 100-FREE, 4x100-MEDLEY
	Sex           string     `bun:",notnull"` // M, W, X (mixed) or empty (open)
	Classes       string     `bun:",notnull"` // sport classes admitted, comma-separated; empty: no classes
	Number        int        `bun:",notnull"` // as printed in the programme; 0: none
	Name          string     `bun:",notnull"`
	NameEn        string     `bun:",notnull"`
	Medals        bool       `bun:",notnull"` // its final gives medals (a time trial does not)
	State         EventState `bun:",notnull"` // decided when the entries were known
	IntoID        int64      `bun:",notnull"` // the event that it has merged into; 0: none
}

// Phase is a round of an event: heats, final, swim-off. Ruleset and Groups are
// kept as text because they are hashed and published as they are.
type Phase struct {
	bun.BaseModel `bun:"table:phases"`

	ID            int64  `bun:",pk,autoincrement"`
	CompetitionID int64  `bun:",notnull"`
	EventID       int64  `bun:",notnull"`
	Code          string `bun:",notnull"`
	Kind          string `bun:",notnull"` // a key of the catalogue: PRE, FIN, TIM, SOP …
	Position      int    `bun:",notnull"` // order within the event, from 1
	Decides       bool   `bun:",notnull"` // the event's places are this phase's places
	Ruleset       string `bun:",notnull"` // kinds.Ruleset as JSON
	Groups        string `bun:",notnull"` // []PhaseGroup as JSON
}

// PhaseGroup is a part of a phase with a ranking of its own: an age group, a
// group of classes.
type PhaseGroup struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	AgeMin  int    `json:"age_min,omitempty"` // years; 0: no limit
	AgeMax  int    `json:"age_max,omitempty"`
	Classes string `json:"classes,omitempty"` // class numbers or names, comma-separated
}

// Unit is the smallest part of an event with its own start list and result:
// heat 2, court 3 match 7, one marking session (Olympic Data Feed: event unit).
// Start is UTC to the microsecond, zero while unscheduled. Version rises by one
// per accepted change; a command that names an older one is refused as stale.
type Unit struct {
	bun.BaseModel `bun:"table:units"`

	ID            int64           `bun:",pk,autoincrement"`
	CompetitionID int64           `bun:",notnull"`
	PhaseID       int64           `bun:",notnull"`
	Code          string          `bun:",notnull"`
	Number        int             `bun:",notnull"`  // heat 2
	Label         string          `bun:",notnull"`  // A or B final; empty
	GroupCode     string          `bun:",notnull"`  // the phase's group that it belongs to; empty: all
	SessionID     int64           `bun:",nullzero"` // 0: not in the timetable
	Position      int             `bun:",notnull"`  // order within the session
	Venue         string          `bun:",notnull"`
	Start         time.Time       `bun:",nullzero"`
	Measure       scoring.Measure `bun:",notnull"` // what its marks count
	Status        UnitStatus      `bun:",notnull"`
	ResultStatus  ResultStatus    `bun:",notnull"`
	Version       int64           `bun:",notnull"`
	OfficialAt    time.Time       `bun:",nullzero"`
	OfficialBy    string          `bun:",notnull"`
	Matches       string          `bun:",notnull"` // what was played, as a JSON array, where lines meet each other; empty: none
}

// UnitStatus says where a unit is in its day (Olympic Data Feed schedule status).
type UnitStatus string

// The statuses of a unit.
const (
	Scheduled    UnitStatus = "scheduled"
	GettingReady UnitStatus = "getting-ready"
	Running      UnitStatus = "running"
	Finished     UnitStatus = "finished"
	Cancelled    UnitStatus = "cancelled"
)

// ResultStatus says how far a result can be trusted (Olympic Data Feed).
type ResultStatus string

// The statuses of a result.
const (
	StartListStatus ResultStatus = "start-list"
	Live            ResultStatus = "live"
	Unofficial      ResultStatus = "unofficial"
	Protested       ResultStatus = "protested"
	Official        ResultStatus = "official"
)

// Session is a stretch of the timetable at a venue. Day and Opens are local:
// 2026-06-21 and 09:30, empty while unknown.
type Session struct {
	bun.BaseModel `bun:"table:sessions"`

	ID            int64  `bun:",pk,autoincrement"`
	CompetitionID int64  `bun:",notnull"`
	Number        int    `bun:",notnull"`
	Name          string `bun:",notnull"`
	NameEn        string `bun:",notnull"`
	Day           string `bun:",notnull"`
	Opens         string `bun:",notnull"`
	Venue         string `bun:",notnull"`
}

// Delegation is who sends people: a city, an oilfield, a club.
type Delegation struct {
	bun.BaseModel `bun:"table:delegations"`

	ID            int64  `bun:",pk,autoincrement"`
	CompetitionID int64  `bun:",notnull"`
	Code          string `bun:",notnull"`
	Name          string `bun:",notnull"`
	NameEn        string `bun:",notnull"`
	Nation        string `bun:",notnull"` // three letters; empty: not stated
}

// Participant is anyone accredited. Code is the edition's own number of the
// person (bib, accreditation), never an identity number.
type Participant struct {
	bun.BaseModel `bun:"table:participants"`

	ID            int64  `bun:",pk,autoincrement"`
	CompetitionID int64  `bun:",notnull"`
	DelegationID  int64  `bun:",notnull"`
	Code          string `bun:",notnull"`
	Role          string `bun:",notnull"` // athlete, guide, coach …
	Family        string `bun:",notnull"`
	Given         string `bun:",notnull"`
	Sex           string `bun:",notnull"` // M, W
	BirthDate     string `bun:",notnull"` // 1999-12-31; empty: unknown
	License       string `bun:",notnull"`
}

// SportClass is a class that a participant holds in one class group of a
// discipline: S9, SB8, SM9. Rows are never edited, only superseded.
type SportClass struct {
	bun.BaseModel `bun:"table:sport_classes"`

	ID            int64          `bun:",pk,autoincrement"`
	CompetitionID int64          `bun:",notnull"`
	ParticipantID int64          `bun:",notnull"`
	DisciplineID  int64          `bun:",notnull"`
	ClassGroup    string         `bun:",notnull"` // S, SB, SM, T, F …
	Class         string         `bun:",notnull"` // S9; NE and CNC block the group, or the discipline where ClassGroup is empty
	Status        classes.Status `bun:",notnull"`
	Review        int            `bun:",notnull"` // year of the fixed review date; 0: none
	Exceptions    string         `bun:",notnull"` // codes of exceptions to the rules of stroke, comma-separated
	Limitation    string         `bun:",notnull"` // where it holds only in part: an event type, a weapon
	Day           string         `bun:",notnull"` // on which it was decided, 2026-06-21; empty: before this edition
	Position      int            `bun:",notnull"` // among the decisions of that day, from 1
	Panel         string         `bun:",notnull"`
	Classifiers   string         `bun:",notnull"` // names, comma-separated
	Cause         classes.Cause  `bun:",notnull"`
	Seq           int64          `bun:",notnull"` // log entry that decided it; 0: came with a file
	Superseded    bool           `bun:",notnull"`
}

// ClassChange is an act of classification with what it found and left behind,
// so that it can be undone until the next start.
type ClassChange struct {
	bun.BaseModel `bun:"table:class_changes"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	Seq           int64     `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
	People        string    `bun:",notnull"` // IDs of the participants, comma-separated, a comma at both ends
	Before        string    `bun:",notnull"` // classImage as JSON
	After         string    `bun:",notnull"`
	Undone        int64     `bun:",notnull"` // log entry that undid it; 0: it stands
}

// Entry is a participant or a team entered in an event. ParticipantID is 0 for
// a team. EntryMark is what seeding uses; nil is no mark.
type Entry struct {
	bun.BaseModel `bun:"table:entries"`

	ID            int64         `bun:",pk,autoincrement"`
	CompetitionID int64         `bun:",notnull"`
	EventID       int64         `bun:",notnull"`
	DelegationID  int64         `bun:",notnull"`
	ParticipantID int64         `bun:",nullzero"`
	Code          string        `bun:",notnull"` // unique in the event
	TeamName      string        `bun:",notnull"`
	EntryMark     *scoring.Mark `bun:""`
	State         EntryState    `bun:",notnull"`
	Why           string        `bun:",notnull"` // why it is withdrawn: a key of the catalogue, or words
}

// EntryState says whether an entry is in.
type EntryState string

// The states of an entry. What is withdrawn stays on record.
const (
	EntryIn        EntryState = ""
	EntryWithdrawn EntryState = "withdrawn"
)

// Start is one line of a start list: an entry in a phase and, once drawn, in a
// unit and lane. Class is the class it competes in, copied, so that a later
// change of class never rewrites a result. OutIRM is set for those who are out
// before the start (withdrawn, rejected).
type Start struct {
	bun.BaseModel `bun:"table:starts"`

	ID            int64         `bun:",pk,autoincrement"`
	CompetitionID int64         `bun:",notnull"`
	PhaseID       int64         `bun:",notnull"`
	EntryID       int64         `bun:",notnull"`
	UnitID        int64         `bun:",nullzero"` // 0: not drawn
	Lane          *int          `bun:""`          // lanes may be numbered from 0
	SeedMark      *scoring.Mark `bun:""`
	Class         string        `bun:",notnull"`
	Groups        string        `bun:",notnull"` // IDs of the phase's groups that it ranks in, comma-separated; 24/A: in group 24's A final
	OutIRM        scoring.IRM   `bun:",notnull"`
}

// Member is one person of a team in a start, by position from 1.
type Member struct {
	bun.BaseModel `bun:"table:members"`

	StartID       int64 `bun:",pk"`
	Position      int   `bun:",pk"`
	ParticipantID int64 `bun:",notnull"`
}

// CellMark is what judges wrote into one cell of a start's line: a time, an
// attempt, an aspect. Revision rises by one per accepted write; a write that
// saw an older one is refused with the present value. The row is the present
// state; its history is in the log.
type CellMark struct {
	bun.BaseModel `bun:"table:marks"`

	StartID  int64         `bun:",pk"`
	Cell     string        `bun:",pk"` // as package pads names it: time, attempt-3; line is a whole line
	Mark     *scoring.Mark `bun:""`
	IRM      scoring.IRM   `bun:",notnull"`
	Rule     string        `bun:",notnull"` // what a DSQ refers to
	Points   *int64        `bun:""`         // from the points table that the meet names
	Detail   string        `bun:",notnull"` // MarkDetail, the whole line of the kind, or the text of a cell that is no number, as JSON; empty: none
	Revision int64         `bun:",notnull"`
	Seq      int64         `bun:",notnull"` // log entry that wrote it
	At       time.Time     `bun:",notnull"`
	By       string        `bun:",notnull"`
}

// MarkDetail is what comes with a time.
type MarkDetail struct {
	Reaction *int64  `json:"reaction,omitempty"` // ms; negative: left too early
	Splits   []Split `json:"splits,omitempty"`
}

// Split is an intermediate time, in ms, after a distance in metres.
type Split struct {
	Distance int          `json:"distance"`
	Mark     scoring.Mark `json:"mark"`
}

// Result is a start's outcome in an official unit, as it was confirmed. Rank 0
// is no place.
type Result struct {
	bun.BaseModel `bun:"table:results"`

	StartID   int64         `bun:",pk"`
	UnitID    int64         `bun:",notnull"`
	Mark      *scoring.Mark `bun:""`
	IRM       scoring.IRM   `bun:",notnull"`
	Rank      int           `bun:",notnull"`
	SortOrder int           `bun:",notnull"`
	Class     string        `bun:",notnull"`
}

// Record is the best mark known of its level, event type, sex and class.
type Record struct {
	bun.BaseModel `bun:"table:records"`

	ID            int64        `bun:",pk,autoincrement"`
	CompetitionID int64        `bun:",notnull"`
	Code          string       `bun:",notnull"` // list, event type, sex, class, ages: unique
	Level         string       `bun:",notnull"` // WR, CAN, provincial …
	List          string       `bun:",notnull"` // name of the list
	Type          string       `bun:",notnull"` // event type
	Sex           string       `bun:",notnull"`
	Class         string       `bun:",notnull"`
	Course        string       `bun:",notnull"`
	AgeMin        int          `bun:",notnull"`
	AgeMax        int          `bun:",notnull"`
	Mark          scoring.Mark `bun:",notnull"`
	Holder        string       `bun:",notnull"`
	Nation        string       `bun:",notnull"`
	Date          string       `bun:",notnull"`
	Place         string       `bun:",notnull"`
}

// LogEntry is one accepted change. Seq has no gaps within a competition; Hash
// is SHA-256 over the entry and the hash before it, so that no entry can be
// changed, dropped or moved without every later hash being wrong.
type LogEntry struct {
	bun.BaseModel `bun:"table:log"`

	CompetitionID int64     `bun:",pk"`
	Seq           int64     `bun:",pk"`
	CommandID     string    `bun:",notnull"`
	Kind          string    `bun:",notnull"`
	Author        string    `bun:",notnull"` // seat or organiser that asked
	Reason        string    `bun:",notnull"` // given with a correction
	At            time.Time `bun:",notnull"` // server's clock, UTC, microseconds
	Payload       string    `bun:",notnull"` // what was asked, as JSON
	Receipt       string    `bun:",notnull"` // what was answered, as JSON
	Topics        string    `bun:",notnull"` // what it touched, space-separated
	Prev          string    `bun:",notnull"` // hex
	Hash          string    `bun:",notnull"` // hex
}

// Refused is a command that was turned away although its ID was known: the same
// ID came with another payload. It is kept beside the log, outside the chain.
type Refused struct {
	bun.BaseModel `bun:"table:refused"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	CommandID     string    `bun:",notnull"`
	Kind          string    `bun:",notnull"`
	Author        string    `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	PayloadHash   string    `bun:",notnull"`
}
