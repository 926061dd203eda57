package main

import (
	"log/slog"
	"testing"

	"tongchang/events"
	"tongchang/events/ledgertest"
)

// TestDemoEdition plays a whole edition of the demo without waiting: every heat
// and final is swum by who has got there, becomes official, and checks.
func TestDemoEdition(t *testing.T) {
	h, err := startHost(t.Context(), hostOptions{db: ledgertest.New(t, "sqlite"), listen: "127.0.0.1:0", log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	}()
	a := &app{Context: t.Context()}
	r, err := (&demoCmd{Seed: 7}).found(a, h, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.catchUp(a); err != nil {
		t.Fatal(err)
	}
	doors, err := r.doors(a)
	if err != nil || len(doors) != 4 || doors[0].Seat == 0 || doors[2].To != "/desk/control" {
		t.Errorf("doors %+v, %v", doors, err)
	}
	for _, u := range r.todo {
		if err := r.unit(a, u, true); err != nil {
			t.Fatal(err)
		}
	}
	c, err := h.store.Competition(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.store.Programme(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Events) < 12 || len(p.Delegations) < 6 || len(p.Units) < 40 {
		t.Errorf("%d events, %d delegations, %d units", len(p.Events), len(p.Delegations), len(p.Units))
	}
	for _, u := range p.Units {
		if u.ResultStatus != events.Official || p.Starters[u.ID] < 3 || p.Starters[u.ID] > 8 {
			t.Errorf("unit %s: %s with %d starters", u.Code, u.ResultStatus, p.Starters[u.ID])
		}
	}
	decided, err := h.store.Decided(t.Context(), c.ID)
	if err != nil || len(decided) != len(p.Events) {
		t.Errorf("%d of %d events decided, %v", len(decided), len(p.Events), err)
	}
	if rep, err := h.store.Check(t.Context()); err != nil || !rep.OK() || rep.Results < 300 {
		t.Errorf("check: %v, %v", rep, err)
	}
}
