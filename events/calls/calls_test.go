package calls

import (
	"slices"
	"testing"
	"time"
)

func TestAt(t *testing.T) {
	start := time.Date(2027, 6, 18, 9, 30, 0, 0, time.UTC)
	if got := At(start, 20); got != start.Add(-20*time.Minute) {
		t.Errorf("called at %s", got)
	}
	if got := At(time.Time{}, 20); !got.IsZero() {
		t.Errorf("a unit without a start is called at %s", got)
	}
}

func TestOverdue(t *testing.T) {
	at := time.Date(2027, 6, 18, 9, 10, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		state State
		at    time.Time
		now   time.Time
		want  time.Duration
	}{
		"before its time": {NotYet, at, at.Add(-time.Second), 0},
		"at its time":     {NotYet, at, at, 0},
		"forgotten":       {NotYet, at, at.Add(4 * time.Minute), 4 * time.Minute},
		"called late":     {Calling, at, at.Add(4 * time.Minute), 0},
		"closed":          {Closed, at, at.Add(time.Hour), 0},
		"without a time":  {NotYet, time.Time{}, at, 0},
	} {
		if got := Overdue(tt.state, tt.at, tt.now); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestStand(t *testing.T) {
	for name, tt := range map[string]struct {
		people []Presence
		want   Standing
	}{
		"nobody is known":       {nil, Waiting},
		"an athlete to come":    {[]Presence{Unseen}, Waiting},
		"an athlete there":      {[]Presence{Present}, Here},
		"an athlete away":       {[]Presence{Absent}, Away},
		"a relay, three there":  {[]Presence{Present, Present, Unseen, Present}, Partly},
		"a relay, one away":     {[]Presence{Present, Absent, Present, Present}, Partly},
		"a relay, all there":    {[]Presence{Present, Present, Present, Present}, Here},
		"a relay, all away":     {[]Presence{Absent, Absent}, Away},
		"a relay, one excused":  {[]Presence{Unseen, Absent}, Waiting},
		"a pair, both expected": {[]Presence{Unseen, Unseen}, Waiting},
	} {
		if got := Stand(tt.people); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestChecks(t *testing.T) {
	for name, tt := range map[string]struct {
		class, partner string
		made           []Check
		asked, open    []Check
	}{
		"no class, a skill": {"", "", nil, []Check{Equipment}, []Check{Equipment}},
		"T54, chair seen":   {"T54", "", []Check{Equipment}, []Check{Card, Equipment}, []Check{Card}},
		"T11 with a guide":  {"T11", "guide", []Check{Card, Equipment}, []Check{Card, Partner, Equipment}, []Check{Partner}},
		"BC3, all seen":     {"BC3", "ramp", []Check{Card, Partner, Equipment}, []Check{Card, Partner, Equipment}, []Check{}},
	} {
		asked := Checks(tt.class, tt.partner)
		if !slices.Equal(asked, tt.asked) {
			t.Errorf("%s: asked for %v, want %v", name, asked, tt.asked)
		}
		if open := Open(asked, tt.made); !slices.Equal(open, tt.open) {
			t.Errorf("%s: open %v, want %v", name, open, tt.open)
		}
	}
}
