// Ready to open? What an edition has, counted for package ready, and when the
// database was last copied.
package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/entry"
	"tongchang/events/needs"
	"tongchang/events/ready"
	"tongchang/events/registration"
	"tongchang/events/timetable"
	"tongchang/scoring/packs"
)

// Copied is a copy of the database that was made, or noted by hand.
type Copied struct {
	bun.BaseModel `bun:"table:backups"`

	ID int64     `bun:",pk,autoincrement"`
	At time.Time `bun:",notnull"`
	By string    `bun:",notnull"`
}

// CopiesItself reports whether copies are this program's to make; else the
// database has tools of its own for it.
func (s *Store) CopiesItself() bool { return !isPostgres(s.dsn) }

// NoteBackup keeps that the database has just been copied: by a command, or by
// tools of the database's own that nobody here can see.
func (s *Store) NoteBackup(ctx context.Context, by string) error {
	row := Copied{At: s.now().UTC().Truncate(time.Microsecond), By: by}
	err := s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&row).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a backup: %w", err)
	}
	return nil
}

// Ready says how far an edition is from being opened.
func (s *Store) Ready(ctx context.Context, who access.Who, competition string) ([]ready.Item, error) {
	c, err := s.settingUp(ctx, who, competition)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, fmt.Errorf("look whether %s is ready: %w", c.Code, err)
	}
	l := readiness{ctx: ctx, db: s.r, c: &c, zone: zone, now: s.now().In(zone)}
	l.Today, l.Starts, l.Ends = l.now.Format(time.DateOnly), c.Starts, c.Ends
	l.Regulation, l.Keys = c.Regulation != "", s.ring != nil
	l.Clashes = -1
	ed, err := s.edition(ctx, s.r, c)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	for _, look := range []func() error{
		func() error { return l.rules(ed) }, l.people, l.copies, l.consents, l.entries, l.fields, l.classes, l.timetable, l.clashes, l.staff, l.seats,
	} {
		if err := look(); err != nil {
			return nil, fmt.Errorf("look whether %s is ready: %w", c.Code, err)
		}
	}
	return ready.Check(&l.Snapshot), nil
}

// readiness counts what an edition has.
type readiness struct {
	ready.Snapshot
	ctx  context.Context
	db   bun.IDB
	c    *Competition
	zone *time.Location
	now  time.Time
}

// of is a query about the competition's rows of a table.
func (l *readiness) of(table string) *bun.SelectQuery {
	return l.db.NewSelect().TableExpr(table+" AS t").Where("t.competition_id = ?", l.c.ID)
}

// count counts the rows of a query into a number of the snapshot.
func (l *readiness) count(into *int, q *bun.SelectQuery) error {
	return q.ColumnExpr("count(*)").Scan(l.ctx, into)
}

// seats counts those that judges can write from.
func (l *readiness) seats() error { return l.count(&l.Seats, l.of("seats").Where("t.closed IS NULL")) }

func (l *readiness) rules(ed *entry.Edition) error {
	l.InForce = ed != nil
	if ed != nil {
		stage := ed.Stage(l.now)
		l.Stages = stage != entry.Always
		may, _ := ed.Lets(l.now, entry.Add)
		l.Closed = !may
		if until, ok := ed.Until(stage); ok {
			l.NextStage, l.NextUntil = string(stage), until.String()
		}
	}
	there, err := l.of("setup_drafts").Exists(l.ctx)
	l.Draft = there
	return err
}

// people counts delegations and those who can sign in for them.
func (l *readiness) people() error {
	open := func() *bun.SelectQuery { return l.of("accounts").Where("t.closed IS NULL") }
	return errors.Join(
		l.count(&l.Delegations, l.of("delegations")),
		open().ColumnExpr("count(DISTINCT t.delegation_id)").Where("t.role = ?", access.Delegation).Scan(l.ctx, &l.Accounts),
		l.count(&l.Organisers, open().Where("t.role = ?", access.Organiser)),
	)
}

func (l *readiness) copies() error {
	var last []Copied
	if err := l.db.NewSelect().Model(&last).Order("id DESC").Limit(1).Scan(l.ctx); err != nil {
		return err
	}
	if len(last) > 0 {
		l.BackedUp = last[0].At.In(l.zone).Format(time.DateOnly)
	}
	return nil
}

// consents counts who takes part, and has not agreed that their data are handled.
func (l *readiness) consents() (err error) {
	if l.Privacy, err = l.of("privacy_texts").Exists(l.ctx); err != nil || !l.Privacy {
		return err
	}
	return l.count(&l.Consenting, l.of("registrations").Where("t.state = ?", registration.Accepted).
		Where("NOT EXISTS (SELECT 1 FROM consents AS k WHERE k.registration_id = t.id AND k.purpose = ? AND k.withdrawn = '')", ForEntry))
}

func (l *readiness) entries() error {
	var open []needs.State
	for _, state := range needs.States {
		if state.Open() {
			open = append(open, state)
		}
	}
	return errors.Join(
		l.count(&l.Waiting, l.of("registrations").Where("t.state = ?", registration.Submitted)),
		l.count(&l.Needs, l.of("needs").Where("t.state IN (?)", bun.List(open))),
	)
}

// fields counts the events that are held and have entries, and what they lack.
func (l *readiness) fields() error {
	all, err := loadFields(l.ctx, l.db, *l.c)
	if err != nil {
		return err
	}
	var ranked []int64
	err = l.db.NewSelect().TableExpr("units AS u").Distinct().ColumnExpr("p.event_id").Join("JOIN phases AS p ON p.id = u.phase_id").
		Where("u.competition_id = ?", l.c.ID).Scan(l.ctx, &ranked)
	if err != nil {
		return err
	}
	for i := range all {
		f := &all[i]
		if f.Entries == 0 || f.Event.State == EventMerged || f.Event.State == EventCancelled {
			continue
		}
		l.Entered++
		if f.Decided == nil && f.Small() {
			l.Small++
		}
		if !f.Drawn {
			l.Undrawn++
		}
		if !slices.Contains(ranked, f.Event.ID) {
			l.Unranked++
		}
	}
	return nil
}

// classes counts who is entered in an event of sport classes without a class
// that a panel has seen. Sports that go by the certificate have no panels.
func (l *readiness) classes() error {
	ps, err := packs.Builtin()
	if err != nil {
		return err
	}
	byCertificate := []string{""}
	for _, d := range ps.Disciplines {
		if d.Classes == "certificate" {
			byCertificate = append(byCertificate, d.Code)
		}
	}
	if err := l.count(&l.Panels, l.of("panels")); err != nil {
		return err
	}
	return l.of("entries").ColumnExpr("count(DISTINCT t.participant_id)").
		Join("JOIN events AS e ON e.id = t.event_id").Join("JOIN disciplines AS d ON d.id = e.discipline_id").
		Where("t.participant_id IS NOT NULL").Where("t.state = ?", EntryIn).Where("e.classes <> ''").Where("d.code NOT IN (?)", bun.List(byCertificate)).
		Where("NOT EXISTS (SELECT 1 FROM sport_classes AS k WHERE k.participant_id = t.participant_id AND k.discipline_id = e.discipline_id AND NOT k.superseded AND k.status NOT IN (?))",
			bun.List([]classes.Status{"", classes.New})).
		Scan(l.ctx, &l.Unclassed)
}

func (l *readiness) timetable() error {
	outside := l.of("units").Where("t.start IS NOT NULL")
	first, err1 := time.ParseInLocation(time.DateOnly, l.c.Starts, l.zone)
	last, err2 := time.ParseInLocation(time.DateOnly, l.c.Ends, l.zone)
	if err1 == nil && err2 == nil {
		outside = outside.Where("t.start < ? OR t.start >= ?", first.UTC(), last.AddDate(0, 0, 1).UTC())
	} else {
		outside = outside.Where("1 = 0") // the games have no days yet
	}
	return errors.Join(
		l.count(&l.Sessions, l.of("sessions")),
		l.count(&l.Units, l.of("units")),
		l.count(&l.Unplaced, l.of("units").Where("t.start IS NULL")),
		l.count(&l.Unhoused, l.of("units").Where("t.venue = ''")),
		l.count(&l.Announced, outside),
	)
}

// clashes counts what the timetable's own checker finds in the plan as it
// stands. Units without a time are counted elsewhere.
func (l *readiness) clashes() error {
	if l.Units == l.Unplaced {
		return nil
	}
	table, err := loadLedgerTimetable(l.ctx, l.db, l.c)
	if err != nil {
		return err
	}
	l.Clashes = 0
	for _, clash := range timetable.Check(table.doc) {
		if clash.Rule != timetable.NoPlace {
			l.Clashes++
		}
	}
	return nil
}

// staff names the sports with entries for which nobody can sign in who judges.
func (l *readiness) staff() error {
	var everywhere int
	judges := func() *bun.SelectQuery {
		return l.of("accounts").Where("t.closed IS NULL").Where("t.role IN (?)", bun.List([]access.Role{access.Chief, access.Judge}))
	}
	if err := l.count(&everywhere, judges().Where("t.discipline_id IS NULL")); err != nil || everywhere > 0 {
		return err
	}
	return l.of("disciplines").ColumnExpr("t.name").
		Where("EXISTS (SELECT 1 FROM events AS e JOIN entries AS n ON n.event_id = e.id WHERE e.discipline_id = t.id AND n.state = ?)", EntryIn).
		Where("NOT EXISTS (SELECT 1 FROM accounts AS a WHERE a.discipline_id = t.id AND a.closed IS NULL AND a.role IN (?))", bun.List([]access.Role{access.Chief, access.Judge})).
		Order("t.id").Scan(l.ctx, &l.Unstaffed)
}
