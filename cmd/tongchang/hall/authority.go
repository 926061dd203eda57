// Package hall is what lets tablets speak to a server over TLS in a hall that
// has no internet: a certificate authority of the games' own, a certificate for
// whatever addresses the machine has at the moment, and a listener that tells
// TLS from plain requests, so that a tablet that has not been set up is shown how.
//
// This file is the authority. It may sign for private addresses and for the
// machine's own names alone: a tablet that trusts it trusts nothing of the
// internet to it.
package hall

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// How long what is made holds. Tablets refuse certificates of a private
// authority that hold for more than 825 days (Apple, support article 103769).
const (
	authorityHolds = 3 * 365 * 24 * time.Hour
	leafHolds      = 90 * 24 * time.Hour
	leafRenewed    = 30 * 24 * time.Hour // before its end
	backdated      = 24 * time.Hour      // tablets' clocks are wrong
)

// The files in the authority's folder.
const (
	certificateFile = "authority.crt"
	keyFile         = "authority.key" // 0600
)

// Authority signs the server's certificates. It is safe for concurrent use.
type Authority struct {
	certificate *x509.Certificate
	pem         []byte
	key         *ecdsa.PrivateKey
	now         func() time.Time

	mu   sync.Mutex
	leaf *tls.Certificate
}

// ErrNames is an authority that was made for other names than those asked for.
var ErrNames = errors.New("the authority was made for other names")

// ErrEnded is an authority whose time is over.
var ErrEnded = errors.New("the authority's time is over")

// Open reads the authority in a folder, or makes one where there is none. Names
// are what the machine is called besides its addresses and its own name; the
// authority may sign for no others, so a new name needs a new authority (ErrNames). Now is the clock.
func Open(dir string, names []string, now func() time.Time) (*Authority, error) {
	a, err := read(dir, now)
	if errors.Is(err, fs.ErrNotExist) {
		return found(dir, names, now)
	}
	if err != nil {
		return nil, err
	}
	if !now().Before(a.certificate.NotAfter) {
		return nil, fmt.Errorf("%w: %s", ErrEnded, a.certificate.NotAfter.Format(time.DateOnly))
	}
	for _, name := range names {
		if !a.mayName(name) {
			return nil, fmt.Errorf("%w: %s", ErrNames, name)
		}
	}
	return a, nil
}

func read(dir string, now func() time.Time) (*Authority, error) {
	certificate, err := os.ReadFile(filepath.Join(dir, certificateFile))
	if err != nil {
		return nil, fmt.Errorf("read authority: %w", err)
	}
	key, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		// a certificate that has lost its key is not made again over: tablets trust it
		return nil, fmt.Errorf("read the authority's key: %s", filepath.Join(dir, keyFile))
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("read authority: %w", err)
	}
	signer, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return nil, fmt.Errorf("read authority: %s is none", filepath.Join(dir, certificateFile))
	}
	return &Authority{certificate: pair.Leaf, pem: certificate, key: signer, now: now}, nil
}

// found makes an authority and keeps it: the key first, so that a certificate
// never stands without one.
func found(dir string, names []string, now func() time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make authority: %w", err)
	}
	begins := now().Add(-backdated)
	plan := &x509.Certificate{
		SerialNumber: serial(), NotBefore: begins, NotAfter: begins.Add(authorityHolds),
		Subject:               pkix.Name{CommonName: "Tongchang " + now().Format("2006-01-02 15:04"), Organization: []string{"Tongchang"}},
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
		// a phone that was set up for a games must not believe this key about a bank
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         append([]string{"localhost", "local", "lan", "home.arpa", "internal"}, append(ownNames(), names...)...),
		PermittedIPRanges:           private(),
	}
	der, err := x509.CreateCertificate(rand.Reader, plan, plan, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make authority: %w", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make authority: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("keep authority: %w", err)
	}
	for _, file := range []struct {
		name, kind string
		der        []byte
	}{{keyFile, "PRIVATE KEY", keyDER}, {certificateFile, "CERTIFICATE", der}} {
		text := pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.der})
		if err := os.WriteFile(filepath.Join(dir, file.name), text, 0o600); err != nil {
			return nil, fmt.Errorf("keep authority: %w", err)
		}
	}
	return read(dir, now)
}

// serial is a random number of a certificate, 127 bits (CA/Browser Forum
// Baseline Requirements 7.1 asks for 64).
func serial() *big.Int {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b)
}

// private are the addresses that no internet has: RFC 1918, RFC 6598, RFC 4193,
// link-local and loopback.
func private() []*net.IPNet {
	var all []*net.IPNet
	for _, s := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"} {
		_, ipNet, err := net.ParseCIDR(s)
		if err != nil {
			panic(err) // a constant above is wrong: the first test finds it
		}
		all = append(all, ipNet)
	}
	return all
}

// mayName reports whether the authority may sign for a name (RFC 5280, 4.2.1.10).
func (a *Authority) mayName(name string) bool {
	for _, domain := range a.certificate.PermittedDNSDomains {
		if strings.EqualFold(name, domain) || strings.HasSuffix(strings.ToLower(name), "."+strings.ToLower(domain)) {
			return true
		}
	}
	return false
}

// mayAddress reports whether the authority may sign for an address.
func (a *Authority) mayAddress(ip net.IP) bool {
	for _, r := range a.certificate.PermittedIPRanges {
		if r.Contains(ip) {
			return true
		}
	}
	return false
}

// PEM is the authority's certificate, as tablets take it.
func (a *Authority) PEM() []byte { return bytes.Clone(a.pem) }

// Ends is when its time is over.
func (a *Authority) Ends() time.Time { return a.certificate.NotAfter }

// Fingerprint is the SHA-256 of the certificate in groups that can be read out
// and compared.
func (a *Authority) Fingerprint() string { return Fingerprint(a.certificate.Raw) }

// Fingerprint is the SHA-256 of a certificate in groups of four digits.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	digits := strings.ToUpper(hex.EncodeToString(sum[:]))
	var groups []string
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}

// Config is how a server speaks with this authority's certificates: at every
// handshake it has one for the address and the name that were asked for, also
// when the hall's network has given the machine another address since.
func (a *Authority) Config(names []string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			var ip net.IP
			if tcp, ok := hello.Conn.LocalAddr().(*net.TCPAddr); ok {
				ip = tcp.IP
			}
			return a.certificateFor(names, ip)
		},
	}
}

// certificateFor is the present certificate, or a new one where that lacks the
// address or is near its end.
func (a *Authority) certificateFor(names []string, ip net.IP) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if l := a.leaf; l != nil && a.now().Add(leafRenewed).Before(l.Leaf.NotAfter) && (ip == nil || !a.mayAddress(ip) || l.Leaf.VerifyHostname(ip.String()) == nil) {
		return l, nil
	}
	leaf, err := a.sign(names, append(addresses(), ip))
	if err == nil {
		a.leaf = leaf
	}
	return leaf, err
}

// sign makes a certificate of the server for names and addresses; those that
// the authority may not sign for are left out.
func (a *Authority) sign(names []string, ips []net.IP) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	begins := a.now().Add(-backdated)
	ends := begins.Add(leafHolds)
	if ends.After(a.certificate.NotAfter) {
		ends = a.certificate.NotAfter
	}
	plan := &x509.Certificate{
		SerialNumber: serial(), NotBefore: begins, NotAfter: ends, Subject: pkix.Name{CommonName: "Tongchang"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	for _, name := range append(append([]string{"localhost"}, ownNames()...), names...) {
		if a.mayName(name) && !slices.Contains(plan.DNSNames, name) {
			plan.DNSNames = append(plan.DNSNames, name)
		}
	}
	seen := map[string]bool{}
	for _, ip := range ips {
		if ip != nil && !seen[ip.String()] && a.mayAddress(ip) {
			seen[ip.String()] = true
			plan.IPAddresses = append(plan.IPAddresses, ip)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, plan, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// ownNames is what the machine calls itself, and what others find it under where
// names are told from machine to machine (RFC 6762).
func ownNames() []string {
	name, err := os.Hostname()
	if err != nil || name == "" || net.ParseIP(name) != nil {
		return nil
	}
	first, _, _ := strings.Cut(name, ".")
	return []string{name, first + ".local"}
}

// addresses are those that this machine has at the moment.
func addresses() []net.IP {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil // the address that was connected to is there all the same
	}
	var ips []net.IP
	for _, addr := range all {
		if n, ok := addr.(*net.IPNet); ok {
			ips = append(ips, n.IP)
		}
	}
	return ips
}
