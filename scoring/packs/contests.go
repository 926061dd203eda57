package packs

import (
	"io/fs"
	"slices"
	"strings"
)

// Contest says which events a sport usually holds of a type: for which sexes
// and classes, and how many a delegation may enter in each.
type Contest struct {
	Discipline, Type string
	Sexes            []string // M, W, X
	Classes          []ClassSet
	ByWeight         bool // an event for each body-weight category instead
	Limit            int  // per delegation: persons in individual events, teams in others
	TeamMin, TeamMax int
	Proposal         bool // nobody has printed it so: an organiser looks first
}

// ClassSet is who competes together: the class as it is printed, its letters in
// codes, and the sport classes that it admits. None of them is everybody.
type ClassSet struct {
	Name, Code string
	Admits     []string
}

// Sender is a body that sends a delegation.
type Sender struct{ Code, Chinese, English string }

func (p *Packs) contests(files fs.FS) error {
	return p.table(files, "contests.tsv", "discipline type", []string{"discipline", "type", "sexes", "classes", "limit", "team_min", "team_max", "mark"}, func(r *row) {
		c := Contest{Discipline: r.text("discipline"), Type: r.text("type"), Limit: r.number("limit", 1, 99),
			TeamMin: r.number("team_min", 1, 99), TeamMax: r.number("team_max", 1, 99), Proposal: r.word("mark", "edition", "proposal") == "proposal"}
		if !slices.ContainsFunc(p.EventTypes, func(t EventType) bool { return t.Discipline == c.Discipline && t.Code == c.Type }) {
			r.bad("type", "unknown-value", c.Discipline+" "+c.Type, "event_types.tsv")
		}
		for sex := range strings.SplitSeq(r.text("sexes"), ",") {
			if sex != "M" && sex != "W" && sex != "X" {
				r.bad("sexes", "unknown-value", sex, "M, W, X")
			}
			c.Sexes = append(c.Sexes, sex)
		}
		if c.ByWeight = r.maybe("classes") == "weights"; !c.ByWeight {
			for word := range strings.FieldsSeq(r.maybe("classes")) {
				c.Classes = append(c.Classes, p.set(r, c.Discipline, word))
			}
		}
		p.Contests = append(p.Contests, c)
	})
}

// set reads 站姿组/ST=LW2+LW3, TT1-5=TT1+TT2, or T11 alone.
func (p *Packs) set(r *row, discipline, word string) ClassSet {
	s := ParseClassSet(word)
	for _, class := range s.Admits {
		if _, known := p.ClassOf(discipline, class); !known {
			r.bad("classes", "unknown-value", class, "classes.tsv")
		}
	}
	return s
}

// ParseClassSet reads a set as the data and organisers write it: T11;
// TT1-5=TT1+TT2+TT3; 站姿组/ST=LW2+LW3.
func ParseClassSet(word string) ClassSet {
	name, admits, joined := strings.Cut(word, "=")
	name, code, coded := strings.Cut(name, "/")
	s := ClassSet{Name: name, Code: name, Admits: []string{name}}
	if coded {
		s.Code = code
	}
	if joined {
		s.Admits = strings.Split(admits, "+")
	}
	return s
}

// String writes a set as [ParseClassSet] reads it.
func (s ClassSet) String() string {
	text := s.Name
	if s.Code != s.Name {
		text += "/" + s.Code
	}
	if !slices.Equal(s.Admits, []string{s.Name}) {
		text += "=" + strings.Join(s.Admits, "+")
	}
	return text
}

func (p *Packs) senders(files fs.FS) error {
	return p.table(files, "delegations.tsv", "code", []string{"code", "zh", "en"}, func(r *row) {
		p.Senders = append(p.Senders, Sender{r.text("code"), r.text("zh"), r.text("en")})
	})
}

// WeightsOn are the body-weight categories in force for a sex on a day, in order.
func (p *Packs) WeightsOn(day, sex string) []Weight {
	var all []Weight
	for _, w := range p.Weights {
		if within(day, w.From, w.Until) && w.Sex == sex && p.newest(w, day) {
			all = append(all, w)
		}
	}
	return all
}
