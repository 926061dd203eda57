package hall

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var day = time.Date(2027, 6, 19, 8, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string, at time.Time, names ...string) *Authority {
	t.Helper()
	a, err := Open(dir, names, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAuthorityStays: a second start reads the authority that tablets trust, and
// nobody else on the machine can read its key.
func TestAuthorityStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hall")
	first := open(t, dir, day, "games-desk")
	again := open(t, dir, day.Add(time.Hour), "games-desk")
	if first.Fingerprint() != again.Fingerprint() {
		t.Error("the second start made another authority")
	}
	info, err := os.Stat(filepath.Join(dir, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %v", info.Mode().Perm())
	}
	if _, err := Open(dir, []string{"other.example"}, time.Now); err == nil {
		t.Error("an authority signs for a name that it was not made for")
	}
	if _, err := Open(dir, nil, func() time.Time { return first.Ends() }); !errors.Is(err, ErrEnded) {
		t.Errorf("after its end: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, keyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, nil, time.Now); err == nil {
		t.Error("a lost key was made again: tablets would trust an authority that cannot sign")
	}
}

// TestCertificate: who trusts the authority believes the server under its names
// and private addresses, and under nothing else.
func TestCertificate(t *testing.T) {
	a := open(t, t.TempDir(), day, "games-desk", "games.example")
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.PEM()) {
		t.Fatal("the authority's certificate cannot be read")
	}
	leaf, err := a.sign([]string{"games-desk", "games.example"}, []net.IP{net.ParseIP("192.168.8.20"), net.ParseIP("203.0.113.5")})
	if err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string]bool{"192.168.8.20": true, "games-desk": true, "games.example": true, "localhost": true, "203.0.113.5": false, "bank.example": false} {
		_, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: day})
		if (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	if holds := leaf.Leaf.NotAfter.Sub(leaf.Leaf.NotBefore); holds > 825*24*time.Hour {
		t.Errorf("holds for %v: tablets refuse that", holds)
	}
}

// TestForeignNameIsRefused: a certificate that the authority's key made for a
// name of the internet is not believed.
func TestForeignNameIsRefused(t *testing.T) {
	a := open(t, t.TempDir(), day)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.PEM())
	free := *a.certificate
	free.PermittedDNSDomains = []string{"bank.example"} // what a thief of the key would do
	thief := &Authority{certificate: &free, key: a.key, now: a.now}
	leaf, err := thief.sign([]string{"bank.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "bank.example", CurrentTime: day}); err == nil {
		t.Error("a tablet would believe the hall's authority about a bank")
	}
}

// TestRenewed: a certificate is made anew near its end and for a new address, and
// kept otherwise.
func TestRenewed(t *testing.T) {
	at := day
	a, err := Open(t.TempDir(), nil, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	get := func(ip string) *tls.Certificate {
		t.Helper()
		c, err := a.certificateFor(nil, net.ParseIP(ip))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := get("10.1.2.3")
	if get("10.1.2.3") != first {
		t.Error("a good certificate was not kept")
	}
	other := get("10.9.9.9")
	if other == first || other.Leaf.VerifyHostname("10.9.9.9") != nil {
		t.Error("the hall's network gave another address, and the certificate has the old one")
	}
	at = day.Add(leafHolds - leafRenewed)
	if get("10.9.9.9") == other {
		t.Error("not made anew before its end")
	}
}

// TestSplit: one port answers TLS with the house and plain requests with the
// set-up, and closes whole.
func TestSplit(t *testing.T) {
	a := open(t, t.TempDir(), time.Now())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	secure, plain := Split(l)
	say := func(words string) *http.Server {
		return &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, words) }), TLSConfig: a.Config(nil), ReadHeaderTimeout: time.Minute}
	}
	house, setUp := say("house"), say("set-up")
	ended := make(chan error, 2)
	go func() { ended <- house.ServeTLS(secure, "", "") }()
	go func() { ended <- setUp.Serve(plain) }()

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.PEM())
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer client.CloseIdleConnections()
	for url, want := range map[string]string{"https://" + l.Addr().String(): "house", "http://" + l.Addr().String(): "set-up"} {
		answer, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil || string(body) != want {
			t.Errorf("%s: %q, %v", url, body, err)
		}
		_ = answer.Body.Close()
	}
	silent, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if err := house.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Errorf("ended with %v", err)
		}
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}
