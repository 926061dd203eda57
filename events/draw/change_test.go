package draw

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongchang/scoring/advance"
)

func at(minute int) time.Time { return time.Date(2027, 6, 20, 8, minute, 0, 0, time.UTC) }

// signed gives changes their numbers and somebody who answers for them.
func signed(changes ...Change) []Change {
	for i := range changes {
		changes[i].Number, changes[i].By, changes[i].At, changes[i].Reason = i+1, "referee", at(i), "as agreed"
	}
	return changes
}

func spot(part, number int) *Spot { return &Spot{part, number} }

// The plan of the tests: heat 1 is 3=e 4=c(guide, 3+4)…; see TestApply for where
// they stand.
func trackPlan(t testing.TB) *Plan {
	in := entrants(t, "a:X:1 b:Y:2:g c:X:3 d:Z:4:w r1:X:9:r r2:Y:8:rg")
	return heatPlan(in, HeatRules{Seeding: advance.Seeding{Lanes: eight()}, Wheelchair: []int{1, 8}})
}

// TestApply: every act, what it leaves, and what it must not do. Drawn is
// 1: 1=d 3=c 4=a 5+6=b.
func TestApply(t *testing.T) {
	p := trackPlan(t)
	drawn := mustDraw(t, p, seed(1))
	if got, want := sketch(drawn), "1: 1=d 3=c 4=a 5+6=b"; got != want {
		t.Fatalf("drawn %s, want %s", got, want)
	}
	newcomer := func(flags string) *Entrant { return &entrants(t, "n:Q::"+flags)[0] }
	scratchB := Change{Act: Scratch, Entrant: "b", From: spot(1, 5)}
	for name, tt := range map[string]struct {
		changes []Change
		want    string // the list, or the problem
	}{
		"move to a free lane":          {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3), To: spot(1, 2)}}, "1: 1=d 2=c 4=a 5+6=b"},
		"move with a guide":            {[]Change{{Act: Move, Entrant: "b", From: spot(1, 5), To: spot(1, 7)}}, "1: 1=d 3=c 4=a 7+8=b"},
		"move a guide by one":          {[]Change{{Act: Move, Entrant: "b", From: spot(1, 5), To: spot(1, 6)}}, "1: 1=d 3=c 4=a 6+7=b"},
		"move to a heat of its own":    {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3), To: spot(2, 4)}}, "1: 1=d 4=a 5+6=b; 2: 4=c"},
		"a guide past the last lane":   {[]Change{{Act: Move, Entrant: "b", From: spot(1, 5), To: spot(1, 8)}}, "hand-guide-lane"},
		"a guide over somebody":        {[]Change{{Act: Move, Entrant: "b", From: spot(1, 5), To: spot(1, 2)}}, "hand-taken"},
		"a lane that is taken":         {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3), To: spot(1, 4)}}, "hand-taken"},
		"the guide's lane":             {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3), To: spot(1, 6)}}, "hand-taken"},
		"a lane that does not roll":    {[]Change{{Act: Move, Entrant: "d", From: spot(1, 1), To: spot(1, 2)}}, "hand-wheelchair-lane"},
		"another lane that rolls":      {[]Change{{Act: Move, Entrant: "d", From: spot(1, 1), To: spot(1, 8)}}, "1: 3=c 4=a 5+6=b 8=d"},
		"no such lane":                 {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3), To: spot(1, 9)}}, "hand-no-spot"},
		"a heat too far":               {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3), To: spot(3, 1)}}, "hand-no-spot"},
		"seen otherwise":               {[]Change{{Act: Move, Entrant: "c", From: spot(1, 7), To: spot(1, 2)}}, "hand-stale"},
		"nobody":                       {[]Change{{Act: Move, Entrant: "x", From: spot(1, 3), To: spot(1, 2)}}, "hand-unknown"},
		"swap":                         {[]Change{{Act: Swap, Entrant: "a", With: "c", From: spot(1, 4), To: spot(1, 3)}}, "1: 1=d 3=a 4=c 5+6=b"},
		"swap with a guide who fits":   {[]Change{{Act: Swap, Entrant: "a", With: "b", From: spot(1, 4), To: spot(1, 5)}}, "hand-taken"},
		"swap out of a rolling lane":   {[]Change{{Act: Swap, Entrant: "d", With: "c", From: spot(1, 1), To: spot(1, 3)}}, "hand-wheelchair-lane"},
		"scratch":                      {[]Change{scratchB}, "1: 1=d 3=c 4=a"},
		"scratched twice":              {[]Change{scratchB, scratchB}, "hand-unknown"},
		"a reserve into the gap":       {[]Change{scratchB, {Act: ReserveIn, Entrant: "r1", To: spot(1, 6)}}, "1: 1=d 3=c 4=a 6=r1"},
		"a reserve with a guide":       {[]Change{scratchB, {Act: ReserveIn, Entrant: "r2", To: spot(1, 5)}}, "1: 1=d 3=c 4=a 5+6=r2"},
		"a reserve where somebody is":  {[]Change{{Act: ReserveIn, Entrant: "r1", To: spot(1, 5)}}, "hand-taken"},
		"no reserve":                   {[]Change{scratchB, {Act: ReserveIn, Entrant: "b", To: spot(1, 5)}}, "hand-not-reserve"},
		"substitute":                   {[]Change{{Act: Substitute, Entrant: "a", From: spot(1, 4), New: newcomer("")}}, "1: 1=d 3=c 4=n 5+6=b"},
		"a substitute who needs more":  {[]Change{{Act: Substitute, Entrant: "a", From: spot(1, 4), New: newcomer("g")}}, "hand-taken"},
		"a substitute who is there":    {[]Change{{Act: Substitute, Entrant: "a", From: spot(1, 4), New: &p.Entrants[1]}}, "hand-in-already"},
		"a substitute as a reserve":    {[]Change{{Act: Substitute, Entrant: "a", From: spot(1, 4), New: newcomer("r")}}, "hand-incomplete"},
		"undo":                         {[]Change{scratchB, {Act: Undo, Undoes: 1}}, "1: 1=d 3=c 4=a 5+6=b"},
		"undo the undo":                {[]Change{scratchB, {Act: Undo, Undoes: 1}, {Act: Undo, Undoes: 2}}, "1: 1=d 3=c 4=a"},
		"undo twice":                   {[]Change{scratchB, {Act: Undo, Undoes: 1}, {Act: Undo, Undoes: 1}}, "hand-undone"},
		"undo what is not":             {[]Change{{Act: Undo, Undoes: 1}}, "hand-undoes"},
		"undo the one in between":      {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3), To: spot(1, 2)}, {Act: Move, Entrant: "a", From: spot(1, 4), To: spot(1, 7)}, {Act: Undo, Undoes: 1}}, "1: 1=d 3=c 5+6=b 7=a"},
		"undo what another rests on":   {[]Change{scratchB, {Act: ReserveIn, Entrant: "r1", To: spot(1, 5)}, {Act: Undo, Undoes: 1}}, "hand-undo-later"},
		"no such act":                  {[]Change{{Act: "shuffle"}}, "hand-act"},
		"a move without where to":      {[]Change{{Act: Move, Entrant: "c", From: spot(1, 3)}}, "hand-incomplete"},
		"a scratch with a destination": {[]Change{{Act: Scratch, Entrant: "c", From: spot(1, 3), To: spot(1, 2)}}, "hand-incomplete"},
	} {
		t.Run(name, func(t *testing.T) {
			before := sketch(drawn)
			r, err := Apply(p, drawn, signed(tt.changes...))
			got := problem(err)
			if err == nil {
				got = sketch(r)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if sketch(drawn) != before {
				t.Error("the draw itself was changed")
			}
		})
	}
}

// TestSigned: nothing is changed unless somebody answers for it.
func TestSigned(t *testing.T) {
	p := trackPlan(t)
	drawn := mustDraw(t, p, seed(1))
	for name, tt := range map[string]struct {
		spoil func(*Change)
		want  string
	}{
		"who":    {func(c *Change) { c.By = "" }, "hand-unsigned"},
		"when":   {func(c *Change) { c.At = time.Time{} }, "hand-unsigned"},
		"why":    {func(c *Change) { c.Reason = "" }, "hand-unsigned"},
		"number": {func(c *Change) { c.Number = 2 }, "hand-number"},
	} {
		changes := signed(Change{Act: Scratch, Entrant: "c", From: spot(1, 3)})
		tt.spoil(&changes[0])
		if _, err := Apply(p, drawn, changes); problem(err) != tt.want {
			t.Errorf("without %s: %v", name, err)
		}
	}
	other := *p
	other.Word = "another"
	if _, err := Apply(&other, drawn, nil); problem(err) != "draw-plan-differs" {
		t.Errorf("another plan: %v", err)
	}
}

// TestApplyElsewhere: groups take one more, orders grow at the end, a bracket's
// bye can be filled, and pairs are counted anew.
func TestApplyElsewhere(t *testing.T) {
	in := entrants(t, "a:X:1 b:X:2 c:Y:3 d:Y:4 e:Z:5 r:X::r")
	groups := groupPlan(in, GroupRules{Groups: 2, Seeds: 5, Separate: true})
	drawn := mustDraw(t, groups, seed(1))
	a, _ := drawn.Of("a")
	b, _ := drawn.Of("b")
	if a.Part == b.Part || drawn.Apart.Pairs[0] != 0 {
		t.Fatalf("drawn %s, %+v", sketch(drawn), drawn.Apart)
	}
	last := 0
	for _, place := range drawn.Places {
		if place.Part == b.Part {
			last = place.Number
		}
	}
	now, err := Apply(groups, drawn, signed(Change{Act: Move, Entrant: "a", From: &a.Spot, To: spot(b.Part, last+1)}))
	if err != nil || now.Apart.Pairs[0] != 1 || now.Apart.Proven || drawn.Apart.Pairs[0] != 0 {
		t.Errorf("%v, %+v", err, now.Apart)
	}
	if _, err := Apply(groups, drawn, signed(Change{Act: Move, Entrant: "a", From: &a.Spot, To: spot(3, 1)})); problem(err) != "hand-no-spot" {
		t.Errorf("a third group: %v", err)
	}
	order := orderPlan(in, OrderRules{By: BySeed})
	drawn = mustDraw(t, order, seed(1))
	now, err = Apply(order, drawn, signed(Change{Act: Move, Entrant: "a", From: spot(0, 1), To: spot(0, 6)}, Change{Act: ReserveIn, Entrant: "r", To: spot(0, 1)}))
	if err != nil || sketch(now) != "0: 1=r 2=b 3=c 4=d 5=e 6=a" || len(now.Reserves) != 0 {
		t.Errorf("%v, %s", err, sketch(now))
	}
	knockout := bracketPlan(in, BracketRules{Seeds: 5})
	drawn = mustDraw(t, knockout, seed(1))
	now, err = Apply(knockout, drawn, signed(Change{Act: ReserveIn, Entrant: "r", To: spot(0, 2)}, Change{Act: Scratch, Entrant: "a", From: spot(0, 1)}))
	if err != nil {
		t.Fatal(err)
	}
	lines, ids := now.BracketLines()
	if ids[len(ids)-1] != "r" || lines[0] != 0 || lines[1] != len(ids) || slices.Contains(ids, "a") {
		t.Errorf("lines %v, entrants %v", lines, ids)
	}
}

// anyChange is a change that may or may not be possible.
func anyChange(t *rapid.T, p *Plan, now *Result, number int) Change {
	c := Change{Number: number, Act: rapid.SampledFrom(Acts).Draw(t, "act"), By: "referee", At: at(number % 60), Reason: "why"}
	pick := func() (string, *Spot) {
		place := rapid.SampledFrom(now.Places).Draw(t, "place")
		return place.Entrant, &place.Spot
	}
	anywhere := func() *Spot {
		return spot(rapid.IntRange(0, 4).Draw(t, "part"), rapid.IntRange(1, 8).Draw(t, "number"))
	}
	if len(now.Places) == 0 && c.Act != Undo {
		c.Act = ReserveIn
	}
	switch c.Act {
	case Move:
		c.Entrant, c.From = pick()
		c.To = anywhere()
	case Swap:
		c.Entrant, c.From = pick()
		c.With, c.To = pick()
	case Scratch:
		c.Entrant, c.From = pick()
	case Substitute:
		c.Entrant, c.From = pick()
		c.New = &Entrant{ID: fmt.Sprintf("new%d", number), Guide: rapid.Bool().Draw(t, "guide")}
	case ReserveIn:
		c.Entrant, c.To = "e1", anywhere()
		if len(now.Reserves) > 0 {
			c.Entrant = rapid.SampledFrom(now.Reserves).Draw(t, "reserve")
		}
	case Undo:
		c.Undoes = rapid.IntRange(1, number).Draw(t, "undoes")
	}
	return c
}

// TestChanges: whatever is changed, nobody is lost and no spot taken twice; undoing
// the last change gives exactly what was before it; the whole verifies.
func TestChanges(t *testing.T) {
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(t)
		drawn, err := Draw(p, seed(7))
		if err != nil {
			t.Fatal(err)
		}
		now, changes := drawn, []Change(nil)
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			c := anyChange(t, p, now, len(changes)+1)
			next, err := Apply(p, drawn, append(slices.Clone(changes), c))
			if err != nil {
				if !strings.HasPrefix(problem(err), "hand-") {
					t.Fatal(err)
				}
				continue
			}
			made++
			nobodyLost(t, p, append(slices.Clone(changes), c), next)
			undo := Change{Number: c.Number + 1, Act: Undo, By: "referee", At: at(1), Reason: "a slip", Undoes: c.Number}
			back, err := Apply(p, drawn, append(slices.Clone(changes), c, undo))
			if err != nil {
				t.Fatalf("undoing the last change: %v", err)
			}
			if back.History = now.History; !same(back, now) {
				t.Fatalf("before %s\nafter %s\nundone %s", sketch(now), sketch(next), sketch(back))
			}
			changes, now = append(changes, c), next
		}
		doc, err := Export(p, seed(7), changes)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(doc); err != nil {
			t.Fatal(err)
		}
	})
	if made == 0 {
		t.Error("no change was possible")
	}
}

// nobodyLost: who was drawn, was a reserve or came in is placed, a reserve, or out.
func nobodyLost(t *rapid.T, p *Plan, changes []Change, r *Result) {
	var got, want []string
	for i := range r.Places {
		got = append(got, r.Places[i].Entrant)
		for j := range r.Places[:i] {
			if r.Places[i].overlaps(&r.Places[j]) {
				t.Fatalf("two on one spot: %s", sketch(r))
			}
		}
	}
	got = append(append(got, r.Reserves...), r.Scratched...)
	out := undone(changes)
	for _, e := range p.Entrants {
		want = append(want, e.ID)
	}
	for i := range changes {
		if changes[i].New != nil && !out[i] {
			want = append(want, changes[i].New.ID)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

// changedDocument is a draw with changes, as it is published.
func changedDocument(t testing.TB) *Document {
	t.Helper()
	doc, err := Export(trackPlan(t), seed(1), signed(
		Change{Act: Scratch, Entrant: "b", From: spot(1, 5)},
		Change{Act: ReserveIn, Entrant: "r2", To: spot(1, 5)},
		Change{Act: Swap, Entrant: "a", With: "c", From: spot(1, 4), To: spot(1, 3)},
		Change{Act: Undo, Undoes: 3},
		Change{Act: Substitute, Entrant: "d", From: spot(1, 1), New: &Entrant{ID: "n", Delegation: "Z", Wheelchair: true}},
	))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestChangedDocument holds the published form, byte for byte.
func TestChangedDocument(t *testing.T) {
	out, err := json.MarshalIndent(changedDocument(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "changes.golden.json", string(out)+"\n")
}

// TestEveryByte: a document with any byte changed is not the same draw any more,
// and does not verify.
func TestEveryByte(t *testing.T) {
	doc := changedDocument(t)
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i := range raw {
		for _, b := range []byte{'0', '1', 'a', 'x', '"', raw[i] ^ 1} {
			spoilt := slices.Clone(raw)
			spoilt[i] = b
			back, err := ReadDocument(spoilt)
			if err != nil || reflect.DeepEqual(back, doc) {
				continue // it cannot be read, or says the same
			}
			if changed++; Verify(back) == nil && !same(back, doc) {
				t.Errorf("byte %d changed from %q to %q is not found: …%s…", i, raw[i], b, spoilt[max(0, i-40):min(len(spoilt), i+20)])
			}
		}
	}
	if changed < 1000 {
		t.Errorf("only %d changed documents could be read", changed)
	}
}

// TestVerify: the first difference is named.
func TestVerify(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*Document)
		want  string
	}{
		"nothing wrong":        {func(*Document) {}, ""},
		"another schema":       {func(d *Document) { d.Schema = "x" }, "unknown-schema"},
		"not revealed":         {func(d *Document) { d.Seed = "" }, "draw-not-revealed"},
		"no seed":              {func(d *Document) { d.Seed = "x" }, "draw-seed-form"},
		"another seed":         {func(d *Document) { d.Seed = seed(2) }, "draw-commitment-differs"},
		"seed and promise":     {func(d *Document) { d.Seed, d.Commitment = seed(2), Commitment(seed(2)) }, "draw-reasons-differ"},
		"no result":            {func(d *Document) { d.Drawn = nil }, "draw-nothing-drawn"},
		"another delegation":   {func(d *Document) { d.Plan.Entrants[0].Delegation = "W" }, "draw-plan-differs"},
		"one entrant less":     {func(d *Document) { d.Plan.Entrants = d.Plan.Entrants[1:] }, "draw-plan-differs"},
		"a lane":               {func(d *Document) { d.Drawn.Places[1].Number = 2 }, "draw-differs-heats"},
		"somebody too many":    {func(d *Document) { d.Drawn.Places = append(d.Drawn.Places, Place{Spot: Spot{1, 8}, Entrant: "x"}) }, "draw-differs-heats"},
		"a reserve":            {func(d *Document) { d.Drawn.Reserves = d.Drawn.Reserves[1:] }, "draw-rest-differs"},
		"a place after all":    {func(d *Document) { d.Now.Places[0].Entrant = "d" }, "draw-differs-heats"},
		"a change left out":    {func(d *Document) { d.Changes = d.Changes[:4] }, "draw-differs-heats"},
		"all changes left out": {func(d *Document) { d.Changes = nil }, "draw-change-missing"},
		"no result of changes": {func(d *Document) { d.Now = nil }, "draw-nothing-drawn"},
		"another time":         {func(d *Document) { d.Changes[0].At = at(59) }, "draw-rest-differs"},
	} {
		doc := changedDocument(t)
		tt.spoil(doc)
		if err := Verify(doc); problem(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	doc := changedDocument(t)
	doc.Drawn.Places[1].Entrant = "x"
	if err := Verify(doc); err == nil || !strings.Contains(err.Error(), "1/3") || !strings.Contains(err.Error(), "x, c") {
		t.Errorf("heat 1 lane 3: %v", err)
	}
}

// FuzzRead: no document makes reading or verifying fail otherwise than by saying
// so.
func FuzzRead(f *testing.F) {
	raw, err := json.Marshal(changedDocument(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"schema":"tongchang/draw/1"}`))
	f.Add([]byte(`{"schema":"tongchang/draw-plan/1","event":"x","kind":"bracket","bracket":{"separate":true},"entrants":[{"id":"a"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if doc, err := ReadDocument(raw); err == nil {
			if err := Verify(doc); err != nil && problem(err) == "" {
				t.Fatal(err)
			}
		}
		if p, err := ReadPlan(raw); err == nil {
			if _, err := Draw(p, seed(1)); err != nil && strings.Contains(problem(err), " ") {
				t.Fatalf("not an error for people: %v", err)
			}
		}
	})
}
