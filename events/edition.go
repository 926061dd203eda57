// The rules of entry of a competition and the programme that they speak of:
// laid into the ledger as disciplines, delegations and events, and kept as they
// were said, so that every row that delegations send is judged by them.
package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/entry"
	"tongchang/scoring"
)

// SetEdition puts rules of entry in force, in place of the ones before: Rules
// is an edition.json and Events an events.csv (docs/registration.md).
type SetEdition struct {
	Rules  json.RawMessage `json:"rules" validate:"required,max=400000"`
	Events string          `json:"events" validate:"required,max=2000000"`
}

func (SetEdition) kind() string { return "edition" }

// EditionLaid says what putting an edition in force did, or would do. Nobody's
// entry is taken away by it: an event that people are entered in stays when the
// edition has dropped it, and so does a delegation.
type EditionLaid struct {
	Counts      []ImportCount `json:"counts"`
	Rules       bool          `json:"rules"`                 // they are other rules than before
	Removed     []string      `json:"removed,omitempty"`     // codes of dropped events that nobody is entered in
	Kept        []LaidEvent   `json:"kept,omitempty"`        // dropped events that people are entered in
	Altered     []LaidEvent   `json:"altered,omitempty"`     // events with entries that now let in others
	Delegations []string      `json:"delegations,omitempty"` // dropped ones, by name: they stay
}

// LaidEvent is an event with the number of its entries.
type LaidEvent struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Entries int    `json:"entries"`
}

// Changes reports whether anything is other than before.
func (l *EditionLaid) Changes() bool {
	return l.Rules || slices.ContainsFunc(l.Counts, func(c ImportCount) bool { return c.Created+c.Changed > 0 })
}

// editionRow is an edition as it was said. Seq is the log entry that said it.
type editionRow struct {
	bun.BaseModel `bun:"table:editions"`

	CompetitionID int64  `bun:",pk"`
	Seq           int64  `bun:",notnull"`
	Rules         string `bun:",notnull"`
	Programme     string `bun:",notnull"`
}

func (e *editionRow) read() (*entry.Edition, error) {
	return entry.ReadEdition(strings.NewReader(e.Rules), strings.NewReader(e.Programme))
}

// knownEdition is an edition that has been read, good until the next is set.
type knownEdition struct {
	seq int64
	ed  *entry.Edition
}

// SetEdition puts an edition in force; the outcome is an [EditionLaid]. An
// edition that cannot judge anybody is refused, naming the line or the setting.
// The edition that is in force already leaves no entry: the receipt is that of
// the time when it was set.
func (s *Store) SetEdition(ctx context.Context, c Command, a SetEdition) (Receipt, error) {
	r, _, err := s.setEdition(ctx, c, a, false)
	return r, err
}

func (s *Store) setEdition(ctx context.Context, c Command, a SetEdition, dry bool) (Receipt, *EditionLaid, error) {
	row := editionRow{Rules: string(a.Rules), Programme: a.Events}
	ed, err := row.read()
	if err != nil {
		return Receipt{}, nil, unreadEdition(err)
	}
	var laid *EditionLaid
	inForce := int64(0)
	r, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		row.CompetitionID, row.Seq = ch.Competition.ID, ch.Seq
		before, err := loadEdition(ctx, ch.Tx, ch.Competition.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		l := editionLayer{importer: importer{ctx: ctx, ch: ch, ids: map[string]int64{}}, ed: ed}
		if laid, err = l.lay(before, &row); err != nil {
			return nil, err
		}
		if dry || !laid.Changes() {
			if before != nil {
				inForce = before.Seq
			}
			return nil, errNothingNew
		}
		_, err = ch.Tx.NewInsert().Model(&row).On("CONFLICT (competition_id) DO UPDATE").
			Set("seq = EXCLUDED.seq, rules = EXCLUDED.rules, programme = EXCLUDED.programme").Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("keep the edition: %w", err)
		}
		ch.touch("meet", "today", "medals")
		return laid, nil
	})
	if errors.Is(err, errNothingNew) {
		outcome, err := json.Marshal(laid)
		return Receipt{Seq: inForce, Outcome: outcome, Repeated: true}, laid, err
	}
	if err == nil && laid == nil { // the same command again
		err = json.Unmarshal(r.Outcome, &laid)
	}
	return r, laid, err
}

// unreadEdition is the refusal of an edition; its field is named with its line.
func unreadEdition(err error) error {
	var inv *scoring.Invalid
	if errors.As(err, &inv) {
		field := strings.TrimSpace(inv.Line + " " + inv.Field)
		return &Refusal{Status: StatusInvalid, Problem: inv.Problem, Field: field, With: inv.With, cause: err}
	}
	return err
}

// Edition gives the rules of entry in force. It is shared: nobody may change it.
func (s *Store) Edition(ctx context.Context, competition string) (*entry.Edition, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	return s.edition(ctx, s.r, c)
}

// edition reads an edition where it is another than the one that was read last;
// in a change, db is its transaction.
func (s *Store) edition(ctx context.Context, db bun.IDB, c Competition) (*entry.Edition, error) {
	var seq int64
	err := db.NewSelect().Model((*editionRow)(nil)).Column("seq").Where("competition_id = ?", c.ID).Scan(ctx, &seq)
	switch {
	case isNoRows(err):
		return nil, notFound("no-edition", c.Code)
	case err != nil:
		return nil, fmt.Errorf("find the edition of %s: %w", c.Code, err)
	}
	s.mu.Lock()
	known := s.editions[c.ID]
	s.mu.Unlock()
	if known.ed != nil && known.seq == seq {
		return known.ed, nil
	}
	row, err := loadEdition(ctx, db, c.ID)
	if err != nil {
		return nil, err
	}
	ed, err := row.read()
	if err != nil {
		return nil, fmt.Errorf("read the edition of %s: %w", c.Code, err)
	}
	if _, inChange := db.(bun.Tx); inChange {
		return ed, nil // what is not committed yet may never be
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.editions == nil {
		s.editions = map[int64]knownEdition{}
	}
	if s.editions[c.ID].seq <= row.Seq {
		s.editions[c.ID] = knownEdition{row.Seq, ed}
	}
	return ed, nil
}

func loadEdition(ctx context.Context, db bun.IDB, competition int64) (*editionRow, error) {
	row := new(editionRow)
	err := db.NewSelect().Model(row).Where("competition_id = ?", competition).Scan(ctx)
	if isNoRows(err) {
		return nil, notFound("no-edition", strconv.FormatInt(competition, 10))
	}
	if err != nil {
		return nil, fmt.Errorf("load the edition of competition %d: %w", competition, err)
	}
	return row, nil
}
