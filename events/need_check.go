// The checker's part for needs: every need is what the log's last entry about it
// left, and its history has every revision once.
package events

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"
)

func (s *Store) checkNeeds(ctx context.Context, c *Competition, r *Report) error {
	var rows []struct {
		Need `bun:",inherit"`

		Lines, Last int64
	}
	err := s.r.NewSelect().TableExpr("needs AS n").ColumnExpr("n.*").
		ColumnExpr("(SELECT count(*) FROM need_changes AS h WHERE h.need_id = n.id) AS lines").
		ColumnExpr("(SELECT coalesce(max(h.revision), 0) FROM need_changes AS h WHERE h.need_id = n.id AND h.state = n.state) AS last").
		Where("n.competition_id = ?", c.ID).Order("n.id").Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("read needs: %w", err)
	}
	log, err := s.toldNeeds(ctx, c, r)
	if err != nil {
		return err
	}
	r.Needs += len(rows)
	for i := range rows {
		n := &rows[i]
		told, logged := log[n.ID]
		delete(log, n.ID)
		switch {
		case !logged:
			r.note("%s, need %d: no log entry wrote it", c.Code, n.ID)
		case told.Revision != n.Revision || told.State != n.State:
			r.note("%s, need %d: %s at revision %d, the log says %s at %d", c.Code, n.ID, n.State, n.Revision, told.State, told.Revision)
		case n.Lines != n.Revision || n.Last != n.Revision:
			r.note("%s, need %d: its history is not whole", c.Code, n.ID)
		}
	}
	for id := range log {
		r.note("%s, need %d: the log has it, and it is not there", c.Code, id)
	}
	return nil
}

// toldNeeds reads from the log what every need is.
func (s *Store) toldNeeds(ctx context.Context, c *Competition, r *Report) (map[int64]NeedOutcome, error) {
	kinds := []string{statedNeeds{}.kind(), movedNeeds{}.kind(), MergeNeeds{}.kind(), SplitNeed{}.kind()}
	told := map[int64]NeedOutcome{}
	for after := int64(0); ; {
		var es []LogEntry
		err := s.r.NewSelect().Model(&es).Column("seq", "receipt").Where("competition_id = ?", c.ID).Where("seq > ?", after).
			Where("kind IN (?)", bun.List(kinds)).Order("seq").Limit(500).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the log of needs: %w", err)
		}
		if len(es) == 0 {
			return told, nil
		}
		for _, e := range es {
			after = e.Seq
			var out NeedsOutcome
			if err := json.Unmarshal([]byte(e.Receipt), &out); err != nil {
				r.note("%s, entry %d: its receipt cannot be read", c.Code, e.Seq)
			}
			for _, n := range out.Needs {
				told[n.ID] = n
			}
		}
	}
}
