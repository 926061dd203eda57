package marking

import (
	"slices"

	"tongchang/scoring"
)

// scale is the function from a total to its place on the scheme's scale. There
// is none without a scale, with fewer than three complete works, or where at
// least half of the works are level: a deviation of 0 would put a clear loser
// at the centre.
func (r *Rules) scale(rows []row) func(scoring.Ratio) (string, bool) {
	none := func(scoring.Ratio) (string, bool) { return "", false }
	var totals []scoring.Ratio
	for i := range rows {
		if rows[i].line.IRM == "" && rows[i].Cancelled == "" && len(rows[i].Open) == 0 {
			totals = append(totals, rows[i].Total)
		}
	}
	if r.Scale == nil || len(totals) < 3 {
		return none
	}
	centre := median(totals)
	deviations := make([]scoring.Ratio, len(totals))
	for i, t := range totals {
		deviations[i] = t.Sub(centre)
		if deviations[i].Sign() < 0 {
			deviations[i] = deviations[i].Neg()
		}
	}
	deviation := median(deviations).Mul(scoring.NewRatio(7413, 5000)) // 1.4826: a normal spread's standard deviation
	if deviation.IsZero() {
		return none
	}
	return func(total scoring.Ratio) (string, bool) {
		n := r.Scale.Centre.Add(r.Scale.Unit.Mul(total.Sub(centre)).Quo(deviation)).Round(0, scoring.HalfUp)
		switch {
		case n.Sign() < 0:
			n = scoring.Ratio{}
		case n.Cmp(scoring.Whole(1000)) > 0:
			n = scoring.Whole(1000)
		}
		return n.String(), true
	}
}

func median(numbers []scoring.Ratio) scoring.Ratio {
	sorted := slices.SortedFunc(slices.Values(numbers), scoring.Ratio.Cmp)
	n := len(sorted)
	return sorted[(n-1)/2].Add(sorted[n/2]).Over(2)
}
