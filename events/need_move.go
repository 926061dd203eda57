// What is done about needs: accepted, assigned, answered, confirmed, reopened;
// several at once, and those that are one task always together.
package events

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/needs"
)

// MoveNeeds does one act to needs. What is done to a need that is one task with
// others is done to all of the task, except what its person alone can say. Saw
// has the revisions that the page showed; a need without one is taken as it is.
type MoveNeeds struct {
	IDs     []int64         `json:"ids" validate:"min=1,max=500"`
	Act     needs.Act       `json:"act" validate:"required,oneof=accept assign take remind answer satisfy reopen withdraw"`
	Saw     map[int64]int64 `json:"saw,omitempty"`
	Group   needs.Group     `json:"group,omitempty" validate:"max=20"`  // assign: whose it is; empty: as it is
	Owner   string          `json:"owner,omitempty" validate:"max=40"`  // assign: who of the group
	Due     time.Time       `json:"due,omitzero"`                       // assign: until when; zero: as it is
	Verdict needs.Verdict   `json:"verdict,omitempty" validate:"max=8"` // answer: what it comes to
	Words   string          `json:"-"`                                  // answer: what will be done or why not; reopen: why. Sealed
}

type movedNeeds struct {
	MoveNeeds
	Hidden Hidden `json:"words"`
}

func (movedNeeds) kind() string { return "needs-move" }

// MergeNeeds makes needs that are alike one task.
type MergeNeeds struct {
	IDs []int64 `json:"ids" validate:"min=2,max=500"`
}

func (MergeNeeds) kind() string { return "needs-merge" }

// SplitNeed takes a need out of its task.
type SplitNeed struct {
	ID int64 `json:"id" validate:"required"`
}

func (SplitNeed) kind() string { return "need-split" }

// actOf is the right that an act on a need asks for.
func actOf(a needs.Act) access.Act {
	switch a {
	case needs.Satisfy, needs.Reopen, needs.Withdraw, needs.Change, needs.Still:
		return access.WriteNeed
	}
	return access.AnswerNeed
}

// MoveNeeds does an act to needs.
func (s *Store) MoveNeeds(ctx context.Context, c Command, who access.Who, a MoveNeeds) (Receipt, error) {
	m := movedNeeds{MoveNeeds: a}
	m.Words = tidyWords(a.Words)
	if err := m.check(); err != nil {
		return Receipt{}, asRefusal(err)
	}
	var err error
	if m.Hidden, err = s.hideNeed(c.Competition, "need-text", m.Words); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, m, func(ctx context.Context, ch *Change) (any, error) { return ch.moveNeeds(ctx, who, &m) })
}

// check holds the command's parts against its act.
func (m *movedNeeds) check() error {
	switch {
	case m.Act == needs.Assign && m.Group != "" && !slices.Contains(needs.Groups, m.Group):
		return invalid("group", "need-group", string(m.Group))
	case m.Act == needs.Answer && !slices.Contains(needs.Verdicts, m.Verdict):
		return invalid("verdict", "need-verdict")
	}
	return needs.CheckWords(m.Act, m.Words)
}

func (c *Change) moveNeeds(ctx context.Context, who access.Who, m *movedNeeds) (any, error) {
	named, err := loadNeeds(ctx, c.Tx, c.Competition.ID, m.IDs)
	if err != nil {
		return nil, err
	}
	if err := mayTouch(who, actOf(m.Act), named, m.IDs); err != nil {
		return nil, err
	}
	for _, n := range named {
		if saw, ok := m.Saw[n.ID]; ok && saw != n.Revision {
			return nil, &Refusal{Status: StatusStale, Problem: "need-stale", With: []string{strconv.FormatInt(n.ID, 10)}}
		}
	}
	if m.Act.Shares() {
		if named, err = c.withTask(ctx, named); err != nil {
			return nil, err
		}
	}
	out := NeedsOutcome{}
	for i := range named {
		n := &named[i]
		m.set(n, c)
		if err := c.actOn(ctx, n, m.Act, sideOf(who), m.Hidden); err != nil {
			return nil, err
		}
		out.Needs = append(out.Needs, NeedOutcome{n.ID, n.State, n.Revision})
	}
	c.touch(needTopic)
	return out, nil
}

// set writes what an act says besides its words.
func (m *movedNeeds) set(n *Need, c *Change) {
	switch m.Act {
	case needs.Assign:
		n.Group, n.Owner = cmp.Or(m.Group, n.Group), m.Owner
		if !m.Due.IsZero() {
			n.Due = m.Due.UTC().Truncate(time.Minute)
		}
	case needs.Answer:
		n.Verdict, n.Reply = m.Verdict, n.Revision+1
	case needs.Reopen: // it starts again for this person alone
		k, _ := needs.Find(n.Kind)
		n.Task, n.Due = 0, needs.Due(k, c.Now, c.Now)
	case needs.Withdraw:
		n.Task = 0
	}
}

// loadNeeds loads needs of a competition in the order of their IDs.
func loadNeeds(ctx context.Context, db bun.IDB, competition int64, ids []int64) ([]Need, error) {
	var all []Need
	err := db.NewSelect().Model(&all).Where("competition_id = ?", competition).Where("id IN (?)", bun.List(ids)).Order("id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load needs: %w", err)
	}
	return all, nil
}

// mayTouch asks whether somebody may do an act to needs. One that is not there
// and one that they must not know of get the same answer.
func mayTouch(who access.Who, act access.Act, all []Need, ids []int64) error {
	for _, id := range ids {
		i := slices.IndexFunc(all, func(n Need) bool { return n.ID == id })
		if i < 0 {
			return notFound("no-such-need", fmt.Sprint(id))
		}
		if err := mayNeeds(who, act, all[i].DelegationID, "no-such-need", id); err != nil {
			return err
		}
		switch k, _ := needs.Find(all[i].Kind); {
		case seesNeed(who, k):
		case who.Role == access.Service: // they know that something is there, and may read so much
			if act != access.ReadNeed {
				return invalid("act", "need-medical")
			}
		default:
			return notFound("no-such-need", fmt.Sprint(id))
		}
	}
	return nil
}

// withTask adds to needs those that are one task with them and still open: what
// is answered already, or withdrawn, is left alone.
func (c *Change) withTask(ctx context.Context, named []Need) ([]Need, error) {
	tasks := map[int64]bool{}
	for _, n := range named {
		if n.Task != 0 {
			tasks[n.Task] = true
		}
	}
	if len(tasks) == 0 {
		return named, nil
	}
	var mates []Need
	err := c.Tx.NewSelect().Model(&mates).Where("competition_id = ?", c.Competition.ID).
		Where("task IN (?)", bun.List(slices.Sorted(maps.Keys(tasks)))).Order("id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load a task: %w", err)
	}
	for _, m := range mates {
		if m.State.Open() && !slices.ContainsFunc(named, func(n Need) bool { return n.ID == m.ID }) {
			named = append(named, m)
		}
	}
	return named, nil
}

// MergeNeeds makes needs one task: the same thing on the same day for the same
// group. The task has the nearest of their times, and their owner where only one
// of them has one.
func (s *Store) MergeNeeds(ctx context.Context, c Command, who access.Who, a MergeNeeds) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		all, err := loadNeeds(ctx, ch.Tx, ch.Competition.ID, a.IDs)
		if err != nil {
			return nil, err
		}
		if err := mayTouch(who, access.AnswerNeed, all, a.IDs); err != nil {
			return nil, err
		}
		if all, err = ch.withTask(ctx, all); err != nil {
			return nil, err
		}
		shared, err := ch.shared(ctx, all)
		if err != nil {
			return nil, err
		}
		if !needs.Alike(shared) {
			return nil, invalid("ids", "needs-not-alike")
		}
		out := NeedsOutcome{}
		first := slices.MinFunc(all, func(a, b Need) int { return cmp.Compare(a.ID, b.ID) })
		owner, due := taskOf(all)
		for i := range all {
			n := &all[i]
			n.Task, n.Owner, n.Due = first.ID, owner, due
			if err := ch.saveTask(ctx, n); err != nil {
				return nil, err
			}
			out.Needs = append(out.Needs, NeedOutcome{n.ID, n.State, n.Revision})
		}
		ch.touch(needTopic)
		return out, nil
	})
}

// taskOf is the owner and the time of needs that become one task.
func taskOf(all []Need) (owner string, due time.Time) {
	owners := map[string]bool{}
	for _, n := range all {
		if n.Owner != "" {
			owners[n.Owner] = true
		}
		if due.IsZero() || !n.Due.IsZero() && n.Due.Before(due) {
			due = n.Due
		}
	}
	if len(owners) == 1 {
		owner = slices.Collect(maps.Keys(owners))[0]
	}
	return owner, due
}

// shared is needs as the rule of tasks reads them: wanted on their own day, or on
// that of the arrival.
func (c *Change) shared(ctx context.Context, all []Need) ([]needs.Shared, error) {
	arrive, err := loadArrivals(ctx, c.Tx, c.Competition, 0)
	if err != nil {
		return nil, err
	}
	shared := make([]needs.Shared, len(all))
	for i := range all {
		shared[i] = sharedNeed(&all[i], arrive)
	}
	return shared, nil
}

func sharedNeed(n *Need, arrive *arrivals) needs.Shared {
	day := n.Day
	if g := arrive.group(n.DelegationID, n.RegistrationID); day == "" && g != nil {
		day = g.Day
	}
	return needs.Shared{ID: n.ID, Kind: n.Kind, Day: day, Group: n.Group, State: n.State, Task: n.Task}
}

// saveTask writes which task a need belongs to; its state stays.
func (c *Change) saveTask(ctx context.Context, n *Need) error {
	n.Revision++
	n.Updated, n.By = c.Now, c.Author
	if _, err := c.Tx.NewUpdate().Model(n).Column("task", "owner", "due", "revision", "updated", "by").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write the task of need %d: %w", n.ID, err)
	}
	act := needs.Merge
	if n.Task == 0 {
		act = needs.Split
	}
	row := n.change(c, act, false)
	if _, err := c.Tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("write the history of need %d: %w", n.ID, err)
	}
	return nil
}

// SplitNeed takes a need out of its task; what the task has come to stays with it.
// A task of two is none afterwards.
func (s *Store) SplitNeed(ctx context.Context, c Command, who access.Who, a SplitNeed) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		all, err := loadNeeds(ctx, ch.Tx, ch.Competition.ID, []int64{a.ID})
		if err != nil {
			return nil, err
		}
		if err := mayTouch(who, access.AnswerNeed, all, []int64{a.ID}); err != nil {
			return nil, err
		}
		task := all[0].Task
		if task == 0 {
			return nil, invalid("id", "need-alone")
		}
		var mates []Need
		err = ch.Tx.NewSelect().Model(&mates).Where("task = ?", task).Where("id <> ?", a.ID).Order("id").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("load task %d: %w", task, err)
		}
		apart := all
		if len(mates) == 1 {
			apart = append(apart, mates[0])
		}
		out := NeedsOutcome{}
		for i := range apart {
			n := &apart[i]
			n.Task = 0
			if err := ch.saveTask(ctx, n); err != nil {
				return nil, err
			}
			out.Needs = append(out.Needs, NeedOutcome{n.ID, n.State, n.Revision})
		}
		ch.touch(needTopic)
		return out, nil
	})
}
