// Asking: a person's needs are said as a whole, in ticks and words, at entry and
// again at arrival. What is ticked is asked for, what is no longer ticked is
// withdrawn, and that somebody was asked is kept also where nothing is needed.
package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/needs"
)

// StateNeeds says everything that a person of a delegation needs, or the
// delegation as a whole where Registration is 0. Saw is the number of the log
// entry that said it last, as the page knew it: what somebody else has said since
// is not overwritten unseen.
type StateNeeds struct {
	Delegation   int64       `json:"delegation" validate:"required"`
	Registration int64       `json:"registration,omitempty"`
	Round        Round       `json:"round" validate:"required,oneof=entry arrival"`
	Saw          int64       `json:"saw" validate:"min=0"`
	Needs        []AskedNeed `json:"needs" validate:"max=80,dive"`
}

// AskedNeed is one need as it is said. Words and Place are sealed; of them only
// keyed prints reach the log.
type AskedNeed struct {
	Kind   needs.Code `json:"kind" validate:"required,max=40"`
	Pieces int        `json:"pieces" validate:"min=1,max=99"`
	Day    string     `json:"day,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Until  string     `json:"until,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Hour   int        `json:"hour" validate:"min=-1,max=23"` // -1: that of the arrival
	Keep   bool       `json:"keep,omitempty"`                // the words stay as they are: who asks has not seen them
	Words  string     `json:"-"`
	Place  string     `json:"-"`
}

// mostPlace is how many characters a place may have.
const mostPlace = 60

// statedNeeds is the command as it enters the log.
type statedNeeds struct {
	StateNeeds
	Hidden []hiddenNeed `json:"hidden"` // in the order of Needs
}

type hiddenNeed struct {
	Words Hidden `json:"words"`
	Place Hidden `json:"place"`
}

func (statedNeeds) kind() string { return "needs-state" }

// NeedsOutcome is what a change of needs comes to.
type NeedsOutcome struct {
	Needs []NeedOutcome `json:"needs"`
}

// NeedOutcome is where one need stands after a change.
type NeedOutcome struct {
	ID       int64       `json:"id"`
	State    needs.State `json:"state"`
	Revision int64       `json:"revision"`
}

// StateNeeds writes down what somebody says that they need.
func (s *Store) StateNeeds(ctx context.Context, c Command, who access.Who, a StateNeeds) (Receipt, error) {
	if err := mayNeeds(who, access.WriteNeed, a.Delegation, "no-such-delegation", a.Delegation); err != nil {
		return Receipt{}, err
	}
	st := statedNeeds{StateNeeds: a, Hidden: make([]hiddenNeed, len(a.Needs))}
	st.Needs = slices.Clone(a.Needs)
	seen := map[needs.Code]bool{}
	for i := range a.Needs {
		n := &st.Needs[i]
		if seen[n.Kind] {
			return Receipt{}, invalid("kind."+string(n.Kind), "need-twice", string(n.Kind))
		}
		seen[n.Kind] = true
		n.Words, n.Place = tidyWords(n.Words), tidyWords(n.Place)
		if err := n.check(who, a.Registration != 0); err != nil {
			return Receipt{}, err
		}
		var err error
		if st.Hidden[i].Words, err = s.hideNeed(c.Competition, "need-text", n.Words); err != nil {
			return Receipt{}, err
		}
		if st.Hidden[i].Place, err = s.hideNeed(c.Competition, "need-place", n.Place); err != nil {
			return Receipt{}, err
		}
	}
	return s.change(ctx, c, st, func(ctx context.Context, ch *Change) (any, error) { return ch.stateNeeds(ctx, who, &st) })
}

// hideNeed hides a text; where there is none, nothing.
func (s *Store) hideNeed(competition, field, text string) (Hidden, error) {
	if text == "" {
		return Hidden{}, nil
	}
	return s.hide(competition, field, text)
}

// check holds one need against its kind, as one person's or a delegation's, which
// asks for many people at once.
func (n *AskedNeed) check(who access.Who, one bool) error {
	k, ok := needs.Find(n.Kind)
	kind := string(n.Kind)
	switch {
	case !ok:
		return invalid("kind", "need-unknown", kind)
	case !seesNeed(who, k):
		return invalid("kind", "need-medical")
	case one && n.Pieces > k.Most:
		return invalid("pieces."+kind, "need-many", kind)
	case k.Words && n.Words == "" && !n.Keep:
		return invalid("words."+kind, "need-in-words", kind)
	case utf8.RuneCountInString(n.Place) > mostPlace:
		return invalid("place."+kind, "field-max", "place", strconv.Itoa(mostPlace))
	case n.Until != "" && n.Until < n.Day:
		return invalid("until."+kind, "need-until", kind)
	case needs.CheckWords(needs.Ask, n.Words) != nil:
		return invalid("words."+kind, "need-words-long", strconv.Itoa(needs.MostWords))
	}
	return nil
}

// tidyWords takes away what nobody typed on purpose.
func tidyWords(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// sideOf is on which side of the loop somebody stands.
func sideOf(who access.Who) needs.Side {
	if who.Role == access.Delegation {
		return needs.Asker
	}
	return needs.Server
}

// seesNeed reports whether somebody may know that a need of a kind is there at
// all. Delegations know their own people; among the organisers the medical
// kinds are for the medical desk, and nothing else is.
func seesNeed(who access.Who, k needs.Kind) bool {
	switch who.Role {
	case access.Service:
		return k.Audience != needs.Medics
	case access.Medical:
		return k.Audience == needs.Medics
	}
	return true
}

// mayNeeds asks whether somebody may do an act to a delegation's needs. What is
// hidden from them is answered as what is not there.
func mayNeeds(who access.Who, act access.Act, delegation int64, problem string, id int64) error {
	return may(who, act, access.Object{Delegation: delegation}, notFound(problem, fmt.Sprint(id)))
}

func (c *Change) stateNeeds(ctx context.Context, who access.Who, st *statedNeeds) (any, error) {
	if err := c.askable(ctx, st.Delegation, st.Registration); err != nil {
		return nil, err
	}
	rounds, err := c.rounds(ctx, st.Delegation, st.Registration)
	if err != nil {
		return nil, err
	}
	last := int64(0)
	for _, r := range rounds {
		last = max(last, r.Seq)
	}
	if last != st.Saw {
		return nil, &Refusal{Status: StatusStale, Problem: "needs-stale"}
	}
	var old []Need
	err = ofSomebody(c.Tx.NewSelect().Model(&old), st.Delegation, st.Registration).Where("state <> ?", needs.Withdrawn).Order("id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load needs of delegation %d: %w", st.Delegation, err)
	}
	arrives, err := arrivalOf(ctx, c.Tx, c.Competition, st.Delegation, st.Registration)
	if err != nil {
		return nil, err
	}
	out := NeedsOutcome{Needs: []NeedOutcome{}}
	for i := range st.Needs {
		n, err := c.stateNeed(ctx, who, st, i, old, arrives)
		if err != nil {
			return nil, err
		}
		out.Needs = append(out.Needs, NeedOutcome{n.ID, n.State, n.Revision})
	}
	for i := range old {
		n := &old[i]
		if k, _ := needs.Find(n.Kind); !seesNeed(who, k) {
			continue // their form did not have it
		}
		if !slices.ContainsFunc(st.Needs, func(a AskedNeed) bool { return a.Kind == n.Kind }) {
			if err := c.actOn(ctx, n, needs.Withdraw, sideOf(who), Hidden{}); err != nil {
				return nil, err
			}
			out.Needs = append(out.Needs, NeedOutcome{n.ID, n.State, n.Revision})
		}
	}
	c.touch(needTopic)
	return out, c.saveRound(ctx, rounds, st)
}

// askable makes sure that the delegation is of this competition and the person
// of the delegation.
func (c *Change) askable(ctx context.Context, delegation, registration int64) error {
	if _, err := byID[Delegation](ctx, c.Tx, c.Competition.ID, delegation, "no-such-delegation"); err != nil || registration == 0 {
		return err
	}
	n, err := c.Tx.NewSelect().TableExpr("registrations").Where("id = ?", registration).Where("competition_id = ?", c.Competition.ID).
		Where("delegation_id = ?", delegation).Count(ctx)
	if err != nil {
		return fmt.Errorf("look for registration %d: %w", registration, err)
	}
	if n == 0 {
		return notFound("no-such-registration", fmt.Sprint(registration))
	}
	return nil
}

// ofSomebody narrows a query to a person, or to the delegation as a whole.
func ofSomebody(q *bun.SelectQuery, delegation, registration int64) *bun.SelectQuery {
	q = q.Where("delegation_id = ?", delegation)
	if registration == 0 {
		return q.Where("registration_id IS NULL")
	}
	return q.Where("registration_id = ?", registration)
}

func (c *Change) rounds(ctx context.Context, delegation, registration int64) ([]NeedRound, error) {
	var rounds []NeedRound
	if err := ofSomebody(c.Tx.NewSelect().Model(&rounds), delegation, registration).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load when delegation %d was asked: %w", delegation, err)
	}
	return rounds, nil
}

// saveRound keeps that somebody was asked.
func (c *Change) saveRound(ctx context.Context, rounds []NeedRound, st *statedNeeds) error {
	row := NeedRound{CompetitionID: c.Competition.ID, DelegationID: st.Delegation, RegistrationID: st.Registration, Round: st.Round}
	if i := slices.IndexFunc(rounds, func(r NeedRound) bool { return r.Round == st.Round }); i >= 0 {
		row = rounds[i]
	}
	row.Seq, row.At, row.By = c.Seq, c.Now, c.Author
	var err error
	if row.ID == 0 {
		_, err = c.Tx.NewInsert().Model(&row).Exec(ctx)
	} else {
		_, err = c.Tx.NewUpdate().Model(&row).Column("seq", "at", "by").WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("keep that delegation %d was asked: %w", st.Delegation, err)
	}
	return nil
}

// stateNeed writes one of the needs said: a new one, one that has changed, or
// one that is as it was.
func (c *Change) stateNeed(ctx context.Context, who access.Who, st *statedNeeds, i int, old []Need, arrives time.Time) (*Need, error) {
	asked, hidden := &st.Needs[i], &st.Hidden[i]
	at := slices.IndexFunc(old, func(n Need) bool { return n.Kind == asked.Kind })
	if at < 0 {
		return c.newNeed(ctx, st, asked, hidden, arrives)
	}
	n := &old[at]
	if asked.Keep && hidden.Words.Print == "" {
		hidden.Words.Print = n.WordsPrint
	}
	changed := n.Pieces != asked.Pieces || n.Day != asked.Day || n.Until != asked.Until || n.Hour != asked.Hour ||
		n.WordsPrint != hidden.Words.Print || n.PlacePrint != hidden.Place.Print
	n.Confirmed = n.Confirmed || st.Round == AtArrival
	switch {
	case changed:
		n.Pieces, n.Day, n.Until, n.Hour = asked.Pieces, asked.Day, asked.Until, asked.Hour
		n.Task = 0 // it is no longer the same as the others'
		k, _ := needs.Find(n.Kind)
		n.Due = needs.Due(k, c.Now, arrives)
		if err := c.keepPlace(ctx, n, hidden.Place); err != nil {
			return nil, err
		}
		before := n.WordsPrint
		n.WordsPrint = hidden.Words.Print
		if hidden.Words.Print == "" {
			n.Words = 0
		} else if hidden.Words.Print != before {
			n.Words = n.Revision + 1
			return n, c.actOn(ctx, n, needs.Change, sideOf(who), hidden.Words)
		}
		return n, c.actOn(ctx, n, needs.Change, sideOf(who), Hidden{})
	case st.Round == AtArrival:
		return n, c.actOn(ctx, n, needs.Still, sideOf(who), Hidden{})
	}
	return n, nil
}

func (c *Change) newNeed(ctx context.Context, st *statedNeeds, asked *AskedNeed, hidden *hiddenNeed, arrives time.Time) (*Need, error) {
	k, _ := needs.Find(asked.Kind) // checked before
	n := &Need{CompetitionID: c.Competition.ID, DelegationID: st.Delegation, RegistrationID: st.Registration, Kind: k.Code,
		Pieces: asked.Pieces, Day: asked.Day, Until: asked.Until, Hour: asked.Hour, State: needs.Asked, Round: st.Round,
		Confirmed: st.Round == AtArrival, Group: k.Group, Due: needs.Due(k, c.Now, arrives), Revision: 1, WordsPrint: hidden.Words.Print,
		Asked: c.Now, Updated: c.Now, By: c.Author}
	said := hidden.Words.Print != ""
	switch {
	case said:
		n.Words = 1
	case k.Words:
		return nil, invalid("words."+string(k.Code), "need-in-words", string(k.Code))
	}
	if _, err := c.Tx.NewInsert().Model(n).Exec(ctx); err != nil {
		return nil, fmt.Errorf("write a need down: %w", err)
	}
	if err := c.keepPlace(ctx, n, hidden.Place); err != nil {
		return nil, err
	}
	if n.PlacePrint != "" {
		if _, err := c.Tx.NewUpdate().Model(n).Column("place_print").WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("write a need down: %w", err)
		}
	}
	if said {
		if err := c.keep(ctx, n.subject(), map[string]Hidden{needTextField(1): hidden.Words}); err != nil {
			return nil, err
		}
	}
	row := n.change(c, needs.Ask, said)
	if _, err := c.Tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return nil, fmt.Errorf("write a need's history: %w", err)
	}
	return n, nil
}

// keepPlace seals a need's place where it has changed.
func (c *Change) keepPlace(ctx context.Context, n *Need, place Hidden) error {
	if place.Print == n.PlacePrint {
		return nil
	}
	n.PlacePrint = place.Print
	return c.keep(ctx, n.subject(), map[string]Hidden{needPlaceField: place})
}

// actOn takes a need one step on: the machine decides where to, the text that
// goes with it is sealed under the new revision, and the step is kept.
func (c *Change) actOn(ctx context.Context, n *Need, a needs.Act, by needs.Side, said Hidden) error {
	next, err := needs.Next(n.State, a, by)
	if err != nil {
		return err
	}
	if a == needs.Reopen {
		n.Reopened++
	}
	if a == needs.Remind {
		n.Reminded++
	}
	n.State = next
	n.Revision++
	n.Updated, n.By = c.Now, c.Author
	if said.Print != "" {
		if err := c.keep(ctx, n.subject(), map[string]Hidden{needTextField(n.Revision): said}); err != nil {
			return err
		}
	}
	if _, err := c.Tx.NewUpdate().Model(n).ExcludeColumn("id", "competition_id", "delegation_id", "registration_id", "kind", "asked", "round").
		WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write need %d: %w", n.ID, err)
	}
	row := n.change(c, a, said.Print != "")
	if _, err := c.Tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("write the history of need %d: %w", n.ID, err)
	}
	return nil
}

// arrivalOf is when somebody arrives: with the group that they are in, else with
// the delegation's largest; zero where nothing is planned.
func arrivalOf(ctx context.Context, db bun.IDB, comp Competition, delegation, registration int64) (time.Time, error) {
	all, err := loadArrivals(ctx, db, comp, delegation)
	if err != nil {
		return time.Time{}, err
	}
	return all.of(delegation, registration), nil
}

// arrivals are a competition's planned arrivals with who comes when.
type arrivals struct {
	groups []Arrival // by delegation and time
	times  map[int64]time.Time
	named  map[int64]int64 // group by registration
}

// loadArrivals loads the arrivals of a delegation, or of all with 0.
func loadArrivals(ctx context.Context, db bun.IDB, comp Competition, delegation int64) (*arrivals, error) {
	zone, err := time.LoadLocation(comp.Zone)
	if err != nil {
		return nil, fmt.Errorf("load arrivals: %w", err)
	}
	a := &arrivals{times: map[int64]time.Time{}, named: map[int64]int64{}}
	q := db.NewSelect().Model(&a.groups).Where("competition_id = ?", comp.ID)
	if delegation != 0 {
		q = q.Where("delegation_id = ?", delegation)
	}
	if err := q.Order("day", "clock", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load arrivals: %w", err)
	}
	if len(a.groups) == 0 {
		return a, nil
	}
	var people []ArrivalPerson
	ids := make([]int64, len(a.groups))
	for i, g := range a.groups {
		ids[i] = g.ID
		if a.times[g.ID], err = time.ParseInLocation("2006-01-02 15:04", g.Day+" "+g.Clock, zone); err != nil {
			return nil, fmt.Errorf("time of arrival %d: %w", g.ID, err)
		}
	}
	if err := db.NewSelect().Model(&people).Where("arrival_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load who arrives: %w", err)
	}
	for _, p := range people {
		a.named[p.RegistrationID] = p.ArrivalID
	}
	return a, nil
}

// group is the arrival that somebody belongs to: who is named in none comes with
// the delegation's largest. It is nil where nothing is planned.
func (a *arrivals) group(delegation, registration int64) *Arrival {
	var largest *Arrival
	for i := range a.groups {
		switch g := &a.groups[i]; {
		case registration != 0 && g.ID == a.named[registration]:
			return g
		case g.DelegationID == delegation && (largest == nil || g.People > largest.People):
			largest = g
		}
	}
	return largest
}

func (a *arrivals) of(delegation, registration int64) time.Time {
	if g := a.group(delegation, registration); g != nil {
		return a.times[g.ID]
	}
	return time.Time{}
}
