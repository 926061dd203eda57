// Small writes that are not the ledger's: sign-ins, failed tries, staged
// uploads. They take part in no competition's history and wake nobody.
package events

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// aside runs fn in a transaction of its own on the writer, and again where the
// database was busy; fn must not keep what it did in a try that failed.
func (s *Store) aside(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) (err error) {
	for try := range 5 {
		if err = s.w.RunInTx(ctx, nil, fn); err == nil || !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(try+1) * 20 * time.Millisecond):
		}
	}
	return &Refusal{Status: StatusUnknown, Problem: "outcome-unknown", cause: err}
}
