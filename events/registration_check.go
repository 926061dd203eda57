// The checker's part for registrations.
package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

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

// chronicle is what a registration's history says of its present revision.
type chronicle struct {
	RegistrationID int64
	Lines          int64
	Content        string // of the present revision; empty: it is not there
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
	var lines []chronicle
	err = s.r.NewSelect().TableExpr("registration_changes AS h").Join("JOIN registrations AS g ON g.id = h.registration_id").
		ColumnExpr("h.registration_id, count(*) AS lines, coalesce(max(CASE WHEN h.revision = g.revision AND h.seq = g.seq THEN h.content END), '') AS content").
		Where("g.competition_id = ?", c.ID).GroupExpr("h.registration_id").Scan(ctx, &lines)
	if err != nil {
		return fmt.Errorf("read the history of registrations: %w", err)
	}
	at := index(lines, func(l *chronicle) int64 { return l.RegistrationID })
	sealed, readable := s.sealedOf(ctx, c, r)
	r.Registrations += len(all)
	for i := range all {
		g := &all[i]
		told, ok := log[g.ID]
		g.hold(c, told, ok, find(lines, at, g.ID), r)
		delete(log, g.ID)
		if readable && g.Content != "" { // the log says as much of who was erased
			s.holdContent(c, g, sealed[g.subject()], r)
		}
	}
	for id, w := range log {
		r.note("%s, registration %d: entry %d wrote it, and it is not there", c.Code, id, w.seq)
	}
	return s.checkAccepted(ctx, c, r)
}

// sealedOf opens what is sealed of registrations. Without keys the rest is
// checked all the same.
func (s *Store) sealedOf(ctx context.Context, c *Competition, r *Report) (map[string]map[string]string, bool) {
	sealed, err := s.unsealAll(ctx, *c, "r")
	if err == nil {
		_, err = s.keysIn(ctx, s.r, *c) // prints need them even where nothing is sealed any more
	}
	if err != nil && !errors.Is(err, errNoRing) {
		r.note("%s: what registrations say cannot be read: %v", c.Code, err)
	}
	return sealed, err == nil
}

// hold holds a registration against the log and its own history.
func (g *Registration) hold(c *Competition, w told, logged bool, l *chronicle, r *Report) {
	switch {
	case !logged:
		r.note("%s, registration %d: no log entry wrote it", c.Code, g.ID)
	case w.revision != g.Revision, w.state != g.State, w.seq != g.Seq, w.content != g.Content:
		r.note("%s, registration %d: not what entry %d left", c.Code, g.ID, w.seq)
	}
	if l == nil || l.Lines != g.Revision || l.Content != g.Content {
		r.note("%s, registration %d: its history is not whole", c.Code, g.ID)
	}
}

// holdContent holds what a registration says against its keyed print.
func (s *Store) holdContent(c *Competition, g *Registration, sealed map[string]string, r *Report) {
	if sealed == nil {
		sealed = map[string]string{}
	}
	if content, err := s.contentOf(c.Code, g, sealed); err != nil || content != g.Content {
		r.note("%s, registration %d: does not say what it said when it was written", c.Code, g.ID)
	}
}

// toldRegistrations reads from the log what every registration is.
func (s *Store) toldRegistrations(ctx context.Context, c *Competition, r *Report) (map[int64]told, error) {
	kinds := []string{saveRegistration{}.kind(), applyUpload{}.kind(), ErasePerson{}.kind(), MoveRegistrations{}.kind(), UndoMove{}.kind(), ReplaceRegistration{}.kind()}
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
		for i := range es {
			after = es[i].Seq
			if err := tell(&es[i], log); err != nil {
				r.note("%s, entry %d: its receipt cannot be read", c.Code, es[i].Seq)
			}
		}
	}
}

// tell takes from a log entry what registrations are after it.
func tell(e *LogEntry, log map[int64]told) error {
	var saved []Saved
	var moved []MovedOne
	var err error
	switch e.Kind {
	case saveRegistration{}.kind():
		var one Saved
		err = json.Unmarshal([]byte(e.Receipt), &one)
		saved = []Saved{one}
	case applyUpload{}.kind():
		var file appliedOutcome
		err = json.Unmarshal([]byte(e.Receipt), &file)
		saved = file.Rows
	case ErasePerson{}.kind():
		var gone PersonErased
		err = json.Unmarshal([]byte(e.Receipt), &gone)
		for _, g := range gone.Registrations {
			saved = append(saved, Saved{ID: g.ID, Revision: g.Revision, State: g.State})
		}
	default:
		var m Moved
		err = json.Unmarshal([]byte(e.Receipt), &m)
		moved = m.Registrations
	}
	for _, row := range saved {
		log[row.ID] = told{row.Revision, row.State, row.Content, e.Seq}
	}
	for _, m := range moved {
		log[m.ID] = told{m.Revision, m.To, log[m.ID].content, e.Seq}
	}
	return err
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
