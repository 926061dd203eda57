package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"tongchang/events/ledgertest"
)

// TestHall is a tablet's way into a hall without internet: it asks plainly and is
// told how, takes the certificate, compares the fingerprint, and is let in.
func TestHall(t *testing.T) {
	options := transport{TLS: true, Hall: filepath.Join(t.TempDir(), "hall")}
	db := ledgertest.New(t, "sqlite")
	secured, err := options.secure("127.0.0.1:0", db)
	if err != nil {
		t.Fatal(err)
	}
	h, err := startHost(t.Context(), hostOptions{db: db, secured: secured, listen: "127.0.0.1:0", log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	})
	get := func(client *http.Client, url string) (*http.Response, string) {
		t.Helper()
		answer, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(body)
	}
	stranger := &http.Client{Transport: &http.Transport{}}
	defer stranger.CloseIdleConnections()
	plain := strings.Replace(h.url, "https:", "http:", 1)
	answer, page := get(stranger, plain+"/c/games/judge?lang=en")
	if answer.StatusCode != http.StatusOK || !strings.Contains(page, h.hall.Fingerprint) || !strings.Contains(page, h.url+"/c/games/judge") {
		t.Errorf("a plain request is answered %d, without the fingerprint or the way on", answer.StatusCode)
	}
	if refused, _ := stranger.Post(plain+"/c/games/marks", "application/json", strings.NewReader("{}")); refused == nil || refused.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a mark sent plainly is answered %v", refused)
	} else {
		_ = refused.Body.Close()
	}
	if _, err := stranger.Get(h.url + "/livez"); err == nil {
		t.Error("a device that has no certificate trusts the server")
	}
	taken, certificate := get(stranger, plain+"/hall.crt")
	if got := taken.Header.Get("Content-Type"); got != "application/x-x509-ca-cert" {
		t.Errorf("the certificate comes as %s", got)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(certificate)) {
		t.Fatal("the certificate cannot be read")
	}
	tablet := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer tablet.CloseIdleConnections()
	if answer, _ := get(tablet, h.url+"/livez"); answer.StatusCode != http.StatusOK {
		t.Errorf("the tablet is answered %d", answer.StatusCode)
	}
}

// TestPlainOnlyHere: what others can reach is served over TLS, whatever was not said.
func TestPlainOnlyHere(t *testing.T) {
	for listen, plain := range map[string]bool{"127.0.0.1:8080": true, "[::1]:8080": true, "localhost:80": true, "0.0.0.0:8080": false, ":8080": false, "192.168.8.20:443": false, "games.example:443": false} {
		options := transport{Hall: filepath.Join(t.TempDir(), "hall")}
		secured, err := options.secure(listen, "games.db")
		if err != nil {
			t.Fatal(err)
		}
		if (secured == nil) != plain {
			t.Errorf("%s: served plainly: %v", listen, secured == nil)
		}
	}
	if _, err := (&transport{TLSCert: "none.crt", TLSKey: "none.key"}).secure("0.0.0.0:443", "games.db"); err == nil {
		t.Error("a certificate that is not there was taken")
	}
}
