// The timetable held against its history: every change of it has its log entry,
// and together they come to where the units stand now.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// placingKinds are the kinds of log entries that set units.
var placingKinds = []string{ApplyTimetable{}.kind(), MoveUnit{}.kind(), UndoTimetable{}.kind()}

// checkTimetable goes through a competition's changes in order.
func (s *Store) checkTimetable(ctx context.Context, c *Competition, r *Report) error {
	var changes []TimetableChange
	var entries []int64
	var now []struct {
		UnitID int64
		Area   string
		Court  int
		Pinned bool
		Start  time.Time `bun:",nullzero"`
	}
	for _, err := range []error{
		s.r.NewSelect().Model(&changes).Where("competition_id = ?", c.ID).Order("seq").Scan(ctx),
		s.r.NewSelect().Model((*LogEntry)(nil)).Column("seq").Where("competition_id = ?", c.ID).Where("kind IN (?)", bun.List(placingKinds)).Scan(ctx, &entries),
		s.r.NewSelect().TableExpr("placements AS p").ColumnExpr("p.unit_id, p.area, p.court, p.pinned, u.start").Join("JOIN units AS u ON u.id = p.unit_id").
			Where("p.competition_id = ?", c.ID).OrderExpr("p.unit_id").Scan(ctx, &now),
	} {
		if err != nil {
			return fmt.Errorf("read the timetable of %s: %w", c.Code, err)
		}
	}
	last := map[int64]stand{}
	for i := range changes {
		if !slices.Contains(entries, changes[i].Seq) {
			r.note("%s: no log entry made the timetable's change %d", c.Code, changes[i].Seq)
		}
		var after []stand
		if err := json.Unmarshal([]byte(changes[i].After), &after); err != nil {
			r.note("%s: the timetable's change %d cannot be read", c.Code, changes[i].Seq)
		}
		for _, to := range after {
			last[to.Unit] = to
		}
	}
	for _, n := range now {
		is := stand{Area: n.Area, Court: n.Court, Pinned: n.Pinned, Start: n.Start}
		if was, known := last[n.UnitID]; !known || !was.same(is) {
			r.note("%s, unit %d: it does not stand where the timetable's changes have set it", c.Code, n.UnitID)
		}
	}
	return nil
}
