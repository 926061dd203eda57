// --metrics: the figures of a running server for a monitoring program.
package main

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
)

// measure lets Prometheus read the meter at http://{at}/metrics; nil where no
// address is asked for. The address has a port of its own, so that a crowd at the
// pages does not stand before it, and is this machine's alone: figures are
// nobody's business outside, and a monitoring program elsewhere has ways in that
// ask who it is.
func measure(listen string, meter http.Handler, log *slog.Logger) (server *http.Server, at string, err error) {
	if listen == "" {
		return nil, "", nil
	}
	if !loopback(listen) {
		return nil, "", fault("metrics", listen)
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, "", fault("listen", listen, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", meter)
	server = newHTTP(mux, log)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics", "error", err)
		}
	}()
	return server, listener.Addr().String(), nil
}
