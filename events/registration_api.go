package events

import (
	"context"
	"errors"

	"tongchang/events/access"
	"tongchang/events/workbook"
)

var errComing = errors.New("not built yet")

// Registrations lists what somebody may see of a competition's registrations,
// by delegation, sport and number.
func (s *Store) Registrations(ctx context.Context, who access.Who, competition string, f RegistrationFilter) ([]RegistrationView, error) {
	return nil, errComing
}

// Registration finds one. Another delegation's is answered like one that does
// not exist.
func (s *Store) Registration(ctx context.Context, who access.Who, competition string, id int64) (*RegistrationView, error) {
	return nil, errComing
}

// RegistrationHistory lists what has happened to a registration, the newest first.
func (s *Store) RegistrationHistory(ctx context.Context, who access.Who, competition string, id int64) ([]RegistrationChange, error) {
	return nil, errComing
}

// SaveRegistration writes a row; the outcome is a [Saved]. A row with errors is
// saved, too: as a draft.
func (s *Store) SaveRegistration(ctx context.Context, c Command, who access.Who, a SaveRegistration) (Receipt, error) {
	return Receipt{}, errComing
}

// MoveRegistrations takes registrations to a state; the outcome is a [Moved].
func (s *Store) MoveRegistrations(ctx context.Context, c Command, who access.Who, a MoveRegistrations) (Receipt, error) {
	return Receipt{}, errComing
}

// UndoMove takes a move back; the outcome is a [Moved].
func (s *Store) UndoMove(ctx context.Context, c Command, who access.Who, a UndoMove) (Receipt, error) {
	return Receipt{}, errComing
}

// ReplaceRegistration puts one person in the place of another; the outcome is a
// [Moved] of the two.
func (s *Store) ReplaceRegistration(ctx context.Context, c Command, who access.Who, a ReplaceRegistration) (Receipt, error) {
	return Receipt{}, errComing
}

// Upload keeps a file of a delegation and judges it. A file that cannot be read
// is kept as failed, with why.
func (s *Store) Upload(ctx context.Context, who access.Who, competition string, delegation int64, name string, data []byte) (*Upload, error) {
	return nil, errComing
}

// Uploads lists a delegation's files, the newest first.
func (s *Store) Uploads(ctx context.Context, who access.Who, competition string, delegation int64) ([]Upload, error) {
	return nil, errComing
}

// UploadFile gives a file back as it came, for a copy with the problems in it.
func (s *Store) UploadFile(ctx context.Context, who access.Who, competition, upload string) (name string, data []byte, err error) {
	return "", nil, errComing
}

// Proposal judges a file against what there is now.
func (s *Store) Proposal(ctx context.Context, who access.Who, competition, upload string) (*Proposal, error) {
	return nil, errComing
}

// FixUpload puts a cell of a file right: G56. The file itself stays as it came.
func (s *Store) FixUpload(ctx context.Context, who access.Who, competition, upload, sheet, address, text string) error {
	return errComing
}

// MapUpload says what columns with these headers hold, in this file and in the
// delegation's next ones.
func (s *Store) MapUpload(ctx context.Context, who access.Who, competition, upload string, headers map[string]workbook.Field) error {
	return errComing
}

// DropUpload throws a file away that has not been entered.
func (s *Store) DropUpload(ctx context.Context, who access.Who, competition, upload string) error {
	return errComing
}

// ApplyUpload enters a file's rows in one transaction, with one log entry. The
// same command again gives the first time's answer; a file that changes nothing
// leaves no entry.
func (s *Store) ApplyUpload(ctx context.Context, c Command, who access.Who, a ApplyUpload) (Applied, error) {
	return Applied{}, errComing
}
