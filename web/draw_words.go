// How a draw is said: who stands where and why, what was changed by hand, what
// does not agree.
package web

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/draw"
	"tongchang/scoring"
)

// drawTeller says one event's draw. The document knows entries by number; their
// names are those that start lists show.
type drawTeller struct {
	*view
	event *events.Event
	row   *events.EventDraw
	doc   *draw.Document // nil while it is only promised
	lines map[string]*events.Line
	units int
}

func (s *Server) drawTeller(r *http.Request, v *view, e *events.Event, row *events.EventDraw) (*drawTeller, error) {
	dt := &drawTeller{view: v, event: e, row: row, lines: map[string]*events.Line{}}
	if row.State != events.DrawMade {
		return dt, nil
	}
	raw, err := row.Published()
	if err == nil {
		dt.doc, err = draw.ReadDocument(raw)
	}
	if err != nil {
		return nil, fmt.Errorf("read the draw of event %d: %w", e.ID, err)
	}
	sheet, err := s.store.Sheet(r.Context(), row.PhaseID, 0)
	if err != nil {
		return nil, err
	}
	for i := range sheet.Lines {
		dt.lines[strconv.FormatInt(sheet.Lines[i].EntryID, 10)] = &sheet.Lines[i]
	}
	dt.units = len(v.b.programme.UnitsOf(row.PhaseID))
	return dt, nil
}

// name is an entrant's name, the number where it is not known.
func (dt *drawTeller) name(id string) string {
	if l := dt.lines[id]; l != nil {
		return l.Name()
	}
	return id
}

// now is the draw with what was changed by hand.
func (dt *drawTeller) now() *draw.Result { return cmp.Or(dt.doc.Now, dt.doc.Drawn) }

// shown is the draw for a page.
func (dt *drawTeller) shown() DrawShown {
	t := dt.b.t
	d := DrawShown{Commitment: dt.row.Commitment, Document: fmt.Sprintf("%s/documents/draws/%d.json", dt.b.root, dt.event.ID)}
	at := dt.row.At.In(dt.b.zone)
	moment := t.Days(at, at) + " " + t.Hour(at)
	if dt.doc == nil {
		d.Facts = []Fact{{t.T("draws.promised-at"), moment}}
		return d
	}
	now := dt.now()
	d.Made, d.Seed = true, dt.doc.Seed
	d.Facts = []Fact{{t.T("draws.drawn-at"), moment}, {t.T("draws.kind"), t.T("draws.kind-" + string(dt.doc.Plan.Kind))}}
	if dt.doc.Plan.Word != "" {
		d.Facts = append(d.Facts, Fact{t.T("draws.word"), dt.doc.Plan.Word})
	}
	part := -1
	for i := range now.Places {
		p := &now.Places[i]
		if p.Part != part {
			part = p.Part
			d.Units = append(d.Units, DrawUnit{Title: dt.unit(part)})
		}
		u := &d.Units[len(d.Units)-1]
		u.Lines = append(u.Lines, dt.line(p))
	}
	if a := now.Apart; a != nil && len(a.Pairs) > 0 && len(a.Least) > 0 {
		d.Apart = t.T("draws.apart", strconv.Itoa(a.Pairs[0]), strconv.Itoa(a.Least[0]))
	}
	for _, id := range now.Reserves {
		d.Reserves = append(d.Reserves, dt.name(id))
	}
	for _, id := range now.Scratched {
		d.Out = append(d.Out, dt.name(id))
	}
	undone := undoneChanges(dt.doc.Changes)
	for i := range dt.doc.Changes {
		d.Changes = append(d.Changes, dt.change(&dt.doc.Changes[i], undone[i]))
	}
	return d
}

// unit is the title of a part of the draw.
func (dt *drawTeller) unit(part int) string {
	kind := string(dt.doc.Plan.Kind)
	if part == 0 {
		return dt.b.t.T("draws.whole-" + kind)
	}
	return dt.b.t.T("draws.part-"+kind, strconv.Itoa(part))
}

func (dt *drawTeller) line(p *draw.Place) DrawLine {
	l := DrawLine{Number: strconv.Itoa(p.Number), Name: dt.name(p.Entrant)}
	for _, lane := range p.Lanes[min(1, len(p.Lanes)):] {
		l.Number += "+" + strconv.Itoa(lane)
	}
	if line := dt.lines[p.Entrant]; line != nil {
		l.Delegation, l.Class = dt.b.pick(line.Delegation, line.DelegationEn), line.Class
	}
	for i := range p.Why {
		l.Why = append(l.Why, dt.reason(&p.Why[i]))
	}
	return l
}

// reason says why a place is as it is. What a reason is against is an entrant,
// or whose function it was to change something by hand.
func (dt *drawTeller) reason(w *scoring.Reason) string {
	against, other := w.Against, w.Other
	if strings.HasPrefix(w.Rule, "hand-") {
		against = dt.b.t.function(w.Against)
		if w.Rule == "hand-"+string(draw.Substitute) {
			other = dt.name(w.Other)
		}
	} else if against != "" {
		against = dt.name(against)
	}
	said := dt.b.t.T("start."+w.Rule, w.Own, against, other)
	if w.Source != "" {
		said += dt.b.t.T("draws.source", w.Source)
	}
	return said
}

// function says somebody's function; what is none of ours stands as it is.
func (t *Translator) function(role string) string {
	if slices.Contains(access.Roles, access.Role(role)) {
		return t.Role(access.Role(role))
	}
	return role
}

// undoneChanges says of every change whether it was undone and not brought back.
func undoneChanges(changes []draw.Change) []bool {
	out := make([]bool, len(changes))
	for i := len(changes) - 1; i >= 0; i-- {
		if n := changes[i].Undoes; changes[i].Act == draw.Undo && !out[i] && n >= 1 && n <= i {
			out[n-1] = true
		}
	}
	return out
}

func (dt *drawTeller) change(c *draw.Change, undone bool) DrawChange {
	t := dt.b.t
	at := c.At.In(dt.b.zone)
	fresh := ""
	if c.New != nil {
		fresh = dt.name(c.New.ID)
	}
	return DrawChange{Number: c.Number, Reason: c.Reason, Undone: undone, About: t.Join(t.function(c.By), t.Days(at, at)+" "+t.Hour(at)),
		Text: t.T("draws.act-"+string(c.Act), dt.name(c.Entrant), dt.spotSaid(c.From), dt.spotSaid(c.To), dt.name(c.With), fresh, strconv.Itoa(c.Undoes))}
}

func (dt *drawTeller) spotSaid(s *draw.Spot) string {
	if s == nil {
		return ""
	}
	return dt.spot(*s)
}

// spot says a place to be drawn: 第 2 组第 4 道.
func (dt *drawTeller) spot(s draw.Spot) string {
	kind := string(dt.doc.Plan.Kind)
	if s.Part == 0 {
		return dt.b.t.T("draws.number-"+kind, strconv.Itoa(s.Number))
	}
	return dt.b.t.T("draws.spot-"+kind, strconv.Itoa(s.Part), strconv.Itoa(s.Number))
}

// placed are those who have a place, as choices that say where they were seen.
func (dt *drawTeller) placed() []Option {
	var all []Option
	for _, p := range dt.now().Places {
		all = append(all, Option{Value: p.Entrant + " " + p.Spot.String(), Text: dt.b.t.Join(dt.spot(p.Spot), dt.name(p.Entrant), dt.team(p.Entrant))})
	}
	return all
}

func (dt *drawTeller) team(id string) string {
	if l := dt.lines[id]; l != nil {
		return dt.b.pick(l.Delegation, l.DelegationEn)
	}
	return ""
}

func (dt *drawTeller) reserves() []Option {
	var all []Option
	for _, id := range dt.now().Reserves {
		all = append(all, Option{Value: id, Text: dt.b.t.Join(dt.name(id), dt.team(id))})
	}
	return all
}

// free are the vacant spots: lanes of the heats that there are, lines of a
// bracket, what somebody has left, and the next after the last.
func (dt *drawTeller) free() []Option {
	taken, spots := map[draw.Spot]bool{}, map[draw.Spot]bool{}
	last := map[int]int{} // number by part
	for _, p := range dt.doc.Drawn.Places {
		spots[p.Spot] = true
		last[p.Part] = max(last[p.Part], p.Number)
	}
	for _, p := range dt.now().Places {
		taken[p.Spot] = true
		last[p.Part] = max(last[p.Part], p.Number)
		for _, lane := range p.Lanes {
			taken[draw.Spot{Part: p.Part, Number: lane}] = true
		}
	}
	switch dt.doc.Plan.Kind {
	case draw.Heats:
		for part := 1; part <= dt.units; part++ {
			for _, lane := range dt.doc.Plan.Heats.Seeding.Lanes.Numbers {
				spots[draw.Spot{Part: part, Number: lane}] = true
			}
		}
	case draw.Bracket:
		for line := 1; line <= dt.now().Lines; line++ {
			spots[draw.Spot{Number: line}] = true
		}
	case draw.Groups:
		for part, n := range last {
			spots[draw.Spot{Part: part, Number: n + 1}] = true
		}
	default:
		end := draw.Spot{}
		for part, n := range last {
			if part >= end.Part {
				end.Part = part
			}
			end.Number = max(end.Number, n)
		}
		spots[draw.Spot{Part: end.Part, Number: end.Number + 1}] = true
	}
	var all []Option
	for _, s := range slices.SortedFunc(maps.Keys(spots), func(a, b draw.Spot) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Number, b.Number))
	}) {
		if !taken[s] {
			all = append(all, Option{Value: s.String(), Text: dt.spot(s)})
		}
	}
	return all
}

// whose are the arguments of problems that are entrants, to be named.
var whose = map[string][]int{"hand-stale": {0}, "hand-unknown": {0}, "hand-not-reserve": {0}, "hand-in-already": {0}, "hand-taken": {1}, "draw-reasons-differ": {0},
	"draw-differs-heats": {2, 3}, "draw-differs-groups": {2, 3}, "draw-differs-order": {2, 3}, "draw-differs-bracket": {2, 3}, "draw-differs-lots": {2, 3}}

// problem says what is wrong with a draw or a change, with names for numbers.
func (dt *drawTeller) problem(err error) string {
	var inv *scoring.Invalid
	if !errors.As(err, &inv) {
		return dt.b.t.Problem(err, nil)
	}
	said := *inv
	said.Line, said.With = "", slices.Clone(inv.With)
	for _, i := range whose[inv.Problem] {
		if i < len(said.With) {
			said.With[i] = dt.name(said.With[i])
		}
	}
	return dt.b.t.Invalid(&said, nil)
}
