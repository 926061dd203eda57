// demo: a games that lives. A robot stands in for the judges and works through
// the same public interface; whoever opens a judge's page may enter marks too,
// and the robot takes what it finds.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"tongchang/cmd/tongchang/games"
	"tongchang/cmd/tongchang/rehearsal"
	"tongchang/events"
	"tongchang/web"
)

// demoCmd is `tongchang demo`.
type demoCmd struct {
	transport
	Listen  string        `help:"${flag_listen}" default:"127.0.0.1:8080" env:"TONGCHANG_LISTEN" placeholder:"HOST:PORT"`
	DeskKey string        `help:"${flag_deskkey}" env:"TONGCHANG_DESK_KEY" placeholder:"KEY"`
	DB      string        `name:"db" help:"${flag_keep}" placeholder:"FILE|postgres://…"`
	Meet    string        `help:"${flag_meet}" placeholder:"FILE"`
	Beat    time.Duration `help:"${flag_beat}" default:"1.5s" placeholder:"TIME"`
	Seed    uint64        `help:"${flag_seed}" placeholder:"N"`
}

// demoZone is the time zone of the demo's competitions.
const demoZone = "Asia/Shanghai"

// Run opens the games and keeps it moving until it is interrupted. When all is
// over the next edition begins.
func (c *demoCmd) Run(a *app) (err error) {
	if c.Beat < 0 || c.Beat > time.Minute {
		return fault("beat", c.Beat)
	}
	a.say("demo.building")
	db, remove, err := scratch(c.DB)
	if err != nil {
		return err
	}
	defer func() { err = joined(err, remove()) }()
	c.Seed = cmp.Or(c.Seed, rand.Uint64())
	secured, err := c.secure(c.Listen, db)
	if err != nil {
		return err
	}
	h, err := startHost(a, hostOptions{db: db, secured: secured, listen: c.Listen, deskKey: c.DeskKey, doors: c.registering, log: a.log})
	if err != nil {
		return err
	}
	err = c.live(a, h)
	if errors.Is(err, context.Canceled) {
		err = nil // interrupted: that is how a demo ends
	}
	if err = joined(err, h.stop()); err == nil {
		a.say("serve.stopped")
	}
	return err
}

// live plays edition after edition.
func (c *demoCmd) live(a *app, h *host) error {
	if c.Meet != "" {
		return c.recorded(a, h)
	}
	if err := c.everyKind(a, h); err != nil {
		return err
	}
	for edition := 1; ; edition++ {
		r, err := c.found(a, h, edition)
		if err != nil {
			return err
		}
		if err := r.catchUp(a); err != nil {
			return err
		}
		if loopback(c.Listen) {
			doors, err := r.doors(a)
			if err != nil {
				return err
			}
			h.pages.OpenDoors(append(slices.Clone(h.doors), doors...))
		}
		if edition == 1 {
			a.say("demo.ready")
			a.say("demo.phone")
		} else {
			a.say("demo.round", r.client.Competition)
		}
		if err := c.show(a, h, r); err != nil {
			return err
		}
		for _, u := range r.todo {
			if err := r.unit(a, u, false); err != nil {
				return err
			}
		}
	}
}

// registering has an edition that takes entries beside the meet, with doors for
// those who enter and decide. A recorded meet is shown alone.
func (c *demoCmd) registering(ctx context.Context, store *events.Store) ([]web.Door, error) {
	if c.Meet != "" {
		return nil, nil
	}
	return foundRegistering(ctx, store, c.Seed, time.Now())
}

// everyKind has the showcase beside the meet, where it is not there yet.
func (c *demoCmd) everyKind(a *app, h *host) error {
	if _, err := h.store.Competition(a, showcaseCode); !errors.Is(err, events.ErrNotFound) {
		return err
	}
	s, err := foundShowcase(a, h.store)
	if err != nil {
		return err
	}
	return s.play(a, h.client(showcaseCode), 0)
}

// found begins an edition under a code that is free.
func (c *demoCmd) found(a *app, h *host, edition int) (*robot, error) {
	code := "demo"
	for n := 2; ; n++ {
		if _, err := h.store.Competition(a, code); errors.Is(err, events.ErrNotFound) {
			break
		} else if err != nil {
			return nil, err
		}
		code = fmt.Sprintf("demo-%d", n)
	}
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		return nil, err
	}
	begins := time.Now().In(zone).Add(-caughtUp * 16 * c.Beat) // so long do the first units take, about
	g, err := games.New(c.Seed+uint64(edition), begins, c.Beat)
	if err != nil {
		return nil, err
	}
	_, err = h.store.Found(a, events.Competition{Code: code, Name: "黑龙江省残疾人游泳邀请赛（演示）", NameEn: "Heilongjiang para swimming invitational (demo)", City: "哈尔滨", Zone: demoZone})
	if err != nil {
		return nil, err
	}
	r := &robot{store: h.store, games: g, client: h.client(code), beat: c.Beat, todo: g.Order()}
	return r, r.setUp(a)
}

// caughtUp is how many units are over when people come.
const caughtUp = 4

// show prints where to look.
func (c *demoCmd) show(a *app, h *host, r *robot) error {
	at, err := h.store.Competition(a, r.client.Competition)
	if err != nil {
		return err
	}
	a.addresses(h, &at)
	if len(r.todo) > 0 {
		id, err := r.id(a, r.todo[0].Code)
		if err != nil {
			return err
		}
		a.row(a.words.say("address.phone"), fmt.Sprintf("%s/c/%s/units/%d", h.url, at.Code, id))
		a.row(a.words.say("address.unit-board"), fmt.Sprintf("%s/c/%s/board/units/%d", h.url, at.Code, id))
	}
	a.row(a.words.say("address.showcase"), h.url+"/c/"+showcaseCode)
	a.row(a.words.say("address.registering"), h.url+"/")
	fmt.Fprintln(a.out)
	a.say("serve.key", h.key)
	a.say("serve.stop")
	return nil
}

// recorded plays a recorded meet instead, again and again.
func (c *demoCmd) recorded(a *app, h *host) error {
	f, err := readMeet(c.Meet)
	if err != nil {
		return err
	}
	if len(f.Meets) == 0 {
		return fault("no-meet", c.Meet)
	}
	beat := func(ctx context.Context) error { return pause(ctx, c.Beat) }
	for round := 1; ; round++ {
		code := fmt.Sprintf("meet-%d", round)
		if _, err := h.store.Competition(a, code); err == nil {
			continue // kept from an earlier demo
		}
		founding := events.Competition{Code: code, Name: f.Meets[0].Name, NameEn: f.Meets[0].Name, Zone: demoZone}
		if _, err := bringIn(a, h.store, founding, f); err != nil {
			return err
		}
		a.addresses(h, &founding)
		client := h.client(code)
		if _, err := rehearsal.NewPlayer(client, &f.Meets[0], rehearsal.Options{Judges: 1, Beat: beat, Seed: c.Seed}).Play(a); err != nil {
			return err
		}
	}
}

// pause waits, less when the context ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return ctx.Err()
	}
}

// command is a command of the demo's organiser.
func (r *robot) command() events.Command {
	return events.Command{ID: uuid.NewString(), Competition: r.client.Competition, Author: "demo"}
}
