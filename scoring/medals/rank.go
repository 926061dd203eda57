package medals

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Key names a number that tables compare. Beside the five below there are
// place-1, place-2 …: how often a delegation took that place.
type Key string

// The numbers of a row.
const (
	ByGold   Key = "gold"
	BySilver Key = "silver"
	ByBronze Key = "bronze"
	ByTotal  Key = "total"
	ByPoints Key = "points"
)

// Rules say how a table is ordered and what counts in it.
type Rules struct {
	// By is gold (the default), total or points. A provincial games publishes
	// up to three tables, each with its own winner (Shandong 9th, Guizhou 5th).
	By Key `json:"by,omitempty"`
	// Ties is what decides between equals in By, in order. None given: more
	// golds, silvers, bronzes (the Paralympic convention for medals; for points
	// a common clause that the regulation may replace). Who is still equal
	// shares the rank, and the next is skipped.
	Ties        []Key         `json:"ties,omitempty"`
	Delegations []Delegation  `json:"delegations,omitempty"`
	Sex         string        `json:"sex,omitempty"`        // M or W: the men's or the women's table
	MixedShare  scoring.Ratio `json:"mixed_share,omitzero"` // of a mixed result in it; 0 means 1/2
	Limits      []Limit       `json:"limits,omitempty"`     // on points, applied in this order
	Source      string        `json:"source,omitempty"`     // regulation and clause
}

// Delegation is a row that stands in the table even with nothing won. Equals
// are listed by Key (a code, a name in pinyin), or by ID where there is none.
// An unranked one (neutral athletes, guests) stands where its medals put it,
// without a rank, and nobody's rank counts it.
type Delegation struct {
	ID       string `json:"id"`
	Key      string `json:"key,omitempty"`
	Unranked bool   `json:"unranked,omitempty"`
}

// Limit keeps a delegation's points to the best few results, or to a sum.
// Deductions always count and no limit gives them back.
type Limit struct {
	Per  string        `json:"per"`            // event, discipline or all
	Best int           `json:"best,omitempty"` // so many results count; 0: all
	Cap  scoring.Ratio `json:"cap,omitzero"`   // and at most so many points; 0: no cap
}

// Line is a delegation with its counts: what a printed medal table holds.
type Line struct {
	ID     string                   `json:"id"`
	Gold   scoring.Ratio            `json:"gold,omitzero"`
	Silver scoring.Ratio            `json:"silver,omitzero"`
	Bronze scoring.Ratio            `json:"bronze,omitzero"`
	Points scoring.Ratio            `json:"points,omitzero"`
	Places map[string]scoring.Ratio `json:"places,omitempty"` // by place: how often
}

func (l *Line) value(k Key) scoring.Ratio {
	switch k {
	case ByGold:
		return l.Gold
	case BySilver:
		return l.Silver
	case ByBronze:
		return l.Bronze
	case ByTotal:
		return l.Gold.Add(l.Silver).Add(l.Bronze)
	case ByPoints:
		return l.Points
	}
	return l.Places[strings.TrimPrefix(string(k), "place-")]
}

// Check refuses rules that could not be applied as written.
func (r Rules) Check() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	if by := r.chain()[0]; by != ByGold && by != ByTotal && by != ByPoints {
		return bad("by", "unknown-value", string(by), "gold, total, points")
	}
	for i, k := range r.chain() {
		if !k.known() {
			return bad(fmt.Sprintf("ties[%d]", i-1), "unknown-value", string(k), "gold, silver, bronze, total, points, place-1 …")
		}
	}
	if r.Sex != "" && r.Sex != "M" && r.Sex != "W" {
		return bad("sex", "unknown-value", r.Sex, "M, W")
	}
	if r.MixedShare.Sign() < 0 || r.MixedShare.Cmp(scoring.Whole(1)) > 0 {
		return bad("mixed_share", "not-between", r.MixedShare.String(), "0", "1")
	}
	for i, l := range r.Limits {
		if l.Per != "event" && l.Per != "discipline" && l.Per != "all" {
			return bad(fmt.Sprintf("limits[%d].per", i), "unknown-value", l.Per, "event, discipline, all")
		}
		if l.Best < 0 || l.Cap.Sign() < 0 {
			return bad(fmt.Sprintf("limits[%d]", i), "negative")
		}
	}
	for i, d := range r.Delegations {
		if d.ID == "" || slices.ContainsFunc(r.Delegations[:i], func(o Delegation) bool { return o.ID == d.ID }) {
			return bad(fmt.Sprintf("delegations[%d]", i), "delegation-twice", d.ID)
		}
	}
	return nil
}

func (k Key) known() bool {
	switch k {
	case ByGold, BySilver, ByBronze, ByTotal, ByPoints:
		return true
	}
	n, place := strings.CutPrefix(string(k), "place-")
	i, err := strconv.Atoi(n)
	return place && err == nil && i > 0 && strconv.Itoa(i) == n
}

func (r Rules) chain() []Key {
	by := cmp.Or(r.By, ByGold)
	ties := r.Ties
	if ties == nil {
		ties = []Key{ByGold, BySilver, ByBronze}
	}
	return append([]Key{by}, slices.DeleteFunc(slices.Clone(ties), func(k Key) bool { return k == by })...)
}

func (r Rules) weight(sex string) scoring.Ratio {
	switch {
	case r.Sex == "" || r.Sex == sex:
		return scoring.Whole(1)
	case sex != "X":
		return scoring.Ratio{}
	case r.MixedShare.IsZero():
		return scoring.NewRatio(1, 2)
	}
	return r.MixedShare
}

// Rank orders delegations by the table's number and its chain of ties.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	keys := map[string]Delegation{}
	for _, d := range rules.Delegations {
		keys[d.ID] = d
	}
	lines = slices.Clone(lines)
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(scoring.CompareIDs(cmp.Or(keys[a.ID].Key, a.ID), cmp.Or(keys[b.ID].Key, b.ID)), cmp.Compare(a.ID, b.ID))
	})
	all := standings(rules, lines)
	ranked := standings(rules, slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return keys[l.ID].Unranked }))
	next := 0
	for i, row := range all {
		if keys[row.ID].Unranked {
			all[i].Rank, all[i].Reason = 0, scoring.Reason{Rule: "medals-unranked", Source: rules.Source}
			continue
		}
		all[i], next = ranked[next], next+1
		all[i].SortOrder = i + 1
	}
	return all, nil
}

// standings ranks lines that are already in the order in which equals are listed.
func standings(rules Rules, lines []Line) []scoring.Ranked {
	type row struct {
		*Line
		at     int
		values []scoring.Ratio // of the chain, so that no comparison adds anything up
	}
	chain := rules.chain()
	rows := make([]row, len(lines))
	for i := range lines {
		rows[i] = row{&lines[i], i, make([]scoring.Ratio, len(chain))}
		for j, k := range chain {
			rows[i].values[j] = lines[i].value(k)
		}
	}
	steps := make([]scoring.Step[row], len(chain))
	for j, k := range chain {
		steps[j] = scoring.Step[row]{
			Rule: "medals-" + string(k), Source: rules.Source,
			Compare: func(a, b *row) int { return b.values[j].Cmp(a.values[j]) },
			Show:    func(r *row) string { return r.values[j].String() },
		}
		if strings.HasPrefix(string(k), "place-") {
			steps[j].Rule = "medals-places"
			steps[j].Show = func(r *row) string { return r.values[j].String() + " × " + strings.TrimPrefix(string(k), "place-") }
		}
	}
	ranked := scoring.Order(rows, func(r *row) scoring.Facts {
		mark := r.values[0].Thousandths()
		return scoring.Facts{ID: strconv.Itoa(r.at), Mark: &mark, Result: r.values[0].String()}
	}, steps...)
	ids := map[string]*row{} // Order hands back the numbers it was given
	for i := range rows {
		ids[strconv.Itoa(i)] = &rows[i]
	}
	for i := range ranked {
		line := ids[ranked[i].ID].Line
		ranked[i].ID = line.ID
		if o := ids[ranked[i].Reason.Against]; o != nil {
			ranked[i].Reason.Against = o.ID
		}
		for _, k := range []Key{ByGold, BySilver, ByBronze, ByTotal, ByPoints} {
			ranked[i].Columns = append(ranked[i].Columns, scoring.Column{Name: string(k), Text: line.value(k).String()})
		}
	}
	return ranked
}
