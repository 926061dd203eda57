package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"tongchang/events/registration"
)

// told is what the log says that a registration is.
type told struct {
	revision int64
	state    RegistrationState
	content  string
	seq      int64
}

// checkRegistrations holds every registration against the last log entry that
// touched it, its history against its revision, and what it says against the
// keyed print that the log has of it.
func (s *Store) checkRegistrations(ctx context.Context, c *Competition, r *Report) error {
	log, err := s.toldRegistrations(ctx, c, r)
	if err != nil {
		return err
	}
	var all []Registration
	if err := s.r.NewSelect().Model(&all).Where("competition_id = ?", c.ID).Order("id").Scan(ctx); err != nil {
		return fmt.Errorf("read registrations: %w", err)
	}
	if len(all)+len(log) == 0 {
		return nil
	}
	var lines []struct {
		RegistrationID int64
		N              int64
		Content        string
	}
	err = s.r.NewSelect().TableExpr("registration_changes AS h").Join("JOIN registrations AS g ON g.id = h.registration_id").
		ColumnExpr("h.registration_id, count(*) AS n, max(CASE WHEN h.revision = g.revision AND h.seq = g.seq THEN h.content END) AS content").
		Where("g.competition_id = ?", c.ID).GroupExpr("h.registration_id").Scan(ctx, &lines)
	if err != nil {
		return fmt.Errorf("read the history of registrations: %w", err)
	}
	history := index(lines, func(l *struct {
		RegistrationID int64
		N              int64
		Content        string
	}) int64 {
		return l.RegistrationID
	})
	sealed, err := s.unsealAll(ctx, *c, "r")
	if err == nil {
		_, err = s.keysIn(ctx, s.r, *c) // prints need them even where nothing is sealed any more
	}
	if err != nil {
		sealed = nil
	}
	if err != nil && !errors.Is(err, errNoRing) { // without keys the rest is checked all the same
		r.note("%s: what registrations say cannot be read: %v", c.Code, err)
	}
	r.Registrations += len(all)
	for i := range all {
		g := &all[i]
		w, ok := log[g.ID]
		switch {
		case !ok:
			r.note("%s, registration %d: no log entry wrote it", c.Code, g.ID)
		case w.revision != g.Revision || w.state != g.State || w.content != g.Content || w.seq != g.Seq:
			r.note("%s, registration %d: not what entry %d left", c.Code, g.ID, w.seq)
		}
		delete(log, g.ID)
		if at, ok := history[g.ID]; !ok || lines[at].N != g.Revision || lines[at].Content != g.Content {
			r.note("%s, registration %d: its history is not whole", c.Code, g.ID)
		}
		if sealed == nil || g.Content == "" { // the log says as much of who was erased
			continue
		}
		says := sealed[g.subject()]
		if says == nil {
			says = map[string]string{}
		}
		if content, err := s.contentOf(c.Code, g, says); err != nil || content != g.Content {
			r.note("%s, registration %d: does not say what it said when it was written", c.Code, g.ID)
		}
	}
	for id, w := range log {
		r.note("%s, registration %d: entry %d wrote it, and it is not there", c.Code, id, w.seq)
	}
	return s.checkAccepted(ctx, c, r)
}

// toldRegistrations reads from the log what every registration is.
func (s *Store) toldRegistrations(ctx context.Context, c *Competition, r *Report) (map[int64]told, error) {
	moves := []string{MoveRegistrations{}.kind(), UndoMove{}.kind(), ReplaceRegistration{}.kind()}
	kinds := append([]string{saveRegistration{}.kind(), applyUpload{}.kind(), ErasePerson{}.kind()}, moves...)
	log := map[int64]told{}
	for after := int64(0); ; {
		var es []LogEntry
		err := s.r.NewSelect().Model(&es).Column("seq", "kind", "receipt").Where("competition_id = ?", c.ID).Where("seq > ?", after).
			Where("kind IN (?)", bun.List(kinds)).Order("seq").Limit(200).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the log of registrations: %w", err)
		}
		if len(es) == 0 {
			return log, nil
		}
		for _, e := range es {
			after = e.Seq
			var one Saved
			var many appliedOutcome
			var moved Moved
			err := json.Unmarshal([]byte(e.Receipt), &moved)
			switch e.Kind {
			case saveRegistration{}.kind():
				err = json.Unmarshal([]byte(e.Receipt), &one)
				many.Rows = []Saved{one}
			case applyUpload{}.kind():
				err = json.Unmarshal([]byte(e.Receipt), &many)
			case ErasePerson{}.kind():
				var gone PersonErased
				err = json.Unmarshal([]byte(e.Receipt), &gone)
				for _, g := range gone.Registrations {
					log[g.ID] = told{g.Revision, g.State, "", e.Seq}
				}
			}
			if err != nil {
				r.note("%s, entry %d: its receipt cannot be read", c.Code, e.Seq)
			}
			for _, row := range many.Rows {
				log[row.ID] = told{row.Revision, row.State, row.Content, e.Seq}
			}
			if slices.Contains(moves, e.Kind) {
				for _, m := range moved.Registrations {
					log[m.ID] = told{m.Revision, m.To, log[m.ID].content, e.Seq}
				}
			}
		}
	}
}

// checkAccepted: who is accepted is a participant, and nobody is in an event
// whose registration is not accepted.
func (s *Store) checkAccepted(ctx context.Context, c *Competition, r *Report) error {
	var wrong []int64
	err := s.r.NewSelect().TableExpr("entry_members AS m").ColumnExpr("DISTINCT m.registration_id").Join("JOIN registrations AS g ON g.id = m.registration_id").
		Where("g.competition_id = ?", c.ID).Where("NOT m.?", bun.Ident("out")).Where("g.state <> ? OR g.participant_id <> m.participant_id", registration.Accepted).
		OrderExpr("m.registration_id").Scan(ctx, &wrong)
	if err != nil {
		return fmt.Errorf("read who is in which entry: %w", err)
	}
	for _, id := range wrong {
		r.note("%s, registration %d: is in an event and is not accepted", c.Code, id)
	}
	return nil
}
