// The set-up of an edition while organisers are still at it. A draft is nobody's
// history: it is kept aside, with a revision so that two organisers cannot type
// past each other, and what comes of it is written by commands (setup_apply.go).
package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/plan"
	"tongchang/scoring/regulation"
)

// SetupDraft is a set-up as it was left. Revision 0 is what is in force: nobody
// has changed anything since.
type SetupDraft struct {
	Plan     *plan.Plan
	Revision int64
	At       time.Time
	By       string
}

// setupRow is what is kept of a draft.
type setupRow struct {
	bun.BaseModel `bun:"table:setup_drafts"`

	CompetitionID int64     `bun:",pk"`
	Revision      int64     `bun:",notnull"`
	Plan          string    `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
}

// Setup gives the draft of a competition, or what is in force where there is none.
func (s *Store) Setup(ctx context.Context, who access.Who, competition string) (*SetupDraft, error) {
	c, err := s.settingUp(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	row := setupRow{CompetitionID: c.ID}
	err = s.r.NewSelect().Model(&row).WherePK().Scan(ctx)
	switch {
	case isNoRows(err):
		p, err := s.planInForce(ctx, &c)
		return &SetupDraft{Plan: p}, err
	case err != nil:
		return nil, fmt.Errorf("load the set-up of %s: %w", c.Code, err)
	}
	p := new(plan.Plan)
	if err := json.Unmarshal([]byte(row.Plan), p); err != nil {
		return nil, fmt.Errorf("read the set-up of %s: %w", c.Code, err)
	}
	return &SetupDraft{Plan: p, Revision: row.Revision, At: row.At, By: row.By}, nil
}

// settingUp finds a competition for somebody who may set it up.
func (s *Store) settingUp(ctx context.Context, who access.Who, competition string) (Competition, error) {
	if err := may(who, access.SetEdition, access.Object{}, nil); err != nil {
		return Competition{}, err
	}
	return s.Competition(ctx, competition)
}

// SaveSetup keeps a draft. Saw is the revision that it was made from: where
// somebody has saved since, it is refused as stale. The new revision is returned.
func (s *Store) SaveSetup(ctx context.Context, who access.Who, competition string, p *plan.Plan, saw int64) (int64, error) {
	c, err := s.settingUp(ctx, who, competition)
	if err != nil {
		return 0, err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	if _, err := plan.Read(raw); err != nil { // what could not be brought in is not kept either
		return 0, asRefusal(err)
	}
	row := setupRow{CompetitionID: c.ID, Revision: saw + 1, Plan: string(raw), At: s.now().UTC().Truncate(time.Microsecond), By: who.Name}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		var there []setupRow
		if err := tx.NewSelect().Model(&there).Column("revision", "by").Where("competition_id = ?", c.ID).Scan(ctx); err != nil {
			return err
		}
		switch {
		case len(there) == 0 && saw == 0:
			_, err := tx.NewInsert().Model(&row).Exec(ctx)
			return err
		case len(there) == 0:
			return &Refusal{Status: StatusStale, Problem: "setup-gone"}
		case there[0].Revision != saw:
			return &Refusal{Status: StatusStale, Problem: "setup-stale", With: []string{there[0].By}}
		}
		_, err := tx.NewUpdate().Model(&row).WherePK().Exec(ctx)
		return err
	})
	if err != nil {
		return 0, unsaved(err, c.Code)
	}
	return row.Revision, nil
}

// unsaved says what was attempted, unless it is a refusal that says it itself.
func unsaved(err error, competition string) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return err
	}
	return fmt.Errorf("keep the set-up of %s: %w", competition, err)
}

// DropSetup throws a draft away: what is in force is what there is.
func (s *Store) DropSetup(ctx context.Context, who access.Who, competition string) error {
	c, err := s.settingUp(ctx, who, competition)
	if err != nil {
		return err
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*setupRow)(nil)).Where("competition_id = ?", c.ID).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("drop the set-up of %s: %w", c.Code, err)
	}
	return nil
}

// planInForce is the set-up that a competition has, as a plan.
func (s *Store) planInForce(ctx context.Context, c *Competition) (*plan.Plan, error) {
	p := plan.New(c.Name)
	p.NameEn, p.City, p.Zone, p.Starts, p.Ends = c.NameEn, c.City, c.Zone, c.Starts, c.Ends
	row, err := loadEdition(ctx, s.r, c.ID)
	switch {
	case err == nil:
		if err := plan.OfEdition(p, []byte(row.Rules), row.Programme); err != nil {
			return nil, fmt.Errorf("read the edition of %s: %w", c.Code, err)
		}
		p.Seen = slices.Clone(plan.Steps)
	case errors.Is(err, ErrNotFound): // nothing has been laid yet
	default:
		return nil, err
	}
	if c.Regulation != "" {
		reg, err := regulation.Read([]byte(c.Regulation))
		if err != nil {
			return nil, fmt.Errorf("read the regulation of %s: %w", c.Code, err)
		}
		p.Regulation = &reg
	}
	return p, s.placesInForce(ctx, c, p)
}

// placesInForce adds the delegations, where no edition names them, and the venues
// of the sessions.
func (s *Store) placesInForce(ctx context.Context, c *Competition, p *plan.Plan) error {
	var delegations []Delegation
	if err := s.r.NewSelect().Model(&delegations).Where("competition_id = ?", c.ID).Order("id").Scan(ctx); err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	for _, d := range delegations {
		if len(p.Events) == 0 {
			p.Rules.Delegations = append(p.Rules.Delegations, plan.Delegation{Code: d.Code, Name: d.Name, NameEn: d.NameEn})
		}
	}
	sessions, err := sessionsOf(ctx, s.r, c.ID)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if session.Venue == "" || session.Opens == "" {
			continue
		}
		i := slices.IndexFunc(p.Venues, func(v plan.Venue) bool { return v.Name == session.Venue })
		if i < 0 {
			i, p.Venues = len(p.Venues), append(p.Venues, plan.Venue{Name: session.Venue})
		}
		if v := &p.Venues[i]; !slices.Contains(v.Opens, session.Opens) {
			v.Opens = append(v.Opens, session.Opens)
			slices.Sort(v.Opens)
		}
	}
	return nil
}

func sessionsOf(ctx context.Context, db bun.IDB, competition int64) ([]Session, error) {
	var all []Session
	if err := db.NewSelect().Model(&all).Where("competition_id = ?", competition).Order("number").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return all, nil
}
