package regulation

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tongchang/scoring"
	"tongchang/scoring/medals"
	"tongchang/scoring/records"
)

// Admission is how many places and medals a field of some size earns, with
// the setting that said so.
type Admission struct {
	Field  int        `json:"field"`
	Places int        `json:"places"`
	Medals int        `json:"medals"` // how many places earn one
	Void   bool       `json:"void,omitempty"`
	Why    medals.Why `json:"why"`
}

// Admit applies the small-field rule to a field.
func (r *Resolved) Admit(field int) Admission {
	usual := *r.Places
	a := Admission{Field: field, Places: min(field, usual), Why: r.why("places", text(usual))}
	small := r.why("small_field", r.SmallField.Rule)
	medalled := len(r.Medals)
	switch r.SmallField.Rule {
	case MinusOneBelow:
		if field < usual {
			a.Places, a.Why = max(field-1, 0), small
		}
	case MinusOneUpTo:
		if field <= usual {
			a.Places, a.Why = max(field-1, 0), small
		}
	case AllPlaced:
		if field < usual {
			a.Why = small
		}
	case BySteps:
		for i, s := range r.SmallField.Steps {
			if s.From > field {
				break
			}
			a.Places, medalled, a.Void = min(field, usual), len(r.Medals), s.Void
			if s.Places != nil {
				a.Places = min(field, *s.Places)
			}
			if s.Medals != nil {
				medalled = *s.Medals
			}
			a.Why = r.why(fmt.Sprintf("small_field.steps[%d]", i), "≥ "+text(s.From))
		}
	}
	if a.Void {
		a.Places = 0
		return a
	}
	if least := min(field, r.SmallField.Least); a.Places < least {
		a.Places, a.Why = least, r.why("small_field.least", text(least))
	}
	a.Medals = min(a.Places, medalled, len(r.Medals))
	return a
}

// Event is what awarding needs to know of an event.
type Event struct {
	ID         string `json:"id"`
	Discipline string `json:"discipline,omitempty"`
	Sex        string `json:"sex,omitempty"`
	Kind       string `json:"kind"` // of the multipliers: individual, relay …
}

// Line is one entry of the event's final ranking: everybody who entered, also
// those who did not come, because the field is counted from the lines.
type Line struct {
	ID          string      `json:"id"`
	Rank        int         `json:"rank,omitempty"` // 1, 2, 2, 4; 0 without one
	IRM         scoring.IRM `json:"irm,omitempty"`
	Class       string      `json:"class,omitempty"`
	Delegations []string    `json:"delegations"`          // several: a joint team
	Records     []Claim     `json:"records,omitempty"`    // recognised claims only
	Forfeit     bool        `json:"forfeit,omitempty"`    // did not come and gave no reason
	Ineligible  bool        `json:"ineligible,omitempty"` // proven; the result is cancelled
}

// Claim is a record that counts for the bonus. Performance tells the final's
// from the heat's.
type Claim struct {
	Performance string        `json:"performance,omitempty"`
	Level       string        `json:"level"`
	State       records.State `json:"state"`
}

// Field counts the lines that are the field under the basis in force.
// Exhibition swimmers and entries that were rejected never belong to it.
func (r *Resolved) Field(lines []Line) int {
	n := 0
	for i := range lines {
		if r.inField(lines[i].IRM) {
			n++
		}
	}
	return n
}

func (r *Resolved) inField(irm scoring.IRM) bool {
	switch irm {
	case scoring.EXH, scoring.CC, scoring.RJC:
		return false
	case scoring.WDR:
		return r.Basis == "entries"
	case scoring.DNS:
		return r.Basis != "starters"
	}
	return true
}

// Awards turns an event's final ranking into what its delegations get: medals
// and points of the places, record bonuses, penalties. Each result says which
// settings made it.
func (r *Resolved) Awards(e Event, lines []Line) ([]medals.Result, error) {
	multiplier, ok := r.Multipliers[e.Kind]
	if !ok {
		return nil, &scoring.Invalid{Line: e.ID, Field: "kind", Problem: "unknown-event-kind", With: []string{e.Kind}, Rule: "multipliers"}
	}
	a := awarding{Resolved: r, event: e, multiplier: multiplier}
	if err := a.check(lines); err != nil {
		return nil, err
	}
	if r.MergedAward == "class" {
		for _, group := range byClass(lines) {
			a.places(group)
		}
	} else {
		a.places(lines)
	}
	for i := range lines {
		a.penalties(&lines[i])
	}
	return a.results, nil
}

type awarding struct {
	*Resolved
	event      Event
	multiplier scoring.Ratio
	results    []medals.Result
}

// check refuses a ranking that is not one: wrong ranks would become points.
func (a *awarding) check(lines []Line) error {
	ids := map[string]bool{}
	var ranks []int
	for i := range lines {
		l := &lines[i]
		bad := func(field, problem string, with ...string) error {
			return &scoring.Invalid{Line: l.ID, Field: field, Problem: problem, With: with}
		}
		switch {
		case l.ID == "" || ids[l.ID]:
			return bad("id", "id-twice", l.ID)
		case !l.IRM.Known():
			return bad("irm", "unknown-irm", string(l.IRM))
		case l.Rank < 0 || l.Rank > 0 && (l.IRM != "" || l.Ineligible || l.Forfeit):
			return bad("rank", "rank-without-result", text(l.Rank))
		case len(l.Delegations) == 0 || slices.Contains(l.Delegations, ""):
			return bad("delegations", "delegation-missing")
		}
		for j, d := range l.Delegations {
			if slices.Contains(l.Delegations[:j], d) {
				return bad("delegations", "delegation-twice", d)
			}
		}
		for _, c := range l.Records {
			if !c.State.Known() {
				return bad("records", "unknown-value", string(c.State), "better, break, set, equal")
			}
		}
		ids[l.ID] = true
		if l.Rank > 0 {
			ranks = append(ranks, l.Rank)
		}
	}
	slices.Sort(ranks)
	for i, rank := range ranks {
		if rank != i+1 && (i == 0 || rank != ranks[i-1]) {
			return &scoring.Invalid{Line: a.event.ID, Field: "rank", Problem: "ranks-broken", With: []string{text(rank), text(i + 1)}}
		}
	}
	return nil
}

// byClass splits a merged event into its classes and ranks each anew.
func byClass(lines []Line) [][]Line {
	classes := map[string][]Line{}
	var order []string
	for _, l := range lines {
		if classes[l.Class] == nil {
			order = append(order, l.Class)
		}
		classes[l.Class] = append(classes[l.Class], l)
	}
	slices.Sort(order)
	groups := make([][]Line, len(order))
	for i, class := range order {
		group := classes[class]
		slices.SortFunc(group, byRank)
		at, before := 0, 0 // position and overall rank of the one before
		for j := range group {
			if group[j].Rank == 0 {
				continue
			}
			overall := group[j].Rank
			at++
			group[j].Rank = at
			if overall == before {
				group[j].Rank = group[j-1].Rank
			}
			before = overall
		}
		groups[i] = group
	}
	return groups
}

// byRank lists the ranked first, in order; those without a rank last.
func byRank(a, b Line) int {
	last := func(l Line) int { return cmp.Or(l.Rank, math.MaxInt) }
	return cmp.Or(cmp.Compare(last(a), last(b)), scoring.CompareIDs(a.ID, b.ID))
}

// places awards one ranking.
func (a *awarding) places(lines []Line) {
	admission := a.Admit(a.Field(lines))
	sorted := slices.SortedFunc(slices.Values(lines), byRank)
	dense := 0
	for i := range sorted {
		l := &sorted[i]
		if l.Rank == 0 {
			break
		}
		if i == 0 || l.Rank != sorted[i-1].Rank {
			dense++
		}
		place, tied := l.Rank, 0
		for j := range sorted {
			if sorted[j].Rank == l.Rank {
				tied++
			}
		}
		if a.TieRank == "dense" {
			place, tied = dense, 1
		}
		result := a.result(l, place)
		result.Why = append(result.Why, admission.Why)
		switch {
		case place <= admission.Places:
			a.award(&result, place, tied, admission)
		case a.FinisherPoints.Sign() > 0:
			result.Points = *a.FinisherPoints
			result.Why = append(result.Why, a.why("finisher_points", a.FinisherPoints.String()))
		}
		if result.Medal != "" || !result.Points.IsZero() || place <= admission.Places {
			a.results = append(a.results, result)
		}
		a.bonus(l, result)
	}
}

func (a *awarding) result(l *Line, rank int) medals.Result {
	r := medals.Result{Event: a.event.ID, Discipline: a.event.Discipline, Sex: a.event.Sex, Entry: l.ID, Rank: rank}
	share := scoring.Whole(1)
	if a.JointTeam == "split" {
		share = scoring.NewRatio(1, int64(len(l.Delegations)))
	}
	for _, d := range l.Delegations {
		r.Shares = append(r.Shares, medals.Share{Delegation: d, Of: share})
	}
	if len(l.Delegations) > 1 {
		r.Why = append(r.Why, a.why("joint_team", a.JointTeam))
	}
	return r
}

// award gives a placed line its medal and points.
func (a *awarding) award(r *medals.Result, place, tied int, admission Admission) {
	if place <= admission.Medals {
		r.Medal = a.Medals[place-1]
	}
	r.Points = a.at(place, admission)
	switch {
	case tied > 1 && a.TiePoints == "average":
		sum := scoring.Ratio{}
		for p := place; p < place+tied; p++ {
			sum = sum.Add(a.at(p, admission))
		}
		r.Points = sum.Over(tied)
		r.Why = append(r.Why, a.why("tie_points", a.TiePoints))
	case tied > 1:
		r.Why = append(r.Why, a.why("tie_points", a.TiePoints))
	default:
		r.Why = append(r.Why, a.why(fmt.Sprintf("points[%d]", place-1), r.Points.String()))
	}
	if a.multiplier.Cmp(scoring.Whole(1)) != 0 {
		r.Points = r.Points.Mul(a.multiplier)
		r.Why = append(r.Why, a.why("multipliers."+a.event.Kind, a.multiplier.String()))
	}
}

// at is what the table has for a place. A place that was not awarded adds to
// an average only where the regulation says so.
func (a *awarding) at(place int, admission Admission) scoring.Ratio {
	if place > len(a.Points) || place > admission.Places && a.Beyond == "zero" {
		return scoring.Ratio{}
	}
	return a.Points[place-1]
}

// bonus gives a line what its records bring, as results of their own.
func (a *awarding) bonus(l *Line, placed medals.Result) {
	type grant struct {
		Claim
		medals.Result
	}
	var grants []grant
	for _, claim := range l.Records {
		if r, ok := a.grant(l, claim, placed); ok {
			grants = append(grants, grant{claim, r})
		}
	}
	slices.SortStableFunc(grants, func(x, y grant) int { return y.Points.Cmp(x.Points) }) // what is kept is worth most
	kept := map[Claim]bool{}
	for _, g := range grants {
		var per Claim // what only one bonus is given for
		if !*a.BonusHighest {
			per.Level = g.Level
		}
		if !*a.BonusOnce {
			per.Performance = g.Performance
		}
		if !kept[per] {
			kept[per] = true
			a.results = append(a.results, g.Result)
		}
	}
}

// grant is the bonus of one claim.
func (a *awarding) grant(l *Line, claim Claim, placed medals.Result) (r medals.Result, ok bool) {
	i := slices.IndexFunc(a.RecordBonus, func(b Bonus) bool { return b.Level == claim.Level && b.counts(claim.State) })
	if i < 0 {
		return r, false
	}
	b := a.RecordBonus[i]
	r = a.result(l, 0)
	r.Points = b.Points
	r.Why = append(r.Why, a.why(fmt.Sprintf("record_bonus[%d]", i), claim.Level+" "+string(claim.State)))
	switch {
	case !b.Factor.IsZero():
		r.Points = placed.Points.Mul(b.Factor.Sub(scoring.Whole(1)))
	case *a.BonusMultiplied:
		r.Points = r.Points.Mul(a.multiplier)
		r.Why = append(r.Why, a.why("bonus_multiplied", a.multiplier.String()))
	}
	return r, true
}

func (b *Bonus) counts(s records.State) bool {
	if b.States == nil {
		return s != records.Equal
	}
	return slices.Contains(b.States, s)
}

// penalties takes points and golds off, as results with a negative share.
func (a *awarding) penalties(l *Line) {
	off := func(medal medals.Medal, share, points scoring.Ratio, why medals.Why) {
		r := a.result(l, 0)
		for i := range r.Shares {
			r.Shares[i].Of = r.Shares[i].Of.Mul(share).Neg()
		}
		r.Medal, r.Points = medal, points
		r.Why = append(r.Why, why)
		a.results = append(a.results, r)
	}
	one := scoring.Whole(1)
	if l.Forfeit && a.ForfeitPenalty.Sign() > 0 {
		off("", one, *a.ForfeitPenalty, a.why("forfeit_penalty", a.ForfeitPenalty.String()))
	}
	if p := a.IneligiblePenalty; l.Ineligible {
		if p.Gold.Sign() > 0 {
			off(medals.Gold, p.Gold, scoring.Ratio{}, a.why("ineligible_penalty.gold", p.Gold.String()))
		}
		if p.Points.Sign() > 0 {
			off("", one, p.Points, a.why("ineligible_penalty.points", p.Points.String()))
		}
	}
}

// Won are the names of the prizes that a place earns in a field.
func (r *Resolved) Won(place, field int) []string {
	var names []string
	for _, p := range r.Prizes {
		if place > 0 && max(p.From, 1) <= place && place <= p.To && field >= p.Field {
			names = append(names, p.Name)
		}
	}
	return names
}
