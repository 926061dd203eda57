// Holding what the ledger ranks against what a recorded meet has published.
package events

import (
	"context"
	"fmt"
	"strconv"

	"tongchang/events/lenex"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// CompareMeet ranks every phase of a competition from its database and holds it
// against the rankings published in the meet's file. It is an error when the
// competition is not made from this meet.
func CompareMeet(ctx context.Context, s *Store, code string, m *lenex.Meet) (lenex.Comparison, error) {
	var none lenex.Comparison
	c, err := s.Competition(ctx, code)
	if err != nil {
		return none, err
	}
	var phases []Phase
	if err := s.r.NewSelect().Model(&phases).Where("competition_id = ?", c.ID).Scan(ctx); err != nil {
		return none, fmt.Errorf("read phases: %w", err)
	}
	docs := make(map[string]kinds.Document, len(phases))
	sheets := make(map[string]*Sheet, len(phases))
	for _, p := range phases {
		sheet, err := s.Sheet(ctx, p.ID, 0)
		if err != nil {
			return none, err
		}
		doc, err := sheet.Document()
		if err != nil {
			return none, err
		}
		docs[p.Code], sheets[p.Code] = doc, sheet
	}
	return CompareDocuments(m, docs, func(event int, line string) string { return sheets[strconv.Itoa(event)].Line(line).Bib })
}

// CompareDocuments does the same with ranking documents, by phase code, from
// wherever they were read. bib finds the number of a line's participant.
func CompareDocuments(m *lenex.Meet, docs map[string]kinds.Document, bib func(event int, line string) string) (lenex.Comparison, error) {
	results := map[string]int{} // event/athlete → result
	for s := range m.Results() {
		if s.Athlete != nil {
			results[fmt.Sprint(s.Result.EventID, "/", s.Athlete.ID)] = s.Result.ID
		}
	}
	rankings := map[int][]kinds.Ranking{}
	return m.Compare(func(e *lenex.Event, g *lenex.AgeGroup) ([]scoring.Ranked, error) {
		if rankings[e.ID] == nil {
			ranked, err := kinds.Rank(docs[strconv.Itoa(e.ID)])
			if err != nil {
				return nil, fmt.Errorf("phase %d: %w", e.ID, err)
			}
			rankings[e.ID] = ranked
		}
		for _, r := range rankings[e.ID] {
			if r.Group == strconv.Itoa(g.ID) {
				return published(r.Lines, func(line string) int { return results[fmt.Sprint(e.ID, "/", bib(e.ID, line))] }), nil
			}
		}
		return nil, fmt.Errorf("phase %d has no group %d", e.ID, g.ID)
	})
}

// published leaves out the lines that Lenex does not list in a ranking (not
// swum, exhibition, rejected) and gives the others their result's number.
func published(lines []scoring.Ranked, result func(string) int) []scoring.Ranked {
	var out []scoring.Ranked
	for _, l := range lines {
		if l.Reason.Rule == scoring.RuleNoMark || l.IRM.KeepsMark() || l.IRM == scoring.RJC {
			continue
		}
		l.ID = strconv.Itoa(result(l.ID))
		out = append(out, l)
	}
	return out
}
