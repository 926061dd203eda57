// Start lists: drawn by rule, or set as somebody has drawn them.
package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/uptrace/bun"

	"tongchang/scoring/advance"
)

// SetStartList puts starts of a phase into a unit's lanes, in place of those it
// has. What has begun is not changed.
type SetStartList struct {
	Unit  int64   `json:"unit" validate:"required"`
	Lines []Place `json:"lines" validate:"max=500,dive"`
}

// Place is a start's place in a unit. Lane is nil where order alone counts.
type Place struct {
	Start int64 `json:"start" validate:"required"`
	Lane  *int  `json:"lane" validate:"omitempty,min=0,max=200"`
}

func (SetStartList) kind() string { return "start-list" }

// DrawPhase seeds a phase's entries into its units by their entry marks. Lots
// gives the order of equal marks, start by start; those not named come last.
type DrawPhase struct {
	Phase   int64           `json:"phase" validate:"required"`
	Seeding advance.Seeding `json:"seeding"`
	Lots    []int64         `json:"lots,omitempty" validate:"max=2000"`
}

func (DrawPhase) kind() string { return "draw" }

// Drawn is the outcome of a draw: who starts where, and by which rule.
type Drawn struct {
	Phase  int64        `json:"phase"`
	Starts []DrawnStart `json:"starts"`
}

// DrawnStart is one place of a draw.
type DrawnStart struct {
	Start int64  `json:"start"`
	Unit  int64  `json:"unit"`
	Lane  int    `json:"lane"`
	Seed  string `json:"seed"`
	Rule  string `json:"rule"`
}

// SetStartList sets a unit's start list.
func (s *Store) SetStartList(ctx context.Context, c Command, a SetStartList) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		u, topics, err := loadUnit(ctx, ch, a.Unit)
		if err != nil {
			return nil, err
		}
		if u.ResultStatus != StartListStatus {
			return nil, &Refusal{Status: StatusClosed, Problem: "unit-has-begun"}
		}
		seen := map[int]bool{}
		for _, p := range a.Lines {
			if p.Lane != nil && seen[*p.Lane] {
				return nil, invalid("lane", "lane-twice", strconv.Itoa(*p.Lane))
			} else if p.Lane != nil {
				seen[*p.Lane] = true
			}
		}
		if err := emptyUnits(ctx, ch.Tx, u.ID); err != nil {
			return nil, err
		}
		for _, p := range a.Lines {
			if err := place(ctx, ch, p.Start, u.ID, p.Lane); err != nil {
				return nil, err
			}
		}
		u.Version++
		return u.outcome(), ch.saveUnit(ctx, &u, topics)
	})
}

// emptyUnits takes everybody out of units.
func emptyUnits(ctx context.Context, tx bun.Tx, units ...int64) error {
	_, err := tx.NewUpdate().Model((*Start)(nil)).Set("unit_id = NULL, lane = NULL").Where("unit_id IN (?)", bun.List(units)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("empty units: %w", err)
	}
	return nil
}

// place moves a start of the competition into a unit, out of none that has begun.
func place(ctx context.Context, ch *Change, start, unit int64, lane *int) error {
	res, err := ch.Tx.NewUpdate().Model((*Start)(nil)).Set("unit_id = ?", unit).Set("lane = ?", lane).
		Where("id = ?", start).Where("competition_id = ?", ch.Competition.ID).Where("out_irm = ''").
		Where("unit_id IS NULL OR unit_id IN (SELECT id FROM units WHERE result_status = ?)", StartListStatus).Exec(ctx)
	if err != nil {
		return fmt.Errorf("place start %d: %w", start, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, notFound("no-such-start", fmt.Sprint(start), fmt.Sprint(unit)))
	}
	return nil
}

// Draw seeds a phase. It needs as many units as the draw has heats, and none of
// them begun.
func (s *Store) Draw(ctx context.Context, c Command, a DrawPhase) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		p, err := byID[Phase](ctx, ch.Tx, ch.Competition.ID, a.Phase, "no-such-phase")
		if err != nil {
			return nil, err
		}
		units, err := drawable(ctx, ch.Tx, p.ID)
		if err != nil {
			return nil, err
		}
		var starts []Start
		err = ch.Tx.NewSelect().Model(&starts).Where("phase_id = ?", p.ID).Where("out_irm = ''").Order("id").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("load starts of phase %d: %w", p.ID, err)
		}
		heats, err := advance.Heats(a.Seeding, a.entrants(starts))
		if err != nil {
			return nil, err
		}
		return ch.draw(ctx, p, units, heats)
	})
}

// entrants are a phase's starts as the rule of seeding reads them.
func (a *DrawPhase) entrants(starts []Start) []advance.Entrant {
	in := make([]advance.Entrant, len(starts))
	for i, s := range starts {
		lot := slices.Index(a.Lots, s.ID)
		if lot < 0 {
			lot = len(a.Lots)
		}
		in[i] = advance.Entrant{ID: strconv.FormatInt(s.ID, 10), Time: s.SeedMark, Lot: lot}
	}
	return in
}

// drawable loads a phase's units in order; none may have begun.
func drawable(ctx context.Context, tx bun.Tx, phase int64) ([]Unit, error) {
	var units []Unit
	if err := tx.NewSelect().Model(&units).Where("phase_id = ?", phase).Order("number", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load units of phase %d: %w", phase, err)
	}
	for _, u := range units {
		if u.ResultStatus != StartListStatus {
			return nil, &Refusal{Status: StatusClosed, Problem: "unit-has-begun"}
		}
	}
	return units, nil
}

// draw writes a draw's places.
func (c *Change) draw(ctx context.Context, p Phase, units []Unit, heats []advance.Start) (any, error) {
	drawn := Drawn{Phase: p.ID}
	need := 0
	for _, h := range heats {
		need = max(need, h.Heat)
	}
	if need > len(units) {
		return nil, invalid("phase", "too-few-units", strconv.Itoa(need), strconv.Itoa(len(units)))
	}
	if len(units) == 0 {
		return nil, invalid("phase", "unit-empty")
	}
	ids := make([]int64, len(units))
	for i := range units {
		ids[i] = units[i].ID
	}
	if err := emptyUnits(ctx, c.Tx, ids...); err != nil {
		return nil, err
	}
	for _, h := range heats {
		start, err := strconv.ParseInt(h.ID, 10, 64)
		if err != nil {
			return nil, err
		}
		if err := place(ctx, c, start, ids[h.Heat-1], &h.Lane); err != nil {
			return nil, err
		}
		drawn.Starts = append(drawn.Starts, DrawnStart{Start: start, Unit: ids[h.Heat-1], Lane: h.Lane, Seed: h.Reason.Own, Rule: h.Reason.Rule})
	}
	for i := range units {
		units[i].Version++
		if err := saveUnit(ctx, c.Tx, &units[i]); err != nil {
			return nil, err
		}
		c.touch(fmt.Sprintf("unit/%d", ids[i]))
	}
	c.touch(fmt.Sprintf("event/%d", p.EventID), "today", "meet")
	return drawn, nil
}
