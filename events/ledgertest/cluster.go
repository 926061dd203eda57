package ledgertest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Cluster is a PostgreSQL server of a test's own, which it may stop, start and
// replace. It is reached through a socket in a folder of its own. It does not
// wait for the disk unless TONGCHANG_TEST_FSYNC says so: tests end processes,
// not machines.
type Cluster struct {
	dir string
	// Options are more settings to start with: "-c wal_level=replica".
	Options string
}

// NewCluster makes a cluster, stopped.
func NewCluster() (*Cluster, error) {
	c, err := newDir()
	if err != nil {
		return nil, err
	}
	if out, err := pg("initdb", "-D", c.data(), "-U", "tongchang", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync").CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(c.dir))
	}
	return c, nil
}

func newDir() (*Cluster, error) {
	dir, err := os.MkdirTemp("", "tc-pg") // short: a socket's path has 107 bytes
	if err != nil {
		return nil, err
	}
	u, err := unprivileged()
	if err == nil && u != nil {
		err = os.Chown(dir, int(u.Uid), int(u.Gid))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &Cluster{dir: dir}, nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// Address is a database of the cluster, to be opened by.
func (c *Cluster) Address(database string) string {
	return "postgres:///" + database + "?host=" + c.dir + "&user=tongchang"
}

// Socket is the file through which the server is reached.
func (c *Cluster) Socket() string { return filepath.Join(c.dir, ".s.PGSQL.5432") }

// Start starts the server and waits until it answers.
func (c *Cluster) Start() error {
	options := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c fsync=%s -c max_connections=200 %s", c.dir, fsync(), c.Options)
	out, err := pg("pg_ctl", "-D", c.data(), "-w", "-l", filepath.Join(c.dir, "log"), "-o", options, "start").CombinedOutput()
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w: %s", err, out)
	}
	return nil
}

// Stop stops the server: "fast" in good order, "immediate" without a word to
// anybody, as when its machine goes.
func (c *Cluster) Stop(mode string) error {
	if out, err := pg("pg_ctl", "-D", c.data(), "-w", "-m", mode, "stop").CombinedOutput(); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w: %s", err, out)
	}
	return nil
}

// Standby makes a second cluster that follows this one, which must be running;
// the copy is stopped still. Its name is the one that
// synchronous_standby_names may have.
func (c *Cluster) Standby(name string) (*Cluster, error) {
	s, err := newDir()
	if err != nil {
		return nil, err
	}
	out, err := pg("pg_basebackup", "-D", s.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync",
		"-d", "host="+c.dir+" user=tongchang application_name="+name).CombinedOutput()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pg_basebackup: %w: %s", err, out), os.RemoveAll(s.dir))
	}
	return s, nil
}

// Promote makes a standby a server of its own.
func (c *Cluster) Promote() error {
	if out, err := pg("pg_ctl", "-D", c.data(), "-w", "promote").CombinedOutput(); err != nil {
		return fmt.Errorf("promote: %w: %s", err, out)
	}
	return nil
}

// Remove stops the server and takes everything away.
func (c *Cluster) Remove() error {
	_ = c.Stop("immediate") // it may be stopped already
	return os.RemoveAll(c.dir)
}
