// One input, read and checked: by the cell alone, before anything else is
// asked.
package pads

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/points"
	"tongchang/scoring/series"
)

// sentence is the longest text of a cell, in bytes.
const sentence = 400

// Read reads what a judge gives for a cell of a line: a text, or a reason for
// having no mark, or both where the reason keeps the mark (exhibition). A
// refusal is a [*scoring.Invalid] with the line, the cell's name as its field
// and what to do instead.
func (p *Pad) Read(line, cell, text string, irm scoring.IRM, rule string) (Value, error) {
	c, ok := p.Cell(line, cell)
	if !ok {
		return Value{}, &scoring.Invalid{Line: line, Field: "cell", Problem: "no-such-cell", With: []string{cell}}
	}
	v, err := c.Read(text, irm, rule)
	return v, points.At(line, err)
}

// Read reads an input for the cell.
func (c *Cell) Read(text string, irm scoring.IRM, rule string) (Value, error) {
	if c.Input == Reason && irm == "" {
		irm, text = scoring.IRM(strings.ToUpper(strings.TrimSpace(text))), ""
	}
	if irm != "" {
		return c.readReason(text, irm, rule)
	}
	if rule != "" && !strings.HasSuffix(c.Name, "/"+endCell) {
		return Value{}, c.bad("rule-unasked", rule)
	}
	v, err := c.readText(text)
	v.Rule = rule
	return v, err
}

func (c *Cell) bad(problem string, with ...string) error {
	return &scoring.Invalid{Field: c.Name, Problem: problem, With: with}
}

// readReason reads why there is no mark. A disqualification names its rule.
func (c *Cell) readReason(text string, irm scoring.IRM, rule string) (Value, error) {
	switch {
	case !irm.Known() || irm == scoring.CC: // a change of class is a command of its own
		return Value{}, &scoring.Invalid{Field: "irm", Problem: "unknown-irm", With: []string{string(irm)}}
	case len(c.Reasons) == 0:
		return Value{}, &scoring.Invalid{Field: "irm", Problem: "irm-elsewhere", With: []string{string(irm), c.Name, irmCell}}
	case !slices.Contains(c.Reasons, irm):
		return Value{}, &scoring.Invalid{Field: "irm", Problem: "irm-not-allowed", With: []string{string(irm)}}
	case irm == scoring.DSQ && rule == "":
		return Value{}, &scoring.Invalid{Field: "rule", Problem: "rule-missing"}
	case c.Input == Reason || !irm.KeepsMark():
		if text != "" {
			return Value{}, &scoring.Invalid{Field: "mark", Problem: "mark-with-irm", With: []string{text, string(irm)}}
		}
		return Value{IRM: irm, Rule: rule}, nil
	}
	v, err := c.readText(text)
	v.IRM, v.Rule = irm, rule
	return v, err
}

func (c *Cell) readText(text string) (Value, error) {
	trimmed := strings.TrimSpace(text)
	if choice, ok := c.choice(trimmed); ok {
		return Value{Text: choice}, nil
	}
	switch c.Input {
	case Mark:
		return c.readMark(text)
	case Count:
		m, err := scoring.Count.Parse(text)
		if err == nil {
			err = c.within(m, scoring.Count)
		}
		return markValue(m), named(c.Name, err)
	case Score:
		return c.readScore(trimmed)
	case Wind:
		tenths, ok := parseWind(trimmed)
		if !ok {
			return Value{}, c.bad("not-a-wind", text)
		}
		return Value{Text: windText(tenths)}, nil
	case Text:
		if trimmed == "" || len(trimmed) > sentence {
			return Value{}, c.bad("text-length", strconv.Itoa(sentence))
		}
		return Value{Text: trimmed}, nil
	}
	return Value{}, c.bad("not-a-choice", append([]string{text}, strings.Join(c.Choices, " "))...)
}

// choice finds a choice by what people press for it.
func (c *Cell) choice(text string) (string, bool) {
	for _, choice := range c.Choices {
		if strings.EqualFold(choice, text) || strings.EqualFold(choice, trial(text)) {
			return choice, true
		}
	}
	return "", false
}

// readMark reads a number of the cell's measure.
func (c *Cell) readMark(text string) (Value, error) {
	digits, below := text, false
	if c.Min < 0 {
		digits, below = strings.CutPrefix(strings.Replace(strings.TrimSpace(text), "−", "-", 1), "-")
	}
	m, err := c.Measure.Parse(digits)
	if err != nil {
		return Value{}, named(c.Name, err)
	}
	if below {
		m = -m
	}
	if c.Decimals > 0 && !strings.ContainsAny(text, ".。．") {
		return Value{}, c.bad("tenths-missing", text)
	}
	if err := c.within(m, c.Measure); err != nil {
		return Value{}, err
	}
	return signed(m, c.Measure), nil
}

// within holds a number to the cell's bounds and step.
func (c *Cell) within(m scoring.Mark, measure scoring.Measure) error {
	show := func(n int64) string { return Print(measure, scoring.Mark(n)) }
	switch {
	case m == 0 && c.Min > 0:
		return c.bad("mark-zero", show(0))
	case int64(m) < c.Min && c.Max == 0:
		return c.bad("cell-least", show(int64(m)), show(c.Min))
	case int64(m) < c.Min || c.Max > 0 && int64(m) > c.Max:
		return c.bad("not-between", show(int64(m)), show(c.Min), show(c.Max))
	case c.Step > 1 && (int64(m)-c.offset())%c.Step != 0:
		if measure == scoring.Milliseconds {
			return c.bad("too-fine", show(int64(m)), "1/100 s")
		}
		return c.bad("not-a-step", show(int64(m)), show(c.Step))
	}
	return nil
}

// offset is where a score's steps begin: at the lowest that may be given.
func (c *Cell) offset() int64 {
	if c.Blind && c.Input == Mark {
		return c.Min
	}
	return 0
}

// readScore reads 11:7, with whatever stands between the two.
func (c *Cell) readScore(text string) (Value, error) {
	a, b, found := strings.Cut(strings.NewReplacer("：", ":", "–", ":", "-", ":", " ", "").Replace(text), ":")
	ma, err1 := scoring.Count.Parse(a)
	mb, err2 := scoring.Count.Parse(b)
	if !found || err1 != nil || err2 != nil {
		return Value{}, c.bad("not-a-score", text)
	}
	for _, m := range []scoring.Mark{ma, mb} {
		if err := c.within(m, scoring.Count); err != nil {
			return Value{}, err
		}
	}
	return scoreValue([2]int{int(ma), int(mb)}), nil
}

// Text is a value as it is printed.
func (c *Cell) Text(v Value) string {
	switch {
	case v.IRM != "" && v.Mark == nil:
		return string(v.IRM)
	case v.Mark == nil:
		return v.Text
	case c.Input == Count:
		return scoring.Count.Format(*v.Mark, 0)
	case c.Decimals > 0:
		return c.Measure.Format(*v.Mark, c.Decimals)
	}
	return Print(c.Measure, *v.Mark)
}

// Raised reports whether writing over a value is play going on, not a
// correction: the cell runs, and nothing in it becomes less.
func (c *Cell) Raised(before, after Value) bool {
	switch {
	case !c.Running:
		return false
	case c.Input == Score && before.Text != "" && after.Text != "":
		b, a := scoreOf(before), scoreOf(after)
		return a[0] >= b[0] && a[1] >= b[1]
	case before.Mark != nil && after.Mark != nil:
		return *after.Mark >= *before.Mark
	}
	return before.Mark != nil && after.Text == declined
}

// Print prints a number as finely as it needs: hundredths of a second and
// centimetres at least, kilograms and points without idle noughts.
func Print(measure scoring.Measure, m scoring.Mark) string {
	decimals := 3
	least := 0
	if measure == scoring.Milliseconds || measure == scoring.Millimetres {
		least = 2
	}
	for unit := scoring.Mark(10); decimals > least && m%unit == 0; unit *= 10 {
		decimals--
	}
	return measure.Format(m, decimals)
}

// signed keeps a number; below zero it is a text, since the marks of the ledger
// are not.
func signed(m scoring.Mark, measure scoring.Measure) Value {
	if m < 0 {
		return Value{Text: "-" + Print(measure, -m)}
	}
	return markValue(m)
}

// unsigned is the way back.
func unsigned(v Value, measure scoring.Measure) (scoring.Mark, error) {
	if v.Mark != nil {
		return *v.Mark, nil
	}
	m, err := measure.Parse(strings.TrimPrefix(v.Text, "-"))
	return -m, err
}

// parseWind reads +1.2, -0.3 or 0, in tenths of a metre per second.
func parseWind(text string) (int, bool) {
	text = strings.Replace(text, "−", "-", 1)
	sign, rest := "+", text
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") {
		sign, rest = text[:1], text[1:]
	}
	if !strings.Contains(rest, ".") {
		rest += ".0"
	}
	a, err := series.ParseAttempt("1.00 " + sign + rest)
	if err != nil || a.Wind == nil {
		return 0, false
	}
	return *a.Wind, true
}

// windText writes wind so that it is read again.
func windText(tenths int) string {
	sign := "+"
	if tenths < 0 {
		sign, tenths = "-", -tenths
	}
	return fmt.Sprintf("%s%d.%d", sign, tenths/10, tenths%10)
}

// WindOf reads the text of a wind's cell, in tenths of a metre per second.
func WindOf(text string) (tenths int, ok bool) {
	if text == "" {
		return 0, false
	}
	return parseWind(text)
}

// named puts a cell's name into a fault of a number.
func named(cell string, err error) error {
	if e, ok := err.(*scoring.Invalid); ok {
		placed := *e
		placed.Field = cell
		return &placed
	}
	return err
}
