package packs_test

import (
	"slices"
	"strings"
	"testing"

	"tongchang/scoring/packs"
)

// Every type of event says for whom it is held, and every sport that a
// programme can be made of has one.
func TestContests(t *testing.T) {
	p := builtin(t)
	for _, e := range p.EventTypes {
		if !slices.ContainsFunc(p.Contests, func(c packs.Contest) bool { return c.Discipline == e.Discipline && c.Type == e.Code }) {
			t.Errorf("nobody is said to contest %s %s", e.Discipline, e.Code)
		}
	}
	for _, c := range p.Contests {
		seen := map[string]bool{}
		for _, s := range c.Classes {
			if seen[s.Code] {
				t.Errorf("%s %s: two sets have the letters %s", c.Discipline, c.Type, s.Code)
			}
			seen[s.Code] = true
			if packs.ParseClassSet(s.String()).String() != s.String() {
				t.Errorf("%s %s: %s is not read as it is written", c.Discipline, c.Type, s)
			}
		}
		if c.TeamMax < c.TeamMin {
			t.Errorf("%s %s: a team of at least %d and at most %d", c.Discipline, c.Type, c.TeamMin, c.TeamMax)
		}
	}
	if len(p.Senders) < 13 {
		t.Errorf("only %d units send delegations", len(p.Senders))
	}
}

// The sample edition's events are what the rows that are not proposals make.
func TestContestsHoldTheSampleEdition(t *testing.T) {
	p := builtin(t)
	sexes := map[string]string{"男": "M", "女": "W", "混合": "X"}
	events := sample(t, "para-games")
	for _, e := range events {
		discipline, _, _ := strings.Cut(e["code"], "-")
		if discipline == "PL" {
			continue // by weight: TestWeightsOn
		}
		held := slices.ContainsFunc(p.Contests, func(c packs.Contest) bool {
			named := slices.ContainsFunc(p.EventTypes, func(y packs.EventType) bool {
				return y.Discipline == discipline && y.Code == c.Type && y.Chinese == e["event"]
			})
			return !c.Proposal && c.Discipline == discipline && named && slices.Contains(c.Sexes, sexes[e["sex"]]) &&
				slices.ContainsFunc(c.Classes, func(s packs.ClassSet) bool {
					return s.Name == e["class"] && slices.Equal(s.Admits, strings.Fields(e["admits_classes"]))
				})
		})
		if !held {
			t.Errorf("%s is not made by the packs", e["code"])
		}
	}
	made := 0
	for _, c := range p.Contests {
		if !c.Proposal && !c.ByWeight {
			made += len(c.Sexes) * len(c.Classes)
		}
	}
	if weights := 20; made+weights != len(events) {
		t.Errorf("the packs make %d events, the sample has %d", made+weights, len(events))
	}
}

func TestWeightsOn(t *testing.T) {
	p := builtin(t)
	for _, tt := range []struct{ day, sex, want string }{
		{"2027-06-18", "W", "41 45 50 55 61 67 73 79 86 86+"}, {"2027-06-18", "M", "49 54 59 65 72 80 88 97 107 107+"},
		{"2008-09-10", "W", ""}, {"2027-06-18", "X", ""},
	} {
		var names []string
		for _, w := range p.WeightsOn(tt.day, tt.sex) {
			names = append(names, w.Category)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("on %s: %q, want %q", tt.day, got, tt.want)
		}
	}
}
