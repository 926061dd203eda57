// The call room (检录): its tables, and the call of a unit with everybody who is
// called. What a call room asks for is in package calls.
package events

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/calls"
)

// Call is where the call of a unit stands. Round counts how often it was called;
// Missing are the starts that were put out with DNS when it was closed, and have
// not been let in since.
type Call struct {
	bun.BaseModel `bun:"table:calls"`

	UnitID        int64       `bun:",pk"`
	CompetitionID int64       `bun:",notnull"`
	State         calls.State `bun:",notnull"`
	Round         int         `bun:",notnull"`
	Called        time.Time   `bun:",nullzero"` // the newest round
	Closed        time.Time   `bun:",nullzero"`
	Missing       string      `bun:",notnull"` // IDs of starts, comma-separated
	Revision      int64       `bun:",notnull"`
	Seq           int64       `bun:",notnull"`
	By            string      `bun:",notnull"`
}

// missing are the starts that the call put out.
func (c *Call) missing() (ids []int64) {
	for text := range strings.SplitSeq(c.Missing, ",") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// PutOut reports whether the call put a start out.
func (c *Call) PutOut(start int64) bool { return slices.Contains(c.missing(), start) }

func (c *Call) setMissing(ids []int64) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	c.Missing = strings.Join(texts, ",")
}

// CallCheck is what the call room has seen of one person of a start. A team
// whose people are not named is one row, with ParticipantID 0. Note is words of
// the call room: in clear here, as a keyed print in the log.
type CallCheck struct {
	bun.BaseModel `bun:"table:call_checks"`

	StartID       int64          `bun:",pk"`
	ParticipantID int64          `bun:",pk"`
	CompetitionID int64          `bun:",notnull"`
	State         calls.Presence `bun:",notnull"`
	Card          bool           `bun:",notnull"`
	Partner       bool           `bun:",notnull"`
	Equipment     bool           `bun:",notnull"`
	Note          string         `bun:",notnull"`
	Revision      int64          `bun:",notnull"`
	Seq           int64          `bun:",notnull"`
	At            time.Time      `bun:",notnull"`
	By            string         `bun:",notnull"`
}

// Made are the checks that were made.
func (c *CallCheck) Made() (made []calls.Check) {
	for _, k := range []struct {
		check calls.Check
		ok    bool
	}{{calls.Card, c.Card}, {calls.Partner, c.Partner}, {calls.Equipment, c.Equipment}} {
		if k.ok {
			made = append(made, k.check)
		}
	}
	return made
}

// callSetting is how long before its start units of a discipline are called.
type callSetting struct {
	bun.BaseModel `bun:"table:call_settings"`

	DisciplineID  int64 `bun:",pk"`
	CompetitionID int64 `bun:",notnull"`
	Minutes       int   `bun:",notnull"`
}

// SpokenName is how a participant's name is said, in somebody's own words.
type SpokenName struct {
	bun.BaseModel `bun:"table:spoken_names"`

	ParticipantID int64  `bun:",pk"`
	CompetitionID int64  `bun:",notnull"`
	Note          string `bun:",notnull"`
	Revision      int64  `bun:",notnull"`
	Seq           int64  `bun:",notnull"`
	By            string `bun:",notnull"`
}

// CallUnit is a unit as the call room has it: when it is called, how far that
// is, and who starts.
type CallUnit struct {
	Unit       Unit
	Phase      Phase
	Event      Event
	Discipline Discipline
	Day        string // of its session, 2027-06-18; else of its start; empty: neither
	At         time.Time
	Minutes    int
	Call       Call
	Starts     []CallStart
}

// Begun reports whether the unit has begun, or is over.
func (u *CallUnit) Begun() bool { return u.Unit.ResultStatus != StartListStatus }

// Come counts the starts that are there, and those that are expected.
func (u *CallUnit) Come() (here, expected int) {
	for i := range u.Starts {
		if u.Starts[i].OutIRM != "" {
			continue
		}
		expected++
		if u.Starts[i].Standing == calls.Here {
			here++
		}
	}
	return here, expected
}

// Missing are the starts that are expected and have not all come.
func (u *CallUnit) Missing() (missing []*CallStart) {
	for i := range u.Starts {
		if s := &u.Starts[i]; s.OutIRM == "" && s.Standing != calls.Here {
			missing = append(missing, s)
		}
	}
	return missing
}

// CallStart is a start with the people who have to come for it.
type CallStart struct {
	Line

	People   []CallPerson
	Standing calls.Standing
}

// CallPerson is somebody who has to come. ParticipantID 0 is a team whose
// people are not named. Partner is who comes with them, as the classes of the
// sport have it (guide, ramp, assistant); Must that they cannot start without.
type CallPerson struct {
	ParticipantID int64
	Bib           string
	Family, Given string
	Alias         string
	Partner       string
	Must          bool
	Asked         []calls.Check
	Check         CallCheck // Revision 0: nobody has looked yet
	Said          string    // how the name is said, in somebody's words
}

// Name is the name as everybody is shown it.
func (p *CallPerson) Name() string {
	if p.Alias != "" {
		return p.Alias
	}
	return p.FullName()
}

// FullName is the name as officials need it.
func (p *CallPerson) FullName() string { return DisplayName(p.Family, p.Given) }

// Lacks are the checks that are still to be made.
func (p *CallPerson) Lacks() []calls.Check { return calls.Open(p.Asked, p.Check.Made()) }
