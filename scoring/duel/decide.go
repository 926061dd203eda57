package duel

import (
	"cmp"
	"fmt"
	"strconv"

	"tongchang/scoring"
)

// Decide says who won a match and why. A score that the format cannot produce,
// a match that stops before it is decided or goes on after it, an end that
// names nobody: each is an [*scoring.Invalid] that names match and part.
func (f *Format) Decide(m *Match) (Outcome, error) {
	t := tally{f: f, m: m}
	if err := t.sides(); err != nil {
		return Outcome{}, err
	}
	if m.End == Forfeit || m.End == Walkover {
		if err := t.unplayed(); err != nil {
			return Outcome{}, err
		}
		return t.awarded(), nil
	}
	if err := t.count(); err != nil {
		return Outcome{}, err
	}
	switch {
	case m.End == Retired || m.End == Disqualified:
		return t.broken(), nil
	case m.End == Conceded:
		return t.outcome(t.in(), string(Conceded), true), nil
	case m.Live:
		return t.outcome(Nobody, "live", false), nil
	case t.how == "":
		return Outcome{}, t.bad("", "match-unfinished", t.text())
	}
	return t.outcome(t.winner, t.how, true), nil
}

// tally counts one match.
type tally struct {
	f      *Format
	m      *Match
	score  [2]Score
	set    [2]int // set points
	winner Side
	how    string // why it is over; empty: it is not
	narrow bool
}

func (t *tally) bad(field, problem string, with ...string) error {
	return &scoring.Invalid{Line: t.m.ID, Field: field, Problem: problem, With: with, Rule: t.f.Source}
}

// sides checks who met and whom the end speaks of.
func (t *tally) sides() error {
	m := t.m
	switch {
	case m.A == "" || m.B == "":
		return t.bad("side", "side-missing")
	case m.A == m.B:
		return t.bad("side", "plays-itself", m.A)
	case m.Nearer != "" && m.SideOf(m.Nearer) == Nobody:
		return t.bad("nearer", "not-in-match", m.Nearer)
	}
	for i, id := range m.Out {
		if m.SideOf(id) == Nobody || i > 1 || i == 1 && id == m.Out[0] {
			return t.bad("out", "not-in-match", id)
		}
	}
	switch m.End {
	case Played:
		if len(m.Out) > 0 {
			return t.bad("end", "end-missing", m.Out...)
		}
	case Walkover, Retired, Disqualified, Forfeit, Conceded:
		if len(m.Out) == 0 || m.End == Conceded && len(m.Out) > 1 {
			return t.bad("out", "out-missing", string(m.End))
		}
		if m.Live {
			return t.bad("live", "live-and-over", string(m.End))
		}
	default:
		return t.bad("end", "unknown-end", string(m.End))
	}
	return nil
}

// unplayed refuses a score beside a walkover: it would count for nobody, so
// something is wrong. A forfeit may keep the score that it replaces.
func (t *tally) unplayed() error {
	m := t.m
	if m.End == Walkover && len(m.Parts)+len(m.Extra)+len(m.Singles) > 0 {
		return t.bad("end", "score-and-walkover")
	}
	return nil
}

// in is the side that End leaves in the match; nobody when both are out.
func (t *tally) in() Side {
	if len(t.m.Out) != 1 {
		return Nobody
	}
	return t.m.SideOf(t.m.Out[0]).Other()
}

func (t *tally) outcome(winner Side, how string, finished bool) Outcome {
	return Outcome{
		Winner: winner, How: how, Decided: how != "live", Drawn: how == "draw",
		Finished: finished, Narrow: t.narrow, Score: t.score, text: t.texts(), tail: t.tails(),
	}
}

// texts prints each side's score: set points, single matches, parts or points.
func (t *tally) texts() [2]string {
	a, b := t.level()
	if t.f.Part.Sum > 0 {
		return [2]string{Halves(a), Halves(b)}
	}
	return [2]string{strconv.Itoa(a), strconv.Itoa(b)}
}

func (t *tally) text() string {
	s := t.texts()
	return s[0] + "–" + s[1]
}

// tails prints what decided a level match without counting in its score, with
// a star where even that was level and the nearer one won.
func (t *tally) tails() (out [2]string) {
	var sum [2]int
	switch {
	case t.m.Shootout != nil:
		sum = *t.m.Shootout
	case t.f.Extra != nil && t.f.Extra.Apart && len(t.m.Extra) > 0:
		for _, p := range t.m.Extra {
			sum[0], sum[1] = sum[0]+p[0], sum[1]+p[1]
		}
	case t.m.Nearer == "":
		return out
	}
	for i := range out {
		out[i] = strconv.Itoa(sum[i])
		if t.how == "nearer" && t.winner == A+Side(i) {
			out[i] += "*"
		}
	}
	return out
}

// level is what the match is decided by.
func (t *tally) level() (a, b int) {
	switch {
	case t.f.By == BySetPoints:
		return t.set[0], t.set[1]
	case t.f.Single != nil:
		return t.score[0].Singles, t.score[1].Singles
	case t.f.By == ByParts:
		return t.score[0].Parts, t.score[1].Parts
	}
	return t.score[0].Points, t.score[1].Points
}

// Halves prints half points: 3 is 1½.
func Halves(n int) string {
	switch {
	case n == 1:
		return "½"
	case n%2 == 1:
		return strconv.Itoa(n/2) + "½"
	}
	return strconv.Itoa(n / 2)
}

func (t *tally) count() error {
	m, f := t.m, t.f
	if f.Single == nil && len(m.Singles) > 0 || f.Single != nil && len(m.Parts) > 0 {
		return t.bad("parts", "not-a-team-match")
	}
	if f.Single != nil {
		return t.singles()
	}
	for i, p := range m.Parts {
		if err := t.playPart(i, p); err != nil {
			return err
		}
	}
	t.finish(len(m.Parts))
	return t.beyond()
}

// field names a part for a message: game 2.
func (t *tally) field(i int) string { return cmp.Or(t.f.Unit, "part") + " " + strconv.Itoa(i+1) }

func pair(p [2]int) string { return fmt.Sprintf("%d–%d", p[0], p[1]) }

// open says whether the last part given may be unfinished.
func (t *tally) open(i int) bool {
	return i == len(t.m.Parts)-1 && (t.m.Live || t.m.End == Retired || t.m.End == Disqualified || t.m.End == Conceded)
}

func (t *tally) playPart(i int, p [2]int) error {
	f := t.f
	switch {
	case t.how != "":
		return t.bad(t.field(i), "after-decided", t.text())
	case i >= f.Parts:
		return t.bad(t.field(i), "too-many-parts", strconv.Itoa(f.Parts))
	}
	rule := f.part(i)
	winner, done, ok := rule.won(p)
	switch {
	case !ok:
		return t.bad(t.field(i), "impossible-score", pair(p), rule.String())
	case !done && !t.open(i):
		return t.bad(t.field(i), "part-unfinished", pair(p), rule.String())
	}
	t.score[0].Points += p[0]
	t.score[1].Points += p[1]
	if t.f.Mercy > 0 && lead(t.score[0].Points, t.score[1].Points) > t.f.Mercy {
		return t.bad(t.field(i), "beyond-mercy", t.text(), strconv.Itoa(t.f.Mercy))
	}
	if done && (rule.To > 0 || !t.m.Live || !t.open(i)) {
		t.partTo(winner)
	}
	t.narrow = i == f.Parts-1
	t.over()
	return nil
}

// partTo credits a part and, where sets earn points, those.
func (t *tally) partTo(winner Side) {
	if winner == Nobody {
		t.set[0]++
		t.set[1]++
		return
	}
	t.score[winner-A].Parts++
	t.set[winner-A] += 2
}

// over looks whether the match is decided before its last part.
func (t *tally) over() {
	a, b := t.level()
	ahead := A
	if b > a {
		ahead = B
	}
	switch {
	case t.f.All:
		return
	case t.f.By == ByParts && max(a, b) < t.f.needed(),
		t.f.By == BySetPoints && (max(a, b) < t.f.To || a == b),
		t.f.By == ByTotal && (t.f.Mercy == 0 || lead(a, b) < t.f.Mercy):
		return
	case t.f.By == ByTotal:
		t.winner, t.how = ahead, "mercy"
	default:
		t.winner, t.how = ahead, string(t.f.By)
	}
}

func lead(a, b int) int { return max(a-b, b-a) }

// finish looks at the match after its last part.
func (t *tally) finish(parts int) {
	if t.how != "" || parts < t.f.Parts || t.m.Live {
		return
	}
	a, b := t.level()
	switch {
	case a > b:
		t.winner, t.how = A, string(t.f.By)
	case b > a:
		t.winner, t.how = B, string(t.f.By)
	case t.f.Draw && len(t.m.Extra) == 0 && t.m.Shootout == nil && t.m.Nearer == "":
		t.how = "draw"
	}
}

// won says who has won a part with this score, whether it is over, and whether
// the score can exist at all.
func (p *Part) won(score [2]int) (winner Side, done, ok bool) {
	hi, lo, winner := score[0], score[1], A
	if lo > hi {
		hi, lo, winner = lo, hi, B
	}
	if hi == lo {
		winner = Nobody
	}
	switch {
	case lo < 0 || hi > maxPoints,
		p.Max > 0 && hi > p.Max,
		p.One && lo > 0,
		p.Sum > 0 && hi+lo != p.Sum:
		return winner, false, false
	case p.To == 0:
		return winner, true, true
	case hi < p.To:
		return winner, false, true
	case p.Cap > 0 && hi > p.Cap:
		return winner, false, false
	case p.Cap > p.To && hi == p.Cap: // the next point wins: 30–29, or 30–28 from 29–28
		return winner, hi > lo, hi > lo && hi-lo <= p.By
	case hi == p.To:
		return winner, hi-lo >= p.By, hi > lo || p.By > 1
	case p.By == 1 || hi-lo > p.By:
		return winner, false, false // it was won before
	}
	return winner, hi-lo == p.By, true
}

// fill gives the side what it still needed to win the part.
func (p *Part) fill(score [2]int, s Side) [2]int {
	need := max(p.To, score[s.Other()-A]+p.By)
	if p.Cap > 0 {
		need = min(need, p.Cap)
	}
	score[s-A] = need
	return score
}

// beyond plays what follows a level match: extra parts, then the shootout.
func (t *tally) beyond() error {
	m, f := t.m, t.f
	for i, p := range m.Extra {
		if err := t.extra(i, p); err != nil {
			return err
		}
	}
	if m.Shootout == nil && m.Nearer == "" {
		return nil
	}
	switch {
	case !f.Shootout:
		return t.bad("shootout", "no-shootout")
	case t.how != "" || len(m.Parts) < f.Parts:
		return t.bad("shootout", "after-decided", t.text())
	case m.Shootout != nil && min(m.Shootout[0], m.Shootout[1]) < 0:
		return t.bad("shootout", "impossible-score", pair(*m.Shootout), "")
	case m.Shootout != nil && m.Shootout[0] != m.Shootout[1]:
		if t.winner, t.how = A, "shootout"; m.Shootout[1] > m.Shootout[0] {
			t.winner = B
		}
		if m.Nearer != "" && m.SideOf(m.Nearer) != t.winner {
			return t.bad("nearer", "nearer-lost", m.Nearer, pair(*m.Shootout))
		}
	case m.Nearer != "":
		t.winner, t.how = m.SideOf(m.Nearer), "nearer"
	}
	if t.narrow = true; t.winner != Nobody {
		t.set[t.winner-A]++ // the shoot-off is worth one set point: 6–5
	}
	return nil
}

func (t *tally) extra(i int, p [2]int) error {
	f := t.f
	if f.Extra == nil {
		return t.bad("extra", "no-extra")
	}
	field := f.Extra.Unit + " " + strconv.Itoa(i+1)
	switch {
	case t.how != "" || len(t.m.Parts) < f.Parts:
		return t.bad(field, "after-decided", t.text())
	case f.Extra.Most > 0 && i >= f.Extra.Most:
		return t.bad(field, "too-many-parts", strconv.Itoa(f.Extra.Most))
	case i >= maxParts:
		return t.bad(field, "too-many-parts", strconv.Itoa(maxParts))
	}
	one := Part{Max: f.Part.Max, One: f.Part.One}
	winner, _, ok := one.won(p)
	if !ok || f.Extra.Golden && p[0]+p[1] > 1 {
		return t.bad(field, "impossible-score", pair(p), one.String())
	}
	if !f.Extra.Apart {
		t.score[0].Points += p[0]
		t.score[1].Points += p[1]
	}
	t.narrow = true
	if winner != Nobody && !(t.m.Live && i == len(t.m.Extra)-1) {
		t.winner, t.how = winner, f.Extra.Unit
	}
	return nil
}

// singles decides the matches of a team match.
func (t *tally) singles() error {
	for i := range t.m.Singles {
		one := &t.m.Singles[i]
		switch {
		case t.how != "":
			return t.bad(t.field(i), "after-decided", t.text())
		case i >= t.f.Parts:
			return t.bad(t.field(i), "too-many-parts", strconv.Itoa(t.f.Parts))
		}
		o, err := t.f.Single.Decide(one)
		if err != nil {
			return within(err, t.m.ID, t.field(i))
		}
		if !o.Decided && !(t.m.Live && i == len(t.m.Singles)-1) {
			return t.bad(t.field(i), "match-unfinished", o.Result())
		}
		for s := range o.Score {
			t.score[s].Parts += o.Score[s].Parts
			t.score[s].Points += o.Score[s].Points
		}
		if o.Winner != Nobody {
			t.score[o.Winner-A].Singles++
		}
		t.narrow = i == t.f.Parts-1
		t.over()
	}
	t.finish(len(t.m.Singles))
	return t.beyond()
}

// within says of an error in a single match in which team match it is.
func within(err error, match, field string) error {
	if e, ok := err.(*scoring.Invalid); ok {
		inner := *e
		inner.Line, inner.Field = match, field+": "+e.Field
		return &inner
	}
	return err
}

// awarded credits the side that came with the score of the rules. When both
// are out, neither has anything.
func (t *tally) awarded() Outcome {
	t.score, t.set = [2]Score{}, [2]int{}
	w := t.in()
	if w != Nobody {
		t.credit(w)
	}
	return t.outcome(w, string(t.m.End), false)
}

// credit gives a side the score of a match that was not played.
func (t *tally) credit(w Side) {
	f, s := t.f, &t.score[w-A]
	switch {
	case f.Single != nil:
		s.Singles = f.needed()
		s.Parts = f.needed() * f.Single.needed()
		s.Points = s.Parts * f.Single.Part.To
	case f.By == ByParts:
		s.Parts = f.needed()
		s.Points = f.needed() * f.Part.To
	case f.By == BySetPoints:
		t.set[w-A] = f.To
	default:
		s.Points = f.Award
	}
}

// broken is a match that a side could not finish. Where points are added up,
// the side that is left keeps its lead, or gets the award when it had none.
func (t *tally) broken() Outcome {
	w, f := t.in(), t.f
	if w == Nobody {
		return t.outcome(Nobody, string(t.m.End), false)
	}
	switch {
	case f.By == ByParts && f.Filled:
		t.complete(w)
	case f.By == ByTotal && t.score[w-A].Points <= t.score[w.Other()-A].Points:
		t.score = [2]Score{}
		t.credit(w)
	}
	return t.outcome(w, string(t.m.End), false)
}

// complete plays the match out in the side's favour, keeping what the other
// has made.
func (t *tally) complete(w Side) {
	f := t.f
	if f.Single != nil {
		for t.score[w-A].Singles < f.needed() {
			t.score[w-A].Singles++
			t.score[w-A].Parts += f.Single.needed()
			t.score[w-A].Points += f.Single.needed() * f.Single.Part.To
		}
		return
	}
	next := len(t.m.Parts)
	if next > 0 {
		last := t.m.Parts[next-1]
		if _, done, _ := f.part(next - 1).won(last); !done {
			full := f.part(next-1).fill(last, w)
			t.score[w-A].Parts++
			t.score[w-A].Points += full[w-A] - last[w-A]
		}
	}
	for ; t.score[w-A].Parts < f.needed() && next < f.Parts; next++ {
		t.score[w-A].Parts++
		t.score[w-A].Points += f.part(next).To
	}
}
