package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/vault"
)

// sealedGames is a database with one sealed number in it, and its key file.
func sealedGames(t *testing.T) (db string) {
	t.Helper()
	db = filepath.Join(t.TempDir(), "games.db")
	ring, err := vault.Open(keyFile(db, ""))
	if err != nil {
		t.Fatal(err)
	}
	s, err := events.Open(t.Context(), db, events.WithKeys(ring))
	if err != nil {
		t.Fatal(err)
	}
	by := func() events.Command {
		return events.Command{ID: uuid.NewString(), Competition: "games", Author: access.Console.Name}
	}
	if _, err := s.Found(t.Context(), events.Competition{Code: "games", Name: "运动会", Zone: "Asia/Shanghai"}); err != nil {
		t.Fatal(err)
	}
	rules := `{"name": "运动会", "opening": "2027-06-18", "delegations": ["大庆"], "sports": [{"code": "AT", "name": "田径", "birthFrom": "1967-01-01", "birthTo": "2014-12-31"}], "classCategories": [{"category": 4, "classes": "all others"}]}`
	programme := "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\nA100,田径,男,T46,100米,individual,2,1,1,T46\n"
	if _, err := s.SetEdition(t.Context(), by(), events.SetEdition{Rules: []byte(rules), Events: programme}); err != nil {
		t.Fatal(err)
	}
	_, err = s.SaveRegistration(t.Context(), by(), access.Console, events.SaveRegistration{Delegation: 1, Fields: map[entry.Field]string{entry.Name: "王强"}, Secret: map[entry.Field]string{entry.Phone: "19900000001"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestKeysCommand walks the life of keys at the command line.
func TestKeysCommand(t *testing.T) {
	db := sealedGames(t)
	run := func(want int, says string, args ...string) {
		t.Helper()
		status, out, complaint := command(t, append(args, "--db", db, "--lang=en")...)
		if status != want || !strings.Contains(out+complaint, says) || strings.Contains(out+complaint, "19900000001") {
			t.Errorf("%v: status %d\n%s%s", args, status, out, complaint)
		}
	}
	run(exitOK, "games: 1 sealed values of 1 subjects, and the key file opens them.", "keys", "show")
	run(exitOK, "1 sealed values, 0 not opened", "check")
	run(exitOK, "number 2; 1 subjects", "keys", "rotate", "-c", "games")
	run(exitOK, "master key 2: 1 subjects", "keys", "show")
	run(exitOK, "Only master key 2 is left", "keys", "retire", "-c", "games")
	backup := filepath.Join(t.TempDir(), "backup.db")
	run(exitOK, "0 not opened", "backup", backup)
	kept := keyFile(db, "") + ".away"
	if err := os.Rename(keyFile(db, ""), kept); err != nil {
		t.Fatal(err)
	}
	run(exitOK, "this key file does not open them", "keys", "show")
	run(exitOK, "1 not opened for want of their keys", "check")
	run(exitFailed, "keys", "keys", "rotate", "-c", "games")
	if _, err := os.Stat(keyFile(db, "")); err == nil {
		t.Error("a command that only looks has made a key file")
	}
	run(exitOK, "the key file opens them", "keys", "show", "--keys", kept)
	run(exitFailed, "--confirm games", "keys", "destroy", "-c", "games", "--keys", kept)
	run(exitOK, "all keys are destroyed", "keys", "destroy", "-c", "games", "--confirm", "games", "--keys", kept)
	run(exitOK, "chain ok", "check", "--keys", kept)
	db = backup
	run(exitOK, "this key file does not open them", "keys", "show", "--keys", kept)
}
