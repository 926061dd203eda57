package events

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"tongchang/events/ledgertest"
)

// What a judge's mark costs: commands per second and how long a judge waits
// for the receipt, with sixteen judges writing at once, beside the least that
// the same database can do for the same sixteen: one row, durably. Run it with
// TONGCHANG_TEST_FSYNC=1, or PostgreSQL does not wait for the disk.

// judges is how many write at once.
const judges = 16

// turn is how long each kind of work runs before it is the other's turn, so
// that a noisy moment of the machine meets all.
const (
	turn  = 400 * time.Millisecond
	turns = 4
)

// work is one kind of work and what was measured of it.
type work struct {
	name  string
	by    int                                    // how many do it at once
	do    func(ctx context.Context, i int) error // caller i's next
	n     int
	times []time.Duration
	spent time.Duration
}

// run lets the callers work for one turn.
func (w *work) run(b *testing.B) {
	b.Helper()
	times := make([][]time.Duration, w.by)
	begun := time.Now()
	var wg sync.WaitGroup
	for i := range w.by {
		wg.Go(func() {
			for time.Since(begun) < turn {
				one := time.Now()
				if err := w.do(b.Context(), i); err != nil {
					b.Errorf("%s: %v", w.name, err)
					return
				}
				times[i] = append(times[i], time.Since(one))
			}
		})
	}
	wg.Wait()
	w.spent += time.Since(begun)
	for _, t := range times {
		w.n, w.times = w.n+len(t), append(w.times, t...)
	}
}

func (w *work) perSecond() float64 { return float64(w.n) / w.spent.Seconds() }

func (w *work) p99() float64 {
	slices.Sort(w.times)
	return float64(w.times[len(w.times)*99/100]) / float64(time.Millisecond)
}

// writers makes a store's judges: each writes its own swimmer's mark, over and
// over, with a reason.
func writers(b *testing.B, s *Store, code string) func(context.Context, int) error {
	r := newRace(b, s, code, judges)
	saw := make([]int64, judges)
	return func(ctx context.Context, i int) error {
		c := command(code)
		c.Reason = "read again"
		_, err := s.EnterMark(ctx, c, EnterMark{Unit: r.unit, Start: r.starts[i], Mark: "59.12", Saw: saw[i]})
		saw[i]++
		return err
	}
}

// bare is one durable row, as long as a mark's log entry is.
func bare(b *testing.B, s *Store) func(context.Context, int) error {
	if _, err := s.w.ExecContext(b.Context(), "CREATE TABLE IF NOT EXISTS bare (n BIGINT, text TEXT)"); err != nil {
		b.Fatal(err)
	}
	text := "a mark as it is kept, with its receipt and the hash that chains it to the one before it ................................"
	return func(ctx context.Context, i int) error {
		_, err := s.w.ExecContext(ctx, "INSERT INTO bare VALUES (?, ?)", i, text)
		return err
	}
}

func BenchmarkJudges(b *testing.B) {
	for _, kind := range ledgertest.Databases {
		b.Run(kind, func(b *testing.B) {
			dsn := ledgertest.New(b, kind)
			grouped, alone := open(b, dsn), open(b, dsn, WithBatch(1))
			work := []*work{
				{name: "bare-1", by: 1, do: bare(b, grouped)},
				{name: "bare", by: judges, do: bare(b, grouped)},
				{name: "group", by: judges, do: writers(b, grouped, "group")},
				{name: "single", by: judges, do: writers(b, alone, "single")},
			}
			for b.Loop() {
				for range turns {
					for _, w := range work {
						w.run(b)
					}
				}
			}
			for _, w := range work {
				b.ReportMetric(w.perSecond(), w.name+"/s")
				b.ReportMetric(w.p99(), w.name+"-p99-ms")
			}
			b.ReportMetric(work[2].perSecond()/work[1].perSecond(), "group÷bare")
			b.ReportMetric(work[3].perSecond()/work[1].perSecond(), "single÷bare")
			b.ReportMetric(work[2].perSecond()/work[0].perSecond(), "group÷bare-1")
			b.ReportMetric(work[3].perSecond()/work[0].perSecond(), "single÷bare-1")
		})
	}
}
