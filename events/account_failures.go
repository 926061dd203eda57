// How often somebody may try. Tries are counted before the password is looked
// at, so that a hundred at once are counted as a hundred, and forgotten when
// one succeeds.
package events

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Failure is the tries that one subject has made without success. Subjects are
// an address with a login ("p:"), an address alone ("f:") and an account ("a:").
type Failure struct {
	bun.BaseModel `bun:"table:failures"`

	Subject string    `bun:",pk"`
	Tries   int       `bun:",notnull"`
	Last    time.Time `bun:",notnull"`
	Until   time.Time `bun:",nullzero"` // no tries before
}

// The limits. A stranger elsewhere is stopped without stopping the owner, who
// comes from another address; only an account that was missed a hundred times
// in a row is closed to passwords, until an organiser gives a new link (NIST SP
// 800-63B, 3.2.2). A whole hall may share one address, hence the higher limit.
const (
	triesAtLogin   = 5
	triesAtAddress = 50
	triesAtAccount = 100
	firstWait      = 30 * time.Second
	longestWait    = time.Hour
	forgetAfter    = 24 * time.Hour
)

// wait is how long to wait after a number of tries: 30 s at the limit, and
// twice as long after each further one.
func wait(tries, limit int) time.Duration {
	if tries < limit {
		return 0
	}
	return min(longestWait, firstWait<<min(tries-limit, 10))
}

// tries are the subjects that one attempt counts for. The login is kept as a
// hash: people type their password into the wrong field.
type tries struct{ pair, address, account string }

func triesOf(competition, login, address string, account int64) tries {
	sum := sha256.Sum256([]byte(competition + "\x00" + login))
	t := tries{pair: "p:" + hex.EncodeToString(sum[:12]) + ":" + address, address: "f:" + address}
	if account != 0 {
		t.account = accountTries(account)
	}
	return t
}

func accountTries(account int64) string { return "a:" + strconv.FormatInt(account, 10) }

// count counts an attempt, or refuses it: one that has to wait is not counted.
func (t tries) count(ctx context.Context, tx bun.Tx, now time.Time) error {
	if _, err := tx.NewDelete().Model((*Failure)(nil)).Where("last < ?", now.Add(-forgetAfter)).Where("subject NOT LIKE 'a:%'").Exec(ctx); err != nil {
		return fmt.Errorf("forget old tries: %w", err)
	}
	for _, c := range []struct {
		subject string
		limit   int
	}{{t.address, triesAtAddress}, {t.pair, triesAtLogin}} { // always in this order, so that no two wait for each other
		var before time.Time
		n, err := countTry(ctx, tx, c.subject, now, &before)
		if err != nil {
			return err
		}
		if before.After(now) {
			return limited("sign-in-wait", before.Sub(now))
		}
		if pause := wait(n, c.limit); pause > 0 {
			if _, err := tx.NewUpdate().Model((*Failure)(nil)).Set("until = ?", now.Add(pause)).Where("subject = ?", c.subject).Exec(ctx); err != nil {
				return fmt.Errorf("count a try: %w", err)
			}
		}
	}
	if t.account == "" {
		return nil
	}
	n, err := countTry(ctx, tx, t.account, now, new(time.Time))
	if err == nil && n > triesAtAccount {
		err = limited("sign-in-locked", 0)
	}
	return err
}

// limited is a refusal of too many tries; its argument is the seconds to wait.
func limited(problem string, pause time.Duration) error {
	r := &Refusal{Status: StatusLimited, Problem: problem}
	if pause > 0 {
		r.With = []string{strconv.Itoa(int(pause.Seconds()) + 1)}
	}
	return r
}

// countTry raises a subject's count and says until when it had to wait already.
func countTry(ctx context.Context, tx bun.Tx, subject string, now time.Time, before *time.Time) (int, error) {
	f := Failure{Subject: subject, Tries: 1, Last: now}
	_, err := tx.NewInsert().Model(&f).On("CONFLICT (subject) DO UPDATE").Set("tries = failure.tries + 1").Set("last = EXCLUDED.last").Returning("*").Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("count a try: %w", err)
	}
	*before = f.Until
	return f.Tries, nil
}

// forget takes the counts back after a success. The address keeps what others
// have tried from it.
func (t tries) forget(ctx context.Context, tx bun.Tx) error {
	if _, err := tx.NewDelete().Model((*Failure)(nil)).Where("subject IN (?)", bun.List([]string{t.pair, t.account})).Exec(ctx); err != nil {
		return fmt.Errorf("forget tries: %w", err)
	}
	_, err := tx.NewUpdate().Model((*Failure)(nil)).Set("tries = tries - 1").Set("until = NULL").Where("subject = ?", t.address).Exec(ctx)
	return err
}

// leftIn is how many tries somebody has left before they must wait, for people
// who mistype; 0 once they must.
func (t tries) leftIn(ctx context.Context, tx bun.Tx) (int, error) {
	var f Failure
	err := tx.NewSelect().Model(&f).Where("subject = ?", t.pair).Scan(ctx)
	if err != nil && !isNoRows(err) {
		return 0, fmt.Errorf("count what is left: %w", err)
	}
	return max(0, triesAtLogin-f.Tries), nil
}

// deviceOf is a browser's own description of itself, cut to what tells a
// person's devices apart.
func deviceOf(agent string) string {
	system, browser := "", ""
	for _, name := range []string{"HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"} {
		if strings.Contains(agent, name) {
			system = name
			break
		}
	}
	for _, name := range []string{"MicroMessenger", "Edg", "Firefox", "Chrome", "Safari"} {
		if strings.Contains(agent, name) {
			browser = name
			break
		}
	}
	return strings.TrimSpace(strings.NewReplacer("Edg", "Edge", "MicroMessenger", "WeChat").Replace(browser) + " " + system)
}
