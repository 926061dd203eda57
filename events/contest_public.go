// What everybody may know of an event before its start lists: what became of it
// when the entries were known, and who is entered.
package events

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"tongchang/events/classes"
)

// Announced is an event as it is announced. Decided is the decision in force, nil
// where there is none; Into is set of an event that has merged, From of one that
// others have merged into. Entrants are empty once there is a start list.
type Announced struct {
	Decided  *FieldDecision
	Into     *Event
	From     []Event
	Entrants []Entrant
}

// Entrant is an entry that is in. Name is what everybody is shown: the name of a
// team or a person, or a number where publication is not allowed.
type Entrant struct {
	ID           int64
	Code         string
	Name         string
	DelegationID int64
	Class        string
}

// Announced loads what is announced of an event.
func (s *Store) Announced(ctx context.Context, e Event) (*Announced, error) {
	a := &Announced{}
	var decided []FieldDecision
	err := s.r.NewSelect().Model(&decided).Where("event_id = ?", e.ID).Where("undone = 0").Order("id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load what became of event %d: %w", e.ID, err)
	}
	if len(decided) > 0 {
		a.Decided = &decided[0]
	}
	if e.State == EventMerged && e.IntoID != 0 {
		a.Into = new(Event)
		if err := s.r.NewSelect().Model(a.Into).Where("id = ?", e.IntoID).Scan(ctx); err != nil {
			return nil, fmt.Errorf("load the event that %d has merged into: %w", e.ID, err)
		}
	}
	err = s.r.NewSelect().Model(&a.From).Where("into_id = ?", e.ID).Where("state = ?", EventMerged).Order("number", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load events merged into %d: %w", e.ID, err)
	}
	a.Entrants, err = s.entrants(ctx, e)
	return a, err
}

// entrants are an event's entries, as long as nobody has a place in it.
func (s *Store) entrants(ctx context.Context, e Event) ([]Entrant, error) {
	var rows []struct {
		Entrant
		Family, Given, TeamName, Alias string
	}
	err := s.r.NewSelect().TableExpr("entries AS n").ColumnExpr("n.id, n.code, n.delegation_id, n.team_name, coalesce(p.family, '') AS family, coalesce(p.given, '') AS given, coalesce(a.alias, '') AS alias").
		ColumnExpr("coalesce((SELECT max(c.class) FROM sport_classes AS c WHERE c.participant_id = n.participant_id AND c.discipline_id = ? AND NOT c.superseded AND c.class IN (?)), '') AS class",
			e.DisciplineID, bun.List(append(classes.Set(e.Classes), ""))).
		Join("JOIN delegations AS d ON d.id = n.delegation_id").Join("LEFT JOIN participants AS p ON p.id = n.participant_id").Join("LEFT JOIN aliases AS a ON a.participant_id = n.participant_id").
		Where("n.event_id = ?", e.ID).Where("n.state = ?", EntryIn).
		Where("NOT EXISTS (SELECT 1 FROM starts AS s JOIN phases AS h ON h.id = s.phase_id WHERE h.event_id = n.event_id AND s.unit_id IS NOT NULL)").
		OrderExpr("d.code, n.code, n.id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("load entries of event %d: %w", e.ID, err)
	}
	all := make([]Entrant, len(rows))
	for i := range rows {
		r := &rows[i]
		line := Line{TeamName: r.TeamName, Family: r.Family, Given: r.Given, Alias: r.Alias}
		all[i] = r.Entrant
		all[i].Name = line.Name()
	}
	return all, nil
}

// EntryCounts counts the entries that are in, by event.
func (s *Store) EntryCounts(ctx context.Context, competition int64) (map[int64]int, error) {
	var rows []struct {
		EventID int64
		N       int
	}
	err := s.r.NewSelect().Model((*Entry)(nil)).Column("event_id").ColumnExpr("count(*) AS n").Where("competition_id = ?", competition).Where("state = ?", EntryIn).Group("event_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count entries: %w", err)
	}
	of := make(map[int64]int, len(rows))
	for _, r := range rows {
		of[r.EventID] = r.N
	}
	return of, nil
}
