// The robot that stands in for the judges of the demo's games.
package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"tongchang/cmd/tongchang/games"
	"tongchang/cmd/tongchang/rehearsal"
	"tongchang/events"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// robot plays one edition. It writes as the judges do, over HTTP; only the
// organiser's part, who swims in a final, goes to the store.
type robot struct {
	store  *events.Store
	client *rehearsal.Client
	games  *games.Games
	beat   time.Duration
	todo   []games.Unit
}

// setUp lays the programme as it is known now beside what is there.
func (r *robot) setUp(ctx context.Context) error {
	_, err := r.store.SetUp(ctx, r.command(), events.SetUp{Programme: r.games.Programme}, false)
	return err
}

// catchUp plays the first units at once, so that there is something to see.
func (r *robot) catchUp(ctx context.Context) error {
	for range min(caughtUp, len(r.todo)) {
		if err := r.unit(ctx, r.todo[0], true); err != nil {
			return err
		}
		r.todo = r.todo[1:]
	}
	return nil
}

// phase finds a phase of the programme by its code.
func (r *robot) phase(ctx context.Context, match func(rehearsal.Phase) bool) (rehearsal.Phase, error) {
	var programme struct {
		Events []rehearsal.Event `json:"events"`
	}
	if err := r.client.Get(ctx, "/api/programme", &programme); err != nil {
		return rehearsal.Phase{}, err
	}
	for _, e := range programme.Events {
		if i := slices.IndexFunc(e.Phases, match); i >= 0 {
			return e.Phases[i], nil
		}
	}
	return rehearsal.Phase{}, fmt.Errorf("the programme of %s has not what the robot looks for", r.client.Competition)
}

// id is the number of a unit by its code.
func (r *robot) id(ctx context.Context, code string) (int64, error) {
	has := func(u rehearsal.Unit) bool { return u.Code == code }
	ph, err := r.phase(ctx, func(ph rehearsal.Phase) bool { return slices.ContainsFunc(ph.Units, has) })
	if err != nil {
		return 0, err
	}
	return ph.Units[slices.IndexFunc(ph.Units, has)].ID, nil
}

// sheet is a unit as the robot reads it.
type sheet struct {
	Unit  rehearsal.Unit   `json:"unit"`
	Lines []rehearsal.Line `json:"lines"`
}

func (r *robot) read(ctx context.Context, id int64) (s sheet, err error) {
	err = r.client.Get(ctx, fmt.Sprintf("/api/units/%d", id), &s)
	return s, err
}

// unit swims one unit: opened, marks as the swimmers touch, made official. With
// fast it does not wait.
func (r *robot) unit(ctx context.Context, u games.Unit, fast bool) error {
	if u.Final {
		if err := r.finalists(ctx, u.Code); err != nil {
			return err
		}
	}
	id, err := r.id(ctx, u.Code)
	if err != nil {
		return err
	}
	wait := func(d time.Duration) error {
		if fast {
			return ctx.Err()
		}
		return pause(ctx, d)
	}
	if !fast {
		if err := r.called(ctx, u, id, wait); err != nil {
			return err
		}
	}
	if err := wait(time.Until(u.Start)); err != nil {
		return err
	}
	if _, err := r.client.Post(ctx, "/openings", said("starter"), events.OpenUnit{Unit: id}); err != nil {
		return err
	}
	if err := wait(games.OnTheBlocks * r.beat); err != nil {
		return err
	}
	if err := r.race(ctx, u, id, wait); err != nil {
		return err
	}
	if err := wait(games.BeforeEnd * r.beat); err != nil {
		return err
	}
	if err := r.confirm(ctx, id); err != nil {
		return err
	}
	return wait(games.BeforeNext * r.beat)
}

// touch is a swimmer's outcome, due at its time.
type touch struct {
	rehearsal.Line
	games.Outcome
}

// race enters the marks of a unit in the order of the touches. What somebody
// else has entered meanwhile stays: the robot's own is refused as stale.
func (r *robot) race(ctx context.Context, u games.Unit, id int64, wait func(time.Duration) error) error {
	s, err := r.read(ctx, id)
	if err != nil {
		return err
	}
	var touches []touch
	for _, l := range s.Lines {
		if l.Text == "" && l.Out == "" {
			touches = append(touches, touch{l, r.games.Swim(u.Code, l.Bib, u.Final)})
		}
	}
	slices.SortFunc(touches, func(a, b touch) int { return cmp.Compare(a.Time, b.Time) })
	for i, t := range touches {
		m := events.EnterMark{Unit: id, Start: t.Start, Mark: t.Mark, IRM: t.IRM, Rule: t.Rule, Saw: t.Revision}
		if i == len(touches)/2 && t.Mark != "" && rand.IntN(6) == 0 {
			if err := r.misread(ctx, &m, wait); err != nil {
				return err
			}
		}
		e := said(fmt.Sprintf("lane %d", *t.Lane))
		if m.Saw > t.Revision {
			e.Reason = "hand time read again"
		}
		if _, err := r.client.Post(ctx, "/marks", e, m); err != nil {
			return err
		}
		if err := wait(r.beat/2 + rand.N(r.beat+1)); err != nil {
			return err
		}
	}
	return nil
}

// misread enters a wrong time first, to be corrected with a reason.
func (r *robot) misread(ctx context.Context, m *events.EnterMark, wait func(time.Duration) error) error {
	right, err := scoring.Milliseconds.Parse(m.Mark)
	if err != nil {
		return err
	}
	wrong := *m
	wrong.Mark = scoring.Milliseconds.Format(right+1000, 2)
	a, err := r.client.Post(ctx, "/marks", said("timekeeper"), wrong)
	if err != nil || !a.OK() {
		return err
	}
	m.Saw++
	return wait(r.beat)
}

// confirm makes a unit official when all is there. Where somebody else is still
// writing it reads again a few times, then leaves the unit to them.
func (r *robot) confirm(ctx context.Context, id int64) error {
	for range 5 {
		s, err := r.read(ctx, id)
		if err != nil || s.Unit.ResultStatus == events.Official || len(s.Lines) == 0 {
			return err
		}
		a, err := r.client.Post(ctx, "/confirmations", said("referee"), events.ConfirmUnit{Unit: id, Saw: s.Unit.Version})
		if err != nil || a.Code != http.StatusConflict {
			return err
		}
	}
	return nil
}

// finalists sets a final's start list from the official ranking of its heats,
// read as anybody could.
func (r *robot) finalists(ctx context.Context, final string) error {
	code := r.games.HeatsOf(final)
	heats, err := r.phase(ctx, func(ph rehearsal.Phase) bool { return ph.Code == code })
	if err != nil {
		return err
	}
	var doc kinds.Document
	var lines struct {
		Lines []rehearsal.Line `json:"lines"`
	}
	if err := r.client.Get(ctx, fmt.Sprintf("/documents/phases/%d.json", heats.ID), &doc); err != nil {
		return err
	}
	if err := r.client.Get(ctx, fmt.Sprintf("/api/phases/%d", heats.ID), &lines); err != nil {
		return err
	}
	ranking, err := kinds.Rank(doc)
	if err != nil {
		return err
	}
	bib := map[string]string{}
	for _, l := range lines.Lines {
		bib[fmt.Sprint(l.Start)] = l.Bib
	}
	var bibs []string
	for _, l := range ranking[0].Lines {
		if l.Rank > 0 {
			bibs = append(bibs, bib[l.ID])
		}
	}
	r.games.Finalists(final, bibs)
	return r.setUp(ctx)
}

// said begins a command of one of the robot's seats.
func said(seat string) rehearsal.Envelope {
	return rehearsal.Envelope{Command: uuid.NewString(), Author: "demo " + seat}
}
