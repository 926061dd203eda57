// Registration: the rows of delegations. This file is the model, and the types
// that pages and exports are given. What people have typed is kept as typed:
// what a competition may know openly in the row, what it may not sealed in the
// vault under the subject "r<ID>". In the log there are neither: a keyed print
// says there what a row was, so that a check can hold the row against it.
package events

import (
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/entry"
	"tongchang/events/registration"
)

// RegistrationState says how far a registration has come.
type RegistrationState = registration.State

// Registration is a person in one sport, entered by a delegation: an athlete
// with the events chosen, or staff. Person is the keyed print of the identity
// number: by it a person's rows are found without reading the number. Content
// is the keyed print of all that was typed. Revision rises by one with every
// change of content or state; a command that saw an older one is refused.
type Registration struct {
	bun.BaseModel `bun:"table:registrations"`

	ID            int64             `bun:",pk,autoincrement"`
	CompetitionID int64             `bun:",notnull"`
	DelegationID  int64             `bun:",notnull"`
	ParticipantID int64             `bun:",nullzero"` // 0: never accepted
	State         RegistrationState `bun:",notnull"`
	Revision      int64             `bun:",notnull"`
	Staff         bool              `bun:",notnull"`
	Counted       bool              `bun:",notnull"` // staff who are on the delegation's list once already
	Role          string            `bun:",notnull"`
	Sport         string            `bun:",notnull"` // the edition's name of it, or as typed where it has none such
	Name          string            `bun:",notnull"`
	Sex           string            `bun:",notnull"`
	Birth         string            `bun:",notnull"` // 1999-12-31 where it could be read as a day
	Class         string            `bun:",notnull"`
	Choices       string            `bun:",notnull"` // events as typed, as a JSON array
	Best          string            `bun:",notnull"` // entry marks as typed, in the order of the events
	Guide         string            `bun:",notnull"`
	Person        string            `bun:",notnull"` // empty: no number, or none that can be read
	Content       string            `bun:",notnull"`
	Reason        string            `bun:",notnull"` // of the step that led to the present state
	Created       time.Time         `bun:",notnull"`
	Submitted     time.Time         `bun:",nullzero"` // for the first time: the order of a waiting list
	Updated       time.Time         `bun:",notnull"`
	By            string            `bun:",notnull"`
	Seq           int64             `bun:",notnull"` // log entry that last touched it
}

// subject is the registration's name in the vault.
func (r *Registration) subject() string { return "r" + strconv.FormatInt(r.ID, 10) }

// The kinds of changes in a registration's history.
const (
	ChangeSaved    = "saved"    // on a page
	ChangeUploaded = "uploaded" // by a file
	ChangeMoved    = "moved"    // from a state to another
	ChangeUndone   = "undone"   // a step was taken back
	ChangeReplaced = "replaced" // by another person, or in another's place
)

// registrationChange is one line of a registration's history.
type registrationChange struct {
	bun.BaseModel `bun:"table:registration_changes"`

	ID             int64             `bun:",pk,autoincrement"`
	RegistrationID int64             `bun:",notnull"`
	Seq            int64             `bun:",notnull"`
	Revision       int64             `bun:",notnull"` // that it led to
	Kind           string            `bun:",notnull"`
	From           RegistrationState `bun:",notnull"` // empty: it was new
	To             RegistrationState `bun:",notnull"`
	Fields         string            `bun:",notnull"` // names of what changed, comma-separated; never what it was
	Content        string            `bun:",notnull"`
	Reason         string            `bun:",notnull"`
	At             time.Time         `bun:",notnull"`
	By             string            `bun:",notnull"`
}

// entryMember is a person of a team's entry. Who has left is kept, as out.
type entryMember struct {
	bun.BaseModel `bun:"table:entry_members"`

	EntryID        int64 `bun:",pk"`
	RegistrationID int64 `bun:",pk"`
	Position       int   `bun:",notnull"` // from 1
	ParticipantID  int64 `bun:",notnull"`
	Out            bool  `bun:",notnull"`
}

// openFields are what a row says openly. Every other field is sealed.
var openFields = []entry.Field{entry.Name, entry.Sex, entry.Birth, entry.InSport, entry.Class, entry.Events, entry.Mark, entry.Guide, registration.Role}

// Sealed reports whether a field of a row is kept sealed.
func Sealed(f entry.Field) bool { return !slices.Contains(openFields, f) }

// RegistrationFilter narrows a list. Zero values ask for nothing.
type RegistrationFilter struct {
	IDs        []int64
	Delegation int64
	States     []RegistrationState
	Sport      string // the edition's name; "-" for staff and rows without a sport
	Query      string // part of a name, of an accreditation number, or a whole identity number
	Problems   bool   // only rows with a problem
}

// RegistrationView is a registration as people who may read it see it: nothing
// in it is an identity number, a certificate or a telephone number in full.
type RegistrationView struct {
	ID             int64
	Code           string // accreditation number; empty before acceptance
	Delegation     int64
	DelegationName string
	State          RegistrationState
	Revision       int64
	Staff          bool
	Role           string
	Sport          string
	Name           string
	Sex            string
	Born           string // 1999-12-31; empty while it cannot be read
	Class          string
	Choices        []ChoiceView
	Fields         map[entry.Field]string // open fields as typed
	Masked         map[entry.Field]string // sealed fields that have a value, masked where they are numbers
	Problems       []entry.Problem        // texts of numbers are masked; At.Text too
	Reason         string
	Participant    int64
	Submitted      time.Time // zero: never
	Updated        time.Time
	By             string
	Steps          []RegistrationState // where the reader may take it
	May            bool                // the reader may change what is typed
}

// Errors reports whether a problem keeps the row back.
func (v *RegistrationView) Errors() bool {
	return slices.ContainsFunc(v.Problems, func(p entry.Problem) bool { return p.Severity == entry.Error })
}

// ChoiceView is an event that a row chooses.
type ChoiceView struct {
	Name  string // as typed
	Event string // code in the edition; empty where it means none, or it is not known which
	Best  string // entry mark as typed
}

// RegistrationChange is one line of a registration's history. Fields are the
// names of what changed.
type RegistrationChange struct {
	Seq      int64
	Revision int64
	Kind     string
	From, To RegistrationState
	Fields   []entry.Field
	Reason   string
	At       time.Time
	By       string
}

// SaveRegistration writes a row: a new one for a delegation where ID is 0. Saw
// is the revision that the writer had before them. Fields are the open ones and
// replace what is there; of the sealed ones only those in Secret are replaced,
// with an empty text removing one. The events chosen go into Fields as one text,
// separated as in a cell of a sheet. A change of an accepted row needs a reason.
type SaveRegistration struct {
	ID         int64
	Delegation int64
	Saw        int64
	Fields     map[entry.Field]string
	Secret     map[entry.Field]string
}

// Saved is the outcome of a save.
type Saved struct {
	ID       int64             `json:"id"`
	Revision int64             `json:"revision"`
	State    RegistrationState `json:"state"`
	Content  string            `json:"content"`
	Fields   []entry.Field     `json:"fields,omitempty"` // that changed
}

// MoveRegistrations takes registrations to a state, all of them or none: one
// command, however many. Saw has the revisions that the mover had before them.
type MoveRegistrations struct {
	IDs []int64           `json:"ids" validate:"required,min=1,max=5000"`
	To  RegistrationState `json:"to" validate:"required,max=12"`
	Saw map[int64]int64   `json:"saw"`
}

// Moved is the outcome of a move, an undo or a replacement.
type Moved struct {
	Registrations []MovedOne `json:"registrations"`
	Undone        int64      `json:"undone,omitempty"` // log entry that was taken back
}

// MovedOne is one registration of it.
type MovedOne struct {
	ID          int64             `json:"id"`
	From        RegistrationState `json:"from"`
	To          RegistrationState `json:"to"`
	Revision    int64             `json:"revision"`
	Participant int64             `json:"participant,omitempty"`
	Reason      string            `json:"reason,omitempty"` // that the state had before, so that an undo can put it back
}

// UndoMove takes back a move, whole. It is refused, naming them, where some of
// its registrations have changed since.
type UndoMove struct {
	Seq int64 `json:"seq" validate:"required"`
}

// ReplaceRegistration puts a submitted registration in the place of an accepted
// one of the same delegation and sport, in one command: one is withdrawn, the
// other accepted. The reason goes with the command.
type ReplaceRegistration struct {
	Out    int64 `json:"out" validate:"required"`
	In     int64 `json:"in" validate:"required"`
	SawOut int64 `json:"saw_out"`
	SawIn  int64 `json:"saw_in"`
}
