package events

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/needs"
)

// BenchmarkNeedsBoard is what the service desk's board reads for 1,330 people with
// two needs each, texts opened.
func BenchmarkNeedsBoard(b *testing.B) {
	for _, kind := range ledgertest.Databases {
		b.Run(kind, func(b *testing.B) {
			s := open(b, ledgertest.New(b, kind), withTestKeys(b))
			desk := manyNeeds(b, s, 1330)
			b.ResetTimer()
			for b.Loop() {
				views, err := s.Needs(b.Context(), desk, games, NeedFilter{Texts: true})
				if err != nil || len(views) != 2*1330 {
					b.Fatal(len(views), err)
				}
				for _, err := range []error{second(s.Capacity(b.Context(), desk, games)), second(s.NeedTasks(b.Context(), desk, games)), second(s.Unasked(b.Context(), desk, games))} {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// manyNeeds asks so many people of one delegation what they need.
func manyNeeds(b *testing.B, s *Store, people int) access.Who {
	ctx := b.Context()
	c, err := s.Found(ctx, Competition{Code: games, Name: "测试运动会", NameEn: "Test games", Starts: "2026-06-20", Ends: "2026-06-24"})
	if err != nil {
		b.Fatal(err)
	}
	d := &Delegation{CompetitionID: c.ID, Code: "HRB", Name: "哈尔滨", NameEn: "Harbin"}
	if _, err := s.w.NewInsert().Model(d).Exec(ctx); err != nil {
		b.Fatal(err)
	}
	team := access.Who{Name: "team", Role: access.Delegation, Delegation: d.ID}
	rows := make([]Registration, people)
	for i := range rows {
		rows[i] = Registration{CompetitionID: c.ID, DelegationID: d.ID, State: "submitted", Revision: 1, Name: fmt.Sprint("人", i), Person: fmt.Sprint(i), Choices: "[]", Created: time.Unix(0, 0), Updated: time.Unix(0, 0)}
	}
	if _, err := s.w.NewInsert().Model(&rows).Exec(ctx); err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	failed := make(chan error, people)
	turns := make(chan struct{}, 64)
	for i := range rows {
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			_, err := s.StateNeeds(ctx, as(team, ""), team, StateNeeds{Delegation: d.ID, Registration: rows[i].ID, Round: AtEntry,
				Needs: []AskedNeed{ask("own-words", "浴室门口有坎，轮椅进不去。"), ask("wheelchair-loan", "")}})
			failed <- err
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			b.Fatal(err)
		}
	}
	return access.Who{Name: "desk", Role: access.Service}
}

// BenchmarkStateNeeds is one person's form being saved, sealed words included.
func BenchmarkStateNeeds(b *testing.B) {
	s := open(b, ledgertest.New(b, "sqlite"), withTestKeys(b))
	manyNeeds(b, s, 1)
	team := access.Who{Name: "team", Role: access.Delegation, Delegation: 1}
	people, err := s.NeedPeople(b.Context(), team, games, 1)
	if err != nil {
		b.Fatal(err)
	}
	saw := people[1].Saw
	for i := 0; b.Loop(); i++ {
		r, err := s.StateNeeds(b.Context(), as(team, ""), team, StateNeeds{Delegation: 1, Registration: people[1].Registration, Round: AtEntry, Saw: saw,
			Needs: []AskedNeed{ask("own-words", fmt.Sprint("第 ", i, " 次")), {Kind: needs.Code("halal"), Pieces: 1, Hour: needs.WholeDay}}})
		if err != nil {
			b.Fatal(err)
		}
		saw = r.Seq
	}
}
