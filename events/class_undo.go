// Taking a change of class back, as long as nobody has started since.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/scoring"
)

// UndoClasses takes the change of class with this log number back.
type UndoClasses struct {
	Seq int64 `json:"seq" validate:"required"`
}

func (UndoClasses) kind() string { return "class-undo" }

// classImage is what an act of classification found: the entries and starts of
// the people concerned, the units touched with how far they were, the class rows
// replaced and the entries made.
type classImage struct {
	Entries []Entry     `json:"entries,omitempty"`
	Starts  []Start     `json:"starts,omitempty"`
	Units   []unitImage `json:"units,omitempty"`
	Held    []int64     `json:"held,omitempty"` // class rows superseded, in order; 0 where there was none
	Made    []int64     `json:"made,omitempty"` // entries
}

type unitImage struct {
	ID     int64        `json:"id"`
	Status ResultStatus `json:"status"`
}

// entry keeps an entry as it was when first seen.
func (im *classImage) entry(e Entry) {
	made := slices.Contains(im.Made, e.ID)
	if !made && !slices.ContainsFunc(im.Entries, func(o Entry) bool { return o.ID == e.ID }) {
		im.Entries = append(im.Entries, e)
	}
}

// start keeps a start as it was when first seen.
func (im *classImage) start(s Start) {
	made := slices.Contains(im.Made, s.EntryID)
	if !made && !slices.ContainsFunc(im.Starts, func(o Start) bool { return o.ID == s.ID }) {
		im.Starts = append(im.Starts, s)
	}
}

// load reads the rows of another image as they are now, entries made included.
func (im *classImage) load(ctx context.Context, tx bun.Tx, of *classImage) error {
	ids := slices.Clone(of.Made)
	for _, e := range of.Entries {
		ids = append(ids, e.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	err := tx.NewSelect().Model(&im.Entries).Where("id IN (?)", bun.List(ids)).Order("id").Scan(ctx)
	if err == nil {
		err = tx.NewSelect().Model(&im.Starts).Where("entry_id IN (?)", bun.List(ids)).Order("id").Scan(ctx)
	}
	if err != nil {
		return fmt.Errorf("read entries with their starts: %w", err)
	}
	return nil
}

// UndoClasses restores entries, start lists, results and classes as they were.
// It is refused once anybody has started in a unit that the change touched or
// the person joined, once the entries have changed otherwise, and while a later
// change of the same person stands.
func (s *Store) UndoClasses(ctx context.Context, c Command, who access.Who, a UndoClasses) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	if err := s.mayUndoClasses(ctx, c.Competition, who, a.Seq); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		u := &classUndo{ctx: ctx, ch: ch}
		for _, step := range []func() error{func() error { return u.find(a.Seq) }, u.unchanged, u.unbegun, u.entries, u.starts, u.classes, u.units, u.panels, u.tell} {
			if err := step(); err != nil {
				return nil, err
			}
		}
		return map[string]any{"undone": a.Seq}, nil
	})
}

// mayUndoClasses refuses who may not decide upon classes of every discipline
// that the change was about; they learn nothing of it.
func (s *Store) mayUndoClasses(ctx context.Context, competition string, who access.Who, seq int64) error {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return err
	}
	var about []int64
	err = s.r.NewSelect().Model((*SportClass)(nil)).Distinct().Column("discipline_id").Where("competition_id = ?", c.ID).Where("seq = ?", seq).Scan(ctx, &about)
	if err != nil {
		return fmt.Errorf("load what change of class %d was about: %w", seq, err)
	}
	missing := notFound("no-such-class-change", fmt.Sprint(seq))
	if len(about) == 0 {
		return missing
	}
	for _, id := range about {
		if err := may(who, access.DecideClass, access.Object{Discipline: id}, missing); err != nil {
			return err
		}
	}
	return nil
}

type classUndo struct {
	ctx           context.Context
	ch            *Change
	row           ClassChange
	before, after classImage
}

func (u *classUndo) find(seq int64) error {
	err := u.ch.Tx.NewSelect().Model(&u.row).Where("competition_id = ?", u.ch.Competition.ID).Where("seq = ?", seq).Scan(u.ctx)
	switch {
	case isNoRows(err):
		return notFound("no-such-class-change", fmt.Sprint(seq))
	case err != nil:
		return fmt.Errorf("load change of class %d: %w", seq, err)
	case u.row.Undone != 0:
		return &Refusal{Status: StatusClosed, Problem: "class-undone"}
	}
	if err := cmp.Or(json.Unmarshal([]byte(u.row.Before), &u.before), json.Unmarshal([]byte(u.row.After), &u.after)); err != nil {
		return fmt.Errorf("read change of class %d: %w", seq, err)
	}
	for person := range strings.SplitSeq(strings.Trim(u.row.People, ","), ",") {
		later, err := u.ch.Tx.NewSelect().Model((*ClassChange)(nil)).Where("competition_id = ?", u.ch.Competition.ID).Where("seq > ?", seq).
			Where("undone = 0").Where("people LIKE ?", "%,"+person+",%").Exists(u.ctx)
		if err != nil {
			return fmt.Errorf("look for later changes of class: %w", err)
		}
		if later {
			return &Refusal{Status: StatusClosed, Problem: "class-undo-later"}
		}
	}
	return nil
}

// unchanged refuses when the entries are no longer as the change left them.
// Places are another matter: a newcomer may have been given one meanwhile.
func (u *classUndo) unchanged() error {
	var now classImage
	if err := now.load(u.ctx, u.ch.Tx, &u.before); err != nil {
		return err
	}
	same := slices.EqualFunc(now.Entries, u.after.Entries, func(a, b Entry) bool { return sameEntry(&a, &b) }) &&
		slices.EqualFunc(now.Starts, u.after.Starts, func(a, b Start) bool {
			return a.ID == b.ID && a.Class == b.Class && a.OutIRM == b.OutIRM
		})
	if !same {
		return &Refusal{Status: StatusStale, Problem: "class-undo-changed"}
	}
	u.after.Starts = now.Starts
	return nil
}

// unbegun refuses once a unit has gone on since.
func (u *classUndo) unbegun() error {
	status := map[int64]ResultStatus{}
	for _, i := range u.after.Units {
		status[i.ID] = i.Status
	}
	units := slices.Collect(maps.Keys(status))
	for _, st := range u.after.Starts {
		if st.UnitID != 0 && status[st.UnitID] == "" {
			status[st.UnitID] = StartListStatus // joined since: it must not have begun
			if had := slices.IndexFunc(u.before.Starts, func(o Start) bool { return o.ID == st.ID && o.UnitID == st.UnitID }); had >= 0 {
				continue // was there before: untouched by the change
			}
			units = append(units, st.UnitID)
		}
	}
	if len(units) == 0 {
		return nil
	}
	var now []Unit
	if err := u.ch.Tx.NewSelect().Model(&now).Where("id IN (?)", bun.List(units)).Scan(u.ctx); err != nil {
		return fmt.Errorf("load units touched: %w", err)
	}
	for _, unit := range now {
		if unit.ResultStatus != status[unit.ID] {
			return &Refusal{Status: StatusClosed, Problem: "class-undo-begun", With: []string{unit.Code}}
		}
	}
	written, err := u.ch.Tx.NewSelect().TableExpr("marks AS k").Join("JOIN starts AS s ON s.id = k.start_id").
		Where("s.unit_id IN (?)", bun.List(units)).Where("k.seq > ?", u.row.Seq).Exists(u.ctx)
	if err != nil {
		return fmt.Errorf("look for marks since: %w", err)
	}
	if written {
		return &Refusal{Status: StatusClosed, Problem: "class-undo-begun", With: []string{""}}
	}
	return nil
}

func (u *classUndo) entries() error {
	if made := u.before.Made; len(made) > 0 {
		_, err := u.ch.Tx.NewDelete().Model((*Start)(nil)).Where("entry_id IN (?)", bun.List(made)).Exec(u.ctx)
		if err == nil {
			_, err = u.ch.Tx.NewDelete().Model((*Entry)(nil)).Where("id IN (?)", bun.List(made)).Exec(u.ctx)
		}
		if err != nil {
			return fmt.Errorf("take entries back: %w", err)
		}
	}
	for i := range u.before.Entries {
		if _, err := u.ch.Tx.NewUpdate().Model(&u.before.Entries[i]).WherePK().Exec(u.ctx); err != nil {
			return fmt.Errorf("restore entry %d: %w", u.before.Entries[i].ID, err)
		}
	}
	return nil
}

// starts puts back those that lost their place; who got the lane meanwhile keeps
// it, and the undoing is refused.
func (u *classUndo) starts() error {
	for _, now := range u.after.Starts {
		if !slices.ContainsFunc(u.before.Starts, func(o Start) bool { return o.ID == now.ID }) {
			if _, err := u.ch.Tx.NewDelete().Model((*Start)(nil)).Where("id = ?", now.ID).Exec(u.ctx); err != nil {
				return fmt.Errorf("take start %d back: %w", now.ID, err)
			}
		}
	}
	for i := range u.before.Starts {
		st := &u.before.Starts[i]
		if st.Lane != nil {
			taken, err := u.ch.Tx.NewSelect().Model((*Start)(nil)).Where("unit_id = ?", st.UnitID).Where("lane = ?", *st.Lane).Where("id <> ?", st.ID).Exists(u.ctx)
			if err != nil {
				return fmt.Errorf("look at lane %d: %w", *st.Lane, err)
			}
			if taken {
				return &Refusal{Status: StatusStale, Problem: "class-undo-lane", With: []string{fmt.Sprint(*st.Lane)}}
			}
		}
		if _, err := u.ch.Tx.NewInsert().Model(st).On("CONFLICT (id) DO UPDATE").Exec(u.ctx); err != nil {
			return fmt.Errorf("restore start %d: %w", st.ID, err)
		}
	}
	return nil
}

// classes gives people the class back that they held, as new rows: what was
// decided stays on record.
func (u *classUndo) classes() error {
	var made []SportClass
	err := u.ch.Tx.NewSelect().Model(&made).Where("competition_id = ?", u.ch.Competition.ID).Where("seq = ?", u.row.Seq).Order("id").Scan(u.ctx)
	if err != nil {
		return fmt.Errorf("load classes decided: %w", err)
	}
	for i := len(made) - 1; i >= 0; i-- { // the last first, so that the earliest class comes out on top
		if _, err := u.ch.Tx.NewUpdate().Model(&made[i]).Set("superseded = ?", true).WherePK().Exec(u.ctx); err != nil {
			return fmt.Errorf("supersede class %d: %w", made[i].ID, err)
		}
		held := u.before.Held[i]
		if held == 0 || slices.ContainsFunc(made[:i], func(c SportClass) bool { return c.ID == held }) {
			continue
		}
		var row SportClass
		if err := u.ch.Tx.NewSelect().Model(&row).Where("id = ?", held).Scan(u.ctx); err != nil {
			return fmt.Errorf("load class %d: %w", held, err)
		}
		row.ID, row.Superseded, row.Seq = 0, false, u.ch.Seq
		if _, err := u.ch.Tx.NewInsert().Model(&row).Exec(u.ctx); err != nil {
			return fmt.Errorf("restore class %d: %w", held, err)
		}
	}
	return nil
}

// units ranks official units again and moves all on.
func (u *classUndo) units() error {
	ids := map[int64]bool{}
	for _, i := range u.before.Units {
		ids[i.ID] = true
	}
	for _, st := range slices.Concat(u.after.Starts, u.before.Starts) {
		if st.UnitID != 0 {
			ids[st.UnitID] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		unit, topics, err := loadUnit(u.ctx, u.ch, id)
		if err != nil {
			return err
		}
		if unit.ResultStatus == Official {
			if err := rerankUnit(u.ctx, u.ch.Tx, &unit); err != nil {
				return err
			}
		}
		unit.Version++
		if err := u.ch.saveUnit(u.ctx, &unit, topics); err != nil {
			return err
		}
	}
	u.row.Undone = u.ch.Seq
	if _, err := u.ch.Tx.NewUpdate().Model(&u.row).Column("undone").WherePK().Exec(u.ctx); err != nil {
		return fmt.Errorf("note the undoing: %w", err)
	}
	for _, e := range u.after.Entries {
		u.ch.touch(fmt.Sprintf("event/%d", e.EventID), fmt.Sprintf("delegation/%d", e.DelegationID))
	}
	u.ch.touch("meet", "today", "medals")
	return nil
}

// tell lets the delegations that were told of the change know that it is taken
// back, in the words of that notice.
func (u *classUndo) tell() error {
	var told []Notice
	err := u.ch.Tx.NewSelect().Model(&told).Where("competition_id = ?", u.ch.Competition.ID).Where("seq = ?", u.row.Seq).
		Where("about = ?", "class-change").Order("id").Scan(u.ctx)
	if err != nil {
		return fmt.Errorf("load whom change of class %d was told: %w", u.row.Seq, err)
	}
	for i := range told {
		if err := u.ch.tell(u.ctx, told[i].DelegationID, "class-undo", told[i].With()...); err != nil {
			return err
		}
	}
	return nil
}

// tableChanges are the numbers of two tables that differ.
func tableChanges(before, after *Standings) []TableChange {
	numbers := func(s *Standings) map[string]map[string]scoring.Ratio {
		of := map[string]map[string]scoring.Ratio{}
		for _, r := range s.Medals {
			of[r.Delegation] = map[string]scoring.Ratio{"gold": r.Gold, "silver": r.Silver, "bronze": r.Bronze}
		}
		for _, r := range s.Points {
			if of[r.Delegation] == nil {
				of[r.Delegation] = map[string]scoring.Ratio{}
			}
			of[r.Delegation]["points"] = r.Points
		}
		return of
	}
	b, a := numbers(before), numbers(after)
	all := map[string]bool{}
	for _, m := range []map[string]map[string]scoring.Ratio{b, a} {
		for d := range m {
			all[d] = true
		}
	}
	var changes []TableChange
	for _, d := range slices.SortedFunc(maps.Keys(all), scoring.CompareIDs) {
		id, _ := strconv.ParseInt(d, 10, 64) // written by delegationKey
		for _, number := range []string{"gold", "silver", "bronze", "points"} {
			if x, y := b[d][number], a[d][number]; x.Cmp(y) != 0 {
				changes = append(changes, TableChange{Delegation: id, Number: number, Before: x, After: y})
			}
		}
	}
	return changes
}
