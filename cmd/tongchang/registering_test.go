package main

import (
	"path/filepath"
	"testing"
	"time"

	"tongchang/events"
	"tongchang/events/registration"
	"tongchang/events/vault"
)

// TestRegistering: the demo's edition has something of everything to look at.
func TestRegistering(t *testing.T) {
	store, err := events.Open(t.Context(), filepath.Join(t.TempDir(), "db"), events.WithKeys(vault.Memory()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	doors, err := foundRegistering(t.Context(), store, 7, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if len(doors) != 5 {
		t.Errorf("%d doors", len(doors))
	}
	views, err := store.Registrations(t.Context(), office, registeringCode, events.RegistrationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	states := map[registration.State]int{}
	for _, v := range views {
		states[v.State]++
	}
	if states[registration.Accepted] < 30 || states[registration.Submitted] < 30 || states[registration.Returned] != 2 {
		t.Errorf("states %v", states)
	}
	c, err := store.Competition(t.Context(), registeringCode)
	if err != nil {
		t.Fatal(err)
	}
	needs, err := store.Needs(t.Context(), office, registeringCode, events.NeedFilter{})
	if err != nil || len(needs) < 6 {
		t.Errorf("%d needs, %v", len(needs), err)
	}
	last, err := store.Uploads(t.Context(), office, registeringCode, doorDelegation(t, store, c, "鸡西"))
	if err != nil || len(last) != 1 {
		t.Fatalf("%d uploads, %v", len(last), err)
	}
	p, err := store.Proposal(t.Context(), office, registeringCode, last[0].ID)
	if err != nil || len(p.Problems) < 5 {
		t.Errorf("%+v %v", p, err)
	}
	if r, err := store.Check(t.Context()); err != nil || !r.OK() {
		t.Errorf("%v %v %v", r, r.Problems, err)
	}
}

func doorDelegation(t *testing.T, s *events.Store, c events.Competition, name string) int64 {
	t.Helper()
	all, err := s.Delegations(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Name == name {
			return d.ID
		}
	}
	t.Fatalf("no %s", name)
	return 0
}
