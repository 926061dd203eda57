// What an accreditation card's code tells everybody.
package events

import (
	"context"
	"fmt"
	"slices"

	"tongchang/events/registration"
)

// CardFacts are what the code on a card leads to. A name is there only for
// people who compete: lists of starts say it too. A card is valid while its
// bearer is accepted for something.
type CardFacts struct {
	Code       string
	Name       string // empty for staff
	Delegation int64
	Staff      bool
	Role       string
	Sports     []string // with the class, each once
	Valid      bool
}

// Card finds what the card of an accreditation number may tell everybody.
func (s *Store) Card(ctx context.Context, competition int64, code string) (*CardFacts, error) {
	var p Participant
	err := s.r.NewSelect().Model(&p).Where("competition_id = ?", competition).Where("code = ?", code).Scan(ctx)
	if isNoRows(err) {
		return nil, notFound("no-such-card")
	}
	if err != nil {
		return nil, fmt.Errorf("find a card: %w", err)
	}
	var rs []Registration
	if err := s.r.NewSelect().Model(&rs).Where("competition_id = ?", competition).Where("participant_id = ?", p.ID).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("registrations of a card: %w", err)
	}
	facts := &CardFacts{Code: p.Code, Delegation: p.DelegationID, Staff: true, Role: p.Role}
	for i := range rs {
		r := &rs[i]
		if r.State != registration.Accepted {
			continue
		}
		facts.Valid = true
		if r.Staff {
			facts.Role = r.Role
			continue
		}
		facts.Staff, facts.Name = false, r.Name
		if sport := sportAndClass(r); sport != "" && !slices.Contains(facts.Sports, sport) {
			facts.Sports = append(facts.Sports, sport)
		}
	}
	var shown []string
	if err := s.r.NewSelect().Model((*alias)(nil)).Column("alias").Where("participant_id = ?", p.ID).Scan(ctx, &shown); err != nil {
		return nil, fmt.Errorf("name on a card: %w", err)
	}
	if facts.Name != "" && len(shown) > 0 {
		facts.Name = shown[0]
	}
	return facts, nil
}

func sportAndClass(r *Registration) string {
	if r.Sport == "" || r.Class == "" {
		return r.Sport + r.Class
	}
	return r.Sport + " · " + r.Class
}
