// What a delegation sees of the classification days: its people with their slots,
// which papers it has sent, and its cases.
package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"tongchang/events/access"
)

// TeamMember is a person of a delegation in one sport. Registration takes papers
// for classification.
type TeamMember struct {
	Registration int64
	Person       Participant
	Discipline   Discipline
	Held         []SportClass
	Slots        []TeamSlot
	Files        []Paper
}

// TeamSlot is a slot with its panel.
type TeamSlot struct {
	PanelSlot
	Panel Panel
}

// TeamClassification lists a delegation's accepted people whose sport has
// classes, by sport and number.
func (s *Store) TeamClassification(ctx context.Context, who access.Who, competition string, delegation int64) ([]TeamMember, error) {
	if err := may(who, access.ReadRegistration, access.Object{Delegation: delegation}, notFound("no-such-delegation", strconv.FormatInt(delegation, 10))); err != nil {
		return nil, err
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	d, err := s.loadPanelDays(ctx, s.r, c)
	if err != nil {
		return nil, err
	}
	f, err := loadFirsts(ctx, s.r, c)
	if err != nil {
		return nil, err
	}
	var rows []Registration
	var papers []Paper
	for _, err := range []error{
		s.r.NewSelect().Model(&rows).Where("competition_id = ?", c.ID).Where("delegation_id = ?", delegation).Where("participant_id IS NOT NULL").Order("sport", "id").Scan(ctx),
		s.r.NewSelect().Model(&papers).Where("competition_id = ?", c.ID).Where("delegation_id = ?", delegation).Where("kind = ?", PaperClass).Order("id").Scan(ctx),
	} {
		if err != nil {
			return nil, fmt.Errorf("load the people of delegation %d: %w", delegation, err)
		}
	}
	sports := map[string]int64{}
	for id, one := range d.disciplines {
		sports[one.Name] = id
	}
	var all []TeamMember
	for _, g := range rows {
		key := [2]int64{g.ParticipantID, sports[g.Sport]}
		if len(d.held[key])+len(f.groups[key]) == 0 {
			continue // nobody asks for a class here
		}
		m := TeamMember{Registration: g.ID, Person: d.people[g.ParticipantID], Discipline: d.disciplines[key[1]], Held: d.held[key]}
		for _, sl := range d.slots {
			if p := d.panels[sl.PanelID]; sl.ParticipantID == g.ParticipantID && p.DisciplineID == key[1] {
				m.Slots = append(m.Slots, TeamSlot{sl, p})
			}
		}
		m.Files = slices.DeleteFunc(slices.Clone(papers), func(p Paper) bool { return p.RegistrationID != g.ID })
		all = append(all, m)
	}
	return all, nil
}
