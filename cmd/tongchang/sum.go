// The sum beside a backup. SQLite finds a torn page, but not a letter that has
// changed in a name: a backup is the one that was made, or it is none.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sumFile is where the sum of a backup is, in the form that sha256sum -c reads.
func sumFile(backup string) string { return backup + ".sha256" }

// sumOf is the SHA-256 of a file.
func sumOf(file string) (sum string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// writeSum puts a backup's sum beside it.
func writeSum(backup string) (err error) {
	sum, err := sumOf(backup)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(sumFile(backup), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := fmt.Fprintf(f, "%s  %s\n", sum, filepath.Base(backup)); err != nil {
		return err
	}
	return f.Sync()
}

// hasSum holds a backup against the sum beside it. It reports false where there
// is none.
func hasSum(backup string) (bool, error) {
	text, err := os.ReadFile(sumFile(backup))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fault("read", sumFile(backup), err)
	}
	sum, err := sumOf(backup)
	if err != nil {
		return false, fault("read", backup, err)
	}
	if given, _, _ := strings.Cut(string(text), " "); given != sum {
		return true, fault("backup-damaged", backup)
	}
	return true, nil
}
