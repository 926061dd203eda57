package events

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tongchang/events/ledgertest"
)

// TestBackup copies a database while judges write, and restores the copy: it is
// the ledger at one moment, whole, under a new epoch.
func TestBackup(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "ledger.db"))
	r := newRace(t, s, "meet", 8)
	writing, stop := context.WithCancel(ctx)
	var judges sync.WaitGroup
	for i, start := range r.starts {
		judges.Go(func() {
			saw := int64(0)
			for writing.Err() == nil {
				c := command("meet")
				c.Reason = "read again"
				if _, err := s.EnterMark(ctx, c, EnterMark{Unit: r.unit, Start: start, Mark: "30.00", Saw: saw}); err != nil {
					t.Errorf("judge %d: %v", i, err)
					return
				}
				saw++
			}
		})
	}
	copied := filepath.Join(dir, "copy.db")
	err := s.Backup(ctx, copied)
	stop()
	judges.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(ctx, copied); err == nil {
		t.Error("a backup was written over")
	}
	restored := filepath.Join(dir, "restored.db")
	if err := Restore(ctx, copied, restored); err != nil {
		t.Fatal(err)
	}
	again := open(t, restored)
	if rep, err := again.Check(ctx); err != nil || !rep.OK() {
		t.Errorf("the restored ledger: %v, %v", rep, err)
	}
	was, err1 := s.Competition(ctx, "meet")
	is, err2 := again.Competition(ctx, "meet")
	if err1 != nil || err2 != nil || was.Epoch == is.Epoch || is.LastSeq > was.LastSeq {
		t.Errorf("restored %+v from %+v, %v, %v", is, was, err1, err2)
	}
}

func TestBackupRefuses(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk.db")
	if err := os.WriteFile(junk, []byte("no database at all, but long enough to look like a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, "new.db")
	if err := Restore(ctx, junk, to); err == nil {
		t.Error("junk was restored")
	}
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("a failed restore left %s: %v", to, err)
	}
	s := open(t, ledgertest.New(t, "postgres"))
	if err := s.Backup(ctx, filepath.Join(dir, "pg.db")); err == nil {
		t.Error("PostgreSQL was copied as if it were a file")
	}
}
