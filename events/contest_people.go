// The people who compete, as everybody may know them: the name as it is
// released, delegation, class, and what they are entered in.
package events

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"tongchang/events/classes"
)

// Athlete is somebody who is entered, alone or in a team. Name is what everybody
// is shown: the name, or a number where publication is not allowed.
type Athlete struct {
	ID           int64
	Code         string // bib
	Name         string
	DelegationID int64
	Classes      []string // sport classes held now
}

// entered says of a participant p that they are entered, alone, in a team that
// is in, or in a start of one.
const entered = `EXISTS (SELECT 1 FROM entries AS n WHERE n.participant_id = p.id AND n.state = '')
	OR EXISTS (SELECT 1 FROM entry_members AS m JOIN entries AS n ON n.id = m.entry_id WHERE m.participant_id = p.id AND n.state = '')
	OR EXISTS (SELECT 1 FROM members AS m JOIN starts AS s ON s.id = m.start_id WHERE m.participant_id = p.id)`

// Athletes lists everybody who is entered, by delegation and bib.
func (s *Store) Athletes(ctx context.Context, competition int64) ([]Athlete, error) {
	return s.athletes(ctx, competition, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// Athlete finds one who is entered. Anybody else of the ledger is answered like
// somebody who does not exist.
func (s *Store) Athlete(ctx context.Context, competition, id int64) (Athlete, error) {
	all, err := s.athletes(ctx, competition, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("p.id = ?", id) })
	if err == nil && len(all) == 0 {
		err = notFound("no-such-person", fmt.Sprint(id))
	}
	if err != nil {
		return Athlete{}, err
	}
	return all[0], nil
}

func (s *Store) athletes(ctx context.Context, competition int64, where func(*bun.SelectQuery) *bun.SelectQuery) ([]Athlete, error) {
	var rows []struct {
		ID                         int64
		Code, Family, Given, Alias string
		DelegationID               int64
	}
	err := where(s.r.NewSelect().TableExpr("participants AS p").ColumnExpr("p.id, p.code, p.family, p.given, p.delegation_id, coalesce(a.alias, '') AS alias").
		Join("JOIN delegations AS d ON d.id = p.delegation_id").Join("LEFT JOIN aliases AS a ON a.participant_id = p.id")).
		Where("p.competition_id = ?", competition).Where(entered).OrderExpr("d.code, p.code, p.id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("load who is entered: %w", err)
	}
	all := make([]Athlete, len(rows))
	at := make(map[int64]int, len(rows))
	ids := make([]int64, len(rows))
	for i, r := range rows {
		name := Line{Family: r.Family, Given: r.Given, Alias: r.Alias}
		all[i] = Athlete{ID: r.ID, Code: r.Code, Name: name.Name(), DelegationID: r.DelegationID}
		at[r.ID], ids[i] = i, r.ID
	}
	var held []SportClass
	q := s.r.NewSelect().Model(&held).Column("participant_id", "class").Where("competition_id = ?", competition).Where("NOT superseded").Order("class")
	if len(ids) == 1 {
		q = q.Where("participant_id = ?", ids[0])
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("load classes of who is entered: %w", err)
	}
	for _, c := range held {
		if i, ok := at[c.ParticipantID]; ok && c.Class != "" && !classes.Pseudo(c.Class) && !slices.Contains(all[i].Classes, c.Class) {
			all[i].Classes = append(all[i].Classes, c.Class)
		}
	}
	return all, nil
}

// EntriesOf lists the events that somebody is entered in, by number; those of a
// team that they are a member of too.
func (s *Store) EntriesOf(ctx context.Context, participant int64) ([]Event, error) {
	var es []Event
	err := s.r.NewSelect().Model(&es).
		Where(`id IN (SELECT n.event_id FROM entries AS n WHERE n.state = '' AND (n.participant_id = ? OR n.id IN (SELECT m.entry_id FROM entry_members AS m WHERE m.participant_id = ?)))`, participant, participant).
		Order("number", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load what person %d is entered in: %w", participant, err)
	}
	return es, nil
}

// LinesOfAthlete loads all starts of somebody, those of their teams too.
func (s *Store) LinesOfAthlete(ctx context.Context, participant int64) ([]Line, error) {
	lines, err := loadLines(ctx, s.r, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.participant_id = ? OR s.id IN (SELECT m.start_id FROM members AS m WHERE m.participant_id = ?) OR e.id IN (SELECT m.entry_id FROM entry_members AS m WHERE m.participant_id = ?)",
			participant, participant, participant)
	})
	if err != nil {
		return nil, fmt.Errorf("load starts of person %d: %w", participant, err)
	}
	return lines, nil
}

// UnitsOf lists the units in which a delegation starts.
func (s *Store) UnitsOf(ctx context.Context, delegation int64) (map[int64]bool, error) {
	var ids []int64
	err := s.r.NewSelect().TableExpr("starts AS s").ColumnExpr("DISTINCT s.unit_id").Join("JOIN entries AS e ON e.id = s.entry_id").
		Where("e.delegation_id = ?", delegation).Where("s.unit_id IS NOT NULL").Where("s.out_irm = ''").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("load units of delegation %d: %w", delegation, err)
	}
	in := make(map[int64]bool, len(ids))
	for _, id := range ids {
		in[id] = true
	}
	return in, nil
}
