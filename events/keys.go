// The life of a competition's keys: changed from time to time, the old ones
// retired when nothing needs them, and destroyed when the edition is over, which
// erases all that was sealed, in every backup too. Each step is in the log.
package events

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// KeyState says what is sealed in a competition and with what.
type KeyState struct {
	Fingerprint string        // of the keys in use; empty: nothing has been sealed yet
	Readable    bool          // the key file at hand has them
	Versions    map[int]int64 // of the master keys in the file or in use: subjects wrapped by each
	Subjects    int64
	Values      int64
}

// KeyState looks at the keys of a competition.
func (s *Store) KeyState(ctx context.Context, competition Competition) (*KeyState, error) {
	k := &KeyState{Versions: map[int]int64{}}
	var err error
	if k.Fingerprint, err = keyMarkOf(ctx, s.r, competition.ID); err != nil || k.Fingerprint == "" {
		return k, err
	}
	if keys, err := s.keysIn(ctx, s.r, competition); err == nil {
		k.Readable = true
		for _, v := range keys.Versions() {
			k.Versions[v] = 0
		}
	}
	var counts []struct {
		Version  int
		Subjects int64
	}
	err = s.r.NewSelect().Model((*subjectKey)(nil)).ColumnExpr("version, count(*) AS subjects").Where("competition_id = ?", competition.ID).
		Group("version").Scan(ctx, &counts)
	if err != nil {
		return nil, fmt.Errorf("count subjects: %w", err)
	}
	for _, c := range counts {
		k.Versions[c.Version] = c.Subjects
		k.Subjects += c.Subjects
	}
	if k.Values, err = s.r.NewSelect().Model((*secretValue)(nil)).Where("competition_id = ?", competition.ID).Count(ctx); err != nil {
		return nil, fmt.Errorf("count sealed values: %w", err)
	}
	return k, nil
}

// RotateKeys asks for a new master key. From 0: of whatever version there is.
type RotateKeys struct {
	From int `json:"from"` // newest version that the sender has seen: so that a repeat does not rotate again
}

func (RotateKeys) kind() string { return "keys-rotate" }

// KeysRotated is the outcome in the log.
type KeysRotated struct {
	Version  int `json:"version"`
	Subjects int `json:"subjects"` // wrapped anew
}

// RotateKeys gives a competition a new master key and wraps the keys of all its
// subjects with it. The old one still opens old backups, until it is retired.
func (s *Store) RotateKeys(ctx context.Context, c Command, who access.Who, a RotateKeys) (Receipt, error) {
	if err := may(who, access.SetEdition, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	keys, err := s.keysOf(ctx, c.Competition)
	if err != nil {
		return Receipt{}, err
	}
	if keys.Newest() == a.From { // else this is a repeat, or somebody has been faster: wrap what is left
		if _, err := s.ring.Rotate(c.Competition); err != nil {
			return Receipt{}, asKeyRefusal(err)
		}
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		n, newest, err := s.wrapAnew(ctx, ch)
		return KeysRotated{newest, n}, err
	})
}

// wrapAnew wraps with the newest master key what others have wrapped.
func (s *Store) wrapAnew(ctx context.Context, ch *Change) (subjects, newest int, err error) {
	keys, err := s.keysIn(ctx, ch.Tx, ch.Competition)
	if err != nil {
		return 0, 0, err
	}
	newest = keys.Newest()
	var rows []subjectKey
	err = ch.Tx.NewSelect().Model(&rows).Where("competition_id = ?", ch.Competition.ID).Where("version <> ?", newest).Order("subject").Scan(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("load keys of subjects: %w", err)
	}
	for i := range rows {
		key, err := rows[i].unwrap(keys)
		if err != nil {
			return 0, 0, err
		}
		wrapped, err := keys.Wrap(newest, rows[i].Subject, key)
		if err != nil {
			return 0, 0, asKeyRefusal(err)
		}
		rows[i].Version, rows[i].Wrapped = newest, base64.StdEncoding.EncodeToString(wrapped)
	}
	for chunk := range slices.Chunk(rows, sealChunk) {
		_, err := ch.Tx.NewInsert().Model(&chunk).On("CONFLICT (competition_id, subject) DO UPDATE").
			Set("version = EXCLUDED.version").Set("wrapped = EXCLUDED.wrapped").Exec(ctx)
		if err != nil {
			return 0, 0, fmt.Errorf("keep keys of subjects: %w", err)
		}
	}
	return len(rows), newest, nil
}

// RetireKeys asks to destroy the master keys before the newest.
type RetireKeys struct{}

func (RetireKeys) kind() string { return "keys-retire" }

// RetireKeys destroys the master keys that nothing needs any more. Whoever was
// erased before the last rotation can from now on not be read in old backups
// either; nor can anybody else in backups from before it.
func (s *Store) RetireKeys(ctx context.Context, c Command, who access.Who, a RetireKeys) (Receipt, error) {
	if err := may(who, access.SetEdition, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	if _, err := s.keysOf(ctx, c.Competition); err != nil {
		return Receipt{}, err
	}
	rec, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		n, newest, err := s.wrapAnew(ctx, ch) // what was kept while the keys were rotated
		return KeysRotated{newest, n}, err
	})
	if err != nil {
		return Receipt{}, err
	}
	keys, err := s.keysOf(ctx, c.Competition)
	if err == nil {
		_, err = s.ring.Retire(c.Competition, keys.Newest())
	}
	return rec, asKeyRefusal(err)
}

// DestroyKeys asks to destroy all keys of a competition. The code is typed once
// more by who means it.
type DestroyKeys struct {
	Competition string `json:"competition" validate:"required"`
}

func (DestroyKeys) kind() string { return "keys-destroy" }

// DestroyKeys makes everything that was ever sealed in a competition unreadable
// for ever: here, and in every backup. Results, names and the log stay. What was
// sealed is taken away as well, since it is of no use any more.
func (s *Store) DestroyKeys(ctx context.Context, c Command, who access.Who, a DestroyKeys) (Receipt, error) {
	if err := may(who, access.SetEdition, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	if a.Competition != c.Competition {
		return Receipt{}, invalid("competition", "keys-confirm", c.Competition)
	}
	if s.ring == nil {
		return Receipt{}, errNoRing
	}
	rec, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		for _, model := range []any{(*secretValue)(nil), (*subjectKey)(nil)} {
			if _, err := ch.Tx.NewDelete().Model(model).Where("competition_id = ?", ch.Competition.ID).Exec(ctx); err != nil {
				return nil, fmt.Errorf("take sealed values away: %w", err)
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		return Receipt{}, err
	}
	return rec, s.ring.Destroy(c.Competition)
}

// checkSealed opens every sealed value and holds it against its print, and
// counts those whose print the log has. Without keys it says how many there are.
func (s *Store) checkSealed(ctx context.Context, c *Competition, r *Report) error {
	rows, err := sealedRows(ctx, s.r, c.ID, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
	if err != nil || len(rows) == 0 {
		return err
	}
	r.Sealed += len(rows)
	keys, err := s.keysIn(ctx, s.r, *c)
	if err != nil {
		r.Unopened += len(rows)
		return nil
	}
	logged, err := s.loggedPrints(ctx, c)
	if err != nil {
		return err
	}
	o := opener{keys: keys}
	for i := range rows {
		row := &rows[i]
		text, err := o.open(row)
		switch {
		case err != nil:
			r.note("%s, %s %s: does not open", c.Code, row.Subject, row.Field)
		case keys.Print(row.Purpose, text) != row.Print:
			r.note("%s, %s %s: not what its print was made of", c.Code, row.Subject, row.Field)
		case logged[row.Print]:
			r.Proven++
		}
	}
	return nil
}

var printPattern = regexp.MustCompile(`"print":"([0-9a-f]{32})"`)

// loggedPrints are the prints in a competition's log.
func (s *Store) loggedPrints(ctx context.Context, c *Competition) (map[string]bool, error) {
	var payloads []string
	err := s.r.NewSelect().Model((*LogEntry)(nil)).Column("payload").Where("competition_id = ?", c.ID).Where(`payload LIKE '%"print":%'`).Scan(ctx, &payloads)
	if err != nil {
		return nil, fmt.Errorf("read prints: %w", err)
	}
	prints := map[string]bool{}
	for _, p := range payloads {
		for _, m := range printPattern.FindAllStringSubmatch(p, -1) {
			prints[m[1]] = true
		}
	}
	return prints, nil
}
