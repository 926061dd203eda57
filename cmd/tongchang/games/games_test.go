package games

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

func sample(t interface{ Fatal(...any) }, seed uint64) *Games {
	g, err := New(seed, time.Date(2027, 6, 21, 23, 40, 0, 0, time.UTC), 1500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestSame: the same seed makes the same games.
func TestSame(t *testing.T) {
	a, err1 := json.Marshal(sample(t, 7).Programme)
	b, err2 := json.Marshal(sample(t, 7).Programme)
	c, err3 := json.Marshal(sample(t, 8).Programme)
	if err1 != nil || err2 != nil || err3 != nil || string(a) != string(b) || string(a) == string(c) {
		t.Error("a seed does not decide the games")
	}
}

// TestProgramme: lanes are in the pool and taken once, units follow each other
// and lie on their session's day, which midnight ends.
func TestProgramme(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := sample(t, rapid.Uint64().Draw(t, "seed"))
		days := map[int]string{}
		for _, s := range g.Programme.Sessions {
			days[s.Number] = s.Day
		}
		for _, e := range g.Programme.Events {
			for _, ph := range e.Phases {
				for _, u := range ph.Units {
					taken := map[int]bool{}
					for _, s := range u.Starts {
						if *s.Lane < firstLane || *s.Lane > lastLane || taken[*s.Lane] {
							t.Fatalf("unit %s lane %d", u.Code, *s.Lane)
						}
						taken[*s.Lane] = true
					}
					if !strings.HasPrefix(u.Start, days[u.Session]) {
						t.Fatalf("unit %s at %s in a session on %s", u.Code, u.Start, days[u.Session])
					}
				}
			}
		}
		order := g.Order()
		for i := 1; i < len(order); i++ {
			if order[i].Start.Before(order[i-1].Start) {
				t.Fatalf("%s at %s comes after %s", order[i].Code, order[i].Start, order[i-1].Code)
			}
		}
	})
}

// TestSwim: what swimmers do is what the ledger takes.
func TestSwim(t *testing.T) {
	g := sample(t, 3)
	marks := 0
	for _, e := range g.Programme.Events {
		for _, s := range e.Phases[0].Units[0].Starts {
			o := g.Swim(e.Phases[0].Units[0].Code, s.Participant, false)
			if o.IRM == scoring.DSQ && o.Rule == "" || (o.Mark == "") == (o.IRM == "") {
				t.Errorf("%+v", o)
			}
			if o.Mark == "" {
				continue
			}
			marks++
			if m, err := scoring.Milliseconds.Parse(o.Mark); err != nil || m != o.Time || m%10 != 0 {
				t.Errorf("%+v: %v", o, err)
			}
		}
	}
	if marks < 100 {
		t.Errorf("%d marks", marks)
	}
}
