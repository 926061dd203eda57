package draw

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"tongchang/scoring"
)

// Act is what a change by hand does.
type Act string

// The acts.
const (
	Move       Act = "move"       // Entrant goes from From to the vacant spot To
	Swap       Act = "swap"       // Entrant, on From, and With, on To, change places
	Scratch    Act = "scratch"    // Entrant withdraws; the spot From stays vacant
	Substitute Act = "substitute" // New takes the spot From of Entrant, who is out
	ReserveIn  Act = "reserve-in" // Entrant, a reserve, takes the vacant spot To
	Undo       Act = "undo"       // the change with the number Undoes never was
)

// Acts lists them all.
var Acts = []Act{Move, Swap, Scratch, Substitute, ReserveIn, Undo}

// Change is one act by hand: who did it, when and why. It says what it saw: where
// the spots are no longer as From and To say, it is refused. By and Reason are
// public: a function rather than a name, and nothing of anybody's health.
type Change struct {
	Number  int       `json:"number"` // from 1, without gaps
	Act     Act       `json:"act"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	Entrant string    `json:"entrant,omitempty"`
	With    string    `json:"with,omitempty"`
	From    *Spot     `json:"from,omitempty"`
	To      *Spot     `json:"to,omitempty"`
	New     *Entrant  `json:"new,omitempty"`
	Undoes  int       `json:"undoes,omitempty"`
}

// String is a spot as people write it: heat 2 lane 4 is 2/4.
func (s Spot) String() string {
	if s.Part == 0 {
		return strconv.Itoa(s.Number)
	}
	return strconv.Itoa(s.Part) + "/" + strconv.Itoa(s.Number)
}

// Apply makes the changes one after the other, each on what those before it have
// left, and gives the result; drawn stays as it is. A change that is undone is
// left out, and those after it have to stand without it. Undoing an undo brings
// the change back.
func Apply(p *Plan, drawn *Result, changes []Change) (*Result, error) {
	if digest, err := p.Digest(); err != nil {
		return nil, err
	} else if digest != drawn.Digest {
		return nil, &scoring.Invalid{Field: "digest", Problem: "draw-plan-differs", With: []string{drawn.Digest, digest}}
	}
	b := newBoard(p, drawn)
	for i := range changes {
		c := &changes[i]
		if err := c.check(i + 1); err != nil {
			return nil, err
		}
		if c.Act != Undo {
			if err := b.apply(c); err != nil {
				return nil, err
			}
			continue
		}
		if undone(changes[:i])[c.Undoes-1] {
			return nil, &scoring.Invalid{Field: "change " + strconv.Itoa(i+1), Problem: "hand-undone", With: []string{strconv.Itoa(c.Undoes)}}
		}
		again, err := replay(p, drawn, changes[:i+1])
		if err != nil {
			return nil, err
		}
		b = again
	}
	r := b.result()
	if len(changes) > 0 {
		history, err := digest(changes)
		if err != nil {
			return nil, err
		}
		r.History = history
	}
	return r, nil
}

// check refuses a change that nobody answers for, or that is not complete.
func (c *Change) check(number int) error {
	bad := func(problem string, with ...string) error {
		return &scoring.Invalid{Field: "change " + strconv.Itoa(number), Problem: problem, With: with}
	}
	switch {
	case c.Number != number:
		return bad("hand-number", strconv.Itoa(c.Number), strconv.Itoa(number))
	case c.By == "" || c.Reason == "" || c.At.IsZero() || !text(c.By) || !text(c.Reason):
		return bad("hand-unsigned")
	case !slices.Contains(Acts, c.Act):
		return bad("hand-act", string(c.Act))
	}
	needs := map[Act][5]bool{ // entrant, with, from, to, new
		Move: {true, false, true, true, false}, Swap: {true, true, true, true, false}, Scratch: {true, false, true, false, false},
		Substitute: {true, false, true, false, true}, ReserveIn: {true, false, false, true, false}, Undo: {},
	}
	if has := [5]bool{c.Entrant != "", c.With != "", c.From != nil, c.To != nil, c.New != nil}; has != needs[c.Act] || c.New != nil && c.New.Reserve {
		return bad("hand-incomplete", string(c.Act))
	}
	if c.Act == Undo && (c.Undoes < 1 || c.Undoes >= number) || c.Act != Undo && c.Undoes != 0 {
		return bad("hand-undoes", strconv.Itoa(c.Undoes))
	}
	return nil
}

// undone says of every change whether it was undone and not brought back.
func undone(changes []Change) []bool {
	out := make([]bool, len(changes))
	for i := len(changes) - 1; i >= 0; i-- { // an undo that is itself undone does nothing
		if changes[i].Act == Undo && !out[i] {
			out[changes[i].Undoes-1] = true
		}
	}
	return out
}

// replay applies those changes that are not undone. The last of them is an undo.
func replay(p *Plan, drawn *Result, changes []Change) (*board, error) {
	out := undone(changes)
	b := newBoard(p, drawn)
	for i := range changes {
		if changes[i].Act == Undo || out[i] {
			continue
		}
		if err := b.apply(&changes[i]); err != nil {
			last := len(changes)
			return nil, &scoring.Invalid{Field: "change " + strconv.Itoa(last), Problem: "hand-undo-later",
				With: []string{strconv.Itoa(changes[last-1].Undoes), strconv.Itoa(i + 1)}}
		}
	}
	return b, nil
}

// board is a result being changed.
type board struct {
	plan     *Plan
	now      Result
	entrants map[string]*Entrant // those of the plan, and substitutes
	spots    map[Spot]bool       // that there are, taken or vacant; not for heats and brackets
}

func newBoard(p *Plan, drawn *Result) *board {
	b := &board{plan: p, now: *drawn, entrants: make(map[string]*Entrant, len(p.Entrants)), spots: make(map[Spot]bool, len(drawn.Places))}
	b.now.Places = slices.Clone(drawn.Places)
	b.now.Reserves = slices.Clone(drawn.Reserves)
	b.now.Scratched = slices.Clone(drawn.Scratched)
	for i := range p.Entrants {
		b.entrants[p.Entrants[i].ID] = &p.Entrants[i]
	}
	for i := range b.now.Places {
		b.now.Places[i].Why = slices.Clone(b.now.Places[i].Why)
		b.spots[b.now.Places[i].Spot] = true
	}
	return b
}

// apply makes one change.
func (b *board) apply(c *Change) error {
	bad := func(line, problem string, with ...string) error {
		return &scoring.Invalid{Line: line, Field: "change " + strconv.Itoa(c.Number), Problem: problem, With: with}
	}
	if c.Act == ReserveIn {
		k := slices.Index(b.now.Reserves, c.Entrant)
		if k < 0 {
			return bad(c.Entrant, "hand-not-reserve", c.Entrant)
		}
		b.now.Reserves = slices.Delete(b.now.Reserves, k, k+1)
		return b.put(c, Place{Entrant: c.Entrant}, *c.To, "–")
	}
	p, err := b.lift(c, c.Entrant, *c.From)
	if err != nil {
		return err
	}
	switch c.Act {
	case Move:
		return b.put(c, p, *c.To, c.From.String())
	case Scratch:
		b.now.Scratched = append(b.now.Scratched, p.Entrant)
		b.spots[*c.From] = true
		return nil
	case Substitute:
		if err := c.New.check(map[string]bool{}); err != nil {
			return err
		}
		if b.entrants[c.New.ID] != nil {
			return bad(c.New.ID, "hand-in-already", c.New.ID)
		}
		b.entrants[c.New.ID] = c.New
		b.now.Scratched = append(b.now.Scratched, p.Entrant)
		return b.put(c, Place{Entrant: c.New.ID}, *c.From, p.Entrant)
	}
	other, err := b.lift(c, c.With, *c.To)
	if err != nil {
		return err
	}
	if err := b.put(c, p, *c.To, c.From.String()); err != nil {
		return err
	}
	return b.put(c, other, *c.From, c.To.String())
}

// lift takes somebody off a spot, if that is where they are.
func (b *board) lift(c *Change, id string, from Spot) (Place, error) {
	i := slices.IndexFunc(b.now.Places, func(p Place) bool { return p.Entrant == id })
	if i < 0 {
		return Place{}, &scoring.Invalid{Line: id, Field: "change " + strconv.Itoa(c.Number), Problem: "hand-unknown", With: []string{id}}
	}
	p := b.now.Places[i]
	if p.Spot != from {
		return Place{}, &scoring.Invalid{Line: id, Field: "change " + strconv.Itoa(c.Number), Problem: "hand-stale", With: []string{id, from.String(), p.Spot.String()}}
	}
	b.spots[from] = true
	b.now.Places = slices.Delete(b.now.Places, i, i+1)
	return p, nil
}

// put sets somebody on a spot, if it is one, vacant and fit for them.
func (b *board) put(c *Change, p Place, to Spot, from string) error {
	bad := func(problem string, with ...string) error {
		return &scoring.Invalid{Line: p.Entrant, Field: "change " + strconv.Itoa(c.Number), Problem: problem, With: with}
	}
	if !b.has(to) {
		return bad("hand-no-spot", to.String())
	}
	p.Spot, p.Lanes = to, nil
	if b.plan.Kind == Heats {
		lanes, problem := b.lanes(b.entrants[p.Entrant], to.Number)
		if problem != "" {
			return bad(problem, to.String())
		}
		if p.Lanes = lanes; len(lanes) == 1 {
			p.Lanes = nil
		}
	}
	for i := range b.now.Places {
		if q := &b.now.Places[i]; q.overlaps(&p) {
			return bad("hand-taken", to.String(), q.Entrant)
		}
	}
	b.spots[to] = true
	p.because("hand-"+string(c.Act), c.Reason, c.By, from)
	b.now.Places = append(b.now.Places, p)
	return nil
}

// has reports whether there is such a spot: a lane of a heat or of one more heat,
// a line of the bracket, a spot that was drawn, or the next after the last of its
// group or order.
func (b *board) has(s Spot) bool {
	switch b.plan.Kind {
	case Heats:
		last := 0
		for spot := range b.spots {
			last = max(last, spot.Part)
		}
		return s.Part >= 1 && s.Part <= last+1 && slices.Contains(b.plan.Heats.Seeding.Lanes.Numbers, s.Number)
	case Bracket:
		return s.Part == 0 && s.Number >= 1 && s.Number <= b.now.Lines
	}
	var last Spot
	for spot := range b.spots {
		if (b.plan.Kind != Groups || spot.Part == s.Part) && spot.compare(last) > 0 {
			last = spot
		}
	}
	return b.spots[s] || last.Number > 0 && s == Spot{last.Part, last.Number + 1}
}

// lanes are those that an entrant takes from a lane on, or what speaks against it.
func (b *board) lanes(e *Entrant, from int) (lanes []int, problem string) {
	rules := b.plan.Heats
	for l := from; l < from+rules.width(e); l++ {
		if !slices.Contains(rules.Seeding.Lanes.Numbers, l) {
			return nil, "hand-guide-lane"
		}
		lanes = append(lanes, l)
	}
	if e.Wheelchair && !rules.rolls(lanes) {
		return nil, "hand-wheelchair-lane"
	}
	return lanes, ""
}

// overlaps reports whether two places share a spot, or a lane of the same heat.
func (p *Place) overlaps(o *Place) bool {
	return p.Part == o.Part && slices.ContainsFunc(p.taken(), func(l int) bool { return slices.Contains(o.taken(), l) })
}

// taken are a place's numbers: one, or the lanes of athlete and guide.
func (p *Place) taken() []int {
	if len(p.Lanes) > 0 {
		return p.Lanes
	}
	return []int{p.Number}
}

// result is the board as it stands, delegations counted anew.
func (b *board) result() *Result {
	r := b.now
	r.sort()
	if r.Apart != nil {
		a := *r.Apart
		if a.Pairs = countPairs(b.plan.Kind, r.Places, r.Lines, b.entrants); !slices.Equal(a.Pairs, r.Apart.Pairs) {
			a.Proven = false
		}
		r.Apart = &a
	}
	return &r
}

// Entrants are the plan's, and those whom changes have brought in, by ID.
func Entrants(p *Plan, changes []Change) []Entrant {
	all := map[string]Entrant{}
	for _, e := range p.Entrants {
		all[e.ID] = e
	}
	for i := range changes {
		if e := changes[i].New; e != nil {
			all[e.ID] = *e
		}
	}
	return slices.SortedFunc(maps.Values(all), byID)
}
