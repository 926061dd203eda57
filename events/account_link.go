// Links: how somebody new, or who forgot, sets a password. A link holds for
// three days and works once; only its hash is kept.
package events

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// linkLife is how long a link can wait in a drawer.
const linkLife = 72 * time.Hour

// Link is a link just made. Token is a secret that is shown this once.
type Link struct {
	Account Account
	Token   string
	Expires time.Time
}

// accountLink is what is kept of a link.
type accountLink struct {
	bun.BaseModel `bun:"table:links"`

	Hash      string    `bun:",pk"`
	AccountID int64     `bun:",notnull"`
	Expires   time.Time `bun:",notnull"`
}

// makeLink replaces the links that an account has by a new one.
func makeLink(ctx context.Context, tx bun.Tx, account *Account, now time.Time) (Link, error) {
	if _, err := tx.NewDelete().Model((*accountLink)(nil)).Where("account_id = ?", account.ID).Exec(ctx); err != nil {
		return Link{}, fmt.Errorf("replace the link of account %d: %w", account.ID, err)
	}
	token, hash := newToken()
	l := accountLink{Hash: hash, AccountID: account.ID, Expires: now.Add(linkLife)}
	if _, err := tx.NewInsert().Model(&l).Exec(ctx); err != nil {
		return Link{}, fmt.Errorf("make a link for account %d: %w", account.ID, err)
	}
	return Link{Account: *account, Token: token, Expires: l.Expires}, nil
}

// errLink is a link that was used, has run out, was replaced or never was.
func errLink() error { return notFound("link-over") }

// LinkFor says whose link a token is, without using it.
func (s *Store) LinkFor(ctx context.Context, competition, token string) (*Account, error) {
	var a Account
	err := s.r.NewSelect().Model(&a).Join("JOIN links AS l ON l.account_id = account.id").Join("JOIN competitions AS c ON c.id = account.competition_id").
		Where("c.code = ?", competition).Where("l.hash = ?", hashToken(token)).Where("l.expires > ?", s.clock()).Where("account.closed IS NULL").Scan(ctx)
	if isNoRows(err) {
		return nil, errLink()
	}
	if err != nil {
		return nil, fmt.Errorf("find the link: %w", err)
	}
	return &a, nil
}

// UseLink sets a password and signs in. The link is used up, sign-ins from
// before end, and tries that failed are forgotten. A second factor that the
// account has is still asked for.
func (s *Store) UseLink(ctx context.Context, competition Competition, token, password, agent string) (in *SignedIn, err error) {
	account, err := s.LinkFor(ctx, competition.Code, token)
	if err != nil {
		return nil, err
	}
	hash, err := newPassword(ctx, competition, account, password)
	if err != nil {
		return nil, err
	}
	stage := StageFull
	if account.Second {
		stage = StagePassword
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewDelete().Model((*accountLink)(nil)).Where("hash = ?", hashToken(token)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("use a link: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errLink()
		}
		if err := setPassword(ctx, tx, account.ID, hash, s.clock()); err != nil {
			return err
		}
		if err := endSignIns(ctx, tx, account.ID, 0); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*Failure)(nil)).Where("subject = ?", accountTries(account.ID)).Exec(ctx); err != nil {
			return fmt.Errorf("forget tries: %w", err)
		}
		in, err = s.admit(ctx, tx, account, stage, agent)
		return err
	})
	return in, err
}
