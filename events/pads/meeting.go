// Lines that meet each other: who meets whom, what was entered for a match, and
// what is still to be played.
package pads

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/bracket"
	"tongchang/scoring/duel"
	"tongchang/scoring/kinds"
	"tongchang/scoring/pool"
	"tongchang/scoring/swiss"
)

// meeting is what a kind whose lines meet has beyond its lines.
type meeting struct {
	format func(rules json.RawMessage) (*duel.Format, error)
	// ties are the meetings as far as they are known, the played ones turned as
	// they are told in the document.
	ties func(doc kinds.Document, played []duel.Match) ([]duel.Match, error)
	// possible are all meetings that may have been begun; nil where they are the
	// ties.
	possible func(doc kinds.Document, played []duel.Match) ([]duel.Match, error)
	// grows: who meets whom follows from what has been played.
	grows bool
	// rounds are how many will be played; 0 where the ties say it all.
	rounds func(rules json.RawMessage) int
}

func poolKind() kind {
	k := of(poolRoom)
	k.meet = &meeting{ties: poolTies, possible: everybody, format: func(raw json.RawMessage) (*duel.Format, error) {
		r, err := read[pool.Rules](raw)
		if err != nil {
			return nil, err
		}
		return poolFormat(&r)
	}}
	return k
}

func swissKind() kind {
	k := of(swissRoom)
	k.meet = &meeting{
		ties: func(_ kinds.Document, played []duel.Match) ([]duel.Match, error) { return played, nil },
		format: func(raw json.RawMessage) (*duel.Format, error) {
			r, err := read[swiss.Rules](raw)
			if err != nil {
				return nil, err
			}
			return poolFormat(&r.Rules)
		},
		rounds: func(raw json.RawMessage) int {
			r, err := read[swiss.Rules](raw)
			if err != nil {
				return 0
			}
			return r.Rounds
		},
	}
	return k
}

func bracketKind() kind {
	k := of(bracketRoom)
	k.meet = &meeting{ties: bracketTies, grows: true, format: func(raw json.RawMessage) (*duel.Format, error) {
		r, err := read[bracket.Rules](raw)
		if err != nil {
			return nil, err
		}
		return bracketFormat(&r)
	}}
	return k
}

func poolFormat(r *pool.Rules) (*duel.Format, error) {
	if r.Format != nil {
		return r.Format, r.Format.Check()
	}
	usual, err := pool.Usual(r.Sport)
	return usual.Format, err
}

func bracketFormat(r *bracket.Rules) (*duel.Format, error) {
	if r.Format != nil {
		return r.Format, r.Format.Check()
	}
	f, err := duel.Named(r.Sport)
	return &f, err
}

// poolTies are the matches that the document has or, where it has none, those
// of a round robin: everybody meets everybody as often as the rules say. Such a
// match is known by its lines, so that it stays the same match when a line is
// added. Where colours or the order of play matter, the document has fixtures.
func poolTies(doc kinds.Document, played []duel.Match) ([]duel.Match, error) {
	if len(doc.Matches) > 0 {
		return played, nil
	}
	return everybody(doc, played)
}

// everybody adds what is left of a round robin to the matches played. A phase
// may have fixtures in one of its units and none in another.
func everybody(doc kinds.Document, played []duel.Match) ([]duel.Match, error) {
	r, err := read[pool.Rules](doc.Ruleset.Rules)
	if err != nil {
		return nil, err
	}
	ids, err := idsOf(doc.Lines)
	if err != nil {
		return nil, err
	}
	ties := slices.Clone(played)
	for again := range min(cmp.Or(max(r.Meetings, 0), 1), 10) {
		for _, m := range roundRobin(ids, again) {
			if !slices.ContainsFunc(played, func(p duel.Match) bool { return p.ID == m.ID }) {
				ties = append(ties, m)
			}
		}
	}
	return ties, nil
}

func idsOf(lines []json.RawMessage) ([]string, error) {
	ids := make([]string, len(lines))
	for i, raw := range lines {
		var err error
		if ids[i], err = idOf(raw); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// roundRobin lets everybody meet everybody once, in rounds (circle method: one
// stays, the others move on by a place). The one whose ID comes first is A.
func roundRobin(ids []string, again int) []duel.Match {
	circle := slices.Clone(ids)
	if len(circle)%2 == 1 {
		circle = append(circle, "") // whoever meets nobody rests
	}
	n := len(circle)
	var matches []duel.Match
	for round := range max(n-1, 0) {
		for i := range n / 2 {
			a, b := circle[i], circle[n-1-i]
			if a == "" || b == "" {
				continue
			}
			if scoring.CompareIDs(b, a) < 0 {
				a, b = b, a
			}
			id := a + "-" + b
			if again > 0 {
				id += "." + number(again+1)
			}
			matches = append(matches, duel.Match{ID: id, Round: again*(n-1) + round + 1, A: a, B: b, Live: true})
		}
		last := circle[n-1]
		copy(circle[2:], circle[1:n-1])
		circle[1] = last
	}
	return matches
}

// bracketTies are the matches of which both sides are known.
func bracketTies(doc kinds.Document, played []duel.Match) ([]duel.Match, error) {
	state, err := advance(doc, played)
	if err != nil || state == nil {
		return nil, err
	}
	var ties []duel.Match
	for _, t := range state.Ties {
		if t.A == "" || t.B == "" || t.Void {
			continue
		}
		i := slices.IndexFunc(played, func(m duel.Match) bool { return m.ID == t.ID })
		if i >= 0 {
			ties = append(ties, played[i])
		} else {
			ties = append(ties, duel.Match{ID: t.ID, A: t.A, B: t.B, Live: true})
		}
	}
	return ties, nil
}

// advance brings a knock-out as far as its matches do; nil without entries.
func advance(doc kinds.Document, played []duel.Match) (*bracket.State, error) {
	r, err := read[bracket.Rules](doc.Ruleset.Rules)
	if err != nil {
		return nil, err
	}
	f, err := bracketFormat(&r)
	if err != nil {
		return nil, err
	}
	entries, err := seeded(doc.Lines)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	b, err := bracket.Build(len(entries), r.Options)
	if err != nil {
		return nil, err
	}
	return b.Advance(f, entries, played)
}

// seeded lists the lines in the draw by their seeds.
func seeded(lines []json.RawMessage) ([]string, error) {
	var drawn []bracket.Line
	for _, raw := range lines {
		l, err := read[bracket.Line](raw)
		if err != nil {
			return nil, err
		}
		if l.Seed != 0 {
			drawn = append(drawn, l)
		}
	}
	slices.SortFunc(drawn, func(a, b bracket.Line) int { return cmp.Compare(a.Seed, b.Seed) })
	entries := make([]string, len(drawn))
	for i, l := range drawn {
		if entries[i] = l.ID; l.Seed != i+1 {
			return nil, &scoring.Invalid{Line: l.ID, Field: "seed", Problem: "bad-seed", With: []string{number(l.Seed), number(len(drawn))}}
		}
	}
	return entries, nil
}

// outside are the cells of a line that belong to no match.
func outside(v Values) Values {
	own := Values{}
	for cell, value := range v {
		if !strings.Contains(cell, "/") {
			own[cell] = value
		}
	}
	return own
}

// within are the cells of a match, by their names inside it.
func within(v Values, match string) Values {
	own := Values{}
	for cell, value := range v {
		if inner, ok := strings.CutPrefix(cell, match+"/"); ok {
			own[inner] = value
		}
	}
	return own
}

func (v Values) empty() bool {
	for _, value := range v {
		if !value.Empty() {
			return false
		}
	}
	return true
}

func matchesOf(doc kinds.Document) ([]duel.Match, error) {
	matches := make([]duel.Match, len(doc.Matches))
	for i, raw := range doc.Matches {
		var err error
		if matches[i], err = read[duel.Match](raw); err != nil {
			return nil, err
		}
	}
	return matches, nil
}

// played are the document's matches with what stands in cells: its own, and
// those that follow from the draw and have been begun.
func (k *meeting) played(doc kinds.Document, values map[string]Values) ([]duel.Match, error) {
	f, err := k.format(doc.Ruleset.Rules)
	if err != nil {
		return nil, err
	}
	matches, err := matchesOf(doc)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for i := range matches {
		m := &matches[i]
		known[m.ID] = true
		if own := within(values[m.A], m.ID); len(own) > 0 {
			if err := buildMatch(f, m, own); err != nil {
				return nil, err
			}
		}
	}
	possible := k.ties
	if k.possible != nil {
		possible = k.possible
	}
	for grown := true; grown; {
		grown = false
		ties, err := possible(doc, matches)
		if err != nil {
			return nil, err
		}
		for _, m := range ties {
			own := within(values[m.A], m.ID)
			if known[m.ID] || own.empty() {
				continue
			}
			known[m.ID] = true
			if err := buildMatch(f, &m, own); err != nil {
				return nil, err
			}
			matches, grown = append(matches, m), k.grows
		}
	}
	return matches, nil
}

// compose writes them down. What the document says of a match without cells of
// its own stays as it is.
func (k *meeting) compose(doc kinds.Document, values map[string]Values) ([]json.RawMessage, error) {
	matches, err := k.played(doc, values)
	if err != nil {
		return nil, err
	}
	raw := slices.Clone(doc.Matches)
	for i, m := range matches {
		if i < len(raw) && len(within(values[m.A], m.ID)) == 0 {
			continue
		}
		text, err := json.Marshal(m)
		if err != nil {
			return nil, err
		}
		if i < len(raw) {
			raw[i] = text
		} else {
			raw = append(raw, text)
		}
	}
	return raw, nil
}

// drawn are the format and the matches that there are by what has been played.
func (k *meeting) drawn(doc kinds.Document, values map[string]Values) (*duel.Format, []duel.Match, error) {
	f, err := k.format(doc.Ruleset.Rules)
	if err != nil {
		return nil, nil, err
	}
	played, err := k.played(doc, values)
	if err != nil {
		return nil, nil, err
	}
	ties, err := k.ties(doc, played)
	return f, ties, err
}

// pad lists the matches with their cells. A bye is nothing to be judged.
func (k *meeting) pad(doc kinds.Document, values map[string]Values) ([]Match, error) {
	f, ties, err := k.drawn(doc, values)
	if err != nil {
		return nil, err
	}
	var matches []Match
	for _, m := range ties {
		if m.B != "" {
			matches = append(matches, Match{ID: m.ID, Round: m.Round, A: m.A, B: m.B, Cells: matchCells(f, m.ID+"/", m.ID)})
		}
	}
	slices.SortStableFunc(matches, func(a, b Match) int { return cmp.Compare(a.Round, b.Round) })
	return matches, nil
}

// stray finds a match of which cells are filled in although it is not among
// those that can have been played. Empty: there is none.
func (k *meeting) stray(doc kinds.Document, values map[string]Values) (match string, err error) {
	played, err := k.played(doc, values)
	if err != nil {
		return "", err
	}
	for _, line := range slices.Sorted(maps.Keys(values)) {
		for _, cell := range slices.Sorted(maps.Keys(values[line])) {
			id, _, of := strings.Cut(cell, "/")
			own := func(m duel.Match) bool { return m.A == line && strings.HasPrefix(cell, m.ID+"/") }
			if of && !values[line][cell].Empty() && !slices.ContainsFunc(played, own) {
				return id, nil
			}
		}
	}
	return "", nil
}

// entries are the inputs of the matches in order of play.
func (k *meeting) entries(doc kinds.Document) ([]Given, error) {
	f, err := k.format(doc.Ruleset.Rules)
	if err != nil {
		return nil, err
	}
	matches, err := matchesOf(doc)
	if err != nil {
		return nil, err
	}
	if k.grows {
		if matches, err = inDraw(doc, matches); err != nil {
			return nil, err
		}
	}
	var all []Given
	for _, m := range matches {
		if m.End == duel.Bye {
			continue
		}
		takeMatch(f, &m, func(cell string, v Value) { all = append(all, Given{Line: m.A, Cell: m.ID + "/" + cell, Value: v}) })
	}
	return all, nil
}

// inDraw puts the matches of a knock-out into order of play, told from the side
// that the draw names first.
func inDraw(doc kinds.Document, matches []duel.Match) ([]duel.Match, error) {
	state, err := advance(doc, matches)
	if err != nil || state == nil {
		return matches, err
	}
	var told []duel.Match
	for _, t := range state.Ties {
		for _, m := range matches {
			if m.ID == t.ID && m.A == t.A {
				told = append(told, m)
			} else if m.ID == t.ID {
				told = append(told, turned(m))
			}
		}
	}
	return told, nil
}

// turned tells a match from its other side.
func turned(m duel.Match) duel.Match {
	m.A, m.B = m.B, m.A
	flip := func(parts [][2]int) [][2]int {
		out := slices.Clone(parts)
		for i, p := range out {
			out[i] = [2]int{p[1], p[0]}
		}
		return out
	}
	m.Parts, m.Extra = flip(m.Parts), flip(m.Extra)
	if m.Shootout != nil {
		m.Shootout = &[2]int{m.Shootout[1], m.Shootout[0]}
	}
	m.Singles = slices.Clone(m.Singles)
	for i := range m.Singles {
		m.Singles[i] = turned(m.Singles[i])
	}
	return m
}

// facts are the fixtures: who meets whom. Those of a knock-out follow from the
// draw.
func (k *meeting) facts(doc kinds.Document) ([]json.RawMessage, error) {
	if k.grows {
		return nil, nil
	}
	f, err := k.format(doc.Ruleset.Rules)
	if err != nil {
		return nil, err
	}
	matches, err := matchesOf(doc)
	if err != nil {
		return nil, err
	}
	fixtures := make([]json.RawMessage, len(matches))
	for i, m := range matches {
		if m.End != duel.Bye {
			takeMatch(f, &m, func(string, Value) {})
			m.Live = true
		}
		if fixtures[i], err = json.Marshal(m); err != nil {
			return nil, err
		}
	}
	return fixtures, nil
}

// waiting: a line waits while one of its matches is not decided, unless one of
// the two is out. In a knock-out the ranking says who has no place yet.
func (k *meeting) waiting(doc, full kinds.Document, values map[string]Values) (map[string]bool, error) {
	open := map[string]bool{}
	f, ties, err := k.drawn(doc, values)
	if err != nil {
		return nil, err
	}
	out, rounds := outOf(full.Lines), 0
	for _, m := range ties {
		if m.End == duel.Bye {
			continue
		}
		if o, err := f.Decide(&m); err == nil && o.Decided {
			rounds = max(rounds, m.Round)
		} else if !out[m.A] && !out[m.B] {
			open[m.A], open[m.B] = true, true
		}
	}
	if k.rounds != nil && (rounds < k.rounds(doc.Ruleset.Rules) || len(ties) == 0) { // the next round is not paired yet
		ids, err := idsOf(full.Lines)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			open[id] = !out[id]
		}
	}
	return open, nil
}

// outOf are the lines that have left the contest.
func outOf(lines []json.RawMessage) map[string]bool {
	out := map[string]bool{}
	for _, raw := range lines {
		var l struct {
			ID  string      `json:"id"`
			IRM scoring.IRM `json:"irm"`
		}
		if json.Unmarshal(raw, &l) == nil && l.IRM != "" {
			out[l.ID] = true
		}
	}
	return out
}
