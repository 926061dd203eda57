// A server of our own: the store, the hub and the pages, wired together and
// listening. `serve` runs one for people, `demo` and `rehearse` one for their
// own robots.
package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"tongchang/events"
	"tongchang/live"
	"tongchang/web"
)

// hostOptions say where a host keeps its data and who may reach it.
type hostOptions struct {
	db      string
	keys    string // key file; empty: where the database's is
	listen  string
	cameras map[string]string                                        // folders of photo-finish cameras, by competition
	secured *secured                                                 // nil: plainly, which is for this machine alone
	deskKey string                                                   // what writes need; made up when empty
	metrics string                                                   // where Prometheus may read, on this machine alone; empty: nowhere
	origins []string                                                 // pages that may connect besides its own
	doors   func(context.Context, *events.Store) ([]web.Door, error) // a demo's; nil: none
	log     *slog.Logger
}

// host is a running server.
type host struct {
	store    *events.Store
	hub      *live.Hub
	pages    *web.Server
	doors    []web.Door // of a demo, before its meet has its own
	http     []*http.Server
	hall     *web.Hall // nil where the server is no authority
	measured string    // HOST:PORT of the figures; empty: nowhere
	url      string    // http://127.0.0.1:8080
	key      string
	log      *slog.Logger
	cancel   context.CancelFunc // of listening for other nodes, and of watching folders

	watching sync.WaitGroup // of folders
	failed   chan error     // why serving ended, if not by stop
}

// stopGrace is how long requests and watchers may take to go when a host stops.
const stopGrace = 8 * time.Second

// startHost opens the database and begins to serve.
func startHost(ctx context.Context, o hostOptions) (*host, error) {
	ring, err := openKeys(o.db, o.keys)
	if err != nil {
		return nil, err
	}
	meter := web.NewMeter()
	store, err := events.Open(ctx, o.db, events.WithLogger(o.log), events.WithKeys(ring), events.WithCommitted(meter.Committed))
	if err != nil {
		return nil, fault("open", (&database{DB: o.db}).shown(), err)
	}
	h, err := hostOf(ctx, store, meter, o)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	figures, at, err := measure(o.metrics, meter, o.log)
	if err != nil {
		return nil, errors.Join(err, h.stop())
	}
	if h.measured = at; figures != nil {
		h.http = append(h.http, figures)
	}
	return h, nil
}

// hostOf wires a server round a store: after a commit the hub is told to look,
// by this process and, on PostgreSQL, by any other.
func hostOf(ctx context.Context, store *events.Store, meter *web.Meter, o hostOptions) (*host, error) {
	feed, err := web.NewFeed(store)
	if err != nil {
		return nil, err
	}
	h := &host{store: store, key: o.deskKey, log: o.log, failed: make(chan error, 2)}
	if h.key == "" {
		h.key = newKey()
	}
	h.hub = live.NewHub(feed, live.Options{Origins: o.origins, Reached: meter.Reached, Logger: o.log})
	if o.doors != nil && loopback(o.listen) {
		if h.doors, err = o.doors(ctx, store); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return nil, fault("listen", o.listen, err)
	}
	h.hall = o.secured.hall(listener.Addr())
	pages, err := web.New(web.Options{Store: store, Hub: h.hub, DeskKey: h.key, Origins: o.origins, Doors: h.doors, Hall: h.hall, Meter: meter, Logger: o.log})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	h.pages = pages
	store.OnCommit(h.hub.Wake)
	listening, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h.cancel = cancel
	go store.Listen(listening, pages.Wake)
	h.url = "http://" + reachable(listener.Addr())
	if o.secured != nil {
		h.url = "https://" + reachable(listener.Addr())
	}
	h.serve(listener, o.secured, pages)
	for code, dir := range o.cameras {
		c := &camera{store: store, pages: pages, code: code, dir: dir, lang: web.Chinese, log: o.log}
		h.watching.Go(func() { c.watch(listening) })
	}
	return h, nil
}

// stop lets watchers go with a code to come back, finishes the requests under
// way, then closes the database.
func (h *host) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	h.cancel()
	h.watching.Wait()
	if err := h.hub.Close(ctx); err != nil {
		h.log.Warn("watchers cut off", "error", err)
	}
	return errors.Join(shutdown(ctx, h.http), h.store.Close())
}

// wait serves until the context ends, then stops.
func (h *host) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return h.stop()
	case err := <-h.failed:
		return errors.Join(err, h.stop())
	}
}

// judgeURL is the link that makes a device a judge's.
func (h *host) judgeURL(code string) string { return h.url + "/c/" + code + "/judge?key=" + h.key }

// newKey makes a key that can be read out: 16 letters and digits, 80 bits.
func newKey() string {
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}

// reachable is an address to type into a browser on this machine: an address
// that means every network card is shown as this machine's own.
func reachable(addr net.Addr) string {
	name, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(name); ip != nil && ip.IsUnspecified() {
		name = "127.0.0.1"
		if own := machine(); own != "" {
			name = own
		}
	}
	return net.JoinHostPort(name, port)
}

// loopback reports whether only this machine can reach an address.
func loopback(listen string) bool {
	name, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
