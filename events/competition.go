// Founding a competition, and finding one.
package events

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

var codePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// Found makes a competition with an empty log. Founding one that exists, by its
// code, changes nothing and returns what is there.
func (s *Store) Found(ctx context.Context, c Competition) (Competition, error) {
	c, _, err := s.found(ctx, c)
	return c, err
}

// found also says whether the competition is new.
func (s *Store) found(ctx context.Context, c Competition) (_ Competition, fresh bool, err error) {
	if !codePattern.MatchString(c.Code) {
		return c, false, invalid("code", "bad-competition-code", c.Code)
	}
	if c.Zone == "" {
		c.Zone = "Asia/Shanghai"
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return c, false, invalid("zone", "unknown-zone", c.Zone)
	}
	c.ID, c.LastSeq, c.Epoch, c.Head = 0, 0, newEpoch(), genesis(c.Code)
	c.Created = s.now().UTC().Truncate(time.Microsecond)
	res, err := s.w.NewInsert().Model(&c).On("CONFLICT (code) DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return c, false, fmt.Errorf("found competition %s: %w", c.Code, err)
	}
	made, err := res.RowsAffected()
	if err != nil {
		return c, false, fmt.Errorf("found competition %s: %w", c.Code, err)
	}
	c, err = s.Competition(ctx, c.Code)
	return c, made > 0, err
}

// newEpoch names the life of a log: a restored log gets another.
func newEpoch() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

// genesis is what the first entry of a log is chained to.
func genesis(code string) string {
	sum := sha256.Sum256([]byte("tongchang log of " + code))
	return hex.EncodeToString(sum[:])
}

// Competition finds a competition by its code.
func (s *Store) Competition(ctx context.Context, code string) (Competition, error) {
	var c Competition
	err := s.r.NewSelect().Model(&c).Where("code = ?", code).Scan(ctx)
	if isNoRows(err) {
		return c, notFound("no-such-competition", code)
	}
	if err != nil {
		return c, fmt.Errorf("find competition %s: %w", code, err)
	}
	return c, nil
}

// Competitions lists all competitions, the newest first.
func (s *Store) Competitions(ctx context.Context) ([]Competition, error) {
	var cs []Competition
	if err := s.r.NewSelect().Model(&cs).Order("starts DESC", "id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list competitions: %w", err)
	}
	return cs, nil
}

// byID loads one row by its ID within a competition.
func byID[M any](ctx context.Context, db bun.IDB, competition, id int64, problem string) (M, error) {
	var m M
	err := db.NewSelect().Model(&m).Where("id = ?", id).Where("competition_id = ?", competition).Scan(ctx)
	if isNoRows(err) {
		return m, notFound(problem, fmt.Sprint(id))
	}
	if err != nil {
		return m, fmt.Errorf("load %T %d: %w", m, id, err)
	}
	return m, nil
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// jsonName is a field's name as people who send commands know it.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return strings.ToLower(f.Name)
	}
	return name
}
