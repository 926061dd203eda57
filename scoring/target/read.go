package target

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Hit is one arrow or shot, in tenths of a ring. Inner is an X, an inner ten,
// or the nearer of two equal hits in a shoot-off.
type Hit struct {
	Tenths int
	Inner  bool
}

func (h Hit) compare(o Hit) int {
	if c := cmp.Compare(h.Tenths, o.Tenths); c != 0 {
		return c
	}
	switch {
	case h.Inner == o.Inner:
		return 0
	case h.Inner:
		return 1
	}
	return -1
}

// ParseHit reads a hit as it is written down: X (an inner ten), 10 to 0, M (a
// miss); in decimal scoring 10.9 to 0.0. A star, or x in shooting, marks an
// inner ten and in a shoot-off the nearer hit.
func ParseHit(s string, decimal bool) (Hit, error) {
	bad := func(problem string) (Hit, error) {
		return Hit{}, &scoring.Invalid{Field: "hit", Problem: problem, With: []string{s}}
	}
	low := strings.ToLower(s)
	switch {
	case low == "m":
		return Hit{}, nil
	case low == "x" && !decimal:
		return Hit{100, true}, nil
	}
	number, inner := strings.CutSuffix(low, "*")
	if !inner {
		number, inner = strings.CutSuffix(low, "x")
	}
	mark, err := scoring.Thousandths.Parse(number)
	switch {
	case err != nil:
		return bad("not-a-hit")
	case mark%100 != 0 || !decimal && mark%1000 != 0:
		return bad("rings-too-fine")
	case decimal && mark > 10_900 || !decimal && mark > 10_000:
		return Hit{}, &scoring.Invalid{Field: "hit", Problem: "not-between", With: []string{s, "0", highest(decimal)}}
	case decimal && !strings.Contains(number, "."):
		return bad("tenths-missing") // 10 may be 10.0 or a ten whose tenths nobody wrote
	}
	return Hit{int(mark / 100), inner}, nil
}

// highest is the best hit there is.
func highest(decimal bool) string {
	if decimal {
		return "10.9"
	}
	return "10"
}

// parseHits reads the hits of an end.
func parseHits(text string, decimal bool) ([]Hit, error) {
	var hits []Hit
	for f := range strings.FieldsSeq(text) {
		h, err := ParseHit(f, decimal)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// parseRings reads a total or a penalty.
func parseRings(s string, decimal bool) (int, error) {
	mark, err := scoring.Thousandths.Parse(s)
	if err == nil && (mark%100 != 0 || !decimal && mark%1000 != 0) {
		err = &scoring.Invalid{Field: "mark", Problem: "rings-too-fine", With: []string{s}}
	}
	return int(mark / 100), err
}

func (r *Rules) printHit(h Hit) string {
	s := r.print(h.Tenths)
	if h.Inner {
		s += "*"
	}
	return s
}

// read reads a line and adds it up.
func (r *Rules) read(l *Line) (card, error) {
	c := card{line: l}
	if err := r.check(l); err != nil {
		return c, err
	}
	if err := r.readEnds(&c); err != nil {
		return c, err
	}
	if err := r.readTotals(&c); err != nil {
		return c, err
	}
	for i, s := range l.ShootOff {
		h, err := ParseHit(s, r.Decimal)
		if err != nil {
			return c, placed(err, l.ID, "shoot-off "+strconv.Itoa(i+1))
		}
		c.shootOff = append(c.shootOff, h)
	}
	c.outOffs = make(map[int][]Hit, len(l.OutOffs))
	for shot, text := range l.OutOffs {
		hits, err := parseHits(text, r.Decimal)
		if err != nil {
			return c, placed(err, l.ID, "shoot-off "+strconv.Itoa(shot))
		}
		c.outOffs[shot] = hits
	}
	if l.Penalty != "" {
		p, err := parseRings(l.Penalty, r.Decimal)
		if err != nil {
			return c, placed(err, l.ID, "penalty")
		}
		c.penalty, c.total = p, c.total-p
	}
	return c, nil
}

func (r *Rules) check(l *Line) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Line: l.ID, Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	if err := l.IRM.Check(l.ID, len(l.Ends)+len(l.Totals) > 0, false); err != nil {
		return err
	}
	switch {
	case len(l.Ends) > 0 && len(l.Totals) > 0:
		return bad("totals", "hits-and-totals")
	case len(l.Ends) > 0 && (l.Tens != 0 || l.Inner != 0 || l.Shots != 0):
		return bad("tens", "hits-and-totals")
	case l.Lot < 0:
		return bad("lot", "negative", strconv.Itoa(l.Lot))
	}
	for i, n := range []int{l.Tens, l.Inner, l.Shots} {
		if n < 0 || n > r.Hits {
			return bad([]string{"tens", "inner", "shots"}[i], "not-between", strconv.Itoa(n), "0", strconv.Itoa(r.Hits))
		}
	}
	return nil
}

func (r *Rules) readEnds(c *card) error {
	n := 0
	for i, text := range c.line.Ends {
		field := "end " + strconv.Itoa(i+1)
		hits, err := parseHits(text, r.Decimal)
		if err != nil {
			return placed(err, c.line.ID, field)
		}
		if n += len(hits); len(hits) > r.Series || n > r.Hits {
			return &scoring.Invalid{Line: c.line.ID, Field: field, Problem: "too-many-hits",
				With: []string{fmt.Sprint(r.Series), fmt.Sprint(r.Hits)}, Rule: r.Source}
		}
		total := 0
		for _, h := range hits {
			total += h.Tenths
			if h.Tenths >= 100 {
				c.tens++
			}
			if h.Inner {
				c.inner++
			}
		}
		c.ends, c.totals = append(c.ends, hits), append(c.totals, total)
		c.total += total
	}
	return nil
}

func (r *Rules) readTotals(c *card) error {
	l := c.line
	most := (r.Hits + r.Series - 1) / r.Series
	for i, s := range l.Totals {
		field := "series " + strconv.Itoa(i+1)
		total, err := parseRings(s, r.Decimal)
		if err != nil {
			return placed(err, l.ID, field)
		}
		best := 100 * r.Series
		if r.Decimal {
			best = 109 * r.Series
		}
		if i >= most {
			return &scoring.Invalid{Line: l.ID, Field: field, Problem: "too-many-parts", With: []string{strconv.Itoa(most)}, Rule: r.Source}
		}
		if total > best {
			return &scoring.Invalid{Line: l.ID, Field: field, Problem: "not-between", With: []string{s, "0", r.print(best)}, Rule: r.Source}
		}
		c.totals = append(c.totals, total)
		c.total += total
	}
	if len(l.Totals) > 0 {
		c.tens, c.inner = l.Tens, l.Inner
	}
	return nil
}

// placed says of a fault in a hit where the hit stands.
func placed(err error, line, field string) error {
	if e, ok := err.(*scoring.Invalid); ok {
		at := *e
		at.Line, at.Field = line, field
		return &at
	}
	return err
}
