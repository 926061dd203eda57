// Sign-ins: who is on which device, since when, and how far they have come. A
// sign-in is 32 random bytes on the device and their SHA-256 here, so that
// nobody who reads the database can be anybody.
package events

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// Credential is what an account signs in with. Nothing of it is in the log.
type Credential struct {
	bun.BaseModel `bun:"table:credentials"`

	AccountID int64     `bun:",pk"`
	Password  string    `bun:",notnull"` // PHC; empty: not set yet
	Changed   time.Time `bun:",notnull"`
	Step      int64     `bun:",notnull"` // newest 30 s step whose code was taken: none is taken twice
	Recovery  string    `bun:",notnull"` // hashes of the recovery codes that are left, space-separated
}

// Stage is how far a sign-in has come.
type Stage string

// The stages. A second factor that was given makes a sign-in strong.
const (
	StagePassword Stage = "password" // the second factor is still to come
	StageFull     Stage = "full"
	StageStrong   Stage = "strong"
)

// SignIn is one person on one device.
type SignIn struct {
	bun.BaseModel `bun:"table:sign_ins"`

	ID        int64     `bun:",pk,autoincrement"`
	AccountID int64     `bun:",notnull"`
	Hash      string    `bun:",notnull"`
	Stage     Stage     `bun:",notnull"`
	Device    string    `bun:",notnull"` // Firefox Android
	Started   time.Time `bun:",notnull"`
	Seen      time.Time `bun:",notnull"` // to the minute
}

// How long a sign-in holds: at most half a day, less without a sign of life, and
// a moment between the password and the second factor.
const (
	signInLife    = 12 * time.Hour
	organiserIdle = 30 * time.Minute
	passwordLife  = 5 * time.Minute
	seenEvery     = time.Minute
)

// over reports whether a sign-in has run out. A clock that was put back makes
// nothing older.
func (i *SignIn) over(role access.Role, now time.Time) bool {
	idle := signInLife
	if role == access.Organiser {
		idle = organiserIdle
	}
	if i.Stage == StagePassword {
		idle = passwordLife
	}
	return now.Sub(i.Started) >= signInLife || now.Sub(i.Seen) >= idle
}

// SignedIn is a sign-in with its account. Token is there only when it is new.
type SignedIn struct {
	SignIn  SignIn
	Account Account
	Token   string
}

// Who is who has signed in: nobody yet while the second factor is to come.
func (s *SignedIn) Who() access.Who {
	if s == nil || s.SignIn.Stage == StagePassword {
		return access.Who{}
	}
	return s.Account.who(s.SignIn.Stage == StageStrong)
}

// newToken makes a secret of 256 bits and the hash that is kept of it.
func newToken() (token, hash string) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashToken(token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Attempt is somebody at the door: what they say, and from where.
type Attempt struct {
	Login    string
	Password string
	Address  string // of the network
	Agent    string // the browser's description of itself
}

// SignIn lets somebody in who knows the password, up to the second factor where
// the account has one. Whether there is such an account cannot be told from the
// answer, nor from the time it takes.
func (s *Store) SignIn(ctx context.Context, competition Competition, a Attempt) (*SignedIn, error) {
	var account Account
	var credential Credential
	login := foldLogin(a.Login)
	err := s.r.NewSelect().Model(&account).Where("competition_id = ?", competition.ID).Where("login = ?", login).Where("closed IS NULL").Scan(ctx)
	if err == nil {
		err = s.r.NewSelect().Model(&credential).Where("account_id = ?", account.ID).Scan(ctx)
	}
	if err != nil && !isNoRows(err) {
		return nil, fmt.Errorf("find the account: %w", err)
	}
	t := triesOf(competition.Code, login, a.Address, account.ID)
	left, err := s.try(ctx, t)
	if err != nil {
		return nil, err
	}
	ok, renew, err := checkPassword(ctx, credential.Password, a.Password)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, wrong("password", "sign-in-wrong", left)
	}
	if renew {
		if credential.Password, err = hashPassword(ctx, a.Password); err != nil {
			return nil, err
		}
	}
	stage := StageFull
	if account.Second {
		stage = StagePassword
	}
	var in *SignedIn
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if err := t.forget(ctx, tx); err != nil {
			return err
		}
		if renew {
			if _, err := tx.NewUpdate().Model(&credential).Column("password").WherePK().Exec(ctx); err != nil {
				return fmt.Errorf("hash a password anew: %w", err)
			}
		}
		in, err = s.admit(ctx, tx, &account, stage, a.Agent)
		return err
	})
	return in, err
}

// try counts an attempt before it is looked at, and says how many are left.
func (s *Store) try(ctx context.Context, t tries) (left int, err error) {
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := t.count(ctx, tx, s.clock()); err != nil {
			return err
		}
		left, err = t.leftIn(ctx, tx)
		return err
	})
	return left, err
}

// wrong refuses what was typed; with few tries left it says how many.
func wrong(field, problem string, left int) error {
	if left > 0 {
		return &Refusal{Status: StatusInvalid, Field: field, Problem: problem + "-left", With: []string{fmt.Sprint(left)}}
	}
	return &Refusal{Status: StatusInvalid, Field: field, Problem: problem}
}

// clock is the server's time as it is stored.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// admit begins a sign-in and takes away what has run out long ago.
func (s *Store) admit(ctx context.Context, tx bun.Tx, account *Account, stage Stage, agent string) (*SignedIn, error) {
	now := s.clock()
	if _, err := tx.NewDelete().Model((*SignIn)(nil)).Where("started < ?", now.Add(-signInLife)).Exec(ctx); err != nil {
		return nil, fmt.Errorf("take old sign-ins away: %w", err)
	}
	token, hash := newToken()
	in := &SignedIn{Account: *account, Token: token,
		SignIn: SignIn{AccountID: account.ID, Hash: hash, Stage: stage, Device: deviceOf(agent), Started: now, Seen: now}}
	if _, err := tx.NewInsert().Model(&in.SignIn).Returning("id").Exec(ctx); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return in, nil
}

// raise gives a sign-in another stage and a new token: what was known before
// the second factor was given is worth nothing after.
func (s *Store) raise(ctx context.Context, tx bun.Tx, in *SignedIn, stage Stage) error {
	in.SignIn.Stage, in.SignIn.Seen = stage, s.clock()
	in.Token, in.SignIn.Hash = newToken()
	res, err := tx.NewUpdate().Model(&in.SignIn).Column("stage", "hash", "seen").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("raise sign-in %d: %w", in.SignIn.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return signedOut()
	}
	return nil
}

// signedOut is the answer to who has been signed out meanwhile.
func signedOut() error { return &Refusal{Status: StatusForbidden, Problem: "signed-out"} }

// SignedIn finds the sign-in of a token; nil where there is none, or none any more.
func (s *Store) SignedIn(ctx context.Context, competition, token string) (*SignedIn, error) {
	var in SignedIn
	err := s.r.NewSelect().Model(&in.SignIn).Where("hash = ?", hashToken(token)).Scan(ctx)
	if err == nil {
		err = s.r.NewSelect().Model(&in.Account).Where("account.id = ?", in.SignIn.AccountID).Where("account.closed IS NULL").
			Join("JOIN competitions AS c ON c.id = account.competition_id").Where("c.code = ?", competition).Scan(ctx)
	}
	now := s.clock()
	switch {
	case isNoRows(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("find the sign-in: %w", err)
	case in.SignIn.over(in.Account.Role, now):
		return nil, nil
	}
	if now.Sub(in.SignIn.Seen) >= seenEvery {
		if err := s.sawSignIn(ctx, in.SignIn.ID, now); err != nil {
			s.log.Warn("sign-in not marked as seen", "error", err)
		}
	}
	return &in, nil
}

func (s *Store) sawSignIn(ctx context.Context, id int64, now time.Time) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model((*SignIn)(nil)).Set("seen = ?", now).Where("id = ?", id).Where("seen < ?", now).Exec(ctx)
		return err
	})
}

// SignIns lists where an account is signed in, the newest first.
func (s *Store) SignIns(ctx context.Context, account int64) ([]SignIn, error) {
	var all []SignIn
	err := s.r.NewSelect().Model(&all).Where("account_id = ?", account).Where("started > ?", s.clock().Add(-signInLife)).Order("started DESC", "id DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sign-ins: %w", err)
	}
	return all, nil
}

// SignOut ends one of an account's own sign-ins.
func (s *Store) SignOut(ctx context.Context, account, id int64) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*SignIn)(nil)).Where("account_id = ?", account).Where("id = ?", id).Exec(ctx)
		return err
	})
}

// SignOutOthers ends all of an account's own sign-ins but one.
func (s *Store) SignOutOthers(ctx context.Context, account, keep int64) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error { return endSignIns(ctx, tx, account, keep) })
}

func endSignIns(ctx context.Context, tx bun.Tx, account, keep int64) error {
	_, err := tx.NewDelete().Model((*SignIn)(nil)).Where("account_id = ?", account).Where("id <> ?", keep).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end the sign-ins of account %d: %w", account, err)
	}
	return nil
}

// Ended says which of some sign-ins are over: ended by somebody, run out, or of
// an account that was closed. What watches asks it, since a line that is open
// sends no further requests.
func (s *Store) Ended(ctx context.Context, ids []int64) (ended []int64, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct {
		SignIn `bun:",extend"`
		Role   access.Role
	}
	err = s.r.NewSelect().Model((*SignIn)(nil)).ColumnExpr("sign_in.*, a.role").Join("JOIN accounts AS a ON a.id = sign_in.account_id").
		Where("sign_in.id IN (?)", bun.List(ids)).Where("a.closed IS NULL").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("look for ended sign-ins: %w", err)
	}
	alive := map[int64]bool{}
	for i := range rows {
		// who watches is there, whether they touch anything or not
		alive[rows[i].ID] = s.clock().Sub(rows[i].Started) < signInLife
	}
	for _, id := range ids {
		if !alive[id] {
			ended = append(ended, id)
		}
	}
	return ended, nil
}

// ChangePassword sets another password for who knows the present one. All other
// sign-ins end, and this one gets a new token.
func (s *Store) ChangePassword(ctx context.Context, competition Competition, in *SignedIn, old, password, address string) error {
	var credential Credential
	if err := s.r.NewSelect().Model(&credential).Where("account_id = ?", in.Account.ID).Scan(ctx); err != nil {
		return fmt.Errorf("find the password: %w", err)
	}
	t := triesOf(competition.Code, in.Account.Login, address, in.Account.ID)
	left, err := s.try(ctx, t)
	if err != nil {
		return err
	}
	ok, _, err := checkPassword(ctx, credential.Password, old)
	switch {
	case err != nil:
		return err
	case !ok:
		return wrong("old", "password-wrong", left)
	}
	hash, err := newPassword(ctx, competition, &in.Account, password)
	if err != nil {
		return err
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := t.forget(ctx, tx); err != nil {
			return err
		}
		if err := setPassword(ctx, tx, in.Account.ID, hash, s.clock()); err != nil {
			return err
		}
		if err := endSignIns(ctx, tx, in.Account.ID, in.SignIn.ID); err != nil {
			return err
		}
		return s.raise(ctx, tx, in, in.SignIn.Stage)
	})
}

// newPassword is a new password ready to be stored, unless it would be guessed.
func newPassword(ctx context.Context, c Competition, a *Account, password string) (string, error) {
	if problem := access.Weak(password, a.Login, a.Name, c.Code, c.Name, c.NameEn); problem != "" {
		return "", invalid("password", problem)
	}
	return hashPassword(ctx, password)
}

func setPassword(ctx context.Context, tx bun.Tx, account int64, hash string, now time.Time) error {
	_, err := tx.NewUpdate().Model((*Credential)(nil)).Set("password = ?", hash).Set("changed = ?", now).Where("account_id = ?", account).Exec(ctx)
	if err != nil {
		return fmt.Errorf("set the password of account %d: %w", account, err)
	}
	return nil
}

// Through lets somebody in without asking anything: the doors of a demo, on
// the machine that it runs on.
func (s *Store) Through(ctx context.Context, competition string, account int64, agent string) (in *SignedIn, err error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	a, err := byID[Account](ctx, s.r, c.ID, account, "no-such-account")
	if err != nil {
		return nil, err
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		in, err = s.admit(ctx, tx, &a, StageStrong, agent)
		return err
	})
	return in, err
}
