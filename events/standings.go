// The tables: what a competition's regulation makes of its official results.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/medals"
	"tongchang/scoring/regulation"
)

// SetRegulation puts a regulation in force, in place of the one before. The
// log keeps every version.
type SetRegulation struct {
	Regulation json.RawMessage `json:"regulation" validate:"required,max=200000"`
}

func (SetRegulation) kind() string { return "regulation" }

// SetRegulation refuses a regulation that cannot be applied, naming the setting.
func (s *Store) SetRegulation(ctx context.Context, c Command, a SetRegulation) (Receipt, error) {
	reg, err := regulation.Read(a.Regulation)
	if err != nil {
		return Receipt{}, asRefusal(err)
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		ch.Competition.Regulation = string(a.Regulation)
		if _, err := ch.Tx.NewUpdate().Model(&ch.Competition).Column("regulation").WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("put the regulation in force: %w", err)
		}
		ch.touch("medals", "today", "meet")
		return map[string]any{"name": reg.Name, "version": reg.Version}, nil
	})
}

// Standings are a competition's tables. A row's Delegation is the delegation's
// ID; its parts are the results behind its numbers.
type Standings struct {
	Decided int          // medal events that they rest on
	Medals  []medals.Row // by gold
	Points  []medals.Row // team points; nil unless the regulation publishes them
	Source  string       // the regulation's
}

// Standings makes the tables from what is official. Without a regulation the
// first three places earn medals and nothing earns points.
func (s *Store) Standings(ctx context.Context, c Competition) (*Standings, error) {
	return standings(ctx, s.r, c)
}

func standings(ctx context.Context, db bun.IDB, c Competition) (*Standings, error) {
	sheets, err := decided(ctx, db, c.ID)
	if err != nil {
		return nil, err
	}
	var reg *regulation.Regulation
	if c.Regulation != "" {
		read, err := regulation.Read([]byte(c.Regulation))
		if err != nil {
			return nil, fmt.Errorf("read the regulation in force: %w", err)
		}
		reg = &read
	}
	var results []medals.Result
	for _, sh := range sheets {
		brought, err := sh.awards(reg)
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", sh.Event.Code, err)
		}
		results = append(results, brought...)
	}
	return tables(reg, len(sheets), results)
}

func tables(reg *regulation.Regulation, decided int, results []medals.Result) (*Standings, error) {
	st := &Standings{Decided: decided}
	var err error
	if reg == nil {
		st.Medals, err = medals.Table(results, medals.Rules{})
		return st, err
	}
	st.Source = reg.Source
	rules, _ := reg.Rules(medals.ByGold, nil)
	if st.Medals, err = medals.Table(results, rules); err != nil {
		return nil, err
	}
	if rules, audience := reg.Rules(medals.ByPoints, nil); audience == "public" {
		st.Points, err = medals.Table(results, rules)
	}
	return st, err
}

// awards is what a decided event brings the delegations.
func (sh *Sheet) awards(reg *regulation.Regulation) ([]medals.Result, error) {
	doc, err := sh.Document()
	if err != nil {
		return nil, err
	}
	rankings, err := kinds.Rank(doc)
	if err != nil {
		return nil, err
	}
	ranked := rankings[0].Lines
	if reg != nil {
		resolved := reg.For(sh.Discipline, sh.Event.Code)
		return resolved.Awards(regulation.Event{ID: sh.Event.Code, Discipline: sh.Discipline, Sex: sh.Event.Sex, Kind: sh.eventKind()}, sh.awardLines(ranked))
	}
	var results []medals.Result
	for _, r := range ranked {
		if m := medals.ForRank(r.Rank); m != "" {
			results = append(results, medals.Result{Event: sh.Event.Code, Discipline: sh.Discipline, Sex: sh.Event.Sex, Entry: r.ID, Rank: r.Rank, Medal: m,
				Shares: medals.Sole(sh.Line(r.ID).delegationKey())})
		}
	}
	return results, nil
}

// awardLines are the lines that regulations count fields by: everybody who was
// entered and swam, ran or did not come; those still waiting are nobody's.
func (sh *Sheet) awardLines(ranked []scoring.Ranked) []regulation.Line {
	var lines []regulation.Line
	for _, r := range ranked {
		if r.Reason.Rule == scoring.RuleNoMark {
			continue
		}
		l := sh.Line(r.ID)
		lines = append(lines, regulation.Line{ID: r.ID, Rank: r.Rank, IRM: r.IRM, Class: l.Class, Delegations: []string{l.delegationKey()}})
	}
	return lines
}

// eventKind is the word of the regulation's multipliers.
func (sh *Sheet) eventKind() string {
	switch {
	case strings.Contains(sh.Event.Type, "x"):
		return "relay"
	case len(sh.Lines) > 0 && sh.Lines[0].TeamName != "":
		return "team"
	}
	return "individual"
}

func (l *Line) delegationKey() string { return strconv.FormatInt(l.DelegationID, 10) }
