package draw

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Schema names the shape of a [Document].
const Schema = "tongchang/draw/1"

// Document is a draw for everybody to repeat: what was promised, what was drawn,
// what was changed by hand. Until it is time the seed is left out.
type Document struct {
	Schema     string   `json:"schema"`
	Commitment string   `json:"commitment"` // published before entries closed
	Seed       string   `json:"seed,omitempty"`
	Plan       Plan     `json:"plan"`
	Drawn      *Result  `json:"drawn,omitempty"`
	Changes    []Change `json:"changes,omitempty"`
	Now        *Result  `json:"now,omitempty"` // after the changes, where there are any
}

// Export draws and makes the document of it.
func Export(p *Plan, seed string, changes []Change) (*Document, error) {
	drawn, err := Draw(p, seed)
	if err != nil {
		return nil, err
	}
	doc := &Document{Schema: Schema, Commitment: Commitment(seed), Seed: seed, Plan: *p, Drawn: drawn, Changes: changes}
	doc.Plan.Entrants = slices.SortedFunc(slices.Values(p.Entrants), byID)
	if len(changes) > 0 {
		doc.Now, err = Apply(p, drawn, changes)
	}
	return doc, err
}

// maxDocument is the most that is read, in bytes.
const maxDocument = 16 << 20

// ReadPlan reads a plan. A field that it does not know is refused: nothing is
// drawn over a mistake.
func ReadPlan(raw []byte) (*Plan, error) {
	p := new(Plan)
	if err := read(raw, p); err != nil {
		return nil, err
	}
	return p, p.Check()
}

// ReadDocument reads a document, which may still be wrong: that is for [Verify].
func ReadDocument(raw []byte) (*Document, error) {
	d := new(Document)
	if err := read(raw, d); err != nil {
		return nil, err
	}
	return d, nil
}

func read(raw []byte, into any) error {
	if len(raw) > maxDocument {
		return &scoring.Invalid{Field: "document", Problem: "draw-too-big", With: []string{strconv.Itoa(maxDocument >> 20)}}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = fmt.Errorf("something follows the document")
		}
	}
	if err != nil {
		return &scoring.Invalid{Field: "document", Problem: "draw-not-json", With: []string{err.Error()}}
	}
	return nil
}

// Verify runs a document's draw and its changes again, and names the first thing
// that is not as the document says with a [*scoring.Invalid]: the seed is not the
// one promised, the plan is not the one drawn, heat 2 lane 4 is somebody else's.
func Verify(doc *Document) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	switch {
	case doc.Schema != Schema:
		return bad("schema", "unknown-schema", doc.Schema, Schema)
	case doc.Seed == "":
		return bad("seed", "draw-not-revealed")
	case CheckSeed(doc.Seed) != nil:
		return CheckSeed(doc.Seed)
	case Commitment(doc.Seed) != doc.Commitment:
		return bad("commitment", "draw-commitment-differs", doc.Commitment, Commitment(doc.Seed))
	case doc.Drawn == nil:
		return bad("drawn", "draw-nothing-drawn")
	}
	drawn, err := Draw(&doc.Plan, doc.Seed)
	if err != nil {
		return err
	}
	if drawn.Digest != doc.Drawn.Digest {
		return bad("digest", "draw-plan-differs", doc.Drawn.Digest, drawn.Digest)
	}
	if err := doc.compare(doc.Drawn, drawn); err != nil {
		return err
	}
	if len(doc.Changes) == 0 {
		if doc.Now != nil {
			return bad("now", "draw-change-missing")
		}
		return nil
	}
	now, err := Apply(&doc.Plan, drawn, doc.Changes)
	if err != nil {
		return err
	}
	if doc.Now == nil {
		return bad("now", "draw-nothing-drawn")
	}
	return doc.compare(doc.Now, now)
}

// compare names the first place that the document has otherwise than it must be.
func (doc *Document) compare(said, right *Result) error {
	of := func(r *Result) map[Spot]*Place {
		m := make(map[Spot]*Place, len(r.Places))
		for i := range r.Places {
			m[r.Places[i].Spot] = &r.Places[i]
		}
		return m
	}
	has, must := of(said), of(right)
	spots := make([]Spot, 0, len(has)+len(must))
	for s := range has {
		spots = append(spots, s)
	}
	for s := range must {
		spots = append(spots, s)
	}
	slices.SortFunc(spots, Spot.compare)
	for _, s := range slices.Compact(spots) {
		if a, b := who(has[s]), who(must[s]); a != b {
			return &scoring.Invalid{Field: s.String(), Problem: "draw-differs-" + string(doc.Plan.Kind),
				With: []string{strconv.Itoa(s.Part), strconv.Itoa(s.Number), a, b}}
		}
		if !same(has[s], must[s]) {
			return &scoring.Invalid{Line: who(has[s]), Field: s.String(), Problem: "draw-reasons-differ", With: []string{who(has[s])}}
		}
	}
	if !same(said, right) {
		return &scoring.Invalid{Field: "result", Problem: "draw-rest-differs"}
	}
	return nil
}

// who has a place; nobody is a dash.
func who(p *Place) string {
	if p == nil {
		return "–"
	}
	return p.Entrant
}

// same compares as the documents would print.
func same(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	return err == nil && bytes.Equal(x, y)
}
