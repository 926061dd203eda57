// Sealed values: what the ledger keeps encrypted. A payload of the log has only
// the keyed print of such a value, so that the same command is known again and
// nothing can be read there; the value itself is in the table secrets, sealed
// with its subject's key, and goes with that key.
package events

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/vault"
)

// WithKeys gives the store the file of keys. Without it nothing sealed can be
// written or read.
func WithKeys(r *vault.Ring) Option { return func(s *Store) { s.ring = r } }

// keyMark says which keys a competition's values are sealed with, so that
// another file is never taken for the right one.
type keyMark struct {
	bun.BaseModel `bun:"table:key_marks"`

	CompetitionID int64  `bun:",pk"`
	Fingerprint   string `bun:",notnull"`
}

// subjectKey is the wrapped data key of a subject: r12 is registration 12, n5
// need 5, p7 paper 7, c4 case 4, a3 account 3, u… an upload, o… a file of outcomes.
type subjectKey struct {
	bun.BaseModel `bun:"table:subject_keys"`

	CompetitionID int64  `bun:",pk"`
	Subject       string `bun:",pk"`
	Version       int    `bun:",notnull"`
	Wrapped       string `bun:",notnull"` // base64
}

// secretValue is one sealed value.
type secretValue struct {
	bun.BaseModel `bun:"table:secrets"`

	CompetitionID int64  `bun:",pk"`
	Subject       string `bun:",pk"`
	Field         string `bun:",pk"`
	Box           string `bun:",notnull"` // base64
	Purpose       string `bun:",notnull"` // of the print
	Print         string `bun:",notnull"`
}

// Hidden is a value on its way to being sealed. In JSON, and so in the log, it
// is its keyed print alone.
type Hidden struct {
	Print   string `json:"print"`
	purpose string
	text    string
}

func (Hidden) String() string       { return "***" }
func (Hidden) GoString() string     { return "***" }
func (Hidden) LogValue() slog.Value { return slog.StringValue("***") }

// The problems with keys.
var (
	errNoRing    = &Refusal{Status: StatusClosed, Problem: "keys-missing"}
	errWrongRing = &Refusal{Status: StatusClosed, Problem: "keys-wrong"}
)

// asKeyRefusal says in a refusal what is wrong with the keys.
func asKeyRefusal(err error) error {
	switch {
	case errors.Is(err, vault.ErrNoKeys), errors.Is(err, vault.ErrNoVersion):
		return errNoRing
	case errors.Is(err, vault.ErrDamaged):
		return errWrongRing
	}
	return err
}

// keysOf gives a competition's keys and makes them where it has none yet, so it
// must be called before a change begins. Keys of another file that happens to
// know the same competition are refused.
func (s *Store) keysOf(ctx context.Context, competition string) (*vault.Keys, error) {
	if s.ring == nil {
		return nil, errNoRing
	}
	if _, known := s.marks.Load(competition); known {
		return s.keysIn(ctx, s.r, Competition{Code: competition})
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	mark, err := keyMarkOf(ctx, s.r, c.ID)
	if err == nil && mark == "" {
		err = s.makeKeys(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	return s.keysIn(ctx, s.r, c)
}

// keysIn gives a competition's keys where there are some.
func (s *Store) keysIn(ctx context.Context, db bun.IDB, c Competition) (*vault.Keys, error) {
	if s.ring == nil {
		return nil, errNoRing
	}
	mark, known := s.marks.Load(c.Code)
	if !known {
		read, err := keyMarkOf(ctx, db, c.ID)
		switch {
		case err != nil:
			return nil, err
		case read == "":
			return nil, errNoRing
		}
		mark = read
		s.marks.Store(c.Code, read)
	}
	keys, err := s.ring.Keys(c.Code)
	switch {
	case err != nil:
		return nil, asKeyRefusal(err)
	case keys.Fingerprint() != mark:
		return nil, errWrongRing
	}
	return keys, nil
}

// keyMarkOf says which keys a competition's values are sealed with; empty: none
// have been yet.
func keyMarkOf(ctx context.Context, db bun.IDB, competition int64) (string, error) {
	var marks []string
	if err := db.NewSelect().Model((*keyMark)(nil)).Column("fingerprint").Where("competition_id = ?", competition).Scan(ctx, &marks); err != nil {
		return "", fmt.Errorf("look which keys are used: %w", err)
	}
	return strings.Join(marks, ""), nil
}

func (s *Store) makeKeys(ctx context.Context, c Competition) error {
	keys, err := s.ring.Make(c.Code)
	if err != nil {
		return err
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&keyMark{CompetitionID: c.ID, Fingerprint: keys.Fingerprint()}).On("CONFLICT DO NOTHING").Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("note which keys are used: %w", err)
	}
	return nil
}

// hide prepares a value for a command. The purpose is what its print is for:
// equal values of different purposes have different prints. It must be called
// before the change begins.
func (s *Store) hide(competition, purpose, text string) (Hidden, error) {
	print, err := s.print(competition, purpose, text)
	return Hidden{Print: print, purpose: purpose, text: text}, err
}

// print is the keyed print of a value: a blind index that finds equal values.
func (s *Store) print(competition, purpose, text string) (string, error) {
	keys, err := s.keysOf(context.Background(), competition)
	if err != nil {
		return "", err
	}
	return keys.Print(purpose, text), nil
}

// keep seals a subject's values inside a change; a value without text is
// removed.
func (c *Change) keep(ctx context.Context, subject string, values map[string]Hidden) error {
	return c.store.keepIn(ctx, c.Tx, c.Competition, map[string]map[string]Hidden{subject: values})
}

// sealChunk is how many rows go into one statement.
const sealChunk = 250

// keepIn seals values of many subjects, subject and field to value, in a
// transaction.
func (s *Store) keepIn(ctx context.Context, tx bun.Tx, competition Competition, values map[string]map[string]Hidden) error {
	if len(values) == 0 {
		return nil
	}
	keys, err := s.keysIn(ctx, tx, competition)
	if err != nil {
		return err
	}
	subjects := slices.Sorted(maps.Keys(values))
	known, err := subjectKeys(ctx, tx, keys, competition.ID, subjects)
	if err != nil {
		return err
	}
	var made []subjectKey
	var boxes []secretValue
	for _, subject := range subjects {
		key, ok := known[subject]
		if !ok {
			key = keys.NewDataKey(subject)
			wrapped, err := keys.Wrap(keys.Newest(), subject, key)
			if err != nil {
				return asKeyRefusal(err)
			}
			made = append(made, subjectKey{CompetitionID: competition.ID, Subject: subject, Version: keys.Newest(), Wrapped: base64.StdEncoding.EncodeToString(wrapped)})
		}
		for _, field := range slices.Sorted(maps.Keys(values[subject])) {
			v := values[subject][field]
			if v.text == "" {
				if err := dropSecret(ctx, tx, competition.ID, subject, field); err != nil {
					return err
				}
				continue
			}
			boxes = append(boxes, secretValue{CompetitionID: competition.ID, Subject: subject, Field: field, Purpose: v.purpose, Print: v.Print,
				Box: base64.StdEncoding.EncodeToString(key.Seal(field, v.text))})
		}
	}
	return writeSealed(ctx, tx, made, boxes)
}

func writeSealed(ctx context.Context, tx bun.Tx, made []subjectKey, boxes []secretValue) error {
	for chunk := range slices.Chunk(made, sealChunk) {
		if _, err := tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("keep keys of subjects: %w", err)
		}
	}
	for chunk := range slices.Chunk(boxes, sealChunk) {
		_, err := tx.NewInsert().Model(&chunk).On("CONFLICT (competition_id, subject, field) DO UPDATE").
			Set("box = EXCLUDED.box").Set("purpose = EXCLUDED.purpose").Set("print = EXCLUDED.print").Exec(ctx)
		if err != nil {
			return fmt.Errorf("keep sealed values: %w", err)
		}
	}
	return nil
}

func dropSecret(ctx context.Context, tx bun.Tx, competition int64, subject, field string) error {
	_, err := tx.NewDelete().Model((*secretValue)(nil)).Where("competition_id = ?", competition).Where("subject = ?", subject).Where("field = ?", field).Exec(ctx)
	if err != nil {
		return fmt.Errorf("drop a sealed value: %w", err)
	}
	return nil
}

// subjectKeys unwraps the keys that subjects have already.
func subjectKeys(ctx context.Context, db bun.IDB, keys *vault.Keys, competition int64, subjects []string) (map[string]vault.DataKey, error) {
	known := make(map[string]vault.DataKey, len(subjects))
	for chunk := range slices.Chunk(subjects, sealChunk) {
		var rows []subjectKey
		err := db.NewSelect().Model(&rows).Where("competition_id = ?", competition).Where("subject IN (?)", bun.List(chunk)).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("load keys of subjects: %w", err)
		}
		for i := range rows {
			if known[rows[i].Subject], err = rows[i].unwrap(keys); err != nil {
				return nil, err
			}
		}
	}
	return known, nil
}

func (k *subjectKey) unwrap(keys *vault.Keys) (vault.DataKey, error) {
	wrapped, err := base64.StdEncoding.DecodeString(k.Wrapped)
	if err != nil {
		return vault.DataKey{}, errWrongRing
	}
	key, err := keys.Unwrap(k.Version, k.Subject, wrapped)
	return key, asKeyRefusal(err)
}

// forget destroys a subject's key with everything that it has sealed.
func (s *Store) forget(ctx context.Context, tx bun.Tx, competition Competition, subject string) error {
	for _, model := range []any{(*secretValue)(nil), (*subjectKey)(nil)} {
		if _, err := tx.NewDelete().Model(model).Where("competition_id = ?", competition.ID).Where("subject = ?", subject).Exec(ctx); err != nil {
			return fmt.Errorf("forget a subject: %w", err)
		}
	}
	return nil
}

// unseal opens what is sealed of a subject: field to text.
func (s *Store) unseal(ctx context.Context, competition Competition, subject string) (map[string]string, error) {
	return s.unsealIn(ctx, s.r, competition, subject)
}

func (s *Store) unsealIn(ctx context.Context, db bun.IDB, competition Competition, subject string) (map[string]string, error) {
	all, err := s.unsealWhere(ctx, db, competition, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("v.subject = ?", subject) })
	return all[subject], err
}

// unsealAll opens what is sealed of all subjects of a kind (r, n …): subject and
// field to text.
func (s *Store) unsealAll(ctx context.Context, competition Competition, prefix string) (map[string]map[string]string, error) {
	return s.unsealAllIn(ctx, s.r, competition, prefix)
}

func (s *Store) unsealAllIn(ctx context.Context, db bun.IDB, competition Competition, prefix string) (map[string]map[string]string, error) {
	return s.unsealWhere(ctx, db, competition, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("v.subject LIKE ?", prefix+"%") })
}

// sealedRow is a sealed value with its subject's key beside it, read as one row
// so that the two always belong together.
type sealedRow struct {
	secretValue

	Version int
	Wrapped string
}

// sealedRows reads sealed values without opening them.
func sealedRows(ctx context.Context, db bun.IDB, competition int64, where func(*bun.SelectQuery) *bun.SelectQuery) ([]sealedRow, error) {
	var rows []sealedRow
	q := db.NewSelect().Model((*secretValue)(nil)).ModelTableExpr("secrets AS v").ColumnExpr("v.*, k.version, k.wrapped").
		Join("JOIN subject_keys AS k ON k.competition_id = v.competition_id AND k.subject = v.subject").
		Where("v.competition_id = ?", competition).Order("v.subject", "v.field")
	if err := where(q).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("load sealed values: %w", err)
	}
	return rows, nil
}

func (s *Store) unsealWhere(ctx context.Context, db bun.IDB, competition Competition, where func(*bun.SelectQuery) *bun.SelectQuery) (map[string]map[string]string, error) {
	rows, err := sealedRows(ctx, db, competition.ID, where)
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]string{}
	if len(rows) == 0 {
		return all, nil // where nothing is sealed no key is missed
	}
	keys, err := s.keysIn(ctx, db, competition)
	if err != nil {
		return nil, err
	}
	o := opener{keys: keys}
	for i := range rows {
		text, err := o.open(&rows[i])
		if err != nil {
			return nil, err
		}
		if all[rows[i].Subject] == nil {
			all[rows[i].Subject] = map[string]string{}
		}
		all[rows[i].Subject][rows[i].Field] = text
	}
	return all, nil
}

// opener opens rows in the order of their subjects, each subject's key once.
type opener struct {
	keys    *vault.Keys
	subject string
	key     vault.DataKey
}

func (o *opener) open(row *sealedRow) (string, error) {
	if o.subject != row.Subject {
		key, err := (&subjectKey{Subject: row.Subject, Version: row.Version, Wrapped: row.Wrapped}).unwrap(o.keys)
		if err != nil {
			return "", err
		}
		o.subject, o.key = row.Subject, key
	}
	box, err := base64.StdEncoding.DecodeString(row.Box)
	if err != nil {
		return "", errWrongRing
	}
	text, err := o.key.Open(row.Field, box)
	return text, asKeyRefusal(err)
}
