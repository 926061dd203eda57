// The second factor: six digits from an app (TOTP, RFC 6238), or one of ten
// codes on paper for who has lost the telephone. A code that was taken once is
// never taken again.
package events

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/uptrace/bun"
)

// What the apps of the world agree on (RFC 6238, and the default of all of them).
const (
	codeStep      = 30 * time.Second
	codeLate      = 1 // steps that a clock or a finger may be off, either way
	secretLen     = 20
	recoveryCodes = 10
)

var codeShape = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret makes what an app and the server will share: base32, 160 bits.
func NewSecret() string {
	b := make([]byte, secretLen)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base32Plain.EncodeToString(b)
}

// SecretURL is a secret as apps read it from a QR code.
func SecretURL(secret, competition string, a *Account) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + competition + ":" + a.Login,
		RawQuery: strings.ReplaceAll(url.Values{"secret": {secret}, "issuer": {competition}}.Encode(), "+", "%20")}
	return u.String()
}

// stepOf finds the step whose code was typed, among those that may still be
// typed at a time; 0: none.
func stepOf(secret, code string, now time.Time) (int64, error) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := now.Unix() / int64(codeStep.Seconds())
	for step := at - codeLate; step <= at+codeLate; step++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), codeShape)
		if err != nil {
			return 0, fmt.Errorf("second factor: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, nil
		}
	}
	return 0, nil
}

// newRecovery makes recovery codes and the text that is kept of them. A code
// has 60 random bits, so that a plain hash is enough.
func newRecovery() (codes []string, kept string) {
	var hashes []string
	for range recoveryCodes {
		b := make([]byte, 8)
		_, _ = rand.Read(b) // never fails (crypto/rand)
		code := strings.ToLower(base32Plain.EncodeToString(b))[:12]
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
		hashes = append(hashes, hashToken(code))
	}
	return codes, strings.Join(hashes, " ")
}

// plainCode is a recovery code as it is hashed: however it was typed.
func plainCode(code string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(strings.TrimSpace(code)))
}

// takeCode uses a code up: a step that is newer than all before, or one of the
// recovery codes. It reports whether there was anything to use up.
func takeCode(ctx context.Context, tx bun.Tx, account, step int64, code string) (bool, error) {
	if step > 0 {
		res, err := tx.NewUpdate().Model((*Credential)(nil)).Set("step = ?", step).Where("account_id = ?", account).Where("step < ?", step).Exec(ctx)
		if err != nil {
			return false, fmt.Errorf("take a code: %w", err)
		}
		n, err := res.RowsAffected()
		return n == 1, err
	}
	var c Credential
	if err := tx.NewSelect().Model(&c).Where("account_id = ?", account).Scan(ctx); err != nil {
		return false, fmt.Errorf("look at recovery codes: %w", err)
	}
	codes := strings.Fields(c.Recovery)
	i := slices.Index(codes, hashToken(plainCode(code)))
	if i < 0 {
		return false, nil
	}
	res, err := tx.NewUpdate().Model((*Credential)(nil)).Set("recovery = ?", strings.Join(slices.Delete(codes, i, i+1), " ")).
		Where("account_id = ?", account).Where("recovery = ?", c.Recovery).Exec(ctx) // two at once: one of them
	if err != nil {
		return false, fmt.Errorf("take a recovery code: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// RecoveryLeft is how many recovery codes an account has left.
func (s *Store) RecoveryLeft(ctx context.Context, account int64) (int, error) {
	var c Credential
	if err := s.r.NewSelect().Model(&c).Where("account_id = ?", account).Scan(ctx); err != nil {
		return 0, fmt.Errorf("count recovery codes: %w", err)
	}
	return len(strings.Fields(c.Recovery)), nil
}

// dropSecond takes the second factor away from an account.
func dropSecond(ctx context.Context, ch *Change, a *Account) error {
	a.Second = false
	if _, err := ch.Tx.NewUpdate().Model(a).Column("second").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("take the second factor of account %d away: %w", a.ID, err)
	}
	_, err := ch.Tx.NewUpdate().Model((*Credential)(nil)).Set("step = 0").Set("recovery = ''").Where("account_id = ?", a.ID).Exec(ctx)
	return err
}
