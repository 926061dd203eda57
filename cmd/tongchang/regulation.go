// regulation: what a regulation gives, worked out before anybody competes; and
// the way to put it in force.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/scoring/regulation"
)

// regulationCmd is `tongchang regulation`.
type regulationCmd struct {
	File        string `arg:"" help:"${arg_regulation}"`
	Field       int    `help:"${flag_field}" default:"6"`
	Kind        string `help:"${flag_event_kind}" default:"individual" placeholder:"individual|relay|team|…"`
	Sport       string `help:"${flag_sport}"`
	Event       string `help:"${flag_event}"`
	TiedAt      int    `help:"${flag_tied_at}" placeholder:"RANK"`
	Tied        int    `help:"${flag_tied}" placeholder:"N"`
	Competition string `help:"${flag_in_force}" placeholder:"CODE"`
	database
}

// Run checks the regulation, prints a case worked out and, with a competition
// named, puts it in force.
func (c *regulationCmd) Run(a *app) error {
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return fault("read", c.File, err)
	}
	reg, err := regulation.Read(raw)
	if err != nil {
		return err
	}
	resolved := reg.For(c.Sport, c.Event)
	worked, err := resolved.Preview(regulation.Case{Kind: c.Kind, Field: c.Field, TiedAt: c.TiedAt, Tied: c.Tied})
	if err != nil {
		return err
	}
	a.say("regulation.title", reg.Edition, strconv.Itoa(reg.Version), reg.Source)
	a.say("regulation.field", strconv.Itoa(worked.Field), strconv.Itoa(worked.Admission.Places), strconv.Itoa(worked.Admission.Medals),
		worked.Admission.Why.Setting+" = "+worked.Admission.Why.Value)
	for i := range worked.Rows {
		a.workedRow(&worked.Rows[i])
	}
	if c.Competition == "" {
		return nil
	}
	return c.putInForce(a, raw)
}

func (a *app) workedRow(r *regulation.WorkedRow) {
	medal := "–"
	if r.Medal != "" {
		medal = a.web.T("medal." + string(r.Medal))
	}
	var why []string
	for _, w := range r.Why {
		why = append(why, w.Setting+" = "+w.Value)
	}
	fmt.Fprintf(a.out, "%4d  %-8s %8s  %s\n", r.Rank, medal, r.Points.String(), strings.Join(why, ", "))
}

func (c *regulationCmd) putInForce(a *app, raw []byte) (err error) {
	if err := c.exists(); err != nil {
		return err
	}
	store, err := events.Open(a, c.DB)
	if err != nil {
		return fault("open", c.shown(), err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	command := events.Command{ID: uuid.NewString(), Competition: c.Competition, Author: "command line"}
	rec, err := store.SetRegulation(a, command, events.SetRegulation{Regulation: raw})
	if err != nil {
		return err
	}
	a.say("regulation.in-force", c.Competition, strconv.FormatInt(rec.Seq, 10))
	return nil
}
