package rehearsal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tongchang/events"
	"tongchang/events/lenex"
	"tongchang/scoring"
)

// What the server says of the competition, as far as the player needs it.

// Event is a medal contest of the programme.
type Event struct {
	ID     int64   `json:"id"`
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	NameEn string  `json:"name_en"`
	Phases []Phase `json:"phases"`
}

// Phase is a round of an event.
type Phase struct {
	ID    int64  `json:"id"`
	Code  string `json:"code"`
	Kind  string `json:"kind"`
	Units []Unit `json:"units"`
}

// Unit is a heat.
type Unit struct {
	ID           int64               `json:"id"`
	Code         string              `json:"code"`
	Number       int                 `json:"number"`
	Label        string              `json:"label"`
	Session      int                 `json:"session"`
	ResultStatus events.ResultStatus `json:"result_status"`
	Version      int64               `json:"version"`
	Start        *time.Time          `json:"start"`
}

// Line is a start.
type Line struct {
	Start    int64       `json:"start"`
	Unit     int64       `json:"unit"`
	Bib      string      `json:"bib"`
	Phase    string      `json:"phase"`
	Lane     *int        `json:"lane"`
	Name     string      `json:"name"`
	Out      scoring.IRM `json:"out"`
	Text     string      `json:"text"`
	Revision int64       `json:"revision"`
}

// swim is a start with what was recorded of it; nil where nothing was.
type swim struct {
	Line
	result *lenex.Result
}

// plan lays the recorded meet beside the server's programme.
type plan struct {
	events []Event
	phases map[string]Phase  // by code
	units  map[string]Unit   // by code
	of     map[int64]Event   // by unit
	swims  map[int64][]swim  // by unit
	starts map[string]Line   // by phase code and bib or team
	lines  map[string]string // start → bib
	drawn  map[int64]bool    // units that a draw has filled
	meet   *lenex.Meet
}

// learn reads the programme and every phase's lines.
func (p *Player) learn(ctx context.Context) (*plan, error) {
	pl := &plan{phases: map[string]Phase{}, units: map[string]Unit{}, of: map[int64]Event{}, swims: map[int64][]swim{},
		starts: map[string]Line{}, lines: map[string]string{}, meet: p.meet}
	var programme struct {
		Events []Event `json:"events"`
	}
	if err := p.client.Get(ctx, "/api/programme", &programme); err != nil {
		return nil, err
	}
	pl.events = programme.Events
	var phases []Phase
	for _, e := range pl.events {
		for _, ph := range e.Phases {
			phases, pl.phases[ph.Code] = append(phases, ph), ph
			for _, u := range ph.Units {
				pl.units[u.Code], pl.of[u.ID] = u, e
			}
		}
	}
	recorded := recordedSwims(p.meet)
	err := each(ctx, p, phases, func(ctx context.Context, ph Phase) error {
		var answer struct {
			Lines []Line `json:"lines"`
		}
		if err := p.client.Get(ctx, fmt.Sprintf("/api/phases/%d", ph.ID), &answer); err != nil {
			return err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, l := range answer.Lines {
			key := l.Phase + " " + cmp.Or(l.Bib, l.Name)
			pl.starts[key], pl.lines[strconv.FormatInt(l.Start, 10)] = l, l.Bib
			pl.swims[l.Unit] = append(pl.swims[l.Unit], swim{l, recorded[key]})
		}
		return nil
	})
	return pl, err
}

// recordedSwims finds the results of a meet by event and swimmer, or team.
func recordedSwims(m *lenex.Meet) map[string]*lenex.Result {
	all := map[string]*lenex.Result{}
	for s := range m.Results() {
		all[swimKey(s)] = s.Result
	}
	return all
}

// swimKey names a start as [Line] does: by phase, and bib or team.
func swimKey(s lenex.Start) string {
	who := ""
	if s.Relay != nil {
		who = cmp.Or(s.Relay.Name, fmt.Sprintf("%s %d", s.Club.Name, s.Relay.Number))
	} else {
		who = strconv.Itoa(s.Athlete.ID)
	}
	return strconv.Itoa(s.Result.EventID) + " " + who
}

// order lists the units as they are contested: by their start, those without
// one by session and as they stand in the programme.
func (pl *plan) order() []Unit {
	var all []Unit
	for _, e := range pl.events {
		for _, ph := range e.Phases {
			all = append(all, ph.Units...)
		}
	}
	at := func(u Unit) time.Time {
		if u.Start == nil {
			return time.Time{}
		}
		return *u.Start
	}
	slices.SortStableFunc(all, func(a, b Unit) int {
		return cmp.Or(at(a).Compare(at(b)), cmp.Compare(a.Session, b.Session))
	})
	return all
}

// recordedHeats are the meet's heats by code.
func recordedHeats(m *lenex.Meet) map[string]lenex.Heat {
	all := map[string]lenex.Heat{}
	for _, e := range m.Events() {
		for _, h := range e.Heats {
			all[strconv.Itoa(h.ID)] = h
		}
	}
	return all
}
