// draw: a seed and its promise, a plan drawn, a published draw run again. No
// database is needed, so anybody can hold a draw against what was promised.
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/draw"
	"tongchang/scoring"
)

// drawCmd is `tongchang draw`.
type drawCmd struct {
	File   string `arg:"" optional:"" help:"${arg_draw}"`
	Commit bool   `help:"${flag_draw_commit}"`
	Seed   string `help:"${flag_draw_seed}" placeholder:"HEX"`
	Verify bool   `help:"${flag_draw_verify}"`
	JSON   bool   `name:"json" help:"${flag_draw_json}"`
}

// Run does what the flags say.
func (c *drawCmd) Run(a *app) error {
	switch {
	case c.Commit && c.File == "":
		return c.promise(a)
	case c.File == "" || c.Commit || c.Verify && c.Seed != "":
		return fault("draw-which")
	}
	raw, err := c.read(a)
	if err != nil {
		return err
	}
	if c.Verify {
		return c.verify(a, raw)
	}
	return c.draw(a, raw)
}

// promise makes a seed, or takes the one given, and says what to publish.
func (c *drawCmd) promise(a *app) (err error) {
	seed := c.Seed
	if seed == "" {
		if seed, err = draw.NewSeed(rand.Reader); err != nil {
			return err
		}
	} else if err := draw.CheckSeed(seed); err != nil {
		return err
	}
	a.say("draw.seed", seed)
	a.say("draw.commitment", draw.Commitment(seed))
	a.say("draw.keep")
	return nil
}

func (c *drawCmd) read(a *app) ([]byte, error) {
	in := a.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return nil, fault("read", c.File, err)
		}
		defer f.Close() // only read from: nothing can be lost
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err != nil {
		return nil, fault("read", c.File, err)
	}
	if len(raw) > maxDocument {
		return nil, fault("too-big", c.File, maxDocument>>20)
	}
	return raw, nil
}

// draw runs a plan. Without a seed that was promised it is a trial.
func (c *drawCmd) draw(a *app, raw []byte) error {
	plan, err := draw.ReadPlan(raw)
	if err != nil {
		return err
	}
	seed := c.Seed
	if seed == "" {
		if seed, err = draw.NewSeed(rand.Reader); err != nil {
			return err
		}
	}
	doc, err := draw.Export(plan, seed, nil)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(doc)
	}
	a.showDraw(doc)
	if c.Seed == "" {
		fmt.Fprintln(a.out)
		a.say("draw.trial")
	}
	return nil
}

// verify runs a published draw again. What it prints before the last line is what
// the document says.
func (c *drawCmd) verify(a *app, raw []byte) error {
	doc, err := draw.ReadDocument(raw)
	if err != nil {
		return err
	}
	if err := draw.Verify(doc); err != nil {
		return err
	}
	if !c.JSON {
		a.showDraw(doc)
		fmt.Fprintln(a.out)
	}
	a.say("draw.verified", len(doc.Drawn.Places), len(doc.Changes), doc.Commitment)
	return nil
}

// showDraw prints a draw as it stands now, with the reason of every place.
func (a *app) showDraw(doc *draw.Document) {
	now := doc.Drawn
	if doc.Now != nil {
		now = doc.Now
	}
	title := doc.Plan.Title
	if title == "" {
		title = doc.Plan.Event
	}
	a.say("draw.title", title, len(now.Places))
	a.say("draw.commitment", doc.Commitment)
	a.say("draw.seed", doc.Seed)
	a.say("draw.digest", now.Digest)
	fmt.Fprintln(a.out)
	a.showPlaces(doc, now)
	if len(now.Reserves) > 0 {
		a.say("draw.reserves", strings.Join(now.Reserves, " "))
	}
	if len(now.Scratched) > 0 {
		a.say("draw.scratched", strings.Join(now.Scratched, " "))
	}
	a.showApart(doc.Plan.Kind, now.Apart)
	for i := range doc.Changes {
		a.showChange(&doc.Changes[i])
	}
}

// showApart says how well delegations are kept apart.
func (a *app) showApart(kind draw.Kind, apart *draw.Apart) {
	if apart == nil {
		return
	}
	for i, pairs := range apart.Pairs {
		switch kind {
		case draw.Bracket:
			a.say("draw.apart-round", i+1, pairs, apart.Least[i])
		case draw.Order:
			a.say("draw.apart-order", pairs, apart.Least[i])
		default:
			a.say("draw.apart-groups", pairs, apart.Least[i])
		}
	}
	if apart.Proven {
		a.say("draw.apart-proven")
	}
}

// showChange prints what was changed by hand, by whom, when and why.
func (a *app) showChange(c *draw.Change) {
	var from, to string
	if c.From != nil {
		from = c.From.String()
	}
	if c.To != nil {
		to = c.To.String()
	}
	switch c.Act {
	case draw.Move:
		a.say("draw.moved", c.Number, c.Entrant, from, to)
	case draw.Swap:
		a.say("draw.swapped", c.Number, c.Entrant, from, c.With, to)
	case draw.Scratch:
		a.say("draw.withdrew", c.Number, c.Entrant, from)
	case draw.Substitute:
		a.say("draw.substituted", c.Number, c.New.ID, c.Entrant, from)
	case draw.ReserveIn:
		a.say("draw.reserve-in", c.Number, c.Entrant, to)
	case draw.Undo:
		a.say("draw.undone", c.Number, c.Undoes)
	}
	a.say("draw.by", c.By, c.At.Format("2006-01-02 15:04 -07:00"), c.Reason)
}

// showPlaces prints the places under the heading of their heat, group or block.
func (a *app) showPlaces(doc *draw.Document, now *draw.Result) {
	entrants := draw.Entrants(&doc.Plan, doc.Changes)
	part := 0
	for i := range now.Places {
		p := &now.Places[i]
		if p.Part != part {
			if part = p.Part; i > 0 {
				fmt.Fprintln(a.out)
			}
			switch doc.Plan.Kind {
			case draw.Heats:
				a.say("draw.heat", part)
			case draw.Groups:
				a.say("draw.group", part)
			default:
				a.say("draw.block", part)
			}
		}
		var e draw.Entrant
		if k := slices.IndexFunc(entrants, func(e draw.Entrant) bool { return e.ID == p.Entrant }); k >= 0 {
			e = entrants[k]
		}
		a.showPlace(p, e)
	}
}

// showPlace prints a place, two lanes as 3+4, and below it why.
func (a *app) showPlace(p *draw.Place, e draw.Entrant) {
	number := strconv.Itoa(p.Number)
	for i, lane := range p.Lanes {
		if i > 0 {
			number += "+" + strconv.Itoa(lane)
		}
	}
	fmt.Fprintln(a.out, strings.TrimRight(fmt.Sprintf("%6s  %-10s %-8s %s", number, p.Entrant, e.Delegation, e.Class), " "))
	var why []string
	for _, w := range p.Why {
		why = append(why, a.drawReason(w))
	}
	fmt.Fprintf(a.out, "%8s%s\n", "", strings.Join(why, " · "))
}

// drawReason says a reason as part of a line.
func (a *app) drawReason(w scoring.Reason) string {
	said := strings.TrimRight(a.web.T("start."+w.Rule, w.Own, w.Against, w.Other), ".。")
	if w.Source != "" {
		said += " [" + w.Source + "]"
	}
	return said
}
