// What seats reach while marks are written. The check stands inside the
// transaction that writes: a seat that was moved, closed or left by its judge
// between the question and the commit writes nothing any more.
package events

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// reach is what the seats of some commands reach, as the transaction sees it.
// nil, as it is for commands from no seat, costs nothing and refuses nobody.
type reach struct {
	seats   map[int64]*Seat
	devices map[int64]*reachDevice
	units   map[int64]*unitFacts
}

// reachDevice is a device as far as it decides who may write.
type reachDevice struct {
	ID      int64
	SeatID  int64
	JudgeID int64 `bun:",nullzero"`
	Ended   bool
}

// reachFor reads the seats of commands, their devices and the units that they
// are about: four queries for a batch, however many marks are in it.
func (b *batch) reachFor(ctx context.Context, commands []Command, units []int64) (*reach, error) {
	var seats, devices []int64
	for i := range commands {
		if c := &commands[i]; c.Seat != 0 {
			seats = append(seats, c.Seat)
			if c.Device != 0 {
				devices = append(devices, c.Device)
			}
		}
	}
	if len(seats) == 0 {
		return nil, nil
	}
	r := &reach{seats: map[int64]*Seat{}, devices: map[int64]*reachDevice{}, units: map[int64]*unitFacts{}}
	if len(devices) > 0 {
		var found []reachDevice
		err := hot(ctx, b.db, b.tx, &found, "SELECT id, seat_id, judge_id, ended IS NOT NULL AS ended FROM seat_devices WHERE id IN (?)", distinct(devices))
		if err != nil {
			return nil, fmt.Errorf("devices that write: %w", err)
		}
		for i := range found {
			r.devices[found[i].ID] = &found[i]
			seats = append(seats, found[i].SeatID) // where it was moved to meanwhile
		}
	}
	if err := r.loadSeats(ctx, b, distinct(seats)); err != nil {
		return nil, err
	}
	var facts []unitFacts
	err := hot(ctx, b.db, b.tx, &facts, `
		SELECT u.id, u.competition_id, u.phase_id, u.venue, u.session_id, e.discipline_id, coalesce(ss.venue, '') AS session_venue
		FROM units AS u JOIN phases AS p ON p.id = u.phase_id JOIN events AS e ON e.id = p.event_id LEFT JOIN sessions AS ss ON ss.id = u.session_id
		WHERE u.id IN (?)`, distinct(units))
	if err != nil {
		return nil, fmt.Errorf("units that seats write in: %w", err)
	}
	for i := range facts {
		r.units[facts[i].ID] = &facts[i]
	}
	return r, nil
}

// distinct are ids in their order, each once.
func distinct(ids []int64) []int64 { return slices.Compact(slices.Sorted(slices.Values(ids))) }

func (r *reach) loadSeats(ctx context.Context, b *batch, ids []int64) error {
	var seats []Seat
	if err := hot(ctx, b.db, b.tx, &seats, "SELECT * FROM seats WHERE id IN (?)", ids); err != nil {
		return fmt.Errorf("seats that write: %w", err)
	}
	for i := range seats {
		r.seats[seats[i].ID] = &seats[i]
	}
	var units []seatUnit
	if err := hot(ctx, b.db, b.tx, &units, "SELECT * FROM seat_units WHERE seat_id IN (?)", ids); err != nil {
		return fmt.Errorf("units of seats that write: %w", err)
	}
	for _, u := range units {
		r.seats[u.SeatID].Units = append(r.seats[u.SeatID].Units, u.UnitID)
	}
	return nil
}

// may refuses what a command's seat does not reach. A device that was moved
// between the question and the commit writes as the seat it is at now.
func (r *reach) may(c *Command, competition, unit int64, cell string) error {
	if c.Seat == 0 || r == nil {
		return nil
	}
	seat := r.seats[c.Seat]
	if c.Device != 0 {
		d := r.devices[c.Device]
		if d == nil || d.Ended || d.JudgeID == 0 {
			return signedOut()
		}
		seat = r.seats[d.SeatID]
	}
	if seat == nil || seat.CompetitionID != competition {
		return signedOut()
	}
	u := r.units[unit]
	if u != nil && u.CompetitionID != competition {
		u = nil
	}
	return seat.may(u, unit, cell)
}

// may says whether a seat writes a cell of a unit; nil stands for a unit that
// is not there. One of another discipline is answered as if it were not.
func (s *Seat) may(u *unitFacts, unit int64, cell string) error {
	switch {
	case u == nil || u.DisciplineID != s.DisciplineID:
		return notFound("no-such-unit", fmt.Sprint(unit))
	case !s.Covers(&u.Unit, u.DisciplineID, u.SessionVenue):
		return &Refusal{Status: StatusForbidden, Problem: "seat-not-assigned", With: []string{s.Name}}
	case !s.Writes(cell):
		return &Refusal{Status: StatusForbidden, Problem: "seat-not-place", With: []string{s.Name}}
	}
	return nil
}

// deviceUnit is a unit that a device was given to write while a judge sat at it,
// with the place that its seat had. It outlives the seat's assignment.
type deviceUnit struct {
	bun.BaseModel `bun:"table:device_units"`

	DeviceID int64  `bun:",pk"`
	JudgeID  int64  `bun:",pk"`
	UnitID   int64  `bun:",pk"`
	Place    string `bun:",pk"`
}

// Told keeps which units a device was given to write: a judge can only have made
// marks for what the tablet has shown them. Whoever does not come by a device is
// not kept. It writes only what is new.
func (s *Store) Told(ctx context.Context, who access.Who, units []int64) error {
	if who.Device == 0 {
		return nil
	}
	var d SeatDevice
	if err := s.r.NewSelect().Model(&d).Column("id", "judge_id").Where("id = ?", who.Device).Scan(ctx); err != nil {
		return fmt.Errorf("find device %d: %w", who.Device, err)
	}
	if d.JudgeID == 0 {
		return nil // has stood up meanwhile
	}
	var known []int64
	if err := s.r.NewSelect().Model((*deviceUnit)(nil)).Column("unit_id").Where("device_id = ?", d.ID).Where("judge_id = ?", d.JudgeID).Where("place = ?", who.Place).Scan(ctx, &known); err != nil {
		return fmt.Errorf("what device %d was told: %w", d.ID, err)
	}
	slices.Sort(known)
	var rows []deviceUnit
	for _, u := range units {
		if _, ok := slices.BinarySearch(known, u); !ok {
			rows = append(rows, deviceUnit{DeviceID: d.ID, JudgeID: d.JudgeID, UnitID: u, Place: who.Place})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
		return err
	})
}

// wasTold reports whether a command's device was given the cell to write while
// the judge who sits there now sat there, and the start is the unit's.
func (s *Store) wasTold(ctx context.Context, c Command, m EnterMark) (bool, error) {
	if c.Device == 0 {
		return false, nil
	}
	var places []string
	err := s.r.NewSelect().TableExpr("device_units AS t").Column("t.place").Join("JOIN seat_devices AS d ON d.id = t.device_id AND d.judge_id = t.judge_id").
		Join("JOIN units AS u ON u.id = t.unit_id").Join("JOIN competitions AS c ON c.id = u.competition_id").
		Join("JOIN starts AS s ON s.unit_id = u.id").Where("c.code = ?", c.Competition).
		Where("t.device_id = ?", c.Device).Where("t.unit_id = ?", m.Unit).Where("s.id = ?", m.Start).Scan(ctx, &places)
	if err != nil {
		return false, fmt.Errorf("what device %d was told of unit %d: %w", c.Device, m.Unit, err)
	}
	return slices.ContainsFunc(places, func(place string) bool { return (&Seat{Place: place}).Writes(m.Cell) }), nil
}
