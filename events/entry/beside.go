package entry

import (
	"slices"
	"strconv"
	"strings"

	"tongchang/events/identity"
)

// beside holds the rules for partners who are on the staff list and not in the
// athlete's row: there have to be as many as the athletes need.
func (c *check) beside() {
	for _, rule := range c.ed.Partners {
		having, needing := map[string]int{}, map[string][]*Row{}
		var order []string
		for _, r := range c.rows {
			switch {
			case r.again || r.Counted && r.Staff:
			case r.Staff && r.functions(rule.Functions):
				having[r.Delegation] += max(rule.Serves, 1)
			case !r.Staff && PlainName(r.Get(Guide)) == "" && slices.ContainsFunc(r.classes, func(class string) bool { return slices.Contains(rule.Classes, class) }):
				if needing[r.Delegation] == nil {
					order = append(order, r.Delegation)
				}
				needing[r.Delegation] = append(needing[r.Delegation], r)
			}
		}
		for _, delegation := range order {
			needs := needing[delegation]
			for _, r := range needs[min(having[delegation], len(needs)):] {
				p := c.say(r, Class, "partner-missing", strings.Join(r.classes, "/"), rule.Functions[0], strconv.Itoa(len(needs)), strconv.Itoa(having[delegation]))
				if rule.Must {
					p.Severity = Error
				}
			}
		}
	}
}

// PaperHeld is a paper that the ledger has of a row's person. Expires is its last
// day; none where it has no end.
type PaperHeld struct {
	Kind    string
	Expires identity.Date
}

// papers asks for what has to be shown: there, and good until the games are over.
func (c *check) papers(r *Row) {
	if !r.Registered { // a sheet has no papers
		return
	}
	until := c.ed.Closing
	if until == (identity.Date{}) {
		until = c.ed.Opening
	}
	for _, rule := range c.ed.Papers {
		if !c.asked(rule, r) {
			continue
		}
		last, there := identity.Date{}, false
		for _, p := range r.Papers {
			if p.Kind == rule.Kind && (!there || last != (identity.Date{}) && (p.Expires == identity.Date{} || p.Expires.Compare(last) > 0)) {
				last, there = p.Expires, true
			}
		}
		var p *Problem
		switch {
		case !there:
			p = c.say(r, Field("paper:"+rule.Kind), "paper-missing", rule.Name)
		case last != identity.Date{} && last.Compare(until) < 0:
			p = c.say(r, Field("paper:"+rule.Kind), "paper-expired", rule.Name, last.String(), until.String())
		}
		if p != nil && rule.Must {
			p.Severity = Error
		}
	}
}

// asked reports whether a paper is asked of a row's person. Minors are those who
// need a guardian.
func (c *check) asked(rule PaperRule, r *Row) bool {
	switch rule.For {
	case "athletes":
		return !r.Staff
	case "staff":
		return r.Staff
	case "minors":
		return c.minor(r)
	}
	return true
}

func (c *check) minor(r *Row) bool {
	return r.birth != identity.Date{} && identity.Age(r.birth, c.ed.Opening) < c.ed.GuardianUnder
}
