// The doors of a demo: sign-ins without a password for whoever sits at the
// machine that it runs on.
package web

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/access"
)

// Door leads in as somebody: the first page shows it as a button.
type Door struct {
	Competition string // code
	Account     int64
	Name        string
	Role        access.Role
}

// atHome reports whether a request comes from this machine and asks for it by
// a name that no other site can take (DNS rebinding).
func atHome(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	named := host == "localhost" || err == nil && ip.IsLoopback()
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return named && err == nil && from.Addr().Unmap().IsLoopback()
}

// doorsFor are the doors that a request may see.
func (s *Server) doorsFor(r *http.Request) []Door {
	if !atHome(r) {
		return nil
	}
	return s.doors
}

// doorLinks are the doors as the first page shows them.
func (s *Server) doorLinks(r *http.Request, cs []events.Competition, t *Translator) (links []DoorLink) {
	for i, d := range s.doorsFor(r) {
		l := DoorLink{Action: "/doors/" + strconv.Itoa(i+1), Name: d.Name, Role: t.Role(d.Role)}
		for _, c := range cs {
			if c.Code == d.Competition {
				l.Of = c.Name
				if t.Lang == English && c.NameEn != "" {
					l.Of = c.NameEn
				}
			}
		}
		links = append(links, l)
	}
	return links
}

// through opens a door.
func (s *Server) through(w http.ResponseWriter, r *http.Request) error {
	doors := s.doorsFor(r)
	i, err := number(r, "door")
	if err != nil {
		return err
	}
	if i > int64(len(doors)) {
		return errNoPage
	}
	d := doors[i-1]
	in, err := s.store.Through(r.Context(), d.Competition, d.Account, r.UserAgent())
	if err != nil {
		return err
	}
	r.SetPathValue("competition", d.Competition)
	v, err := s.private(w, r, "home.title")
	if err != nil {
		return err
	}
	s.noteSignIn(r, in, "door")
	return s.letIn(w, r, v, in, "")
}

// origin is this server's address as the browser knows it.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
