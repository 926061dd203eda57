// Reading the log: what watches a competition, and what checks it.
package events

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Entries returns up to limit log entries after a number, in order.
func (s *Store) Entries(ctx context.Context, competition int64, after int64, limit int) ([]LogEntry, error) {
	var es []LogEntry
	err := s.r.NewSelect().Model(&es).Where("competition_id = ?", competition).Where("seq > ?", after).
		Order("seq").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the log after %d: %w", after, err)
	}
	return es, nil
}

// Touched names the topics that entries after a number touched, each once and
// in order of first touch, and the newest entry it has looked at.
func (s *Store) Touched(ctx context.Context, competition int64, after int64) (topics []string, seq int64, err error) {
	var es []LogEntry
	err = s.r.NewSelect().Model(&es).Column("seq", "topics").Where("competition_id = ?", competition).
		Where("seq > ?", after).Order("seq").Limit(1000).Scan(ctx)
	if err != nil {
		return nil, after, fmt.Errorf("read the log after %d: %w", after, err)
	}
	seq = after
	for _, e := range es {
		for t := range strings.FieldsSeq(e.Topics) {
			if !slices.Contains(topics, t) {
				topics = append(topics, t)
			}
		}
		seq = e.Seq
	}
	return topics, seq, nil
}

// History returns the log entries that touched a topic and are of a kind, the
// newest first.
func (s *Store) History(ctx context.Context, competition int64, topic string, limit int) ([]LogEntry, error) {
	var es []LogEntry
	err := s.r.NewSelect().Model(&es).Where("competition_id = ?", competition).
		Where("' ' || topics || ' ' LIKE ?", "% "+topic+" %").Order("seq DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", topic, err)
	}
	return es, nil
}
