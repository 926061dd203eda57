package events

import (
	"path/filepath"
	"testing"

	"tongchang/events/vault"
)

// withTestKeys gives a store keys that end with the test.
func withTestKeys(t testing.TB) Option {
	t.Helper()
	r, err := vault.Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return WithKeys(r)
}
