package vertical

import (
	"strings"

	"tongchang/scoring"
)

// trial is what an athlete did at one height.
type trial struct {
	failures int
	end      byte // what followed the failures: O, -, r, or 0 while the athlete is still at it
}

func (t trial) blank() bool { return t == trial{} }

// String prints a trial as on the sheet: XO, X-, XXX, r.
func (t trial) String() string {
	s := strings.Repeat("X", t.failures)
	if t.end != 0 {
		s += string(t.end)
	}
	return s
}

// parseTrial reads one box of the sheet: up to three X, then O, - or r, or
// nothing, with whatever letters people press for them.
func parseTrial(s string) (trial, error) {
	var t trial
	for _, sign := range s {
		if t.end != 0 {
			return trial{}, notATrial(s)
		}
		switch sign {
		case 'X', 'x', '×':
			t.failures++
		case 'O', 'o', '○':
			t.end = 'O'
		case '-', '–', '−':
			t.end = '-'
		case 'r', 'R':
			t.end = 'r'
		default:
			return trial{}, notATrial(s)
		}
	}
	if t.failures > 3 || (t.failures == 3 && t.end != 0) {
		return trial{}, &scoring.Invalid{Problem: "jump-after-three-failures", With: []string{s}, Rule: threeFailures}
	}
	return t, nil
}

func notATrial(s string) error {
	return &scoring.Invalid{Problem: "not-a-trial", With: []string{s}}
}

// threeFailures is the rule that ends a contest, whatever heights they were at.
const threeFailures = "World Athletics, vertical jumps: three consecutive failures"
