package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const canary = "23019919990101123X"

// file makes a key file with the keys of hlj9.
func file(t *testing.T) (*Ring, *Keys, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "games.keys")
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	k, err := r.Make("hlj9")
	if err != nil {
		t.Fatal(err)
	}
	return r, k, path
}

// reopened are the keys of hlj9 as another process reads them.
func reopened(t *testing.T, path string) *Keys {
	t.Helper()
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	k, err := r.Keys("hlj9")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestSeal: a box opens for its own competition, subject, field and version, in
// any process with the file, and for nothing else.
func TestSeal(t *testing.T) {
	r, k, path := file(t)
	key := k.NewDataKey("r1")
	box := key.Seal("id", canary)
	wrapped, err := k.Wrap(1, "r1", key)
	if err != nil {
		t.Fatal(err)
	}
	if string(box) == string(key.Seal("id", canary)) {
		t.Error("equal texts make equal boxes")
	}
	again, err := reopened(t, path).Unwrap(1, "r1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.Open("id", box); err != nil || text != canary {
		t.Errorf("%q %v", text, err)
	}
	if _, err := again.Open("phone", box); !errors.Is(err, ErrDamaged) {
		t.Errorf("another field: %v", err)
	}
	for i := range box {
		changed := append([]byte(nil), box...)
		changed[i] ^= 1
		if _, err := again.Open("id", changed); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
		if _, err := again.Open("id", box[:i]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, err := k.Unwrap(1, "r2", wrapped); !errors.Is(err, ErrDamaged) {
		t.Errorf("another subject: %v", err)
	}
	other, err := r.Make("hlj10")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Unwrap(1, "r1", wrapped); !errors.Is(err, ErrDamaged) {
		t.Errorf("another competition: %v", err)
	}
	if _, err := k.Unwrap(2, "r1", wrapped); !errors.Is(err, ErrNoVersion) {
		t.Errorf("a version there is not: %v", err)
	}
}

// TestBound: parts that run into each other do not bind to the same text.
func TestBound(t *testing.T) {
	if bound("r1", "1id") == bound("r11", "id") || bound("a", "") == bound("a") {
		t.Error("two lists are one text")
	}
}

// TestShown: keys that somebody prints by mistake show nothing.
func TestShown(t *testing.T) {
	_, k, _ := file(t)
	key := k.NewDataKey("r1")
	for _, shown := range []string{fmt.Sprint(k, key), fmt.Sprintf("%v %+v %#v %s", k, key, key, k), fmt.Sprintf("%#v", k)} {
		if strings.Trim(shown, "* ") != "" {
			t.Errorf("shown as %q", shown)
		}
	}
}

// TestRotate: after rotating and wrapping again the old version can go; what was
// wrapped by it alone is lost. Another process sees all of it.
func TestRotate(t *testing.T) {
	r, k, path := file(t)
	key := k.NewDataKey("r1")
	box := key.Seal("id", canary)
	old, err := k.Wrap(1, "r1", key)
	if err != nil {
		t.Fatal(err)
	}
	running, err := Open(path) // has read the file before
	if err != nil {
		t.Fatal(err)
	}
	k, err = r.Rotate("hlj9")
	if err != nil || k.Newest() != 2 || len(k.Versions()) != 2 {
		t.Fatalf("%v %v", k.Versions(), err)
	}
	now, err := k.Wrap(k.Newest(), "r1", key)
	if err != nil {
		t.Fatal(err)
	}
	if k, err = r.Retire("hlj9", 2); err != nil || len(k.Versions()) != 1 {
		t.Fatalf("%v %v", k.Versions(), err)
	}
	seen, err := running.Keys("hlj9")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seen.Unwrap(1, "r1", old); !errors.Is(err, ErrNoVersion) {
		t.Errorf("the old version still opens: %v", err)
	}
	d, err := seen.Unwrap(2, "r1", now)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := d.Open("id", box); err != nil || text != canary {
		t.Errorf("%q %v", text, err)
	}
	if _, err := r.Retire("hlj9", 3); !errors.Is(err, ErrNoVersion) {
		t.Errorf("the last version went: %v", err)
	}
	if err := r.Destroy("hlj9"); err != nil {
		t.Fatal(err)
	}
	if _, err := running.Keys("hlj9"); !errors.Is(err, ErrNoKeys) {
		t.Errorf("destroyed: %v", err)
	}
	if _, err := r.Rotate("hlj9"); !errors.Is(err, ErrNoKeys) {
		t.Errorf("rotated what is not there: %v", err)
	}
}

func TestPrint(t *testing.T) {
	r, k, path := file(t)
	one := k.Print("id", canary)
	if len(one) != 2*printLen || one != reopened(t, path).Print("id", canary) {
		t.Error("a print is not always the same")
	}
	next, err := r.Make("hlj10")
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{next.Print("id", canary), k.Print("phone", canary), k.Print("id", canary+" "), k.Fingerprint()} {
		if one == other {
			t.Error("prints of different things are equal")
		}
	}
	if k, err = r.Rotate("hlj9"); err != nil || one != k.Print("id", canary) {
		t.Error("rotating has changed the prints", err)
	}
	if k.Fingerprint() != reopened(t, path).Fingerprint() || k.Fingerprint() == next.Fingerprint() {
		t.Error("a fingerprint does not tell keys apart")
	}
}

// TestFile: only its owner may read it; what is no key file is refused, without
// a word of what is in it; a file that goes takes its keys along.
func TestFile(t *testing.T) {
	r, k, path := file(t)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info.Mode(), err)
	}
	if same, err := r.Make("hlj9"); err != nil || same.Fingerprint() != k.Fingerprint() {
		t.Errorf("made a second time: %v", err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("readable by others: %v", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	const secret = "c2VjcmV0"
	for name, text := range map[string]string{
		"empty": "", "not JSON": secret, "cut": string(good[:len(good)/2]), "another schema": `{"schema":"` + secret + `"}`,
		"no masters":  `{"schema":"` + schema + `","competitions":{"a":{"index":"` + secret + `"}}}`,
		"a short key": `{"schema":"` + schema + `","competitions":{"a":{"index":"` + secret + `","masters":{"1":"` + secret + `"}}}}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := r.Keys("hlj9"); err == nil {
			t.Errorf("%s: a running process takes no notice", name)
		}
		if _, err := r.Make("hlj10"); err == nil {
			t.Errorf("%s: written over", name)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Keys("hlj9"); !errors.Is(err, ErrNoKeys) {
		t.Errorf("gone: %v", err)
	}
}

// TestTogether: processes that make keys at the same time lose none of them.
func TestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	const processes = 6
	prints := make([]string, processes)
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			r, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			k, err := r.Make("hlj9")
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = k.Fingerprint()
			if _, err := r.Make(fmt.Sprint("own-", i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if codes, err := r.Competitions(); err != nil || len(codes) != processes+1 {
		t.Errorf("%v %v", codes, err)
	}
	for _, p := range prints {
		if p != prints[0] {
			t.Error("two sets of keys for one competition")
		}
	}
}

// TestDeadWriter: a process that died while it wrote holds nobody up for ever.
func TestDeadWriter(t *testing.T) {
	r, _, path := file(t)
	if err := os.WriteFile(path+".new", []byte("half a"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * dead)
	if err := os.Chtimes(path+".new", long, long); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Make("hlj10"); err != nil {
		t.Fatal(err)
	}
	if codes, err := r.Competitions(); err != nil || len(codes) != 2 {
		t.Errorf("%v %v", codes, err)
	}
}

// TestMemory: keys for tests go through the same steps without a file.
func TestMemory(t *testing.T) {
	r := Memory()
	if _, err := r.Keys("hlj9"); !errors.Is(err, ErrNoKeys) {
		t.Error(err)
	}
	if _, err := r.Make("hlj9"); err != nil {
		t.Fatal(err)
	}
	if k, err := r.Rotate("hlj9"); err != nil || k.Newest() != 2 {
		t.Error(err)
	}
	if err := r.Destroy("hlj9"); err != nil {
		t.Error(err)
	}
}

func BenchmarkSealAndOpen(b *testing.B) {
	k, err := Memory().Make("hlj9")
	if err != nil {
		b.Fatal(err)
	}
	key := k.NewDataKey("r1")
	wrapped, err := k.Wrap(1, "r1", key)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("value", func(b *testing.B) {
		for b.Loop() {
			if _, err := key.Open("id", key.Seal("id", canary)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("unwrap", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.Unwrap(1, "r1", wrapped); err != nil {
				b.Fatal(err)
			}
		}
	})
}
