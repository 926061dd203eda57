package swiss

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/duel"
	"tongchang/scoring/pool"
)

// Pairing is the next round. In each match A begins: white, or red.
type Pairing struct {
	Matches []duel.Match
	// Relaxed: with the colours that everybody is due no round was possible, so
	// somebody begins three times running or more than twice too often.
	Relaxed bool
}

// player is a line with what its games say about its next one.
type player struct {
	line    *Line
	points  int
	met     map[string]bool
	colours []int // +1 began, -1 did not, in order of the rounds
	rested  bool
}

// Pair makes the round after those in matches. The same lines and matches
// always give the same round, whatever their order.
//
// What holds absolutely: nobody meets twice, nobody rests twice (FIDE Handbook
// C.04.1). Then, unless no round is left: nobody begins three times running or
// three times more often than not. Within that, from the leader down: an
// opponent with as near a score as possible, without making another pair of
// that score impossible; who is due the other colour; the first half of those
// with the same score against the second half, in order of the seeds. The lowest
// who has not rested yet rests. This is not the Dutch system in all its
// details: it looks at one leader after the other, not at a score group as a
// whole.
func Pair(rules Rules, lines []Line, matches []duel.Match) (Pairing, error) {
	round, players, err := history(&rules, lines, matches)
	if err != nil {
		return Pairing{}, err
	}
	if rules.Rounds > 0 && round > rules.Rounds {
		return Pairing{}, &scoring.Invalid{Field: "round", Problem: "no-more-rounds", With: []string{strconv.Itoa(rules.Rounds)}}
	}
	for _, relaxed := range []bool{false, true} {
		d := newDraw(players, relaxed)
		if d.rest() {
			return Pairing{Matches: d.matches(round), Relaxed: relaxed && len(players) > 1}, nil
		}
	}
	return Pairing{}, &scoring.Invalid{Field: "round", Problem: "no-pairing", With: []string{strconv.Itoa(round)}}
}

// history reads the rounds played. Everybody's players come best first.
func history(rules *Rules, lines []Line, matches []duel.Match) (int, []*player, error) {
	ranked, err := Rank(*rules, lines, matches)
	if err != nil {
		return 0, nil, err
	}
	full, err := rules.complete()
	if err != nil {
		return 0, nil, err
	}
	byID := make(map[string]*player, len(lines))
	for i := range lines {
		byID[lines[i].ID] = &player{line: &lines[i], met: map[string]bool{}}
	}
	for _, r := range ranked {
		if points(&full) && r.Mark != nil {
			byID[r.ID].points = int(*r.Mark)
		}
	}
	played := slices.SortedFunc(slices.Values(matches), func(a, b duel.Match) int {
		return cmp.Or(cmp.Compare(a.Round, b.Round), cmp.Compare(a.ID, b.ID))
	})
	last := 0
	for i := range played {
		last = max(last, played[i].Round)
		if err := remember(&full, byID, &played[i]); err != nil {
			return 0, nil, err
		}
	}
	var players []*player
	for i := range lines {
		if l := &lines[i]; l.IRM == "" && !l.Absent {
			players = append(players, byID[l.ID])
		}
	}
	slices.SortFunc(players, func(a, b *player) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.line.Seed, b.line.Seed), scoring.CompareIDs(a.line.ID, b.line.ID))
	})
	return last + 1, players, nil
}

// points reports whether the mark of the ranking is what pairing goes by.
func points(r *pool.Rules) bool { return len(r.Ties) == 0 || r.Ties[0].By == "match-points" }

// remember notes a game with both who played it.
func remember(rules *pool.Rules, byID map[string]*player, m *duel.Match) error {
	a, b := byID[m.A], byID[m.B]
	if m.End == duel.Bye {
		a.rested = true
		return nil
	}
	if m.Live {
		return &scoring.Invalid{Line: m.ID, Field: "round", Problem: "round-unfinished", With: []string{strconv.Itoa(m.Round)}, Rule: rules.Source}
	}
	a.met[m.B], b.met[m.A] = true, true
	switch {
	case m.End == duel.Walkover && len(m.Out) == 1: // the point without a game: it stands for a rest
		byID[m.Line(m.SideOf(m.Out[0]).Other())].rested = true
	case m.End != duel.Walkover:
		a.colours, b.colours = append(a.colours, +1), append(b.colours, -1)
	}
	return nil
}

// due is the colour a player should have next, and how urgently: 3 absolutely
// (two more of one, or twice running), 2 one more of one, 1 to alternate, 0
// not at all.
func (p *player) due() (colour, urgency int) {
	sum, n := 0, len(p.colours)
	for _, c := range p.colours {
		sum += c
	}
	twice := n > 1 && p.colours[n-1] == p.colours[n-2]
	switch {
	case n == 0:
		return 0, 0
	case sum > 1 || sum < -1:
		return -sign(sum), 3
	case twice:
		return -p.colours[n-1], 3
	case sum != 0:
		return -sign(sum), 2
	}
	return -p.colours[n-1], 1
}

func sign(n int) int { return cmp.Compare(n, 0) }

// draw is a round in the making.
type draw struct {
	players []*player
	may     graph
	in      []bool
	mate    []int // a whole round that is known to be possible
	pairs   [][2]int
	resting int
}

func newDraw(players []*player, relaxed bool) *draw {
	d := &draw{players: players, may: make(graph, len(players)), in: make([]bool, len(players)), mate: make([]int, len(players)), resting: -1}
	for i, p := range players {
		d.in[i], d.mate[i] = true, -1
		d.may[i] = make([]bool, len(players))
		for j, q := range players {
			pc, pu := p.due()
			qc, qu := q.due()
			clash := pc == qc && pu == 3 && qu == 3
			d.may[i][j] = i != j && !p.met[q.line.ID] && (relaxed || !clash)
		}
	}
	return d
}

// rest finds who rests, from the lowest up, and pairs the others. It is false
// where no round is possible.
func (d *draw) rest() bool {
	if len(d.players)%2 == 0 {
		return d.may.grow(d.mate, d.in) == 0 && d.pair()
	}
	for i := len(d.players) - 1; i >= 0; i-- {
		if d.players[i].rested {
			continue
		}
		d.in[i] = false
		mate := slices.Repeat([]int{-1}, len(d.players))
		if d.may.grow(mate, d.in) == 0 {
			d.mate, d.resting = mate, i
			return d.pair()
		}
		d.in[i] = true
	}
	return false
}

// pair takes the best player left and gives him the best opponent that leaves
// a round possible; there always is one, his partner in the known round.
func (d *draw) pair() bool {
	for p := range d.players {
		if !d.in[p] {
			continue
		}
		for _, q := range d.candidates(p) {
			if mate, ok := d.without(p, q); ok {
				d.mate, d.in[p], d.in[q] = mate, false, false
				d.pairs = append(d.pairs, [2]int{p, q})
				break
			}
		}
		if d.in[p] {
			return false
		}
	}
	return true
}

// without is a round for all the others, if p and q meet.
func (d *draw) without(p, q int) ([]int, bool) {
	mate, in := slices.Clone(d.mate), slices.Clone(d.in)
	for _, v := range []int{p, q} {
		if mate[v] >= 0 {
			mate[mate[v]] = -1
			mate[v] = -1
		}
		in[v] = false
	}
	return mate, d.may.grow(mate, in) == 0
}

// candidates for p, best first.
func (d *draw) candidates(p int) []int {
	var level, all []int // p's score group and everybody p may meet
	for q := range d.players {
		if d.in[q] && q != p && d.players[q].points == d.players[p].points {
			level = append(level, q)
		}
		if d.in[q] && d.may[p][q] {
			all = append(all, q)
		}
	}
	half := (len(level)+1)/2 - 1 // where the second half of the group begins
	whole := d.left(append([]int{p}, level...))
	type cost struct{ q, score, lost, colour, far int }
	costs := make([]cost, len(all))
	for i, q := range all {
		c := cost{q: q, score: d.players[p].points - d.players[q].points, far: q}
		if at := slices.Index(level, q); at >= 0 {
			if c.far = at - half; c.far < 0 { // one of his own half: after the whole other half
				c.far = len(level) - c.far
			}
			if d.left(slices.DeleteFunc(slices.Clone(level), func(v int) bool { return v == q })) > whole {
				c.lost = 1
			}
		}
		pc, _ := d.players[p].due()
		qc, _ := d.players[q].due()
		if pc != 0 && pc == qc {
			c.colour = 1
		}
		costs[i] = c
	}
	slices.SortFunc(costs, func(a, b cost) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.lost, b.lost), cmp.Compare(a.colour, b.colour), cmp.Compare(a.far, b.far), cmp.Compare(a.q, b.q))
	})
	for i, c := range costs {
		all[i] = c.q
	}
	return all
}

// left is how many of a score group would have to play outside it.
func (d *draw) left(group []int) int {
	in := make([]bool, len(d.players))
	for _, v := range group {
		in[v] = true
	}
	return d.may.grow(slices.Repeat([]int{-1}, len(d.players)), in)
}

// matches gives the boards in order, and the rest last.
func (d *draw) matches(round int) []duel.Match {
	var out []duel.Match
	for board, pair := range d.pairs {
		first, second := d.players[pair[0]], d.players[pair[1]]
		if !begins(first, second, board) {
			first, second = second, first
		}
		out = append(out, duel.Match{ID: fmt.Sprintf("%d.%d", round, board+1), Round: round, A: first.line.ID, B: second.line.ID})
	}
	if d.resting >= 0 {
		out = append(out, duel.Match{ID: fmt.Sprintf("%d.%d", round, len(out)+1), Round: round, A: d.players[d.resting].line.ID, End: duel.Bye})
	}
	return out
}

// begins says whether the higher player of a board begins: as both are due,
// else as the one who is due more urgently, else the reverse of the last round
// in which they had different colours, else as the higher is due; in the first
// round in turn, the first board's higher player beginning.
func begins(high, low *player, board int) bool {
	hc, hu := high.due()
	lc, lu := low.due()
	switch {
	case hu == 0 && lu == 0:
		return board%2 == 0
	case lu > hu:
		return lc < 0
	case hc != lc || hu > lu:
		return hc > 0
	}
	for i := 1; i <= min(len(high.colours), len(low.colours)); i++ {
		h, l := high.colours[len(high.colours)-i], low.colours[len(low.colours)-i]
		if h != l {
			return h < 0
		}
	}
	return hc > 0
}
