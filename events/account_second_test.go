package events

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
)

func TestSecondFactor(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newFront(t, dsn, withTestKeys(t))
		ctx := t.Context()
		boss := f.made(officer)
		if access.Ever(boss.Who(), access.ManageAccounts) {
			t.Error("an organiser without a second factor may do everything")
		}
		secret := NewSecret()
		code := func() string {
			c, err := totp.GenerateCode(secret, f.now())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		before := boss.Token
		_, err := f.SetSecond(ctx, f.command(), f.games, boss, secret, "000000", "10.0.0.1")
		refused(t, err, "code-wrong-left")
		recovery, err := f.SetSecond(ctx, f.command(), f.games, boss, secret, code(), "10.0.0.1")
		if err != nil || len(recovery) != recoveryCodes {
			t.Fatalf("%d codes, %v", len(recovery), err)
		}
		if f.holds(before) || !f.holds(boss.Token) || !boss.Who().Strong || !access.Ever(boss.Who(), access.ManageAccounts) {
			t.Error("setting the factor makes the sign-in strong, under a new token")
		}
		for _, e := range mustEntries(t, f.Store, f.games.ID) {
			if strings.Contains(e.Payload+e.Receipt, secret) {
				t.Error("the log holds the secret")
			}
		}
		enter := func() *SignedIn {
			t.Helper()
			in, err := f.attempt("cui.lixin", goodPassword, "10.0.0.1")
			if err != nil {
				t.Fatal(err)
			}
			if in.Who().SignedIn() {
				t.Error("the password alone lets in")
			}
			return in
		}
		in := enter()
		err = f.GiveSecond(ctx, f.games, in, code(), "10.0.0.1") // the one it was set with
		refused(t, err, "code-wrong-left")
		f.pass(time.Minute)
		half := in.Token
		if err := f.GiveSecond(ctx, f.games, in, " "+code()[:3]+" "+code()[3:], "10.0.0.1"); err != nil || !in.Who().Strong || f.holds(half) || !f.holds(in.Token) {
			t.Errorf("the code: %v", err)
		}
		in = enter()
		err = f.GiveSecond(ctx, f.games, in, code(), "10.0.0.1")
		refused(t, err, "code-wrong-left")
		if err := f.GiveSecond(ctx, f.games, in, strings.ToUpper(recovery[3]), "10.0.0.1"); err != nil {
			t.Errorf("a recovery code: %v", err)
		}
		in = enter()
		err = f.GiveSecond(ctx, f.games, in, recovery[3], "10.0.0.1")
		refused(t, err, "code-wrong-left")
		if left, err := f.RecoveryLeft(ctx, in.Account.ID); err != nil || left != recoveryCodes-1 {
			t.Errorf("%d recovery codes left, %v", left, err)
		}
		in = enter()
		f.pass(passwordLife)
		if f.holds(in.Token) {
			t.Error("a sign-in waits for the second factor for ever")
		}
		in = enter()
		for range triesAtLogin - 1 {
			err = f.GiveSecond(ctx, f.games, in, "000000", "10.0.0.1")
		}
		_ = err
		err = f.GiveSecond(ctx, f.games, in, "000000", "10.0.0.1")
		if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrLimited) {
			t.Errorf("after many wrong codes: %v", err)
		}
		err = f.GiveSecond(ctx, f.games, in, code(), "10.0.0.1")
		refused(t, err, "sign-in-wait")
		_, links, err := f.NewLinks(ctx, f.command(), access.Console, NewLinks{Accounts: []int64{in.Account.ID}, Factor: true})
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := f.UseLink(ctx, f.games, links[0].Token, goodPassword, "")
		if err != nil || fresh.SignIn.Stage != StageFull || fresh.Account.Second {
			t.Errorf("a link that takes the factor away: %+v %v", fresh, err)
		}
	})
}
