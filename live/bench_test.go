// Figures of the fan-out, each beside a minimal gorilla server in the same run.
// The servers are children, this test binary started again, so that memory
// and processor time are the server's alone.

package live_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tongchang/live"
)

// The servers to compare.
const (
	roleHub   = "hub"   // ours
	rolePumps = "pumps" // gorilla, a reading and a writing goroutine for each connection
	roleLoop  = "loop"  // gorilla, one loop that writes a PreparedMessage to each connection
)

const (
	envRole     = "TONGCHANG_LIVE_BENCH_ROLE"
	envWatchers = "TONGCHANG_LIVE_BENCH_WATCHERS" // for BenchmarkIdleMemory, default 2000
	benchBytes  = 1200                            // of a frame: a heat of eight with names, marks and ranks
)

// contestant is a server under measurement.
type contestant interface {
	connect(w http.ResponseWriter, r *http.Request)
	publish()
}

// serveBench is the child: it serves until its input ends.
func serveBench(role string) {
	var c contestant
	switch role {
	case roleHub:
		c = newHubContestant()
	default:
		c = &plain{pumps: role == rolePumps}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ws", c.connect)
	mux.HandleFunc("POST /publish", func(http.ResponseWriter, *http.Request) { c.publish() })
	mux.HandleFunc("GET /cost", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("settled") {
			runtime.GC()
			debug.FreeOSMemory()
		}
		json.NewEncoder(w).Encode(measure())
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(l.Addr())
	go http.Serve(l, mux)
	io.Copy(io.Discard, os.Stdin)
}

// cost is what a server has used.
type cost struct {
	RSS        int64 // bytes
	CPU        time.Duration
	Goroutines int
}

func measure() cost {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	statm, _ := os.ReadFile("/proc/self/statm")
	pages, _ := strconv.ParseInt(strings.Fields(string(statm) + " 0 0")[1], 10, 64)
	return cost{
		RSS:        pages * int64(os.Getpagesize()),
		CPU:        time.Duration(u.Utime.Nano() + u.Stime.Nano()),
		Goroutines: runtime.NumGoroutine(),
	}
}

// hubContestant is our hub before a bakery.
type hubContestant struct {
	*bakery
	hub *live.Hub
}

func newHubContestant() hubContestant {
	b := newBakery("rye")
	b.padding = strings.Repeat("x", benchBytes-120)
	return hubContestant{b, live.NewHub(b, live.Options{AllowNoOrigin: true})}
}

func (c hubContestant) connect(w http.ResponseWriter, r *http.Request) {
	c.hub.Serve(w, r, "bakery", live.Viewer{})
}

func (c hubContestant) publish() {
	c.bake("rye")
	c.hub.Wake("bakery")
}

// plain is what one writes with gorilla in an afternoon. It sends the same
// frame, as often.
type plain struct {
	pumps bool
	up    websocket.Upgrader
	mu    sync.Mutex
	seq   int64
	conns []*websocket.Conn
	sends []chan *websocket.PreparedMessage
}

func (p *plain) frame() *websocket.PreparedMessage {
	p.seq++
	text, _ := json.Marshal(note{Type: "frame", Topic: "rye", Epoch: "monday", Seq: p.seq,
		Data: json.RawMessage(`{"padding":"` + strings.Repeat("x", benchBytes-150) + `"}`)})
	m, _ := websocket.NewPreparedMessage(websocket.TextMessage, text)
	return m
}

func (p *plain) connect(w http.ResponseWriter, r *http.Request) {
	conn, err := p.up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	p.mu.Lock()
	conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello"}`))
	conn.WritePreparedMessage(p.frame())
	p.conns = append(p.conns, conn)
	if p.pumps {
		send := make(chan *websocket.PreparedMessage, 16)
		p.sends = append(p.sends, send)
		go func() {
			for m := range send {
				conn.WritePreparedMessage(m)
			}
		}()
	}
	p.mu.Unlock()
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
	}
}

func (p *plain) publish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.frame()
	for _, send := range p.sends {
		send <- m
	}
	if !p.pumps {
		for _, c := range p.conns {
			c.WritePreparedMessage(m)
		}
	}
}

// child is a running server and those who watch it.
type child struct {
	b    *testing.B
	addr string
	got  atomic.Int64 // frames received by all
	bad  atomic.Int64 // frames that were not newer than the one before
	last atomic.Int64 // time of the last one, in ns
}

func start(b *testing.B, role string) *child {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envRole+"="+role)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return &child{b: b, addr: strings.TrimSpace(addr)}
}

// watchers connects n and waits until each has its first frame.
func (c *child) watchers(n int) {
	c.b.Helper()
	before := c.got.Load()
	for i := range n {
		conn, _, err := websocket.DefaultDialer.Dial("ws://"+c.addr+"/ws", nil)
		if err != nil {
			c.b.Fatalf("watcher %d: %v", i, err)
		}
		c.b.Cleanup(func() { conn.Close() })
		if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"watch","topics":[{"topic":"rye"}]}`)); err != nil {
			c.b.Fatal(err)
		}
		go c.receive(conn)
	}
	c.await(before + int64(n))
}

func (c *child) receive(conn *websocket.Conn) {
	buf := make([]byte, 2*benchBytes)
	seq := int64(-1)
	for {
		_, r, err := conn.NextReader()
		if err != nil {
			return
		}
		n, _ := io.ReadFull(r, buf)
		if strings.HasPrefix(string(buf[:n]), `{"type":"frame"`) {
			now := time.Now().UnixNano()
			for old := c.last.Load(); now > old && !c.last.CompareAndSwap(old, now); old = c.last.Load() {
			}
			was := seq
			if seq = seqOf(buf[:n]); seq <= was {
				c.bad.Add(1)
			}
			c.got.Add(1)
		}
	}
}

// await waits until so many frames have come.
func (c *child) await(n int64) {
	c.b.Helper()
	for end := time.Now().Add(20 * time.Second); c.got.Load() < n; time.Sleep(200 * time.Microsecond) {
		if time.Now().After(end) {
			c.b.Fatalf("%d of %d frames came", c.got.Load(), n)
		}
	}
}

// seqOf finds a frame's number without the cost of reading all of it.
func seqOf(frame []byte) (seq int64) {
	_, rest, _ := strings.Cut(string(frame[:min(len(frame), 120)]), `"seq":`)
	for _, digit := range rest {
		if digit < '0' || digit > '9' {
			break
		}
		seq = 10*seq + int64(digit-'0')
	}
	return seq
}

// publish sends one frame to all and returns how long the last one waited.
func (c *child) publish(watchers int) time.Duration {
	c.b.Helper()
	want := c.got.Load() + int64(watchers)
	began := time.Now().UnixNano()
	resp, err := http.Post("http://"+c.addr+"/publish", "", nil)
	if err != nil {
		c.b.Fatal(err)
	}
	resp.Body.Close()
	c.await(want)
	return time.Duration(c.last.Load() - began)
}

func (c *child) cost(query string) (used cost) {
	c.b.Helper()
	resp, err := http.Get("http://" + c.addr + "/cost" + query)
	if err != nil {
		c.b.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&used); err != nil {
		c.b.Fatal(err)
	}
	return used
}

// BenchmarkIdleMemory: kilobytes of the server's resident memory for a watcher
// that has received its first frame and waits. "settled" is after a garbage
// collection that gives free memory back.
func BenchmarkIdleMemory(b *testing.B) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv(envWatchers), "2000"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, role := range []string{roleHub, rolePumps} {
			c := start(b, role)
			c.watchers(20) // what a server allocates once
			before, settled := c.cost(""), c.cost("?settled")
			before.RSS = min(before.RSS, settled.RSS)
			c.watchers(n)
			after, afterSettled := c.cost(""), c.cost("?settled")
			b.ReportMetric(float64(after.RSS-before.RSS)/float64(n)/1000, role+"-KB/watcher")
			b.ReportMetric(float64(afterSettled.RSS-before.RSS)/float64(n)/1000, role+"-settled-KB/watcher")
			b.ReportMetric(float64(after.Goroutines-before.Goroutines)/float64(n), role+"-goroutines/watcher")
		}
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDeliveries: frames delivered for each second of processor time that
// the server uses, 1,000 watchers, turn by turn with gorilla's bare loop.
func BenchmarkDeliveries(b *testing.B) {
	const watchers = 1000
	hub, loop := start(b, roleHub), start(b, roleLoop)
	hub.watchers(watchers)
	loop.watchers(watchers)
	var used [2]time.Duration
	rounds := 0
	for b.Loop() {
		rounds++
		for i, c := range []*child{hub, loop} {
			before := c.cost("").CPU
			for range 5 {
				c.publish(watchers)
			}
			used[i] += c.cost("").CPU - before
		}
	}
	each := func(i int) float64 { return float64(rounds*5*watchers) / used[i].Seconds() }
	b.ReportMetric(each(0), "hub-deliveries/cpu-s")
	b.ReportMetric(each(1), "loop-deliveries/cpu-s")
	b.ReportMetric(each(0)/each(1), "ratio")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkLastOfThousand: from publishing to the last of 1,000 watchers, the
// clients on the same machine.
func BenchmarkLastOfThousand(b *testing.B) {
	const watchers = 1000
	for _, role := range []string{roleHub, roleLoop} {
		b.Run(role, func(b *testing.B) {
			c := start(b, role)
			c.watchers(watchers)
			var waits []time.Duration
			for b.Loop() {
				waits = append(waits, c.publish(watchers))
				time.Sleep(60 * time.Millisecond) // longer than the hub's pace: each frame for itself
			}
			slices.Sort(waits)
			b.ReportMetric(ms(waits[len(waits)/2]), "p50-ms")
			b.ReportMetric(ms(waits[len(waits)*99/100]), "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkWatchers: one board's watchers at five updates a second, ours, then a
// minimal gorilla server with a queue and a goroutine for each, then its bare loop.
// A round is ten updates; every frame has to come once and in order.
func BenchmarkWatchers(b *testing.B) {
	const updates, every = 10, 200 * time.Millisecond
	for _, watchers := range []int{1000, 5000, 10_000} {
		for _, role := range []string{roleHub, rolePumps, roleLoop} {
			b.Run(fmt.Sprintf("%d/%s", watchers, role), func(b *testing.B) {
				c := start(b, role)
				c.watchers(20) // what a server allocates once
				before := c.cost("")
				c.watchers(watchers - 20)
				settled := c.cost("?settled")
				var waits []time.Duration
				var used time.Duration
				for b.Loop() {
					began := c.cost("").CPU
					for range updates {
						next := time.Now().Add(every)
						waits = append(waits, c.publish(watchers))
						time.Sleep(time.Until(next))
					}
					used += c.cost("").CPU - began
				}
				if c.bad.Load() != 0 {
					b.Errorf("%d frames doubled or out of order", c.bad.Load())
				}
				slices.Sort(waits)
				deliveries := float64(len(waits) * watchers)
				b.ReportMetric(ms(waits[len(waits)/2]), "p50-ms")
				b.ReportMetric(ms(waits[len(waits)*99/100]), "p99-ms")
				b.ReportMetric(used.Seconds()/deliveries*1e6, "cpu-s/M")
				b.ReportMetric(float64(settled.RSS-before.RSS)/float64(watchers-20)/1000, "KB/watcher")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
