// The checker: is the log whole, has every result its entry, does every
// official rank come out again.
package events

import (
	"context"
	"encoding/json"
	"fmt"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// Report is what a check found. FirstBad is the number of the first log entry
// that is not as it must be; Problems are English sentences, at most a hundred.
type Report struct {
	Entries  int64
	Results  int
	Differ   int
	FirstBad int64
	Chain    bool // gapless, and every hash as it must be
	Sealed   int  // sealed values
	Unopened int  // of them: not looked at, because their keys are not at hand
	Proven   int  // of them: their print is in the log
	Problems []string

	Registrations int
	Needs         int
}

// OK reports whether nothing was found.
func (r *Report) OK() bool { return r.Chain && r.Differ == 0 && len(r.Problems) == 0 }

// String is the last line of `tongchang check`.
func (r *Report) String() string {
	chain := "ok"
	if !r.Chain {
		chain = fmt.Sprintf("broken at %d", r.FirstBad)
	}
	text := fmt.Sprintf("check: %d entries, chain %s, %d results, %d differ", r.Entries, chain, r.Results, r.Differ)
	if r.Registrations > 0 {
		text += fmt.Sprintf(", %d registrations", r.Registrations)
	}
	if r.Needs > 0 {
		text += fmt.Sprintf(", %d needs", r.Needs)
	}
	if r.Sealed > 0 {
		text += fmt.Sprintf(", %d sealed values, %d not opened for want of their keys", r.Sealed, r.Unopened)
	}
	return text
}

func (r *Report) note(format string, args ...any) {
	if len(r.Problems) < 100 {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}

// Check reads everything and changes nothing. The error is for a database that
// cannot be read; what is wrong with what it holds is in the report.
func (s *Store) Check(ctx context.Context) (*Report, error) {
	r := &Report{Chain: true}
	cs, err := s.Competitions(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range cs {
		written, err := s.checkLog(ctx, &c, r)
		if err != nil {
			return nil, err
		}
		if err := s.checkMarks(ctx, &c, written, r); err != nil {
			return nil, err
		}
		if err := s.checkResults(ctx, &c, r); err != nil {
			return nil, err
		}
		if err := s.checkRegistrations(ctx, &c, r); err != nil {
			return nil, err
		}
		if err := s.checkNeeds(ctx, &c, r); err != nil {
			return nil, err
		}
		if err := s.checkCalls(ctx, &c, r); err != nil {
			return nil, err
		}
		if err := s.checkTimetable(ctx, &c, r); err != nil {
			return nil, err
		}
		if err := s.checkSealed(ctx, &c, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// written is the last mark that the log gives a cell.
type written struct {
	MarkOutcome
	seq int64
}

// checkLog walks a competition's log from its beginning.
func (s *Store) checkLog(ctx context.Context, c *Competition, r *Report) (map[string]written, error) {
	cells := map[string]written{}
	prev, next := genesis(c.Code), int64(1)
	bad := func(format string, args ...any) {
		if r.Chain {
			r.Chain, r.FirstBad = false, next
		}
		r.note("%s, entry %d: "+format, append([]any{c.Code, next}, args...)...)
	}
	for {
		es, err := s.Entries(ctx, c.ID, next-1, 1000)
		if err != nil {
			return nil, err
		}
		for i := range es {
			e := &es[i]
			if e.Seq != next {
				bad("missing; the next one there is %d", e.Seq)
				next = e.Seq
			}
			if e.Prev != prev {
				bad("not chained to the entry before it")
			}
			if e.Hash != e.hash() {
				bad("its content is not what its hash was made of")
			}
			if e.Kind == (EnterMark{}).kind() {
				var o MarkOutcome
				if err := json.Unmarshal([]byte(e.Receipt), &o); err != nil {
					bad("its receipt cannot be read")
				}
				cells[fmt.Sprint(o.Start, "/", o.Cell)] = written{o, e.Seq}
			}
			if e.Kind == (DecideLate{}).kind() {
				var o LateOutcome
				if err := json.Unmarshal([]byte(e.Receipt), &o); err != nil {
					bad("its receipt cannot be read")
				}
				if m := o.Mark; m != nil {
					cells[fmt.Sprint(m.Start, "/", m.Cell)] = written{*m, e.Seq}
				}
			}
			if e.Kind == (EnterLines{}).kind() {
				var a EnterLines
				if err := json.Unmarshal([]byte(e.Payload), &a); err != nil {
					bad("its payload cannot be read")
				}
				for _, l := range a.Lines {
					key := fmt.Sprint(l.Start, "/", LineCell)
					cells[key] = written{MarkOutcome{Start: l.Start, Cell: LineCell, Revision: cells[key].Revision + 1}, e.Seq}
				}
			}
			prev, next = e.Hash, e.Seq+1
			r.Entries++
		}
		if len(es) == 0 {
			break
		}
	}
	if next-1 != c.LastSeq || prev != c.Head {
		bad("the log ends here, the competition's head says %d", c.LastSeq)
	}
	return cells, nil
}

// checkMarks holds every cell against the log entry that wrote it.
func (s *Store) checkMarks(ctx context.Context, c *Competition, log map[string]written, r *Report) error {
	var cells []CellMark
	err := s.r.NewSelect().Model(&cells).Join("JOIN starts AS s ON s.id = cell_mark.start_id").
		Where("s.competition_id = ?", c.ID).Order("start_id", "cell").Scan(ctx)
	if err != nil {
		return fmt.Errorf("read marks: %w", err)
	}
	for _, m := range cells {
		w, ok := log[fmt.Sprint(m.StartID, "/", m.Cell)]
		switch {
		case !ok && m.By == importAuthor: // came with a file; the log has the file's hash
		case !ok:
			r.note("%s, start %d %s: no log entry wrote this mark", c.Code, m.StartID, m.Cell)
		case w.seq != m.Seq || w.Revision != m.Revision || w.IRM != m.IRM || !sameMark(w.Mark, m.Mark) || w.Text != m.Text():
			r.note("%s, start %d %s: not what entry %d wrote", c.Code, m.StartID, m.Cell, w.seq)
		}
		delete(log, fmt.Sprint(m.StartID, "/", m.Cell))
	}
	for cell, w := range log {
		r.note("%s, cell %s: entry %d wrote it, and it is not there", c.Code, cell, w.seq)
	}
	return nil
}

func sameMark(a, b *scoring.Mark) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// checkResults ranks every official unit again.
func (s *Store) checkResults(ctx context.Context, c *Competition, r *Report) error {
	var units []Unit
	err := s.r.NewSelect().Model(&units).Where("competition_id = ?", c.ID).Where("result_status = ?", Official).Order("id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("read official units: %w", err)
	}
	for _, u := range units {
		var results []Result
		if err := s.r.NewSelect().Model(&results).Where("unit_id = ?", u.ID).Scan(ctx); err != nil {
			return fmt.Errorf("read results of unit %d: %w", u.ID, err)
		}
		sheet, err := s.Sheet(ctx, u.PhaseID, u.ID)
		if err != nil {
			return err
		}
		doc, err := sheet.UnitDocument()
		if err != nil {
			return err
		}
		ranking, err := kinds.Rank(doc)
		if err != nil {
			r.note("%s, unit %d: does not rank: %v", c.Code, u.ID, err)
			r.Differ += len(results)
			continue
		}
		again := map[int64]scoring.Ranked{}
		for _, l := range ranking[0].Lines {
			again[sheet.Line(l.ID).StartID] = l
		}
		r.Results += len(results)
		for _, res := range results {
			l, ok := again[res.StartID]
			if !ok || l.Rank != res.Rank || l.IRM != res.IRM || !sameMark(l.Mark, res.Mark) {
				r.Differ++
				r.note("%s, unit %d, start %d: official rank %d %s, recomputed %d %s", c.Code, u.ID, res.StartID, res.Rank, res.IRM, l.Rank, l.IRM)
			}
		}
		if len(results) != len(again) {
			r.note("%s, unit %d: %d results for %d starts", c.Code, u.ID, len(results), len(again))
		}
	}
	return nil
}
