package faults

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// node is `tongchang serve` in a process of its own.
type node struct {
	t       testing.TB
	command []string // how it is started, without the flags
	env     []string
	dsn     string
	listen  string
	key     string
	log     string
	cmd     *exec.Cmd
}

// newNode makes a server, not started yet, which the test's end stops.
func newNode(t testing.TB, dsn, key string) *node {
	t.Helper()
	product(t)
	n := &node{t: t, command: []string{binary, "serve"}, dsn: dsn, listen: freeAddress(t), key: key, log: filepath.Join(t.TempDir(), "server.log")}
	t.Cleanup(func() {
		if n.cmd != nil {
			n.kill()
		}
		if t.Failed() {
			t.Log(n.told())
		}
	})
	return n
}

// newServed is a hall, not open yet, and the server of its meet, which is ready.
func newServed(t testing.TB, dsn string) (*hall, *node) {
	t.Helper()
	h := newHall(t, dsn)
	n := newNode(t, h.dsn, h.key)
	n.start()
	n.ready(h.ctx)
	return h, n
}

// freeAddress is an address of this machine that nobody uses.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // it was only asked for its number
	return l.Addr().String()
}

func (n *node) url() string { return "http://" + n.listen }

// start starts the process; wrap is a command to run it under, as strace.
func (n *node) start(wrap ...string) {
	n.t.Helper()
	args := append(append(wrap, n.command...), "--db", n.dsn, "--listen", n.listen, "--desk-key", n.key)
	n.cmd = exec.Command(args[0], args[1:]...)
	n.cmd.Env = append(os.Environ(), n.env...)
	n.cmd.Dir = filepath.Dir(n.log) // where the key file of a PostgreSQL database is made
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		n.t.Fatal(err)
	}
	defer log.Close() // the process has its own
	n.cmd.Stdout, n.cmd.Stderr = log, log
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
}

// signal sends a signal to the process and what runs it.
func (n *node) signal(s syscall.Signal) {
	n.t.Helper()
	if err := syscall.Kill(-n.cmd.Process.Pid, s); err != nil {
		n.t.Errorf("signal %v: %v", s, err)
	}
}

// kill ends the server at once, as a power cut would end the process.
func (n *node) kill() {
	n.t.Helper()
	n.signal(syscall.SIGKILL)
	if err := n.cmd.Wait(); err == nil {
		n.t.Error("the server had ended before it was killed")
	}
	n.cmd = nil
}

// ready waits until the server answers, and says how long that took.
func (n *node) ready(ctx context.Context) time.Duration {
	n.t.Helper()
	begun := time.Now()
	if !until(ctx, time.Minute, func() bool { return n.answers(ctx, "/readyz") }) && ctx.Err() == nil {
		n.t.Fatalf("%s is not ready after %v", n.listen, time.Since(begun))
	}
	return time.Since(begun)
}

// answers reports whether a server answers an address with 200.
func (n *node) answers(ctx context.Context, path string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.url()+path, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// told is the end of what the server has said.
func (n *node) told() string {
	raw, err := os.ReadFile(n.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return fmt.Sprintf("%s said last:\n%s", n.listen, strings.Join(lines[max(0, len(lines)-15):], "\n"))
}
