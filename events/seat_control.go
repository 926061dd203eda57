// The control room's side of paired devices: how each is, what is said to it,
// where it is moved. None of it is a competition's history.
package events

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/pads"
	"tongchang/scoring"
)

// Beat is what a device says of itself every few seconds.
type Beat struct {
	Unsent  int64   // marks that wait on it
	Battery *int64  // percent; nil: not known
	App     string  // build of the page
	Skew    int64   // ms that its clock is ahead of ours
	Read    []int64 // messages that were read there
}

// DeviceMessage is what the control room says to a device.
type DeviceMessage struct {
	bun.BaseModel `bun:"table:device_messages"`

	ID       int64     `bun:",pk,autoincrement"`
	DeviceID int64     `bun:",notnull"`
	Text     string    `bun:",notnull"`
	By       string    `bun:",notnull"`
	At       time.Time `bun:",notnull"`
	Shown    time.Time `bun:",nullzero"` // when the judge had read it
}

// Bounds of what a device may say.
const (
	mostUnsent  = 1_000_000
	longestApp  = 40
	longestTold = 400
)

// Beat keeps how a device is and answers with what it has not read yet.
func (s *Store) Beat(ctx context.Context, d *Seated, b Beat) (unread []DeviceMessage, err error) {
	now := s.clock()
	d.Device.Beat, d.Device.Seen = now, now
	d.Device.Unsent, d.Device.App = min(max(b.Unsent, 0), mostUnsent), strings.ToValidUTF8(b.App[:min(len(b.App), longestApp)], "")
	d.Device.Skew = b.Skew
	if d.Device.Battery = nil; b.Battery != nil && *b.Battery >= 0 && *b.Battery <= 100 {
		d.Device.Battery = b.Battery
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewUpdate().Model(&d.Device).Column("beat", "seen", "unsent", "battery", "app", "skew").WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("keep a beat: %w", err)
		}
		if len(b.Read) > 0 {
			_, err := tx.NewUpdate().Model((*DeviceMessage)(nil)).Set("shown = ?", now).Where("device_id = ?", d.Device.ID).
				Where("id IN (?)", bun.List(b.Read[:min(len(b.Read), 100)])).Where("shown IS NULL").Exec(ctx)
			if err != nil {
				return fmt.Errorf("mark messages as read: %w", err)
			}
		}
		unread = nil
		return tx.NewSelect().Model(&unread).Where("device_id = ?", d.Device.ID).Where("shown IS NULL").Order("id").Limit(20).Scan(ctx)
	})
	return unread, err
}

// DeviceView is a device as the control room sees it.
type DeviceView struct {
	SeatDevice
	Seat       string
	Discipline int64
	Judge      string // empty: nobody sits there
	Unread     int    // messages that were not read there yet
	Last       string // of what was said to it
}

// Devices lists the paired devices that somebody looks after, by number.
func (s *Store) Devices(ctx context.Context, who access.Who, competition Competition) ([]DeviceView, error) {
	if !access.Ever(who, access.ReadControl) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	var rows []struct {
		SeatDevice   `bun:",extend"`
		Seat         string
		DisciplineID int64
		Judge        string
		Unread       int
		LastText     string
	}
	q := s.r.NewSelect().Model((*SeatDevice)(nil)).ColumnExpr("seat_device.*, s.name AS seat, s.discipline_id, coalesce(j.name, '') AS judge").
		ColumnExpr("(SELECT count(*) FROM device_messages AS m WHERE m.device_id = seat_device.id AND m.shown IS NULL) AS unread").
		ColumnExpr("coalesce((SELECT m.text FROM device_messages AS m WHERE m.device_id = seat_device.id ORDER BY m.id DESC LIMIT 1), '') AS last_text").
		Join("JOIN seats AS s ON s.id = seat_device.seat_id").Join("LEFT JOIN seat_judges AS j ON j.id = seat_device.judge_id").
		Where("seat_device.competition_id = ?", competition.ID).Where("seat_device.ended IS NULL").Order("seat_device.number")
	if who.Discipline != 0 {
		q = q.Where("s.discipline_id = ?", who.Discipline)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	views := make([]DeviceView, len(rows))
	for i := range rows {
		r := &rows[i]
		views[i] = DeviceView{SeatDevice: r.SeatDevice, Seat: r.Seat, Discipline: r.DisciplineID, Judge: r.Judge, Unread: r.Unread, Last: r.LastText}
		if s.clock().Sub(r.Since) >= seatLife {
			views[i].Judge = ""
		}
	}
	return views, nil
}

// deviceFor loads a device for who looks after its seat.
func deviceFor(ctx context.Context, tx bun.Tx, who access.Who, competition, id int64) (SeatDevice, Seat, error) {
	hidden := notFound("no-such-device", fmt.Sprint(id))
	d, err := byID[SeatDevice](ctx, tx, competition, id, "no-such-device")
	if err != nil {
		return d, Seat{}, err
	}
	seat, err := byID[Seat](ctx, tx, competition, d.SeatID, "no-such-device")
	if err == nil {
		err = may(who, access.SetSeat, access.Object{Discipline: seat.DisciplineID}, hidden)
	}
	if err == nil && !d.Ended.IsZero() {
		err = &Refusal{Status: StatusClosed, Problem: "device-ended"}
	}
	return d, seat, err
}

// EndDevice ends a pairing: the device's next request is a stranger's.
func (s *Store) EndDevice(ctx context.Context, who access.Who, competition Competition, id int64) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		d, _, err := deviceFor(ctx, tx, who, competition.ID, id)
		if err != nil {
			return err
		}
		d.Ended = s.clock()
		_, err = tx.NewUpdate().Model(&d).Column("ended").WherePK().Exec(ctx)
		return err
	})
}

// MoveDevice moves a device to another seat. Whoever sits at it stays where the
// seat is of the same discipline. A device that has still to send marks is moved
// only by who is sure: what it holds for units that the new seat does not reach
// goes to the chief judge instead.
func (s *Store) MoveDevice(ctx context.Context, who access.Who, competition Competition, id, to int64, sure bool) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		d, from, err := deviceFor(ctx, tx, who, competition.ID, id)
		if err != nil {
			return err
		}
		seat, err := openSeat(ctx, tx, who, competition.ID, to)
		switch {
		case err != nil:
			return err
		case d.Unsent > 0 && !sure:
			return invalid("sure", "device-unsent", fmt.Sprint(d.Unsent))
		}
		if d.SeatID = seat.ID; seat.DisciplineID != from.DisciplineID {
			d.JudgeID, d.Since = 0, time.Time{}
		}
		_, err = tx.NewUpdate().Model(&d).Column("seat_id", "judge_id", "since").WherePK().Exec(ctx)
		return err
	})
}

// Tell says something to a device, which shows it with its next beat.
func (s *Store) Tell(ctx context.Context, who access.Who, competition Competition, id int64, text string) error {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > longestTold {
		return invalid("text", "device-text", fmt.Sprint(longestTold))
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		d, _, err := deviceFor(ctx, tx, who, competition.ID, id)
		if err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(&DeviceMessage{DeviceID: d.ID, Text: text, By: who.Name, At: s.clock()}).Exec(ctx)
		return err
	})
}

// Given is what a judge has given for one thing of a line, beside what the
// others have.
type Given struct {
	Place string
	Text  string
	By    string
	At    time.Time
	Apart bool // further from the middle of what was given than the others
}

// GivenFor are the judges' inputs for one thing of a line: an aspect, a routine.
type GivenFor struct {
	Start int64
	Group string
	Words []string // that name it, of the first cell: a key and its arguments
	Given []Given
}

// Inputs reads what every judge has given in a unit, blind or not, with what
// stands apart; for kinds without places of judges there is none.
func (s *Store) Inputs(ctx context.Context, who access.Who, competition string, unit int64) (*Sheet, Unit, []GivenFor, error) {
	u, err := s.Unit(ctx, competition, unit)
	if err != nil {
		return nil, u, nil, err
	}
	sheet, err := s.Sheet(ctx, u.PhaseID, u.ID)
	if err != nil {
		return nil, u, nil, err
	}
	if err := may(who, access.ReadControl, access.Object{Discipline: sheet.Event.DisciplineID}, notFound("no-such-unit", fmt.Sprint(unit))); err != nil {
		return nil, u, nil, err
	}
	pad, err := sheet.Pad(u)
	if err != nil {
		return nil, u, nil, err
	}
	var all []GivenFor
	for i := range sheet.Lines {
		all = append(all, sheet.Lines[i].given(pad)...)
	}
	return sheet, u, all, nil
}

func (l *Line) given(pad *pads.Pad) (all []GivenFor) {
	at := map[string]int{}
	for _, c := range pad.Of(l.ID()) {
		mark, ok := l.Cells[c.Name]
		if !c.Blind || !ok || mark.Value().Empty() {
			continue
		}
		if _, ok := at[c.Group]; !ok {
			at[c.Group] = len(all)
			all = append(all, GivenFor{Start: l.StartID, Group: c.Group, Words: c.Words})
		}
		g := &all[at[c.Group]]
		g.Given = append(g.Given, Given{Place: c.Place, Text: c.Text(mark.Value()), By: mark.By, At: mark.At})
	}
	for i := range all {
		all[i].mark(func(place string) (scoring.Mark, bool) {
			for _, c := range pad.Of(l.ID()) {
				if c.Group == all[i].Group && c.Place == place {
					return compared(l.Cells[c.Name].Value())
				}
			}
			return 0, false
		})
	}
	return all
}

// compared is a value as it is compared: a mark, or a choice that is a whole
// number (a level).
func compared(v pads.Value) (scoring.Mark, bool) {
	if v.Mark != nil {
		return *v.Mark, true
	}
	var n int64
	if _, err := fmt.Sscanf(v.Text, "%d", &n); err != nil || fmt.Sprint(n) != v.Text {
		return 0, false
	}
	return scoring.Mark(n), true
}

// mark marks what stands apart.
func (g *GivenFor) mark(of func(place string) (scoring.Mark, bool)) {
	values := make([]scoring.Mark, 0, len(g.Given))
	for i := range g.Given {
		if v, ok := of(g.Given[i].Place); ok {
			values = append(values, v)
		}
	}
	if len(values) != len(g.Given) {
		return
	}
	for i, apart := range outliers(values) {
		g.Given[i].Apart = apart
	}
}

// outliers says which of some numbers stand apart: further from their middle
// than twice the usual distance (the median of all distances). Of two that
// differ both do: there is no middle that says which, somebody has to look.
func outliers(values []scoring.Mark) []bool {
	apart := make([]bool, len(values))
	switch {
	case len(values) == 2 && values[0] != values[1]:
		return []bool{true, true}
	case len(values) < 3:
		return apart
	}
	middle := doubleMedian(values)
	distances := make([]scoring.Mark, len(values)) // doubled, as the middle is
	for i, v := range values {
		distances[i] = max(2*v-middle, middle-2*v)
	}
	bound := doubleMedian(distances) // twice the usual distance
	for i, d := range distances {
		apart[i] = d > bound
	}
	return apart
}

// doubleMedian is twice the median, so that it is a whole number.
func doubleMedian(values []scoring.Mark) scoring.Mark {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return sorted[(n-1)/2] + sorted[n/2]
}
