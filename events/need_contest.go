// What contestants have in the contest because they asked for it: for judges and
// the timetable, who learn what there is and never why.
package events

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"tongchang/events/needs"
)

// Accommodations are the accommodations in force, by participant. They come from
// the needs of accepted registrations that were answered with yes. A team's line
// has none of its own: its members do.
func (s *Store) Accommodations(ctx context.Context, competition int64) (map[int64]needs.Accommodation, error) {
	return accommodations(ctx, s.r, competition)
}

func accommodations(ctx context.Context, db bun.IDB, competition int64) (map[int64]needs.Accommodation, error) {
	var codes []needs.Code
	for _, k := range needs.In(needs.Contest) {
		codes = append(codes, k.Code)
	}
	var rows []struct {
		ParticipantID int64
		Kind          needs.Code
		State         needs.State
		Verdict       needs.Verdict
	}
	err := db.NewSelect().TableExpr("needs AS n").Column("r.participant_id", "n.kind", "n.state", "n.verdict").
		Join("JOIN registrations AS r ON r.id = n.registration_id").Where("n.competition_id = ?", competition).
		Where("r.participant_id IS NOT NULL").Where("n.kind IN (?)", bun.List(codes)).Where("n.verdict = ?", needs.Will).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("load accommodations: %w", err)
	}
	granted := map[int64][]needs.Granted{}
	for _, r := range rows {
		granted[r.ParticipantID] = append(granted[r.ParticipantID], needs.Granted{Kind: r.Kind, State: r.State, Verdict: r.Verdict})
	}
	all := map[int64]needs.Accommodation{}
	for participant, g := range granted {
		if a := needs.Accommodate(g); !a.None() {
			all[participant] = a
		}
	}
	return all, nil
}
