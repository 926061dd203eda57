// Arrivals and what there is for them: groups of a delegation that come together,
// wheelchairs, buses and rooms, held against each other by day and hour.
package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/needs"
	"tongchang/events/registration"
)

// PlanArrivals says in which groups a delegation arrives, in place of what was
// said before. Who is named in no group comes with the largest.
type PlanArrivals struct {
	Delegation int64         `json:"delegation" validate:"required"`
	Saw        int64         `json:"saw" validate:"min=0"` // log entry of the plan as the page knew it; 0: none
	Groups     []ArrivalFile `json:"groups" validate:"max=20,dive"`
}

// ArrivalFile is one group of a plan.
type ArrivalFile struct {
	Day    string  `json:"day" validate:"datetime=2006-01-02"`
	Clock  string  `json:"clock" validate:"datetime=15:04"`
	Place  string  `json:"place" validate:"max=60"`
	Means  string  `json:"means" validate:"max=60"`
	People int     `json:"people" validate:"min=1,max=2000"`
	Names  []int64 `json:"names,omitempty" validate:"max=2000"` // registrations that come with it
}

func (PlanArrivals) kind() string { return "arrivals" }

// SetResource says what there is of something; ID 0 adds a line, Pieces 0 takes
// one away.
type SetResource struct {
	ID     int64      `json:"id,omitempty"`
	Kind   needs.Code `json:"kind" validate:"required,max=40"`
	Pieces int        `json:"pieces" validate:"min=0,max=9999"`
	Day    string     `json:"day" validate:"omitempty,datetime=2006-01-02"`
	Until  string     `json:"until,omitempty" validate:"omitempty,datetime=2006-01-02"`
	From   int        `json:"from" validate:"min=0,max=23"`
	To     int        `json:"to" validate:"min=0,max=24"`
	Note   string     `json:"note" validate:"max=60"`
}

func (SetResource) kind() string { return "need-resource" }

// PlanArrivals takes a delegation's plan over. Needs that nobody has given a time
// are due by the new arrival where that is earlier.
func (s *Store) PlanArrivals(ctx context.Context, c Command, who access.Who, a PlanArrivals) (Receipt, error) {
	if err := mayNeeds(who, access.WriteNeed, a.Delegation, "no-such-delegation", a.Delegation); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		if _, err := byID[Delegation](ctx, ch.Tx, ch.Competition.ID, a.Delegation, "no-such-delegation"); err != nil {
			return nil, err
		}
		old, err := loadArrivals(ctx, ch.Tx, ch.Competition, a.Delegation)
		if err != nil {
			return nil, err
		}
		if a.Saw != old.seq() {
			return nil, &Refusal{Status: StatusStale, Problem: "arrivals-stale"}
		}
		if err := ch.dropArrivals(ctx, old); err != nil {
			return nil, err
		}
		if err := ch.addArrivals(ctx, &a); err != nil {
			return nil, err
		}
		ch.touch(needTopic)
		return struct {
			Groups int `json:"groups"`
		}{len(a.Groups)}, ch.hastenNeeds(ctx, a.Delegation)
	})
}

// seq is the log entry that wrote a delegation's plan.
func (a *arrivals) seq() (seq int64) {
	for _, g := range a.groups {
		seq = max(seq, g.Seq)
	}
	return seq
}

func (c *Change) dropArrivals(ctx context.Context, old *arrivals) error {
	if len(old.groups) == 0 {
		return nil
	}
	ids := make([]int64, len(old.groups))
	for i, g := range old.groups {
		ids[i] = g.ID
	}
	if _, err := c.Tx.NewDelete().Model((*ArrivalPerson)(nil)).Where("arrival_id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
		return fmt.Errorf("clear who arrives: %w", err)
	}
	if _, err := c.Tx.NewDelete().Model((*Arrival)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
		return fmt.Errorf("clear arrivals: %w", err)
	}
	return nil
}

func (c *Change) addArrivals(ctx context.Context, a *PlanArrivals) error {
	var people []ArrivalPerson
	seen := map[int64]bool{}
	for _, g := range a.Groups {
		row := Arrival{CompetitionID: c.Competition.ID, DelegationID: a.Delegation, Day: g.Day, Clock: g.Clock,
			Place: strings.TrimSpace(g.Place), Means: strings.TrimSpace(g.Means), People: g.People, Seq: c.Seq}
		if _, err := c.Tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return fmt.Errorf("write an arrival: %w", err)
		}
		for _, r := range g.Names {
			if seen[r] {
				return invalid("names", "arrival-twice", strconv.FormatInt(r, 10))
			}
			seen[r] = true
			if err := c.askable(ctx, a.Delegation, r); err != nil {
				return err
			}
			people = append(people, ArrivalPerson{RegistrationID: r, ArrivalID: row.ID})
		}
	}
	if len(people) == 0 {
		return nil
	}
	if _, err := c.Tx.NewInsert().Model(&people).Exec(ctx); err != nil {
		return fmt.Errorf("write who arrives: %w", err)
	}
	return nil
}

// hastenNeeds brings the times of a delegation's needs that nobody has in hand
// yet in line with when its people come.
func (c *Change) hastenNeeds(ctx context.Context, delegation int64) error {
	arrive, err := loadArrivals(ctx, c.Tx, c.Competition, delegation)
	if err != nil {
		return err
	}
	var open []Need
	err = c.Tx.NewSelect().Model(&open).Where("delegation_id = ?", delegation).
		Where("state IN (?)", bun.List([]needs.State{needs.Asked, needs.Accepted})).Order("id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("load open needs: %w", err)
	}
	for i := range open {
		n := &open[i]
		k, _ := needs.Find(n.Kind)
		due := needs.Due(k, n.Asked, arrive.of(n.DelegationID, n.RegistrationID))
		if soonest := needs.Due(k, c.Now, c.Now); due.Before(soonest) {
			due = soonest // nobody is late because a plan came late
		}
		if !due.Before(n.Due) {
			continue
		}
		n.Due = due
		if _, err := c.Tx.NewUpdate().Model(n).Column("due").WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("hasten need %d: %w", n.ID, err)
		}
	}
	return nil
}

// ArrivalView is a planned group.
type ArrivalView struct {
	Arrival
	Delegation, DelegationEn string
	Names                    []int64 // registrations that are named in it
}

// Arrivals lists planned arrivals by time: a delegation's, or all with 0.
func (s *Store) Arrivals(ctx context.Context, who access.Who, competition string, delegation int64) ([]ArrivalView, error) {
	if who.Role == access.Delegation && delegation == 0 {
		delegation = who.Delegation
	}
	if err := mayNeeds(who, access.ReadNeed, delegation, "no-such-delegation", delegation); err != nil {
		return nil, err
	}
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	all, err := loadArrivals(ctx, s.r, comp, delegation)
	if err != nil {
		return nil, err
	}
	delegations, err := s.Delegations(ctx, comp.ID)
	if err != nil {
		return nil, err
	}
	views := make([]ArrivalView, len(all.groups))
	for i, g := range all.groups {
		views[i] = ArrivalView{Arrival: g}
		if at := slices.IndexFunc(delegations, func(d Delegation) bool { return d.ID == g.DelegationID }); at >= 0 {
			views[i].Delegation, views[i].DelegationEn = delegations[at].Name, delegations[at].NameEn
		}
		for registration, group := range all.named {
			if group == g.ID {
				views[i].Names = append(views[i].Names, registration)
			}
		}
		slices.Sort(views[i].Names)
	}
	return views, nil
}

// SetResource writes a line of what there is.
func (s *Store) SetResource(ctx context.Context, c Command, who access.Who, a SetResource) (Receipt, error) {
	if err := mayNeeds(who, access.AnswerNeed, 0, "no-page", 0); err != nil {
		return Receipt{}, err
	}
	a.Note = strings.TrimSpace(a.Note)
	if err := a.check(who); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		row := NeedResource{ID: a.ID, CompetitionID: ch.Competition.ID, Kind: a.Kind, Pieces: a.Pieces, Day: a.Day, Until: a.Until,
			FromHour: a.From, ToHour: a.To, Note: a.Note}
		ch.touch(needTopic)
		return a, ch.saveResource(ctx, &row)
	})
}

// check holds a line against its kind.
func (a *SetResource) check(who access.Who) error {
	k, ok := needs.Find(a.Kind)
	switch {
	case !ok || k.Counts == needs.Uncounted || !seesNeed(who, k):
		return invalid("kind", "need-not-counted", string(a.Kind))
	case a.Pieces == 0 && a.ID != 0: // taken away
		return nil
	case a.Pieces == 0:
		return invalid("pieces", "resource-none")
	case a.Day == "":
		return invalid("day", "resource-day")
	case a.Until != "" && a.Until < a.Day:
		return invalid("until", "need-until", string(a.Kind))
	case k.Counts == needs.ByHour && a.To <= a.From:
		return invalid("to", "resource-hours")
	}
	if k.Counts == needs.ByDay {
		a.From, a.To = 0, 24
	}
	return nil
}

func (c *Change) saveResource(ctx context.Context, row *NeedResource) error {
	if row.ID == 0 {
		if _, err := c.Tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return fmt.Errorf("write what there is: %w", err)
		}
		return nil
	}
	if _, err := byID[NeedResource](ctx, c.Tx, c.Competition.ID, row.ID, "no-such-resource"); err != nil {
		return err
	}
	var err error
	if row.Pieces == 0 {
		_, err = c.Tx.NewDelete().Model(row).WherePK().Exec(ctx)
	} else {
		_, err = c.Tx.NewUpdate().Model(row).WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("write what there is: %w", err)
	}
	return nil
}

// Capacity is what is wanted against what there is.
type Capacity struct {
	Slots     []needs.Slot
	Undated   map[needs.Code]int // wanted by people of whom nobody knows when they come
	Resources []NeedResource
}

// Capacity holds everything that is asked for and counted against what there is,
// by day and hour. A need without a time of its own is wanted when its person
// arrives; one that is withdrawn, or was answered with no, is not wanted.
func (s *Store) Capacity(ctx context.Context, who access.Who, competition string) (*Capacity, error) {
	if err := mayNeeds(who, access.AnswerNeed, 0, "no-page", 0); err != nil {
		return nil, err
	}
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	var all []Need
	gone := s.r.NewSelect().TableExpr("registrations").Column("id").Where("competition_id = ?", comp.ID).Where("state = ?", registration.Withdrawn)
	err = s.r.NewSelect().Model(&all).Where("competition_id = ?", comp.ID).Where("state <> ?", needs.Withdrawn).
		Where("verdict NOT IN (?)", bun.List([]needs.Verdict{needs.Cannot, needs.Instead})).
		Where("registration_id IS NULL OR registration_id NOT IN (?)", gone).Order("id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("count needs: %w", err)
	}
	out := &Capacity{}
	if err := s.r.NewSelect().Model(&out.Resources).Where("competition_id = ?", comp.ID).Order("day", "kind", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load what there is: %w", err)
	}
	out.Resources = slices.DeleteFunc(out.Resources, func(r NeedResource) bool { return !seesKind(who, r.Kind) })
	arrive, err := loadArrivals(ctx, s.r, comp, 0)
	if err != nil {
		return nil, err
	}
	var wants []needs.Demand
	for i := range all {
		if seesKind(who, all[i].Kind) {
			wants = append(wants, demand(&all[i], arrive, comp.Ends))
		}
	}
	haves := make([]needs.Supply, len(out.Resources))
	for i, r := range out.Resources {
		haves[i] = needs.Supply{Kind: r.Kind, Pieces: r.Pieces, Day: r.Day, Until: r.Until, From: r.FromHour, To: r.ToHour}
	}
	out.Slots, out.Undated = needs.Balance(wants, haves)
	return out, nil
}

func seesKind(who access.Who, c needs.Code) bool {
	k, _ := needs.Find(c)
	return seesNeed(who, k)
}

// demand is a need as it is counted. What is held by the day and has no last day
// is held until the last day of the competition.
func demand(n *Need, arrive *arrivals, last string) needs.Demand {
	d := needs.Demand{Kind: n.Kind, Pieces: n.Pieces, Day: n.Day, Until: n.Until, Hour: n.Hour}
	if d.Day != "" {
		return d
	}
	g := arrive.group(n.DelegationID, n.RegistrationID)
	if g == nil {
		return d
	}
	d.Day = g.Day
	if d.Until == "" {
		d.Until = last
	}
	if d.Hour == needs.WholeDay {
		if t, err := time.Parse("15:04", g.Clock); err == nil {
			d.Hour = t.Hour()
		}
	}
	return d
}
