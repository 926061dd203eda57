// A hall without internet: tablets are told how to trust this server, and by a
// page without TLS, because with it they would see a warning first. Nothing but
// that page, its styles and the certificate is ever answered without TLS.
package web

import (
	"net/http"
	"strings"
	"time"

	"tongchang/events/access"
)

// Hall is what tablets need to trust a server that is its own authority.
type Hall struct {
	Certificate []byte // the authority's, PEM
	Fingerprint string
	Ends        time.Time
	Addresses   func() []string // where tablets reach the server, http://192.168.8.20:8080; asked each time
}

// certificatePath is where the authority's certificate is taken from.
const certificatePath = "/hall.crt"

// hallKinds are the kinds of device, in the order of how many judges have them:
// each with its title and its steps in the catalogue.
var hallKinds = []struct {
	id    string
	title string
	steps []string
}{
	{"android", "hall.android", []string{"hall.android-1", "hall.android-2", "hall.android-3"}},
	{"apple", "hall.apple", []string{"hall.apple-1", "hall.apple-2", "hall.apple-3", "hall.apple-4"}},
	{"windows", "hall.windows", []string{"hall.windows-1", "hall.windows-2", "hall.windows-3"}},
	{"mac", "hall.mac", []string{"hall.mac-1", "hall.mac-2", "hall.mac-3"}},
}

// hallRoutes are the pages that set a device up.
func (s *Server) hallRoutes() []route {
	return []route{
		{"GET /hall", everybody, s.hallPage},
		{"GET " + certificatePath, everybody, s.hallCertificate},
		{"GET /c/{competition}/desk/hall", access.ManageAccounts, s.hallCodes},
	}
}

// hallPage says how a device comes to trust this server.
func (s *Server) hallPage(w http.ResponseWriter, r *http.Request) error {
	if s.hall == nil {
		return errNoPage
	}
	choice := Choose(w, r)
	t := s.catalogue.In(choice.Lang)
	to := r.URL.Path
	if to == "/hall" {
		to = "/"
	}
	p := HallPage{Page: Page{Choice: choice, Title: t.T("hall.title"), Path: r.URL.Path}, Fingerprint: s.hall.Fingerprint,
		Ends: s.hall.Ends.Format(time.DateOnly), Certificate: certificatePath, Kinds: t.hallKinds(), House: "https://" + r.Host + to}
	return s.renderer.Write(w, http.StatusOK, p)
}

// hallKinds are the kinds of device in words.
func (t *Translator) hallKinds() (all []HallKind) {
	for _, k := range hallKinds {
		kind := HallKind{ID: k.id, Title: t.T(k.title)}
		for _, step := range k.steps {
			kind.Steps = append(kind.Steps, t.T(step))
		}
		all = append(all, kind)
	}
	return all
}

// hallCertificate hands out the certificate under the type by which phones
// offer to install it.
func (s *Server) hallCertificate(w http.ResponseWriter, _ *http.Request) error {
	if s.hall == nil {
		return errNoPage
	}
	h := w.Header()
	h.Set("Content-Type", "application/x-x509-ca-cert")
	h.Set("Content-Disposition", `attachment; filename="tongchang.crt"`)
	_, err := w.Write(s.hall.Certificate)
	return err
}

// hallCodes is the sheet with the codes that tablets scan first.
func (s *Server) hallCodes(w http.ResponseWriter, r *http.Request) error {
	v, err := s.private(w, r, "hall.codes")
	if err != nil {
		return err
	}
	p := HallCodesPage{Page: v.Page, Plain: s.hall == nil}
	p.Bar = s.bar(r, v, "")
	if s.hall != nil {
		p.Fingerprint = s.hall.Fingerprint
		for _, url := range s.hall.Addresses() {
			code, err := codeOf(url)
			if err != nil {
				return err
			}
			p.Codes = append(p.Codes, HallCode{URL: url, Code: code})
		}
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

// SetUp answers what is asked without TLS: the set-up page under every address,
// its styles, and the certificate. No cookie is read for anything but language
// and looks, and nothing that is sent is taken.
func (s *Server) SetUp() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+certificatePath, s.handle(s.hallCertificate))
	mux.Handle("GET "+AssetsPath, s.assets)
	mux.HandleFunc("GET /", s.handle(s.hallPage))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Upgrade", "TLS/1.2, HTTP/1.1")
		w.Header().Set("Connection", "Upgrade")
		http.Error(w, "https://"+strings.TrimSuffix(r.Host, "/"), http.StatusUpgradeRequired)
	})
	return s.guard(mux)
}
