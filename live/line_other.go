//go:build !unix

package live

// writeNow leaves everything to the writing that waits: this system has no
// plain way to ask.
func writeNow(uintptr, []byte) (int, error) { return 0, nil }
