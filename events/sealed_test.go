package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/vault"
)

// withTestKeys gives a store keys that end with the test.
func withTestKeys(t testing.TB) Option {
	t.Helper()
	r, err := vault.Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return WithKeys(r)
}

// sealing is a store with a key file and a competition, for tests of the vault.
type sealing struct {
	*Store
	t    *testing.T
	dsn  string
	file string
	c    Competition
}

func newSealing(t *testing.T, dsn string) *sealing {
	t.Helper()
	f := &sealing{t: t, dsn: dsn, file: filepath.Join(t.TempDir(), "games.keys")}
	f.Store = f.open(f.file)
	c, err := f.Found(t.Context(), Competition{Code: "hlj9", Name: "运动会", Zone: "Asia/Shanghai", Starts: "2026-06-21"})
	if err != nil {
		t.Fatal(err)
	}
	f.c = c
	return f
}

// open opens the database with a key file; empty: without one.
func (f *sealing) open(keys string) *Store {
	f.t.Helper()
	var opts []Option
	if keys != "" {
		r, err := vault.Open(keys)
		if err != nil {
			f.t.Fatal(err)
		}
		opts = append(opts, WithKeys(r))
	}
	s, err := Open(f.t.Context(), f.dsn, opts...)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			f.t.Error(err)
		}
	})
	return s
}

func (f *sealing) command() Command {
	return Command{ID: uuid.NewString(), Competition: f.c.Code, Author: "office"}
}

// sealNote is an act that seals one value, for tests.
type sealNote struct {
	Subject string `json:"subject"`
	Value   Hidden `json:"value"`
}

func (sealNote) kind() string { return "test-seal" }

// seal keeps one value by a command, as every part of the ledger does.
func (f *sealing) seal(s *Store, c Command, subject, field, text string) (Receipt, error) {
	hidden, err := s.hide(f.c.Code, field, text)
	if err != nil {
		return Receipt{}, err
	}
	return s.change(f.t.Context(), c, sealNote{subject, hidden}, func(ctx context.Context, ch *Change) (any, error) {
		return struct{}{}, ch.keep(ctx, subject, map[string]Hidden{field: hidden})
	})
}

// many seals eight fields for each of n subjects at once.
func (f *sealing) many(n int) {
	f.t.Helper()
	values := map[string]map[string]Hidden{}
	for i := range n {
		fields := map[string]Hidden{}
		for j := range 8 {
			name := fmt.Sprint("field-", j)
			h, err := f.hide(f.c.Code, name, fmt.Sprintf("%017d%d", i, j))
			if err != nil {
				f.t.Fatal(err)
			}
			fields[name] = h
		}
		values[fmt.Sprint("r", i+1)] = fields
	}
	err := f.aside(f.t.Context(), func(ctx context.Context, tx bun.Tx) error { return f.keepIn(ctx, tx, f.c, values) })
	if err != nil {
		f.t.Fatal(err)
	}
}

const sealedCanary = "23010219990307512X"

// TestSealed: a value goes in by a command, is in the log as its print alone,
// comes back, is replaced and removed; the same command again is recognised.
func TestSealed(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newSealing(t, dsn)
		c := f.command()
		rec, err := f.seal(f.Store, c, "r1", "id", sealedCanary)
		if err != nil {
			t.Fatal(err)
		}
		again, err := f.seal(f.Store, c, "r1", "id", sealedCanary)
		if err != nil || !again.Repeated || again.Seq != rec.Seq {
			t.Errorf("the same again: %+v %v", again, err)
		}
		if _, err := f.seal(f.Store, c, "r1", "id", sealedCanary+"0"); !errors.Is(err, ErrReused) {
			t.Errorf("the same ID with another value: %v", err)
		}
		es, err := f.Entries(t.Context(), f.c.ID, rec.Seq-1, 10)
		if err != nil || len(es) != 1 || strings.Contains(es[0].Payload+es[0].Receipt, sealedCanary) || !strings.Contains(es[0].Payload, `"print":"`) {
			t.Errorf("%+v %v", es, err)
		}
		values, err := f.unseal(t.Context(), f.c, "r1")
		if err != nil || values["id"] != sealedCanary {
			t.Errorf("%v %v", values, err)
		}
		for _, text := range []string{"another", ""} {
			if _, err := f.seal(f.Store, f.command(), "r1", "id", text); err != nil {
				t.Fatal(err)
			}
			if values, err = f.unseal(t.Context(), f.c, "r1"); err != nil || values["id"] != text {
				t.Errorf("%q: %v %v", text, values, err)
			}
		}
		if none, err := f.unseal(t.Context(), f.c, "r2"); err != nil || len(none) != 0 {
			t.Errorf("%v %v", none, err)
		}
	})
}

// TestHiddenShown: a value on its way shows nothing, whatever prints it.
func TestHiddenShown(t *testing.T) {
	h := Hidden{Print: "aa", purpose: "id", text: sealedCanary}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("look", "value", h, "act", sealNote{"r1", h})
	b, err := json.Marshal(sealNote{"r1", h})
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(h), fmt.Sprintf("%v %+v %#v %s %q", h, h, h, h, h), fmt.Sprintf("%+v", sealNote{"r1", h}), log.String(), string(b)} {
		if strings.Contains(shown, sealedCanary) {
			t.Errorf("shown: %s", shown)
		}
	}
}

// TestKeysAtHand: without the key file, with another one and with a damaged box
// what is sealed stays shut, in a sentence; the rest of the ledger goes on.
func TestKeysAtHand(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newSealing(t, dsn)
		if _, err := f.seal(f.Store, f.command(), "r1", "id", sealedCanary); err != nil {
			t.Fatal(err)
		}
		other := filepath.Join(t.TempDir(), "other.keys")
		r, err := vault.Open(other)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Make("hlj9"); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			keys string
			want error
		}{
			"no file": {"", errNoRing}, "a new file": {filepath.Join(t.TempDir(), "new.keys"), errNoRing}, "another file": {other, errWrongRing},
		} {
			s := f.open(tt.keys)
			if _, err := s.unseal(t.Context(), f.c, "r1"); !errors.Is(err, tt.want) {
				t.Errorf("%s: read: %v", name, err)
			}
			if _, err := f.seal(s, f.command(), "r2", "id", "x"); !errors.Is(err, tt.want) {
				t.Errorf("%s: written: %v", name, err)
			}
			report, err := s.Check(t.Context())
			if err != nil || !report.OK() || report.Unopened != 1 {
				t.Errorf("%s: check: %v %v %v", name, report, report.Problems, err)
			}
			if none, err := s.unseal(t.Context(), f.c, "r9"); err != nil || len(none) != 0 {
				t.Errorf("%s: where nothing is sealed: %v %v", name, none, err)
			}
		}
		report, err := f.Check(t.Context())
		if err != nil || !report.OK() || report.Sealed != 1 || report.Proven != 1 || report.Unopened != 0 {
			t.Errorf("check: %v %v %v", report, report.Problems, err)
		}
		if _, err := f.w.NewRaw("UPDATE secrets SET field = 'phone'").Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := f.unseal(t.Context(), f.c, "r1"); !errors.Is(err, errWrongRing) {
			t.Errorf("moved to another field: %v", err)
		}
		if report, err = f.Check(t.Context()); err != nil || report.OK() {
			t.Errorf("a damaged value is not found: %v %v", report, err)
		}
	})
}

// TestKeepMany: the people of a whole games are sealed and opened in sets.
func TestKeepMany(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newSealing(t, dsn)
		const people = 1330
		begun := time.Now()
		f.many(people)
		kept := time.Since(begun)
		begun = time.Now()
		all, err := f.unsealAll(t.Context(), f.c, "r")
		if err != nil || len(all) != people || all["r1330"]["field-7"] != fmt.Sprintf("%017d7", people-1) {
			t.Fatalf("%d %v", len(all), err)
		}
		t.Logf("%d subjects with 8 values each: sealed in %v, opened in %v", people, kept.Round(time.Millisecond), time.Since(begun).Round(time.Millisecond))
		f.many(people) // again: the same subjects keep their keys
		state, err := f.KeyState(t.Context(), f.c)
		if err != nil || state.Subjects != people || state.Values != 8*people || state.Versions[1] != people {
			t.Errorf("%+v %v", state, err)
		}
	})
}

// TestBigValue: a whole workbook is sealed like anything else.
func TestBigValue(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newSealing(t, dsn)
		big := strings.Repeat("\x00\xff工作簿'?\\", 10<<20/14)
		if _, err := f.seal(f.Store, f.command(), "u1", "upload-file", big); err != nil {
			t.Fatal(err)
		}
		values, err := f.unseal(t.Context(), f.c, "u1")
		if err != nil || values["upload-file"] != big {
			t.Errorf("%d bytes, %v", len(values["upload-file"]), err)
		}
	})
}

// TestRotateKeys: with a new master key everything still opens, and goes on to
// when the old one is retired; a copy of the database from before then does not.
func TestRotateKeys(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newSealing(t, dsn)
		const people = 1330
		f.many(people)
		var before []subjectKey
		if err := f.r.NewSelect().Model(&before).Where("subject = 'r7'").Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		running := f.open(f.file) // another process
		if _, err := running.unseal(t.Context(), f.c, "r7"); err != nil {
			t.Fatal(err)
		}
		c, begun := f.command(), time.Now()
		rec, err := f.RotateKeys(t.Context(), c, access.Console, RotateKeys{From: 1})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("keys of %d subjects wrapped anew in %v", people, time.Since(begun).Round(time.Millisecond))
		if again, err := f.RotateKeys(t.Context(), c, access.Console, RotateKeys{From: 1}); err != nil || again.Seq != rec.Seq {
			t.Errorf("again: %+v %v", again, err)
		}
		if string(rec.Outcome) != `{"version":2,"subjects":1330}` {
			t.Error(string(rec.Outcome))
		}
		if _, err := f.seal(running, f.command(), "r1331", "id", sealedCanary); err != nil {
			t.Fatal(err)
		}
		if _, err := f.RetireKeys(t.Context(), f.command(), access.Console, RetireKeys{}); err != nil {
			t.Fatal(err)
		}
		all, err := running.unsealAll(t.Context(), f.c, "r")
		if err != nil || len(all) != people+1 {
			t.Fatalf("%d %v", len(all), err)
		}
		keys, err := f.keysIn(t.Context(), f.r, f.c)
		if err != nil || keys.Newest() != 2 || len(keys.Versions()) != 1 {
			t.Fatalf("%v %v", keys.Versions(), err)
		}
		if _, err := before[0].unwrap(keys); !errors.Is(err, errNoRing) {
			t.Errorf("a key from before opens: %v", err)
		}
		delegate := access.Who{Name: "d", Role: access.Delegation, Delegation: 1}
		if _, err := f.RotateKeys(t.Context(), f.command(), delegate, RotateKeys{From: 2}); !errors.Is(err, ErrForbidden) {
			t.Errorf("by a delegation: %v", err)
		}
	})
}

// TestDestroyKeys: after the edition nothing that was sealed can be read, in a
// backup neither, even by who has the key file as it is now; the rest stands.
func TestDestroyKeys(t *testing.T) {
	f := newSealing(t, ledgertest.New(t, "sqlite"))
	if _, err := f.seal(f.Store, f.command(), "r1", "id", sealedCanary); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := f.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	b := &sealing{t: t, dsn: backup, c: f.c}
	if values, err := b.open(f.file).unseal(t.Context(), f.c, "r1"); err != nil || values["id"] != sealedCanary {
		t.Fatalf("with the keys a backup opens: %v %v", values, err)
	}
	if _, err := b.open("").unseal(t.Context(), f.c, "r1"); !errors.Is(err, errNoRing) {
		t.Errorf("without them: %v", err)
	}
	if _, err := f.DestroyKeys(t.Context(), f.command(), access.Console, DestroyKeys{Competition: "other"}); !errors.Is(err, ErrInvalid) {
		t.Errorf("not confirmed: %v", err)
	}
	if _, err := f.DestroyKeys(t.Context(), f.command(), access.Console, DestroyKeys{Competition: "hlj9"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.open(f.file).unseal(t.Context(), f.c, "r1"); !errors.Is(err, errNoRing) {
		t.Errorf("the backup still opens: %v", err)
	}
	if _, err := f.hide("hlj9", "id", "x"); !errors.Is(err, errNoRing) {
		t.Errorf("new keys are made silently: %v", err)
	}
	if report, err := f.Check(t.Context()); err != nil || !report.OK() || report.Sealed != 0 {
		t.Errorf("%v %v %v", report, report.Problems, err)
	}
	if b, err := os.ReadFile(f.file); err != nil || strings.Contains(string(b), "hlj9") {
		t.Error("the key file still names it", err)
	}
}
