// Devices at seats: a tablet is paired with a seat by the code on the seat's
// card, and a judge sits down at it with a PIN. A pairing is 32 random bytes on
// the device and their SHA-256 here, as a sign-in is.
package events

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// SeatDevice is a device that is paired with a seat. What its last beat said of
// it is for the control room. The row stays when the pairing has ended.
type SeatDevice struct {
	bun.BaseModel `bun:"table:seat_devices"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	Number        int64     `bun:",notnull"` // tablet 17: in the order of pairing
	SeatID        int64     `bun:",notnull"`
	JudgeID       int64     `bun:",nullzero"` // who sits there; 0: nobody
	Hash          string    `bun:",notnull"`
	FileKey       string    `bun:",notnull"` // signs the file in which the device hands over what it could not send
	Device        string    `bun:",notnull"` // Chrome Android
	Started       time.Time `bun:",notnull"`
	Since         time.Time `bun:",nullzero"` // when the judge sat down
	Seen          time.Time `bun:",notnull"`
	Ended         time.Time `bun:",nullzero"`
	Beat          time.Time `bun:",nullzero"` // zero: none yet
	Unsent        int64     `bun:",notnull"`
	Battery       *int64    `bun:""` // percent; nil: the browser does not say
	App           string    `bun:",notnull"`
	Skew          int64     `bun:",notnull"` // ms that its clock is ahead
}

// seatCard is what is kept of the code on a seat's card. Until is zero while the
// seat is not open for pairing.
type seatCard struct {
	bun.BaseModel `bun:"table:seat_cards"`

	SeatID int64     `bun:",pk"`
	Hash   string    `bun:",notnull"`
	Until  time.Time `bun:",nullzero"`
	By     string    `bun:",notnull"` // who printed it
}

// How long a seat is open for pairing, and a judge sits without the PIN: longer
// than any network is away, so that what was written offline is still theirs.
const (
	pairingLife = 10 * time.Minute
	seatLife    = 12 * time.Hour
)

// Card is a seat's card with its code, which is shown this once.
type Card struct {
	Seat  Seat
	Token string
}

// PrintCards makes new codes for seats; cards printed before are worth nothing.
// Open: the seats can be paired at once, for ten minutes.
//
// A card lies in a hall where anybody can photograph it. So its code alone pairs
// nothing: the seat must be open for pairing, the first device that takes it
// closes it again, and what is not taken closes by itself.
func (s *Store) PrintCards(ctx context.Context, who access.Who, competition Competition, seats []int64, open bool) ([]Card, error) {
	var cards []Card
	err := s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		cards = cards[:0]
		for _, id := range seats {
			seat, err := openSeat(ctx, tx, who, competition.ID, id)
			if err != nil {
				return err
			}
			token, hash := newToken()
			card := seatCard{SeatID: seat.ID, Hash: hash, By: who.Name}
			if open {
				card.Until = s.clock().Add(pairingLife)
			}
			if _, err := tx.NewInsert().Model(&card).On("CONFLICT (seat_id) DO UPDATE").Exec(ctx); err != nil {
				return fmt.Errorf("make a card for seat %d: %w", id, err)
			}
			cards = append(cards, Card{seat, token})
		}
		return nil
	})
	return cards, err
}

// openSeat loads a seat that is not closed, for who looks after it.
func openSeat(ctx context.Context, tx bun.Tx, who access.Who, competition, id int64) (Seat, error) {
	seat, err := seatFor(ctx, tx, who, access.SetSeat, competition, id)
	if err == nil && !seat.Closed.IsZero() {
		err = &Refusal{Status: StatusClosed, Problem: "seat-closed", With: []string{seat.Name}}
	}
	return seat, err
}

// OpenSeats opens seats for pairing by the cards that lie there, for ten
// minutes. It is refused for a seat that has no card yet.
func (s *Store) OpenSeats(ctx context.Context, who access.Who, competition Competition, seats []int64) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, id := range seats {
			seat, err := openSeat(ctx, tx, who, competition.ID, id)
			if err != nil {
				return err
			}
			res, err := tx.NewUpdate().Model((*seatCard)(nil)).Set("until = ?", s.clock().Add(pairingLife)).Where("seat_id = ?", id).Exec(ctx)
			if err != nil {
				return fmt.Errorf("open seat %d: %w", id, err)
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return invalid("seat", "seat-no-card", seat.Name)
			}
		}
		return nil
	})
}

// SeatsOpen says until when seats are open for pairing; a seat without a card is
// not in it, one with a card that is not open has the zero time.
func (s *Store) SeatsOpen(ctx context.Context, who access.Who, competition Competition) (map[int64]time.Time, error) {
	seats, err := s.Seats(ctx, who, competition)
	if err != nil || len(seats) == 0 {
		return nil, err
	}
	ids := make([]int64, len(seats))
	for i := range seats {
		ids[i] = seats[i].ID
	}
	var cards []seatCard
	if err := s.r.NewSelect().Model(&cards).Where("seat_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("cards of seats: %w", err)
	}
	open := map[int64]time.Time{}
	for _, c := range cards {
		if open[c.SeatID] = c.Until; !c.Until.After(s.clock()) {
			open[c.SeatID] = time.Time{}
		}
	}
	return open, nil
}

// cardOf finds the seat of a card's code, whether it is open or not.
func (s *Store) cardOf(ctx context.Context, db bun.IDB, competition int64, token string) (Seat, seatCard, error) {
	var card seatCard
	err := db.NewSelect().Model(&card).Where("hash = ?", hashToken(token)).Scan(ctx)
	if isNoRows(err) {
		return Seat{}, card, notFound("card-over")
	}
	if err != nil {
		return Seat{}, card, fmt.Errorf("find the card: %w", err)
	}
	seat, err := byID[Seat](ctx, db, competition, card.SeatID, "card-over")
	if err == nil && !seat.Closed.IsZero() {
		err = notFound("card-over")
	}
	return seat, card, err
}

// CardSeat says which seat a card's code is for, and whether it is open for
// pairing now. Looking uses nothing up: telephones fetch what they scan.
func (s *Store) CardSeat(ctx context.Context, competition Competition, token string) (seat Seat, open bool, err error) {
	seat, card, err := s.cardOf(ctx, s.r, competition.ID, token)
	return seat, card.Until.After(s.clock()), err
}

// Seated is a paired device with its seat and who sits there. Token is there
// only when it is new.
type Seated struct {
	Device SeatDevice
	Seat   Seat
	Judge  *SeatJudge // nil: nobody, or no more
	Token  string
}

// Who is who writes from the device; nobody while nobody has sat down.
func (d *Seated) Who() access.Who {
	if d == nil || d.Judge == nil {
		return access.Who{}
	}
	return access.Who{Name: d.Judge.Name, Role: access.Judge, Discipline: d.Seat.DisciplineID, Seat: d.Seat.ID, Place: d.Seat.Place, Device: d.Device.ID}
}

// ID is the device's; 0 for none.
func (d *Seated) ID() int64 {
	if d == nil {
		return 0
	}
	return d.Device.ID
}

// Pair pairs a device with the seat of a card, and closes the seat for others.
func (s *Store) Pair(ctx context.Context, competition Competition, token, agent string) (*Seated, error) {
	var d *Seated
	err := s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		seat, card, err := s.cardOf(ctx, tx, competition.ID, token)
		if err != nil {
			return err
		}
		now := s.clock()
		res, err := tx.NewUpdate().Model((*seatCard)(nil)).Set("until = NULL").Where("hash = ?", card.Hash).Where("until > ?", now).Exec(ctx)
		if err != nil {
			return fmt.Errorf("use a card: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return &Refusal{Status: StatusClosed, Problem: "card-not-open", With: []string{seat.Name}}
		}
		d, err = pairWith(ctx, tx, seat, agent, now)
		return err
	})
	return d, err
}

// pairWith makes the pairing.
func pairWith(ctx context.Context, tx bun.Tx, seat Seat, agent string, now time.Time) (*Seated, error) {
	var last int64
	if err := tx.NewSelect().Model((*SeatDevice)(nil)).ColumnExpr("coalesce(max(number), 0)").Where("competition_id = ?", seat.CompetitionID).Scan(ctx, &last); err != nil {
		return nil, fmt.Errorf("number a device: %w", err)
	}
	d := &Seated{Seat: seat}
	d.Device = SeatDevice{CompetitionID: seat.CompetitionID, Number: last + 1, SeatID: seat.ID, Device: deviceOf(agent), Started: now, Seen: now}
	d.Token, d.Device.Hash = newToken()
	d.Device.FileKey, _ = newToken()
	if _, err := tx.NewInsert().Model(&d.Device).Returning("id").Exec(ctx); err != nil {
		return nil, fmt.Errorf("pair a device: %w", err)
	}
	return d, nil
}

// ThroughSeat pairs a device and lets a judge sit down without asking anything,
// as [Store.Through] does for accounts: the doors of a demo.
func (s *Store) ThroughSeat(ctx context.Context, competition string, seat, judge int64, agent string) (d *Seated, err error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		at, err := openSeat(ctx, tx, access.Console, c.ID, seat)
		if err != nil {
			return err
		}
		j, err := byID[SeatJudge](ctx, tx, c.ID, judge, "no-such-judge")
		if err != nil {
			return err
		}
		now := s.clock()
		if d, err = pairWith(ctx, tx, at, agent, now); err != nil {
			return err
		}
		d.Judge, d.Device.JudgeID, d.Device.Since = &j, j.ID, now
		_, err = tx.NewUpdate().Model(&d.Device).Column("judge_id", "since").WherePK().Exec(ctx)
		return err
	})
	return d, err
}

// SeatedAt finds the device of a token; nil where it is not paired, or no more.
func (s *Store) SeatedAt(ctx context.Context, competition, token string) (*Seated, error) {
	var d Seated
	err := s.r.NewSelect().Model(&d.Device).Join("JOIN competitions AS c ON c.id = seat_device.competition_id").
		Where("c.code = ?", competition).Where("hash = ?", hashToken(token)).Where("ended IS NULL").Scan(ctx)
	if err == nil {
		err = s.r.NewSelect().Model(&d.Seat).Where("id = ?", d.Device.SeatID).Where("closed IS NULL").Scan(ctx)
	}
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find a paired device: %w", err)
	}
	if d.Device.JudgeID == 0 || s.clock().Sub(d.Device.Since) >= seatLife {
		return &d, nil
	}
	var judge SeatJudge
	err = s.r.NewSelect().Model(&judge).Where("id = ?", d.Device.JudgeID).Where("closed IS NULL").Scan(ctx)
	if err == nil {
		d.Judge = &judge
	}
	if err != nil && !isNoRows(err) {
		return nil, fmt.Errorf("find who sits at a device: %w", err)
	}
	return &d, nil
}

// SeatChoices are the judges who may sit down at a seat, by name.
func (s *Store) SeatChoices(ctx context.Context, seat Seat) ([]SeatJudge, error) {
	var all []SeatJudge
	err := s.r.NewSelect().Model(&all).Where("competition_id = ?", seat.CompetitionID).Where("closed IS NULL").
		Where("discipline_id IS NULL OR discipline_id = ?", seat.DisciplineID).Order("name").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("who may sit at seat %d: %w", seat.ID, err)
	}
	return all, nil
}

// How often a PIN may be tried: at one device by one judge, at one device in a
// day, and for one judge in a row wherever (NIST SP 800-63B, 3.2.2). A stranger
// who mistypes stops the device in their hand, not the judge.
const (
	triesAtPIN    = 5
	triesAtDevice = 20
)

func judgeTries(judge int64) string { return "a:j" + strconv.FormatInt(judge, 10) }

// countPIN counts a try, or refuses it.
func (s *Store) countPIN(ctx context.Context, device, judge int64) (left int, err error) {
	pair, all := fmt.Sprintf("s:%d:%d", device, judge), fmt.Sprintf("d:%d", device)
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		now := s.clock()
		if _, err := tx.NewDelete().Model((*Failure)(nil)).Where("last < ?", now.Add(-forgetAfter)).Where("subject NOT LIKE 'a:%'").Exec(ctx); err != nil {
			return fmt.Errorf("forget old tries: %w", err)
		}
		var before time.Time
		n, err := countTry(ctx, tx, pair, now, &before)
		if err != nil {
			return err
		}
		if before.After(now) {
			return limited("sign-in-wait", before.Sub(now))
		}
		if pause := wait(n, triesAtPIN); pause > 0 {
			if _, err := tx.NewUpdate().Model((*Failure)(nil)).Set("until = ?", now.Add(pause)).Where("subject = ?", pair).Exec(ctx); err != nil {
				return fmt.Errorf("count a try: %w", err)
			}
		}
		left = max(0, triesAtPIN-n)
		if n, err = countTry(ctx, tx, all, now, new(time.Time)); err != nil || n > triesAtDevice {
			return orLocked(err, "pin-device-locked")
		}
		if n, err = countTry(ctx, tx, judgeTries(judge), now, new(time.Time)); err != nil || n > triesAtAccount {
			return orLocked(err, "pin-locked")
		}
		return nil
	})
	return left, err
}

func orLocked(err error, problem string) error {
	if err != nil {
		return err
	}
	return limited(problem, 0)
}

// SitDown lets a judge write from a paired device. The device gets a new token:
// what was known before is worth nothing after.
func (s *Store) SitDown(ctx context.Context, d *Seated, judge int64, digits string) error {
	choices, err := s.SeatChoices(ctx, d.Seat)
	if err != nil {
		return err
	}
	i, ok := index(choices, func(j *SeatJudge) int64 { return j.ID })[judge]
	if !ok {
		return invalid("judge", "pin-judge")
	}
	left, err := s.countPIN(ctx, d.Device.ID, judge)
	if err != nil {
		return err
	}
	var kept pin
	if err := s.r.NewSelect().Model(&kept).Where("judge_id = ?", judge).Scan(ctx); err != nil {
		return fmt.Errorf("find the PIN of judge %d: %w", judge, err)
	}
	right, _, err := checkPassword(ctx, kept.PIN, digits)
	switch {
	case err != nil:
		return err
	case !right:
		return wrong("pin", "pin-wrong", left)
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		now := s.clock()
		tried := []string{fmt.Sprintf("s:%d:%d", d.Device.ID, judge), fmt.Sprintf("d:%d", d.Device.ID), judgeTries(judge)}
		if _, err := tx.NewDelete().Model((*Failure)(nil)).Where("subject IN (?)", bun.List(tried)).Exec(ctx); err != nil {
			return fmt.Errorf("forget tries: %w", err)
		}
		d.Judge, d.Device.JudgeID, d.Device.Since, d.Device.Seen = &choices[i], judge, now, now
		d.Token, d.Device.Hash = newToken()
		res, err := tx.NewUpdate().Model(&d.Device).Column("judge_id", "since", "seen", "hash").WherePK().Where("ended IS NULL").Exec(ctx)
		if err != nil {
			return fmt.Errorf("sit down at device %d: %w", d.Device.ID, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return signedOut()
		}
		return nil
	})
}

// StandUp ends what a judge may do from a device; the pairing stays.
func (s *Store) StandUp(ctx context.Context, d *Seated) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model((*SeatDevice)(nil)).Set("judge_id = NULL").Set("since = NULL").Where("id = ?", d.Device.ID).Exec(ctx)
		return err
	})
}

// DevicesEnded says which of some devices may not watch any more.
func (s *Store) DevicesEnded(ctx context.Context, ids []int64) (ended []int64, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var alive []int64
	err = s.r.NewSelect().Model((*SeatDevice)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Where("ended IS NULL").Where("since > ?", s.clock().Add(-seatLife)).Scan(ctx, &alive)
	if err != nil {
		return nil, fmt.Errorf("look for ended devices: %w", err)
	}
	at := index(alive, func(id *int64) int64 { return *id })
	for _, id := range ids {
		if _, ok := at[id]; !ok {
			ended = append(ended, id)
		}
	}
	return ended, nil
}
