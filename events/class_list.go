// The master list of sport classes: who holds which, how firm it is, and what
// they held before. Officials see all of a discipline; the public sees who has
// agreed to be named.
package events

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// ClassLine is a person in one class group of a discipline. History is every
// row, the newest first, those superseded included; it is empty for somebody
// who is entered there and has never had a class.
type ClassLine struct {
	Person     Participant
	Delegation Delegation
	Discipline Discipline
	Held       SportClass
	History    []SportClass
}

// Classes lists the classes of the disciplines that somebody may read, by
// discipline, class and name. Participant 0 means everybody, discipline 0 all.
func (s *Store) Classes(ctx context.Context, who access.Who, competition string, participant, discipline int64) ([]ClassLine, error) {
	if !access.Ever(who, access.ReadClass) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	lines, err := s.classLines(ctx, c, participant, discipline, false)
	return slices.DeleteFunc(lines, func(l ClassLine) bool {
		return access.May(who, access.ReadClass, access.Object{Discipline: l.Discipline.ID}) != access.Allowed
	}), err
}

// PublicClasses lists the present classes of people whose consent to being
// published stands. What was before, who decided and limitations are left out.
func (s *Store) PublicClasses(ctx context.Context, competition string) ([]ClassLine, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	lines, err := s.classLines(ctx, c, 0, 0, true)
	for i := range lines {
		held := &lines[i].Held
		lines[i].Held = SportClass{ClassGroup: held.ClassGroup, Class: held.Class, Status: held.Status, Review: held.Review}
		lines[i].History = nil
	}
	return lines, err
}

// publishable are participants of whose registrations one has a standing consent to
// publication.
const publishable = "participant_id IN (SELECT g.participant_id FROM registrations AS g JOIN consents AS k ON k.registration_id = g.id WHERE k.purpose = ? AND k.withdrawn = '')"

func (s *Store) classLines(ctx context.Context, c Competition, participant, discipline int64, public bool) ([]ClassLine, error) {
	var rows []SportClass
	q := s.r.NewSelect().Model(&rows).Where("competition_id = ?", c.ID).Order("id DESC")
	if participant != 0 {
		q = q.Where("participant_id = ?", participant)
	}
	if discipline != 0 {
		q = q.Where("discipline_id = ?", discipline)
	}
	if public {
		q = q.Where(publishable, ForPublication)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("load classes of %s: %w", c.Code, err)
	}
	type key struct {
		participant, discipline int64
		group                   string
	}
	at := map[key]int{}
	var lines []ClassLine
	for _, row := range rows {
		k := key{row.ParticipantID, row.DisciplineID, row.ClassGroup}
		i, seen := at[k]
		if !seen {
			i = len(lines)
			at[k] = i
			lines = append(lines, ClassLine{})
		}
		l := &lines[i]
		l.History = append(l.History, row)
		l.Person.ID, l.Discipline.ID = row.ParticipantID, row.DisciplineID
		if !row.Superseded && l.Held.ID == 0 {
			l.Held = row
		}
	}
	if !public {
		more, err := s.unclassed(ctx, c, participant, discipline)
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	if err := s.nameClassLines(ctx, c, lines); err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b ClassLine) int {
		if n := strings.Compare(a.Discipline.Code, b.Discipline.Code); n != 0 {
			return n
		}
		if n := strings.Compare(a.Held.Class, b.Held.Class); n != 0 {
			return n
		}
		return strings.Compare(DisplayName(a.Person.Family, a.Person.Given), DisplayName(b.Person.Family, b.Person.Given))
	})
	return lines, nil
}

// nameClassLines fills in people, delegations and disciplines.
func (s *Store) nameClassLines(ctx context.Context, c Competition, lines []ClassLine) error {
	people, err := allOf[Participant](ctx, s.r, c.ID, func(p *Participant) int64 { return p.ID })
	if err != nil {
		return err
	}
	delegations, err := allOf[Delegation](ctx, s.r, c.ID, func(d *Delegation) int64 { return d.ID })
	if err != nil {
		return err
	}
	disciplines, err := allOf[Discipline](ctx, s.r, c.ID, func(d *Discipline) int64 { return d.ID })
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		l.Person, l.Discipline = people[l.Person.ID], disciplines[l.Discipline.ID]
		l.Delegation = delegations[l.Person.DelegationID]
	}
	return nil
}

// allOf loads a competition's rows of a kind by ID.
func allOf[T any](ctx context.Context, db bun.IDB, competition int64, id func(*T) int64) (map[int64]T, error) {
	var rows []T
	if err := db.NewSelect().Model(&rows).Where("competition_id = ?", competition).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load the rows of competition %d: %w", competition, err)
	}
	by := make(map[int64]T, len(rows))
	for i := range rows {
		by[id(&rows[i])] = rows[i]
	}
	return by, nil
}

// PersonClasses is a person in one discipline: the class groups, and the acts
// of classification that the person was in, the newest first.
type PersonClasses struct {
	Person     Participant
	Delegation Delegation
	Discipline Discipline
	Lines      []ClassLine
	Changes    []ClassAction
}

// ClassAction is one act of classification as the log has it. Undone is the log
// entry that took it back, 0 while it stands.
type ClassAction struct {
	ClassChange
	Reason string
}

// PersonClasses loads a person in a discipline. What is not for who asks is
// answered like what does not exist.
func (s *Store) PersonClasses(ctx context.Context, who access.Who, competition string, participant, discipline int64) (*PersonClasses, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	if err := may(who, access.ReadClass, access.Object{Discipline: discipline}, notFound("no-such-discipline", fmt.Sprint(discipline))); err != nil {
		return nil, err
	}
	p := &PersonClasses{}
	if p.Discipline, err = byID[Discipline](ctx, s.r, c.ID, discipline, "no-such-discipline"); err != nil {
		return nil, err
	}
	if p.Person, err = byID[Participant](ctx, s.r, c.ID, participant, "no-such-participant"); err != nil {
		return nil, err
	}
	if p.Delegation, err = byID[Delegation](ctx, s.r, c.ID, p.Person.DelegationID, "no-such-delegation"); err != nil {
		return nil, err
	}
	if p.Lines, err = s.classLines(ctx, c, participant, discipline, false); err != nil {
		return nil, err
	}
	err = s.r.NewSelect().TableExpr("class_changes AS c").ColumnExpr("c.*").ColumnExpr("coalesce(l.reason, '') AS reason").
		Join("LEFT JOIN log AS l ON l.competition_id = c.competition_id AND l.seq = c.seq").
		Where("c.competition_id = ?", p.Person.CompetitionID).
		Where("EXISTS (SELECT 1 FROM sport_classes AS k WHERE k.seq = c.seq AND k.competition_id = c.competition_id AND k.participant_id = ? AND k.discipline_id = ?)", participant, discipline).
		OrderExpr("c.seq DESC").Scan(ctx, &p.Changes)
	if err != nil {
		return nil, fmt.Errorf("load changes of class of participant %d: %w", participant, err)
	}
	return p, nil
}
