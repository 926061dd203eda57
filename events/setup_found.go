// Founding a new edition from a browser: whoever holds the desk's key, or
// organises another edition on the same machine, makes the competition and the
// account of its first organiser in one step.
package events

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/plan"
)

// FoundEdition is a new edition with its first organiser. Plan is what its
// set-up begins with; its name, place, days and zone are the competition's.
type FoundEdition struct {
	Code  string
	Plan  *plan.Plan
	Login string
	Name  string // of the organiser
}

// mayFound reports whether somebody may found editions. Who organises another
// edition has proved it there; the table of acts is about one competition.
func mayFound(who access.Who) error {
	if who == access.Desk || who == access.Console || who.Role == access.Organiser && who.Strong {
		return nil
	}
	return &Refusal{Status: StatusForbidden, Problem: "forbidden"}
}

// FoundEdition makes an edition and returns the link with which its organiser
// sets a password. A code that is taken is refused; the same command sent again
// gives a new link.
func (s *Store) FoundEdition(ctx context.Context, c Command, who access.Who, f FoundEdition) (Competition, Link, error) {
	fail := func(err error) (Competition, Link, error) { return Competition{}, Link{}, err }
	if err := mayFound(who); err != nil {
		return fail(err)
	}
	if login := foldLogin(f.Login); !loginPattern.MatchString(login) {
		return fail(invalid("login", "login-form", f.Login))
	}
	switch {
	case f.Name == "":
		return fail(invalid("organiser", "setup-missing"))
	case reserved(f.Name):
		return fail(invalid("organiser", "name-taken", f.Name))
	}
	p := f.Plan
	if err := foundable(p, s.now()); err != nil {
		return fail(asRefusal(err))
	}
	row, fresh, err := s.found(ctx, Competition{Code: f.Code, Name: p.Name, NameEn: p.NameEn, City: p.City, Zone: p.Zone, Starts: p.Starts, Ends: p.Ends})
	if err != nil {
		return fail(err)
	}
	c.Competition = f.Code
	if !fresh {
		return s.foundAgain(ctx, c, row)
	}
	if _, err := s.SaveSetup(ctx, access.Console, f.Code, p, 0); err != nil {
		return fail(err)
	}
	_, links, err := s.MakeAccounts(ctx, c, access.Console, MakeAccounts{[]NewAccount{{Login: f.Login, Name: f.Name, Role: access.Organiser}}})
	if err != nil {
		return fail(err)
	}
	return row, links[0], nil
}

// foundable refuses a plan that could not be kept, or whose games are at no time.
func foundable(p *plan.Plan, now time.Time) error {
	raw, err := p.Bytes()
	if err == nil {
		_, err = plan.Read(raw)
	}
	if err != nil {
		return err
	}
	for _, g := range p.Check(now.Format(time.DateOnly)) {
		if g.Step == plan.StepGames && (g.State == plan.Missing || g.State == plan.Wrong) {
			return &g.Say[0]
		}
	}
	return nil
}

// foundAgain answers a founding of what is there: with a new link where it is
// the very command that founded it.
func (s *Store) foundAgain(ctx context.Context, c Command, row Competition) (Competition, Link, error) {
	first := new(LogEntry)
	err := s.r.NewSelect().Model(first).Where("competition_id = ?", row.ID).Where("seq = 1").Scan(ctx)
	if err != nil && !isNoRows(err) {
		return row, Link{}, fmt.Errorf("look how %s was founded: %w", row.Code, err)
	}
	var account Account
	if err == nil && first.CommandID == c.ID {
		err = s.r.NewSelect().Model(&account).Where("competition_id = ?", row.ID).Order("id").Limit(1).Scan(ctx)
	}
	if err != nil || account.ID == 0 {
		return row, Link{}, invalid("code", "code-taken", row.Code)
	}
	var link Link
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		link, err = makeLink(ctx, tx, &account, s.now().UTC())
		return err
	})
	return row, link, err
}

// SetupOf gives what is in force of an edition, for another to begin with.
func (s *Store) SetupOf(ctx context.Context, who access.Who, competition string) (*plan.Plan, error) {
	if err := mayFound(who); err != nil {
		return nil, err
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	p, err := s.planInForce(ctx, &c)
	if err == nil && len(p.Events) == 0 {
		err = notFound("no-edition", c.Code)
	}
	if err != nil {
		return nil, err
	}
	delegations, err := s.Delegations(ctx, c.ID)
	for _, d := range delegations { // the next edition's have the same letters
		for i := range p.Rules.Delegations {
			if p.Rules.Delegations[i].Name == d.Name {
				p.Rules.Delegations[i].Code = d.Code
			}
		}
	}
	return p, err
}
