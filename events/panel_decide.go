// What a panel decides. The outcome is a change of class like every other
// (class_change.go): looked at first, applied as one command, undone until
// somebody starts; with it the slot is seen.
package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/panels"
)

// panelSlot finds a slot of a panel that somebody sits on and that still works.
// Another panel's is answered like one that does not exist.
func (s *Store) panelSlot(ctx context.Context, db bun.IDB, who access.Who, c Competition, now time.Time, id int64) (PanelSlot, Panel, error) {
	sl, err := byID[PanelSlot](ctx, db, c.ID, id, "no-such-slot")
	if err != nil {
		return sl, Panel{}, err
	}
	p, err := onPanel(ctx, db, who, c, now, sl.PanelID)
	if errors.Is(err, ErrNotFound) {
		err = slotMissing(id)
	}
	return sl, p, err
}

// SlotPage is everything that a panel has before it when somebody comes.
type SlotPage struct {
	Panel      PanelView
	Slot       SlotView
	Discipline Discipline
	Groups     []string // class groups of the person's events and of the classes held
	Classes    []string // that the discipline's events admit, in order
	Files      []Paper
	Case       *ClassCase // nil: the ordinary evaluation
	Grounds    bool       // the case says something that can be looked at
}

// Slot loads a slot for who sits on its panel.
func (s *Store) Slot(ctx context.Context, who access.Who, competition string, id int64) (*SlotPage, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	sl, p, err := s.panelSlot(ctx, s.r, who, c, s.now(), id)
	if err != nil {
		return nil, err
	}
	views, err := s.panelViews(ctx, s.r, who, c, p.ID)
	if err != nil || len(views) == 0 {
		return nil, cmp.Or(err, panelMissing(p.ID))
	}
	page := &SlotPage{Panel: views[0], Discipline: views[0].Discipline}
	at := slices.IndexFunc(views[0].Slots, func(v SlotView) bool { return v.ID == id })
	page.Slot = views[0].Slots[at]
	if page.Groups, page.Classes, err = s.choicesOf(ctx, c, sl.ParticipantID, p.DisciplineID, page.Slot.Held); err != nil {
		return nil, err
	}
	if page.Files, err = fileOf(ctx, s.r, c.ID, sl.ParticipantID, p.DisciplineID); err != nil {
		return nil, err
	}
	if sl.CaseID != 0 {
		k, err := byID[ClassCase](ctx, s.r, c.ID, sl.CaseID, "no-such-case")
		if err != nil {
			return nil, err
		}
		page.Case, page.Grounds = &k, k.GroundsPrint != ""
	}
	return page, nil
}

// choicesOf are the class groups that concern a person in a discipline, and the
// classes that its events admit.
func (s *Store) choicesOf(ctx context.Context, c Competition, participant, discipline int64, held []SportClass) (groups, all []string, err error) {
	f, err := loadFirsts(ctx, s.r, c)
	if err != nil {
		return nil, nil, err
	}
	groups = slices.Clone(f.groups[[2]int64{participant, discipline}])
	for _, h := range held {
		if h.ClassGroup != "" || !classes.Pseudo(h.Class) {
			groups = append(groups, h.ClassGroup)
		}
	}
	slices.Sort(groups)
	var sets []string
	if err := s.r.NewSelect().Model((*Event)(nil)).Column("classes").Where("discipline_id = ?", discipline).Where("classes <> ''").Order("id").Scan(ctx, &sets); err != nil {
		return nil, nil, fmt.Errorf("load the classes of discipline %d: %w", discipline, err)
	}
	for _, set := range sets {
		all = append(all, classes.Set(set)...)
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(classes.Group(a), classes.Group(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return slices.Compact(groups), slices.Compact(all), nil
}

// Decided is what a panel found for one class group. Group is empty for a
// pseudo-class that blocks the whole discipline.
type Decided struct {
	Group      string          `json:"group,omitempty" validate:"max=8"`
	Class      string          `json:"class" validate:"required,max=12"`
	Status     classes.Status  `json:"status,omitempty" validate:"max=3"`
	Review     int             `json:"review,omitempty" validate:"min=0,max=9999"`
	Limitation string          `json:"limitation,omitempty" validate:"max=80"`
	Results    classes.Results `json:"results,omitempty" validate:"omitempty,oneof=keep cancel"`
	Saw        int64           `json:"saw" validate:"min=0"` // the class row that it replaces, 0 for none
}

// DecideSlot is the outcome of an ordinary evaluation: one class for each class
// group that the person competes in.
type DecideSlot struct {
	Slot     int64     `json:"slot" validate:"required"`
	Saw      int64     `json:"saw" validate:"required"`
	Outcomes []Decided `json:"outcomes" validate:"required,min=1,max=8,dive"`
}

func (DecideSlot) kind() string { return "panel-outcome" }

// outcomes are a panel's findings as a change of class: with its name, its
// members, the day and the order on it.
func (c *Change) outcomes(ctx context.Context, p *Panel, participant int64, cause classes.Cause, found []Decided) (ChangeClass, error) {
	var a ChangeClass
	zone, err := time.LoadLocation(c.Competition.Zone)
	if err != nil {
		return a, fmt.Errorf("zone of %s: %w", c.Competition.Code, err)
	}
	day := c.Now.In(zone).Format(time.DateOnly)
	var names []string
	if p.ID != 0 {
		err := c.Tx.NewSelect().TableExpr("panel_members AS m").ColumnExpr("a.name").Join("JOIN accounts AS a ON a.id = m.account_id").Where("m.panel_id = ?", p.ID).OrderExpr("m.position").Limit(5).Scan(ctx, &names)
		if err != nil {
			return a, fmt.Errorf("load the members of panel %d: %w", p.ID, err)
		}
	}
	earlier, err := c.Tx.NewSelect().Model((*SportClass)(nil)).Where("participant_id = ?", participant).Where("discipline_id = ?", p.DisciplineID).Where("day = ?", day).Count(ctx)
	if err != nil {
		return a, fmt.Errorf("count the decisions of the day: %w", err)
	}
	for _, f := range found {
		a.Outcomes = append(a.Outcomes, ClassOutcome{Participant: participant, Discipline: p.DisciplineID, Group: f.Group, Class: f.Class, Status: f.Status, Review: f.Review,
			Day: day, Order: min(int(earlier)+1, 9), Panel: p.Name, Classifiers: names, Limitation: strings.TrimSpace(f.Limitation), Cause: cause, Results: f.Results, Saw: f.Saw})
	}
	return a, nil
}

// decideSlot applies a panel's outcome inside a change.
func (s *Store) decideSlot(ctx context.Context, ch *Change, who access.Who, a *DecideSlot) (*ClassChanged, error) {
	sl, p, err := s.panelSlot(ctx, ch.Tx, who, ch.Competition, ch.Now, a.Slot)
	switch {
	case err != nil:
		return nil, err
	case sl.Revision != a.Saw:
		return nil, &Refusal{Status: StatusStale, Problem: "slot-stale", With: []string{""}}
	case sl.CaseID != 0:
		return nil, &Refusal{Status: StatusClosed, Problem: "slot-case"}
	}
	change, err := ch.outcomes(ctx, &p, sl.ParticipantID, classes.Panel, a.Outcomes)
	if err != nil {
		return nil, err
	}
	found, err := ch.changeClasses(ctx, change)
	if err != nil {
		return nil, err
	}
	return found, ch.slotSeen(ctx, &sl)
}

func (c *Change) slotSeen(ctx context.Context, sl *PanelSlot) error {
	sl.State, sl.OutcomeSeq, sl.Revision, sl.Seq, sl.By = SlotSeen, c.Seq, sl.Revision+1, c.Seq, c.Author
	c.touch(panelTopic)
	if _, err := c.Tx.NewUpdate().Model(sl).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write slot %d: %w", sl.ID, err)
	}
	return nil
}

// PreviewSlot finds out what a panel's outcome would come to. Nothing is written.
func (s *Store) PreviewSlot(ctx context.Context, c Command, who access.Who, a DecideSlot) (*ClassChanged, error) {
	return s.lookAhead(ctx, c, a, func(ctx context.Context, ch *Change) (*ClassChanged, error) { return s.decideSlot(ctx, ch, who, &a) })
}

// DecideSlot applies a panel's outcome. It is for who sits on the panel.
func (s *Store) DecideSlot(ctx context.Context, c Command, who access.Who, a DecideSlot) (Receipt, error) {
	return s.decided(ctx, c, a, func(ctx context.Context, ch *Change) (*ClassChanged, error) { return s.decideSlot(ctx, ch, who, &a) })
}

// lookAhead does a decision and takes it back before it is committed.
func (s *Store) lookAhead(ctx context.Context, c Command, a act, do func(context.Context, *Change) (*ClassChanged, error)) (*ClassChanged, error) {
	var found *ClassChanged
	_, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (out any, err error) {
		if found, err = do(ctx, ch); err != nil {
			return nil, err
		}
		return nil, errPreview
	})
	if !errors.Is(err, errPreview) {
		return nil, cmp.Or(err, error(&Refusal{Status: StatusReused, Problem: "command-reused", With: []string{c.ID}}))
	}
	return found, nil
}

// decided does a decision, which has to say why.
func (s *Store) decided(ctx context.Context, c Command, a act, do func(context.Context, *Change) (*ClassChanged, error)) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) { return do(ctx, ch) })
}

// Watch is somebody whose class is under observation (OA), with their first
// appearance. Start is nil while they are in no start list.
type Watch struct {
	ClassLine
	Start *WatchStart
}

// WatchStart is a first appearance.
type WatchStart struct {
	StartID, UnitID, EventID int64
	Time                     time.Time
	Status                   ResultStatus
}

// Over reports whether the first appearance has been seen: the class is now
// confirmed or changed.
func (w *WatchStart) Over() bool {
	return w.Status == Unofficial || w.Status == Official || w.Status == Protested
}

// observed finds who is under observation with their first appearance: everybody
// of the competition, or those who start in a unit when it is not 0.
func (s *Store) observed(ctx context.Context, db bun.IDB, competition, unit int64) (map[int64]WatchStart, error) {
	var rows []struct {
		Held                     int64
		Group                    string `bun:"class_group"`
		Classes                  string
		StartID, UnitID, EventID int64
		Time                     time.Time `bun:"time,nullzero"`
		Status                   ResultStatus
	}
	q := db.NewSelect().TableExpr("sport_classes AS k").ColumnExpr("k.id AS held, k.class_group, v.classes, s.id AS start_id, u.id AS unit_id, v.id AS event_id, u.start AS time, u.result_status AS status").
		Join("JOIN entries AS e ON e.participant_id = k.participant_id").Join("JOIN events AS v ON v.id = e.event_id AND v.discipline_id = k.discipline_id").
		Join("JOIN starts AS s ON s.entry_id = e.id").Join("JOIN units AS u ON u.id = s.unit_id").
		Where("k.competition_id = ?", competition).Where("k.superseded = ?", false).Where("k.status = ?", classes.Observed).Where("e.state = ''").OrderExpr("k.id, s.id")
	if unit != 0 {
		q = q.Where("k.participant_id IN (SELECT ue.participant_id FROM starts AS us JOIN entries AS ue ON ue.id = us.entry_id WHERE us.unit_id = ?)", unit)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("load who is observed: %w", err)
	}
	at := map[int64][]panels.Appearance{}
	starts := map[int64]WatchStart{}
	for _, r := range rows {
		if slices.Contains(classes.Groups(classes.Set(r.Classes)), r.Group) {
			at[r.Held] = append(at[r.Held], panels.Appearance{ID: r.StartID, Start: r.Time})
			starts[r.StartID] = WatchStart{StartID: r.StartID, UnitID: r.UnitID, EventID: r.EventID, Time: r.Time, Status: r.Status}
		}
	}
	first := map[int64]WatchStart{}
	for held, all := range at {
		first[held] = starts[all[panels.First(all)].ID]
	}
	return first, nil
}

// Observed are the starts that are first appearances under observation, of those
// who start in a unit: its start list shows OA there in place of the status. It
// is asked with every state of a unit, so it looks at no one else.
func (s *Store) Observed(ctx context.Context, competition, unit int64) (map[int64]bool, error) {
	first, err := s.observed(ctx, s.r, competition, unit)
	starts := make(map[int64]bool, len(first))
	for _, w := range first {
		starts[w.StartID] = true
	}
	return starts, err
}

// Watched lists who is under observation in the disciplines that somebody may
// read the classes of.
func (s *Store) Watched(ctx context.Context, who access.Who, competition string) ([]Watch, error) {
	lines, err := s.Classes(ctx, who, competition, 0, 0)
	if err != nil {
		return nil, err
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	first, err := s.observed(ctx, s.r, c.ID, 0)
	if err != nil {
		return nil, err
	}
	var all []Watch
	for _, l := range lines {
		if l.Held.Status != classes.Observed {
			continue
		}
		w := Watch{ClassLine: l}
		if st, ok := first[l.Held.ID]; ok {
			w.Start = &st
		}
		all = append(all, w)
	}
	return all, nil
}

// DecideWatch ends an observation: the class is confirmed or another is given.
type DecideWatch struct {
	Participant int64   `json:"participant" validate:"required"`
	Discipline  int64   `json:"discipline" validate:"required"`
	Outcome     Decided `json:"outcome"`
}

func (DecideWatch) kind() string { return "panel-observed" }

func (s *Store) decideWatch(ctx context.Context, ch *Change, who access.Who, a *DecideWatch) (*ClassChanged, error) {
	missing := notFound("no-such-discipline", fmt.Sprint(a.Discipline))
	if err := may(who, access.DecideClass, access.Object{Discipline: a.Discipline}, missing); err != nil {
		return nil, err
	}
	first, err := s.observed(ctx, ch.Tx, ch.Competition.ID, 0)
	if err != nil {
		return nil, err
	}
	if a.Outcome.Status == classes.Observed {
		return nil, invalid("status", "watch-status")
	}
	held, err := byID[SportClass](ctx, ch.Tx, ch.Competition.ID, a.Outcome.Saw, "no-such-class")
	if err != nil {
		return nil, err
	}
	if held.Status != classes.Observed || held.ParticipantID != a.Participant || held.DisciplineID != a.Discipline {
		return nil, &Refusal{Status: StatusStale, Problem: "class-stale", Field: "class", With: []string{held.Class, string(held.Status)}}
	}
	change, err := ch.outcomes(ctx, &Panel{DisciplineID: a.Discipline}, a.Participant, classes.Observation, []Decided{a.Outcome})
	if err != nil {
		return nil, err
	}
	if st, ok := first[held.ID]; ok {
		ch.touch(fmt.Sprintf("unit/%d", st.UnitID)) // OA leaves its start list
	}
	return ch.changeClasses(ctx, change)
}

// PreviewWatch finds out what the end of an observation would come to.
func (s *Store) PreviewWatch(ctx context.Context, c Command, who access.Who, a DecideWatch) (*ClassChanged, error) {
	return s.lookAhead(ctx, c, a, func(ctx context.Context, ch *Change) (*ClassChanged, error) { return s.decideWatch(ctx, ch, who, &a) })
}

// DecideWatch is for who may decide upon classes of the discipline.
func (s *Store) DecideWatch(ctx context.Context, c Command, who access.Who, a DecideWatch) (Receipt, error) {
	return s.decided(ctx, c, a, func(ctx context.Context, ch *Change) (*ClassChanged, error) { return s.decideWatch(ctx, ch, who, &a) })
}
