// The roll: everybody who is entered for a competition, as rows that the rules
// of entry judge together. It is read, and judged, outside of the transaction
// that writes: judging a games takes a moment in which no mark may have to wait.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
)

// roll is everybody who is entered, as it was at a stamp: the number of the last
// log entry that touched a registration.
type roll struct {
	competition Competition
	stamp       int64
	edition     *entry.Edition
	now         time.Time // by the clocks of the place
	today       identity.Date
	delegations []Delegation // by ID
	all         []Registration
	rows        []*entry.Row // beside all
	sealed      []map[string]string
	codes       map[int64]string            // of participants
	papers      map[int64][]entry.PaperHeld // by registration
	at          map[int64]int               // by ID
	judged      bool
}

// roll reads everybody. The stamp is read first: what is written meanwhile shows
// by its being old.
func (s *Store) roll(ctx context.Context, competition string) (*roll, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	r := &roll{competition: c, codes: map[int64]string{}}
	if r.stamp, err = registrationStamp(ctx, s.r, c.ID); err != nil {
		return nil, err
	}
	if r.edition, err = s.Edition(ctx, competition); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, fmt.Errorf("the zone of %s: %w", c.Code, err)
	}
	r.now = s.now().In(zone)
	r.today = identity.DateOf(r.now)
	sealed, err := s.unsealAll(ctx, c, "r")
	if err != nil {
		return nil, err
	}
	var numbers []Participant
	for _, err := range []error{
		s.r.NewSelect().Model(&r.delegations).Where("competition_id = ?", c.ID).Order("id").Scan(ctx),
		s.r.NewSelect().Model(&r.all).Where("competition_id = ?", c.ID).Order("id").Scan(ctx),
		s.r.NewSelect().Model(&numbers).Column("id", "code").Where("competition_id = ?", c.ID).Scan(ctx),
	} {
		if err != nil {
			return nil, fmt.Errorf("read the roll of %s: %w", competition, err)
		}
	}
	for _, p := range numbers {
		r.codes[p.ID] = p.Code
	}
	r.at = index(r.all, func(g *Registration) int64 { return g.ID })
	if err := s.readPapers(ctx, r); err != nil {
		return nil, err
	}
	for i := range r.all {
		r.sealed = append(r.sealed, sealed[r.all[i].subject()])
		r.rows = append(r.rows, r.row(&r.all[i], r.sealed[i]))
	}
	return r, nil
}

// readPapers reads which papers people have handed in. A person's papers are
// theirs in every sport.
func (s *Store) readPapers(ctx context.Context, r *roll) error {
	var rows []struct {
		RegistrationID int64
		Kind, Expires  string
	}
	err := s.r.NewSelect().TableExpr("papers").Column("registration_id", "kind", "expires").Where("competition_id = ?", r.competition.ID).Order("id").Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("read which papers there are: %w", err)
	}
	of := map[string][]entry.PaperHeld{}
	for _, row := range rows {
		held := entry.PaperHeld{Kind: row.Kind}
		held.Expires, _ = identity.ReadDay(row.Expires, false) // empty where it has no end
		if i, ok := r.at[row.RegistrationID]; ok {
			of[r.all[i].whose()] = append(of[r.all[i].whose()], held)
		}
	}
	r.papers = map[int64][]entry.PaperHeld{}
	for i := range r.all {
		if held := of[r.all[i].whose()]; held != nil {
			r.papers[r.all[i].ID] = held
		}
	}
	return nil
}

// whose tells a delegation's people apart: by the number's print, or where there
// is none by the registration itself.
func (g *Registration) whose() string {
	if g.Person == "" {
		return "#" + strconv.FormatInt(g.ID, 10)
	}
	return personKey(g)
}

// registrationStamp is the number of the last log entry that touched one.
func registrationStamp(ctx context.Context, db bun.IDB, competition int64) (seq int64, err error) {
	err = db.NewSelect().Model((*Registration)(nil)).ColumnExpr("coalesce(max(seq), 0)").Where("competition_id = ?", competition).Scan(ctx, &seq)
	if err != nil {
		return 0, fmt.Errorf("look for news of registrations: %w", err)
	}
	return seq, nil
}

// delegation finds a delegation of the competition; nil where there is none.
func (r *roll) delegation(id int64) *Delegation {
	i, ok := slices.BinarySearchFunc(r.delegations, id, func(d Delegation, id int64) int { return cmp.Compare(d.ID, id) })
	if !ok {
		return nil
	}
	return &r.delegations[i]
}

// one finds a registration that somebody may do an act to. What they may not
// know of is answered like what is not there.
func (r *roll) one(who access.Who, act access.Act, id int64) (*Registration, error) {
	missing := notFound("no-such-registration", strconv.FormatInt(id, 10))
	i, ok := r.at[id]
	if !ok {
		return nil, cmp.Or(may(who, act, access.Object{Delegation: who.Delegation}, missing), missing)
	}
	return &r.all[i], may(who, act, access.Object{Delegation: r.all[i].DelegationID}, missing)
}

// decides reports whether somebody decides about a delegation's registrations.
func decides(who access.Who, delegation int64) bool {
	return access.May(who, access.DecideRegistration, access.Object{Delegation: delegation}) == access.Allowed
}

// late are the problems of what comes too late.
var late = map[entry.Doing]string{entry.Add: "late-add", entry.Change: "late-change", entry.Withdraw: "late-withdraw"}

// lets holds what a delegation does against the deadlines. Who decides is not
// bound by them.
func (r *roll) lets(who access.Who, delegation int64, what entry.Doing, reason string) error {
	if what == "" || decides(who, delegation) {
		return nil
	}
	allowed, why := r.edition.Lets(r.now, what)
	switch {
	case !allowed:
		return &Refusal{Status: StatusClosed, Problem: late[what]}
	case why && strings.TrimSpace(reason) == "":
		return invalid("reason", "registration-reason")
	}
	return nil
}

// formFields are the fields that the rules may look for in every row.
var formFields = []entry.Field{entry.Name, entry.Sex, entry.Birth, entry.ID, entry.Cert, entry.Cat, entry.Level, entry.Valid, entry.InSport, entry.Class,
	entry.Events, entry.Mark, entry.Guide, entry.Phone, entry.Guardian, entry.Remark, entry.Paper, entry.Extra}

// row is a registration as the rules know it. Its cells have the registration's
// number for an address: #12.
func (r *roll) row(g *Registration, sealed map[string]string) *entry.Row {
	at := "#" + strconv.FormatInt(g.ID, 10)
	row := &entry.Row{Staff: g.Staff, Counted: g.Counted, Role: g.Role, Cells: map[entry.Field]entry.Cell{}, Registered: true, Papers: r.papers[g.ID]}
	if d := r.delegation(g.DelegationID); d != nil {
		row.Delegation = d.Name
	}
	if g.Sport != "" {
		row.Sport = r.edition.Sport(g.Sport)
	}
	says := g.says()
	for _, f := range formFields {
		row.Cells[f] = entry.Cell{Address: at, Text: cmp.Or(says[f], sealed[string(f)])}
	}
	for f, text := range sealed {
		row.Cells[entry.Field(f)] = entry.Cell{Address: at, Text: text}
	}
	row.NoChoice = row.Cells[entry.Events]
	for _, name := range g.choices() {
		row.Choices = append(row.Choices, entry.Choice{Name: name, At: entry.Cell{Address: at, Text: name}})
	}
	return row
}

// choices are the events chosen, as typed.
func (g *Registration) choices() []string {
	var names []string
	if json.Unmarshal([]byte(g.Choices), &names) != nil { // written by this file: cannot fail
		return nil
	}
	return names
}

// says is what the row says openly.
func (g *Registration) says() map[entry.Field]string {
	var choices []entry.Choice
	for _, name := range g.choices() {
		choices = append(choices, entry.Choice{Name: name})
	}
	return map[entry.Field]string{entry.Name: g.Name, entry.Sex: g.Sex, entry.Birth: g.Birth, entry.InSport: g.Sport, entry.Class: g.Class,
		entry.Events: registration.JoinChoices(choices), entry.Mark: g.Best, entry.Guide: g.Guide, registration.Role: g.Role}
}

// set writes into the registration what its row says openly, and gives back what
// is to be sealed.
func (g *Registration) set(says map[entry.Field]string, choices []string) (sealed map[string]string) {
	if choices == nil {
		choices = []string{}
	}
	names, _ := json.Marshal(choices) // strings: cannot fail
	g.Name, g.Sex, g.Birth, g.Sport, g.Class = says[entry.Name], says[entry.Sex], says[entry.Birth], says[entry.InSport], says[entry.Class]
	g.Best, g.Guide, g.Role, g.Choices = says[entry.Mark], says[entry.Guide], says[registration.Role], string(names)
	sealed = map[string]string{}
	for f, text := range says {
		if Sealed(f) && text != "" {
			sealed[string(f)] = text
		}
	}
	return sealed
}

// seal fills in the registration's keyed prints: of its person and of all that
// it says.
func (s *Store) seal(r *roll, g *Registration, sealed map[string]string) error {
	g.Person = ""
	if id, err := identity.ParseCitizenID(sealed[string(entry.ID)], r.today); err == nil {
		if g.Person, err = s.print(r.competition.Code, "id", id.Reveal()); err != nil {
			return err
		}
	}
	var err error
	g.Content, err = s.contentOf(r.competition.Code, g, sealed)
	return err
}

// contentOf is the keyed print of all that a registration says.
func (s *Store) contentOf(competition string, g *Registration, sealed map[string]string) (string, error) {
	whole, err := json.Marshal([]any{g.Staff, g.Counted, g.Role, g.Sport, g.Name, g.Sex, g.Birth, g.Class, g.Choices, g.Best, g.Guide, sealed})
	if err != nil {
		return "", err
	}
	return s.print(competition, "registration", string(whole))
}

// judge has the rules judge everybody who counts, with a row in the place of a
// registration's own where one is given. It gives the problems of each
// registration, with the cells of nobody else.
func (r *roll) judge(instead map[int64]*entry.Row, more ...*entry.Row) map[*entry.Row][]entry.Problem {
	if r.judged { // a row keeps what was found out about it
		for i := range r.all {
			r.rows[i] = r.row(&r.all[i], r.sealed[i])
		}
	}
	r.judged = true
	var rows []*entry.Row
	for i := range r.all {
		switch row := instead[r.all[i].ID]; {
		case row != nil:
			rows = append(rows, row)
		case r.all[i].State.Counts():
			rows = append(rows, r.rows[i])
		}
	}
	rows = append(rows, more...)
	of := map[*entry.Row][]entry.Problem{}
	for _, p := range entry.Check(r.edition, rows, r.today) {
		for _, row := range p.Rows {
			of[row] = append(of[row], p)
		}
	}
	return of
}

// givenUp reports whether a withdrawn row was never more than a draft: whoever
// withdraws more than that says why.
func (g *Registration) givenUp() bool {
	return g.State == registration.Withdrawn && g.Reason == "" && g.ParticipantID == 0
}

// known are a delegation's registrations for a proposal, and the rows of all
// others that count.
func (r *roll) known(delegation int64) (own []registration.Known, others []*entry.Row) {
	for i := range r.all {
		g := &r.all[i]
		switch {
		case g.DelegationID == delegation:
			own = append(own, registration.Known{ID: g.ID, State: g.State, Revision: g.Revision, Row: r.rows[i], GivenUp: g.givenUp()})
		case g.State.Counts():
			others = append(others, r.rows[i])
		}
	}
	return own, others
}

// errMoved says that registrations were written between judging and writing.
var errMoved = errors.New("registrations have changed meanwhile")

// prepared is what a command does inside its transaction.
type prepared func(ctx context.Context, ch *Change) (any, error)

// settled runs a command whose decision rests on the whole roll: prepare judges
// outside of the transaction, and what it prepared is done only if nothing has
// been written to the registrations since; else it is asked again. Within one
// process such commands wait for each other, so that only another node can come
// between. A refusal goes through the ledger too, so that a command sent again
// first finds the answer that it got.
func (s *Store) settled(ctx context.Context, c Command, a act, prepare func(*roll) (prepared, error)) (Receipt, error) {
	turn, _ := s.settling.LoadOrStore(c.Competition, &sync.Mutex{})
	turn.(*sync.Mutex).Lock()
	defer turn.(*sync.Mutex).Unlock()
	for range 10 {
		r, err := s.roll(ctx, c.Competition)
		if err != nil {
			return Receipt{}, err
		}
		do, refused := prepare(r)
		rec, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
			if refused != nil {
				return nil, refused
			}
			now, err := registrationStamp(ctx, ch.Tx, ch.Competition.ID)
			if err != nil {
				return nil, err
			}
			if now != r.stamp {
				return nil, errMoved
			}
			ch.touch("registrations")
			return do(ctx, ch)
		})
		if !errors.Is(err, errMoved) {
			return rec, err
		}
	}
	return Receipt{}, &Refusal{Status: StatusUnknown, Problem: "registrations-busy", cause: errMoved}
}
