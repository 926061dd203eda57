// When units really began and ended, by the log: what an estimate of the day
// rests on.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/timetable"
)

// Held is when a unit began and ended, as far as it has; times are UTC.
type Held struct {
	Began, Ended time.Time
}

// heldBook is what the log of one competition says, read up to an entry.
type heldBook struct {
	sync.Mutex
	epoch string
	seq   int64
	first map[int64]time.Time // the unit's opening or first mark
	last  map[int64]time.Time // the last mark that was new, not a correction
	done  map[int64]bool      // was official once: what comes later is a correction
}

// timely are the kinds of log entries that a unit's times are read from.
var timely = []string{OpenUnit{}.kind(), EnterMark{}.kind(), EnterLines{}.kind(), ConfirmUnit{}.kind()}

// HeldUnits gives the times of the units that have begun. A unit has ended when
// its last line was settled; a later correction does not make it longer. The log
// is read on from where it was read last.
func (s *Store) HeldUnits(ctx context.Context, c Competition) (map[int64]Held, error) {
	kept, _ := s.heldBooks.LoadOrStore(c.ID, new(heldBook))
	b := kept.(*heldBook)
	b.Lock()
	defer b.Unlock()
	if b.epoch != c.Epoch || b.first == nil {
		b.epoch, b.seq, b.first, b.last, b.done = c.Epoch, 0, map[int64]time.Time{}, map[int64]time.Time{}, map[int64]bool{}
	}
	if err := s.readOn(ctx, &c, b); err != nil {
		return nil, err
	}
	var over []int64
	err := s.r.NewSelect().Model((*Unit)(nil)).Column("id").Where("competition_id = ?", c.ID).
		Where("result_status IN (?)", bun.List([]ResultStatus{Unofficial, Protested, Official})).Scan(ctx, &over)
	if err != nil {
		return nil, fmt.Errorf("find units that are over: %w", err)
	}
	held := make(map[int64]Held, len(b.first))
	for id, at := range b.first {
		held[id] = Held{Began: at}
	}
	for _, id := range over {
		if h, ok := held[id]; ok {
			h.Ended = b.last[id]
			held[id] = h
		}
	}
	return held, nil
}

// readOn reads the log after what was read before.
func (s *Store) readOn(ctx context.Context, c *Competition, b *heldBook) error {
	for b.seq < c.LastSeq {
		var es []LogEntry
		err := s.r.NewSelect().Model(&es).Column("seq", "kind", "at", "payload", "receipt").Where("competition_id = ?", c.ID).
			Where("seq > ?", b.seq).Where("seq <= ?", c.LastSeq).Where("kind IN (?)", bun.List(timely)).Order("seq").Limit(2000).Scan(ctx)
		if err != nil {
			return fmt.Errorf("read when units were held: %w", err)
		}
		for i := range es {
			if err := b.take(&es[i]); err != nil {
				return err
			}
			b.seq = es[i].Seq
		}
		if len(es) < 2000 {
			b.seq = c.LastSeq
		}
	}
	return nil
}

// take reads one log entry.
func (b *heldBook) take(e *LogEntry) error {
	var asked struct {
		Unit int64 `json:"unit"`
	}
	var got struct {
		Revision int64 `json:"revision"`
	}
	if err := json.Unmarshal([]byte(e.Payload), &asked); err != nil {
		return fmt.Errorf("read log entry %d: %w", e.Seq, err)
	}
	if e.Kind == (EnterMark{}).kind() {
		if err := json.Unmarshal([]byte(e.Receipt), &got); err != nil {
			return fmt.Errorf("read the receipt of log entry %d: %w", e.Seq, err)
		}
	}
	id := asked.Unit
	if b.first[id].IsZero() {
		b.first[id] = e.At
	}
	confirmed := e.Kind == (ConfirmUnit{}).kind()
	if got.Revision <= 1 && !b.done[id] && !(confirmed && b.last[id].After(b.first[id])) {
		b.last[id] = e.At
	}
	b.done[id] = b.done[id] || confirmed
	return nil
}

// Expected says when each unit of a competition's timetable can be expected now,
// by unit, and the document that it was worked out from. Without a timetable, and
// before its first unit, there is nothing to expect.
func (s *Store) Expected(ctx context.Context, c Competition) (map[int64]timetable.Expected, *timetable.Document, error) {
	there, err := s.r.NewSelect().Model((*placement)(nil)).Where("competition_id = ?", c.ID).Exists(ctx)
	if err != nil || !there {
		return nil, nil, err
	}
	l, err := loadLedgerTimetable(ctx, s.r, &c)
	if err != nil || len(l.doc.Plan) == 0 {
		return nil, nil, err
	}
	l.doc.Units = slices.DeleteFunc(l.doc.Units, func(u timetable.Unit) bool { return len(u.Areas) == 0 })
	if len(l.doc.Faults()) > 0 { // what cannot be planned with, cannot be estimated
		return nil, nil, nil
	}
	held, err := s.HeldUnits(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	now := timetable.At(s.now(), l.zone)
	if len(held) == 0 && now < timetable.InOrder(l.doc.Plan)[0].Start { // before the games a plan that clashes is late nowhere
		return nil, nil, nil
	}
	var actuals []timetable.Actual
	for id, h := range held {
		a := timetable.Actual{Unit: unitName(id), Started: timetable.At(h.Began, l.zone)}
		if !h.Ended.IsZero() {
			a.Ended = timetable.At(h.Ended, l.zone)
		}
		actuals = append(actuals, a)
	}
	slices.SortFunc(actuals, func(a, b timetable.Actual) int { return int(a.Started - b.Started) })
	expected := map[int64]timetable.Expected{}
	for _, e := range timetable.Estimate(l.doc, actuals, now) {
		if id := UnitOf(e.Unit); id != 0 {
			expected[id] = e
		}
	}
	return expected, l.doc, nil
}
