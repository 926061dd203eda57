// The checker's part for the call room: every call and every check-in is what
// the log's last entry about it left, and who a call put out is out.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
)

func (s *Store) checkCalls(ctx context.Context, c *Competition, r *Report) error {
	told, err := s.toldCalls(ctx, c, r)
	if err != nil {
		return err
	}
	rows, err := s.Calls(ctx, c.ID)
	if err != nil {
		return err
	}
	for id, k := range rows {
		t, logged := told.calls[id]
		switch {
		case !logged:
			r.note("%s, unit %d: no log entry called it", c.Code, id)
		case t.Revision != k.Revision || t.State != k.State || t.Round != k.Round || !slices.Equal(t.Missing, k.missing()):
			r.note("%s, unit %d: its call is %q, round %d, revision %d; the log says %q, %d, %d", c.Code, id, k.State, k.Round, k.Revision, t.State, t.Round, t.Revision)
		}
		if err := s.checkMissing(ctx, c, &k, r); err != nil {
			return err
		}
	}
	var checks []CallCheck
	if err := s.r.NewSelect().Model(&checks).Where("competition_id = ?", c.ID).Order("start_id", "participant_id").Scan(ctx); err != nil {
		return fmt.Errorf("read who has come: %w", err)
	}
	for _, k := range checks {
		if t, logged := told.checks[[2]int64{k.StartID, k.ParticipantID}]; !logged || t.Revision != k.Revision || t.State != k.State {
			r.note("%s, start %d: the call room has %q at revision %d, the log says %q at %d", c.Code, k.StartID, k.State, k.Revision, t.State, t.Revision)
		}
	}
	return nil
}

// checkMissing holds the starts that a call put out against the starts. What a
// change of class has taken away since is not missed.
func (s *Store) checkMissing(ctx context.Context, c *Competition, k *Call, r *Report) error {
	ids := k.missing()
	if len(ids) == 0 {
		return nil
	}
	var in []int64
	if err := s.r.NewSelect().Model((*Start)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Where("out_irm = ''").Scan(ctx, &in); err != nil {
		return fmt.Errorf("read who is out of unit %d: %w", k.UnitID, err)
	}
	for _, id := range in {
		r.note("%s, start %d: its call put it out, and it is in", c.Code, id)
	}
	return nil
}

// toldRoom is what the log says last of calls, by unit, and of people, by start
// and participant. What is gone with its start or unit is still told.
type toldRoom struct {
	calls  map[int64]CallOutcome
	checks map[[2]int64]CheckOutcome
}

func (s *Store) toldCalls(ctx context.Context, c *Competition, r *Report) (*toldRoom, error) {
	told := &toldRoom{calls: map[int64]CallOutcome{}, checks: map[[2]int64]CheckOutcome{}}
	kinds := []string{CallUp{}.kind(), CloseCall{}.kind(), StepCallBack{}.kind(), AdmitLate{}.kind(), checkedIn{}.kind()}
	for after := int64(0); ; {
		var es []LogEntry
		err := s.r.NewSelect().Model(&es).Column("seq", "kind", "receipt").Where("competition_id = ?", c.ID).Where("seq > ?", after).
			Where("kind IN (?)", bun.List(kinds)).Order("seq").Limit(500).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the log of calls: %w", err)
		}
		if len(es) == 0 {
			return told, nil
		}
		for _, e := range es {
			if err := told.read(&e); err != nil {
				r.note("%s, entry %d: its receipt cannot be read", c.Code, e.Seq)
			}
			after = e.Seq
		}
	}
}

func (t *toldRoom) read(e *LogEntry) error {
	if e.Kind == (checkedIn{}).kind() {
		var o CheckOutcome
		err := json.Unmarshal([]byte(e.Receipt), &o)
		t.checks[[2]int64{o.Start, o.Person}] = o
		return err
	}
	var o CallOutcome
	err := json.Unmarshal([]byte(e.Receipt), &o)
	t.calls[o.Unit] = o
	return err
}
