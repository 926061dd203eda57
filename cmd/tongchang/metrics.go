// --metrics: the figures of a running server for a monitoring program.
package main

import (
	"errors"
	"net"
	"net/http"
)

// measure lets Prometheus read the meter at http://{listen}/metrics. The address
// has a port of its own, so that a crowd at the pages does not stand before it,
// and is this machine's alone: figures are nobody's business outside, and a
// monitoring program elsewhere has ways in that ask who it is.
func (h *host) measure(listen string, meter http.Handler) error {
	if listen == "" {
		return nil
	}
	if !loopback(listen) {
		return fault("metrics", listen)
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fault("listen", listen, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", meter)
	server := newHTTP(mux, h.log)
	h.http = append(h.http, server)
	h.measured = listener.Addr().String()
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			h.log.Error("metrics", "error", err)
		}
	}()
	return nil
}
