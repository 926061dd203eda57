package events

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"tongchang/events/ledgertest"
	"tongchang/events/pads"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/packs"
)

// BenchmarkJudgedMarks is what a mark costs where a line is many cells: sixteen
// judges write at once into a field of twelve throwers, a panel, an archery round
// of twenty and a marking scheme with twelve works.
func BenchmarkJudgedMarks(b *testing.B) {
	all, err := packs.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	scheme, err := json.Marshal(all.Schemes["SK19"])
	if err != nil {
		b.Fatal(err)
	}
	many := func(n int) []json.RawMessage {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = fmt.Sprint("L", i+1)
		}
		return lines(ids...)
	}
	docs := map[string]kinds.Document{
		"series":  {Ruleset: rulesetOf("series", ``), Lines: many(12)},
		"panel":   {Ruleset: rulesetOf("panel", `{"judges":["1","2","3","4","5"],"high":10000,"drop":1}`), Lines: many(24)},
		"target":  {Ruleset: rulesetOf("target", `{"sport":"archery"}`), Lines: many(20)},
		"marking": {Ruleset: rulesetOf("marking", string(scheme)), Lines: many(12)},
	}
	for _, database := range ledgertest.Databases {
		for kind := range docs {
			b.Run(database+"/"+kind, func(b *testing.B) {
				j := newJudged(b, ledgertest.New(b, database), map[string]kinds.Document{kind: docs[kind]})
				pad, err := j.sheet(b, kind).Pad(j.units[kind])
				if err != nil {
					b.Fatal(err)
				}
				queues := make([][]EnterMark, judges)
				for i, l := range j.sheet(b, kind).Lines {
					for _, c := range pad.Cells {
						q := &queues[i%judges]
						if text := anInput(&c); text != "" && len(*q) < 200/judges {
							*q = append(*q, EnterMark{Unit: j.units[kind].ID, Start: l.StartID, Cell: c.Name, Mark: text})
						}
					}
				}
				enter(b, j, queues)
			})
		}
	}
}

// enter writes each queue in its order, all of them at once, and again with a
// reason.
func enter(b *testing.B, j *judgedStore, queues [][]EnterMark) {
	round, marks := int64(0), 0
	for _, q := range queues {
		marks += len(q)
	}
	for b.Loop() {
		var wg sync.WaitGroup
		for _, queue := range queues {
			wg.Go(func() {
				for _, m := range queue {
					c := command("all")
					m.Saw, c.Reason = round, "again"
					if _, err := j.EnterMark(b.Context(), c, m); err != nil {
						b.Errorf("%s of %d: %v", m.Cell, m.Start, err)
						return
					}
				}
			})
		}
		wg.Wait()
		round++
	}
	b.ReportMetric(float64(round)*float64(marks)/b.Elapsed().Seconds(), "marks/s")
}

// anInput is something that a cell takes.
func anInput(c *pads.Cell) string {
	switch {
	case c.Input == pads.Choice:
		return c.Choices[0]
	case c.Optional:
		return ""
	case c.Input == pads.Mark:
		return c.Text(pads.Value{Mark: new(scoring.Mark(max(c.Min, c.Step, 1)))})
	case c.Input == pads.Count:
		return "1"
	}
	return ""
}
