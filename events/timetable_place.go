// Setting units in the timetable: all changes of a plan, by the generator, by
// hand or by taking one back, go through one function. It keeps what stood there
// before, tells the delegations, and lays the units out for everybody.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/timetable"
)

// TimetableChange is one change of the timetable. Before and After are lists of
// stand as JSON, of the units that it moved alone. Undone is the log entry that
// took it back; 0: it stands.
type TimetableChange struct {
	bun.BaseModel `bun:"table:timetable_changes"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	Seq           int64     `bun:",notnull"`
	Units         int       `bun:",notnull"`
	Before        string    `bun:",notnull"`
	After         string    `bun:",notnull"`
	Reason        string    `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
	Undone        int64     `bun:",notnull"`
}

// stand is where and when one unit stands, or stood. Without an area it has no
// place in the timetable; it may have a time all the same, from a file.
type stand struct {
	Unit   int64     `json:"unit"`
	Area   string    `json:"area,omitempty"`
	Court  int       `json:"court,omitempty"`
	Pinned bool      `json:"pinned,omitempty"`
	Start  time.Time `json:"start,omitzero"`
	Venue  string    `json:"venue,omitempty"`

	Session int64 `json:"session,omitempty"` // of one without an area
}

// stand is where the unit stands now.
func (u *planUnit) stand() stand {
	s := stand{Unit: u.ID, Area: u.Area, Court: u.Court, Pinned: u.Pinned, Venue: u.Venue}
	if !u.Start.IsZero() {
		s.Start = u.Start.UTC()
	}
	if u.Area == "" {
		s.Session = u.SessionID
	}
	return s
}

func (s stand) same(o stand) bool {
	return s.Area == o.Area && s.Court == o.Court && s.Pinned == o.Pinned && s.Start.Equal(o.Start)
}

// TimetablePlaced is what a change of the timetable came to: units that moved,
// delegations that were told, clashes that the plan has now.
type TimetablePlaced struct {
	Units   int   `json:"units"`
	Told    int   `json:"told"`
	Clashes int   `json:"clashes"`
	Undone  int64 `json:"undone,omitempty"`
}

// MoveUnit sets one unit elsewhere. Start is a minute of the wall clock. Clashes
// is how many new clashes whoever moves it was shown and accepts.
type MoveUnit struct {
	Unit    int64            `json:"unit" validate:"required"`
	Area    string           `json:"area" validate:"required,max=40"`
	Court   int              `json:"court" validate:"min=1,max=200"`
	Start   timetable.Moment `json:"start" validate:"required"`
	Pin     bool             `json:"pin,omitempty"` // the generator leaves it there from now on
	Clashes int              `json:"clashes,omitempty" validate:"min=0"`
	Saw     int64            `json:"saw" validate:"min=0"`
}

func (MoveUnit) kind() string { return "timetable-move" }

func (m *MoveUnit) placement() timetable.Placement {
	return timetable.Placement{Unit: unitName(m.Unit), Area: m.Area, Court: m.Court, Start: m.Start}
}

// UndoTimetable takes a change of the timetable back.
type UndoTimetable struct {
	Seq int64 `json:"seq" validate:"required"`
}

func (UndoTimetable) kind() string { return "timetable-undo" }

// placer sets units inside a change.
type placer struct {
	*ledgerTimetable
	ch *Change
}

func (c *Change) placer(ctx context.Context, who access.Who) (*placer, error) {
	if err := may(who, access.SetTimetable, access.Object{}, nil); err != nil {
		return nil, err
	}
	l, err := loadLedgerTimetable(ctx, c.Tx, &c.Competition)
	return &placer{ledgerTimetable: l, ch: c}, err
}

// unitToMove finds a unit that may still be moved.
func (l *ledgerTimetable) unitToMove(id int64) (*planUnit, error) {
	i, ok := l.at[id]
	if !ok {
		return nil, notFound("no-such-unit", strconv.FormatInt(id, 10))
	}
	if u := &l.units[i]; !u.begun() {
		return u, nil
	}
	return nil, &Refusal{Status: StatusClosed, Problem: "timetable-begun", With: []string{l.units[i].title()}}
}

// MovePreview is what a move would do, and whom it concerns.
type MovePreview struct {
	timetable.Consequences
	Saw         int64
	Delegations []int64
}

// PreviewMove works out a move; nothing is changed.
func (s *Store) PreviewMove(ctx context.Context, who access.Who, competition string, m MoveUnit) (*MovePreview, error) {
	c, err := s.timetableOf(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	l, err := loadLedgerTimetable(ctx, s.r, &c)
	if err != nil {
		return nil, err
	}
	consequences, err := l.move(&m)
	return &MovePreview{Consequences: consequences, Saw: l.seq, Delegations: l.delegations(m.Unit)}, err
}

// move works out a move in the document.
func (l *ledgerTimetable) move(m *MoveUnit) (timetable.Consequences, error) {
	if _, err := l.unitToMove(m.Unit); err != nil {
		return timetable.Consequences{}, err
	}
	if venue, area := l.set.Area(m.Area); venue == nil || m.Court > area.Courts {
		return timetable.Consequences{}, invalid("area", "timetable-unknown", m.Area)
	}
	if err := l.fit(); err != nil {
		return timetable.Consequences{}, err
	}
	return timetable.Move(l.doc, m.placement())
}

// MoveUnit moves one unit. It is refused as stale where the timetable has changed
// since, or where the move brings more clashes than were shown; as closed where
// the unit has begun.
func (s *Store) MoveUnit(ctx context.Context, c Command, who access.Who, m MoveUnit) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, m, func(ctx context.Context, ch *Change) (any, error) {
		p, err := ch.placer(ctx, who)
		if err != nil {
			return nil, err
		}
		if m.Saw != p.seq {
			return nil, &Refusal{Status: StatusStale, Problem: "timetable-stale"}
		}
		consequences, err := p.move(&m)
		if err != nil {
			return nil, err
		}
		if len(consequences.New) > m.Clashes {
			return nil, &Refusal{Status: StatusStale, Problem: "timetable-more-clashes", With: []string{strconv.Itoa(len(consequences.New)), strconv.Itoa(m.Clashes)}}
		}
		to := stand{Unit: m.Unit, Area: m.Area, Court: m.Court, Pinned: m.Pin, Start: m.Start.In(p.zone).UTC()}
		return p.place(ctx, []stand{to})
	})
}

// place sets units where they are to stand, and everything that follows.
func (p *placer) place(ctx context.Context, to []stand) (*TimetablePlaced, error) {
	var before, after []stand
	for _, s := range to {
		if u := &p.units[p.at[s.Unit]]; !u.stand().same(s) {
			before, after = append(before, u.stand()), append(after, s)
		}
	}
	if len(after) == 0 {
		return nil, invalid("units", "timetable-nothing-moves")
	}
	if err := p.ch.saveTimetable(ctx, &p.set); err != nil {
		return nil, err
	}
	sessions, err := p.sessions(ctx)
	if err != nil {
		return nil, err
	}
	p.touchMoved(after)
	for i := range after {
		if err := p.set1(ctx, sessions, &after[i]); err != nil {
			return nil, err
		}
	}
	if err := p.order(ctx, sessions); err != nil {
		return nil, err
	}
	if err := p.note(ctx, before, after); err != nil {
		return nil, err
	}
	p.replan(after)
	told, err := p.tell(ctx, before, after)
	return &TimetablePlaced{Units: len(after), Told: told, Clashes: len(timetable.Check(p.doc))}, err
}

// set1 writes one unit's place.
func (p *placer) set1(ctx context.Context, sessions *sessionBook, s *stand) error {
	u := &p.units[p.at[s.Unit]]
	row := placement{UnitID: s.Unit, CompetitionID: p.c.ID, Area: s.Area, Court: s.Court, Minutes: p.doc.Units[p.at[s.Unit]].Takes(), Pinned: s.Pinned, Moves: u.Moves, Seq: p.ch.Seq}
	if !u.Start.IsZero() {
		row.Moves++
	}
	if s.Area != "" {
		s.Venue = p.set.Place(s.Area, s.Court)
	}
	sessions.leave(u.SessionID)
	session, err := sessions.of(ctx, s)
	if err != nil {
		return err
	}
	_, err = p.ch.Tx.NewInsert().Model(&row).On("CONFLICT (unit_id) DO UPDATE").
		Set("area = EXCLUDED.area, court = EXCLUDED.court, minutes = EXCLUDED.minutes, pinned = EXCLUDED.pinned, moves = EXCLUDED.moves, seq = EXCLUDED.seq").Exec(ctx)
	if err == nil {
		unit := Unit{ID: s.Unit, Start: s.Start, Venue: s.Venue, SessionID: session}
		_, err = p.ch.Tx.NewUpdate().Model(&unit).Column("start", "venue", "session_id").WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("place unit %d: %w", s.Unit, err)
	}
	return nil
}

// touchMoved says what is shown anew: each unit that moved, or everything where
// they are many.
func (p *placer) touchMoved(after []stand) {
	if len(after) > 50 {
		p.ch.touch("meet")
		return
	}
	for _, s := range after {
		p.ch.touch(fmt.Sprintf("unit/%d", s.Unit), fmt.Sprintf("event/%d", p.units[p.at[s.Unit]].EventID))
	}
}

// replan puts what was placed into the document's plan.
func (p *placer) replan(after []stand) {
	moved := map[string]bool{}
	for _, s := range after {
		moved[unitName(s.Unit)] = true
	}
	p.doc.Plan = slices.DeleteFunc(p.doc.Plan, func(at timetable.Placement) bool { return moved[at.Unit] })
	for _, s := range after {
		if s.Area != "" && !s.Start.IsZero() {
			p.doc.Plan = append(p.doc.Plan, timetable.Placement{Unit: unitName(s.Unit), Area: s.Area, Court: s.Court, Start: timetable.At(s.Start, p.zone)})
		}
	}
}

// note keeps the change, so that it can be taken back.
func (p *placer) note(ctx context.Context, before, after []stand) error {
	was, err := json.Marshal(before)
	if err != nil {
		return err
	}
	is, err := json.Marshal(after)
	if err != nil {
		return err
	}
	row := TimetableChange{CompetitionID: p.c.ID, Seq: p.ch.Seq, Units: len(after), Before: string(was), After: string(is), Reason: p.ch.Reason, At: p.ch.Now, By: p.ch.Author}
	if _, err := p.ch.Tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("note the change of the timetable: %w", err)
	}
	return nil
}

// mostTold is how many units a notice names one by one.
const mostTold = 8

// tell tells each delegation which of its units stand elsewhere now.
func (p *placer) tell(ctx context.Context, before, after []stand) (int, error) {
	lines := map[int64][]string{}
	var order []int64
	for i := range after {
		line := p.said(before[i], after[i])
		for _, id := range p.delegations(after[i].Unit) {
			if lines[id] == nil {
				order = append(order, id)
			}
			lines[id] = append(lines[id], line)
		}
	}
	slices.Sort(order)
	for _, id := range order {
		about, with := "timetable-moved", []string{strings.Join(lines[id], "；")}
		if n := len(lines[id]); n > mostTold {
			about, with = "timetable-plan", []string{strconv.Itoa(n)}
		}
		p.ch.touch(fmt.Sprintf("delegation/%d", id))
		if err := p.ch.tell(ctx, id, about, with...); err != nil {
			return 0, err
		}
	}
	return len(order), nil
}

// said is one move for a notice: 男子100米 T54 决赛 06-19 10:00 体育场 → 06-19 11:00 体育场.
func (p *placer) said(before, after stand) string {
	at := func(s stand) string {
		if s.Start.IsZero() {
			return "—"
		}
		return strings.TrimSpace(s.Start.In(p.zone).Format("01-02 15:04") + " " + s.Venue)
	}
	u := &p.units[p.at[after.Unit]]
	if before.Start.IsZero() {
		return u.title() + " " + at(after)
	}
	return u.title() + " " + at(before) + " → " + at(after)
}

// TimetableChanges lists the changes of a competition's timetable, the newest
// first, at most n.
func (s *Store) TimetableChanges(ctx context.Context, who access.Who, competition string, n int) ([]TimetableChange, error) {
	c, err := s.timetableOf(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	var all []TimetableChange
	err = s.r.NewSelect().Model(&all).Where("competition_id = ?", c.ID).Order("seq DESC").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list changes of the timetable of %s: %w", competition, err)
	}
	return all, nil
}

// UndoTimetable takes a change back. It is refused as closed once one of its
// units has begun, or stands elsewhere than the change had set it: the units are
// named.
func (s *Store) UndoTimetable(ctx context.Context, c Command, who access.Who, a UndoTimetable) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		p, err := ch.placer(ctx, who)
		if err != nil {
			return nil, err
		}
		var row TimetableChange
		err = ch.Tx.NewSelect().Model(&row).Where("competition_id = ?", p.c.ID).Where("seq = ?", a.Seq).Scan(ctx)
		switch {
		case isNoRows(err):
			return nil, notFound("no-such-timetable-change", strconv.FormatInt(a.Seq, 10))
		case err != nil:
			return nil, fmt.Errorf("load change %d of the timetable: %w", a.Seq, err)
		case row.Undone != 0:
			return nil, &Refusal{Status: StatusClosed, Problem: "timetable-undone"}
		}
		var before, after []stand
		if err := cmp.Or(json.Unmarshal([]byte(row.Before), &before), json.Unmarshal([]byte(row.After), &after)); err != nil {
			return nil, fmt.Errorf("read change %d of the timetable: %w", a.Seq, err)
		}
		for _, was := range before {
			if venue, _ := p.set.Area(was.Area); was.Area != "" && venue == nil {
				return nil, invalid("area", "timetable-unknown", was.Area)
			}
		}
		if err := p.mayUndo(after); err != nil {
			return nil, err
		}
		if _, err := ch.Tx.NewUpdate().Model(&row).Set("undone = ?", ch.Seq).WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("undo change %d of the timetable: %w", a.Seq, err)
		}
		out, err := p.place(ctx, before)
		if err != nil {
			return nil, err
		}
		out.Undone = a.Seq
		return out, nil
	})
}

// mayUndo refuses where something has been built upon a change.
func (p *placer) mayUndo(after []stand) error {
	var begun, elsewhere []string
	for _, s := range after {
		i, ok := p.at[s.Unit]
		switch {
		case !ok:
			elsewhere = append(elsewhere, unitName(s.Unit))
		case p.units[i].begun():
			begun = append(begun, p.units[i].title())
		case !p.units[i].stand().same(s):
			elsewhere = append(elsewhere, p.units[i].title())
		}
	}
	name := func(all []string) string {
		if len(all) > mostTold {
			all = append(all[:mostTold:mostTold], "…")
		}
		return strings.Join(all, "、")
	}
	switch {
	case len(begun) > 0:
		return &Refusal{Status: StatusClosed, Problem: "timetable-undo-begun", With: []string{name(begun)}}
	case len(elsewhere) > 0:
		return &Refusal{Status: StatusClosed, Problem: "timetable-undo-moved", With: []string{name(elsewhere)}}
	}
	return nil
}
