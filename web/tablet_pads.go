package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
	"tongchang/events/pads"
)

// tabletPads turns units into what a tablet shows of them.
type tabletPads struct {
	b     *builder
	has   map[int64]needs.Accommodation // by participant
	place string                        // whose cells the seat writes; empty: all
}

// mostUnits bounds what one tablet is told: a long day in one discipline.
const mostUnits = 300

// toDo are the units of a judge's day: those of the day that is on, and those of
// other days that are being contested. reached narrows them to a seat's; nil
// does not.
func (p *tabletPads) toDo(who access.Who, reached map[int64]bool) (units []int64) {
	b := p.b
	day := b.day()
	for i := range b.programme.Units {
		u := &b.programme.Units[i]
		session := b.programme.Session(u.SessionID)
		today := session == nil || session.Day == day
		if u.Status == events.Cancelled || b.programme.Starters[u.ID] == 0 || !b.mayMark(who, u) || reached != nil && !reached[u.ID] || !today && u.ResultStatus != events.Live {
			continue
		}
		if units = append(units, u.ID); len(units) == mostUnits {
			break
		}
	}
	return units
}

// orders are the kinds in which a hall does not write line by line.
var orders = map[string]string{"series": "group", "vertical": "group", "lifts": "group", "marking": "work", "panel": "work"}

// unit is a unit with what its judge may see of what stands in it.
func (p *tabletPads) unit(ctx context.Context, who access.Who, id int64) (TabletUnit, error) {
	b := p.b
	cells, err := b.store.Cells(ctx, who, b.c.Code, id)
	if err != nil {
		return TabletUnit{}, err
	}
	u, sheet, pad := &cells.Unit, cells.Sheet, cells.Pad
	phase := b.programme.Phase(u.PhaseID)
	event := b.programme.Event(phase.EventID)
	status := statusCode(u)
	t := TabletUnit{ID: u.ID, Title: b.t.Join(b.eventName(event), b.phaseOf(u, phase)), When: b.hour(u.Start), Venue: u.Venue, Status: status, StatusText: b.t.Status(status),
		Closed: u.ResultStatus == events.Official, Kind: pad.Kind, Order: cmp.Or(orders[pad.Kind], "line"), Measure: string(u.Measure), Cells: p.cells(pad.Cells), Rows: []TabletRow{}}
	if len(pad.Cells) > 0 {
		for i := range sheet.Lines {
			t.Rows = append(t.Rows, p.line(cells, &sheet.Lines[i]))
		}
	}
	for i := range pad.Matches {
		if row, ok := p.match(cells, &pad.Matches[i]); ok {
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// canBeWritten reports whether there is anything to write but why somebody has
// no result: a knock-out has nothing before it is known who meets whom.
func (t *TabletUnit) canBeWritten() bool {
	input := func(c TabletCell) bool { return c.Input != string(pads.Reason) }
	return slices.ContainsFunc(t.Rows, func(r TabletRow) bool {
		return slices.ContainsFunc(t.Cells, input) || slices.ContainsFunc(r.Cells, input)
	})
}

// line is one start. A work of a skills contest is known by its number alone.
func (p *tabletPads) line(c *events.UnitCells, l *events.Line) TabletRow {
	b := p.b
	r := TabletRow{Key: l.ID(), Start: l.StartID, Lane: l.LaneText(), Name: l.FullName(), About: b.t.Join(b.pick(l.Delegation, l.DelegationEn), l.Class, l.Bib),
		Has: b.t.accommodation(p.has[l.ParticipantID]), Stand: tabletStanding(c, l)}
	if c.Pad.Kind == "marking" {
		r.Name, r.About = b.t.T("tablet.work", workNumber(l)), ""
	}
	if l.OutIRM != "" {
		r.Out = b.t.IRM(l.OutIRM, "")
	}
	return r
}

// workNumber is what a work is called where nobody is to know whose it is.
func workNumber(l *events.Line) string {
	if l.Lane != nil {
		return fmt.Sprintf("%02d", *l.Lane)
	}
	return l.ID()
}

// match is a meeting of two lines, written with the start of the first.
func (p *tabletPads) match(c *events.UnitCells, m *pads.Match) (TabletRow, bool) {
	a, z := c.Sheet.Line(m.A), c.Sheet.Line(m.B)
	if a == nil || z == nil {
		return TabletRow{}, false // who meets whom is not known yet
	}
	r := TabletRow{Key: m.A + "/" + m.ID, Start: a.StartID, Name: a.FullName() + " — " + z.FullName(), Sides: []string{a.FullName(), z.FullName()},
		About: p.b.t.Join(p.b.pick(a.Delegation, a.DelegationEn), p.b.pick(z.Delegation, z.DelegationEn)), Cells: p.cells(m.Cells), Stand: tabletStanding(c, a)}
	if m.Round > 0 {
		r.Lane = strconv.Itoa(m.Round)
	}
	return r, true
}

// tabletStanding is what stands in a line's cells. Of what other judges have given and
// nobody may see yet, only that it is there.
func tabletStanding(c *events.UnitCells, l *events.Line) map[string]TabletStanding {
	stand := map[string]TabletStanding{}
	for name, mark := range c.Cells[l.StartID] {
		if cell, ok := c.Pad.Cell(l.ID(), name); ok {
			stand[name] = TabletStanding{Text: cell.Text(mark.Value()), Revision: mark.Revision, By: mark.By}
		}
	}
	for name, h := range c.Hidden[l.StartID] {
		stand[name] = TabletStanding{Hidden: true, Revision: h.Revision}
	}
	return stand
}

func (p *tabletPads) cells(cells []pads.Cell) []TabletCell {
	out := make([]TabletCell, 0, len(cells))
	for i := range cells {
		c := &cells[i]
		if p.place != "" && c.Place != "" && c.Place != p.place {
			continue
		}
		cell := TabletCell{Name: c.Name, Label: p.said(c.Words), Group: c.Group, Input: string(c.Input), Measure: string(c.Measure), Min: c.Min, Max: c.Max, Step: c.Step,
			Blind: c.Blind, Running: c.Running, Optional: c.Optional}
		for j, choice := range c.Choices {
			cell.Choices = append(cell.Choices, p.choice(c, j, choice))
		}
		for _, irm := range c.Reasons {
			cell.Reasons = append(cell.Reasons, TabletOption{Value: string(irm), Label: p.b.t.IRM(irm, "")})
		}
		out = append(out, cell)
	}
	return out
}

func (p *tabletPads) choice(c *pads.Cell, i int, choice string) TabletOption {
	o := TabletOption{Value: choice, Label: choice}
	if key := c.ChoiceWord(choice); key != "" {
		o.Label = p.b.t.T(key)
	}
	if i < len(c.Levels) && c.Levels[i] != "" {
		o.Label, o.Detail = p.b.t.T("tablet.level-"+choice), c.Levels[i]
	}
	return o
}

// said puts a key and its arguments into a sentence.
func (p *tabletPads) said(words []string) string {
	if len(words) == 0 {
		return ""
	}
	args := make([]any, len(words)-1)
	for i, w := range words[1:] {
		args[i] = w
	}
	return p.b.t.T(words[0], args...)
}
