// Package scoring holds the rules of sport and skill: it turns marks into
// ranks and says which rule decided each one. Everything in it and in the
// rooms below it is a function of its arguments: no clock, no randomness, no
// I/O, exact integers, and nothing but the standard library.
//
// The root has the words that every rule shares: marks and their measures,
// reasons for having no mark, ranked lines, and [Order], the one place where
// a comparison becomes a place. Each kind of scoring has a room of its own
// (scoring/timed, scoring/series, …) with one shape:
//
//	func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error)
//
// and enters through the table in scoring/kinds.
package scoring

// Ranked is one line of a ranking. Rank is the place shown, shared by equals
// and 0 where there is none; SortOrder is the row's position from 1 and is
// never shared.
type Ranked struct {
	ID        string   `json:"id"`
	Rank      int      `json:"rank,omitempty"`
	SortOrder int      `json:"sort_order"`
	Mark      *Mark    `json:"mark,omitempty"`    // what the rank rests on, in the ranking's measure; nil without a mark
	Result    string   `json:"result"`            // the mark as printed: 1:02.34, 6.21, DNS
	IRM       IRM      `json:"irm,omitempty"`     // why there is no rank
	Columns   []Column `json:"columns,omitempty"` // what stands beside the result: raw mark, factor, points
	Reason    Reason   `json:"reason"`
}

// Column is a named figure beside a result: the raw mark behind points, the
// factor of a class. Name is a key of the message catalogue.
type Column struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Reason says which rule put a line where it is. It compares the line with the
// one directly before it (for the first line: with the next); Own and Other are
// the two values as printed. Rule is a key of the message catalogue, so that
// the sentence can be said in any language.
type Reason struct {
	Rule    string `json:"rule"`
	Against string `json:"against,omitempty"`
	Own     string `json:"own,omitempty"`
	Other   string `json:"other,omitempty"`
	Source  string `json:"source,omitempty"` // rule book, edition, clause
}

// Rules that every kind shares; a kind adds its own words ("second-best",
// "countback", "lot").
const (
	RuleAlone  = "alone"   // nobody to compare with
	RuleShared = "shared"  // equal under every rule: the place is shared
	RuleIRM    = "irm"     // no mark, so no rank
	RuleNoMark = "waiting" // nothing entered yet
)
