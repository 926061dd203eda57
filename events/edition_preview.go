// What other rules of entry would mean for the people who are entered already.
package events

import (
	"context"
	"errors"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/scoring"
)

// EditionPreview says what putting an edition in force would do: to the programme,
// and to the registrations that there are. They stay what they are; but one that
// the rules keep back cannot be accepted. Nothing of it goes into the log.
type EditionPreview struct {
	EditionLaid
	KeptBack []KeptBack // by the new rules and not by those in force
	Freed    int        // kept back by the rules in force, and no longer
}

// KeptBack is a registration that the rules keep back, with what they have
// against it. Numbers of people in it are masked.
type KeptBack struct {
	ID         int64
	Delegation string
	Name       string
	State      RegistrationState
	Say        []scoring.Invalid
}

// PreviewEdition says what putting an edition in force would do. It changes
// nothing.
func (s *Store) PreviewEdition(ctx context.Context, c Command, a SetEdition) (*EditionPreview, error) {
	ed, err := (&editionRow{Rules: string(a.Rules), Programme: a.Events}).read()
	if err != nil {
		return nil, unreadEdition(err)
	}
	_, laid, err := s.setEdition(ctx, c, a, true)
	if err != nil {
		return nil, err
	}
	p := &EditionPreview{EditionLaid: *laid}
	if !p.Rules {
		return p, nil
	}
	r, err := s.roll(ctx, c.Competition)
	if errors.Is(err, ErrNotFound) {
		return p, nil // the first rules: nobody is entered yet
	}
	if err != nil {
		return nil, err
	}
	p.compare(r, ed)
	return p, nil
}

// compare judges everybody by both editions.
func (p *EditionPreview) compare(r *roll, ed *entry.Edition) {
	var live []int
	for i := range r.all {
		if r.all[i].State.Counts() {
			live = append(live, i)
		}
	}
	judge := func() (rows []*entry.Row, against map[*entry.Row][]scoring.Invalid) {
		for _, i := range live {
			rows = append(rows, r.row(&r.all[i], r.sealed[i]))
		}
		return rows, errorsOf(r.edition, rows, r.today)
	}
	before, had := judge()
	r.edition = ed
	after, has := judge()
	for n, i := range live {
		switch g := &r.all[i]; {
		case len(had[before[n]]) == 0 && len(has[after[n]]) > 0:
			p.KeptBack = append(p.KeptBack, KeptBack{ID: g.ID, Delegation: after[n].Delegation, Name: g.Name, State: g.State, Say: has[after[n]]})
		case len(had[before[n]]) > 0 && len(has[after[n]]) == 0:
			p.Freed++
		}
	}
}

// errorsOf are the sentences of the errors of every row.
func errorsOf(ed *entry.Edition, rows []*entry.Row, today identity.Date) map[*entry.Row][]scoring.Invalid {
	against := map[*entry.Row][]scoring.Invalid{}
	for _, problem := range entry.Check(ed, rows, today) {
		if problem.Severity != entry.Error {
			continue
		}
		for _, row := range problem.Rows {
			against[row] = append(against[row], problem.Say...)
		}
	}
	return against
}
