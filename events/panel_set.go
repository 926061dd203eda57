// Setting up the classification days: panels with who sits on them, and the
// numbers of their clocks.
package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/panels"
)

// SetPanel makes a panel (ID 0) or changes one that was seen at revision Saw.
// Members are accounts of classifiers, the first leads. Most is how many people a
// day, 0 for as many as there is time for.
type SetPanel struct {
	ID          int64               `json:"id,omitempty" validate:"min=0"`
	Saw         int64               `json:"saw" validate:"min=0"`
	Discipline  int64               `json:"discipline" validate:"required"`
	Name        string              `json:"name" validate:"required,max=40"`
	Room        string              `json:"room" validate:"max=60"`
	Impairments []panels.Impairment `json:"impairments,omitempty" validate:"max=4"`
	FirstDay    string              `json:"first_day" validate:"required,datetime=2006-01-02"`
	LastDay     string              `json:"last_day" validate:"required,datetime=2006-01-02"`
	Opens       string              `json:"opens" validate:"required,datetime=15:04"`
	Closes      string              `json:"closes" validate:"required,datetime=15:04"`
	PauseFrom   string              `json:"pause_from,omitempty" validate:"omitempty,datetime=15:04"`
	PauseTo     string              `json:"pause_to,omitempty" validate:"omitempty,datetime=15:04"`
	Minutes     int                 `json:"minutes" validate:"min=5,max=480"`
	Most        int                 `json:"most" validate:"min=0,max=200"`
	Members     []int64             `json:"members,omitempty" validate:"max=12"`
}

func (SetPanel) kind() string { return "panel" }

// PanelSet is the outcome in the log.
type PanelSet struct {
	Panel    int64 `json:"panel"`
	Revision int64 `json:"revision"`
}

// DropPanel takes a panel away that nobody has come before or is to come before.
type DropPanel struct {
	Panel int64 `json:"panel" validate:"required"`
	Saw   int64 `json:"saw" validate:"required"`
}

func (DropPanel) kind() string { return "panel-drop" }

// SetPanelRules sets the numbers of the classification days.
type SetPanelRules struct {
	Rest     int   `json:"rest" validate:"min=0,max=10080"`
	Before   int   `json:"before" validate:"min=0,max=10080"`
	Protest  int   `json:"protest" validate:"min=0,max=10080"`
	Observed int   `json:"observed" validate:"min=0,max=10080"`
	Decide   int   `json:"decide" validate:"min=1,max=43200"`
	Fee      int64 `json:"fee" validate:"min=0,max=100000000"`
}

func (SetPanelRules) kind() string { return "panel-rules" }

// check refuses hours that contradict themselves.
func (a *SetPanel) check() error {
	a.Name, a.Room = strings.TrimSpace(a.Name), strings.TrimSpace(a.Room)
	for _, i := range a.Impairments {
		if !slices.Contains(panels.Impairments, i) {
			return invalid("impairments", "field-wrong", "impairments")
		}
	}
	switch {
	case a.LastDay < a.FirstDay:
		return invalid("last_day", "panel-days")
	case a.Closes <= a.Opens:
		return invalid("closes", "panel-hours")
	case (a.PauseFrom == "") != (a.PauseTo == ""), a.PauseFrom != "" && (a.PauseTo <= a.PauseFrom || a.PauseFrom < a.Opens || a.PauseTo > a.Closes):
		return invalid("pause_from", "panel-pause")
	}
	return nil
}

// SetPanel is for organisers. Slots that no longer lie within the hours keep
// their time: they are shown as such, and people move them.
func (s *Store) SetPanel(ctx context.Context, c Command, who access.Who, a SetPanel) (Receipt, error) {
	if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	if err := s.shape(c, a); err != nil {
		return Receipt{}, err // before days are compared that are none
	}
	if err := a.check(); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		if _, err := byID[Discipline](ctx, ch.Tx, ch.Competition.ID, a.Discipline, "no-such-discipline"); err != nil {
			return nil, err
		}
		p := Panel{CompetitionID: ch.Competition.ID}
		if a.ID != 0 {
			old, err := ch.panel(ctx, a.ID, a.Saw)
			if err != nil {
				return nil, err
			}
			if old.DisciplineID != a.Discipline {
				return nil, invalid("discipline", "panel-discipline")
			}
			p = old
		}
		p.DisciplineID, p.Name, p.Room, p.FirstDay, p.LastDay, p.Opens, p.Closes = a.Discipline, a.Name, a.Room, a.FirstDay, a.LastDay, a.Opens, a.Closes
		p.PauseFrom, p.PauseTo, p.Minutes, p.Most, p.Revision, p.Seq = a.PauseFrom, a.PauseTo, a.Minutes, a.Most, p.Revision+1, ch.Seq
		p.Impairments = joined(a.Impairments)
		if err := ch.savePanel(ctx, &p); err != nil {
			return nil, err
		}
		ch.touch(panelTopic)
		return PanelSet{p.ID, p.Revision}, ch.seat(ctx, &p, a.Members)
	})
}

func joined(all []panels.Impairment) string {
	words := make([]string, len(all))
	for i, g := range all {
		words[i] = string(g)
	}
	return strings.Join(words, ",")
}

// panel finds a panel that was seen at a revision.
func (c *Change) panel(ctx context.Context, id, saw int64) (Panel, error) {
	p, err := byID[Panel](ctx, c.Tx, c.Competition.ID, id, "no-such-panel")
	if err == nil && p.Revision != saw {
		err = &Refusal{Status: StatusStale, Problem: "panel-stale", With: []string{p.Name}}
	}
	return p, err
}

func (c *Change) savePanel(ctx context.Context, p *Panel) error {
	taken, err := c.Tx.NewSelect().Model((*Panel)(nil)).Where("competition_id = ?", c.Competition.ID).Where("name = ?", p.Name).Where("id <> ?", p.ID).Exists(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("look for a panel of that name: %w", err)
	case taken:
		return invalid("name", "panel-name", p.Name)
	}
	if p.ID == 0 {
		_, err = c.Tx.NewInsert().Model(p).Returning("id").Exec(ctx)
	} else {
		_, err = c.Tx.NewUpdate().Model(p).WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("write panel %s: %w", p.Name, err)
	}
	return nil
}

// seat puts classifiers on a panel in place of those who sat on it.
func (c *Change) seat(ctx context.Context, p *Panel, members []int64) error {
	if _, err := c.Tx.NewDelete().Model((*panelMember)(nil)).Where("panel_id = ?", p.ID).Exec(ctx); err != nil {
		return fmt.Errorf("clear panel %d: %w", p.ID, err)
	}
	for i, id := range members {
		a, err := byID[Account](ctx, c.Tx, c.Competition.ID, id, "no-such-account")
		if err != nil {
			return err
		}
		if a.Role != access.Classifier || !a.Closed.IsZero() || a.DisciplineID != 0 && a.DisciplineID != p.DisciplineID || slices.Contains(members[:i], id) {
			return invalid("members", "panel-member", a.Name)
		}
		if _, err := c.Tx.NewInsert().Model(&panelMember{PanelID: p.ID, AccountID: id, Position: i + 1}).Exec(ctx); err != nil {
			return fmt.Errorf("seat account %d: %w", id, err)
		}
	}
	return nil
}

// DropPanel is for organisers.
func (s *Store) DropPanel(ctx context.Context, c Command, who access.Who, a DropPanel) (Receipt, error) {
	if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		p, err := ch.panel(ctx, a.Panel, a.Saw)
		if err != nil {
			return nil, err
		}
		for _, model := range []any{(*PanelSlot)(nil), (*ClassCase)(nil)} {
			used, err := ch.Tx.NewSelect().Model(model).Where("panel_id = ?", p.ID).Exists(ctx)
			if err != nil {
				return nil, fmt.Errorf("look what panel %d has: %w", p.ID, err)
			}
			if used {
				return nil, &Refusal{Status: StatusClosed, Problem: "panel-used", With: []string{p.Name}}
			}
		}
		ch.touch(panelTopic)
		if err := ch.seat(ctx, &p, nil); err != nil {
			return nil, err
		}
		_, err = ch.Tx.NewDelete().Model(&p).WherePK().Exec(ctx)
		return a, err
	})
}

// SetPanelRules is for organisers. Clocks that run already keep their end.
func (s *Store) SetPanelRules(ctx context.Context, c Command, who access.Who, a SetPanelRules) (Receipt, error) {
	if err := may(who, access.SetPanel, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		row := panelRules{CompetitionID: ch.Competition.ID, Rest: a.Rest, Before: a.Before, Protest: a.Protest, Observed: a.Observed, Decide: a.Decide, Fee: a.Fee, Seq: ch.Seq}
		_, err := ch.Tx.NewInsert().Model(&row).On("CONFLICT (competition_id) DO UPDATE").Set("rest = EXCLUDED.rest").Set("before = EXCLUDED.before").
			Set("protest = EXCLUDED.protest").Set("observed = EXCLUDED.observed").Set("decide = EXCLUDED.decide").Set("fee = EXCLUDED.fee").Set("seq = EXCLUDED.seq").Exec(ctx)
		ch.touch(panelTopic)
		return a, err
	})
}

// PanelRules are a competition's numbers: those that were set, or the proposal.
func (s *Store) PanelRules(ctx context.Context, competition int64) (panels.Rules, error) {
	return rulesOfPanels(ctx, s.r, competition)
}

func rulesOfPanels(ctx context.Context, db bun.IDB, competition int64) (panels.Rules, error) {
	var rows []panelRules
	if err := db.NewSelect().Model(&rows).Where("competition_id = ?", competition).Scan(ctx); err != nil {
		return panels.Rules{}, fmt.Errorf("load the rules of panels: %w", err)
	}
	if len(rows) == 0 {
		return panels.Proposal, nil
	}
	return rows[0].rules(), nil
}

// panelMissing is what a panel that does not exist is answered with.
func panelMissing(id int64) error { return notFound("no-such-panel", strconv.FormatInt(id, 10)) }
