// Support needs as the ledger keeps them. What people say and what they are told
// is not here: those texts are sealed, one for each revision that said something.
package events

import (
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/needs"
)

// Round is an occasion on which people are asked what they need.
type Round string

// The rounds.
const (
	AtEntry   Round = "entry"
	AtArrival Round = "arrival" // asked again: as it was, or changed
)

// Need is something that a person of a delegation, or the delegation as a whole,
// needs in order to be here like everybody else.
type Need struct {
	bun.BaseModel `bun:"table:needs"`

	ID             int64         `bun:",pk,autoincrement"`
	CompetitionID  int64         `bun:",notnull"`
	DelegationID   int64         `bun:",notnull"`
	RegistrationID int64         `bun:",nullzero"` // 0: the delegation's as a whole
	Kind           needs.Code    `bun:",notnull"`
	Pieces         int           `bun:",notnull"`
	Day            string        `bun:",notnull"` // wanted from this local day, 2026-06-21; empty: from the arrival
	Until          string        `bun:",notnull"` // to this day; empty: that day alone, or as long as they are here
	Hour           int           `bun:",notnull"` // local, 0 to 23; -1: that of the arrival
	State          needs.State   `bun:",notnull"`
	Round          Round         `bun:",notnull"` // in which it was first asked
	Confirmed      bool          `bun:",notnull"` // said again at arrival
	Group          needs.Group   `bun:"owner_group,notnull"`
	Owner          string        `bun:",notnull"` // who of the group; empty: nobody yet
	Due            time.Time     `bun:",nullzero"`
	Verdict        needs.Verdict `bun:",notnull"`  // of the last answer
	Task           int64         `bun:",nullzero"` // the need that this one is one task with; 0: alone
	Revision       int64         `bun:",notnull"`
	Words          int64         `bun:",notnull"` // revision whose text says what is asked for; 0: the kind says it all
	WordsPrint     string        `bun:",notnull"`
	Reply          int64         `bun:",notnull"` // revision whose text is the last answer
	PlacePrint     string        `bun:",notnull"` // of the sealed place; empty: none given
	Reopened       int           `bun:",notnull"`
	Reminded       int           `bun:",notnull"`
	Asked          time.Time     `bun:",notnull"`
	Updated        time.Time     `bun:",notnull"`
	By             string        `bun:",notnull"`
}

// NeedChange is one act on a need with what it led to. Said: there is a sealed
// text under the revision.
type NeedChange struct {
	bun.BaseModel `bun:"table:need_changes"`

	NeedID   int64         `bun:",pk"`
	Revision int64         `bun:",pk"`
	Seq      int64         `bun:",notnull"`
	Act      needs.Act     `bun:",notnull"`
	State    needs.State   `bun:",notnull"`
	At       time.Time     `bun:",notnull"`
	By       string        `bun:",notnull"`
	Group    needs.Group   `bun:"owner_group,notnull"`
	Owner    string        `bun:",notnull"`
	Due      time.Time     `bun:",nullzero"`
	Verdict  needs.Verdict `bun:",notnull"`
	Said     bool          `bun:",notnull"`
}

// NeedRound is that somebody has been asked, also where they need nothing: who
// has no row has been forgotten.
type NeedRound struct {
	bun.BaseModel `bun:"table:need_rounds"`

	ID             int64     `bun:",pk,autoincrement"`
	CompetitionID  int64     `bun:",notnull"`
	DelegationID   int64     `bun:",notnull"`
	RegistrationID int64     `bun:",nullzero"`
	Round          Round     `bun:",notnull"`
	Seq            int64     `bun:",notnull"`
	At             time.Time `bun:",notnull"`
	By             string    `bun:",notnull"`
}

// Arrival is a group of a delegation that comes together.
type Arrival struct {
	bun.BaseModel `bun:"table:arrivals"`

	ID            int64  `bun:",pk,autoincrement"`
	CompetitionID int64  `bun:",notnull"`
	DelegationID  int64  `bun:",notnull"`
	Day           string `bun:",notnull"` // local, 2026-06-20
	Clock         string `bun:",notnull"` // local, 14:05
	Place         string `bun:",notnull"` // station, airport, village gate
	Means         string `bun:",notnull"` // train, flight, own bus
	People        int    `bun:",notnull"`
	Seq           int64  `bun:",notnull"`
}

// ArrivalPerson says with which group somebody comes; who has no row comes with
// the delegation's largest.
type ArrivalPerson struct {
	bun.BaseModel `bun:"table:arrival_people"`

	RegistrationID int64 `bun:",pk"`
	ArrivalID      int64 `bun:",notnull"`
}

// NeedResource is what there is of something that is asked for.
type NeedResource struct {
	bun.BaseModel `bun:"table:need_resources"`

	ID            int64      `bun:",pk,autoincrement"`
	CompetitionID int64      `bun:",notnull"`
	Kind          needs.Code `bun:",notnull"`
	Pieces        int        `bun:",notnull"`
	Day           string     `bun:",notnull"`
	Until         string     `bun:",notnull"`
	FromHour      int        `bun:",notnull"` // 0 to 23
	ToHour        int        `bun:",notnull"` // 1 to 24, not included
	Note          string     `bun:",notnull"` // where from, who brings it
}

// subject is the name under which a need's texts are sealed.
func (n *Need) subject() string { return fmt.Sprintf("n%d", n.ID) }

// The fields of a need's subject.
const needPlaceField = "place"

func needTextField(revision int64) string { return fmt.Sprintf("text-%d", revision) }

// change is the row of history that the need as it is now makes.
func (n *Need) change(ch *Change, a needs.Act, said bool) NeedChange {
	return NeedChange{NeedID: n.ID, Revision: n.Revision, Seq: ch.Seq, Act: a, State: n.State, At: ch.Now, By: ch.Author,
		Group: n.Group, Owner: n.Owner, Due: n.Due, Verdict: n.Verdict, Said: said}
}

// needTopic is what a change of any need touches. It is watched by nobody in
// public: the feed does not know it.
const needTopic = "needs"
