// Reading registrations: what those who may see them are given. Numbers leave
// masked; whoever needs one in full asks for a recorded look.
package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// Registrations lists what somebody may see of a competition's registrations,
// by delegation, sport and number. A delegation's manager asks for one's own by
// leaving the filter's delegation empty.
func (s *Store) Registrations(ctx context.Context, who access.Who, competition string, f RegistrationFilter) ([]RegistrationView, error) {
	r, err := s.roll(ctx, competition)
	if err != nil {
		return nil, err
	}
	if who.Role == access.Delegation && f.Delegation == 0 {
		f.Delegation = who.Delegation
	}
	missing := notFound("no-such-delegation", strconv.FormatInt(f.Delegation, 10))
	if err := may(who, access.ReadRegistration, access.Object{Delegation: f.Delegation}, missing); err != nil {
		return nil, err
	}
	if f.Delegation != 0 && r.delegation(f.Delegation) == nil {
		return nil, missing
	}
	person, err := s.personAsked(r, f.Query)
	if err != nil {
		return nil, err
	}
	problems := r.judge(nil)
	var all []RegistrationView
	for i := range r.all {
		if g := &r.all[i]; f.lets(g, r.codes[g.ParticipantID], person) && (!f.Problems || len(problems[r.rows[i]]) > 0) {
			all = append(all, r.view(who, i, problems[r.rows[i]]))
		}
	}
	slices.SortStableFunc(all, func(a, b RegistrationView) int {
		return cmp.Or(cmp.Compare(r.delegation(a.Delegation).Code, r.delegation(b.Delegation).Code), cmp.Compare(a.Sport, b.Sport), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// personAsked is the print of an identity number that was asked for, empty
// where what was asked for is none.
func (s *Store) personAsked(r *roll, query string) (string, error) {
	id, err := identity.ParseCitizenID(query, r.today)
	if err != nil {
		return "", nil
	}
	return s.print(r.competition.Code, "id", id.Reveal())
}

func (f *RegistrationFilter) lets(g *Registration, code, person string) bool {
	query := entry.PlainName(f.Query)
	switch {
	case len(f.IDs) > 0 && !slices.Contains(f.IDs, g.ID):
	case f.Delegation != 0 && f.Delegation != g.DelegationID:
	case len(f.States) > 0 && !slices.Contains(f.States, g.State):
	case f.Sport == "-" && !g.Staff && g.Sport != "":
	case f.Sport != "" && f.Sport != "-" && f.Sport != g.Sport:
	case person != "" && g.Person != person:
	case person == "" && query != "" && !strings.Contains(entry.PlainName(g.Name), query) && !strings.Contains(code, query):
	default:
		return true
	}
	return false
}

// Registration finds one. Another delegation's is answered like one that does
// not exist.
func (s *Store) Registration(ctx context.Context, who access.Who, competition string, id int64) (*RegistrationView, error) {
	r, err := s.roll(ctx, competition)
	if err != nil {
		return nil, err
	}
	g, err := r.one(who, access.ReadRegistration, id)
	if err != nil {
		return nil, err
	}
	i := r.at[g.ID]
	v := r.view(who, i, r.judge(nil)[r.rows[i]])
	return &v, nil
}

// RegistrationHistory lists what has happened to a registration, the newest first.
func (s *Store) RegistrationHistory(ctx context.Context, who access.Who, competition string, id int64) ([]RegistrationChange, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	r := &roll{competition: c, at: map[int64]int{}}
	if err := s.r.NewSelect().Model(&r.all).Where("competition_id = ?", c.ID).Where("id = ?", id).Scan(ctx); err != nil {
		return nil, fmt.Errorf("find registration %d: %w", id, err)
	}
	r.at = index(r.all, func(g *Registration) int64 { return g.ID })
	if _, err := r.one(who, access.ReadRegistration, id); err != nil {
		return nil, err
	}
	var rows []registrationChange
	if err := s.r.NewSelect().Model(&rows).Where("registration_id = ?", id).Order("revision DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the history of registration %d: %w", id, err)
	}
	changes := make([]RegistrationChange, len(rows))
	for i, row := range rows {
		changes[i] = RegistrationChange{Seq: row.Seq, Revision: row.Revision, Kind: row.Kind, From: row.From, To: row.To, Reason: row.Reason, At: row.At, By: row.By}
		for f := range strings.SplitSeq(row.Fields, ",") {
			if f != "" {
				changes[i].Fields = append(changes[i].Fields, entry.Field(f))
			}
		}
	}
	return changes, nil
}

// view is a registration for somebody who may read it. Its row has been judged.
func (r *roll) view(who access.Who, i int, problems []entry.Problem) RegistrationView {
	g, row := &r.all[i], r.rows[i]
	o := access.Object{Delegation: g.DelegationID}
	v := RegistrationView{
		ID: g.ID, Code: r.codes[g.ParticipantID], Delegation: g.DelegationID, DelegationName: row.Delegation, State: g.State, Revision: g.Revision,
		Staff: g.Staff, Role: g.Role, Sport: g.Sport, Name: g.Name, Sex: string(row.SexOf()), Class: g.Class, Fields: g.says(),
		Masked: map[entry.Field]string{}, Problems: leaving(who, problems), Reason: g.Reason, Participant: g.ParticipantID,
		Submitted: g.Submitted, Updated: g.Updated, By: g.By, Steps: registration.Steps(who, o, g.State),
	}
	if v.Sex == "" {
		v.Sex = string(entry.ParseSex(g.Sex))
	}
	if day := row.Born(); day != (identity.Date{}) {
		v.Born = day.String()
	}
	v.May = g.State.Open() && access.May(who, access.WriteRegistration, o) == access.Allowed ||
		g.State == registration.Accepted && access.May(who, access.DecideRegistration, o) == access.Allowed
	entered, bests := row.Entered(), entry.Bests(g.Best)
	for j, name := range g.choices() {
		c := ChoiceView{Name: name}
		if j < len(entered) && entered[j] != nil {
			c.Event = entered[j].Code
		}
		if j < len(bests) {
			c.Best = strings.TrimSpace(bests[j])
		}
		v.Choices = append(v.Choices, c)
	}
	for f, text := range r.sealed[i] {
		v.Masked[entry.Field(f)] = masked(entry.Field(f), text)
	}
	return v
}

// whole are the fields that are told only as being there: what somebody needs
// is for those who answer needs.
var whole = []workbook.Field{workbook.Need, workbook.Wheelchair, workbook.Food, workbook.Signing, workbook.Room}

// masked is a field's text as lists and forms show it.
func masked(f entry.Field, text string) string {
	switch {
	case text == "":
		return ""
	case slices.Contains(whole, workbook.Field(f)):
		return "***"
	case f == entry.Guardian, f == entry.Remark, f == entry.Field(workbook.GuardPhone):
		return digitsMasked(text)
	}
	return f.Masked(text)
}

// digitsMasked hides the numbers in a text: all but the last two digits of a run
// of seven or more, as telephones and identity numbers have.
func digitsMasked(text string) string {
	runes := []rune(text)
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && (runes[j] >= '0' && runes[j] <= '9' || runes[j] >= '０' && runes[j] <= '９') {
			j++
		}
		if j-i >= 7 {
			for k := i; k < j-2; k++ {
				runes[k] = '*'
			}
		}
		i = max(j, i+1)
	}
	return string(runes)
}

// leaving makes problems fit to leave: without the rows, with numbers masked,
// and without saying to a delegation which other one has somebody, too.
func leaving(who access.Who, problems []entry.Problem) []entry.Problem {
	all := make([]entry.Problem, 0, len(problems))
	for _, p := range problems {
		p.Rows, p.At.Text = nil, masked(p.Field, p.At.Text)
		also := p.Also
		p.Also = nil
		for _, c := range also {
			if who.Role != access.Delegation || p.Kind != kindTwoDelegations {
				p.Also = append(p.Also, entry.Cell{File: c.File, Sheet: c.Sheet, Address: c.Address, Text: masked(p.Field, c.Text)})
			}
		}
		if who.Role == access.Delegation && p.Kind == kindTwoDelegations {
			p.Say = append([]scoring.Invalid{{Field: string(p.Field), Problem: "two-delegations-elsewhere"}}, p.Say[1:]...)
		}
		all = append(all, p)
	}
	return all
}

// kindTwoDelegations is the problem of a person whom two delegations enter.
const kindTwoDelegations = "two_delegations"
