// Who is in the fields of events: what a decision upon one would do to whom.
package events

import (
	"context"
	"fmt"

	"tongchang/events/access"
)

// FieldEntry is one entry that is in. Only says that somebody of it has no other
// event in the competition; Team that it is a pair's or a team's.
type FieldEntry struct {
	DelegationID int64
	Only         bool
	Team         bool
}

// FieldEntries lists the entries of every event, by event and in the order in
// which they were made.
func (s *Store) FieldEntries(ctx context.Context, who access.Who, competition string) (map[int64][]FieldEntry, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	if !access.Ever(who, access.DecideField) && !access.Ever(who, access.WriteStart) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	var entered []Entry
	var members []entryMember
	err = s.r.NewSelect().Model(&entered).Where("competition_id = ?", c.ID).Where("state = ?", EntryIn).Order("id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load entries of fields: %w", err)
	}
	err = s.r.NewSelect().Model(&members).Where(`NOT "out"`).Where("entry_id IN (SELECT id FROM entries WHERE competition_id = ? AND state = ?)", c.ID, EntryIn).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load members of fields: %w", err)
	}
	people := map[int64]map[int64]bool{} // by entry
	for i := range entered {
		people[entered[i].ID] = map[int64]bool{}
		if p := entered[i].ParticipantID; p != 0 {
			people[entered[i].ID][p] = true
		}
	}
	for _, m := range members { // a single is a member of its own entry, too
		people[m.EntryID][m.ParticipantID] = true
	}
	has := map[int64]int{} // events of a participant
	for _, of := range people {
		for p := range of {
			has[p]++
		}
	}
	by := map[int64][]FieldEntry{}
	for i := range entered {
		e := &entered[i]
		f := FieldEntry{DelegationID: e.DelegationID, Team: e.ParticipantID == 0}
		for p := range people[e.ID] {
			f.Only = f.Only || has[p] == 1
		}
		by[e.EventID] = append(by[e.EventID], f)
	}
	return by, nil
}
