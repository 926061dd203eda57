package regulation

import (
	"cmp"
	"slices"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/medals"
)

// Rules are what a self-contained document needs to award an event again: the
// settings that its regulation has for it, and the event.
type Rules struct {
	Settings Settings `json:"settings"` // over the defaults
	Event    Event    `json:"event"`
	Source   string   `json:"source,omitempty"`
}

// Rank shows an event's final ranking with what each line is awarded. The
// result of a line is its points, bonuses and penalties included.
func Rank(rules Rules, lines []Line) ([]scoring.Ranked, error) {
	c := &checker{source: rules.Source}
	c.settings("settings", rules.Settings)
	if len(c.found) > 0 {
		return nil, c.found[0]
	}
	resolved := Resolve(rules.Settings, Settings{}, Settings{})
	results, err := resolved.Awards(rules.Event, lines)
	if err != nil {
		return nil, err
	}
	byEntry := map[string][]medals.Result{}
	for _, r := range results {
		byEntry[r.Entry] = append(byEntry[r.Entry], r)
	}
	field := resolved.Field(lines)
	ranked := scoring.Order(lines, func(l *Line) scoring.Facts {
		points, mark := sum(byEntry[l.ID]), scoring.Mark(0)
		f := scoring.Facts{ID: l.ID, IRM: l.IRM, Result: points.String()}
		if l.Ineligible {
			f.IRM = scoring.DSQ
		}
		if mark = points.Thousandths(); l.Rank > 0 {
			f.Mark = &mark
		}
		return f
	}, scoring.Step[Line]{
		Rule: "event-rank", Source: rules.Source,
		Compare: func(a, b *Line) int { return cmp.Compare(a.Rank, b.Rank) },
		Show:    func(l *Line) string { return text(l.Rank) },
	})
	for i := range ranked {
		ranked[i].Columns = resolved.columns(byEntry[ranked[i].ID], field)
	}
	return ranked, nil
}

// sum adds a line's points over all shares: what its delegations get together.
func sum(results []medals.Result) scoring.Ratio {
	var total scoring.Ratio
	for _, r := range results {
		for _, s := range r.Shares {
			total = total.Add(r.Points.Mul(s.Of))
		}
	}
	return total
}

// columns are the place, medal, points and prizes of a line, each bonus and
// penalty, and the settings behind them.
func (r *Resolved) columns(results []medals.Result, field int) []scoring.Column {
	var columns []scoring.Column
	add := func(name, text string) {
		if text != "" {
			columns = append(columns, scoring.Column{Name: name, Text: text})
		}
	}
	var settings []string
	for _, res := range results {
		total := sum([]medals.Result{res}).String()
		switch {
		case res.Rank > 0:
			add("place", text(res.Rank))
			add("medal", string(res.Medal))
			add("points", total)
			if res.Medal != "" || !res.Points.IsZero() {
				add("prize", strings.Join(r.Won(res.Rank, field), ", "))
			}
		case res.Shares[0].Of.Sign() < 0:
			if res.Medal != "" {
				add("gold-deducted", res.Shares[0].Of.Neg().String())
			} else {
				add("points-deducted", total)
			}
		default:
			add("record-bonus", total)
		}
		for _, w := range res.Why {
			if setting := w.Setting + "=" + w.Value; !slices.Contains(settings, setting) {
				settings = append(settings, setting)
			}
		}
	}
	add("settings", strings.Join(settings, " "))
	return columns
}
