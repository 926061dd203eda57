// What a file would do, and doing it.
package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/registration"
	"tongchang/events/workbook"
)

// Proposal judges a file against what there is now.
func (s *Store) Proposal(ctx context.Context, who access.Who, competition, upload string) (*Proposal, error) {
	_, u, err := s.staged(ctx, who, access.WriteRegistration, competition, upload)
	if err != nil {
		return nil, err
	}
	if u.Content == "" {
		return &Proposal{Upload: *u.shown()}, nil
	}
	r, err := s.roll(ctx, competition)
	if err != nil {
		return nil, err
	}
	p, fixes, err := s.propose(ctx, r, u)
	if errors.Is(err, ErrNotFound) { // only that it was sent is known any more
		return &Proposal{Upload: *u.shown()}, nil
	}
	if err != nil {
		return nil, err
	}
	if err := s.noteJudged(ctx, u, p); err != nil {
		return nil, err
	}
	return proposal(who, u, p, fixes), nil
}

// propose reads a file again, with what was put right, beside the roll.
func (s *Store) propose(ctx context.Context, r *roll, u *stagedUpload) (*registration.Proposal, []registration.Fix, error) {
	f, err := s.fileOf(ctx, r.competition, u)
	if err != nil {
		return nil, nil, err
	}
	own, others := r.known(u.DelegationID)
	return registration.Propose(r.edition, f, own, others, r.today), f.Fixes, nil
}

// noteJudged notes the counts of a file, where they have changed.
func (s *Store) noteJudged(ctx context.Context, u *stagedUpload, p *registration.Proposal) error {
	now := *u
	if now.State == UploadReading {
		now.State = UploadJudged
	}
	now.Rows, now.Clean, now.Errors, now.Warnings, now.Unread = len(p.Rows), 0, 0, 0, ""
	if p.Taken.Err != nil && !now.fail(p.Taken.Err) {
		return p.Taken.Err
	}
	if p.Taken.Err == nil && now.State == UploadFailed {
		now.State = UploadJudged
	}
	for i := range p.Rows {
		if !p.Rows[i].Refused() {
			now.Clean++
		}
	}
	for _, problem := range p.Problems {
		if problem.Severity == entry.Error {
			now.Errors++
		} else {
			now.Warnings++
		}
	}
	if now == *u {
		return nil
	}
	*u = now
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model(u).Column("state", "rows", "clean", "errors", "warnings", "unread").WherePK().Where("updated = ?", u.Updated).Exec(ctx)
		if err != nil {
			return fmt.Errorf("note what a file has: %w", err)
		}
		return nil
	})
}

// proposal is what leaves of a proposal.
func proposal(who access.Who, u *stagedUpload, p *registration.Proposal, fixes []registration.Fix) *Proposal {
	v := &Proposal{Upload: *u.shown(), Encoding: p.Taken.Encoding, Problems: leaving(who, p.Problems)}
	for _, t := range p.Taken.Tables {
		v.Tables = append(v.Tables, proposedTable(t))
	}
	at := map[*entry.Row]int{}
	for i := range p.Rows {
		row := proposedRow(&p.Rows[i])
		at[p.Rows[i].Row] = i
		v.Rows = append(v.Rows, row)
		switch row.Diff {
		case registration.New:
			v.New++
		case registration.Changed:
			v.Changed++
		case registration.Same:
			v.Same++
		case registration.Left:
			v.Left++
		}
		if row.Refused {
			v.Refused++
		} else {
			v.Clean++
		}
	}
	for i, problem := range p.Problems {
		for _, r := range problem.Rows {
			if j, ok := at[r]; ok {
				v.Rows[j].Problems = append(v.Rows[j].Problems, i)
			}
		}
	}
	for _, k := range p.Gone {
		g := GoneRow{Registration: k.ID, Name: k.Row.Get(entry.Name), State: k.State}
		if k.Row.Sport != nil {
			g.Sport = k.Row.Sport.Name
		}
		v.Gone = append(v.Gone, g)
	}
	for _, f := range fixes {
		v.Fixes = append(v.Fixes, Fix{Sheet: f.Sheet, Address: f.Address, Text: digitsMasked(f.Text)})
	}
	return v
}

// proposedTable is a table with what its columns were taken for.
func proposedTable(t *workbook.Table) ProposedTable {
	v := ProposedTable{Sheet: t.Sheet, Kind: t.Kind, Rows: len(t.Rows)}
	for _, c := range t.Columns {
		column := ProposedColumn{Letter: workbook.ColumnName(c.At), Header: c.Header, Field: c.Field, Sure: c.Sure}
		for _, row := range t.Rows {
			if text := row.Cell(c.At); text != "" {
				column.Sample = digitsMasked(masked(entry.Field(c.Field), text))
				break
			}
		}
		v.Columns = append(v.Columns, column)
	}
	return v
}

func proposedRow(p *registration.ProposedRow) ProposedRow {
	r := p.Row
	at := r.At(entry.Name)
	number, _ := registration.Split(at.Address)
	v := ProposedRow{Sheet: at.Sheet, Row: number, Name: r.Get(entry.Name), Role: r.Role, Staff: r.Staff, Diff: p.Diff, Refused: p.Refused(),
		Cells: map[entry.Field]entry.Cell{}}
	if r.Sport != nil {
		v.Sport = r.Sport.Name
	}
	for f, c := range r.Cells {
		c.Text = masked(f, c.Text)
		v.Cells[f] = c
	}
	if p.Known == nil {
		return v
	}
	v.Registration, v.State = p.Known.ID, p.Known.State
	from, to := registration.Typed(p.Known.Row), registration.Typed(r)
	for _, f := range p.Changed {
		v.Changes = append(v.Changes, FieldChange{Field: f, From: masked(f, from[f]), To: masked(f, to[f])})
	}
	return v
}

// applyUpload is what the log keeps of entering a file: which it was, and how.
type applyUpload struct {
	Upload    string `json:"upload" validate:"required,max=40"`
	CleanOnly bool   `json:"clean_only,omitempty"`
	Submit    bool   `json:"submit,omitempty"`
}

func (applyUpload) kind() string { return "registration-upload" }

// appliedOutcome is the outcome in the log: the counts, and what every row was.
type appliedOutcome struct {
	Applied
	File string  `json:"file"` // keyed print of the file as it came
	Rows []Saved `json:"rows"`
}

// ApplyUpload enters a file's rows in one transaction, with one log entry. The
// same command again gives the first time's answer; a file that changes nothing
// leaves no entry.
func (s *Store) ApplyUpload(ctx context.Context, c Command, who access.Who, a ApplyUpload) (Applied, error) {
	_, u, err := s.staged(ctx, who, access.WriteRegistration, c.Competition, a.Upload)
	if err != nil {
		return Applied{}, err
	}
	if u.Content == "" {
		return Applied{}, notFound("no-such-upload", a.Upload)
	}
	var applied Applied
	rec, err := s.settled(ctx, c, applyUpload(a), func(r *roll) (prepared, error) {
		p, _, err := s.propose(ctx, r, u)
		if err != nil {
			return nil, err
		}
		if p.Taken.Err != nil {
			return nil, p.Taken.Err
		}
		drafts, counts, err := s.draftsOf(r, u, p, a)
		applied = counts
		if err != nil {
			return nil, err
		}
		if err := r.arrives(who, u.DelegationID, counts, c.Reason); err != nil {
			return nil, err
		}
		return s.applying(r, u, drafts, counts), nil
	})
	if errors.Is(err, errNothingNew) {
		return applied, s.aside(ctx, func(ctx context.Context, tx bun.Tx) error { return u.entered(ctx, tx, applied) })
	}
	if err != nil {
		return Applied{}, err
	}
	if err := json.Unmarshal(rec.Outcome, &applied); err != nil {
		return Applied{}, fmt.Errorf("read what entering a file came to: %w", err)
	}
	applied.Seq, applied.Repeated = rec.Seq, rec.Repeated
	return applied, nil
}

// arrives holds what a file does against the deadlines.
func (r *roll) arrives(who access.Who, delegation int64, n Applied, reason string) error {
	if n.New > 0 {
		if err := r.lets(who, delegation, entry.Add, reason); err != nil {
			return err
		}
	}
	if n.Changed > 0 {
		return r.lets(who, delegation, entry.Change, reason)
	}
	return nil
}

// draftsOf are the registrations that a file makes and changes.
func (s *Store) draftsOf(r *roll, u *stagedUpload, p *registration.Proposal, a ApplyUpload) ([]*draft, Applied, error) {
	var drafts []*draft
	n := Applied{Gone: len(p.Gone)}
	for i := range p.Rows {
		row := &p.Rows[i]
		switch {
		case row.Diff == registration.Left:
			n.Left++
			continue
		case row.Diff == registration.Same:
			n.Same++
			continue
		case row.Refused() && a.CleanOnly:
			n.Refused++
			continue
		case row.Diff == registration.New:
			n.New++
		default:
			n.Changed++
		}
		d := &draft{Registration: Registration{CompetitionID: r.competition.ID, DelegationID: u.DelegationID, State: registration.Draft}, kind: ChangeUploaded}
		if row.Known != nil {
			d.before = &r.all[r.at[row.Known.ID]]
			d.Registration, d.from = *d.before, d.before.State
		}
		if d.from == registration.Withdrawn { // given up as a draft, and sent again
			d.State = registration.Draft
		}
		d.read(row.Row)
		d.arrive(row.Refused(), a.Submit)
		if err := s.finish(r, d); err != nil {
			return nil, n, err
		}
		drafts = append(drafts, d)
	}
	if a.Submit && len(r.edition.Papers) > 0 {
		r.unready(drafts)
	}
	return drafts, n, nil
}

// unready leaves as drafts those whose papers are still missing: a sheet has
// none, so its rows are judged once more as the registrations that they become.
func (r *roll) unready(drafts []*draft) {
	instead := map[int64]*entry.Row{}
	var more []*entry.Row
	for _, d := range drafts {
		if d.before != nil {
			instead[d.ID] = d.row
		} else {
			more = append(more, d.row)
		}
	}
	r.judge(instead, more...)
	for _, d := range drafts {
		if d.row.Refused && d.State == registration.Submitted {
			d.State = registration.Draft
		}
	}
}

// read takes what a row of a file says.
func (d *draft) read(row *entry.Row) {
	d.Staff, d.Counted = row.Staff, row.Counted
	names := make([]string, len(row.Choices))
	for i, c := range row.Choices {
		names[i] = c.Name
	}
	says := registration.Typed(row)
	d.sealed = d.set(says, names)
}

// arrive is the state in which a row of a file comes in.
func (d *draft) arrive(refused, submit bool) {
	waits := d.State == registration.Submitted || d.State == registration.Waiting
	switch {
	case refused && waits:
		d.State = registration.Draft
	case !refused && submit && !waits:
		d.State = registration.Submitted
	}
}

// applying writes a file's registrations and notes it as entered.
func (s *Store) applying(r *roll, u *stagedUpload, drafts []*draft, counts Applied) prepared {
	return func(ctx context.Context, ch *Change) (any, error) {
		if len(drafts) == 0 {
			return nil, errNothingNew
		}
		if err := s.write(ctx, ch, r, drafts); err != nil {
			return nil, err
		}
		out := appliedOutcome{Applied: counts, File: u.Content}
		out.Seq = ch.Seq
		for _, d := range drafts {
			out.Rows = append(out.Rows, Saved{ID: d.ID, Revision: d.Revision, State: d.State, Content: d.Content})
		}
		return out, u.entered(ctx, ch.Tx, out.Applied)
	}
}

// entered notes what entering a file came to.
func (u *stagedUpload) entered(ctx context.Context, tx bun.Tx, a Applied) error {
	outcome, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = tx.NewUpdate().Model(u).Set("state = ?, outcome = ?, seq = ?", UploadApplied, string(outcome), a.Seq).WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("note that file %s is entered: %w", u.ID, err)
	}
	return nil
}
