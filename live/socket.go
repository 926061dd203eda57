// The websocket itself. This is the only file that knows gorilla/websocket: a
// change of library is a change of this file.

package live

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

const (
	handshakeTimeout = 5 * time.Second
	goodbyeTimeout   = time.Second     // to write a close frame
	answerTimeout    = 2 * time.Second // for the peer to answer it
	discardLimit     = 1 << 20         // bytes read and thrown away meanwhile

	// What the kernel keeps for a watcher. Little, so that a slow one is
	// noticed early and skips states here instead of receiving old ones.
	sendBuffer = 64 << 10
)

// What a peer may send beside its 4 KB messages: enough for every honest
// page, a page being opened included; far below what would cost us anything.
var (
	bytesLimit    = limit{burst: 64 << 10, rate: 4 << 10}
	controlsLimit = limit{burst: 10, rate: 1} // pings and pongs
	messagesLimit = limit{burst: 30, rate: 2}
)

var (
	errFlood   = errors.New("live: too many messages, pings or bytes")
	errNotText = errors.New("live: binary message")
	errNotUTF8 = errors.New("live: text is not UTF-8")
	errLeaving = errors.New("live: a close frame has been sent")
)

// packet is a message ready for the wire, shared by all its receivers.
type packet struct{ prepared *websocket.PreparedMessage }

func pack(text []byte) (*packet, error) {
	p, err := websocket.NewPreparedMessage(websocket.TextMessage, text)
	if err != nil {
		return nil, err
	}
	return &packet{p}, nil
}

// socket is one websocket. Reading belongs to one goroutine, sending to one at
// a time; the rest may be called from anywhere.
type socket struct {
	conn     *websocket.Conn
	patience time.Duration // without a pong for so long, the peer is dead
	messages bucket
	controls bucket
	leaving  atomic.Bool // a close frame is out: the deadline is final
}

// upgrader holds what all sockets of a hub share. No compression: a small frame
// could inflate beyond the read limit. A small read buffer and no
// write buffer, since nearly everything is written from shared packets.
type upgrader struct {
	websocket.Upgrader
	patience time.Duration
}

func newUpgrader(patience time.Duration) *upgrader {
	return &upgrader{
		Upgrader: websocket.Upgrader{
			HandshakeTimeout: handshakeTimeout,
			ReadBufferSize:   128,
			WriteBufferSize:  512,
			WriteBufferPool:  new(sync.Pool),
			CheckOrigin:      func(*http.Request) bool { return true }, // the hub has checked, more strictly
		},
		patience: patience,
	}
}

// open answers the handshake. On an error the response has been written.
func (u *upgrader) open(w http.ResponseWriter, r *http.Request) (*socket, error) {
	conn, err := u.Upgrade(hijacker{w}, r, nil)
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, patience: u.patience}
	conn.SetReadLimit(maxMessage)
	conn.SetPingHandler(s.pinged)
	conn.SetPongHandler(s.ponged)
	conn.SetReadDeadline(time.Now().Add(s.patience))
	return s, nil
}

// hijacker takes the connection from under net/http, through whatever wraps the
// response writer, and puts the meter in.
type hijacker struct{ http.ResponseWriter }

func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	tcp := conn
	if t, ok := tcp.(interface{ NetConn() net.Conn }); ok { // TLS
		tcp = t.NetConn()
	}
	if t, ok := tcp.(*net.TCPConn); ok {
		if err := t.SetWriteBuffer(sendBuffer); err != nil {
			conn.Close()
			return nil, nil, err
		}
	}
	return &metered{Conn: conn}, rw, nil
}

// metered is a connection that ends when the peer sends too much. It is below
// the websocket, where empty fragments and half messages count as well.
type metered struct {
	net.Conn
	bytes bucket
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	if n > 0 && !m.bytes.take(bytesLimit, time.Now(), n) {
		return 0, errFlood
	}
	return n, err
}

func (s *socket) pinged(data string) error {
	if !s.controls.take(controlsLimit, time.Now(), 1) {
		return errFlood
	}
	err := s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(goodbyeTimeout))
	if isTimeout(err) || errors.Is(err, websocket.ErrCloseSent) {
		return nil // a busy writer is the writer's business
	}
	return err
}

func (s *socket) ponged(string) error {
	if !s.controls.take(controlsLimit, time.Now(), 1) {
		return errFlood
	}
	if !s.leaving.Load() {
		return s.conn.SetReadDeadline(time.Now().Add(s.patience))
	}
	return nil
}

// read waits for the next text message.
func (s *socket) read() ([]byte, error) {
	kind, text, err := s.conn.ReadMessage()
	switch {
	case err != nil:
		return nil, err
	case !s.messages.take(messagesLimit, time.Now(), 1):
		return nil, errFlood
	case kind != websocket.TextMessage:
		return nil, errNotText
	case !utf8.Valid(text):
		return nil, errNotUTF8
	}
	return text, nil
}

// send writes one packet, by the deadline or never.
func (s *socket) send(p *packet, deadline time.Time) error {
	s.conn.SetWriteDeadline(deadline)
	err := s.conn.WritePreparedMessage(p.prepared)
	if errors.Is(err, websocket.ErrCloseSent) {
		return errLeaving
	}
	return err
}

// ping asks the peer whether it is there.
func (s *socket) ping(deadline time.Time) error {
	err := s.conn.WriteControl(websocket.PingMessage, nil, deadline)
	if errors.Is(err, websocket.ErrCloseSent) {
		return errLeaving
	}
	return err
}

// goodbye sends a close frame and gives the peer a moment to answer it.
func (s *socket) goodbye(code int, reason string) {
	s.leaving.Store(true)
	now := time.Now()
	err := s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), now.Add(goodbyeTimeout))
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		s.abort()
		return
	}
	s.conn.SetReadDeadline(now.Add(answerTimeout))
}

// end closes a socket whose reading has failed. Where the peer did wrong it is
// told so, and what it goes on sending is thrown away for a moment: a
// connection closed with unread input is reset, and the code would be lost.
func (s *socket) end(err error) {
	defer s.abort()
	switch {
	case errors.Is(err, errFlood):
		s.goodbye(CloseFlood, "too much")
	case errors.Is(err, errNotText):
		s.goodbye(CloseNotText, "text only")
	case errors.Is(err, errNotUTF8):
		s.goodbye(CloseNotUTF8, "not UTF-8")
	case isTimeout(err), errors.Is(err, net.ErrClosed), websocket.IsUnexpectedCloseError(err):
		return // dead, closed by us, or closed in order
	}
	m, ok := s.conn.NetConn().(*metered)
	if !ok {
		return
	}
	m.SetReadDeadline(time.Now().Add(answerTimeout))
	if half, ok := m.Conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	io.CopyN(io.Discard, m.Conn, discardLimit)
}

// abort closes the connection at once.
func (s *socket) abort() { s.conn.Close() }

func isTimeout(err error) bool {
	ne, ok := errors.AsType[net.Error](err)
	return ok && ne.Timeout()
}

// limit is a burst, and the steady rate per second after it.
type limit struct{ burst, rate float64 }

// bucket is what is left of a limit. The zero bucket is full.
type bucket struct {
	spent float64
	at    time.Time
}

// take spends n and reports whether there was so much left.
func (b *bucket) take(l limit, now time.Time, n int) bool {
	b.spent = max(0, b.spent-l.rate*now.Sub(b.at).Seconds()) + float64(n)
	b.at = now
	return b.spent <= l.burst
}
