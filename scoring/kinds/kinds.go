// Package kinds is the door through which every kind of scoring enters: a
// self-contained document names its kind, and the table below finds the rule.
// A new kind is one line in the table and a room of its own beside this one.
package kinds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/bracket"
	"tongchang/scoring/factored"
	"tongchang/scoring/lifts"
	"tongchang/scoring/marking"
	"tongchang/scoring/medals"
	"tongchang/scoring/panel"
	"tongchang/scoring/points"
	"tongchang/scoring/pool"
	"tongchang/scoring/regulation"
	"tongchang/scoring/series"
	"tongchang/scoring/swiss"
	"tongchang/scoring/target"
	"tongchang/scoring/timed"
	"tongchang/scoring/vertical"
)

// table of the kinds that a document may name.
var table = map[string]kind{
	"awards":   of(regulation.Rank),
	"bracket":  ofMatches(bracket.Rank),
	"factored": of(factored.Rank),
	"lifts":    of(lifts.Rank),
	"marking":  of(marking.Rank),
	"medals":   of(medals.Rank),
	"panel":    of(panel.Rank),
	"points":   of(points.Rank),
	"pool":     ofMatches(pool.Rank),
	"series":   of(series.Rank),
	"swiss":    ofMatches(swiss.Rank),
	"target":   of(target.Rank),
	"timed":    of(timed.Rank),
	"vertical": of(vertical.Rank),
}

// Schema is the version of the document's shape. Later kinds add to Rules and
// to lines, never to the shape.
const Schema = "tongchang/ranking/1"

// Document is everything needed to rank one unit or phase again, with no
// database: the ruleset, the groups that are ranked apart and the lines. It is
// what `tongchang rank` reads and what every unit and phase publishes.
type Document struct {
	Schema  string            `json:"schema"`
	Title   string            `json:"title,omitempty"`
	Ruleset Ruleset           `json:"ruleset"`
	Groups  []Group           `json:"groups,omitempty"` // none: all lines are one ranking
	Lines   []json.RawMessage `json:"lines"`            // of the kind's Line; each has an "id"
	// Matches are what was played, for kinds whose lines meet each other. Within
	// a group the matches between its own lines count.
	Matches []json.RawMessage `json:"matches,omitempty"`
}

// Ruleset names the rules in force and gives their settings.
type Ruleset struct {
	Name    string          `json:"name"`    // swimming, discus F35–36
	Version string          `json:"version"` // edition of the rule book or regulation
	Kind    string          `json:"kind"`    // a key of the table of kinds
	Rules   json.RawMessage `json:"rules,omitempty"`
}

// Group is a part of the lines that has a ranking of its own: an age group, a
// class group. A line may belong to several groups.
type Group struct {
	ID    string   `json:"id"`
	Name  string   `json:"name,omitempty"`
	Lines []string `json:"lines"`
}

// Ranking is the ranking of one group; Group is empty where the document has
// no groups.
type Ranking struct {
	Group string           `json:"group,omitempty"`
	Name  string           `json:"name,omitempty"`
	Lines []scoring.Ranked `json:"lines"`
}

// Names lists the kinds, in order.
func Names() []string { return slices.Sorted(maps.Keys(table)) }

// Known reports whether a document may name the kind.
func Known(name string) bool { return table[name] != nil }

// Meets reports whether the kind's lines meet each other, so that its documents
// have matches.
func Meets(name string) bool { return slices.Contains([]string{"bracket", "pool", "swiss"}, name) }

// Rank ranks a document: once for every group. It answers with a
// [*scoring.Invalid] where the document is at fault.
func Rank(doc Document) ([]Ranking, error) {
	if doc.Schema != Schema {
		return nil, &scoring.Invalid{Field: "schema", Problem: "unknown-schema", With: []string{doc.Schema, Schema}}
	}
	k, ok := table[doc.Ruleset.Kind]
	if !ok {
		return nil, &scoring.Invalid{Field: "kind", Problem: "unknown-kind", With: append([]string{doc.Ruleset.Kind}, Names()...)}
	}
	byID := make(map[string]json.RawMessage, len(doc.Lines))
	for i, raw := range doc.Lines {
		var l struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(raw, &l); err != nil || l.ID == "" {
			return nil, &scoring.Invalid{Line: fmt.Sprint("#", i+1), Field: "id", Problem: "id-missing"}
		}
		if byID[l.ID] != nil {
			return nil, &scoring.Invalid{Line: l.ID, Field: "id", Problem: "id-twice"}
		}
		byID[l.ID] = raw
	}
	if len(doc.Groups) == 0 {
		lines, err := k(doc.Ruleset.Rules, doc.Lines, doc.Matches)
		return []Ranking{{Lines: lines}}, err
	}
	rankings := make([]Ranking, len(doc.Groups))
	for i, g := range doc.Groups {
		members := make([]json.RawMessage, len(g.Lines))
		for j, id := range g.Lines {
			if members[j] = byID[id]; members[j] == nil {
				return nil, &scoring.Invalid{Line: id, Field: "group " + g.ID, Problem: "unknown-line"}
			}
		}
		lines, err := k(doc.Ruleset.Rules, members, between(doc.Matches, g.Lines))
		if err != nil {
			return nil, err
		}
		rankings[i] = Ranking{Group: g.ID, Name: g.Name, Lines: lines}
	}
	return rankings, nil
}

type kind func(rules json.RawMessage, lines, matches []json.RawMessage) ([]scoring.Ranked, error)

// of makes a kind from a room's Rank, reading its own types strictly: an
// unknown field is a mistake that must not be ranked over.
func of[R, L any](rank func(R, []L) ([]scoring.Ranked, error)) kind {
	return ofMatches(func(rules R, lines []L, matches []json.RawMessage) ([]scoring.Ranked, error) {
		if len(matches) > 0 {
			return nil, &scoring.Invalid{Field: "matches", Problem: "no-matches-here"}
		}
		return rank(rules, lines)
	})
}

// ofMatches makes a kind from the Rank of a room whose lines meet each other.
func ofMatches[R, L, M any](rank func(R, []L, []M) ([]scoring.Ranked, error)) kind {
	return func(rawRules json.RawMessage, rawLines, rawMatches []json.RawMessage) ([]scoring.Ranked, error) {
		var rules R
		if len(rawRules) > 0 {
			if err := strict(rawRules, &rules); err != nil {
				return nil, unreadable("", "rules", err)
			}
		}
		lines := make([]L, len(rawLines))
		for i, raw := range rawLines {
			if err := strict(raw, &lines[i]); err != nil {
				return nil, unreadable(fmt.Sprint("#", i+1), "", err)
			}
		}
		matches := make([]M, len(rawMatches))
		for i, raw := range rawMatches {
			if err := strict(raw, &matches[i]); err != nil {
				return nil, unreadable(fmt.Sprint("#", i+1), "match", err)
			}
		}
		return rank(rules, lines, matches)
	}
}

// between picks the matches whose sides are all among the lines. What cannot be
// read stays in, so that the room refuses it.
func between(matches []json.RawMessage, lines []string) []json.RawMessage {
	var in []json.RawMessage
	for _, raw := range matches {
		var m struct{ A, B string }
		if json.Unmarshal(raw, &m) != nil || slices.Contains(lines, m.A) && (m.B == "" || slices.Contains(lines, m.B)) {
			in = append(in, raw)
		}
	}
	return in
}

// unreadable keeps the fault that a room found in reading its own words (an
// attempt, a class) and says where; anything else is a fault of the JSON.
func unreadable(line, field string, err error) error {
	var invalid *scoring.Invalid
	if errors.As(err, &invalid) {
		placed := *invalid
		placed.Line = line
		return &placed
	}
	return &scoring.Invalid{Line: line, Field: field, Problem: "unreadable", With: []string{err.Error()}}
}

func strict(raw json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}
