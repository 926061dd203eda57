package lenex

// Who belongs to which group of an event, and how a meet's groups are ranked.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/scoring"
	"tongchang/scoring/timed"
)

// AgeOn is the age in years that counts at the meet: by the year of birth alone
// (YEAR, also where the file does not say) or as completed on the day (DATE).
// It is -1 where a date is missing.
func AgeOn(birth time.Time, at AgeDate) int {
	if birth.IsZero() || at.Value.IsZero() {
		return -1
	}
	years := at.Value.Year() - birth.Year()
	if at.Type == "DATE" && (at.Value.Month() < birth.Month() || at.Value.Month() == birth.Month() && at.Value.Day() < birth.Day()) {
		years--
	}
	return years
}

// ClassGroup is the prefix of the sport classes that swim a stroke: S for free,
// back and fly, SB for breast, SM for medley; empty for other strokes. SB is
// never derived from S: a swimmer may have S8 and SB7 (World Para Swimming
// classification rules).
func ClassGroup(stroke string) string {
	switch stroke {
	case "FREE", "BACK", "FLY":
		return "S"
	case "BREAST":
		return "SB"
	case "MEDLEY", "IMRELAY":
		return "SM"
	}
	return ""
}

// ClassFor is the swimmer's class number in the class group of a stroke, "9",
// or empty where there is none.
func ClassFor(stroke string, h Handicap) string {
	switch ClassGroup(stroke) {
	case "S":
		return h.Free
	case "SB":
		return h.Breast
	case "SM":
		return h.Medley
	}
	return ""
}

// SportClass is the class with its prefix, "SB9", or empty.
func SportClass(stroke string, h Handicap) string {
	if n := ClassFor(stroke, h); n != "" {
		return ClassGroup(stroke) + n
	}
	return ""
}

// InGroup reports whether an athlete belongs to a group of an event by gender,
// age and class.
func InGroup(a *Athlete, e *Event, g *AgeGroup, at AgeDate) bool {
	if g.Gender != "" && g.Gender != "A" && g.Gender != a.Gender {
		return false
	}
	if g.AgeMin >= 0 || g.AgeMax >= 0 {
		age := AgeOn(a.Birthdate, at)
		if age < 0 || age < g.AgeMin || (g.AgeMax >= 0 && age > g.AgeMax) {
			return false
		}
	}
	return len(g.Handicap) == 0 || slices.Contains(g.Handicap, ClassFor(e.Style.Stroke, a.Handicap))
}

// RelayInGroup reports whether a team belongs to a group: gender, the ages that
// the team was entered for, and the sum of its classes.
func RelayInGroup(t *Relay, g *AgeGroup) bool {
	if g.Gender != "" && g.Gender != "A" && g.Gender != t.Gender {
		return false
	}
	low, high := t.AgeMin, t.AgeMax
	if g.Calculate == "TOTAL" {
		low, high = t.AgeTotalMin, t.AgeTotalMax
	}
	if low < g.AgeMin || (g.AgeMax >= 0 && (high < 0 || high > g.AgeMax)) {
		return false
	}
	return len(g.Handicap) == 0 || slices.Contains(g.Handicap, strings.TrimPrefix(t.Handicap, "S"))
}

// final is the letter, A to Z, of the final that a heat is within the group's own
// ranking; finals are ranked one after the other. Empty where there is none.
func final(g *AgeGroup, h *Heat) string {
	if h == nil || h.AgeGroupID != g.ID || len(h.Final) != 1 || h.Final < "A" || h.Final > "Z" {
		return ""
	}
	return h.Final
}

// InRanking reports whether a result stands in the published ranking of a group:
//
//   - exhibition swims, rejected entries and starts that were neither swum nor
//     explained (reserves) do not;
//   - a final that belongs to a group ranks whoever swims in it, and members of
//     another group only when they swam in the A final: a junior in the open A
//     final is ranked with the juniors, one in the B final is not;
//   - everything else is decided by [InGroup].
func InRanking(s Start, e *Event, g *AgeGroup, heat *Heat, at AgeDate) bool {
	irm := IRM(s.Result.Status)
	if irm == scoring.EXH || irm == scoring.RJC || (irm == "" && s.Result.Time == nil) {
		return false
	}
	if e.Round == Final && heat != nil && heat.AgeGroupID != 0 {
		if heat.AgeGroupID == g.ID {
			return true
		}
		if heat.Final != "A" {
			return false
		}
	}
	if s.Relay != nil {
		return RelayInGroup(s.Relay, g)
	}
	return InGroup(s.Athlete, e, g, at)
}

// RankingLine is a result as a line of package timed, with its ID.
func RankingLine(s Start, e *Event, g *AgeGroup, heat *Heat) timed.Line {
	l := timed.Line{
		ID: strconv.Itoa(s.Result.ID), Mark: s.Result.Time, Points: s.Result.Points,
		IRM: IRM(s.Result.Status), Rule: s.Result.Comment, Reaction: s.Result.Reaction,
	}
	if s.Athlete != nil {
		l.Class = SportClass(e.Style.Stroke, s.Athlete.Handicap)
	}
	if letter := final(g, heat); letter != "" {
		l.Final = int(letter[0]-'A') + 1
	}
	if l.IRM != scoring.DSQ {
		l.Rule = ""
	}
	return l
}

// RulesFor says how a group is ranked: groups of several classes by the points
// of the meet's table, all others by time (hundredths, ties share).
func RulesFor(g *AgeGroup) timed.Rules {
	if len(g.Handicap) > 1 {
		return timed.Rules{By: "points"}
	}
	return timed.Rules{}
}

// Rank ranks a group of an event from the results in the file. A meet without a
// points table ranks its class groups by time.
func (m *Meet) Rank(e *Event, g *AgeGroup) ([]scoring.Ranked, error) {
	heats := m.heats()
	var lines []timed.Line
	for s := range m.Results() {
		if s.Result.EventID != e.ID {
			continue
		}
		h := heats[s.Result.HeatID]
		if InRanking(s, e, g, h, m.AgeDate) {
			lines = append(lines, RankingLine(s, e, g, h))
		}
	}
	rules := RulesFor(g)
	if m.PointTable == "" {
		rules.By = ""
	}
	ranked, err := timed.Rank(rules, lines)
	if err != nil {
		return nil, fmt.Errorf("event %d, group %d: %w", e.ID, g.ID, err)
	}
	return ranked, nil
}

// heats finds heats by their ID.
func (m *Meet) heats() map[int]*Heat {
	all := map[int]*Heat{}
	for _, e := range m.Events() {
		for i := range e.Heats {
			all[e.Heats[i].ID] = &e.Heats[i]
		}
	}
	return all
}
