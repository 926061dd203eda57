package bracket

import (
	"cmp"
	"strconv"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/duel"
)

// Rules say how a knock-out is drawn and how its matches are played.
type Rules struct {
	Options
	Sport  string       `json:"sport,omitempty"`  // the usual format of that sport
	Format *duel.Format `json:"format,omitempty"` // or one of the regulation's own
	Source string       `json:"source,omitempty"` // rule book, edition, clause
}

// Line is an entry. Those with a seed, 1 to n, are in the draw; those without
// are not, and need an IRM that says why.
type Line struct {
	ID   string      `json:"id"`
	Seed int         `json:"seed,omitempty"`
	IRM  scoring.IRM `json:"irm,omitempty"`  // takes no place: disqualified, did not come
	Rule string      `json:"rule,omitempty"` // what a disqualification refers to
}

// Tie is a match of the bracket as far as the results have brought it: who
// plays, and who went on. An empty ID is not known yet.
type Tie struct {
	Match
	A       string       `json:"a,omitempty"`
	B       string       `json:"b,omitempty"`
	Winner  string       `json:"winner,omitempty"`
	Loser   string       `json:"loser,omitempty"`
	Outcome duel.Outcome `json:"-"`
	Ready   bool         `json:"ready,omitempty"` // both are known and nothing is decided
	Void    bool         `json:"void,omitempty"`  // not played: a side has no opponent, or no second final is needed
}

// State is a bracket with its results.
type State struct {
	Ties   []Tie
	Places []Taken             // who has a place already, best first
	Out    map[string]duel.End // lost a match that both sides lost
}

// Taken is a place that somebody has.
type Taken struct {
	Place int    `json:"place"`
	ID    string `json:"id"`
}

// comer is who comes out of a slot.
type comer struct {
	id    string
	known bool // false: not decided yet; known without an ID: nobody comes
}

// Advance fills the bracket with the entries (the first is seed 1) and the
// results, whose IDs are those of the matches. A result for a match whose sides
// are not known, with other sides, or that nobody won, is refused. A match that
// both sides lose brings nobody on: the next opponent goes through, and both
// stay without a place, for the jury to give.
func (b *Bracket) Advance(f *duel.Format, entries []string, results []duel.Match) (*State, error) {
	if len(entries) != b.Entries {
		return nil, &scoring.Invalid{Field: "entries", Problem: "not-between", With: []string{strconv.Itoa(len(entries)), strconv.Itoa(b.Entries), strconv.Itoa(b.Entries)}}
	}
	byID := make(map[string]*duel.Match, len(results))
	for i := range results {
		if m := &results[i]; byID[m.ID] != nil {
			return nil, &scoring.Invalid{Line: m.ID, Field: "match", Problem: "id-twice", With: []string{m.ID}}
		}
		byID[results[i].ID] = &results[i]
	}
	w := walk{state: &State{Out: map[string]duel.End{}}, entries: entries, format: f, winner: map[string]comer{}, loser: map[string]comer{}}
	for i := range b.Matches {
		m := &b.Matches[i]
		if err := w.match(m, byID[m.ID]); err != nil {
			return nil, err
		}
		delete(byID, m.ID)
	}
	for i := range results {
		if m := byID[results[i].ID]; m != nil {
			return nil, &scoring.Invalid{Line: m.ID, Field: "match", Problem: "unknown-match"}
		}
	}
	for _, p := range b.Places {
		if c := w.comer(p.Slot); c.id != "" {
			w.state.Places = append(w.state.Places, Taken{p.Place, c.id})
		}
	}
	return w.state, nil
}

// walk goes through the matches in order of play.
type walk struct {
	state         *State
	entries       []string
	format        *duel.Format
	winner, loser map[string]comer
}

func (w *walk) comer(s Slot) comer {
	switch {
	case s.Seed > 0:
		return comer{w.entries[s.Seed-1], true}
	case s.Winner != "":
		return w.winner[s.Winner]
	}
	return w.loser[s.Loser]
}

func (w *walk) match(m *Match, result *duel.Match) error {
	a, b := w.comer(m.Slots[0]), w.comer(m.Slots[1])
	tie := Tie{Match: *m, A: a.id, B: b.id}
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Line: m.ID, Field: field, Problem: problem, With: with}
	}
	needed := m.Stage != SecondFinal || !w.settled(a)
	switch {
	case !a.known || !b.known:
		if result != nil {
			return bad("match", "too-early")
		}
	case a.id == "" || b.id == "" || !needed:
		if result != nil {
			return bad("match", "not-needed")
		}
		tie.Void, tie.Winner = true, cmp.Or(a.id, b.id)
		w.winner[m.ID] = comer{tie.Winner, true}
		w.loser[m.ID] = comer{"", true}
		if !needed {
			tie.Loser = b.id
			w.loser[m.ID] = b
		}
	case result == nil:
		tie.Ready = true
	default:
		if err := w.decide(&tie, result, bad); err != nil {
			return err
		}
	}
	w.state.Ties = append(w.state.Ties, tie)
	return nil
}

// settled reports whether who won the grand final had no defeat, so that no
// second final is needed.
func (w *walk) settled(winner comer) bool {
	ties := w.state.Ties
	return winner.known && len(ties) > 0 && ties[len(ties)-1].A == winner.id
}

func (w *walk) decide(tie *Tie, result *duel.Match, bad func(field, problem string, with ...string) error) error {
	if !(result.A == tie.A && result.B == tie.B || result.A == tie.B && result.B == tie.A) {
		return bad("side", "other-sides", tie.A, tie.B)
	}
	o, err := w.format.Decide(result)
	switch {
	case err != nil:
		return err
	case o.Drawn:
		return bad("match", "draw-in-knock-out", o.Result())
	case !o.Decided:
		tie.Outcome, tie.Ready = o, true
		return nil
	}
	tie.Winner, tie.Loser = result.Line(o.Winner), result.Line(o.Winner.Other())
	if tie.Outcome = o; result.A != tie.A {
		tie.Outcome = o.Turned()
	}
	if o.Winner == duel.Nobody {
		w.state.Out[tie.A], w.state.Out[tie.B] = result.End, result.End
	}
	w.winner[tie.ID] = comer{tie.Winner, true}
	w.loser[tie.ID] = comer{tie.Loser, true}
	return nil
}

// Rank gives the places that the bracket has decided. A line that is still in
// it waits; the result is the score of its last match, from its own side. A
// line with an IRM takes no place, and those behind it move up.
func Rank(rules Rules, lines []Line, matches []duel.Match) ([]scoring.Ranked, error) {
	format, err := rules.format()
	if err != nil {
		return nil, err
	}
	entries, err := seeded(lines)
	if err != nil {
		return nil, err
	}
	state := &State{}
	if len(entries) > 0 {
		b, err := Build(len(entries), rules.Options)
		if err != nil {
			return nil, err
		}
		if state, err = b.Advance(format, entries, matches); err != nil {
			return nil, err
		}
	} else if len(matches) > 0 {
		return nil, &scoring.Invalid{Line: matches[0].ID, Field: "match", Problem: "unknown-match"}
	}
	return order(&rules, lines, state), nil
}

func (r *Rules) format() (*duel.Format, error) {
	if r.Format != nil {
		return r.Format, r.Format.Check()
	}
	f, err := duel.Named(r.Sport)
	return &f, err
}

// seeded lists the IDs by seed.
func seeded(lines []Line) ([]string, error) {
	n, ids := 0, map[string]bool{}
	for _, l := range lines {
		bad := func(field, problem string, with ...string) error {
			return &scoring.Invalid{Line: l.ID, Field: field, Problem: problem, With: with}
		}
		switch {
		case l.ID == "" || ids[l.ID]:
			return nil, bad("id", "id-twice", l.ID)
		case !l.IRM.Known():
			return nil, bad("irm", "unknown-irm", string(l.IRM))
		case l.Seed == 0 && l.IRM == "":
			return nil, bad("seed", "seed-missing")
		}
		ids[l.ID] = true
		if l.Seed != 0 {
			n++
		}
	}
	entries := make([]string, n)
	for _, l := range lines {
		if l.Seed == 0 {
			continue
		}
		if l.Seed < 0 || l.Seed > n || entries[l.Seed-1] != "" {
			return nil, &scoring.Invalid{Line: l.ID, Field: "seed", Problem: "bad-seed", With: []string{strconv.Itoa(l.Seed), strconv.Itoa(n)}}
		}
		entries[l.Seed-1] = l.ID
	}
	return entries, nil
}

// row is a line with its last match.
type row struct {
	line  *Line
	place int
	last  string // ID of the last match played
	score string
}

func order(rules *Rules, lines []Line, state *State) []scoring.Ranked {
	rows := make([]row, len(lines))
	at := make(map[string]*row, len(lines))
	for i := range lines {
		rows[i].line = &lines[i]
		at[lines[i].ID] = &rows[i]
	}
	for _, p := range state.Places {
		at[p.ID].place = p.Place
	}
	for _, t := range state.Ties {
		if t.Outcome.Decided {
			at[t.A].last, at[t.A].score = t.ID, t.Outcome.Result()
			at[t.B].last, at[t.B].score = t.ID, t.Outcome.Turned().Result()
		}
	}
	byPlace := scoring.Step[row]{
		Rule: "knock-out", Source: rules.Source,
		Compare: func(a, b *row) int { return cmp.Compare(a.place, b.place) },
		Show:    func(r *row) string { return strings.TrimSpace(r.last + " " + r.score) },
	}
	ranked := scoring.Order(rows, func(r *row) scoring.Facts {
		f := scoring.Facts{ID: r.line.ID, IRM: r.line.IRM, Result: r.score}
		if end := state.Out[r.line.ID]; f.IRM == "" && end != "" {
			f.IRM = code(end)
		}
		if r.place > 0 {
			m := scoring.Mark(r.place)
			f.Mark = &m
		}
		if f.IRM != "" {
			f.Result = string(f.IRM)
		}
		return f
	}, byPlace)
	for i := range ranked {
		if r := at[ranked[i].ID]; r.last != "" {
			ranked[i].Columns = []scoring.Column{{Name: "last-match", Text: r.last}}
		}
	}
	return ranked
}

// code is why a line has no place after a match that both sides lost.
func code(end duel.End) scoring.IRM {
	switch end {
	case duel.Walkover:
		return scoring.WO
	case duel.Retired:
		return scoring.RET
	}
	return scoring.DSQ
}
