package duel

import (
	"maps"
	"slices"

	"tongchang/scoring"
)

// formats are what the sports play where a regulation says nothing else. They
// are data: a regulation may give any [Format] of its own. Where a source says
// "default" the number is usual but was not found in a rule book.
var formats = map[string]Format{
	"table-tennis": {Unit: "game", By: ByParts, Parts: 5, Part: Part{To: 11, By: 2}, Filled: true,
		Source: "ITTF Laws 2.11, 2.12"},
	"table-tennis-team": {Unit: "single", By: ByParts, Parts: 3, Filled: true,
		Single: &Format{Name: "table-tennis", Unit: "game", By: ByParts, Parts: 5, Part: Part{To: 11, By: 2}, Filled: true, Source: "ITTF Laws 2.11, 2.12"},
		Source: "default: one doubles and two singles, first to two"},
	"badminton": {Unit: "game", By: ByParts, Parts: 3, Part: Part{To: 21, By: 2, Cap: 30}, Filled: true,
		Source: "BWF Laws 7"},
	"sitting-volleyball": {Unit: "set", By: ByParts, Parts: 5, Part: Part{To: 25, By: 2}, Last: &Part{To: 15, By: 2}, Filled: true,
		Source: "World ParaVolley: best of five, 25, the fifth 15, by two"},
	"boccia": {Unit: "end", By: ByTotal, Parts: 4, Part: Part{Max: 7}, Award: 6, Extra: &Extra{Unit: "tie-break", Apart: true},
		Source: "boccia: four ends, then tie-break ends; six balls, one more as a penalty by default"},
	"boccia-team": {Unit: "end", By: ByTotal, Parts: 6, Part: Part{Max: 7}, Award: 6, Extra: &Extra{Unit: "tie-break", Apart: true},
		Source: "boccia: six ends, then tie-break ends; six balls, one more as a penalty by default"},
	"goalball": {Unit: "half", By: ByTotal, Parts: 2, Draw: true, Mercy: 10, Award: 10,
		Source: "IBSA goalball: two halves, over at ten goals' lead, forfeit 10–0"},
	"goalball-final": {Unit: "half", By: ByTotal, Parts: 2, Mercy: 10, Award: 10, Extra: &Extra{Unit: "overtime", Most: 2, Golden: true}, Shootout: true,
		Source: "IBSA goalball: golden goal in two overtimes, then extra throws"},
	"wheelchair-curling": {Unit: "end", By: ByTotal, Parts: 8, Part: Part{Max: 8, One: true}, Extra: &Extra{Unit: "extra-end"},
		Source: "World Curling: eight ends, extra end when level"},
	"floor-curling": {Unit: "end", By: ByTotal, Parts: 6, Part: Part{Max: 8, One: true}, Extra: &Extra{Unit: "extra-end"},
		Source: "default: six ends, extra end when level"},
	"basketball": {Unit: "period", By: ByTotal, Parts: 4, Award: 20, Extra: &Extra{Unit: "overtime"},
		Source: "FIBA, IWBF: four periods, overtimes until decided, forfeit 20–0"},
	"football": {Unit: "half", By: ByTotal, Parts: 2, Draw: true, Award: 3, Source: "IBSA football: two halves; forfeit 3–0 by default"},
	"darts":    {Unit: "leg", By: ByParts, Parts: 5, Part: Part{To: 1, By: 1}, Source: "default: best of five legs"},
	"darts-sets": {Unit: "set", By: ByParts, Parts: 3, Part: Part{To: 3, By: 1},
		Source: "default: best of three sets, a set is three legs"},
	"chess":   {Unit: "board", By: ByTotal, Parts: 1, Part: Part{Sum: 2}, Draw: true, Award: 2, Source: "FIDE Laws 10: win 1, draw ½"},
	"xiangqi": {Unit: "board", By: ByTotal, Parts: 1, Part: Part{Sum: 2}, Draw: true, Award: 2, Source: "中国象棋竞赛规则: win 2, draw 1"},
	"archery-recurve": {Unit: "set", By: BySetPoints, Parts: 5, To: 6, Part: Part{Max: 30}, Shootout: true,
		Source: "World Archery: sets of three arrows, first to six set points, one-arrow shoot-off"},
	"archery-compound": {Unit: "end", By: ByTotal, Parts: 5, Part: Part{Max: 30}, Shootout: true,
		Source: "World Archery: fifteen arrows, compound and W1, one-arrow shoot-off"},
}

// Named is the usual format of a sport.
func Named(name string) (Format, error) {
	f, ok := formats[name]
	if !ok {
		return Format{}, &scoring.Invalid{Field: "format", Problem: "unknown-format", With: append([]string{name}, Names()...)}
	}
	f.Name = name
	return f, nil
}

// Names lists the formats, in order.
func Names() []string { return slices.Sorted(maps.Keys(formats)) }
