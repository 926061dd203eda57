// What a file of outcomes would come to, and applying it: all its decisions are
// one change of class, which is taken back like any other.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tongchang/events/access"
	"tongchang/events/classes"
)

// PreviewOutcomes finds out what applying a file would come to. Nothing is
// written. Changed is nil where nothing is decided.
func (s *Store) PreviewOutcomes(ctx context.Context, c Command, who access.Who, id string, results classes.Results) (*OutcomesJudged, *ClassChanged, error) {
	j, err := s.Outcomes(ctx, who, c.Competition, id, results)
	if err != nil || j.Decides() == 0 {
		return j, nil, err
	}
	found, err := s.PreviewClasses(ctx, c, who, j.change)
	return j, found, err
}

// ApplyOutcomes is what applies a file. Seen is the print of what it was said to
// decide, Results what becomes of results so far.
type ApplyOutcomes struct {
	File    string
	Seen    string
	Results classes.Results
}

// ApplyOutcomes applies the rows of a file that nothing keeps back: one command,
// a change of class with all of them. It is refused as stale where they would
// now decide something else than was seen. The same command again is answered
// as before. The file's content is forgotten.
func (s *Store) ApplyOutcomes(ctx context.Context, c Command, who access.Who, a ApplyOutcomes) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	competition, f, err := s.fileOfOutcomes(ctx, who, c.Competition, a.File)
	if err != nil {
		return Receipt{}, err
	}
	if f.Seq != 0 {
		return s.appliedBefore(ctx, c, f)
	}
	j, err := s.Outcomes(ctx, who, c.Competition, a.File, a.Results)
	switch {
	case err != nil:
		return Receipt{}, err
	case j.Seen != a.Seen:
		return Receipt{}, &Refusal{Status: StatusStale, Problem: "outcomes-stale"}
	case j.Decides() == 0:
		return Receipt{}, invalid("file", "outcomes-nothing-new")
	}
	if err := j.change.mayDecide(who); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, j.change, func(ctx context.Context, ch *Change) (any, error) {
		changed, err := ch.changeClasses(ctx, j.change)
		if err != nil {
			return nil, err
		}
		if _, err := ch.Tx.NewUpdate().Model(f).Set("seq = ?", ch.Seq).WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("note that file %s is applied: %w", f.ID, err)
		}
		return changed, s.forget(ctx, ch.Tx, competition, f.subject())
	})
}

// appliedBefore answers a command about a file that has been applied: its own
// again, or somebody else's.
func (s *Store) appliedBefore(ctx context.Context, c Command, f *outcomeFile) (Receipt, error) {
	all, err := s.Entries(ctx, f.CompetitionID, f.Seq-1, 1)
	if err != nil {
		return Receipt{}, err
	}
	if len(all) == 1 && all[0].CommandID == c.ID {
		return Receipt{Seq: f.Seq, Outcome: []byte(all[0].Receipt), Repeated: true}, nil
	}
	return Receipt{}, &Refusal{Status: StatusClosed, Problem: "outcomes-applied", With: []string{f.Name}}
}

// ClassChangeBy is what a change of class came to, as the log has it, for who may
// decide in all disciplines that it was about.
func (s *Store) ClassChangeBy(ctx context.Context, who access.Who, competition string, seq int64) (*ClassChanged, error) {
	if err := s.mayUndoClasses(ctx, competition, who, seq); err != nil {
		return nil, err
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	all, err := s.Entries(ctx, c.ID, seq-1, 1)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || all[0].Kind != (ChangeClass{}).kind() {
		return nil, notFound("no-such-class-change", fmt.Sprint(seq))
	}
	changed := new(ClassChanged)
	if err := json.Unmarshal([]byte(all[0].Receipt), changed); err != nil {
		return nil, fmt.Errorf("read what change of class %d came to: %w", seq, err)
	}
	return changed, nil
}
