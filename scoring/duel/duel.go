// Package duel decides one match between two sides: games and sets, periods,
// ends, legs, arrows, boards, and team matches made of single matches. How a
// sport plays is a value, a [Format]; there is one way of deciding for all.
//
// A score that was played and a match that was awarded are kept apart: who did
// not come, retired, was disqualified or forfeits is said by the match's End,
// never by a made-up score. What such a match counts is the format's setting.
package duel

import (
	"fmt"

	"tongchang/scoring"
)

// By says what wins a match.
type By string

// The ways to win.
const (
	ByParts     By = "parts"      // most games, sets or legs: best of so many
	ByTotal     By = "total"      // most points over all periods, ends or boards
	BySetPoints By = "set-points" // 2 for a set won, 1 for one level, until To is reached
)

// Format is how a sport plays a match.
type Format struct {
	Name   string  `json:"name"`             // key of the catalogue: table-tennis, boccia, …
	Unit   string  `json:"unit"`             // key of one part: game, set, end, period, board
	By     By      `json:"by"`               // what wins
	Parts  int     `json:"parts"`            // best of so many, or so many played, or at most so many
	All    bool    `json:"all,omitempty"`    // every part is played, even when the match is decided
	To     int     `json:"to,omitempty"`     // set points that win
	Part   Part    `json:"part,omitzero"`    // when one part is won
	Last   *Part   `json:"last,omitempty"`   // the deciding part, where it differs
	Single *Format `json:"single,omitempty"` // a team match: its parts are matches of this format
	Draw   bool    `json:"draw,omitempty"`   // level at the end is a result
	Extra  *Extra  `json:"extra,omitempty"`  // what is played when level
	// Shootout: what stays level is decided by throws, shots, one arrow or the
	// nearest stone, which count in no score.
	Shootout bool `json:"shootout,omitempty"`
	Mercy    int  `json:"mercy,omitempty"` // a lead of so many ends the match
	// Award is what a side is credited with, to nothing, when the other did not
	// come or forfeits. Where a part has a target it follows from the target.
	Award int `json:"award,omitempty"`
	// Filled: when a side retires, the other is credited with what it still
	// needed and the score of the side that retired stands. Otherwise the score
	// stands as it was.
	Filled bool   `json:"filled,omitempty"`
	Source string `json:"source,omitempty"` // rule book, edition, clause
}

// Part is one game, set, period or end.
type Part struct {
	To  int  `json:"to,omitempty"`  // points that win it; 0: it ends by the clock or the last ball
	By  int  `json:"by,omitempty"`  // with a lead of so many
	Cap int  `json:"cap,omitempty"` // where the next point wins: 30 in badminton
	Max int  `json:"max,omitempty"` // the most one side can make: 6 balls, 8 stones
	One bool `json:"one,omitempty"` // only one side can score in it: an end of curling
	Sum int  `json:"sum,omitempty"` // both sides' points always add up to this: 2 half points of a board
}

// Extra is overtime, an extra end or a tie-break.
type Extra struct {
	Unit   string `json:"unit"`             // key: overtime, extra-end, tie-break
	Most   int    `json:"most,omitempty"`   // at most so many; 0: until it is decided
	Golden bool   `json:"golden,omitempty"` // the first point ends it
	Apart  bool   `json:"apart,omitempty"`  // its points decide but do not count in the score
}

// End says how a match ended that was not played to its end.
type End string

// The ends. Olympic Data Feed keeps the same ones apart from a lost score.
const (
	Played       End = ""             // to its end
	Walkover     End = "walkover"     // a side did not come
	Retired      End = "retired"      // a side could not go on
	Disqualified End = "disqualified" // a side was sent out
	Forfeit      End = "forfeit"      // a side loses by a rule, whatever the score was
	Conceded     End = "conceded"     // a side gives up; the score stands
	Bye          End = "bye"          // no opponent in this round
)

// Match is what was played. A and B are the IDs of the lines that met; a part
// is A's points, then B's.
type Match struct {
	ID       string   `json:"id"`
	Round    int      `json:"round,omitempty"`
	A        string   `json:"a"`
	B        string   `json:"b,omitempty"` // empty only with a bye
	Parts    [][2]int `json:"parts,omitempty"`
	Extra    [][2]int `json:"extra,omitempty"`
	Shootout *[2]int  `json:"shootout,omitempty"`
	Nearer   string   `json:"nearer,omitempty"`  // who won a shootout that the numbers leave level
	Singles  []Match  `json:"singles,omitempty"` // of a team match
	End      End      `json:"end,omitempty"`
	Out      []string `json:"out,omitempty"`  // whom End speaks of: one side, or both
	Rule     string   `json:"rule,omitempty"` // the rule that a disqualification refers to
	Live     bool     `json:"live,omitempty"` // still being played: nothing is decided
}

// Side is A, B or nobody.
type Side int8

// The sides.
const (
	Nobody Side = iota
	A
	B
)

// Other is the opponent's side.
func (s Side) Other() Side {
	switch s {
	case A:
		return B
	case B:
		return A
	}
	return Nobody
}

// Score is what one side made: single matches won (of a team match), parts
// won, points.
type Score struct{ Singles, Parts, Points int }

// Outcome says who won and why.
type Outcome struct {
	Winner   Side
	Decided  bool      // false while it is live
	Drawn    bool      // a draw is the result
	How      string    // catalogue key: games, total, extra-end, shootout, walkover, …
	Finished bool      // played to its end: a loser has earned a loss, not a walkover
	Narrow   bool      // the last possible part was needed
	Score    [2]Score  // A's, B's
	text     [2]string // each side's as printed
	tail     [2]string // of the tie-break or shootout, that counts in no score
}

// Result prints the score: 3–1, 1½–½, 4–4 (1–0). A match that a side could not
// finish has the code of its end behind it; one that nobody played is WO.
func (o Outcome) Result() string {
	s := o.text[0] + "–" + o.text[1]
	if o.tail[0] != "" {
		s += " (" + o.tail[0] + "–" + o.tail[1] + ")"
	}
	switch End(o.How) {
	case Walkover:
		return string(scoring.WO)
	case Retired:
		s += " " + string(scoring.RET)
	case Disqualified:
		s += " " + string(scoring.DSQ)
	}
	return s
}

// Turned is the same outcome told with the sides the other way round.
func (o Outcome) Turned() Outcome {
	o.Winner = o.Winner.Other()
	o.Score[0], o.Score[1] = o.Score[1], o.Score[0]
	o.text[0], o.text[1] = o.text[1], o.text[0]
	o.tail[0], o.tail[1] = o.tail[1], o.tail[0]
	return o
}

// Of gives a side's score.
func (o Outcome) Of(s Side) Score { return o.Score[s-A] }

// SideOf says which side a line is.
func (m *Match) SideOf(id string) Side {
	switch id {
	case m.A:
		return A
	case m.B:
		return B
	}
	return Nobody
}

// Line is the ID of a side.
func (m *Match) Line(s Side) string {
	switch s {
	case A:
		return m.A
	case B:
		return m.B
	}
	return ""
}

// Limits that keep every sum of a rule small.
const (
	maxParts  = 99
	maxPoints = 100_000
)

// Check reports a format that could not decide a match.
func (f *Format) Check() error {
	bad := func(field string) error {
		return &scoring.Invalid{Field: field, Problem: "bad-format", With: []string{f.Name}, Rule: f.Source}
	}
	for _, p := range []*Part{&f.Part, f.Last} {
		if p != nil && (min(p.To, p.By, p.Cap, p.Max, p.Sum) < 0 || max(p.To, p.By, p.Cap, p.Max, p.Sum) > maxPoints ||
			p.To > 0 && p.By < 1 || p.Cap != 0 && p.Cap < p.To) {
			return bad("part")
		}
	}
	switch {
	case f.Parts < 1 || f.Parts > maxParts:
		return bad("parts")
	case min(f.To, f.Mercy, f.Award) < 0 || max(f.To, f.Mercy, f.Award) > maxPoints:
		return bad("to")
	case f.By != ByParts && f.By != ByTotal && f.By != BySetPoints:
		return bad("by")
	case f.By == ByParts && f.Single == nil && f.Part.To < 1:
		return bad("part.to")
	case f.By == BySetPoints && f.To < 1:
		return bad("to")
	case f.Single != nil && (f.By != ByParts || f.Single.Single != nil):
		return bad("single")
	case f.Extra != nil && f.Extra.Most < 0:
		return bad("extra")
	case f.Single != nil:
		return f.Single.Check()
	}
	return nil
}

// needed is how many parts win a match by parts.
func (f *Format) needed() int { return f.Parts/2 + 1 }

// part is the rule of the part numbered from 0.
func (f *Format) part(i int) *Part {
	if i == f.Parts-1 && f.Last != nil {
		return f.Last
	}
	return &f.Part
}

// String says when a part is won, for messages: 11+2, 21+2≤30.
func (p Part) String() string {
	switch {
	case p.Cap > 0:
		return fmt.Sprintf("%d+%d≤%d", p.To, p.By, p.Cap)
	case p.To > 0:
		return fmt.Sprintf("%d+%d", p.To, p.By)
	case p.Sum > 0:
		return fmt.Sprintf("=%d", p.Sum)
	case p.Max > 0:
		return fmt.Sprintf("≤%d", p.Max)
	}
	return ""
}
