// Package lenex reads and writes Lenex 3.0, the exchange format of swimming:
// meets with entries, start lists and results, and record lists. A .lxf file is
// a zip that holds one .lef file, which is XML.
//
// The types here are the format's own, cleaned: whole milliseconds, real dates,
// and nothing where the file says -1, NT or 00:00:00.00. What an organiser's
// file has beyond them (fees, time standards, contacts) is counted in
// [File.Unread] and left alone; docs/lenex.md lists it.
package lenex

import (
	"time"

	"tongchang/scoring"
)

// File is one Lenex document.
type File struct {
	Version     string // of the format: 3.0
	Created     string // as written; the format does not fix a zone
	Constructor string // the program that wrote it
	Meets       []Meet
	RecordLists []RecordList

	// Unread counts what was tolerated and not taken over, by element and
	// attribute: "FEES", "CLUB swrid". Elements inside an unread one do not count.
	Unread map[string]int
}

// Meet is one competition.
type Meet struct {
	Name, City, Nation string
	Organizer          string
	Number             string // of the sanction
	Type               string // as the federation names it: CAN.TRIALS
	Course             string // LCM (50 m), SCM (25 m), SCY (yards), …
	Timing             string // AUTOMATIC, SEMIAUTOMATIC, MANUAL1–3
	ReserveCount       int    // reserves to be named for a final
	AgeDate            AgeDate
	Pool               Pool
	PointTable         string // name and version of the table that Result.Points come from
	Sessions           []Session
	Clubs              []Club
}

// AgeDate says how ages are counted at the meet. Type is YEAR (by the year of
// birth alone) or DATE (by the day); the national rules of the format (POR,
// CAN.FNQ, LUX) are refused, since ages would be guessed.
type AgeDate struct {
	Value time.Time
	Type  string
}

// Pool has the numbers of its outermost lanes: 1 and 8, or 0 and 9.
type Pool struct {
	Name             string
	LaneMin, LaneMax int
	LanesGiven       bool // false where the file does not say; the lanes are then unknown
}

// Session is a stretch of the timetable. Date is midnight UTC.
type Session struct {
	Number  int
	Name    string
	Date    time.Time
	Daytime Clock
	Endtime Clock
	Events  []Event
}

// Event is Lenex's event: one round of a contest, with the round before it in
// PrevEvent (0 where there is none). Number is printed, ID identifies.
type Event struct {
	ID, Number, Order int
	Gender            string // M, F, X (mixed relay) or A (all)
	Round             Round
	PrevEvent         int
	Daytime           Clock
	Style             SwimStyle
	AgeGroups         []AgeGroup
	Heats             []Heat
}

// Round names the part an event plays in its contest.
type Round string

// The rounds of the format, and two that meet software adds (EXTRAHEATS: swims
// outside the competition proper; TIMETRIAL: a swim against the clock alone).
const (
	TimedFinal    Round = "TIM"
	FastestHeat   Round = "FHT" // the fastest heat of a timed final, swum with the finals
	Prelim        Round = "PRE"
	Quarter       Round = "QUA"
	Semi          Round = "SEM"
	Final         Round = "FIN"
	SwimOffPrelim Round = "SOP" // swim-off after the prelims, quarter- or semifinals
	SwimOffQuart  Round = "SOQ"
	SwimOffSemi   Round = "SOS"
	TimeTrial     Round = "TIMETRIAL"
	ExtraHeats    Round = "EXTRAHEATS"
)

// SwimStyle says what is swum. Distance is in the units of the course, per
// swimmer; RelayCount is 1 for individual events.
type SwimStyle struct {
	Distance   int
	RelayCount int
	Stroke     string // FREE, BACK, BREAST, FLY, MEDLEY, …
	Technique  string // KICK, DIVE, TURN, START, GLIDE
	Name       string // where no stroke says it
}

// AgeGroup is a part of an event with a ranking of its own, by age, by sport
// class or by both. AgeMin and AgeMax are -1 for no limit. Handicap holds the
// class numbers of the event's class group that belong to it; none means that
// the group is not divided by class.
type AgeGroup struct {
	ID             int
	Name           string
	Gender         string // where an event for all is ranked apart
	AgeMin, AgeMax int
	Calculate      string // how a relay's age counts: SINGLE, TOTAL
	Handicap       []string
	Rankings       []Ranking // as published
}

// Ranking is one published line of an age group: the row, the place shown (-1
// where the file gives none) and the result.
type Ranking struct {
	Order, Place int
	ResultID     int
}

// Heat is one race. AgeGroupID is 0 unless the heat belongs to one group; Final
// is A, B, … where finals are told apart.
type Heat struct {
	ID, Number, Order int
	Name              string
	AgeGroupID        int
	Final             string
	Status            HeatStatus
	Daytime           Clock
}

// HeatStatus is where a heat stands.
type HeatStatus string

// The states of a heat. The format's INOFFICIAL is "unofficial".
const (
	Scheduled  HeatStatus = "SCHEDULED"
	Seeded     HeatStatus = "SEEDED"
	Running    HeatStatus = "RUNNING"
	Inofficial HeatStatus = "INOFFICIAL"
	Official   HeatStatus = "OFFICIAL"
)

// Club is who enters people: a club, a nation, a region.
type Club struct {
	ID              int
	Name, ShortName string
	Code, Nation    string
	Region          string
	Type            string // CLUB, NATIONALTEAM, REGIONALTEAM, UNATTACHED
	Number          int    // of the team, where a club has several
	Athletes        []Athlete
	Relays          []Relay
}

// Athlete is a swimmer with what they entered and swam.
type Athlete struct {
	ID         int
	FirstName  string
	LastName   string
	NamePrefix string
	FirstEn    string // names in Latin letters, where given apart
	LastEn     string
	Birthdate  time.Time
	Gender     string
	Nation     string
	License    string
	LicenseIPC string // of World Para Swimming
	Status     string // FOREIGNER, ROOKIE, EXHIBITION, …
	Handicap   Handicap
	Entries    []Entry
	Results    []Result
}

// Handicap holds the sport classes by class group: S (free, back, fly), SB
// (breast) and SM (medley), as bare class numbers, and the codes of exceptions
// to the stroke rules that the swimmer is allowed. Empty means no class.
type Handicap struct {
	Free, Breast, Medley string
	Exception            string
}

// Entry is a swimmer or relay entered in an event. Lane has a meaning only
// where HeatID is not 0. Time is nil where none is known.
type Entry struct {
	EventID    int
	AgeGroupID int
	Time       *scoring.Mark // ms
	Course     string        // in which Time was swum, where it was converted
	HeatID     int
	Lane       int
	Status     string // "", EXH, RJC, SICK, WDR, DNS
	Late       bool   // entered after the deadline
	Qualified  MeetInfo
	Positions  []RelayPosition // relays
}

// MeetInfo says where a time was swum.
type MeetInfo struct {
	Name, City, Nation, Course string
	Date                       time.Time
	Time                       *scoring.Mark // ms, the qualification time
}

// Result is what came of a start. Time is nil where there is none.
type Result struct {
	ID, EventID int
	HeatID      int
	Lane        int
	Time        *scoring.Mark // ms
	EntryTime   *scoring.Mark // ms
	EntryCourse string
	Reaction    *scoring.Mark // ms; negative for a start before the signal
	Points      *int64        // by the meet's point table
	Status      string        // "", EXH, DSQ, DNS, DNF, SICK, WDR, RJC
	Comment     string        // new records, the reason of a DSQ
	Late        bool
	Splits      []Split
	Positions   []RelayPosition // relays
}

// Split is the time since the start at a distance.
type Split struct {
	Distance int
	Time     scoring.Mark // ms
}

// Relay is a club's team. Ages are -1 for no limit.
type Relay struct {
	Number                   int
	Name                     string
	Gender                   string
	AgeMin, AgeMax           int
	AgeTotalMin, AgeTotalMax int
	Handicap                 string // points of the classes together: 20, 34, 49, S14
	Entries                  []Entry
	Results                  []Result
}

// RelayPosition is one swimmer of a relay. In meets AthleteID refers to an
// athlete of the file; in record lists the swimmer is given in full. Number is
// -1 for reserves.
type RelayPosition struct {
	Number    int
	AthleteID int
	Athlete   *Athlete
	Reaction  *scoring.Mark // ms, of the take-over; negative is too early
	Status    string        // DSQ, DNF: whose fault it was
}

// RecordList is the records of one kind: level, course, gender, class or age.
type RecordList struct {
	Name, Type     string // type: WR, CAN.IPC, …
	Course, Gender string
	Nation, Region string
	Handicap       string
	AgeMin, AgeMax int // -1 for no limit
	Updated        time.Time
	Records        []Record
}

// Record is one record; either Athlete or Relay is set.
type Record struct {
	Style   SwimStyle
	Time    *scoring.Mark
	Splits  []Split
	Meet    MeetInfo
	Athlete *RecordAthlete
	Relay   *RecordRelay
	Comment string
}

// RecordAthlete is who holds a record, with the club of that day.
type RecordAthlete struct {
	Athlete Athlete
	Club    Club
}

// RecordRelay is the team that holds a record.
type RecordRelay struct {
	Club      Club
	Positions []RelayPosition
}

// Clock is a time of day, "09:30"; empty where unknown. The meet's time zone is
// not part of the format.
type Clock string

// On is the moment that the clock shows this on the day of date, in date's zone.
func (c Clock) On(date time.Time) (time.Time, bool) {
	t, err := time.Parse("15:04", string(c))
	if err != nil {
		return time.Time{}, false
	}
	y, m, d := date.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, date.Location()), true
}

// IRM is the status in the words of the ledger. Lenex's SICK is a swimmer who
// did not start.
func IRM(status string) scoring.IRM {
	if status == "SICK" {
		return scoring.DNS
	}
	return scoring.IRM(status)
}
