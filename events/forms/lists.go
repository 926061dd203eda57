package forms

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/identity"
	"tongchang/events/workbook"
)

// Person is somebody on a list for print: a name and what the person does, and
// nothing that a printed book may not say.
type Person struct {
	ID         int64 // tells persons apart: one in two sports is one person
	Delegation string
	Staff      bool
	Function   string // of staff
	Sport      string // empty for staff of the delegation as a whole
	Name       string
	Sex        identity.Sex
	Bib        string // empty where there is none yet
}

// leaders are the functions that a list of a delegation begins with, in their
// order; every other function follows in the order of its name.
var leaders = []string{"团长", "副团长", "团长助理", "秘书长", "领队", "教练员", "队医", "引导员", "陪同人员"}

func functionOrder(a, b string) int {
	place := func(f string) int {
		if i := slices.Index(leaders, f); i >= 0 {
			return i
		}
		return len(leaders)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
}

// sexOrder has women after men, as the printed books of the field do, and those
// of whom it is not known last.
func sexOrder(s identity.Sex) int {
	return slices.Index([]identity.Sex{identity.Male, identity.Female, ""}, s)
}

// byBib orders by number, then by name.
func byBib(a, b Person) int {
	x, errX := strconv.Atoi(a.Bib)
	y, errY := strconv.Atoi(b.Bib)
	if errX == nil && errY == nil {
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Name, b.Name))
	}
	return cmp.Or(cmp.Compare(a.Bib, b.Bib), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

// OrderBook makes the delegations' lists of the order book (秩序册), in the order
// of the delegations and of the sports: leaders, coaches and other staff by
// function, then athletes by sport and sex with their numbers.
func OrderBook(people []Person, delegations, sports []string, say Words) []workbook.List {
	var lists []workbook.List
	for _, d := range delegations {
		l := workbook.List{Name: d, Title: say.T("list.delegation", d), Columns: []workbook.ListColumn{
			{Header: say.T("list.part"), Width: 16}, {Header: say.T("list.group"), Width: 14}, {Header: say.T("list.people"), Number: true}, {Header: say.T("list.names"), Width: 80},
		}}
		for _, g := range grouped(people, d, sports) {
			names := make([]string, len(g))
			for i, p := range g {
				names[i] = strings.TrimSpace(p.Bib + " " + p.Name)
			}
			first := g[0]
			part, group := say.T("list.athletes"), strings.TrimSpace(first.Sport+" "+sexWord(first.Sex, say))
			if first.Staff {
				part, group = cmp.Or(first.Function, say.T("list.staff")), first.Sport
			}
			l.Rows = append(l.Rows, []string{part, group, strconv.Itoa(len(g)), strings.Join(names, "、")})
		}
		if len(l.Rows) > 0 {
			lists = append(lists, l)
		}
	}
	return lists
}

// grouped takes a delegation's people into groups that are printed on a line.
func grouped(people []Person, delegation string, sports []string) [][]Person {
	var own []Person
	for _, p := range people {
		if p.Delegation == delegation {
			own = append(own, p)
		}
	}
	slices.SortStableFunc(own, func(a, b Person) int {
		switch {
		case a.Staff != b.Staff && a.Staff:
			return -1
		case a.Staff != b.Staff:
			return 1
		case a.Staff:
			return cmp.Or(functionOrder(a.Function, b.Function), sportOrder(sports, a.Sport, b.Sport), byBib(a, b))
		}
		return cmp.Or(sportOrder(sports, a.Sport, b.Sport), cmp.Compare(sexOrder(a.Sex), sexOrder(b.Sex)), byBib(a, b))
	})
	var groups [][]Person
	for i, p := range own {
		before := Person{}
		if i > 0 {
			before = own[i-1]
		}
		same := i > 0 && p.Staff == before.Staff && p.Sport == before.Sport && (p.Staff && p.Function == before.Function || !p.Staff && p.Sex == before.Sex)
		if !same {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], p)
	}
	return groups
}

// sportOrder has those without a sport first, then the sports in their order.
func sportOrder(sports []string, a, b string) int {
	place := func(s string) int {
		if i := slices.Index(sports, s); i >= 0 || s == "" {
			return i
		}
		return len(sports)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
}

func sexWord(s identity.Sex, say Words) string {
	switch s {
	case identity.Male:
		return say.T("list.men")
	case identity.Female:
		return say.T("list.women")
	}
	return ""
}

// HeadCounts counts people (人数统计表): by delegation, function and sex, where
// everybody is one; and athletes by delegation and sport, where somebody in two
// sports is in both. Each has a last line for all.
func HeadCounts(people []Person, delegations, sports []string, say Words) []workbook.List {
	return []workbook.List{heads(people, delegations, say), bySport(people, delegations, sports, say)}
}

// counts are the people of a line of the first table.
type counts struct{ athletes, staff map[identity.Sex]int }

func newCounts() counts { return counts{map[identity.Sex]int{}, map[identity.Sex]int{}} }

func total(by map[identity.Sex]int) (n int) {
	for _, m := range by {
		n += m
	}
	return n
}

func heads(people []Person, delegations []string, say Words) workbook.List {
	number := func(key string) workbook.ListColumn { return workbook.ListColumn{Header: key, Number: true} }
	l := workbook.List{Name: say.T("list.heads"), Title: say.T("list.heads"), Columns: []workbook.ListColumn{
		{Header: say.T("list.from"), Width: 16},
		number(say.T("list.athletes-men")), number(say.T("list.athletes-women")), number(say.T("list.athletes")),
		number(say.T("list.staff-men")), number(say.T("list.staff-women")), number(say.T("list.staff")), number(say.T("list.all")),
	}}
	by, all := map[string]counts{}, newCounts()
	athlete := map[int64]bool{}
	for _, p := range people {
		athlete[p.ID] = athlete[p.ID] || !p.Staff
	}
	seen := map[int64]bool{}
	for _, p := range people {
		if seen[p.ID] || !slices.Contains(delegations, p.Delegation) {
			continue
		}
		seen[p.ID] = true
		if by[p.Delegation].staff == nil {
			by[p.Delegation] = newCounts()
		}
		for _, c := range []counts{by[p.Delegation], all} {
			if athlete[p.ID] { // who competes and helps is an athlete
				c.athletes[p.Sex]++
			} else {
				c.staff[p.Sex]++
			}
		}
	}
	line := func(name string, c counts) {
		row := []string{name}
		for _, by := range []map[identity.Sex]int{c.athletes, c.staff} {
			row = append(row, strconv.Itoa(by[identity.Male]), strconv.Itoa(by[identity.Female]), strconv.Itoa(total(by)))
		}
		l.Rows = append(l.Rows, append(row, strconv.Itoa(total(c.athletes)+total(c.staff))))
	}
	for _, d := range delegations {
		line(d, by[d])
	}
	line(say.T("list.all"), all)
	return l
}

func bySport(people []Person, delegations, sports []string, say Words) workbook.List {
	l := workbook.List{Name: say.T("list.by-sport"), Title: say.T("list.by-sport"), Columns: []workbook.ListColumn{{Header: say.T("list.from"), Width: 16}}}
	sexes := []identity.Sex{identity.Male, identity.Female}
	for _, s := range sports {
		for _, sex := range sexes {
			l.Columns = append(l.Columns, workbook.ListColumn{Header: s + " " + sexWord(sex, say), Number: true})
		}
	}
	type cell struct {
		delegation, sport string
		sex               identity.Sex
	}
	in, of := map[cell]map[int64]bool{}, map[cell]int{}
	for _, p := range people {
		c := cell{p.Delegation, p.Sport, p.Sex}
		if p.Staff || in[c][p.ID] {
			continue
		}
		if in[c] == nil {
			in[c] = map[int64]bool{}
		}
		in[c][p.ID] = true
		of[c]++
	}
	sums := make([]int, len(sports)*len(sexes))
	for _, d := range delegations {
		row := []string{d}
		for i, s := range sports {
			for j, sex := range sexes {
				n := of[cell{d, s, sex}]
				sums[i*len(sexes)+j] += n
				row = append(row, strconv.Itoa(n))
			}
		}
		l.Rows = append(l.Rows, row)
	}
	last := []string{say.T("list.all")}
	for _, n := range sums {
		last = append(last, strconv.Itoa(n))
	}
	l.Rows = append(l.Rows, last)
	return l
}

// Group is people of a delegation who arrive together.
type Group struct {
	Delegation   string
	Day, Clock   string // 2027-06-16, 14:05; local
	Place, Means string // where they arrive, and with what
	People       int
	Wheelchairs  int
	Names        []string // where they are known
}

// Arrivals lists groups in the order in which they arrive, for buses and hotels,
// with what comes together by day and hour on a second sheet: what has to be
// there at 14:00.
func Arrivals(groups []Group, say Words) []workbook.List {
	groups = slices.Clone(groups)
	slices.SortStableFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Clock, b.Clock), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Delegation, b.Delegation))
	})
	list := workbook.List{Name: say.T("list.arrivals"), Title: say.T("list.arrivals"), Columns: []workbook.ListColumn{
		{Header: say.T("list.day"), Width: 12}, {Header: say.T("list.clock"), Width: 8}, {Header: say.T("list.place"), Width: 16}, {Header: say.T("list.means"), Width: 14},
		{Header: say.T("list.from"), Width: 16}, {Header: say.T("list.people"), Number: true}, {Header: say.T("list.wheelchairs"), Number: true}, {Header: say.T("list.names"), Width: 60},
	}}
	hours := workbook.List{Name: say.T("list.by-hour"), Title: say.T("list.by-hour"), Columns: []workbook.ListColumn{
		{Header: say.T("list.day"), Width: 12}, {Header: say.T("list.hour"), Width: 8}, {Header: say.T("list.place"), Width: 16},
		{Header: say.T("list.people"), Number: true}, {Header: say.T("list.wheelchairs"), Number: true},
	}}
	type slot struct{ day, hour, place string }
	var order []slot
	people, chairs := map[slot]int{}, map[slot]int{}
	for _, g := range groups {
		list.Rows = append(list.Rows, []string{g.Day, g.Clock, g.Place, g.Means, g.Delegation, strconv.Itoa(g.People), strconv.Itoa(g.Wheelchairs), strings.Join(g.Names, "、")})
		hour, _, _ := strings.Cut(g.Clock, ":")
		s := slot{g.Day, hour + ":00", g.Place}
		if _, ok := people[s]; !ok {
			order = append(order, s)
		}
		people[s] += g.People
		chairs[s] += g.Wheelchairs
	}
	slices.SortFunc(order, func(a, b slot) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.hour, b.hour), cmp.Compare(a.place, b.place))
	})
	for _, s := range order {
		hours.Rows = append(hours.Rows, []string{s.day, s.hour, s.place, strconv.Itoa(people[s]), strconv.Itoa(chairs[s])})
	}
	return []workbook.List{list, hours}
}
