// The doors of the demo's living meet: a judge at a seat, the chief judge before
// the control room, the announcer.
package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/web"
)

// demoSeats are the seats of the meet, in a hall where the finish is judged from
// two places, with who sits there.
var demoSeats = []struct{ seat, judge string }{{"终点 1 号", "邢玉兰"}, {"终点 2 号", "尤国栋"}}

// doors makes seats, judges and accounts in the robot's meet, and the doors that
// lead in as them.
func (r *robot) doors(ctx context.Context) ([]web.Door, error) {
	c, err := r.store.Competition(ctx, r.client.Competition)
	if err != nil {
		return nil, err
	}
	p, err := r.store.Programme(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	discipline := slices.Min(slices.Collect(maps.Keys(p.Disciplines))) // the meet has one
	seats := events.MakeSeats{Discipline: discipline}
	judges := events.MakeJudges{Discipline: discipline}
	for _, s := range demoSeats {
		seats.Seats = append(seats.Seats, events.NewSeat{Name: s.seat})
		judges.Names = append(judges.Names, s.judge)
	}
	if _, err := r.store.MakeSeats(ctx, r.command(), office, seats); err != nil {
		return nil, fmt.Errorf("the demo's seats: %w", err)
	}
	if _, _, err := r.store.MakeJudges(ctx, r.command(), office, judges); err != nil {
		return nil, fmt.Errorf("the demo's judges: %w", err)
	}
	accounts := events.MakeAccounts{Accounts: []events.NewAccount{
		{Login: "caipanzhang", Name: "佟海燕", Role: access.Chief, Discipline: discipline},
		{Login: "guangbo", Name: "孟庆荷", Role: access.Announcer},
	}}
	if _, _, err := r.store.MakeAccounts(ctx, r.command(), office, accounts); err != nil {
		return nil, fmt.Errorf("the demo's accounts: %w", err)
	}
	return r.doorsOf(ctx, c)
}

// doorsOf finds what there is to lead in as.
func (r *robot) doorsOf(ctx context.Context, c events.Competition) (doors []web.Door, err error) {
	seats, err := r.store.Seats(ctx, office, c)
	if err != nil {
		return nil, err
	}
	judges, err := r.store.Judges(ctx, office, c)
	if err != nil {
		return nil, err
	}
	for _, d := range demoSeats {
		at := slices.IndexFunc(seats, func(s events.Seat) bool { return s.Name == d.seat })
		by := slices.IndexFunc(judges, func(j events.SeatJudge) bool { return j.Name == d.judge })
		if at >= 0 && by >= 0 {
			doors = append(doors, web.Door{Competition: c.Code, Seat: seats[at].ID, Judge: judges[by].ID, Place: d.seat, Name: d.judge, Role: access.Judge})
		}
	}
	accounts, err := r.store.Accounts(ctx, office, c)
	if err != nil {
		return nil, err
	}
	begins := map[access.Role]string{access.Chief: "/desk/control", access.Announcer: "/announcer"}
	for _, a := range accounts {
		doors = append(doors, web.Door{Competition: c.Code, Account: a.ID, Name: a.Name, Role: a.Role, To: begins[a.Role]})
	}
	return doors, nil
}
