package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tongchang/events"
	"tongchang/events/lenex"
	"tongchang/scoring/advance"
)

// DrawSummary holds drawn places against recorded ones.
type DrawSummary struct {
	Drawn  int // starts placed by a draw
	Differ int // placed otherwise than recorded
	Equal  int // of those: with the same seed as somebody else, so that lots decide
}

// place is a heat by code, and a lane.
type place struct {
	heat string
	lane int
}

// recordedPlaces are where everybody started, by phase and swimmer.
func recordedPlaces(m *lenex.Meet) map[string]place {
	all := map[string]place{}
	for s := range m.Results() {
		if s.Result.HeatID != 0 {
			all[swimKey(s)] = place{strconv.Itoa(s.Result.HeatID), s.Result.Lane}
		}
	}
	return all
}

// load sets the recorded start list of every unit that has not begun, unless a
// draw has filled it. What stands there already is written over with the same.
func (p *Player) load(ctx context.Context) error {
	byUnit := map[string][]events.Place{}
	for key, at := range recordedPlaces(p.meet) {
		l, known := p.plan.starts[key]
		if known && l.Out == "" {
			byUnit[at.heat] = append(byUnit[at.heat], events.Place{Start: l.Start, Lane: &at.lane})
		}
	}
	var units []Unit
	for _, u := range p.plan.units {
		if u.ResultStatus == events.StartListStatus && byUnit[u.Code] != nil && !p.plan.drawn[u.ID] {
			units = append(units, u)
		}
	}
	slices.SortFunc(units, func(a, b Unit) int { return int(a.ID - b.ID) })
	return each(ctx, p, units, func(ctx context.Context, u Unit) error {
		lines := byUnit[u.Code]
		slices.SortFunc(lines, func(a, b events.Place) int { return *a.Lane - *b.Lane })
		_, err := p.client.Must(ctx, "/start-lists", by("robot start list"), events.SetStartList{Unit: u.ID, Lines: lines})
		return err
	})
}

// draw seeds every round whose heats follow from entry times: preliminaries and
// timed finals, as World Aquatics SW 3.1 does. Rounds whose swimmers were
// recorded in heats of other rounds, and finals, keep their recorded lists.
func (p *Player) draw(ctx context.Context) error {
	lanes := advance.Lanes{}
	for lane := p.meet.Pool.LaneMin; lane <= p.meet.Pool.LaneMax; lane++ {
		lanes.Numbers = append(lanes.Numbers, lane)
	}
	places := recordedPlaces(p.meet)
	p.plan.drawn = map[int64]bool{}
	for _, e := range p.meet.Events() {
		ph, known := p.plan.phases[strconv.Itoa(e.ID)]
		if !known || !seeded(e) || !p.within(ph, places) {
			continue
		}
		s := advance.Seeding{Lanes: lanes, Circle: 3, Min: 3}
		if e.Style.Distance >= 400 {
			s.Circle = 2
		}
		a, err := p.client.Must(ctx, "/draws", by("robot draw"), events.DrawPhase{Phase: ph.ID, Seeding: s})
		var refused *Refused
		if errors.As(err, &refused) && refused.Problem == "too-few-units" {
			continue // seeded by another rule than ours: as recorded
		}
		if err != nil {
			return fmt.Errorf("draw event %d: %w", e.ID, err)
		}
		if err := p.compareDraw(ph, a, places); err != nil {
			return err
		}
		for _, u := range ph.Units {
			p.plan.drawn[u.ID] = true
		}
	}
	return nil
}

// seeded reports whether entry times decide a round's heats.
func seeded(e *lenex.Event) bool {
	return e.Round == lenex.Prelim || e.Round == lenex.TimedFinal
}

// within reports whether everybody of a phase was recorded in its own heats,
// and nothing of it has begun.
func (p *Player) within(ph Phase, places map[string]place) bool {
	for _, u := range ph.Units {
		if u.ResultStatus != events.StartListStatus {
			return false
		}
	}
	inside := 0
	for key, l := range p.plan.starts {
		if l.Phase != ph.Code || l.Out != "" {
			continue
		}
		at, ok := places[key]
		if ok && !slices.ContainsFunc(ph.Units, func(u Unit) bool { return u.Code == at.heat }) {
			return false
		}
		inside++
	}
	return inside > 0
}

// compareDraw counts how a draw differs from what was recorded.
func (p *Player) compareDraw(ph Phase, a *Answer, places map[string]place) error {
	var drawn events.Drawn
	if err := decode(a.Outcome, &drawn); err != nil {
		return err
	}
	codes, seeds := map[int64]string{}, map[string]int{}
	for _, u := range ph.Units {
		codes[u.ID] = u.Code
	}
	entered := entryTimes(p.meet)
	keys := map[int64]string{}
	for key, l := range p.plan.starts {
		if l.Phase == ph.Code && l.Out == "" {
			keys[l.Start] = key
			seeds[entered[key]]++
		}
	}
	for _, d := range drawn.Starts {
		p.summary.Drawn.Drawn++
		key := keys[d.Start]
		if places[key] == (place{codes[d.Unit], d.Lane}) {
			continue
		}
		p.summary.Drawn.Differ++
		if seeds[entered[key]] > 1 {
			p.summary.Drawn.Equal++
		}
	}
	return nil
}

// entryTimes are what everybody was seeded by, as text; empty without a time.
func entryTimes(m *lenex.Meet) map[string]string {
	all := map[string]string{}
	for s := range m.Results() {
		if s.Result.EntryTime != nil {
			all[swimKey(s)] = strconv.FormatInt(int64(*s.Result.EntryTime), 10)
		}
	}
	return all
}
