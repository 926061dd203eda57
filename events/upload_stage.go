// Keeping a file that was sent, and putting it right: small writes beside the
// ledger. Everything of a person in it is sealed.
package events

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/registration"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// The sealed parts of a file.
const (
	uploadFile  = "file"
	uploadFixes = "fixes" // []registration.Fix as JSON
)

const (
	maxUploads = 30    // files of a delegation that are not entered
	maxFixes   = 2_000 // cells of one file
)

// Upload keeps a file of a delegation and judges it. A file that cannot be read
// is noted as failed, with why; its bytes are not kept.
func (s *Store) Upload(ctx context.Context, who access.Who, competition string, delegation int64, name string, data []byte) (*Upload, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	if err := s.uploader(ctx, who, c, delegation); err != nil {
		return nil, err
	}
	u := &stagedUpload{ID: strings.ToLower(rand.Text()), CompetitionID: c.ID, DelegationID: delegation, Name: fileName(name), Size: len(data),
		State: UploadReading, Created: s.clock(), Updated: s.clock(), By: who.Name}
	if _, err := workbook.Read(u.Name, data, workbook.Options{}); err != nil { // a hostile file is not kept
		if !u.fail(err) {
			return nil, err
		}
	} else if u.Content, err = s.print(c.Code, "upload", string(data)); err != nil {
		return nil, err
	}
	if err := s.stage(ctx, c, u, data); err != nil {
		return nil, err
	}
	if u.Content == "" {
		return u.shown(), nil
	}
	p, err := s.Proposal(ctx, who, competition, u.ID)
	if err != nil {
		return nil, err
	}
	return &p.Upload, nil
}

// uploader asks whether somebody may send files for a delegation of the
// competition.
func (s *Store) uploader(ctx context.Context, who access.Who, c Competition, delegation int64) error {
	missing := notFound("no-such-delegation", strconv.FormatInt(delegation, 10))
	if err := may(who, access.WriteRegistration, access.Object{Delegation: delegation}, missing); err != nil {
		return err
	}
	_, err := byID[Delegation](ctx, s.r, c.ID, delegation, "no-such-delegation")
	return err
}

// fileName is a name as it is shown: without folders and signs that cannot be
// seen, and not too long.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(c rune) rune {
		if !unicode.IsGraphic(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, "")))
	if ext := path.Ext(name); utf8.RuneCountInString(name) > 120 && len(ext) < 10 {
		name = string([]rune(name)[:110]) + ext
	}
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:120])
	}
	return name
}

// fail notes why nothing of a file could be read; false where the error is not
// the file's.
func (u *stagedUpload) fail(err error) bool {
	var inv *scoring.Invalid
	if !errors.As(err, &inv) {
		return false
	}
	why, _ := json.Marshal(inv) // strings: cannot fail
	u.State, u.Unread = UploadFailed, string(why)
	return true
}

// stage keeps a file, as long as the delegation has not too many.
func (s *Store) stage(ctx context.Context, c Competition, u *stagedUpload, data []byte) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		n, err := tx.NewSelect().Model((*stagedUpload)(nil)).Where("delegation_id = ?", u.DelegationID).Where("state <> ?", UploadApplied).Count(ctx)
		if err != nil {
			return fmt.Errorf("count files: %w", err)
		}
		if n >= maxUploads {
			return &Refusal{Status: StatusClosed, Problem: "uploads-many", With: []string{strconv.Itoa(maxUploads)}}
		}
		if _, err := tx.NewInsert().Model(u).Exec(ctx); err != nil {
			return fmt.Errorf("keep file: %w", err)
		}
		if u.Content == "" {
			return nil
		}
		return s.sealUpload(ctx, tx, c, u, uploadFile, string(data))
	})
}

func (s *Store) sealUpload(ctx context.Context, tx bun.Tx, c Competition, u *stagedUpload, field, text string) error {
	h, err := s.hide(c.Code, "upload-"+field, text)
	if err != nil {
		return err
	}
	return s.keepIn(ctx, tx, c, map[string]map[string]Hidden{u.subject(): {field: h}})
}

// shown is a file as lists show it.
func (u *stagedUpload) shown() *Upload {
	v := &Upload{ID: u.ID, Delegation: u.DelegationID, Name: u.Name, Size: u.Size, State: u.State, Rows: u.Rows, Clean: u.Clean, Errors: u.Errors,
		Warnings: u.Warnings, At: u.Created, Updated: u.Updated, By: u.By}
	if u.Unread != "" {
		v.Unread = &scoring.Invalid{}
		_ = json.Unmarshal([]byte(u.Unread), v.Unread) // written by fail
	}
	if u.Outcome != "" {
		v.Applied = &Applied{}
		_ = json.Unmarshal([]byte(u.Outcome), v.Applied) // written by ApplyUpload
	}
	return v
}

// Uploads lists a delegation's files, the newest first.
func (s *Store) Uploads(ctx context.Context, who access.Who, competition string, delegation int64) ([]Upload, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	missing := notFound("no-such-delegation", strconv.FormatInt(delegation, 10))
	if err := may(who, access.ReadRegistration, access.Object{Delegation: delegation}, missing); err != nil {
		return nil, err
	}
	var rows []stagedUpload
	err = s.r.NewSelect().Model(&rows).Where("competition_id = ?", c.ID).Where("delegation_id = ?", delegation).Order("created DESC", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	all := make([]Upload, len(rows))
	for i := range rows {
		all[i] = *rows[i].shown()
	}
	return all, nil
}

// staged finds a file that somebody may do an act to. Another delegation's is
// answered like one that is not there.
func (s *Store) staged(ctx context.Context, who access.Who, act access.Act, competition, upload string) (Competition, *stagedUpload, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return c, nil, err
	}
	missing := notFound("no-such-upload", upload)
	var u stagedUpload
	err = s.r.NewSelect().Model(&u).Where("id = ?", upload).Where("competition_id = ?", c.ID).Scan(ctx)
	if isNoRows(err) {
		if err := may(who, act, access.Object{Delegation: who.Delegation}, missing); err != nil {
			return c, nil, err
		}
		return c, nil, missing
	}
	if err != nil {
		return c, nil, fmt.Errorf("find file: %w", err)
	}
	return c, &u, may(who, act, access.Object{Delegation: u.DelegationID}, missing)
}

// opened is a file with what is sealed of it.
func (s *Store) opened(ctx context.Context, c Competition, u *stagedUpload) (data []byte, fixes []registration.Fix, err error) {
	parts, err := s.unseal(ctx, c, u.subject())
	if err != nil {
		return nil, nil, err
	}
	if text := parts[uploadFixes]; text != "" {
		if err := json.Unmarshal([]byte(text), &fixes); err != nil {
			return nil, nil, fmt.Errorf("read what was put right in file %s: %w", u.ID, err)
		}
	}
	return []byte(parts[uploadFile]), fixes, nil
}

// UploadFile gives a file as it is read: the bytes as they came, what was said of
// its headers, and what was put right since. It is for making a copy with the
// problems in it, for the delegation whose file it is: nothing in it is masked.
func (s *Store) UploadFile(ctx context.Context, who access.Who, competition, upload string) (registration.File, error) {
	c, u, err := s.staged(ctx, who, access.WriteRegistration, competition, upload)
	if err != nil {
		return registration.File{}, err
	}
	if u.Content == "" {
		return registration.File{}, notFound("no-such-upload", upload)
	}
	return s.fileOf(ctx, c, u)
}

// fileOf puts together what there is of a file.
func (s *Store) fileOf(ctx context.Context, c Competition, u *stagedUpload) (registration.File, error) {
	data, fixes, err := s.opened(ctx, c, u)
	if err != nil {
		return registration.File{}, err
	}
	if len(data) == 0 { // emptied, because somebody in it was erased
		return registration.File{}, notFound("no-such-upload", u.ID)
	}
	memory, err := s.memory(ctx, u.DelegationID)
	if err != nil {
		return registration.File{}, err
	}
	d, err := byID[Delegation](ctx, s.r, c.ID, u.DelegationID, "no-such-delegation")
	return registration.File{Name: u.Name, Data: data, Memory: memory, Delegation: d.Name, Fixes: fixes}, err
}

// FixUpload puts a cell of a file right: G56. The file itself stays as it came.
// What was entered of it already is entered anew by the next command.
func (s *Store) FixUpload(ctx context.Context, who access.Who, competition, upload, sheet, address, text string) error {
	c, u, err := s.staged(ctx, who, access.WriteRegistration, competition, upload)
	if err != nil {
		return err
	}
	fix := registration.Fix{Sheet: sheet, Address: strings.ToUpper(strings.TrimSpace(address)), Text: strings.TrimSpace(text)}
	switch {
	case u.Content == "":
		return notFound("no-such-upload", upload)
	case !fix.Sound():
		return invalid("address", "field-wrong", "address")
	case !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxTyped:
		return invalid("text", "field-max", "text", strconv.Itoa(maxTyped))
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewUpdate().Model(u).Set("state = ?, updated = ?", UploadReading, s.clock()).WherePK().Exec(ctx); err != nil { // also the lock on the file
			return fmt.Errorf("put a file right: %w", err)
		}
		_, fixes, err := s.opened(ctx, c, u)
		if err != nil {
			return err
		}
		fixes = slices.DeleteFunc(fixes, func(f registration.Fix) bool { return f.Sheet == fix.Sheet && f.Address == fix.Address })
		if fixes = append(fixes, fix); len(fixes) > maxFixes {
			return &Refusal{Status: StatusClosed, Problem: "fixes-many", With: []string{strconv.Itoa(maxFixes)}}
		}
		all, err := json.Marshal(fixes)
		if err != nil {
			return err
		}
		return s.sealUpload(ctx, tx, c, u, uploadFixes, string(all))
	})
}

// headerMemory is what a delegation has said about the headers of its sheets.
type headerMemory struct {
	bun.BaseModel `bun:"table:header_memory"`

	DelegationID int64          `bun:",pk"`
	Header       string         `bun:",pk"` // as workbook.Memory spells it
	Field        workbook.Field `bun:",notnull"`
}

// MapUpload says what columns with these headers hold, in this file and in the
// delegation's next ones. An empty field: nothing of interest.
func (s *Store) MapUpload(ctx context.Context, who access.Who, competition, upload string, headers map[string]workbook.Field) error {
	_, u, err := s.staged(ctx, who, access.WriteRegistration, competition, upload)
	if err != nil {
		return err
	}
	learnt := workbook.Memory{}
	for header, field := range headers {
		switch {
		case field != "" && !slices.Contains(workbook.Fields(), field):
			return invalid("field", "field-wrong", string(field))
		case utf8.RuneCountInString(header) > 100:
			return invalid("header", "field-max", "header", "100")
		}
		learnt.Learn(header, field)
	}
	var rows []headerMemory
	for header, field := range learnt {
		rows = append(rows, headerMemory{DelegationID: u.DelegationID, Header: header, Field: field})
	}
	if len(rows) == 0 || u.Content == "" {
		return nil
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&rows).On("CONFLICT (delegation_id, header) DO UPDATE").Set("field = EXCLUDED.field").Exec(ctx); err != nil {
			return fmt.Errorf("remember headers: %w", err)
		}
		_, err := tx.NewUpdate().Model(u).Set("state = ?, updated = ?", UploadReading, s.clock()).WherePK().Exec(ctx)
		return err
	})
}

// memory reads what a delegation has said about headers.
func (s *Store) memory(ctx context.Context, delegation int64) (workbook.Memory, error) {
	var rows []headerMemory
	if err := s.r.NewSelect().Model(&rows).Where("delegation_id = ?", delegation).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read what was said about headers: %w", err)
	}
	m := workbook.Memory{}
	for _, row := range rows {
		m[row.Header] = row.Field
	}
	return m, nil
}

// DropUpload throws a file away. What was entered of it stays entered.
func (s *Store) DropUpload(ctx context.Context, who access.Who, competition, upload string) error {
	c, u, err := s.staged(ctx, who, access.WriteRegistration, competition, upload)
	if err != nil {
		return err
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model(u).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("throw a file away: %w", err)
		}
		return s.forget(ctx, tx, c, u.subject())
	})
}
