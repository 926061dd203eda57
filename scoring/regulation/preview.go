package regulation

import (
	"strconv"

	"tongchang/scoring"
	"tongchang/scoring/medals"
)

// Case is a field to try a regulation on: so many starters in an event of a
// kind, with Tied of them level at rank TiedAt if Tied is 2 or more. The
// winner has broken the records in Records.
type Case struct {
	Kind    string  `json:"kind"`
	Field   int     `json:"field"`
	TiedAt  int     `json:"tied_at,omitempty"`
	Tied    int     `json:"tied,omitempty"`
	Records []Claim `json:"records,omitempty"`
}

// Worked is a case worked out: what every rank of that field gets.
type Worked struct {
	Case
	Admission Admission   `json:"admission"`
	Rows      []WorkedRow `json:"rows"`
}

// WorkedRow is what one starter gets. Why names the settings that had a part.
type WorkedRow struct {
	Rank   int           `json:"rank"`
	Placed bool          `json:"placed"`
	Medal  medals.Medal  `json:"medal,omitempty"`
	Points scoring.Ratio `json:"points"`
	Bonus  scoring.Ratio `json:"bonus,omitzero"`
	Prizes []string      `json:"prizes,omitempty"`
	Why    []medals.Why  `json:"why,omitempty"`
}

// Preview works a case out, through the same function that awards real
// results, so that what an organiser sees before is what happens after.
func (r *Resolved) Preview(c Case) (Worked, error) {
	if c.Field < 0 || c.Field > mostPlaces {
		return Worked{}, &scoring.Invalid{Field: "field", Problem: "not-between", With: []string{text(c.Field), "0", text(mostPlaces)}}
	}
	if c.Tied < 0 || c.Tied > 0 && (c.TiedAt < 1 || c.TiedAt+c.Tied-1 > c.Field) {
		return Worked{}, &scoring.Invalid{Field: "tied", Problem: "tie-outside", With: []string{text(c.Tied), text(c.TiedAt), text(c.Field)}}
	}
	alone := *r // one class only: a merged event's ranking is not what is previewed
	alone.MergedAward = "combined"
	lines := make([]Line, c.Field)
	w := Worked{Case: c, Admission: alone.Admit(c.Field), Rows: make([]WorkedRow, c.Field)}
	for i := range lines {
		rank := i + 1
		if c.TiedAt <= rank && rank < c.TiedAt+c.Tied {
			rank = c.TiedAt
		}
		lines[i] = Line{ID: strconv.Itoa(i), Rank: rank, Delegations: []string{strconv.Itoa(i)}}
		if i == 0 {
			lines[i].Records = c.Records
		}
		w.Rows[i].Rank = rank
	}
	results, err := alone.Awards(Event{ID: "preview", Kind: c.Kind}, lines)
	if err != nil {
		return Worked{}, err
	}
	for _, res := range results {
		i, err := strconv.Atoi(res.Entry)
		if err != nil {
			return Worked{}, err
		}
		w.Rows[i].add(res, w.Admission)
	}
	for i := range w.Rows {
		if w.Rows[i].Placed {
			w.Rows[i].Prizes = alone.Won(w.Rows[i].Rank, c.Field)
		}
	}
	return w, nil
}

// add lays one result into the row: its place, or a bonus.
func (row *WorkedRow) add(r medals.Result, a Admission) {
	row.Why = append(row.Why, r.Why...)
	if r.Rank == 0 {
		row.Bonus = row.Bonus.Add(r.Points)
		return
	}
	row.Rank, row.Medal, row.Points = r.Rank, r.Medal, r.Points
	row.Placed = r.Rank <= a.Places
}
