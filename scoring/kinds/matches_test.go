package kinds

import (
	"encoding/json"
	"errors"
	"testing"

	"tongchang/scoring"
)

// Matches are for kinds whose lines meet each other, and are read as strictly
// as lines.
func TestMatchesRefused(t *testing.T) {
	pool := Ruleset{Kind: "pool", Rules: json.RawMessage(`{"sport":"darts"}`)}
	two := []json.RawMessage{[]byte(`{"id":"a"}`), []byte(`{"id":"b"}`)}
	for name, tt := range map[string]struct {
		ruleset        Ruleset
		match          string
		groups         []Group
		field, problem string
	}{
		"a race has no matches":      {Ruleset{Kind: "timed"}, `{"id":"1","a":"a","b":"b"}`, nil, "matches", "no-matches-here"},
		"an unknown field":           {pool, `{"id":"1","a":"a","b":"b","weather":"rain"}`, nil, "match", "unreadable"},
		"not an object":              {pool, `7`, nil, "match", "unreadable"},
		"not an object, in a group":  {pool, `7`, []Group{{ID: "g", Lines: []string{"a", "b"}}}, "match", "unreadable"},
		"a side that is not a line":  {pool, `{"id":"1","a":"a","b":"c"}`, nil, "side", "unknown-line"},
		"a score that cannot happen": {pool, `{"id":"1","a":"a","b":"b","parts":[[2,0]]}`, nil, "leg 1", "impossible-score"},
	} {
		_, err := Rank(Document{Schema: Schema, Ruleset: tt.ruleset, Groups: tt.groups, Lines: two, Matches: []json.RawMessage{[]byte(tt.match)}})
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %v, want field %q problem %q", name, err, tt.field, tt.problem)
		}
	}
}

// A match across two groups counts in neither.
func TestMatchesBetweenGroups(t *testing.T) {
	rankings, err := Rank(Document{
		Schema:  Schema,
		Ruleset: Ruleset{Kind: "pool", Rules: json.RawMessage(`{"sport":"goalball"}`)},
		Groups:  []Group{{ID: "1", Lines: []string{"a", "b"}}, {ID: "2", Lines: []string{"c"}}},
		Lines:   []json.RawMessage{[]byte(`{"id":"a"}`), []byte(`{"id":"b"}`), []byte(`{"id":"c"}`)},
		Matches: []json.RawMessage{[]byte(`{"id":"1","a":"a","b":"b","parts":[[1,0],[0,0]]}`), []byte(`{"id":"2","a":"c","b":"a","parts":[[5,0],[0,0]]}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := rankings[0].Lines[0]; a.ID != "a" || a.Rank != 1 || *a.Mark != 3 {
		t.Errorf("group 1 is led by %+v, want a with 3 points", a)
	}
	if c := rankings[1].Lines[0]; c.Rank != 0 || c.Mark != nil {
		t.Errorf("group 2: %+v has a place without a match in its group", c)
	}
}
