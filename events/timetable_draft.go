// Making a timetable: the generator runs outside the ledger, its plan waits as a
// draft to be looked at, and becomes the timetable by one command.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/timetable"
)

// DraftTimetable asks for a plan. With Keep as little as possible of the plan
// that stands is changed. Steps bounds the search; 0 is the generator's own.
type DraftTimetable struct {
	Seed  uint64
	Steps int
	Keep  bool
}

// TimetableDraft is a plan that waits. Saw is how far the timetable was when it
// was made.
type TimetableDraft struct {
	ID       string
	Saw      int64
	Keep     bool
	Plan     []timetable.Placement
	Unplaced []timetable.Unplaced
	Took     time.Duration
	At       time.Time
	By       string
}

// timetableDraft is a draft as it is kept. Took is in milliseconds.
type timetableDraft struct {
	bun.BaseModel `bun:"table:timetable_drafts"`

	ID            string    `bun:",pk"`
	CompetitionID int64     `bun:",notnull"`
	Saw           int64     `bun:",notnull"`
	Keep          bool      `bun:",notnull"`
	Plan          string    `bun:",notnull"`
	Unplaced      string    `bun:",notnull"`
	Took          int64     `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
}

// draftLife is how long a draft waits, and mostDrafts how many do.
const (
	draftLife  = 7 * 24 * time.Hour
	mostDrafts = 5
)

// planner lets one plan be made at a time: it may take a core for seconds.
var planner = make(chan struct{}, 1)

// DraftTimetable makes a plan and keeps it until somebody applies it. Names of
// units and people in the reasons are the document's IDs. The plan that stands
// is not touched.
func (s *Store) DraftTimetable(ctx context.Context, who access.Who, competition string, o DraftTimetable) (*TimetableDraft, error) {
	c, err := s.timetableOf(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	select {
	case planner <- struct{}{}:
		defer func() { <-planner }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l, err := loadLedgerTimetable(ctx, s.r, &c)
	if err == nil {
		err = l.fit()
	}
	if err != nil {
		return nil, err
	}
	nameless(l.doc)
	began := time.Now()
	plan, left := timetable.Generate(l.doc, timetable.Options{Seed: cmp.Or(o.Seed, 1), Steps: o.Steps, Keep: o.Keep})
	d := &TimetableDraft{ID: uuid.NewString(), Saw: l.seq, Keep: o.Keep, Plan: plan, Unplaced: left, Took: time.Since(began).Round(time.Millisecond), At: s.clock(), By: who.Name}
	return d, s.keepDraft(ctx, c.ID, d)
}

// nameless takes the names out of a document, so that sentences about it have
// IDs: whoever shows them puts names in, in the reader's language.
func nameless(d *timetable.Document) {
	for i := range d.Units {
		d.Units[i].Name = ""
	}
	for i := range d.People {
		d.People[i].Name = ""
	}
}

func (s *Store) keepDraft(ctx context.Context, competition int64, d *TimetableDraft) error {
	plan, err := json.Marshal(d.Plan)
	if err != nil {
		return err
	}
	left, err := json.Marshal(d.Unplaced)
	if err != nil {
		return err
	}
	row := timetableDraft{ID: d.ID, CompetitionID: competition, Saw: d.Saw, Keep: d.Keep, Plan: string(plan), Unplaced: string(left), Took: d.Took.Milliseconds(), At: d.At, By: d.By}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		old := tx.NewSelect().Model((*timetableDraft)(nil)).Column("id").Where("competition_id = ?", competition).Order("at DESC").Limit(mostDrafts - 1)
		if _, err := tx.NewDelete().Model((*timetableDraft)(nil)).Where("competition_id = ?", competition).
			Where(`"at" < ? OR id NOT IN (?)`, d.At.Add(-draftLife), old).Exec(ctx); err != nil {
			return fmt.Errorf("throw old drafts of a timetable away: %w", err)
		}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return fmt.Errorf("keep a draft of the timetable: %w", err)
		}
		return nil
	})
}

// TimetableDraft finds a draft.
func (s *Store) TimetableDraft(ctx context.Context, who access.Who, competition, id string) (*TimetableDraft, error) {
	c, err := s.timetableOf(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	var row timetableDraft
	err = s.r.NewSelect().Model(&row).Where("competition_id = ?", c.ID).Where("id = ?", id).Scan(ctx)
	if isNoRows(err) {
		return nil, notFound("no-such-draft")
	}
	d := &TimetableDraft{ID: row.ID, Saw: row.Saw, Keep: row.Keep, Took: time.Duration(row.Took) * time.Millisecond, At: row.At, By: row.By}
	if err == nil {
		err = json.Unmarshal([]byte(row.Plan), &d.Plan)
	}
	if err == nil {
		err = json.Unmarshal([]byte(row.Unplaced), &d.Unplaced)
	}
	if err != nil {
		return nil, fmt.Errorf("load a draft of the timetable: %w", err)
	}
	return d, nil
}

// ApplyTimetable makes a draft the timetable. Clashes is how many clashes of
// placed units whoever applies it was shown. The plan goes into the log with the
// command.
type ApplyTimetable struct {
	Draft   string                `json:"draft" validate:"required,max=60"`
	Clashes int                   `json:"clashes,omitempty" validate:"min=0"`
	Plan    []timetable.Placement `json:"plan,omitempty" validate:"max=10000"` // filled in
}

func (ApplyTimetable) kind() string { return "timetable" }

// ApplyTimetable is refused as stale where the timetable has changed since the
// draft was made, or where the plan has more clashes now than were shown (a draw
// was made, somebody was granted more time).
func (s *Store) ApplyTimetable(ctx context.Context, c Command, who access.Who, a ApplyTimetable) (Receipt, error) {
	d, err := s.TimetableDraft(ctx, who, c.Competition, a.Draft)
	if err != nil {
		return Receipt{}, err
	}
	a.Plan = d.Plan
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		p, err := ch.placer(ctx, who)
		if err != nil {
			return nil, err
		}
		if p.seq != d.Saw {
			return nil, &Refusal{Status: StatusStale, Problem: "timetable-stale"}
		}
		doc := *p.doc
		doc.Plan = a.Plan
		if n := Clashing(timetable.Check(&doc)); n > a.Clashes {
			return nil, &Refusal{Status: StatusStale, Problem: "timetable-more-clashes", With: []string{strconv.Itoa(n), strconv.Itoa(a.Clashes)}}
		}
		to, err := p.stands(a.Plan)
		if err != nil {
			return nil, err
		}
		return p.place(ctx, to)
	})
}

// Clashing counts the clashes between units that have a place.
func Clashing(clashes []timetable.Clash) (n int) {
	for i := range clashes {
		if clashes[i].Rule != timetable.NoPlace {
			n++
		}
	}
	return n
}

// stands are the places of a plan: of the units that may still be moved, and of
// those that it leaves out.
func (p *placer) stands(plan []timetable.Placement) ([]stand, error) {
	placed := map[int64]bool{}
	var to []stand
	for _, at := range plan {
		id := UnitOf(at.Unit)
		i, ok := p.at[id]
		switch {
		case id == 0:
			continue // an appointment
		case !ok:
			return nil, notFound("no-such-unit", at.Unit)
		}
		placed[id] = true
		if u := &p.units[i]; !u.begun() {
			to = append(to, stand{Unit: id, Area: at.Area, Court: at.Court, Pinned: u.Pinned, Start: at.Start.In(p.zone).UTC()})
		}
	}
	for i := range p.units {
		if u := &p.units[i]; !placed[u.ID] && u.Area != "" && !u.begun() {
			to = append(to, stand{Unit: u.ID})
		}
	}
	return to, nil
}

// GenerateTimetable makes a plan and applies it at once: for programs.
func (s *Store) GenerateTimetable(ctx context.Context, c Command, who access.Who, o DraftTimetable) (*TimetableDraft, Receipt, error) {
	d, err := s.DraftTimetable(ctx, who, c.Competition, o)
	if err != nil {
		return nil, Receipt{}, err
	}
	r, err := s.ApplyTimetable(ctx, c, who, ApplyTimetable{Draft: d.ID})
	return d, r, err
}
