package lenex

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"tongchang/scoring"
	"tongchang/scoring/advance"
)

// The regulation of the real meet, as far as it decides heats and lanes. It was
// read off the published files and is written down in docs/lenex.md.
const (
	lanesFrom, lanesTo = 0, 9
	juniorMax          = 18
)

// Why a start is not where the general rules put it. docs/lenex.md has the table.
const (
	byLot      = "lot"           // equal entry times: the draw decides, and the file does not say how it fell
	straight   = "straight"      // this event was seeded straight, not in turn
	even       = "even"          // this event's two heats were dealt out evenly
	addedLater = "added-later"   // entered after seeding into a free lane
	byHand     = "by-hand"       // put into the final by the referee
	timeTrial  = "time-trial"    // swum alone or nearly so, in a lane of the swimmer's choice
	withdrew   = "withdrew"      // absent from the final and from its reserves
	replaced   = "reserve-swims" // a finalist withdrew after the draw
)

// seededOtherwise are the events whose organiser chose another way of seeding.
var seededOtherwise = map[int]string{200: straight, 184: straight, 276: even}

// laterEntry is the one swimmer who was put into a free lane of a seeded event.
const laterEntry = 11692

// place is a lane in one heat.
type place struct{ heat, lane int }

// trials is the real meet: what was entered, what was published.
type trials struct {
	t                 *testing.T
	entered, pub, res *Meet
	heats             map[int]*Heat
	inEvent           map[int][]Start // entries by event, as entered
	published         map[[2]int]place
	rank              map[[2]int]int // event, athlete → place in the open or class ranking
	lanes             advance.Lanes

	compared, differ int
	explained        map[string]int
	absent           int // swimmers taken as withdrawn from a final
}

func newTrials(t *testing.T) *trials {
	x := &trials{
		t:       t,
		entered: &read(t, sample(t, "trials-2024-entries.lxf")).Meets[0],
		pub:     &read(t, sample(t, "trials-2024-startlist.lxf")).Meets[0],
		res:     &read(t, sample(t, "trials-2024-results.lxf")).Meets[0],
		inEvent: map[int][]Start{}, published: map[[2]int]place{}, rank: map[[2]int]int{}, explained: map[string]int{},
	}
	for lane := lanesFrom; lane <= lanesTo; lane++ {
		x.lanes.Numbers = append(x.lanes.Numbers, lane)
	}
	x.heats = x.pub.heats()
	for s := range x.entered.Entries() {
		x.inEvent[s.Entry.EventID] = append(x.inEvent[s.Entry.EventID], s)
	}
	for s := range x.pub.Entries() {
		if s.Entry.HeatID != 0 {
			x.published[[2]int{s.Entry.EventID, s.Athlete.ID}] = place{s.Entry.HeatID, s.Entry.Lane}
		}
	}
	athlete := map[int]int{}
	for s := range x.res.Results() {
		athlete[s.Result.ID] = s.Athlete.ID
	}
	for _, e := range x.res.Events() {
		if len(e.AgeGroups) > 0 {
			for _, k := range e.AgeGroups[0].Rankings {
				x.rank[[2]int{e.ID, athlete[k.ResultID]}] = k.Place
			}
		}
	}
	return x
}

// differences are the athletes whose computed place is not the published one.
func (x *trials) differences(e *Event, got map[int]place) (ids []int) {
	for _, s := range x.inEvent[e.ID] {
		want, started := x.published[[2]int{e.ID, s.Athlete.ID}]
		have, computed := got[s.Athlete.ID]
		if started != computed || want != have {
			ids = append(ids, s.Athlete.ID)
		}
	}
	return ids
}

// settle counts an event: each step adds one more named rule to the general
// ones, and what it puts right is explained by that rule.
func (x *trials) settle(e *Event, general map[int]place, steps ...step) {
	for _, s := range x.inEvent[e.ID] {
		if _, started := x.published[[2]int{e.ID, s.Athlete.ID}]; started {
			x.compared++
		}
	}
	open := x.differences(e, general)
	x.differ += len(open)
	for _, next := range steps {
		if len(open) == 0 {
			return
		}
		left := x.differences(e, next.places)
		x.explained[next.rule] += max(0, len(open)-len(left))
		if len(left) < len(open) {
			open = left
		}
	}
	for _, id := range open {
		x.t.Errorf("event %d (%s, number %d) athlete %d: published %v, computed otherwise", e.ID, e.Round, e.Number, id, x.published[[2]int{e.ID, id}])
	}
}

type step struct {
	rule   string
	places map[int]place
}

// TestStartList seeds the real meet from its entries and holds every heat and
// lane against the published start list.
func TestStartList(t *testing.T) {
	x := newTrials(t)
	for _, e := range x.pub.Events() {
		switch e.Round {
		case Prelim, TimeTrial, SwimOffPrelim:
			x.prelim(e)
		case TimedFinal:
			x.timedFinal(e)
		case Final:
			x.final(e)
		case FastestHeat, ExtraHeats:
			// Their heats are part of the timed final or final that they belong to.
			if len(x.inEvent[e.ID]) != 0 {
				t.Errorf("event %d has entries of its own", e.ID)
			}
		}
	}
	total := 0
	for _, n := range x.explained {
		total += n
	}
	t.Logf("starts: %d compared, %d differ, %d explained %v", x.compared, x.differ, total, x.explained)
	t.Logf("%d swimmers are taken as withdrawn from a final", x.absent)
	if x.compared != 2852 {
		t.Errorf("%d starts compared, want all 2852", x.compared)
	}
}

// starters of an event: withdrawn and rejected entries are not seeded.
func (x *trials) starters(e *Event) (in []advance.Entrant) {
	for _, s := range x.inEvent[e.ID] {
		if c := IRM(s.Entry.Status); c != scoring.WDR && c != scoring.RJC {
			in = append(in, advance.Entrant{ID: strconv.Itoa(s.Athlete.ID), Time: s.Entry.Time})
		}
	}
	return in
}

// seed runs the general rule and maps its heats to the event's.
func (x *trials) seed(e *Event, s advance.Seeding, in []advance.Entrant) map[int]place {
	x.t.Helper()
	s.Lanes = x.lanes
	starts, err := advance.Heats(s, in)
	if err != nil {
		x.t.Fatalf("event %d: %v", e.ID, err)
	}
	got := map[int]place{}
	for _, st := range starts {
		heat := -st.Heat // a heat that was never published
		for i := range e.Heats {
			if e.Heats[i].Number == st.Heat {
				heat = e.Heats[i].ID
			}
		}
		got[number(st.ID)] = place{heat, st.Lane}
	}
	return got
}

func number(id string) int {
	n, err := strconv.Atoi(id)
	if err != nil {
		panic(err) // IDs were made from numbers above
	}
	return n
}

// lots finds how the draw among equal times must have fallen: the equals get the
// lots in the order of the places that the rule gives to their seeds. Somebody
// who is published elsewhere keeps lot 0 and remains a difference.
func (x *trials) lots(e *Event, in []advance.Entrant, got map[int]place) []advance.Entrant {
	equal := map[scoring.Mark][]int{}
	key := func(n advance.Entrant) scoring.Mark {
		if n.Time == nil {
			return 0 // those without a time are equals too
		}
		return *n.Time
	}
	for _, n := range in {
		equal[key(n)] = append(equal[key(n)], number(n.ID))
	}
	out := slices.Clone(in)
	for i, n := range out {
		tied := slices.Clone(equal[key(n)])
		slices.SortFunc(tied, func(a, b int) int { return scoring.CompareIDs(strconv.Itoa(a), strconv.Itoa(b)) })
		for lot, id := range tied { // the rule without lots seeds equals by ID
			if got[id] == x.published[[2]int{e.ID, number(n.ID)}] {
				out[i].Lot = lot + 1
			}
		}
	}
	return out
}

// prelim covers every round that is seeded by entry time.
func (x *trials) prelim(e *Event) {
	rules := advance.Seeding{Circle: 3, Min: 3}
	if e.Style.Distance >= 400 {
		rules.Circle = 2
	}
	in := x.starters(e)
	general := x.seed(e, rules, in)
	drawn := x.lots(e, in, general)
	steps := []step{{byLot, x.seed(e, rules, drawn)}}
	switch seededOtherwise[e.ID] {
	case straight:
		rules.Circle = 1
		steps = append(steps, step{straight, x.seed(e, rules, drawn)})
	case even:
		rules.Even = true
		steps = append(steps, step{even, x.seed(e, rules, drawn)})
	}
	if e.Round == TimeTrial {
		steps = append(steps, step{timeTrial, x.asPublished(e)})
	}
	later := slices.IndexFunc(drawn, func(n advance.Entrant) bool { return n.ID == strconv.Itoa(laterEntry) })
	if p := x.published[[2]int{e.ID, laterEntry}]; later >= 0 && e.ID == 124 {
		places := x.seed(e, rules, slices.Delete(slices.Clone(drawn), later, later+1))
		for _, taken := range places {
			if taken == p {
				x.t.Errorf("event %d: the later entry's lane was not free", e.ID)
			}
		}
		places[laterEntry] = p
		steps = append(steps, step{addedLater, places})
	}
	x.settle(e, general, steps...)
}

// asPublished takes a time trial's lanes from the file, if it is one heat of at
// most three: nobody is seeded there.
func (x *trials) asPublished(e *Event) map[int]place {
	got := map[int]place{}
	for _, s := range x.inEvent[e.ID] {
		if p, ok := x.published[[2]int{e.ID, s.Athlete.ID}]; ok {
			got[s.Athlete.ID] = p
		}
	}
	if len(e.Heats) > 1 || len(got) > 3 {
		x.t.Errorf("event %d: %d heats and %d swimmers in a time trial", e.ID, len(e.Heats), len(got))
	}
	return got
}

// junior reports whether somebody may swim in a junior final.
func (x *trials) junior(a *Athlete) bool {
	return AgeOn(a.Birthdate, x.pub.AgeDate) <= juniorMax && a.Status != "FOREIGNER"
}

// timedFinal: the ten fastest entries swim with the finals, the ten fastest
// juniors among the rest in a heat of their own, all others in heats that begin
// with the fastest.
func (x *trials) timedFinal(e *Event) {
	athletes := map[string]*Athlete{}
	for _, s := range x.inEvent[e.ID] {
		athletes[strconv.Itoa(s.Athlete.ID)] = s.Athlete
	}
	fast, junior := x.separateHeats(e)
	seedAll := func(in []advance.Entrant) map[int]place {
		var candidates []advance.Candidate
		ranked := slices.Clone(in)
		slices.SortFunc(ranked, func(a, b advance.Entrant) int {
			return cmp.Or(cmp.Compare(*a.Time, *b.Time), cmp.Compare(a.Lot, b.Lot), scoring.CompareIDs(a.ID, b.ID))
		})
		for i, n := range ranked {
			c := advance.Candidate{ID: n.ID, Rank: i + 1, Finals: []string{"fast"}}
			if x.junior(athletes[n.ID]) {
				c.Finals = append(c.Finals, "junior")
			}
			candidates = append(candidates, c)
		}
		drawn, err := advance.Draw(advance.Finals{Lanes: x.lanes, Finals: []advance.Final{
			{Name: "fast", Heat: fast, Size: 10}, {Name: "junior", Heat: junior, Size: 10},
		}}, candidates)
		if err != nil {
			x.t.Fatal(err)
		}
		rest := slices.DeleteFunc(slices.Clone(in), func(n advance.Entrant) bool {
			return slices.ContainsFunc(drawn.Starts, func(s advance.Start) bool { return s.ID == n.ID })
		})
		got := x.seed(e, advance.Seeding{Min: 3, FastestFirst: true}, rest)
		for _, s := range drawn.Starts {
			got[number(s.ID)] = place{s.Heat, s.Lane}
		}
		return got
	}
	in := x.starters(e)
	general := seedAll(in)
	x.settle(e, general, step{byLot, seedAll(x.lots(e, in, general))})
}

// separateHeats finds the heats of a timed final that stand elsewhere in the
// programme.
func (x *trials) separateHeats(e *Event) (fast, junior int) {
	for _, other := range x.pub.Events() {
		if other.Number != e.Number {
			continue
		}
		for _, h := range other.Heats {
			switch other.Round {
			case FastestHeat:
				fast = h.ID
			case ExtraHeats:
				junior = h.ID
			}
		}
	}
	return fast, junior
}

// final draws finals from the published ranking of the round before: A final (no
// foreigners), junior final, B final; class finals have one heat, chosen by
// points, with lanes by time.
func (x *trials) final(e *Event) {
	rules := x.finals(e)
	draw := func(known int) map[int]place {
		candidates := x.candidates(e, &rules, known)
		drawn, err := advance.Draw(rules, candidates)
		if err != nil {
			x.t.Fatalf("event %d: %v", e.ID, err)
		}
		if known == knowWithdrawn {
			x.absent += absent(candidates, drawn)
		}
		for _, s := range x.inEvent[e.ID] {
			id := strconv.Itoa(s.Athlete.ID)
			if _, swims := x.published[[2]int{e.ID, s.Athlete.ID}]; known >= knowReplaced && !swims && s.Entry.Status != "" &&
				slices.ContainsFunc(drawn.Starts, func(s advance.Start) bool { return s.ID == id }) {
				if err := drawn.Replace(id); err != nil {
					x.t.Fatal(err)
				}
			}
		}
		got := map[int]place{}
		for _, s := range drawn.Starts {
			got[number(s.ID)] = place{s.Heat, s.Lane}
		}
		return got
	}
	x.settle(e, draw(0), step{byHand, draw(knowManual)}, step{withdrew, draw(knowWithdrawn)}, step{byLot, draw(knowOrder)}, step{replaced, draw(knowReplaced)})
}

// What is known of a final beyond the ranking of the round before, one more each.
const (
	knowManual    = 1 + iota // who was put there by the referee
	knowWithdrawn            // who is neither in it nor among its entries
	knowOrder                // how equals were put in order
	knowReplaced             // who withdrew after the draw, and was replaced
)

// absent counts who was taken as withdrawn and would otherwise have swum: ranked
// before somebody who swims in a final that was open to both.
func absent(candidates []advance.Candidate, drawn *advance.Drawn) (n int) {
	rank := map[string]int{}
	for _, c := range candidates {
		rank[c.ID] = c.Rank
	}
	for _, c := range candidates {
		if c.Withdrawn && slices.ContainsFunc(drawn.Starts, func(s advance.Start) bool {
			return rank[s.ID] > c.Rank && (len(c.Finals) == 0 || slices.Contains(c.Finals, drawn.FinalOf(s)))
		}) {
			n++
		}
	}
	return n
}

// finals are the event's finals with the heats that they were published as.
func (x *trials) finals(e *Event) advance.Finals {
	f := advance.Finals{Lanes: x.lanes, Ties: advance.SwimOff}
	heat := map[string]int{}
	for _, s := range x.inEvent[e.ID] {
		if p, ok := x.published[[2]int{e.ID, s.Athlete.ID}]; ok {
			heat[x.heats[p.heat].Final] = p.heat
		}
	}
	if len(e.AgeGroups) == 1 {
		f.LanesByTime = true
		f.Finals = []advance.Final{{Name: "final", Heat: heat[""], Size: 10, Reserves: 2}}
		return f
	}
	f.Finals = []advance.Final{
		{Name: "A", Heat: heat["A"], Size: 10, Reserves: 2},
		{Name: "junior", Heat: heat[""], Size: 10, Reserves: 2},
		{Name: "B", Heat: heat["B"], Size: 10, Reserves: 2},
	}
	return f
}

// candidates are the ranked of the round before, with what is known of them.
func (x *trials) candidates(e *Event, f *advance.Finals, known int) (in []advance.Candidate) {
	entered := map[int]bool{}
	for _, s := range x.inEvent[e.ID] {
		entered[s.Athlete.ID] = true
	}
	times := map[int]scoring.Mark{}
	for s := range x.res.Results() {
		if s.Result.EventID == e.PrevEvent && s.Result.Time != nil {
			times[s.Athlete.ID] = *s.Result.Time
		}
	}
	for _, s := range x.inEvent[e.PrevEvent] {
		id := s.Athlete.ID
		rank := x.rank[[2]int{e.PrevEvent, id}]
		if rank < 1 {
			continue
		}
		c := advance.Candidate{ID: strconv.Itoa(id), Rank: rank, Time: times[id], Withdrawn: known >= knowWithdrawn && !entered[id], Finals: x.mayswim(f, s.Athlete)}
		if p, ok := x.published[[2]int{e.ID, id}]; ok && known >= knowOrder {
			c.Order = 1 + slices.Index(advance.CentreOut(x.lanes.Numbers), p.lane) + 100*x.finalOf(f, p.heat)
		} else if known >= knowOrder {
			c.Order = 1000
		}
		in = append(in, c)
	}
	for _, s := range x.inEvent[e.ID] {
		p, ok := x.published[[2]int{e.ID, s.Athlete.ID}]
		if x.rank[[2]int{e.PrevEvent, s.Athlete.ID}] == 0 && ok && known >= knowManual {
			in = append(in, advance.Candidate{ID: strconv.Itoa(s.Athlete.ID), Time: 1 << 30,
				Manual: &advance.Manual{Final: f.Finals[x.finalOf(f, p.heat)].Name, Reason: byHand}})
		}
	}
	return in
}

func (x *trials) finalOf(f *advance.Finals, heat int) int {
	return slices.IndexFunc(f.Finals, func(final advance.Final) bool { return final.Heat == heat })
}

// mayswim: foreigners have no place in A, junior and class finals.
func (x *trials) mayswim(f *advance.Finals, a *Athlete) []string {
	foreigner := a.Status == "FOREIGNER"
	switch {
	case len(f.Finals) == 1 && foreigner:
		return []string{"nowhere"}
	case len(f.Finals) == 1:
		return nil
	case foreigner:
		return []string{"B"}
	case x.junior(a):
		return nil
	}
	return []string{"A", "B"}
}

// String keeps places readable in a failing test.
func (p place) String() string { return fmt.Sprintf("heat %d lane %d", p.heat, p.lane) }
