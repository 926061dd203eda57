package entry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/identity"
)

// Function is a person's function in the delegation: coach, escort.
const Function Field = "role"

// outside is the sign by which forms mark a person whom no number counts.
const outside = "△"

// sending is who a delegation sends: each person once, in the order of the rows.
type sending struct{ athletes, staff []*Row }

// sent takes a delegation's people from the rows. A row that is refused as a
// repetition, somebody counted elsewhere and somebody outside the numbers are
// left out; so is an athlete's row as staff.
func (c *check) sent() (order []string, by map[string]*sending) {
	type key struct{ delegation, person string }
	seen := map[key]bool{}
	by = map[string]*sending{}
	for _, staff := range []bool{false, true} {
		for _, r := range c.rows {
			k := key{r.Delegation, r.whoever()}
			if r.Staff != staff || r.again || r.Counted || seen[k] || strings.Contains(r.Get(Remark), outside) {
				continue
			}
			seen[k] = true
			s := by[r.Delegation]
			if s == nil {
				s = &sending{}
				order, by[r.Delegation] = append(order, r.Delegation), s
			}
			if staff {
				s.staff = append(s.staff, r)
			} else {
				s.athletes = append(s.athletes, r)
			}
		}
	}
	return order, by
}

// whoever tells persons apart, also those without a number.
func (r *Row) whoever() string {
	return cmp.Or(r.person(), PlainName(r.Get(Name))+" "+r.birth.String())
}

// functions reports whether a row's function is one of some words.
func (r *Row) functions(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return Plain(w) == Plain(r.Role) })
}

// ofFunction are the staff of some functions.
func (s *sending) ofFunction(words []string) []*Row {
	return slices.DeleteFunc(slices.Clone(s.staff), func(r *Row) bool { return !r.functions(words) })
}

// delegations holds the numbers of people that a delegation may send.
func (c *check) delegations() {
	set := &c.ed.Settings
	if set.Escorts.Per == 0 && set.Headquarters.Share == 0 && len(set.Deputies.BySize) == 0 && set.Staff.Share == 0 && len(set.Quotas) == 0 {
		return
	}
	order, by := c.sent()
	for _, delegation := range order {
		s := by[delegation]
		c.escorts(s)
		c.headquarters(s)
		c.deputies(s)
		c.staffShare(s)
	}
	for _, q := range set.Quotas {
		for _, delegation := range order {
			c.quota(q, delegation)
		}
	}
}

// tooMany keeps all rows of a number that is exceeded back, since who goes is
// not for a program to choose; it is said at the last.
func (c *check) tooMany(rows []*Row, problem string, with ...string) *Problem {
	last := rows[len(rows)-1]
	p := c.say(last, Function, problem, with...)
	p.Rows = rows
	for _, r := range rows[:len(rows)-1] {
		p.Also = append(p.Also, r.At(Function))
	}
	return p
}

// level is the certificate's level: by its number, or as typed.
func (r *Row) level() int {
	if !r.cert.IsZero() {
		return r.cert.Level()
	}
	level, _ := identity.ParseLevel(r.Get(Level))
	return level
}

// Allowed is how many escorts a number of severely disabled athletes brings.
func (e *Escorts) Allowed(severe int) int {
	if e.Per == 0 {
		return 0
	}
	if e.Begun {
		severe += e.Per - 1
	}
	return severe / e.Per
}

func (c *check) escorts(s *sending) {
	e := &c.ed.Escorts
	escorts := s.ofFunction(e.Functions)
	if e.Per == 0 || len(escorts) == 0 {
		return
	}
	levels, severe := e.Levels, 0
	if len(levels) == 0 {
		levels = []int{1, 2}
	}
	for _, r := range s.athletes {
		if slices.Contains(levels, r.level()) {
			severe++
		}
	}
	if most := e.Allowed(severe); len(escorts) > most {
		c.tooMany(escorts, "escorts-over", strconv.Itoa(len(escorts)), strconv.Itoa(most), strconv.Itoa(severe), strconv.Itoa(e.Per))
	}
}

func (c *check) headquarters(s *sending) {
	h := &c.ed.Headquarters
	leaders := slices.DeleteFunc(s.ofFunction(h.Functions), func(r *Row) bool { return r.functions(h.NotCounted) })
	all := len(s.athletes) + len(s.staff)
	if h.Share > 0 && len(leaders)*100 > h.Share*all {
		c.tooMany(leaders, "headquarters-over", strconv.Itoa(len(leaders)), strconv.Itoa(h.Share*all/100), strconv.Itoa(h.Share), strconv.Itoa(all))
	}
}

// Most is how many deputy heads a delegation of a size may have; false where the
// table says nothing.
func (d *Deputies) Most(people int) (int, bool) {
	for _, step := range d.BySize {
		if step.UpTo == 0 || people <= step.UpTo {
			return step.Most, true
		}
	}
	return 0, false
}

func (c *check) deputies(s *sending) {
	d := &c.ed.Deputies
	people := len(s.athletes) + len(s.staff)
	deputies := s.ofFunction(d.Functions)
	most, said := d.Most(people)
	switch {
	case !said || len(deputies) <= most:
	case len(deputies) <= most+d.More:
		for _, r := range deputies[most:] {
			c.say(r, Function, "deputies-own-cost", strconv.Itoa(people), strconv.Itoa(most))
		}
	default:
		c.tooMany(deputies, "deputies-over", strconv.Itoa(len(deputies)), strconv.Itoa(most+d.More), strconv.Itoa(people))
	}
}

func (c *check) staffShare(s *sending) {
	set := &c.ed.Settings
	staff := slices.DeleteFunc(slices.Clone(s.staff), func(r *Row) bool {
		return r.functions(set.Staff.NotCounted) || r.functions(set.Escorts.Functions)
	})
	if share := set.Staff.Share; share > 0 && len(staff)*100 > share*len(s.athletes) {
		c.tooMany(staff, "staff-over", strconv.Itoa(len(staff)), strconv.Itoa(share*len(s.athletes)/100), strconv.Itoa(share), strconv.Itoa(len(s.athletes)))
	}
}

// most is the number for a delegation; false where it has none.
func (q *Quota) most(delegation string) (int, bool) {
	if n, ok := q.Delegations[delegation]; ok {
		return n, true
	}
	return q.Most, q.Most > 0
}

// counts reports whether a quota counts a row.
func (q *Quota) counts(ed *Edition, r *Row) bool {
	switch {
	case r.Staff && (q.Of == "" || q.Of == "athletes"), !r.Staff && q.Of == "staff":
		return false
	case q.Sex != "" && r.sex != ParseSex(q.Sex):
		return false
	case q.Sport != "" && r.Sport != ed.Sport(q.Sport):
		return false
	}
	return r.Sport == nil || !slices.ContainsFunc(q.Except, func(name string) bool { return ed.Sport(name) == r.Sport })
}

// title says what a quota counts: 田径 女 运动员.
func (q *Quota) title() string {
	of := map[string]string{"": "运动员", "athletes": "运动员", "staff": "工作人员", "all": "全体人员"}[q.Of]
	return strings.Join(strings.Fields(q.Sport+" "+q.Sex+" "+of), " ")
}

func (c *check) quota(q Quota, delegation string) {
	most, bounded := q.most(delegation)
	if !bounded {
		return
	}
	var counted []*Row
	seen := map[string]bool{}
	for _, r := range c.rows {
		if r.Delegation != delegation || r.again || r.Counted || strings.Contains(r.Get(Remark), outside) || !q.counts(c.ed, r) || seen[r.whoever()] {
			continue
		}
		seen[r.whoever()] = true
		counted = append(counted, r)
	}
	if len(counted) > most {
		p := c.tooMany(counted, "over-quota-delegation", q.title(), strconv.Itoa(most), delegation, strconv.Itoa(len(counted)))
		c.waits(p)
	}
}

// waits makes a number that is exceeded a warning in an edition with waiting
// lists: who is over it may be handed in, and waits.
func (c *check) waits(p *Problem) {
	if c.ed.WaitingLists {
		p.Severity = Warning
		p.help("hint-waiting-list")
	}
}
