// Passwords at rest: argon2id in the PHC string format, so that parameters can
// rise later and old passwords are hashed anew when they are next used.
package events

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// What a guess costs: memory in KiB, passes, lanes (OWASP's first choice for
// argon2id; about 40 ms).
const (
	hashMemory = 19 * 1024
	hashPasses = 2
	hashLanes  = 1
	saltLen    = 16
	keyLen     = 32
)

// hashing is how many passwords are hashed at once: a hundred people signing in
// together must not take two gigabytes.
var hashing = make(chan struct{}, 2)

// argon is one run of the function, when its turn comes.
func argon(ctx context.Context, password string, salt []byte, passes, memory uint32, lanes uint8) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, passes, memory, lanes, keyLen), nil
}

var unpadded = base64.RawStdEncoding

// hashPassword makes the text that is stored.
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	key, err := argon(ctx, password, salt, hashPasses, hashMemory, hashLanes)
	if err != nil {
		return "", err
	}
	return hashHead() + unpadded.EncodeToString(salt) + "$" + unpadded.EncodeToString(key), nil
}

func hashHead() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, hashMemory, hashPasses, hashLanes)
}

// checkPassword says whether a password is the stored one, and whether it
// should be stored anew. Where none is stored it takes as long to say no.
func checkPassword(ctx context.Context, stored, password string) (ok, renew bool, err error) {
	none := stored == ""
	if none {
		stored = hashHead() + strings.Repeat("A", unpadded.EncodedLen(saltLen)) + "$" + strings.Repeat("A", unpadded.EncodedLen(keyLen))
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, false, fmt.Errorf("stored password: %d parts", len(parts))
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil || passes == 0 || lanes == 0 {
		return false, false, fmt.Errorf("stored password: parameters: %w", err)
	}
	salt, err := unpadded.DecodeString(parts[4])
	if err != nil {
		return false, false, fmt.Errorf("stored password: salt: %w", err)
	}
	want, err := unpadded.DecodeString(parts[5])
	if err != nil {
		return false, false, fmt.Errorf("stored password: key: %w", err)
	}
	got, err := argon(ctx, password, salt, passes, memory, lanes)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && !none, !strings.HasPrefix(stored, hashHead()), nil
}
