package marking

import (
	"maps"
	"slices"

	"tongchang/scoring"
)

// Decode puts entries behind the numbers of the works once the marks are
// final: key gives each work's entry. A work without an entry, an entry with
// two works or a number that nobody was given is refused, since then the wrong
// person may be honoured.
func Decode(ranked []scoring.Ranked, key map[string]string) ([]scoring.Ranked, error) {
	decoded := make([]scoring.Ranked, len(ranked))
	seen := map[string]bool{}
	for i, r := range ranked {
		entry, ok := key[r.ID]
		if !ok || entry == "" {
			return nil, &scoring.Invalid{Line: r.ID, Field: "work", Problem: "work-unassigned"}
		}
		if seen[entry] {
			return nil, &scoring.Invalid{Line: r.ID, Field: "work", Problem: "work-twice", With: []string{entry}}
		}
		seen[entry] = true
		r.ID = entry
		if r.Reason.Against != "" {
			r.Reason.Against = key[r.Reason.Against]
		}
		decoded[i] = r
	}
	for _, work := range slices.Sorted(maps.Keys(key)) {
		if !slices.ContainsFunc(ranked, func(r scoring.Ranked) bool { return r.ID == work }) {
			return nil, &scoring.Invalid{Line: work, Field: "work", Problem: "unknown-line"}
		}
	}
	return decoded, nil
}
