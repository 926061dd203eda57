package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/find"
)

// searched is a competition's index with the people in it by number. It is made
// again when somebody is entered, renamed or shown otherwise, not at every mark.
type searched struct {
	index   *find.Index
	people  map[int64]events.Athlete
	inOrder []events.Athlete // by delegation and bib
}

func (f *Feeder) searched(ctx context.Context, c events.Competition) (*searched, error) {
	return recall(ctx, f, c, f.indexes, c.Code, func(t string) bool { return t == meetTopic || t == "registrations" }, func() (*searched, error) {
		p, err := f.programme(ctx, c)
		if err != nil {
			return nil, err
		}
		people, err := f.store.Athletes(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		return newSearched(p, people), nil
	})
}

func newSearched(p *events.Programme, people []events.Athlete) *searched {
	s := &searched{people: make(map[int64]events.Athlete, len(people)), inOrder: people}
	var things []find.Thing
	names := map[int64][]string{}
	for _, d := range p.Delegations {
		names[d.ID] = []string{d.Name, d.NameEn}
		things = append(things, find.Thing{Kind: find.Delegation, ID: d.ID, Name: d.Name, Also: []string{d.NameEn, d.Code}})
	}
	for i := range p.Events {
		e := &p.Events[i]
		sport := p.Disciplines[e.DisciplineID]
		t := find.Thing{Kind: find.Event, ID: e.ID, Name: e.Name, Also: append(strings.Split(e.Classes, ","), e.NameEn, e.Code, sport.Name, sport.NameEn)}
		if e.Number > 0 {
			t.Number = strconv.Itoa(e.Number)
		}
		things = append(things, t)
	}
	for _, a := range people {
		s.people[a.ID] = a
		things = append(things, find.Thing{Kind: find.Person, ID: a.ID, Name: a.Name, Number: a.Code, Also: slices.Concat(names[a.DelegationID], a.Classes)})
	}
	s.index = find.New(things)
	return s
}
