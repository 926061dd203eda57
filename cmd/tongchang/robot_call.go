// The robot's call room: before each unit of the demo's games it calls the
// swimmers and checks them in, so that the page of calls and the announcer's
// have something to show.
package main

import (
	"context"
	"errors"
	"time"

	"tongchang/cmd/tongchang/games"
	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/calls"
	"tongchang/scoring"
)

// callRoom is who calls in the demo: a judge of every discipline.
var callRoom = access.Who{Name: "call room", Role: access.Judge}

// called calls a unit, sees everybody who will come, and closes the call. What
// somebody else has done meanwhile stays: the robot is refused and goes on.
func (r *robot) called(ctx context.Context, u games.Unit, id int64, wait func(time.Duration) error) error {
	code := r.client.Competition
	unit, err := r.store.CallUnit(ctx, callRoom, code, id)
	if err != nil {
		return err
	}
	ask := func() events.Command {
		c := r.command()
		c.Author = callRoom.Name
		return c
	}
	_, err = r.store.CallUp(ctx, ask(), callRoom, events.CallUp{Unit: id, Saw: unit.Call.Revision})
	if err := unlessRefused(err); err != nil {
		return err
	}
	for i := range unit.Starts {
		s := &unit.Starts[i]
		if r.games.Swim(u.Code, s.Bib, u.Final).IRM == scoring.DNS { // they do not come
			continue
		}
		if err := wait(min(r.beat/4, max(0, time.Until(u.Start))/8)); err != nil {
			return err
		}
		for _, p := range s.People {
			_, err := r.store.CheckIn(ctx, ask(), callRoom, events.CheckIn{Start: s.StartID, Person: p.ParticipantID, State: calls.Present, Card: true, Equipment: true, Saw: p.Check.Revision})
			if err := unlessRefused(err); err != nil {
				return err
			}
		}
	}
	_, err = r.store.CloseCall(ctx, ask(), callRoom, events.CloseCall{Unit: id, Saw: unit.Call.Revision + 1})
	return unlessRefused(err)
}

// unlessRefused is an error that stops the robot.
func unlessRefused(err error) error {
	var refusal *events.Refusal
	if errors.As(err, &refusal) {
		return nil
	}
	return err
}
