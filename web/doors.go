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

// Door leads in as somebody: the first page shows it as a button. Whoever has an
// account signs in; a judge at a seat has none, and is paired and seated.
type Door struct {
	Competition string // code
	Account     int64
	Seat, Judge int64  // in place of an account
	Place       string // the seat's name
	Name        string
	Role        access.Role
	To          string // where it leads inside the competition, /announcer; empty: to the role's work
}

// OpenDoors puts other doors in place of those there are: a demo's next edition
// has its own.
func (s *Server) OpenDoors(doors []Door) { s.doors.Store(&doors) }

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
	if doors := s.doors.Load(); doors != nil {
		return *doors
	}
	return nil
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
		if d.Place != "" {
			l.Of = t.Join(d.Place, l.Of)
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
	r.SetPathValue("competition", d.Competition)
	if d.Seat != 0 {
		return s.throughSeat(w, r, &d)
	}
	in, err := s.store.Through(r.Context(), d.Competition, d.Account, r.UserAgent())
	if err != nil {
		return err
	}
	v, err := s.private(w, r, "home.title")
	if err != nil {
		return err
	}
	s.noteSignIn(r, in, "door")
	next := ""
	if d.To != "" {
		next = v.b.root + d.To
	}
	return s.letIn(w, r, v, in, next)
}

// throughSeat leads to the tablet's page of a seat. A browser that sits there
// already is not paired once more.
func (s *Server) throughSeat(w http.ResponseWriter, r *http.Request, d *Door) error {
	at, err := s.seatOf(r)
	if err != nil {
		return err
	}
	if at == nil || at.Judge == nil || at.Seat.ID != d.Seat || at.Judge.ID != d.Judge {
		if at, err = s.store.ThroughSeat(r.Context(), d.Competition, d.Seat, d.Judge, r.UserAgent()); err != nil {
			return err
		}
		keepSeat(w, r, d.Competition, at)
		s.log.Info("device paired", "competition", d.Competition, "device", at.Device.ID, "seat", at.Seat.ID, "way", "door")
	}
	http.Redirect(w, r, "/c/"+d.Competition+"/tablet", http.StatusSeeOther)
	return nil
}

// origin is this server's address as the browser knows it.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
