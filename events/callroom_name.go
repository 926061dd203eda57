// How names are said: a note for the announcer, by whoever knows. It goes with
// the person: erasing them erases it, and the log has only its print.
package events

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// SayName notes how a participant's name is said. An empty note takes it away.
type SayName struct {
	Participant int64  `json:"participant" validate:"required"`
	Note        string `json:"-"` // in the log only as a print
	Saw         int64  `json:"saw" validate:"min=0"`
}

// saidName is how a note enters the log.
type saidName struct {
	SayName
	Hidden Hidden `json:"note"`
}

func (saidName) kind() string { return "name-say" }

// longestSaying is the most that an announcer can take in at a glance.
const longestSaying = 80

// SayName notes how a name is said; a delegation can do it for its own people.
func (s *Store) SayName(ctx context.Context, c Command, who access.Who, a SayName) (Receipt, error) {
	in := saidName{SayName: a}
	in.Note = strings.TrimSpace(a.Note)
	if utf8.RuneCountInString(in.Note) > longestSaying {
		return Receipt{}, invalid("note", "note-long", strconv.Itoa(longestSaying))
	}
	var err error
	if in.Hidden, err = s.hideWords(c.Competition, "spoken-name", in.Note); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, in, func(ctx context.Context, ch *Change) (any, error) {
		row, err := spokenFor(ctx, ch.Tx, ch.Competition.ID, who, a.Participant)
		switch {
		case err != nil:
			return nil, err
		case row.Revision != a.Saw:
			return nil, &Refusal{Status: StatusStale, Problem: "spoken-stale"}
		}
		row.Note, row.Revision, row.Seq, row.By = in.Note, row.Revision+1, ch.Seq, ch.Author
		if _, err := ch.Tx.NewInsert().Model(row).On("CONFLICT (participant_id) DO UPDATE").Exec(ctx); err != nil {
			return nil, fmt.Errorf("note how a name is said: %w", err)
		}
		return struct {
			Participant int64 `json:"participant"`
			Revision    int64 `json:"revision"`
		}{a.Participant, row.Revision}, nil
	})
}

// SpokenName is how a participant's name is said, and the participant. Revision
// 0: nobody has said.
func (s *Store) SpokenName(ctx context.Context, who access.Who, competition string, participant int64) (*SpokenName, *Participant, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, nil, err
	}
	row, err := spokenFor(ctx, s.r, c.ID, who, participant)
	if err != nil {
		return nil, nil, err
	}
	p, err := byID[Participant](ctx, s.r, c.ID, participant, "no-such-participant")
	return row, &p, err
}

// spokenFor loads a note, or an empty one, for somebody who may write it.
func spokenFor(ctx context.Context, db bun.IDB, competition int64, who access.Who, participant int64) (*SpokenName, error) {
	p, err := byID[Participant](ctx, db, competition, participant, "no-such-participant")
	if err != nil {
		return nil, err
	}
	if err := may(who, access.SayName, access.Object{Delegation: p.DelegationID}, notFound("no-such-participant", fmt.Sprint(participant))); err != nil {
		return nil, err
	}
	row := &SpokenName{ParticipantID: participant, CompetitionID: competition}
	err = db.NewSelect().Model(row).WherePK().Scan(ctx)
	if err != nil && !isNoRows(err) {
		return nil, fmt.Errorf("load how a name is said: %w", err)
	}
	return row, nil
}

// unsay erases the words that the call room and others have written about
// somebody.
func (c *Change) unsay(ctx context.Context, participant int64) error {
	if _, err := c.Tx.NewDelete().Model((*SpokenName)(nil)).Where("participant_id = ?", participant).Exec(ctx); err != nil {
		return fmt.Errorf("erase how a name is said: %w", err)
	}
	if _, err := c.Tx.NewUpdate().Model((*CallCheck)(nil)).Set("note = ''").Where("participant_id = ?", participant).Exec(ctx); err != nil {
		return fmt.Errorf("erase notes of the call room: %w", err)
	}
	return nil
}
