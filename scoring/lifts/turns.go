package lifts

import (
	"cmp"
	"slices"

	"tongchang/scoring"
)

// Turn is one lift to come.
type Turn struct {
	ID      string       `json:"id"`
	Attempt int          `json:"attempt"` // 1 to 3; 4 for a record
	Weight  scoring.Mark `json:"weight"`  // g on the bar
}

// Turns is the lifting order of the attempts that have been declared and not
// taken. Group B lifts before A. Within a group the lightest bar comes first, so
// that it is only ever loaded; at the same weight who has made fewer attempts;
// then the lower lot. Where the rules go by rounds, everybody's first attempt
// comes before anybody's second. Attempts for a record stand at the end of their
// group. Lots are needed, and must differ, since the last comparison is theirs.
func Turns(rules Rules, lines []Line) ([]Turn, error) {
	s, lifters, err := prepare(rules, lines)
	if err != nil {
		return nil, err
	}
	if err := s.checkLots(lifters); err != nil {
		return nil, err
	}
	type turn struct {
		Turn
		*lifter
	}
	var turns []turn
	for i := range lifters {
		l := &lifters[i]
		if n := len(l.Attempts); n > 0 && l.irm == "" && !l.Attempts[n-1].taken() {
			turns = append(turns, turn{Turn{l.ID, n, l.Attempts[n-1].Weight}, l})
		}
		if l.Fourth != nil && (l.irm == "" || l.irm == scoring.NM) && !l.Fourth.taken() {
			turns = append(turns, turn{Turn{l.ID, s.Attempts + 1, l.Fourth.Weight}, l})
		}
	}
	slices.SortFunc(turns, func(a, b turn) int {
		byRound := cmp.Compare(a.Attempt, b.Attempt)
		if !s.Rounds && a.Attempt <= s.Attempts && b.Attempt <= s.Attempts {
			byRound = 0
		}
		return cmp.Or(cmp.Compare(b.Group, a.Group), byRound, cmp.Compare(a.Weight, b.Weight),
			cmp.Compare(a.Attempt, b.Attempt), cmp.Compare(a.Lot, b.Lot))
	})
	order := make([]Turn, len(turns))
	for i := range turns {
		order[i] = turns[i].Turn
	}
	return order, nil
}
