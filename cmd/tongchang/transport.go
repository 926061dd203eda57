// How a server speaks to the hall: plainly on this machine alone, else over TLS,
// with a certificate that it was given or with one of its own authority.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"tongchang/cmd/tongchang/hall"
	"tongchang/cmd/tongchang/rehearsal"
	"tongchang/web"
)

// transport is the part of the command line about TLS.
type transport struct {
	TLS     bool     `name:"tls" help:"${flag_tls}" env:"TONGCHANG_TLS"`
	TLSCert string   `name:"tls-cert" help:"${flag_tls_cert}" env:"TONGCHANG_TLS_CERT" placeholder:"FILE" and:"given"`
	TLSKey  string   `name:"tls-key" help:"${flag_tls_key}" env:"TONGCHANG_TLS_KEY" placeholder:"FILE" and:"given"`
	TLSName []string `name:"tls-name" help:"${flag_tls_name}" env:"TONGCHANG_TLS_NAME" placeholder:"NAME"`
	Hall    string   `name:"hall" help:"${flag_hall}" env:"TONGCHANG_HALL" placeholder:"DIR"`
}

// hallFolder is where the authority of a database's server is kept: beside the
// database, never in it.
func (t *transport) hallFolder(db string) string {
	switch {
	case t.Hall != "":
		return t.Hall
	case isPostgres(db):
		return "tongchang.hall"
	}
	return db + ".hall"
}

// secured is how a server speaks; nil is plainly. Authority is nil where the
// certificate was given.
type secured struct {
	config    *tls.Config
	authority *hall.Authority
}

// secure reads or makes what TLS needs. A server that others can reach never
// speaks plainly: marks, sign-ins and cards would lie open in the hall's air.
func (t *transport) secure(listen, db string) (*secured, error) {
	if t.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(t.TLSCert, t.TLSKey)
		if err != nil {
			return nil, fault("tls-files", t.TLSCert, t.TLSKey, err)
		}
		return &secured{config: &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, Certificates: []tls.Certificate{pair}}}, nil
	}
	if loopback(listen) && !t.TLS {
		return nil, nil
	}
	dir := t.hallFolder(db)
	a, err := hall.Open(dir, t.TLSName, time.Now)
	switch {
	case errors.Is(err, hall.ErrNames):
		return nil, fault("hall-names", dir, strings.Join(t.TLSName, ", "))
	case errors.Is(err, hall.ErrEnded):
		return nil, fault("hall-ended", dir)
	case err != nil:
		return nil, fault("hall", dir, err)
	}
	return &secured{config: a.Config(t.TLSName), authority: a}, nil
}

// hall is what the pages have to know of the authority.
func (s *secured) hall(listen net.Addr) *web.Hall {
	if s == nil || s.authority == nil {
		return nil
	}
	return &web.Hall{Certificate: s.authority.PEM(), Fingerprint: s.authority.Fingerprint(), Ends: s.authority.Ends(),
		Addresses: func() []string { return reachableFrom(listen) }}
}

// reachableFrom are the addresses under which others find a listener: those of
// the machine's networks where it listens to all, else its own.
func reachableFrom(addr net.Addr) []string {
	name, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return nil
	}
	if ip := net.ParseIP(name); ip != nil && !ip.IsUnspecified() {
		return []string{"http://" + addr.String()}
	}
	var all []string
	found, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range found {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			all = append(all, "http://"+net.JoinHostPort(n.IP.String(), port))
		}
	}
	return all
}

// newHTTP is a server with the limits that keep one slow client from holding it.
func newHTTP(pages http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: pages, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
}

// serve answers on a listener until the host stops: with the pages, and where the
// server is its own authority, to plain requests with how to trust it.
func (h *host) serve(listener net.Listener, s *secured, pages *web.Server) {
	h.http = append(h.http, newHTTP(pages, h.log))
	begin := func(serve func() error) {
		go func() {
			if err := serve(); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
				h.failed <- err
			}
		}()
	}
	switch {
	case s == nil:
		begin(func() error { return h.http[0].Serve(listener) })
	case s.authority == nil:
		h.http[0].TLSConfig = s.config
		begin(func() error { return h.http[0].ServeTLS(listener, "", "") })
	default:
		h.http[0].TLSConfig = s.config
		h.http = append(h.http, newHTTP(pages.SetUp(), h.log))
		secure, plain := hall.Split(listener)
		begin(func() error { return h.http[0].ServeTLS(secure, "", "") })
		begin(func() error { return h.http[1].Serve(plain) })
	}
}

// client speaks to this host as a program does that has its desk key, and trusts
// its own authority.
func (h *host) client(code string) *rehearsal.Client {
	c := &rehearsal.Client{URL: h.url, Competition: code, Key: h.key}
	if h.hall != nil {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(h.hall.Certificate)
		c.HTTP = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second}}
	}
	return c
}

// shutdown finishes the requests under way, and cuts what does not finish.
func shutdown(ctx context.Context, servers []*http.Server) (err error) {
	for _, server := range servers {
		if e := server.Shutdown(ctx); e != nil {
			err = errors.Join(err, e, server.Close())
		}
	}
	return err
}

// sayHall prints where tablets are set up, and the fingerprint to compare.
func (a *app) sayHall(h *host) {
	if h.hall == nil {
		return
	}
	for _, url := range h.hall.Addresses() {
		a.say("serve.hall", url)
	}
	a.say("serve.fingerprint", h.hall.Fingerprint)
	fmt.Fprintln(a.out)
}

// machine is this machine's own name; empty where it has none.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}
