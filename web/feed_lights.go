package web

import (
	"context"
	"strconv"
	"strings"

	"tongchang/events/pads"
	"tongchang/scoring"
)

// The topic lights/{unit}: the decision lights of powerlifting, which come on
// together.

// lightsTopic is the topic of a unit's lights, which follow the unit.
const lightsTopic = "lights/"

// lightsBy is the topic of lights that follow a touched topic; empty: none does.
func lightsBy(touched string) string {
	unit, ok := strings.CutPrefix(touched, "unit/")
	if !ok {
		return ""
	}
	return lightsTopic + unit
}

// lights is the topic lights/{id}.
func (b *builder) lights(ctx context.Context, id int64) (LightsState, error) {
	u, p, e, err := b.unitParts(id)
	if err != nil {
		return LightsState{}, err
	}
	sheet, err := b.store.Sheet(ctx, p.ID, u.ID)
	if err != nil {
		return LightsState{}, err
	}
	line, at, err := sheet.Lights(*u)
	if err != nil {
		return LightsState{}, err
	}
	status := statusCode(u)
	s := LightsState{Title: b.t.Join(b.eventName(e), b.phaseOf(u, p)), Status: status, StatusText: b.t.Status(status), Verdict: b.t.T("lights.waiting"),
		Lights: []Light{}, Updated: b.now()}
	if line == nil {
		s.Verdict = b.t.T("lights.first")
		return s, nil
	}
	s.Key = line.ID() + "/" + at.Group
	s.Name, s.Delegation, s.Class = line.Name(), b.pick(line.Delegation, line.DelegationEn), line.Class
	s.Attempt = b.t.T("lights.attempt", at.Number)
	if at.Weight > 0 {
		s.Weight = scoring.Grams.Format(at.Weight, 1)
	}
	for i := range at.Referees {
		s.Lights = append(s.Lights, b.light(at, i))
	}
	if at.White != nil {
		s.Verdict = b.verdict(at)
		s.Good, s.Bad = at.Good, !at.Good
		s.Sentence = b.t.T("lights.sentence", s.Name, s.Attempt, s.Weight, s.Verdict)
	}
	return s, nil
}

// light is a referee's light: lit for nobody before it is for all.
func (b *builder) light(at pads.Lights, i int) Light {
	l := Light{Referee: strconv.Itoa(i + 1), Who: b.t.T("lights.referee", i+1), Word: b.t.T("lights.dark")}
	if at.White == nil {
		return l
	}
	l.White, l.Red, l.Word = at.White[i], !at.White[i], b.t.T("lights.red")
	if l.White {
		l.Word = b.t.T("lights.white")
	}
	return l
}

// verdict says the decision: two to one, good lift.
func (b *builder) verdict(at pads.Lights) string {
	white := 0
	for _, w := range at.White {
		if w {
			white++
		}
	}
	word := "lights.no"
	if at.Good {
		word = "lights.good"
	}
	if at.Jury != "" {
		return b.t.T("lights.jury", b.t.T(word))
	}
	return b.t.T("lights.verdict", white, at.Referees-white, b.t.T(word))
}
