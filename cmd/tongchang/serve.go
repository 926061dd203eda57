// serve: the server of a games.
package main

import (
	"fmt"

	"tongchang/events"
)

// database is where a command's competitions are.
type database struct {
	DB   string `name:"db" help:"${flag_db}" default:"tongchang.db" env:"TONGCHANG_DB" placeholder:"FILE|postgres://…"`
	Keys string `help:"${flag_keys}" env:"TONGCHANG_KEYS" placeholder:"FILE"`
}

// serveCmd is `tongchang serve`.
type serveCmd struct {
	database
	transport
	Listen   string            `help:"${flag_listen}" default:"127.0.0.1:8080" env:"TONGCHANG_LISTEN" placeholder:"HOST:PORT"`
	DeskKey  string            `help:"${flag_deskkey}" env:"TONGCHANG_DESK_KEY" placeholder:"KEY"`
	Camera   map[string]string `help:"${flag_camera}" env:"TONGCHANG_CAMERA" placeholder:"CODE=DIR"`
	Follow   string            `help:"${flag_follow}" env:"TONGCHANG_FOLLOW" placeholder:"URL"`
	FollowCA string            `name:"follow-ca" help:"${flag_follow_ca}" env:"TONGCHANG_FOLLOW_CA" type:"existingfile" placeholder:"PEM"`
	Metrics  string            `help:"${flag_metrics}" env:"TONGCHANG_METRICS" placeholder:"127.0.0.1:PORT"`
	Origin   []string          `help:"${flag_origin}" env:"TONGCHANG_ORIGIN" placeholder:"URL"`
}

// Run serves until it is interrupted.
func (c *serveCmd) Run(a *app) error {
	if c.Follow != "" {
		return c.relay(a)
	}
	secured, err := c.secure(c.Listen, c.DB)
	if err != nil {
		return err
	}
	h, err := startHost(a, hostOptions{db: c.DB, keys: c.Keys, listen: c.Listen, secured: secured, deskKey: c.DeskKey, cameras: c.Camera, origins: c.Origin, metrics: c.Metrics, log: a.log})
	if err != nil {
		return err
	}
	cs, err := h.store.Competitions(a)
	if err != nil {
		return joined(err, h.stop())
	}
	a.say("serve.ready", h.url)
	a.sayHall(h)
	for i := range cs {
		a.addresses(h, &cs[i])
	}
	if len(cs) == 0 {
		a.say("serve.empty", c.shown(), h.url+"/setup?key="+h.key)
	}
	a.say("serve.key", h.key)
	a.say("serve.stop")
	if err := h.wait(a); err != nil {
		return err
	}
	a.say("serve.stopped")
	return nil
}

// addresses prints where to look at a competition.
func (a *app) addresses(h *host, c *events.Competition) {
	root := h.url + "/c/" + c.Code
	fmt.Fprintln(a.out)
	fmt.Fprintln(a.out, c.Name, "·", c.NameEn)
	a.row(a.words.say("address.today"), root)
	a.row(a.words.say("address.english"), root+"?lang=en")
	a.row(a.words.say("address.schedule"), root+"/schedule")
	a.row(a.words.say("address.medals"), root+"/medals")
	a.row(a.words.say("address.board"), root+"/board/medals")
	a.row(a.words.say("address.judge"), h.judgeURL(c.Code))
	a.row(a.words.say("address.calling"), root+"/calling")
	a.row(a.words.say("address.call"), root+"/call?key="+h.key)
	fmt.Fprintln(a.out)
}
