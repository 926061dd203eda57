// Package draw decides by lot and by seed who starts where: heats and lanes,
// starting orders, groups, brackets, lots. A draw is a function of its plan and
// of a secret seed whose hash was published before entries closed, so anybody can
// run it again and nobody can have chosen its outcome.
//
//	p, err := draw.ReadPlan(raw)
//	drawn, err := draw.Draw(p, seed)            // who starts where, and why
//	now, err := draw.Apply(p, drawn, changes)   // with what was changed by hand
//	doc, err := draw.Export(p, seed, changes)   // all of it, for everybody
//	err = draw.Verify(doc)                      // names the first difference
//
// A plan holds no names: an entrant is an ID, a delegation, a class, a seed mark
// and what is seen in the arena anyway, a guide or a wheelchair. docs/draw.md
// specifies every step, so that another program can repeat it.
package draw

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"tongchang/scoring"
	"tongchang/scoring/bracket"
)

// Kind is what is drawn.
type Kind string

// The kinds of draw.
const (
	Heats   Kind = "heats"   // heats and lanes, seeded
	Order   Kind = "order"   // who starts after whom
	Groups  Kind = "groups"  // groups or pools that play among themselves
	Bracket Kind = "bracket" // the lines of a knock-out
	Lots    Kind = "lots"    // numbers: weigh-in, start numbers, workplaces
)

// Kinds lists them all.
var Kinds = []Kind{Heats, Order, Groups, Bracket, Lots}

// PlanSchema names the shape of a [Plan].
const PlanSchema = "tongchang/draw-plan/1"

// Plan is everything that a draw rests on. Exactly one set of rules is given,
// that of its kind.
type Plan struct {
	Schema string `json:"schema"`
	Event  string `json:"event"`           // event and phase, as ID or code, so that no two draws share a digest
	Title  string `json:"title,omitempty"` // for people
	Kind   Kind   `json:"kind"`
	// Word is what the meeting adds in public once entries are closed: a number
	// called from the floor, dice. It enters the digest, so that even who knows the
	// seed cannot foresee the draw.
	Word string `json:"word,omitempty"`
	// HighBest is for marks of which more is better, such as distances and points.
	HighBest bool `json:"high_best,omitempty"`

	Heats   *HeatRules    `json:"heats,omitempty"`
	Order   *OrderRules   `json:"order,omitempty"`
	Groups  *GroupRules   `json:"groups,omitempty"`
	Bracket *BracketRules `json:"bracket,omitempty"`
	Lots    *LotRules     `json:"lots,omitempty"`

	Entrants []Entrant `json:"entrants"`
}

// Entrant is who is drawn: a person, pair or team.
type Entrant struct {
	ID         string `json:"id"`
	Delegation string `json:"delegation,omitempty"` // empty: nobody to be kept apart from
	// Seed is the mark that seeds, in the measure of the event, or a ranking
	// position. Those without one come after all who have one.
	Seed  *int64 `json:"seed,omitempty"`
	Class string `json:"class,omitempty"` // sport class, for the blocks of a starting order
	// Guide: runs with a guide and takes as many lanes as the rules say.
	Guide bool `json:"guide,omitempty"`
	// Wheelchair: needs a lane that a wheelchair can use.
	Wheelchair bool `json:"wheelchair,omitempty"`
	// Reserve: is not drawn, and may take the place of who withdraws.
	Reserve bool `json:"reserve,omitempty"`
}

// Spot is a place to be drawn. Part is the heat, the group or the block of an
// order, 0 where there are none; Number is the lane, the position in the group or
// order, the line of the bracket from the top, or the lot.
type Spot struct {
	Part   int `json:"part,omitempty"`
	Number int `json:"number"`
}

// Place is who has a spot, and why. Every reason's rule is a key of the
// catalogue's table "start".
type Place struct {
	Spot
	Entrant string `json:"entrant"`
	// Lanes are all the lanes taken, where they are more than the one of the spot.
	Lanes []int `json:"lanes,omitempty"`
	// Rank is the position in the order of seeding: 1 for the best seed, those who
	// are not seeded in the order of their lots.
	Rank int              `json:"rank,omitempty"`
	Lot  int              `json:"lot,omitempty"`
	Why  []scoring.Reason `json:"why,omitempty"`
}

// Result is the outcome of a draw, or of a draw and the changes made by hand.
type Result struct {
	Digest    string   `json:"digest"` // of the plan that was drawn
	Places    []Place  `json:"places"` // by part and number
	Reserves  []string `json:"reserves,omitempty"`
	Scratched []string `json:"scratched,omitempty"`
	// Apart says how well delegations are kept apart; nil where that is not asked.
	Apart *Apart `json:"apart,omitempty"`
	// Lines is the size of a bracket; lines without a place are byes.
	Lines int `json:"lines,omitempty"`
	// History is the digest of the changes that led here; empty when drawn only.
	History string `json:"history,omitempty"`
}

// Apart counts pairs of entrants of one delegation that are together: in the same
// group or heat, one directly after the other in an order, or able to meet by
// round 1, 2 … of a bracket (the final, where everybody may meet, is not counted). Least is a number that no draw under these rules can
// go below; Proven says that no draw does better, round 1 counting first.
type Apart struct {
	Pairs  []int `json:"pairs"`
	Least  []int `json:"least"`
	Proven bool  `json:"proven,omitempty"`
}

// Of finds an entrant's place.
func (r *Result) Of(id string) (Place, bool) {
	if i := slices.IndexFunc(r.Places, func(p Place) bool { return p.Entrant == id }); i >= 0 {
		return r.Places[i], true
	}
	return Place{}, false
}

// Draw runs a plan with a seed as [NewSeed] makes them. The same plan and seed
// always give the same result, whatever the order of the entrants. What cannot be
// drawn is refused with a [*scoring.Invalid].
func Draw(p *Plan, seed string) (*Result, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	digest, err := p.Digest()
	if err != nil {
		return nil, err
	}
	lots, err := newStream(seed, digest)
	if err != nil {
		return nil, err
	}
	d := newDrawing(p, lots)
	r := &Result{Digest: digest}
	switch p.Kind {
	case Heats:
		err = d.heats(r)
	case Order:
		d.order(r)
	case Groups:
		d.groups(r)
	case Bracket:
		d.bracket(r)
	case Lots:
		d.lots(r)
	}
	if err != nil {
		return nil, err
	}
	for _, e := range d.reserves {
		r.Reserves = append(r.Reserves, e.ID)
	}
	r.sort()
	return r, nil
}

func (r *Result) sort() { slices.SortFunc(r.Places, func(a, b Place) int { return a.compare(b.Spot) }) }

// The most that a plan may hold.
const (
	maxEntrants = 2000
	maxText     = 300     // bytes of a title, word, ID or reason
	maxMark     = 1 << 50 // exact in every language's numbers
)

// Check refuses a plan that cannot be drawn as it stands.
func (p *Plan) Check() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	if p.Schema != PlanSchema {
		return bad("schema", "unknown-schema", p.Schema, PlanSchema)
	}
	if p.Event == "" || !text(p.Event) || !text(p.Title) || !text(p.Word) {
		return bad("event", "draw-text", strconv.Itoa(maxText))
	}
	given := map[Kind]bool{Heats: p.Heats != nil, Order: p.Order != nil, Groups: p.Groups != nil, Bracket: p.Bracket != nil, Lots: p.Lots != nil}
	for _, k := range Kinds {
		if given[k] != (k == p.Kind) {
			return bad(string(k), "draw-rules", string(p.Kind))
		}
	}
	if !slices.Contains(Kinds, p.Kind) {
		return bad("kind", "draw-kind", string(p.Kind))
	}
	most := maxEntrants
	if p.Kind == Bracket {
		most = bracket.MaxEntries
	}
	if n := len(p.Entrants); n < 1 || n > most {
		return bad("entrants", "not-between", strconv.Itoa(n), "1", strconv.Itoa(most))
	}
	ids := make(map[string]bool, len(p.Entrants))
	for i := range p.Entrants {
		if err := p.Entrants[i].check(ids); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(p.Entrants, func(e Entrant) bool { return !e.Reserve }) {
		return bad("entrants", "draw-only-reserves")
	}
	return p.checkRules()
}

func (p *Plan) checkRules() error {
	switch p.Kind {
	case Heats:
		return p.Heats.check()
	case Order:
		return p.Order.check(p.Entrants)
	case Groups:
		return p.Groups.check(p.starters())
	case Bracket:
		return p.Bracket.check()
	}
	return p.Lots.check()
}

// starters counts who is drawn.
func (p *Plan) starters() (n int) {
	for i := range p.Entrants {
		if !p.Entrants[i].Reserve {
			n++
		}
	}
	return n
}

// check refuses an entrant that is not one, or whose ID is among those seen.
func (e *Entrant) check(seen map[string]bool) error {
	switch {
	case e.ID == "" || seen[e.ID]:
		return &scoring.Invalid{Line: e.ID, Field: "id", Problem: "id-twice", With: []string{e.ID}}
	case !text(e.ID) || !text(e.Delegation) || !text(e.Class):
		return &scoring.Invalid{Line: e.ID, Field: "id", Problem: "draw-text", With: []string{strconv.Itoa(maxText)}}
	case e.Seed != nil && (*e.Seed < -maxMark || *e.Seed > maxMark):
		return &scoring.Invalid{Line: e.ID, Field: "seed", Problem: "out-of-range", With: []string{strconv.FormatInt(*e.Seed, 10)}}
	}
	seen[e.ID] = true
	return nil
}

// text is what every program reads alike: not too long, whole UTF-8.
func text(s string) bool { return len(s) <= maxText && utf8.ValidString(s) }
