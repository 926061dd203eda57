// Package medals counts what the delegations have won: the tables by gold, by
// all medals and by points, with shared ranks, half medals of joint teams, and
// for each number the results that made it.
package medals

import (
	"slices"
	"strconv"

	"tongchang/scoring"
)

// Medal is the colour that a place has earned; the empty Medal is none.
type Medal string

// The medals. Which place earns which is for the regulation to say.
const (
	Gold   Medal = "gold"
	Silver Medal = "silver"
	Bronze Medal = "bronze"
)

// Known reports whether the medal is one of those above, or none.
func (m Medal) Known() bool {
	switch m {
	case "", Gold, Silver, Bronze:
		return true
	}
	return false
}

// ForRank is the medal of a rank where no regulation says otherwise. Two equal
// firsts have rank 1 and the next has rank 3: two golds, no silver, a bronze.
func ForRank(rank int) Medal {
	switch rank {
	case 1:
		return Gold
	case 2:
		return Silver
	case 3:
		return Bronze
	}
	return ""
}

// Result is what one entry brings its delegations: a medal, points or both.
// A deduction is a result too, with a negative share. Record bonuses are
// results of their own, without a rank, so that the working shows them apart.
type Result struct {
	Event      string        `json:"event"`
	Discipline string        `json:"discipline,omitempty"` // what limits per discipline go by
	Sex        string        `json:"sex,omitempty"`        // M, W or X of the event, for tables by sex
	Entry      string        `json:"entry,omitempty"`
	Rank       int           `json:"rank,omitempty"` // in the event; 0 where there is none
	Medal      Medal         `json:"medal,omitempty"`
	Points     scoring.Ratio `json:"points,omitzero"`
	Shares     []Share       `json:"shares"`
	Why        []Why         `json:"why,omitempty"`
}

// Share is the part of a result that belongs to a delegation: the whole, or
// half each for a joint team of two.
type Share struct {
	Delegation string        `json:"delegation"`
	Of         scoring.Ratio `json:"of"`
}

// Sole gives the whole result to one delegation.
func Sole(delegation string) []Share { return []Share{{delegation, scoring.Whole(1)}} }

// Why names a setting that had a part in a number: its path in the regulation,
// its value, and the layer it stands in (default, edition, sport AT, event …).
type Why struct {
	Setting string `json:"setting"`
	Value   string `json:"value"`
	Layer   string `json:"layer,omitempty"`
}

// Row is one delegation in a table. Parts are the results behind its numbers;
// [Row.Made] picks those behind one of them.
type Row struct {
	Delegation string         `json:"delegation"`
	Rank       int            `json:"rank,omitempty"` // shared by equals; 0 for the unranked
	SortOrder  int            `json:"sort_order"`
	Gold       scoring.Ratio  `json:"gold"`
	Silver     scoring.Ratio  `json:"silver"`
	Bronze     scoring.Ratio  `json:"bronze"`
	Total      scoring.Ratio  `json:"total"`
	Points     scoring.Ratio  `json:"points"`
	Reason     scoring.Reason `json:"reason"`
	Parts      []Part         `json:"parts,omitempty"`
}

// Part is what one result added to a row: Share of its medal, and Points after
// shares and limits. Limit is the one that took points away, nil where all count.
type Part struct {
	*Result
	Share  scoring.Ratio `json:"share"`
	Points scoring.Ratio `json:"points,omitzero"`
	Limit  *Limit        `json:"limit,omitempty"`
}

// Made lists the parts behind one number of the row: a medal, total or points.
func (r Row) Made(key Key) []Part {
	return slices.DeleteFunc(slices.Clone(r.Parts), func(p Part) bool {
		switch key {
		case ByTotal:
			return p.Medal == ""
		case ByPoints:
			return p.Result.Points.IsZero()
		}
		return string(p.Medal) != string(key)
	})
}

// Table counts the results and ranks the delegations. Every delegation that
// the rules list has a row, and every other that a result names.
func Table(results []Result, rules Rules) ([]Row, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	rows := map[string]*Row{}
	of := func(delegation string) *Row {
		if rows[delegation] == nil {
			rows[delegation] = &Row{Delegation: delegation}
		}
		return rows[delegation]
	}
	for _, d := range rules.Delegations {
		of(d.ID)
	}
	for i := range results {
		r := &results[i]
		if err := check(r); err != nil {
			return nil, err
		}
		weight := rules.weight(r.Sex)
		if weight.IsZero() {
			continue
		}
		for _, s := range r.Shares {
			share := s.Of.Mul(weight)
			row := of(s.Delegation)
			row.Parts = append(row.Parts, Part{Result: r, Share: share, Points: r.Points.Mul(share)})
		}
	}
	for _, row := range rows {
		row.add(rules.Limits)
	}
	return order(rows, rules)
}

func check(r *Result) error {
	bad := func(field, problem string, with ...string) error {
		line := r.Event
		if r.Entry != "" {
			line += " " + r.Entry
		}
		return &scoring.Invalid{Line: line, Field: field, Problem: problem, With: with}
	}
	if !r.Medal.Known() {
		return bad("medal", "unknown-value", string(r.Medal), "gold, silver, bronze")
	}
	if len(r.Shares) == 0 {
		return bad("shares", "share-missing")
	}
	for i, s := range r.Shares {
		if s.Delegation == "" {
			return bad("shares", "delegation-missing")
		}
		if s.Of.Cmp(scoring.Whole(1)) > 0 {
			return bad("shares", "share-over-one", s.Of.String())
		}
		for _, other := range r.Shares[:i] {
			if other.Delegation == s.Delegation {
				return bad("shares", "delegation-twice", s.Delegation)
			}
		}
	}
	return nil
}

// add sums the parts after the limits have taken away what does not count.
func (r *Row) add(limits []Limit) {
	slices.SortFunc(r.Parts, func(a, b Part) int { return compareResults(a.Result, b.Result) })
	for i := range limits {
		limits[i].apply(r.Parts)
	}
	for _, p := range r.Parts {
		switch p.Medal {
		case Gold:
			r.Gold = r.Gold.Add(p.Share)
		case Silver:
			r.Silver = r.Silver.Add(p.Share)
		case Bronze:
			r.Bronze = r.Bronze.Add(p.Share)
		}
		r.Points = r.Points.Add(p.Points)
	}
	r.Total = r.Gold.Add(r.Silver).Add(r.Bronze)
}

// order ranks the rows by way of [Rank], so that a table made from results and
// one made from printed counts can never disagree.
func order(rows map[string]*Row, rules Rules) ([]Row, error) {
	lines := make([]Line, 0, len(rows))
	for _, r := range rows {
		lines = append(lines, Line{ID: r.Delegation, Gold: r.Gold, Silver: r.Silver, Bronze: r.Bronze, Points: r.Points, Places: r.places()})
	}
	ranked, err := Rank(rules, lines)
	if err != nil {
		return nil, err
	}
	table := make([]Row, len(ranked))
	for i, l := range ranked {
		table[i] = *rows[l.ID]
		table[i].Rank, table[i].SortOrder, table[i].Reason = l.Rank, l.SortOrder, l.Reason
	}
	return table, nil
}

// places counts first places, second places … in shares, as chains such as
// "more fourth places" need them.
func (r *Row) places() map[string]scoring.Ratio {
	counts := map[string]scoring.Ratio{}
	for _, p := range r.Parts {
		if p.Rank > 0 {
			n := strconv.Itoa(p.Rank)
			counts[n] = counts[n].Add(p.Share)
		}
	}
	return counts
}
