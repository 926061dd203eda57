package entry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/identity"
)

// athlete holds the rules for those who compete.
func (c *check) athlete(r *Row) {
	c.certificate(r)
	c.age(r)
	c.class(r)
	c.partners(r)
	c.choices(r)
	c.marks(r)
	c.needs(r)
	for _, title := range c.ed.Titles {
		if strings.Contains(Plain(r.Get(Remark)), Plain(title)) {
			c.say(r, Remark, "title-holder", title)
		}
	}
}

// age holds the day of birth against the sport's window, or the sex's.
func (c *check) age(r *Row) {
	window, whose := c.ed.Ages[r.sex], c.ed.Name
	if r.Sport != nil {
		window, whose = r.Sport.Born, r.Sport.Name
	}
	f := ID // the day is the number's, unless there is no number
	if r.id.IsZero() {
		f = Birth
	}
	switch {
	case r.birth == identity.Date{}, window == Window{}:
	case r.birth.Compare(window.From) < 0, r.birth.Compare(window.To) > 0:
		c.say(r, f, "age-range", r.birth.String(), window.From.String(), window.To.String(), whose)
	}
}

// class holds the classes against the certificate.
func (c *check) class(r *Row) {
	if r.Sport == nil {
		return
	}
	if !c.ed.classed(r.Sport.Name) {
		if asks := r.Sport.Unclassed; asks != 0 && r.has != nil && !slices.Contains(r.has, asks) {
			c.say(r, Class, "class-category", r.Sport.Name, words(r.has))
		}
		return
	}
	if len(r.classes) == 0 {
		c.say(r, Class, "class-missing")
	}
	for _, class := range r.classes {
		asks := c.ed.Asks(class)
		if asks != 0 && r.has != nil && !slices.Contains(r.has, asks) {
			c.say(r, Class, "class-category", class, words(r.has))
			return
		}
	}
}

// Asks is whose certificate a class asks for; 0 for anybody's.
func (ed *Edition) Asks(class string) identity.Category {
	if asks, ok := ed.classes[class]; ok {
		return asks
	}
	return ed.others
}

// classed reports whether a sport has classes at all: powerlifting has none.
func (ed *Edition) classed(sport string) bool {
	for i := range ed.Events {
		if ed.Events[i].Sport == sport && len(ed.Events[i].Classes) > 0 {
			return true
		}
	}
	return false
}

// words says categories: 听力、言语.
func words(cs []identity.Category) string {
	all := make([]string, len(cs))
	for i, c := range cs {
		all[i] = c.Word()
	}
	return strings.Join(all, "、")
}

// partners holds the rules for those without whom a person does not compete: a
// guide who is on the delegation's staff list, a guardian for a child.
func (c *check) partners(r *Row) {
	needs := slices.ContainsFunc(r.classes, func(class string) bool { return slices.Contains(c.ed.GuideFor, class) })
	guides := SplitNames(r.Get(Guide))
	if needs && len(guides) == 0 {
		c.say(r, Guide, "missing-guide", strings.Join(r.classes, "/"))
	}
	for _, g := range guides {
		if name := PlainName(g); name != "" && !c.staff[r.Delegation][name] {
			c.say(r, Guide, "guide-not-listed", strings.TrimSpace(g))
		}
	}
	if c.minor(r) && PlainName(r.Get(Guardian)) == "" {
		c.say(r, Guardian, "missing-guardian", strconv.Itoa(c.ed.GuardianUnder), r.birth.String(), c.ed.Opening.String())
	}
}

// choices finds the event that each choice means.
func (c *check) choices(r *Row) {
	if len(r.Choices) == 0 {
		c.sayAt(r, Events, r.NoChoice, "no-event")
	}
	sport := ""
	if r.Sport != nil {
		sport = r.Sport.Name
	} else if len(c.ed.Sports) > 0 {
		c.say(r, InSport, "sport-not-offered", r.Get(InSport))
		r.entered = make([]*Event, len(r.Choices))
		return
	}
	for _, choice := range r.Choices {
		e, problem := c.ed.find(sport, choice.Name, r)
		r.entered = append(r.entered, e)
		switch problem {
		case "event-not-offered":
			c.sayAt(r, Events, choice.At, problem, choice.Name, cmp.Or(sport, c.ed.Name))
		case "event-not-in-class":
			c.sayAt(r, Events, choice.At, problem, choice.Name, strings.Join(r.classes, "/"))
		}
		if e != nil && len(e.Categories) > 0 && r.has != nil && !slices.ContainsFunc(r.has, func(has identity.Category) bool { return slices.Contains(e.Categories, has) }) {
			c.sayAt(r, Events, choice.At, "event-category", e.Name, words(e.Categories), words(r.has))
		}
	}
}

// find looks for the event of a name that lets a row in. Without classes it is
// not known which of several it will be: then there is neither an event nor a
// problem.
func (ed *Edition) find(sport, name string, r *Row) (*Event, string) {
	open, all := false, ed.byName(sport, name)
	for _, e := range all {
		if e.Sex != "" && r.sex != "" && e.Sex != r.sex {
			continue
		}
		switch {
		case len(e.Classes) == 0, slices.ContainsFunc(r.classes, func(class string) bool { return slices.Contains(e.Classes, class) }):
			return e, ""
		case len(r.classes) == 0:
			open = true
		}
	}
	switch {
	case len(all) == 0:
		return nil, "event-not-offered"
	case open:
		return nil, ""
	}
	return nil, "event-not-in-class"
}

// marks says which entry mark is none.
func (c *check) marks(r *Row) {
	for _, typed := range Bests(r.Get(Mark)) {
		if _, ok := ParseBest(typed); !ok {
			c.say(r, Mark, "mark-text", strings.TrimSpace(typed))
		}
	}
}

// braille is the form of paper that only the blind are known to read; asked for
// by others it is asked about, not refused.
const braille = "盲文"

// dysgraphia is the reason for more time that ordinary paper may have.
const dysgraphia = "书写困难"

// needs holds what is asked for at a contest against what the rules give.
func (c *check) needs(r *Row) {
	paper := Plain(r.Get(Paper))
	if strings.Contains(paper, braille) && r.has != nil && !slices.Contains(r.has, identity.Vision) {
		c.say(r, Paper, "need-mismatch", r.Get(Paper), words(r.has))
	}
	typed := r.Get(Extra)
	percent, ok := ParsePercent(typed)
	if typed == "" || !ok || c.ed.ExtraLimit == 0 {
		return
	}
	allowed := c.ed.ExtraTime[dysgraphia]
	for form, gives := range c.ed.ExtraTime {
		if paper != "" && Plain(form) == paper {
			allowed = gives
		}
	}
	if allowed = min(allowed, c.ed.ExtraLimit); percent > allowed {
		c.say(r, Extra, "extra-time-over", strconv.Itoa(percent), strconv.Itoa(allowed), strconv.Itoa(c.ed.ExtraLimit))
	}
}
