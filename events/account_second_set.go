// Setting a second factor and giving it: what needs the secret, which is sealed
// like any other in the vault.
package events

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// GiveSecond takes the second factor of somebody who has given the password.
func (s *Store) GiveSecond(ctx context.Context, competition Competition, in *SignedIn, code, address string) error {
	secret, err := s.secretOf(ctx, competition, &in.Account)
	if err != nil {
		return err
	}
	step, err := stepOf(secret, code, s.now())
	if err != nil {
		return err
	}
	t := triesOf(competition.Code, "second of "+in.Account.Login, address, in.Account.ID)
	left, err := s.try(ctx, t)
	if err != nil {
		return err
	}
	taken := false
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if taken, err = takeCode(ctx, tx, in.Account.ID, step, code); err != nil || !taken {
			return err
		}
		if err := t.forget(ctx, tx); err != nil {
			return err
		}
		return s.raise(ctx, tx, in, StageStrong)
	})
	if err == nil && !taken {
		return wrong("code", "code-wrong", left)
	}
	return err
}

// SetSecond gives an account its second factor. In the log stands that it was
// set, not what it is.
type SetSecond struct {
	Account int64  `json:"account" validate:"required"`
	Secret  Hidden `json:"secret"`
}

func (SetSecond) kind() string { return "second-factor" }

// SetSecond sets the second factor of who has signed in, once a code from the
// app shows that it holds the secret. Who has one already must have given it.
// It returns the recovery codes, which are not kept; other sign-ins end, and
// this one gets a new token.
func (s *Store) SetSecond(ctx context.Context, c Command, competition Competition, in *SignedIn, secret, code, address string) (codes []string, err error) {
	if in.Account.Second && in.SignIn.Stage != StageStrong {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	raw, err := base32Plain.DecodeString(secret)
	if err != nil || len(raw) < secretLen {
		return nil, invalid("code", "secret-form")
	}
	t := triesOf(competition.Code, "second of "+in.Account.Login, address, 0)
	left, err := s.try(ctx, t)
	if err != nil {
		return nil, err
	}
	step, err := stepOf(secret, code, s.now())
	switch {
	case err != nil:
		return nil, err
	case step == 0:
		return nil, wrong("code", "code-wrong", left)
	}
	hidden, err := s.hide(competition.Code, secondField, secret)
	if err != nil {
		return nil, err
	}
	codes, kept := newRecovery()
	rec, err := s.change(ctx, c, SetSecond{Account: in.Account.ID, Secret: hidden}, func(ctx context.Context, ch *Change) (any, error) {
		account, err := openAccount(ctx, ch, in.Account.ID)
		if err != nil {
			return nil, err
		}
		if err := ch.keep(ctx, account.subject(), map[string]Hidden{secondField: hidden}); err != nil {
			return nil, err
		}
		if _, err := ch.Tx.NewUpdate().Model(account).Set("second = ?", true).WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("set the second factor of account %d: %w", account.ID, err)
		}
		_, err = ch.Tx.NewUpdate().Model((*Credential)(nil)).Set("step = ?", step).Set("recovery = ?", kept).Where("account_id = ?", account.ID).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("set the recovery codes of account %d: %w", account.ID, err)
		}
		if err := endSignIns(ctx, ch.Tx, account.ID, in.SignIn.ID); err != nil {
			return nil, err
		}
		in.Account.Second = true
		return accountsOutcome{[]int64{account.ID}}, s.raise(ctx, ch.Tx, in, StageStrong)
	})
	switch {
	case err != nil:
		return nil, err
	case rec.Repeated: // its codes were shown the first time
		return nil, &Refusal{Status: StatusStale, Problem: "second-set"}
	}
	return codes, s.aside(ctx, func(ctx context.Context, tx bun.Tx) error { return t.forget(ctx, tx) })
}

// secondField is the secret's name in the vault.
const secondField = "second"

// secretOf reads an account's secret.
func (s *Store) secretOf(ctx context.Context, competition Competition, a *Account) (string, error) {
	values, err := s.unseal(ctx, competition, a.subject())
	if err != nil {
		return "", err
	}
	return values[secondField], nil
}
