package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tongchang/events"
)

// TestAccount makes the first organiser as on a fresh machine: by the command
// line, whose link then sets a password.
func TestAccount(t *testing.T) {
	db := filepath.Join(t.TempDir(), "games.db")
	store, err := events.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	c, err := store.Found(t.Context(), events.Competition{Code: "games", Name: "省残运会"})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	tongchang := func(want int, args ...string) string {
		t.Helper()
		var out, complaints bytes.Buffer
		args = append([]string{"--lang", "en", "account"}, args...)
		if got := run(t.Context(), append(args, "--db", db, "--competition", "games"), nil, &out, &complaints); got != want {
			t.Fatalf("%v: status %d, want %d: %s%s", args, got, want, out.String(), complaints.String())
		}
		return out.String() + complaints.String()
	}
	if said := tongchang(exitOK, "list"); !strings.Contains(said, "no accounts yet") {
		t.Errorf("an empty list says %q", said)
	}
	said := tongchang(exitOK, "add", "cui", "--name", "崔立新", "--at", "https://games.example/")
	link := regexp.MustCompile(`https://games\.example/c/games/welcome/([A-Za-z0-9_-]{43})\n`).FindStringSubmatch(said)
	if link == nil {
		t.Fatalf("no link in %q", said)
	}
	if said := tongchang(exitFailed, "add", "Cui", "--name", "别人"); !strings.Contains(said, "taken") {
		t.Errorf("a login that is taken: %q", said)
	}
	if said := tongchang(exitFailed, "add", "team", "--name", "领队", "--role", "delegation", "--delegation", "HRB"); !strings.Contains(said, "no delegation") {
		t.Errorf("a delegation that is not there: %q", said)
	}
	again := tongchang(exitOK, "link", "cui")
	if strings.Contains(again, link[1]) {
		t.Error("a new link is the old one")
	}
	store, err = events.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LinkFor(t.Context(), "games", link[1]); err == nil {
		t.Error("the old link works beside the new one")
	}
	fresh := regexp.MustCompile(`/welcome/(\S+)`).FindStringSubmatch(again)
	if _, err := store.UseLink(t.Context(), c, fresh[1], "晨练 于江边 2 圈", ""); err != nil {
		t.Errorf("the link does not set a password: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if said := tongchang(exitOK, "list"); !strings.Contains(said, "cui\t崔立新\tCompetition office\tcan sign in") {
		t.Errorf("the list says %q", said)
	}
	tongchang(exitOK, "close", "CUI")
	if said := tongchang(exitOK, "list"); !strings.Contains(said, "closed") {
		t.Errorf("the list says %q", said)
	}
	tongchang(exitOK, "open", "cui")
	if said := tongchang(exitFailed, "close", "nobody"); !strings.Contains(said, "account list") {
		t.Errorf("an account that is not there: %q", said)
	}
}
