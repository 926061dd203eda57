// Package ledgertest gives tests a database of each kind: a SQLite file in the
// test's own folder, and a fresh database in a real PostgreSQL server. The
// server is the one that TONGCHANG_TEST_POSTGRES names, or else a throwaway
// cluster made from the PostgreSQL that is installed. Without either, a test
// fails: a second database that is never tried is no second database.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Databases are the kinds that every store test runs on.
var Databases = []string{"sqlite", "postgres"}

// Each runs a test once on each database, with the name to open it by.
func Each(t *testing.T, run func(t *testing.T, dsn string)) {
	t.Helper()
	for _, kind := range Databases {
		t.Run(kind, func(t *testing.T) { run(t, New(t, kind)) })
	}
}

// New makes an empty database of a kind for one test or benchmark.
func New(t testing.TB, kind string) string {
	t.Helper()
	if kind == "sqlite" {
		return filepath.Join(t.TempDir(), "ledger.db")
	}
	admin, err := server()
	if err != nil {
		t.Fatalf("no PostgreSQL to test with: %v (on Debian: apt-get install postgresql)", err)
	}
	dsn, drop, err := createDatabase(admin)
	if err != nil {
		t.Fatalf("make a database: %v", err)
	}
	t.Cleanup(drop)
	return dsn
}

func createDatabase(admin string) (dsn string, drop func(), err error) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	name := fmt.Sprintf("tongchang_%d_%d", os.Getpid(), time.Now().UnixNano())
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	cfg, err := pgx.ParseConfig(admin)
	if err != nil {
		return "", nil, err
	}
	drop = func() {
		conn, err := pgx.Connect(ctx, admin)
		if err != nil {
			return // the server is gone, and the database with it
		}
		_, _ = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		_ = conn.Close(ctx)
	}
	return fmt.Sprintf("postgres:///%s?host=%s&port=%d&user=%s", name, cfg.Host, cfg.Port, cfg.User), drop, nil
}

var (
	once    sync.Once
	address string
	failure error
	own     *Cluster // nil when the server was given
)

// server is the address of a PostgreSQL server to make databases in.
func server() (string, error) {
	once.Do(func() {
		if address = os.Getenv("TONGCHANG_TEST_POSTGRES"); address != "" {
			return
		}
		if own, failure = NewCluster(); failure == nil {
			failure = own.Start()
		}
		if own != nil {
			address = own.Address("postgres")
		}
	})
	return address, failure
}

// Main runs a package's tests and stops the cluster that they may have started.
func Main(m *testing.M) {
	code := m.Run()
	if own != nil {
		_ = own.Remove()
	}
	os.Exit(code)
}

// fsync is off for tests, which lose nothing with the machine, and on for
// benchmarks, which measure what durability costs.
func fsync() string {
	if os.Getenv("TONGCHANG_TEST_FSYNC") != "" {
		return "on"
	}
	return "off"
}

// pg is a command of the newest PostgreSQL installed, run as an ordinary user
// since the server refuses root.
func pg(name string, args ...string) *exec.Cmd {
	if _, err := exec.LookPath(name); err != nil {
		if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
			name = slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
		}
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = os.TempDir()
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if u, err := unprivileged(); err == nil && u != nil {
		cmd.SysProcAttr.Credential = u
	}
	return cmd
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// unprivileged is whom to run the server as when we are root, else nil.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
	}
	return nil, errors.New("running as root and neither postgres nor nobody exists")
}
