package vault

// The key file: JSON, for its owner alone, outside the database and outside
// every backup of it. Several processes may use one file: whoever writes it
// holds the name <file>.new, which becomes the file, so that a reader finds the
// old one or the new one and never a part.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Ring is the keys of all competitions of a key file. Its methods may be called
// from any goroutine, and see what other processes have written since.
type Ring struct {
	path string

	mu    sync.Mutex
	stamp stamp
	keys  map[string]*Keys // by the competition's code
}

// stamp tells whether a file is still the one that was read.
type stamp struct {
	size int64
	at   time.Time
}

const schema = "tongchang/keys/1"

// document is the file.
type document struct {
	Schema       string                 `json:"schema"`
	Note         string                 `json:"note"`
	Competitions map[string]competition `json:"competitions"`
}

type competition struct {
	Index   []byte         `json:"index"`
	Masters map[int][]byte `json:"masters"`
}

const note = "Whoever holds this file can read what is sealed in the database; without it nobody can. Keep a copy apart from the backups."

// Open reads a key file and makes it where there is none.
func Open(path string) (*Ring, error) {
	r := &Ring{path: path}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = r.write(func(map[string]*Keys) error { return nil })
	}
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r, r.refresh()
}

// Memory is a ring without a file, for tests: its keys end with it.
func Memory() *Ring { return &Ring{keys: map[string]*Keys{}} }

// Path is where the file is; empty for a ring in memory.
func (r *Ring) Path() string { return r.path }

// Competitions are the codes of the competitions whose keys there are, in order.
func (r *Ring) Competitions() ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.refresh()
	return slices.Sorted(maps.Keys(r.keys)), err
}

// Keys are a competition's keys as they are now, or ErrNoKeys.
func (r *Ring) Keys(code string) (*Keys, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refresh(); err != nil {
		return nil, err
	}
	k, ok := r.keys[code]
	if !ok {
		return nil, ErrNoKeys
	}
	return k, nil
}

// Make makes the keys of a competition that has none. Keys that there are stay.
func (r *Ring) Make(code string) (*Keys, error) {
	return r.change(code, func(k *Keys) (*Keys, error) {
		if k == nil {
			k = newKeys(code)
		}
		return k, nil
	})
}

// Rotate gives a competition one more master key, with the next version.
func (r *Ring) Rotate(code string) (*Keys, error) {
	return r.change(code, func(k *Keys) (*Keys, error) {
		if k == nil {
			return nil, ErrNoKeys
		}
		masters := maps.Clone(k.masters)
		masters[k.Newest()+1] = random()
		return &Keys{code, k.index, masters}, nil
	})
}

// Retire destroys the master keys below a version: what only they can open is
// lost, in every copy of the database.
func (r *Ring) Retire(code string, below int) (*Keys, error) {
	return r.change(code, func(k *Keys) (*Keys, error) {
		if k == nil {
			return nil, ErrNoKeys
		}
		masters := maps.Clone(k.masters)
		maps.DeleteFunc(masters, func(v int, _ []byte) bool { return v < below })
		if len(masters) == 0 {
			return nil, ErrNoVersion
		}
		return &Keys{code, k.index, masters}, nil
	})
}

// Destroy destroys all keys of a competition: nothing that was sealed in it can
// ever be read again, and no print be made.
func (r *Ring) Destroy(code string) error {
	_, err := r.change(code, func(*Keys) (*Keys, error) { return nil, nil })
	return err
}

// change replaces a competition's keys by what do makes of them; nil takes them
// away.
func (r *Ring) change(code string, do func(*Keys) (*Keys, error)) (made *Keys, err error) {
	err = r.write(func(all map[string]*Keys) (err error) {
		if made, err = do(all[code]); err != nil {
			return err
		}
		if all[code] = made; made == nil {
			delete(all, code)
		}
		return nil
	})
	return made, err
}

// refresh reads the file where it is not the one that was read last. A file
// that has gone takes its keys with it.
func (r *Ring) refresh() error {
	if r.path == "" {
		return nil
	}
	info, err := os.Stat(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		r.keys, r.stamp = nil, stamp{}
		return nil
	}
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	now := stamp{info.Size(), info.ModTime()}
	if r.keys != nil && now == r.stamp {
		return nil
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("key file %s: others may read it; take their rights away (chmod 600)", r.path)
	}
	all, err := read(r.path)
	if err != nil {
		return err
	}
	r.keys, r.stamp = all, now
	return nil
}

func read(path string) (map[string]*Keys, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	var doc document
	if err := json.Unmarshal(b, &doc); err != nil || doc.Schema != schema {
		return nil, fmt.Errorf("key file %s: it is not a key file, or damaged", path) // the cause would quote from it
	}
	all := map[string]*Keys{}
	for code, c := range doc.Competitions {
		all[code] = &Keys{code, c.Index, c.Masters}
		for _, key := range append(slices.Collect(maps.Values(c.Masters)), c.Index) {
			if len(key) != keyLen || len(c.Masters) == 0 {
				return nil, fmt.Errorf("key file %s: a key of %s is not %d bytes long", path, code, keyLen)
			}
		}
	}
	return all, nil
}

// How long a writer waits for another one, and when it takes one for dead.
const (
	patience = 5 * time.Second
	dead     = 30 * time.Second
)

// write changes the file's keys as they are on the disk now.
func (r *Ring) write(do func(map[string]*Keys) error) (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.path == "" {
		return do(r.keys)
	}
	f, err := hold(r.path + ".new")
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	all, err := read(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		all, err = map[string]*Keys{}, nil
	}
	if err != nil {
		return err
	}
	if err := do(all); err != nil {
		return err
	}
	doc := document{schema, note, map[string]competition{}}
	for code, k := range all {
		doc.Competitions[code] = competition{k.index, k.masters}
	}
	b, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	if _, err := f.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if err := os.Rename(f.Name(), r.path); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	r.keys = nil // read again at the next look
	return errors.Join(f.Close(), syncFolder(r.path))
}

// hold makes a file that must not be there. It waits for whoever else has made
// it, and takes the place of one who has died over it.
func hold(path string) (*os.File, error) {
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > dead {
			_ = os.Remove(path) // where that fails the next try says why
		} else if time.Since(begun) > patience {
			return nil, fmt.Errorf("%s is held by another process", path)
		}
	}
}

// syncFolder has a renamed file survive a power cut under its new name.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
