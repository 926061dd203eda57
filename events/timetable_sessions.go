// The sessions that placed units stand in: those that were set, and for places
// without any, one for each venue and day.
package events

import (
	"context"
	"fmt"
	"slices"

	"tongchang/events/timetable"
)

// sessionBook knows the ledger's sessions while units are placed.
type sessionBook struct {
	*placer
	byNumber map[int]*Session
	byPlace  map[string]*Session // venue and day, of sessions that nobody set
	all      []*Session
	touched  map[int64]bool
	left     map[int64]bool
	highest  int
}

func (p *placer) sessions(ctx context.Context) (*sessionBook, error) {
	b := &sessionBook{placer: p, byNumber: map[int]*Session{}, byPlace: map[string]*Session{}, touched: map[int64]bool{}, left: map[int64]bool{}}
	if err := p.ch.Tx.NewSelect().Model(&b.all).Where("competition_id = ?", p.c.ID).Order("number").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load sessions: %w", err)
	}
	for _, s := range b.all {
		b.byNumber[s.Number] = s
		b.highest = max(b.highest, s.Number)
	}
	for _, s := range b.all {
		if b.ours(s) {
			b.byPlace[s.Venue+" "+s.Day] = s
		}
	}
	return b, nil
}

// ours reports whether a session was made here: it is called what its venue is,
// and no setting has it.
func (b *sessionBook) ours(s *Session) bool {
	set := slices.ContainsFunc(b.set.Sessions, func(t timetable.Session) bool { n, err := sessionNumber(t.ID); return err == nil && n == s.Number })
	return !set && s.Name == s.Venue && s.Name != ""
}

// leave notes that a unit stands in a session no more.
func (b *sessionBook) leave(session int64) {
	if session != 0 {
		b.touched[session], b.left[session] = true, true
	}
}

// of gives the session of a place, made where there is none. A unit that has no
// place any more goes back to the session that it had from a file.
func (b *sessionBook) of(ctx context.Context, s *stand) (int64, error) {
	if s.Area == "" || s.Start.IsZero() {
		if !slices.ContainsFunc(b.all, func(t *Session) bool { return t.ID == s.Session }) {
			return 0, nil
		}
		b.touched[s.Session] = true
		return s.Session, nil
	}
	at := timetable.At(s.Start, b.zone)
	venue, _ := b.set.Area(s.Area)
	if venue == nil {
		return 0, nil
	}
	sport := b.units[b.at[s.Unit]].Sport
	found := (*Session)(nil)
	for i := range b.set.Sessions {
		t := &b.set.Sessions[i]
		if t.Venue == venue.ID && t.From <= at && at < t.Until && (len(t.Disciplines) == 0 || slices.Contains(t.Disciplines, sport)) {
			if n, err := sessionNumber(t.ID); err == nil {
				found = b.byNumber[n]
			}
		}
	}
	key := venue.Name + " " + at.Date()
	if found == nil {
		found = b.byPlace[key]
	}
	if found == nil {
		b.highest++
		found = &Session{CompetitionID: b.c.ID, Number: b.highest, Name: venue.Name, Day: at.Date(), Opens: at.Clock(), Venue: venue.Name}
		if _, err := b.ch.Tx.NewInsert().Model(found).Exec(ctx); err != nil {
			return 0, fmt.Errorf("make a session: %w", err)
		}
		b.all, b.byPlace[key], b.byNumber[b.highest] = append(b.all, found), found, found
		b.ch.touch("meet")
	}
	b.touched[found.ID] = true
	return found.ID, nil
}

// order numbers the units of the sessions that changed by their starts, and takes
// away sessions made here in which nothing is left. Days that changed are shown
// anew.
func (p *placer) order(ctx context.Context, b *sessionBook) error {
	type line struct {
		ID       int64
		Position int
	}
	for _, s := range b.all {
		if !b.touched[s.ID] {
			continue
		}
		p.ch.touch("schedule/" + s.Day)
		var lines []line
		err := p.ch.Tx.NewSelect().TableExpr("units AS u").ColumnExpr("u.id, u.position").Join("LEFT JOIN placements AS p ON p.unit_id = u.id").
			Where("u.session_id = ?", s.ID).OrderExpr("u.start, coalesce(p.area, ''), coalesce(p.court, 0), u.position, u.id").Scan(ctx, &lines)
		if err != nil {
			return fmt.Errorf("order session %d: %w", s.Number, err)
		}
		for i, l := range lines {
			if l.Position == i+1 {
				continue
			}
			if _, err := p.ch.Tx.NewUpdate().Model((*Unit)(nil)).Set("position = ?", i+1).Where("id = ?", l.ID).Exec(ctx); err != nil {
				return fmt.Errorf("order session %d: %w", s.Number, err)
			}
		}
		if len(lines) == 0 && b.left[s.ID] && b.ours(s) {
			if _, err := p.ch.Tx.NewDelete().Model(s).WherePK().Exec(ctx); err != nil {
				return fmt.Errorf("take session %d away: %w", s.Number, err)
			}
			p.ch.touch("meet")
		}
	}
	p.ch.touch("today")
	return nil
}
