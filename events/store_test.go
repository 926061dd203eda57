package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"tongchang/events/ledgertest"
	"tongchang/scoring"
)

func TestMain(m *testing.M) { ledgertest.Main(m) }

// open opens a store on a new database and closes it with the test.
func open(t testing.TB, dsn string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(t.Context(), dsn, opts...)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// race is a small competition for tests: one event, one final, one unit with
// starts in lanes 3 and up.
type race struct {
	*Store
	unit   int64
	phase  int64
	starts []int64
}

func newRace(t testing.TB, s *Store, code string, swimmers int) *race {
	t.Helper()
	ctx := t.Context()
	c, err := s.Found(ctx, Competition{Code: code, Name: "测试赛", NameEn: "Test meet"})
	if err != nil {
		t.Fatal(err)
	}
	insert := func(m any) {
		t.Helper()
		if _, err := s.w.NewInsert().Model(m).Exec(ctx); err != nil {
			t.Fatalf("insert %T: %v", m, err)
		}
	}
	d := &Discipline{CompetitionID: c.ID, Code: "SWM", Name: "游泳", NameEn: "Swimming"}
	insert(d)
	e := &Event{CompetitionID: c.ID, DisciplineID: d.ID, Code: "1", Type: "100-FREE", Sex: "W", Name: "女子 100 米自由泳", NameEn: "Women's 100 m freestyle", Medals: true}
	insert(e)
	p := &Phase{CompetitionID: c.ID, EventID: e.ID, Code: "1", Kind: "FIN", Position: 1, Decides: true,
		Ruleset: `{"name":"swimming","version":"test","kind":"timed"}`}
	insert(p)
	u := &Unit{CompetitionID: c.ID, PhaseID: p.ID, Code: "1", Number: 1, Measure: scoring.Milliseconds, Status: Scheduled, ResultStatus: StartListStatus}
	insert(u)
	del := &Delegation{CompetitionID: c.ID, Code: "HRB", Name: "哈尔滨", NameEn: "Harbin"}
	insert(del)
	r := &race{Store: s, unit: u.ID, phase: p.ID}
	for i := range swimmers {
		a := &Participant{CompetitionID: c.ID, DelegationID: del.ID, Code: fmt.Sprint(100 + i), Role: "athlete", Family: "佟", Given: fmt.Sprint(i), Sex: "W"}
		insert(a)
		en := &Entry{CompetitionID: c.ID, EventID: e.ID, DelegationID: del.ID, ParticipantID: a.ID, Code: a.Code}
		insert(en)
		lane := i + 3
		st := &Start{CompetitionID: c.ID, PhaseID: p.ID, EntryID: en.ID, UnitID: u.ID, Lane: &lane}
		insert(st)
		r.starts = append(r.starts, st.ID)
	}
	return r
}

func command(code string) Command {
	return Command{ID: uuid.NewString(), Competition: code, Author: "judge 1"}
}

func TestMarkRoad(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		r := newRace(t, s, "meet", 3)
		var woken []string
		var mu sync.Mutex
		s.OnCommit(func(code string) { mu.Lock(); woken = append(woken, code); mu.Unlock() })

		enter := func(start int, mark string, saw int64, reason string) (Receipt, error) {
			c := command("meet")
			c.Reason = reason
			return s.EnterMark(ctx, c, EnterMark{Unit: r.unit, Start: r.starts[start], Mark: mark, Saw: saw})
		}
		for i, mark := range []string{"1:02.34", "1:02.35", "59.99"} {
			rec, err := enter(i, mark, 0, "")
			if err != nil {
				t.Fatalf("mark %d: %v", i, err)
			}
			if rec.Seq != int64(i+1) {
				t.Errorf("mark %d has number %d", i, rec.Seq)
			}
		}
		if _, err := enter(0, "1:02.30", 0, "misread"); !errors.Is(err, ErrStale) {
			t.Errorf("a write that saw nothing over a mark: %v, want stale", err)
		} else if got := err.(*Refusal).Present.Text; got != "1:02.34" {
			t.Errorf("stale refusal shows %q", got)
		}
		if _, err := enter(0, "1:02.30", 1, ""); !errors.Is(err, ErrInvalid) {
			t.Errorf("correction without a reason: %v", err)
		}
		rec, err := enter(0, "1:02.35", 1, "photo finish read again")
		if err != nil || rec.Seq != 4 {
			t.Fatalf("correction: %+v, %v", rec, err)
		}
		u, err := s.Unit(ctx, "meet", r.unit)
		if err != nil || u.ResultStatus != Unofficial {
			t.Fatalf("unit %+v, %v", u, err)
		}
		if _, err := s.Confirm(ctx, command("meet"), ConfirmUnit{Unit: r.unit, Saw: u.Version - 1}); !errors.Is(err, ErrStale) {
			t.Errorf("confirm an older version: %v", err)
		}
		rec, err = s.Confirm(ctx, command("meet"), ConfirmUnit{Unit: r.unit, Saw: u.Version})
		if err != nil {
			t.Fatalf("confirm: %v", err)
		}
		var out Confirmed
		if err := json.Unmarshal(rec.Outcome, &out); err != nil {
			t.Fatal(err)
		}
		var ranks []int
		for _, l := range out.Ranking[0].Lines {
			ranks = append(ranks, l.Rank)
		}
		if want := []int{1, 2, 2}; !slices.Equal(ranks, want) || out.Ruleset.Version != "test" {
			t.Errorf("official ranks %v of %+v, want %v", ranks, out.Ruleset, want)
		}
		if _, err := enter(0, "1:00.00", 2, "late"); !errors.Is(err, ErrClosed) {
			t.Errorf("mark for an official unit: %v", err)
		}
		c := command("meet")
		c.Reason = "protest upheld"
		if _, err := s.Reopen(ctx, c, ReopenUnit{Unit: r.unit, Saw: out.Version}); err != nil {
			t.Errorf("reopen: %v", err)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(woken) != 6 {
			t.Errorf("woken %d times for 6 accepted commands", len(woken))
		}
		if rep, err := s.Check(ctx); err != nil || !rep.OK() || rep.Entries != 6 {
			t.Errorf("check: %+v, %v", rep, err)
		}
	})
}

func TestBadMarks(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		r := newRace(t, s, "meet", 1)
		other := newRace(t, s, "other", 1)
		for name, tt := range map[string]struct {
			m       EnterMark
			status  Status
			problem string
		}{
			"NaN":                {EnterMark{Mark: "NaN"}, StatusInvalid, "not-a-time"},
			"negative":           {EnterMark{Mark: "-1"}, StatusInvalid, "not-a-time"},
			"exponent":           {EnterMark{Mark: "1e9"}, StatusInvalid, "not-a-time"},
			"hex float":          {EnterMark{Mark: "0x1p-2"}, StatusInvalid, "not-a-time"},
			"full-width":         {EnterMark{Mark: "１：０２．３４"}, StatusInvalid, "full-width"},
			"nothing":            {EnterMark{}, StatusInvalid, "mark-missing"},
			"zero":               {EnterMark{Mark: "0.00"}, StatusInvalid, "mark-zero"},
			"thousandths":        {EnterMark{Mark: "59.123"}, StatusInvalid, "too-fine"},
			"finer":              {EnterMark{Mark: "59.1234"}, StatusInvalid, "too-fine"},
			"sixty seconds":      {EnterMark{Mark: "1:60.00"}, StatusInvalid, "not-a-time"},
			"DSQ without rule":   {EnterMark{IRM: scoring.DSQ}, StatusInvalid, "rule-missing"},
			"unknown IRM":        {EnterMark{IRM: "OOPS"}, StatusInvalid, "unknown-irm"},
			"mark and DNS":       {EnterMark{Mark: "59.00", IRM: scoring.DNS}, StatusInvalid, "mark-with-irm"},
			"unknown start":      {EnterMark{Mark: "59.00", Start: 99999}, StatusNotFound, "no-such-start"},
			"start of elsewhere": {EnterMark{Mark: "59.00", Unit: other.unit, Start: other.starts[0]}, StatusNotFound, "no-such-start"},
		} {
			if tt.m.Unit == 0 {
				tt.m.Unit = r.unit
			}
			if tt.m.Start == 0 {
				tt.m.Start = r.starts[0]
			}
			_, err := s.EnterMark(ctx, command("meet"), tt.m)
			var ref *Refusal
			if !errors.As(err, &ref) || ref.Status != tt.status || ref.Problem != tt.problem {
				t.Errorf("%s: %v, want %s %s", name, err, tt.status, tt.problem)
			}
		}
		if _, err := s.EnterMark(ctx, command("nowhere"), EnterMark{Unit: r.unit, Start: r.starts[0], Mark: "59.00"}); !errors.Is(err, ErrNotFound) {
			t.Errorf("unknown competition: %v", err)
		}
		if _, err := s.EnterMark(ctx, Command{ID: "7", Competition: "meet", Author: "x"}, EnterMark{Unit: r.unit, Start: r.starts[0], Mark: "59.00"}); !errors.Is(err, ErrInvalid) {
			t.Errorf("command ID that is none: %v", err)
		}
		c, err := s.Competition(ctx, "meet")
		if err != nil || c.LastSeq != 0 {
			t.Errorf("bad marks moved the log to %d (%v)", c.LastSeq, err)
		}
	})
}

func TestSameCommandAgain(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		r := newRace(t, s, "meet", 1)
		c, m := command("meet"), EnterMark{Unit: r.unit, Start: r.starts[0], Mark: "59.00"}
		first, err := s.EnterMark(ctx, c, m)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				rec, err := s.EnterMark(ctx, c, m)
				if err != nil || rec.Seq != first.Seq || string(rec.Outcome) != string(first.Outcome) || !rec.Repeated {
					t.Errorf("again: %+v, %v; first %+v", rec, err, first)
				}
			})
		}
		wg.Wait()
		m.Mark = "58.00"
		if _, err := s.EnterMark(ctx, c, m); !errors.Is(err, ErrReused) {
			t.Errorf("same ID with another mark: %v", err)
		}
		var refused []Refused
		if err := s.r.NewSelect().Model(&refused).Scan(ctx); err != nil || len(refused) != 1 || refused[0].CommandID != c.ID {
			t.Errorf("refused commands on record: %+v, %v", refused, err)
		}
		if es, _ := s.Entries(ctx, 1, 0, 10); len(es) != 1 {
			t.Errorf("%d log entries, want 1", len(es))
		}
	})
}

// TestCrowd lets many judges write at once, some of them wrongly, and asks that
// the log has neither holes nor doubles and that a bad command spoils no
// neighbour of its transaction.
func TestCrowd(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		r := newRace(t, s, "meet", 64)
		var wg sync.WaitGroup
		var mu sync.Mutex
		seqs := map[int64]bool{}
		for i := range r.starts {
			wg.Go(func() {
				for saw := range int64(4) {
					c := command("meet")
					c.Reason = "again"
					if _, err := s.EnterMark(ctx, command("meet"), EnterMark{Unit: r.unit, Start: r.starts[i], Mark: "x", Saw: saw}); !errors.Is(err, ErrInvalid) {
						t.Errorf("bad mark: %v", err)
					}
					rec, err := s.EnterMark(ctx, c, EnterMark{Unit: r.unit, Start: r.starts[i], Mark: fmt.Sprintf("%d.%02d", 50+i%10, saw), Saw: saw})
					if err != nil {
						t.Errorf("start %d revision %d: %v", i, saw, err)
						return
					}
					mu.Lock()
					if seqs[rec.Seq] {
						t.Errorf("number %d given twice", rec.Seq)
					}
					seqs[rec.Seq] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for seq := range int64(4 * len(r.starts)) {
			if !seqs[seq+1] {
				t.Fatalf("number %d missing", seq+1)
			}
		}
		if rep, err := s.Check(ctx); err != nil || !rep.OK() {
			t.Errorf("check: %+v, %v", rep, err)
		}
	})
}

// TestCloseAnswers asks that a command under way when the store closes is
// either committed and acknowledged or neither.
func TestCloseAnswers(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s, err := Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		r := newRace(t, s, "meet", 40)
		var wg sync.WaitGroup
		acked := make([]bool, len(r.starts))
		for i, start := range r.starts {
			wg.Go(func() {
				_, err := s.EnterMark(context.Background(), command("meet"), EnterMark{Unit: r.unit, Start: start, Mark: "59.00"})
				acked[i] = err == nil
			})
		}
		time.Sleep(2 * time.Millisecond)
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		wg.Wait()
		s = open(t, dsn)
		sheet, err := s.Sheet(t.Context(), r.phase, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range sheet.Lines {
			if acked[i] != l.Settled() {
				t.Errorf("start %d: acknowledged %v, stored %v", i, acked[i], l.Settled())
			}
		}
	})
}

// TestTampering changes, drops and swaps log entries behind the ledger's back;
// the checker must name the first bad row each time.
func TestTampering(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		r := newRace(t, s, "meet", 12)
		for _, start := range r.starts {
			if _, err := s.EnterMark(ctx, command("meet"), EnterMark{Unit: r.unit, Start: start, Mark: "59.00"}); err != nil {
				t.Fatal(err)
			}
		}
		var saved []LogEntry
		if err := s.r.NewSelect().Model(&saved).Order("seq").Scan(ctx); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			sql   string
			first int64
		}{
			"payload changed": {"UPDATE log SET payload = replace(payload, '59.00', '58.00') WHERE seq = 5", 5},
			"author changed":  {"UPDATE log SET author = 'somebody' WHERE seq = 3", 3},
			"dropped":         {"DELETE FROM log WHERE seq = 7", 7},
			"cut off":         {"DELETE FROM log WHERE seq = 12", 12},
			"swapped":         {"UPDATE log SET payload = (SELECT o.payload FROM log AS o WHERE o.seq = 9) WHERE seq = 8", 8},
		} {
			if _, err := s.w.ExecContext(ctx, tt.sql); err != nil {
				t.Fatal(err)
			}
			rep, err := s.Check(ctx)
			if err != nil || rep.OK() || rep.FirstBad != tt.first {
				t.Errorf("%s: %+v, %v; want first bad %d", name, rep, err, tt.first)
			}
			err = s.w.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				if _, err := tx.ExecContext(ctx, "DELETE FROM log"); err != nil {
					return err
				}
				_, err := tx.NewInsert().Model(&saved).Exec(ctx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if rep, err := s.Check(ctx); err != nil || !rep.OK() {
			t.Errorf("put back: %+v, %v", rep, err)
		}
		if _, err := s.w.ExecContext(ctx, "UPDATE marks SET mark = 1000 WHERE start_id = ?", r.starts[2]); err != nil {
			t.Fatal(err)
		}
		if rep, err := s.Check(ctx); err != nil || rep.OK() {
			t.Errorf("a mark changed behind the log: %+v, %v", rep, err)
		}
	})
}

// TestTogether starts four stores on one empty database at once and lets all
// of them write: migrations must not collide, numbers must not either.
func TestTogether(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		stores := make([]*Store, 4)
		var wg sync.WaitGroup
		for i := range stores {
			wg.Go(func() {
				s, err := Open(t.Context(), dsn)
				if err != nil {
					t.Errorf("store %d: %v", i, err)
					return
				}
				stores[i] = s
			})
		}
		wg.Wait()
		if t.Failed() {
			t.FailNow()
		}
		r := newRace(t, stores[0], "meet", 40)
		for i, start := range r.starts {
			wg.Go(func() {
				if _, err := stores[i%4].EnterMark(t.Context(), command("meet"), EnterMark{Unit: r.unit, Start: start, Mark: "59.00"}); err != nil {
					t.Errorf("start %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if rep, err := stores[3].Check(t.Context()); err != nil || !rep.OK() || rep.Entries != 40 {
			t.Errorf("check: %+v, %v", rep, err)
		}
		for _, s := range stores {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	s := open(t, ledgertest.New(t, "sqlite"))
	_, err := s.r.ExecContext(t.Context(), "DELETE FROM log")
	if err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("a write through the readers' pool: %v", err)
	}
}

// TestListen asks that a commit on one node wakes another.
func TestListen(t *testing.T) {
	dsn := ledgertest.New(t, "postgres")
	one, two := open(t, dsn), open(t, dsn)
	r := newRace(t, one, "meet", 1)
	ctx, cancel := context.WithCancel(t.Context())
	woken := make(chan string, 10)
	var wg sync.WaitGroup
	wg.Go(func() { two.Listen(ctx, func(code string) { woken <- code }) })
	deadline := time.After(20 * time.Second)
	for i := int64(0); ; i++ { // the listener may not be there yet for the first
		c := command("meet")
		c.Reason = "again"
		if _, err := one.EnterMark(t.Context(), c, EnterMark{Unit: r.unit, Start: r.starts[0], Mark: "59.00", Saw: i}); err != nil {
			t.Fatal(err)
		}
		select {
		case code := <-woken:
			if code != "meet" {
				t.Errorf("woken for %q", code)
			}
			cancel()
			wg.Wait()
			return
		case <-time.After(100 * time.Millisecond):
		case <-deadline:
			t.Fatal("never woken")
		}
	}
}

func TestMigrationsAgree(t *testing.T) {
	columns := map[string][]string{}
	for _, kind := range ledgertest.Databases {
		s := open(t, ledgertest.New(t, kind))
		q := `SELECT m.name || '.' || p.name || CASE WHEN p."notnull" = 1 OR p.pk > 0 THEN ' not null' ELSE '' END
			FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY 1`
		if kind == "postgres" {
			q = `SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
				FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%' ORDER BY 1`
		}
		var cols []string
		if err := s.r.NewRaw(q).Scan(t.Context(), &cols); err != nil {
			t.Fatal(err)
		}
		slices.Sort(cols)
		columns[kind] = cols
	}
	if !slices.Equal(columns["sqlite"], columns["postgres"]) {
		t.Errorf("schemas differ:\n%v\n%v", columns["sqlite"], columns["postgres"])
	}
	if len(columns["sqlite"]) < 100 {
		t.Errorf("only %d columns seen", len(columns["sqlite"]))
	}
	for _, kind := range ledgertest.Databases {
		if b, err := os.ReadFile("migrations/" + kind + "/00001_ledger.sql"); err != nil || !strings.Contains(string(b), "CREATE TABLE log") {
			t.Errorf("%s migration: %v", kind, err)
		}
	}
}
