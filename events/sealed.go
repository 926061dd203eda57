// Sealed values: what the ledger keeps encrypted. A payload of the log has only
// the keyed print of such a value, so that the same command is known again and
// nothing can be read there; the value itself is in the table secrets, sealed
// with its subject's key, and goes with that key.
package events

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/access"
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
// need 5, p7 paper 7, a3 account 3, u… an upload.
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
	Print         string `bun:",notnull"`
}

// Hidden is a value on its way to being sealed. In JSON, and so in the log, it
// is its keyed print alone.
type Hidden struct {
	Print string `json:"print"`
	text  string
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

// keyed makes sure that the ring's keys are the competition's, and makes them
// where it has none yet.
func (s *Store) keyed(ctx context.Context, competition string) error {
	if s.ring == nil {
		return errNoRing
	}
	if _, known := s.keys.Load(competition); known {
		return nil
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return err
	}
	mark, err := s.keyMark(ctx, c.ID)
	if err != nil {
		return err
	}
	if mark == "" {
		mark, err = s.makeKeys(ctx, c)
	}
	if err != nil {
		return err
	}
	keys, err := s.ring.Keys(competition)
	switch {
	case err != nil:
		return asKeyRefusal(err)
	case keys.Fingerprint() != mark:
		return errWrongRing
	}
	s.keys.Store(competition, true)
	return nil
}

func (s *Store) keyMark(ctx context.Context, competition int64) (string, error) {
	var marks []string
	if err := s.r.NewSelect().Model((*keyMark)(nil)).Column("fingerprint").Where("competition_id = ?", competition).Scan(ctx, &marks); err != nil {
		return "", fmt.Errorf("look which keys are used: %w", err)
	}
	return strings.Join(marks, ""), nil
}

func (s *Store) makeKeys(ctx context.Context, c Competition) (string, error) {
	keys, err := s.ring.Make(c.Code)
	if err != nil {
		return "", err
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&keyMark{CompetitionID: c.ID, Fingerprint: keys.Fingerprint()}).On("CONFLICT DO NOTHING").Exec(ctx)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("note which keys are used: %w", err)
	}
	return s.keyMark(ctx, c.ID)
}

// hide prepares a value for a command. The field is what its print is for: equal
// values of different fields have different prints. It must be called before
// the change begins.
func (s *Store) hide(competition, field, text string) (Hidden, error) {
	print, err := s.print(competition, field, text)
	return Hidden{Print: print, text: text}, err
}

// print is the keyed print of a value: a blind index that finds equal values.
func (s *Store) print(competition, field, text string) (string, error) {
	if err := s.keyed(context.Background(), competition); err != nil {
		return "", err
	}
	keys, err := s.ring.Keys(competition)
	if err != nil {
		return "", asKeyRefusal(err)
	}
	return keys.Print(field, text), nil
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
	if s.ring == nil {
		return errNoRing
	}
	subjects := make([]string, 0, len(values))
	for subject := range values {
		subjects = append(subjects, subject)
	}
	slices.Sort(subjects)
	ring, err := s.ring.Keys(competition.Code)
	if err != nil {
		return asKeyRefusal(err)
	}
	keys, err := s.subjectKeys(ctx, tx, competition, subjects)
	if err != nil {
		return err
	}
	var made []subjectKey
	var boxes []secretValue
	for _, subject := range subjects {
		key, ok := keys[subject]
		if !ok {
			key = ring.NewDataKey(subject)
			wrapped, err := ring.Wrap(ring.Newest(), subject, key)
			if err != nil {
				return asKeyRefusal(err)
			}
			made = append(made, subjectKey{CompetitionID: competition.ID, Subject: subject, Version: ring.Newest(), Wrapped: base64.StdEncoding.EncodeToString(wrapped)})
		}
		for field, v := range values[subject] {
			if v.text == "" {
				if err := dropSecret(ctx, tx, competition.ID, subject, field); err != nil {
					return err
				}
				continue
			}
			boxes = append(boxes, secretValue{CompetitionID: competition.ID, Subject: subject, Field: field, Print: v.Print,
				Box: base64.StdEncoding.EncodeToString(key.Seal(field, v.text))})
		}
	}
	slices.SortFunc(boxes, func(a, b secretValue) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Field, b.Field))
	})
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
			Set("box = EXCLUDED.box").Set("print = EXCLUDED.print").Exec(ctx)
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
func (s *Store) subjectKeys(ctx context.Context, db bun.IDB, competition Competition, subjects []string) (map[string]vault.DataKey, error) {
	keys := make(map[string]vault.DataKey, len(subjects))
	for chunk := range slices.Chunk(subjects, sealChunk) {
		var rows []subjectKey
		err := db.NewSelect().Model(&rows).Where("competition_id = ?", competition.ID).Where("subject IN (?)", bun.List(chunk)).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("load keys of subjects: %w", err)
		}
		if err := s.unwrap(competition.Code, rows, keys); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (s *Store) unwrap(competition string, rows []subjectKey, into map[string]vault.DataKey) error {
	if len(rows) == 0 {
		return nil
	}
	ring, err := s.ring.Keys(competition)
	if err != nil {
		return asKeyRefusal(err)
	}
	for _, row := range rows {
		wrapped, err := base64.StdEncoding.DecodeString(row.Wrapped)
		if err != nil {
			return fmt.Errorf("read the key of %s: %w", row.Subject, err)
		}
		if into[row.Subject], err = ring.Unwrap(row.Version, row.Subject, wrapped); err != nil {
			return asKeyRefusal(err)
		}
	}
	return nil
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
	all, err := s.unsealWhere(ctx, db, competition, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("subject = ?", subject) })
	return all[subject], err
}

// unsealAll opens what is sealed of all subjects of a kind (r, n …): subject and
// field to text.
func (s *Store) unsealAll(ctx context.Context, competition Competition, prefix string) (map[string]map[string]string, error) {
	return s.unsealAllIn(ctx, s.r, competition, prefix)
}

func (s *Store) unsealAllIn(ctx context.Context, db bun.IDB, competition Competition, prefix string) (map[string]map[string]string, error) {
	return s.unsealWhere(ctx, db, competition, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("subject LIKE ?", prefix+"%") })
}

func (s *Store) unsealWhere(ctx context.Context, db bun.IDB, competition Competition, where func(*bun.SelectQuery) *bun.SelectQuery) (map[string]map[string]string, error) {
	if s.ring == nil {
		return nil, errNoRing
	}
	var rows []subjectKey
	var boxes []secretValue
	of := func(model any) *bun.SelectQuery {
		return where(db.NewSelect().Model(model).Where("competition_id = ?", competition.ID))
	}
	if err := cmp.Or(of(&rows).Scan(ctx), of(&boxes).Scan(ctx)); err != nil {
		return nil, fmt.Errorf("load sealed values: %w", err)
	}
	keys := make(map[string]vault.DataKey, len(rows))
	if err := s.unwrap(competition.Code, rows, keys); err != nil {
		return nil, err
	}
	all := make(map[string]map[string]string, len(rows))
	for _, b := range boxes {
		raw, err := base64.StdEncoding.DecodeString(b.Box)
		if err != nil {
			return nil, fmt.Errorf("read a sealed value of %s: %w", b.Subject, err)
		}
		text, err := keys[b.Subject].Open(b.Field, raw)
		if err != nil {
			return nil, asKeyRefusal(err)
		}
		if all[b.Subject] == nil {
			all[b.Subject] = map[string]string{}
		}
		all[b.Subject][b.Field] = text
	}
	return all, nil
}

// Look asks to see one sealed value. The reason goes with the command.
type Look struct {
	Subject string `json:"subject" validate:"required,max=40"`
	Field   string `json:"field" validate:"required,max=40"`
}

func (Look) kind() string { return "look" }

// looks are the subjects that people may look at: their table, and the act that
// it takes.
var looks = map[byte]struct {
	table string
	act   access.Act
}{
	'r': {"registrations", access.LookSecret},
	'n': {"needs", access.ReadNeed},
}

// Look gives a sealed value to who may see it, and notes in the log who looked
// at what, when and why. Another delegation's subject is not found, like one
// that does not exist.
func (s *Store) Look(ctx context.Context, c Command, who access.Who, l Look) (string, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return "", invalid("reason", "reason-missing")
	}
	hidden := notFound("no-such-subject", l.Subject)
	kind, ok := looks[(l.Subject + " ")[0]]
	id, err := strconv.ParseInt(strings.TrimLeft(l.Subject, "rn"), 10, 64)
	if !ok || err != nil {
		return "", hidden
	}
	comp, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return "", err
	}
	var delegations []int64
	err = s.r.NewSelect().Table(kind.table).Column("delegation_id").Where("id = ?", id).Where("competition_id = ?", comp.ID).Scan(ctx, &delegations)
	if err != nil {
		return "", fmt.Errorf("look at %s: %w", l.Subject, err)
	}
	if len(delegations) == 0 {
		return "", hidden
	}
	if err := may(who, kind.act, access.Object{Delegation: delegations[0]}, hidden); err != nil {
		return "", err
	}
	values, err := s.unseal(ctx, comp, l.Subject)
	if err != nil {
		return "", err
	}
	text, ok := values[l.Field]
	if !ok {
		return "", hidden
	}
	_, err = s.change(ctx, c, l, func(context.Context, *Change) (any, error) { return l, nil })
	if err != nil {
		return "", err
	}
	return text, nil
}
