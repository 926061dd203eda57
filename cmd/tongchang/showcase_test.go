package main

import (
	"log/slog"
	"testing"

	"tongchang/cmd/tongchang/rehearsal"
	"tongchang/events"
	"tongchang/events/ledgertest"
)

// TestShowcase plays the demo's showcase on a real server: every kind is
// ranked, and what became official checks.
func TestShowcase(t *testing.T) {
	h, err := startHost(t.Context(), hostOptions{db: ledgertest.New(t, "sqlite"), listen: "127.0.0.1:0", log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	}()
	s, err := foundShowcase(t.Context(), h.store)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.play(t.Context(), &rehearsal.Client{URL: h.url, Competition: showcaseCode, Key: h.key}, 0); err != nil {
		t.Fatal(err)
	}
	c, err := h.store.Competition(t.Context(), showcaseCode)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.store.Programme(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	count := map[events.ResultStatus]int{}
	for _, u := range p.Units {
		count[u.ResultStatus]++
	}
	if count[events.Official] != 9 || count[events.Unofficial] != 3 {
		t.Errorf("units by status: %v", count)
	}
	st, err := h.store.Standings(t.Context(), c)
	if err != nil || st.Decided != 9 || len(st.Points) == 0 || st.Points[0].Points.IsZero() {
		t.Errorf("standings: %+v, %v", st, err)
	}
	if rep, err := h.store.Check(t.Context()); err != nil || !rep.OK() || rep.Results != 39 {
		t.Errorf("check: %+v, %v", rep, err)
	}
}
