// Seats: the places that judges write from (终点 2 号; judge 2, mat 1), and the
// units that each of them reaches. Seats and their units are in the log; the
// devices at them are not (seat_device.go).
package events

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"

	"tongchang/events/access"
)

// Seat is a place of a discipline that judges write from. Every limit narrows
// what it reaches: the venue, the session, the units that were chosen; a limit
// that is empty narrows nothing.
type Seat struct {
	bun.BaseModel `bun:"table:seats"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	DisciplineID  int64     `bun:",notnull"`
	Name          string    `bun:",notnull"`  // unique in the competition
	Place         string    `bun:",notnull"`  // whose cells it writes (judge-2, timekeeper); empty: all
	Venue         string    `bun:",notnull"`  // units held there or in a part of it; empty: anywhere
	SessionID     int64     `bun:",nullzero"` // 0: any
	Version       int64     `bun:",notnull"`
	Closed        time.Time `bun:",nullzero"`
	Units         []int64   `bun:"-"` // chosen ones; none: all
}

// seatUnit is a unit chosen for a seat.
type seatUnit struct {
	bun.BaseModel `bun:"table:seat_units"`

	SeatID int64 `bun:",pk"`
	UnitID int64 `bun:",pk"`
}

// SeatPlaces are the places that a seat may have: those that pads give to cells.
var SeatPlaces = []string{"judge-1", "judge-2", "judge-3", "judge-4", "judge-5", "judge-6", "judge-7", "jury", "timekeeper", "weigh-in", "wind"}

// Covers reports whether a seat reaches a unit of a discipline. A unit is in a
// venue when its own venue is that one or a part of it (体育场 跑道 is in 体育场),
// or when its session is held there.
func (s *Seat) Covers(u *Unit, discipline int64, sessionVenue string) bool {
	at := u.Venue == s.Venue || strings.HasPrefix(u.Venue, s.Venue+" ") || sessionVenue == s.Venue
	return s.Closed.IsZero() && discipline == s.DisciplineID && (s.Venue == "" || at) && (s.SessionID == 0 || s.SessionID == u.SessionID) &&
		(len(s.Units) == 0 || slices.Contains(s.Units, u.ID))
}

// Writes reports whether a seat writes a cell. In a cell's name the place that
// it belongs to comes last: squat-1/judge-2.
func (s *Seat) Writes(cell string) bool {
	if s.Place == "" {
		return true
	}
	place := cell[strings.LastIndexByte(cell, '/')+1:]
	return place == s.Place || !slices.Contains(SeatPlaces, place)
}

// NewSeat is what a seat is to be.
type NewSeat struct {
	Name    string  `json:"name" validate:"required,max=60"`
	Place   string  `json:"place,omitempty" validate:"max=20"`
	Venue   string  `json:"venue,omitempty" validate:"max=120"`
	Session int64   `json:"session,omitempty"`
	Units   []int64 `json:"units,omitempty" validate:"max=500"`
}

// MakeSeats makes seats of a discipline, all of them or none.
type MakeSeats struct {
	Discipline int64     `json:"discipline" validate:"required"`
	Seats      []NewSeat `json:"seats" validate:"required,min=1,max=60,dive"`
}

func (MakeSeats) kind() string { return "seats" }

// SetSeat changes a seat, closes it for good or opens it again. Saw is the
// version that the organiser had before them.
type SetSeat struct {
	Seat  int64   `json:"seat" validate:"required"`
	Saw   int64   `json:"saw" validate:"min=1"`
	Be    NewSeat `json:"be"`
	Close bool    `json:"close,omitempty"`
}

func (SetSeat) kind() string { return "seat" }

// SeatsMade is the outcome of making or changing seats.
type SeatsMade struct {
	Seats []int64 `json:"seats"`
}

// MakeSeats is refused where a name is taken or a limit is not the discipline's.
func (s *Store) MakeSeats(ctx context.Context, c Command, who access.Who, a MakeSeats) (Receipt, error) {
	if err := may(who, access.SetSeat, access.Object{Discipline: a.Discipline}, notFound("no-such-discipline", fmt.Sprint(a.Discipline))); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		if _, err := byID[Discipline](ctx, ch.Tx, ch.Competition.ID, a.Discipline, "no-such-discipline"); err != nil {
			return nil, err
		}
		var out SeatsMade
		for i := range a.Seats {
			seat := Seat{CompetitionID: ch.Competition.ID, DisciplineID: a.Discipline}
			if err := seat.become(ctx, ch, &a.Seats[i]); err != nil {
				return nil, err
			}
			out.Seats = append(out.Seats, seat.ID)
		}
		return out, nil
	})
}

// SetSeat ends what devices at a closed seat may do with their next request.
func (s *Store) SetSeat(ctx context.Context, c Command, who access.Who, a SetSeat) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		seat, err := seatFor(ctx, ch.Tx, who, access.SetSeat, ch.Competition.ID, a.Seat)
		switch {
		case err != nil:
			return nil, err
		case seat.Version != a.Saw:
			return nil, &Refusal{Status: StatusStale, Problem: "seat-stale", With: []string{seat.Name}}
		}
		if seat.Closed = (time.Time{}); a.Close {
			seat.Closed = ch.Now
		}
		return SeatsMade{[]int64{seat.ID}}, seat.become(ctx, ch, &a.Be)
	})
}

// become checks what a seat is to be and writes it.
func (s *Seat) become(ctx context.Context, ch *Change, be *NewSeat) error {
	s.Name, s.Place, s.Venue, s.SessionID, s.Version = norm.NFC.String(strings.TrimSpace(be.Name)), be.Place, be.Venue, be.Session, s.Version+1
	taken, err := ch.Tx.NewSelect().Model((*Seat)(nil)).Where("competition_id = ?", ch.Competition.ID).Where("name = ?", s.Name).Where("id <> ?", s.ID).Exists(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("look for the seat %s: %w", s.Name, err)
	case s.Name == "":
		return invalid("name", "seat-name")
	case taken:
		return invalid("name", "seat-taken", s.Name)
	case s.Place != "" && !slices.Contains(SeatPlaces, s.Place):
		return invalid("place", "seat-place-unknown", s.Place)
	}
	if s.SessionID != 0 {
		if _, err := byID[Session](ctx, ch.Tx, ch.Competition.ID, s.SessionID, "no-such-session"); err != nil {
			return err
		}
	}
	if s.ID == 0 {
		_, err = ch.Tx.NewInsert().Model(s).Returning("id").Exec(ctx)
	} else {
		_, err = ch.Tx.NewUpdate().Model(s).WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("write seat %s: %w", s.Name, err)
	}
	return s.choose(ctx, ch, be.Units)
}

// choose writes the units that were chosen in place of those before.
func (s *Seat) choose(ctx context.Context, ch *Change, units []int64) error {
	if _, err := ch.Tx.NewDelete().Model((*seatUnit)(nil)).Where("seat_id = ?", s.ID).Exec(ctx); err != nil {
		return fmt.Errorf("clear the units of seat %s: %w", s.Name, err)
	}
	if len(units) == 0 {
		return nil
	}
	units = distinct(units)
	n, err := ch.Tx.NewSelect().TableExpr("units AS u").Join("JOIN phases AS p ON p.id = u.phase_id").Join("JOIN events AS e ON e.id = p.event_id").
		Where("u.competition_id = ?", ch.Competition.ID).Where("e.discipline_id = ?", s.DisciplineID).Where("u.id IN (?)", bun.List(units)).Count(ctx)
	if err != nil {
		return fmt.Errorf("look for the units of seat %s: %w", s.Name, err)
	}
	if int(n) != len(units) {
		return invalid("units", "seat-units", s.Name)
	}
	rows := make([]seatUnit, len(units))
	for i, u := range units {
		rows[i] = seatUnit{SeatID: s.ID, UnitID: u}
	}
	if _, err := ch.Tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("choose units for seat %s: %w", s.Name, err)
	}
	return nil
}

// seatFor loads a seat for who may do an act to it; one of another discipline
// is answered as if it were not there.
func seatFor(ctx context.Context, db bun.IDB, who access.Who, act access.Act, competition, id int64) (Seat, error) {
	seat, err := byID[Seat](ctx, db, competition, id, "no-such-seat")
	if err != nil {
		return seat, err
	}
	return seat, may(who, act, access.Object{Discipline: seat.DisciplineID}, notFound("no-such-seat", fmt.Sprint(id)))
}

// Seats lists the seats that somebody looks after, by discipline and name, with
// the units chosen for them.
func (s *Store) Seats(ctx context.Context, who access.Who, competition Competition) ([]Seat, error) {
	if !access.Ever(who, access.ReadControl) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	var all []Seat
	q := s.r.NewSelect().Model(&all).Where("competition_id = ?", competition.ID).Order("discipline_id", "name")
	if who.Discipline != 0 {
		q = q.Where("discipline_id = ?", who.Discipline)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	return all, loadSeatUnits(ctx, s.r, all)
}

func loadSeatUnits(ctx context.Context, db bun.IDB, seats []Seat) error {
	if len(seats) == 0 {
		return nil
	}
	at := index(seats, func(s *Seat) int64 { return s.ID })
	var ids []int64
	for id := range at {
		ids = append(ids, id)
	}
	var units []seatUnit
	if err := db.NewSelect().Model(&units).Where("seat_id IN (?)", bun.List(ids)).Order("seat_id", "unit_id").Scan(ctx); err != nil {
		return fmt.Errorf("units of seats: %w", err)
	}
	for _, u := range units {
		seats[at[u.SeatID]].Units = append(seats[at[u.SeatID]].Units, u.UnitID)
	}
	return nil
}

// seatWith loads a seat with its units.
func seatWith(ctx context.Context, db bun.IDB, id int64) (Seat, error) {
	seats := make([]Seat, 1)
	if err := db.NewSelect().Model(&seats[0]).Where("id = ?", id).Scan(ctx); err != nil {
		return Seat{}, fmt.Errorf("load seat %d: %w", id, err)
	}
	return seats[0], loadSeatUnits(ctx, db, seats)
}

// unitFacts are what a seat's reach is decided by.
type unitFacts struct {
	Unit         `bun:",extend"`
	DisciplineID int64
	SessionVenue string
}

// SeatMay says whether who asks may write in a unit: yes for whoever does not
// sit at a seat, no outside the seat's assignment. A unit of another discipline
// is answered as if it were not there. It is asked for pages; what writes is
// asked again where it is written.
func (s *Store) SeatMay(ctx context.Context, who access.Who, competition string, unit int64) error {
	if who.Seat == 0 {
		return nil
	}
	seat, err := seatWith(ctx, s.r, who.Seat)
	if err != nil {
		return err
	}
	var u unitFacts
	err = s.r.NewSelect().Model((*Unit)(nil)).ColumnExpr("unit.*, e.discipline_id, coalesce(ss.venue, '') AS session_venue").
		Join("JOIN competitions AS c ON c.id = unit.competition_id").Join("JOIN phases AS p ON p.id = unit.phase_id").Join("JOIN events AS e ON e.id = p.event_id").
		Join("LEFT JOIN sessions AS ss ON ss.id = unit.session_id").Where("c.code = ?", competition).Where("unit.id = ?", unit).Scan(ctx, &u)
	switch {
	case isNoRows(err):
		return seat.may(nil, unit, "")
	case err != nil:
		return fmt.Errorf("find unit %d for seat %d: %w", unit, who.Seat, err)
	}
	return seat.may(&u, unit, "")
}

// SeatUnits are the units that who asks reaches from their seat; nil for
// whoever does not sit at one, and reaches what their role does.
func (s *Store) SeatUnits(ctx context.Context, who access.Who, competition string) (map[int64]bool, error) {
	if who.Seat == 0 {
		return nil, nil
	}
	seat, err := seatWith(ctx, s.r, who.Seat)
	if err != nil {
		return nil, err
	}
	var units []unitFacts
	err = s.r.NewSelect().Model((*Unit)(nil)).ColumnExpr("unit.*, e.discipline_id, coalesce(ss.venue, '') AS session_venue").
		Join("JOIN competitions AS c ON c.id = unit.competition_id").Join("JOIN phases AS p ON p.id = unit.phase_id").Join("JOIN events AS e ON e.id = p.event_id").
		Join("LEFT JOIN sessions AS ss ON ss.id = unit.session_id").Where("c.code = ?", competition).Where("e.discipline_id = ?", seat.DisciplineID).Scan(ctx, &units)
	if err != nil {
		return nil, fmt.Errorf("units of seat %d: %w", seat.ID, err)
	}
	reached := map[int64]bool{}
	for i := range units {
		if u := &units[i]; seat.Covers(&u.Unit, u.DisciplineID, u.SessionVenue) {
			reached[u.ID] = true
		}
	}
	return reached, nil
}

// SeatName is the name of the seat that who asks sits at; empty for none.
func (s *Store) SeatName(ctx context.Context, who access.Who) (string, error) {
	if who.Seat == 0 {
		return "", nil
	}
	seat, err := seatWith(ctx, s.r, who.Seat)
	return seat.Name, err
}

// SetSecondPerson says for a discipline whether a result must be confirmed by
// another person than the one who wrote its last mark.
type SetSecondPerson struct {
	Discipline int64 `json:"discipline" validate:"required"`
	On         bool  `json:"on,omitempty"`
}

func (SetSecondPerson) kind() string { return "second-person" }

// SetSecondPerson holds from the next confirmation on.
func (s *Store) SetSecondPerson(ctx context.Context, c Command, who access.Who, a SetSecondPerson) (Receipt, error) {
	if err := may(who, access.SetSeat, access.Object{Discipline: a.Discipline}, notFound("no-such-discipline", fmt.Sprint(a.Discipline))); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		d, err := byID[Discipline](ctx, ch.Tx, ch.Competition.ID, a.Discipline, "no-such-discipline")
		if err != nil {
			return nil, err
		}
		d.SecondPerson = a.On
		_, err = ch.Tx.NewUpdate().Model(&d).Column("second_person").WherePK().Exec(ctx)
		return a, err
	})
}

// secondPerson refuses a confirmation by who wrote the unit's last mark, where
// the discipline asks for two.
func secondPerson(ctx context.Context, ch *Change, u *Unit) error {
	var last []string
	err := ch.Tx.NewSelect().TableExpr("marks AS m").ColumnExpr("m.by").Join("JOIN starts AS s ON s.id = m.start_id").Join("JOIN phases AS p ON p.id = s.phase_id").
		Join("JOIN events AS e ON e.id = p.event_id").Join("JOIN disciplines AS d ON d.id = e.discipline_id").
		Where("s.unit_id = ?", u.ID).Where("d.second_person = ?", true).OrderExpr("m.seq DESC, m.start_id DESC").Limit(1).Scan(ctx, &last)
	if err != nil {
		return fmt.Errorf("who wrote the last mark of unit %d: %w", u.ID, err)
	}
	if len(last) > 0 && last[0] == ch.Author {
		return invalid("", "confirm-second", ch.Author)
	}
	return nil
}
