// Files that delegations have sent: kept sealed while they are looked at and put
// right, so that a closed browser loses nothing, and entered by one command.
// Until then nothing of them is in the ledger.
package events

import (
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/entry"
	"tongchang/events/registration"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// UploadState says how far a file has come.
type UploadState string

// The states of a file.
const (
	UploadReading UploadState = "reading" // kept, not judged yet
	UploadJudged  UploadState = "judged"  // every row has its problems
	UploadFailed  UploadState = "failed"  // nothing of it could be read
	UploadApplied UploadState = "applied" // entered, with the rows that nobody kept back
)

// Upload is a file as lists show it.
type Upload struct {
	ID         string
	Delegation int64
	Name       string
	Size       int
	State      UploadState
	Rows       int
	Clean      int // rows that nothing keeps back
	Errors     int
	Warnings   int
	Unread     *scoring.Invalid // why nothing of it could be read
	Applied    *Applied         // what entering it came to
	At         time.Time
	Updated    time.Time
	By         string
}

// stagedUpload is a file in the database. Its bytes and what people have put
// right are sealed under the subject "u<ID>".
type stagedUpload struct {
	bun.BaseModel `bun:"table:uploads"`

	ID            string      `bun:",pk"`
	CompetitionID int64       `bun:",notnull"`
	DelegationID  int64       `bun:",notnull"`
	Name          string      `bun:",notnull"`
	Size          int         `bun:",notnull"`
	State         UploadState `bun:",notnull"`
	Rows          int         `bun:",notnull"`
	Clean         int         `bun:",notnull"`
	Errors        int         `bun:",notnull"`
	Warnings      int         `bun:",notnull"`
	Unread        string      `bun:",notnull"` // scoring.Invalid as JSON; empty: it could be read
	Content       string      `bun:",notnull"` // keyed print of the file as it came; empty: it was not kept
	Outcome       string      `bun:",notnull"` // Applied as JSON; empty before
	Seq           int64       `bun:",notnull"` // log entry that entered it; 0: none
	Created       time.Time   `bun:",notnull"`
	Updated       time.Time   `bun:",notnull"`
	By            string      `bun:",notnull"`
}

// subject is the file's name in the vault.
func (u *stagedUpload) subject() string { return "u" + u.ID }

// Proposal is what a file would do, with every problem of its rows. Numbers in
// it are masked.
type Proposal struct {
	Upload   Upload
	Encoding string // of a .csv: what it was taken for
	Tables   []ProposedTable
	Rows     []ProposedRow
	Problems []entry.Problem // in the order of the file; those of the file as a whole, too
	Gone     []GoneRow       // registrations of the delegation that the file does not have
	Fixes    []Fix           // what people have put right so far

	New, Changed, Same, Left int // rows
	Clean, Refused           int // rows that nothing, and that an error keeps back
}

// ProposedTable is a table of a file and what each column was taken for.
type ProposedTable struct {
	Sheet   string
	Kind    workbook.Kind
	Rows    int
	Columns []ProposedColumn
}

// ProposedColumn is a column. Sure is in percent: workbook.Column says of what.
type ProposedColumn struct {
	Letter string // G
	Header string
	Field  workbook.Field // empty: of no interest, or not known
	Sure   int
	Sample string // first value, masked where it is a number of a person
}

// ProposedRow is a row of a file.
type ProposedRow struct {
	Sheet        string
	Row          int // from 1, as the sheet numbers it
	Name         string
	Sport        string
	Role         string
	Staff        bool
	Diff         registration.Diff
	Registration int64             // that it is; 0: new
	State        RegistrationState // of that
	Changes      []FieldChange
	Refused      bool                       // an error keeps it back
	Problems     []int                      // into Proposal.Problems
	Cells        map[entry.Field]entry.Cell // masked
}

// FieldChange is a field that a row would change, masked where it is a number.
type FieldChange struct {
	Field    entry.Field
	From, To string
}

// GoneRow is a registration that a file does not have. It stays as it is.
type GoneRow struct {
	Registration int64
	Name         string
	Sport        string
	State        RegistrationState
}

// Fix is a cell that somebody has put right on the page.
type Fix struct {
	Sheet, Address string
	Text           string // masked where it is long enough to be a number
}

// ApplyUpload enters a file's rows: with CleanOnly those that no error keeps
// back, else all of them, the others as drafts. With Submit what is clean is
// handed in at once. What is accepted or withdrawn already is left as it is.
type ApplyUpload struct {
	Upload    string
	CleanOnly bool
	Submit    bool
}

// Applied says what entering a file came to. Seq is 0 where it changed nothing.
type Applied struct {
	Seq      int64 `json:"seq,omitempty"`
	New      int   `json:"new"`
	Changed  int   `json:"changed"`
	Same     int   `json:"same"`
	Left     int   `json:"left"`    // accepted or withdrawn, and not touched
	Refused  int   `json:"refused"` // kept back by an error, and not entered
	Gone     int   `json:"gone"`    // entered before and not in the file: still there
	Repeated bool  `json:"-"`       // the command had been carried out before
}

// Nothing reports that nothing was changed.
func (a *Applied) Nothing() bool { return a.New+a.Changed == 0 }
