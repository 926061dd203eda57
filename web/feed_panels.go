// Observation in competition on start lists: until it ends, OA stands behind the
// class at the first appearance, so that everybody knows that the class may still
// change.
package web

import (
	"context"
	"strconv"
	"strings"

	"tongchang/events/classes"
)

// markObserved puts OA on the lines of people who are watched here.
func (b *builder) markObserved(ctx context.Context, unit int64, lines []UnitLine) error {
	watched, err := b.store.Observed(ctx, b.c.ID, unit)
	if err != nil {
		return err
	}
	for i := range lines {
		if id, err := strconv.ParseInt(lines[i].Entry, 10, 64); err == nil && watched[id] {
			lines[i].Class = strings.TrimSpace(lines[i].Class + " " + string(classes.Observed))
		}
	}
	return nil
}
