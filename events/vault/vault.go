// Package vault has the keys of a competition and what is done with them: it
// seals texts so that only who holds the key file can read them, and makes keyed
// prints by which equal texts are found without being read. It knows no
// database and nothing of sport.
//
// A competition has one index key, for prints, and numbered master keys. Every
// subject (a registration, a need, a paper) has a data key of its own, kept
// beside its values, wrapped by a master key. So giving a competition a new
// master key rewraps one short key for each subject and no values; taking a
// subject's data key away makes its values unreadable for ever, and so does
// taking the competition's master keys away, in every copy of the database.
//
// The algorithms are those of the standard library: AES-256-GCM with random
// nonces, HMAC-SHA-256, HKDF-SHA-256 (RFC 5869).
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// What can be wrong with keys and boxes. No text of a box is ever in an error.
var (
	ErrNoKeys   = errors.New("vault: there are no keys of this competition")
	ErrUnsealed = errors.New("vault: a box does not open: it was changed, moved, or made with a key that is not there")
)

// keyLen is the length of every key in bytes.
const keyLen = 32

// printLen is how much of an HMAC a print keeps, in bytes. NIST SP 800-107r1,
// 5.3.3 allows 16; a million prints meet by chance once in 10^27 times.
const printLen = 16

// keys are one competition's. They are never changed in place.
type keys struct {
	competition string
	index       []byte
	masters     map[int][]byte // by version
}

// newKeys makes keys with one master key, version 1.
func newKeys(competition string) *keys {
	return &keys{competition, random(), map[int][]byte{1: random()}}
}

// random makes a key.
func random() []byte {
	b := make([]byte, keyLen)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

// newest is the version of the master key that new data keys are wrapped with.
func (k *keys) newest() int { return slices.Max(slices.Collect(maps.Keys(k.masters))) }

// print is the keyed print of a text for a purpose. Purposes have keys of their
// own, so that equal texts in different fields do not look equal.
func (k *keys) print(purpose, text string) string {
	mac := hmac.New(sha256.New, k.derived("print", purpose))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:printLen])
}

func (k *keys) derived(use, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.index, nil, bound(k.competition, use, purpose), keyLen)
	if err != nil { // only for keys that are too long
		panic(err)
	}
	return key
}

func (k *keys) wrap(version int, d Key) []byte {
	return seal(k.masters[version], d.key, k.bind(version, d.subject))
}

func (k *keys) unwrap(version int, subject string, wrapped []byte) (Key, error) {
	master, ok := k.masters[version]
	if !ok {
		return Key{}, ErrUnsealed
	}
	key, err := open(master, wrapped, k.bind(version, subject))
	if err == nil && len(key) != keyLen {
		err = ErrUnsealed
	}
	return Key{k.competition, subject, key}, err
}

func (k *keys) bind(version int, subject string) string {
	return bound(k.competition, subject, "data key", strconv.Itoa(version))
}

// Key is the data key of one subject: it seals the subject's values.
type Key struct {
	competition, subject string
	key                  []byte
}

// Seal makes a box of a field's text.
func (d Key) Seal(field, text string) []byte {
	return seal(d.key, []byte(text), bound(d.competition, d.subject, "value", field))
}

// Open opens a box that Seal made for the same subject and field, and no other.
func (d Key) Open(field string, box []byte) (string, error) {
	text, err := open(d.key, box, bound(d.competition, d.subject, "value", field))
	return string(text), err
}

// What a key shows of itself where somebody prints it.
func (Key) String() string   { return "***" }
func (Key) GoString() string { return "***" }

// bound is what a box is bound to: two different lists of parts never make the
// same text, because each begins with its length.
func bound(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	return b.String()
}

func seal(key, text []byte, bind string) []byte {
	return gcm(key).Seal(nil, nil, text, []byte(bind))
}

func open(key, box []byte, bind string) ([]byte, error) {
	text, err := gcm(key).Open(nil, nil, box, []byte(bind))
	if err != nil {
		return nil, ErrUnsealed
	}
	return text, nil
}

// gcm is AES-256-GCM whose boxes begin with their random nonce. Even a master
// key seals far fewer than the 2^32 boxes that random nonces are good for.
func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil { // keys have the right length, or the file was refused
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}
