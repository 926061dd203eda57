package plan

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tongchang/scoring/packs"
)

// Choose makes the chosen disciplines and skills those of the plan. What comes
// new brings the events that it usually has for the chosen sexes; what goes takes
// its events along; everything else stays as it is. Sports and skills that the
// packs do not know are kept.
func (p *Plan) Choose(ps *packs.Packs, sports, sexes, skills []string) {
	usual := slices.EqualFunc(p.Rules.ClassCategories, categoriesOf(ps, p.Rules.Sports), sameCategory)
	p.chooseSports(ps, sports, sexes)
	p.chooseSkills(ps, skills)
	if len(p.Rules.ClassCategories) == 0 || usual {
		p.Rules.ClassCategories = categoriesOf(ps, p.Rules.Sports)
	}
	if !slices.Contains(p.Seen, StepEntry) {
		p.Rules.GuideFor = p.guided(ps)
	}
}

func (p *Plan) chooseSports(ps *packs.Packs, chosen, sexes []string) {
	for _, d := range ps.Disciplines {
		have, want := p.Rules.SportOf(d.Code), slices.Contains(chosen, d.Code)
		switch {
		case have == nil && want:
			p.Rules.Sports = append(p.Rules.Sports, Sport{Code: d.Code, Name: d.Chinese, NameEn: d.English})
			w := Wish{Sexes: sexes, Day: p.Starts}
			for _, t := range ps.EventTypes {
				if t.Discipline == d.Code && !proposed(ps, d.Code, t.Code) {
					w.Types = append(w.Types, t.Code)
				}
			}
			if !slices.ContainsFunc(ps.Contests, func(c packs.Contest) bool { return c.Discipline == d.Code && !c.Proposal }) {
				w.Types = typesOf(ps, d.Code) // a sport of which nothing is printed: the proposal is better than none
			}
			p.Add(Make(ps, d.Code, d.Chinese, w)...)
		case have != nil && !want:
			name := have.Name
			p.Events = slices.DeleteFunc(p.Events, func(e Event) bool { return e.Sport == name })
			p.Rules.Sports = slices.DeleteFunc(p.Rules.Sports, func(s Sport) bool { return s.Code == d.Code })
		}
	}
}

func proposed(ps *packs.Packs, discipline, kind string) bool {
	return slices.ContainsFunc(ps.Contests, func(c packs.Contest) bool { return c.Discipline == discipline && c.Type == kind && c.Proposal })
}

func typesOf(ps *packs.Packs, discipline string) (types []string) {
	for _, t := range ps.EventTypes {
		if t.Discipline == discipline {
			types = append(types, t.Code)
		}
	}
	return types
}

func (p *Plan) chooseSkills(ps *packs.Packs, chosen []string) {
	for _, s := range ps.Skills {
		have, want := p.EventOf(s.Code) != nil, slices.Contains(chosen, s.Code)
		switch {
		case !have && want:
			p.Add(SkillEvent(s))
		case have && !want:
			p.Remove(s.Code)
		}
	}
}

// guided are the classes of the plan's events that compete with a guide.
func (p *Plan) guided(ps *packs.Packs) []string {
	var classes []string
	for i := range p.Events {
		for _, s := range p.Rules.Sports {
			for _, class := range p.Events[i].Admits {
				c, ok := ps.ClassOf(s.Code, class)
				if s.Name == p.Events[i].Sport && ok && c.Partner == "guide" && !slices.Contains(classes, class) {
					classes = append(classes, class)
				}
			}
		}
	}
	return classes
}

func sameCategory(a, b ClassCategory) bool {
	return string(a.Category) == string(b.Category) && a.Classes == b.Classes
}

// categoriesOf says which certificate category the classes of some sports ask
// for. A class that several categories lead to asks for none.
func categoriesOf(ps *packs.Packs, sports []Sport) []ClassCategory {
	classes := map[int][]string{}
	for _, s := range sports {
		for _, c := range ps.Classes {
			if c.Discipline != s.Code || len(c.Categories) != 1 || slices.Contains(classes[c.Categories[0]], c.Code) {
				continue
			}
			classes[c.Categories[0]] = append(classes[c.Categories[0]], c.Code)
		}
		if slices.ContainsFunc(ps.Contests, func(c packs.Contest) bool { return c.Discipline == s.Code && c.ByWeight }) {
			classes[physical] = append(classes[physical], s.Name) // it has no classes: the sport stands for itself
		}
	}
	var all []ClassCategory
	for n := 1; n <= 7; n++ {
		if len(classes[n]) > 0 {
			all = append(all, ClassCategory{json.RawMessage(strconv.Itoa(n)), strings.Join(classes[n], " ")})
		}
	}
	return all
}

const physical = 4 // category of the certificate
