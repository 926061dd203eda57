// The websocket itself. This is the only file that knows gorilla/websocket: a
// change of library is a change of this file.

package live

import (
	"bufio"
	"errors"
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
	controlTimeout   = time.Second     // to write a pong or a close frame
	answerTimeout    = 2 * time.Second // for the peer to answer a close frame
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
	line     *line
	patience time.Duration // without a pong for so long, the peer is dead
	messages bucket
	controls bucket
	leaving  atomic.Bool // a close frame is out: the reading deadline is final
}

// upgrader is gorilla's, without compression: a small frame could inflate beyond
// the read limit. The buffers are small; the pool is for gorilla's sake, which
// would else give each connection a write buffer that shared packets never use.
var upgrader = websocket.Upgrader{
	HandshakeTimeout: handshakeTimeout,
	ReadBufferSize:   128,
	WriteBufferPool:  new(sync.Pool),
	CheckOrigin:      func(*http.Request) bool { return true }, // the hub has checked, more strictly
}

// openSocket answers the handshake. On an error the response has been written.
func openSocket(w http.ResponseWriter, r *http.Request, patience time.Duration) (*socket, error) {
	taken := &hijacker{ResponseWriter: w}
	conn, err := upgrader.Upgrade(taken, r, nil)
	if err != nil {
		return nil, err
	}
	if err := taken.line.flush(handshakeTimeout); err != nil {
		conn.Close()
		return nil, err
	}
	s := &socket{conn: conn, line: taken.line, patience: patience}
	conn.SetReadLimit(maxMessage)
	conn.SetPingHandler(s.pinged)
	conn.SetPongHandler(s.ponged)
	return s, conn.SetReadDeadline(time.Now().Add(patience))
}

// hijacker takes the connection from under net/http, through whatever wraps the
// response writer, and puts a line on it.
type hijacker struct {
	http.ResponseWriter
	line *line
}

func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.line, err = newLine(conn)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return h.line, rw, nil
}

func (s *socket) pinged(data string) error {
	if !s.controls.take(controlsLimit, time.Now(), 1) {
		return errFlood
	}
	return s.control(websocket.PongMessage, []byte(data))
}

func (s *socket) ponged(string) error {
	if !s.controls.take(controlsLimit, time.Now(), 1) {
		return errFlood
	}
	if s.leaving.Load() {
		return nil
	}
	return s.conn.SetReadDeadline(time.Now().Add(s.patience))
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

// send gives a packet to the line, and reports whether that is full: then only
// flush will write it.
func (s *socket) send(p *packet) (full bool, err error) {
	if err := s.conn.WritePreparedMessage(p.prepared); err != nil {
		return false, s.sendError(err)
	}
	return s.line.full(), nil
}

// ping gives a ping to the line.
func (s *socket) ping() error {
	return s.sendError(s.conn.WriteControl(websocket.PingMessage, nil, time.Time{}))
}

// flush waits until the line has taken everything.
func (s *socket) flush(timeout time.Duration) error { return s.line.flush(timeout) }

// control writes a control frame, waiting for at most a second.
func (s *socket) control(kind int, data []byte) error {
	err := s.conn.WriteControl(kind, data, time.Time{})
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		return err
	}
	return s.flush(controlTimeout)
}

func (s *socket) sendError(err error) error {
	if errors.Is(err, websocket.ErrCloseSent) {
		return errLeaving
	}
	return err
}

// goodbye sends a close frame and gives the peer a moment to answer it.
func (s *socket) goodbye(code int, reason string) {
	s.leaving.Store(true)
	if err := s.control(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason)); err != nil {
		s.abort()
		return
	}
	s.conn.SetReadDeadline(time.Now().Add(answerTimeout))
}

// end closes a socket whose reading has failed. Where the peer did wrong it is
// told so; where it closed in order, it has been answered.
func (s *socket) end(err error) {
	defer s.abort()
	switch {
	case errors.Is(err, errFlood):
		s.goodbye(CloseFlood, "too much")
	case errors.Is(err, errNotText):
		s.goodbye(CloseNotText, "text only")
	case errors.Is(err, errNotUTF8):
		s.goodbye(CloseNotUTF8, "not UTF-8")
	case isTimeout(err), errors.Is(err, net.ErrClosed):
		return // dead, or closed by us
	}
	if s.flush(controlTimeout) == nil && !websocket.IsUnexpectedCloseError(err) {
		s.line.discard(answerTimeout)
	}
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
