// Archery and shooting: hit by hit, or the totals of series from a paper.
package pads

import (
	"slices"
	"strconv"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/target"
)

func hitCell(end, hit int) string { return name("end-%d/hit-%d", end+1, hit+1) }

func totalCell(i int) string { return name("total-%d", i+1) }

func shootOffCell(i int) string { return name("shoot-off-%d", i+1) }

// outOffCell is a shot of the shoot-off fired after a shot of a final.
func outOffCell(shot, i int) string { return name("out-%d/hit-%d", shot, i+1) }

const (
	nearer   = "/nearer" // of equal hits in a shoot-off
	starred  = "*"
	shootOff = 5 // rounds of one that are foreseen
)

// rings are the hits of whole rings, the inner ten first, M a miss.
var rings = []string{"X", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "M"}

func ends(r *target.Rules) int { return (r.Hits + r.Series - 1) / r.Series }

// hitInput is a cell for a hit: a button for each ring, or tenths.
func hitInput(r *target.Rules, cell, group string, words ...string) Cell {
	if r.Decimal {
		return Cell{Name: cell, Input: Mark, Measure: scoring.Thousandths, Max: 10_900, Step: 100, Decimals: 1, Group: group, Words: words}
	}
	return Cell{Name: cell, Input: Choice, Choices: rings, Group: group, Words: words}
}

// offInput is a hit of a shoot-off, with a box for the nearer of equal ones.
func offInput(r *target.Rules, cell, group string, words ...string) []Cell {
	hit := hitInput(r, cell, group, words...)
	hit.Optional = true
	return []Cell{hit, {Name: cell + nearer, Input: Choice, Choices: []string{"yes"}, Optional: true, Group: group, Words: []string{"cell.nearer"}}}
}

func targetCells(given *target.Rules, _ scoring.Measure) ([]Cell, error) {
	r, err := given.Complete()
	if err != nil {
		return nil, err
	}
	var cells []Cell
	for i := range r.Hits {
		end, hit := i/r.Series, i%r.Series
		cells = append(cells, hitInput(&r, hitCell(end, hit), name("end-%d", end+1), "cell.hit", number(end+1), number(hit+1)))
		if shot := i + 1; r.Out > 0 && shot >= r.Out && (shot-r.Out)%r.Step == 0 {
			for n := range 3 {
				cells = append(cells, offInput(&r, outOffCell(shot, n), name("out-%d", shot), "cell.out-off", number(shot), number(n+1))...)
			}
		}
	}
	if r.Out == 0 { // a final is followed shot by shot
		cells = append(cells, totalCells(&r)...)
	}
	if slices.Contains(r.Ties, "shoot-off") {
		for i := range shootOff {
			cells = append(cells, offInput(&r, shootOffCell(i), "shoot-off", "cell.shoot-off", number(i+1))...)
		}
	}
	penalty := Cell{Name: "penalty", Input: Mark, Measure: scoring.Thousandths, Step: 1000, Max: int64(10_000 * r.Hits), Optional: true, Group: "penalty", Words: []string{"cell.penalty"}}
	if r.Decimal {
		penalty.Step = 100
	}
	return append(cells, penalty, lot, why(usualReasons...)), nil
}

// totalCells are for a paper on which single hits are not known.
func totalCells(r *target.Rules) []Cell {
	var cells []Cell
	for i := range ends(r) {
		total := Cell{Name: totalCell(i), Input: Count, Max: int64(10 * r.Series), Optional: true, Group: "totals", Words: []string{"cell.total", number(i + 1)}}
		if r.Decimal {
			total.Input, total.Measure, total.Max, total.Step, total.Decimals = Mark, scoring.Thousandths, int64(10_900*r.Series), 100, 1
		}
		cells = append(cells, total)
	}
	for _, n := range counts(&target.Line{}) {
		cells = append(cells, Cell{Name: n.cell, Input: Count, Max: int64(r.Hits), Optional: true, Group: "totals", Words: []string{n.words}})
	}
	return cells
}

// tally is a count beside totals, where single hits are not known.
type tally struct {
	cell, words string
	of          *int
}

func counts(l *target.Line) []tally {
	return []tally{{"tens", "cell.tens", &l.Tens}, {"inner", "cell.inner", &l.Inner}}
}

var targetRoom = room[target.Rules, target.Line]{
	cells: targetCells,
	take:  takeTarget,
	put:   putTarget,
	waits: targetWaits,
	turn:  targetTurn,
}

func takeTarget(given *target.Rules, l *target.Line, give func(string, Value)) {
	r, err := given.Complete()
	if err != nil {
		return // nothing can be read by such rules; their kind refuses them
	}
	byEnd := make([][]string, len(l.Ends))
	for i, text := range l.Ends {
		byEnd[i] = strings.Fields(text)
	}
	if len(byEnd) > ends(&r) { // written in other parts than the rules': the order of the hits is what counts
		byEnd = slices.Collect(slices.Chunk(slices.Concat(byEnd...), r.Series))
	}
	for i, hits := range byEnd {
		for j, hit := range hits {
			give(hitCell(i, j), hitValue(&r, hit))
		}
	}
	if r.Out == 0 {
		takeTotals(&r, l, give)
	}
	takeOffs(&r, l, give)
	if m, err := scoring.Thousandths.Parse(l.Penalty); err == nil {
		give("penalty", markValue(m))
	}
	if l.Lot > 0 {
		give(lot.Name, markValue(scoring.Mark(l.Lot)))
	}
	l.Ends, l.Penalty, l.Lot = nil, "", 0
	takeWhy(&l.IRM, &l.Rule, give)
}

func takeTotals(r *target.Rules, l *target.Line, give func(string, Value)) {
	for i, text := range l.Totals {
		if m, err := scoring.Thousandths.Parse(text); err == nil {
			if !r.Decimal {
				m /= 1000
			}
			give(totalCell(i), markValue(m))
		}
	}
	for _, n := range counts(l) {
		if *n.of > 0 {
			give(n.cell, markValue(scoring.Mark(*n.of)))
		}
		*n.of = 0
	}
	l.Totals = nil
}

func takeOffs(r *target.Rules, l *target.Line, give func(string, Value)) {
	off := func(cell, text string) {
		hit, star := strings.CutSuffix(text, starred)
		give(cell, hitValue(r, hit))
		flag(give, cell+nearer, star)
	}
	for i, text := range l.ShootOff {
		off(shootOffCell(i), text)
	}
	shots := make([]int, 0, len(l.OutOffs))
	for shot := range l.OutOffs {
		shots = append(shots, shot)
	}
	slices.Sort(shots)
	for _, shot := range shots {
		for i, text := range strings.Fields(l.OutOffs[shot]) {
			off(outOffCell(shot, i), text)
		}
	}
	l.ShootOff, l.OutOffs = nil, nil
}

// hitValue is a hit as its cell keeps it.
func hitValue(r *target.Rules, text string) Value {
	h, err := target.ParseHit(text, r.Decimal)
	switch {
	case err != nil || r.Decimal && h.Inner:
		return Value{Text: text} // refused where it is read
	case r.Decimal:
		return markValue(scoring.Mark(h.Tenths) * 100)
	case h.Tenths == 100 && h.Inner:
		return Value{Text: "X"}
	case h.Tenths == 0:
		return Value{Text: "M"}
	}
	return Value{Text: strconv.Itoa(h.Tenths / 10)}
}

// hitText is a hit as the line has it.
func hitText(v Value) string {
	if v.Mark != nil {
		return scoring.Thousandths.Format(*v.Mark, 1)
	}
	return v.Text
}

func putTarget(given *target.Rules, l *target.Line, v Values) error {
	r, err := given.Complete()
	if err != nil {
		return err
	}
	all, err := list(v, r.Hits, func(i int) string { return hitCell(i/r.Series, i%r.Series) })
	if err != nil {
		return err
	}
	for end := range slices.Chunk(all, r.Series) {
		l.Ends = append(l.Ends, join(end, nil))
	}
	if r.Out == 0 {
		if err := putTotals(&r, l, v); err != nil {
			return err
		}
	}
	if err := putOffs(&r, l, v); err != nil {
		return err
	}
	if p := v["penalty"]; !p.Empty() {
		l.Penalty = scoring.Thousandths.Format(markOf(p), 1)
		l.Penalty = strings.TrimSuffix(l.Penalty, ".0")
	}
	l.Lot = int(markOf(v[lot.Name]))
	putWhy(&l.IRM, &l.Rule, v)
	return nil
}

func putTotals(r *target.Rules, l *target.Line, v Values) error {
	totals, err := list(v, ends(r), totalCell)
	for _, t := range totals {
		text := strconv.FormatInt(int64(markOf(t)), 10)
		if r.Decimal {
			text = scoring.Thousandths.Format(markOf(t), 1)
		}
		l.Totals = append(l.Totals, text)
	}
	for _, n := range counts(l) {
		*n.of = int(markOf(v[n.cell]))
	}
	return err
}

func putOffs(r *target.Rules, l *target.Line, v Values) error {
	offs, err := list(v, shootOff, shootOffCell)
	if err != nil {
		return err
	}
	if len(offs) > 0 {
		l.ShootOff = strings.Fields(join(offs, func(i int) bool { return v[shootOffCell(i)+nearer].Text == "yes" }))
	}
	for shot := r.Out; r.Out > 0 && shot <= r.Hits; shot += r.Step {
		hits, err := list(v, 3, func(i int) string { return outOffCell(shot, i) })
		if err != nil {
			return err
		}
		if len(hits) == 0 {
			continue
		}
		if l.OutOffs == nil {
			l.OutOffs = map[int]string{}
		}
		l.OutOffs[shot] = join(hits, func(i int) bool { return v[outOffCell(shot, i)+nearer].Text == "yes" })
	}
	return nil
}

// join writes hits in a row, a star behind those that are nearer.
func join(hits []Value, near func(i int) bool) string {
	texts := make([]string, len(hits))
	for i, h := range hits {
		if texts[i] = hitText(h); near != nil && near(i) {
			texts[i] += starred
		}
	}
	return strings.Join(texts, " ")
}

// targetWaits: who has all hits or all totals is done; in a final who has gone
// out as well.
func targetWaits(given target.Rules, lines []target.Line) (func(*target.Line) bool, error) {
	r, err := given.Complete()
	if err != nil {
		return nil, err
	}
	ranked, err := target.Rank(given, lines)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, l := range ranked {
		out[l.ID] = slices.ContainsFunc(l.Columns, func(c scoring.Column) bool { return c.Name == "out-after" })
	}
	return func(l *target.Line) bool {
		hits := 0
		for _, e := range l.Ends {
			hits += len(strings.Fields(e))
		}
		return l.IRM == "" && !out[l.ID] && hits < r.Hits && len(l.Totals) < ends(&r)
	}, nil
}

// targetTurn puts shots in the order of a final: shot by shot, and a shoot-off
// after the shot that asks for it.
func targetTurn(given *target.Rules, cell string, i int) int {
	r, err := given.Complete()
	head, tail, _ := strings.Cut(cell, "/hit-")
	tail, _, _ = strings.Cut(tail, "/")
	word, n, _ := strings.Cut(head, "-")
	at, err1 := strconv.Atoi(n)
	hit, err2 := strconv.Atoi(tail)
	switch {
	case err != nil || err1 != nil || err2 != nil:
		return 1_000_000 + i
	case word == "out":
		return 100*at + 10*hit
	}
	return 100 * ((at-1)*r.Series + hit)
}
