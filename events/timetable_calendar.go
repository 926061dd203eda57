// Calendars that people take along: of the games, of a venue, of a delegation,
// and a person's own by an address that only they have.
package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/registration"
	"tongchang/events/timetable"
)

// CalendarAsk says whose calendar: of everything where nothing is named.
// Participant includes appointments for classification, which are nobody else's
// business.
type CalendarAsk struct {
	Venue       string // an ID of the settings
	Delegation  int64
	Participant int64
}

// CalendarEntry is one thing in a calendar: a unit, or an appointment with a
// panel, which has no unit. Moves rises with each change.
type CalendarEntry struct {
	ID         string // stays the same for the same thing
	Unit       int64
	Start, End time.Time
	Place      string
	Moves      int
}

// usualLength is how long a unit with a time and without a length is shown.
const usualLength = 30

// Calendar lists what a calendar has, in order of time. Nobody is named in it.
func (s *Store) Calendar(ctx context.Context, c Competition, ask CalendarAsk) ([]CalendarEntry, error) {
	l, err := loadLedgerTimetable(ctx, s.r, &c)
	if err != nil {
		return nil, err
	}
	var all []CalendarEntry
	for i := range l.units {
		u := &l.units[i]
		if u.Start.IsZero() || !l.asked(ask, i) {
			continue
		}
		minutes := u.Minutes
		if minutes == 0 {
			minutes = usualLength
		}
		all = append(all, CalendarEntry{ID: unitName(u.ID), Unit: u.ID, Start: u.Start, End: u.Start.Add(time.Duration(minutes) * time.Minute), Place: u.Venue, Moves: u.Moves})
	}
	if ask.Participant != 0 {
		all = append(all, l.appointments(ask.Participant)...)
	}
	slices.SortStableFunc(all, func(a, b CalendarEntry) int { return a.Start.Compare(b.Start) })
	return all, nil
}

// asked reports whether a unit belongs into a calendar.
func (l *ledgerTimetable) asked(ask CalendarAsk, i int) bool {
	u := &l.units[i]
	if ask.Venue != "" {
		if venue, _ := l.set.Area(u.Area); venue == nil || venue.ID != ask.Venue {
			return false
		}
	}
	if ask.Delegation != 0 && !slices.Contains(l.delegations(u.ID), ask.Delegation) {
		return false
	}
	return ask.Participant == 0 || l.inIt(i, ask.Participant)
}

// inIt reports whether somebody has a part in a unit of the document.
func (l *ledgerTimetable) inIt(i int, participant int64) bool {
	name := diaryName(participant)
	return slices.ContainsFunc(l.doc.Units[i].People, func(p timetable.Part) bool { return p.Person == name })
}

// appointments are a person's with panels.
func (l *ledgerTimetable) appointments(participant int64) (all []CalendarEntry) {
	starts := map[string]timetable.Moment{}
	for _, p := range l.doc.Plan {
		starts[p.Unit] = p.Start
	}
	for i := len(l.units); i < len(l.doc.Units); i++ {
		u := &l.doc.Units[i]
		if l.inIt(i, participant) {
			at := starts[u.ID]
			all = append(all, CalendarEntry{ID: u.ID, Start: at.In(l.zone), End: (at + timetable.Moment(u.Minutes)).In(l.zone), Place: u.Name})
		}
	}
	return all
}

// calendarLink is the address of a person's calendar; only its hash is kept.
type calendarLink struct {
	bun.BaseModel `bun:"table:calendar_links"`

	ParticipantID int64     `bun:",pk"`
	CompetitionID int64     `bun:",notnull"`
	Hash          string    `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
	Seq           int64     `bun:",notnull"`
}

// ShareCalendar makes an address for the calendar of a registration's person, in
// place of the one before.
type ShareCalendar struct {
	Registration int64 `json:"registration" validate:"required"`
}

func (ShareCalendar) kind() string { return "calendar-share" }

// EndCalendar ends it: whoever has the address finds nothing there any more.
type EndCalendar struct {
	Registration int64 `json:"registration" validate:"required"`
}

func (EndCalendar) kind() string { return "calendar-end" }

// CalendarShared says since when a person's calendar has an address.
type CalendarShared struct {
	At time.Time
	By string
}

// bearer finds the person of an accepted registration, for who may write it.
func bearer(ctx context.Context, db bun.IDB, who access.Who, competition, id int64) (int64, error) {
	hidden := notFound("no-such-registration", strconv.FormatInt(id, 10))
	g, err := byID[Registration](ctx, db, competition, id, "no-such-registration")
	if err != nil {
		return 0, err
	}
	if err := may(who, access.WriteRegistration, access.Object{Delegation: g.DelegationID}, hidden); err != nil {
		return 0, err
	}
	if g.State != registration.Accepted || g.ParticipantID == 0 {
		return 0, &Refusal{Status: StatusClosed, Problem: "calendar-not-accepted"}
	}
	return g.ParticipantID, nil
}

// ShareCalendar gives the new address's secret, which is shown this once. The
// same command sent again makes no second one, and has no secret to give.
func (s *Store) ShareCalendar(ctx context.Context, c Command, who access.Who, a ShareCalendar) (Receipt, string, error) {
	token, hash := newToken()
	r, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		participant, err := bearer(ctx, ch.Tx, who, ch.Competition.ID, a.Registration)
		if err != nil {
			return nil, err
		}
		row := calendarLink{ParticipantID: participant, CompetitionID: ch.Competition.ID, Hash: hash, At: ch.Now, By: ch.Author, Seq: ch.Seq}
		_, err = ch.Tx.NewInsert().Model(&row).On("CONFLICT (participant_id) DO UPDATE").
			Set(`hash = EXCLUDED.hash, "at" = EXCLUDED."at", "by" = EXCLUDED."by", seq = EXCLUDED.seq`).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("share the calendar of participant %d: %w", participant, err)
		}
		return a, nil
	})
	if err != nil || r.Repeated {
		return r, "", err
	}
	return r, token, nil
}

// EndCalendar ends the address of a person's calendar.
func (s *Store) EndCalendar(ctx context.Context, c Command, who access.Who, a EndCalendar) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		participant, err := bearer(ctx, ch.Tx, who, ch.Competition.ID, a.Registration)
		if err != nil {
			return nil, err
		}
		if _, err := ch.Tx.NewDelete().Model((*calendarLink)(nil)).Where("participant_id = ?", participant).Exec(ctx); err != nil {
			return nil, fmt.Errorf("end the calendar of participant %d: %w", participant, err)
		}
		return a, nil
	})
}

// CalendarShared says whether a person's calendar has an address; nil: none.
func (s *Store) CalendarShared(ctx context.Context, who access.Who, competition string, registration int64) (*CalendarShared, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	participant, err := bearer(ctx, s.r, who, c.ID, registration)
	if err != nil {
		return nil, err
	}
	var row calendarLink
	err = s.r.NewSelect().Model(&row).Where("participant_id = ?", participant).Scan(ctx)
	switch {
	case isNoRows(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("find the calendar of participant %d: %w", participant, err)
	}
	return &CalendarShared{At: row.At, By: row.By}, nil
}

// CalendarBearer is whose calendar an address leads to.
func (s *Store) CalendarBearer(ctx context.Context, c Competition, token string) (int64, error) {
	var row calendarLink
	err := s.r.NewSelect().Model(&row).Where("competition_id = ?", c.ID).Where("hash = ?", hashToken(strings.TrimSpace(token))).Scan(ctx)
	if isNoRows(err) {
		return 0, notFound("no-such-calendar")
	}
	if err != nil {
		return 0, fmt.Errorf("find a calendar: %w", err)
	}
	return row.ParticipantID, nil
}
