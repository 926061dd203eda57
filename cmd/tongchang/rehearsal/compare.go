package rehearsal

import (
	"context"
	"fmt"

	"tongchang/events"
	"tongchang/events/lenex"
	"tongchang/scoring/kinds"
)

// compare ranks the documents that the server publishes, as anybody could, and
// holds them against the rankings in the meet's file.
func (p *Player) compare(ctx context.Context) (lenex.Comparison, error) {
	docs := make(map[string]kinds.Document, len(p.plan.phases))
	var phases []Phase
	for _, ph := range p.plan.phases {
		phases = append(phases, ph)
	}
	err := each(ctx, p, phases, func(ctx context.Context, ph Phase) error {
		var doc kinds.Document
		if err := p.client.Get(ctx, fmt.Sprintf("/documents/phases/%d.json", ph.ID), &doc); err != nil {
			return err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		docs[ph.Code] = doc
		return nil
	})
	if err != nil {
		return lenex.Comparison{}, err
	}
	return events.CompareDocuments(p.meet, docs, func(_ int, line string) string { return p.plan.lines[line] })
}
