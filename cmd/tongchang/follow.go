// serve --follow: a server for the public that has no ledger and follows a
// venue's.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"

	"tongchang/web"
	"tongchang/web/relay"
)

// relayHost is a running relay.
type relayHost struct {
	relay  *relay.Relay
	http   []*http.Server // the public's, and the one of the figures where there is one
	url    string
	log    *slog.Logger
	failed chan error
}

// relay serves until it is interrupted.
func (c *serveCmd) relay(a *app) error {
	trust, err := venueTrust(c.FollowCA)
	if err != nil {
		return err
	}
	var secured *tls.Config
	if c.TLSCert != "" {
		given, err := c.secure(c.Listen, c.DB)
		if err != nil {
			return err
		}
		secured = given.config
	}
	h, err := startRelay(relay.Options{Venue: c.Follow, TLS: trust, Origins: c.Origin, Logger: a.log}, c.Listen, secured, c.Metrics)
	if err != nil {
		return err
	}
	a.say("serve.follows", h.url, c.Follow)
	a.say("serve.stop")
	select {
	case <-a.Done():
		err = nil
	case err = <-h.failed:
	}
	if err := joined(err, h.stop()); err != nil {
		return err
	}
	a.say("serve.stopped")
	return nil
}

// venueTrust is how a venue that is its own authority is recognised.
func venueTrust(file string) (*tls.Config, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fault("read", file, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fault("follow-ca", file)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, nil
}

// startRelay begins to serve. Without a certificate it speaks plainly: nothing
// that it has is secret, and before the public there is as a rule something that
// has a certificate.
func startRelay(o relay.Options, listen string, secured *tls.Config, metrics string) (*relayHost, error) {
	meter := web.NewMeter()
	o.Reached = meter.Reached
	r, err := relay.New(o)
	if err != nil {
		return nil, fault("follow", err)
	}
	meter.Watch(r.Hub(), func() int { return 0 })
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, errors.Join(fault("listen", listen, err), r.Close(context.Background()))
	}
	public := newHTTP(r, o.Logger)
	h := &relayHost{relay: r, http: []*http.Server{public}, url: "http://" + reachable(listener.Addr()), log: o.Logger, failed: make(chan error, 1)}
	serve := func() error { return public.Serve(listener) }
	if secured != nil {
		h.url, public.TLSConfig = "https://"+reachable(listener.Addr()), secured
		serve = func() error { return public.ServeTLS(listener, "", "") }
	}
	go func() { h.failed <- serve() }()
	figures, _, err := measure(metrics, meter, o.Logger)
	if err != nil {
		return nil, errors.Join(err, h.stop())
	}
	if figures != nil {
		h.http = append(h.http, figures)
	}
	return h, nil
}

// stop lets watchers go with a code to come back and finishes the requests under way.
func (h *relayHost) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	if err := h.relay.Close(ctx); err != nil {
		h.log.Warn("watchers cut off", "error", err)
	}
	return shutdown(ctx, h.http)
}
