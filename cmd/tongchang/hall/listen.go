// One port for both: a connection's first byte says whether it speaks TLS. What
// speaks it goes to the house; a plain request is a tablet that has not been set
// up, and goes to the page that says how.
package hall

import (
	"errors"
	"net"
	"sync"
	"time"
)

// Whoever connects says something soon, or makes room for others.
const (
	firstByte = 5 * time.Second
	waiting   = 1024 // connections that have said nothing yet
)

// handshake is the first byte of TLS (RFC 8446, 5.1: a record of type 22).
const handshake = 22

// Split makes two listeners of one: of the connections that begin with TLS, and
// of the others. Closing either closes both.
func Split(l net.Listener) (secure, plain net.Listener) {
	s := &split{Listener: l, done: make(chan struct{}), room: make(chan struct{}, waiting)}
	a, b := &half{split: s, in: make(chan net.Conn)}, &half{split: s, in: make(chan net.Conn)}
	go s.accept(a, b)
	return a, b
}

type split struct {
	net.Listener
	once sync.Once
	done chan struct{}
	room chan struct{}

	mu  sync.Mutex
	err error // why accepting ended
}

func (s *split) accept(secure, plain *half) {
	for {
		c, err := s.Listener.Accept()
		if err != nil {
			var passing net.Error
			if errors.As(err, &passing) && passing.Timeout() {
				continue
			}
			s.mu.Lock()
			s.err = err
			s.mu.Unlock()
			_ = s.close() // it has ended already
			return
		}
		select {
		case s.room <- struct{}{}:
			go s.sort(c, secure, plain)
		default:
			_ = c.Close() // too many are silent: this one may come again
		}
	}
}

// sort waits for the first byte and hands the connection on with it.
func (s *split) sort(c net.Conn, secure, plain *half) {
	defer func() { <-s.room }()
	first := make([]byte, 1)
	err := c.SetReadDeadline(time.Now().Add(firstByte))
	if err == nil {
		_, err = c.Read(first)
	}
	if err == nil {
		err = c.SetReadDeadline(time.Time{})
	}
	if err != nil {
		_ = c.Close() // it has gone, or says nothing
		return
	}
	to := plain
	if first[0] == handshake {
		to = secure
	}
	select {
	case to.in <- &begun{Conn: c, first: first}:
	case <-s.done:
		_ = c.Close()
	}
}

func (s *split) close() (err error) {
	s.once.Do(func() {
		close(s.done)
		err = s.Listener.Close()
	})
	return err
}

// half is the listener of one kind of connection.
type half struct {
	*split
	in chan net.Conn
}

func (h *half) Accept() (net.Conn, error) {
	select {
	case c := <-h.in:
		return c, nil
	case <-h.done:
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.err != nil {
			return nil, h.err
		}
		return nil, net.ErrClosed
	}
}

func (h *half) Close() error { return h.close() }

// begun is a connection whose first byte has been read.
type begun struct {
	net.Conn
	first []byte
}

func (c *begun) Read(p []byte) (int, error) {
	if len(c.first) > 0 && len(p) > 0 {
		n := copy(p, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}
