// Cases: protests against a class and medical reviews. A case has a clock, a fee,
// a panel and an outcome; while it is open the former class holds, whatever else
// is decided. What it says of the person is sealed.
package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/panels"
)

// FileCase files a case about the class row Class. Grounds is sealed and never in
// the log.
type FileCase struct {
	Class   int64    `json:"class" validate:"required"`
	Kind    CaseKind `json:"kind" validate:"required,oneof=protest review"`
	Grounds string   `json:"-"`
}

// filedCase is what the log keeps of it.
type filedCase struct {
	FileCase

	Hidden Hidden `json:"grounds"`
}

func (filedCase) kind() string { return "case-file" }

// CaseFiled is the outcome in the log.
type CaseFiled struct {
	Case int64     `json:"case"`
	Due  time.Time `json:"due"`
	Late bool      `json:"late,omitempty"`
}

// mostGrounds is how many characters a case may say.
const mostGrounds = 2000

func caseMissing(id int64) error { return notFound("no-such-case", strconv.FormatInt(id, 10)) }

// FileCase is for delegations about their own people, within the time there is
// for it, and for organisers about anybody, with a reason where it is late or the
// class is confirmed.
func (s *Store) FileCase(ctx context.Context, c Command, who access.Who, a FileCase) (Receipt, error) {
	a.Grounds = strings.TrimSpace(a.Grounds)
	switch n := utf8.RuneCountInString(a.Grounds); {
	case n == 0:
		return Receipt{}, invalid("grounds", "case-grounds")
	case n > mostGrounds:
		return Receipt{}, invalid("grounds", "field-max", "grounds", strconv.Itoa(mostGrounds))
	}
	hidden, err := s.hide(c.Competition, "case", a.Grounds)
	if err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, filedCase{a, hidden}, func(ctx context.Context, ch *Change) (any, error) {
		k, err := ch.newCase(ctx, who, &a)
		if err != nil {
			return nil, err
		}
		k.GroundsPrint = hidden.Print
		if _, err := ch.Tx.NewInsert().Model(k).Returning("id").Exec(ctx); err != nil {
			return nil, fmt.Errorf("file a case: %w", err)
		}
		if err := ch.keep(ctx, k.subject(), map[string]Hidden{groundsField: hidden}); err != nil {
			return nil, err
		}
		return CaseFiled{k.ID, k.Due, k.Late}, ch.tellOfCase(ctx, k, "case-filed")
	})
}

// newCase is a case as it begins, or why there is none.
func (c *Change) newCase(ctx context.Context, who access.Who, a *FileCase) (*ClassCase, error) {
	missing := notFound("no-such-class", strconv.FormatInt(a.Class, 10))
	row, err := byID[SportClass](ctx, c.Tx, c.Competition.ID, a.Class, "no-such-class")
	if err != nil {
		return nil, err
	}
	p, err := byID[Participant](ctx, c.Tx, c.Competition.ID, row.ParticipantID, "no-such-participant")
	if err != nil {
		return nil, err
	}
	if err := may(who, access.WriteRegistration, access.Object{Delegation: p.DelegationID}, missing); err != nil {
		return nil, err
	}
	if row.Superseded {
		return nil, &Refusal{Status: StatusStale, Problem: "case-superseded"}
	}
	open, err := c.openCase(ctx, row.ParticipantID, row.DisciplineID, row.ClassGroup)
	if err != nil {
		return nil, err
	}
	if open != nil {
		return nil, &Refusal{Status: StatusClosed, Problem: "case-open", With: []string{strconv.FormatInt(open.ID, 10)}}
	}
	rules, err := rulesOfPanels(ctx, c.Tx, c.Competition.ID)
	if err != nil {
		return nil, err
	}
	k := &ClassCase{CompetitionID: c.Competition.ID, DisciplineID: row.DisciplineID, ParticipantID: row.ParticipantID, ClassGroup: row.ClassGroup, ClassID: row.ID,
		Kind: a.Kind, State: CaseOpen, Filed: c.Now, Fee: rules.Fee, FeeState: FeeNone, By: c.Author, Revision: 1, Seq: c.Seq}
	if who.Role == access.Delegation {
		k.DelegationID = p.DelegationID
	}
	if k.Fee > 0 && k.DelegationID != 0 {
		k.FeeState = FeeDue
	}
	if a.Kind == CaseProtest {
		if err := c.inTime(ctx, who, rules, &row, k); err != nil {
			return nil, err
		}
	}
	next, err := c.nextStart(ctx, &row)
	k.Due = panels.Due(rules, k.Filed, next)
	return k, err
}

// inTime refuses a protest that cannot be taken from who files it.
func (c *Change) inTime(ctx context.Context, who access.Who, rules panels.Rules, row *SportClass, k *ClassCase) error {
	decided, err := decidedAt(ctx, c.Tx, row)
	if err != nil {
		return err
	}
	refused, until := panels.Filing(rules, row.Status, row.Cause, decided, c.Now)
	if refused == panels.Taken {
		return nil
	}
	k.Late = refused == panels.TooLate
	if who.Role == access.Delegation || strings.TrimSpace(c.Reason) == "" {
		field := "class"
		if who.Role != access.Delegation {
			field = "reason" // an organiser may, and says why
		}
		zone, err := time.LoadLocation(c.Competition.Zone)
		if err != nil {
			return fmt.Errorf("zone of %s: %w", c.Competition.Code, err)
		}
		return invalid(field, "case-"+string(refused), until.In(zone).Format("2006-01-02 15:04"))
	}
	return nil
}

// decidedAt is when a class was decided here; zero where it came with a file or
// an entry.
func decidedAt(ctx context.Context, db bun.IDB, row *SportClass) (time.Time, error) {
	if row.Seq == 0 || row.Cause == "" {
		return time.Time{}, nil
	}
	var at []LogEntry
	if err := db.NewSelect().Model(&at).Column("at").Where("competition_id = ?", row.CompetitionID).Where("seq = ?", row.Seq).Scan(ctx); err != nil {
		return time.Time{}, fmt.Errorf("load when class %d was decided: %w", row.ID, err)
	}
	if len(at) == 0 {
		return time.Time{}, nil
	}
	return at[0].At, nil
}

// nextStart is the person's next start in the class group, zero where none is
// known.
func (c *Change) nextStart(ctx context.Context, row *SportClass) (time.Time, error) {
	var rows []struct {
		Classes string
		Start   time.Time
	}
	err := c.Tx.NewSelect().TableExpr("starts AS s").ColumnExpr("v.classes, u.start").Join("JOIN units AS u ON u.id = s.unit_id").Join("JOIN entries AS e ON e.id = s.entry_id").
		Join("JOIN events AS v ON v.id = e.event_id").Where("e.participant_id = ?", row.ParticipantID).Where("v.discipline_id = ?", row.DisciplineID).
		Where("u.start > ?", c.Now).OrderExpr("u.start").Scan(ctx, &rows)
	if err != nil {
		return time.Time{}, fmt.Errorf("load the next start of participant %d: %w", row.ParticipantID, err)
	}
	for _, r := range rows {
		if slices.Contains(classes.Groups(classes.Set(r.Classes)), row.ClassGroup) {
			return r.Start, nil
		}
	}
	return time.Time{}, nil
}

// openCase is the open case about a person's class in a group; nil: none.
func (c *Change) openCase(ctx context.Context, participant, discipline int64, group string) (*ClassCase, error) {
	var rows []ClassCase
	err := c.Tx.NewSelect().Model(&rows).Where("participant_id = ?", participant).Where("discipline_id = ?", discipline).Where("class_group = ?", group).Where("state = ?", CaseOpen).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for open cases of participant %d: %w", participant, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// holdWhileOpen refuses a change of class while a case about it is open: the
// former class holds until the case is decided. What was entered wrongly can be
// put right, and who may not compete can be taken out.
func (c *Change) holdWhileOpen(ctx context.Context, o *ClassOutcome, within int64) error {
	if o.Cause == classes.Correction || o.Cause == classes.Ineligible {
		return nil
	}
	k, err := c.openCase(ctx, o.Participant, o.Discipline, o.Group)
	if err != nil || k == nil || k.ID == within {
		return err
	}
	return &Refusal{Status: StatusClosed, Problem: "case-holds", Field: "class", With: []string{strconv.FormatInt(k.ID, 10)}}
}

// tellOfCase tells the person's delegation.
func (c *Change) tellOfCase(ctx context.Context, k *ClassCase, about string) error {
	p, err := byID[Participant](ctx, c.Tx, c.Competition.ID, k.ParticipantID, "no-such-participant")
	if err != nil {
		return err
	}
	c.touch(panelTopic)
	return c.tell(ctx, p.DelegationID, about, strconv.FormatInt(k.ID, 10), DisplayName(p.Family, p.Given))
}

// AssignCase gives a case to a panel. A protest goes before people who have not
// decided the class protested against, unless there is a reason.
type AssignCase struct {
	Case  int64 `json:"case" validate:"required"`
	Saw   int64 `json:"saw" validate:"required"`
	Panel int64 `json:"panel" validate:"required"`
}

func (AssignCase) kind() string { return "case-panel" }

// AssignCase is for organisers.
func (s *Store) AssignCase(ctx context.Context, c Command, who access.Who, a AssignCase) (Receipt, error) {
	return s.onCase(ctx, c, who, a, a.Case, a.Saw, func(ctx context.Context, ch *Change, k *ClassCase) error {
		p, err := byID[Panel](ctx, ch.Tx, ch.Competition.ID, a.Panel, "no-such-panel")
		if err != nil {
			return err
		}
		if p.DisciplineID != k.DisciplineID {
			return panelMissing(a.Panel)
		}
		if k.Kind == CaseProtest && strings.TrimSpace(ch.Reason) == "" {
			if err := ch.others(ctx, k, &p); err != nil {
				return err
			}
		}
		k.PanelID = p.ID
		return nil
	})
}

// others refuses a panel with anybody on it who has decided the class.
func (c *Change) others(ctx context.Context, k *ClassCase, p *Panel) error {
	row, err := byID[SportClass](ctx, c.Tx, c.Competition.ID, k.ClassID, "no-such-class")
	if err != nil {
		return err
	}
	names, err := c.outcomes(ctx, p, k.ParticipantID, classes.Protest, []Decided{{}})
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(row.Classifiers, ",") {
		if name != "" && slices.Contains(names.Outcomes[0].Classifiers, name) {
			return invalid("reason", "case-same-panel", name)
		}
	}
	return nil
}

// SetCaseFee notes that a fee was paid, or is waived.
type SetCaseFee struct {
	Case int64    `json:"case" validate:"required"`
	Saw  int64    `json:"saw" validate:"required"`
	Fee  FeeState `json:"fee" validate:"required,oneof=none due paid returned kept"`
}

func (SetCaseFee) kind() string { return "case-fee" }

// SetCaseFee is for organisers, also after a case is decided.
func (s *Store) SetCaseFee(ctx context.Context, c Command, who access.Who, a SetCaseFee) (Receipt, error) {
	return s.onCase(ctx, c, who, a, a.Case, a.Saw, func(_ context.Context, _ *Change, k *ClassCase) error {
		k.FeeState = a.Fee
		return nil
	})
}

// onCase does an organiser's step with a case that was seen at a revision.
func (s *Store) onCase(ctx context.Context, c Command, who access.Who, a act, id, saw int64, do func(context.Context, *Change, *ClassCase) error) (Receipt, error) {
	if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		k, err := ch.caseSeen(ctx, id, saw)
		if err != nil {
			return nil, err
		}
		if _, fee := a.(SetCaseFee); !fee && k.State != CaseOpen {
			return nil, &Refusal{Status: StatusClosed, Problem: "case-over"}
		}
		if err := do(ctx, ch, k); err != nil {
			return nil, err
		}
		return a, ch.saveCase(ctx, k)
	})
}

func (c *Change) caseSeen(ctx context.Context, id, saw int64) (*ClassCase, error) {
	k, err := byID[ClassCase](ctx, c.Tx, c.Competition.ID, id, "no-such-case")
	if err == nil && k.Revision != saw {
		err = &Refusal{Status: StatusStale, Problem: "case-stale", With: []string{strconv.FormatInt(id, 10)}}
	}
	return &k, err
}

func (c *Change) saveCase(ctx context.Context, k *ClassCase) error {
	k.Revision, k.Seq = k.Revision+1, c.Seq
	c.touch(panelTopic)
	if _, err := c.Tx.NewUpdate().Model(k).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write case %d: %w", k.ID, err)
	}
	return nil
}

// WithdrawCase takes a case back.
type WithdrawCase struct {
	Case int64 `json:"case" validate:"required"`
	Saw  int64 `json:"saw" validate:"required"`
}

func (WithdrawCase) kind() string { return "case-withdraw" }

// WithdrawCase is for the delegation that filed it, and for organisers.
func (s *Store) WithdrawCase(ctx context.Context, c Command, who access.Who, a WithdrawCase) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		k, err := byID[ClassCase](ctx, ch.Tx, ch.Competition.ID, a.Case, "no-such-case")
		if err != nil {
			return nil, err
		}
		if err := mayCase(who, &k); err != nil {
			return nil, err
		}
		switch {
		case k.Revision != a.Saw:
			return nil, &Refusal{Status: StatusStale, Problem: "case-stale", With: []string{strconv.FormatInt(k.ID, 10)}}
		case k.State != CaseOpen:
			return nil, &Refusal{Status: StatusClosed, Problem: "case-over"}
		}
		k.State, k.Decided, k.DecidedBy = CaseWithdrawn, ch.Now, ch.Author
		if k.FeeState == FeeDue {
			k.FeeState = FeeNone
		}
		if err := ch.saveCase(ctx, &k); err != nil {
			return nil, err
		}
		return a, ch.tellOfCase(ctx, &k, "case-withdrawn")
	})
}

// mayCase refuses who has not filed a case and is no organiser.
func mayCase(who access.Who, k *ClassCase) error {
	if who.Role == access.Delegation && k.DelegationID == who.Delegation && who.Delegation != 0 {
		return nil
	}
	if access.May(who, access.SetPanel, access.Object{}) == access.Allowed {
		return nil
	}
	return caseMissing(k.ID)
}

// DecideCase decides a case: upheld with the classes that follow, or rejected
// without any.
type DecideCase struct {
	Case     int64     `json:"case" validate:"required"`
	Saw      int64     `json:"saw" validate:"required"`
	Upheld   bool      `json:"upheld"`
	Outcomes []Decided `json:"outcomes,omitempty" validate:"max=8,dive"`
}

func (DecideCase) kind() string { return "case-decide" }

// decideCase is for the case's panel. A paid fee goes back when the case is
// upheld and is kept when it is not.
func (s *Store) decideCase(ctx context.Context, ch *Change, who access.Who, a *DecideCase) (*ClassChanged, error) {
	k, err := byID[ClassCase](ctx, ch.Tx, ch.Competition.ID, a.Case, "no-such-case")
	if err != nil {
		return nil, err
	}
	p, err := casePanel(ctx, ch.Tx, who, ch.Competition, ch.Now, &k)
	switch {
	case err != nil:
		return nil, err
	case k.Revision != a.Saw:
		return nil, &Refusal{Status: StatusStale, Problem: "case-stale", With: []string{strconv.FormatInt(k.ID, 10)}}
	case k.State != CaseOpen:
		return nil, &Refusal{Status: StatusClosed, Problem: "case-over"}
	case a.Upheld && len(a.Outcomes) == 0, !a.Upheld && len(a.Outcomes) > 0:
		return nil, invalid("class", "case-outcome")
	}
	found := &ClassChanged{}
	if a.Upheld {
		cause := classes.Protest
		if k.Kind == CaseReview {
			cause = classes.Medical
		}
		change, err := ch.outcomes(ctx, &p, k.ParticipantID, cause, a.Outcomes)
		if err != nil {
			return nil, err
		}
		if found, err = ch.changeClassesIn(ctx, change, k.ID); err != nil {
			return nil, err
		}
	}
	k.decide(ch, a.Upheld)
	if err := ch.saveCase(ctx, &k); err != nil {
		return nil, err
	}
	if err := ch.caseSlots(ctx, &k); err != nil {
		return nil, err
	}
	return found, ch.tellOfCase(ctx, &k, "case-"+string(k.State))
}

// decide puts the decision on record.
func (k *ClassCase) decide(ch *Change, upheld bool) {
	k.State, k.Decided, k.DecidedBy = CaseRejected, ch.Now, ch.Author
	if upheld {
		k.State, k.OutcomeSeq = CaseUpheld, ch.Seq
	}
	switch {
	case k.FeeState == FeePaid && upheld:
		k.FeeState = FeeReturned
	case k.FeeState == FeePaid:
		k.FeeState = FeeKept
	case k.FeeState == FeeDue && upheld:
		k.FeeState = FeeNone
	}
}

// caseSlots marks the slots of a decided case as seen.
func (c *Change) caseSlots(ctx context.Context, k *ClassCase) error {
	var slots []PanelSlot
	if err := c.Tx.NewSelect().Model(&slots).Where("case_id = ?", k.ID).Where("state = ?", SlotBooked).Order("id").Scan(ctx); err != nil {
		return fmt.Errorf("load the slots of case %d: %w", k.ID, err)
	}
	for i := range slots {
		if err := c.slotSeen(ctx, &slots[i]); err != nil {
			return err
		}
	}
	return nil
}

// casePanel finds the panel of a case that somebody sits on. To everybody else
// but organisers, who see the list, the case does not exist.
func casePanel(ctx context.Context, db bun.IDB, who access.Who, c Competition, now time.Time, k *ClassCase) (Panel, error) {
	if who.Role != access.Classifier {
		if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
			return Panel{}, caseMissing(k.ID)
		}
		return Panel{}, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	if k.PanelID == 0 {
		return Panel{}, caseMissing(k.ID)
	}
	p, err := onPanel(ctx, db, who, c, now, k.PanelID)
	if errors.Is(err, ErrNotFound) {
		err = caseMissing(k.ID)
	}
	return p, err
}

// PreviewCase finds out what a decision would come to. Nothing is written.
func (s *Store) PreviewCase(ctx context.Context, c Command, who access.Who, a DecideCase) (*ClassChanged, error) {
	return s.lookAhead(ctx, c, a, func(ctx context.Context, ch *Change) (*ClassChanged, error) { return s.decideCase(ctx, ch, who, &a) })
}

// DecideCase applies a decision.
func (s *Store) DecideCase(ctx context.Context, c Command, who access.Who, a DecideCase) (Receipt, error) {
	return s.decided(ctx, c, a, func(ctx context.Context, ch *Change) (*ClassChanged, error) { return s.decideCase(ctx, ch, who, &a) })
}

// panels opens again what had come of a change of class that is taken back:
// the slot is to be seen, the case to be decided.
func (u *classUndo) panels() error {
	if _, err := u.ch.Tx.NewUpdate().Model((*PanelSlot)(nil)).Set("state = ?", SlotBooked).Set("outcome_seq = 0").Set("revision = revision + 1").Set("seq = ?", u.ch.Seq).
		Where("competition_id = ?", u.ch.Competition.ID).Where("outcome_seq = ?", u.row.Seq).Exec(u.ctx); err != nil {
		return fmt.Errorf("open slots again: %w", err)
	}
	if _, err := u.ch.Tx.NewUpdate().Model((*ClassCase)(nil)).Set("state = ?", CaseOpen).Set("outcome_seq = 0").Set("decided = NULL").Set("decided_by = ''").Set("revision = revision + 1").Set("seq = ?", u.ch.Seq).
		Set("fee_state = CASE fee_state WHEN ? THEN ? ELSE fee_state END", FeeReturned, FeePaid).
		Where("competition_id = ?", u.ch.Competition.ID).Where("outcome_seq = ?", u.row.Seq).Exec(u.ctx); err != nil {
		return fmt.Errorf("open cases again: %w", err)
	}
	u.ch.touch(panelTopic)
	return nil
}

// CaseView is a case with who and what it is about. Panel is zero while it has
// none. Mine tells that who reads sits on its panel.
type CaseView struct {
	ClassCase
	Person     Participant
	Delegation Delegation
	Discipline Discipline
	Against    SportClass
	Held       []SportClass
	Panel      Panel
	Slots      []PanelSlot
	Mine       bool
}

// Cases lists the cases that somebody may know of, open ones first, by their
// clocks: organisers all, a delegation those about its people, classifiers those
// of their panels.
func (s *Store) Cases(ctx context.Context, who access.Who, competition string) ([]CaseView, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	d, err := s.loadPanelDays(ctx, s.r, c)
	if err != nil {
		return nil, err
	}
	var rows []ClassCase
	if err := s.r.NewSelect().Model(&rows).Where("competition_id = ?", c.ID).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load cases: %w", err)
	}
	against, err := allOf[SportClass](ctx, s.r, c.ID, func(k *SportClass) int64 { return k.ID })
	if err != nil {
		return nil, err
	}
	var all []CaseView
	for _, k := range rows {
		v := CaseView{ClassCase: k, Person: d.people[k.ParticipantID], Discipline: d.disciplines[k.DisciplineID], Against: against[k.ClassID], Held: d.held[[2]int64{k.ParticipantID, k.DisciplineID}], Panel: d.panels[k.PanelID]}
		v.Delegation = d.delegations[v.Person.DelegationID]
		v.Mine = k.PanelID != 0 && who.Role == access.Classifier && slices.ContainsFunc(d.members, func(m panelMember) bool { return m.PanelID == k.PanelID && m.AccountID == who.Account })
		for _, sl := range d.slots {
			if sl.CaseID == k.ID {
				v.Slots = append(v.Slots, sl)
			}
		}
		if v.Mine || access.May(who, access.SetPanel, access.Object{}) == access.Allowed || who.Role == access.Delegation && v.Person.DelegationID == who.Delegation {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(a, b CaseView) int {
		x, y := a.State != CaseOpen, b.State != CaseOpen
		switch {
		case x != y && y:
			return -1
		case x != y:
			return 1
		case x:
			return b.Decided.Compare(a.Decided)
		}
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// Case finds one of them.
func (s *Store) Case(ctx context.Context, who access.Who, competition string, id int64) (*CaseView, error) {
	all, err := s.Cases(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == id {
			return &all[i], nil
		}
	}
	return nil, caseMissing(id)
}

// LookAtCase gives what a case says to its panel while that works, and to the
// delegation that wrote it. A panel's look says why, and the log keeps it.
func (s *Store) LookAtCase(ctx context.Context, c Command, who access.Who, id int64) (string, error) {
	competition, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return "", err
	}
	k, err := byID[ClassCase](ctx, s.r, competition.ID, id, "no-such-case")
	if err != nil {
		return "", err
	}
	if who.Role != access.Delegation || k.DelegationID == 0 || k.DelegationID != who.Delegation {
		if _, err := casePanel(ctx, s.r, who, competition, s.now(), &k); err != nil {
			return "", err
		}
	}
	if strings.TrimSpace(c.Reason) == "" {
		return "", invalid("reason", "look-reason")
	}
	values, err := s.unseal(ctx, competition, k.subject())
	if err != nil {
		return "", err
	}
	_, err = s.change(ctx, c, Look{k.subject(), groundsField}, func(context.Context, *Change) (any, error) { return struct{}{}, nil })
	return values[groundsField], err
}

// CaseChoices are the class group that a case is about, and the classes that the
// discipline's events admit.
func (s *Store) CaseChoices(ctx context.Context, who access.Who, competition string, id int64) (groups, admitted []string, err error) {
	k, err := s.Case(ctx, who, competition, id)
	if err != nil {
		return nil, nil, err
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, nil, err
	}
	_, admitted, err = s.choicesOf(ctx, c, k.ParticipantID, k.DisciplineID, nil)
	return []string{k.ClassGroup}, admitted, err
}
