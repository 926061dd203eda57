// Small fields: which events have too few entries, what the regulation proposes
// for them, and what somebody decided. Nobody is bound by a proposal.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/scoring"
	"tongchang/scoring/packs"
	"tongchang/scoring/regulation"
)

// EventState says whether an event is held as it was announced.
type EventState string

// The states of an event.
const (
	EventOn         EventState = ""
	EventMerged     EventState = "merged"     // its entries compete in another event
	EventExhibition EventState = "exhibition" // held without medals and points
	EventCancelled  EventState = "cancelled"
)

// FieldDecision is what was decided about an event. Before is a fieldImage as
// JSON, for undoing.
type FieldDecision struct {
	bun.BaseModel `bun:"table:field_decisions"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	EventID       int64     `bun:",notnull"`
	Action        string    `bun:",notnull"` // keep, merge, exhibition, cancel
	IntoID        int64     `bun:",notnull"`
	Rule          string    `bun:",notnull"` // the setting that proposed it; empty where people decided otherwise
	Reason        string    `bun:",notnull"`
	Field         int       `bun:",notnull"` // entries when it was decided
	Before        string    `bun:",notnull"`
	Seq           int64     `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
	Undone        int64     `bun:",notnull"` // log entry that undid it; 0: it stands
}

// The actions that people decide on.
const (
	KeepField       = "keep"
	MergeField      = "merge"
	ExhibitionField = "exhibition"
	CancelField     = "cancel"
)

// Field is an event with its entries and what the regulation proposes. Alone is
// what it would award as it stands, Proposed.Admission what it would after the
// proposal. Decided is the decision in force; Changed that the field is no
// longer what it was when it was decided.
type Field struct {
	Event    Event
	Sport    Discipline
	Entries  int
	Proposed regulation.Decision
	Into     int64 // the proposal's target
	Alone    regulation.Admission
	Drawn    bool
	Decided  *FieldDecision
	Changed  bool
}

// Small reports whether the event is under its threshold, or was decided upon.
func (f *Field) Small() bool { return f.Decided != nil || f.Proposed.Do != regulation.Keep }

// Action is the proposal as people decide it.
func (f *Field) Action() string {
	switch f.Proposed.Do {
	case regulation.MergeUp, regulation.MergeSet:
		return MergeField
	case regulation.Exhibition:
		return ExhibitionField
	case regulation.Cancel:
		return CancelField
	}
	return KeepField
}

// Fields lists the medal events of a competition that somebody may decide upon.
func (s *Store) Fields(ctx context.Context, who access.Who, competition string) ([]Field, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	all, err := loadFields(ctx, s.r, c)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(f Field) bool {
		return access.May(who, access.DecideField, access.Object{Discipline: f.Event.DisciplineID}) != access.Allowed
	}), nil
}

// inForce is the regulation of a competition, the defaults where none was set.
func inForce(c *Competition) (regulation.Regulation, error) {
	if c.Regulation == "" {
		return regulation.Regulation{Settings: regulation.Defaults()}, nil
	}
	reg, err := regulation.Read([]byte(c.Regulation))
	if err != nil {
		return reg, fmt.Errorf("read the regulation in force: %w", err)
	}
	return reg, nil
}

func loadFields(ctx context.Context, db bun.IDB, c Competition) ([]Field, error) {
	reg, err := inForce(&c)
	if err != nil {
		return nil, err
	}
	var events []Event
	var sports []Discipline
	var entered []struct{ EventID, DelegationID int64 }
	var drawn []int64
	var decided []FieldDecision
	where := func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("competition_id = ?", c.ID) }
	for _, err := range []error{
		where(db.NewSelect().Model(&events)).Where("medals OR state = ?", EventExhibition).Order("discipline_id", "type", "sex", "id").Scan(ctx),
		where(db.NewSelect().Model(&sports)).Scan(ctx),
		where(db.NewSelect().Table("entries").Column("event_id", "delegation_id")).Where("state = ?", EntryIn).Order("id").Scan(ctx, &entered),
		db.NewSelect().TableExpr("starts AS s").Distinct().ColumnExpr("e.event_id").Join("JOIN entries AS e ON e.id = s.entry_id").
			Where("s.competition_id = ?", c.ID).Where("s.unit_id IS NOT NULL").Scan(ctx, &drawn),
		where(db.NewSelect().Model(&decided)).Where("undone = 0").Order("id").Scan(ctx),
	} {
		if err != nil {
			return nil, fmt.Errorf("load fields: %w", err)
		}
	}
	b := fieldBoard{reg: &reg, sports: index(sports, func(d *Discipline) int64 { return d.ID }), rows: sports, delegations: map[int64][]int64{}}
	for _, e := range entered {
		b.delegations[e.EventID] = append(b.delegations[e.EventID], e.DelegationID)
	}
	fields, err := b.propose(events)
	if err != nil {
		return nil, err
	}
	last := map[int64]*FieldDecision{}
	for i := range decided {
		last[decided[i].EventID] = &decided[i]
	}
	for i := range fields {
		f := &fields[i]
		f.Drawn = slices.Contains(drawn, f.Event.ID)
		if f.Decided = last[f.Event.ID]; f.Decided != nil {
			f.Changed = f.Event.State != EventMerged && f.Event.State != EventCancelled && f.Decided.Field != f.Entries
		}
	}
	return fields, nil
}

// fieldBoard puts events before the regulation.
type fieldBoard struct {
	reg         *regulation.Regulation
	sports      map[int64]int
	rows        []Discipline
	delegations map[int64][]int64 // of the entries, by event
}

func (b *fieldBoard) propose(events []Event) ([]Field, error) {
	ids := map[string]int64{}
	var open []regulation.Candidate
	fields := make([]Field, len(events))
	for i, e := range events {
		sport := find(b.rows, b.sports, e.DisciplineID)
		fields[i] = Field{Event: e, Sport: *sport, Entries: len(b.delegations[e.ID])}
		ids[e.Code] = e.ID
		rules := b.reg.For(sport.Code, e.Code)
		fields[i].Alone = rules.Admit(fields[i].Entries)
		if e.State == EventOn {
			open = append(open, b.candidate(&fields[i]))
		}
	}
	proposals, err := b.reg.SmallFields(open)
	if err != nil {
		return nil, err
	}
	of := map[string]regulation.Decision{}
	for _, p := range proposals {
		of[p.Event] = p
	}
	for i := range fields {
		f := &fields[i]
		f.Proposed = regulation.Decision{Event: f.Event.Code, Do: regulation.Keep, Field: f.Entries, After: f.Entries, Admission: f.Alone}
		if p, ok := of[f.Event.Code]; ok {
			f.Proposed, f.Into = p, ids[p.Into]
		}
	}
	return fields, nil
}

func (b *fieldBoard) candidate(f *Field) regulation.Candidate {
	set := classes.Set(f.Event.Classes)
	family, severity := familyOf(f.Sport.Code, set)
	c := regulation.Candidate{Event: f.Event.Code, Sport: f.Sport.Code, Family: strings.Join([]string{f.Event.Type, f.Event.Sex, family}, " "),
		Class: strings.Join(set, ","), Severity: severity}
	for _, d := range b.delegations[f.Event.ID] {
		c.Entrants = append(c.Entrants, regulation.Entrant{Delegations: []string{fmt.Sprint(d)}})
	}
	return c
}

// FieldChoice is a decision about one event. Saw is the number of entries that
// whoever decides had before them; Rule the setting that proposed it, if it was
// the regulation's proposal.
type FieldChoice struct {
	Event int64  `json:"event" validate:"required"`
	Do    string `json:"do" validate:"required,oneof=keep merge exhibition cancel"`
	Into  int64  `json:"into,omitempty" validate:"required_if=Do merge"`
	Rule  string `json:"rule,omitempty" validate:"max=80"`
	Saw   int    `json:"saw" validate:"min=0"`
}

// DecideFields decides upon events: one, or all of a sport. The reason goes with
// the command.
type DecideFields struct {
	Choices []FieldChoice `json:"choices" validate:"required,min=1,max=2000,dive"`
}

func (DecideFields) kind() string { return "fields" }

// FieldsDecided is what a decision came to.
type FieldsDecided struct {
	Kept       int `json:"kept,omitempty"`
	Merged     int `json:"merged,omitempty"`
	Exhibition int `json:"exhibition,omitempty"`
	Cancelled  int `json:"cancelled,omitempty"`
	Moved      int `json:"moved,omitempty"`     // entries that compete in another event now
	Withdrawn  int `json:"withdrawn,omitempty"` // entries whose event is not held
}

// DecideFields applies decisions, all or none. It is refused as stale where an
// event has other entries than were seen, and as closed where it has been drawn.
func (s *Store) DecideFields(ctx context.Context, c Command, who access.Who, a DecideFields) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		d := fieldDecider{ctx: ctx, ch: ch, who: who, told: map[int64][]string{}}
		var err error
		if d.fields, err = loadFields(ctx, ch.Tx, ch.Competition); err != nil {
			return nil, err
		}
		d.seen = map[int64]int{}
		for _, f := range d.fields {
			d.seen[f.Event.ID] = f.Entries
		}
		images := make([]fieldImage, len(a.Choices))
		for i := range a.Choices {
			if err := d.decide(&a.Choices[i], &images[i]); err != nil {
				return nil, err
			}
		}
		for i := range a.Choices { // now that every field is what it comes to
			if err := d.note(&a.Choices[i], &images[i]); err != nil {
				return nil, err
			}
		}
		return d.FieldsDecided, d.tell()
	})
}

type fieldDecider struct {
	FieldsDecided
	ctx    context.Context
	ch     *Change
	who    access.Who
	fields []Field
	seen   map[int64]int      // entries of each event before the command
	told   map[int64][]string // delegation → events by name, for one notice each
}

// fieldImage is what an event was before a decision.
type fieldImage struct {
	Event     Event   `json:"event"`
	Target    string  `json:"target,omitempty"`    // classes of the event merged into
	Moved     []int64 `json:"moved,omitempty"`     // entries
	Withdrawn []int64 `json:"withdrawn,omitempty"` // entries
}

func (d *fieldDecider) field(id int64) (*Field, error) {
	i := slices.IndexFunc(d.fields, func(f Field) bool { return f.Event.ID == id })
	if i < 0 || access.May(d.who, access.DecideField, access.Object{Discipline: d.fields[i].Event.DisciplineID}) != access.Allowed {
		return nil, notFound("no-such-event", fmt.Sprint(id))
	}
	return &d.fields[i], nil
}

func (d *fieldDecider) decide(c *FieldChoice, image *fieldImage) error {
	f, err := d.field(c.Event)
	switch {
	case err != nil:
		return err
	case f.Event.State != EventOn:
		return &Refusal{Status: StatusClosed, Problem: "field-decided", With: []string{f.Event.Name}}
	case d.seen[c.Event] != c.Saw:
		return &Refusal{Status: StatusStale, Problem: "field-stale", With: []string{f.Event.Name, fmt.Sprint(f.Entries), fmt.Sprint(c.Saw)}}
	case f.Drawn && c.Do != KeepField:
		return &Refusal{Status: StatusClosed, Problem: "field-drawn", With: []string{f.Event.Name}}
	}
	image.Event = f.Event
	switch c.Do {
	case KeepField:
		d.Kept++
	case MergeField:
		err = d.merge(f, c.Into, image)
	case ExhibitionField:
		d.Exhibition++
		f.Event.State, f.Event.Medals = EventExhibition, false
		err = d.saveEvent(f)
	case CancelField:
		d.Cancelled++
		f.Event.State = EventCancelled
		image.Withdrawn, err = d.withdraw(f, "event-cancelled", "state = ''")
		err = cmp.Or(err, d.saveEvent(f))
	}
	return err
}

// merge moves an event's entries into another, which then admits the classes of
// both. Who is in both already keeps one entry.
func (d *fieldDecider) merge(f *Field, into int64, image *fieldImage) error {
	t, err := d.field(into)
	switch {
	case err != nil:
		return err
	case t == f || t.Event.DisciplineID != f.Event.DisciplineID || t.Event.State == EventMerged || t.Event.State == EventCancelled:
		return invalid("into", "field-into", f.Event.Name, t.Event.Name)
	case t.Drawn:
		return &Refusal{Status: StatusClosed, Problem: "field-drawn", With: []string{t.Event.Name}}
	}
	for _, g := range d.fields { // nobody moves twice
		if g.Event.IntoID == f.Event.ID && g.Event.State == EventMerged {
			return invalid("into", "field-chain", g.Event.Name, f.Event.Name)
		}
	}
	d.Merged++
	image.Target = t.Event.Classes
	if image.Withdrawn, err = d.withdraw(f, "entered-twice", "code IN (SELECT o.code FROM entries AS o WHERE o.event_id = ?)", t.Event.ID); err != nil {
		return err
	}
	tx := d.ch.Tx
	err = tx.NewUpdate().Table("entries").Set("event_id = ?", t.Event.ID).Where("event_id = ?", f.Event.ID).Where("state = ?", EntryIn).
		Returning("id").Scan(d.ctx, &image.Moved)
	if err != nil && !isNoRows(err) {
		return fmt.Errorf("move entries of event %d: %w", f.Event.ID, err)
	}
	d.Moved += len(image.Moved)
	t.Event.Classes = union(t.Event.Classes, f.Event.Classes)
	t.Entries += len(image.Moved)
	f.Event.State, f.Event.IntoID = EventMerged, t.Event.ID
	return cmp.Or(d.saveEvent(f), d.saveEvent(t))
}

// union is two lists of classes as one, each class once.
func union(a, b string) string {
	set := classes.Set(a + "," + b)
	slices.SortFunc(set, scoring.CompareIDs)
	return strings.Join(slices.Compact(set), ",")
}

// familyOf says with which classes a set of classes may merge, and where the
// most impaired of them stands: classes of one kind of impairment, by the data
// of the sport. What the data do not know, and what is mixed already, merges
// with nothing.
func familyOf(sport string, set []string) (family string, severity int) {
	known := classFamilies()
	for i, c := range set {
		k, ok := known[[2]string{sport, c}]
		switch {
		case !ok || i > 0 && k.Family != family:
			return strings.Join(set, ","), 1
		case i == 0:
			family, severity = k.Family, k.Severity
		default:
			severity = min(severity, k.Severity)
		}
	}
	return family, severity
}

// classFamilies are the classes of the built-in data by sport and code.
var classFamilies = sync.OnceValue(func() map[[2]string]packs.Class {
	known := map[[2]string]packs.Class{}
	p, err := packs.Builtin()
	if err != nil { // a test of package packs finds it first
		panic(err)
	}
	for _, c := range p.Classes {
		known[[2]string{c.Discipline, c.Code}] = c
	}
	return known
})

// withdraw takes entries of an event out.
func (d *fieldDecider) withdraw(f *Field, why, where string, args ...any) ([]int64, error) {
	var ids []int64
	err := d.ch.Tx.NewUpdate().Table("entries").Set("state = ?, why = ?", EntryWithdrawn, why).Where("event_id = ?", f.Event.ID).
		Where("state = ?", EntryIn).Where(where, args...).Returning("id").Scan(d.ctx, &ids)
	if err != nil && !isNoRows(err) {
		return nil, fmt.Errorf("withdraw entries of event %d: %w", f.Event.ID, err)
	}
	d.Withdrawn += len(ids)
	return ids, nil
}

func (d *fieldDecider) saveEvent(f *Field) error {
	if _, err := d.ch.Tx.NewUpdate().Model(&f.Event).Column("state", "into_id", "classes", "medals").WherePK().Exec(d.ctx); err != nil {
		return fmt.Errorf("decide event %d: %w", f.Event.ID, err)
	}
	d.ch.touch(fmt.Sprintf("event/%d", f.Event.ID))
	return nil
}

// note writes the decision down and remembers whom it concerns.
func (d *fieldDecider) note(c *FieldChoice, image *fieldImage) error {
	f, err := d.field(c.Event)
	if err != nil {
		return err
	}
	before, err := json.Marshal(image)
	if err != nil {
		return err
	}
	row := FieldDecision{CompetitionID: d.ch.Competition.ID, EventID: f.Event.ID, Action: c.Do, IntoID: c.Into, Rule: c.Rule, Reason: d.ch.Reason,
		Field: f.Entries, Before: string(before), Seq: d.ch.Seq, At: d.ch.Now, By: d.ch.Author}
	if _, err := d.ch.Tx.NewInsert().Model(&row).Exec(d.ctx); err != nil {
		return fmt.Errorf("note the decision on event %d: %w", f.Event.ID, err)
	}
	concerned := slices.Concat(image.Moved, image.Withdrawn)
	if c.Do == ExhibitionField {
		if err := d.ch.Tx.NewSelect().Table("entries").Column("id").Where("event_id = ?", f.Event.ID).Where("state = ?", EntryIn).Scan(d.ctx, &concerned); err != nil {
			return fmt.Errorf("load entries of event %d: %w", f.Event.ID, err)
		}
	}
	return d.concern(f, concerned)
}

// tell writes one notice to each delegation concerned.
func (d *fieldDecider) tell() error {
	d.ch.touch("meet", "today", "medals")
	for _, id := range slices.Sorted(maps.Keys(d.told)) {
		d.ch.touch(fmt.Sprintf("delegation/%d", id))
		if err := d.ch.tell(d.ctx, id, "fields", strings.Join(d.told[id], "、")); err != nil {
			return err
		}
	}
	return nil
}

// UndoFields takes the decisions of one log entry back.
type UndoFields struct {
	Seq int64 `json:"seq" validate:"required"`
}

func (UndoFields) kind() string { return "fields-undo" }

// UndoFields is refused once an event concerned has been drawn, and while a
// later decision on one of them stands.
func (s *Store) UndoFields(ctx context.Context, c Command, who access.Who, a UndoFields) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		d := fieldDecider{ctx: ctx, ch: ch, who: who, told: map[int64][]string{}}
		var err error
		if d.fields, err = loadFields(ctx, ch.Tx, ch.Competition); err != nil {
			return nil, err
		}
		var rows []FieldDecision
		err = ch.Tx.NewSelect().Model(&rows).Where("competition_id = ?", ch.Competition.ID).Where("seq = ?", a.Seq).Order("id DESC").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("load decisions %d: %w", a.Seq, err)
		}
		if len(rows) == 0 {
			return nil, notFound("no-such-decision", fmt.Sprint(a.Seq))
		}
		for i := range rows { // the last decided first
			if err := d.undo(&rows[i]); err != nil {
				return nil, err
			}
		}
		return map[string]any{"undone": a.Seq}, d.tell()
	})
}

func (d *fieldDecider) undo(row *FieldDecision) error {
	var image fieldImage
	if err := json.Unmarshal([]byte(row.Before), &image); err != nil {
		return fmt.Errorf("read decision %d: %w", row.ID, err)
	}
	f, err := d.field(row.EventID)
	if err != nil {
		return err
	}
	if err := d.mayUndo(row, f); err != nil {
		return err
	}
	tx := d.ch.Tx
	if row.Action == MergeField {
		t, err := d.field(row.IntoID)
		if err != nil {
			return err
		}
		t.Event.Classes = image.Target
		if err := d.saveEvent(t); err != nil {
			return err
		}
	}
	steps := []*bun.UpdateQuery{tx.NewUpdate().Model(row).Set("undone = ?", d.ch.Seq).WherePK()}
	if len(image.Moved) > 0 {
		steps = append(steps, tx.NewUpdate().Table("entries").Set("event_id = ?", row.EventID).Where("id IN (?)", bun.List(image.Moved)))
	}
	if len(image.Withdrawn) > 0 {
		steps = append(steps, tx.NewUpdate().Table("entries").Set("state = ?, why = ?", EntryIn, "").Where("id IN (?)", bun.List(image.Withdrawn)))
	}
	for _, q := range steps {
		if _, err := q.Exec(d.ctx); err != nil {
			return fmt.Errorf("undo decision %d: %w", row.ID, err)
		}
	}
	f.Event = image.Event
	return errors.Join(d.saveEvent(f), d.concern(f, slices.Concat(image.Moved, image.Withdrawn)))
}

// mayUndo refuses where something has been built upon the decision.
func (d *fieldDecider) mayUndo(row *FieldDecision, f *Field) error {
	if row.Undone != 0 {
		return &Refusal{Status: StatusClosed, Problem: "field-undone"}
	}
	for _, id := range []int64{row.EventID, row.IntoID} {
		i := slices.IndexFunc(d.fields, func(o Field) bool { return o.Event.ID == id })
		if i < 0 {
			continue
		}
		if d.fields[i].Drawn {
			return &Refusal{Status: StatusClosed, Problem: "field-drawn", With: []string{d.fields[i].Event.Name}}
		}
		later, err := d.ch.Tx.NewSelect().Model((*FieldDecision)(nil)).Where("undone = 0").Where("seq > ?", row.Seq).
			Where("event_id = ? OR into_id = ?", id, id).Exists(d.ctx)
		if err != nil {
			return fmt.Errorf("look for later decisions: %w", err)
		}
		if later {
			return &Refusal{Status: StatusClosed, Problem: "field-later", With: []string{f.Event.Name}}
		}
	}
	return nil
}

// concern remembers the delegations of entries that a decision, or its undoing,
// is about.
func (d *fieldDecider) concern(f *Field, entries []int64) error {
	if len(entries) == 0 {
		return nil
	}
	var delegations []int64
	err := d.ch.Tx.NewSelect().Table("entries").Distinct().Column("delegation_id").Where("id IN (?)", bun.List(entries)).Scan(d.ctx, &delegations)
	if err != nil {
		return fmt.Errorf("load whom event %d concerns: %w", f.Event.ID, err)
	}
	for _, id := range delegations {
		d.told[id] = append(d.told[id], f.Event.Name)
	}
	return nil
}
