// Records as everybody may know them: the lists that the organiser has imported,
// and the official marks that are held against them.
package events

import (
	"context"
	"fmt"

	"tongchang/scoring"
)

// Records loads all open records of a competition, of all ages, by event type,
// sex, class and list.
func (s *Store) Records(ctx context.Context, competition int64) ([]Record, error) {
	var rs []Record
	err := s.r.NewSelect().Model(&rs).Where("competition_id = ?", competition).Where("age_min = 0 AND age_max = 0").
		OrderExpr(`"type", sex, class, "list", mark, id`).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load records: %w", err)
	}
	return rs, nil
}

// OfficialMark is a mark of an official result, with who made it as everybody is
// shown them. Class is the class competed in.
type OfficialMark struct {
	StartID       int64
	UnitID        int64
	PhaseID       int64
	ParticipantID int64 // 0: a team
	Name          string
	DelegationID  int64
	Class         string
	Mark          scoring.Mark
}

// OfficialMarks loads the marks of all official results that are ranked, in the
// order in which their units became official.
func (s *Store) OfficialMarks(ctx context.Context, competition int64) ([]OfficialMark, error) {
	var rows []struct {
		OfficialMark
		TeamName, Family, Given, Alias string
	}
	err := s.r.NewSelect().TableExpr("results AS r").ColumnExpr("r.start_id, r.unit_id, u.phase_id, r.class, r.mark, e.team_name, e.delegation_id, coalesce(e.participant_id, 0) AS participant_id").
		ColumnExpr("coalesce(p.family, '') AS family, coalesce(p.given, '') AS given, coalesce(a.alias, '') AS alias").
		Join("JOIN units AS u ON u.id = r.unit_id").Join("JOIN starts AS s ON s.id = r.start_id").Join("JOIN entries AS e ON e.id = s.entry_id").
		Join("LEFT JOIN participants AS p ON p.id = e.participant_id").Join("LEFT JOIN aliases AS a ON a.participant_id = p.id").
		Where("u.competition_id = ?", competition).Where("u.result_status = ?", Official).Where("r.mark IS NOT NULL").Where(`r."rank" > 0`).
		OrderExpr("u.official_at, r.unit_id, r.sort_order").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("load official marks: %w", err)
	}
	all := make([]OfficialMark, len(rows))
	for i := range rows {
		r := &rows[i]
		name := Line{TeamName: r.TeamName, Family: r.Family, Given: r.Given, Alias: r.Alias}
		all[i] = r.OfficialMark
		all[i].Name = name.Name()
	}
	return all, nil
}
