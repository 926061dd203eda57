package vertical

import (
	"cmp"
	"fmt"
	"strings"

	"tongchang/scoring"
)

// firstOnly is the rule of the jump-off.
const firstOnly = "World Athletics, vertical jumps: jump-off for first place"

func (j *jumper) readJumpOff(rules *Rules) error {
	if len(j.JumpOff) > len(rules.JumpOff) {
		return &scoring.Invalid{Line: j.ID, Field: "jump_off", Problem: "more-tries-than-heights",
			With: []string{fmt.Sprint(len(j.JumpOff)), fmt.Sprint(len(rules.JumpOff))}}
	}
	for i, text := range j.JumpOff {
		at := fmt.Sprint("jump-off ", i+1)
		t, err := parseTrial(text)
		if err != nil {
			return place(j.ID, at, err)
		}
		if t != (trial{end: 'O'}) && t != (trial{failures: 1}) && t != (trial{end: 'r'}) {
			return &scoring.Invalid{Line: j.ID, Field: at, Problem: "not-a-jump-off-trial", With: []string{text}}
		}
		j.jumpOff = append(j.jumpOff, t)
	}
	return nil
}

// worth orders what can happen in a round: cleared, failed or given up, no part
// taken.
func (j *jumper) worth(round int) int {
	switch {
	case round >= len(j.jumpOff):
		return 0
	case j.jumpOff[round].end == 'O':
		return 2
	}
	return 1
}

// compareJumpOffs lets the first round that separates two athletes decide.
func compareJumpOffs(a, b *jumper) int {
	for round := range max(len(a.jumpOff), len(b.jumpOff)) {
		if c := cmp.Compare(b.worth(round), a.worth(round)); c != 0 {
			return c
		}
	}
	return 0
}

// checkJumpOff refuses a jump-off among athletes who are not level at the top,
// and jumps of those whom an earlier round has decided about.
func checkJumpOff(jumpers []jumper) error {
	var first *jumper
	for i := range jumpers {
		if j := &jumpers[i]; j.irm == "" && j.height > 0 && (first == nil || countback(j, first) < 0) {
			first = j
		}
	}
	var in []*jumper
	for i := range jumpers {
		j := &jumpers[i]
		if len(j.jumpOff) == 0 || j.irm != "" { // disqualified since, perhaps
			continue
		}
		if countback(j, first) != 0 {
			return &scoring.Invalid{Line: j.ID, Field: "jump_off", Problem: "jump-off-not-level", Rule: firstOnly}
		}
		in = append(in, j)
	}
	for round := 0; len(in) > 0; round++ {
		next := in[:0:0]
		for _, j := range in {
			if j.worth(round) == best(in, round) {
				next = append(next, j)
			}
		}
		for _, j := range in {
			out := len(next) == 1 || j.worth(round) < best(in, round)
			if out && len(j.jumpOff) > round+1 {
				return &scoring.Invalid{Line: j.ID, Field: fmt.Sprint("jump-off ", round+2), Problem: "jump-off-decided", Rule: firstOnly}
			}
		}
		if best(in, round) == 0 {
			return nil
		}
		in = next
	}
	return nil
}

func best(in []*jumper, round int) int {
	most := 0
	for _, j := range in {
		most = max(most, j.worth(round))
	}
	return most
}

// countback is the comparison before any jump-off; b may be nil.
func countback(a, b *jumper) int {
	if b == nil {
		return 1
	}
	return cmp.Or(cmp.Compare(b.height, a.height), cmp.Compare(a.failures, b.failures), cmp.Compare(a.total, b.total))
}

// sheet prints the rounds of a jump-off: XO. Who took no part has –.
func sheet(trials []trial) string {
	if len(trials) == 0 {
		return "–"
	}
	var b strings.Builder
	for _, t := range trials {
		b.WriteString(t.String())
	}
	return b.String()
}
