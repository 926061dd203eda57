package faults

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

// weather is what a line does to what passes.
type weather struct {
	Delay  time.Duration // each way
	Loss   float64       // of packets, each way: what is lost is sent again, as TCP does
	Rate   int           // bytes a second, of each connection each way; 0: no limit
	NoUp   bool          // nothing reaches the server
	NoDown bool          // nothing comes back
	Cut    float64       // of answers: the line breaks as the answer begins
	// CutCommit is the same for the answers of a database to a COMMIT.
	CutCommit float64
}

// What TCP waits before it sends again what was lost: a packet, and the first
// packet of a connection. Each further loss of the same doubles it.
const (
	packetAgain  = 200 * time.Millisecond
	connectAgain = time.Second
	longestAgain = 2 * time.Second
	packet       = 1400 // bytes
)

// line is a network between tablets and a server, or a server and its database:
// it listens, and carries bytes to a target through the weather of the moment.
type line struct {
	address string
	l       net.Listener
	done    sync.WaitGroup

	mu      sync.Mutex
	network string // of the target
	target  string
	weather weather
	rng     *rand.Rand
	conns   []net.Conn
	cut     int // answers
}

// newLine opens a line to a target. It ends with the test.
func newLine(t testing.TB, r *rand.Rand, network, target string) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &line{address: l.Addr().String(), l: l, network: network, target: target, rng: rand.New(rand.NewPCG(r.Uint64(), r.Uint64()))}
	n.done.Go(n.accept)
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		n.set(weather{})
		n.breakAll()
		n.done.Wait()
	})
	return n
}

// set changes the weather, also for connections that are there.
func (n *line) set(w weather) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.weather = w
}

// lead leads new connections elsewhere.
func (n *line) lead(network, target string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.network, n.target = network, target
}

// cuts is how many answers were cut off.
func (n *line) cuts() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cut
}

// breakAll ends every connection at once.
func (n *line) breakAll() {
	n.mu.Lock()
	conns := n.conns
	n.conns = nil
	n.mu.Unlock()
	for _, c := range conns {
		reset(c)
	}
}

// reset ends a connection so that the other side hears of it as an error.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // it is going anyway
	}
	_ = c.Close()
}

func (n *line) now() weather {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.weather
}

// lossy is how long something takes longer because it was lost on the way.
func (n *line) lossy(loss float64, again time.Duration) (longer time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for ; loss > 0 && n.rng.Float64() < loss && again <= longestAgain; again *= 2 {
		longer += again
	}
	return longer
}

func (n *line) chance(share float64) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return share > 0 && n.rng.Float64() < share
}

func (n *line) accept() {
	for {
		c, err := n.l.Accept()
		if err != nil {
			return
		}
		n.done.Go(func() { n.carry(c) })
	}
}

// carry joins a connection with one to the target.
func (n *line) carry(from net.Conn) {
	w := n.now()
	time.Sleep(n.lossy(1-(1-w.Loss)*(1-w.Loss), connectAgain) + 2*w.Delay)
	n.mu.Lock()
	network, target := n.network, n.target
	n.mu.Unlock()
	to, err := net.Dial(network, target)
	if err != nil {
		reset(from)
		return
	}
	n.mu.Lock()
	n.conns = append(n.conns, from, to)
	n.mu.Unlock()
	end := func() { reset(from); reset(to) }
	cutNext := make(chan struct{}, 1)
	n.done.Go(func() {
		defer end()
		n.flow(from, to, true, func(b []byte) bool {
			if commits(b) && n.chance(n.now().CutCommit) {
				select {
				case cutNext <- struct{}{}:
				default:
				}
			}
			return false
		})
	})
	defer end()
	n.flow(to, from, false, func([]byte) bool {
		select {
		case <-cutNext:
		default:
			if !n.chance(n.now().Cut) {
				return false
			}
		}
		n.mu.Lock()
		n.cut++
		n.mu.Unlock()
		return true
	})
	n.mu.Lock()
	n.conns = slices.DeleteFunc(n.conns, func(c net.Conn) bool { return c == from || c == to })
	n.mu.Unlock()
}

// commits reports whether a piece on its way to PostgreSQL ends a transaction.
func commits(b []byte) bool { return bytes.Contains(bytes.ToLower(b), []byte("commit\x00")) }

// parcel is a piece on its way, and when it arrives.
type parcel struct {
	bytes []byte
	due   time.Time
}

// flow carries bytes one way until either side ends. broken looks at each piece
// and may break the line.
func (n *line) flow(from io.Reader, to io.Writer, up bool, broken func([]byte) bool) {
	way := make(chan parcel, 64)
	gone := make(chan struct{})
	n.done.Go(func() {
		defer close(way)
		due := time.Now()
		for {
			b := make([]byte, packet)
			k, err := from.Read(b)
			if k > 0 {
				w := n.now()
				due = later(due, time.Now().Add(w.Delay+n.lossy(w.Loss, packetAgain))) // what comes after something lost waits for it
				select {
				case way <- parcel{b[:k], due}:
				case <-gone:
					return
				}
			}
			if err != nil {
				return
			}
		}
	})
	defer close(gone)
	for p := range way {
		time.Sleep(time.Until(p.due))
		for w := n.now(); up && w.NoUp || !up && w.NoDown; w = n.now() {
			time.Sleep(5 * time.Millisecond)
		}
		if w := n.now(); w.Rate > 0 {
			time.Sleep(time.Duration(len(p.bytes)) * time.Second / time.Duration(w.Rate))
		}
		if broken(p.bytes) {
			return
		}
		if _, err := to.Write(p.bytes); err != nil {
			return
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// TestLine holds the rig's own network to what it claims: what goes in comes
// out, late, slowly, or not at all.
func TestLine(t *testing.T) {
	t.Parallel()
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := echo.Close(); err != nil {
			t.Error(err)
		}
	}()
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }() // until the other side goes
		}
	}()
	n := newLine(t, seeded(t), "tcp", echo.Addr().String())
	ask := func(patience time.Duration) (time.Duration, error) {
		begun := time.Now()
		c, err := net.Dial("tcp", n.address)
		if err != nil {
			return 0, err
		}
		defer c.Close() // it was only asked once
		if err := errors.Join(c.SetDeadline(begun.Add(patience))); err != nil {
			return 0, err
		}
		if _, err := c.Write([]byte("mark")); err != nil {
			return 0, err
		}
		b := make([]byte, 4)
		if _, err := io.ReadFull(c, b); err != nil {
			return 0, err
		}
		if string(b) != "mark" {
			t.Errorf("came back as %q", b)
		}
		return time.Since(begun), nil
	}
	if _, err := ask(10 * time.Second); err != nil {
		t.Errorf("fair weather: %v", err)
	}
	n.set(weather{Delay: 50 * time.Millisecond})
	if took, err := ask(10 * time.Second); err != nil || took < 200*time.Millisecond {
		t.Errorf("50 ms each way: a connection and an answer after %v, %v", took, err)
	}
	n.set(weather{NoDown: true})
	if _, err := ask(100 * time.Millisecond); err == nil {
		t.Error("an answer came through a line that carries none")
	}
	n.set(weather{Cut: 1})
	if _, err := ask(10 * time.Second); err == nil || n.cuts() == 0 {
		t.Errorf("a cut answer came whole: %v; %d cut", err, n.cuts())
	}
}
