package entry

import (
	"slices"
	"strconv"
	"strings"

	"tongchang/events/identity"
)

// people holds the rules about who is who: nobody is entered twice, nobody for
// two delegations. People are known by their number; where a number is wrong or
// missing, the same name, day of birth and sex are asked about.
func (c *check) people() {
	type key struct{ person, sport string }
	first := map[key]*Row{}       // an athlete's first row in a sport
	home := map[string]*Row{}     // a person's first row at all
	away := map[key]bool{}        // persons already reported for a delegation
	namesakes := map[key][]*Row{} // by name, day of birth and sex
	for _, r := range c.rows {
		if twin := [2]string{PlainName(r.Get(Name)), r.birth.String()}; !r.Staff && r.birth != (identity.Date{}) && r.sex != "" {
			k := key{strings.Join(twin[:], " ") + string(r.sex), r.sport()}
			namesakes[k] = append(namesakes[k], r)
		}
		person := r.person()
		if person == "" {
			continue
		}
		before := home[person]
		switch {
		case before == nil:
			home[person] = r
		case before.Delegation != r.Delegation:
			if k := (key{person, r.Delegation}); !away[k] {
				away[k] = true
				c.twoDelegations(r, before)
			}
		}
		if r.Staff {
			continue
		}
		k := key{r.Delegation + " " + person, r.sport()}
		if one := first[k]; one != nil {
			c.twice(r, one)
		} else {
			first[k] = r
		}
	}
	for _, r := range c.rows { // in the order of the rows, not of a map
		k := key{PlainName(r.Get(Name)) + " " + r.birth.String() + string(r.sex), r.sport()}
		if same := namesakes[k]; len(same) > 1 && same[0] != r && slices.Contains(same, r) && !r.again && (r.id.IsZero() || same[0].id.IsZero()) {
			p := c.say(r, Name, "same-person", r.birth.String())
			p.Also = []Cell{same[0].At(Name)}
		}
	}
}

// sport is the sport's name, empty in an edition without sports.
func (r *Row) sport() string {
	if r.Sport == nil {
		return ""
	}
	return r.Sport.Name
}

// person is by what a person is known: the number, or where it is wrong what
// was typed, unless a spreadsheet has made several people's numbers alike.
func (r *Row) person() string {
	if !r.id.IsZero() {
		return r.id.Reveal()
	}
	if typed := identity.Normalise(r.Get(ID)); len(typed) >= 15 && !strings.ContainsAny(typed, "E+") && !strings.HasSuffix(typed, "000") {
		return typed
	}
	return ""
}

// twoDelegations keeps both rows back until the organising committee decides.
func (c *check) twoDelegations(r, before *Row) {
	p := c.say(r, ID, "two-delegations", before.Delegation)
	p.Also, p.Rows = []Cell{before.At(ID)}, []*Row{r, before}
}

// twice keeps the second row back. Where the names differ it is not said which
// of the two is right.
func (c *check) twice(r, one *Row) {
	r.again = true
	problem, with := "duplicate-in-delegation", []string{one.At(ID).Address}
	if PlainName(r.Get(Name)) != PlainName(one.Get(Name)) {
		problem, with = "duplicate-other-name", []string{one.At(ID).Address, one.Get(Name), r.Get(Name)}
	}
	p := c.say(r, ID, problem, with...)
	p.Also = []Cell{one.At(ID)}
}

// quotas holds the numbers: events per person, persons and teams per event and
// delegation. A row that repeats another is not counted.
func (c *check) quotas() {
	type key struct{ delegation, what string }
	type use struct {
		row    *Row
		choice Choice
		event  *Event
	}
	perEvent, perPerson := map[key][]use{}, map[key][]use{}
	var events, persons []key // in the order met
	add := func(into map[key][]use, order *[]key, k key, u use) {
		if into[k] == nil {
			*order = append(*order, k)
		}
		into[k] = append(into[k], u)
	}
	for _, r := range c.rows {
		if r.Staff || r.again {
			continue
		}
		who := r.person()
		if who == "" {
			who = PlainName(r.Get(Name)) + r.birth.String()
		}
		for i, choice := range r.Choices {
			u := use{r, choice, r.entered[i]}
			if u.event != nil {
				add(perEvent, &events, key{r.Delegation, u.event.Code}, u)
			}
			if kind := c.ed.kind(r.sport(), choice.Name); kind != "" && !slices.Contains(c.ed.NotCounted, kind) {
				add(perPerson, &persons, key{r.Delegation, who + " " + r.sport()}, u)
			}
		}
	}
	for _, k := range persons {
		uses := perPerson[k]
		if c.ed.PerPerson == 0 || len(uses) <= c.ed.PerPerson {
			continue
		}
		last := uses[len(uses)-1]
		var names []string
		for _, u := range uses {
			names = append(names, u.choice.Name)
		}
		c.sayAt(last.row, Events, last.choice.At, "over-quota-person", strconv.Itoa(c.ed.PerPerson), strconv.Itoa(len(uses)), strings.Join(names, "、"))
	}
	for _, k := range events {
		uses := perEvent[k]
		e, last := uses[0].event, uses[len(uses)-1]
		switch {
		case e.Limit > 0 && len(uses) > e.Places():
			p := c.sayAt(last.row, Events, last.choice.At, "over-quota-event", e.title(), strconv.Itoa(e.Places()), k.delegation, strconv.Itoa(len(uses)))
			p.Rows = nil
			for _, u := range uses {
				p.Rows = append(p.Rows, u.row)
				if u.row != last.row {
					p.Also = append(p.Also, u.choice.At)
				}
			}
			c.waits(p)
		case !e.Individual() && len(uses) < e.TeamMin:
			c.sayAt(last.row, Events, last.choice.At, "team-small", e.title(), strconv.Itoa(e.TeamMin), strconv.Itoa(len(uses)))
		}
	}
}

// kind is an event's kind by its name alone, empty where no event has the name.
func (ed *Edition) kind(sport, name string) string {
	if all := ed.byName(sport, name); len(all) > 0 {
		return all[0].Kind
	}
	return ""
}

// title names an event for people: 游泳 男 S9 100米蝶泳.
func (e *Event) title() string {
	sex := ""
	if e.Sport != "" && e.Sex != "" {
		sex = sexWord(e.Sex)
	}
	return strings.Join(strings.Fields(strings.Join([]string{e.Sport, sex, e.Class, e.Name}, " ")), " ")
}
