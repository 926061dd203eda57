// The connection under a websocket: what the peer sends is metered, and what
// is sent to it never makes the sender wait.

package live

import (
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// line is a network connection on which Write never waits: the kernel is given
// what it takes at once, and the rest is kept for flush, which waits. So one
// goroutine can write to a thousand lines, and loses no time with one that is
// full.
//
// Reads end the connection when the peer sends too much. That is below the
// websocket, where empty fragments and half messages count as well.
type line struct {
	net.Conn
	raw   syscall.RawConn // nil where the kernel cannot be asked directly: TLS
	bytes bucket

	turn     sync.Mutex // to flush; taken before mu
	mu       sync.Mutex
	rest     []byte // not yet taken
	flushing bool   // somebody waits for the kernel to take what came before rest
}

func newLine(conn net.Conn) (*line, error) {
	l := &line{Conn: conn}
	tcp := conn
	if t, ok := tcp.(interface{ NetConn() net.Conn }); ok { // TLS
		tcp = t.NetConn()
	}
	t, ok := tcp.(*net.TCPConn)
	if !ok {
		return l, nil
	}
	if err := t.SetWriteBuffer(sendBuffer); err != nil {
		return nil, err
	}
	if tcp == conn {
		raw, err := t.SyscallConn()
		if err != nil {
			return nil, err
		}
		l.raw = raw
	}
	return l, nil
}

func (l *line) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if n > 0 && !l.bytes.take(bytesLimit, time.Now(), n) {
		return 0, errFlood
	}
	return n, err
}

// SetWriteDeadline does nothing, since Write does not wait.
func (l *line) SetWriteDeadline(time.Time) error { return nil }

// Write never waits. It keeps p when the kernel does not take all of it, so p
// must not change afterwards: shared packets and control frames do not.
func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rest != nil || l.flushing {
		l.rest = append(l.rest[:len(l.rest):len(l.rest)], p...)
		return len(p), nil
	}
	n, err := l.try(p)
	if err == nil && n < len(p) {
		l.rest = p[n:]
	}
	return len(p), err
}

// try writes what the kernel takes at once.
func (l *line) try(p []byte) (n int, err error) {
	if l.raw == nil {
		return 0, nil
	}
	if rawErr := l.raw.Write(func(fd uintptr) bool {
		n, err = writeNow(fd, p)
		return true
	}); rawErr != nil {
		return n, rawErr
	}
	return n, err
}

// full reports whether there is something that only flush will write.
func (l *line) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rest != nil || l.flushing
}

// flush waits until everything is written. After an error, a timeout among them,
// the line is of no use any more.
func (l *line) flush(timeout time.Duration) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	if err := l.Conn.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	for rest := l.takeRest(); rest != nil; rest = l.takeRest() {
		if _, err := l.Conn.Write(rest); err != nil {
			return err
		}
	}
	return l.Conn.SetWriteDeadline(time.Time{}) // else the next try would fail when it is over
}

func (l *line) takeRest() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := l.rest
	l.rest, l.flushing = nil, rest != nil
	return rest
}

// discard throws away what the peer still sends, for a moment: a connection
// closed with unread input is reset, and the last words to the peer are lost.
func (l *line) discard(d time.Duration) {
	l.SetReadDeadline(time.Now().Add(d))
	if half, ok := l.Conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	io.CopyN(io.Discard, l.Conn, discardLimit)
}
