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
	ErrNoKeys    = errors.New("vault: the key file has no keys of this competition")
	ErrNoVersion = errors.New("vault: the key file does not have this version of the master key")
	ErrDamaged   = errors.New("vault: a box does not open: it was changed, moved, or made with another key")
)

// keyLen is the length of every key in bytes.
const keyLen = 32

// printLen is how much of an HMAC a print keeps, in bytes. NIST SP 800-107r1,
// 5.3.3 allows 16; a million prints meet by chance once in 10^27 times.
const printLen = 16

// Keys are one competition's keys as they are in the file. They are never
// changed in place: a holder may go on using them.
type Keys struct {
	competition string
	index       []byte
	masters     map[int][]byte // by version
}

// newKeys makes keys with one master key, version 1.
func newKeys(competition string) *Keys {
	return &Keys{competition, random(), map[int][]byte{1: random()}}
}

// random makes a key.
func random() []byte {
	b := make([]byte, keyLen)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

// Newest is the version of the master key that new data keys are wrapped with.
func (k *Keys) Newest() int { return slices.Max(k.Versions()) }

// Versions are the versions of the master keys, in order.
func (k *Keys) Versions() []int { return slices.Sorted(maps.Keys(k.masters)) }

// Print is the keyed print of a text for a purpose: the same for the same text,
// whatever has been rotated, and nothing can be learnt from it without the key.
// Purposes have keys of their own, so that equal texts in different fields do
// not look equal.
func (k *Keys) Print(purpose, text string) string {
	mac := hmac.New(sha256.New, k.derived("print", purpose))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:printLen])
}

// Fingerprint tells keys apart without giving them away: it may be kept beside
// what they seal.
func (k *Keys) Fingerprint() string {
	return hex.EncodeToString(k.derived("fingerprint", "")[:printLen])
}

func (k *Keys) derived(use, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.index, nil, bound(k.competition, use, purpose), keyLen)
	if err != nil { // only for keys that are too long
		panic(err)
	}
	return key
}

// Wrap makes a box of a subject's data key, to be opened with a version of the
// master key.
func (k *Keys) Wrap(version int, subject string, d DataKey) ([]byte, error) {
	master, ok := k.masters[version]
	if !ok {
		return nil, ErrNoVersion
	}
	return seal(master, d.key, k.bind(version, subject)), nil
}

// Unwrap opens a box that Wrap made; moved to another subject or another
// competition it does not open.
func (k *Keys) Unwrap(version int, subject string, box []byte) (DataKey, error) {
	master, ok := k.masters[version]
	if !ok {
		return DataKey{}, ErrNoVersion
	}
	key, err := open(master, box, k.bind(version, subject))
	if err == nil && len(key) != keyLen {
		err = ErrDamaged
	}
	return DataKey{k.competition, subject, key}, err
}

func (k *Keys) bind(version int, subject string) string {
	return bound(k.competition, subject, "data key", strconv.Itoa(version))
}

// DataKey seals the values of one subject.
type DataKey struct {
	competition, subject string
	key                  []byte
}

// NewDataKey makes the data key of a subject that has none.
func (k *Keys) NewDataKey(subject string) DataKey { return DataKey{k.competition, subject, random()} }

// Seal makes a box of a field's text.
func (d DataKey) Seal(field, text string) []byte {
	return seal(d.key, []byte(text), bound(d.competition, d.subject, "value", field))
}

// Open opens a box that Seal made for the same subject and field, and no other.
func (d DataKey) Open(field string, box []byte) (string, error) {
	text, err := open(d.key, box, bound(d.competition, d.subject, "value", field))
	return string(text), err
}

// What keys show of themselves where somebody prints them.
func (DataKey) String() string   { return "***" }
func (DataKey) GoString() string { return "***" }
func (*Keys) String() string     { return "***" }
func (*Keys) GoString() string   { return "***" }

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
		return nil, ErrDamaged
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
