// Putting a set-up in force: the draft becomes commands, each of which leaves
// nothing in the log where it says nothing new. What would be refused is found
// before the first of them is written.
package events

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tongchang/events/access"
	"tongchang/events/plan"
	"tongchang/scoring"
)

// SetCompetition says what a competition is called, where it is held and when.
// Its code and its zone stay: addresses and clock times rest on them.
type SetCompetition struct {
	Name   string `json:"name" validate:"required,max=80"`
	NameEn string `json:"name_en" validate:"max=80"`
	City   string `json:"city" validate:"max=80"`
	Starts string `json:"starts" validate:"required,datetime=2006-01-02"`
	Ends   string `json:"ends" validate:"required,datetime=2006-01-02"`
}

func (SetCompetition) kind() string { return "competition" }

// SetCompetition changes nothing, and leaves no entry, where it is all so already.
func (s *Store) SetCompetition(ctx context.Context, c Command, who access.Who, a SetCompetition) (Receipt, error) {
	if err := may(who, access.SetEdition, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	if a.Ends < a.Starts {
		return Receipt{}, invalid("ends", "deadline-order", a.Ends, a.Starts)
	}
	r, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		row := ch.Competition
		row.Name, row.NameEn, row.City, row.Starts, row.Ends = a.Name, a.NameEn, a.City, a.Starts, a.Ends
		if row == ch.Competition {
			return nil, errNothingNew
		}
		if _, err := ch.Tx.NewUpdate().Model(&row).Column("name", "name_en", "city", "starts", "ends").WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("change competition %s: %w", row.Code, err)
		}
		ch.touch("meet", "today", "medals")
		return a, nil
	})
	if errors.Is(err, errNothingNew) {
		return Receipt{Repeated: true}, nil
	}
	return r, err
}

// SetupPreview says what putting a set-up in force would do.
type SetupPreview struct {
	Steps      []plan.Progress
	Fit        bool
	Games      bool            // name, place or days are other than before
	Regulation bool            // so is the regulation
	Sessions   int             // that would be new
	Edition    *EditionPreview // nil where the plan is not fit
}

// Changes reports whether anything would be other than before.
func (p *SetupPreview) Changes() bool {
	return p.Games || p.Regulation || p.Sessions > 0 || p.Edition != nil && p.Edition.Changes()
}

// PreviewSetup says what ApplySetup would do; it changes nothing.
func (s *Store) PreviewSetup(ctx context.Context, c Command, who access.Who) (*SetupPreview, error) {
	d, err := s.Setup(ctx, who, c.Competition)
	if err != nil {
		return nil, err
	}
	set, err := s.settle(ctx, c.Competition, d.Plan)
	if err != nil {
		return nil, err
	}
	out := &SetupPreview{Steps: set.steps, Fit: plan.Fit(set.steps), Games: set.games, Regulation: set.regulation != nil, Sessions: len(set.sessions)}
	if out.Fit {
		c.ID = uuid.NewString()
		out.Edition, err = s.PreviewEdition(ctx, c, set.edition)
	}
	return out, err
}

// settled is a plan as the commands that it comes to.
type settled struct {
	steps       []plan.Progress
	games       bool
	competition SetCompetition
	regulation  *SetRegulation // nil: as it is in force, or none
	edition     SetEdition
	sessions    []SessionFile
}

func (s *Store) settle(ctx context.Context, competition string, p *plan.Plan) (*settled, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, fmt.Errorf("settle the set-up of %s: %w", c.Code, err)
	}
	set := &settled{steps: p.Check(s.now().In(zone).Format(time.DateOnly)), competition: SetCompetition{p.Name, p.NameEn, p.City, p.Starts, p.Ends}}
	set.games = set.competition != SetCompetition{c.Name, c.NameEn, c.City, c.Starts, c.Ends}
	if p.Regulation != nil {
		raw, err := json.Marshal(p.Regulation)
		if err != nil {
			return nil, err
		}
		if same, err := sameRegulation(c.Regulation, raw); err != nil {
			return nil, err
		} else if !same {
			set.regulation = &SetRegulation{Regulation: raw}
		}
	}
	rules, programme, err := p.Edition()
	var inv *scoring.Invalid
	if err != nil && !errors.As(err, &inv) { // what is invalid is in the steps
		return nil, err
	}
	set.edition = SetEdition{Rules: rules, Events: programme}
	if before, err := loadEdition(ctx, s.r, c.ID); err == nil {
		if err := set.keepWords(&c, before); err != nil {
			return nil, err
		}
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	there, err := sessionsOf(ctx, s.r, c.ID)
	if err != nil {
		return nil, err
	}
	set.sessions = newSessions(p, there)
	return set, nil
}

// keepWords leaves the edition in force as it was written, where the plan says
// the same in other words.
func (set *settled) keepWords(c *Competition, before *editionRow) error {
	p := plan.New(c.Name)
	p.NameEn, p.Starts, p.Ends = c.NameEn, c.Starts, c.Ends
	if err := plan.OfEdition(p, []byte(before.Rules), before.Programme); err != nil {
		return fmt.Errorf("read the edition of %s: %w", c.Code, err)
	}
	rules, programme, err := p.Edition()
	if err != nil {
		return fmt.Errorf("write the edition of %s: %w", c.Code, err)
	}
	if bytes.Equal(rules, set.edition.Rules) && programme == set.edition.Events {
		set.edition = SetEdition{Rules: json.RawMessage(before.Rules), Events: before.Programme}
	}
	return nil
}

// sameRegulation compares a regulation in force with another by what they say.
func sameRegulation(inForce string, raw []byte) (bool, error) {
	if inForce == "" {
		return false, nil
	}
	var before any
	if err := json.Unmarshal([]byte(inForce), &before); err != nil {
		return false, fmt.Errorf("read the regulation in force: %w", err)
	}
	var after any
	if err := json.Unmarshal(raw, &after); err != nil {
		return false, err
	}
	a, err1 := json.Marshal(before)
	b, err2 := json.Marshal(after)
	return bytes.Equal(a, b), errors.Join(err1, err2)
}

// newSessions are the sessions of a plan that are not there, numbered after
// those that are. What is there stays as it is, whatever others have made of it.
func newSessions(p *plan.Plan, there []Session) []SessionFile {
	last := 0
	for _, s := range there {
		last = max(last, s.Number)
	}
	var fresh []SessionFile
	for _, s := range p.Sessions() {
		if slices.ContainsFunc(there, func(o Session) bool { return o.Day == s.Day && o.Opens == s.Opens && o.Venue == s.Venue }) {
			continue
		}
		last++
		fresh = append(fresh, SessionFile{Number: last, Name: s.Name, NameEn: s.NameEn, Day: s.Day, Opens: s.Opens, Venue: s.Venue})
	}
	return fresh
}

// SetupApplied says what was put in force. Seq is the last log entry of it; 0
// where everything was in force already.
type SetupApplied struct {
	Seq     int64
	Edition EditionLaid
}

// ApplySetup puts the draft in force that was seen at a revision, and drops it.
// It is several commands; where one is refused after others were taken, those
// stand, and the same step again does only what is left.
func (s *Store) ApplySetup(ctx context.Context, c Command, who access.Who, saw int64) (*SetupApplied, error) {
	d, err := s.Setup(ctx, who, c.Competition)
	if err != nil {
		return nil, err
	}
	switch {
	case d.Revision == saw:
	case d.Revision == 0:
		return nil, &Refusal{Status: StatusStale, Problem: "setup-gone"}
	default:
		return nil, &Refusal{Status: StatusStale, Problem: "setup-stale", With: []string{d.By}}
	}
	set, err := s.settle(ctx, c.Competition, d.Plan)
	if err != nil {
		return nil, err
	}
	if !plan.Fit(set.steps) {
		return nil, invalid("steps", "setup-unfit")
	}
	look := c
	look.ID = uuid.NewString()
	if _, _, err := s.setEdition(ctx, look, set.edition, true); err != nil {
		return nil, err
	}
	out := new(SetupApplied)
	for _, do := range []func(Command) (Receipt, error){
		func(c Command) (Receipt, error) { return s.SetCompetition(ctx, c, who, set.competition) },
		func(c Command) (Receipt, error) {
			if set.regulation == nil {
				return Receipt{}, nil
			}
			return s.SetRegulation(ctx, c, *set.regulation)
		},
		func(c Command) (Receipt, error) {
			r, laid, err := s.setEdition(ctx, c, set.edition, false)
			if err == nil && !r.Repeated {
				out.Edition = *laid
			}
			return r, err
		},
		func(c Command) (Receipt, error) {
			_, err := s.SetUp(ctx, c, SetUp{ProgrammeFile{Sessions: set.sessions}}, false)
			return Receipt{}, err
		},
	} {
		part := c
		part.ID = uuid.NewString()
		r, err := do(part)
		if err != nil {
			return nil, err
		}
		if !r.Repeated {
			out.Seq = max(out.Seq, r.Seq)
		}
	}
	return out, s.DropSetup(ctx, who, c.Competition)
}
