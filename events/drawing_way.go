// How an event is usually drawn: the kind of draw, its rules and the rounds that
// it makes, by the kind of scoring that the sport's data name. Whoever draws may
// say it otherwise.
package events

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"tongchang/events/draw"
	"tongchang/scoring"
	"tongchang/scoring/advance"
	"tongchang/scoring/kinds"
	"tongchang/scoring/packs"
)

// way is how an event is drawn and ranked.
type way struct {
	plan    draw.Plan
	ruleset kinds.Ruleset
	measure scoring.Measure
	final   bool // after more than one unit the best meet in a final
}

// trackLanes is how many lanes tracks and pools usually have. Where a venue has
// others, the plan is given with the draw.
const trackLanes = 8

// sportRules are the rules of kinds that ask for a sport.
var sportRules = map[string]map[string]any{
	"TT": {"sport": "table-tennis"}, "BD": {"sport": "badminton"}, "BC": {"sport": "boccia"}, "GB": {"sport": "goalball"}, "DB": {"sport": "basketball"},
	"WB": {"sport": "basketball"}, "SV": {"sport": "sitting-volleyball"}, "DA": {"sport": "darts"}, "FC": {"sport": "wheelchair-curling"},
	"WC": {"sport": "wheelchair-curling"}, "XQ": {"sport": "xiangqi"}, "AR": {"sport": "archery", "hits": 72}, "SH": {"sport": "shooting", "hits": 60},
	"XC": {"runs": 1}, "AS": {"runs": 2},
}

// contestTypes are the event types of the built-in data by sport.
var contestTypes = sync.OnceValue(func() map[string][]packs.EventType {
	of := map[string][]packs.EventType{}
	p, err := packs.Builtin()
	if err != nil { // a test of package packs finds it first
		panic(err)
	}
	for _, t := range p.EventTypes {
		of[t.Discipline] = append(of[t.Discipline], t)
	}
	return of
})

// typeOf finds what is contested in an event, by its type or by its name; the
// sport's first where neither is known.
func typeOf(sport string, e *Event) packs.EventType {
	all := contestTypes()[sport]
	best := packs.EventType{Discipline: sport, Code: e.Type, Kind: "timed", Measure: scoring.Milliseconds}
	if len(all) > 0 {
		best = all[0]
	}
	length := 0
	for _, t := range all {
		if t.Code == e.Type || t.Chinese == e.Type {
			return t
		}
		if strings.Contains(e.Type, t.Chinese) && len(t.Chinese) > length {
			best, length = t, len(t.Chinese)
		}
	}
	return best
}

// wayOf is the usual way of an event with so many entries.
func wayOf(sport string, e *Event, n int) way {
	t := typeOf(sport, e)
	w := way{measure: t.Measure, ruleset: kinds.Ruleset{Name: strings.TrimSpace(sport + " " + t.English), Version: "usual", Kind: t.Kind}}
	if rules := rulesOf(sport, t.Kind, e); rules != nil {
		w.ruleset.Rules, _ = json.Marshal(rules) // texts and numbers: cannot fail
	}
	switch {
	case t.Kind == "timed" && inLanes(sport, t.Code):
		lanes := make([]int, trackLanes)
		for i := range lanes {
			lanes[i] = i + 1
		}
		rules := &draw.HeatRules{Seeding: advance.Seeding{Lanes: advance.Lanes{Numbers: lanes}, Even: sport == "AT"}}
		if sport == "SW" {
			rules.Seeding.Circle, rules.Seeding.Min = 3, 3
		}
		if sport == "AT" {
			rules.Zigzag, rules.Separate = true, true
		}
		w.plan.Kind, w.plan.Heats, w.final = draw.Heats, rules, true
	case t.Kind == "pool":
		rules := &draw.GroupRules{Size: 5, Separate: true}
		if n <= 5 {
			rules = &draw.GroupRules{Groups: 1}
		}
		w.plan.Kind, w.plan.Groups, w.final = draw.Groups, rules, true
	case t.Kind == "lifts" || t.Kind == "swiss":
		w.plan.Kind, w.plan.Lots = draw.Lots, &draw.LotRules{First: 1}
	default:
		w.plan.Kind, w.plan.Order = draw.Order, &draw.OrderRules{By: draw.ByLot}
	}
	w.plan.HighBest = t.Measure != scoring.Milliseconds
	return w
}

func rulesOf(sport, kind string, e *Event) map[string]any {
	switch {
	case kind == "lifts":
		return map[string]any{"season": "wppo-2013", "sex": e.Sex}
	case kind == "pool" || kind == "swiss" || kind == "target" || kind == "factored":
		return sportRules[sport]
	}
	return nil
}

// inLanes reports whether an event is run or swum in lanes: all swimming, and
// the track up to 400 m.
func inLanes(sport, code string) bool {
	return sport == "SW" || sport == "AT" && slices.Contains([]string{"100", "200", "400", "4x100", "4x400"}, code)
}

// phase gives the phase that a draw fills, with as many units as it needs: the
// event's first where it has one, else a new one, with a final behind it where
// the draw makes more than one unit.
func (d *drawer) phase(e *Event, w *way, kind draw.Kind, drawn *draw.Result) (int64, error) {
	need := 1
	if kind == draw.Heats || kind == draw.Groups {
		for _, p := range drawn.Places {
			need = max(need, p.Part)
		}
	}
	var phases []Phase
	if err := d.ch.Tx.NewSelect().Model(&phases).Where("event_id = ?", e.ID).Order("position").Scan(d.ctx); err != nil {
		return 0, fmt.Errorf("load phases of event %d: %w", e.ID, err)
	}
	if len(phases) == 0 {
		rules, err := json.Marshal(w.ruleset)
		if err != nil {
			return 0, err
		}
		round := func(position int, code, word string, decides bool) Phase {
			return Phase{CompetitionID: d.ch.Competition.ID, EventID: e.ID, Code: e.Code + "-" + code, Kind: word, Position: position, Decides: decides, Ruleset: string(rules)}
		}
		if need > 1 && w.final {
			phases = []Phase{round(1, "PRE", "PRE", false), round(2, "FIN", "FIN", true)}
		} else {
			phases = []Phase{round(1, "FIN", "FIN", true)}
		}
		if _, err := d.ch.Tx.NewInsert().Model(&phases).Exec(d.ctx); err != nil {
			return 0, fmt.Errorf("make phases of event %d: %w", e.ID, err)
		}
		if len(phases) > 1 {
			if err := d.units(&phases[1], w, 1); err != nil {
				return 0, err
			}
		}
	}
	return phases[0].ID, d.units(&phases[0], w, need)
}

// units makes the units that a phase lacks.
func (d *drawer) units(p *Phase, w *way, need int) error {
	var there []Unit
	if err := d.ch.Tx.NewSelect().Model(&there).Where("phase_id = ?", p.ID).Order("number").Scan(d.ctx); err != nil {
		return fmt.Errorf("load units of phase %d: %w", p.ID, err)
	}
	var made []Unit
	for n := len(there) + 1; n <= need; n++ {
		made = append(made, Unit{CompetitionID: p.CompetitionID, PhaseID: p.ID, Code: fmt.Sprint(p.Code, "-", n), Number: n, Measure: w.measure,
			Status: Scheduled, ResultStatus: StartListStatus})
	}
	if len(made) == 0 {
		return nil
	}
	if _, err := d.ch.Tx.NewInsert().Model(&made).Exec(d.ctx); err != nil {
		return fmt.Errorf("make units of phase %d: %w", p.ID, err)
	}
	return nil
}
