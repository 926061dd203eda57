package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
)

// front is a games with two delegations, and a clock that tests move.
type front struct {
	*Store
	t           testing.TB
	clock       *atomic.Int64 // microseconds
	games       Competition
	delegations []int64
}

func newFront(t testing.TB, dsn string, opts ...Option) *front {
	t.Helper()
	f := &front{t: t, clock: new(atomic.Int64)}
	f.clock.Store(time.Date(2027, 6, 1, 8, 0, 0, 0, time.UTC).UnixMicro())
	f.Store = open(t, dsn, append(opts, WithClock(func() time.Time { return time.UnixMicro(f.clock.Load()) }))...)
	var err error
	if f.games, err = f.Found(t.Context(), Competition{Code: "games", Name: "省残运会", NameEn: "Provincial Games"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"哈尔滨", "大庆"} {
		d := Delegation{CompetitionID: f.games.ID, Code: name, Name: name, NameEn: name}
		if _, err := f.w.NewInsert().Model(&d).Returning("id").Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.delegations = append(f.delegations, d.ID)
	}
	return f
}

func (f *front) pass(d time.Duration) { f.clock.Add(d.Microseconds()) }

func (f *front) command() Command {
	return Command{ID: uuid.NewString(), Competition: "games", Author: access.Console.Name}
}

const goodPassword = "晨练 于江边 2 圈"

// made makes an account and sets its password by the link.
func (f *front) made(n NewAccount) *SignedIn {
	f.t.Helper()
	_, links, err := f.MakeAccounts(f.t.Context(), f.command(), access.Console, MakeAccounts{[]NewAccount{n}})
	if err != nil || len(links) != 1 {
		f.t.Fatalf("make %s: %d links, %v", n.Login, len(links), err)
	}
	in, err := f.UseLink(f.t.Context(), f.games, links[0].Token, goodPassword, "Mozilla/5.0 (Linux; Android 10) Firefox/120")
	if err != nil {
		f.t.Fatalf("use the link of %s: %v", n.Login, err)
	}
	return in
}

func (f *front) attempt(login, password, address string) (*SignedIn, error) {
	return f.SignIn(f.t.Context(), f.games, Attempt{Login: login, Password: password, Address: address, Agent: "Chrome Windows"})
}

func (f *front) holds(token string) bool {
	f.t.Helper()
	in, err := f.SignedIn(f.t.Context(), "games", token)
	if err != nil {
		f.t.Fatal(err)
	}
	return in != nil
}

// refused fails unless an error is a refusal with a problem.
func refused(t testing.TB, err error, problem string) {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) || r.Problem != problem {
		t.Errorf("got %v, want the problem %s", err, problem)
	}
}

var officer = NewAccount{Login: "Cui.Lixin", Name: "崔立新", Role: access.Organiser}

func TestAccountByLink(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newFront(t, dsn)
		ctx := t.Context()
		c := f.command()
		act := MakeAccounts{[]NewAccount{officer, {Login: "hrb", Name: "哈尔滨 领队", Role: access.Delegation, Delegation: f.delegations[0]}}}
		rec, links, err := f.MakeAccounts(ctx, c, access.Console, act)
		if err != nil || len(links) != 2 {
			t.Fatalf("%d links, %v", len(links), err)
		}
		if again, none, err := f.MakeAccounts(ctx, c, access.Console, act); err != nil || !again.Repeated || again.Seq != rec.Seq || none != nil {
			t.Errorf("sent again: %+v %d links %v", again, len(none), err)
		}
		for _, e := range mustEntries(t, f.Store, f.games.ID) {
			if strings.Contains(e.Payload+e.Receipt, links[0].Token) {
				t.Errorf("log entry %d holds the link", e.Seq)
			}
		}
		if _, err := f.LinkFor(ctx, "games", links[1].Token); err != nil {
			t.Errorf("looking at a link: %v", err)
		}
		for password, problem := range map[string]string{"short": "password-short", "password2024": "password-common", "哈尔滨 领队 99": "password-about"} {
			_, err := f.UseLink(ctx, f.games, links[1].Token, password, "")
			refused(t, err, problem)
		}
		in, err := f.UseLink(ctx, f.games, links[1].Token, goodPassword, "")
		if err != nil {
			t.Fatal(err)
		}
		if w := in.Who(); w.Role != access.Delegation || w.Delegation != f.delegations[0] || w.Name != "哈尔滨 领队" || w.Strong {
			t.Errorf("who: %+v", w)
		}
		_, err = f.UseLink(ctx, f.games, links[1].Token, goodPassword, "")
		refused(t, err, "link-over")
		f.pass(linkLife)
		_, err = f.UseLink(ctx, f.games, links[0].Token, goodPassword, "")
		refused(t, err, "link-over")
		_, fresh, err := f.NewLinks(ctx, f.command(), access.Console, NewLinks{Accounts: []int64{links[0].Account.ID}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.UseLink(ctx, f.games, fresh[0].Token, goodPassword, ""); err != nil {
			t.Error(err)
		}
		views, err := f.Accounts(ctx, access.Console, f.games)
		if err != nil || len(views) != 2 || views[0].Name != "崔立新" || !views[0].Ready || views[1].Delegation != "哈尔滨" || views[0].SignIns != 1 || !views[0].Linked.IsZero() {
			t.Errorf("accounts: %+v %v", views, err)
		}
	})
}

func mustEntries(t testing.TB, s *Store, competition int64) []LogEntry {
	t.Helper()
	es, err := s.Entries(t.Context(), competition, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	return es
}

func TestAccountsRefused(t *testing.T) {
	f := newFront(t, ledgertest.New(t, "sqlite"))
	f.made(officer)
	ctx := t.Context()
	for name, tt := range map[string]struct {
		account NewAccount
		problem string
	}{
		"login taken, other case": {NewAccount{Login: "cui.LIXIN", Name: "别人", Role: access.Judge}, "login-taken"},
		"login in full width":     {NewAccount{Login: "ｃｕｉ.lixin", Name: "别人", Role: access.Judge}, "login-taken"},
		"name taken":              {NewAccount{Login: "other", Name: " 崔立新 ", Role: access.Judge}, "name-taken"},
		"name of the desk":        {NewAccount{Login: "other", Name: "Desk", Role: access.Judge}, "name-taken"},
		"login with a slash":      {NewAccount{Login: "a/b", Name: "别人", Role: access.Judge}, "login-form"},
		"no such role":            {NewAccount{Login: "other", Name: "别人", Role: "owner"}, "role-unknown"},
		"public is no role":       {NewAccount{Login: "other", Name: "别人", Role: access.Public}, "role-unknown"},
		"manager of nobody":       {NewAccount{Login: "other", Name: "别人", Role: access.Delegation}, "account-delegation"},
		"judge of a delegation":   {NewAccount{Login: "other", Name: "别人", Role: access.Judge, Delegation: f.delegations[0]}, "account-delegation"},
		"no such delegation":      {NewAccount{Login: "other", Name: "别人", Role: access.Delegation, Delegation: 999}, "no-such-delegation"},
		"organiser of a sport":    {NewAccount{Login: "other", Name: "别人", Role: access.Organiser, Discipline: 1}, "account-discipline"},
		"no such sport":           {NewAccount{Login: "other", Name: "别人", Role: access.Judge, Discipline: 999}, "no-such-discipline"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := f.MakeAccounts(ctx, f.command(), access.Console, MakeAccounts{[]NewAccount{{Login: "first", Name: "第一个", Role: access.Service}, tt.account}})
			refused(t, err, tt.problem)
		})
	}
	if views, err := f.Accounts(ctx, access.Console, f.games); err != nil || len(views) != 1 {
		t.Errorf("of refused accounts %d remain, %v", len(views)-1, err)
	}
	for _, role := range access.Roles {
		w := access.Who{Account: 7, Name: "x", Role: role, Delegation: f.delegations[0], Strong: role != access.Organiser}
		_, _, err := f.MakeAccounts(ctx, f.command(), w, MakeAccounts{[]NewAccount{{Login: "y", Name: "y", Role: access.Organiser}}})
		refused(t, err, "forbidden")
		_, _, err = f.NewLinks(ctx, f.command(), w, NewLinks{Accounts: []int64{1}})
		refused(t, err, "forbidden")
		_, err = f.CloseAccount(ctx, f.command(), w, CloseAccount{Account: 1})
		refused(t, err, "forbidden")
		_, err = f.EndSignIns(ctx, f.command(), w, EndSignIns{Account: 1})
		refused(t, err, "forbidden")
		_, err = f.Accounts(ctx, w, f.games)
		refused(t, err, "forbidden")
	}
}

func TestSignIn(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newFront(t, dsn)
		first := f.made(officer)
		other, err := f.Found(t.Context(), Competition{Code: "skills", Name: "技能大赛"})
		if err != nil {
			t.Fatal(err)
		}
		in, err := f.attempt(" CUI.lixin ", goodPassword, "10.0.0.1")
		if err != nil || in.SignIn.Device != "Chrome Windows" || in.Who().Account != first.Account.ID {
			t.Fatalf("%+v, %v", in, err)
		}
		if !f.holds(in.Token) || f.holds("made up") {
			t.Error("the token decides")
		}
		if elsewhere, err := f.SignedIn(t.Context(), "skills", in.Token); err != nil || elsewhere != nil {
			t.Errorf("the sign-in holds in another competition: %+v %v", elsewhere, err)
		}
		_, err = f.SignIn(t.Context(), other, Attempt{Login: "cui.lixin", Password: goodPassword, Address: "10.0.0.1"})
		refused(t, err, "sign-in-wrong-left")
		_, errNobody := f.attempt("nobody", "not the password", "10.0.0.2")
		_, errWrong := f.attempt("cui.lixin", "not the password", "10.0.0.2")
		if fmt.Sprint(errNobody) != fmt.Sprint(errWrong) {
			t.Errorf("who has an account can be told: %v, %v", errNobody, errWrong)
		}
		var stored int
		if err := f.r.NewSelect().Model((*SignIn)(nil)).ColumnExpr("COUNT(*)").Where("hash = ?", in.Token).Scan(t.Context(), &stored); err != nil || stored != 0 {
			t.Errorf("the token itself is stored: %d %v", stored, err)
		}
	})
}

func TestSignInRunsOut(t *testing.T) {
	f := newFront(t, ledgertest.New(t, "sqlite"))
	boss := f.made(officer)
	judge := f.made(NewAccount{Login: "judge", Name: "裁判", Role: access.Judge})
	f.pass(29 * time.Minute)
	if !f.holds(boss.Token) || !f.holds(judge.Token) {
		t.Fatal("signed out within half an hour")
	}
	f.pass(29 * time.Minute) // half an hour since signing in, not since last seen
	if !f.holds(boss.Token) {
		t.Error("an organiser at work is signed out")
	}
	f.pass(30 * time.Minute)
	if f.holds(boss.Token) || !f.holds(judge.Token) {
		t.Error("an idle organiser stays signed in, or an idle judge does not")
	}
	f.pass(-2 * time.Hour) // the clock was put right
	if !f.holds(judge.Token) {
		t.Error("a clock put back signs out")
	}
	f.pass(11 * time.Hour)
	f.holds(judge.Token)
	f.pass(3 * time.Hour)
	if f.holds(judge.Token) {
		t.Error("a sign-in holds for more than half a day")
	}
}

func TestSignInsEnd(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newFront(t, dsn)
		ctx := t.Context()
		boss := f.made(officer)
		judge := f.made(NewAccount{Login: "judge", Name: "裁判", Role: access.Judge})
		more := make([]*SignedIn, 3)
		for i := range more {
			var err error
			if more[i], err = f.attempt("judge", goodPassword, "10.0.0.1"); err != nil {
				t.Fatal(err)
			}
		}
		if all, err := f.SignIns(ctx, judge.Account.ID); err != nil || len(all) != 4 {
			t.Errorf("%d sign-ins, %v", len(all), err)
		}
		if err := f.SignOut(ctx, boss.Account.ID, more[0].SignIn.ID); err != nil || !f.holds(more[0].Token) {
			t.Errorf("somebody else's sign-in was ended: %v", err)
		}
		if err := f.SignOut(ctx, judge.Account.ID, more[0].SignIn.ID); err != nil || f.holds(more[0].Token) || !f.holds(judge.Token) {
			t.Errorf("one of four: %v", err)
		}
		if err := f.SignOutOthers(ctx, judge.Account.ID, more[1].SignIn.ID); err != nil || f.holds(judge.Token) || f.holds(more[2].Token) || !f.holds(more[1].Token) {
			t.Errorf("the others: %v", err)
		}
		old := *more[1]
		err := f.ChangePassword(ctx, f.games, more[1], "wrong", goodPassword+"!", "10.0.0.1")
		refused(t, err, "password-wrong-left")
		if err := f.ChangePassword(ctx, f.games, more[1], goodPassword, goodPassword+"!", "10.0.0.1"); err != nil || f.holds(old.Token) || !f.holds(more[1].Token) {
			t.Errorf("a new password gives a new token: %v", err)
		}
		if _, err := f.attempt("judge", goodPassword+"!", "10.0.0.1"); err != nil {
			t.Errorf("the new password: %v", err)
		}
		if ended, err := f.Ended(ctx, []int64{more[1].SignIn.ID, more[0].SignIn.ID, 999}); err != nil || !slices.Equal(ended, []int64{more[0].SignIn.ID, 999}) {
			t.Errorf("ended: %v %v", ended, err)
		}
		if _, err := f.EndSignIns(ctx, f.command(), access.Console, EndSignIns{Account: judge.Account.ID}); err != nil || f.holds(more[1].Token) {
			t.Errorf("ended by an organiser: %v", err)
		}
		fresh, err := f.attempt("judge", goodPassword+"!", "10.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		strong := boss.Who()
		strong.Strong = true
		_, err = f.CloseAccount(ctx, f.command(), strong, CloseAccount{Account: boss.Account.ID})
		refused(t, err, "account-own")
		if _, err := f.CloseAccount(ctx, f.command(), strong, CloseAccount{Account: judge.Account.ID}); err != nil || f.holds(fresh.Token) {
			t.Errorf("a closed account's sign-in: %v", err)
		}
		_, err = f.attempt("judge", goodPassword+"!", "10.0.0.9")
		refused(t, err, "sign-in-wrong-left")
		_, _, err = f.NewLinks(ctx, f.command(), strong, NewLinks{Accounts: []int64{judge.Account.ID}})
		refused(t, err, "account-closed")
		if _, err := f.CloseAccount(ctx, f.command(), strong, CloseAccount{Account: judge.Account.ID, Open: true}); err != nil {
			t.Error(err)
		}
		if _, err := f.attempt("judge", goodPassword+"!", "10.0.0.8"); err != nil {
			t.Errorf("opened again: %v", err)
		}
	})
}

// TestTries: a stranger is stopped after five, the owner elsewhere is not, and
// waiting helps.
func TestTries(t *testing.T) {
	f := newFront(t, ledgertest.New(t, "sqlite"))
	f.made(NewAccount{Login: "judge", Name: "裁判", Role: access.Judge})
	for i := range triesAtLogin {
		_, err := f.attempt("judge", "guess", "203.0.113.7")
		want := "sign-in-wrong-left"
		if i == triesAtLogin-1 {
			want = "sign-in-wrong"
		}
		refused(t, err, want)
	}
	_, err := f.attempt("judge", goodPassword, "203.0.113.7")
	refused(t, err, "sign-in-wait")
	if _, err := f.attempt("judge", goodPassword, "10.0.0.1"); err != nil {
		t.Errorf("a stranger elsewhere locks the owner out: %v", err)
	}
	f.pass(firstWait + time.Second)
	_, err = f.attempt("judge", "guess", "203.0.113.7")
	refused(t, err, "sign-in-wrong")
	f.pass(firstWait + time.Second) // doubled
	_, err = f.attempt("judge", goodPassword, "203.0.113.7")
	refused(t, err, "sign-in-wait")
	f.pass(firstWait)
	if _, err := f.attempt("judge", goodPassword, "203.0.113.7"); err != nil {
		t.Errorf("after waiting: %v", err)
	}
	if _, err := f.attempt("judge", "guess", "203.0.113.7"); err == nil {
		t.Error("a guess signs in")
	} else {
		refused(t, err, "sign-in-wrong-left")
	}
}

// TestTriesTogether: as many as are allowed are looked at, however many come at once.
func TestTriesTogether(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f := newFront(t, dsn)
		var wg sync.WaitGroup
		var looked atomic.Int64
		for range 20 {
			wg.Go(func() {
				err := f.aside(context.WithoutCancel(t.Context()), func(ctx context.Context, tx bun.Tx) error {
					return triesOf("games", "judge", "10.0.0.1", 1).count(ctx, tx, f.Store.clock())
				})
				if err == nil {
					looked.Add(1)
				} else if !errors.Is(err, ErrLimited) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if looked.Load() != triesAtLogin {
			t.Errorf("%d of 20 tries at once were looked at, want %d", looked.Load(), triesAtLogin)
		}
	})
}

// TestAccountLocks: from ever new addresses a hundred tries are possible, then
// only a new link helps.
func TestAccountLocks(t *testing.T) {
	f := newFront(t, ledgertest.New(t, "sqlite"))
	judge := f.made(NewAccount{Login: "judge", Name: "裁判", Role: access.Judge})
	account := judge.Account.ID
	for i := range triesAtAccount {
		err := f.aside(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			return triesOf("games", "judge", fmt.Sprintf("198.51.100.%d", i), account).count(ctx, tx, f.Store.clock())
		})
		if err != nil {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	f.pass(2 * forgetAfter)
	_, err := f.attempt("judge", goodPassword, "10.0.0.1")
	refused(t, err, "sign-in-locked")
	_, links, err := f.NewLinks(t.Context(), f.command(), access.Console, NewLinks{Accounts: []int64{account}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.UseLink(t.Context(), f.games, links[0].Token, goodPassword, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := f.attempt("judge", goodPassword, "10.0.0.1"); err != nil {
		t.Errorf("after a new link: %v", err)
	}
}

// TestCodes are the codes of RFC 6238, appendix B, cut to six digits.
func TestCodes(t *testing.T) {
	secret := base32Plain.EncodeToString([]byte("12345678901234567890"))
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"} {
		step, err := stepOf(secret, code, time.Unix(at, 0))
		if err != nil || step != at/30 {
			t.Errorf("at %d: step %d, %v", at, step, err)
		}
		if step, err := stepOf(secret, code, time.Unix(at+90, 0)); err != nil || step != 0 {
			t.Errorf("a code that is three steps old is taken at %d: %d %v", at, step, err)
		}
	}
}

func TestPasswordAtRest(t *testing.T) {
	ctx := t.Context()
	stored, err := hashPassword(ctx, "ﬁne Password ①")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", stored, err)
	}
	if again, err := hashPassword(ctx, "ﬁne Password ①"); err != nil || again == stored {
		t.Errorf("no salt: %v", err)
	}
	for password, want := range map[string]bool{"ﬁne Password ①": true, "fine Password 1": true, "fine password 1": false, "": false} {
		if ok, renew, err := checkPassword(ctx, stored, password); err != nil || ok != want || renew {
			t.Errorf("%q: %v %v %v", password, ok, renew, err)
		}
	}
	if ok, _, err := checkPassword(ctx, "", ""); ok || err != nil {
		t.Errorf("no password is a password: %v", err)
	}
	weaker := "$argon2id$v=19$m=64,t=1,p=1$" + unpadded.EncodeToString([]byte("0123456789abcdef")) + "$"
	key, err := argon(ctx, "x", []byte("0123456789abcdef"), 1, 64, 1)
	if err != nil {
		t.Fatal(err)
	}
	if ok, renew, err := checkPassword(ctx, weaker+unpadded.EncodeToString(key), "x"); !ok || !renew || err != nil {
		t.Errorf("weaker parameters: %v %v %v", ok, renew, err)
	}
	for _, broken := range []string{"x", "$argon2id$v=19$m=a,t=1,p=1$AA$AA", "$argon2id$v=19$m=64,t=1,p=1$!$AA", "$scrypt$v=19$m=64,t=1,p=1$AA$AA"} {
		if ok, _, err := checkPassword(ctx, broken, "x"); ok || err == nil {
			t.Errorf("%s: %v %v", broken, ok, err)
		}
	}
}

func TestDevice(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36": "Chrome Android",
		"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1":         "Safari iPad",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0":                              "Edge Windows",
		"curl/8": "",
	} {
		if got := deviceOf(agent); got != want {
			t.Errorf("%s is called %q, want %q", agent, got, want)
		}
	}
}
