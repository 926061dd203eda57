// Writing one row: what a delegation types on a page, and what the organiser
// puts right in a row that is accepted.
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
	"unicode/utf8"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/events/workbook"
)

// saveRegistration is what the log keeps of a save: what was asked only as a
// keyed print, by which the same command is known again.
type saveRegistration struct {
	ID         int64  `json:"id,omitempty"`
	Delegation int64  `json:"delegation,omitempty"`
	Saw        int64  `json:"saw,omitempty"`
	Asked      string `json:"asked"`
}

func (saveRegistration) kind() string { return "registration-save" }

// SaveRegistration writes a row; the outcome is a [Saved]. A row with errors is
// saved, too: as a draft. Nothing is logged where nothing changes.
func (s *Store) SaveRegistration(ctx context.Context, c Command, who access.Who, a SaveRegistration) (Receipt, error) {
	if err := checkTyped(a.Fields, a.Secret); err != nil {
		return Receipt{}, err
	}
	asked, err := json.Marshal([]any{a.Fields, a.Secret})
	if err != nil {
		return Receipt{}, err
	}
	act := saveRegistration{ID: a.ID, Delegation: a.Delegation, Saw: a.Saw}
	if act.Asked, err = s.print(c.Competition, "asked", string(asked)); err != nil {
		return Receipt{}, err
	}
	var d *draft
	rec, err := s.settled(ctx, c, act, func(r *roll) (prepared, error) {
		var err error
		if d, err = s.draftOf(r, c, who, a); err != nil {
			return nil, err
		}
		return s.saving(r, d), nil
	})
	if !errors.Is(err, errNothingNew) {
		return rec, err
	}
	outcome, err := json.Marshal(d.saved())
	return Receipt{Seq: d.Seq, Outcome: outcome}, err
}

func (d *draft) saved() Saved {
	return Saved{ID: d.ID, Revision: d.Revision, State: d.State, Content: d.Content, Fields: d.fields}
}

// maxTyped is how long a text of a row may be, in characters.
const maxTyped = 400

// checkTyped refuses fields that a row does not have, and texts that no row needs.
func checkTyped(open, secret map[entry.Field]string) error {
	fields := append(slices.Clone(formFields), registration.Role, entry.Field(workbook.Tick))
	for _, f := range workbook.Fields() {
		fields = append(fields, entry.Field(f))
	}
	for _, says := range []map[entry.Field]string{open, secret} {
		for f, text := range says {
			switch {
			case !slices.Contains(fields, f):
				return invalid(string(f), "field-wrong", string(f))
			case !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxTyped:
				return invalid(string(f), "field-max", string(f), strconv.Itoa(maxTyped))
			}
		}
	}
	for f := range open {
		if Sealed(f) {
			return invalid(string(f), "field-wrong", string(f))
		}
	}
	for f := range secret {
		if !Sealed(f) {
			return invalid(string(f), "field-wrong", string(f))
		}
	}
	return nil
}

// draft is a registration as it is to be written.
type draft struct {
	Registration
	kind    string
	from    RegistrationState // empty: it is new
	sealed  map[string]string // all of them
	changes map[string]Hidden // of the sealed ones, with an empty text for those that go
	fields  []entry.Field     // that changed
	row     *entry.Row        // judged
	before  *Registration     // as it stands; nil: it is new
}

// draftOf judges what is to be saved.
func (s *Store) draftOf(r *roll, c Command, who access.Who, a SaveRegistration) (*draft, error) {
	d, err := r.openDraft(c, who, a)
	if err != nil {
		return nil, err
	}
	says, sealed := d.says(), map[string]string{}
	if d.before != nil {
		for f, text := range r.sealed[r.at[d.ID]] {
			sealed[f] = text
		}
	}
	for f, text := range a.Fields {
		says[f] = strings.TrimSpace(text)
	}
	for f, text := range a.Secret {
		sealed[string(f)] = strings.TrimSpace(text)
	}
	d.take(r, says, sealed)
	if err := s.finish(r, d); err != nil {
		return nil, err
	}
	return d, r.settle(d)
}

// openDraft finds what may be written: a new row of a delegation, or one that is
// open to this writer and is as they saw it.
func (r *roll) openDraft(c Command, who access.Who, a SaveRegistration) (*draft, error) {
	if a.ID == 0 {
		missing := notFound("no-such-delegation", strconv.FormatInt(a.Delegation, 10))
		if err := may(who, access.WriteRegistration, access.Object{Delegation: a.Delegation}, missing); err != nil {
			return nil, err
		}
		if r.delegation(a.Delegation) == nil {
			return nil, missing
		}
		if err := r.lets(who, a.Delegation, entry.Add, c.Reason); err != nil {
			return nil, err
		}
		return &draft{Registration: Registration{CompetitionID: r.competition.ID, DelegationID: a.Delegation, State: registration.Draft, Choices: "[]"}, kind: ChangeSaved}, nil
	}
	g, err := r.one(who, access.WriteRegistration, a.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case g.Revision != a.Saw:
		return nil, &Refusal{Status: StatusStale, Problem: "registration-stale", With: []string{g.Name, g.By}}
	case g.State == registration.Withdrawn:
		return nil, &Refusal{Status: StatusClosed, Problem: "registration-is-withdrawn", With: []string{g.Name}}
	case g.State == registration.Accepted && !decides(who, g.DelegationID):
		return nil, &Refusal{Status: StatusClosed, Problem: "registration-is-accepted", With: []string{g.Name}}
	case g.State == registration.Accepted && c.Reason == "":
		return nil, invalid("reason", "registration-reason")
	}
	if err := r.lets(who, g.DelegationID, entry.Change, c.Reason); err != nil {
		return nil, err
	}
	return &draft{Registration: *g, kind: ChangeSaved, from: g.State, before: g}, nil
}

// take fills in what a form says: the events as one text, the function by which
// somebody is staff.
func (d *draft) take(r *roll, says map[entry.Field]string, sealed map[string]string) {
	if sport := r.edition.Sport(says[entry.InSport]); sport != nil && says[entry.InSport] != "" {
		says[entry.InSport] = sport.Name
	}
	var choices []string
	if says[entry.Events] == d.says()[entry.Events] {
		choices = d.choices()
	} else {
		for part := range strings.FieldsFuncSeq(says[entry.Events], func(c rune) bool { return c == '、' || c == '\n' }) {
			choices = append(choices, r.edition.SplitEvents(says[entry.InSport], part)...)
		}
	}
	if day, ok := identity.ReadDay(says[entry.Birth], false); ok {
		says[entry.Birth] = day.String()
	}
	if day, ok := identity.ReadDay(sealed[string(entry.Valid)], false); ok {
		sealed[string(entry.Valid)] = day.String()
	}
	if d.before == nil || says[registration.Role] != d.before.Role { // staff of a list without functions stay staff
		d.Staff = registration.IsStaff(says[registration.Role])
	}
	d.fill(says, choices, sealed)
}

// fill writes what is said into the draft.
func (d *draft) fill(says map[entry.Field]string, choices []string, sealed map[string]string) {
	for f, text := range sealed {
		says[entry.Field(f)] = text
	}
	d.sealed = d.set(says, choices)
}

// finish works out what a draft changes, its prints and its row.
func (s *Store) finish(r *roll, d *draft) error {
	was, had := map[entry.Field]string{}, map[string]string{}
	if d.before != nil {
		was, had = d.before.says(), r.sealed[r.at[d.ID]]
	}
	changes := map[string]string{}
	d.changes, d.fields = map[string]Hidden{}, nil
	for f, text := range d.says() {
		if text != was[f] {
			d.fields = append(d.fields, f)
		}
	}
	for f := range had {
		if d.sealed[f] == "" {
			changes[f] = ""
		}
	}
	for f, text := range d.sealed {
		if text != had[f] {
			changes[f] = text
		}
	}
	for f, text := range changes {
		h, err := s.hide(r.competition.Code, f, text)
		if err != nil {
			return err
		}
		d.changes[f], d.fields = h, append(d.fields, entry.Field(f))
	}
	slices.Sort(d.fields)
	d.row = r.row(&d.Registration, d.sealed)
	return s.seal(r, &d.Registration, d.sealed)
}

// settle judges a draft among all others and says what state it is in then. What
// waits for a decision and has an error now is a draft again; what is accepted
// takes no error.
func (r *roll) settle(d *draft) error {
	if d.before == nil {
		r.judge(nil, d.row)
		return nil
	}
	problems := r.judge(map[int64]*entry.Row{d.ID: d.row})[d.row]
	if !d.row.Refused {
		return nil
	}
	switch d.State {
	case registration.Submitted, registration.Waiting:
		d.State = registration.Draft
	case registration.Accepted:
		i := slices.IndexFunc(problems, func(p entry.Problem) bool { return p.Severity == entry.Error })
		return &Refusal{Status: StatusInvalid, Field: string(problems[i].Field), Problem: problems[i].Say[0].Problem, With: problems[i].Say[0].With}
	}
	return nil
}

// saving writes a draft.
func (s *Store) saving(r *roll, d *draft) prepared {
	return func(ctx context.Context, ch *Change) (any, error) {
		if d.before != nil && len(d.fields) == 0 && d.Staff == d.before.Staff {
			return nil, errNothingNew
		}
		drafts := []*draft{d}
		if err := s.write(ctx, ch, r, drafts); err != nil {
			return nil, err
		}
		if d.State == registration.Accepted {
			in := []*accepting{{g: &d.Registration, row: d.row}}
			if err := newIntake(ch, r).move(ctx, in, nil); err != nil {
				return nil, err
			}
		}
		return d.saved(), nil
	}
}

// write writes drafts set-wise: new rows, changed rows, what is sealed, history.
func (s *Store) write(ctx context.Context, ch *Change, r *roll, drafts []*draft) error {
	var fresh []*Registration
	for _, d := range drafts {
		d.Updated, d.By, d.Seq = ch.Now, ch.Author, ch.Seq
		if d.before == nil {
			d.ID, d.Revision, d.Created = 0, 1, ch.Now
			fresh = append(fresh, &d.Registration)
		} else {
			d.Revision, d.Reason = d.before.Revision+1, cmp.Or(ch.Reason, d.before.Reason)
		}
		if d.State == registration.Submitted && d.Submitted.IsZero() {
			d.Submitted = ch.Now
		}
	}
	for chunk := range slices.Chunk(fresh, 400) {
		if _, err := ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("enter registrations: %w", err)
		}
	}
	secrets, history := map[string]map[string]Hidden{}, make([]registrationChange, 0, len(drafts))
	for _, d := range drafts {
		if d.before != nil {
			if _, err := ch.Tx.NewUpdate().Model(&d.Registration).WherePK().Exec(ctx); err != nil {
				return fmt.Errorf("change registration %d: %w", d.ID, err)
			}
		}
		if len(d.changes) > 0 {
			secrets[d.subject()] = d.changes
		}
		history = append(history, d.history(ch, d.kind, d.from, d.fields))
	}
	if err := s.keepIn(ctx, ch.Tx, ch.Competition, secrets); err != nil {
		return err
	}
	return writeHistory(ctx, ch, history)
}

// history is the line that a change leaves.
func (g *Registration) history(ch *Change, kind string, from RegistrationState, fields []entry.Field) registrationChange {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return registrationChange{RegistrationID: g.ID, Seq: ch.Seq, Revision: g.Revision, Kind: kind, From: from, To: g.State, Fields: strings.Join(names, ","),
		Content: g.Content, Reason: ch.Reason, At: ch.Now, By: ch.Author}
}

func writeHistory(ctx context.Context, ch *Change, history []registrationChange) error {
	for chunk := range slices.Chunk(history, 400) {
		if _, err := ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("write the history of registrations: %w", err)
		}
	}
	return ch.nameAgain(ctx) // who is entered, and when they were born, may have changed
}
