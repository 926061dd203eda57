// The card of a unit: its document with what stands in the cells, kept up as
// inputs come in, so that one input costs one line.
package pads

import (
	"encoding/json"
	"errors"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/points"
)

// Card is a unit as its judges fill it in.
type Card struct {
	*Pad
	kind    kind
	bound   *bound
	measure scoring.Measure
	facts   kinds.Document // without the cells
	full    kinds.Document // with them
	values  map[string]Values
	at      map[string]int // line → index
	ranks   bool           // as it stands
	stray   bool           // has a match that cannot be played as things stand
	owed    map[string]bool
}

// Open makes the card of a document: its facts and what stands in its cells.
// The values are the card's from now on.
func Open(doc kinds.Document, measure scoring.Measure, values map[string]Values) (*Card, error) {
	doc.Groups = nil // a unit is ranked as a whole
	c, err := newCard(doc, values)
	if err != nil {
		return nil, err
	}
	c.measure = measure
	if c.Pad, err = Of(doc, measure, values); err != nil {
		return nil, err
	}
	stray, err := c.strays()
	if err != nil {
		return nil, err
	}
	c.stray = stray != ""
	c.owed, err = c.rank()
	c.ranks = err == nil
	return c, nil
}

func newCard(doc kinds.Document, values map[string]Values) (*Card, error) {
	c := &Card{kind: table[doc.Ruleset.Kind], facts: doc, full: doc, values: values, at: map[string]int{}}
	if c.kind.bind == nil {
		return nil, &scoring.Invalid{Field: "kind", Problem: "unknown-kind", With: []string{doc.Ruleset.Kind}}
	}
	var err error
	if c.bound, err = c.kind.bind(doc.Ruleset.Rules); err != nil {
		return nil, err
	}
	c.full.Lines = slices.Clone(doc.Lines)
	for i, raw := range doc.Lines {
		id, err := idOf(raw)
		if err != nil {
			return nil, err
		}
		c.at[id] = i
		if err := c.line(id); err != nil {
			return nil, err
		}
	}
	return c, c.matches()
}

// line composes a line again.
func (c *Card) line(id string) error {
	i, ok := c.at[id]
	if !ok {
		return nil
	}
	own := c.values[id]
	if c.kind.meet != nil {
		own = outside(own)
	}
	if len(own) == 0 {
		c.full.Lines[i] = c.facts.Lines[i]
		return nil
	}
	raw, err := c.bound.put(c.facts.Lines[i], own)
	if err != nil {
		return points.At(id, err)
	}
	c.full.Lines[i] = raw
	return nil
}

// matches composes the matches again.
func (c *Card) matches() (err error) {
	if c.kind.meet != nil {
		c.full.Matches, err = c.kind.meet.compose(c.facts, c.values)
	}
	return err
}

// even is the document as it is ranked.
func (c *Card) even() kinds.Document {
	if c.bound.even == nil {
		return c.full
	}
	return c.bound.even(c.full)
}

// Owed names the lines of which judges still owe something; not ok where the
// card does not rank as it stands, so that nobody can say.
func (c *Card) Owed() (owed map[string]bool, ok bool) { return c.owed, c.ranks }

// rank ranks what there is and says who still waits.
func (c *Card) rank() (owed map[string]bool, err error) {
	ranked, err := kinds.Rank(Partial(c.even()))
	if err != nil {
		return nil, err
	}
	owed = map[string]bool{}
	if c.kind.meet != nil && !c.kind.meet.grows {
		return c.kind.meet.waiting(c.facts, c.full, c.values)
	}
	if c.bound.waits == nil {
		for _, l := range ranked[0].Lines {
			if l.Rank == 0 && l.IRM == "" {
				owed[l.ID] = true
			}
		}
		return owed, nil
	}
	waits, err := c.bound.waits(c.full)
	if err != nil {
		return nil, err
	}
	for id, i := range c.at {
		if waits(c.full.Lines[i]) {
			owed[id] = true
		}
	}
	return owed, nil
}

// Write puts a value into a cell. It is taken back, with the kind's reason,
// where the line or the match of the cell could not be ranked with it, where it
// would keep the whole unit from being ranked, and where a match that has been
// entered would lose its ground.
func (c *Card) Write(line, cell string, v Value) error {
	own := c.values[line]
	if own == nil {
		own = Values{}
		c.values[line] = own
	}
	before, had := own[cell]
	lines, matches := slices.Clone(c.full.Lines), c.full.Matches
	own[cell] = v
	err := c.settle(line, cell)
	if err == nil {
		return nil
	}
	c.full.Lines, c.full.Matches = lines, matches
	if own[cell] = before; !had {
		delete(own, cell)
	}
	return err
}

// settle composes and ranks what an input has changed.
func (c *Card) settle(line, cell string) error {
	if err := c.line(line); err != nil {
		return err
	}
	if err := c.matches(); err != nil {
		return err
	}
	stray, err := c.strays()
	if err == nil && stray != "" && !c.stray {
		err = &scoring.Invalid{Line: stray, Field: cell, Problem: "match-stray", With: []string{stray}}
	}
	if err != nil {
		return err
	}
	owed, err := c.rank()
	var fault *scoring.Invalid
	switch {
	case errors.As(err, &fault) && !c.ranks && fault.Line != line && fault.Line != c.MatchOf(line, cell):
		c.owed = nil // something else is still missing: a lot, a weigh-in
		return nil
	case err != nil:
		return err
	}
	c.ranks, c.stray, c.owed = true, stray != "", owed
	if c.kind.meet != nil && c.kind.meet.grows { // the draw may have brought the next match
		c.Pad, err = Of(c.facts, c.measure, c.values)
	}
	return err
}

// strays finds a match of which cells are filled in although it cannot be
// played as things stand: a final whose semi-final has been undone.
func (c *Card) strays() (match string, err error) {
	if c.kind.meet == nil {
		return "", nil
	}
	return c.kind.meet.stray(c.facts, c.values)
}

// Waiting names the lines of a document of which judges still owe something,
// once values stand in their cells. It must rank when it is composed. In a kind
// that nobody judges all of them wait for whoever has the lines.
func Waiting(doc kinds.Document, values map[string]Values) (map[string]bool, error) {
	doc.Groups = nil
	if !Judged(doc.Ruleset.Kind) {
		owed := map[string]bool{}
		for _, raw := range doc.Lines {
			id, err := idOf(raw)
			if err != nil {
				return nil, err
			}
			owed[id] = true
		}
		return owed, nil
	}
	c, err := newCard(doc, values)
	if err != nil {
		return nil, err
	}
	return c.rank()
}

// idOf reads a line's ID.
func idOf(raw json.RawMessage) (string, error) {
	var l struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(raw, &l); err != nil || l.ID == "" {
		return "", &scoring.Invalid{Field: "id", Problem: "id-missing"}
	}
	return l.ID, nil
}
