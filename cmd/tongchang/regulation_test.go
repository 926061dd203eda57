package main

import (
	"encoding/json"
	"regexp"
	"testing"

	"tongchang/events"
	"tongchang/events/ledgertest"
)

// TestRegulation works a case out and puts the regulation in force.
func TestRegulation(t *testing.T) {
	var s showcase
	if err := json.Unmarshal(showcaseFile, &s); err != nil {
		t.Fatal(err)
	}
	file, db := write(t, "reg.json", string(s.Regulation)), ledgertest.New(t, "sqlite")
	store, err := events.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Found(t.Context(), events.Competition{Code: "games", Name: "运动会", NameEn: "Games"}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	status, out, complaint := command(t, "regulation", file, "--field", "5", "--tied-at", "2", "--tied", "2", "--db", db, "--competition", "games")
	if status != exitOK || !regexp.MustCompile(`(?s)Field of 5: 4 places, 3 medals.* 1  Gold +9 .* 2  Silver +6\.5 .* 2  Silver +6\.5 .* 4  – +5 .* 5  – +0.*log entry 1`).MatchString(out) {
		t.Errorf("%d, %s%s", status, out, complaint)
	}
	if status, _, complaint := command(t, "regulation", file, "--field", "3", "--tied-at", "3", "--tied", "4"); status != exitFailed || complaint == "" {
		t.Errorf("a tie outside the field: %d, %q", status, complaint)
	}
	if status, _, complaint := command(t, "regulation", write(t, "bad.json", `{"schema":"x"}`)); status != exitFailed || complaint == "" {
		t.Errorf("no regulation: %d, %q", status, complaint)
	}
}
