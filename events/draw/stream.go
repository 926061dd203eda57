package draw

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Chance comes from a seed and a plan, and from nothing else. docs/draw.md
// specifies this file to the byte; testdata/stream.golden has vectors.

// seedLength is the length of a seed: 32 bytes as lower-case hexadecimal.
const seedLength = 64

// NewSeed makes a seed from 32 bytes of a source of randomness, crypto/rand's
// Reader outside of tests.
func NewSeed(random io.Reader) (string, error) {
	var raw [seedLength / 2]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(raw[:]), nil
}

// Commitment is what is published before entries close: the SHA-256 of the seed's
// 64 characters. `printf %s SEED | sha256sum` gives the same.
func Commitment(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])
}

// CheckSeed refuses what is not a seed, without repeating it: it may be a secret.
func CheckSeed(seed string) error {
	if len(seed) != seedLength || strings.Trim(seed, "0123456789abcdef") != "" {
		return &scoring.Invalid{Field: "seed", Problem: "draw-seed-form"}
	}
	return nil
}

// Digest is the SHA-256 of the plan as canonical JSON (RFC 8785), entrants sorted
// by the bytes of their IDs and defaults left out.
func (p *Plan) Digest() (string, error) {
	sorted := *p
	sorted.Entrants = slices.SortedFunc(slices.Values(p.Entrants), byID)
	return digest(sorted)
}

// digest is the SHA-256 of a value as canonical JSON.
func digest(v any) (string, error) {
	canonical, err := canonicalJSON(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

func byID(a, b Entrant) int { return strings.Compare(a.ID, b.ID) }

// canonicalJSON writes a value as RFC 8785 has it: keys sorted, no spaces, nothing
// escaped that need not be. Its numbers are whole and below 2^53, so they print
// alike everywhere.
func canonicalJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	writeCanonical(&b, tree)
	return b.Bytes(), nil
}

func writeCanonical(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case json.Number:
		b.WriteString(v.String())
	case string:
		writeString(b, v)
	case []any:
		b.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeCanonical(b, x)
		}
		b.WriteByte(']')
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys) // they are ASCII, so bytes sort as UTF-16 does
		b.WriteByte('{')
		for i, k := range keys {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, k)
			b.WriteByte(':')
			writeCanonical(b, v[k])
		}
		b.WriteByte('}')
	}
}

// writeString escapes quotation marks, backslashes and control characters only.
func writeString(b *bytes.Buffer, s string) {
	const digits = "0123456789abcdef"
	short := map[rune]byte{'"': '"', '\\': '\\', '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r'}
	b.WriteByte('"')
	for _, r := range s {
		switch c, escaped := short[r]; {
		case escaped:
			b.WriteByte('\\')
			b.WriteByte(c)
		case r < ' ':
			b.WriteString(`\u00`)
			b.WriteByte(digits[r>>4])
			b.WriteByte(digits[r&15])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// source gives a stream of chance for each question that a draw asks, so that
// one answer never shifts another.
type source struct{ key []byte }

// newStream binds the seed to the plan: the key is HMAC-SHA256(seed, digest).
func newStream(seed, digest string) (source, error) {
	if err := CheckSeed(seed); err != nil {
		return source{}, err
	}
	return source{mac([]byte(seed), []byte(digest))}, nil
}

func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

// stream is the words of one question: block i is HMAC-SHA256(key, label, 0, i as
// eight bytes), each block four words of eight bytes, all big-endian.
type stream struct {
	key   []byte
	label string
	block uint64
	words []byte
}

func (s source) of(label string) *stream { return &stream{key: s.key, label: label} }

func (s *stream) word() uint64 {
	if len(s.words) == 0 {
		message := append([]byte(s.label), 0)
		s.words = mac(s.key, binary.BigEndian.AppendUint64(message, s.block))
		s.block++
	}
	w := binary.BigEndian.Uint64(s.words)
	s.words = s.words[8:]
	return w
}

// below gives a number from 0 to n-1, each as likely as the other: words at or
// above the greatest multiple of n that fits are thrown away.
func (s *stream) below(n int) int {
	m := uint64(n)
	over := (-m) % m // 2^64 mod n
	for {
		if w := s.word(); w < -over || over == 0 {
			return int(w % m)
		}
	}
}

// shuffle is Fisher and Yates', from the end.
func shuffle[T any](s *stream, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := s.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}
