// Who has entered a sport of classes and holds none there: the first whom a
// panel has to see.
package events

import (
	"context"
	"fmt"
)

// unclassed are lines without a class: people entered for themselves in events
// that ask for one, in a discipline where they have never had a row. Participant
// 0 means everybody, discipline 0 all.
func (s *Store) unclassed(ctx context.Context, c Competition, participant, discipline int64) ([]ClassLine, error) {
	var rows []struct{ ParticipantID, DisciplineID int64 }
	q := s.r.NewSelect().TableExpr("entries AS n").Distinct().ColumnExpr("n.participant_id, v.discipline_id").Join("JOIN events AS v ON v.id = n.event_id").
		Where("n.competition_id = ?", c.ID).Where("n.participant_id IS NOT NULL").Where("n.state = ?", EntryIn).Where("v.classes <> ''").
		Where("NOT EXISTS (SELECT 1 FROM sport_classes AS k WHERE k.participant_id = n.participant_id AND k.discipline_id = v.discipline_id)").
		OrderExpr("n.participant_id, v.discipline_id")
	if participant != 0 {
		q = q.Where("n.participant_id = ?", participant)
	}
	if discipline != 0 {
		q = q.Where("v.discipline_id = ?", discipline)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("load who has no class in %s: %w", c.Code, err)
	}
	lines := make([]ClassLine, len(rows))
	for i, row := range rows {
		lines[i].Person.ID, lines[i].Discipline.ID = row.ParticipantID, row.DisciplineID
	}
	return lines, nil
}
