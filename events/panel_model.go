// The classification days as the ledger keeps them: panels with their members
// and slots, the rules of their clocks, and cases. What a case says is sealed; of
// an athlete's file only that there is one (papers.go).
package events

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/panels"
)

// Panel is a group of classifiers that sees people of one discipline in one
// room. Days are local and inclusive; clock times are local, 08:30. Until the
// end of LastDay its members read the files of the people assigned to it.
type Panel struct {
	bun.BaseModel `bun:"table:panels"`

	ID            int64  `bun:",pk,autoincrement"`
	CompetitionID int64  `bun:",notnull"`
	DisciplineID  int64  `bun:",notnull"`
	Name          string `bun:",notnull"` // unique in the competition
	Room          string `bun:",notnull"`
	Impairments   string `bun:",notnull"` // panels.Impairment, comma-separated; empty: all
	FirstDay      string `bun:",notnull"`
	LastDay       string `bun:",notnull"`
	Opens         string `bun:",notnull"`
	Closes        string `bun:",notnull"`
	PauseFrom     string `bun:",notnull"` // empty: no pause
	PauseTo       string `bun:",notnull"`
	Minutes       int    `bun:",notnull"` // of a slot
	Most          int    `bun:",notnull"` // people a day; 0: as many as there is time for
	Revision      int64  `bun:",notnull"`
	Seq           int64  `bun:",notnull"`
}

// Open reports whether the panel still works on a local day.
func (p *Panel) Open(day string) bool { return day <= p.LastDay }

// Groups are the impairments that the panel sees; none: all.
func (p *Panel) Groups() (all []panels.Impairment) {
	for g := range strings.SplitSeq(p.Impairments, ",") {
		if g != "" {
			all = append(all, panels.Impairment(g))
		}
	}
	return all
}

// hours are the panel's hours as package panels counts them.
func (p *Panel) hours(taken []panels.Span) panels.Panel {
	return panels.Panel{ID: p.ID, Impairments: p.Groups(), FirstDay: p.FirstDay, LastDay: p.LastDay, Opens: p.Opens, Closes: p.Closes,
		PauseFrom: p.PauseFrom, PauseTo: p.PauseTo, Minutes: p.Minutes, Most: p.Most, Taken: taken}
}

// panelMember is a classifier of a panel.
type panelMember struct {
	bun.BaseModel `bun:"table:panel_members"`

	PanelID   int64 `bun:",pk"`
	AccountID int64 `bun:",pk"`
	Position  int   `bun:",notnull"` // from 1; the first leads
}

// SlotState says what became of a slot.
type SlotState string

// The states of a slot.
const (
	SlotBooked SlotState = "booked"
	SlotSeen   SlotState = "seen"
	SlotAbsent SlotState = "absent"
)

// PanelSlot is when a person comes before a panel. Start is UTC. OutcomeSeq is
// the log entry of the change of class that came of it, 0 for none.
type PanelSlot struct {
	bun.BaseModel `bun:"table:panel_slots"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	PanelID       int64     `bun:",notnull"`
	ParticipantID int64     `bun:",notnull"`
	CaseID        int64     `bun:",nullzero"` // 0: the ordinary evaluation
	Start         time.Time `bun:",notnull"`
	Minutes       int       `bun:",notnull"`
	State         SlotState `bun:",notnull"`
	OutcomeSeq    int64     `bun:",notnull"`
	By            string    `bun:",notnull"`
	Revision      int64     `bun:",notnull"`
	Seq           int64     `bun:",notnull"`
}

// span is the time that a slot takes.
func (s *PanelSlot) span() panels.Span {
	return panels.Span{From: s.Start, To: s.Start.Add(time.Duration(s.Minutes) * time.Minute)}
}

// panelRules are a competition's numbers of the classification days.
type panelRules struct {
	bun.BaseModel `bun:"table:panel_rules"`

	CompetitionID int64 `bun:",pk"`
	Rest          int   `bun:",notnull"`
	Before        int   `bun:",notnull"`
	Protest       int   `bun:",notnull"`
	Observed      int   `bun:",notnull"`
	Decide        int   `bun:",notnull"`
	Fee           int64 `bun:",notnull"`
	Seq           int64 `bun:",notnull"`
}

func (r *panelRules) rules() panels.Rules {
	return panels.Rules{Rest: r.Rest, Before: r.Before, Protest: r.Protest, Observed: r.Observed, Decide: r.Decide, Fee: r.Fee}
}

// CaseKind is what a case is.
type CaseKind string

// The kinds of cases.
const (
	CaseProtest CaseKind = "protest" // against a class as decided
	CaseReview  CaseKind = "review"  // medical review: the condition has changed
)

// CaseState says how far a case is.
type CaseState string

// The states of a case. While it is open the former class holds.
const (
	CaseOpen      CaseState = "open"
	CaseUpheld    CaseState = "upheld"
	CaseRejected  CaseState = "rejected"
	CaseWithdrawn CaseState = "withdrawn"
)

// FeeState says where a case's fee is.
type FeeState string

// The states of a fee.
const (
	FeeNone     FeeState = "none"
	FeeDue      FeeState = "due"
	FeePaid     FeeState = "paid"
	FeeReturned FeeState = "returned"
	FeeKept     FeeState = "kept"
)

// ClassCase is a protest or a medical review. ClassID is the row it is about.
// DelegationID is who filed it, 0 for the organisers. Fee counts hundredths.
type ClassCase struct {
	bun.BaseModel `bun:"table:class_cases"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	DisciplineID  int64     `bun:",notnull"`
	ParticipantID int64     `bun:",notnull"`
	ClassGroup    string    `bun:",notnull"`
	ClassID       int64     `bun:",notnull"`
	DelegationID  int64     `bun:",nullzero"`
	PanelID       int64     `bun:",nullzero"` // 0: no panel yet
	Kind          CaseKind  `bun:",notnull"`
	State         CaseState `bun:",notnull"`
	Late          bool      `bun:",notnull"` // taken after the time for it
	Filed         time.Time `bun:",notnull"`
	Due           time.Time `bun:",notnull"` // to be decided by
	Decided       time.Time `bun:",nullzero"`
	DecidedBy     string    `bun:",notnull"`
	OutcomeSeq    int64     `bun:",notnull"` // change of class that came of it; 0: none
	Fee           int64     `bun:",notnull"`
	FeeState      FeeState  `bun:",notnull"`
	GroundsPrint  string    `bun:",notnull"`
	By            string    `bun:",notnull"`
	Revision      int64     `bun:",notnull"`
	Seq           int64     `bun:",notnull"`
}

// subject is the case's name in the vault.
func (c *ClassCase) subject() string { return "c" + strconv.FormatInt(c.ID, 10) }

// groundsField is the only value of such a subject.
const groundsField = "grounds"

// panelTopic is what every change of the classification days touches. It is
// watched by nobody in public: the feed does not know it.
const panelTopic = "panels"

// The forms of an athlete's file.
const (
	FormDiagnosis  = "diagnosis"  // medical diagnostic form with its annexes
	FormAssessment = "assessment" // assessment sheet of a panel, this one or an earlier one
	FormTraining   = "training"   // training history (T/F20, S14)
	FormOther      = "misc"
)

// PaperForms are all of them in the order of the form.
var PaperForms = []string{FormDiagnosis, FormAssessment, FormTraining, FormOther}

// knownForm reports whether a paper for classification may be of a form; papers
// from before there were forms have none.
func knownForm(form string) bool { return form == "" || slices.Contains(PaperForms, form) }
