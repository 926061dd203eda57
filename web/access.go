// Who asks, and whether they may: the gate before every address that is not for
// everybody.
package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tongchang/events"
	"tongchang/events/access"
)

// deskCookie keeps the desk's key on a judge's device.
const deskCookie = "desk"

// atDesk reports whether a request carries the desk's key.
func (s *Server) atDesk(r *http.Request) bool {
	given := ""
	if c, err := r.Cookie(deskCookie); err == nil {
		given = c.Value
	}
	if bearer, ok := bearer(r); ok {
		given = bearer
	}
	return s.isKey(given)
}

func bearer(r *http.Request) (string, bool) {
	return strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
}

func (s *Server) isKey(given string) bool {
	sum := sha256.Sum256([]byte(given))
	return s.open && subtle.ConstantTimeCompare(sum[:], s.key[:]) == 1
}

// signInCookie keeps a sign-in to one competition on a device. Over TLS the
// browser itself sees to it that no other host has set it (__Host-).
func signInCookie(r *http.Request, competition string) string {
	if r.TLS != nil {
		return "__Host-in-" + competition
	}
	return "in-" + competition
}

// keepSignIn gives a device its new token.
func keepSignIn(w http.ResponseWriter, r *http.Request, competition string, in *events.SignedIn) {
	http.SetCookie(w, &http.Cookie{Name: signInCookie(r, competition), Value: in.Token, Path: "/", HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteLaxMode, MaxAge: int((12 * time.Hour).Seconds())})
}

// dropSignIn takes it away again.
func dropSignIn(w http.ResponseWriter, r *http.Request, competition string) {
	http.SetCookie(w, &http.Cookie{Name: signInCookie(r, competition), Path: "/", HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteLaxMode, MaxAge: -1})
}

// asker is who asks. in is nil for the public and for the desk.
type asker struct {
	who access.Who
	in  *events.SignedIn
}

// askerKey is where a request keeps who asks.
type askerKey struct{}

// who is who asks. Behind the gate they have been looked up already; before it
// everybody is the public.
func (s *Server) who(r *http.Request) access.Who {
	a, _ := r.Context().Value(askerKey{}).(asker)
	return a.who
}

// signedIn is the sign-in of who asks; nil for the public and for the desk.
func (s *Server) signedIn(r *http.Request) *events.SignedIn {
	a, _ := r.Context().Value(askerKey{}).(asker)
	return a.in
}

// find looks up who asks for an act: a program by its key, whoever sits at a
// paired device, a person by their sign-in, else a device that holds the desk's
// key. A paired device writes marks for its seat alone, whoever else has signed
// in on it; everything but marks is the person's.
func (s *Server) find(r *http.Request, act access.Act) (asker, error) {
	if _, program := bearer(r); !program {
		if act == access.WriteMark {
			d, err := s.seatOf(r)
			if err != nil || d.Who().SignedIn() {
				return asker{who: d.Who()}, err
			}
		}
		in, err := s.signInOf(r)
		if err != nil || in.Who().SignedIn() {
			return asker{in.Who(), in}, err
		}
	}
	if s.atDesk(r) {
		return asker{who: access.Desk}, nil
	}
	return asker{}, nil
}

// signInOf is the sign-in that a request's cookie names, however far it has come.
func (s *Server) signInOf(r *http.Request) (*events.SignedIn, error) {
	code := r.PathValue("competition")
	c, err := r.Cookie(signInCookie(r, code))
	if code == "" || err != nil || c.Value == "" {
		return nil, nil
	}
	return s.store.SignedIn(r.Context(), code, c.Value)
}

// Why somebody is not let through.
var (
	errForbidden = errors.New("not allowed") // whoever it is, they may not
	errSignIn    = errors.New("not signed in")
	errSecond    = errors.New("second factor not set up")
)

// gate lets through who may do a route's act. A delegation in the address is
// held against the scope here, so that no handler can forget it: another's is
// answered as if there were none.
func (s *Server) gate(rt route) handler {
	if rt.to == everybody {
		return rt.do
	}
	of := strings.Contains(rt.pattern, "{delegation}")
	return func(w http.ResponseWriter, r *http.Request) error {
		if done, err := s.deskLink(w, r); done || err != nil {
			return err
		}
		a, err := s.find(r, rt.to)
		if err != nil {
			return err
		}
		r = r.WithContext(context.WithValue(r.Context(), askerKey{}, a))
		if err := s.pass(r, a, rt.to, of); err != nil {
			s.noteRefusal(r, a.who, err)
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		return rt.do(w, r)
	}
}

// pass asks whether who asks may do an act at all, and to the delegation of the
// address.
func (s *Server) pass(r *http.Request, a asker, act access.Act, of bool) error {
	strong := a.who
	strong.Strong = true
	switch {
	case !a.who.SignedIn():
		return errSignIn
	case access.Ever(a.who, act):
	case access.Ever(strong, act):
		return errSecond
	default:
		return errForbidden
	}
	if !of {
		return nil
	}
	id, err := number(r, "delegation")
	if err != nil {
		return err
	}
	return allowed(access.May(a.who, act, access.Object{Delegation: id}))
}

// allowed is a verdict as an answer.
func allowed(v access.Verdict) error {
	switch v {
	case access.Allowed:
		return nil
	case access.Hidden:
		return errNoPage
	}
	return errForbidden
}

// of is what the number of a command belongs to.
type of int

const (
	wholeGames of = iota
	unitOf
	phaseOf
)

// within asks whether who asks may do an act to a unit or phase: those of other
// disciplines are answered to who has one as what does not exist is, before
// anything else of the command is looked at.
func (s *Server) within(r *http.Request, act access.Act, kind of, id int64) error {
	who := s.who(r)
	if who.Discipline == 0 || kind == wholeGames {
		return allowed(access.May(who, act, access.Object{}))
	}
	find, hidden := s.store.UnitDiscipline, "no-such-unit"
	if kind == phaseOf {
		find, hidden = s.store.PhaseDiscipline, "no-such-phase"
	}
	discipline, err := find(r.Context(), r.PathValue("competition"), id)
	if err != nil {
		return err
	}
	if discipline != 0 {
		if err := allowed(access.May(who, act, access.Object{Discipline: discipline})); !errors.Is(err, errNoPage) {
			return err
		}
	}
	return &events.Refusal{Status: events.StatusNotFound, Problem: hidden, With: []string{strconv.FormatInt(id, 10)}}
}

// noteRefusal keeps in the log who was not let through, without what they sent.
// Who has not signed in yet is only shown the way.
func (s *Server) noteRefusal(r *http.Request, who access.Who, err error) {
	level := slog.LevelInfo
	if errors.Is(err, errSignIn) {
		level = slog.LevelDebug
	}
	s.log.Log(r.Context(), level, "not let through", "route", r.Pattern, "competition", r.PathValue("competition"), "account", who.Account, "role", string(who.Role),
		"address", addressOf(r), "why", err.Error())
}

// turnAway leads a person who has to sign in, or to set up the second factor,
// to where they can; it reports whether it did. Programs and forms get an
// answer instead.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, err error) bool {
	root := "/c/" + r.PathValue("competition")
	if r.Method != http.MethodGet || wantsJSON(r) || r.PathValue("competition") == "" {
		return false
	}
	switch {
	case errors.Is(err, errSignIn):
		http.Redirect(w, r, root+"/sign-in?"+url.Values{"next": {pathOf(r)}}.Encode(), http.StatusSeeOther)
	case errors.Is(err, errSecond):
		http.Redirect(w, r, root+"/account/second", http.StatusSeeOther)
	default:
		return false
	}
	return true
}

// addressOf is where a request comes from, as far as tries are counted: an IPv6
// network is one house.
func addressOf(r *http.Request) string {
	name, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(name)
	if err != nil {
		return name
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() && !ip.IsLoopback() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// deskLink takes a link with the desk's key in it: it sets the cookie and leads
// on, so that the key does not stay in the address.
func (s *Server) deskLink(w http.ResponseWriter, r *http.Request) (done bool, err error) {
	key := r.URL.Query().Get("key")
	if key == "" || r.Method != http.MethodGet {
		return false, nil
	}
	if !s.isKey(key) {
		return false, errForbidden
	}
	http.SetCookie(w, &http.Cookie{Name: deskCookie, Value: key, Path: "/", HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteStrictMode, MaxAge: int((12 * time.Hour).Seconds())})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	return true, nil
}
