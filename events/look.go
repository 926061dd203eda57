// Looks: what is sealed is shown one value at a time, to who may see it, with a
// reason, and each time the log says who looked at what. An organiser reads
// there who has seen a person's numbers.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tongchang/events/access"
)

// Look asks to see one sealed value. The reason goes with the command.
type Look struct {
	Subject string `json:"subject" validate:"required,max=40"` // r12: registration 12
	Field   string `json:"field" validate:"required,max=40"`
}

func (Look) kind() string { return "look" }

// Look gives a sealed value to who may see it, once the log says who looked at
// what, when and why. Another delegation's subject is not found, like one that
// does not exist.
func (s *Store) Look(ctx context.Context, c Command, who access.Who, l Look) (string, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return "", invalid("reason", "look-reason")
	}
	competition, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return "", err
	}
	if err := s.mayLook(ctx, who, competition, l.Subject); err != nil {
		return "", err
	}
	values, err := s.unseal(ctx, competition, l.Subject)
	if err != nil {
		return "", err
	}
	text, ok := values[l.Field]
	if !ok {
		return "", notFound("no-such-secret")
	}
	_, err = s.change(ctx, c, l, func(context.Context, *Change) (any, error) { return struct{}{}, nil })
	if err != nil {
		return "", err
	}
	return text, nil
}

var registrationSubject = regexp.MustCompile(`^r([1-9][0-9]{0,17})$`)

// mayLook asks whether somebody may see what is sealed of a registration, and
// whether its person has agreed to that.
// Needs and papers have doors of their own ([Store.LookAtNeed], [Store.File]).
func (s *Store) mayLook(ctx context.Context, who access.Who, competition Competition, subject string) error {
	hidden := notFound("no-such-secret")
	parts := registrationSubject.FindStringSubmatch(subject)
	if parts == nil {
		return hidden
	}
	id, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return hidden
	}
	g, err := byID[Registration](ctx, s.r, competition.ID, id, "no-such-secret")
	if err != nil {
		return hidden
	}
	if err := may(who, access.LookSecret, access.Object{Delegation: g.DelegationID}, hidden); err != nil {
		return err
	}
	return agreed(ctx, s.r, &g, ForSensitive)
}

// Looked is a look as an organiser sees it.
type Looked struct {
	Seq     int64
	At      time.Time
	By      string
	Subject string
	Field   string
	Reason  string
}

// Looks lists who has looked at what is sealed of some subjects, the newest
// first; without subjects, of all.
func (s *Store) Looks(ctx context.Context, who access.Who, competition Competition, subjects ...string) ([]Looked, error) {
	if err := may(who, access.ReadLog, access.Object{}, nil); err != nil {
		return nil, err
	}
	var es []LogEntry
	err := s.r.NewSelect().Model(&es).Where("competition_id = ?", competition.ID).Where("kind = ?", Look{}.kind()).Order("seq DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read looks: %w", err)
	}
	wanted := map[string]bool{}
	for _, subject := range subjects {
		wanted[subject] = true
	}
	var looks []Looked
	for i := range es {
		var l Look
		if err := json.Unmarshal([]byte(es[i].Payload), &l); err != nil {
			return nil, fmt.Errorf("read look %d: %w", es[i].Seq, err)
		}
		if len(subjects) == 0 || wanted[l.Subject] {
			looks = append(looks, Looked{Seq: es[i].Seq, At: es[i].At, By: es[i].Author, Subject: l.Subject, Field: l.Field, Reason: es[i].Reason})
		}
	}
	return looks, nil
}
