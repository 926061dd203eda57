package events

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/plan"
	"tongchang/events/ready"
)

func readyItem(t *testing.T, s *Store, code, name string) ready.Item {
	t.Helper()
	items, err := s.Ready(t.Context(), office, code)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(items, func(i ready.Item) bool { return i.Name == name })
	if at < 0 {
		t.Fatalf("no item %s", name)
	}
	return items[at]
}

// The list follows what is done: from an edition that was just founded, through
// its set-up and accounts, to entries that wait for somebody.
func TestReadyFollows(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		now := newYear
		s, ctx := open(t, dsn, WithClock(func() time.Time { return now }), withTestKeys(t)), t.Context()
		_, link, err := s.FoundEdition(ctx, Command{ID: uuid.NewString(), Author: "desk"}, access.Desk, founding("hlj9"))
		if err != nil {
			t.Fatal(err)
		}
		who := link.Account.who(true)
		is := func(name string, state ready.State, why string) {
			t.Helper()
			if i := readyItem(t, s, "hlj9", name); i.State != state || i.Why != why {
				t.Errorf("%s is %s (%s %v), want %s (%s)", name, i.State, i.Why, i.With, state, why)
			}
		}
		is("rules", ready.Missing, "rules-none")
		is("accounts", ready.Missing, "accounts-nobody")
		is("keys", ready.Done, "done")
		n, err := s.SaveSetup(ctx, who, "hlj9", wholePlan(t), 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ApplySetup(ctx, Command{Competition: "hlj9", Author: who.Name}, who, n); err != nil {
			t.Fatal(err)
		}
		is("rules", ready.Done, "done")
		is("regulation", ready.Done, "done")
		is("deadlines", ready.Done, "deadlines-until")
		is("accounts", ready.Missing, "accounts-some")
		is("venues", ready.Done, "done")
		is("draws", ready.Later, "draws-nobody")
		c, err := s.Competition(ctx, "hlj9")
		if err != nil {
			t.Fatal(err)
		}
		ds, err := s.Delegations(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		var make MakeAccounts
		for _, d := range ds {
			make.Accounts = append(make.Accounts, NewAccount{Login: d.Code, Name: d.Name, Role: access.Delegation, Delegation: d.ID})
		}
		if _, _, err := s.MakeAccounts(ctx, Command{ID: uuid.NewString(), Competition: "hlj9", Author: who.Name}, who, make); err != nil {
			t.Fatal(err)
		}
		is("accounts", ready.Done, "accounts-done")
		if _, err := s.SaveSetup(ctx, who, "hlj9", plan.New("x"), 0); err != nil {
			t.Fatal(err)
		}
		is("rules", ready.Warning, "rules-draft")
		is("backup", ready.Warning, "backup-none")
		if dsn := dsn; !isPostgres(dsn) {
			if err := s.Backup(ctx, filepath.Join(t.TempDir(), "copy.db")); err != nil {
				t.Fatal(err)
			}
		} else if err := s.NoteBackup(ctx, who.Name); err != nil {
			t.Fatal(err)
		}
		is("backup", ready.Done, "backup-today")
		now = now.AddDate(0, 0, 3)
		is("backup", ready.Done, "backup-last")
	})
}

// Small fields, draws and places in the timetable of an edition with entries.
func TestReadyCounts(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn, WithClock(func() time.Time { return newYear }), withTestKeys(t))
		newFields(t, s, "hlj9")
		for name, want := range map[string]struct {
			why  string
			with []string
		}{
			"small":   {"small-some", []string{"3"}}, /* T51 goes up into T52, which is none any more */
			"draws":   {"draws-some", []string{"7", "7"}},
			"units":   {"units-some", []string{"7", "7"}},
			"classes": {"classes-no-panel", []string{"18"}},
			"judges":  {"judges-some", []string{"1", "田径"}},
			"times":   {"times-nothing", nil},
		} {
			if i := readyItem(t, s, "hlj9", name); i.Why != want.why || !slices.Equal(i.With, want.with) {
				t.Errorf("%s says %s %v, want %s %v", name, i.Why, i.With, want.why, want.with)
			}
		}
		if _, err := s.Ready(t.Context(), access.Who{Name: "j", Role: access.Chief, Strong: true}, "hlj9"); err == nil {
			t.Error("a chief reads the list")
		}
	})
}
