package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const canary = "23019919990101123X"

func ring(t *testing.T) (*Ring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Make("hlj9"); err != nil {
		t.Fatal(err)
	}
	return r, path
}

// TestSeal: a box opens for its own subject and field and for nothing else.
func TestSeal(t *testing.T) {
	r, path := ring(t)
	key, version, wrapped, err := r.NewKey("hlj9", "r1")
	if err != nil {
		t.Fatal(err)
	}
	box := key.Seal("id", canary)
	if strings.Contains(string(box), canary) || strings.Contains(fmt.Sprintf("%v %+v %#v", key, key, key), canary) {
		t.Error("the value shows")
	}
	other, err := Open(path) // another process
	if err != nil {
		t.Fatal(err)
	}
	again, err := other.Unwrap("hlj9", "r1", version, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.Open("id", box); err != nil || text != canary {
		t.Errorf("%q %v", text, err)
	}
	if _, err := again.Open("phone", box); !errors.Is(err, ErrUnsealed) {
		t.Errorf("another field: %v", err)
	}
	box[len(box)-1] ^= 1
	if _, err := again.Open("id", box); !errors.Is(err, ErrUnsealed) {
		t.Errorf("changed: %v", err)
	}
	if _, err := r.Unwrap("hlj9", "r2", version, wrapped); !errors.Is(err, ErrUnsealed) {
		t.Errorf("another subject: %v", err)
	}
	if _, err := r.Unwrap("other", "r1", version, wrapped); !errors.Is(err, ErrNoKeys) {
		t.Errorf("another competition: %v", err)
	}
}

// TestRotate: after rotating and rewrapping the old version can go; what was
// wrapped by it alone is lost.
func TestRotate(t *testing.T) {
	r, path := ring(t)
	key, version, wrapped, err := r.NewKey("hlj9", "r1")
	if err != nil {
		t.Fatal(err)
	}
	box := key.Seal("id", canary)
	other, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := r.Rotate("hlj9"); err != nil || v != 2 {
		t.Fatalf("version %d, %v", v, err)
	}
	current, rewrapped, err := r.Rewrap("hlj9", "r1", version, wrapped)
	if err != nil || current != 2 {
		t.Fatalf("%d %v", current, err)
	}
	if k, err := other.Unwrap("hlj9", "r1", current, rewrapped); err != nil { // has read the file before the rotation
		t.Errorf("another process after a rotation: %v", err)
	} else if text, err := k.Open("id", box); err != nil || text != canary {
		t.Errorf("%q %v", text, err)
	}
	if err := r.Retire("hlj9"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unwrap("hlj9", "r1", version, wrapped); !errors.Is(err, ErrUnsealed) {
		t.Errorf("the old version still opens: %v", err)
	}
	if err := r.Destroy("hlj9"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unwrap("hlj9", "r1", current, rewrapped); !errors.Is(err, ErrNoKeys) {
		t.Errorf("destroyed: %v", err)
	}
}

func TestPrint(t *testing.T) {
	r, _ := ring(t)
	if err := r.Make("hlj10"); err != nil {
		t.Fatal(err)
	}
	print := func(competition, purpose, text string) string {
		t.Helper()
		p, err := r.Print(competition, purpose, text)
		if err != nil || len(p) != 32 {
			t.Fatalf("%q %v", p, err)
		}
		return p
	}
	one := print("hlj9", "id", canary)
	if one != print("hlj9", "id", canary) {
		t.Error("a print is not always the same")
	}
	for _, other := range []string{print("hlj10", "id", canary), print("hlj9", "phone", canary), print("hlj9", "id", canary+" ")} {
		if one == other {
			t.Error("prints of different things are equal")
		}
	}
	if _, err := r.Rotate("hlj9"); err != nil {
		t.Fatal(err)
	}
	if one != print("hlj9", "id", canary) {
		t.Error("rotating has changed the prints")
	}
}

// TestFile: only its owner may read it; what is no file of keys is refused.
func TestFile(t *testing.T) {
	_, path := ring(t)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("readable by others: %v", err)
	}
	for name, text := range map[string]string{"empty": "", "not JSON": "hello", "another schema": `{"schema":"x"}`, "damaged": `{"schema":"tongchang/keys/1","competitions":{"a":{"current":1}}}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestTogether: processes that make keys at the same time make one set each.
func TestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			r, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := r.Make("hlj9"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	prints := map[string]bool{}
	for range 2 {
		r, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := r.Fingerprint("hlj9")
		if err != nil {
			t.Fatal(err)
		}
		prints[p] = true
	}
	if len(prints) != 1 {
		t.Error("two sets of keys")
	}
}

func BenchmarkSealAndOpen(b *testing.B) {
	r := Memory()
	if err := r.Make("hlj9"); err != nil {
		b.Fatal(err)
	}
	key, version, wrapped, err := r.NewKey("hlj9", "r1")
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
			if _, err := r.Unwrap("hlj9", "r1", version, wrapped); err != nil {
				b.Fatal(err)
			}
		}
	})
}
